package market

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// GrantInput is what an operator applies for (资源申请).
type GrantInput struct {
	AgreementID      uuid.UUID
	ItemIDs          []uuid.UUID
	Purposes         []purpose.Purpose
	StartsOn, EndsOn authorisation.Day
	// Note says which products will be made of the items, and why these items are needed.
	Note           string
	Evidence       []uuid.UUID
	IdempotencyKey string
}

// MaxGrantItems is how many data items one grant holds.
const MaxGrantItems = 500

// GrantApply applies for data items of published resources and returns the ids of the grant and of the proceeding in which
// the agency and every industry authority concerned decide. A person of the operator with the role PUBLISHER may.
//
// The same key with the same content is the same application; with other content it is IDEMPOTENCY_KEY_REUSED.
// Refused with everything that authorisation.ApplyGrant finds, NOTE_OUT_OF_RANGE, ITEMS_TOO_MANY, AUTHORITY_MISSING, and
// NOT_FOUND for an agreement that is another's.
func (m *Market) GrantApply(ctx context.Context, in GrantInput) (grant, proceeding uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Operator, access.Publisher); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	if err := checkGrantInput(&in); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	hash := requestHash([]any{"grantApply", in})
	proceeding, err = once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		before, found, err := tx.ProceedingByKey(ctx, v.OrganisationID, in.IdempotencyKey)
		if err != nil {
			return uuid.Nil, err
		}
		if found {
			grant = before.SubjectID
			return before.ID, inputKey(ordering.CheckIdempotency(before.RequestHash, hash))
		}
		applied, opened, err := m.applyForGrant(ctx, tx, in, hash)
		grant = applied
		return opened, err
	})
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	return grant, proceeding, nil
}

func checkGrantInput(in *GrantInput) error {
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return err
	}
	in.Note = strings.TrimSpace(in.Note)
	var wrong fault.List
	if n := utf8.RuneCountInString(in.Note); n < 1 || n > authorisation.MaxReason {
		wrong = append(wrong, fault.New(fault.Invalid, "NOTE_OUT_OF_RANGE", "Say in 1 to %d characters what the items are needed for.", authorisation.MaxReason).
			At("input.note").With("max", authorisation.MaxReason))
	}
	if len(in.ItemIDs) > MaxGrantItems {
		wrong = append(wrong, fault.New(fault.Invalid, "ITEMS_TOO_MANY", "A grant holds at most %d data items.", MaxGrantItems).
			At("input.itemIds").With("max", MaxGrantItems))
	}
	return wrong.OrNil()
}

func (m *Market) applyForGrant(ctx context.Context, tx *store.Tx, in GrantInput, hash string) (grant, proceeding uuid.UUID, err error) {
	v := access.FromContext(ctx)
	agreement, err := tx.AgreementByID(ctx, in.AgreementID)
	if err == nil && agreement.OperatorID != v.OrganisationID {
		err = fault.Absent("agreement")
	}
	if f := fault.All(err); len(f) > 0 {
		return uuid.Nil, uuid.Nil, f[0].At("input.agreementId")
	}
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	resources, err := tx.ResourcesOfItems(ctx, in.ItemIDs)
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	application := authorisation.GrantApplication{ItemIDs: in.ItemIDs, Purposes: in.Purposes, StartsOn: in.StartsOn, EndsOn: in.EndsOn}
	if err := authorisation.ApplyGrant(application, agreement.Agreement, resources, tx.Now()); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	if grant, err = tx.AddGrant(ctx, agreement.ID, v.OrganisationID, application); err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	proceeding, err = m.open(ctx, tx, opening{
		kind: authorisation.ProceedingGrant, subjectID: grant, subjectName: namesOf(resources), authorities: authoritiesOf(resources),
		application: authorisation.Application{Note: in.Note}, evidence: in.Evidence, key: in.IdempotencyKey, hash: hash,
	})
	if err != nil {
		return uuid.Nil, uuid.Nil, err
	}
	return grant, proceeding, tx.Record(ctx, store.Act{Name: "grantApply", Kind: "Grant", ID: grant, Change: map[string]any{
		"agreement": agreement.ID, "items": in.ItemIDs, "purposes": in.Purposes, "startsOn": in.StartsOn, "endsOn": in.EndsOn, "proceeding": proceeding,
	}})
}

func authoritiesOf(resources []authorisation.Resource) []uuid.UUID {
	authorities := make([]uuid.UUID, len(resources))
	for i, r := range resources {
		authorities[i] = r.IndustryAuthorityID
	}
	return authorities
}

// namesOf names resources in as many bytes as a subject's name has.
func namesOf(resources []authorisation.Resource) string {
	const most = 600
	names := ""
	for _, r := range resources {
		next := r.Name
		if names != "" {
			next = names + "、" + r.Name
		}
		if len(next) > most-len("…") {
			return names + "…"
		}
		names = next
	}
	return names
}

// grantDecided makes an approved grant active when it still may be, and a refused or withdrawn application REFUSED.
func (m *Market) grantDecided(ctx context.Context, tx *store.Tx, p store.Proceeding) error {
	ctx = store.AsSystem(ctx) // what is granted is looked at again whoever decides last
	g, err := tx.GrantByID(ctx, p.SubjectID)
	if err != nil {
		return err
	}
	to := authorisation.GrantRefused
	if p.State == authorisation.StateApproved {
		to, err = activate(ctx, tx, g)
	} else {
		err = authorisation.Move(g.Status, to)
	}
	if err != nil {
		return err
	}
	if err := tx.MoveGrant(ctx, g, to); err != nil {
		return err
	}
	return m.recheckGrant(ctx, tx, g.ID)
}

// activate asks the rule; what it finds is about the application, so the decider's input has no place for it.
func activate(ctx context.Context, tx *store.Tx, g store.StoredGrant) (authorisation.GrantStatus, error) {
	agreement, err := tx.AgreementByID(ctx, g.AgreementID)
	if err != nil {
		return "", err
	}
	resources, err := tx.ResourcesOfItems(ctx, g.ItemIDs)
	if err != nil {
		return "", err
	}
	to, err := authorisation.ActivateGrant(g.Grant, agreement.Agreement, resources, tx.Now())
	var wrong fault.List
	for _, f := range fault.All(err) {
		wrong = append(wrong, f.At(""))
	}
	return to, firstOf(wrong.OrNil(), err)
}

// GrantRevoke takes an active grant back; products on it leave the market in the same transaction. The APPROVER of its
// agreement's implementing agency may.
func (m *Market) GrantRevoke(ctx context.Context, id uuid.UUID, reason string) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if err := checkReason(&reason); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		g, err := tx.GrantByID(ctx, id)
		if err != nil {
			return err
		}
		if err := supervises(v); err != nil {
			return err
		}
		agreement, err := tx.AgreementByID(ctx, g.AgreementID)
		if err != nil {
			return err
		}
		if err := mayRevokeGrant(v, agreement.AgencyID, g.Status); err != nil {
			return err
		}
		if err := tx.MoveGrant(ctx, g, authorisation.GrantRevoked); err != nil {
			return err
		}
		err = tx.Record(ctx, store.Act{Name: "grantRevoke", Kind: "Grant", ID: id, Reason: reason,
			Change: map[string]any{"status": []authorisation.GrantStatus{g.Status, authorisation.GrantRevoked}}})
		if err != nil {
			return err
		}
		err = tx.Notify(ctx, store.Notice{To: []uuid.UUID{g.OperatorID}, Kind: notice.GrantRevoked, Subject: notice.Grant, SubjectID: id})
		if err != nil {
			return err
		}
		return m.recheckGrant(ctx, tx, id)
	})
}
