package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// ProductRecord is what everybody may read of a product, as whoever made it wrote it.
type ProductRecord struct {
	ID uuid.UUID
	// Revision is that of what the body was made of.
	Revision int64
	// Body is empty of a product that is not on the market.
	Body []byte
}

// ProductRecords reads the records of products that are there in a shape, with the epoch that what they refer to is of, in
// one statement. A product whose record is to be made anew is left out.
func (s *Store) ProductRecords(ctx context.Context, shape int64, ids []uuid.UUID, visit func(id uuid.UUID, body []byte)) (epoch int64, err error) {
	var statement strings.Builder
	statement.WriteString(`SELECT e.number, r.id, r.body FROM public_epoch e LEFT JOIN product_records r ON r.shape = $1 AND r.body IS NOT NULL AND r.id IN (`)
	args := make([]any, 1, len(ids)+1)
	args[0] = shape
	for i, id := range ids {
		if i > 0 {
			statement.WriteByte(',')
		}
		args = append(args, id)
		statement.WriteString("$" + strconv.Itoa(len(args)))
	}
	if len(ids) == 0 {
		statement.WriteString("NULL")
	}
	statement.WriteByte(')')
	text := statement.String()
	tell(ctx, Statement, text)
	rows, err := s.reader.QueryContext(ctx, text, args...)
	if err != nil {
		return 0, fmt.Errorf("read records: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id uuid.NullUUID
		var body sql.RawBytes
		if err := rows.Scan(&epoch, &id, &body); err != nil {
			return 0, fmt.Errorf("read a record: %w", err)
		}
		if id.Valid {
			visit(id.UUID, body)
		}
	}
	return epoch, rows.Err()
}

// ProductRecordsToMake are at most limit records after one that are to be made, or made anew in a shape, by id.
func (s *Store) ProductRecordsToMake(ctx context.Context, shape int64, after uuid.UUID, limit int, all bool) (records []ProductRecord, err error) {
	statement := `SELECT id, revision FROM product_records WHERE body IS NULL AND id > $1 ORDER BY id LIMIT $2`
	args := []any{after, limit}
	if all {
		statement = `SELECT id, revision FROM product_records WHERE (body IS NULL OR shape <> $3) AND id > $1 ORDER BY id LIMIT $2`
		args = append(args, shape)
	}
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("read which records are to be made: %w", err)
	}
	return scanAll(rows, func(rows *sql.Rows) (r ProductRecord, err error) { return r, rows.Scan(&r.ID, &r.Revision) })
}

// ForgetProductRecords has all records made anew.
func (s *Store) ForgetProductRecords(ctx context.Context) error {
	const statement = `UPDATE product_records SET revision = revision + 1, body = NULL`
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		tell(ctx, Statement, statement)
		if _, err := tx.sql.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("have records made anew: %w", err)
		}
		return nil
	})
}

// SaveProductRecords saves those records of a shape that are of the revision that they were made of still.
func (s *Store) SaveProductRecords(ctx context.Context, shape int64, records []ProductRecord) error {
	const statement = `UPDATE product_records SET body = $1, shape = $2 WHERE id = $3 AND revision = $4`
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		for _, r := range records {
			if r.Body == nil {
				r.Body = []byte{}
			}
			tell(ctx, Statement, statement)
			if _, err := tx.sql.ExecContext(ctx, statement, r.Body, shape, r.ID, r.Revision); err != nil {
				return fmt.Errorf("save a record: %w", err)
			}
		}
		return nil
	})
}
