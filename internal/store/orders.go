package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/order"
	"gongshu/ent/db/payment"
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
	}
}

// PlaceOrder saves a new order; IsTaken when its key was used meanwhile.
func (tx *Tx) PlaceOrder(ctx context.Context, o Order) (uuid.UUID, error) {
	row, err := tx.Order.Create().SetCreatedAt(tx.now).SetBuyerID(o.BuyerID).SetProductID(o.ProductID).SetPlanID(o.PlanID).
		SetPersonID(o.PersonID).SetStatus(ordering.OrderPlaced).SetPurpose(o.Purpose).SetQuantity(o.Quantity).
		SetNetFen(int64(o.NetFen)).SetVatFen(int64(o.VATFen)).SetTotalFen(int64(o.TotalFen)).SetTerms(o.Terms).
		SetIdempotencyKey(o.IdempotencyKey).SetRequestHash(o.RequestHash).Save(ctx)
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
		update.SetPaidAt(tx.now)
	case ordering.OrderCancelled:
		update.SetCancelledAt(tx.now)
	}
	return changedOne(update.Save(ctx))
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
}

// PaymentsOf reads the payments of an order, those of its bills among them, oldest first.
func (tx *Tx) PaymentsOf(ctx context.Context, orderID uuid.UUID) ([]Payment, error) {
	rows, err := tx.Payment.Query().Where(payment.OrderID(orderID)).Order(db.Asc(payment.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	payments := make([]Payment, len(rows))
	for i, row := range rows {
		payments[i] = loadPayment(row)
	}
	return payments, nil
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

// PendingPayments reads payments whose outcome is not known yet, oldest first, those after one and so many at most.
func (s *Store) PendingPayments(ctx context.Context, after uuid.UUID, most int) ([]Payment, error) {
	rows, err := s.read.Payment.Query().Where(payment.StateEQ(ordering.PaymentPending), payment.IDGT(after)).Order(db.Asc(payment.FieldID)).Limit(most).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read pending payments: %w", err)
	}
	payments := make([]Payment, len(rows))
	for i, row := range rows {
		payments[i] = loadPayment(row)
	}
	return payments, nil
}

func loadPayment(row *db.Payment) Payment {
	return Payment{
		ID: row.ID, OrderID: row.OrderID, BillID: orNil(row.BillID), Version: row.Version, Provider: row.Provider, Reference: row.Reference, State: row.State,
		AmountFen: pricing.Fen(row.AmountFen), IdempotencyKey: row.IdempotencyKey,
	}
}

// BeginPayment saves a pending payment of an order, if nobody changed the order since it was read: of several that begin
// at once, one does.
func (tx *Tx) BeginPayment(ctx context.Context, o Order, provider, key string) (Payment, error) {
	if err := changedOne(tx.Order.Update().Where(order.ID(o.ID), order.Version(o.Version)).AddVersion(1).Save(ctx)); err != nil {
		return Payment{}, err
	}
	row, err := tx.Payment.Create().SetCreatedAt(tx.now).SetOrderID(o.ID).SetProvider(provider).SetState(ordering.PaymentPending).
		SetAmountFen(int64(o.TotalFen)).SetIdempotencyKey(key).Save(ctx)
	if err != nil {
		return Payment{}, fmt.Errorf("begin a payment: %w", err)
	}
	return loadPayment(row), nil
}

// SettlePayment saves what became of a pending payment, if nobody did since it was read.
func (tx *Tx) SettlePayment(ctx context.Context, p Payment, to ordering.PaymentState, reference string) error {
	return changedOne(tx.Payment.Update().Where(payment.ID(p.ID), payment.Version(p.Version), payment.StateEQ(ordering.PaymentPending)).
		SetState(to).SetReference(reference).SetSettledAt(tx.now).AddVersion(1).Save(ctx))
}
