package pricing

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sort"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
)

// The technical limits of a tariff. They keep arithmetic exact and input small; none of them is a rule of law.
const (
	MaxBands        = 20
	MaxVariants     = 20
	MaxRateDecimals = 6             // of a yuan
	MaxRateYuan     = 1_000_000_000 // per unit
	MaxQuantity     = 1_000_000_000_000
	MaxAllowance    = 1_000_000_000 // of a package
	MaxOnceDays     = 3660
	// MaxTotalFen is the most that an order may come to, and that a fee, a least and a most amount may be: however many orders there are, their sum is an int64.
	MaxTotalFen = 1_000_000_000_000
	// MaxMeteredRateYuan is the highest rate of what is billed as it is used: how often that is, nobody asks before.
	MaxMeteredRateYuan = 100_000
)

// maxBandsFen is up to where the bands are charged exactly; the rest of int64 is room for fees and the rounding of lines.
const maxBandsFen = 9_000_000_000_000_000_000

// Tariff is what a product costs (收费标准): a list price, in yuan including VAT (P65).
// It is plain data, stored as JSON in which rates are strings; it comes back exactly as it was written.
type Tariff struct {
	Mode ChargingMode `json:"mode"`
	// Period is the length of one period where Mode is PER_PERIOD or PER_ITEM_PERIOD, none otherwise.
	Period Period `json:"period,omitzero"`
	// The prices of all uses that no variant is for.
	Schedule
	// Package, where there is one, comes first; the tariff's own bands are for what goes beyond its allowance. A tariff with a
	// package has no variants: their uses would pay its fee without drawing on it.
	Package *Package `json:"package,omitempty"`
	// Variants are the prices of uses of a class or by a channel; the first that fits a use is its own.
	Variants []Variant `json:"variants,omitempty"`
	// OnceDays is for how many days after it was charged a use by the same user of the same subject is not charged again, the
	// window running from the last charged use; 0 where every use is charged. A day is 24 hours.
	OnceDays int `json:"onceDays,omitempty"`
	// MinimumFen is the least that a bill or an order asks for once something in it is charged, 0 for none.
	MinimumFen Fen `json:"minimumFen,omitempty"`
	// MaximumFen is the most that a bill, or an order, asks for, 0 for no such limit.
	MaximumFen Fen `json:"maximumFen,omitempty"`
}

// Schedule is what uses cost by their number.
type Schedule struct {
	Scheme Scheme `json:"scheme"`
	Bands  []Band `json:"bands"`
	// Free, where there is one, is counted neither by the package nor by the bands.
	Free *FreeAllowance `json:"free,omitempty"`
}

// Package is so many units for one fee (套餐). Who buys it has bought them, used or not.
type Package struct {
	Allowance int64 `json:"allowance"`
	FeeFen    Fen   `json:"feeFen"`
}

// FreeAllowance is what a user has free in each calendar month or year, in China's time.
type FreeAllowance struct {
	Quantity int64      `json:"quantity"`
	Per      PeriodUnit `json:"per"`
}

// UserClass is a class of users that an official price list names, as PREFERENTIAL; the market's own code for it.
type UserClass string

// Validate refuses with USER_CLASS_INVALID what is no class; "" is none.
func (c UserClass) Validate(field string) error {
	if c == "" || classForm.MatchString(string(c)) {
		return nil
	}
	return fault.New(fault.Invalid, "USER_CLASS_INVALID", "A class of users is a code of capital letters, digits and underscores.").At(field)
}

// ServiceChannel is how a use is served (办理渠道).
type ServiceChannel string

// Over the network or at a counter.
const (
	Online  ServiceChannel = "ONLINE"
	Counter ServiceChannel = "COUNTER"
)

// Values lists the stored forms.
func (ServiceChannel) Values() []string { return []string{"ONLINE", "COUNTER"} }

// Variant is the prices of the uses of a class, by a channel, or both. What it leaves out it does not ask for.
type Variant struct {
	Class   UserClass      `json:"class,omitempty"`
	Channel ServiceChannel `json:"channel,omitempty"`
	Schedule
}

func (v *Variant) fits(class UserClass, channel ServiceChannel) bool {
	return (v.Class == "" || v.Class == class) && (v.Channel == "" || v.Channel == channel)
}

