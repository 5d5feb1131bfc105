package authorisation

import "slices"

// What may be sold is one question, what may be used another. A product that is no longer sold goes on serving the rights
// that run, unless the supply of its data is broken: its agreement, its operator, a resource, a grant, the protection of an
// item, its review or its dataset. Where the agreement only came to its end, by expiry or exit, governance and welfare users
// are not cut off (CITY: exit must not cut them off); termination and rectification cut off everybody.

// stopsPaid are the consequences of an agreement that came to its end: who pays is served no more.
var stopsPaid = []ObstacleCode{AgreementEnded, GrantEnded}

// stopsAll are the obstacles of supply: nobody is served. Every other obstacle stops selling only.
var stopsAll = []ObstacleCode{
	AgreementNotInForce, OperatorNotVerified, ResourceNotPublished, ProviderConsentMissing, ItemNotGranted, PurposeNotGranted,
	ItemWithdrawn, ItemNotClassified, ItemCoreNeverGranted, ItemUnprotected, LinkedItemNotAggregated, DatasetMissing,
	DatasetRefusedObstacle, NotReviewed,
}

// Stoppers are the obstacles that stop the use of a product for a purpose that is free, or for one that pays.
func Stoppers(free bool) []ObstacleCode {
	if free {
		return slices.Clone(stopsAll)
	}
	return slices.Concat(stopsPaid, stopsAll)
}

// OffMarketServing are the states, beside LISTED, in which a product serves the rights that run.
var OffMarketServing = []ProductStatus{ProductSuspended, ProductRetired}

// MayBeServed decides whether rights to a product in a status may be used, kept off the market for an obstacle ("" for none).
func MayBeServed(status ProductStatus, suspension ObstacleCode, free bool) bool {
	return status == ProductListed || slices.Contains(OffMarketServing, status) && !slices.Contains(Stoppers(free), suspension)
}

// Suspension returns the obstacle that a product is to be kept off the market for now, "" for none, and whether that is to
// be saved: what is listed leaves the market for it. found are its Obstacles.
//
// An obstacle of supply counts before one of selling. A suspended product only gets a worse one, for it is its operator who
// lists it again; a retired one, which nobody lists again, serves once more when the supply is mended. That an agreement
// ran out reopens nothing that its rectification or termination closed.
func Suspension(p Product, found []Obstacle) (because Obstacle, change bool) {
	worst := worstOf(found)
	before, now := severity(p.Suspension), severity(worst.Code)
	switch {
	case p.Status == ProductListed:
		return worst, len(found) > 0
	case p.Status == ProductSuspended:
		return worst, now > before
	case p.Status != ProductRetired, p.Suspension == AgreementNotInForce && now == 1:
		return worst, false
	case now == 0:
		return Obstacle{}, before > 0
	}
	return worst, worst.Code != p.Suspension
}

// worstOf returns the first of the obstacles that stop the most.
func worstOf(found []Obstacle) (worst Obstacle) {
	for i, o := range found {
		if i == 0 || severity(o.Code) > severity(worst.Code) {
			worst = o
		}
	}
	return worst
}

// severity is 2 for what stops all use, 1 for what stops paid use, 0 for what stops selling only.
func severity(code ObstacleCode) int {
	switch {
	case slices.Contains(stopsAll, code):
		return 2
	case slices.Contains(stopsPaid, code):
		return 1
	}
	return 0
}
