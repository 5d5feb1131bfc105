package pricing

import (
	"github.com/govalues/decimal"

	"gongshu/internal/fault"
)

// Policy is what the law says of prices, as dated policy (PRICING). It may be narrower than the limits of this package, not wider.
type Policy struct {
	// Tolerance is the deviation up to which the operator adjusts its own prices, 0.10 for 10 % (P65).
	Tolerance decimal.Decimal `json:"tolerance"`
	// MaxSpreadPoints are the most percentage points above the treasury yield.
	MaxSpreadPoints decimal.Decimal `json:"maxSpreadPoints"`
	// MaxCycleYears is the longest pricing cycle.
	MaxCycleYears int `json:"maxCycleYears"`
	// TrialMonths is how long trial prices may be asked from the first day of an operator's first agreement on: an operating year.
	TrialMonths int `json:"trialMonths"`
	// ReportDue is the day of the next year by which a year's price report is due, as 03-31.
	ReportDue string `json:"reportDue"`
}

// CheckSurvey returns everything that is wrong with a survey, with paths below field: SPREAD_OUT_OF_RANGE also for a spread above the policy's.
func (p Policy) CheckSurvey(s CostSurvey, field string) error {
	list := fault.List(fault.All(s.Validate(field)))
	if len(list) == 0 && s.SpreadPoints.Cmp(p.MaxSpreadPoints) > 0 {
		list = append(list, fault.New(fault.Invalid, "SPREAD_OUT_OF_RANGE", "The spread above the treasury yield is 0 to %s percentage points.", p.MaxSpreadPoints).
			With("max", p.MaxSpreadPoints.String()).At(path(field, "spreadPoints")))
	}
	return list.OrNil()
}

// Cycle is a pricing cycle (定价周期): its first year and how many years it has.
type Cycle struct{ From, Years int }

// The years that may be asked for, and that a cycle may begin in; technical.
const FirstYear, LastYear = 2000, 2200

// Last is the last year of the cycle.
func (c Cycle) Last() int { return c.From + c.Years - 1 }

// Has reports whether a year is of the cycle.
func (c Cycle) Has(year int) bool { return year >= c.From && year <= c.Last() }

// Overlaps reports whether the cycles have a year in common.
func (c Cycle) Overlaps(other Cycle) bool { return c.From <= other.Last() && other.From <= c.Last() }

// CheckCycle refuses a cycle that is too long with CYCLE_YEARS_INVALID, one of no time near ours with CYCLE_FROM_INVALID, and a
// year that is not of it with YEAR_OUTSIDE_CYCLE at field.year, the cycle being at field.cycle.
func (p Policy) CheckCycle(c Cycle, year int, field string) error {
	var list fault.List
	if most := min(p.MaxCycleYears, MaxCycleYears); c.Years < 1 || c.Years > most {
		list = append(list, fault.New(fault.Invalid, "CYCLE_YEARS_INVALID", "A cycle has 1 to %d years.", most).With("max", most).At(path(field, "cycle.years")))
	}
	if c.From < FirstYear || c.From > LastYear {
		list = append(list, fault.New(fault.Invalid, "CYCLE_FROM_INVALID", "A cycle begins in a year from %d to %d.", FirstYear, LastYear).
			With("min", FirstYear).With("max", LastYear).At(path(field, "cycle.from")))
	}
	if len(list) == 0 && !c.Has(year) {
		list = append(list, fault.New(fault.Invalid, "YEAR_OUTSIDE_CYCLE", "The cycle is of the years %d to %d.", c.From, c.Last()).
			With("from", c.From).With("last", c.Last()).At(path(field, "year")))
	}
	return list.OrNil()
}

// RunRate is what a year comes to if every day that is left brings what the days so far brought on average, rounded half-up once;
// days are whole ones, those gone by at least 1 and at most all. Refused: AMOUNT_NEGATIVE, MONEY_OVERFLOW.
func RunRate(earned Fen, gone, all int) (Fen, error) {
	if err := notNegative(earned, "earnedFen").OrNil(); err != nil {
		return 0, err
	}
	fen, fits := multiplyDivide(uint64(earned), uint64(all), uint64(gone))
	if !fits || Fen(fen) < 0 {
		return 0, overflow()
	}
	return Fen(fen), nil
}

// Entered is what of a line enters the operating cost: all of a charged product's cost, of a shared one the key's part, rounded
// half-up for reading (Permit adds the exact parts), and nothing of a free product's. The line is valid.
func (l CostLine) Entered() Fen {
	switch l.Scope {
	case CostIndustry:
		return l.AmountFen
	case CostShared:
		part, _ := multiplyDivide(uint64(l.AmountFen), uint64(l.Units), uint64(l.Total)) // at most the amount
		return Fen(part)
	}
	return 0
}
