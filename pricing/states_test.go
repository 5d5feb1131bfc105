package pricing

import "testing"

// moves checks every status against every status: legal are exactly the given moves.
func moves[S interface {
	~string
	CanBecome(S) bool
	Values() []string
}](t *testing.T, legal ...[2]S) {
	t.Helper()
	allowed := map[[2]S]bool{}
	for _, move := range legal {
		allowed[move] = true
	}
	for _, from := range S("").Values() {
		for _, to := range S("").Values() {
			if move := [2]S{S(from), S(to)}; move[0].CanBecome(move[1]) != allowed[move] {
				t.Errorf("%s → %s: got %v, want %v", from, to, !allowed[move], allowed[move])
			}
		}
	}
}

func TestEveryMove(t *testing.T) {
	moves(t,
		[2]StatementStatus{StatementPreview, StatementObjected}, [2]StatementStatus{StatementPreview, StatementFinal},
		[2]StatementStatus{StatementObjected, StatementPreview})
	moves(t,
		[2]PayoutBatchStatus{PayoutSubmitted, PayoutApproved}, [2]PayoutBatchStatus{PayoutSubmitted, PayoutRefused},
		[2]PayoutBatchStatus{PayoutSubmitted, PayoutWithdrawn}, [2]PayoutBatchStatus{PayoutApproved, PayoutDone})
	moves(t,
		[2]PayoutLineState{PayoutLinePending, PayoutLineConfirmed}, [2]PayoutLineState{PayoutLinePending, PayoutLineFailed},
		[2]PayoutLineState{PayoutLineFailed, PayoutLineConfirmed})
}
