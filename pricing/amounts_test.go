package pricing

import (
	"math"
	"math/big"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"gongshu/internal/fault"
)

func TestParseYuan(t *testing.T) {
	for _, row := range []struct {
		sentence, text string
		want           Fen
		code           string
	}{
		{"whole yuan are read", "12", 1200, ""},
		{"one decimal is tens of fen", "12.3", 1230, ""},
		{"two decimals are fen", "12.30", 1230, ""},
		{"a minus makes it negative", "-0.05", -5, ""},
		{"nothing is nothing", "0.00", 0, ""},
		{"minus nothing is nothing", "-0", 0, ""},
		{"the greatest amount is read", "92233720368547758.07", math.MaxInt64, ""},
		{"the least amount is read", "-92233720368547758.08", math.MinInt64, ""},
		{"a fen more is too large", "92233720368547758.08", 0, "MONEY_OVERFLOW"},
		{"a fen less is too large", "-92233720368547758.09", 0, "MONEY_OVERFLOW"},
		{"twenty digits are too large", "99999999999999999999", 0, "MONEY_OVERFLOW"},
		{"a third decimal is not rounded", "1.005", 0, "MONEY_INVALID"},
		{"a third decimal of 0 is not cut", "1.000", 0, "MONEY_INVALID"},
		{"an exponent is not read", "1e3", 0, "MONEY_INVALID"},
		{"a plus is not read", "+1", 0, "MONEY_INVALID"},
		{"two minuses are not read", "--1", 0, "MONEY_INVALID"},
		{"a space is not read", " 1", 0, "MONEY_INVALID"},
		{"a comma is not read", "1,000", 0, "MONEY_INVALID"},
		{"leading zeros are not read", "007", 0, "MONEY_INVALID"},
		{"a bare point is not read", ".", 0, "MONEY_INVALID"},
		{"yuan are needed before the point", ".5", 0, "MONEY_INVALID"},
		{"fen are needed after the point", "5.", 0, "MONEY_INVALID"},
		{"a second point is not read", "1.2.", 0, "MONEY_INVALID"},
		{"wide digits are not read", "１２", 0, "MONEY_INVALID"},
		{"nothing at all is not read", "", 0, "MONEY_INVALID"},
		{"a lone minus is not read", "-", 0, "MONEY_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got, err := ParseYuan(row.text)
			wantCode(t, err, row.code)
			if got != row.want {
				t.Errorf("got %d, want %d", got, row.want)
			}
		})
	}
}

func TestFenIsWrittenInYuan(t *testing.T) {
	for fen, want := range map[Fen]string{
		1230: "12.30", -5: "-0.05", 0: "0.00", 7: "0.07", -100: "-1.00",
		math.MaxInt64: "92233720368547758.07", math.MinInt64: "-92233720368547758.08",
	} {
		if got := fen.String(); got != want {
			t.Errorf("%d fen: got %s, want %s", int64(fen), got, want)
		}
		if got := fen.Yuan().String(); got != want {
			t.Errorf("%d fen in yuan: got %s, want %s", int64(fen), got, want)
		}
	}
}

func TestEveryAmountIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Fen(rapid.Int64().Draw(t, "fen"))
		if got, err := ParseYuan(want.String()); err != nil || got != want {
			t.Fatalf("%s was read as %d, %v", want, got, err)
		}
		if got, ok := ParseDecimal(want.String()); !ok || got != want.Yuan() {
			t.Fatalf("%s was read as %s, %v", want, got, ok)
		}
	})
}

func TestAddIsExactOrRefused(t *testing.T) {
	for _, row := range []struct {
		sentence string
		a, b     Fen
		want     Fen
		code     string
	}{
		{"amounts add up", 1, 2, 3, ""},
		{"a negative amount takes away", 1, -2, -1, ""},
		{"the greatest amount can be reached", math.MaxInt64 - 1, 1, math.MaxInt64, ""},
		{"the greatest amount cannot be passed", math.MaxInt64, 1, 0, "MONEY_OVERFLOW"},
		{"the least amount cannot be passed", math.MinInt64, -1, 0, "MONEY_OVERFLOW"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			got, err := row.a.Add(row.b)
			wantCode(t, err, row.code)
			if got != row.want {
				t.Errorf("got %d, want %d", got, row.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		exact := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		got, err := Fen(a).Add(Fen(b))
		if (err == nil) != exact.IsInt64() || err == nil && int64(got) != exact.Int64() {
			t.Fatalf("%d + %d: got %d, %v", a, b, got, err)
		}
	})
}

func FuzzParseYuan(f *testing.F) {
	for _, text := range []string{"12.30", "-0.05", "0", "1e3", "92233720368547758.08", "١", "00", "1.2.3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fen, err := ParseYuan(text)
		if err != nil {
			if code := fault.CodeOf(err); code != "MONEY_INVALID" && code != "MONEY_OVERFLOW" {
				t.Fatalf("%q gave %v", text, err)
			}
			return
		}
		exact, ok := new(big.Rat).SetString(text)
		if !ok || exact.Mul(exact, big.NewRat(100, 1)).Cmp(big.NewRat(int64(fen), 1)) != 0 {
			t.Fatalf("%q was read as %s", text, fen)
		}
	})
}

// halfUp rounds to an integer, halves away from zero: the oracle that shares no code with the rules.
func halfUp(r *big.Rat) *big.Int {
	twice := new(big.Int).Mul(new(big.Int).Abs(r.Num()), big.NewInt(2))
	twice.Add(twice, r.Denom())
	rounded := twice.Quo(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if r.Sign() < 0 {
		rounded.Neg(rounded)
	}
	return rounded
}

// product is rate·quantity in fen, rounded half-up, as the oracle sees it.
func product(rate decimal.Decimal, quantity int64) *big.Int {
	exact, _ := new(big.Rat).SetString(rate.String())
	return halfUp(exact.Mul(exact, new(big.Rat).SetInt(new(big.Int).Mul(big.NewInt(quantity), big.NewInt(100)))))
}

// wantCode fails unless err is nil and code "", or err is a fault with that code.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	switch {
	case code == "" && err != nil:
		t.Fatalf("refused: %v", err)
	case code != "" && (err == nil || fault.CodeOf(err) != code):
		t.Fatalf("got %v, want %s", err, code)
	}
}

func TestADecimalIsReadExactlyOrNotAtAll(t *testing.T) {
	for text, want := range map[string]string{
		"12.30": "12.30", "-0.5": "-0.5", "7": "7", "0": "0", "0.0000000000000000001": "0.0000000000000000001",
		"9999999999999999999": "9999999999999999999", "-0.0": "0.0",
		".00000000000000000007": "", "12345678901234567890": "", "1.2345678901234567890": "", "1e3": "", "1E-3": "", "": "", ".": "", "1_0": "", "--1": "", "1.2.3": "",
		"+1": "", "00": "", "0001.5": "", ".5": "", "-.5": "", "5.": "", "-": "", " 1": "", "1\n": "",
	} {
		if d, ok := ParseDecimal(text); ok != (want != "") || ok && d.String() != want {
			t.Errorf("%q is read as %s, %v, want %q", text, d, ok, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for fen, want := range map[Fen]string{0: "0.00", 5: "0.05", 999_99: "999.99", 1000_00: "1,000.00", 98000_00: "98,000.00", 1234567_89: "1,234,567.89", -999_00: "-999.00", -1000_00: "-1,000.00"} {
		if got := fen.Grouped(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
