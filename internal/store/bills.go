package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/notification"
	"gongshu/ent/db/order"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/refund"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

// Bill is a bill as use-cases see it.
type Bill struct {
	ordering.Bill
	ID, OrderID, BuyerID, ProductID uuid.UUID
	Version                         int
	Status                          ordering.BillStatus
	DueOn                           authorisation.Day
	// OwedFen is what is still to be paid, 0 once it is PAID.
	OwedFen pricing.Fen
	// RefundedFen is what refunds gave back of it or were approved to, without those that return a credit and those of disputes, which are owed
	// again, and RefundFailed that the provider refused one which was approved; read with an order's bills.
	RefundedFen  pricing.Fen
	RefundFailed bool
}

// Billing is a metered order with what its next bill depends on.
type Billing struct {
	Order
	EntitlementID    uuid.UUID
	StartsAt, EndsAt time.Time
	// Bills are those so far, earliest month first.
	Bills []Bill
	// Earlier are the rights that the buyer had before to the product for the purpose and was billed for by the month, earliest first;
	// read where the tariff counts over orders.
	Earlier []Billing
}

// maxEarlier is how many orders before one are looked at; each lasts a month at least, so they reach back further than any count.
const maxEarlier = 130

// earlier reads the orders before one, without their bills.
func (s *Store) earlier(ctx context.Context, b Billing) (all []Billing, err error) {
	rows, err := s.read.Entitlement.Query().Where(entitlement.OrganisationID(b.BuyerID), entitlement.ProductID(b.ProductID), entitlement.PurposeEQ(b.Purpose),
		entitlement.StartsAtLT(b.StartsAt), entitlement.HasOrderWith(order.HasPlanWith(plan.SettlementEQ(pricing.Metered)))).
		WithOrder().Order(db.Desc(entitlement.FieldStartsAt)).Limit(maxEarlier).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the orders before one: %w", err)
	}
	for _, row := range slices.Backward(rows) {
		all = append(all, Billing{Order: loadOrder(row.Edges.Order), EntitlementID: row.ID, StartsAt: row.StartsAt, EndsAt: row.EndsAt})
	}
	return all, nil
}

// IsMetered reports whether an organisation has a right to a product for a purpose that runs and is billed by the month.
func (tx *Tx) IsMetered(ctx context.Context, buyerID, productID uuid.UUID, p purpose.Purpose) (bool, error) {
	running, err := tx.Entitlement.Query().Where(entitlement.OrganisationID(buyerID), entitlement.ProductID(productID), entitlement.PurposeEQ(p),
		entitlement.EndsAtGT(tx.now), entitlement.StatusNEQ(ordering.EntitlementRevoked), entitlement.HasOrderWith(order.HasPlanWith(plan.SettlementEQ(pricing.Metered)))).
		Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a right that is billed by the month: %w", err)
	}
	return running, nil
}

// IsInArrears reports whether a right of an organisation to a product, for any purpose, is suspended because of its bills.
func (tx *Tx) IsInArrears(ctx context.Context, buyerID, productID uuid.UUID) (bool, error) {
	owes, err := tx.Entitlement.Query().Where(entitlement.OrganisationID(buyerID), entitlement.ProductID(productID),
		entitlement.StatusEQ(ordering.EntitlementSuspended), entitlement.OrderIDNotNil()).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a right in arrears: %w", err)
	}
	return owes, nil
}

