package market

import (
	"context"
	"time"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// maxRevenueMonths bounds a report.
const maxRevenueMonths = 36

// Revenue reports from the ledger who received how much, by contributor, product and month of Asia/Shanghai: to an
// operator what its products earned, to a contributor its own shares. Members of a verified organisation may.
// Without months it covers the last 36. Refused with MONTH_INVALID, PERIOD_INVALID when it ends before it begins, and
// PERIOD_TOO_LONG.
func (m *Market) Revenue(ctx context.Context, q store.RevenueQuery) (store.Revenue, error) {
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
	q.FromMonth, q.ToMonth = from.Format(monthForm), to.Format(monthForm)
	return m.Store.Revenue(ctx, q)
}

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
