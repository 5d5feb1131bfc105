package market

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db"
	dbbill "gongshu/ent/db/bill"
	"gongshu/ent/db/dispute"
	"gongshu/ent/db/entitlement"
	dbinvoice "gongshu/ent/db/invoice"
	"gongshu/ent/db/notification"
	dbpayment "gongshu/ent/db/payment"
	"gongshu/ent/db/refund"
	"gongshu/internal/authorisation"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/internal/payment/stripe"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// bought is a payment by card that succeeded.
func (c *cardHouse) bought(t *testing.T) *db.Payment {
	t.Helper()
	p := c.asked(t)
	c.cards.Pay(p.Reference)
	c.hear(t)
	ctx, d := c.system()
	if p = d.Payment.GetX(ctx, p.ID); p.State != ordering.PaymentSucceeded {
		t.Fatalf("it is %s", p.State)
	}
	return p
}

func (c *cardHouse) follow(t *testing.T) {
	t.Helper()
	if _, err := c.DisputesFollow(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// right is the status of the right that an order brought.
func (c *cardHouse) right(order uuid.UUID) ordering.EntitlementStatus {
	ctx, d := c.system()
	return d.Entitlement.Query().Where(entitlement.OrderID(order)).OnlyX(ctx).Status
}

// stands reads a dispute.
func (c *cardHouse) stands(t *testing.T, reference string) *db.Dispute {
	t.Helper()
	ctx, d := c.system()
	return d.Dispute.Query().Where(dispute.Reference(reference)).OnlyX(ctx)
}

// told is what an order's buyer and operator were told of disputes, in order.
func (c *cardHouse) told(order uuid.UUID) string {
	ctx, d := c.system()
	var all []string
	for _, n := range d.Notification.Query().Where(notification.SubjectID(order), notification.KindIn(notice.PaymentQueried, notice.PaymentDisputed, notice.DisputeWon, notice.DisputeLost)).
		Order(db.Asc(notification.FieldID)).AllX(ctx) {
		who := map[uuid.UUID]string{c.Operator: "operator", c.Buyer: "buyer"}[n.OrganisationID]
		all = append(all, who+" "+string(n.Kind))
	}
	return strings.Join(all, ", ")
}

func TestADisputeThatIsWonGivesTheRightBack(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		p := c.bought(t)
		asked := c.cards.Dispute(p.Reference, int64(p.AmountFen))
		c.hear(t)
		if d := c.stands(t, asked); d.State != ordering.DisputeOpen || d.AmountFen != p.AmountFen || d.ClosedAt != nil || c.right(p.OrderID) != ordering.EntitlementSuspended {
			t.Fatalf("it is %+v, and the right %s", d, c.right(p.OrderID))
		}
		_, err := c.refund(t, p.OrderID, 1)
		refused(t, err, "PAYMENT_DISPUTED")
		c.hear(t) // told again, it is the same
		c.cards.CloseDispute(asked, "won")
		c.hear(t)
		if d := c.stands(t, asked); d.State != ordering.DisputeWon || d.ClosedAt == nil || c.right(p.OrderID) != ordering.EntitlementActive {
			t.Fatalf("it is %+v, and the right %s", d, c.right(p.OrderID))
		}
		if got, want := c.told(p.OrderID), "operator PAYMENT_DISPUTED, buyer PAYMENT_DISPUTED, operator DISPUTE_WON, buyer DISPUTE_WON"; got != want {
			t.Errorf("told was %q, want %q", got, want)
		}
		if _, err := c.refund(t, p.OrderID, 1); err != nil {
			t.Error(err)
		}
		storetest.Reconciled(t, c.Store)
	})
}

