package bleve

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	blevesearch "github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
	"github.com/google/uuid"

	"gongshu/search"
)

// Search answers a query from one snapshot of the index.
//
// bleve's own collector is not used: it would need one search per facet with a filter, compares prices as floats,
// and pages by exact scores, which every Put changes a little.
func (ix *Index) Search(ctx context.Context, q search.Query) (result search.Result, err error) {
	if err := q.Check(); err != nil {
		return search.Result{}, err
	}
	var after place
	paged, err := q.Position(&after)
	if err != nil {
		return search.Result{}, err
	}
	leave, err := ix.enter(ctx)
	if err != nil {
		return search.Result{}, err
	}
	defer leave()

	reader, err := ix.store.Reader()
	if err != nil {
		return search.Result{}, fmt.Errorf("read the search index: %w", err)
	}
	defer func() { err = errors.Join(err, reader.Close()) }()

	c := newCollector(q, reader)
	if paged {
		c.after = &after
	}
	if err := c.collect(ctx, ix); err != nil {
		return search.Result{}, fmt.Errorf("search: %w", err)
	}
	return c.result(), nil
}

// place is where a hit stands among the hits of a query. Places are totally ordered.
type place struct {
	// Rank is higher for what comes first in the order of the query.
	Rank int64 `json:"r"`
	// Listed is when the product was listed, in microseconds since 1970.
	Listed int64     `json:"t"`
	ID     uuid.UUID `json:"i"`
}

// compare is negative when p comes before o.
func (p place) compare(o place) int {
	return cmp.Or(p.compareButID(o), bytes.Compare(p.ID[:], o.ID[:]))
}

func (p place) compareButID(o place) int {
	return cmp.Or(cmp.Compare(o.Rank, p.Rank), cmp.Compare(o.Listed, p.Listed))
}

// relevance makes a score a rank, in steps of about 2 %: differences below that are noise, and those steps,
// unlike the scores, mostly survive that other products come and go while somebody turns pages.
func relevance(score float64) int64 {
	if score <= 0 {
		return math.MinInt64
	}
	return int64(math.Round(50 * math.Log(score)))
}

// collector makes one pass over the documents that match the text.
type collector struct {
	query  search.Query
	reader index.IndexReader
	after  *place
	// wanted are the filter's values by facet, nil where any will do.
	wanted []map[string]bool
	counts []map[string]*int

	facts facts
	// best are the places that may be on the page: fewer than two pages of them, the first of which is sorted once cut is true.
	best []place
	cut  bool
	// total counts the hits, later those of them that come after the cursor.
	total, later int
}

// facts are what the collector knows of the document at hand. The values live until the next document.
type facts struct {
	price, listed int64
	values        [][][]byte
}

func newCollector(q search.Query, reader index.IndexReader) *collector {
	n := len(search.FacetNames)
	c := &collector{query: q, reader: reader, wanted: make([]map[string]bool, n), counts: make([]map[string]*int, n), facts: facts{values: make([][][]byte, n)}}
	for i, name := range search.FacetNames {
		c.counts[i] = map[string]*int{}
		for _, value := range q.Filter.FacetValues(name) {
			if c.wanted[i] == nil {
				c.wanted[i] = map[string]bool{}
			}
			c.wanted[i][value] = true
		}
	}
	return c
}

// collect visits every document that matches the text.
func (c *collector) collect(ctx context.Context, ix *Index) (err error) {
	options := blevesearch.SearcherOptions{}
	if !c.byRelevance() {
		options.Score = "none"
	}
	searcher, err := find(c.query.Text).Searcher(ctx, c.reader, ix.noMap, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, searcher.Close()) }()
	values, err := c.reader.DocValueReader([]string{factsField})
	if err != nil {
		return err
	}
	found := &blevesearch.SearchContext{
		DocumentMatchPool: blevesearch.NewDocumentMatchPool(searcher.DocumentMatchPoolSize()+1, 0),
		IndexReader:       c.reader,
	}
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		match, err := searcher.Next(found)
		if err != nil || match == nil {
			return err
		}
		c.facts.reset()
		if err := values.VisitDocValues(match.IndexInternalID, c.facts.learn); err != nil {
			return err
		}
		if c.admit() {
			if err := c.offer(match); err != nil {
				return err
			}
		}
		found.DocumentMatchPool.Put(match)
	}
}

