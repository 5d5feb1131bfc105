package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"gongshu/internal/authorisation"
)

// ProductRecord is what everybody may read of a product, as whoever made it wrote it.
type ProductRecord struct {
	ID uuid.UUID
	// Revision is that of what the body was made of.
	Revision int64
	// Body is empty of a product that is not on the market. Apart is what follows it, which is read only where it is asked for.
	Body, Apart []byte
	// Until is the day from which it is good no more, the zero Day for none.
	Until authorisation.Day
}

// The statements that read records, by dialect: first the epoch, then those that are there, whole or as far as lists show them.
// They are prepared the first time that a connection is asked; only so lib/pq has bytes come as they are, and SQLite keeps them
// prepared at all. CROSS JOIN has SQLite look up each id, and not all records.
var readRecords = map[string]string{
	dialect.SQLite: `SELECT number, NULL, NULL, NULL FROM public_epoch UNION ALL
		SELECT 0, r.id, r.body, CASE WHEN $4 THEN r.apart END FROM json_each($3) j CROSS JOIN product_records r ON r.id = j.value WHERE r.shape = $1 AND r.body IS NOT NULL AND (r.renew_on IS NULL OR r.renew_on > $2)`,
	dialect.Postgres: `SELECT number, NULL::uuid, NULL::bytea, NULL::bytea FROM public_epoch UNION ALL
		SELECT 0, r.id, r.body, CASE WHEN $4 THEN r.apart END FROM product_records r WHERE r.id = ANY ($3::uuid[]) AND r.shape = $1 AND r.body IS NOT NULL AND (r.renew_on IS NULL OR r.renew_on > $2)`,
}

// idList is a list of ids as the statements of a dialect take it.
func (s *Store) idList(ids []uuid.UUID) string {
	opened, quote, closed := byte('{'), "", byte('}')
	if s.dialect == dialect.SQLite {
		opened, quote, closed = '[', `"`, ']'
	}
	out := make([]byte, 0, 40*len(ids)+2)
	out = append(out, opened)
	for i, id := range ids {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, quote...), id.String()...), quote...)
	}
	return string(append(out, closed))
}

// recordsRead is the statement that reads records.
func (s *Store) recordsRead(ctx context.Context) (*sql.Stmt, error) {
	s.recordsGuard.Lock()
	defer s.recordsGuard.Unlock()
	if s.records == nil {
		prepared, err := s.reader.PrepareContext(ctx, readRecords[s.dialect])
		if err != nil {
			return nil, fmt.Errorf("prepare to read records: %w", err)
		}
		s.records = prepared
	}
	return s.records, nil
}

// ProductRecords reads the records of products that are there in a shape, with the epoch that what they refer to is of, in
// one statement; what is kept apart only with whole. A product whose record is to be made anew is left out.
func (s *Store) ProductRecords(ctx context.Context, shape int64, ids []uuid.UUID, whole bool, visit func(id uuid.UUID, body, apart []byte)) (epoch int64, err error) {
	statement, err := s.recordsRead(ctx)
	if err != nil {
		return 0, err
	}
	tell(ctx, Statement, readRecords[s.dialect])
	rows, err := statement.QueryContext(ctx, shape, authorisation.DayOf(s.now()), s.idList(ids), whole)
	if err != nil {
		return 0, fmt.Errorf("read records: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var number int64
		var id uuid.NullUUID
		var body, apart sql.RawBytes
		if err := rows.Scan(&number, &id, &body, &apart); err != nil {
			return 0, fmt.Errorf("read a record: %w", err)
		}
		if !id.Valid {
			epoch = number
			continue
		}
		visit(id.UUID, body, apart)
	}
	return epoch, rows.Err()
}

// PublicEpoch is the epoch that what products share is of.
func (s *Store) PublicEpoch(ctx context.Context) (epoch int64, err error) {
	return s.ProductRecords(ctx, 0, nil, false, func(uuid.UUID, []byte, []byte) {})
}

// PublicDomains are the ids of all domains, in the order in which they became known, with the epoch that they are of.
func (s *Store) PublicDomains(ctx context.Context) (ids []uuid.UUID, epoch int64, err error) {
	const statement = `SELECT e.number, d.id FROM public_epoch e LEFT JOIN domains d ON d.id IS NOT NULL ORDER BY d.id`
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement)
	if err != nil {
		return nil, 0, fmt.Errorf("read domains: %w", err)
	}
	found, err := scanAll(rows, func(rows *sql.Rows) (id uuid.NullUUID, err error) { return id, rows.Scan(&epoch, &id) })
	for _, id := range found {
		if id.Valid {
			ids = append(ids, id.UUID)
		}
	}
	return ids, epoch, err
}

