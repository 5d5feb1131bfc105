package market

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// InvoiceRequestInput is what a buyer asks an invoice for: an order that it paid, or a bill.
type InvoiceRequestInput struct {
	// OrderID or BillID is Nil.
	OrderID, BillID uuid.UUID
	Kind            ordering.InvoiceKind
	Holder          ordering.InvoiceHolder
	IdempotencyKey  string
}

// InvoiceRequest asks the operator for the invoice of an order or a bill that is paid, over what is left of the payment after refunds, and
// returns its id. Of several payments of a bill, since the buyer's bank took one back, each has its own. The buyer's BUYER or FINANCE may.
//
// The same key with the same content is the same invoice; with other content it is IDEMPOTENCY_KEY_REUSED. Refused with TEXT_MISSING,
// TEXT_TOO_LONG, TAX_NUMBER_INVALID, ACCOUNT_NUMBER_INVALID, INVOICE_NOTHING_PAID, INVOICE_NOTHING_LEFT, and INVOICE_EXISTS while each
// payment has one that was neither refused nor withdrawn.
func (m *Market) InvoiceRequest(ctx context.Context, in InvoiceRequestInput) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	var err error
	if in.Holder, err = heldBy(in.Kind, in.Holder); err != nil {
		return uuid.Nil, err
	}
	hash := requestHash(in)
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		o, rate, err := invoicedOrder(ctx, tx, in)
		if err != nil {
			return uuid.Nil, err
		}
		if err := v.MayActFor(o.BuyerID, "order", access.Buyer, access.BuyerRole, access.Finance); err != nil {
			return uuid.Nil, err
		}
		before, found, err := tx.InvoiceByKey(ctx, o.ID, in.IdempotencyKey)
		if err != nil {
			return uuid.Nil, err
		}
		if found {
			return before.ID, inputKey(ordering.CheckIdempotency(before.RequestHash, hash))
		}
		i := store.Invoice{
			OrderID: o.ID, BillID: in.BillID, BuyerID: o.BuyerID, PersonID: v.PersonID, Kind: in.Kind, Colour: ordering.InvoiceBlue, Holder: in.Holder,
			VATRate: rate.String(), IdempotencyKey: in.IdempotencyKey, RequestHash: hash,
		}
		if i.PaymentID, i.InvoiceAmounts, err = toInvoice(ctx, tx, o.ID, in.BillID); err != nil {
			return uuid.Nil, err
		}
		if i.OperatorID, err = tx.OperatorOf(ctx, o.ProductID); err != nil {
			return uuid.Nil, err
		}
		if i.ID, err = tx.AddInvoice(ctx, i); err != nil {
			return uuid.Nil, err
		}
		if err := tellOfInvoice(ctx, tx, o, i, notice.InvoiceWaiting, i.OperatorID); err != nil {
			return uuid.Nil, err
		}
		return i.ID, tx.Record(ctx, store.Act{Name: "invoiceRequest", Kind: "Invoice", ID: i.ID, Change: map[string]any{
			"order": o.ID, "payment": i.PaymentID, "kind": i.Kind, "totalFen": i.TotalFen,
		}})
	})
}

// heldBy is a holder as it is kept, or all that is wrong with it.
func heldBy(kind ordering.InvoiceKind, h ordering.InvoiceHolder) (ordering.InvoiceHolder, error) {
	for _, text := range []*string{&h.Title, &h.Address, &h.Phone, &h.Bank} {
		*text = strings.TrimSpace(*text)
	}
	h.Account = strings.ReplaceAll(strings.TrimSpace(h.Account), " ", "")
	wrong := ordering.CheckInvoiceHolder(kind, h)
	if code, err := authorisation.ParseCreditCode(h.TaxNumber, "input.taxNumber"); err != nil {
		wrong = append(wrong, fault.New(fault.Invalid, "TAX_NUMBER_INVALID", "A tax number is the unified social credit code of who pays: one of its characters is wrong.").
			At("input.taxNumber"))
	} else {
		h.TaxNumber = string(code)
	}
	if h.Account != "" && !access.IsAccountNumber(h.Account) {
		wrong = append(wrong, fault.New(fault.Invalid, "ACCOUNT_NUMBER_INVALID", "An account number has 8 to 32 digits.").At("input.account"))
	}
	return h, wrong.OrNil()
}

