package graph

import (
	"context"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
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
