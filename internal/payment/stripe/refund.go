package stripe

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/stripe/stripe-go/v76"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/pricing"
)

// Refund answers as payment.Provider says. A payment whose reference was never heard took nothing that could be given back, and is
// unknown. What Stripe refuses for another reason is ErrRefused, a payment that its buyer disputes for example. A refund that succeeded
// may yet fail, where the buyer's bank sends it back.
func (p *Provider) Refund(ctx context.Context, r payment.RefundRequest) (payment.Result, error) {
	if !valid(r.Key, r.AmountFen) {
		return payment.Result{}, payment.ErrRequestInvalid
	}
	refund, err := p.refundOf(ctx, r)
	if err != nil {
		return payment.Result{}, err
	}
	if !askedBack(refund, r) {
		return payment.Result{}, failure("refund", payment.ErrKeyReused)
	}
	return refundResult(refund, r)
}

// LookupRefund answers as payment.Provider says.
func (p *Provider) LookupRefund(ctx context.Context, r payment.RefundRequest) (payment.Result, error) {
	if r.Reference != "" {
		refund, err := p.refund(ctx, r.Reference)
		if err != nil {
			return payment.Result{}, err
		}
		return refundResult(refund, r)
	}
	intent, err := p.paid(ctx, r)
	if err != nil {
		return payment.Result{}, err
	}
	refund, err := p.findRefund(ctx, intent.ID, r)
	if err != nil {
		return payment.Result{}, err
	}
	return refundResult(refund, r)
}

// refundOf is the refund of a key, made if there is none.
func (p *Provider) refundOf(ctx context.Context, r payment.RefundRequest) (*sdk.Refund, error) {
	if r.Reference != "" {
		return p.refund(ctx, r.Reference)
	}
	intent, err := p.paid(ctx, r)
	if err != nil {
		return nil, err
	}
	if p.now().Sub(r.At) >= fresh {
		if refund, err := p.findRefund(ctx, intent.ID, r); !errors.Is(err, payment.ErrUnknownKey) {
			return refund, err
		}
	}
	refund, err := ask(ctx, "create refund", func() (*sdk.Refund, error) {
		return p.api.Refunds.New(&sdk.RefundParams{
			Params:        sdk.Params{Context: ctx, IdempotencyKey: idempotency(r.PaymentKey, "refund", r.Key)},
			PaymentIntent: &intent.ID,
			Amount:        sdk.Int64(int64(r.AmountFen)),
			Metadata:      map[string]string{metaPayment: r.PaymentKey, metaRefund: r.Key},
		})
	})
	switch {
	case errors.Is(err, payment.ErrRefused):
		return nil, p.refused(ctx, intent, r, err)
	case err != nil:
		return nil, err
	case !isRefund(refund):
		return nil, failure("create refund", errUnreadable)
	case replayed(refund.LastResponse):
		return p.refund(ctx, refund.ID)
	}
	return refund, nil
}

// refused says whether a refund was refused since less was left. Stripe says so with a code only where nothing is left at all.
func (p *Provider) refused(ctx context.Context, intent *sdk.PaymentIntent, r payment.RefundRequest, refusal error) error {
	e, ok := errors.AsType[*Error](refusal)
	if !ok {
		return refusal
	}
	if e.Code == string(sdk.ErrorCodeChargeAlreadyRefunded) {
		return e.as(payment.ErrRefundExceeds)
	}
	left := intent.AmountReceived
	_, err := p.refunds(ctx, intent.ID, func(other *sdk.Refund) bool {
		if other.Status != sdk.RefundStatusFailed && other.Status != sdk.RefundStatusCanceled {
			left -= other.Amount
		}
		return false
	})
	switch {
	case err != nil:
		return err
	case int64(r.AmountFen) > left:
		return e.as(payment.ErrRefundExceeds)
	}
	return refusal
}

// paid is what a payment took its money with; ErrUnknownKey where it took none.
func (p *Provider) paid(ctx context.Context, r payment.RefundRequest) (*sdk.PaymentIntent, error) {
	if r.PaymentReference == "" {
		return nil, payment.ErrUnknownKey
	}
	session, err := p.session(ctx, r.PaymentReference)
	switch {
	case err != nil: // that it is not there says that the account may be another, and not that nothing was paid
		return nil, err
	case session.ClientReferenceID != r.PaymentKey || session.PaymentIntent == nil || session.PaymentIntent.Status != sdk.PaymentIntentStatusSucceeded:
		return nil, payment.ErrUnknownKey
	}
	return session.PaymentIntent, nil
}

