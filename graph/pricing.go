package graph

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/govalues/decimal"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/permittedrevenue"
	"gongshu/graph/model"
	"gongshu/graph/scalar"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// pricingLoaders load permitted revenues and what belongs to them.
type pricingLoaders struct {
	permittedRevenues *dataloadgen.Loader[uuid.UUID, *db.PermittedRevenue]
	// permittedInForce are, by operator, the ids of those in force.
	permittedInForce *level[[]uuid.UUID]
	// capsOf are, by operator, the caps of its products.
	capsOf *level[[]pricing.DatedCap]
}

func newPricingLoaders(s *store.Store) pricingLoaders {
	c := s.Read()
	return pricingLoaders{
		permittedRevenues: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.PermittedRevenue, error) {
			return c.PermittedRevenue.Query().Where(permittedrevenue.IDIn(ids...)).All(ctx)
		}, func(p *db.PermittedRevenue) uuid.UUID { return p.ID }),
		permittedInForce: newLevel(inOrder(s.PermittedInForceOf)),
		capsOf:           newLevel(inOrder(s.CapsOf)),
	}
}

// permittedRevenuePage reads a page of permitted revenues that the viewer may see, newest first.
func (r *Resolver) permittedRevenuePage(ctx context.Context, operator *string, inForce bool, first *int, after *string) (*model.PermittedRevenueConnection, error) {
	q := r.Store.Read().PermittedRevenue.Query()
	if operator != nil {
		id, err := parseOrganisation(*operator, "operatorId")
		if err != nil {
			return nil, err
		}
		q.Where(permittedrevenue.OperatorID(id))
	}
	if inForce {
		q.Where(store.InForce)
	}
	p, err := fetchPage(ctx, q, first, after, newestFirst, func(p *db.PermittedRevenue) uuid.UUID { return p.ID })
	if err != nil {
		return nil, err
	}
	for _, row := range p.rows {
		loadersOf(ctx).organisations.expect(row.OperatorID)
		loadersOf(ctx).permittedInForce.expect(row.OperatorID)
		loadersOf(ctx).capsOf.expect(row.OperatorID)
	}
	return &model.PermittedRevenueConnection{PageInfo: *p.info(), Edges: edges(p, func(cursor string, row *db.PermittedRevenue) *model.PermittedRevenueEdge {
		return &model.PermittedRevenueEdge{Cursor: cursor, Node: *row}
	})}, nil
}

// capsRevenue is what the caps that hold in the year of a permitted revenue would earn, and how many are not counted.
func capsRevenue(ctx context.Context, obj *db.PermittedRevenue) (revenue pricing.Fen, uncounted int, err error) {
	caps, err := loadersOf(ctx).capsOf.Load(ctx, obj.OperatorID)
	revenue, uncounted = pricing.CapsRevenue(caps, obj.Year)
	return revenue, uncounted, err
}

// namedOperator is an operator of which somebody may see more than that it is there.
func (r *Resolver) namedOperator(ctx context.Context, id uuid.UUID) (*db.Organisation, error) {
	return r.Store.Read().Organisation.Query().Where(organisation.ID(id)).Only(ctx)
}

