// Package payment owns the port to whoever moves the buyer's money: it asks for a payment under a key and asks what became of it.
//
// What is to be paid and what a payment brings about belong to package market. An adapter promises that a key stands for
// one payment however often it is asked for; paymenttest holds every adapter to that.
package payment

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// Provider moves money.
type Provider interface {
	// Name is what buyers choose it by; it never changes, since payments are stored with it.
	Name() string
	// Pay asks for a payment. The same key asks for the same payment and gets its present result; the same key with
	// another amount or order is ErrKeyReused and moves nothing. After any other error the outcome is not known:
	// look it up, or ask again under the same key.
	Pay(ctx context.Context, r Request) (Result, error)
	// Lookup says what became of a key; ErrUnknownKey when it was never asked for.
	Lookup(ctx context.Context, key string) (Result, error)
	// Refund gives back a part of a payment that succeeded, or all of it. Its key is its own and works as that of Pay does. What
	// exceeds what is left of the payment is ErrRefundExceeds, a payment that took nothing ErrUnknownKey; both give nothing back.
	Refund(ctx context.Context, r RefundRequest) (Result, error)
	// LookupRefund says what became of a refund's key; ErrUnknownKey when it was never asked for.
	LookupRefund(ctx context.Context, key string) (Result, error)
}

// RefundRequest is one refund.
type RefundRequest struct {
	// Key is ours, as that of a payment.
	Key string
	// PaymentKey is the key of the payment that is given back.
	PaymentKey string
	AmountFen  pricing.Fen // positive
}

// Request is one payment.
type Request struct {
	// Key is ours, 1 to 128 printable ASCII characters.
	Key       string
	OrderID   uuid.UUID
	AmountFen pricing.Fen // positive
}

// Result is what became of a payment.
type Result struct {
	// State is PENDING while the provider has not decided; the other two are final.
	State ordering.PaymentState
	// Reference is the provider's own number for it.
	Reference string
}

var (
	// ErrKeyReused says that a key was used for another payment.
	ErrKeyReused = errors.New("payment: the key stands for another payment")
	// ErrUnknownKey says that no payment was asked for under a key.
	ErrUnknownKey = errors.New("payment: no such key")
	// ErrRefundExceeds says that less is left of a payment than was to be given back.
	ErrRefundExceeds = errors.New("payment: more than is left of the payment")
	// ErrRequestInvalid says that there is nothing to pay, or no key.
	ErrRequestInvalid = errors.New("payment: neither key nor positive amount may be missing")
)
