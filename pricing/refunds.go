package pricing

import (
	"math/bits"

	"gongshu/internal/fault"
)

// Reverse divides a refund among the postings of the payment that it gives back, VAT among them: what each of them gives back
// of itself when refunded is paid back after before was already.
//
// Every refund takes from each posting nothing or more, all refunds together never take more than the posting was, and once
// everything is refunded each has given back exactly what it was, over however many refunds. For this the parts of the first fen, of
// the first two, of the first three … must never fall, which the largest remainder does not promise and a divisor method does:
// the next fen comes from the posting with the most left per fen given, original/(given+1); among equals the one posted first (D'Hondt).
//
// Refused: AMOUNT_NEGATIVE, REFUND_EXCEEDS_PAYMENT (params paid, refunded), MONEY_OVERFLOW.
func Reverse(postings []Fen, before, refunded Fen) ([]Fen, error) {
	var total Fen
	var list fault.List
	for _, posted := range postings {
		list = append(list, notNegative(posted, "postings")...)
		sum, err := total.Add(posted)
		if err != nil {
			return nil, err
		}
		total = sum
	}
	list = append(append(list, notNegative(before, "before")...), notNegative(refunded, "amountFen")...)
	if err := list.OrNil(); err != nil {
		return nil, err
	}
	if before > total || refunded > total-before {
		return nil, fault.New(fault.Conflict, "REFUND_EXCEEDS_PAYMENT", "Of %s yuan paid, %s were refunded before.", total, before).
			With("paid", total.String()).With("refunded", before.String()).At("amountFen")
	}
	then, now := given(postings, total, before), given(postings, total, before+refunded)
	for i := range now {
		now[i] -= then[i]
	}
	return now, nil
}

// given is what each posting has given back once so much is refunded. No posting has given less than its proportion cut to
// whole fen, as D'Hondt's method never does; the fewer fen than postings that are left come one by one.
func given(postings []Fen, total, refunded Fen) []Fen {
	parts := make([]Fen, len(postings))
	left := refunded
	for i, posted := range postings {
		if total == 0 {
			break
		}
		high, low := bits.Mul64(uint64(posted), uint64(refunded))
		part, _ := bits.Div64(high, low, uint64(total)) // posted is at most total, so this is at most refunded
		parts[i] = Fen(part)
		left -= parts[i]
	}
	for ; left > 0; left-- {
		next := -1
		for i, posted := range postings {
			if parts[i] < posted && (next < 0 || morePerUnit(posted, int64(parts[i]+1), postings[next], int64(parts[next]+1))) {
				next = i
			}
		}
		parts[next]++
	}
	return parts
}
