package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"

	"gongshu/ent/migrations"
	"gongshu/internal/outbox"
)

// ErrMigrationChanged says that a migration that was applied here is no longer what it was.
var ErrMigrationChanged = errors.New("an applied migration was changed")

// Migrate brings the database to the newest version, each step in its own transaction; done twice it does nothing.
// It returns the names of the migrations that it applied.
func (s *Store) Migrate(ctx context.Context) ([]string, error) {
	release, err := s.lockMigrations(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := outbox.Migrate(ctx, s.dialect, s.writer); err != nil {
		return nil, err
	}
	const table = `CREATE TABLE IF NOT EXISTS schema_migrations (name varchar(200) PRIMARY KEY, sha256 varchar(64) NOT NULL, applied_at varchar(40) NOT NULL)`
	if _, err := s.writer.ExecContext(ctx, table); err != nil {
		return nil, fmt.Errorf("prepare migrations: %w", err)
	}
	files, names, err := s.migrations()
	if err != nil {
		return nil, err
	}
	var applied []string
	for _, name := range names {
		done, err := s.migrateOne(ctx, files, name)
		if err != nil {
			return applied, fmt.Errorf("migration %s: %w", name, err)
		}
		if done {
			applied = append(applied, name)
		}
	}
	return applied, nil
}

// Pending reports whether migrations of this program are missing in the database.
func (s *Store) Pending(ctx context.Context) (bool, error) {
	_, names, err := s.migrations()
	if err != nil {
		return false, err
	}
	var applied int
	err = s.reader.QueryRowContext(ctx, `SELECT count(*) FROM schema_migrations`).Scan(&applied)
	switch {
	case isTableMissing(err): // nothing was ever applied
	case err != nil:
		return false, fmt.Errorf("read which migrations were applied: %w", err)
	}
	return applied < len(names), nil
}

func isTableMissing(err error) bool {
	var pgErr *pq.Error
	if errors.As(err, &pgErr) {
		return pgErr.Code == "42P01"
	}
	return err != nil && strings.Contains(err.Error(), "no such table")
}

// migrations are the files of the dialect and their names, in order.
func (s *Store) migrations() (fs.FS, []string, error) {
	files, err := migrations.Of(s.dialect)
	if err != nil {
		return nil, nil, err
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, nil, err
	}
	sort.Strings(names)
	return files, names, nil
}

func (s *Store) migrateOne(ctx context.Context, files fs.FS, name string) (bool, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256(text)
	want := hex.EncodeToString(sum[:])
	var have string
	// The names and sums are our own constants' hashes: no value of a user's gets here.
	err = s.writer.QueryRowContext(ctx, `SELECT coalesce(max(sha256), '') FROM schema_migrations WHERE name = '`+name+`'`).Scan(&have)
	switch {
	case err != nil:
		return false, err
	case have == want:
		return false, nil
	case have != "":
		return false, ErrMigrationChanged
	}
	tx, end, err := s.beginMigration(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	record := fmt.Sprintf("\nINSERT INTO schema_migrations (name, sha256, applied_at) VALUES ('%s', '%s', '%s');", name, want, s.now().Format(time.RFC3339))
	if _, err := tx.ExecContext(ctx, strings.TrimSpace(string(text))+record); err != nil {
		return false, err
	}
	if err := s.checkReferences(ctx, tx); err != nil {
		return false, err
	}
	return true, tx.Commit()
}

// beginMigration begins the transaction of one migration; end gives back what it took. SQLite makes a table anew to change it,
// which foreign keys would refuse while other rows point there, and it can be told so only outside of a transaction.
func (s *Store) beginMigration(ctx context.Context) (tx *sql.Tx, end func(), err error) {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	end = func() { conn.Close() }
	if s.dialect == dialect.SQLite {
		if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
			end()
			return nil, nil, err
		}
		end = func() {
			conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = on") //nolint:errcheck // the next connection has it by its address
			conn.Close()
		}
	}
	tx, err = conn.BeginTx(ctx, nil)
	if err != nil {
		end()
		return nil, nil, err
	}
	closing := end
	return tx, func() {
		tx.Rollback() //nolint:errcheck // after the commit it has nothing to do
		closing()
	}, nil
}

// checkReferences finds, on SQLite, whatever points to nothing after a migration that foreign keys did not watch.
func (s *Store) checkReferences(ctx context.Context, tx *sql.Tx) error {
	if s.dialect != dialect.SQLite {
		return nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT DISTINCT \"table\", \"parent\" FROM pragma_foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	var broken []string
	for rows.Next() {
		var table, parent string
		if err := rows.Scan(&table, &parent); err != nil {
			return err
		}
		broken = append(broken, table+" → "+parent)
	}
	if len(broken) > 0 {
		return fmt.Errorf("rows point to nothing: %s", strings.Join(broken, ", "))
	}
	return rows.Err()
}

// lockMigrations keeps two servers on one Postgres from migrating at once; SQLite's single writer needs no more than itself.
func (s *Store) lockMigrations(ctx context.Context) (func(), error) {
	if s.dialect != dialect.Postgres {
		return func() {}, nil
	}
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	const key = 7_510_720_251 // any number of our own
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_lock(%d)", key)); err != nil {
		conn.Close()
		return nil, fmt.Errorf("wait for other migrations: %w", err)
	}
	return func() {
		conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("SELECT pg_advisory_unlock(%d)", key)) //nolint:errcheck // closing the connection unlocks too
		conn.Close()
	}, nil
}
