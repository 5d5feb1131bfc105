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

// Change is by how many percent an amount is above one before it, one decimal, rounded half away from zero; none where there was nothing.
func Change(before, after Fen) *decimal.Decimal {
	if before <= 0 {
		return nil
	}
	size := after - before
	if size < 0 {
		size = -size
	}
	tenths, fits := multiplyDivide(uint64(size), 1000, uint64(before))
	if !fits || tenths > 1e17 {
		return nil // no percentage that says anything
	}
	change := decimal.MustNew(int64(tenths), 1)
	if after < before {
		change = change.Neg()
	}
	return &change
}
