package graph

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
	"gongshu/internal/todo"
)

// What the viewer may do is judged by the use-cases from facts that a page loads at once. For nobody nothing is read: it may
// do nothing.

func (r *Resolver) productActions(ctx context.Context, p *db.Product) ([]authorisation.ProductAction, error) {
	v := access.FromContext(ctx)
	if !v.SignedIn() {
		return []authorisation.ProductAction{}, nil
	}
	facts, err := loadersOf(ctx).gate.Load(ctx, p.ID)
	if err != nil || facts == nil {
		return []authorisation.ProductAction{}, err
	}
	policies, err := loadersOf(ctx).policies(ctx)
	if err != nil {
		return nil, err
	}
	return r.Market.ProductActions(v, p, *facts, policies), nil
}

func (r *Resolver) resourceActions(ctx context.Context, row *db.Resource) ([]authorisation.ResourceAction, error) {
	v := access.FromContext(ctx)
	if !v.SignedIn() {
		return []authorisation.ResourceAction{}, nil
	}
	facts, err := loadersOf(ctx).resourceFacts.Load(ctx, row.ID)
	if err != nil || facts.ID != row.ID { // since it was read, it is not the viewer's to see any more
		return []authorisation.ResourceAction{}, err
	}
	return r.Market.ResourceActions(v, facts), nil
}

func (r *Resolver) agreementActions(ctx context.Context, row *db.Agreement) ([]authorisation.AgreementAction, error) {
	v := access.FromContext(ctx)
	if !v.SignedIn() {
		return []authorisation.AgreementAction{}, nil
	}
	facts, err := loadersOf(ctx).agreementFacts.Load(ctx, row.ID)
	if err != nil || facts.ID != row.ID {
		return []authorisation.AgreementAction{}, err
	}
	policies, err := loadersOf(ctx).policies(ctx)
	if err != nil {
		return nil, err
	}
	return r.Market.AgreementActions(v, facts, policies), nil
}

func (r *Resolver) canRevokeGrant(ctx context.Context, row *db.Grant) (bool, error) {
	v := access.FromContext(ctx)
	if !v.SignedIn() {
		return false, nil
	}
	under, err := loadersOf(ctx).agreements.Load(ctx, row.AgreementID)
	if err != nil || under == nil { // no party to it
		return false, err
	}
	return r.Market.MayRevokeGrant(v, under.AgencyID, row.Status), nil
}

func (r *Resolver) canApply(ctx context.Context, row *db.Resource) (bool, error) {
	agreements, err := ownAgreements(ctx)
	if err != nil || len(agreements) == 0 {
		return false, err
	}
	facts, err := loadersOf(ctx).resourceFacts.Load(ctx, row.ID)
	if err != nil || facts.ID != row.ID {
		return false, err
	}
	return r.Market.MayApplyForGrant(access.FromContext(ctx), agreements, facts.Resource), nil
}

func (r *Resolver) canApplyAgain(ctx context.Context, row *db.Grant) (bool, error) {
	agreements, err := ownAgreements(ctx)
	if err != nil || len(agreements) == 0 {
		return false, err
	}
	items, err := loadersOf(ctx).grantItems.Load(ctx, row.ID)
	if err != nil {
		return false, err
	}
	ids, of := make([]uuid.UUID, len(items)), make([]uuid.UUID, len(items))
	for i, item := range items {
		ids[i], of[i] = item.ID, item.ResourceID
	}
	slices.SortFunc(of, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	facts, err := loadersOf(ctx).resourceFacts.LoadAll(ctx, slices.Compact(of))
	if err != nil {
		return false, err
	}
	resources := make([]authorisation.Resource, len(facts))
	for i, f := range facts {
		resources[i] = f.Resource
	}
	return r.Market.MayApplyAgain(access.FromContext(ctx), row.OperatorID, store.Grant(row, ids...), agreements, resources), nil
}

// ownAgreements are those under which the viewer's organisation works; nobody's are none.
func ownAgreements(ctx context.Context) ([]authorisation.Agreement, error) {
	if !access.FromContext(ctx).SignedIn() {
		return nil, nil
	}
	return loadersOf(ctx).ownAgreements(ctx)
}

func (r *Resolver) endsInDays(row *db.Grant) (*int, error) {
	if row.Status != authorisation.GrantActive {
		return nil, nil
	}
	return todo.EndsIn(authorisation.DayOf(r.Store.Now()), store.Grant(row).EndsOn), nil
}

func (r *Resolver) organisationActions(ctx context.Context, row *db.Organisation) ([]access.OrganisationAction, error) {
	v := access.FromContext(ctx)
	if !v.SignedIn() {
		return []access.OrganisationAction{}, nil
	}
	facts, err := loadersOf(ctx).organisationFacts.Load(ctx, row.ID)
	if err != nil || facts.ID != row.ID {
		return []access.OrganisationAction{}, err
	}
	return r.Market.OrganisationActions(v, facts), nil
}
