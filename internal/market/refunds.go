package market

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// RefundInput is what somebody asks to have back.
type RefundInput struct {
	OrderID uuid.UUID
	// PaymentID is which payment of the order; Nil where one took money.
	PaymentID      uuid.UUID
	AmountFen      pricing.Fen
	Reason         string
	Evidence       []uuid.UUID
	IdempotencyKey string
}

// RefundRequest asks for a payment back, in part or whole, and returns the refund's id. The buyer's BUYER or FINANCE may, and
// the operator's FINANCE; somebody else of the operator's FINANCE approves it, and the money goes back the way it came.
//
// The same key with the same content is the same refund; with other content it is IDEMPOTENCY_KEY_REUSED. Refused with
// REASON_MISSING, AMOUNT_INVALID, NOTHING_PAID, PAYMENT_MISSING where several payments took money, and REFUND_EXCEEDS_PAYMENT for more than is left of the payment after every
// refund that is done or on its way, and every credit that later bills gave for its month, and PAYMENT_DISPUTED while its bank asks it back.
func (m *Market) RefundRequest(ctx context.Context, in RefundInput) (id uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	wrong := authorisation.CheckReason(in.Reason)
	if in.AmountFen <= 0 {
		wrong = append(wrong, fault.New(fault.Invalid, "AMOUNT_INVALID", "A refund is of more than nothing.").At("input.amount"))
	}
	if err := wrong.OrNil(); err != nil {
		return uuid.Nil, err
	}
	hash := requestHash(in)
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		o, err := tx.OrderByID(ctx, in.OrderID)
		if err != nil {
			return uuid.Nil, err
		}
		operator, err := mayAskBack(ctx, tx, o)
		if err != nil {
			return uuid.Nil, err
		}
		refunds, err := tx.RefundsOf(ctx, o.ID)
		if err != nil {
			return uuid.Nil, err
		}
		for _, r := range refunds {
			if r.IdempotencyKey == in.IdempotencyKey {
				return r.ID, inputKey(ordering.CheckIdempotency(r.RequestHash, hash))
			}
		}
		paid, err := paidPayment(ctx, tx, o.ID, in.PaymentID)
		if err != nil {
			return uuid.Nil, err
		}
		credited, err := creditedOf(ctx, tx, paid)
		if err != nil {
			return uuid.Nil, err
		}
		if err := firstOf(notDisputed(ctx, tx, paid.ID), refundable(paid, Refunded(paid.ID, refunds)+credited, in.AmountFen)); err != nil {
			return uuid.Nil, err
		}
		id, err := tx.RequestRefund(ctx, o, store.Refund{
			PaymentID: paid.ID, OrderID: o.ID, PersonID: v.PersonID, AmountFen: in.AmountFen, Reason: in.Reason, IdempotencyKey: in.IdempotencyKey,
			RequestHash: hash,
		})
		if err != nil {
			return uuid.Nil, err
		}
		_, err = m.open(ctx, tx, opening{
			kind: authorisation.ProceedingRefund, subjectID: id, subjectName: o.Terms.ProductName, authorities: []uuid.UUID{operator},
			application: authorisation.Application{Note: in.Reason}, evidence: in.Evidence,
		})
		if err != nil {
			return uuid.Nil, err
		}
		return id, tx.Record(ctx, store.Act{Name: "refundRequest", Kind: "Order", ID: o.ID, Reason: in.Reason, Change: map[string]any{
			"refund": id, "payment": paid.ID, "amountFen": in.AmountFen,
		}})
	})
}

// mayAskBack refuses everybody but the buyer of an order and the operator of what was bought, whose id it returns.
func mayAskBack(ctx context.Context, tx *store.Tx, o store.Order) (operator uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if operator, err = tx.OperatorOf(ctx, o.ProductID); err != nil {
		return operator, err
	}
	if v.OrganisationID == operator {
		return operator, v.MayAct(access.Operator, access.Finance)
	}
	return operator, v.MayActFor(o.BuyerID, "order", access.Buyer, access.BuyerRole, access.Finance)
}

