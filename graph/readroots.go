package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/ent/db"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/product"
	"gongshu/graph/generated"
	"gongshu/graph/model"
	"gongshu/graph/records"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/search"
)

// RecordPrefixes are the prefixes of the ids of what is recorded, by type.
var RecordPrefixes = map[string]string{"Product": productID, "Organisation": organisationID, "Resource": resourceID, "Domain": domainID}

// Records keeps the records of a market's products, and makes them and those of what they share by its resolvers.
func Records(m *market.Market) (*records.Keeper, error) {
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: &Resolver{Store: m.Store, Market: m}})
	shape, err := records.ShapeOf(schema.Schema())
	if err != nil {
		return nil, err
	}
	exec := executor.New(schema)
	exec.SetQueryCache(lru.New[*ast.QueryDocument](len(RecordPrefixes)))
	exec.AroundFields(Legible(schema.Schema()))
	exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		return next(WithLoaders(ctx, m.Store))
	})
	return &records.Keeper{Store: m.Store, Maker: records.NewMaker(exec, RecordPrefixes), Shape: shape}, nil
}

// readRoots answer fields of Query without resolving field by field, by the rules of their resolvers.
type readRoots struct {
	*queryResolver
	shape  *records.Shape
	source records.Source
	values *facetValues
}

// ReadRoots are the fields of Query that are answered from records: what is public, and a buyer's own orders. Records are read
// from a source.
func ReadRoots(r *Resolver, shape *records.Shape, source records.Source) map[string]records.Root {
	p := readRoots{&queryResolver{r}, shape, source, &facetValues{}}
	return map[string]records.Root{
		"product":            {Type: "Product", Do: p.product},
		"products":           {Type: "ProductConnection", Do: p.products},
		"resource":           {Type: "Resource", Do: p.shared("Resource", resourceID)},
		"publishedResources": {Type: "PublishedResourceConnection", Do: p.resources},
		"organisation":       {Type: "Organisation", Do: p.shared("Organisation", organisationID)},
		"domains":            {Type: "Domain", List: true, Do: p.domains},
		"operators":          {Type: "OrganisationConnection", Do: p.operators},
		"priceList":          {Type: "PriceListConnection", Do: p.priceList},
		"orders":             {Type: "OrderConnection", Do: p.orders},
	}
}

// recorded are the records of those products that are on the market, as far as they are asked for, how many of all are known to be
// on it or not, and the epoch.
func (p readRoots) recorded(ctx context.Context, a records.Asked, ids []uuid.UUID) (own map[uuid.UUID]records.Record, known int, epoch int64, err error) {
	own = make(map[uuid.UUID]records.Record, len(ids))
	epoch, err = p.source.ProductRecords(ctx, p.shape.Number, ids, a.Whole, func(id uuid.UUID, body, apart []byte) {
		if known++; len(body) > 0 {
			own[id] = a.Keep(body, apart)
		}
	})
	return own, known, epoch, err
}

// product is one that is on the market. Of another it knows nothing: who asks may see it all the same.
func (p readRoots) product(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	id, ok := askedID(a, productID)
	if !ok {
		return out, false
	}
	own, _, epoch, err := p.recorded(ctx, a, []uuid.UUID{id})
	out.Record, out.Epoch = own[id], epoch
	return out, read(ctx, err) && out.Record != nil
}

// read reports whether something was read. What was not is answered by the resolvers, so that somebody has to be told.
func read(ctx context.Context, err error) bool {
	if err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "records: reads are answered by the resolvers", "error", err)
	}
	return err == nil
}

func askedID(a records.Asked, prefix string) (id uuid.UUID, ok bool) {
	text, isText := a.Arguments["id"].(string)
	id, isID := publicid.Parse(prefix, text)
	return id, isText && isID
}

// shared is one of what products share. Of one that not everybody sees it knows nothing.
func (p readRoots) shared(name, prefix string) func(context.Context, records.Asked) (records.Answered, bool) {
	return func(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
		id, ok := askedID(a, prefix)
		if !ok {
			return out, false
		}
		var err error
		if out.Epoch, err = p.source.PublicEpoch(ctx); !read(ctx, err) {
			return out, false
		}
		found := a.Need(out.Epoch, p.shape.Type(name), id)
		if found == nil {
			return out, false
		}
		out.Record = found[0]
		return out, true
	}
}

// domains are all, in the order in which they became known.
func (p readRoots) domains(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	ids, epoch, err := p.Store.PublicDomains(ctx)
	if !read(ctx, err) {
		return out, false
	}
	out.Epoch, out.Records = epoch, a.Need(epoch, p.shape.Type("Domain"), ids...)
	return out, len(out.Records) == len(ids)
}

