package market

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/notification"
	"gongshu/ent/db/permittedrevenue"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/notice"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// pricedScene is a scene with a price authority and the operator's finance.
type pricedScene struct {
	*scene
	finance, price context.Context
}

func (w *world) priced(t *testing.T) pricedScene {
	t.Helper()
	s := pricedScene{scene: w.scene(t)}
	s.finance = w.person(t, s.operator, access.Finance)
	s.price = w.person(t, w.organisation(t, "省发展改革部门", access.AdministrativeOrgan, access.PriceAuthority), access.Approver)
	return s
}

// survey costs 100 yuan at a rate of 10 %, without tax: 110 yuan are permitted.
func survey(costFen pricing.Fen) pricing.CostSurvey {
	return pricing.CostSurvey{
		Lines:        []pricing.CostLine{{Category: pricing.CostPlatform, Scope: pricing.CostIndustry, Name: "平台运维", AmountFen: costFen}},
		Tax:          pricing.Tax{Kind: pricing.TaxItemised},
		YieldPercent: decimal.MustParse("4"), SpreadPoints: decimal.MustParse("6"),
	}
}

func surveyOf(year int, cycle pricing.Cycle, costFen pricing.Fen, key string) CostSurveyInput {
	return CostSurveyInput{Year: year, Cycle: cycle, Survey: survey(costFen), SourceDocument: "成本报告", IdempotencyKey: key}
}

// permit reports a survey and has it approved.
func (s pricedScene) permit(t *testing.T, w *world, in CostSurveyInput) uuid.UUID {
	t.Helper()
	id, proceeding, err := w.CostSurveyReport(s.finance, in)
	must(t, err)
	must(t, w.ProceedingDecide(s.price, proceeding, approve(authorisation.StepPrice)))
	must(t, w.ProceedingDecide(s.agencyApprover, proceeding, approve(authorisation.StepAgency)))
	return id
}

func (w *world) permittedRow(t *testing.T, id uuid.UUID) store.PermittedRevenue {
	t.Helper()
	row, err := w.Store.Read().PermittedRevenue.Get(store.AsSystem(t.Context()), id)
	must(t, err)
	return store.LoadPermittedRevenue(row)
}

func TestACostSurveyIsReportedAndApprovedByBoth(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		in := surveyOf(2026, pricing.Cycle{From: 2026, Years: 3}, 100_00, "a")
		id, proceeding, err := w.CostSurveyReport(s.finance, in)
		must(t, err)
		again, same, err := w.CostSurveyReport(s.finance, in)
		if must(t, err); again != id || same != proceeding {
			t.Errorf("the same key gave %s, %s", again, same)
		}
		other := in
		other.Note = "另一份"
		_, _, err = w.CostSurveyReport(s.finance, other)
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")
		_, _, err = w.CostSurveyReport(s.finance, surveyOf(2026, in.Cycle, 1, "b"))
		refused(t, err, "SURVEY_UNDECIDED")
		if p := w.permittedRow(t, id); p.Status != pricing.SurveySubmitted || p.Permitted.RevenueFen != 110_00 || p.Permitted.ProfitFen != 10_00 {
			t.Errorf("reported as %+v", p)
		}
		row, err := w.Store.Read().Proceeding.Get(s.price, proceeding)
		must(t, err)
		if row.DueOn == nil || *row.DueOn != "2026-03-30" || row.SubjectID != id {
			t.Errorf("it is due on %v about %s", row.DueOn, row.SubjectID)
		}

		rival := w.person(t, w.organisation(t, "别的公司", access.Enterprise, access.Operator), access.Finance)
		for _, hidden := range []context.Context{t.Context(), rival, w.person(t, s.unit, access.Approver)} {
			if n, err := w.Store.Read().PermittedRevenue.Query().Count(hidden); err != nil || n != 0 {
				t.Errorf("who may not sees %d, %v", n, err)
			}
		}
		refused(t, w.ProceedingDecide(rival, proceeding, approve(authorisation.StepPrice)), "NOT_FOUND")
		refused(t, w.ProceedingDecide(s.agencyApprover, proceeding, approve(authorisation.StepPrice)), "PARTY_REQUIRED")
		must(t, w.ProceedingDecide(s.agencyApprover, proceeding, approve(authorisation.StepAgency)))
		if p := w.permittedRow(t, id); p.Status != pricing.SurveySubmitted {
			t.Errorf("one approval made it %s", p.Status)
		}
		must(t, w.ProceedingDecide(s.price, proceeding, approve(authorisation.StepPrice)))
		if p := w.permittedRow(t, id); p.Status != pricing.SurveyApproved || p.ApprovedAt == nil {
			t.Errorf("approved by both it is %+v", p)
		}

		// Another one of the year takes its place; one that is refused or taken back does not.
		_, proceeding, err = w.CostSurveyReport(s.finance, surveyOf(2026, in.Cycle, 300_00, "c"))
		must(t, err)
		must(t, w.ProceedingDecide(s.price, proceeding, DecisionInput{Step: authorisation.StepPrice, Outcome: authorisation.OutcomeRefuse, Reason: "不实"}))
		back, proceeding, err := w.CostSurveyReport(s.finance, surveyOf(2026, in.Cycle, 400_00, "d"))
		must(t, err)
		must(t, w.ProceedingWithdraw(s.finance, proceeding))
		if p := w.permittedRow(t, back); p.Status != pricing.SurveyWithdrawn {
			t.Errorf("taken back it is %s", p.Status)
		}
		w.clock = w.clock.Add(time.Hour)
		second := s.permit(t, w, surveyOf(2026, in.Cycle, 200_00, "e"))
		inForce, err := w.Store.PermittedInForce(t.Context(), s.operator)
		if must(t, err); len(inForce) != 1 || inForce[0].ID != second || inForce[0].Permitted.RevenueFen != 220_00 {
			t.Errorf("in force is %+v", inForce)
		}
		matched, err := w.Store.Read().PermittedRevenue.Query().Where(store.InForce).IDs(s.finance)
		if must(t, err); len(matched) != 1 || matched[0] != second {
			t.Errorf("found in force is %v", matched)
		}
		if n, err := w.Store.Read().PermittedRevenue.Query().Count(s.finance); err != nil || n != 4 {
			t.Errorf("%d are kept, %v", n, err)
		}
	})
}

