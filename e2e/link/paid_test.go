package link

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

// paidRecipe records how an order is placed and paid.
func (s *scene) paidRecipe(t testing.TB) recipe {
	t.Helper()
	link, record := openProxy(t, s.url), &recorder{}
	link.see = record.see
	through := s.open(t, link.url)
	var runs [][]step
	for _, name := range []string{"connecting", "one", "two"} {
		order, err := s.place(through, "place "+name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.pay(through, order, "pay "+name); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, record.take(t))
	}
	return compareRuns(t, runs[1], runs[2])
}

// What is sent again statement by statement leaves the same rows, and they hold.
func TestTheBareStatementsDoWhatTheMarketDoes(t *testing.T) {
	s := newScene(t)
	one := s.paidOnce(t, "rehearsal")
	r := s.paidRecipe(t)
	pool := s.bare(t)
	before := s.rows(t)
	const times = 5
	for range times {
		if err := r.run(t.Context(), pool); err != nil {
			t.Fatal(err)
		}
	}
	if added := s.rows(t).since(before); added != one.times(times) {
		t.Errorf("it adds %s, not %s", added, one.times(times))
	}
	storetest.Reconciled(t, s.Store)
}

// bare is the database through database/sql and lib/pq alone, which parses and plans each statement anew.
func (s *scene) bare(t testing.TB) *sql.DB {
	t.Helper()
	pool, err := sql.Open("postgres", s.url) // which says binary_parameters=yes
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(32)
	t.Cleanup(func() { pool.Close() })
	return pool
}

// The ways are measured by turns, so that what else the machine does meets both.
const (
	turns   = 10
	turn    = time.Second
	warming = 500 * time.Millisecond
)

// BenchmarkPaidOrders measures orders that are placed and paid, durably: by the market, and by its own statements without it, once
// through lib/pq alone and once over connections that prepare, as those of the market do.
func BenchmarkPaidOrders(b *testing.B) {
	s := newScene(b)
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var is string
		if err := s.Store.Reader().QueryRow("SHOW " + setting).Scan(&is); err != nil || is != "on" {
			b.Fatalf("%s is %q, %v: what is not durable is not measured; say GONGSHU_POSTGRES_DURABLE=on", setting, is, err)
		}
	}
	one := s.paidOnce(b, "rehearsal")
	r := s.paidRecipe(b)
	statements := 0
	for _, step := range r.steps {
		if step.args != nil {
			statements++
		}
	}
	pool, preparing := s.bare(b), s.Store.Writer()
	var key atomic.Int64
	ways := []func(ctx context.Context) error{
		func(ctx context.Context) error { // the market
			name := fmt.Sprint("order ", key.Add(1))
			order, err := s.place(s.Market, name)
			if err != nil {
				return err
			}
			_, err = s.pay(s.Market, order, name)
			return err
		},
		func(ctx context.Context) error { return r.run(ctx, pool) },
		func(ctx context.Context) error { return r.run(store.Preparing(ctx), preparing) },
	}
	for _, clients := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("%d clients", clients), func(b *testing.B) {
			before := s.rows(b)
			made := 0
			for _, way := range ways {
				made += worked(b, clients, warming, way).orders
			}
			b.ResetTimer()
			for b.Loop() {
				found := make([][]sample, len(ways))
				ratios := make([][]float64, len(ways))
				for i := range turns {
					for j := range ways {
						way := (i + j) % len(ways) // another one first each time
						found[way] = append(found[way], worked(b, clients, turn, ways[way]))
						made += found[way][i].orders
					}
					for way := range ways {
						ratios[way] = append(ratios[way], found[0][i].perSecond()/found[way][i].perSecond())
					}
				}
				market := sum(found[0])
				b.ReportMetric(market.perSecond(), "market-orders/s")
				b.ReportMetric(market.cpu(), "market-cpu-ms/order")
				for way, name := range map[int]string{1: "bare", 2: "prepared"} {
					all := sum(found[way])
					b.ReportMetric(all.perSecond(), name+"-orders/s")
					b.ReportMetric(all.cpu(), name+"-cpu-ms/order")
					b.ReportMetric(market.perSecond()/all.perSecond(), name+"-ratio")
					b.ReportMetric(slices.Min(ratios[way]), name+"-least-ratio")
					b.ReportMetric(slices.Max(ratios[way]), name+"-most-ratio")
				}
				b.ReportMetric(float64(statements), "statements/order")
				b.ReportMetric(0, "ns/op")
			}
			if added := s.rows(b).since(before); added != one.times(made) {
				b.Fatalf("%d orders add %s, not %s", made, added, one.times(made))
			}
		})
	}
	storetest.Reconciled(b, s.Store)
}

// sample is what was done in one turn.
type sample struct {
	orders int
	took   time.Duration
	// used is the time of processors that this process used, that of Postgres not.
	used time.Duration
}

func (s sample) perSecond() float64 { return float64(s.orders) / s.took.Seconds() }

// cpu is the time of processors for one order, in milliseconds.
func (s sample) cpu() float64 { return float64(s.used) / float64(time.Millisecond) / float64(s.orders) }

func sum(of []sample) (all sample) {
	for _, s := range of {
		all.orders, all.took, all.used = all.orders+s.orders, all.took+s.took, all.used+s.used
	}
	return all
}

func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// worked has clients do something again and again for a while; each ends what it began.
func worked(b *testing.B, clients int, long time.Duration, do func(ctx context.Context) error) sample {
	b.Helper()
	var all sync.WaitGroup
	var orders atomic.Int64
	began, before := time.Now(), used(b)
	for range clients {
		all.Go(func() {
			for time.Since(began) < long {
				if err := do(b.Context()); err != nil {
					b.Error(err)
					return
				}
				orders.Add(1)
			}
		})
	}
	all.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return sample{int(orders.Load()), time.Since(began), used(b) - before}
}
