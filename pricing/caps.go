package pricing

import (
	"math/bits"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
)

// Cap is the highest price that the authorising body allows for a product and a charging mode (上限收费标准, P65).
// It binds the effective price: what a quantity costs after its bands, package and least amount, not the rates of the bands.
type Cap struct {
	Mode ChargingMode `json:"mode"`
	// Rate is yuan per unit of the mode, VAT included.
	Rate decimal.Decimal `json:"rate"`
	// Period is what a rate per period is for, none otherwise. Without it a cap per year could not be told from a cap per month.
	Period Period `json:"period,omitzero"`
}

// Validate returns everything that is wrong with the cap, with paths below field.
func (c Cap) Validate(field string) error { return c.faults(field).OrNil() }

func (c Cap) faults(field string) fault.List {
	var list fault.List
	if !c.Mode.known() {
		list = append(list, fault.New(fault.Invalid, "CHARGING_MODE_INVALID", "This is no way of charging.").At(path(field, "mode")))
	}
	if !rateFine(c.Rate) {
		list = append(list, rateFaults(c.Rate, path(field, "rate"))...)
	}
	return append(list, c.Period.faults(c.Mode.perPeriod(), field, "period")...)
}

// Effective is what a quantity costs under a tariff and may cost under a cap.
type Effective struct {
	Quantity int64
	TotalFen Fen
	// LimitFen is the cap's rate times the quantity, rounded half-up once.
	LimitFen Fen
	// Rate is TotalFen per unit, in yuan, rounded half-up to six decimals for reading; decisions take the two amounts.
	Rate decimal.Decimal
}

// OverCap reports whether the quantity costs more than it may.
func (e Effective) OverCap() bool { return e.TotalFen > e.LimitFen }

// CheckCap refuses a tariff with PRICE_OVER_CAP when some quantity that it can charge costs more than the cap allows
// (P65; at listing). Both sides are compared as they are paid, in whole fen rounded half-up; where each of several
// lines rounds up, the fen this adds is paid, and counts.
// A cap of another mode is CAP_MODE_MISMATCH. A cap for a shorter period counts as often as it fits into the tariff's;
// one that does not fit a whole number of times is CAP_PERIOD_MISMATCH.
func CheckCap(t Tariff, c Cap) error {
	worst, err := Worst(t, c)
	if err != nil {
		return err
	}
	if worst.OverCap() {
		return overCap(worst, c)
	}
	return nil
}

// Worst finds the quantity at which a buyer pays the most per unit above what the cap allows, or the least below;
// among equals the smallest. The tariff keeps to the cap exactly when this quantity does.
// Refused when tariff or cap are not valid, or do not speak of the same thing (see CheckCap).
//
// Only the ends of the tariff's pieces are looked at. Within a piece the total of q is T(q) = base + round(r·(q−offset))
// and the limit is L(q) = round(c·q), with r and c in millionths of a yuan, D = 10 000 of which are a fen.
// Let p = D / gcd(D, r, c). Then p·r and p·c are whole fen, which pass through rounding unchanged, so
// T(q+p) = T(q) + p·r/D and L(q+p) = L(q) + p·c/D: along q, q+p, q+2p, … the excess T−L is linear. The excess per unit
// is there (a + b·j)/(q + p·j), whose derivative in j never changes sign, so its greatest value is at the first
// or the last of these quantities that the piece holds: among the first p or the last p of the piece. For rates in whole
// fen p is 1 and these are the two ends themselves; it is at most 10 000. A limit cut to the greatest int64 changes
// nothing: the excess per unit is then the greater of two such fractions.
func Worst(t Tariff, c Cap) (Effective, error) {
	if err := append(t.faults("tariff"), c.faults("cap")...).OrNil(); err != nil {
		return Effective{}, err
	}
	rate, err := c.rateFor(&t)
	if err != nil {
		return Effective{}, err
	}
	limit := t.quantityLimit()
	var pieces []piece
	for i := range 1 + len(t.Variants) {
		pieces = append(pieces, t.pieces(i, limit)...)
	}
	quantity, total := worst(pieces, rate)
	return effective(quantity, total, times(rate, quantity)), nil
}

// Margin is how a tariff stands to its cap: what a unit costs at the worst, and what is left below the cap.
type Margin struct {
	Worst Effective
	// CapRate is the cap per unit of the tariff: of a cap for a shorter period as often as it fits into the tariff's.
	CapRate decimal.Decimal
	// LeftRate is CapRate less the worst rate; below 0 the tariff is over its cap.
	LeftRate decimal.Decimal
	// UsedPercent is the worst rate in percent of the cap, rounded half-up to one decimal for reading; nil of a cap of 0.
	UsedPercent *decimal.Decimal
}

