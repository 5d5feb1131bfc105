// Package scalar owns how values look on the GraphQL edge: exact decimals and whole numbers, days, moments and money.
// Amounts are exact text outside and integers inside, never floats.
package scalar

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/govalues/decimal"

	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/pricing"
)

// Money is an amount in a currency.
type Money struct {
	Amount   decimal.Decimal
	Currency CurrencyCode
}

// CurrencyCode is an ISO 4217 code.
type CurrencyCode string

// CNY is the renminbi.
const CNY CurrencyCode = "CNY"

// Yuan is an amount of fen as money.
func Yuan(f pricing.Fen) *Money { return &Money{Amount: f.Yuan(), Currency: CNY} }

// MarshalDecimal writes an exact decimal as text.
func MarshalDecimal(d decimal.Decimal) graphql.Marshaler { return graphql.MarshalString(d.String()) }

// UnmarshalDecimal reads exact text, nothing rounded; a JSON number is refused, since it may have been a float on its way.
func UnmarshalDecimal(v any) (decimal.Decimal, error) {
	text, ok := v.(string)
	if !ok {
		return decimal.Decimal{}, fault.New(fault.Invalid, "DECIMAL_INVALID", "A decimal is text such as \"12.30\".")
	}
	d, ok := pricing.ParseDecimal(text)
	if !ok {
		return decimal.Decimal{}, fault.New(fault.Invalid, "DECIMAL_INVALID", "A decimal is text such as \"12.30\".")
	}
	return d, nil
}

// MarshalLong writes a whole number.
func MarshalLong(n int64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { io.WriteString(w, strconv.FormatInt(n, 10)) }) //nolint:errcheck // the answer's buffer
}

// UnmarshalLong reads a whole number within 64 bits, as a number or as text.
func UnmarshalLong(v any) (int64, error) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = string(v)
	case string:
		text = v
	case int64:
		return v, nil
	case int:
		return int64(v), nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v), nil
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "NUMBER_INVALID", "This is not a whole number within 64 bits.")
	}
	return n, nil
}

// MarshalDateTime writes a moment in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.MarshalString(t.UTC().Format(time.RFC3339Nano))
}

// UnmarshalDateTime reads an RFC 3339 moment.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "DATETIME_INVALID", "A moment is text such as \"2026-01-31T08:00:00Z\".")
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// MarshalDate writes a civil day.
func MarshalDate(d authorisation.Day) graphql.Marshaler { return graphql.MarshalString(d.String()) }

// UnmarshalDate reads a civil day.
func UnmarshalDate(v any) (authorisation.Day, error) {
	text, _ := v.(string)
	d, err := authorisation.ParseDay(text)
	if err != nil {
		return authorisation.Day{}, fault.New(fault.Invalid, "DATE_INVALID", "A day is text such as \"2026-01-31\".")
	}
	return d, nil
}
