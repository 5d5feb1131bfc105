package market

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/entry"
	"gongshu/ent/db/notification"
	"gongshu/ent/db/refund"
	"gongshu/ent/db/usage"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/policy"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// meteredOrder is a metered order of the shop's product with its right and what calls it.
type meteredOrder struct {
	*shop
	order, right uuid.UUID
	secret       string
	publisher    context.Context
	reported     int
}

func (s *shop) metered(t *testing.T, tariff pricing.Tariff) *meteredOrder {
	t.Helper()
	return s.meteredUnder(t, PlanInput{Name: "按月结算", Tariff: tariff, Settlement: pricing.Metered, TermMonths: 12, Trial: true})
}

func (s *shop) meteredUnder(t *testing.T, in PlanInput) *meteredOrder {
	t.Helper()
	m := &meteredOrder{shop: s, publisher: s.Person(t, s.Operator, access.Publisher)}
	plan, err := s.PlanAdd(m.publisher, s.product.ID, in)
	must(t, err)
	s.Status(t, s.product, authorisation.ProductListed) // the gate asks for more than this shop has
	m.order = s.placed(t, plan, 10)
	ctx, c := s.system()
	m.right = c.Entitlement.Query().Where(entitlement.OrderID(m.order)).OnlyIDX(ctx)
	_, m.secret, err = s.CredentialIssue(s.buyer, CredentialInput{EntitlementID: m.right, IdempotencyKey: uuid.NewString()})
	must(t, err)
	return m
}

// call calls once, about a subject.
func (m *meteredOrder) call(t *testing.T, subject string) {
	t.Helper()
	_, err := m.DataRows(context.Background(), RowsCall{
		Secret: m.secret, ProductID: m.product.ID, Purpose: purpose.Industry, Subject: subject, Query: url.Values{"first": {"1"}},
	}, func(Rows) []byte { return make([]byte, 100) })
	must(t, err)
}

// report reports so many uses of a time.
func (m *meteredOrder) report(t *testing.T, quantity int64, at time.Time) uuid.UUID {
	t.Helper()
	m.reported++
	id, err := m.UsageReport(m.publisher, UsageReportInput{
		EntitlementID: m.right, Quantity: quantity, UsedAt: at, IdempotencyKey: fmt.Sprint("report ", m.reported),
	})
	must(t, err)
	return id
}

// issue goes to a day and issues what is due there.
func (m *meteredOrder) issue(t *testing.T, on string, want int) {
	t.Helper()
	m.goTo(t, on)
	if n, err := m.BillsIssue(context.Background()); err != nil || n != want {
		t.Fatalf("on %s there were %d bills, %v; want %d", on, n, err, want)
	}
}

func (m *meteredOrder) goTo(t *testing.T, on string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", on, time.FixedZone("", 8*60*60))
	must(t, err)
	m.clock = at.UTC()
}

// bills are written: month, what it was rated, adjustments, what is brought, carried and asked for, in fen.
func (m *meteredOrder) bills() (all []string) {
	ctx, c := m.system()
	for _, b := range c.Bill.Query().Where(bill.OrderID(m.order)).Order(db.Asc(bill.FieldMonth)).AllX(ctx) {
		text := fmt.Sprintf("%s %d", b.Month, b.RatedFen)
		for _, a := range b.Adjustments {
			text += fmt.Sprintf(" %s%+d", a.Month, a.AmountFen)
		}
		all = append(all, text+fmt.Sprintf(" %d %d = %d %s", b.BroughtFen, b.CarriedFen, b.TotalFen, b.Status))
	}
	return all
}

func (m *meteredOrder) wants(t *testing.T, want ...string) {
	t.Helper()
	if got := m.bills(); !slices.Equal(got, want) {
		t.Fatalf("the bills are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAMeteredOrderIsBilledByTheMonth(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		m := s.metered(t, storetest.Flat(pricing.PerCall, "0.55"))
		ctx, c := s.system()
		o, right := c.Order.GetX(ctx, m.order), c.Entitlement.GetX(ctx, m.right)
		if o.Status != ordering.OrderPaid || o.TotalFen != 0 || right.QuotaCalls != nil || right.QuotaBytes != nil || s.count(t).payments != 0 {
			t.Fatalf("the order is %+v with %+v", o, right)
		}
		for range 3 {
			m.call(t, "")
		}
		preview, err := s.BillPreview(s.buyer, m.order, "")
		if err != nil || preview.Month != "2026-03" || preview.TotalFen != 165 || preview.NetFen+preview.VATFen != 165 || len(preview.Lines) != 1 {
			t.Fatalf("the preview is %+v, %v", preview, err)
		}
		for month, code := range map[string]string{"2026-02": "MONTH_INVALID", "2026-04": "MONTH_INVALID", "March": "MONTH_INVALID"} {
			_, err := s.BillPreview(s.buyer, m.order, month)
			refused(t, err, code)
		}
		_, err = s.BillPreview(s.Person(t, s.Organisation(t, access.Enterprise, access.Buyer), access.BuyerRole), m.order, "")
		refused(t, err, "NOT_FOUND")
		_, err = s.BillPreview(s.buyer, s.paid(t, s.product.PerCall, 10), "")
		refused(t, err, "ORDER_NOT_METERED")

		m.issue(t, "2026-03-31 23:59", 0)
		m.issue(t, "2026-04-01 00:04", 0) // a use of the last minute may be on its way
		m.issue(t, "2026-04-01 00:05", 1)
		m.issue(t, "2026-04-02 00:00", 0)
		m.wants(t, "2026-03 165 0 0 = 165 ISSUED")
		m.issue(t, "2026-06-01 12:00", 2) // of two months nobody used anything
		m.wants(t, "2026-03 165 0 0 = 165 ISSUED", "2026-04 0 0 0 = 0 PAID", "2026-05 0 0 0 = 0 PAID")

		march := c.Bill.Query().Where(bill.Month("2026-03")).OnlyX(ctx)
		if march.DueOn != "2026-05-01" {
			t.Errorf("issued on 2026-04-01 it is due on %s", march.DueOn)
		}
		_, err = s.BillPay(m.publisher, march.ID, OrderPayInput{paytest.Name, "k"}) // its operator sees it, and does not pay it
		refused(t, err, "NOT_FOUND")
		_, err = s.BillPay(s.Person(t, s.Organisation(t, access.Enterprise, access.Buyer), access.Finance), march.ID, OrderPayInput{paytest.Name, "k"})
		refused(t, err, "NOT_FOUND")
		_, err = s.BillPay(s.buyer, march.ID, OrderPayInput{"x", "k"})
		refused(t, err, "PAYMENT_PROVIDER_UNKNOWN")
		s.provider.Behave(paytest.Silent)
		_, err = s.BillPay(s.buyer, march.ID, OrderPayInput{paytest.Name, "k"})
		refused(t, err, "PAYMENT_PENDING")
		_, err = s.BillPay(s.buyer, march.ID, OrderPayInput{paytest.Name, "k2"})
		refused(t, err, "PAYMENT_PENDING")
		storetest.Reconciled(t, s.world.Store)
		s.provider.Behave(paytest.Pays)
		if n, err := s.PaymentsResume(context.Background()); n != 1 || err != nil { // as after a kill
			t.Fatalf("resumed %d, %v", n, err)
		}
		first, err := s.BillPay(s.Person(t, s.Buyer, access.Finance), march.ID, OrderPayInput{paytest.Name, "k"})
		must(t, err)
		_, err = s.BillPay(s.buyer, march.ID, OrderPayInput{paytest.Name, "k2"})
		refused(t, err, "BILL_NOT_PAYABLE")
		may := c.Bill.Query().Where(bill.Month("2026-05")).OnlyX(ctx)
		_, err = s.BillPay(s.buyer, may.ID, OrderPayInput{paytest.Name, "k"})
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")
		if n := c.Entry.Query().Where(entry.PaymentID(first)).CountX(ctx); n != 1 {
			t.Errorf("the payment has %d entries", n)
		}
		if got := c.Bill.GetX(ctx, march.ID); got.Status != ordering.BillPaid || got.PaidAt == nil {
			t.Errorf("the bill is %+v", got)
		}
	})
}