// MarginOf says how a tariff stands to a cap, over it too. Refused as Worst says.
func MarginOf(t Tariff, c Cap) (Margin, error) {
	worst, err := Worst(t, c)
	if err != nil {
		return Margin{}, err
	}
	limit, err := c.rateFor(&t)
	if err != nil {
		return Margin{}, err
	}
	rate := micro(worst.Rate)
	return Margin{
		Worst: worst, CapRate: decimal.MustNew(int64(limit), MaxRateDecimals), LeftRate: decimal.MustNew(int64(limit)-int64(rate), MaxRateDecimals),
		UsedPercent: PercentOf(int64(rate), int64(limit)),
	}, nil
}

// Dearest finds the quantity at which a unit costs the most; among equals the smallest. Its LimitFen is 0.
// Refused when the tariff is not valid.
func Dearest(t Tariff) (Effective, error) {
	if err := t.Validate("tariff"); err != nil {
		return Effective{}, err
	}
	return Worst(t, Cap{Mode: t.Mode, Period: t.Period})
}

func worst(pieces []piece, limit uint64) (quantity int64, total Fen) {
	var excess Fen
	look := func(p piece, from, to int64) {
		for q := from; q <= to; q++ {
			t := p.total(q)
			if e := t - times(limit, q); quantity == 0 || morePerUnit(e, q, excess, quantity) {
				quantity, total, excess = q, t, e
			}
		}
	}
	for _, p := range pieces {
		period := int64(microPerFen / gcd(microPerFen, gcd(p.rate, limit)))
		look(p, p.from, min(p.to, p.from+period-1))
		look(p, max(p.from+period, p.to-period+1), p.to)
	}
	return quantity, total
}

// Binding returns the cap that a valid tariff is held against, among those in force for a product: of those that speak of
// its mode, and of a period that fits into its own a whole number of times, the one that allows the least. False: none is.
func Binding(t Tariff, caps []Cap) (binding Cap, found bool) {
	least := uint64(0)
	for _, c := range caps {
		if len(c.faults("")) > 0 {
			continue
		}
		if rate, err := c.rateFor(&t); err == nil && (!found || rate < least) {
			binding, found, least = c, true, rate
		}
	}
	return binding, found
}

// rateFor is the cap in millionths of a yuan per unit of the tariff; both are valid.
func (c Cap) rateFor(t *Tariff) (uint64, error) {
	if c.Mode != t.Mode {
		return 0, fault.New(fault.Conflict, "CAP_MODE_MISMATCH", "The cap is %s and the price is %s.", c.Mode, t.Mode).
			With("cap", c.Mode).With("tariff", t.Mode)
	}
	if !c.Mode.perPeriod() {
		return micro(c.Rate), nil
	}
	times, whole := c.Period.In(t.Period)
	if !whole {
		return 0, fault.New(fault.Conflict, "CAP_PERIOD_MISMATCH",
			"The cap is for %d %s and the price is for %d %s.", c.Period.Count, c.Period.Unit, t.Period.Count, t.Period.Unit).
			With("cap", c.Period.Count).With("capUnit", c.Period.Unit).With("tariff", t.Period.Count).With("tariffUnit", t.Period.Unit)
	}
	return micro(c.Rate) * uint64(times), nil
}

func effective(quantity int64, total, limit Fen) Effective {
	rate, _ := multiplyDivide(uint64(total), microPerFen, uint64(quantity)) // at most the highest rate and the greatest fees
	return Effective{Quantity: quantity, TotalFen: total, LimitFen: limit, Rate: decimal.MustNew(int64(rate), MaxRateDecimals)}
}

func overCap(e Effective, c Cap) *fault.Error {
	return fault.New(fault.Conflict, "PRICE_OVER_CAP", "A quantity of %d costs %s yuan, and the cap allows %s.", e.Quantity, e.TotalFen, e.LimitFen).
		With("mode", c.Mode).With("cap", c.Rate.String()).With("quantity", e.Quantity).
		With("total", e.TotalFen.String()).With("limit", e.LimitFen.String()).With("effectiveRate", e.Rate.String())
}

// morePerUnit reports whether a/ofA > b/ofB, exactly.
func morePerUnit(a Fen, ofA int64, b Fen, ofB int64) bool {
	if (a < 0) != (b < 0) {
		return b < 0
	}
	if a < 0 {
		a, ofA, b, ofB = -b, ofB, -a, ofA
	}
	high, low := bits.Mul64(uint64(a), uint64(ofB))
	highB, lowB := bits.Mul64(uint64(b), uint64(ofA))
	return high > highB || high == highB && low > lowB
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
