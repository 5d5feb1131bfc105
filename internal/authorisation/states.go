package authorisation

// ResourceStatus is the life of a public data resource.
type ResourceStatus string

// DRAFT → REGISTERED → APPROVED (industry authority) → PUBLISHED (batch) → SUSPENDED | WITHDRAWN.
const (
	ResourceDraft      ResourceStatus = "DRAFT"
	ResourceRegistered ResourceStatus = "REGISTERED"
	ResourceApproved   ResourceStatus = "APPROVED"
	ResourcePublished  ResourceStatus = "PUBLISHED"
	ResourceSuspended  ResourceStatus = "SUSPENDED"
	ResourceWithdrawn  ResourceStatus = "WITHDRAWN"
)

// Values lists the stored forms.
func (ResourceStatus) Values() []string {
	return []string{"DRAFT", "REGISTERED", "APPROVED", "PUBLISHED", "SUSPENDED", "WITHDRAWN"}
}

// AgreementStatus is the life of an operator under its operation agreement (授权运营协议).
type AgreementStatus string

// ANNOUNCED → APPLIED → SELECTED → PUBLICISED → FILED → SIGNED → OPERATING → RECTIFYING → OPERATING | TERMINATED | EXITED | EXPIRED.
const (
	AgreementAnnounced  AgreementStatus = "ANNOUNCED"
	AgreementApplied    AgreementStatus = "APPLIED"
	AgreementSelected   AgreementStatus = "SELECTED"
	AgreementPublicised AgreementStatus = "PUBLICISED"
	AgreementFiled      AgreementStatus = "FILED"
	AgreementSigned     AgreementStatus = "SIGNED"
	AgreementOperating  AgreementStatus = "OPERATING"
	AgreementRectifying AgreementStatus = "RECTIFYING"
	AgreementTerminated AgreementStatus = "TERMINATED"
	AgreementExited     AgreementStatus = "EXITED"
	AgreementExpired    AgreementStatus = "EXPIRED"
)

// Values lists the stored forms.
func (AgreementStatus) Values() []string {
	return []string{"ANNOUNCED", "APPLIED", "SELECTED", "PUBLICISED", "FILED", "SIGNED", "OPERATING", "RECTIFYING", "TERMINATED", "EXITED", "EXPIRED"}
}

// AgreementMode is how much one operator is entrusted with.
type AgreementMode string

// The modes of CITY; WHOLE is the default.
const (
	ModeWhole    AgreementMode = "WHOLE"
	ModeDomain   AgreementMode = "DOMAIN"
	ModeScenario AgreementMode = "SCENARIO"
)

// Values lists the stored forms.
func (AgreementMode) Values() []string { return []string{"WHOLE", "DOMAIN", "SCENARIO"} }

// GrantStatus is the life of a grant of data items to an operator.
type GrantStatus string

// APPLIED → ACTIVE | REFUSED; ACTIVE → EXPIRED | REVOKED.
const (
	GrantApplied GrantStatus = "APPLIED"
	GrantActive  GrantStatus = "ACTIVE"
	GrantRefused GrantStatus = "REFUSED"
	GrantExpired GrantStatus = "EXPIRED"
	GrantRevoked GrantStatus = "REVOKED"
)

// Values lists the stored forms.
func (GrantStatus) Values() []string {
	return []string{"APPLIED", "ACTIVE", "REFUSED", "EXPIRED", "REVOKED"}
}

// ProductStatus is the life of a data product.
type ProductStatus string

// DRAFT → SUBMITTED → REVIEWED (security and compliance) → REGISTERED → LISTED → SUSPENDED → RETIRED.
const (
	ProductDraft      ProductStatus = "DRAFT"
	ProductSubmitted  ProductStatus = "SUBMITTED"
	ProductReviewed   ProductStatus = "REVIEWED"
	ProductRegistered ProductStatus = "REGISTERED"
	ProductListed     ProductStatus = "LISTED"
	ProductSuspended  ProductStatus = "SUSPENDED"
	ProductRetired    ProductStatus = "RETIRED"
)

// Values lists the stored forms.
func (ProductStatus) Values() []string {
	return []string{"DRAFT", "SUBMITTED", "REVIEWED", "REGISTERED", "LISTED", "SUSPENDED", "RETIRED"}
}

// Grade is the protection grade of a data item (GB/T 43697).
type Grade string

// The grades, highest first. CORE data is never granted.
const (
	GradeCore      Grade = "CORE"
	GradeImportant Grade = "IMPORTANT"
	GradeGeneral   Grade = "GENERAL"
)

// Values lists the stored forms.
func (Grade) Values() []string { return []string{"CORE", "IMPORTANT", "GENERAL"} }

// Linkage says how closely an item is linked to a person (CITY 9.2).
type Linkage string

// HIGH leaves only masked and anonymised and encrypted; LINKED only anonymised or with consent.
const (
	LinkageNone   Linkage = "NONE"
	LinkageLinked Linkage = "LINKED"
	LinkageHigh   Linkage = "HIGH"
)

// Values lists the stored forms.
func (Linkage) Values() []string { return []string{"NONE", "LINKED", "HIGH"} }

// Sensitivity is how an item or column is to be handled.
type Sensitivity string

// The sensitivities, least first.
const (
	SensitivityPublic    Sensitivity = "PUBLIC"
	SensitivityInternal  Sensitivity = "INTERNAL"
	SensitivitySensitive Sensitivity = "SENSITIVE"
)

// Values lists the stored forms.
func (Sensitivity) Values() []string { return []string{"PUBLIC", "INTERNAL", "SENSITIVE"} }

// Protection is a measure taken on an item before it is granted or used.
type Protection string

