package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/productinput"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// drawn is what a test reads of a lineage.
type drawn struct {
	Lineage *struct {
		Nodes []struct {
			ID, Kind, Name string
			Stated         bool
		}
		Edges []struct {
			From, To string
			Stated   bool
		}
		Rest []struct {
			Kind  string
			Count int
		}
	}
}

const lineageOf = `query($id: ID!) { lineage(id: $id) { nodes { id kind name stated } edges { from to stated } rest { kind count } } }`

func (h *harness) lineage(t *testing.T, ctx context.Context, id string) (out drawn, statements int64) {
	t.Helper()
	errs, statements := h.do(t, ctx, lineageOf, map[string]any{"id": id}, &out)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return out, statements
}

// said are the nodes by kind and name, those that state nothing with a question mark.
func (d drawn) said() (nodes []string) {
	if d.Lineage == nil {
		return []string{"hidden"}
	}
	for _, n := range d.Lineage.Nodes {
		text := n.Kind + " " + n.Name
		if !n.Stated {
			text += "?"
		}
		nodes = append(nodes, text)
	}
	return nodes
}

func (d drawn) has(kind string) (n int) {
	for _, node := range d.Lineage.Nodes {
		if node.Kind == kind {
			n++
		}
	}
	return n
}

// edged reports whether there is an edge, by the names of its ends.
func (d drawn) edged(from, to string) bool {
	name := map[string]string{}
	for _, n := range d.Lineage.Nodes {
		name[n.ID] = n.Name
	}
	for _, e := range d.Lineage.Edges {
		if name[e.From] == from && name[e.To] == to {
			return true
		}
	}
	return false
}

// columned gives a product two columns, the first of which comes from its first item, and returns its items.
func (h *harness) columned(t *testing.T, product uuid.UUID) (items []uuid.UUID) {
	t.Helper()
	err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
		var err error
		if items, err = tx.ProductItems(ctx, product); err != nil {
			return err
		}
		return tx.Product.UpdateOneID(product).SetDictionary([]dictionary.Column{
			{Name: "rain", Label: "雨量", LabelEn: "Rain", Type: dictionary.Decimal, ItemIDs: []string{items[0].String()}},
			{Name: "day", Label: "日期", LabelEn: "Day", Type: dictionary.Date},
		}).Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func TestALineageGoesFromTheColumnToItsSourceUnitAndBack(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		products, operators := h.lay(t, 3)
		items := h.columned(t, products[0])
		draft := products[1] // of the same first resource, as product 1 is made of resources 1 and 4
		nobody := t.Context()
		operator := access.With(t.Context(), access.Viewer{PersonID: h.person(t), OrganisationID: operators[1], Parties: []access.Party{access.Operator}, Roles: []access.Role{access.Publisher}})

		whole, upward := h.lineage(t, nobody, publicid.Encode(productID, products[0]))
		want := []string{"SOURCE_UNIT 数源单位0", "SOURCE_UNIT 数源单位3", "RESOURCE 资源0", "RESOURCE 资源3", "ITEM 数据项0", "ITEM 数据项1", "ITEM 数据项0", "ITEM 数据项1",
			"COLUMN 雨量", "COLUMN 日期?", "PRODUCT 降水观测0"}
		if got := whole.said(); !slices.Equal(got, want) {
			t.Errorf("a product has %v, want %v", got, want)
		}
		for _, e := range [][2]string{{"数源单位0", "资源0"}, {"资源0", "数据项0"}, {"数据项0", "雨量"}, {"雨量", "降水观测0"}, {"日期", "降水观测0"}, {"数据项1", "降水观测0"}} {
			if !whole.edged(e[0], e[1]) {
				t.Errorf("there is no way from %s to %s: %+v", e[0], e[1], whole.Lineage.Edges)
			}
		}
		if upward > 6 {
			t.Errorf("upwards it takes %d statements", upward)
		}
		one, _ := h.lineage(t, nobody, publicid.Encode(productID, products[0])+"/rain")
		if got := one.said(); !slices.Equal(got, []string{"SOURCE_UNIT 数源单位0", "RESOURCE 资源0", "ITEM 数据项0", "COLUMN 雨量", "PRODUCT 降水观测0"}) {
			t.Errorf("a column has %v", got)
		}
		for _, none := range []string{publicid.Encode(productID, products[0]) + "/none", publicid.Encode(productID, uuid.New()), publicid.Encode(planID, products[0]), "x"} {
			if out, _ := h.lineage(t, nobody, none); out.Lineage != nil {
				t.Errorf("%s has a lineage", none)
			}
		}

		// What is no longer public is neither a node nor a count, but to those who see it.
		down := func(ctx context.Context, id string) string {
			out, statements := h.lineage(t, ctx, id)
			if statements > 8 {
				t.Errorf("%s takes %d statements", id, statements)
			}
			return strings.Join(out.said(), ", ")
		}
		item := publicid.Encode(itemID, items[0])
		if got := down(nobody, item); got != "SOURCE_UNIT 数源单位0, RESOURCE 资源0, ITEM 数据项0, COLUMN 雨量, PRODUCT 降水观测0" {
			t.Errorf("an item has %s", got)
		}
		err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Product.UpdateOneID(draft).SetStatus(authorisation.ProductDraft).Exec(ctx); err != nil {
				return err
			}
			in, err := tx.ProductInput.Query().Where(productinput.ItemID(items[0])).First(ctx)
			if err != nil {
				return err
			}
			return tx.ProductInput.Create().SetCreatedAt(tx.Now()).SetProductID(draft).SetItemID(items[0]).SetResourceID(in.ResourceID).Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		resource := publicid.Encode(resourceID, h.resourceOf(t, items[0]))
		unit := whole.Lineage.Nodes[0].ID
		for _, id := range []string{item, resource, unit} {
			if got := down(nobody, id); strings.Contains(got, "降水观测1") || !strings.Contains(got, "降水观测0") {
				t.Errorf("to nobody %s shows %s", id, got)
			}
			if got := down(operator, id); !strings.Contains(got, "降水观测1") || !strings.Contains(got, "降水观测0") {
				t.Errorf("to its operator %s shows %s", id, got)
			}
		}
		if out, _ := h.lineage(t, nobody, publicid.Encode(productID, draft)); out.Lineage != nil {
			t.Error("a draft has a lineage for everybody")
		}
		if out, _ := h.lineage(t, operator, publicid.Encode(productID, draft)); out.Lineage == nil {
			t.Error("a draft has none for its operator")
		}
		hidden, _ := h.lineage(t, nobody, resource)
		if len(hidden.Lineage.Rest) > 0 {
			t.Errorf("what is hidden is counted: %+v", hidden.Lineage.Rest)
		}
	})
}

