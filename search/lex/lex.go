// Package lex is what the engines of the search have in common of reading texts: how they are folded, cut, read for
// operators and marked. What a text means, and what of it finds what, is each engine's own.
package lex

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes text of any origin comparable: valid, full width as half width, lower case, simplified script, names_like_this as
// words.
func Fold(text string) string {
	plain := true
	for i := 0; i < len(text) && plain; i++ {
		c := text[i]
		plain = c >= ' ' && c < 0x7f && (c < 'A' || c > 'Z') && c != '_'
	}
	if plain {
		return text
	}
	text = norm.NFKC.String(strings.ToValidUTF8(text, " "))
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsControl(r) {
			return ' '
		}
		return unicode.ToLower(simplify(r))
	}, text)
}

// Scan cuts folded text into tokens, by where they begin and end: runs of what isCharacter says is written without spaces,
// and words. A full stop between digits belongs to the number.
func Scan(text string, isCharacter func(r rune) bool, token func(start, end int, run bool)) {
	start, run := -1, false
	flush := func(end int) {
		if start >= 0 {
			token(start, end, run)
		}
		start = -1
	}
	for i, r := range text {
		switch {
		case isCharacter(r):
			if start < 0 || !run {
				flush(i)
				start, run = i, true
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '.' && start >= 0 && !run && betweenDigits(text, i):
			if start < 0 || run {
				flush(i)
				start, run = i, false
			}
		default:
			flush(i)
		}
	}
	flush(len(text))
}

func betweenDigits(text string, i int) bool {
	return i+1 < len(text) && isDigit(text[i-1]) && isDigit(text[i+1])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// Letters reports whether a word is of the letters a to z.
func Letters(word string) bool {
	for i := 0; i < len(word); i++ {
		if word[i] < 'a' || word[i] > 'z' {
			return false
		}
	}
	return word != ""
}

// Code is the form in which codes are compared: folded, without what groups them.
func Code(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, Fold(text))
}

// Span is a part of a text, by where it begins.
type Span struct {
	Text  string
	Start int
}

// ReadOperators takes what is quoted and what is excluded out of a text, leaving blanks. What is excluded from a quotation mark
// on goes to the next, or to the end of the text. Any other quotation mark without another, and a minus within a word or before
// nothing, are no operators.
func ReadOperators(text string) (rest string, quoted, excluded []Span) {
	left := []byte(text)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			left[i] = ' '
		}
	}
	closing := func(from int) int { // at from there is nothing to close
		if i := strings.IndexFunc(text[from:], isQuote); i >= 0 {
			return from + i
		}
		return -1
	}
	fresh := true // at the beginning of a word
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		minus := (r == '-' || r == '−') && fresh
		at := i
		if minus {
			at += size
		}
		switch next, n := utf8.DecodeRuneInString(text[at:]); {
		case minus && isQuote(next) && closing(at+n) < 0 && strings.TrimSpace(text[at+n:]) != "":
			excluded = append(excluded, Span{text[at+n:], at + n})
			blank(i, len(text))
			i = len(text)
			continue
		case at < len(text) && isQuote(next) && closing(at+n) > at+n:
			end := closing(at + n)
			inside := Span{text[at+n : end], at + n}
			if minus {
				excluded = append(excluded, inside)
			} else {
				quoted = append(quoted, inside)
			}
			_, last := utf8.DecodeRuneInString(text[end:])
			blank(i, end+last)
			i, fresh = end+last, true
			continue
		case minus && at < len(text) && next != ' ' && next != '-':
			end := len(text)
			if space := strings.IndexByte(text[at:], ' '); space >= 0 {
				end = at + space
			}
			excluded = append(excluded, Span{text[at:end], at})
			blank(i, end)
			i, fresh = end, true
			continue
		}
		fresh = r == ' '
		i += size
	}
	return string(left), quoted, excluded
}

// WriteOperators puts back what ReadOperators took out: it gives a text that asks for the same, the words first, without signs that
// were no operators and might become some.
func WriteOperators(rest string, quoted, excluded []Span) string {
	words := func(text string) (words []string) {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || isQuote(r) }) {
			if word = strings.TrimLeft(word, "-−"); word != "" {
				words = append(words, word)
			}
		}
		return words
	}
	parts := words(rest)
	for _, q := range quoted {
		parts = append(parts, `"`+q.Text+`"`)
	}
	for _, not := range excluded {
		switch these := words(not.Text); len(these) {
		case 0:
		case 1:
			parts = append(parts, "-"+these[0])
		default:
			parts = append(parts, `-"`+strings.Join(these, " ")+`"`)
		}
	}
	return strings.Join(parts, " ")
}

func isQuote(r rune) bool { return strings.ContainsRune("\"“”„«»", r) }

// Marks are parts of a text, found in its folded form.
type Marks struct {
	// Folded is the text, folded.
	Folded string
	text   string
	// origin says by byte of it where the character begins and ends that it comes from.
	origin [][2]int
	ranges [][2]int
}

// NewMarks returns no marks of a text yet.
func NewMarks(text string) *Marks {
	m := &Marks{text: text}
	var folded strings.Builder
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		part := Fold(text[i : i+size])
		for range len(part) {
			m.origin = append(m.origin, [2]int{i, i + size})
		}
		folded.WriteString(part)
	}
	m.Folded = folded.String()
	return m
}

// Mark marks a part of the folded text.
func (m *Marks) Mark(from, to int) { m.ranges = append(m.ranges, m.originally(from, to)) }

func (m *Marks) originally(from, to int) [2]int { return [2]int{m.origin[from][0], m.origin[to-1][1]} }

// Original is what a part of the folded text, which is not empty, was before.
func (m *Marks) Original(from, to int) string {
	at := m.originally(from, to)
	return m.text[at[0]:at[1]]
}

// Find marks a needle wherever it stands, and reports whether it does.
func (m *Marks) Find(needle string) (found bool) {
	for at := 0; ; {
		i := strings.Index(m.Folded[at:], needle)
		if i < 0 {
			return found
		}
		m.Mark(at+i, at+i+len(needle))
		at, found = at+i+len(needle), true
	}
}

// FindRun marks a run of characters, or where it does not stand in one piece the pairs of them.
func (m *Marks) FindRun(run string) {
	if m.Find(run) || utf8.RuneCountInString(run) <= 2 {
		return
	}
	Pairs(run, func(pair string) { m.Find(pair) })
}

// Ranges are the marks in the text as it was, as pairs of byte offsets, ascending and apart.
func (m *Marks) Ranges() [][2]int {
	slices.SortFunc(m.ranges, func(a, b [2]int) int { return a[0] - b[0] })
	var merged [][2]int
	for _, r := range m.ranges {
		if n := len(merged); n > 0 && r[0] <= merged[n-1][1] {
			merged[n-1][1] = max(merged[n-1][1], r[1])
		} else {
			merged = append(merged, r)
		}
	}
	return merged
}

// Pairs calls do with every two neighbouring characters of a run.
func Pairs(run string, do func(pair string)) {
	_, first := utf8.DecodeRuneInString(run)
	for start, second := 0, first; second < len(run); {
		_, size := utf8.DecodeRuneInString(run[second:])
		do(run[start : second+size])
		start, second = second, second+size
	}
}
