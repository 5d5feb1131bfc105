package market

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/pricing"
	"gongshu/search"
)

// everyPage are the ids that are found on all pages of a question, sorted, and whether the database answered.
func everyPage(t *testing.T, find func(context.Context, search.Query) (search.Result, bool, error), q search.Query) (ids []uuid.UUID, instead bool) {
	t.Helper()
	for pages := 0; pages < 500; pages++ {
		page, by, err := find(t.Context(), q)
		must(t, err)
		if len(page.Hits) > q.First {
			t.Fatalf("a page of %d has %d hits", q.First, len(page.Hits))
		}
		for _, hit := range page.Hits {
			ids, q.After = append(ids, hit.ID), hit.Cursor
		}
		if instead = by; !page.HasMore {
			break
		}
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return ids, instead
}

func TestWithoutAnIndexTheDatabaseLists(t *testing.T) {
	away := errors.New("the index is away")
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.followedScene(t)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			other, err := tx.DataItem.Query().Where(dataitem.ResourceIDNEQ(s.resource)).First(ctx)
			must(t, err)
			// Of the item of another resource nothing is granted, so that most of these are had in no way.
			must(t, tx.Resource.UpdateOneID(other.ResourceID).SetStatus(authorisation.ResourcePublished).SetPublishedAt(tx.Now()).Exec(ctx))
			for n := range 250 {
				id := layProduct(ctx, t, tx, s.scene, 1000+n, authorisation.ProductListed)
				must(t, tx.Product.UpdateOneID(id).SetUpdateFrequency(authorisation.UpdateFrequency(authorisation.UpdateFrequency("").Values()[0])).Exec(ctx))
				if n%50 != 3 {
					_, err := tx.ProductInput.Delete().Where(productinput.ProductID(id)).Exec(ctx)
					must(t, err)
					must(t, tx.ProductInput.Create().SetCreatedAt(tx.Now()).SetProductID(id).SetItemID(other.ID).SetResourceID(other.ResourceID).Exec(ctx))
				}
			}
			return nil
		})
		products, resources := notedSearch(t, w.Market)
		unit, err := w.Store.Read().Resource.Query().Where(resource.StatusEQ(authorisation.ResourcePublished), resource.IDNEQ(s.resource)).First(t.Context())
		must(t, err)
		nobody := uuid.New()
		filters := map[string]search.Filter{
			"none":                        {},
			"a domain":                    {DomainIDs: []string{s.domain.String()}},
			"no domain":                   {DomainIDs: []string{nobody.String(), "rubbish"}},
			"an operator":                 {OperatorIDs: []uuid.UUID{s.operator, nobody}},
			"nobody's":                    {OperatorIDs: []uuid.UUID{nobody}},
			"a source unit":               {SourceUnitIDs: []uuid.UUID{s.unit}},
			"another source unit":         {SourceUnitIDs: []uuid.UUID{unit.SourceUnitID}},
			"a way of charging":           {ChargingModes: []string{string(pricing.PerCall)}},
			"one that nobody has":         {ChargingModes: []string{string(pricing.PerVolume)}},
			"a delivery":                  {Deliveries: []string{string(authorisation.DeliveryAPI)}},
			"one that nothing is done by": {Deliveries: []string{string(authorisation.DeliveryFile)}},
			"a frequency":                 {UpdateFrequencies: authorisation.UpdateFrequency("").Values()[:1]},
			"how it is had":               {Priced: []search.Priced{search.Free}},
			"either way":                  {Priced: []search.Priced{search.Free, search.Paid}},
			"several":                     {Priced: []search.Priced{search.Paid}, OperatorIDs: []uuid.UUID{s.operator}, SourceUnitIDs: []uuid.UUID{s.unit}},
		}
		ask := func() (found map[string][]uuid.UUID, instead bool) {
			found = map[string][]uuid.UUID{}
			for name, filter := range filters {
				for _, order := range []search.Order{"", search.PriceLow} {
					found[name+" "+string(order)], instead = everyPage(t, w.ProductsFind, search.Query{Filter: filter, Order: order, First: 3})
				}
			}
			for _, text := range []string{"信用核验", "核验", `"信用核验"`, "信用 -核验", `信用 -"信用核验"`, `核验 -"无此 核验"`, "无此物"} {
				found["text "+text], instead = everyPage(t, w.ProductsFind, search.Query{Text: text, First: 100})
			}
			for name, filter := range filters {
				if name[0] == 'a' || name == "none" {
					filter = search.Filter{DomainIDs: filter.DomainIDs, SourceUnitIDs: filter.SourceUnitIDs}
					found["resources "+name], instead = everyPage(t, w.ResourcesFind, search.Query{Filter: filter, First: 1})
				}
			}
			return found, instead
		}
		want, instead := ask()
		if instead || len(want["none "]) != 251 || len(want["how it is had "]) != 6 || len(want["resources none"]) != 2 {
			t.Fatalf("the index finds %d, %d and %d, instead %t", len(want["none "]), len(want["how it is had "]), len(want["resources none"]), instead)
		}
		first, _, err := w.ProductsFind(t.Context(), search.Query{First: 1, Order: search.Newest})
		must(t, err)
		for _, broken := range []struct {
			how        string
			begin, end func()
		}{
			{"fails", func() { products.fail(away); resources.fail(away) }, func() { products.fail(nil); resources.fail(nil) }},
			{"answers nothing", func() {
				gone := fault.New(fault.Unavailable, "UNAVAILABLE", "not now")
				products.fail(gone)
				resources.fail(gone)
			}, func() { products.fail(nil); resources.fail(nil) }},
			{"is not ready", func() { w.Search.ready.Store(false) }, func() { w.Search.ready.Store(true) }},
		} {
			broken.begin()
			got, instead := ask()
			if !instead {
				t.Errorf("an index that %s answers", broken.how)
			}
			for name, ids := range want {
				if !slices.Equal(got[name], ids) {
					t.Errorf("where the index %s, %s gives %d and not %d", broken.how, name, len(got[name]), len(ids))
				}
			}
			_, _, err := w.ProductsFind(t.Context(), search.Query{First: 1, Order: search.Newest, After: first.Hits[0].Cursor})
			refused(t, err, "CURSOR_INVALID")
			listed, _, err := w.ProductsFind(t.Context(), search.Query{First: 1, Order: search.Newest})
			must(t, err)
			_, _, err = w.ResourcesFind(t.Context(), search.Query{First: 1, Order: search.Newest, After: listed.Hits[0].Cursor})
			refused(t, err, "CURSOR_INVALID")
			for _, text := range []string{"a\x00b", "\x00", "!?!", `"`, "-", `"信用`, "%", "_", "核\xff验"} {
				if _, instead, err := w.ProductsFind(t.Context(), search.Query{Text: text, First: 1}); err != nil || !instead {
					t.Errorf("%q is answered with %v", text, err)
				}
				if _, _, err := w.ResourcesFind(t.Context(), search.Query{Text: text, First: 1}); err != nil {
					t.Errorf("%q is answered with %v", text, err)
				}
			}
			_, _, err = w.ProductsFind(t.Context(), search.Query{First: 101})
			refused(t, err, "FIRST_OUT_OF_RANGE")
			if s, err := w.Suggest(t.Context(), "信", 8); err != nil || len(s) > 0 {
				t.Errorf("it suggests %v, %v", s, err)
			}
			if broken.end(); broken.how == "fails" {
				products.hangs = true
				begun := time.Now()
				found, instead, err := w.ProductsFind(t.Context(), search.Query{First: 1})
				if took := time.Since(begun); err != nil || !instead || len(found.Hits) != 1 || took > patience+2*time.Second {
					t.Errorf("one that hangs is answered for after %s: %v, instead %t, %v", took, found.Hits, instead, err)
				}
				gone, cancel := context.WithCancel(t.Context())
				cancel()
				if _, _, err := w.ProductsFind(gone, search.Query{First: 1}); !errors.Is(err, context.Canceled) {
					t.Errorf("who is gone is answered %v", err)
				}
				products.hangs = false
			}
			_, _, err = w.ProductsFind(t.Context(), search.Query{First: 1, Order: search.Newest, After: listed.Hits[0].Cursor})
			refused(t, err, "CURSOR_INVALID")
		}
	})
}

