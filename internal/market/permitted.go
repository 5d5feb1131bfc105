package market

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// PermittedMeter is how an operator's revenue of a year stands to what it may earn (P65).
type PermittedMeter struct {
	OperatorID uuid.UUID
	Year       int
	AsOf       time.Time
	// EarnedFen was paid in the year so far, net of VAT and less what was refunded in it.
	EarnedFen pricing.Fen
	// ForecastFen is what the whole year comes to at the rate of the DaysGone of its Days, from the day on which the operator began to
	// operate where that is in the year; of a year that is over what was earned, and 0 of one that has not begun.
	ForecastFen    pricing.Fen
	DaysGone, Days int
	// Permitted is in force for the year, nil while none is approved: trial prices need none.
	Permitted *store.PermittedRevenue
	// Deviation of the forecast from what is permitted less its deduction, by the policy's Tolerance; nil without one.
	Deviation   *pricing.Deviation
	UsedPercent *decimal.Decimal
	Tolerance   decimal.Decimal
	// Cycle is the pricing cycle that the year is of, nil without one.
	Cycle *CycleBalance
}

// CycleBalance is what a pricing cycle earned beside what was permitted.
type CycleBalance struct {
	Cycle pricing.Cycle
	// Years are those of it that have a permitted revenue, the earliest first.
	Years []YearBalance
	// Over: its last year is over, so that ExcessFen is final. Before, it is what the years so far have earned above.
	Over      bool
	ExcessFen pricing.Fen
	// Clawback is how the excess is deducted, nil while nobody decided.
	Clawback *pricing.ClawbackDecision
	// missing is the first year of it in which the operator operated and nothing is permitted, 0 for none: what was earned in it is not counted.
	missing int
	// lastYear is the permitted revenue on which that is decided, nil without one.
	lastYear *store.PermittedRevenue
}

// YearBalance is a year of a cycle.
type YearBalance struct {
	Year                    int
	EarnedFen, PermittedFen pricing.Fen
}

// PermittedMeter says how an operator's revenue of a year stands. Members of the operator, of the agency and of the price authority may ask;
// for others there is no such operator. Refused with YEAR_INVALID.
func (m *Market) PermittedMeter(ctx context.Context, operator uuid.UUID, year int) (PermittedMeter, error) {
	if err := m.maySeePrices(ctx, operator, year); err != nil {
		return PermittedMeter{}, err
	}
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return PermittedMeter{}, err
	}
	since, err := m.Store.OperatesSince(ctx, operator)
	if err != nil {
		return PermittedMeter{}, err
	}
	inForce, err := m.Store.PermittedInForce(ctx, operator)
	if err != nil {
		return PermittedMeter{}, err
	}
	now := m.Store.Now()
	meter := PermittedMeter{OperatorID: operator, Year: year, AsOf: now, Tolerance: policies.Pricing.Tolerance}
	if meter.EarnedFen, err = earnedIn(ctx, m.Store, operator, year); err != nil {
		return PermittedMeter{}, err
	}
	if err := meter.forecast(since, authorisation.DayOf(now)); err != nil {
		return PermittedMeter{}, err
	}
	i := slices.IndexFunc(inForce, func(p store.PermittedRevenue) bool { return p.Year == year })
	if i < 0 {
		return meter, nil
	}
	meter.Permitted = &inForce[i]
	left := inForce[i].LeftFen()
	deviation, err := pricing.Deviate(max(0, meter.ForecastFen), left, policies.Pricing.Tolerance)
	if err != nil {
		return PermittedMeter{}, err
	}
	meter.Deviation, meter.UsedPercent = &deviation, pricing.PercentOf(max(0, int64(meter.EarnedFen)), int64(left))
	meter.Cycle, err = cycleBalance(ctx, m.Store, operator, inForce[i].Cycle, inForce)
	return meter, err
}

// maySeePrices hides an operator from whoever may not see its permitted revenue, and refuses what is no year.
func (m *Market) maySeePrices(ctx context.Context, operator uuid.UUID, year int) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if !store.MaySeePrices(v, operator) {
		return fault.Absent("organisation").At("operatorId")
	}
	is, err := m.Store.IsOperator(ctx, operator)
	if err != nil {
		return err
	}
	if !is {
		return fault.Absent("organisation").At("operatorId")
	}
	if year < pricing.FirstYear || year > pricing.LastYear {
		return fault.New(fault.Invalid, "YEAR_INVALID", "A year is from %d to %d.", pricing.FirstYear, pricing.LastYear).At("year").
			With("min", pricing.FirstYear).With("max", pricing.LastYear)
	}
	return nil
}

