package policy

import (
	"slices"
	"strings"

	"gongshu/internal/fault"
	"gongshu/internal/tabular"
)

// CalendarColumns are the columns of a calendar kept as a table: a row for every range of days off, 起 to 止, and for every
// single day, 日期.
var CalendarColumns = []tabular.Column{
	{Key: "number", Title: "序号", TitleEn: "No.", Ignored: true},
	{Key: "year", Title: "年份", TitleEn: "Year", Needed: true},
	{Key: "day", Title: "日期", TitleEn: "Day", Names: []string{"Date"}},
	{Key: "first", Title: "起", TitleEn: "From", Names: []string{"开始日期", "起始日期", "First day"}},
	{Key: "last", Title: "止", TitleEn: "To", Names: []string{"结束日期", "截止日期", "Last day"}},
	{Key: "kind", Title: "类型", TitleEn: "Kind", Names: []string{"Type"}, Needed: true},
	{Key: "name", Title: "名称", TitleEn: "Name", Names: []string{"节日", "Holiday"}, Ignored: true},
	{Key: "source", Title: "来源文件", TitleEn: "Source document", Names: []string{"来源", "文号", "Source"}},
}

// kinds are the words for a day off and for a make-up day; true is work.
var kinds = map[string]bool{
	"休": false, "放假": false, "休息": false, "假": false, "off": false, "holiday": false,
	"班": true, "上班": true, "补班": true, "调休上班": true, "work": true,
}

// CalendarTable reads years of the calendar from a table with CalendarColumns; wrong are the mistakes that were found when
// it was read. Refused as by CalendarFile, each mistake with its cell, and with DAY_KIND_UNKNOWN, and SOURCE_DIFFERS where
// rows of one year name several documents.
func CalendarTable(table tabular.Table, wrong fault.List, source string) ([]Year, error) {
	c := calendar{faults: faults{wrong: wrong, otherwise: source}}
	var above []string
	for _, row := range table.Rows {
		said := texts(row, above, "year", "source")
		above = said
		year := c.year(strings.TrimSuffix(said[0], "年"), cell(row, "year"), said[1])
		work, known := kinds[tabular.Plain(row.Text("kind"))]
		if !known {
			c.refuse(cell(row, "kind"), fault.New(fault.Invalid, "DAY_KIND_UNKNOWN", "A row is of days off (休) or of make-up days (班)."))
		}
		if year != nil && !work {
			year.holidays++
		}
		first, last, here := row.Text("first"), row.Text("last"), "first"
		if day := row.Text("day"); day != "" {
			if first != "" || last != "" {
				c.refuse(cell(row, "day"), fault.New(fault.Invalid, "RANGE_INVALID", "A row has one day or a range, not both."))
				continue
			}
			first, last, here = day, day, "day"
		}
		c.days(year, first, last, work, cell(row, here))
	}
	if len(table.Rows) == 0 && len(wrong) == 0 {
		return nil, fault.List{fault.New(fault.Invalid, "YEAR_EMPTY", "The table has no row.")}
	}
	return c.whole()
}

// CodeTableColumns are the columns of code tables kept as one table.
var CodeTableColumns = []tabular.Column{
	{Key: "number", Title: "序号", TitleEn: "No.", Ignored: true},
	{Key: "table", Title: "表名", TitleEn: "Table", Names: []string{"代码表"}, Needed: true},
	{Key: "code", Title: "代码", TitleEn: "Code", Needed: true},
	{Key: "name", Title: "名称", TitleEn: "Name", Names: []string{"中文名"}, Needed: true},
	{Key: "nameEn", Title: "英文名", TitleEn: "Name in English", Names: []string{"英文名称"}},
	{Key: "source", Title: "来源文件", TitleEn: "Source document", Names: []string{"来源", "文号", "Source"}},
}

// CodeTablesTable reads code tables from a table with CodeTableColumns; wrong are the mistakes that were found when it was
// read. Refused as by CodeTablesFile, each mistake with its cell, and with SOURCE_DIFFERS.
func CodeTablesTable(table tabular.Table, wrong fault.List, source string) ([]CodeTable, error) {
	t := codeTables{faults: faults{wrong: wrong, otherwise: source}}
	var above []string
	for _, row := range table.Rows {
		said := texts(row, above, "table", "source")
		above = said
		t.add(t.table(said[0], cell(row, "table"), said[1]), Code{row.Text("code"), row.Text("name"), row.Text("nameEn")}, cell(row, "code"))
	}
	if len(table.Rows) == 0 && len(wrong) == 0 {
		return nil, fault.List{fault.New(fault.Invalid, "TABLE_EMPTY", "The table has no row.")}
	}
	return t.whole()
}

// texts are what cells of a row say; one that is merged with the row above says what that says.
func texts(row tabular.Record, above []string, keys ...string) []string {
	said := slices.Clone(keys)
	for i, key := range keys {
		if said[i] = row.Text(key); row.Covered(key) && above != nil {
			said[i] = above[i]
		}
	}
	return said
}
