package market

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db/banktransfer"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// closed has a paid order in a month that is over and closed.
func (b *books) closed(t *testing.T) (month string, order uuid.UUID) {
	t.Helper()
	month = b.month()
	order = b.paid(t, b.product.PerCall, 1000)
	b.clock = b.clock.AddDate(0, 1, 0)
	if closed, err := b.StatementsFinalise(b.finance, month); err != nil || closed != 3 {
		t.Fatalf("%d were closed, %v", closed, err)
	}
	return month, order
}

func (b *books) approve(t *testing.T, batch uuid.UUID) {
	t.Helper()
	must(t, b.decide(t, b.approver, batch, authorisation.StepPlatform, authorisation.OutcomeApprove))
}

func (b *books) refundAll(t *testing.T, order uuid.UUID) {
	t.Helper()
	ctx, c := b.system()
	id, err := b.refund(t, order, pricing.Fen(c.Order.GetX(ctx, order).TotalFen))
	must(t, err)
	must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
}

// line is what a batch pays a contributor.
func (b *books) line(t *testing.T, batch, contributor uuid.UUID) pricing.PayoutLine {
	t.Helper()
	ctx, c := b.system()
	lines := c.PayoutBatch.GetX(ctx, batch).Lines
	at := slices.IndexFunc(lines, func(l pricing.PayoutLine) bool { return l.Contributor == contributor.String() })
	if at < 0 {
		t.Fatalf("the batch does not pay %s", contributor)
	}
	return lines[at]
}

// What refunds took after the month is told to who prepares its batch.
func TestWhatABatchHoldsBackIsTold(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		month, order := b.closed(t)
		held := func() HeldBack {
			t.Helper()
			held, err := b.PayoutHeldBack(b.finance, month)
			must(t, err)
			return held
		}
		if got := held(); got != (HeldBack{}) {
			t.Fatalf("nothing was refunded, and %+v is held back", got)
		}
		before := b.balances(t)
		b.givenBack(t, order, 100)
		var took pricing.Fen
		after := b.balances(t)
		for i := range before {
			took += before[i] - after[i]
		}
		if got := held(); got.Contributors < 1 || got.Contributors > 3 || got.AmountFen != took || took == 0 {
			t.Errorf("%+v is held back, and %s was taken", got, took)
		}
		_, err := b.PayoutHeldBack(b.vendorFinance, month)
		refused(t, err, "PARTY_REQUIRED")
		_, err = b.PayoutHeldBack(b.finance, "x")
		refused(t, err, "MONTH_INVALID")
	})
}

func TestABatchIsHeldAgainstWhatIsOwedWhenItIsApproved(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		month, order := b.closed(t)
		batch := b.prepare(t, month)
		b.refundAll(t, order)
		err := b.decide(t, b.approver, batch, authorisation.StepPlatform, authorisation.OutcomeApprove)
		refused(t, err, "PAYOUT_OVER_OWED")
		ctx, c := b.system()
		first := c.PayoutBatch.GetX(ctx, batch).Lines[0]
		want := map[string]any{"contributor": c.Organisation.GetX(ctx, uuid.MustParse(first.Contributor)).Name, "amount": first.AmountFen.String(), "owed": "0.00"}
		for name, value := range want {
			if got := fault.All(err)[0].Params[name]; got != value {
				t.Errorf("its %s is %v, want %v", name, got, value)
			}
		}
		must(t, b.decide(t, b.approver, batch, authorisation.StepPlatform, authorisation.OutcomeRefuse))
		if status := c.PayoutBatch.GetX(ctx, batch).Status; status != pricing.PayoutRefused {
			t.Errorf("the batch is %s", status)
		}
		_, err = b.PayoutPrepare(b.finance, PayoutPrepareInput{Month: month, IdempotencyKey: "again"})
		refused(t, err, "NOTHING_TO_PAY")
		if got := b.balances(t); got != [3]pricing.Fen{} {
			t.Errorf("the balances are %v", got)
		}
	})
}

// A batch that was prepared after another left room for it: whichever is decided first, both are approved.
func TestBatchesLeaveRoomForEachOther(t *testing.T) {
	for _, sentence := range []string{"the first is approved first", "the second is approved and paid first"} {
		t.Run(sentence, func(t *testing.T) {
			eachBooks(t, func(t *testing.T, b *books) {
				month, _ := b.closed(t)
				first := b.prepare(t, month)
				month, _ = b.closed(t)
				batches := []uuid.UUID{first, b.prepare(t, month)}
				if sentence != "the first is approved first" {
					slices.Reverse(batches)
				}
				for _, batch := range batches {
					b.approve(t, batch)
					for _, contributor := range []uuid.UUID{b.Operator, b.Organ, b.Vendor} {
						must(t, b.confirm(batch, contributor, true))
					}
				}
				if got := b.balances(t); got != [3]pricing.Fen{} {
					t.Errorf("the balances are %v", got)
				}
			})
		})
	}
}

// The bank may have paid what was approved before a refund took it back: it is recorded, and carried over.
func TestWhatWasApprovedIsRecordedThoughItWasRefundedSince(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		month, order := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		b.refundAll(t, order)
		must(t, b.confirm(batch, b.Vendor, true))
		must(t, b.confirm(batch, b.Operator, false))
		if got, want := b.balances(t), [3]pricing.Fen{0, 0, -b.line(t, batch, b.Vendor).AmountFen}; got != want {
			t.Errorf("the balances are %v, want %v", got, want)
		}
	})
}

