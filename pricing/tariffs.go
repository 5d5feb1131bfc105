package pricing

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
)

// The technical limits of a tariff. They keep arithmetic exact and input small; none of them is a rule of law.
const (
	MaxBands        = 20
	MaxRateDecimals = 6             // of a yuan
	MaxRateYuan     = 1_000_000_000 // per unit
	MaxQuantity     = 1_000_000_000_000
	MaxPeriodMonths = 120
	MaxTermMonths   = 1200 // of all the periods that are bought at once
)

// maxTotalFen bounds a total by its quantity alone; the rest of int64 is room for the rounding of the lines.
const maxTotalFen = 9_000_000_000_000_000_000

// Tariff is what a product costs by quantity (收费标准): a list price, in yuan including VAT (P65).
// It is plain data, stored as JSON in which rates are strings; it comes back exactly as it was written.
type Tariff struct {
	Mode   ChargingMode `json:"mode"`
	Scheme Scheme       `json:"scheme"`
	Bands  []Band       `json:"bands"`
	// PeriodMonths is the length of one period when Mode is PER_PERIOD, 0 otherwise.
	PeriodMonths int `json:"periodMonths,omitempty"`
}

// Band is one step of a tariff; it begins where the one before ends.
// The unit is a call, a megabyte, a period or the product, as the mode says.
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

// LineRule says by which rule a line was charged.
type LineRule string

// One rule for each scheme.
const (
	LineFlat          LineRule = "FLAT"
	LineGraduatedBand LineRule = "GRADUATED_BAND"
	LineVolumeTier    LineRule = "VOLUME_TIER"
)

// Values lists the stored forms.
func (LineRule) Values() []string { return []string{"FLAT", "GRADUATED_BAND", "VOLUME_TIER"} }

// Line is one line of a quote or bill: the units From to To, both included, at one rate.
type Line struct {
	// Band is the index of the tariff's band, from 0.
	Band     int   `json:"band"`
	From     int64 `json:"from"`
	To       int64 `json:"to"`
	Quantity int64 `json:"quantity"`
	// Rate is yuan per unit.
	Rate decimal.Decimal `json:"rate"`
	// AmountFen is Rate · Quantity rounded half-up once; 0 where the purpose is free.
	AmountFen Fen      `json:"amountFen"`
	Rule      LineRule `json:"rule"`
}

// Charge returns the lines that a quantity costs and their total; nothing but the lines was rounded.
// Refused with everything that is wrong with the tariff, or with QUANTITY_INVALID.
func (t Tariff) Charge(quantity int64) ([]Line, Fen, error) {
	if err := t.Validate(""); err != nil {
		return nil, 0, err
	}
	if err := t.quantityFaults(quantity).OrNil(); err != nil {
		return nil, 0, err
	}
	lines := t.model().lines(quantity)
	return lines, sum(lines), nil
}

// sum cannot overflow: the quantity limit of the tariff keeps every total below maxTotalFen and the rounding of the lines.
func sum(lines []Line) (total Fen) {
	for _, line := range lines {
		total += line.AmountFen
	}
	return total
}

// Validate returns everything that is wrong with the tariff, with paths below field ("tariff" gives tariff.bands.0.rate).
func (t Tariff) Validate(field string) error { return t.faults(field).OrNil() }

func (t Tariff) faults(field string) fault.List {
	var list fault.List
	if !slices.Contains(t.Mode.Values(), string(t.Mode)) {
		list = append(list, fault.New(fault.Invalid, "CHARGING_MODE_INVALID", "This is no way of charging.").At(path(field, "mode")))
	}
	if !slices.Contains(t.Scheme.Values(), string(t.Scheme)) {
		list = append(list, fault.New(fault.Invalid, "SCHEME_INVALID", "This is no scheme of a tariff.").At(path(field, "scheme")))
	} else if t.Mode == PerProduct && t.Scheme != Flat {
		list = append(list, fault.New(fault.Invalid, "SCHEME_NOT_FLAT", "A price per product has no bands.").At(path(field, "scheme")))
	}
	list = append(list, periodFaults(t.Mode, t.PeriodMonths, path(field, "periodMonths"))...)
	return append(list, t.bandFaults(path(field, "bands"))...)
}