// invoicedOrder is the order that an invoice is asked for, or that its bill is of, with the rate of VAT.
func invoicedOrder(ctx context.Context, tx *store.Tx, in InvoiceRequestInput) (o store.Order, rate decimal.Decimal, err error) {
	id := in.OrderID
	if in.BillID != uuid.Nil {
		bill, err := tx.BillByID(ctx, in.BillID)
		if err != nil {
			return o, rate, atField(err, "id")
		}
		if rate, err = vatRateOf(ctx, tx, bill.Month); err != nil {
			return o, rate, err
		}
		id = bill.OrderID
	}
	if o, err = tx.OrderByID(ctx, id); err == nil && in.BillID == uuid.Nil {
		rate = o.Terms.Quotation.VATRate
	}
	return o, rate, atField(err, "id")
}

// toInvoice finds the payment of an order or its bill that has no invoice yet, with what is left of it, or says why there is none.
func toInvoice(ctx context.Context, tx *store.Tx, orderID, billID uuid.UUID) (uuid.UUID, ordering.InvoiceAmounts, error) {
	var none ordering.InvoiceAmounts
	payments, err := tx.PaymentsOf(ctx, orderID)
	if err != nil {
		return uuid.Nil, none, err
	}
	err = ordering.Invoiceable(none, none)
	for _, p := range payments {
		if p.BillID != billID || p.State != ordering.PaymentSucceeded {
			continue
		}
		switch _, live, failed := tx.LiveInvoice(ctx, p.ID); {
		case failed != nil:
			return uuid.Nil, none, failed
		case live:
			err = fault.New(fault.Conflict, "INVOICE_EXISTS", "There is an invoice of this already.").At("id")
			continue
		}
		paid, left, failed := leftToInvoice(ctx, tx, p.ID)
		if failed != nil {
			return uuid.Nil, none, failed
		}
		if err = ordering.Invoiceable(paid, left); err == nil {
			return p.ID, left, nil
		}
	}
	return uuid.Nil, none, err
}

// leftToInvoice is what a payment took, and what a blue invoice of it comes to now. No refund of the payment is recorded until the transaction
// ends.
func leftToInvoice(ctx context.Context, tx *store.Tx, paymentID uuid.UUID) (paid, left ordering.InvoiceAmounts, err error) {
	if err := tx.Alone(ctx, refundsLock(paymentID)); err != nil {
		return paid, left, err
	}
	return tx.Invoiced(ctx, paymentID)
}

// refundsLock lets the refunds of a payment, and the invoice over what they left, be written by one transaction at a time.
func refundsLock(paymentID uuid.UUID) string { return "refunds of " + paymentID.String() }

// InvoiceWithdraw takes a request for an invoice back before the operator issues it. The buyer's BUYER or FINANCE may. Refused with
// INVOICE_NOT_OPEN.
func (m *Market) InvoiceWithdraw(ctx context.Context, id uuid.UUID) error {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		i, err := tx.InvoiceByID(ctx, id)
		if err != nil {
			return err
		}
		if err := access.FromContext(ctx).MayActFor(i.BuyerID, "invoice", access.Buyer, access.BuyerRole, access.Finance); err != nil {
			return err
		}
		return endInvoice(ctx, tx, i, ordering.InvoiceWithdrawn, "invoiceWithdraw", "")
	})
}

// InvoiceRefuse declines to issue what a buyer asked for, which is told why and may ask again. The operator's FINANCE may; nobody of the
// buyer's organisation. Refused with REASON_MISSING, REASON_TOO_LONG, INVOICE_NOT_OPEN, also of a red one, which is due, and SAME_PERSON.
func (m *Market) InvoiceRefuse(ctx context.Context, id uuid.UUID, reason string) error {
	reason = strings.TrimSpace(reason)
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		i, err := mayIssue(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := authorisation.CheckReason(reason).OrNil(); err != nil {
			return err
		}
		if err := endInvoice(ctx, tx, i, ordering.InvoiceRefused, "invoiceRefuse", reason); err != nil {
			return err
		}
		o, err := tx.OrderByID(ctx, i.OrderID)
		if err != nil {
			return err
		}
		return tellOfInvoice(ctx, tx, o, i, notice.InvoiceRefused, i.BuyerID)
	})
}

// mayIssue reads an invoice for who may issue or refuse it: the operator's FINANCE, and nobody who belongs to the buyer's organisation too.
func mayIssue(ctx context.Context, tx *store.Tx, id uuid.UUID) (store.Invoice, error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return store.Invoice{}, err
	}
	i, err := tx.InvoiceByID(ctx, id)
	if err != nil {
		return i, err
	}
	if err := v.MayActFor(i.OperatorID, "invoice", access.Operator, access.Finance); err != nil {
		return i, err
	}
	theirs, err := tx.BelongsTo(ctx, v.PersonID, i.BuyerID)
	if err != nil {
		return i, err
	}
	if theirs || v.OrganisationID == i.BuyerID {
		return i, fault.New(fault.Forbidden, "SAME_PERSON", "This must be done by somebody who is not of the buyer's organisation.")
	}
	return i, nil
}

