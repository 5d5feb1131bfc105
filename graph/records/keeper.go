package records

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/store"
)

// Keeper keeps the records of products in the database: it makes those that a change made one to be made anew. Any number
// of servers may; a record that was made of what is there no more is not saved.
type Keeper struct {
	Store *store.Store
	Maker *Maker
	Shape *Shape
}

// atOnce is how many records are made by one operation, and saved by one transaction.
const atOnce = 50

// Fill makes what is to be made, with all also what is of another shape. What cannot be made keeps nothing else from it.
func (k *Keeper) Fill(ctx context.Context, all bool) error {
	var failed []error
	after := uuid.Nil
	for {
		records, err := k.Store.ProductRecordsToMake(ctx, k.Shape.Number, after, atOnce, all)
		if err != nil || len(records) == 0 {
			return errors.Join(append(failed, err)...)
		}
		after = records[len(records)-1].ID
		if records, err = k.make(ctx, records); err != nil {
			failed = append(failed, err)
		}
		if err := k.Store.SaveProductRecords(ctx, k.Shape.Number, records); err != nil {
			return errors.Join(append(failed, err)...)
		}
	}
}

// make gives records their bodies: all at once, or one by one where that fails, without those that cannot be made.
func (k *Keeper) make(ctx context.Context, records []store.ProductRecord) (made []store.ProductRecord, err error) {
	ids := make([]uuid.UUID, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	bodies, err := k.Maker.Make(ctx, k.Shape.Type("Product"), ids)
	if err != nil && len(records) > 1 {
		err = nil
		for i := range records {
			one, failed := k.make(ctx, records[i:i+1])
			made, err = append(made, one...), errors.Join(err, failed)
		}
		return made, err
	}
	if err != nil {
		return nil, fmt.Errorf("record of product %s: %w", ids[0], err)
	}
	for i, r := range records {
		records[i].Body = bodies[r.ID]
	}
	return records, nil
}

// pause is how long a keeper waits before it looks again, and again how long after something failed. What changed meanwhile is
// answered by the resolvers.
const (
	pause = 200 * time.Millisecond
	again = 10 * time.Second
)

// Run keeps the records until the context ends: those of another shape once, and then what changes.
func (k *Keeper) Run(ctx context.Context) {
	for all := true; ; {
		wait := pause
		if err := k.Fill(ctx, all); err == nil {
			all = false
		} else if wait = again; ctx.Err() == nil {
			slog.ErrorContext(ctx, "records: some products cannot be recorded, and are answered by the resolvers", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}