func TestWhatIsWrongWithACostSurveyStoresNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		first := s.permit(t, w, surveyOf(2026, pricing.Cycle{From: 2026, Years: 3}, 100_00, "first"))
		w.policy(t, "PRICING", map[string]any{"tolerance": "0.10", "maxSpreadPoints": "5.5", "maxCycleYears": 2, "trialMonths": 12, "reportDue": "03-31"})
		for _, row := range []struct {
			sentence    string
			who         context.Context
			change      func(*CostSurveyInput)
			code, field string
		}{
			{"a spread above the law's", s.finance, func(in *CostSurveyInput) { in.Survey.SpreadPoints = decimal.MustParse("6.01") }, "SPREAD_OUT_OF_RANGE", "input.survey.spreadPoints"},
			{"a spread above the policy's", s.finance, func(in *CostSurveyInput) { in.Survey.SpreadPoints = decimal.MustParse("5.51") }, "SPREAD_OUT_OF_RANGE", "input.survey.spreadPoints"},
			{"a cycle longer than the policy's", s.finance, func(in *CostSurveyInput) { in.Cycle.Years = 3 }, "CYCLE_YEARS_INVALID", "input.cycle.years"},
			{"a year of another cycle", s.finance, func(in *CostSurveyInput) { in.Year = 2035 }, "YEAR_OUTSIDE_CYCLE", "input.year"},
			{"a cycle that crosses one in force", s.finance, func(in *CostSurveyInput) { in.Year, in.Cycle = 2029, pricing.Cycle{From: 2028, Years: 2} }, "CYCLE_OVERLAPS", "input.cycle"},
			{"no lines", s.finance, func(in *CostSurveyInput) { in.Survey.Lines = nil }, "COST_LINES_INVALID", "input.survey.lines"},
			{"a shared cost without a key", s.finance, func(in *CostSurveyInput) { in.Survey.Lines[0].Scope = pricing.CostShared }, "COST_KEY_MISSING", "input.survey.lines.0.key"},
			{"no document", s.finance, func(in *CostSurveyInput) { in.SourceDocument = " " }, "TEXT_MISSING", "input.sourceDocument"},
			{"another's evidence", s.finance, func(in *CostSurveyInput) { in.Evidence = []uuid.UUID{uuid.New()} }, "NOT_FOUND", "input.evidence.0"},
			{"by a publisher", s.operatorPublisher, func(*CostSurveyInput) {}, "ROLE_REQUIRED", ""},
			{"by the agency", s.agencyApprover, func(*CostSurveyInput) {}, "PARTY_REQUIRED", ""},
			{"by nobody", t.Context(), func(*CostSurveyInput) {}, "SIGN_IN_REQUIRED", ""},
		} {
			in := surveyOf(2030, pricing.Cycle{From: 2030, Years: 2}, 100_00, row.sentence)
			in.Survey.SpreadPoints = decimal.MustParse("5.5")
			row.change(&in)
			_, _, err := w.CostSurveyReport(row.who, in)
			refused(t, err, row.code)
			if got := fault.All(err)[0]; got.Field != row.field {
				t.Errorf("%s is refused at %q, want %q", row.sentence, got.Field, row.field)
			}
		}
		ids, err := w.Store.Read().PermittedRevenue.Query().IDs(s.price)
		if must(t, err); len(ids) != 1 || ids[0] != first {
			t.Errorf("stored are %v", ids)
		}
	})
}

