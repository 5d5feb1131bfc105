package policy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gongshu/data"
	"gongshu/internal/fault"
	"gongshu/internal/policy"
	"gongshu/internal/spreadsheet"
	"gongshu/internal/tabular"
)

func TestTheBuiltInFilesAreRead(t *testing.T) {
	years, err := policy.CalendarFile(data.WorkingDays, "")
	if err != nil || len(years) != 2 || years[1].Holidays() != 33 || len(years[1].Work) != 6 {
		t.Errorf("the calendar is %+v, %v", years, err)
	}
	tables, err := policy.CodeTablesFile(data.CodeTables, "")
	if err != nil || len(tables) != 7 || tables[0].Name != "delivery" || tables[0].Codes[0] != (policy.Code{Code: "001", Name: "数据集", NameEn: "dataset"}) {
		t.Errorf("the code tables are %+v, %v", tables, err)
	}
}

// fields are codes with their places, as one text.
func fields(err error) string {
	var said []string
	for _, f := range fault.All(err) {
		said = append(said, strings.TrimSpace(f.Field+" "+f.Code))
	}
	return strings.Join(said, ", ")
}

func TestCalendarFile(t *testing.T) {
	year := func(days string) string { return `{"source": "x", "years": {"2027": {` + days + `}}}` }
	const off = `"off": [["2027-01-01", "2027-01-03"]]`
	for _, c := range []struct{ sentence, file, refused string }{
		{"a year", year(off), ""},
		{"the December before", year(`"off": [["2026-12-31", "2027-01-03"]], "work": ["2026-12-27"]`), ""},
		{"days as people write them", year(`"off": [["2027年1月1日", "2027/1/3"]]`), ""},
		{"a source of the year's own", `{"years": {"2027": {"source": "x", ` + off + `}}}`, ""},
		{"no source", `{"years": {"2027": {` + off + `}}}`, "years.2027 SOURCE_MISSING"},
		{"a source of two lines", `{"source": "x\ny", "years": {"2027": {` + off + `}}}`, "years.2027 SOURCE_INVALID"},
		{"a source that is too long", `{"source": "` + strings.Repeat("x", 601) + `", "years": {"2027": {` + off + `}}}`, "years.2027 SOURCE_INVALID"},
		{"no JSON", `{`, "POLICY_FILE_BROKEN"},
		{"two values", `{} {}`, "POLICY_FILE_BROKEN"},
		{"nothing", ``, "POLICY_FILE_BROKEN"},
		{"another form", `{"years": []}`, "years POLICY_FILE_BROKEN"},
		{"an unknown member", `{"jahre": {}}`, "POLICY_FILE_BROKEN"},
		{"a year twice", `{"source": "x", "years": {"2027": {` + off + `}, "2027": {}}}`, "years.2027 MEMBER_TWICE"},
		{"a year twice, in another case", `{"source": "x", "years": {"2027": {` + off + `, "Off": []}}}`, "years.2027.off MEMBER_TWICE"},
		{"a member twice, in a letter that counts as the same", `{"source": "x", "ſource": "y", "years": {}}`, "source MEMBER_TWICE"},
		{"two empty years", `{"source": "x", "years": {"2027": {}, "2028": {}}}`, "years.2027 YEAR_EMPTY, years.2028 YEAR_EMPTY"},
		{"a year whose holidays are refused is not empty", `{"source": "x", "years": {"2027": {"off": [["x", "y"]]}, "2028": {}}}`, "years.2027.off.0 DAY_INVALID, years.2028 YEAR_EMPTY"},
		{"the January after", year(`"off": [["2027-12-31", "2028-01-01"]]`), "years.2027.off.0 DAY_OUTSIDE_YEAR"},
		{"brackets without end", strings.Repeat("[", 1<<20), "POLICY_FILE_BROKEN"},
		{"members in each other", `{"years": ` + strings.Repeat(`{"2027": `, 9) + "1" + strings.Repeat("}", 10), "POLICY_FILE_BROKEN"},
		{"a file that is too large", strings.Repeat("[", 1<<20+1), "POLICY_FILE_TOO_LARGE"},
		{"no year", `{"source": "x", "years": {}}`, "years YEAR_EMPTY"},
		{"a year without a holiday", year(`"work": ["2027-01-09"]`), "years.2027 YEAR_EMPTY"},
		{"a year that is none", `{"source": "x", "years": {"27": {}, "02027": {}, "x": {}}}`, "years.02027 YEAR_INVALID, years.27 YEAR_INVALID, years.x YEAR_INVALID"},
		{"everything wrong at once", year(`"off": [["2027-01-01"], ["2027-01-03", "2027-01-01"], ["2027-02-30", "2027-03-01"], ["2028-02-01", "2028-02-01"], ["2027-05-01", "2027-05-02"], ["2027-05-02", "2027-05-03"], ["2027-06-01", "2027-07-30"]],
			"work": ["2027-05-01", "2027-01-04", ""]`),
			"years.2027.off.0 RANGE_INVALID, years.2027.off.1 RANGE_INVALID, years.2027.off.2 DAY_INVALID, years.2027.off.3 DAY_OUTSIDE_YEAR, " +
				"years.2027.off.5 DAY_TWICE, years.2027.off.6 RANGE_INVALID, years.2027.work.0 DAY_TWICE, years.2027.work.1 MAKE_UP_DAY_NOT_WEEKEND, years.2027.work.2 DAY_INVALID"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if years, err := policy.CalendarFile([]byte(c.file), ""); fields(err) != c.refused || (err == nil) != (len(years) == 1 && len(years[0].Off) > 0) {
				t.Errorf("%+v is refused with %q, want %q: %v", years, fields(err), c.refused, err)
			}
		})
	}
}

