package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/product"
	"gongshu/ent/db/resource"
	"gongshu/internal/authorisation"
)

// GrantedResource is a resource of which so many data items are granted under an agreement.
type GrantedResource struct {
	ResourceID uuid.UUID
	Items      int
}

// GrantedResources are the oldest resources that are granted under an agreement, and how many there are in all.
type GrantedResources struct {
	Oldest []GrantedResource
	Count  int
}

// GrantedUnder are, by agreement, the published resources of which data items are granted today, so many at most, in one
// statement. What is granted under an agreement in force is public (DISC), so it is not narrowed to the viewer.
func (s *Store) GrantedUnder(ctx context.Context, agreements []uuid.UUID, most int) (map[uuid.UUID]GrantedResources, error) {
	today := authorisation.DayOf(s.now()).String()
	var st statement
	st.text = `SELECT agreement_id, resource_id, items, resources FROM (SELECT g.agreement_id, i.resource_id, count(DISTINCT i.id) AS items,` +
		` count(*) OVER (PARTITION BY g.agreement_id) AS resources, row_number() OVER (PARTITION BY g.agreement_id ORDER BY i.resource_id) AS place` +
		` FROM grants g JOIN grant_items gi ON gi.grant_id = g.id JOIN data_items i ON i.id = gi.item_id JOIN resources r ON r.id = i.resource_id` +
		` WHERE g.agreement_id IN ` + places(&st, agreements) + ` AND g.status = ` + st.place(string(authorisation.GrantActive)) +
		` AND g.starts_on <= ` + st.place(today) + ` AND g.ends_on >= ` + st.place(today) + ` AND r.status = ` + st.place(string(authorisation.ResourcePublished)) +
		` GROUP BY g.agreement_id, i.resource_id) granted WHERE place <= ` + st.place(most) + ` ORDER BY agreement_id, resource_id`
	out := map[uuid.UUID]GrantedResources{}
	var agreement uuid.UUID
	var granted GrantedResource
	var count int
	err := s.each(ctx, st, []any{&agreement, &granted.ResourceID, &granted.Items, &count}, func() {
		out[agreement] = GrantedResources{append(out[agreement].Oldest, granted), count}
	})
	return out, err
}

// MarketSize is how large the market is now: what of it is public.
type MarketSize struct{ PublishedResources, Operators, ListedProducts int64 }

// MarketSize counts published resources, operators with an agreement in force, and products on the market, in one statement.
func (s *Store) MarketSize(ctx context.Context) (size MarketSize, err error) {
	today := authorisation.DayOf(s.now()).String()
	var st statement
	st.text = `SELECT (SELECT count(*) FROM resources WHERE status = ` + st.place(string(authorisation.ResourcePublished)) + `),` +
		` (SELECT count(DISTINCT operator_id) FROM agreements WHERE status = ` + st.place(string(authorisation.AgreementOperating)) +
		` AND starts_on <= ` + st.place(today) + ` AND ends_on >= ` + st.place(today) + `),` +
		` (SELECT count(*) FROM products WHERE status = ` + st.place(string(authorisation.ProductListed)) + `)`
	err = s.each(ctx, st, []any{&size.PublishedResources, &size.Operators, &size.ListedProducts}, func() {})
	return size, err
}

// Published is what the law has published, all at once (DISC).
type Published struct {
	Size MarketSize
	// Agreements are in force or under rectification, newest first, with agency and operator; Granted is by their ids.
	Agreements []*db.Agreement
	Granted    map[uuid.UUID]GrantedResources
	// Resources are those that Granted names.
	Resources map[uuid.UUID]*db.Resource
	// Prices are the plans of products on the market, product by product.
	Prices []PublishedPrice
}

// PublishedPrice is a plan that is sold, and the cap that binds it, nil without one.
type PublishedPrice struct {
	Product *db.Product // with its operator
	Plan    *db.Plan
	Cap     *db.PriceCap
}

// Published reads what the law has published; what is more than so many agreements, or plans, is left out, and more says so. What is
// public is not narrowed to the viewer.
func (s *Store) Published(ctx context.Context, most int) (out Published, more bool, err error) {
	today := authorisation.DayOf(s.now())
	ctx = AsSystem(ctx)
	if out.Size, err = s.MarketSize(ctx); err != nil {
		return out, false, err
	}
	out.Agreements, err = s.read.Agreement.Query().
		Where(agreement.StatusIn(authorisation.AgreementOperating, authorisation.AgreementRectifying), agreement.EndsOnGTE(today.String())).
		WithAgency().WithOperator().Order(db.Desc(agreement.FieldID)).Limit(most + 1).All(ctx)
	if err != nil {
		return out, false, fmt.Errorf("read agreements in force: %w", err)
	}
	if more = len(out.Agreements) > most; more {
		out.Agreements = out.Agreements[:most]
	}
	if len(out.Agreements) > 0 {
		ids := make([]uuid.UUID, len(out.Agreements))
		for i, a := range out.Agreements {
			ids[i] = a.ID
		}
		if out.Granted, err = s.GrantedUnder(ctx, ids, most); err != nil {
			return out, false, err
		}
	}
	var named []uuid.UUID
	for _, granted := range out.Granted {
		for _, g := range granted.Oldest {
			named = append(named, g.ResourceID)
		}
	}
	rows, err := s.read.Resource.Query().Where(resource.IDIn(named...)).WithSourceUnit().All(ctx)
	if err != nil {
		return out, false, fmt.Errorf("read granted resources: %w", err)
	}
	out.Resources = indexed(rows, func(r *db.Resource) uuid.UUID { return r.ID })
	onMarket := product.StatusEQ(authorisation.ProductListed)
	plans, err := s.read.Plan.Query().Where(plan.WithdrawnAtIsNil(), plan.HasProductWith(onMarket)).
		WithProduct(func(q *db.ProductQuery) { q.WithOperator() }).Order(db.Desc(plan.FieldProductID), db.Asc(plan.FieldPosition, plan.FieldID)).Limit(most + 1).All(ctx)
	if err != nil {
		return out, false, fmt.Errorf("read what is sold: %w", err)
	}
	if len(plans) > most {
		plans, more = plans[:most], true
	}
	capped, err := s.read.PriceCap.Query().Where(pricecap.HasProductWith(onMarket)).All(ctx)
	if err != nil {
		return out, false, fmt.Errorf("read caps: %w", err)
	}
	caps := map[uuid.UUID][]*db.PriceCap{}
	for _, row := range capped {
		caps[row.ProductID] = append(caps[row.ProductID], row)
	}
	for _, p := range plans {
		binding, _, err := BindingCap(p.Tariff, caps[p.ProductID], today)
		if err != nil {
			return out, false, err
		}
		out.Prices = append(out.Prices, PublishedPrice{p.Edges.Product, p, binding})
	}
	return out, more, nil
}
