package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
)

// ListedOfResources are, by resource, the newest products on the market that use it, so many at most, and how many there are
// in all; both are public. One statement each.
func (s *Store) ListedOfResources(ctx context.Context, resources []uuid.UUID, most int) (map[uuid.UUID][]uuid.UUID, error) {
	var st statement
	st.text = `SELECT resource_id, id FROM (SELECT i.resource_id, p.id, row_number() OVER (PARTITION BY i.resource_id ORDER BY p.id DESC) AS place` +
		` FROM (SELECT DISTINCT resource_id, product_id FROM product_inputs WHERE resource_id IN ` + places(&st, resources) + `) i` +
		` JOIN products p ON p.id = i.product_id WHERE p.status = ` + st.place(string(authorisation.ProductListed)) + `) ranked WHERE place <= ` + st.place(most) + ` ORDER BY resource_id, id DESC`
	out := map[uuid.UUID][]uuid.UUID{}
	var resource, product uuid.UUID
	err := s.each(ctx, st, []any{&resource, &product}, func() { out[resource] = append(out[resource], product) })
	return out, err
}

// CountListedOfResources counts the products on the market that use each of the resources.
func (s *Store) CountListedOfResources(ctx context.Context, resources []uuid.UUID) (map[uuid.UUID]int, error) {
	return s.countListed(ctx, "resource_id", resources)
}

// CountListedOfItems counts the products on the market that use each of the data items.
func (s *Store) CountListedOfItems(ctx context.Context, items []uuid.UUID) (map[uuid.UUID]int, error) {
	return s.countListed(ctx, "item_id", items)
}

func (s *Store) countListed(ctx context.Context, column string, ids []uuid.UUID) (map[uuid.UUID]int, error) {
	var st statement
	st.text = `SELECT i.` + column + `, count(DISTINCT i.product_id) FROM product_inputs i JOIN products p ON p.id = i.product_id WHERE i.` + column + ` IN ` + places(&st, ids) +
		` AND p.status = ` + st.place(string(authorisation.ProductListed)) + ` GROUP BY 1`
	out := map[uuid.UUID]int{}
	var id uuid.UUID
	var n int
	err := s.each(ctx, st, []any{&id, &n}, func() { out[id] = n })
	return out, err
}

// ProductUse is a product that uses a resource: its name and state, and for how many organisations it has a right in force.
// Who they are is not told.
type ProductUse struct {
	ProductID, OperatorID uuid.UUID
	Name, NameEn          string
	Status                authorisation.ProductStatus
	Organisations         int64
}

// reviewed are the states of a product that security and compliance have seen; before that it is its operator's draft.
var reviewed = []string{
	string(authorisation.ProductReviewed), string(authorisation.ProductRegistered), string(authorisation.ProductListed),
	string(authorisation.ProductSuspended), string(authorisation.ProductRetired),
}

// UsesOfResource are the reviewed products that use a resource, the newest so many at most, whoever may see them: it is for who
// answers for the resource.
func (s *Store) UsesOfResource(ctx context.Context, resourceID uuid.UUID, now time.Time, most int) (uses []ProductUse, err error) {
	var st statement
	resource := st.place(resourceID)
	st.text = `SELECT p.id, p.operator_id, p.name, p.name_en, p.status, (SELECT count(DISTINCT e.organisation_id) FROM entitlements e WHERE e.product_id = p.id AND e.status = ` +
		st.place(string(ordering.EntitlementActive)) + ` AND e.ends_at > ` + st.place(now) + `) FROM products p WHERE p.id IN (SELECT product_id FROM product_inputs WHERE resource_id = ` + resource +
		`) AND p.status IN ` + places(&st, reviewed) + ` ORDER BY p.id DESC LIMIT ` + st.place(most)
	var u ProductUse
	err = s.each(ctx, st, []any{&u.ProductID, &u.OperatorID, &u.Name, &u.NameEn, &u.Status, &u.Organisations}, func() { uses = append(uses, u) })
	return uses, err
}

// ResourceReach counts the reviewed products that use a resource, and the organisations that have a right in force to one of them.
func (s *Store) ResourceReach(ctx context.Context, resourceID uuid.UUID, now time.Time) (products, organisations int64, err error) {
	var st statement
	of := `IN (SELECT product_id FROM product_inputs WHERE resource_id = ` + st.place(resourceID) + `)`
	st.text = `SELECT (SELECT count(*) FROM products p WHERE p.id ` + of + ` AND p.status IN ` + places(&st, reviewed) + `),` +
		` (SELECT count(DISTINCT e.organisation_id) FROM entitlements e WHERE e.product_id ` + of + ` AND e.status = ` + st.place(string(ordering.EntitlementActive)) +
		` AND e.ends_at > ` + st.place(now) + `)`
	err = s.each(ctx, st, []any{&products, &organisations}, func() {})
	return products, organisations, err
}

// each reads the rows of a statement written by hand, which no guard narrows; targets are scanned into before take is called.
func (s *Store) each(ctx context.Context, st statement, targets []any, take func()) error {
	return each(ctx, s.reader, st, targets, take)
}

// asker is where a statement is asked: the pool for looking, or a transaction.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func each(ctx context.Context, from asker, st statement, targets []any, take func()) error {
	tell(ctx, Statement, st.text)
	rows, err := from.QueryContext(ctx, st.text, st.args...)
	if err != nil {
		return fmt.Errorf("read figures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("read figures: %w", err)
		}
		take()
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read figures: %w", err)
	}
	return nil
}

// statement is SQL with what its places stand for.
type statement struct {
	text string
	args []any
}

// place adds an argument and returns its place.
func (s *statement) place(arg any) string {
	s.args = append(s.args, arg)
	return "$" + strconv.Itoa(len(s.args))
}

// places are those of several arguments, as a list; of none it is a list that nothing is in.
func places[T any](s *statement, args []T) string {
	if len(args) == 0 {
		return "(NULL)"
	}
	list := ""
	for _, arg := range args {
		list += ", " + s.place(arg)
	}
	return "(" + list[2:] + ")"
}