func (p *Provider) refund(ctx context.Context, id string) (*sdk.Refund, error) {
	refund, err := read(ctx, "retrieve refund", func() (*sdk.Refund, error) {
		return p.api.Refunds.Get(id, &sdk.RefundParams{Params: sdk.Params{Context: ctx}})
	})
	switch {
	case err != nil:
		return nil, err
	case !isRefund(refund) || refund.ID != id:
		return nil, failure("retrieve refund", errUnreadable)
	}
	return refund, nil
}

func (p *Provider) findRefund(ctx context.Context, intent string, r payment.RefundRequest) (*sdk.Refund, error) {
	refund, err := p.refunds(ctx, intent, func(one *sdk.Refund) bool { return one.Metadata[metaRefund] == r.Key })
	if err == nil && refund == nil {
		err = payment.ErrUnknownKey
	}
	return refund, err
}

// refunds is the first refund of a payment for which a condition holds; nil where there is none.
func (p *Provider) refunds(ctx context.Context, intent string, holds func(*sdk.Refund) bool) (*sdk.Refund, error) {
	return read(ctx, "list refunds", func() (*sdk.Refund, error) {
		return first(p.api.Refunds.List(&sdk.RefundListParams{ListParams: page(ctx), PaymentIntent: &intent}).Iter, holds)
	})
}

// Refunds answers as payment.Teller says.
func (p *Provider) Refunds(ctx context.Context, r payment.Request) ([]payment.Refund, error) {
	session, err := p.sessionOf(ctx, r, 0)
	if err != nil || session.PaymentIntent == nil {
		return nil, err
	}
	var all []payment.Refund
	_, err = p.refunds(ctx, session.PaymentIntent.ID, func(one *sdk.Refund) bool {
		told := payment.Refund{Key: one.Metadata[metaRefund], Reference: one.ID, State: ordering.PaymentPending, AmountFen: pricing.Fen(one.Amount)}
		switch one.Status {
		case sdk.RefundStatusSucceeded:
			told.State = ordering.PaymentSucceeded
		case sdk.RefundStatusFailed, sdk.RefundStatusCanceled:
			told.State = ordering.PaymentFailed
		}
		all = append(all, told)
		return false
	})
	return all, err
}

// wentBack reports whether all that a payment took was given back.
func (p *Provider) wentBack(ctx context.Context, intent *sdk.PaymentIntent) (bool, error) {
	if intent.ID == "" || intent.AmountReceived <= 0 {
		return false, nil
	}
	left := intent.AmountReceived
	_, err := p.refunds(ctx, intent.ID, func(one *sdk.Refund) bool {
		if one.Status == sdk.RefundStatusSucceeded {
			left -= one.Amount
		}
		return false
	})
	return err == nil && left <= 0, err
}

func refundResult(refund *sdk.Refund, r payment.RefundRequest) (payment.Result, error) {
	result := payment.Result{Reference: refund.ID}
	if !askedBack(refund, r) || refund.Currency != sdk.CurrencyCNY {
		return result, failure("lookup "+word(refund.ID), payment.ErrOtherMoney)
	}
	switch refund.Status {
	case sdk.RefundStatusPending, sdk.RefundStatusRequiresAction:
		result.State = ordering.PaymentPending
	case sdk.RefundStatusSucceeded:
		result.State = ordering.PaymentSucceeded
	case sdk.RefundStatusFailed, sdk.RefundStatusCanceled:
		result.State = ordering.PaymentFailed
	default:
		return payment.Result{}, failure(fmt.Sprintf("refund %s is %s", word(refund.ID), word(string(refund.Status))), errUnreadable)
	}
	return result, nil
}

// askedBack reports whether a refund was made for this very request.
func askedBack(refund *sdk.Refund, r payment.RefundRequest) bool {
	return refund.Metadata[metaRefund] == r.Key && refund.Metadata[metaPayment] == r.PaymentKey && refund.Amount == int64(r.AmountFen)
}

func isRefund(r *sdk.Refund) bool { return r.Object == "refund" && r.ID != "" }
