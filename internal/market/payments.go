package market

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/payment/bank"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// OrderPayInput is how an order is paid.
type OrderPayInput struct {
	// Provider is the name of one of Market.Payments.
	Provider       string
	IdempotencyKey string
}

// OrderPay pays an order and returns the payment's id, also with PAYMENT_FAILED and PAYMENT_PENDING, which say what became
// of it. A payment that waits for its buyer is no error: its Next says what is to be done. Buyers with the role BUYER or FINANCE may.
//
// It goes in three steps, each of which may be repeated (docs/decisions/0011): the payment is stored, the provider is asked outside of any
// transaction, the outcome is stored together with all that it brings about. Whatever is cut off is finished by the same
// key again, or by PaymentsResume. The same key answers the same payment; with another provider or
// order it is IDEMPOTENCY_KEY_REUSED. Refused with ORDER_NOT_PAYABLE when the order is paid, cancelled or expired, ORDER_EXPIRED, PAYMENT_PENDING while
// another payment of it is on its way, PRODUCT_NOT_LISTED when the product left the market, PAYMENT_PROVIDER_UNKNOWN.
func (m *Market) OrderPay(ctx context.Context, id uuid.UUID, in OrderPayInput) (uuid.UUID, error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	p, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (store.Payment, error) {
		return m.beginPayment(ctx, tx, id, in)
	})
	if err != nil {
		return uuid.Nil, err
	}
	return p.ID, m.finishPayment(ctx, p)
}

// finishPayment asks what became of a payment, or makes it, and stores the outcome.
func (m *Market) finishPayment(ctx context.Context, p store.Payment) error {
	if p.State.Open() {
		result, err := m.askProvider(ctx, p)
		if err != nil {
			return err
		}
		if p, err = m.recordPayment(ctx, p.ID, result); err != nil {
			return err
		}
	}
	switch {
	case p.State == ordering.PaymentFailed:
		return fault.New(fault.Conflict, "PAYMENT_FAILED", "The payment was refused. Pay again under another key.")
	case p.State == ordering.PaymentExpired:
		return fault.New(fault.Conflict, "PAYMENT_EXPIRED", "This payment is over, and nothing was taken. Pay again under another key.")
	case p.State.Open() && p.Next.IsZero():
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

// beginPayment stores a payment before anybody is asked for money, so that a kill at any point leaves something to ask about.
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
		pending = pending || p.BillID == uuid.Nil && p.State.Open()
	}
	if err := ofNoOtherOrder(ctx, tx, order.BuyerID, orderID, in); err != nil {
		return store.Payment{}, err
	}
	if _, err := ordering.Pay(order.Status); err != nil {
		return store.Payment{}, err
	}
	if pending {
		return store.Payment{}, paymentPending()
	}
	if err := ordering.InTime(order.ExpiresAt, tx.Now()); err != nil {
		return store.Payment{}, err
	}
	if err := mustBeListed(ctx, tx, order.ProductID); err != nil {
		return store.Payment{}, err
	}
	p, err := tx.BeginPayment(ctx, order, in.Provider, in.IdempotencyKey)
	if err != nil {
		return store.Payment{}, err
	}
	return p, tx.Record(ctx, store.Act{Name: "orderPay", Kind: "Order", ID: orderID, Change: map[string]any{
		"payment": p.ID, "provider": p.Provider, "amountFen": p.AmountFen,
	}})
}

func mustBeListed(ctx context.Context, tx *store.Tx, productID uuid.UUID) error {
	listed, err := tx.Product.Query().Where(product.ID(productID), product.StatusEQ(authorisation.ProductListed)).Exist(ctx)
	if err != nil {
		return fmt.Errorf("read a product: %w", err)
	}
	if !listed {
		return fault.New(fault.Conflict, "PRODUCT_NOT_LISTED", "This product is not on the market.")
	}
	return nil
}

// samePayment refuses a key that was used for another payment.
func samePayment(p store.Payment, billID uuid.UUID, in OrderPayInput) error {
	return inputKey(ordering.CheckIdempotency(p.BillID.String()+p.Provider, billID.String()+in.Provider))
}

// ofNoOtherOrder refuses a key under which the buyer paid something of another order.
func ofNoOtherOrder(ctx context.Context, tx *store.Tx, buyer, orderID uuid.UUID, in OrderPayInput) error {
	is, err := tx.PaidElsewhere(ctx, buyer, orderID, in.IdempotencyKey)
	if err == nil && is {
		err = inputKey(ordering.CheckIdempotency("another order", ""))
	}
	return err
}

