package graph

import (
	"context"

	"gongshu/graph/model"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// workingCalendar shows the years that are loaded and what is lacking.
func workingCalendar(years []store.LoadedYear, gaps market.CalendarGaps) *model.WorkingCalendar {
	c := &model.WorkingCalendar{MissingYears: gaps.Years, WaitingProceedings: gaps.Waiting}
	for _, y := range years {
		shown := &model.CalendarYear{Year: y.Year.Year, EffectiveOn: y.EffectiveFrom, Source: y.Source}
		for _, off := range y.Off {
			shown.Holidays = append(shown.Holidays, &model.DayRange{FirstOn: off[0], LastOn: off[1]})
		}
		for _, day := range y.Work {
			shown.MakeUpDays = append(shown.MakeUpDays, &day)
		}
		c.Years = append(c.Years, shown)
	}
	return c
}

// codeTables are the code tables that hold on a day, today by itself.
func (r *Resolver) codeTables(ctx context.Context, on *authorisation.Day) ([]*model.CodeTable, error) {
	day := authorisation.DayOf(r.Store.Now())
	if on != nil {
		day = *on
	}
	tables, err := r.Store.CodeTables(ctx, day)
	if err != nil {
		return nil, err
	}
	var shown []*model.CodeTable
	for _, t := range tables {
		table := &model.CodeTable{Name: t.Name, EffectiveOn: t.EffectiveFrom, Source: t.Source}
		for _, c := range t.Codes {
			table.Codes = append(table.Codes, &model.Code{Code: c.Code, Name: c.Name, NameEn: nonEmpty(c.NameEn)})
		}
		shown = append(shown, table)
	}
	return shown, nil
}
