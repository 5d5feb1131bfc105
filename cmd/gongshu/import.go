package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gongshu/internal/config"
	"gongshu/internal/fault"
	"gongshu/internal/market"
)

// importFile reads a file into the market, all or nothing, and says what changed.
func importFile(ctx context.Context, p *config.Program) error {
	raw, err := readFile(p.Import.File)
	if err != nil {
		return err
	}
	return withMarket(ctx, p.Data, func(m *market.Market) error {
		err := fmt.Errorf("there is no kind %s", p.Import.Kind)
		switch p.Import.Kind {
		case "catalogue":
			err = importCatalogue(ctx, m, raw, p.Import.DryRun)
		case "calendar":
			err = importCalendar(ctx, m, raw, p.Import)
		case "code-table":
			err = importCodeTables(ctx, m, raw, p.Import)
		case "policy":
			err = importPolicy(ctx, m, raw, p.Import)
		}
		if faults := fault.All(err); len(faults) > 0 {
			for _, f := range faults {
				fmt.Fprintln(os.Stderr, told(f))
			}
			return fmt.Errorf("%s was not imported; places that are wrong: %d", p.Import.File, len(faults))
		}
		return err
	})
}

// maxFile is more than any kind of file may have, so that what is far too large is not read into memory.
const maxFile = 16 << 20

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the file to import: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was read only
	raw, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, fmt.Errorf("read the file to import: %w", err)
	}
	return raw, nil
}

// told says a fault with its place: D5 第 5 行「更新周期」 row 5, column "更新周期": CODE: sentence.
func told(f *fault.Error) string {
	place := f.Field
	if row, is := f.Params["row"].(int); is {
		column, _ := f.Params["column"].(string)
		place = strings.TrimSpace(fmt.Sprintf("%s 第 %d 行", place, row))
		if column != "" {
			place += fmt.Sprintf("「%s」", column)
		}
		place += fmt.Sprintf(" row %d", row)
		if column != "" {
			place += fmt.Sprintf(", column %q", column)
		}
	}
	if place == "" {
		return f.Code + ": " + f.Message
	}
	return place + ": " + f.Code + ": " + f.Message
}

func importCatalogue(ctx context.Context, m *market.Market, raw []byte, dryRun bool) error {
	report, err := m.ImportCatalogue(ctx, raw, dryRun)
	if err != nil {
		return err
	}
	toldNew("organisation 新机构", report.NewOrganisations)
	toldNew("domain 新领域", report.NewDomains)
	toldNew("resource 新资源", report.NewResources)
	for _, c := range report.Changes {
		fmt.Printf("%s: %s: %q is now %q\n", c.Resource, c.Path, c.Before, c.After)
	}
	nothingChanged(dryRun)
	fmt.Printf("%d resources added, %d changed, %d as they were.\n", report.Added, report.Changed, report.Unchanged)
	return nil
}

// toldNew says the names that nobody knew yet, so that a misspelt one is seen.
func toldNew(what string, names []string) {
	for _, name := range names {
		fmt.Printf("new %s: %s\n", what, name)
	}
}

// nothingChanged says of a dry run that it was one.
func nothingChanged(dryRun bool) {
	if dryRun {
		fmt.Print("Nothing was changed. It would be: ")
	}
}

// writeTemplate writes a table to fill in; a file that is there is never written over.
func writeTemplate(p *config.Program) error {
	kind := strings.ToLower(filepath.Ext(p.Template.File))
	content, err := market.Template(p.Template.Kind + kind)
	if fault.CodeOf(err) == "NOT_FOUND" {
		return errors.New("the file's name must end in .xlsx or .csv")
	}
	if err != nil {
		return err
	}
	f, err := os.OpenFile(p.Template.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	fmt.Println("Written:", p.Template.File)
	return nil
}
