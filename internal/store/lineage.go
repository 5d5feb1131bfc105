package store

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/internal/dictionary"
)

// Lineage is where data comes from and where it goes, as far as the viewer may see it, in the order in which it became known.
type Lineage struct {
	Units     []*db.Organisation
	Resources []*db.Resource
	Items     []*db.DataItem
	Products  []*db.Product
	// Inputs say which of the products are made of which of the items.
	Inputs []*db.ProductInput
	// MoreResources, MoreItems and MoreProducts count what is left out for its number.
	MoreResources, MoreItems, MoreProducts int
}

// How much a lineage holds of each kind.
const (
	lineageMost      = 50
	lineageMostItems = 100 // of one product
)

// LineageOfProduct is everything upstream of a product, nil where the viewer sees none. Five statements at most.
func (s *Store) LineageOfProduct(ctx context.Context, id uuid.UUID) (*Lineage, error) {
	p, err := s.lineageProduct(ctx, id)
	if p == nil || err != nil {
		return nil, err
	}
	return s.upstream(ctx, p, nil)
}

// LineageOfColumn is what one column of a product comes from: the items that it names, or all of the product's where it names
// none. The product has no other column there. Nil where the viewer sees no such column.
func (s *Store) LineageOfColumn(ctx context.Context, id uuid.UUID, name string) (*Lineage, error) {
	p, err := s.lineageProduct(ctx, id)
	if p == nil || err != nil {
		return nil, err
	}
	at := slices.IndexFunc(p.Dictionary, func(c dictionary.Column) bool { return c.Name == name })
	if at < 0 {
		return nil, nil
	}
	p.Dictionary = p.Dictionary[at : at+1]
	return s.upstream(ctx, p, p.Dictionary[0].ItemIDs)
}

func (s *Store) lineageProduct(ctx context.Context, id uuid.UUID) (*db.Product, error) {
	p, err := s.read.Product.Get(ctx, id)
	if db.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a product: %w", err)
	}
	return p, nil
}

// upstream is what comes before a product: the items that are named, all where none is.
func (s *Store) upstream(ctx context.Context, p *db.Product, named []string) (*Lineage, error) {
	inputs, err := s.read.ProductInput.Query().Where(productinput.ProductID(p.ID)).WithItem().
		WithResource(func(q *db.ResourceQuery) { q.WithSourceUnit() }).Order(db.Asc(productinput.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the items of a product: %w", err)
	}
	l := &Lineage{Products: []*db.Product{p}}
	for _, in := range inputs {
		switch item, r := in.Edges.Item, in.Edges.Resource; {
		case item == nil || r == nil: // hidden
		case len(named) > 0 && !slices.Contains(named, item.ID.String()):
		case len(l.Items) == lineageMostItems:
			l.MoreItems++
		default:
			l.Items, l.Inputs = append(l.Items, item), append(l.Inputs, in)
			l.addResource(r)
		}
	}
	return l, nil
}

// addResource adds a resource with its source unit, each once.
func (l *Lineage) addResource(r *db.Resource) {
	l.Resources = withRow(l.Resources, r, func(r *db.Resource) uuid.UUID { return r.ID })
	if unit := r.Edges.SourceUnit; unit != nil {
		l.Units = withRow(l.Units, unit, func(o *db.Organisation) uuid.UUID { return o.ID })
	}
}

func withRow[T any](rows []T, row T, id func(T) uuid.UUID) []T {
	for _, there := range rows {
		if id(there) == id(row) {
			return rows
		}
	}
	return append(rows, row)
}

// LineageOfItem is what a data item belongs to and what is made of it, nil where the viewer sees none.
func (s *Store) LineageOfItem(ctx context.Context, id uuid.UUID) (*Lineage, error) {
	item, err := s.read.DataItem.Query().Where(dataitem.ID(id)).WithResource(func(q *db.ResourceQuery) { q.WithSourceUnit() }).Only(ctx)
	if db.IsNotFound(err) || err == nil && item.Edges.Resource == nil {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a data item: %w", err)
	}
	l := &Lineage{Items: []*db.DataItem{item}}
	l.addResource(item.Edges.Resource)
	return l, s.downstream(ctx, l, func(t *sql.SelectTable) *sql.Predicate { return sql.EQ(t.C(productinput.FieldItemID), id) })
}

// LineageOfResource is whose a resource is, its items and what is made of them, nil where the viewer sees none.
func (s *Store) LineageOfResource(ctx context.Context, id uuid.UUID) (*Lineage, error) {
	r, err := s.read.Resource.Query().Where(resource.ID(id)).WithSourceUnit().Only(ctx)
	if db.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a resource: %w", err)
	}
	l := &Lineage{}
	l.addResource(r)
	if err := s.itemsOf(ctx, l, dataitem.ResourceID(id)); err != nil {
		return nil, err
	}
	return l, s.downstream(ctx, l, func(t *sql.SelectTable) *sql.Predicate { return sql.EQ(t.C(productinput.FieldResourceID), id) })
}

