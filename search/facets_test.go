package search_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongshu/search"
)

// TestFacetCountsAreTheMostFrequent compares what is cut before it is sorted with what is sorted before it is cut, where many
// values are as frequent as each other.
func TestFacetCountsAreTheMostFrequent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 20).Draw(t, "most")
		size := rapid.OneOf(rapid.IntRange(search.MaxFacetCounts-1, search.MaxFacetCounts+2), rapid.IntRange(0, 3*search.MaxFacetCounts)).Draw(t, "size")
		counts := map[string]int{} // in no order
		for i, count := range rapid.SliceOfN(rapid.IntRange(1, most), size, size).Draw(t, "counts") {
			counts[fmt.Sprint(i)] = count
		}
		want := make([]search.FacetCount, 0, size)
		for value, count := range counts {
			want = append(want, search.FacetCount{Value: value, Count: count})
		}
		slices.SortFunc(want, func(a, b search.FacetCount) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		want = want[:min(len(want), search.MaxFacetCounts)]
		if got := search.FacetCounts(counts); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
