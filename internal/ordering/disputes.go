package ordering

import (
	"slices"

	"gongshu/pricing"
)

// DisputeState is the life of a dispute (拒付).
type DisputeState string

// INQUIRY asks and takes no money; while a dispute is OPEN its money is with the buyer's bank. WON and LOST are final: the money came
// back, or stays there.
const (
	DisputeInquiry DisputeState = "INQUIRY"
	DisputeOpen    DisputeState = "OPEN"
	DisputeWon     DisputeState = "WON"
	DisputeLost    DisputeState = "LOST"
)

// Values lists the stored forms.
func (DisputeState) Values() []string { return []string{"INQUIRY", "OPEN", "WON", "LOST"} }

var nextDispute = map[DisputeState][]DisputeState{
	DisputeInquiry: {DisputeOpen, DisputeWon, DisputeLost},
	DisputeOpen:    {DisputeWon, DisputeLost},
}

// CanBecome reports whether a dispute may move from s to t.
func (s DisputeState) CanBecome(t DisputeState) bool { return slices.Contains(nextDispute[s], t) }

// Over reports whether a dispute is decided.
func (s DisputeState) Over() bool { return s == DisputeWon || s == DisputeLost }

// Disputed is how much of a payment, of which a part was refunded, disputes of so much hold or took: never more than is left of it.
func Disputed(paid, refunded, disputed pricing.Fen) pricing.Fen {
	return max(min(disputed, paid-refunded), 0)
}

// Suspension is why a right is suspended.
type Suspension string

// A right is suspended while its free use was turned to a purpose that pays, bills of its order are overdue, or a payment of its order is
// disputed.
const (
	SuspendedByDrift   Suspension = "DRIFT"
	SuspendedByArrears Suspension = "ARREARS"
	SuspendedByDispute Suspension = "DISPUTE"
)

// Values lists the forms.
func (Suspension) Values() []string { return []string{"DRIFT", "ARREARS", "DISPUTE"} }

// SuspensionOf is why a right that is suspended is so: a free one always drifted, and of one that was bought a dispute comes first.
func SuspensionOf(free bool, disputes []DisputeState) Suspension {
	holds := func(s DisputeState) bool { return s == DisputeOpen || s == DisputeLost }
	switch {
	case free:
		return SuspendedByDrift
	case slices.ContainsFunc(disputes, holds):
		return SuspendedByDispute
	}
	return SuspendedByArrears
}
