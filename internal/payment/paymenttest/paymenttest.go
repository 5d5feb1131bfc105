// Package paymenttest holds every adapter of the payment port to what the port promises.
package paymenttest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/pricing"
)

// Rig is an adapter with a hand on what is behind it.
type Rig struct {
	Provider payment.Provider
	// Settle lets the buyer do what Next says, so that the payment succeeds; nil where payments succeed at once.
	Settle func(t *testing.T, r payment.Request)
	// SettleRefund lets what is behind it carry out a refund; nil where refunds succeed at once.
	SettleRefund func(t *testing.T, r payment.RefundRequest)
	// RefuseRefunds lets what is behind it refuse every refund of a payment from now on; nil where it never does.
	RefuseRefunds func(t *testing.T, r payment.Request)
}

// Run runs the suite; open gives an adapter that knows of nothing.
func Run(t *testing.T, open func(t *testing.T) Rig) {
	t.Run("a payment succeeds and can be looked up", func(t *testing.T) {
		rig, r := open(t), request(1_00)
		paid := rig.pay(t, &r)
		if found, err := rig.Provider.Lookup(t.Context(), r); err != nil || found.State != paid.State || found.Reference != paid.Reference {
			t.Fatalf("the lookup answered %+v, %v", found, err)
		}
		r.Reference = ""
		if found, err := rig.Provider.Lookup(t.Context(), r); err != nil || found.State != paid.State || found.Reference != paid.Reference {
			t.Fatalf("the lookup without a reference answered %+v, %v", found, err)
		}
	})
	t.Run("who has something to do is told what, each time", func(t *testing.T) {
		rig, r := open(t), request(1_50)
		if rig.Settle == nil {
			t.Skip("payments succeed at once")
		}
		first, err := rig.Provider.Pay(t.Context(), r)
		if err != nil || first.State != ordering.PaymentPending || first.Reference == "" || (first.Next.URL == "") == (first.Next.Transfer == nil) {
			t.Fatalf("paying answered %+v, %v", first, err)
		}
		r.Reference = first.Reference
		found, err := rig.Provider.Lookup(t.Context(), r)
		if err != nil || found.State != ordering.PaymentPending || found.Reference != first.Reference || found.Next.URL != first.Next.URL || (found.Next.Transfer == nil) != (first.Next.Transfer == nil) {
			t.Fatalf("the lookup answered %+v, %v, not %+v", found, err, first)
		}
	})
	t.Run("what is cancelled takes nothing any more; what is paid stays so", func(t *testing.T) {
		rig, r := open(t), request(1_70)
		if rig.Settle != nil {
			first, err := rig.Provider.Pay(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			r.Reference = first.Reference
			for range 2 {
				if got, err := rig.Provider.Cancel(t.Context(), r); err != nil || got.State != ordering.PaymentExpired || got.Reference != first.Reference {
					t.Fatalf("cancelling answered %+v, %v", got, err)
				}
			}
			if got, err := rig.Provider.Lookup(t.Context(), r); err != nil || got.State != ordering.PaymentExpired {
				t.Fatalf("the lookup answered %+v, %v", got, err)
			}
		}
		r = request(1_80)
		rig.pay(t, &r)
		if got, err := rig.Provider.Cancel(t.Context(), r); err != nil || got.State != ordering.PaymentSucceeded {
			t.Fatalf("cancelling what is paid answered %+v, %v", got, err)
		}
	})
	t.Run("the same key pays once, whoever asks at once", func(t *testing.T) {
		rig, r := open(t), request(2_00)
		results := make([]payment.Result, 20)
		var group sync.WaitGroup
		for i := range results {
			group.Go(func() {
				var err error
				if results[i], err = rig.Provider.Pay(t.Context(), r); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for _, got := range results {
			if got.Reference != results[0].Reference {
				t.Fatalf("one key was paid as %s and as %s", got.Reference, results[0].Reference)
			}
		}
	})
	t.Run("the same key with other content is refused and changes nothing", func(t *testing.T) {
		rig, r := open(t), request(3_00)
		p, paid := rig.Provider, rig.pay(t, &r)
		dearer, elsewhere := r, r
		dearer.AmountFen++
		elsewhere.OrderID = uuid.New()
		for _, other := range []payment.Request{dearer, elsewhere} {
			if _, err := p.Pay(t.Context(), other); !errors.Is(err, payment.ErrKeyReused) {
				t.Fatalf("want ErrKeyReused, got %v", err)
			}
		}
		if found, err := p.Lookup(t.Context(), r); err != nil || found.State != paid.State || found.Reference != paid.Reference {
			t.Fatalf("the lookup answered %+v, %v", found, err)
		}
	})
	t.Run("what was never asked for is unknown", func(t *testing.T) {
		p, r := open(t).Provider, request(1)
		if _, err := p.Lookup(t.Context(), r); !errors.Is(err, payment.ErrUnknownKey) {
			t.Errorf("want ErrUnknownKey, got %v", err)
		}
		if _, err := p.Cancel(t.Context(), r); !errors.Is(err, payment.ErrUnknownKey) {
			t.Errorf("want ErrUnknownKey, got %v", err)
		}
	})
	t.Run("nothing is paid without key and positive amount", func(t *testing.T) {
		p := open(t).Provider
		for _, r := range []payment.Request{request(0), request(-1), {AmountFen: 1, OrderID: uuid.New()}} {
			if _, err := p.Pay(t.Context(), r); !errors.Is(err, payment.ErrRequestInvalid) {
				t.Errorf("%+v answered %v", r, err)
			}
		}
	})
	t.Run("refunds never give back more than was paid, each once", func(t *testing.T) {
		rig, r := open(t), request(10_00)
		p, paid := rig.Provider, rig.pay(t, &r)
		refund := func(amount pricing.Fen) payment.RefundRequest {
			return payment.RefundRequest{Key: uuid.NewString(), PaymentKey: r.Key, PaymentReference: paid.Reference, AmountFen: amount, At: r.At}
		}
		part := refund(4_00)
		first := rig.refund(t, &part)
		if again, err := p.Refund(t.Context(), part); err != nil || again.State != first.State || again.Reference != first.Reference {
			t.Fatalf("the same key answered %+v, %v", again, err)
		}
		larger := part
		larger.AmountFen++
		if _, err := p.Refund(t.Context(), larger); !errors.Is(err, payment.ErrKeyReused) {
			t.Fatalf("want ErrKeyReused, got %v", err)
		}
		if _, err := p.Refund(t.Context(), refund(6_01)); !errors.Is(err, payment.ErrRefundExceeds) {
			t.Fatalf("want ErrRefundExceeds, got %v", err)
		}
		rest := refund(6_00)
		rig.refund(t, &rest)
		if _, err := p.Refund(t.Context(), refund(1)); !errors.Is(err, payment.ErrRefundExceeds) {
			t.Fatalf("want ErrRefundExceeds, got %v", err)
		}
	})
	t.Run("a refund that is refused gave nothing back, and nothing is known of it", func(t *testing.T) {
		rig, r := open(t), request(7_00)
		if rig.RefuseRefunds == nil {
			t.Skip("no refund is refused")
		}
		paid := rig.pay(t, &r)
		rig.RefuseRefunds(t, r)
		back := payment.RefundRequest{Key: uuid.NewString(), PaymentKey: r.Key, PaymentReference: paid.Reference, AmountFen: 2_00, At: r.At}
		for range 2 {
			if got, err := rig.Provider.Refund(t.Context(), back); !errors.Is(err, payment.ErrRefused) {
				t.Fatalf("want ErrRefused, got %+v, %v", got, err)
			}
			if got, err := rig.Provider.LookupRefund(t.Context(), back); !errors.Is(err, payment.ErrUnknownKey) {
				t.Fatalf("want ErrUnknownKey, got %+v, %v", got, err)
			}
		}
		if found, err := rig.Provider.Lookup(t.Context(), r); err != nil || found.State != ordering.PaymentSucceeded {
			t.Fatalf("the payment is %+v, %v", found, err)
		}
	})
	t.Run("what was never paid is not refunded", func(t *testing.T) {
		rig := open(t)
		p := rig.Provider
		r := payment.RefundRequest{Key: uuid.NewString(), PaymentKey: uuid.NewString(), AmountFen: 1, At: time.Now()}
		if _, err := p.Refund(t.Context(), r); !errors.Is(err, payment.ErrUnknownKey) {
			t.Errorf("want ErrUnknownKey, got %v", err)
		}
		if _, err := p.LookupRefund(t.Context(), r); !errors.Is(err, payment.ErrUnknownKey) {
			t.Errorf("want ErrUnknownKey, got %v", err)
		}
		if _, err := p.Refund(t.Context(), payment.RefundRequest{Key: "k", PaymentKey: r.PaymentKey}); !errors.Is(err, payment.ErrRequestInvalid) {
			t.Errorf("want ErrRequestInvalid, got %v", err)
		}
		if rig.Settle == nil {
			return
		}
		unpaid := request(5_00)
		asked, err := p.Pay(t.Context(), unpaid)
		if err != nil {
			t.Fatal(err)
		}
		r = payment.RefundRequest{Key: uuid.NewString(), PaymentKey: unpaid.Key, PaymentReference: asked.Reference, AmountFen: 1, At: unpaid.At}
		if _, err := p.Refund(t.Context(), r); !errors.Is(err, payment.ErrUnknownKey) {
			t.Errorf("want ErrUnknownKey for what waits for its money, got %v", err)
		}
	})
}

// pay pays to the end and keeps the reference in the request.
func (rig Rig) pay(t *testing.T, r *payment.Request) payment.Result {
	t.Helper()
	got, err := rig.Provider.Pay(t.Context(), *r)
	if err != nil {
		t.Fatal(err)
	}
	r.Reference = got.Reference
	if rig.Settle != nil {
		rig.Settle(t, *r)
		if got, err = rig.Provider.Pay(t.Context(), *r); err != nil {
			t.Fatal(err)
		}
	}
	if got.State != ordering.PaymentSucceeded || got.Reference == "" {
		t.Fatalf("paying answered %+v", got)
	}
	return got
}

// refund refunds to the end and keeps the reference in the request.
func (rig Rig) refund(t *testing.T, r *payment.RefundRequest) payment.Result {
	t.Helper()
	got, err := rig.Provider.Refund(t.Context(), *r)
	if err != nil {
		t.Fatal(err)
	}
	r.Reference = got.Reference
	if rig.SettleRefund != nil {
		rig.SettleRefund(t, *r)
	}
	got, err = rig.Provider.LookupRefund(t.Context(), *r)
	if err != nil || got.State != ordering.PaymentSucceeded || got.Reference == "" {
		t.Fatalf("the lookup answered %+v, %v", got, err)
	}
	return got
}

func request(amount pricing.Fen) payment.Request {
	now := time.Now()
	return payment.Request{Key: uuid.NewString(), OrderID: uuid.New(), AmountFen: amount, At: now, Until: now.Add(72 * time.Hour), ReturnURL: "http://127.0.0.1/"}
}
