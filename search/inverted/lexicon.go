package inverted

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongshu/search/lex"
	"gongshu/search/pinyin"
)

// lexicon knows which characters follow which in the documents, and how they are read. With it letters are turned into
// what they can stand for here, so that pinyin and initials need no postings of their own.
type lexicon struct {
	characters map[rune]*character
	// first are the characters by the first letter of a reading.
	first map[byte][]rune
	// words are the English words without digits, by length, for mistyped ones.
	words [maxTypoWord + 1][]string
	// learned is all that it was taught and did not know, in the order in which it was.
	learned []string
}

type character struct {
	readings        []string
	follow, precede []rune
	followed        map[rune]bool
}

// maxTypoWord is the longest word that is looked at for mistyped ones.
const maxTypoWord = 24

func newLexicon() *lexicon {
	return &lexicon{characters: map[rune]*character{}, first: map[byte][]rune{}}
}

// noLexicon knows nothing.
var noLexicon = newLexicon()

// learn takes in a new term of the documents.
func (x *lexicon) learn(term string) {
	first, size := utf8.DecodeRuneInString(term)
	if !isCharacter(first) {
		if len(term) <= maxTypoWord && len(term) >= minTypoWord && lex.Letters(term) {
			x.words[len(term)] = append(x.words[len(term)], term)
			x.learned = append(x.learned, term)
		}
		return
	}
	x.learned = append(x.learned, term)
	a := x.character(first)
	if second, _ := utf8.DecodeRuneInString(term[size:]); len(term) > size {
		b := x.character(second)
		if !a.followed[second] {
			a.followed[second], a.follow = true, append(a.follow, second)
			b.precede = append(b.precede, first)
		}
	}
}

func (x *lexicon) character(r rune) *character {
	c, ok := x.characters[r]
	if !ok {
		c = &character{readings: pinyin.Usual(r), followed: map[rune]bool{}}
		x.characters[r] = c
		seen := map[byte]bool{}
		for _, reading := range c.readings {
			if !seen[reading[0]] {
				seen[reading[0]] = true
				x.first[reading[0]] = append(x.first[reading[0]], r)
			}
		}
	}
	return c
}

// read is readings, known for the characters of the documents.
func (x *lexicon) read(r rune) []string {
	if !isCharacter(r) {
		return nil
	}
	if c, ok := x.characters[r]; ok {
		return c.readings
	}
	return pinyin.Usual(r)
}

// spelling is how letters are read.
type spelling int

const (
	full     spelling = iota // whole syllables
	initials                 // the first letter of each
	begun                    // whole syllables, of which the last may be unfinished; one may be all
)

// The bounds of decoding: what it returns, what it looks at for one pattern, and for all patterns of a text.
const (
	maxDecoded = 40
	maxVisited = 20_000
	maxVisits  = 100_000
)

// decode lists the runs of characters that a pattern of letters and characters can stand for: characters that stand next to
// each other in the documents, or in what else is known.
// Where apart is true, they may be of several pieces that need not stand next to each other, parted by spaces.
// left is what may still be looked at.
func (x *lexicon) decode(pattern string, how spelling, apart bool, beside *lexicon, left *int) []string {
	known := func(r rune) *character {
		if c := x.characters[r]; c != nil {
			return c
		}
		return beside.characters[r]
	}
	var found []string
	visited := 0
	defer func() { *left -= visited }()
	var path []rune
	var walk func(at int, previous rune, piece int)
	walk = func(at int, previous rune, piece int) {
		if visited++; visited > min(maxVisited, *left) || len(found) >= maxDecoded {
			return
		}
		if at == len(pattern) {
			if piece >= 2 || how == begun {
				found = append(found, string(path))
			}
			return
		}
		try := func(r rune, piece int) {
			path = append(path, r)
			if c := pattern[at]; c >= utf8.RuneSelf {
				if literal, size := utf8.DecodeRuneInString(pattern[at:]); literal == r {
					walk(at+size, r, piece)
				}
			} else if how == initials {
				for _, reading := range known(r).readings {
					if reading[0] == c {
						walk(at+1, r, piece)
						break
					}
				}
			} else {
				for i, reading := range known(r).readings {
					end := at + len(reading)
					if how == begun && strings.HasPrefix(reading, pattern[at:]) {
						end = len(pattern)
					} else if !strings.HasPrefix(pattern[at:], reading) {
						continue
					}
					if i == 0 || piece > 1 || end < len(pattern) { // alone a character is read as it mostly is
						walk(end, r, piece)
					}
				}
			}
			path = path[:len(path)-1]
		}
		if previous != 0 {
			own, other := x.characters[previous], beside.characters[previous]
			if own != nil {
				for _, r := range own.follow {
					try(r, piece+1)
				}
			}
			if other != nil {
				for _, r := range other.follow {
					if own == nil || !own.followed[r] {
						try(r, piece+1)
					}
				}
			}
		}
		if previous == 0 || apart && piece >= 2 {
			if previous != 0 {
				path = append(path, ' ')
				defer func() { path = path[:len(path)-1] }()
			}
			if literal, _ := utf8.DecodeRuneInString(pattern[at:]); literal >= utf8.RuneSelf {
				if known(literal) != nil {
					try(literal, 1)
				}
			} else {
				for _, r := range x.first[pattern[at]] {
					try(r, 1)
				}
				for _, r := range beside.first[pattern[at]] {
					if x.characters[r] == nil {
						try(r, 1)
					}
				}
			}
		}
	}
	walk(0, 0, 0)
	return found
}

