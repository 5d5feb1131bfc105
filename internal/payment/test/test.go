// Package test is the payment provider that the program comes with, for development and tests: it moves no money and
// remembers, while the process lives, what it was asked for; of what was before it has the market's Memory. It is as strict as a
// real one.
package test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/pricing"
)

// Name is what the provider is chosen by.
const Name = "test"

// ErrUnreachable is what the provider answers while it is told to be Unreachable or Silent.
var ErrUnreachable = errors.New("payment/test: no answer")

// Behaviour is what becomes of payments that are asked for.
type Behaviour int

// The behaviours. The zero one pays.
const (
	Pays        Behaviour = iota
	Refuses               // the payment fails
	Decides               // the payment stays pending until Settle
	Unreachable           // nothing happens, and there is no answer
	Silent                // the payment succeeds, and its answer is lost
	Redirects             // the payment is pending, and its buyer is sent to a page, until Settle
)

// Memory is what a payment took, 0 of one that did not succeed, and what refunds gave back of it, by the payment's key.
type Memory func(ctx context.Context, key string) (paidFen, refundedFen pricing.Fen, err error)

// Provider is the provider; its zero value pays. It is safe for concurrent use.
type Provider struct {
	// Memory is of payments that were made before the process began; nil where there were none.
	Memory Memory

	mu        sync.Mutex
	behaviour Behaviour
	paid      map[string]*paid
	refunded  map[string]*refunded
	charges   int
	// remembered is what was left of payments of before when they were first asked back.
	remembered map[string]pricing.Fen
}

var _ payment.Pretender = (*Provider)(nil)

type refunded struct {
	request payment.RefundRequest
	result  payment.Result
}

type paid struct {
	request payment.Request
	result  payment.Result
}

// Name returns "test".
func (*Provider) Name() string { return Name }

// MovesNoMoney says so.
func (*Provider) MovesNoMoney() {}

// Behave sets what becomes of payments that are asked for from now on.
func (p *Provider) Behave(b Behaviour) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behaviour = b
}

// Charges is how many payments succeeded.
func (p *Provider) Charges() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.charges
}

// Pay answers as payment.Provider says.
func (p *Provider) Pay(_ context.Context, r payment.Request) (payment.Result, error) {
	if r.Key == "" || r.AmountFen <= 0 {
		return payment.Result{}, payment.ErrRequestInvalid
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.paid[r.Key]; known != nil {
		if !known.request.Same(r) {
			return payment.Result{}, payment.ErrKeyReused
		}
		return known.result, nil
	}
	if p.behaviour == Unreachable {
		return payment.Result{}, ErrUnreachable
	}
	if p.paid == nil {
		p.paid = map[string]*paid{}
	}
	one := &paid{request: r, result: payment.Result{State: ordering.PaymentPending, Reference: fmt.Sprintf("test-%d", len(p.paid)+1)}}
	p.paid[r.Key] = one
	switch p.behaviour {
	case Refuses:
		p.settle(one, ordering.PaymentFailed)
	case Pays:
		p.settle(one, ordering.PaymentSucceeded)
	case Redirects:
		one.result.Next = payment.Next{URL: "http://127.0.0.1/pay/" + r.Key, Until: r.Until}
	case Silent:
		p.settle(one, ordering.PaymentSucceeded)
		return payment.Result{}, ErrUnreachable
	}
	return one.result, nil
}

// Settle decides a payment that is pending.
func (p *Provider) Settle(key string, state ordering.PaymentState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one := p.paid[key]; one != nil && one.result.State == ordering.PaymentPending {
		p.settle(one, state)
	}
}

func (p *Provider) settle(one *paid, state ordering.PaymentState) {
	one.result.State, one.result.Next = state, payment.Next{}
	if state == ordering.PaymentSucceeded {
		p.charges++
	}
}

// Lookup answers as payment.Provider says.
func (p *Provider) Lookup(_ context.Context, r payment.Request) (payment.Result, error) {
	return p.look(r.Key, func(*paid) {})
}

// Cancel answers as payment.Provider says.
func (p *Provider) Cancel(_ context.Context, r payment.Request) (payment.Result, error) {
	return p.look(r.Key, func(one *paid) {
		if one.result.State == ordering.PaymentPending {
			one.result.State, one.result.Next = ordering.PaymentExpired, payment.Next{}
		}
	})
}

func (p *Provider) look(key string, change func(*paid)) (payment.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.behaviour == Unreachable {
		return payment.Result{}, ErrUnreachable
	}
	one := p.paid[key]
	if one == nil {
		return payment.Result{}, payment.ErrUnknownKey
	}
	change(one)
	return one.result, nil
}

// Refund answers as payment.Provider says; the behaviours are those of payments.
func (p *Provider) Refund(ctx context.Context, r payment.RefundRequest) (payment.Result, error) {
	if r.Key == "" || r.AmountFen <= 0 {
		return payment.Result{}, payment.ErrRequestInvalid
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.refunded[r.Key]; known != nil {
		if !known.request.Same(r) {
			return payment.Result{}, payment.ErrKeyReused
		}
		return known.result, nil
	}
	if p.behaviour == Unreachable {
		return payment.Result{}, ErrUnreachable
	}
	left, err := p.taken(ctx, r.PaymentKey)
	if err != nil {
		return payment.Result{}, err
	}
	for _, other := range p.refunded {
		if other.request.PaymentKey == r.PaymentKey && other.result.State != ordering.PaymentFailed {
			left -= other.request.AmountFen
		}
	}
	if r.AmountFen > left {
		return payment.Result{}, payment.ErrRefundExceeds
	}
	if p.refunded == nil {
		p.refunded = map[string]*refunded{}
	}
	one := &refunded{r, payment.Result{State: ordering.PaymentPending, Reference: fmt.Sprintf("test-refund-%d", len(p.refunded)+1)}}
	p.refunded[r.Key] = one
	switch p.behaviour {
	case Refuses:
		one.result.State = ordering.PaymentFailed
	case Pays:
		one.result.State = ordering.PaymentSucceeded
	case Silent:
		one.result.State = ordering.PaymentSucceeded
		return payment.Result{}, ErrUnreachable
	}
	return one.result, nil
}

// taken is what a payment took and was not given back before the process began.
func (p *Provider) taken(ctx context.Context, key string) (pricing.Fen, error) {
	if of := p.paid[key]; of != nil && of.result.State == ordering.PaymentSucceeded {
		return of.request.AmountFen, nil
	} else if of != nil || p.Memory == nil {
		return 0, payment.ErrUnknownKey
	}
	if before, known := p.remembered[key]; known { // refunds since then are its own
		return before, nil
	}
	paid, refunded, err := p.Memory(ctx, key)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%w: %w", ErrUnreachable, err)
	case paid == 0:
		return 0, payment.ErrUnknownKey
	case p.remembered == nil:
		p.remembered = map[string]pricing.Fen{}
	}
	p.remembered[key] = paid - refunded
	return p.remembered[key], nil
}

// SettleRefund decides a refund that is pending.
func (p *Provider) SettleRefund(key string, state ordering.PaymentState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one := p.refunded[key]; one != nil && one.result.State == ordering.PaymentPending {
		one.result.State = state
	}
}

// LookupRefund answers as payment.Provider says.
func (p *Provider) LookupRefund(_ context.Context, r payment.RefundRequest) (payment.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.behaviour == Unreachable {
		return payment.Result{}, ErrUnreachable
	}
	if one := p.refunded[r.Key]; one != nil {
		return one.result, nil
	}
	return payment.Result{}, payment.ErrUnknownKey
}
