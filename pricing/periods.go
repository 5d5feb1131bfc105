package pricing

import (
	"fmt"
	"slices"
	"time"

	"gongshu/internal/fault"
)

// PeriodUnit is what periods are counted in.
type PeriodUnit string

// The units of published price lists.
const (
	Week        PeriodUnit = "WEEK"         // 周
	TenDays     PeriodUnit = "TEN_DAYS"     // 旬: three make a month
	Month       PeriodUnit = "MONTH"        // 月
	Quarter     PeriodUnit = "QUARTER"      // 季
	Year        PeriodUnit = "YEAR"         // 年
	FloodSeason PeriodUnit = "FLOOD_SEASON" // 汛期: once a year, on the days that policy says
)

// Values lists the stored forms.
func (PeriodUnit) Values() []string {
	return []string{"WEEK", "TEN_DAYS", "MONTH", "QUARTER", "YEAR", "FLOOD_SEASON"}
}

// Period is a length of time that a price is for; the zero value is none.
type Period struct {
	Unit  PeriodUnit `json:"unit"`
	Count int        `json:"count"`
}

// Months is a period of so many months, none of 0.
func Months(count int) Period {
	if count == 0 {
		return Period{}
	}
	return Period{Unit: Month, Count: count}
}

// InMonths is how many months the period is, 0 of one that is no whole number of months.
func (p Period) InMonths() int {
	kind, units := p.length()
	if p.IsZero() || kind != ofMonths || units%3 != 0 {
		return 0
	}
	return units / 3
}

// IsZero reports whether there is no period.
func (p Period) IsZero() bool { return p == Period{} }

// Times is the period count times over.
func (p Period) Times(count int) Period { return Period{Unit: p.Unit, Count: p.Count * count} }

// A week is no part of a month and a flood season no part of a year: there is no exchange between the kinds of length.
type lengthKind int

const (
	ofMonths lengthKind = iota
	ofWeeks
	ofSeasons
)

// length is the period in the least unit of its kind: thirds of a month, weeks or flood seasons.
func (p Period) length() (kind lengthKind, units int) {
	switch p.Unit {
	case TenDays:
		return ofMonths, p.Count
	case Month:
		return ofMonths, 3 * p.Count
	case Quarter:
		return ofMonths, 9 * p.Count
	case Year:
		return ofMonths, 36 * p.Count
	case Week:
		return ofWeeks, p.Count
	}
	return ofSeasons, p.Count
}

// In is how often a period fits into a longer one; false when that is not a whole number of times. Both are valid.
func (p Period) In(longer Period) (times int, whole bool) {
	kind, units := p.length()
	longerKind, longerUnits := longer.length()
	if kind != longerKind || longerUnits%units != 0 {
		return 0, false
	}
	return longerUnits / units, true
}

// The technical limits of a period and of a term, in years; a flood season counts as one.
const (
	MaxPeriodYears = 10
	MaxTermYears   = 100
)

// mostIn is how often a valid period fits into so many years.
func (p Period) mostIn(years int) int {
	switch kind, units := p.length(); kind {
	case ofMonths:
		return 36 * years / units
	case ofWeeks:
		return 52 * years / units
	default:
		return years / units
	}
}

// Season is a stretch of days of each year, the first and the last of them as 05-01.
type Season struct{ From, To string }

// in is the season of a year, until the first instant after it.
func (s Season) in(year int) (starts, ends time.Time, err error) {
	if starts, err = time.ParseInLocation("2006-01-02", fmt.Sprintf("%04d-%s", year, s.From), marketZone); err != nil {
		return starts, ends, err
	}
	ends, err = time.ParseInLocation("2006-01-02", fmt.Sprintf("%04d-%s", year, s.To), marketZone)
	return starts, ends.AddDate(0, 0, 1), err
}

// Stretch is what a period that is no whole number of months comes to from an instant on, until the first instant after it: weeks
// and thirds of a month, each of 10 days, end with a day, which the first one does not count towards (Civil Code, counting of
// periods); flood seasons begin with the one that runs or comes next. False where no season is stated.
func (p Period) Stretch(from time.Time, flood Season) (starts, ends time.Time, ok bool) {
	kind, units := p.length()
	if kind != ofSeasons {
		days := map[lengthKind]int{ofMonths: 10, ofWeeks: 7}[kind] * units
		year, month, day := from.In(marketZone).Date()
		return from, time.Date(year, month, day+days+1, 0, 0, 0, 0, marketZone), true
	}
	year := from.In(marketZone).Year()
	starts, ends, err := flood.in(year)
	if err != nil || !starts.Before(ends) {
		return from, from, false
	}
	if !from.Before(ends) {
		year++
		starts, _, _ = flood.in(year) // is what it was the year before
	}
	_, ends, err = flood.in(year + units - 1)
	if from.After(starts) {
		starts = from
	}
	return starts, ends, err == nil
}

// faults names what is wrong with a period, at a name below a field; one that there need not be is not asked for.
func (p Period) faults(needed bool, parent, name string) fault.List {
	if !needed && p.IsZero() {
		return nil
	}
	field := path(parent, name)
	switch {
	case !needed:
		return fault.List{fault.New(fault.Invalid, "PERIOD_NOT_USED", "Only a price per period has a period.").At(field)}
	case p.IsZero():
		return fault.List{fault.New(fault.Invalid, "PERIOD_MISSING", "A price per period says for how long.").At(field)}
	case !slices.Contains(p.Unit.Values(), string(p.Unit)):
		return fault.List{fault.New(fault.Invalid, "PERIOD_UNIT_INVALID", "This is no unit of time.").At(path(field, "unit"))}
	}
	most := Period{Unit: p.Unit, Count: 1}.mostIn(MaxPeriodYears)
	if p.Count < 1 || p.Count > most {
		return fault.List{fault.New(fault.Invalid, "PERIOD_INVALID", "Of this unit a period has 1 to %d.", most).With("max", most).At(path(field, "count"))}
	}
	return nil
}

// marketZone is where days and months begin: the law's time is China's.
var marketZone = time.FixedZone("Asia/Shanghai", 8*60*60)

// BillingMonth is the calendar month in which an instant is billed, in China's time.
type BillingMonth struct {
	Year  int
	Month time.Month
}

// MonthOf returns the billing month of an instant.
func MonthOf(at time.Time) BillingMonth {
	year, month, _ := at.In(marketZone).Date()
	return BillingMonth{year, month}
}

// String is the month as 2026-11.
func (m BillingMonth) String() string { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }

// ParseMonth reads a month as 2026-11; false for everything else.
func ParseMonth(text string) (m BillingMonth, ok bool) {
	at, err := time.Parse("2006-01", text)
	return BillingMonth{at.Year(), at.Month()}, err == nil
}

// Start is the first instant of the month.
func (m BillingMonth) Start() time.Time { return time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, marketZone) }

// Before is the month before it.
func (m BillingMonth) Before() BillingMonth {
	return MonthOf(time.Date(m.Year, m.Month-1, 1, 0, 0, 0, 0, marketZone))
}

// Next is the month after it.
func (m BillingMonth) Next() BillingMonth {
	return MonthOf(time.Date(m.Year, m.Month+1, 1, 0, 0, 0, 0, marketZone))
}
