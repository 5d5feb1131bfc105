// Package bank takes payments by transfer to the platform's account (对公转账): it tells the buyer whom to pay and which remittance code to
// write, and learns from the statements of the bank, which the market imports, what came. Refunds are transfers back, which the platform
// orders at its bank and which are done once a statement tells of them.
//
// It keeps nothing itself: what is expected is in its Book.
package bank

import (
	"context"
	"errors"
	"fmt"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
)

// Name is what the provider is chosen by.
const Name = "bank"

// Book keeps what is expected over the account.
type Book interface {
	// Expect keeps a transfer, or finds the one that is kept under its key already, and returns it with its code. A refund of more than
	// is left of its payment is payment.ErrRefundExceeds, of one that took nothing payment.ErrUnknownKey; both keep nothing.
	Expect(ctx context.Context, t ordering.BankTransfer) (ordering.BankTransfer, error)
	// Expected finds the transfer of a key; payment.ErrUnknownKey where there is none.
	Expected(ctx context.Context, key string) (ordering.BankTransfer, error)
	// Drop makes a transfer CANCELLED that is EXPECTED and of which nothing came, and returns what it is then.
	Drop(ctx context.Context, key string) (ordering.BankTransfer, error)
}

// Provider takes transfers to one account.
type Provider struct {
	// Account is the platform's: whom buyers pay, and where.
	Account ordering.Transfer
	Book    Book
}

// Name returns "bank".
func (*Provider) Name() string { return Name }

// Pay answers as payment.Provider says, PENDING with what is to be transferred until it came.
func (p *Provider) Pay(ctx context.Context, r payment.Request) (payment.Result, error) {
	if r.Key == "" || r.AmountFen <= 0 {
		return payment.Result{}, payment.ErrRequestInvalid
	}
	t, err := p.Book.Expect(ctx, ordering.BankTransfer{Kind: ordering.TransferPayment, Key: r.Key, OrderID: r.OrderID, AmountFen: r.AmountFen})
	if err != nil {
		return payment.Result{}, err
	}
	return p.result(t, r)
}

// Lookup answers as payment.Provider says.
func (p *Provider) Lookup(ctx context.Context, r payment.Request) (payment.Result, error) {
	t, err := p.Book.Expected(ctx, r.Key)
	if err != nil {
		return payment.Result{}, err
	}
	return p.result(t, r)
}

// Cancel answers as payment.Provider says. Of what is paid in part the rest is still expected: its money has to go somewhere.
func (p *Provider) Cancel(ctx context.Context, r payment.Request) (payment.Result, error) {
	t, err := p.Book.Drop(ctx, r.Key)
	if err != nil {
		return payment.Result{}, err
	}
	return p.result(t, r)
}

func (p *Provider) result(t ordering.BankTransfer, r payment.Request) (payment.Result, error) {
	if t.Kind != ordering.TransferPayment || t.OrderID != r.OrderID || t.AmountFen != r.AmountFen {
		return payment.Result{}, payment.ErrKeyReused
	}
	result := payment.Result{State: states[t.State], Reference: t.Code}
	if t.State == ordering.TransferExpected {
		to := p.Account
		to.Code = t.Code
		result.Next = payment.Next{Transfer: &to, Until: r.Until}
	}
	return result, nil
}

// states says what a transfer is to who waits for it.
var states = map[ordering.TransferState]ordering.PaymentState{
	ordering.TransferExpected: ordering.PaymentPending, ordering.TransferDone: ordering.PaymentSucceeded,
	ordering.TransferCancelled: ordering.PaymentExpired, ordering.TransferFailed: ordering.PaymentFailed,
}

// Refund answers as payment.Provider says, PENDING until a statement tells that it went.
func (p *Provider) Refund(ctx context.Context, r payment.RefundRequest) (payment.Result, error) {
	if r.Key == "" || r.AmountFen <= 0 {
		return payment.Result{}, payment.ErrRequestInvalid
	}
	t, err := p.Book.Expect(ctx, ordering.BankTransfer{Kind: ordering.TransferRefund, Key: r.Key, PaymentKey: r.PaymentKey, AmountFen: r.AmountFen})
	if err != nil {
		return payment.Result{}, err
	}
	return refunded(t, r)
}

// LookupRefund answers as payment.Provider says.
func (p *Provider) LookupRefund(ctx context.Context, r payment.RefundRequest) (payment.Result, error) {
	t, err := p.Book.Expected(ctx, r.Key)
	if err != nil {
		return payment.Result{}, err
	}
	return refunded(t, r)
}

func refunded(t ordering.BankTransfer, r payment.RefundRequest) (payment.Result, error) {
	if t.Kind != ordering.TransferRefund || t.PaymentKey != r.PaymentKey || t.AmountFen != r.AmountFen {
		return payment.Result{}, payment.ErrKeyReused
	}
	return payment.Result{State: states[t.State], Reference: t.Code}, nil
}

// CheckAccount refuses an account that is stated in part, and reports whether one is stated.
func CheckAccount(a ordering.Transfer) (stated bool, err error) {
	switch {
	case a.Payee == "" && a.Bank == "" && a.Account == "":
		return false, nil
	case a.Payee == "" || a.Bank == "" || a.Account == "":
		return false, errors.New("payment/bank: the account needs all of payee, bank and number")
	case len(a.Account) > 40:
		return false, fmt.Errorf("payment/bank: the number of the account has %d characters", len(a.Account))
	}
	return true, nil
}
