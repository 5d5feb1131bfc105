package ordering

import (
	"time"

	"gongshu/pricing"
)

// Purchase is what an order paid for at once, and the right that it brought, as a refund looks at them.
type Purchase struct {
	Terms    *Terms
	TotalFen pricing.Fen
	Right    Entitlement
	// IsFile says that what was bought is a file: who had it once, has it.
	IsFile bool
	// Flood is the season that policy states, for a right of flood seasons.
	Flood pricing.Season
}

// counted reports whether what was bought is used up by its uses; otherwise its term is.
func (p *Purchase) counted() bool { return p.Right.Quota != nil }

// bought is what the rule of prices knows of it. What is bought for a term is divided into its months: a product bought whole, and a
// period of several months, as a year. Other periods are whole.
func (p *Purchase) bought() pricing.Bought {
	q := &p.Terms.Quotation
	b := pricing.Bought{Tariff: p.Terms.Tariff, Class: p.Terms.UserClass, Lines: q.Lines, Quantity: q.Quantity, Parts: 1, TotalFen: p.TotalFen}
	switch {
	case p.counted():
		b.Quantity = max(q.Quota.Calls, q.Quota.Items, q.Quota.Megabytes)
	case q.Quota.Term.IsZero():
		b.Parts = int64(max(p.Terms.TermMonths, 1))
	default:
		b.Parts = int64(max(p.Terms.Tariff.Period.InMonths(), 1))
	}
	return b
}

// used is how much was used by now, in the parts of what was bought: calls, items and megabytes as they are billed, or the months or
// periods that have begun. A file that was downloaded was used whole.
func (p *Purchase) used(now time.Time) int64 {
	switch b := p.bought(); {
	case p.counted() && p.Right.Unit == QuotaMegabyte:
		return Megabytes(p.Right.Used)
	case p.counted():
		return p.Right.Used
	case p.IsFile && p.Right.Used > 0:
		return b.Quantity * b.Parts
	}
	return p.begun(now)
}

// begun is how many months or periods of the term have begun.
func (p *Purchase) begun(now time.Time) int64 {
	if now.Before(p.Right.StartsAt) {
		return 0
	}
	b := p.bought()
	begun := int64(1)
	for begun < b.Quantity*b.Parts && !now.Before(p.endOf(begun)) {
		begun++
	}
	return begun
}

// endOf is the end of so many months or periods of the term, and never later than that of the right.
func (p *Purchase) endOf(parts int64) time.Time {
	starts, last := p.Right.StartsAt, *p.Right.ExpiresAt
	b := p.bought()
	if parts <= 0 {
		return starts
	}
	if parts >= b.Quantity*b.Parts {
		return last
	}
	end := last
	if period := p.Terms.Tariff.Period; b.Parts > 1 || period.IsZero() || period.InMonths() > 0 {
		end = endOfTerm(starts, int(parts))
	} else if _, ends, ok := period.Times(int(parts)).Stretch(starts, p.Flood); ok {
		end = ends.UTC()
	}
	if end.After(last) {
		return last
	}
	return end
}

// over reports whether nothing of the right is left to give back: it was taken back, its term is over, or it is paid as it is used.
func (p *Purchase) over(now time.Time) bool {
	return p.Terms.Settlement == pricing.Metered || p.Right.Status == EntitlementRevoked || p.Right.ExpiresAt == nil || !now.Before(*p.Right.ExpiresAt)
}

// Unused is what of the amount that was not given back yet was not used by now: all but the price of what was used, by the order's own
// tariff and discount, and nothing once the term is over. Of a term the month that has begun counts as used, or the period where it is
// no number of months.
func (p Purchase) Unused(left pricing.Fen, now time.Time) pricing.Fen {
	if p.over(now) {
		return 0
	}
	b := p.bought()
	return b.Unused(left, p.used(now))
}

// After is the right once money went back and only so much of the price stays: of nothing it is revoked; otherwise its quota, or
// its term, shrinks to what that pays for, though never below what was used or has begun, and nothing grows.
func (p Purchase) After(kept pricing.Fen, now time.Time) Entitlement {
	right := p.Right
	switch {
	case right.Status == EntitlementRevoked || p.Terms.Settlement == pricing.Metered:
		return right
	case kept <= 0:
		right.Status = EntitlementRevoked
		return right
	case p.over(now) || kept >= p.TotalFen:
		return right
	}
	b := p.bought()
	pays := b.PaysFor(kept)
	if !p.counted() {
		ends := p.endOf(max(pays, p.begun(now)))
		right.ExpiresAt = &ends
		return right
	}
	if right.Unit == QuotaMegabyte {
		pays *= Megabyte
	}
	quota := min(*right.Quota, max(pays, right.Used))
	right.Quota = &quota
	return right
}

// Same reports whether a right is as another: in status, quota and end.
func (e Entitlement) Same(other Entitlement) bool {
	quota := e.Quota == other.Quota || e.Quota != nil && other.Quota != nil && *e.Quota == *other.Quota
	ends := e.ExpiresAt == other.ExpiresAt || e.ExpiresAt != nil && other.ExpiresAt != nil && e.ExpiresAt.Equal(*other.ExpiresAt)
	return quota && ends && e.Status == other.Status
}
