package graph

import (
	"context"
	"sync"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"
)

// level loads a relation of the rows of a page. Who will ask for it is known once the page is, and is fetched with whoever
// asks first: how the resolvers of a page are scheduled does not decide how many statements the page takes.
type level[V any] struct {
	*dataloadgen.Loader[uuid.UUID, V]
	fetch func(context.Context, []uuid.UUID) ([]V, []error)

	fetching sync.Mutex
	known    map[uuid.UUID]V

	mu       sync.Mutex
	expected []uuid.UUID
}

func newLevel[V any](fetch func(context.Context, []uuid.UUID) ([]V, []error)) *level[V] {
	l := &level[V]{fetch: fetch, known: map[uuid.UUID]V{}}
	l.Loader = dataloadgen.NewLoader(l.load, dataloadgen.WithWait(batchWait))
	return l
}

// expect names ids that will likely be asked for.
func (l *level[V]) expect(ids ...uuid.UUID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expected = append(l.expected, ids...)
}

func (l *level[V]) load(ctx context.Context, ids []uuid.UUID) ([]V, []error) {
	l.fetching.Lock()
	defer l.fetching.Unlock()
	if missing := l.missing(ids); len(missing) > 0 {
		values, errs := l.fetch(ctx, missing)
		if len(errs) > 0 {
			return nil, errs
		}
		for i, id := range missing {
			l.known[id] = values[i]
		}
	}
	out := make([]V, len(ids))
	for i, id := range ids {
		out[i] = l.known[id]
	}
	return out, nil
}

// missing are the ids to fetch: none when all are known, else those that are not, and whoever is expected besides.
func (l *level[V]) missing(ids []uuid.UUID) (missing []uuid.UUID) {
	seen := map[uuid.UUID]bool{}
	add := func(ids []uuid.UUID) {
		for _, id := range ids {
			if _, known := l.known[id]; !known && !seen[id] {
				seen[id] = true
				missing = append(missing, id)
			}
		}
	}
	if add(ids); missing == nil {
		return nil
	}
	l.mu.Lock()
	add(l.expected)
	l.expected = nil
	l.mu.Unlock()
	return missing
}
