package market

import (
	"context"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// AgreementInput is an agreement as it is written down.
type AgreementInput struct {
	OperatorID uuid.UUID
	Number     string
	Mode       authorisation.AgreementMode
	Clauses    map[authorisation.Clause]string
	// PublicisedOn is the day on which the selection was made public.
	PublicisedOn authorisation.Day
}

// AgreementDraft writes down an agreement with a selected operator, filed and ready to be signed, and returns its id.
// Persons of the implementing agency with the role APPROVER or REVIEWER may. Clauses may still be missing: signing asks for
// them. Refused with TEXT_OUT_OF_RANGE, AGREEMENT_NUMBER_TAKEN, and NOT_FOUND for an operator that is none.
func (m *Market) AgreementDraft(ctx context.Context, in AgreementInput) (id uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.ImplementingAgency, access.Approver, access.Reviewer); err != nil {
		return uuid.Nil, err
	}
	if err := statedText(&in.Number, 80, "input.number").OrNil(); err != nil {
		return uuid.Nil, err
	}
	if in.Mode == "" {
		in.Mode = authorisation.ModeWhole
	}
	draft := authorisation.Agreement{
		OperatorID: in.OperatorID, Status: authorisation.AgreementFiled, Clauses: in.Clauses, PublicisedOn: in.PublicisedOn,
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := mustOperate(ctx, tx, in.OperatorID); err != nil {
			return err
		}
		if id, err = tx.AddAgreement(ctx, v.OrganisationID, in.Number, in.Mode, draft); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "agreementDraft", Kind: "Agreement", ID: id, Change: map[string]any{
			"operator": in.OperatorID, "number": in.Number, "mode": in.Mode, "publicisedOn": in.PublicisedOn,
		}})
	})
	if store.IsTaken(err) {
		err = fault.New(fault.Conflict, "AGREEMENT_NUMBER_TAKEN", "An agreement has this number already.").At("input.number")
	}
	return id, err
}

func mustOperate(ctx context.Context, tx *store.Tx, operator uuid.UUID) error {
	is, err := tx.TakesPart(ctx, operator, access.Operator)
	if err == nil && !is {
		err = fault.Absent("organisation").At("input.operatorId")
	}
	return err
}

// asAgency does something about an agreement as its implementing agency's APPROVER; to other organisations it is absent.
func (m *Market) asAgency(ctx context.Context, id uuid.UUID, do func(ctx context.Context, tx *store.Tx, a store.StoredAgreement) error) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := tx.AgreementByID(ctx, id)
		if err != nil {
			return err
		}
		if err := isAgency(v, a.AgencyID, "agreement"); err != nil {
			return err
		}
		return do(ctx, tx, a)
	})
}

// AgreementSign signs a filed agreement: its term is policy's and begins today, and its operator operates.
//
// An operator has one agreement in force at a time, whatever its mode, so that it is never a question under which one a
// product is made: AGREEMENT_ALREADY_IN_FORCE. Refused with OPERATOR_NOT_VERIFIED, and as authorisation.Sign says.
func (m *Market) AgreementSign(ctx context.Context, id uuid.UUID) error {
	return m.asAgency(ctx, id, func(ctx context.Context, tx *store.Tx, a store.StoredAgreement) error {
		policies, err := tx.Policies(ctx)
		if err != nil {
			return err
		}
		term, err := authorisation.Sign(a.Agreement, policies.Calendar, policies.Agreement, tx.Now())
		if err != nil {
			return err
		}
		verified, err := tx.IsVerified(ctx, a.OperatorID)
		if err != nil {
			return err
		}
		others, err := tx.AgreementsOf(ctx, a.OperatorID)
		if err != nil {
			return err
		}
		if err := maySign(verified, others, authorisation.DayOf(tx.Now())); err != nil {
			return err
		}
		if err := tx.SignAgreement(ctx, a, term); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "agreementSign", Kind: "Agreement", ID: id, Change: map[string]any{
			"status":   []authorisation.AgreementStatus{a.Status, authorisation.AgreementOperating},
			"startsOn": term.StartsOn, "endsOn": term.EndsOn,
		}})
	})
}

// AgreementRectify puts an operator into rectification: its products leave the market in the same transaction.
func (m *Market) AgreementRectify(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveAgreement(ctx, "agreementRectify", id, authorisation.AgreementRectifying, reason)
}

// AgreementRestore ends a rectification; the operator lists its products again.
func (m *Market) AgreementRestore(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveAgreement(ctx, "agreementRestore", id, authorisation.AgreementOperating, reason)
}

// AgreementTerminate ends an agreement for severe or lasting risk: its active grants are revoked and the operator's
// products leave the market, in the same transaction.
func (m *Market) AgreementTerminate(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveAgreement(ctx, "agreementTerminate", id, authorisation.AgreementTerminated, reason)
}

func (m *Market) moveAgreement(ctx context.Context, act string, id uuid.UUID, to authorisation.AgreementStatus, reason string) error {
	if err := checkReason(&reason); err != nil {
		return err
	}
	return m.asAgency(ctx, id, func(ctx context.Context, tx *store.Tx, a store.StoredAgreement) error {
		if err := authorisation.Move(a.Status, to); err != nil {
			return err
		}
		revoked := 0
		if to == authorisation.AgreementTerminated {
			var err error
			if revoked, err = m.endGrants(ctx, tx, id, authorisation.GrantRevoked); err != nil {
				return err
			}
		}
		if err := tx.MoveAgreement(ctx, a, to); err != nil {
			return err
		}
		err := tx.Record(ctx, store.Act{Name: act, Kind: "Agreement", ID: id, Reason: reason, Change: map[string]any{
			"status": []authorisation.AgreementStatus{a.Status, to}, "grantsRevoked": revoked,
		}})
		if err != nil {
			return err
		}
		return m.recheckOperator(ctx, tx, a.OperatorID)
	})
}

// endGrants ends the active grants under an agreement together with it; its products are held against the gate by the caller.
func (m *Market) endGrants(ctx context.Context, tx *store.Tx, agreementID uuid.UUID, to authorisation.GrantStatus) (ended int, err error) {
	grants, err := tx.ActiveGrants(ctx, agreementID)
	if err != nil {
		return 0, err
	}
	for _, g := range grants {
		if err := tx.MoveGrant(ctx, g, to); err != nil {
			return 0, err
		}
	}
	return len(grants), nil
}
