package access

import (
	"regexp"

	"gongshu/internal/purpose"
)

// Party is a capacity in which an organisation takes part in the scheme.
type Party string

// The parties of the scheme.
const (
	ImplementingAgency Party = "IMPLEMENTING_AGENCY" // 实施机构
	SourceUnit         Party = "SOURCE_UNIT"         // 数源单位
	IndustryAuthority  Party = "INDUSTRY_AUTHORITY"  // 行业主管部门
	Operator           Party = "OPERATOR"            // 运营机构
	Registrar          Party = "REGISTRAR"           // 登记机构
	PriceAuthority     Party = "PRICE_AUTHORITY"     // 发展改革部门
	Buyer              Party = "BUYER"               // 需求方
	DataVendor         Party = "DATA_VENDOR"         // 数商
	Supervisor         Party = "SUPERVISOR"          // 监管部门
	Platform           Party = "PLATFORM"            // 平台方
)

// Values lists the stored forms.
func (Party) Values() []string {
	return []string{"IMPLEMENTING_AGENCY", "SOURCE_UNIT", "INDUSTRY_AUTHORITY", "OPERATOR", "REGISTRAR", "PRICE_AUTHORITY", "BUYER", "DATA_VENDOR", "SUPERVISOR", "PLATFORM"}
}

// Role is what a person may do within one organisation.
type Role string

// The roles.
const (
	Administrator Role = "ADMINISTRATOR"
	Member        Role = "MEMBER"
	BuyerRole     Role = "BUYER"
	Publisher     Role = "PUBLISHER"
	Finance       Role = "FINANCE"
	Reviewer      Role = "REVIEWER"
	Approver      Role = "APPROVER"
	Auditor       Role = "AUDITOR"
	Security      Role = "SECURITY"
)

// Values lists the stored forms.
func (Role) Values() []string {
	return []string{"ADMINISTRATOR", "MEMBER", "BUYER", "PUBLISHER", "FINANCE", "REVIEWER", "APPROVER", "AUDITOR", "SECURITY"}
}

// LegalForm is what kind of body an organisation is; it decides who receives its share (CITY 11.3, F1).
type LegalForm string

// The legal forms.
const (
	AdministrativeOrgan LegalForm = "ADMINISTRATIVE_ORGAN" // 行政机关: its share goes to the treasury
	PublicInstitution   LegalForm = "PUBLIC_INSTITUTION"   // 事业单位
	Enterprise          LegalForm = "ENTERPRISE"           // 企业
	SocialOrganisation  LegalForm = "SOCIAL_ORGANISATION"  // 社会组织
)

// Values lists the stored forms.
func (LegalForm) Values() []string {
	return []string{"ADMINISTRATIVE_ORGAN", "PUBLIC_INSTITUTION", "ENTERPRISE", "SOCIAL_ORGANISATION"}
}

// OrganisationStatus is the life of an organisation on this market.
type OrganisationStatus string

// RECORDED (named by a catalogue, nobody of it here yet) or SUBMITTED (signed up) → VERIFIED | REFUSED; VERIFIED → SUSPENDED.
const (
	OrganisationRecorded  OrganisationStatus = "RECORDED"
	OrganisationSubmitted OrganisationStatus = "SUBMITTED"
	OrganisationVerified  OrganisationStatus = "VERIFIED"
	OrganisationRefused   OrganisationStatus = "REFUSED"
	OrganisationSuspended OrganisationStatus = "SUSPENDED"
)

// Values lists the stored forms.
func (OrganisationStatus) Values() []string {
	return []string{"RECORDED", "SUBMITTED", "VERIFIED", "REFUSED", "SUSPENDED"}
}

// UsualPurpose is what an organisation of this form mostly uses public data for, where a form begins that asks for it; it
// decides nothing, for the purpose of a use is its user's to state (P65 §1). Organs govern, institutions and social
// organisations serve the public, enterprises do business.
func (f LegalForm) UsualPurpose() purpose.Purpose {
	switch f {
	case AdministrativeOrgan:
		return purpose.Governance
	case PublicInstitution, SocialOrganisation:
		return purpose.Welfare
	default:
		return purpose.Industry
	}
}

// Payee is the bank account into which an organisation is paid (收款账户).
type Payee struct {
	// Name is the holder's, as the bank has it.
	Name   string `json:"name"`
	Bank   string `json:"bank"`
	Number string `json:"number"`
	// Connected is its account at the provider of cards, empty where it has none: a market that has that provider pays into it, and into the
	// bank account otherwise.
	Connected string `json:"connected,omitempty"`
}

// IsSet reports whether somebody has said which account it is.
func (p Payee) IsSet() bool { return p.Number != "" }

// LastDigits are those of its number that are shown.
func (p Payee) LastDigits() string { return p.Number[max(0, len(p.Number)-4):] }

var accountNumber = regexp.MustCompile(`^[0-9]{8,32}$`)

var connectedAccount = regexp.MustCompile(`^acct_[A-Za-z0-9]{8,64}$`)

// IsConnectedAccount reports whether a text can name an account at the provider of cards.
func IsConnectedAccount(text string) bool { return connectedAccount.MatchString(text) }

// IsAccountNumber reports whether a text can be the number of a bank account.
func IsAccountNumber(text string) bool { return accountNumber.MatchString(text) }
