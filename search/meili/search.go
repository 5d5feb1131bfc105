package meili

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/meilisearch/meilisearch-go"

	"gongshu/internal/fault"
	"gongshu/search"
	"gongshu/search/lex"
)

// position is where a hit stands: Key is what it has in the order, so that a page begins after it whatever has changed.
// By relevance Meilisearch has no such thing, and Offset is its number among the hits: what is put or removed between two
// pages can show a product twice or not at all.
type position struct {
	Key    string `json:"k,omitempty"`
	Offset int64  `json:"n,omitempty"`
}

// Search answers a query by one multi-search: the page, the counts, and once more for every facet that is filtered by,
// without its own filter. A text that could be a code is looked up as one first.
func (ix *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	if err := q.Check(); err != nil {
		return search.Result{}, err
	}
	var after position
	paged, err := q.Position(&after)
	if err != nil {
		return search.Result{}, err
	}
	leave, err := ix.enter(ctx)
	if err != nil {
		return search.Result{}, err
	}
	defer leave()
	within, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	result, err := ix.search(within, q, after, paged)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return search.Result{}, &unavailable{"it did not answer in time"}
	}
	return result, err
}

func (ix *Index) search(ctx context.Context, q search.Query, after position, paged bool) (search.Result, error) {
	a := read(q.Text, q.Operators)
	var filters []string
	whole := q.Text
	if len(a.excluded) > 0 {
		whole = "" // is no code: "-X" is not X
	}
	coded, err := ix.coded(ctx, whole)
	for _, not := range a.excluded {
		if c := codeIn(not.Text); c != "" {
			filters = append(filters, "NOT "+oneOf(attributeCodes, []string{facetValue(c)}))
		}
	}
	switch {
	case err != nil:
		return search.Result{}, err
	case coded != "":
		a = asked{}
		filters = append(filters, coded)
	case !a.everything && a.q == "":
		return nothing(q), nil
	}
	order := q.Order
	if order == "" {
		order = search.Relevance
	}
	if order == search.Relevance && a.q == "" {
		order = search.Newest
	}
	// A cursor that fits the query can still have been made by somebody, or before a code was there.
	if byKey := order != search.Relevance; paged && (byKey && !orderKeys.MatchString(after.Key) || !byKey && after.Key != "" || after.Offset < 0) {
		return search.Result{}, fault.New(fault.Invalid, "CURSOR_INVALID", "This cursor does not belong to this search.").At("after")
	}
	p := asking{ix: ix, q: a.q, filters: filters, filter: q.Filter}
	p.page(order, int64(q.First)+1, after)
	if q.CountTotal || q.Facets {
		p.counts(q.Facets)
	}
	if q.Facets {
		p.filtered()
	}
	mistypable := order == search.Relevance && !paged && a.mistypable()
	if mistypable {
		p.best()
	}
	answers, err := p.ask(ctx)
	if err != nil {
		return search.Result{}, err
	}
	result, err := answer(q, order, after, answers, p)
	if hits := answers[len(answers)-1].Hits; mistypable && err == nil && len(hits) > 0 {
		result.Corrected = corrected(a, hits[0])
	}
	return result, err
}

// nothing is the answer to a text that finds nothing.
func nothing(q search.Query) search.Result {
	result := search.Result{Hits: []search.Hit{}}
	if q.Facets {
		result.Facets = map[search.FacetName][]search.FacetCount{}
		for _, name := range search.FacetNames {
			result.Facets[name] = []search.FacetCount{}
		}
	}
	return result
}

// maxCode is the longest text that is looked up as a code, in bytes.
const maxCode = 100

// codeIn is the code that a text may be, "" where it can be none.
func codeIn(text string) string {
	c := lex.Code(text)
	if len(c) < 4 || len(c) > maxCode || !strings.ContainsAny(c, "0123456789") {
		return ""
	}
	return c
}

// coded is the filter for the products with a code, "" where the text is the code of none.
func (ix *Index) coded(ctx context.Context, text string) (string, error) {
	c := codeIn(text)
	if c == "" {
		return "", nil
	}
	filter := oneOf(attributeCodes, []string{facetValue(c)})
	p := asking{ix: ix, filters: []string{filter}}
	p.counts(false)
	answers, err := p.ask(ctx)
	if err != nil || answers[0].TotalHits == 0 {
		return "", err
	}
	return filter, nil
}

// asking gathers the searches of one query.
type asking struct {
	ix      *Index
	q       string
	filters []string // beside that of the query
	filter  search.Filter
	queries []*meilisearch.SearchRequest
	// facets are those that are filtered by, whose own queries begin at from.
	facets []search.FacetName
	from   int
}

