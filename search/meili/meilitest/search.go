package meilitest

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// question is a search as it is asked.
type question struct {
	IndexUID              string
	Q                     *string
	Offset, Limit         int
	Page, HitsPerPage     *int
	AttributesToRetrieve  []string
	AttributesToSearchOn  []string
	AttributesToHighlight []string
	PreTag, PostTag       string
	ShowMatchesPosition   bool
	Filter                json.RawMessage
	Sort, Facets          []string
	MatchingStrategy      string
	Locales               []string
	ShowRankingScore      bool
}

func readQuestion(body []byte, multi bool) (question, *refusal) {
	q := question{Limit: 20, MatchingStrategy: "last", PreTag: "<em>", PostTag: "</em>"}
	fields := map[string]reading{
		"q": {"invalid_search_q", &q.Q}, "offset": {"invalid_search_offset", &q.Offset}, "limit": {"invalid_search_limit", &q.Limit},
		"page": {"invalid_search_page", &q.Page}, "hitsPerPage": {"invalid_search_hits_per_page", &q.HitsPerPage},
		"attributesToRetrieve":    {"invalid_search_attributes_to_retrieve", &q.AttributesToRetrieve},
		"attributesToSearchOn":    {"invalid_search_attributes_to_search_on", &q.AttributesToSearchOn},
		"attributesToHighlight":   {"invalid_search_attributes_to_highlight", &q.AttributesToHighlight},
		"highlightPreTag":         {"invalid_search_highlight_pre_tag", &q.PreTag},
		"highlightPostTag":        {"invalid_search_highlight_post_tag", &q.PostTag},
		"showMatchesPosition":     {"invalid_search_show_matches_position", &q.ShowMatchesPosition},
		"filter":                  {"invalid_search_filter", &q.Filter},
		"sort":                    {"invalid_search_sort", &q.Sort},
		"facets":                  {"invalid_search_facets", &q.Facets},
		"matchingStrategy":        {"invalid_search_matching_strategy", &q.MatchingStrategy},
		"locales":                 {"invalid_search_locales", &q.Locales},
		"showRankingScore":        {"invalid_search_show_ranking_score", &q.ShowRankingScore},
		"showRankingScoreDetails": {"invalid_search_show_ranking_score_details", nil},
		"showPerformanceDetails":  {"invalid_search_show_performance_details", nil},
		"rankingScoreThreshold":   {"invalid_search_ranking_score_threshold", nil},
		"attributesToCrop":        {"invalid_search_attributes_to_crop", nil},
		"cropLength":              {"invalid_search_crop_length", nil},
		"cropMarker":              {"invalid_search_crop_marker", nil},
		"distinct":                {"invalid_search_distinct", nil},
		"hybrid":                  {"invalid_search_hybrid_query", nil},
		"vector":                  {"invalid_search_vector", nil},
		"retrieveVectors":         {"invalid_search_retrieve_vectors", nil},
		"media":                   {"invalid_search_media", nil},
	}
	if multi {
		fields["indexUid"] = reading{"invalid_index_uid", &q.IndexUID}
		fields["federationOptions"] = reading{"invalid_multi_search_federation_options", nil}
	}
	if err := decode(body, fields); err != nil {
		return q, err
	}
	switch {
	case q.Offset < 0:
		return q, bad("invalid_search_offset", "Invalid value at `.offset`: expected a positive integer, but found a negative integer: `%d`", q.Offset)
	case q.Limit < 0:
		return q, bad("invalid_search_limit", "Invalid value at `.limit`: expected a positive integer, but found a negative integer: `%d`", q.Limit)
	case q.HitsPerPage != nil && *q.HitsPerPage < 0:
		return q, bad("invalid_search_hits_per_page", "Invalid value at `.hitsPerPage`: expected a positive integer, but found a negative integer: `%d`", *q.HitsPerPage)
	case !slices.Contains([]string{"last", "all", "frequency"}, q.MatchingStrategy):
		return q, bad("invalid_search_matching_strategy", "Unknown value `%s` at `.matchingStrategy`: expected one of `last`, `all`, `frequency`", q.MatchingStrategy)
	case multi && q.IndexUID == "":
		return q, bad("missing_index_uid", "Missing field `indexUid`")
	case multi && !uidForm.MatchString(q.IndexUID):
		return q, badUID(q.IndexUID)
	}
	return q, checkLocales("invalid_search_locales", q.Locales)
}