func day(t *testing.T, text string) authorisation.Day {
	t.Helper()
	d, err := authorisation.ParseDay(text)
	must(t, err)
	return d
}

// cap is one of the laid product per call.
func capOf(t *testing.T, product uuid.UUID, rate, from string) CapInput {
	return CapInput{ProductID: product, Mode: pricing.PerCall, Rate: decimal.MustParse(rate), EffectiveFrom: day(t, from), SourceDocument: "收费文件", Reason: "按成本核定"}
}

func TestCapsStayUnderThePermittedRevenue(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		first, second := s.product(t, w, authorisation.ProductListed), s.product(t, w, authorisation.ProductListed)
		permitted := s.permit(t, w, surveyOf(2026, pricing.Cycle{From: 2026, Years: 3}, 100_00, "a")) // 110 yuan
		set := func(who context.Context, product uuid.UUID, rate, from string, forecast int64) error {
			in := capOf(t, product, rate, from)
			in.PermittedRevenueID, in.Forecast = permitted, forecast
			_, err := w.CapSet(who, in)
			return err
		}
		must(t, set(s.agencyApprover, first, "0.50", "2026-03-02", 120)) // 60
		err := set(s.agencyApprover, second, "0.51", "2026-03-02", 100)  // 51: 1 yuan too much
		refused(t, err, "CAPS_OVER_PERMITTED")
		if f := fault.All(err)[0]; f.Field != "input.rate" || f.Params["revenue"] != "111.00" || f.Params["permitted"] != "110.00" {
			t.Errorf("refused at %q with %v", f.Field, f.Params)
		}
		must(t, set(s.agencyApprover, second, "0.50", "2026-03-02", 100))
		must(t, set(s.agencyApprover, first, "0.30", "2026-05-01", 200)) // in the place of the one before: 60
		refused(t, set(s.agencyApprover, first, "0.31", "2026-06-01", 200), "CAPS_OVER_PERMITTED")
		refused(t, set(s.agencyApprover, first, "0.30", "2026-07-01", 0), "FORECAST_MISSING")
		refused(t, set(s.agencyApprover, first, "0.30", "2026-07-01", -1), "QUANTITY_INVALID")
		refused(t, set(s.industry, first, "0.30", "2026-07-01", 1), "NOT_FOUND") // off the market, the data of an organ
		refused(t, set(s.finance, first, "0.30", "2026-07-01", 1), "PARTY_REQUIRED")

		revenue := func(year int) (pricing.Fen, int) {
			caps, err := w.Store.CapsOf(t.Context(), []uuid.UUID{s.operator})
			must(t, err)
			return pricing.CapsRevenue(caps[s.operator], year)
		}
		if used, uncounted := revenue(2026); used != 110_00 || uncounted != 2 { // those that each product had before
			t.Errorf("the caps come to %s, %d uncounted", used, uncounted)
		}

		// A cheap cap at the end of the year takes nothing back of what was earned before.
		must(t, set(s.agencyApprover, first, "0", "2026-12-31", 1))
		refused(t, set(s.agencyApprover, second, "0.51", "2026-12-31", 100), "CAPS_OVER_PERMITTED")

		// Another permitted revenue of the year takes the place: the caps under the first count under it too, and lower ones are no reason to refuse.
		w.clock = w.clock.Add(time.Hour)
		replaced := permitted
		permitted = s.permit(t, w, surveyOf(2026, pricing.Cycle{From: 2026, Years: 3}, 90_00, "b")) // 99 yuan
		refused(t, set(s.agencyApprover, second, "0.51", "2026-08-01", 100), "CAPS_OVER_PERMITTED")
		must(t, set(s.agencyApprover, second, "0.39", "2026-08-01", 100))
		permitted = replaced
		refused(t, set(s.agencyApprover, second, "0.01", "2026-09-01", 1), "PERMITTED_REVENUE_NOT_IN_FORCE")

		// In the next year others hold that were set while nothing was permitted in it: one of each product, from its first day on.
		third := capOf(t, second, "9", "2027-03-02")
		third.Mode = pricing.PerVolume
		_, err = w.CapSet(s.agencyApprover, third)
		must(t, err)
		cycle := pricing.Cycle{From: 2026, Years: 3}
		permitted = s.permit(t, w, surveyOf(2027, cycle, 40_00, "c")) // 44 yuan
		if used, uncounted := revenue(2027); used != 0 || uncounted != 3 {
			t.Errorf("the caps come to %s, %d uncounted", used, uncounted)
		}
		must(t, set(s.agencyApprover, first, "0.40", "2027-02-01", 100))

		// In the year after it holds on, and counts.
		permitted = s.permit(t, w, surveyOf(2028, cycle, 40_00, "d"))
		if used, uncounted := revenue(2028); used != 40_00 || uncounted != 2 {
			t.Errorf("the caps come to %s, %d uncounted", used, uncounted)
		}
		refused(t, set(s.agencyApprover, second, "0.05", "2028-01-02", 100), "CAPS_OVER_PERMITTED")
		must(t, set(s.agencyApprover, second, "0.04", "2028-01-02", 100))
		permitted = inForce(t, w, s.operator, 2027)
		refused(t, set(s.agencyApprover, first, "0.44", "2027-12-30", 100), "CAPS_OVER_PERMITTED") // it would hold in the next year
	})
}

