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
		span := rapid.SampledFrom([]int{1, 64, 100, 4999, 5000}).Draw(t, "span")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		// some gives numbers, and a selection of them in either form that it can have.
		some := func() (map[uint32]bool, *selection) {
			plain, bitmap := map[uint32]bool{}, roaring.New()
			for range []int{0, 1, span / 100, span / sparse, span / 10, span}[r.IntN(6)] {
				doc := uint32(r.IntN(span))
				plain[doc] = true
				bitmap.Add(doc)
			}
			if r.IntN(6) == 0 { // all, or nearly all
				for doc := range uint32(span) {
					if r.IntN(64) > 0 || span%2 == 0 {
						plain[doc] = true
						bitmap.Add(doc)
					}
				}
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

// What a bitmap of the index keeps of a set is what both have and what is there, however large either is and however it is held.
func TestABitmapKeepsWhatBothHave(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	sizes := []int{0, 1, handful, handful + 1, 70, 120, 700, 3_000, 20_000, 80_000}
	for _, span := range []int{64, 5_000, 100_000} {
		for _, gone := range []bool{false, true} {
			s := newState()
			s.entries = make([]entry, span)
			s.live.AddRange(0, uint64(span))
			if gone {
				for range span / 10 {
					doc := uint32(r.IntN(span))
					s.live.Remove(doc)
					s.gone.Add(doc)
				}
			}
			some := func(size int) *roaring.Bitmap {
				b := roaring.New()
				for range min(size, span) {
					b.Add(uint32(r.IntN(span)))
				}
				return b
			}
			w := s.work()
			for _, own := range sizes {
				for _, other := range sizes {
					b, set := some(other), roaring.And(some(own), s.live)
					from := w.fresh()
					from.load(set)
					if !from.dense && r.IntN(3) == 0 {
						from.thicken()
					}
					w.and(from, b)
					whole := w.everything()
					w.and(whole, b)
					for name, got := range map[string]struct {
						set  *selection
						want *roaring.Bitmap
					}{"a set": {from, roaring.And(set, b)}, "everything": {whole, roaring.And(s.live, b)}} {
						docs := numbersOf(got.set)
						if got.set.whole {
							docs = s.live.ToArray()
						}
						if !slices.Equal(docs, got.want.ToArray()) || got.set.size != len(docs) {
							t.Errorf("of %d, %d of %s and %d of a bitmap, some gone %t: %d are kept, want %d", span, own, name, other, gone, len(docs), got.want.GetCardinality())
						}
					}
					w.reuse(from, whole)
				}
			}
			w.leave()
		}
	}
}

// numbersOf are the numbers that a selection holds, in order.
func numbersOf(s *selection) (docs []uint32) {
	for some := range s.blocks() { // which are written over by the next
		docs = append(docs, some...)
	}
	return docs
}
