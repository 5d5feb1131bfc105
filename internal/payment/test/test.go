// Package test is the payment provider that the program comes with, for development and tests: it moves no money and
// remembers, while the process lives, what it was asked for. It is as strict as a real one.
package test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
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
)

// Provider is the provider; its zero value pays. It is safe for concurrent use.
type Provider struct {
	mu        sync.Mutex
	behaviour Behaviour
	paid      map[string]*paid
	refunded  map[string]*refunded
	charges   int
}

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
		if known.request != r {
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
	one.result.State = state
	if state == ordering.PaymentSucceeded {
		p.charges++
	}
}

// Lookup answers as payment.Provider says.
func (p *Provider) Lookup(_ context.Context, key string) (payment.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.behaviour == Unreachable {
		return payment.Result{}, ErrUnreachable
	}
	if one := p.paid[key]; one != nil {
		return one.result, nil
	}
	return payment.Result{}, payment.ErrUnknownKey
}

// Refund answers as payment.Provider says; the behaviours are those of payments.
func (p *Provider) Refund(_ context.Context, r payment.RefundRequest) (payment.Result, error) {
	if r.Key == "" || r.AmountFen <= 0 {
		return payment.Result{}, payment.ErrRequestInvalid
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.refunded[r.Key]; known != nil {
		if known.request != r {
			return payment.Result{}, payment.ErrKeyReused
		}
		return known.result, nil
	}
	if p.behaviour == Unreachable {
		return payment.Result{}, ErrUnreachable
	}
	of := p.paid[r.PaymentKey]
	if of == nil || of.result.State != ordering.PaymentSucceeded {
		return payment.Result{}, payment.ErrUnknownKey
	}
	left := of.request.AmountFen
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

// SettleRefund decides a refund that is pending.
func (p *Provider) SettleRefund(key string, state ordering.PaymentState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one := p.refunded[key]; one != nil && one.result.State == ordering.PaymentPending {
		one.result.State = state
	}
}

// LookupRefund answers as payment.Provider says.
func (p *Provider) LookupRefund(_ context.Context, key string) (payment.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.behaviour == Unreachable {
		return payment.Result{}, ErrUnreachable
	}
	if one := p.refunded[key]; one != nil {
		return one.result, nil
	}
	return payment.Result{}, payment.ErrUnknownKey
}
