package stripe_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/payment/stripe"
	"gongshu/internal/payment/stripe/standin"
)

const body = `{"id":"evt_1","object":"event","api_version":"2023-10-16","created":1700000000,"livemode":false,"type":"checkout.session.completed",` +
	`"data":{"object":{"id":"cs_1","object":"checkout.session","client_reference_id":"payment-1","payment_intent":"pi_1"}}}`

func TestVerify(t *testing.T) {
	now := time.Unix(1700000060, 0)
	p, err := stripe.New(stripe.Config{SecretKey: key, WebhookSecrets: []string{"whsec_old", "whsec_new"}, BaseURL: "http://127.0.0.1:1", AccountID: "acct_ours"})
	if err != nil {
		t.Fatal(err)
	}
	with := func(old, new string) string { return strings.Replace(body, old, new, 1) }
	signed := func(body string) string { return standin.Sign([]byte(body), now, "whsec_new") }
	type forged struct {
		sentence, body, header string
		refused                error
	}
	cases := []forged{
		{"signed with the one secret", body, standin.Sign([]byte(body), now, "whsec_new"), nil},
		{"signed with the other secret", body, standin.Sign([]byte(body), now, "whsec_old"), nil},
		{"signed with a secret of ours and one of nobody's", body, standin.Sign([]byte(body), now, "whsec_nobody", "whsec_old"), nil},
		{"signed in another scheme as well", body, signed(body) + ",v0=00", nil},
		{"signed with nobody's secret", body, standin.Sign([]byte(body), now, "whsec_nobody"), stripe.ErrSignature},
		{"signed with an empty secret", body, standin.Sign([]byte(body), now, ""), stripe.ErrSignature},
		{"signed in another scheme alone", body, strings.Replace(signed(body), "v1=", "v0=", 1), stripe.ErrSignature},
		{"not signed", body, "", stripe.ErrSignature},
		{"signed with nothing", body, "t=1700000060", stripe.ErrSignature},
		{"signed without a time", body, strings.TrimPrefix(signed(body), "t=1700000060,"), stripe.ErrSignature},
		{"signed with two times", body, "t=1," + signed(body), stripe.ErrSignature},
		{"signed with another time", body, strings.Replace(signed(body), "t=1700000060", "t=1700000061", 1), stripe.ErrSignature},
		{"signed with half a signature", body, signed(body)[:50], stripe.ErrSignature},
		{"one byte changed", with("payment-1", "payment-2"), signed(body), stripe.ErrSignature},
		{"one byte more", body + " ", signed(body), stripe.ErrSignature},
		{"signed five minutes ago", body, standin.Sign([]byte(body), now.Add(-5*time.Minute), "whsec_new"), nil},
		{"signed longer ago", body, standin.Sign([]byte(body), now.Add(-301*time.Second), "whsec_new"), stripe.ErrStale},
		{"signed in five minutes", body, standin.Sign([]byte(body), now.Add(5*time.Minute), "whsec_new"), nil},
		{"signed in a further future", body, standin.Sign([]byte(body), now.Add(301*time.Second), "whsec_new"), stripe.ErrStale},
		{"of a time that does not fit", body, "t=99999999999999999999,v1=00", stripe.ErrSignature},
	}
	for sentence, c := range map[string]struct {
		body    string
		refused error
	}{
		"of our account":                {with(`"id":"evt_1"`, `"id":"evt_1","account":"acct_ours"`), nil},
		"of another account":            {with(`"id":"evt_1"`, `"id":"evt_1","account":"acct_theirs"`), stripe.ErrAccount},
		"of the other mode":             {with(`"livemode":false`, `"livemode":true`), stripe.ErrLivemode},
		"of no mode":                    {with(`"livemode":false,`, ``), stripe.ErrBody},
		"of another version":            {with("2023-10-16", "2026-08-26.dahlia"), stripe.ErrVersion},
		"of no version":                 {with(`"api_version":"2023-10-16",`, ``), stripe.ErrVersion},
		"of no kind":                    {with("checkout.session.completed", ""), stripe.ErrBody},
		"without a number":              {with("evt_1", ""), stripe.ErrBody},
		"about nothing":                 {with("cs_1", ""), stripe.ErrBody},
		"of a kind we do not know":      {with("checkout.session.completed", "customer.created"), nil},
		"that is no event":              {with(`"object":"event"`, `"object":"refund"`), stripe.ErrBody},
		"that is no JSON":               {body[1:], stripe.ErrBody},
		"that is something after JSON":  {body + body, stripe.ErrBody},
		"that is nothing":               {"", stripe.ErrBody},
		"that is too long":              {with(`"id":"evt_1"`, `"id":"evt_1","x":"`+strings.Repeat("x", stripe.EventLimit)+`"`), stripe.ErrBody},
		"whose payment is told in full": {with(`"pi_1"`, `{"id":"pi_1","object":"payment_intent"}`), nil},
	} {
		cases = append(cases, forged{sentence, c.body, signed(c.body), c.refused})
	}
	all := []error{stripe.ErrSignature, stripe.ErrStale, stripe.ErrBody, stripe.ErrAccount, stripe.ErrLivemode, stripe.ErrVersion}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			event, err := p.Verify([]byte(c.body), c.header, now)
			for _, one := range all {
				if errors.Is(err, one) != (one == c.refused) {
					t.Fatalf("%v, want %v", err, c.refused)
				}
			}
			if c.refused == nil && (err != nil || event.ID != "evt_1" || event.IntentID != "pi_1") ||
				c.refused != nil && event != (stripe.Event{}) {
				t.Fatalf("%+v, %v", event, err)
			}
			if c.refused == stripe.ErrVersion && !strings.Contains(err.Error(), "2023-10-16") {
				t.Fatalf("%v does not name our version", err)
			}
		})
	}
}

