package main

import (
	"errors"
	"strings"
)

// given are the variables of all operations.
type given struct {
	ID, Domain, Text, Buyer, Person, After string
	First                                  int
	Input                                  struct {
		ProductID, PlanID, Purpose, LicenceVersion, IdempotencyKey string
		Quantity                                                   int64
	}
}

// operation is a statement with one row and one column, the JSON that is answered.
type operation struct {
	statement string
	arguments func(v given) ([]any, error)
}

var operations = map[string]operation{
	"List": {page(`status = 'LISTED' AND domain_id = $4`), func(v given) ([]any, error) {
		listedAt, id, err := position(v.After)
		return []any{v.First, listedAt, id, v.Domain}, err
	}},
	"Deep": {page(`status = 'LISTED'`), func(v given) ([]any, error) {
		listedAt, id, err := position(v.After)
		return []any{v.First, listedAt, id}, err
	}},
	"Detail":  {detail, func(v given) ([]any, error) { return []any{v.ID}, nil }},
	"Search":  {search, func(v given) ([]any, error) { return []any{v.Text, v.First}, nil }},
	"History": {history, func(v given) ([]any, error) { return []any{v.First, v.Buyer, or(v.After, lastID)}, nil }},
	"Place": {place, func(v given) ([]any, error) {
		in := v.Input
		return []any{v.Buyer, v.Person, in.ProductID, in.PlanID, in.Purpose, in.Quantity, in.LicenceVersion, in.IdempotencyKey}, nil
	}},
	"Pay": {pay, func(v given) ([]any, error) { return []any{v.Buyer, v.Person, v.ID, v.Input.IdempotencyKey}, nil }},
}

const (
	firstID = "00000000-0000-0000-0000-000000000000"
	lastID  = "ffffffff-ffff-ffff-ffff-ffffffffffff"
)

