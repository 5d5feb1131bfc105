// Package stripe is the adapter of the payment port to Stripe: a buyer pays on a hosted Checkout page, refunds and transfers to
// connected accounts go the same way, and signed events are hints to look something up.
//
// It owns how the port's promises are kept with what Stripe offers. A payment is one Checkout Session that carries the payment's key as
// client_reference_id; what was asked for is written into its metadata, so that a session says itself whose it is. Three things
// keep a key to one session: Stripe's idempotency keys, which live for a day; the session's id once it was heard; and, when neither is
// there any more, the list of the sessions that were made since. Stripe replays the first answer to a key as it was, so whatever is
// replayed is read again. Nothing is retried but what Stripe says is still in progress: asking again is the market's.
//
// What a person must set on Stripe's side: events are sent in API version 2023-10-16 (that of the library), and Adaptive Pricing is
// off, since a session in another currency is ErrOtherMoney.
//
// Tests run the conformance suite, faults and the life of an event against package standin, and every kind of request against
// Stripe's own stripe-mock, which knows the shape of the API but has no state. Against Stripe itself the suite runs where an API key is
// given to the tests; up to now it was never given, so what Stripe does is taken from its documentation and its library.
package stripe

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"
	sdk "github.com/stripe/stripe-go/v76"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/pricing"
)

// Name is what the provider is chosen by.
const Name = "stripe"

const (
	// fresh is how long the idempotency key alone keeps a key to one payment. What is older is looked for before it is made, long
	// before Stripe forgets its keys after a day.
	fresh = time.Minute
	// slack is by how much Stripe's clock may differ from ours.
	slack = 5 * time.Minute
	// A session lives 30 minutes to 24 hours from when it is made, which is later than when it was stored.
	shortest = 40 * time.Minute
	longest  = 24*time.Hour - slack
	// keyLimit is how many characters a key of ours has at most.
	keyLimit = 128
	// listed bounds how much is read through in search of one key.
	listed = 5000
)

// The names under which a session, refund or transfer says what it was made for.
const (
	metaOrder    = "order"
	metaPayment  = "payment"
	metaRefund   = "refund"
	metaTransfer = "transfer"
	metaAmount   = "amount_fen"
)

// Provider is the adapter. It is safe for concurrent use.
type Provider struct {
	client
	secrets []string
	account string
	live    bool
	now     func() time.Time
}

var (
	_ payment.Teller      = (*Provider)(nil)
	_ payment.Disputer    = (*Provider)(nil)
	_ payment.Transferrer = (*Provider)(nil)
)

// Name returns "stripe".
func (*Provider) Name() string { return Name }

// Format writes no secret, whatever is asked for.
func (*Provider) Format(f fmt.State, _ rune) { fmt.Fprint(f, "stripe.Provider") }

// Pay answers as payment.Provider says. A request with a Reference is looked up and never made. Within its first minute one
// without is kept to one session by Stripe's idempotency key, of which the order is a part; a key belongs to one order.
func (p *Provider) Pay(ctx context.Context, r payment.Request) (payment.Result, error) {
	if !valid(r.Key, r.AmountFen) {
		return payment.Result{}, payment.ErrRequestInvalid
	}
	session, err := p.sessionOf(ctx, r, fresh)
	if errors.Is(err, payment.ErrUnknownKey) {
		session, err = p.open(ctx, r)
	}
	if err != nil {
		return payment.Result{}, err
	}
	if !asked(session, r) {
		return payment.Result{}, failure("pay", payment.ErrKeyReused)
	}
	return p.result(ctx, session, r)
}

// Lookup answers as payment.Provider says. A Reference that Stripe does not know is no ErrUnknownKey but an error: it was asked for,
// most likely of another account.
func (p *Provider) Lookup(ctx context.Context, r payment.Request) (payment.Result, error) {
	session, err := p.sessionOf(ctx, r, 0)
	if err != nil {
		return payment.Result{}, err
	}
	return p.result(ctx, session, r)
}

