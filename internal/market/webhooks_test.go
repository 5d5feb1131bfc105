package market

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/paymentevent"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	pay "gongshu/internal/payment"
	"gongshu/internal/payment/stripe"
	"gongshu/internal/payment/stripe/standin"
	"gongshu/internal/store/storetest"
)

// cardHouse are books of a market that takes cards, with who stands in for Stripe.
type cardHouse struct {
	*books
	cards  *standin.Server
	random *rand.Rand
}

const (
	hookSecret    = "whsec_now"
	hookSecretOld = "whsec_before"
	hookAccount   = "acct_ours"
	connected     = "acct_vendor0001" // who can be paid into
)

func eachCards(t *testing.T, run func(t *testing.T, c *cardHouse)) {
	t.Helper()
	eachBooks(t, func(t *testing.T, b *books) {
		now := func() time.Time { return b.clock }
		c := &cardHouse{books: b, cards: standin.New(standin.Options{Key: "sk_test_1", Now: now, Accounts: []string{connected}}), random: rand.New(rand.NewPCG(7, 7))}
		c.cards.Deliver(standin.Delivery{Withhold: true})
		server := httptest.NewServer(c.cards)
		t.Cleanup(server.Close)
		provider, err := stripe.New(stripe.Config{SecretKey: "sk_test_1", WebhookSecrets: []string{hookSecret, hookSecretOld}, AccountID: hookAccount, BaseURL: server.URL, Now: now})
		must(t, err)
		b.Payments[stripe.Name] = provider
		b.URL = "http://127.0.0.1:1"
		run(t, c)
	})
}

// asked places an order and asks for its payment by card; it returns the payment.
func (c *cardHouse) asked(t *testing.T) *db.Payment {
	t.Helper()
	order := c.placed(t, c.product.PerCall, 10)
	id, err := c.OrderPay(c.buyer, order, OrderPayInput{stripe.Name, uuid.NewString()})
	must(t, err)
	ctx, d := c.system()
	p := d.Payment.GetX(ctx, id)
	if p.State != ordering.PaymentPending || p.Next == nil || p.Next.URL == "" || p.Reference == "" {
		t.Fatalf("it is %+v", p)
	}
	return p
}

// tell delivers an event as the stand-in signs it.
func (c *cardHouse) tell(body []byte, at time.Time, secrets ...string) error {
	return c.PaymentTold(context.Background(), stripe.Name, body, standin.Sign(body, at, secrets...))
}

// work looks at what was told and not looked at, in any order.
func (c *cardHouse) work(t *testing.T) {
	t.Helper()
	ctx, d := c.system()
	ids := d.PaymentEvent.Query().Where(paymentevent.AppliedAtIsNil()).IDsX(ctx)
	c.random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	for _, id := range ids {
		must(t, c.PaymentLook(ctx, id))
	}
}

// outcome is what became of a payment and its order.
type outcome struct {
	payment ordering.PaymentState
	order   ordering.OrderStatus
	rights  int
}

func (c *cardHouse) outcomeOf(p *db.Payment) outcome {
	ctx, d := c.system()
	o := d.Order.GetX(ctx, p.OrderID)
	return outcome{d.Payment.GetX(ctx, p.ID).State, o.Status, d.Entitlement.Query().Where(entitlement.OrderID(o.ID)).CountX(ctx)}
}

// stories are what happens to a session at Stripe, step by step, and what has to come of it.
var stories = []struct {
	steps []func(s *standin.Server, session string)
	want  outcome
}{
	{[]func(*standin.Server, string){(*standin.Server).Pay}, outcome{ordering.PaymentSucceeded, ordering.OrderPaid, 1}},
	{[]func(*standin.Server, string){(*standin.Server).PayLater, func(s *standin.Server, id string) { s.SettleLater(id, true) }}, outcome{ordering.PaymentSucceeded, ordering.OrderPaid, 1}},
	{[]func(*standin.Server, string){(*standin.Server).PayLater, func(s *standin.Server, id string) { s.SettleLater(id, false) }}, outcome{ordering.PaymentFailed, ordering.OrderPlaced, 0}},
	{[]func(*standin.Server, string){(*standin.Server).Decline, (*standin.Server).Pay}, outcome{ordering.PaymentSucceeded, ordering.OrderPaid, 1}},
}