func TestAnAccountIsAnotherWhereOursIsNotNamed(t *testing.T) {
	named := strings.Replace(body, `"id":"evt_1"`, `"id":"evt_1","account":"acct_1"`, 1)
	if _, err := at(t, "http://127.0.0.1:1").Verify([]byte(named), standin.Sign([]byte(named), time.Now(), "whsec_1"), time.Now()); !errors.Is(err, stripe.ErrAccount) {
		t.Fatal(err)
	}
}

// inbox is where events are delivered to.
type inbox struct {
	mu     sync.Mutex
	events []stripe.Event
	// refuse is how many deliveries are answered with an error first.
	refuse int
}

// open lets the stand-in of a bench deliver to an inbox.
func (in *inbox) open(t *testing.T) *bench {
	t.Helper()
	b := &bench{}
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in.mu.Lock()
		defer in.mu.Unlock()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, stripe.EventLimit))
		if err != nil {
			t.Error(err)
		}
		if in.refuse > 0 {
			in.refuse--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		event, err := b.Verify(body, r.Header.Get("Stripe-Signature"), time.Now())
		if err != nil {
			t.Error(err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if event.About != payment.AboutOther {
			in.events = append(in.events, event)
		}
	}))
	t.Cleanup(receiver.Close)
	b.standin = standin.New(standin.Options{Key: key, WebhookURL: receiver.URL, WebhookSecrets: []string{"whsec_1"}})
	server := httptest.NewServer(b.standin)
	t.Cleanup(server.Close)
	t.Cleanup(b.standin.Wait)
	b.address = server.URL
	b.Provider = b.another(t, time.Minute)
	return b
}

func (in *inbox) all() []stripe.Event {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.events)
}