func (s *Server) multiSearch(c call) (int, any, *refusal) {
	var queries []json.RawMessage
	if err := decode(c.body, map[string]reading{"queries": {"invalid_multi_search_queries", &queries}, "federation": {"invalid_multi_search_federation", nil}}); err != nil {
		return 0, nil, err
	}
	results := []any{}
	for i, raw := range queries {
		q, err := readQuestion(raw, true)
		if err == nil {
			var found map[string]any
			if found, err = s.search(q.IndexUID, q); err == nil {
				found["indexUid"] = q.IndexUID
				results = append(results, found)
			}
		}
		if err != nil {
			err.Message = fmt.Sprintf("Inside `.queries[%d]`: %s", i, err.Message)
			return 0, nil, err
		}
	}
	return s.ok(c, map[string]any{"results": results})
}

func (s *Server) searchOne(uid string, body []byte) (any, *refusal) {
	q, err := readQuestion(body, false)
	if err != nil {
		return nil, err
	}
	return s.search(uid, q)
}

func (s *Server) search(uid string, q question) (map[string]any, *refusal) {
	x, err := s.index(uid)
	if err != nil {
		return nil, err
	}
	passes, err := x.filter(q.Filter, "invalid_search_filter")
	if err != nil {
		return nil, err
	}
	var sorts []sorting
	for _, rule := range q.Sort {
		by, err := x.sorting(rule)
		if err != nil {
			return nil, err
		}
		sorts = append(sorts, by)
	}
	if len(sorts) > 0 && !slices.Contains(x.settings.RankingRules, "sort") {
		return nil, bad("invalid_search_sort", "You must specify where `sort` is listed in the rankingRules setting to use the sort parameter at search time.")
	}
	for _, name := range q.Facets {
		if name != "*" && !slices.Contains(x.settings.FilterableAttributes, name) {
			return nil, bad("invalid_search_facets", "Invalid facet distribution: Attribute `%s` is not filterable. Available filterable attributes patterns are: `%s`.", name, strings.Join(x.settings.FilterableAttributes, ", "))
		}
	}
	on := map[int]bool{}
	for _, name := range q.AttributesToSearchOn {
		rank := x.searchable(name)
		if rank < 0 {
			return nil, bad("invalid_search_attributes_to_search_on", "Attribute `%s` is not searchable. Available searchable attributes are: `%s`.", name, strings.Join(x.settings.SearchableAttributes, ", "))
		}
		on[rank] = true
	}
	text := ""
	if q.Q != nil {
		text = *q.Q
	}
	p := x.parse(text, on)
	var found []*hit
	for _, d := range x.documents {
		if passes != nil && !passes(d) {
			continue
		}
		if h := p.match(d, q.MatchingStrategy); h != nil {
			found = append(found, h)
		}
	}
	p.rank(found, sorts)
	answer := map[string]any{"query": text, "processingTimeMs": 0}
	total := min(len(found), x.settings.Pagination.MaxTotalHits)
	from, to := q.Offset, q.Offset+q.Limit
	if q.Page != nil || q.HitsPerPage != nil {
		page, size := 1, 20
		if q.Page != nil {
			page = *q.Page
		}
		if q.HitsPerPage != nil {
			size = *q.HitsPerPage
		}
		pages := 0
		if size > 0 {
			pages = (total + size - 1) / size
		}
		from, to = max(page-1, 0)*size, max(page-1, 0)*size+size
		if page == 0 {
			to = from
		}
		answer["hitsPerPage"], answer["page"], answer["totalPages"], answer["totalHits"] = size, page, pages, total
	} else {
		answer["limit"], answer["offset"], answer["estimatedTotalHits"] = q.Limit, q.Offset, total
	}
	hits := []any{}
	for _, h := range found[min(from, total):min(to, total)] {
		hits = append(hits, x.show(h.document, p, q))
	}
	answer["hits"] = hits
	if q.Facets != nil {
		answer["facetDistribution"], answer["facetStats"] = x.distribution(found, q.Facets), map[string]any{}
	}
	return answer, nil
}

// sorting is an order by an attribute.
type sorting struct {
	attribute string
	down      bool
}

func (x *index) sorting(rule string) (sorting, *refusal) {
	attribute, direction, ok := strings.Cut(rule, ":")
	if !ok || direction != "asc" && direction != "desc" {
		return sorting{}, bad("invalid_search_sort", "Invalid syntax for the sort parameter: expected expression ending by `:asc` or `:desc`, found `%s`.", rule)
	}
	if !slices.Contains(x.settings.SortableAttributes, attribute) {
		return sorting{}, bad("invalid_search_sort", "Attribute `%s` is not sortable. Available sortable attributes are: `%s`.", attribute, strings.Join(x.settings.SortableAttributes, ", "))
	}
	return sorting{attribute, direction == "desc"}, nil
}

