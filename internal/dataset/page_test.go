package dataset

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/outputcontrol"
)

// drawCell draws a cell that the column accepts, from few values so that filters hit.
func drawCell(t *rapid.T, c dictionary.Column) string {
	return rapid.Custom(func(t *rapid.T) string { return drawTyped(t, c) }).Filter(func(s string) bool { return !identifies(c, s) }).Draw(t, c.Name)
}

// identifies reports whether a cell alone holds a direct identifier.
func identifies(c dictionary.Column, cell string) bool {
	value, _ := judge(c, cell)
	var column outputcontrol.DirectColumn
	column.Add(1, leaving(c.Type, cell, value), authorisation.Day{})
	return len(column.Found()) > 0
}

func drawTyped(t *rapid.T, c dictionary.Column) string {
	if !c.Required && rapid.IntRange(0, 5).Draw(t, "empty") == 0 {
		return ""
	}
	switch c.Type {
	case dictionary.Integer:
		return strconv.FormatInt(rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64()).Draw(t, c.Name), 10)
	case dictionary.Decimal:
		return rapid.OneOf(rapid.SampledFrom([]string{"0", "-0.0", "0.5", "-0.5", "-0.51", "10", "9.99", "9.990", "-10"}), rapid.Custom(func(t *rapid.T) string { return drawDecimal(t, c.Name) })).Draw(t, c.Name)
	case dictionary.Date:
		return time.Unix(rapid.Int64Range(0, 3).Draw(t, c.Name)*86400, 0).UTC().Format(time.DateOnly)
	case dictionary.DateTime:
		at := time.Unix(rapid.Int64Range(0, 2).Draw(t, c.Name), rapid.SampledFrom([]int64{0, 5e8}).Draw(t, c.Name))
		return at.In(time.FixedZone("", 3600*rapid.IntRange(-2, 8).Draw(t, "zone"))).Format(time.RFC3339Nano)
	case dictionary.Boolean:
		return rapid.SampledFrom([]string{"true", "false", "TRUE"}).Draw(t, c.Name)
	}
	s := rapid.OneOf(rapid.SampledFrom([]string{"a", "ab", "abc", "b", "三", "三台", "\x00", "a\x00b", "A", " a", "a,\"b\"\nc", "\U0010FFFF", "1"}), rapid.StringN(1, 8, -1)).Draw(t, c.Name)
	s = lineBreaks.Replace(s)
	s = strings.Map(func(r rune) rune {
		if hasControl(string(r)) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if s == "" || isFormula(s) {
		s = "x" + s
	}
	return s
}

// shown is what a data call should show for a cell, by other means than the code under test.
func shown(kind dictionary.Type, cell string) any {
	if cell == "" {
		return nil
	}
	switch kind {
	case dictionary.Integer:
		n, _ := strconv.ParseInt(cell, 10, 64)
		return n
	case dictionary.Decimal:
		r, _ := new(big.Rat).SetString(cell)
		s := r.FloatString(20)
		return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	case dictionary.DateTime:
		at, _ := time.Parse(time.RFC3339Nano, cell)
		return at.UTC().Format(time.RFC3339Nano)
	case dictionary.Boolean:
		return strings.EqualFold(cell, "true")
	}
	return cell
}

// compare compares two cells that are not empty, by type.
func compare(kind dictionary.Type, a, b string) int {
	switch kind {
	case dictionary.Integer, dictionary.Decimal:
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		return x.Cmp(y)
	case dictionary.DateTime:
		x, _ := time.Parse(time.RFC3339Nano, a)
		y, _ := time.Parse(time.RFC3339Nano, b)
		return x.Compare(y)
	case dictionary.Boolean:
		return strings.Compare(strings.ToLower(a), strings.ToLower(b))
	}
	return strings.Compare(a, b)
}

// passes is the naive filter.
func passes(kind dictionary.Type, cell string, f Filter) bool {
	if cell == "" {
		return false
	}
	c := compare(kind, cell, f.Values[0])
	switch f.Op {
	case EQ:
		return c == 0
	case NE:
		return c != 0
	case LT:
		return c < 0
	case LE:
		return c <= 0
	case GT:
		return c > 0
	case GE:
		return c >= 0
	case Prefix:
		return strings.HasPrefix(cell, f.Values[0])
	}
	return slices.ContainsFunc(f.Values, func(v string) bool { return compare(kind, cell, v) == 0 })
}

func encode(header []string, rows [][]string) string {
	var out []byte
	for _, row := range append([][]string{header}, rows...) {
		for i, cell := range row {
			out = appendCell(out, i, len(row), cell)
		}
		out = append(out, '\n')
	}
	return string(out)
}

func names(columns []dictionary.Column) []string {
	var all []string
	for _, c := range columns {
		all = append(all, c.Name)
	}
	return all
}

// readAll pages through everything.
func readAll(t interface{ Fatal(...any) }, files *Files, r Request) [][]any {
	all := [][]any{}
	for {
		page, err := files.Page(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Rows) > r.First || page.HasMore && len(page.Rows) == 0 {
			t.Fatal("a page of", len(page.Rows), "for", r.First)
		}
		all = append(all, page.Rows...)
		if !page.HasMore {
			return all
		}
		r.After = page.Next
	}
}

func TestEveryAcceptedRowComesBackAndFiltersAreTheNaiveOnes(t *testing.T) {
	dir, version := t.TempDir(), 0
	columns := places()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []string {
			row := make([]string, len(columns))
			for i, c := range columns {
				row[i] = drawCell(t, c)
			}
			return row
		}), 1, 25).Draw(t, "rows")
		version++
		path := filepath.Join(dir, strconv.Itoa(version))
		report, err := Ingest(context.Background(), strings.NewReader(encode(names(columns), rows)), columns, path, Limits{})
		if err != nil {
			t.Fatalf("%v: %+v", err, report.Rejects)
		}
		files := NewFiles(0)
		defer files.Close()

		filters := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Filter {
			c := rapid.SampledFrom(columns[:6]).Draw(t, "column")
			ops := []Op{EQ, NE}
			if c.Type != dictionary.Boolean {
				ops = append(ops, LT, LE, GT, GE, In)
			}
			if c.Type == dictionary.Text {
				ops = append(ops, Prefix)
			}
			f := Filter{Column: c.Name, Op: rapid.SampledFrom(ops).Draw(t, "op")}
			n := 1
			if f.Op == In {
				n = rapid.IntRange(1, 4).Draw(t, "values")
			}
			required := c
			required.Required = true
			for range n {
				f.Values = append(f.Values, drawCell(t, required))
			}
			return f
		}), 0, 2).Draw(t, "filters")

		want, all := [][]any{}, [][]any{}
		for _, row := range rows {
			var line []any
			for i, c := range columns {
				line = append(line, shown(c.Type, row[i]))
			}
			all = append(all, line)
			if !slices.ContainsFunc(filters, func(f Filter) bool {
				at := slices.IndexFunc(columns, func(c dictionary.Column) bool { return c.Name == f.Column })
				return !passes(columns[at].Type, row[at], f)
			}) {
				want = append(want, line)
			}
		}
		first := rapid.IntRange(1, 30).Draw(t, "first")
		if got := readAll(t, files, Request{Path: path, Columns: columns, First: first}); !reflect.DeepEqual(got, all) {
			t.Fatalf("comes back as %q, want %q", got, all)
		}
		if got := readAll(t, files, Request{Path: path, Columns: columns, Filters: filters, First: first}); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v gives %q, want %q", filters, got, want)
		}
		request := Request{Path: path, Columns: columns, Filters: filters, First: first}
		inFile, err := files.Page(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		if inMemory, err := PageOf(context.Background(), rows, request); err != nil || !reflect.DeepEqual(inMemory, inFile) {
			t.Fatalf("%+v gives %v in memory, %v, and %v in a file", request, inMemory, err, inFile)
		}

		var streamed bytes.Buffer
		if err := files.WriteCSV(context.Background(), path, columns, &streamed); err != nil {
			t.Fatal(err)
		}
		onDisk, err := os.ReadFile(CSVPath(path))
		if err != nil || !bytes.Equal(onDisk, streamed.Bytes()) {
			t.Fatalf("%q is streamed, %q is on disk, %v", streamed.Bytes(), onDisk, err)
		}
	})
}

