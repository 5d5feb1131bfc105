package view

import (
	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/fault"
)

// What mutations answer with: the object read afresh, or why nothing was done.
type (
	AgreementPayload struct {
		Agreement *db.Agreement
		Errors    []*fault.Error
	}
	CredentialPayload struct {
		Credential *db.Credential
		Errors     []*fault.Error
	}
	DomainPayload struct {
		Domain *db.Domain
		Errors []*fault.Error
	}
	EntitlementPayload struct {
		Entitlement *db.Entitlement
		Errors      []*fault.Error
	}
	GrantPayload struct {
		Grant  *db.Grant
		Errors []*fault.Error
	}
	OrderPayload struct {
		Order  *db.Order
		Errors []*fault.Error
	}
	OrganisationPayload struct {
		Organisation *db.Organisation
		Errors       []*fault.Error
	}
	PlanPayload struct {
		Plan   *db.Plan
		Errors []*fault.Error
	}
	ProceedingPayload struct {
		Proceeding *db.Proceeding
		Errors     []*fault.Error
	}
	ProductPayload struct {
		Product *db.Product
		Errors  []*fault.Error
	}
	ResourcePayload struct {
		Resource *db.Resource
		Errors   []*fault.Error
	}
	// CredentialIssuePayload shows the secret once.
	CredentialIssuePayload struct {
		Credential *db.Credential
		Secret     *string
		Errors     []*fault.Error
	}
	SignInPayload struct {
		Viewer *access.Viewer
		Errors []*fault.Error
	}
)
