// Package legible owns which characters a text that people write may hold: those that its reader can see.
//
// A character that turns what follows around, has no width, or controls a terminal makes a text that reads otherwise than it
// is kept, and two names that nobody can tell apart. It leaves to others how long a text may be and what it has to say.
package legible

import (
	"fmt"
	"strings"
	"unicode"

	"gongshu/internal/fault"
)

// Line refuses with TEXT_INVALID a text of one line that holds a character which cannot be seen, or a line end;
// the first such character is the parameter character: U+202E.
func Line(text string) *fault.Error {
	for _, r := range text {
		if unseen(r) {
			return Refuse(r)
		}
	}
	return nil
}

// Lines is Line for a text that may have several: it may hold tabs and line ends, as \n or \r\n.
func Lines(text string) *fault.Error {
	return Line(strings.NewReplacer("\r\n", "", "\n", "", "\t", "").Replace(text))
}

// Seen is what of a text its reader can see, for texts that others wrote and that nobody here can mend, such as a bank's: line ends and tabs
// become spaces, and other characters that cannot be seen are left out. What stands for broken text stays, since it shows.
func Seen(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("\r\n\t\u0085\u2028\u2029", r):
			return ' '
		case r != unicode.ReplacementChar && unseen(r):
			return -1
		}
		return r
	}, text))
}

// Refuse is TEXT_INVALID for a character that may not stand where it does.
func Refuse(r rune) *fault.Error {
	character := fmt.Sprintf("U+%04X", r)
	return fault.New(fault.Invalid, "TEXT_INVALID", "The character %s may not stand here.", character).With("character", character)
}

// unseen reports whether a character has no shape of its own: control and format characters, what only parts lines,
// what fonts are to leave out, and what stands for broken text. White space has one, and private use may.
func unseen(r rune) bool {
	if ' ' <= r && r <= '~' {
		return false
	}
	return r == unicode.ReplacementChar || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}
