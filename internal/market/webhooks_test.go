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
	"gongshu/ent/db/discrepancy"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/paymentevent"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	pay "gongshu/internal/payment"
	"gongshu/internal/payment/stripe"
	"gongshu/internal/payment/stripe/standin"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store"
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

// standing are what providers told that the market cannot follow.
func (c *cardHouse) standing(t *testing.T, what string, want int) {
	t.Helper()
	if _, err := c.Reconcile(c.finance); err != nil { // which finds nothing of it, and closes nothing
		t.Fatal(err)
	}
	ctx, d := c.system()
	all := d.Discrepancy.Query().Where(discrepancy.InvariantIn(store.ToldAll()...), discrepancy.ResolvedAtIsNil()).AllX(ctx)
	told := slices.DeleteFunc(slices.Clone(all), func(row *db.Discrepancy) bool { return row.Invariant != what })
	if len(told) != want || len(all) != want {
		t.Fatalf("there are %v, want %d: %s", all, want, what)
	}
}

// hear delivers all that happened, and looks at it.
func (c *cardHouse) hear(t *testing.T) {
	t.Helper()
	for _, e := range c.cards.Events() {
		must(t, c.tell(e.Body, c.clock, hookSecret))
	}
	c.work(t)
}

// resumed sweeps.
func (c *cardHouse) resumed(t *testing.T, want int) {
	t.Helper()
	if n, err := c.PaymentsResume(context.Background()); err != nil || n != want {
		t.Fatalf("%d are settled, want %d: %v", n, want, err)
	}
}

// endedHere makes a payment one that is on its way no more, as if its provider had said so.
func (c *cardHouse) endedHere(t *testing.T, id uuid.UUID) {
	t.Helper()
	c.tx(t, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.PaymentByID(ctx, id)
		if err != nil {
			return err
		}
		return tx.MovePayment(ctx, p, ordering.PaymentExpired, p.Reference, ordering.PaymentNext{})
	})
}

// Money that was taken and can pay nothing is for a person to see, once, until it went back.
func TestWhatWasTakenForNothingStandsUntilItWentBack(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		ctx, d := c.system()
		p := c.asked(t)
		state := func() ordering.PaymentState { return d.Payment.GetX(ctx, p.ID).State }
		c.tx(t, func(ctx context.Context, tx *store.Tx) error { // which no act does while a payment is on its way
			o, err := tx.OrderByID(ctx, p.OrderID)
			if err != nil {
				return err
			}
			return tx.MoveOrder(ctx, o, ordering.OrderCancelled)
		})
		c.cards.Pay(p.Reference)
		for range 2 {
			c.resumed(t, 0)
			c.hear(t)
			if got := state(); got != ordering.PaymentReconciling {
				t.Fatalf("the payment is %s", got)
			}
			c.standing(t, store.ToldTaken, 1)
		}
		c.cards.RefundByHand(p.Reference, 1)
		c.resumed(t, 0)
		c.cards.RefundByHand(p.Reference, p.AmountFen-1)
		c.resumed(t, 1)
		if got := c.outcomeOf(p); got != (outcome{ordering.PaymentExpired, ordering.OrderCancelled, 0}) {
			t.Fatalf("it is %+v", got)
		}
		c.standing(t, "", 0)

		// The same of one that was over here, and whose order was paid otherwise.
		p = c.asked(t)
		c.endedHere(t, p.ID)
		_, err := c.OrderPay(c.buyer, p.OrderID, OrderPayInput{paytest.Name, "otherwise"})
		must(t, err)
		c.cards.Pay(p.Reference)
		c.hear(t)
		if got := c.outcomeOf(p); got != (outcome{ordering.PaymentExpired, ordering.OrderPaid, 1}) {
			t.Fatalf("it is %+v", got)
		}
		c.standing(t, store.ToldTaken, 1)
		c.cards.RefundByHand(p.Reference, p.AmountFen)
		c.hear(t)
		c.standing(t, "", 0)
	})
}