// forecast fills in the run rate: whole days, today among those gone.
func (meter *PermittedMeter) forecast(since, today authorisation.Day) (err error) {
	first, last := authorisation.DayFrom(meter.Year, time.January, 1), authorisation.DayFrom(meter.Year, time.December, 31)
	if since.After(first) && !since.After(last) {
		first = since
	}
	meter.Days = first.DaysUntil(last) + 1
	switch {
	case today.Before(first):
	case today.After(last):
		meter.DaysGone, meter.ForecastFen = meter.Days, meter.EarnedFen
	default:
		meter.DaysGone = first.DaysUntil(today) + 1
		meter.ForecastFen, err = pricing.RunRate(max(0, meter.EarnedFen), meter.DaysGone, meter.Days)
	}
	return err
}

// earnings are the facts of a cycle: of the store for looking, of a transaction for deciding.
type earnings interface {
	Now() time.Time
	OperatesSince(ctx context.Context, operator uuid.UUID) (authorisation.Day, error)
	PermittedInForce(ctx context.Context, operator uuid.UUID) ([]store.PermittedRevenue, error)
	Earned(ctx context.Context, operator uuid.UUID, from, until time.Time) (pricing.Fen, error)
}

func earnedIn(ctx context.Context, facts earnings, operator uuid.UUID, year int) (pricing.Fen, error) {
	from, until := yearBounds(year)
	return facts.Earned(ctx, operator, from, until)
}

// yearBounds are the first instant of a year in Shanghai and that of the next.
func yearBounds(year int) (from, until time.Time) {
	return authorisation.DayFrom(year, time.January, 1).Start(), authorisation.DayFrom(year+1, time.January, 1).Start()
}

func cycleBalance(ctx context.Context, facts earnings, operator uuid.UUID, cycle pricing.Cycle, inForce []store.PermittedRevenue) (*CycleBalance, error) {
	since, err := facts.OperatesSince(ctx, operator)
	if err != nil {
		return nil, err
	}
	balance := &CycleBalance{Cycle: cycle, Over: authorisation.DayOf(facts.Now()).Year() > cycle.Last()}
	for year := cycle.From; year <= cycle.Last() && balance.missing == 0; year++ {
		permitted := slices.ContainsFunc(inForce, func(p store.PermittedRevenue) bool { return p.Year == year })
		if !permitted && (since.IsZero() || since.Year() <= year) {
			balance.missing = year
		}
	}
	var years []pricing.CycleYear
	for i, p := range inForce {
		if p.Cycle != cycle {
			continue
		}
		earned, err := earnedIn(ctx, facts, operator, p.Year)
		if err != nil {
			return nil, err
		}
		balance.Years = append(balance.Years, YearBalance{Year: p.Year, EarnedFen: earned, PermittedFen: p.LeftFen()})
		years = append(years, pricing.CycleYear{ActualFen: max(0, earned), PermittedFen: p.LeftFen()})
		balance.lastYear = &inForce[i]
		if p.Clawback != nil {
			balance.Clawback = p.Clawback
		}
	}
	balance.ExcessFen, err = pricing.Excess(years)
	return balance, err
}

// ClawbackInput says over how many cycles the excess of a cycle is deducted, 1 for at once.
type ClawbackInput struct {
	OperatorID uuid.UUID
	// Year is any of the cycle's.
	Year           int
	Cycles         int
	SourceDocument string
	Reason         string
}

