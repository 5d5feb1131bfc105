package market

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/entry"
	"gongshu/ent/db/payment"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store/storetest"
)

// A payment that waited is decided while the worker asks about it, its buyer asks twice under the same key and once under another, all
// at once: it is recorded once, with all that it brings about.
func TestAPaymentIsRecordedOnceWhoeverHearsOfIt(t *testing.T) {
	rounds := 40
	if os.Getenv("GONGSHU_CAMPAIGN") == "full" {
		rounds = 1000
	}
	eachShop(t, func(t *testing.T, s *shop) {
		before := s.count(t)
		s.paid(t, s.product.PerCall, 10)
		one := s.count(t).since(before)
		charged := s.provider.Charges()
		s.provider.Behave(paytest.Decides)
		met := map[string]int{}
		for round := range rounds {
			before := s.count(t)
			order := s.placed(t, s.product.PerCall, 10)
			id, err := s.OrderPay(s.buyer, order, OrderPayInput{paytest.Name, "one " + order.String()})
			refused(t, err, "PAYMENT_PENDING")
			for who, answer := range s.settledAmong(t, order, id, round%2 == 1) {
				met[who+" "+answer]++
			}
			if again, err := s.OrderPay(s.buyer, order, OrderPayInput{paytest.Name, "one " + order.String()}); err != nil || again != id {
				t.Fatalf("round %d: the same key is %s, %v", round, again, err)
			}
			ctx, c := s.system()
			payments := c.Payment.Query().Where(payment.OrderID(order)).AllX(ctx)
			rights := c.Entitlement.Query().Where(entitlement.OrderID(order)).CountX(ctx)
			entries := c.Entry.Query().Where(entry.OrderID(order)).CountX(ctx)
			if len(payments) != 1 || payments[0].State != ordering.PaymentSucceeded || rights != 1 || entries != 1 {
				t.Fatalf("round %d: there are %d payments, %d rights and %d entries: %+v", round, len(payments), rights, entries, payments)
			}
			if added := s.count(t).since(before); added != one {
				t.Fatalf("round %d adds %+v, not %+v", round, added, one)
			}
			if took := s.provider.Charges() - charged; took != round+1 {
				t.Fatalf("in %d rounds %d were charged", round+1, took)
			}
			if round%100 == 99 {
				storetest.Reconciled(t, s.world.Store)
			}
		}
		t.Logf("%d rounds: %v", rounds, met)
		if waited := met["client PAYMENT_PENDING"] + met["retry PAYMENT_PENDING"]; waited < rounds/2 || met["client done"]+met["retry done"] == 0 {
			t.Errorf("in %d rounds clients waited %d times", rounds, waited)
		}
	})
}

// settledAmong decides a payment while everybody asks, late once a client was answered that it waits, and returns who was answered what.
func (s *shop) settledAmong(t *testing.T, order, id uuid.UUID, late bool) map[string]string {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]string{}
	begin, answered := make(chan struct{}), make(chan struct{}, 2)
	atOnce := func(who string, ask func() error, allowed ...string) {
		all.Go(func() {
			<-begin
			err := ask()
			answer := "done"
			if err != nil {
				answer = fault.CodeOf(err)
			}
			known := false
			for _, a := range allowed {
				known = known || a == answer
			}
			if !known {
				t.Errorf("%s: %v", who, err)
			}
			mu.Lock()
			answers[who] = answer
			mu.Unlock()
			if who == "client" || who == "retry" {
				answered <- struct{}{}
			}
		})
	}
	pay := func(key string) func() error {
		return func() error {
			paid, err := s.OrderPay(s.buyer, order, OrderPayInput{paytest.Name, key + " " + order.String()})
			if key == "one" && paid != id {
				return fmt.Errorf("the same key is %s: %w", paid, err)
			}
			return err
		}
	}
	atOnce("provider", func() error {
		if late {
			<-answered
		}
		s.provider.Settle(id.String(), ordering.PaymentSucceeded)
		return nil
	}, "done")
	atOnce("worker", func() error { _, err := s.PaymentsResume(t.Context()); return err }, "done")
	atOnce("client", pay("one"), "done", "PAYMENT_PENDING")
	atOnce("retry", pay("one"), "done", "PAYMENT_PENDING")
	atOnce("other key", pay("two"), "PAYMENT_PENDING", "ORDER_NOT_PAYABLE")
	close(begin)
	all.Wait()
	return answers
}

func (n counted) since(before counted) counted {
	return counted{
		n.orders - before.orders, n.payments - before.payments, n.entitlements - before.entitlements,
		n.entries - before.entries, n.postings - before.postings, n.records - before.records,
	}
}
