package market

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

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
	// billsAtOnce is how many bills a person issues at a time, dueAtOnce how many orders are read at once.
	billsAtOnce = 200
	dueAtOnce   = 100
)

// BillsIssue issues every bill that is due, up to that of the month before, and returns how many. It is the worker's. Each is a
// transaction of its own: what a kill cuts off is gone on with by the next run, and an order and month never has two. One that
// cannot be issued keeps no other from it.
func (m *Market) BillsIssue(ctx context.Context) (issued int, err error) {
	issued, _, err = m.issueBills(ctx, uuid.Nil, 0)
	return issued, err
}

// BillsIssueDue issues bills that are due, 200 at most, and says whether there are more: an operator's FINANCE those for its
// products, the platform's all. Which they are, and for whom, it does not see.
func (m *Market) BillsIssueDue(ctx context.Context) (issued int, more bool, err error) {
	v := access.FromContext(ctx)
	if v.Is(access.Platform) {
		if err := v.MayAct(access.Platform, access.Finance); err != nil {
			return 0, false, err
		}
		return m.issueBills(ctx, uuid.Nil, billsAtOnce)
	}
	if err := v.MayAct(access.Operator, access.Finance); err != nil {
		return 0, false, err
	}
	return m.issueBills(ctx, v.OrganisationID, billsAtOnce)
}

// issueBills issues the bills that are due for an operator's products, Nil all; at most so many, 0 any number.
func (m *Market) issueBills(ctx context.Context, operatorID uuid.UUID, most int) (issued int, more bool, err error) {
	ctx = store.AsSystem(ctx) // whoever asks: the bills are between the parties of their orders
	heard := m.Store.Now().Add(-heardMargin)
	last := pricing.MonthOf(heard).Before()
	r := m.newRater()
	due := store.Due{
		Month: last.String(), From: last.Start(), Until: last.Next().Start(), HeardUntil: heard, OperatorID: operatorID, Most: dueAtOnce,
	}
	var failed []error
	for {
		orders, err := m.Store.OrdersDue(ctx, due)
		if err != nil {
			return issued, false, errors.Join(append(failed, err)...)
		}
		for _, id := range orders {
			due.After = id
			n, err := m.issueBillsOf(ctx, r, id, last, heard)
			if issued += n; err != nil {
				failed = append(failed, fmt.Errorf("bill order %s: %w", id, err))
			}
			if most > 0 && issued >= most {
				return issued, true, errors.Join(failed...)
			}
		}
		if len(orders) < dueAtOnce || ctx.Err() != nil {
			return issued, false, errors.Join(failed...)
		}
	}
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
		if !month.Start().Before(b.EndsAt) { // its term is over: what was heard of since is on the bill of the last month
			month = last
			if late, err := r.lateMonth(ctx, b, month, heard); err != nil || late == nil {
				return issued, err
			}
		}
		bill, err := r.bill(ctx, b, month, heard)
		if err != nil {
			return issued, err
		}
		if err := m.saveBill(ctx, b, bill); err != nil {
			return issued, err
		}
		issued++
	}
}

// nextMonth is the month of an order's next bill.
func nextMonth(b store.Billing) pricing.BillingMonth {
	if n := len(b.Bills); n > 0 {
		last, _ := pricing.ParseMonth(b.Bills[n-1].Month) // what was saved is a month
		return last.Next()
	}
	return pricing.MonthOf(b.StartsAt)
}

