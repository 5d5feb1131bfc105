package ordering

import "gongshu/pricing"

// Adjustment corrects an earlier month on a later bill: uses of that month arrived late, or were taken back.
type Adjustment struct {
	// Month is the one that was rated again, as 2026-11.
	Month string `json:"month"`
	// RatedFen is what it comes to now, BilledFen what earlier bills asked for it; AmountFen is the difference.
	RatedFen  pricing.Fen `json:"ratedFen"`
	BilledFen pricing.Fen `json:"billedFen"`
	AmountFen pricing.Fen `json:"amountFen"`
}
