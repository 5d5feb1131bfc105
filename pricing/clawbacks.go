package pricing

import (
	"fmt"
	"slices"
	"time"

	"gongshu/internal/fault"
)

// ClawbackDecision says over how many of the cycles after it the excess of a pricing cycle is deducted (扣减, P65). It is the authorising body's.
type ClawbackDecision struct {
	ExcessFen Fen `json:"excessFen"`
	Cycles    int `json:"cycles"`
	// Authority and Person are opaque identifiers of who decided.
	Authority      string    `json:"authority"`
	Person         string    `json:"person"`
	At             time.Time `json:"at"`
	SourceDocument string    `json:"sourceDocument"`
	Reason         string    `json:"reason"`
}

// PermittedYear is the permitted revenue that is in force for a year, with what was deducted from it, and the decision about its
// cycle where it was made on this year.
type PermittedYear struct {
	Year        int
	CycleFrom   int
	RevenueFen  Fen
	DeductedFen Fen
	Clawback    *ClawbackDecision
}

// Deduction is what is to be deducted from the permitted revenue of one of an operator's years; the others are its years in force, in
// any order, those of the same year passed over. What was decided of earlier cycles is owed cycle by cycle, in the instalments of
// Clawback; what the years before could not bear is owed still. What later cycles bore already stays with them, and nothing is deducted
// twice. A year bears at most its whole permitted revenue.
// Refused as Clawback refuses.
func Deduction(of PermittedYear, others []PermittedYear) (Fen, error) {
	cycles := []int{of.CycleFrom}
	for _, y := range others {
		cycles = append(cycles, y.CycleFrom)
	}
	slices.Sort(cycles)
	cycles = slices.Compact(cycles)
	var owed, taken, left Fen // by the end of the cycle, and in all
	for _, y := range others {
		if y.Year != of.Year {
			left -= y.DeductedFen
			if y.CycleFrom <= of.CycleFrom {
				taken += y.DeductedFen
			}
		}
		if y.Clawback == nil {
			continue
		}
		left += y.Clawback.ExcessFen
		if y.CycleFrom >= of.CycleFrom {
			continue
		}
		instalments, err := Clawback(y.Clawback.ExcessFen, y.Clawback.Cycles)
		if err != nil {
			return 0, err
		}
		due := slices.Index(cycles, of.CycleFrom) - slices.Index(cycles, y.CycleFrom) // how many of them by the end of this cycle
		for _, instalment := range instalments[:min(due, len(instalments))] {
			owed += instalment
		}
	}
	after, _, err := Deduct(of.RevenueFen, max(0, min(owed-taken, left)))
	return of.RevenueFen - after, err
}

// CarriedOver is how the excess of a cycle is deducted from those after it.
type CarriedOver struct {
	ActualFen, PermittedFen, ExcessFen Fen
	// Steps are the cycles after it, in their order.
	Steps []CarryStep
}

// CarryStep is what one of the cycles after it bears.
type CarryStep struct {
	// InstalmentFen is its own part of the excess; DueFen has what the cycles before it left, too.
	InstalmentFen, DueFen Fen
	// PermittedFen is what is permitted in it, nil where that is not known yet: then it bears all that is due.
	PermittedFen *Fen
	// AfterFen is what it may earn; LeftFen is for the next.
	AfterFen, LeftFen Fen
}

// CarryOver works out what a cycle earned above what was permitted, and how it is deducted over so many of the cycles after it, of which
// what is permitted in the first ones is known (P65). Refused as Excess, Clawback and Deduct refuse, and with
// CLAWBACK_CYCLES_INVALID at following for more cycles than that.
func CarryOver(years []CycleYear, cycles int, following []Fen) (out CarriedOver, err error) {
	if out.ExcessFen, err = Excess(years); err != nil {
		return CarriedOver{}, err
	}
	for _, y := range years {
		out.ActualFen, out.PermittedFen = out.ActualFen+y.ActualFen, out.PermittedFen+y.PermittedFen
		if out.ActualFen < 0 || out.PermittedFen < 0 {
			return CarriedOver{}, overflow()
		}
	}
	instalments, err := Clawback(out.ExcessFen, cycles)
	if err != nil {
		return CarriedOver{}, err
	}
	if len(following) > MaxClawbackCycles {
		return CarriedOver{}, fault.New(fault.Invalid, "CLAWBACK_CYCLES_INVALID", "An excess is deducted over 1 to %d cycles.", MaxClawbackCycles).
			With("max", MaxClawbackCycles).At("following")
	}
	var list fault.List
	for i, fen := range following {
		list = append(list, notNegative(fen, fmt.Sprintf("following.%d", i))...)
	}
	if err := list.OrNil(); err != nil {
		return CarriedOver{}, err
	}
	left := Fen(0)
	for i := range max(cycles, len(following)) {
		step := CarryStep{DueFen: left}
		if i < cycles {
			step.InstalmentFen = instalments[i]
			step.DueFen += instalments[i]
		}
		if i < len(following) {
			step.PermittedFen = &following[i]
			if step.AfterFen, step.LeftFen, err = Deduct(following[i], step.DueFen); err != nil {
				return CarriedOver{}, err
			}
		}
		left = step.LeftFen
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}
