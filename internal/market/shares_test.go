package market

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/allocationrule"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/proceeding"
	dbstatement "gongshu/ent/db/statement"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	pay "gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// books is a shop with the people who keep its money.
type books struct {
	*shop
	platform                                     uuid.UUID
	finance, approver                            context.Context // of the platform
	operatorFinance, otherFinance, operatorSells context.Context
	vendorFinance, agency                        context.Context
}

func eachBooks(t *testing.T, run func(t *testing.T, b *books)) {
	t.Helper()
	eachShop(t, func(t *testing.T, s *shop) { run(t, newBooks(t, s)) })
}

func newBooks(t *testing.T, s *shop) *books {
	t.Helper()
	b := &books{shop: s, platform: s.Shop.Organisation(t, access.Enterprise, access.Platform)}
	b.finance, b.approver = s.Person(t, b.platform, access.Finance), s.Person(t, b.platform, access.Approver)
	b.operatorFinance, b.otherFinance = s.Person(t, s.Operator, access.Finance), s.Person(t, s.Operator, access.Finance)
	b.operatorSells, b.vendorFinance = s.Person(t, s.Operator, access.Publisher), s.Person(t, s.Vendor, access.Finance)
	b.agency = s.Person(t, s.Agency, access.Approver)
	must(t, b.PayeeSet(b.operatorFinance, access.Payee{Name: "运营公司", Bank: "示例银行", Number: "1111111111111111"}))
	must(t, b.PayeeSet(b.vendorFinance, access.Payee{Name: "数据供应公司", Bank: "示例银行", Number: "2222222222222222"}))
	return b
}

// decide decides the newest proceeding about a subject.
func (b *books) decide(t *testing.T, as context.Context, subject uuid.UUID, step authorisation.Step, outcome authorisation.Outcome) error {
	t.Helper()
	ctx, c := b.system()
	p := c.Proceeding.Query().Where(proceeding.SubjectID(subject)).Order(db.Desc(proceeding.FieldID)).FirstX(ctx)
	return b.ProceedingDecide(as, p.ID, DecisionInput{Step: step, Outcome: outcome, Reason: "依据充分"})
}

// balance is what a contributor is owed.
func (b *books) balance(t *testing.T, contributor uuid.UUID) (fen pricing.Fen) {
	t.Helper()
	b.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
		earned, err := tx.EarnedIn(ctx, time.Time{}, time.Time{})
		for _, e := range earned {
			if e.ContributorID == contributor {
				if e.Kind == pricing.EntryPayment {
					fen += e.AmountFen
				} else {
					fen -= e.AmountFen
				}
			}
		}
		return err
	})
	return fen
}

func (b *books) balances(t *testing.T) [3]pricing.Fen {
	t.Helper()
	return [3]pricing.Fen{b.balance(t, b.Operator), b.balance(t, b.Organ), b.balance(t, b.Vendor)}
}

func (b *books) refund(t *testing.T, order uuid.UUID, fen pricing.Fen) (uuid.UUID, error) {
	t.Helper()
	return b.RefundRequest(b.buyer, RefundInput{OrderID: order, AmountFen: fen, Reason: "没有用到", IdempotencyKey: uuid.NewString()})
}

func TestRefundsRestoreEveryPostingToTheFen(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		kept := b.paid(t, b.product.PerCall, 10)
		before := b.balances(t)
		ordered := b.paid(t, b.product.PerCall, 7)
		ctx, c := b.system()
		total := pricing.Fen(c.Order.GetX(ctx, ordered).TotalFen)
		left := total
		for i, part := range []pricing.Fen{1, 2, total / 3, 0} {
			if part == 0 {
				part = left
			}
			left -= part
			id, err := b.refund(t, ordered, part)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.balances(t); i == 0 && got == before {
				t.Fatal("nothing was earned")
			}
			if err := b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove); err != nil {
				t.Fatal(err)
			}
			if status := c.Refund.GetX(ctx, id).Status; status != ordering.RefundPaid {
				t.Fatalf("the refund is %s", status)
			}
			right := c.Entitlement.Query().Where(entitlement.OrderID(ordered)).OnlyX(ctx)
			if ended := right.Status == ordering.EntitlementRevoked; ended != (left == 0) {
				t.Errorf("with %d left the right is %s", left, right.Status)
			}
		}
		report, err := b.Revenue(b.operatorFinance, RevenueQuery{FromMonth: b.month()})
		keptOrder := c.Order.GetX(ctx, kept)
		if err != nil || report.NetFen != pricing.Fen(keptOrder.NetFen) || report.VATFen != pricing.Fen(keptOrder.VatFen) {
			t.Errorf("the report says %d and %d, %v", report.NetFen, report.VATFen, err)
		}
		if after := b.balances(t); after != before {
			t.Errorf("before it was %v, and after everything went back %v", before, after)
		}
		_, err = b.refund(t, ordered, 1)
		refused(t, err, "REFUND_EXCEEDS_PAYMENT")
		if c.Entitlement.Query().Where(entitlement.OrderID(kept)).OnlyX(ctx).Status != ordering.EntitlementActive {
			t.Error("another order's right ended")
		}
	})
}

