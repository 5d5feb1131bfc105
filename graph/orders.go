package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/credential"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/payment"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/product"
	"gongshu/graph/model"
	"gongshu/graph/scalar"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// orderLoaders are the relations between orders, payments, rights and credentials.
type orderLoaders struct {
	orders      *dataloadgen.Loader[uuid.UUID, *db.Order]
	proceedings *dataloadgen.Loader[uuid.UUID, *db.Proceeding]
	payments    *dataloadgen.Loader[uuid.UUID, []*db.Payment]
	credentials *dataloadgen.Loader[uuid.UUID, []*db.Credential]
	// Of an order or a proceeding, the one right that it brought.
	entitlementsOfOrders      *dataloadgen.Loader[uuid.UUID, *db.Entitlement]
	entitlementsOfProceedings *level[*db.Entitlement]
}

func newOrderLoaders(c *db.Client) orderLoaders {
	return orderLoaders{
		orders: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Order, error) {
			return c.Order.Query().Where(order.IDIn(ids...)).All(ctx)
		}, func(o *db.Order) uuid.UUID { return o.ID }),
		proceedings: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Proceeding, error) {
			return c.Proceeding.Query().Where(proceeding.IDIn(ids...)).All(ctx)
		}, func(p *db.Proceeding) uuid.UUID { return p.ID }),
		payments: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Payment, error) {
			return c.Payment.Query().Where(payment.OrderIDIn(owners...)).Order(db.Asc(payment.FieldID)).All(ctx)
		}, func(p *db.Payment) uuid.UUID { return p.OrderID }),
		credentials: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Credential, error) {
			return c.Credential.Query().Where(credential.EntitlementIDIn(owners...)).Order(db.Desc(credential.FieldID)).All(ctx)
		}, func(c *db.Credential) uuid.UUID { return c.EntitlementID }),
		entitlementsOfOrders: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Entitlement, error) {
			return c.Entitlement.Query().Where(entitlement.OrderIDIn(ids...)).All(ctx)
		}, func(e *db.Entitlement) uuid.UUID { return *e.OrderID }),
		entitlementsOfProceedings: newLevel(rowsByID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Entitlement, error) {
			return c.Entitlement.Query().Where(entitlement.ProceedingIDIn(ids...)).All(ctx)
		}, func(e *db.Entitlement) uuid.UUID { return *e.ProceedingID })),
	}
}

// orderPayload reads an order afresh after a use-case, unless that refused.
func (r *Resolver) orderPayload(ctx context.Context, id uuid.UUID, err error) (*model.OrderPayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &model.OrderPayload{Errors: errs}, err
	}
	row, err := r.Store.Read().Order.Get(ctx, id)
	return &model.OrderPayload{Order: row, Errors: errs}, err
}

// credentialIssued reads a credential afresh and shows its secret this once.
func (r *Resolver) credentialIssued(ctx context.Context, id uuid.UUID, secret string, err error) (*model.CredentialIssuePayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &model.CredentialIssuePayload{Errors: errs}, err
	}
	payload := &model.CredentialIssuePayload{Errors: errs}
	if secret != "" {
		payload.Secret = &secret
	}
	payload.Credential, err = r.Store.Read().Credential.Get(ctx, id)
	return payload, err
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
	if err != nil {
		return false, err
	}
	for _, p := range payments {
		if p.State == ordering.PaymentPending {
			return false, nil
		}
	}
	return true, nil
}

// revenueReport names what a report is about. A viewer that sees a posting sees whom and what it names, though the product
// may be off the market by now.
func (r *Resolver) revenueReport(ctx context.Context, report store.Revenue) (*model.RevenueReport, error) {
	products, contributors := map[uuid.UUID]*db.Product{}, map[uuid.UUID]*db.Organisation{}
	for _, row := range report.Rows {
		products[row.ProductID], contributors[row.ContributorID] = nil, nil
	}
	ctx = store.AsSystem(ctx)
	found, err := r.Store.Read().Product.Query().Where(product.IDIn(slices.Collect(maps.Keys(products))...)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		products[p.ID] = p
	}
	named, err := r.Store.Read().Organisation.Query().Where(organisation.IDIn(slices.Collect(maps.Keys(contributors))...)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range named {
		contributors[o.ID] = o
	}
	out := &model.RevenueReport{
		Gross: *scalar.Yuan(report.GrossFen), Vat: *scalar.Yuan(report.VATFen), Net: *scalar.Yuan(report.NetFen),
		Rows: make([]*model.RevenueRow, len(report.Rows)),
	}
	for i, row := range report.Rows {
		payee := model.PayeeContributor
		if row.Payee == pricing.AccountTreasury {
			payee = model.PayeeTreasury
		}
		out.Rows[i] = &model.RevenueRow{
			Month: row.Month, Product: *products[row.ProductID], Contributor: *contributors[row.ContributorID], Payee: payee,
			Channel: row.Channel, Basis: row.Basis, RuleNumber: row.RuleNumber, Amount: *scalar.Yuan(row.AmountFen),
		}
	}
	return out, nil
}

// entitlementMoved moves a right for a reason and answers with it as it then is.
func (r *mutationResolver) entitlementMoved(ctx context.Context, id, reason string, move func(context.Context, uuid.UUID, string) error) (*model.EntitlementPayload, error) {
	moved, err := parseID(entitlementID, id, "id")
	if err == nil {
		err = move(ctx, moved, reason)
	}
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &model.EntitlementPayload{Errors: errs}, err
	}
	row, err := orNil(r.Store.Read().Entitlement.Get(ctx, moved))
	return &model.EntitlementPayload{Entitlement: row, Errors: errs}, err
}