// MayIssueInvoice reports whether the viewer may issue an invoice or refuse it, by capacity and role.
func (m *Market) MayIssueInvoice(v access.Viewer, operator, buyer uuid.UUID) bool {
	return v.MayActFor(operator, "invoice", access.Operator, access.Finance) == nil && operator != buyer
}

// MayRequestInvoice reports whether the viewer may ask for an invoice of an order or a bill of a buyer, or take one back, by capacity and role.
func (m *Market) MayRequestInvoice(v access.Viewer, buyer uuid.UUID) bool {
	return v.MayActFor(buyer, "order", access.Buyer, access.BuyerRole, access.Finance) == nil
}

func endInvoice(ctx context.Context, tx *store.Tx, i store.Invoice, to ordering.InvoiceStatus, act, reason string) error {
	if !i.Status.CanBecome(to, i.Colour) {
		return invoiceNotOpen(i)
	}
	if err := tx.EndInvoice(ctx, i, to, reason); err != nil {
		return err
	}
	return tx.Record(ctx, store.Act{Name: act, Kind: "Invoice", ID: i.ID, Reason: reason, Change: map[string]any{"order": i.OrderID, "status": to}})
}

func invoiceNotOpen(i store.Invoice) error {
	return fault.New(fault.Conflict, "INVOICE_NOT_OPEN", "This cannot be done with an invoice that is %s.", i.Status).At("id").With("status", string(i.Status))
}

// InvoiceIssueInput is what an operator's finance says of an invoice that it made.
type InvoiceIssueInput struct {
	// Code is "" beside a number of 20 digits.
	Code, Number string
	// DocumentID is the invoice's file, a document of the operator.
	DocumentID uuid.UUID
	// TotalFen is the total that the file says, of a red one too above 0.
	TotalFen pricing.Fen
}

// InvoiceIssue records that an invoice was made, under its number and with its file, which the buyer may open from then on. The operator's
// FINANCE may; nobody of the buyer's organisation. Done twice with the same it is done once.
//
// Refused with INVOICE_NUMBER_INVALID, INVOICE_CODE_INVALID, INVOICE_NUMBER_TAKEN, INVOICE_FILE_KIND, INVOICE_NOT_OPEN, SAME_PERSON,
// INVOICE_NOTHING_LEFT, and INVOICE_AMOUNT_CHANGED when a refund lowered it after the file was made.
func (m *Market) InvoiceIssue(ctx context.Context, id uuid.UUID, in InvoiceIssueInput) error {
	in.Code, in.Number = strings.TrimSpace(in.Code), strings.TrimSpace(in.Number)
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		i, err := mayIssue(ctx, tx, id)
		if err != nil {
			return err
		}
		if i.Status == ordering.InvoiceIssued && i.Code == in.Code && i.Number == in.Number && i.DocumentID == in.DocumentID {
			return nil
		}
		if !i.Status.CanBecome(ordering.InvoiceIssued, i.Colour) {
			return invoiceNotOpen(i)
		}
		if i, err = issued(ctx, tx, i, in); err != nil {
			return err
		}
		if err := tx.IssueInvoice(ctx, i, access.FromContext(ctx).PersonID); err != nil {
			return err
		}
		o, err := tx.OrderByID(ctx, i.OrderID)
		if err != nil {
			return err
		}
		if err := tellOfInvoice(ctx, tx, o, i, notice.InvoiceIssued, i.BuyerID); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "invoiceIssue", Kind: "Invoice", ID: i.ID, Change: map[string]any{
			"order": i.OrderID, "colour": i.Colour, "number": i.Code + i.Number, "document": i.DocumentID, "totalFen": i.TotalFen,
		}})
	})
	if store.IsTaken(err) { // by an operator that issued at the same moment
		return invoiceNumberTaken()
	}
	return err
}

