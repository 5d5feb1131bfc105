package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/product"
	"gongshu/internal/authorisation"
)

// ProductIDs reads a page of all products by id, whatever their status.
func (s *Store) ProductIDs(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := s.read.Product.Query().Where(product.IDGT(after)).Order(db.Asc(product.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the ids of products: %w", err)
	}
	return ids, nil
}

// EndedAgreements reads a page of the agreements that are in force and whose last day has passed, by id.
func (s *Store) EndedAgreements(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := s.read.Agreement.Query().Where(agreementEnded(authorisation.DayOf(s.now()).String()), agreement.IDGT(after)).
		Order(db.Asc(agreement.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read agreements that ended: %w", err)
	}
	return ids, nil
}

func agreementEnded(today string) predicate.Agreement {
	return agreement.And(agreement.StatusIn(authorisation.AgreementOperating, authorisation.AgreementRectifying), agreement.EndsOnLT(today))
}

// EndedGrants reads a page of the active grants whose last day has passed, by id.
func (s *Store) EndedGrants(ctx context.Context, after uuid.UUID, most int) ([]uuid.UUID, error) {
	ids, err := s.read.Grant.Query().Where(grantEnded(authorisation.DayOf(s.now()).String()), grant.IDGT(after)).
		Order(db.Asc(grant.FieldID)).Limit(most).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read grants that ended: %w", err)
	}
	return ids, nil
}

func grantEnded(today string) predicate.Grant {
	return grant.And(grant.StatusEQ(authorisation.GrantActive), grant.EndsOnLT(today))
}
