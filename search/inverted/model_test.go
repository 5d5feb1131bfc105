package inverted_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/search"
	"gongshu/search/inverted"
)

// often are the words of the market below, with how many of a thousand products have each: from nearly none to most, so that
// searches meet small sets and large ones.
var often = map[string]int{"zebra": 1, "quartz": 4, "violet": 12, "walnut": 30, "copper": 120, "harvest": 400, "granite": 800}

// firstWith is the first of search.Fields in which a product has a word, or words that follow each other; -1 where none has.
func firstWith(d search.Document, words string) int {
	return slices.IndexFunc(search.Fields, func(field search.Field) bool {
		return slices.ContainsFunc(d.Texts(field), func(text string) bool { return strings.Contains(" "+text+" ", " "+words+" ") })
	})
}

// TestModel compares searches of words, and of words that follow each other, with their plain, slow evaluation, product by product: hits over all pages in their
// order, total and facets, while products come and go.
func TestModel(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	words := []string{"zebra", "quartz", "violet", "walnut", "copper", "harvest", "granite"}
	parties := make([]uuid.UUID, 60)
	for i := range parties {
		parties[i] = uuid.UUID{15: byte(i), 14: 1}
	}
	made := 0
	product := func() search.Document {
		made++
		text := func() string {
			var list []string
			for _, word := range words {
				if r.IntN(5000) < often[word] { // five texts each
					list = append(list, word)
				}
			}
			return strings.Join(list, " ")
		}
		return search.Document{
			ID: uuid.UUID{0: byte(r.IntN(256)), 13: byte(made >> 16), 14: byte(made >> 8), 15: byte(made)}, Name: text(), NameEn: text(), Items: []string{text(), text()}, Description: text(),
			DomainIDs: []string{fmt.Sprint("d", r.IntN(5))}, ChargingModes: [][]string{nil, {"PER_CALL"}, {"PER_CALL", "PER_PERIOD"}}[r.IntN(3)],
			Delivery: []string{"API", "FILE"}[r.IntN(2)], UpdateFrequency: []string{"", "DAILY", "MONTHLY"}[r.IntN(3)], Priced: []search.Priced{search.Paid},
			SourceUnits: []search.Party{{ID: parties[r.IntN(40)]}, {ID: parties[40+r.IntN(20)]}}, Operator: search.Party{ID: parties[r.IntN(60)]},
			PriceFen: int64(r.IntN(50)), ListedAt: time.UnixMicro(int64(r.IntN(1000))).UTC(),
		}
	}
	index, there := inverted.Memory(), []search.Document{}
	for range 3000 {
		there = append(there, product())
	}
	must(t, index.Rebuild(t.Context(), sequence(there)))
	for range 25 {
		for range r.IntN(3) * 10 {
			at := r.IntN(len(there))
			switch r.IntN(3) {
			case 0:
				must(t, index.Remove(t.Context(), there[at].ID))
				there = slices.Delete(there, at, at+1)
			case 1:
				changed := product()
				changed.ID = there[at].ID
				there[at] = changed
				must(t, index.Put(t.Context(), changed))
			case 2:
				there = append(there, product())
				must(t, index.Put(t.Context(), there[len(there)-1]))
			}
		}
		for range 20 {
			q := search.Query{Order: []search.Order{search.Newest, search.PriceLow}[r.IntN(2)], First: 1 + r.IntN(60), Operators: true, Facets: true, CountTotal: true}
			wanted, excluded := slices.Clone(words), ""
			r.Shuffle(len(wanted), func(i, j int) { wanted[i], wanted[j] = wanted[j], wanted[i] })
			if r.IntN(3) == 0 {
				excluded = wanted[6]
			}
			if wanted = wanted[:r.IntN(4)]; len(wanted) == 1 && excluded == "" && r.IntN(2) == 0 {
				q.Order = search.Relevance // of one word: by the first field that has it
			}
			q.Text = strings.Join(wanted, " ")
			if first, second := r.IntN(len(words)-1), 0; q.Order != search.Relevance && r.IntN(2) == 0 {
				second = first + 1 + r.IntN(len(words)-1-first)
				wanted = append(wanted, words[first]+" "+words[second])
				q.Text += ` "` + wanted[len(wanted)-1] + `"`
			}
			if excluded != "" {
				q.Text += " -" + excluded
			}
			if r.IntN(2) == 0 {
				q.Filter.DomainIDs = []string{"d1", "d3"}
			}
			if r.IntN(3) == 0 {
				q.Filter.Deliveries = []string{"API"}
			}
			if r.IntN(4) == 0 {
				q.Filter.OperatorIDs = parties[:5]
			}
			compare(t, index, there, q, wanted, excluded)
		}
	}
}

// compare compares a search with its plain evaluation.
func compare(t *testing.T, index *inverted.Index, there []search.Document, q search.Query, wanted []string, excluded string) {
	t.Helper()
	var found []search.Document // by the text alone
	for _, d := range there {
		lacks := func(words string) bool { return firstWith(d, words) < 0 }
		if !slices.ContainsFunc(wanted, lacks) && (excluded == "" || lacks(excluded)) {
			found = append(found, d)
		}
	}
	if len(found) == 0 {
		return // then it may be answered by a part of it
	}
	passes := func(d search.Document, except search.FacetName) bool {
		for _, name := range search.FacetNames {
			if values := q.Filter.FacetValues(name); name != except && len(values) > 0 && !slices.ContainsFunc(d.FacetValues(name), func(v string) bool { return slices.Contains(values, v) }) {
				return false
			}
		}
		return true
	}
	facets := map[search.FacetName][]search.FacetCount{}
	for _, name := range search.FacetNames {
		counts := map[string]int{}
		for _, d := range found {
			if passes(d, name) {
				for _, value := range d.FacetValues(name) {
					counts[value]++
				}
			}
		}
		facets[name] = search.FacetCounts(counts)
	}
	found = slices.DeleteFunc(found, func(d search.Document) bool { return !passes(d, "") })
	slices.SortFunc(found, func(a, b search.Document) int {
		first := 0
		switch q.Order {
		case search.PriceLow:
			first = cmp.Compare(a.PriceFen, b.PriceFen)
		case search.Relevance:
			first = cmp.Compare(firstWith(a, wanted[0]), firstWith(b, wanted[0]))
		}
		return cmp.Or(first, b.ListedAt.Compare(a.ListedAt), bytes.Compare(a.ID[:], b.ID[:]))
	})
	var want, got []uuid.UUID
	for _, d := range found {
		want = append(want, d.ID)
	}
	for more := true; more; {
		page, err := index.Search(t.Context(), q)
		must(t, err)
		if page.Total != len(want) {
			t.Fatalf("%+v: the total is %d, want %d", q, page.Total, len(want))
		}
		if !reflect.DeepEqual(page.Facets, facets) {
			t.Fatalf("%+v: facets are\n%v, want\n%v", q, page.Facets, facets)
		}
		for _, h := range page.Hits {
			got = append(got, h.ID)
		}
		if more = page.HasMore; more {
			q.After = page.Hits[len(page.Hits)-1].Cursor
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%+v: hits are\n%v, want\n%v", q, got, want)
	}
}
