// Package tabular owns what a table is to the rules that read one: rows of cells with their coordinates, a header row
// that is found by the names of its columns, in Chinese or English, and mistakes that name row, column and cell (D5).
//
// Reading files is left to internal/spreadsheet, and what the cells mean to the rule that asks:
//
//	columns := []tabular.Column{{Key: "day", Title: "日期", TitleEn: "Day", Needed: true}, …}
//	table, err := spreadsheet.Read(ctx, raw, columns) // CSV or XLSX, told apart by content
//	for _, row := range table.Rows {
//		day := row.Text("day")                      // "" where the column or the value is absent
//		wrong = append(wrong, row.Refuse("day", fault.New(fault.Invalid, "DAY_INVALID", "…")))
//	}
//
// It promises that all mistakes of a header are named at once, and that the same cells give the same table.
package tabular

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gongshu/internal/fault"
)

// Sheet is one sheet of a file as it is written, without its empty rows; a CSV file is one sheet without a name.
type Sheet struct {
	Name string
	// Rows have ascending numbers.
	Rows []Row
}

// Row is one row of a sheet; Number is what a spreadsheet shows at its left, from 1.
type Row struct {
	Number int
	// Cells begin with column A; what is beyond them is empty.
	Cells []Cell
}

// Cell is one cell as it is shown: a number or day as text, a formula as its last result, without white space at the ends.
type Cell struct {
	Text string
	// Covered says that the cell has no text of its own since it is merged with one above it.
	Covered bool
}

// Cell returns the cell of a column, counted from 0; beyond the end it is empty.
func (r Row) Cell(column int) Cell {
	if column < len(r.Cells) {
		return r.Cells[column]
	}
	return Cell{}
}

// Column is a column that a kind of table may have.
type Column struct {
	// Key is how the code asks for it: updateCycle.
	Key string
	// Title and TitleEn are its names as templates and messages write them; Names are others that are understood.
	// Spaces, line breaks, capitals, full-width letters and the marks * (必填) (选填) do not matter.
	Title, TitleEn string
	Names          []string
	// Needed says that a table without it is refused.
	Needed bool
	// Ignored says that its content means nothing: 序号.
	Ignored bool
}

// Place is where a cell is. Column counts from 0; Title is the column's header as the file writes it.
type Place struct {
	Row, Column int
	Title       string
}

// String returns the coordinate as spreadsheets write it: D5.
func (p Place) String() string {
	letters := ""
	for n := p.Column + 1; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return fmt.Sprintf("%s%d", letters, p.Row)
}

// Refuse returns the fault at this place: its field is the coordinate, its parameters row and column say it in words.
func (p Place) Refuse(f *fault.Error) *fault.Error {
	return f.At(p.String()).With("row", p.Row).With("column", p.Title).With("columnNumber", p.Column+1)
}

// Sort puts faults in the order of the sheet, by row and then by column; those without a place come first.
func Sort(faults fault.List) {
	number := func(f *fault.Error, name string) int { n, _ := f.Params[name].(int); return n }
	slices.SortStableFunc(faults, func(a, b *fault.Error) int {
		return cmp.Or(cmp.Compare(number(a, "row"), number(b, "row")), cmp.Compare(number(a, "columnNumber"), number(b, "columnNumber")))
	})
}

// Table is a sheet whose header was found.
type Table struct {
	// Above are the rows over the header: titles, and facts of the whole table.
	Above []Row
	// Header is the number of the header's row.
	Header int
	// Rows are those below the header.
	Rows []Record
	// columns holds where each known column is, by key.
	columns map[string]Place
}

// Has reports whether the table has a column.
func (t Table) Has(key string) bool { _, there := t.columns[key]; return there }

// Record is one row of a table, whose cells are asked for by their column's key.
type Record struct {
	Row
	columns map[string]Place
}

// Text returns what a cell holds, "" where there is none.
func (r Record) Text(key string) string { return r.cell(key).Text }

// Covered reports whether a cell is merged with one above it.
func (r Record) Covered(key string) bool { return r.cell(key).Covered }

func (r Record) cell(key string) Cell {
	at, there := r.columns[key]
	if !there {
		return Cell{}
	}
	return r.Cell(at.Column)
}

// Place returns where a cell is; of a column that the table does not have, the beginning of the row.
func (r Record) Place(key string) Place {
	at := r.columns[key]
	at.Row = r.Number
	return at
}

// Refuse returns the fault at the place of a cell.
func (r Record) Refuse(key string, f *fault.Error) *fault.Error { return r.Place(key).Refuse(f) }

// headerRows is how far down a header may begin: titles and facts are above it.
const headerRows = 20

// Find finds the header in the sheets: the row among the first 20 that names the most columns, at least two of them.
//
// All mistakes of the table are returned at once as a fault.List, in the order of the sheet: TABLE_HEADER_MISSING,
// TABLE_SHEETS_SEVERAL when two sheets have a header, COLUMN_MISSING, COLUMN_TWICE, COLUMN_UNKNOWN, and CELL_ERROR
// where a formula failed (#REF!). The table comes along so that its rows can be judged too; it has none when they cannot be.
func Find(sheets []Sheet, columns []Column) (Table, error) {
	var found []header
	for _, s := range sheets {
		if h, ok := headerOf(s, columns); ok {
			found = append(found, h)
		}
	}
	switch len(found) {
	case 0:
		return Table{}, fault.List{fault.New(fault.Invalid, "TABLE_HEADER_MISSING", "None of the first %d rows is a header: at least two of %s are needed in one.",
			headerRows, titles(columns)).With("rows", headerRows)}
	case 1:
		return found[0].table(columns)
	}
	return Table{}, fault.List{fault.New(fault.Invalid, "TABLE_SHEETS_SEVERAL", "The sheets %q and %q both have a header; keep one.", found[0].sheet.Name, found[1].sheet.Name)}
}

