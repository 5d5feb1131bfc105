package ordering

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"gongshu/pricing"
)

// TransferKind is what a transfer over the platform's bank account is for.
type TransferKind string

// A PAYMENT comes in. A REFUND goes back to a buyer, a PAYOUT to a contributor, and a RETURN to who transferred what nothing was due for.
const (
	TransferPayment TransferKind = "PAYMENT"
	TransferRefund  TransferKind = "REFUND"
	TransferPayout  TransferKind = "PAYOUT"
	TransferReturn  TransferKind = "RETURN"
)

// Values lists the stored forms.
func (TransferKind) Values() []string { return []string{"PAYMENT", "REFUND", "PAYOUT", "RETURN"} }

// TransferState is the life of an expected transfer.
type TransferState string

// EXPECTED → DONE | CANCELLED | FAILED. A CANCELLED payment may still be DONE: its buyer transferred late, all at once. FAILED is what the
// bank would not carry out; a payout may have been paid after all.
const (
	TransferExpected  TransferState = "EXPECTED"
	TransferDone      TransferState = "DONE"
	TransferCancelled TransferState = "CANCELLED"
	TransferFailed    TransferState = "FAILED"
)

// Values lists the stored forms.
func (TransferState) Values() []string { return []string{"EXPECTED", "DONE", "CANCELLED", "FAILED"} }

var nextTransfer = map[TransferState][]TransferState{
	TransferExpected:  {TransferDone, TransferCancelled, TransferFailed},
	TransferCancelled: {TransferDone},
	TransferFailed:    {TransferDone},
}

// CanBecome reports whether a transfer may move from s to t.
func (s TransferState) CanBecome(t TransferState) bool { return slices.Contains(nextTransfer[s], t) }

// Allows lists what a person may propose for a transfer: of a payment only where a part of it came, and of money that is to go back while
// it did not. A return is owed until it went, so that it cannot fail. Payouts are said of in their batch.
func (e Expectation) Allows() []TransferAction {
	switch {
	case e.Kind == TransferPayment && e.State != TransferDone && e.ReceivedFen > 0:
		return []TransferAction{TransferGiveUp}
	case e.Kind == TransferRefund && e.State == TransferExpected:
		return []TransferAction{TransferReorder, TransferFail}
	case e.Kind == TransferReturn && e.State == TransferExpected:
		return []TransferAction{TransferReorder}
	}
	return nil
}

// TransferAction is what a person does with an expected transfer.
type TransferAction string

// GIVE_UP is for a payment of which a part came: what came goes back to its payers, and the payment is over. REORDER is for money that is
// to go back and that the bank did not move, or for which no account is known: it is ordered, again, into the account that is stated or
// that it had. FAIL is for a refund that the bank did not move and that is not ordered again.
const (
	TransferGiveUp  TransferAction = "GIVE_UP"
	TransferReorder TransferAction = "REORDER"
	TransferFail    TransferAction = "FAIL"
)

// Values lists the stored forms.
func (TransferAction) Values() []string { return []string{"GIVE_UP", "REORDER", "FAIL"} }

// TransferProposal is what one person proposed for a transfer.
type TransferProposal struct {
	Action TransferAction `json:"action"`
	// Payee is the account that is stated; nil where it is the one that the transfer had.
	Payee  *pricing.PayeeAccount `json:"payee,omitempty"`
	Reason string                `json:"reason"`
}

// BankTransfer is money that is expected over the platform's bank account.
type BankTransfer struct {
	Kind TransferKind
	// Key is the payment port's.
	Key string
	// OrderID is what a payment is for, PaymentKey which payment a refund gives back.
	OrderID    uuid.UUID
	PaymentKey string
	Code       string
	AmountFen  pricing.Fen
	State      TransferState
}

// LineState is the life of a movement that a bank statement tells of.
type LineState string

// A line is MATCHED by itself, or QUEUED → PROPOSED → SETTLED: one person says what becomes of it and a second agrees, else it is
// QUEUED again.
const (
	LineMatched  LineState = "MATCHED"
	LineQueued   LineState = "QUEUED"
	LineProposed LineState = "PROPOSED"
	LineSettled  LineState = "SETTLED"
)

// Values lists the stored forms.
func (LineState) Values() []string { return []string{"MATCHED", "QUEUED", "PROPOSED", "SETTLED"} }

var nextLine = map[LineState][]LineState{
	LineQueued:   {LineProposed, LineMatched},
	LineProposed: {LineQueued, LineSettled},
}

// CanBecome reports whether a line may move from s to t.
func (s LineState) CanBecome(t LineState) bool { return slices.Contains(nextLine[s], t) }

// LineReason is why a line waits for a person.
type LineReason string

// The reasons.
const (
	// LineUnderpaid and LineOverpaid name a payment, and are of less or more than is left of it.
	LineUnderpaid LineReason = "UNDERPAID"
	LineOverpaid  LineReason = "OVERPAID"
	// LineDouble names a payment that is paid already.
	LineDouble LineReason = "DOUBLE"
	// LineLate names a payment that nobody waits for any more, or the rest of one, and its order cannot be paid any more.
	LineLate LineReason = "LATE"
	// LineSuggested names none, and fits one by amount, day and who pays or is paid.
	LineSuggested LineReason = "SUGGESTED"
	// LineUnknown names nothing that is expected, and fits none or several.
	LineUnknown LineReason = "UNKNOWN"
	// LineSeveral names several payments.
	LineSeveral LineReason = "SEVERAL"
	// LineOutgoing went out and is nothing that was to go out with this amount.
	LineOutgoing LineReason = "OUTGOING"
	// LineBounced came with the code of money that went out: the bank gave it back.
	LineBounced LineReason = "BOUNCED"
)

