package market

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/payment/bank"
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
			apply := BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: b.transferOf(t, p).ID, Reason: "已核实"}
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