func ingest(t testing.TB, columns []dictionary.Column, upload string) string {
	path := filepath.Join(t.TempDir(), "odd %41 ?#名", "v1")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Ingest(context.Background(), strings.NewReader(upload), columns, path, Limits{}); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPageRefusals(t *testing.T) {
	columns := places()
	path := ingest(t, columns, placesHeader+"a,1,1.5,2025-07-22,2025-07-22T08:00:00Z,true,ok\n")
	files := NewFiles(0)
	defer files.Close()
	many := make([]string, MaxInValues+1)
	for i := range many {
		many[i] = strconv.Itoa(i)
	}
	for _, row := range []struct {
		sentence string
		filter   Filter
		first    int
		after    int64
		code     string
		field    string
	}{
		{"a filter that fits gives rows", Filter{"order", EQ, []string{"1"}}, 1, 0, "", ""},
		{"50 values are the most", Filter{"order", In, many[:MaxInValues]}, 1, 0, "", ""},
		{"51 values are too many", Filter{"order", In, many}, 1, 0, "FILTER_VALUE_INVALID", "order[in]"},
		{"no value is too few", Filter{"order", In, nil}, 1, 0, "FILTER_VALUE_INVALID", "order[in]"},
		{"two values are equal to nothing", Filter{"order", EQ, []string{"1", "2"}}, 1, 0, "FILTER_VALUE_INVALID", "order"},
		{"an unknown column is refused", Filter{"c1", EQ, []string{"1"}}, 1, 0, "FILTER_COLUMN_UNKNOWN", "c1"},
		{"a column that is SQL is refused", Filter{"position > 0 OR 1", EQ, []string{"1"}}, 1, 0, "FILTER_COLUMN_UNKNOWN", "position > 0 OR 1"},
		{"a column that is not filterable is refused", Filter{"note", EQ, []string{"ok"}}, 1, 0, "FILTER_NOT_ALLOWED", "note"},
		{"an operator that is SQL is refused", Filter{"order", "OR 1 =", []string{"1"}}, 1, 0, "FILTER_OP_INVALID", "order"},
		{"a boolean has no order", Filter{"is_free", LT, []string{"true"}}, 1, 0, "FILTER_OP_INVALID", "is_free[lt]"},
		{"a number has no prefix", Filter{"order", Prefix, []string{"1"}}, 1, 0, "FILTER_OP_INVALID", "order[prefix]"},
		{"a value is typed by the dictionary", Filter{"order", GE, []string{"x"}}, 1, 0, "FILTER_VALUE_INVALID", "order[gte]"},
		{"an empty value is no value", Filter{"rowid", EQ, []string{""}}, 1, 0, "FILTER_VALUE_INVALID", "rowid"},
		{"a value that is not UTF-8 is refused", Filter{"rowid", Prefix, []string{"\xff"}}, 1, 0, "FILTER_VALUE_INVALID", "rowid[prefix]"},
		{"SQL in a value is a value", Filter{"rowid", NE, []string{"'; DROP TABLE rows; --"}}, 1, 0, "", ""},
		{"a page of no rows is refused", Filter{"order", EQ, []string{"1"}}, 0, 0, "FIRST_INVALID", "first"},
		{"a page of 1001 rows is refused", Filter{"order", EQ, []string{"1"}}, 1001, 0, "FIRST_INVALID", "first"},
		{"a page before the first is refused", Filter{"order", EQ, []string{"1"}}, 1, -1, "CURSOR_INVALID", "after"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			page, err := files.Page(t.Context(), Request{path, columns, []Filter{row.filter}, row.first, row.after})
			if row.code == "" {
				if err != nil || len(page.Rows) != 1 || page.HasMore || page.Next != 1 {
					t.Errorf("page %+v, %v", page, err)
				}
				return
			}
			all := fault.All(err)
			if len(all) != 1 || all[0].Code != row.code || all[0].Field != row.field {
				t.Errorf("error %+v", all)
			}
		})
	}
	if _, err := files.Page(t.Context(), Request{Path: path, Columns: columns, First: 1, Filters: make([]Filter, MaxFilters+1)}); fault.CodeOf(err) != "FILTERS_TOO_MANY" {
		t.Errorf("21 filters: %v", err)
	}
}

