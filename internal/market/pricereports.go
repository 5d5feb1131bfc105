package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// What bounds a price report: its products and the changes of their prices.
const (
	maxReportProducts = 5000
	maxReportChanges  = 1000
)

// PriceReport is what an operator's year came to (P65): due in the year after.
type PriceReport struct {
	OperatorID uuid.UUID
	Year       int
	DueOn      authorisation.Day
	AsOf       time.Time
	// CostFen is the operating cost by the year's cost survey, nil without one; ProfitFen is the revenue less it.
	CostFen, ProfitFen *pricing.Fen
	RevenueFen         pricing.Fen
	// PermittedFen is in force, less its deduction; nil without one, and so is the deviation of the revenue from it.
	PermittedFen *pricing.Fen
	Deviation    *pricing.Deviation
	Tolerance    decimal.Decimal
	Products     []ReportedProduct
	Changes      []PriceChange
}

// ReportedProduct is what was used of a product in a year, and what was paid for it.
type ReportedProduct struct {
	ProductID    uuid.UUID
	Name, NameEn string
	Used         store.UsageSum
	RevenueFen   pricing.Fen
}

// PriceChangeKind is what happened to a price.
type PriceChangeKind string

// The kinds.
const (
	PlanAdded     PriceChangeKind = "PLAN_ADDED"
	PlanWithdrawn PriceChangeKind = "PLAN_WITHDRAWN"
	CapHeld       PriceChangeKind = "CAP_HELD"
)

// Values lists them.
func (PriceChangeKind) Values() []string { return []string{"PLAN_ADDED", "PLAN_WITHDRAWN", "CAP_HELD"} }

// PriceChange is a plan or a cap that came or went.
type PriceChange struct {
	Kind                       PriceChangeKind
	On                         authorisation.Day
	ProductName, ProductNameEn string
	Mode                       pricing.ChargingMode
	// Names of a plan are "" of a cap. Rate is a cap's, and of a plan what its dearest unit costs.
	PlanName, PlanNameEn string
	Rate                 decimal.Decimal
	Trial                bool
}

// PriceReport puts together an operator's price report of a year (P65): cost, revenue and profit, what was used and earned of each product, the
// deviation, and what changed of the prices. Who may ask PermittedMeter may. Refused like it, and with REPORT_TOO_LONG.
func (m *Market) PriceReport(ctx context.Context, operator uuid.UUID, year int) (PriceReport, error) {
	if err := m.maySeePrices(ctx, operator, year); err != nil {
		return PriceReport{}, err
	}
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return PriceReport{}, err
	}
	report := PriceReport{OperatorID: operator, Year: year, AsOf: m.Store.Now(), Tolerance: policies.Pricing.Tolerance}
	if report.DueOn, err = authorisation.ParseDay(fmt.Sprintf("%04d-%s", year+1, policies.Pricing.ReportDue)); err != nil {
		return PriceReport{}, fmt.Errorf("policy PRICING: %w", err)
	}
	if err := m.reportProducts(ctx, &report); err != nil {
		return PriceReport{}, err
	}
	if err := m.reportPermitted(ctx, &report); err != nil {
		return PriceReport{}, err
	}
	report.Changes, err = m.priceChanges(ctx, operator, year)
	return report, err
}

// reportProducts adds what was used and earned of each product, in three statements.
func (m *Market) reportProducts(ctx context.Context, report *PriceReport) error {
	from, until := yearBounds(report.Year)
	earned, err := m.Store.EarnedByProduct(ctx, report.OperatorID, from, until, maxReportProducts+1)
	if err != nil {
		return err
	}
	used, err := m.Store.UsageByProduct(ctx, store.UsageQuery{OperatorID: report.OperatorID, From: from, Until: until, Most: maxReportProducts + 1})
	if err != nil {
		return err
	}
	of := map[uuid.UUID]*ReportedProduct{}
	product := func(id uuid.UUID) *ReportedProduct {
		if of[id] == nil {
			of[id] = &ReportedProduct{ProductID: id}
		}
		return of[id]
	}
	for _, e := range earned {
		product(e.ProductID).RevenueFen = e.AmountFen
		report.RevenueFen += e.AmountFen
	}
	for _, u := range used {
		product(u.ProductID).Used = store.UsageSum{Calls: u.Paid.Calls + u.Free.Calls, Rows: u.Paid.Rows + u.Free.Rows, Bytes: u.Paid.Bytes + u.Free.Bytes}
	}
	if len(of) > maxReportProducts {
		return reportTooLong(maxReportProducts, "products")
	}
	names, err := m.Store.ProductNames(ctx, report.OperatorID)
	if err != nil {
		return err
	}
	report.Products = []ReportedProduct{}
	for id, p := range of {
		p.Name, p.NameEn = names[id].Name, names[id].NameEn
		report.Products = append(report.Products, *p)
	}
	slices.SortFunc(report.Products, func(a, b ReportedProduct) int {
		return cmp.Or(cmp.Compare(b.RevenueFen, a.RevenueFen), cmp.Compare(b.Used.Calls, a.Used.Calls), strings.Compare(a.Name, b.Name))
	})
	return nil
}

