package market

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/order"
	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// What bounds a report of uses: its days, and the products that it ranks.
const (
	MaxUsageDays     = 92
	usageDays        = 30
	maxUsageProducts = 100
)

// Days are a period of whole days of Asia/Shanghai; a day that is none is left to the default, 30 days that end today.
type Days struct{ FromOn, ToOn authorisation.Day }

// Complete fills in the days that are left out. Refused with PERIOD_INVALID and PERIOD_TOO_LONG, with paths that begin with field.
func (d Days) Complete(today authorisation.Day, field string) (Days, error) {
	if d.ToOn.IsZero() {
		d.ToOn = today
	}
	if d.FromOn.IsZero() {
		d.FromOn = d.ToOn.AddDays(1 - usageDays)
	}
	switch {
	case d.FromOn.After(d.ToOn):
		return d, fault.New(fault.Invalid, "PERIOD_INVALID", "The period ends before it begins.").At(field + "toOn")
	case d.FromOn.DaysUntil(d.ToOn) >= MaxUsageDays:
		return d, fault.New(fault.Invalid, "PERIOD_TOO_LONG", "A report of uses covers at most %d days.", MaxUsageDays).
			At(field+"fromOn").With("max", MaxUsageDays)
	}
	return d, nil
}

func (d Days) query() store.UsageQuery {
	return store.UsageQuery{From: d.FromOn.Start(), Until: d.ToOn.AddDays(1).Start()}
}

// UsageDay is what was used on a day.
type UsageDay struct {
	On         authorisation.Day
	Paid, Free store.UsageSum
}

// every makes a series of every day of a period, oldest first, of the days on which something was used.
func (d Days) every(used map[string]store.UsageGroup) []UsageDay {
	series := []UsageDay{}
	for on := d.FromOn; !on.After(d.ToOn); on = on.AddDays(1) {
		g := used[on.String()]
		series = append(series, UsageDay{on, g.Paid, g.Free})
	}
	return series
}

// SalesUsage is what was used of an operator's products, paid and free apart.
type SalesUsage struct {
	Days
	Paid, Free store.UsageSum
	ByDay      []UsageDay
	// ByProduct are the products that were called most, at most 100.
	ByProduct []store.UsageGroup
}

// SalesUsage sums what was used of the products of the viewer's organisation, an operator; of one with productID, Nil is all.
// Refused as Complete says.
func (m *Market) SalesUsage(ctx context.Context, productID uuid.UUID, days Days) (SalesUsage, error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Operator); err != nil {
		return SalesUsage{}, err
	}
	days, err := days.Complete(authorisation.DayOf(m.Store.Now()), "filter.")
	if err != nil {
		return SalesUsage{}, err
	}
	q := days.query()
	q.OperatorID, q.ProductID = v.OrganisationID, productID
	byDay, err := m.Store.UsageByDay(ctx, q)
	if err != nil {
		return SalesUsage{}, err
	}
	q.Most = maxUsageProducts
	byProduct, err := m.Store.UsageByProduct(ctx, q)
	out := SalesUsage{Days: days, ByDay: days.every(byDay), ByProduct: byProduct}
	for _, day := range out.ByDay {
		out.Paid, out.Free = plus(out.Paid, day.Paid), plus(out.Free, day.Free)
	}
	return out, err
}

func plus(a, b store.UsageSum) store.UsageSum {
	return store.UsageSum{Calls: a.Calls + b.Calls, Rows: a.Rows + b.Rows, Bytes: a.Bytes + b.Bytes}
}

// EntitlementUsage sums what was used of rights that the viewer may see, by day of a complete period, in the order of the ids.
func EntitlementUsage(ctx context.Context, s *store.Store, ids []uuid.UUID, days Days) ([][]UsageDay, error) {
	used, err := s.UsageOfEntitlements(ctx, ids, days.query())
	out := make([][]UsageDay, len(ids))
	for i, id := range ids {
		out[i] = days.every(used[id])
	}
	return out, err
}

// Count is a figure beside the one before it.
type Count struct{ Now, Before int64 }

// OperatorOverview is how an operator stands.
type OperatorOverview struct {
	At time.Time
	// ListedProducts and ActiveEntitlements are as of now.
	ListedProducts, ActiveEntitlements int64
	// Orders were paid, and NetFen is of the ledger, in this month so far and in the month before.
	Orders                 Count
	NetFen, PreviousNetFen pricing.Fen
	// Calls are those of the last 30 days, today among them, and of the 30 days before.
	Calls Count
}

// OperatorOverview says how the viewer's organisation, an operator, stands: six statements.
func (m *Market) OperatorOverview(ctx context.Context) (OperatorOverview, error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Operator); err != nil {
		return OperatorOverview{}, err
	}
	out := OperatorOverview{At: m.Store.Now()}
	today := authorisation.DayOf(out.At)
	month := pricing.MonthOf(out.At)
	before := month.Before()
	thisBegan, lastBegan := month.Start(), before.Start()
	own := product.OperatorID(v.OrganisationID)
	c := m.Store.Read()
	for _, count := range []struct {
		into *int64
		ask  func() (int, error)
	}{
		{&out.ListedProducts, func() (int, error) {
			return c.Product.Query().Where(own, product.StatusEQ(authorisation.ProductListed)).Count(ctx)
		}},
		{&out.ActiveEntitlements, func() (int, error) {
			return c.Entitlement.Query().Where(entitlement.HasProductWith(own), entitlement.StatusEQ(ordering.EntitlementActive), entitlement.EndsAtGT(out.At)).Count(ctx)
		}},
		{&out.Orders.Now, func() (int, error) {
			return c.Order.Query().Where(order.HasProductWith(own), order.PaidAtGTE(thisBegan)).Count(ctx)
		}},
		{&out.Orders.Before, func() (int, error) {
			return c.Order.Query().Where(order.HasProductWith(own), order.PaidAtGTE(lastBegan), order.PaidAtLT(thisBegan)).Count(ctx)
		}},
	} {
		n, err := count.ask()
		if err != nil {
			return OperatorOverview{}, fmt.Errorf("count what an operator has: %w", err)
		}
		*count.into = int64(n)
	}
	net, err := m.Store.NetByMonth(ctx, store.RevenueQuery{From: before.Start(), Until: month.Next().Start()})
	if err != nil {
		return OperatorOverview{}, err
	}
	out.NetFen, out.PreviousNetFen = net[month.String()], net[before.String()]
	q := Days{today.AddDays(1 - 2*usageDays), today}.query()
	q.OperatorID = v.OrganisationID
	used, err := m.Store.UsageByDay(ctx, q)
	if err != nil {
		return OperatorOverview{}, err
	}
	first := today.AddDays(1 - usageDays).String()
	for day, g := range used {
		if calls := g.Paid.Calls + g.Free.Calls; day >= first {
			out.Calls.Now += calls
		} else {
			out.Calls.Before += calls
		}
	}
	return out, nil
}
