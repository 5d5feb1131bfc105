package spreadsheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongshu/internal/fault"
	"gongshu/internal/spreadsheet"
)

const (
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`
	rootLinks    = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	book         = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="一" sheetId="1" r:id="r1"/></sheets></workbook>`
	bookLinks    = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
	styles       = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`
	shared       = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>名称</t></si><si><t>更新周期</t></si><si><r><t>富</t></r><r><t>文本</t></r></si></sst>`
	sheetBegin   = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`
	sheetEnd     = `</sheetData></worksheet>`
)

// inline is a cell with its text in it.
func inline(at, text string) string {
	return `<c r="` + at + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

// packed is a workbook of parts as they are given; those that are not are sound.
func packed(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"[Content_Types].xml": contentTypes, "_rels/.rels": rootLinks, "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": bookLinks,
		"xl/styles.xml": styles, "xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": sheetBegin + sheetEnd,
	}
	for name, content := range parts {
		all[name] = content
	}
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write([]byte(all[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rowsOf is a sheet with rows below its header.
func rowsOf(rows ...string) map[string]string {
	return map[string]string{"xl/worksheets/sheet1.xml": sheetBegin + strings.Join(rows, "") + sheetEnd}
}

// hostileTime is many times what the worst of the files takes, and far less than one would without the bound it meets.
const hostileTime = 10 * time.Second

func TestAHostileWorkbookIsRefusedInBoundedMemoryAndTime(t *testing.T) {
	good := packed(t, rowsOf(`<row r="2">`+inline("A2", "甲")+`<c r="B2" t="s"><v>2</v></c></row>`))
	if table, err := spreadsheet.Read(t.Context(), good, columns); err != nil || flat(table) != "2|甲|富文本|" {
		t.Fatalf("a sound workbook is read as %s, %v", flat(table), err)
	}
	lies := func(size uint64) []byte { // the directory at the end says another size of the sheet than it has
		raw := slices.Clone(packed(t, rowsOf(strings.Repeat(" ", 1<<20))))
		at := bytes.LastIndex(raw, []byte("xl/worksheets/sheet1.xml")) - 46 + 24
		binary.LittleEndian.PutUint32(raw[at:], uint32(size))
		return raw
	}
	damaged := slices.Clone(good)
	damaged[bytes.Index(damaged, []byte("xl/worksheets/sheet1.xml"))+40] ^= 0x55
	list := func(sheets, links string) map[string]string { // of sheets, and of links to their parts
		return map[string]string{
			"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + sheets + `</sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + links + `</Relationships>`,
		}
	}
	elsewhere := list("", `<Relationship Id="r1" Target="worksheets/sheet1.xml"/>`)
	elsewhere["_rels/.rels"] = strings.Replace(rootLinks, "xl/workbook.xml", "xl/worksheets/book.xml", 1)
	elsewhere["xl/worksheets/book.xml"] = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>` + strings.Repeat(`<sheet name="b" state="hidden"/>`, 50_000) + `</sheets></workbook>`
	formatted := func(formats, cell string, cells int) map[string]string { // many cells, of the last format
		return map[string]string{
			"xl/styles.xml":            `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>` + formats + `</numFmts><cellXfs><xf/><xf numFmtId="9999"/></cellXfs></styleSheet>`,
			"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + strings.Repeat(`<row>`+strings.Repeat(cell, 50)+`</row>`, cells/50) + "</sheetData></worksheet>",
		}
	}
	format := func(code string) string { return `<numFmt numFmtId="9999" formatCode="` + code + `"/>` }
	named := strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 100_000)
	twice := bytes.ReplaceAll(packed(t, map[string]string{"xl/worksheets/sheet2.xml": sheetBegin + sheetEnd}), []byte("sheet2.xml"), []byte("sheet1.xml"))
	for _, c := range []struct {
		name, want string
		raw        []byte
	}{
		{"a bomb: 25 MB of spaces", "TABLE_TOO_LARGE", packed(t, rowsOf(strings.Repeat(" ", 25<<20)))},
		{"a bomb beside the table is not opened", "", packed(t, map[string]string{"xl/media/image1.png": strings.Repeat("\x00", 25<<20), "xl/vbaProject.bin": "macro", "xl/externalLinks/externalLink1.xml": "<"})},
		{"a part that is larger than it says", "TABLE_BROKEN", lies(100)},
		{"a part that says to be smaller than nothing", "TABLE_TOO_LARGE", lies(0xfffffffe)},
		{"a damaged part", "TABLE_BROKEN", damaged},
		{"a part twice", "TABLE_BROKEN", twice},
		{"a file that is cut off", "TABLE_BROKEN", good[:len(good)-30]},
		{"styles of 5 MB", "TABLE_TOO_LARGE", packed(t, map[string]string{"xl/styles.xml": strings.Repeat(" ", 5<<20)})},
		{"styles of many elements", "TABLE_TOO_LARGE", packed(t, map[string]string{"xl/styles.xml": "<styleSheet><cellXfs>" + strings.Repeat("<xf/>", 100_001) + "</cellXfs></styleSheet>"})},
		{"shared texts without end", "TABLE_TOO_LARGE", packed(t, map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si/>", 600_001) + "</sst>"})},
		{"a shared text of 10 MB in many cells", "TABLE_TOO_LARGE", packed(t, map[string]string{
			"xl/sharedStrings.xml":     "<sst><si><r><t>" + strings.Repeat("a", 10<<20) + "</t></r></si></sst>",
			"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 40_000) + "</sheetData></worksheet>"})},
		{"a shared text of 100 KB in many cells", "TABLE_TOO_LARGE", packed(t, map[string]string{
			"xl/sharedStrings.xml":     `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>` + strings.Repeat("a", 100_000) + "</t></r></si></sst>",
			"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 40_000) + "</sheetData></worksheet>"})},
		{"cells without end", "TABLE_TOO_LARGE", packed(t, rowsOf(strings.Repeat(`<row>`+strings.Repeat(`<c><v>1</v></c>`, 50)+`</row>`, spreadsheet.MaxCells/50+1)))},
		{"rows without end", "TABLE_TOO_LARGE", packed(t, rowsOf(strings.Repeat(`<row><c><v>1</v></c></row>`, spreadsheet.MaxRows)))},
		{"a cell far to the right", "TABLE_TOO_LARGE", packed(t, rowsOf(`<row r="2">`+inline("XFD2", "甲")+`</row>`))},
		{"a cell in every last column", "TABLE_TOO_LARGE", packed(t, rowsOf(strings.Repeat(`<row><c/><c/><c t="str"><v>a</v></c></row>`, 2)+`<row r="9">`+inline("XFD9", "甲")+`</row>`))},
		{"a formula far to the right in many rows", "TABLE_TOO_LARGE", packed(t, rowsOf(farRight(20_000, "<f/>")))},
		{"sheets without end", "TABLE_TOO_LARGE", packed(t, list(strings.Repeat(`<sheet name="a" r:id="r1"/>`, 50_000), strings.Repeat(`<Relationship Id="r1" Target="worksheets/sheet1.xml"/>`, 900)))},
		{"links without end", "TABLE_TOO_LARGE", packed(t, list(strings.Repeat(`<sheet name="a" r:id="r1"/>`, 90), strings.Repeat(`<Relationship Id="r1"/>`, 50_000)))},
		{"a list of sheets in another part", "TABLE_BROKEN", packed(t, elsewhere)},
		{"two sheets of one part", "TABLE_BROKEN", packed(t, list(`<sheet name="a" r:id="r1"/><sheet name="b" r:id="r2"/>`, `<Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="/xl/worksheets/../worksheets/sheet1.xml"/>`))},
		{"two sheets of one name", "TABLE_BROKEN", packed(t, list(`<sheet name="a" r:id="r1"/><sheet name="A" r:id="r2"/>`, `<Relationship Id="r1" Target="worksheets/sheet1.xml"/>`))},
		{"a format of numbers without end", "TABLE_TOO_LARGE", packed(t, formatted(format(strings.Repeat("0;", 50_000)), `<c s="1"><v>1</v></c>`, 1000))},
		{"formats of numbers without end", "TABLE_TOO_LARGE", packed(t, formatted(strings.Repeat(`<numFmt numFmtId="1000" formatCode="0"/>`, 90_000)+format("0"), `<c s="1"><v>1</v></c>`, 10_000))},
		{"the longest format of numbers in many cells", "TABLE_TOO_LARGE", packed(t, formatted(format(`;;;`+strings.Repeat(`\a`, 126)), `<c s="1"><v>a</v></c>`, 120_000))},
		{"a format that shows text in empty cells", "TABLE_TOO_LARGE", packed(t, formatted(format(`;;;`+strings.Repeat(`\a`, 126)), `<c s="1"/>`, 120_000))},
		{"such a cell far to the right in many rows", "TABLE_TOO_LARGE", packed(t, rowsOf(farRight(20_000, "")))},
		{"a shared text of many pieces in many cells", "TABLE_TOO_LARGE", packed(t, map[string]string{
			"xl/sharedStrings.xml": `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>` + strings.Repeat("<r><t/></r>", 150_000) + "</si></sst>", "xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + named + "</sheetData></worksheet>"})},
		{"a shared text in a shared text", "TABLE_BROKEN", packed(t, map[string]string{
			"xl/sharedStrings.xml": `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>` + strings.Repeat("<r><t/></r><x><si/></x>", 50_000) + "</si></sst>", "xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + named + "</sheetData></worksheet>"})},
		{"merged cells without end", "TABLE_TOO_LARGE", packed(t, map[string]string{"xl/worksheets/sheet1.xml": sheetBegin + "</sheetData><mergeCells>" + strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 20_001) + "</mergeCells></worksheet>"})},
		{"a merged range of everything", "", packed(t, map[string]string{"xl/worksheets/sheet1.xml": sheetBegin + `<row r="2">` + inline("C2", "甲") + `</row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>`})},
		{"rows out of order", "TABLE_BROKEN", packed(t, rowsOf(`<row r="5"/><row r="3"/>`))},
		{"cells out of order", "TABLE_BROKEN", packed(t, rowsOf(`<row r="2">`+inline("B2", "甲")+inline("A2", "乙")+`</row>`))},
		{"a cell of another row", "TABLE_BROKEN", packed(t, rowsOf(`<row r="2">`+inline("A9", "甲")+`</row>`))},
		{"a row beyond the last", "TABLE_BROKEN", packed(t, rowsOf(`<row r="1048577"/>`))},
		{"a shared text that is not there", "TABLE_BROKEN", packed(t, rowsOf(`<row r="2"><c r="A2" t="s"><v>3</v></c></row>`))},
		{"a sheet that breaks off", "TABLE_BROKEN", packed(t, map[string]string{"xl/worksheets/sheet1.xml": sheetBegin + `<row r="2">` + inline("A2", "甲")})},
		{"entities that unfold", "TABLE_BROKEN", packed(t, map[string]string{"xl/worksheets/sheet1.xml": `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + sheetBegin + `<row r="2">` + inline("A2", "&b;") + `</row>` + sheetEnd})},
		{"another packed file", "TABLE_KIND_UNKNOWN", packedAlone(t, "word/document.xml")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if len(c.raw) > spreadsheet.MaxBytes {
				t.Fatalf("%d bytes: too large to say anything", len(c.raw))
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			_, err := spreadsheet.Read(t.Context(), c.raw, columns)
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			if got := strings.Join(told(err), ","); got != c.want {
				t.Errorf("%s, want %s: %v", got, c.want, err)
			}
			// All that was ever taken, though most of it was given back meanwhile.
			if taken := (after.TotalAlloc - before.TotalAlloc) >> 20; taken > 600 {
				t.Errorf("it took %d MB", taken)
			} else {
				t.Logf("%d bytes took %d MB in all and %s", len(c.raw), taken, took)
			}
			if took > hostileTime {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// ending is a context that is done once it was looked at so many times.
type ending struct {
	context.Context // it is one
	looks           int
}

func (e *ending) Err() error {
	if e.looks--; e.looks < 0 {
		return context.Canceled
	}
	return nil
}

func TestReadingEndsWithItsContext(t *testing.T) {
	row := strings.Repeat("甲,", 20) + "乙\n"
	for name, raw := range map[string][]byte{
		"CSV":  []byte("名称,更新周期\n" + strings.Repeat(row, 1000)),
		"XLSX": packed(t, rowsOf(strings.Repeat(`<row>`+strings.Repeat(`<c><v>1</v></c>`, 20)+`</row>`, 1000))),
	} {
		whole := &ending{t.Context(), 1 << 30}
		if _, err := spreadsheet.Read(whole, raw, columns); errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		took := 1<<30 - whole.looks
		if took < 1000 {
			t.Errorf("%s: of 1000 rows the context is looked at %d times", name, took)
		}
		for _, looks := range []int{0, 1, 5, took / 2, took - 2} {
			if _, err := spreadsheet.Read(&ending{t.Context(), looks}, raw, columns); !errors.Is(err, context.Canceled) || len(fault.All(err)) > 0 {
				t.Errorf("%s: after %d looks: %v", name, looks, err)
			}
		}
	}
}

// farRight is rows with one cell, in the last column.
func farRight(rows int, content string) string {
	var b strings.Builder
	for row := 2; row <= rows; row++ {
		fmt.Fprintf(&b, `<row r="%d"><c r="XFD%d" s="1">%s</c></row>`, row, row, content)
	}
	return b.String()
}

func packedAlone(t testing.TB, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if _, err := w.Create(name); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sound fails unless an answer is a table or a refusal, within the limits.
func sound(t *testing.T, raw []byte) {
	table, err := spreadsheet.Read(t.Context(), raw, columns)
	if err != nil && len(fault.All(err)) == 0 {
		t.Fatalf("not a fault: %v", err)
	}
	last := table.Header
	for _, r := range table.Rows {
		if r.Number <= last || len(r.Cells) > spreadsheet.MaxColumns {
			t.Fatalf("row %d after %d, with %d cells", r.Number, last, len(r.Cells))
		}
		last = r.Number
		for _, key := range []string{"name", "cycle", "note"} {
			if text := r.Text(key); text != strings.TrimSpace(text) || r.Covered(key) && text != "" {
				t.Fatalf("row %d says %q", r.Number, text)
			}
		}
	}
	again, err2 := spreadsheet.Read(t.Context(), raw, columns)
	if flat(again) != flat(table) || fmt.Sprint(err) != fmt.Sprint(err2) {
		t.Fatalf("read twice it differs: %v, %v", err, err2)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("名称,更新周期,备注\r\n甲,定期,\"乙\r\n丙\"\r\n"))
	f.Add([]byte("\xef\xbb\xbf名称;更新周期\n甲;定期"))
	f.Add([]byte("\xff\xfe\x0d\x54\xf0\x79\x2c\x00\xf4\x66\xb0\x65\x68\x54\x1f\x67\x0a\x00"))
	f.Add(encoded(f, simplifiedchinese.GB18030, "序号\t名称\t更新周期\n1\t㐱\t定期\n"))
	f.Fuzz(sound)
}

// FuzzXLSX changes the parts of a workbook, since a change of the packed file hardly ever passes its checksums.
func FuzzXLSX(f *testing.F) {
	f.Add(rowsOf(`<row r="2">` + inline("A2", "甲") + `<c r="B2" t="s"><v>2</v></c><c r="C2" s="1"><v>45860</v></c></row>`)["xl/worksheets/sheet1.xml"], shared, styles, book)
	f.Add(sheetBegin+`<row><c><f>1+1</f><v>2</v></c><c t="e"><v>#REF!</v></c><c t="b"><v>1</v></c><c t="d"><v>2025-07-22</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>`, shared, styles, book)
	f.Fuzz(func(t *testing.T, sheet, shared, styles, book string) {
		sound(t, packed(t, map[string]string{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared, "xl/styles.xml": styles, "xl/workbook.xml": book}))
	})
}

// FuzzPacked changes the packed file itself.
func FuzzPacked(f *testing.F) {
	f.Add(packed(f, nil))
	f.Add(workbook(f, nil, []any{"名称", "更新周期"}, []any{"甲", "定期"}))
	f.Fuzz(sound)
}
