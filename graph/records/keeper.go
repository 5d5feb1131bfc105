package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

// Keeper keeps the records of products in the database: it makes those that a change made one to be made anew. Any number
// of servers may; a record that was made of what is there no more is not saved.
type Keeper struct {
	Store *store.Store
	Maker *Maker
	Shape *Shape
	// Told, when set, is told by Fill how many records it made so far.
	Told func(made int)
}

// keptInRows is the type whose records are rows of the database. The others are shared, and kept in memory for an epoch, which
// changes of products do not end. Fields of it may be kept apart.
const keptInRows = "Product"

// atOnce is how many records are made by one operation, and saved by one transaction; endedAtOnce how many that ended are marked
// by one.
const (
	atOnce      = 50
	endedAtOnce = 500
)

// Fill makes what is to be made, also what was good until today, and with all what is of another shape. What cannot be made
// keeps nothing else from it.
func (k *Keeper) Fill(ctx context.Context, all bool) error {
	var failed []error
	made := 0
	after := uuid.Nil
	for more := true; more; {
		var err error
		if more, err = k.Store.EndProductRecords(ctx, authorisation.DayOf(k.Store.Now()), endedAtOnce); err != nil {
			return err
		}
	}
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
		if made += len(records); k.Told != nil {
			k.Told(made)
		}
	}
}

// Differ compares records with what the resolvers answer now: some, from one on that is drawn, and gives the products whose
// record says something else. There are none, or something changed past the triggers that mark records.
func (k *Keeper) Differ(ctx context.Context) (compared int, products []uuid.UUID, err error) {
	today := authorisation.DayOf(k.Store.Now())
	ids, err := k.Store.ProductRecordsFrom(ctx, k.Shape.Number, uuid.New(), today, sampled)
	if err != nil {
		return 0, nil, err
	}
	for some := range slices.Chunk(ids, atOnce) {
		held := map[uuid.UUID][]byte{}
		read := func() error {
			_, err := k.Store.ProductRecords(ctx, k.Shape.Number, some, true, func(id uuid.UUID, body, apart []byte) { held[id] = slices.Concat(body, apart) })
			return err
		}
		if err := read(); err != nil {
			return compared, products, err
		}
		made, err := k.Maker.Make(ctx, k.Shape.Type(keptInRows), some)
		if err != nil {
			return compared, products, err
		}
		before := maps.Clone(held)
		clear(held)
		if err := read(); err != nil { // what changed meanwhile is not compared
			return compared, products, err
		}
		for _, id := range some {
			if body, there := held[id]; there && bytes.Equal(body, before[id]) {
				if compared++; !bytes.Equal(body, made.Records[id]) {
					products = append(products, id)
				}
			}
		}
	}
	return compared, products, nil
}

// sampled is how many records Differ compares at most.
const sampled = 200

// make gives records their bodies: all at once, or one by one where that fails, without those that cannot be made.
func (k *Keeper) make(ctx context.Context, records []store.ProductRecord) (made []store.ProductRecord, err error) {
	ids := make([]uuid.UUID, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	of := k.Shape.Type(keptInRows)
	all, err := k.Maker.Make(ctx, of, ids)
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
		records[i].Body, records[i].Apart = of.split(all.Records[r.ID])
		records[i].Until = all.Until(r.ID)
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
