package market

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/harvest"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/search/inverted"
)

// harvestScene is a scene whose operator may sell: everything under its products is in order.
func (w *world) harvestScene(t *testing.T) *scene {
	t.Helper()
	w.Search = &Searching{Products: inverted.Memory(), Resources: inverted.Memory()}
	must(t, w.SearchPrepare(t.Context(), false))
	s := w.scene(t)
	s.publish(t, w, s.classified(t, w))
	s.grant(t, w, s.agree(t, w, "协议1"), 100)
	return s
}

func (w *world) productStatus(t *testing.T, id uuid.UUID, status authorisation.ProductStatus) {
	t.Helper()
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		return tx.Product.UpdateOneID(id).SetStatus(status).Exec(ctx)
	})
}

// sought has the search look at a product again.
func (w *world) sought(t *testing.T, id uuid.UUID) {
	t.Helper()
	w.tx(t, func(ctx context.Context, tx *store.Tx) error { return tx.ProductsChanged(ctx, id) })
	w.followed(t)
}

func productIDs(c harvest.Catalogue) (ids []uuid.UUID) {
	for _, p := range c.Products {
		ids = append(ids, p.ID)
	}
	return ids
}

func TestTheCatalogueIsHarvestedPageByPage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.harvestScene(t)
		platform := w.organisation(t, "平台中心", access.Enterprise, access.Platform)
		var listed []uuid.UUID
		for range 5 {
			listed = append(listed, s.product(t, w, authorisation.ProductListed))
		}
		for _, status := range []authorisation.ProductStatus{authorisation.ProductDraft, authorisation.ProductSubmitted, authorisation.ProductReviewed,
			authorisation.ProductRegistered, authorisation.ProductSuspended, authorisation.ProductRetired} {
			s.product(t, w, status)
		}
		one, err := w.HarvestCatalogue(s.operatorPublisher, uuid.Nil, 2) // its operator sees no more here than anybody
		must(t, err)
		if !slices.Equal(productIDs(one), listed[:2]) || one.Next != publicid.Encode("prd", listed[1]) {
			t.Fatalf("the first page is %v, then %s", productIDs(one), one.Next)
		}
		if one.Publisher.ID != platform || one.Publisher.Name != "平台中心" || one.Licence.Version == "" {
			t.Errorf("it is said of all that %+v %+v", one.Publisher, one.Licence)
		}
		p := one.Products[0]
		if p.Operator.ID != s.operator || p.Domain.Theme != "C0300" || len(p.Items) != 2 || len(p.Sources()) != 1 || p.Sources()[0].ID != s.unit ||
			!slices.Equal(p.Purposes, []purpose.Purpose{purpose.Governance, purpose.Industry}) || !p.Issued.Equal(today) || !p.Modified.Equal(today) {
			t.Errorf("it is said of a product that %+v", p)
		}
		// What the cursor names may be gone, and so may be what would come next.
		w.productStatus(t, listed[1], authorisation.ProductSuspended)
		w.productStatus(t, listed[2], authorisation.ProductRetired)
		two, err := w.HarvestCatalogue(t.Context(), listed[1], 2)
		must(t, err)
		if !slices.Equal(productIDs(two), listed[3:]) || two.Next != "" {
			t.Errorf("the second page is %v, then %s", productIDs(two), two.Next)
		}
		empty, err := w.HarvestCatalogue(t.Context(), listed[4], 2)
		must(t, err)
		if len(empty.Products) != 0 || empty.Next != "" {
			t.Errorf("the page after the last is %v", productIDs(empty))
		}
		for _, first := range []int{-1, 0, MaxHarvest + 1, 100000} {
			_, err := w.HarvestCatalogue(t.Context(), uuid.Nil, first)
			refused(t, err, "FIRST_OUT_OF_RANGE")
		}
	})
}

