package graph

import (
	"context"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/allocationrule"
	"gongshu/ent/db/payoutbatch"
	"gongshu/ent/db/posting"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/refund"
	"gongshu/ent/db/statement"
	"gongshu/graph/model"
	"gongshu/graph/scalar"
	"gongshu/internal/access"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// settlementLoaders are the relations between orders, refunds, the ledger and statements.
type settlementLoaders struct {
	refunds    *dataloadgen.Loader[uuid.UUID, []*db.Refund]
	trails     *dataloadgen.Loader[uuid.UUID, []store.TrailEntry]
	statements *dataloadgen.Loader[store.ContributorMonth, *db.Statement]
	payouts    *dataloadgen.Loader[store.ContributorMonth, []store.Payout]
	// What proceedings are about.
	rules         *dataloadgen.Loader[uuid.UUID, *db.AllocationRule]
	refundsByID   *dataloadgen.Loader[uuid.UUID, *db.Refund]
	payoutBatches *dataloadgen.Loader[uuid.UUID, *db.PayoutBatch]
	// The newest proceeding about what has its own: a refund, an allocation rule, a permitted revenue, a payout batch, a movement, a transfer.
	proceedingsAbout *dataloadgen.Loader[uuid.UUID, *db.Proceeding]
}

func newSettlementLoaders(c *db.Client, s *store.Store) settlementLoaders {
	return settlementLoaders{
		refunds: byOwner(func(ctx context.Context, ids []uuid.UUID) ([]*db.Refund, error) {
			return c.Refund.Query().Where(refund.OrderIDIn(ids...)).Order(db.Asc(refund.FieldID)).All(ctx)
		}, func(r *db.Refund) uuid.UUID { return r.OrderID }),
		trails:     dataloadgen.NewLoader(inOrderOf(s.Trails), dataloadgen.WithWait(batchWait)),
		statements: dataloadgen.NewLoader(inOrderOf(s.StatementsFor), dataloadgen.WithWait(batchWait)),
		payouts:    dataloadgen.NewLoader(inOrderOf(s.PayoutsFor), dataloadgen.WithWait(batchWait)),
		rules: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.AllocationRule, error) {
			return c.AllocationRule.Query().Where(allocationrule.IDIn(ids...)).All(ctx)
		}, func(r *db.AllocationRule) uuid.UUID { return r.ID }),
		refundsByID: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Refund, error) {
			return c.Refund.Query().Where(refund.IDIn(ids...)).All(ctx)
		}, func(r *db.Refund) uuid.UUID { return r.ID }),
		payoutBatches: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.PayoutBatch, error) {
			return c.PayoutBatch.Query().Where(payoutbatch.IDIn(ids...)).All(ctx)
		}, func(b *db.PayoutBatch) uuid.UUID { return b.ID }),
		proceedingsAbout: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Proceeding, error) {
			return c.Proceeding.Query().Where(proceeding.SubjectIDIn(ids...)).Order(db.Asc(proceeding.FieldID)).All(ctx) // the newest is the last
		}, func(p *db.Proceeding) uuid.UUID { return p.SubjectID }),
	}
}

// inOrderOf turns what is found by key into what a loader gives, in the order of the keys; what is not found is zero.
func inOrderOf[K comparable, T any](find func(context.Context, []K) (map[K]T, error)) func(context.Context, []K) ([]T, []error) {
	return func(ctx context.Context, keys []K) ([]T, []error) {
		found, err := find(ctx, keys)
		if err != nil {
			return nil, []error{err}
		}
		out := make([]T, len(keys))
		for i, k := range keys {
			out[i] = found[k]
		}
		return out, nil
	}
}

// statementTotals counts the statements of a month that the viewer may see, by status in the order of their life.
func (r *Resolver) statementTotals(ctx context.Context, month string) ([]*model.StatementTotal, error) {
	var rows []struct {
		Status     pricing.StatementStatus
		Count      int
		ClosingFen int64 `json:"closing"`
	}
	err := r.Store.Read().Statement.Query().Where(statement.Month(month)).GroupBy(statement.FieldStatus).
		Aggregate(db.Count(), db.As(db.Sum(statement.FieldClosingFen), "closing")).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	out := make([]*model.StatementTotal, 0, len(rows))
	for _, status := range pricing.StatementStatus("").Values() {
		for _, row := range rows {
			if string(row.Status) == status {
				out = append(out, &model.StatementTotal{Status: row.Status, Count: row.Count, Closing: *scalar.Yuan(pricing.Fen(row.ClosingFen))})
			}
		}
	}
	return out, nil
}

// accountOf is into which account an organisation is paid, for those who may see it.
func (r *Resolver) accountOf(ctx context.Context, o *db.Organisation) *model.PayeeAccount {
	if !r.Market.MaySeePayee(access.FromContext(ctx), o.ID) {
		return nil
	}
	return shownAccount(o.Payee)
}