// ClawbackDecide decides how what an operator earned too much in a pricing cycle is deducted from the cycles after it (扣减, P65), and deducts
// from those that are approved already; later ones have their part deducted when they are approved. The APPROVER of the agency may, once, after
// the cycle's last year and not before each year of it in which the operator operated has its permitted revenue. Refused with CYCLE_NOT_OVER, EXCESS_NONE, CLAWBACK_DECIDED, CLAWBACK_CYCLES_INVALID, PERMITTED_REVENUE_MISSING.
func (m *Market) ClawbackDecide(ctx context.Context, in ClawbackInput) error {
	v := access.FromContext(ctx)
	if err := supervises(v); err != nil {
		return err
	}
	if err := m.maySeePrices(ctx, in.OperatorID, in.Year); err != nil {
		return at(err, map[string]string{"operatorId": "input.operatorId", "year": "input.year"})
	}
	if _, err := pricing.Clawback(0, in.Cycles); err != nil {
		return at(err, map[string]string{"cycles": "input.cycles"})
	}
	wrong := append(checkText("input.sourceDocument", in.SourceDocument, 600, true), checkText("input.reason", in.Reason, 8000, true)...)
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Alone(ctx, pricesLock(in.OperatorID)); err != nil {
			return err
		}
		balance, err := balanceToClawBack(ctx, tx, in)
		if err != nil {
			return err
		}
		decided := pricing.ClawbackDecision{
			ExcessFen: balance.ExcessFen, Cycles: in.Cycles, Authority: v.OrganisationID.String(), Person: v.PersonID.String(), At: tx.Now(),
			SourceDocument: in.SourceDocument, Reason: in.Reason,
		}
		if err := tx.DecideClawback(ctx, *balance.lastYear, decided); err != nil {
			return err
		}
		deducted, err := deductFromLater(ctx, tx, in.OperatorID)
		if err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "clawbackDecide", Kind: "PermittedRevenue", ID: balance.lastYear.ID, Reason: in.Reason, Change: map[string]any{
			"cycle": balance.Cycle, "excessFen": balance.ExcessFen, "cycles": in.Cycles, "sourceDocument": in.SourceDocument, "deductedFen": deducted,
		}})
	})
}

func balanceToClawBack(ctx context.Context, tx *store.Tx, in ClawbackInput) (*CycleBalance, error) {
	inForce, err := tx.PermittedInForce(ctx, in.OperatorID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(inForce, func(p store.PermittedRevenue) bool { return p.Cycle.Has(in.Year) })
	if i < 0 {
		return nil, permittedMissing(in.Year)
	}
	balance, err := cycleBalance(ctx, tx, in.OperatorID, inForce[i].Cycle, inForce)
	if err != nil {
		return nil, err
	}
	return balance, balance.mayClawBack()
}

func permittedMissing(year int) error {
	return fault.New(fault.Conflict, "PERMITTED_REVENUE_MISSING", "No permitted revenue is in force for %d.", year).At("input.year").With("year", year)
}

func (b *CycleBalance) mayClawBack() error {
	switch {
	case !b.Over:
		return fault.New(fault.Conflict, "CYCLE_NOT_OVER", "The cycle is over with the year %d.", b.Cycle.Last()).At("input.year").With("last", b.Cycle.Last())
	case b.Clawback != nil:
		return fault.New(fault.Conflict, "CLAWBACK_DECIDED", "It is decided already how the excess of this cycle is deducted.").At("input.year")
	case b.missing != 0: // its excess is not known yet, and is decided once
		return permittedMissing(b.missing)
	case b.ExcessFen == 0:
		return fault.New(fault.Conflict, "EXCESS_NONE", "This cycle earned no more than was permitted.").At("input.year")
	}
	return nil
}

// MayClawBack reports whether the viewer may decide now how a cycle's excess is deducted, by the rule that ClawbackDecide uses.
func (m *Market) MayClawBack(v access.Viewer, b CycleBalance) bool {
	return supervises(v) == nil && b.mayClawBack() == nil
}

// deductFromLater deducts from the permitted revenues in force what was decided of earlier cycles, the earliest year first; it returns by year
// what is deducted now where that changed.
func deductFromLater(ctx context.Context, tx *store.Tx, operator uuid.UUID) (map[int]pricing.Fen, error) {
	inForce, err := tx.PermittedInForce(ctx, operator)
	if err != nil {
		return nil, err
	}
	changed := map[int]pricing.Fen{}
	for i, p := range inForce {
		deducted, err := pricing.Deduction(p.PermittedYear(), permittedYears(inForce))
		if err != nil {
			return nil, err
		}
		if deducted <= p.DeductedFen { // what is deducted stays so
			continue
		}
		if err := tx.DeductFromPermitted(ctx, p, deducted); err != nil {
			return nil, err
		}
		inForce[i].DeductedFen, changed[p.Year] = deducted, deducted
	}
	return changed, nil
}
