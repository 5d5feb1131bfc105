package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/order"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/predicate"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

// Order is an order as use-cases see it.
type Order struct {
	ID                          uuid.UUID
	Version                     int
	BuyerID, ProductID, PlanID  uuid.UUID
	PersonID                    uuid.UUID
	Status                      ordering.OrderStatus
	Purpose                     purpose.Purpose
	Quantity                    int64
	NetFen, VATFen, TotalFen    pricing.Fen
	Terms                       ordering.Terms
	IdempotencyKey, RequestHash string
	// ExpiresAt is until when it may be paid, nil where no end is set.
	ExpiresAt *time.Time
}

// OrderByKey finds the order that a buyer placed under a key.
func (tx *Tx) OrderByKey(ctx context.Context, buyer uuid.UUID, key string) (o Order, found bool, err error) {
	row, err := tx.Order.Query().Where(order.BuyerID(buyer), order.IdempotencyKey(key)).Only(ctx)
	if db.IsNotFound(err) {
		return Order{}, false, nil
	}
	if err != nil {
		return Order{}, false, fmt.Errorf("look for an order: %w", err)
	}
	return loadOrder(row), true, nil
}

// OwnOrder is an order as the list of its buyer has it: without who ordered, under which key and by which plan.
type OwnOrder struct {
	Order db.Order
	// Terms are the document that was frozen.
	Terms string
	// Brought is the right that it brought, without its origin; nil where there is none yet.
	Brought *db.Entitlement
}

// OwnOrders are at most limit orders of a buyer, newest first, after one and of a status where they are given, in one statement.
// It is not narrowed to the viewer: whoever calls it is the buyer.
func (s *Store) OwnOrders(ctx context.Context, buyer uuid.UUID, status *ordering.OrderStatus, after *uuid.UUID, limit int) ([]OwnOrder, error) {
	var st statement
	where := "o.buyer_id = " + st.place(buyer)
	if status != nil {
		where += " AND o.status = " + st.place(string(*status))
	}
	if after != nil {
		where += " AND o.id < " + st.place(*after)
	}
	st.text = `SELECT o.id, o.created_at, o.product_id, o.status, o.purpose, o.quantity, o.net_fen, o.vat_fen, o.total_fen, o.terms, o.paid_at, o.cancelled_at, o.expires_at,
	e.id, e.product_id, e.purpose, e.scenario, e.status, e.quota_calls, e.quota_bytes, e.used_calls, e.used_bytes, e.starts_at, e.ends_at
FROM orders o LEFT JOIN entitlements e ON e.order_id = o.id AND e.organisation_id = o.buyer_id WHERE ` + where + ` ORDER BY o.id DESC LIMIT ` + st.place(limit)
	tell(ctx, Statement, st.text)
	rows, err := s.reader.QueryContext(ctx, st.text, st.args...)
	if err != nil {
		return nil, fmt.Errorf("read a buyer's orders: %w", err)
	}
	return scanAll(rows, func(rows *sql.Rows) (one OwnOrder, err error) {
		o := &one.Order
		var id, product uuid.NullUUID
		var uses, scenario, status sql.NullString
		var usedCalls, usedBytes sql.NullInt64
		var starts, ends sql.NullTime
		var e db.Entitlement
		err = rows.Scan(
			&o.ID, &o.CreatedAt, &o.ProductID, &o.Status, &o.Purpose, &o.Quantity, &o.NetFen, &o.VatFen, &o.TotalFen, &one.Terms, &o.PaidAt, &o.CancelledAt, &o.ExpiresAt,
			&id, &product, &uses, &scenario, &status, &e.QuotaCalls, &e.QuotaBytes, &usedCalls, &usedBytes, &starts, &ends,
		)
		if id.Valid {
			e.ID, e.ProductID, e.Purpose, e.Scenario, e.Status = id.UUID, product.UUID, purpose.Purpose(uses.String), scenario.String, ordering.EntitlementStatus(status.String)
			e.UsedCalls, e.UsedBytes, e.StartsAt, e.EndsAt = usedCalls.Int64, usedBytes.Int64, starts.Time, ends.Time
			one.Brought = &e
		}
		return one, err
	})
}

// OrderByID reads an order that the viewer may see.
func (tx *Tx) OrderByID(ctx context.Context, id uuid.UUID) (Order, error) {
	row, err := tx.Order.Get(ctx, id)
	if db.IsNotFound(err) {
		return Order{}, fault.Absent("order")
	}
	if err != nil {
		return Order{}, fmt.Errorf("read an order: %w", err)
	}
	return loadOrder(row), nil
}