// Cancel answers as payment.Provider says; what is already being paid by a method that takes days is PENDING.
func (p *Provider) Cancel(ctx context.Context, r payment.Request) (payment.Result, error) {
	id := r.Reference
	if id == "" {
		session, err := p.find(ctx, r)
		if err != nil {
			return payment.Result{}, err
		}
		id = session.ID
	}
	session, err := ask(ctx, "expire session", func() (*sdk.CheckoutSession, error) {
		params := &sdk.CheckoutSessionExpireParams{Params: sdk.Params{Context: ctx}}
		params.AddExpand("payment_intent")
		return p.api.CheckoutSessions.Expire(id, params)
	})
	if refused, ok := errors.AsType[*Error](err); ok && refused.Status == 400 { // it is open no more
		if session, err = p.session(ctx, id); err == nil && session.Status == sdk.CheckoutSessionStatusOpen {
			return payment.Result{}, refused.as(nil)
		}
	}
	if err != nil {
		return payment.Result{}, known(err)
	}
	return p.result(ctx, session, r)
}

// open makes the session of a payment, or hears of the one that was made under its key.
func (p *Provider) open(ctx context.Context, r payment.Request) (*sdk.CheckoutSession, error) {
	meta := map[string]string{metaOrder: r.OrderID.String(), metaPayment: r.Key, metaAmount: fmt.Sprint(int64(r.AmountFen))}
	session, err := ask(ctx, "create session", func() (*sdk.CheckoutSession, error) {
		return p.api.CheckoutSessions.New(&sdk.CheckoutSessionParams{
			Params:            sdk.Params{Context: ctx, IdempotencyKey: idempotency(r.OrderID.String(), "pay", r.Key)},
			Mode:              sdk.String(string(sdk.CheckoutSessionModePayment)),
			ClientReferenceID: &r.Key,
			LineItems: []*sdk.CheckoutSessionLineItemParams{{
				PriceData: &sdk.CheckoutSessionLineItemPriceDataParams{
					Currency:    sdk.String(string(sdk.CurrencyCNY)),
					UnitAmount:  sdk.Int64(int64(r.AmountFen)),
					ProductData: &sdk.CheckoutSessionLineItemPriceDataProductDataParams{Name: sdk.String("公数 Gongshu · " + r.OrderID.String())},
				},
				Quantity: sdk.Int64(1),
			}},
			Metadata:          meta,
			PaymentIntentData: &sdk.CheckoutSessionPaymentIntentDataParams{Metadata: meta},
			SuccessURL:        &r.ReturnURL,
			CancelURL:         &r.ReturnURL,
			ExpiresAt:         sdk.Int64(expires(r).Unix()),
		})
	})
	switch {
	case errors.Is(err, payment.ErrKeyReused): // or only another page to return to
		if session, err := p.find(ctx, r); !errors.Is(err, payment.ErrUnknownKey) {
			return session, err
		}
		return nil, err
	case err != nil:
		return nil, err
	case !isSession(session):
		return nil, failure("create session", errUnreadable)
	case replayed(session.LastResponse):
		return p.session(ctx, session.ID)
	}
	return session, nil
}

// expires depends on what is stored alone: another time under the same key would be another request.
func expires(r payment.Request) time.Time {
	earliest, latest := r.At.Add(shortest), r.At.Add(longest)
	switch {
	case r.Until.IsZero() || r.Until.After(latest):
		return latest
	case r.Until.Before(earliest):
		return earliest
	}
	return r.Until
}

// sessionOf is the session of a payment. One that was stored less than `young` ago is not looked for, and unknown.
func (p *Provider) sessionOf(ctx context.Context, r payment.Request, young time.Duration) (*sdk.CheckoutSession, error) {
	switch {
	case r.Reference != "":
		return p.session(ctx, r.Reference)
	case young > 0 && p.now().Sub(r.At) < young:
		return nil, payment.ErrUnknownKey
	}
	return p.find(ctx, r)
}

func (p *Provider) session(ctx context.Context, id string) (*sdk.CheckoutSession, error) {
	session, err := read(ctx, "retrieve session", func() (*sdk.CheckoutSession, error) {
		params := &sdk.CheckoutSessionParams{Params: sdk.Params{Context: ctx}}
		params.AddExpand("payment_intent")
		return p.api.CheckoutSessions.Get(id, params)
	})
	if err != nil {
		return nil, err
	}
	if !isSession(session) || session.ID != id {
		return nil, failure("retrieve session", errUnreadable)
	}
	return session, nil
}

