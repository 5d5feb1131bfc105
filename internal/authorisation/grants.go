package authorisation

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// Grant is the right of an operator to use data items for some purposes during some days (分批授权).
type Grant struct {
	ID          uuid.UUID
	AgreementID uuid.UUID
	Status      GrantStatus
	ItemIDs     []uuid.UUID
	Purposes    []purpose.Purpose
	// StartsOn and EndsOn are the first and the last day.
	StartsOn, EndsOn Day
}

// ActiveOn reports whether the grant holds on a day: it is ACTIVE and the day is in its period.
func (g Grant) ActiveOn(day Day) bool {
	return g.Status == GrantActive && Term{g.StartsOn, g.EndsOn}.Contains(day)
}

// Covers reports whether the item is among those granted.
func (g Grant) Covers(itemID uuid.UUID) bool { return slices.Contains(g.ItemIDs, itemID) }

// Allows reports whether p is among the purposes granted.
func (g Grant) Allows(p purpose.Purpose) bool { return slices.Contains(g.Purposes, p) }

// GrantApplication is what an operator asks for (资源申请).
type GrantApplication struct {
	ItemIDs          []uuid.UUID
	Purposes         []purpose.Purpose
	StartsOn, EndsOn Day
}

// ApplyGrant returns everything that is wrong with an application under the operator's agreement, in the order of the input:
// AGREEMENT_NOT_IN_FORCE; at input.itemIds ITEMS_MISSING, ITEM_TWICE, NOT_FOUND and what Grantable says of an item;
// at input.purposes PURPOSES_MISSING, PURPOSE_UNKNOWN, PURPOSE_TWICE; at input.startsOn and input.endsOn GRANT_PERIOD_INVALID
// (a grant begins today at the earliest and ends no earlier than it begins), GRANT_PRECEDES_AGREEMENT and GRANT_OUTLIVES_AGREEMENT.
// resources are those that the operator can see, with all their items; an item in none of them is NOT_FOUND.
func ApplyGrant(application GrantApplication, agreement Agreement, resources []Resource, now time.Time) error {
	today := DayOf(now)
	var wrong fault.List
	if application.StartsOn.IsZero() || application.StartsOn.Before(today) {
		wrong = append(wrong, grantPeriodInvalid("input.startsOn"))
	}
	return slices.Concat(
		agreementInForce(agreement, today),
		checkItems(application.ItemIDs, resources),
		checkPurposes(application.Purposes),
		wrong,
		checkPeriod(application.StartsOn, application.EndsOn, agreement),
	).OrNil()
}

// ActivateGrant decides whether an applied grant becomes active once its proceeding is approved.
// What ApplyGrant looks at is looked at again, for it may have changed since; only a first day in the past no longer matters.
func ActivateGrant(grant Grant, agreement Agreement, resources []Resource, now time.Time) (GrantStatus, error) {
	if err := Move(grant.Status, GrantActive); err != nil {
		return "", err
	}
	err := slices.Concat(
		agreementInForce(agreement, DayOf(now)),
		checkItems(grant.ItemIDs, resources),
		checkPurposes(grant.Purposes),
		checkPeriod(grant.StartsOn, grant.EndsOn, agreement),
	).OrNil()
	if err != nil {
		return "", err
	}
	return GrantActive, nil
}

func agreementInForce(agreement Agreement, today Day) fault.List {
	if agreement.InForce(today) {
		return nil
	}
	return fault.List{fault.New(fault.Conflict, "AGREEMENT_NOT_IN_FORCE", "The operation agreement is not in force.")}
}

func checkItems(ids []uuid.UUID, resources []Resource) fault.List {
	if len(ids) == 0 {
		return fault.List{fault.New(fault.Invalid, "ITEMS_MISSING", "A grant names at least one data item.").At("input.itemIds")}
	}
	type place struct {
		resource Resource
		item     Item
	}
	places := map[uuid.UUID]place{}
	for _, resource := range resources {
		for _, item := range resource.Items {
			places[item.ID] = place{resource, item}
		}
	}
	var wrong fault.List
	seen := map[uuid.UUID]bool{}
	for i, id := range ids {
		field := "input.itemIds." + strconv.Itoa(i)
		at, found := places[id]
		switch {
		case seen[id]:
			wrong = append(wrong, fault.New(fault.Invalid, "ITEM_TWICE", "The same data item is named twice.").At(field))
		case !found:
			wrong = append(wrong, fault.Absent("data item").At(field))
		default:
			for _, reason := range Grantable(at.resource, at.item) {
				wrong = append(wrong, reason.At(field))
			}
		}
		seen[id] = true
	}
	return wrong
}

func checkPurposes(purposes []purpose.Purpose) fault.List {
	if len(purposes) == 0 {
		return fault.List{fault.New(fault.Invalid, "PURPOSES_MISSING", "A grant names at least one purpose.").At("input.purposes")}
	}
	var wrong fault.List
	for i, p := range purposes {
		field := "input.purposes." + strconv.Itoa(i)
		switch {
		case !p.Known():
			wrong = append(wrong, fault.New(fault.Invalid, "PURPOSE_UNKNOWN", "There is no such purpose.").At(field))
		case slices.Contains(purposes[:i], p):
			wrong = append(wrong, fault.New(fault.Invalid, "PURPOSE_TWICE", "The same purpose is named twice.").At(field))
		}
	}
	return wrong
}

func checkPeriod(startsOn, endsOn Day, agreement Agreement) fault.List {
	var wrong fault.List
	if endsOn.IsZero() || endsOn.Before(startsOn) {
		wrong = append(wrong, grantPeriodInvalid("input.endsOn"))
	}
	if !startsOn.IsZero() && startsOn.Before(agreement.StartsOn) {
		wrong = append(wrong, fault.New(fault.Invalid, "GRANT_PRECEDES_AGREEMENT",
			"The grant begins before the operation agreement, on %s.", agreement.StartsOn).
			At("input.startsOn").With("agreementStartsOn", agreement.StartsOn.String()))
	}
	if endsOn.After(agreement.EndsOn) {
		wrong = append(wrong, fault.New(fault.Invalid, "GRANT_OUTLIVES_AGREEMENT",
			"The grant ends after the operation agreement, on %s.", agreement.EndsOn).
			At("input.endsOn").With("agreementEndsOn", agreement.EndsOn.String()))
	}
	return wrong
}

func grantPeriodInvalid(field string) *fault.Error {
	return fault.New(fault.Invalid, "GRANT_PERIOD_INVALID",
		"A grant begins today at the earliest and ends no earlier than it begins.").At(field)
}
