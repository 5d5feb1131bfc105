package inverted

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sort"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"

	"gongshu/search"
)

// position is where a hit stands among the hits of a query. Positions are totally ordered.
type position struct {
	// Rank is that of its tier, or what else the order sorts by; Listed is in microseconds since 1970.
	Rank   int64     `json:"r"`
	Listed int64     `json:"t"`
	ID     uuid.UUID `json:"i"`
}

// Search answers a query.
func (ix *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	if err := q.Check(); err != nil {
		return search.Result{}, err
	}
	var after position
	paged, err := q.Position(&after)
	if err != nil {
		return search.Result{}, err
	}
	leave, err := ix.read(ctx)
	if err != nil {
		return search.Result{}, err
	}
	defer leave()
	s := ix.state
	a := ix.asked.of(keyOf(q), func() *answer { return s.answer(ix.synonyms, q) })
	result := search.Result{Corrected: a.plan.corrected, Dropped: slices.Clone(a.plan.dropped), Near: slices.Clone(a.near)}
	if q.CountTotal {
		result.Total = a.found.size
	}
	if q.Facets {
		result.Facets = make(map[search.FacetName][]search.FacetCount, facets)
		for name, counts := range a.facets() {
			result.Facets[name] = slices.Clone(counts) // the caller's own
		}
	}
	p := a.page(asked{q.Of, q.Order, q.First, q.After}, func() page {
		work := s.work()
		defer work.leave()
		w := walker{workspace: work, need: q.First + 1}
		if paged {
			w.after = &after
		}
		return w.page(q, a)
	})
	result.Hits, result.HasMore = slices.Clone(p.hits), p.more
	return result, nil
}

// page is the page of an answer that the walker is set out for.
func (w *walker) page(q search.Query, a *answer) (p page) {
	switch {
	case q.Order == search.Newest || a.plan.everything && (q.Order == "" || q.Order == search.Relevance):
		w.walk(newest, 0, a.found)
	default:
		if i := slices.Index(ranked[:], q.Order); i >= 0 {
			w.walk(i+1, 0, a.found)
		} else {
			w.tiers(a.plan.tiers, a.found)
		}
	}
	if len(w.hits) > q.First {
		p.more, w.hits = true, w.hits[:q.First]
	}
	p.hits = make([]search.Hit, len(w.hits))
	cursor := q.Cursors()
	for i, h := range w.hits {
		e := &w.entries[h.doc]
		p.hits[i] = search.Hit{ID: e.id, Matched: a.plan.matched(h.doc), Cursor: cursor(position{h.rank, e.listed, e.id})}
	}
	return p
}

// answer understands a text and applies a filter.
func (s *state) answer(synonyms *synonyms, q search.Query) *answer {
	w := s.work()
	defer w.leave()
	p := w.planner(synonyms).plan(q.Text, q.Operators)
	found := p.found
	p.found = found.kept()
	w.reuse(found)
	n := w.narrow(p.found, q.Filter)
	var near []string
	if p.found.size == 0 {
		near = w.planner(synonyms).near(q.Text, q.Operators)
	}
	size := n.text.bytes()
	if n.found != n.text {
		size += n.found.bytes()
	}
	for _, t := range p.tiers {
		if these, ok := t.match.(fixed); ok {
			size += these.bytes()
		}
	}
	return &answer{plan: p, found: n.found, size: size, near: near, facets: sync.OnceValue(func() map[search.FacetName][]search.FacetCount {
		w := s.work()
		defer w.leave()
		return w.facetCounts(n)
	})}
}

func (w *workspace) planner(synonyms *synonyms) *planner {
	return &planner{workspace: w, synonyms: synonyms, visits: maxVisits, counted: map[string]int{}}
}

// matched are the fields that have a unit of the text, the most telling first.
func (p plan) matched(doc uint32) []search.Field {
	var list []search.Field
	for field, name := range search.Fields {
		if slices.ContainsFunc(p.units, func(u unit) bool { return u.match.matches(doc, field) }) {
			list = append(list, name)
		}
	}
	return list
}

// narrowed is what a filter leaves of what a text finds.
type narrowed struct {
	text, found *selection
	wanted      [facets][]*roaring.Bitmap // a document has to be in one of them; nil where any value will do
}

