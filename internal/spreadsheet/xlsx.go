package spreadsheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"gongshu/internal/fault"
	"gongshu/internal/tabular"
)

// readXLSX returns the visible sheets of a workbook.
//
// The library unpacks what a file claims and passes over what it cannot read. So the parts that are needed are first read
// to their end here, in little memory, and only these are handed on: what is too much, damaged or out of order is refused.
func readXLSX(ctx context.Context, raw []byte) (sheets []tabular.Sheet, err error) {
	parts, err := inspected(ctx, raw)
	if err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil { // the library may trip over a hostile file, whose content the cause would tell
			sheets, err = nil, broken()
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(parts.file), excelize.Options{
		UnzipSizeLimit: MaxUnpacked, UnzipXMLSizeLimit: MaxUnpacked, // equal: nothing is put on disk
		ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd",
	})
	if err != nil {
		return nil, broken()
	}
	defer f.Close() //nolint:errcheck // nothing was put on disk
	var all taken
	names := f.GetSheetList()
	if len(names) > maxSheets { // another part says so than the one that was inspected
		return nil, broken()
	}
	for _, name := range names {
		visible, err := f.GetSheetVisible(name)
		if err != nil {
			return nil, broken()
		}
		if !visible {
			continue
		}
		sheet, err := readSheet(ctx, f, name, parts.covers[name], &all)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

func readSheet(ctx context.Context, f *excelize.File, name string, merged []area, all *taken) (tabular.Sheet, error) {
	sheet := sheetOf{tabular.Sheet{Name: name}, all}
	rows, err := f.Rows(name)
	if err != nil {
		return sheet.Sheet, broken()
	}
	covered := covering{areas: merged}
	for number := 1; rows.Next(); number++ {
		if err := ctx.Err(); err != nil {
			return sheet.Sheet, err
		}
		texts, err := rows.Columns()
		if err != nil {
			return sheet.Sheet, broken()
		}
		covered.enter(number)
		if len(texts) == 0 {
			continue
		}
		cells := make([]tabular.Cell, max(len(texts), covered.width))
		for i := range cells {
			switch {
			case covered.by(i, number):
				cells[i].Covered = true
			case i < len(texts):
				cells[i].Text = trimmed(texts[i])
			}
		}
		if err := sheet.add(number, cells); err != nil {
			return sheet.Sheet, err
		}
	}
	if rows.Close() != nil {
		return sheet.Sheet, broken()
	}
	return sheet.Sheet, nil
}

// area is a merged range of cells; rows count from 1, columns from 0, and both ends belong to it.
type area struct {
	top, bottom, left, right int
}

// covering says which cells are covered by one above them, row by row downwards.
type covering struct {
	areas []area // by top
	until [MaxColumns]int
	width int // the columns that were ever covered
}

func (c *covering) enter(row int) {
	for len(c.areas) > 0 && c.areas[0].top < row {
		a := c.areas[0]
		c.areas = c.areas[1:]
		for i := a.left; i <= min(a.right, MaxColumns-1); i++ {
			c.until[i] = max(c.until[i], a.bottom)
			c.width = max(c.width, i+1)
		}
	}
}

func (c *covering) by(column, row int) bool { return column < MaxColumns && c.until[column] >= row }

// parts are what is needed of a workbook.
type parts struct {
	// file is the workbook with these parts alone.
	file []byte
	// covers holds the merged areas by the name of the sheet.
	covers map[string][]area
}

// inspection reads the parts of a workbook to their end.
type inspection struct {
	ctx      context.Context // it is what one reading of a file is
	unpacked uint64
	seen     map[string]bool
	sheets   map[string][]area // merged areas by path
	book     struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			// Strict is the same in the strict kind of the format.
			Strict string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	strings, highest int // how many shared strings there are, and the highest that a cell names
	// cells have a content or a formula, formatted a format, by which they may show a text though they are empty; longest is
	// the longest format, in characters; width is the sum of the last columns of all rows.
	cells, formatted, longest, width int
}

const (
	// maxParts is how many files a workbook is packed of, at most.
	maxParts = 2000
	// maxElements bounds the elements of a part that the library holds in memory whole.
	maxElements       = 100_000
	maxStringElements = 600_000
	maxMerged         = 20_000
	// maxRuns bounds the elements of one shared text, which are gone through for every cell that names it.
	maxRuns = 1000
	// maxWidth bounds the gaps before the last cells of rows, which the library fills with empty cells.
	maxWidth = 20_000_000
	// For every sheet the library goes through all links, and for every cell through the formats of numbers; it reads the
	// format of the cell anew, in about 0.25 µs a character. A format has at most 255 characters in Excel itself, and of
	// those that come with it the longest has about 60.
	maxSheets      = 100
	maxLinks       = 1000
	maxFormats     = 1000
	maxFormatRunes = 255
	builtInRunes   = 60
	maxFormatted   = 30_000_000
	// maxText is what a cell of a spreadsheet can hold, in bytes: 32 767 characters.
	maxText = 4 * 32_767
)

func inspected(ctx context.Context, raw []byte) (parts, error) {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(archive.File) > maxParts {
		return parts{}, broken()
	}
	var file bytes.Buffer
	copied := zip.NewWriter(&file)
	i := inspection{ctx: ctx, seen: map[string]bool{}, sheets: map[string][]area{}, highest: -1, longest: builtInRunes}
	for _, f := range archive.File {
		kind := partOf(f.Name)
		if kind == "" {
			continue
		}
		if err := i.part(f, kind); err != nil {
			return parts{}, err
		}
		if err := copied.Copy(f); err != nil {
			return parts{}, broken()
		}
	}
	if err := copied.Close(); err != nil {
		return parts{}, fmt.Errorf("pack what is needed of a workbook: %w", err)
	}
	if !i.seen["workbook"] {
		return parts{}, unknownKind() // a document, a program: also packed so
	}
	if i.formatted > maxFormatted/i.longest {
		return parts{}, tooLarge("A file with such formats of numbers has at most %d cells with a format.", maxFormatted/i.longest)
	}
	if i.highest >= i.strings {
		return parts{}, broken()
	}
	covers, err := i.covers()
	return parts{file: file.Bytes(), covers: covers}, err
}

// partOf says what a file of the archive is for; "" is what is not needed: macros, pictures, links to other files.
func partOf(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	switch folder, file := path.Split(name); {
	case name == "[content_types].xml" || name == "_rels/.rels":
		return "package"
	case name == "xl/workbook.xml":
		return "workbook"
	case name == "xl/_rels/workbook.xml.rels":
		return "links"
	case name == "xl/styles.xml":
		return "styles"
	case name == "xl/sharedstrings.xml":
		return "strings"
	case folder == "xl/worksheets/" && path.Ext(file) == ".xml":
		return "sheet"
	}
	return ""
}

func (i *inspection) part(f *zip.File, kind string) error {
	name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
	if i.seen[name] {
		return broken()
	}
	i.seen[name], i.seen[kind] = true, true
	if kind != "sheet" && kind != "strings" && f.UncompressedSize64 > maxPart {
		return tooLarge("The styles and the list of sheets of a file have at most %d bytes each.", maxPart)
	}
	// A part that is larger than it says is refused by the archive's reader, as is one that does not match its checksum.
	if f.UncompressedSize64 > MaxUnpacked-i.unpacked {
		return tooLarge("A file unpacks to at most %d bytes.", MaxUnpacked)
	}
	i.unpacked += f.UncompressedSize64
	content, err := f.Open()
	if err != nil {
		return broken()
	}
	defer content.Close() //nolint:errcheck // it was read to its end
	err = i.content(xml.NewDecoder(during{i.ctx, content}), name, kind)
	if err == nil {
		_, err = io.Copy(io.Discard, content)
	}
	if err != nil && len(fault.All(err)) == 0 {
		return broken()
	}
	return err
}

// during reads as long as ctx lasts.
type during struct {
	ctx  context.Context // io.Reader takes none
	from io.Reader
}

func (d during) Read(into []byte) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	return d.from.Read(into)
}

// content reads the XML of a part to its end.
func (i *inspection) content(d *xml.Decoder, name, kind string) (err error) {
	switch kind {
	case "workbook":
		if err = d.Decode(&i.book); err == nil && len(i.book.Sheets) > maxSheets {
			err = tooLarge("A file has at most %d sheets.", maxSheets)
		}
	case "links":
		if err = d.Decode(&i.links); err == nil && len(i.links.Links) > maxLinks {
			err = tooLarge("A file has at most %d links between its parts.", maxLinks)
		}
	case "styles":
		err = i.formats(d)
	case "strings":
		i.strings, err = texts(d)
	case "sheet":
		i.sheets[name], err = i.sheet(d)
	}
	if err == nil {
		err = elements(d, maxElements, func(xml.Token) error { return nil }) // all, or what follows, to the end
	}
	return err
}

// elements reads XML to its end, at most max elements, and shows it bit by bit.
func elements(d *xml.Decoder, max int, show func(xml.Token) error) error {
	for all := 0; ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, is := token.(xml.StartElement); is {
			if all++; all > max {
				return tooLarge("A part of a file has at most %d elements.", max)
			}
		}
		if err := show(token); err != nil {
			return err
		}
	}
}

