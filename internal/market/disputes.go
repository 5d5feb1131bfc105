package market

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/store"
)

// notDisputed refuses with PAYMENT_DISPUTED to give a payment back that its buyer's bank asks back already: it would go back twice.
func notDisputed(ctx context.Context, tx *store.Tx, paymentID uuid.UUID) error {
	disputes, err := tx.DisputesOf(ctx, paymentID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(disputes, func(d store.Dispute) bool { return d.State == ordering.DisputeOpen }) {
		return fault.New(fault.Conflict, "PAYMENT_DISPUTED", "The buyer's bank asks this payment back; what becomes of that comes first.")
	}
	return nil
}

// followDisputes reads what became of a payment's disputes from its provider, and stores it with all that it brings about.
func (m *Market) followDisputes(ctx context.Context, p store.Payment) error {
	provider, ok := m.Payments[p.Provider].(payment.Disputer)
	if !ok || p.State != ordering.PaymentSucceeded {
		return nil
	}
	told, err := provider.Disputes(ctx, m.paymentRequest(p))
	if errors.Is(err, payment.ErrUnknownKey) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("disputes of payment %s: %w", p.ID, err)
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Alone(ctx, refundsLock(p.ID)); err != nil {
			return err
		}
		before, err := tx.DisputesOf(ctx, p.ID)
		if err != nil {
			return err
		}
		for _, d := range slices.Backward(told) { // the oldest first
			if err := m.followDispute(ctx, tx, p, before, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *Market) followDispute(ctx context.Context, tx *store.Tx, p store.Payment, before []store.Dispute, d payment.Dispute) error {
	one := store.Dispute{PaymentID: p.ID, OrderID: p.OrderID, Reference: d.Reference, State: d.State, AmountFen: d.AmountFen, OpenedAt: d.OpenedAt}
	if d.AmountFen <= 0 {
		return fmt.Errorf("dispute %q of payment %s asks for %s yuan", d.Reference, p.ID, d.AmountFen)
	}
	at := slices.IndexFunc(before, func(b store.Dispute) bool { return b.Reference == d.Reference })
	if at >= 0 {
		one = before[at]
		switch {
		case one.State.Over(): // what it brought about is done, and a person sees to what its bank says since
			subject := toldOfDisputed(p, d.Reference)
			if d.State == one.State && (d.State == ordering.DisputeWon || d.AmountFen == one.AmountFen) {
				return tx.CloseTold(ctx, subject, store.ToldTurned)
			}
			return toldIn(ctx, tx, store.ToldTurned, subject)
		case one.State == d.State && one.AmountFen == d.AmountFen, one.State != d.State && !one.State.CanBecome(d.State):
			return nil
		}
		if err := tx.MoveDispute(ctx, one, d.State, d.AmountFen); err != nil {
			return err
		}
	} else {
		var err error
		if one.ID, err = tx.AddDispute(ctx, one); err != nil {
			return err
		}
	}
	if at < 0 || one.State != d.State {
		one.State, one.AmountFen = d.State, d.AmountFen
		if err := m.disputed(ctx, tx, p, one); err != nil {
			return err
		}
	}
	return tx.Record(ctx, store.Act{Name: "paymentDispute", Kind: "Order", ID: p.OrderID, Change: map[string]any{
		"payment": p.ID, "dispute": d.Reference, "state": d.State, "amountFen": d.AmountFen,
	}})
}

// toldOfDispute is what buyer and operator are told of each state; an inquiry touches nothing, and only its operator answers it.
var toldOfDispute = map[ordering.DisputeState]notice.Kind{
	ordering.DisputeInquiry: notice.PaymentQueried, ordering.DisputeOpen: notice.PaymentDisputed, ordering.DisputeWon: notice.DisputeWon, ordering.DisputeLost: notice.DisputeLost,
}

// disputed does what the new state of a dispute brings about: while it is open the right is suspended and nobody is paid out its shares
// (owed); won, the right goes on; lost, what it took is on the ledger as a refund is, and the right waits until a bill that it was taken from
// is paid again.
func (m *Market) disputed(ctx context.Context, tx *store.Tx, p store.Payment, d store.Dispute) error {
	o, err := tx.OrderByID(ctx, p.OrderID)
	if err != nil {
		return err
	}
	switch d.State {
	case ordering.DisputeOpen:
		err = suspendDisputed(ctx, tx, o.ID)
	case ordering.DisputeWon:
		err = restoreRight(ctx, tx, o.ID, "The dispute is over.")
	case ordering.DisputeLost:
		if err = m.takeBack(ctx, tx, o, p, d); err == nil && p.BillID != uuid.Nil {
			err = suspendDisputed(ctx, tx, o.ID)
		}
		err = firstOf(err, restoreRight(ctx, tx, o.ID, "The dispute is over."))
	}
	if err != nil {
		return err
	}
	operator, err := tx.OperatorOf(ctx, o.ProductID)
	if err != nil {
		return err
	}
	to := []uuid.UUID{operator}
	if d.State != ordering.DisputeInquiry {
		to = append(to, o.BuyerID)
	}
	return tx.Notify(ctx, store.Notice{To: to, Kind: toldOfDispute[d.State], Subject: notice.Order, SubjectID: o.ID, Params: map[string]string{
		"productName": o.Terms.ProductName, "productNameEn": o.Terms.ProductNameEn, "amount": d.AmountFen.Yuan().String(), "currency": "CNY",
	}})
}

func suspendDisputed(ctx context.Context, tx *store.Tx, orderID uuid.UUID) error {
	id, moved, err := tx.SwitchRightOf(ctx, orderID, ordering.EntitlementActive, ordering.EntitlementSuspended)
	if err != nil || !moved {
		return err
	}
	return tx.Record(ctx, store.Act{Name: "entitlementSuspend", Kind: "Entitlement", ID: id, Reason: "A payment is disputed.", Change: map[string]any{"order": orderID}})
}

// disputeReason is why a refund was not asked for by anybody here.
const disputeReason = "付款被持卡人银行拒付并扣回 / taken back by the buyer's bank"

// takeBack writes what a lost dispute took as a refund that is done: the bank asks nobody here. Of a bill it is owed again. What refunds gave back before is not taken
// twice: where the bank took it all the same, that is a discrepancy, since the ledger has no more than was paid.
func (m *Market) takeBack(ctx context.Context, tx *store.Tx, o store.Order, p store.Payment, d store.Dispute) error {
	left, err := leftOf(ctx, tx, p)
	if err != nil {
		return err
	}
	amount := ordering.Disputed(left, 0, d.AmountFen)
	if d.AmountFen > amount {
		if err := toldIn(ctx, tx, store.ToldLost, toldOfDisputed(p, d.Reference)); err != nil {
			return err
		}
	}
	if amount == 0 {
		return nil
	}
	id, err := tx.AddRefund(ctx, store.Refund{
		PaymentID: p.ID, OrderID: o.ID, PersonID: o.PersonID, AmountFen: amount, Reason: disputeReason, IdempotencyKey: "DISPUTE:" + d.ID.String(), DisputeID: d.ID,
	})
	if err != nil {
		return err
	}
	r, err := tx.RefundByID(ctx, id)
	if err != nil {
		return err
	}
	if err := m.settleRefund(ctx, tx, r, p, true, d.Reference); err != nil || p.BillID == uuid.Nil {
		return err
	}
	return reopenBill(ctx, tx, p.BillID, amount)
}

// toldOfDisputed names a dispute in a discrepancy.
func toldOfDisputed(p store.Payment, reference string) string {
	return fmt.Sprintf("dispute %.100s of %s", reference, toldOf(p))
}

// DisputesFollow looks at every dispute that is not decided yet, in case what its provider told of it was lost, and returns how many it
// looked at. It is the worker's; one that cannot be read keeps no other from it.
func (m *Market) DisputesFollow(ctx context.Context) (looked int, err error) {
	ctx = store.AsSystem(ctx)
	return visitAll(ctx, &m.disputeRound, func(after uuid.UUID, most int) ([]store.Dispute, error) {
		return m.Store.OpenDisputes(ctx, after, most)
	}, func(d store.Dispute) uuid.UUID { return d.ID }, func(d store.Dispute) (bool, error) {
		p, err := m.paymentByID(ctx, d.PaymentID)
		if err == nil {
			err = m.followDisputes(ctx, p)
		}
		return err == nil, err
	})
}

func (m *Market) paymentByID(ctx context.Context, id uuid.UUID) (p store.Payment, err error) {
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		p, err = tx.PaymentByID(ctx, id)
		return err
	})
	return p, err
}