func inForce(t *testing.T, w *world, operator uuid.UUID, year int) uuid.UUID {
	t.Helper()
	all, err := w.Store.PermittedInForce(t.Context(), operator)
	must(t, err)
	for _, p := range all {
		if p.Year == year {
			return p.ID
		}
	}
	t.Fatalf("nothing is permitted for %d", year)
	return uuid.Nil
}

func TestACapIsSetUnderThePermittedRevenueOfItsYear(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		product := s.product(t, w, authorisation.ProductListed)
		set := func(from string, permitted uuid.UUID) error {
			in := capOf(t, product, "0.50", from)
			if permitted != uuid.Nil {
				in.PermittedRevenueID, in.Forecast = permitted, 1
			}
			_, err := w.CapSet(s.agencyApprover, in)
			return err
		}
		must(t, set("2026-03-02", uuid.Nil)) // nothing is permitted yet
		id, _, err := w.CostSurveyReport(s.finance, surveyOf(2027, pricing.Cycle{From: 2026, Years: 3}, 100_00, "b"))
		must(t, err)
		must(t, set("2027-03-02", uuid.Nil)) // reported, not approved
		permitted := s.permit(t, w, surveyOf(2026, pricing.Cycle{From: 2026, Years: 3}, 100_00, "a"))
		rival := w.permittedOf(t, w.organisation(t, "另一家", access.Enterprise, access.Operator), 2026, 0)
		for sentence, c := range map[string]struct {
			err  error
			code string
		}{
			"one that is in force is named":      {set("2026-04-01", uuid.Nil), "PERMITTED_REVENUE_REQUIRED"},
			"to the last day of the year":        {set("2026-12-31", uuid.Nil), "PERMITTED_REVENUE_REQUIRED"},
			"it is of the year of the first day": {set("2027-01-01", permitted), "PERMITTED_REVENUE_OF_OTHER_YEAR"},
			"there is such a one":                {set("2026-04-01", uuid.New()), "NOT_FOUND"},
			"it is the operator's":               {set("2026-04-01", rival), "NOT_FOUND"},
			"it is approved":                     {set("2027-04-01", id), "PERMITTED_REVENUE_NOT_IN_FORCE"},
		} {
			refused(t, c.err, c.code)
			if f := fault.All(c.err); len(f) != 1 || f[0].Field != "input.permittedRevenueId" {
				t.Errorf("%s: refused at %v", sentence, f)
			}
		}
		must(t, set("2026-04-01", permitted))
		must(t, set("2027-04-02", uuid.Nil)) // nothing is in force for that year
	})
}

// permittedOf is a permitted revenue of 100 yuan, so much profit among it, that is in force for an operator's year.
func (w *world) permittedOf(t *testing.T, operator uuid.UUID, year int, profit pricing.Fen) (id uuid.UUID) {
	t.Helper()
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		person, err := tx.Person.Query().FirstID(ctx)
		if err != nil {
			return err
		}
		if id, err = tx.AddPermittedRevenue(ctx, store.PermittedRevenue{
			OperatorID: operator, PersonID: person, Year: year, Cycle: pricing.Cycle{From: year, Years: 3}, Survey: survey(100_00),
			Permitted: pricing.PermittedRevenue{CostFen: 100_00 - profit, ProfitFen: profit, RevenueFen: 100_00}, SourceDocument: "报告", IdempotencyKey: uuid.NewString(), RequestHash: "x",
		}); err != nil {
			return err
		}
		row, err := tx.PermittedRevenueByID(ctx, id)
		if err != nil {
			return err
		}
		return tx.DecidePermittedRevenue(ctx, row, pricing.SurveyApproved)
	})
	return id
}