// askProvider asks what became of a payment, or for it where nobody did, under its id, which means the same payment however often. What
// costs nothing is paid without asking. Without an answer a payment is UNKNOWN, and RECONCILING where one was asked for before: it is
// logged here, and asked about again later.
func (m *Market) askProvider(ctx context.Context, p store.Payment) (payment.Result, error) {
	if p.AmountFen == 0 {
		return payment.Result{State: ordering.PaymentSucceeded}, nil
	}
	provider := m.Payments[p.Provider]
	if provider == nil {
		return payment.Result{}, fmt.Errorf("payment %s: the provider %s is not set up any more", p.ID, p.Provider)
	}
	request := m.paymentRequest(p)
	pay := provider.Pay
	if p.State != ordering.PaymentPrepared {
		pay = func(ctx context.Context, r payment.Request) (payment.Result, error) {
			result, err := provider.Lookup(ctx, r)
			if errors.Is(err, payment.ErrUnknownKey) {
				return provider.Pay(ctx, r)
			}
			return result, err
		}
	}
	asking, stop := inTime(ctx)
	defer stop()
	result, err := pay(asking, request)
	switch {
	case err == nil:
		return result, nil
	case errors.Is(err, payment.ErrKeyReused), errors.Is(err, payment.ErrRequestInvalid):
		return payment.Result{}, fmt.Errorf("payment %s: %w", p.ID, err)
	case errors.Is(err, payment.ErrRefused):
		slog.WarnContext(ctx, "market: a provider refused a payment", "payment", p.ID, "provider", p.Provider, "error", err)
		return payment.Result{State: ordering.PaymentFailed, Reference: p.Reference}, nil
	case errors.Is(err, payment.ErrOtherMoney):
		return m.otherMoney(ctx, p, err)
	}
	slog.WarnContext(ctx, "market: the outcome of a payment is not known", "payment", p.ID, "provider", p.Provider, "error", err)
	unanswered := payment.Result{State: p.State, Reference: p.Reference, Next: p.Next}
	switch {
	case p.State == ordering.PaymentPrepared:
		unanswered.State = ordering.PaymentUnknown
	case p.State == ordering.PaymentUnknown:
		unanswered.State = ordering.PaymentReconciling
	case !p.State.Open(): // and nothing was said
		unanswered.State = ""
	}
	return unanswered, nil
}

// otherMoney is the result of a payment of which its provider took something else than was asked for, until that went back. One that is
// on its way no more stays as it is, since its order may be paid otherwise; a person has to see what it is all the same.
func (m *Market) otherMoney(ctx context.Context, p store.Payment, why error) (payment.Result, error) {
	return payment.Result{State: ordering.PaymentReconciling, Reference: p.Reference}, m.told(ctx, store.ToldMoney, p, why)
}

func (m *Market) paymentRequest(p store.Payment) payment.Request {
	r := payment.Request{
		Key: p.ID.String(), OrderID: p.OrderID, AmountFen: p.AmountFen, At: p.CreatedAt, Reference: p.Reference,
		ReturnURL: m.URL + "/orders/" + publicid.Encode("ord", p.OrderID),
	}
	if p.BillID != uuid.Nil {
		r.ReturnURL = m.URL + "/bills/" + publicid.Encode("bil", p.BillID)
	}
	if p.ExpiresAt != nil {
		r.Until = *p.ExpiresAt
	}
	return r
}

// recordPayment stores what became of a payment with all that it brings about: order paid, entitlement, postings; or nothing of it.
// What is recorded already stays as it is. What was taken and can pay nothing is kept for a person to see, as tookForNothing says.
func (m *Market) recordPayment(ctx context.Context, id uuid.UUID, result payment.Result) (store.Payment, error) {
	ctx = store.AsSystem(ctx) // whoever finishes a payment: the ledger is nobody's to see
	p, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (store.Payment, error) {
		p, err := tx.PaymentByID(ctx, id)
		if err != nil {
			return p, err
		}
		before := p.State
		if err := m.record(ctx, tx, &p, result); err != nil {
			return p, err
		}
		if result.State != "" && !result.State.Open() && (before == ordering.PaymentReconciling || before == ordering.PaymentExpired) {
			err = tx.CloseTold(ctx, toldOf(p), store.ToldMoney, store.ToldTaken)
		}
		return p, err
	})
	if result.State == ordering.PaymentSucceeded && fault.Refused(err) && fault.CodeOf(err) != "CHANGED_MEANWHILE" {
		return m.tookForNothing(ctx, id, result, err)
	}
	return p, err
}