// operators is Operators from records.
func (p readRoots) operators(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	var in struct {
		First *int
		After *string
	}
	if !given(a, &in) {
		return out, false
	}
	// The epoch comes first: whoever is on the page is so in it or later.
	epoch, err := p.source.PublicEpoch(ctx)
	if !read(ctx, err) {
		return out, false
	}
	found, err := fetchPage(ctx, p.verifiedOperators(ctx).Select(organisation.FieldID).OrganisationQuery, in.First, in.After, oldestFirst, func(o *db.Organisation) uuid.UUID { return o.ID })
	if err != nil {
		return out, false
	}
	var edges []records.Record
	for _, row := range found.rows {
		edges = append(edges, p.shape.Type("OrganisationEdge").Of(records.Fields{{"cursor", jsonText(cursor(row.ID))}, {"node", row.ID[:]}}))
	}
	out.Epoch = epoch
	out.Record = p.shape.Type("OrganisationConnection").Of(records.Fields{{"edges", records.List(edges)}, {"pageInfo", p.pageInfo(found.info())}})
	return out, true
}

// priceList is PriceList from records.
func (p readRoots) priceList(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	var in struct {
		Query *string
		First *int
		After *string
	}
	if !given(a, &in) {
		return out, false
	}
	hits, info, err := p.priceListHits(ctx, valueOr(in.Query), in.First, in.After)
	if err != nil {
		return out, false
	}
	ids := idsFound(hits)
	var known int
	out.Own, known, out.Epoch, err = p.recorded(ctx, a, ids)
	if !read(ctx, err) || known < len(ids) {
		return out, false
	}
	products, entry := p.shape.Type("Product"), p.shape.Type("PriceListEntry")
	var edges []records.Record
	for _, hit := range hits {
		if of := out.Own[hit.ID]; of != nil {
			node := entry.Of(records.Fields{{"product", hit.ID[:]}, {"plans", products.Value(of, "plans")}})
			edges = append(edges, p.shape.Type("PriceListEdge").Of(records.Fields{{"cursor", jsonText(hit.Cursor)}, {"node", node}}))
		}
	}
	out.Record = p.shape.Type("PriceListConnection").Of(records.Fields{{"edges", records.List(edges)}, {"pageInfo", p.pageInfo(info)}})
	return out, true
}

// priceListHits are the products of a page of the price list: of all by keyset, of a query by the search.
func (p readRoots) priceListHits(ctx context.Context, query string, first *int, after *string) (hits []search.Hit, info *model.PageInfo, err error) {
	if strings.TrimSpace(query) == "" {
		listed := p.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).Select(product.FieldID).ProductQuery
		found, err := fetchPage(ctx, listed, first, after, newestFirst, func(row *db.Product) uuid.UUID { return row.ID })
		for _, row := range found.rows {
			hits = append(hits, search.Hit{ID: row.ID, Cursor: cursor(row.ID)})
		}
		return hits, found.info(), err
	}
	n, err := pageSize(first)
	if err != nil {
		return nil, nil, err
	}
	found, _, err := p.Market.ProductsFind(ctx, search.Query{Text: query, First: n, After: valueOr(after)})
	info = &model.PageInfo{HasNextPage: found.HasMore}
	if len(found.Hits) > 0 {
		info.EndCursor = &found.Hits[len(found.Hits)-1].Cursor
	}
	return found.Hits, info, err
}

// pageInfo is the record of where a page ends.
func (p readRoots) pageInfo(info *model.PageInfo) records.Record {
	end := null
	if info.EndCursor != nil {
		end = jsonText(*info.EndCursor)
	}
	return p.shape.Type("PageInfo").Of(records.Fields{{"hasNextPage", strconv.AppendBool(nil, info.HasNextPage)}, {"endCursor", end}})
}

// searched are the arguments that searches share.
type searched struct {
	Query   *string
	OrderBy *search.Order
	First   *int
	After   *string
}

// asks fills in what a question to the search is to count and how long its page is, by what the query selects.
func (s searched) asks(a records.Asked, q *search.Query) bool {
	n, err := pageSize(s.First)
	if err != nil {
		return false
	}
	if a.Selects("edges") || a.Selects("pageInfo") {
		q.First = n
	}
	q.CountTotal, q.Facets = a.Selects("totalCount"), a.Selects("facets")
	return true
}

// given reads the arguments of a field.
func given(a records.Asked, in any) bool {
	text, err := json.Marshal(a.Arguments)
	return err == nil && json.Unmarshal(text, in) == nil
}