func (t Tariff) bandFaults(field string) fault.List {
	switch {
	case len(t.Bands) == 0:
		return fault.List{fault.New(fault.Invalid, "BANDS_MISSING", "A tariff needs a band.").At(field)}
	case len(t.Bands) > MaxBands:
		return fault.List{fault.New(fault.Invalid, "BANDS_TOO_MANY", "A tariff has at most %d bands.", MaxBands).
			With("max", MaxBands).At(field)}
	}
	var list fault.List
	if t.Scheme == Flat && len(t.Bands) > 1 {
		list = append(list, fault.New(fault.Invalid, "FLAT_HAS_BANDS", "A flat tariff has one band.").At(field))
	}
	before := int64(0)
	for i, band := range t.Bands {
		at := path(field, fmt.Sprint(i))
		last := i == len(t.Bands)-1
		switch {
		case last && band.UpTo != nil:
			list = append(list, fault.New(fault.Invalid, "BAND_CLOSED", "The last band has no end.").At(path(at, "upTo")))
		case !last && band.UpTo == nil:
			list = append(list, fault.New(fault.Invalid, "BAND_OPEN", "Only the last band has no end.").At(path(at, "upTo")))
		case !last && (*band.UpTo <= before || *band.UpTo > MaxQuantity):
			list = append(list, fault.New(fault.Invalid, "BAND_NOT_ASCENDING",
				"This band must end after %d and by %d.", before, int64(MaxQuantity)).
				With("after", before).With("max", int64(MaxQuantity)).At(path(at, "upTo")))
		}
		if band.UpTo != nil {
			before = max(before, *band.UpTo)
		}
		list = append(list, rateFaults(band.Rate, path(at, "rate"))...)
	}
	return list
}

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
	if rate.Cmp(decimal.MustNew(MaxRateYuan, 0)) > 0 {
		list = append(list, fault.New(fault.Invalid, "RATE_TOO_HIGH", "A rate is at most %d yuan.", MaxRateYuan).
			With("max", MaxRateYuan).At(field))
	}
	return list
}

func periodFaults(mode ChargingMode, months int, field string) fault.List {
	switch {
	case mode == PerPeriod && (months < 1 || months > MaxPeriodMonths):
		return fault.List{fault.New(fault.Invalid, "PERIOD_INVALID", "A period is 1 to %d months.", MaxPeriodMonths).
			With("max", MaxPeriodMonths).At(field)}
	case mode != PerPeriod && months != 0:
		return fault.List{fault.New(fault.Invalid, "PERIOD_NOT_USED", "Only a price per period has a period.").At(field)}
	}
	return nil
}

// quantityFaults holds of a valid tariff.
func (t Tariff) quantityFaults(quantity int64) fault.List {
	if limit := t.quantityLimit(); quantity < 1 || quantity > limit {
		return fault.List{fault.New(fault.Invalid, "QUANTITY_INVALID", "The quantity is 1 to %d.", limit).
			With("max", limit).At("quantity")}
	}
	return nil
}

// quantityLimit is the greatest quantity that this tariff, which is valid, can charge.
func (t Tariff) quantityLimit() int64 {
	limit := int64(MaxQuantity)
	switch t.Mode {
	case PerProduct:
		return 1
	case PerPeriod:
		limit = int64(MaxTermMonths / t.PeriodMonths)
	}
	for _, band := range t.Bands {
		limit = min(limit, maxTotalFen/int64(micro(band.Rate)/microPerFen+1))
	}
	return limit
}

func path(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}

// model is one way of turning bands into money. It is made of a valid tariff and asked only up to its quantity limit.
type model interface {
	// lines charges a quantity.
	lines(quantity int64) []Line
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

func (t Tariff) model() model {
	switch t.Scheme {
	case Graduated:
		return graduated(t.Bands)
	case Volume:
		return volume(t.Bands)
	}
	return flat(t.Bands[0])
}

// flat has one rate.
type flat Band

func (f flat) lines(quantity int64) []Line {
	return []Line{charged(LineFlat, 0, Band(f), 1, quantity)}
}

func (f flat) pieces(limit int64) []piece {
	return []piece{{from: 1, to: limit, rate: micro(f.Rate)}}
}

// graduated charges each band at its own rate.
type graduated []Band

func (g graduated) lines(quantity int64) []Line {
	var lines []Line
	eachBand(g, quantity, func(i int, from, to int64) {
		lines = append(lines, charged(LineGraduatedBand, i, g[i], from, to))
	})
	return lines
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

func (v volume) lines(quantity int64) []Line {
	reached := 0
	eachBand(v, quantity, func(i int, _, _ int64) { reached = i })
	return []Line{charged(LineVolumeTier, reached, v[reached], 1, quantity)}
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
