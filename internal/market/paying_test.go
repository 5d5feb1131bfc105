package market

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/payment/bank"
	"gongshu/internal/payment/stripe"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// Money that comes for a payment that was given up pays nothing while another payment of the same is on its way: an order and a bill by one rule.
func TestLateMoneyWaitsForAPaymentThatIsOnItsWay(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		m := b.metered(t, storetest.Flat(pricing.PerCall, "0.55"))
		m.call(t, "")
		m.issue(t, "2026-04-01 00:05", 1)
		march := c.Bill.Query().OnlyX(ctx)
		order := b.placed(t, b.product.PerCall, 10)
		for what, of := range map[string]struct {
			pay  func(provider string) (uuid.UUID, error)
			paid func() bool
		}{
			"bill": {
				func(provider string) (uuid.UUID, error) {
					return b.BillPay(b.buyer, march.ID, OrderPayInput{provider, uuid.NewString()})
				},
				func() bool { return c.Bill.GetX(ctx, march.ID).Status == ordering.BillPaid },
			},
			"order": {
				func(provider string) (uuid.UUID, error) {
					return b.OrderPay(b.buyer, order, OrderPayInput{provider, uuid.NewString()})
				},
				func() bool { return c.Order.GetX(ctx, order).Status == ordering.OrderPaid },
			},
		} {
			first, err := of.pay(bank.Name)
			must(t, err)
			must(t, b.PaymentCancel(b.buyer, first))
			b.provider.Behave(paytest.Redirects)
			second, err := of.pay(paytest.Name)
			must(t, err)
			p := b.paymentOf(first)
			wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference)), 0, 1, 0)
			if of.paid() {
				t.Fatalf("the %s is paid while its buyer is asked to pay it", what)
			}
			line := b.waits(t, ordering.LineLate)
			apply := BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: b.transferOf(t, p).ID, Reason: "已核实", IdempotencyKey: "apply"}
			refused(t, b.BankLineSettle(b.finance, apply), "PAYMENT_PENDING")
			b.provider.Settle(second.String(), ordering.PaymentSucceeded)
			if n, err := b.PaymentsResume(context.Background()); err != nil || n != 1 || !of.paid() {
				t.Fatalf("the %s is paid: %t; %d are settled, %v", what, of.paid(), n, err)
			}
			must(t, b.settle(t, line, ordering.LineReturn, uuid.Nil))
		}
	})
}

// Whoever pays late does so in the version that was found payable: a payment that begins in between keeps it from that.
func TestALatePaymentAndOneThatBeginsAreNotBothTaken(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		m := b.metered(t, storetest.Flat(pricing.PerCall, "0.55"))
		m.call(t, "")
		m.issue(t, "2026-04-01 00:05", 1)
		forBill, err := b.BillPay(b.buyer, c.Bill.Query().OnlyX(ctx).ID, OrderPayInput{bank.Name, "bill"})
		must(t, err)
		forOrder := b.transfer(t, b.placed(t, b.product.PerCall, 10)).ID
		for _, id := range []uuid.UUID{forBill, forOrder} {
			must(t, b.PaymentCancel(b.buyer, id))
			refused(t, b.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
				p, err := tx.PaymentByID(ctx, id)
				must(t, err)
				late, err := payableBy(ctx, tx, p)
				must(t, err)
				if p.BillID != uuid.Nil {
					_, err = tx.BeginBillPayment(ctx, late.bill, paytest.Name, "meanwhile")
				} else {
					_, err = tx.BeginPayment(ctx, late.order, paytest.Name, "meanwhile")
				}
				must(t, err)
				return b.Market.paid(ctx, tx, p, late)
			}), "CHANGED_MEANWHILE")
		}
	})
}

// hanging is a provider that hangs over one payment until nobody waits any more.
type hanging struct {
	*paytest.Provider
	over   string
	hangUp func()
	asked  []string
}

func (h *hanging) Lookup(ctx context.Context, r payment.Request) (payment.Result, error) {
	h.asked = append(h.asked, r.Key)
	if r.Key == h.over {
		h.hangUp()
		<-ctx.Done()
		return payment.Result{}, ctx.Err()
	}
	return h.Provider.Lookup(ctx, r)
}