func TestWhatIsHeardLateIsOnTheNextBill(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		m := s.metered(t, storetest.Flat(pricing.PerCall, "1"))
		m.goTo(t, "2026-03-10 12:00")
		march := m.clock
		ten := m.report(t, 10, march.Add(-time.Hour))
		m.issue(t, "2026-04-01 01:00", 1)
		m.goTo(t, "2026-04-20 12:00")
		april := m.clock
		m.report(t, 3, march.Add(-time.Minute)) // of March, late
		four := m.report(t, 4, april.Add(-time.Minute))
		if preview, err := s.BillPreview(s.buyer, m.order, ""); err != nil || preview.TotalFen != 700 || len(preview.Adjustments) != 1 {
			t.Fatalf("the preview is %+v, %v", preview, err)
		}
		m.issue(t, "2026-05-01 01:00", 1)
		m.wants(t, "2026-03 1000 0 0 = 1000 ISSUED", "2026-04 400 2026-03+300 0 0 = 700 ISSUED")

		// What is taken back gives a credit; what a bill cannot give of it, the next one does.
		m.goTo(t, "2026-05-20 12:00")
		for _, id := range []uuid.UUID{ten, four} {
			_, err := s.UsageReverse(m.publisher, id, "重复计量")
			must(t, err)
		}
		m.report(t, 6, m.clock.Add(-time.Hour))
		m.issue(t, "2026-06-01 01:00", 1)
		m.goTo(t, "2026-06-20 12:00")
		m.report(t, 9, m.clock.Add(-time.Hour))
		m.issue(t, "2026-07-01 01:00", 1)
		m.wants(t, "2026-03 1000 0 0 = 1000 ISSUED", "2026-04 400 2026-03+300 0 0 = 700 ISSUED",
			"2026-05 600 2026-03-1000 2026-04-400 0 -800 = 0 PAID", "2026-06 900 -800 0 = 100 ISSUED")

		// After its term an order has a bill only for what is heard of.
		m.issue(t, "2027-07-01 01:00", 9) // July 2026 to March 2027, the last month of its term
		m.issue(t, "2027-08-01 01:00", 0)
		m.report(t, 2, april)
		m.issue(t, "2027-09-01 01:00", 1)
		if got := m.bills(); got[len(got)-1] != "2027-08 0 2026-04+200 0 0 = 200 ISSUED" {
			t.Errorf("the last bill is %s", got[len(got)-1])
		}
		m.issue(t, "2027-10-01 01:00", 0)
	})
}

func TestWhatCarriesOverMonthsIsRatedFromWhereItBegins(t *testing.T) {
	twice := func(free *pricing.FreeAllowance, once int) pricing.Tariff {
		tariff := storetest.Flat(pricing.PerCall, "1")
		tariff.Free, tariff.OnceDays = free, once
		counter := storetest.Flat(pricing.PerCall, "3").Schedule
		tariff.Variants = []pricing.Variant{{Channel: pricing.Counter, Schedule: counter}}
		return tariff
	}
	eachShop(t, func(t *testing.T, s *shop) {
		yearly := s.metered(t, twice(&pricing.FreeAllowance{Quantity: 4, Per: pricing.Year}, 0))
		window := s.ofAnother(t).metered(t, twice(nil, 30))
		for range 3 {
			yearly.call(t, "")
		}
		yearly.goTo(t, "2026-03-20 12:00")
		window.call(t, "甲")
		window.call(t, "乙")
		window.call(t, "")
		window.call(t, "") // who names no subject is charged each time
		at := window.clock
		window.goTo(t, "2026-04-10 12:00")
		for range 3 {
			yearly.call(t, "")
		}
		yearly.report(t, 2, yearly.clock.Add(-time.Minute)) // its own price, and no part of the allowance
		window.call(t, "甲")                                 // within 30 days of the charged one
		window.goTo(t, "2026-04-19 12:00")
		window.call(t, "甲") // they are over
		yearly.issue(t, "2026-05-01 01:00", 4)
		yearly.wants(t, "2026-03 0 0 0 = 0 PAID", "2026-04 800 0 0 = 800 ISSUED")
		window.wants(t, "2026-03 400 0 0 = 400 ISSUED", "2026-04 100 0 0 = 100 ISSUED")

		// A use of March that becomes known late uses the allowance up earlier, and moves a window.
		yearly.report(t, 1, at)
		window.goTo(t, "2026-05-02 12:00")
		_, err := s.UsageReport(window.publisher, UsageReportInput{
			EntitlementID: window.right, Quantity: 1, UsedAt: at.Add(-5 * 24 * time.Hour), Subject: "甲", IdempotencyKey: "late",
		})
		must(t, err)
		yearly.issue(t, "2026-06-01 01:00", 2)
		if got := yearly.bills()[2]; got != "2026-05 0 2026-03+300 0 0 = 300 ISSUED" {
			t.Errorf("the bill is %s", got)
		}
		// The window now runs from the 15th of March: the call of the 20th is not charged, that of the 19th of April is.
		if got := window.bills()[2]; got != "2026-05 0 2026-03+200 0 0 = 200 ISSUED" {
			t.Errorf("the bill is %s", got)
		}
		ctx, c := s.system()
		for _, u := range c.Usage.Query().AllX(ctx) {
			if strings.ContainsAny(u.Subject, "甲乙") || u.Subject != "" && len(u.Subject) != 64 {
				t.Errorf("a subject is kept as %q", u.Subject)
			}
		}
	})
}

