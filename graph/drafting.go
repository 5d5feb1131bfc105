package graph

import (
	"gongshu/graph/model"
	"gongshu/graph/scalar"
	"gongshu/internal/market"
)

// planCheck shows a verdict; rates have two decimals at least, as money does.
func planCheck(v market.PlanVerdict) (*model.PlanCheck, error) {
	errs, err := refusals(v.Refusal)
	out := &model.PlanCheck{Errors: errs, Cap: v.Cap}
	if v.Dearest != nil {
		out.Effective = &model.EffectivePrice{Quantity: v.Dearest.Quantity, Total: *scalar.Yuan(v.Dearest.TotalFen), Rate: v.Dearest.Rate.Trim(rateDecimals)}
	}
	if m := v.Margin; m != nil {
		capRate, left := m.CapRate.Trim(rateDecimals), m.LeftRate.Trim(rateDecimals)
		out.CapRate, out.LeftRate, out.UsedPercent = &capRate, &left, m.UsedPercent
		out.Effective.Limit = scalar.Yuan(m.Worst.LimitFen)
	}
	return out, err
}

const rateDecimals = 2

func pointers[T any](values []T) []*T {
	out := make([]*T, len(values))
	for i := range values {
		out[i] = &values[i]
	}
	return out
}
