// Package pinyin tells how Chinese characters are read.
//
// It owns what a reading looks like when it is typed: letters a to z, without tones.
package pinyin

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

	"gongshu/search/lex"
)

// Readings are the syllables that a character may be read as, without tones, ü as v, the most usual first; none for what is no character.
func Readings(r rune) []string {
	var all []string
	for _, marked := range strings.Split(pinyin.PinyinDict[int(r)], ",") {
		plain := strings.Map(func(r rune) rune {
			switch {
			case r == 'ü':
				return 'v'
			case unicode.IsMark(r):
				return -1
			}
			return r
		}, toneless(marked))
		if lex.Letters(plain) && !slices.Contains(all, plain) {
			all = append(all, plain)
		}
	}
	return all
}

// toneless parts marks from letters and drops those of tones; the two dots of ü are no tone.
func toneless(syllable string) string {
	const tones = "\u0300\u0301\u0304\u030c"
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if strings.ContainsRune(tones, r) {
			return -1
		}
		return r
	}, norm.NFD.String(syllable)))
}

// Usual are the readings of a character without rare ones, which would make letters stand for what nobody means.
func Usual(r rune) []string {
	all, usual := Readings(r), 1
	if strings.ContainsRune(ambiguous, r) {
		usual = 2
	}
	return all[:min(len(all), usual)]
}

// ambiguous are characters of common words that are read in two ways.
const ambiguous = "行长重乐降调传率角校弹处藏朝曾差便卷系宿种会都量间省车参单解曲朴卜洞盛泊什还落露"

// Letters are the letters that a folded word is typed with where it may be pinyin: a to z, some with the mark of a tone, or
// each syllable with the digit of its tone, which numbered says. ok is false for any other word.
func Letters(word string) (letters string, numbered, ok bool) {
	if lex.Letters(word) {
		return word, false, true
	}
	var plain strings.Builder
	syllable := 0
	for _, r := range toneless(word) {
		switch {
		case r == 'ü':
			r = 'v'
			fallthrough
		case 'a' <= r && r <= 'z':
			plain.WriteRune(r)
			syllable++
		case '1' <= r && r <= '5' && syllable > 1:
			numbered, syllable = true, 0
		default:
			return "", false, false
		}
	}
	return plain.String(), numbered, plain.Len() > 0 && (!numbered || syllable == 0)
}

// maxSpellings bounds the ways to read one run, and maxSpan the syllables of a span within it.
const (
	maxSpellings = 8
	maxSpan      = 4
)

// Spans spells a run of characters for an engine that finds words and their beginnings: of every place in the run what is
// read from there, two to four syllables and all the rest of it, in one piece; syllables in full and the first letters of each.
// Characters that have no reading end a span. Rare readings are left out.
func Spans(run string) (spelled, initials []string) {
	characters := []rune(run)
	readings := make([][]string, len(characters))
	for i, r := range characters {
		readings[i] = Usual(r)
	}
	for start := range characters {
		ways := []string{""}
		firsts := []string{""}
		for end := start; end < len(characters) && len(readings[end]) > 0; end++ {
			ways, firsts = continued(ways, readings[end], false), continued(firsts, readings[end], true)
			size, last := end-start+1, end+1 == len(characters) || len(readings[end+1]) == 0
			if size > 1 && (size <= maxSpan || last) {
				spelled, initials = append(spelled, ways...), append(initials, firsts...)
			}
		}
	}
	return distinct(spelled), distinct(initials)
}

// Spellings are the ways in which a run of characters is read as a whole: syllables in full, and the first letters of each.
// There are none where one of the characters has no reading. Rare readings are left out.
func Spellings(run string) (spelled, initials []string) {
	spelled, initials = []string{""}, []string{""}
	for _, r := range run {
		readings := Usual(r)
		spelled, initials = continued(spelled, readings, false), continued(initials, readings, true)
	}
	return spelled, initials
}

func continued(ways, readings []string, first bool) []string {
	var all []string
	for _, reading := range readings {
		if first {
			reading = reading[:1]
		}
		for _, way := range ways {
			if longer := way + reading; len(all) < maxSpellings && !slices.Contains(all, longer) {
				all = append(all, longer)
			}
		}
	}
	return all
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
