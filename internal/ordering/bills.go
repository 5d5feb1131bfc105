package ordering

import (
	"time"

	"gongshu/internal/fault"
	"gongshu/pricing"
)

// Adjustment corrects an earlier month on a later bill: uses of that month arrived late, or were taken back.
type Adjustment struct {
	// Month is the one that was rated again, as 2026-11.
	Month string `json:"month"`
	// RatedFen is what it comes to now, BilledFen what earlier bills asked for it, RefundedFen how much of the difference refunds of the
	// month's bill stand for; AmountFen = RatedFen - BilledFen + RefundedFen.
	RatedFen    pricing.Fen `json:"ratedFen"`
	BilledFen   pricing.Fen `json:"billedFen"`
	RefundedFen pricing.Fen `json:"refundedFen,omitempty"`
	AmountFen   pricing.Fen `json:"amountFen"`
}

// Adjust corrects a month that comes to something else than was asked for it. Refunded is what refunds of its bill gave back or were
// approved to: as far as they do not stand for an earlier correction they stand for this one, so that a refund and a credit never give
// the same money back; one that failed stands for nothing any more. What refunds gave beyond was a favour, and is not asked for again.
// False where nothing is to be corrected.
func Adjust(month string, rated pricing.Fen, before []Bill, refunded pricing.Fen) (Adjustment, bool) {
	billed, stood := billedFor(before, month)
	a := Adjustment{Month: month, RatedFen: rated, BilledFen: billed, RefundedFen: min(stood, refunded)}
	a.AmountFen = rated - billed + a.RefundedFen
	if more := min(-a.AmountFen, refunded-a.RefundedFen); more > 0 {
		a.RefundedFen, a.AmountFen = a.RefundedFen+more, a.AmountFen+more
	}
	return a, a.AmountFen != 0 || a.RefundedFen != stood
}

// Credited is what bills after a month's own gave or carry as a credit for it, 0 or above; what refunds return of it is theirs.
func Credited(bills []Bill, month string) (fen pricing.Fen) {
	for _, b := range bills {
		returned := b.ReturnedFen
		for _, a := range b.Adjustments {
			part := max(min(-a.AmountFen, returned), 0)
			returned -= part
			if a.Month == month {
				fen -= a.AmountFen + part
			}
		}
	}
	return max(fen, 0)
}

// Bill is what a month's uses under a metered order cost, with the corrections of earlier months.
type Bill struct {
	Month       string
	Lines       []pricing.Line
	Adjustments []Adjustment
	// RatedFen is the sum of the lines, BroughtFen the credit that the bill before could not give, 0 or below.
	RatedFen, BroughtFen pricing.Fen
	// CarriedFen is the credit that this one cannot give, 0 or below, without ReturnedFen, which refunds give back because no bill
	// follows. TotalFen = NetFen + VATFen is what is to be paid.
	CarriedFen, ReturnedFen, NetFen, VATFen, TotalFen pricing.Fen
	// HeardUntil is up to when the market heard of the uses on it.
	HeardUntil time.Time
}

// Balance is what a bill asks for: its lines, adjustments and the credit brought, never below 0; a credit that is larger is carried
// to the next.
func (b Bill) Balance() (total, carried pricing.Fen) {
	sum := b.RatedFen + b.BroughtFen
	for _, a := range b.Adjustments {
		sum += a.AmountFen
	}
	return max(sum, 0), min(sum, 0)
}

// billedFor is what bills asked for a month, adjustments on later ones among them, and for how much of that refunds stand by the last.
func billedFor(bills []Bill, month string) (billed, refunded pricing.Fen) {
	for _, b := range bills {
		if b.Month == month {
			billed += b.RatedFen
		}
		for _, a := range b.Adjustments {
			if a.Month == month {
				billed, refunded = billed+a.AmountFen, a.RefundedFen
			}
		}
	}
	return billed, refunded
}

// PayBill decides whether an amount may be paid of a bill of which so much is owed: not of one that is paid, and no more than that, otherwise
// BILL_NOT_PAYABLE (param owed).
func PayBill(owed, amount pricing.Fen) error {
	if owed == 0 || amount > owed {
		return fault.New(fault.Conflict, "BILL_NOT_PAYABLE", "Of this bill %s yuan are still to be paid.", owed).With("owed", owed.String())
	}
	return nil
}
