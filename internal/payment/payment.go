// Package payment owns the port to whoever moves the buyer's money: it asks for a payment under a key and asks what became of it.
//
// What is to be paid and what a payment brings about belong to package market. An adapter promises that a key stands for
// one payment however often it is asked for; paymenttest holds every adapter to that. docs/decisions/0011 has the sequence in which
// the market calls it, with every point at which that may break off.
package payment

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// Provider moves money.
type Provider interface {
	// Name is what buyers choose it by; it never changes, since payments are stored with it.
	Name() string
	// Pay asks for a payment. The same key asks for the same payment and gets its present result; the same key with
	// another amount or order is ErrKeyReused and moves nothing. ErrRefused says that nothing was begun and never will be under
	// this key. After any other error the outcome is not known: look it up, or ask again under the same key.
	Pay(ctx context.Context, r Request) (Result, error)
	// Lookup says what became of a payment; ErrUnknownKey when it was never asked for, ErrOtherMoney when the provider took
	// something else under its key than was asked for.
	Lookup(ctx context.Context, r Request) (Result, error)
	// Cancel asks that a payment takes nothing any more and says what became of it: EXPIRED, or SUCCEEDED where it was too late.
	// One that was never asked for is ErrUnknownKey.
	Cancel(ctx context.Context, r Request) (Result, error)
	// Refund gives back a part of a payment that succeeded, or all of it. Its key is its own and works as that of Pay does. What
	// exceeds what is left of the payment is ErrRefundExceeds, a payment that took nothing ErrUnknownKey, and what is refused for another
	// reason ErrRefused; all three give nothing back.
	Refund(ctx context.Context, r RefundRequest) (Result, error)
	// LookupRefund says what became of a refund; ErrUnknownKey when it was never asked for.
	LookupRefund(ctx context.Context, r RefundRequest) (Result, error)
}

// Pretender is a provider that moves no money, for development and demonstration.
type Pretender interface {
	Provider
	// MovesNoMoney does nothing: having it says so.
	MovesNoMoney()
}

// Request is one payment.
type Request struct {
	// Key is ours, 1 to 128 printable ASCII characters. It is stored before the first call.
	Key       string
	OrderID   uuid.UUID
	AmountFen pricing.Fen // positive, Chinese yuan
	// At is when it was stored: a provider that forgets keys looks no further back.
	At time.Time
	// Until is when the buyer's time to pay is over; zero where it never is. A provider may end it earlier.
	Until time.Time
	// ReturnURL is the page that the buyer comes back to from a provider's own.
	ReturnURL string
	// Reference is what Result said, empty while nothing was heard.
	Reference string
}

// Same reports whether two requests ask for the same under one key.
func (r Request) Same(other Request) bool {
	return r.OrderID == other.OrderID && r.AmountFen == other.AmountFen
}

// Teller is a provider that tells by itself when something changes.
type Teller interface {
	Provider
	// Hear reads a delivery as it came: its body, and the header that it is signed with. Whatever is not the provider's own word is
	// refused with a Forged that says why. What it gives is to be kept by its ID and looked up, never believed.
	Hear(body []byte, signature string, now time.Time) (Told, error)
	// Whose is the key of the payment that something told is about; ErrUnknownKey where it is none that was asked for here.
	Whose(ctx context.Context, t Told) (key string, err error)
	// Refunds are all refunds of a payment, whoever asked for them, the latest first; none of one that took no money. One that was never
	// asked for is ErrUnknownKey.
	Refunds(ctx context.Context, r Request) ([]Refund, error)
}

// Refund is a refund as its provider knows it.
type Refund struct {
	// Key is ours, empty of one that was not asked for here; Reference is the provider's own number.
	Key, Reference string
	// State is PENDING, SUCCEEDED or FAILED.
	State     ordering.PaymentState
	AmountFen pricing.Fen
}

// Disputer is a provider through which the buyers' banks may ask payments back (拒付).
type Disputer interface {
	Provider
	// Disputes are all disputes of a payment, open and closed, the latest first; none of one that took no money. One that was never
	// asked for is ErrUnknownKey.
	Disputes(ctx context.Context, r Request) ([]Dispute, error)
}

