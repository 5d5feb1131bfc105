package store

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/entry"
	"gongshu/ent/db/order"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/posting"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/refund"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// Refund is a refund as use-cases see it.
type Refund struct {
	ID, PaymentID, OrderID, PersonID uuid.UUID
	Version                          int
	AmountFen                        pricing.Fen
	Status                           ordering.RefundStatus
	Reason, Reference                string
	IdempotencyKey, RequestHash      string
	// BillID is the bill whose credit it returns, DisputeID the dispute that was lost; both Nil of one that was asked for.
	BillID, DisputeID uuid.UUID
	CreatedAt         time.Time
}

func loadRefund(row *db.Refund) Refund {
	return Refund{
		ID: row.ID, PaymentID: row.PaymentID, OrderID: row.OrderID, PersonID: row.PersonID, Version: row.Version, AmountFen: pricing.Fen(row.AmountFen),
		Status: row.Status, Reason: row.Reason, Reference: row.Reference, IdempotencyKey: row.IdempotencyKey,
		RequestHash: row.RequestHash, BillID: orNil(row.BillID), DisputeID: orNil(row.DisputeID), CreatedAt: row.CreatedAt,
	}
}

// RefundsOf reads the refunds of an order, oldest first.
func (tx *Tx) RefundsOf(ctx context.Context, orderID uuid.UUID) ([]Refund, error) {
	rows, err := tx.Refund.Query().Where(refund.OrderID(orderID)).Order(db.Asc(refund.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read refunds: %w", err)
	}
	refunds := make([]Refund, len(rows))
	for i, row := range rows {
		refunds[i] = loadRefund(row)
	}
	return refunds, nil
}

// RefundByID reads a refund that the viewer may see.
func (tx *Tx) RefundByID(ctx context.Context, id uuid.UUID) (Refund, error) {
	row, err := tx.Refund.Get(ctx, id)
	if db.IsNotFound(err) {
		return Refund{}, fault.Absent("refund")
	}
	if err != nil {
		return Refund{}, fmt.Errorf("read a refund: %w", err)
	}
	return loadRefund(row), nil
}

// ApprovedRefunds reads refunds that were approved and whose outcome is not known yet, of payments of a provider, "" for any, those after
// one and so many at most.
func (s *Store) ApprovedRefunds(ctx context.Context, provider string, after uuid.UUID, most int) ([]Refund, error) {
	wanted := []predicate.Refund{refund.StatusEQ(ordering.RefundApproved), refund.IDGT(after)}
	if provider != "" {
		wanted = append(wanted, refund.HasPaymentWith(payment.Provider(provider)))
	}
	rows, err := s.read.Refund.Query().Where(wanted...).Order(db.Asc(refund.FieldID)).Limit(most).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read approved refunds: %w", err)
	}
	refunds := make([]Refund, len(rows))
	for i, row := range rows {
		refunds[i] = loadRefund(row)
	}
	return refunds, nil
}

// RequestRefund saves a refund that nobody approved yet, if nobody changed the order since it was read: of several that are
// asked for at once, one is.
func (tx *Tx) RequestRefund(ctx context.Context, o Order, r Refund) (uuid.UUID, error) {
	if err := tx.TouchOrder(ctx, o); err != nil {
		return uuid.Nil, err
	}
	return tx.AddRefund(ctx, r)
}

// TouchOrder makes whoever else is about to change what an order is owed read it again.
func (tx *Tx) TouchOrder(ctx context.Context, o Order) error {
	return changedOne(tx.Order.Update().Where(order.ID(o.ID), order.Version(o.Version)).AddVersion(1).Save(ctx))
}

// AddRefund saves a refund that nobody approved yet; one of a lost dispute, or that says it is approved, needs nobody's approval.
func (tx *Tx) AddRefund(ctx context.Context, r Refund) (uuid.UUID, error) {
	status := cmp.Or(r.Status, ordering.RefundRequested)
	if r.DisputeID != uuid.Nil {
		status = ordering.RefundApproved
	}
	row, err := tx.Refund.Create().SetCreatedAt(tx.now).SetPaymentID(r.PaymentID).SetOrderID(r.OrderID).SetPersonID(r.PersonID).
		SetAmountFen(int64(r.AmountFen)).SetStatus(status).SetReason(r.Reason).SetIdempotencyKey(r.IdempotencyKey).
		SetRequestHash(r.RequestHash).SetNillableBillID(nilOr(r.BillID)).SetNillableDisputeID(nilOr(r.DisputeID)).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("request a refund: %w", err)
	}
	return row.ID, nil
}

