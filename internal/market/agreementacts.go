package market

import (
	"slices"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/todo"
)

// AgreementActions are what the viewer may do about an agreement now, by the rules of the use-cases: given right input, none of
// these is refused, and every other one is. It reads nothing.
func (m *Market) AgreementActions(v access.Viewer, a store.AgreementFacts, policies store.Policies) []authorisation.AgreementAction {
	allowed := []authorisation.AgreementAction{}
	for _, name := range authorisation.AgreementAction("").Values() {
		if act := authorisation.AgreementAction(name); m.mayDoAgreement(v, act, a, policies) == nil {
			allowed = append(allowed, act)
		}
	}
	return allowed
}

func (m *Market) mayDoAgreement(v access.Viewer, act authorisation.AgreementAction, a store.AgreementFacts, policies store.Policies) error {
	if err := isAgency(v, a.AgencyID, "agreement"); err != nil {
		return err
	}
	switch act {
	case authorisation.SignAgreement:
		now := m.Store.Now()
		_, err := authorisation.Sign(a.Agreement, policies.Calendar, policies.Agreement, now)
		return firstOf(err, maySign(a.OperatorVerified, a.OfOperator, authorisation.DayOf(now)))
	case authorisation.RectifyAgreement:
		return authorisation.Move(a.Status, authorisation.AgreementRectifying)
	case authorisation.RestoreAgreement:
		return authorisation.Move(a.Status, authorisation.AgreementOperating)
	default:
		return authorisation.Move(a.Status, authorisation.AgreementTerminated)
	}
}

// supervises refuses everybody but an APPROVER of an implementing agency.
func supervises(v access.Viewer) error { return v.MayAct(access.ImplementingAgency, access.Approver) }

// isAgency refuses everybody but an APPROVER of the agency that an agreement is with; to other agencies what is done under it is
// absent.
func isAgency(v access.Viewer, agency uuid.UUID, what string) error {
	if err := supervises(v); err != nil {
		return err
	}
	if v.OrganisationID != agency {
		return fault.Absent(what)
	}
	return nil
}

// maySign refuses to sign with an operator that is not verified, or that has an agreement in force.
func maySign(verified bool, ofOperator []authorisation.Agreement, today authorisation.Day) error {
	if !verified {
		return fault.New(fault.Conflict, "OPERATOR_NOT_VERIFIED", "The operator is not a verified organisation.")
	}
	for _, other := range ofOperator {
		if other.Lasts(today) {
			return fault.New(fault.Conflict, "AGREEMENT_ALREADY_IN_FORCE",
				"This operator has an agreement until %s.", other.EndsOn).With("endsOn", other.EndsOn.String())
		}
	}
	return nil
}

// MayRevokeGrant reports whether the viewer may take a grant back now that was given under an agreement with an agency, by the
// rule that GrantRevoke uses.
func (m *Market) MayRevokeGrant(v access.Viewer, agency uuid.UUID, status authorisation.GrantStatus) bool {
	return mayRevokeGrant(v, agency, status) == nil
}

func mayRevokeGrant(v access.Viewer, agency uuid.UUID, status authorisation.GrantStatus) error {
	return firstOf(isAgency(v, agency, "grant"), authorisation.Move(status, authorisation.GrantRevoked))
}

// MayApplyForGrant reports whether the viewer may apply now for a data item of some resources, by the rule that GrantApply uses,
// given right input. agreements are those of its organisation, the resources as it sees them.
func (m *Market) MayApplyForGrant(v access.Viewer, agreements []authorisation.Agreement, resources ...authorisation.Resource) bool {
	if v.MayAct(access.Operator, access.Publisher) != nil {
		return false
	}
	now := m.Store.Now()
	for _, r := range resources {
		if _, _, err := authorisation.Open(authorisation.ProceedingGrant, v.PersonID, authoritiesOf([]authorisation.Resource{r}), authorisation.Calendar{}, nil, now); err != nil {
			continue // nobody could decide on it
		}
		for _, item := range r.Items {
			alone := r
			alone.Items = []authorisation.Item{item}
			for _, a := range agreements {
				wanted := authorisation.GrantApplication{
					ItemIDs: []uuid.UUID{item.ID}, Purposes: []purpose.Purpose{purpose.Governance}, StartsOn: authorisation.DayOf(now), EndsOn: a.EndsOn,
				}
				if authorisation.ApplyGrant(wanted, a, []authorisation.Resource{alone}, now) == nil {
					return true
				}
			}
		}
	}
	return false
}

// MayApplyAgain reports whether the viewer may apply now for data items of an operator's grant again, as MayApplyForGrant does of
// resources: not while the application for it waits for a decision, nor before the time in which it ends.
func (m *Market) MayApplyAgain(v access.Viewer, operator uuid.UUID, g authorisation.Grant, agreements []authorisation.Agreement, resources []authorisation.Resource) bool {
	far := g.Status == authorisation.GrantActive && todo.EndsIn(authorisation.DayOf(m.Store.Now()), g.EndsOn) == nil
	if v.OrganisationID != operator || g.Status == authorisation.GrantApplied || far {
		return false
	}
	held := slices.Clone(resources)
	for i, r := range held {
		held[i].Items = slices.DeleteFunc(slices.Clone(r.Items), func(item authorisation.Item) bool { return !g.Covers(item.ID) })
	}
	return m.MayApplyForGrant(v, agreements, held...)
}
