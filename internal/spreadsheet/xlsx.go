package spreadsheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongshu/internal/fault"
	"gongshu/internal/tabular"
)

// readXLSX returns the visible sheets of a workbook.
//
// The library unpacks what a file claims and passes over what it cannot read. So the parts that are needed are first read
// to their end here, in little memory, and only these are handed on: what is too much, damaged or out of order is refused.
func readXLSX(raw []byte) (sheets []tabular.Sheet, err error) {
	parts, err := inspected(raw)
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
	for _, name := range f.GetSheetList() {
		visible, err := f.GetSheetVisible(name)
		if err != nil {
			return nil, broken()
		}
		if !visible {
			continue
		}
		sheet, err := readSheet(f, name, parts.covers[name], &all)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

func readSheet(f *excelize.File, name string, merged []area, all *taken) (tabular.Sheet, error) {
	sheet := sheetOf{tabular.Sheet{Name: name}, all}
	rows, err := f.Rows(name)
	if err != nil {
		return sheet.Sheet, broken()
	}
	covered := covering{areas: merged}
	for number := 1; rows.Next(); number++ {
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
}

const (
	// maxParts is how many files a workbook is packed of, at most.
	maxParts = 2000
	// maxElements bounds the elements of a part that the library holds in memory whole.
	maxElements       = 100_000
	maxStringElements = 600_000
	maxMerged         = 20_000
	// maxText is what a cell of a spreadsheet can hold, in bytes: 32 767 characters.
	maxText = 4 * 32_767
)

func inspected(raw []byte) (parts, error) {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(archive.File) > maxParts {
		return parts{}, broken()
	}
	var file bytes.Buffer
	copied := zip.NewWriter(&file)
	i := inspection{seen: map[string]bool{}, sheets: map[string][]area{}, highest: -1}
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
	if i.highest >= i.strings {
		return parts{}, broken()
	}
	return parts{file: file.Bytes(), covers: i.covers()}, nil
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
	d := xml.NewDecoder(content)
	switch kind {
	case "workbook":
		err = d.Decode(&i.book)
	case "links":
		err = d.Decode(&i.links)
	case "strings":
		i.strings, err = counted(d, "si", maxStringElements)
	case "sheet":
		i.sheets[name], err = i.sheet(d)
	default:
		_, err = counted(d, "", maxElements)
	}
	if err == nil {
		_, err = counted(d, "", maxElements) // what follows, to the end
	}
	if err == nil {
		_, err = io.Copy(io.Discard, content)
	}
	if err != nil && len(fault.All(err)) == 0 {
		return broken()
	}
	return err
}

// counted reads XML to its end and counts the elements of a name, each of which holds one text; there are at most max
// elements in all.
func counted(d *xml.Decoder, name string, max int) (n int, err error) {
	text := 0 // of the present one
	for all := 0; ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if start, is := token.(xml.StartElement); is {
			if all++; all > max {
				return n, tooLarge("A part of a file has at most %d elements.", max)
			}
			if start.Name.Local == name {
				n, text = n+1, 0
			}
		}
		if content, is := token.(xml.CharData); is && name != "" {
			if text += len(content); text > maxText {
				return n, tooLarge("A text of a cell has at most %d bytes.", maxText)
			}
		}
	}
}

// sheet reads a sheet to its end: its rows and cells must be in order, for the library takes it for granted.
func (i *inspection) sheet(d *xml.Decoder) ([]area, error) {
	var merged []area
	var row, column int
	var shared, value bool
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
			switch t.Name.Local {
			case "row":
				if row, err = after(row, attribute(t, "r"), excelize.TotalRows); err != nil {
					return nil, err
				}
				column = 0
			case "c":
				at := attribute(t, "r")
				if at != "" {
					c, r, err := excelize.CellNameToCoordinates(at)
					if err != nil || r != row {
						return nil, errOutOfOrder
					}
					at = strconv.Itoa(c)
				}
				if column, err = after(column, at, excelize.MaxColumns); err != nil {
					return nil, err
				}
				shared = attribute(t, "t") == "s"
			case "v", "is":
				if column > MaxColumns {
					return nil, tooLarge("A table has at most %d columns.", MaxColumns)
				}
				value = t.Name.Local == "v"
			case "mergeCell":
				a, err := areaOf(attribute(t, "ref"))
				if err != nil {
					return nil, err
				}
				if merged = append(merged, a); len(merged) > maxMerged {
					return nil, tooLarge("A sheet has at most %d merged cells.", maxMerged)
				}
			}
		case xml.EndElement:
			value = value && t.Name.Local != "v"
		case xml.CharData:
			if shared && value {
				n, err := strconv.Atoi(strings.TrimSpace(string(t)))
				if err != nil || n < 0 {
					return nil, errOutOfOrder
				}
				i.highest = max(i.highest, n)
			}
		}
	}
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

// covers gives the merged areas to their sheets by name.
func (i *inspection) covers() map[string][]area {
	paths := map[string]string{}
	for _, l := range i.links.Links {
		target := strings.ToLower(strings.ReplaceAll(l.Target, `\`, "/"))
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/xl", target)
		}
		paths[l.ID] = strings.TrimPrefix(target, "/")
	}
	covers := map[string][]area{}
	for _, s := range i.book.Sheets {
		covers[s.Name] = i.sheets[paths[s.ID+s.Strict]]
	}
	return covers
}