// texts counts the shared texts.
func texts(d *xml.Decoder) (n int, err error) {
	length, runs, inside := 0, 0, false // of the present one
	err = elements(d, maxStringElements, func(token xml.Token) error {
		switch t := token.(type) {
		case xml.StartElement:
			runs++
			if t.Name.Local == "si" {
				if inside {
					return errOutOfOrder
				}
				n, length, runs, inside = n+1, 0, 0, true
			}
		case xml.EndElement:
			inside = inside && t.Name.Local != "si"
		case xml.CharData:
			length += len(t)
		}
		switch {
		case length > maxText:
			return tooLarge("A text of a cell has at most %d bytes.", maxText)
		case inside && runs > maxRuns:
			return tooLarge("A text of a cell has at most %d pieces.", maxRuns)
		}
		return nil
	})
	return n, err
}

// formats bounds what styles say of the way to write numbers.
func (i *inspection) formats(d *xml.Decoder) error {
	n := 0
	return elements(d, maxElements, func(token xml.Token) error {
		t, is := token.(xml.StartElement)
		if !is || t.Name.Local != "numFmt" {
			return nil
		}
		if n++; n > maxFormats {
			return tooLarge("A file has at most %d formats of numbers.", maxFormats)
		}
		for _, a := range t.Attr {
			if strings.HasPrefix(a.Name.Local, "formatCode") {
				i.longest = max(i.longest, utf8.RuneCountInString(a.Value))
			}
		}
		if i.longest > maxFormatRunes {
			return tooLarge("A format of numbers has at most %d characters.", maxFormatRunes)
		}
		return nil
	})
}

