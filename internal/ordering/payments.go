package ordering

import (
	"slices"
	"time"
)

// PaymentState is the life of one attempt to pay.
type PaymentState string

// PREPARED is stored before the provider is asked, so that a kill at any point leaves something to ask about. PENDING waits for
// the buyer or the provider. UNKNOWN was asked for without an answer, and RECONCILING is being asked about: neither is ever taken for
// paid or unpaid. SUCCEEDED and FAILED are final; an EXPIRED one took nothing, and becomes SUCCEEDED where its money comes late.
const (
	PaymentPrepared    PaymentState = "PREPARED"
	PaymentPending     PaymentState = "PENDING"
	PaymentUnknown     PaymentState = "UNKNOWN"
	PaymentReconciling PaymentState = "RECONCILING"
	PaymentSucceeded   PaymentState = "SUCCEEDED"
	PaymentFailed      PaymentState = "FAILED"
	PaymentExpired     PaymentState = "EXPIRED"
)

// Values lists the stored forms.
func (PaymentState) Values() []string {
	return []string{"PREPARED", "PENDING", "UNKNOWN", "RECONCILING", "SUCCEEDED", "FAILED", "EXPIRED"}
}

var nextPayment = map[PaymentState][]PaymentState{
	PaymentPrepared:    {PaymentPending, PaymentUnknown, PaymentReconciling, PaymentSucceeded, PaymentFailed, PaymentExpired},
	PaymentPending:     {PaymentReconciling, PaymentSucceeded, PaymentFailed, PaymentExpired},
	PaymentUnknown:     {PaymentPending, PaymentReconciling, PaymentSucceeded, PaymentFailed, PaymentExpired},
	PaymentReconciling: {PaymentPending, PaymentSucceeded, PaymentFailed, PaymentExpired},
	PaymentExpired:     {PaymentSucceeded},
}

// OpenPaymentStates are those in which money may still come by itself: an order with a payment in one of them is not paid otherwise.
var OpenPaymentStates = []PaymentState{PaymentPrepared, PaymentPending, PaymentUnknown, PaymentReconciling}

// CanBecome reports whether an attempt to pay may move from s to t.
func (s PaymentState) CanBecome(t PaymentState) bool { return slices.Contains(nextPayment[s], t) }

// Open reports whether money may still come by itself.
func (s PaymentState) Open() bool { return slices.Contains(OpenPaymentStates, s) }

// PaymentNext is what a buyer is to do so that a payment succeeds. At most one of URL and Transfer is set.
type PaymentNext struct {
	// URL is a page of the provider.
	URL string `json:"url,omitempty"`
	// Transfer is what a bank is to be told.
	Transfer *Transfer `json:"transfer,omitempty"`
	// Until is when it can be done no more; zero where that is not known.
	Until time.Time `json:"until,omitzero"`
}

// IsZero reports whether there is nothing to do.
func (n PaymentNext) IsZero() bool { return n.URL == "" && n.Transfer == nil }

// Same reports whether two say the same.
func (n PaymentNext) Same(other PaymentNext) bool {
	return n.URL == other.URL && n.Until.Equal(other.Until) && (n.Transfer == nil) == (other.Transfer == nil) && (n.Transfer == nil || *n.Transfer == *other.Transfer)
}

// Transfer says where money is to be transferred, and what is to be written as its remark (对公转账).
type Transfer struct {
	Payee   string `json:"payee"`
	Bank    string `json:"bank"`
	Account string `json:"account"`
	// Code is the remittance code, as RemittanceCode gives it.
	Code string `json:"code"`
}