func loadOrder(row *db.Order) Order {
	return Order{
		ID: row.ID, Version: row.Version, BuyerID: row.BuyerID, ProductID: row.ProductID, PlanID: row.PlanID, PersonID: row.PersonID,
		Status: row.Status, Purpose: row.Purpose, Quantity: row.Quantity, NetFen: pricing.Fen(row.NetFen), VATFen: pricing.Fen(row.VatFen),
		TotalFen: pricing.Fen(row.TotalFen), Terms: row.Terms, IdempotencyKey: row.IdempotencyKey, RequestHash: row.RequestHash,
		ExpiresAt: row.ExpiresAt,
	}
}

// PlaceOrder saves a new order; IsTaken when its key was used meanwhile.
func (tx *Tx) PlaceOrder(ctx context.Context, o Order) (uuid.UUID, error) {
	row, err := tx.Order.Create().SetCreatedAt(tx.now).SetBuyerID(o.BuyerID).SetProductID(o.ProductID).SetPlanID(o.PlanID).
		SetPersonID(o.PersonID).SetStatus(ordering.OrderPlaced).SetPurpose(o.Purpose).SetQuantity(o.Quantity).
		SetNetFen(int64(o.NetFen)).SetVatFen(int64(o.VATFen)).SetTotalFen(int64(o.TotalFen)).SetTerms(o.Terms).
		SetIdempotencyKey(o.IdempotencyKey).SetRequestHash(o.RequestHash).SetNillableExpiresAt(o.ExpiresAt).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("place an order: %w", err)
	}
	return row.ID, nil
}

// MoveOrder saves an order's new status, if nobody changed it since it was read.
func (tx *Tx) MoveOrder(ctx context.Context, o Order, to ordering.OrderStatus) error {
	update := tx.Order.Update().Where(order.ID(o.ID), order.Version(o.Version)).SetStatus(to).AddVersion(1)
	switch to {
	case ordering.OrderPaid:
		update.SetPaidAt(tx.now).ClearCancelledAt()
	case ordering.OrderCancelled, ordering.OrderExpired:
		update.SetCancelledAt(tx.now)
	}
	return changedOne(update.Save(ctx))
}

