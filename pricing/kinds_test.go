package pricing

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"reflect"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"
)

func part(name string) Part { return Part{Contributor: name, Basis: "agreed", Channel: ChannelCost} }

func byCost(costs ...Fen) AllocationRule {
	rule := AllocationRule{Version: 1, Kind: AllocationCost}
	for i, c := range costs {
		p := part(fmt.Sprint("c", i))
		p.CostFen = c
		rule.Parts = append(rule.Parts, p)
	}
	return rule
}

func byUse(uses ...string) AllocationRule {
	rule := AllocationRule{Version: 1, Kind: AllocationUse}
	for i, text := range uses {
		p := part(fmt.Sprint("c", i))
		count, quality, _ := strings.Cut(text, "×")
		_, _ = fmt.Sscan(count, &p.Uses)
		p.Quality = decimal.MustParse(quality)
		rule.Parts = append(rule.Parts, p)
	}
	return rule
}

// byShapley has the players a, b, c … and the value of every coalition, in the order of its bits: a, b, ab, c, ac, bc, abc.
func byShapley(values ...int64) AllocationRule {
	n := bits.Len(uint(len(values)))
	rule := AllocationRule{Version: 1, Kind: AllocationShapley}
	for i := range n {
		rule.Parts = append(rule.Parts, part(string(rune('a'+i))))
	}
	for i, v := range values {
		rule.Coalitions = append(rule.Coalitions, Coalition{Members: strings.Split(rule.members(i+1), ", "), Value: v})
	}
	return rule
}