func TestARefundIsRefused(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		ordered, unpaid := b.paid(t, b.product.PerCall, 10), b.placed(t, b.product.PerCall, 1)
		stranger := b.Person(t, b.Other, access.Finance)
		ask := func(as context.Context, change func(*RefundInput)) error {
			in := RefundInput{OrderID: ordered, AmountFen: 1, Reason: "没有用到", IdempotencyKey: uuid.NewString()}
			change(&in)
			_, err := b.RefundRequest(as, in)
			return err
		}
		for _, row := range []struct {
			sentence string
			as       context.Context
			change   func(*RefundInput)
			code     string
		}{
			{"by nobody", context.Background(), func(*RefundInput) {}, "SIGN_IN_REQUIRED"},
			{"by another buyer", stranger, func(*RefundInput) {}, "NOT_FOUND"},
			{"by the operator's publisher", b.operatorSells, func(*RefundInput) {}, "ROLE_REQUIRED"},
			{"without a reason", b.buyer, func(in *RefundInput) { in.Reason = " " }, "REASON_MISSING"},
			{"of nothing", b.buyer, func(in *RefundInput) { in.AmountFen = 0 }, "AMOUNT_INVALID"},
			{"below nothing", b.buyer, func(in *RefundInput) { in.AmountFen = -1 }, "AMOUNT_INVALID"},
			{"of more than was paid", b.buyer, func(in *RefundInput) { in.AmountFen = 1 << 40 }, "REFUND_EXCEEDS_PAYMENT"},
			{"of what was not paid", b.buyer, func(in *RefundInput) { in.OrderID = unpaid }, "NOTHING_PAID"},
			{"of another payment", b.buyer, func(in *RefundInput) { in.PaymentID = uuid.New() }, "NOTHING_PAID"},
			{"without a key", b.buyer, func(in *RefundInput) { in.IdempotencyKey = "" }, "IDEMPOTENCY_KEY_INVALID"},
		} {
			if got := fault.CodeOf(ask(row.as, row.change)); got != row.code {
				t.Errorf("%s: got %s, want %s", row.sentence, got, row.code)
			}
		}
		ctx, c := b.system()
		if n := c.Refund.Query().CountX(ctx); n != 0 {
			t.Fatalf("%d refunds are stored", n)
		}

		// The same key is the same refund, and those on their way count.
		in := RefundInput{OrderID: ordered, AmountFen: 100, Reason: "没有用到", IdempotencyKey: "k"}
		first, err := b.RefundRequest(b.buyer, in)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := b.RefundRequest(b.buyer, in); err != nil || again != first {
			t.Errorf("the same key is %v, %v", again, err)
		}
		other := in
		other.AmountFen++
		_, err = b.RefundRequest(b.buyer, other)
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")
		_, err = b.refund(t, ordered, pricing.Fen(c.Order.GetX(ctx, ordered).TotalFen))
		refused(t, err, "REFUND_EXCEEDS_PAYMENT")

		// Nobody approves what he asked for; a refusal gives nothing back, and what was refused may be asked for again.
		refused(t, b.decide(t, b.buyer, first, authorisation.StepOperator, authorisation.OutcomeApprove), "PARTY_REQUIRED")
		before := b.balances(t)
		if err := b.decide(t, b.operatorFinance, first, authorisation.StepOperator, authorisation.OutcomeRefuse); err != nil {
			t.Fatal(err)
		}
		if c.Refund.GetX(ctx, first).Status != ordering.RefundRefused || b.balances(t) != before {
			t.Error("a refused refund moved something")
		}
		own, err := b.RefundRequest(b.operatorFinance, RefundInput{OrderID: ordered, AmountFen: 5, Reason: "商誉", IdempotencyKey: "own"})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, b.decide(t, b.operatorFinance, own, authorisation.StepOperator, authorisation.OutcomeApprove), "SAME_PERSON")
		// Nor does a colleague who belongs to the buyer's organisation as well.
		both := b.Person(t, b.Operator, access.Finance)
		b.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddMember(ctx, b.Buyer, access.FromContext(both).PersonID, []access.Role{access.Member})
		})
		for _, outcome := range []authorisation.Outcome{authorisation.OutcomeApprove, authorisation.OutcomeRefuse} {
			err := b.decide(t, both, own, authorisation.StepOperator, outcome)
			refused(t, err, "DECIDER_INVOLVED")
			if e := fault.All(err); len(e) != 1 || e[0].Field != "id" {
				t.Errorf("it is refused with %+v", e)
			}
		}
		waits := c.Proceeding.Query().Where(proceeding.SubjectID(own)).OnlyIDX(ctx)
		for who, want := range map[context.Context]int{both: 0, b.otherFinance: 1} {
			all, err := b.Store.Proceedings(who, []uuid.UUID{waits})
			must(t, err)
			if got := b.AllowedSteps(access.FromContext(who), all[waits]); len(got) != want {
				t.Errorf("it is said that %v may be decided, want %d", got, want)
			}
		}
		if err := b.decide(t, b.otherFinance, own, authorisation.StepOperator, authorisation.OutcomeApprove); err != nil {
			t.Fatal(err)
		}
	})
}