func costSurvey(s pricing.CostSurvey) *model.CostSurvey {
	out := &model.CostSurvey{Subsidy: *scalar.Yuan(s.SubsidyFen), YieldPercent: s.YieldPercent, SpreadPoints: s.SpreadPoints, Tax: model.CostTax{Kind: s.Tax.Kind}}
	if s.Tax.Kind == pricing.TaxProportional {
		out.Tax.Rate = &s.Tax.Rate
	} else {
		out.Tax.Amount = scalar.Yuan(s.Tax.AmountFen)
	}
	for _, l := range s.Lines {
		line := &model.CostLine{Category: l.Category, Scope: l.Scope, Name: l.Name, Amount: *scalar.Yuan(l.AmountFen), Entered: *scalar.Yuan(l.Entered())}
		if l.Scope == pricing.CostShared {
			line.Key, line.Units, line.Total = &l.Key, &l.Units, &l.Total
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

func permittedAmounts(p pricing.PermittedRevenue) *model.PermittedAmounts {
	return &model.PermittedAmounts{
		Industry: *scalar.Yuan(p.IndustryFen), Shared: *scalar.Yuan(p.SharedFen), Subsidy: *scalar.Yuan(p.SubsidyFen), Cost: *scalar.Yuan(p.CostFen),
		RatePercent: p.RatePercent, Profit: *scalar.Yuan(p.ProfitFen), Tax: *scalar.Yuan(p.TaxFen), Revenue: *scalar.Yuan(p.RevenueFen),
	}
}

func deviation(d *pricing.Deviation, tolerance decimal.Decimal) *model.Deviation {
	if d == nil {
		return nil
	}
	return &model.Deviation{Difference: *scalar.Yuan(d.DifferenceFen), Percent: d.Percent, Adjuster: d.Adjuster, Tolerance: tolerance}
}

func clawback(ctx context.Context, c *pricing.ClawbackDecision) (*model.Clawback, error) {
	if c == nil {
		return nil, nil
	}
	instalments, err := pricing.Clawback(c.ExcessFen, c.Cycles)
	if err != nil {
		return nil, err
	}
	authority, err := organisationOf(ctx, c.Authority)
	out := &model.Clawback{Excess: *scalar.Yuan(c.ExcessFen), Cycles: c.Cycles, Authority: authority, DecidedAt: c.At, SourceDocument: c.SourceDocument, Reason: c.Reason}
	for _, fen := range instalments {
		out.Instalments = append(out.Instalments, scalar.Yuan(fen))
	}
	return out, err
}

// meter says how an operator's revenue of a year stands.
func (r *Resolver) meter(ctx context.Context, operator uuid.UUID, year int) (*model.PermittedRevenueMeter, error) {
	m, err := r.Market.PermittedMeter(ctx, operator, year)
	if err != nil {
		return nil, err
	}
	out := &model.PermittedRevenueMeter{
		Year: m.Year, AsOf: m.AsOf, Earned: *scalar.Yuan(m.EarnedFen), Forecast: *scalar.Yuan(m.ForecastFen), DaysGone: m.DaysGone, Days: m.Days,
		UsedPercent: m.UsedPercent, Deviation: deviation(m.Deviation, m.Tolerance),
	}
	named, err := r.namedOperator(ctx, operator)
	if err != nil {
		return nil, err
	}
	out.Operator = *named
	if m.Permitted == nil {
		return out, nil
	}
	if out.PermittedRevenue, err = loadersOf(ctx).permittedRevenues.Load(ctx, m.Permitted.ID); err != nil {
		return nil, err
	}
	out.Cycle = &model.CycleBalance{
		Cycle: m.Cycle.Cycle, Over: m.Cycle.Over, Excess: *scalar.Yuan(m.Cycle.ExcessFen), CanClawBack: r.Market.MayClawBack(access.FromContext(ctx), *m.Cycle),
	}
	for _, y := range m.Cycle.Years {
		out.Cycle.Years = append(out.Cycle.Years, &model.CycleYearBalance{Year: y.Year, Earned: *scalar.Yuan(y.EarnedFen), Permitted: *scalar.Yuan(y.PermittedFen)})
	}
	out.Cycle.Clawback, err = clawback(ctx, m.Cycle.Clawback)
	return out, err
}

// priceReport is an operator's price report of a year.
func (r *Resolver) priceReport(ctx context.Context, operator uuid.UUID, year int) (*model.PriceReport, error) {
	report, err := r.Market.PriceReport(ctx, operator, year)
	if err != nil {
		return nil, err
	}
	out := &model.PriceReport{
		Year: report.Year, DueOn: report.DueOn, AsOf: report.AsOf, Cost: maybeYuan(report.CostFen), Revenue: *scalar.Yuan(report.RevenueFen),
		Profit: maybeYuan(report.ProfitFen), Permitted: maybeYuan(report.PermittedFen), Deviation: deviation(report.Deviation, report.Tolerance),
		Changes: make([]*model.PriceChange, len(report.Changes)),
	}
	for i, c := range report.Changes {
		out.Changes[i] = &model.PriceChange{
			Kind: model.PriceChangeKind(c.Kind), On: c.On, ProductName: c.ProductName, ProductNameEn: c.ProductNameEn, Mode: c.Mode, PlanName: c.PlanName, PlanNameEn: c.PlanNameEn, Rate: c.Rate, Trial: c.Trial,
		}
	}
	named, err := r.namedOperator(ctx, operator)
	if err != nil {
		return nil, err
	}
	out.Operator = *named
	out.Products, err = reportedProducts(ctx, report.Products)
	return out, err
}

func reportedProducts(ctx context.Context, reported []market.ReportedProduct) ([]*model.PriceReportProduct, error) {
	out := make([]*model.PriceReportProduct, len(reported))
	ids := make([]uuid.UUID, len(reported))
	for i, p := range reported {
		ids[i] = p.ProductID
	}
	rows, err := loadersOf(ctx).products.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, p := range reported {
		out[i] = &model.PriceReportProduct{
			Product: rows[i], Name: p.Name, NameEn: p.NameEn, Calls: p.Used.Calls, Rows: p.Used.Rows, Bytes: p.Used.Bytes, Revenue: *scalar.Yuan(p.RevenueFen),
		}
	}
	return out, nil
}

func maybeYuan(fen *pricing.Fen) *scalar.Money {
	if fen == nil {
		return nil
	}
	return scalar.Yuan(*fen)
}

// fenOf reads an amount in yuan, whatever zeros it ends in; what is none, as it has parts of a fen or is too large, is added to what is wrong.
func fenOf(yuan decimal.Decimal, field string, wrong *fault.List) pricing.Fen {
	fen, err := pricing.ParseYuan(yuan.Trim(0).String())
	for _, f := range fault.All(err) {
		*wrong = append(*wrong, f.At(field))
	}
	return fen
}

// carryOverInput is a cycle and what is permitted in those after it; what are more years than a cycle has are left to the rule to refuse.
func carryOverInput(in model.CarryOverInput) (years []pricing.CycleYear, following []pricing.Fen, err error) {
	var wrong fault.List
	for i, y := range in.Years[:min(len(in.Years), pricing.MaxCycleYears+1)] {
		at := placeOf("input.years", i)
		years = append(years, pricing.CycleYear{ActualFen: fenOf(y.Actual, at+".actual", &wrong), PermittedFen: fenOf(y.Permitted, at+".permitted", &wrong)})
	}
	after := in.Following.Value()
	for i, permitted := range after[:min(len(after), pricing.MaxClawbackCycles+1)] {
		following = append(following, fenOf(*permitted, placeOf("input.following", i), &wrong))
	}
	return years, following, wrong.OrNil()
}

func carriedOver(c pricing.CarriedOver) *model.CarryOverCalculation {
	out := &model.CarryOverCalculation{
		Actual: scalar.Yuan(c.ActualFen), Permitted: scalar.Yuan(c.PermittedFen), Excess: scalar.Yuan(c.ExcessFen),
		Steps: make([]*model.CarryOverStep, len(c.Steps)), Errors: []*fault.Error{},
	}
	for i, s := range c.Steps {
		out.Steps[i] = &model.CarryOverStep{Instalment: *scalar.Yuan(s.InstalmentFen), Due: *scalar.Yuan(s.DueFen), Left: *scalar.Yuan(s.LeftFen)}
		if s.PermittedFen != nil {
			out.Steps[i].Permitted, out.Steps[i].After = scalar.Yuan(*s.PermittedFen), scalar.Yuan(s.AfterFen)
		}
	}
	return out
}

// inYuan gives faults the names that amounts have on the edge, where they are in yuan: the rules count in fen.
func inYuan(err error) error {
	faults := fault.All(err)
	if !slices.ContainsFunc(faults, func(f *fault.Error) bool { return strings.HasSuffix(f.Field, "Fen") }) {
		return err
	}
	out := make(fault.List, len(faults))
	for i, f := range faults {
		out[i] = f.At(strings.TrimSuffix(f.Field, "Fen"))
	}
	return out
}

func costSurveyReport(in model.CostSurveyReportInput) (market.CostSurveyInput, error) {
	survey, err := costSurveyInput(in.Survey, "input.survey")
	if err != nil {
		return market.CostSurveyInput{}, err
	}
	evidence, err := parseIDs(documentID, in.Evidence, "input.evidence")
	return market.CostSurveyInput{
		Year: in.Year, Cycle: in.Cycle, Survey: survey, SourceDocument: in.SourceDocument, Note: textOf(in.Note), Evidence: evidence, IdempotencyKey: in.IdempotencyKey,
	}, err
}

func costSurveyInput(in model.CostSurveyInput, field string) (pricing.CostSurvey, error) {
	if len(in.Lines) > pricing.MaxCostLines {
		return pricing.CostSurvey{}, fault.New(fault.Invalid, "COST_LINES_INVALID", "A cost survey has 1 to %d lines.", pricing.MaxCostLines).
			With("max", pricing.MaxCostLines).At(field + ".lines")
	}
	var wrong fault.List
	survey := pricing.CostSurvey{
		SubsidyFen: fenOf(in.Subsidy, field+".subsidy", &wrong), YieldPercent: in.YieldPercent, SpreadPoints: in.SpreadPoints,
		Tax: pricing.Tax{Kind: in.Tax.Kind, Rate: valueOr(in.Tax.Rate.Value()), AmountFen: fenOf(valueOr(in.Tax.Amount.Value()), field+".tax.amount", &wrong)},
	}
	survey.Tax.Missing = in.Tax.Kind == pricing.TaxItemised && in.Tax.Amount.Value() == nil || in.Tax.Kind == pricing.TaxProportional && in.Tax.Rate.Value() == nil
	for i, l := range in.Lines {
		survey.Lines = append(survey.Lines, pricing.CostLine{
			Category: l.Category, Scope: l.Scope, Name: strings.TrimSpace(l.Name), AmountFen: fenOf(l.Amount, placeOf(field+".lines", i)+".amount", &wrong),
			Key: strings.TrimSpace(textOf(l.Key)), Units: valueOr(l.Units.Value()), Total: valueOr(l.Total.Value()),
		})
	}
	return survey, wrong.OrNil()
}

// chargeInput is a tariff and uses; a subject is only told apart from others here, and kept nowhere.
func chargeInput(in model.ChargeInput) (market.ChargeInput, error) {
	t, err := tariffInput(in.Tariff, "input.tariff")
	out := market.ChargeInput{
		Tariff: t, Purpose: purpose.Industry, Class: pricing.UserClass(textOf(in.UserClass)), Cap: in.Cap.Value(), Uses: make([]pricing.Use, len(in.Uses)),
	}
	if p := in.Purpose.Value(); p != nil {
		out.Purpose = *p
	}
	for i, u := range in.Uses {
		out.Uses[i] = pricing.Use{At: u.UsedAt, Channel: cmp.Or(valueOr(u.Channel.Value()), pricing.Online), Subject: textOf(u.Subject), Quantity: u.Quantity}
	}
	return out, err
}

// splitInput is a rule of made-up contributors and the amount that it shares.
func splitInput(in model.SplitInput) (rule pricing.AllocationRule, amount pricing.Fen, err error) {
	var wrong fault.List
	amount = fenOf(in.Amount, "input.amount", &wrong)
	rule = pricing.AllocationRule{Version: 1, Kind: in.Kind, Whole: valueOr(in.Whole.Value())}
	if len(in.Parts) > pricing.MaxParts { // before the sum of weights is taken of so many
		return rule, 0, fault.New(fault.Invalid, "ALLOCATION_PARTS_INVALID", "An allocation rule has 1 to %d parts.", pricing.MaxParts).With("max", pricing.MaxParts).At("input.parts")
	}
	sum := int64(0)
	for i, p := range in.Parts {
		part := pricing.Part{
			Contributor: strings.TrimSpace(p.Contributor), Weight: valueOr(p.Weight.Value()), Uses: valueOr(p.Uses.Value()), Quality: valueOr(p.Quality.Value()),
			CostFen: fenOf(valueOr(p.Cost.Value()), placeOf("input.parts", i)+".cost", &wrong), Basis: string(in.Kind), Channel: pricing.ChannelProfit,
		}
		sum += max(0, min(part.Weight, pricing.MaxWeight))
		rule.Parts = append(rule.Parts, part)
	}
	if in.Kind == pricing.AllocationFixed && in.Whole.Value() == nil {
		rule.Whole = sum
	}
	for _, c := range in.Coalitions.Value() {
		coalition := pricing.Coalition{Value: c.Value}
		for _, member := range c.Members {
			coalition.Members = append(coalition.Members, strings.TrimSpace(member))
		}
		rule.Coalitions = append(rule.Coalitions, coalition)
	}
	rule.Coalitions = append(rule.Coalitions, pricing.CoalitionsOf(rule.Parts, in.CoalitionValues.Value())...)
	return rule, amount, wrong.OrNil()
}

func splitOf(shares []pricing.Share) *model.SplitCalculation {
	out := &model.SplitCalculation{Shares: make([]*model.SplitShare, len(shares)), Errors: []*fault.Error{}}
	weights := make([]pricing.Fen, len(shares))
	for i, s := range shares {
		weights[i], out.Sum = pricing.Fen(s.PartOf), int64(s.Of)
	}
	percents := pricing.Percentages(weights)
	for i, s := range shares {
		if s.Leftover {
			out.LeftoverFen++
		}
		out.Shares[i] = &model.SplitShare{Contributor: s.Contributor, Weight: int64(s.PartOf), Percent: percents[i], Amount: *scalar.Yuan(s.AmountFen), Leftover: s.Leftover}
	}
	return out
}

// placeOf is the path of an entry of a list.
func placeOf(list string, i int) string { return list + "." + strconv.Itoa(i) }
