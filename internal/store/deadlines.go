package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/internal/authorisation"
)

// WithoutDeadline reads a page of the open proceedings whose deadline the calendar did not know, by id.
func (s *Store) WithoutDeadline(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := s.read.Proceeding.Query().Where(withoutDeadline(), proceeding.IDGT(after)).
		Order(db.Asc(proceeding.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read proceedings without a deadline: %w", err)
	}
	return ids, nil
}

// Waiting reads kind and time of the open proceedings whose deadline the calendar did not know, as far as the viewer may see
// them.
func (s *Store) Waiting(ctx context.Context) ([]Proceeding, error) {
	rows, err := s.read.Proceeding.Query().Where(withoutDeadline()).Select(proceeding.FieldKind, proceeding.FieldCreatedAt).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read proceedings without a deadline: %w", err)
	}
	waiting := make([]Proceeding, len(rows))
	for i, row := range rows {
		waiting[i] = Proceeding{Proceeding: authorisation.Proceeding{Kind: row.Kind, SubmittedAt: row.CreatedAt}, CalendarMissing: true}
	}
	return waiting, nil
}

func isOpen() predicate.Proceeding {
	return proceeding.StateIn(authorisation.StateSubmitted, authorisation.StateHalfApproved)
}

func withoutDeadline() predicate.Proceeding {
	return proceeding.And(isOpen(), proceeding.DueOnIsNil(), proceeding.CalendarMissing(true))
}

// WithoutDeadline reads those of some proceedings that have no deadline (Store.WithoutDeadline), without requirements and
// decisions.
func (tx *Tx) WithoutDeadline(ctx context.Context, ids ...uuid.UUID) ([]Proceeding, error) {
	return tx.bareProceedings(ctx, tx.Proceeding.Query().Where(proceeding.IDIn(ids...), withoutDeadline()))
}

// OpenProceedings reads a page of the proceedings that are not decided yet, by id, without requirements and decisions.
func (tx *Tx) OpenProceedings(ctx context.Context, after uuid.UUID, most int) ([]Proceeding, error) {
	return tx.bareProceedings(ctx, tx.Proceeding.Query().Where(isOpen(), proceeding.IDGT(after)).Limit(most))
}

func (tx *Tx) bareProceedings(ctx context.Context, q *db.ProceedingQuery) ([]Proceeding, error) {
	rows, err := q.Order(db.Asc(proceeding.FieldID)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read open proceedings: %w", err)
	}
	open := make([]Proceeding, len(rows))
	for i, row := range rows {
		if open[i], err = loadProceeding(row); err != nil {
			return nil, err
		}
	}
	return open, nil
}

// SetDeadline gives an open proceeding another deadline than it had when it was read; false when that changed or it ended
// meanwhile. Its version stays: whoever is deciding decides on the same thing.
func (tx *Tx) SetDeadline(ctx context.Context, p Proceeding, due authorisation.Day) (bool, error) {
	had := proceeding.DueOnIsNil()
	if p.DueOn != nil {
		had = proceeding.DueOn(p.DueOn.String())
	}
	n, err := tx.Proceeding.Update().Where(proceeding.ID(p.ID), proceeding.EndedAtIsNil(), had).
		SetDueOn(due.String()).SetCalendarMissing(false).Save(ctx)
	if err != nil {
		return false, fmt.Errorf("set a deadline: %w", err)
	}
	return n == 1, nil
}
