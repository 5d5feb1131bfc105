// Package link holds what lies between the market and Postgres: what a link that is cut at a COMMIT may do, and what the market's
// own way of paying an order costs beside its bare statements.
package link

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/internal/testdb"
)

// scene is a market on Postgres with a product, and who buys it.
type scene struct {
	*market.Market
	shop     *storetest.Shop
	product  storetest.Product
	buyer    context.Context
	provider *paytest.Provider
	url      string
}

func newScene(t testing.TB) *scene {
	t.Helper()
	s := &scene{provider: &paytest.Provider{}, url: testdb.Postgres(t)}
	s.Market = s.open(t, s.url)
	if _, err := s.Store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.LoadPolicies(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.shop = storetest.Lay(t, s.Store)
	s.product = s.shop.Product(t, authorisation.DeliveryAPI, 30)
	s.buyer = store.Preparing(s.shop.Person(t, s.shop.Buyer, access.BuyerRole)) // as in a request
	return s
}

// open opens the market by a URL, with the provider that all share.
func (s *scene) open(t testing.TB, url string) *market.Market {
	t.Helper()
	opened, err := store.Open(t.Context(), url, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	return &market.Market{Store: opened, Payments: map[string]payment.Provider{paytest.Name: s.provider}}
}

func (s *scene) place(m *market.Market, key string) (uuid.UUID, error) {
	return m.OrderPlace(s.buyer, market.OrderPlaceInput{
		ProductID: s.product.ID, PlanID: s.product.PerCall, Purpose: purpose.Industry, Quantity: 10, LicenceVersion: "1", IdempotencyKey: key,
	})
}

func (s *scene) pay(m *market.Market, order uuid.UUID, key string) (uuid.UUID, error) {
	return m.OrderPay(s.buyer, order, market.OrderPayInput{Provider: paytest.Name, IdempotencyKey: key})
}

// What a paid order adds rows to.
var tables = []string{"orders", "payments", "entitlements", "entries", "postings", "audit_records", "notifications"}

// rows is how many rows each of the tables has.
type rows [7]int

func (s *scene) rows(t testing.TB) (n rows) {
	t.Helper()
	for i, table := range tables {
		if err := s.Store.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n[i]); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// since is what was added, times is it so often.
func (n rows) since(before rows) rows {
	for i := range n {
		n[i] -= before[i]
	}
	return n
}

func (n rows) times(often int) rows {
	for i := range n {
		n[i] *= often
	}
	return n
}

func (n rows) String() string {
	var parts []string
	for i, table := range tables {
		parts = append(parts, fmt.Sprintf("%d %s", n[i], table))
	}
	return strings.Join(parts, ", ")
}

// paidOnce is what one paid order adds.
func (s *scene) paidOnce(t testing.TB, key string) rows {
	t.Helper()
	before := s.rows(t)
	order, err := s.place(s.Market, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.pay(s.Market, order, key); err != nil {
		t.Fatal(err)
	}
	added := s.rows(t).since(before)
	for i, table := range tables {
		if added[i] == 0 && table != "notifications" {
			t.Fatalf("a paid order adds none of the %s", table)
		}
	}
	return added
}
