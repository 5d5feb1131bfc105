package pricing

import (
	"math/big"
	"slices"

	"github.com/govalues/decimal"
)

// Percentages says what part of their sum each amount is, in percent with one decimal. Each is cut to a tenth and the tenths
// left over go one each to the largest remainders, among equals to the first, so that together they are 100.0; of a sum
// of 0 all are 0.0. An amount below 0 counts as 0.
func Percentages(amounts []Fen) []decimal.Decimal {
	out, order := make([]decimal.Decimal, len(amounts)), make([]int, len(amounts))
	tenths, remainders := make([]int64, len(amounts)), make([]big.Int, len(amounts))
	var total big.Int // no int64 holds the sum of all amounts that there may be
	for i, a := range amounts {
		total.Add(&total, big.NewInt(int64(max(a, 0))))
		order[i] = i
	}
	if total.Sign() > 0 {
		left := int64(1000)
		for i, a := range amounts {
			product := big.NewInt(int64(max(a, 0)))
			whole, _ := product.Mul(product, big.NewInt(1000)).QuoRem(product, &total, &remainders[i])
			tenths[i] = whole.Int64() // an amount is at most the total, so this is at most 1000
			left -= tenths[i]
		}
		slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(&remainders[a]) })
		for _, i := range order[:left] {
			tenths[i]++
		}
	}
	for i, n := range tenths {
		out[i] = decimal.MustNew(n, 1)
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
