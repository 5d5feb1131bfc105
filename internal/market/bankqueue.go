package market

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// BankLineSettleInput is what one person says of a line that waits.
type BankLineSettleInput struct {
	LineID uuid.UUID
	Action ordering.LineAction
	// TransferID is what the line is applied to, of that action.
	TransferID     uuid.UUID
	Reason         string
	IdempotencyKey string
}

// BankLineSettle proposes what becomes of a line that waits: it is applied to a payment as far as that is not paid, and what is left
// returned to its payer; or all of it returned; or, of one that went out, it is a transfer that was to go, or only noted. A second person of the platform's FINANCE agrees
// or refuses (ProceedingDecide), and only then it happens. FINANCE of the platform may.
//
// The same key with the same content is the same proposal; with other content it is IDEMPOTENCY_KEY_REUSED. Refused with REASON_MISSING,
// LINE_NOT_QUEUED for one that waits no more, ACTION_INVALID for what cannot be done with it, TRANSFER_PAID for a payment of which nothing
// is due, and for one that went or failed, TRANSFER_AMOUNT_DIFFERS for what went out with another amount, TRANSFER_OVER for a part of one
// that nobody waits for, and as payableBy says for one whose money can pay nothing any more.
func (m *Market) BankLineSettle(ctx context.Context, in BankLineSettleInput) error {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return err
	}
	if err := at(checkReason(&in.Reason), map[string]string{"reason": "input.reason"}); err != nil {
		return err
	}
	hash := requestHash([]any{"bankLineSettle", in})
	return m.proposeOnce(ctx, in.IdempotencyKey, hash, func(ctx context.Context, tx *store.Tx) error {
		line, err := tx.BankLineByID(ctx, in.LineID)
		if err != nil {
			return err
		}
		if line.State != ordering.LineQueued {
			return fault.New(fault.Conflict, "LINE_NOT_QUEUED", "This line waits for nobody any more.").With("state", string(line.State))
		}
		settlement, err := m.settlementOf(ctx, tx, line, in)
		if err != nil {
			return err
		}
		err = tx.MoveLine(ctx, line, ordering.LineProposed, func(u *db.BankLineUpdate) {
			u.SetSettlement(&settlement)
			if in.TransferID != uuid.Nil {
				u.SetBankTransferID(in.TransferID)
			}
		})
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s ¥%s", line.Counterparty, pricing.Fen(line.AmountFen).Grouped())
		_, err = m.open(ctx, tx, opening{kind: authorisation.ProceedingReceipt, subjectID: line.ID, subjectName: name, application: authorisation.Application{Note: in.Reason}, key: in.IdempotencyKey, hash: hash})
		if err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "bankLineSettle", Kind: "BankLine", ID: line.ID, Reason: in.Reason, Change: map[string]any{"settlement": settlement}})
	})
}

// proposeOnce opens a proceeding under a key, once.
func (m *Market) proposeOnce(ctx context.Context, key, hash string, propose func(ctx context.Context, tx *store.Tx) error) error {
	_, err := once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (bool, error) {
		before, found, err := tx.ProceedingByKey(ctx, access.FromContext(ctx).OrganisationID, key)
		if err != nil {
			return false, err
		}
		if found {
			return false, inputKey(ordering.CheckIdempotency(before.RequestHash, hash))
		}
		return true, propose(ctx, tx)
	})
	return err
}

// settlementOf works out what an action comes to, and refuses what cannot be.
func (m *Market) settlementOf(ctx context.Context, tx *store.Tx, line *db.BankLine, in BankLineSettleInput) (ordering.LineSettlement, error) {
	s := ordering.LineSettlement{Action: in.Action, Reason: in.Reason}
	amount := pricing.Fen(line.AmountFen)
	switch {
	case in.Action == ordering.LineNote && amount > 0, in.Action == ordering.LineReturn && amount < 0, (in.Action == ordering.LineApply) != (in.TransferID != uuid.Nil):
		return s, fault.New(fault.Invalid, "ACTION_INVALID", "This cannot be done with this line.").At("input.action")
	case in.Action == ordering.LineReturn:
		s.ReturnFen = amount
	case in.Action == ordering.LineApply:
		t, err := tx.TransferByID(ctx, in.TransferID)
		if err != nil {
			return s, err
		}
		due := t.AmountFen - t.ReceivedFen
		if (t.Kind != ordering.TransferPayment) != (amount < 0) {
			return s, fault.Absent("transfer").At("input.transferId")
		}
		if amount < 0 {
			s.Transfer, s.ApplyFen = publicid.Encode("trf", t.ID), -amount
			return s, at(mayHaveGone(t, -amount), map[string]string{"": "input.transferId"})
		}
		if t.State == ordering.TransferDone || due <= 0 {
			return s, fault.New(fault.Conflict, "TRANSFER_PAID", "Nothing is due of this payment any more.").At("input.transferId")
		}
		if err := mayStillBePaid(ctx, tx, t); err != nil {
			return s, at(err, map[string]string{"": "input.transferId"})
		}
		s.Transfer, s.ApplyFen = publicid.Encode("trf", t.ID), min(amount, due)
		s.ReturnFen = amount - s.ApplyFen
		if err := mayBePaidInParts(ctx, tx, t, s.ApplyFen); err != nil {
			return s, at(err, map[string]string{"": "input.transferId"})
		}
	}
	return s, nil
}

