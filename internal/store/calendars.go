package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gongshu/ent/db"
	"gongshu/ent/db/policyrow"
	"gongshu/ent/db/predicate"
	"gongshu/internal/authorisation"
	"gongshu/internal/policy"
)

// The kinds of the rows that are loaded from files of their own: WORKING_DAYS_2026, CODE_TABLE_delivery.
const (
	calendarKind  = "WORKING_DAYS_"
	codeTableKind = "CODE_TABLE_"
)

// LoadedYear is a year of the working-day calendar as it holds: its newest row. A year is known before it begins, so that
// the first day of a row does not keep it back; it only says which row is newer.
type LoadedYear struct {
	policy.Year
	EffectiveFrom authorisation.Day
}

// CalendarYears reads the years of the calendar that are loaded, earliest first.
func (s *Store) CalendarYears(ctx context.Context) ([]LoadedYear, error) {
	years, err := loadedYears(ctx, s.read)
	if err != nil {
		return nil, err
	}
	var sorted []LoadedYear
	for _, year := range slices.Sorted(maps.Keys(years)) {
		sorted = append(sorted, years[year])
	}
	return sorted, nil
}

// CalendarYears reads the years of the calendar that are loaded.
func (tx *Tx) CalendarYears(ctx context.Context) (map[int]LoadedYear, error) {
	return loadedYears(ctx, tx.Client)
}

func loadedYears(ctx context.Context, c *db.Client) (map[int]LoadedYear, error) {
	rows, err := c.PolicyRow.Query().Where(policyrow.KindHasPrefix(calendarKind)).Order(db.Asc(policyrow.FieldEffectiveFrom)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	return calendarYears(rows)
}

// calendarYears picks the calendar out of policy rows, which are in the order of their first days.
func calendarYears(rows []*db.PolicyRow) (map[int]LoadedYear, error) {
	years := map[int]LoadedYear{}
	for _, row := range rows {
		text, is := strings.CutPrefix(row.Kind, calendarKind)
		if !is {
			continue
		}
		year, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", row.Kind, err)
		}
		days, err := reencode[authorisation.CalendarYear](row.Value)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", row.Kind, err)
		}
		from, err := authorisation.ParseDay(row.EffectiveFrom)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", row.Kind, err)
		}
		years[year] = LoadedYear{policy.Year{Year: year, CalendarYear: days, Source: row.SourceDocument}, from}
	}
	return years, nil
}

func calendarOf(years map[int]LoadedYear) (authorisation.Calendar, error) {
	days := map[int]authorisation.CalendarYear{}
	for n, year := range years {
		days[n] = year.CalendarYear
	}
	return authorisation.NewCalendar(days)
}

// CalendarRow makes a year of the calendar a row of policy.
func CalendarRow(year policy.Year, from authorisation.Day) (policy.Row, error) {
	value, err := reencode[map[string]any](year.CalendarYear)
	return policy.Row{Kind: calendarKind + strconv.Itoa(year.Year), EffectiveFrom: from.String(), Value: value, Source: year.Source}, err
}

// IsCalendar reports whether a row holds a year of the calendar.
func IsCalendar(r policy.Row) bool { return strings.HasPrefix(r.Kind, calendarKind) }

// LoadedTable is a code table with the first day of its row.
type LoadedTable struct {
	policy.CodeTable
	EffectiveFrom authorisation.Day
}

// CodeTables reads the code tables in force on a day, by name.
func (s *Store) CodeTables(ctx context.Context, on authorisation.Day) ([]LoadedTable, error) {
	return codeTables(ctx, s.read, policyrow.EffectiveFromLTE(on.String()))
}

// CodeTables reads the newest rows of all code tables, those that are to come as well, by name.
func (tx *Tx) CodeTables(ctx context.Context) ([]LoadedTable, error) {
	return codeTables(ctx, tx.Client)
}

func codeTables(ctx context.Context, c *db.Client, where ...predicate.PolicyRow) ([]LoadedTable, error) {
	rows, err := c.PolicyRow.Query().Where(policyrow.KindHasPrefix(codeTableKind)).Where(where...).
		Order(db.Asc(policyrow.FieldKind, policyrow.FieldEffectiveFrom)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the code tables: %w", err)
	}
	newest := map[string]LoadedTable{}
	for _, row := range rows {
		name := strings.TrimPrefix(row.Kind, codeTableKind)
		value, err := reencode[codeTableValue](row.Value)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", row.Kind, err)
		}
		from, err := authorisation.ParseDay(row.EffectiveFrom)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", row.Kind, err)
		}
		newest[name] = LoadedTable{policy.CodeTable{Name: name, Codes: value.Codes, Source: row.SourceDocument}, from}
	}
	var tables []LoadedTable
	for _, name := range slices.Sorted(maps.Keys(newest)) {
		tables = append(tables, newest[name])
	}
	return tables, nil
}

// codeTableValue is how the value of a row holds a code table.
type codeTableValue struct {
	Codes []policy.Code `json:"codes"`
}

// CodeTableRow makes a code table a row of policy.
func CodeTableRow(table policy.CodeTable, from authorisation.Day) (policy.Row, error) {
	value, err := reencode[map[string]any](codeTableValue{table.Codes})
	return policy.Row{Kind: codeTableKind + table.Name, EffectiveFrom: from.String(), Value: value, Source: table.Source}, err
}