func (h *harness) resourceOf(t *testing.T, item uuid.UUID) uuid.UUID {
	t.Helper()
	row, err := h.Store.Read().DataItem.Get(store.AsSystem(t.Context()), item)
	if err != nil {
		t.Fatal(err)
	}
	return row.ResourceID
}

// A lineage has as many statements and at most so many things whatever there is; the rest is counted, of what is seen.
func TestALineageIsBounded(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		products, _ := h.lay(t, 1)
		items := h.columned(t, products[0])
		resource := h.resourceOf(t, items[0])
		id := publicid.Encode(resourceID, resource)
		_, few := h.lineage(t, t.Context(), id)
		err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			p, err := tx.Product.Get(ctx, products[0])
			if err != nil {
				return err
			}
			for i := range 60 {
				if err := tx.DataItem.Create().SetCreatedAt(tx.Now()).SetResourceID(resource).SetPosition(10 + i).SetName(fmt.Sprintf("更多%d", i)).
					SetProtections([]authorisation.Protection{}).Exec(ctx); err != nil {
					return err
				}
				status := authorisation.ProductListed
				if i%10 == 9 {
					status = authorisation.ProductDraft
				}
				made, err := copied(tx, p, i, status).Save(ctx)
				if err != nil {
					return err
				}
				if err := tx.ProductInput.Create().SetCreatedAt(tx.Now()).SetProductID(made.ID).SetItemID(items[0]).SetResourceID(resource).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		out, many := h.lineage(t, t.Context(), id)
		rest := map[string]int{}
		for _, r := range out.Lineage.Rest {
			rest[r.Kind] = r.Count
		}
		if out.has("ITEM") != 50 || rest["ITEM"] != 12 || out.has("PRODUCT") != 50 || rest["PRODUCT"] != 5 { // 62 items; 55 products that are listed
			t.Errorf("%d items and %d products are shown, %v are left", out.has("ITEM"), out.has("PRODUCT"), rest)
		}
		if many > few+2 { // the two counts
			t.Errorf("%d statements for little, %d for much", few, many)
		}
	})
}