// Recognised returns how many columns the best header of a sheet names, 0 when it has none.
func Recognised(s Sheet, columns []Column) int {
	h, _ := headerOf(s, columns)
	return h.known
}

func titles(columns []Column) string {
	var needed []string
	for _, c := range columns {
		if c.Needed {
			needed = append(needed, c.Title+" ("+c.TitleEn+")")
		}
	}
	return strings.Join(needed, ", ")
}

// header is the row of a sheet that names columns; known counts those that it names.
type header struct {
	sheet Sheet
	index int
	known int
}

func headerOf(s Sheet, columns []Column) (header, bool) {
	names := namesOf(columns)
	best := header{sheet: s}
	for i, row := range s.Rows {
		if row.Number > headerRows {
			break
		}
		keys := map[string]bool{}
		for _, cell := range row.Cells {
			if c := names.column(cell.Text); c != nil && !c.Ignored {
				keys[c.Key] = true
			}
		}
		if len(keys) > best.known {
			best.index, best.known = i, len(keys)
		}
	}
	if best.known < 2 {
		return header{}, false
	}
	return best, true
}

func (h header) table(columns []Column) (Table, error) {
	row := h.sheet.Rows[h.index]
	t := Table{Above: h.sheet.Rows[:h.index], Header: row.Number, columns: map[string]Place{}}
	wrong, broken := t.readHeader(row, columns, h.sheet.Rows[h.index+1:])
	for _, r := range h.sheet.Rows[h.index+1:] {
		record := Record{r, t.columns}
		for key := range t.columns {
			if len(wrong) < maxFaults && failed[record.Text(key)] {
				wrong = append(wrong, record.Refuse(key, fault.New(fault.Invalid, "CELL_ERROR", "The formula of this cell has no result.")))
			}
		}
		t.Rows = append(t.Rows, record)
	}
	if broken {
		t.Rows = nil
	}
	Sort(wrong)
	return t, wrong.OrNil()
}

// maxFaults bounds how many failed formulas are named.
const maxFaults = 200

// failed are the results of formulas that have none.
var failed = map[string]bool{"#REF!": true, "#N/A": true, "#NAME?": true, "#VALUE!": true, "#DIV/0!": true, "#NULL!": true, "#NUM!": true}

// readHeader finds where the columns are; broken says that the rows cannot be judged.
func (t *Table) readHeader(row Row, columns []Column, below []Row) (wrong fault.List, broken bool) {
	names := namesOf(columns)
	for i, cell := range row.Cells {
		at := Place{Row: row.Number, Column: i, Title: shown(cell.Text)}
		c := names.column(cell.Text)
		switch {
		case cell.Text == "" && !slices.ContainsFunc(below, func(r Row) bool { return r.Cell(i).Text != "" }):
		case cell.Text == "":
			wrong = append(wrong, at.Refuse(fault.New(fault.Invalid, "COLUMN_UNKNOWN", "This column has content, but no name.")))
		case c == nil:
			wrong = append(wrong, at.Refuse(fault.New(fault.Invalid, "COLUMN_UNKNOWN", "There is no such column; take it out.")))
		case c.Ignored:
		case t.Has(c.Key):
			broken = true
			wrong = append(wrong, at.Refuse(fault.New(fault.Invalid, "COLUMN_TWICE", "This column is also in %s.", t.columns[c.Key]).With("first", t.columns[c.Key].String())))
		default:
			t.columns[c.Key] = at
		}
	}
	wrong = append(wrong, beyond(row, below)...)
	for _, c := range columns {
		if c.Needed && !t.Has(c.Key) {
			broken = true
			wrong = append(wrong, fault.New(fault.Invalid, "COLUMN_MISSING", "The column %s (%s) is needed.", c.Title, c.TitleEn).
				At(c.Key).With("row", row.Number).With("column", c.Title))
		}
	}
	return wrong, broken
}

// beyond names the first cell that is further right than the header goes.
func beyond(row Row, below []Row) fault.List {
	for _, r := range below {
		for i := len(row.Cells); i < len(r.Cells); i++ {
			if r.Cells[i].Text != "" {
				return fault.List{Place{Row: r.Number, Column: i}.Refuse(fault.New(fault.Invalid, "COLUMN_UNKNOWN", "This column has content, but no name."))}
			}
		}
	}
	return nil
}

// names finds columns by what a header may call them.
type names map[string]*Column

func namesOf(columns []Column) names {
	n := names{}
	for i := range columns {
		for _, name := range append([]string{columns[i].Title, columns[i].TitleEn}, columns[i].Names...) {
			if name != "" {
				n[Plain(name)] = &columns[i]
			}
		}
	}
	return n
}

// column returns the column that a header's cell names, nil when none. Two names of one column may stand one below
// the other, as templates write them: 领域, and Domain beneath.
func (n names) column(text string) *Column {
	if c := n[Plain(text)]; c != nil {
		return c
	}
	var column *Column
	for line := range strings.Lines(text) {
		c := n[Plain(line)]
		if c == nil || column != nil && c != column {
			return nil
		}
		column = c
	}
	return column
}

var marks = strings.NewReplacer("*", "", "(必填)", "", "(选填)", "", "(required)", "", "(optional)", "")

// Plain returns what two ways to write a name share: without white space and invisible characters, in lower case,
// with half-width letters and signs, without the marks of needed and optional columns.
func Plain(name string) string {
	return marks.Replace(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf):
			return -1
		}
		return unicode.ToLower(r)
	}, name))
}

// shown returns a header as a message can show it: one line of at most 40 characters, without what cannot be seen.
func shown(name string) string {
	words := strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf) }), " ")
	if runes := []rune(words); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return words
}
