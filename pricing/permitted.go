package pricing

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/govalues/decimal"

	"gongshu/internal/fault"
)

// The technical limits of a cost survey, and the limits of the law that no policy row may widen.
const (
	MaxCostLines    = 500
	MaxSpreadPoints = 6 // percentage points above the treasury yield (P65)
	MaxCycleYears   = 3 // of a pricing cycle (P65)
	// MaxTaxRate is the highest part of the revenue that is tax: above it revenue would multiply.
	MaxTaxRate = "0.5"
)

var highestTaxRate = decimal.MustParse(MaxTaxRate)

// CostCategory is what a cost was spent on (经营成本, P65).
type CostCategory string

// The categories of P65.
const (
	CostPlatform    CostCategory = "PLATFORM"         // 平台建设和运行维护
	CostProcessing  CostCategory = "PROCESSING"       // 传输、归集、存储、治理
	CostLabour      CostCategory = "LABOUR"           // 人工
	CostAcquisition CostCategory = "DATA_ACQUISITION" // 获取公共数据
	CostPeriod      CostCategory = "PERIOD_EXPENSE"   // 期间费用
)

// Values lists the stored forms.
func (CostCategory) Values() []string {
	return []string{"PLATFORM", "PROCESSING", "LABOUR", "DATA_ACQUISITION", "PERIOD_EXPENSE"}
}

// CostScope is which products a cost was spent for (P65): those that are charged for, those that are free, or both.
type CostScope string

// A cost of free products stays outside the operating cost; of a shared cost a part enters it, by its allocation key.
const (
	CostIndustry CostScope = "INDUSTRY"
	CostFree     CostScope = "FREE"
	CostShared   CostScope = "SHARED"
)

// Values lists the stored forms.
func (CostScope) Values() []string { return []string{"INDUSTRY", "FREE", "SHARED"} }

// CostLine is one line of a cost survey (成本调查): what was spent in its year on providing data.
type CostLine struct {
	Category  CostCategory `json:"category"`
	Scope     CostScope    `json:"scope"`
	Name      string       `json:"name"`
	AmountFen Fen          `json:"amountFen"`
	// Key says in words what a shared cost is divided by (calls, hours of machine time); empty for the other scopes.
	Key string `json:"key,omitempty"`
	// Units of Total units of the key belong to charged products; both 0 for the other scopes.
	Units int64 `json:"units,omitempty"`
	Total int64 `json:"total,omitempty"`
}

// TaxKind is how tax enters the permitted revenue (P65).
type TaxKind string

// Itemised tax is an amount; proportional tax is a rate of the revenue.
const (
	TaxItemised     TaxKind = "ITEMISED"
	TaxProportional TaxKind = "PROPORTIONAL"
)

// Values lists the stored forms.
func (TaxKind) Values() []string { return []string{"ITEMISED", "PROPORTIONAL"} }

// Tax of a cost survey. The one of the two that the kind does not use is 0.
type Tax struct {
	Kind      TaxKind `json:"kind"`
	AmountFen Fen     `json:"amountFen,omitempty"`
	// Rate of the revenue, 0.06 for 6 %.
	Rate decimal.Decimal `json:"rate"`
	// Missing says that the one that the kind uses was left out, which is not 0.
	Missing bool `json:"-"`
}

// CostSurvey is what the permitted revenue of one year is computed from (成本调查, P65).
type CostSurvey struct {
	Lines []CostLine `json:"lines"`
	// SubsidyFen is government subsidy, which lowers the operating cost.
	SubsidyFen Fen `json:"subsidyFen"`
	Tax        Tax `json:"tax"`
	// YieldPercent is the average 10-year treasury yield of the year before the survey, 2.35 for 2.35 %.
	YieldPercent decimal.Decimal `json:"yieldPercent"`
	// SpreadPoints are the percentage points above it, 0 to MaxSpreadPoints.
	SpreadPoints decimal.Decimal `json:"spreadPoints"`
}

