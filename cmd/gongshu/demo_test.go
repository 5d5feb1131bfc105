package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"gongshu/internal/blob"
	"gongshu/internal/demo"
	"gongshu/internal/market"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
)

// Whoever gives up is told what became of it: before the commit nothing, after it everything.
func TestAScaleLoadThatIsCutShortSaysWhatIsKept(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		now := time.Date(2026, time.April, 1, 2, 0, 0, 0, time.UTC)
		s, err := store.Open(t.Context(), url, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close(); blobs.Close() })
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := &market.Market{Store: s, Blobs: blobs}
		if _, err := m.LoadPolicies(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			at   store.Moment
			kept demo.State
		}{{store.Committing, demo.Nothing}, {store.Committed, demo.Scale}} {
			ctx, cancel := context.WithCancel(t.Context())
			err := loadScale(store.Watch(ctx, func(m store.Moment, _ string) {
				if m == c.at {
					cancel()
				}
			}), m, 1, 1)
			kept, stateErr := demo.StateOf(t.Context(), s)
			if stateErr != nil || kept != c.kept {
				t.Fatalf("%v is kept, %v", kept, stateErr)
			}
			if says := err != nil && strings.Contains(err.Error(), "nothing of it is kept"); says != (kept == demo.Nothing) || err != nil && !says {
				t.Errorf("of %v it says %v", kept, err)
			}
		}
	})
}
