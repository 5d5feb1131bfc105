package authorisation

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"gongshu/internal/fault"
)

// CalendarYear is one year of statutory holidays and make-up working days, from the State Council's yearly notice.
// A notice may touch the last days of December before its year.
type CalendarYear struct {
	// Off are the holidays as ranges, first and last day included.
	Off [][2]Day `json:"off"`
	// Work are the days of a weekend on which work is made up for.
	Work []Day `json:"work"`
}

// Calendar knows the working days of the years that are loaded. The zero Calendar knows none.
type Calendar struct {
	loaded map[int]bool
	// exceptions holds true for a make-up day and false for a holiday.
	exceptions map[Day]bool
}

// LongestHoliday is the most days that one holiday lasts.
const LongestHoliday = 31

// NewCalendar makes a calendar from the years that are loaded.
// CALENDAR_INVALID names every range that ends before it begins or lasts more than 31 days, every day that lies neither
// in its year nor next to it, and every day that one year says is both off and worked. Where two years speak of one day
// the later year's notice, which is the newer one, holds.
func NewCalendar(years map[int]CalendarYear) (Calendar, error) {
	c := Calendar{loaded: map[int]bool{}, exceptions: map[Day]bool{}}
	var wrong fault.List
	for _, year := range slices.Sorted(maps.Keys(years)) {
		c.loaded[year] = true
		said := map[Day]bool{}
		set := func(day Day, work bool, field string) {
			before, known := said[day]
			if day.IsZero() || max(day.year-year, year-day.year) > 1 || known && before != work {
				wrong = append(wrong, calendarInvalid(field))
				return
			}
			said[day] = work
		}
		for i, off := range years[year].Off {
			field := fmt.Sprintf("years.%d.off.%d", year, i)
			if off[0].IsZero() || off[1].Before(off[0]) || off[1].After(off[0].AddDays(LongestHoliday-1)) {
				wrong = append(wrong, calendarInvalid(field))
				continue
			}
			for day := off[0]; !day.After(off[1]); day = day.AddDays(1) {
				set(day, false, field)
			}
		}
		for i, day := range years[year].Work {
			set(day, true, fmt.Sprintf("years.%d.work.%d", year, i))
		}
		maps.Copy(c.exceptions, said)
	}
	if err := wrong.OrNil(); err != nil {
		return Calendar{}, err
	}
	return c, nil
}

func calendarInvalid(field string) *fault.Error {
	return fault.New(fault.Invalid, "CALENDAR_INVALID",
		"A calendar year lists holidays and make-up days of its own year, each day once.").At(field)
}

// IsWorkingDay reports whether a day counts: a weekday that is no statutory holiday, or a make-up day.
// In a year that is not loaded nobody knows: CALENDAR_MISSING.
func (c Calendar) IsWorkingDay(day Day) (bool, error) {
	if !c.loaded[day.year] {
		return false, fault.New(fault.Conflict, "CALENDAR_MISSING",
			"The working days of %d are not published here yet.", day.year).With("year", day.year)
	}
	if work, known := c.exceptions[day]; known {
		return work, nil
	}
	weekday := day.Start().Weekday()
	return weekday != time.Saturday && weekday != time.Sunday, nil
}

// MaxWorkingDays bounds what is counted at once.
const MaxWorkingDays = 1000

// AddWorkingDays returns the n-th working day after the given day, which itself never counts; with n = 0 it is the day.
// CALENDAR_MISSING when the count runs into a year that is not loaded (never a guess),
// WORKING_DAYS_INVALID when n is negative or above MaxWorkingDays.
func (c Calendar) AddWorkingDays(day Day, n int) (Day, error) {
	if n < 0 || n > MaxWorkingDays {
		return Day{}, fault.New(fault.Invalid, "WORKING_DAYS_INVALID",
			"The number of working days is from 0 to %d.", MaxWorkingDays).With("max", MaxWorkingDays)
	}
	for n > 0 {
		day = day.AddDays(1)
		works, err := c.IsWorkingDay(day)
		if err != nil {
			return Day{}, err
		}
		if works {
			n--
		}
	}
	return day, nil
}

// NoticeOver reports whether a notice of "not fewer than n working days" that began on start is over today:
// only once n whole working days have passed, so not yet on the last of them.
// CALENDAR_MISSING when that cannot be known; what the notice holds back then waits.
func (c Calendar) NoticeOver(start Day, n int, today Day) (bool, error) {
	last, err := c.AddWorkingDays(start, n)
	if err != nil {
		return false, err
	}
	return today.After(last), nil
}

// Deadline returns the last day of a period of n working days that began on the given day.
// When it runs into a year that is not loaded the deadline is nil and missing is true: the act goes on,
// the agency is told CALENDAR_MISSING, and loading the year fills the deadline in.
// An n that AddWorkingDays refuses has no deadline either, and nothing is missing.
func (c Calendar) Deadline(day Day, n int) (due *Day, missing bool) {
	last, err := c.AddWorkingDays(day, n)
	if err != nil {
		return nil, fault.CodeOf(err) == "CALENDAR_MISSING"
	}
	return &last, false
}

// WorkingDaysLeft counts the working days after today up to a day, that day included: 0 on the last day, and below 0 the
// working days since. Nil when that runs into a year that is not loaded, or over more than MaxWorkingDays days.
func (c Calendar) WorkingDaysLeft(today, due Day) *int {
	from, to, sign := today, due, 1
	if due.Before(today) {
		from, to, sign = due, today, -1
	}
	if from.DaysUntil(to) > MaxWorkingDays {
		return nil
	}
	n := 0
	for day := from.AddDays(1); !day.After(to); day = day.AddDays(1) {
		works, err := c.IsWorkingDay(day)
		if err != nil {
			return nil
		}
		if works {
			n += sign
		}
	}
	return &n
}

// MissingYear returns the year that must be loaded before the last day of a period of n working days that began on the
// given day can be told, 0 when nothing is missing. Once it is loaded, the next one may be missing.
func (c Calendar) MissingYear(day Day, n int) int {
	if _, missing := c.Deadline(day, n); !missing {
		return 0
	}
	for year := day.year; ; year++ {
		if !c.loaded[year] && !day.AddDays(1).After(DayFrom(year, time.December, 31)) {
			return year
		}
	}
}