// PermittedRevenue is the greatest revenue that an operator may earn in a year from what is charged for (最高准许收入, P65).
// The amounts add up exactly: CostFen + ProfitFen + TaxFen = RevenueFen. Each is a difference of exact amounts rounded
// half-up once, so each is within a fen of its own exact value.
type PermittedRevenue struct {
	IndustryFen Fen // cost lines of charged products
	SharedFen   Fen // what the keys allocate to them of shared ones
	SubsidyFen  Fen
	CostFen     Fen // C, not below 0: a full subsidy leaves nothing to charge for
	RatePercent decimal.Decimal
	ProfitFen   Fen // P = C·r
	TaxFen      Fen // T
	RevenueFen  Fen // C + P + T; where tax is a rate t of revenue C(1+r)/(1−t)
}

// Permit computes the permitted revenue of a survey (P65). Refused with everything that is wrong with the survey.
func Permit(s CostSurvey) (PermittedRevenue, error) {
	if err := s.Validate(""); err != nil {
		return PermittedRevenue{}, err
	}
	industry, shared := new(big.Rat), new(big.Rat)
	for _, line := range s.Lines {
		switch line.Scope {
		case CostIndustry:
			industry.Add(industry, fenRat(line.AmountFen))
		case CostShared:
			part := new(big.Rat).SetFrac64(line.Units, line.Total)
			shared.Add(shared, part.Mul(part, fenRat(line.AmountFen)))
		}
	}
	cost := new(big.Rat).Add(industry, shared)
	cost.Sub(cost, fenRat(s.SubsidyFen))
	if cost.Sign() < 0 {
		cost.SetInt64(0)
	}
	percent, err := s.YieldPercent.Add(s.SpreadPoints)
	if err != nil {
		return PermittedRevenue{}, fault.New(fault.Invalid, "YIELD_INVALID", "A yield has too many digits.").At("yieldPercent")
	}
	rate := rational(percent)
	rate.Quo(rate, big.NewRat(100, 1))
	earned := new(big.Rat).Add(cost, new(big.Rat).Mul(cost, rate)) // C(1+r)
	revenue := new(big.Rat).Set(earned)
	if s.Tax.Kind == TaxProportional {
		revenue.Quo(revenue, new(big.Rat).Sub(big.NewRat(1, 1), rational(s.Tax.Rate)))
	} else {
		revenue.Add(revenue, fenRat(s.Tax.AmountFen))
	}
	var amounts [5]Fen
	for i, exact := range []*big.Rat{industry, shared, cost, earned, revenue} {
		amounts[i] = roundRat(exact)
	}
	return PermittedRevenue{
		IndustryFen: amounts[0], SharedFen: amounts[1], SubsidyFen: s.SubsidyFen, CostFen: amounts[2], RatePercent: percent,
		ProfitFen: amounts[3] - amounts[2], TaxFen: amounts[4] - amounts[3], RevenueFen: amounts[4],
	}, nil
}

// Validate returns everything that is wrong with the survey, with paths below field.
func (s CostSurvey) Validate(field string) error {
	var list fault.List
	if n := len(s.Lines); n < 1 || n > MaxCostLines {
		list = append(list, fault.New(fault.Invalid, "COST_LINES_INVALID", "A cost survey has 1 to %d lines.", MaxCostLines).
			With("max", MaxCostLines).At(path(field, "lines")))
	} else {
		for i, line := range s.Lines {
			list = append(list, line.faults(path(field, fmt.Sprintf("lines.%d", i)))...)
		}
	}
	list = append(list, costFaults(s.SubsidyFen, path(field, "subsidyFen"))...)
	list = append(list, s.Tax.faults(path(field, "tax"))...)
	if s.YieldPercent.IsNeg() || s.YieldPercent.Cmp(decimal.Hundred) > 0 || s.YieldPercent.Scale() > MaxRateDecimals {
		list = append(list, fault.New(fault.Invalid, "YIELD_INVALID", "A yield is 0 to 100 percent with at most %d decimals.", MaxRateDecimals).
			With("max", MaxRateDecimals).At(path(field, "yieldPercent")))
	}
	if s.SpreadPoints.IsNeg() || s.SpreadPoints.Cmp(decimal.MustNew(MaxSpreadPoints, 0)) > 0 || s.SpreadPoints.Scale() > MaxRateDecimals {
		list = append(list, fault.New(fault.Invalid, "SPREAD_OUT_OF_RANGE", "The spread above the treasury yield is 0 to %d percentage points.", MaxSpreadPoints).
			With("max", MaxSpreadPoints).At(path(field, "spreadPoints")))
	}
	return list.OrNil()
}

