package pricing

import (
	"fmt"
	"sort"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// Request is what a quote is asked for.
type Request struct {
	Terms
	// Channel that the uses are served by, "" where the tariff does not tell them apart.
	Channel  ServiceChannel
	Quantity int64 // calls, megabytes, periods, items for a period or 1, as the tariff's mode says
	// Trial says that the price is a trial price (试行收费标准), for which no cap need exist yet (P65).
	Trial bool
	// Settlement of the plan; PREPAID where it is empty.
	Settlement Settlement
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

// Quotation is what an order of the quantity would cost and carry, or a month of so many uses. TotalFen = NetFen + VATFen =
// the sum of the lines.
type Quotation struct {
	Rated
	Purpose  purpose.Purpose
	Quantity int64
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
	// Items times periods bought, 0 when they are not counted.
	Items int64
	// Term bought, none when the tariff says nothing of one.
	Term Period
	// Unlimited says that use is not counted.
	Unlimited bool
}

// Quote prices a quantity for a purpose, as rating so many uses of one month would with nothing carried over.
// Use for governance and welfare is free: the lines show the list price with the amount 0, and no cap is asked for
// (P65 §1). Other use pays the lines' sum, which may not exceed the cap at this quantity (P65); VAT is the total less
// total/(1+rate) rounded half-up once. What is prepaid and costs something is never rounded down to nothing: a total below a
// fen is refused, or the same quantity would be free as long as it is bought in small orders. A discount of all of it leaves nothing to pay.
//
// Refused with everything that is wrong at once: PURPOSE_MISSING, PURPOSE_INVALID, QUANTITY_INVALID, VAT_RATE_INVALID,
// CAP_MISSING, those of CheckSettlement and the faults of tariff and cap; else with TOTAL_BELOW_FEN at quantity (param minimum: the least
// quantity that costs a fen, absent where none does) or TOTAL_TOO_LARGE there, and with those of CheckCap.
func Quote(r Request) (Quotation, error) {
	if err := r.faults().OrNil(); err != nil {
		return Quotation{}, err
	}
	t := &r.Tariff
	number := t.scheduleFor(r.Class, r.Channel)
	var counts counts
	counts[number].charged = r.Quantity
	if free := t.schedule(number).Free; free != nil {
		counts[number].free = min(r.Quantity, free.Quantity)
		counts[number].charged -= counts[number].free
	}
	q := Quotation{
		Rated: r.rate(&counts), Purpose: r.Purpose, Quantity: r.Quantity, VATRate: r.VATRate, Trial: r.Trial,
		Reason: PaidByPurpose, Quota: t.quota(r.Quantity),
	}
	if r.Settlement == Metered {
		q.Quota = Quota{Unlimited: true}
	}
	if r.Cap != nil {
		copied := *r.Cap
		q.Cap = &copied
	}
	switch {
	case r.Purpose.Free():
		q.Reason = FreeByPurpose
		return q, nil
	case r.Settlement != Metered && q.TotalFen == 0 && dearerThanNothing(q.Lines) && !r.discount().isWhole():
		return Quotation{}, r.belowFen(number)
	case q.TotalFen > MaxTotalFen:
		return Quotation{}, fault.New(fault.Invalid, "TOTAL_TOO_LARGE", "A total is at most %s yuan.", Fen(MaxTotalFen)).
			With("max", Fen(MaxTotalFen).String()).At("quantity")
	case q.Cap == nil:
		return q, nil
	}
	rate, err := q.Cap.rateFor(t)
	if err != nil {
		return Quotation{}, err
	}
	if e := effective(q.Priced, q.TotalFen, times(rate, q.Priced)); e.OverCap() {
		return Quotation{}, overCap(e, *q.Cap)
	}
	return q, nil
}

// dearerThanNothing reports whether lines come to more than nothing before rounding.
func dearerThanNothing(lines []Line) bool {
	for _, line := range lines {
		if line.Quantity > 0 && !line.Rate.IsZero() {
			return true
		}
	}
	return false
}

// belowFen names the least quantity above the one asked for that costs a fen, discounted. Between two changes of the tariff's band
// totals only grow, so there it is found by bisection; across them they need not, as a band may be free.
func (r *Request) belowFen(schedule int) error {
	t, discount := &r.Tariff, r.discount()
	costs := func(total Fen) bool { return total > discount.of(total) }
	f := fault.New(fault.Invalid, "TOTAL_BELOW_FEN", "This quantity costs less than a fen. Order more of it at once.").At("quantity")
	for _, p := range t.pieces(schedule, t.quantityLimit()) {
		from := max(p.from, r.Quantity+1)
		if from > p.to || !costs(p.total(p.to)) {
			continue
		}
		more := sort.Search(int(p.to-from), func(i int) bool { return costs(p.total(from + int64(i))) })
		return f.With("minimum", from+int64(more))
	}
	return f
}

func (r *Request) faults() fault.List {
	list := r.Terms.faults()
	if len(list) == 0 {
		list = append(list, r.Tariff.quantityFaults(r.Quantity)...)
		list = append(list, r.Tariff.settlementFaults(r.Settlement, "tariff")...)
	}
	if r.Purpose.Known() && !r.Purpose.Free() && r.Cap == nil && !r.Trial {
		list = append(list, fault.New(fault.Conflict, "CAP_MISSING", "The product has neither a price cap nor a trial price.").At("cap"))
	}
	return list
}

// CheckSettlement refuses what a settlement cannot do. NOT_PREPAID: orders are priced one by one, so a free allowance, a window
// or a least and a most amount would be had again with each order; and before anything is used, so nobody knows yet by which
// channel it will be served. NOT_METERED: only calls, volumes and items are counted as they are used. RATE_TOO_HIGH: so is what they come to.
func (t Tariff) CheckSettlement(settlement Settlement, field string) error {
	return t.settlementFaults(settlement, field).OrNil()
}

var highestMeteredRate = decimal.MustNew(MaxMeteredRateYuan, 0)

func (t *Tariff) settlementFaults(settlement Settlement, field string) fault.List {
	var list fault.List
	if settlement == Metered {
		if t.Mode == PerProduct || t.Mode == PerPeriod {
			list = append(list, fault.New(fault.Invalid, "NOT_METERED", "What is not counted as it is used is not billed on use.").At(path(field, "mode")))
		}
		for i := range 1 + len(t.Variants) {
			for j, band := range t.schedule(i).Bands {
				if at := fmt.Sprintf("bands.%d.rate", j); band.Rate.Cmp(highestMeteredRate) > 0 {
					if i > 0 {
						at = fmt.Sprintf("variants.%d.%s", i-1, at)
					}
					list = append(list, tooHigh(MaxMeteredRateYuan, path(field, at)))
				}
			}
		}
		return list
	}
	refuse := func(is bool, name string) {
		if is {
			list = append(list, fault.New(fault.Invalid, "NOT_PREPAID", "Only a plan that is billed by the month can have this.").At(path(field, name)))
		}
	}
	refuse(t.OnceDays != 0, "onceDays")
	refuse(t.MinimumFen != 0, "minimumFen")
	refuse(t.MaximumFen != 0, "maximumFen")
	refuse(t.Free != nil, "free")
	for i := range t.Variants {
		if t.Variants[i].Channel != "" {
			refuse(true, fmt.Sprintf("variants.%d.channel", i))
		}
		if t.Variants[i].Free != nil {
			refuse(true, fmt.Sprintf("variants.%d.free", i))
		}
	}
	return list
}

// SplitVAT divides a total that is not negative: net is total/(1+rate) rounded half-up once, and VAT the rest. The rate is a valid one.
func SplitVAT(total Fen, rate decimal.Decimal) (net, vat Fen) {
	const one = 1_000_000
	fen, _ := multiplyDivide(uint64(total), one, one+micro(rate)) // at most total
	return Fen(fen), total - Fen(fen)
}

// quota is what a quantity bought carries; of a package at least its allowance.
func (t *Tariff) quota(quantity int64) Quota {
	if t.Package != nil {
		quantity = max(quantity, t.Package.Allowance)
	}
	switch t.Mode {
	case PerCall:
		return Quota{Calls: quantity}
	case PerVolume:
		return Quota{Megabytes: quantity}
	case PerItemPeriod:
		return Quota{Items: quantity}
	case PerPeriod:
		return Quota{Term: t.Period.Times(int(quantity)), Unlimited: true}
	}
	return Quota{Unlimited: true}
}