func TestARefundIsFinishedWhateverTheProviderSays(t *testing.T) {
	for _, row := range []struct {
		sentence string
		behave   paytest.Behaviour
		at, then ordering.RefundStatus
	}{
		{"the provider is not reached, and is asked again", paytest.Unreachable, ordering.RefundApproved, ordering.RefundPaid},
		{"the answer is lost, and the money went once", paytest.Silent, ordering.RefundApproved, ordering.RefundPaid},
		{"the provider refuses", paytest.Refuses, ordering.RefundFailed, ordering.RefundFailed},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			eachBooks(t, func(t *testing.T, b *books) {
				ordered := b.paid(t, b.product.PerCall, 10)
				before := b.balances(t)
				id, err := b.refund(t, ordered, 50)
				if err != nil {
					t.Fatal(err)
				}
				b.provider.Behave(row.behave)
				if err := b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove); err != nil {
					t.Fatal(err)
				}
				ctx, c := b.system()
				if got := c.Refund.GetX(ctx, id).Status; got != row.at || b.balances(t) != before {
					t.Fatalf("it is %s, and the balances changed before the money went", got)
				}
				b.provider.Behave(paytest.Pays)
				for range 2 {
					if _, err := b.RefundsResume(ctx); err != nil {
						t.Fatal(err)
					}
				}
				if got := c.Refund.GetX(ctx, id).Status; got != row.then {
					t.Fatalf("afterwards it is %s", got)
				}
				if moved := b.balances(t) != before; moved != (row.then == ordering.RefundPaid) {
					t.Errorf("the balances moved: %v", moved)
				}
			})
		})
	}
}

// A provider that forgot a payment refuses its refund: it fails, and holds nothing of the payment any more.
func TestARefundThatIsRefusedForGoodHoldsNothing(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		ordered := b.paid(t, b.product.PerCall, 10)
		ctx, c := b.system()
		for _, row := range []struct {
			provider *paytest.Provider
			want     ordering.RefundStatus
		}{
			{&paytest.Provider{}, ordering.RefundFailed},
			{&paytest.Provider{Memory: b.world.Store.Taken}, ordering.RefundPaid},
		} {
			b.Payments = map[string]pay.Provider{paytest.Name: row.provider} // as after a restart
			id, err := b.refund(t, ordered, 5_50)
			must(t, err)
			must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
			if got := c.Refund.GetX(ctx, id).Status; got != row.want {
				t.Errorf("it is %s, want %s", got, row.want)
			}
		}
	})
}

