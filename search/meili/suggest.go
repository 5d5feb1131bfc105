package meili

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/meilisearch/meilisearch-go"

	"gongshu/search"
	"gongshu/search/lex"
	"gongshu/search/pinyin"
)

// How well a suggestion fits what was typed.
const (
	begins = iota
	contains
	no
)

// fit compares a text with what was typed, folded, and with its letters, "" where there is more in it than letters.
func fit(text, typed, spelled string) int {
	text = lex.Fold(text)
	switch {
	case strings.HasPrefix(text, typed), spelled != "" && (spells([]rune(text), spelled, full, true) > 0 || spells([]rune(text), spelled, initials, true) > 0):
		return begins
	case strings.Contains(text, typed):
		return contains
	default:
		return no
	}
}

// spelling is how letters are read.
type spelling int

const (
	full     spelling = iota // whole syllables
	initials                 // the first letter of each
)

// spells is how many characters at the beginning of a text letters stand for, 0 where they do not; with unfinished the
// last syllable may be begun only. Signs and letters between characters end it.
func spells(text []rune, letters string, how spelling, unfinished bool) int {
	if len(text) == 0 {
		return 0
	}
	for _, reading := range pinyin.Readings(text[0]) {
		if how == initials {
			reading = reading[:1]
		}
		switch {
		case reading == letters, unfinished && strings.HasPrefix(reading, letters):
			return 1
		case strings.HasPrefix(letters, reading):
			if n := spells(text[1:], letters[len(reading):], how, unfinished); n > 0 {
				return n + 1
			}
		}
	}
	return 0
}

// suggestedNames bounds the products whose names are looked at for one list.
const suggestedNames = 200

// Suggest lists what somebody may be typing: names of the best hits, and items and source units of all hits, which
// Meilisearch counts. It looks at the most frequent thousand of these alone.
func (ix *Index) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	if err := search.CheckText(prefix, "prefix"); err != nil {
		return nil, err
	}
	leave, err := ix.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	typed := strings.TrimSpace(lex.Fold(prefix))
	var words []string
	for _, t := range scan(typed) {
		words = append(words, t.text)
	}
	if len(words) == 0 {
		return nil, nil
	}
	within, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	var in []string
	for _, field := range spelled {
		in = append(in, base(field), base(field)+kindPieces, base(field)+kindPinyin, base(field)+kindInitials)
	}
	found, err := ix.server.Index(ix.uid).SearchWithContext(within, strings.Join(words, " "), &meilisearch.SearchRequest{
		Limit: suggestedNames, AttributesToSearchOn: in, AttributesToRetrieve: []string{attributeNames},
		Facets: []string{attributeItems, attributeUnits}, MatchingStrategy: meilisearch.All, Locales: locales,
	})
	if err != nil {
		err = meaning(within, err)
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return nil, &unavailable{"it did not answer in time"}
		}
		return nil, err
	}
	return suggestions(found, typed, limit)
}

func suggestions(found *meilisearch.SearchResponse, typed string, limit int) ([]search.Suggestion, error) {
	spelled := strings.ReplaceAll(typed, " ", "")
	if !lex.Letters(spelled) {
		spelled = ""
	}
	var list []search.Fitting
	for attribute, field := range map[string]search.Field{attributeItems: search.FieldItem, attributeUnits: search.FieldOrigin} {
		counts, err := facetCounts(found.FacetDistribution, attribute)
		if err != nil {
			return nil, err
		}
		for text, count := range counts {
			if fit := fit(text, typed, spelled); fit != no {
				list = append(list, search.Fitting{Suggestion: search.Suggestion{Text: text, Field: field, Count: count}, Fit: fit})
			}
		}
	}
	names := map[string]int{}
	for _, hit := range found.Hits {
		var both []string
		if err := json.Unmarshal(hit[attributeNames], &both); err != nil {
			return nil, &unavailable{"it found what has no name of ours"}
		}
		best, name := no, ""
		for _, text := range both {
			if fit := fit(text, typed, spelled); text != "" && fit < best {
				best, name = fit, text
			}
		}
		if best == no { // its words stand apart, or only elsewhere in the product
			if !holds(both, typed) {
				continue
			}
			best, name = contains, named(both, typed)
		}
		if at, ok := names[name]; ok {
			list[at].Count++
			continue
		}
		names[name] = len(list)
		list = append(list, search.Fitting{Suggestion: search.Suggestion{Text: name, Field: search.FieldName, Count: 1}, Fit: best})
	}
	return search.TopSuggestions(list, limit), nil
}

// named is the name in the language of what was typed.
func named(both []string, typed string) string {
	if r, _ := utf8.DecodeRuneInString(typed); r < utf8.RuneSelf && len(both) > 1 && both[1] != "" {
		return both[1]
	}
	for _, name := range both {
		if name != "" {
			return name
		}
	}
	return ""
}

// holds reports whether one of the names has all words that were typed, or has them spelled somewhere.
func holds(both []string, typed string) bool {
	for _, name := range both {
		folded := []rune(lex.Fold(name))
		all := true
		for _, word := range scan(typed) {
			has := strings.Contains(string(folded), word.text)
			for i := range folded {
				has = has || lex.Letters(word.text) && (spells(folded[i:], word.text, full, true) > 1 || spells(folded[i:], word.text, initials, true) > 1)
			}
			all = all && has
		}
		if all {
			return true
		}
	}
	return false
}
