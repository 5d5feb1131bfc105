package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/account"
	"gongshu/ent/db/document"
	"gongshu/ent/db/entry"
	"gongshu/ent/db/invoice"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/posting"
	"gongshu/ent/db/predicate"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/todo"
	"gongshu/pricing"
)

// Invoice is an invoice as use-cases see it.
type Invoice struct {
	ordering.InvoiceAmounts
	ID, OrderID, PaymentID, BuyerID, OperatorID, PersonID uuid.UUID
	// BillID is Nil of an order's own payment; BlueID and RefundID are Nil of a blue one.
	BillID, BlueID, RefundID uuid.UUID
	Version                  int
	Kind                     ordering.InvoiceKind
	Colour                   ordering.InvoiceColour
	Status                   ordering.InvoiceStatus
	Holder                   ordering.InvoiceHolder
	VATRate                  string
	// Code, Number and DocumentID are "" and Nil until it is issued.
	Code, Number                string
	DocumentID                  uuid.UUID
	IdempotencyKey, RequestHash string
}

func loadInvoice(row *db.Invoice) Invoice {
	i := Invoice{
		InvoiceAmounts: ordering.InvoiceAmounts{NetFen: pricing.Fen(row.NetFen), VATFen: pricing.Fen(row.VatFen), TotalFen: pricing.Fen(row.TotalFen)},
		ID:             row.ID, OrderID: row.OrderID, PaymentID: row.PaymentID, BuyerID: row.BuyerID, OperatorID: row.OperatorID, PersonID: row.PersonID, Version: row.Version,
		BillID: orNil(row.BillID), BlueID: orNil(row.BlueID), RefundID: orNil(row.RefundID), DocumentID: orNil(row.DocumentID),
		Kind: row.Kind, Colour: row.Colour, Status: row.Status, Holder: row.Holder, VATRate: row.VatRate, Code: row.Code,
		IdempotencyKey: row.IdempotencyKey, RequestHash: row.RequestHash,
	}
	if row.Number != nil {
		i.Number = *row.Number
	}
	return i
}

// InvoiceByID reads an invoice that the viewer may see.
func (tx *Tx) InvoiceByID(ctx context.Context, id uuid.UUID) (Invoice, error) {
	row, err := tx.Invoice.Get(ctx, id)
	if db.IsNotFound(err) {
		return Invoice{}, fault.Absent("invoice")
	}
	if err != nil {
		return Invoice{}, fmt.Errorf("read an invoice: %w", err)
	}
	return loadInvoice(row), nil
}

// InvoiceByKey finds the invoice that was requested under a key for an order or its bills.
func (tx *Tx) InvoiceByKey(ctx context.Context, orderID uuid.UUID, key string) (i Invoice, found bool, err error) {
	return tx.oneInvoice(ctx, invoice.OrderID(orderID), invoice.IdempotencyKey(key))
}

// LiveInvoice finds the blue invoice of a payment that was requested or issued, and neither refused nor withdrawn.
func (tx *Tx) LiveInvoice(ctx context.Context, paymentID uuid.UUID) (i Invoice, found bool, err error) {
	return tx.oneInvoice(ctx, invoice.LiveFor(paymentID))
}

func (tx *Tx) oneInvoice(ctx context.Context, which ...predicate.Invoice) (i Invoice, found bool, err error) {
	row, err := tx.Invoice.Query().Where(which...).Only(ctx)
	if db.IsNotFound(err) {
		return Invoice{}, false, nil
	}
	if err != nil {
		return Invoice{}, false, fmt.Errorf("look for an invoice: %w", err)
	}
	return loadInvoice(row), true, nil
}