// A report that no bill could be made of is refused, of two at once the second one too; a month that is full is billed with what is called in it.
func TestAMonthHasAnEnd(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		tariff := storetest.Flat(pricing.PerCall, "0")
		one := s.metered(t, tariff)
		most := tariff.MostReported()
		one.goTo(t, "2026-03-20 12:00")
		report := func(quantity int64, key string) error {
			_, err := s.UsageReport(one.publisher, UsageReportInput{EntitlementID: one.right, Quantity: quantity, UsedAt: one.clock.Add(-time.Minute), IdempotencyKey: key})
			return err
		}
		atOnce := func(quantity int64) []error {
			var group sync.WaitGroup
			errs := make([]error, 8)
			for i := range errs {
				group.Go(func() { errs[i] = report(quantity, fmt.Sprint(quantity, " at once ", i)) })
			}
			group.Wait()
			return errs
		}
		for _, err := range atOnce(1) { // connections are there then, and the next eight meet
			must(t, err)
		}
		saved := 0
		for _, err := range atOnce(most - 13) {
			if err == nil {
				saved++
				continue
			}
			refused(t, err, "QUANTITY_INVALID")
		}
		if saved != 1 {
			t.Fatalf("%d of the reports at once are saved", saved)
		}
		refused(t, report(6, "more"), "QUANTITY_INVALID")
		must(t, report(5, "the rest"))
		one.call(t, "")
		one.issue(t, "2026-04-01 01:00", 1)
	})
}

// A refund and a credit never give the same money back, whichever comes first, and what no bill can give any more is refunded.
func TestMoneyIsGivenBackOnce(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		one := b.shop.meteredUnder(t, PlanInput{Name: "两月", Tariff: storetest.Flat(pricing.PerCall, "1"), Settlement: pricing.Metered, TermMonths: 2, Trial: true})
		one.goTo(t, "2026-03-20 12:00")
		ten := one.report(t, 10, one.clock.Add(-time.Minute))
		five := one.report(t, 5, one.clock.Add(-time.Minute))
		one.issue(t, "2026-04-01 01:00", 1)
		ctx, c := b.system()
		pay := func(i int) uuid.UUID {
			id, err := b.BillPay(one.buyer, c.Bill.Query().Where(bill.OrderID(one.order)).Order(db.Asc(bill.FieldMonth)).AllX(ctx)[i].ID, OrderPayInput{paytest.Name, uuid.NewString()})
			must(t, err)
			return id
		}
		march := pay(0) // 15 yuan
		back := func(payment uuid.UUID, fen pricing.Fen) error {
			id, err := b.RefundRequest(one.buyer, RefundInput{OrderID: one.order, PaymentID: payment, AmountFen: fen, Reason: "没有用到", IdempotencyKey: uuid.NewString()})
			if err != nil {
				return err
			}
			return b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove)
		}
		must(t, back(march, 8_00))
		// 10 yuan of uses are taken back; 8 of them came back before.
		_, err := b.UsageReverse(one.publisher, ten, "误报")
		must(t, err)
		one.goTo(t, "2026-04-20 12:00")
		one.report(t, 9, one.clock.Add(-time.Minute))
		one.issue(t, "2026-05-01 01:00", 1)
		one.wants(t, "2026-03 1500 0 0 = 1500 PAID", "2026-04 900 2026-03-200 0 0 = 700 ISSUED")
		april := pay(1)
		refused(t, back(march, 5_01), "REFUND_EXCEEDS_PAYMENT")
		refused(t, back(april, 7_01), "REFUND_EXCEEDS_PAYMENT")

		// All is taken back: what was paid and not refunded is refunded after the last bill.
		nine := c.Usage.Query().Where(usage.EntitlementID(one.right), usage.Quantity(9)).OnlyX(ctx)
		for _, use := range []uuid.UUID{five, nine.ID} {
			_, err = b.UsageReverse(one.publisher, use, "误报")
			must(t, err)
		}
		one.issue(t, "2026-06-01 01:00", 1)
		last := c.Bill.Query().Where(bill.OrderID(one.order), bill.Month("2026-05")).OnlyX(ctx)
		if last.TotalFen != 0 || last.ReturnedFen != 14_00 || last.CarriedFen != 0 {
			t.Errorf("the last bill is %+v", last)
		}
		given := int64(0)
		for _, r := range c.Refund.Query().Where(refund.OrderID(one.order)).AllX(ctx) {
			if r.Status == ordering.RefundRequested {
				must(t, b.decide(t, b.operatorFinance, r.ID, authorisation.StepOperator, authorisation.OutcomeApprove))
			}
			given += r.AmountFen
		}
		if paid := int64(15_00 + 7_00); given != paid {
			t.Errorf("of %d fen that were paid %d are given back", paid, given)
		}
		refused(t, back(march, 1), "REFUND_EXCEEDS_PAYMENT")
	})
}

