package graph

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/invoice"
	"gongshu/ent/db/predicate"
	"gongshu/graph/model"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// invoiceLoaders are invoices by what they are about, and their files.
type invoiceLoaders struct {
	invoices *dataloadgen.Loader[uuid.UUID, *db.Invoice]
	// Of an order's own payment, of a bill, and of a blue one the red ones; oldest first.
	invoicesOfOrders *dataloadgen.Loader[uuid.UUID, []*db.Invoice]
	invoicesOfBills  *dataloadgen.Loader[uuid.UUID, []*db.Invoice]
	redInvoices      *dataloadgen.Loader[uuid.UUID, []*db.Invoice]
	invoiceFiles     *dataloadgen.Loader[uuid.UUID, *db.Document]
}

func newInvoiceLoaders(s *store.Store) invoiceLoaders {
	c := s.Read()
	of := func(ctx context.Context, which ...predicate.Invoice) ([]*db.Invoice, error) {
		return c.Invoice.Query().Where(which...).Order(db.Asc(invoice.FieldID)).All(ctx)
	}
	return invoiceLoaders{
		invoices: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Invoice, error) {
			return of(ctx, invoice.IDIn(ids...))
		}, func(i *db.Invoice) uuid.UUID { return i.ID }),
		invoicesOfOrders: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Invoice, error) {
			return of(ctx, invoice.OrderIDIn(owners...), invoice.BillIDIsNil())
		}, func(i *db.Invoice) uuid.UUID { return i.OrderID }),
		invoicesOfBills: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Invoice, error) {
			return of(ctx, invoice.BillIDIn(owners...))
		}, func(i *db.Invoice) uuid.UUID { return *i.BillID }),
		redInvoices: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Invoice, error) {
			return of(ctx, invoice.BlueIDIn(owners...))
		}, func(i *db.Invoice) uuid.UUID { return *i.BlueID }),
		invoiceFiles: byID(s.InvoiceFiles, func(d *db.Document) uuid.UUID { return d.ID }),
	}
}

// invoicePage is a page of invoices of one side, newest first.
func (r *Resolver) invoicePage(
	ctx context.Context, whose predicate.Invoice, status *ordering.InvoiceStatus, colour *ordering.InvoiceColour, first *int, after *string,
) (*model.InvoiceConnection, error) {
	q := r.Store.Read().Invoice.Query().Where(whose)
	if status != nil {
		q.Where(invoice.StatusEQ(*status))
	}
	if colour != nil {
		q.Where(invoice.ColourEQ(*colour))
	}
	p, err := fetchPage(ctx, q, first, after, newestFirst, func(i *db.Invoice) uuid.UUID { return i.ID })
	if err != nil {
		return nil, err
	}
	return &model.InvoiceConnection{
		Edges:    edges(p, func(c string, i *db.Invoice) *model.InvoiceEdge { return &model.InvoiceEdge{Cursor: c, Node: *i} }),
		PageInfo: *p.info(),
	}, nil
}

// mayRequestInvoice reports whether there is something to ask an invoice for: more was paid by one of the payments than refunds took of it, and
// none of it is requested or issued.
func (r *Resolver) mayRequestInvoice(ctx context.Context, orderID uuid.UUID, payments []*db.Payment, invoices []*db.Invoice) (bool, error) {
	refunds, err := loadersOf(ctx).refunds.Load(ctx, orderID)
	if err != nil {
		return false, err
	}
	for _, p := range payments {
		if p.State != ordering.PaymentSucceeded || slices.ContainsFunc(invoices, func(i *db.Invoice) bool { return i.LiveFor != nil && *i.LiveFor == p.ID }) {
			continue
		}
		left := p.AmountFen
		for _, one := range refunds {
			if one.PaymentID == p.ID && one.Status == ordering.RefundPaid {
				left -= one.AmountFen
			}
		}
		if left > 0 {
			return true, nil
		}
	}
	return false, nil
}

// invoiceAbout reads what an invoice is asked for: an order, or a bill. Who is not signed in is told so first.
func invoiceAbout(ctx context.Context, text string) (in market.InvoiceRequestInput, err error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return in, err
	}
	if id, ok := publicid.Parse(orderID, text); ok {
		return market.InvoiceRequestInput{OrderID: id}, nil
	}
	if id, ok := publicid.Parse(billID, text); ok {
		return market.InvoiceRequestInput{BillID: id}, nil
	}
	return in, fault.Absent(whatIs[orderID]).At("id")
}

// invoiceNow is an invoice after what was done with it.
func (r *Resolver) invoiceNow(ctx context.Context, id uuid.UUID) (*db.Invoice, error) {
	return orNil(r.Store.Read().Invoice.Get(ctx, id))
}

// withInvoice does something with an invoice and answers what it is then, or why nothing was done.
func (r *Resolver) withInvoice(ctx context.Context, text string, do func(uuid.UUID) error) (*db.Invoice, []*fault.Error, error) {
	id, err := parseID(invoiceID, text, "id")
	if err == nil {
		err = do(id)
	}
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return nil, errs, err
	}
	row, err := r.invoiceNow(ctx, id)
	return row, errs, err
}
