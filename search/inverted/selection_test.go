package inverted

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"
)

// A selection holds what a plain set of numbers would after any operations, be it a list or bits.
func TestSelectionIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := rapid.SampledFrom([]int{1, 64, 100, 5000}).Draw(t, "span")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		// some gives numbers, and a selection of them in either form that it can have.
		some := func() (map[uint32]bool, *selection) {
			plain, bitmap := map[uint32]bool{}, roaring.New()
			for range []int{0, 1, span / 100, span / sparse, span / 10, span}[r.IntN(6)] {
				doc := uint32(r.IntN(span))
				plain[doc] = true
				bitmap.Add(doc)
			}
			s := &selection{span: span}
			s.load(bitmap)
			if r.IntN(3) == 0 {
				s.thicken()
			}
			return plain, s
		}
		want, got := some()
		for range 20 {
			plain, other := some()
			switch r.IntN(4) {
			case 0:
				for doc := range plain {
					want[doc] = true
				}
				got.or(other)
			case 1:
				for doc := range want {
					if !plain[doc] {
						delete(want, doc)
					}
				}
				got.and(other)
			case 2:
				for doc := range plain {
					delete(want, doc)
				}
				got.andNot(other)
			case 3:
				common := 0
				for doc := range plain {
					if want[doc] {
						common++
					}
				}
				got, other = got.kept(), other.kept()
				got.thicken()
				other.thicken()
				if n := got.common(other); n != common {
					t.Fatalf("%d are common, want %d", n, common)
				}
			}
			var list, plainly []uint32
			for docs := range got.blocks() {
				list = append(list, docs...)
			}
			for doc := range want {
				plainly = append(plainly, doc)
			}
			if slices.Sort(plainly); !slices.Equal(list, plainly) || got.size != len(plainly) {
				t.Fatalf("%v of size %d, want %v", list, got.size, plainly)
			}
			if len(plainly) > 0 && got.first() != plainly[0] {
				t.Fatalf("the first is %d, want %d", got.first(), plainly[0])
			}
		}
	})
}
