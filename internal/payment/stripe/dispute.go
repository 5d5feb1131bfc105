package stripe

import (
	"context"
	"time"

	sdk "github.com/stripe/stripe-go/v76"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/pricing"
)

// Disputes answers as payment.Disputer says.
func (p *Provider) Disputes(ctx context.Context, r payment.Request) ([]payment.Dispute, error) {
	session, err := p.sessionOf(ctx, r, 0)
	if err != nil || session.PaymentIntent == nil {
		return nil, err
	}
	return read(ctx, "list disputes", func() (disputes []payment.Dispute, err error) {
		list := p.api.Disputes.List(&sdk.DisputeListParams{ListParams: page(ctx), PaymentIntent: &session.PaymentIntent.ID})
		err = each(list.Iter, func(d *sdk.Dispute) bool {
			one := payment.Dispute{Reference: d.ID, State: disputeState(d.Status), AmountFen: pricing.Fen(d.Amount), OpenedAt: time.Unix(d.Created, 0).UTC()}
			if d.Currency != sdk.CurrencyCNY {
				one.AmountFen = r.AmountFen
			}
			disputes = append(disputes, one)
			return true
		})
		return disputes, err
	})
}

// disputeState says a state in the words of the market. Won are disputes that were decided for us or withdrawn, and inquiries that came to
// nothing. What it does not know is open: money is then held, not spent.
func disputeState(status sdk.DisputeStatus) ordering.DisputeState {
	switch status {
	case sdk.DisputeStatusWarningNeedsResponse, sdk.DisputeStatusWarningUnderReview:
		return ordering.DisputeInquiry
	case sdk.DisputeStatusWon, sdk.DisputeStatusWarningClosed:
		return ordering.DisputeWon
	case sdk.DisputeStatusLost:
		return ordering.DisputeLost
	}
	return ordering.DisputeOpen
}
