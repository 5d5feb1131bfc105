package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/internal/authorisation"
)

// WithoutDeadline reads a page of the open proceedings whose deadline the calendar did not know, by id, without requirements
// and decisions.
func (s *Store) WithoutDeadline(ctx context.Context, after uuid.UUID, most int) ([]Proceeding, error) {
	return bareProceedings(ctx, s.read.Proceeding.Query().Where(withoutDeadline(), proceeding.IDGT(after)).Limit(most))
}

// Waiting are the open proceedings of one kind whose deadline the calendar did not know.
type Waiting struct {
	Kind  authorisation.ProceedingKind
	Count int
	// First and Last are when the earliest and the latest of them were submitted.
	First, Last time.Time
}

// Waiting counts what waits for the calendar by its kind, as far as the viewer may see it.
func (s *Store) Waiting(ctx context.Context) ([]Waiting, error) {
	var rows []struct {
		Kind        authorisation.ProceedingKind
		Count       int
		First, Last aggregatedTime
	}
	err := s.read.Proceeding.Query().Where(withoutDeadline()).GroupBy(proceeding.FieldKind).Aggregate(db.Count(),
		db.As(db.Min(proceeding.FieldCreatedAt), "first"), db.As(db.Max(proceeding.FieldCreatedAt), "last")).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count proceedings without a deadline: %w", err)
	}
	waiting := make([]Waiting, len(rows))
	for i, row := range rows {
		waiting[i] = Waiting{row.Kind, row.Count, time.Time(row.First), time.Time(row.Last)}
	}
	return waiting, nil
}

// aggregatedTime is a time out of an aggregate: SQLite, which has no type for times, gives its text.
type aggregatedTime time.Time

// Scan implements sql.Scanner.
func (t *aggregatedTime) Scan(v any) error {
	switch v := v.(type) {
	case time.Time:
		*t = aggregatedTime(v)
		return nil
	case string:
		parsed, err := time.Parse("2006-01-02 15:04:05.999999999-07:00", v) // as the driver writes it (_time_format=sqlite)
		*t = aggregatedTime(parsed)
		return err
	}
	return fmt.Errorf("a time is %T", v)
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
	return bareProceedings(ctx, tx.Proceeding.Query().Where(proceeding.IDIn(ids...), withoutDeadline()))
}

// OpenProceedings reads a page of the proceedings that are not decided yet, by id, without requirements and decisions.
func (tx *Tx) OpenProceedings(ctx context.Context, after uuid.UUID, most int) ([]Proceeding, error) {
	return bareProceedings(ctx, tx.Proceeding.Query().Where(isOpen(), proceeding.IDGT(after)).Limit(most))
}

func bareProceedings(ctx context.Context, q *db.ProceedingQuery) ([]Proceeding, error) {
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

// SetDeadline gives an open proceeding another deadline than it had when it was read, or none while the calendar does not
// know it; false when that changed or it ended meanwhile. Its version stays: whoever is deciding decides on the same thing.
func (tx *Tx) SetDeadline(ctx context.Context, p Proceeding, due *authorisation.Day) (bool, error) {
	had := proceeding.DueOnIsNil()
	if p.DueOn != nil {
		had = proceeding.DueOn(p.DueOn.String())
	}
	update := tx.Proceeding.Update().Where(proceeding.ID(p.ID), proceeding.EndedAtIsNil(), had).SetCalendarMissing(due == nil)
	if due == nil {
		update.ClearDueOn()
	} else {
		update.SetDueOn(due.String())
	}
	n, err := update.Save(ctx)
	if err != nil {
		return false, fmt.Errorf("set a deadline: %w", err)
	}
	return n == 1, nil
}
