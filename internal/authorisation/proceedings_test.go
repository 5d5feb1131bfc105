package authorisation

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

var (
	monday    = on("2026-01-05").Start().Add(9 * time.Hour)
	applicant = id(1)
	health    = id(101) // an industry authority
	transport = id(102) // another
	agency    = id(103)
)

func opened(t *testing.T, kind ProceedingKind, authorities ...uuid.UUID) Proceeding {
	t.Helper()
	p, missing, err := Open(kind, applicant, authorities, loaded(t), PolicyDays{kind: 5}, monday)
	if err != nil || missing {
		t.Fatalf("open %s: missing %v, %v", kind, missing, err)
	}
	return p
}

// says makes a decision with a reason.
func says(person byte, step Step, organisation uuid.UUID, outcome Outcome) Decision {
	return Decision{Step: step, OrganisationID: organisation, PersonID: id(person), Outcome: outcome, Reason: " 材料齐全 "}
}

func TestOpen(t *testing.T) {
	anybody := func(steps ...Step) []Requirement {
		var all []Requirement
		for _, step := range steps {
			all = append(all, Requirement{Step: step})
		}
		return all
	}
	for _, row := range []struct {
		sentence    string
		kind        ProceedingKind
		authorities []uuid.UUID
		code        string
		want        []Requirement
	}{
		{"the platform verifies an organisation", ProceedingVerification, nil, "", anybody(StepPlatform)},
		{"its industry authority approves a resource", ProceedingResourceApproval, []uuid.UUID{health}, "", []Requirement{{StepIndustry, health}}},
		{"agency and authority approve a grant", ProceedingGrant, []uuid.UUID{health}, "", []Requirement{{Step: StepAgency}, {StepIndustry, health}}},
		{"each authority approves once", ProceedingGrant, []uuid.UUID{health, transport, health}, "", []Requirement{{Step: StepAgency}, {StepIndustry, health}, {StepIndustry, transport}}},
		{"a product is reviewed twice", ProceedingProductReview, nil, "", anybody(StepSecurity, StepCompliance)},
		{"the agency approves free use", ProceedingFreeUse, []uuid.UUID{health}, "", anybody(StepAgency)},
		{"a grant without an authority cannot be decided", ProceedingGrant, nil, "AUTHORITY_MISSING", nil},
		{"nor a resource whose authority is not known", ProceedingResourceApproval, []uuid.UUID{uuid.Nil}, "AUTHORITY_MISSING", nil},
		{"an unknown procedure is refused", "DANCE", nil, "PROCEEDING_KIND_UNKNOWN", nil},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p, _, err := Open(row.kind, applicant, row.authorities, loaded(t), PolicyDays{row.kind: 5}, monday)
			refusedWith(t, err, row.code)
			if !slices.Equal(p.Requirements, row.want) {
				t.Errorf("requires %v, want %v", p.Requirements, row.want)
			}
			if err == nil && (p.State != StateSubmitted || *p.DueOn != on("2026-01-12") || p.SubmittedBy != applicant || !p.SubmittedAt.Equal(monday)) {
				t.Errorf("opened as %+v", p)
			}
		})
	}
}

func TestDeadlineOfAProceeding(t *testing.T) {
	p := opened(t, ProceedingFreeUse)
	for day, overdue := range map[string]bool{"2026-01-12": false, "2026-01-13": true} {
		if p.Overdue(on(day)) != overdue {
			t.Errorf("on %s overdue is not %v", day, overdue)
		}
	}
	late, err := Decide(p, says(2, StepAgency, agency, OutcomeApprove), on("2026-02-02").Start())
	if err != nil || late.State != StateApproved || late.Overdue(on("2026-02-03")) {
		t.Errorf("a late decision gives %+v, %v", late, err)
	}
	p, missing, err := Open(ProceedingFreeUse, applicant, nil, loaded(t), PolicyDays{ProceedingFreeUse: 5}, on("2026-12-30").Start())
	if err != nil || !missing || p.DueOn != nil || p.State != StateSubmitted || p.Overdue(on("2027-12-30")) {
		t.Errorf("without next year's list it is %+v, missing %v, %v", p, missing, err)
	}
	p, missing, err = Open(ProceedingFreeUse, applicant, nil, loaded(t), nil, monday)
	if err != nil || missing || p.DueOn != nil {
		t.Errorf("without a policy it is %+v, missing %v, %v", p, missing, err)
	}
}

