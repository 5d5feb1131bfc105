package market

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// QuoteInput is what a price is asked for.
type QuoteInput struct {
	ProductID, PlanID uuid.UUID
	Purpose           purpose.Purpose
	Quantity          int64
	// Channel is ONLINE where it is empty.
	Channel pricing.ServiceChannel
	// Scenario is for what it is used, where policy gives a discount for that; "" for none.
	Scenario string
}

// quoted is a quotation with the facts that an order copies.
type quoted struct {
	store.Offer
	Quotation pricing.Quotation
	// Scenario is the one that it is for, nil for none.
	Scenario *ordering.Scenario
	// ReservedFor is how long an order waits for its payment.
	ReservedFor time.Duration
}

// Quote says what a purchase would cost the viewer, by the class of its organisation, or a month of so many uses; anybody who sees the product may ask.
// Refused with NOT_FOUND, PRODUCT_NOT_LISTED, PLAN_WITHDRAWN, PLAN_SOLD_OUT and as pricing.Quote says.
func (m *Market) Quote(ctx context.Context, in QuoteInput) (pricing.Quotation, error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return pricing.Quotation{}, err
	}
	offer, err := m.Store.Offer(ctx, in.ProductID, in.PlanID)
	if err != nil {
		return pricing.Quotation{}, err
	}
	return quote(offer, in, policies, authorisation.DayOf(m.Store.Now()))
}

// DiscountScenarios are the scenarios for which policy gives a discount today, each once.
func (m *Market) DiscountScenarios(ctx context.Context) ([]*ordering.Scenario, error) {
	policies, err := m.Store.Policies(ctx)
	return policies.Scenarios, err
}

// stops refuses to sell a plan that breaks the cap in force at some quantity, with PRICE_OVER_CAP, or whose trial is over, with TRIAL_OVER
// (P65): the plan stops, whatever quantity is asked for. What is free needs no price.
func stops(offer store.Offer, p purpose.Purpose, policy pricing.Policy, today authorisation.Day) (err error) {
	switch {
	case p.Free():
	case offer.Trial && authorisation.TrialOver(offer.OperatesSince, policy.TrialMonths, today):
		return trialOver().At("input.planId")
	case !offer.Trial && offer.Cap != nil:
		err = pricing.CheckCap(offer.Tariff, *offer.Cap)
	}
	return at(err, map[string]string{"": "input.planId"})
}

func soldOut() *fault.Error {
	return fault.New(fault.Conflict, "PLAN_SOLD_OUT", "This plan is limited in number, and none is left.").At("input.planId")
}

func trialOver() *fault.Error {
	return fault.New(fault.Conflict, "TRIAL_OVER", "Trial prices ended with the operator's first complete operating year.")
}

// quotation is Quote inside the transaction that places an order: the order uses the same rule on the same facts.
func (m *Market) quotation(ctx context.Context, tx *store.Tx, policies store.Policies, in QuoteInput) (quoted, error) {
	offer, err := tx.Offer(ctx, in.ProductID, in.PlanID)
	if err != nil {
		return quoted{}, err
	}
	q, err := quote(offer, in, policies, authorisation.DayOf(tx.Now()))
	return quoted{offer, q, policies.Scenario(in.Scenario), time.Duration(policies.ReservationHours) * time.Hour}, err
}

func quote(offer store.Offer, in QuoteInput, policies store.Policies, today authorisation.Day) (pricing.Quotation, error) {
	switch {
	case offer.ProductStatus != authorisation.ProductListed:
		return pricing.Quotation{}, fault.New(fault.Conflict, "PRODUCT_NOT_LISTED", "This product is not on the market.").At("input.productId")
	case offer.Withdrawn:
		return pricing.Quotation{}, fault.New(fault.Conflict, "PLAN_WITHDRAWN", "This plan is no longer sold.").At("input.planId")
	case offer.Limited && offer.Left == 0 && !in.Purpose.Free():
		return pricing.Quotation{}, soldOut()
	}
	if in.Scenario != "" && policies.Scenario(in.Scenario) == nil {
		return pricing.Quotation{}, fault.New(fault.Invalid, "SCENARIO_UNKNOWN", "No policy in force gives a discount for this scenario.").At("input.scenario")
	}
	if err := stops(offer, in.Purpose, policies.Pricing, today); err != nil {
		return pricing.Quotation{}, err
	}
	request := pricing.Request{
		Terms: pricing.Terms{
			Purpose: in.Purpose, Tariff: offer.Tariff, Class: offer.UserClass, Scenario: in.Scenario, Discounts: policies.Discounts, Cap: offer.Cap, VATRate: policies.VATRate,
		},
		Channel: cmp.Or(in.Channel, pricing.Online), Quantity: in.Quantity, Trial: offer.Trial, Settlement: offer.Settlement,
	}
	if offer.Trial {
		request.Cap = nil // a trial price is held against no cap (P65)
	}
	q, err := pricing.Quote(request)
	return q, at(err, map[string]string{"purpose": "input.purpose", "quantity": "input.quantity", "cap": "input.planId"})
}

// at gives the faults in err the paths that the input of a use-case has, where its rule knows them by another name.
func at(err error, paths map[string]string) error {
	faults := fault.All(err)
	if len(faults) == 0 {
		return err
	}
	renamed := make(fault.List, len(faults))
	for i, f := range faults {
		renamed[i] = f
		if to, ok := paths[f.Field]; ok {
			renamed[i] = f.At(to)
		}
	}
	return renamed
}
