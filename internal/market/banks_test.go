package market

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongshu/ent/db"
	"gongshu/ent/db/bankline"
	"gongshu/ent/db/banktransfer"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/payment"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/job"
	"gongshu/internal/ordering"
	"gongshu/internal/payment/bank"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// bankHouse are books of a market that takes transfers.
type bankHouse struct {
	*books
	payer string
}

func eachBank(t *testing.T, run func(t *testing.T, b *bankHouse)) {
	t.Helper()
	eachBooks(t, func(t *testing.T, b *books) { run(t, newBank(t, b)) })
}

func newBank(t *testing.T, b *books) *bankHouse {
	t.Helper()
	b.Payments[bank.Name] = &bank.Provider{Account: ordering.Transfer{Payee: "公共数据平台", Bank: "示例银行", Account: "6200 0000"}, Book: BankBook{b.Store}}
	b.tx(t, func(ctx context.Context, tx *store.Tx) error { // a job asks for the rights of its person again
		return tx.Membership.Create().SetCreatedAt(tx.Now()).SetPersonID(access.FromContext(b.finance).PersonID).SetOrganisationID(b.platform).
			SetRoles([]access.Role{access.Finance}).Exec(ctx)
	})
	ctx, c := b.system()
	return &bankHouse{b, c.Organisation.GetX(ctx, b.Buyer).Name}
}

// transfer asks for an order's payment by transfer, and returns the payment with its code and amount.
func (b *bankHouse) transfer(t *testing.T, order uuid.UUID) *db.Payment {
	t.Helper()
	id, err := b.OrderPay(b.buyer, order, OrderPayInput{bank.Name, uuid.NewString()})
	must(t, err)
	return b.paymentOf(id)
}

func (b *bankHouse) paymentOf(id uuid.UUID) *db.Payment {
	ctx, c := b.system()
	return c.Payment.GetX(ctx, id)
}

// line writes a line of a statement.
func (b *bankHouse) line(fen pricing.Fen, remark string) string {
	in, out := fen.String(), ""
	if fen < 0 {
		in, out = "", (-fen).String()
	}
	return strings.Join([]string{b.today(), in, out, b.payer, "622200001111", "付款银行", remark, uuid.NewString()}, ",")
}

func (b *bankHouse) today() string { return authorisation.DayOf(b.clock).String() }

const statementHeader = "交易日期,贷方发生额,借方发生额,对方户名,对方账号,对方开户行,附言,交易流水号\n"

// bring imports a statement and works its job.
func (b *bankHouse) bring(t *testing.T, lines ...string) *db.Job {
	t.Helper()
	return b.bringFile(t, []byte(statementHeader+strings.Join(lines, "\n")+"\n"))
}

func (b *bankHouse) bringFile(t *testing.T, raw []byte) *db.Job {
	t.Helper()
	id, err := b.BankStatementQueue(b.finance, BankStatementInput{FileName: "流水.csv"}, bytes.NewReader(raw))
	must(t, err)
	must(t, b.JobRun(context.Background(), id))
	ctx, c := b.system()
	row := c.Job.GetX(ctx, id)
	if row.State != job.Done {
		t.Fatalf("the job is %s: %+v", row.State, row.Result)
	}
	storetest.Reconciled(t, b.Store)
	return row
}

// want says what a statement's lines became.
func wantLines(t *testing.T, row *db.Job, matched, queued, known int) {
	t.Helper()
	if got, want := *row.Result.Lines, (job.StatementLines{Known: known, Matched: matched, Queued: queued}); got != want {
		t.Fatalf("of the lines %+v, want %+v", got, want)
	}
}

// wantPaid says whether an order is paid, and has its right.
func (b *bankHouse) wantPaid(t *testing.T, order uuid.UUID, status ordering.OrderStatus) {
	t.Helper()
	ctx, c := b.system()
	rights := c.Entitlement.Query().Where(entitlement.OrderID(order)).CountX(ctx)
	if got := c.Order.GetX(ctx, order).Status; got != status || (rights == 1) != (status == ordering.OrderPaid) {
		t.Fatalf("the order is %s with %d rights, want %s", got, rights, status)
	}
}

// waits is the newest line that waits, with its reason.
func (b *bankHouse) waits(t *testing.T, reason ordering.LineReason) *db.BankLine {
	t.Helper()
	ctx, c := b.system()
	row := c.BankLine.Query().Where(bankline.StateEQ(ordering.LineQueued)).Order(db.Desc(bankline.FieldID)).FirstX(ctx)
	if row.Reason == nil || *row.Reason != reason {
		t.Fatalf("the line waits because of %v, want %s", row.Reason, reason)
	}
	return row
}

// settle proposes and agrees.
func (b *bankHouse) settle(t *testing.T, line *db.BankLine, action ordering.LineAction, transfer uuid.UUID) error {
	t.Helper()
	must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: action, TransferID: transfer, Reason: "已核实", IdempotencyKey: uuid.NewString()}))
	err := b.decide(t, b.approver, line.ID, authorisation.StepPlatform, authorisation.OutcomeApprove)
	if err == nil {
		storetest.Reconciled(t, b.Store)
	}
	return err
}

func (b *bankHouse) transferOf(t *testing.T, p *db.Payment) *db.BankTransfer {
	t.Helper()
	ctx, c := b.system()
	return c.BankTransfer.Query().Where(banktransfer.PaymentID(p.ID), banktransfer.KindEQ(ordering.TransferPayment)).OnlyX(ctx)
}

