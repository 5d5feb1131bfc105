package lex

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestOperatorsAreReadOrLeft(t *testing.T) {
	for _, row := range []struct {
		text, rest       string
		quoted, excluded []string
	}{
		{`公交 "小时客流" -商圈`, "公交", []string{"小时客流"}, []string{"商圈"}},
		{`-"a b" c`, "c", nil, []string{"a b"}},
		{`“早高峰” 指数`, "指数", []string{"早高峰"}, nil},
		{`a-b c`, "a-b c", nil, nil},
		{`"公交`, `"公交`, nil, nil},
		{`"" 公交`, `"" 公交`, nil, nil},
		{`c -"a b`, "c", nil, []string{"a b"}},
		{`"c" -“a b`, "", []string{"c"}, []string{"a b"}},
		{`c -"`, "c", nil, []string{`"`}},
		{`c -" `, "c", nil, []string{`"`}},
		{`c -""`, "c", nil, []string{`""`}},
		{`c a-"b`, `c a-"b`, nil, nil},
		{`- a`, "- a", nil, nil},
		{`--a`, "--a", nil, nil},
		{`−商圈`, "", nil, []string{"商圈"}},
	} {
		rest, quoted, excluded := ReadOperators(row.text)
		texts := func(spans []Span) (all []string) {
			for _, s := range spans {
				if !strings.HasPrefix(row.text[s.Start:], s.Text) {
					t.Errorf("%q: %q does not begin at %d", row.text, s.Text, s.Start)
				}
				all = append(all, s.Text)
			}
			return all
		}
		if strings.TrimSpace(rest) != row.rest || len(rest) != len(row.text) || !reflect.DeepEqual(texts(quoted), row.quoted) || !reflect.DeepEqual(texts(excluded), row.excluded) {
			t.Errorf("%q is %q, quoted %v, excluded %v", row.text, rest, quoted, excluded)
		}
	}
}

// What is read and written again asks for the same, whatever the text.
func TestOperatorsAreWrittenAsTheyWereRead(t *testing.T) {
	words := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '-' || r == '−' || isQuote(r) })
	}
	texts := func(spans []Span) (all []string) {
		for _, s := range spans {
			if these := words(s.Text); len(these) > 0 {
				all = append(all, strings.Join(these, " "))
			}
		}
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"公交", "a", "b-c", " ", " ", "-", " -", "−", "\"", "“", "”"}), 0, 14).Draw(t, "parts"), "")
		rest, quoted, excluded := ReadOperators(text)
		written := WriteOperators(rest, quoted, excluded)
		again, quotedAgain, excludedAgain := ReadOperators(written)
		if !slices.Equal(words(again), words(rest)) || !slices.Equal(texts(quotedAgain), texts(quoted)) || !slices.Equal(texts(excludedAgain), texts(excluded)) {
			t.Fatalf("%q is written %q, which is %q, quoted %q, excluded %q; not %q, %q, %q", text, written, again, texts(quotedAgain), texts(excludedAgain), rest, texts(quoted), texts(excluded))
		}
	})
}

// Whatever a text is, its marks lie in it, in their order and apart, on whole characters; its tokens lie in its folded form.
func TestMarksAndTokensLieInTheirText(t *testing.T) {
	han := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("公交客流Ａ１.aB_-\"” \x00ﬁﷺ\u0301\ufffd𠀀"))).Draw(t, "text")
		if rapid.Bool().Draw(t, "broken") {
			text += "\xff\xe5"
		}
		m := NewMarks(text)
		last := 0
		Scan(m.Folded, han, func(start, end int, run bool) {
			if start < last || end <= start || end > len(m.Folded) {
				t.Fatalf("a token from %d to %d of %q", start, end, m.Folded)
			}
			last = end
			m.Mark(start, end)
		})
		m.FindRun("公交客流")
		last = -1
		for _, r := range m.Ranges() {
			if r[0] <= last || r[1] <= r[0] || r[1] > len(text) {
				t.Fatalf("marks %v of %q", m.Ranges(), text)
			}
			last = r[1]
		}
	})
}

func TestARunIsMarkedWholeOrByItsPairs(t *testing.T) {
	for text, want := range map[string][][2]int{
		"公交客流":     {{0, 12}},
		"公交的客流":    {{0, 6}, {9, 15}},
		"ＡＢ 公交 客流": {{7, 13}, {14, 20}},
		"客":        nil,
	} {
		m := NewMarks(text)
		m.FindRun("公交客流")
		if got := m.Ranges(); !reflect.DeepEqual(got, want) {
			t.Errorf("%q is marked %v, want %v", text, got, want)
		}
	}
}

func TestFoldWritesSimplified(t *testing.T) {
	for text, want := range map[string]string{"企業信用核驗": "企业信用核验", "徵信 ＡＢ": "征信 ab", "覆盖": "覆盖", "公交": "公交", "一丁龥㐀": "一丁龥㐀"} {
		if got := Fold(text); got != want {
			t.Errorf("%q is folded to %q, want %q", text, got, want)
		}
	}
	pairs := 0
	for i, s := range simplified {
		if s == 0 {
			continue
		}
		pairs++
		if simplify(s) != s {
			t.Errorf("%c is written as %c, which is no simplified character", firstCharacter+rune(i), s)
		}
	}
	if pairs < 2800 {
		t.Errorf("there are %d characters of traditional script", pairs)
	}
}
