package ordering

// DiscrepancyKind is what a discrepancy is of.
type DiscrepancyKind string

// BOOKS is of what a reconciliation found; the others are what a provider told that the market cannot follow.
const (
	DiscrepancyBooks   DiscrepancyKind = "BOOKS"
	DiscrepancyMoney   DiscrepancyKind = "OTHER_MONEY"
	DiscrepancyTaken   DiscrepancyKind = "TAKEN_FOR_NOTHING"
	DiscrepancyRefund  DiscrepancyKind = "REFUND_DIFFERS"
	DiscrepancyLost    DiscrepancyKind = "DISPUTE_TOOK_MORE"
	DiscrepancyTurned  DiscrepancyKind = "DISPUTE_TURNED"
	DiscrepancyReverse DiscrepancyKind = "PAYOUT_TAKEN_BACK"
)

// Values lists the forms.
func (DiscrepancyKind) Values() []string {
	return []string{"BOOKS", "OTHER_MONEY", "TAKEN_FOR_NOTHING", "REFUND_DIFFERS", "DISPUTE_TOOK_MORE", "DISPUTE_TURNED", "PAYOUT_TAKEN_BACK"}
}