// MayRefund reports whether the viewer may ask for what is left of an order's payments now, by the rule of RefundRequest.
func (m *Market) MayRefund(v access.Viewer, buyer, operator uuid.UUID, left pricing.Fen) bool {
	if left <= 0 {
		return false
	}
	if v.OrganisationID == operator {
		return v.MayAct(access.Operator, access.Finance) == nil
	}
	return v.MayActFor(buyer, "order", access.Buyer, access.BuyerRole, access.Finance) == nil
}

// paidPayment is the payment of an order that took money.
func paidPayment(ctx context.Context, tx *store.Tx, orderID, paymentID uuid.UUID) (store.Payment, error) {
	payments, err := tx.PaymentsOf(ctx, orderID)
	if err != nil {
		return store.Payment{}, err
	}
	paid := slices.DeleteFunc(payments, func(p store.Payment) bool {
		return p.State != ordering.PaymentSucceeded || p.AmountFen == 0 || paymentID != uuid.Nil && paymentID != p.ID
	})
	switch {
	case len(paid) == 1:
		return paid[0], nil
	case len(paid) > 1:
		return store.Payment{}, fault.New(fault.Invalid, "PAYMENT_MISSING", "Several payments of this order took money: say which is to be given back.").At("input.paymentId")
	}
	return store.Payment{}, fault.New(fault.Conflict, "NOTHING_PAID", "Nothing was paid that could be given back.").At("input.orderId")
}

// creditedOf is what later bills credited for the month of the bill that was paid; 0 of the payment of an order.
func creditedOf(ctx context.Context, tx *store.Tx, p store.Payment) (pricing.Fen, error) {
	if p.BillID == uuid.Nil {
		return 0, nil
	}
	rows, err := tx.BillsOf(ctx, p.OrderID)
	if err != nil {
		return 0, err
	}
	var bills []ordering.Bill
	month := ""
	for _, row := range rows {
		bills = append(bills, row.Bill)
		if row.ID == p.BillID {
			month = row.Month
		}
	}
	return ordering.Credited(bills, month), nil
}

// refundable refuses what exceeds the rest of a payment.
func refundable(p store.Payment, held, amount pricing.Fen) error {
	if amount > max(p.AmountFen-held, 0) {
		return fault.New(fault.Conflict, "REFUND_EXCEEDS_PAYMENT", "Of %s yuan paid, %s are refunded, credited or on their way.", p.AmountFen, held).
			At("input.amount").With("paid", p.AmountFen.String()).With("refunded", held.String())
	}
	return nil
}

// Refunded is how much of a payment went back or is on its way.
func Refunded(paymentID uuid.UUID, refunds []store.Refund) (held pricing.Fen) {
	for _, r := range refunds {
		if r.PaymentID == paymentID && r.Status.Holds() {
			held += r.AmountFen
		}
	}
	return held
}

// refundDecided makes a refund APPROVED, REFUSED or WITHDRAWN as its proceeding ended.
func (m *Market) refundDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	ctx = store.AsSystem(ctx) // whoever decides
	r, err := tx.RefundByID(ctx, p.SubjectID)
	if err != nil {
		return err
	}
	to := map[authorisation.ProceedingState]ordering.RefundStatus{
		authorisation.StateApproved: ordering.RefundApproved, authorisation.StateRefused: ordering.RefundRefused, authorisation.StateWithdrawn: ordering.RefundWithdrawn,
	}[p.State]
	if !r.Status.CanBecome(to) {
		return fmt.Errorf("refund %s is %s and cannot become %s", r.ID, r.Status, to)
	}
	if to == ordering.RefundApproved && r.BillID == uuid.Nil {
		if err := stillRefundable(ctx, tx, r); err != nil {
			return err
		}
	}
	return tx.MoveRefund(ctx, r, to, "")
}

