package meili

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold makes text of any origin comparable: valid, full width as half width, lower case, names_like_this as words.
func fold(text string) string {
	text = norm.NFKC.String(strings.ToValidUTF8(text, " "))
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsControl(r) {
			return ' '
		}
		return unicode.ToLower(r)
	}, text)
}

// token is a piece of folded text: a run of Chinese characters, or a word.
type token struct {
	text  string
	start int
	run   bool
}

func (t token) end() int { return t.start + len(t.text) }

// scan cuts folded text into tokens. A full stop between digits belongs to the number.
func scan(text string) []token {
	var tokens []token
	start, run := -1, false
	flush := func(end int) {
		if start >= 0 {
			tokens = append(tokens, token{text[start:end], start, run})
		}
		start = -1
	}
	for i, r := range text {
		han := unicode.Is(unicode.Han, r)
		switch {
		case han, unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && start >= 0 && !run, r == '.' && start >= 0 && !run && betweenDigits(text, i):
			if start < 0 || run != han {
				flush(i)
				start, run = i, han
			}
		default:
			flush(i)
		}
	}
	flush(len(text))
	return tokens
}

func betweenDigits(text string, i int) bool {
	digit := func(c byte) bool { return '0' <= c && c <= '9' }
	return i+1 < len(text) && digit(text[i-1]) && digit(text[i+1])
}

// letters reports whether a word is of the letters a to z.
func letters(word string) bool {
	return word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
}

// code is the form in which codes are compared: without what groups them.
func code(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, fold(text))
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
	// words and phrases are what is highlighted. The words stand in folded, which is without phrases.
	words   []token
	phrases []string
	folded  string
}

// read understands a text. With operators, what is quoted and what is excluded is taken out first. What stays is cut into
// words, so that no sign of the text reaches Meilisearch. The words come last, as the last of them may be unfinished.
func read(text string, operators bool) asked {
	folded := fold(text)
	if strings.TrimSpace(folded) == "" {
		return asked{everything: true}
	}
	var a asked
	var parts []string
	if operators {
		var quoted, excluded []string
		folded, quoted, excluded = readOperators(folded)
		for _, not := range excluded {
			if p := phrase(not); p != "" {
				parts = append(parts, "-"+p)
			}
		}
		for _, text := range quoted {
			if p := phrase(text); p != "" {
				parts, a.phrases = append(parts, p), append(a.phrases, text)
			}
		}
	}
	a.folded, a.words = folded, meant(scan(folded))
	for _, t := range a.words {
		parts = append(parts, t.text)
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

// readOperators takes what is quoted and what is excluded out of a folded text. A quotation mark without another, and a
// minus within a word or before nothing, are no operators.
func readOperators(text string) (rest string, quoted, excluded []string) {
	isQuote := func(r rune) bool { return strings.ContainsRune("\"“”„«»", r) }
	var left strings.Builder
	fresh := true // at the beginning of a word
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		minus := (r == '-' || r == '−') && fresh
		at := i
		if minus {
			at += size
		}
		next, n := utf8.DecodeRuneInString(text[at:])
		if at < len(text) && isQuote(next) {
			if length := strings.IndexFunc(text[at+n:], isQuote); length > 0 {
				inside := text[at+n : at+n+length]
				if minus {
					excluded = append(excluded, inside)
				} else {
					quoted = append(quoted, inside)
				}
				_, last := utf8.DecodeRuneInString(text[at+n+length:])
				i, fresh = at+n+length+last, true
				left.WriteByte(' ')
				continue
			}
		}
		if minus && at < len(text) && next != ' ' && next != '-' {
			word, _, _ := strings.Cut(text[at:], " ")
			excluded = append(excluded, word)
			i, fresh = at+len(word), true
			left.WriteByte(' ')
			continue
		}
		left.WriteRune(r)
		fresh = r == ' '
		i += size
	}
	return left.String(), quoted, excluded
}

// stops are English words that a text may hold without meaning them.
var stops = func() map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(`a an and any are as at by for from in into is it its of on or our that the their these this those to with`) {
		all[word] = true
	}
	return all
}()

// synonymsOf makes groups that have a word in common into one, and says of every word which others mean the same.
func synonymsOf(groups [][]string) map[string][]string {
	joined := map[string]*[]string{}
	for _, group := range groups {
		whole := &[]string{}
		for _, word := range group {
			word = strings.Join(strings.FieldsFunc(fold(word), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }), " ")
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
	return all
}