// Other money than was asked for is for a person to see, whatever state its payment is in; once it went back the order goes on.
func TestOtherMoneyStandsUntilItWentBack(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		for _, after := range []time.Duration{0, 80 * time.Hour} { // while it may be paid, and later
			p := c.asked(t)
			c.cards.PayAs(p.Reference, p.AmountFen+1, "usd")
			c.clock = c.clock.Add(after)
			for range 2 {
				c.resumed(t, 0)
				if got := c.outcomeOf(p); got != (outcome{ordering.PaymentReconciling, ordering.OrderPlaced, 0}) {
					t.Fatalf("it is %+v", got)
				}
				c.standing(t, store.ToldMoney, 1)
			}
			refused(t, c.PaymentCancel(c.buyer, p.ID), "PAYMENT_PENDING")
			c.cards.RefundByHand(p.Reference, p.AmountFen+1)
			c.resumed(t, 1)
			if got := c.outcomeOf(p).payment; got != ordering.PaymentExpired {
				t.Fatalf("it is %s", got)
			}
			c.standing(t, "", 0)
			if after > 0 {
				continue
			}
			_, err := c.OrderPay(c.buyer, p.OrderID, OrderPayInput{paytest.Name, "otherwise"})
			must(t, err)
		}

		p := c.asked(t)
		c.endedHere(t, p.ID)
		c.cards.PayAs(p.Reference, p.AmountFen+1, "usd")
		c.hear(t)
		if got := c.outcomeOf(p).payment; got != ordering.PaymentExpired {
			t.Fatalf("it is %s", got)
		}
		c.standing(t, store.ToldMoney, 1)
		c.cards.RefundByHand(p.Reference, p.AmountFen+1)
		c.hear(t)
		c.standing(t, "", 0)
	})
}

// A refund that is paid here and came back at its provider, and one that nobody here asked for, are for a person to see.
func TestWhatIsNotGivenBackAsItIsKeptHereStands(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		ctx, d := c.system()
		pay := func() *db.Payment {
			t.Helper()
			p := c.asked(t)
			c.cards.Pay(p.Reference)
			c.resumed(t, 1)
			return p
		}
		back := func(p *db.Payment) *db.Refund {
			t.Helper()
			id, err := c.refund(t, p.OrderID, 3)
			must(t, err)
			must(t, c.decide(t, c.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
			return d.Refund.GetX(ctx, id)
		}
		p := pay()
		r := back(p)
		if r.Status != ordering.RefundPaid {
			t.Fatalf("the refund is %s", r.Status)
		}
		c.hear(t)
		c.standing(t, "", 0)
		c.cards.SettleRefund(r.Reference, "failed")
		c.hear(t)
		c.standing(t, store.ToldRefund, 1)
		if n := d.PaymentEvent.Query().Where(paymentevent.Outcome(toldDiffers)).CountX(ctx); n != 2 {
			t.Errorf("of %d events it is said that they differ", n)
		}
		c.cards.SettleRefund(r.Reference, "succeeded")
		c.hear(t)
		c.standing(t, "", 0)
		c.cards.RefundByHand(p.Reference, 1)
		c.hear(t)
		c.standing(t, store.ToldRefund, 1)

		// What is told of one payment asks about no other's refunds.
		c.cards.RefundsPend(true)
		p, other := pay(), pay()
		r = back(p)
		back(other)
		c.hear(t)
		c.cards.SettleRefund(r.Reference, "succeeded")
		asked := c.cards.Requests("refunds.retrieve")
		c.hear(t)
		if n := c.cards.Requests("refunds.retrieve") - asked; n != 1 || d.Refund.GetX(ctx, r.ID).Status != ordering.RefundPaid {
			t.Errorf("%d refunds were asked about, and it is %s", n, d.Refund.GetX(ctx, r.ID).Status)
		}
	})
}

