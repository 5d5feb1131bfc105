package graph

import (
	"context"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/credential"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/usage"
	"gongshu/graph/model"
	"gongshu/graph/scalar"
	"gongshu/graph/view"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/pricing"
)

// orderLoaders are the relations between orders, payments, rights and credentials.
type orderLoaders struct {
	orders       *dataloadgen.Loader[uuid.UUID, *db.Order]
	proceedings  *dataloadgen.Loader[uuid.UUID, *db.Proceeding]
	bills        *dataloadgen.Loader[uuid.UUID, *db.Bill]
	payments     *dataloadgen.Loader[uuid.UUID, []*db.Payment]
	paymentsByID *dataloadgen.Loader[uuid.UUID, *db.Payment]
	billPayments *dataloadgen.Loader[uuid.UUID, []*db.Payment]
	// Of an order, the bills, earliest month first.
	billsOfOrders *dataloadgen.Loader[uuid.UUID, []*db.Bill]
	usages        *dataloadgen.Loader[uuid.UUID, *db.Usage]
	reversals     *dataloadgen.Loader[uuid.UUID, *db.Usage] // by the use that they take back
	credentials   *dataloadgen.Loader[uuid.UUID, []*db.Credential]
	credential    *dataloadgen.Loader[uuid.UUID, *db.Credential]
	entitlements  *dataloadgen.Loader[uuid.UUID, *db.Entitlement]
	// Of an order or a proceeding, the one right that it brought.
	entitlementsOfOrders      *dataloadgen.Loader[uuid.UUID, *db.Entitlement]
	entitlementsOfProceedings *level[*db.Entitlement]
}

func newOrderLoaders(c *db.Client) orderLoaders {
	return orderLoaders{
		orders: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Order, error) {
			return c.Order.Query().Where(order.IDIn(ids...)).All(ctx)
		}, func(o *db.Order) uuid.UUID { return o.ID }),
		bills: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Bill, error) {
			return c.Bill.Query().Where(bill.IDIn(ids...)).All(ctx)
		}, func(b *db.Bill) uuid.UUID { return b.ID }),
		proceedings: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Proceeding, error) {
			return c.Proceeding.Query().Where(proceeding.IDIn(ids...)).All(ctx)
		}, func(p *db.Proceeding) uuid.UUID { return p.ID }),
		payments: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Payment, error) {
			return c.Payment.Query().Where(payment.OrderIDIn(owners...), payment.BillIDIsNil()).Order(db.Asc(payment.FieldID)).All(ctx)
		}, func(p *db.Payment) uuid.UUID { return p.OrderID }),
		paymentsByID: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Payment, error) {
			return c.Payment.Query().Where(payment.IDIn(ids...)).All(ctx)
		}, func(p *db.Payment) uuid.UUID { return p.ID }),
		billPayments: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Payment, error) {
			return c.Payment.Query().Where(payment.BillIDIn(owners...)).Order(db.Asc(payment.FieldID)).All(ctx)
		}, func(p *db.Payment) uuid.UUID { return *p.BillID }),
		billsOfOrders: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Bill, error) {
			return c.Bill.Query().Where(bill.OrderIDIn(owners...)).Order(db.Asc(bill.FieldMonth)).All(ctx)
		}, func(b *db.Bill) uuid.UUID { return b.OrderID }),
		usages: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Usage, error) {
			return c.Usage.Query().Where(usage.IDIn(ids...)).All(ctx)
		}, func(u *db.Usage) uuid.UUID { return u.ID }),
		reversals: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Usage, error) {
			return c.Usage.Query().Where(usage.ReversesIDIn(ids...)).All(ctx)
		}, func(u *db.Usage) uuid.UUID { return *u.ReversesID }),
		credentials: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Credential, error) {
			return c.Credential.Query().Where(credential.EntitlementIDIn(owners...)).Order(db.Desc(credential.FieldID)).All(ctx)
		}, func(c *db.Credential) uuid.UUID { return c.EntitlementID }),
		credential: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Credential, error) {
			return c.Credential.Query().Where(credential.IDIn(ids...)).All(ctx)
		}, func(r *db.Credential) uuid.UUID { return r.ID }),
		entitlements: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Entitlement, error) {
			return c.Entitlement.Query().Where(entitlement.IDIn(ids...)).All(ctx)
		}, func(e *db.Entitlement) uuid.UUID { return e.ID }),
		entitlementsOfOrders: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Entitlement, error) {
			return c.Entitlement.Query().Where(entitlement.OrderIDIn(ids...)).All(ctx)
		}, func(e *db.Entitlement) uuid.UUID { return *e.OrderID }),
		entitlementsOfProceedings: newLevel(rowsByID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Entitlement, error) {
			return c.Entitlement.Query().Where(entitlement.ProceedingIDIn(ids...)).All(ctx)
		}, func(e *db.Entitlement) uuid.UUID { return *e.ProceedingID })),
	}
}

// orderPayload reads an order afresh after a use-case, unless that refused.
func (r *Resolver) orderPayload(ctx context.Context, id uuid.UUID, err error) (*view.OrderPayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.OrderPayload{Errors: errs}, err
	}
	row, err := r.Store.Read().Order.Get(ctx, id)
	return &view.OrderPayload{Order: row, Errors: errs}, err
}

