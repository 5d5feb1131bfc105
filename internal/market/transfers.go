package market

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// transferrer is who pays into connected accounts by itself, "" where no provider that is set up does.
func (m *Market) transferrer() string {
	for _, name := range slices.Sorted(maps.Keys(m.Payments)) {
		if _, ok := m.Payments[name].(payment.Transferrer); ok {
			return name
		}
	}
	return ""
}

// PayoutsTransfer pays the lines of approved batches that a provider pays by itself, and returns of how many batches it settled a line. It is the worker's;
// what is cut off is finished by the next call under the same key, and one line that cannot be paid keeps no other from it.
func (m *Market) PayoutsTransfer(ctx context.Context) (settled int, err error) {
	ctx = store.AsSystem(ctx) // the batch is the platform's, and nobody is signed in
	return visitAll(ctx, &m.payoutRound, func(after uuid.UUID, most int) ([]*db.PayoutBatch, error) {
		return m.Store.ApprovedBatches(ctx, after, most)
	}, func(b *db.PayoutBatch) uuid.UUID { return b.ID }, func(b *db.PayoutBatch) (settled bool, err error) {
		var failed []error
		for _, line := range b.Lines {
			if line.Provider == "" || line.State != pricing.PayoutLinePending {
				continue
			}
			done, err := m.transferLine(ctx, b, line)
			settled, failed = settled || done, append(failed, err)
		}
		return settled, errors.Join(failed...)
	})
}

// toldOfPayout names a payout in a discrepancy.
func toldOfPayout(provider, reference string, batch, contributor uuid.UUID) string {
	return fmt.Sprintf("transfer %.100s of %s payout %s to %s", reference, provider, publicid.Encode("pbt", batch), publicid.Encode("org", contributor))
}

func (m *Market) transferLine(ctx context.Context, batch *db.PayoutBatch, line pricing.PayoutLine) (settled bool, err error) {
	contributor, err := uuid.Parse(line.Contributor)
	if err != nil {
		return false, fmt.Errorf("payout batch %s: %w", batch.ID, err)
	}
	key := payoutKey(batch.ID, contributor)
	provider, ok := m.Payments[line.Provider].(payment.Transferrer)
	if !ok {
		return false, fmt.Errorf("%s: the provider %s is not set up any more", key, line.Provider)
	}
	result, err := provider.Transfer(ctx, payment.TransferRequest{Key: key, Account: line.Account.Connected, AmountFen: line.AmountFen, At: *batch.ApprovedAt})
	in := PayoutConfirmInput{BatchID: batch.ID, ContributorID: contributor, through: line.Provider}
	takenBack := errors.Is(err, payment.ErrOtherMoney) && result.Reference != ""
	switch {
	case takenBack: // a part of what went: it is paid here, and a person sees to the rest
		in.Paid, in.Reference = true, result.Reference
	case errors.Is(err, payment.ErrRefused): // and moved nothing: it is owed again
		in.Reason = err.Error()
		slog.WarnContext(ctx, "market: a provider refused a payout", "payout", key, "provider", line.Provider, "error", err)
	case err != nil:
		return false, fmt.Errorf("%s: %w", key, err)
	case result.State == ordering.PaymentSucceeded:
		in.Paid, in.Reference = true, result.Reference
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := confirmPayout(ctx, tx, in); err != nil || !takenBack {
			return err
		}
		return toldIn(ctx, tx, store.ToldPayout, toldOfPayout(line.Provider, result.Reference, batch.ID, contributor))
	})
	if code := fault.CodeOf(err); code == "PAYOUT_LINE_DECIDED" || code == "CHANGED_MEANWHILE" { // somebody else recorded it, or the next call does
		return false, nil
	}
	return err == nil, err
}