func amounts(shares []Share) string {
	var list []string
	for _, s := range shares {
		text := fmt.Sprint(int64(s.AmountFen))
		if s.Leftover {
			text += "+"
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

func TestSplitOfEachKind(t *testing.T) {
	for _, row := range []struct {
		sentence string
		rule     AllocationRule
		total    Fen
		want     string
	}{
		{"who spent three quarters receives them", byCost(300_00, 100_00), 1000, "750 250"},
		{"who spent nothing receives nothing", byCost(300_00, 0), 1000, "1000 0"},
		{"costs that do not divide leave a fen", byCost(1, 1, 1), 100, "34+ 33 33"},
		{"the greatest costs are divided", byCost(MaxPartCostFen, MaxPartCostFen), math.MaxInt64, "4611686018427387904+ 4611686018427387903"},
		{"uses divide", byUse("300×1", "100×1"), 1000, "750 250"},
		{"half the quality counts half", byUse("300×0.5", "150×1"), 1000, "500 500"},
		{"quality counts to the fourth decimal", byUse("1×0.0001", "1×0.0003"), 1000, "250 750"},
		{"the greatest uses are divided", byUse("1000000000000×1", "1000000000000×1"), 2, "1 1"},
		{"who alone is worth everything receives it", byShapley(10, 0, 10), 1000, "1000 0"},
		{"who are worth something only together share alike", byShapley(0, 0, 10), 1000, "500 500"},
		{"two left gloves and a right one: the right one is worth four times a left one", byShapley(0, 0, 0, 0, 1, 1, 1), 6000, "1000 1000 4000"},
		{"a sole contributor", byShapley(7), 1001, "1001"},
		{"a runway is paid by who needs it", byShapley(8, 11, 11, 13, 13, 13, 13), 7800, "1600 2500 3700"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			shares, err := row.rule.Split(row.total)
			if err != nil {
				t.Fatal(err)
			}
			if got := amounts(shares); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestAllocationKindsRefused(t *testing.T) {
	without := func(rule AllocationRule, i int) AllocationRule {
		rule.Coalitions = append(rule.Coalitions[:i:i], rule.Coalitions[i+1:]...)
		return rule
	}
	with := func(rule AllocationRule, change func(*AllocationRule)) AllocationRule {
		change(&rule)
		return rule
	}
	thirteen := byCost(make([]Fen, MaxParts+1)...)
	for _, row := range []struct {
		sentence string
		rule     AllocationRule
		want     string
	}{
		{"thirteen contributors are too many", thirteen, "ALLOCATION_PARTS_INVALID@r.parts"},
		{"for a Shapley value too", with(thirteen, func(r *AllocationRule) { r.Kind = AllocationShapley }), "ALLOCATION_PARTS_INVALID@r.parts"},
		{"somebody spent something", byCost(0, 0), "WEIGHTS_ALL_ZERO@r.parts"},
		{"a cost is not negative", byCost(-1, 1), "PART_COST_INVALID@r.parts.0.costFen"},
		{"nor beyond all bounds", byCost(1, MaxPartCostFen+1), "PART_COST_INVALID@r.parts.1.costFen"},
		{"uses are not negative", byUse("-1×1", "1×1"), "USES_INVALID@r.parts.0.uses"},
		{"quality is 0 to 1", byUse("1×1.01", "1×-0.1"), "QUALITY_INVALID@r.parts.0.quality QUALITY_INVALID@r.parts.1.quality"},
		{"and not finer than its decimals", byUse("1×0.00001", "1×1"), "QUALITY_INVALID@r.parts.0.quality"},
		{"somebody's uses are worth something", byUse("1×0", "0×1"), "WEIGHTS_ALL_ZERO@r.parts"},
		{"a measure of another kind is refused", with(byCost(1), func(r *AllocationRule) { r.Parts[0].Weight = 1 }), "MEASURE_NOT_USED@r.parts.0.weight"},
		{"costs have no whole", with(byCost(1), func(r *AllocationRule) { r.Whole = 100 }), "WHOLE_NOT_USED@r.whole"},
		{"every coalition has a value", without(byShapley(0, 0, 10), 1), "COALITION_MISSING@r.coalitions"},
		{"and one only", with(byShapley(0, 0, 10), func(r *AllocationRule) { r.Coalitions[0] = r.Coalitions[1] }),
			"COALITION_REPEATED@r.coalitions.1.members COALITION_MISSING@r.coalitions"},
		{"more than can be formed are not read", with(byShapley(1), func(r *AllocationRule) { r.Coalitions = make([]Coalition, 3) }), "COALITION_REPEATED@r.coalitions"},
		{"a coalition is of contributors", with(byShapley(0, 0, 10), func(r *AllocationRule) { r.Coalitions[0].Members = []string{"z"} }),
			"COALITION_MEMBER_INVALID@r.coalitions.0.members COALITION_MISSING@r.coalitions"},
		{"each once", with(byShapley(0, 0, 10), func(r *AllocationRule) { r.Coalitions[2].Members = []string{"a", "a"} }),
			"COALITION_MEMBER_INVALID@r.coalitions.2.members COALITION_MISSING@r.coalitions"},
		{"one at least", with(byShapley(0, 0, 10), func(r *AllocationRule) { r.Coalitions[2].Members = nil }),
			"COALITION_MEMBER_INVALID@r.coalitions.2.members COALITION_MISSING@r.coalitions"},
		{"its value is not negative", byShapley(-1, 0, 10), "COALITION_VALUE_INVALID@r.coalitions.0.value"},
		{"nor beyond all bounds", byShapley(MaxCoalitionValue + 1), "COALITION_VALUE_INVALID@r.coalitions.0.value"},
		{"who joins makes nothing worth less", byShapley(10, 0, 9), "COALITION_NOT_MONOTONE@r.coalitions"},
		{"something is worth something", byShapley(0, 0, 0), "WEIGHTS_ALL_ZERO@r.parts"},
		{"a contributor plays once", with(byShapley(0, 0, 10), func(r *AllocationRule) { r.Parts[1].Contributor = "a" }), "CONTRIBUTOR_REPEATED@r.parts.1.contributor"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := codesAndFields(row.rule.Validate("r")); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if shares, err := row.rule.Split(100); err == nil {
				t.Errorf("it split all the same: %s", amounts(shares))
			}
		})
	}
}

func TestProfitPartsStayWithinThePermittedProfit(t *testing.T) {
	rule := weights(60, 30, 10)
	rule.Parts[0].Channel = ChannelCost // 40 of 100 are profit
	for _, row := range []struct {
		sentence           string
		revenue, permitted Fen
		code               string
	}{
		{"what is permitted may be given out", 1000_00, 400_00, ""},
		{"not a fen more", 1000_00, 399_99, "PROFIT_OVER_PERMITTED"},
		{"nor a part of one", 1000_01, 400_00, "PROFIT_OVER_PERMITTED"},
		{"no revenue gives out nothing", 0, 0, ""},
		{"amounts are not negative", -1, 0, "AMOUNT_NEGATIVE"},
	} {
		t.Run(row.sentence, func(t *testing.T) { wantCode(t, rule.CheckProfit(row.revenue, row.permitted), row.code) })
	}
}

func TestEachKindComesBackFromJSONAsItWas(t *testing.T) {
	for _, want := range []AllocationRule{byCost(1, 2), byUse("3×0.5"), byShapley(0, 0, 10)} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got AllocationRule
		if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s came back as %+v, %v", text, got, err)
		}
	}
}

// The value is held against its definition: what a player adds on the average, over all orders in which the players can come.
func TestShapleyIsTheAverageOverAllOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "players")
		values := drawGame(t, n)
		rule := byShapley(values[1:]...)
		var got [MaxParts]uint64
		sum := rule.weigh(got[:n])
		want, orders := make([]int64, n), int64(0)
		var walk func(set int)
		walk = func(set int) {
			if set == len(values)-1 {
				orders++
				return
			}
			for i := range n {
				if set&(1<<i) == 0 {
					before := orders
					walk(set | 1<<i)
					want[i] += (orders - before) * (values[set|1<<i] - values[set])
				}
			}
		}
		walk(0)
		for i := range n {
			if got[i] != uint64(want[i]) {
				t.Fatalf("player %d has %d, and %d over all orders", i, got[i], want[i])
			}
		}
		if sum != factorial(n)*uint64(values[len(values)-1]) {
			t.Fatalf("the values sum to %d", sum)
		}
	})
}

