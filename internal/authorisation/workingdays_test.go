package authorisation

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// The years 2025 and 2026 as the State Council gave notice of them.
const twoYears = `{
 "2025": {
  "off": [["2025-01-01","2025-01-01"],["2025-01-28","2025-02-04"],["2025-04-04","2025-04-06"],["2025-05-01","2025-05-05"],["2025-05-31","2025-06-02"],["2025-10-01","2025-10-08"]],
  "work": ["2025-01-26","2025-02-08","2025-04-27","2025-09-28","2025-10-11"]
 },
 "2026": {
  "off": [["2026-01-01","2026-01-03"],["2026-02-15","2026-02-23"],["2026-04-04","2026-04-06"],["2026-05-01","2026-05-05"],["2026-06-19","2026-06-21"],["2026-09-25","2026-09-27"],["2026-10-01","2026-10-07"]],
  "work": ["2026-01-04","2026-02-14","2026-02-28","2026-05-09","2026-09-20","2026-10-10"]
 }
}`

func calendarOf(t testing.TB, text string) (Calendar, error) {
	t.Helper()
	var years map[int]CalendarYear
	if err := json.Unmarshal([]byte(text), &years); err != nil {
		t.Fatal(err)
	}
	return NewCalendar(years)
}

func loaded(t testing.TB) Calendar {
	t.Helper()
	calendar, err := calendarOf(t, twoYears)
	if err != nil {
		t.Fatal(err)
	}
	return calendar
}

