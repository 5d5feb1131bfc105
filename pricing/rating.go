package pricing

import (
	"fmt"
	"slices"
	"time"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
	"gongshu/internal/purpose"
)

// Terms are under what a user's uses are priced, in a quote as on a bill.
type Terms struct {
	Tariff  Tariff
	Purpose purpose.Purpose
	// Class of the user and the Scenario that the right is for; "" where there is none.
	Class    UserClass
	Scenario string
	// Discounts that policy grants on the day; the greatest of those that fit is given, among equals the first.
	Discounts []Discount
	// Cap in force for the product and the mode; of a month that is rated, on its first day.
	Cap *Cap
	// CapChanges are what binds later in a month that is rated, in their order.
	CapChanges []CapChange
	// VATRate is the policy's, 0.06 for 6 %. Prices include VAT.
	VATRate decimal.Decimal
}

// CapChange is the cap that binds from a moment on; nil where none does.
type CapChange struct {
	From time.Time
	Cap  *Cap
}

// Discount is a reduction by policy (政策优惠), for a purpose, a class of users or a scenario; what it leaves out it does not ask for.
type Discount struct {
	// Policy is the row that it rests on; its line names it.
	Policy   string
	Purpose  purpose.Purpose
	Class    UserClass
	Scenario string
	// Percent of what the bands and packages come to, above 0 and to 100.
	Percent decimal.Decimal
}

// of is what a discount takes off a total, rounded half-up once; none takes off nothing.
func (d *Discount) of(total Fen) Fen {
	if d == nil {
		return 0
	}
	const whole = 100 * 10_000 // percent in its finest decimals
	off, _ := multiplyDivide(uint64(total), scaled(d.Percent, MaxPercentDecimals), whole)
	return Fen(off)
}

// isWhole reports whether it leaves nothing to pay.
func (d *Discount) isWhole() bool { return d != nil && d.Percent.Cmp(decimal.Hundred) == 0 }

// MaxPercentDecimals is how fine a percentage is given.
const MaxPercentDecimals = 4

func (t *Terms) faults() fault.List {
	var list fault.List
	switch {
	case t.Purpose == "":
		list = append(list, fault.New(fault.Invalid, "PURPOSE_MISSING", "Say what the data is for.").At("purpose"))
	case !t.Purpose.Known():
		list = append(list, fault.New(fault.Invalid, "PURPOSE_INVALID", "This is no purpose of using public data.").At("purpose"))
	}
	list = append(list, t.Tariff.faults("tariff")...)
	if t.VATRate.IsNeg() || t.VATRate.Cmp(decimal.One) > 0 || t.VATRate.Scale() > MaxRateDecimals {
		list = append(list, fault.New(fault.Invalid, "VAT_RATE_INVALID", "A VAT rate is 0 to 1 with at most %d decimals.", MaxRateDecimals).At("vatRate"))
	}
	for i, d := range t.Discounts {
		if d.Policy == "" || d.Purpose == "" && d.Class == "" && d.Scenario == "" {
			list = append(list, fault.New(fault.Invalid, "DISCOUNT_INVALID", "A discount names its row of policy and whom it is for.").At(fmt.Sprintf("discounts.%d", i)))
		}
		if !d.Percent.IsPos() || d.Percent.Cmp(decimal.Hundred) > 0 || d.Percent.Scale() > MaxPercentDecimals {
			list = append(list, fault.New(fault.Invalid, "DISCOUNT_PERCENT_INVALID", "A discount is above 0 and to 100 percent with at most %d decimals.", MaxPercentDecimals).
				With("max", MaxPercentDecimals).At(fmt.Sprintf("discounts.%d.percent", i)))
		}
	}
	if t.Cap != nil && !t.Purpose.Free() {
		list = append(list, t.Cap.faults("cap")...)
	}
	for i, change := range t.CapChanges {
		if change.Cap != nil && !t.Purpose.Free() {
			list = append(list, change.Cap.faults(fmt.Sprintf("capChanges.%d", i))...)
		}
	}
	return list
}

// discount is the one that is given, nil for none.
func (t *Terms) discount() (given *Discount) {
	for i := range t.Discounts {
		d := &t.Discounts[i]
		fits := (d.Purpose == "" || d.Purpose == t.Purpose) && (d.Class == "" || d.Class == t.Class) && (d.Scenario == "" || d.Scenario == t.Scenario)
		if fits && (given == nil || d.Percent.Cmp(given.Percent) > 0) {
			given = d
		}
	}
	return given
}

// Rated is what uses come to. TotalFen = NetFen + VATFen = the sum of the lines.
type Rated struct {
	Lines    []Line
	NetFen   Fen // what is shared
	VATFen   Fen
	TotalFen Fen
	// Priced is how many units the total is for: those that were charged, of a package at least its allowance. The cap
	// allows its rate for each of them.
	Priced int64
}

// count is how many units fall under one schedule.
type count struct{ charged, free, once int64 }

// counts are the units under each schedule of a tariff, by its number.
type counts [1 + MaxVariants]count

