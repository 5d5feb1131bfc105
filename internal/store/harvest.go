package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
)

// ListedProduct is a product on the market: that there is one, and since when it is as it is.
type ListedProduct struct {
	ID uuid.UUID
	// Modified is when it last came on the market, or when the data that it serves came if that is later.
	Modified time.Time
}

// ListedProducts are the products on the market after an id, by id, whoever looks: each of them is public.
func (s *Store) ListedProducts(ctx context.Context, after uuid.UUID, most int) (out []ListedProduct, err error) {
	const statement = `SELECT p.id, p.listed_at, d.created_at FROM products p LEFT JOIN datasets d ON d.id = p.dataset_id
WHERE p.status = $1 AND p.id > $2 ORDER BY p.id LIMIT $3`
	err = s.eachRow(ctx, "list what is on the market", func(rows *sql.Rows) error {
		var one ListedProduct
		var listed, served sql.NullTime
		if err := rows.Scan(&one.ID, &listed, &served); err != nil {
			return err
		}
		one.Modified = listed.Time
		if served.Time.After(one.Modified) {
			one.Modified = served.Time
		}
		one.Modified = one.Modified.UTC()
		out = append(out, one)
		return nil
	}, statement, string(authorisation.ProductListed), after, most)
	return out, err
}

// ListedMarks are every so manieth of the products on the market, by id, but for the last one: each begins another part of the list.
func (s *Store) ListedMarks(ctx context.Context, every int) (out []uuid.UUID, err error) {
	const statement = `SELECT id FROM (
  SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS places FROM products WHERE status = $1
) listed WHERE place % $2 = 0 AND place < places ORDER BY id`
	err = s.eachRow(ctx, "cut the list of what is on the market", func(rows *sql.Rows) error {
		var id uuid.UUID
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	}, statement, string(authorisation.ProductListed), every)
	return out, err
}

// Served is a dataset that came.
type Served struct {
	ProductID, DatasetID uuid.UUID
	At                   time.Time
	// Anew says that a product on the market serves it, and served other data when it came there.
	Anew bool
}

// LatestServed are datasets that came before one, the latest first; of uuid.Nil all of them. Whoever looks: those that are Anew are of products
// that are public, and of the others no more is to be told than that there is one.
func (s *Store) LatestServed(ctx context.Context, before uuid.UUID, most int) (out []Served, err error) {
	if before == uuid.Nil {
		before = uuid.Max
	}
	const statement = `SELECT d.id, d.product_id, d.created_at, CASE WHEN p.status = $1 AND p.dataset_id = d.id AND d.created_at > p.listed_at THEN 1 ELSE 0 END
FROM (SELECT id, product_id, created_at FROM datasets WHERE id < $2 ORDER BY id DESC LIMIT $3) d JOIN products p ON p.id = d.product_id ORDER BY d.id DESC`
	err = s.eachRow(ctx, "list what data came last", func(rows *sql.Rows) error {
		var one Served
		var anew int
		err := rows.Scan(&one.DatasetID, &one.ProductID, &one.At, &anew)
		one.At, one.Anew = one.At.UTC(), anew == 1
		out = append(out, one)
		return err
	}, statement, string(authorisation.ProductListed), before, most)
	return out, err
}

func (s *Store) eachRow(ctx context.Context, doing string, scan func(*sql.Rows) error, statement string, args ...any) error {
	rows, err := s.reader.QueryContext(ctx, statement, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