// stillRefundable refuses with REFUND_EXCEEDS_PAYMENT to approve what bills credited or disputes took since it was asked for, and with
// PAYMENT_DISPUTED while its bank asks it back.
func stillRefundable(ctx context.Context, tx *store.Tx, r store.Refund) error {
	if err := tx.Alone(ctx, "refunds of order "+r.OrderID.String()); err != nil { // several are approved one after another
		return err
	}
	o, err := tx.OrderByID(ctx, r.OrderID)
	if err != nil {
		return err
	}
	if err := tx.TouchOrder(ctx, o); err != nil { // a bill that is issued meanwhile looks at what is approved
		return err
	}
	paid, err := tx.PaymentByID(ctx, r.PaymentID)
	if err != nil {
		return err
	}
	if err := notDisputed(ctx, tx, paid.ID); err != nil {
		return err
	}
	refunds, err := tx.RefundsOf(ctx, r.OrderID)
	if err != nil {
		return err
	}
	refunds = slices.DeleteFunc(refunds, func(other store.Refund) bool { // those that are only asked for wait for their own decision
		return other.ID == r.ID || other.Status == ordering.RefundRequested && other.BillID == uuid.Nil
	})
	credited, err := creditedOf(ctx, tx, paid)
	if err != nil {
		return err
	}
	return refundable(paid, Refunded(paid.ID, refunds)+credited, r.AmountFen)
}

// payBack asks the provider for a refund that was approved, and stores the outcome. Whatever is cut off is finished by
// RefundsResume under the same key.
func (m *Market) payBack(ctx context.Context, id uuid.UUID) (settled bool, err error) {
	ctx = store.AsSystem(ctx) // whoever finishes it: the ledger is nobody's to see
	var r store.Refund
	var p store.Payment
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if r, err = tx.RefundByID(ctx, id); err != nil {
			return err
		}
		p, err = tx.PaymentByID(ctx, r.PaymentID)
		return err
	})
	if err != nil || r.Status != ordering.RefundApproved {
		return false, err
	}
	provider := m.Payments[p.Provider]
	if provider == nil {
		return false, fmt.Errorf("refund %s: the provider %s is not set up any more", r.ID, p.Provider)
	}
	request := payment.RefundRequest{
		Key: r.ID.String(), PaymentKey: p.ID.String(), PaymentReference: p.Reference, AmountFen: r.AmountFen, At: r.CreatedAt, Reference: r.Reference,
	}
	asking, stop := inTime(ctx)
	defer stop()
	result, err := provider.LookupRefund(asking, request) // it may have been asked for before a kill, and its provider forget keys
	if errors.Is(err, payment.ErrUnknownKey) {
		result, err = provider.Refund(asking, request)
	}
	switch {
	case errors.Is(err, payment.ErrRequestInvalid), errors.Is(err, payment.ErrRefundExceeds), errors.Is(err, payment.ErrUnknownKey),
		errors.Is(err, payment.ErrRefused): // and gave nothing back
		slog.ErrorContext(ctx, "market: a provider refused a refund", "refund", r.ID, "provider", p.Provider, "error", err)
		err := m.recordRefund(ctx, r.ID, p, false, "")
		return err == nil, err
	case errors.Is(err, payment.ErrKeyReused): // what became of it is another refund's
		return false, fmt.Errorf("refund %s: %w", r.ID, err)
	case err != nil:
		slog.WarnContext(ctx, "market: the outcome of a refund is not known", "refund", r.ID, "provider", p.Provider, "error", err)
		return false, nil
	case result.State == ordering.PaymentPending:
		return false, m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.ReferRefund(ctx, r, result.Reference) })
	}
	err = m.recordRefund(ctx, r.ID, p, result.State == ordering.PaymentSucceeded, result.Reference)
	return err == nil, err
}

// recordRefund stores what became of a refund with all that it brings about, or nothing of it. What is recorded already stays as it is.
func (m *Market) recordRefund(ctx context.Context, id uuid.UUID, p store.Payment, went bool, reference string) error {
	_, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (bool, error) {
		// Each divides what those before it left of the payment.
		if err := tx.Alone(ctx, refundsLock(p.ID)); err != nil {
			return false, err
		}
		r, err := tx.RefundByID(ctx, id)
		if err != nil || r.Status != ordering.RefundApproved {
			return false, err
		}
		return true, m.settleRefund(ctx, tx, r, p, went, reference)
	})
	return err
}