func TestRowsInMemoryFitTheirColumns(t *testing.T) {
	columns := places()
	for sentence, row := range map[string][]string{"a cell too few": make([]string, len(columns)-1), "no value where one is required": make([]string, len(columns))} {
		if page, err := PageOf(t.Context(), [][]string{row}, Request{Columns: columns, First: 1}); err == nil || len(fault.All(err)) > 0 {
			t.Errorf("%s: got %v, %v; it is nobody's input", sentence, page, err)
		}
	}
}

func TestADictionaryThatDoesNotFitTheFileIsAnInternalError(t *testing.T) {
	path := ingest(t, places(), placesHeader+"a,1,,,,,\n")
	files := NewFiles(0)
	defer files.Close()
	other := places()
	other[1].Type = dictionary.Text
	for _, columns := range [][]dictionary.Column{other, {column("missing", dictionary.Text)}, nil} {
		if _, err := files.Page(t.Context(), Request{Path: path, Columns: columns, First: 1}); fault.CodeOf(err) != "INTERNAL" || err == nil {
			t.Errorf("page by %v: %v", names(columns), err)
		}
	}
}

func TestPartOfADictionaryShowsThatPart(t *testing.T) {
	columns := places()
	path := ingest(t, columns, placesHeader+"三台,7,1.50,,2025-07-22T08:00:00+08:00,true,<ok>\n")
	files := NewFiles(0)
	defer files.Close()
	part := []dictionary.Column{columns[6], columns[2], columns[1], columns[3], columns[4], columns[5]}
	page, err := files.Page(t.Context(), Request{Path: path, Columns: part, First: 1})
	if err != nil {
		t.Fatal(err)
	}
	row := AppendJSON(nil, part, page.Rows[0])
	const want = `{"note":"\u003cok\u003e","price":"1.5","order":7,"opened_on":null,"measured_at":"2025-07-22T00:00:00Z","is_free":true}`
	if string(row) != want || !json.Valid(row) {
		t.Errorf("row %s\nwant %s", row, want)
	}
	if _, err := files.Page(t.Context(), Request{Path: path, Columns: part, First: 1, Filters: []Filter{{"rowid", EQ, []string{"三台"}}}}); fault.CodeOf(err) != "FILTER_COLUMN_UNKNOWN" {
		t.Errorf("a hidden column can be filtered: %v", err)
	}
}