func TestWhatIsBrokenInAFileIsSaidInWordsOfItsForm(t *testing.T) {
	for file, want := range map[string]string{
		`{"source": 1}`:                      "source: A text is needed here.",
		`{"years": {"2027": {"off": ""}}}`:   "years.off: A list is needed here.",
		`{"years": {"2027": {"work": [1]}}}`: "years.work: A text is needed here.",
		`{"years": []}`:                      "years: An object is needed here.",
		`[]`:                                 ": An object is needed here.",
		`{"jahre": {}}`:                      `: There is no member "jahre".`,
	} {
		_, err := policy.CalendarFile([]byte(file), "x")
		if all := fault.All(err); len(all) != 1 || all[0].Code != "POLICY_FILE_BROKEN" || all[0].Field+": "+all[0].Message != want {
			t.Errorf("%s is refused with %v, want %s", file, err, want)
		}
	}
}

func TestOfTooManyMistakesTheFirstAreNamed(t *testing.T) {
	for name, read := range map[string]func() error{
		"a file": func() error {
			_, err := policy.CalendarFile([]byte(`{"source": "x", "years": {"2027": {"off": [`+strings.Repeat(`[],`, 300)+`[]]}}}`), "")
			return err
		},
		"a table": func() error {
			_, err := calendarTable("年份,类型,日期\n"+strings.Repeat("2027,休,x\n", 300), "x")
			return err
		},
		"codes": func() error {
			_, err := policy.CodeTablesFile([]byte(`{"tables": {"grade": {`+strings.TrimSuffix(manyCodes(300), ",")+`}}}`), "x")
			return err
		},
	} {
		all := fault.All(read())
		if len(all) != policy.MaxFaults+1 || all[policy.MaxFaults].Code != "POLICY_FAULTS_MORE" || all[0].Code == "POLICY_FAULTS_MORE" {
			t.Errorf("%s: %d mistakes, the last %v", name, len(all), all[len(all)-1])
		}
	}
}