func TestTheAuthorityOfAnEnterprisesDataSetsItsCaps(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		must(t, w.DomainAssign(s.agencyApprover, DomainInput{DomainID: s.domain, IndustryAuthorityID: s.authority}))
		product := s.product(t, w, authorisation.ProductReviewed)
		_, err := w.CapSet(s.industry, capOf(t, product, "0.60", "2026-03-02"))
		refused(t, err, "NOT_FOUND") // the data of an organ: it is not the authority's to see
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Organisation.UpdateOneID(s.unit).SetLegalForm(access.Enterprise).Exec(ctx)
		})
		_, err = w.CapSet(s.agencyApprover, capOf(t, product, "0.60", "2026-03-02"))
		refused(t, err, "NOT_THE_AUTHORISING_BODY")
		_, err = w.CapSet(w.person(t, s.authority, access.Reviewer), capOf(t, product, "0.60", "2026-03-02"))
		refused(t, err, "ROLE_REQUIRED")
		_, err = w.CapSet(s.industry, capOf(t, product, "0.60", "2026-03-02"))
		must(t, err)
		row, err := w.Store.Read().Product.Get(s.industry, product)
		must(t, err)
		facts, err := w.Store.GateProducts(t.Context(), product)
		must(t, err)
		policies, err := w.Store.Policies(t.Context())
		must(t, err)
		for who, may := range map[context.Context]bool{s.industry: true, s.agencyApprover: false} {
			allowed := false
			for _, act := range w.ProductActions(access.FromContext(who), row, facts[product], policies) {
				allowed = allowed || act == authorisation.SetCap
			}
			if allowed != may {
				t.Errorf("%v: allowed %v", access.FromContext(who).Parties, allowed)
			}
		}
	})
}

func TestALowerCapStopsThePlansAboveItOnItsDay(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		s.publish(t, w, s.classified(t, w))
		s.grant(t, w, s.agree(t, w, "协议1"), 900)
		product := s.product(t, w, authorisation.ProductListed) // per call at 0.50
		ctx := store.AsSystem(t.Context())
		cheap, err := w.PlanAdd(s.operatorPublisher, product, PlanInput{Name: "优惠", Tariff: storetest.Flat(pricing.PerCall, "0.20"), TermMonths: 12})
		must(t, err)
		dear, err := w.Store.Read().Plan.Query().Where(plan.ProductID(product), plan.IDNEQ(cheap)).OnlyID(ctx)
		must(t, err)
		id, err := w.CapSet(s.agencyApprover, capOf(t, product, "0.30", "2026-03-03"))
		must(t, err)

		breaking := func(id uuid.UUID) []uuid.UUID {
			row, err := w.Store.Read().PriceCap.Get(ctx, id)
			must(t, err)
			var ids []uuid.UUID
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				plans, err := tx.BreakingPlans(ctx, row)
				for _, p := range plans {
					ids = append(ids, p.ID)
				}
				return err
			})
			return ids
		}
		if got := breaking(id); len(got) != 1 || got[0] != dear {
			t.Errorf("it breaks %v, want %s", got, dear)
		}
		told, err := w.Store.Read().Notification.Query().Where(notification.KindEQ(notice.CapSet), notification.OrganisationID(s.operator)).All(s.finance)
		if must(t, err); len(told) != 1 || told[0].Params["plans"] != "1" || told[0].Params["effectiveOn"] != "2026-03-03" || told[0].Params["rate"] != "0.30" {
			t.Errorf("the operator is told %v", told)
		}
		quote := func(plan uuid.UUID, quantity int64, p purpose.Purpose) error {
			_, err := w.Quote(t.Context(), QuoteInput{ProductID: product, PlanID: plan, Purpose: p, Quantity: quantity})
			return err
		}
		must(t, quote(dear, 10, purpose.Industry))
		w.clock = w.clock.AddDate(0, 0, 1)
		if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
			t.Errorf("a sweep changed %d, %v", n, err)
		}
		refused(t, quote(dear, 10, purpose.Industry), "PRICE_OVER_CAP")
		must(t, quote(dear, 10, purpose.Governance)) // what is free has no price
		must(t, quote(cheap, 10, purpose.Industry))
		if p, err := w.Store.Read().Product.Get(ctx, product); err != nil || p.Status != authorisation.ProductListed {
			t.Fatalf("beside a plan within its cap the product is %s, %v", p.Status, err)
		}
		if w.promises(t, product) == 0 {
			t.Error("the search is not told that a plan stopped")
		}

		// Below the last plan too, the product leaves the market that day.
		_, err = w.CapSet(s.agencyApprover, capOf(t, product, "0.10", "2026-03-04"))
		must(t, err)
		w.clock = w.clock.AddDate(0, 0, 1)
		_, err = w.Sweep(t.Context())
		must(t, err)
		if p, err := w.Store.Read().Product.Get(ctx, product); err != nil || p.Status != authorisation.ProductSuspended || p.SuspensionCode != "PRICE_OVER_CAP" {
			t.Errorf("without any plan within its cap it is %s for %q, %v", p.Status, p.SuspensionCode, err)
		}
		if n, err := w.Store.Read().PriceCap.Query().Where(pricecap.ProductID(product)).Count(ctx); err != nil || n != 4 {
			t.Errorf("%d caps are kept, %v", n, err)
		}
	})
}

