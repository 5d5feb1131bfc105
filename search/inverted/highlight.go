package inverted

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongshu/search"
)

// Highlight says where a text matches in a document, whether that is in the index or not.
func (ix *Index) Highlight(q search.Query, d search.Document) []search.Match {
	if q.Check() != nil {
		return nil
	}
	ix.guard.RLock()
	q.Filter = search.Filter{}
	p := ix.asked.of(keyOf(q), func() *answer { return ix.state.answer(ix.synonyms, q) }).plan
	ix.guard.RUnlock()
	var matches []search.Match
	for _, field := range search.Fields {
		for _, text := range d.Texts(field) {
			if ranges := mark(text, p.units); len(ranges) > 0 {
				matches = append(matches, search.Match{Field: field, Text: text, Ranges: ranges})
			}
		}
	}
	return matches
}

// mark finds the needles of the units in a text, as byte offsets. Where a run of characters does not stand in one piece,
// its pairs are found.
func mark(text string, units []unit) [][2]int {
	var folded strings.Builder
	var origin [][2]int // by byte of the folded text: where the character begins and ends that it comes from
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		part := fold(text[i : i+size])
		for range len(part) {
			origin = append(origin, [2]int{i, i + size})
		}
		folded.WriteString(part)
	}
	whole := folded.String()
	var ranges [][2]int
	find := func(needle string) (found bool) {
		for at := 0; ; {
			i := strings.Index(whole[at:], needle)
			if i < 0 {
				return found
			}
			at += i
			ranges = append(ranges, [2]int{origin[at][0], origin[at+len(needle)-1][1]})
			at, found = at+len(needle), true
		}
	}
	var words []token
	for _, t := range scan(whole) {
		if !t.run {
			words = append(words, t)
		}
	}
	for _, u := range units {
		for _, needle := range u.needles {
			if needle == "" {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(needle); isCharacter(r) {
				if !find(needle) && utf8.RuneCountInString(needle) > 2 {
					pairsOf(needle, func(pair string) { find(pair) })
				}
				continue
			}
			for _, t := range words {
				if stem(t.text) == needle {
					ranges = append(ranges, [2]int{origin[t.start][0], origin[t.end()-1][1]})
				}
			}
		}
	}
	slices.SortFunc(ranges, func(a, b [2]int) int { return a[0] - b[0] })
	var merged [][2]int
	for _, r := range ranges {
		if n := len(merged); n > 0 && r[0] <= merged[n-1][1] {
			merged[n-1][1] = max(merged[n-1][1], r[1])
		} else {
			merged = append(merged, r)
		}
	}
	return merged
}
