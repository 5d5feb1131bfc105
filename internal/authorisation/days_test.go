package authorisation

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// on reads a day that the test is sure of.
func on(text string) Day {
	if text == "" {
		return Day{}
	}
	day, err := ParseDay(text)
	if err != nil {
		panic(err)
	}
	return day
}

func TestDayOf(t *testing.T) {
	for _, row := range []struct {
		sentence string
		at       time.Time
		want     string
	}{
		{"before four in the afternoon in UTC it is the same day", time.Date(2026, 1, 4, 15, 59, 59, 0, time.UTC), "2026-01-04"},
		{"from four in the afternoon it is the next", time.Date(2026, 1, 4, 16, 0, 0, 0, time.UTC), "2026-01-05"},
		{"the zone of the time does not matter", time.Date(2026, 1, 4, 8, 0, 0, 0, time.FixedZone("", -8*3600)), "2026-01-05"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			day := DayOf(row.at)
			if day.String() != row.want {
				t.Errorf("got %s, want %s", day, row.want)
			}
			if DayOf(day.Start()) != day || DayOf(day.Start().Add(-1)) != day.AddDays(-1) {
				t.Errorf("%s begins at %v", day, day.Start())
			}
		})
	}
}

func TestParseDay(t *testing.T) {
	for text, right := range map[string]bool{
		"2026-01-05": true, "2028-02-29": true, "0001-01-01": true, "9999-12-31": true,
		"2026-02-29": false, "2026-1-5": false, "2026-01-05T00:00:00Z": false, "0000-01-01": false, "": false, "10000-01-01": false,
	} {
		day, err := ParseDay(text)
		if !right {
			refusedWith(t, err, "DAY_INVALID")
			continue
		}
		refusedWith(t, err, "")
		if day.String() != text {
			t.Errorf("%s reads as %s", text, day)
		}
	}
}

func TestMonths(t *testing.T) {
	for _, row := range []struct {
		sentence string
		first    string
		months   int
		later    string
		termEnd  string
	}{
		{"three years end on the eve", "2025-09-01", 36, "2028-09-01", "2028-08-31"},
		{"a leap year's February is kept whole", "2025-03-01", 36, "2028-03-01", "2028-02-29"},
		{"a shorter month ends the term", "2026-01-31", 1, "2026-02-28", "2026-02-28"},
		{"a leap day has no anniversary in a common year", "2028-02-29", 12, "2029-02-28", "2029-02-28"},
		{"a leap day has one after four years", "2028-02-29", 48, "2032-02-29", "2032-02-28"},
		{"the year is carried", "2026-11-15", 2, "2027-01-15", "2027-01-14"},
		{"months may be taken away", "2026-03-31", -1, "2026-02-28", "2026-02-28"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if got := on(row.first).AddMonths(row.months); got != on(row.later) {
				t.Errorf("months later: %s, want %s", got, row.later)
			}
			if got := on(row.first).TermEnd(row.months); got != on(row.termEnd) {
				t.Errorf("end of term: %s, want %s", got, row.termEnd)
			}
		})
	}
}

func TestDayStoredAndRead(t *testing.T) {
	type row struct {
		On    Day  `json:"on"`
		Maybe *Day `json:"maybe"`
	}
	for _, text := range []string{`{"on":"2026-01-05","maybe":"2026-01-06"}`, `{"on":"","maybe":null}`} {
		var r row
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		if back, err := json.Marshal(r); err != nil || string(back) != text {
			t.Errorf("%s comes back as %s, %v", text, back, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"on":"yesterday"}`), &row{}); err == nil {
		t.Error("a wrong day is read")
	}
	for _, stored := range []any{"2026-01-05", []byte("2026-01-05"), time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 5, 23, 0, 0, 0, time.UTC)} {
		var day Day
		if err := day.Scan(stored); err != nil || day != on("2026-01-05") {
			t.Errorf("%v is read as %s, %v", stored, day, err)
		}
		if value, err := day.Value(); err != nil || value != "2026-01-05" {
			t.Errorf("%s is stored as %v, %v", day, value, err)
		}
	}
	day := on("2026-01-05")
	if err := day.Scan(nil); err != nil || !day.IsZero() {
		t.Errorf("null is read as %s, %v", day, err)
	}
	if value, err := day.Value(); value != nil || err != nil {
		t.Errorf("no day is stored as %v, %v", value, err)
	}
	if err := day.Scan(20260105); err == nil {
		t.Error("a number is read as a day")
	}
}

// Days are as the calendar of the standard library has them, and so is their order.
func TestDaysAgreeWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(1992, 1, 1, 0, 0, 0, 0, shanghai).AddDate(0, 0, rapid.IntRange(0, 60000).Draw(t, "days"))
		n := rapid.IntRange(-60000, 60000).Draw(t, "n")
		a, b := DayOf(start), DayOf(start).AddDays(n)
		if b != DayOf(start.AddDate(0, 0, n)) || b.AddDays(-n) != a {
			t.Fatalf("%s and %d days are %s", a, n, b)
		}
		if a.Before(b) != (n > 0) || a.After(b) != (n < 0) || (a.Compare(b) == 0) != (n == 0) {
			t.Fatalf("%s and %s are in the wrong order", a, b)
		}
	})
}

func FuzzParseDay(f *testing.F) {
	f.Add("2026-01-05")
	f.Add("2026-02-29")
	f.Fuzz(func(t *testing.T, text string) {
		if day, err := ParseDay(text); err == nil && day.String() != text {
			t.Errorf("%q reads as %s", text, day)
		}
	})
}