func (l CostLine) faults(field string) fault.List {
	var list fault.List
	if !slices.Contains(l.Category.Values(), string(l.Category)) {
		list = append(list, fault.New(fault.Invalid, "COST_CATEGORY_INVALID", "This is no category of cost.").At(path(field, "category")))
	}
	if l.Name == "" {
		list = append(list, fault.New(fault.Invalid, "COST_NAME_MISSING", "A cost line says what was paid for.").At(path(field, "name")))
	}
	list = append(list, costFaults(l.AmountFen, path(field, "amountFen"))...)
	switch {
	case !slices.Contains(l.Scope.Values(), string(l.Scope)):
		list = append(list, fault.New(fault.Invalid, "COST_SCOPE_INVALID", "A cost is of charged products, of free ones, or shared.").At(path(field, "scope")))
	case l.Scope != CostShared && (l.Key != "" || l.Units != 0 || l.Total != 0):
		list = append(list, fault.New(fault.Invalid, "COST_KEY_NOT_USED", "Only a shared cost has an allocation key.").At(path(field, "key")))
	case l.Scope == CostShared && l.Key == "":
		list = append(list, fault.New(fault.Invalid, "COST_KEY_MISSING", "A shared cost says by what it is allocated.").At(path(field, "key")))
	}
	if l.Scope == CostShared && (l.Total < 1 || l.Units < 0 || l.Units > l.Total) {
		list = append(list, fault.New(fault.Invalid, "COST_UNITS_INVALID", "Of the key's total, which is at least 1, 0 up to all belongs to charged products.").
			At(path(field, "units")))
	}
	return list
}

func (t Tax) faults(field string) fault.List {
	var list fault.List
	switch t.Kind {
	case TaxItemised:
		if t.Missing {
			return fault.List{taxMissing(path(field, "amountFen"))}
		}
		list = costFaults(t.AmountFen, path(field, "amountFen"))
		if !t.Rate.IsZero() {
			list = append(list, fault.New(fault.Invalid, "TAX_NOT_USED", "Tax is itemised or a rate of revenue, not both.").At(path(field, "rate")))
		}
	case TaxProportional:
		if t.Missing {
			return fault.List{taxMissing(path(field, "rate"))}
		}
		if t.Rate.IsNeg() || t.Rate.Cmp(highestTaxRate) > 0 || t.Rate.Scale() > MaxRateDecimals {
			list = append(list, fault.New(fault.Invalid, "TAX_RATE_INVALID", "A tax rate is 0 to %s with at most %d decimals.", MaxTaxRate, MaxRateDecimals).
				With("rate", MaxTaxRate).With("max", MaxRateDecimals).At(path(field, "rate")))
		}
		if t.AmountFen != 0 {
			list = append(list, fault.New(fault.Invalid, "TAX_NOT_USED", "Tax is itemised or a rate of revenue, not both.").At(path(field, "amountFen")))
		}
	default:
		list = append(list, fault.New(fault.Invalid, "TAX_KIND_INVALID", "Tax is itemised or a rate of revenue.").At(path(field, "kind")))
	}
	return list
}

func notNegative(amount Fen, field string) fault.List {
	if amount < 0 {
		return fault.List{fault.New(fault.Invalid, "AMOUNT_NEGATIVE", "This amount is not negative.").At(field)}
	}
	return nil
}

func taxMissing(field string) *fault.Error {
	return fault.New(fault.Invalid, "TAX_MISSING", "Say how much the tax is, 0 where there is none.").At(field)
}

// costFaults refuses an amount of a survey that is negative, or above what keeps all sums of them exact.
func costFaults(amount Fen, field string) fault.List {
	if amount > MaxTotalFen {
		return fault.List{fault.New(fault.Invalid, "AMOUNT_TOO_LARGE", "This amount is at most %s yuan.", Fen(MaxTotalFen)).
			With("max", Fen(MaxTotalFen).String()).At(field)}
	}
	return notNegative(amount, field)
}

// Adjuster is who has to act on a deviation (P65).
type Adjuster string