// RedInvoices are the amounts of the red invoices to a blue one, issued or due.
func (tx *Tx) RedInvoices(ctx context.Context, blueID uuid.UUID) (reds []ordering.InvoiceAmounts, err error) {
	rows, err := tx.Invoice.Query().Where(invoice.BlueID(blueID)).Order(db.Asc(invoice.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read red invoices: %w", err)
	}
	for _, row := range rows {
		reds = append(reds, loadInvoice(row).InvoiceAmounts)
	}
	return reds, nil
}

// AddInvoice saves an invoice that is requested or due; IsTaken when its payment has a live one, or its key was used.
func (tx *Tx) AddInvoice(ctx context.Context, i Invoice) (uuid.UUID, error) {
	create := tx.Invoice.Create().SetCreatedAt(tx.now).SetOrderID(i.OrderID).SetPaymentID(i.PaymentID).SetNillableBillID(nilOr(i.BillID)).SetBuyerID(i.BuyerID).SetOperatorID(i.OperatorID).
		SetPersonID(i.PersonID).SetNillableBlueID(nilOr(i.BlueID)).SetNillableRefundID(nilOr(i.RefundID)).SetKind(i.Kind).SetColour(i.Colour).
		SetStatus(ordering.InvoiceRequested).SetHolder(i.Holder).SetVatRate(i.VATRate).SetNetFen(int64(i.NetFen)).SetVatFen(int64(i.VATFen)).SetTotalFen(int64(i.TotalFen)).
		SetIdempotencyKey(i.IdempotencyKey).SetRequestHash(i.RequestHash)
	if i.Colour == ordering.InvoiceBlue {
		create.SetLiveFor(i.PaymentID)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("request an invoice: %w", err)
	}
	return row.ID, nil
}

// LowerInvoice saves what an invoice comes to after a refund, if nobody changed it since it was read.
func (tx *Tx) LowerInvoice(ctx context.Context, i Invoice, to ordering.InvoiceAmounts) error {
	return changedOne(tx.Invoice.Update().Where(invoice.ID(i.ID), invoice.Version(i.Version)).AddVersion(1).
		SetNetFen(int64(to.NetFen)).SetVatFen(int64(to.VATFen)).SetTotalFen(int64(to.TotalFen)).Save(ctx))
}

// EndInvoice saves that an invoice was refused or withdrawn, if nobody changed it since it was read: its payment may have another.
func (tx *Tx) EndInvoice(ctx context.Context, i Invoice, to ordering.InvoiceStatus, reason string) error {
	return changedOne(tx.Invoice.Update().Where(invoice.ID(i.ID), invoice.Version(i.Version)).AddVersion(1).SetStatus(to).SetReason(reason).ClearLiveFor().Save(ctx))
}

// IssueInvoice saves number, file, issuer and amounts of an invoice, if nobody changed it since it was read; IsTaken when another has the number.
func (tx *Tx) IssueInvoice(ctx context.Context, i Invoice, issuerID uuid.UUID) error {
	return changedOne(tx.Invoice.Update().Where(invoice.ID(i.ID), invoice.Version(i.Version)).AddVersion(1).SetStatus(ordering.InvoiceIssued).
		SetCode(i.Code).SetNumber(i.Number).SetDocumentID(i.DocumentID).SetIssuerID(issuerID).SetIssuedAt(tx.now).
		SetNetFen(int64(i.NetFen)).SetVatFen(int64(i.VATFen)).SetTotalFen(int64(i.TotalFen)).Save(ctx))
}

// InvoiceNumberTaken reports whether an invoice has a number.
func (tx *Tx) InvoiceNumberTaken(ctx context.Context, code, number string) (bool, error) {
	taken, err := tx.Invoice.Query().Where(invoice.Code(code), invoice.Number(number)).Exist(AsSystem(ctx)) // whoever issued it
	if err != nil {
		return false, fmt.Errorf("look for an invoice number: %w", err)
	}
	return taken, nil
}

// OwnDocument reads what file a document of an organisation is; others' documents answer like absent ones.
func (tx *Tx) OwnDocument(ctx context.Context, organisationID, id uuid.UUID) (mediaType string, err error) {
	row, err := tx.Document.Query().Where(document.ID(id), document.OrganisationID(organisationID)).Only(ctx)
	if db.IsNotFound(err) {
		return "", fault.Absent("document")
	}
	if err != nil {
		return "", fmt.Errorf("read a document: %w", err)
	}
	return row.MediaType, nil
}

// BelongsTo reports whether a person is a member of an organisation, whoever asks.
func (tx *Tx) BelongsTo(ctx context.Context, personID, organisationID uuid.UUID) (bool, error) {
	member, err := tx.Membership.Query().Where(membership.PersonID(personID), membership.OrganisationID(organisationID)).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a member: %w", err)
	}
	return member, nil
}

// Invoiced is what a payment took, and what is left of it after every refund so far, as the ledger splits both.
func (tx *Tx) Invoiced(ctx context.Context, paymentID uuid.UUID) (paid, left ordering.InvoiceAmounts, err error) {
	rows, err := tx.Posting.Query().Where(posting.HasEntryWith(entry.PaymentID(paymentID), entry.KindIn(pricing.EntryPayment, pricing.EntryRefund)),
		posting.Or(
			posting.HasFromAccountWith(account.KindIn(pricing.AccountProvider, pricing.AccountVAT)),
			posting.HasToAccountWith(account.KindIn(pricing.AccountProvider, pricing.AccountVAT)),
		)).WithFromAccount().WithToAccount().All(AsSystem(ctx))
	if err != nil {
		return paid, left, fmt.Errorf("read what is left of a payment: %w", err)
	}
	var back ordering.InvoiceAmounts
	for _, row := range rows {
		fen := pricing.Fen(row.AmountFen)
		switch from, to := row.Edges.FromAccount.Kind, row.Edges.ToAccount.Kind; {
		case from == pricing.AccountProvider:
			paid.TotalFen += fen
		case to == pricing.AccountVAT:
			paid.VATFen += fen
		case from == pricing.AccountVAT:
			back.VATFen += fen
		case to == pricing.AccountProvider:
			back.TotalFen += fen
		}
	}
	paid.NetFen, back.NetFen = paid.TotalFen-paid.VATFen, back.TotalFen-back.VATFen
	return paid, paid.Less(back), nil
}

