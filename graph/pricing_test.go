package graph_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
)

type money struct{ Amount string }

func TestACostSurveyOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		authority := s.Organisation(t, access.AdministrativeOrgan, access.PriceAuthority)
		finance, agency, price := s.Person(t, s.Operator, access.Finance), s.Person(t, s.Agency, access.Approver), s.Person(t, authority, access.Approver)
		input := func(spread string) map[string]any {
			return map[string]any{
				"year": 2026, "cycle": map[string]any{"from": 2026, "years": 3}, "sourceDocument": "成本报告", "evidence": []string{publicid.Encode("doc", s.Document(t, finance))},
				"idempotencyKey": "k" + spread, "survey": map[string]any{
					"subsidy": "10.00", "yieldPercent": "2.35", "spreadPoints": spread, "tax": map[string]any{"kind": "PROPORTIONAL", "rate": "0.06"},
					"lines": []any{
						map[string]any{"category": "PLATFORM", "scope": "INDUSTRY", "name": "平台", "amount": "80.00"},
						map[string]any{"category": "LABOUR", "scope": "SHARED", "name": "人工", "amount": "100.00", "key": "工时", "units": 3, "total": 10},
						map[string]any{"category": "PERIOD_EXPENSE", "scope": "FREE", "name": "公益", "amount": "50.00"},
					},
				},
			}
		}
		const report = `mutation($input: CostSurveyReportInput!) { costSurveyReport(input: $input) { proceeding { id kind } errors { code field }
			permittedRevenue { id status inForce operator { name } cycle { from years } permitted { amount } deducted { amount } capsLeft { amount } proceeding { dueOn }
				survey { subsidy { amount } tax { kind rate amount { amount } } lines { name scope entered { amount } units } }
				amounts { industry { amount } shared { amount } cost { amount } ratePercent profit { amount } tax { amount } revenue { amount } } } } }`
		type permitted struct {
			ID, Status                    string
			InForce                       bool
			Permitted, Deducted, CapsLeft money
			Proceeding                    *struct{ DueOn string }
			Survey                        struct {
				Lines []struct {
					Entered money
					Units   *int
				}
			}
			Amounts struct {
				Industry, Shared, Cost, Profit, Tax, Revenue money
				RatePercent                                  string
			}
		}
		var reported struct {
			CostSurveyReport struct {
				PermittedRevenue *permitted
				Proceeding       *struct{ ID, Kind string }
				Errors           []refusal
			}
		}
		s.ask(t, finance, report, map[string]any{"input": input("6.01")}, &reported)
		if r := reported.CostSurveyReport; r.PermittedRevenue != nil || len(r.Errors) != 1 || r.Errors[0] != (refusal{"SPREAD_OUT_OF_RANGE", "input.survey.spreadPoints"}) {
			t.Fatalf("a spread of 6.01 is answered %+v", r)
		}
		bad := input("5")
		bad["survey"].(map[string]any)["lines"].([]any)[0].(map[string]any)["amount"] = "-0.01"
		bad["survey"].(map[string]any)["subsidy"] = "0.001"
		s.ask(t, finance, report, map[string]any{"input": bad}, &reported)
		if r := reported.CostSurveyReport; len(r.Errors) != 1 || r.Errors[0] != (refusal{"MONEY_INVALID", "input.survey.subsidy"}) {
			t.Fatalf("a tenth of a fen is answered %+v", r.Errors)
		}
		bad["survey"].(map[string]any)["subsidy"] = "0"
		s.ask(t, finance, report, map[string]any{"input": bad}, &reported)
		if r := reported.CostSurveyReport; len(r.Errors) != 1 || r.Errors[0] != (refusal{"AMOUNT_NEGATIVE", "input.survey.lines.0.amount"}) {
			t.Fatalf("a negative cost is answered %+v", r.Errors)
		}
		reported.CostSurveyReport.Errors = nil
		s.ask(t, finance, report, map[string]any{"input": input("4.65")}, &reported)
		// C = 80 + 30 − 10 = 100, r = 7 %, revenue = 107/0.94.
		r := reported.CostSurveyReport
		if r.PermittedRevenue == nil {
			t.Fatalf("reported %+v", r)
		}
		if a := r.PermittedRevenue.Amounts; a.Cost.Amount != "100.00" || a.Shared.Amount != "30.00" || a.RatePercent != "7.00" || a.Profit.Amount != "7.00" ||
			a.Tax.Amount != "6.83" || a.Revenue.Amount != "113.83" || r.PermittedRevenue.Survey.Lines[1].Entered.Amount != "30.00" || r.PermittedRevenue.InForce ||
			r.PermittedRevenue.Survey.Lines[2].Entered.Amount != "0.00" || r.Proceeding.Kind != "COST_SURVEY" || r.PermittedRevenue.Proceeding.DueOn != "2026-03-30" {
			t.Errorf("reported %+v", r.PermittedRevenue)
		}
		const decide = `mutation($id: ID!, $step: Step!) { proceedingDecide(id: $id, input: {step: $step, outcome: APPROVE, reason: "核"}) {
			proceeding { state subject { ... on PermittedRevenue { id status } } allowedSteps } errors { code } } }`
		var decided struct {
			ProceedingDecide struct {
				Proceeding *struct {
					State   string
					Subject *permitted
				}
				Errors []refusal
			}
		}
		s.ask(t, price, decide, map[string]any{"id": r.Proceeding.ID, "step": "PRICE"}, &decided)
		s.ask(t, agency, decide, map[string]any{"id": r.Proceeding.ID, "step": "AGENCY"}, &decided)
		if d := decided.ProceedingDecide.Proceeding; d == nil || d.State != "APPROVED" || d.Subject.Status != "APPROVED" {
			t.Fatalf("decided %+v", decided)
		}

		// The cap under it, and what is left.
		const setCap = `mutation($product: ID!, $input: CapSetInput!) { capSet(productId: $product, input: $input) { errors { code field }
			cap { rate period { unit count } forecast permittedRevenue { capsRevenue { amount } capsLeft { amount } capsUncounted } breakingPlans { id } product { plans { stoppedBy } } } } }`
		limit := map[string]any{"mode": "PER_PERIOD", "rate": "20", "period": map[string]any{"unit": "MONTH", "count": 1}, "permittedRevenueId": r.PermittedRevenue.ID,
			"forecast": 6, "effectiveOn": "2026-03-05", "sourceDocument": "收费文件", "reason": "核定"}
		var set struct {
			CapSet struct {
				Cap *struct {
					Period           *struct{ Unit string }
					Forecast         *int
					PermittedRevenue *struct {
						CapsRevenue, CapsLeft money
						CapsUncounted         *int
					}
					BreakingPlans []struct{ ID string }
					Product       struct{ Plans []struct{ StoppedBy *string } }
				}
				Errors []refusal
			}
		}
		s.ask(t, agency, setCap, map[string]any{"product": publicid.Encode("prd", p.ID), "input": limit}, &set)
		if set.CapSet.Cap != nil || len(set.CapSet.Errors) != 1 || set.CapSet.Errors[0] != (refusal{"CAPS_OVER_PERMITTED", "input.rate"}) {
			t.Fatalf("120 of 113.83 is answered %+v", set)
		}
		set.CapSet.Errors = nil
		limit["forecast"] = 5
		for named, want := range map[any]refusal{
			nil: {"PERMITTED_REVENUE_REQUIRED", "input.permittedRevenueId"}, "pmr_00000000000000000000000000": {"NOT_FOUND", "input.permittedRevenueId"},
		} {
			other := maps.Clone(limit)
			other["permittedRevenueId"] = named
			if named == nil {
				delete(other, "forecast")
			}
			s.ask(t, agency, setCap, map[string]any{"product": publicid.Encode("prd", p.ID), "input": other}, &set)
			if set.CapSet.Cap != nil || len(set.CapSet.Errors) != 1 || set.CapSet.Errors[0] != want {
				t.Fatalf("a cap under %v is answered %+v", named, set)
			}
			set.CapSet.Errors = nil
		}
		s.ask(t, agency, setCap, map[string]any{"product": publicid.Encode("prd", p.ID), "input": limit}, &set)
		if c := set.CapSet.Cap; c == nil || c.Period.Unit != "MONTH" || *c.Forecast != 5 || c.PermittedRevenue.CapsRevenue.Amount != "100.00" ||
			c.PermittedRevenue.CapsLeft.Amount != "13.83" || c.PermittedRevenue.CapsUncounted == nil || len(c.BreakingPlans) != 0 || len(c.Product.Plans) != 5 {
			t.Fatalf("set %+v", set)
		}
		var meter struct {
			PermittedRevenueMeter struct {
				Earned, Forecast money
				PermittedRevenue *permitted
				Deviation        *struct{ Adjuster, Tolerance string }
				Cycle            *struct {
					Over, CanClawBack bool
					Excess            money
					Years             []struct{ Year int }
				}
			}
			PermittedRevenues struct {
				Edges []struct{ Node permitted }
			}
		}
		s.ask(t, price, fmt.Sprintf(`{ permittedRevenueMeter(operatorId: %q, year: 2026) { earned { amount } forecast { amount } permittedRevenue { inForce } deviation { adjuster tolerance }
			cycle { over canClawBack excess { amount } years { year } clawback { cycles } } }
			permittedRevenues(operatorId: %[1]q, inForce: true) { edges { node { id inForce capsLeft { amount } } } } }`, publicid.Encode("org", s.Operator)), nil, &meter)
		if m := meter.PermittedRevenueMeter; m.Earned.Amount != "0.00" || m.PermittedRevenue == nil || !m.PermittedRevenue.InForce || m.Deviation.Adjuster != "AUTHORISING_BODY" ||
			m.Cycle.Over || m.Cycle.CanClawBack || len(m.Cycle.Years) != 1 || len(meter.PermittedRevenues.Edges) != 1 || meter.PermittedRevenues.Edges[0].Node.CapsLeft.Amount != "13.83" {
			t.Errorf("the meter shows %+v", meter)
		}
	})
}