// tookForNothing keeps what a provider took of a payment that can pay nothing any more: it is a discrepancy, and a payment that was on its
// way is RECONCILING, until all of it went back, which a person sees to on the provider's side, or it can pay after all.
func (m *Market) tookForNothing(ctx context.Context, id uuid.UUID, result payment.Result, why error) (store.Payment, error) {
	p, err := m.paymentByID(ctx, id)
	if err != nil {
		return p, err
	}
	if teller, ok := m.Payments[p.Provider].(payment.Teller); ok {
		refunds, err := teller.Refunds(ctx, m.paymentRequest(p))
		if err != nil {
			return p, fmt.Errorf("what went back of payment %s: %w", p.ID, err)
		}
		left := p.AmountFen
		for _, r := range refunds {
			if r.State == ordering.PaymentSucceeded {
				left -= r.AmountFen
			}
		}
		if left <= 0 {
			return m.recordPayment(ctx, id, payment.Result{State: ordering.PaymentExpired, Reference: result.Reference})
		}
	}
	if err := m.told(ctx, store.ToldTaken, p, why); err != nil || !p.State.Open() {
		return p, err
	}
	return m.recordPayment(ctx, id, payment.Result{State: ordering.PaymentReconciling, Reference: result.Reference})
}

// told keeps, once, that a provider told of a payment what the market cannot follow.
func (m *Market) told(ctx context.Context, what string, p store.Payment, why error) error {
	isNew, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.OpenTold(ctx, what, toldOf(p)) })
	if isNew {
		slog.ErrorContext(ctx, "market: a provider told what a person has to see to", "payment", p.ID, "provider", p.Provider, "told", what, "error", why)
	}
	return err
}

// toldIn keeps, once, that a provider told what the market cannot follow of a subject, in the transaction that finds it.
func toldIn(ctx context.Context, tx *store.Tx, what, subject string) error {
	isNew, err := tx.OpenTold(ctx, what, subject)
	if isNew {
		slog.ErrorContext(ctx, "market: a provider told what a person has to see to", "subject", subject, "told", what)
	}
	return err
}

// toldOf names a payment in a discrepancy, with its id as its provider has it.
func toldOf(p store.Payment) string {
	return fmt.Sprintf("%s payment %s of %s", p.Provider, p.ID, publicid.Encode("ord", p.OrderID))
}

// record does what recordPayment does in a transaction; p becomes what is stored.
func (m *Market) record(ctx context.Context, tx *store.Tx, p *store.Payment, result payment.Result) error {
	same := p.State == result.State && p.Reference == result.Reference && p.Next.Same(result.Next)
	if same || p.State != result.State && !p.State.CanBecome(result.State) || p.State == result.State && !p.State.Open() {
		return nil
	}
	var pays payable
	if result.State == ordering.PaymentSucceeded {
		var err error
		if pays, err = payableBy(ctx, tx, *p); err != nil {
			return err
		}
	}
	if err := tx.MovePayment(ctx, *p, result.State, result.Reference, result.Next); err != nil {
		return err
	}
	if result.State == ordering.PaymentSucceeded {
		if err := m.paid(ctx, tx, *p, pays); err != nil {
			return err
		}
	}
	p.State, p.Reference, p.Next = result.State, result.Reference, result.Next
	p.Version++
	if p.State.Open() {
		return nil
	}
	return tx.Record(ctx, store.Act{Name: "paymentSettle", Kind: "Order", ID: p.OrderID, Change: map[string]any{"payment": p.ID, "state": p.State}})
}

// payable is what a payment is for, as it was read when it was found to take money still.
type payable struct {
	order store.Order
	bill  store.Bill // zero where it is the order itself
}