func (m *Market) saveBill(ctx context.Context, b store.Billing, bill ordering.Bill) error {
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
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
		if row.ID, err = tx.AddBill(ctx, row); err != nil {
			return err
		}
		if err := tellBilled(ctx, tx, b.Order, row); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "billIssue", Kind: "Bill", ID: row.ID, Change: map[string]any{
			"order": b.ID, "month": bill.Month, "totalFen": bill.TotalFen, "adjustments": bill.Adjustments,
		}})
	})
	if store.IsTaken(err) {
		return nil // issued meanwhile
	}
	return err
}

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
// uses. It keeps the policies that it read.
type rater struct {
	store    *store.Store
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
	for _, one := range b.Bills {
		before = append(before, one.Bill)
	}
	err = r.rate(ctx, b, from, month, heard, func(rated pricing.BillingMonth, it pricing.Rated) {
		if rated == month {
			bill.Lines, bill.RatedFen = append(bill.Lines, it.Lines...), it.TotalFen
			return
		}
		billed := ordering.BilledFor(before, rated.String())
		if it.TotalFen != billed {
			bill.Adjustments = append(bill.Adjustments, ordering.Adjustment{
				Month: rated.String(), RatedFen: it.TotalFen, BilledFen: billed, AmountFen: it.TotalFen - billed,
			})
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
	at, found, err := r.store.EarliestHeard(ctx, b.EntitlementID, before.Start(), b.Bills[n-1].HeardUntil, heard)
	if err != nil || !found {
		return nil, err
	}
	month := pricing.MonthOf(at)
	return &month, nil
}

// rate visits the months from one to another with what each comes to. What is free in a year, or charged once in a window, is counted
// from where that begins.
func (r *rater) rate(ctx context.Context, b store.Billing, from, to pricing.BillingMonth, heard time.Time, visit func(pricing.BillingMonth, pricing.Rated)) error {
	var carried pricing.Carried
	for month := countedFrom(b, from); !month.Start().After(to.Start()); month = month.Next() {
		if !month.Start().Before(b.EndsAt) { // after its term nothing is used, nor a package bought
			if !month.Start().Before(from.Start()) {
				visit(month, pricing.Rated{})
			}
			continue
		}
		terms, err := r.terms(ctx, b, month)
		if err != nil {
			return err
		}
		rating, err := terms.Rating(month, carried)
		if err != nil {
			return fmt.Errorf("rate %s of order %s: %w", month, b.ID, err)
		}
		if err := r.count(ctx, b, month, heard, rating); err != nil {
			return fmt.Errorf("rate %s of order %s: %w", month, b.ID, err)
		}
		if !month.Start().Before(from.Start()) {
			rated, err := rating.Bill()
			if err != nil {
				return fmt.Errorf("rate %s of order %s: %w", month, b.ID, err)
			}
			visit(month, rated)
		}
		carried = rating.Carry()
		window := time.Duration(terms.Tariff.OnceDays) * 24 * time.Hour
		for subject, at := range carried.Billed {
			if month.Next().Start().Sub(at) >= window {
				delete(carried.Billed, subject)
			}
		}
	}
	return nil
}

// countedFrom is the first month whose uses bear on what a month comes to.
func countedFrom(b store.Billing, month pricing.BillingMonth) pricing.BillingMonth {
	first := pricing.MonthOf(b.StartsAt)
	t := b.Terms.Tariff
	yearly := t.Free != nil && t.Free.Per == pricing.Year
	for _, v := range t.Variants {
		yearly = yearly || v.Free != nil && v.Free.Per == pricing.Year
	}
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

// count adds a month's uses to a rating. Where no window looks at time, neither order nor grouping matters: the database adds up.
func (r *rater) count(ctx context.Context, b store.Billing, month pricing.BillingMonth, heard time.Time, rating *pricing.Rating) error {
	span := store.Span{EntitlementID: b.EntitlementID, From: month.Start(), Until: month.Next().Start(), HeardUntil: heard}
	if b.Terms.Tariff.OnceDays > 0 {
		return r.store.EachUse(ctx, span, rating.Add)
	}
	sums, err := r.store.UsesSummed(ctx, span)
	if err != nil {
		return err
	}
	for _, sum := range sums {
		use := pricing.Use{ID: string(sum.Channel), At: month.Start(), Channel: sum.Channel, Quantity: sum.Quantity}
		if b.Terms.Tariff.Mode == pricing.PerVolume {
			use.Quantity = ordering.Megabytes(sum.Bytes)
		}
		if use.Quantity == 0 {
			continue
		}
		if err := rating.Add(use); err != nil {
			return err
		}
	}
	return nil
}

// terms are those of an order with what policy and cap said at a month's end.
func (r *rater) terms(ctx context.Context, b store.Billing, month pricing.BillingMonth) (pricing.Terms, error) {
	day := authorisation.DayOf(month.Next().Start()).AddDays(-1)
	policies, known := r.policies[day]
	if !known {
		var err error
		if policies, err = r.store.PoliciesOn(ctx, day); err != nil {
			return pricing.Terms{}, err
		}
		r.policies[day] = policies
	}
	t := pricing.Terms{
		Tariff: b.Terms.Tariff, Purpose: b.Purpose, Class: b.Terms.UserClass, Discounts: policies.Discounts, VATRate: policies.VATRate,
	}
	if b.Terms.Trial { // a trial price is held against no cap (P65)
		return t, nil
	}
	var err error
	t.Cap, err = r.store.CapOn(ctx, b.ProductID, t.Tariff, day)
	return t, err
}

// BillPay pays a bill and returns the payment's id, as OrderPay does an order: prepared, asked for outside of any transaction, and
// recorded. Buyers with the role BUYER or FINANCE may. Refused with BILL_NOT_PAYABLE once it is paid, PAYMENT_PENDING while another
// payment of it is on its way, PAYMENT_PROVIDER_UNKNOWN, and IDEMPOTENCY_KEY_REUSED for a key of another payment of the order.
func (m *Market) BillPay(ctx context.Context, id uuid.UUID, in OrderPayInput) (uuid.UUID, error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	p, err := prepared(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (store.Payment, error) {
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
		pending = pending || p.BillID == id && p.State == ordering.PaymentPending
	}
	if err := ordering.PayBill(bill.Status); err != nil {
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
func (m *Market) MayPayBill(ctx context.Context, buyerID uuid.UUID, status ordering.BillStatus) bool {
	return firstOf(mayPayBill(ctx, buyerID), ordering.PayBill(status)) == nil
}

func mayPayBill(ctx context.Context, buyerID uuid.UUID) error {
	return access.FromContext(ctx).MayActFor(buyerID, "bill", access.Buyer, access.BuyerRole, access.Finance)
}

// billPaid does what a payment brings about for its bill: it is shared as the order's fee is.
func (m *Market) billPaid(ctx context.Context, tx *store.Tx, p store.Payment) error {
	bill, err := tx.BillByID(ctx, p.BillID)
	if err != nil {
		return err
	}
	if err := ordering.PayBill(bill.Status); err != nil {
		return fmt.Errorf("payment %s succeeded for a bill that is %s", p.ID, bill.Status)
	}
	if err := tx.PayBill(ctx, bill); err != nil {
		return err
	}
	order, err := tx.OrderByID(ctx, p.OrderID)
	if err != nil {
		return err
	}
	order.NetFen, order.VATFen, order.TotalFen = bill.NetFen, bill.VATFen, bill.TotalFen
	return post(ctx, tx, order, p)
}
