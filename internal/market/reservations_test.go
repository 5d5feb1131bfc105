package market

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// limited is a plan of the shop's product of which there may be so many orders.
func (s *shop) limited(t *testing.T, most int) uuid.UUID {
	t.Helper()
	id, err := s.PlanAdd(s.Person(t, s.Operator, access.Publisher), s.product.ID, PlanInput{
		Name: "限量", Tariff: storetest.Flat(pricing.PerCall, "1"), TermMonths: 12, Trial: true, LimitedTo: &most,
	})
	must(t, err)
	s.Status(t, s.product, authorisation.ProductListed) // the gate asks for more than this shop has
	return id
}

func TestAPlanIsSoldAsOftenAsItMay(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		for _, n := range []int{0, -1, MaxPlanOrders + 1} {
			_, err := b.PlanAdd(b.operatorSells, b.product.ID, PlanInput{Name: "x", Tariff: storetest.Flat(pricing.PerCall, "1"), TermMonths: 12, Trial: true, LimitedTo: &n})
			refused(t, err, "LIMIT_INVALID")
		}
		plan := b.limited(t, 2)
		ctx, c := b.system()
		taken := func(want int) {
			t.Helper()
			if got := c.Plan.GetX(ctx, plan).Taken; got != want {
				t.Fatalf("%d are taken, want %d", got, want)
			}
		}
		in := b.input("one")
		in.PlanID = plan
		one, err := b.OrderPlace(b.buyer, in)
		must(t, err)
		if again, err := b.OrderPlace(b.buyer, in); err != nil || again != one {
			t.Fatalf("the same key is %s, %v", again, err)
		}
		taken(1)
		two := b.placed(t, plan, 10)
		taken(2)
		soldOut := func() {
			t.Helper()
			in := b.input(uuid.NewString())
			in.PlanID = plan
			_, err := b.OrderPlace(b.buyer, in)
			refused(t, err, "PLAN_SOLD_OUT")
			_, err = b.Quote(b.buyer, QuoteInput{ProductID: in.ProductID, PlanID: plan, Purpose: in.Purpose, Quantity: 1})
			refused(t, err, "PLAN_SOLD_OUT")
		}
		soldOut()
		must(t, b.OrderCancel(b.buyer, two))
		taken(1)
		three := b.paid(t, plan, 10)
		soldOut()

		// What nobody paid in time makes room, and is not paid any more.
		b.clock = b.clock.Add(72 * time.Hour)
		_, err = b.OrderPay(b.buyer, one, OrderPayInput{paytest.Name, "late"})
		refused(t, err, "ORDER_EXPIRED")
		if n, err := b.expireOrders(ctx); err != nil || n != 0 {
			t.Fatalf("at its last moment %d expired, %v", n, err)
		}
		b.clock = b.clock.Add(expiryMargin + time.Second)
		if n, err := b.expireOrders(ctx); err != nil || n != 1 {
			t.Fatalf("%d expired, %v", n, err)
		}
		taken(1)
		if o := c.Order.GetX(ctx, one); o.Status != ordering.OrderExpired {
			t.Errorf("the order is %s", o.Status)
		}
		_, err = b.OrderPay(b.buyer, one, OrderPayInput{paytest.Name, "later"})
		refused(t, err, "ORDER_NOT_PAYABLE")

		// One whose payment is on its way waits for it.
		four := b.placed(t, plan, 10)
		b.provider.Behave(paytest.Decides)
		payment, err := b.OrderPay(b.buyer, four, OrderPayInput{paytest.Name, "slow"})
		refused(t, err, "PAYMENT_PENDING")
		b.clock = b.clock.Add(100 * time.Hour)
		if n, err := b.expireOrders(ctx); err != nil || n != 0 {
			t.Fatalf("%d expired while money was on its way, %v", n, err)
		}
		b.provider.Settle(payment.String(), ordering.PaymentSucceeded)
		_, err = b.PaymentsResume(ctx)
		must(t, err)
		taken(2)

		// A refund of a part keeps the place, one of the whole frees it.
		b.provider.Behave(paytest.Pays)
		total := pricing.Fen(c.Order.GetX(ctx, three).TotalFen)
		for _, part := range []struct {
			fen  pricing.Fen
			left int
		}{{1, 2}, {total - 1, 1}} {
			id, err := b.refund(t, three, part.fen)
			must(t, err)
			must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
			taken(part.left)
		}
	})
}

// Of everybody who orders the last one at once, one gets it, and nobody else is asked for money.
func TestOneGetsTheLast(t *testing.T) {
	buyers, rounds := 40, 2
	if os.Getenv("GONGSHU_CAMPAIGN") == "full" {
		buyers, rounds = 500, 20
	}
	eachShop(t, func(t *testing.T, s *shop) {
		for round := range rounds {
			plan := s.limited(t, 1)
			var all sync.WaitGroup
			won := make([]uuid.UUID, buyers)
			for i := range buyers {
				all.Go(func() {
					in := s.input(fmt.Sprint("last ", round, " ", i))
					in.PlanID = plan
					id, err := s.OrderPlace(s.buyer, in)
					if err == nil {
						won[i] = id
						_, err = s.OrderPay(s.buyer, id, OrderPayInput{paytest.Name, fmt.Sprint("pay ", round, " ", i)})
						if err != nil {
							t.Error(err)
						}
						return
					}
					if fault.CodeOf(err) != "PLAN_SOLD_OUT" {
						t.Error(err)
					}
				})
			}
			all.Wait()
			winners := 0
			for _, id := range won {
				if id != uuid.Nil {
					winners++
				}
			}
			ctx, c := s.system()
			if taken := c.Plan.GetX(ctx, plan).Taken; winners != 1 || taken != 1 {
				t.Fatalf("round %d: %d won, %d are taken", round, winners, taken)
			}
			must(t, s.world.PlanWithdraw(s.Person(t, s.Operator, access.Publisher), plan))
		}
		if charges := s.provider.Charges(); charges != rounds {
			t.Errorf("%d were charged in %d rounds", charges, rounds)
		}
	})
}
