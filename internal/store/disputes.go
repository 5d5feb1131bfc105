package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/dispute"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/payment"
	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// Dispute is a payment that its buyer's bank asks back, as use-cases see it.
type Dispute struct {
	ID, PaymentID, OrderID uuid.UUID
	Version                int
	Reference              string
	State                  ordering.DisputeState
	AmountFen              pricing.Fen
	OpenedAt               time.Time
}

func loadDispute(row *db.Dispute) Dispute {
	return Dispute{
		ID: row.ID, PaymentID: row.PaymentID, OrderID: row.OrderID, Version: row.Version, Reference: row.Reference, State: row.State,
		AmountFen: pricing.Fen(row.AmountFen), OpenedAt: row.OpenedAt,
	}
}

func loadDisputes(rows []*db.Dispute) []Dispute {
	all := make([]Dispute, len(rows))
	for i, row := range rows {
		all[i] = loadDispute(row)
	}
	return all
}

// DisputesOf reads the disputes of a payment, the first that was heard of first.
func (tx *Tx) DisputesOf(ctx context.Context, paymentID uuid.UUID) ([]Dispute, error) {
	rows, err := tx.Dispute.Query().Where(dispute.PaymentID(paymentID)).Order(db.Asc(dispute.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read disputes: %w", err)
	}
	return loadDisputes(rows), nil
}

// AddDispute saves a dispute that was not heard of before.
func (tx *Tx) AddDispute(ctx context.Context, d Dispute) (uuid.UUID, error) {
	row, err := tx.Dispute.Create().SetCreatedAt(tx.now).SetPaymentID(d.PaymentID).SetOrderID(d.OrderID).SetReference(d.Reference).SetState(d.State).
		SetAmountFen(int64(d.AmountFen)).SetOpenedAt(d.OpenedAt).SetNillableClosedAt(tx.closed(d.State)).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add a dispute: %w", err)
	}
	return row.ID, nil
}

// MoveDispute saves what became of a dispute, if nobody did since it was read.
func (tx *Tx) MoveDispute(ctx context.Context, d Dispute, to ordering.DisputeState, amount pricing.Fen) error {
	return changedOne(tx.Dispute.Update().Where(dispute.ID(d.ID), dispute.Version(d.Version)).SetState(to).SetAmountFen(int64(amount)).
		SetNillableClosedAt(tx.closed(to)).AddVersion(1).Save(ctx))
}

func (tx *Tx) closed(s ordering.DisputeState) *time.Time {
	if !s.Over() {
		return nil
	}
	return &tx.now
}

// IsDisputed reports whether the right of an order is kept back by a dispute: one that is open, or that took back what a bill asked for
// and still does.
func (tx *Tx) IsDisputed(ctx context.Context, orderID uuid.UUID) (bool, error) {
	is, err := tx.Dispute.Query().Where(dispute.OrderID(orderID), dispute.Or(dispute.StateEQ(ordering.DisputeOpen),
		dispute.And(dispute.StateEQ(ordering.DisputeLost), dispute.HasPaymentWith(payment.HasBillWith(bill.StatusEQ(ordering.BillIssued)))))).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a dispute: %w", err)
	}
	return is, nil
}

// OpenDisputes reads disputes that are not decided, those after one and so many at most.
func (s *Store) OpenDisputes(ctx context.Context, after uuid.UUID, most int) ([]Dispute, error) {
	rows, err := s.read.Dispute.Query().Where(dispute.ClosedAtIsNil(), dispute.IDGT(after)).Order(db.Asc(dispute.FieldID)).Limit(most).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read open disputes: %w", err)
	}
	return loadDisputes(rows), nil
}

// HeldByDisputes is what of each contributor's money would go back if every dispute that is open were lost. There are few of those at a
// time: a bank decides within weeks.
func (tx *Tx) HeldByDisputes(ctx context.Context) (map[Lot]pricing.Fen, error) {
	rows, err := tx.Dispute.Query().Where(dispute.ClosedAtIsNil(), dispute.StateEQ(ordering.DisputeOpen)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read open disputes: %w", err)
	}
	asked := map[uuid.UUID]pricing.Fen{}
	for _, row := range rows {
		asked[row.PaymentID] += pricing.Fen(row.AmountFen)
	}
	moved, err := tx.MovedBy(ctx, slices.Collect(maps.Keys(asked))...)
	if err != nil {
		return nil, err
	}
	held := map[Lot]pricing.Fen{}
	for id, m := range moved {
		back, err := m.Back(ordering.Disputed(m.Postings[0].AmountFen, m.RefundedFen, asked[id]))
		if err != nil {
			return nil, fmt.Errorf("what a dispute of payment %s holds: %w", id, err)
		}
		for i, p := range m.Postings[1:] {
			if p.ContributorID != uuid.Nil {
				held[Lot{p.ContributorID, p.To.Kind}] += back[i]
			}
		}
	}
	return held, nil
}

// SwitchRightOf moves the right of an order from one status to another, however often it is used meanwhile; false where it is in neither
// or was there already.
func (tx *Tx) SwitchRightOf(ctx context.Context, orderID uuid.UUID, from, to ordering.EntitlementStatus) (id uuid.UUID, moved bool, err error) {
	n, err := tx.Entitlement.Update().Where(entitlement.OrderID(orderID), entitlement.StatusEQ(from)).SetStatus(to).AddVersion(1).Save(ctx)
	if err != nil || n == 0 {
		if err != nil {
			err = fmt.Errorf("move a right: %w", err)
		}
		return uuid.Nil, false, err
	}
	id, err = tx.Entitlement.Query().Where(entitlement.OrderID(orderID)).OnlyID(AsSystem(ctx))
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("read the right of an order: %w", err)
	}
	return id, true, nil
}
