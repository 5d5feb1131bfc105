package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/xuri/excelize/v2"

	"gongshu/internal/tabular"
)

// TemplateCSV writes a template in UTF-8 with its mark, without which spreadsheets take it for another encoding.
func TemplateCSV(t tabular.Template) ([]byte, error) {
	var b bytes.Buffer
	b.Write(utf8Mark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, f := range t.Facts {
		w.Write([]string{f.Title, ""}) //nolint:errcheck // Error tells
	}
	w.Write([]string{""}) //nolint:errcheck // the same
	var header []string
	for _, c := range t.Filled() {
		header = append(header, c.Title)
	}
	w.Write(header)        //nolint:errcheck // the same
	w.WriteAll(t.Examples) //nolint:errcheck // the same
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("write a template in CSV: %w", err)
	}
	return b.Bytes(), nil
}

// listedRows is how many rows below the header offer the words of their columns.
const listedRows = 2000

// TemplateXLSX writes a template as a workbook of two sheets: the table, with its names in Chinese and English and lists of
// words to choose from, and its guide.
func TemplateXLSX(t tabular.Template) (_ []byte, err error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // it is in memory
	w := writer{File: f, sheet: t.Title}
	w.do(f.SetSheetName("Sheet1", t.Title))
	w.styles()
	header := len(t.Facts) + 2
	for i, c := range t.Filled() { // before the cells, whose styles these would replace
		w.do(f.SetColStyle(t.Title, w.column(i), w.text))
		w.do(f.SetColWidth(t.Title, w.column(i), w.column(i), 22))
		if words := t.Choices[c.Key]; len(words) > 0 {
			w.list(i, header+1, words)
		}
	}
	for i, fact := range t.Facts {
		w.cell(0, i+1, fact.Title+"\n"+fact.TitleEn, w.label)
	}
	for i, c := range t.Filled() {
		style := w.optional
		if c.Needed {
			style = w.needed
		}
		w.cell(i, header, c.Title+"\n"+c.TitleEn, style)
	}
	for i, row := range t.Examples {
		for j, text := range row {
			w.cell(j, header+1+i, text, w.example)
		}
	}
	w.do(f.SetPanes(t.Title, &excelize.Panes{Freeze: true, YSplit: header, TopLeftCell: fmt.Sprintf("A%d", header+1), ActivePane: "bottomLeft"}))
	w.guide(t)
	if w.err != nil {
		return nil, fmt.Errorf("write a template in XLSX: %w", w.err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("write a template in XLSX: %w", err)
	}
	return b.Bytes(), nil
}

// writer writes to one sheet and keeps the first error.
type writer struct {
	*excelize.File
	sheet                                  string
	label, needed, optional, example, text int
	err                                    error
}

func (w *writer) do(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) styles() {
	style := func(s excelize.Style) int {
		id, err := w.NewStyle(&s)
		w.do(err)
		return id
	}
	const asText = 49 // the format that leaves numbers and days as they are typed
	wrap := &excelize.Alignment{WrapText: true, Vertical: "center"}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	w.label = style(excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: wrap, NumFmt: asText})
	w.needed = style(excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: wrap, Fill: fill("FCE4D6"), NumFmt: asText})
	w.optional = style(excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: wrap, Fill: fill("EDEDED"), NumFmt: asText})
	w.example = style(excelize.Style{Font: &excelize.Font{Italic: true, Color: "595959"}, Alignment: wrap, NumFmt: asText})
	w.text = style(excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, NumFmt: asText})
}

func (w *writer) column(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	w.do(err)
	return name
}

func (w *writer) cell(column, row int, text string, style int) {
	at := fmt.Sprintf("%s%d", w.column(column), row)
	w.do(w.SetCellStr(w.sheet, at, text))
	w.do(w.SetCellStyle(w.sheet, at, at, style))
}

// list offers words in a column. Others are asked about, not refused: the import says what is wrong with them.
func (w *writer) list(column, from int, words []string) {
	v := excelize.NewDataValidation(true)
	v.SetSqref(fmt.Sprintf("%s%d:%s%d", w.column(column), from, w.column(column), from+listedRows-1))
	w.do(v.SetDropList(words))
	v.SetError(excelize.DataValidationErrorStyleWarning, "不在列表中 Not in the list", "请检查所填内容。Please look again.")
	w.do(w.AddDataValidation(w.sheet, v))
}

func (w *writer) guide(t tabular.Template) {
	_, err := w.NewSheet(t.GuideTitle)
	w.do(err)
	w.sheet = t.GuideTitle
	row := 1
	line := func(style int, texts ...string) {
		for i, text := range texts {
			w.cell(i, row, text, style)
		}
		row++
	}
	for _, paragraph := range t.Guide {
		line(w.text, paragraph[0], paragraph[1])
	}
	row++
	for _, c := range append(append([]tabular.Column{}, t.Facts...), t.Filled()...) {
		needed := "选填 optional"
		if c.Needed {
			needed = "必填 needed"
		}
		line(w.text, c.Title+" "+c.TitleEn, needed, t.Explained[c.Key][0], t.Explained[c.Key][1])
	}
	for i := range 4 {
		w.do(w.SetColWidth(w.sheet, w.column(i), w.column(i), 48))
	}
}