// Two refunds that are approved at once give back what two after another do.
func TestRefundsAtOnce(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		before := b.balances(t)
		ordered := b.paid(t, b.product.PerCall, 10)
		ctx, c := b.system()
		var ids []uuid.UUID
		for _, fen := range []pricing.Fen{2_75, 1, 2_74} {
			id, err := b.refund(t, ordered, fen)
			must(t, err)
			ids = append(ids, id)
		}
		var all sync.WaitGroup
		for _, id := range ids {
			p := c.Proceeding.Query().Where(proceeding.SubjectID(id)).OnlyX(ctx)
			all.Go(func() {
				if err := b.ProceedingDecide(b.operatorFinance, p.ID, DecisionInput{Step: authorisation.StepOperator, Outcome: authorisation.OutcomeApprove, Reason: "依据充分"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if _, err := b.RefundsResume(ctx); err != nil {
			t.Fatal(err)
		}
		if got := b.balances(t); got != before {
			t.Errorf("the balances are %v, want %v", got, before)
		}
		if status := c.Entitlement.Query().Where(entitlement.OrderID(ordered)).OnlyX(ctx).Status; status != ordering.EntitlementRevoked {
			t.Errorf("all is given back, and the right is %s", status)
		}
	})
}

// month is the one of the world's clock.
func (b *books) month() string { return pricing.MonthOf(b.clock).String() }

func TestAStatementAddsUpAndIsPaidOnce(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		first := b.month()
		ordered := b.paid(t, b.product.PerCall, 1000)
		b.paid(t, b.product.PerCall, 500)
		if _, err := b.StatementsDraw(b.finance, first); err != nil {
			t.Fatal(err)
		}
		_, err := b.StatementsFinalise(b.finance, first)
		refused(t, err, "MONTH_NOT_OVER")

		ctx, c := b.system()
		of := func(contributor uuid.UUID, month string) *db.Statement {
			return c.Statement.Query().Where(dbstatement.ContributorID(contributor), dbstatement.Month(month)).OnlyX(ctx)
		}
		// A preview that is objected to stays open until it is answered.
		mine := of(b.Vendor, first)
		refused(t, b.StatementObject(b.operatorFinance, mine.ID, "不对"), "NOT_FOUND")
		refused(t, b.StatementObject(b.vendorFinance, mine.ID, ""), "REASON_MISSING")
		if err := b.StatementObject(b.vendorFinance, mine.ID, "少算了一笔"); err != nil {
			t.Fatal(err)
		}
		refused(t, b.StatementObject(b.vendorFinance, mine.ID, "再次"), "STATEMENT_NOT_OPEN")

		b.clock = b.clock.AddDate(0, 1, 0)
		second := b.month()
		closed, err := b.StatementsFinalise(b.finance, first)
		if err != nil || closed != 2 {
			t.Fatalf("%d were closed, %v", closed, err)
		}
		refused(t, b.StatementAnswer(b.vendorFinance, mine.ID, "无误"), "PARTY_REQUIRED")
		if err := b.StatementAnswer(b.finance, mine.ID, "逐笔核对无误"); err != nil {
			t.Fatal(err)
		}
		if closed, err := b.StatementsFinalise(b.finance, first); err != nil || closed != 1 {
			t.Fatalf("%d were closed, %v", closed, err)
		}
		refused(t, b.StatementObject(b.vendorFinance, mine.ID, "太晚"), "STATEMENT_NOT_OPEN")

		// A refund of the second month leaves the first as it is.
		id, err := b.refund(t, ordered, 10)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove); err != nil {
			t.Fatal(err)
		}
		if _, err := b.StatementsDraw(b.finance, second); err != nil {
			t.Fatal(err)
		}
		for _, contributor := range []uuid.UUID{b.Operator, b.Organ, b.Vendor} {
			one, two := of(contributor, first), of(contributor, second)
			if one.Status != pricing.StatementFinal || one.OpeningFen != 0 || one.EarnedFen <= 0 || one.ClosingFen != one.EarnedFen {
				t.Errorf("the first says %+v", one)
			}
			if two.OpeningFen != one.ClosingFen || two.EarnedFen != 0 || two.ClosingFen != int64(b.balance(t, contributor)) || len(two.Lines) > 1 {
				t.Errorf("the second says %+v", two)
			}
		}

		// A batch pays what is owed and was not refunded since; nothing is paid twice.
		account := pricing.PayeeAccount{Name: "数据供应公司", Bank: "绵阳市商业银行", Number: "99000000000000012600"}
		must(t, b.PayeeSet(b.vendorFinance, access.Payee(account)))
		batch := b.prepare(t, first)
		again, err := b.PayoutPrepare(b.finance, PayoutPrepareInput{Month: first, IdempotencyKey: "again"})
		refused(t, err, "NOTHING_TO_PAY")
		_ = again
		refused(t, b.confirm(batch, b.Vendor, true), "PAYOUT_NOT_APPROVED")
		refused(t, b.decide(t, b.Person(t, b.platform, access.Finance), batch, authorisation.StepPlatform, authorisation.OutcomeApprove), "ROLE_REQUIRED")
		if err := b.decide(t, b.approver, batch, authorisation.StepPlatform, authorisation.OutcomeApprove); err != nil {
			t.Fatal(err)
		}
		// What was approved is what the bank is told, whatever account is stated since.
		must(t, b.PayeeSet(b.vendorFinance, access.Payee{Name: "别人", Bank: "别的银行", Number: "6666666666666666"}))
		told, err := b.PayoutExport(b.finance, batch)
		if at := slices.IndexFunc(told, func(l PayoutOrder) bool { return l.Paid.ID == b.Vendor }); err != nil || told[at].Account != account {
			t.Errorf("the bank is told %+v, %v", told, err)
		}
		owed := b.balances(t)
		for range 2 { // the same again changes nothing
			if err := b.confirm(batch, b.Operator, true); err != nil {
				t.Fatal(err)
			}
		}
		refused(t, b.confirm(batch, b.Operator, false), "PAYOUT_LINE_DECIDED")
		refused(t, b.confirm(batch, b.Buyer, true), "NOT_FOUND")
		if err := b.confirm(batch, b.Vendor, false); err != nil {
			t.Fatal(err)
		}
		if err := b.confirm(batch, b.Organ, true); err != nil {
			t.Fatal(err)
		}
		if got, want := b.balances(t), [3]pricing.Fen{0, 0, owed[2]}; got != want {
			t.Errorf("the balances are %v, want %v", got, want)
		}
		if status := c.PayoutBatch.GetX(ctx, batch).Status; status != pricing.PayoutDone {
			t.Errorf("the batch is %s", status)
		}
		// The line that failed is owed again, and only that: what was earned since waits for its own statement.
		b.paid(t, b.product.PerCall, 3000)
		rest := c.PayoutBatch.GetX(ctx, b.prepare(t, first))
		if len(rest.Lines) != 1 || rest.Lines[0].Contributor != b.Vendor.String() || rest.Lines[0].AmountFen != owed[2] {
			t.Errorf("the rest is %+v", rest.Lines)
		}
	})
}