// sheet reads a sheet to its end: its rows and cells must be in order, for the library takes it for granted.
func (i *inspection) sheet(d *xml.Decoder) ([]area, error) {
	var merged []area
	var at cursor
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			slices.SortStableFunc(merged, func(a, b area) int { return a.top - b.top })
			return merged, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local != "mergeCell" {
				err = i.enter(&at, t)
				break
			}
			var a area
			a, err = areaOf(attribute(t, "ref"))
			if merged = append(merged, a); len(merged) > maxMerged {
				err = tooLarge("A sheet has at most %d merged cells.", maxMerged)
			}
		case xml.EndElement:
			at.value = at.value && t.Name.Local != "v"
		case xml.CharData:
			var shared int
			if shared, err = at.names(t); err == nil {
				i.highest = max(i.highest, shared)
			}
		}
		if err != nil {
			return nil, err
		}
	}
}

// enter moves a cursor into an element, and counts the cells that the library keeps.
func (i *inspection) enter(at *cursor, t xml.StartElement) error {
	switch t.Name.Local {
	case "row":
		return at.nextRow(t)
	case "c":
		before := at.column
		if err := at.nextCell(t); err != nil {
			return err
		}
		if style := attribute(t, "s"); style != "" && style != "0" {
			i.formatted++
		}
		if i.width += at.column - before; i.width > maxWidth {
			return tooLarge("The rows of a file have at most %d cells in all, be they empty.", maxWidth)
		}
	case "v", "is", "f":
		at.value = t.Name.Local == "v"
		if at.column > MaxColumns {
			return tooLarge("A table has at most %d columns.", MaxColumns)
		}
		if !at.filled {
			at.filled = true
			i.cells++
		}
		if i.cells > MaxCells {
			return tooLarge("A table has at most %d cells that are not empty.", MaxCells)
		}
	}
	return nil
}

