package graph

import (
	"context"
	"sync"

	"entgo.io/ent"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/allocationrule"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/dataset"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

// productLoaders load the relations of products.
type productLoaders struct {
	plans            *level[[]*db.Plan]
	caps             *level[[]*db.PriceCap]
	productResources *level[[]*db.Resource]
	productItems     *level[[]*db.DataItem]
	allocationRules  *dataloadgen.Loader[uuid.UUID, []*db.AllocationRule]
	datasets         *dataloadgen.Loader[uuid.UUID, *db.Dataset]
	// gate is what the listing of a product depends on.
	gate *level[*authorisation.Product]
}

// expectProducts says that the relations of these products will likely be asked for.
func (l *loaders) expectProducts(rows []*db.Product) {
	for _, p := range rows {
		l.organisations.expect(p.OperatorID)
		l.domains.expect(p.DomainID)
		l.plans.expect(p.ID)
		l.caps.expect(p.ID)
		l.productResources.expect(p.ID)
		l.productItems.expect(p.ID)
	}
}

// expectGated is expectProducts where what a listing depends on will likely be asked for too.
func (l *loaders) expectGated(rows []*db.Product) {
	l.expectProducts(rows)
	for _, p := range rows {
		l.gate.expect(p.ID)
	}
}

func newProductLoaders(s *store.Store, expectOrganisations func(...uuid.UUID)) productLoaders {
	c := s.Read()
	return productLoaders{
		plans: newLevel(rowsByOwner(func(ctx context.Context, ids []uuid.UUID) ([]*db.Plan, error) {
			return c.Plan.Query().Where(plan.ProductIDIn(ids...), plan.WithdrawnAtIsNil()).Order(db.Asc(plan.FieldPosition, plan.FieldID)).All(ctx)
		}, func(p *db.Plan) uuid.UUID { return p.ProductID })),
		caps: newLevel(rowsByOwner(func(ctx context.Context, ids []uuid.UUID) ([]*db.PriceCap, error) {
			return c.PriceCap.Query().Where(pricecap.ProductIDIn(ids...)).Order(db.Desc(pricecap.FieldEffectiveFrom, pricecap.FieldID)).All(ctx)
		}, func(p *db.PriceCap) uuid.UUID { return p.ProductID })),
		productResources: newLevel(rowsByOwner(func(ctx context.Context, ids []uuid.UUID) ([]*db.Resource, error) {
			q := c.Resource.Query().Order(db.Asc(resource.FieldID))
			q.Modify(func(s *sql.Selector) { joined(s, productinput.FieldResourceID, ids) })
			rows, err := q.All(ctx)
			for _, row := range rows {
				expectOrganisations(row.SourceUnitID)
			}
			return rows, err
		}, func(row *db.Resource) uuid.UUID { return user(row) })),
		productItems: newLevel(rowsByOwner(func(ctx context.Context, ids []uuid.UUID) ([]*db.DataItem, error) {
			q := c.DataItem.Query().Order(db.Asc(dataitem.FieldResourceID, dataitem.FieldPosition, dataitem.FieldID))
			q.Modify(func(s *sql.Selector) { joined(s, productinput.FieldItemID, ids) })
			return q.All(ctx)
		}, func(row *db.DataItem) uuid.UUID { return user(row) })),
		allocationRules: byOwner(func(ctx context.Context, ids []uuid.UUID) ([]*db.AllocationRule, error) {
			return c.AllocationRule.Query().Where(allocationrule.ProductIDIn(ids...)).Order(db.Desc(allocationrule.FieldNumber)).All(ctx)
		}, func(r *db.AllocationRule) uuid.UUID { return r.ProductID }),
		datasets: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Dataset, error) {
			return c.Dataset.Query().Where(dataset.IDIn(ids...)).All(ctx)
		}, func(d *db.Dataset) uuid.UUID { return d.ID }),
		gate: newLevel(rowsByID(func(ctx context.Context, ids []uuid.UUID) ([]*authorisation.Product, error) {
			return gateOf(ctx, s, ids)
		}, func(p *authorisation.Product) uuid.UUID { return p.ID })),
	}
}

func gateOf(ctx context.Context, s *store.Store, ids []uuid.UUID) ([]*authorisation.Product, error) {
	facts, err := s.GateProducts(ctx, ids...)
	out := make([]*authorisation.Product, 0, len(facts))
	for _, p := range facts {
		out = append(out, &p)
	}
	return out, err
}

// once reads something once for an operation, whoever asks for it first.
func once[T any](ask func(context.Context) (T, error)) func(context.Context) (T, error) {
	var asked sync.Once
	var value T
	var err error
	return func(ctx context.Context) (T, error) {
		asked.Do(func() { value, err = ask(ctx) })
		return value, err
	}
}

// joined lets a query give a row once for each product that uses it, with the product's id, in one statement.
// column is of the inputs of products and names the row.
func joined(s *sql.Selector, column string, products []uuid.UUID) {
	in := make([]any, len(products))
	for i, id := range products {
		in[i] = id
	}
	t := sql.Table(productinput.Table)
	used := sql.Select(t.C(productinput.FieldProductID), t.C(column)).Distinct().From(t).
		Where(sql.In(t.C(productinput.FieldProductID), in...)).As("used")
	s.Join(used).On(s.C("id"), used.C(column))
	s.AppendSelectAs(used.C(productinput.FieldProductID), usedBy)
}

// usedBy is the column that joined adds.
const usedBy = "used_by"

// user is the product that a joined row was given for.
func user(row interface {
	Value(string) (ent.Value, error)
}) (id uuid.UUID) {
	if value, err := row.Value(usedBy); err == nil && id.Scan(value) == nil {
		return id
	}
	return uuid.Nil
}
