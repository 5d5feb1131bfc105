// Package view holds the shapes of the GraphQL edge that neither a row nor a rule has as they are.
package view

import (
	"github.com/govalues/decimal"

	"gongshu/graph/scalar"
	"gongshu/pricing"
)

// Node is any row that has an id; the rows are ent's and carry no method of ours.
type Node any

// QuotationLine is a line of a quotation with the cap beside its rate.
type QuotationLine struct {
	Band     int
	Quantity int64
	Rate     decimal.Decimal
	Amount   *scalar.Money
	Cap      *decimal.Decimal
	Rule     pricing.LineRule
}

// Quota is what an order would let one use; absent is unlimited.
type Quota struct {
	Calls     *int64
	Megabytes *int64
	Months    *int
}

// CapRate is the cap that a quotation was held against.
type CapRate struct {
	Mode         pricing.ChargingMode
	Rate         decimal.Decimal
	PeriodMonths *int
}

// Lines are the lines of a quotation as the edge shows them.
func Lines(q *pricing.Quotation) []*QuotationLine {
	out := make([]*QuotationLine, len(q.Lines))
	for i, l := range q.Lines {
		out[i] = &QuotationLine{Band: l.Band, Quantity: l.Quantity, Rate: l.Rate, Amount: scalar.Yuan(l.AmountFen), Rule: l.Rule}
		if q.Cap != nil {
			out[i].Cap = &q.Cap.Rate
		}
	}
	return out
}

// QuotaOf is a quotation's quota.
func QuotaOf(q *pricing.Quotation) *Quota {
	out := &Quota{}
	if n := q.Quota.Calls; n > 0 {
		out.Calls = &n
	}
	if n := q.Quota.Megabytes; n > 0 {
		out.Megabytes = &n
	}
	if n := q.Quota.Term.InMonths(); n > 0 {
		out.Months = &n
	}
	return out
}

// CapOf is a quotation's cap, nil when it had none.
func CapOf(q *pricing.Quotation) *CapRate {
	if q.Cap == nil {
		return nil
	}
	out := &CapRate{Mode: q.Cap.Mode, Rate: q.Cap.Rate}
	if n := q.Cap.Period.InMonths(); n > 0 {
		out.PeriodMonths = &n
	}
	return out
}
