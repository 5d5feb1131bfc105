// Package notice owns what organisations are told: the kinds of notifications, and which roles of an organisation each is for.
//
// It holds no text: a client says a kind and its parameters in the person's language. Parameters are names, days, amounts and
// codes, never personal data and never a secret. What a notification is about, and who is told, belongs to the use-case that
// tells it.
package notice

import (
	"slices"

	"gongshu/internal/access"
)

// Kind is what is told.
type Kind string

// The kinds. Those that end in Ending or DueSoon come with time, once for each day that is near.
const (
	// ApplicationDecided tells an applicant how its proceeding ended.
	ApplicationDecided Kind = "APPLICATION_DECIDED"
	// ProceedingWaiting tells an organisation of a proceeding that needs its decision.
	ProceedingWaiting Kind = "PROCEEDING_WAITING"
	ProceedingDueSoon Kind = "PROCEEDING_DUE_SOON"
	// OrderPaid tells the buyer and the operator.
	OrderPaid Kind = "ORDER_PAID"
	// BillIssued tells the buyer of a bill that asks for something.
	BillIssued Kind = "BILL_ISSUED"
	// BillDueSoon and BillOverdue remind it of one that it has not paid; the latter says from when its right is suspended.
	BillDueSoon Kind = "BILL_DUE_SOON"
	BillOverdue Kind = "BILL_OVERDUE"
	// EntitlementInArrears tells the buyer that its right is suspended until its overdue bill is paid.
	EntitlementInArrears Kind = "ENTITLEMENT_IN_ARREARS"
	// PaymentQueried tells the operator that a buyer's bank asks about a payment; PaymentDisputed tells both that it asks it back, and
	// DisputeWon and DisputeLost what became of that: the payment stays, or is taken back.
	PaymentQueried  Kind = "PAYMENT_QUERIED"
	PaymentDisputed Kind = "PAYMENT_DISPUTED"
	DisputeWon      Kind = "DISPUTE_WON"
	DisputeLost     Kind = "DISPUTE_LOST"
	// InvoiceWaiting tells the operator of an invoice that it has to issue, InvoiceIssued and InvoiceRefused the buyer what became of it.
	InvoiceWaiting Kind = "INVOICE_WAITING"
	InvoiceIssued  Kind = "INVOICE_ISSUED"
	InvoiceRefused Kind = "INVOICE_REFUSED"
	// ProductListed, ProductSuspended and ProductRetired tell the operator and those who hold rights to the product.
	ProductListed    Kind = "PRODUCT_LISTED"
	ProductSuspended Kind = "PRODUCT_SUSPENDED"
	ProductRetired   Kind = "PRODUCT_RETIRED"
	// ResourceSuspended tells the operators that make products of it.
	ResourceSuspended Kind = "RESOURCE_SUSPENDED"
	GrantGiven        Kind = "GRANT_GIVEN"
	GrantRevoked      Kind = "GRANT_REVOKED"
	GrantEnding       Kind = "GRANT_ENDING"
	// AgreementEnding tells the operator and its agency.
	AgreementEnding    Kind = "AGREEMENT_ENDING"
	RegistrationEnding Kind = "REGISTRATION_ENDING"
	EntitlementEnding  Kind = "ENTITLEMENT_ENDING"
	CredentialEnding   Kind = "CREDENTIAL_ENDING"
	DatasetAccepted    Kind = "DATASET_ACCEPTED"
	// DatasetRefused tells that a file was rejected, or may not leave.
	DatasetRefused Kind = "DATASET_REFUSED"
	// CapSet tells the operator of an upper limit of its product's price, and how many of its plans will break it.
	CapSet Kind = "CAP_SET"
)

// Values lists the stored forms.
func (Kind) Values() []string {
	return []string{"APPLICATION_DECIDED", "PROCEEDING_WAITING", "PROCEEDING_DUE_SOON", "ORDER_PAID", "BILL_ISSUED", "BILL_DUE_SOON", "BILL_OVERDUE", "ENTITLEMENT_IN_ARREARS", "PAYMENT_QUERIED", "PAYMENT_DISPUTED", "DISPUTE_WON", "DISPUTE_LOST", "INVOICE_WAITING", "INVOICE_ISSUED", "INVOICE_REFUSED", "PRODUCT_LISTED", "PRODUCT_SUSPENDED",
		"PRODUCT_RETIRED", "RESOURCE_SUSPENDED", "GRANT_GIVEN", "GRANT_REVOKED", "GRANT_ENDING", "AGREEMENT_ENDING", "REGISTRATION_ENDING",
		"ENTITLEMENT_ENDING", "CREDENTIAL_ENDING", "DATASET_ACCEPTED", "DATASET_REFUSED", "CAP_SET"}
}