// payableBy reads what a payment is for, and says by one rule for orders and bills, and for whoever asks, whether money of the payment may pay
// it. Refused with ORDER_NOT_PAYABLE or BILL_NOT_PAYABLE where it is paid otherwise, cancelled, or less is owed, and of a payment that is on its way no more
// with PAYMENT_PENDING while another is, and with PRODUCT_NOT_LISTED for an order whose product left the market. Whoever then pays it does
// so in the version that was read: a payment that begins meanwhile changes it.
func payableBy(ctx context.Context, tx *store.Tx, p store.Payment) (o payable, err error) {
	if o.order, err = tx.OrderByID(ctx, p.OrderID); err != nil {
		return o, err
	}
	if p.BillID != uuid.Nil {
		if o.bill, err = tx.BillByID(ctx, p.BillID); err == nil {
			err = ordering.PayBill(o.bill.OwedFen, p.AmountFen)
		}
	} else if !o.order.Status.CanBecome(ordering.OrderPaid) {
		_, err = ordering.Pay(o.order.Status)
	}
	if err != nil || p.State.Open() {
		return o, err
	}
	payments, err := tx.PaymentsOf(ctx, p.OrderID)
	if err != nil {
		return o, err
	}
	if slices.ContainsFunc(payments, func(other store.Payment) bool { return other.BillID == p.BillID && other.State.Open() }) {
		return o, paymentPending()
	}
	if p.BillID == uuid.Nil {
		err = mustBeListed(ctx, tx, o.order.ProductID)
	}
	return o, err
}

// paid does what a payment brings about for its order or bill. Refused with PLAN_SOLD_OUT where an order that expired finds no place any more.
func (m *Market) paid(ctx context.Context, tx *store.Tx, p store.Payment, o payable) error {
	if p.BillID != uuid.Nil {
		return m.billPaid(ctx, tx, p, o)
	}
	if o.order.Status == ordering.OrderExpired {
		taken, err := tx.TakePlace(ctx, o.order.PlanID)
		if err == nil && !taken {
			err = soldOut()
		}
		if err != nil {
			return err
		}
	}
	if err := confirmOrder(ctx, tx, o.order); err != nil {
		return err
	}
	return post(ctx, tx, o.order, p)
}

// confirmOrder makes an order a paid one, if nobody changed it since it was read, and gives the right that it brings.
func confirmOrder(ctx context.Context, tx *store.Tx, order store.Order) error {
	if !order.Status.CanBecome(ordering.OrderPaid) {
		return fmt.Errorf("order %s was to be confirmed and is %s", order.ID, order.Status)
	}
	if err := tx.MoveOrder(ctx, order, ordering.OrderPaid); err != nil {
		return err
	}
	flood, err := floodSeason(ctx, tx, order)
	if err != nil {
		return err
	}
	right, err := EntitlementOf(order, tx.Now(), flood)
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

// PaymentsResume finishes payments that were cut off, whose outcome was not known, or that ran out, and returns how many it settled.
// It is the worker's: what the provider never heard of is asked for now, under the same key, since its buyer did ask. About a page that
// a buyer was sent to it asks every pageEvery. One that cannot be finished keeps no other from it.
func (m *Market) PaymentsResume(ctx context.Context) (settled int, err error) {
	m.pages.forget(m.Store.Now())
	visit := func(p store.Payment) (bool, error) {
		if m.waitsOnPage(p) && !m.pages.due(p.ID, m.Store.Now()) {
			return false, nil
		}
		done, err := m.resume(ctx, p)
		if err != nil {
			err = fmt.Errorf("resume payment %s: %w", p.ID, err)
		}
		return done && err == nil, err
	}
	id := func(p store.Payment) uuid.UUID { return p.ID }
	matched, err := visitAll(ctx, &m.transferRound, func(after uuid.UUID, most int) ([]store.Payment, error) {
		return m.Store.TransferredPayments(ctx, after, most)
	}, id, visit)
	open, err2 := visitAll(ctx, &m.openRound, func(after uuid.UUID, most int) ([]store.Payment, error) {
		return m.Store.OpenPayments(ctx, bank.Name, after, most)
	}, id, visit)
	return matched + open, errors.Join(err, err2)
}

// waitsOnPage reports whether a payment waits for its buyer, who may still pay it on a page.
func (m *Market) waitsOnPage(p store.Payment) bool {
	return p.State == ordering.PaymentPending && p.Next.URL != "" && (p.ExpiresAt == nil || m.Store.Now().Before(*p.ExpiresAt))
}

func (m *Market) resume(ctx context.Context, p store.Payment) (settled bool, err error) {
	ask := m.askProvider
	if p.State == ordering.PaymentPending && p.ExpiresAt != nil && !m.Store.Now().Before(*p.ExpiresAt) {
		ask = m.cancelAtProvider
	}
	result, err := ask(ctx, p)
	if err != nil {
		return false, err
	}
	p, err = m.recordPayment(ctx, p.ID, result)
	return !p.State.Open(), err
}

// PaymentCancel gives a payment up that is on its way, so that its order or bill may be paid otherwise. Buyers with the role BUYER or
// FINANCE may. What was paid meanwhile stays paid: the payment's state says so. Refused with PAYMENT_SETTLED for one that is decided, and
// PAYMENT_PENDING while its provider may be hearing of it right now (MayGiveUp), and where the provider gives no answer.
func (m *Market) PaymentCancel(ctx context.Context, id uuid.UUID) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	var p store.Payment
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if p, err = tx.PaymentByID(ctx, id); err != nil {
			return err
		}
		o, err := tx.OrderByID(ctx, p.OrderID)
		if err != nil {
			return err
		}
		if err := v.MayActFor(o.BuyerID, "payment", access.Buyer, access.BuyerRole, access.Finance); err != nil {
			return err
		}
		if p.State == ordering.PaymentExpired {
			return nil
		}
		if !p.State.Open() {
			return fault.New(fault.Conflict, "PAYMENT_SETTLED", "This payment is %s already.", strings.ToLower(string(p.State))).With("state", string(p.State))
		}
		if !m.MayGiveUp(p.State, p.CreatedAt) {
			return paymentPending()
		}
		return tx.Record(ctx, store.Act{Name: "paymentCancel", Kind: "Order", ID: p.OrderID, Change: map[string]any{"payment": p.ID}})
	})
	if err != nil || p.State == ordering.PaymentExpired {
		return err
	}
	result, err := m.cancelAtProvider(ctx, p)
	if err != nil {
		return err
	}
	if p, err = m.recordPayment(ctx, p.ID, result); err == nil && p.State.Open() {
		err = paymentPending()
	}
	return err
}

