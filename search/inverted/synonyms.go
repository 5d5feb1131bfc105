package inverted

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"gongshu/search/lex"
	"gongshu/search/pinyin"
)

// synonyms are groups of words that mean the same, by each of their words. It is never changed once made.
type synonyms struct {
	// runs and phrases are those of characters in one piece, and all others as stems and runs with spaces.
	runs, phrases map[string][]string
	// mixed are the tokens of phrases with runs.
	mixed [][]token
	// longestRun is in characters, longestPhrase in words.
	longestRun, longestPhrase int
	// lexicon knows the characters of runs, so that letters are turned into words that no document has. initials are the runs
	// by the first letters of their syllables, of which two would be anything.
	lexicon  *lexicon
	initials map[string][]string
}

// leastInitials are the characters that a run has at least that is found by its initials.
const leastInitials = 3

// newSynonyms makes groups that have a word in common into one.
func newSynonyms(groups [][]string) *synonyms {
	s := &synonyms{runs: map[string][]string{}, phrases: map[string][]string{}, lexicon: newLexicon(), initials: map[string][]string{}}
	joined := map[string]*[]string{}
	for _, group := range groups {
		whole := &[]string{}
		for _, word := range group {
			word = strings.TrimSpace(lex.Fold(word))
			if len(scan(word)) == 0 {
				continue
			}
			if other := joined[word]; other != nil && other != whole {
				for _, w := range *other {
					joined[w] = whole
				}
				*whole = append(*whole, *other...)
			} else if other == nil {
				*whole = append(*whole, word)
				joined[word] = whole
			}
		}
	}
	for _, word := range slices.Sorted(maps.Keys(joined)) {
		group := joined[word]
		if len(*group) < 2 {
			continue
		}
		tokens := scan(word)
		if tokens[0].run && len(tokens) == 1 {
			s.runs[word] = *group
			s.longestRun = max(s.longestRun, utf8.RuneCountInString(word))
			lex.Pairs(word, s.lexicon.learn)
			if utf8.RuneCountInString(word) >= leastInitials {
				_, initials := pinyin.Spellings(word)
				for _, letters := range initials {
					s.initials[letters] = append(s.initials[letters], word)
				}
			}
			continue
		}
		stems := make([]string, len(tokens))
		for i, t := range tokens {
			stems[i] = stem(t.text)
		}
		s.phrases[strings.Join(stems, " ")] = *group
		if slices.ContainsFunc(tokens, func(t token) bool { return t.run }) {
			s.mixed = append(s.mixed, tokens)
		}
		s.longestPhrase = max(s.longestPhrase, len(stems))
	}
	slices.SortFunc(s.mixed, func(a, b []token) int {
		return cmp.Or(cmp.Compare(b[len(b)-1].end(), a[len(a)-1].end()), slices.CompareFunc(a, b, func(a, b token) int { return strings.Compare(a.text, b.text) }))
	})
	return s
}

// words finds the longest words at the beginning of the tokens that mean the same as others.
func (s *synonyms) words(tokens []token) (size int, group []string) {
	text := ""
	for i, t := range tokens[:min(len(tokens), s.longestPhrase)] {
		if i > 0 {
			text += " "
		}
		text += stem(t.text)
		if found, ok := s.phrases[text]; ok {
			size, group = i+1, found
		}
	}
	return size, group
}

// part cuts the runs of a text where a phrase begins or ends within them, the longest phrases first: 拨打12345热线吗.
func (s *synonyms) part(tokens []token) []token {
	var found [][2]int
	for _, phrase := range s.mixed {
		for i := range tokens {
			from, to, ok := follow(tokens[i:], phrase)
			if ok && !slices.ContainsFunc(found, func(other [2]int) bool { return from < other[1] && other[0] < to }) {
				found = append(found, [2]int{from, to})
			}
		}
	}
	for _, ends := range found {
		tokens = cutAt(cutAt(tokens, ends[0]), ends[1])
	}
	return tokens
}

// cutAt cuts the token that a place is within.
func cutAt(tokens []token, at int) []token {
	i := slices.IndexFunc(tokens, func(t token) bool { return t.start < at && at < t.end() })
	if i < 0 {
		return tokens
	}
	t := tokens[i]
	return slices.Replace(slices.Clone(tokens), i, i+1, token{t.text[:at-t.start], t.start, t.run}, token{t.text[at-t.start:], at, t.run})
}

// follow reports whether tokens begin with those of a phrase, of which the first may end a run and the last begin one, and
// where they are.
func follow(tokens, phrase []token) (from, to int, ok bool) {
	if len(phrase) == 0 || len(tokens) < len(phrase) {
		return 0, 0, false
	}
	last := len(phrase) - 1
	for i, want := range phrase {
		switch t := tokens[i]; {
		case t.run != want.run:
			return 0, 0, false
		case !t.run && stem(t.text) == stem(want.text), t.text == want.text:
		case t.run && i == 0 && strings.HasSuffix(t.text, want.text), t.run && i == last && strings.HasPrefix(t.text, want.text):
		default:
			return 0, 0, false
		}
	}
	from, to = tokens[0].start, tokens[last].end()
	if phrase[0].run {
		from = tokens[0].end() - len(phrase[0].text)
	}
	if phrase[last].run {
		to = tokens[last].start + len(phrase[last].text)
	}
	return from, to, true
}

// longest is the longest word with others that mean the same at the beginning of a run, "" where there is none.
func (s *synonyms) longest(run string) string {
	found := ""
	count := 0
	for end := range run {
		if count > s.longestRun {
			return found
		}
		if _, ok := s.runs[run[:end]]; ok {
			found = run[:end]
		}
		count++
	}
	if _, ok := s.runs[run]; ok {
		found = run
	}
	return found
}

// part is a part of a run; group is what means the same as it, if anything does.
type part struct {
	text  string
	group []string
}

// split cuts a run around the words that mean the same as others, the longest first from the left; nil where there is none.
func (s *synonyms) split(run string) []part {
	var parts []part
	start, any := 0, false
	for i := 0; i < len(run); {
		word := s.longest(run[i:])
		if word == "" {
			_, size := utf8.DecodeRuneInString(run[i:])
			i += size
			continue
		}
		if i > start {
			parts = append(parts, part{text: run[start:i]})
		}
		parts = append(parts, part{word, s.runs[word]})
		i += len(word)
		start, any = i, true
	}
	if !any {
		return nil
	}
	if start < len(run) {
		parts = append(parts, part{text: run[start:]})
	}
	return parts
}
