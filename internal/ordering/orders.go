package ordering

import (
	"slices"
	"time"

	"gongshu/internal/fault"
)

// The tables list the legal moves; a status without an entry is final.

// A paid order stays paid: a refund is a matter of its own. One that expired is paid by money that comes late.
var nextOrder = map[OrderStatus][]OrderStatus{
	OrderPlaced:  {OrderPaid, OrderCancelled, OrderExpired},
	OrderExpired: {OrderPaid},
}

var nextEntitlement = map[EntitlementStatus][]EntitlementStatus{
	EntitlementActive:    {EntitlementSuspended, EntitlementRevoked},
	EntitlementSuspended: {EntitlementActive, EntitlementRevoked},
}

var nextCredential = map[CredentialStatus][]CredentialStatus{
	CredentialActive: {CredentialRevoked},
}

var nextRefund = map[RefundStatus][]RefundStatus{
	RefundRequested: {RefundApproved, RefundRefused, RefundWithdrawn},
	RefundApproved:  {RefundPaid, RefundFailed},
}

// CanBecome reports whether a refund may move from s to t.
func (s RefundStatus) CanBecome(t RefundStatus) bool { return slices.Contains(nextRefund[s], t) }

// Holds reports whether a refund takes from what may still be refunded: it is on its way, or done.
func (s RefundStatus) Holds() bool {
	return s == RefundRequested || s == RefundApproved || s == RefundPaid
}

// Gives reports whether a refund was decided to go back: what is only asked for may still be refused.
func (s RefundStatus) Gives() bool { return s == RefundApproved || s == RefundPaid }

// CanBecome reports whether an order may move from s to t.
func (s OrderStatus) CanBecome(t OrderStatus) bool { return slices.Contains(nextOrder[s], t) }

// CanBecome reports whether an entitlement may move from s to t.
func (s EntitlementStatus) CanBecome(t EntitlementStatus) bool {
	return slices.Contains(nextEntitlement[s], t)
}

// CanBecome reports whether a credential may move from s to t.
func (s CredentialStatus) CanBecome(t CredentialStatus) bool {
	return slices.Contains(nextCredential[s], t)
}

// Pay decides whether an order may be paid: only one that is PLACED, otherwise ORDER_NOT_PAYABLE (param status).
func Pay(status OrderStatus) (OrderStatus, error) {
	if status != OrderPlaced {
		return "", fault.New(fault.Conflict, "ORDER_NOT_PAYABLE", "This order is already %s.", status).With("status", string(status))
	}
	return OrderPaid, nil
}

// InTime refuses with ORDER_EXPIRED (param expiresAt) to begin a payment when an order is kept no longer; nil is no end.
func InTime(expiresAt *time.Time, now time.Time) error {
	if expiresAt == nil || now.Before(*expiresAt) {
		return nil
	}
	until := expiresAt.UTC().Format(time.RFC3339)
	return fault.New(fault.Conflict, "ORDER_EXPIRED", "This order was kept until %s. Order again.", until).With("expiresAt", until)
}

// Cancel decides whether an order may be cancelled: only one that is PLACED, otherwise ORDER_NOT_CANCELLABLE (param status).
func Cancel(status OrderStatus) (OrderStatus, error) {
	if !status.CanBecome(OrderCancelled) {
		return "", fault.New(fault.Conflict, "ORDER_NOT_CANCELLABLE", "This order is already %s.", status).With("status", string(status))
	}
	return OrderCancelled, nil
}

// MaxIdempotencyKey is the greatest length of an idempotency key.
const MaxIdempotencyKey = 128

// CheckIdempotencyKey refuses with IDEMPOTENCY_KEY_INVALID a key that is not 1 to 128 printable ASCII characters.
func CheckIdempotencyKey(key string) error {
	unprintable := func(r rune) bool { return r < ' ' || r > '~' }
	if key == "" || len(key) > MaxIdempotencyKey || slices.ContainsFunc([]rune(key), unprintable) {
		return fault.New(fault.Invalid, "IDEMPOTENCY_KEY_INVALID",
			"An idempotency key has 1 to %d printable ASCII characters.", MaxIdempotencyKey).
			At("idempotencyKey").With("max", MaxIdempotencyKey)
	}
	return nil
}

// CheckIdempotency compares the hash of the input with that under which the key was first used. The same input is a
// repetition and gets the first result; another is the conflict IDEMPOTENCY_KEY_REUSED. storedHash is "" for a new key.
func CheckIdempotency(storedHash, givenHash string) error {
	if storedHash == "" || storedHash == givenHash {
		return nil
	}
	return fault.New(fault.Conflict, "IDEMPOTENCY_KEY_REUSED",
		"This idempotency key was used before with other input.").At("idempotencyKey")
}
