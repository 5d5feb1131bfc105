package main

import (
	"context"
	"errors"
	"fmt"

	"gongshu/internal/authorisation"
	"gongshu/internal/config"
	"gongshu/internal/fault"
	"gongshu/internal/market"
)

func importCalendar(ctx context.Context, m *market.Market, raw []byte, in config.Import) error {
	how, err := policyImport(in)
	if err != nil {
		return err
	}
	report, err := m.ImportCalendar(ctx, raw, how)
	if err != nil {
		return err
	}
	for _, day := range report.Days {
		what := "a day off"
		if day.Works {
			what = "a working day"
		}
		fmt.Printf("%s is now %s\n", day.Day, what)
	}
	for _, y := range report.Years {
		fmt.Printf("%d: %s, %d days off and %d make-up days\n", y.Year, y.Loaded, y.Holidays, y.MakeUpDays)
	}
	nothingChanged(in.DryRun)
	d := report.Deadlines
	fmt.Printf("%d open deadlines filled in, %d moved, %d still waiting for a year.\n", d.Filled, d.Moved, d.Waiting)
	return nil
}

func importCodeTables(ctx context.Context, m *market.Market, raw []byte, in config.Import) error {
	how, err := policyImport(in)
	if err != nil {
		return err
	}
	report, err := m.ImportCodeTables(ctx, raw, how)
	if err != nil {
		return err
	}
	changed := 0
	for _, t := range report.Tables {
		fmt.Printf("%s: %s, %d codes, from %s\n", t.Name, t.Loaded, t.Codes, t.From)
		if t.Loaded != market.LoadedUnchanged {
			changed++
		}
	}
	nothingChanged(in.DryRun)
	fmt.Printf("%d code tables loaded, %d as they were.\n", changed, len(report.Tables)-changed)
	return nil
}

func importPolicy(ctx context.Context, m *market.Market, raw []byte, in config.Import) error {
	if in.EffectiveFrom != "" {
		return errors.New("each row of policy says its own first day")
	}
	report, err := m.ImportPolicy(ctx, raw, market.PolicyImport{Source: in.Source, DryRun: in.DryRun})
	if err != nil {
		return err
	}
	changed := 0
	for _, row := range report.Rows {
		fmt.Printf("%s: %s, from %s\n", row.Kind, row.Loaded, row.From)
		if row.Loaded != market.LoadedUnchanged {
			changed++
		}
	}
	nothingChanged(in.DryRun)
	fmt.Printf("%d rows of policy loaded, %d as they were.\n", changed, len(report.Rows)-changed)
	return nil
}

func policyImport(in config.Import) (market.PolicyImport, error) {
	how := market.PolicyImport{Source: in.Source, DryRun: in.DryRun}
	if in.EffectiveFrom == "" {
		return how, nil
	}
	var err error
	if how.From, err = authorisation.ParseDay(in.EffectiveFrom); err != nil {
		return how, fault.All(err)[0].At("--effective-from")
	}
	return how, nil
}
