package dataset

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gongshu/internal/dictionary"
)

// MaxCellBytes bounds the text of one cell.
const MaxCellBytes = 10_000

// A value is stored so that SQLite's own order is the order of the type, without rounding:
//
//	TEXT      as it is, line breaks as \n      by code point
//	INTEGER   int64
//	DECIMAL   the text of decimalKey           exact; no REAL, no shadow column
//	DATE      2006-01-02
//	DATETIME  2006-01-02T15:04:05.999, UTC     without the Z, so that a fraction sorts after its second
//	BOOLEAN   0 or 1
//
// An empty cell is NULL.

// store returns what a cell of the type is stored as; a code when it cannot be.
func store(t dictionary.Type, cell string) (any, Code) {
	switch t {
	case dictionary.Integer:
		if n, ok := integer(cell); ok {
			return n, ""
		}
		return nil, CellNotInteger
	case dictionary.Decimal:
		if key, ok := decimalKey(cell); ok {
			return key, ""
		}
		return nil, CellNotDecimal
	case dictionary.Date:
		if _, err := time.Parse(time.DateOnly, cell); err != nil {
			return nil, CellNotDate
		}
		return cell, ""
	case dictionary.DateTime:
		if stored, ok := instant(cell); ok {
			return stored, ""
		}
		return nil, CellNotDateTime
	case dictionary.Boolean:
		switch cell {
		case "true", "TRUE":
			return int64(1), ""
		case "false", "FALSE":
			return int64(0), ""
		}
		return nil, CellNotBoolean
	default:
		if len(cell) > MaxCellBytes {
			return nil, CellTooLong
		}
		return lineBreaks.Replace(cell), ""
	}
}

// CSV readers turn \r\n inside a cell into \n, some of them also \r: only \n survives every round trip.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// integer reads a whole number. Leading zeros are refused: such a cell is an identifier, whose zeros would be lost.
func integer(s string) (int64, bool) {
	digits := strings.TrimPrefix(s, "-")
	if !allDigits(digits) || digits[0] == '0' && s != "0" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// instant reads an RFC 3339 time and returns it in UTC, without its Z.
func instant(s string) (string, bool) {
	_, fraction, _ := strings.Cut(s, ".")
	if len(fraction)-len(strings.TrimLeft(fraction, "0123456789")) > 9 {
		return "", false // time reads more than nine digits and drops them
	}
	var at time.Time
	if err := at.UnmarshalText([]byte(s)); err != nil { // stricter than time.Parse
		return "", false
	}
	at = at.UTC()
	if at.Year() < 0 || at.Year() > 9999 {
		return "", false
	}
	return at.Format("2006-01-02T15:04:05.999999999"), true
}

// maxDecimalDigits bounds each side of the point.
const maxDecimalDigits = 20

// decimalKey returns a text that sorts as the number does and is the same for every way of writing it: a sign, the count
// of digits before the point as a letter, the digits. Of negative numbers all of this is mirrored, and ends in ~, since
// there the longer fraction comes first. Trailing zeros are no part of a number: 12.50 is 12.5.
func decimalKey(s string) (string, bool) {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !allDigits(whole) || len(whole) > maxDecimalDigits || whole[0] == '0' && whole != "0" {
		return "", false
	}
	if point && (!allDigits(fraction) || len(fraction) > maxDecimalDigits) {
		return "", false
	}
	if whole == "0" {
		whole = ""
	}
	digits := whole + strings.TrimRight(fraction, "0")
	if digits == "" || s[0] != '-' {
		return "1" + string(rune('a'+len(whole))) + digits, true
	}
	return "0" + string(rune('z'-len(whole))) + mirror(digits) + "~", true
}

// decimalText is the number of a key, in its shortest form.
func decimalText(key string) string {
	sign, n, digits := "", int(key[1]-'a'), key[2:]
	if key[0] == '0' {
		sign, n, digits = "-", int('z'-key[1]), mirror(strings.TrimSuffix(digits, "~"))
	}
	whole, fraction := digits[:n], digits[n:]
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + whole + fraction
}

// mirror replaces each digit d by 9-d.
func mirror(digits string) string {
	m := []byte(digits)
	for i, d := range m {
		m[i] = '0' + '9' - d
	}
	return string(m)
}

func allDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// isFormula reports whether a spreadsheet would run the text. The full-width signs are what Excel in Chinese and Japanese
// takes for the plain ones.
func isFormula(s string) bool {
	s = strings.TrimLeftFunc(s, unicode.IsSpace) // spreadsheets trim before they look
	first, _ := utf8.DecodeRuneInString(s)
	if !strings.ContainsRune("=+-@＝＋－＠", first) {
		return false
	}
	whole, fraction, point := strings.Cut(strings.TrimLeft(s[:1], "+-")+s[1:], ".")
	return !allDigits(whole) || point && !allDigits(fraction)
}

// hasControl reports whether the text holds a control character other than the ends of its lines.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' })
}

// present returns the value that a data call shows: nil, string, int64 or bool. Decimals are exact text, as everywhere.
func present(t dictionary.Type, stored any) any {
	if stored == nil {
		return nil
	}
	switch t {
	case dictionary.Decimal:
		return decimalText(stored.(string))
	case dictionary.DateTime:
		return stored.(string) + "Z"
	case dictionary.Boolean:
		return stored.(int64) == 1
	}
	return stored
}

// text is what present returns as a CSV cell.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// AppendJSON appends a row of a page as a JSON object, its members in the order of the columns.
func AppendJSON(dst []byte, columns []dictionary.Column, row []any) []byte {
	dst = append(dst, '{')
	for i, c := range columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), c.Name...), `":`...) // a column name needs no escaping
		switch v := row[i].(type) {
		case string:
			quoted, _ := json.Marshal(v) // a string always can
			dst = append(dst, quoted...)
		case int64:
			dst = strconv.AppendInt(dst, v, 10)
		case bool:
			dst = strconv.AppendBool(dst, v)
		default:
			dst = append(dst, "null"...)
		}
	}
	return append(dst, '}')
}
