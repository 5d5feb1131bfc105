package store

import (
	"context"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
)

// GrantedResource is a resource of which so many data items are granted under an agreement.
type GrantedResource struct {
	ResourceID uuid.UUID
	Items      int
}

// GrantedUnder are, by agreement, the resources of which data items are granted today, in one statement. What is granted under
// an agreement in force is public (DISC), so it is not narrowed to the viewer.
func (s *Store) GrantedUnder(ctx context.Context, agreements []uuid.UUID) (map[uuid.UUID][]GrantedResource, error) {
	today := authorisation.DayOf(s.now()).String()
	var st statement
	st.text = `SELECT g.agreement_id, i.resource_id, count(DISTINCT i.id) FROM grants g JOIN grant_items gi ON gi.grant_id = g.id JOIN data_items i ON i.id = gi.item_id` +
		` WHERE g.agreement_id IN ` + places(&st, agreements) + ` AND g.status = ` + st.place(string(authorisation.GrantActive)) +
		` AND g.starts_on <= ` + st.place(today) + ` AND g.ends_on >= ` + st.place(today) + ` GROUP BY 1, 2 ORDER BY 1, 2`
	out := map[uuid.UUID][]GrantedResource{}
	var agreement uuid.UUID
	var granted GrantedResource
	err := s.each(ctx, st, []any{&agreement, &granted.ResourceID, &granted.Items}, func() { out[agreement] = append(out[agreement], granted) })
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
