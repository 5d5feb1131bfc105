package market

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/internal/testdb"
	"gongshu/pricing"
)

// The month that is rated: a million uses under a thousand metered orders.
const (
	benchOrders = 1000
	benchUses   = 1000 // of each
)

// BenchmarkMonth rates a month from the database, by adding up and, where a window looks at time, use by use; and issues its bills.
func BenchmarkMonth(b *testing.B) {
	testdb.Benchmark(b, func(b *testing.B, url string) {
		w, err := openWorld(url)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { w.Store.Close() })
		if _, err := w.Store.Migrate(b.Context()); err != nil {
			b.Fatal(err)
		}
		if _, err := w.LoadPolicies(b.Context()); err != nil {
			b.Fatal(err)
		}
		orders := layMonth(b, w)
		w.clock = time.Date(2026, time.April, 1, 1, 0, 0, 0, time.UTC)
		for _, way := range []struct {
			name string
			once int
		}{{"summed", 0}, {"use by use", 30}} {
			b.Run(way.name, func(b *testing.B) {
				heap := watchHeap(b)
				for b.Loop() {
					rateAll(b, w, orders, way.once)
				}
				heap()
			})
		}
		b.Run("issued", func(b *testing.B) {
			heap := watchHeap(b)
			b.ResetTimer()
			if n, err := w.BillsIssue(context.Background()); err != nil || n != benchOrders {
				b.Fatalf("%d bills, %v", n, err)
			}
			b.StopTimer()
			heap()
		})
	})
}

// rateAll rates the month of every order; with a window of so many days it visits the uses.
func rateAll(b *testing.B, w *world, orders []uuid.UUID, once int) {
	ctx, r := store.AsSystem(context.Background()), w.newRater()
	month := pricing.BillingMonth{Year: 2026, Month: time.March}
	var nothing atomic.Int64
	sideBySide(orders, func(id uuid.UUID) {
		of, err := w.Store.BillingOf(ctx, id)
		if err != nil {
			b.Error(err)
			return
		}
		of.Terms.Tariff.OnceDays = once
		bill, err := r.bill(ctx, of, month, w.clock)
		if err != nil {
			b.Error(err)
		} else if bill.TotalFen == 0 {
			nothing.Add(1)
		}
	})
	if n := nothing.Load(); n > 0 {
		b.Fatalf("%d orders came to nothing", n)
	}
}

// watchHeap reports the most that the heap held beyond what it began with.
func watchHeap(b *testing.B) (report func()) {
	held := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	runtime.GC()
	before, most, done := held(), uint64(0), make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
				most = max(most, held())
			}
		}
	}()
	return func() {
		close(done)
		<-stopped
		b.ReportMetric(float64(max(most, before)-before)/1e6, "heap-MB")
	}
}

// layMonth lays the orders with their rights and, in one statement, their uses of March 2026.
func layMonth(b *testing.B, w *world) []uuid.UUID {
	s := storetest.Lay(b, w.Store)
	p := s.Product(b, authorisation.DeliveryAPI, 1)
	buyer := access.FromContext(s.Person(b, s.Buyer, access.BuyerRole))
	ten, hundred := int64(100), int64(500)
	tariff := pricing.Tariff{Mode: pricing.PerCall, Schedule: pricing.Schedule{Scheme: pricing.Graduated, Bands: []pricing.Band{
		{UpTo: &ten, Rate: decimal.MustParse("0.60")}, {UpTo: &hundred, Rate: decimal.MustParse("0.36")}, {Rate: decimal.MustParse("0.12")},
	}}}
	var ids []uuid.UUID
	err := w.Store.InTx(store.AsSystem(b.Context()), func(ctx context.Context, tx *store.Tx) error {
		plan, err := tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetPosition(9).SetName("m").SetMode(tariff.Mode).SetSettlement(pricing.Metered).
			SetTariff(tariff).SetTermMonths(12).SetTrial(true).Save(ctx)
		if err != nil {
			return err
		}
		began := time.Date(2026, time.February, 28, 16, 0, 0, 0, time.UTC)
		terms := ordering.Terms{Tariff: tariff, Settlement: pricing.Metered, Trial: true, TermMonths: 12, AllocationRuleID: p.Allocation.String()}
		var orders []*db.OrderCreate
		for i := range benchOrders {
			orders = append(orders, tx.Order.Create().SetCreatedAt(began).SetBuyerID(s.Buyer).SetPersonID(buyer.PersonID).SetProductID(p.ID).SetPlanID(plan.ID).
				SetStatus(ordering.OrderPaid).SetPurpose(purpose.Industry).SetQuantity(1).SetNetFen(0).SetVatFen(0).SetTotalFen(0).SetTerms(terms).
				SetIdempotencyKey(fmt.Sprint(i)).SetRequestHash("x").SetPaidAt(began))
		}
		for len(orders) > 0 {
			n := min(len(orders), 200)
			rows, err := tx.Order.CreateBulk(orders[:n]...).Save(ctx)
			if err != nil {
				return err
			}
			orders = orders[n:]
			for _, row := range rows {
				ids = append(ids, row.ID)
				_, err := tx.Entitlement.Create().SetCreatedAt(began).SetOrganisationID(s.Buyer).SetProductID(p.ID).SetOrderID(row.ID).SetPurpose(purpose.Industry).
					SetStatus(ordering.EntitlementActive).SetUsedCalls(benchUses).SetStartsAt(began).SetEndsAt(began.AddDate(1, 0, 0)).Save(ctx)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	series := map[string][3]string{
		dialect.SQLite: {
			`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `,
			`lower(substr(hex(randomblob(16)), 1, 8) || '-' || substr(hex(randomblob(2)), 1, 4) || '-4' || substr(hex(randomblob(2)), 2, 3) || '-8' || substr(hex(randomblob(2)), 2, 3) || '-' || hex(randomblob(6)))`,
			`strftime('%Y-%m-%d %H:%M:%S+00:00', '2026-03-01 00:00:00', '+' || (n.i * 2400) || ' seconds')`,
		},
		dialect.Postgres: {
			`WITH n AS (SELECT i FROM generate_series(0, %d) i) `, `gen_random_uuid()`, `timestamptz '2026-03-01 00:00:00+00' + n.i * interval '2400 seconds'`,
		},
	}[w.Store.Dialect()]
	statement := `INSERT INTO usages (id, created_at, idempotency_key, request_hash, kind, purpose, channel, subject, quantity, row_count, bytes, used_at, entitlement_id, product_id) ` +
		fmt.Sprintf(series[0], benchUses-1) + strings.NewReplacer("ID", series[1], "AT", series[2]).Replace(
		`SELECT ID, AT, CAST(n.i AS text), 'x', 'ROWS', 'INDUSTRY', 'ONLINE', CAST(n.i % 300 AS text), 1, 1, 100, AT, e.id, e.product_id FROM entitlements e CROSS JOIN n`)
	if _, err := w.Store.Writer().ExecContext(b.Context(), statement); err != nil {
		b.Fatal(err)
	}
	if _, err := w.Store.Writer().ExecContext(b.Context(), "ANALYZE"); err != nil {
		b.Fatal(err)
	}
	return ids
}
