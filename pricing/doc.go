// Package pricing owns the rules of money: amounts, tariffs, price caps, quotes and the sharing of revenue (P65, CITY 11.2 and 11.3).
//
// It leaves to others: which plan, cap and VAT rate are in force on a day (dated rows, handed in as values), who may
// set or approve them, what an order does with its quota (package ordering), payment and postings.
//
// It promises: money is int64 fen and rates are exact decimal yuan; nothing is computed in floating point; a line is
// rounded half-up once and a total is the sum of its lines; a split gives out every fen; the same values always give the
// same answer; and no input panics or overflows — what cannot be answered exactly is refused with a fault.
//
// A way of charging is one small type, a model: it writes the lines of a quantity and describes its totals as pieces of
// straight line. Quotes and the cap check know no more of it than that, so a further model touches neither.
package pricing
