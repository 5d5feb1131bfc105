package stripe

import (
	"context"
	"time"

	sdk "github.com/stripe/stripe-go/v76"

	"gongshu/internal/payment"
	"gongshu/pricing"
)

// DisputeState is what became of a dispute.
type DisputeState string

// The states. An inquiry has taken no money yet; while a dispute is open its money is with the bank, and when it is lost it stays
// there. Won are those that were decided for us or withdrawn, and inquiries that came to nothing.
const (
	DisputeInquiry DisputeState = "inquiry"
	DisputeOpen    DisputeState = "open"
	DisputeWon     DisputeState = "won"
	DisputeLost    DisputeState = "lost"
)

// Dispute is a buyer's bank that asks a payment back.
type Dispute struct {
	ID    string
	State DisputeState
	// AmountFen is what is asked back: all of the payment where it is told in another currency.
	AmountFen pricing.Fen
	At        time.Time
}

// Disputes are all disputes of a payment, open and closed, the latest first; none of one that took no money. One that was never asked
// for is payment.ErrUnknownKey.
func (p *Provider) Disputes(ctx context.Context, r payment.Request) ([]Dispute, error) {
	session, err := p.sessionOf(ctx, r, 0)
	if err != nil || session.PaymentIntent == nil {
		return nil, err
	}
	return ask(ctx, "list disputes", func() (disputes []Dispute, err error) {
		list := p.api.Disputes.List(&sdk.DisputeListParams{ListParams: page(ctx), PaymentIntent: &session.PaymentIntent.ID})
		err = each(list.Iter, func(d *sdk.Dispute) bool {
			one := Dispute{ID: d.ID, State: disputeState(d.Status), AmountFen: pricing.Fen(d.Amount), At: time.Unix(d.Created, 0).UTC()}
			if d.Currency != sdk.CurrencyCNY {
				one.AmountFen = r.AmountFen
			}
			disputes = append(disputes, one)
			return true
		})
		return disputes, err
	})
}

// disputeState takes what it does not know for open: money is then held, not spent.
func disputeState(status sdk.DisputeStatus) DisputeState {
	switch status {
	case sdk.DisputeStatusWarningNeedsResponse, sdk.DisputeStatusWarningUnderReview:
		return DisputeInquiry
	case sdk.DisputeStatusWon, sdk.DisputeStatusWarningClosed:
		return DisputeWon
	case sdk.DisputeStatusLost:
		return DisputeLost
	}
	return DisputeOpen
}
