package dataset

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
)

// Op is how a filter compares.
type Op string

// The comparisons. TEXT takes all, by code point; BOOLEAN only EQ and NE; the other types all but PREFIX.
const (
	EQ     Op = "EQ"
	NE     Op = "NE"
	LT     Op = "LT"
	LE     Op = "LE"
	GT     Op = "GT"
	GE     Op = "GE"
	Prefix Op = "PREFIX"
	In     Op = "IN"
)

// Values lists the comparisons.
func (Op) Values() []string { return []string{"EQ", "NE", "LT", "LE", "GT", "GE", "PREFIX", "IN"} }

// Filter keeps the rows whose value in a filterable column compares so. Filters are joined by and.
// A row without a value passes no filter, NE among them.
type Filter struct {
	Column string
	Op     Op
	// Values holds one value in the form of an upload's cell; IN takes 1 to MaxInValues.
	Values []string
}

// The bounds of a data call.
const (
	MaxFilters   = 20
	MaxInValues  = 50
	MaxFirst     = 1000
	DefaultFirst = 100
)

var opParameters = map[string]Op{"eq": EQ, "ne": NE, "lt": LT, "lte": LE, "gt": GT, "gte": GE, "prefix": Prefix, "in": In}

var sqlOps = map[Op]string{EQ: "=", NE: "<>", LT: "<", LE: "<=", GT: ">", GE: ">="}

// parameter is the query parameter that says the filter's column and comparison.
func (f Filter) parameter() string {
	for name, op := range opParameters {
		if op == f.Op && op != EQ {
			return f.Column + "[" + name + "]"
		}
	}
	return f.Column
}

// ParseFilters reads the query parameters of a data call: column=value, and column[op]=value with op one of eq, ne, lt,
// lte, gt, gte, prefix and in, which takes values parted by commas. The reserved first and after are left to ParsePaging
// (a column of such a name is filtered as first[eq]).
//
// It is refused, all of it at once and each with its parameter as field, with FILTER_COLUMN_UNKNOWN (what is no column is
// no parameter), FILTER_NOT_ALLOWED (the column is not filterable), FILTER_OP_INVALID, FILTER_VALUE_INVALID (not of the
// column's type, empty, or given twice) and FILTERS_TOO_MANY. The filters come in the order of their parameters' names.
func ParseFilters(query url.Values, columns []dictionary.Column) ([]Filter, error) {
	var filters []Filter
	var wrong fault.List
	for _, parameter := range slices.Sorted(maps.Keys(query)) {
		if parameter == "first" || parameter == "after" {
			continue
		}
		if len(filters)+len(wrong) == MaxFilters {
			return nil, tooManyFilters()
		}
		f := Filter{Column: parameter, Op: EQ, Values: query[parameter]}
		if name, rest, ok := strings.Cut(parameter, "["); ok {
			f.Column, f.Op = name, opParameters[strings.TrimSuffix(rest, "]")]
			if !strings.HasSuffix(rest, "]") {
				f.Op = ""
			}
		}
		if f.Op == In && len(f.Values) == 1 {
			f.Values = strings.Split(f.Values[0], ",")
		} else if len(f.Values) != 1 {
			f.Values = nil
		}
		if _, err := f.compile(columns); err != nil {
			wrong = append(wrong, err.At(parameter))
			continue
		}
		filters = append(filters, f)
	}
	if wrong != nil {
		return nil, wrong
	}
	return filters, nil
}

func tooManyFilters() *fault.Error {
	return fault.New(fault.Invalid, "FILTERS_TOO_MANY", "A data call has at most %d filters.", MaxFilters).With("max", MaxFilters)
}

// condition is a filter in SQL: expression is put after the column's name.
type condition struct {
	column     dictionary.Column
	expression func(sqlName string) string
	args       []any
}

