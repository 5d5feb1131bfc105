package market

import (
	"context"

	"github.com/govalues/decimal"

	"gongshu/pricing"
)

// The calculators are for everybody: they answer by the rules themselves, with the policy in force, and keep nothing.

// CalculatePermittedRevenue says what a cost survey comes to. Refused as CostSurveyReport refuses a survey, with paths below input.
func (m *Market) CalculatePermittedRevenue(ctx context.Context, survey pricing.CostSurvey) (pricing.PermittedRevenue, error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return pricing.PermittedRevenue{}, err
	}
	if err := policies.Pricing.CheckSurvey(survey, "input"); err != nil {
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

// CalculateSplit shares an amount by a rule.
func (m *Market) CalculateSplit(rule pricing.AllocationRule, amount pricing.Fen) ([]pricing.Share, error) {
	if err := rule.Validate("input"); err != nil {
		return nil, err
	}
	shares, err := rule.Split(amount)
	return shares, at(err, map[string]string{"": "input.amount"})
}
