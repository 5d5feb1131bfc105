package market

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// FreeUseInput is an application to use a product free of charge (免费使用申请).
type FreeUseInput struct {
	ProductID uuid.UUID
	Purpose   purpose.Purpose
	Scenario  string
	// Evidence are documents of the applicant's own.
	Evidence       []uuid.UUID
	LicenceVersion string
	IdempotencyKey string
}

// FreeUseApply applies for free use for governance or welfare and returns the proceeding's id; the implementing agency
// decides within working days (P65 §1, CITY 11.2). Buyers with the role BUYER may.
//
// The same key with the same content is the same application; with other content it is IDEMPOTENCY_KEY_REUSED.
// Refused with all that ordering.CheckFreeUse finds, LICENCE_CHANGED, PRODUCT_NOT_LISTED, as authorisation.Offered says,
// NOT_FOUND for evidence that is not the applicant's own, and APPLICATION_PENDING, naming the one that runs, while the
// applicant waits for a decision on the same product and purpose.
func (m *Market) FreeUseApply(ctx context.Context, in FreeUseInput) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Buyer, access.BuyerRole); err != nil {
		return uuid.Nil, err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, err
	}
	in.Scenario = strings.TrimSpace(in.Scenario)
	if err := ordering.CheckFreeUse(ordering.FreeUse{Purpose: in.Purpose, Scenario: in.Scenario, Evidence: in.Evidence}); err != nil {
		return uuid.Nil, err
	}
	hash := requestHash(in)
	return once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		before, found, err := tx.ProceedingByKey(ctx, v.OrganisationID, in.IdempotencyKey)
		if err != nil || found {
			return before.ID, firstOf(err, inputKey(ordering.CheckIdempotency(before.RequestHash, hash)))
		}
		return m.openFreeUse(ctx, tx, in, hash)
	})
}

func (m *Market) openFreeUse(ctx context.Context, tx *store.Tx, in FreeUseInput, hash string) (uuid.UUID, error) {
	policies, err := tx.Policies(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	licence, err := licenceInForce(policies, in.LicenceVersion)
	if err != nil {
		return uuid.Nil, err
	}
	p, err := tx.Product.Get(ctx, in.ProductID)
	if db.IsNotFound(err) {
		return uuid.Nil, fault.Absent("product").At("input.productId")
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("read a product: %w", err)
	}
	if p.Status != authorisation.ProductListed {
		return uuid.Nil, fault.New(fault.Conflict, "PRODUCT_NOT_LISTED", "This product is not on the market.").At("input.productId")
	}
	if err := mustBeOffered(ctx, tx, p.ID, p.OperatorID, in.Purpose); err != nil {
		return uuid.Nil, err
	}
	if err := notApplied(ctx, tx, p.ID, in.Purpose); err != nil {
		return uuid.Nil, err
	}
	id, err := m.open(ctx, tx, opening{
		kind: authorisation.ProceedingFreeUse, subjectID: p.ID, subjectName: p.Name, evidence: in.Evidence, key: in.IdempotencyKey, hash: hash,
		application: authorisation.Application{Purpose: in.Purpose, Scenario: in.Scenario, LicenceVersion: licence.Version},
	})
	if err != nil {
		return uuid.Nil, err
	}
	return id, tx.Record(ctx, store.Act{Name: "freeUseApply", Kind: "Product", ID: p.ID, Change: map[string]any{
		"proceeding": id, "purpose": in.Purpose, "licence": licence.Version,
	}})
}

// notApplied refuses what the viewer's organisation has applied for already and nobody has decided.
func notApplied(ctx context.Context, tx *store.Tx, productID uuid.UUID, p purpose.Purpose) error {
	applicant := access.FromContext(ctx).OrganisationID
	if err := tx.Alone(ctx, "free use "+applicant.String()+productID.String()); err != nil { // of two at once, one sees the other
		return err
	}
	id, found, err := tx.FreeUsePending(ctx, applicant, productID, p)
	if err != nil || !found {
		return err
	}
	return fault.New(fault.Conflict, "APPLICATION_PENDING", "An application of this organisation for this purpose is waiting to be decided.").
		At("input.purpose").With("proceeding", id)
}

// freeUseDecided gives an approved applicant its entitlement: of price 0, without quota, for the policy's months, and bound
// to the purpose that was approved (CITY 11.2). What was true when it applied is looked at again: refused with
// PRODUCT_NOT_LISTED, APPLICANT_NOT_VERIFIED and as authorisation.Offered says.
func (m *Market) freeUseDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	if p.State != authorisation.StateApproved {
		return nil
	}
	if err := stillFree(ctx, tx, p); err != nil {
		return err
	}
	policies, err := tx.Policies(ctx)
	if err != nil {
		return err
	}
	right, err := ordering.NewFreeEntitlement(p.Application.Purpose, ordering.Quota{Unit: ordering.QuotaCall, Months: policies.FreeUseMonths}, tx.Now())
	if err != nil {
		return fmt.Errorf("entitlement of proceeding %s: %w", p.ID, err)
	}
	_, err = tx.AddEntitlement(ctx, store.Entitlement{
		Entitlement: right, OrganisationID: p.ApplicantID, ProductID: p.SubjectID, ProceedingID: p.ID, Scenario: p.Application.Scenario,
	})
	return err
}