// A credit that nothing is paid of yet is returned once it is: what was asked for too much is lost at no end.
func TestACreditOutlivesItsOrder(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		one := b.shop.meteredUnder(t, PlanInput{Name: "两月", Tariff: storetest.Flat(pricing.PerCall, "1"), Settlement: pricing.Metered, TermMonths: 2, Trial: true})
		one.goTo(t, "2026-03-20 12:00")
		one.report(t, 3, one.clock.Add(-time.Minute))
		one.issue(t, "2026-04-01 01:00", 1)
		ctx, c := b.system()
		billOf := func(month string) *db.Bill {
			return c.Bill.Query().Where(bill.OrderID(one.order), bill.Month(month)).OnlyX(ctx)
		}
		pay := func(month string) uuid.UUID {
			id, err := b.BillPay(one.buyer, billOf(month).ID, OrderPayInput{paytest.Name, uuid.NewString()})
			must(t, err)
			return id
		}
		pay("2026-03")
		one.goTo(t, "2026-04-20 12:00")
		hundred := one.report(t, 100, one.clock.Add(-time.Minute))
		one.issue(t, "2026-05-01 01:00", 1)
		_, err := b.UsageReverse(one.publisher, hundred, "误报")
		must(t, err)
		one.issue(t, "2026-06-01 01:00", 1)
		one.wants(t, "2026-03 300 0 0 = 300 PAID", "2026-04 10000 0 0 = 10000 ISSUED", "2026-05 0 2026-04-10000 0 -10000 = 0 PAID")
		if n := c.Refund.Query().CountX(ctx); n != 0 {
			t.Fatalf("%d refunds of what was used give back what was not paid", n)
		}
		one.issue(t, "2026-07-01 01:00", 0)
		april := pay("2026-04")
		one.issue(t, "2026-08-01 01:00", 1)
		if last := billOf("2026-07"); last.TotalFen != 0 || last.ReturnedFen != 100_00 || last.CarriedFen != 0 {
			t.Errorf("the last bill is %+v", last)
		}
		if r := c.Refund.Query().OnlyX(ctx); r.PaymentID != april || r.AmountFen != 100_00 || r.BillID == nil {
			t.Errorf("the refund is %+v", r)
		}
		one.issue(t, "2026-09-01 01:00", 0)
	})
}

// A refund that is only asked for keeps no credit back: who approves it is told what bills gave meanwhile.
func TestARefundThatIsOnlyAskedForKeepsNoCreditBack(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		one := b.shop.metered(t, storetest.Flat(pricing.PerCall, "1"))
		one.goTo(t, "2026-03-20 12:00")
		ten := one.report(t, 10, one.clock.Add(-time.Minute))
		one.issue(t, "2026-04-01 01:00", 1)
		ctx, c := b.system()
		march := c.Bill.Query().Where(bill.OrderID(one.order)).OnlyX(ctx)
		_, err := b.BillPay(one.buyer, march.ID, OrderPayInput{paytest.Name, "pay"})
		must(t, err)
		in := RefundInput{OrderID: one.order, AmountFen: 10_00, Reason: "误报", IdempotencyKey: "back"}
		var all sync.WaitGroup
		ids := make([]uuid.UUID, 4)
		for i := range ids { // the same, asked for at once, is asked for once
			all.Go(func() {
				var err error
				if ids[i], err = b.RefundRequest(one.buyer, in); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if len(slices.Compact(ids)) != 1 {
			t.Fatalf("the refunds are %v", ids)
		}
		_, err = b.UsageReverse(one.publisher, ten, "误报")
		must(t, err)
		one.goTo(t, "2026-04-20 12:00")
		one.report(t, 20, one.clock.Add(-time.Minute))
		one.issue(t, "2026-05-01 01:00", 1)
		one.wants(t, "2026-03 1000 0 0 = 1000 PAID", "2026-04 2000 2026-03-1000 0 0 = 1000 ISSUED")
		refused(t, b.decide(t, b.operatorFinance, ids[0], authorisation.StepOperator, authorisation.OutcomeApprove), "REFUND_EXCEEDS_PAYMENT")
		must(t, b.decide(t, b.operatorFinance, ids[0], authorisation.StepOperator, authorisation.OutcomeRefuse))

		// Of several payments one is named.
		_, err = b.BillPay(one.buyer, c.Bill.Query().Where(bill.OrderID(one.order), bill.Month("2026-04")).OnlyX(ctx).ID, OrderPayInput{paytest.Name, "pay april"})
		must(t, err)
		in.IdempotencyKey = "which"
		_, err = b.RefundRequest(one.buyer, in)
		refused(t, err, "PAYMENT_MISSING")
	})
}

// A buyer is reminded of a bill, told when it is overdue, and after that, in time, its right rests until all that is overdue is paid.
func TestOverdueBillsSuspendTheRight(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		one := b.shop.metered(t, storetest.Flat(pricing.PerCall, "1"))
		ctx, c := b.system()
		told := func(want ...notice.Kind) {
			t.Helper()
			if _, err := b.tellAllNear(ctx); err != nil {
				t.Fatal(err)
			}
			var got []notice.Kind
			for _, n := range c.Notification.Query().Where(notification.OrganisationID(b.Buyer), notification.KindIn(notice.BillDueSoon, notice.BillOverdue, notice.EntitlementInArrears)).Order(db.Asc(notification.FieldID)).AllX(ctx) {
				got = append(got, n.Kind)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("on %s the buyer was told %v, want %v", b.clock, got, want)
			}
		}
		rests := func(want int) {
			t.Helper()
			n, err := b.suspendArrears(ctx)
			status := c.Entitlement.GetX(ctx, one.right).Status
			if err != nil || n != want {
				t.Fatalf("on %s %d rights were suspended, %v; the right is %s", b.clock, n, err, status)
			}
		}
		for _, on := range []string{"2026-03-20 12:00", "2026-04-20 12:00"} {
			one.goTo(t, on)
			one.call(t, "")
		}
		one.goTo(t, "2026-04-01 01:00")
		one.issue(t, "2026-04-01 01:00", 1) // due on the 1st of May
		one.goTo(t, "2026-04-23 12:00")
		told()
		one.goTo(t, "2026-04-24 12:00")
		told(notice.BillDueSoon)
		one.issue(t, "2026-05-01 01:00", 1) // due on the 31st
		one.goTo(t, "2026-05-01 23:00")
		told(notice.BillDueSoon)
		rests(0)
		one.goTo(t, "2026-05-02 12:00")
		told(notice.BillDueSoon, notice.BillOverdue)
		told(notice.BillDueSoon, notice.BillOverdue) // each once
		one.goTo(t, "2026-05-16 23:59")
		rests(0)
		// A rule that comes later brings the day that was told no nearer, and what is told stays known while the bill is owed.
		b.policy(t, "BILLING", map[string]any{"dueDays": 30, "remindDays": 7, "suspendAfterDays": 1})
		rests(0)
		b.policy(t, "NOTIFICATIONS", map[string]any{"keepMonths": 0, "endingDays": 30, "dueWorkingDays": 2})
		one.goTo(t, "2026-05-17 00:00")
		if n, err := b.dropNotifications(ctx); err != nil || n == 0 {
			t.Fatalf("%d notifications were forgotten, %v", n, err)
		}
		rests(1)
		rests(0)
		told(notice.BillOverdue, notice.EntitlementInArrears)
		_, err := b.DataRows(context.Background(), RowsCall{Secret: one.secret, ProductID: one.product.ID, Purpose: purpose.Industry, Query: url.Values{"first": {"1"}}},
			func(Rows) []byte { return nil })
		refused(t, err, "ENTITLEMENT_SUSPENDED")
		in := b.input("beside")
		in.PlanID = c.Order.GetX(ctx, one.order).PlanID
		_, err = b.OrderPlace(b.buyer, in)
		refused(t, err, "METERED_ALREADY")
		in.Purpose = purpose.Sector
		_, err = b.OrderPlace(b.buyer, in)
		refused(t, err, "BUYER_IN_ARREARS")

		// Both are overdue before the first is paid: the right rests until the second is, too.
		one.goTo(t, "2026-06-01 12:00")
		told(notice.BillOverdue, notice.EntitlementInArrears, notice.BillOverdue)
		one.goTo(t, "2026-06-16 12:00")
		bills := c.Bill.Query().Where(bill.OrderID(one.order)).Order(db.Asc(bill.FieldMonth)).AllX(ctx)
		for i, want := range []ordering.EntitlementStatus{ordering.EntitlementSuspended, ordering.EntitlementActive} {
			_, err := b.BillPay(one.buyer, bills[i].ID, OrderPayInput{paytest.Name, uuid.NewString()})
			must(t, err)
			if got := c.Entitlement.GetX(ctx, one.right).Status; got != want {
				t.Fatalf("after the payment of %s the right is %s", bills[i].Month, got)
			}
		}
		one.call(t, "")
		rests(0)
	})
}

