package spreadsheet

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table of a report.
type Sheet struct {
	Title string
	Rows  [][]Cell
}

// Cell is a text, or a number written out, which is stored as it is written. A head stands out.
type Cell struct {
	Text   string
	Number bool
	Head   bool
}

// Report writes sheets as a workbook. No text of it is a formula, whatever it begins with.
func Report(sheets ...Sheet) (_ []byte, err error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // it is in memory
	w := writer{File: f}
	w.styles()
	for i, s := range sheets {
		if i == 0 {
			w.do(f.SetSheetName("Sheet1", s.Title))
		} else {
			_, err := f.NewSheet(s.Title)
			w.do(err)
		}
		w.sheet = s.Title
		for row, cells := range s.Rows {
			for column, c := range cells {
				w.reported(column, row+1, c)
			}
		}
		w.do(f.SetColWidth(s.Title, "A", "H", 22))
	}
	if w.err != nil {
		return nil, fmt.Errorf("write a report in XLSX: %w", w.err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("write a report in XLSX: %w", err)
	}
	return b.Bytes(), nil
}

func (w *writer) reported(column, row int, c Cell) {
	switch {
	case c.Head:
		w.cell(column, row, c.Text, w.optional)
	case c.Number && c.Text != "":
		w.do(w.SetCellDefault(w.sheet, fmt.Sprintf("%s%d", w.column(column), row), c.Text))
	default:
		w.cell(column, row, c.Text, w.text)
	}
}