// shownAccount is what is shown of an account, nil of none: the number is in the bank file alone.
func shownAccount(p access.Payee) *model.PayeeAccount {
	if !p.IsSet() {
		return nil
	}
	return &model.PayeeAccount{Name: p.Name, Bank: p.Bank, LastDigits: p.LastDigits(), ConnectedAccount: nonEmpty(p.Connected)}
}

// ledgerEntries are the trail of an order's money as the edge shows it.
func ledgerEntries(ctx context.Context, order uuid.UUID) ([]*model.LedgerEntry, error) {
	trail, err := loadersOf(ctx).trails.Load(ctx, order)
	if err != nil {
		return nil, err
	}
	out := make([]*model.LedgerEntry, len(trail))
	var all []store.TrailPosting
	for _, e := range trail {
		all = append(all, e.Postings...)
	}
	postings, err := postingsOf(ctx, all)
	if err != nil {
		return nil, err
	}
	for i, e := range trail {
		n := len(e.Postings)
		out[i] = &model.LedgerEntry{Kind: e.Kind, CreatedAt: e.CreatedAt, Postings: postings[:n:n]}
		postings = postings[n:]
	}
	return out, nil
}

// postingsOf are postings as the edge shows them, with whose they are and the statements that they are on, loaded together.
func postingsOf(ctx context.Context, trail []store.TrailPosting) ([]*model.Posting, error) {
	out := make([]*model.Posting, len(trail))
	var shares []*model.Posting
	var whose []uuid.UUID
	var months []store.ContributorMonth
	for i, p := range trail {
		out[i] = &model.Posting{From: p.From, To: p.To, Amount: *scalar.Yuan(pricing.Fen(p.AmountFen)), Channel: p.Channel, Basis: p.Basis}
		if p.ContributorID == nil {
			continue
		}
		shares, whose = append(shares, out[i]), append(whose, *p.ContributorID)
		months = append(months, store.ContributorMonth{ContributorID: *p.ContributorID, Month: pricing.MonthOf(p.CreatedAt).String()})
	}
	contributors, err := loadersOf(ctx).organisations.LoadAll(ctx, whose)
	if err != nil {
		return nil, err
	}
	statements, err := loadersOf(ctx).statements.LoadAll(ctx, months)
	if err != nil {
		return nil, err
	}
	for i, share := range shares {
		share.Contributor, share.Statement = contributors[i], statements[i]
	}
	return out, nil
}

// storeRefunds are the refunds of an order as the rules take them.
func storeRefunds(rows []*db.Refund) []store.Refund {
	out := make([]store.Refund, len(rows))
	for i, row := range rows {
		out[i] = store.Refund{ID: row.ID, PaymentID: row.PaymentID, AmountFen: pricing.Fen(row.AmountFen), Status: row.Status}
	}
	return out
}

// rightAfter is what becomes of an order's right once an amount goes back, but being the refund that it is itself; nil where nothing does.
func (r *Resolver) rightAfter(ctx context.Context, orderID, but uuid.UUID, amount pricing.Fen) (*model.RightAfterRefund, error) {
	refunds, err := loadersOf(ctx).refunds.Load(ctx, orderID)
	if err != nil {
		return nil, err
	}
	before, after, is, err := r.Market.RightAfter(ctx, orderID, storeRefunds(refunds), but, amount)
	if err != nil || !is {
		return nil, err
	}
	out := &model.RightAfterRefund{Change: model.RightChangeShrinks, EndsAt: *after.ExpiresAt}
	if after.Unit == ordering.QuotaMegabyte {
		out.QuotaBytes = after.Quota
	} else {
		out.QuotaCalls = after.Quota
	}
	switch {
	case after.Same(before):
		out.Change = model.RightChangeNone
	case after.Status == ordering.EntitlementRevoked:
		out.Change = model.RightChangeEnds
	}
	return out, nil
}

// refundableOf is what may still be asked back of an order.
func refundableOf(ctx context.Context, o *db.Order) (pricing.Fen, error) {
	payments, err := loadersOf(ctx).payments.Load(ctx, o.ID)
	if err != nil {
		return 0, err
	}
	refunds, err := loadersOf(ctx).refunds.Load(ctx, o.ID)
	if err != nil {
		return 0, err
	}
	left := pricing.Fen(0)
	for _, p := range payments {
		if p.State == ordering.PaymentSucceeded {
			left += pricing.Fen(p.AmountFen) - market.Refunded(p.ID, storeRefunds(refunds))
		}
	}
	return left, nil
}

