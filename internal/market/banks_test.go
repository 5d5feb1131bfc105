package market

import (
	"bytes"
	"context"
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
	return strings.Join([]string{b.today(), in, out, b.payer, "6222", "付款银行", remark, uuid.NewString()}, ",")
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
	must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: action, TransferID: transfer, Reason: "已核实"}))
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
		refused(t, b.BankLineSettle(b.buyer, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, Reason: "x"}), "PARTY_REQUIRED")
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, Reason: "x"}), "ACTION_INVALID")
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineNote, Reason: "x"}), "ACTION_INVALID")
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn}), "REASON_MISSING")
		must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: transfer.ID, Reason: "先付一半"}))
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, Reason: "x"}), "LINE_NOT_QUEUED")
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
		if returned.Payee.Number != "6222" {
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
		must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, Reason: "x"}))
		must(t, b.decide(t, b.approver, line.ID, authorisation.StepPlatform, authorisation.OutcomeRefuse))
		b.waits(t, ordering.LineSuggested)
		must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: b.transferOf(t, p).ID, Reason: "x"}))
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
		must(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineReturn, Reason: "已售完"}))
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
		refused(t, b.BankLineSettle(b.finance, BankLineSettleInput{LineID: line.ID, Action: ordering.LineApply, TransferID: b.transferOf(t, p).ID, Reason: "x"}), "ORDER_NOT_PAYABLE")
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
		if row.Status != ordering.RefundApproved || row.Reference != back.Code || back.Payee.Number != "6222" || back.Payee.Name != b.payer {
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

func TestAStatementThatCannotBeReadChangesNothing(t *testing.T) {
	eachBank(t, func(t *testing.T, b *bankHouse) {
		good := b.line(100, "x")
		for _, c := range []struct {
			sentence, code, field string
			raw                   string
		}{
			{"a broken encoding", "TABLE_ENCODING", "", statementHeader + good + "\n\xff\xff\xff,1\n"},
			{"no column of remarks", "COLUMN_MISSING", "remark", "交易日期,交易金额,对方户名\n2026-03-05,1,甲\n"},
			{"no amounts", "COLUMN_MISSING", "amount", "交易日期,对方户名,附言\n2026-03-05,甲,x\n"},
			{"another currency", "CURRENCY_INVALID", "E2", "交易日期,交易金额,对方户名,附言,币种\n2026-03-05,1,甲,x,USD\n"},
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
		_, err = b.BankStatementQueue(b.finance, BankStatementInput{"x.csv", id}, strings.NewReader("Datum,Betrag,Wer,Zweck\n2026-03-05,1,甲,x\n"))
		must(t, err)
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
		lines, err := readStatement(ctx, raw, ordering.StatementColumns{})
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
