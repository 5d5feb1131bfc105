package inverted

import (
	"context"

	"gongshu/search"
	"gongshu/search/lex"
)

// Highlight says where a text matches in a document, whether that is in the index or not.
func (ix *Index) Highlight(q search.Query, d search.Document) []search.Match {
	if q.Check() != nil {
		return nil
	}
	leave, err := ix.read(context.Background())
	if err != nil {
		return nil
	}
	q.Filter = search.Filter{}
	p := ix.asked.of(keyOf(q), func() *answer { return ix.state.answer(ix.synonyms, q) }).plan
	leave()
	var matches []search.Match
	for _, field := range search.Fields {
		for _, whole := range d.Texts(field) {
			if ranges := mark(whole, p.units); len(ranges) > 0 {
				matches = append(matches, search.Match{Field: field, Text: whole, Ranges: ranges})
			}
		}
	}
	return matches
}

// mark finds the needles of the units in a text, as byte offsets.
func mark(whole string, units []unit) [][2]int {
	marks := lex.NewMarks(whole)
	tokens := scan(marks.Folded)
	for _, u := range units {
		for _, needle := range u.needles {
			if isRun(needle) {
				marks.FindRun(needle)
				continue
			}
			phrase := scan(needle)
			for i := range tokens {
				if from, to, ok := follow(tokens[i:], phrase); ok {
					marks.Mark(from, to)
				}
			}
		}
	}
	return marks.Ranges()
}
