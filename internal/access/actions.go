package access

// OrganisationAction is something that is done about an organisation.
type OrganisationAction string

// The actions about an organisation.
const (
	ApplyForVerification  OrganisationAction = "APPLY_FOR_VERIFICATION"
	ConfirmOrganisation   OrganisationAction = "CONFIRM"
	InviteMember          OrganisationAction = "INVITE"
	SuspendOrganisation   OrganisationAction = "SUSPEND"
	ReinstateOrganisation OrganisationAction = "REINSTATE"
	ClassifyOrganisation  OrganisationAction = "CLASSIFY"
)

// Values lists the actions.
func (OrganisationAction) Values() []string {
	return []string{"APPLY_FOR_VERIFICATION", "CONFIRM", "INVITE", "SUSPEND", "REINSTATE", "CLASSIFY"}
}
