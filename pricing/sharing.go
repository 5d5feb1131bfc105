package pricing

import (
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
)

// The technical limits of an allocation rule. They keep every sum of weights below 2^64, so that a split is exact.
const (
	MaxParts           = 12
	MaxWeight          = 1_000_000
	MaxPartCostFen     = 1_000_000_000_000_000 // ten trillion yuan
	MaxUses            = 1_000_000_000_000
	MaxQualityDecimals = 4
	MaxCoalitionValue  = 10_000_000_000
)

// AllocationKind is what the weights of an allocation rule rest on.
type AllocationKind string

// The four kinds. No law states a percentage, so each is agreed and approved (CITY 11.3).
const (
	AllocationFixed   AllocationKind = "FIXED"             // 固定比例: weights of a whole
	AllocationCost    AllocationKind = "COST_PROPORTIONAL" // 按成本: what each contributor spent
	AllocationUse     AllocationKind = "USE_WEIGHTED"      // 按使用量和质量: uses times quality
	AllocationShapley AllocationKind = "SHAPLEY"           // 沙普利值: what each adds to every coalition of the others
)

// Values lists the stored forms.
func (AllocationKind) Values() []string {
	return []string{"FIXED", "COST_PROPORTIONAL", "USE_WEIGHTED", "SHAPLEY"}
}

// AllocationRule is the agreed division of a product's revenue among those who contributed to it
// (分配规则, CITY 11.3: who invests, contributes, benefits).
type AllocationRule struct {
	// Version counts from 1; a version in use never changes.
	Version int            `json:"version"`
	Kind    AllocationKind `json:"kind"`
	// Whole is what the weights of a FIXED rule sum to, 100 where they are percent; 0 for the other kinds.
	Whole int64  `json:"whole,omitempty"`
	Parts []Part `json:"parts"`
	// Coalitions of a SHAPLEY rule: every set of its contributors, once; empty for the other kinds.
	Coalitions []Coalition `json:"coalitions,omitempty"`
}

// Part is what one contributor brings in under an allocation rule; of the four measures it has those that the kind reads.
// A contributor may have several parts, on different grounds; under SHAPLEY it has one.
type Part struct {
	// Contributor is an opaque identifier.
	Contributor string `json:"contributor"`
	// Weight of the rule's whole: FIXED.
	Weight int64 `json:"weight,omitempty"`
	// CostFen that the contributor spent: COST_PROPORTIONAL.
	CostFen Fen `json:"costFen,omitempty"`
	// Uses of what it contributed, and its Quality from 0 to 1: USE_WEIGHTED.
	Uses    int64           `json:"uses,omitempty"`
	Quality decimal.Decimal `json:"quality,omitzero"`
	// Basis says in words what the part rests on.
	Basis   string  `json:"basis"`
	Channel Channel `json:"channel"`
}

// Coalition is what some contributors are worth together, without the others.
type Coalition struct {
	Members []string `json:"members"`
	// Value in any unit, the same for all of a rule, 0 to MaxCoalitionValue.
	Value int64 `json:"value"`
}

// CoalitionsOf writes out what every set of parts is worth: the k-th value, from 1 on, is of the parts at the bits of k, the first at the
// lowest. Values that no set has are of nobody, which a rule is refused for.
func CoalitionsOf(parts []Part, values []int64) []Coalition {
	coalitions := make([]Coalition, min(len(values), 1<<MaxParts))
	for i := range coalitions {
		coalitions[i] = Coalition{Members: []string{}, Value: values[i]}
		for at, part := range parts {
			if (i+1)>>at&1 == 1 {
				coalitions[i].Members = append(coalitions[i].Members, part.Contributor)
			}
		}
	}
	return coalitions
}

// Share is what a part receives of one total.
type Share struct {
	Part
	AmountFen Fen
	// The part has PartOf of Of; a SHAPLEY value is PartOf divided by the factorial of the number of parts.
	PartOf, Of uint64
	// Leftover says that AmountFen has one of the fen that were left over when every part was cut to whole fen.
	Leftover bool
}

// FixedWeights is a rule of weights whose whole is what they sum to.
func FixedWeights(version int, parts []Part) AllocationRule {
	rule := AllocationRule{Version: version, Kind: AllocationFixed, Parts: parts}
	for _, p := range parts {
		rule.Whole += p.Weight
	}
	return rule
}

// Validate returns everything that is wrong with the rule, with paths below field.
func (r AllocationRule) Validate(field string) error { return r.faults(field).OrNil() }