// A sweep that is cut off goes on behind what it was cut off at, and then begins anew.
func TestASweepThatIsCutOffGoesOn(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.provider.Behave(paytest.Decides)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		h := &hanging{Provider: s.provider, hangUp: cancel}
		s.Payments[paytest.Name] = h
		var ids []string
		for range 4 {
			id, err := s.OrderPay(s.buyer, s.placed(t, s.product.PerCall, 10), OrderPayInput{paytest.Name, uuid.NewString()})
			refused(t, err, "PAYMENT_PENDING")
			ids = append(ids, id.String())
		}
		h.over = ids[1]
		if _, err := s.PaymentsResume(ctx); err == nil {
			t.Fatal("nobody cut it off")
		}
		h.hangUp = func() { t.Error("it hangs before it was everywhere else") }
		h.over = ""
		if _, err := s.PaymentsResume(context.Background()); err != nil {
			t.Fatal(err)
		}
		want := []string{ids[0], ids[1], ids[2], ids[3], ids[0], ids[1]}
		if !slices.Equal(h.asked, want) {
			t.Fatalf("it asked about\n%v, not\n%v", h.asked, want)
		}
		h.asked = nil
		if _, err := s.PaymentsResume(context.Background()); err != nil || !slices.Equal(h.asked, ids) {
			t.Fatalf("it asked about\n%v, not\n%v, %v", h.asked, ids, err)
		}
	})
}

// About a page that a buyer may still pay on the sweep asks now and then, and at once when its time is over.
func TestAPageIsAskedAboutNowAndThen(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.provider.Behave(paytest.Redirects)
		h := &hanging{Provider: s.provider}
		s.Payments[paytest.Name] = h
		id, err := s.OrderPay(s.buyer, s.placed(t, s.product.PerCall, 10), OrderPayInput{paytest.Name, "page"})
		must(t, err)
		for range 8 { // each half minute
			if _, err := s.PaymentsResume(context.Background()); err != nil {
				t.Fatal(err)
			}
			s.clock = s.clock.Add(30 * time.Second)
		}
		if len(h.asked) != 2 {
			t.Errorf("in four minutes it was asked about %d times", len(h.asked))
		}
		s.provider.Settle(id.String(), ordering.PaymentExpired)
		ctx, c := s.system()
		s.clock = *c.Payment.GetX(ctx, id).ExpiresAt
		if n, err := s.PaymentsResume(context.Background()); err != nil || n != 1 {
			t.Fatalf("%d are settled, %v", n, err)
		}
	})
}

// A refund is recorded where what it changes was changed in between, and not only where somebody else recorded it.
func TestARefundIsRecordedWhateverChangesMeanwhile(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		if b.Store.Dialect() != "postgres" {
			t.Skip("of one writer nothing changes in between")
		}
		ctx, c := b.system()
		order := b.paid(t, b.product.PerCall, 10)
		id, err := b.refund(t, order, 100)
		must(t, err)
		b.provider.Behave(paytest.Unreachable)
		must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
		b.provider.Behave(paytest.Pays)
		type ended struct {
			settled bool
			err     error
		}
		end := make(chan ended, 1)
		must(t, b.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			r, err := tx.RefundByID(ctx, id)
			if err == nil {
				err = tx.ReferRefund(ctx, r, "as it is called by its provider")
			}
			if err != nil {
				return err
			}
			go func() {
				settled, err := b.payBack(context.Background(), id)
				end <- ended{settled, err}
			}()
			const waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
			for waiting := false; !waiting; {
				if err := b.Store.Writer().QueryRowContext(ctx, waits).Scan(&waiting); err != nil {
					return err
				}
			}
			return nil
		}))
		if got := <-end; !got.settled || got.err != nil || c.Refund.GetX(ctx, id).Status != ordering.RefundPaid {
			t.Fatalf("it answered %+v, and the refund is %s", got, c.Refund.GetX(ctx, id).Status)
		}
	})
}

// elsewhere is a provider that nobody here knows by name.
type elsewhere struct{ payment.Teller }

func TestEveryProviderThatIsSetUpIsOffered(t *testing.T) {
	m := &Market{Payments: map[string]payment.Provider{
		"zebra": elsewhere{}, stripe.Name: elsewhere{}, bank.Name: &bank.Provider{}, paytest.Name: &paytest.Provider{},
	}}
	want := []WayToPay{{paytest.Name, true}, {bank.Name, false}, {stripe.Name, false}, {"zebra", false}}
	if got := m.WaysToPay(); !slices.Equal(got, want) {
		t.Errorf("offered are %v, not %v", got, want)
	}
}
