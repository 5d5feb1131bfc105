package graph

import (
	"context"

	"gongshu/ent/db"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
)

// notUsable tells why a call with a right would not pass now, nil when it would: by the right itself, or by its product.
func (r *Resolver) notUsable(ctx context.Context, obj *db.Entitlement) (*fault.Error, error) {
	e := store.RuleEntitlement(obj)
	if _, err := ordering.Use(e, ordering.Attempt{Purpose: e.Purpose, Kind: ordering.UsageRows}, r.Store.Now()); err != nil {
		return fault.All(err)[0], nil
	}
	p, err := loadersOf(ctx).products.Load(ctx, obj.ProductID)
	if err != nil {
		return nil, err
	}
	if p == nil || !authorisation.MayBeServed(p.Status, authorisation.ObstacleCode(p.SuspensionCode), e.Purpose.Free()) {
		return fault.New(fault.Forbidden, "PRODUCT_SUSPENDED", "This product is not served now."), nil
	}
	if p.DatasetID == nil {
		return fault.New(fault.Conflict, "DATASET_MISSING", "This product has no data to serve now."), nil
	}
	return nil, nil
}
