package meilitest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// settings are those of an index.
type settings struct {
	DisplayedAttributes  []string            `json:"displayedAttributes"`
	SearchableAttributes []string            `json:"searchableAttributes"`
	FilterableAttributes []string            `json:"filterableAttributes"`
	SortableAttributes   []string            `json:"sortableAttributes"`
	RankingRules         []string            `json:"rankingRules"`
	Synonyms             map[string][]string `json:"synonyms"`
	LocalizedAttributes  []localized         `json:"localizedAttributes"`
	TypoTolerance        typoTolerance       `json:"typoTolerance"`
	Pagination           pagination          `json:"pagination"`
	Faceting             faceting            `json:"faceting"`
}

type localized struct {
	Locales           []string `json:"locales"`
	AttributePatterns []string `json:"attributePatterns"`
}

type typoTolerance struct {
	Enabled             bool      `json:"enabled"`
	MinWordSizeForTypos wordSizes `json:"minWordSizeForTypos"`
	DisableOnWords      []string  `json:"disableOnWords"`
	DisableOnAttributes []string  `json:"disableOnAttributes"`
	DisableOnNumbers    bool      `json:"disableOnNumbers"`
}

type wordSizes struct {
	OneTypo  int `json:"oneTypo"`
	TwoTypos int `json:"twoTypos"`
}

type pagination struct {
	MaxTotalHits int `json:"maxTotalHits"`
}

type faceting struct {
	MaxValuesPerFacet int               `json:"maxValuesPerFacet"`
	SortFacetValuesBy map[string]string `json:"sortFacetValuesBy"`
}

func defaults() settings {
	return settings{
		DisplayedAttributes: []string{"*"}, SearchableAttributes: []string{"*"},
		RankingRules:  []string{"words", "typo", "proximity", "attribute", "sort", "exactness"},
		Synonyms:      map[string][]string{},
		TypoTolerance: typoTolerance{Enabled: true, MinWordSizeForTypos: wordSizes{5, 9}},
		Pagination:    pagination{1000}, Faceting: faceting{100, map[string]string{"*": "alpha"}},
	}
}

var (
	builtIn    = []string{"words", "typo", "proximity", "attribute", "attributeRank", "wordPosition", "sort", "exactness"}
	customRule = regexp.MustCompile(`^[^:]+:(asc|desc)$`)
	// known are some of the ISO 639-3 codes that Meilisearch knows.
	known = []string{"cmn", "eng", "jpn", "kor", "deu", "fra", "spa", "rus", "ara", "tha", "vie"}
)

func checkLocales(code string, locales []string) *refusal {
	for _, locale := range locales {
		if !slices.Contains(known, locale) {
			return bad(code, "Unsupported locale `%s`", locale)
		}
	}
	return nil
}

