package ordering

import (
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// FreeUse is an application to use a product free of charge (免费使用申请).
type FreeUse struct {
	Purpose purpose.Purpose
	// Scenario is what the applicant will do with the product.
	Scenario string
	// Evidence are the documents that show it.
	Evidence []uuid.UUID
}

// The bounds of an application; lengths in characters, blanks around the text not counted.
const (
	MinScenario = 10
	MaxScenario = 2000
	MaxEvidence = 20
)

// CheckFreeUse returns everything that is wrong with an application, in the order of the input: PURPOSE_UNKNOWN, or
// PURPOSE_NOT_FREE for a purpose that pays (P65 §1); SCENARIO_LENGTH (params min, max); EVIDENCE_MISSING without any
// document, EVIDENCE_TOO_MUCH (param max), EVIDENCE_INVALID for one without an id (CITY 11.2).
func CheckFreeUse(application FreeUse) error {
	var wrong fault.List
	switch p := application.Purpose; {
	case !p.Known():
		wrong = append(wrong, purposeUnknown("input.purpose"))
	case !p.Free():
		wrong = append(wrong, purposeNotFree(p))
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(application.Scenario)); n < MinScenario || n > MaxScenario {
		wrong = append(wrong, fault.New(fault.Invalid, "SCENARIO_LENGTH",
			"The scenario is described in %d to %d characters.", MinScenario, MaxScenario).
			At("input.scenario").With("min", MinScenario).With("max", MaxScenario))
	}
	if refused := checkEvidence(application.Evidence); refused != nil {
		wrong = append(wrong, refused)
	}
	return wrong.OrNil()
}

func checkEvidence(evidence []uuid.UUID) *fault.Error {
	if len(evidence) == 0 {
		return fault.New(fault.Invalid, "EVIDENCE_MISSING", "At least one document shows what the product is used for.").At("input.evidence")
	}
	if len(evidence) > MaxEvidence {
		return fault.New(fault.Invalid, "EVIDENCE_TOO_MUCH", "An application has at most %d documents.", MaxEvidence).
			At("input.evidence").With("max", MaxEvidence)
	}
	for _, document := range evidence {
		if document == uuid.Nil {
			return fault.New(fault.Invalid, "EVIDENCE_INVALID", "A document without content shows nothing.").At("input.evidence")
		}
	}
	return nil
}

func purposeUnknown(field string) *fault.Error {
	return fault.New(fault.Invalid, "PURPOSE_UNKNOWN", "There is no such purpose.").At(field)
}

func purposeNotFree(p purpose.Purpose) *fault.Error {
	return fault.New(fault.Invalid, "PURPOSE_NOT_FREE", "Use for this purpose pays the operation service fee.").
		At("input.purpose").With("purpose", string(p))
}
