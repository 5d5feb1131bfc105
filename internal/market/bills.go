package market

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// What bounds the issue of bills.
const (
	// heardMargin is how long a use may be on its way into the database: bills leave what they could miss to the next.
	heardMargin = 5 * time.Minute
	// askedAtOnce is of how many orders a person issues the bills at a time, dueAtOnce how many orders are read at once.
	askedAtOnce = 200
	dueAtOnce   = 100
	// ratedAtOnce is how many orders are rated side by side: while the database reads the uses of one, those of another are counted.
	ratedAtOnce = 4
)

// BillsIssue issues every bill that is due, up to that of the month before, and returns how many. It is the worker's. Each is a
// transaction of its own: what a kill cuts off is gone on with by the next run, and an order and month never has two. One that
// cannot be issued keeps no other from it.
func (m *Market) BillsIssue(ctx context.Context) (issued int, err error) {
	issued, _, err = m.issueBills(ctx, uuid.Nil, 0)
	return issued, err
}

// BillsIssueDue issues bills that are due, those of 200 orders at most, and says whether there are more: an operator's FINANCE those for its
// products, the platform's all. Which they are, and for whom, it does not see.
func (m *Market) BillsIssueDue(ctx context.Context) (issued int, more bool, err error) {
	v := access.FromContext(ctx)
	if v.Is(access.Platform) {
		if err := v.MayAct(access.Platform, access.Finance); err != nil {
			return 0, false, err
		}
		return m.issueBills(ctx, uuid.Nil, askedAtOnce)
	}
	if err := v.MayAct(access.Operator, access.Finance); err != nil {
		return 0, false, err
	}
	return m.issueBills(ctx, v.OrganisationID, askedAtOnce)
}

// issueBills issues the bills that are due for an operator's products, Nil all; those of so many orders at most, 0 any number.
func (m *Market) issueBills(ctx context.Context, operatorID uuid.UUID, most int) (issued int, more bool, err error) {
	ctx = store.AsSystem(ctx) // whoever asks: the bills are between the parties of their orders
	heard := m.Store.Now().Add(-heardMargin)
	last := pricing.MonthOf(heard).Before()
	r := m.newRater()
	due := store.Due{
		Month: last.String(), From: last.Start(), Until: last.Next().Start(), HeardUntil: heard, OperatorID: operatorID, Most: dueAtOnce,
	}
	var failed []error
	for asked := 0; ; {
		orders, err := m.Store.OrdersDue(ctx, due)
		if err != nil {
			return issued, false, errors.Join(append(failed, err)...)
		}
		var mu sync.Mutex
		sideBySide(orders, func(id uuid.UUID) {
			n, err := m.issueBillsOf(ctx, r, id, last, heard)
			mu.Lock()
			defer mu.Unlock()
			if issued += n; err != nil {
				failed = append(failed, fmt.Errorf("bill order %s: %w", id, err))
			}
		})
		if len(orders) < dueAtOnce || ctx.Err() != nil {
			return issued, false, errors.Join(failed...)
		}
		if asked += len(orders); most > 0 && asked >= most {
			return issued, true, errors.Join(failed...)
		}
		due.After = orders[len(orders)-1]
	}
}

// sideBySide does something for each order, for ratedAtOnce of them at a time.
func sideBySide(orders []uuid.UUID, do func(uuid.UUID)) {
	next := make(chan uuid.UUID)
	var workers sync.WaitGroup
	for range min(ratedAtOnce, len(orders)) {
		workers.Go(func() {
			for id := range next {
				do(id)
			}
		})
	}
	for _, id := range orders {
		next <- id
	}
	close(next)
	workers.Wait()
}

// issueBillsOf issues the bills of an order that are due, month by month.
func (m *Market) issueBillsOf(ctx context.Context, r *rater, orderID uuid.UUID, last pricing.BillingMonth, heard time.Time) (issued int, err error) {
	for {
		b, err := m.Store.BillingOf(ctx, orderID)
		if err != nil {
			return issued, err
		}
		month := nextMonth(b)
		if month.Start().After(last.Start()) {
			return issued, nil
		}
		if !month.Start().Before(b.EndsAt) { // its term is over: what is left to say is on the bill of the last month
			month = last
			if left, err := r.leftOver(ctx, b, month, heard); err != nil || !left {
				return issued, err
			}
		}
		bill, err := r.bill(ctx, b, month, heard)
		if err != nil {
			return issued, err
		}
		saved, err := m.saveBill(ctx, b, month, bill)
		if err != nil || !saved { // somebody else issued it, or changed what it rests on: the next run looks again
			return issued, err
		}
		issued++
	}
}

