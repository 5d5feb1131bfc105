package market

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// TransferSettleInput is what one person says of a transfer that does not come to its end by itself.
type TransferSettleInput struct {
	TransferID uuid.UUID
	Action     ordering.TransferAction
	// Payee is the account that money goes to, of REORDER alone; nil keeps the one that is known.
	Payee          *access.Payee
	Reason         string
	IdempotencyKey string
}

// TransferSettle proposes what becomes of a transfer whose end no statement will tell: a payment of which a part came is given up, and what
// came goes back; money that is to go back and that the bank did not move is ordered again, into another account where one is stated; or a
// refund failed. A second person of the platform agrees or refuses (ProceedingDecide), and only then it happens. FINANCE of the platform may.
//
// The same key with the same content is the same proposal; with other content it is IDEMPOTENCY_KEY_REUSED. Refused with REASON_MISSING,
// ACTION_INVALID for what cannot be done with it, TRANSFER_PROPOSED while a proposal waits, TRANSFER_ACCOUNT_MISSING where no account is
// known and none stated, and TEXT_MISSING and ACCOUNT_NUMBER_INVALID for one that is stated in part.
func (m *Market) TransferSettle(ctx context.Context, in TransferSettleInput) error {
	if err := mayKeepBooks(access.FromContext(ctx)); err != nil {
		return err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return err
	}
	if err := at(checkReason(&in.Reason), map[string]string{"reason": "input.reason"}); err != nil {
		return err
	}
	if in.Payee != nil {
		if err := checkPayee(in.Payee, "input.payee"); err != nil {
			return err
		}
	}
	hash := requestHash([]any{"bankTransferSettle", in})
	return m.proposeOnce(ctx, in.IdempotencyKey, hash, func(ctx context.Context, tx *store.Tx) error {
		t, err := tx.TransferByID(ctx, in.TransferID)
		if err != nil {
			return err
		}
		if err := mayPropose(t, in); err != nil {
			return err
		}
		proposal := ordering.TransferProposal{Action: in.Action, Reason: in.Reason, Payee: (*pricing.PayeeAccount)(in.Payee)}
		if err := tx.ProposeTransfer(ctx, t, &proposal); err != nil {
			return err
		}
		_, err = m.open(ctx, tx, opening{
			kind: authorisation.ProceedingTransfer, subjectID: t.ID, subjectName: fmt.Sprintf("%s ¥%s", t.Code, t.AmountFen.Grouped()),
			application: authorisation.Application{Note: in.Reason}, key: in.IdempotencyKey, hash: hash,
		})
		if err != nil {
			return err
		}
		change := map[string]any{"action": in.Action}
		if in.Payee != nil {
			change["payeeName"], change["payeeBank"], change["payeeDigits"] = in.Payee.Name, in.Payee.Bank, in.Payee.LastDigits()
		}
		return tx.Record(ctx, store.Act{Name: "bankTransferSettle", Kind: "BankTransfer", ID: t.ID, Reason: in.Reason, Change: change})
	})
}

func mayPropose(t store.BankTransfer, in TransferSettleInput) error {
	switch {
	case t.Proposal != nil:
		return fault.New(fault.Conflict, "TRANSFER_PROPOSED", "Somebody proposed something for this transfer; a second person decides on it first.")
	case !slices.Contains(t.Expectation("").Allows(), in.Action), in.Payee != nil && in.Action != ordering.TransferReorder:
		return fault.New(fault.Invalid, "ACTION_INVALID", "This cannot be done with this transfer.").At("input.action")
	case in.Action == ordering.TransferReorder && in.Payee == nil && t.Payee.Number == "":
		return fault.New(fault.Invalid, "TRANSFER_ACCOUNT_MISSING", "No account is known that this could go to: state one.").At("input.payee.number")
	}
	return nil
}

// transferDecided does what two persons agreed on for a transfer, or forgets the proposal. It may have come to its end meanwhile: then
// agreeing is refused with TRANSFER_CHANGED, and the proposal is refused or taken back.
func (m *Market) transferDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	ctx = store.AsSystem(ctx)
	t, err := tx.TransferByID(ctx, p.SubjectID)
	if err != nil {
		return err
	}
	proposal := t.Proposal
	if proposal == nil {
		return fmt.Errorf("proceeding %s: its transfer has no proposal", p.ID)
	}
	if err := tx.ProposeTransfer(ctx, t, nil); err != nil || p.State != authorisation.StateApproved {
		return err
	}
	t.Version++
	if !slices.Contains(t.Expectation("").Allows(), proposal.Action) {
		return fault.New(fault.Conflict, "TRANSFER_CHANGED", "This transfer came to its end meanwhile; refuse this.").With("state", string(t.State))
	}
	switch proposal.Action {
	case ordering.TransferGiveUp:
		return m.giveUpParts(ctx, tx, t, proposal.Reason)
	case ordering.TransferReorder:
		payee := t.Payee
		if proposal.Payee != nil {
			payee = *proposal.Payee
		}
		return tx.ReorderTransfer(ctx, t, payee)
	default: // its refund fails by the sweep, which asks what became of it
		return tx.ChangeTransfer(ctx, t, ordering.TransferFailed, t.ReceivedFen)
	}
}

// giveUpParts gives a payment up of which a part came, so that its order or bill may be paid otherwise: what came goes back to who sent it.
func (m *Market) giveUpParts(ctx context.Context, tx *store.Tx, t store.BankTransfer, reason string) error {
	lines, err := tx.LinesOf(ctx, t.ID)
	if err != nil {
		return err
	}
	returns := make([]store.BankTransfer, len(lines))
	for i, line := range lines {
		amount := pricing.Fen(line.AppliedFen)
		if err := tx.TurnBack(ctx, line, ordering.LineSettlement{Action: ordering.LineReturn, ReturnFen: amount, Reason: reason}); err != nil {
			return err
		}
		returns[i] = returnOf(line, amount)
	}
	if err := tx.AddTransfers(ctx, returns...); err != nil {
		return err
	}
	if err := tx.ChangeTransfer(ctx, t, ordering.TransferCancelled, 0); err != nil {
		return err
	}
	p, err := tx.PaymentByID(ctx, t.PaymentID)
	if err != nil || !p.State.Open() {
		return err
	}
	return m.record(ctx, tx, &p, payment.Result{State: ordering.PaymentExpired, Reference: t.Code})
}

// MaySeeRefundPayee reports whether the viewer may see into which account a refund of an operator's product goes: its FINANCE, which
// approves it, and the platform's, which orders it.
func (m *Market) MaySeeRefundPayee(v access.Viewer, operator uuid.UUID) bool {
	return mayKeepBooks(v) == nil || v.OrganisationID == operator && v.MayAct(access.Operator, access.Finance) == nil
}

// MaySeeStatedNumber reports whether the viewer sees the whole number of an account that was stated for a transfer: who states it and who
// agrees to it, by the rules of TransferSettle and ProceedingDecide. Who only reads the books sees its last digits.
func (m *Market) MaySeeStatedNumber(v access.Viewer) bool {
	return mayKeepBooks(v) == nil || mayDecide(v, authorisation.StepPlatform) == nil
}

// AllowedTransferActions are what the viewer may propose for a transfer now, by the rule of TransferSettle.
func (m *Market) AllowedTransferActions(v access.Viewer, row *db.BankTransfer) []ordering.TransferAction {
	if row.Proposal != nil || mayKeepBooks(v) != nil {
		return nil
	}
	return ordering.Expectation{Kind: row.Kind, State: row.State, ReceivedFen: pricing.Fen(row.ReceivedFen)}.Allows()
}
