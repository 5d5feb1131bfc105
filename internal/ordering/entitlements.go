package ordering

import (
	"time"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// Megabyte is how many bytes a megabyte of quota has: the decimal megabyte.
const Megabyte = 1_000_000

// Megabytes is how many megabytes so many bytes are billed as, rounded half-up once.
func Megabytes(bytes int64) int64 { return (bytes + Megabyte/2) / Megabyte }

// The largest quotas and terms accepted; a quota in bytes then fits an int64 with much room.
const (
	MaxCalls     = 1_000_000_000_000
	MaxMegabytes = 1_000_000_000
	MaxMonths    = 120
)

// Quota is what was bought or approved.
type Quota struct {
	Unit QuotaUnit
	// Amount is in calls or megabytes; nil is unlimited.
	Amount *int64
	// Months is how long it may be used; 0 is without end, or until Ends.
	Months int
	// Ends is the first moment after a term that is no number of months.
	Ends time.Time
}

// Entitlement is the right of one organisation to use one product for one purpose (权益).
type Entitlement struct {
	Status  EntitlementStatus
	Purpose purpose.Purpose
	Unit    QuotaUnit
	// Quota and Used count calls, and bytes where the unit is MEGABYTE, so that nothing is lost to rounding.
	// A nil Quota is unlimited; use is counted all the same.
	Quota *int64
	Used  int64
	// StartsAt is the first moment, ExpiresAt the first moment after the last; nil is without end.
	StartsAt  time.Time
	ExpiresAt *time.Time
}

// Remaining returns what is left of the quota, in the unit of Used, nil when it is unlimited.
func (e Entitlement) Remaining() *int64 {
	if e.Quota == nil {
		return nil
	}
	left := max(*e.Quota-e.Used, 0)
	return &left
}

// NewEntitlement returns the entitlement that a paid order brings: bound to the purpose that was bought, from that moment on.
// PURPOSE_NOT_PAID for governance and welfare, which are always free and never bought (P65 §1);
// PURPOSE_UNKNOWN, and QUOTA_INVALID for a quota that is not positive or above the limits.
//
// A term of months ends with the day that corresponds to the first one, at midnight in Shanghai, or with the last day of
// that month where it is shorter: the first day does not count (Civil Code, counting of periods).
func NewEntitlement(p purpose.Purpose, quota Quota, from time.Time) (Entitlement, error) {
	if p.Free() {
		return Entitlement{}, fault.New(fault.Invalid, "PURPOSE_NOT_PAID", "Use for this purpose is free: apply for it instead.").
			At("input.purpose").With("purpose", string(p))
	}
	return newEntitlement(p, quota, from)
}

// NewFreeEntitlement returns the entitlement that an approved application for free use brings, bound to its purpose.
// PURPOSE_NOT_FREE when the purpose pays; otherwise as NewEntitlement.
func NewFreeEntitlement(p purpose.Purpose, quota Quota, from time.Time) (Entitlement, error) {
	if p.Known() && !p.Free() {
		return Entitlement{}, purposeNotFree(p)
	}
	return newEntitlement(p, quota, from)
}

func newEntitlement(p purpose.Purpose, quota Quota, from time.Time) (Entitlement, error) {
	if !p.Known() {
		return Entitlement{}, purposeUnknown("input.purpose")
	}
	if !quota.valid() {
		return Entitlement{}, fault.New(fault.Invalid, "QUOTA_INVALID", "A quota is a positive number of calls or megabytes, for 0 to %d months.", MaxMonths).
			At("input.quota").With("maxMonths", MaxMonths)
	}
	e := Entitlement{Status: EntitlementActive, Purpose: p, Unit: quota.Unit, StartsAt: from}
	if quota.Amount != nil {
		amount := *quota.Amount
		if quota.Unit == QuotaMegabyte {
			amount *= Megabyte
		}
		e.Quota = &amount
	}
	if quota.Months > 0 {
		end := endOfTerm(from, quota.Months)
		e.ExpiresAt = &end
	} else if !quota.Ends.IsZero() {
		end := quota.Ends.UTC()
		e.ExpiresAt = &end
	}
	return e, nil
}

func (q Quota) valid() bool {
	most := map[QuotaUnit]int64{QuotaCall: MaxCalls, QuotaMegabyte: MaxMegabytes}[q.Unit]
	amountValid := q.Amount == nil || *q.Amount > 0 && *q.Amount <= most
	return most > 0 && amountValid && q.Months >= 0 && q.Months <= MaxMonths
}

// shanghai is a fixed zone: the offset has not changed since 1991, and no time zone data is needed on the machine.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// endOfTerm returns the midnight after the day that corresponds to from's, so many months later.
func endOfTerm(from time.Time, months int) time.Time {
	year, month, day := from.In(shanghai).Date()
	lastOfMonth := time.Date(year, month+time.Month(months)+1, 0, 0, 0, 0, 0, shanghai)
	return time.Date(lastOfMonth.Year(), lastOfMonth.Month(), min(day, lastOfMonth.Day())+1, 0, 0, 0, 0, shanghai).UTC()
}

// Attempt is one use of a product that is asked for.
type Attempt struct {
	// Purpose is what the caller declares with this use; "" when it declares nothing.
	Purpose purpose.Purpose
	Kind    UsageKind
	// Bytes is the size of what would leave: a page of rows or a file.
	Bytes int64
}

// Charge is what a use takes from an entitlement.
type Charge struct {
	// Amount is in the unit of Entitlement.Used: 1 call, or the bytes that leave, without rounding.
	Amount int64
	// Used is the new count; Remaining what is then left, nil when unlimited.
	Used      int64
	Remaining *int64
}

// Use decides on one use of an entitlement, and what it takes. A use is taken whole or refused whole;
// an attempt of no bytes tells beforehand whether anything may leave at all.
//
// The first that applies refuses it: ENTITLEMENT_REVOKED, ENTITLEMENT_SUSPENDED, ENTITLEMENT_NOT_STARTED and
// ENTITLEMENT_EXPIRED, which are forbidden; PURPOSE_HEADER_MISSING and PURPOSE_UNKNOWN, which are invalid at purpose;
// PURPOSE_MISMATCH, forbidden: an entitlement serves its own purpose only (CITY 11.2), even where both pay, and param drift
// tells whether a free one was to be used for pay (see Drifts); USAGE_INVALID; and QUOTA_EXHAUSTED, a conflict that waiting
// does not resolve, with params quota, used and needed.
func Use(e Entitlement, a Attempt, now time.Time) (Charge, error) {
	if err := usable(e, now); err != nil {
		return Charge{}, err
	}
	if err := purposeAgrees(e, a.Purpose); err != nil {
		return Charge{}, err
	}
	if a.Bytes < 0 || a.Kind != UsageRows && a.Kind != UsageFile {
		return Charge{}, fault.New(fault.Invalid, "USAGE_INVALID", "A use is a page of rows or a file, of no negative size.")
	}
	amount := int64(1)
	if e.Unit == QuotaMegabyte {
		amount = a.Bytes
	}
	// Compared by subtraction, which unlike the sum cannot overflow.
	if left := e.Remaining(); left != nil && (*left == 0 || amount > *left) {
		return Charge{}, quotaExhausted(e, amount)
	}
	e.Used += amount
	return Charge{Amount: amount, Used: e.Used, Remaining: e.Remaining()}, nil
}

// Reported is a use that an operator served elsewhere.
type Reported struct {
	Quantity, RowCount, Bytes int64
	UsedAt                    time.Time
}

// Report decides on a use that an operator served at a counter: everything that is wrong with it, USED_AT_INVALID at usedAt for a
// time that is not past and USAGE_INVALID at quantity, rowCount or bytes; else what Use would have said at that time of status,
// period and quota.
func Report(e Entitlement, r Reported, now time.Time) error {
	var wrong fault.List
	if !r.UsedAt.Before(now) {
		wrong = append(wrong, fault.New(fault.Invalid, "USED_AT_INVALID", "A use is reported once it was made.").At("usedAt"))
	}
	amount := func(field string, n, least int64) {
		if n < least || n > MaxCalls {
			wrong = append(wrong, fault.New(fault.Invalid, "USAGE_INVALID", "This is %d to %d.", least, int64(MaxCalls)).
				At(field).With("min", least).With("max", int64(MaxCalls)))
		}
	}
	amount("quantity", r.Quantity, 1)
	amount("rowCount", r.RowCount, 0)
	amount("bytes", r.Bytes, 0)
	if err := wrong.OrNil(); err != nil {
		return err
	}
	if err := usable(e, r.UsedAt); err != nil {
		return err
	}
	needed := r.Quantity
	if e.Unit == QuotaMegabyte {
		needed = r.Bytes
	}
	if left := e.Remaining(); left != nil && needed > *left {
		return quotaExhausted(e, needed)
	}
	return nil
}

func quotaExhausted(e Entitlement, needed int64) error {
	return fault.New(fault.Conflict, "QUOTA_EXHAUSTED", "What is left of the quota does not suffice for this use.").
		With("quota", *e.Quota).With("used", e.Used).With("needed", needed)
}

// Reverse decides whether a use may be taken back: USAGE_NOT_REVERSIBLE for a reversal.
func Reverse(kind UsageKind) error {
	if kind == UsageReversal {
		return fault.New(fault.Conflict, "USAGE_NOT_REVERSIBLE", "What takes a use back is not taken back; report the use again.")
	}
	return nil
}

// Usable reports whether an entitlement may be used at all now, whatever is left of its quota: nil, or the first of the
// refusals of Use that are about status and period.
func Usable(e Entitlement, now time.Time) error { return usable(e, now) }

func usable(e Entitlement, now time.Time) error {
	refuse := func(code, how string) error {
		return fault.New(fault.Forbidden, code, "This entitlement %s.", how)
	}
	switch {
	case e.Status == EntitlementRevoked:
		return refuse("ENTITLEMENT_REVOKED", "was revoked")
	case e.Status != EntitlementActive:
		return refuse("ENTITLEMENT_SUSPENDED", "is suspended")
	case now.Before(e.StartsAt):
		return refuse("ENTITLEMENT_NOT_STARTED", "has not begun yet")
	case e.ExpiresAt != nil && !now.Before(*e.ExpiresAt):
		return refuse("ENTITLEMENT_EXPIRED", "has expired")
	}
	return nil
}

func purposeAgrees(e Entitlement, declared purpose.Purpose) error {
	switch {
	case declared == "":
		return fault.New(fault.Invalid, "PURPOSE_HEADER_MISSING", "Every use states its purpose.").At("purpose")
	case !declared.Known():
		return purposeUnknown("purpose")
	case declared != e.Purpose:
		return fault.New(fault.Forbidden, "PURPOSE_MISMATCH", "This entitlement is for the purpose %s, not for %s.", e.Purpose, declared).
			With("entitled", string(e.Purpose)).With("declared", string(declared)).With("drift", Drifts(e, declared))
	}
	return nil
}

// Drifts reports whether an entitlement that is free would be used for a purpose that pays (P65 §1, CITY 11.2):
// it is then suspended, and the use rated and charged, as the licence says.
func Drifts(e Entitlement, declared purpose.Purpose) bool {
	return e.Purpose.Free() && declared.Known() && !declared.Free()
}
