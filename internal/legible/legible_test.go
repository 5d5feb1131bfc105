package legible_test

import (
	"strings"
	"testing"

	"gongshu/internal/fault"
	"gongshu/internal/legible"
)

func TestWhatCannotBeSeenIsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, line, lines string }{
		{"nothing", "", "", ""},
		{"Chinese with a wide blank", "涪城区　卫生健康委员会（试行）", "", ""},
		{"Latin, signs and an accent", "Café — 12.5 % of €3, e\u0301", "", ""},
		{"a rare character beyond the first plane, and a private one", "𠮷田 \ue000", "", ""},
		{"a character with a variation selector", "葛\U000e0100", "", ""},
		{"a line end", "a\nb", "U+000A", ""},
		{"a line end of Windows", "a\r\nb", "U+000D", ""},
		{"a carriage return alone overwrites the line", "a\rb", "U+000D", "U+000D"},
		{"a tab", "a\tb", "U+0009", ""},
		{"NUL", "a\x00", "U+0000", "U+0000"},
		{"an escape", "\x1b[31m", "U+001B", "U+001B"},
		{"a C1 control", "a\u0085b", "U+0085", "U+0085"},
		{"right-to-left override", "exe\u202egpj", "U+202E", "U+202E"},
		{"an embedding", "\u202aa", "U+202A", "U+202A"},
		{"an isolate", "\u2066a", "U+2066", "U+2066"},
		{"the end of one", "a\u2069", "U+2069", "U+2069"},
		{"a space without width", "公\u200b共", "U+200B", "U+200B"},
		{"a joiner without width", "a\u200db", "U+200D", "U+200D"},
		{"a byte order mark", "\ufeffa", "U+FEFF", "U+FEFF"},
		{"a soft hyphen", "a\u00adb", "U+00AD", "U+00AD"},
		{"a line separator", "a\u2028b", "U+2028", "U+2028"},
		{"a Hangul filler", "a\u3164", "U+3164", "U+3164"},
		{"a tag", "a\U000e0041", "U+E0041", "U+E0041"},
		{"what stands for broken text", "a\ufffd", "U+FFFD", "U+FFFD"},
		{"broken text", "a\xff", "U+FFFD", "U+FFFD"},
	} {
		for _, way := range []struct {
			name string
			is   func(string) *fault.Error
			want string
		}{{"line", legible.Line, c.line}, {"lines", legible.Lines, c.lines}} {
			got := ""
			if f := way.is(c.text); f != nil {
				if f.Code != "TEXT_INVALID" || f.Kind != fault.Invalid {
					t.Errorf("%s as %s: refused with %s", c.name, way.name, f.Code)
				}
				got = f.Params["character"].(string)
			}
			if got != way.want {
				t.Errorf("%s as %s: %q is refused for %q, want %q", c.name, way.name, c.text, got, way.want)
			}
		}
	}
}

func TestWhatIsSeen(t *testing.T) {
	for text, want := range map[string]string{
		"绵阳市 Gongshu 2026": "绵阳市 Gongshu 2026", "a\u202eb": "ab", "\u2066a\u2069": "a", "a\r\nb\tc": "a  b c", "a\u2028b": "a b", "\u200b": "", "a\ufffd": "a\ufffd",
		"\x1b[31m": "[31m",
	} {
		if got := legible.Seen(text); got != want || legible.Line(strings.ReplaceAll(got, "\ufffd", "")) != nil {
			t.Errorf("of %q is seen %q, want %q", text, got, want)
		}
	}
}