func TestTheCalculatorsAreForEverybody(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		var got struct {
			Dev struct {
				Deviation *struct {
					Difference          money
					Percent             *string
					Adjuster, Tolerance string
				}
				Errors []refusal
			}
			Split struct {
				Shares []struct {
					Contributor, Percent string
					Weight               int64
					Amount               money
					Leftover             bool
				}
				Sum         int64
				LeftoverFen int
				Errors      []refusal
			}
			Permitted struct {
				Amounts *struct{ Revenue money }
				Errors  []refusal
			}
		}
		ask := func(document string) {
			got.Dev.Errors, got.Split.Errors, got.Permitted.Errors = nil, nil, nil
			s.ask(t, context.Background(), document, nil, &got)
		}
		ask(`{ dev: calculateDeviation(input: {actual: "110.01", permitted: "100"}) { deviation { difference { amount } percent adjuster tolerance } errors { code field } } }`)
		if d := got.Dev.Deviation; d == nil || d.Difference.Amount != "10.01" || *d.Percent != "10.0" || d.Adjuster != "AUTHORISING_BODY" || d.Tolerance != "0.10" {
			t.Errorf("a deviation of 10.01 %% is %+v", got.Dev)
		}
		ask(`{ dev: calculateDeviation(input: {actual: "-1", permitted: "100"}) { deviation { percent } errors { code field } } }`)
		if len(got.Dev.Errors) != 1 || got.Dev.Errors[0] != (refusal{"AMOUNT_NEGATIVE", "input.actual"}) {
			t.Errorf("below nothing is %+v", got.Dev.Errors)
		}
		var carried struct {
			C struct {
				Excess *money
				Steps  []struct{ Instalment, Due, Left money }
				Errors []refusal
			}
		}
		for _, row := range []struct{ sentence, input, want string }{
			{"an excess over two cycles, the first of which cannot bear it", `years: [{actual: "130.01", permitted: "100"}, {actual: "90", permitted: "110"}], cycles: 2, following: ["3", "50"]`,
				"10.01: 5.01 5.01 2.01, 5.00 7.01 0.00"},
			{"a shortfall is not made up for", `years: [{actual: "1", permitted: "2"}]`, "0.00: 0.00 0.00 0.00"},
			{"four years", `years: [{actual: "1", permitted: "2"}, {actual: "1", permitted: "2"}, {actual: "1", permitted: "2"}, {actual: "1", permitted: "2"}]`, "CYCLE_YEARS_INVALID input.years"},
			{"below nothing", `years: [{actual: "-1", permitted: "2"}], following: ["-1"]`, "AMOUNT_NEGATIVE input.years.0.actual"},
			{"after it below nothing", `years: [{actual: "3", permitted: "2"}], following: ["-1"]`, "AMOUNT_NEGATIVE input.following.0"},
			{"over no cycle", `years: [{actual: "3", permitted: "2"}], cycles: 0`, "CLAWBACK_CYCLES_INVALID input.cycles"},
			{"beyond all amounts", `years: [{actual: "92233720368547758.07", permitted: "92233720368547758.07"}, {actual: "1", permitted: "1"}]`, "MONEY_OVERFLOW input"},
		} {
			carried.C.Excess, carried.C.Steps, carried.C.Errors = nil, nil, nil
			s.ask(t, context.Background(), `{ c: calculateCarryOver(input: {`+row.input+`}) { excess { amount } steps { instalment { amount } due { amount } left { amount } } errors { code field } } }`, nil, &carried)
			said := ""
			if e := carried.C.Excess; e != nil {
				said = e.Amount + ":"
			}
			for i, s := range carried.C.Steps {
				if i > 0 {
					said += ","
				}
				said += " " + s.Instalment.Amount + " " + s.Due.Amount + " " + s.Left.Amount
			}
			for _, e := range carried.C.Errors {
				said += e.Code + " " + e.Field
			}
			if said != row.want {
				t.Errorf("%s: %q, want %q", row.sentence, said, row.want)
			}
		}
		const split = `{ split: calculateSplit(input: {amount: "100.01", kind: %s}) { shares { contributor percent weight amount { amount } leftover } sum leftoverFen errors { code field } } }`
		for _, row := range []struct{ sentence, rule, want string }{
			{"fixed weights", `FIXED, parts: [{contributor: "a", weight: 1}, {contributor: "b", weight: 2}]`, "a 33.34+ b 66.67"},
			{"by cost", `COST_PROPORTIONAL, parts: [{contributor: "a", cost: "0.30"}, {contributor: "b", cost: "0.10"}]`, "a 75.01+ b 25.00"},
			{"by use and quality", `USE_WEIGHTED, parts: [{contributor: "a", uses: 10, quality: "0.5"}, {contributor: "b", uses: 5, quality: "1"}]`, "a 50.01+ b 50.00"},
			{"by Shapley value", `SHAPLEY, parts: [{contributor: "a"}, {contributor: "b"}], coalitions: [{members: ["a"], value: 10}, {members: ["b"], value: 20}, {members: ["a", "b"], value: 50}]`, "a 40.00 b 60.01+"},
			{"weights that are not their whole", `FIXED, whole: 100, parts: [{contributor: "a", weight: 1}]`, "WEIGHTS_NOT_WHOLE input.whole"},
			{"a measure of another kind", `FIXED, parts: [{contributor: "a", weight: 1, cost: "1"}]`, "MEASURE_NOT_USED input.parts.0.cost"},
			{"the same by the values of all sets", `SHAPLEY, parts: [{contributor: "a"}, {contributor: "b"}], coalitionValues: [10, 20, 50]`, "a 40.00 b 60.01+"},
			{"a value too few", `SHAPLEY, parts: [{contributor: "a"}, {contributor: "b"}], coalitionValues: [1, 2]`, "COALITION_MISSING input.coalitions"},
			{"a value too many", `SHAPLEY, parts: [{contributor: "a"}, {contributor: "b"}], coalitionValues: [1, 2, 3, 4]`, "COALITION_MEMBER_INVALID input.coalitions.3.members"},
			{"a coalition that is missing", `SHAPLEY, parts: [{contributor: "a"}, {contributor: "b"}], coalitions: [{members: ["a"], value: 10}]`, "COALITION_MISSING input.coalitions"},
		} {
			ask(fmt.Sprintf(split, row.rule))
			said := ""
			for _, share := range got.Split.Shares {
				said += " " + share.Contributor + " " + share.Amount.Amount
				if share.Leftover {
					said += "+"
				}
			}
			for _, e := range got.Split.Errors {
				said += " " + e.Code + " " + e.Field
			}
			if said != " "+row.want {
				t.Errorf("%s: %q, want %q", row.sentence, said, row.want)
			}
		}
		var charged struct {
			CalculateCharge struct {
				Lines []struct {
					Rule   string
					Amount money
				}
				Priced          int64
				Net, Vat, Total *money
				Errors          []refusal
			}
		}
		const charge = `{ calculateCharge(input: {tariff: {mode: PER_CALL, scheme: GRADUATED, bands: [{upTo: 2, rate: "1"}, {rate: "0.5"}], free: {quantity: 1, per: MONTH}, onceDays: 30%s},
			uses: [{usedAt: "2026-03-02T00:00:00Z", quantity: 3, subject: "a"}, {usedAt: "2026-03-01T00:00:00Z", quantity: 2, subject: "b"}, {usedAt: "%s", quantity: 5, subject: "a"}]}) {
			lines { rule amount { amount } } priced net { amount } vat { amount } total { amount } errors { code field } } }`
		s.ask(t, context.Background(), fmt.Sprintf(charge, "", "2026-03-20T00:00:00Z"), nil, &charged)
		// One of the first two is free, four are charged: 1 + 1 + 0.5 + 0.5; the last five were charged already.
		if c := charged.CalculateCharge; c.Total == nil || c.Total.Amount != "3.00" || c.Net.Amount != "2.83" || c.Vat.Amount != "0.17" || c.Priced != 4 || len(c.Lines) != 4 || c.Lines[0].Rule != "BILLED_ONCE" {
			t.Errorf("charged %+v", c)
		}
		for _, row := range []struct{ tariff, at, code, field string }{
			{"", "2026-04-01T00:00:00Z", "USE_OUT_OF_MONTH", "input.uses.2.usedAt"},
			{`, minimum: "0.001"`, "2026-03-20T00:00:00Z", "MONEY_INVALID", "input.tariff.minimum"},
			{`, maximum: "0.00"`, "2026-03-20T00:00:00Z", "MAXIMUM_INVALID", "input.tariff.maximum"},
			{`, minimum: "2", maximum: "1"`, "2026-03-20T00:00:00Z", "MAXIMUM_BELOW_MINIMUM", "input.tariff.maximum"},
		} {
			charged.CalculateCharge.Errors = nil
			s.ask(t, context.Background(), fmt.Sprintf(charge, row.tariff, row.at), nil, &charged)
			if e := charged.CalculateCharge.Errors; len(e) != 1 || e[0] != (refusal{row.code, row.field}) {
				t.Errorf("%s %s is refused with %+v, want %s", row.tariff, row.at, e, row.code)
			}
		}
		const once = `{ calculateCharge(input: {tariff: {mode: PER_CALL, scheme: FLAT, bands: [{rate: "1"}], onceDays: 30}, userClass: "%s",
			uses: [{usedAt: "2026-03-01T00:00:00Z", quantity: 1, subject: "%s"}, {usedAt: "2026-03-01T00:00:00Z", quantity: 1}, {usedAt: "2026-03-02T00:00:00Z", quantity: 1}]}) {
			total { amount } errors { code field } } }`
		charged.CalculateCharge.Errors = nil
		s.ask(t, context.Background(), fmt.Sprintf(once, "", "0001"), nil, &charged)
		if c := charged.CalculateCharge; c.Total == nil || c.Total.Amount != "3.00" {
			t.Errorf("calls about nobody are charged %+v", c)
		}
		for want, query := range map[refusal]string{
			{"USER_CLASS_INVALID", "input.userClass"}:   fmt.Sprintf(once, "preferred", ""),
			{"SUBJECT_INVALID", "input.uses.0.subject"}: fmt.Sprintf(once, "", strings.Repeat("a", 201)),
		} {
			charged.CalculateCharge.Errors = nil
			s.ask(t, context.Background(), query, nil, &charged)
			if e := charged.CalculateCharge.Errors; len(e) != 1 || e[0] != want {
				t.Errorf("refused with %+v, want %+v", e, want)
			}
		}
		const permitted = `{ permitted: calculatePermittedRevenue(input: {subsidy: "0.000", yieldPercent: "2", spreadPoints: "6", tax: {%s},
			lines: [{category: PLATFORM, scope: INDUSTRY, name: "%s", amount: "100"}]}) { amounts { revenue { amount } } errors { code field } } }`
		for want, query := range map[refusal]string{
			{"TAX_MISSING", "input.tax.amount"}:      fmt.Sprintf(permitted, "kind: ITEMISED", "x"),
			{"TAX_MISSING", "input.tax.rate"}:        fmt.Sprintf(permitted, "kind: PROPORTIONAL", "x"),
			{"TAX_RATE_INVALID", "input.tax.rate"}:   fmt.Sprintf(permitted, `kind: PROPORTIONAL, rate: "0.51"`, "x"),
			{"AMOUNT_TOO_LARGE", "input.tax.amount"}: fmt.Sprintf(permitted, `kind: ITEMISED, amount: "10000000000.01"`, "x"),
			{"TEXT_TOO_LONG", "input.lines.0.name"}:  fmt.Sprintf(permitted, `kind: ITEMISED, amount: "0"`, strings.Repeat("a", 601)),
		} {
			got.Permitted.Errors = nil
			ask(query)
			if e := got.Permitted.Errors; len(e) != 1 || e[0] != want {
				t.Errorf("refused with %+v, want %+v", e, want)
			}
		}
		got.Permitted.Errors = nil
		ask(`{ permitted: calculatePermittedRevenue(input: {subsidy: "0", yieldPercent: "2", spreadPoints: "6", tax: {kind: ITEMISED, amount: "1"},
			lines: [{category: PLATFORM, scope: INDUSTRY, name: "x", amount: "100"}]}) { amounts { revenue { amount } } errors { code field } } }`)
		if got.Permitted.Amounts == nil || got.Permitted.Amounts.Revenue.Amount != "109.00" {
			t.Errorf("it comes to %+v", got.Permitted)
		}
		ask(`{ permitted: calculatePermittedRevenue(input: {subsidy: "0", yieldPercent: "2", spreadPoints: "6.01", tax: {kind: ITEMISED, amount: "1"},
			lines: [{category: PLATFORM, scope: INDUSTRY, name: "x", amount: "100"}]}) { amounts { revenue { amount } } errors { code field } } }`)
		if len(got.Permitted.Errors) != 1 || got.Permitted.Errors[0] != (refusal{"SPREAD_OUT_OF_RANGE", "input.spreadPoints"}) {
			t.Errorf("a spread of 6.01 is %+v", got.Permitted.Errors)
		}
	})
}