// cursor is a place in a sheet that is read from its beginning.
type cursor struct {
	row, column int
	// filled says that the cell has a content, shared that this is the number of a shared text, and value that the cursor is
	// inside of it.
	filled, shared, value bool
}

func (c *cursor) nextRow(t xml.StartElement) (err error) {
	c.row, err = after(c.row, attribute(t, "r"), excelize.TotalRows)
	c.column = 0
	return err
}

func (c *cursor) nextCell(t xml.StartElement) (err error) {
	at := attribute(t, "r")
	if at != "" {
		column, row, err := excelize.CellNameToCoordinates(at)
		if err != nil || row != c.row {
			return errOutOfOrder
		}
		at = strconv.Itoa(column)
	}
	c.column, err = after(c.column, at, excelize.MaxColumns)
	c.filled, c.shared = false, attribute(t, "t") == "s"
	return err
}

// names returns the number of the shared text that the cell names here, -1 when it names none.
func (c *cursor) names(text xml.CharData) (int, error) {
	if !c.shared || !c.value {
		return -1, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n < 0 {
		return 0, errOutOfOrder
	}
	return n, nil
}

var errOutOfOrder = errors.New("rows or cells are not in order")

// after returns the next number: the stated one, which must be higher, or the one that follows.
func after(last int, stated string, most int) (int, error) {
	next := last + 1
	if stated != "" {
		n, err := strconv.Atoi(stated)
		if err != nil || n < next {
			return 0, errOutOfOrder
		}
		next = n
	}
	if next > most {
		return 0, errOutOfOrder
	}
	return next, nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func areaOf(ref string) (area, error) {
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	left, top, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		return area{}, err
	}
	right, bottom, err := excelize.CellNameToCoordinates(to)
	if err != nil || right < left || bottom < top {
		return area{}, errOutOfOrder
	}
	return area{top, bottom, left - 1, right - 1}, nil
}

// covers gives the merged areas to their sheets by name. No two sheets have a name or a part in common: it would be read
// for each.
func (i *inspection) covers() (map[string][]area, error) {
	paths := map[string]string{}
	for _, l := range i.links.Links {
		target := strings.ToLower(strings.ReplaceAll(l.Target, `\`, "/"))
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/xl", target)
		}
		paths[l.ID] = strings.TrimPrefix(path.Clean(target), "/")
	}
	covers, taken := map[string][]area{}, map[string]bool{}
	for _, s := range i.book.Sheets {
		part := paths[s.ID+s.Strict]
		merged, there := i.sheets[part]
		name := "name " + strings.ToLower(s.Name)
		if taken[name] || there && taken[part] {
			return nil, broken()
		}
		taken[name], taken[part] = true, true
		covers[s.Name] = merged
	}
	return covers, nil
}