func (b *books) prepare(t *testing.T, month string) uuid.UUID {
	t.Helper()
	id, err := b.PayoutPrepare(b.finance, PayoutPrepareInput{Month: month, IdempotencyKey: uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (b *books) confirm(batch, contributor uuid.UUID, paid bool) error {
	reference := ""
	if paid {
		reference = "银行流水 " + contributor.String()
	}
	return b.PayoutConfirm(b.finance, PayoutConfirmInput{BatchID: batch, ContributorID: contributor, Paid: paid, Reference: reference})
}

func TestWhoOwesIsPaidNothing(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		first := b.month()
		ordered := b.paid(t, b.product.PerCall, 1000)
		b.clock = b.clock.AddDate(0, 1, 0)
		if _, err := b.StatementsFinalise(b.finance, first); err != nil {
			t.Fatal(err)
		}
		batch := b.prepare(t, first)
		if err := b.decide(t, b.approver, batch, authorisation.StepPlatform, authorisation.OutcomeApprove); err != nil {
			t.Fatal(err)
		}
		for _, contributor := range []uuid.UUID{b.Operator, b.Organ, b.Vendor} {
			if err := b.confirm(batch, contributor, true); err != nil {
				t.Fatal(err)
			}
		}
		ctx, c := b.system()
		id, err := b.refund(t, ordered, pricing.Fen(c.Order.GetX(ctx, ordered).TotalFen))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove); err != nil {
			t.Fatal(err)
		}
		second := b.month()
		b.clock = b.clock.AddDate(0, 1, 0)
		if _, err := b.StatementsFinalise(b.finance, second); err != nil {
			t.Fatal(err)
		}
		_, err = b.PayoutPrepare(b.finance, PayoutPrepareInput{Month: second, IdempotencyKey: "k"})
		refused(t, err, "NOTHING_TO_PAY")
		third := b.month()
		if _, err := b.StatementsDraw(b.finance, third); err != nil {
			t.Fatal(err)
		}
		for _, s := range c.Statement.Query().Where(dbstatement.Month(third)).AllX(ctx) {
			if s.OpeningFen >= 0 || s.ClosingFen != s.OpeningFen {
				t.Errorf("what is owed is not carried over: %+v", s)
			}
		}
	})
}