// rate turns counted units into lines. The terms are valid and the counts are within the tariff's limit. For a free purpose
// the lines show the prices, each with the amount 0 (P65 §1).
func (t *Terms) rate(counts *counts) Rated {
	if !t.Purpose.Free() {
		r := Rated{}
		r.Lines, r.TotalFen = t.Tariff.charge(counts, t.discount())
		r.Priced = t.Tariff.priced(counts)
		r.tax(t.VATRate)
		return r
	}
	r := Rated{Priced: t.Tariff.priced(counts)}
	r.Lines, _ = t.Tariff.charge(counts, nil)
	r.Lines = slices.DeleteFunc(r.Lines, func(l Line) bool { return l.Rule == LineMinimum || l.Rule == LineMaximum })
	for i := range r.Lines {
		r.Lines[i].AmountFen = 0
	}
	return r
}

func (r *Rated) tax(rate decimal.Decimal) {
	r.NetFen, r.VATFen = SplitVAT(r.TotalFen, rate)
}

// priced is how many units a total is for.
func (t *Tariff) priced(counts *counts) (units int64) {
	for i := range 1 + len(t.Variants) {
		charged := counts[i].charged
		if i == 0 && t.Package != nil {
			charged = max(charged, t.Package.Allowance)
		}
		units += charged
	}
	return units
}

// charge writes the lines of counted units and their total.
func (t *Tariff) charge(counts *counts, discount *Discount) ([]Line, Fen) {
	lines := make([]Line, 0, len(t.Bands)+1)
	charged := false
	for i := range 1 + len(t.Variants) {
		s, c, start := t.schedule(i), counts[i], len(lines)
		if c.once > 0 {
			lines = append(lines, Line{Rule: LineBilledOnce, Quantity: c.once})
		}
		if c.free > 0 {
			lines = append(lines, Line{Rule: LineFreeAllowance, Quantity: c.free})
		}
		allowance := int64(0)
		if i == 0 && t.Package != nil {
			allowance = t.Package.Allowance
			lines = append(lines, Line{Rule: LinePackage, From: 1, To: allowance, Quantity: allowance, AmountFen: t.Package.FeeFen})
			charged = true
		}
		if beyond := c.charged - allowance; beyond > 0 {
			first := len(lines)
			lines = s.model().lines(lines, beyond)
			for j := first; j < len(lines) && allowance > 0; j++ {
				lines[j].From, lines[j].To = lines[j].From+allowance, lines[j].To+allowance
			}
			charged = true
		}
		for j := start; j < len(lines); j++ {
			lines[j].Variant = i
		}
	}
	total := sum(lines)
	add := func(rule LineRule, amount Fen, policy string, rate decimal.Decimal) {
		lines = append(lines, Line{Rule: rule, AmountFen: amount, Policy: policy, Rate: rate})
		total += amount
	}
	if discount != nil && total > 0 {
		add(LineDiscount, -discount.of(total), discount.Policy, decimal.Zero)
	}
	if charged && total < t.MinimumFen {
		add(LineMinimum, t.MinimumFen-total, "", decimal.Zero)
	}
	if t.MaximumFen > 0 && total > t.MaximumFen {
		add(LineMaximum, t.MaximumFen-total, "", decimal.Zero)
	}
	return lines, total
}

// Use is one recorded use of a product.
type Use struct {
	ID      string
	At      time.Time
	Channel ServiceChannel
	// Subject is whom or what the use was about, an opaque token; only a tariff that bills once reads it.
	Subject  string
	Quantity int64 // calls, megabytes or items for a period
}

// Carried is what rating a month has to know of those before it.
type Carried struct {
	// Month is the last of them. Allowances begin anew with the next month or year.
	Month BillingMonth
	// FreeUsed is how much of each schedule's free allowance was used in it, or in its year, by the schedule's number.
	FreeUsed []int64
	// Billed is when a subject's last charged use was, for a tariff that bills once. What lies further back than its window may be left out.
	Billed map[string]time.Time
}

// Rating adds up the uses of one user in one billing month. It is made by Terms.Rating and holds no use.
type Rating struct {
	terms  *Terms
	month  BillingMonth
	counts counts
	// charged is how many units were charged under Cap, and under each of CapChanges.
	charged []int64
	used    [1 + MaxVariants]int64
	billed  map[string]time.Time
	window  time.Duration
	limit   int64
	units   int64
	last    Use
}

// Rating begins the rating of a month. Refused with everything that is wrong with the terms.
func (t *Terms) Rating(month BillingMonth, before Carried) (*Rating, error) {
	if err := t.faults().OrNil(); err != nil {
		return nil, err
	}
	r := &Rating{terms: t, month: month, charged: make([]int64, 1+len(t.CapChanges)), limit: t.Tariff.quantityLimit(), window: time.Duration(t.Tariff.OnceDays) * 24 * time.Hour}
	for i, n := range before.FreeUsed {
		if i > len(t.Tariff.Variants) {
			break
		}
		free := t.Tariff.schedule(i).Free
		if free != nil && (before.Month == month || free.Per == Year && before.Month.Year == month.Year) {
			r.used[i] = n
		}
	}
	if r.window > 0 {
		r.billed = map[string]time.Time{}
		for subject, at := range before.Billed {
			r.billed[subject] = at
		}
	}
	return r, nil
}

