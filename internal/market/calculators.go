package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
	"gongshu/pricing"
)

// The calculators are for everybody: they answer by the rules themselves, with the policy in force, and keep nothing.

// CalculatePermittedRevenue says what a cost survey comes to. Refused as CostSurveyReport refuses a survey, with paths below input.
func (m *Market) CalculatePermittedRevenue(ctx context.Context, survey pricing.CostSurvey) (pricing.PermittedRevenue, error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return pricing.PermittedRevenue{}, err
	}
	wrong := append(fault.All(policies.Pricing.CheckSurvey(survey, "input")), checkSurveyTexts(survey, "input")...)
	if err := fault.List(wrong).OrNil(); err != nil {
		return pricing.PermittedRevenue{}, err
	}
	permitted, err := pricing.Permit(survey)
	return permitted, at(err, map[string]string{"": "input", "yieldPercent": "input.yieldPercent"})
}

// CalculateDeviation says how revenue stands to what was permitted, by a tolerance or, without one, the policy's.
func (m *Market) CalculateDeviation(ctx context.Context, actual, permitted pricing.Fen, tolerance *decimal.Decimal) (pricing.Deviation, decimal.Decimal, error) {
	if tolerance == nil {
		policies, err := m.Store.Policies(ctx)
		if err != nil {
			return pricing.Deviation{}, decimal.Decimal{}, err
		}
		tolerance = &policies.Pricing.Tolerance
	}
	found, err := pricing.Deviate(actual, permitted, *tolerance)
	return found, *tolerance, at(err, map[string]string{"actualFen": "input.actual", "permittedFen": "input.permitted", "tolerance": "input.tolerance"})
}

// CalculateCarryOver says what a cycle earned too much, and how that is deducted from those after it. Refused as pricing.CarryOver refuses,
// with paths below input.
func (m *Market) CalculateCarryOver(years []pricing.CycleYear, cycles int, following []pricing.Fen) (pricing.CarriedOver, error) {
	out, err := pricing.CarryOver(years, cycles, following)
	if err == nil {
		return out, nil
	}
	var wrong fault.List
	for _, f := range fault.All(err) {
		wrong = append(wrong, f.At(strings.TrimSuffix("input."+f.Field, ".")))
	}
	return out, cmp.Or(wrong.OrNil(), err)
}

// CalculateSplit shares an amount by a rule.
func (m *Market) CalculateSplit(rule pricing.AllocationRule, amount pricing.Fen) ([]pricing.Share, error) {
	if err := rule.Validate("input"); err != nil {
		return nil, err
	}
	shares, err := rule.Split(amount)
	return shares, at(err, map[string]string{"": "input.amount"})
}

// MaxChargedUses bounds the uses of one calculation.
const MaxChargedUses = 1000

// ChargeInput is a tariff and the uses of one user in one month, in any order.
type ChargeInput struct {
	Tariff  pricing.Tariff
	Purpose purpose.Purpose
	Class   pricing.UserClass
	// Cap is in yuan per unit of the tariff, nil for none.
	Cap  *decimal.Decimal
	Uses []pricing.Use
}

// CalculateCharge rates the uses as their month's bill would, with nothing carried over; it says the VAT rate too. Refused with
// everything that is wrong with the tariff, USES_OUT_OF_RANGE, USER_CLASS_INVALID, SUBJECT_INVALID, and as pricing.Rating.Add says, each at its use.
func (m *Market) CalculateCharge(ctx context.Context, in ChargeInput) (pricing.Rated, decimal.Decimal, error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return pricing.Rated{}, decimal.Decimal{}, err
	}
	if n := len(in.Uses); n < 1 || n > MaxChargedUses {
		return pricing.Rated{}, decimal.Decimal{}, fault.New(fault.Invalid, "USES_OUT_OF_RANGE", "A calculation has 1 to %d uses.", MaxChargedUses).
			With("max", MaxChargedUses).At("input.uses")
	}
	if err := in.Class.Validate("input.userClass"); err != nil {
		return pricing.Rated{}, decimal.Decimal{}, err
	}
	for i, use := range in.Uses {
		if err := checkSubject(use.Subject); err != nil {
			return pricing.Rated{}, decimal.Decimal{}, atField(err, fmt.Sprintf("input.uses.%d.subject", i))
		}
	}
	terms := pricing.Terms{Tariff: in.Tariff, Purpose: in.Purpose, Class: in.Class, Discounts: policies.Discounts, VATRate: policies.VATRate}
	if in.Cap != nil {
		terms.Cap = &pricing.Cap{Mode: in.Tariff.Mode, Rate: *in.Cap, Period: in.Tariff.Period}
	}
	order := make([]int, len(in.Uses))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return in.Uses[a].At.Compare(in.Uses[b].At) })
	rating, err := terms.Rating(pricing.MonthOf(in.Uses[order[0]].At), pricing.Carried{})
	if err != nil {
		return pricing.Rated{}, decimal.Decimal{}, below(err, "input", map[string]string{"cap.rate": "cap"})
	}
	for place, i := range order {
		use := in.Uses[i]
		use.ID = fmt.Sprintf("%04d", place) // so that uses of one moment keep their order
		if use.Subject == "" {
			use.Subject = "\x00" + use.ID // about nobody: a subject of its own, as on a bill
		}
		if err := rating.Add(use); err != nil {
			return pricing.Rated{}, decimal.Decimal{}, below(err, fmt.Sprintf("input.uses.%d", i), map[string]string{"at": "usedAt"})
		}
	}
	rated, err := rating.Bill()
	return rated, policies.VATRate, err
}

// below puts the fields of faults below a place, by the names that they have there.
func below(err error, place string, names map[string]string) error {
	faults := fault.All(err)
	if len(faults) == 0 {
		return err
	}
	out := make(fault.List, len(faults))
	for i, f := range faults {
		field := f.Field
		if name, there := names[field]; there {
			field = name
		}
		out[i] = f.At(strings.TrimSuffix(place+"."+field, "."))
	}
	return out
}