func TestATransferPaysItsOrder(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		order := b.placed(t, b.product.PerCall, 10)
		key := uuid.NewString()
		id, err := b.OrderPay(b.buyer, order, OrderPayInput{bank.Name, key})
		must(t, err)
		p := b.paymentOf(id)
		if p.State != ordering.PaymentPending || p.Next == nil || p.Next.Transfer == nil || p.Next.Transfer.Code != p.Reference || p.Next.Transfer.Account != "6200 0000" || p.ExpiresAt == nil {
			t.Fatalf("it is %+v", p)
		}
		if again, err := b.OrderPay(b.buyer, order, OrderPayInput{bank.Name, key}); err != nil || again != id {
			t.Fatalf("the same key is %s, %v", again, err)
		}
		_, err = b.OrderPay(b.buyer, order, OrderPayInput{paytest.Name, "other"})
		refused(t, err, "PAYMENT_PENDING")
		refused(t, b.OrderCancel(b.buyer, order), "PAYMENT_PENDING")

		// The file in the encoding of banks, with a column that nobody needs and a total; twice, and the line in another file.
		line := b.line(pricing.Fen(p.AmountFen), "数据服务费 "+strings.ToLower(p.Reference))
		text := "某某银行账户明细\n" + strings.ReplaceAll(statementHeader, "\n", ",余额\n") + line + ",9999.00\n合计,,,,,,,,\n"
		raw, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
		must(t, err)
		row := b.bringFile(t, raw)
		wantLines(t, row, 1, 0, 0)
		b.wantPaid(t, order, ordering.OrderPaid)
		if p := b.paymentOf(id); p.State != ordering.PaymentSucceeded || p.Next != nil {
			t.Fatalf("it is %+v", p)
		}
		if again := b.bringFile(t, raw); again.ID != row.ID {
			t.Fatal("the same file is another job")
		}
		wantLines(t, b.bring(t, line), 0, 0, 1)
	})
}

func TestWhatNobodyExpectsWaitsForTwoPersons(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		// Less than is due, then the rest: it is paid once all is there.
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		half := pricing.Fen(p.AmountFen) / 2
		wantLines(t, b.bring(t, b.line(half, p.Reference)), 0, 1, 0)
		line := b.waits(t, ordering.LineUnderpaid)
		transfer := b.transferOf(t, p)
		refused(t, b.BankLineSettle(b.buyer, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, Reason: "x", IdempotencyKey: uuid.NewString()}), "PARTY_REQUIRED")
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, Reason: "x", IdempotencyKey: uuid.NewString()}), "ACTION_INVALID")
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineNote, Reason: "x", IdempotencyKey: uuid.NewString()}), "ACTION_INVALID")
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, IdempotencyKey: uuid.NewString()}), "REASON_MISSING")
		must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: transfer.ID, Reason: "先付一半", IdempotencyKey: uuid.NewString()}))
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, Reason: "x", IdempotencyKey: uuid.NewString()}), "LINE_NOT_QUEUED")
		if err := b.decide(t, b.finance, line.ID, authorisation.StepPlatform, authorisation.OutcomeApprove); err == nil {
			t.Fatal("who proposes also agrees")
		}
		must(t, b.decide(t, b.approver, line.ID, authorisation.StepPlatform, authorisation.OutcomeApprove))
		storetest.Reconciled(t, b.Store)
		b.wantPaid(t, order, ordering.OrderPlaced)
		refused(t, b.PaymentCancel(b.buyer, p.ID), "PAYMENT_PENDING")
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen)-half, p.Reference)), 1, 0, 0)
		b.wantPaid(t, order, ordering.OrderPaid)

		// Twice, and more than is due.
		wantLines(t, b.bring(t, b.line(5, p.Reference)), 0, 1, 0)
		must(t, b.settle(t, b.waits(t, ordering.LineDouble), ordering.LineReturn, uuid.Nil))
		order = b.placed(t, b.product.PerCall, 10)
		p = b.transfer(t, order)
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen)+7, p.Reference)), 0, 1, 0)
		must(t, b.settle(t, b.waits(t, ordering.LineOverpaid), ordering.LineApply, b.transferOf(t, p).ID))
		b.wantPaid(t, order, ordering.OrderPaid)
		ctx, c := b.system()
		returned := c.BankTransfer.Query().Where(banktransfer.KindEQ(ordering.TransferReturn), banktransfer.AmountFen(7)).OnlyX(ctx)
		if returned.Payee.Number != "622200001111" {
			t.Errorf("it is returned to %+v", returned.Payee)
		}
		wantLines(t, b.bring(t, b.line(-7, "退回 "+returned.Code)), 1, 0, 0)
		wantLines(t, b.bring(t, b.line(-9, "手续费")), 0, 1, 0)
		must(t, b.settle(t, b.waits(t, ordering.LineOutgoing), ordering.LineNote, uuid.Nil))

		// Without a code: fitting one by amount and payer, or none.
		order = b.placed(t, b.product.PerCall, 10)
		p = b.transfer(t, order)
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), "服务费"), b.line(3, "服务费")), 0, 2, 0)
		b.waits(t, ordering.LineUnknown)
		must(t, b.settle(t, c.BankLine.Query().Where(bankline.AmountFen(3)).OnlyX(ctx), ordering.LineReturn, uuid.Nil))
		line = b.waits(t, ordering.LineSuggested)
		if line.BankTransferID == nil || *line.BankTransferID != b.transferOf(t, p).ID {
			t.Fatalf("it suggests %v", line.BankTransferID)
		}
		// A proposal that is refused puts the line back.
		must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, Reason: "x", IdempotencyKey: uuid.NewString()}))
		must(t, b.decide(t, b.approver, line.ID, authorisation.StepPlatform, authorisation.OutcomeRefuse))
		b.waits(t, ordering.LineSuggested)
		must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: b.transferOf(t, p).ID, Reason: "x", IdempotencyKey: uuid.NewString()}))
		b.wantPaid(t, order, ordering.OrderPlaced)
	})
}

