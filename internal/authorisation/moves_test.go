package authorisation

import (
	"strings"
	"testing"

	"gongshu/internal/fault"
)

// moves checks every status against every status: legal are exactly the moves "FROM: TO TO".
func moves[S interface {
	~string
	Values() []string
}](t *testing.T, canBecome func(from, to S) bool, legal ...string) {
	t.Helper()
	allowed := map[string]bool{}
	for _, line := range legal {
		from, targets, _ := strings.Cut(line, ": ")
		for _, to := range strings.Fields(targets) {
			allowed[from+" → "+to] = true
		}
	}
	var zero S
	for _, from := range zero.Values() {
		for _, to := range zero.Values() {
			move := from + " → " + to
			if got := canBecome(S(from), S(to)); got != allowed[move] {
				t.Errorf("%s: got %v, want %v", move, got, allowed[move])
			}
			delete(allowed, move)
		}
	}
	for move := range allowed {
		t.Errorf("%s names no status", move)
	}
}

func TestEveryMove(t *testing.T) {
	moves(t, ResourceStatus.CanBecome,
		"DRAFT: REGISTERED WITHDRAWN",
		"REGISTERED: APPROVED DRAFT WITHDRAWN",
		"APPROVED: PUBLISHED WITHDRAWN",
		"PUBLISHED: SUSPENDED WITHDRAWN",
		"SUSPENDED: PUBLISHED WITHDRAWN")
	moves(t, AgreementStatus.CanBecome,
		"ANNOUNCED: APPLIED", "APPLIED: SELECTED", "SELECTED: PUBLICISED", "PUBLICISED: FILED", "FILED: SIGNED",
		"SIGNED: OPERATING TERMINATED",
		"OPERATING: RECTIFYING TERMINATED EXITED EXPIRED",
		"RECTIFYING: OPERATING TERMINATED EXITED EXPIRED")
	moves(t, GrantStatus.CanBecome, "APPLIED: ACTIVE REFUSED", "ACTIVE: EXPIRED REVOKED")
	moves(t, ProductStatus.CanBecome,
		"DRAFT: SUBMITTED RETIRED",
		"SUBMITTED: REVIEWED DRAFT",
		"REVIEWED: REGISTERED LISTED DRAFT RETIRED",
		"REGISTERED: LISTED DRAFT RETIRED",
		"LISTED: SUSPENDED RETIRED",
		"SUSPENDED: LISTED DRAFT RETIRED")
}

func TestEveryMoveOfEveryProceeding(t *testing.T) {
	one := []string{"SUBMITTED: APPROVED REFUSED WITHDRAWN"}
	several := []string{"SUBMITTED: HALF_APPROVED REFUSED WITHDRAWN", "HALF_APPROVED: APPROVED REFUSED WITHDRAWN"}
	legal := map[ProceedingKind][]string{
		ProceedingVerification: one, ProceedingResourceApproval: one, ProceedingFreeUse: one,
		ProceedingGrant: several, ProceedingProductReview: several, ProceedingCostSurvey: several,
		ProceedingAllocation: one, ProceedingRefund: one, ProceedingPayout: one, ProceedingReceipt: one, ProceedingTransfer: one,
		"UNHEARD_OF": nil,
	}
	for _, kind := range ProceedingKind("").Values() {
		if _, covered := legal[ProceedingKind(kind)]; !covered {
			t.Errorf("%s has no row", kind)
		}
	}
	for kind, lines := range legal {
		t.Run(string(kind), func(t *testing.T) { moves(t, kind.CanBecome, lines...) })
	}
}

func TestMove(t *testing.T) {
	if err := Move(GrantApplied, GrantActive); err != nil {
		t.Errorf("a legal move is refused: %v", err)
	}
	err := Move(GrantRevoked, GrantActive)
	refusedWith(t, err, "MOVE_NOT_ALLOWED")
	if params := fault.All(err)[0].Params; params["from"] != "REVOKED" || params["to"] != "ACTIVE" {
		t.Errorf("params %v", params)
	}
}

// refusedWith checks the codes of a refusal, joined by blanks; "" is no refusal.
func refusedWith(t *testing.T, err error, codes string) {
	t.Helper()
	var got []string
	for _, f := range fault.All(err) {
		got = append(got, f.Code)
	}
	if strings.Join(got, " ") != codes || (err == nil) != (codes == "") {
		t.Errorf("refused with %q, want %q (%v)", strings.Join(got, " "), codes, err)
	}
}
