package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"gongshu/data"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/policy"
	"gongshu/internal/store"
	"gongshu/internal/tabular"
)

// LoadPolicies gives a market the dated policy that this program comes with: its rows, working-day calendar and code
// tables, and once the words that mean the same to the search. Rows that are there already stay as they are, and so does a year of the calendar that was loaded otherwise; a year
// that is new fills in the deadlines that waited for it, in the same transaction, which waits for proceedings that are being
// opened. It returns how many rows were added. It is a command's, not a person's.
func (m *Market) LoadPolicies(ctx context.Context) (added int, err error) {
	rows, err := builtIn()
	if err != nil {
		return 0, err
	}
	ctx = access.With(ctx, access.Viewer{})
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Alone(ctx, calendarLock); err != nil {
			return err
		}
		if err := loadSynonyms(ctx, tx); err != nil {
			return err
		}
		fresh, err := tx.LoadPolicies(ctx, rows)
		if added = len(fresh); err != nil || added == 0 {
			return err
		}
		change := map[string]any{"added": added}
		if slices.ContainsFunc(fresh, store.IsCalendar) {
			deadlines, err := m.reckon(ctx, tx)
			if err != nil {
				return err
			}
			change["deadlines"] = deadlines
		}
		return tx.Record(ctx, store.Act{Name: "policyLoad", Kind: "Policy", Change: change})
	})
	return added, err
}

// tablesHold is the first day of the code tables that this program comes with: that of the city's plan.
var tablesHold = authorisation.DayFrom(2025, time.July, 22)

