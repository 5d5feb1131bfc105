package lex

import (
	_ "embed"
	"strings"
)

//go:embed traditional.txt
var traditionalText string

// The characters that traditional.txt speaks of.
const (
	firstCharacter = '\u4e00'
	lastCharacter  = '\u9fff'
)

// simplified holds the simplified character of those that have another, by their place.
var simplified = func() (table [lastCharacter - firstCharacter + 1]rune) {
	for line := range strings.Lines(traditionalText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for pair := range strings.FieldsSeq(line) {
			characters := []rune(pair)
			table[characters[0]-firstCharacter] = characters[1]
		}
	}
	return table
}()

// simplify is the character of simplified script.
func simplify(r rune) rune {
	if r >= firstCharacter && r <= lastCharacter {
		if s := simplified[r-firstCharacter]; s != 0 {
			return s
		}
	}
	return r
}
