package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/permittedrevenue"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/pricing"
)

// CapUnder is a cap under a permitted revenue, with the units that it is expected to be asked for.
type CapUnder struct {
	ProductID     uuid.UUID
	Cap           pricing.Cap
	Forecast      int64
	EffectiveFrom authorisation.Day
}

// CapsUnder are the caps under the permitted revenues of an operator's year, whichever of them was in force when they were set and whoever
// looks: of a product, a mode and a period the newest. Products that left the market for good sell nothing.
func (tx *Tx) CapsUnder(ctx context.Context, p PermittedRevenue) ([]CapUnder, error) {
	under, err := capsUnder(ctx, tx.Client, p.ID)
	return under[p.ID], err
}

// CapsUnder are the same for looking, by permitted revenue: three statements however many there are.
func (s *Store) CapsUnder(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]CapUnder, error) {
	return capsUnder(ctx, s.read, ids...)
}

func capsUnder(ctx context.Context, c *db.Client, ids ...uuid.UUID) (map[uuid.UUID][]CapUnder, error) {
	ctx = AsSystem(ctx)
	type operatorYear struct {
		operator uuid.UUID
		year     int
	}
	of, years, operators := map[operatorYear][]uuid.UUID{}, map[uuid.UUID]operatorYear{}, []uuid.UUID{}
	asked, err := c.PermittedRevenue.Query().Where(permittedrevenue.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read permitted revenues: %w", err)
	}
	for _, p := range asked {
		of[operatorYear{p.OperatorID, p.Year}] = append(of[operatorYear{p.OperatorID, p.Year}], p.ID)
		operators = append(operators, p.OperatorID)
	}
	all, err := c.PermittedRevenue.Query().Where(permittedrevenue.OperatorIDIn(operators...), permittedrevenue.StatusEQ(pricing.SurveyApproved)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read permitted revenues: %w", err)
	}
	approved := []uuid.UUID{}
	for _, p := range all {
		years[p.ID] = operatorYear{p.OperatorID, p.Year}
		approved = append(approved, p.ID)
	}
	rows, err := c.PriceCap.Query().Where(pricecap.PermittedRevenueIDIn(approved...), pricecap.HasProductWith(product.StatusNEQ(authorisation.ProductRetired))).
		Order(db.Asc(pricecap.FieldEffectiveFrom, pricecap.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read caps: %w", err)
	}
	type key struct {
		operatorYear
		product uuid.UUID
		mode    pricing.ChargingMode
		period  pricing.Period
	}
	newest := map[key]CapUnder{}
	var order []key
	for _, row := range rows {
		limit, err := CapOfRow(row)
		if err != nil {
			return nil, err
		}
		k := key{years[*row.PermittedRevenueID], row.ProductID, row.Mode, limit.Period}
		if _, there := newest[k]; !there {
			order = append(order, k)
		}
		newest[k] = CapUnder{ProductID: row.ProductID, Cap: limit, Forecast: row.Forecast, EffectiveFrom: storedDay(&row.EffectiveFrom)}
	}
	under := map[uuid.UUID][]CapUnder{}
	for _, k := range order {
		for _, id := range of[k.operatorYear] {
			under[id] = append(under[id], newest[k])
		}
	}
	return under, nil
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
