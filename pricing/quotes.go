package pricing

import (
	"sort"

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
// total/(1+rate) rounded half-up once. What costs something is never rounded down to nothing: a total below a fen is refused,
// or the same quantity would be free as long as it is bought in small orders.
//
// Refused with everything that is wrong at once: PURPOSE_MISSING, PURPOSE_INVALID, QUANTITY_INVALID, VAT_RATE_INVALID,
// CAP_MISSING and the faults of tariff and cap; else with TOTAL_BELOW_FEN at quantity (param minimum: the least quantity that
// costs a fen, absent where none does), and with those of CheckCap.
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
	if q.TotalFen == 0 && r.Tariff.costs(r.Quantity) {
		return Quotation{}, r.Tariff.belowFen(r.Quantity)
	}
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

// costs reports whether a quantity costs more than nothing before rounding.
func (t Tariff) costs(quantity int64) bool {
	for _, line := range t.model().lines(quantity) {
		if !line.Rate.IsZero() {
			return true
		}
	}
	return false
}

// belowFen names the least quantity above the one asked for that costs a fen. Between two changes of the tariff's band
// totals only grow, so there it is found by bisection; across them they need not, as a band may be free.
func (t Tariff) belowFen(quantity int64) error {
	f := fault.New(fault.Invalid, "TOTAL_BELOW_FEN", "This quantity costs less than a fen. Order more of it at once.").At("quantity")
	for _, p := range t.model().pieces(t.quantityLimit()) {
		from := max(p.from, quantity+1)
		if from > p.to || p.total(p.to) == 0 {
			continue
		}
		more := sort.Search(int(p.to-from), func(i int) bool { return p.total(from+int64(i)) > 0 })
		return f.With("minimum", from+int64(more))
	}
	return f
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