// reportTooLong refuses a report that would not be whole.
func reportTooLong(most int, of string) error {
	return fault.New(fault.Invalid, "REPORT_TOO_LONG", "A price report has at most %d %s.", most, of).At("year").With("max", most)
}

// reportPermitted adds cost, profit and deviation.
func (m *Market) reportPermitted(ctx context.Context, report *PriceReport) error {
	survey, found, err := m.Store.SurveyOf(ctx, report.OperatorID, report.Year)
	if err != nil || !found {
		return err
	}
	profit := report.RevenueFen - survey.Permitted.CostFen
	report.CostFen, report.ProfitFen = &survey.Permitted.CostFen, &profit
	if survey.Status != pricing.SurveyApproved {
		return nil
	}
	left := survey.LeftFen()
	deviation, err := pricing.Deviate(max(0, report.RevenueFen), left, report.Tolerance)
	report.PermittedFen, report.Deviation = &left, &deviation
	return err
}

// priceChanges are the plans that came or went in a year and the caps that began to hold in it, in the order of time.
func (m *Market) priceChanges(ctx context.Context, operator uuid.UUID, year int) ([]PriceChange, error) {
	from, until := yearBounds(year)
	if tomorrow := authorisation.DayOf(m.Store.Now()).AddDays(1).Start(); tomorrow.Before(until) {
		until = tomorrow // what begins later has not changed anything yet
	}
	plans, caps, err := m.Store.PricesOf(ctx, operator, from, until, maxReportChanges+1)
	if err != nil {
		return nil, err
	}
	if max(len(plans), len(caps)) > maxReportChanges {
		return nil, reportTooLong(maxReportChanges, "changes of prices")
	}
	changes := []PriceChange{}
	add := func(kind PriceChangeKind, on authorisation.Day, p *db.Product, mode pricing.ChargingMode, plan *db.Plan, rate decimal.Decimal) {
		if on.Year() != year {
			return
		}
		change := PriceChange{Kind: kind, On: on, ProductName: p.Name, ProductNameEn: p.NameEn, Mode: mode, Rate: rate.Trim(2)}
		if plan != nil {
			change.PlanName, change.PlanNameEn, change.Trial = plan.Name, plan.NameEn, plan.Trial
		}
		changes = append(changes, change)
	}
	for _, p := range plans {
		dearest, err := pricing.Dearest(p.Tariff)
		if err != nil {
			return nil, fmt.Errorf("plan %s: %w", p.ID, err)
		}
		add(PlanAdded, authorisation.DayOf(p.CreatedAt), p.Edges.Product, p.Mode, p, dearest.Rate)
		if p.WithdrawnAt != nil {
			add(PlanWithdrawn, authorisation.DayOf(*p.WithdrawnAt), p.Edges.Product, p.Mode, p, dearest.Rate)
		}
	}
	for _, c := range caps {
		limit, err := store.CapOfRow(c)
		if err != nil {
			return nil, err
		}
		on, err := authorisation.ParseDay(c.EffectiveFrom)
		if err != nil {
			return nil, fmt.Errorf("cap %s: %w", c.ID, err)
		}
		add(CapHeld, on, c.Edges.Product, c.Mode, nil, limit.Rate)
	}
	slices.SortStableFunc(changes, func(a, b PriceChange) int { return a.On.Compare(b.On) })
	if len(changes) > maxReportChanges { // a plan may have come and gone
		return nil, reportTooLong(maxReportChanges, "changes of prices")
	}
	return changes, nil
}
