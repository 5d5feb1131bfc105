package market

import (
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/store"
	"gongshu/pricing"
)

func TestAReportIsSummedUp(t *testing.T) {
	a, b := uuid.MustParse("00000000-0000-7000-8000-000000000001"), uuid.MustParse("00000000-0000-7000-8000-000000000002")
	x, y := uuid.MustParse("00000000-0000-7000-8000-00000000000a"), uuid.MustParse("00000000-0000-7000-8000-00000000000b")
	got := summary(store.Revenue{NetFen: 600, Rows: []store.RevenueRow{
		{Month: "2026-03", ProductID: x, ContributorID: a, Payee: pricing.AccountContributor, AmountFen: 100},
		{Month: "2026-03", ProductID: y, ContributorID: a, Payee: pricing.AccountTreasury, AmountFen: 200},
		{Month: "2026-01", ProductID: y, ContributorID: b, Payee: pricing.AccountContributor, AmountFen: 100},
		{Month: "2026-01", ProductID: x, ContributorID: a, Payee: pricing.AccountContributor, AmountFen: 200},
	}}, []string{"2026-01", "2026-02", "2026-03"}, []string{"2025-10", "2025-11", "2025-12"}, map[string]pricing.Fen{"2025-11": 7, "2025-12": 5})
	months := []RevenueMonth{{"2026-01", "2025-10", 300, 0}, {"2026-02", "2025-11", 0, 7}, {"2026-03", "2025-12", 300, 5}}
	for i, m := range months {
		if got.Months[i] != m {
			t.Errorf("a month is %+v, want %+v", got.Months[i], m)
		}
	}
	if got.PreviousNetFen != 12 {
		t.Errorf("before it was %d", got.PreviousNetFen)
	}
	if c := got.ByContributor; len(c) != 3 || c[0].ContributorID != a || c[0].Payee != pricing.AccountContributor || c[0].AmountFen != 300 || c[0].SharePercent.String() != "50.0" ||
		c[1].Payee != pricing.AccountTreasury || c[1].SharePercent.String() != "33.3" || c[2].ContributorID != b || c[2].SharePercent.String() != "16.7" {
		t.Errorf("one contributor with two kinds of account, and another: %+v", c)
	}
	if p := got.ByProduct; len(p) != 2 || p[0].ProductID != x || p[0].AmountFen != 300 || p[1].ProductID != y || p[1].SharePercent.String() != "50.0" {
		t.Errorf("of two that brought the same the older is first: %+v", p)
	}
	if none := summary(store.Revenue{}, []string{"2026-01"}, []string{"2025-12"}, nil); none.ByProduct == nil || none.ByContributor == nil || len(none.Months) != 1 {
		t.Errorf("nothing is %+v", none)
	}
}
