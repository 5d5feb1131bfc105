package graph

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/resource"
	"gongshu/graph/model"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
	"gongshu/search"
)

// asked fills in what a question to the search is to count and how long its page is: what the query selects. It reports
// whether it selects where hits match.
func asked(ctx context.Context, q *search.Query, n int) (matches bool) {
	operation := graphql.GetOperationContext(ctx)
	for _, f := range graphql.CollectFieldsCtx(ctx, nil) {
		switch f.Name {
		case "edges":
			q.First = n
			for _, of := range graphql.CollectFields(operation, f.Selections, nil) {
				matches = matches || of.Name == "matches"
			}
		case "pageInfo":
			q.First = n
		case "totalCount":
			q.CountTotal = true
		case "facets":
			q.Facets = true
		}
	}
	return matches
}

// seenEdges makes edges of the hits that the viewer sees as rows, and the page's info, which goes on after the last hit all
// the same. With matches it says where the text matches in each.
func seenEdges[Row, Edge any](hits []search.Hit, hasMore bool, rows []*Row, idOf func(*Row) uuid.UUID, edge func(cursor string, row Row, matches []*model.SearchMatch) Edge,
	matches func(ids []uuid.UUID) (map[uuid.UUID][]search.Match, error)) (out []Edge, info model.PageInfo, err error) {
	seen := make(map[uuid.UUID]*Row, len(rows))
	for _, row := range rows {
		seen[idOf(row)] = row
	}
	var where map[uuid.UUID][]search.Match
	if matches != nil {
		if where, err = matches(slices.Collect(maps.Keys(seen))); err != nil {
			return nil, info, err
		}
	}
	out, info = []Edge{}, model.PageInfo{HasNextPage: hasMore}
	for _, hit := range hits {
		info.EndCursor = &hit.Cursor
		if row := seen[hit.ID]; row != nil {
			out = append(out, edge(hit.Cursor, *row, matchesOf(where[hit.ID])))
		}
	}
	return out, info, nil
}

// idsFound are the ids of hits.
func idsFound(hits []search.Hit) []uuid.UUID {
	ids := make([]uuid.UUID, len(hits))
	for i, hit := range hits {
		ids[i] = hit.ID
	}
	return ids
}

// matchesOf puts matches into pieces, one of each field.
func matchesOf(matches []search.Match) []*model.SearchMatch {
	out := []*model.SearchMatch{}
	for _, m := range matches {
		if len(out) == 0 || out[len(out)-1].Field != m.Field {
			out = append(out, &model.SearchMatch{Field: m.Field, Pieces: pieces(m)})
		}
	}
	return out
}

// How much of a long text is shown, in characters: before the first match, and in all.
const (
	excerptBefore = 20
	excerptLength = 120
)

// pieces cuts what is around the first match, by turns into what does not match and what does.
func pieces(m search.Match) (out []string) {
	from, to := 0, len(m.Text)
	if utf8.RuneCountInString(m.Text) > excerptLength {
		from = m.Ranges[0][0]
		for n := 0; n < excerptBefore && from > 0; n++ {
			_, size := utf8.DecodeLastRuneInString(m.Text[:from])
			from -= size
		}
		to = from
		for n := 0; n < excerptLength && to < len(m.Text); n++ {
			_, size := utf8.DecodeRuneInString(m.Text[to:])
			to += size
		}
	}
	at, begin := from, ""
	if from > 0 {
		begin = "…"
	}
	for _, r := range m.Ranges {
		if r[0] >= to {
			break
		}
		out = append(out, begin+m.Text[at:r[0]], m.Text[r[0]:min(r[1], to)])
		at, begin = min(r[1], to), ""
	}
	rest := m.Text[at:to]
	if to < len(m.Text) {
		rest += "…"
	}
	out = append(out, begin+rest)
	for i := range out {
		out[i] = strings.ToValidUTF8(out[i], "\ufffd")
	}
	return out
}

