package market

import (
	"context"

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
	today, others := authorisation.DayOf(tx.Now()), []uuid.UUID{}
	for id, r := range described {
		score := metadata.OfResource(r.Resource, today).Total
		if score == r.Quality {
			continue
		}
		if err := tx.ScoreResource(ctx, id, score); err != nil {
			return 0, err
		}
		others = append(others, id)
	}
	return len(others), tx.ResourcesChanged(ctx, others...)
}

// scoreMost is how many resources one sweep looks at: some seconds' work where all of them get another score, as after an
// upgrade, and a fraction of the time that the worker gives a sweep.
const scoreMost = 5_000

// scoreAll scores every resource once a day, and once more when the program starts, some in each sweep: some of a score changes
// by time alone, and what there was before there were scores has none. The products are scored where they are held against the
// gate. What keeps its score costs neither a transaction nor a lock. Nobody has to look at what a score does by itself, so none
// is counted among what a sweep changed.
func (m *Market) scoreAll(ctx context.Context) (int, error) {
	today, s := authorisation.DayOf(m.Store.Now()), &m.scored
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.day == today {
		return 0, nil
	}
	_, ended, err := m.goThrough(ctx, s, today, scoreMost, m.toScore, m.scoreResources)
	if ended {
		s.day = today
	}
	return 0, err
}

// toScore reads a page of resources by id, and of which of them the score is another today.
func (m *Market) toScore(ctx context.Context, after uuid.UUID, most int) (page, ask []uuid.UUID, err error) {
	page, err = m.Store.ResourceIDs(ctx, after, most)
	if err != nil {
		return nil, nil, err
	}
	described, err := m.Store.DescribedResources(ctx, page...)
	if err != nil {
		return nil, nil, err
	}
	today := authorisation.DayOf(m.Store.Now())
	for _, id := range page {
		if r := described[id]; metadata.OfResource(r.Resource, today).Total != r.Quality {
			ask = append(ask, id)
		}
	}
	return page, ask, nil
}
