package pricing

import "sort"

// Bought is what an order paid for at once, before it was used: a part of it may go back.
type Bought struct {
	// Tariff and Class are those of the order, and Lines those that it was charged.
	Tariff Tariff
	Class  UserClass
	Lines  []Line
	// Quantity is in the tariff's unit: calls, megabytes, items for a period, periods, 1 of a product; of a package at least its allowance.
	Quantity int64
	// Parts is into how many equal parts a unit is divided, as a year into its months; 1 where into none.
	Parts    int64
	TotalFen Fen
}

// all is how many parts were bought.
func (b *Bought) all() int64 { return b.Quantity * b.Parts }

// Price is what so many parts of what was bought cost when they are bought alone: by the order's tariff, with the discount that the
// order was given in proportion, rounded half-up once. Of a unit that is not complete it is the proportion between the price without and
// with it. Nothing costs nothing, and all of it what was paid; less may cost more than that, where much is cheaper.
func (b *Bought) Price(parts int64) Fen {
	switch {
	case parts <= 0:
		return 0
	case parts >= b.all():
		return b.TotalFen
	}
	whole, begun := parts/b.Parts, parts%b.Parts
	price := b.discounted(b.charge(whole))
	if begun == 0 {
		return price
	}
	more := b.TotalFen
	if whole+1 < b.Quantity {
		more = b.discounted(b.charge(whole + 1))
	}
	n := Fen(b.Parts)
	return (price*(n-Fen(begun)) + more*Fen(begun) + n/2) / n // terms are at most 100 years, so that this is far from overflowing
}

// charge is what units of the tariff come to before the discount.
func (b *Bought) charge(units int64) Fen {
	if units == 0 {
		return 0
	}
	var counts counts
	counts[b.schedule()].charged = units
	_, total := b.Tariff.charge(&counts, nil)
	return total
}

func (b *Bought) schedule() int { return b.Tariff.scheduleFor(b.Class, Online) }

// discounted takes the order's discount off, in the proportion that it had there.
func (b *Bought) discounted(total Fen) Fen {
	var gross, off Fen
	for _, line := range b.Lines {
		if line.Rule == LineDiscount {
			off -= line.AmountFen
		} else {
			gross += line.AmountFen
		}
	}
	if off <= 0 {
		return total
	}
	part, _ := multiplyDivide(uint64(total), uint64(off), uint64(gross)) // off is at most gross
	return total - Fen(part)
}

// Unused is what may go back of the amount that is left of what was paid, after so many parts were used: all but their price, and never
// below 0.
func (b *Bought) Unused(left Fen, used int64) Fen {
	return max(0, min(left, left-b.Price(used)))
}

// PaysFor is how many parts of what was bought an amount pays for, at most all of them.
func (b *Bought) PaysFor(amount Fen) int64 {
	if amount >= b.TotalFen {
		return b.all()
	}
	if b.Parts > 1 {
		for parts := b.all() - 1; parts > 0; parts-- {
			if b.Price(parts) <= amount {
				return parts
			}
		}
		return 0
	}
	// Between two changes of the tariff's band totals only grow; across them they need not.
	pieces := b.Tariff.pieces(b.schedule(), b.Quantity)
	for i := len(pieces) - 1; i >= 0; i-- {
		p := pieces[i]
		fits := func(units int64) bool { return b.discounted(p.total(units)) <= amount }
		if to := min(p.to, b.Quantity-1); to >= p.from && fits(p.from) {
			return p.from + int64(sort.Search(int(to-p.from), func(i int) bool { return !fits(p.from + int64(i) + 1) }))
		}
	}
	return 0
}