func TestDecide(t *testing.T) {
	yes, no := OutcomeApprove, OutcomeRefuse
	without := func(d Decision, change func(*Decision)) Decision { change(&d); return d }
	first := says(2, StepAgency, agency, yes)
	for _, row := range []struct {
		sentence    string
		kind        ProceedingKind
		authorities []uuid.UUID
		decisions   []Decision
		code        string // of the last decision; those before are made
		state       ProceedingState
	}{
		{"one approval ends a proceeding with one step", ProceedingVerification, nil, []Decision{says(2, StepPlatform, id(9), yes)}, "", StateApproved},
		{"a refusal ends it too", ProceedingVerification, nil, []Decision{says(2, StepPlatform, id(9), no)}, "", StateRefused},
		{"the first of two leaves it half approved", ProceedingGrant, []uuid.UUID{health}, []Decision{first}, "", StateHalfApproved},
		{"the second approves it", ProceedingGrant, []uuid.UUID{health}, []Decision{first, says(3, StepIndustry, health, yes)}, "", StateApproved},
		{"the other order does as well", ProceedingGrant, []uuid.UUID{health}, []Decision{says(3, StepIndustry, health, yes), first}, "", StateApproved},
		{"a refusal after an approval refuses it", ProceedingGrant, []uuid.UUID{health}, []Decision{first, says(3, StepIndustry, health, no)}, "", StateRefused},
		{"with two authorities two of three leave it half approved", ProceedingGrant, []uuid.UUID{health, transport}, []Decision{first, says(3, StepIndustry, health, yes)}, "", StateHalfApproved},
		{"all three approve it", ProceedingGrant, []uuid.UUID{health, transport}, []Decision{says(4, StepIndustry, transport, yes), first, says(3, StepIndustry, health, yes)}, "", StateApproved},
		{"one authority does not decide twice", ProceedingGrant, []uuid.UUID{health, transport}, []Decision{says(3, StepIndustry, health, yes), says(4, StepIndustry, health, yes)}, "STEP_DECIDED", ""},
		{"nor does the agency", ProceedingGrant, []uuid.UUID{health}, []Decision{first, says(4, StepAgency, agency, no)}, "STEP_DECIDED", ""},
		{"an authority without a part in it decides nothing", ProceedingGrant, []uuid.UUID{health}, []Decision{says(3, StepIndustry, transport, yes)}, "STEP_NOT_REQUIRED", ""},
		{"a step of another procedure decides nothing", ProceedingFreeUse, nil, []Decision{says(3, StepSecurity, agency, yes)}, "STEP_NOT_REQUIRED", ""},
		{"after the end nothing is decided", ProceedingGrant, []uuid.UUID{health}, []Decision{says(2, StepAgency, agency, no), says(3, StepIndustry, health, yes)}, "PROCEEDING_ENDED", ""},
		{"security and compliance are two persons", ProceedingProductReview, nil, []Decision{says(2, StepSecurity, agency, yes), says(2, StepCompliance, agency, yes)}, "SAME_PERSON", ""},
		{"two persons of one body may review", ProceedingProductReview, nil, []Decision{says(2, StepSecurity, agency, yes), says(3, StepCompliance, agency, yes)}, "", StateApproved},
		{"nobody approves what they submitted", ProceedingResourceApproval, []uuid.UUID{health}, []Decision{says(1, StepIndustry, health, yes)}, "SAME_PERSON", ""},
		{"nor refuses it", ProceedingResourceApproval, []uuid.UUID{health}, []Decision{says(1, StepIndustry, health, no)}, "SAME_PERSON", ""},
		{"an approval states its reason", ProceedingFreeUse, nil, []Decision{without(first, func(d *Decision) { d.Reason = "  " })}, "REASON_MISSING", ""},
		{"a refusal states its reason", ProceedingFreeUse, nil, []Decision{without(first, func(d *Decision) { d.Reason, d.Outcome = "", no })}, "REASON_MISSING", ""},
		{"a reason has an end", ProceedingFreeUse, nil, []Decision{without(first, func(d *Decision) { d.Reason = strings.Repeat("理", 2001) })}, "REASON_TOO_LONG", ""},
		{"a decision approves or refuses", ProceedingFreeUse, nil, []Decision{without(first, func(d *Decision) { d.Outcome = "MAYBE" })}, "OUTCOME_UNKNOWN", ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p := opened(t, row.kind, row.authorities...)
			last := len(row.decisions) - 1
			for _, d := range row.decisions[:last] {
				var err error
				if p, err = Decide(p, d, monday); err != nil {
					t.Fatal(err)
				}
			}
			before := p
			after, err := Decide(p, row.decisions[last], monday)
			refusedWith(t, err, row.code)
			if after.State != row.state {
				t.Errorf("state %s, want %s", after.State, row.state)
			}
			if !reflect.DeepEqual(p, before) {
				t.Error("the proceeding given has changed")
			}
			if err == nil {
				if d := after.Decisions[last]; d.Reason != "材料齐全" || !d.At.Equal(monday) {
					t.Errorf("recorded as %+v", d)
				}
			}
		})
	}
}