// What a provider refused for good to give back, although it was approved, is credited after all.
func TestARefundThatFailsStandsForNoCredit(t *testing.T) {
	eachBooks(t, func(t *testing.T, b *books) {
		one := b.shop.metered(t, storetest.Flat(pricing.PerCall, "1"))
		one.goTo(t, "2026-03-20 12:00")
		ten := one.report(t, 10, one.clock.Add(-time.Minute))
		one.issue(t, "2026-04-01 01:00", 1)
		ctx, c := b.system()
		_, err := b.BillPay(one.buyer, c.Bill.Query().Where(bill.OrderID(one.order)).OnlyX(ctx).ID, OrderPayInput{paytest.Name, "pay"})
		must(t, err)
		id, err := b.RefundRequest(one.buyer, RefundInput{OrderID: one.order, AmountFen: 6_00, Reason: "误报", IdempotencyKey: "back"})
		must(t, err)
		b.provider.Behave(paytest.Unreachable)
		must(t, b.decide(t, b.operatorFinance, id, authorisation.StepOperator, authorisation.OutcomeApprove))
		_, err = b.UsageReverse(one.publisher, ten, "误报")
		must(t, err)
		one.goTo(t, "2026-04-20 12:00")
		one.report(t, 20, one.clock.Add(-time.Minute))
		one.issue(t, "2026-05-01 01:00", 1)
		b.provider.Behave(paytest.Refuses)
		_, err = b.RefundsResume(ctx)
		must(t, err)
		b.provider.Behave(paytest.Pays)
		one.goTo(t, "2026-05-20 12:00")
		one.report(t, 20, one.clock.Add(-time.Minute))
		one.issue(t, "2026-06-01 01:00", 1)
		one.wants(t, "2026-03 1000 0 0 = 1000 PAID", "2026-04 2000 2026-03-400 0 0 = 1600 ISSUED", "2026-05 2000 2026-03-600 0 0 = 1400 ISSUED")
	})
}

// What is free or charged once is so for a user: a second order beside the first is refused, and one after it goes on counting.
func TestWhatIsFreeForAUserIsSoOverOrders(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		tariff := storetest.Flat(pricing.PerCall, "1")
		tariff.Free, tariff.OnceDays = &pricing.FreeAllowance{Quantity: 2, Per: pricing.Year}, 30
		one := s.meteredUnder(t, PlanInput{Name: "一月", Tariff: tariff, Settlement: pricing.Metered, TermMonths: 1, Trial: true})
		ctx, c := s.system()
		in := s.input("beside")
		in.PlanID = c.Order.GetX(ctx, one.order).PlanID
		_, err := s.OrderPlace(s.buyer, in)
		refused(t, err, "METERED_ALREADY")

		one.goTo(t, "2026-03-20 12:00")
		for _, subject := range []string{"甲", "乙", "丙"} {
			one.call(t, subject)
		}
		one.goTo(t, "2026-04-05 12:00") // it ended on the 3rd
		in.IdempotencyKey = "after"
		two := &meteredOrder{shop: s, publisher: one.publisher}
		two.order, err = s.OrderPlace(s.buyer, in)
		must(t, err)
		two.right = c.Entitlement.Query().Where(entitlement.OrderID(two.order)).OnlyIDX(ctx)
		_, two.secret, err = s.CredentialIssue(s.buyer, CredentialInput{EntitlementID: two.right, IdempotencyKey: uuid.NewString()})
		must(t, err)
		two.call(t, "丙") // charged on the 20th of March
		two.call(t, "丁")
		two.issue(t, "2026-05-01 01:00", 3)
		one.wants(t, "2026-03 100 0 0 = 100 ISSUED", "2026-04 0 0 0 = 0 PAID")
		two.wants(t, "2026-04 100 0 0 = 100 ISSUED")

		// What is heard late of the order before bears on this one: a subject was charged there.
		two.goTo(t, "2026-05-10 12:00")
		used := time.Date(2026, time.March, 25, 4, 0, 0, 0, time.UTC)
		_, err = s.UsageReport(one.publisher, UsageReportInput{EntitlementID: one.right, Quantity: 1, UsedAt: used, Subject: "丁", IdempotencyKey: "late"})
		must(t, err)
		two.issue(t, "2026-06-01 01:00", 2)
		one.wants(t, "2026-03 100 0 0 = 100 ISSUED", "2026-04 0 0 0 = 0 PAID", "2026-05 0 2026-03+100 0 0 = 100 ISSUED")
		two.wants(t, "2026-04 100 0 0 = 100 ISSUED", "2026-05 0 2026-04-100 0 -100 = 0 PAID")
	})
}