// position reads a cursor of products: when the one before was listed, and its id.
func position(after string) (listedAt, id string, err error) {
	if after == "" {
		return "infinity", firstID, nil
	}
	listedAt, id, found := strings.Cut(after, "/")
	if !found {
		err = errors.New("this is no cursor")
	}
	return listedAt, id, err
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// cardColumns are what a list shows of a product p. Relations are looked up row by row, which is what an index does best.
const cardColumns = `p.id, p.name, p.name_en AS "nameEn", p.description, p.status, p.delivery, p.update_frequency AS "updateFrequency", p.listed_at AS "listedAt",
  (SELECT row_to_json(r) FROM (SELECT o.id, o.name, o.name_en AS "nameEn" FROM organisations o WHERE o.id = p.operator_id) r) AS operator,
  (SELECT row_to_json(r) FROM (SELECT d.id, d.name, d.name_en AS "nameEn" FROM domains d WHERE d.id = p.domain_id) r) AS domain,
  (SELECT coalesce(json_agg(r), '[]') FROM (
    SELECT l.id, l.name, l.mode, l.trial, l.term_months AS "termMonths" FROM plans l WHERE l.product_id = p.id AND l.withdrawn_at IS NULL ORDER BY l.position, l.id
  ) r) AS plans,
  (SELECT coalesce(json_agg(r), '[]') FROM (
    SELECT s.id, s.name, (SELECT row_to_json(u) FROM (SELECT o.id, o.name FROM organisations o WHERE o.id = s.source_unit_id) u) AS "sourceUnit"
    FROM resources s WHERE s.id IN (SELECT i.resource_id FROM product_inputs i WHERE i.product_id = p.id) ORDER BY s.id
  ) r) AS resources`

const cursor = `p.listed_at || '/' || p.id`

// edges make a connection of rows p with their place, one more than a page has: $1 is how many that are.
const edges = `coalesce(json_agg(json_build_object('cursor', e.cursor, 'node', e.node) ORDER BY e.place) FILTER (WHERE e.place <= $1::bigint), '[]')`
const pageInfo = `json_build_object('hasNextPage', count(*) > $1::bigint, 'endCursor', max(e.cursor) FILTER (WHERE e.place = least($1::bigint, e.rows)))`

// page is one of the newest products for which a condition holds. $1 is its length, $2 and $3 where it begins.
func page(condition string) string {
	return `SELECT json_build_object('products', json_build_object('edges', ` + edges + `, 'pageInfo', ` + pageInfo + `))
FROM (
  SELECT p.place, count(*) OVER () AS rows, ` + cursor + ` AS cursor, (SELECT row_to_json(n) FROM (SELECT ` + cardColumns + `) n) AS node
  FROM (
    SELECT *, row_number() OVER (ORDER BY listed_at DESC, id) AS place FROM products
    WHERE ` + condition + ` AND listed_at <= $2 AND (listed_at < $2 OR id > $3)
    ORDER BY listed_at DESC, id LIMIT $1::bigint + 1
  ) p
) e`
}

const detail = `SELECT json_build_object('product', (SELECT row_to_json(n) FROM (
  SELECT ` + cardColumns + `, p.description_en AS "descriptionEn", p.aggregate, p.identifier, p.registration_code AS "registrationCode",
    p.registration_expires_on AS "registrationExpiresOn", p.content_number AS "contentNumber", p.synthetic, p.sample, p.dictionary,
    (SELECT coalesce(json_agg(r), '[]') FROM (
      SELECT d.id, d.name, d.name_en AS "nameEn" FROM data_items d WHERE d.id IN (SELECT i.item_id FROM product_inputs i WHERE i.product_id = p.id) ORDER BY d.resource_id, d.position, d.id
    ) r) AS items,
    (SELECT coalesce(json_agg(r), '[]') FROM (
      SELECT c.id, c.mode, c.rate, c.effective_from AS "effectiveOn", c.source_document AS "sourceDocument",
        (SELECT row_to_json(a) FROM (SELECT o.id, o.name FROM organisations o WHERE o.id = c.authority_id) a) AS authority
      FROM price_caps c WHERE c.product_id = p.id ORDER BY c.effective_from DESC, c.id DESC
    ) r) AS caps,
    (SELECT row_to_json(r) FROM (SELECT d.id, d.number, d.row_count AS "rowCount", d.bytes, d.sha256 FROM datasets d WHERE d.id = p.dataset_id) r) AS dataset
) n))
FROM products p
WHERE p.id = $1 AND p.status = 'LISTED'`

// search counts and pages by the function that all share, and makes the cards of its page.
const search = `SELECT json_build_object('products', json_build_object('totalCount', f.total_count, 'facets', f.facets,
  'edges', (SELECT coalesce(json_agg(json_build_object('cursor', e.cursor, 'node', e.node) ORDER BY e.place), '[]') FROM (
    SELECT hit.place, ` + cursor + ` AS cursor, (SELECT row_to_json(n) FROM (SELECT ` + cardColumns + `) n) AS node
    FROM unnest(f.ids) WITH ORDINALITY hit(id, place) JOIN products p ON p.id = hit.id
  ) e),
  'pageInfo', json_build_object('hasNextPage', f.more, 'endCursor', (SELECT ` + cursor + ` FROM products p WHERE p.id = f.ids[cardinality(f.ids)]))))
FROM beside.search($1, $2) f`

const history = `SELECT json_build_object('orders', json_build_object('edges', ` + edges + `, 'pageInfo', ` + pageInfo + `))
FROM (
  SELECT o.place, count(*) OVER () AS rows, o.id::text AS cursor, (SELECT row_to_json(n) FROM (
    SELECT o.id, o.status, o.purpose, o.quantity, o.created_at AS "createdAt", o.paid_at AS "paidAt", o.total_fen AS "totalFen",
      (SELECT row_to_json(r) FROM (SELECT p.id, p.name FROM products p WHERE p.id = o.product_id) r) AS product,
      (SELECT row_to_json(r) FROM (
        SELECT t.id, t.status, t.used_calls AS "usedCalls", t.quota_calls AS "quotaCalls", t.starts_at AS "startsAt", t.ends_at AS "endsAt" FROM entitlements t WHERE t.order_id = o.id
      ) r) AS entitlement,
      json_build_object('productName', o.terms -> 'productName', 'planName', o.terms -> 'planName', 'termMonths', o.terms -> 'termMonths') AS terms
  ) n) AS node
  FROM (SELECT *, row_number() OVER (ORDER BY id DESC) AS place FROM orders WHERE buyer_id = $2 AND id < $3 ORDER BY id DESC LIMIT $1::bigint + 1) o
) e`

const place = `SELECT json_build_object('orderPlace', json_build_object('order', json_build_object('id', o.id, 'status', o.status, 'totalFen', o.total_fen)))
FROM place_order($1, $2, $3, $4, $5, $6, $7, $8) o`

// pay answers with what the function returns: what it wrote, its own statement does not see.
const pay = `SELECT json_build_object('orderPay', json_build_object('order', json_build_object('id', t.order_id, 'status', 'PAID'),
  'entitlement', json_build_object('id', t.id, 'status', t.status, 'quotaCalls', t.quota_calls, 'quotaBytes', t.quota_bytes, 'endsAt', t.ends_at)))
FROM pay_order($1, $2, $3, $4) t`