// Dispute is a buyer's bank that asks a payment back.
type Dispute struct {
	// Reference is the provider's own number for it.
	Reference string
	State     ordering.DisputeState
	// AmountFen is what is asked back: all of the payment where it is told in another currency.
	AmountFen pricing.Fen
	// OpenedAt is when it was asked.
	OpenedAt time.Time
}

// Transferrer is a provider that pays out into accounts of its own (打款).
type Transferrer interface {
	Provider
	// Transfer moves money from our balance into an account, once for each key: the same key with another account or amount is ErrKeyReused.
	// ErrRefused says that nothing was moved, for example since too little is there. After any other error the outcome is not known.
	Transfer(ctx context.Context, r TransferRequest) (Result, error)
}

// TransferRequest pays money out.
type TransferRequest struct {
	// Key is ours, as that of a payment.
	Key string
	// Account is who is paid, as the provider names it.
	Account   string
	AmountFen pricing.Fen // positive
	// At and Reference are as those of a payment.
	At        time.Time
	Reference string
}

// Told is a hint that something may have changed, and nothing more: such hints come late, twice and out of order.
type Told struct {
	// ID stays the same when it comes again.
	ID    string
	About About
	// PaymentKey is ours, empty where the delivery does not say it; Refers is the provider's own number then.
	PaymentKey, Refers string
}

// About is what something told is about.
type About string

// What providers tell of. What is AboutOther concerns nobody here.
const (
	AboutPayment About = "payment"
	AboutRefund  About = "refund"
	AboutDispute About = "dispute"
	AboutOther   About = "other"
)

// Forged is why a delivery is not taken for the provider's own word: signature, stale, body, account, livemode, version.
type Forged string

// Error says why.
func (f Forged) Error() string { return "payment: a delivery is not the provider's word: " + string(f) }

// RefundRequest is one refund.
type RefundRequest struct {
	// Key is ours, as that of a payment.
	Key string
	// PaymentKey and PaymentReference are of the payment that is given back.
	PaymentKey, PaymentReference string
	AmountFen                    pricing.Fen // positive
	// At and Reference are as those of a payment.
	At        time.Time
	Reference string
}

// Same reports whether two requests ask for the same under one key.
func (r RefundRequest) Same(other RefundRequest) bool {
	return r.PaymentKey == other.PaymentKey && r.AmountFen == other.AmountFen
}

// Result is what became of a payment.
type Result struct {
	// State is PENDING while the provider has not decided or waits for the buyer; SUCCEEDED, FAILED and EXPIRED are final, but that
	// a bank may bring the money of an EXPIRED one late. EXPIRED is also what took other money than was asked for, once all of that
	// went back.
	State ordering.PaymentState
	// Reference is the provider's own number for it.
	Reference string
	// Next is what the buyer is to do while it is PENDING; zero where there is nothing.
	Next Next
}

// Next is what a buyer is to do: visit a page of the provider, or transfer money. It is stored with the payment.
type Next = ordering.PaymentNext

var (
	// ErrKeyReused says that a key was used for another payment.
	ErrKeyReused = errors.New("payment: the key stands for another payment")
	// ErrUnknownKey says that no payment was asked for under a key.
	ErrUnknownKey = errors.New("payment: no such key")
	// ErrRefundExceeds says that less is left of a payment than was to be given back.
	ErrRefundExceeds = errors.New("payment: more than is left of the payment")
	// ErrRequestInvalid says that there is nothing to pay, or no key.
	ErrRequestInvalid = errors.New("payment: neither key nor positive amount may be missing")
	// ErrRefused says that the provider refused for good: nothing was moved, and nothing will be under this key.
	ErrRefused = errors.New("payment: the provider refused")
	// ErrOtherMoney says that the provider moved another amount or currency than was asked for, or for another order.
	ErrOtherMoney = errors.New("payment: the provider moved something else than was asked for")
)
