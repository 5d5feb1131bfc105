// Package spreadsheet owns the files that tables arrive in: CSV in the encodings that agencies use, and XLSX.
//
// What the columns mean is left to the rules that name them (internal/tabular), and nothing is calculated, fetched or run:
// a formula counts as its last result, macros, pictures and links to other files are not even opened.
// It promises that a file takes bounded memory whatever it claims to be, and that nothing of it is lost silently:
// a file that cannot be read to its end is refused.
package spreadsheet

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode"

	"gongshu/internal/fault"
	"gongshu/internal/tabular"
)

// The limits of a file. The first batch of a city has 70 rows.
const (
	MaxBytes   = 4 << 20
	MaxRows    = 50_000 // that are not empty
	MaxColumns = 100
	MaxCells   = 300_000 // that are not empty; of an XLSX file, in all its sheets
	// MaxUnpacked bounds what an XLSX file unpacks to, in bytes; maxPart bounds its styles and its list of sheets, each.
	MaxUnpacked = 24 << 20
	maxPart     = 4 << 20
)

// Read reads the table of a CSV or XLSX file, told apart by content, whose header names some of the columns.
//
// CSV is UTF-8, GB18030 (and so GBK, GB2312), or UTF-16 with its mark; its cells are separated by comma, semicolon or tab,
// whichever makes the header readable. In XLSX the one visible sheet with a header is read.
//
// Refused, as a fault.List: TABLE_TOO_LARGE, TABLE_KIND_UNKNOWN (an .xls file, a protected one …), TABLE_BROKEN,
// TABLE_ENCODING and TABLE_QUOTES with the row, and everything that tabular.Find finds; as there, the table comes along
// where its rows can be judged. Reading ends early once ctx does; the error is then that of ctx, and no fault.
func Read(ctx context.Context, raw []byte, columns []tabular.Column) (tabular.Table, error) {
	if len(raw) > MaxBytes {
		return tabular.Table{}, tooLarge("A file of a table has at most %d bytes.", MaxBytes)
	}
	var sheets []tabular.Sheet
	var err error
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		sheets, err = readXLSX(ctx, raw)
	case IsText(raw):
		sheets, err = readCSV(ctx, raw, columns)
	default:
		err = unknownKind()
	}
	if gone := ctx.Err(); gone != nil { // whatever it was taken for on the way
		return tabular.Table{}, fmt.Errorf("read a table: %w", gone)
	}
	if err != nil {
		return tabular.Table{}, err
	}
	return tabular.Find(sheets, columns)
}

// IsText reports whether a file is text in one of the encodings of Read, and no binary file.
func IsText(raw []byte) bool {
	return bytes.HasPrefix(raw, utf16LittleEndian) || bytes.HasPrefix(raw, utf16BigEndian) || !bytes.ContainsRune(raw, 0) && !bytes.HasPrefix(raw, []byte("%PDF"))
}

func unknownKind() error {
	return fault.List{fault.New(fault.Invalid, "TABLE_KIND_UNKNOWN", "This is neither CSV nor XLSX. Save an .xls, .et or protected file as .xlsx without a password.")}
}

func broken() error {
	return fault.List{fault.New(fault.Invalid, "TABLE_BROKEN", "This XLSX file is damaged; open it and save it anew.")}
}

func tooLarge(format string, max int) error {
	return fault.List{fault.New(fault.TooLarge, "TABLE_TOO_LARGE", format, max).With("max", max)}
}

// taken is what the sheets of a file hold so far: cells that are not empty, and bytes of their texts. One text may stand
// in many cells, so that little unpacks to much.
type taken struct{ cells, bytes int }

// sheetOf leaves out empty rows, and bounds what is left. The numbers of its rows are given.
type sheetOf struct {
	tabular.Sheet
	taken *taken
}

func (s *sheetOf) add(number int, cells []tabular.Cell) error {
	last := 0
	for i, c := range cells {
		if c.Text != "" {
			last = i + 1
			s.taken.cells++
			s.taken.bytes += len(c.Text)
		}
	}
	switch {
	case last == 0:
		return nil
	case last > MaxColumns:
		return tooLarge("A table has at most %d columns.", MaxColumns)
	case len(s.Rows) == MaxRows:
		return tooLarge("A table has at most %d rows.", MaxRows)
	case s.taken.cells > MaxCells:
		return tooLarge("A table has at most %d cells that are not empty.", MaxCells)
	case s.taken.bytes > MaxUnpacked:
		return tooLarge("The texts of a table have at most %d bytes.", MaxUnpacked)
	}
	s.Rows = append(s.Rows, tabular.Row{Number: number, Cells: cells[:min(len(cells), MaxColumns)]})
	return nil
}

// trimmed returns a cell's text as it is seen: spreadsheets leave spaces, line breaks and marks of byte order around it.
func trimmed(text string) string {
	return strings.TrimFunc(strings.ReplaceAll(text, "\r\n", "\n"), func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}