// Values lists the stored forms.
func (LineReason) Values() []string {
	return []string{"UNDERPAID", "OVERPAID", "DOUBLE", "LATE", "SUGGESTED", "UNKNOWN", "SEVERAL", "OUTGOING", "BOUNCED"}
}

// LineAction is what a person does with a line.
type LineAction string

// APPLY takes it for a payment, as far as that is not paid yet, and returns the rest; one that went out for a transfer that was to go, whole.
// RETURN returns all. NOTE only says what an outgoing one was: a bank's fee, say.
const (
	LineApply  LineAction = "APPLY"
	LineReturn LineAction = "RETURN"
	LineNote   LineAction = "NOTE"
)

// Values lists the stored forms.
func (LineAction) Values() []string { return []string{"APPLY", "RETURN", "NOTE"} }

// LineSettlement is what one person proposed for a line.
type LineSettlement struct {
	Action LineAction `json:"action"`
	// Transfer is the id of the one that it is applied to, else empty.
	Transfer string `json:"transfer,omitempty"`
	// ApplyFen and ReturnFen are what the action comes to.
	ApplyFen  pricing.Fen `json:"applyFen,omitempty"`
	ReturnFen pricing.Fen `json:"returnFen,omitempty"`
	Reason    string      `json:"reason"`
}

// StatementColumns are the names that the columns of a bank's statements have; one that is empty is found by the usual names.
type StatementColumns struct {
	Day          string `json:"day,omitempty"`
	In           string `json:"in,omitempty"`
	Out          string `json:"out,omitempty"`
	Amount       string `json:"amount,omitempty"`
	Counterparty string `json:"counterparty,omitempty"`
	Account      string `json:"account,omitempty"`
	Bank         string `json:"bank,omitempty"`
	Remark       string `json:"remark,omitempty"`
	Serial       string `json:"serial,omitempty"`
}

// Movement is what a line says, as far as it is matched by it.
type Movement struct {
	// AmountFen is below 0 where money went out.
	AmountFen pricing.Fen
	Payer     string
	Day       string // yyyy-mm-dd
}

// Expectation is a transfer that lines are held against.
type Expectation struct {
	Code                   string
	Kind                   TransferKind
	State                  TransferState
	AmountFen, ReceivedFen pricing.Fen
	// Payer is the name of who pays or is paid, Since the day on which it was told how.
	Payer, Since string
}

// DueFen is what is left to come.
func (e Expectation) DueFen() pricing.Fen { return e.AmountFen - e.ReceivedFen }

// suggestedDays is how long after it was told how a transfer without a code is taken for a likely one.
const suggestedDays = 30

// MatchLine says what a movement is: the expectation that it fits, among those that its codes name and those of its amount, and why it
// waits for a person, or nothing where it is matched by itself: by code and amount. The code of a payment that is not expected any more
// fits it too; whether its order can still be paid is the caller's to see. What comes with the code of money that went out fits that: the bank
// gave it back.
func MatchLine(m Movement, named, likely []Expectation) (fits *Expectation, reason LineReason) {
	fit := func(e Expectation) *Expectation { return &e }
	if m.AmountFen < 0 {
		for _, e := range named {
			if e.WentAs(-m.AmountFen) {
				return fit(e), ""
			}
		}
		if e := onlyLikely(m, likely); e != nil {
			return e, LineSuggested
		}
		return nil, LineOutgoing
	}
	back := named
	named = slices.DeleteFunc(slices.Clone(named), func(e Expectation) bool { return e.Kind != TransferPayment })
	switch {
	case len(named) == 0 && len(back) == 1:
		return fit(back[0]), LineBounced
	case len(named) > 1:
		return nil, LineSeveral
	case len(named) == 1:
		e := named[0]
		switch due := e.DueFen(); {
		case e.State == TransferDone:
			return fit(e), LineDouble
		case m.AmountFen < due:
			return fit(e), LineUnderpaid
		case m.AmountFen > due:
			return fit(e), LineOverpaid
		}
		return fit(e), ""
	}
	if e := onlyLikely(m, likely); e != nil {
		return e, LineSuggested
	}
	return nil, LineUnknown
}

// WentAs reports whether an amount that went is this one's: all of money that was to go, and that no statement told of yet.
func (e Expectation) WentAs(amount pricing.Fen) bool {
	return e.Kind != TransferPayment && (e.State == TransferExpected || e.State == TransferDone) && e.ReceivedFen == 0 && e.AmountFen == amount
}

// onlyLikely is the one expectation that a movement without a code fits by its direction, amount, name and day; nil where none or several do.
func onlyLikely(m Movement, likely []Expectation) *Expectation {
	goes, amount := m.AmountFen < 0, max(m.AmountFen, -m.AmountFen)
	likely = slices.DeleteFunc(slices.Clone(likely), func(e Expectation) bool {
		return (e.Kind != TransferPayment) != goes || e.State != TransferExpected || e.DueFen() != amount || plainName(e.Payer) != plainName(m.Payer) || !within(m.Day, e.Since)
	})
	if len(likely) != 1 {
		return nil
	}
	return &likely[0]
}

// plainName is the name of an organisation without what people and banks write in several ways.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t()[]·.,-", r) {
			return -1
		}
		return r
	}, strings.ToUpper(norm.NFKC.String(name)))
}

func within(day, since string) bool {
	d, err1 := time.Parse(time.DateOnly, day)
	s, err2 := time.Parse(time.DateOnly, since)
	return err1 == nil && err2 == nil && !d.Before(s) && d.Before(s.AddDate(0, 0, suggestedDays))
}
