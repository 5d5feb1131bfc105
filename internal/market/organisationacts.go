package market

import (
	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// OrganisationActions are what the viewer may do about an organisation now, by the rules of the use-cases: given right input,
// none of these is refused, and every other one is. It reads nothing.
func (m *Market) OrganisationActions(v access.Viewer, o store.OrganisationFacts) []access.OrganisationAction {
	allowed := []access.OrganisationAction{}
	for _, name := range access.OrganisationAction("").Values() {
		if act := access.OrganisationAction(name); mayDoOrganisation(v, act, o) == nil {
			allowed = append(allowed, act)
		}
	}
	return allowed
}

func mayDoOrganisation(v access.Viewer, act access.OrganisationAction, o store.OrganisationFacts) error {
	switch act {
	case access.ApplyForVerification:
		return firstOf(v.MayAdminister(o.ID), mayBeVerified(o.Organisation, o.VerificationPending))
	case access.ConfirmOrganisation:
		return firstOf(keepsOrganisations(v), mayBeConfirmed(o.Status))
	case access.InviteMember:
		_, err := mayInvite(v, o.ID, func() (bool, error) { return o.HasMembers, nil })
		return err
	case access.ClassifyOrganisation:
		return keepsOrganisations(v)
	case access.SuspendOrganisation:
		return mayMoveOrganisation(v, o.Organisation, access.OrganisationVerified, access.OrganisationSuspended)
	default:
		return mayMoveOrganisation(v, o.Organisation, access.OrganisationSuspended, access.OrganisationVerified)
	}
}

// keepsOrganisations refuses everybody but who keeps the register of organisations: the platform's APPROVER.
func keepsOrganisations(v access.Viewer) error { return v.MayAct(access.Platform, access.Approver) }

func mayBeConfirmed(status access.OrganisationStatus) error {
	if status == access.OrganisationRecorded {
		return nil
	}
	return fault.New(fault.Conflict, "ORGANISATION_NOT_RECORDED", "Only an organisation that a catalogue named is confirmed; this one is %s.", status).
		At("id").With("status", string(status))
}

// mayMoveOrganisation refuses to keep an organisation from taking part, or to let it take part again.
func mayMoveOrganisation(v access.Viewer, o store.Organisation, from, to access.OrganisationStatus) error {
	if err := firstOf(keepsOrganisations(v), notItself(v, o.ID)); err != nil {
		return err
	}
	if o.Status != from {
		return fault.New(fault.Conflict, "MOVE_NOT_ALLOWED", "What is %s cannot become %s.", o.Status, to).
			At("id").With("from", string(o.Status)).With("to", string(to))
	}
	return nil
}

func notItself(v access.Viewer, organisation uuid.UUID) error {
	if organisation == v.OrganisationID {
		return fault.New(fault.Conflict, "OWN_ORGANISATION", "The platform does not suspend itself.").At("id")
	}
	return nil
}

// mayInvite says whether the viewer may invite into an organisation, and whether it invites its first member. Whether it has
// members is asked only where that decides.
func mayInvite(v access.Viewer, organisation uuid.UUID, hasMembers func() (bool, error)) (first bool, err error) {
	if v.OrganisationID == organisation || !v.Is(access.Platform) {
		return false, atField(v.MayAdminister(organisation), "organisationId")
	}
	if err := v.MayAct(access.Platform, access.Administrator); err != nil {
		return false, err
	}
	has, err := hasMembers()
	if err != nil {
		return false, err
	}
	if has {
		return false, fault.New(fault.Forbidden, "ORGANISATION_HAS_MEMBERS", "This organisation has members: its administrator invites.")
	}
	return true, nil
}