func TestTrialPricesEndWithTheFirstOperatingYear(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		s.publish(t, w, s.classified(t, w))
		s.grant(t, w, s.agree(t, w, "协议1"), 900) // from 2026-03-02
		product := s.product(t, w, authorisation.ProductListed)
		ctx := store.AsSystem(t.Context())
		trial := PlanInput{Name: "试行", Tariff: storetest.Flat(pricing.PerVolume, "9"), TermMonths: 12, Trial: true}
		id, err := w.PlanAdd(s.operatorPublisher, product, trial)
		must(t, err)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Plan.Update().Where(plan.ProductID(product), plan.IDNEQ(id)).SetWithdrawnAt(tx.Now()).Exec(ctx)
		})
		quote := func() error {
			_, err := w.Quote(t.Context(), QuoteInput{ProductID: product, PlanID: id, Purpose: purpose.Industry, Quantity: 1})
			return err
		}
		w.clock = day(t, "2027-03-01").Start()
		_, err = w.Sweep(t.Context())
		must(t, err)
		must(t, quote())
		verdict, err := w.PlanCheck(s.operatorPublisher, product, trial)
		if must(t, err); verdict.Refusal != nil {
			t.Errorf("on the last day it is refused: %v", verdict.Refusal)
		}
		w.clock = day(t, "2027-03-02").Start()
		refused(t, quote(), "TRIAL_OVER")
		_, err = w.PlanAdd(s.operatorPublisher, product, trial)
		refused(t, err, "TRIAL_OVER")
		verdict, err = w.PlanCheck(s.operatorPublisher, product, trial)
		must(t, err)
		refused(t, verdict.Refusal, "TRIAL_OVER")
		_, err = w.Sweep(t.Context())
		must(t, err)
		if p, err := w.Store.Read().Product.Get(ctx, product); err != nil || p.Status != authorisation.ProductSuspended || p.SuspensionCode != "TRIAL_OVER" {
			t.Errorf("it is %s for %q, %v", p.Status, p.SuspensionCode, err)
		}
	})
}

// earn lays a payment of so much for a product, net of VAT, or a refund of one.
func (s pricedScene) earn(t *testing.T, w *world, product uuid.UUID, kind pricing.EntryKind, net int64) {
	t.Helper()
	w.names++
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		account := func(code string, kind pricing.AccountKind) uuid.UUID {
			row, err := tx.Account.Create().SetCreatedAt(tx.Now()).SetCode(code + uuid.NewString()).SetKind(kind).Save(ctx)
			must(t, err)
			return row.ID
		}
		clearing, own, vat := account("c", pricing.AccountClearing), account("o", pricing.AccountContributor), account("v", pricing.AccountVAT)
		entry, err := tx.Entry.Create().SetCreatedAt(tx.Now()).SetKind(kind).SetKey(uuid.NewString()).Save(ctx)
		must(t, err)
		must(t, tx.Posting.Create().SetCreatedAt(tx.Now()).SetEntryID(entry.ID).SetPosition(0).SetAmountFen(6).SetFromAccountID(clearing).SetToAccountID(vat).SetProductID(product).Exec(ctx))
		return tx.Posting.Create().SetCreatedAt(tx.Now()).SetEntryID(entry.ID).SetPosition(1).SetAmountFen(net).SetFromAccountID(clearing).SetToAccountID(own).
			SetProductID(product).SetContributorID(s.operator).Exec(ctx)
	})
}

