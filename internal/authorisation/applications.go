package authorisation

import (
	"gongshu/internal/purpose"
)

// Application is what an applicant states when a proceeding is opened; which members are filled depends on its kind.
type Application struct {
	// Purpose and Scenario of free use (P65 §1): what the data will be used for, in the applicant's words.
	Purpose  purpose.Purpose `json:"purpose,omitempty"`
	Scenario string          `json:"scenario,omitempty"`
	// LicenceVersion is the version of the licence, with its purpose clause, that the applicant accepted.
	LicenceVersion string `json:"licenceVersion,omitempty"`
	// Note is anything else the applicant wants the deciders to read.
	Note string `json:"note,omitempty"`
}

// SocialInput is declared social data that a product joins to public data (CITY 5.3).
type SocialInput struct {
	Name string `json:"name"`
	// Provenance says where the data comes from and by what right it is used.
	Provenance string `json:"provenance"`
	// ContributorID is the organisation that brings it: the operator itself or a 数商.
	ContributorID string `json:"contributorId"`
}
