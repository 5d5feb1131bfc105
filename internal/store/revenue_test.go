package store

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// The report reads a period, not the ledger: both ways to a posting go by an index that has its time.
func TestARevenueReportReadsItsPeriodByIndex(t *testing.T) {
	s, err := Open(t.Context(), (&url.URL{Scheme: "sqlite", Path: filepath.Join(t.TempDir(), "gongshu.db")}).String(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	statement, args := s.revenueStatement(uuid.New(), RevenueQuery{From: time.Now().Add(-time.Hour), Until: time.Now(), Most: 10})
	rows, err := s.Reader().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(step + "\n")
	}
	for _, way := range []string{"posting_contributor_id_created_at (contributor_id=? AND created_at>", "posting_product_id_created_at (product_id=? AND created_at>"} {
		if !strings.Contains(plan.String(), way) {
			t.Errorf("it does not go by %s…):\n%s", way, &plan)
		}
	}
}