func TestAPageOfLongTextsEndsSooner(t *testing.T) {
	columns := []dictionary.Column{column("body", dictionary.Text)}
	path := ingest(t, columns, "body\n"+strings.Repeat(strings.Repeat("x", MaxCellBytes)+"\n", 1000))
	files := NewFiles(0)
	defer files.Close()
	page, err := files.Page(t.Context(), Request{Path: path, Columns: columns, First: 1000})
	if err != nil || !page.HasMore || len(page.Rows) != maxPageBytes/MaxCellBytes+1 {
		t.Errorf("%d rows, more %v, %v", len(page.Rows), page.HasMore, err)
	}
	if all := readAll(t, files, Request{Path: path, Columns: columns, First: 1000}); len(all) != 1000 {
		t.Errorf("%d rows in all", len(all))
	}
}

func TestFilesAreSharedAndBounded(t *testing.T) {
	columns := []dictionary.Column{column("n", dictionary.Integer)}
	var paths []string
	for i := range 6 {
		paths = append(paths, ingest(t, columns, fmt.Sprintf("n\n%d\n", i)))
	}
	files := NewFiles(2)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 60 {
				at := (i*worker + i) % len(paths)
				page, err := files.Page(context.Background(), Request{Path: paths[at], Columns: columns, First: 1})
				if err != nil || page.Rows[0][0] != int64(at) {
					t.Errorf("file %d: %v, %v", at, page.Rows, err)
				}
			}
		})
	}
	wg.Wait()
	if len(files.open) > 2 || files.recent.Len() != len(files.open) {
		t.Errorf("%d files are open, %d in order", len(files.open), files.recent.Len())
	}
	for _, one := range files.open {
		if one.users != 0 {
			t.Errorf("%d still use a file", one.users)
		}
	}
	if err := files.Close(); err != nil {
		t.Error(err)
	}
	if _, err := files.Page(t.Context(), Request{Path: paths[0], Columns: columns, First: 1}); err == nil {
		t.Error("a closed registry serves")
	}
}

