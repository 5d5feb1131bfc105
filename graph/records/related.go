package records

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/google/uuid"
)

// related keeps the records of what many products refer to: organisations, domains, resources. They are good for an epoch,
// which the database ends in the transaction of every change that shows in one of them.
type related struct {
	maker *Maker
	// making is held by who makes records: others wait, and find them made.
	making sync.Mutex

	guard sync.RWMutex
	epoch int64
	by    map[key]Record
	bytes int
}

// key is an object of a type; ids of different types come from outside, and may be the same.
type key struct {
	of *Type
	id uuid.UUID
}

// maxRelated bounds what is kept, in bytes.
const maxRelated = 64 << 20

// none is kept of what cannot be had in an epoch: nobody in particular may see it, or it cannot be made.
var none = Record{}

// at is what is kept of a key in an epoch: nil where nobody asked for it yet, none where it is not to be had.
func (r *related) at(epoch int64, o key) Record {
	r.guard.RLock()
	defer r.guard.RUnlock()
	if r.epoch != epoch {
		return nil
	}
	return r.by[o]
}

// get is at of several, after what is missing was fetched; nil where one is not to be had.
func (r *related) get(ctx context.Context, epoch int64, t *Type, ids []uuid.UUID) []Record {
	for fetched := false; ; fetched = true {
		all, missing := make([]Record, len(ids)), map[key]bool{}
		for i, id := range ids {
			switch all[i] = r.at(epoch, key{t, id}); {
			case all[i] == nil:
				missing[key{t, id}] = true
			case len(all[i]) == 0:
				return nil
			}
		}
		if len(missing) == 0 {
			return all
		}
		if fetched || !r.fetch(ctx, epoch, missing) {
			return nil
		}
	}
}

// fetch makes what is missing and keeps it for an epoch. False where one is not to be had, or the epoch is over.
func (r *related) fetch(ctx context.Context, epoch int64, missing map[key]bool) bool {
	r.making.Lock()
	defer r.making.Unlock()
	if r.isOver(epoch) { // what would be made could not be kept
		return false
	}
	ids := map[*Type][]uuid.UUID{}
	for o := range missing {
		switch kept := r.at(epoch, o); {
		case o.of.Name == keptInRows: // its root would have read it, were it to be had
			return false
		case kept == nil:
			ids[o.of] = append(ids[o.of], o.id)
		case len(kept) == 0:
			return false
		}
	}
	whole := true
	for t, all := range ids {
		for some := range slices.Chunk(all, atOnce) {
			made, err := r.make(ctx, t, some)
			if err != nil && ctx.Err() != nil {
				return false
			}
			if err != nil {
				slog.ErrorContext(ctx, "records: what products refer to cannot be made", "type", t.Name, "error", err)
			}
			for _, id := range some {
				if made[id] == nil {
					made[id], whole = none, false
				}
			}
			if !r.keep(epoch, t, made) {
				return false
			}
		}
	}
	return whole
}

func (r *related) isOver(epoch int64) bool {
	r.guard.RLock()
	defer r.guard.RUnlock()
	return epoch < r.epoch
}

// make makes all at once, or one by one where that fails, without those that cannot be made.
func (r *related) make(ctx context.Context, t *Type, ids []uuid.UUID) (map[uuid.UUID]Record, error) {
	made, err := r.maker.Make(ctx, t, ids)
	if err == nil {
		if len(made.until) > 0 { // an epoch does not end with a day
			return map[uuid.UUID]Record{}, fmt.Errorf("records: a public field of %s asks what day it is", t.Name)
		}
		return made.Records, nil
	}
	all := map[uuid.UUID]Record{}
	if len(ids) > 1 {
		for i := range ids {
			one, failed := r.make(ctx, t, ids[i:i+1])
			if all[ids[i]] = one[ids[i]]; failed != nil {
				err = failed
			}
		}
	}
	return all, err
}

func (r *related) keep(epoch int64, t *Type, made map[uuid.UUID]Record) bool {
	r.guard.Lock()
	defer r.guard.Unlock()
	if epoch < r.epoch {
		return false
	}
	if epoch > r.epoch || r.by == nil || r.bytes > maxRelated {
		r.epoch, r.by, r.bytes = epoch, map[key]Record{}, 0
	}
	for id, record := range made {
		r.by[key{t, id}] = record
		r.bytes += len(record) + 64
	}
	return true
}
