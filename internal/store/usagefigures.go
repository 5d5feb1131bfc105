package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"gongshu/internal/purpose"
)

// UsageQuery narrows what is summed of the uses that were metered; what is Nil or zero narrows nothing.
type UsageQuery struct {
	OperatorID, ProductID, ResourceID uuid.UUID
	// From and later, before Until.
	From, Until time.Time
	// Most bounds the groups, 0 not.
	Most int

	entitlements []uuid.UUID
}

// UsageSum is what was used: calls are pages of rows and downloads.
type UsageSum struct{ Calls, Rows, Bytes int64 }

// UsageGroup is what was used of one product, or on one day or in one month of Asia/Shanghai.
type UsageGroup struct {
	// ProductID or Period is what it is of: 2026-01-31, or 2026-01.
	ProductID uuid.UUID
	Period    string
	// Paid and Free are told by the purpose of each use (P65 §1).
	Paid, Free UsageSum
}

var (
	shanghaiDay = map[string]string{
		dialect.SQLite:   `strftime('%Y-%m-%d', u.used_at, '+8 hours')`,
		dialect.Postgres: `to_char(u.used_at AT TIME ZONE INTERVAL '+08:00', 'YYYY-MM-DD')`,
	}
	shanghaiMonthOfUse = map[string]string{
		dialect.SQLite:   `strftime('%Y-%m', u.used_at, '+8 hours')`,
		dialect.Postgres: `to_char(u.used_at AT TIME ZONE INTERVAL '+08:00', 'YYYY-MM')`,
	}
)

// UsageByDay sums uses by day, in one statement; days without use are absent. It is not narrowed to the viewer: whoever
// calls it says in the query whose uses they are.
func (s *Store) UsageByDay(ctx context.Context, q UsageQuery) (map[string]UsageGroup, error) {
	return s.usageByPeriod(ctx, shanghaiDay[s.dialect], q)
}

// UsageByMonth is UsageByDay by month.
func (s *Store) UsageByMonth(ctx context.Context, q UsageQuery) (map[string]UsageGroup, error) {
	return s.usageByPeriod(ctx, shanghaiMonthOfUse[s.dialect], q)
}

func (s *Store) usageByPeriod(ctx context.Context, period string, q UsageQuery) (map[string]UsageGroup, error) {
	out := map[string]UsageGroup{}
	var g UsageGroup
	err := s.sumUsage(ctx, usageStatement([]string{period}, "1", q), []any{&g.Period}, &g, func() { out[g.Period] = g })
	return out, err
}

// UsageByProduct sums uses by product, in one statement, the most called first. It is not narrowed to the viewer either.
func (s *Store) UsageByProduct(ctx context.Context, q UsageQuery) (out []UsageGroup, err error) {
	var g UsageGroup
	err = s.sumUsage(ctx, usageStatement([]string{"u.product_id"}, "2 DESC, 1", q), []any{&g.ProductID}, &g, func() { out = append(out, g) })
	return out, err
}

// UsageOfEntitlements sums the uses of rights by right and day, in one statement. It is not narrowed to the viewer either.
func (s *Store) UsageOfEntitlements(ctx context.Context, ids []uuid.UUID, q UsageQuery) (map[uuid.UUID]map[string]UsageGroup, error) {
	out := make(map[uuid.UUID]map[string]UsageGroup, len(ids))
	for _, id := range ids {
		out[id] = map[string]UsageGroup{}
	}
	q.entitlements = ids
	var id uuid.UUID
	var g UsageGroup
	statement := usageStatement([]string{"u.entitlement_id", shanghaiDay[s.dialect]}, "1, 2", q)
	err := s.sumUsage(ctx, statement, []any{&id, &g.Period}, &g, func() { out[id][g.Period] = g })
	return out, err
}

// sumUsage reads groups; each is scanned into g, its keys into keys, and then kept.
func (s *Store) sumUsage(ctx context.Context, st statement, keys []any, g *UsageGroup, keep func()) error {
	var all UsageSum
	targets := append(keys, &all.Calls, &all.Rows, &all.Bytes, &g.Free.Calls, &g.Free.Rows, &g.Free.Bytes)
	return s.each(ctx, st, targets, func() {
		g.Paid = UsageSum{all.Calls - g.Free.Calls, all.Rows - g.Free.Rows, all.Bytes - g.Free.Bytes}
		keep()
	})
}

// usageStatement sums uses by one expression or two, in an order of its columns.
func usageStatement(by []string, order string, q UsageQuery) statement {
	var st statement
	where := []string{"u.used_at >= " + st.place(q.From), "u.used_at < " + st.place(q.Until)}
	narrow := func(id uuid.UUID, before, after string) {
		if id != uuid.Nil {
			where = append(where, before+st.place(id)+after)
		}
	}
	narrow(q.OperatorID, "u.product_id IN (SELECT id FROM products WHERE operator_id = ", ")")
	narrow(q.ProductID, "u.product_id = ", "")
	narrow(q.ResourceID, "u.product_id IN (SELECT product_id FROM product_inputs WHERE resource_id = ", ")")
	if q.entitlements != nil {
		where = append(where, "u.entitlement_id IN "+places(&st, q.entitlements))
	}
	free := places(&st, freePurposes)
	ifFree := func(value string) string {
		return "CAST(sum(CASE WHEN u.purpose IN " + free + " THEN " + value + " ELSE 0 END) AS bigint)"
	}
	groups := make([]string, len(by))
	for i := range by {
		groups[i] = strconv.Itoa(i + 1)
	}
	st.text = strings.Join([]string{
		"SELECT " + strings.Join(by, ", ") + ", CAST(sum(u.quantity) AS bigint), CAST(sum(u.row_count) AS bigint), CAST(sum(u.bytes) AS bigint),",
		ifFree("u.quantity") + ", " + ifFree("u.row_count") + ", " + ifFree("u.bytes"),
		"FROM usages u WHERE " + strings.Join(where, " AND "),
		"GROUP BY " + strings.Join(groups, ", ") + " ORDER BY " + order,
	}, " ")
	if q.Most > 0 {
		st.text += " LIMIT " + st.place(q.Most)
	}
	return st
}

var freePurposes = slices.Collect(func(yield func(string) bool) {
	for _, p := range purpose.All {
		if p.Free() && !yield(string(p)) {
			return
		}
	}
})
