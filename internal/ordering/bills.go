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
	// RatedFen is what it comes to now, BilledFen what earlier bills asked for it; AmountFen is the difference.
	RatedFen  pricing.Fen `json:"ratedFen"`
	BilledFen pricing.Fen `json:"billedFen"`
	AmountFen pricing.Fen `json:"amountFen"`
}

// Bill is what a month's uses under a metered order cost, with the corrections of earlier months.
type Bill struct {
	Month       string
	Lines       []pricing.Line
	Adjustments []Adjustment
	// RatedFen is the sum of the lines, BroughtFen the credit that the bill before could not give, 0 or below.
	RatedFen, BroughtFen pricing.Fen
	// CarriedFen is the credit that this one cannot give, 0 or below. TotalFen = NetFen + VATFen is what is to be paid.
	CarriedFen, NetFen, VATFen, TotalFen pricing.Fen
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

// BilledFor is what bills asked for a month, adjustments on later ones among them.
func BilledFor(bills []Bill, month string) (billed pricing.Fen) {
	for _, b := range bills {
		if b.Month == month {
			billed += b.RatedFen
		}
		for _, a := range b.Adjustments {
			if a.Month == month {
				billed += a.AmountFen
			}
		}
	}
	return billed
}

// PayBill decides whether a bill may be paid: only one that is ISSUED, otherwise BILL_NOT_PAYABLE (param status).
func PayBill(status BillStatus) error {
	if status != BillIssued {
		return fault.New(fault.Conflict, "BILL_NOT_PAYABLE", "This bill is already %s.", status).With("status", string(status))
	}
	return nil
}
