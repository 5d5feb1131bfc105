package meili

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongshu/search/lex"
	"gongshu/search/pinyin"
)

// token is a piece of folded text: a run of Chinese characters, or a word.
type token struct {
	text  string
	start int
	run   bool
}

func (t token) end() int { return t.start + len(t.text) }

// scan cuts folded text into tokens.
func scan(folded string) (tokens []token) {
	lex.Scan(folded, func(r rune) bool { return unicode.Is(unicode.Han, r) }, func(start, end int, run bool) {
		tokens = append(tokens, token{folded[start:end], start, run})
	})
	return tokens
}

// words is a folded text in words alone, all of them with blanks between, so that a document is cut as a query is.
// Where a sentence or a part of it ends there is a full stop, which no phrase can go across.
func words(folded string) string {
	return parted(folded, scan(folded), func(t token) string { return t.text })
}

func parted(folded string, tokens []token, write func(t token) string) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			if strings.ContainsAny(folded[tokens[i-1].end():t.start], ".,;:!?。、\n") {
				b.WriteByte('.')
			}
			b.WriteByte(' ')
		}
		b.WriteString(write(t))
	}
	return b.String()
}

// maxPiece is the longest piece of a run that documents hold as a word of its own, in characters. Meilisearch's Chinese words
// are no longer.
const maxPiece = 3

// pieces are the texts by which any word within a folded text's runs is found, whatever words Meilisearch cuts the text
// into: first the text with all characters apart, then all pieces of a run, which no phrase can go across.
func pieces(folded string) []string {
	tokens := scan(folded)
	if !slices.ContainsFunc(tokens, func(t token) bool { return t.run }) {
		return nil
	}
	texts := []string{parted(folded, tokens, characters)}
	var all []string
	for _, t := range tokens {
		for run := []rune(t.text); t.run && len(run) > 0; run = run[1:] {
			for n := 2; n <= min(maxPiece, len(run)); n++ {
				all = append(all, string(run[:n]))
			}
		}
	}
	if len(all) > 0 {
		texts = append(texts, apart(all))
	}
	return texts
}

// characters is a token with its characters apart if it is a run.
func characters(t token) string {
	if t.run {
		return strings.Join(strings.Split(t.text, ""), " ")
	}
	return t.text
}

// asked is what a text asks for.
type asked struct {
	// q is the text as Meilisearch is to be asked; "" with everything asks for all, without it for nothing.
	q          string
	everything bool
	// words are highlighted. They stand in folded, which is without what is quoted and what is excluded.
	words  []token
	folded string
	// quoted and excluded are what must be there as it stands, which is highlighted too, and what must not be there.
	quoted, excluded []lex.Span
}

// read understands a text. With operators, what is quoted and what is excluded is taken out first. What stays is cut into
// words, so that no sign of the text reaches Meilisearch. The words come last, as the last of them may be unfinished.
func read(typed string, operators bool) asked {
	if strings.TrimSpace(typed) == "" {
		return asked{everything: true}
	}
	folded := lex.Fold(typed)
	var a asked
	var parts []string
	if operators {
		folded, a.quoted, a.excluded = lex.ReadOperators(folded)
		for _, not := range a.excluded {
			if p := phrase(not.Text); p != "" {
				parts = append(parts, "-"+p)
			}
		}
		for _, q := range a.quoted {
			if p := phrase(q.Text); p != "" {
				parts = append(parts, p)
			}
		}
	}
	a.folded, a.words = folded, meant(scan(folded))
	for _, t := range a.words {
		if letters, _, ok := pinyin.Letters(t.text); ok {
			parts = append(parts, letters) // documents have no tones
		} else {
			parts = append(parts, t.text)
		}
	}
	a.q = strings.Join(parts, " ")
	return a
}

// meant leaves out English words that say nothing, unless there is nothing else or they are written in one piece with another.
func meant(tokens []token) []token {
	var all []token
	for i, t := range tokens {
		alone := (i == 0 || tokens[i-1].end() < t.start) && (i+1 == len(tokens) || t.end() < tokens[i+1].start)
		if !alone || !stops[t.text] {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return tokens
	}
	return all
}

// phrase quotes a folded text, all characters apart as pieces has them; "" where there is no letter and no digit.
func phrase(text string) string {
	var words []string
	for _, t := range scan(text) {
		words = append(words, characters(t))
	}
	if len(words) == 0 {
		return ""
	}
	return `"` + strings.Join(words, " ") + `"`
}

// stops are English words that a text may hold without meaning them.
var stops = func() map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(`a an and any are as at by for from in into is it its of on or our that the their these this those to with`) {
		all[word] = true
	}
	return all
}()

// synonymsOf makes groups that have a word in common into one, and says of every word which others mean the same; of what a
// run of Chinese characters is spelled like too, as its initials from leastInitials characters on, all of them.
func synonymsOf(groups [][]string) map[string][]string {
	joined := map[string]*[]string{}
	for _, group := range groups {
		whole := &[]string{}
		for _, word := range group {
			word = strings.Join(strings.FieldsFunc(lex.Fold(word), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }), " ")
			if word == "" {
				continue
			}
			if other := joined[word]; other == nil {
				*whole = append(*whole, word)
				joined[word] = whole
			} else if other != whole {
				for _, w := range *other {
					joined[w] = whole
				}
				*whole = append(*whole, *other...)
			}
		}
	}
	all := map[string][]string{}
	for word, group := range joined {
		if others := slices.DeleteFunc(slices.Clone(*group), func(w string) bool { return w == word }); len(others) > 0 {
			slices.Sort(others)
			all[word] = others
		}
	}
	for word := range joined {
		if tokens := scan(word); len(all[word]) == 0 || len(tokens) != 1 || !tokens[0].run || utf8.RuneCountInString(word) < 2 {
			continue
		}
		spelled, initials := pinyin.Spellings(word)
		if utf8.RuneCountInString(word) >= leastInitials {
			spelled = append(spelled, initials...)
		}
		for _, letters := range spelled {
			if joined[letters] == nil {
				all[letters] = distinct(append(all[letters], append(all[word], word)...))
			}
		}
	}
	return all
}

// leastInitials are the characters that a word has at least that is found by its initials.
const leastInitials = 3

func distinct(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