func TestAFileInUseOutlivesItsEvictionAndClose(t *testing.T) {
	columns := []dictionary.Column{column("n", dictionary.Integer)}
	a, b := ingest(t, columns, "n\n1\n"), ingest(t, columns, "n\n2\n")
	files := NewFiles(1)
	held, err := files.acquire(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := files.Page(t.Context(), Request{Path: b, Columns: columns, First: 1}); err != nil {
		t.Fatal(err)
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := held.db.PingContext(t.Context()); err != nil {
		t.Errorf("taken away while in use: %v", err)
	}
	files.release(held)
	if err := held.db.PingContext(t.Context()); err == nil {
		t.Error("left open after its last use")
	}
}

func TestAMissingFileCanAppearLater(t *testing.T) {
	columns := []dictionary.Column{column("n", dictionary.Integer)}
	path := filepath.Join(t.TempDir(), "v1")
	files := NewFiles(0)
	defer files.Close()
	request := Request{Path: path, Columns: columns, First: 1}
	if _, err := files.Page(t.Context(), request); err == nil {
		t.Fatal("a file that is not there is served")
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("asking for a file makes it")
	}
	if _, err := Ingest(t.Context(), strings.NewReader("n\n1\n"), columns, path, Limits{}); err != nil {
		t.Fatal(err)
	}
	if page, err := files.Page(t.Context(), request); err != nil || len(page.Rows) != 1 {
		t.Errorf("page %+v, %v", page, err)
	}
}

func TestParseFilters(t *testing.T) {
	columns := append(places(), column("first", dictionary.Text))
	for _, row := range []struct {
		sentence string
		query    string
		want     []Filter
		code     string
		field    string
	}{
		{"nothing filters nothing", "", nil, "", ""},
		{"first and after are no filters", "first=10&after=r1", nil, "", ""},
		{"a column alone is equality", "rowid=三台", []Filter{{"rowid", EQ, []string{"三台"}}}, "", ""},
		{"a range has two parameters", "order[gte]=1&order[lt]=5", []Filter{{"order", GE, []string{"1"}}, {"order", LT, []string{"5"}}}, "", ""},
		{"values of in are parted by commas", "order[in]=3,1,2", []Filter{{"order", In, []string{"3", "1", "2"}}}, "", ""},
		{"every comparison has its name", "order[gt]=1&order[lte]=5&order[ne]=3&rowid[prefix]=a&rowid[eq]=ab",
			[]Filter{{"order", GT, []string{"1"}}, {"order", LE, []string{"5"}}, {"order", NE, []string{"3"}}, {"rowid", EQ, []string{"ab"}}, {"rowid", Prefix, []string{"a"}}}, "", ""},
		{"a column of a reserved name is filtered by eq", "first[eq]=a", []Filter{{"first", EQ, []string{"a"}}}, "", ""},
		{"a comma in equality is a comma", "rowid=a,b", []Filter{{"rowid", EQ, []string{"a,b"}}}, "", ""},
		{"an unknown parameter is refused", "limit=10", nil, "FILTER_COLUMN_UNKNOWN", "limit"},
		{"an unknown comparison is refused", "order[like]=1", nil, "FILTER_OP_INVALID", "order[like]"},
		{"an open bracket is refused", "order[gte=1", nil, "FILTER_OP_INVALID", "order[gte"},
		{"a second bracket is refused", "order[gte][lt]=1", nil, "FILTER_OP_INVALID", "order[gte][lt]"},
		{"a value given twice is refused", "order=1&order=2", nil, "FILTER_VALUE_INVALID", "order"},
		{"values of in given twice are refused", "order[in]=1&order[in]=2", nil, "FILTER_VALUE_INVALID", "order[in]"},
		{"an empty value is refused", "order=", nil, "FILTER_VALUE_INVALID", "order"},
		{"an empty value of in is refused", "order[in]=1,,2", nil, "FILTER_VALUE_INVALID", "order[in]"},
		{"a column that is not filterable is refused", "note=a", nil, "FILTER_NOT_ALLOWED", "note"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			query, err := url.ParseQuery(row.query)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ParseFilters(query, columns)
			if !reflect.DeepEqual(got, row.want) {
				t.Errorf("filters %+v", got)
			}
			all := fault.All(err)
			if row.code == "" && err != nil || row.code != "" && (len(all) != 1 || all[0].Code != row.code || all[0].Field != row.field) {
				t.Errorf("error %v", err)
			}
		})
	}
	query := url.Values{}
	for i := range MaxFilters + 1 {
		query.Set("x"+strconv.Itoa(i), "1")
	}
	if _, err := ParseFilters(query, columns); fault.CodeOf(err) != "FILTERS_TOO_MANY" {
		t.Errorf("21 parameters: %v", err)
	}
}

func TestParsePaging(t *testing.T) {
	for _, row := range []struct {
		sentence string
		query    string
		first    int
		after    int64
		codes    string
	}{
		{"without parameters it is the first page", "", DefaultFirst, 0, ""},
		{"a page follows its cursor", "first=5&after=" + FormatCursor(12345), 5, 12345, ""},
		{"1000 rows are the most", "first=1000", 1000, 0, ""},
		{"1001 rows are refused", "first=1001", 0, 0, "FIRST_INVALID"},
		{"no rows are refused", "first=0", 0, 0, "FIRST_INVALID"},
		{"two numbers of rows are refused", "first=1&first=2", 0, 0, "FIRST_INVALID"},
		{"an empty cursor is refused", "after=", 0, 0, "CURSOR_INVALID"},
		{"a number is no cursor", "after=7", 0, 0, "CURSOR_INVALID"},
		{"a negative cursor is refused", "after=r-7", 0, 0, "CURSOR_INVALID"},
		{"both are named when both are wrong", "first=x&after=x", 0, 0, "FIRST_INVALID CURSOR_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			query, _ := url.ParseQuery(row.query)
			first, after, err := ParsePaging(query)
			var codes []string
			for _, f := range fault.All(err) {
				codes = append(codes, f.Code)
			}
			if first != row.first || after != row.after || strings.Join(codes, " ") != row.codes || (err != nil) != (row.codes != "") {
				t.Errorf("first %d, after %d, %v", first, after, err)
			}
		})
	}
}