func TestAHarvestTakesNoMoreStatementsForMoreProducts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.harvestScene(t)
		count := func(harvested func(ctx context.Context) error) int64 {
			ctx, statements := store.CountStatements(t.Context())
			must(t, harvested(ctx))
			return statements.Count()
		}
		pages := map[string]func(ctx context.Context) error{
			"the catalogue": func(ctx context.Context) error { _, err := w.HarvestCatalogue(ctx, uuid.Nil, MaxHarvest); return err },
			"the changes":   func(ctx context.Context) error { _, err := w.HarvestChanges(ctx, "", MaxChanges); return err },
			"a part":        func(ctx context.Context) error { _, err := w.HarvestPart(ctx, uuid.Nil); return err },
			"the parts":     func(ctx context.Context) error { _, err := w.HarvestParts(ctx); return err },
		}
		before := map[string]int64{}
		w.sought(t, s.product(t, w, authorisation.ProductListed))
		for name, page := range pages {
			before[name] = count(page)
		}
		for range 6 {
			w.sought(t, s.product(t, w, authorisation.ProductListed))
		}
		for name, page := range pages {
			if after := count(page); after != before[name] || after > 30 {
				t.Errorf("%s takes %d statements, and %d of more products", name, before[name], after)
			}
		}
	})
}

func TestAProductThatIsNotOnTheMarketIsNotHarvested(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.harvestScene(t)
		platform := w.organisation(t, "平台中心", access.Enterprise, access.Platform)
		id := s.product(t, w, authorisation.ProductListed)
		w.sought(t, id)
		p, licence, err := w.HarvestProduct(t.Context(), id)
		must(t, err)
		if p.ID != id || len(p.Resources) != 1 || licence.Text == "" {
			t.Errorf("it is %+v, under %+v", p, licence)
		}
		_, _, unknown := w.HarvestProduct(t.Context(), uuid.New())
		absent := func(t *testing.T) {
			t.Helper()
			_, _, err := w.HarvestProduct(s.operatorPublisher, id)
			if fault.CodeOf(err) != "NOT_FOUND" || err.Error() != unknown.Error() {
				t.Errorf("it answers %v, and an unknown one %v", err, unknown)
			}
			all, err := w.HarvestCatalogue(t.Context(), uuid.Nil, 10)
			must(t, err)
			changes, err := w.HarvestChanges(t.Context(), "", 10) // the index has not heard of it yet
			must(t, err)
			part, err := w.HarvestPart(t.Context(), uuid.Nil)
			must(t, err)
			if len(all.Products)+len(changes.Products)+len(part) != 0 {
				t.Errorf("it is harvested: %v %v %v", productIDs(all), productIDs(changes), part)
			}
		}
		for _, status := range []authorisation.ProductStatus{authorisation.ProductDraft, authorisation.ProductSubmitted, authorisation.ProductReviewed,
			authorisation.ProductRegistered, authorisation.ProductSuspended, authorisation.ProductRetired} {
			w.productStatus(t, id, status)
			absent(t)
		}
		w.productStatus(t, id, authorisation.ProductListed)
		must(t, w.OrganisationSuspend(w.person(t, platform, access.Approver), s.operator, "违规"))
		absent(t)
	})
}

// served gives a product data, now.
func (w *world) served(t *testing.T, s *scene, product uuid.UUID, number int) {
	t.Helper()
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Dataset.Create().SetCreatedAt(tx.Now()).SetProductID(product).SetUploaderID(access.FromContext(s.operatorPublisher).PersonID).SetNumber(number).
			SetAccepted(true).SetRowCount(1).SetBytes(10).SetSha256("-").SetBlobKey("-").SetColumns([]dictionary.Column{}).SetEgress(outputcontrol.Evidence{}).Save(ctx)
		if err != nil {
			return err
		}
		return tx.Product.UpdateOneID(product).SetDatasetID(d.ID).Exec(ctx)
	})
}

