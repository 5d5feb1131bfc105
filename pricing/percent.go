package pricing

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/govalues/decimal"
)

// Percentages says what part of their sum each amount is, in percent with one decimal. Each is cut to a tenth and the tenths
// left over go one each to the largest remainders, among equals to the first, so that together they are 100.0; of a sum
// of 0 all are 0.0. An amount below 0 counts as 0.
func Percentages(amounts []Fen) []decimal.Decimal {
	out, tenths := make([]decimal.Decimal, len(amounts)), make([]uint64, len(amounts))
	remainders, order := make([]uint64, len(amounts)), make([]int, len(amounts))
	var total uint64
	for i, a := range amounts {
		total += uint64(max(a, 0))
		order[i] = i
	}
	if total > 0 {
		left := uint64(1000)
		for i, a := range amounts {
			high, low := bits.Mul64(uint64(max(a, 0)), 1000)
			tenths[i], remainders[i] = bits.Div64(high, low, total) // an amount is at most the total, so this is at most 1000
			left -= tenths[i]
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
		for _, i := range order[:left] {
			tenths[i]++
		}
	}
	for i, n := range tenths {
		out[i] = decimal.MustNew(int64(n), 1)
	}
	return out
}

// PercentOf is a part in percent of a whole, one decimal, rounded half-up; none of a whole of 0. Neither is below 0.
func PercentOf(part, whole int64) *decimal.Decimal {
	if part < 0 || whole <= 0 {
		return nil
	}
	tenths, fits := multiplyDivide(uint64(part), 1000, uint64(whole))
	if !fits || tenths > 1e17 {
		return nil // no percentage that says anything
	}
	percent := decimal.MustNew(int64(tenths), 1)
	return &percent
}

// Change is by how many percent an amount is above one before it, one decimal, rounded half away from zero; none where there was nothing.
func Change(before, after Fen) *decimal.Decimal {
	if before <= 0 {
		return nil
	}
	size := after - before
	if size < 0 {
		size = -size
	}
	change := PercentOf(int64(size), int64(before))
	if change == nil {
		return nil
	}
	if after < before {
		fallen := change.Neg()
		return &fallen
	}
	return change
}