func (w *workspace) narrow(text *selection, filter search.Filter) narrowed {
	n := narrowed{text: text, found: text}
	filtered := false
	for i, name := range search.FacetNames {
		values := filter.FacetValues(name)
		if len(values) == 0 {
			continue
		}
		filtered = true
		n.wanted[i] = []*roaring.Bitmap{}
		for _, value := range values {
			if number, ok := w.facets[i].numbers[value]; ok {
				n.wanted[i] = append(n.wanted[i], w.facets[i].docs[number])
			}
		}
	}
	if filtered {
		found := w.without(n, facets)
		n.found = found.kept()
		w.reuse(found)
	}
	return n
}

// without is what the filter leaves when that of one facet does not apply.
func (w *workspace) without(n narrowed, facet int) *selection {
	found := w.fresh()
	found.copy(n.text)
	for i, wanted := range n.wanted {
		if i != facet && wanted != nil {
			w.union(found, len(wanted), func(k int, part *selection) { w.and(part, wanted[k]) })
		}
	}
	return found
}

// facetCounts counts the values of all facets, each among what the filters of the others leave.
func (w *workspace) facetCounts(n narrowed) map[search.FacetName][]search.FacetCount {
	var counts [facets][]int // by value
	var alike []int          // facets without a filter
	for i := range counts {
		counts[i] = make([]int, len(w.facets[i].values))
		if n.wanted[i] == nil {
			alike = append(alike, i)
			continue
		}
		found := w.without(n, i)
		w.tally(found, &counts, i)
		w.reuse(found)
	}
	w.tally(n.found, &counts, alike...)
	lists := make(map[search.FacetName][]search.FacetCount, facets)
	for i, name := range search.FacetNames {
		list := make([]search.FacetCount, 0, len(counts[i]))
		for value, count := range counts[i] {
			if count > 0 {
				list = append(list, search.FacetCount{Value: w.facets[i].values[value], Count: count})
			}
		}
		lists[name] = slices.Clone(search.RankFacetCounts(list)) // without what was cut off
	}
	return lists
}

// tally counts the values that documents have of some facets: how many all of them have is known.
func (w *workspace) tally(found *selection, counts *[facets][]int, some ...int) {
	if found.size == int(w.live.GetCardinality()) {
		for _, i := range some {
			copy(counts[i], w.facets[i].sizes)
		}
		return
	}
	w.countFacets(found, counts, w.byDocument(found, some), some)
}

// What counting takes, in looks at a word of bits: finding a document of a set, once for all columns, looking it up in one, and
// adding up what one combination counts.
const (
	documentCost    = 2
	columnCost      = 2
	combinationCost = 8
)

// byDocument are the columns that are counted document by document: all of them for a list, and for bits those for which it
// costs less than value by value.
func (w *workspace) byDocument(found *selection, some []int) (chosen [columns]bool) {
	var byValue, byDocument [columns]int
	for _, i := range some {
		byValue[columnOf[i]] += len(w.facets[i].docs) * found.words()
	}
	values, documents := 0, documentCost*found.size
	for c, column := range w.columns {
		byDocument[c] = columnCost*found.size + combinationCost*len(column.ends)
		values, documents = values+byValue[c], documents+min(byValue[c], byDocument[c])
	}
	for c := range chosen {
		chosen[c] = !found.dense || documents < values && byDocument[c] < byValue[c]
	}
	return chosen
}

// countFacets counts some facets, those of some columns document by document and the others value by value, for which the
// documents have to be bits.
func (w *workspace) countFacets(found *selection, counts *[facets][]int, byDocument [columns]bool, some []int) {
	var numbers [columns][]uint32 // how many documents have each combination, of the columns that are needed
	var wanted [facets]bool
	for _, i := range some {
		if c := columnOf[i]; byDocument[c] {
			wanted[i] = true
			if numbers[c] == nil {
				numbers[c] = make([]uint32, len(w.columns[c].ends))
			}
			continue
		}
		for value, docs := range w.facets[i].docs {
			if w.facets[i].sizes[value] > 0 {
				counts[i][value] = w.common(found, docs)
			}
		}
	}
	if wanted == [facets]bool{} {
		return
	}
	for docs := range found.blocks() {
		for c := range numbers {
			if numbers[c] != nil {
				w.columns[c].of.count(docs, numbers[c])
			}
		}
	}
	for c, column := range w.columns {
		for combination, count := range numbers[c] {
			if count == 0 {
				continue
			}
			for _, v := range column.combination(uint32(combination)) {
				if wanted[v.facet] {
					counts[v.facet][v.value] += int(count)
				}
			}
		}
	}
}