// Within the tolerance the operator adjusts its prices, beyond it the authorising body adjusts the caps.
const (
	AdjusterNobody          Adjuster = "NOBODY"
	AdjusterOperator        Adjuster = "OPERATOR"
	AdjusterAuthorisingBody Adjuster = "AUTHORISING_BODY"
)

// Values lists the stored forms.
func (Adjuster) Values() []string { return []string{"NOBODY", "OPERATOR", "AUTHORISING_BODY"} }

// Deviation is how the revenue of a year stands to what was permitted (偏离, P65).
type Deviation struct {
	DifferenceFen Fen // actual less permitted
	// Percent of the permitted revenue, below 0 when less was earned, rounded half away from zero to one decimal for
	// reading; nil of a permitted revenue of 0. Who adjusts is decided on the exact amounts.
	Percent  *decimal.Decimal
	Adjuster Adjuster
}

// Deviate compares a year's actual revenue with the permitted one; tolerance is the policy's, 0.10 for 10 % (P65).
// Refused: AMOUNT_NEGATIVE, TOLERANCE_INVALID.
func Deviate(actual, permitted Fen, tolerance decimal.Decimal) (Deviation, error) {
	list := append(notNegative(actual, "actualFen"), notNegative(permitted, "permittedFen")...)
	if tolerance.IsNeg() || tolerance.Cmp(decimal.One) > 0 {
		list = append(list, fault.New(fault.Invalid, "TOLERANCE_INVALID", "A tolerance is 0 to 1.").At("tolerance"))
	}
	if err := list.OrNil(); err != nil {
		return Deviation{}, err
	}
	d := Deviation{DifferenceFen: actual - permitted, Adjuster: AdjusterNobody}
	size := max(d.DifferenceFen, -d.DifferenceFen)
	if percent := PercentOf(int64(size), int64(permitted)); percent != nil {
		if d.DifferenceFen < 0 {
			*percent = percent.Neg()
		}
		d.Percent = percent
	}
	allowed := rational(tolerance)
	allowed.Mul(allowed, fenRat(permitted))
	switch {
	case fenRat(size).Cmp(allowed) > 0:
		d.Adjuster = AdjusterAuthorisingBody
	case size > 0:
		d.Adjuster = AdjusterOperator
	}
	return d, nil
}

// CycleYear is one year of a pricing cycle.
type CycleYear struct {
	ActualFen    Fen
	PermittedFen Fen
}

// Excess is what a cycle earned above what was permitted over all its years (P65): max(0, Σactual − Σpermitted).
// A shortfall is not compensated. Refused: CYCLE_YEARS_INVALID, AMOUNT_NEGATIVE.
func Excess(years []CycleYear) (Fen, error) {
	if len(years) < 1 || len(years) > MaxCycleYears {
		return 0, fault.New(fault.Invalid, "CYCLE_YEARS_INVALID", "A cycle has 1 to %d years.", MaxCycleYears).With("max", MaxCycleYears).At("years")
	}
	var list fault.List
	actual, permitted := new(big.Int), new(big.Int)
	for i, year := range years {
		at := fmt.Sprintf("years.%d", i)
		list = append(list, notNegative(year.ActualFen, path(at, "actualFen"))...)
		list = append(list, notNegative(year.PermittedFen, path(at, "permittedFen"))...)
		actual.Add(actual, big.NewInt(int64(year.ActualFen)))
		permitted.Add(permitted, big.NewInt(int64(year.PermittedFen)))
	}
	if err := list.OrNil(); err != nil {
		return 0, err
	}
	excess := actual.Sub(actual, permitted)
	switch {
	case excess.Sign() <= 0:
		return 0, nil
	case !excess.IsInt64():
		return 0, overflow()
	}
	return Fen(excess.Int64()), nil
}

// MaxClawbackCycles bounds over how many cycles an excess is deducted; technical.
const MaxClawbackCycles = 10