func FuzzParseFilters(f *testing.F) {
	f.Add("rowid=三台&order[gte]=1&order[in]=1,2&price[lt]=-0.50&first=3&after=r1")
	f.Add("opened_on[lte]=2025-07-22&measured_at[gt]=2025-07-22T08:00:00.5%2B08:00&is_free=TRUE&rowid[prefix]=%7f")
	f.Add("order[=1&[gte]=1&rowid[]=x&note=1")
	columns := places()
	path := ingest(f, columns, placesHeader+"三台,7,1.50,2025-07-22,2025-07-22T08:00:00+08:00,true,ok\n")
	files := NewFiles(0)
	f.Cleanup(func() { files.Close() })
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		filters, err := ParseFilters(query, columns)
		if err != nil {
			if fault.All(err) == nil {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		if _, err := files.Page(context.Background(), Request{Path: path, Columns: columns, Filters: filters, First: 1}); err != nil {
			t.Fatalf("%+v is accepted, then refused: %v", filters, err)
		}
		again := url.Values{}
		for _, filter := range filters {
			again.Add(filter.parameter(), strings.Join(filter.Values, ","))
		}
		if len(again) != len(filters) {
			return // column and column[eq] together
		}
		back, err := ParseFilters(again, columns)
		if err != nil || len(back) != len(filters) {
			t.Fatalf("%+v comes back as %+v, %v", filters, back, err)
		}
	})
}

