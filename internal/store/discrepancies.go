package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/discrepancy"
	"gongshu/internal/fault"
)

// maxSubject is how much of a row's name a discrepancy keeps, in bytes.
const maxSubject = 240

// What a provider tells that the market cannot follow: what would have to hold. No statement of invariants.sql finds it, and no
// reconciliation closes it.
const (
	ToldMoney  = "a provider takes what it was asked for, and nothing else"
	ToldTaken  = "what a provider took pays an order or bill, or goes back"
	ToldRefund = "what a provider gave back of a payment is a refund of it that is paid here"
	ToldLost   = "what a lost dispute took of a payment is what refunds left of it"
	ToldTurned = "a dispute stays as it was decided"
	ToldPayout = "what a provider paid out stays with whom it was paid to"
)

// ToldAll are the names of what providers tell that the market cannot follow.
func ToldAll() []string {
	return []string{ToldMoney, ToldTaken, ToldRefund, ToldLost, ToldTurned, ToldPayout}
}

// OpenTold keeps that a provider told what the market cannot follow of a subject, and reports whether that is new: it stands once, until
// it is closed.
func (tx *Tx) OpenTold(ctx context.Context, told, subject string) (isNew bool, err error) {
	row, err := tx.Discrepancy.Query().Where(discrepancy.Invariant(told), discrepancy.Subject(subject)).Only(AsSystem(ctx))
	switch {
	case db.IsNotFound(err):
		err = tx.Discrepancy.Create().SetCreatedAt(tx.now).SetInvariant(told).SetSubject(subject).SetSeenAt(tx.now).Exec(ctx)
	case err != nil || row.ResolvedAt == nil:
		return false, wrapped(err)
	default:
		err = tx.Discrepancy.UpdateOneID(row.ID).SetSeenAt(tx.now).ClearResolvedAt().AddVersion(1).Exec(AsSystem(ctx))
	}
	return err == nil, wrapped(err)
}

// CloseTold keeps that what providers told of a subject holds again.
func (tx *Tx) CloseTold(ctx context.Context, subject string, told ...string) error {
	_, err := tx.Discrepancy.Update().Where(discrepancy.InvariantIn(told...), discrepancy.Subject(subject), discrepancy.ResolvedAtIsNil()).
		SetResolvedAt(tx.now).AddVersion(1).Save(AsSystem(ctx))
	return wrapped(err)
}

func wrapped(err error) error {
	if err != nil {
		err = fmt.Errorf("save what a provider told: %w", err)
	}
	return err
}

// SaveDiscrepancies keeps what the reconciliation found: rows that are new, those that are found again, and when one was found
// no more. Of an invariant that more rows break than are named, those not named stay as they are. It returns how many stand.
func (tx *Tx) SaveDiscrepancies(ctx context.Context, breaches []Breach) (standing int, err error) {
	ctx = AsSystem(ctx)
	known, err := tx.Discrepancy.Query().Where(discrepancy.InvariantNotIn(ToldAll()...)).All(ctx)
	if err != nil {
		return 0, fmt.Errorf("read discrepancies: %w", err)
	}
	type key struct{ invariant, subject string }
	rows := make(map[key]*db.Discrepancy, len(known))
	for _, row := range known {
		rows[key{row.Invariant, row.Subject}] = row
	}
	cut := map[string]bool{}
	for _, b := range breaches {
		cut[b.Name] = len(b.Rows) >= maxBreachRows
		for _, subject := range b.Rows {
			k := key{b.Name, subject[:min(len(subject), maxSubject)]}
			row := rows[k]
			if delete(rows, k); row == nil {
				err = tx.Discrepancy.Create().SetCreatedAt(tx.now).SetInvariant(k.invariant).SetSubject(k.subject).SetSeenAt(tx.now).Exec(ctx)
			} else {
				err = tx.Discrepancy.UpdateOneID(row.ID).SetSeenAt(tx.now).ClearResolvedAt().AddVersion(1).Exec(ctx)
			}
			if err != nil {
				return 0, fmt.Errorf("save a discrepancy: %w", err)
			}
		}
	}
	for k, row := range rows {
		if row.ResolvedAt == nil && !cut[k.invariant] {
			if err := tx.Discrepancy.UpdateOneID(row.ID).SetResolvedAt(tx.now).AddVersion(1).Exec(ctx); err != nil {
				return 0, fmt.Errorf("save a discrepancy: %w", err)
			}
		}
	}
	standing, err = tx.Discrepancy.Query().Where(discrepancy.ResolvedAtIsNil()).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count discrepancies: %w", err)
	}
	return standing, nil
}

// ExplainDiscrepancy says who looks into a discrepancy that the viewer may see, and what is known of it.
func (tx *Tx) ExplainDiscrepancy(ctx context.Context, id, owner uuid.UUID, reason string) error {
	row, err := tx.Discrepancy.Get(ctx, id)
	if db.IsNotFound(err) {
		return fault.Absent("discrepancy")
	}
	if err != nil {
		return fmt.Errorf("read a discrepancy: %w", err)
	}
	return changedOne(tx.Discrepancy.Update().Where(discrepancy.ID(id), discrepancy.Version(row.Version)).SetOwnerID(owner).SetReason(reason).AddVersion(1).Save(ctx))
}
