package authorisation

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

var operating = Agreement{ID: id(50), OperatorID: id(51), OperatorName: "运营公司", Status: AgreementOperating,
	StartsOn: on("2025-09-29"), EndsOn: on("2028-09-28")}

func TestApplyGrant(t *testing.T) {
	resources := []Resource{
		published(1, "企业信用信息库", plain(11, "企业名称"), plain(12, "信用评级")),
		published(2, "居民健康档案库", Item{ID: id(21), Name: "诊断时间"}),
	}
	good := GrantApplication{ItemIDs: []uuid.UUID{id(11), id(12)}, Purposes: []purpose.Purpose{purpose.Industry, purpose.Welfare},
		StartsOn: on("2026-01-05"), EndsOn: on("2028-09-28")}
	with := func(change func(*GrantApplication)) GrantApplication { a := good; change(&a); return a }
	expired := operating
	expired.Status = AgreementExpired

	for _, row := range []struct {
		sentence    string
		application GrantApplication
		agreement   Agreement
		codes       string
		field       string
	}{
		{"two items until the agreement's last day are fine", good, operating, "", ""},
		{"one day is a period", with(func(a *GrantApplication) { a.EndsOn = a.StartsOn }), operating, "", ""},
		{"without an agreement in force there is nothing to apply under", good, expired, "AGREEMENT_NOT_IN_FORCE", ""},
		{"a grant never outlives its agreement", with(func(a *GrantApplication) { a.EndsOn = on("2028-09-29") }), operating, "GRANT_OUTLIVES_AGREEMENT", "input.endsOn"},
		{"nothing is granted for the past", with(func(a *GrantApplication) { a.StartsOn = on("2026-01-04") }), operating, "GRANT_PERIOD_INVALID", "input.startsOn"},
		{"nothing ends before it begins", with(func(a *GrantApplication) { a.StartsOn = on("2026-03-01"); a.EndsOn = on("2026-02-28") }), operating, "GRANT_PERIOD_INVALID", "input.endsOn"},
		{"no item is no grant", with(func(a *GrantApplication) { a.ItemIDs = nil }), operating, "ITEMS_MISSING", "input.itemIds"},
		{"an item is named once", with(func(a *GrantApplication) { a.ItemIDs = []uuid.UUID{id(11), id(12), id(11)} }), operating, "ITEM_TWICE", "input.itemIds.2"},
		{"an item that is not there is not found", with(func(a *GrantApplication) { a.ItemIDs = []uuid.UUID{id(11), id(99)} }), operating, "NOT_FOUND", "input.itemIds.1"},
		{"an item that may not be granted is told", with(func(a *GrantApplication) { a.ItemIDs = []uuid.UUID{id(11), id(21)} }), operating, "ITEM_NOT_CLASSIFIED", "input.itemIds.1"},
		{"no purpose is no grant", with(func(a *GrantApplication) { a.Purposes = nil }), operating, "PURPOSES_MISSING", "input.purposes"},
		{"a purpose is one of the four", with(func(a *GrantApplication) { a.Purposes = []purpose.Purpose{"FUN"} }), operating, "PURPOSE_UNKNOWN", "input.purposes.0"},
		{"a purpose is named once", with(func(a *GrantApplication) { a.Purposes = []purpose.Purpose{purpose.Sector, purpose.Sector} }), operating, "PURPOSE_TWICE", "input.purposes.1"},
		{"everything wrong is told at once", GrantApplication{}, expired,
			"AGREEMENT_NOT_IN_FORCE ITEMS_MISSING PURPOSES_MISSING GRANT_PERIOD_INVALID GRANT_PERIOD_INVALID", ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			err := ApplyGrant(row.application, row.agreement, resources, on("2026-01-05").Start().Add(10*time.Hour))
			refusedWith(t, err, row.codes)
			if row.codes != "" && fault.All(err)[0].Field != row.field {
				t.Errorf("at %q, want %q", fault.All(err)[0].Field, row.field)
			}
		})
	}

	t.Run("nothing is granted before the agreement begins", func(t *testing.T) {
		err := ApplyGrant(with(func(a *GrantApplication) { a.StartsOn = on("2025-09-28") }), operating, resources, on("2025-09-28").Start())
		refusedWith(t, err, "AGREEMENT_NOT_IN_FORCE GRANT_PRECEDES_AGREEMENT")
	})
}

func TestActivateGrant(t *testing.T) {
	resource := published(1, "企业信用信息库", plain(11, "企业名称"))
	withdrawn := resource
	withdrawn.Status = ResourceWithdrawn
	applied := Grant{Status: GrantApplied, AgreementID: operating.ID, ItemIDs: []uuid.UUID{id(11)}, Purposes: []purpose.Purpose{purpose.Industry},
		StartsOn: on("2026-01-05"), EndsOn: on("2026-12-31")}
	active := applied
	active.Status = GrantActive
	later := on("2026-02-02").Start()

	to, err := ActivateGrant(applied, operating, []Resource{resource}, later)
	if to != GrantActive || err != nil {
		t.Errorf("decided after its first day it becomes %s, %v", to, err)
	}
	_, err = ActivateGrant(applied, operating, []Resource{withdrawn}, later)
	refusedWith(t, err, "RESOURCE_NOT_PUBLISHED")
	_, err = ActivateGrant(applied, operating, []Resource{resource}, on("2028-09-29").Start())
	refusedWith(t, err, "AGREEMENT_NOT_IN_FORCE")
	_, err = ActivateGrant(active, operating, []Resource{resource}, later)
	refusedWith(t, err, "MOVE_NOT_ALLOWED")
}

func TestGrantHolds(t *testing.T) {
	grant := Grant{ItemIDs: []uuid.UUID{id(1), id(2)}, Purposes: []purpose.Purpose{purpose.Welfare}, StartsOn: on("2026-01-05"), EndsOn: on("2026-12-31")}
	for _, status := range GrantStatus("").Values() {
		grant.Status = GrantStatus(status)
		for day, inPeriod := range map[string]bool{"2026-01-04": false, "2026-01-05": true, "2026-12-31": true, "2027-01-01": false} {
			if got, want := grant.ActiveOn(on(day)), inPeriod && status == "ACTIVE"; got != want {
				t.Errorf("%s on %s: active %v, want %v", status, day, got, want)
			}
		}
	}
	if !grant.Covers(id(2)) || grant.Covers(id(3)) {
		t.Error("covers the wrong items")
	}
	if !grant.Allows(purpose.Welfare) || grant.Allows(purpose.Industry) {
		t.Error("allows the wrong purposes")
	}
}
