package ordering

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, shanghai)

func amount(n int64) *int64 { return &n }

func TestNewEntitlement(t *testing.T) {
	for _, row := range []struct {
		sentence string
		purpose  purpose.Purpose
		quota    Quota
		code     string
		want     *int64
	}{
		{"calls are counted as calls", purpose.Industry, Quota{Unit: QuotaCall, Amount: amount(500)}, "", amount(500)},
		{"megabytes are counted as bytes", purpose.Sector, Quota{Unit: QuotaMegabyte, Amount: amount(3)}, "", amount(3_000_000)},
		{"an unlimited entitlement has no quota", purpose.Industry, Quota{Unit: QuotaCall, Months: 1}, "", nil},
		{"what is free is not bought", purpose.Welfare, Quota{Unit: QuotaCall}, "PURPOSE_NOT_PAID", nil},
		{"an unknown purpose is refused", "FUN", Quota{Unit: QuotaCall}, "PURPOSE_UNKNOWN", nil},
		{"no calls are no quota", purpose.Industry, Quota{Unit: QuotaCall, Amount: amount(0)}, "QUOTA_INVALID", nil},
		{"fewer than no calls are no quota", purpose.Industry, Quota{Unit: QuotaCall, Amount: amount(-1)}, "QUOTA_INVALID", nil},
		{"more megabytes than bytes can count are refused", purpose.Industry, Quota{Unit: QuotaMegabyte, Amount: amount(math.MaxInt64)}, "QUOTA_INVALID", nil},
		{"a quota counts in a known unit", purpose.Industry, Quota{Unit: "ROW"}, "QUOTA_INVALID", nil},
		{"months do not run backwards", purpose.Industry, Quota{Unit: QuotaCall, Months: -1}, "QUOTA_INVALID", nil},
		{"a term has an end in sight", purpose.Industry, Quota{Unit: QuotaCall, Months: 121}, "QUOTA_INVALID", nil},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			e, err := NewEntitlement(row.purpose, row.quota, noon)
			refusedWith(t, err, row.code)
			if (e.Quota == nil) != (row.want == nil) || e.Quota != nil && *e.Quota != *row.want {
				t.Errorf("quota %v, want %v", e.Quota, row.want)
			}
			if err == nil && (e.Status != EntitlementActive || e.Purpose != row.purpose || !e.StartsAt.Equal(noon)) {
				t.Errorf("entitlement %+v", e)
			}
		})
	}
}

func TestNewFreeEntitlement(t *testing.T) {
	for p, code := range map[purpose.Purpose]string{
		purpose.Governance: "", purpose.Welfare: "",
		purpose.Industry: "PURPOSE_NOT_FREE", purpose.Sector: "PURPOSE_NOT_FREE", "FUN": "PURPOSE_UNKNOWN",
	} {
		e, err := NewFreeEntitlement(p, Quota{Unit: QuotaCall, Months: 12}, noon)
		refusedWith(t, err, code)
		if err == nil && e.Purpose != p {
			t.Errorf("%s is bound to %s", p, e.Purpose)
		}
	}
}

