package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/metadata"
	"gongshu/internal/store"
)

// qualityLoaders score what is shown, in batches.
type qualityLoaders struct{ productScores, resourceScores *level[*metadata.Score] }

func newQualityLoaders(s *store.Store) qualityLoaders {
	today := authorisation.DayOf(s.Now())
	return qualityLoaders{
		productScores: newLevel(inOrder(func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*metadata.Score, error) {
			_, described, err := s.GateDescribed(ctx, ids...)
			scores := make(map[uuid.UUID]*metadata.Score, len(described))
			for id, p := range described {
				score := metadata.OfProduct(p, today)
				scores[id] = &score
			}
			return scores, err
		})),
		resourceScores: newLevel(inOrder(func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*metadata.Score, error) {
			described, err := s.DescribedResources(ctx, ids...)
			scores := make(map[uuid.UUID]*metadata.Score, len(described))
			for id, r := range described {
				score := metadata.OfResource(r.Resource, today)
				scores[id] = &score
			}
			return scores, err
		})),
	}
}

// quality is the score that is saved where nothing but it is asked for, as on a list, and else the whole of it as it is now. Who
// owns the thing or oversees the market sees what to mend.
func quality(ctx context.Context, saved int, owner, of uuid.UUID, scores *level[*metadata.Score]) (*metadata.Score, error) {
	whole := false
	for _, f := range graphql.CollectFieldsCtx(ctx, nil) {
		whole = whole || f.Name == "dimensions" || f.Name == "findings"
	}
	if !whole {
		return &metadata.Score{Total: saved}, nil
	}
	score, err := scores.Load(ctx, of)
	if err != nil || score == nil {
		return &metadata.Score{Total: saved}, err
	}
	v, shown := access.FromContext(ctx), *score
	if !v.SignedIn() || v.OrganisationID != owner && !v.Is(access.ImplementingAgency) && !v.Is(access.Platform) {
		shown.Findings = nil
	}
	return &shown, nil
}

func (r *productResolver) scored(ctx context.Context, p *db.Product) (*metadata.Score, error) {
	return quality(ctx, p.Quality, p.OperatorID, p.ID, loadersOf(ctx).productScores)
}

func (r *resourceResolver) scored(ctx context.Context, row *db.Resource) (*metadata.Score, error) {
	return quality(ctx, row.Quality, row.SourceUnitID, row.ID, loadersOf(ctx).resourceScores)
}
