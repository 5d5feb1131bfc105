package store

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"gongshu/data"
	"gongshu/internal/authorisation"
	"gongshu/internal/policy"
	"gongshu/internal/testdb"
)

// What is kept of the policies never outlives its rows: not by a row that another server adds, not by one that is rolled
// back, not by a day.
func TestKeptPoliciesFollowTheirRows(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
		open := func() *Store {
			s, err := Open(t.Context(), url, func() time.Time { return now })
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s
		}
		here := open()
		if _, err := here.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		there := open()
		hours := func(s *Store, want int) {
			t.Helper()
			for range 2 { // read, and kept
				p, err := s.Policies(t.Context())
				if err != nil || p.ReservationHours != want {
					t.Fatalf("orders wait for %d hours, want %d (%v)", p.ReservationHours, want, err)
				}
			}
		}
		ctx := AsSystem(t.Context())
		add := func(s *Store, from string, hours int, last error) error {
			return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
				row := policy.Row{Kind: "RESERVATION", EffectiveFrom: from, Value: map[string]any{"hours": hours}, Source: "of a test"}
				if _, err := tx.LoadPolicies(ctx, []policy.Row{row}); err != nil {
					return err
				}
				p, err := tx.Policies(ctx)
				if err != nil || p.ReservationHours != hours && from <= "2026-03-02" {
					t.Errorf("in the transaction they wait for %d hours, want %d (%v)", p.ReservationHours, hours, err)
				}
				return last
			})
		}
		var built []policy.Row
		if err := json.Unmarshal(data.Policy, &built); err != nil {
			t.Fatal(err)
		}
		years, err := policy.CalendarFile(data.WorkingDays, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range years {
			row, err := CalendarRow(year, authorisation.DayFrom(year.Year, time.January, 1))
			if err != nil {
				t.Fatal(err)
			}
			built = append(built, row)
		}
		err = here.InTx(ctx, func(ctx context.Context, tx *Tx) error {
			_, err := tx.LoadPolicies(ctx, built)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		hours(here, 72)
		hours(there, 72)
		back := errors.New("roll it back")
		if err := add(here, "2026-03-01", 5, back); !errors.Is(err, back) {
			t.Fatal(err)
		}
		hours(here, 72)
		if err := add(there, "2026-03-01", 48, nil); err != nil {
			t.Fatal(err)
		}
		hours(here, 48)
		if err := add(there, "2026-03-03", 24, nil); err != nil {
			t.Fatal(err)
		}
		hours(here, 48)
		now = now.Add(24 * time.Hour)
		hours(here, 24)
		hours(there, 24)
	})
}
