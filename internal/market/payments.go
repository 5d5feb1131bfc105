package market

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/store"
)

// OrderPayInput is how an order is paid.
type OrderPayInput struct {
	// Provider is the name of one of Market.Payments.
	Provider       string
	IdempotencyKey string
}

// OrderPay pays an order and returns the payment's id, also with PAYMENT_FAILED and PAYMENT_PENDING, which say what became
// of it. Buyers with the role BUYER or FINANCE may.
//
// It goes in three steps, each of which may be repeated: the payment is stored, the provider is asked outside of any
// transaction, the outcome is stored together with all that it brings about. Whatever is cut off is finished by the same
// key again, or by PaymentsResume. The same key answers the same payment; with another provider it is
// IDEMPOTENCY_KEY_REUSED. Refused with ORDER_NOT_PAYABLE when the order is paid or cancelled, PAYMENT_PENDING while
// another payment of it is on its way, PRODUCT_NOT_LISTED when the product left the market, PAYMENT_PROVIDER_UNKNOWN.
func (m *Market) OrderPay(ctx context.Context, id uuid.UUID, in OrderPayInput) (uuid.UUID, error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	p, err := prepared(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (store.Payment, error) {
		return m.beginPayment(ctx, tx, id, in)
	})
	if err != nil {
		return uuid.Nil, err
	}
	return p.ID, m.finishPayment(ctx, p)
}

// finishPayment asks what became of a payment, or makes it, and stores the outcome.
func (m *Market) finishPayment(ctx context.Context, p store.Payment) error {
	if p.State == ordering.PaymentPending {
		result, err := m.askProvider(ctx, p)
		if err != nil {
			return err
		}
		if p, err = m.recordPayment(ctx, p.ID, result); err != nil {
			return err
		}
	}
	switch p.State {
	case ordering.PaymentFailed:
		return fault.New(fault.Conflict, "PAYMENT_FAILED", "The payment was refused. Pay again under another key.")
	case ordering.PaymentPending:
		return paymentPending()
	}
	return nil
}

func paymentPending() *fault.Error {
	return fault.New(fault.Conflict, "PAYMENT_PENDING", "A payment is on its way; what became of it is not known yet.")
}

func providerUnknown() *fault.Error {
	return fault.New(fault.Invalid, "PAYMENT_PROVIDER_UNKNOWN", "There is no such way to pay here.").At("input.provider")
}

// prepared stores a payment before anybody is asked for money, so that a kill at any point leaves something to ask
// about. Of several that begin at once, one goes on.
func prepared(ctx context.Context, s *store.Store, begin func(context.Context, *store.Tx) (store.Payment, error)) (p store.Payment, err error) {
	for range 3 {
		err = s.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			p, err = begin(ctx, tx)
			return err
		})
		if fault.CodeOf(err) != "CHANGED_MEANWHILE" {
			return p, err
		}
	}
	return p, err
}

func (m *Market) beginPayment(ctx context.Context, tx *store.Tx, orderID uuid.UUID, in OrderPayInput) (store.Payment, error) {
	order, err := tx.OrderByID(ctx, orderID)
	if err != nil {
		return store.Payment{}, err
	}
	if err := access.FromContext(ctx).MayActFor(order.BuyerID, "order", access.Buyer, access.BuyerRole, access.Finance); err != nil {
		return store.Payment{}, err
	}
	if m.Payments[in.Provider] == nil {
		return store.Payment{}, providerUnknown()
	}
	payments, err := tx.PaymentsOf(ctx, orderID)
	if err != nil {
		return store.Payment{}, err
	}
	pending := false
	for _, p := range payments {
		if p.IdempotencyKey == in.IdempotencyKey {
			return p, samePayment(p, uuid.Nil, in)
		}
		pending = pending || p.BillID == uuid.Nil && p.State == ordering.PaymentPending
	}
	if _, err := ordering.Pay(order.Status); err != nil {
		return store.Payment{}, err
	}
	if pending {
		return store.Payment{}, paymentPending()
	}
	listed, err := tx.Product.Query().Where(product.ID(order.ProductID), product.StatusEQ(authorisation.ProductListed)).Exist(ctx)
	if err != nil {
		return store.Payment{}, fmt.Errorf("read a product: %w", err)
	}
	if !listed {
		return store.Payment{}, fault.New(fault.Conflict, "PRODUCT_NOT_LISTED", "This product is not on the market.")
	}
	p, err := tx.BeginPayment(ctx, order, in.Provider, in.IdempotencyKey)
	if err != nil {
		return store.Payment{}, err
	}
	return p, tx.Record(ctx, store.Act{Name: "orderPay", Kind: "Order", ID: orderID, Change: map[string]any{
		"payment": p.ID, "provider": p.Provider, "amountFen": p.AmountFen,
	}})
}

// samePayment refuses a key that was used for another payment.
func samePayment(p store.Payment, billID uuid.UUID, in OrderPayInput) error {
	return inputKey(ordering.CheckIdempotency(p.BillID.String()+p.Provider, billID.String()+in.Provider))
}