// Add counts one use. Uses come in the order of their time, and of their ID where that is the same; what comes later than
// a later one is rated with its whole month again. Refused, changing nothing: USE_OUT_OF_ORDER, USE_OUT_OF_MONTH,
// QUANTITY_INVALID, SUBJECT_MISSING where calls are billed once by subject.
func (r *Rating) Add(u Use) error {
	switch {
	case MonthOf(u.At) != r.month:
		return fault.New(fault.Invalid, "USE_OUT_OF_MONTH", "This use is of another month.").At("at")
	case u.At.Before(r.last.At) || u.At.Equal(r.last.At) && u.ID <= r.last.ID && r.last.ID != "":
		return fault.New(fault.Conflict, "USE_OUT_OF_ORDER", "Uses are rated in the order of their time, each once.").At("at")
	case u.Quantity < 1 || u.Quantity > r.limit-r.units:
		return fault.New(fault.Invalid, "QUANTITY_INVALID", "The quantity is 1 to %d.", r.limit-r.units).With("max", r.limit-r.units).At("quantity")
	case r.window > 0 && u.Subject == "":
		return fault.New(fault.Invalid, "SUBJECT_MISSING", "A call that is billed once says what it is about.").At("subject")
	}
	r.last, r.units = u, r.units+u.Quantity
	number := r.terms.Tariff.scheduleFor(r.terms.Class, u.Channel)
	c := &r.counts[number]
	if r.window > 0 {
		if at, was := r.billed[u.Subject]; was && u.At.Sub(at) < r.window {
			c.once += u.Quantity
			return nil
		}
	}
	if free := r.terms.Tariff.schedule(number).Free; free != nil {
		covered := min(u.Quantity, max(0, free.Quantity-r.used[number]))
		r.used[number] += covered
		c.free += covered
		u.Quantity -= covered
	}
	c.charged += u.Quantity
	under := 0
	for under < len(r.terms.CapChanges) && !u.At.Before(r.terms.CapChanges[under].From) {
		under++
	}
	r.charged[under] += u.Quantity
	if r.window > 0 && u.Quantity > 0 { // what the allowance covers wholly was not charged
		r.billed[u.Subject] = u.At
	}
	return nil
}

// Bill is what the month's uses come to. The cap binds it as it binds every price (P65), each use under the cap of its day: what is
// above it, because the cap fell after the plan was made, is taken off by a line of its own. What a package is for beyond what was used
// is under the cap of the month's last day. The line names the least cap.
func (r *Rating) Bill() (Rated, error) {
	rated := r.terms.rate(&r.counts)
	if r.terms.Purpose.Free() {
		return rated, nil
	}
	limit, unused := Fen(0), rated.Priced
	for _, n := range r.charged {
		unused -= n
	}
	var least *Cap
	for i, n := range r.charged {
		c := r.terms.Cap
		if i > 0 {
			c = r.terms.CapChanges[i-1].Cap
		}
		if i == len(r.charged)-1 {
			n += unused
		}
		if c == nil { // it is above nothing
			part, _ := multiplyDivide(uint64(rated.TotalFen), uint64(n), uint64(max(rated.Priced, 1))) // at most the total
			limit += Fen(part)
			continue
		}
		most, err := c.rateFor(&r.terms.Tariff)
		if err != nil {
			return Rated{}, err
		}
		if n > 0 && (least == nil || c.Rate.Cmp(least.Rate) < 0) {
			least = c
		}
		if limit, err = limit.Add(times(most, n)); err != nil {
			return rated, nil // more than any bill
		}
	}
	if least != nil && rated.TotalFen > limit {
		rated.Lines = append(rated.Lines, Line{Rule: LineCap, AmountFen: limit - rated.TotalFen, Rate: least.Rate})
		rated.TotalFen = limit
		rated.tax(r.terms.VATRate)
	}
	return rated, nil
}

// Carry is what the next month has to know of this one and of those before it.
func (r *Rating) Carry() Carried {
	return Carried{Month: r.month, FreeUsed: slices.Clone(r.used[:1+len(r.terms.Tariff.Variants)]), Billed: r.billed}
}

// Rate is a whole month at once, of uses in any order. Refused as Rating and Add refuse.
func Rate(terms Terms, month BillingMonth, before Carried, uses []Use) (Rated, error) {
	rating, err := terms.Rating(month, before)
	if err != nil {
		return Rated{}, err
	}
	for _, u := range inOrder(uses) {
		if err := rating.Add(u); err != nil {
			return Rated{}, err
		}
	}
	return rating.Bill()
}

func inOrder(uses []Use) []Use {
	sorted := slices.Clone(uses)
	slices.SortStableFunc(sorted, func(a, b Use) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		if a.ID < b.ID {
			return -1
		}
		if a.ID > b.ID {
			return 1
		}
		return 0
	})
	return sorted
}
