package inverted

import (
	"strconv"
	"testing"
)

// A dictionary finds every term that it numbered, and no other, while it grows.
func TestDictionaryFindsWhatItNumbered(t *testing.T) {
	d := newDictionary()
	hash := func(n int) uint64 { return hashed(d.seed, "term "+strconv.Itoa(n)) }
	for n := range 5 * leastSlots {
		if got, ok := d.number(hash(n)); ok {
			t.Fatalf("term %d has the number %d before it was added", n, got)
		}
		if got := d.add(hash(n)); got != uint32(n) {
			t.Fatalf("term %d has the number %d", n, got)
		}
	}
	for n := range 5 * leastSlots {
		if got, ok := d.number(hash(n)); !ok || got != uint32(n) {
			t.Fatalf("term %d is found as %d, %t", n, got, ok)
		}
	}
	if hashed(d.seed, "term") == hashed(d.seed+1, "term") || hashed(d.seed, "term") != hashed(d.seed, []byte("term")) {
		t.Error("a hash is of the seed and the letters")
	}
}