func TestADisputeThatIsLostTakesBackOnceAndNoMoreThanIsLeft(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		ctx, d := c.system()
		whole, part, after := c.bought(t), c.bought(t), c.bought(t)
		// Of the third a part was refunded, and another is asked for.
		id, err := c.refund(t, after.OrderID, 4)
		must(t, err)
		must(t, c.decide(t, c.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
		waits, err := c.refund(t, after.OrderID, 5)
		must(t, err)
		for _, p := range []*db.Payment{whole, part, after} {
			fen := p.AmountFen
			if p == part {
				fen /= 2
			}
			asked := c.cards.Dispute(p.Reference, fen)
			if p != part { // of one the bank decides before anybody heard that it asked
				c.hear(t)
			}
			c.cards.CloseDispute(asked, "lost")
		}
		refused(t, c.decide(t, c.operatorFinance, waits, authorisation.StepOperator, authorisation.OutcomeApprove), "PAYMENT_DISPUTED")
		c.hear(t)
		c.hear(t)
		c.follow(t)
		for p, want := range map[*db.Payment]struct {
			back  int64
			right ordering.EntitlementStatus
		}{
			whole: {whole.AmountFen, ordering.EntitlementRevoked}, part: {part.AmountFen / 2, ordering.EntitlementActive}, after: {after.AmountFen - 4, ordering.EntitlementRevoked},
		} {
			row := d.Refund.Query().Where(refund.PaymentID(p.ID), refund.DisputeIDNotNil()).OnlyX(ctx)
			if row.AmountFen != want.back || row.Status != ordering.RefundPaid || c.right(p.OrderID) != want.right {
				t.Errorf("%d were taken back, %s, and the right is %s; want %+v", row.AmountFen, row.Status, c.right(p.OrderID), want)
			}
		}
		c.standing(t, store.ToldLost, 1) // the third: what was refunded of it before, its bank took again
		refused(t, c.decide(t, c.operatorFinance, waits, authorisation.StepOperator, authorisation.OutcomeApprove), "REFUND_EXCEEDS_PAYMENT")
		quota := d.Entitlement.Query().Where(entitlement.OrderID(part.OrderID)).OnlyX(ctx).QuotaCalls
		if quota == nil || *quota != 5 {
			t.Errorf("of 10 calls that were half taken back %v are left", quota)
		}
		storetest.Reconciled(t, c.Store)
	})
}

// A refund that goes at Stripe though a lost dispute took the money too is recorded as far as something was left, and stands once.
func TestARefundThatGoesBesideALostDisputeStands(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		ctx, d := c.system()
		standing := 0
		for _, left := range []int64{0, 2} {
			p := c.bought(t)
			c.cards.RefundsPend(true)
			id, err := c.refund(t, p.OrderID, 3)
			must(t, err)
			must(t, c.decide(t, c.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
			asked := c.cards.Dispute(p.Reference, p.AmountFen-left)
			c.cards.CloseDispute(asked, "lost")
			c.hear(t)
			went := d.Refund.GetX(ctx, id).Reference
			c.cards.SettleRefund(went, "succeeded")
			standing++
			for range 2 {
				c.hear(t)
				if _, err := c.RefundsResume(t.Context()); err != nil {
					t.Fatal(err)
				}
				c.standing(t, store.ToldRefund, standing)
			}
			var back int64
			for _, r := range d.Refund.Query().Where(refund.PaymentID(p.ID), refund.StatusEQ(ordering.RefundPaid)).AllX(ctx) {
				back += r.AmountFen
			}
			if got := d.Refund.GetX(ctx, id).Status; got != ordering.RefundFailed || back != p.AmountFen || c.right(p.OrderID) != ordering.EntitlementRevoked {
				t.Errorf("the refund is %s, of %d paid %d went back, and the right is %s", got, p.AmountFen, back, c.right(p.OrderID))
			}
			storetest.Reconciled(t, c.Store)
			if left == 0 { // the money comes back at Stripe: then nothing differs
				c.cards.SettleRefund(went, "failed")
				c.hear(t)
				standing--
				c.standing(t, store.ToldRefund, standing)
			}
		}
	})
}

// What a bank says otherwise after it decided changes nothing here, and stands once, until it says again what it decided.
func TestADisputeThatTurnsAfterItWasDecidedStands(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		for decided, then := range map[string]string{"won": "lost", "lost": "won"} {
			p := c.bought(t)
			asked := c.cards.Dispute(p.Reference, p.AmountFen)
			c.cards.CloseDispute(asked, decided)
			c.hear(t)
			c.standing(t, "", 0)
			before, right := c.stands(t, asked), c.right(p.OrderID)
			for range 2 {
				c.cards.CloseDispute(asked, then)
				c.hear(t)
				c.standing(t, store.ToldTurned, 1)
			}
			if now := c.stands(t, asked); now.State != before.State || c.right(p.OrderID) != right {
				t.Errorf("%s then %s it is %s, and the right %s", decided, then, now.State, c.right(p.OrderID))
			}
			c.cards.CloseDispute(asked, decided)
			c.hear(t)
			c.standing(t, "", 0)
		}
		storetest.Reconciled(t, c.Store)
	})
}

