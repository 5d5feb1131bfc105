package inverted

import (
	"context"
	"strings"

	"gongshu/search"
	"gongshu/search/lex"
)

// suggestible is an item or a source unit, with what somebody may type who means it.
type suggestible struct {
	text             string
	field            search.Field
	folded           string
	spelled, initial string
}

func (x *lexicon) suggestible(text string, field search.Field) suggestible {
	s := suggestible{text: text, field: field, folded: lex.Fold(text)}
	var spelled, initial strings.Builder
	for _, r := range s.folded {
		if all := x.read(r); len(all) > 0 {
			spelled.WriteString(all[0])
			initial.WriteByte(all[0][0])
		}
	}
	s.spelled, s.initial = spelled.String(), initial.String()
	return s
}

// How well a suggestion fits what was typed.
const (
	begins = iota
	contains
	no
)

// fit compares with folded text, and letters, which is the same without spaces where it is of letters only.
func (s suggestible) fit(typed, letters string) int {
	switch {
	case strings.HasPrefix(s.folded, typed), letters != "" && (strings.HasPrefix(s.spelled, letters) || strings.HasPrefix(s.initial, letters)):
		return begins
	case strings.Contains(s.folded, typed):
		return contains
	default:
		return no
	}
}

// suggestedNames bounds the names that are looked at for one list.
const suggestedNames = 200

// Suggest lists what somebody may be typing.
func (ix *Index) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	if err := search.CheckText(prefix, "prefix"); err != nil {
		return nil, err
	}
	leave, err := ix.read(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	s := ix.state
	typed := strings.TrimSpace(lex.Fold(prefix))
	if len(scan(typed)) == 0 {
		return nil, nil
	}
	spelled := strings.ReplaceAll(typed, " ", "")
	if !lex.Letters(spelled) {
		spelled = ""
	}
	var list []search.Fitting
	for _, n := range s.texts {
		one := s.textual[n]
		if fit := one.fit(typed, spelled); fit != no {
			if count := s.terms[n].any.AndCardinality(s.live); count > 0 {
				list = append(list, search.Fitting{Suggestion: search.Suggestion{Text: one.text, Field: one.field, Count: int(count)}, Fit: fit})
			}
		}
	}
	names := map[string]int{}
	work := s.work()
	defer work.leave()
	w := walker{workspace: work, need: suggestedNames}
	w.walk(newest, 0, work.planner(ix.synonyms).typing(typed))
	for _, h := range w.hits {
		name := s.nameFor(h.doc, typed)
		if name == "" {
			continue
		}
		if at, ok := names[name]; ok {
			list[at].Count++
			continue
		}
		names[name] = len(list)
		list = append(list, search.Fitting{Suggestion: search.Suggestion{Text: name, Field: search.FieldName, Count: 1}, Fit: min(s.lexicon.suggestible(name, search.FieldName).fit(typed, spelled), contains)})
	}
	return search.TopSuggestions(list, limit), nil
}

// nameFor is the document's name in the language of what was typed.
func (s *state) nameFor(doc uint32, typed string) string {
	names := s.entries[doc].names
	first, _, _ := strings.Cut(typed, " ")
	if lex.Letters(first) && strings.Contains(lex.Fold(names[1]), first) || names[0] == "" {
		return names[1]
	}
	return names[0]
}

// typing are the documents whose name has what was typed, the last word of which may be unfinished.
func (p *planner) typing(typed string) *selection {
	tokens := scan(typed)
	last := tokens[len(tokens)-1]
	found := p.fresh()
	add := func(e expression) {
		these := p.find(e, 0)
		found.or(these)
		p.reuse(these)
	}
	if units := p.units(tokens); len(units) > 0 {
		matches := make([]expression, len(units))
		for i, u := range units {
			matches[i] = u.match
		}
		add(conjunction(matches...))
	}
	if last.run || !lex.Letters(last.text) {
		return found
	}
	var unfinished some
	for _, words := range p.lexicon.words {
		for _, word := range words {
			if strings.HasPrefix(word, last.text) && len(unfinished) < maxDecoded {
				unfinished = append(unfinished, p.term(word))
			}
		}
	}
	spelled := strings.ReplaceAll(typed, " ", "")
	if lex.Letters(spelled) {
		for _, run := range p.lexicon.decode(spelled, begun, false, &p.visits) {
			add(p.phrase(run))
		}
	}
	for _, run := range p.lexicon.decode(last.text, begun, false, &p.visits) {
		unfinished = append(unfinished, p.phrase(run))
	}
	if len(unfinished) == 0 {
		return found
	}
	matches := []expression{unfinished}
	for _, u := range p.units(tokens[:len(tokens)-1]) {
		matches = append(matches, u.match)
	}
	add(conjunction(matches...))
	return found
}