// settleRefund does what recordRefund does in a transaction that nobody else settles refunds of the payment in. A refund that went at its
// provider though a lost dispute left less of the payment is recorded as far as something was left: the ledger gives back no more than was
// paid, and the rest is a discrepancy.
func (m *Market) settleRefund(ctx context.Context, tx *store.Tx, r store.Refund, p store.Payment, went bool, reference string) error {
	to := ordering.RefundFailed
	if went {
		left, err := leftOf(ctx, tx, p)
		if err != nil {
			return err
		}
		if r.AmountFen > left {
			if err := toldIn(ctx, tx, store.ToldRefund, toldOfRefund(p, reference)); err != nil {
				return err
			}
			return firstOf(m.settleRefund(ctx, tx, r, p, false, reference), m.settlePart(ctx, tx, r, p, left, reference))
		}
		to = ordering.RefundPaid
		if err := m.giveBack(ctx, tx, r, p.BillID != uuid.Nil); err != nil {
			return err
		}
		if err := invoiceAfterRefund(ctx, tx, r, p); err != nil {
			return err
		}
	}
	if err := tx.MoveRefund(ctx, r, to, reference); err != nil {
		return err
	}
	return tx.Record(ctx, store.Act{Name: "refundSettle", Kind: "Order", ID: r.OrderID, Change: map[string]any{"refund": r.ID, "status": to, "amountFen": r.AmountFen}})
}

// partMark begins the key of a refund that is a part of another, whose id follows: what was left of its payment.
const partMark = "PART:"

// settlePart records that so much of a refund went back; of nothing it does nothing.
func (m *Market) settlePart(ctx context.Context, tx *store.Tx, of store.Refund, p store.Payment, amount pricing.Fen, reference string) error {
	if amount <= 0 {
		return nil
	}
	id, err := tx.AddRefund(ctx, store.Refund{
		PaymentID: p.ID, OrderID: of.OrderID, PersonID: of.PersonID, AmountFen: amount, Reason: of.Reason, IdempotencyKey: partMark + of.ID.String(),
		Status: ordering.RefundApproved,
	})
	if err != nil {
		return err
	}
	part, err := tx.RefundByID(ctx, id)
	if err != nil {
		return err
	}
	return m.settleRefund(ctx, tx, part, p, true, reference)
}

// leftOf is what refunds that are done left of a payment.
func leftOf(ctx context.Context, tx *store.Tx, p store.Payment) (left pricing.Fen, err error) {
	refunds, err := tx.RefundsOf(ctx, p.OrderID)
	if err != nil {
		return 0, err
	}
	left = p.AmountFen
	for _, r := range refunds {
		if r.PaymentID == p.ID && r.Status == ordering.RefundPaid {
			left -= r.AmountFen
		}
	}
	return left, nil
}

// giveBack writes on the ledger what a refund moves: backwards along the postings of its payment, each giving its part
// (pricing.Reverse). The right that an order brought shrinks to what stays paid, and ends once everything is given back.
func (m *Market) giveBack(ctx context.Context, tx *store.Tx, r store.Refund, ofBill bool) error {
	all, err := tx.MovedBy(ctx, r.PaymentID)
	if err != nil {
		return err
	}
	moved, found := all[r.PaymentID]
	if !found {
		return fmt.Errorf("refund %s: its payment moved nothing", r.ID)
	}
	back, err := moved.Back(r.AmountFen)
	if err != nil {
		return fmt.Errorf("refund %s: %w", r.ID, err)
	}
	came, given := moved.Postings[0], moved.Postings[1:]
	var reversed []store.Posting
	for i, p := range given {
		if back[i] > 0 {
			p.From, p.To, p.AmountFen = p.To, p.From, back[i]
			reversed = append(reversed, p)
		}
	}
	reversed = append(reversed, store.Posting{From: came.To, To: came.From, AmountFen: r.AmountFen, ProductID: came.ProductID})
	err = tx.Post(ctx, store.Entry{
		Kind: pricing.EntryRefund, Key: "REFUND:" + r.ID.String(), OrderID: r.OrderID, PaymentID: r.PaymentID, RefundID: r.ID, Postings: reversed,
	})
	if err != nil || ofBill {
		return err
	}
	return shrink(ctx, tx, r, came.AmountFen-moved.RefundedFen-r.AmountFen)
}