// UnpaidOrders reads a page of orders that were to be paid before a moment, are not, and of which no payment is on its way; by id.
func (s *Store) UnpaidOrders(ctx context.Context, before time.Time, after uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := s.read.Order.Query().Where(unpaid(before), order.IDGT(after)).Order(db.Asc(order.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read unpaid orders: %w", err)
	}
	return ids, nil
}

// UnpaidOrders reads those of some orders that still are so.
func (tx *Tx) UnpaidOrders(ctx context.Context, before time.Time, ids ...uuid.UUID) ([]Order, error) {
	rows, err := tx.Order.Query().Where(unpaid(before), order.IDIn(ids...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read unpaid orders: %w", err)
	}
	orders := make([]Order, len(rows))
	for i, row := range rows {
		orders[i] = loadOrder(row)
	}
	return orders, nil
}

// longestAway bounds how far back unpaid orders are looked for: what is older was ended, or nobody served the market for a year.
const longestAway = 366 * 24 * time.Hour

func unpaid(before time.Time) predicate.Order {
	return func(s *entsql.Selector) {
		p := entsql.Table(payment.Table)
		s.Where(entsql.And(
			entsql.IsNull(s.C(order.FieldPaidAt)), entsql.IsNull(s.C(order.FieldCancelledAt)),
			entsql.LT(s.C(order.FieldExpiresAt), before), entsql.GT(s.C(order.FieldExpiresAt), before.Add(-longestAway)),
			entsql.NotExists(entsql.Select(p.C(payment.FieldID)).From(p).Where(entsql.And(entsql.ColumnsEQ(p.C(payment.FieldOrderID), s.C(order.FieldID)), openPayment(p)))),
		))
	}
}

func openPayment(p *entsql.SelectTable) *entsql.Predicate {
	return entsql.In(p.C(payment.FieldState), anyOf(ordering.OpenPaymentStates)...)
}

func anyOf[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// Payment is one attempt to pay, as use-cases see it.
type Payment struct {
	ID, OrderID         uuid.UUID
	BillID              uuid.UUID // Nil of a payment of the order itself
	Version             int
	Provider, Reference string
	State               ordering.PaymentState
	AmountFen           pricing.Fen
	IdempotencyKey      string
	CreatedAt           time.Time
	// Next is what the buyer is to do, ExpiresAt when that is over, nil where it never is.
	Next      ordering.PaymentNext
	ExpiresAt *time.Time
}

// PaymentsOf reads the payments of an order, those of its bills among them, oldest first.
func (tx *Tx) PaymentsOf(ctx context.Context, orderID uuid.UUID) ([]Payment, error) {
	rows, err := tx.Payment.Query().Where(payment.OrderID(orderID)).Order(db.Asc(payment.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return loadPayments(rows), nil
}

// PaidElsewhere reports whether a buyer used a key for a payment of another order. Payments that begin under the same key of the same buyer
// wait for each other.
func (tx *Tx) PaidElsewhere(ctx context.Context, buyer, orderID uuid.UUID, key string) (bool, error) {
	if err := tx.Alone(ctx, "payment of "+buyer.String()+" under "+key); err != nil {
		return false, err
	}
	is, err := tx.Payment.Query().Where(payment.IdempotencyKey(key), payment.OrderIDNEQ(orderID), payment.HasOrderWith(order.BuyerID(buyer))).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a payment by its key: %w", err)
	}
	return is, nil
}

// PaymentByID reads a payment that the viewer may see.
func (tx *Tx) PaymentByID(ctx context.Context, id uuid.UUID) (Payment, error) {
	row, err := tx.Payment.Get(ctx, id)
	if db.IsNotFound(err) {
		return Payment{}, fault.Absent("payment")
	}
	if err != nil {
		return Payment{}, fmt.Errorf("read a payment: %w", err)
	}
	return loadPayment(row), nil
}

// OpenPayments reads payments that are not decided and are to be asked about, oldest first, those after one and so many at most: all but
// those that wait for a transfer and may still, of which a bank statement tells.
func (s *Store) OpenPayments(ctx context.Context, byTransfer string, after uuid.UUID, most int) ([]Payment, error) {
	rows, err := s.read.Payment.Query().Where(payment.StateIn(ordering.OpenPaymentStates...), payment.IDGT(after), payment.Or(
		payment.StateNEQ(ordering.PaymentPending), payment.ProviderNEQ(byTransfer), payment.ExpiresAtLTE(s.Now()),
	)).Order(db.Asc(payment.FieldID)).Limit(most).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read open payments: %w", err)
	}
	return loadPayments(rows), nil
}

// PaidSince reports whether money came for an order after a moment.
func (s *Store) PaidSince(ctx context.Context, orderID uuid.UUID, after time.Time) (bool, error) {
	paid, err := s.read.Payment.Query().Where(payment.OrderID(orderID), payment.StateEQ(ordering.PaymentSucceeded), payment.SettledAtGT(after)).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a payment: %w", err)
	}
	return paid, nil
}

func loadPayments(rows []*db.Payment) []Payment {
	payments := make([]Payment, len(rows))
	for i, row := range rows {
		payments[i] = loadPayment(row)
	}
	return payments
}

func loadPayment(row *db.Payment) Payment {
	var next ordering.PaymentNext
	if row.Next != nil {
		next = *row.Next
	}
	return Payment{
		ID: row.ID, OrderID: row.OrderID, BillID: orNil(row.BillID), Version: row.Version, Provider: row.Provider, Reference: row.Reference, State: row.State,
		AmountFen: pricing.Fen(row.AmountFen), IdempotencyKey: row.IdempotencyKey, CreatedAt: row.CreatedAt, Next: next, ExpiresAt: row.ExpiresAt,
	}
}

// BeginPayment saves a payment that is prepared of an order, if nobody changed the order since it was read: of several that begin
// at once, one does.
func (tx *Tx) BeginPayment(ctx context.Context, o Order, provider, key string) (Payment, error) {
	if err := changedOne(tx.Order.Update().Where(order.ID(o.ID), order.Version(o.Version)).AddVersion(1).Save(ctx)); err != nil {
		return Payment{}, err
	}
	row, err := tx.Payment.Create().SetCreatedAt(tx.now).SetOrderID(o.ID).SetProvider(provider).SetState(ordering.PaymentPrepared).
		SetAmountFen(int64(o.TotalFen)).SetIdempotencyKey(key).SetNillableExpiresAt(o.ExpiresAt).Save(ctx)
	if err != nil {
		return Payment{}, fmt.Errorf("begin a payment: %w", err)
	}
	return loadPayment(row), nil
}

// MovePayment saves what became of a payment, if nobody did since it was read.
func (tx *Tx) MovePayment(ctx context.Context, p Payment, to ordering.PaymentState, reference string, next ordering.PaymentNext) error {
	update := tx.Payment.Update().Where(payment.ID(p.ID), payment.Version(p.Version)).SetState(to).SetReference(reference).AddVersion(1)
	if next.IsZero() {
		update.ClearNext()
	} else {
		update.SetNext(&next)
	}
	if !next.Until.IsZero() {
		update.SetExpiresAt(next.Until)
	}
	if to.Open() {
		update.ClearSettledAt()
	} else {
		update.SetSettledAt(tx.now)
	}
	return changedOne(update.Save(ctx))
}