// BillingOf reads a metered order that the viewer may see, with its right and its bills. Refused with ORDER_NOT_METERED for one that
// is not, or is not confirmed.
func (s *Store) BillingOf(ctx context.Context, orderID uuid.UUID) (Billing, error) {
	row, err := s.read.Order.Get(ctx, orderID)
	if db.IsNotFound(err) {
		return Billing{}, fault.Absent("order")
	}
	if err != nil {
		return Billing{}, fmt.Errorf("read an order: %w", err)
	}
	b := Billing{Order: loadOrder(row)}
	if b.Terms.Settlement != pricing.Metered || b.Status != ordering.OrderPaid {
		return Billing{}, fault.New(fault.Conflict, "ORDER_NOT_METERED", "This order is not billed by the month.")
	}
	right, err := s.read.Entitlement.Query().Where(entitlement.OrderID(orderID)).Only(AsSystem(ctx))
	if err != nil {
		return Billing{}, fmt.Errorf("read the right of an order: %w", err)
	}
	b.EntitlementID, b.StartsAt, b.EndsAt = right.ID, right.StartsAt, right.EndsAt
	bills, err := s.read.Bill.Query().Where(bill.OrderID(orderID)).Order(db.Asc(bill.FieldMonth)).All(ctx)
	if err != nil {
		return Billing{}, fmt.Errorf("read the bills of an order: %w", err)
	}
	for _, row := range bills {
		b.Bills = append(b.Bills, loadBill(row))
	}
	refunds, err := s.read.Refund.Query().Where(refund.OrderID(orderID)).WithPayment().All(AsSystem(ctx))
	if err != nil {
		return Billing{}, fmt.Errorf("read the refunds of an order: %w", err)
	}
	for _, r := range refunds {
		for i := range b.Bills {
			switch of := r.Edges.Payment.BillID; {
			case r.BillID != nil || r.DisputeID != nil || of == nil || *of != b.Bills[i].ID:
			case r.Status.Gives():
				b.Bills[i].RefundedFen += pricing.Fen(r.AmountFen)
			case r.Status == ordering.RefundFailed:
				b.Bills[i].RefundFailed = true
			}
		}
	}
	if b.Terms.Tariff.CountsByUser() {
		b.Earlier, err = s.earlier(ctx, b)
	}
	return b, err
}

func loadBill(row *db.Bill) Bill {
	due, _ := authorisation.ParseDay(row.DueOn) // what was saved is a day
	return Bill{
		Bill: RuleBill(row), ID: row.ID, OrderID: row.OrderID, BuyerID: row.BuyerID, ProductID: row.ProductID, Version: row.Version, Status: row.Status, DueOn: due,
		OwedFen: pricing.Fen(row.OwedFen),
	}
}

// RuleBill turns a row into what the rules see.
func RuleBill(row *db.Bill) ordering.Bill {
	return ordering.Bill{
		Month: row.Month, Lines: row.Lines, Adjustments: row.Adjustments, RatedFen: pricing.Fen(row.RatedFen), BroughtFen: pricing.Fen(row.BroughtFen),
		CarriedFen: pricing.Fen(row.CarriedFen), ReturnedFen: pricing.Fen(row.ReturnedFen), NetFen: pricing.Fen(row.NetFen), VATFen: pricing.Fen(row.VatFen),
		TotalFen: pricing.Fen(row.TotalFen), HeardUntil: row.HeardUntil,
	}
}

// Due asks for metered orders of which bills are due.
type Due struct {
	// Month is the latest that is billed, From and Until its bounds, HeardUntil up to when the market heard of uses.
	Month                   string
	From, Until, HeardUntil time.Time
	// OperatorID is whose products they are of, Nil for all; After is the order before.
	OperatorID, After uuid.UUID
	Most              int
}

// OrdersDue reads the metered orders that have no bill of the month yet though their right reaches into a month that is not billed, or
// the market heard of a use of them since their last bill, or a payment came since it of which its credit can be returned; so many at
// most, in the order of their ids.
func (s *Store) OrdersDue(ctx context.Context, d Due) ([]uuid.UUID, error) {
	statement := `SELECT o.id FROM orders o JOIN plans l ON l.id = o.plan_id JOIN products p ON p.id = o.product_id JOIN entitlements e ON e.order_id = o.id
 WHERE l.settlement = 'METERED' AND o.status = 'PAID' AND o.id > $1 AND e.starts_at < $2
 AND NOT EXISTS (SELECT 1 FROM bills b WHERE b.order_id = o.id AND b.month >= $3)
 AND (NOT EXISTS (SELECT 1 FROM bills b WHERE b.order_id = o.id AND b.heard_until >= e.ends_at)
  OR EXISTS (SELECT 1 FROM bills b JOIN payments p ON p.order_id = b.order_id AND p.state = 'SUCCEEDED' AND p.settled_at > b.heard_until
   WHERE b.order_id = o.id AND b.carried_fen < 0 AND NOT EXISTS (SELECT 1 FROM bills n WHERE n.order_id = o.id AND n.month > b.month))
  OR EXISTS (SELECT 1 FROM usages u WHERE u.entitlement_id = e.id AND ` + heardLate + ` AND u.created_at <= $4
   AND NOT EXISTS (SELECT 1 FROM bills b WHERE b.order_id = o.id AND b.heard_until >= u.created_at)))`
	args := []any{d.After, d.Until, d.Month, d.HeardUntil, d.Most}
	if d.OperatorID != uuid.Nil {
		statement, args = statement+` AND p.operator_id = $6`, append(args, d.OperatorID)
	}
	statement += ` ORDER BY o.id LIMIT $5`
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("read the orders to bill: %w", err)
	}
	return scanAll(rows, func(rows *sql.Rows) (id uuid.UUID, err error) { return id, rows.Scan(&id) })
}