// shrink makes the right of an order what the part of its price pays for that stays after a refund (ordering.Purchase.After); of nothing
// it ends, and frees the place that it took of a plan that is limited in number.
func shrink(ctx context.Context, tx *store.Tx, r store.Refund, kept pricing.Fen) error {
	p, found, err := tx.PurchaseOf(ctx, r.OrderID)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("refund %s: its order brought no right", r.ID)
	}
	if kept <= 0 {
		o, err := tx.OrderByID(ctx, r.OrderID)
		if err != nil {
			return err
		}
		if err := tx.EndEntitlementOf(ctx, r.OrderID); err != nil {
			return err
		}
		return tx.FreePlace(ctx, o.PlanID)
	}
	to := p.After(kept, tx.Now())
	if to.Same(p.Right) {
		return nil
	}
	if err := tx.ShrinkRight(ctx, p, to); err != nil {
		return err
	}
	return tx.Record(ctx, store.Act{Name: "entitlementShrink", Kind: "Entitlement", ID: p.RightID, Change: map[string]any{
		"refund": r.ID, "unit": to.Unit, "quotaFrom": p.Right.Quota, "quotaTo": to.Quota, "endsFrom": p.Right.ExpiresAt, "endsTo": to.ExpiresAt,
	}})
}

// Unused is what of an order that was paid at once was not used yet and not asked back: what a refund would give back fairly. False of
// a metered order, whose bills say what was used, and of one that brought no right. Whoever may see the order may ask.
func (m *Market) Unused(ctx context.Context, orderID uuid.UUID, refunds []store.Refund) (unused pricing.Fen, is bool, err error) {
	p, found, err := m.Store.PurchaseOf(ctx, orderID)
	if err != nil || !found || p.Terms.Settlement == pricing.Metered {
		return 0, false, err
	}
	return p.Unused(p.TotalFen-onTheirWay(refunds, uuid.Nil), m.Store.Now()), true, nil
}

// onTheirWay is what refunds of an order that was paid at once hold of it, all but one.
func onTheirWay(refunds []store.Refund, but uuid.UUID) (held pricing.Fen) {
	for _, r := range refunds {
		if r.ID != but && r.Status.Holds() {
			held += r.AmountFen
		}
	}
	return held
}

// RightAfter is the right of an order that was paid at once, before and after an amount goes back beside all refunds that are done or on
// their way; but is the one that it is itself, Nil where it is not asked for yet. False as Unused, and for no amount or more than is left.
func (m *Market) RightAfter(ctx context.Context, orderID uuid.UUID, refunds []store.Refund, but uuid.UUID, amount pricing.Fen) (before, after ordering.Entitlement, is bool, err error) {
	p, found, err := m.Store.PurchaseOf(ctx, orderID)
	if err != nil || !found || p.Terms.Settlement == pricing.Metered {
		return before, after, false, err
	}
	left := p.TotalFen - onTheirWay(refunds, but)
	if amount <= 0 || amount > left {
		return before, after, false, nil
	}
	return p.Right, p.After(left-amount, m.Store.Now()), true, nil
}

// RefundsResume finishes refunds that were cut off or whose outcome was not known, and returns how many it settled. It is the
// worker's; one that cannot be finished keeps no other from it.
func (m *Market) RefundsResume(ctx context.Context) (settled int, err error) {
	return m.resumeRefunds(ctx, &m.refundRound, "")
}

// resumeRefunds finishes those of one provider, or of all.
func (m *Market) resumeRefunds(ctx context.Context, r *round, provider string) (settled int, err error) {
	return visitAll(ctx, r, func(after uuid.UUID, most int) ([]store.Refund, error) {
		return m.Store.ApprovedRefunds(ctx, provider, after, most)
	}, func(r store.Refund) uuid.UUID { return r.ID }, func(r store.Refund) (bool, error) { return m.payBack(ctx, r.ID) })
}