// matchesIn asks where a query matches, nil where nobody asks.
func (r *queryResolver) matchesIn(ctx context.Context, q search.Query, asked bool,
	of func(ctx context.Context, text string, ids []uuid.UUID) (map[uuid.UUID][]search.Match, error)) func(ids []uuid.UUID) (map[uuid.UUID][]search.Match, error) {
	if !asked {
		return nil
	}
	return func(ids []uuid.UUID) (map[uuid.UUID][]search.Match, error) { return of(ctx, q.Text, ids) }
}

// resourceSearch turns the arguments of publishedResources into a question for the search.
func resourceSearch(text *string, filter *model.PublishedResourceFilter, orderBy *search.Order, after *string) (q search.Query, err error) {
	q = search.Query{Text: valueOr(text), Order: valueOr(orderBy), After: valueOr(after)}
	if filter == nil {
		return q, nil
	}
	domains, err := parseIDs(domainID, filter.DomainIds.Value(), "filter.domainIds")
	if err != nil {
		return q, err
	}
	for _, id := range domains {
		q.Filter.DomainIDs = append(q.Filter.DomainIDs, id.String())
	}
	q.Filter.SourceUnitIDs, err = parseIDs(organisationID, filter.SourceUnitIds.Value(), "filter.sourceUnitIds")
	q.Filter.UpdateFrequencies = texts(filter.UpdateFrequencies.Value())
	return q, err
}

// resourceFacets are the facets that resources have.
var resourceFacets = []search.FacetName{search.FacetDomain, search.FacetSourceUnit, search.FacetUpdateFrequency}

// findResources is findProducts for published resources.
func (r *queryResolver) findResources(ctx context.Context, q search.Query, matches bool) (*model.PublishedResourceConnection, error) {
	found, instead, err := r.Market.ResourcesFind(ctx, q)
	if err != nil {
		return nil, err
	}
	var rows []*db.Resource
	if len(found.Hits) > 0 {
		if rows, err = r.Store.Read().Resource.Query().Where(resource.IDIn(idsFound(found.Hits)...), resource.StatusEQ(authorisation.ResourcePublished)).All(ctx); err != nil {
			return nil, err
		}
	}
	loadersOf(ctx).expectResources(rows)
	out := &model.PublishedResourceConnection{
		TotalCount: found.Total, Corrected: unlessZero(found.Corrected), Dropped: found.Dropped, Near: found.Near, IsReduced: instead,
	}
	out.Edges, out.PageInfo, err = seenEdges(found.Hits, found.HasMore, rows, func(r *db.Resource) uuid.UUID { return r.ID },
		func(cursor string, row db.Resource, matches []*model.SearchMatch) *model.PublishedResourceEdge {
			return &model.PublishedResourceEdge{Cursor: cursor, Node: row, Matches: matches}
		}, r.matchesIn(ctx, q, matches, r.Market.ResourceMatches))
	if err != nil {
		return nil, err
	}
	all, err := facets(ctx, found.Facets)
	out.Facets = slices.DeleteFunc(all, func(f *model.Facet) bool { return !slices.Contains(resourceFacets, f.Name) })
	return out, err
}

// synonymGroups reads a page of the groups that have a word with a part, of all where nothing is asked for.
func (r *queryResolver) synonymGroups(ctx context.Context, query *string, first *int, after *string) (*model.SynonymGroupConnection, error) {
	part := strings.TrimSpace(valueOr(query))
	if err := search.CheckText(part, "query"); err != nil {
		return nil, err
	}
	groups := r.Store.Read().SynonymGroup.Query()
	if part != "" {
		groups.Where(store.HasSynonym(part))
	}
	p, err := fetchPage(ctx, groups, first, after, newestFirst, func(g *db.SynonymGroup) uuid.UUID { return g.ID })
	if err != nil {
		return nil, err
	}
	return &model.SynonymGroupConnection{PageInfo: *p.info(), Edges: edges(p, func(cursor string, g *db.SynonymGroup) *model.SynonymGroupEdge {
		return &model.SynonymGroupEdge{Cursor: cursor, Node: *g}
	})}, nil
}
