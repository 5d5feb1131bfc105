package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"gongshu/internal/testdb"
)

// eachMigrated gives an empty market.
func eachMigrated(t *testing.T, run func(t *testing.T, s *Store)) {
	t.Helper()
	testdb.Each(t, func(t *testing.T, url string) {
		s, err := Open(t.Context(), url, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		run(t, s)
	})
}

// Whoever keeps records elsewhere is told of every table that has a trigger which marks them or ends the epoch, and of no other.
func TestWhatRecordsRestOnIsWhatMarksThem(t *testing.T) {
	eachMigrated(t, func(t *testing.T, s *Store) {
		statement := `SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND (sql LIKE '% product_records %' OR sql LIKE '% public_epoch %')`
		if s.dialect == dialect.Postgres {
			statement = `SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND (p.prosrc LIKE '% product_records %' OR p.prosrc LIKE '% public_epoch %')`
		}
		rows, err := s.Reader().QueryContext(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		tables, err := scanAll(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, "product_records", "public_epoch")
		slices.Sort(tables)
		if tables = slices.Compact(tables); !slices.Equal(tables, recordsRestOn) {
			t.Errorf("triggers are on %v, what records rest on is %v", tables, recordsRestOn)
		}
	})
}

func TestStatementsThatMayChangeRecords(t *testing.T) {
	for statement, want := range map[string]bool{
		`UPDATE "products" SET "name" = $1`:                              true,
		"INSERT INTO `grant_items` (`id`) VALUES (?)":                    true,
		`DELETE FROM parties WHERE id = $1`:                              true,
		`WITH old AS (SELECT 1) UPDATE plans SET name = $1`:              true,
		`SELECT * FROM "products" WHERE "id" = $1`:                       false,
		`INSERT INTO "orders" ("product_id", "plan_id") VALUES ($1, $2)`: false,
		`UPDATE "search_changes" SET "txid" = $1`:                        false,
	} {
		if got := mayChangeRecords(statement); got != want {
			t.Errorf("%s may change records: %t", statement, got)
		}
	}
}

// Only transactions that ended and may have changed a record are counted.
func TestWhatMayHaveChangedRecordsIsCounted(t *testing.T) {
	eachMigrated(t, func(t *testing.T, s *Store) {
		s.CountRecordWrites()
		domain := func(fails error) func(ctx context.Context, tx *Tx) error {
			return func(ctx context.Context, tx *Tx) error {
				id := uuid.New()
				return errors.Join(tx.Domain.Create().SetID(id).SetCreatedAt(tx.Now()).SetName(id.String()).Exec(ctx), fails)
			}
		}
		aside := func(ctx context.Context, tx *Tx) error { return tx.SynonymsChanged(ctx) }
		failed := errors.New("not to be")
		for _, row := range []struct {
			name string
			do   func(ctx context.Context, tx *Tx) error
			want int64
		}{{"a domain", domain(nil), 1}, {"one that is not to be", domain(failed), 0}, {"what is aside", aside, 0}} {
			for len(s.RecordNews()) > 0 {
				<-s.RecordNews()
			}
			before, _ := s.RecordsWritten()
			if err := s.InTx(AsSystem(t.Context()), row.do); err != nil && !errors.Is(err, failed) {
				t.Fatal(err)
			}
			after, settled := s.RecordsWritten()
			if n := after - before; n != row.want || len(s.RecordNews()) != int(n) || !settled {
				t.Errorf("%s is counted %d times, and told %d times; nothing is being committed: %t", row.name, n, len(s.RecordNews()), settled)
			}
		}
	})
}

// Records are followed whatever order their transactions end in, page by page, and those of another server too.
func TestRecordsThatWereWrittenAreFollowed(t *testing.T) {
	eachMigrated(t, func(t *testing.T, s *Store) {
		exec := func(statement string, args ...any) {
			t.Helper()
			if _, err := s.Writer().ExecContext(t.Context(), statement, args...); err != nil {
				t.Fatal(err)
			}
		}
		ids := make([]uuid.UUID, 3)
		for i := range ids {
			ids[i] = uuid.New()
			exec(`INSERT INTO product_records (id, revision, shape, body, apart) VALUES ($1, 0, 7, $2, $3)`, ids[i], []byte("body"), []byte("apart"))
		}
		var at RecordsPosition
		// follow gives what was written since, as it reads two at a time.
		follow := func() (moved []uuid.UUID) {
			t.Helper()
			from := at
			for first := true; ; first = false {
				page, next, _, err := s.RecordsMoved(t.Context(), from, 2)
				if err != nil {
					t.Fatal(err)
				}
				if first {
					at = next
				}
				for _, r := range page {
					moved = append(moved, r.ID)
				}
				if len(page) < 2 {
					return moved
				}
				from.Changed, from.ID = page[1].Changed, page[1].ID
			}
		}
		sees := func(what string, want uuid.UUID) {
			t.Helper()
			if moved := follow(); !slices.Equal(moved, []uuid.UUID{want}) {
				t.Errorf("%s: %v were written, want %s", what, moved, want)
			}
		}
		if moved := follow(); len(moved) != 3 {
			t.Fatalf("%d were there, want 3", len(moved))
		}
		const change = `UPDATE product_records SET revision = revision + 1, body = $1 WHERE id = $2`
		exec(change, []byte("2"), ids[0])
		sees("one change", ids[0])
		exec(change, []byte("3"), ids[0])
		sees("another of the same", ids[0])
		if s.dialect == dialect.Postgres {
			first, err := s.Writer().BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer first.Rollback() //nolint:errcheck // it is committed
			if _, err := first.ExecContext(t.Context(), change, []byte("4"), ids[1]); err != nil {
				t.Fatal(err)
			}
			exec(change, []byte("4"), ids[2])
			sees("what began late and ended first", ids[2])
			if err := first.Commit(); err != nil {
				t.Fatal(err)
			}
			sees("what ended late", ids[1])
			exec(`ALTER TABLE product_records DISABLE TRIGGER product_records_changed`)
			exec(`UPDATE product_records SET changed = 1::bigint << 60 WHERE id = $1`, ids[1])
			exec(`ALTER TABLE product_records ENABLE TRIGGER product_records_changed`)
			if err := s.PlaceForeignRecords(t.Context()); err != nil {
				t.Fatal(err)
			}
			sees("what was of another server", ids[1])
			var ahead int
			if err := s.Reader().QueryRowContext(t.Context(), `SELECT count(*) FROM product_records WHERE changed >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`).Scan(&ahead); err != nil || ahead > 0 {
				t.Errorf("%d records, %v are of another server still, and would be read again and again", ahead, err)
			}
		}
		held := map[uuid.UUID]string{}
		if err := s.RecordsHeld(t.Context(), 7, ids, func(r HeldRecord) { held[r.ID] = string(r.Body) + string(r.Apart) }); err != nil {
			t.Fatal(err)
		}
		if len(held) != 3 || held[ids[0]] != "3apart" {
			t.Errorf("held are %q", held)
		}
		exec(`UPDATE product_records SET revision = revision + 1, body = NULL, apart = NULL WHERE id = $1`, ids[0])
		sees("what was marked", ids[0])
		clear(held)
		if err := s.RecordsHeld(t.Context(), 7, ids[:1], func(r HeldRecord) { held[r.ID] = string(r.Body) }); err != nil || len(held) > 0 {
			t.Errorf("%q, %v is held of what is to be made anew", held, err)
		}
	})
}