// Events that come late, twice and out of order end in the states in which those end that come as they happen.
func TestWebhooksInAnyOrder(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		const orders = 120
		payments := make([]*db.Payment, orders)
		for i := range payments {
			payments[i] = c.asked(t)
		}
		// Each story goes on by itself, while events of any are delivered.
		type step struct{ of, nth int }
		var steps []step
		for nth := range 2 {
			var now []step
			for i := range payments {
				if nth < len(stories[i%len(stories)].steps) {
					now = append(now, step{i, nth})
				}
			}
			c.random.Shuffle(len(now), func(i, j int) { now[i], now[j] = now[j], now[i] })
			steps = append(steps, now...)
		}
		deliveries := 0
		deliver := func(e standin.Event) {
			secret := []string{hookSecret, hookSecretOld}[c.random.IntN(2)]
			must(t, c.tell(e.Body, c.clock, secret))
			deliveries++
		}
		for _, s := range steps {
			stories[s.of%len(stories)].steps[s.nth](c.cards, payments[s.of].Reference)
			if events := c.cards.Events(); len(events) > 0 {
				for range c.random.IntN(3) {
					deliver(events[c.random.IntN(len(events))])
				}
			}
			if c.random.IntN(4) == 0 {
				c.work(t)
			}
		}
		events := c.cards.Events()
		c.random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		for _, e := range events {
			for range 1 + c.random.IntN(5) {
				deliver(e)
			}
		}
		for deliveries < 600 {
			deliver(events[c.random.IntN(len(events))])
		}
		c.work(t)
		for i, p := range payments {
			if got, want := c.outcomeOf(p), stories[i%len(stories)].want; got != want {
				t.Fatalf("payment %d of story %d is %+v, want %+v", i, i%len(stories), got, want)
			}
		}
		ctx, d := c.system()
		ours := slices.DeleteFunc(slices.Clone(events), func(e standin.Event) bool { return !strings.HasPrefix(e.Type, "checkout.session.") })
		if n := d.PaymentEvent.Query().CountX(ctx); n != len(ours) || n < orders {
			t.Errorf("%d events are kept, and %d that concern us happened", n, len(ours))
		}
		if n := d.Payment.Query().Where(payment.Provider(stripe.Name), payment.StateEQ(ordering.PaymentSucceeded)).CountX(ctx); n != c.cards.Charges() {
			t.Errorf("%d payments succeeded, and %d were charged", n, c.cards.Charges())
		}
		storetest.Reconciled(t, c.Store)
		t.Logf("%d deliveries of %d events of %d orders", deliveries, len(events), orders)
	})
}