func (r AllocationRule) faults(field string) fault.List {
	var list fault.List
	if r.Version < 1 {
		list = append(list, fault.New(fault.Invalid, "ALLOCATION_VERSION_INVALID", "The versions of an allocation rule count from 1.").At(path(field, "version")))
	}
	known := slices.Contains(r.Kind.Values(), string(r.Kind))
	if !known {
		list = append(list, fault.New(fault.Invalid, "ALLOCATION_KIND_INVALID", "This is no kind of allocation rule.").At(path(field, "kind")))
	}
	if len(r.Parts) < 1 || len(r.Parts) > MaxParts {
		return append(list, fault.New(fault.Invalid, "ALLOCATION_PARTS_INVALID", "An allocation rule has 1 to %d parts.", MaxParts).
			With("max", MaxParts).At(path(field, "parts")))
	}
	for i := range r.Parts {
		list = append(list, r.partFaults(i, field)...)
	}
	if r.Kind != AllocationShapley && len(r.Coalitions) > 0 {
		list = append(list, fault.New(fault.Invalid, "COALITIONS_NOT_USED", "Only a rule by Shapley value has coalitions.").At(path(field, "coalitions")))
	}
	if r.Kind != AllocationFixed && r.Whole != 0 {
		list = append(list, fault.New(fault.Invalid, "WHOLE_NOT_USED", "Only a rule of fixed weights has a whole.").At(path(field, "whole")))
	}
	if len(list) > 0 || !known {
		return list
	}
	return r.sumFaults(field)
}

// partFaults spells a path only where something is wrong, as every split passes here.
func (r AllocationRule) partFaults(i int, field string) fault.List {
	p := &r.Parts[i]
	at := func(name string) string { return path(field, fmt.Sprintf("parts.%d.%s", i, name)) }
	var list fault.List
	if p.Contributor == "" {
		list = append(list, fault.New(fault.Invalid, "CONTRIBUTOR_MISSING", "A part names its contributor.").At(at("contributor")))
	}
	if p.Basis == "" {
		list = append(list, fault.New(fault.Invalid, "BASIS_MISSING", "A part says what its weight rests on.").At(at("basis")))
	}
	switch p.Channel {
	case ChannelCost, ChannelProfit, ChannelInKind:
	default:
		list = append(list, fault.New(fault.Invalid, "CHANNEL_INVALID", "This is no channel of a share.").At(at("channel")))
	}
	unused := func(name string, used bool, is bool) {
		if !used && is {
			list = append(list, fault.New(fault.Invalid, "MEASURE_NOT_USED", "This kind of rule does not read this measure.").At(at(name)))
		}
	}
	unused("weight", r.Kind == AllocationFixed, p.Weight != 0)
	unused("costFen", r.Kind == AllocationCost, p.CostFen != 0)
	unused("uses", r.Kind == AllocationUse, p.Uses != 0)
	unused("quality", r.Kind == AllocationUse, !p.Quality.IsZero())
	switch r.Kind {
	case AllocationFixed:
		if p.Weight < 1 || p.Weight > MaxWeight {
			list = append(list, fault.New(fault.Invalid, "WEIGHT_INVALID", "A weight is 1 to %d.", MaxWeight).With("max", MaxWeight).At(at("weight")))
		}
	case AllocationCost:
		if p.CostFen < 0 || p.CostFen > MaxPartCostFen {
			list = append(list, fault.New(fault.Invalid, "PART_COST_INVALID", "A cost is 0 to %s yuan.", Fen(MaxPartCostFen)).
				With("max", Fen(MaxPartCostFen).String()).At(at("costFen")))
		}
	case AllocationUse:
		if p.Uses < 0 || p.Uses > MaxUses {
			list = append(list, fault.New(fault.Invalid, "USES_INVALID", "The uses are 0 to %d.", int64(MaxUses)).With("max", int64(MaxUses)).At(at("uses")))
		}
		if p.Quality.IsNeg() || p.Quality.Cmp(decimal.One) > 0 || p.Quality.Scale() > MaxQualityDecimals {
			list = append(list, fault.New(fault.Invalid, "QUALITY_INVALID", "A quality is 0 to 1 with at most %d decimals.", MaxQualityDecimals).
				With("max", MaxQualityDecimals).At(at("quality")))
		}
	case AllocationShapley:
		if slices.ContainsFunc(r.Parts[:i], func(other Part) bool { return other.Contributor == p.Contributor }) {
			list = append(list, fault.New(fault.Invalid, "CONTRIBUTOR_REPEATED", "A contributor has one part under this kind of rule.").At(at("contributor")))
		}
	}
	return list
}