func TestTheCapBindsATrialPriceOnceTheTrialIsOver(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		m := s.metered(t, storetest.Flat(pricing.PerCall, "1")) // at a trial price
		s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return firstOf(
				tx.Agreement.Create().SetCreatedAt(tx.Now()).SetAgencyID(s.Agency).SetOperatorID(s.Operator).SetNumber("1").SetMode(authorisation.ModeWhole).
					SetStatus(authorisation.AgreementOperating).SetClauses(map[authorisation.Clause]string{}).SetPublicisedOn("2025-01-05").
					SetStartsOn("2025-04-30").SetEndsOn("2028-12-31").Exec(ctx), // the complete operating year ends on 29 April
				tx.PriceCap.Create().SetCreatedAt(tx.Now()).SetProductID(s.product.ID).SetAuthorityID(s.Operator).SetPersonID(access.FromContext(m.publisher).PersonID).
					SetMode(pricing.PerCall).SetRate("0.40").SetEffectiveFrom("2026-03-01").SetSourceDocument("x").SetReason("x").Exec(ctx),
			)
		})
		m.goTo(t, "2026-05-05 12:00")
		for _, at := range []time.Time{time.Date(2026, time.March, 20, 4, 0, 0, 0, time.UTC), time.Date(2026, time.April, 10, 4, 0, 0, 0, time.UTC), time.Date(2026, time.April, 30, 4, 0, 0, 0, time.UTC)} {
			m.report(t, 5, at)
		}
		m.issue(t, "2026-05-06 12:00", 2)
		m.wants(t, "2026-03 500 0 0 = 500 ISSUED", "2026-04 700 0 0 = 700 ISSUED")
	})
}

func TestABillKeepsToTheCapsOfItsDays(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		publisher := s.Person(t, s.Operator, access.Publisher)
		set := func(rate, from string) {
			s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.PriceCap.Create().SetCreatedAt(tx.Now()).SetProductID(s.product.ID).SetAuthorityID(s.Operator).SetPersonID(access.FromContext(publisher).PersonID).
					SetMode(pricing.PerCall).SetRate(rate).SetEffectiveFrom(from).SetSourceDocument("-").SetReason("-").Exec(ctx)
			})
		}
		set("1", "2026-01-01")
		_, err := s.PlanAdd(publisher, s.product.ID, PlanInput{Name: "x", Tariff: storetest.Flat(pricing.PerCall, "1.01"), Settlement: pricing.Metered, TermMonths: 12})
		refused(t, err, "PRICE_OVER_CAP")
		m := s.meteredUnder(t, PlanInput{Name: "x", Tariff: storetest.Flat(pricing.PerCall, "1"), Settlement: pricing.Metered, TermMonths: 12})
		set("0.4", "2026-04-15")
		for _, on := range []string{"2026-03-10 12:00", "2026-04-14 23:59", "2026-04-15 00:00"} {
			m.goTo(t, on)
			m.call(t, "")
			m.call(t, "")
		}
		m.issue(t, "2026-05-01 01:00", 2)
		m.wants(t, "2026-03 200 0 0 = 200 ISSUED", "2026-04 280 0 0 = 280 ISSUED")
		ctx, c := s.system()
		lines := c.Bill.Query().Where(bill.Month("2026-04")).OnlyX(ctx).Lines
		if last := lines[len(lines)-1]; last.Rule != pricing.LineCap || last.AmountFen != -120 || last.Rate.String() != "0.4" {
			t.Errorf("the cap's line is %+v", last)
		}
	})
}

func TestADiscountIsOfTheClassAndNamesItsPolicy(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		platform := s.Person(t, s.Organisation(t, access.Enterprise, access.Platform), access.Approver)
		refused(t, s.OrganisationClassify(s.buyer, s.Buyer, "SMALL", "小微企业"), "PARTY_REQUIRED")
		refused(t, s.OrganisationClassify(platform, s.Buyer, "small", "小微企业"), "USER_CLASS_INVALID")
		refused(t, s.OrganisationClassify(platform, uuid.New(), "SMALL", "小微企业"), "NOT_FOUND")
		must(t, s.OrganisationClassify(platform, s.Buyer, "SMALL", "小微企业"))
		load := func(percent, from string) {
			s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.LoadPolicies(ctx, []policy.Row{{
					Kind: "DISCOUNT_small", EffectiveFrom: from, Source: "-", Value: map[string]any{"class": "SMALL", "percent": percent},
				}})
				return err
			})
		}
		load("20", "2026-01-01")
		load("0", "2026-04-01") // ended
		m := s.metered(t, storetest.Flat(pricing.PerCall, "1"))
		quoted := func(as context.Context) pricing.Quotation {
			q, err := s.Quote(as, QuoteInput{ProductID: s.product.ID, PlanID: s.product.PerCall, Purpose: purpose.Industry, Quantity: 100})
			must(t, err)
			return q
		}
		q := quoted(s.buyer)
		if len(q.Lines) != 2 || q.Lines[1].Rule != pricing.LineDiscount || q.Lines[1].AmountFen != -1100 || q.TotalFen != 4400 {
			t.Fatalf("the quotation is %+v", q)
		}
		ctx, c := s.system()
		if row, err := c.PolicyRow.Get(ctx, uuid.MustParse(q.Lines[1].Policy)); err != nil || row.Kind != "DISCOUNT_small" {
			t.Errorf("the line names %+v, %v", row, err)
		}
		if q := quoted(context.Background()); q.TotalFen != 5500 {
			t.Errorf("of no class it is %s", q.TotalFen)
		}
		m.call(t, "")
		m.goTo(t, "2026-04-02 12:00")
		m.call(t, "")
		m.issue(t, "2026-05-01 01:00", 2)
		m.wants(t, "2026-03 80 0 0 = 80 ISSUED", "2026-04 100 0 0 = 100 ISSUED")
	})
}

