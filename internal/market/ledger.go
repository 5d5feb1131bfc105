package market

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/internal/store"
	"gongshu/pricing"
)

// post writes what a payment moves on the ledger: from the provider into clearing, from there to VAT and to each
// contributor's payee, by the allocation rule that was frozen with the order. Nothing stays in clearing.
// What was paid with nothing moves nothing.
func post(ctx context.Context, tx *store.Tx, o store.Order, p store.Payment) error {
	if o.TotalFen == 0 {
		return nil
	}
	entry, err := EntryOf(ctx, tx, o, p)
	if err != nil {
		return err
	}
	return tx.Post(ctx, entry)
}

// EntryOf is the entry of a payment of an order.
func EntryOf(ctx context.Context, tx *store.Tx, o store.Order, p store.Payment) (store.Entry, error) {
	ruleID, err := uuid.Parse(o.Terms.AllocationRuleID)
	if err != nil {
		return store.Entry{}, fmt.Errorf("order %s names no allocation rule: %w", o.ID, err)
	}
	rule, err := tx.Allocation(ctx, ruleID)
	if err != nil {
		return store.Entry{}, err
	}
	shares, err := rule.Split(o.NetFen)
	if err != nil {
		return store.Entry{}, fmt.Errorf("split order %s: %w", o.ID, err)
	}
	payees, err := payeesOf(ctx, tx, rule)
	if err != nil {
		return store.Entry{}, err
	}
	postings, err := PostingsOf(o, ruleID, p.Provider, shares, payees)
	return store.Entry{Kind: pricing.EntryPayment, Key: "PAYMENT:" + p.ID.String(), OrderID: o.ID, PaymentID: p.ID, Postings: postings}, err
}

// PostingsOf are the postings of a paid order; what is 0 is not posted.
func PostingsOf(o store.Order, rule uuid.UUID, provider string, shares []pricing.Share, payees map[string]store.Account) ([]store.Posting, error) {
	clearing := store.Account{Kind: pricing.AccountClearing}
	postings := []store.Posting{{From: store.Account{Kind: pricing.AccountProvider, Provider: provider}, To: clearing, AmountFen: o.TotalFen, ProductID: o.ProductID}}
	if o.VATFen > 0 {
		postings = append(postings, store.Posting{From: clearing, To: store.Account{Kind: pricing.AccountVAT}, AmountFen: o.VATFen, ProductID: o.ProductID})
	}
	for _, share := range shares {
		if share.AmountFen == 0 {
			continue
		}
		contributor, err := uuid.Parse(share.Contributor)
		if err != nil {
			return nil, fmt.Errorf("allocation rule %s names no organisation: %w", rule, err)
		}
		postings = append(postings, store.Posting{
			From: clearing, To: payees[share.Contributor], AmountFen: share.AmountFen, ProductID: o.ProductID,
			ContributorID: contributor, RuleID: rule, Channel: share.Channel, Basis: share.Basis,
		})
	}
	return postings, nil
}

// payeesOf says into whose account each contributor's share goes, as policy says by its legal form: an administrative
// organ's to the treasury, never to the organ (政府非税收入, 国库集中收缴; CITY 11.3, F1).
func payeesOf(ctx context.Context, tx *store.Tx, rule pricing.AllocationRule) (map[string]store.Account, error) {
	ids := make([]uuid.UUID, len(rule.Parts))
	for i, part := range rule.Parts {
		var err error
		if ids[i], err = uuid.Parse(part.Contributor); err != nil {
			return nil, fmt.Errorf("an allocation rule names no organisation: %w", err)
		}
	}
	forms, err := tx.LegalForms(ctx, ids)
	if err != nil {
		return nil, err
	}
	policies, err := tx.Policies(ctx)
	if err != nil {
		return nil, err
	}
	payees := map[string]store.Account{}
	for i, part := range rule.Parts {
		switch kind := policies.Payees[forms[ids[i]]]; kind {
		case pricing.AccountTreasury:
			payees[part.Contributor] = store.Account{Kind: kind}
		case pricing.AccountContributor:
			payees[part.Contributor] = store.Account{Kind: kind, OrganisationID: ids[i]}
		default:
			return nil, fmt.Errorf("contributor %s has the legal form %q, for which no policy names a payee", part.Contributor, forms[ids[i]])
		}
	}
	return payees, nil
}