// Clawback divides an excess over the cycles it is deducted from (扣减, P65: at once, or spread over several): equal
// instalments that add up to it, the earlier ones a fen greater where it does not divide.
// Refused: AMOUNT_NEGATIVE, CLAWBACK_CYCLES_INVALID.
func Clawback(excess Fen, cycles int) ([]Fen, error) {
	list := notNegative(excess, "excessFen")
	if cycles < 1 || cycles > MaxClawbackCycles {
		list = append(list, fault.New(fault.Invalid, "CLAWBACK_CYCLES_INVALID", "An excess is deducted over 1 to %d cycles.", MaxClawbackCycles).
			With("max", MaxClawbackCycles).At("cycles"))
	}
	if err := list.OrNil(); err != nil {
		return nil, err
	}
	instalments := make([]Fen, cycles)
	for i := range instalments {
		instalments[i] = excess / Fen(cycles)
		if Fen(i) < excess%Fen(cycles) {
			instalments[i]++
		}
	}
	return instalments, nil
}

// Deduct takes an instalment from the permitted revenue of a cycle. What the cycle cannot bear is left for the next:
// permitted revenue is not negative. Refused: AMOUNT_NEGATIVE.
func Deduct(permitted, instalment Fen) (after, left Fen, err error) {
	if err := append(notNegative(permitted, "permittedFen"), notNegative(instalment, "instalmentFen")...).OrNil(); err != nil {
		return 0, 0, err
	}
	taken := min(permitted, instalment)
	return permitted - taken, instalment - taken, nil
}

// DatedCap is a cap of a product from a day on, until the next one of its mode and period begins.
type DatedCap struct {
	// Product is opaque.
	Product string
	Cap     Cap
	// From is a day as 2006-01-02.
	From string
	// Forecast is how many units the product is expected to sell at it in a year, 0 where nobody said.
	Forecast int64
}

// CapsRevenue is what caps would earn in a year at their forecasts, each rounded half-up once: of every product, mode and period the
// dearest of those that hold on a day of it, since one that follows does not take back what was earned before. Uncounted is how many hold
// in it without a forecast. What is no int64 is its greatest value.
func CapsRevenue(caps []DatedCap, year int) (revenue Fen, uncounted int) {
	type kind struct {
		product string
		mode    ChargingMode
		period  Period
	}
	first, last := fmt.Sprintf("%04d-01-01", year), fmt.Sprintf("%04d-12-31", year)
	begun := map[kind]string{} // the day of the last that had begun with the year
	for _, c := range caps {
		k := kind{c.Product, c.Cap.Mode, c.Cap.Period}
		if c.From <= first {
			begun[k] = max(begun[k], c.From)
		}
	}
	dearest := map[kind]Fen{}
	for _, c := range caps {
		k := kind{c.Product, c.Cap.Mode, c.Cap.Period}
		switch {
		case c.From > last || c.From < begun[k]:
		case c.Forecast == 0:
			uncounted++
		default:
			dearest[k] = max(dearest[k], times(micro(c.Cap.Rate), c.Forecast))
		}
	}
	for _, fen := range dearest {
		if revenue > math.MaxInt64-fen {
			return math.MaxInt64, uncounted
		}
		revenue += fen
	}
	return revenue, uncounted
}

// CheckCaps refuses a cap by which those of a year would earn more than is permitted, and more than they would without it, with
// CAPS_OVER_PERMITTED (params revenue, permitted; P65).
func CheckCaps(caps []DatedCap, added DatedCap, year int, permitted Fen) error {
	before, _ := CapsRevenue(caps, year)
	after, _ := CapsRevenue(append(slices.Clone(caps), added), year)
	if after <= permitted || after <= before {
		return nil
	}
	return fault.New(fault.Conflict, "CAPS_OVER_PERMITTED", "At the forecast quantities the caps would earn %s yuan, and %s is permitted.", after, permitted).
		With("revenue", after.String()).With("permitted", permitted.String())
}

func fenRat(f Fen) *big.Rat { return new(big.Rat).SetInt64(int64(f)) }

// rational is a decimal, exactly.
func rational(d decimal.Decimal) *big.Rat {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.Scale())), nil)
	r := new(big.Rat).SetFrac(new(big.Int).SetUint64(d.Coef()), power)
	if d.IsNeg() {
		r.Neg(r)
	}
	return r
}

// roundRat rounds an exact amount of fen, which is not negative and within int64, half-up.
func roundRat(r *big.Rat) Fen {
	twice := new(big.Int).Lsh(r.Num(), 1)
	twice.Add(twice, r.Denom())
	twice.Quo(twice, new(big.Int).Lsh(r.Denom(), 1))
	return Fen(twice.Int64())
}
