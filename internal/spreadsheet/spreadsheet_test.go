package spreadsheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongshu/internal/fault"
	"gongshu/internal/spreadsheet"
	"gongshu/internal/tabular"
)

var columns = []tabular.Column{
	{Key: "number", Title: "序号", TitleEn: "No.", Ignored: true},
	{Key: "name", Title: "名称", TitleEn: "Name", Names: []string{"资源名称"}, Needed: true},
	{Key: "cycle", Title: "更新周期", TitleEn: "Update cycle", Needed: true},
	{Key: "note", Title: "备注", TitleEn: "Note"},
}

// flat is a table as one line of text: cells by |, rows by ;, a covered cell as ^.
func flat(t tabular.Table) string {
	var rows []string
	for _, r := range t.Rows {
		cells := []string{fmt.Sprint(r.Number)}
		for _, key := range []string{"name", "cycle", "note"} {
			text := r.Text(key)
			if r.Covered(key) {
				text += "^"
			}
			cells = append(cells, text)
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return strings.Join(rows, ";")
}

func encoded(t testing.TB, e encoding.Encoding, text string) []byte {
	t.Helper()
	raw, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestACSVFileIsReadWhateverWroteIt(t *testing.T) {
	const comma = "资源目录,,\r\n\r\n序号,名称,更新周期,备注\r\n1,居民健康档案库,定期,\"甲\r\n乙\"\r\n\r\n2,公交线路客流数据,实时,\r\n"
	const want = "4|居民健康档案库|定期|甲\n乙;6|公交线路客流数据|实时|"
	for _, c := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"UTF-8", []byte(comma), want},
		{"UTF-8 with its mark", append([]byte("\xef\xbb\xbf"), comma...), want},
		{"GB18030", encoded(t, simplifiedchinese.GB18030, comma), want},
		{"GBK", encoded(t, simplifiedchinese.GBK, comma), want},
		{"a rare character of four bytes in GB18030", encoded(t, simplifiedchinese.GB18030, "名称,更新周期\n㐱𠮷,定期\n"), "2|㐱𠮷|定期|"},
		{"UTF-16, little end first", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), comma), want},
		{"UTF-16, big end first", encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), comma), want},
		{"semicolons", []byte("名称;更新周期;备注\n甲,乙;定期;\n"), "2|甲,乙|定期|"},
		{"tabs, with more semicolons in a cell than there are columns", []byte("名称\t更新周期\t备注\n甲;乙;丙;丁;戊\t定期\t\n"), "2|甲;乙;丙;丁;戊|定期|"},
		{"line ends of old Macs", []byte("名称,更新周期\r甲,定期\r"), "2|甲|定期|"},
		{"no line end at the end", []byte("名称,更新周期\n甲,定期"), "2|甲|定期|"},
		{"full-width spaces around", []byte("名称,更新周期\n　甲　, 定期 \n"), "2|甲|定期|"},
		{"a short row", []byte("名称,更新周期,备注\n甲\n"), "2|甲||"},
		{"names in English, in capitals, over two lines, with marks", []byte("NAME*,\"update\ncycle\",备 注（选填）\n甲,定期,乙\n"), "2|甲|定期|乙"},
		{"both names, one below the other", []byte("\"名称\nName\",\"更新周期\nUpdate cycle\"\n甲,定期\n"), "2|甲|定期|"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := spreadsheet.Read(t.Context(), c.raw, columns)
			if err != nil || flat(table) != c.want {
				t.Errorf("%v, read\n%s\nwant\n%s", err, flat(table), c.want)
			}
		})
	}
}