// heardLate holds of the uses that the market may hear of later than they were: what is called, with a credential, is used as it is
// heard of. It is the condition of an index.
const heardLate = `u.credential_id IS NULL`

// EarliestHeard is when the earliest use of some rights before a moment was that the market heard of after one moment and up to another;
// false: none.
func (s *Store) EarliestHeard(ctx context.Context, entitlements []uuid.UUID, before, after, until time.Time) (at time.Time, found bool, err error) {
	args := []any{after, until, before}
	var of []string
	for _, id := range entitlements {
		args = append(args, id)
		of = append(of, "$"+strconv.Itoa(len(args)))
	}
	statement := `SELECT u.used_at FROM usages u WHERE u.entitlement_id IN (` + strings.Join(of, ", ") + `) AND ` + heardLate + ` AND u.created_at > $1 AND u.created_at <= $2
 AND u.used_at < $3 ORDER BY u.used_at LIMIT 1`
	tell(ctx, Statement, statement)
	switch err := s.reader.QueryRowContext(ctx, statement, args...).Scan(&at); {
	case err == sql.ErrNoRows:
		return time.Time{}, false, nil
	case err != nil:
		return time.Time{}, false, fmt.Errorf("look for late uses: %w", err)
	}
	return at.UTC(), true, nil
}

// arrears holds of bills that nobody paid until the day from which it was told that their rights are suspended.
func arrears(today string) predicate.Bill {
	return bill.And(bill.StatusEQ(ordering.BillIssued), func(s *entsql.Selector) {
		n := entsql.Table(notification.Table)
		s.Where(entsql.Exists(entsql.Dialect(s.Dialect()).Select(n.C(notification.FieldID)).From(n).Where(entsql.And(
			entsql.ColumnsEQ(n.C(notification.FieldSubjectID), s.C(bill.FieldID)), entsql.EQ(n.C(notification.FieldKind), notice.BillOverdue), entsql.LTE(n.C(notification.FieldNearOn), today),
		))))
	})
}

