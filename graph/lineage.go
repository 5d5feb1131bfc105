package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/graph/model"
	"gongshu/internal/dictionary"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// lineageOf reads the lineage of whatever the id names, nil for what is none or hidden.
func (r *queryResolver) lineageOf(ctx context.Context, text string) (*model.Lineage, error) {
	whole, column, ofColumn := strings.Cut(text, "/")
	var found *store.Lineage
	var err error
	d := drawing{whole: false, out: &model.Lineage{ID: text, Nodes: []*model.LineageNode{}, Edges: []*model.LineageEdge{}, Rest: []*model.LineageRest{}}}
	if id, ok := publicid.Parse(productID, whole); ok {
		if d.whole = true; ofColumn {
			found, err = r.Store.LineageOfColumn(ctx, id, column)
		} else {
			found, err = r.Store.LineageOfProduct(ctx, id)
		}
	} else if id, ok := publicid.Parse(itemID, text); ok {
		found, err = r.Store.LineageOfItem(ctx, id)
	} else if id, ok := publicid.Parse(resourceID, text); ok {
		found, err = r.Store.LineageOfResource(ctx, id)
	} else if id, ok := publicid.Parse(organisationID, text); ok {
		found, err = r.Store.LineageOfUnit(ctx, id)
	}
	if found == nil || err != nil {
		return nil, err
	}
	d.draw(found)
	return d.out, nil
}

// mostColumns is how many columns a lineage shows.
const mostColumns = 100

// drawing turns rows into nodes and edges.
type drawing struct {
	out *model.Lineage
	// whole: all columns of the products are shown, and not only those that come from the items.
	whole bool
	more  int // columns that are left out
	// made are the items that a product is made of; named those of them that one of its columns comes from.
	made, named map[uuid.UUID][]uuid.UUID
}

func (d *drawing) draw(l *store.Lineage) {
	for _, o := range l.Units {
		d.node(publicid.Encode(organisationID, o.ID), model.LineageKindSourceUnit, o.Name, o.NameEn, true)
	}
	for _, row := range l.Resources {
		id := publicid.Encode(resourceID, row.ID)
		d.node(id, model.LineageKindResource, row.Name, row.NameEn, true)
		if slices.ContainsFunc(l.Units, func(o *db.Organisation) bool { return o.ID == row.SourceUnitID }) {
			d.edge(publicid.Encode(organisationID, row.SourceUnitID), id, true)
		}
	}
	for _, item := range l.Items {
		id := publicid.Encode(itemID, item.ID)
		d.node(id, model.LineageKindItem, item.Name, item.NameEn, true)
		d.edge(publicid.Encode(resourceID, item.ResourceID), id, true)
	}
	d.made, d.named = map[uuid.UUID][]uuid.UUID{}, map[uuid.UUID][]uuid.UUID{}
	for _, in := range l.Inputs {
		d.made[in.ProductID] = append(d.made[in.ProductID], in.ItemID)
	}
	for _, p := range l.Products {
		d.columns(p)
	}
	for _, p := range l.Products {
		id := publicid.Encode(productID, p.ID)
		d.node(id, model.LineageKindProduct, p.Name, p.NameEn, true)
		for _, item := range d.made[p.ID] {
			if !slices.Contains(d.named[p.ID], item) {
				d.edge(publicid.Encode(itemID, item), id, false)
			}
		}
	}
	for _, rest := range []model.LineageRest{
		{Kind: model.LineageKindResource, Count: l.MoreResources}, {Kind: model.LineageKindItem, Count: l.MoreItems},
		{Kind: model.LineageKindColumn, Count: d.more}, {Kind: model.LineageKindProduct, Count: l.MoreProducts},
	} {
		if rest.Count > 0 {
			d.out.Rest = append(d.out.Rest, &rest)
		}
	}
}

// columns draws those of a product that are shown, with the items that they come from.
func (d *drawing) columns(p *db.Product) {
	product := publicid.Encode(productID, p.ID)
	for _, c := range p.Dictionary {
		var from []uuid.UUID
		for _, text := range c.ItemIDs {
			if id, err := uuid.Parse(text); err == nil && slices.Contains(d.made[p.ID], id) {
				from = append(from, id)
			}
		}
		if len(from) == 0 && !d.whole {
			continue
		}
		if d.shown() == mostColumns {
			d.more++
			continue
		}
		id := product + "/" + c.Name
		d.node(id, model.LineageKindColumn, c.Label, c.LabelEn, len(c.ItemIDs) > 0)
		for _, item := range from {
			d.edge(publicid.Encode(itemID, item), id, true)
		}
		d.named[p.ID] = append(d.named[p.ID], from...)
		d.edge(id, product, true)
	}
}

func (d *drawing) shown() (n int) {
	for _, node := range d.out.Nodes {
		if node.Kind == model.LineageKindColumn {
			n++
		}
	}
	return n
}

func (d *drawing) node(id string, kind model.LineageKind, name, nameEn string, stated bool) {
	d.out.Nodes = append(d.out.Nodes, &model.LineageNode{ID: id, Kind: kind, Name: name, NameEn: nameEn, Stated: stated})
}

func (d *drawing) edge(from, to string, stated bool) {
	d.out.Edges = append(d.out.Edges, &model.LineageEdge{From: from, To: to, Stated: stated})
}

// itemsOf loads the items that a column comes from, as far as the viewer sees them.
func itemsOf(ctx context.Context, c *dictionary.Column) ([]*db.DataItem, error) {
	items := []*db.DataItem{}
	ids := make([]uuid.UUID, 0, len(c.ItemIDs))
	for _, text := range c.ItemIDs {
		if id, err := uuid.Parse(text); err == nil {
			ids = append(ids, id)
		}
	}
	rows, err := loadersOf(ctx).items.LoadAll(ctx, ids)
	for _, row := range rows {
		if row != nil {
			items = append(items, row)
		}
	}
	return items, err
}

// columnItems are the ids of items as a column holds them. One that is no id is no item of the product, and the use-case says so.
func columnItems(ids []string) (out []string) {
	for _, id := range ids {
		out = append(out, plainID(itemID, id))
	}
	return out
}
