package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"gongshu/internal/authorisation"
)

// RecordsPosition is how far the records of products were followed, in the order of the changes that wrote them last. The zero value
// is before all.
type RecordsPosition struct {
	Changed int64
	ID      uuid.UUID
	// Snapshot says which transactions had ended, on Postgres.
	Snapshot string
}

// MovedRecord is a record that was written, and by which change.
type MovedRecord struct {
	ID      uuid.UUID
	Changed int64
}

// The statements that follow records, by dialect. On Postgres a record is placed by its transaction, and read if that had not ended
// when records were read before, whatever the order of commits.
var (
	movedRecords = map[string]string{
		dialect.SQLite: `SELECT e.number, coalesce((SELECT max(changed) FROM product_records), 0) + 1, $4, r.id, r.changed FROM public_epoch e
			LEFT JOIN (SELECT id, changed FROM product_records WHERE (changed, id) > ($1, $2) ORDER BY changed, id LIMIT $3) r ON TRUE ORDER BY r.changed, r.id`,
		dialect.Postgres: `SELECT e.number, pg_snapshot_xmin(s.now)::text::bigint, s.now::text, r.id, r.changed FROM public_epoch e CROSS JOIN (SELECT pg_current_snapshot() AS now) s
			LEFT JOIN (SELECT id, changed FROM product_records WHERE (changed, id) > ($1, $2)
				AND coalesce(NOT pg_visible_in_snapshot(changed::text::xid8, nullif($4::text, '')::pg_snapshot), TRUE) ORDER BY changed, id LIMIT $3) r ON TRUE ORDER BY r.changed, r.id`,
	}
	heldRecords = map[string]string{
		dialect.SQLite:   `SELECT r.id, r.body, r.apart, r.renew_on FROM json_each($2) j CROSS JOIN product_records r ON r.id = j.value WHERE r.shape = $1 AND r.body IS NOT NULL`,
		dialect.Postgres: `SELECT id, body, apart, renew_on FROM product_records WHERE id = ANY ($2::uuid[]) AND shape = $1 AND body IS NOT NULL`,
	}
)

// foreignRecords are placed by transactions of another Postgres server, as after a restore: they would be ahead for ever.
const foreignRecords = `UPDATE product_records SET revision = revision WHERE changed >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`

// PlaceForeignRecords places records of another Postgres server, if there are any, by a transaction of this one.
func (s *Store) PlaceForeignRecords(ctx context.Context) error {
	if s.dialect != dialect.Postgres {
		return nil
	}
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		tell(ctx, Statement, foreignRecords)
		if _, err := tx.sql.ExecContext(ctx, foreignRecords); err != nil {
			return fmt.Errorf("place records of another server: %w", err)
		}
		return nil
	})
}

// CountRecordWrites has RecordsWritten count transactions that begin from now on.
func (s *Store) CountRecordWrites() { s.recordsCounted.Store(true) }

// RecordsWritten counts the transactions of this store that may have changed what records say, once they have ended: whoever
// follows after it reads what they wrote. It also says whether none is being committed.
func (s *Store) RecordsWritten() (n int64, settled bool) {
	settled = s.recordsCommitting.Load() == 0 // who commits counts before he is done
	return s.recordsWritten.Load(), settled
}

// RecordNews is signalled when RecordsWritten grows. It has one reader.
func (s *Store) RecordNews() <-chan struct{} { return s.recordNews }

// recordsRestOn are the tables whose triggers mark records or end the epoch, and those that hold both.
var recordsRestOn = []string{"agreements", "data_items", "datasets", "domains", "grant_items", "grants", "organisations", "parties", "plans", "price_caps", "product_inputs", "product_records", "products", "public_epoch", "resources"}

// mayChangeRecords reports whether a statement writes and names one of these tables. Quotation marks differ by dialect and author.
func mayChangeRecords(statement string) bool {
	if strings.HasPrefix(statement, "SELECT") {
		return false
	}
	for word := range strings.FieldsFuncSeq(statement, func(c rune) bool { return c != '_' && (c < 'a' || c > 'z') }) {
		for _, table := range recordsRestOn {
			if word == table {
				return true
			}
		}
	}
	return false
}

// RecordsMoved are at most limit records that were written after a position, in its order, with the position to go on from the
// next time, and with the epoch, all as they are together. A page that is full goes on after its last record, by the same snapshot.
func (s *Store) RecordsMoved(ctx context.Context, after RecordsPosition, limit int) (moved []MovedRecord, next RecordsPosition, epoch int64, err error) {
	statement := movedRecords[s.dialect]
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, after.Changed, after.ID, limit, after.Snapshot)
	if err != nil {
		return nil, next, 0, fmt.Errorf("read which records were written: %w", err)
	}
	found, err := scanAll(rows, func(rows *sql.Rows) (r struct {
		id      uuid.NullUUID
		changed sql.NullInt64
	}, err error) {
		return r, rows.Scan(&epoch, &next.Changed, &next.Snapshot, &r.id, &r.changed)
	})
	for _, r := range found {
		if r.id.Valid {
			moved = append(moved, MovedRecord{r.id.UUID, r.changed.Int64})
		}
	}
	return moved, next, epoch, err
}

// HeldRecord is a record that is there in a shape.
type HeldRecord struct {
	ID uuid.UUID
	// Body and Apart are the reader's no longer than it is visited.
	Body, Apart []byte
	Until       authorisation.Day
}

// RecordsHeld visits those records of products that are there in a shape, whatever day it is.
func (s *Store) RecordsHeld(ctx context.Context, shape int64, ids []uuid.UUID, visit func(HeldRecord)) (err error) {
	statement := heldRecords[s.dialect]
	tell(ctx, Statement, statement)
	rows, err := s.reader.QueryContext(ctx, statement, shape, s.idList(ids))
	if err != nil {
		return fmt.Errorf("read records that were written: %w", err)
	}
	_, err = scanAll(rows, func(rows *sql.Rows) (struct{}, error) {
		var r HeldRecord
		var body, apart sql.RawBytes
		if err := rows.Scan(&r.ID, &body, &apart, &r.Until); err != nil {
			return struct{}{}, err
		}
		r.Body, r.Apart = body, apart
		visit(r)
		return struct{}{}, nil
	})
	return err
}