func TestALateTransferReopensItsOrder(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		plan := b.limited(t, 1)
		expired := func() (uuid.UUID, *db.Payment) {
			t.Helper()
			order := b.placed(t, plan, 10)
			p := b.transfer(t, order)
			b.clock = b.clock.Add(80 * time.Hour)
			_, err := b.PaymentsResume(ctx)
			must(t, err)
			if got := b.paymentOf(p.ID).State; got != ordering.PaymentExpired {
				t.Fatalf("the payment is %s", got)
			}
			if n, err := b.expireOrders(ctx); err != nil || n != 1 {
				t.Fatalf("%d expired, %v", n, err)
			}
			b.wantPaid(t, order, ordering.OrderExpired)
			return order, p
		}
		first, p := expired()
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference)), 1, 0, 0)
		b.wantPaid(t, first, ordering.OrderPaid)
		if taken := c.Plan.GetX(ctx, plan).Taken; taken != 1 {
			t.Errorf("%d are taken", taken)
		}
		b.refundAll(t, first) // the money is still on its way, the place not free
		back := c.BankTransfer.Query().Where(banktransfer.KindEQ(ordering.TransferRefund)).OnlyX(ctx)
		wantLines(t, b.bring(t, b.line(-pricing.Fen(back.AmountFen), back.Code)), 1, 0, 0)

		// Another has the place by now.
		second, p := expired()
		b.paid(t, plan, 10)
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference)), 0, 1, 0)
		b.wantPaid(t, second, ordering.OrderExpired)
		line := b.waits(t, ordering.LineLate)
		refused(t, b.settle(t, line, ordering.LineApply, b.transferOf(t, p).ID), "PLAN_SOLD_OUT")
		must(t, b.decide(t, b.approver, line.ID, authorisation.StepPlatform, authorisation.OutcomeRefuse))
		must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, Reason: "已售完", IdempotencyKey: uuid.NewString()}))
	})
}

func TestWhoPaysOtherwiseGivesATransferUp(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		refused(t, b.PaymentCancel(b.operatorSells, p.ID), "NOT_FOUND")
		must(t, b.PaymentCancel(b.buyer, p.ID))
		must(t, b.PaymentCancel(b.buyer, p.ID))
		paid, err := b.OrderPay(b.buyer, order, OrderPayInput{paytest.Name, "card"})
		must(t, err)
		b.wantPaid(t, order, ordering.OrderPaid)
		refused(t, b.PaymentCancel(b.buyer, paid), "PAYMENT_SETTLED")
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference)), 0, 1, 0)
		line := b.waits(t, ordering.LineLate)
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: b.transferOf(t, p).ID, Reason: "x", IdempotencyKey: uuid.NewString()}), "ORDER_NOT_PAYABLE")
		must(t, b.settle(t, line, ordering.LineReturn, uuid.Nil))

		// Nobody paid otherwise: the transfer that was given up pays all the same.
		order = b.placed(t, b.product.PerCall, 10)
		p = b.transfer(t, order)
		must(t, b.PaymentCancel(b.buyer, p.ID))
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference)), 1, 0, 0)
		b.wantPaid(t, order, ordering.OrderPaid)
	})
}

// A transfer for a bill that is paid otherwise meanwhile waits, and keeps nothing else of its statement from being paid.
func TestABillIsPaidByTransferOnce(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		m := b.metered(t, storetest.Flat(pricing.PerCall, "0.55"))
		m.call(t, "")
		m.issue(t, "2026-04-01 00:05", 1)
		march := c.Bill.Query().OnlyX(ctx)
		by := func(provider string) *db.Payment {
			t.Helper()
			id, err := b.BillPay(b.buyer, march.ID, OrderPayInput{provider, uuid.NewString()})
			must(t, err)
			return b.paymentOf(id)
		}
		p := by(bank.Name)
		must(t, b.PaymentCancel(b.buyer, p.ID))
		by(paytest.Name)
		order := b.placed(t, b.product.PerCall, 10)
		other := b.transfer(t, order)
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference), b.line(pricing.Fen(other.AmountFen), other.Reference)), 1, 1, 0)
		b.wantPaid(t, order, ordering.OrderPaid)
		must(t, b.settle(t, b.waits(t, ordering.LineLate), ordering.LineReturn, uuid.Nil))

		m.call(t, "")
		m.issue(t, "2026-05-01 00:05", 1)
		march = c.Bill.Query().Where(bill.Month("2026-04")).OnlyX(ctx)
		p = by(bank.Name)
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference)), 1, 0, 0)
		if got := c.Bill.GetX(ctx, march.ID).Status; got != ordering.BillPaid {
			t.Fatalf("the bill is %s", got)
		}
	})
}

func TestRefundsAndPayoutsAreDoneOnceAStatementTellsOfThem(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference))
		refund, err := b.refund(t, order, 5)
		must(t, err)
		must(t, b.decide(t, b.operatorFinance, refund, authorisation.StepOperator, authorisation.OutcomeApprove))
		row := c.Refund.GetX(ctx, refund)
		back := c.BankTransfer.Query().Where(banktransfer.KindEQ(ordering.TransferRefund)).OnlyX(ctx)
		if row.Status != ordering.RefundApproved || row.Reference != back.Code || back.Payee.Number != "622200001111" || back.Payee.Name != b.payer {
			t.Fatalf("the refund is %+v, and goes to %+v", row, back.Payee)
		}
		storetest.Reconciled(t, b.Store)
		wantLines(t, b.bring(t, b.line(-5, "退款"+back.Code)), 1, 0, 0)
		if got := c.Refund.GetX(ctx, refund).Status; got != ordering.RefundPaid {
			t.Fatalf("the refund is %s", got)
		}

		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		payouts := c.BankTransfer.Query().Where(banktransfer.KindEQ(ordering.TransferPayout)).AllX(ctx)
		lines := make([]string, len(payouts))
		for i, out := range payouts {
			lines[i] = b.line(-pricing.Fen(out.AmountFen), out.Code)
		}
		lines = append(lines, b.line(-pricing.Fen(payouts[0].AmountFen)-1, payouts[0].Code))
		wantLines(t, b.bring(t, lines...), len(payouts), 1, 0)
		if got := c.PayoutBatch.GetX(ctx, batch).Status; got != pricing.PayoutDone {
			t.Fatalf("the batch is %s", got)
		}
	})
}