// What is quoted and what is excluded is the same whoever answers, however wide its signs are.
func TestOperatorsAreReadAlikeByTheSearchAndTheDatabase(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.followedScene(t)
		for n, name := range []string{"河道 red line", "河道 line red", "河道 Red", "河道 a b", "河道 b a", "河道"} {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				id := layProduct(ctx, t, tx, s.scene, 2000+n, authorisation.ProductListed)
				return tx.Product.UpdateOneID(id).SetName(name).SetNameEn("").SetDescription("").SetDescriptionEn("").Exec(ctx)
			})
		}
		notedSearch(t, w.Market)
		for text, count := range map[string]int{
			`河道`: 6, `河道 "red line"`: 1, `河道 -"red line"`: 5, `河道 -"Red  Line"`: 5, `河道 －"red line"`: 5, `河道 -＂red line＂`: 5, `河道 −“red line”`: 5,
			"河道\u3000-\"red line\"": 5, `河道 ﹣"red line"`: 5, `河道 -red`: 3, `河道 －red`: 3, `河道 -"a b"`: 5, `-"a b" 河道`: 5, `河道 -"red line" -"a b"`: 4, `河道 -" red line "`: 5,
			`河道 - "red line"`: 1, `河道-"red line"`: 1, `河道 -«red line»`: 5, `"河道" -"a b"`: 5, `河道 -"red line`: 5, `河道 －“red line`: 5, `河道 -""`: 6, `河道 -"!"`: 6,
		} {
			for _, ready := range []bool{true, false} {
				w.Search.ready.Store(ready)
				if ids, _ := everyPage(t, w.ProductsFind, search.Query{Text: text, First: 100}); len(ids) != count {
					t.Errorf("%s finds %d and not %d, by the search %t", text, len(ids), count, ready)
				}
			}
		}
	})
}

