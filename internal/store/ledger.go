package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/account"
	"gongshu/ent/db/organisation"
	"gongshu/internal/access"
	"gongshu/pricing"
)

// Account names a place of money on the ledger.
type Account struct {
	Kind pricing.AccountKind
	// Provider is whom a PROVIDER account is with; OrganisationID whose a CONTRIBUTOR account is.
	Provider       string
	OrganisationID uuid.UUID
}

// Code names the account uniquely, as it is stored.
func (a Account) Code() string {
	switch a.Kind {
	case pricing.AccountProvider:
		return string(a.Kind) + ":" + a.Provider
	case pricing.AccountContributor:
		return string(a.Kind) + ":" + a.OrganisationID.String()
	}
	return string(a.Kind)
}

// Posting moves a positive amount from one account to another.
type Posting struct {
	From, To  Account
	AmountFen pricing.Fen
	// ProductID is what it was earned with, Nil of a payout.
	ProductID uuid.UUID
	// ContributorID says whose money it is, Nil where it is nobody's share.
	ContributorID uuid.UUID
	// RuleID, Channel and Basis say why it is a share; empty of what is none, and of a payout.
	RuleID  uuid.UUID
	Channel pricing.Channel
	Basis   string
}

// Entry is one event of money and its postings.
type Entry struct {
	Kind pricing.EntryKind
	// Key makes it happen once: what is posted a second time IsTaken.
	Key string
	// What it is of, as its kind says; the others are Nil.
	OrderID, PaymentID, RefundID, PayoutBatchID, BankLineID uuid.UUID
	// At is when it happened, of what is laid in the past; left out, it happens now.
	At       time.Time
	Postings []Posting
}

// Post writes an entry with its postings.
func (tx *Tx) Post(ctx context.Context, e Entry) error {
	accounts, err := tx.accounts(ctx, e.Postings)
	if err != nil {
		return err
	}
	at := tx.now
	if !e.At.IsZero() {
		at = e.At
	}
	create := tx.Entry.Create().SetCreatedAt(at).SetKind(e.Kind).SetKey(e.Key)
	for id, set := range map[uuid.UUID]func(uuid.UUID) *db.EntryCreate{
		e.OrderID: create.SetOrderID, e.PaymentID: create.SetPaymentID, e.RefundID: create.SetRefundID, e.PayoutBatchID: create.SetPayoutBatchID,
		e.BankLineID: create.SetBankLineID,
	} {
		if id != uuid.Nil {
			set(id)
		}
	}
	entry, err := create.Save(ctx)
	if err != nil {
		return fmt.Errorf("post an entry: %w", err)
	}
	rows := make([]*db.PostingCreate, len(e.Postings))
	for i, p := range e.Postings {
		rows[i] = tx.Posting.Create().SetCreatedAt(at).SetEntryID(entry.ID).SetPosition(i).SetAmountFen(int64(p.AmountFen)).
			SetFromAccountID(accounts[p.From]).SetToAccountID(accounts[p.To])
		if p.ProductID != uuid.Nil {
			rows[i].SetProductID(p.ProductID)
		}
		if p.ContributorID != uuid.Nil {
			rows[i].SetContributorID(p.ContributorID)
		}
		if p.RuleID != uuid.Nil {
			rows[i].SetAllocationRuleID(p.RuleID).SetChannel(p.Channel).SetBasis(p.Basis)
		}
	}
	if err := tx.Posting.CreateBulk(rows...).Exec(ctx); err != nil {
		return fmt.Errorf("post: %w", err)
	}
	return nil
}

// accounts finds the accounts of postings and opens those that are not there yet, in the order of their codes, so that
// two transactions never wait for each other.
func (tx *Tx) accounts(ctx context.Context, postings []Posting) (map[Account]uuid.UUID, error) {
	ids := map[Account]uuid.UUID{}
	for _, p := range postings {
		ids[p.From], ids[p.To] = uuid.Nil, uuid.Nil
	}
	wanted := make([]Account, 0, len(ids))
	for a := range ids {
		wanted = append(wanted, a)
	}
	slices.SortFunc(wanted, func(a, b Account) int { return cmp.Compare(a.Code(), b.Code()) })
	codes := make([]string, len(wanted))
	for i, a := range wanted {
		codes[i] = a.Code()
	}
	byCode := map[string]uuid.UUID{}
	if err := tx.readAccounts(ctx, codes, byCode); err != nil {
		return nil, err
	}
	if len(byCode) < len(codes) {
		for i, a := range wanted {
			if byCode[codes[i]] == uuid.Nil {
				if err := tx.openAccount(ctx, a); err != nil {
					return nil, err
				}
			}
		}
		if err := tx.readAccounts(ctx, codes, byCode); err != nil {
			return nil, err
		}
	}
	for _, a := range wanted {
		ids[a] = byCode[a.Code()]
	}
	return ids, nil
}

func (tx *Tx) readAccounts(ctx context.Context, codes []string, into map[string]uuid.UUID) error {
	rows, err := tx.Account.Query().Where(account.CodeIn(codes...)).All(AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("read accounts: %w", err)
	}
	for _, row := range rows {
		into[row.Code] = row.ID
	}
	return nil
}

// openAccount opens an account unless somebody else just did. A statement by hand: a broken constraint would end the
// transaction on Postgres, and ent's upsert is not generated.
func (tx *Tx) openAccount(ctx context.Context, a Account) error {
	var organisation any
	if a.OrganisationID != uuid.Nil {
		organisation = a.OrganisationID
	}
	const statement = `INSERT INTO accounts (id, created_at, code, kind, organisation_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code) DO NOTHING`
	tell(ctx, Statement, statement)
	if _, err := tx.sql.ExecContext(ctx, statement, uuid.Must(uuid.NewV7()), tx.now, a.Code(), string(a.Kind), organisation); err != nil {
		return fmt.Errorf("open the account %s: %w", a.Kind, err)
	}
	return nil
}

// LegalForms reads what kind of body each organisation is.
func (tx *Tx) LegalForms(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]access.LegalForm, error) {
	rows, err := tx.Organisation.Query().Where(organisation.IDIn(ids...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read contributors: %w", err)
	}
	forms := map[uuid.UUID]access.LegalForm{}
	for _, row := range rows {
		forms[row.ID] = row.LegalForm
	}
	return forms, nil
}