// manyCodes are members for codes without a name.
func manyCodes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"%d": "",`, i)
	}
	return b.String()
}

// A year, or a code table, may name its document in any of its rows, and needs none of its own beside --source.
func TestASourceIsNamedInAnyRow(t *testing.T) {
	const header = "年份,日期,类型,来源文件\n"
	for text, want := range map[string]string{
		"2027,2027-01-01,休,\n2027,2027-01-02,休,x\n":                                          "",
		"2027,2027-01-01,休,\n2027,2027-01-02,休,\n":                                           "A2 SOURCE_MISSING",
		"2027,2027-01-01,休,\n2027,2027-01-02,休,x\n2027,2027-01-03,休,y\n2028,2028-01-01,休,\n": "A4 SOURCE_DIFFERS, A5 SOURCE_MISSING",
	} {
		if _, err := calendarTable(header+text, ""); fields(err) != want {
			t.Errorf("%s is refused with %s, want %s", text, fields(err), want)
		}
	}
	if years, err := calendarTable(header+"2027,2027-01-01,休,\n2027,2027-01-02,休,x\n", "y"); err != nil || years[0].Source != "x" {
		t.Errorf("%+v, %v", years, err)
	}
	for text, want := range map[string]string{"g,1,甲,\ng,2,乙,x\n": "", "g,1,甲,\ng,2,乙,\n": "A2 SOURCE_MISSING", "g,1,甲,x\ng,2,乙,y\n": "A3 SOURCE_DIFFERS"} {
		table, wrong := spreadsheet.Read(t.Context(), []byte("表名,代码,名称,来源文件\n"+text), policy.CodeTableColumns)
		if _, err := policy.CodeTablesTable(table, fault.All(wrong), ""); fields(err) != want {
			t.Errorf("%s is refused with %s, want %s", text, fields(err), want)
		}
	}
}

func calendarTable(text, source string) ([]policy.Year, error) {
	table, wrong := spreadsheet.Read(context.Background(), []byte(text), policy.CalendarColumns)
	return policy.CalendarTable(table, fault.All(wrong), source)
}

func TestATableIsTheSameCalendar(t *testing.T) {
	want, err := policy.CalendarFile([]byte(`{"source": "国办", "years": {"2027": {"off": [["2027-01-01", "2027-01-03"], ["2027-05-01", "2027-05-01"]], "work": ["2026-12-27", "2027-01-09"]}}}`), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"Chinese headers": "年份,日期,起,止,类型,名称,来源文件\n2027,,2027-01-01,2027-01-03,休,元旦,国办\n2027,2027/1/9,,,班,元旦,国办\n2027年,2026年12月27日,,,上班,,\n2027,2027-05-01,,,休,劳动节,\n",
		"English headers": "Year;Day;From;To;Kind;Source document\n2027;2027-05-01;;;off;国办\n2027;2027-01-09;;;work;\n2027;2026-12-27;;;Work;\n2027;;2027-01-01;2027-01-03;holiday;国办\n",
	} {
		years, err := calendarTable(text, "国办")
		if err != nil || fmt.Sprint(years) != fmt.Sprint(want) {
			t.Errorf("%s: %v, %v; want %v", name, years, err, want)
		}
	}
}

func TestMistakesOfACalendarTableAreNamedByCell(t *testing.T) {
	const text = "年份,日期,起,止,类型,来源文件\n" +
		"2027,2027-01-01,2027-01-01,,休,\n" + // a day and a range
		"二七,2027-01-32,,,休,x\n" +
		"2027,2027-01-01,,,半休,x\n" +
		"2027,,2027-01-05,,休,x\n" +
		"2027,2027-01-04,,,班,\n" +
		"2028,2027-02-30,,,休,x\n" +
		"2028,2028-02-01,,,休,y\n"
	_, err := calendarTable(text, "")
	want := "B2 RANGE_INVALID, A3 YEAR_INVALID, B3 DAY_INVALID, E4 DAY_KIND_UNKNOWN, C5 DAY_INVALID, B6 MAKE_UP_DAY_NOT_WEEKEND, B7 DAY_INVALID, A8 SOURCE_DIFFERS"
	if fields(err) != want {
		t.Errorf("refused with %s, want %s", fields(err), want)
	}
	if _, err := calendarTable("年份,类型,日记\n2027,休,2027-01-01\n", "x"); fields(err) == "" {
		t.Error("an unknown column is not refused")
	}
	if _, err := calendarTable("年份,类型,日期\n", "x"); fields(err) != "YEAR_EMPTY" {
		t.Errorf("a table without rows: %v", err)
	}
}

func TestCodeTablesFile(t *testing.T) {
	for _, c := range []struct{ sentence, file, refused string }{
		{"a table of its own", `{"tables": {"grade": {"1": "一般"}}}`, ""},
		{"a table may have more codes than the rules know", `{"tables": {"delivery": {"001": "数据集 dataset", "002": "接口 API", "009": "订阅 feed"}}}`, ""},
		{"never fewer", `{"tables": {"delivery": {"001": "数据集 dataset"}}}`, "tables.delivery CODE_FIXED"},
		{"nor under another name", `{"tables": {"delivery": {"001": "接口", "002": "接口"}}}`, "tables.delivery.001 CODE_FIXED"},
		{"no table", `{"tables": {}}`, "tables TABLE_EMPTY"},
		{"a table without codes", `{"tables": {"grade": {}}}`, "tables.grade TABLE_EMPTY"},
		{"a table whose codes are refused is not empty", `{"tables": {"grade": {"1 2": "甲"}}}`, "tables.grade.1 2 CODE_INVALID"},
		{"codes that differ by their case", `{"tables": {"grade": {"a": "甲", "A": "乙"}}}`, ""},
		{"everything wrong at once", `{"tables": {"Grade!": {"": "甲", "1 2": "乙", "3": " c", "4": ""}}}`,
			"tables.Grade! TABLE_NAME_INVALID, tables.Grade!. CODE_INVALID, tables.Grade!.1 2 CODE_INVALID, tables.Grade!.3 NAME_INVALID, tables.Grade!.4 NAME_INVALID"},
		{"a code twice", `{"tables": {"grade": {"1": "一", "1": "二"}}}`, "tables.grade.1 MEMBER_TWICE"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if _, err := policy.CodeTablesFile([]byte(c.file), "x"); fields(err) != c.refused {
				t.Errorf("refused with %q, want %q", fields(err), c.refused)
			}
		})
	}
	if _, err := policy.CodeTablesFile([]byte(`{"tables": {"grade": {"1": "一般"}}}`), ""); fields(err) != "tables.grade SOURCE_MISSING" {
		t.Errorf("without a source: %v", err)
	}
}

func TestCodeTablesAreKeptAsATable(t *testing.T) {
	read := func(text string) ([]policy.CodeTable, error) {
		table, wrong := spreadsheet.Read(context.Background(), []byte(text), policy.CodeTableColumns)
		return policy.CodeTablesTable(table, fault.All(wrong), "x")
	}
	tables, err := read("表名,代码,名称,英文名\ngrade,2,重要,important\ntheme,B0100,农业农村,\ngrade,1,一般,general\n")
	want, err2 := policy.CodeTablesFile([]byte(`{"tables": {"grade": {"1": "一般 general", "2": "重要 important"}, "theme": {"B0100": "农业农村"}}}`), "x")
	if err != nil || err2 != nil || fmt.Sprint(tables) != fmt.Sprint(want) {
		t.Errorf("%v, %v, want %v, %v", tables, err, want, err2)
	}
	_, err = read("Table,Code,Name\ndelivery,1,数据集\ndelivery,002,接口\ndelivery,002,接口\ngrade,1,\n")
	if fields(err) != "A2 CODE_FIXED, B4 CODE_TWICE, B5 NAME_INVALID" {
		t.Errorf("refused with %s", fields(err))
	}
}

func TestTheTemplatesAreRefusedUntilTheyAreFilledIn(t *testing.T) {
	for _, write := range []func(tabular.Template) ([]byte, error){spreadsheet.TemplateXLSX, spreadsheet.TemplateCSV} {
		raw, err := write(policy.CalendarTemplate)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := calendarTable(string(raw), ""); fields(err) != "A3 YEAR_INVALID, A4 YEAR_INVALID" {
			t.Errorf("the calendar is refused with %s", fields(err))
		}
		if raw, err = write(policy.CodeTableTemplate); err != nil {
			t.Fatal(err)
		}
		table, wrong := spreadsheet.Read(context.Background(), raw, policy.CodeTableColumns)
		if _, err := policy.CodeTablesTable(table, fault.All(wrong), ""); fields(err) != "A3 TABLE_NAME_INVALID" {
			t.Errorf("the code tables are refused with %s", fields(err))
		}
	}
}