// What went without its code is suggested by amount, name and day, and done once two persons said so.
func TestWhatWentWithoutItsCodeIsSuggestedAndConfirmed(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		month, _ := b.closed(t)
		batch := b.prepare(t, month)
		b.approve(t, batch)
		payouts := c.BankTransfer.Query().Where(banktransfer.KindEQ(ordering.TransferPayout)).AllX(ctx)
		named := slices.IndexFunc(payouts, func(row *db.BankTransfer) bool { return row.Payee.Name != "" })
		out := payouts[named]
		went := func(name string, fen pricing.Fen) string {
			return strings.Join([]string{b.today(), "", fen.String(), name, "622200001111", "收款银行", "结算款", uuid.NewString()}, ",")
		}
		fen := pricing.Fen(out.AmountFen)
		wantLines(t, b.bring(t, went("别的公司", fen)), 0, 1, 0)
		b.waits(t, ordering.LineOutgoing)
		wantLines(t, b.bring(t, went(out.Payee.Name, fen+1)), 0, 1, 0)
		odd := b.waits(t, ordering.LineOutgoing)
		wantLines(t, b.bring(t, went(out.Payee.Name, fen)), 0, 1, 0)
		line := b.waits(t, ordering.LineSuggested)
		if *line.BankTransferID != out.ID || b.paidBy(batch, out).State != pricing.PayoutLinePending {
			t.Fatalf("it may be %v, want %s", line.BankTransferID, out.ID)
		}
		say := func(line *db.BankLine, action ordering.LineAction, transfer uuid.UUID) error {
			return b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: action, TransferID: transfer, Reason: "x", IdempotencyKey: uuid.NewString()})
		}
		refused(t, say(line, ordering.LineReturn, uuid.Nil), "ACTION_INVALID")
		refused(t, say(line, ordering.LineApply, uuid.Nil), "ACTION_INVALID")
		refused(t, say(odd, ordering.LineApply, out.ID), "TRANSFER_AMOUNT_DIFFERS")
		payment := b.transferOf(t, b.transfer(t, b.placed(t, b.product.PerCall, 10)))
		refused(t, say(line, ordering.LineApply, payment.ID), "NOT_FOUND")

		must(t, b.settle(t, line, ordering.LineApply, out.ID))
		if now := b.paidBy(batch, out); now.State != pricing.PayoutLineConfirmed || now.Reference != line.Serial {
			t.Errorf("the line of the batch is %+v", now)
		}
		if now := b.transferByID(out.ID); now.State != ordering.TransferDone || now.ReceivedFen != out.AmountFen {
			t.Errorf("the transfer is %s with %d", now.State, now.ReceivedFen)
		}
		wantLines(t, b.bring(t, went(out.Payee.Name, fen)), 0, 1, 0) // which is another, and fits nothing
		refused(t, say(b.waits(t, ordering.LineOutgoing), ordering.LineApply, out.ID), "TRANSFER_PAID")
	})
}

// paidBy is the line of a batch that a transfer pays.
func (b *bankHouse) paidBy(batch uuid.UUID, out *db.BankTransfer) pricing.PayoutLine {
	ctx, c := b.system()
	for _, line := range c.PayoutBatch.GetX(ctx, batch).Lines {
		if line.Contributor == out.OrganisationID.String() {
			return line
		}
	}
	return pricing.PayoutLine{}
}

func TestAStatementThatCannotBeReadChangesNothing(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		good := b.line(100, "x")
		for _, c := range []struct {
			sentence, code, field string
			raw                   string
		}{
			{"a broken encoding", "TABLE_ENCODING", "", statementHeader + good + "\n\xff\xff\xff,1\n"},
			{"no column of remarks", "COLUMN_MISSING", "remark", "交易日期,交易金额,对方户名\n2026-03-01,1,甲\n"},
			{"no amounts", "COLUMN_MISSING", "amount", "交易日期,对方户名,附言\n2026-03-01,甲,x\n"},
			{"another currency", "CURRENCY_INVALID", "E2", "交易日期,交易金额,对方户名,附言,币种\n2026-03-01,1,甲,x,USD\n"},
			{"a day that is none", "DAY_INVALID", "A2", "交易日期,交易金额,对方户名,附言\n2026-02-30,1,甲,x\n"},
			{"nothing", "STATEMENT_EMPTY", "", statementHeader},
		} {
			_, err := b.BankStatementQueue(b.finance, BankStatementInput{FileName: "x.csv"}, strings.NewReader(c.raw))
			faults := fault.All(err)
			if len(faults) == 0 || faults[0].Code != c.code || c.field != "" && faults[0].Field != c.field {
				t.Errorf("%s: %v", c.sentence, err)
			}
		}
		_, err := b.BankStatementQueue(b.approver, BankStatementInput{FileName: "x.csv"}, strings.NewReader(statementHeader+good))
		refused(t, err, "ROLE_REQUIRED")
		_, err = b.BankStatementQueue(b.finance, BankStatementInput{}, strings.NewReader(statementHeader+good))
		refused(t, err, "TEXT_MISSING")
		ctx, c := b.system()
		if n := c.BankStatement.Query().CountX(ctx) + c.BankLine.Query().CountX(ctx) + c.Job.Query().CountX(ctx); n != 0 {
			t.Errorf("%d rows are there", n)
		}

		// A bank that names its columns otherwise.
		id, err := b.BankFormatSave(b.finance, BankFormatInput{"外资银行", ordering.StatementColumns{Day: "Tag", Amount: "Betrag", Counterparty: "Wer", Remark: "Zweck"}})
		must(t, err)
		same, err := b.BankFormatSave(b.finance, BankFormatInput{"外资银行", ordering.StatementColumns{Day: "Datum", Amount: "Betrag", Counterparty: "Wer", Remark: "Zweck"}})
		if err != nil || same != id {
			t.Fatalf("the same bank is %s, %v", same, err)
		}
		_, err = b.BankStatementQueue(b.finance, BankStatementInput{"x.csv", id}, strings.NewReader("Datum,Betrag,Wer,Zweck\n2026-03-01,1,甲,x\n"))
		must(t, err)
		_, err = b.BankFormatSave(b.finance, BankFormatInput{"外资银行", ordering.StatementColumns{Day: "Datum", In: "Betrag", Out: " betrag", Remark: "ＤＡＴＵＭ"}})
		twice := fault.All(err)
		if len(twice) != 2 || twice[0].Code != "COLUMN_NAME_TAKEN" || twice[0].Field != "input.columns.out" || twice[1].Field != "input.columns.remark" {
			t.Errorf("two columns of a name: %v", twice)
		}
		_, err = b.BankFormatSave(b.buyer, BankFormatInput{Name: "x"})
		refused(t, err, "PARTY_REQUIRED")
	})
}