// stillFree refuses to give a right that could not be applied for now.
func stillFree(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	facts, err := gateOf(ctx, tx, p.SubjectID)
	if err != nil {
		return err
	}
	if facts.Status != authorisation.ProductListed {
		return fault.New(fault.Conflict, "PRODUCT_NOT_LISTED", "This product is not on the market.")
	}
	verified, err := tx.IsVerified(ctx, p.ApplicantID)
	if err != nil {
		return err
	}
	if !verified {
		return fault.New(fault.Conflict, "APPLICANT_NOT_VERIFIED", "The applicant is not a verified organisation.")
	}
	return at(authorisation.Offered(facts, p.Application.Purpose, authorisation.DayOf(tx.Now())), map[string]string{"input.purpose": ""})
}

// EntitlementRestore gives back a free right that drift suspended, once the implementing agency has cleared it up; its
// APPROVER may. Refused with REASON_MISSING and MOVE_NOT_ALLOWED; a right that the agency did not decide on is absent.
func (m *Market) EntitlementRestore(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveEntitlement(ctx, "entitlementRestore", id, ordering.EntitlementActive, reason)
}

// EntitlementRevoke takes a free right back for good; the APPROVER of the implementing agency may. Refused as restoring is.
func (m *Market) EntitlementRevoke(ctx context.Context, id uuid.UUID, reason string) error {
	return m.moveEntitlement(ctx, "entitlementRevoke", id, ordering.EntitlementRevoked, reason)
}

func (m *Market) moveEntitlement(ctx context.Context, act string, id uuid.UUID, to ordering.EntitlementStatus, reason string) error {
	if err := movesEntitlements(access.FromContext(ctx)); err != nil {
		return err
	}
	if err := checkReason(&reason); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		e, err := tx.EntitlementByID(ctx, id)
		if err != nil {
			return err
		}
		if err := mayMoveEntitlement(access.FromContext(ctx), e.Entitlement, to); err != nil {
			return err
		}
		if err := tx.MoveEntitlement(ctx, e, to); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{
			Name: act, Kind: "Entitlement", ID: id, Reason: reason, Change: map[string]any{"from": e.Status, "to": to},
		})
	})
}

// MayMoveEntitlement reports whether the viewer may give a right back (ACTIVE) or take it for good (REVOKED) now, by the
// rule that EntitlementRestore and EntitlementRevoke use.
func (m *Market) MayMoveEntitlement(v access.Viewer, e ordering.Entitlement, to ordering.EntitlementStatus) bool {
	return mayMoveEntitlement(v, e, to) == nil
}

func mayMoveEntitlement(v access.Viewer, e ordering.Entitlement, to ordering.EntitlementStatus) error {
	if err := movesEntitlements(v); err != nil {
		return err
	}
	if !e.Purpose.Free() { // what was bought is not the agency's to take
		return fault.Absent("entitlement")
	}
	return authorisation.Move(e.Status, to)
}

func movesEntitlements(v access.Viewer) error {
	return v.MayAct(access.ImplementingAgency, access.Approver)
}
