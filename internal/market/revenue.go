package market

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// What bounds a report: its months, and the lines that the ledger has for it.
const (
	maxRevenueMonths = 36
	maxRevenueLines  = 5000
)

// RevenueQuery narrows a report; months are those of Asia/Shanghai, as 2026-01, both included.
type RevenueQuery struct {
	// ProductID is Nil for all products.
	ProductID          uuid.UUID
	FromMonth, ToMonth string
}

// Revenue reports from the ledger who received how much, by contributor, product and month of Asia/Shanghai: to an
// operator what its products earned, to a contributor its own shares. Members of a verified organisation may.
// Without months it covers the last 36. Refused with MONTH_INVALID, PERIOD_INVALID when it ends before it begins, and
// PERIOD_TOO_LONG; and with REPORT_TOO_LONG above 5000 lines.
func (m *Market) Revenue(ctx context.Context, q RevenueQuery) (store.Revenue, error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return store.Revenue{}, err
	}
	if !v.Verified {
		return store.Revenue{}, fault.New(fault.Forbidden, "ORGANISATION_NOT_VERIFIED", "The organisation has to be verified before it takes part.")
	}
	to, wrongTo := monthOf(q.ToMonth, "filter.toMonth", authorisation.DayOf(m.Store.Now()).String()[:len(monthForm)])
	from, wrongFrom := monthOf(q.FromMonth, "filter.fromMonth", to.AddDate(0, 1-maxRevenueMonths, 0).Format(monthForm))
	if err := firstOf(wrongFrom, wrongTo); err != nil {
		return store.Revenue{}, err
	}
	switch {
	case from.After(to):
		return store.Revenue{}, fault.New(fault.Invalid, "PERIOD_INVALID", "The period ends before it begins.").At("filter.toMonth")
	case !from.AddDate(0, maxRevenueMonths, 0).After(to):
		return store.Revenue{}, fault.New(fault.Invalid, "PERIOD_TOO_LONG", "A report covers at most %d months.", maxRevenueMonths).
			At("filter.fromMonth").With("max", maxRevenueMonths)
	}
	report, err := m.Store.Revenue(ctx, store.RevenueQuery{
		ProductID: q.ProductID, From: beginOf(from), Until: beginOf(to.AddDate(0, 1, 0)), Most: maxRevenueLines,
	})
	if errors.Is(err, store.ErrTooManyLines) {
		return store.Revenue{}, fault.New(fault.Invalid, "REPORT_TOO_LONG", "A report has at most %d lines; ask for fewer months, or for one product.", maxRevenueLines).
			At("filter").With("max", maxRevenueLines)
	}
	return report, err
}

// beginOf is the instant at which a month begins in Shanghai.
func beginOf(month time.Time) time.Time { return authorisation.DayOf(month).Start() }

const monthForm = "2006-01"

func monthOf(text, field, absent string) (time.Time, error) {
	if text == "" {
		text = absent
	}
	month, err := time.Parse(monthForm, text)
	if err != nil {
		return month, fault.New(fault.Invalid, "MONTH_INVALID", "A month is written as 2026-01.").At(field)
	}
	return month, nil
}
