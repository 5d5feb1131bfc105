package feed

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/store"
)

// news is what one look found.
type news struct {
	told    []store.Told
	changed []store.SubjectRef // each once
	jobs    []store.JobMoved
	actors  []uuid.UUID
	// missed says that there was more than was read.
	missed bool
}

// empty reports whether there is nothing that is somebody's to see.
func (n news) empty() bool { return len(n.told) == 0 && len(n.changed) == 0 && len(n.jobs) == 0 }

// look remembers what it saw of the last while, so that rows which come late are seen and none is twice.
type look struct {
	store    *store.Store
	seen     map[uuid.UUID]time.Time
	versions map[uuid.UUID]int // of jobs that moved in the while
}

// skip takes what is there as seen.
func (l *look) skip(ctx context.Context) error {
	_, err := l.look(ctx)
	return err
}

func (l *look) look(ctx context.Context) (found news, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	now := time.Now() // as ids and not the store's clock have it
	since := store.FirstID(now.Add(-overlap))
	if err := l.happenings(ctx, since, now, &found); err != nil {
		return news{}, err
	}
	if err := l.notifications(ctx, since, now, &found); err != nil {
		return news{}, err
	}
	if err := l.jobs(ctx, &found); err != nil {
		return news{}, err
	}
	for id, at := range l.seen {
		if now.Sub(at) > 2*overlap {
			delete(l.seen, id)
		}
	}
	return found, nil
}

// isNew reports whether a row was not seen before.
func (l *look) isNew(id uuid.UUID, now time.Time) bool {
	_, seen := l.seen[id]
	l.seen[id] = now
	return !seen
}

func (l *look) happenings(ctx context.Context, since uuid.UUID, now time.Time, found *news) error {
	for {
		page, err := l.store.HappeningsSince(ctx, since, most)
		if err != nil {
			return err
		}
		for _, h := range page {
			since = h.ID
			if !l.isNew(h.ID, now) {
				continue
			}
			if len(found.changed) >= most {
				found.missed = true
				continue
			}
			found.actors = append(found.actors, h.PersonID)
			for _, c := range h.Changed {
				if !slices.Contains(found.changed, c) {
					found.changed = append(found.changed, c)
				}
			}
		}
		if len(page) < most {
			return nil
		}
	}
}

func (l *look) notifications(ctx context.Context, since uuid.UUID, now time.Time, found *news) error {
	for {
		page, err := l.store.ToldSince(ctx, since, most)
		if err != nil {
			return err
		}
		for _, n := range page {
			since = n.ID
			if l.isNew(n.ID, now) {
				found.told = append(found.told, n)
			}
		}
		if len(page) < most {
			return nil
		}
	}
}

func (l *look) jobs(ctx context.Context, found *news) error {
	page, err := l.store.JobsMovedSince(ctx, l.store.Now().Add(-overlap), most)
	if err != nil {
		return err
	}
	found.missed = found.missed || len(page) == most
	versions := make(map[uuid.UUID]int, len(page))
	for _, j := range page {
		versions[j.ID] = j.Version
		if before, known := l.versions[j.ID]; !known || before != j.Version {
			found.jobs = append(found.jobs, j)
		}
	}
	l.versions = versions
	return nil
}