// What somebody else's payment under the same account is called may be longer than any name here; it is nothing to be told again.
func TestAForeignNameIsNoMistake(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		c.cards.Pay(c.asked(t).Reference)
		events := c.cards.Events()
		body := events[slices.IndexFunc(events, func(e standin.Event) bool { return e.Type == "checkout.session.completed" })].Body
		var event map[string]any
		must(t, json.Unmarshal(body, &event))
		event["data"].(map[string]any)["object"].(map[string]any)["client_reference_id"] = strings.Repeat("x", 200)
		body, err := json.Marshal(event)
		must(t, err)
		must(t, c.tell(body, c.clock, hookSecret))
		ctx, d := c.system()
		if n := d.PaymentEvent.Query().CountX(ctx); n != 0 {
			t.Errorf("%d events are kept", n)
		}
		event["id"] = "evt_" + strings.Repeat("x", 200)
		body, err = json.Marshal(event)
		must(t, err)
		if err := c.tell(body, c.clock, hookSecret); !errors.Is(err, stripe.ErrBody) {
			t.Errorf("a name that is too long is answered %v", err)
		}
	})
}

// A provider that keeps an error under a key keeps no order: once it must have heard of the payment, its buyer gives it up.
func TestAPaymentThatIsNeverHeardOfIsGivenUp(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		order := c.placed(t, c.product.PerCall, 10)
		c.cards.Fail("sessions.create", standin.KeptError)
		id, err := c.OrderPay(c.buyer, order, OrderPayInput{stripe.Name, "kept"})
		refused(t, err, "PAYMENT_PENDING")
		mayBe := func() bool {
			ctx, d := c.system()
			p := d.Payment.GetX(ctx, id)
			return c.MayGiveUp(p.State, p.CreatedAt)
		}
		asked := c.cards.Requests("sessions.list")
		if refused(t, c.PaymentCancel(c.buyer, id), "PAYMENT_PENDING"); mayBe() || c.cards.Requests("sessions.list") != asked {
			t.Fatal("it is said that it may be given up, or its provider was asked")
		}
		if c.clock = c.clock.Add(heardBy); !mayBe() {
			t.Fatal("it is said that it may not be given up yet")
		}
		must(t, c.PaymentCancel(c.buyer, id))
		c.paidOtherwise(t, order)
		storetest.Reconciled(t, c.Store)
	})
}

func (c *cardHouse) paidOtherwise(t *testing.T, order uuid.UUID) {
	t.Helper()
	id, err := c.OrderPay(c.buyer, order, OrderPayInput{"test", uuid.NewString()})
	must(t, err)
	ctx, d := c.system()
	if got, want := c.outcomeOf(d.Payment.GetX(ctx, id)), (outcome{ordering.PaymentSucceeded, ordering.OrderPaid, 1}); got != want {
		t.Fatalf("it is %+v", got)
	}
}

// Who pays while the provider hangs is told in time that the outcome is not known, and it is asked about later.
func TestAProviderThatHangs(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		order := c.placed(t, c.product.PerCall, 10)
		c.cards.Fail("sessions.create", standin.TimeoutAfter)
		asked, stop := context.WithTimeout(c.buyer, recordTime+500*time.Millisecond) // as a request has
		defer stop()
		id, err := c.OrderPay(asked, order, OrderPayInput{stripe.Name, "hangs"})
		refused(t, err, "PAYMENT_PENDING")
		ctx, d := c.system()
		if p := d.Payment.GetX(ctx, id); p.State != ordering.PaymentUnknown {
			t.Fatalf("it is %s", p.State)
		}
		if _, err := c.PaymentsResume(context.Background()); err != nil {
			t.Fatal(err)
		}
		if p := d.Payment.GetX(ctx, id); p.State != ordering.PaymentPending || p.Next == nil {
			t.Fatalf("it is %s then", p.State)
		}
	})
}
