package market

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
)

// resumeAtOnce is how many rows a round reads at once.
const resumeAtOnce = 100

// round is how far somebody came who goes over all rows of a kind again and again.
type round struct {
	mu    sync.Mutex
	after uuid.UUID
}

func (r *round) at() uuid.UUID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.after
}

func (r *round) come(to uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.after = to
}

// visitAll visits every row once, in the order of their ids, and returns of how many that settled something. One that fails keeps no other
// from it. It begins behind the row at which the run before was cut off: what hangs at one row costs the rows behind it nothing for long.
func visitAll[T any](ctx context.Context, r *round, page func(after uuid.UUID, most int) ([]T, error), id func(T) uuid.UUID, visit func(T) (bool, error)) (settled int, err error) {
	var failed []error
	begun := r.at()
	again := begun == uuid.Nil // from the first row on
	for last := begun; ; {
		rows, err := page(last, resumeAtOnce)
		if err != nil {
			return settled, errors.Join(append(failed, err)...)
		}
		for _, row := range rows {
			if last = id(row); again && begun != uuid.Nil && bytes.Compare(last[:], begun[:]) > 0 {
				rows = nil // where it began
				break
			}
			r.come(last)
			done, err := visit(row)
			failed = append(failed, err)
			if done {
				settled++
			}
			if ctx.Err() != nil {
				return settled, errors.Join(failed...) // which leaves out those that are nil
			}
		}
		switch {
		case len(rows) == resumeAtOnce:
		case again:
			r.come(uuid.Nil)
			return settled, errors.Join(failed...)
		default:
			last, again = uuid.Nil, true
		}
	}
}

// pageEvery is how often a round asks about a page that its buyer was sent to: the provider tells of it by itself, and the buyer comes back.
const pageEvery = 2 * time.Minute

// pages is when a round asked last about each page, as far as that keeps it from asking again.
type pages struct {
	mu    sync.Mutex
	asked map[uuid.UUID]time.Time
}

// due reports whether a page is to be asked about, and takes it for asked.
func (p *pages) due(id uuid.UUID, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last, asked := p.asked[id]; asked && now.Sub(last) < pageEvery {
		return false
	}
	if p.asked == nil {
		p.asked = map[uuid.UUID]time.Time{}
	}
	p.asked[id] = now
	return true
}

// forget forgets what may be asked again anyway.
func (p *pages) forget(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, last := range p.asked {
		if now.Sub(last) >= pageEvery {
			delete(p.asked, id)
		}
	}
}