// issued is an invoice with number, file and what it comes to after all refunds so far, or why it cannot be issued so.
func issued(ctx context.Context, tx *store.Tx, i store.Invoice, in InvoiceIssueInput) (store.Invoice, error) {
	if err := ordering.CheckInvoiceNumber(in.Code, in.Number); err != nil {
		return i, err
	}
	taken, err := tx.InvoiceNumberTaken(ctx, in.Code, in.Number)
	if err != nil {
		return i, err
	}
	if taken {
		return i, invoiceNumberTaken()
	}
	mediaType, err := tx.OwnDocument(ctx, i.OperatorID, in.DocumentID)
	if err != nil {
		return i, atField(err, "input.documentId")
	}
	if err := ordering.CheckInvoiceFile(mediaType); err != nil {
		return i, err
	}
	if i.Colour == ordering.InvoiceBlue {
		paid, left, err := leftToInvoice(ctx, tx, i.PaymentID)
		if err := firstOf(err, ordering.Invoiceable(paid, left)); err != nil {
			return i, err
		}
		i.InvoiceAmounts = left
	}
	i.Code, i.Number, i.DocumentID = in.Code, in.Number, in.DocumentID
	return i, ordering.CheckInvoiceTotal(in.TotalFen, i.TotalFen)
}

func invoiceNumberTaken() error {
	return fault.New(fault.Conflict, "INVOICE_NUMBER_TAKEN", "Another invoice has this number.").At("input.number")
}

// invoiceAfterRefund brings the invoice of a payment to what a refund left of it, in the transaction that records the refund: one that is only
// requested is lowered, or withdrawn where nothing is left; to one that was issued a red one becomes due.
func invoiceAfterRefund(ctx context.Context, tx *store.Tx, r store.Refund, p store.Payment) error {
	blue, live, err := tx.LiveInvoice(ctx, p.ID)
	if err != nil || !live {
		return err
	}
	_, left, err := tx.Invoiced(ctx, p.ID)
	if err != nil {
		return err
	}
	if blue.Status == ordering.InvoiceRequested {
		if left.TotalFen <= 0 {
			return endInvoice(ctx, tx, blue, ordering.InvoiceWithdrawn, "invoiceWithdraw", "")
		}
		if err := tx.LowerInvoice(ctx, blue, left); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "invoiceLower", Kind: "Invoice", ID: blue.ID, Change: map[string]any{"order": r.OrderID, "refund": r.ID, "totalFen": left.TotalFen}})
	}
	reds, err := tx.RedInvoices(ctx, blue.ID)
	if err != nil {
		return err
	}
	due, is := ordering.RedDue(blue.InvoiceAmounts, reds, left)
	if !is {
		return nil
	}
	red := store.Invoice{
		InvoiceAmounts: due, OrderID: r.OrderID, PaymentID: p.ID, BillID: blue.BillID, BuyerID: blue.BuyerID, OperatorID: blue.OperatorID, PersonID: r.PersonID, BlueID: blue.ID, RefundID: r.ID,
		Kind: blue.Kind, Colour: ordering.InvoiceRed, Holder: blue.Holder, VATRate: blue.VATRate, IdempotencyKey: "RED:" + r.ID.String(),
	}
	if red.ID, err = tx.AddInvoice(ctx, red); err != nil {
		return err
	}
	o, err := tx.OrderByID(ctx, r.OrderID)
	if err != nil {
		return err
	}
	if err := tellOfInvoice(ctx, tx, o, red, notice.InvoiceWaiting, red.OperatorID); err != nil {
		return err
	}
	return tx.Record(ctx, store.Act{Name: "invoiceRedDue", Kind: "Invoice", ID: red.ID, Change: map[string]any{
		"order": r.OrderID, "blue": blue.ID, "refund": r.ID, "totalFen": due.TotalFen,
	}})
}

// tellOfInvoice tells one of its two sides of an invoice.
func tellOfInvoice(ctx context.Context, tx *store.Tx, o store.Order, i store.Invoice, kind notice.Kind, to uuid.UUID) error {
	return tx.Notify(ctx, store.Notice{To: []uuid.UUID{to}, Kind: kind, Subject: notice.Invoice, SubjectID: i.ID, Params: map[string]string{
		"productName": o.Terms.ProductName, "productNameEn": o.Terms.ProductNameEn, "colour": string(i.Colour),
		"amount": i.TotalFen.Yuan().String(), "currency": "CNY",
	}})
}

// InvoicesExport is what an operator has to issue of what was requested or became due in a month of Asia/Shanghai, as its tax system is told;
// of so many that no person issues them by hand the oldest 5000. The operator's FINANCE may. Refused with MONTH_INVALID.
func (m *Market) InvoicesExport(ctx context.Context, month string) ([]store.InvoiceRow, error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Operator, access.Finance); err != nil {
		return nil, err
	}
	of, err := monthOf(month, "month")
	if err != nil {
		return nil, err
	}
	return m.Store.InvoicesToIssue(ctx, v.OrganisationID, of.Start(), of.Next().Start())
}
