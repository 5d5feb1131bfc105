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
		result.Total = int(a.found.GetCardinality())
	}
	if q.Facets {
		result.Facets = make(map[search.FacetName][]search.FacetCount, columns)
		for name, counts := range a.facets() {
			result.Facets[name] = slices.Clone(counts) // the caller's own
		}
	}
	p := a.page(asked{q.Order, q.First, q.After}, func() page {
		w := walker{state: s, need: q.First + 1}
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
	p := s.planner(synonyms).plan(q.Text, q.Operators)
	n := s.narrow(p.found, q.Filter)
	var near []string
	if p.found.IsEmpty() {
		near = s.planner(synonyms).near(q.Text)
	}
	size := n.text.GetSizeInBytes() + n.found.GetSizeInBytes()
	for _, wanted := range n.wanted {
		if wanted != nil {
			size += wanted.GetSizeInBytes()
		}
	}
	return &answer{plan: p, found: n.found, size: size, near: near, facets: sync.OnceValue(func() map[search.FacetName][]search.FacetCount {
		facets := make(map[search.FacetName][]search.FacetCount, columns)
		for i, name := range search.FacetNames {
			facets[name] = search.RankFacetCounts(s.facets[i].count(n.without(i), s.live))
		}
		return facets
	})}
}

func (s *state) planner(synonyms *synonyms) *planner {
	p := &planner{state: s, synonyms: synonyms, live: s.live, visits: maxVisits, counted: map[string]uint64{}}
	if s.gone.IsEmpty() {
		p.untouched = s.live
	}
	return p
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

// narrowed is what a filter leaves, of all facets and of all but one.
type narrowed struct {
	text, found *roaring.Bitmap
	wanted      [columns]*roaring.Bitmap // nil where any value will do
}

func (s *state) narrow(text *roaring.Bitmap, filter search.Filter) narrowed {
	n := narrowed{text: text, found: text}
	for i, name := range search.FacetNames {
		values := filter.FacetValues(name)
		if len(values) == 0 {
			continue
		}
		n.wanted[i] = roaring.New()
		for _, value := range values {
			if number, ok := s.facets[i].numbers[value]; ok {
				n.wanted[i].Or(s.facets[i].docs[number])
			}
		}
		n.found = roaring.And(n.found, n.wanted[i])
	}
	return n
}

// without is what the filter leaves when that of one facet does not apply.
func (n narrowed) without(facet int) *roaring.Bitmap {
	if n.wanted[facet] == nil {
		return n.found
	}
	found := n.text
	for i, wanted := range n.wanted {
		if i != facet && wanted != nil {
			found = roaring.And(found, wanted)
		}
	}
	return found
}

// What counting costs, in nanoseconds: a document by its column, and a container of a value's documents.
const (
	columnCost    = 2
	containerCost = 250
)

// count counts the values of the documents, by whichever way is the cheaper.
func (f *facet) count(docs, live *roaring.Bitmap) []search.FacetCount {
	counts := make([]int, len(f.values))
	size := docs.GetCardinality()
	containers := uint64(len(f.column)>>16 + 1)
	switch {
	case size == live.GetCardinality():
		for n := range counts {
			counts[n] = int(f.docs[n].GetCardinality())
		}
	case size*columnCost > uint64(len(f.values))*containers*containerCost:
		for n := range counts {
			counts[n] = int(docs.AndCardinality(f.docs[n]))
		}
	default:
		bySet := make([]int, len(f.sets))
		var some [512]uint32
		for it := docs.ManyIterator(); ; {
			n := it.NextMany(some[:])
			if n == 0 {
				break
			}
			for _, doc := range some[:n] {
				bySet[f.column[doc]]++
			}
		}
		for set, n := range bySet {
			if n > 0 {
				for _, value := range f.sets[set] {
					counts[value] += n
				}
			}
		}
	}
	list := make([]search.FacetCount, 0, len(counts))
	for n, count := range counts {
		if count > 0 {
			list = append(list, search.FacetCount{Value: f.values[n], Count: count})
		}
	}
	return list
}

// walker collects hits in order until it has what it needs.
type walker struct {
	*state
	after *position
	need  int
	hits  []hit
}

type hit struct {
	doc  uint32
	rank int64
}

// tiers walks through tiers, the newest first in each, leaving out what was in one before.
func (w *walker) tiers(tiers []tier, found *roaring.Bitmap) {
	rest := found
	for _, t := range tiers {
		if len(w.hits) >= w.need || rest.IsEmpty() {
			return
		}
		these := t.match.within(rest, t.level)
		if these.IsEmpty() {
			continue
		}
		rest = roaring.AndNot(rest, these)
		if w.after == nil || t.rank < w.after.Rank {
			after := w.after
			w.after = nil
			w.walk(newest, t.rank, these)
			w.after = after
		} else if t.rank == w.after.Rank {
			w.walk(newest, t.rank, these)
		}
	}
}

// walk takes documents in an order, those after the cursor. A large set is looked for along the order, a small one sorted.
func (w *walker) walk(order int, rank int64, docs *roaring.Bitmap) {
	need := w.need - len(w.hits)
	size := int(docs.GetCardinality())
	if need <= 0 || size == 0 {
		return
	}
	along := w.orders[order]
	if size <= need*len(along)/size {
		w.sorted(order, rank, docs, need)
		return
	}
	for at := w.begin(order); at < len(along) && need > 0; at++ {
		if doc := along[at]; docs.Contains(doc) {
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

func (w *walker) sorted(order int, rank int64, docs *roaring.Bitmap, need int) {
	var list []uint32
	var worst *entry // of the best that are known, once there are enough of them
	for it := docs.Iterator(); it.HasNext(); {
		doc := it.Next()
		if !w.follows(order, doc) || worst != nil && w.before(order, &w.entries[doc], worst) > 0 {
			continue
		}
		if list = append(list, doc); len(list) == 4*need {
			w.sort(order, list)
			list = list[:need]
			worst = &w.entries[list[need-1]]
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