// sumFaults holds of a rule whose parts are valid each for itself.
func (r AllocationRule) sumFaults(field string) fault.List {
	if r.Kind == AllocationShapley {
		_, faults := r.game(field)
		if len(faults) > 0 {
			return faults
		}
	}
	var weights [MaxParts]uint64
	sum := r.weigh(weights[:len(r.Parts)])
	switch {
	case r.Kind == AllocationFixed && (r.Whole < 1 || sum != uint64(r.Whole)):
		return fault.List{fault.New(fault.Invalid, "WEIGHTS_NOT_WHOLE", "The weights sum to %d and not to the whole of %d.", sum, r.Whole).
			With("sum", sum).With("whole", r.Whole).At(path(field, "whole"))}
	case sum == 0:
		return fault.List{fault.New(fault.Invalid, "WEIGHTS_ALL_ZERO", "No part has anything to be shared by.").At(path(field, "parts"))}
	}
	return nil
}

// weigh fills in the weight of each part of a valid rule and returns their sum.
func (r AllocationRule) weigh(weights []uint64) (sum uint64) {
	switch r.Kind {
	case AllocationShapley:
		values, _ := r.game("")
		shapley(values, weights)
	default:
		for i := range r.Parts {
			p := &r.Parts[i]
			switch r.Kind {
			case AllocationFixed:
				weights[i] = uint64(p.Weight)
			case AllocationCost:
				weights[i] = uint64(p.CostFen)
			case AllocationUse:
				weights[i] = uint64(p.Uses) * scaled(p.Quality, MaxQualityDecimals)
			}
		}
	}
	for _, w := range weights {
		sum += w
	}
	return sum
}

// game returns the value of every set of parts, a set being the bits of its parts' indexes, and what is wrong with the coalitions.
// A contributor who joins never makes a coalition worth less: its share would be negative, and a share is paid.
func (r AllocationRule) game(field string) ([]int64, fault.List) {
	field = path(field, "coalitions")
	index := make(map[string]int, len(r.Parts))
	for i, p := range r.Parts {
		index[p.Contributor] = i
	}
	values := make([]int64, 1<<len(r.Parts))
	for set := range values {
		values[set] = -1
	}
	values[0] = 0
	if len(r.Coalitions) > len(values) {
		return nil, fault.List{fault.New(fault.Invalid, "COALITION_REPEATED", "There are more coalitions than the contributors can form.").At(field)}
	}
	var list fault.List
	for i, c := range r.Coalitions {
		at := func(name string) string { return fmt.Sprintf("%s.%d.%s", field, i, name) }
		set := 0
		for _, member := range c.Members {
			one, known := index[member]
			if !known || set&(1<<one) != 0 {
				list = append(list, fault.New(fault.Invalid, "COALITION_MEMBER_INVALID", "A coalition is of contributors of the rule, each once.").At(at("members")))
				set = 0
				break
			}
			set |= 1 << one
		}
		switch {
		case set == 0 && len(c.Members) > 0: // named above
		case set == 0:
			list = append(list, fault.New(fault.Invalid, "COALITION_MEMBER_INVALID", "A coalition is of contributors of the rule, each once.").At(at("members")))
		case values[set] >= 0:
			list = append(list, fault.New(fault.Invalid, "COALITION_REPEATED", "This coalition has a value already.").At(at("members")))
		case c.Value < 0 || c.Value > MaxCoalitionValue:
			list = append(list, fault.New(fault.Invalid, "COALITION_VALUE_INVALID", "The value of a coalition is 0 to %d.", int64(MaxCoalitionValue)).
				With("max", int64(MaxCoalitionValue)).At(at("value")))
			values[set] = 0
		default:
			values[set] = c.Value
		}
	}
	for set, value := range values {
		if value < 0 {
			return nil, append(list, fault.New(fault.Invalid, "COALITION_MISSING", "The coalition of %s has no value.", r.members(set)).
				With("members", r.members(set)).At(field))
		}
	}
	if len(list) > 0 {
		return nil, list
	}
	for set, value := range values {
		for i := range r.Parts {
			if with := set | 1<<i; values[with] < value {
				return nil, fault.List{fault.New(fault.Invalid, "COALITION_NOT_MONOTONE", "The coalition of %s is worth less than a part of it.", r.members(with)).
					With("members", r.members(with)).At(field)}
			}
		}
	}
	return values, nil
}

func (r AllocationRule) members(set int) string {
	var names []string
	for i, p := range r.Parts {
		if set&(1<<i) != 0 {
			names = append(names, p.Contributor)
		}
	}
	return strings.Join(names, ", ")
}