// mayHaveGone refuses to take an amount that went out for a transfer that it is not.
func mayHaveGone(t store.BankTransfer, amount pricing.Fen) error {
	switch e := t.Expectation(""); {
	case e.AmountFen != amount:
		return fault.New(fault.Conflict, "TRANSFER_AMOUNT_DIFFERS", "This transfer was to be of %s yuan.", e.AmountFen).With("amount", e.AmountFen.String())
	case !e.WentAs(amount):
		return fault.New(fault.Conflict, "TRANSFER_PAID", "Nothing is due of this transfer any more.")
	}
	return nil
}

// wentOut does what follows once two persons agreed that a line is a transfer that was to go: the one of a payout batch is confirmed, and money
// that was returned is in suspense no more. What it refuses is refused there.
func wentOut(ctx context.Context, tx *store.Tx, t store.BankTransfer, line *db.BankLine) error {
	if err := mayHaveGone(t, -pricing.Fen(line.AmountFen)); err != nil {
		return err
	}
	if t.Kind == ordering.TransferPayout && t.State == ordering.TransferExpected {
		if err := payoutWent(ctx, tx, t, line.Serial); err != nil {
			return err
		}
		t.State, t.Version = ordering.TransferDone, t.Version+1 // it is saved with its line of the batch
	}
	if err := tx.ChangeTransfer(ctx, t, ordering.TransferDone, t.AmountFen); err != nil || t.Kind != ordering.TransferReturn {
		return err
	}
	return returnWent(ctx, tx, t)
}

// mayBePaidInParts refuses to keep a part for a payment that nobody waits for any more: its rest would never be asked for.
func mayBePaidInParts(ctx context.Context, tx *store.Tx, t store.BankTransfer, part pricing.Fen) error {
	if part == t.AmountFen-t.ReceivedFen {
		return nil
	}
	p, err := tx.PaymentByID(ctx, t.PaymentID)
	if err != nil || p.State.Open() && t.State == ordering.TransferExpected {
		return err
	}
	return fault.New(fault.Conflict, "TRANSFER_OVER", "Nobody waits for this payment any more; only all of what is due may be applied to it.")
}

// mayStillBePaid refuses a payment of which money can pay nothing any more, as payableBy says.
func mayStillBePaid(ctx context.Context, tx *store.Tx, t store.BankTransfer) error {
	p, err := tx.PaymentByID(ctx, t.PaymentID)
	if err != nil {
		return err
	}
	_, err = payableBy(ctx, tx, p)
	return err
}

// receiptDecided does what two persons agreed on for a line, or puts it back into the queue. What is due may be another amount by now,
// or its order be paid otherwise: then agreeing is refused with RECEIPT_CHANGED and the like, and the proposal is refused or taken back.
func (m *Market) receiptDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	ctx = store.AsSystem(ctx)
	line, err := tx.BankLineByID(ctx, p.SubjectID)
	if err != nil {
		return err
	}
	if p.State != authorisation.StateApproved {
		return tx.MoveLine(ctx, line, ordering.LineQueued, func(u *db.BankLineUpdate) { u.ClearSettlement() })
	}
	s := line.Settlement
	err = tx.MoveLine(ctx, line, ordering.LineSettled, func(u *db.BankLineUpdate) {
		u.SetAppliedFen(int64(s.ApplyFen)).SetReturnedFen(int64(s.ReturnFen))
	})
	if err != nil {
		return err
	}
	if s.ReturnFen > 0 {
		if err := tx.AddTransfers(ctx, returnOf(line, s.ReturnFen)); err != nil {
			return err
		}
	}
	if s.Action != ordering.LineApply {
		return nil
	}
	t, err := tx.TransferByID(ctx, *line.BankTransferID)
	if err != nil {
		return err
	}
	if line.AmountFen < 0 {
		return wentOut(ctx, tx, t, line)
	}
	due := t.AmountFen - t.ReceivedFen
	if t.State == ordering.TransferDone || s.ApplyFen != min(pricing.Fen(line.AmountFen), due) {
		return fault.New(fault.Conflict, "RECEIPT_CHANGED", "Something else is due of this payment by now; refuse this and propose anew.").With("due", due.String())
	}
	if s.ApplyFen == due {
		return m.whole(ctx, tx, t)
	}
	if err := mayBePaidInParts(ctx, tx, t, s.ApplyFen); err != nil {
		return err
	}
	return tx.ChangeTransfer(ctx, t, ordering.TransferExpected, t.ReceivedFen+s.ApplyFen)
}

// returnOf is what gives an amount of a line back: to who sent it, and of one that the bank gave back to nobody yet, since there it did
// not arrive.
func returnOf(line *db.BankLine, amount pricing.Fen) store.BankTransfer {
	t := store.BankTransfer{BankTransfer: ordering.BankTransfer{Kind: ordering.TransferReturn, Key: returnMark + line.ID.String(), AmountFen: amount}}
	t.Payee = store.SenderOf(line)
	if line.Reason != nil && *line.Reason == ordering.LineBounced {
		t.Payee.Bank, t.Payee.Number = "", ""
	}
	return t
}

// MaySettle reports whether the viewer may say now what becomes of a line, by the rule of BankLineSettle.
func (m *Market) MaySettle(v access.Viewer, line *db.BankLine) bool {
	return line.State == ordering.LineQueued && mayKeepBooks(v) == nil
}