// LineageOfUnit is what a source unit owns and what is made of it, nil where the viewer sees none.
func (s *Store) LineageOfUnit(ctx context.Context, id uuid.UUID) (*Lineage, error) {
	unit, err := s.read.Organisation.Query().Where(organisation.ID(id)).Only(ctx)
	if db.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a source unit: %w", err)
	}
	l := &Lineage{Units: []*db.Organisation{unit}}
	owned := s.read.Resource.Query().Where(resource.SourceUnitID(id))
	if l.Resources, err = owned.Clone().Order(db.Asc(resource.FieldID)).Limit(lineageMost).All(ctx); err != nil {
		return nil, fmt.Errorf("read the resources of a source unit: %w", err)
	}
	if l.MoreResources, err = left(ctx, len(l.Resources), owned.Count); err != nil {
		return nil, err
	}
	if err := s.itemsOf(ctx, l, dataitem.HasResourceWith(resource.SourceUnitID(id))); err != nil {
		return nil, err
	}
	return l, s.downstream(ctx, l, func(t *sql.SelectTable) *sql.Predicate {
		r := sql.Table(resource.Table)
		return sql.In(t.C(productinput.FieldResourceID), sql.Select(r.C(resource.FieldID)).From(r).Where(sql.EQ(r.C(resource.FieldSourceUnitID), id)))
	})
}

// left is how many more there are than were read, counted where a page was full.
func left(ctx context.Context, read int, count func(context.Context) (int, error)) (int, error) {
	if read < lineageMost {
		return 0, nil
	}
	all, err := count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count a lineage: %w", err)
	}
	return max(all-read, 0), nil
}

// itemsOf reads the items that catalogues name of resources that are shown.
func (s *Store) itemsOf(ctx context.Context, l *Lineage, of predicate.DataItem) (err error) {
	shown := make([]uuid.UUID, len(l.Resources))
	for i, r := range l.Resources {
		shown[i] = r.ID
	}
	named := s.read.DataItem.Query().Where(of, dataitem.Withdrawn(false))
	l.Items, err = named.Clone().Where(dataitem.ResourceIDIn(shown...)).Order(db.Asc(dataitem.FieldResourceID, dataitem.FieldPosition, dataitem.FieldID)).
		Limit(lineageMost).All(ctx)
	if err != nil {
		return fmt.Errorf("read data items: %w", err)
	}
	read := len(l.Items)
	if l.MoreResources > 0 {
		read = lineageMost // those of the resources that are left out are left out too
	}
	l.MoreItems, err = left(ctx, read, func(ctx context.Context) (int, error) {
		n, err := named.Count(ctx)
		return n - len(l.Items) + read, err
	})
	return err
}

// downstream reads the products with such an input, and which of the shown items they are made of.
func (s *Store) downstream(ctx context.Context, l *Lineage, of func(*sql.SelectTable) *sql.Predicate) (err error) {
	made := s.read.Product.Query().Where(inSelect(product.FieldID, productinput.Table, productinput.FieldProductID, of))
	if l.Products, err = made.Clone().Order(db.Asc(product.FieldID)).Limit(lineageMost).All(ctx); err != nil {
		return fmt.Errorf("read the products made of it: %w", err)
	}
	if l.MoreProducts, err = left(ctx, len(l.Products), made.Count); err != nil {
		return err
	}
	products, items := make([]uuid.UUID, len(l.Products)), make([]uuid.UUID, len(l.Items))
	for i, p := range l.Products {
		products[i] = p.ID
	}
	for i, item := range l.Items {
		items[i] = item.ID
	}
	l.Inputs, err = s.read.ProductInput.Query().Where(productinput.ProductIDIn(products...), productinput.ItemIDIn(items...)).Order(db.Asc(productinput.FieldID)).All(ctx)
	if err != nil {
		return fmt.Errorf("read what the products are made of: %w", err)
	}
	return nil
}
