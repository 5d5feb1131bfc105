package meili

import (
	"slices"
	"strings"

	"gongshu/search"
	"gongshu/search/lex"
)

// Highlight says where a text matches in a document, whether that is in the index or not. It asks no server, so that it
// knows no synonyms and no mistyped words.
func (ix *Index) Highlight(q search.Query, d search.Document) []search.Match {
	if q.Check() != nil {
		return nil
	}
	a := read(q.Text, q.Operators)
	words := slices.Clone(a.words)
	for _, part := range a.quoted {
		words = append(words, scan(part.Text)...)
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

// mark finds words in a text, as byte offsets.
func mark(whole string, words []token) [][2]int {
	marks := lex.NewMarks(whole)
	tokens := scan(marks.Folded)
	for i, w := range words {
		if w.run {
			marks.FindRun(w.text)
			continue
		}
		for _, t := range tokens {
			switch {
			case !t.run && (t.text == w.text || singular(t.text) == singular(w.text) || i == len(words)-1 && strings.HasPrefix(t.text, w.text)):
				marks.Mark(t.start, t.end())
			case t.run && lex.Letters(w.text):
				for from, to := range spelledIn(t.text, w.text) {
					marks.Mark(t.start+from, t.start+to)
				}
			}
		}
	}
	return marks.Ranges()
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
