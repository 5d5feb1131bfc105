package store

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/allocationrule"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/pricing"
)

// Offer is a plan of a product with everything that its price depends on and that an order under it copies.
type Offer struct {
	ProductID, OperatorID      uuid.UUID
	ProductName, ProductNameEn string
	ProductStatus              authorisation.ProductStatus
	ContentNumber              int
	PlanID                     uuid.UUID
	PlanName, PlanNameEn       string
	TermMonths                 int
	Tariff                     pricing.Tariff
	Settlement                 pricing.Settlement
	Trial, Withdrawn           bool
	// Limited says that there may be so many orders of it and no more, Left how many are still to be had.
	Limited bool
	Left    int
	// OperatesSince is the first day of the operator's first agreement, of a trial price.
	OperatesSince authorisation.Day
	// UserClass is that of the viewer's organisation, "" where there is none.
	UserClass pricing.UserClass
	// Cap is the cap in force that binds the plan, nil while there is none.
	Cap *pricing.Cap
	// AllocationRuleID is the newest rule in force, uuid.Nil while there is none.
	AllocationRuleID uuid.UUID
}

// Offer reads a plan of a product that the viewer may see, with the cap in force on the transaction's day.
// What is absent is NOT_FOUND at input.productId or input.planId.
func (tx *Tx) Offer(ctx context.Context, productID, planID uuid.UUID) (Offer, error) {
	return offer(ctx, tx.Client, authorisation.DayOf(tx.now), productID, planID)
}

// Offer reads a plan of a product that the viewer may see, with the cap in force today.
func (s *Store) Offer(ctx context.Context, productID, planID uuid.UUID) (Offer, error) {
	return offer(ctx, s.read, authorisation.DayOf(s.now()), productID, planID)
}

func offer(ctx context.Context, c *db.Client, today authorisation.Day, productID, planID uuid.UUID) (Offer, error) {
	p, err := c.Product.Get(ctx, productID)
	if db.IsNotFound(err) {
		return Offer{}, fault.Absent("product").At("input.productId")
	}
	if err != nil {
		return Offer{}, fmt.Errorf("read a product: %w", err)
	}
	pl, err := c.Plan.Query().Where(plan.ID(planID), plan.ProductID(productID)).Only(ctx)
	if db.IsNotFound(err) {
		return Offer{}, fault.Absent("plan").At("input.planId")
	}
	if err != nil {
		return Offer{}, fmt.Errorf("read a plan: %w", err)
	}
	_, binding, err := capOf(ctx, c, productID, pl.Tariff, today)
	if err != nil {
		return Offer{}, err
	}
	var since authorisation.Day
	if pl.Trial {
		if since, err = operatesSince(ctx, c, p.OperatorID); err != nil {
			return Offer{}, err
		}
	}
	class, err := userClass(ctx, c)
	if err != nil {
		return Offer{}, err
	}
	left, limited := LeftOf(pl)
	ruleID, err := ruleInForce(ctx, c, productID, today)
	return Offer{
		Limited: limited, Left: left,
		OperatesSince: since,
		ProductID:     p.ID, OperatorID: p.OperatorID, ProductName: p.Name, ProductNameEn: p.NameEn, ProductStatus: p.Status,
		ContentNumber: p.ContentNumber, PlanID: pl.ID, PlanName: pl.Name, PlanNameEn: pl.NameEn, TermMonths: pl.TermMonths,
		Tariff: pl.Tariff, Settlement: pl.Settlement, Trial: pl.Trial, Withdrawn: pl.WithdrawnAt != nil, UserClass: class, Cap: binding, AllocationRuleID: ruleID,
	}, err
}

// LeftOf is how many orders of a plan are still to be had; false where it is not limited in number.
func LeftOf(p *db.Plan) (left int, limited bool) {
	if p.LimitedTo == nil {
		return 0, false
	}
	return *p.LimitedTo - p.Taken, true
}

// TakePlace takes one of the orders that there may be of a limited plan; false where none is left. Of several at once the last is one's.
func (tx *Tx) TakePlace(ctx context.Context, planID uuid.UUID) (bool, error) {
	n, err := tx.Plan.Update().Where(plan.ID(planID), func(s *sql.Selector) { s.Where(sql.ColumnsLT(plan.FieldTaken, plan.FieldLimitedTo)) }).AddTaken(1).Save(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("take a place of a plan: %w", err)
	}
	return n == 1, nil
}

// FreePlace gives back the place that an order took; of a plan that is not limited there was none.
func (tx *Tx) FreePlace(ctx context.Context, planID uuid.UUID) error {
	if err := tx.Plan.Update().Where(plan.ID(planID), plan.LimitedToNotNil()).AddTaken(-1).Exec(AsSystem(ctx)); err != nil {
		return fmt.Errorf("free a place of a plan: %w", err)
	}
	return nil
}

// userClass reads the class of users that the viewer's organisation is of, "" where there is none. It is the viewer's own, so that
// nothing is asked of who may see it: all the ways to see an organisation were planned anew each time, 30 times as long as it took
// to read it.
func userClass(ctx context.Context, c *db.Client) (pricing.UserClass, error) {
	own := access.FromContext(ctx).OrganisationID
	if own == uuid.Nil {
		return "", nil
	}
	class, err := c.Organisation.Query().Where(organisation.ID(own)).Select(organisation.FieldUserClass).String(AsSystem(ctx))
	if err != nil {
		return "", fmt.Errorf("read the class of a user: %w", err)
	}
	return pricing.UserClass(class), nil
}

