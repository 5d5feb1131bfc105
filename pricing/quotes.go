package pricing

import (
	"github.com/govalues/decimal"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// Request is what a quote is asked for.
type Request struct {
	Purpose  purpose.Purpose
	Tariff   Tariff
	Quantity int64 // calls, megabytes, periods or 1, as the tariff's mode says
	// Cap in force for the product and the mode. A paid use needs it unless Trial.
	Cap *Cap
	// Trial says that the price is a trial price (试行收费标准), for which no cap need exist yet (P65).
	Trial bool
	// VATRate is the policy's, 0.06 for 6 %. Prices include VAT.
	VATRate decimal.Decimal
}

// Reason says why a quote costs what it costs.
type Reason string

// The purpose alone decides between the two (P65 §1, CITY 11.2); a paid use may still be priced at 0.
const (
	FreeByPurpose Reason = "FREE_BY_PURPOSE"
	PaidByPurpose Reason = "PAID_BY_PURPOSE"
)

// Values lists the stored forms.
func (Reason) Values() []string { return []string{"FREE_BY_PURPOSE", "PAID_BY_PURPOSE"} }

// Quotation is what an order of the quantity would cost and carry. TotalFen = NetFen + VATFen = the sum of the lines.
type Quotation struct {
	Purpose  purpose.Purpose
	Quantity int64
	Lines    []Line
	NetFen   Fen // what is shared
	VATFen   Fen
	TotalFen Fen
	VATRate  decimal.Decimal
	Cap      *Cap // the cap that was handed in, a copy
	Trial    bool
	Reason   Reason
	Quota    Quota
}

// Quota is what an order carries.
type Quota struct {
	// Calls is the number of calls bought, 0 when they are not counted.
	Calls int64
	// Megabytes is the volume bought, 0 when it is not counted.
	Megabytes int64
	// Months is the term bought, 0 when the tariff says nothing of one.
	Months int
	// Unlimited says that use is not counted.
	Unlimited bool
}

// Quote prices a quantity for a purpose.
// Use for governance and welfare is free: the lines show the list price with the amount 0, and no cap is asked for
// (P65 §1). Other use pays the lines' sum, which may not exceed the cap at this quantity (P65); VAT is the total less
// total/(1+rate) rounded half-up once.
//
// Refused with everything that is wrong at once: PURPOSE_MISSING, PURPOSE_INVALID, QUANTITY_INVALID, VAT_RATE_INVALID,
// CAP_MISSING and the faults of tariff and cap; else with those of CheckCap.
func Quote(r Request) (Quotation, error) {
	if err := r.faults().OrNil(); err != nil {
		return Quotation{}, err
	}
	q := Quotation{
		Purpose: r.Purpose, Quantity: r.Quantity, Lines: r.Tariff.model().lines(r.Quantity),
		VATRate: r.VATRate, Trial: r.Trial, Reason: PaidByPurpose, Quota: r.Tariff.quota(r.Quantity),
	}
	if r.Cap != nil {
		copied := *r.Cap
		q.Cap = &copied
	}
	if r.Purpose.Free() {
		q.Reason = FreeByPurpose
		for i := range q.Lines {
			q.Lines[i].AmountFen = 0
		}
		return q, nil
	}
	q.TotalFen = sum(q.Lines)
	q.NetFen = net(q.TotalFen, r.VATRate)
	q.VATFen = q.TotalFen - q.NetFen
	if q.Cap != nil {
		rate, err := q.Cap.rateFor(r.Tariff)
		if err != nil {
			return Quotation{}, err
		}
		if e := effective(q.Quantity, q.TotalFen, times(rate, q.Quantity)); e.OverCap() {
			return Quotation{}, overCap(e, *q.Cap)
		}
	}
	return q, nil
}

func (r Request) faults() fault.List {
	var list fault.List
	switch {
	case r.Purpose == "":
		list = append(list, fault.New(fault.Invalid, "PURPOSE_MISSING", "Say what the data is for.").At("purpose"))
	case !r.Purpose.Known():
		list = append(list, fault.New(fault.Invalid, "PURPOSE_INVALID", "This is no purpose of using public data.").At("purpose"))
	}
	if wrong := r.Tariff.faults("tariff"); len(wrong) > 0 {
		list = append(list, wrong...)
	} else {
		list = append(list, r.Tariff.quantityFaults(r.Quantity)...)
	}
	if r.VATRate.IsNeg() || r.VATRate.Cmp(decimal.One) > 0 || r.VATRate.Scale() > MaxRateDecimals {
		list = append(list, fault.New(fault.Invalid, "VAT_RATE_INVALID", "A VAT rate is 0 to 1 with at most %d decimals.", MaxRateDecimals).At("vatRate"))
	}
	if r.Purpose.Known() && !r.Purpose.Free() {
		switch {
		case r.Cap != nil:
			list = append(list, r.Cap.faults("cap")...)
		case !r.Trial:
			list = append(list, fault.New(fault.Conflict, "CAP_MISSING", "The product has neither a price cap nor a trial price.").At("cap"))
		}
	}
	return list
}

// net returns total/(1+rate) rounded half-up once; the rate is valid.
func net(total Fen, rate decimal.Decimal) Fen {
	const one = 1_000_000
	fen, _ := multiplyDivide(uint64(total), one, one+micro(rate)) // at most total
	return Fen(fen)
}

func (t Tariff) quota(quantity int64) Quota {
	switch t.Mode {
	case PerCall:
		return Quota{Calls: quantity}
	case PerVolume:
		return Quota{Megabytes: quantity}
	case PerPeriod:
		return Quota{Months: int(quantity) * t.PeriodMonths, Unlimited: true}
	}
	return Quota{Unlimited: true}
}
