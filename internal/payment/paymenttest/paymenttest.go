// Package paymenttest holds every adapter of the payment port to what the port promises.
package paymenttest

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/pricing"
)

// Run runs the suite; open gives a provider whose payments succeed at once.
func Run(t *testing.T, open func(t *testing.T) payment.Provider) {
	t.Run("a payment succeeds and can be looked up", func(t *testing.T) {
		p, r := open(t), request(1_00)
		paid, err := p.Pay(t.Context(), r)
		if err != nil || paid.State != ordering.PaymentSucceeded || paid.Reference == "" {
			t.Fatalf("paying answered %+v, %v", paid, err)
		}
		if found, err := p.Lookup(t.Context(), r.Key); err != nil || found != paid {
			t.Fatalf("the lookup answered %+v, %v", found, err)
		}
	})
	t.Run("the same key pays once, whoever asks at once", func(t *testing.T) {
		p, r := open(t), request(2_00)
		results := make([]payment.Result, 20)
		var group sync.WaitGroup
		for i := range results {
			group.Go(func() {
				var err error
				if results[i], err = p.Pay(t.Context(), r); err != nil {
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
		p, r := open(t), request(3_00)
		paid, err := p.Pay(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		dearer, elsewhere := r, r
		dearer.AmountFen++
		elsewhere.OrderID = uuid.New()
		for _, other := range []payment.Request{dearer, elsewhere} {
			if _, err := p.Pay(t.Context(), other); !errors.Is(err, payment.ErrKeyReused) {
				t.Fatalf("want ErrKeyReused, got %v", err)
			}
		}
		if found, err := p.Lookup(t.Context(), r.Key); err != nil || found != paid {
			t.Fatalf("the lookup answered %+v, %v", found, err)
		}
	})
	t.Run("what was never asked for is unknown", func(t *testing.T) {
		if _, err := open(t).Lookup(t.Context(), uuid.NewString()); !errors.Is(err, payment.ErrUnknownKey) {
			t.Fatalf("want ErrUnknownKey, got %v", err)
		}
	})
	t.Run("nothing is paid without key and positive amount", func(t *testing.T) {
		p := open(t)
		for _, r := range []payment.Request{request(0), request(-1), {AmountFen: 1, OrderID: uuid.New()}} {
			if _, err := p.Pay(t.Context(), r); !errors.Is(err, payment.ErrRequestInvalid) {
				t.Errorf("%+v answered %v", r, err)
			}
		}
	})
	t.Run("refunds never give back more than was paid, each once", func(t *testing.T) {
		p, r := open(t), request(10_00)
		if _, err := p.Pay(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		part := payment.RefundRequest{Key: uuid.NewString(), PaymentKey: r.Key, AmountFen: 4_00}
		first, err := p.Refund(t.Context(), part)
		if err != nil || first.State != ordering.PaymentSucceeded || first.Reference == "" {
			t.Fatalf("refunding answered %+v, %v", first, err)
		}
		if again, err := p.Refund(t.Context(), part); err != nil || again != first {
			t.Fatalf("the same key answered %+v, %v", again, err)
		}
		if found, err := p.LookupRefund(t.Context(), part.Key); err != nil || found != first {
			t.Fatalf("the lookup answered %+v, %v", found, err)
		}
		larger := part
		larger.AmountFen++
		if _, err := p.Refund(t.Context(), larger); !errors.Is(err, payment.ErrKeyReused) {
			t.Fatalf("want ErrKeyReused, got %v", err)
		}
		rest := payment.RefundRequest{Key: uuid.NewString(), PaymentKey: r.Key, AmountFen: 6_01}
		if _, err := p.Refund(t.Context(), rest); !errors.Is(err, payment.ErrRefundExceeds) {
			t.Fatalf("want ErrRefundExceeds, got %v", err)
		}
		rest.AmountFen = 6_00
		if all, err := p.Refund(t.Context(), rest); err != nil || all.State != ordering.PaymentSucceeded {
			t.Fatalf("refunding the rest answered %+v, %v", all, err)
		}
	})
	t.Run("what was never paid is not refunded", func(t *testing.T) {
		p := open(t)
		r := payment.RefundRequest{Key: uuid.NewString(), PaymentKey: uuid.NewString(), AmountFen: 1}
		if _, err := p.Refund(t.Context(), r); !errors.Is(err, payment.ErrUnknownKey) {
			t.Errorf("want ErrUnknownKey, got %v", err)
		}
		if _, err := p.LookupRefund(t.Context(), r.Key); !errors.Is(err, payment.ErrUnknownKey) {
			t.Errorf("want ErrUnknownKey, got %v", err)
		}
		if _, err := p.Refund(t.Context(), payment.RefundRequest{Key: "k", PaymentKey: r.PaymentKey}); !errors.Is(err, payment.ErrRequestInvalid) {
			t.Errorf("want ErrRequestInvalid, got %v", err)
		}
	})
}

func request(amount pricing.Fen) payment.Request {
	return payment.Request{Key: uuid.NewString(), OrderID: uuid.New(), AmountFen: amount}
}
