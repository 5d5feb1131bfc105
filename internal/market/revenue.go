package market

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/pricing"
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

// RevenueReport is what the ledger says, and what a person reads from it.
type RevenueReport struct {
	store.Revenue
	// Months has every month of the period, oldest first.
	Months []RevenueMonth
	// PreviousNetFen is the net of as many months before the period.
	PreviousNetFen pricing.Fen
	// ByContributor and ByProduct are ranked, the most first.
	ByContributor []ContributorRevenue
	ByProduct     []ProductRevenue
}

// RevenueMonth is the net of a month, beside that of the month as long before as the report is.
type RevenueMonth struct {
	Month, PreviousMonth   string
	NetFen, PreviousNetFen pricing.Fen
}

// ContributorRevenue is what one contributor received into one kind of account.
type ContributorRevenue struct {
	ContributorID uuid.UUID
	Payee         pricing.AccountKind
	AmountFen     pricing.Fen
	SharePercent  decimal.Decimal
}

// ProductRevenue is what one product brought.
type ProductRevenue struct {
	ProductID    uuid.UUID
	AmountFen    pricing.Fen
	SharePercent decimal.Decimal
}

// Revenue reports from the ledger who received how much, by contributor, product and month of Asia/Shanghai: to an
// operator what its products earned, to a contributor its own shares. Members of a verified organisation may.
// Without months it covers the last 36. It is set beside as many months before it. Refused with MONTH_INVALID, PERIOD_INVALID when it ends before it begins, and
// PERIOD_TOO_LONG; and with REPORT_TOO_LONG above 5000 lines.
func (m *Market) Revenue(ctx context.Context, q RevenueQuery) (RevenueReport, error) {
	if err := mayReadRevenue(ctx); err != nil {
		return RevenueReport{}, err
	}
	from, to, err := m.period(q.FromMonth, q.ToMonth, "filter.fromMonth", "filter.toMonth")
	if err != nil {
		return RevenueReport{}, err
	}
	months := monthsOf(from, to)
	before := monthsAfter(from, -len(months))
	report, err := m.Store.Revenue(ctx, store.RevenueQuery{
		ProductID: q.ProductID, From: from.Start(), Until: to.Next().Start(), Most: maxRevenueLines,
	})
	if errors.Is(err, store.ErrTooManyLines) {
		return RevenueReport{}, fault.New(fault.Invalid, "REPORT_TOO_LONG", "A report has at most %d lines; ask for fewer months, or for one product.", maxRevenueLines).
			At("filter").With("max", maxRevenueLines)
	}
	if err != nil {
		return RevenueReport{}, err
	}
	previous, err := m.Store.NetByMonth(ctx, store.RevenueQuery{ProductID: q.ProductID, From: before.Start(), Until: from.Start()})
	if err != nil {
		return RevenueReport{}, err
	}
	return summary(report, months, monthsOf(before, from.Before()), previous), nil
}

func mayReadRevenue(ctx context.Context) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if !v.Verified {
		return fault.New(fault.Forbidden, "ORGANISATION_NOT_VERIFIED", "The organisation has to be verified before it takes part.")
	}
	return nil
}

// RevenueMonthOf is from when and until when a month of a report was, for who may ask for that report. Refused with MONTH_INVALID.
func (m *Market) RevenueMonthOf(ctx context.Context, text string) (from, until time.Time, err error) {
	if err := mayReadRevenue(ctx); err != nil {
		return from, until, err
	}
	month, err := monthOf(text, "month")
	return month.Start(), month.Next().Start(), err
}

// period reads two months, both included; without them it is the last 36 with this one.
func (m *Market) period(fromMonth, toMonth, fromField, toField string) (from, to pricing.BillingMonth, err error) {
	to, wrongTo := monthOf(cmp.Or(toMonth, pricing.MonthOf(m.Store.Now()).String()), toField)
	from, wrongFrom := monthOf(cmp.Or(fromMonth, monthsAfter(to, 1-maxRevenueMonths).String()), fromField)
	if err := firstOf(wrongFrom, wrongTo); err != nil {
		return from, to, err
	}
	switch {
	case from.Start().After(to.Start()):
		return from, to, fault.New(fault.Invalid, "PERIOD_INVALID", "The period ends before it begins.").At(toField)
	case !monthsAfter(from, maxRevenueMonths).Start().After(to.Start()):
		return from, to, fault.New(fault.Invalid, "PERIOD_TOO_LONG", "A report covers at most %d months.", maxRevenueMonths).
			At(fromField).With("max", maxRevenueMonths)
	}
	return from, to, nil
}

// monthOf reads a month. Refused with MONTH_INVALID.
func monthOf(text, field string) (pricing.BillingMonth, error) {
	month, ok := pricing.ParseMonth(text)
	if !ok {
		return month, fault.New(fault.Invalid, "MONTH_INVALID", "A month is written as 2026-01.").At(field)
	}
	return month, nil
}

// monthsAfter is the month so many after one, or before it.
func monthsAfter(m pricing.BillingMonth, n int) pricing.BillingMonth {
	return pricing.MonthOf(m.Start().AddDate(0, n, 0))
}

// monthsOf are the months from one to another, both included, as text.
func monthsOf(from, to pricing.BillingMonth) (months []string) {
	for m := from; !m.Start().After(to.Start()); m = m.Next() {
		months = append(months, m.String())
	}
	return months
}

// summary sums up a report by month, by contributor and by product; before are as many months as months, and previous
// what each of them brought.
func summary(report store.Revenue, months, before []string, previous map[string]pricing.Fen) RevenueReport {
	type receiver struct {
		id    uuid.UUID
		payee pricing.AccountKind
	}
	net := map[string]pricing.Fen{}
	received, brought := map[receiver]pricing.Fen{}, map[uuid.UUID]pricing.Fen{}
	for _, row := range report.Rows {
		net[row.Month] += row.AmountFen
		received[receiver{row.ContributorID, row.Payee}] += row.AmountFen
		brought[row.ProductID] += row.AmountFen
	}
	out := RevenueReport{Revenue: report, Months: make([]RevenueMonth, len(months)), ByContributor: []ContributorRevenue{}, ByProduct: []ProductRevenue{}}
	for i, month := range months {
		out.Months[i] = RevenueMonth{Month: month, PreviousMonth: before[i], NetFen: net[month], PreviousNetFen: previous[before[i]]}
		out.PreviousNetFen += previous[before[i]]
	}
	ids, amounts, percents := ranked(received, func(a, b receiver) int {
		return cmp.Or(bytes.Compare(a.id[:], b.id[:]), cmp.Compare(a.payee, b.payee))
	})
	for i, r := range ids {
		out.ByContributor = append(out.ByContributor, ContributorRevenue{r.id, r.payee, amounts[i], percents[i]})
	}
	products, amounts, percents := ranked(brought, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	for i, id := range products {
		out.ByProduct = append(out.ByProduct, ProductRevenue{id, amounts[i], percents[i]})
	}
	return out
}

// ranked orders what received amounts by them, the most first and equals as asked, with each one's part of the whole.
func ranked[K comparable](amounts map[K]pricing.Fen, among func(a, b K) int) (keys []K, ordered []pricing.Fen, percents []decimal.Decimal) {
	keys = slices.SortedFunc(maps.Keys(amounts), func(a, b K) int { return cmp.Or(cmp.Compare(amounts[b], amounts[a]), among(a, b)) })
	for _, k := range keys {
		ordered = append(ordered, amounts[k])
	}
	return keys, ordered, pricing.Percentages(ordered)
}