// Subject is a type of thing that a notification or an event is about.
type Subject string

// The subjects.
const (
	Organisation Subject = "ORGANISATION"
	Resource     Subject = "RESOURCE"
	Agreement    Subject = "AGREEMENT"
	Grant        Subject = "GRANT"
	Proceeding   Subject = "PROCEEDING"
	Product      Subject = "PRODUCT"
	Order        Subject = "ORDER"
	Bill         Subject = "BILL"
	Invoice      Subject = "INVOICE"
	Entitlement  Subject = "ENTITLEMENT"
	Credential   Subject = "CREDENTIAL"

	PermittedRevenue Subject = "PERMITTED_REVENUE"
)

// Values lists the stored forms.
func (Subject) Values() []string {
	return []string{"ORGANISATION", "RESOURCE", "AGREEMENT", "GRANT", "PROCEEDING", "PRODUCT", "ORDER", "BILL", "INVOICE", "ENTITLEMENT", "CREDENTIAL", "PERMITTED_REVENUE"}
}

// everyone are all roles.
var everyone []access.Role

// audience says which roles of the organisation that is told each kind is for.
var audience = map[Kind][]access.Role{
	ApplicationDecided: everyone,
	ProceedingWaiting:  {access.Approver, access.Reviewer, access.Security},
	ProceedingDueSoon:  {access.Approver, access.Reviewer, access.Security},
	OrderPaid:          {access.BuyerRole, access.Finance, access.Publisher},
	BillIssued:         {access.BuyerRole, access.Finance},
	BillDueSoon:        {access.BuyerRole, access.Finance},
	BillOverdue:        {access.BuyerRole, access.Finance},

	EntitlementInArrears: everyone,

	PaymentQueried:  {access.Finance},
	PaymentDisputed: {access.BuyerRole, access.Finance},
	DisputeWon:      {access.BuyerRole, access.Finance},
	DisputeLost:     {access.BuyerRole, access.Finance},

	InvoiceWaiting: {access.Finance},
	InvoiceIssued:  {access.BuyerRole, access.Finance},
	InvoiceRefused: {access.BuyerRole, access.Finance},

	ProductListed:      everyone,
	ProductSuspended:   everyone,
	ProductRetired:     everyone,
	ResourceSuspended:  everyone,
	GrantGiven:         everyone,
	GrantRevoked:       everyone,
	GrantEnding:        everyone,
	AgreementEnding:    everyone,
	RegistrationEnding: {access.Publisher},
	EntitlementEnding:  {access.BuyerRole, access.Security},
	CredentialEnding:   {access.BuyerRole, access.Security},
	DatasetAccepted:    {access.Publisher},
	DatasetRefused:     {access.Publisher},
	CapSet:             {access.Publisher, access.Finance},
}

// SeenWith are the kinds that somebody with these roles is told of, in the order of Values. An administrator and an auditor
// are told of all.
func SeenWith(roles []access.Role) []Kind {
	var seen []Kind
	for _, value := range Kind("").Values() {
		kind := Kind(value)
		told := audience[kind]
		if len(told) == 0 || slices.ContainsFunc(roles, func(r access.Role) bool {
			return r == access.Administrator || r == access.Auditor || slices.Contains(told, r)
		}) {
			seen = append(seen, kind)
		}
	}
	return seen
}

// Policy is what dated policy says of notifications (NOTIFICATIONS).
type Policy struct {
	// KeepMonths is how long a notification is kept.
	KeepMonths int `json:"keepMonths"`
	// EndingDays is how many days before the end of a right, a grant, a registration or an agreement it is told of.
	EndingDays int `json:"endingDays"`
	// DueWorkingDays is how many working days before its deadline a proceeding is told of.
	DueWorkingDays int `json:"dueWorkingDays"`
}