// A kill between the statement and its payments leaves them to the worker.
func TestWhatAStatementMatchedIsPaidAfterAKill(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		raw := []byte(statementHeader + b.line(pricing.Fen(p.AmountFen), p.Reference) + "\n")
		id, err := b.BankStatementQueue(b.finance, BankStatementInput{FileName: "x.csv"}, bytes.NewReader(raw))
		must(t, err)
		ctx, c := b.system()
		row := c.Job.GetX(ctx, id)
		lines, err := readStatement(ctx, raw, ordering.StatementColumns{}, b.today())
		must(t, err)
		_, err = once(ctx, b.Store, func(ctx context.Context, tx *store.Tx) (int, error) { return matchLines(ctx, tx, row.SubjectID, lines) })
		must(t, err)
		storetest.Reconciled(t, b.Store)
		b.wantPaid(t, order, ordering.OrderPlaced)
		if n, err := b.PaymentsResume(ctx); err != nil || n != 1 {
			t.Fatalf("%d are settled, %v", n, err)
		}
		b.wantPaid(t, order, ordering.OrderPaid)
		must(t, b.JobRun(ctx, id))
		wantLines(t, c.Job.GetX(ctx, id), 1, 0, 0)
		storetest.Reconciled(t, b.Store)
		if n := c.Payment.Query().Where(payment.StateEQ(ordering.PaymentSucceeded)).CountX(ctx); n != 1 {
			t.Errorf("%d payments", n)
		}
	})
}

// lineFrom writes a line of a statement whose money comes from another account.
func (b *bankHouse) lineFrom(account string, fen pricing.Fen, remark string) string {
	return strings.Join([]string{b.today(), fen.String(), "", "某人" + account, account, "某行", remark, uuid.NewString()}, ",")
}

// bankRefund asks for all of an order back, and has it approved: it is transferred.
func (b *bankHouse) bankRefund(t *testing.T, order uuid.UUID, fen pricing.Fen) (uuid.UUID, *db.BankTransfer) {
	t.Helper()
	id, err := b.refund(t, order, fen)
	must(t, err)
	must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
	ctx, c := b.system()
	return id, c.BankTransfer.Query().Where(banktransfer.Key(id.String())).OnlyX(ctx)
}

func (b *bankHouse) settleTransfer(t *testing.T, id uuid.UUID, action ordering.TransferAction, payee *access.Payee) error {
	t.Helper()
	must(t, b.TransferSettle(b.finance, TransferSettleInput{id, action, payee, "银行退票", uuid.NewString()}))
	err := b.decide(t, b.approver, id, authorisation.StepPlatform, authorisation.OutcomeApprove)
	if err == nil {
		storetest.Reconciled(t, b.Store)
	}
	return err
}

func (b *bankHouse) transferByID(id uuid.UUID) *db.BankTransfer {
	ctx, c := b.system()
	return c.BankTransfer.GetX(ctx, id)
}

func TestARefundGoesToWhoPaid(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference))
		// Whoever writes the code later is not who paid, whether or not its money goes back.
		b.bring(t, b.lineFrom("999900001111", 1, p.Reference))
		must(t, b.settle(t, b.waits(t, ordering.LineDouble), ordering.LineReturn, uuid.Nil))
		b.bring(t, b.lineFrom("888800001111", 1, p.Reference))
		refund, err := b.refund(t, order, 5)
		must(t, err)
		payees, err := b.Store.RefundPayees(context.Background(), map[uuid.UUID]uuid.UUID{refund: p.ID})
		if err != nil || payees[refund].Number != "622200001111" {
			t.Fatalf("before it is approved it goes to %+v, %v", payees[refund], err)
		}
		must(t, b.decide(t, b.operatorFinance, refund, authorisation.StepOperator, authorisation.OutcomeApprove))
		ctx, c := b.system()
		back := c.BankTransfer.Query().Where(banktransfer.Key(refund.String())).OnlyX(ctx)
		if back.Payee.Number != "622200001111" || back.Payee.Name != b.payer {
			t.Fatalf("it goes to %+v", back.Payee)
		}

		// What a bank writes with stars, or a spreadsheet rounded, is nobody's account.
		for _, number := range []string{"6222****2222", "6.22E+18", "123"} {
			order := b.placed(t, b.product.PerCall, 10)
			p := b.transfer(t, order)
			b.bring(t, b.lineFrom(number, pricing.Fen(p.AmountFen), p.Reference))
			b.wantPaid(t, order, ordering.OrderPaid)
			if _, back := b.bankRefund(t, order, 5); back.Payee.Number != "" || back.Payee.Name == "" {
				t.Fatalf("what came from %s goes to %+v", number, back.Payee)
			}
		}

		// Where two accounts paid, nobody's is taken.
		order = b.placed(t, b.product.PerCall, 10)
		p = b.transfer(t, order)
		half := pricing.Fen(p.AmountFen) / 2
		b.bring(t, b.line(half, p.Reference))
		must(t, b.settle(t, b.waits(t, ordering.LineUnderpaid), ordering.LineApply, b.transferOf(t, p).ID))
		b.bring(t, b.lineFrom("777700001111", pricing.Fen(p.AmountFen)-half, p.Reference))
		b.wantPaid(t, order, ordering.OrderPaid)
		_, back = b.bankRefund(t, order, 5)
		if back.Payee.Number != "" {
			t.Fatalf("it goes to %+v", back.Payee)
		}
	})
}

