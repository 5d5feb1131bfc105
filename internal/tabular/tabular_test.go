package tabular_test

import (
	"slices"
	"strings"
	"testing"

	"gongshu/internal/fault"
	"gongshu/internal/tabular"
)

var columns = []tabular.Column{
	{Key: "number", Title: "序号", TitleEn: "No.", Ignored: true},
	{Key: "name", Title: "名称", TitleEn: "Name", Names: []string{"资源名称"}, Needed: true},
	{Key: "cycle", Title: "更新周期", TitleEn: "Update cycle", Needed: true},
	{Key: "note", Title: "备注", TitleEn: "Note"},
}

// sheet is a sheet of rows by |; a cell ^ is covered.
func sheet(rows ...string) tabular.Sheet {
	s := tabular.Sheet{Name: rows[0]}
	for i, row := range rows {
		var cells []tabular.Cell
		for _, text := range strings.Split(row, "|") {
			cells = append(cells, tabular.Cell{Text: strings.TrimSuffix(text, "^"), Covered: text == "^"})
		}
		s.Rows = append(s.Rows, tabular.Row{Number: i + 1, Cells: cells})
	}
	return s
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		sentence string
		sheets   []tabular.Sheet
		header   int
		refused  []string
	}{
		{"the header is the row that names the most columns", []tabular.Sheet{sheet("目录", "名称|备注", "序号|名称|更新周期|备注", "1|甲|定期|")}, 3, nil},
		{"names are understood with marks, capitals, full-width letters and two lines", []tabular.Sheet{sheet("资源 名称(必填)|ＵＰＤＡＴＥ cycle*\nUpdate Cycle", "甲|定期")}, 1, nil},
		{"a sheet without a header does not matter", []tabular.Sheet{sheet("说明"), sheet("名称|更新周期", "甲|定期")}, 1, nil},
		{"no header", []tabular.Sheet{sheet("名称", "甲")}, 0, []string{" TABLE_HEADER_MISSING"}},
		{"two headers", []tabular.Sheet{sheet("名称|更新周期"), sheet("Name|Update cycle")}, 0, []string{" TABLE_SHEETS_SEVERAL"}},
		{"a needed column is missing", []tabular.Sheet{sheet("名称|备注", "甲|乙")}, 1, []string{"cycle COLUMN_MISSING"}},
		{"every mistake at once", []tabular.Sheet{sheet("名称|更新周期|Name|子|", "甲|#REF!|||丑|寅")}, 1,
			[]string{"C1 COLUMN_TWICE", "D1 COLUMN_UNKNOWN", "E1 COLUMN_UNKNOWN", "B2 CELL_ERROR", "F2 COLUMN_UNKNOWN"}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			table, err := tabular.Find(c.sheets, columns)
			var refused []string
			for _, f := range fault.All(err) {
				refused = append(refused, f.Field+" "+f.Code)
			}
			if table.Header != c.header || !slices.Equal(refused, c.refused) {
				t.Errorf("the header is row %d, want %d; refused %q, want %q", table.Header, c.header, refused, c.refused)
			}
		})
	}
}

func TestARowIsAskedByColumn(t *testing.T) {
	table, err := tabular.Find([]tabular.Sheet{sheet("序号|名称|更新周期", "1|甲|^", "2")}, columns)
	if err != nil || len(table.Rows) != 2 || table.Has("note") || table.Has("number") || !table.Has("cycle") {
		t.Fatalf("%+v, %v", table, err)
	}
	if row := table.Rows[0]; row.Text("name") != "甲" || row.Covered("name") || !row.Covered("cycle") || row.Text("note") != "" || row.Place("cycle").String() != "C2" {
		t.Errorf("%+v", row)
	}
	if row := table.Rows[1]; row.Text("name") != "" || row.Place("name").String() != "B3" {
		t.Errorf("a row that ends early: %+v", row)
	}
}

func TestPlacesAreWrittenAsSpreadsheetsDo(t *testing.T) {
	for want, place := range map[string]tabular.Place{
		"A1": {Row: 1}, "Z9": {Row: 9, Column: 25}, "AA10": {Row: 10, Column: 26}, "AZ1": {Row: 1, Column: 51}, "BA1": {Row: 1, Column: 52},
		"ZZ1": {Row: 1, Column: 701}, "AAA1": {Row: 1, Column: 702}, "XFD1048576": {Row: 1048576, Column: 16383},
	} {
		if got := place.String(); got != want {
			t.Errorf("%+v is %s, want %s", place, got, want)
		}
	}
}

func TestDay(t *testing.T) {
	for text, want := range map[string]string{
		"2027-01-02": "2027-01-02", "2027-1-2": "2027-01-02", "2027/1/2": "2027-01-02", "2027.1.2": "2027-01-02", "2027年1月2日": "2027-01-02",
		" 2027年01月02日 ": "2027-01-02", "2027-13-41": "2027-13-41", "明天": "明天", "27-1-2": "27-1-2", "": "",
	} {
		if got := tabular.Day(text); got != want {
			t.Errorf("%q is the day %q, want %q", text, got, want)
		}
	}
}
