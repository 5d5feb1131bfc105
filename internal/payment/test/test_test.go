package test_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/payment/paymenttest"
	"gongshu/internal/payment/test"
	"gongshu/pricing"
)

func TestProvider(t *testing.T) {
	paymenttest.Run(t, func(*testing.T) paymenttest.Rig { return paymenttest.Rig{Provider: &test.Provider{}} })
}

func TestProviderThatSendsItsBuyersToAPage(t *testing.T) {
	paymenttest.Run(t, func(*testing.T) paymenttest.Rig {
		p := &test.Provider{}
		p.Behave(test.Redirects)
		return paymenttest.Rig{
			Provider:     p,
			Settle:       func(_ *testing.T, r payment.Request) { p.Settle(r.Key, ordering.PaymentSucceeded) },
			SettleRefund: func(_ *testing.T, r payment.RefundRequest) { p.SettleRefund(r.Key, ordering.PaymentSucceeded) },
		}
	})
}

func TestItCanBeToldToFail(t *testing.T) {
	for _, c := range []struct {
		sentence   string
		behave     test.Behaviour
		answered   bool
		state      ordering.PaymentState // "" when the provider never heard of it
		afterwards int
	}{
		{"a refusal is final", test.Refuses, true, ordering.PaymentFailed, 0},
		{"a pending payment is settled later", test.Decides, true, ordering.PaymentPending, 0},
		{"an unreachable provider did nothing", test.Unreachable, false, "", 0},
		{"a silent provider took the money all the same", test.Silent, false, ordering.PaymentSucceeded, 1},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			p := &test.Provider{}
			p.Behave(c.behave)
			_, err := p.Pay(t.Context(), payment.Request{Key: "k", OrderID: uuid.New(), AmountFen: 5})
			if (err == nil) != c.answered {
				t.Fatalf("the answer is %v", err)
			}
			p.Behave(test.Pays)
			got, err := p.Lookup(t.Context(), payment.Request{Key: "k"})
			if errors.Is(err, payment.ErrUnknownKey) != (c.state == "") || got.State != c.state || p.Charges() != c.afterwards {
				t.Fatalf("the lookup says %+v, %v; %d charges", got, err, p.Charges())
			}
		})
	}
}

// What was paid before the process began the market remembers, and no more of it goes back than was left.
func TestItGivesBackWhatItTookBefore(t *testing.T) {
	p := &test.Provider{Memory: func(_ context.Context, key string) (paid, refunded pricing.Fen, err error) {
		switch key {
		case "known":
			return 100, 30, nil
		case "away":
			return 0, 0, errors.New("the database is away")
		}
		return 0, 0, nil
	}}
	for _, row := range []struct {
		key, payment string
		fen          pricing.Fen
		want         error
	}{
		{"1", "known", 71, payment.ErrRefundExceeds},
		{"2", "known", 40, nil},
		{"2", "known", 40, nil},
		{"3", "known", 31, payment.ErrRefundExceeds},
		{"4", "known", 30, nil},
		{"5", "known", 1, payment.ErrRefundExceeds},
		{"6", "unknown", 1, payment.ErrUnknownKey},
		{"7", "away", 1, test.ErrUnreachable},
	} {
		if _, err := p.Refund(t.Context(), payment.RefundRequest{Key: row.key, PaymentKey: row.payment, AmountFen: row.fen}); !errors.Is(err, row.want) {
			t.Errorf("%d fen of %s: %v, want %v", row.fen, row.payment, err, row.want)
		}
	}
}