// askProvider asks for the payment under its id, which means the same payment however often. What costs nothing is paid
// without asking. An outcome that is not known is PENDING: it is logged here, and asked about again later.
func (m *Market) askProvider(ctx context.Context, p store.Payment) (payment.Result, error) {
	if p.AmountFen == 0 {
		return payment.Result{State: ordering.PaymentSucceeded}, nil
	}
	provider := m.Payments[p.Provider]
	if provider == nil {
		return payment.Result{}, fmt.Errorf("payment %s: the provider %s is not set up any more", p.ID, p.Provider)
	}
	result, err := provider.Pay(ctx, payment.Request{Key: p.ID.String(), OrderID: p.OrderID, AmountFen: p.AmountFen})
	if errors.Is(err, payment.ErrKeyReused) || errors.Is(err, payment.ErrRequestInvalid) {
		return payment.Result{}, fmt.Errorf("payment %s: %w", p.ID, err)
	}
	if err != nil {
		slog.WarnContext(ctx, "market: the outcome of a payment is not known", "payment", p.ID, "provider", p.Provider, "error", err)
		return payment.Result{State: ordering.PaymentPending}, nil
	}
	return result, nil
}

// recordPayment stores an outcome with all that it brings about: order paid, entitlement, postings; or nothing of it.
// What is recorded already stays as it is.
func (m *Market) recordPayment(ctx context.Context, id uuid.UUID, result payment.Result) (p store.Payment, err error) {
	ctx = store.AsSystem(ctx) // whoever finishes a payment: the ledger is nobody's to see
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if p, err = tx.PaymentByID(ctx, id); err != nil {
			return err
		}
		if p.State != ordering.PaymentPending || result.State == ordering.PaymentPending {
			return nil
		}
		if err := tx.SettlePayment(ctx, p, result.State, result.Reference); err != nil {
			return err
		}
		if result.State == ordering.PaymentSucceeded {
			paid := m.orderPaid
			if p.BillID != uuid.Nil {
				paid = m.billPaid
			}
			if err := paid(ctx, tx, p); err != nil {
				return err
			}
		}
		p.State, p.Reference = result.State, result.Reference
		return tx.Record(ctx, store.Act{Name: "paymentSettle", Kind: "Order", ID: p.OrderID, Change: map[string]any{"payment": p.ID, "state": p.State}})
	})
	if fault.CodeOf(err) == "CHANGED_MEANWHILE" { // somebody else recorded it
		err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			p, err = tx.PaymentByID(ctx, id)
			return err
		})
	}
	return p, err
}

// orderPaid does what a payment brings about for its order.
func (m *Market) orderPaid(ctx context.Context, tx *store.Tx, p store.Payment) error {
	order, err := tx.OrderByID(ctx, p.OrderID)
	if err != nil {
		return err
	}
	if err := confirmOrder(ctx, tx, order.ID); err != nil {
		return err
	}
	return post(ctx, tx, order, p)
}

// confirmOrder makes an order a paid one and gives the right that it brings.
func confirmOrder(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
	order, err := tx.OrderByID(ctx, id)
	if err != nil {
		return err
	}
	to, err := ordering.Pay(order.Status)
	if err != nil {
		// No order is cancelled or paid otherwise while a payment of it is pending.
		return fmt.Errorf("order %s was to be confirmed and is %s", order.ID, order.Status)
	}
	if err := tx.MoveOrder(ctx, order, to); err != nil {
		return err
	}
	right, err := EntitlementOf(order, tx.Now())
	if err != nil {
		return fmt.Errorf("entitlement of order %s: %w", order.ID, err)
	}
	_, err = tx.AddEntitlement(ctx, store.Entitlement{
		Entitlement: right, OrganisationID: order.BuyerID, ProductID: order.ProductID, OrderID: order.ID,
	})
	if err != nil {
		return err
	}
	return tellPaid(ctx, tx, order)
}

// resumeAtOnce is how many payments a sweep reads at once.
const resumeAtOnce = 100

// PaymentsResume finishes payments that were cut off or whose outcome was not known, and returns how many it settled.
// It is the worker's: what the provider never heard of is asked for now, under the same key, since its buyer did ask.
// One that cannot be finished keeps no other from it.
func (m *Market) PaymentsResume(ctx context.Context) (settled int, err error) {
	var failed []error
	for last := uuid.Nil; ; {
		pending, err := m.Store.PendingPayments(ctx, last, resumeAtOnce)
		if err != nil {
			return settled, errors.Join(append(failed, err)...)
		}
		for _, p := range pending {
			last = p.ID
			done, err := m.resume(ctx, p)
			switch {
			case err != nil:
				failed = append(failed, fmt.Errorf("resume payment %s: %w", p.ID, err))
			case done:
				settled++
			}
		}
		if len(pending) < resumeAtOnce {
			return settled, errors.Join(failed...)
		}
	}
}

func (m *Market) resume(ctx context.Context, p store.Payment) (settled bool, err error) {
	result, err := m.lookup(ctx, p)
	if err != nil {
		return false, err
	}
	p, err = m.recordPayment(ctx, p.ID, result)
	return p.State != ordering.PaymentPending, err
}

func (m *Market) lookup(ctx context.Context, p store.Payment) (payment.Result, error) {
	provider := m.Payments[p.Provider]
	if provider == nil || p.AmountFen == 0 {
		return m.askProvider(ctx, p)
	}
	result, err := provider.Lookup(ctx, p.ID.String())
	if errors.Is(err, payment.ErrUnknownKey) {
		return m.askProvider(ctx, p)
	}
	return result, err
}
