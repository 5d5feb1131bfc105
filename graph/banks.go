package graph

import (
	"context"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/bankformat"
	"gongshu/ent/db/bankline"
	"gongshu/ent/db/bankstatement"
	"gongshu/ent/db/banktransfer"
	dbjob "gongshu/ent/db/job"
	"gongshu/graph/model"
	"gongshu/internal/access"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// mostFormats is how many banks' columns are shown; a platform has a handful of accounts.
const mostFormats = 100

// bankLoaders are the relations of what moves over the platform's bank account.
type bankLoaders struct {
	transfers      *dataloadgen.Loader[uuid.UUID, *db.BankTransfer]
	bankStatements *dataloadgen.Loader[uuid.UUID, *db.BankStatement]
	bankFormats    *dataloadgen.Loader[uuid.UUID, *db.BankFormat]
	bankLines      *dataloadgen.Loader[uuid.UUID, *db.BankLine]
	bankJobs       *dataloadgen.Loader[uuid.UUID, *db.Job]
	refundPayees   *dataloadgen.Loader[refundOf, pricing.PayeeAccount]
}

// refundOf is a refund with the payment that it gives back.
type refundOf struct{ refund, payment uuid.UUID }

func newBankLoaders(c *db.Client, s *store.Store) bankLoaders {
	return bankLoaders{
		refundPayees: dataloadgen.NewLoader(inOrderOf(func(ctx context.Context, refunds []refundOf) (map[refundOf]pricing.PayeeAccount, error) {
			payments := map[uuid.UUID]uuid.UUID{}
			for _, one := range refunds {
				payments[one.refund] = one.payment
			}
			payees, err := s.RefundPayees(ctx, payments)
			found := map[refundOf]pricing.PayeeAccount{}
			for refund, payee := range payees {
				found[refundOf{refund, payments[refund]}] = payee
			}
			return found, err
		}), dataloadgen.WithWait(batchWait)),
		transfers: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.BankTransfer, error) {
			return c.BankTransfer.Query().Where(banktransfer.IDIn(ids...)).All(ctx)
		}, func(t *db.BankTransfer) uuid.UUID { return t.ID }),
		bankStatements: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.BankStatement, error) {
			return c.BankStatement.Query().Where(bankstatement.IDIn(ids...)).All(ctx)
		}, func(s *db.BankStatement) uuid.UUID { return s.ID }),
		bankFormats: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.BankFormat, error) {
			return c.BankFormat.Query().Where(bankformat.IDIn(ids...)).All(ctx)
		}, func(f *db.BankFormat) uuid.UUID { return f.ID }),
		bankLines: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.BankLine, error) {
			return c.BankLine.Query().Where(bankline.IDIn(ids...)).All(ctx)
		}, func(l *db.BankLine) uuid.UUID { return l.ID }),
		bankJobs: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Job, error) {
			return c.Job.Query().Where(dbjob.IDIn(ids...)).All(ctx)
		}, func(j *db.Job) uuid.UUID { return j.ID }),
	}
}

// maybeLoad loads what a key names, nil where there is none.
func maybeLoad[T any](ctx context.Context, loader interface {
	Load(context.Context, uuid.UUID) (*T, error)
}, id *uuid.UUID) (*T, error) {
	if id == nil {
		return nil, nil
	}
	return loader.Load(ctx, *id)
}

// seenAccount is what is shown of an account at a bank.
func seenAccount(name, bank, number string) *model.PayeeAccount {
	return &model.PayeeAccount{Name: name, Bank: bank, LastDigits: access.Payee{Number: number}.LastDigits()}
}

// refundPayee is into which account a refund goes, for those who may see it.
func (r *Resolver) refundPayee(ctx context.Context, obj *db.Refund) (*model.PayeeAccount, error) {
	l := loadersOf(ctx)
	o, err := l.orders.Load(ctx, obj.OrderID)
	if err != nil || o == nil {
		return nil, err
	}
	p, err := l.products.Load(ctx, o.ProductID)
	if err != nil || p == nil || !r.Market.MaySeeRefundPayee(access.FromContext(ctx), p.OperatorID) {
		return nil, err
	}
	payee, err := l.refundPayees.Load(ctx, refundOf{obj.ID, obj.PaymentID})
	if err != nil || payee.Number == "" {
		return nil, err
	}
	return seenAccount(payee.Name, payee.Bank, payee.Number), nil
}

// bankLineTotals counts movements that wait by state, in the order of their life; those that are over grow without end.
func (r *Resolver) bankLineTotals(ctx context.Context) ([]*model.BankLineTotal, error) {
	var rows []struct {
		State ordering.LineState
		Count int
	}
	if err := r.Store.Read().BankLine.Query().Where(bankline.StateIn(ordering.LineQueued, ordering.LineProposed)).GroupBy(bankline.FieldState).Aggregate(db.Count()).Scan(ctx, &rows); err != nil {
		return nil, err
	}
	out := make([]*model.BankLineTotal, 0, len(rows))
	for _, state := range ordering.LineState("").Values() {
		for _, row := range rows {
			if string(row.State) == state {
				out = append(out, &model.BankLineTotal{State: row.State, Count: row.Count})
			}
		}
	}
	return out, nil
}

// isBuyersOf reports whether the viewer pays for the order of a payment.
func (r *Resolver) isBuyersOf(ctx context.Context, p *db.Payment) (bool, error) {
	o, err := loadersOf(ctx).orders.Load(ctx, p.OrderID)
	if o == nil || err != nil {
		return false, err
	}
	return access.FromContext(ctx).MayActFor(o.BuyerID, "payment", access.Buyer, access.BuyerRole, access.Finance) == nil, nil
}
