package store

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/testdb"
)

// oneConnection opens an empty database of Postgres by one connection alone.
func oneConnection(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), testdb.Postgres(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.reader.SetMaxOpenConns(1)
	return s
}

func mustExec(t *testing.T, pool *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := pool.ExecContext(Preparing(t.Context()), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// preparedNow counts what a connection keeps.
func preparedNow(t *testing.T, pool *sql.DB) (n int) {
	t.Helper()
	if err := pool.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_prepared_statements").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// What is asked again is prepared, answers as it did before, and is bounded.
func TestStatementsArePrepared(t *testing.T) {
	pool := oneConnection(t).reader
	mustExec(t, pool, "CREATE TABLE things (id uuid PRIMARY KEY, n bigint, small smallint, body bytea, name text, at timestamptz, yes boolean)")
	at := time.Date(2026, 3, 1, 8, 0, 0, 1000, time.UTC)
	ids := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New()}
	for i, id := range ids {
		const insert = "INSERT INTO things VALUES ($1, $2, $3, $4, $5, $6, $7)"
		if i == 3 {
			mustExec(t, pool, insert, id, nil, nil, nil, nil, nil, nil)
		} else {
			mustExec(t, pool, insert, id, -1<<40, 7, []byte{0, 1, 255}, "名", at, true)
		}
		if got, want := preparedNow(t, pool), min(i, 1); got != want {
			t.Errorf("after %d times it keeps %d statements, want %d", i+1, got, want)
		}
	}
	read := func(as string, id uuid.UUID) string {
		var got struct {
			id   uuid.UUID
			n    sql.NullInt64
			s    sql.NullInt16
			body []byte
			name sql.NullString
			at   sql.NullTime
			yes  sql.NullBool
		}
		err := pool.QueryRowContext(Preparing(t.Context()), "SELECT * FROM things "+as+" WHERE id = $1", id).Scan(&got.id, &got.n, &got.s, &got.body, &got.name, &got.at, &got.yes)
		got.at.Time = got.at.Time.UTC()
		return fmt.Sprintf("%v %v", got, err)
	}
	for i, id := range ids[2:] {
		as := fmt.Sprintf("a%d", i)
		unprepared := read(as, id)
		for range 2 {
			if again := read(as, id); again != unprepared {
				t.Errorf("prepared it answers %s, unprepared %s", again, unprepared)
			}
		}
	}
	for i := range mostPrepared + 50 {
		for range 2 {
			mustExec(t, pool, fmt.Sprintf("SELECT %d + $1::int", i), 1)
		}
	}
	before := preparedNow(t, pool)
	for range 3 {
		if _, err := pool.ExecContext(t.Context(), "SELECT $1::int + 1", 1); err != nil {
			t.Fatal(err)
		}
	}
	if got := preparedNow(t, pool); got != before {
		t.Error("what nobody waits for is prepared too")
	}
	if got := preparedNow(t, pool); got > mostPrepared {
		t.Errorf("it keeps %d statements, at most %d are meant to be", got, mostPrepared)
	}
}

// A migration that changes what a prepared statement answers is not noticed by whoever asks.
func TestStatementsOutliveMigrations(t *testing.T) {
	s := oneConnection(t)
	mustExec(t, s.reader, "CREATE TABLE things (id bigint)")
	mustExec(t, s.reader, "INSERT INTO things VALUES ($1)", 1)
	const read = "SELECT * FROM things WHERE id = $1"
	columns := func(rows *sql.Rows, err error) int {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil || !rows.Next() {
			t.Fatal("no row", err)
		}
		return len(names)
	}
	for range 3 {
		columns(s.reader.QueryContext(Preparing(t.Context()), read, 1))
	}
	mustExec(t, s.reader, "ALTER TABLE things ADD COLUMN name text")
	if got := columns(s.reader.QueryContext(Preparing(t.Context()), read, 1)); got != 2 {
		t.Errorf("outside a transaction it answers %d columns", got)
	}
	for range 3 {
		columns(s.reader.QueryContext(Preparing(t.Context()), read, 1))
	}
	mustExec(t, s.reader, "ALTER TABLE things ADD COLUMN more text")
	var attempts int
	err := s.InTx(Preparing(t.Context()), func(ctx context.Context, tx *Tx) error {
		attempts++
		rows, err := tx.sql.QueryContext(ctx, read, 1)
		if err != nil {
			return err
		}
		if got := columns(rows, nil); got != 3 {
			t.Errorf("in a transaction it answers %d columns", got)
		}
		return nil
	})
	if err != nil || attempts != 2 {
		t.Errorf("the transaction was tried %d times: %v", attempts, err)
	}
}

// A statement that is cut short takes its connection with it, so that nothing else is cancelled in its place; one that came to
// its end does not, although its context ends too.
func TestWhatIsCutShortTakesItsConnectionWithIt(t *testing.T) {
	s := oneConnection(t)
	pool := s.reader
	const slow = "SELECT pg_sleep($1)"
	backend := func() (pid int) {
		t.Helper()
		if err := pool.QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			t.Fatal(err)
		}
		return pid
	}
	run := func(limit time.Duration, seconds float64) error {
		ctx, cancel := context.WithTimeout(Preparing(t.Context()), limit)
		defer cancel()
		_, err := pool.ExecContext(ctx, slow, seconds)
		return err
	}
	for range 3 {
		if err := run(time.Minute, 0); err != nil {
			t.Fatal(err)
		}
	}
	before := backend()
	if err := run(time.Minute, 0); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := backend(); now != before {
		t.Errorf("the connection of %d was closed after a statement that came to its end; it is %d now", before, now)
	}
	if err := run(20*time.Millisecond, 5); err == nil {
		t.Fatal("it was not cut short")
	}
	if backend() == before {
		t.Error("the connection is used again after a statement that was cut short")
	}
}