// compile checks the filter against the dictionary and types its values.
func (f Filter) compile(columns []dictionary.Column) (condition, *fault.Error) {
	at := slices.IndexFunc(columns, func(c dictionary.Column) bool { return c.Name == f.Column })
	if at < 0 {
		return condition{}, f.refuse("FILTER_COLUMN_UNKNOWN", "There is no such column or parameter.")
	}
	c := columns[at]
	if !c.Filterable {
		return condition{}, f.refuse("FILTER_NOT_ALLOWED", "The column %s cannot be filtered.", c.Name)
	}
	if !f.Op.fits(c.Type) {
		return condition{}, f.refuse("FILTER_OP_INVALID", "The column %s cannot be compared so.", c.Name)
	}
	if len(f.Values) == 0 || f.Op != In && len(f.Values) > 1 || len(f.Values) > MaxInValues {
		return condition{}, f.refuse("FILTER_VALUE_INVALID", "A filter has one value, in at most %d.", MaxInValues).With("max", MaxInValues)
	}
	args := make([]any, len(f.Values))
	for i, v := range f.Values {
		value, code := store(c.Type, v)
		if v == "" || code != "" || !utf8.ValidString(v) {
			return condition{}, f.refuse("FILTER_VALUE_INVALID", "The value is not of the type %s.", c.Type).With("type", string(c.Type))
		}
		args[i] = value
	}
	switch f.Op {
	case In:
		places := strings.Repeat(",?", len(args))[1:]
		return condition{c, func(name string) string { return name + " IN (" + places + ")" }, args}, nil
	case Prefix:
		from := args[0].(string)
		// In UTF-8 no last byte is 0xFF: the text with the next byte in its place is the first one past the prefix.
		to := from[:len(from)-1] + string([]byte{from[len(from)-1] + 1})
		return condition{c, func(name string) string { return name + " >= ? AND " + name + " < ?" }, []any{from, to}}, nil
	}
	return condition{c, func(name string) string { return name + " " + sqlOps[f.Op] + " ?" }, args}, nil
}

// refuse names the filter's own parameter.
func (f Filter) refuse(code, format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, format, args...).At(f.parameter())
}

// fits reports whether a column of type t can be compared so.
func (op Op) fits(t dictionary.Type) bool {
	switch op {
	case EQ, NE:
		return true
	case LT, LE, GT, GE, In:
		return t != dictionary.Boolean
	case Prefix:
		return t == dictionary.Text
	}
	return false
}

// ParsePaging reads the reserved parameters: first, 1 to MaxFirst and DefaultFirst when absent, and after, the cursor of
// the page before, 0 when absent. It is refused with FIRST_INVALID and CURSOR_INVALID.
func ParsePaging(query url.Values) (first int, after int64, err error) {
	var wrong fault.List
	first = DefaultFirst
	if v, given := query["first"]; given {
		if first, err = strconv.Atoi(strings.Join(v, ",")); err != nil || first < 1 || first > MaxFirst {
			wrong = append(wrong, firstInvalid())
		}
	}
	if v, given := query["after"]; given {
		cursor := strings.Join(v, ",")
		if after, err = strconv.ParseInt(strings.TrimPrefix(cursor, cursorMark), 36, 64); err != nil || after < 0 || FormatCursor(after) != cursor {
			wrong = append(wrong, cursorInvalid())
		}
	}
	if wrong != nil {
		return 0, 0, wrong
	}
	return first, after, nil
}

const cursorMark = "r"

// FormatCursor is the cursor of a page as clients see it. It is opaque to them.
func FormatCursor(after int64) string { return cursorMark + strconv.FormatInt(after, 36) }

func firstInvalid() *fault.Error {
	return fault.New(fault.Invalid, "FIRST_INVALID", "A page has 1 to %d rows.", MaxFirst).At("first").With("max", MaxFirst)
}

func cursorInvalid() *fault.Error {
	return fault.New(fault.Invalid, "CURSOR_INVALID", "This cursor is not one of ours.").At("after")
}
