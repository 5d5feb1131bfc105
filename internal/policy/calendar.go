// Package policy owns the files that dated policy is loaded from: rows of it, years of the working-day calendar and code tables, each
// with the document that it comes from, in JSON or as the rows of a table, and what is refused in them.
//
// It promises that the same content gives the same value in whatever form and order it is written, and that everything
// wrong with a file is named at once, by its place. What is known already, and from when a row holds, is left to
// internal/market; how days are counted to internal/authorisation.
package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/tabular"
)

// Year is a year of the working-day calendar with the notice that it comes from.
type Year struct {
	Year int
	authorisation.CalendarYear
	Source string
}

// SameDays reports whether two years say the same of every day, however their holidays are divided into ranges.
func (y Year) SameDays(other Year) bool { return maps.Equal(y.days(), other.days()) }

// Holidays counts the days off.
func (y Year) Holidays() int { return len(y.days()) - len(y.Work) }

// days holds true for every make-up day and false for every day off.
func (y Year) days() map[authorisation.Day]bool {
	days := map[authorisation.Day]bool{}
	for _, off := range y.Off {
		for day := off[0]; !day.After(off[1]); day = day.AddDays(1) {
			days[day] = false
		}
	}
	for _, day := range y.Work {
		days[day] = true
	}
	return days
}

// MaxSourceBytes bounds the name of a source document.
const MaxSourceBytes = 600

// CalendarFile reads years of the calendar from JSON, in the form of data/working-days.json. Each year is whole. A year that
// names no source document takes the given one.
//
// Refused, all at once by place: POLICY_FILE_BROKEN, POLICY_FILE_TOO_LARGE, MEMBER_TWICE, YEAR_INVALID, YEAR_EMPTY, DAY_INVALID, RANGE_INVALID,
// DAY_OUTSIDE_YEAR, DAY_TWICE, MAKE_UP_DAY_NOT_WEEKEND, SOURCE_MISSING,
// SOURCE_INVALID; and POLICY_FAULTS_MORE where more than MaxFaults are wrong.
func CalendarFile(raw []byte, source string) ([]Year, error) {
	var file struct {
		Note   string `json:"note"`
		Source string `json:"source"`
		Years  map[string]struct {
			Source string     `json:"source"`
			Off    [][]string `json:"off"`
			Work   []string   `json:"work"`
		} `json:"years"`
	}
	if err := decode(raw, &file); err != nil {
		return nil, err
	}
	c := calendar{faults: faults{otherwise: source}}
	for _, text := range slices.Sorted(maps.Keys(file.Years)) {
		stated, place := file.Years[text], "years."+text
		year := c.year(text, at(place), cmp.Or(stated.Source, file.Source))
		if year != nil {
			year.holidays = len(stated.Off)
		}
		for i, days := range stated.Off {
			here := at(fmt.Sprintf("%s.off.%d", place, i))
			if len(days) != 2 {
				c.refuse(here, rangeInvalid())
				continue
			}
			c.days(year, days[0], days[1], false, here)
		}
		for i, day := range stated.Work {
			c.days(year, day, day, true, at(fmt.Sprintf("%s.work.%d", place, i)))
		}
	}
	if len(file.Years) == 0 {
		c.refuse(at("years"), fault.New(fault.Invalid, "YEAR_EMPTY", "The file has no year."))
	}
	return c.whole()
}

// calendar gathers years and what is wrong with them.
type calendar struct {
	faults
	years map[string]*gathered
}

// gathered is a year on its way.
type gathered struct {
	Year
	place place
	// holidays counts what the file says of days off, be it refused.
	holidays int
	// stated are the days that were told apart from weekdays and weekends; true for work.
	stated map[authorisation.Day]bool
}

// year returns the year of a name, nil when it is none; source is what is said of its source document here, "" for nothing.
func (c *calendar) year(text string, here place, source string) *gathered {
	y, known := c.years[text]
	if !known {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1950 || n > 9998 || strconv.Itoa(n) != text {
			c.refuse(here, fault.New(fault.Invalid, "YEAR_INVALID", "A year is written with four digits."))
			return nil
		}
		y = &gathered{Year: Year{Year: n}, place: here, stated: map[authorisation.Day]bool{}}
		if c.years == nil {
			c.years = map[string]*gathered{}
		}
		c.years[text] = y
	}
	c.say(&y.Source, source, here)
	return y
}

// days adds a range of days off, or of make-up days, to a year.
func (c *calendar) days(y *gathered, firstText, lastText string, work bool, here place) {
	first, err := authorisation.ParseDay(tabular.Day(firstText))
	last, err2 := authorisation.ParseDay(tabular.Day(lastText))
	switch {
	case err != nil || err2 != nil:
		c.refuse(here, fault.New(fault.Invalid, "DAY_INVALID", "There is no such day; one is written as 2026-11-25."))
		return
	case last.Before(first) || last.After(first.AddDays(authorisation.LongestHoliday-1)):
		c.refuse(here, rangeInvalid())
		return
	case y == nil: // refused already
		return
	case first.Before(authorisation.DayFrom(y.Year.Year-1, time.December, 1)) || last.After(authorisation.DayFrom(y.Year.Year, time.December, 31)):
		c.refuse(here, fault.New(fault.Invalid, "DAY_OUTSIDE_YEAR", "The notice of %d speaks of that year and the December before it.", y.Year.Year).With("year", y.Year.Year))
		return
	}
	for day := first; !day.After(last); day = day.AddDays(1) {
		weekday := day.Start().Weekday()
		if _, twice := y.stated[day]; twice {
			c.refuse(here, fault.New(fault.Invalid, "DAY_TWICE", "%s is there twice.", day).With("day", day.String()))
			return
		}
		if work && weekday != time.Saturday && weekday != time.Sunday {
			c.refuse(here, fault.New(fault.Invalid, "MAKE_UP_DAY_NOT_WEEKEND", "%s is a weekday, on which work is not made up for.", day).With("day", day.String()))
			return
		}
		y.stated[day] = work
	}
	if work {
		for day := first; !day.After(last); day = day.AddDays(1) {
			y.Work = append(y.Work, day)
		}
	} else {
		y.Off = append(y.Off, [2]authorisation.Day{first, last})
	}
}

func rangeInvalid() *fault.Error {
	return fault.New(fault.Invalid, "RANGE_INVALID", "A range has a first and a last day, and at most %d days.", authorisation.LongestHoliday).With("max", authorisation.LongestHoliday)
}

// whole returns the years in one order, whatever that of the file, or everything that is wrong.
func (c *calendar) whole() ([]Year, error) {
	var years []Year
	for _, text := range slices.Sorted(maps.Keys(c.years)) {
		y := c.years[text]
		if y.holidays == 0 {
			c.refuse(y.place, fault.New(fault.Invalid, "YEAR_EMPTY", "A year is loaded whole; this one has no holiday."))
		}
		c.settleSource(&y.Source, y.place)
		slices.SortFunc(y.Off, func(a, b [2]authorisation.Day) int { return a[0].Compare(b[0]) })
		slices.SortFunc(y.Work, authorisation.Day.Compare)
		years = append(years, y.Year)
	}
	if err := c.orNil(); err != nil {
		return nil, err
	}
	return years, nil
}
