//go:build ignore

// Workbook writes batch-1.xlsx anew: batch-1.utf-8.csv with cells merged, as clerks do, and the day of the document as a
// day. Run it here: go run workbook.go
package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"
)

func main() {
	if err := write(); err != nil {
		log.Fatal(err)
	}
}

const sheet = "Sheet1"

// ofResource are the columns that are merged over the rows of one domain, unit or resource, and the cell in which another
// one starts.
var ofResource = []struct {
	column string
	starts int
}{{"B", 1}, {"C", 1}, {"D", 3}, {"E", 3}, {"F", 5}, {"G", 5}, {"K", 5}, {"L", 5}, {"M", 5}}

const headerRow = 6

func write() error {
	text, err := os.ReadFile("batch-1.utf-8.csv")
	if err != nil {
		return err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.Replace(text, []byte("\r\n\r\n"), []byte("\r\n,\r\n"), 1) // the reader would pass over the empty row
	lines := csv.NewReader(bytes.NewReader(text))
	lines.FieldsPerRecord = -1
	rows, err := lines.ReadAll()
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	from := map[string]int{} // by column, the row in which the present one started
	merge := func(column string, to int) error {
		if start := from[column]; start > 0 && to > start {
			return f.MergeCell(sheet, fmt.Sprintf("%s%d", column, start), fmt.Sprintf("%s%d", column, to))
		}
		return nil
	}
	for i, cells := range rows {
		row := i + 1
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", row), &cells); err != nil {
			return err
		}
		for _, c := range ofResource {
			if row <= headerRow || strings.TrimSpace(cells[c.starts]) == "" {
				continue
			}
			if err := merge(c.column, row-1); err != nil {
				return err
			}
			from[c.column] = row
		}
	}
	for _, c := range ofResource {
		if err := merge(c.column, len(rows)); err != nil {
			return err
		}
	}
	return save(f)
}

func save(f *excelize.File) error {
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		return err
	}
	if err := f.SetCellValue(sheet, "E3", 45860); err != nil { // 2025-07-22
		return err
	}
	if err := f.SetCellStyle(sheet, "E3", "E3", style); err != nil {
		return err
	}
	return f.SaveAs("batch-1.xlsx")
}
