package market

import (
	"slices"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// ProductActions are what the viewer may do about a product now, by the rules of the use-cases: given right input, none of
// these is refused, and every other one is. It reads nothing.
func (m *Market) ProductActions(v access.Viewer, p *db.Product, facts authorisation.Product, policies store.Policies) []authorisation.ProductAction {
	today := authorisation.DayOf(m.Store.Now())
	allowed := []authorisation.ProductAction{}
	for _, name := range authorisation.ProductAction("").Values() {
		act := authorisation.ProductAction(name)
		err := mayDo(v, act, p)
		if err == nil { // what the product is made of stands in the way of these besides
			switch act {
			case authorisation.SubmitProduct:
				_, err = authorisation.Submit(facts)
			case authorisation.ListProduct:
				_, err = authorisation.List(facts, policies.Listing, today)
			case authorisation.SetCap:
				err = setsCapsOf(v, facts.CapSetters)
			case authorisation.AddPlan:
				err = roomForPlan(len(facts.Plans))
			case authorisation.WithdrawPlan:
				err = somePlan(len(facts.Plans))
			}
		}
		if err == nil {
			allowed = append(allowed, act)
		}
	}
	return allowed
}

// doesAny refuses whoever may take an action about no product at all.
func doesAny(v access.Viewer, act authorisation.ProductAction) error {
	switch {
	case act == authorisation.SetCap && v.Is(access.IndustryAuthority) && !v.Is(access.ImplementingAgency):
		return v.MayAct(access.IndustryAuthority, access.Approver)
	case act == authorisation.SetCap, act == authorisation.SuspendProduct && v.Is(access.ImplementingAgency):
		return v.MayAct(access.ImplementingAgency, access.Approver)
	case act == authorisation.RecordRegistration:
		return v.MayAct(access.Registrar, access.Approver)
	case act == authorisation.ReviseProduct:
		return v.MayAct(access.Operator, access.Publisher, access.Member)
	default:
		return v.MayAct(access.Operator, access.Publisher)
	}
}

// mayDo refuses an action about a product as it stands: to those who may not take it, and in a state that does not allow it.
// To another operator the product is absent.
func mayDo(v access.Viewer, act authorisation.ProductAction, p *db.Product) error {
	if err := doesAny(v, act); err != nil {
		return err
	}
	byAgency := act == authorisation.SetCap || act == authorisation.SuspendProduct && v.Is(access.ImplementingAgency)
	if !byAgency && act != authorisation.RecordRegistration && v.OrganisationID != p.OperatorID {
		return fault.Absent("product")
	}
	switch act {
	case authorisation.ReviseProduct:
		return mayRevise(v, p.Status)
	case authorisation.UploadDataset:
		if err := notRetired(p.Status); err != nil {
			return err
		}
		if len(p.Dictionary) == 0 {
			return fault.New(fault.Conflict, "DICTIONARY_MISSING", "The product has no data dictionary yet.")
		}
	case authorisation.AddPlan, authorisation.AgreeAllocation, authorisation.SetCap:
		return notRetired(p.Status)
	case authorisation.SubmitProduct:
		return authorisation.Move(p.Status, authorisation.ProductSubmitted)
	case authorisation.RecordRegistration:
		_, err := registered(p.Status)
		return err
	case authorisation.SuspendProduct:
		if byAgency {
			_, err := suspendedByAgency(p)
			return err
		}
		return authorisation.Move(p.Status, authorisation.ProductSuspended)
	case authorisation.RetireProduct:
		return authorisation.Move(p.Status, authorisation.ProductRetired)
	}
	return nil // LIST: everything that stands in its way is told at once, by authorisation.List. WITHDRAW_PLAN: in any state
}

// registered is what a product becomes by a registrar's code: one that has a code already stays what it is, by a renewal.
func registered(status authorisation.ProductStatus) (authorisation.ProductStatus, error) {
	switch status {
	case authorisation.ProductRegistered, authorisation.ProductListed, authorisation.ProductSuspended:
		return status, nil
	}
	return authorisation.ProductRegistered, authorisation.Move(status, authorisation.ProductRegistered)
}

// suspendedByAgency is what a product becomes that the agency takes down: one that is off the market and serves stays there.
func suspendedByAgency(p *db.Product) (authorisation.ProductStatus, error) {
	if slices.Contains(authorisation.OffMarketServing, p.Status) && p.ReviewedAt != nil {
		return p.Status, nil
	}
	return authorisation.ProductSuspended, authorisation.Move(p.Status, authorisation.ProductSuspended)
}

func notRetired(status authorisation.ProductStatus) error {
	if status == authorisation.ProductRetired {
		return fault.New(fault.Conflict, "PRODUCT_RETIRED", "This product has left the market for good.")
	}
	return nil
}

// somePlan refuses to withdraw a plan where none is offered.
func somePlan(offered int) error {
	if offered == 0 {
		return fault.Absent("plan")
	}
	return nil
}

// roomForPlan refuses a plan beside so many that are offered.
func roomForPlan(offered int) error {
	if offered >= MaxPlans {
		return fault.New(fault.Conflict, "PLANS_TOO_MANY", "A product offers at most %d plans.", MaxPlans).With("max", MaxPlans)
	}
	return nil
}
