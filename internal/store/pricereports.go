package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/permittedrevenue"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/product"
	"gongshu/internal/authorisation"
	"gongshu/pricing"
)

// ProductNames are the names of an operator's products, whoever looks.
func (s *Store) ProductNames(ctx context.Context, operator uuid.UUID) (map[uuid.UUID]*db.Product, error) {
	rows, err := s.read.Product.Query().Where(product.OperatorID(operator)).
		Select(product.FieldID, product.FieldName, product.FieldNameEn).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the products of a report: %w", err)
	}
	return indexed(rows, func(p *db.Product) uuid.UUID { return p.ID }), nil
}

// SurveyOf is the cost survey of an operator's year: the one in force, else the one reported last that nobody refused or took back.
func (s *Store) SurveyOf(ctx context.Context, operator uuid.UUID, year int) (survey PermittedRevenue, found bool, err error) {
	inForce, err := s.PermittedInForce(ctx, operator)
	if err != nil {
		return PermittedRevenue{}, false, err
	}
	for _, p := range inForce {
		if p.Year == year {
			return p, true, nil
		}
	}
	row, err := s.read.PermittedRevenue.Query().Where(permittedrevenue.OperatorID(operator), permittedrevenue.Year(year),
		permittedrevenue.StatusEQ(pricing.SurveySubmitted)).Order(db.Desc(permittedrevenue.FieldID)).First(AsSystem(ctx))
	if db.IsNotFound(err) {
		return PermittedRevenue{}, false, nil
	}
	if err != nil {
		return PermittedRevenue{}, false, fmt.Errorf("read a cost survey: %w", err)
	}
	return LoadPermittedRevenue(row), true, nil
}

// PricesOf are the plans of an operator's products that were added or withdrawn from one moment to before another, and the caps that began to
// hold then, each with its product, the earliest first and so many at most. It is not narrowed to the viewer.
func (s *Store) PricesOf(ctx context.Context, operator uuid.UUID, from, until time.Time, most int) ([]*db.Plan, []*db.PriceCap, error) {
	ctx = AsSystem(ctx)
	plans, err := s.read.Plan.Query().Where(plan.HasProductWith(product.OperatorID(operator)), plan.Or(
		plan.And(plan.CreatedAtGTE(from), plan.CreatedAtLT(until)), plan.And(plan.WithdrawnAtGTE(from), plan.WithdrawnAtLT(until)),
	)).WithProduct().Order(db.Asc(plan.FieldID)).Limit(most).All(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read the plans of a report: %w", err)
	}
	caps, err := s.read.PriceCap.Query().Where(pricecap.HasProductWith(product.OperatorID(operator)),
		pricecap.EffectiveFromGTE(authorisation.DayOf(from).String()), pricecap.EffectiveFromLT(authorisation.DayOf(until).String())).
		WithProduct().Order(db.Asc(pricecap.FieldEffectiveFrom, pricecap.FieldID)).Limit(most).All(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read the caps of a report: %w", err)
	}
	return plans, caps, nil
}
