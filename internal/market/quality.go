package market

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/metadata"
	"gongshu/internal/store"
)

// scoreProduct makes the score of a product agree with what is said of it, in the transaction that changed that. The search
// learns of another score of a product on the market.
func (m *Market) scoreProduct(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
	facts, described, err := tx.GateDescribed(ctx, id)
	if err != nil {
		return err
	}
	other, err := m.scoreThese(ctx, tx, facts, described)
	if err == nil && other && facts[id].Status == authorisation.ProductListed {
		err = tx.ProductsChanged(ctx, id)
	}
	return err
}

// scoreThese saves the scores of products that were gathered, and reports whether one is another now.
func (m *Market) scoreThese(ctx context.Context, tx *store.Tx, facts map[uuid.UUID]authorisation.Product, described map[uuid.UUID]metadata.Product) (other bool, err error) {
	today := authorisation.DayOf(tx.Now())
	for id, p := range described {
		score := metadata.OfProduct(p, today).Total
		if score == facts[id].Quality {
			continue
		}
		if err := tx.ScoreProduct(ctx, id, score); err != nil {
			return other, err
		}
		other = true
	}
	return other, nil
}

// scoreResources makes the scores of resources agree likewise, and returns how many are others now.
func (m *Market) scoreResources(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) (changed int, err error) {
	described, err := tx.DescribedResources(ctx, ids...)
	if err != nil {
		return 0, err
	}
	today := authorisation.DayOf(tx.Now())
	for id, r := range described {
		score := metadata.OfResource(r.Resource, today).Total
		if score == r.Quality {
			continue
		}
		if err := tx.ScoreResource(ctx, id, score); err != nil {
			return changed, err
		}
		if err := tx.ResourcesChanged(ctx, id); err != nil {
			return changed, err
		}
		changed++
	}
	return changed, nil
}

// scored remembers how far the resources were scored today; the products are scored where they are held against the gate.
type scored struct {
	round
	mu  sync.Mutex
	day authorisation.Day
}

// scoreAll scores every resource once a day, and once more when the program starts: some of a score changes by time alone, and
// what there was before there were scores has none. What keeps its score costs neither a transaction nor a lock. Nobody has to
// look at what a score does by itself, so none is counted among what a sweep changed.
func (m *Market) scoreAll(ctx context.Context) (int, error) {
	today, s := authorisation.DayOf(m.Store.Now()), &m.scored
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.day == today {
		return 0, nil
	}
	_, err := visitAll(ctx, &s.round, func(after uuid.UUID, most int) ([]unscored, error) { return m.unscored(ctx, after, most) },
		func(r unscored) uuid.UUID { return r.id }, func(r unscored) (bool, error) {
			if !r.stale {
				return false, nil
			}
			n, err := m.changeThese(ctx, []uuid.UUID{r.id}, m.scoreResources)
			if err != nil {
				return false, fmt.Errorf("score the resource %s: %w", r.id, err)
			}
			return n > 0, nil
		})
	if err == nil {
		s.day = today
	}
	return 0, err
}

// unscored is a resource and whether its score is another today.
type unscored struct {
	id    uuid.UUID
	stale bool
}

func (m *Market) unscored(ctx context.Context, after uuid.UUID, most int) ([]unscored, error) {
	ids, err := m.Store.ResourceIDs(ctx, after, most)
	if err != nil {
		return nil, err
	}
	described, err := m.Store.DescribedResources(ctx, ids...)
	if err != nil {
		return nil, err
	}
	today, page := authorisation.DayOf(m.Store.Now()), make([]unscored, len(ids))
	for i, id := range ids {
		r := described[id]
		page[i] = unscored{id, metadata.OfResource(r.Resource, today).Total != r.Quality}
	}
	return page, nil
}