// RightsInArrears reads a page of the active rights that an order brought of which a bill is in arrears, by id.
func (s *Store) RightsInArrears(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := s.read.Entitlement.Query().Where(inArrears(authorisation.DayOf(s.now()).String()), entitlement.IDGT(after)).Order(db.Asc(entitlement.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read rights in arrears: %w", err)
	}
	return ids, nil
}

// RightsInArrears reads those of some rights that still are so.
func (tx *Tx) RightsInArrears(ctx context.Context, ids ...uuid.UUID) ([]Entitlement, error) {
	rows, err := tx.Entitlement.Query().Where(inArrears(tx.today()), entitlement.IDIn(ids...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read rights in arrears: %w", err)
	}
	rights := make([]Entitlement, len(rows))
	for i, row := range rows {
		rights[i] = loadEntitlement(row)
	}
	return rights, nil
}

func inArrears(today string) predicate.Entitlement {
	return entitlement.And(entitlement.StatusEQ(ordering.EntitlementActive), entitlement.HasOrderWith(func(s *entsql.Selector) {
		b := entsql.Table(bill.Table)
		owed := entsql.Dialect(s.Dialect()).Select(b.C(bill.FieldOrderID)).From(b)
		arrears(today)(owed)
		s.Where(entsql.In(s.C(order.FieldID), owed))
	}))
}

// HasArrears reports whether a bill of an order is in arrears.
func (tx *Tx) HasArrears(ctx context.Context, orderID uuid.UUID) (bool, error) {
	has, err := tx.Bill.Query().Where(bill.OrderID(orderID), arrears(tx.today())).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for arrears: %w", err)
	}
	return has, nil
}

// Span is the uses of one right in a time, as far as the market heard of them up to a moment.
type Span struct {
	EntitlementID           uuid.UUID
	From, Until, HeardUntil time.Time
}

// Sum is what was used over one channel.
type Sum struct {
	Channel         pricing.ServiceChannel
	Quantity, Bytes int64
}

// UsesSummed adds up what was used, by channel; what was taken back adds up to nothing.
func (s *Store) UsesSummed(ctx context.Context, in Span) ([]Sum, error) {
	const statement = `SELECT channel, CAST(sum(quantity) AS bigint), CAST(sum(bytes) AS bigint) FROM usages
 WHERE entitlement_id = $1 AND used_at >= $2 AND used_at < $3 AND created_at <= $4 GROUP BY channel ORDER BY channel`
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, in.EntitlementID, in.From, in.Until, in.HeardUntil)
	if err != nil {
		return nil, fmt.Errorf("add up uses: %w", err)
	}
	return scanAll(rows, func(rows *sql.Rows) (sum Sum, err error) {
		return sum, rows.Scan(&sum.Channel, &sum.Quantity, &sum.Bytes)
	})
}

// usesAtOnce is how many uses are read at once.
const usesAtOnce = 5000

// EachUse visits the uses that were not taken back in the order of their time, and of their id where that is the same; a use that
// names no subject is its own. It reads them in pages.
func (s *Store) EachUse(ctx context.Context, in Span, visit func(pricing.Use) error) error {
	back, err := s.takenBack(ctx, in)
	if err != nil {
		return err
	}
	const statement = `SELECT CAST(u.id AS text), u.used_at, u.channel, u.subject, u.quantity FROM usages u
 WHERE u.entitlement_id = $1 AND u.used_at >= $2 AND u.used_at < $3 AND u.created_at <= $4 AND u.kind <> 'REVERSAL'
 AND (u.used_at, u.id) > ($5, $6) ORDER BY u.used_at, u.id LIMIT $7`
	after := pricing.Use{At: in.From.Add(-time.Microsecond), ID: uuid.Nil.String()}
	for {
		tell(ctx, Statement, statement)
		rows, err := s.reader.QueryContext(ctx, statement, in.EntitlementID, in.From, in.Until, in.HeardUntil, after.At, after.ID, usesAtOnce)
		if err != nil {
			return fmt.Errorf("read uses: %w", err)
		}
		uses, err := scanAll(rows, func(rows *sql.Rows) (u pricing.Use, err error) {
			if err := rows.Scan(&u.ID, &u.At, &u.Channel, &u.Subject, &u.Quantity); err != nil {
				return u, err
			}
			if u.Subject == "" {
				u.Subject = u.ID
			}
			return u, nil
		})
		if err != nil {
			return err
		}
		for _, u := range uses {
			if back[u.ID] {
				continue
			}
			if err := visit(u); err != nil {
				return err
			}
		}
		if len(uses) < usesAtOnce {
			return nil
		}
		after = uses[len(uses)-1]
	}
}

// takenBack are the uses of a span that were taken back. They are few, and asked for apart: asked of each use it would take as long again.
func (s *Store) takenBack(ctx context.Context, in Span) (map[string]bool, error) {
	const statement = `SELECT u.reverses_id FROM usages u WHERE u.entitlement_id = $1 AND ` + heardLate + ` AND u.kind = 'REVERSAL' AND u.created_at <= $4
 AND u.used_at >= $2 AND u.used_at < $3`
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, in.EntitlementID, in.From, in.Until, in.HeardUntil)
	if err != nil {
		return nil, fmt.Errorf("read the uses that were taken back: %w", err)
	}
	ids, err := scanAll(rows, func(rows *sql.Rows) (id uuid.UUID, err error) { return id, rows.Scan(&id) })
	back := make(map[string]bool, len(ids))
	for _, id := range ids {
		back[id.String()] = true
	}
	return back, err
}