// refundsOfBill are the payments of a bill that took money, several only since a bank took one back, and their refunds.
func refundsOfBill(ctx context.Context, b *db.Bill) (paid []*db.Payment, refunds []*db.Refund, err error) {
	refunds = []*db.Refund{}
	payments, err := loadersOf(ctx).billPayments.Load(ctx, b.ID)
	if err != nil {
		return nil, nil, err
	}
	took := map[uuid.UUID]bool{}
	for _, p := range payments {
		if p.State == ordering.PaymentSucceeded {
			paid, took[p.ID] = append(paid, p), true
		}
	}
	if len(paid) == 0 {
		return nil, refunds, nil
	}
	all, err := loadersOf(ctx).refunds.Load(ctx, b.OrderID)
	for _, one := range all {
		if took[one.PaymentID] {
			refunds = append(refunds, one)
		}
	}
	return paid, refunds, err
}

// refundableOfBill is what may still be asked back of the payment of a bill of which most is left, nil of none.
func refundableOfBill(ctx context.Context, b *db.Bill) (of *db.Payment, left pricing.Fen, err error) {
	paid, refunds, err := refundsOfBill(ctx, b)
	if err != nil || len(paid) == 0 {
		return nil, 0, err
	}
	rows, err := loadersOf(ctx).billsOfOrders.Load(ctx, b.OrderID)
	if err != nil {
		return nil, 0, err
	}
	bills := make([]ordering.Bill, len(rows))
	for i, row := range rows {
		bills[i] = store.RuleBill(row)
	}
	credited := ordering.Credited(bills, b.Month)
	for _, p := range paid {
		if rest := pricing.Fen(p.AmountFen) - market.Refunded(p.ID, storeRefunds(refunds)) - credited; rest > left {
			of, left = p, rest
		}
	}
	return of, left, nil
}

// mayRefund reports whether the viewer may ask for what is left of what a buyer paid for a product.
func (r *Resolver) mayRefund(ctx context.Context, buyer, product uuid.UUID, left pricing.Fen) (bool, error) {
	operator := uuid.Nil
	p, err := loadersOf(ctx).products.Load(ctx, product)
	if err != nil {
		return false, err
	}
	if p != nil {
		operator = p.OperatorID
	}
	return r.Market.MayRefund(access.FromContext(ctx), buyer, operator, left), nil
}

// newestPosted is the order of postings by when they were written, as the index of a product's is laid.
var newestPosted = direction{
	func(s *sql.Selector) {
		s.OrderBy(sql.Desc(s.C(posting.FieldCreatedAt)), sql.Desc(s.C(posting.FieldID)))
	},
	func(s *sql.Selector, last uuid.UUID) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString("(" + s.C(posting.FieldCreatedAt) + ", " + s.C(posting.FieldID) + ") < (SELECT created_at, id FROM postings WHERE id = ").Arg(last).WriteString(")")
		}))
	},
}

// revenuePostings is a page of the shares in what was paid for a product from one moment until another, newest first.
func (r *Resolver) revenuePostings(ctx context.Context, product uuid.UUID, from, until time.Time, contributor *uuid.UUID, first *int, after *string) (*model.RevenuePostingConnection, error) {
	whose := posting.ContributorIDNotNil()
	if contributor != nil {
		whose = posting.ContributorID(*contributor)
	}
	q := r.Store.Read().Posting.Query().Where(posting.ProductID(product), whose, posting.CreatedAtGTE(from), posting.CreatedAtLT(until))
	p, err := fetchPage(ctx, q, first, after, newestPosted, func(p *db.Posting) uuid.UUID { return p.ID })
	if err != nil {
		return nil, err
	}
	trail, err := r.Store.TrailOf(ctx, p.rows)
	if err != nil {
		return nil, err
	}
	nodes, err := revenuePostingsOf(ctx, trail)
	if err != nil {
		return nil, err
	}
	out := &model.RevenuePostingConnection{Edges: make([]*model.RevenuePostingEdge, len(trail)), PageInfo: *p.info()}
	for i, node := range nodes {
		out.Edges[i] = &model.RevenuePostingEdge{Cursor: cursor(trail[i].ID), Node: node}
	}
	return out, nil
}

func revenuePostingsOf(ctx context.Context, trail []store.TrailPosting) ([]model.RevenuePosting, error) {
	postings, err := postingsOf(ctx, trail)
	if err != nil {
		return nil, err
	}
	out := make([]model.RevenuePosting, len(trail))
	var ids []uuid.UUID
	for i, p := range trail {
		earned := pricing.Fen(p.AmountFen)
		if p.Entry.Kind == pricing.EntryRefund {
			earned = -earned
		}
		out[i] = model.RevenuePosting{Kind: p.Entry.Kind, CreatedAt: p.CreatedAt, Earned: *scalar.Yuan(earned), Posting: *postings[i]}
		if p.Entry.OrderID != nil {
			ids = append(ids, *p.Entry.OrderID)
		}
	}
	orders, err := loadersOf(ctx).orders.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, p := range trail {
		if p.Entry.OrderID != nil {
			out[i].Order, orders = orders[0], orders[1:]
		}
	}
	return out, nil
}

// orNone is no id for the one that is none.
func orNone(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