// However many there are, a page of what the database lists is read off an index: nothing is sorted.
func TestTheDatabaseListsByIndex(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for sentence, row := range map[string]struct {
			table, came, index string
			listed             func(*sql.Selector)
		}{
			"products":  {product.Table, product.FieldListedAt, "product_status_listed_at_id", product.StatusEQ(authorisation.ProductListed)},
			"resources": {resource.Table, resource.FieldPublishedAt, "resource_status_published_at_id", resource.StatusEQ(authorisation.ResourcePublished)},
		} {
			for _, after := range []browsed{{}, {uuid.New(), w.Store.Now()}} {
				s := sql.Dialect(w.Store.Dialect()).Select(product.FieldID, row.came).From(sql.Table(row.table)).Limit(21)
				row.listed(s)
				after.next(row.came)(s)
				plan := planOf(t, w.Store, s)
				if !strings.Contains(plan, row.index) || strings.Contains(plan, "Sort") || strings.Contains(plan, "TEMP B-TREE") {
					t.Errorf("%s after %v are not read off %s:\n%s", sentence, after, row.index, plan)
				}
			}
		}
	})
}

// planOf is how the database reads a statement. Postgres would look at every row while there are few: that it may not.
func planOf(t *testing.T, s *store.Store, statement *sql.Selector) string {
	t.Helper()
	text, args := statement.Query()
	tx, err := s.Writer().BeginTx(t.Context(), nil)
	must(t, err)
	defer tx.Rollback()
	explain := "EXPLAIN QUERY PLAN "
	if s.Dialect() == dialect.Postgres {
		explain = "EXPLAIN "
		_, err := tx.ExecContext(t.Context(), "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
		must(t, err)
	}
	rows, err := tx.QueryContext(t.Context(), explain+text, args...)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	var plan strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(string)
		}
		must(t, rows.Scan(values...))
		plan.WriteString(*values[len(values)-1].(*string) + "\n")
	}
	must(t, rows.Err())
	return plan.String()
}
