package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
)

// ErrNotEmpty says that a database which was to be filled has rows already.
var ErrNotEmpty = errors.New("store: the database is not empty")

// Bulk is the transaction that fills an empty database: what it inserts goes past ent, by the ten thousand.
type Bulk struct{ *Tx }

// Fill fills an empty database in one transaction: all of it is there afterwards, or nothing. It is for data that is made
// up; nothing is validated but what the tables themselves refuse. ErrNotEmpty where there is an organisation, person or
// domain, which everything else hangs on; policy may be there. Nobody else adds an organisation while it runs.
func (s *Store) Fill(ctx context.Context, fn func(ctx context.Context, b *Bulk) error) error {
	return s.once(ctx, func(ctx context.Context, tx *Tx) error {
		if s.dialect == dialect.Postgres {
			if _, err := tx.sql.ExecContext(ctx, "LOCK TABLE organisations IN SHARE ROW EXCLUSIVE MODE"); err != nil {
				return fmt.Errorf("keep others from the database: %w", err)
			}
		}
		var taken bool
		const hangsOn = "SELECT EXISTS (SELECT 1 FROM organisations) OR EXISTS (SELECT 1 FROM persons) OR EXISTS (SELECT 1 FROM domains)"
		if err := tx.sql.QueryRowContext(ctx, hangsOn).Scan(&taken); err != nil {
			return fmt.Errorf("see whether the database is empty: %w", err)
		}
		if taken {
			return ErrNotEmpty
		}
		if err := fn(ctx, &Bulk{tx}); err != nil {
			return err
		}
		return tx.takeStock(ctx)
	})
}

// takeStock tells Postgres how much there is of what: until it notices by itself it plans as for empty tables, and what
// asks about every order takes minutes. SQLite plans without.
func (tx *Tx) takeStock(ctx context.Context) error {
	if tx.store.dialect != dialect.Postgres {
		return nil
	}
	if _, err := tx.sql.ExecContext(ctx, "ANALYZE"); err != nil {
		return fmt.Errorf("take stock of the rows: %w", err)
	}
	return nil
}

// Insert writes rows of one table, each with a value for every column: by COPY on Postgres, by statements of many rows on
// SQLite. A json.RawMessage is a value of a JSON column; nil is null. Table and columns are the caller's own words.
func (b *Bulk) Insert(ctx context.Context, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	insert := b.insertSQLite
	if b.store.dialect == dialect.Postgres {
		insert = b.copyPostgres
	}
	if err := insert(ctx, table, columns, rows); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}

func (b *Bulk) copyPostgres(ctx context.Context, table string, columns []string, rows [][]any) (err error) {
	copying, err := b.sql.PrepareContext(ctx, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copying.Close()) }()
	values := make([]any, len(columns))
	for _, row := range rows {
		copy(values, row)
		for i, v := range values {
			if raw, ok := v.(json.RawMessage); ok {
				values[i] = string(raw) // bytes would be written as bytea
			}
		}
		if _, err := copying.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	_, err = copying.ExecContext(ctx) // ends the copy; what is wrong with it is told here at the latest
	return err
}

// sqliteVariables is how many values one statement takes: few enough for every build of SQLite.
const sqliteVariables = 900

func (b *Bulk) insertSQLite(ctx context.Context, table string, columns []string, rows [][]any) (err error) {
	atOnce := max(sqliteVariables/len(columns), 1)
	var whole *sql.Stmt // prepared once, for all batches but the last
	values := make([]any, 0, atOnce*len(columns))
	for batch := range slices.Chunk(rows, atOnce) {
		values = values[:0]
		for _, row := range batch {
			for _, v := range row {
				if raw, ok := v.(json.RawMessage); ok {
					v = []byte(raw) // as ent stores it
				}
				values = append(values, v)
			}
		}
		if len(batch) < atOnce {
			_, err = b.sql.ExecContext(ctx, insertStatement(table, columns, len(batch)), values...)
			return err
		}
		if whole == nil {
			if whole, err = b.sql.PrepareContext(ctx, insertStatement(table, columns, atOnce)); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, whole.Close()) }()
		}
		if _, err := whole.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return nil
}

func insertStatement(table string, columns []string, rows int) string {
	row := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " + row + strings.Repeat(", "+row, rows-1)
}
