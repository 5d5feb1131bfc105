package main

import (
	"context"
	"fmt"
	"os"

	"gongshu/internal/config"
	"gongshu/internal/fault"
	"gongshu/internal/market"
)

// importCatalogue reads a catalogue of resources into the market, all or nothing, and says what changed.
func importCatalogue(ctx context.Context, p *config.Program) error {
	raw, err := os.ReadFile(p.Import.File)
	if err != nil {
		return fmt.Errorf("read the catalogue: %w", err)
	}
	return withMarket(ctx, p.Data, func(m *market.Market) error {
		report, err := m.ImportCatalogue(ctx, raw, p.Import.DryRun)
		if faults := fault.All(err); len(faults) > 0 {
			for _, f := range faults {
				fmt.Fprintf(os.Stderr, "%s: %s: %s\n", f.Field, f.Code, f.Message)
			}
			return fmt.Errorf("%s was not imported; places that are wrong: %d", p.Import.File, len(faults))
		}
		if err != nil {
			return err
		}
		for _, c := range report.Changes {
			fmt.Printf("%s: %s: %q is now %q\n", c.Resource, c.Path, c.Before, c.After)
		}
		if p.Import.DryRun {
			fmt.Print("Nothing was changed. It would be: ")
		}
		fmt.Printf("%d resources added, %d changed, %d as they were.\n", report.Added, report.Changed, report.Unchanged)
		return nil
	})
}
