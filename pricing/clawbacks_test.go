package pricing

import "testing"

func TestDeduction(t *testing.T) {
	// A cycle of 2026 whose excess of 30 is deducted over two.
	excess := PermittedYear{Year: 2026, CycleFrom: 2026, RevenueFen: 100, Clawback: &ClawbackDecision{ExcessFen: 30, Cycles: 2}}
	year := func(year int, revenue, deducted Fen) PermittedYear {
		return PermittedYear{Year: year, CycleFrom: year, RevenueFen: revenue, DeductedFen: deducted}
	}
	for _, row := range []struct {
		sentence string
		of       PermittedYear
		others   []PermittedYear
		want     Fen
	}{
		{"the next cycle bears the first instalment", year(2028, 100, 0), []PermittedYear{excess}, 15},
		{"and no more than it may earn", year(2028, 11, 0), []PermittedYear{excess}, 11},
		{"the one after it bears what is left", year(2029, 100, 0), []PermittedYear{excess, year(2028, 11, 11)}, 19},
		{"one in the place of another bears what that one did", year(2029, 200, 0), []PermittedYear{excess, year(2028, 11, 11), year(2029, 100, 19)}, 19},
		{"one that is approved after a later one bears its own", year(2028, 100, 0), []PermittedYear{excess, year(2029, 100, 15)}, 15},
		{"a smaller one in the place of another bears what it can, whatever the later one did", year(2028, 5, 0), []PermittedYear{excess, year(2028, 11, 11), year(2029, 100, 19)}, 5},
		{"and the later one the rest", year(2029, 100, 19), []PermittedYear{excess, year(2028, 5, 5)}, 25},
		{"a larger one bears nothing that a later one did", year(2028, 100, 0), []PermittedYear{excess, year(2028, 5, 5), year(2029, 100, 25)}, 5},
		{"the cycle itself bears nothing", year(2026, 100, 0), []PermittedYear{excess}, 0},
		{"nor what was before it", year(2025, 100, 0), []PermittedYear{excess}, 0},
	} {
		if got, err := Deduction(row.of, row.others); err != nil || got != row.want {
			t.Errorf("%s: got %d, %v, want %d", row.sentence, got, err, row.want)
		}
	}
}