// Band is one step of a schedule; it begins where the one before ends.
// The unit is a call, a megabyte, a period, an item for a period or the product, as the mode says.
type Band struct {
	// UpTo is the last unit of the band, nil when it has no end.
	UpTo *int64 `json:"upTo"`
	// Rate is yuan per unit; it may be below a fen.
	Rate decimal.Decimal `json:"rate"`
}

// UnmarshalJSON reads a band whose rate is a plain decimal string, and answers RATE_INVALID when it is not:
// an absent rate must not read as free.
func (b *Band) UnmarshalJSON(data []byte) error {
	var wire struct {
		UpTo *int64  `json:"upTo"`
		Rate *string `json:"rate"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return fmt.Errorf("reading a band: %w", err)
	}
	if wire.Rate == nil {
		return fault.New(fault.Invalid, "RATE_INVALID", "A band needs a rate, as decimal text.")
	}
	rate, ok := ParseDecimal(*wire.Rate)
	if !ok {
		return fault.New(fault.Invalid, "RATE_INVALID", "A band needs a rate, as decimal text.")
	}
	*b = Band{UpTo: wire.UpTo, Rate: rate}
	return nil
}

// Headline is the price that a list shows of a tariff.
type Headline struct {
	// Amount is yuan for so many Units: the fee of the package, else what a unit of the first band costs.
	Amount decimal.Decimal
	Units  int64
	// From says that other prices stand beside it.
	From bool
}

// Headline of a valid tariff.
func (t Tariff) Headline() Headline {
	if t.Package != nil {
		return Headline{Amount: t.Package.FeeFen.Yuan(), Units: t.Package.Allowance, From: true}
	}
	return Headline{Amount: t.Bands[0].Rate, Units: 1, From: len(t.Bands) > 1 || len(t.Variants) > 0}
}

// LineRule says by which rule a line was charged.
type LineRule string

// The rules: one for each scheme, and those that stand beside the bands.
const (
	LineFlat          LineRule = "FLAT"
	LineGraduatedBand LineRule = "GRADUATED_BAND"
	LineVolumeTier    LineRule = "VOLUME_TIER"
	LinePackage       LineRule = "PACKAGE"        // the fee of a package
	LineFreeAllowance LineRule = "FREE_ALLOWANCE" // units that the allowance covers, at 0
	LineBilledOnce    LineRule = "BILLED_ONCE"    // units that were charged already, at 0
	LineDiscount      LineRule = "DISCOUNT"       // below 0, by a row of policy
	LineMinimum       LineRule = "MINIMUM"        // what is missing to the least that is asked for
	LineMaximum       LineRule = "MAXIMUM"        // below 0, what is above the most that is asked for
	LineCap           LineRule = "CAP"            // below 0, what is above the cap in force
)

// Values lists the stored forms.
func (LineRule) Values() []string {
	return []string{
		"FLAT", "GRADUATED_BAND", "VOLUME_TIER", "PACKAGE", "FREE_ALLOWANCE", "BILLED_ONCE", "DISCOUNT", "MINIMUM", "MAXIMUM", "CAP",
	}
}

// Line is one line of a quote or bill. Of a band, or a package, it is the units From to To, both included, at one rate;
// the others have no units that follow each other, and From and To are 0.
type Line struct {
	Rule LineRule `json:"rule"`
	// Variant is 0 for the tariff's own schedule, else the number of its variant, from 1.
	Variant int `json:"variant,omitempty"`
	// Band is the index of the schedule's band, from 0.
	Band     int   `json:"band"`
	From     int64 `json:"from"`
	To       int64 `json:"to"`
	Quantity int64 `json:"quantity"`
	// Rate is yuan per unit.
	Rate decimal.Decimal `json:"rate"`
	// AmountFen is Rate · Quantity rounded half-up once, or what the rule says; 0 where the purpose is free.
	AmountFen Fen `json:"amountFen"`
	// Policy is the row of policy that a discount rests on.
	Policy string `json:"policy,omitempty"`
}

// Charge returns the lines that a quantity under the tariff's own schedule costs and their total; nothing but the lines was rounded.
// Refused with everything that is wrong with the tariff, or with QUANTITY_INVALID.
func (t Tariff) Charge(quantity int64) ([]Line, Fen, error) {
	if err := t.Validate(""); err != nil {
		return nil, 0, err
	}
	if err := t.quantityFaults(quantity).OrNil(); err != nil {
		return nil, 0, err
	}
	var counts counts
	counts[0].charged = quantity
	lines, total := t.charge(&counts, nil)
	return lines, total, nil
}

// sum cannot overflow: the quantity limit of the tariff keeps every total below maxBandsFen, the fees and the rounding of the lines.
func sum(lines []Line) (total Fen) {
	for _, line := range lines {
		total += line.AmountFen
	}
	return total
}

// CountsByUser reports whether what is free, or charged once, is so for a user: orders of one user are then counted together.
func (t Tariff) CountsByUser() bool { return t.OnceDays > 0 || t.isFree(Month) || t.IsFreeByYear() }

// IsFreeByYear reports whether something of it is free in a year.
func (t Tariff) IsFreeByYear() bool { return t.isFree(Year) }

func (t Tariff) isFree(per PeriodUnit) bool {
	for i := range 1 + len(t.Variants) {
		if free := t.schedule(i).Free; free != nil && free.Per == per {
			return true
		}
	}
	return false
}

// Validate returns everything that is wrong with the tariff, with paths below field ("tariff" gives tariff.bands.0.rate).
func (t Tariff) Validate(field string) error { return t.faults(field).OrNil() }

// perPeriod reports whether a mode is charged by the period.
func (m ChargingMode) perPeriod() bool { return m == PerPeriod || m == PerItemPeriod }

func (t *Tariff) faults(field string) fault.List {
	var list fault.List
	if !t.Mode.known() {
		list = append(list, fault.New(fault.Invalid, "CHARGING_MODE_INVALID", "This is no way of charging.").At(path(field, "mode")))
	}
	list = append(list, t.Schedule.faults(t.Mode, field)...)
	list = append(list, t.packageFaults(field)...)
	list = append(list, t.Period.faults(t.Mode.perPeriod(), field, "period")...)
	if len(t.Variants) > MaxVariants {
		list = append(list, fault.New(fault.Invalid, "VARIANTS_TOO_MANY", "A tariff has at most %d variants.", MaxVariants).
			With("max", MaxVariants).At(path(field, "variants")))
		return list
	}
	for i := range t.Variants {
		list = append(list, t.variantFaults(i, field)...)
	}
	if t.OnceDays < 0 || t.OnceDays > MaxOnceDays {
		list = append(list, fault.New(fault.Invalid, "ONCE_DAYS_INVALID", "Billed once is for 0 to %d days.", MaxOnceDays).
			With("max", MaxOnceDays).At(path(field, "onceDays")))
	} else if t.OnceDays > 0 && t.Mode != PerCall {
		list = append(list, fault.New(fault.Invalid, "ONCE_NOT_PER_CALL", "Only calls are billed once.").At(path(field, "onceDays")))
	}
	list = append(list, feeFaults(t.MinimumFen, field, "minimumFen")...)
	list = append(list, feeFaults(t.MaximumFen, field, "maximumFen")...)
	if t.MaximumFen > 0 && t.MaximumFen < t.MinimumFen {
		list = append(list, fault.New(fault.Invalid, "MAXIMUM_BELOW_MINIMUM", "The most that is asked for is below the least.").At(path(field, "maximumFen")))
	}
	return list
}

func (t *Tariff) packageFaults(field string) fault.List {
	if t.Package == nil {
		return nil
	}
	var list fault.List
	if t.Mode == PerProduct {
		list = append(list, fault.New(fault.Invalid, "PACKAGE_NOT_USED", "A product is no package of units.").At(path(field, "package")))
	}
	if len(t.Variants) > 0 {
		list = append(list, fault.New(fault.Invalid, "PACKAGE_WITH_VARIANTS",
			"A package is for all alike. A class or a channel with prices of its own has a plan of its own.").At(path(field, "package")))
	}
	if n := t.Package.Allowance; n < 1 || n > MaxAllowance {
		list = append(list, fault.New(fault.Invalid, "ALLOWANCE_INVALID", "An allowance is 1 to %d.", MaxAllowance).
			With("max", MaxAllowance).At(path(field, "package.allowance")))
	}
	return append(list, feeFaults(t.Package.FeeFen, field, "package.feeFen")...)
}

func feeFaults(fee Fen, field, name string) fault.List {
	if fee >= 0 && fee <= MaxTotalFen {
		return nil
	}
	return fault.List{fault.New(fault.Invalid, "FEE_INVALID", "This amount is 0 to %s yuan.", Fen(MaxTotalFen)).
		With("max", Fen(MaxTotalFen).String()).At(path(field, name))}
}

func (t *Tariff) variantFaults(i int, field string) fault.List {
	v := &t.Variants[i]
	field = path(field, fmt.Sprintf("variants.%d", i))
	list := v.Schedule.faults(t.Mode, field)
	list = append(list, fault.All(v.Class.Validate(path(field, "class")))...)
	switch v.Channel {
	case "", Online, Counter:
	default:
		list = append(list, fault.New(fault.Invalid, "SERVICE_CHANNEL_INVALID", "A use is served online or at a counter.").At(path(field, "channel")))
	}
	if v.Class == "" && v.Channel == "" {
		list = append(list, fault.New(fault.Invalid, "VARIANT_FOR_ALL", "A variant is for a class or a channel.").At(field))
	}
	for j := range t.Variants[:i] {
		if t.Variants[j].fits(v.Class, v.Channel) {
			list = append(list, fault.New(fault.Invalid, "VARIANT_UNREACHABLE", "An earlier variant is for all these uses already.").At(field))
			break
		}
	}
	return list
}

var classForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,31}$`)

func (s *Schedule) faults(mode ChargingMode, field string) fault.List {
	var list fault.List
	switch s.Scheme {
	case Flat:
	case Graduated, Volume:
		if mode == PerProduct {
			list = append(list, fault.New(fault.Invalid, "SCHEME_NOT_FLAT", "A price per product has no bands.").At(path(field, "scheme")))
		}
	default:
		list = append(list, fault.New(fault.Invalid, "SCHEME_INVALID", "This is no scheme of a tariff.").At(path(field, "scheme")))
	}
	list = append(list, s.bandFaults(field)...)
	if f := s.Free; f != nil {
		if mode == PerProduct || mode.perPeriod() {
			list = append(list, fault.New(fault.Invalid, "FREE_ALLOWANCE_NOT_USED", "Only calls and volumes have a free allowance.").At(path(field, "free")))
		}
		if f.Quantity < 1 || f.Quantity > MaxQuantity {
			list = append(list, fault.New(fault.Invalid, "ALLOWANCE_INVALID", "An allowance is 1 to %d.", int64(MaxQuantity)).
				With("max", int64(MaxQuantity)).At(path(field, "free.quantity")))
		}
		if f.Per != Month && f.Per != Year {
			list = append(list, fault.New(fault.Invalid, "FREE_PER_INVALID", "A free allowance is for a month or a year.").At(path(field, "free.per")))
		}
	}
	return list
}

// bandFaults spells a path only where something is wrong, as every quote passes here.
func (s *Schedule) bandFaults(parent string) fault.List {
	field := func() string { return path(parent, "bands") }
	switch {
	case len(s.Bands) == 0:
		return fault.List{fault.New(fault.Invalid, "BANDS_MISSING", "A tariff needs a band.").At(field())}
	case len(s.Bands) > MaxBands:
		return fault.List{fault.New(fault.Invalid, "BANDS_TOO_MANY", "A tariff has at most %d bands.", MaxBands).
			With("max", MaxBands).At(field())}
	}
	var list fault.List
	if s.Scheme == Flat && len(s.Bands) > 1 {
		list = append(list, fault.New(fault.Invalid, "FLAT_HAS_BANDS", "A flat tariff has one band.").At(field()))
	}
	before := int64(0)
	for i, band := range s.Bands {
		at := func(name string) string { return path(field(), join(i, name)) }
		last := i == len(s.Bands)-1
		switch {
		case last && band.UpTo != nil:
			list = append(list, fault.New(fault.Invalid, "BAND_CLOSED", "The last band has no end.").At(at("upTo")))
		case !last && band.UpTo == nil:
			list = append(list, fault.New(fault.Invalid, "BAND_OPEN", "Only the last band has no end.").At(at("upTo")))
		case !last && (*band.UpTo <= before || *band.UpTo > MaxQuantity):
			list = append(list, fault.New(fault.Invalid, "BAND_NOT_ASCENDING",
				"This band must end after %d and by %d.", before, int64(MaxQuantity)).
				With("after", before).With("max", int64(MaxQuantity)).At(at("upTo")))
		}
		if band.UpTo != nil {
			before = max(before, *band.UpTo)
		}
		if !rateFine(band.Rate) {
			list = append(list, rateFaults(band.Rate, at("rate"))...)
		}
	}
	return list
}

// rateFine is what rateFaults finds nothing wrong with.
func rateFine(rate decimal.Decimal) bool {
	return !rate.IsNeg() && rate.Scale() <= MaxRateDecimals && rate.Cmp(highestRate) <= 0
}

var highestRate = decimal.MustNew(MaxRateYuan, 0)

func rateFaults(rate decimal.Decimal, field string) fault.List {
	var list fault.List
	if rate.IsNeg() {
		list = append(list, fault.New(fault.Invalid, "RATE_NEGATIVE", "A rate is not negative.").At(field))
	}
	// The scale as written, not the least one: a text too long for a decimal was rounded when it was read, and shows here.
	if rate.Scale() > MaxRateDecimals {
		list = append(list, fault.New(fault.Invalid, "RATE_TOO_FINE", "A rate has at most %d decimals.", MaxRateDecimals).
			With("max", MaxRateDecimals).At(field))
	}
	if rate.Cmp(highestRate) > 0 {
		list = append(list, tooHigh(MaxRateYuan, field))
	}
	return list
}

func tooHigh(most int, field string) *fault.Error {
	return fault.New(fault.Invalid, "RATE_TOO_HIGH", "A rate is at most %d yuan.", most).With("max", most).At(field)
}

// quantityFaults holds of a valid tariff.
func (t *Tariff) quantityFaults(quantity int64) fault.List {
	if limit := t.quantityLimit(); quantity < 1 || quantity > limit {
		return fault.List{fault.New(fault.Invalid, "QUANTITY_INVALID", "The quantity is 1 to %d.", limit).
			With("max", limit).At("quantity")}
	}
	return nil
}

// quantityLimit is the greatest quantity that this tariff, which is valid, can charge, under all its schedules together.
func (t *Tariff) quantityLimit() int64 { return t.mostFor(maxBandsFen) }

// MostReported is to how many units of a valid tariff reports of use may bring a month: to half of those for which no bands ask more than
// MaxTotalFen, so that what is counted by itself beside them can still be billed.
func (t Tariff) MostReported() int64 { return max(1, t.mostFor(MaxTotalFen)/2) }

// mostFor is a quantity that costs no more than a total under any of the schedules, however it falls under them.
func (t *Tariff) mostFor(total Fen) int64 {
	limit := int64(MaxQuantity)
	switch t.Mode {
	case PerProduct:
		return 1
	case PerPeriod:
		limit = int64(t.Period.mostIn(MaxTermYears))
	}
	for i := range 1 + len(t.Variants) {
		for _, band := range t.schedule(i).Bands {
			limit = min(limit, int64(total)/int64(micro(band.Rate)/microPerFen+1))
		}
	}
	return limit
}

// schedule is the tariff's own of 0, else the variant's with that number.
func (t *Tariff) schedule(number int) *Schedule {
	if number == 0 {
		return &t.Schedule
	}
	return &t.Variants[number-1].Schedule
}

// scheduleFor is the number of the schedule that a use falls under.
func (t *Tariff) scheduleFor(class UserClass, channel ServiceChannel) int {
	for i := range t.Variants {
		if t.Variants[i].fits(class, channel) {
			return i + 1
		}
	}
	return 0
}

// join is the path of what an entry of a list has under a name.
func join(i int, name string) string { return fmt.Sprintf("%d.%s", i, name) }

func path(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}

// model is one way of turning bands into money. It is made of a valid tariff and asked only up to its quantity limit.
type model interface {
	// lines appends what a quantity is charged.
	lines(list []Line, quantity int64) []Line
	// pieces describes the totals of all quantities up to limit, in order and without a gap.
	pieces(limit int64) []piece
}

// piece is a run of quantities whose totals are a rounded straight line: base + rate·(quantity − offset).
type piece struct {
	from, to int64
	base     Fen
	offset   int64
	rate     uint64 // millionths of a yuan
}

func (p piece) total(quantity int64) Fen { return p.base + times(p.rate, quantity-p.offset) }

func (s *Schedule) model() model {
	switch s.Scheme {
	case Graduated:
		return graduated(s.Bands)
	case Volume:
		return volume(s.Bands)
	}
	return flat(s.Bands[0])
}

// flat has one rate.
type flat Band

func (f flat) lines(list []Line, quantity int64) []Line {
	return append(list, charged(LineFlat, 0, Band(f), 1, quantity))
}

func (f flat) pieces(limit int64) []piece {
	return []piece{{from: 1, to: limit, rate: micro(f.Rate)}}
}

// graduated charges each band at its own rate.
type graduated []Band

func (g graduated) lines(list []Line, quantity int64) []Line {
	eachBand(g, quantity, func(i int, from, to int64) {
		list = append(list, charged(LineGraduatedBand, i, g[i], from, to))
	})
	return list
}

func (g graduated) pieces(limit int64) []piece {
	var pieces []piece
	base := Fen(0)
	eachBand(g, limit, func(i int, from, to int64) {
		p := piece{from: from, to: to, base: base, offset: from - 1, rate: micro(g[i].Rate)}
		pieces = append(pieces, p)
		base = p.total(to)
	})
	return pieces
}

// volume charges everything at the rate of the band that the quantity reaches.
type volume []Band

func (v volume) lines(list []Line, quantity int64) []Line {
	reached := 0
	eachBand(v, quantity, func(i int, _, _ int64) { reached = i })
	return append(list, charged(LineVolumeTier, reached, v[reached], 1, quantity))
}

func (v volume) pieces(limit int64) []piece {
	var pieces []piece
	eachBand(v, limit, func(i int, from, to int64) {
		pieces = append(pieces, piece{from: from, to: to, rate: micro(v[i].Rate)})
	})
	return pieces
}

// eachBand visits the bands that a quantity reaches, with the units it takes of each.
func eachBand(bands []Band, quantity int64, visit func(i int, from, to int64)) {
	from := int64(1)
	for i, band := range bands {
		to := quantity
		if band.UpTo != nil {
			to = min(to, *band.UpTo)
		}
		visit(i, from, to)
		if to == quantity {
			return
		}
		from = to + 1
	}
}

func charged(rule LineRule, i int, band Band, from, to int64) Line {
	quantity := to - from + 1
	return Line{Band: i, From: from, To: to, Quantity: quantity, Rate: band.Rate, AmountFen: times(micro(band.Rate), quantity), Rule: rule}
}

// pieces describes what a bill of uses under one schedule comes to, free allowance, windows and discounts left aside: they
// only lower it, and may be used up. It begins where the package's allowance ends: who buys the package has bought its units.
func (t *Tariff) pieces(schedule int, limit int64) []piece {
	s := t.schedule(schedule)
	var pieces []piece
	allowance, fee := int64(0), Fen(0)
	if schedule == 0 && t.Package != nil {
		allowance, fee = t.Package.Allowance, t.Package.FeeFen
		pieces = append(pieces, piece{from: allowance, to: allowance, base: fee})
	}
	if limit > allowance {
		for _, p := range s.model().pieces(limit - allowance) {
			p.from, p.to, p.offset, p.base = p.from+allowance, p.to+allowance, p.offset+allowance, p.base+fee
			pieces = append(pieces, p)
		}
	}
	if t.MinimumFen == 0 && t.MaximumFen == 0 {
		return pieces
	}
	var bounded []piece
	for _, p := range pieces {
		bounded = append(bounded, t.bound(p)...)
	}
	return bounded
}

// bound cuts a piece where its totals reach the least and the most that is asked for. Within a piece totals never fall.
func (t *Tariff) bound(p piece) (cut []piece) {
	first := func(reaches func(Fen) bool) int64 {
		return p.from + int64(sort.Search(int(p.to-p.from+1), func(i int) bool { return reaches(p.total(p.from + int64(i))) }))
	}
	from := first(func(total Fen) bool { return total >= t.MinimumFen })
	if from > p.from {
		cut = append(cut, piece{from: p.from, to: from - 1, base: t.MinimumFen})
	}
	to := p.to + 1
	if t.MaximumFen > 0 {
		to = first(func(total Fen) bool { return total > t.MaximumFen })
	}
	if to > from {
		between := p
		between.from, between.to = from, to-1
		cut = append(cut, between)
	}
	if to <= p.to {
		cut = append(cut, piece{from: to, to: p.to, base: t.MaximumFen})
	}
	return cut
}