// A column that names an item behind those that a product shows has it all the same, and its resource and source unit.
func TestAColumnHasTheItemsThatItNamesHoweverManyTheProductHas(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		products, _ := h.lay(t, 1)
		items := h.columned(t, products[0])
		resource := h.resourceOf(t, items[0])
		var last uuid.UUID
		err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			named := make([]string, 0, 102)
			for i := range 110 {
				item, err := tx.DataItem.Create().SetCreatedAt(tx.Now()).SetResourceID(resource).SetPosition(10 + i).SetName(fmt.Sprintf("更多%d", i)).
					SetProtections([]authorisation.Protection{}).Save(ctx)
				if err != nil {
					return err
				}
				if last = item.ID; len(named) < cap(named) {
					named = append(named, item.ID.String())
				}
				if err := tx.ProductInput.Create().SetCreatedAt(tx.Now()).SetProductID(products[0]).SetItemID(item.ID).SetResourceID(resource).Exec(ctx); err != nil {
					return err
				}
			}
			return tx.Product.UpdateOneID(products[0]).SetDictionary([]dictionary.Column{
				{Name: "late", Label: "后项", Type: dictionary.Decimal, ItemIDs: []string{last.String()}},
				{Name: "many", Label: "多项", Type: dictionary.Decimal, ItemIDs: named},
				{Name: "none", Label: "无项", Type: dictionary.Decimal},
			}).Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			column      string
			shown, rest int
		}{{"late", 1, 0}, {"many", 100, 2}, {"none", 100, len(items) + 10}} {
			out, _ := h.lineage(t, t.Context(), publicid.Encode(productID, products[0])+"/"+row.column)
			rest := 0
			for _, r := range out.Lineage.Rest {
				rest += r.Count
			}
			if out.has("ITEM") != row.shown || rest != row.rest || out.has("RESOURCE") == 0 || out.has("SOURCE_UNIT") == 0 || out.has("COLUMN") != 1 {
				t.Errorf("the column %s has %v, and %d more", row.column, out.said(), rest)
			}
			if row.column == "late" && !out.edged("更多109", "后项") {
				t.Error("there is no way from the item to the column")
			}
		}
	})
}

func copied(tx *store.Tx, p *db.Product, i int, status authorisation.ProductStatus) *db.ProductCreate {
	return tx.Product.Create().SetCreatedAt(tx.Now()).SetOperatorID(p.OperatorID).SetDomainID(p.DomainID).SetName(fmt.Sprintf("其他%d", i)).SetDescription("x").
		SetStatus(status).SetDelivery(p.Delivery).SetDictionary(p.Dictionary).SetSample([][]string{}).SetSocialInputs([]authorisation.SocialInput{}).
		SetIdentifier(strings.ReplaceAll(uuid.NewString(), "-", ""))
}

func TestWhatToMendIsForItsOwnerAndWhoOversees(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		products, operators := h.lay(t, 2)
		const document = `query($id: ID!) { product(id: $id) { qualityFloor quality { score dimensions { name points maximum label labelEn } findings { code dimension field points message messageEn } }
			resources { quality { score dimensions { points } findings { code } } } } }`
		var out struct {
			Product struct {
				QualityFloor int
				Quality      struct {
					Score      int
					Dimensions []struct {
						Name, Label, LabelEn string
						Points, Maximum      int
					}
					Findings []struct{ Code, Dimension, Field, Message, MessageEn string }
				}
				Resources []struct {
					Quality struct {
						Score    int
						Findings []struct{ Code string }
					}
				}
			}
		}
		viewer := func(organisation uuid.UUID, party access.Party) context.Context {
			return access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: organisation, Verified: true, Parties: []access.Party{party}, Roles: []access.Role{access.Publisher}})
		}
		for _, row := range []struct {
			sentence          string
			as                context.Context
			product, resource bool
		}{
			{"nobody", t.Context(), false, false},
			{"its operator", viewer(operators[0], access.Operator), true, false},
			{"another operator", viewer(operators[1], access.Operator), false, false},
			{"the agency", viewer(uuid.New(), access.ImplementingAgency), true, true},
			{"the platform", viewer(uuid.New(), access.Platform), true, true},
		} {
			if errs, _ := h.do(t, row.as, document, map[string]any{"id": publicid.Encode(productID, products[0])}, &out); len(errs) > 0 {
				t.Fatal(errs)
			}
			q, sum := out.Product.Quality, 0
			for _, d := range q.Dimensions {
				sum += d.Points
				if d.Label == "" || d.LabelEn == "" {
					t.Errorf("%s has no name", d.Name)
				}
			}
			if len(q.Dimensions) != 5 || sum != q.Score || q.Score == 0 || out.Product.QualityFloor != 60 {
				t.Errorf("%s reads %+v", row.sentence, out.Product)
			}
			if (q.Findings != nil) != row.product || (out.Product.Resources[0].Quality.Findings != nil) != row.resource {
				t.Errorf("%s sees what to mend: %v, %v", row.sentence, q.Findings, out.Product.Resources[0].Quality.Findings)
			}
		}
		unit := h.unitOf(t, products[0])
		if errs, _ := h.do(t, viewer(unit, access.SourceUnit), document, map[string]any{"id": publicid.Encode(productID, products[0])}, &out); len(errs) > 0 {
			t.Fatal(errs)
		}
		if out.Product.Quality.Findings != nil || out.Product.Resources[0].Quality.Findings == nil {
			t.Error("a source unit sees what to mend of its resource, and of that alone")
		}
	})
}

func (h *harness) unitOf(t *testing.T, product uuid.UUID) uuid.UUID {
	t.Helper()
	row, err := h.Store.Read().ProductInput.Query().Where(productinput.ProductID(product)).WithResource().Order(db.Asc(productinput.FieldID)).First(store.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return row.Edges.Resource.SourceUnitID
}
