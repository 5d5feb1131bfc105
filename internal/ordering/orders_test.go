package ordering

import (
	"strings"
	"testing"

	"gongshu/internal/fault"
)

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
	moves(t, [2]OrderStatus{OrderPlaced, OrderPaid}, [2]OrderStatus{OrderPlaced, OrderCancelled}, [2]OrderStatus{OrderPlaced, OrderExpired}, [2]OrderStatus{OrderExpired, OrderPaid})
	moves(t,
		[2]EntitlementStatus{EntitlementActive, EntitlementSuspended}, [2]EntitlementStatus{EntitlementActive, EntitlementRevoked},
		[2]EntitlementStatus{EntitlementSuspended, EntitlementActive}, [2]EntitlementStatus{EntitlementSuspended, EntitlementRevoked})
	moves(t, [2]DisputeState{DisputeInquiry, DisputeOpen}, [2]DisputeState{DisputeInquiry, DisputeWon}, [2]DisputeState{DisputeInquiry, DisputeLost},
		[2]DisputeState{DisputeOpen, DisputeWon}, [2]DisputeState{DisputeOpen, DisputeLost})
	moves(t, [2]CredentialStatus{CredentialActive, CredentialRevoked})
	var payments [][2]PaymentState
	for _, from := range OpenPaymentStates {
		payments = append(payments, [2]PaymentState{from, PaymentSucceeded}, [2]PaymentState{from, PaymentFailed}, [2]PaymentState{from, PaymentExpired})
	}
	moves(t, append(payments, [2]PaymentState{PaymentExpired, PaymentSucceeded},
		[2]PaymentState{PaymentPrepared, PaymentPending}, [2]PaymentState{PaymentPrepared, PaymentUnknown}, [2]PaymentState{PaymentPrepared, PaymentReconciling},
		[2]PaymentState{PaymentPending, PaymentReconciling}, [2]PaymentState{PaymentUnknown, PaymentPending}, [2]PaymentState{PaymentUnknown, PaymentReconciling},
		[2]PaymentState{PaymentReconciling, PaymentPending})...)
}

func TestPayAndCancel(t *testing.T) {
	for _, row := range []struct {
		sentence string
		status   OrderStatus
		pay      string
		cancel   string
	}{
		{"a placed order may be paid and cancelled", OrderPlaced, "", ""},
		{"a paid order is neither paid again nor cancelled", OrderPaid, "ORDER_NOT_PAYABLE", "ORDER_NOT_CANCELLABLE"},
		{"a cancelled order is neither paid nor cancelled again", OrderCancelled, "ORDER_NOT_PAYABLE", "ORDER_NOT_CANCELLABLE"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			to, err := Pay(row.status)
			refusedWith(t, err, row.pay)
			if err == nil && to != OrderPaid {
				t.Errorf("paid order is %s", to)
			}
			if err != nil && fault.All(err)[0].Params["status"] != string(row.status) {
				t.Errorf("the refusal does not tell the status: %v", fault.All(err)[0].Params)
			}
			to, err = Cancel(row.status)
			refusedWith(t, err, row.cancel)
			if err == nil && to != OrderCancelled {
				t.Errorf("cancelled order is %s", to)
			}
		})
	}
}

func TestIdempotencyKey(t *testing.T) {
	for _, row := range []struct {
		sentence, key, code string
	}{
		{"one character will do", "k", ""},
		{"a blank inside is printable", "order 17", ""},
		{"128 characters are the most", strings.Repeat("k", 128), ""},
		{"129 are too many", strings.Repeat("k", 129), "IDEMPOTENCY_KEY_INVALID"},
		{"none is no key", "", "IDEMPOTENCY_KEY_INVALID"},
		{"a line break is refused", "a\nb", "IDEMPOTENCY_KEY_INVALID"},
		{"what is not ASCII is refused", "订单", "IDEMPOTENCY_KEY_INVALID"},
		{"broken text is refused", "\xff", "IDEMPOTENCY_KEY_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) { refusedWith(t, CheckIdempotencyKey(row.key), row.code) })
	}
}

func TestIdempotency(t *testing.T) {
	refusedWith(t, CheckIdempotency("", "a"), "")
	refusedWith(t, CheckIdempotency("a", "a"), "")
	refusedWith(t, CheckIdempotency("a", "b"), "IDEMPOTENCY_KEY_REUSED")
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
