package pricing

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"gongshu/internal/fault"
)

// The technical limits of an allocation rule.
const (
	MaxParts  = 12
	MaxWeight = 1_000_000
)

// AllocationRule is the agreed division of a product's revenue among those who contributed to it
// (分配规则, CITY 11.3: who invests, contributes, benefits). No law states a percentage: the weights are agreed.
type AllocationRule struct {
	// Version counts from 1; a version in use never changes.
	Version int    `json:"version"`
	Parts   []Part `json:"parts"`
}

// Part is one contributor's weight in an allocation rule. A contributor may have several, on different grounds.
type Part struct {
	// Contributor is an opaque identifier.
	Contributor string `json:"contributor"`
	Weight      int64  `json:"weight"`
	// Basis says in words what the weight rests on.
	Basis   string  `json:"basis"`
	Channel Channel `json:"channel"`
}

// Share is what a part receives of one total.
type Share struct {
	Part
	RuleVersion int
	AmountFen   Fen
}

// Validate returns everything that is wrong with the rule, with paths below field.
func (r AllocationRule) Validate(field string) error {
	var list fault.List
	if r.Version < 1 {
		list = append(list, fault.New(fault.Invalid, "ALLOCATION_VERSION_INVALID", "The versions of an allocation rule count from 1.").At(path(field, "version")))
	}
	if len(r.Parts) < 1 || len(r.Parts) > MaxParts {
		return append(list, fault.New(fault.Invalid, "ALLOCATION_PARTS_INVALID", "An allocation rule has 1 to %d parts.", MaxParts).
			With("max", MaxParts).At(path(field, "parts")))
	}
	for i, part := range r.Parts {
		list = append(list, part.faults(path(field, fmt.Sprintf("parts.%d", i)))...)
	}
	return list.OrNil()
}

func (p Part) faults(field string) fault.List {
	var list fault.List
	if p.Contributor == "" {
		list = append(list, fault.New(fault.Invalid, "CONTRIBUTOR_MISSING", "A part names its contributor.").At(path(field, "contributor")))
	}
	if p.Weight < 1 || p.Weight > MaxWeight {
		list = append(list, fault.New(fault.Invalid, "WEIGHT_INVALID", "A weight is 1 to %d.", MaxWeight).
			With("max", MaxWeight).At(path(field, "weight")))
	}
	if p.Basis == "" {
		list = append(list, fault.New(fault.Invalid, "BASIS_MISSING", "A part says what its weight rests on.").At(path(field, "basis")))
	}
	if !slices.Contains(p.Channel.Values(), string(p.Channel)) {
		list = append(list, fault.New(fault.Invalid, "CHANNEL_INVALID", "This is no channel of a share.").At(path(field, "channel")))
	}
	return list
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
	var weights uint64
	for _, part := range r.Parts {
		weights += uint64(part.Weight)
	}
	shares := make([]Share, len(r.Parts))
	remainders := make([]uint64, len(r.Parts))
	order := make([]int, len(r.Parts))
	left := total
	for i, part := range r.Parts {
		high, low := bits.Mul64(uint64(total), uint64(part.Weight))
		amount, remainder := bits.Div64(high, low, weights) // a weight is at most their sum, so this is at most total
		shares[i] = Share{Part: part, RuleVersion: r.Version, AmountFen: Fen(amount)}
		remainders[i], order[i] = remainder, i
		left -= Fen(amount)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for _, i := range order[:left] { // the remainders are each below one fen, so fewer fen are left than there are parts
		shares[i].AmountFen++
	}
	return shares, nil
}
