package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/pricing"
)

// CapsOf are the caps of an operator's products, whoever looks and whenever they hold. Products that left the market for good sell nothing.
func (tx *Tx) CapsOf(ctx context.Context, operator uuid.UUID) ([]pricing.DatedCap, error) {
	found, err := capsOf(ctx, tx.Client, operator)
	return found[operator], err
}

// CapsOf are the same for looking, by operator: two statements however many there are.
func (s *Store) CapsOf(ctx context.Context, operators []uuid.UUID) (map[uuid.UUID][]pricing.DatedCap, error) {
	return capsOf(ctx, s.read, operators...)
}

func capsOf(ctx context.Context, c *db.Client, operators ...uuid.UUID) (map[uuid.UUID][]pricing.DatedCap, error) {
	rows, err := c.PriceCap.Query().Where(pricecap.HasProductWith(product.OperatorIDIn(operators...), product.StatusNEQ(authorisation.ProductRetired))).
		WithProduct(func(q *db.ProductQuery) { q.Select(product.FieldID, product.FieldOperatorID) }).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read caps: %w", err)
	}
	found := map[uuid.UUID][]pricing.DatedCap{}
	for _, row := range rows {
		limit, err := CapOfRow(row)
		if err != nil {
			return nil, err
		}
		operator := row.Edges.Product.OperatorID
		found[operator] = append(found[operator], pricing.DatedCap{Product: row.ProductID.String(), Cap: limit, From: row.EffectiveFrom, Forecast: row.Forecast})
	}
	return found, nil
}

// CapOfRow is a stored cap as the rule's value.
func CapOfRow(row *db.PriceCap) (pricing.Cap, error) {
	rate, err := decimal.Parse(row.Rate)
	if err != nil {
		return pricing.Cap{}, fmt.Errorf("cap %s: %w", row.ID, err)
	}
	return pricing.Cap{Mode: row.Mode, Rate: rate, Period: PeriodOf(row)}, nil
}

// BreakingPlans are the plans that are sold and that a cap will stop: it binds them from its day on, or does so today, and they break it.
func (tx *Tx) BreakingPlans(ctx context.Context, row *db.PriceCap) ([]*db.Plan, error) {
	plans, err := tx.Plan.Query().Where(plan.ProductID(row.ProductID), plan.WithdrawnAtIsNil()).Order(db.Asc(plan.FieldPosition, plan.FieldID)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the plans of a product: %w", err)
	}
	caps, err := tx.PriceCap.Query().Where(pricecap.ProductID(row.ProductID)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read caps: %w", err)
	}
	return Breaking(row, plans, caps, authorisation.DayOf(tx.now))
}

// Breaking are those of a product's plans, trial prices aside, that a cap of it stops; caps are all of the product.
func Breaking(row *db.PriceCap, plans []*db.Plan, caps []*db.PriceCap, today authorisation.Day) (breaking []*db.Plan, err error) {
	day := storedDay(&row.EffectiveFrom)
	if day.Before(today) {
		day = today
	}
	breaking = []*db.Plan{}
	for _, p := range plans {
		binding, limit, err := BindingCap(p.Tariff, caps, day)
		if err != nil {
			return nil, err
		}
		if !p.Trial && binding != nil && binding.ID == row.ID && pricing.CheckCap(p.Tariff, *limit) != nil {
			breaking = append(breaking, p)
		}
	}
	return breaking, nil
}

// CapAuthorities are the industry authorities that set the caps of a product; none where the agency does.
func (tx *Tx) CapAuthorities(ctx context.Context, productID uuid.UUID) ([]uuid.UUID, error) {
	found, err := capAuthorities(ctx, tx.Client, productID)
	return found[productID], err
}

// capAuthorities finds, by product, the industry authorities of the public-utility enterprises that its data comes from, who set the caps of
// their data (P65, CITY); one statement where there are none.
func capAuthorities(ctx context.Context, c *db.Client, products ...uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	inputs, err := c.ProductInput.Query().Where(productinput.ProductIDIn(products...),
		productinput.HasResourceWith(resource.HasSourceUnitWith(organisation.LegalFormEQ(access.Enterprise)))).
		WithResource(func(q *db.ResourceQuery) { q.WithDomain() }).Order(db.Asc(productinput.FieldID)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read whose data a product is made of: %w", err)
	}
	found := map[uuid.UUID][]uuid.UUID{}
	for _, input := range inputs {
		if authority := input.Edges.Resource.Edges.Domain.IndustryAuthorityID; authority != nil {
			found[input.ProductID] = append(found[input.ProductID], *authority)
		}
	}
	return found, nil
}