func TestTermOfMonths(t *testing.T) {
	for _, row := range []struct {
		sentence  string
		from      string
		months    int
		expiresAt string
	}{
		{"the corresponding day is the last", "2026-01-05T12:00:00+08:00", 1, "2026-02-06T00:00:00+08:00"},
		{"where it is missing the month's end is", "2026-01-31T12:00:00+08:00", 1, "2026-03-01T00:00:00+08:00"},
		{"a leap day is a month's end", "2028-01-31T00:00:00+08:00", 1, "2028-03-01T00:00:00+08:00"},
		{"a year after a leap day ends in February", "2028-02-29T08:00:00+08:00", 12, "2029-03-01T00:00:00+08:00"},
		{"the year is carried", "2026-12-31T23:59:59+08:00", 2, "2027-03-01T00:00:00+08:00"},
		{"it is the day in Shanghai that counts", "2026-01-04T16:00:00Z", 1, "2026-02-06T00:00:00+08:00"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			e, err := NewEntitlement(purpose.Industry, Quota{Unit: QuotaCall, Months: row.months}, moment(t, row.from))
			if err != nil {
				t.Fatal(err)
			}
			if !e.ExpiresAt.Equal(moment(t, row.expiresAt)) {
				t.Errorf("expires at %v, want %s", e.ExpiresAt, row.expiresAt)
			}
		})
	}
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestUse(t *testing.T) {
	end := noon.Add(time.Hour)
	calls := Entitlement{Status: EntitlementActive, Purpose: purpose.Industry, Unit: QuotaCall, Quota: amount(10), Used: 9, StartsAt: noon, ExpiresAt: &end}
	bytes := calls
	bytes.Unit, bytes.Quota, bytes.Used = QuotaMegabyte, amount(Megabyte), 400_000
	free := calls
	free.Purpose = purpose.Welfare
	with := func(e Entitlement, change func(*Entitlement)) Entitlement { change(&e); return e }
	page := Attempt{Purpose: purpose.Industry, Kind: UsageRows, Bytes: 2048}
	file := func(n int64) Attempt { return Attempt{Purpose: purpose.Industry, Kind: UsageFile, Bytes: n} }

	for _, row := range []struct {
		sentence    string
		entitlement Entitlement
		attempt     Attempt
		now         time.Time
		code        string
		kind        fault.Kind
		charged     int64
	}{
		{"a page of rows is one call whatever its size", calls, page, noon, "", 0, 1},
		{"a file is one call whatever its size", calls, file(1 << 40), noon, "", 0, 1},
		{"a file takes its bytes from a quota of megabytes", bytes, file(123_457), noon, "", 0, 123_457},
		{"the last byte may be used", bytes, file(600_000), noon, "", 0, 600_000},
		{"one byte more may not", bytes, file(600_001), noon, "QUOTA_EXHAUSTED", fault.Conflict, 0},
		{"a size near the largest number does not slip through", bytes, file(math.MaxInt64), noon, "QUOTA_EXHAUSTED", fault.Conflict, 0},
		{"an exhausted quota of megabytes lets not even nothing leave", with(bytes, func(e *Entitlement) { e.Used = Megabyte }), file(0), noon, "QUOTA_EXHAUSTED", fault.Conflict, 0},
		{"the eleventh of ten calls is refused", with(calls, func(e *Entitlement) { e.Used = 10 }), page, noon, "QUOTA_EXHAUSTED", fault.Conflict, 0},
		{"an unlimited entitlement is counted all the same", with(calls, func(e *Entitlement) { e.Quota = nil }), page, noon, "", 0, 1},
		{"a suspended entitlement is refused", with(calls, func(e *Entitlement) { e.Status = EntitlementSuspended }), page, noon, "ENTITLEMENT_SUSPENDED", fault.Forbidden, 0},
		{"a revoked entitlement is refused", with(calls, func(e *Entitlement) { e.Status = EntitlementRevoked }), page, noon, "ENTITLEMENT_REVOKED", fault.Forbidden, 0},
		{"an entitlement without a status is not usable", with(calls, func(e *Entitlement) { e.Status = "" }), page, noon, "ENTITLEMENT_SUSPENDED", fault.Forbidden, 0},
		{"before its first moment it is refused", calls, page, noon.Add(-time.Microsecond), "ENTITLEMENT_NOT_STARTED", fault.Forbidden, 0},
		{"until its last moment it is usable", calls, page, end.Add(-time.Microsecond), "", 0, 1},
		{"from its end on it is refused", calls, page, end, "ENTITLEMENT_EXPIRED", fault.Forbidden, 0},
		{"an entitlement without end does not expire", with(calls, func(e *Entitlement) { e.ExpiresAt = nil }), page, noon.AddDate(50, 0, 0), "", 0, 1},
		{"a use without a purpose is refused", calls, Attempt{Kind: UsageRows}, noon, "PURPOSE_HEADER_MISSING", fault.Invalid, 0},
		{"a use for an unknown purpose is refused", calls, Attempt{Purpose: "FUN", Kind: UsageRows}, noon, "PURPOSE_UNKNOWN", fault.Invalid, 0},
		{"a paid entitlement serves its own purpose only", calls, Attempt{Purpose: purpose.Sector, Kind: UsageRows}, noon, "PURPOSE_MISMATCH", fault.Forbidden, 0},
		{"a free entitlement is not used industrially", free, page, noon, "PURPOSE_MISMATCH", fault.Forbidden, 0},
		{"an unknown kind of use is refused", calls, Attempt{Purpose: purpose.Industry, Kind: "PEEK"}, noon, "USAGE_INVALID", fault.Invalid, 0},
		{"a negative size gives nothing back", bytes, file(-1), noon, "USAGE_INVALID", fault.Invalid, 0},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			charge, err := Use(row.entitlement, row.attempt, row.now)
			refusedWith(t, err, row.code)
			if err != nil && fault.All(err)[0].Kind != row.kind {
				t.Errorf("kind %d, want %d", fault.All(err)[0].Kind, row.kind)
			}
			if charge.Amount != row.charged || err == nil && charge.Used != row.entitlement.Used+row.charged {
				t.Errorf("charge %+v, want %d", charge, row.charged)
			}
		})
	}
}