// inInvoice reports whether a document is the file of an invoice that the viewer may see.
func (s *Store) inInvoice(ctx context.Context, documentID uuid.UUID) (bool, error) {
	seen, err := s.read.Invoice.Query().Where(invoice.DocumentID(documentID)).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look for an invoice's file: %w", err)
	}
	return seen, nil
}

// InvoiceRow is an invoice with what a tax system asks for beside it.
type InvoiceRow struct {
	Invoice
	RequestedAt time.Time
	ProductName string
	// BlueCode and BlueNumber are those of the blue invoice that a red one names.
	BlueCode, BlueNumber string
}

// Signed is what the invoice says, below 0 of a red one.
func (r InvoiceRow) Signed() ordering.InvoiceAmounts {
	if r.Colour == ordering.InvoiceRed {
		return ordering.InvoiceAmounts{}.Less(r.InvoiceAmounts)
	}
	return r.InvoiceAmounts
}

// VATPercent writes the rate of VAT as 6%.
func (r InvoiceRow) VATPercent() string {
	rate, err := decimal.Parse(r.VATRate)
	if err == nil {
		rate, err = rate.Mul(decimal.Hundred)
	}
	if err != nil {
		panic("store: a rate that cannot be: " + r.VATRate)
	}
	return rate.Trim(0).String() + "%"
}

// invoicesAtOnce bounds one export.
const invoicesAtOnce = 5000

// InvoicesToIssue reads the invoices that an operator has to issue and that were requested in a time, oldest first; so many at most.
func (s *Store) InvoicesToIssue(ctx context.Context, operatorID uuid.UUID, from, until time.Time) (all []InvoiceRow, err error) {
	rows, err := s.read.Invoice.Query().Where(invoice.OperatorID(operatorID), invoice.StatusEQ(ordering.InvoiceRequested), invoice.CreatedAtGTE(from), invoice.CreatedAtLT(until)).
		WithOrder().WithBlue().Order(db.Asc(invoice.FieldID)).Limit(invoicesAtOnce).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read invoices to issue: %w", err)
	}
	for _, row := range rows {
		one := InvoiceRow{Invoice: loadInvoice(row), RequestedAt: row.CreatedAt}
		if of := row.Edges.Order; of != nil {
			one.ProductName = of.Terms.ProductName
		}
		if blue := row.Edges.Blue; blue != nil && blue.Number != nil {
			one.BlueCode, one.BlueNumber = blue.Code, *blue.Number
		}
		all = append(all, one)
	}
	return all, nil
}

// invoices are those that an operator has to issue, oldest first.
func (a affairs) invoices() error {
	rows, err := a.read.Invoice.Query().Where(invoice.OperatorID(a.viewer.OrganisationID), invoice.StatusEQ(ordering.InvoiceRequested)).WithOrder().
		Order(db.Asc(invoice.FieldID)).Limit(affairsOfEach).All(a.ctx)
	for _, row := range rows {
		one := todo.Subject{Kind: todo.OfInvoice, ID: row.ID, Name: row.Holder.Title}
		if of := row.Edges.Order; of != nil {
			one.Name = of.Terms.ProductName
		}
		a.facts.Invoices = append(a.facts.Invoices, one)
	}
	return err
}

// InvoiceFiles reads the files of invoices that the viewer may see, by the ids of the files: the operator's documents, which are the buyer's to
// open too.
func (s *Store) InvoiceFiles(ctx context.Context, ids []uuid.UUID) ([]*db.Document, error) {
	var seen []uuid.UUID
	if err := s.read.Invoice.Query().Where(invoice.DocumentIDIn(ids...)).Select(invoice.FieldDocumentID).Scan(ctx, &seen); err != nil {
		return nil, fmt.Errorf("look for the files of invoices: %w", err)
	}
	files, err := s.read.Document.Query().Where(document.IDIn(seen...)).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read the files of invoices: %w", err)
	}
	return files, nil
}