// FuzzParsePaging reads any parameters as those of a page: they are within their bounds and come back as they were, or are
// refused by name.
func FuzzParsePaging(f *testing.F) {
	for _, seed := range []string{"", "first=1&after=r1", "first=1000&after=r0", "first=1001", "first=+1", "first=01", "first=1&first=1", "after=r", "after=r-1", "after=rR", "after=r1y2p0ij32e8e7", "after=r1y2p0ij32e8e8", "after=r00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		first, after, err := ParsePaging(query)
		if err != nil {
			for _, refused := range fault.All(err) {
				if (refused.Code != "FIRST_INVALID" || refused.Field != "first") && (refused.Code != "CURSOR_INVALID" || refused.Field != "after") {
					t.Fatalf("%q is refused with %v", raw, refused)
				}
			}
			if len(fault.All(err)) == 0 {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		if first < 1 || first > MaxFirst || after < 0 {
			t.Fatalf("%q is read as %d after %d", raw, first, after)
		}
		if query.Has("after") && FormatCursor(after) != query.Get("after") || !query.Has("after") && after != 0 {
			t.Fatalf("%q is read as the cursor %s", raw, FormatCursor(after))
		}
	})
}

// large is 100,000 rows of eight columns.
func large(b *testing.B) (string, []dictionary.Column) {
	columns := []dictionary.Column{column("code", dictionary.Text), column("district", dictionary.Text), column("amount", dictionary.Decimal),
		column("opened_on", dictionary.Date), column("measured_at", dictionary.DateTime), column("n", dictionary.Integer),
		column("is_free", dictionary.Boolean), column("note", dictionary.Text)}
	columns[1].QuasiIdentifier, columns[7].Filterable = true, false
	var upload strings.Builder
	upload.WriteString(strings.Join(names(columns), ",") + "\n")
	for i := range 100_000 {
		fmt.Fprintf(&upload, "C%06d,district %d,%d.%02d,2025-%02d-%02d,2025-07-22T08:%02d:%02d+08:00,%d,%t,some words about row %d\n",
			i*7919%100_000, i%9, i, i%100, i%12+1, i%28+1, i/60%60, i%60, i%1000, i%3 == 0, i)
	}
	return ingest(b, columns, upload.String()), columns
}

func BenchmarkPage(b *testing.B) {
	path, columns := large(b)
	files := NewFiles(0)
	defer files.Close()
	for _, bench := range []struct {
		name    string
		first   int
		after   int64
		filters []Filter
	}{
		{"100 rows from the middle", 100, 50_000, nil},
		{"point", 100, 0, []Filter{{"code", EQ, []string{"C050000"}}}},
		{"100 rows of one district", 100, 50_000, []Filter{{"district", EQ, []string{"district 3"}}}},
		{"100 rows of a wide range", 100, 0, []Filter{{"amount", GE, []string{"1000"}}}},
		{"100 rows of a narrow range at the end", 100, 0, []Filter{{"amount", GE, []string{"99900"}}}},
		{"100 rows of many codes", 100, 0, []Filter{{"code", Prefix, []string{"C0"}}}},
		{"100 rows of 2 districts", 100, 0, []Filter{{"district", In, []string{"district 3", "district 4"}}}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				page, err := files.Page(b.Context(), Request{path, columns, bench.filters, bench.first, bench.after})
				if err != nil || len(page.Rows) == 0 {
					b.Fatal(len(page.Rows), err)
				}
			}
		})
	}
}

func BenchmarkIngest(b *testing.B) {
	path, columns := large(b)
	csv, err := os.ReadFile(CSVPath(path))
	if err != nil {
		b.Fatal(err)
	}
	dir, version := b.TempDir(), 0
	b.SetBytes(int64(len(csv)))
	for b.Loop() {
		version++
		if _, err := Ingest(b.Context(), bytes.NewReader(csv), columns, filepath.Join(dir, strconv.Itoa(version)), Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
