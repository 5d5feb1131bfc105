package ordering

import (
	"testing"
	"time"

	"github.com/govalues/decimal"

	"gongshu/internal/purpose"
	"gongshu/pricing"
)

var since = time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)

// purchase is an order of a tariff with one rate, paid on 2026-03-02, and its right.
func purchase(t *testing.T, mode pricing.ChargingMode, period pricing.Period, rate string, quantity int64, termMonths int) Purchase {
	t.Helper()
	tariff := pricing.Tariff{Mode: mode, Period: period, Schedule: pricing.Schedule{Scheme: pricing.Flat, Bands: []pricing.Band{{Rate: decimal.MustParse(rate)}}}}
	q, err := pricing.Quote(pricing.Request{Terms: pricing.Terms{Tariff: tariff, Purpose: purpose.Industry}, Quantity: quantity, Trial: true})
	if err != nil {
		t.Fatal(err)
	}
	quota := Quota{Unit: QuotaCall, Months: termMonths}
	switch {
	case q.Quota.Calls+q.Quota.Items > 0:
		amount := q.Quota.Calls + q.Quota.Items
		quota.Amount = &amount
	case q.Quota.Megabytes > 0:
		quota.Unit, quota.Amount = QuotaMegabyte, &q.Quota.Megabytes
	case q.Quota.Term.InMonths() > 0:
		quota.Months = q.Quota.Term.InMonths()
	case !q.Quota.Term.IsZero():
		_, ends, _ := q.Quota.Term.Stretch(since, pricing.Season{From: "05-01", To: "09-30"})
		quota.Months, quota.Ends = 0, ends
	}
	right, err := NewEntitlement(purpose.Industry, quota, since)
	if err != nil {
		t.Fatal(err)
	}
	return Purchase{Terms: &Terms{Tariff: tariff, TermMonths: termMonths, Quotation: q}, TotalFen: q.TotalFen, Right: right, Flood: pricing.Season{From: "05-01", To: "09-30"}}
}