// workbook makes an XLSX file whose first sheet holds the rows.
func workbook(t testing.TB, change func(*excelize.File), rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // it is in memory
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnXLSXFileIsReadAsItIsShown(t *testing.T) {
	header := []any{"序号", "名称", "更新周期", "备注"}
	for _, c := range []struct {
		name   string
		change func(*excelize.File)
		rows   [][]any
		want   string
	}{
		{"texts and numbers", nil, [][]any{{"目录"}, header, {1, "甲", "定期", 7.5}, {2, "乙", "实时"}}, "3|甲|定期|7.5;4|乙|实时|"},
		{"empty rows between", nil, [][]any{{}, header, {}, {1, "甲", "定期"}}, "4|甲|定期|"},
		{"cells merged downwards", func(f *excelize.File) { must(f.MergeCell("Sheet1", "B2", "B3"), f.MergeCell("Sheet1", "C2", "C3")) },
			[][]any{header, {1, "甲", "定期", "一"}, {"", "", "", "二"}, {2, "乙", "实时"}}, "2|甲|定期|一;3|^|^|二;4|乙|实时|"},
		{"a formula with its last result", func(f *excelize.File) { must(f.SetCellFormula("Sheet1", "D2", "1+1")) },
			[][]any{header, {1, "甲", "定期", 2}}, "2|甲|定期|2"},
		{"another sheet without a header", func(f *excelize.File) {
			_, err := f.NewSheet("说明")
			must(err, f.SetCellValue("说明", "A1", "请按此填写"))
		}, [][]any{header, {1, "甲", "定期"}}, "2|甲|定期|"},
		{"another sheet with a header, hidden", func(f *excelize.File) {
			_, err := f.NewSheet("旧")
			must(err, f.SetSheetRow("旧", "A1", &header), f.SetSheetVisible("旧", false))
		}, [][]any{header, {1, "甲", "定期"}}, "2|甲|定期|"},
		{"a blank cell with a format far to the right and far down", func(f *excelize.File) {
			style, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
			must(err, f.SetCellStyle("Sheet1", "XFD2", "XFD2", style), f.SetCellStyle("Sheet1", "A9000", "A9000", style))
		}, [][]any{header, {1, "甲", "定期"}}, "2|甲|定期|"},
		{"a day", func(f *excelize.File) {
			style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
			must(err, f.SetCellValue("Sheet1", "D2", 45860), f.SetCellStyle("Sheet1", "D2", "D2", style))
		}, [][]any{header, {1, "甲", "定期"}}, "2|甲|定期|2025-07-22"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := spreadsheet.Read(t.Context(), workbook(t, c.change, c.rows...), columns)
			if err != nil || flat(table) != c.want {
				t.Errorf("%v, read\n%s\nwant\n%s", err, flat(table), c.want)
			}
		})
	}
}

func must(errs ...error) {
	for _, err := range errs {
		if err != nil {
			panic(err)
		}
	}
}

// told are the faults of an error as places and codes.
func told(err error) []string {
	var all []string
	for _, f := range fault.All(err) {
		all = append(all, strings.TrimSpace(f.Field+" "+f.Code))
	}
	return all
}

func TestAFileThatCannotBeReadIsRefused(t *testing.T) {
	header := []any{"名称", "更新周期"}
	for _, c := range []struct {
		name string
		raw  []byte
		want []string
	}{
		{"nothing", nil, []string{"TABLE_HEADER_MISSING"}},
		{"an old .xls file", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"), []string{"TABLE_KIND_UNKNOWN"}},
		{"a PDF", []byte("%PDF-1.7\n"), []string{"TABLE_KIND_UNKNOWN"}},
		{"too many bytes", bytes.Repeat([]byte("甲,"), spreadsheet.MaxBytes/4+1), []string{"TABLE_TOO_LARGE"}},
		{"too many columns", []byte("名称,更新周期\n" + strings.Repeat("甲,", spreadsheet.MaxColumns) + "乙\n"), []string{"TABLE_TOO_LARGE"}},
		{"too many rows", []byte("名称,更新周期\n" + strings.Repeat("甲,定期\n", spreadsheet.MaxRows)), []string{"TABLE_TOO_LARGE"}},
		{"no header", []byte("甲,乙\n丙,丁\n"), []string{"TABLE_HEADER_MISSING"}},
		{"a header too far down", []byte(strings.Repeat("甲\n", 20) + "名称,更新周期\n"), []string{"TABLE_HEADER_MISSING"}},
		{"a quotation mark without its other", []byte("名称,更新周期\n\"甲,定期\n"), []string{"TABLE_QUOTES"}},
		{"damaged UTF-8", []byte("名称,更新周期\n甲\xff,定期\n乙,定期\n丙\xfe,定期\n"), []string{"TABLE_ENCODING", "TABLE_ENCODING"}},
		{"damaged GB18030", append(encoded(t, simplifiedchinese.GB18030, "名称,更新周期\n甲,定期\n"), "\xff,"...), []string{"TABLE_ENCODING"}},
		{"half a character of UTF-16", []byte("\xff\xfea"), []string{"TABLE_ENCODING"}},
		{"needed and unknown columns, one twice", []byte("备注,说,名称,资源名称\n1,2,3,4\n"), []string{"cycle COLUMN_MISSING", "B1 COLUMN_UNKNOWN", "D1 COLUMN_TWICE"}},
		{"a column without a name, and one beyond the header", []byte("名称,,更新周期\n甲,乙,定期,丙\n"), []string{"B1 COLUMN_UNKNOWN", "D2 COLUMN_UNKNOWN"}},
		{"formulas that failed", []byte("名称,更新周期\n#REF!,定期\n甲,#N/A\n"), []string{"A2 CELL_ERROR", "B3 CELL_ERROR"}},
		{"two sheets with a header", workbook(t, func(f *excelize.File) {
			_, err := f.NewSheet("二")
			must(err, f.SetSheetRow("二", "A1", &header))
		}, header), []string{"TABLE_SHEETS_SEVERAL"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := spreadsheet.Read(t.Context(), c.raw, columns)
			if got := told(err); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q: %v", got, c.want, err)
			}
		})
	}
}