// What Stripe did not say, and what it says of somebody else's, changes nothing, and each is told apart.
func TestForgedWebhooksChangeNothing(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		paid, open := c.asked(t), c.asked(t)
		c.cards.Pay(paid.Reference)
		events := c.cards.Events()
		at := slices.IndexFunc(events, func(e standin.Event) bool { return e.Type == "checkout.session.completed" })
		must(t, c.tell(events[at].Body, c.clock, hookSecret))
		c.work(t)
		ctx, d := c.system()
		state := func() string {
			return fmt.Sprint(d.Payment.Query().Order(db.Asc(payment.FieldID)).AllX(ctx), d.Entry.Query().CountX(ctx), d.Entitlement.Query().CountX(ctx), d.Order.Query().AllX(ctx))
		}
		before, kept := state(), d.PaymentEvent.Query().CountX(ctx)

		// lie is the event of the payment that was paid, told of the one that was not.
		n := 0
		lie := func(change func(event, session map[string]any)) []byte {
			var event map[string]any
			must(t, json.Unmarshal(events[at].Body, &event))
			n++
			event["id"] = fmt.Sprintf("evt_lie_%d", n)
			session := event["data"].(map[string]any)["object"].(map[string]any)
			session["client_reference_id"], session["id"] = open.ID.String(), open.Reference
			change(event, session)
			raw, err := json.Marshal(event)
			must(t, err)
			return raw
		}
		as := func(map[string]any, map[string]any) {}
		counts := map[string]int{}
		for round := range 23 {
			for _, f := range []struct {
				sentence string
				why      string // "" of what Stripe signed
				send     func() error
			}{
				{"signed with another secret", "signature", func() error { return c.tell(lie(as), c.clock, "whsec_theirs") }},
				{"not signed", "signature", func() error { return c.PaymentTold(ctx, stripe.Name, lie(as), "") }},
				{"signed long ago", "stale", func() error { return c.tell(lie(as), c.clock.Add(-5*time.Minute-time.Second), hookSecret) }},
				{"signed in the future", "stale", func() error { return c.tell(lie(as), c.clock.Add(5*time.Minute+time.Second), hookSecret) }},
				{"one byte changed", "signature", func() error {
					body := lie(as)
					header := standin.Sign(body, c.clock, hookSecret)
					body[round*len(body)/23] ^= 1
					return c.PaymentTold(ctx, stripe.Name, body, header)
				}},
				{"of another account", "account", func() error {
					return c.tell(lie(func(e, _ map[string]any) { e["account"] = "acct_theirs" }), c.clock, hookSecret)
				}},
				{"of the other mode", "livemode", func() error {
					return c.tell(lie(func(e, _ map[string]any) { e["livemode"] = true }), c.clock, hookSecret)
				}},
				{"of another amount", "", func() error {
					return c.tell(lie(func(_, s map[string]any) { s["amount_total"] = 1 }), c.clock, hookSecret)
				}},
				{"of another currency", "", func() error {
					return c.tell(lie(func(_, s map[string]any) { s["currency"] = "usd" }), c.clock, hookSecret)
				}},
				{"of an order that is none", "", func() error {
					return c.tell(lie(func(_, s map[string]any) { s["client_reference_id"], s["id"] = uuid.NewString(), "cs_none" }), c.clock, hookSecret)
				}},
			} {
				var forged pay.Forged
				err := f.send()
				if errors.As(err, &forged); string(forged) != f.why || (err == nil) != (f.why == "") {
					t.Fatalf("%s is answered %v", f.sentence, err)
				}
				counts[cmp.Or(f.why, "signed")]++
			}
		}
		c.work(t)
		if after := state(); after != before {
			t.Errorf("what was\n%s\nis\n%s", before, after)
		}
		if got := d.PaymentEvent.Query().CountX(ctx); got != kept+counts["signed"] {
			t.Errorf("%d events are kept, want %d", got, kept+counts["signed"])
		}
		if got := d.PaymentEvent.Query().Where(paymentevent.Outcome(toldUnknown)).CountX(ctx); got != 23 {
			t.Errorf("%d are of nothing that was asked for, want 23", got)
		}
		refused(t, c.PaymentTold(ctx, "bank", nil, ""), "NOT_FOUND")
		t.Logf("%d forged: %v", n, counts)
	})
}

func TestACardPaymentIsGivenUpAndRefunded(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		p := c.asked(t)
		must(t, c.PaymentCancel(c.buyer, p.ID))
		if got, want := c.outcomeOf(p), (outcome{ordering.PaymentExpired, ordering.OrderPlaced, 0}); got != want {
			t.Fatalf("it is %+v", got)
		}
		id, err := c.OrderPay(c.buyer, p.OrderID, OrderPayInput{stripe.Name, "again"})
		must(t, err)
		ctx, d := c.system()
		c.cards.Pay(d.Payment.GetX(ctx, id).Reference)
		if _, err := c.OrderPay(c.buyer, p.OrderID, OrderPayInput{stripe.Name, "again"}); err != nil { // the buyer comes back
			t.Fatal(err)
		}
		if got, want := c.outcomeOf(d.Payment.GetX(ctx, id)), (outcome{ordering.PaymentSucceeded, ordering.OrderPaid, 1}); got != want {
			t.Fatalf("it is %+v", got)
		}
		c.cards.RefundsPend(true)
		refund, err := c.refund(t, p.OrderID, 3)
		must(t, err)
		must(t, c.decide(t, c.operatorFinance, refund, authorisation.StepOperator, authorisation.OutcomeApprove))
		row := d.Refund.GetX(ctx, refund)
		if row.Status != ordering.RefundApproved || row.Reference == "" {
			t.Fatalf("the refund is %s %q", row.Status, row.Reference)
		}
		c.cards.SettleRefund(row.Reference, "succeeded")
		for _, e := range c.cards.Events() {
			must(t, c.tell(e.Body, c.clock, hookSecret))
		}
		c.work(t)
		if got := d.Refund.GetX(ctx, refund).Status; got != ordering.RefundPaid || c.cards.Refunds() != 1 {
			t.Fatalf("the refund is %s, and there are %d", got, c.cards.Refunds())
		}
		storetest.Reconciled(t, c.Store)
	})
}
