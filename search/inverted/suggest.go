package inverted

import (
	"context"
	"slices"
	"strings"

	"gongshu/search"
	"gongshu/search/lex"
	"gongshu/search/pinyin"
)

// suggestible is an item or a source unit, with what somebody may type who means it.
type suggestible struct {
	term             uint32
	text             string
	field            search.Field
	folded           string
	spelled, initial string
}

func (x *lexicon) suggestible(term uint32, text string, field search.Field) suggestible {
	s := suggestible{term: term, text: text, field: field, folded: lex.Fold(text)}
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
	spelled := plain(typed)
	var list []search.Fitting
	work := s.work()
	defer work.leave()
	for _, one := range s.texts {
		if fit := one.fit(typed, spelled); fit != no {
			if count := work.count(s.of(one.term), widest); count > 0 {
				list = append(list, search.Fitting{Suggestion: search.Suggestion{Text: one.text, Field: one.field, Count: count}, Fit: fit})
			}
		}
	}
	names := map[string]int{}
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
		name = strings.Clone(name) // it outlives the state
		names[name] = len(list)
		list = append(list, search.Fitting{Suggestion: search.Suggestion{Text: name, Field: search.FieldName, Count: 1}, Fit: min(s.lexicon.suggestible(0, name, search.FieldName).fit(typed, spelled), contains)})
	}
	return search.TopSuggestions(list, limit), nil
}

// plain is the letters of words that may all be pinyin, in one piece; else "".
func plain(typed string) string {
	var joined strings.Builder
	for _, word := range strings.Fields(typed) {
		letters, _, ok := pinyin.Letters(word)
		if !ok {
			return ""
		}
		joined.WriteString(letters)
	}
	return joined.String()
}

// nameFor is the document's name in the language of what was typed.
func (s *state) nameFor(doc uint32, typed string) string {
	names := s.names.of(doc)
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
	letters, _, ok := pinyin.Letters(last.text)
	if last.run || !ok {
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
	joined := plain(typed)
	if joined != "" {
		for _, run := range p.decode(joined, begun, false) {
			match, _, _ := p.piece(run)
			add(match)
		}
	}
	for _, run := range p.decode(letters, begun, false) {
		match, _, _ := p.piece(run)
		unfinished = append(unfinished, match)
	}
	if len(unfinished) > 0 {
		matches := []expression{unfinished}
		for _, u := range p.units(tokens[:len(tokens)-1]) {
			matches = append(matches, u.match)
		}
		add(conjunction(matches...))
	}
	if found.size == 0 && len(joined) == 3 {
		found.or(p.listed(p.beginning(joined)))
	}
	return found
}

// maxBegun is how many names beginning looks at: what is further on is for who types on.
const maxBegun = 5000

// beginning is names that two initials begin and that a third is further on in: on the way to two words of a name that stand
// apart.
func (p *planner) beginning(letters string) (docs []uint32) {
	third := func(r rune) bool {
		return slices.ContainsFunc(p.lexicon.read(r), func(reading string) bool { return reading[0] == letters[2] })
	}
	looked := 0
	for _, run := range p.decode(letters[:2], initials, false) {
		found := p.find(p.phrase(run), 0)
		for some := range found.blocks() {
			for _, doc := range some {
				looked++
				if rest, ok := strings.CutPrefix(p.names.of(doc)[0], run); ok && strings.ContainsFunc(rest, third) {
					docs = append(docs, doc)
				}
			}
			if len(docs) >= suggestedNames || looked >= maxBegun {
				break
			}
		}
		p.reuse(found)
		if len(docs) >= suggestedNames || looked >= maxBegun {
			break
		}
	}
	slices.Sort(docs)
	return slices.Compact(docs)
}
