package pricing

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func weights(weights ...int64) AllocationRule {
	rule := AllocationRule{Version: 1, Kind: AllocationFixed}
	for i, w := range weights {
		rule.Whole += w
		rule.Parts = append(rule.Parts, Part{Contributor: fmt.Sprint("c", i), Weight: w, Basis: "agreed", Channel: ChannelProfit})
	}
	return rule
}

func TestSplit(t *testing.T) {
	for _, row := range []struct {
		sentence string
		rule     AllocationRule
		total    Fen
		want     string
		code     string
	}{
		{"a sole contributor receives everything", weights(7), 1001, "1001", ""},
		{"weights divide", weights(60, 30, 10), 1000, "600 300 100", ""},
		{"the fen left over goes to the largest remainder", weights(1, 2), 100, "33 67", ""},
		{"among equals to the part declared first", weights(1, 1, 1), 100, "34 33 33", ""},
		{"two fen left over go to two parts", weights(1, 1, 1), 101, "34 34 33", ""},
		{"a single fen goes to one part", weights(1, 3, 3), 1, "0 1 0", ""},
		{"nothing is divided into nothing", weights(1, 2), 0, "0 0", ""},
		{"the greatest amount is divided", weights(1_000_000, 1_000_000), math.MaxInt64, "4611686018427387904 4611686018427387903", ""},
		{"a negative amount is not divided", weights(1), -1, "", "MONEY_INVALID"},
		{"a rule without parts divides nothing", weights(), 100, "", "ALLOCATION_PARTS_INVALID"},
		{"nor does a weight of nothing", weights(0, 1), 100, "", "WEIGHT_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			shares, err := row.rule.Split(row.total)
			wantCode(t, err, row.code)
			var got []string
			for i, s := range shares {
				got = append(got, fmt.Sprint(int64(s.AmountFen)))
				if s.Part != row.rule.Parts[i] || s.Of != uint64(row.rule.Whole) || s.PartOf != uint64(s.Weight) {
					t.Errorf("share %d does not name its part and rule: %+v", i, s)
				}
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("got %v, want %s", got, row.want)
			}
		})
	}
}

func TestAllocationRuleValidate(t *testing.T) {
	many := weights(make([]int64, MaxParts+1)...)
	for _, row := range []struct {
		sentence string
		rule     AllocationRule
		want     string
	}{
		{"twelve parts are valid", weights(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, MaxWeight), ""},
		{"thirteen are not", many, "ALLOCATION_PARTS_INVALID@rule.parts"},
		{"an empty rule lacks everything", AllocationRule{}, "ALLOCATION_VERSION_INVALID@rule.version ALLOCATION_KIND_INVALID@rule.kind ALLOCATION_PARTS_INVALID@rule.parts"},
		{"weights sum to the whole", func() AllocationRule { r := weights(60, 39); r.Whole = 100; return r }(), "WEIGHTS_NOT_WHOLE@rule.whole"},
		{"not above it either", func() AllocationRule { r := weights(60, 41); r.Whole = 100; return r }(), "WEIGHTS_NOT_WHOLE@rule.whole"},
		{"fixed weights have no coalitions", func() AllocationRule { r := weights(1); r.Coalitions = []Coalition{{}}; return r }(), "COALITIONS_NOT_USED@rule.coalitions"},
		{"a weight is positive and bounded", weights(-1, MaxWeight+1), "WEIGHT_INVALID@rule.parts.0.weight WEIGHT_INVALID@rule.parts.1.weight"},
		{"an empty part lacks everything", AllocationRule{Version: 1, Kind: AllocationFixed, Parts: []Part{{}}},
			"CONTRIBUTOR_MISSING@rule.parts.0.contributor BASIS_MISSING@rule.parts.0.basis CHANNEL_INVALID@rule.parts.0.channel WEIGHT_INVALID@rule.parts.0.weight"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := codesAndFields(row.rule.Validate("rule")); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func TestAllocationRuleComesBackFromJSONAsItWas(t *testing.T) {
	want := weights(60, 40)
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got AllocationRule
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s came back as %+v, %v", text, got, err)
	}
}

func TestASplitGivesOutEveryFenInProportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ws := rapid.SliceOfN(rapid.Int64Range(1, MaxWeight), 1, MaxParts).Draw(t, "weights")
		total := Fen(rapid.Int64Range(0, math.MaxInt64).Draw(t, "total"))
		shares, err := weights(ws...).Split(total)
		if err != nil {
			t.Fatal(err)
		}
		all := int64(0)
		for _, w := range ws {
			all += w
		}
		sum := new(big.Int)
		remainder := make([]*big.Rat, len(ws)) // exact proportion less the share: 0 or more where no leftover fen came
		for i, s := range shares {
			sum.Add(sum, big.NewInt(int64(s.AmountFen)))
			exact := new(big.Rat).Mul(big.NewRat(int64(total), 1), big.NewRat(ws[i], all))
			remainder[i] = exact.Sub(exact, big.NewRat(int64(s.AmountFen), 1))
			if remainder[i].Cmp(big.NewRat(1, 1)) >= 0 || remainder[i].Cmp(big.NewRat(-1, 1)) <= 0 {
				t.Fatalf("part %d is a fen or more from its proportion: %d", i, s.AmountFen)
			}
		}
		if sum.Cmp(big.NewInt(int64(total))) != 0 {
			t.Fatalf("the shares add up to %s of %d", sum, total)
		}
		for i, got := range remainder {
			for j, not := range remainder {
				if got.Sign() >= 0 || not.Sign() < 0 {
					continue
				}
				had := new(big.Rat).Add(got, big.NewRat(1, 1))
				if c := had.Cmp(not); c < 0 || c == 0 && j < i {
					t.Fatalf("part %d received the fen that was due to part %d", i, j)
				}
			}
		}
	})
}