func TestAddWorkingDays(t *testing.T) {
	for _, row := range []struct {
		sentence string
		day      string
		n        int
		want     string
		code     string
	}{
		{"the day after is the first", "2026-01-05", 1, "2026-01-06", ""},
		{"a weekend does not count", "2026-01-09", 1, "2026-01-12", ""},
		{"the National Day holiday does not count", "2025-09-30", 1, "2025-10-09", ""},
		{"a made-up Saturday counts", "2025-10-10", 1, "2025-10-11", ""},
		{"a made-up Sunday counts", "2026-01-03", 1, "2026-01-04", ""},
		{"Spring Festival is between two days that count", "2026-02-13", 2, "2026-02-24", ""},
		{"the year's end is no border while the next is loaded", "2025-12-31", 1, "2026-01-04", ""},
		{"no days later is the day itself, working day or not", "2026-10-01", 0, "2026-10-01", ""},
		{"the last day of the last year can be reached", "2026-12-30", 1, "2026-12-31", ""},
		{"past the last year nobody guesses", "2026-12-30", 2, "", "CALENDAR_MISSING"},
		{"before the first year nobody guesses", "2024-12-30", 1, "", "CALENDAR_MISSING"},
		{"days do not count backwards", "2026-01-05", -1, "", "WORKING_DAYS_INVALID"},
		{"there is a limit", "2026-01-05", 1001, "", "WORKING_DAYS_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got, err := loaded(t).AddWorkingDays(on(row.day), row.n)
			refusedWith(t, err, row.code)
			if got != on(row.want) {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestNoticeOver(t *testing.T) {
	for _, row := range []struct {
		sentence string
		start    string
		today    string
		over     bool
		code     string
	}{
		{"on the day it begins it is not over", "2025-09-22", "2025-09-22", false, ""},
		{"on its last working day, a made-up Sunday, it is not over", "2025-09-22", "2025-09-28", false, ""},
		{"the day after that it is", "2025-09-22", "2025-09-29", true, ""},
		{"five working days across a holiday last longer", "2025-09-29", "2025-10-13", false, ""},
		{"and are over a day later", "2025-09-29", "2025-10-14", true, ""},
		{"without next year's list nobody can tell", "2026-12-28", "2027-02-01", false, "CALENDAR_MISSING"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			over, err := loaded(t).NoticeOver(on(row.start), 5, on(row.today))
			refusedWith(t, err, row.code)
			if over != row.over {
				t.Errorf("over: %v, want %v", over, row.over)
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	if due, missing := loaded(t).Deadline(on("2026-01-05"), 5); missing || due == nil || *due != on("2026-01-12") {
		t.Errorf("due %v, missing %v", due, missing)
	}
	if due, missing := loaded(t).Deadline(on("2026-12-30"), 5); !missing || due != nil {
		t.Errorf("past the last year: due %v, missing %v", due, missing)
	}
	if due, missing := (Calendar{}).Deadline(on("2026-01-05"), 5); !missing || due != nil {
		t.Errorf("with no year at all: due %v, missing %v", due, missing)
	}
	if due, missing := loaded(t).Deadline(on("2026-01-05"), -5); missing || due != nil {
		t.Errorf("with a number that is none: due %v, missing %v", due, missing)
	}
}

func TestMissingYear(t *testing.T) {
	for _, row := range []struct {
		sentence, day string
		n, want       int
	}{
		{"nothing is missing on the last working day of the last year", "2026-12-30", 1, 0},
		{"one day more needs the next year", "2026-12-30", 2, 2027},
		{"what begins on the last day needs the next year alone", "2026-12-31", 1, 2027},
		{"what begins after the last year needs that year", "2028-02-01", 5, 2028},
		{"no days need nothing", "2030-01-01", 0, 0},
		{"a number that is none needs nothing", "2026-12-30", -1, 0},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := loaded(t).MissingYear(on(row.day), row.n); got != row.want {
				t.Errorf("got %d, want %d", got, row.want)
			}
		})
	}
}

// December 2026 as the notice of 2027 may change it: its make-up day holds though 2026 is loaded without it.
func TestTheLaterNoticeHolds(t *testing.T) {
	calendar, err := calendarOf(t, `{"2026":{"off":[["2026-12-31","2026-12-31"]]},"2027":{"off":[["2027-01-01","2027-01-03"]],"work":["2026-12-27","2026-12-31"]}}`)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2026-12-26": false, "2026-12-27": true, "2026-12-31": true, "2027-01-01": false, "2027-01-04": true} {
		if works, err := calendar.IsWorkingDay(on(day)); err != nil || works != want {
			t.Errorf("%s: %v, %v", day, works, err)
		}
	}
}

func TestNewCalendar(t *testing.T) {
	for _, row := range []struct {
		sentence, years, codes string
	}{
		{"a year without holidays is a year", `{"2027":{}}`, ""},
		{"a notice may touch the December before", `{"2023":{"off":[["2022-12-31","2023-01-02"]]}}`, ""},
		{"a range does not end before it begins", `{"2027":{"off":[["2027-01-02","2027-01-01"]]}}`, "CALENDAR_INVALID"},
		{"a range has two days", `{"2027":{"off":[["2027-01-02"]]}}`, "CALENDAR_INVALID"},
		{"an empty range is none", `{"2027":{"off":[[]]}}`, "CALENDAR_INVALID"},
		{"no holiday lasts for ever", `{"2027":{"off":[["2027-01-01","9999-01-01"]]}}`, "CALENDAR_INVALID"},
		{"a day is of its year", `{"2027":{"work":["2029-01-01"]}}`, "CALENDAR_INVALID"},
		{"no day is no make-up day", `{"2027":{"work":[""]}}`, "CALENDAR_INVALID"},
		{"a later year's notice holds where two years speak of one day", `{"2026":{"off":[["2026-12-31","2026-12-31"]]},"2027":{"work":["2026-12-31"]}}`, ""},
		{"a day is not both off and worked", `{"2027":{"off":[["2027-01-01","2027-01-03"]],"work":["2027-01-02"]}}`, "CALENDAR_INVALID"},
		{"everything wrong is told at once", `{"2027":{"work":["2029-01-01","2029-01-02"]}}`, "CALENDAR_INVALID CALENDAR_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			_, err := calendarOf(t, row.years)
			refusedWith(t, err, row.codes)
		})
	}
}

// Between a day and the n-th working day after it lie exactly n working days, the last of which it is.
func TestWorkingDaysAreCounted(t *testing.T) {
	calendar := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		day := on("2025-01-01").AddDays(rapid.IntRange(0, 500).Draw(t, "day"))
		n := rapid.IntRange(1, 120).Draw(t, "n")
		last, err := calendar.AddWorkingDays(day, n)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for d := day.AddDays(1); !d.After(last); d = d.AddDays(1) {
			works, err := calendar.IsWorkingDay(d)
			if err != nil {
				t.Fatal(err)
			}
			if works {
				count++
			}
		}
		works, err := calendar.IsWorkingDay(last)
		if err != nil || !works || count != n {
			t.Fatalf("%d working days after %s is %s with %d counted", n, day, last, count)
		}
	})
}

func TestWorkingDaysLeft(t *testing.T) {
	calendar := loaded(t)
	for _, row := range []struct {
		sentence, today, due string
		want                 int
		known                bool
	}{
		{"on the last day none is left", "2026-03-02", "2026-03-02", 0, true},
		{"tomorrow is one", "2026-03-02", "2026-03-03", 1, true},
		{"a weekend does not count", "2026-03-06", "2026-03-09", 1, true},
		{"nor does a holiday, but a make-up day does", "2026-02-13", "2026-02-24", 2, true},
		{"a day late is one below", "2026-03-03", "2026-03-02", -1, true},
		{"late over a weekend", "2026-03-09", "2026-03-06", -1, true},
		{"on a Sunday a Friday is not a working day late", "2026-03-08", "2026-03-06", 0, true},
		{"into a year that is not loaded", "2026-12-30", "2027-01-04", 0, false},
		{"out of one", "2027-01-04", "2026-12-30", 0, false},
	} {
		got := calendar.WorkingDaysLeft(on(row.today), on(row.due))
		if (got != nil) != row.known || got != nil && *got != row.want {
			t.Errorf("%s: %v, want %d %v", row.sentence, got, row.want, row.known)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		day, n := on("2025-01-02").AddDays(rapid.IntRange(0, 600).Draw(t, "day")), rapid.IntRange(0, 60).Draw(t, "n")
		due, err := calendar.AddWorkingDays(day, n)
		if err != nil {
			return
		}
		if got := calendar.WorkingDaysLeft(day, due); got == nil || *got != n {
			t.Fatalf("from %s to its %d-th working day %s it counts %v", day, n, due, got)
		}
	})
}