// walker collects hits in order until it has what it needs.
type walker struct {
	*workspace
	after *position
	need  int
	hits  []hit
}

type hit struct {
	doc  uint32
	rank int64
}

// tiers walks through tiers, the newest first in each, leaving out what was in one before.
func (w *walker) tiers(tiers []tier, found *selection) {
	rest, these := w.fresh(), w.fresh()
	defer w.reuse(rest, these)
	rest.copy(found)
	for _, t := range tiers {
		if rest.dense { // a tier is often much smaller, so that looking it up in what is left costs less than a copy of that
			w.fill(these)
			t.match.keep(w.workspace, these, t.level)
			these.and(rest)
		} else {
			these.copy(rest)
			t.match.keep(w.workspace, these, t.level)
		}
		if these.size == 0 {
			continue
		}
		if w.after == nil || t.rank < w.after.Rank {
			after := w.after
			w.after = nil
			w.walk(newest, t.rank, these)
			w.after = after
		} else if t.rank == w.after.Rank {
			w.walk(newest, t.rank, these)
		}
		if len(w.hits) >= w.need || these.size == rest.size {
			return
		}
		rest.andNot(these)
	}
}

// entryCost is what looking at a document's entry costs, in looks at a bit.
const entryCost = 8

// walk takes documents in an order, those after the cursor. A large set is looked for along the order, a small one sorted.
func (w *walker) walk(order int, rank int64, docs *selection) {
	need := w.need - len(w.hits)
	if need <= 0 || docs.size == 0 {
		return
	}
	if docs.whole {
		all := w.fresh()
		defer w.reuse(all)
		all.load(w.live)
		docs = all
	}
	along := w.orders[order]
	if docs.size*entryCost <= need*len(along)/docs.size {
		w.sorted(order, rank, docs, need)
		return
	}
	if !docs.dense {
		bits := w.fresh()
		defer w.reuse(bits)
		bits.copy(docs)
		bits.thicken()
		docs = bits
	}
	for at := w.begin(order); at < len(along) && need > 0; at++ {
		if doc := along[at]; docs.has(doc) == 1 {
			w.take(order, doc, rank)
			need--
		}
	}
}

func (w *walker) take(order int, doc uint32, rank int64) {
	if order != newest {
		rank = w.entries[doc].rank(order)
	}
	w.hits = append(w.hits, hit{doc, rank})
}

// begin is the place in an order after the cursor, whose document may be gone.
func (w *walker) begin(order int) int {
	if w.after == nil {
		return 0
	}
	return sort.Search(len(w.orders[order]), func(i int) bool { return w.follows(order, w.orders[order][i]) })
}

// follows reports whether a document comes after the cursor.
func (w *walker) follows(order int, doc uint32) bool {
	if w.after == nil {
		return true
	}
	e := &w.entries[doc]
	rank := 0
	if order != newest {
		rank = cmp.Compare(e.rank(order), w.after.Rank)
	}
	return cmp.Or(rank, cmp.Compare(w.after.Listed, e.listed), bytes.Compare(e.id[:], w.after.ID[:])) > 0
}

func (w *walker) sorted(order int, rank int64, found *selection, need int) {
	var list []uint32
	var worst *entry // of the best that are known, once there are enough of them
	for docs := range found.blocks() {
		for _, doc := range docs {
			if !w.follows(order, doc) || worst != nil && w.before(order, &w.entries[doc], worst) > 0 {
				continue
			}
			if list = append(list, doc); len(list) == 4*need {
				w.sort(order, list)
				list = list[:need]
				worst = &w.entries[list[need-1]]
			}
		}
	}
	w.sort(order, list)
	for _, doc := range list[:min(need, len(list))] {
		w.take(order, doc, rank)
	}
}

func (w *walker) sort(order int, list []uint32) {
	slices.SortFunc(list, func(a, b uint32) int { return w.before(order, &w.entries[a], &w.entries[b]) })
}