func TestWhatIsUnusedAndWhatStays(t *testing.T) {
	calls := purchase(t, pricing.PerCall, pricing.Period{}, "1", 100, 12)
	volume := purchase(t, pricing.PerVolume, pricing.Period{}, "1", 100, 12)
	items := purchase(t, pricing.PerItemPeriod, pricing.Months(1), "1", 100, 12)
	months := purchase(t, pricing.PerPeriod, pricing.Months(1), "10", 10, 0)
	year := purchase(t, pricing.PerPeriod, pricing.Months(12), "120", 1, 0)
	weeks := purchase(t, pricing.PerPeriod, pricing.Period{Unit: pricing.Week, Count: 1}, "10", 10, 0)
	whole := purchase(t, pricing.PerProduct, pricing.Period{}, "120", 1, 12)
	file := whole
	file.IsFile = true
	metered := calls
	metered.Terms = &Terms{Settlement: pricing.Metered, Tariff: calls.Terms.Tariff, Quotation: calls.Terms.Quotation}
	revoked := calls
	revoked.Right.Status = EntitlementRevoked
	suspended := calls
	suspended.Right.Status = EntitlementSuspended
	const megabyte = Megabyte
	for _, row := range []struct {
		sentence string
		purchase Purchase
		used     int64
		days     int // since it was paid
		left     pricing.Fen
		unused   pricing.Fen
		// back is then given back, and this stays.
		back   pricing.Fen
		quota  int64
		ends   string
		status EntitlementStatus
	}{
		{"what was not called goes back, and the quota with it", calls, 40, 5, 10000, 6000, 6000, 40, "2027-03-02", EntitlementActive},
		{"a smaller part leaves what is paid for", calls, 40, 5, 10000, 6000, 2000, 80, "2027-03-02", EntitlementActive},
		{"a favour beyond it leaves what was used", calls, 40, 5, 10000, 6000, 9000, 40, "2027-03-02", EntitlementActive},
		{"all but a fen leaves nothing that is not paid for", calls, 0, 5, 10000, 10000, 9999, 0, "2027-03-02", EntitlementActive},
		{"a fen takes what it paid a part of", calls, 0, 5, 10000, 10000, 1, 99, "2027-03-02", EntitlementActive},
		{"everything ends it", calls, 0, 5, 10000, 10000, 10000, 100, "2027-03-02", EntitlementRevoked},
		{"what went back before is not unused again", calls, 40, 5, 5000, 1000, 1000, 40, "2027-03-02", EntitlementActive},
		{"a suspended right shrinks and stays suspended", suspended, 40, 5, 10000, 6000, 6000, 40, "2027-03-02", EntitlementSuspended},
		{"of a revoked right nothing is left", revoked, 0, 5, 10000, 0, 5000, 100, "2027-03-02", EntitlementRevoked},
		{"after its term nothing is unused, and nothing shrinks", calls, 0, 366, 10000, 0, 5000, 100, "2027-03-02", EntitlementActive},
		{"a metered right is a matter of its bills", metered, 0, 5, 10000, 0, 5000, 100, "2027-03-02", EntitlementActive},
		{"volume is used in megabytes as they are billed", volume, 40*megabyte + 400_000, 5, 10000, 6000, 6000, 40*megabyte + 400_000, "2027-03-02", EntitlementActive},
		{"and shrinks to megabytes", volume, 0, 5, 10000, 10000, 2500, 75 * megabyte, "2027-03-02", EntitlementActive},
		{"items are counted", items, 30, 5, 10000, 7000, 7000, 30, "2027-03-02", EntitlementActive},
		{"the month that has begun is used", months, 0, 5, 10000, 9000, 9000, -1, "2026-04-02", EntitlementActive},
		{"on the day that corresponds to the first it still is", months, 0, 31, 10000, 9000, 9000, -1, "2026-04-02", EntitlementActive},
		{"the day after the next has begun", months, 0, 32, 10000, 8000, 8000, -1, "2026-05-02", EntitlementActive},
		{"a smaller part leaves the months that are paid for", months, 0, 5, 10000, 9000, 3500, -1, "2026-09-02", EntitlementActive},
		{"all but a fen leaves the month that has begun", months, 0, 5, 10000, 9000, 9999, -1, "2026-04-02", EntitlementActive},
		{"a year is used by the month", year, 0, 32, 12000, 10000, 10000, -1, "2026-05-02", EntitlementActive},
		{"weeks are used by the week", weeks, 0, 5, 10000, 9000, 9000, -1, "2026-03-09", EntitlementActive},
		{"a product bought whole is used by the month", whole, 7, 5, 12000, 11000, 11000, -1, "2026-04-02", EntitlementActive},
		{"a file that was not downloaded too", file, 0, 5, 12000, 11000, 11000, -1, "2026-04-02", EntitlementActive},
		{"a file that was downloaded is had", file, 1, 5, 12000, 0, 6000, -1, "2026-09-02", EntitlementActive},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			p, now := row.purchase, since.AddDate(0, 0, row.days)
			p.Right.Used = row.used
			if unused := p.Unused(row.left, now); unused != row.unused {
				t.Errorf("%s are unused, want %s", unused, row.unused)
			}
			after := p.After(row.left-row.back, now)
			quota := int64(-1)
			if after.Quota != nil {
				quota = *after.Quota
			}
			// The moment is midnight: the last day is the one before.
			if ends := after.ExpiresAt.In(shanghai).AddDate(0, 0, -1).Format(time.DateOnly); quota != row.quota || ends != row.ends || after.Status != row.status {
				t.Errorf("the right is %s for %d to %s, want %s for %d to %s", after.Status, quota, ends, row.status, row.quota, row.ends)
			}
			if *p.Right.ExpiresAt != *row.purchase.Right.ExpiresAt || p.Right.Quota != nil && *p.Right.Quota != *row.purchase.Right.Quota {
				t.Error("the right that it was changed")
			}
		})
	}
}

func TestASeasonThatHasNotBegunIsUnused(t *testing.T) {
	p := purchase(t, pricing.PerPeriod, pricing.Period{Unit: pricing.FloodSeason, Count: 1}, "10", 2, 0)
	p.Right.StartsAt = time.Date(2026, time.May, 1, 0, 0, 0, 0, shanghai)
	for _, row := range []struct {
		day    string
		unused pricing.Fen
		ends   string
	}{
		{"2026-04-30", 2000, "2026-10-01"}, {"2026-05-01", 1000, "2026-10-01"}, {"2026-09-30", 1000, "2026-10-01"}, {"2026-10-01", 0, "2027-10-01"},
	} {
		now, err := time.ParseInLocation(time.DateOnly, row.day, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Unused(2000, now); got != row.unused {
			t.Errorf("on %s %s are unused, want %s", row.day, got, row.unused)
		}
		if ends := p.After(1000, now).ExpiresAt.In(shanghai).Format(time.DateOnly); ends != row.ends {
			t.Errorf("on %s half of it ends on %s, want %s", row.day, ends, row.ends)
		}
	}
}
