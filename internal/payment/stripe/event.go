package stripe

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	sdk "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"

	"gongshu/internal/payment"
)

// EventLimit is how many bytes an event has at most.
const EventLimit = 1 << 20

// nameLimit is how long Stripe's own name of a thing is at most; longer ones are not kept, and are none of Stripe's.
const nameLimit = 128

// tolerance is by how much an event may be older or younger than now.
const tolerance = 5 * time.Minute

// Why Verify refuses an event.
var (
	ErrSignature error = payment.Forged("signature") // with none of our secrets
	ErrStale     error = payment.Forged("stale")     // signed too long ago, or in the future
	ErrBody      error = payment.Forged("body")      // cannot be read
	ErrAccount   error = payment.Forged("account")   // of another account
	ErrLivemode  error = payment.Forged("livemode")  // of the other mode
	ErrVersion   error = payment.Forged("version")   // of another version of the API
)

// abouts says what the types of event that concern somebody here are about.
var abouts = map[string]payment.About{
	"checkout.session.completed":               payment.AboutPayment,
	"checkout.session.async_payment_succeeded": payment.AboutPayment,
	"checkout.session.async_payment_failed":    payment.AboutPayment,
	"checkout.session.expired":                 payment.AboutPayment,
	"charge.refunded":                          payment.AboutRefund,
	"charge.refund.updated":                    payment.AboutRefund,
	"refund.updated":                           payment.AboutRefund,
	"refund.failed":                            payment.AboutRefund,
	"charge.dispute.created":                   payment.AboutDispute,
	"charge.dispute.updated":                   payment.AboutDispute,
	"charge.dispute.funds_withdrawn":           payment.AboutDispute,
	"charge.dispute.funds_reinstated":          payment.AboutDispute,
	"charge.dispute.closed":                    payment.AboutDispute,
}

// Event is a hint that something may have changed, and nothing more: events come late, twice and out of order. What counts is
// what Lookup, Refunds and Disputes then read.
type Event struct {
	// ID stays the same when an event comes again.
	ID string
	// Type is Stripe's own word, and About what it comes to.
	Type  string
	About payment.About
	// PaymentKey is of the payment, empty where the event does not say it; IntentID is Stripe's own number of what moved the money.
	PaymentKey, IntentID string
}

// Hear answers as payment.Teller says: Verify in the words of the port.
func (p *Provider) Hear(body []byte, signature string, now time.Time) (payment.Told, error) {
	e, err := p.Verify(body, signature, now)
	return payment.Told{ID: e.ID, About: e.About, PaymentKey: e.PaymentKey, Refers: e.IntentID}, err
}

// Verify reads an event from the body and the Stripe-Signature header of a delivery, both as they came. It is refused, in this order, with
// ErrSignature, ErrStale, ErrBody, ErrAccount, ErrLivemode or ErrVersion; a body of more than EventLimit is ErrBody at once. An event that
// names no account is of our own. What Verify gives is to be remembered by its ID and looked up, never believed.
func (p *Provider) Verify(body []byte, header string, now time.Time) (Event, error) {
	if len(body) > EventLimit {
		return Event{}, ErrBody
	}
	at, err := p.signed(body, header)
	if err != nil {
		return Event{}, err
	}
	if age := now.Sub(at); age > tolerance || age < -tolerance {
		return Event{}, ErrStale
	}
	var told struct {
		ID, Object, Type, Account string
		APIVersion                string `json:"api_version"`
		Livemode                  *bool
		Created                   int64
		Data                      struct {
			Object struct {
				ID, Object        string
				ClientReferenceID string             `json:"client_reference_id"`
				PaymentIntent     *sdk.PaymentIntent `json:"payment_intent"` // its id, or all of it
				Metadata          map[string]string
			}
		}
	}
	if err := json.Unmarshal(body, &told); err != nil || told.Object != "event" || told.ID == "" || len(told.ID) > nameLimit || strings.ContainsRune(told.ID, 0) || told.Type == "" || told.Livemode == nil || told.Created <= 0 {
		return Event{}, ErrBody
	}
	switch {
	case told.Account != "" && told.Account != p.account:
		return Event{}, ErrAccount
	case *told.Livemode != p.live:
		return Event{}, ErrLivemode
	case told.APIVersion != sdk.APIVersion:
		return Event{}, fmt.Errorf("%w: %.40q, not %q", ErrVersion, told.APIVersion, sdk.APIVersion)
	}
	object := told.Data.Object
	event := Event{ID: told.ID, Type: told.Type, About: payment.AboutOther}
	if about, ok := abouts[told.Type]; ok {
		event.About = about
	}
	if object.PaymentIntent != nil {
		event.IntentID = object.PaymentIntent.ID
	}
	switch event.About {
	case payment.AboutPayment:
		event.PaymentKey = object.ClientReferenceID
	case payment.AboutRefund:
		event.PaymentKey = object.Metadata[metaPayment]
	}
	if event.About != payment.AboutOther && (object.ID == "" || len(event.IntentID) > nameLimit || strings.ContainsRune(event.IntentID, 0)) {
		return Event{}, ErrBody
	}
	if len(event.PaymentKey) > keyLimit { // it is somebody else's payment under our account
		event.About, event.PaymentKey = payment.AboutOther, ""
	}
	return event, nil
}

// signed is when a body was signed with one of our secrets. The library's own check knows one secret and no future.
func (p *Provider) signed(body []byte, header string) (time.Time, error) {
	var at time.Time
	var given [][]byte
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			seconds, err := strconv.ParseInt(value, 10, 64)
			if err != nil || !at.IsZero() {
				return at, ErrSignature
			}
			at = time.Unix(seconds, 0)
		case "v1":
			if signature, err := hex.DecodeString(value); err == nil && len(given) < 16 {
				given = append(given, signature)
			}
		}
	}
	for _, secret := range p.secrets {
		ours := webhook.ComputeSignature(at, body, secret)
		for _, theirs := range given {
			if hmac.Equal(ours, theirs) && !at.IsZero() {
				return at, nil
			}
		}
	}
	return at, ErrSignature
}

// Whose answers as payment.Teller says.
func (p *Provider) Whose(ctx context.Context, t payment.Told) (string, error) {
	switch {
	case t.PaymentKey != "":
		return t.PaymentKey, nil
	case t.Refers == "":
		return "", payment.ErrUnknownKey
	}
	session, err := read(ctx, "list sessions", func() (*sdk.CheckoutSession, error) {
		list := p.api.CheckoutSessions.List(&sdk.CheckoutSessionListParams{ListParams: page(ctx), PaymentIntent: &t.Refers})
		return first(list.Iter, func(s *sdk.CheckoutSession) bool { return s.ClientReferenceID != "" })
	})
	switch {
	case missing(err), err == nil && session == nil:
		return "", payment.ErrUnknownKey
	case err != nil:
		return "", err
	}
	return session.ClientReferenceID, nil
}
