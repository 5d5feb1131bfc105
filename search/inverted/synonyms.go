package inverted

import (
	"strings"
	"unicode/utf8"

	"gongshu/search/lex"
)

// synonyms are groups of words that mean the same, by each of their words. It is never changed once made.
type synonyms struct {
	// runs and phrases are those of characters, and those of English words as stems with spaces.
	runs, phrases map[string][]string
	// longestRun is in characters, longestPhrase in words.
	longestRun, longestPhrase int
}

// newSynonyms makes groups that have a word in common into one.
func newSynonyms(groups [][]string) *synonyms {
	s := &synonyms{runs: map[string][]string{}, phrases: map[string][]string{}}
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
	for word, group := range joined {
		if len(*group) < 2 {
			continue
		}
		tokens := scan(word)
		if tokens[0].run && len(tokens) == 1 {
			s.runs[word] = *group
			s.longestRun = max(s.longestRun, utf8.RuneCountInString(word))
			continue
		}
		stems := make([]string, len(tokens))
		for i, t := range tokens {
			stems[i] = stem(t.text)
		}
		s.phrases[strings.Join(stems, " ")] = *group
		s.longestPhrase = max(s.longestPhrase, len(stems))
	}
	return s
}

// words finds the longest words at the beginning of the tokens that mean the same as others.
func (s *synonyms) words(tokens []token) (size int, group []string) {
	text := ""
	for i, t := range tokens[:min(len(tokens), s.longestPhrase)] {
		if t.run {
			break
		}
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