// A bank that only asks takes nothing, and what it asks back later is told then.
func TestAnInquiryTouchesNothing(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		p := c.bought(t)
		asked := c.cards.Dispute(p.Reference, int64(p.AmountFen))
		c.cards.CloseDispute(asked, "warning_needs_response")
		c.hear(t)
		if d := c.stands(t, asked); d.State != ordering.DisputeInquiry || c.right(p.OrderID) != ordering.EntitlementActive {
			t.Fatalf("it is %s, and the right %s", d.State, c.right(p.OrderID))
		}
		c.cards.CloseDispute(asked, "needs_response") // which nobody told
		c.follow(t)
		if d := c.stands(t, asked); d.State != ordering.DisputeOpen || c.right(p.OrderID) != ordering.EntitlementSuspended {
			t.Fatalf("it is %s, and the right %s", d.State, c.right(p.OrderID))
		}
		if got, want := c.told(p.OrderID), "operator PAYMENT_QUERIED, operator PAYMENT_DISPUTED, buyer PAYMENT_DISPUTED"; got != want {
			t.Errorf("told was %q, want %q", got, want)
		}
		storetest.Reconciled(t, c.Store)
	})
}

// A dispute that is told before its payment is known brings about the same.
func TestADisputeBeforeItsPayment(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		p := c.asked(t)
		c.cards.Pay(p.Reference)
		asked := c.cards.Dispute(p.Reference, int64(p.AmountFen))
		for _, e := range c.cards.Events() {
			if strings.HasPrefix(e.Type, "charge.dispute.") {
				must(t, c.tell(e.Body, c.clock, hookSecret))
			}
		}
		c.work(t)
		if d := c.stands(t, asked); d.State != ordering.DisputeOpen || c.right(p.OrderID) != ordering.EntitlementSuspended {
			t.Fatalf("it is %s, and the right %s", d.State, c.right(p.OrderID))
		}
		storetest.Reconciled(t, c.Store)
	})
}

// Nobody is paid out what a dispute may take back, and everything once it does not.
func TestADisputeHoldsShares(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		month := c.month()
		first := c.bought(t)
		second := c.paid(t, c.product.PerCall, 1000)
		asked := c.cards.Dispute(first.Reference, int64(first.AmountFen))
		c.hear(t)
		c.clock = c.clock.AddDate(0, 1, 0)
		if _, err := c.StatementsFinalise(c.finance, month); err != nil {
			t.Fatal(err)
		}
		ctx, d := c.system()
		total := func() (fen pricing.Fen) {
			batch := c.prepare(t, month)
			for _, line := range d.PayoutBatch.GetX(ctx, batch).Lines {
				fen += line.AmountFen
			}
			must(t, c.decide(t, c.approver, batch, authorisation.StepPlatform, authorisation.OutcomeRefuse))
			return fen
		}
		if got, want := total(), pricing.Fen(d.Order.GetX(ctx, second).NetFen); got != want {
			t.Errorf("%s are paid out while %s of another are held, want %s", got, pricing.Fen(first.AmountFen), want)
		}
		c.cards.CloseDispute(asked, "won")
		c.follow(t)
		if got, want := total(), pricing.Fen(d.Order.GetX(ctx, second).NetFen+d.Order.GetX(ctx, first.OrderID).NetFen); got != want {
			t.Errorf("%s are paid out then, want %s", got, want)
		}
	})
}

