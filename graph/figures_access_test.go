package graph_test

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"gongshu/graph"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/publicid"
)

// Who may ask for which figures: "" is answered, all else is the code of the refusal.
func TestWhoMayAskForFigures(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 3)
		unverified := access.FromContext(s.Person(t, s.Operator, access.Publisher, access.Finance))
		unverified.Verified = false
		as := map[string]context.Context{
			"nobody": context.Background(), "operator": s.Person(t, s.Operator, access.Publisher), "its finance": s.Person(t, s.Operator, access.Finance),
			"rival": s.Person(t, s.Organisation(t, access.Enterprise, access.Operator), access.Publisher), "buyer": s.Person(t, s.Buyer, access.BuyerRole),
			"source unit": s.Person(t, s.Organ, access.Publisher), "agency": s.Person(t, s.Agency, access.Approver), "unverified": access.With(context.Background(), unverified),
		}
		who := []string{"nobody", "operator", "its finance", "rival", "buyer", "source unit", "agency", "unverified"}
		const signIn, party, role, absent, verify, month = "SIGN_IN_REQUIRED", "PARTY_REQUIRED", "ROLE_REQUIRED", "NOT_FOUND", "ORGANISATION_NOT_VERIFIED", "MONTH_INVALID"
		everybody := make([]string, len(who))
		plan := `input: {name: "x", mode: PER_CALL, scheme: FLAT, bands: [{rate: "1"}], termMonths: 1}`
		operator, buyer := publicid.Encode("org", s.Operator), publicid.Encode("org", s.Buyer)
		product, none := publicid.Encode("prd", p.ID), publicid.Encode("res", uuid.Must(uuid.NewV7()))
		for query, want := range map[string][]string{
			`{ disclosure { asOf agreements { edges { cursor } } caps { edges { cursor } } } }`:     everybody,
			`{ priceList { edges { node { product { callUrl sampleUrl } } } } }`:                    everybody,
			`{ resourceBatches { edges { node { resources { products { id } productCount } } } } }`: everybody,
			`{ todo { kind } }`: {signIn, "", "", "", "", "", "", ""},
			`{ revenueReport { months { month } byProduct { sharePercent } byContributor { payee } } }`: {signIn, "", "", "", "", "", "", verify},
			`{ revenuePostings(productId: "` + product + `", month: "2026-03") { edges { cursor } } }`:  {signIn, "", "", "", "", "", "", verify},
			`{ revenuePostings(productId: "` + product + `", month: "March") { edges { cursor } } }`:    {signIn, month, month, month, month, month, month, verify},
			`{ salesUsage { asOf } }`:                                                                                                                          {signIn, "", "", "", party, party, party, verify},
			`{ operatorOverview { calls { value } } }`:                                                                                                         {signIn, "", "", "", party, party, party, verify},
			`{ dictionaryDraft(itemIds: []) { name } }`:                                                                                                        {signIn, "", role, "", party, party, party, verify},
			`{ planCheck(productId: "` + product + `", ` + plan + `) { usedPercent } }`:                                                                        {signIn, "", "", absent, absent, absent, absent, verify},
			`{ permittedRevenues { edges { node { id } } } }`:                                                                                                  everybody,
			`{ calculateCarryOver(input: {years: [{actual: "1", permitted: "1"}]}) { excess { amount } } }`:                                                    everybody,
			`{ calculateDeviation(input: {actual: "1", permitted: "1"}) { deviation { percent } } }`:                                                           everybody,
			`{ calculateSplit(input: {amount: "1", kind: FIXED, parts: [{contributor: "a", weight: 1}]}) { sum } }`:                                            everybody,
			`{ calculatePermittedRevenue(input: {lines: [], subsidy: "0", tax: {kind: ITEMISED}, yieldPercent: "1", spreadPoints: "1"}) { errors { code } } }`: everybody,
			`{ permittedRevenueMeter(operatorId: "` + operator + `", year: 2026) { earned { amount } } }`:                                                      {signIn, "", "", absent, absent, absent, "", absent},
			`{ priceReport(operatorId: "` + operator + `", year: 2026) { dueOn } }`:                                                                            {signIn, "", "", absent, absent, absent, "", absent},
			`{ permittedRevenueMeter(operatorId: "` + operator + `", year: 9999) { year } }`:                                                                   {signIn, "YEAR_INVALID", "YEAR_INVALID", absent, absent, absent, "YEAR_INVALID", absent},
			`{ permittedRevenueMeter(operatorId: "` + buyer + `", year: 2026) { year } }`:                                                                      {signIn, absent, absent, absent, absent, absent, absent, absent},
			`{ resourceUse(resourceId: "` + none + `") { productCount } }`:                                                                                     {signIn, absent, absent, absent, absent, absent, absent, absent},
		} {
			for i, name := range who {
				if got := s.refusalOf(t, as[name], query); got != want[i] {
					t.Errorf("%s asks %s and is answered %q, want %q", name, query, got, want[i])
				}
			}
		}
	})
}

// refusalOf is the code of the first error at the top of an answer, "" when there is none.
func (s *shop) refusalOf(t *testing.T, as context.Context, query string) string {
	t.Helper()
	ctx := graph.WithLoaders(graphql.StartOperationTrace(as), s.Store)
	op, errs := s.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query})
	if len(errs) > 0 {
		t.Fatalf("%s: %v", query, errs)
	}
	next, ctx := s.exec.DispatchOperation(ctx, op)
	if answer := next(ctx); len(answer.Errors) > 0 {
		return fault.CodeOf(answer.Errors[0])
	}
	return ""
}
