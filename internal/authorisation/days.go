package authorisation

import (
	"database/sql/driver"
	"fmt"
	"time"

	"gongshu/internal/fault"
)

// shanghai is a fixed zone: the offset has not changed since 1991, and no time zone data is needed on the machine.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Day is a calendar day of Asia/Shanghai. The zero Day is no day; days are compared with ==, Before and After.
// Its text form, in JSON and in tables, is 2006-01-02, and "" for no day.
type Day struct {
	year  int
	month time.Month
	day   int
}

// DayOf returns the day that it is in Shanghai at t.
func DayOf(t time.Time) Day { return civil(t.In(shanghai)) }

// DayFrom returns a day of the calendar; a day past its month's end runs on into the next, as in time.Date.
func DayFrom(year int, month time.Month, day int) Day {
	return civil(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

func civil(t time.Time) Day {
	year, month, day := t.Date()
	return Day{year, month, day}
}

// ParseDay reads the text form 2006-01-02 of a day from year 1 to 9999; anything else is DAY_INVALID.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1 {
		return Day{}, fault.New(fault.Invalid, "DAY_INVALID", "There is no such day; one is written as 2026-11-25.")
	}
	return civil(t), nil
}

// String returns the text form.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, int(d.month), d.day)
}

// IsZero reports whether d is no day.
func (d Day) IsZero() bool { return d == Day{} }

// Year returns the calendar year of d.
func (d Day) Year() int { return d.year }

// Before reports whether d is earlier than e; no day is earlier than every day.
func (d Day) Before(e Day) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Day) After(e Day) bool { return d.Compare(e) > 0 }

// Compare returns −1, 0 or +1 as d is before, on or after e.
func (d Day) Compare(e Day) int {
	switch {
	case d == e:
		return 0
	case d.year < e.year, d.year == e.year && d.month < e.month, d.year == e.year && d.month == e.month && d.day < e.day:
		return -1
	}
	return 1
}

// AddDays returns the day n days later, earlier when n is negative.
func (d Day) AddDays(n int) Day { return DayFrom(d.year, d.month, d.day+n) }

// DaysUntil returns how many days later a day is, below 0 when it is earlier; both are days.
func (d Day) DaysUntil(e Day) int { return int(e.Start().Sub(d.Start()).Hours() / 24) }

// AddMonths returns the same day of the month n months later, or the last day of that month where it is shorter.
func (d Day) AddMonths(n int) Day {
	first := DayFrom(d.year, d.month+time.Month(n), 1)
	last := DayFrom(first.year, first.month+1, 0)
	return Day{first.year, first.month, min(d.day, last.day)}
}

// TermEnd returns the last day of a term of whole months whose first day is d: the day before the corresponding day,
// or the end of the month where there is no corresponding day (Civil Code, counting of periods).
func (d Day) TermEnd(months int) Day {
	end := d.AddMonths(months)
	if end.day == d.day {
		end = end.AddDays(-1)
	}
	return end
}

// Start returns the instant at which the day begins in Shanghai.
func (d Day) Start() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, shanghai) }

// MarshalText returns the text form.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text form; "" is no day.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Day{}
		return nil
	}
	day, err := ParseDay(string(text))
	if err != nil {
		return err
	}
	*d = day
	return nil
}

// Value stores the text form, and null for no day.
func (d Day) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored. Of a time, as drivers give it for a date column, it takes the date as written.
func (d *Day) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*d = Day{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		*d = civil(v)
		return nil
	}
	return fmt.Errorf("scan a day from %T", stored)
}

// Next is the first of some days that comes after one, the zero Day where none does.
func Next(after Day, days ...Day) (next Day) {
	for _, d := range days {
		if d.After(after) && (next.IsZero() || d.Before(next)) {
			next = d
		}
	}
	return next
}