// drawGame draws a game that nobody's joining makes worth less, and that is worth something.
func drawGame(t *rapid.T, n int) []int64 {
	values := make([]int64, 1<<n)
	for set := 1; set < len(values); set++ {
		for i := range n {
			values[set] = max(values[set], values[set&^(1<<i)])
		}
		values[set] += rapid.Int64Range(0, 1000).Draw(t, "adds")
	}
	values[len(values)-1]++
	return values
}

func TestEveryKindGivesOutEveryFenInProportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rule AllocationRule
		n := rapid.IntRange(1, MaxParts).Draw(t, "parts")
		switch rapid.SampledFrom(AllocationKind("").Values()[1:]).Draw(t, "kind") {
		case "COST_PROPORTIONAL":
			for range n {
				rule = byCost(append([]Fen{1}, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Fen { return Fen(rapid.Int64Range(0, MaxPartCostFen).Draw(t, "cost")) }), n-1, n-1).Draw(t, "costs")...)...)
			}
		case "USE_WEIGHTED":
			texts := []string{"1×0.0001"}
			for range n - 1 {
				texts = append(texts, fmt.Sprintf("%d×%s", rapid.Int64Range(0, MaxUses).Draw(t, "uses"), decimal.MustNew(rapid.Int64Range(0, 10_000).Draw(t, "quality"), 4)))
			}
			rule = byUse(texts...)
		default:
			rule = byShapley(drawGame(t, min(n, 5))[1:]...)
		}
		total := Fen(rapid.Int64Range(0, math.MaxInt64).Draw(t, "total"))
		shares, err := rule.Split(total)
		if err != nil {
			t.Fatal(err)
		}
		sum, parts := new(big.Int), new(big.Int)
		for _, s := range shares {
			sum.Add(sum, big.NewInt(int64(s.AmountFen)))
			parts.Add(parts, new(big.Int).SetUint64(s.PartOf))
			exact := new(big.Rat).SetFrac(new(big.Int).SetUint64(s.PartOf), new(big.Int).SetUint64(s.Of))
			exact.Mul(exact, fenRat(total)).Sub(exact, fenRat(s.AmountFen))
			if leftover := exact.Sign() < 0; s.AmountFen < 0 || s.Leftover != leftover || new(big.Rat).Abs(exact).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("a share is %s fen from its proportion, leftover %v", exact.FloatString(3), s.Leftover)
			}
		}
		if sum.Cmp(big.NewInt(int64(total))) != 0 || parts.Cmp(new(big.Int).SetUint64(shares[0].Of)) != 0 {
			t.Fatalf("the shares add up to %s of %d", sum, total)
		}
	})
}

func BenchmarkLargestRemainderFive(b *testing.B) {
	weights, amounts := []uint64{41, 29, 13, 11, 7}, make([]Fen, 5)
	b.ReportAllocs()
	for b.Loop() {
		largestRemainder(123_456_789, weights, 101, amounts)
	}
}

func BenchmarkSplitFive(b *testing.B) {
	rule := weights(40, 30, 15, 10, 5)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rule.Split(123_456_789); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkShapleyTwelve(b *testing.B) {
	values := make([]int64, 1<<MaxParts)
	for set := range values {
		values[set] = int64(bits.OnesCount(uint(set))) * 1_000_000
	}
	rule := byShapley(values[1:]...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rule.Split(123_456_789); err != nil {
			b.Fatal(err)
		}
	}
}