func TestDrifts(t *testing.T) {
	for _, entitled := range purpose.All {
		for _, declared := range purpose.All {
			want := entitled.Free() && !declared.Free()
			if got := Drifts(Entitlement{Purpose: entitled}, declared); got != want {
				t.Errorf("%s used for %s: drift %v, want %v", entitled, declared, got, want)
			}
		}
	}
	if Drifts(Entitlement{Purpose: purpose.Welfare}, "") {
		t.Error("a use without a purpose is no drift")
	}
	now := Entitlement{Status: EntitlementActive, Purpose: purpose.Welfare, Unit: QuotaCall}
	_, err := Use(now, Attempt{Purpose: purpose.Industry, Kind: UsageRows}, noon)
	if all := fault.All(err); len(all) != 1 || all[0].Params["drift"] != true {
		t.Errorf("the refusal does not tell the drift: %v", err)
	}
}

// Whatever is attempted: used and remaining add up to the quota, and used is the sum of what was charged.
func TestQuotaIsConserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		quota := Quota{Unit: rapid.SampledFrom([]QuotaUnit{QuotaCall, QuotaMegabyte}).Draw(t, "unit"), Amount: amount(rapid.Int64Range(1, 20).Draw(t, "amount"))}
		e, err := NewEntitlement(purpose.Industry, quota, noon)
		if err != nil {
			t.Fatal(err)
		}
		var charged int64
		for _, size := range rapid.SliceOf(rapid.Int64Range(0, 5*Megabyte)).Draw(t, "sizes") {
			charge, err := Use(e, Attempt{purpose.Industry, UsageRows, size}, noon)
			if err != nil {
				refusal := fault.All(err)[0]
				if refusal.Code != "QUOTA_EXHAUSTED" || *e.Remaining() > 0 && refusal.Params["needed"].(int64) <= *e.Remaining() {
					t.Fatalf("refused with %v while %d remain", err, *e.Remaining())
				}
				continue
			}
			charged += charge.Amount
			e.Used = charge.Used
			if charge.Used != charged || charge.Used+*charge.Remaining != *e.Quota || *charge.Remaining != *e.Remaining() {
				t.Fatalf("charge %+v after %d of %d", charge, charged, *e.Quota)
			}
		}
	})
}

func TestCheckFreeUse(t *testing.T) {
	document := uuid.UUID{1}
	scenario := "为全市孤独症儿童康复机构提供免费查询服务"
	for _, row := range []struct {
		sentence    string
		application FreeUse
		codes       string
	}{
		{"a scenario, a document and a free purpose suffice", FreeUse{purpose.Welfare, scenario, []uuid.UUID{document}}, ""},
		{"a purpose that pays is not free", FreeUse{purpose.Industry, scenario, []uuid.UUID{document}}, "PURPOSE_NOT_FREE"},
		{"everything wrong is told at once", FreeUse{}, "PURPOSE_UNKNOWN SCENARIO_LENGTH EVIDENCE_MISSING"},
		{"ten characters are a scenario", FreeUse{purpose.Governance, strings.Repeat("数", 10), []uuid.UUID{document}}, ""},
		{"nine characters among blanks are none", FreeUse{purpose.Governance, "  " + strings.Repeat("数", 9) + "  ", []uuid.UUID{document}}, "SCENARIO_LENGTH"},
		{"2000 characters are the most", FreeUse{purpose.Governance, strings.Repeat("数", 2000), []uuid.UUID{document}}, ""},
		{"2001 are too many", FreeUse{purpose.Governance, strings.Repeat("数", 2001), []uuid.UUID{document}}, "SCENARIO_LENGTH"},
		{"twenty documents are the most", FreeUse{purpose.Governance, scenario, documents(20)}, ""},
		{"twenty-one are too many", FreeUse{purpose.Governance, scenario, documents(21)}, "EVIDENCE_TOO_MUCH"},
		{"a document without an id is none", FreeUse{purpose.Governance, scenario, []uuid.UUID{{}}}, "EVIDENCE_INVALID"},
	} {
		t.Run(row.sentence, func(t *testing.T) { refusedWith(t, CheckFreeUse(row.application), row.codes) })
	}
}

func documents(n int) []uuid.UUID {
	all := make([]uuid.UUID, n)
	for i := range all {
		all[i] = uuid.UUID{byte(i + 1)}
	}
	return all
}
