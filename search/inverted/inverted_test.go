package inverted_test

import (
	"testing"

	"gongshu/search"
	"gongshu/search/inverted"
	"gongshu/search/searchtest"
)

func TestMemory(t *testing.T) {
	searchtest.Run(t, func(*testing.T) search.Index { return inverted.Memory() })
}

func TestDisk(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Index { return open(t, t.TempDir(), true) })
}

// open opens the index in dir, expecting it to be fresh or not.
func open(t testing.TB, dir string, wantFresh bool) *inverted.Index {
	t.Helper()
	index, fresh, err := inverted.Open(dir)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = index.Close() })
	if fresh != wantFresh {
		t.Fatalf("fresh is %t", fresh)
	}
	return index
}
