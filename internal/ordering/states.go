package ordering

// OrderStatus is the life of an order.
type OrderStatus string

// PLACED → PAID | CANCELLED | EXPIRED; all are final.
const (
	OrderPlaced    OrderStatus = "PLACED"
	OrderPaid      OrderStatus = "PAID"
	OrderCancelled OrderStatus = "CANCELLED"
	OrderExpired   OrderStatus = "EXPIRED" // nobody paid it in time
)

// Values lists the stored forms.
func (OrderStatus) Values() []string { return []string{"PLACED", "PAID", "CANCELLED", "EXPIRED"} }

// BillStatus is the life of a bill. A month that is not over has no bill yet, only a preview that is not stored.
type BillStatus string

// ISSUED → PAID, which is final. A bill of nothing is PAID from the first.
const (
	BillIssued BillStatus = "ISSUED"
	BillPaid   BillStatus = "PAID"
)

// Values lists the stored forms.
func (BillStatus) Values() []string { return []string{"ISSUED", "PAID"} }

// RefundStatus is the life of a refund.
type RefundStatus string

// REQUESTED → APPROVED → PAID | FAILED; REQUESTED → REFUSED | WITHDRAWN. APPROVED is stored before the provider is asked.
const (
	RefundRequested RefundStatus = "REQUESTED"
	RefundApproved  RefundStatus = "APPROVED"
	RefundPaid      RefundStatus = "PAID"
	RefundFailed    RefundStatus = "FAILED"
	RefundRefused   RefundStatus = "REFUSED"
	RefundWithdrawn RefundStatus = "WITHDRAWN"
)

// Values lists the stored forms.
func (RefundStatus) Values() []string {
	return []string{"REQUESTED", "APPROVED", "PAID", "FAILED", "REFUSED", "WITHDRAWN"}
}

// EntitlementStatus is the life of a right to use a product.
type EntitlementStatus string

// ACTIVE → SUSPENDED → ACTIVE; ACTIVE | SUSPENDED → REVOKED. Expiry and an exhausted quota follow from dates and numbers and are no status.
const (
	EntitlementActive    EntitlementStatus = "ACTIVE"
	EntitlementSuspended EntitlementStatus = "SUSPENDED"
	EntitlementRevoked   EntitlementStatus = "REVOKED"
)

// Values lists the stored forms.
func (EntitlementStatus) Values() []string { return []string{"ACTIVE", "SUSPENDED", "REVOKED"} }

// QuotaUnit is what a quota counts.
type QuotaUnit string

// An unlimited entitlement (per period, per product) counts CALL without a quota.
const (
	QuotaCall     QuotaUnit = "CALL"
	QuotaMegabyte QuotaUnit = "MEGABYTE"
)

// Values lists the stored forms.
func (QuotaUnit) Values() []string { return []string{"CALL", "MEGABYTE"} }

// CredentialStatus is the life of an access credential (访问凭证).
type CredentialStatus string

// ACTIVE → REVOKED.
const (
	CredentialActive  CredentialStatus = "ACTIVE"
	CredentialRevoked CredentialStatus = "REVOKED"
)

// Values lists the stored forms.
func (CredentialStatus) Values() []string { return []string{"ACTIVE", "REVOKED"} }

// UsageKind is how a product was used.
type UsageKind string

// ROWS is one page of rows; FILE is one download; REPORTED is what the operator served elsewhere, at a counter; REVERSAL
// takes another use back.
const (
	UsageRows     UsageKind = "ROWS"
	UsageFile     UsageKind = "FILE"
	UsageReported UsageKind = "REPORTED"
	UsageReversal UsageKind = "REVERSAL"
)

// Values lists the stored forms.
func (UsageKind) Values() []string { return []string{"ROWS", "FILE", "REPORTED", "REVERSAL"} }
