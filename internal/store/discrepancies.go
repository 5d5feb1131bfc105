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

// SaveDiscrepancies keeps what the reconciliation found: rows that are new, those that are found again, and when one was found
// no more. Of an invariant that more rows break than are named, those not named stay as they are. It returns how many stand.
func (tx *Tx) SaveDiscrepancies(ctx context.Context, breaches []Breach) (standing int, err error) {
	ctx = AsSystem(ctx)
	known, err := tx.Discrepancy.Query().All(ctx)
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