func TestTheMeterOfAYearAndTheExcessOfItsCycle(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		product := s.product(t, w, authorisation.ProductListed)
		cycle := pricing.Cycle{From: 2026, Years: 2}
		first, second := s.permit(t, w, surveyOf(2026, cycle, 100_00, "a")), s.permit(t, w, surveyOf(2027, cycle, 100_00, "b"))
		s.earn(t, w, product, pricing.EntryPayment, 30_00)
		s.earn(t, w, product, pricing.EntryRefund, 10_00)
		s.earn(t, w, product, pricing.EntryPayout, 5_00)
		meter, err := w.PermittedMeter(s.finance, s.operator, 2026)
		must(t, err)
		// 61 of 365 days are gone on 2 March: 20 yuan become 119.67, 8.79 % above 110, and the operator adjusts.
		if meter.EarnedFen != 20_00 || meter.DaysGone != 61 || meter.Days != 365 || meter.ForecastFen != 119_67 || meter.Permitted.ID != first ||
			meter.UsedPercent.String() != "18.2" || meter.Deviation.DifferenceFen != 9_67 || meter.Deviation.Percent.String() != "8.8" ||
			meter.Deviation.Adjuster != pricing.AdjusterOperator {
			t.Errorf("the meter shows %+v, %+v", meter, meter.Deviation)
		}
		if b := meter.Cycle; b.Over || b.ExcessFen != 0 || len(b.Years) != 2 || w.MayClawBack(access.FromContext(s.agencyApprover), *b) {
			t.Errorf("the cycle is %+v", b)
		}
		s.earn(t, w, product, pricing.EntryPayment, 180_00) // 200 in 2026
		w.clock = day(t, "2027-06-01").Start()
		s.earn(t, w, product, pricing.EntryPayment, 50_00) // 250 of 220 in the cycle
		meter, err = w.PermittedMeter(s.agencyApprover, s.operator, 2026)
		if must(t, err); meter.ForecastFen != 200_00 || meter.Deviation.Adjuster != pricing.AdjusterAuthorisingBody {
			t.Errorf("of a year that is over it shows %+v", meter)
		}
		decide := func(who context.Context, cycles int) error {
			return w.ClawbackDecide(who, ClawbackInput{OperatorID: s.operator, Year: 2026, Cycles: cycles, SourceDocument: "扣减决定", Reason: "周期内超收"})
		}
		refused(t, decide(s.agencyApprover, 2), "CYCLE_NOT_OVER")
		w.clock = day(t, "2028-01-05").Start()
		later := s.permit(t, w, surveyOf(2028, pricing.Cycle{From: 2028, Years: 1}, 10_00, "c")) // 11 yuan, before it is decided
		refused(t, decide(s.price, 2), "PARTY_REQUIRED")
		refused(t, decide(s.agencyApprover, 0), "CLAWBACK_CYCLES_INVALID")
		show := func() *CycleBalance {
			meter, err := w.PermittedMeter(s.agencyApprover, s.operator, 2026)
			must(t, err)
			return meter.Cycle
		}
		setStatus := func(to pricing.SurveyStatus) {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.PermittedRevenue.UpdateOneID(second).SetStatus(to).Exec(ctx)
			})
		}
		setStatus(pricing.SurveySubmitted) // a year of the cycle is not approved yet: its 50 yuan would never be looked at
		missing := decide(s.agencyApprover, 2)
		refused(t, missing, "PERMITTED_REVENUE_MISSING")
		if f := fault.All(missing); len(f) != 1 || f[0].Params["year"] != 2027 || w.MayClawBack(access.FromContext(s.agencyApprover), *show()) {
			t.Errorf("a cycle with a year missing is answered %v", f)
		}
		setStatus(pricing.SurveyApproved)
		if !w.MayClawBack(access.FromContext(s.agencyApprover), *show()) {
			t.Error("a cycle that is whole is not to be decided")
		}
		must(t, decide(s.agencyApprover, 2)) // 15 a cycle
		refused(t, decide(s.agencyApprover, 1), "CLAWBACK_DECIDED")
		if p := w.permittedRow(t, later); p.DeductedFen != 11_00 || p.LeftFen() != 0 {
			t.Errorf("from the next cycle %s are deducted", p.DeductedFen)
		}
		if p := w.permittedRow(t, second); p.Clawback == nil || p.Clawback.ExcessFen != 30_00 || p.Clawback.Reason != "周期内超收" {
			t.Errorf("decided is %+v", p.Clawback)
		}
		next := s.permit(t, w, surveyOf(2029, pricing.Cycle{From: 2029, Years: 2}, 100_00, "d"))
		if p := w.permittedRow(t, next); p.DeductedFen != 19_00 { // the second instalment, and what the cycle before could not bear
			t.Errorf("from the one after it %s are deducted", p.DeductedFen)
		}
		w.clock = w.clock.Add(time.Hour)
		again := s.permit(t, w, surveyOf(2029, pricing.Cycle{From: 2029, Years: 2}, 200_00, "e"))
		if p := w.permittedRow(t, again); p.DeductedFen != 19_00 {
			t.Errorf("from the one in its place %s are deducted", p.DeductedFen)
		}
		smaller := s.permit(t, w, surveyOf(2028, pricing.Cycle{From: 2028, Years: 1}, 5_00, "f")) // 5.50 in the place of 11
		if before, after := w.permittedRow(t, smaller), w.permittedRow(t, again); before.DeductedFen != 5_50 || after.DeductedFen != 24_50 {
			t.Errorf("of the one that bears less %s are deducted, and of the next %s", before.DeductedFen, after.DeductedFen)
		}
		if n, err := w.Store.Read().PermittedRevenue.Query().Where(permittedrevenue.Year(2029)).Count(s.price); err != nil || n != 2 {
			t.Errorf("%d of 2029 are kept, %v", n, err)
		}
	})
}

