package graph

import (
	"context"

	"gongshu/ent/db"
	"gongshu/graph/model"
	"gongshu/graph/records"
	"gongshu/internal/access"
	"gongshu/internal/fault"
)

// useOptions tells the viewer for which purposes it may go on with a product, and why not for the others.
func (r *Resolver) useOptions(ctx context.Context, p *db.Product) ([]*model.UseOption, error) {
	facts, err := loadersOf(ctx).gate.Load(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	records.HoldsUntil(ctx, p.ID, facts.TurnsOn)
	options := r.Market.UseOptions(access.FromContext(ctx), *facts)
	out := make([]*model.UseOption, len(options))
	for i, o := range options {
		out[i] = &model.UseOption{Purpose: o.Purpose, Free: o.Purpose.Free(), Granted: o.Granted, Allowed: o.Refusal == nil}
		if all := fault.All(o.Refusal); len(all) > 0 {
			out[i].Refusal = all[0]
		}
	}
	return out, nil
}
