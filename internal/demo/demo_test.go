package demo

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"gongshu/ent/db/product"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/market"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
	"gongshu/search/inverted"
)

// open opens an empty market at a day whose calendar is loaded.
func open(t *testing.T, url string) *market.Market {
	t.Helper()
	s, err := store.Open(t.Context(), url, func() time.Time { return time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	m := &market.Market{Store: s, Blobs: blobs, Search: &market.Searching{Products: inverted.Memory(), Resources: inverted.Memory()}}
	if _, err := m.LoadPolicies(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheDemoIsListedWholeAndLoadingItAgainChangesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		m := open(t, url)
		system := store.AsSystem(t.Context())
		quiet := func(string) {}
		if err := Load(t.Context(), m, 1, quiet); err != nil {
			t.Fatal(err)
		}
		listed, err := m.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).Count(context.Background())
		if err != nil || listed != len(spec.Products()) {
			t.Fatalf("%d of %d products are listed, %v", listed, len(spec.Products()), err)
		}
		before, err := m.Store.Read().AuditRecord.Query().Count(system)
		if err != nil {
			t.Fatal(err)
		}
		if err := Load(t.Context(), m, 1, quiet); err != nil {
			t.Fatal(err)
		}
		after, err := m.Store.Read().AuditRecord.Query().Count(system)
		if err != nil || after != before {
			t.Fatalf("loading again did %d acts more, %v", after-before, err)
		}
		breaches, err := m.Store.Reconcile(t.Context())
		if err != nil || len(breaches) > 0 {
			t.Fatalf("the demo does not reconcile: %v, %v", breaches, err)
		}
	})
}

// A load that is cut short anywhere goes on where it stopped.
func TestALoadThatWasCutShortGoesOn(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		m := open(t, url)
		for cut := range 6 {
			ctx, stop := context.WithCancel(t.Context())
			steps := 0
			err := Load(ctx, m, 1, func(string) {
				if steps++; steps > cut+1 {
					stop()
				}
			})
			stop()
			if err == nil {
				t.Fatalf("the load cut at step %d went through", cut)
			}
		}
		if err := Load(t.Context(), m, 1, func(string) {}); err != nil {
			t.Fatal(err)
		}
		listed, err := m.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).Count(t.Context())
		if err != nil || listed != len(spec.Products()) {
			t.Fatalf("%d of %d products are listed, %v", listed, len(spec.Products()), err)
		}
	})
}

// Whoever is printed at start is somebody of the demo market.
func TestWhoIsPrintedCanSignIn(t *testing.T) {
	people := map[string]bool{}
	for _, p := range spec.People() {
		people[p.Email] = true
	}
	for _, s := range SignIns {
		if !people[s.Email] {
			t.Errorf("nobody signs in as %s", s.Email)
		}
	}
}
