package authorisation

// ProductAction is something that is done about a product.
type ProductAction string

// The actions about a product.
const (
	ReviseProduct      ProductAction = "REVISE"
	UploadDataset      ProductAction = "UPLOAD_DATASET"
	AddPlan            ProductAction = "ADD_PLAN"
	WithdrawPlan       ProductAction = "WITHDRAW_PLAN"
	AgreeAllocation    ProductAction = "AGREE_ALLOCATION"
	SubmitProduct      ProductAction = "SUBMIT"
	SetCap             ProductAction = "SET_CAP"
	RecordRegistration ProductAction = "RECORD_REGISTRATION"
	ListProduct        ProductAction = "LIST"
	SuspendProduct     ProductAction = "SUSPEND"
	RetireProduct      ProductAction = "RETIRE"
)

// Values lists the actions, in the order in which a product is made, sold and taken off.
func (ProductAction) Values() []string {
	return []string{"REVISE", "UPLOAD_DATASET", "ADD_PLAN", "WITHDRAW_PLAN", "AGREE_ALLOCATION", "SUBMIT", "SET_CAP", "RECORD_REGISTRATION", "LIST", "SUSPEND", "RETIRE"}
}

// ResourceAction is something that is done about a resource.
type ResourceAction string

// The actions about a resource.
const (
	ClassifyResource ResourceAction = "CLASSIFY"
	StateFrequency   ResourceAction = "STATE_FREQUENCY"
	RegisterResource ResourceAction = "REGISTER"
	PublishResource  ResourceAction = "PUBLISH"
	SuspendResource  ResourceAction = "SUSPEND"
	ResumeResource   ResourceAction = "RESUME"
)

// Values lists the actions, in the order of a resource's life.
func (ResourceAction) Values() []string {
	return []string{"CLASSIFY", "STATE_FREQUENCY", "REGISTER", "PUBLISH", "SUSPEND", "RESUME"}
}

// AgreementAction is something that is done about an operation agreement.
type AgreementAction string

// The actions about an agreement.
const (
	SignAgreement      AgreementAction = "SIGN"
	RectifyAgreement   AgreementAction = "RECTIFY"
	RestoreAgreement   AgreementAction = "RESTORE"
	TerminateAgreement AgreementAction = "TERMINATE"
)

// Values lists the actions, in the order of an agreement's life.
func (AgreementAction) Values() []string { return []string{"SIGN", "RECTIFY", "RESTORE", "TERMINATE"} }