func TestWhatChangedIsHarvestedTheLastFirst(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.harvestScene(t)
		w.clock = time.Now().UTC().Truncate(time.Second) // ids tell when they were made, by the clock of the machine
		var ids []uuid.UUID
		for i := range 6 {
			w.clock = w.clock.Add(time.Minute)
			id := s.product(t, w, authorisation.ProductListed)
			w.sought(t, id)
			if i < 4 {
				w.served(t, s, id, 1) // in the minute in which it came: no change of its own
			}
			ids = append(ids, id)
		}
		w.clock = w.clock.Add(time.Minute)
		w.served(t, s, ids[1], 2)
		w.clock = w.clock.Add(time.Minute)
		w.served(t, s, ids[3], 2)
		w.served(t, s, ids[0], 2)
		w.clock = w.clock.Add(time.Minute)
		w.served(t, s, ids[3], 3)
		want := []uuid.UUID{ids[3], ids[0], ids[1], ids[5], ids[4], ids[2]}
		for first := 1; first <= 7; first++ {
			var got []uuid.UUID
			after, pages := "", 0
			for {
				page, err := w.HarvestChanges(t.Context(), after, first)
				must(t, err)
				if len(page.Products) > first {
					t.Fatalf("a page of %d has %d", first, len(page.Products))
				}
				got = append(got, productIDs(page)...)
				if after = page.Next; after == "" {
					break
				}
				if pages++; pages > 20 {
					t.Fatal("there is no last page")
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("by %d they are %v, not %v", first, got, want)
			}
		}
		// What leaves the market between two pages is on neither, and nothing else is lost.
		one, err := w.HarvestChanges(t.Context(), "", 2)
		must(t, err)
		w.productStatus(t, ids[1], authorisation.ProductSuspended)
		w.productStatus(t, ids[5], authorisation.ProductSuspended)
		var rest []uuid.UUID
		for after := one.Next; after != ""; {
			page, err := w.HarvestChanges(t.Context(), after, 2)
			must(t, err)
			rest, after = append(rest, productIDs(page)...), page.Next
		}
		if !slices.Equal(rest, []uuid.UUID{ids[4], ids[2]}) {
			t.Errorf("the rest is %v", rest)
		}
		for _, after := range []string{"x", ".x", "dst_1.", "prd_01h455vb4pex5vsknk084sn02q.", "dst_01h455vb4pex5vsknk084sn02q", "\x00"} {
			_, err := w.HarvestChanges(t.Context(), after, 2)
			refused(t, err, "CURSOR_INVALID")
		}
	})
}

func TestTheSitemapIsCutIntoParts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.harvestScene(t)
		var ids []uuid.UUID
		for range 6 {
			ids = append(ids, s.product(t, w, authorisation.ProductListed))
		}
		s.product(t, w, authorisation.ProductDraft)
		w.clock = w.clock.Add(time.Hour)
		w.served(t, s, ids[1], 1)
		for every, want := range map[int][]uuid.UUID{2: {ids[1], ids[3]}, 3: {ids[2]}, 4: {ids[3]}, 5: {ids[4]}, 6: nil, 7: nil} {
			marks, err := w.Store.ListedMarks(t.Context(), every)
			must(t, err)
			if !slices.Equal(marks, want) {
				t.Errorf("of %d each, parts begin after %v", every, marks)
			}
		}
		part, err := w.Store.ListedProducts(t.Context(), ids[0], 2)
		must(t, err)
		if len(part) != 2 || part[0].ID != ids[1] || !part[0].Modified.Equal(w.clock) || part[1].ID != ids[2] || !part[1].Modified.Equal(today) {
			t.Errorf("a part is %v", part)
		}
		if parts, err := w.HarvestParts(t.Context()); err != nil || len(parts) != 0 {
			t.Errorf("of few products there are the parts %v, %v", parts, err)
		}
	})
}

// While the search is away the changes are told in the same order, by when products came and not by when they were made; a
// cursor from before is refused for what it is.
func TestChangesAreTheSameWithoutTheSearch(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.harvestScene(t)
		for n := range 7 {
			id := s.product(t, w, authorisation.ProductListed)
			w.tx(t, func(ctx context.Context, tx *store.Tx) error { // two came at once
				came := tx.Now().Add(-time.Duration(n/2) * time.Minute)
				return errors.Join(tx.Product.UpdateOneID(id).SetListedAt(came).Exec(ctx), tx.ProductsChanged(ctx, id))
			})
		}
		w.followed(t)
		pages := func() (ids []uuid.UUID, second string) {
			t.Helper()
			for after := ""; ; {
				c, err := w.HarvestChanges(t.Context(), after, 2)
				must(t, err)
				ids = append(ids, productIDs(c)...)
				if after == "" {
					second = c.Next
				}
				if after = c.Next; after == "" {
					return ids, second
				}
			}
		}
		want, ofSearch := pages()
		w.Search.ready.Store(false)
		got, ofDatabase := pages()
		if len(want) != 7 || !slices.Equal(got, want) {
			t.Errorf("without the search the changes are\n%v and not\n%v", got, want)
		}
		_, err := w.HarvestChanges(t.Context(), ofSearch, 2)
		refused(t, err, "CURSOR_INVALID")
		w.Search.ready.Store(true)
		_, err = w.HarvestChanges(t.Context(), ofDatabase, 2)
		refused(t, err, "CURSOR_INVALID")
	})
}
