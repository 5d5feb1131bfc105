package pricing

import (
	"math"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"
)

func TestPercentages(t *testing.T) {
	for _, row := range []struct {
		sentence string
		amounts  []Fen
		want     string
	}{
		{"nothing", nil, ""},
		{"all of it", []Fen{7}, "100.0"},
		{"a sum of nothing", []Fen{0, 0}, "0.0 0.0"},
		{"half and half", []Fen{1, 1}, "50.0 50.0"},
		{"thirds: the first gets the tenth left over", []Fen{1, 1, 1}, "33.4 33.3 33.3"},
		{"the largest remainder gets it", []Fen{1667, 1667, 6666}, "16.7 16.7 66.6"},
		{"what is below 0 has no part", []Fen{-5, 5}, "0.0 100.0"},
		{"the greatest amounts", []Fen{math.MaxInt64, math.MaxInt64}, "50.0 50.0"},
		{"more than a number of 64 bits together", []Fen{math.MaxInt64, math.MaxInt64, 3}, "50.0 50.0 0.0"},
	} {
		var got []string
		for _, p := range Percentages(row.amounts) {
			got = append(got, p.String())
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: %v", row.sentence, got)
		}
	}
}

func TestPercentagesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Map(rapid.Int64(), func(n int64) Fen { return Fen(n) }), 1, 50).Draw(t, "amounts")
		sum, some := decimal.MustNew(0, 1), false
		for i, p := range Percentages(amounts) {
			var err error
			if sum, err = sum.Add(p); err != nil {
				t.Fatal(err)
			}
			some = some || amounts[i] > 0
		}
		want := "100.0"
		if !some {
			want = "0.0"
		}
		if sum.String() != want {
			t.Fatalf("%v are %s together", amounts, sum)
		}
	})
}

func TestChange(t *testing.T) {
	for _, row := range []struct {
		sentence      string
		before, after Fen
		want          string
	}{
		{"after nothing there is no percentage", 0, 5, ""},
		{"the same", 5, 5, "0.0"},
		{"twice", 5, 10, "100.0"},
		{"half", 10, 5, "-50.0"},
		{"all gone", 10, 0, "-100.0"},
		{"rounded", 3, 4, "33.3"},
		{"half a tenth is a tenth", 2000, 2001, "0.1"},
		{"down as up", 2000, 1999, "-0.1"},
	} {
		got := ""
		if c := Change(row.before, row.after); c != nil {
			got = c.String()
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
		}
	}
}

func TestPercentOf(t *testing.T) {
	for _, row := range []struct {
		sentence    string
		part, whole int64
		want        string
	}{
		{"of nothing there is none", 1, 0, ""},
		{"nothing of something", 0, 3, "0.0"},
		{"a third", 1, 3, "33.3"},
		{"half a tenth is a tenth", 1, 2000, "0.1"},
		{"all", 7, 7, "100.0"},
		{"more than all", 9, 8, "112.5"},
		{"the greatest", math.MaxInt64, math.MaxInt64, "100.0"},
		{"beyond reading", math.MaxInt64, 1, ""},
	} {
		got := ""
		if p := PercentOf(row.part, row.whole); p != nil {
			got = p.String()
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
		}
	}
}
