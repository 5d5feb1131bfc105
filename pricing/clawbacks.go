package pricing

import (
	"slices"
	"time"
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
// Clawback; what the years before could not bear is owed still. A year bears at most its whole permitted revenue.
// Refused as Clawback refuses.
func Deduction(of PermittedYear, others []PermittedYear) (Fen, error) {
	cycles := []int{of.CycleFrom}
	for _, y := range others {
		cycles = append(cycles, y.CycleFrom)
	}
	slices.Sort(cycles)
	cycles = slices.Compact(cycles)
	var owed, taken Fen
	for _, y := range others {
		if y.Year != of.Year {
			taken += y.DeductedFen
		}
		if y.Clawback == nil || y.CycleFrom >= of.CycleFrom {
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
	after, _, err := Deduct(of.RevenueFen, max(0, owed-taken))
	return of.RevenueFen - after, err
}
