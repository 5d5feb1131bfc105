package pricing

import "time"

// StatementLine is what a contributor earned with one product in a month.
type StatementLine struct {
	// Product is an opaque identifier.
	Product string `json:"product"`
	// EarnedFen came in with payments of the month, ReversedFen went back with refunds of it.
	EarnedFen   Fen `json:"earnedFen"`
	ReversedFen Fen `json:"reversedFen"`
}

// PayeeAccount is a bank account: in whose name, at which bank, and its number.
type PayeeAccount struct {
	Name   string `json:"name"`
	Bank   string `json:"bank"`
	Number string `json:"number"`
	// Connected is its account at the provider of cards, empty where it has none.
	Connected string `json:"connected,omitempty"`
}

// PayoutLine pays one contributor.
type PayoutLine struct {
	// Contributor is an opaque identifier.
	Contributor string `json:"contributor"`
	// Payee is into whose account it is paid: the contributor's own or the treasury's.
	Payee     AccountKind     `json:"payee"`
	AmountFen Fen             `json:"amountFen"`
	State     PayoutLineState `json:"state"`
	// Account is into which bank account it goes, as it was stated when the batch was prepared: what a second person approves is what is
	// paid. Empty for the treasury's, and while its owner stated none.
	Account PayeeAccount `json:"account,omitzero"`
	// Provider is who moves the money into the connected account by itself; empty where a bank is told to.
	Provider string `json:"provider,omitempty"`
	// AccountChanged says that the last batch that paid its contributor paid into another account.
	AccountChanged bool `json:"accountChanged,omitempty"`
	// Reference is the bank's, of a confirmed line.
	Reference string `json:"reference,omitempty"`
	// DecidedAt is when the bank's word was recorded last, zero while it was not.
	DecidedAt time.Time `json:"decidedAt,omitzero"`
	// Reason is why a line that had failed was confirmed after all, else empty.
	Reason string `json:"reason,omitempty"`
}

// AccountMissing reports whether a line goes to its contributor's own account and none was stated: the bank cannot have paid it.
func (l PayoutLine) AccountMissing() bool {
	return l.Payee == AccountContributor && l.Account.Number == ""
}