// CapOf is the cap in force on the transaction's day that binds a tariff of a product, nil while there is none.
func (tx *Tx) CapOf(ctx context.Context, productID uuid.UUID, t pricing.Tariff) (*pricing.Cap, error) {
	_, binding, err := capOf(ctx, tx.Client, productID, t, authorisation.DayOf(tx.now))
	return binding, err
}

// CapOf is the cap in force today that binds a tariff of a product, as a row and as the rule's value; nil while there is none.
func (s *Store) CapOf(ctx context.Context, productID uuid.UUID, t pricing.Tariff) (*db.PriceCap, *pricing.Cap, error) {
	return capOf(ctx, s.read, productID, t, authorisation.DayOf(s.now()))
}

// CapsOver are the caps that bind a tariff of a product over some days, nil while there is none: that of the first day, and those of
// later ones on which it may change.
func (s *Store) CapsOver(ctx context.Context, productID uuid.UUID, t pricing.Tariff, first, last authorisation.Day) (on *pricing.Cap, changes []pricing.CapChange, err error) {
	caps, err := capsBinding(AsSystem(ctx), s.read, productID, t)
	if err != nil {
		return nil, nil, err
	}
	if _, on, err = BindingCap(t, caps, first); err != nil {
		return nil, nil, err
	}
	for _, row := range caps {
		if row.EffectiveFrom <= first.String() || row.EffectiveFrom > last.String() {
			continue
		}
		day, err := authorisation.ParseDay(row.EffectiveFrom)
		if err != nil {
			return nil, nil, fmt.Errorf("the first day of cap %s: %w", row.ID, err)
		}
		_, then, err := BindingCap(t, caps, day)
		if err != nil {
			return nil, nil, err
		}
		changes = append(changes, pricing.CapChange{From: day.Start(), Cap: then})
	}
	return on, changes, nil
}

func capOf(ctx context.Context, c *db.Client, productID uuid.UUID, t pricing.Tariff, today authorisation.Day) (*db.PriceCap, *pricing.Cap, error) {
	caps, err := capsBinding(ctx, c, productID, t)
	if err != nil {
		return nil, nil, err
	}
	return BindingCap(t, caps, today)
}

// capsBinding reads the caps of a product that may bind a tariff, by their first days.
func capsBinding(ctx context.Context, c *db.Client, productID uuid.UUID, t pricing.Tariff) ([]*db.PriceCap, error) {
	caps, err := c.PriceCap.Query().Where(pricecap.ProductID(productID), pricecap.ModeEQ(t.Mode)).Order(db.Asc(pricecap.FieldEffectiveFrom)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read caps: %w", err)
	}
	return caps, nil
}

// ruleInForce reads by which rule a fee is shared, for whoever pays it: who gets how much stays with the operator.
func ruleInForce(ctx context.Context, c *db.Client, productID uuid.UUID, today authorisation.Day) (uuid.UUID, error) {
	id, err := c.AllocationRule.Query().Where(allocationrule.ProductID(productID), inForce(today)).
		Order(db.Desc(allocationrule.FieldNumber)).FirstID(AsSystem(ctx))
	if err != nil && !db.IsNotFound(err) {
		return uuid.Nil, fmt.Errorf("read the allocation rule: %w", err)
	}
	return id, nil
}

// NextRuleNumber is the number that a product's next allocation rule gets.
func (tx *Tx) NextRuleNumber(ctx context.Context, productID uuid.UUID) (int, error) {
	n, err := tx.AllocationRule.Query().Where(allocationrule.ProductID(productID)).Count(AsSystem(ctx))
	if err != nil {
		return 0, fmt.Errorf("count allocation rules: %w", err)
	}
	return n + 1, nil
}

// NextCap is the first day after one on which another of some caps comes into force, the zero Day for none.
func NextCap(caps []*db.PriceCap, today authorisation.Day) authorisation.Day {
	days := make([]authorisation.Day, len(caps))
	for i, row := range caps {
		days[i] = storedDay(&row.EffectiveFrom)
	}
	return authorisation.Next(today, days...)
}

// BindingCap finds, among the caps of one product in any order, the one in force on a day that binds a tariff, as a row
// and as the rule's value; nil when none does. Of one mode and period, the newest whose first day has come is in force.
func BindingCap(t pricing.Tariff, caps []*db.PriceCap, today authorisation.Day) (*db.PriceCap, *pricing.Cap, error) {
	newest := map[pricing.Cap]*db.PriceCap{} // by mode and period
	for _, row := range caps {
		kind := pricing.Cap{Mode: row.Mode, Period: PeriodOf(row)}
		if row.EffectiveFrom <= today.String() && (newest[kind] == nil || newest[kind].EffectiveFrom < row.EffectiveFrom) {
			newest[kind] = row
		}
	}
	var inForce []pricing.Cap
	for _, row := range newest {
		limit, err := CapOfRow(row)
		if err != nil {
			return nil, nil, err
		}
		inForce = append(inForce, limit)
	}
	binding, found := pricing.Binding(t, inForce)
	if !found {
		return nil, nil, nil
	}
	return newest[pricing.Cap{Mode: binding.Mode, Period: binding.Period}], &binding, nil
}

// PeriodOf is the period that a stored cap is for, none where it is not charged per period.
func PeriodOf(row *db.PriceCap) pricing.Period {
	return pricing.Period{Unit: pricing.PeriodUnit(row.PeriodUnit), Count: row.PeriodCount}
}
