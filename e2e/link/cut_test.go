package link

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/ent/db/payment"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store/storetest"
)

// cutsOf says what is cut: so many COMMITs as a whole, of each kind of transaction every third, in the one manner and the other
// by turns.
type cutsOf struct {
	most int

	mu    sync.Mutex
	seen  map[string]int
	done  map[string]map[manner]int
	total int
}

// act is the kind of a transaction: by the table that only it writes to.
func act(c *conn) string {
	for _, of := range []struct{ table, act string }{{"orders", "order placed"}, {"entitlements", "outcome recorded"}, {"payments", "payment begun"}} {
		if slices.Contains(c.wrote, of.table) {
			return of.act
		}
	}
	return ""
}

func (x *cutsOf) decide(c *conn) manner {
	kind := act(c)
	x.mu.Lock()
	defer x.mu.Unlock()
	if kind == "" || x.total == x.most {
		return passes
	}
	x.seen[kind]++
	if x.seen[kind]%3 != 0 {
		return passes
	}
	m := []manner{lost, unanswered}[x.seen[kind]/3%2]
	if x.done[kind] == nil {
		x.done[kind] = map[manner]int{}
	}
	x.done[kind][m]++
	x.total++
	return m
}

func (x *cutsOf) over() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.total == x.most
}

// bought is one act of a client: what it was answered, under its key.
type bought struct {
	key            string
	order, payment uuid.UUID
}

// triesOfClient is how often a client asks again under the same key; every third COMMIT of a kind is cut, whosever it is.
const triesOfClient = 50

// A COMMIT whose answer does not come may have happened or not. Asked again under the same key, it happened once.
func TestALinkCutAtCommitLosesNothingAndDoublesNothing(t *testing.T) {
	cuts := &cutsOf{most: 20, seen: map[string]int{}, done: map[string]map[manner]int{}}
	if os.Getenv("GONGSHU_CAMPAIGN") == "full" {
		cuts.most = 200
	}
	s := newScene(t)
	one := s.paidOnce(t, "rehearsal")
	before, charged := s.rows(t), s.provider.Charges()
	link := openProxy(t, s.url)
	link.commit = cuts.decide
	cut := s.open(t, link.url)

	const clients = 4
	var all sync.WaitGroup
	answered, unknown := make([][]bought, clients), make([]int, clients)
	for i := range clients {
		// again asks until there is an answer.
		again := func(do func() (uuid.UUID, error)) uuid.UUID {
			for range triesOfClient {
				id, err := do()
				if err == nil {
					return id
				}
				if fault.CodeOf(err) != "UNAVAILABLE" {
					t.Error(err)
					return uuid.Nil
				}
				unknown[i]++
			}
			t.Errorf("there was no answer in %d tries", triesOfClient)
			return uuid.Nil
		}
		all.Go(func() {
			for n := 0; !cuts.over() && !t.Failed(); n++ {
				b := bought{key: fmt.Sprint("client ", i, " order ", n)}
				b.order = again(func() (uuid.UUID, error) { return s.place(cut, b.key) })
				b.payment = again(func() (uuid.UUID, error) { return s.pay(cut, b.order, b.key) })
				answered[i] = append(answered[i], b)
			}
		})
	}
	all.Wait()
	for _, err := range link.wrong {
		t.Error(err)
	}
	if t.Failed() {
		return
	}

	// As many were cut as were to be, every cut was met by one client, and each kind was cut in each manner.
	happened := link.count(lost) + link.count(unanswered)
	met := 0
	for _, n := range unknown {
		met += n
	}
	if happened != cuts.most || met != cuts.most {
		t.Errorf("%d were to be cut, %d were, and clients met %d", cuts.most, happened, met)
	}
	for _, kind := range []string{"order placed", "payment begun", "outcome recorded"} {
		t.Logf("%s: %d lost, %d unanswered", kind, cuts.done[kind][lost], cuts.done[kind][unanswered])
		if cuts.done[kind][lost] == 0 || cuts.done[kind][unanswered] == 0 {
			t.Errorf("%s was cut %d and %d times", kind, cuts.done[kind][lost], cuts.done[kind][unanswered])
		}
	}

	acts := slices.Concat(answered...)
	ctx, c := storetest.System(s.Store)
	for _, b := range acts {
		o := c.Order.Query().Where(order.IdempotencyKey(b.key)).OnlyX(ctx)
		p := c.Payment.Query().Where(payment.OrderID(b.order)).OnlyX(ctx)
		rights := c.Entitlement.Query().Where(entitlement.OrderID(b.order)).CountX(ctx)
		if o.ID != b.order || o.Status != ordering.OrderPaid || p.ID != b.payment || p.State != ordering.PaymentSucceeded || rights != 1 {
			t.Errorf("%s was answered order %s and payment %s, and there are order %s, %s, payment %s, %s, and %d rights", b.key, b.order, b.payment, o.ID, o.Status, p.ID, p.State, rights)
		}
	}
	if added, want := s.rows(t).since(before), one.times(len(acts)); added != want {
		t.Errorf("%d orders were paid and add %s, not %s", len(acts), added, want)
	}
	if took := s.provider.Charges() - charged; took != len(acts) {
		t.Errorf("of %d orders %d were charged", len(acts), took)
	}
	storetest.Reconciled(t, s.Store)
	t.Logf("%d orders, %d COMMITs lost, %d unanswered", len(acts), link.count(lost), link.count(unanswered))
}
