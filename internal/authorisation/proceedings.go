package authorisation

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongshu/internal/fault"
)

// procedures lists, for every kind, the steps that must approve; their order is that of the review desk,
// decisions come in any order.
var procedures = map[ProceedingKind][]Step{
	ProceedingVerification:     {StepPlatform},
	ProceedingResourceApproval: {StepIndustry},                 // CITY: the industry approves its resources
	ProceedingGrant:            {StepAgency, StepIndustry},     // CITY: agency and industry both approve, each with its reason
	ProceedingProductReview:    {StepSecurity, StepCompliance}, // A27 art. 14
	ProceedingFreeUse:          {StepAgency},                   // P65 §1, CITY 11.2
	ProceedingCostSurvey:       {StepPrice, StepAgency},        // P65: the price authority approves, with the data department
	ProceedingAllocation:       {StepAgency},                   // CITY 11.3
	ProceedingRefund:           {StepOperator},
	ProceedingPayout:           {StepPlatform},
	ProceedingReceipt:          {StepPlatform},
	ProceedingTransfer:         {StepPlatform},
}

// Requirement is one approval that a proceeding needs.
type Requirement struct {
	Step Step `json:"step"`
	// OrganisationID is the one organisation that must approve at the step; uuid.Nil: any that has the capacity.
	OrganisationID uuid.UUID `json:"organisationId"`
}

// Decision is what one person decides at one step, as one organisation (决定).
type Decision struct {
	Step           Step
	OrganisationID uuid.UUID
	PersonID       uuid.UUID
	Outcome        Outcome
	Reason         string
	// At is the moment of the decision; Decide sets it.
	At time.Time
}

// Proceeding is a statutory procedure on its way (办理事项).
type Proceeding struct {
	Kind  ProceedingKind
	State ProceedingState
	// SubmittedBy is the person who submitted it for the applicant.
	SubmittedBy  uuid.UUID
	SubmittedAt  time.Time
	Requirements []Requirement
	Decisions    []Decision
	// DueOn is the last day for deciding: nil when policy sets none, and while its year's working days are not known.
	DueOn *Day
}

// PolicyDays is the time for deciding each kind of proceeding, in working days; a kind without an entry has no deadline.
type PolicyDays map[ProceedingKind]int

// Open starts a proceeding, submitted now by a person. authorities are the industry authorities of what it is about:
// each of them approves on its own, so that a kind with the step INDUSTRY is refused with AUTHORITY_MISSING without any. At the
// step OPERATOR they are the operator that sold.
// With calendarMissing the deadline stays open: the act goes on and the agency is told CALENDAR_MISSING.
func Open(kind ProceedingKind, submittedBy uuid.UUID, authorities []uuid.UUID, calendar Calendar, days PolicyDays, now time.Time) (p Proceeding, calendarMissing bool, err error) {
	requirements, err := requirementsOf(kind, authorities)
	if err != nil {
		return Proceeding{}, false, err
	}
	p = Proceeding{Kind: kind, State: StateSubmitted, SubmittedBy: submittedBy, SubmittedAt: now, Requirements: requirements}
	if n, set := days[kind]; set {
		p.DueOn, calendarMissing = calendar.Deadline(DayOf(now), n)
	}
	return p, calendarMissing, nil
}

func requirementsOf(kind ProceedingKind, authorities []uuid.UUID) ([]Requirement, error) {
	steps, known := procedures[kind]
	if !known {
		return nil, fault.New(fault.Invalid, "PROCEEDING_KIND_UNKNOWN", "There is no such procedure.")
	}
	var requirements []Requirement
	for _, step := range steps {
		if step != StepIndustry && step != StepOperator {
			requirements = append(requirements, Requirement{Step: step})
			continue
		}
		if len(authorities) == 0 || slices.Contains(authorities, uuid.Nil) {
			return nil, fault.New(fault.Conflict, "AUTHORITY_MISSING", "No authority is known that could decide on this.")
		}
		for _, authority := range authorities {
			requirement := Requirement{step, authority}
			if !slices.Contains(requirements, requirement) {
				requirements = append(requirements, requirement)
			}
		}
	}
	return requirements, nil
}

// Ended reports whether nothing more can be decided.
func (p Proceeding) Ended() bool { return p.State != StateSubmitted && p.State != StateHalfApproved }