// What is ordered for a scenario that policy favours is quoted, ordered and billed by it, and says so.
func TestADiscountIsOfTheScenarioThatWasOrdered(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.LoadPolicies(ctx, []policy.Row{{
				Kind: "DISCOUNT_farm", EffectiveFrom: "2026-01-01", Source: "-", Value: map[string]any{"scenario": "FARM_CREDIT", "name": "涉农信贷", "nameEn": "Farm credit", "percent": "50"},
			}})
			return err
		})
		farm := ordering.Scenario{Code: "FARM_CREDIT", Name: "涉农信贷", NameEn: "Farm credit"}
		if scenarios, err := s.DiscountScenarios(context.Background()); err != nil || len(scenarios) != 1 || *scenarios[0] != farm {
			t.Fatalf("the scenarios are %v, %v", scenarios, err)
		}
		in := s.input("farm")
		in.Scenario = "NOWHERE"
		_, err := s.OrderPlace(s.buyer, in)
		refused(t, err, "SCENARIO_UNKNOWN")
		in.Scenario = "FARM_CREDIT"
		id, err := s.OrderPlace(s.buyer, in)
		must(t, err)
		ctx, c := s.system()
		if o := c.Order.GetX(ctx, id); o.TotalFen != 275 || o.Terms.Scenario == nil || *o.Terms.Scenario != farm {
			t.Errorf("the order is %+v", o)
		}
		in.Scenario = ""
		_, err = s.OrderPlace(s.buyer, in)
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")

		plan, err := s.PlanAdd(s.Person(t, s.Operator, access.Publisher), s.product.ID, PlanInput{Name: "按月", Tariff: storetest.Flat(pricing.PerCall, "1"), Settlement: pricing.Metered, TermMonths: 12, Trial: true})
		must(t, err)
		s.Status(t, s.product, authorisation.ProductListed)
		in.PlanID, in.Scenario, in.IdempotencyKey = plan, "FARM_CREDIT", "metered"
		order, err := s.OrderPlace(s.buyer, in)
		must(t, err)
		m := &meteredOrder{shop: s, order: order, right: c.Entitlement.Query().Where(entitlement.OrderID(order)).OnlyIDX(ctx), publisher: s.Person(t, s.Operator, access.Publisher)}
		m.goTo(t, "2026-03-20 12:00")
		m.report(t, 10, m.clock.Add(-time.Minute))
		m.issue(t, "2026-04-01 01:00", 1)
		m.wants(t, "2026-03 500 0 0 = 500 ISSUED")
	})
}

func TestBillsAreIssuedOnceWhoeverIssuesThem(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		one, two := s.metered(t, storetest.Flat(pricing.PerVolume, "1")), s.ofAnother(t).metered(t, storetest.Flat(pricing.PerCall, "1"))
		one.call(t, "")
		two.call(t, "")
		one.goTo(t, "2026-04-01 01:00")
		for _, c := range []struct {
			who  context.Context
			code string
		}{
			{context.Background(), "SIGN_IN_REQUIRED"}, {s.buyer, "PARTY_REQUIRED"}, {one.publisher, "ROLE_REQUIRED"},
			{s.Person(t, s.Organisation(t, access.Enterprise, access.Platform), access.Approver), "ROLE_REQUIRED"},
		} {
			_, _, err := s.BillsIssueDue(c.who)
			refused(t, err, c.code)
		}
		rival := s.Person(t, s.Organisation(t, access.Enterprise, access.Operator), access.Finance)
		if n, more, err := s.BillsIssueDue(rival); n != 0 || more || err != nil {
			t.Errorf("another operator issued %d, %v, %v", n, more, err)
		}
		var issued, failed int
		var group sync.WaitGroup
		var lock sync.Mutex
		finance := s.Person(t, s.Operator, access.Finance)
		for i := range 4 {
			group.Go(func() {
				n, err := 0, error(nil)
				if i%2 == 0 {
					n, err = s.BillsIssue(context.Background())
				} else {
					n, _, err = s.BillsIssueDue(finance)
				}
				lock.Lock()
				defer lock.Unlock()
				if issued += n; err != nil {
					failed++
					t.Error(err)
				}
			})
		}
		group.Wait()
		one.wants(t, "2026-03 0 0 0 = 0 PAID") // 100 bytes are no megabyte
		two.wants(t, "2026-03 100 0 0 = 100 ISSUED")
		if issued < 2 || failed > 0 {
			t.Errorf("%d were issued, %d failed", issued, failed)
		}
		platform := s.Person(t, s.Organisation(t, access.Enterprise, access.Platform), access.Finance)
		one.goTo(t, "2026-05-01 01:00")
		if n, more, err := s.BillsIssueDue(platform); n != 2 || more || err != nil {
			t.Errorf("the platform issued %d, %v, %v", n, more, err)
		}
	})
}