// The statements of EndProductRecords. The first day on which one ends is read from an index, whatever is in the table.
const (
	firstEnd  = `SELECT min(renew_on) FROM product_records`
	markEnded = `UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL, renew_on = NULL WHERE id IN (SELECT id FROM product_records WHERE renew_on <= $1 ORDER BY renew_on LIMIT $2)`
)

// EndProductRecords marks those records to be made anew that were good until a day, at most limit at once; it says whether there
// may be more.
func (s *Store) EndProductRecords(ctx context.Context, today authorisation.Day, limit int) (more bool, err error) {
	tell(ctx, Statement, firstEnd)
	var first *string
	if err := s.reader.QueryRowContext(ctx, firstEnd).Scan(&first); err != nil {
		return false, fmt.Errorf("look for records that ended: %w", err)
	}
	if first == nil || *first > today.String() {
		return false, nil
	}
	err = s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		tell(ctx, Statement, markEnded)
		result, err := tx.sql.ExecContext(ctx, markEnded, today, limit)
		if err != nil {
			return fmt.Errorf("mark records that ended: %w", err)
		}
		marked, err := result.RowsAffected()
		more = marked == int64(limit)
		return err
	})
	return more, err
}

// The statements of ProductRecordsToMake. The first is asked again and again, mostly in vain.
const (
	markedRecords   = `SELECT id, revision FROM product_records WHERE body IS NULL AND id > $1 ORDER BY id LIMIT $2`
	unshapedRecords = `SELECT id, revision FROM product_records WHERE (body IS NULL OR shape <> $3) AND id > $1 ORDER BY id LIMIT $2`
)

// ProductRecordsToMake are at most limit records after one that are to be made, by id; with all also those of another shape.
func (s *Store) ProductRecordsToMake(ctx context.Context, shape int64, after uuid.UUID, limit int, all bool) (records []ProductRecord, err error) {
	statement, args := markedRecords, []any{after, limit}
	if all {
		statement, args = unshapedRecords, append(args, shape)
	}
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("read which records are to be made: %w", err)
	}
	return scanAll(rows, func(rows *sql.Rows) (r ProductRecord, err error) { return r, rows.Scan(&r.ID, &r.Revision) })
}

// ProductRecordsFrom are the products of at most limit records that are there in a shape on a day, from an id on and then from the first.
func (s *Store) ProductRecordsFrom(ctx context.Context, shape int64, from uuid.UUID, today authorisation.Day, limit int) (ids []uuid.UUID, err error) {
	const statement = `SELECT id FROM product_records WHERE shape = $1 AND body IS NOT NULL AND (renew_on IS NULL OR renew_on > $2) ORDER BY id < $3, id LIMIT $4`
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, shape, today, from, limit)
	if err != nil {
		return nil, fmt.Errorf("read some records: %w", err)
	}
	return scanAll(rows, func(rows *sql.Rows) (id uuid.UUID, err error) { return id, rows.Scan(&id) })
}

// ForgetProductRecords has all records made anew.
func (s *Store) ForgetProductRecords(ctx context.Context) error {
	const statement = `UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL`
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
	const statement = `UPDATE product_records SET body = $1, apart = $2, shape = $3, renew_on = $4 WHERE id = $5 AND revision = $6`
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		for _, r := range records {
			if r.Body == nil {
				r.Body = []byte{}
			}
			tell(ctx, Statement, statement)
			if _, err := tx.sql.ExecContext(ctx, statement, r.Body, r.Apart, shape, r.Until, r.ID, r.Revision); err != nil {
				return fmt.Errorf("save a record: %w", err)
			}
		}
		return nil
	})
}