// The protections that CITY 9.2 and S18 name.
const (
	ProtectionMasked     Protection = "MASKED"     // 脱敏
	ProtectionAnonymised Protection = "ANONYMISED" // 匿名化
	ProtectionEncrypted  Protection = "ENCRYPTED"  // 加密且限定范围
	ProtectionConsent    Protection = "CONSENT"    // 个人同意
)

// Values lists the stored forms.
func (Protection) Values() []string {
	return []string{"MASKED", "ANONYMISED", "ENCRYPTED", "CONSENT"}
}

// UpdateFrequency is the update-frequency code table of NDI-TR-2025-06.
type UpdateFrequency string

// The codes 001 to 009; the text 定期 has none of them.
const (
	RealTime   UpdateFrequency = "REAL_TIME"
	Daily      UpdateFrequency = "DAILY"
	Weekly     UpdateFrequency = "WEEKLY"
	Monthly    UpdateFrequency = "MONTHLY"
	Quarterly  UpdateFrequency = "QUARTERLY"
	SemiAnnual UpdateFrequency = "SEMI_ANNUAL"
	Annual     UpdateFrequency = "ANNUAL"
	Irregular  UpdateFrequency = "IRREGULAR"
	Historical UpdateFrequency = "HISTORICAL"
)

// Values lists the stored forms.
func (UpdateFrequency) Values() []string {
	return []string{"REAL_TIME", "DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "SEMI_ANNUAL", "ANNUAL", "IRREGULAR", "HISTORICAL"}
}

// ProvisionMethod is how a source unit provides a resource.
type ProvisionMethod string

// 接口, 库表, 文件.
const (
	ProvisionAPI   ProvisionMethod = "API"
	ProvisionTable ProvisionMethod = "TABLE"
	ProvisionFile  ProvisionMethod = "FILE"
)

// Values lists the stored forms.
func (ProvisionMethod) Values() []string { return []string{"API", "TABLE", "FILE"} }

// Delivery is how a product reaches those entitled to it.
type Delivery string

// API products are called row page by row page; FILE products are downloaded.
const (
	DeliveryAPI  Delivery = "API"
	DeliveryFile Delivery = "FILE"
)

// Values lists the stored forms.
func (Delivery) Values() []string { return []string{"API", "FILE"} }

// ProceedingKind is a statutory procedure.
type ProceedingKind string

// The procedures handled so far; a new one is a new table of moves, not new machinery.
const (
	ProceedingVerification     ProceedingKind = "ORGANISATION_VERIFICATION"
	ProceedingResourceApproval ProceedingKind = "RESOURCE_APPROVAL"
	ProceedingGrant            ProceedingKind = "GRANT_APPLICATION"
	ProceedingProductReview    ProceedingKind = "PRODUCT_REVIEW"
	ProceedingFreeUse          ProceedingKind = "FREE_USE_APPLICATION"
	ProceedingCostSurvey       ProceedingKind = "COST_SURVEY"
	ProceedingAllocation       ProceedingKind = "ALLOCATION_RULE"
	ProceedingRefund           ProceedingKind = "REFUND"
	ProceedingPayout           ProceedingKind = "PAYOUT_BATCH"
	ProceedingReceipt          ProceedingKind = "RECEIPT"
	ProceedingTransfer         ProceedingKind = "TRANSFER"
)

// Values lists the stored forms.
func (ProceedingKind) Values() []string {
	return []string{
		"ORGANISATION_VERIFICATION", "RESOURCE_APPROVAL", "GRANT_APPLICATION", "PRODUCT_REVIEW", "FREE_USE_APPLICATION",
		"COST_SURVEY", "ALLOCATION_RULE", "REFUND", "PAYOUT_BATCH", "RECEIPT", "TRANSFER",
	}
}

// ProceedingState is where a proceeding stands.
type ProceedingState string

// The states that kinds draw from. A kind with two deciders passes through HALF_APPROVED in either order.
const (
	StateSubmitted    ProceedingState = "SUBMITTED"
	StateHalfApproved ProceedingState = "HALF_APPROVED"
	StateApproved     ProceedingState = "APPROVED"
	StateRefused      ProceedingState = "REFUSED"
	StateWithdrawn    ProceedingState = "WITHDRAWN"
)

// Values lists the stored forms.
func (ProceedingState) Values() []string {
	return []string{"SUBMITTED", "HALF_APPROVED", "APPROVED", "REFUSED", "WITHDRAWN"}
}

// Outcome is what a decision says.
type Outcome string

// A decision approves or refuses, always with its reason.
const (
	OutcomeApprove Outcome = "APPROVE"
	OutcomeRefuse  Outcome = "REFUSE"
)

// Values lists the stored forms.
func (Outcome) Values() []string { return []string{"APPROVE", "REFUSE"} }

// Step is the part of a proceeding that a decision settles: the capacity in which it is made.
type Step string

// The steps of the kinds above.
const (
	StepPlatform   Step = "PLATFORM"   // platform verifies an organisation
	StepIndustry   Step = "INDUSTRY"   // industry authority approves a resource or a grant
	StepAgency     Step = "AGENCY"     // implementing agency decides
	StepSecurity   Step = "SECURITY"   // security review of a product
	StepCompliance Step = "COMPLIANCE" // compliance review of a product
	StepPrice      Step = "PRICE"      // price authority approves a permitted revenue
	StepOperator   Step = "OPERATOR"   // operator approves a refund of what it sold
)

// Values lists the stored forms.
func (Step) Values() []string {
	return []string{"PLATFORM", "INDUSTRY", "AGENCY", "SECURITY", "COMPLIANCE", "PRICE", "OPERATOR"}
}