// read makes the changes that a body asks for.
func (s *settings) read(body []byte) *refusal {
	typo, faceting, pagination := s.TypoTolerance, s.Faceting, s.Pagination
	var rawTypo, rawFaceting, rawPagination json.RawMessage
	fields := map[string]reading{
		"displayedAttributes":  {"invalid_settings_displayed_attributes", &s.DisplayedAttributes},
		"searchableAttributes": {"invalid_settings_searchable_attributes", &s.SearchableAttributes},
		"filterableAttributes": {"invalid_settings_filterable_attributes", &s.FilterableAttributes},
		"sortableAttributes":   {"invalid_settings_sortable_attributes", &s.SortableAttributes},
		"rankingRules":         {"invalid_settings_ranking_rules", &s.RankingRules},
		"synonyms":             {"invalid_settings_synonyms", &s.Synonyms},
		"localizedAttributes":  {"invalid_settings_localized_attributes", &s.LocalizedAttributes},
		"typoTolerance":        {"invalid_settings_typo_tolerance", &rawTypo},
		"faceting":             {"invalid_settings_faceting", &rawFaceting},
		"pagination":           {"invalid_settings_pagination", &rawPagination},
		"stopWords":            {"invalid_settings_stop_words", nil},
		"nonSeparatorTokens":   {"invalid_settings_non_separator_tokens", nil},
		"separatorTokens":      {"invalid_settings_separator_tokens", nil},
		"dictionary":           {"invalid_settings_dictionary", nil},
		"distinctAttribute":    {"invalid_settings_distinct_attribute", nil},
		"proximityPrecision":   {"invalid_settings_proximity_precision", nil},
		"embedders":            {"invalid_settings_embedders", nil},
		"searchCutoffMs":       {"invalid_settings_search_cutoff_ms", nil},
		"facetSearch":          {"invalid_settings_facet_search", nil},
		"prefixSearch":         {"invalid_settings_prefix_search", nil},
		"chat":                 {"invalid_settings_index_chat", nil},
	}
	if err := decode(body, fields); err != nil {
		return err
	}
	for _, part := range []struct {
		raw    json.RawMessage
		fields map[string]reading
	}{
		{rawTypo, map[string]reading{
			"enabled": {"invalid_settings_typo_tolerance", &typo.Enabled}, "minWordSizeForTypos": {"invalid_settings_typo_tolerance", &typo.MinWordSizeForTypos},
			"disableOnWords": {"invalid_settings_typo_tolerance", &typo.DisableOnWords}, "disableOnAttributes": {"invalid_settings_typo_tolerance", &typo.DisableOnAttributes},
			"disableOnNumbers": {"invalid_settings_typo_tolerance", &typo.DisableOnNumbers},
		}},
		{rawFaceting, map[string]reading{
			"maxValuesPerFacet": {"invalid_settings_faceting", &faceting.MaxValuesPerFacet}, "sortFacetValuesBy": {"invalid_settings_faceting", &faceting.SortFacetValuesBy},
		}},
		{rawPagination, map[string]reading{"maxTotalHits": {"invalid_settings_pagination", &pagination.MaxTotalHits}}},
	} {
		if len(part.raw) > 0 {
			if err := decode(part.raw, part.fields); err != nil {
				return err
			}
		}
	}
	s.TypoTolerance, s.Faceting, s.Pagination = typo, faceting, pagination
	if sizes := typo.MinWordSizeForTypos; sizes.OneTypo < 0 || sizes.OneTypo > sizes.TwoTypos || sizes.TwoTypos > 255 {
		return bad("invalid_settings_typo_tolerance", "`minWordSizeForTypos` setting is invalid. `oneTypo` and `twoTypos` fields should be between `0` and `255`, and `twoTypos` should be greater or equals to `oneTypo` but found `oneTypo: %d` and twoTypos: %d`.", sizes.OneTypo, sizes.TwoTypos)
	}
	for _, by := range faceting.SortFacetValuesBy {
		if by != "alpha" && by != "count" {
			return bad("invalid_settings_faceting", "Unknown value `%s` at `.faceting.sortFacetValuesBy`: expected one of `alpha`, `count`", by)
		}
	}
	for _, rule := range s.RankingRules {
		if !slices.Contains(builtIn, rule) && !customRule.MatchString(rule) {
			return bad("invalid_settings_ranking_rules", "`%s` ranking rule is invalid. Valid ranking rules are words, typo, sort, proximity, attribute, attributeRank, wordPosition, exactness and custom ranking rules.", rule)
		}
	}
	for _, l := range s.LocalizedAttributes {
		if err := checkLocales("invalid_settings_localized_attributes", l.Locales); err != nil {
			return err
		}
		for _, pattern := range l.AttributePatterns {
			if strings.Contains(strings.Trim(pattern, "*"), "*") {
				return bad("invalid_settings_localized_attributes", "`%s` has a wildcard within", pattern)
			}
		}
	}
	return nil
}

func (s *Server) updateSettings(c call, uid string) (int, any, *refusal) {
	trial := defaults()
	if err := trial.read(c.body); err != nil {
		return 0, nil, err
	}
	return s.enqueue(c, uid, "settingsUpdate", func() *refusal {
		x, ok := s.indexes[uid]
		if !ok { // settings make an index
			x = s.newIndex(nil)
			s.indexes[uid] = x
		}
		if err := x.settings.read(c.body); err != nil {
			return err
		}
		x.reindex()
		return nil
	})
}

func (s *Server) updateSynonyms(c call, uid string) (int, any, *refusal) {
	synonyms := map[string][]string{}
	if c.Method == http.MethodPut {
		if err := json.Unmarshal(c.body, &synonyms); err != nil {
			return 0, nil, bad("invalid_settings_synonyms", "Invalid value type: %v", err)
		}
	}
	return s.enqueue(c, uid, "settingsUpdate", func() *refusal {
		x, err := s.index(uid)
		if err != nil {
			return err
		}
		x.settings.Synonyms = synonyms
		return nil
	})
}