// compare puts numbers before texts and what has neither at the end.
func (s sorting) compare(a, b *document) int {
	kind := func(d *document) (int, float64, string) {
		best, number, text := 2, 0.0, ""
		for _, v := range values(d.fields[s.attribute]) {
			switch v := v.(type) {
			case json.Number:
				if f, err := v.Float64(); err == nil && (best > 0 || (f < number) != s.down) {
					best, number = 0, f
				}
			case string:
				if f := facet(v); best == 2 || best == 1 && (f < text) != s.down {
					best, text = 1, f
				}
			}
		}
		return best, number, text
	}
	ka, na, ta := kind(a)
	kb, nb, tb := kind(b)
	if ka != kb {
		return ka - kb
	}
	order := strings.Compare(ta, tb)
	if ka == 0 {
		switch order = 0; {
		case na < nb:
			order = -1
		case na > nb:
			order = 1
		}
	}
	if s.down {
		return -order
	}
	return order
}

// distribution counts the values of facets over all hits.
func (x *index) distribution(found []*hit, facets []string) map[string]any {
	if slices.Contains(facets, "*") {
		facets = x.settings.FilterableAttributes
	}
	all := map[string]any{}
	for _, name := range facets {
		counts, written := map[string]int{}, map[string]string{}
		for _, h := range found {
			seen := map[string]bool{}
			for _, v := range values(h.fields[name]) {
				text, ok := v.(string)
				if n, isNumber := v.(json.Number); isNumber {
					text, ok = n.String(), true
				}
				if b, isBool := v.(bool); isBool {
					text, ok = strconv.FormatBool(b), true
				}
				if key := facet(text); ok && !seen[key] {
					seen[key] = true
					counts[key]++
					if old, known := written[key]; !known || text < old {
						written[key] = text
					}
				}
			}
		}
		keys := make([]string, 0, len(counts))
		for key := range counts {
			keys = append(keys, key)
		}
		by, ok := x.settings.Faceting.SortFacetValuesBy[name]
		if !ok {
			by = x.settings.Faceting.SortFacetValuesBy["*"]
		}
		sort.Slice(keys, func(i, j int) bool {
			if by == "count" && counts[keys[i]] != counts[keys[j]] {
				return counts[keys[i]] > counts[keys[j]]
			}
			return keys[i] < keys[j]
		})
		shown := map[string]int{}
		for _, key := range keys[:min(len(keys), x.settings.Faceting.MaxValuesPerFacet)] {
			shown[written[key]] = counts[key]
		}
		all[name] = shown
	}
	return all
}

// show is a hit as it is answered with.
func (x *index) show(d *document, p *query, q question) map[string]any {
	shown := map[string]any{}
	displayed := func(name string) bool {
		return slices.Contains(x.settings.DisplayedAttributes, "*") || slices.Contains(x.settings.DisplayedAttributes, name)
	}
	for name, raw := range d.raw {
		if displayed(name) && (q.AttributesToRetrieve == nil || slices.Contains(q.AttributesToRetrieve, "*") || slices.Contains(q.AttributesToRetrieve, name)) {
			shown[name] = raw
		}
	}
	if q.ShowMatchesPosition {
		positions := map[string]any{}
		for name, value := range d.fields {
			if !displayed(name) {
				continue
			}
			var list []any
			_, isArray := value.([]any)
			for i, text := range texts(value) {
				for _, m := range p.marks(text) {
					at := map[string]any{"start": m.start, "length": m.end - m.start}
					if isArray {
						at["indices"] = []int{i}
					}
					list = append(list, at)
				}
			}
			if list != nil {
				positions[name] = list
			}
		}
		shown["_matchesPosition"] = positions
	}
	if len(q.AttributesToHighlight) > 0 {
		formatted := map[string]any{}
		for name := range shown { // numbers become texts there
			if n, ok := d.fields[name].(json.Number); ok {
				formatted[name] = n.String()
			} else if value, ok := d.fields[name]; ok {
				formatted[name] = value
			}
		}
		for name, value := range d.fields {
			text, ok := value.(string)
			if !ok || !displayed(name) || !slices.Contains(q.AttributesToHighlight, name) && !slices.Contains(q.AttributesToHighlight, "*") {
				continue
			}
			for _, m := range slices.Backward(p.marks(text)) {
				text = text[:m.start] + q.PreTag + text[m.start:m.end] + q.PostTag + text[m.end:]
			}
			formatted[name] = text
		}
		shown["_formatted"] = formatted
	}
	if q.ShowRankingScore {
		shown["_rankingScore"] = 1.0
	}
	return shown
}