// scanAll reads all rows and closes them.
func scanAll[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) (all []T, err error) {
	defer rows.Close()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read rows: %w", err)
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// AddBill saves a bill of which all is owed; IsTaken when its order has one of that month already.
func (tx *Tx) AddBill(ctx context.Context, b Bill) (uuid.UUID, error) {
	create := tx.Bill.Create().SetCreatedAt(tx.now).SetOrderID(b.OrderID).SetBuyerID(b.BuyerID).SetProductID(b.ProductID).SetMonth(b.Month).
		SetStatus(b.Status).SetLines(b.Lines).SetAdjustments(b.Adjustments).SetRatedFen(int64(b.RatedFen)).SetBroughtFen(int64(b.BroughtFen)).
		SetCarriedFen(int64(b.CarriedFen)).SetReturnedFen(int64(b.ReturnedFen)).SetNetFen(int64(b.NetFen)).SetVatFen(int64(b.VATFen)).SetTotalFen(int64(b.TotalFen)).
		SetOwedFen(int64(b.TotalFen)).SetDueOn(b.DueOn.String()).SetHeardUntil(b.HeardUntil)
	if b.Status == ordering.BillPaid {
		create.SetPaidAt(tx.now)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("issue a bill: %w", err)
	}
	return row.ID, nil
}

// BillByID reads a bill that the viewer may see.
func (tx *Tx) BillByID(ctx context.Context, id uuid.UUID) (Bill, error) {
	row, err := tx.Bill.Get(ctx, id)
	if db.IsNotFound(err) {
		return Bill{}, fault.Absent("bill")
	}
	if err != nil {
		return Bill{}, fmt.Errorf("read a bill: %w", err)
	}
	return loadBill(row), nil
}

// BillsOf reads the bills of an order, earliest month first.
func (tx *Tx) BillsOf(ctx context.Context, orderID uuid.UUID) ([]Bill, error) {
	rows, err := tx.Bill.Query().Where(bill.OrderID(orderID)).Order(db.Asc(bill.FieldMonth)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the bills of an order: %w", err)
	}
	bills := make([]Bill, len(rows))
	for i, row := range rows {
		bills[i] = loadBill(row)
	}
	return bills, nil
}

// OweOfBill saves what is owed of a bill from now on, if nobody changed it since it was read; of nothing it is paid.
func (tx *Tx) OweOfBill(ctx context.Context, b Bill, owed pricing.Fen) error {
	change := tx.Bill.Update().Where(bill.ID(b.ID), bill.Version(b.Version)).SetOwedFen(int64(owed)).AddVersion(1)
	if owed == 0 {
		change.SetStatus(ordering.BillPaid).SetPaidAt(tx.now)
	} else {
		change.SetStatus(ordering.BillIssued).ClearPaidAt()
	}
	return changedOne(change.Save(ctx))
}

// BeginBillPayment saves a payment that is prepared of what is owed of a bill, if nobody changed the bill since it was read.
func (tx *Tx) BeginBillPayment(ctx context.Context, b Bill, provider, key string) (Payment, error) {
	if err := changedOne(tx.Bill.Update().Where(bill.ID(b.ID), bill.Version(b.Version)).AddVersion(1).Save(ctx)); err != nil {
		return Payment{}, err
	}
	row, err := tx.Payment.Create().SetCreatedAt(tx.now).SetOrderID(b.OrderID).SetBillID(b.ID).SetProvider(provider).SetState(ordering.PaymentPrepared).
		SetAmountFen(int64(b.OwedFen)).SetIdempotencyKey(key).Save(ctx)
	if err != nil {
		return Payment{}, fmt.Errorf("begin a payment: %w", err)
	}
	return loadPayment(row), nil
}