// recordTime is what of a request's time is left to record what a provider said, or that it said nothing.
const recordTime = 3 * time.Second

// inTime ends a little earlier than its context, so that who asked is told what is not known.
func inTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if until, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, until.Add(-recordTime))
	}
	return context.WithCancel(ctx)
}

// heardBy is how long after a payment was begun its provider has heard of it, if it ever does.
const heardBy = 2 * time.Minute

// MayGiveUp reports whether a payment may be given up by now, by the rule of PaymentCancel: it is on its way, and its provider answered for
// it or must have heard of it, if it ever did. Before that somebody may be asking for it right now.
func (m *Market) MayGiveUp(state ordering.PaymentState, begun time.Time) bool {
	return state == ordering.PaymentPending || state.Open() && m.Store.Now().Sub(begun) >= heardBy
}

// cancelAtProvider asks that a payment takes nothing any more, one that MayGiveUp.
func (m *Market) cancelAtProvider(ctx context.Context, p store.Payment) (payment.Result, error) {
	provider := m.Payments[p.Provider]
	if provider == nil {
		return payment.Result{}, fmt.Errorf("payment %s: the provider %s is not set up any more", p.ID, p.Provider)
	}
	asking, stop := inTime(ctx)
	defer stop()
	result, err := provider.Cancel(asking, m.paymentRequest(p))
	switch {
	case errors.Is(err, payment.ErrUnknownKey):
		return payment.Result{State: ordering.PaymentExpired, Reference: p.Reference}, nil
	case errors.Is(err, payment.ErrOtherMoney):
		return m.otherMoney(ctx, p, err)
	case err != nil:
		slog.WarnContext(ctx, "market: a payment is not cancelled", "payment", p.ID, "provider", p.Provider, "error", err)
		return payment.Result{State: p.State, Reference: p.Reference, Next: p.Next}, nil
	}
	return result, nil
}

// WayToPay is one of the ways to pay that are set up.
type WayToPay struct {
	Name string
	// IsTest says that what is paid so is no money.
	IsTest bool
}

// WaysToPay are the providers that are set up, in the order in which they are offered: what moves no money, transfers, and the others by name.
func (m *Market) WaysToPay() (ways []WayToPay) {
	place := func(w WayToPay) int {
		switch {
		case w.IsTest:
			return 0
		case w.Name == bank.Name:
			return 1
		}
		return 2
	}
	for name, provider := range m.Payments {
		_, isTest := provider.(payment.Pretender)
		ways = append(ways, WayToPay{name, isTest})
	}
	slices.SortFunc(ways, func(a, b WayToPay) int { return cmp.Or(place(a)-place(b), strings.Compare(a.Name, b.Name)) })
	return ways
}
