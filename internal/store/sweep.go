package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/product"
	"gongshu/internal/authorisation"
)

// ListedProducts reads a page of the products on the market, by id.
func (s *Store) ListedProducts(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := s.read.Product.Query().Where(product.StatusEQ(authorisation.ProductListed), product.IDGT(after)).
		Order(db.Asc(product.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read what is listed: %w", err)
	}
	return ids, nil
}

// WithoutDeadline reads a page of the open proceedings whose deadline the calendar did not know, by id and without
// requirements and decisions.
func (s *Store) WithoutDeadline(ctx context.Context, after uuid.UUID, most int) ([]Proceeding, error) {
	rows, err := s.read.Proceeding.Query().
		Where(proceeding.StateIn(authorisation.StateSubmitted, authorisation.StateHalfApproved), proceeding.DueOnIsNil(),
			proceeding.CalendarMissing(true), proceeding.IDGT(after)).
		Order(db.Asc(proceeding.FieldID)).Limit(most).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read proceedings without a deadline: %w", err)
	}
	open := make([]Proceeding, len(rows))
	for i, row := range rows {
		open[i] = Proceeding{
			Proceeding: authorisation.Proceeding{Kind: row.Kind, State: row.State, SubmittedAt: row.CreatedAt},
			ID:         row.ID, SubjectID: row.SubjectID, CalendarMissing: true,
		}
	}
	return open, nil
}

// FillDeadline gives an open proceeding its deadline; false when it has one or ended meanwhile. Its version stays: whoever
// is deciding decides on the same thing.
func (tx *Tx) FillDeadline(ctx context.Context, id uuid.UUID, due authorisation.Day) (bool, error) {
	n, err := tx.Proceeding.Update().Where(proceeding.ID(id), proceeding.EndedAtIsNil(), proceeding.CalendarMissing(true)).
		SetDueOn(due.String()).SetCalendarMissing(false).Save(ctx)
	if err != nil {
		return false, fmt.Errorf("fill a deadline: %w", err)
	}
	return n == 1, nil
}