// narrow is the whole filter as an expression, without that of one facet; nil where there is none.
func (p *asking) narrow(but search.FacetName, more ...string) any {
	parts := slices.Concat(p.filters, more)
	for _, name := range search.FacetNames {
		if values := p.filter.FacetValues(name); name != but && len(values) > 0 {
			parts = append(parts, oneOf(facetAttribute(name), facetValues(values)))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return strings.Join(parts, " AND ")
}

// oneOf is the expression for an attribute with one of the values, which are forms of facetValue.
func oneOf(attribute string, forms []string) string {
	return fmt.Sprintf(`%s IN ["%s"]`, attribute, strings.Join(forms, `","`))
}

func (p *asking) add(r *meilisearch.SearchRequest) {
	r.IndexUID, r.Query = p.ix.uid, p.q
	if p.q != "" {
		r.MatchingStrategy, r.Locales = meilisearch.All, locales
	}
	p.queries = append(p.queries, r)
}

func (p *asking) page(order search.Order, limit int64, after position) {
	r := &meilisearch.SearchRequest{Limit: limit, AttributesToRetrieve: []string{attributeID}, ShowMatchesPosition: p.q != ""}
	if order == search.Relevance {
		r.Offset = after.Offset
		r.Filter = p.narrow("")
	} else {
		by := orderAttribute(order)
		r.Sort = []string{by + ":asc"}
		r.AttributesToRetrieve = append(r.AttributesToRetrieve, by)
		if after.Key != "" {
			r.Filter = p.narrow("", fmt.Sprintf(`%s > "%s"`, by, after.Key))
		} else {
			r.Filter = p.narrow("")
		}
	}
	p.add(r)
}

// counts asks for the exact total, which Meilisearch gives to who asks for pages, and for the facets that are not filtered by.
func (p *asking) counts(facets bool) {
	r := &meilisearch.SearchRequest{HitsPerPage: new(int64), Filter: p.narrow("")}
	if facets {
		for _, name := range search.FacetNames {
			if len(p.filter.FacetValues(name)) == 0 {
				r.Facets = append(r.Facets, facetAttribute(name))
			}
		}
	}
	p.add(r)
}

// filtered asks for each facet that is filtered by, without its own filter.
func (p *asking) filtered() {
	p.from = len(p.queries)
	for _, name := range search.FacetNames {
		if len(p.filter.FacetValues(name)) > 0 {
			p.facets = append(p.facets, name)
			p.add(&meilisearch.SearchRequest{HitsPerPage: new(int64), Filter: p.narrow(name), Facets: []string{facetAttribute(name)}})
		}
	}
}

// best asks for the best hit with its texts, to see what the text was taken for.
func (p *asking) best() {
	p.add(&meilisearch.SearchRequest{Limit: 1, Filter: p.narrow(""), AttributesToRetrieve: legible(), ShowMatchesPosition: true})
}

func (p *asking) ask(ctx context.Context) ([]meilisearch.SearchResponse, error) {
	answers, err := p.ix.server.MultiSearchWithContext(ctx, &meilisearch.MultiSearchRequest{Queries: p.queries})
	if err != nil {
		return nil, meaning(ctx, err)
	}
	if len(answers.Results) != len(p.queries) {
		return nil, &unavailable{"its answer lacks a part"}
	}
	return answers.Results, nil
}

// answer makes a result of what the searches of a query found.
func answer(q search.Query, order search.Order, after position, answers []meilisearch.SearchResponse, p asking) (search.Result, error) {
	hits := answers[0].Hits
	result := search.Result{HasMore: len(hits) > q.First}
	hits = hits[:min(len(hits), q.First)]
	result.Hits = make([]search.Hit, len(hits))
	cursor := q.Cursors()
	for i, hit := range hits {
		id, err := uuid.Parse(text(hit[attributeID]))
		if err != nil {
			return search.Result{}, &unavailable{"it found what has no id of ours"}
		}
		at := position{Offset: after.Offset + int64(i) + 1}
		if order != search.Relevance {
			at = position{Key: text(hit[orderAttribute(order)])}
		}
		result.Hits[i] = search.Hit{ID: id, Matched: matched(hit), Cursor: cursor(at)}
	}
	if q.CountTotal {
		result.Total = int(answers[1].TotalHits)
	}
	if !q.Facets {
		return result, nil
	}
	result.Facets = make(map[search.FacetName][]search.FacetCount, len(search.FacetNames))
	for _, name := range search.FacetNames {
		from := answers[1]
		if i := slices.Index(p.facets, name); i >= 0 {
			from = answers[p.from+i]
		}
		counts, err := facetCounts(from.FacetDistribution, facetAttribute(name))
		if err != nil {
			return search.Result{}, err
		}
		var list []search.FacetCount
		for form, count := range counts {
			if value, ok := valueOf(form); ok {
				list = append(list, search.FacetCount{Value: value, Count: count})
			}
		}
		result.Facets[name] = search.RankFacetCounts(append([]search.FacetCount{}, list...))
	}
	return result, nil
}

// facetCounts are the counts of one attribute by value.
func facetCounts(distribution json.RawMessage, attribute string) (map[string]int, error) {
	var all map[string]map[string]int
	if err := json.Unmarshal(distribution, &all); err != nil {
		return nil, &unavailable{"its counts cannot be read"}
	}
	return all[attribute], nil
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// matched are the fields in which Meilisearch found words of the text, the most telling first.
func matched(hit meilisearch.Hit) []search.Field {
	var positions map[string]json.RawMessage
	if json.Unmarshal(hit["_matchesPosition"], &positions) != nil {
		return nil
	}
	found := map[search.Field]bool{}
	for attribute := range positions {
		if field, ok := fieldOf(attribute); ok {
			found[field] = true
		}
	}
	var fields []search.Field
	for _, field := range search.Fields {
		if found[field] {
			fields = append(fields, field)
		}
	}
	return fields
}