// Typos are looked for in words of at least minTypoWord letters. Of short words, one letter makes another word: a bank is no
// band, and no brain a grain. Unless the longer of the two has leastTypo letters, letters are swapped at most.
const (
	minTypoWord = 4
	leastTypo   = 6
)

// near lists the words of the documents that are one letter away: another, one more, one less, or two the other way round.
func (x *lexicon) near(word string) []string {
	if len(word) < minTypoWord || !lex.Letters(word) {
		return nil
	}
	var all []string
	for n := max(len(word)-1, minTypoWord); n <= min(len(word)+1, maxTypoWord); n++ {
		for _, other := range x.words[n] {
			if max(len(word), n) >= leastTypo && oneApart(word, other) || swapped(word, other) {
				all = append(all, other)
			}
		}
	}
	return all
}

func oneApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return i < len(a) && a[i+1:] == b[i+1:] || swapped(a, b)
}

// swapped reports whether two words are the same but for two letters the other way round.
func swapped(a, b string) bool {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return len(a) == len(b) && i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// mistyped lists what letters may have been meant to be, one letter away.
func mistyped(letters string) []string {
	var all []string
	for i := range len(letters) + 1 {
		if i < len(letters) {
			all = append(all, letters[:i]+letters[i+1:])
		}
		if i+1 < len(letters) {
			all = append(all, letters[:i]+string(letters[i+1])+string(letters[i])+letters[i+2:])
		}
		for c := byte('a'); c <= 'z'; c++ {
			all = append(all, letters[:i]+string(c)+letters[i:])
			if i < len(letters) {
				all = append(all, letters[:i]+string(c)+letters[i+1:])
			}
		}
	}
	return all
}

// candidate is a run that may have been meant; sounds says that it is read the same.
type candidate struct {
	run    string
	sounds bool
}

// meant lists the runs of characters that a mistyped one may have been meant to be: one character another, and in longer
// runs also one too many, one missing or two the other way round. Neighbours of what changed stand so in the documents.
func (x *lexicon) meant(run string) []candidate {
	old := []rune(run)
	var all []candidate
	offer := func(sounds bool, runes ...[]rune) {
		var b strings.Builder
		for _, part := range runes {
			b.WriteString(string(part))
		}
		all = append(all, candidate{b.String(), sounds})
	}
	stands := func(a, b rune) bool { c := x.characters[a]; return c != nil && c.followed[b] }
	between := func(i, j int) []rune { // what may stand after old[i] and before old[j]
		var list []rune
		switch {
		case i >= 0 && x.characters[old[i]] != nil:
			for _, r := range x.characters[old[i]].follow {
				if j >= len(old) || stands(r, old[j]) {
					list = append(list, r)
				}
			}
		case i < 0 && j < len(old) && x.characters[old[j]] != nil:
			list = x.characters[old[j]].precede
		}
		return list
	}
	for i := range old {
		for _, r := range between(i-1, i+1) {
			if r != old[i] {
				offer(sharesReading(r, old[i]), old[:i], []rune{r}, old[i+1:])
			}
		}
	}
	if len(old) < 4 {
		return all
	}
	for i := range old {
		if i > 0 && i+1 < len(old) && stands(old[i-1], old[i+1]) || i == 0 || i+1 == len(old) {
			offer(false, old[:i], old[i+1:])
		}
		if i > 0 {
			for _, r := range between(i-1, i) {
				offer(false, old[:i], []rune{r}, old[i:])
			}
		}
		if i+1 < len(old) && stands(old[i+1], old[i]) {
			offer(false, old[:i], []rune{old[i+1], old[i]}, old[i+2:])
		}
	}
	return all
}

// soundsAlike reports whether two runs of as many characters are mostly read the same.
func soundsAlike(a, b string) bool {
	others := []rune(b)
	for i, r := range []rune(a) {
		if r == others[i] {
			continue
		}
		one, other := pinyin.Usual(r), pinyin.Usual(others[i])
		if len(one) == 0 || len(other) == 0 || one[0] != other[0] {
			return false
		}
	}
	return true
}

func sharesReading(a, b rune) bool {
	for _, reading := range pinyin.Usual(a) {
		if slices.Contains(pinyin.Usual(b), reading) {
			return true
		}
	}
	return false
}
