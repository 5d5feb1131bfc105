package pricing

import (
	"fmt"
	"math"
	"math/bits"
	"regexp"
	"strings"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
)

// Fen is an amount of money in hundredths of a yuan; it may be negative. In JSON and in tables it is the integer.
type Fen int64

// String returns the exact amount in yuan with two decimals: 12.30, -0.05.
func (f Fen) String() string {
	sign, size := "", uint64(f)
	if f < 0 {
		sign, size = "-", -size
	}
	return fmt.Sprintf("%s%d.%02d", sign, size/100, size%100)
}

// Grouped is the amount as people read it: 98,000.00.
func (f Fen) Grouped() string {
	text := f.String()
	first := 0
	if f < 0 {
		first = 1
	}
	for at := len(text) - len(".00") - 3; at > first; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// Yuan returns the exact amount in yuan, with two decimals.
func (f Fen) Yuan() decimal.Decimal { return decimal.MustNew(int64(f), 2) }

// Add returns f + g, and MONEY_OVERFLOW when the sum is no int64.
func (f Fen) Add(g Fen) (Fen, error) {
	sum := f + g
	if (g > 0 && sum < f) || (g < 0 && sum > f) {
		return 0, overflow()
	}
	return sum, nil
}

// ParseYuan reads an amount in yuan: an optional minus, digits without leading zeros, and at most two decimals.
// Nothing is rounded or guessed: every other text is MONEY_INVALID, every amount that is no int64 of fen MONEY_OVERFLOW.
func ParseYuan(text string) (Fen, error) {
	rest, negative := strings.CutPrefix(text, "-")
	whole, fraction, point := strings.Cut(rest, ".")
	switch {
	case whole == "" || point && fraction == "":
		return 0, malformed("digits are missing")
	case len(whole) > 1 && whole[0] == '0':
		return 0, malformed("it starts with a zero")
	case len(fraction) > 2:
		return 0, malformed("it has more than two decimals")
	}
	var size uint64
	for _, c := range []byte(whole + (fraction + "00")[:2]) {
		if c < '0' || c > '9' {
			return 0, malformed("it has something other than digits")
		}
		if size > math.MaxInt64/10 {
			return 0, overflow()
		}
		size = size*10 + uint64(c-'0')
	}
	return signed(negative, size)
}

func signed(negative bool, size uint64) (Fen, error) {
	switch {
	case negative && size <= -math.MinInt64:
		return Fen(-size), nil
	case size <= math.MaxInt64 && !negative:
		return Fen(size), nil
	}
	return 0, overflow()
}

func malformed(reason string) *fault.Error {
	return fault.New(fault.Invalid, "MONEY_INVALID", "This is no amount in yuan: %s.", reason).With("reason", reason)
}

func overflow() *fault.Error {
	return fault.New(fault.Invalid, "MONEY_OVERFLOW", "The amount is too large.")
}

// microPerFen is the number of millionths of a yuan in a fen.
const microPerFen = 10_000

// micro returns a rate in millionths of a yuan, exactly. The rate has passed rateFaults.
func micro(rate decimal.Decimal) uint64 { return scaled(rate, MaxRateDecimals) }

// scaled returns a decimal that is not negative times 10^decimals; it has no more decimals than that.
func scaled(d decimal.Decimal, decimals int) uint64 {
	size := d.Coef()
	for scale := d.Scale(); scale < decimals; scale++ {
		size *= 10
	}
	return size
}

// times returns the fen that units cost at a rate in millionths of a yuan, rounded half-up once.
// What exceeds int64 is its greatest value: no total of a valid tariff is that large, and as a limit it binds nobody.
func times(rate uint64, units int64) Fen {
	fen, fits := multiplyDivide(rate, uint64(units), microPerFen)
	if !fits || fen > math.MaxInt64 {
		return math.MaxInt64
	}
	return Fen(fen)
}

// multiplyDivide returns a·b/divisor rounded half-up, and false when it is no uint64.
func multiplyDivide(a, b, divisor uint64) (uint64, bool) {
	high, low := bits.Mul64(a, b)
	low, carry := bits.Add64(low, divisor/2, 0)
	high += carry // the product is at most (2^64-1)^2, so its upper half has room for one more
	if high >= divisor {
		return 0, false
	}
	quotient, _ := bits.Div64(high, low, divisor)
	return quotient, true
}

// maxDigits is how many digits a decimal holds, before and after its point together.
const maxDigits = 19

// decimalForm is a number as it is written: digits without leading zeros, and digits after a point where there is one.
var decimalForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// ParseDecimal reads a decimal that is written out, as "12.30" or "-0.5", exactly; ok is false for anything else: an exponent, a plus, leading
// zeros, a point without digits on both sides, or more digits than a decimal holds, which decimal.Parse would round.
func ParseDecimal(text string) (d decimal.Decimal, ok bool) {
	if len(text) > 2*maxDigits || !decimalForm.MatchString(text) {
		return decimal.Decimal{}, false
	}
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if len(fraction) > maxDigits || len(strings.TrimLeft(whole+fraction, "0")) > maxDigits {
		return decimal.Decimal{}, false
	}
	d, err := decimal.Parse(text)
	return d, err == nil
}
