package scalar

import (
	"bytes"
	"encoding/json"
	"math/big"
	"testing"

	"gongshu/internal/fault"
)

// FuzzNumbers reads any text as a decimal, as a whole number, as a day and as a moment, as money and terms come in: what is
// taken is exactly what was written, and what is not is refused with the code of its kind.
func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"12.30", "-0", "1e3", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "٣", "0x1f", "1_000", "+1", ".5", "NaN", "Infinity",
		"0.0000000000000000001", "99999999999999999999", "2026-02-29", "2026-01-31T08:00:00.123456789+08:00", "2026-01-31T24:00:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := UnmarshalDecimal(text); refusedAs(t, text, err, "DECIMAL_INVALID") {
			exact, ok := new(big.Rat).SetString(text)
			if back, _ := new(big.Rat).SetString(d.String()); !ok || exact.Cmp(back) != 0 {
				t.Fatalf("%q was read as %s", text, d)
			}
		}
		if n, err := UnmarshalLong(json.Number(text)); refusedAs(t, text, err, "NUMBER_INVALID") {
			if exact, ok := new(big.Int).SetString(text, 10); !ok || exact.Cmp(big.NewInt(n)) != 0 {
				t.Fatalf("%q was read as %d", text, n)
			}
		}
		if day, err := UnmarshalDate(text); refusedAs(t, text, err, "DATE_INVALID") && day.String() != text {
			t.Fatalf("%q was read as %s", text, day)
		}
		if at, err := UnmarshalDateTime(text); refusedAs(t, text, err, "DATETIME_INVALID") {
			var written bytes.Buffer
			MarshalDateTime(at).MarshalGQL(&written)
			var again string
			if err := json.Unmarshal(written.Bytes(), &again); err != nil {
				t.Fatal(err)
			}
			if back, err := UnmarshalDateTime(again); err != nil || !back.Equal(at) {
				t.Fatalf("%q was read as %s, and that as %s, %v", text, at, back, err)
			}
		}
	})
}

// refusedAs fails unless an error is the refusal of its kind; it reports whether there is none.
func refusedAs(t *testing.T, text string, err error, code string) bool {
	t.Helper()
	if err != nil && fault.CodeOf(err) != code {
		t.Fatalf("%q is refused with %v, want %s", text, err, code)
	}
	return err == nil
}
