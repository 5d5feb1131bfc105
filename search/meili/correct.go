package meili

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/meilisearch/meilisearch-go"

	"gongshu/search/lex"
)

// The lengths of words from which on one and two letters may be wrong.
const (
	oneTypo  = 5
	twoTypos = 9
)

// mistypable reports whether a text has a word that Meilisearch may take for another.
func (a asked) mistypable() bool {
	return slices.ContainsFunc(a.words, func(t token) bool { return !t.run && lex.Letters(t.text) && len(t.text) >= oneTypo })
}

// legible are the attributes whose matches tell what a word was taken for.
func legible() []string {
	return slices.DeleteFunc(searched(), func(name string) bool {
		return strings.HasSuffix(name, kindPieces) || strings.HasSuffix(name, kindInitials)
	})
}

// corrected is the text as the best hit has it, "" where that has all words as they stand, or their beginnings. As hits with
// fewer wrong letters come first, nothing has them as they stand where the best does not. What means the same and what is
// spelled apart is far from the word, and leaves it as it is.
func corrected(a asked, best meilisearch.Hit) string {
	var there []string
	var positions map[string][]struct{ Start, Length, Indices json.RawMessage }
	if json.Unmarshal(best["_matchesPosition"], &positions) != nil {
		return ""
	}
	for attribute, matches := range positions {
		for _, m := range matches {
			if word := cutOut(best[attribute], m.Start, m.Length, m.Indices); word != "" {
				there = append(there, word)
			}
		}
	}
	slices.Sort(there) // that the same is told for the same
	text, changed := a.folded, false
	for _, t := range slices.Backward(a.words) {
		if t.run || !lex.Letters(t.text) || len(t.text) < oneTypo || slices.ContainsFunc(there, func(word string) bool { return strings.HasPrefix(word, t.text) }) {
			continue
		}
		allowed := 1
		if len(t.text) >= twoTypos {
			allowed = 2
		}
		nearest := ""
		for _, word := range there {
			if n := apartBy(t.text, word); n <= allowed {
				nearest, allowed = word, n-1
			}
		}
		if nearest != "" {
			text, changed = text[:t.start]+nearest+text[t.end():], true
		}
	}
	if !changed {
		return ""
	}
	return lex.WriteOperators(text, a.quoted, a.excluded)
}

// cutOut is the part of an attribute that a match names in bytes; in a list, of the element that it names.
func cutOut(attribute, start, length, indices json.RawMessage) string {
	var from, size int
	if json.Unmarshal(start, &from) != nil || json.Unmarshal(length, &size) != nil {
		return ""
	}
	var text string
	if json.Unmarshal(attribute, &text) != nil {
		var list []string
		var at []int
		if json.Unmarshal(attribute, &list) != nil || json.Unmarshal(indices, &at) != nil || len(at) != 1 || at[0] < 0 || at[0] >= len(list) {
			return ""
		}
		text = list[at[0]]
	}
	if from < 0 || size < 0 || from > len(text) || size > len(text)-from || !utf8.ValidString(text[from:from+size]) {
		return ""
	}
	return text[from : from+size]
}

// apartBy is how many letters two words are apart: another, one more, one less, or two the other way round.
func apartBy(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
