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
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	paytest "gongshu/internal/payment/test"
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
		window := s.metered(t, twice(nil, 30))
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

func TestABillKeepsToTheCapOfItsMonth(t *testing.T) {
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
		for _, on := range []string{"2026-03-10 12:00", "2026-04-10 12:00"} {
			m.goTo(t, on)
			m.call(t, "")
			m.call(t, "")
		}
		m.issue(t, "2026-05-01 01:00", 2)
		m.wants(t, "2026-03 200 0 0 = 200 ISSUED", "2026-04 80 0 0 = 80 ISSUED")
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
				_, err := tx.LoadPolicies(ctx, []store.PolicyRow{{
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

func TestBillsAreIssuedOnceWhoeverIssuesThem(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		one, two := s.metered(t, storetest.Flat(pricing.PerVolume, "1")), s.metered(t, storetest.Flat(pricing.PerCall, "1"))
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
		rated := func(count func(*pricing.Rating) error) string {
			rating, err := terms.Rating(month, pricing.Carried{})
			must(t, err)
			must(t, count(rating))
			got, err := rating.Bill()
			must(t, err)
			return fmt.Sprint(got)
		}
		summed := rated(func(rating *pricing.Rating) error { return r.count(context.Background(), b, month, s.clock, rating) })
		visited := rated(func(rating *pricing.Rating) error {
			return s.world.Store.EachUse(context.Background(), store.Span{
				EntitlementID: m.right, From: month.Start(), Until: month.Next().Start(), HeardUntil: s.clock,
			}, rating.Add)
		})
		if summed != visited {
			t.Errorf("added up it is\n%s\none by one\n%s", summed, visited)
		}
	})
}
