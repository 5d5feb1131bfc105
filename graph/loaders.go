package graph

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/domain"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/policyrow"
	"gongshu/ent/db/product"
	"gongshu/ent/db/resource"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// loaders load relations in batches, one statement a level whatever the page size. They live for one operation.
type loaders struct {
	organisations *level[*db.Organisation]
	// organisationFacts, resourceFacts and agreementFacts are what decides on what may be done about each.
	organisationFacts *level[store.OrganisationFacts]
	resourceFacts     *level[store.ResourceFacts]
	agreementFacts    *level[store.AgreementFacts]
	domains           *level[*db.Domain]
	resources         *dataloadgen.Loader[uuid.UUID, *db.Resource]
	items             *dataloadgen.Loader[uuid.UUID, *db.DataItem]
	products          *dataloadgen.Loader[uuid.UUID, *db.Product]
	usageDays         *dataloadgen.Loader[usageOf, []market.UsageDay]
	// seen is what the viewer has read, policies those in force, ownAgreements those under which the viewer's organisation works.
	seen          func(context.Context) (store.NotificationsSeen, error)
	policies      func(context.Context) (store.Policies, error)
	ownAgreements func(context.Context) ([]authorisation.Agreement, error)
	// policyRows are those that lines of prices name.
	policyRows *dataloadgen.Loader[uuid.UUID, *db.PolicyRow]
	productLoaders
	orderLoaders
	settlementLoaders
	bankLoaders
	grantLoaders
	identityLoaders
	useLoaders
	pricingLoaders
	invoiceLoaders
	disputeLoaders
	qualityLoaders
}

type loadersKey struct{}

// WithLoaders gives an operation its loaders, or a root mutation its own: they must not be older than what they read.
func WithLoaders(ctx context.Context, s *store.Store) context.Context {
	return context.WithValue(ctx, loadersKey{}, sync.OnceValue(func() *loaders { return newLoaders(s) }))
}

func loadersOf(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(func() *loaders)() }

func newLoaders(s *store.Store) *loaders {
	c := s.Read()
	organisations := newLevel(rowsByID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Organisation, error) {
		return c.Organisation.Query().Where(organisation.IDIn(ids...)).All(ctx)
	}, func(o *db.Organisation) uuid.UUID { return o.ID }))
	return &loaders{
		seen:          once(s.NotificationsSeen),
		policies:      once(s.Policies),
		ownAgreements: once(s.OwnAgreements),
		policyRows: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.PolicyRow, error) {
			return c.PolicyRow.Query().Where(policyrow.IDIn(ids...)).All(ctx)
		}, func(p *db.PolicyRow) uuid.UUID { return p.ID }),
		productLoaders:    newProductLoaders(s, organisations.expect),
		orderLoaders:      newOrderLoaders(c),
		settlementLoaders: newSettlementLoaders(c, s),
		bankLoaders:       newBankLoaders(c, s),
		grantLoaders:      newGrantLoaders(c),
		identityLoaders:   newIdentityLoaders(s),
		useLoaders:        newUseLoaders(s),
		pricingLoaders:    newPricingLoaders(s),
		invoiceLoaders:    newInvoiceLoaders(s),
		disputeLoaders:    newDisputeLoaders(c),
		qualityLoaders:    newQualityLoaders(s),
		organisations:     organisations,
		organisationFacts: newLevel(inOrder(s.OrganisationFacts)),
		resourceFacts:     newLevel(inOrder(s.ResourceFacts)),
		agreementFacts:    newLevel(inOrder(s.AgreementFacts)),
		usageDays:         newUsageLoader(s),
		domains: newLevel(rowsByID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Domain, error) {
			return c.Domain.Query().Where(domain.IDIn(ids...)).All(ctx)
		}, func(d *db.Domain) uuid.UUID { return d.ID })),
		resources: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Resource, error) {
			return c.Resource.Query().Where(resource.IDIn(ids...)).All(ctx)
		}, func(r *db.Resource) uuid.UUID { return r.ID }),
		items: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.DataItem, error) {
			return c.DataItem.Query().Where(dataitem.IDIn(ids...)).All(ctx)
		}, func(i *db.DataItem) uuid.UUID { return i.ID }),
		products: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Product, error) {
			return c.Product.Query().Where(product.IDIn(ids...)).All(ctx)
		}, func(p *db.Product) uuid.UUID { return p.ID }),
	}
}

// byID makes a loader of rows by their id. A row that is absent or invisible loads as nil.
func byID[T any](fetch func(context.Context, []uuid.UUID) ([]*T, error), idOf func(*T) uuid.UUID) *dataloadgen.Loader[uuid.UUID, *T] {
	return dataloadgen.NewLoader(rowsByID(fetch, idOf), dataloadgen.WithWait(batchWait))
}

func rowsByID[T any](fetch func(context.Context, []uuid.UUID) ([]*T, error), idOf func(*T) uuid.UUID) func(context.Context, []uuid.UUID) ([]*T, []error) {
	return func(ctx context.Context, ids []uuid.UUID) ([]*T, []error) {
		rows, err := fetch(ctx, ids)
		if err != nil {
			return nil, []error{err}
		}
		found := make(map[uuid.UUID]*T, len(rows))
		for _, row := range rows {
			found[idOf(row)] = row
		}
		out := make([]*T, len(ids))
		for i, id := range ids {
			out[i] = found[id]
		}
		return out, nil
	}
}

// byOwner makes a loader of the rows that belong to an owner, in the order in which they are fetched.
func byOwner[T any](fetch func(context.Context, []uuid.UUID) ([]T, error), ownerOf func(T) uuid.UUID) *dataloadgen.Loader[uuid.UUID, []T] {
	return dataloadgen.NewLoader(rowsByOwner(fetch, ownerOf), dataloadgen.WithWait(batchWait))
}

func rowsByOwner[T any](fetch func(context.Context, []uuid.UUID) ([]T, error), ownerOf func(T) uuid.UUID) func(context.Context, []uuid.UUID) ([][]T, []error) {
	return func(ctx context.Context, owners []uuid.UUID) ([][]T, []error) {
		rows, err := fetch(ctx, owners)
		if err != nil {
			return nil, []error{err}
		}
		owned := make(map[uuid.UUID][]T, len(owners))
		for _, row := range rows {
			owned[ownerOf(row)] = append(owned[ownerOf(row)], row)
		}
		out := make([][]T, len(owners))
		for i, owner := range owners {
			if out[i] = owned[owner]; out[i] == nil {
				out[i] = []T{}
			}
		}
		return out, nil
	}
}

// batchWait is how long a loader gathers ids: long enough for one level of a page, too short to be felt.
// A variable for the tests, which count statements on a machine that may have others at work.
var batchWait = 500 * time.Microsecond