// MoveRefund saves what became of a refund, if nobody did since it was read.
func (tx *Tx) MoveRefund(ctx context.Context, r Refund, to ordering.RefundStatus, reference string) error {
	update := tx.Refund.Update().Where(refund.ID(r.ID), refund.Version(r.Version), refund.StatusEQ(r.Status)).SetStatus(to).SetReference(reference).AddVersion(1)
	if to == ordering.RefundPaid {
		update.SetPaidAt(tx.now)
	}
	return changedOne(update.Save(ctx))
}

// Moved is what a payment moved on the ledger.
type Moved struct {
	// Postings are its own, in their order: the first brings the money in, the others divide it. None of one that moved nothing.
	Postings []Posting
	// RefundedFen is how much of it refunds gave back.
	RefundedFen pricing.Fen
}

// Back is what each posting but the first gives back of itself when so much more is refunded, by pricing.Reverse.
func (m Moved) Back(amount pricing.Fen) ([]pricing.Fen, error) {
	amounts := make([]pricing.Fen, len(m.Postings)-1)
	for i, p := range m.Postings[1:] {
		amounts[i] = p.AmountFen
	}
	return pricing.Reverse(amounts, m.RefundedFen, amount)
}

// MovedBy reads what payments moved; one that moved nothing is absent.
func (tx *Tx) MovedBy(ctx context.Context, paymentIDs ...uuid.UUID) (map[uuid.UUID]Moved, error) {
	if len(paymentIDs) == 0 {
		return nil, nil
	}
	rows, err := tx.Posting.Query().Where(posting.HasEntryWith(entry.PaymentIDIn(paymentIDs...))).
		WithEntry().WithFromAccount().WithToAccount().Order(db.Asc(posting.FieldPosition)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read what payments moved: %w", err)
	}
	all := map[uuid.UUID]Moved{}
	for _, row := range rows {
		m, of := all[*row.Edges.Entry.PaymentID], row.Edges.Entry.Kind
		switch {
		case of == pricing.EntryPayment:
			p := Posting{From: loadAccount(row.Edges.FromAccount), To: loadAccount(row.Edges.ToAccount), AmountFen: pricing.Fen(row.AmountFen), Basis: row.Basis}
			p.ProductID, p.ContributorID, p.RuleID = orNil(row.ProductID), orNil(row.ContributorID), orNil(row.AllocationRuleID)
			if row.Channel != nil {
				p.Channel = *row.Channel
			}
			m.Postings = append(m.Postings, p)
		case of == pricing.EntryRefund && row.Edges.ToAccount.Kind == pricing.AccountProvider:
			m.RefundedFen += pricing.Fen(row.AmountFen)
		}
		all[*row.Edges.Entry.PaymentID] = m
	}
	return all, nil
}

// Taken is what a payment took, 0 of one that did not succeed or does not exist, and what refunds gave back of it, by its id.
func (s *Store) Taken(ctx context.Context, paymentID string) (paid, refunded pricing.Fen, err error) {
	id, err := uuid.Parse(paymentID)
	if err != nil {
		return 0, 0, nil
	}
	row, err := s.read.Payment.Query().Where(payment.ID(id), payment.StateEQ(ordering.PaymentSucceeded)).Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, fmt.Errorf("read what a payment took: %w", err)
	}
	back, err := s.read.Refund.Query().Where(refund.PaymentID(id), refund.StatusEQ(ordering.RefundPaid)).All(AsSystem(ctx))
	if err != nil {
		return 0, 0, fmt.Errorf("read what was refunded: %w", err)
	}
	for _, one := range back {
		refunded += pricing.Fen(one.AmountFen)
	}
	return pricing.Fen(row.AmountFen), refunded, nil
}

func loadAccount(row *db.Account) Account {
	a := Account{Kind: row.Kind, OrganisationID: orNil(row.OrganisationID)}
	if row.Kind == pricing.AccountProvider {
		a.Provider = row.Code[len(string(row.Kind))+1:]
	}
	return a
}

func nilOr(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

// ReferRefund keeps what a provider calls a refund that is on its way.
func (tx *Tx) ReferRefund(ctx context.Context, r Refund, reference string) error {
	if r.Reference == reference {
		return nil
	}
	return changedOne(tx.Refund.Update().Where(refund.ID(r.ID), refund.Version(r.Version)).SetReference(reference).AddVersion(1).Save(ctx))
}