func TestARuleIsApprovedBeforeItHolds(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		rule := func(kind pricing.AllocationKind) pricing.AllocationRule {
			all := b.Operator.String()
			switch kind {
			case pricing.AllocationFixed:
				return pricing.AllocationRule{Kind: kind, Whole: 100, Parts: []pricing.Part{{Contributor: all, Weight: 100, Basis: "运营", Channel: pricing.ChannelProfit}}}
			case pricing.AllocationCost:
				return pricing.AllocationRule{Kind: kind, Parts: []pricing.Part{{Contributor: all, CostFen: 7, Basis: "运营", Channel: pricing.ChannelCost}, {Contributor: b.platform.String(), CostFen: 3, Basis: "平台", Channel: pricing.ChannelCost}}}
			default:
				two := []string{all, b.platform.String()}
				return pricing.AllocationRule{Kind: pricing.AllocationShapley,
					Parts:      []pricing.Part{{Contributor: two[0], Basis: "运营", Channel: pricing.ChannelProfit}, {Contributor: two[1], Basis: "平台", Channel: pricing.ChannelInKind}},
					Coalitions: []pricing.Coalition{{Members: two[:1], Value: 60}, {Members: two[1:], Value: 20}, {Members: two, Value: 100}}}
			}
		}
		agree := func(r pricing.AllocationRule, from authorisation.Day) (uuid.UUID, error) {
			return b.AllocationAgree(b.operatorSells, AllocationInput{ProductID: b.product.ID, Rule: r, EffectiveFrom: from, SourceDocument: "分配协议"})
		}
		ctx, c := b.system()
		inOrder := func(id uuid.UUID) string { return c.Order.GetX(ctx, id).Terms.AllocationRuleID }

		before := c.AllocationRule.Query().Where(allocationrule.ProductID(b.product.ID)).OnlyIDX(ctx)
		id, err := agree(rule(pricing.AllocationCost), authorisation.Day{})
		if err != nil {
			t.Fatal(err)
		}
		if got := inOrder(b.placed(t, b.product.PerCall, 1)); got != before.String() {
			t.Error("a rule that nobody approved is in force")
		}
		refused(t, b.decide(t, b.operatorSells, id, authorisation.StepAgency, authorisation.OutcomeApprove), "PARTY_REQUIRED")
		if err := b.decide(t, b.agency, id, authorisation.StepAgency, authorisation.OutcomeApprove); err != nil {
			t.Fatal(err)
		}
		paid := b.paid(t, b.product.PerCall, 100)
		if got := inOrder(paid); got != id.String() {
			t.Error("an approved rule is not in force")
		}

		// A rule of a later day waits for it, and a replay shows what it would change.
		tomorrow := authorisation.DayOf(b.clock).AddDays(1)
		later, err := agree(rule(pricing.AllocationShapley), tomorrow)
		if err != nil {
			t.Fatal(err)
		}
		replay, err := b.AllocationReplay(b.operatorSells, later, "", "")
		if err != nil {
			t.Fatal(err)
		}
		var posted, replayed pricing.Fen
		for _, p := range replay.Parts {
			posted, replayed = posted+p.PostedFen, replayed+p.ReplayedFen
		}
		if replay.Entries != 1 || posted != replay.NetFen || replayed != replay.NetFen || replay.Parts[0].ReplayedFen != replay.NetFen*7/10 {
			t.Errorf("the replay is %+v", replay)
		}
		_, err = b.AllocationReplay(b.vendorFinance, later, "", "")
		refused(t, err, "NOT_FOUND")
		reworded := rule(pricing.AllocationCost)
		reworded.Parts[0].Basis = "加工与运营"
		same, err := agree(reworded, tomorrow)
		must(t, err)
		replay, err = b.AllocationReplay(b.operatorSells, same, "", "")
		must(t, err)
		if len(replay.Parts) != 2 || replay.Parts[0].PostedFen != replay.Parts[0].ReplayedFen || replay.Parts[0].PostedFen == 0 {
			t.Errorf("in other words the same is replayed as %+v", replay.Parts)
		}
		if err := b.decide(t, b.agency, later, authorisation.StepAgency, authorisation.OutcomeApprove); err != nil {
			t.Fatal(err)
		}
		if got := inOrder(b.placed(t, b.product.PerCall, 1)); got != id.String() {
			t.Error("a rule is in force before its day")
		}
		b.clock = b.clock.AddDate(0, 0, 1)
		if got := inOrder(b.paid(t, b.product.PerCall, 3)); got != later.String() {
			t.Error("a rule is not in force on its day")
		}

		// What is refused changes nothing.
		rules := c.AllocationRule.Query().CountX(ctx)
		b.clock = b.clock.AddDate(0, 2, 0)
		if _, err := b.StatementsFinalise(b.finance, "2026-03"); err != nil {
			t.Fatal(err)
		}
		_, err = agree(rule(pricing.AllocationFixed), authorisation.DayFrom(2026, time.March, 31))
		refused(t, err, "RULE_MONTH_CLOSED")
		short := rule(pricing.AllocationFixed)
		short.Whole = 99
		_, err = agree(short, authorisation.Day{})
		refused(t, err, "WEIGHTS_NOT_WHOLE")
		game := rule(pricing.AllocationShapley)
		game.Coalitions = game.Coalitions[:2]
		_, err = agree(game, authorisation.Day{})
		refused(t, err, "COALITION_MISSING")
		stranger := rule(pricing.AllocationFixed)
		stranger.Parts[0].Contributor = b.Buyer.String()
		_, err = agree(stranger, authorisation.Day{})
		refused(t, err, "CONTRIBUTOR_NOT_ALLOWED")
		many := rule(pricing.AllocationFixed)
		many.Parts = slices.Repeat(many.Parts, 13)
		_, err = agree(many, authorisation.Day{})
		refused(t, err, "ALLOCATION_PARTS_INVALID")
		b.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Organisation.UpdateOneID(b.platform).SetStatus(access.OrganisationSubmitted).Exec(ctx)
		})
		_, err = agree(rule(pricing.AllocationCost), authorisation.Day{})
		refused(t, err, "PAYEE_NOT_VERIFIED")
		if n := c.AllocationRule.Query().CountX(ctx); n != rules {
			t.Errorf("%d rules are stored, not %d", n, rules)
		}
	})
}

