package stripe

import (
	"context"
	"errors"

	sdk "github.com/stripe/stripe-go/v76"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
)

// Transfer moves money from our balance to a connected account, once for each key: the same key with another account or amount is
// payment.ErrKeyReused. ErrRefused says that nothing was moved, for example since too little is there. After any other error the
// outcome is not known. A transfer succeeds at once; one that was taken back is FAILED, and payment.ErrOtherMoney where that is a part of it.
func (p *Provider) Transfer(ctx context.Context, r payment.TransferRequest) (payment.Result, error) {
	if !valid(r.Key, r.AmountFen) || r.Account == "" {
		return payment.Result{}, payment.ErrRequestInvalid
	}
	transfer, err := p.transferOf(ctx, r)
	if err != nil {
		return payment.Result{}, err
	}
	if !askedOut(transfer, r) {
		return payment.Result{}, failure("transfer", payment.ErrKeyReused)
	}
	return transferResult(transfer, r)
}

// transferOf is the transfer of a key, made if there is none.
func (p *Provider) transferOf(ctx context.Context, r payment.TransferRequest) (*sdk.Transfer, error) {
	if r.Reference != "" {
		return p.transfer(ctx, r)
	}
	if p.now().Sub(r.At) >= fresh {
		if transfer, err := p.findTransfer(ctx, r); !errors.Is(err, payment.ErrUnknownKey) {
			return transfer, err
		}
	}
	transfer, err := ask(ctx, "create transfer", func() (*sdk.Transfer, error) {
		return p.api.Transfers.New(&sdk.TransferParams{
			Params:        sdk.Params{Context: ctx, IdempotencyKey: idempotency("transfer", r.Key)},
			Amount:        sdk.Int64(int64(r.AmountFen)),
			Currency:      sdk.String(string(sdk.CurrencyCNY)),
			Destination:   &r.Account,
			TransferGroup: &r.Key, // what it is found by
			Metadata:      map[string]string{metaTransfer: r.Key},
		})
	})
	switch {
	case err != nil:
		return nil, err
	case !isTransfer(transfer):
		return nil, failure("create transfer", errUnreadable)
	case replayed(transfer.LastResponse):
		r.Reference = transfer.ID
		return p.transfer(ctx, r)
	}
	return transfer, nil
}

func (p *Provider) transfer(ctx context.Context, r payment.TransferRequest) (*sdk.Transfer, error) {
	transfer, err := read(ctx, "retrieve transfer", func() (*sdk.Transfer, error) {
		return p.api.Transfers.Get(r.Reference, &sdk.TransferParams{Params: sdk.Params{Context: ctx}})
	})
	switch {
	case err != nil:
		return nil, err
	case !isTransfer(transfer) || transfer.ID != r.Reference:
		return nil, failure("retrieve transfer", errUnreadable)
	}
	return transfer, nil
}

func (p *Provider) findTransfer(ctx context.Context, r payment.TransferRequest) (*sdk.Transfer, error) {
	transfer, err := read(ctx, "list transfers", func() (*sdk.Transfer, error) {
		list := p.api.Transfers.List(&sdk.TransferListParams{ListParams: page(ctx), TransferGroup: &r.Key})
		return first(list.Iter, func(one *sdk.Transfer) bool { return one.Metadata[metaTransfer] == r.Key })
	})
	if err == nil && transfer == nil {
		err = payment.ErrUnknownKey
	}
	return transfer, err
}

func transferResult(t *sdk.Transfer, r payment.TransferRequest) (payment.Result, error) {
	result := payment.Result{State: ordering.PaymentSucceeded, Reference: t.ID}
	switch {
	case t.Reversed:
		result.State = ordering.PaymentFailed
	case !askedOut(t, r) || t.AmountReversed != 0:
		return payment.Result{Reference: t.ID}, failure("lookup "+word(t.ID), payment.ErrOtherMoney)
	}
	return result, nil
}

// askedOut reports whether a transfer was made for this very request.
func askedOut(t *sdk.Transfer, r payment.TransferRequest) bool {
	return t.Metadata[metaTransfer] == r.Key && t.Amount == int64(r.AmountFen) && t.Currency == sdk.CurrencyCNY &&
		t.Destination != nil && t.Destination.ID == r.Account
}

func isTransfer(t *sdk.Transfer) bool { return t.Object == "transfer" && t.ID != "" }