func TestUsesAreReportedAndTakenBack(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		m := s.metered(t, storetest.Flat(pricing.PerCall, "1"))
		paid := s.paid(t, s.product.PerCall, 10)
		ctx, c := s.system()
		bought := c.Entitlement.Query().Where(entitlement.OrderID(paid)).OnlyX(ctx)
		began := s.clock
		s.clock = began.Add(time.Hour)
		in := UsageReportInput{EntitlementID: bought.ID, Quantity: 4, RowCount: 8, Bytes: 9, UsedAt: began.Add(time.Minute), Subject: "张三", IdempotencyKey: "k"}
		change := func(f func(*UsageReportInput)) UsageReportInput {
			other := in
			f(&other)
			return other
		}
		rival := s.Person(t, s.Organisation(t, access.Enterprise, access.Operator), access.Publisher)
		for _, r := range []struct {
			sentence string
			who      context.Context
			in       UsageReportInput
			code     string
		}{
			{"nobody", context.Background(), in, "SIGN_IN_REQUIRED"},
			{"a buyer", s.buyer, in, "PARTY_REQUIRED"},
			{"not the finance department", s.Person(t, s.Operator, access.Finance), in, "ROLE_REQUIRED"},
			{"another operator", rival, in, "NOT_FOUND"},
			{"for no right", m.publisher, change(func(in *UsageReportInput) { in.EntitlementID = uuid.New() }), "NOT_FOUND"},
			{"without a key", m.publisher, change(func(in *UsageReportInput) { in.IdempotencyKey = "" }), "IDEMPOTENCY_KEY_INVALID"},
			{"of the future", m.publisher, change(func(in *UsageReportInput) { in.UsedAt = s.clock }), "USED_AT_INVALID"},
			{"of before the right", m.publisher, change(func(in *UsageReportInput) { in.UsedAt = began.Add(-time.Second) }), "ENTITLEMENT_NOT_STARTED"},
			{"of nothing", m.publisher, change(func(in *UsageReportInput) { in.Quantity = 0 }), "USAGE_INVALID"},
			{"below nothing", m.publisher, change(func(in *UsageReportInput) { in.Bytes = -1 }), "USAGE_INVALID"},
			{"about too much", m.publisher, change(func(in *UsageReportInput) { in.Subject = strings.Repeat("张", 201) }), "SUBJECT_INVALID"},
			{"above the quota", m.publisher, change(func(in *UsageReportInput) { in.Quantity = 11 }), "QUOTA_EXHAUSTED"},
		} {
			if _, err := s.UsageReport(r.who, r.in); fault.CodeOf(err) != r.code {
				t.Errorf("%s: want %s, got %v", r.sentence, r.code, err)
			}
		}
		id, err := s.UsageReport(m.publisher, in)
		must(t, err)
		if again, err := s.UsageReport(m.publisher, in); err != nil || again != id {
			t.Errorf("the same key answers %s, %v", again, err)
		}
		_, err = s.UsageReport(m.publisher, change(func(in *UsageReportInput) { in.Quantity = 5 }))
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")
		used := func() int64 { return c.Entitlement.GetX(ctx, bought.ID).UsedCalls }
		if row := c.Usage.GetX(ctx, id); used() != 4 || row.Kind != ordering.UsageReported || row.Channel != pricing.Counter || row.Quantity != 4 || !row.UsedAt.Equal(in.UsedAt) {
			t.Errorf("%d used, %+v", used(), row)
		}
		_, err = s.UsageReverse(s.buyer, id, "误报")
		refused(t, err, "PARTY_REQUIRED")
		_, err = s.UsageReverse(rival, id, "误报")
		refused(t, err, "NOT_FOUND")
		_, err = s.UsageReverse(m.publisher, id, "")
		refused(t, err, "REASON_MISSING")
		reversal, err := s.UsageReverse(m.publisher, id, "误报")
		must(t, err)
		if used() != 0 {
			t.Errorf("%d are used", used())
		}
		_, err = s.UsageReverse(m.publisher, id, "误报")
		refused(t, err, "USAGE_REVERSED")
		_, err = s.UsageReverse(m.publisher, reversal, "误报")
		refused(t, err, "USAGE_NOT_REVERSIBLE")
	})
}

// Where no window looks at time, adding up in the database and visiting every use come to the same.
func TestUsesAddUpToWhatTheyAreOneByOne(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		tariff := storetest.Flat(pricing.PerCall, "1")
		tariff.Free = &pricing.FreeAllowance{Quantity: 3, Per: pricing.Month}
		five := int64(5)
		tariff.Scheme, tariff.Bands = pricing.Graduated, []pricing.Band{{UpTo: &five, Rate: decimal.MustParse("1")}, {Rate: decimal.MustParse("0.5")}}
		tariff.Variants = []pricing.Variant{{Channel: pricing.Counter, Schedule: storetest.Flat(pricing.PerCall, "3").Schedule}}
		m := s.metered(t, tariff)
		m.goTo(t, "2026-03-20 12:00")
		var ids []uuid.UUID
		for i := range int64(12) {
			m.call(t, "")
			ids = append(ids, m.report(t, 1+i%3, m.clock.Add(-time.Duration(i)*time.Hour-time.Second)))
			m.clock = m.clock.Add(time.Minute)
		}
		for _, i := range []int{2, 7} {
			_, err := s.UsageReverse(m.publisher, ids[i], "误报")
			must(t, err)
		}
		b, err := s.world.Store.BillingOf(s.buyer, m.order)
		must(t, err)
		month := pricing.BillingMonth{Year: 2026, Month: time.March}
		r := s.newRater()
		terms, err := r.terms(context.Background(), b, month)
		must(t, err)
		low := &pricing.Cap{Mode: pricing.PerCall, Rate: decimal.MustParse("0.3")}
		terms.CapChanges = []pricing.CapChange{{From: m.clock.Add(-7 * time.Hour), Cap: low}, {From: m.clock.Add(-4 * time.Hour), Cap: nil}}
		rated := func(count func(*pricing.Rating) error) string {
			rating, err := terms.Rating(month, pricing.Carried{})
			must(t, err)
			must(t, count(rating))
			got, err := rating.Bill()
			must(t, err)
			return fmt.Sprint(got)
		}
		summed := rated(func(rating *pricing.Rating) error {
			return r.count(context.Background(), b, month, s.clock, terms, rating)
		})
		visited := rated(func(rating *pricing.Rating) error {
			return s.world.Store.EachUse(context.Background(), store.Span{
				EntitlementID: m.right, From: month.Start(), Until: month.Next().Start(), HeardUntil: s.clock,
			}, rating.Add)
		})
		if !strings.Contains(summed, "CAP") {
			t.Errorf("the cap binds nothing: %s", summed)
		}
		if summed != visited {
			t.Errorf("added up it is\n%s\none by one\n%s", summed, visited)
		}
	})
}
