package pricing

// StatementLine is what a contributor earned with one product in a month.
type StatementLine struct {
	// Product is an opaque identifier.
	Product string `json:"product"`
	// EarnedFen came in with payments of the month, ReversedFen went back with refunds of it.
	EarnedFen   Fen `json:"earnedFen"`
	ReversedFen Fen `json:"reversedFen"`
}

// PayoutLine pays one contributor.
type PayoutLine struct {
	// Contributor is an opaque identifier.
	Contributor string `json:"contributor"`
	// Payee is into whose account it is paid: the contributor's own or the treasury's.
	Payee     AccountKind     `json:"payee"`
	AmountFen Fen             `json:"amountFen"`
	State     PayoutLineState `json:"state"`
	// Reference is the bank's, of a confirmed line.
	Reference string `json:"reference,omitempty"`
}