func TestMovementsThatAreAlikeAreCountedEach(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		fee := b.today() + ",,0.50,银行,,,手续费,0001"
		wantLines(t, b.bring(t, fee, fee), 0, 2, 0)
		many := []string{fee}
		for range linesAtOnce {
			many = append(many, b.line(-1, "x"))
		}
		wantLines(t, b.bring(t, append(many, fee, fee)...), 0, linesAtOnce+1, 2)
	})
}

// What was read before a part came is no reason to take the transfer for whole.
func TestATransferIsFinishedAsItWasRead(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		p := b.transfer(t, b.placed(t, b.product.PerCall, 10))
		id := b.transferOf(t, p).ID
		b.tx(t, func(ctx context.Context, tx *store.Tx) error {
			read, err := tx.TransferByID(ctx, id)
			must(t, err)
			must(t, tx.ChangeTransfer(ctx, read, ordering.TransferExpected, 1))
			refused(t, tx.FinishTransfers(ctx, []store.BankTransfer{read}), "CHANGED_MEANWHILE")
			now, err := tx.TransferByID(ctx, id)
			must(t, err)
			if now.State != ordering.TransferExpected || now.ReceivedFen != 1 {
				t.Fatalf("it is %s with %s", now.State, now.ReceivedFen)
			}
			return tx.ChangeTransfer(ctx, now, ordering.TransferExpected, 0) // no line says so
		})
	})
}

func TestAStatementWhoseImportFailedIsImportedAgain(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		queue := func(raw string, format uuid.UUID) uuid.UUID {
			t.Helper()
			id, err := b.BankStatementQueue(b.finance, BankStatementInput{"流水.csv", format}, strings.NewReader(raw))
			must(t, err)
			return id
		}
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		raw := statementHeader + b.line(pricing.Fen(p.AmountFen), p.Reference) + "\n"
		first := queue(raw, uuid.Nil)
		if again := queue(raw, uuid.Nil); again != first {
			t.Fatal("what waits is another job")
		}
		must(t, b.JobFail(ctx, first))
		second := queue(raw, uuid.Nil)
		if second == first {
			t.Fatal("what failed is the same job")
		}
		must(t, b.JobRun(ctx, second))
		wantLines(t, c.Job.GetX(ctx, second), 1, 0, 0)
		b.wantPaid(t, order, ordering.OrderPaid)
		if again := queue(raw, uuid.Nil); again != second || c.BankStatement.Query().CountX(ctx) != 1 {
			t.Fatal("what is done is imported again")
		}

		// The bank's columns were named otherwise between the upload and its job.
		name := func(bank, day string) uuid.UUID {
			id, err := b.BankFormatSave(b.finance, BankFormatInput{bank, ordering.StatementColumns{Day: day, Amount: "Betrag", Counterparty: "Wer", Remark: "Zweck"}})
			must(t, err)
			return id
		}
		raw = "Tag,Betrag,Wer,Zweck\n" + b.today() + ",1,甲,x\n"
		format := name("外资银行", "Tag")
		first = queue(raw, format)
		name("外资银行", "Datum")
		must(t, b.JobRun(ctx, first))
		if got := c.Job.GetX(ctx, first).State; got != job.Refused {
			t.Fatalf("the job is %s", got)
		}
		second = queue(raw, name("另一银行", "Tag"))
		must(t, b.JobRun(ctx, second))
		wantLines(t, c.Job.GetX(ctx, second), 0, 1, 0)
	})
}

func TestTheBankIsToldOfATransferOnce(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		exported := func(again bool, want int) {
			t.Helper()
			transfers, err := b.TransfersExport(b.finance, again)
			if err != nil || len(transfers) != want {
				t.Fatalf("%d are exported, %v; want %d", len(transfers), err, want)
			}
		}
		_, err := b.TransfersExport(b.buyer, false)
		refused(t, err, "PARTY_REQUIRED")
		b.bring(t, b.line(3, "x"))
		must(t, b.settle(t, b.waits(t, ordering.LineUnknown), ordering.LineReturn, uuid.Nil))
		exported(false, 1)
		exported(false, 0)
		exported(true, 1)
		b.bring(t, b.line(4, "y"))
		must(t, b.settle(t, b.waits(t, ordering.LineUnknown), ordering.LineReturn, uuid.Nil))
		exported(false, 1)
		exported(true, 2)

		// What the bank did not carry out it is told of again, once two persons say so; not while one does.
		ctx, c := b.system()
		back := c.BankTransfer.Query().Where(banktransfer.AmountFen(3)).OnlyX(ctx)
		must(t, b.TransferSettle(b.finance, TransferSettleInput{back.ID, ordering.TransferReorder, nil, "退票", uuid.NewString()}))
		exported(true, 1)
		must(t, b.decide(t, b.approver, back.ID, authorisation.StepPlatform, authorisation.OutcomeApprove))
		exported(false, 1)
	})
}