// What a bank takes back of a bill is owed again, and the right waits until it is paid: the uses of the month were had.
func TestWhatABankTakesBackOfABillIsOwedAgain(t *testing.T) {
	eachCards(t, func(t *testing.T, c *cardHouse) {
		ctx, d := c.system()
		m := c.metered(t, storetest.Flat(pricing.PerCall, "0.55"))
		for range 3 {
			m.call(t, "")
		}
		m.issue(t, "2026-04-01 00:05", 1)
		id := d.Bill.Query().OnlyX(ctx).ID
		pay := func() *db.Payment {
			t.Helper()
			paid, err := c.BillPay(c.buyer, id, OrderPayInput{stripe.Name, uuid.NewString()})
			must(t, err)
			return d.Payment.GetX(ctx, paid)
		}
		settle := func(p *db.Payment) {
			t.Helper()
			c.cards.Pay(p.Reference)
			c.hear(t)
		}
		lose := func(p *db.Payment, fen int64) {
			t.Helper()
			c.cards.CloseDispute(c.cards.Dispute(p.Reference, fen), "lost")
			c.hear(t)
		}
		wants := func(status ordering.BillStatus, owed int64, right ordering.EntitlementStatus) {
			t.Helper()
			if b := d.Bill.GetX(ctx, id); b.Status != status || b.OwedFen != owed || c.right(b.OrderID) != right {
				t.Fatalf("the bill is %s, %d are owed, and the right is %s; want %s, %d, %s", b.Status, b.OwedFen, c.right(b.OrderID), status, owed, right)
			}
			storetest.Reconciled(t, c.Store)
		}
		invoice := func(n int, fen pricing.Fen) {
			t.Helper()
			asked, err := c.InvoiceRequest(c.buyer, InvoiceRequestInput{BillID: id, Kind: ordering.InvoiceSpecial, Holder: holder(t), IdempotencyKey: uuid.NewString()})
			must(t, err)
			must(t, c.InvoiceIssue(c.operatorFinance, asked, InvoiceIssueInput{Number: fmt.Sprintf("%020d", n), DocumentID: c.Document(t, c.operatorFinance), TotalFen: fen}))
		}
		wants(ordering.BillIssued, 165, ordering.EntitlementActive)
		first := pay()
		settle(first)
		wants(ordering.BillPaid, 0, ordering.EntitlementActive)
		invoice(1, 165)
		lose(first, 100)
		wants(ordering.BillIssued, 100, ordering.EntitlementSuspended)
		if reds := d.Invoice.Query().Where(dbinvoice.ColourEQ(ordering.InvoiceRed)).AllX(ctx); len(reds) != 1 || reds[0].TotalFen != 100 {
			t.Errorf("the red invoices are %+v", reds)
		}
		_, err := c.InvoiceRequest(c.buyer, InvoiceRequestInput{BillID: id, Kind: ordering.InvoiceSpecial, Holder: holder(t), IdempotencyKey: uuid.NewString()})
		refused(t, err, "INVOICE_EXISTS")

		second := pay()
		if second.AmountFen != 100 {
			t.Fatalf("it is of %d", second.AmountFen)
		}
		lose(first, 65) // the rest, while the other part is being paid
		wants(ordering.BillIssued, 165, ordering.EntitlementSuspended)
		settle(second)
		wants(ordering.BillIssued, 65, ordering.EntitlementSuspended)
		settle(pay())
		wants(ordering.BillPaid, 0, ordering.EntitlementActive)
		invoice(2, 100)
		invoice(3, 65)
		_, err = c.BillPay(c.buyer, id, OrderPayInput{stripe.Name, uuid.NewString()})
		refused(t, err, "BILL_NOT_PAYABLE")

		// An attempt that was given up and is paid after all pays no more than is owed.
		lose(second, 100)
		late := pay()
		c.endedHere(t, late.ID)
		settle(pay())
		lose(d.Payment.Query().Where(dbpayment.AmountFen(65)).OnlyX(ctx), 65)
		wants(ordering.BillIssued, 65, ordering.EntitlementSuspended)
		c.cards.Pay(late.Reference)
		c.hear(t)
		if b := d.Bill.GetX(ctx, id); b.OwedFen != 65 || d.Payment.GetX(ctx, late.ID).State != ordering.PaymentExpired {
			t.Fatalf("%d are owed, and what came late is %s", b.OwedFen, d.Payment.GetX(ctx, late.ID).State)
		}
		c.standing(t, store.ToldTaken, 1)
		m.issue(t, "2026-05-01 00:05", 1) // what banks took back is no refund that a correction stands for
		if last := d.Bill.Query().Where(dbbill.Month("2026-04")).OnlyX(ctx); last.TotalFen != 0 || last.CarriedFen != 0 || len(last.Adjustments) != 0 {
			t.Errorf("the next bill is %+v", last)
		}
	})
}