// products is findProducts from records.
func (p readRoots) products(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	var in struct {
		searched
		Filter *model.ProductFilter
	}
	if !given(a, &in) {
		return out, false
	}
	q, err := productQuery(in.Query, in.Filter, in.OrderBy, in.After)
	if err != nil || !in.asks(a, &q) {
		return out, false
	}
	found, instead, err := p.Market.ProductsFind(ctx, q)
	if err != nil {
		return out, false
	}
	ids := idsFound(found.Hits)
	var known int
	out.Own, known, out.Epoch, err = p.recorded(ctx, a, ids)
	if !read(ctx, err) || known < len(ids) {
		return out, false
	}
	facets, ok := p.recordedFacets(a, out.Epoch, found.Facets, search.FacetNames)
	if !ok {
		return out, false
	}
	return p.connection(ctx, a, out, q.Text, found, instead, facets, "Product", p.Market.ProductMatches)
}

// resources is findResources from records.
func (p readRoots) resources(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	var in struct {
		searched
		Filter *model.PublishedResourceFilter
	}
	if !given(a, &in) {
		return out, false
	}
	q, err := resourceSearch(in.Query, in.Filter, in.OrderBy, in.After)
	if err != nil || !in.asks(a, &q) {
		return out, false
	}
	found, instead, err := p.Market.ResourcesFind(ctx, q)
	if err != nil {
		return out, false
	}
	if out.Epoch, err = p.source.PublicEpoch(ctx); !read(ctx, err) {
		return out, false
	}
	ids, of := idsFound(found.Hits), p.shape.Type("Resource")
	all := a.Need(out.Epoch, of, ids...)
	if len(all) < len(ids) {
		return out, false
	}
	out.Own = make(map[uuid.UUID]records.Record, len(ids))
	published := jsonText(string(authorisation.ResourcePublished))
	for i, id := range ids {
		if bytes.Equal(of.Value(all[i], "status"), published) {
			out.Own[id] = all[i]
		}
	}
	facets, ok := p.recordedFacets(a, out.Epoch, found.Facets, resourceFacets)
	if !ok {
		return out, false
	}
	return p.connection(ctx, a, out, q.Text, found, instead, facets, "PublishedResource", p.Market.ResourceMatches)
}

// connection is the page of what was found and of which there are records, by the rules of seenEdges.
func (p readRoots) connection(ctx context.Context, a records.Asked, out records.Answered, text string, found search.Result, instead bool, facets []records.Record, name string,
	matchesOfIDs func(ctx context.Context, text string, ids []uuid.UUID) (map[uuid.UUID][]search.Match, error)) (records.Answered, bool) {
	var matches map[uuid.UUID][]search.Match
	if a.Selects("edges.matches") {
		var err error
		seen := slices.DeleteFunc(idsFound(found.Hits), func(id uuid.UUID) bool { return out.Own[id] == nil })
		if matches, err = matchesOfIDs(ctx, text, seen); err != nil {
			return out, false
		}
	}
	edgeType := p.shape.Type(name + "Edge")
	var edges []records.Record
	info := &model.PageInfo{HasNextPage: found.HasMore}
	for _, hit := range found.Hits {
		info.EndCursor = &hit.Cursor
		if out.Own[hit.ID] == nil {
			continue
		}
		var all []records.Record
		for _, m := range matchesOf(matches[hit.ID]) {
			all = append(all, p.shape.Type("SearchMatch").Of(records.Fields{{"field", jsonText(string(m.Field))}, {"pieces", jsonTexts(m.Pieces)}}))
		}
		edges = append(edges, edgeType.Of(records.Fields{{"cursor", jsonText(hit.Cursor)}, {"node", hit.ID[:]}, {"matches", records.List(all)}}))
	}
	out.Record = p.shape.Type(name + "Connection").Of(records.Fields{
		{"edges", records.List(edges)},
		{"pageInfo", p.pageInfo(info)},
		{"totalCount", strconv.AppendInt(nil, int64(found.Total), 10)},
		{"facets", records.List(facets)},
		{"corrected", jsonUnlessEmpty(found.Corrected)},
		{"dropped", jsonTexts(found.Dropped)},
		{"near", jsonTexts(found.Near)},
		{"isReduced", strconv.AppendBool(nil, instead)},
	})
	return out, true
}

var null = []byte("null")

// jsonOf is a value as gqlgen writes it.
func jsonOf(value graphql.Marshaler) []byte {
	var out bytes.Buffer
	value.MarshalGQL(&out)
	return out.Bytes()
}

func jsonText(text string) []byte {
	if strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == '"' || c == '\\' }) {
		return jsonOf(graphql.MarshalString(text))
	}
	out := make([]byte, 0, len(text)+2)
	return append(append(append(out, '"'), text...), '"')
}

// jsonUnlessEmpty is a text, or null for none.
func jsonUnlessEmpty(text string) []byte {
	if text == "" {
		return null
	}
	return jsonText(text)
}

// jsonTexts is a list of texts.
func jsonTexts(texts []string) []byte {
	out := []byte{'['}
	for i, text := range texts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, jsonText(text)...)
	}
	return append(out, ']')
}