// builtIn reads the rows of dated policy that this program comes with.
func builtIn() (rows []policy.Row, err error) {
	if err := json.Unmarshal(data.Policy, &rows); err != nil {
		return nil, fmt.Errorf("read the built-in policy: %w", err)
	}
	years, err := policy.CalendarFile(data.WorkingDays, "")
	if err != nil {
		return nil, fmt.Errorf("read the built-in calendar: %w", err)
	}
	for _, year := range years {
		row, err := store.CalendarRow(year, authorisation.DayFrom(year.Year, time.January, 1))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	tables, err := policy.CodeTablesFile(data.CodeTables, "")
	if err != nil {
		return nil, fmt.Errorf("read the built-in code tables: %w", err)
	}
	for _, table := range tables {
		row, err := store.CodeTableRow(table, tablesHold)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// PolicyImport says how policy is loaded from a file: JSON, or a table in CSV or XLSX; which of them it is, its content says.
type PolicyImport struct {
	// Source is the document that the file comes from, where it does not say so itself.
	Source string
	// From is the first day of what changes something that is loaded already; no day: for a code table today.
	From authorisation.Day
	// DryRun reports what would change, and changes nothing.
	DryRun bool
}

// readPolicy reads a file in JSON, or as a table.
func readPolicy[T any](
	ctx context.Context, raw []byte, source string, columns []tabular.Column,
	file func(raw []byte, source string) (T, error), table func(t tabular.Table, wrong fault.List, source string) (T, error),
) (read T, err error) {
	if isJSON(raw) {
		return file(raw, source)
	}
	t, wrong, err := readTable(ctx, raw, columns)
	if err != nil {
		return read, err
	}
	return table(t, wrong, source)
}

// errDryRun takes a transaction back that did what it was to do.
var errDryRun = errors.New("a dry run")

// codeTablesLock keeps loads of code tables apart.
const codeTablesLock = "code tables"

// loading runs one load of policy, which waits for others with the same lock and, with calendarLock, for proceedings that are
// being opened. A dry run is the same, taken back.
func (m *Market) loading(ctx context.Context, lock string, in PolicyImport, do func(ctx context.Context, tx *store.Tx) error) error {
	err := m.Store.InTx(access.With(ctx, access.Viewer{}), func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Alone(ctx, lock); err != nil {
			return err
		}
		if err := do(ctx, tx); err != nil {
			return err
		}
		if in.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}

// Loaded says what a load did with one year, code table or row.
type Loaded string

// What can become of it.
const (
	LoadedNew       Loaded = "added"
	LoadedAmended   Loaded = "amended"
	LoadedUnchanged Loaded = "as it was"
)

// CalendarReport is what loading years of the calendar did, or would do.
type CalendarReport struct {
	Years []YearReport
	// Days are the days of years that were known before which count otherwise now.
	Days []DayChange
	// Deadlines are those of the open proceedings.
	Deadlines DeadlineReport
}

// YearReport is what became of one year.
type YearReport struct {
	Year int
	Loaded
	// Holidays and MakeUpDays count the days of its notice.
	Holidays, MakeUpDays int
}

// DayChange is a day that has become a working day, or none.
type DayChange struct {
	Day   authorisation.Day
	Works bool
}

// ImportCalendar loads whole years of the working-day calendar for the command gongshu import, all or nothing, as rows of
// dated policy. A year that is loaded with the same days changes nothing. One with other days is an amended notice: it holds
// over the earlier row from now on, and needs a first day of its own, later than that of the row it amends. In the same
// transaction every open proceeding gets the deadline that the calendar now gives it, by the policy of the day on which it
// was submitted: those that waited are filled in, those that counted a changed day move; each is recorded.
//
// Refused with everything that policy.CalendarFile or CalendarTable finds; and, all years at once, with YEAR_LOADED for
// other days without a first day, and FROM_TOO_EARLY for one that is not later than the year's present row.
func (m *Market) ImportCalendar(ctx context.Context, raw []byte, in PolicyImport) (report CalendarReport, err error) {
	years, err := readPolicy(ctx, raw, in.Source, policy.CalendarColumns, policy.CalendarFile, policy.CalendarTable)
	if err != nil {
		return CalendarReport{}, err
	}
	err = m.loading(ctx, calendarLock, in, func(ctx context.Context, tx *store.Tx) error {
		report = CalendarReport{}
		known, err := tx.CalendarYears(ctx)
		if err != nil {
			return err
		}
		rows, err := report.compare(years, known, in.From)
		if err != nil || len(rows) == 0 {
			return err
		}
		return m.loadYears(ctx, tx, rows, &report)
	})
	return report, err
}

// compare says what becomes of each year, and gives the rows to add.
func (r *CalendarReport) compare(years []policy.Year, known map[int]store.LoadedYear, from authorisation.Day) (rows []policy.Row, err error) {
	var wrong fault.List
	for _, year := range years {
		before, loaded := known[year.Year]
		first, became := authorisation.DayFrom(year.Year, time.January, 1), LoadedNew
		switch place := fmt.Sprintf("years.%d", year.Year); {
		case loaded && before.SameDays(year):
			became = LoadedUnchanged
		case loaded && from.IsZero():
			wrong = append(wrong, fault.New(fault.Conflict, "YEAR_LOADED", "%d is loaded with other days, from %s. If its notice was amended, say with --effective-from from when.",
				year.Year, before.Source).At(place).With("year", year.Year).With("source", before.Source))
		case loaded && !from.After(before.EffectiveFrom):
			wrong = append(wrong, tooEarly(before.EffectiveFrom).At(place))
		case loaded:
			first, became = from, LoadedAmended
		}
		r.Years = append(r.Years, YearReport{year.Year, became, year.Holidays(), len(year.Work)})
		if became == LoadedUnchanged {
			continue
		}
		row, err := store.CalendarRow(year, first)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, wrong.OrNil()
}

func tooEarly(holds authorisation.Day) *fault.Error {
	return fault.New(fault.Conflict, "FROM_TOO_EARLY", "What changes something has a later first day than it; that is %s.", holds).With("effectiveFrom", holds.String())
}

// loadYears adds rows of the calendar, and lets open deadlines follow.
func (m *Market) loadYears(ctx context.Context, tx *store.Tx, rows []policy.Row, report *CalendarReport) error {
	before, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.LoadPolicies(ctx, rows); err != nil {
		return err
	}
	after, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	for _, y := range report.Years {
		if y.Loaded != LoadedUnchanged {
			report.Days = append(report.Days, changedDays(y.Year, before.Calendar, after.Calendar)...)
		}
	}
	if report.Deadlines, err = m.reckon(ctx, tx); err != nil {
		return err
	}
	for _, row := range rows {
		err := tx.Record(ctx, store.Act{Name: "calendarLoad", Kind: "Policy", Reason: row.Source, Change: map[string]any{
			"kind": row.Kind, "effectiveFrom": row.EffectiveFrom, "deadlines": report.Deadlines,
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// changedDays are the days that a year's notice can speak of and that count otherwise than before.
func changedDays(year int, before, after authorisation.Calendar) (changed []DayChange) {
	last := authorisation.DayFrom(year, time.December, 31)
	for day := authorisation.DayFrom(year-1, time.December, 1); !day.After(last); day = day.AddDays(1) {
		was, err := before.IsWorkingDay(day)
		is, err2 := after.IsWorkingDay(day)
		if err == nil && err2 == nil && was != is {
			changed = append(changed, DayChange{day, is})
		}
	}
	return changed
}

// RowsReport is what loading rows of policy did, or would do.
type RowsReport struct {
	Rows []RowReport
}

// RowReport is what became of one row.
type RowReport struct {
	Kind string
	Loaded
	From authorisation.Day
}

// ImportPolicy loads rows of dated policy for the command gongshu import, all or nothing: what regulations change of VAT, deadlines,
// prices, discounts and the like. A row that is there with the same value changes nothing; another begins today or later, and later
// than every row of its kind, since what was decided by a rule stays so. Refused with everything that policy.RowsFile finds; and, all
// rows at once by place, with POLICY_KIND_UNKNOWN, POLICY_VALUE_INVALID, FROM_PAST, FROM_TOO_EARLY,
// FROM_TOO_FAR and LICENCE_VERSION_USED.
func (m *Market) ImportPolicy(ctx context.Context, raw []byte, in PolicyImport) (report RowsReport, err error) {
	rows, err := policy.RowsFile(raw, in.Source)
	if err != nil {
		return RowsReport{}, err
	}
	// A proceeding that is being opened reckons its deadline by the rows.
	err = m.loading(ctx, calendarLock, in, func(ctx context.Context, tx *store.Tx) error {
		report = RowsReport{}
		known, err := tx.PolicyRows(ctx)
		if err != nil {
			return err
		}
		fresh, err := report.compare(rows, known, authorisation.DayOf(tx.Now()))
		if err != nil {
			return err
		}
		if _, err := tx.LoadPolicies(ctx, fresh); err != nil {
			return err
		}
		for _, row := range fresh {
			err := tx.Record(ctx, store.Act{Name: "policyImport", Kind: "Policy", Reason: row.Source, Change: map[string]any{
				"kind": row.Kind, "effectiveFrom": row.EffectiveFrom, "value": row.Value,
			}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return report, err
}

// compare says what becomes of each row, and gives those to add; of one kind, the file has the earlier row first.
func (r *RowsReport) compare(rows, known []policy.Row, today authorisation.Day) (fresh []policy.Row, err error) {
	var wrong fault.List
	newest := map[string]policy.Row{}
	for _, row := range known {
		newest[row.Kind] = row
	}
	for i, row := range rows {
		place := fmt.Sprint(i)
		if faults := fault.All(store.CheckPolicyRow(row)); len(faults) > 0 {
			for _, f := range faults {
				wrong = append(wrong, f.At(place+"."+f.Field))
			}
			continue
		}
		from, _ := authorisation.ParseDay(row.EffectiveFrom) // what was read is a day
		before, loaded := newest[row.Kind]
		became := LoadedNew
		switch {
		case slices.ContainsFunc(known, func(k policy.Row) bool { return reflect.DeepEqual(k, row) }):
			became = LoadedUnchanged
		case loaded && row.EffectiveFrom <= before.EffectiveFrom:
			holds, _ := authorisation.ParseDay(before.EffectiveFrom)
			wrong = append(wrong, tooEarly(holds).At(place+".effectiveFrom"))
			continue
		case from.Before(today):
			wrong = append(wrong, fault.New(fault.Conflict, "FROM_PAST", "What was decided stays as it was: policy begins on %s or later.", today).
				With("today", today.String()).At(place+".effectiveFrom"))
			continue
		case from.After(today.AddMonths(maxAhead)): // a year that was mistyped would keep every other row of its kind out
			wrong = append(wrong, fault.New(fault.Invalid, "FROM_TOO_FAR", "Policy begins within %d months.", maxAhead).With("max", maxAhead).At(place+".effectiveFrom"))
			continue
		case loaded && changesLicence(before, row):
			wrong = append(wrong, fault.New(fault.Conflict, "LICENCE_VERSION_USED", "Another text needs another version: somebody may have read this one.").At(place+".value.version"))
			continue
		case loaded:
			became = LoadedAmended
		}
		r.Rows = append(r.Rows, RowReport{row.Kind, became, from})
		if became != LoadedUnchanged {
			newest[row.Kind] = row
			fresh = append(fresh, row)
		}
	}
	return fresh, wrong.OrNil()
}

// maxAhead is how many months ahead a rule is loaded.
const maxAhead = 60

// changesLicence reports whether a row says something else under the version of the one before.
func changesLicence(before, row policy.Row) bool {
	return row.Kind == "LICENCE" && before.Value["version"] == row.Value["version"]
}

// CodeTablesReport is what loading code tables did, or would do.
type CodeTablesReport struct {
	Tables []TableReport
}

// TableReport is what became of one code table.
type TableReport struct {
	Name string
	Loaded
	Codes int
	// From is the first day of what it says.
	From authorisation.Day
}

// ImportCodeTables loads whole code tables for the command gongshu import, all or nothing, as rows of dated policy. A table
// that says what its newest row says changes nothing; another holds from its first day on, today by itself, and what the
// file does not name stays. Refused with everything that policy.CodeTablesFile or CodeTablesTable finds; and, all tables
// at once, with FROM_TOO_EARLY.
func (m *Market) ImportCodeTables(ctx context.Context, raw []byte, in PolicyImport) (report CodeTablesReport, err error) {
	tables, err := readPolicy(ctx, raw, in.Source, policy.CodeTableColumns, policy.CodeTablesFile, policy.CodeTablesTable)
	if err != nil {
		return CodeTablesReport{}, err
	}
	err = m.loading(ctx, codeTablesLock, in, func(ctx context.Context, tx *store.Tx) error {
		report = CodeTablesReport{}
		if in.From.IsZero() {
			in.From = authorisation.DayOf(tx.Now())
		}
		known, err := tx.CodeTables(ctx)
		if err != nil {
			return err
		}
		rows, err := report.compare(tables, known, in.From)
		if err != nil {
			return err
		}
		if _, err := tx.LoadPolicies(ctx, rows); err != nil {
			return err
		}
		for _, row := range rows {
			err := tx.Record(ctx, store.Act{Name: "codeTableLoad", Kind: "Policy", Reason: row.Source, Change: map[string]any{
				"kind": row.Kind, "effectiveFrom": row.EffectiveFrom,
			}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return report, err
}

// compare says what becomes of each table, and gives the rows to add.
func (r *CodeTablesReport) compare(tables []policy.CodeTable, known []store.LoadedTable, from authorisation.Day) (rows []policy.Row, err error) {
	var wrong fault.List
	for _, table := range tables {
		became, first := LoadedNew, from
		if i := slices.IndexFunc(known, func(k store.LoadedTable) bool { return k.Name == table.Name }); i >= 0 {
			became = LoadedAmended
			switch before := known[i]; {
			case reflect.DeepEqual(before.Codes, table.Codes):
				became, first = LoadedUnchanged, before.EffectiveFrom
			case !from.After(before.EffectiveFrom):
				wrong = append(wrong, tooEarly(before.EffectiveFrom).At("tables."+table.Name))
			}
		}
		r.Tables = append(r.Tables, TableReport{table.Name, became, len(table.Codes), first})
		if became == LoadedUnchanged {
			continue
		}
		row, err := store.CodeTableRow(table, first)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, wrong.OrNil()
}
