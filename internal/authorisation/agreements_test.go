package authorisation

import (
	"strings"
	"testing"
	"time"

	"gongshu/internal/fault"
)

// fullClauses is an agreement's text with nothing missing.
func fullClauses() map[Clause]string {
	clauses := map[Clause]string{}
	for _, name := range Clause("").Values() {
		clauses[Clause(name)] = "约定"
	}
	return clauses
}

func TestCheckClauses(t *testing.T) {
	if n := len(Clause("").Values()); n != 13 {
		t.Fatalf("A27 art. 14 has thirteen clauses, not %d", n)
	}
	if wrong := CheckClauses(fullClauses()); len(wrong) != 0 {
		t.Errorf("a full agreement is refused: %v", wrong)
	}
	if wrong := CheckClauses(nil); len(wrong) != 13 || wrong[0].Params["clause"] != "SCOPE" || wrong[12].Params["clause"] != "OTHER" {
		t.Errorf("an empty agreement lacks all clauses in order: %v", wrong)
	}
	for _, name := range Clause("").Values() {
		clauses := fullClauses()
		clauses[Clause(name)] = " \n"
		wrong := CheckClauses(clauses)
		if len(wrong) != 1 || wrong[0].Code != "AGREEMENT_CLAUSE_MISSING" || wrong[0].Field != "clauses."+name || wrong[0].Params["clause"] != name {
			t.Errorf("without %s: %v", name, wrong)
		}
	}
	clauses := fullClauses()
	clauses["BONUS"] = "x"
	refusedWith(t, CheckClauses(clauses).OrNil(), "AGREEMENT_CLAUSE_UNKNOWN")
}

func TestSign(t *testing.T) {
	filed := Agreement{Status: AgreementFiled, Clauses: fullClauses(), PublicisedOn: on("2025-09-22")}
	policy := AgreementPolicy{TermMonths: 36, MaxTermMonths: 60, PublicityDays: 5}
	draft := func(change func(*Agreement)) Agreement { a := filed; change(&a); return a }
	months := func(n int) AgreementPolicy { p := policy; p.TermMonths = n; return p }
	for _, row := range []struct {
		sentence string
		draft    Agreement
		policy   AgreementPolicy
		today    string
		codes    string
		endsOn   string
	}{
		{"with all clauses and publicity over it is signed for three years", filed, policy, "2025-09-29", "", "2028-09-28"},
		{"the longest term is allowed", filed, months(60), "2025-09-29", "", "2030-09-28"},
		{"a longer one is not", filed, months(61), "2025-09-29", "AGREEMENT_TERM_INVALID", ""},
		{"a term has at least a month", filed, months(0), "2025-09-29", "AGREEMENT_TERM_INVALID", ""},
		{"on the last day of publicity it is not over", filed, policy, "2025-09-28", "PUBLICITY_NOT_OVER", ""},
		{"without publicity nothing is signed", draft(func(a *Agreement) { a.PublicisedOn = Day{} }), policy, "2025-09-29", "PUBLICITY_NOT_OVER", ""},
		{"publicity that nobody can reckon is not over", draft(func(a *Agreement) { a.PublicisedOn = on("2026-12-28") }), policy, "2027-03-01", "CALENDAR_MISSING", ""},
		{"a missing clause and open publicity are told at once",
			draft(func(a *Agreement) { a.Clauses = fullClauses(); delete(a.Clauses, ClauseBreach) }), policy, "2025-09-25",
			"AGREEMENT_CLAUSE_MISSING PUBLICITY_NOT_OVER", ""},
		{"only what is filed is signed", draft(func(a *Agreement) { a.Status = AgreementPublicised }), policy, "2025-09-29", "MOVE_NOT_ALLOWED", ""},
		{"nothing is signed twice", draft(func(a *Agreement) { a.Status = AgreementSigned }), policy, "2025-09-29", "MOVE_NOT_ALLOWED", ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			term, err := Sign(row.draft, loaded(t), row.policy, on(row.today).Start().Add(9*time.Hour))
			refusedWith(t, err, row.codes)
			if want := (Term{on(row.today), on(row.endsOn)}); err == nil && term != want {
				t.Errorf("term %s to %s, want %s to %s", term.StartsOn, term.EndsOn, want.StartsOn, want.EndsOn)
			}
		})
	}
}

func TestInForce(t *testing.T) {
	for _, status := range AgreementStatus("").Values() {
		for day, inTerm := range map[string]bool{"2025-09-28": false, "2025-09-29": true, "2028-09-28": true, "2028-09-29": false} {
			a := Agreement{Status: AgreementStatus(status), StartsOn: on("2025-09-29"), EndsOn: on("2028-09-28")}
			if got, want := a.InForce(on(day)), inTerm && status == "OPERATING"; got != want {
				t.Errorf("%s on %s: in force %v, want %v", status, day, got, want)
			}
		}
	}
	if (Agreement{Status: AgreementOperating}).InForce(on("2026-01-05")) {
		t.Error("an agreement without a term is never in force")
	}
}

// namesIn joins a parameter's names.
func namesIn(f *fault.Error, param string) string {
	names, _ := f.Params[param].([]string)
	return strings.Join(names, " ")
}

func TestATermHasMonths(t *testing.T) {
	for _, row := range []struct {
		sentence, from, to string
		want               int
	}{
		{"three years", "2026-02-01", "2029-01-31", 36},
		{"a year that begins in the middle of a month", "2026-03-15", "2027-03-14", 12},
		{"one month", "2026-03-01", "2026-03-31", 1},
		{"one that ends where a month is shorter", "2026-01-31", "2026-02-28", 1},
		{"a day short", "2026-02-01", "2029-01-30", 0},
		{"a day", "2026-02-01", "2026-02-01", 0},
		{"backwards", "2026-02-01", "2025-01-31", 0},
	} {
		if got := (Term{on(row.from), on(row.to)}).Months(); got != row.want {
			t.Errorf("%s: %d, want %d", row.sentence, got, row.want)
		}
	}
}