func TestTextIsReadAsUTF8WithoutHoldingIt(t *testing.T) {
	ascii := strings.Repeat("id,name\n", 100_000)
	words := strings.Repeat("三台,绵阳市\n", 100_000)
	wide := strings.Repeat("绵", 100_000) // no line end for longer than what is looked at
	for _, c := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"nothing", nil, ""},
		{"ASCII alone", []byte(ascii), ascii},
		{"UTF-8", []byte(ascii + words), ascii + words},
		{"UTF-8 with its mark", []byte("\uFEFF" + words), "\uFEFF" + words},
		{"UTF-8 without a line end", []byte(wide), wide},
		{"one damaged character", []byte(words + "\xe4\xb8," + words), words + "\xe4\xb8," + words},
		{"GB18030", encoded(t, simplifiedchinese.GB18030, words), words},
		{"GB18030 far behind ASCII", encoded(t, simplifiedchinese.GB18030, ascii+words+ascii), ascii + words + ascii},
		{"GB18030 without a line end", encoded(t, simplifiedchinese.GB18030, wide), wide},
		{"a rare character of four bytes", encoded(t, simplifiedchinese.GB18030, "㐱𠮷"), "㐱𠮷"},
		{"damaged GB18030", append(encoded(t, simplifiedchinese.GB18030, words), 0xff), words + "\xff"},
		{"what is private in GB18030", append(encoded(t, simplifiedchinese.GB18030, words), "\xaa\xa1,"...), words + "\xff,"},
		{"what is not assigned in it", append(encoded(t, simplifiedchinese.GB18030, words), encoded(t, simplifiedchinese.GB18030, "\u0378,")...), words + "\xff,"},
		{"a literal U+FFFD in UTF-8", []byte(words + "\uFFFD"), words + "\uFFFD"},
	} {
		for _, r := range []io.Reader{bytes.NewReader(c.raw), iotest.OneByteReader(bytes.NewReader(c.raw))} {
			text := spreadsheet.UTF8(r)
			got, err := io.ReadAll(text)
			if gb18030 := len(c.raw) > 0 && !utf8.Valid(c.raw) && c.name != "one damaged character"; err != nil || string(got) != c.want || text.GB18030() != gb18030 {
				t.Errorf("%s: %d bytes for %d, %v", c.name, len(got), len(c.want), err)
			}
		}
		down := errors.New("line is down")
		if _, err := io.ReadAll(spreadsheet.UTF8(io.MultiReader(bytes.NewReader(c.raw), iotest.ErrReader(down)))); !errors.Is(err, down) {
			t.Errorf("%s: what breaks off ends with %v", c.name, err)
		}
	}
}
