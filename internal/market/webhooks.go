package market

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/outbox"
	"gongshu/internal/payment"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// PaymentTold keeps what a provider told of itself, once, and promises to look at what it is about. What is not the provider's own word is
// a payment.Forged and keeps nothing. Refused with NOT_FOUND for a provider that is not set up or tells nothing.
func (m *Market) PaymentTold(ctx context.Context, provider string, body []byte, signature string) error {
	teller, ok := m.Payments[provider].(payment.Teller)
	if !ok {
		return fault.Absent("provider")
	}
	told, err := teller.Hear(body, signature, m.Store.Now())
	if err != nil || told.About == payment.AboutOther {
		return err
	}
	ctx = store.AsSystem(ctx) // nobody is signed in; the signature says who speaks
	_, err = once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		id, isNew, err := tx.KeepPaymentEvent(ctx, store.PaymentEvent{
			Provider: provider, Event: told.ID, Kind: string(told.About), PaymentKey: told.PaymentKey, Refers: told.Refers,
		})
		if err != nil || !isNew {
			return id, err
		}
		return id, tx.Promise(ctx, outbox.PaymentTold{EventID: id})
	})
	return err
}

// The outcomes of what a provider told.
const (
	toldApplied = "applied"
	toldUnknown = "unknown" // it is about nothing that was asked for here
	toldDiffers = "differs" // the market cannot follow it: it is a discrepancy
)

// PaymentLook looks at what a provider told of: it reads from the provider what became of the payment or refund, and records it. It is the
// worker's; done twice, or in any order, it comes to the same.
func (m *Market) PaymentLook(ctx context.Context, eventID uuid.UUID) error {
	ctx = store.AsSystem(ctx)
	var e store.PaymentEvent
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		e, err = tx.PaymentEventByID(ctx, eventID)
		return err
	})
	if err != nil || e.Applied {
		return err
	}
	outcome, err := m.look(ctx, e)
	if err != nil {
		return fmt.Errorf("event %s of %s: %w", e.Event, e.Provider, err)
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.EndPaymentEvent(ctx, eventID, outcome) })
}

func (m *Market) look(ctx context.Context, e store.PaymentEvent) (outcome string, err error) {
	teller, ok := m.Payments[e.Provider].(payment.Teller)
	if !ok {
		return "", fmt.Errorf("the provider %s is not set up any more", e.Provider)
	}
	told := payment.Told{ID: e.Event, About: payment.About(e.Kind), PaymentKey: e.PaymentKey, Refers: e.Refers}
	key, err := teller.Whose(ctx, told)
	if errors.Is(err, payment.ErrUnknownKey) {
		return toldUnknown, nil
	}
	if err != nil {
		return "", err
	}
	id, err := uuid.Parse(key)
	if err != nil {
		return toldUnknown, nil // a payment of something else under the same account
	}
	p, err := m.paymentByID(ctx, id)
	if fault.CodeOf(err) == "NOT_FOUND" || err == nil && p.Provider != e.Provider {
		return toldUnknown, nil
	}
	if err != nil {
		return "", err
	}
	if p.State != ordering.PaymentSucceeded && p.State != ordering.PaymentFailed {
		if _, err := m.resume(ctx, p); err != nil || told.About == payment.AboutPayment {
			return toldApplied, err
		}
		if p, err = m.paymentByID(ctx, id); err != nil { // a refund or dispute was told before the payment
			return "", err
		}
	}
	switch told.About {
	case payment.AboutDispute:
		err = m.followDisputes(ctx, p)
	case payment.AboutRefund:
		return m.followRefunds(ctx, teller, p)
	}
	return toldApplied, err
}

// followRefunds finishes the refunds of a payment that were approved, and holds against the others what its provider knows of them: one
// that is paid here and came back, one that failed here and went, and one that nobody asked for here are discrepancies.
func (m *Market) followRefunds(ctx context.Context, teller payment.Teller, p store.Payment) (outcome string, err error) {
	if p.State != ordering.PaymentSucceeded {
		return toldApplied, nil
	}
	var refunds []store.Refund
	read := func(ctx context.Context, tx *store.Tx) (err error) {
		refunds, err = tx.RefundsOf(ctx, p.OrderID)
		return err
	}
	if err := m.Store.InTx(ctx, read); err != nil {
		return "", err
	}
	for _, r := range refunds {
		if r.PaymentID == p.ID && r.Status == ordering.RefundApproved {
			if _, err := m.payBack(ctx, r.ID); err != nil {
				return "", err
			}
		}
	}
	told, err := teller.Refunds(ctx, m.paymentRequest(p))
	if err != nil {
		return "", fmt.Errorf("refunds of payment %s: %w", p.ID, err)
	}
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (outcome string, err error) {
		if err := read(ctx, tx); err != nil {
			return "", err
		}
		outcome = toldApplied
		for _, one := range told {
			if subject := toldOfRefund(p, one.Reference); agrees(refunds, p.ID, one) {
				err = tx.CloseTold(ctx, subject, store.ToldRefund)
			} else {
				outcome = toldDiffers
				err = toldIn(ctx, tx, store.ToldRefund, subject)
			}
			if err != nil {
				return "", err
			}
		}
		return outcome, nil
	})
}

// agrees reports whether a provider says of a refund what is kept here of it and its part. What is on its way there may be it here, or not
// be heard of yet.
func agrees(refunds []store.Refund, paymentID uuid.UUID, told payment.Refund) bool {
	var paid pricing.Fen
	open := false
	for _, r := range refunds {
		if r.PaymentID == paymentID && (r.ID.String() == told.Key || r.IdempotencyKey == partMark+told.Key) {
			open = open || r.Status == ordering.RefundApproved
			if r.Status == ordering.RefundPaid {
				paid += r.AmountFen
			}
		}
	}
	switch told.State {
	case ordering.PaymentSucceeded:
		return open || paid == told.AmountFen
	case ordering.PaymentFailed:
		return paid == 0
	}
	return open
}

// toldOfRefund names a refund in a discrepancy.
func toldOfRefund(p store.Payment, reference string) string {
	return fmt.Sprintf("refund %.100s of %s", reference, toldOf(p))
}