// Overdue reports whether the proceeding is still undecided after its last day. A late decision is a decision all the same.
func (p Proceeding) Overdue(today Day) bool {
	return !p.Ended() && p.DueOn != nil && today.After(*p.DueOn)
}

// Undecided returns the requirements that no decision has met yet, in the order of the requirements; none once it has ended.
func (p Proceeding) Undecided() []Requirement {
	if p.Ended() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Requirements), p.met)
}

func (p Proceeding) met(r Requirement) bool { return slices.ContainsFunc(p.Decisions, r.metBy) }

func (r Requirement) metBy(d Decision) bool {
	return d.Step == r.Step && (r.OrganisationID == uuid.Nil || d.OrganisationID == r.OrganisationID)
}

// MaxReason is the greatest length of a decision's reason, in characters.
const MaxReason = 2000

// Decide adds a decision and returns the proceeding as it then stands; the one given is unchanged.
//
// A refusal at any step ends it REFUSED. The last approval that is required ends it APPROVED, an earlier one leaves it
// HALF_APPROVED. Refused with REASON_MISSING or REASON_TOO_LONG (each decision carries its reason), OUTCOME_UNKNOWN,
// PROCEEDING_ENDED, STEP_NOT_REQUIRED when the step or the organisation has no part in it, STEP_DECIDED when it was
// decided before, and SAME_PERSON when the person submitted it or has decided another step of it.
func Decide(p Proceeding, d Decision, now time.Time) (Proceeding, error) {
	if err := checkDecision(d).OrNil(); err != nil {
		return Proceeding{}, err
	}
	if p.Ended() {
		return Proceeding{}, proceedingEnded(p)
	}
	at := slices.IndexFunc(p.Requirements, func(r Requirement) bool { return r.metBy(d) })
	if at < 0 {
		return Proceeding{}, fault.New(fault.Conflict, "STEP_NOT_REQUIRED",
			"This organisation has nothing to decide at the step %s.", d.Step).With("step", string(d.Step))
	}
	if p.met(p.Requirements[at]) {
		return Proceeding{}, fault.New(fault.Conflict, "STEP_DECIDED",
			"The step %s is decided already.", d.Step).With("step", string(d.Step))
	}
	decidedBefore := slices.ContainsFunc(p.Decisions, func(other Decision) bool { return other.PersonID == d.PersonID })
	if d.PersonID == p.SubmittedBy || decidedBefore {
		return Proceeding{}, samePerson()
	}
	d.Reason, d.At = strings.TrimSpace(d.Reason), now
	p.Decisions = append(slices.Clone(p.Decisions), d)
	p.State = stateAfter(p, d.Outcome)
	return p, nil
}

func stateAfter(p Proceeding, outcome Outcome) ProceedingState {
	switch {
	case outcome == OutcomeRefuse:
		return StateRefused
	case len(p.Undecided()) == 0:
		return StateApproved
	}
	return StateHalfApproved
}

func checkDecision(d Decision) fault.List {
	var wrong fault.List
	if !known(d.Outcome) {
		wrong = append(wrong, fault.New(fault.Invalid, "OUTCOME_UNKNOWN", "A decision approves or refuses.").At("input.outcome"))
	}
	return append(wrong, CheckReason(d.Reason)...)
}

// CheckReason refuses with REASON_MISSING or REASON_TOO_LONG the reason of an act that has to state one.
func CheckReason(reason string) fault.List {
	if strings.TrimSpace(reason) == "" {
		return fault.List{fault.New(fault.Invalid, "REASON_MISSING", "A decision states its reason.").At("input.reason")}
	}
	if utf8.RuneCountInString(reason) > MaxReason {
		return fault.List{fault.New(fault.Invalid, "REASON_TOO_LONG",
			"A reason has at most %d characters.", MaxReason).At("input.reason").With("max", MaxReason)}
	}
	return nil
}

// Withdraw ends a proceeding at its applicant's wish; PROCEEDING_ENDED when it has ended already.
func Withdraw(p Proceeding) (Proceeding, error) {
	if p.Ended() {
		return Proceeding{}, proceedingEnded(p)
	}
	p.State = StateWithdrawn
	return p, nil
}

func proceedingEnded(p Proceeding) *fault.Error {
	return fault.New(fault.Conflict, "PROCEEDING_ENDED", "This proceeding has ended: it is %s.", p.State).With("state", string(p.State))
}
