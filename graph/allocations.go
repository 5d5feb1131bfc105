package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
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
		cost, faults := yuanIn(part.Cost, fmt.Sprintf("input.parts.%d.cost", i))
		wrong = append(wrong, faults...)
		rule.Parts[i] = pricing.Part{
			Contributor: plainID(organisationID, part.ContributorID), Weight: valueOr(part.Weight.Value()), CostFen: cost,
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
	out := market.AllocationInput{ProductID: product, Rule: rule, EffectiveFrom: valueOr(in.EffectiveOn.Value()), SourceDocument: in.SourceDocument}
	if err != nil {
		return out, err
	}
	return out, wrong.OrNil()
}

// yuanIn reads an optional amount in yuan, 0 where it is left out.
func yuanIn(amount graphql.Omittable[*decimal.Decimal], field string) (pricing.Fen, fault.List) {
	if amount.Value() == nil {
		return 0, nil
	}
	return yuan(*amount.Value(), field)
}

// yuan reads an amount in yuan; what has parts of a fen, or is too large, is refused.
func yuan(amount decimal.Decimal, field string) (pricing.Fen, fault.List) {
	fen, err := pricing.ParseYuan(amount.Trim(0).String())
	var wrong fault.List
	for _, f := range fault.All(err) {
		wrong = append(wrong, f.At(field))
	}
	return fen, wrong
}

// allocationParts are the parts of a rule, each with its part of the whole in tenths of a percent, which a split of a thousand gives.
func allocationParts(ctx context.Context, rule pricing.AllocationRule) ([]*model.AllocationPart, error) {
	shares, err := rule.Split(1000)
	if err != nil {
		return nil, err
	}
	out := make([]*model.AllocationPart, len(rule.Parts))
	for i, part := range rule.Parts {
		contributor, err := organisationOf(ctx, part.Contributor)
		if err != nil {
			return nil, err
		}
		one := &model.AllocationPart{
			Contributor: contributor, Basis: part.Basis, Channel: part.Channel, SharePercent: decimal.MustNew(int64(shares[i].AmountFen), 1),
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
	out := make([]*model.Coalition, len(rule.Coalitions))
	for i, c := range rule.Coalitions {
		out[i] = &model.Coalition{Value: c.Value, Members: make([]*db.Organisation, len(c.Members))}
		for j, member := range c.Members {
			var err error
			if out[i].Members[j], err = organisationOf(ctx, member); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (r *Resolver) replay(ctx context.Context, rule uuid.UUID, fromMonth, toMonth *string) (*model.AllocationReplay, error) {
	replayed, err := r.Market.AllocationReplay(ctx, rule, valueOr(fromMonth), valueOr(toMonth))
	if err != nil {
		return nil, err
	}
	out := &model.AllocationReplay{Payments: replayed.Entries, Net: *scalar.Yuan(replayed.NetFen), Parts: make([]*model.AllocationReplayPart, len(replayed.Parts))}
	for i, p := range replayed.Parts {
		contributor, err := loadersOf(ctx).organisations.Load(ctx, p.ContributorID)
		if err != nil {
			return nil, err
		}
		out.Parts[i] = &model.AllocationReplayPart{
			Contributor: contributor, Channel: p.Channel, Basis: p.Basis, Posted: *scalar.Yuan(p.PostedFen), Replayed: *scalar.Yuan(p.ReplayedFen),
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
			names := make([]string, 0, pricing.MaxParts)
			for _, member := range strings.Split(members, ", ") {
				one, err := organisationOf(ctx, member)
				if err != nil {
					return nil, err
				}
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
