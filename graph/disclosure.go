package graph

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/product"
	"gongshu/graph/model"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
	"gongshu/search"
)

// maxGranted bounds the granted resources that are named of an agreement.
const maxGranted = 100

// disclosedAgreements reads a page of the agreements in force as everybody may see them, whoever looks: three statements beside
// the organisations.
func (r *Resolver) disclosedAgreements(ctx context.Context, first *int, after *string) (*model.DisclosedAgreementConnection, error) {
	q := r.Store.Read().Agreement.Query().Where(agreement.StatusIn(authorisation.AgreementOperating, authorisation.AgreementRectifying),
		agreement.EndsOnGTE(authorisation.DayOf(r.Store.Now()).String()))
	p, err := fetchPage(store.AsSystem(ctx), q, first, after, newestFirst, func(a *db.Agreement) uuid.UUID { return a.ID })
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(p.rows))
	var parties []uuid.UUID
	for i, row := range p.rows {
		ids[i] = row.ID
		parties = append(parties, row.AgencyID, row.OperatorID)
	}
	granted, err := r.granted(ctx, ids)
	if err != nil {
		return nil, err
	}
	named, err := loadersOf(ctx).organisations.LoadAll(ctx, parties)
	if err != nil {
		return nil, err
	}
	out := &model.DisclosedAgreementConnection{PageInfo: *p.info(), Edges: []*model.DisclosedAgreementEdge{}}
	for i, row := range p.rows {
		if agency, operator := named[2*i], named[2*i+1]; agency != nil && operator != nil {
			out.Edges = append(out.Edges, &model.DisclosedAgreementEdge{Cursor: cursor(row.ID), Node: disclosedAgreement(row, *agency, *operator, granted[row.ID])})
		}
	}
	return out, nil
}

// grantedResources are those that are named of an agreement, and how many there are in all.
type grantedResources struct {
	named []*model.GrantedResource
	count int
}

// granted are, by agreement, the published resources of which data items are granted under it.
func (r *Resolver) granted(ctx context.Context, agreements []uuid.UUID) (map[uuid.UUID]grantedResources, error) {
	under, err := r.Store.GrantedUnder(ctx, agreements, maxGranted)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, granted := range under {
		for _, g := range granted.Oldest {
			ids = append(ids, g.ResourceID)
		}
	}
	rows, err := loadersOf(ctx).resources.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	found := map[uuid.UUID]*db.Resource{}
	for _, row := range rows {
		if row != nil {
			found[row.ID] = row
			loadersOf(ctx).organisations.expect(row.SourceUnitID)
		}
	}
	out := map[uuid.UUID]grantedResources{}
	for id, granted := range under {
		of := grantedResources{count: granted.Count}
		for _, g := range granted.Oldest {
			if row := found[g.ResourceID]; row != nil {
				of.named = append(of.named, &model.GrantedResource{Resource: *row, Items: g.Items})
			}
		}
		out[id] = of
	}
	return out, nil
}

func disclosedAgreement(row *db.Agreement, agency, operator db.Organisation, granted grantedResources) model.DisclosedAgreement {
	a := store.Agreement(row)
	out := model.DisclosedAgreement{
		Number: row.Number, Agency: agency, Operator: operator, Mode: row.Mode, Status: row.Status, PublicisedOn: a.PublicisedOn,
		StartsOn: unlessZero(a.StartsOn), EndsOn: unlessZero(a.EndsOn), GrantedResourceCount: granted.count,
		GrantedResources: granted.named,
	}
	if row.SignedAt != nil {
		on := authorisation.DayOf(*row.SignedAt)
		out.SignedOn = &on
	}
	if !a.StartsOn.IsZero() && !a.EndsOn.IsZero() {
		out.TermMonths = unlessZero(authorisation.Term{StartsOn: a.StartsOn, EndsOn: a.EndsOn}.Months())
	}
	return out
}

// priceList reads a page of products on the market with the plans that are offered: of all by keyset, of a query by the search.
func (r *Resolver) priceList(ctx context.Context, query string, first *int, after *string) (*model.PriceListConnection, error) {
	if strings.TrimSpace(query) != "" {
		n, err := pageSize(first)
		if err != nil {
			return nil, err
		}
		found, err := (&queryResolver{r}).findProducts(ctx, search.Query{Text: query, First: n, After: valueOr(after)}, false)
		if err != nil {
			return nil, err
		}
		return r.priced(ctx, found.Edges, found.PageInfo)
	}
	q := r.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed))
	p, err := fetchPage(ctx, q, first, after, newestFirst, func(p *db.Product) uuid.UUID { return p.ID })
	if err != nil {
		return nil, err
	}
	loadersOf(ctx).expectProducts(p.rows)
	listed := edges(p, func(cursor string, row *db.Product) *model.ProductEdge {
		return &model.ProductEdge{Cursor: cursor, Node: *row}
	})
	return r.priced(ctx, listed, *p.info())
}

// priced puts to each product the plans that it is sold by.
func (r *Resolver) priced(ctx context.Context, listed []*model.ProductEdge, info model.PageInfo) (*model.PriceListConnection, error) {
	ids := make([]uuid.UUID, len(listed))
	for i, edge := range listed {
		ids[i] = edge.Node.ID
	}
	plans, err := loadersOf(ctx).plans.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := &model.PriceListConnection{PageInfo: info, Edges: make([]*model.PriceListEdge, len(listed))}
	for i, edge := range listed {
		out.Edges[i] = &model.PriceListEdge{Cursor: edge.Cursor, Node: model.PriceListEntry{Product: edge.Node, Plans: plans[i]}}
	}
	return out, nil
}