// leftOver reports whether an order whose term is over needs one more bill: uses were heard of since the last, or a payment came of
// which its credit can be returned.
func (r *rater) leftOver(ctx context.Context, b store.Billing, month pricing.BillingMonth, heard time.Time) (bool, error) {
	if n := len(b.Bills); n > 0 && b.Bills[n-1].CarriedFen < 0 {
		paid, err := r.store.PaidSince(ctx, b.ID, b.Bills[n-1].HeardUntil)
		if paid || err != nil {
			return paid, err
		}
	}
	late, err := r.lateMonth(ctx, b, month, heard)
	return late != nil, err
}

// nextMonth is the month of an order's next bill.
func nextMonth(b store.Billing) pricing.BillingMonth {
	if n := len(b.Bills); n > 0 {
		last, _ := pricing.ParseMonth(b.Bills[n-1].Month) // what was saved is a month
		return last.Next()
	}
	return pricing.MonthOf(b.StartsAt)
}

// saveBill stores a bill with what it brings about; false where somebody else issued it, or changed what the order is owed.
func (m *Market) saveBill(ctx context.Context, b store.Billing, month pricing.BillingMonth, bill ordering.Bill) (saved bool, err error) {
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		policies, err := tx.Policies(ctx)
		if err != nil {
			return err
		}
		row := store.Bill{
			Bill: bill, OrderID: b.ID, BuyerID: b.BuyerID, ProductID: b.ProductID, Status: ordering.BillIssued,
			DueOn: authorisation.DayOf(tx.Now()).AddDays(policies.BillDueDays),
		}
		if bill.TotalFen == 0 {
			row.Status = ordering.BillPaid
		}
		// A refund that is asked for or approved meanwhile, and this bill's credits, would give the same back.
		if err := tx.TouchOrder(ctx, b.Order); err != nil {
			return err
		}
		var returns []store.Refund
		if !month.Next().Start().Before(b.EndsAt) {
			if returns, err = creditReturns(ctx, tx, b, row); err != nil {
				return err
			}
			for _, r := range returns {
				row.ReturnedFen += r.AmountFen
			}
			row.CarriedFen += row.ReturnedFen
		}
		if row.ID, err = tx.AddBill(ctx, row); err != nil {
			return err
		}
		if err := m.returnCredit(ctx, tx, b, row.ID, returns); err != nil {
			return err
		}
		if err := tellBilled(ctx, tx, b.Order, row); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "billIssue", Kind: "Bill", ID: row.ID, Change: map[string]any{
			"order": b.ID, "month": bill.Month, "totalFen": bill.TotalFen, "adjustments": bill.Adjustments,
		}})
	})
	if store.IsTaken(err) || fault.CodeOf(err) == "CHANGED_MEANWHILE" {
		return false, nil
	}
	return err == nil, err
}

