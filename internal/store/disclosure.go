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
