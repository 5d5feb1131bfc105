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
	// Product is the type whose records are kept.
	Product *Type
}

// keptAtOnce is how many records are made between two transactions that save them.
const keptAtOnce = 50

// Fill makes what is to be made, also of another shape with all, and returns how many it saved. done, where it is not nil, is told
// how many so far.
func (k *Keeper) Fill(ctx context.Context, all bool, done func(saved int)) (saved int, err error) {
	after := uuid.Nil
	for {
		records, err := k.Store.ProductRecordsToMake(ctx, k.Shape.Number, after, keptAtOnce, all)
		if err != nil || len(records) == 0 {
			return saved, err
		}
		after = records[len(records)-1].ID
		ids := make([]uuid.UUID, len(records))
		for i, r := range records {
			ids[i] = r.ID
		}
		made, err := k.Maker.Make(ctx, k.Product, ids)
		if err != nil {
			// One of them may be what nobody can read; the others are not to wait for it.
			made = map[uuid.UUID]Record{}
			kept := records[:0]
			for _, r := range records {
				one, alone := k.Maker.Make(ctx, k.Product, []uuid.UUID{r.ID})
				if alone != nil {
					err = errors.Join(err, fmt.Errorf("record of product %s: %w", r.ID, alone))
					continue
				}
				kept, made[r.ID] = append(kept, r), one[r.ID]
			}
			if len(kept) == 0 {
				return saved, err
			}
			slog.ErrorContext(ctx, "records: some products cannot be recorded", "error", err)
			records = kept
		}
		for i, r := range records {
			records[i].Body = made[r.ID]
		}
		n, err := k.Store.SaveProductRecords(ctx, k.Shape.Number, records)
		if saved += n; err != nil {
			return saved, err
		}
		if done != nil {
			done(saved)
		}
	}
}

// pause is how long a keeper waits before it looks again. What changed meanwhile is answered by the resolvers.
const pause = 200 * time.Millisecond

// Run keeps the records until the context ends: those of another shape once, and then what changes.
func (k *Keeper) Run(ctx context.Context) {
	all := true
	for {
		_, err := k.Fill(ctx, all, nil)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			slog.WarnContext(ctx, "records: the records of products are behind", "error", err)
		} else {
			all = false
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}