// creditReturns are the refunds that return what an order's last bill cannot give, since no bill follows that could: of the payments of
// the months that it corrects first, then of the newest. What unpaid bills ask for is kept back until they are paid.
func creditReturns(ctx context.Context, tx *store.Tx, b store.Billing, last store.Bill) (returns []store.Refund, err error) {
	credit, corrected := -last.CarriedFen, map[uuid.UUID]bool{}
	for _, one := range b.Bills {
		credit -= one.OwedFen
		corrected[one.ID] = slices.ContainsFunc(last.Adjustments, func(a ordering.Adjustment) bool { return a.Month == one.Month })
	}
	if credit <= 0 {
		return nil, nil
	}
	payments, err := tx.PaymentsOf(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	refunds, err := tx.RefundsOf(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	for _, first := range []bool{true, false} {
		for _, p := range slices.Backward(payments) {
			part := min(credit, p.AmountFen-Refunded(p.ID, refunds))
			if corrected[p.BillID] != first || p.State != ordering.PaymentSucceeded || part <= 0 {
				continue
			}
			returns = append(returns, store.Refund{
				PaymentID: p.ID, OrderID: b.ID, PersonID: b.PersonID, AmountFen: part, Reason: returnReason, IdempotencyKey: uuid.NewString(),
			})
			credit -= part
		}
	}
	return returns, nil
}

// returnCredit asks for the refunds of a bill's credit. They are decided as every refund is.
func (m *Market) returnCredit(ctx context.Context, tx *store.Tx, b store.Billing, billID uuid.UUID, returns []store.Refund) error {
	if len(returns) == 0 {
		return nil
	}
	operator, err := tx.OperatorOf(ctx, b.ProductID)
	if err != nil {
		return err
	}
	for _, r := range returns {
		r.BillID = billID
		id, err := tx.AddRefund(ctx, r)
		if err != nil {
			return err
		}
		// It is the buyer's, which need not ask.
		_, err = m.open(access.With(ctx, access.Viewer{OrganisationID: b.BuyerID, PersonID: b.PersonID}), tx, opening{
			kind: authorisation.ProceedingRefund, subjectID: id, subjectName: b.Terms.ProductName, authorities: []uuid.UUID{operator},
			application: authorisation.Application{Note: returnReason},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// returnReason is why the market itself asks for a refund.
const returnReason = "期满后的账单贷项无后续账单可抵，予以退还 / the credit of the last bill, which no bill follows"

// tellBilled tells a buyer of a bill that asks for something.
func tellBilled(ctx context.Context, tx *store.Tx, o store.Order, b store.Bill) error {
	if b.TotalFen == 0 {
		return nil
	}
	return tx.Notify(ctx, store.Notice{To: []uuid.UUID{o.BuyerID}, Kind: notice.BillIssued, Subject: notice.Bill, SubjectID: b.ID,
		Params: map[string]string{
			"productName": o.Terms.ProductName, "productNameEn": o.Terms.ProductNameEn, "month": b.Month, "dueOn": b.DueOn.String(),
			"amount": b.TotalFen.Yuan().String(), "currency": "CNY",
		}})
}

// BillPreview is what the bill of a month would say if it were issued now, and up to when uses are counted; "" is
// the running one. Whoever sees the order may ask. Refused with ORDER_NOT_METERED, and with MONTH_INVALID for a month that has its
// bill, is before the order or has not begun.
func (m *Market) BillPreview(ctx context.Context, orderID uuid.UUID, month string) (ordering.Bill, error) {
	b, err := m.Store.BillingOf(ctx, orderID)
	if err != nil {
		return ordering.Bill{}, atField(err, "orderId")
	}
	heard := m.Store.Now()
	of, ok := pricing.MonthOf(heard), true
	if month != "" {
		of, ok = pricing.ParseMonth(month)
	}
	if !ok || of.Start().Before(nextMonth(b).Start()) || of.Start().After(heard) {
		return ordering.Bill{}, fault.New(fault.Invalid, "MONTH_INVALID", "This is no month that is still to be billed.").At("month")
	}
	return m.newRater().bill(store.AsSystem(ctx), b, of, heard)
}

// rater rates months of orders as the rules stood at their end, so that a month that is rated again comes to the same but for its
// uses. It keeps the policies that it read. Several orders may be rated at the same time.
type rater struct {
	store    *store.Store
	mu       sync.Mutex
	policies map[authorisation.Day]store.Policies
}

func (m *Market) newRater() *rater {
	return &rater{store: m.Store, policies: map[authorisation.Day]store.Policies{}}
}

// bill is that of a month with everything that the market heard of until a moment: what the month comes to, and where it is the next
// bill the corrections of earlier ones and the credit that the last could not give.
func (r *rater) bill(ctx context.Context, b store.Billing, month pricing.BillingMonth, heard time.Time) (ordering.Bill, error) {
	terms, err := r.terms(ctx, b, month)
	if err != nil {
		return ordering.Bill{}, err
	}
	bill := ordering.Bill{Month: month.String(), HeardUntil: heard, Lines: []pricing.Line{}, Adjustments: []ordering.Adjustment{}}
	from, next := month, month == nextMonth(b) || !month.Start().Before(b.EndsAt)
	if n := len(b.Bills); n > 0 && next {
		bill.BroughtFen = b.Bills[n-1].CarriedFen
		late, err := r.lateMonth(ctx, b, month, heard)
		if err != nil {
			return ordering.Bill{}, err
		}
		if late != nil {
			from = *late
		}
	}
	var before []ordering.Bill
	refunded := map[string]pricing.Fen{}
	for _, one := range b.Bills {
		before = append(before, one.Bill)
		refunded[one.Month] = one.RefundedFen
		if at, _ := pricing.ParseMonth(one.Month); next && one.RefundFailed && at.Start().Before(from.Start()) { // it stood for a credit
			from = at
		}
	}
	err = r.rate(ctx, b, from, month, heard, func(rated pricing.BillingMonth, it pricing.Rated) {
		if rated == month {
			bill.Lines, bill.RatedFen = append(bill.Lines, it.Lines...), it.TotalFen
			return
		}
		if a, differs := ordering.Adjust(rated.String(), it.TotalFen, before, refunded[rated.String()]); differs {
			bill.Adjustments = append(bill.Adjustments, a)
		}
	})
	bill.TotalFen, bill.CarriedFen = bill.Balance()
	bill.NetFen, bill.VATFen = pricing.SplitVAT(bill.TotalFen, terms.VATRate)
	return bill, err
}

// lateMonth is the earliest month before another of which the market heard since the last bill, nil for none.
func (r *rater) lateMonth(ctx context.Context, b store.Billing, before pricing.BillingMonth, heard time.Time) (*pricing.BillingMonth, error) {
	n := len(b.Bills)
	if n == 0 {
		return nil, nil
	}
	rights := []uuid.UUID{b.EntitlementID}
	for _, e := range b.Earlier { // what is free for a user in one order bears on the next
		rights = append(rights, e.EntitlementID)
	}
	at, found, err := r.store.EarliestHeard(ctx, rights, before.Start(), b.Bills[n-1].HeardUntil, heard)
	if err != nil || !found {
		return nil, err
	}
	month := pricing.MonthOf(at)
	if first := pricing.MonthOf(b.StartsAt); month.Start().Before(first.Start()) {
		month = first
	}
	return &month, nil
}

// rate visits the months from one to another with what each comes to. What is free in a year, or charged once in a window, is counted
// from where that begins.
func (r *rater) rate(ctx context.Context, b store.Billing, from, to pricing.BillingMonth, heard time.Time, visit func(pricing.BillingMonth, pricing.Rated)) error {
	first := countedFrom(b, from)
	carried, err := r.carried(ctx, b, first, heard)
	if err != nil {
		return err
	}
	for month := first; !month.Start().After(to.Start()); month = month.Next() {
		if !month.Start().Before(b.EndsAt) { // after its term nothing is used, nor a package bought
			if !month.Start().Before(from.Start()) {
				visit(month, pricing.Rated{})
			}
			continue
		}
		rating, err := r.rating(ctx, b, month, heard, carried)
		if err != nil {
			return err
		}
		if !month.Start().Before(from.Start()) {
			rated, err := rating.Bill()
			if err != nil {
				return fmt.Errorf("rate %s of order %s: %w", month, b.ID, err)
			}
			visit(month, rated)
		}
		carried = carry(b, month.Next().Start(), rating)
	}
	return nil
}

// carried is what a month of an order has to know of the orders that its buyer had before: what is free or charged once is so for a
// user, whatever order it comes by.
func (r *rater) carried(ctx context.Context, b store.Billing, until pricing.BillingMonth, heard time.Time) (carried pricing.Carried, err error) {
	for _, e := range b.Earlier {
		month, last := pricing.MonthOf(e.StartsAt), pricing.MonthOf(e.EndsAt.Add(-time.Nanosecond))
		if e.Terms.Tariff.OnceDays == 0 && month.Year < until.Year {
			month = pricing.BillingMonth{Year: until.Year, Month: time.January}
		}
		if until.Start().Before(last.Start()) {
			last = until
		}
		for ; !month.Start().After(last.Start()); month = month.Next() {
			rating, err := r.rating(ctx, e, month, heard, carried)
			if err != nil {
				return carried, err
			}
			begins := month.Next().Start()
			if month == until { // it goes on in the next order
				begins = month.Start()
			}
			carried = carry(e, begins, rating)
		}
	}
	return carried, nil
}

// rating is a month of an order with its uses.
func (r *rater) rating(ctx context.Context, b store.Billing, month pricing.BillingMonth, heard time.Time, before pricing.Carried) (*pricing.Rating, error) {
	terms, err := r.terms(ctx, b, month)
	if err != nil {
		return nil, err
	}
	rating, err := terms.Rating(month, before)
	if err == nil {
		err = r.count(ctx, b, month, heard, terms, rating)
	}
	if err != nil {
		return nil, fmt.Errorf("rate %s of order %s: %w", month, b.ID, err)
	}
	return rating, nil
}

// carry is what a month has to know that begins at a moment or later; what no window reaches any more is left out.
func carry(b store.Billing, begins time.Time, rating *pricing.Rating) pricing.Carried {
	carried := rating.Carry()
	window := time.Duration(b.Terms.Tariff.OnceDays) * 24 * time.Hour
	for subject, at := range carried.Billed {
		if begins.Sub(at) >= window {
			delete(carried.Billed, subject)
		}
	}
	return carried
}

// countedFrom is the first month whose uses bear on what a month comes to.
func countedFrom(b store.Billing, month pricing.BillingMonth) pricing.BillingMonth {
	first := pricing.MonthOf(b.StartsAt)
	t := b.Terms.Tariff
	yearly := t.IsFreeByYear()
	switch {
	case t.OnceDays > 0: // each window runs from the last charged use, and that from the one before
		return first
	case yearly && first.Year < month.Year:
		return pricing.BillingMonth{Year: month.Year, Month: time.January}
	case yearly:
		return first
	}
	return month
}

// count adds a month's uses to a rating. Where no window looks at time, neither order nor grouping matters between two changes of the
// cap: the database adds up.
func (r *rater) count(ctx context.Context, b store.Billing, month pricing.BillingMonth, heard time.Time, terms pricing.Terms, rating *pricing.Rating) error {
	span := store.Span{EntitlementID: b.EntitlementID, From: month.Start(), Until: month.Next().Start(), HeardUntil: heard}
	if b.Terms.Tariff.OnceDays > 0 {
		return r.store.EachUse(ctx, span, rating.Add)
	}
	ends := []time.Time{span.Until}
	for _, change := range slices.Backward(terms.CapChanges) {
		ends = append(ends, change.From)
	}
	var bytes map[pricing.ServiceChannel]int64 // of the month so far: megabytes are begun once
	for _, span.Until = range slices.Backward(ends) {
		sums, err := r.store.UsesSummed(ctx, span)
		if err != nil {
			return err
		}
		for _, sum := range sums {
			use := pricing.Use{ID: string(sum.Channel), At: span.From, Channel: sum.Channel, Quantity: sum.Quantity}
			if b.Terms.Tariff.Mode == pricing.PerVolume {
				if bytes == nil {
					bytes = map[pricing.ServiceChannel]int64{}
				}
				before := bytes[sum.Channel]
				bytes[sum.Channel] += sum.Bytes
				use.Quantity = ordering.Megabytes(bytes[sum.Channel]) - ordering.Megabytes(before)
			}
			if use.Quantity == 0 {
				continue
			}
			if err := rating.Add(use); err != nil {
				return err
			}
		}
		span.From = span.Until
	}
	return nil
}

// terms are those of an order with what policy said at a month's end, and the caps of its days.
func (r *rater) terms(ctx context.Context, b store.Billing, month pricing.BillingMonth) (pricing.Terms, error) {
	day := lastDay(month)
	policies, err := r.policiesOn(ctx, day)
	if err != nil {
		return pricing.Terms{}, err
	}
	t := pricing.Terms{
		Tariff: b.Terms.Tariff, Purpose: b.Purpose, Class: b.Terms.UserClass, Scenario: b.Terms.ScenarioCode(), Discounts: policies.Discounts, VATRate: policies.VATRate,
	}
	first := authorisation.DayOf(month.Start())
	if b.Terms.Trial { // a trial price is held against no cap until its trial is over (P65)
		since, err := r.store.ProductOperatesSince(ctx, b.ProductID)
		if err != nil || !authorisation.TrialOver(since, policies.Pricing.TrialMonths, day) {
			return t, err
		}
		over := since.TermEnd(policies.Pricing.TrialMonths).AddDays(1)
		if over.After(first) {
			on, changes, err := r.store.CapsOver(ctx, b.ProductID, t.Tariff, over, day)
			t.CapChanges = append([]pricing.CapChange{{From: over.Start(), Cap: on}}, changes...)
			return t, err
		}
	}
	t.Cap, t.CapChanges, err = r.store.CapsOver(ctx, b.ProductID, t.Tariff, first, day)
	return t, err
}

// lastDay is the day whose policy a month is rated by.
func lastDay(month pricing.BillingMonth) authorisation.Day {
	return authorisation.DayOf(month.Next().Start()).AddDays(-1)
}

func (r *rater) policiesOn(ctx context.Context, day authorisation.Day) (policies store.Policies, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	policies, known := r.policies[day]
	if !known {
		if policies, err = r.store.PoliciesOn(ctx, day); err == nil {
			r.policies[day] = policies
		}
	}
	return policies, err
}

// BillPay pays a bill and returns the payment's id, as OrderPay does an order: prepared, asked for outside of any transaction, and
// recorded. Buyers with the role BUYER or FINANCE may. Refused with BILL_NOT_PAYABLE once it is paid, PAYMENT_PENDING while another
// payment of it is on its way, PAYMENT_PROVIDER_UNKNOWN, and IDEMPOTENCY_KEY_REUSED for a key of another payment.
func (m *Market) BillPay(ctx context.Context, id uuid.UUID, in OrderPayInput) (uuid.UUID, error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	p, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (store.Payment, error) {
		return m.beginBillPayment(ctx, tx, id, in)
	})
	if err != nil {
		return uuid.Nil, err
	}
	return p.ID, m.finishPayment(ctx, p)
}

func (m *Market) beginBillPayment(ctx context.Context, tx *store.Tx, id uuid.UUID, in OrderPayInput) (store.Payment, error) {
	bill, err := tx.BillByID(ctx, id)
	if err != nil {
		return store.Payment{}, err
	}
	if err := mayPayBill(ctx, bill.BuyerID); err != nil {
		return store.Payment{}, err
	}
	if m.Payments[in.Provider] == nil {
		return store.Payment{}, providerUnknown()
	}
	payments, err := tx.PaymentsOf(ctx, bill.OrderID)
	if err != nil {
		return store.Payment{}, err
	}
	pending := false
	for _, p := range payments {
		if p.IdempotencyKey == in.IdempotencyKey {
			return p, samePayment(p, id, in)
		}
		pending = pending || p.BillID == id && p.State.Open()
	}
	if err := ofNoOtherOrder(ctx, tx, bill.BuyerID, bill.OrderID, in); err != nil {
		return store.Payment{}, err
	}
	if err := ordering.PayBill(bill.OwedFen, bill.OwedFen); err != nil {
		return store.Payment{}, err
	}
	if pending {
		return store.Payment{}, paymentPending()
	}
	p, err := tx.BeginBillPayment(ctx, bill, in.Provider, in.IdempotencyKey)
	if err != nil {
		return store.Payment{}, err
	}
	return p, tx.Record(ctx, store.Act{Name: "billPay", Kind: "Bill", ID: id, Change: map[string]any{
		"payment": p.ID, "provider": p.Provider, "amountFen": p.AmountFen,
	}})
}

// MayPayBill reports whether the viewer may pay a bill of a buyer while no payment of it is on its way.
func (m *Market) MayPayBill(ctx context.Context, buyerID uuid.UUID, owed pricing.Fen) bool {
	return firstOf(mayPayBill(ctx, buyerID), ordering.PayBill(owed, owed)) == nil
}

func mayPayBill(ctx context.Context, buyerID uuid.UUID) error {
	return access.FromContext(ctx).MayActFor(buyerID, "bill", access.Buyer, access.BuyerRole, access.Finance)
}

// billPaid does what a payment brings about for its bill: it is shared as the order's fee is.
func (m *Market) billPaid(ctx context.Context, tx *store.Tx, p store.Payment, o payable) error {
	if err := tx.OweOfBill(ctx, o.bill, o.bill.OwedFen-p.AmountFen); err != nil {
		return err
	}
	if err := restoreRight(ctx, tx, p.OrderID, "The overdue bills are paid."); err != nil {
		return err
	}
	o.order.NetFen, o.order.VATFen, o.order.TotalFen = o.bill.NetFen, o.bill.VATFen, o.bill.TotalFen
	if p.AmountFen < o.bill.TotalFen { // what a bank took back of an earlier payment
		rate, err := vatRateOf(ctx, tx, o.bill.Month)
		if err != nil {
			return err
		}
		o.order.TotalFen = p.AmountFen
		o.order.NetFen, o.order.VATFen = pricing.SplitVAT(p.AmountFen, rate)
	}
	return post(ctx, tx, o.order, p)
}

// vatRateOf is the rate of VAT that the bill of a month was rated at.
func vatRateOf(ctx context.Context, tx *store.Tx, month string) (decimal.Decimal, error) {
	of, _ := pricing.ParseMonth(month) // what was saved is a month
	policies, err := tx.PoliciesOn(ctx, lastDay(of))
	return policies.VATRate, err
}

// reopenBill makes owed again what a buyer's bank took back of a bill's payment.
func reopenBill(ctx context.Context, tx *store.Tx, billID uuid.UUID, taken pricing.Fen) error {
	bill, err := tx.BillByID(ctx, billID)
	if err != nil {
		return err
	}
	if err := tx.OweOfBill(ctx, bill, bill.OwedFen+taken); err != nil {
		return err
	}
	return tx.Record(ctx, store.Act{Name: "billReopen", Kind: "Bill", ID: billID, Reason: "A payment was taken back by the buyer's bank.", Change: map[string]any{
		"order": bill.OrderID, "takenFen": taken, "owedFen": bill.OwedFen + taken,
	}})
}

// suspendArrears suspends the rights of metered orders whose buyers were told that it would be on this day unless they paid.
func (m *Market) suspendArrears(ctx context.Context) (int, error) {
	return m.inPages(ctx, m.Store.RightsInArrears, func(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (int, error) {
		rights, err := tx.RightsInArrears(ctx, ids...)
		if err != nil {
			return 0, err
		}
		for _, e := range rights {
			if err := suspendRight(ctx, tx, e); err != nil {
				return 0, err
			}
		}
		return len(rights), nil
	})
}

func suspendRight(ctx context.Context, tx *store.Tx, e store.Entitlement) error {
	ctx = store.AsSystem(ctx)
	if err := tx.MoveEntitlement(ctx, e, ordering.EntitlementSuspended); err != nil {
		return err
	}
	o, err := tx.OrderByID(ctx, e.OrderID)
	if err != nil {
		return err
	}
	err = tx.Notify(ctx, store.Notice{To: []uuid.UUID{e.OrganisationID}, Kind: notice.EntitlementInArrears, Subject: notice.Entitlement, SubjectID: e.ID,
		Params: map[string]string{"productName": o.Terms.ProductName, "productNameEn": o.Terms.ProductNameEn}})
	if err != nil {
		return err
	}
	return tx.Record(ctx, store.Act{Name: "entitlementSuspend", Kind: "Entitlement", ID: e.ID, Reason: "A bill is overdue.", Change: map[string]any{"order": e.OrderID}})
}

// restoreRight gives a right back that arrears or a dispute suspended, once neither keeps it back any more.
func restoreRight(ctx context.Context, tx *store.Tx, orderID uuid.UUID, reason string) error {
	for _, keptBack := range []func(context.Context, uuid.UUID) (bool, error){tx.HasArrears, tx.IsDisputed} {
		if is, err := keptBack(ctx, orderID); err != nil || is {
			return err
		}
	}
	id, moved, err := tx.SwitchRightOf(ctx, orderID, ordering.EntitlementSuspended, ordering.EntitlementActive)
	if err != nil || !moved {
		return err
	}
	return tx.Record(ctx, store.Act{Name: "entitlementRestore", Kind: "Entitlement", ID: id, Reason: reason, Change: map[string]any{"order": orderID}})
}
