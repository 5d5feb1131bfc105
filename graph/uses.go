package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/product"
	"gongshu/ent/db/resource"
	"gongshu/ent/db/resourcebatch"
	"gongshu/graph/model"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// useLoaders load what uses resources, and their publications.
type useLoaders struct {
	resourceProducts *level[[]*db.Product]
	usesOfResources  *dataloadgen.Loader[uuid.UUID, int]
	usesOfItems      *dataloadgen.Loader[uuid.UUID, int]
	batches          *dataloadgen.Loader[uuid.UUID, *db.ResourceBatch]
	batchResources   *level[[]*db.Resource]
}

func newUseLoaders(s *store.Store) useLoaders {
	c := s.Read()
	return useLoaders{
		resourceProducts: newLevel(func(ctx context.Context, ids []uuid.UUID) ([][]*db.Product, []error) {
			out, err := productsOfResources(ctx, s, ids)
			if err != nil {
				return nil, []error{err}
			}
			return out, nil
		}),
		usesOfResources: dataloadgen.NewLoader(inOrder(s.CountListedOfResources), dataloadgen.WithWait(batchWait)),
		usesOfItems:     dataloadgen.NewLoader(inOrder(s.CountListedOfItems), dataloadgen.WithWait(batchWait)),
		batches: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.ResourceBatch, error) {
			return c.ResourceBatch.Query().Where(resourcebatch.IDIn(ids...)).All(ctx)
		}, func(b *db.ResourceBatch) uuid.UUID { return b.ID }),
		batchResources: newLevel(rowsByOwner(func(ctx context.Context, ids []uuid.UUID) ([]*db.Resource, error) {
			return c.Resource.Query().Where(resource.BatchIDIn(ids...)).Order(db.Asc(resource.FieldID)).All(ctx)
		}, func(r *db.Resource) uuid.UUID { return valueOr(r.BatchID) })),
	}
}

// maxShortList is the most that a list of what belongs to one object gives, where there may be many.
const maxShortList = 20

func shortListSize(first *int) (int, error) {
	if first == nil || *first < 1 || *first > maxShortList {
		return 0, fault.New(fault.Invalid, "FIRST_OUT_OF_RANGE", "This list has 1 to %d entries.", maxShortList).At("first").With("max", maxShortList)
	}
	return *first, nil
}

// productsOfResources are the newest products on the market that use each resource, in two statements.
func productsOfResources(ctx context.Context, s *store.Store, resources []uuid.UUID) ([][]*db.Product, error) {
	uses, err := s.ListedOfResources(ctx, resources, maxShortList)
	if err != nil {
		return nil, err
	}
	rows, err := productsByID(ctx, s, slices.Concat(slices.Collect(maps.Values(uses))...))
	if err != nil {
		return nil, err
	}
	out := make([][]*db.Product, len(resources))
	for i, id := range resources {
		out[i] = []*db.Product{}
		for _, p := range uses[id] {
			if row := rows[p]; row != nil {
				out[i] = append(out[i], row)
			}
		}
	}
	return out, nil
}

// productsByID reads the products of these that the viewer may see.
func productsByID(ctx context.Context, s *store.Store, ids []uuid.UUID) (map[uuid.UUID]*db.Product, error) {
	found := map[uuid.UUID]*db.Product{}
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := s.Read().Product.Query().Where(product.IDIn(ids...)).All(ctx)
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}

// resourceUse names the operators and the products that the viewer may see.
func (r *Resolver) resourceUse(ctx context.Context, text string) (*model.ResourceUse, error) {
	id, err := parseID(resourceID, text, "resourceId")
	if err != nil {
		return nil, err
	}
	row, use, err := r.Market.ResourceUse(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &model.ResourceUse{
		Resource: *row, ProductCount: use.ProductCount, Organisations: use.Organisations, AsOf: use.At,
		Operators: []*db.Organisation{}, Products: []*model.ResourceProduct{}, Months: make([]*model.UsageMonth, len(use.Months)),
	}
	for i, m := range use.Months {
		out.Months[i] = &model.UsageMonth{Month: m.Month, Paid: figures(m.Paid), Free: figures(m.Free)}
	}
	ids, operators := make([]uuid.UUID, len(use.Products)), []uuid.UUID{}
	for i, p := range use.Products {
		ids[i] = p.ProductID
		if !slices.Contains(operators, p.OperatorID) {
			operators = append(operators, p.OperatorID)
		}
	}
	seen, err := productsByID(ctx, r.Store, ids)
	if err != nil {
		return nil, err
	}
	named, err := loadersOf(ctx).organisations.LoadAll(ctx, operators)
	if err != nil {
		return nil, err
	}
	for _, o := range named {
		if o != nil {
			out.Operators = append(out.Operators, o)
		}
	}
	for _, p := range use.Products {
		operator := named[slices.Index(operators, p.OperatorID)]
		if operator == nil {
			continue // an operator that is not public has nothing on the market
		}
		out.Products = append(out.Products, &model.ResourceProduct{
			Name: p.Name, NameEn: p.NameEn, Status: p.Status, Operator: *operator,
			Product: seen[p.ProductID], Organisations: p.Organisations,
		})
	}
	return out, nil
}
