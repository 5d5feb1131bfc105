package inverted

import "strings"

// PanicAt makes reading a text with a word in it panic, until undo is called.
func PanicAt(word string) (undo func()) {
	readTerms = func(folded string, do func(term []byte)) {
		terms(folded, func(term []byte) {
			if string(term) == word {
				panic("no way to read " + strings.ToUpper(word))
			}
			do(term)
		})
	}
	return func() { readTerms = terms }
}

// Forget lets what was asked before be answered anew.
func (ix *Index) Forget() { ix.asked.forget() }

// State tells one state of an index from another.
func (ix *Index) State() any { return ix.state }
