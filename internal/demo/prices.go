package demo

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db/permittedrevenue"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/policy"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// permit reports the operator's cost survey of this year and has it approved; it returns the permitted revenue.
func (l *loader) permit(ctx context.Context) (uuid.UUID, error) {
	const key = "demo-cost-survey"
	row, err := l.store.Read().PermittedRevenue.Query().Where(permittedrevenue.IdempotencyKey(key)).All(store.AsSystem(ctx))
	if err != nil {
		return uuid.Nil, err
	}
	var id uuid.UUID
	if len(row) == 0 {
		year := authorisation.DayOf(l.store.Now()).Year()
		survey := pricing.CostSurvey{
			Lines: []pricing.CostLine{
				{Category: pricing.CostPlatform, Scope: pricing.CostShared, Name: "平台建设和运行维护（演示）", AmountFen: 2_400_000_00, Key: "机时", Units: 7, Total: 10},
				{Category: pricing.CostProcessing, Scope: pricing.CostIndustry, Name: "数据归集、治理（演示）", AmountFen: 900_000_00},
				{Category: pricing.CostLabour, Scope: pricing.CostShared, Name: "人工（演示）", AmountFen: 1_500_000_00, Key: "工时", Units: 3, Total: 4},
				{Category: pricing.CostPeriod, Scope: pricing.CostFree, Name: "公益产品服务（演示）", AmountFen: 200_000_00},
			},
			SubsidyFen: 300_000_00, Tax: pricing.Tax{Kind: pricing.TaxProportional, Rate: decimal.MustParse("0.06")},
			YieldPercent: decimal.MustParse("1.85"), SpreadPoints: decimal.MustParse("3.50"),
		}
		id, _, err = l.market.CostSurveyReport(l.cast.as(ctx, "operator.finance"), market.CostSurveyInput{
			Year: year, Cycle: pricing.Cycle{From: year, Years: 3}, Survey: survey, SourceDocument: "演示成本调查报告（合成）", IdempotencyKey: key,
		})
		if err != nil {
			return uuid.Nil, err
		}
	} else if id = row[0].ID; row[0].Status != pricing.SurveySubmitted {
		return id, nil
	}
	return id, l.decide(ctx, id, authorisation.ProceedingCostSurvey,
		decision{"price.approver", authorisation.StepPrice}, decision{"agency.approver", authorisation.StepAgency})
}

// forecasts are how many units of each way of charging a product is expected to sell in a year.
var forecasts = map[pricing.ChargingMode]int64{
	pricing.PerProduct: 10, pricing.PerCall: 20_000, pricing.PerPeriod: 12, pricing.PerVolume: 500, pricing.PerItemPeriod: 100,
}

// discounts gives credit to small enterprises a discount by policy, from the day on which the demo is loaded.
func (l *loader) discounts(ctx context.Context) error {
	if policies, err := l.store.Policies(ctx); err != nil || len(policies.Discounts) > 0 {
		return err
	}
	row, err := json.Marshal([]policy.Row{{
		Kind: "DISCOUNT_SMALL_CREDIT", EffectiveFrom: authorisation.DayOf(l.store.Now()).String(), Source: "合成的优惠政策 / synthetic",
		Value: map[string]any{"scenario": "SMALL_CREDIT", "name": "小微企业信贷（合成）", "nameEn": "Credit to small enterprises (synthetic)", "percent": "20"},
	}})
	if err != nil {
		return err
	}
	_, err = l.market.ImportPolicy(ctx, row, market.PolicyImport{})
	return err
}