// shapley fills in n! times each player's Shapley value: over the sets without the player, |S|!(n−|S|−1)! times what the
// player adds to S. Every product and sum is an integer below 2^64: together they are n!·v(all) ≤ 12!·10^10 < 4.8·10^18.
func shapley(values []int64, weights []uint64) {
	n := len(weights)
	var orders [MaxParts]uint64 // of a set of k players before the one who joins, and the rest after it
	for k := range n {
		orders[k] = factorial(k) * factorial(n-k-1)
	}
	for set, value := range values {
		before := orders[min(bits.OnesCount(uint(set)), n-1)] // the set of all has nobody to join it
		for i := range weights {
			if with := set | 1<<i; with != set {
				weights[i] += before * uint64(values[with]-value)
			}
		}
	}
}

func factorial(n int) uint64 {
	product := uint64(1)
	for i := 2; i <= n; i++ {
		product *= uint64(i)
	}
	return product
}

// Split divides a total, VAT already taken off, in proportion to the weights (CITY 11.3).
// Each part receives its proportion cut to whole fen; the fen left over go one each to the largest remainders,
// among equals to the part declared first.
// The shares come in declared order, those of 0 among them, and their sum is always the total.
// Refused with everything that is wrong with the rule, or with MONEY_INVALID for a negative total: a refund reverses
// the original postings and is never split anew.
func (r AllocationRule) Split(total Fen) ([]Share, error) {
	if err := r.Validate(""); err != nil {
		return nil, err
	}
	if total < 0 {
		return nil, malformed("it is negative")
	}
	var weights [MaxParts]uint64
	var amounts [MaxParts]Fen
	n := len(r.Parts)
	sum := r.weigh(weights[:n])
	leftover := largestRemainder(total, weights[:n], sum, amounts[:n])
	shares := make([]Share, n)
	for i := range r.Parts {
		shares[i] = Share{Part: r.Parts[i], AmountFen: amounts[i], PartOf: weights[i], Of: sum, Leftover: leftover&(1<<i) != 0}
	}
	return shares, nil
}

// largestRemainder fills in what of a total goes by each of at most MaxParts weights, and returns, as the bits of their indexes,
// which of them have a fen that was left over: those with the largest remainders, among equals the first.
func largestRemainder(total Fen, weights []uint64, sum uint64, amounts []Fen) (leftover uint) {
	var remainders [MaxParts]uint64
	left := total
	for i, weight := range weights {
		high, low := bits.Mul64(uint64(total), weight)
		amount, remainder := bits.Div64(high, low, sum) // a weight is at most their sum, so this is at most total
		amounts[i], remainders[i] = Fen(amount), remainder
		left -= Fen(amount)
	}
	for ; left > 0; left-- { // the remainders are each below one fen, so fewer fen are left than there are parts
		next := -1
		for i := range weights {
			if leftover&(1<<i) == 0 && (next < 0 || remainders[i] > remainders[next]) {
				next = i
			}
		}
		amounts[next]++
		leftover |= 1 << next
	}
	return leftover
}

// CheckProfit refuses a rule with PROFIT_OVER_PERMITTED (params profit, permitted) when its PROFIT parts of a year's
// revenue would be more than the permitted profit of that year: what the law permits as profit is not shared out twice.
// The part is compared exactly, before any fen is given out. Refused too with the faults of the rule and of the amounts.
func (r AllocationRule) CheckProfit(revenue, permitted Fen) error {
	if err := append(r.faults(""), append(notNegative(revenue, "revenueFen"), notNegative(permitted, "permittedProfitFen")...)...).OrNil(); err != nil {
		return err
	}
	var weights [MaxParts]uint64
	sum := r.weigh(weights[:len(r.Parts)])
	profit := new(big.Int)
	for i, p := range r.Parts {
		if p.Channel == ChannelProfit {
			profit.Add(profit, new(big.Int).SetUint64(weights[i]))
		}
	}
	exact := new(big.Rat).SetFrac(profit, new(big.Int).SetUint64(sum))
	if exact.Mul(exact, fenRat(revenue)).Cmp(fenRat(permitted)) <= 0 {
		return nil
	}
	fen := roundRat(exact)
	return fault.New(fault.Conflict, "PROFIT_OVER_PERMITTED", "Of %s yuan the rule gives %s out as profit, and %s is permitted.", revenue, fen, permitted).
		With("revenue", revenue.String()).With("profit", fen.String()).With("permitted", permitted.String())
}