func TestThePriceReportOfAYear(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.priced(t)
		first, second := s.product(t, w, authorisation.ProductListed), s.product(t, w, authorisation.ProductListed)
		s.permit(t, w, surveyOf(2026, pricing.Cycle{From: 2026, Years: 1}, 100_00, "a"))
		s.earn(t, w, first, pricing.EntryPayment, 30_00)
		s.earn(t, w, second, pricing.EntryPayment, 100_00)
		report, err := w.PriceReport(s.finance, s.operator, 2026)
		must(t, err)
		if report.DueOn.String() != "2027-03-31" || *report.CostFen != 100_00 || report.RevenueFen != 130_00 || *report.ProfitFen != 30_00 ||
			*report.PermittedFen != 110_00 || report.Deviation.Adjuster != pricing.AdjusterAuthorisingBody || len(report.Products) != 2 ||
			report.Products[0].ProductID != second || report.Products[0].RevenueFen != 100_00 {
			t.Errorf("it reports %+v", report)
		}
		kinds := map[PriceChangeKind]int{}
		for _, c := range report.Changes {
			kinds[c.Kind]++
		}
		if kinds[PlanAdded] != 2 || kinds[CapHeld] != 2 || kinds[PlanWithdrawn] != 0 { // caps from 2026-01-01; those from 2027 come later
			t.Errorf("changed are %v", kinds)
		}
		empty, err := w.PriceReport(s.price, s.operator, 2025)
		if must(t, err); empty.CostFen != nil || empty.RevenueFen != 0 || len(empty.Products) != 0 || len(empty.Changes) != 0 {
			t.Errorf("of a year before it reports %+v", empty)
		}
		_, err = w.PriceReport(s.publisher, s.operator, 2026)
		refused(t, err, "NOT_FOUND")

		// What came and went is whole, or there is no report: 4 changes and 996 are as many as it has.
		plans := func(n int) {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				made := make([]*db.PlanCreate, n)
				for i := range made {
					made[i] = tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(first).SetPosition(100 + i).SetName("x").SetMode(pricing.PerCall).
						SetSettlement(pricing.Prepaid).SetTariff(storetest.Flat(pricing.PerCall, "0.10")).SetTermMonths(1).SetTrial(true).SetWithdrawnAt(tx.Now())
				}
				return tx.Plan.CreateBulk(made...).Exec(ctx)
			})
		}
		plans(498)
		report, err = w.PriceReport(s.finance, s.operator, 2026)
		if must(t, err); len(report.Changes) != 1000 {
			t.Errorf("%d changes are reported", len(report.Changes))
		}
		plans(1)
		_, err = w.PriceReport(s.finance, s.operator, 2026)
		refused(t, err, "REPORT_TOO_LONG")
	})
}

// The dearest plan that there may be: orders of it, however many, add up to what a ledger can say.
func TestAnOrderHasAGreatestTotal(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		publisher := s.Person(t, s.Operator, access.Publisher)
		in := PlanInput{Name: "最贵", Tariff: storetest.Flat(pricing.PerCall, "1000000000"), TermMonths: 12, Trial: true}
		plan, err := s.PlanAdd(publisher, s.product.ID, in)
		must(t, err)
		s.Status(t, s.product, authorisation.ProductListed)
		order := s.input("dear")
		order.PlanID, order.Quantity = plan, 11
		_, err = s.OrderPlace(s.buyer, order)
		refused(t, err, "TOTAL_TOO_LARGE")
		if f := fault.All(err)[0]; f.Field != "input.quantity" || f.Params["max"] != "10000000000.00" {
			t.Errorf("refused at %q with %v", f.Field, f.Params)
		}
		s.placed(t, plan, 9)

		in.Settlement = pricing.Metered
		_, err = s.PlanAdd(publisher, s.product.ID, in)
		refused(t, err, "RATE_TOO_HIGH")
		if f := fault.All(err)[0]; f.Field != "input.bands.0.rate" {
			t.Errorf("refused at %q", f.Field)
		}
	})
}