// find looks for the session of a key among those made since it was stored and before it could be made no more; ErrUnknownKey where
// there is none.
func (p *Provider) find(ctx context.Context, r payment.Request) (*sdk.CheckoutSession, error) {
	params := &sdk.CheckoutSessionListParams{CreatedRange: &sdk.RangeQueryParams{
		GreaterThanOrEqual: r.At.Add(-slack).Unix(), LesserThanOrEqual: r.At.Add(longest + slack).Unix(), // it would end before it was made
	}}
	params.ListParams = page(ctx)
	found, err := read(ctx, "list sessions", func() (*sdk.CheckoutSession, error) {
		list := p.api.CheckoutSessions.List(params)
		return first(list.Iter, func(s *sdk.CheckoutSession) bool { return s.ClientReferenceID == r.Key })
	})
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, payment.ErrUnknownKey
	}
	return p.session(ctx, found.ID)
}

// result is what became of a session. That it took money is believed only where it is the money that was asked for; other money that
// was given back, by a person on Stripe's side, is none any more.
func (p *Provider) result(ctx context.Context, s *sdk.CheckoutSession, r payment.Request) (payment.Result, error) {
	result := payment.Result{Reference: s.ID}
	intent := s.PaymentIntent
	if intent == nil {
		intent = &sdk.PaymentIntent{}
	}
	took := intent.Status == sdk.PaymentIntentStatusSucceeded
	switch s.PaymentStatus {
	case sdk.CheckoutSessionPaymentStatusPaid, sdk.CheckoutSessionPaymentStatusNoPaymentRequired:
		took = true
	case sdk.CheckoutSessionPaymentStatusUnpaid:
	default:
		return payment.Result{}, failure("lookup "+word(s.ID), errUnreadable)
	}
	switch {
	case took && !(asked(s, r) && p.took(s, r)):
		back, err := p.wentBack(ctx, intent)
		switch {
		case err != nil:
			return payment.Result{}, err
		case !back:
			return result, failure("lookup "+word(s.ID), payment.ErrOtherMoney)
		}
		result.State = ordering.PaymentExpired
	case took:
		result.State = ordering.PaymentSucceeded
	case s.Status == sdk.CheckoutSessionStatusExpired:
		result.State = ordering.PaymentExpired
	case s.Status == sdk.CheckoutSessionStatusComplete && (intent.Status == sdk.PaymentIntentStatusRequiresPaymentMethod || intent.Status == sdk.PaymentIntentStatusCanceled):
		result.State = ordering.PaymentFailed // the method that takes days did not bring it
	case s.Status == sdk.CheckoutSessionStatusComplete:
		result.State = ordering.PaymentPending
	case s.Status != sdk.CheckoutSessionStatusOpen:
		return payment.Result{}, failure("lookup "+word(s.ID), errUnreadable)
	case !asked(s, r):
		return result, failure("lookup "+word(s.ID), payment.ErrOtherMoney)
	case !isPage(s.URL):
		return payment.Result{}, failure("lookup "+word(s.ID), errUnreadable)
	default:
		result.State = ordering.PaymentPending
		result.Next = payment.Next{URL: s.URL, Until: time.Unix(s.ExpiresAt, 0).UTC()}
		if !r.Until.IsZero() && r.Until.Before(result.Next.Until) {
			result.Next.Until = r.Until
		}
	}
	return result, nil
}

// asked reports whether a session was made for this very request.
func asked(s *sdk.CheckoutSession, r payment.Request) bool {
	order, err := uuid.Parse(s.Metadata[metaOrder])
	return err == nil && s.ClientReferenceID == r.Key && order == r.OrderID && s.Metadata[metaAmount] == fmt.Sprint(int64(r.AmountFen))
}

// took reports whether what a session took is what was asked for.
func (p *Provider) took(s *sdk.CheckoutSession, r payment.Request) bool {
	if s.PaymentIntent == nil || s.PaymentStatus == sdk.CheckoutSessionPaymentStatusNoPaymentRequired || s.Livemode != p.live {
		return false
	}
	wanted := int64(r.AmountFen)
	return s.Currency == sdk.CurrencyCNY && s.AmountTotal == wanted &&
		s.PaymentIntent.Currency == sdk.CurrencyCNY && s.PaymentIntent.AmountReceived == wanted
}

func isSession(s *sdk.CheckoutSession) bool { return s.Object == "checkout.session" && s.ID != "" }

// isPage reports whether a buyer may be sent there.
func isPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" && u.Host != "" || u.Scheme == "http" && loopback(u.Hostname()))
}

// valid reports whether there is something to pay and a key that Stripe takes as it is.
func valid(key string, amount pricing.Fen) bool {
	if key == "" || len(key) > keyLimit || amount <= 0 {
		return false
	}
	for _, c := range []byte(key) {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}