func TestWithdraw(t *testing.T) {
	p := opened(t, ProceedingGrant, health)
	half, err := Decide(p, says(2, StepAgency, agency, OutcomeApprove), monday)
	if err != nil {
		t.Fatal(err)
	}
	for _, open := range []Proceeding{p, half} {
		ended, err := Withdraw(open)
		if err != nil || ended.State != StateWithdrawn || len(ended.Undecided()) != 0 {
			t.Errorf("%s is withdrawn to %s, %v", open.State, ended.State, err)
		}
		_, err = Withdraw(ended)
		refusedWith(t, err, "PROCEEDING_ENDED")
	}
	if open := half.Undecided(); !slices.Equal(open, []Requirement{{StepIndustry, health}}) {
		t.Errorf("after the agency %v is open", open)
	}
}

// Whatever is tried, every change of state is in the table, a proceeding is approved exactly when every requirement was
// approved by a person of its own, and refused exactly when one was refused.
func TestProceedingsStayInTheirTable(t *testing.T) {
	calendar := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		kind := ProceedingKind(rapid.SampledFrom(ProceedingKind("").Values()).Draw(t, "kind"))
		authorities := []uuid.UUID{health, transport}[:rapid.IntRange(1, 2).Draw(t, "authorities")]
		if kind == ProceedingResourceApproval || kind == ProceedingRefund { // a resource has one authority, a sale one operator
			authorities = authorities[:1]
		}
		p, _, err := Open(kind, applicant, authorities, calendar, nil, monday)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 12).Draw(t, "attempts") {
			d := says(
				rapid.ByteRange(1, 5).Draw(t, "person"),
				Step(rapid.SampledFrom(Step("").Values()).Draw(t, "step")),
				rapid.SampledFrom([]uuid.UUID{health, transport, agency}).Draw(t, "organisation"),
				rapid.SampledFrom([]Outcome{OutcomeApprove, OutcomeApprove, OutcomeRefuse}).Draw(t, "outcome"))
			next, err := Decide(p, d, monday)
			if err != nil {
				continue
			}
			if next.State != p.State && !kind.CanBecome(p.State, next.State) {
				t.Fatalf("%s moves from %s to %s", kind, p.State, next.State)
			}
			p = next
		}
		persons, approvals, refusals := map[uuid.UUID]bool{applicant: true}, 0, 0
		for _, d := range p.Decisions {
			if persons[d.PersonID] {
				t.Fatalf("%s decides twice or on its own", d.PersonID)
			}
			persons[d.PersonID] = true
			if d.Outcome == OutcomeApprove {
				approvals++
			} else {
				refusals++
			}
		}
		if (p.State == StateApproved) != (approvals == len(p.Requirements)) || (p.State == StateRefused) != (refusals == 1) {
			t.Fatalf("%s with %d approvals and %d refusals of %d", p.State, approvals, refusals, len(p.Requirements))
		}
	})
}

// Two decisions on one proceeding, as two persons make them at the same time, do not overwrite each other.
func TestDecisionsDoNotShareMemory(t *testing.T) {
	p := opened(t, ProceedingGrant, health, transport)
	p.Decisions = make([]Decision, 0, 8)
	one, err := Decide(p, says(2, StepAgency, agency, OutcomeApprove), monday)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decide(p, says(3, StepIndustry, health, OutcomeRefuse), monday); err != nil {
		t.Fatal(err)
	}
	if one.Decisions[0].Step != StepAgency {
		t.Errorf("the agency's decision became %+v", one.Decisions[0])
	}
}
