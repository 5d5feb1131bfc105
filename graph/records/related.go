package records

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/google/uuid"
)

// related keeps the records of what many products refer to: organisations, domains, resources. They are good for an epoch,
// which the database ends in the transaction of every change of one of them.
type related struct {
	maker *Maker
	guard sync.RWMutex
	epoch int64
	by    map[uuid.UUID]Record
	bytes int
}

// maxRelated bounds what is kept, in bytes.
const maxRelated = 64 << 20

// at is what is kept of an id in an epoch.
func (r *related) at(epoch int64, id uuid.UUID) Record {
	r.guard.RLock()
	defer r.guard.RUnlock()
	if r.epoch != epoch {
		return nil
	}
	return r.by[id]
}

// get is at, after it was fetched where it had to be.
func (r *related) get(ctx context.Context, epoch int64, t *Type, id uuid.UUID) Record {
	if kept := r.at(epoch, id); kept != nil {
		return kept
	}
	if !r.fetch(ctx, epoch, map[*Type]map[uuid.UUID]bool{t: {id: true}}) {
		return nil
	}
	return r.at(epoch, id)
}

// fetch makes records and keeps them for an epoch. False where one of them is nobody's to see, or the epoch is over.
func (r *related) fetch(ctx context.Context, epoch int64, missing map[*Type]map[uuid.UUID]bool) bool {
	for t, set := range missing {
		var ids []uuid.UUID
		for id := range set {
			ids = append(ids, id)
		}
		for some := range slices.Chunk(ids, atOnce) {
			made, err := r.maker.Make(ctx, t, some)
			if err != nil {
				if ctx.Err() == nil {
					slog.ErrorContext(ctx, "records: what products refer to cannot be made", "type", t.Name, "error", err)
				}
				return false
			}
			if !r.keep(epoch, made) || len(made) < len(some) {
				return false
			}
		}
	}
	return true
}

func (r *related) keep(epoch int64, made map[uuid.UUID]Record) bool {
	r.guard.Lock()
	defer r.guard.Unlock()
	if epoch < r.epoch {
		return false
	}
	if epoch > r.epoch || r.by == nil || r.bytes > maxRelated {
		r.epoch, r.by, r.bytes = epoch, map[uuid.UUID]Record{}, 0
	}
	for id, record := range made {
		r.by[id] = record
		r.bytes += len(record) + 64
	}
	return true
}