func (f *facts) reset() {
	for i := range f.values {
		f.values[i] = f.values[i][:0]
	}
}

// learn takes one fact of the document at hand.
func (f *facts) learn(_ string, term []byte) {
	if len(term) == 0 {
		return
	}
	kind, value := term[0], term[1:]
	switch kind {
	case factPrice:
		f.price = number(value)
	case factListed:
		f.listed = number(value)
	default:
		if i := int(kind) - factFacet; i >= 0 && i < len(f.values) {
			f.values[i] = append(f.values[i], value)
		}
	}
}

// number reads what entry wrote.
func number(text []byte) int64 {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		panic("search index: a fact is no number: " + err.Error())
	}
	return n
}

// admit reports whether the document at hand passes every filter, and counts it: in all facets when it does,
// and when it fails one filter alone, in that facet, whose own filter does not apply to it.
func (c *collector) admit() bool {
	failed := -1
	for i, wanted := range c.wanted {
		if wanted == nil || slices.ContainsFunc(c.facts.values[i], func(value []byte) bool { return wanted[string(value)] }) {
			continue
		}
		if failed >= 0 {
			return false
		}
		failed = i
	}
	if c.query.Facets {
		for i, values := range c.facts.values {
			if failed >= 0 && failed != i {
				continue
			}
			for _, value := range values {
				if n, ok := c.counts[i][string(value)]; ok {
					*n++
				} else {
					one := 1
					c.counts[i][string(value)] = &one
				}
			}
		}
	}
	return failed < 0
}

// offer counts a hit and keeps its place while it may be on the page.
// The id is read last, and only where it may decide.
func (c *collector) offer(match *blevesearch.DocumentMatch) error {
	c.total++
	here := place{Rank: c.rank(match.Score), Listed: c.facts.listed}
	if c.after != nil && here.compareButID(*c.after) < 0 {
		return nil
	}
	if c.cut && here.compareButID(c.best[c.query.First-1]) > 0 {
		c.later++
		return nil
	}
	text, err := c.reader.ExternalID(match.IndexInternalID)
	if err != nil {
		return err
	}
	if here.ID, err = uuid.Parse(text); err != nil {
		return fmt.Errorf("a document's id: %w", err)
	}
	if c.after != nil && here.compare(*c.after) <= 0 {
		return nil
	}
	c.later++
	if c.query.First == 0 {
		return nil
	}
	if c.best = append(c.best, here); len(c.best) == 2*c.query.First {
		c.cutPage()
	}
	return nil
}

// cutPage sorts the places and keeps the first page of them.
func (c *collector) cutPage() {
	slices.SortFunc(c.best, place.compare)
	if len(c.best) > c.query.First {
		c.best = c.best[:c.query.First]
		c.cut = true
	}
}

func (c *collector) byRelevance() bool {
	return c.query.Order == "" || c.query.Order == search.Relevance
}

// rank is what the query orders by, higher first; the complement turns a price round without overflow.
func (c *collector) rank(score float64) int64 {
	switch c.query.Order {
	case search.Newest:
		return 0
	case search.PriceLow:
		return ^c.facts.price
	case search.PriceHigh:
		return c.facts.price
	default:
		return relevance(score)
	}
}

func (c *collector) result() search.Result {
	c.cutPage()
	result := search.Result{Hits: make([]search.Hit, len(c.best)), HasMore: c.later > len(c.best)}
	for i, p := range c.best {
		result.Hits[i] = search.Hit{ID: p.ID, Cursor: c.query.Cursor(p)}
	}
	if c.query.CountTotal {
		result.Total = c.total
	}
	if c.query.Facets {
		result.Facets = make(map[search.FacetName][]search.FacetCount, len(search.FacetNames))
		for i, name := range search.FacetNames {
			counts := make(map[string]int, len(c.counts[i]))
			for value, n := range c.counts[i] {
				counts[value] = *n
			}
			result.Facets[name] = search.FacetCounts(counts)
		}
	}
	return result
}
