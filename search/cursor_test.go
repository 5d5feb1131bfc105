package search_test

import (
	"testing"

	"pgregory.net/rapid"

	"gongshu/internal/fault"
	"gongshu/search"
)

type position struct {
	Rank int64
	Name string
}

func TestCursorsComeBackForTheirQueryOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := search.Query{
			Text:   rapid.String().Draw(t, "text"),
			Order:  rapid.SampledFrom(append([]search.Order{""}, search.Orders...)).Draw(t, "order"),
			Filter: search.Filter{DomainIDs: rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "domains")},
		}
		want := position{Rank: rapid.Int64().Draw(t, "rank"), Name: rapid.String().Draw(t, "name")}
		q.After = q.Cursor(want)
		var got position
		if found, err := q.Position(&got); err != nil || !found || got != want {
			t.Fatalf("position is %v, want %v: %v", got, want, err)
		}

		other := q
		other.Text += "x"
		if _, err := other.Position(&got); fault.CodeOf(err) != "CURSOR_INVALID" {
			t.Fatalf("the cursor is taken for another text: %v", err)
		}
		other = q
		other.Of = "others"
		if _, err := other.Position(&got); fault.CodeOf(err) != "CURSOR_INVALID" {
			t.Fatalf("the cursor is taken for another index: %v", err)
		}
		changed := []byte(q.After)
		i := rapid.IntRange(0, len(changed)-1).Draw(t, "at")
		changed[i] = rapid.Byte().Filter(func(b byte) bool { return b != q.After[i] }).Draw(t, "byte")
		other = q
		other.After = string(changed)
		if _, err := other.Position(&got); fault.CodeOf(err) != "CURSOR_INVALID" {
			t.Fatalf("the changed cursor %q is taken: %v", changed, err)
		}
	})
}

func TestNoCursorIsNoPosition(t *testing.T) {
	got := position{Rank: 7}
	if found, err := (search.Query{Text: "x"}).Position(&got); found || err != nil || got.Rank != 7 {
		t.Errorf("the first page has the position %v: %v", got, err)
	}
}

// FuzzPosition reads any text as the cursor of a search: it is refused as one, or it belongs to this search and to no other.
func FuzzPosition(f *testing.F) {
	q := search.Query{Text: "失信", Order: search.Newest}
	valid := q.Cursor(position{Rank: 7, Name: "x"})
	for _, seed := range []string{"", valid, valid + "=", valid[1:], search.Query{}.Cursor(nil), "bnVsbA", "eyJ2IjoxfQ", "eyJ2IjoxLCJvIjoiTkVXRVNUIiwicCI6e30sInMiOiIifQ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q.After = text
		var got position
		found, err := q.Position(&got)
		switch {
		case err != nil && fault.CodeOf(err) != "CURSOR_INVALID":
			t.Fatalf("%q is refused with %v", text, err)
		case err == nil && found != (text != ""):
			t.Fatalf("%q is found: %t", text, found)
		case found:
			other := q
			other.Text = "x"
			if _, err := other.Position(&got); err == nil {
				t.Fatalf("%q belongs to two searches", text)
			}
		}
	})
}