func TestARuleIsHeldAgainstThePermittedProfitWhenItIsApproved(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		_, c := b.system()
		agree := func(channel pricing.Channel) uuid.UUID {
			id, err := b.AllocationAgree(b.operatorSells, AllocationInput{ProductID: b.product.ID, SourceDocument: "分配协议",
				Rule: pricing.AllocationRule{Kind: pricing.AllocationFixed, Whole: 1, Parts: []pricing.Part{{Contributor: b.Operator.String(), Weight: 1, Basis: "运营", Channel: channel}}}})
			must(t, err)
			return id
		}
		b.permittedOf(t, b.Operator, 2026, 100_00)
		profit, cost := agree(pricing.ChannelProfit), agree(pricing.ChannelCost)
		b.permittedOf(t, b.Operator, 2026, 0) // in the place of the one under which they were agreed
		approve := func(id uuid.UUID) error {
			return b.decide(t, b.agency, id, authorisation.StepAgency, authorisation.OutcomeApprove)
		}
		refused(t, approve(profit), "PROFIT_OVER_PERMITTED")
		if rule := c.AllocationRule.GetX(store.AsSystem(t.Context()), profit); rule.ApprovedAt != nil {
			t.Error("a rule over the permitted profit is in force")
		}
		must(t, approve(cost))
	})
}