func TestALineWithoutAnAccountIsNotPaid(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		b.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Organisation.UpdateOneID(b.Vendor).SetPayee(access.Payee{}).Exec(ctx)
		})
		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		// What is stated later is for a later batch: nobody approved it.
		must(t, b.PayeeSet(b.vendorFinance, access.Payee{Name: "数据供应公司", Bank: "示例银行", Number: "3333333333333333"}))
		refused(t, b.confirm(batch, b.Vendor, true), "PAYOUT_ACCOUNT_MISSING")
		must(t, b.confirm(batch, b.Organ, true)) // the treasury's has none
		must(t, b.confirm(batch, b.Operator, true))
		must(t, b.confirm(batch, b.Vendor, false))
		if line := b.line(t, b.prepare(t, month), b.Vendor); line.AccountMissing() || line.Account.Number != "3333333333333333" {
			t.Errorf("the next batch pays %+v", line)
		}
	})
}

func TestAReferenceIsOfOneLine(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		confirm := func(contributor uuid.UUID, reference string) error {
			return b.PayoutConfirm(b.finance, PayoutConfirmInput{BatchID: batch, ContributorID: contributor, Paid: true, Reference: reference})
		}
		must(t, confirm(b.Vendor, "银行流水 1"))
		must(t, confirm(b.Vendor, "银行流水 1"))
		refused(t, confirm(b.Operator, " 银行流水 1"), "PAYOUT_REFERENCE_USED")
		must(t, confirm(b.Operator, "银行流水 2"))
	})
}

func TestAnAccountThatChangedIsMarked(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		pay := func() uuid.UUID {
			month, _ := b.closed(t)
			batch := b.prepare(t, month)
			b.approve(t, batch)
			for _, contributor := range []uuid.UUID{b.Operator, b.Organ, b.Vendor} {
				must(t, b.confirm(batch, contributor, true))
			}
			return batch
		}
		changed := func(batch uuid.UUID) (out [3]bool) {
			for i, contributor := range []uuid.UUID{b.Operator, b.Organ, b.Vendor} {
				out[i] = b.line(t, batch, contributor).AccountChanged
			}
			return out
		}
		if got := changed(pay()); got != [3]bool{} {
			t.Errorf("of the first payment it says %v", got)
		}
		must(t, b.PayeeSet(b.vendorFinance, access.Payee{Name: "别人", Bank: "示例银行", Number: "2222222222222222"}))
		if got := changed(pay()); got != [3]bool{false, false, true} {
			t.Errorf("after one changed it says %v", got)
		}
		if got := changed(pay()); got != [3]bool{} {
			t.Errorf("of the payment after that it says %v", got)
		}
	})
}

func TestALineThatFailedWasPaidAfterAll(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		for _, contributor := range []uuid.UUID{b.Operator, b.Organ, b.Vendor} {
			must(t, b.confirm(batch, contributor, false))
		}
		after := func(batch, contributor uuid.UUID, reason string) error {
			return b.PayoutConfirm(b.finance, PayoutConfirmInput{BatchID: batch, ContributorID: contributor, Paid: true, Reference: contributor.String(), Reason: reason})
		}
		owed := b.balances(t)
		err := after(batch, b.Vendor, " ")
		refused(t, err, "REASON_MISSING")
		if field := fault.All(err)[0].Field; field != "input.reason" {
			t.Errorf("it is refused at %s", field)
		}
		for range 2 { // the same again changes nothing
			must(t, after(batch, b.Vendor, "银行次日入账"))
		}
		if got, want := b.balances(t), [3]pricing.Fen{owed[0], owed[1], 0}; got != want {
			t.Errorf("the balances are %v, want %v", got, want)
		}
		ctx, c := b.system()
		if line, row := b.line(t, batch, b.Vendor), c.PayoutBatch.GetX(ctx, batch); line.Reason != "银行次日入账" || row.Status != pricing.PayoutDone {
			t.Errorf("the line is %+v, and its batch %s", line, row.Status)
		}
		refused(t, b.confirm(batch, b.Vendor, false), "PAYOUT_LINE_DECIDED")

		// What another batch pays by now is not paid twice, whichever of the two is the later.
		b.clock = b.clock.AddDate(0, 0, 1)
		later := b.prepare(t, month)
		err = after(batch, b.Operator, "银行次日入账")
		refused(t, err, "PAYOUT_PREPARED_AGAIN")
		if got := fault.All(err)[0].Params["batch"]; got != publicid.Encode("pbt", later) {
			t.Errorf("it names %v", got)
		}
		b.approve(t, later)
		must(t, b.confirm(later, b.Organ, true))
		refused(t, after(batch, b.Organ, "银行次日入账"), "PAYOUT_PREPARED_AGAIN")
		must(t, b.confirm(later, b.Operator, false))
		b.clock = b.clock.AddDate(0, 0, 1)
		must(t, after(batch, b.Operator, "银行次日入账"))
		refused(t, after(later, b.Operator, "银行次日入账"), "PAYOUT_PREPARED_AGAIN")
		if got := b.balances(t); got != [3]pricing.Fen{} {
			t.Errorf("the balances are %v", got)
		}
	})
}

// The bank is told the code of each line, so that what its statement says closes the line by itself.
func TestAPayoutIsOrderedWithItsCode(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		orders, err := b.PayoutExport(b.finance, batch)
		must(t, err)
		ctx, c := b.system()
		for _, o := range orders {
			expected := c.BankTransfer.Query().Where(banktransfer.Code(o.Code)).OnlyX(ctx)
			if expected.AmountFen != int64(o.AmountFen) || expected.OrganisationID == nil || expected.OrganisationID.String() != o.Contributor {
				t.Errorf("the code of %+v is of %+v", o, expected)
			}
		}
		if len(orders) != 3 {
			t.Errorf("the bank is told of %d lines", len(orders))
		}
	})
}
