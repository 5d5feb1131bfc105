package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"gongshu/graph/model"
	"gongshu/graph/records"
	"gongshu/internal/publicid"
	"gongshu/search"
)

// RecordPrefixes are the prefixes of the ids of what is recorded, by type.
var RecordPrefixes = map[string]string{"Product": productID, "Organisation": organisationID, "Resource": resourceID, "Domain": domainID}

// publicReads answer fields of Query from records, by the rules of their resolvers.
type publicReads struct {
	*queryResolver
	shape *records.Shape
}

// PublicReads are the fields of Query that are answered from records.
func PublicReads(r *Resolver, shape *records.Shape) map[string]records.Root {
	p := publicReads{&queryResolver{r}, shape}
	return map[string]records.Root{
		"product":  {Type: "Product", Do: p.product},
		"products": {Type: "ProductConnection", Do: p.products},
	}
}

// product is one that is on the market. Of another it knows nothing: who asks may see it all the same.
func (p publicReads) product(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	text, isText := a.Arguments["id"].(string)
	id, isID := publicid.Parse(productID, text)
	if !isText || !isID {
		return out, false
	}
	var err error
	out.Epoch, err = p.Store.ProductRecords(ctx, p.shape.Number, []uuid.UUID{id}, func(_ uuid.UUID, body []byte) {
		if len(body) > 0 {
			out.Record = append(records.Record{}, body...)
		}
	})
	return out, err == nil && out.Record != nil
}

// products is findProducts from records.
func (p publicReads) products(ctx context.Context, a records.Asked) (out records.Answered, ok bool) {
	var in struct {
		Query   *string
		Filter  *model.ProductFilter
		OrderBy *search.Order
		First   *int
		After   *string
	}
	text, err := json.Marshal(a.Arguments)
	if err != nil || json.Unmarshal(text, &in) != nil {
		return out, false
	}
	n, err := pageSize(in.First)
	if err != nil {
		return out, false
	}
	q, err := productQuery(in.Query, in.Filter, in.OrderBy, in.After)
	if err != nil {
		return out, false
	}
	if a.Selects("edges") || a.Selects("pageInfo") {
		q.First = n
	}
	q.CountTotal, q.Facets = a.Selects("totalCount"), a.Selects("facets")
	found, instead, err := p.Market.ProductsFind(ctx, q)
	if err != nil {
		return out, false
	}
	ids := idsFound(found.Hits)
	out.Own = make(map[uuid.UUID]records.Record, len(ids))
	known := 0
	out.Epoch, err = p.Store.ProductRecords(ctx, p.shape.Number, ids, func(id uuid.UUID, body []byte) {
		if known++; len(body) > 0 {
			out.Own[id] = append(records.Record{}, body...)
		}
	})
	if err != nil || known < len(ids) {
		return out, false
	}
	var matches map[uuid.UUID][]search.Match
	if a.Selects("edges.matches") {
		seen := make([]uuid.UUID, 0, len(ids))
		for _, id := range ids {
			if out.Own[id] != nil {
				seen = append(seen, id)
			}
		}
		if matches, err = p.Market.ProductMatches(ctx, q.Text, seen); err != nil {
			return out, false
		}
	}
	edgeType := p.shape.Type("ProductEdge")
	var edges []records.Record
	end := []byte("null")
	for _, hit := range found.Hits {
		end = jsonText(hit.Cursor)
		if out.Own[hit.ID] == nil {
			continue
		}
		var all []records.Record
		for _, m := range matchesOf(matches[hit.ID]) {
			all = append(all, p.shape.Type("SearchMatch").Of(map[string][]byte{"field": jsonText(string(m.Field)), "pieces": jsonTexts(m.Pieces)}))
		}
		edges = append(edges, edgeType.Of(map[string][]byte{"cursor": jsonText(hit.Cursor), "node": hit.ID[:], "matches": records.List(all)}))
	}
	facets, ok := p.recordedFacets(a, out.Epoch, found.Facets)
	if !ok {
		return out, false
	}
	out.Record = p.shape.Type("ProductConnection").Of(map[string][]byte{
		"edges":      records.List(edges),
		"pageInfo":   p.shape.Type("PageInfo").Of(map[string][]byte{"hasNextPage": strconv.AppendBool(nil, found.HasMore), "endCursor": end}),
		"totalCount": strconv.AppendInt(nil, int64(found.Total), 10),
		"facets":     records.List(facets),
		"corrected":  jsonUnlessEmpty(found.Corrected),
		"dropped":    jsonTexts(found.Dropped),
		"near":       jsonTexts(found.Near),
		"isReduced":  strconv.AppendBool(nil, instead),
	})
	return out, true
}

// recordedFacets are the facets of counts, by the rules of facets.
func (p publicReads) recordedFacets(a records.Asked, epoch int64, counts map[search.FacetName][]search.FacetCount) (out []records.Record, ok bool) {
	if counts == nil {
		return nil, true
	}
	facet, value := p.shape.Type("Facet"), p.shape.Type("FacetValue")
	for _, name := range search.FacetNames {
		var values []records.Record
		for _, c := range counts[name] {
			one := map[string][]byte{"value": jsonText(c.Value), "count": strconv.AppendInt(nil, int64(c.Count), 10)}
			if id, err := uuid.Parse(c.Value); err != nil {
				words := labels[name][c.Value]
				one["label"], one["labelEn"] = jsonText(words[0]), jsonText(words[1])
			} else {
				of, prefix := p.shape.Type("Organisation"), organisationID
				if name == search.FacetDomain {
					of, prefix = p.shape.Type("Domain"), domainID
				}
				named := a.Need(epoch, of, id)
				if named == nil {
					return nil, false
				}
				one["value"], one["label"], one["labelEn"] = jsonText(publicid.Encode(prefix, id)), of.Value(named, "name"), of.Value(named, "nameEn")
			}
			values = append(values, value.Of(one))
		}
		out = append(out, facet.Of(map[string][]byte{"name": jsonText(string(name)), "values": records.List(values)}))
	}
	return out, true
}

// jsonText is a text as gqlgen writes it.
func jsonText(text string) []byte {
	var out bytes.Buffer
	graphql.MarshalString(text).MarshalGQL(&out)
	return out.Bytes()
}

// jsonUnlessEmpty is a text, or null for none.
func jsonUnlessEmpty(text string) []byte {
	if text == "" {
		return []byte("null")
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