func TestWhatTheBankDidNotCarryOutIsOrderedAgainOrFails(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		other := &access.Payee{Name: " 甲公司 ", Bank: "示例银行", Number: "6222 0000 1111"}
		// No account is known: one is stated, and a second person agrees.
		b.bring(t, strings.Join([]string{b.today(), "0.09", "", "某人", "", "", "z", uuid.NewString()}, ","))
		must(t, b.settle(t, b.waits(t, ordering.LineUnknown), ordering.LineReturn, uuid.Nil))
		back := c.BankTransfer.Query().Where(banktransfer.AmountFen(9)).OnlyX(ctx)
		if transfers, err := b.TransfersExport(b.finance, true); err != nil || len(transfers) != 0 {
			t.Fatalf("%d are exported, %v", len(transfers), err)
		}
		say := func(ctx context.Context, action ordering.TransferAction, payee *access.Payee, reason string) error {
			return b.TransferSettle(ctx, TransferSettleInput{back.ID, action, payee, reason, uuid.NewString()})
		}
		refused(t, say(b.buyer, ordering.TransferReorder, other, "x"), "PARTY_REQUIRED")
		refused(t, say(b.finance, ordering.TransferReorder, other, " "), "REASON_MISSING")
		refused(t, say(b.finance, ordering.TransferReorder, nil, "x"), "TRANSFER_ACCOUNT_MISSING")
		refused(t, say(b.finance, ordering.TransferReorder, &access.Payee{Name: "甲", Bank: "乙", Number: "12"}, "x"), "ACCOUNT_NUMBER_INVALID")
		refused(t, say(b.finance, ordering.TransferFail, nil, "x"), "ACTION_INVALID")
		refused(t, say(b.finance, ordering.TransferGiveUp, nil, "x"), "ACTION_INVALID")
		in := TransferSettleInput{back.ID, ordering.TransferReorder, other, "电话核实", "state"}
		must(t, b.TransferSettle(b.finance, in))
		must(t, b.TransferSettle(b.finance, in))
		in.Reason = "另一理由"
		refused(t, b.TransferSettle(b.finance, in), "IDEMPOTENCY_KEY_REUSED")
		refused(t, say(b.finance, ordering.TransferReorder, other, "x"), "TRANSFER_PROPOSED")
		if err := b.decide(t, b.finance, back.ID, authorisation.StepPlatform, authorisation.OutcomeApprove); err == nil {
			t.Fatal("who states an account also agrees")
		}
		must(t, b.decide(t, b.approver, back.ID, authorisation.StepPlatform, authorisation.OutcomeRefuse))
		if got := b.transferByID(back.ID); got.Proposal != nil || got.Payee.Number != "" {
			t.Fatalf("it was refused, and is %+v", got)
		}
		must(t, b.settleTransfer(t, back.ID, ordering.TransferReorder, other))
		if got := b.transferByID(back.ID); *got.Payee != (pricing.PayeeAccount{Name: "甲公司", Bank: "示例银行", Number: "622200001111"}) || got.State != ordering.TransferExpected {
			t.Fatalf("it goes to %+v", got.Payee)
		}
		wantLines(t, b.bring(t, b.line(-9, back.Code)), 1, 0, 0)
		refused(t, say(b.finance, ordering.TransferReorder, other, "x"), "ACTION_INVALID")

		// A refund that the bank did not move fails, and may be asked for anew.
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		b.bring(t, b.line(pricing.Fen(p.AmountFen), p.Reference))
		refund, out := b.bankRefund(t, order, 5)
		must(t, b.settleTransfer(t, out.ID, ordering.TransferFail, nil))
		_, err := b.RefundsResume(ctx)
		must(t, err)
		if got := c.Refund.GetX(ctx, refund).Status; got != ordering.RefundFailed {
			t.Fatalf("the refund is %s", got)
		}
		// It went meanwhile: nothing can be agreed to any more.
		refund, out = b.bankRefund(t, order, pricing.Fen(p.AmountFen))
		must(t, b.TransferSettle(b.finance, TransferSettleInput{out.ID, ordering.TransferFail, nil, "x", uuid.NewString()}))
		wantLines(t, b.bring(t, b.line(-pricing.Fen(p.AmountFen), out.Code)), 1, 0, 0)
		refused(t, b.decide(t, b.approver, out.ID, authorisation.StepPlatform, authorisation.OutcomeApprove), "TRANSFER_CHANGED")
		must(t, b.decide(t, b.approver, out.ID, authorisation.StepPlatform, authorisation.OutcomeRefuse))
		if got := c.Refund.GetX(ctx, refund).Status; got != ordering.RefundPaid {
			t.Fatalf("the refund is %s", got)
		}

		// And it comes back: it is known by its code, and goes where it is told, not to where it did not arrive.
		wantLines(t, b.bring(t, b.line(pricing.Fen(p.AmountFen), "退票"+out.Code)), 0, 1, 0)
		line := b.waits(t, ordering.LineBounced)
		if line.BankTransferID == nil || *line.BankTransferID != out.ID {
			t.Fatalf("it fits %v", line.BankTransferID)
		}
		must(t, b.settle(t, line, ordering.LineReturn, uuid.Nil))
		back = c.BankTransfer.Query().Where(banktransfer.KindEQ(ordering.TransferReturn), banktransfer.StateEQ(ordering.TransferExpected)).OnlyX(ctx)
		if back.Payee.Number != "" || back.Payee.Name != b.payer {
			t.Fatalf("it goes to %+v", back.Payee)
		}
		must(t, b.settleTransfer(t, back.ID, ordering.TransferReorder, other))
		wantLines(t, b.bring(t, b.line(-pricing.Fen(back.AmountFen), back.Code)), 1, 0, 0)
	})
}

func TestAPartOfAPaymentThatIsOverIsNotKept(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		half := pricing.Fen(p.AmountFen) / 2
		b.bring(t, b.line(half, p.Reference), b.line(half, p.Reference))
		line, transfer := b.waits(t, ordering.LineUnderpaid), b.transferOf(t, p)
		apply := BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: transfer.ID, Reason: "x", IdempotencyKey: "a"}
		must(t, b.BankLineSettle(b.finance, apply))
		must(t, b.BankLineSettle(b.finance, apply)) // the same key is the same proposal
		apply.Reason = "y"
		refused(t, b.BankLineSettle(b.finance, apply), "IDEMPOTENCY_KEY_REUSED")
		// Its buyer gives the payment up before the second person agrees.
		must(t, b.PaymentCancel(b.buyer, p.ID))
		refused(t, b.decide(t, b.approver, line.ID, authorisation.StepPlatform, authorisation.OutcomeApprove), "TRANSFER_OVER")
		must(t, b.decide(t, b.approver, line.ID, authorisation.StepPlatform, authorisation.OutcomeRefuse))
		if got := b.transferByID(transfer.ID).State; got != ordering.TransferCancelled {
			t.Fatalf("the transfer is %s", got)
		}
		apply.IdempotencyKey = "b"
		refused(t, b.BankLineSettle(b.finance, apply), "TRANSFER_OVER")
		must(t, b.settle(t, line, ordering.LineReturn, uuid.Nil))
		// What no table allows, the store refuses.
		b.tx(t, func(ctx context.Context, tx *store.Tx) error {
			read, err := tx.TransferByID(ctx, transfer.ID)
			must(t, err)
			refused(t, tx.ChangeTransfer(ctx, read, ordering.TransferExpected, 1), "CHANGED_MEANWHILE")
			refused(t, tx.EndTransfer(ctx, read.Key, ordering.TransferFailed), "CHANGED_MEANWHILE")
			return nil
		})
	})
}