// credentialIssued reads a credential afresh and shows its secret this once.
func (r *Resolver) credentialIssued(ctx context.Context, id uuid.UUID, secret string, err error) (*view.CredentialIssuePayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.CredentialIssuePayload{Errors: errs}, err
	}
	payload := &view.CredentialIssuePayload{Errors: errs}
	if secret != "" {
		payload.Secret = &secret
	}
	payload.Credential, err = r.Store.Read().Credential.Get(ctx, id)
	return payload, err
}

// usageMade reads a use afresh after a use-case, unless that refused.
func (r *Resolver) usageMade(ctx context.Context, id uuid.UUID, err error) (*db.Usage, []*fault.Error, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return nil, errs, err
	}
	row, err := orNil(r.Store.Read().Usage.Get(ctx, id))
	return row, errs, err
}

func (r *Resolver) orderPage(ctx context.Context, whose predicate.Order, status *ordering.OrderStatus, first *int, after *string) (*model.OrderConnection, error) {
	q := r.Store.Read().Order.Query().Where(whose)
	if status != nil {
		q.Where(order.StatusEQ(*status))
	}
	p, err := fetchPage(ctx, q, first, after, newestFirst, func(o *db.Order) uuid.UUID { return o.ID })
	if err != nil {
		return nil, err
	}
	return &model.OrderConnection{
		Edges:    edges(p, func(c string, o *db.Order) *model.OrderEdge { return &model.OrderEdge{Cursor: c, Node: *o} }),
		PageInfo: *p.info(),
	}, nil
}

// noPaymentPending reports whether what a rule allows is kept by no payment that is on its way.
func (r *Resolver) noPaymentPending(ctx context.Context, o *db.Order, refusal error) (bool, error) {
	if refusal != nil {
		return false, nil
	}
	payments, err := loadersOf(ctx).payments.Load(ctx, o.ID)
	return err == nil && !onItsWay(payments), err
}

// revenueReport names what a report is about.
func (r *Resolver) revenueReport(ctx context.Context, report market.RevenueReport) (*model.RevenueReport, error) {
	products, contributors, err := r.Store.RevenueNames(ctx, report.Revenue)
	if err != nil {
		return nil, err
	}
	out := &model.RevenueReport{
		Gross: *scalar.Yuan(report.GrossFen), Vat: *scalar.Yuan(report.VATFen), Net: *scalar.Yuan(report.NetFen),
		PreviousNet: *scalar.Yuan(report.PreviousNetFen), ChangePercent: pricing.Change(report.PreviousNetFen, report.NetFen),
		Rows: make([]*model.RevenueRow, len(report.Rows)), Months: make([]*model.RevenueMonth, len(report.Months)),
		ByContributor: make([]*model.ContributorRevenue, len(report.ByContributor)), ByProduct: make([]*model.ProductRevenue, len(report.ByProduct)),
	}
	for i, row := range report.Rows {
		out.Rows[i] = &model.RevenueRow{
			Month: row.Month, Product: *products[row.ProductID], Contributor: *contributors[row.ContributorID], Payee: payee(row.Payee),
			Channel: row.Channel, Basis: row.Basis, RuleNumber: row.RuleNumber, Amount: *scalar.Yuan(row.AmountFen),
		}
	}
	for i, m := range report.Months {
		out.Months[i] = &model.RevenueMonth{
			Month: m.Month, Net: *scalar.Yuan(m.NetFen), PreviousMonth: m.PreviousMonth, PreviousNet: *scalar.Yuan(m.PreviousNetFen),
			ChangePercent: pricing.Change(m.PreviousNetFen, m.NetFen),
		}
	}
	for i, c := range report.ByContributor {
		out.ByContributor[i] = &model.ContributorRevenue{
			Contributor: *contributors[c.ContributorID], Payee: payee(c.Payee), Amount: *scalar.Yuan(c.AmountFen), SharePercent: c.SharePercent,
		}
	}
	for i, p := range report.ByProduct {
		out.ByProduct[i] = &model.ProductRevenue{Product: *products[p.ProductID], Amount: *scalar.Yuan(p.AmountFen), SharePercent: p.SharePercent}
	}
	return out, nil
}

// payee says into which kind of account a share went.
func payee(kind pricing.AccountKind) model.Payee {
	if kind == pricing.AccountTreasury {
		return model.PayeeTreasury
	}
	return model.PayeeContributor
}

// entitlementMoved moves a right for a reason and answers with it as it then is.
func (r *mutationResolver) entitlementMoved(ctx context.Context, id, reason string, move func(context.Context, uuid.UUID, string) error) (*view.EntitlementPayload, error) {
	moved, err := parseID(entitlementID, id, "id")
	if err == nil {
		err = move(ctx, moved, reason)
	}
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.EntitlementPayload{Errors: errs}, err
	}
	row, err := orNil(r.Store.Read().Entitlement.Get(ctx, moved))
	return &view.EntitlementPayload{Entitlement: row, Errors: errs}, err
}
