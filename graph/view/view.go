// Package view holds the shapes of the GraphQL edge that neither a row nor a rule has as they are.
package view

import (
	"github.com/govalues/decimal"

	"gongshu/graph/scalar"
	"gongshu/internal/fault"
	"gongshu/pricing"
)

// Node is any row that has an id; the rows are ent's and carry no method of ours.
type Node any

// PriceLine is a line of a quotation or a bill with the cap beside its rate.
type PriceLine struct {
	Rule          pricing.LineRule
	Variant, Band int
	From, To      *int64
	Quantity      int64
	Rate          *decimal.Decimal
	Amount        *scalar.Money
	Cap           *decimal.Decimal
	// PolicyID is the row of policy that a discount rests on, "" of all others.
	PolicyID string
}

// ChargeCalculation is what uses cost as it was calculated, or what is wrong with them.
type ChargeCalculation struct {
	Lines           []*PriceLine
	Priced          int64
	Net, Vat, Total *scalar.Money
	VatRate         *decimal.Decimal
	Errors          []*fault.Error
}

// Quota is what an order would let one use; absent is unlimited.
type Quota struct {
	Calls     *int64
	Megabytes *int64
	Items     *int64
	Term      *pricing.Period
}

// CapRate is the cap that a quotation was held against.
type CapRate struct {
	Mode   pricing.ChargingMode
	Rate   decimal.Decimal
	Period *pricing.Period
}

// Lines are the lines of a quotation or a bill as the edge shows them; binding is nil where no cap was held against them.
func Lines(lines []pricing.Line, binding *pricing.Cap) []*PriceLine {
	out := make([]*PriceLine, len(lines))
	for i, l := range lines {
		line := &PriceLine{Rule: l.Rule, Variant: l.Variant, Band: l.Band, Quantity: l.Quantity, Amount: scalar.Yuan(l.AmountFen), PolicyID: l.Policy}
		if l.From > 0 {
			line.From, line.To = &l.From, &l.To
		}
		switch l.Rule {
		case pricing.LineFlat, pricing.LineGraduatedBand, pricing.LineVolumeTier:
			line.Rate = &l.Rate
			if binding != nil {
				line.Cap = &binding.Rate
			}
		case pricing.LineCap:
			line.Rate = &l.Rate
		}
		out[i] = line
	}
	return out
}

// QuotaOf is a quotation's quota.
func QuotaOf(q pricing.Quota) *Quota {
	return &Quota{Calls: unlessZero(q.Calls), Megabytes: unlessZero(q.Megabytes), Items: unlessZero(q.Items), Term: PeriodOf(q.Term)}
}

// CapOf is a quotation's cap, nil when it had none.
func CapOf(q *pricing.Quotation) *CapRate {
	if q.Cap == nil {
		return nil
	}
	return &CapRate{Mode: q.Cap.Mode, Rate: q.Cap.Rate, Period: PeriodOf(q.Cap.Period)}
}

// PeriodOf is a period, nil where there is none.
func PeriodOf(p pricing.Period) *pricing.Period { return unlessZero(p) }

func unlessZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
