package pricing

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestReverse(t *testing.T) {
	for _, row := range []struct {
		sentence         string
		postings         []Fen
		before, refunded Fen
		want             string
		code             string
	}{
		{"a whole refund reverses every posting", []Fen{600, 9434, 3145}, 0, 13179, "[6.00 94.34 31.45]", ""},
		{"half of it half of each", []Fen{600, 9434, 3146}, 0, 6590, "[3.00 47.17 15.73]", ""},
		{"a single fen comes from the greatest", []Fen{2, 5, 3}, 0, 1, "[0.00 0.01 0.00]", ""},
		{"among equals from the one posted first", []Fen{2, 2}, 0, 1, "[0.01 0.00]", ""},
		{"the next from the other", []Fen{2, 2}, 1, 1, "[0.00 0.01]", ""},
		{"nothing takes nothing", []Fen{2, 2}, 1, 0, "[0.00 0.00]", ""},
		{"what was posted to nobody gives nothing", []Fen{0, 3}, 0, 3, "[0.00 0.03]", ""},
		{"nothing paid, nothing back", []Fen{0}, 0, 0, "[0.00]", ""},
		{"more than was paid is refused", []Fen{2, 2}, 0, 5, "[]", "REFUND_EXCEEDS_PAYMENT"},
		{"more than is left too", []Fen{2, 2}, 3, 2, "[]", "REFUND_EXCEEDS_PAYMENT"},
		{"a refund is not negative", []Fen{2}, 1, -1, "[]", "AMOUNT_NEGATIVE"},
		{"nor what was posted", []Fen{-2}, 0, 0, "[]", "AMOUNT_NEGATIVE"},
		{"postings that are no amount together are refused", []Fen{math.MaxInt64, 1}, 0, 1, "[]", "MONEY_OVERFLOW"},
		{"the greatest amounts are divided", []Fen{math.MaxInt64 - 1, 1}, 0, math.MaxInt64 - 1, "[92233720368547758.06 0.00]", ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			parts, err := Reverse(row.postings, row.before, row.refunded)
			wantCode(t, err, row.code)
			if got := fmt.Sprint(parts); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestRefundsOfAllPartsRestoreEveryAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int64{3, 1000, 1e15}).Draw(t, "most")
		postings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Fen { return Fen(rapid.Int64Range(0, most).Draw(t, "posted")) }), 1, 14).Draw(t, "postings")
		var total, before Fen
		for _, posted := range postings {
			total += posted
		}
		balance := slices.Clone(postings)
		for before < total {
			refunded := Fen(rapid.Int64Range(1, int64(total-before)).Draw(t, "refund"))
			parts, err := Reverse(postings, before, refunded)
			if err != nil {
				t.Fatal(err)
			}
			sum := Fen(0)
			for i, part := range parts {
				if balance[i] -= part; part < 0 || balance[i] < 0 {
					t.Fatalf("posting %d of %s gives %s and is left with %s", i, postings[i], part, balance[i])
				}
				sum += part
			}
			if sum != refunded {
				t.Fatalf("%s are reversed of a refund of %s", sum, refunded)
			}
			before += refunded
		}
		for i, left := range balance {
			if left != 0 {
				t.Fatalf("posting %d keeps %s", i, left)
			}
		}
	})
}

// The parts in closed form are those of the method step by step: each fen from the posting with the most left per fen given.
func TestReverseIsTheDivisorMethod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		postings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Fen { return Fen(rapid.Int64Range(0, 60).Draw(t, "posted")) }), 1, 6).Draw(t, "postings")
		var total Fen
		for _, posted := range postings {
			total += posted
		}
		stepped := make([]Fen, len(postings))
		for refunded := Fen(1); refunded <= total; refunded++ {
			next := -1
			for i, posted := range postings {
				if posted > 0 && (next < 0 || posted*(stepped[next]+1) > postings[next]*(stepped[i]+1)) {
					next = i
				}
			}
			stepped[next]++
			if got := given(postings, total, refunded); !slices.Equal(got, stepped) {
				t.Fatalf("of %v the first %d fen are %v, step by step %v", postings, int64(refunded), got, stepped)
			}
		}
	})
}
