package test_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/payment/paymenttest"
	"gongshu/internal/payment/test"
)

func TestProvider(t *testing.T) {
	paymenttest.Run(t, func(*testing.T) payment.Provider { return &test.Provider{} })
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
			got, err := p.Lookup(t.Context(), "k")
			if errors.Is(err, payment.ErrUnknownKey) != (c.state == "") || got.State != c.state || p.Charges() != c.afterwards {
				t.Fatalf("the lookup says %+v, %v; %d charges", got, err, p.Charges())
			}
		})
	}
}
