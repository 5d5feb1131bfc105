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
	charges   int
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
