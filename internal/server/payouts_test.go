package server

import "testing"

// A spreadsheet that takes an account for a number rounds it.
func TestABankFileKeepsItsDigits(t *testing.T) {
	for text, want := range map[string]string{"99000000000000012600": "\t99000000000000012600", "91510700MA6XXXXX0A": "91510700MA6XXXXX0A", "": "", "'=1": "'=1"} {
		if got := digits(text); got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
}
