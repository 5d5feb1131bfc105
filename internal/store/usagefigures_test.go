package store

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// What was used in a period is a range of an index, whatever is asked of it, and never a reading of all uses.
func TestUsesAreSummedByIndex(t *testing.T) {
	s, err := Open(t.Context(), (&url.URL{Scheme: "sqlite", Path: filepath.Join(t.TempDir(), "gongshu.db")}).String(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := uuid.New()
	for sentence, row := range map[string]struct {
		q   UsageQuery
		way string
	}{
		"of an operator":      {UsageQuery{OperatorID: id}, "usage_product_id_used_at (product_id=? AND used_at>"},
		"of its one product":  {UsageQuery{OperatorID: id, ProductID: id}, "usage_product_id_used_at (product_id=? AND used_at>"},
		"of a resource":       {UsageQuery{ResourceID: id}, "usage_product_id_used_at (product_id=? AND used_at>"},
		"of a page of rights": {UsageQuery{entitlements: []uuid.UUID{id, id}}, "usage_entitlement_id_used_at_id (entitlement_id=? AND used_at>"},
	} {
		row.q.From, row.q.Until = time.Now().Add(-time.Hour), time.Now()
		for _, by := range [][]string{{"u.product_id"}, {shanghaiDay[s.dialect]}} {
			st := usageStatement(by, "1", row.q)
			rows, err := s.Reader().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+st.text, st.args...)
			if err != nil {
				t.Fatal(err)
			}
			var plan strings.Builder
			for rows.Next() {
				var id, parent, unused int
				var step string
				if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
					t.Fatal(err)
				}
				plan.WriteString(step + "\n")
			}
			rows.Close()
			if !strings.Contains(plan.String(), row.way) {
				t.Errorf("%s, by %s, it does not go by %s…):\n%s", sentence, by, row.way, &plan)
			}
		}
	}
}
