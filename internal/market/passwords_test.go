package market

import (
	"runtime"
	"testing"
)

// What one hash takes would otherwise stay beside what the next takes, and a few sign-ins would double the program.
func TestAHashLeavesNoMemoryBehind(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 3 {
		if _, err := HashPassword(t.Context(), "correct horse battery"); err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if after.HeapAlloc > before.HeapAlloc+8<<20 {
		t.Errorf("the heap grew from %d to %d MiB", before.HeapAlloc>>20, after.HeapAlloc>>20)
	}
}
