package authorisation

import (
	"slices"
	"testing"
)

func TestWhatStopsServiceAndWhatStopsSellingOnly(t *testing.T) {
	nobody := []ObstacleCode{
		"AGREEMENT_NOT_IN_FORCE", "OPERATOR_NOT_VERIFIED", "RESOURCE_NOT_PUBLISHED", "PROVIDER_CONSENT_MISSING", "ITEM_NOT_GRANTED",
		"PURPOSE_NOT_GRANTED", "ITEM_WITHDRAWN", "ITEM_NOT_CLASSIFIED", "ITEM_CORE_NEVER_GRANTED", "ITEM_UNPROTECTED",
		"LINKED_ITEM_NOT_AGGREGATED", "DATASET_MISSING", "DATASET_REFUSED", "NOT_REVIEWED",
	}
	freeOnly := []ObstacleCode{"AGREEMENT_ENDED", "GRANT_ENDED"}
	for _, name := range append(ObstacleCode("").Values(), "") {
		code := ObstacleCode(name)
		free, paid := !slices.Contains(nobody, code), !slices.Contains(nobody, code) && !slices.Contains(freeOnly, code)
		for _, status := range ProductStatus("").Values() {
			s := ProductStatus(status)
			off := s == ProductSuspended || s == ProductRetired
			if got := MayBeServed(s, code, true); got != (s == ProductListed || off && free) {
				t.Errorf("%s for %q serves free use: %t", s, code, got)
			}
			if got := MayBeServed(s, code, false); got != (s == ProductListed || off && paid) {
				t.Errorf("%s for %q serves paid use: %t", s, code, got)
			}
		}
	}
}

func TestSuspension(t *testing.T) {
	for _, row := range []struct {
		sentence string
		status   ProductStatus
		before   ObstacleCode
		found    []ObstacleCode
		want     ObstacleCode
		change   bool
	}{
		{"what is in order stays listed", ProductListed, "", nil, "", false},
		{"a price takes it down", ProductListed, "", []ObstacleCode{PriceOverCap}, PriceOverCap, true},
		{"supply counts before selling", ProductListed, "", []ObstacleCode{DescriptionMissing, ResourceNotPublished, PriceOverCap}, ResourceNotPublished, true},
		{"what stops all counts before what stops who pays", ProductListed, "", []ObstacleCode{AgreementEnded, ItemWithdrawn}, ItemWithdrawn, true},
		{"of its operator's suspension nothing becomes a price's", ProductSuspended, "", []ObstacleCode{PriceOverCap}, "", false},
		{"a broken supply stops what was suspended for its price", ProductSuspended, PriceOverCap, []ObstacleCode{ResourceNotPublished}, ResourceNotPublished, true},
		{"and what only free users use", ProductSuspended, AgreementEnded, []ObstacleCode{AgreementEnded, ResourceNotPublished}, ResourceNotPublished, true},
		{"a mended supply leaves it to its operator", ProductSuspended, ResourceNotPublished, nil, ResourceNotPublished, false},
		{"the end of an agreement is no relief from rectification", ProductSuspended, AgreementNotInForce, []ObstacleCode{AgreementEnded}, AgreementNotInForce, false},
		{"a retired product stops with its supply", ProductRetired, "", []ObstacleCode{ItemNotGranted}, ItemNotGranted, true},
		{"and serves again with it", ProductRetired, ItemNotGranted, []ObstacleCode{PriceOverCap}, "", true},
		{"a price is nothing to it", ProductRetired, "", []ObstacleCode{PriceOverCap}, "", false},
		{"what it was suspended for is kept", ProductRetired, PriceOverCap, nil, PriceOverCap, false},
		{"nor does the end of its agreement reopen it", ProductRetired, AgreementNotInForce, []ObstacleCode{AgreementEnded, GrantEnded}, AgreementNotInForce, false},
		{"a mended resource does, for free users", ProductRetired, ResourceNotPublished, []ObstacleCode{AgreementEnded}, AgreementEnded, true},
		{"a draft has none", ProductDraft, "", []ObstacleCode{NotReviewed}, "", false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			var found []Obstacle
			for _, code := range row.found {
				found = append(found, Obstacle{Code: code})
			}
			because, change := Suspension(Product{Status: row.status, Suspension: row.before}, found)
			if change != row.change || change && because.Code != row.want {
				t.Errorf("it is kept off for %q, %t", because.Code, change)
			}
		})
	}
}
