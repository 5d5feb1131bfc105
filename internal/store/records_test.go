package store

import (
	"bytes"
	"database/sql"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"
)

// SQLite looks records up by their ids, and what is asked again and again by an index, and goes through all records for neither.
func TestRecordsAreLookedUp(t *testing.T) {
	eachMigrated(t, func(t *testing.T, s *Store) {
		if s.Dialect() != dialect.SQLite {
			t.Skip("Postgres plans by what is in a table")
		}
		for _, row := range []struct {
			statement string
			args      []any
			want      string
		}{
			{readRecords[s.Dialect()], []any{1, "2026-01-01", "[]", true}, "SEARCH r USING INDEX sqlite_autoindex_product_records_1"},
			{movedRecords[s.Dialect()], []any{1, uuid.Nil, 50, ""}, "SEARCH product_records USING COVERING INDEX productrecord_changed_id"},
			{heldRecords[s.Dialect()], []any{1, "[]"}, "SEARCH r USING INDEX sqlite_autoindex_product_records_1"},
			{markedRecords, []any{uuid.Nil, 50}, "SEARCH product_records USING INDEX productrecord_id"},
			{firstEnd, nil, "SEARCH product_records USING COVERING INDEX productrecord_renew_on"},
			{markEnded, []any{"2026-01-01", 500}, "SEARCH product_records USING INDEX productrecord_renew_on"},
		} {
			rows, err := s.Reader().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+row.statement, row.args...)
			if err != nil {
				t.Fatal(err)
			}
			steps, err := scanAll(rows, func(rows *sql.Rows) (step string, err error) {
				var id, parent, unused int
				return step, rows.Scan(&id, &parent, &unused, &step)
			})
			if plan := strings.Join(steps, "; "); err != nil || !strings.Contains(plan, row.want) || strings.Contains(plan, "SCAN product_records") {
				t.Errorf("the plan of %s is %s, %v", row.statement, plan, err)
			}
		}
	})
}

// What is kept apart of a record is read where it is asked for, and follows the rest.
func TestWhatIsKeptApartIsReadWhereItIsAskedFor(t *testing.T) {
	eachMigrated(t, func(t *testing.T, s *Store) {
		whole, off := ProductRecord{ID: uuid.New(), Body: []byte("body"), Apart: bytes.Repeat([]byte("apart"), 20_000)}, ProductRecord{ID: uuid.New()}
		for _, r := range []ProductRecord{whole, off} {
			if _, err := s.Writer().ExecContext(t.Context(), `INSERT INTO product_records (id, revision, shape) VALUES ($1, 0, 0)`, r.ID); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SaveProductRecords(t.Context(), 7, []ProductRecord{whole, off}); err != nil {
			t.Fatal(err)
		}
		for _, asked := range []bool{false, true} {
			seen := map[uuid.UUID]string{}
			if _, err := s.ProductRecords(t.Context(), 7, []uuid.UUID{whole.ID, off.ID}, asked, func(id uuid.UUID, body, apart []byte) {
				seen[id] = string(body) + string(apart)
			}); err != nil {
				t.Fatal(err)
			}
			want := "body"
			if asked {
				want += string(whole.Apart)
			}
			if len(seen) != 2 || seen[whole.ID] != want || seen[off.ID] != "" {
				t.Errorf("asked for what is kept apart: %t; read %d records, of %d bytes", asked, len(seen), len(seen[whole.ID]))
			}
		}
	})
}