func TestAPaymentInPartsIsGivenUpByTwoPersons(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		ctx, c := b.system()
		order := b.placed(t, b.product.PerCall, 10)
		p := b.transfer(t, order)
		transfer := b.transferOf(t, p)
		refused(t, b.TransferSettle(b.finance, TransferSettleInput{transfer.ID, ordering.TransferGiveUp, nil, "x", "none"}), "ACTION_INVALID")
		part := func(account string) {
			t.Helper()
			b.bring(t, b.lineFrom(account, pricing.Fen(p.AmountFen)/4, p.Reference))
			must(t, b.settle(t, b.waits(t, ordering.LineUnderpaid), ordering.LineApply, b.transferOf(t, p).ID))
		}
		part("111100001111")
		part("222200001111")
		refused(t, b.PaymentCancel(b.buyer, p.ID), "PAYMENT_PENDING")
		must(t, b.settleTransfer(t, transfer.ID, ordering.TransferGiveUp, nil))
		if got := b.transferByID(transfer.ID); got.State != ordering.TransferCancelled || got.ReceivedFen != 0 || b.paymentOf(p.ID).State != ordering.PaymentExpired {
			t.Fatalf("the transfer is %s with %d, its payment %s", got.State, got.ReceivedFen, b.paymentOf(p.ID).State)
		}
		returns := c.BankTransfer.Query().Where(banktransfer.KindEQ(ordering.TransferReturn)).Order(db.Asc(banktransfer.FieldID)).AllX(ctx)
		if len(returns) != 2 || returns[0].Payee.Number != "111100001111" || returns[1].Payee.Number != "222200001111" {
			t.Fatalf("they go to %+v", returns)
		}
		// The buyer pays otherwise, and the parts go.
		_, err := b.OrderPay(b.buyer, order, OrderPayInput{paytest.Name, "card"})
		must(t, err)
		b.wantPaid(t, order, ordering.OrderPaid)
		wantLines(t, b.bring(t, b.line(-pricing.Fen(returns[0].AmountFen), returns[0].Code), b.line(-pricing.Fen(returns[1].AmountFen), returns[1].Code)), 2, 0, 0)

		// The rest came before the second person agreed.
		order = b.placed(t, b.product.PerCall, 10)
		p = b.transfer(t, order)
		part("3333")
		transfer = b.transferOf(t, p)
		must(t, b.TransferSettle(b.finance, TransferSettleInput{transfer.ID, ordering.TransferGiveUp, nil, "x", uuid.NewString()}))
		b.bring(t, b.line(pricing.Fen(transfer.AmountFen-transfer.ReceivedFen), p.Reference))
		b.wantPaid(t, order, ordering.OrderPaid)
		refused(t, b.decide(t, b.approver, transfer.ID, authorisation.StepPlatform, authorisation.OutcomeApprove), "TRANSFER_CHANGED")
	})
}

// Of two keys whose code is the same the second takes its next.
func TestACodeIsOfOneTransfer(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		taken := func(code string) {
			b.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.BankTransfer.Create().SetCreatedAt(tx.Now()).SetKind(ordering.TransferReturn).SetKey(uuid.NewString()).SetCode(code).
					SetAmountFen(1).SetState(ordering.TransferFailed).Exec(ctx)
			})
		}
		b.bring(t, b.line(3, "x"))
		line := b.waits(t, ordering.LineUnknown)
		key := returnMark + line.ID.String()
		taken(ordering.RemittanceCode(key, 0))
		must(t, b.settle(t, line, ordering.LineReturn, uuid.Nil))
		ctx, c := b.system()
		if got := c.BankTransfer.Query().Where(banktransfer.Key(key)).OnlyX(ctx).Code; got != ordering.RemittanceCode(key, 1) {
			t.Fatalf("its code is %s", got)
		}
	})
}

// Where too many wait for an amount, that keeps no other amount from being suggested, and is itself not.
func TestWhatIsSuggestedIsOfItsAmountAlone(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		p := b.transfer(t, b.placed(t, b.product.PerCall, 10))
		amount := p.AmountFen + 1
		b.tx(t, func(ctx context.Context, tx *store.Tx) error {
			for range 5 {
				rows := make([]*db.BankTransferCreate, 500)
				for i := range rows {
					key := uuid.NewString()
					rows[i] = tx.BankTransfer.Create().SetCreatedAt(tx.Now()).SetKind(ordering.TransferPayment).SetKey(key).
						SetCode(ordering.RemittanceCode(key, 0)).SetAmountFen(amount).SetState(ordering.TransferExpected)
				}
				must(t, tx.BankTransfer.CreateBulk(rows...).Exec(ctx))
			}
			found, err := tx.TransfersByAmount(ctx, []int64{amount, p.AmountFen})
			if err != nil || len(found[pricing.Fen(p.AmountFen)]) != 1 || len(found[pricing.Fen(amount)]) != 0 {
				t.Errorf("%d and %d may be meant, %v", len(found[pricing.Fen(p.AmountFen)]), len(found[pricing.Fen(amount)]), err)
			}
			return nil
		})
	})
}