func TestEventsTellOfEachChange(t *testing.T) {
	in := &inbox{}
	b := in.open(t)
	b.standin.Deliver(standin.Delivery{Withhold: true})

	r := b.begun(t, 20_00)
	b.rig().Settle(t, r)
	b.standin.RefundsPend(true)
	refund := payment.RefundRequest{Key: "back", PaymentKey: r.Key, PaymentReference: r.Reference, AmountFen: 1_00, At: time.Now()}
	refunded, err := b.Refund(t.Context(), refund)
	if err != nil {
		t.Fatal(err)
	}
	b.standin.SettleRefund(refunded.Reference, "succeeded")
	b.standin.SettleRefund(refunded.Reference, "failed")
	dispute := b.standin.Dispute(r.Reference, 19_00)
	b.standin.CloseDispute(dispute, "lost")
	later, never, expired := b.begun(t, 1_00), b.begun(t, 1_00), b.begun(t, 1_00)
	b.standin.PayLater(later.Reference)
	b.standin.PayLater(never.Reference)
	b.standin.SettleLater(later.Reference, true)
	b.standin.SettleLater(never.Reference, false)
	if _, err := b.Cancel(t.Context(), expired); err != nil {
		t.Fatal(err)
	}
	if len(in.all()) != 0 {
		t.Fatal("what is withheld was delivered")
	}

	var ids []string
	for _, event := range b.standin.Events() {
		ids = append(ids, event.ID)
	}
	if err := b.standin.Send(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
	type told struct {
		kind    string
		payment string
		about   payment.About
	}
	var got []told
	for _, e := range in.all() {
		got = append(got, told{e.Type, e.PaymentKey, e.About})
		if e.IntentID == "" && e.Type != "checkout.session.expired" {
			t.Errorf("%+v", e)
		}
	}
	want := []told{
		{"checkout.session.completed", r.Key, payment.AboutPayment},
		{"charge.refunded", "", payment.AboutRefund},
		{"charge.refund.updated", r.Key, payment.AboutRefund},
		{"charge.refund.updated", r.Key, payment.AboutRefund},
		{"refund.failed", r.Key, payment.AboutRefund},
		{"charge.dispute.created", "", payment.AboutDispute},
		{"charge.dispute.closed", "", payment.AboutDispute},
		{"checkout.session.completed", later.Key, payment.AboutPayment},
		{"checkout.session.completed", never.Key, payment.AboutPayment},
		{"checkout.session.async_payment_succeeded", later.Key, payment.AboutPayment},
		{"checkout.session.async_payment_failed", never.Key, payment.AboutPayment},
		{"checkout.session.expired", expired.Key, payment.AboutPayment},
	}
	if !slices.Equal(got, want) {
		t.Errorf("told was\n%+v, not\n%+v", got, want)
	}

	for _, e := range in.all() {
		told := payment.Told{PaymentKey: e.PaymentKey, Refers: e.IntentID}
		for range 2 { // said, and found by Stripe's own number
			key, err := b.Whose(t.Context(), told)
			if err != nil || !slices.Contains([]string{r.Key, later.Key, never.Key, expired.Key}, key) {
				t.Errorf("%s is of %q, %v", e.Type, key, err)
			}
			if told.Refers != "" {
				told.PaymentKey = ""
			}
		}
	}
	for _, told := range []payment.Told{{}, {Refers: "pi_none"}} {
		if key, err := b.Whose(t.Context(), told); !errors.Is(err, payment.ErrUnknownKey) {
			t.Errorf("%+v is of %q, %v", told, key, err)
		}
	}
}

func TestEventsComeLateTwiceAndOutOfOrder(t *testing.T) {
	t.Run("twice", func(t *testing.T) {
		in := &inbox{}
		b := in.open(t)
		b.standin.Deliver(standin.Delivery{Copies: 2, Delay: time.Millisecond})
		b.paid(t, 20_00)
		b.standin.Wait()
		all := in.all()
		if len(all) != 3 || all[0].ID != all[1].ID || all[0].ID != all[2].ID {
			t.Fatalf("%+v", all)
		}
	})
	t.Run("again, where they were refused", func(t *testing.T) {
		in := &inbox{refuse: 1}
		b := in.open(t)
		b.paid(t, 20_00)
		b.standin.Wait()
		if all := in.all(); len(all) != 1 {
			t.Fatalf("%+v", all)
		}
	})
	t.Run("out of order, and what counts is what is looked up", func(t *testing.T) {
		in := &inbox{}
		b := in.open(t)
		b.standin.Deliver(standin.Delivery{Withhold: true})
		r := b.begun(t, 20_00)
		b.standin.PayLater(r.Reference)
		b.standin.SettleLater(r.Reference, true)
		for _, event := range slices.Backward(b.standin.Events()) {
			if err := b.standin.Send(t.Context(), event.ID); err != nil {
				t.Fatal(err)
			}
		}
		all := in.all()
		if len(all) != 2 || all[0].Type != "checkout.session.async_payment_succeeded" || all[1].Type != "checkout.session.completed" {
			t.Fatalf("%+v", all)
		}
		for range all {
			got, err := b.Lookup(t.Context(), r)
			wants(t, "the lookup", got, err, ordering.PaymentSucceeded)
		}
	})
	t.Run("signed with two secrets while the first is replaced", func(t *testing.T) {
		in := &inbox{}
		b := in.open(t)
		b.standin.Deliver(standin.Delivery{Withhold: true})
		b.paid(t, 20_00)
		completed := b.standin.Events()[1].ID
		b.standin.Secrets("whsec_2", "whsec_1")
		if err := b.standin.Send(context.Background(), completed); err != nil {
			t.Fatal(err)
		}
		if len(in.all()) != 1 {
			t.Fatalf("%+v", in.all())
		}
	})
}
