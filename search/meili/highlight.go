package meili

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongshu/search"
)

// Highlight says where a text matches in a document, whether that is in the index or not. It asks no server, so that it
// knows no synonyms and no mistyped words.
func (ix *Index) Highlight(q search.Query, d search.Document) []search.Match {
	if q.Check() != nil {
		return nil
	}
	a := read(q.Text, q.Operators)
	words := slices.Clone(a.words)
	for _, text := range a.phrases {
		words = append(words, scan(text)...)
	}
	var matches []search.Match
	for _, field := range search.Fields {
		for _, text := range d.Texts(field) {
			if ranges := mark(text, words); len(ranges) > 0 {
				matches = append(matches, search.Match{Field: field, Text: text, Ranges: ranges})
			}
		}
	}
	return matches
}

// mark finds words in a text, as byte offsets. Where a run of characters does not stand in one piece, its pairs are found.
func mark(text string, words []token) [][2]int {
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
	add := func(from, to int) { ranges = append(ranges, [2]int{origin[from][0], origin[to-1][1]}) }
	find := func(needle string) (found bool) {
		for at := 0; ; {
			i := strings.Index(whole[at:], needle)
			if i < 0 {
				return found
			}
			add(at+i, at+i+len(needle))
			at, found = at+i+len(needle), true
		}
	}
	tokens := scan(whole)
	for i, w := range words {
		if w.run {
			characters := []rune(w.text)
			if !find(w.text) && len(characters) > 2 {
				for i := range len(characters) - 1 {
					find(string(characters[i : i+2]))
				}
			}
			continue
		}
		for _, t := range tokens {
			switch {
			case !t.run && (t.text == w.text || singular(t.text) == singular(w.text) || i == len(words)-1 && strings.HasPrefix(t.text, w.text)):
				add(t.start, t.end())
			case t.run && letters(w.text):
				for from, to := range spelledIn(t.text, w.text) {
					add(t.start+from, t.start+to)
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

// singular takes an s off a word that is long enough for one.
func singular(word string) string {
	if len(word) > 3 {
		return strings.TrimSuffix(word, "s")
	}
	return word
}

// spelledIn are the parts of a run, two characters or more, that letters stand for: by where they begin, where they end.
func spelledIn(run, letters string) map[int]int {
	found := map[int]int{}
	for at := range run {
		rest := []rune(run[at:])
		n := spells(rest, letters, full, false)
		if n < 2 {
			n = spells(rest, letters, initials, false)
		}
		if n >= 2 {
			found[at] = at + len(string(rest[:n]))
		}
	}
	return found
}
