package inverted

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"

	"gongshu/search"
)

// TestFacetsAreCountedAlikeEitherWay compares counts by value, by document and by whichever is the cheaper with plain counting, of
// few values and of many, of a list, of bits and of everything, of some of the facets, while documents are gone.
func TestFacetsAreCountedAlikeEitherWay(t *testing.T) {
	for _, world := range []struct{ documents, domains, parties int }{{700, 3, 5}, {3000, 16, 60}, {3000, 40, 900}} {
		r := rand.New(rand.NewPCG(uint64(world.documents), uint64(world.parties)))
		s := newState()
		party := func() search.Party {
			return search.Party{ID: uuid.UUID{14: byte(r.IntN(world.parties) >> 8), 15: byte(r.IntN(world.parties))}}
		}
		for i := range world.documents {
			_, err := s.add(search.Document{
				ID: uuid.UUID{14: byte(i >> 8), 15: byte(i)}, Name: "quartz", DomainIDs: []string{fmt.Sprint(r.IntN(world.domains)), fmt.Sprint(r.IntN(world.domains))},
				Delivery: []string{"API", "FILE"}[r.IntN(2)], UpdateFrequency: []string{"", "DAILY", "MONTHLY"}[r.IntN(3)],
				SourceUnits: []search.Party{party(), party()}[:r.IntN(3)], Operator: party(),
			}, false)
			if err != nil {
				t.Fatal(err)
			}
		}
		for range world.documents / 10 {
			if doc := uint32(r.IntN(world.documents)); s.live.Contains(doc) {
				s.remove(doc)
			}
		}
		for i, f := range s.facets {
			for value, docs := range f.docs {
				if f.sizes[value] != int(docs.GetCardinality()) {
					t.Fatalf("%d have the value %s of facet %d, not %d", docs.GetCardinality(), f.values[value], i, f.sizes[value])
				}
			}
		}
		w := s.work()
		for range 200 {
			found, docs := w.fresh(), roaring.New()
			for range []int{0, 1, 30, world.documents / 10, world.documents / 3, 5 * world.documents}[r.IntN(6)] {
				docs.Add(uint32(r.IntN(world.documents)))
			}
			if docs.And(s.live); r.IntN(8) == 0 {
				docs = s.live.Clone()
			}
			if found.load(docs); r.IntN(2) == 0 {
				found.thicken()
			}
			var some []int
			for i := range facets {
				if r.IntN(3) > 0 {
					some = append(some, i)
				}
			}
			counted := func(count func(counts *[facets][]int)) (counts [facets][]int) {
				for i := range counts {
					counts[i] = make([]int, len(s.facets[i].values))
				}
				count(&counts)
				return counts
			}
			ways := map[string][facets][]int{"as it costs least": counted(func(counts *[facets][]int) { w.tally(found, counts, some...) })}
			for chosen := range 1 << columns {
				var byDocument [columns]bool
				for c := range columns {
					byDocument[c] = !found.dense || chosen>>c&1 == 1
				}
				ways[fmt.Sprint("by document: ", byDocument)] = counted(func(counts *[facets][]int) { w.countFacets(found, counts, byDocument, some) })
			}
			want := counted(func(counts *[facets][]int) {
				for _, doc := range docs.ToArray() {
					for v := range s.classes(doc) {
						if slices.Contains(some, int(v.facet)) {
							counts[v.facet][v.value]++
						}
					}
				}
			})
			for way, got := range ways {
				for i := range got {
					if !slices.Equal(got[i], want[i]) {
						t.Fatalf("%d of %d, facets %v, %s: of facet %d %v, want %v", docs.GetCardinality(), world.documents, some, way, i, got[i], want[i])
					}
				}
			}
			w.reuse(found)
		}
		w.leave()
	}
}
