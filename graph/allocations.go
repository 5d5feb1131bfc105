package graph

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/graph/model"
	"gongshu/graph/scalar"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/pricing"

	"github.com/govalues/decimal"
)

func allocationInput(id string, in model.AllocationAgreeInput) (market.AllocationInput, error) {
	product, err := parseProduct(id, "productId")
	rule := pricing.AllocationRule{Kind: pricing.AllocationFixed, Whole: valueOr(in.Whole.Value()), Parts: make([]pricing.Part, len(in.Parts))}
	if kind := in.Kind.Value(); kind != nil {
		rule.Kind = *kind
	}
	var wrong fault.List
	for i, part := range in.Parts {
		rule.Parts[i] = pricing.Part{
			Contributor: plainID(organisationID, part.ContributorID), Weight: valueOr(part.Weight.Value()), CostFen: fenOf(valueOr(part.Cost.Value()), placeOf("input.parts", i)+".cost", &wrong),
			Uses: valueOr(part.Uses.Value()), Quality: valueOr(part.Quality.Value()), Basis: part.Basis, Channel: part.Channel,
		}
		if rule.Kind == pricing.AllocationFixed && in.Whole.Value() == nil {
			rule.Whole += rule.Parts[i].Weight
		}
	}
	for _, c := range in.Coalitions.Value() {
		one := pricing.Coalition{Value: c.Value, Members: make([]string, len(c.MemberIds))}
		for i, member := range c.MemberIds {
			one.Members[i] = plainID(organisationID, member)
		}
		rule.Coalitions = append(rule.Coalitions, one)
	}
	rule.Coalitions = append(rule.Coalitions, pricing.CoalitionsOf(rule.Parts, in.CoalitionValues.Value())...)
	out := market.AllocationInput{ProductID: product, Rule: rule, EffectiveFrom: valueOr(in.EffectiveOn.Value()), SourceDocument: in.SourceDocument}
	if err != nil {
		return out, err
	}
	return out, wrong.OrNil()
}

// allocationParts are the parts of a rule, each with its part of the whole in tenths of a percent, which a split of a thousand gives.
func allocationParts(ctx context.Context, rule pricing.AllocationRule) ([]*model.AllocationPart, error) {
	shares, err := rule.Split(1000)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(rule.Parts))
	for i, part := range rule.Parts {
		names[i] = part.Contributor
	}
	contributors, err := organisationsOf(ctx, names)
	if err != nil {
		return nil, err
	}
	out := make([]*model.AllocationPart, len(rule.Parts))
	for i, part := range rule.Parts {
		one := &model.AllocationPart{
			Contributor: contributors[i], Basis: part.Basis, Channel: part.Channel, SharePercent: decimal.MustNew(int64(shares[i].AmountFen), 1),
		}
		switch rule.Kind {
		case pricing.AllocationFixed:
			one.Weight = &part.Weight
		case pricing.AllocationCost:
			one.Cost = scalar.Yuan(part.CostFen)
		case pricing.AllocationUse:
			one.Uses, one.Quality = &part.Uses, &part.Quality
		}
		out[i] = one
	}
	return out, nil
}

func coalitions(ctx context.Context, rule *db.AllocationRule) ([]*model.Coalition, error) {
	var names []string
	for _, c := range rule.Coalitions {
		names = append(names, c.Members...)
	}
	members, err := organisationsOf(ctx, names)
	if err != nil {
		return nil, err
	}
	out := make([]*model.Coalition, len(rule.Coalitions))
	for i, c := range rule.Coalitions {
		n := len(c.Members)
		out[i] = &model.Coalition{Value: c.Value, Members: members[:n:n]}
		members = members[n:]
	}
	return out, nil
}

// organisationsOf loads organisations that a rule names, together; one that is not to be seen is null.
func organisationsOf(ctx context.Context, names []string) ([]*db.Organisation, error) {
	ids := make([]uuid.UUID, len(names))
	for i, name := range names {
		ids[i], _ = uuid.Parse(name) // what is none is nobody's
	}
	return loadersOf(ctx).organisations.LoadAll(ctx, ids)
}

func (r *Resolver) replay(ctx context.Context, rule uuid.UUID, fromMonth, toMonth *string) (*model.AllocationReplay, error) {
	replayed, err := r.Market.AllocationReplay(ctx, rule, valueOr(fromMonth), valueOr(toMonth))
	if err != nil {
		return nil, err
	}
	out := &model.AllocationReplay{Payments: replayed.Entries, Net: *scalar.Yuan(replayed.NetFen), Parts: make([]*model.AllocationReplayPart, len(replayed.Parts))}
	ids := make([]uuid.UUID, len(replayed.Parts))
	for i, p := range replayed.Parts {
		ids[i] = p.ContributorID
	}
	contributors, err := loadersOf(ctx).organisations.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, p := range replayed.Parts {
		out.Parts[i] = &model.AllocationReplayPart{
			Contributor: contributors[i], Channel: p.Channel, Basis: p.Basis, Posted: *scalar.Yuan(p.PostedFen), Replayed: *scalar.Yuan(p.ReplayedFen),
			Difference: *scalar.Yuan(p.ReplayedFen - p.PostedFen),
		}
	}
	return out, nil
}

// ruleFields are fields of a rule as its input calls them.
var ruleFields = strings.NewReplacer(".costFen", ".cost", ".contributor", ".contributorId")

// allocationRefusals are the refusals of a rule: fields as the input calls them, and contributors by their names.
func allocationRefusals(ctx context.Context, err error) ([]*fault.Error, error) {
	errs, err := refusals(err)
	for i, refused := range errs {
		named := *refused
		if !strings.HasSuffix(named.Field, ".contributorId") {
			named.Field = ruleFields.Replace(named.Field)
		}
		if members, of := named.Params["members"].(string); of {
			found, err := organisationsOf(ctx, strings.Split(members, ", "))
			if err != nil {
				return nil, err
			}
			names := make([]string, 0, len(found))
			for _, one := range found {
				if one != nil {
					names = append(names, one.Name)
				}
			}
			joined := strings.Join(names, ", ")
			named.Message = strings.ReplaceAll(named.Message, members, joined)
			named.Params = map[string]any{"members": joined}
		}
		errs[i] = &named
	}
	return errs, err
}
