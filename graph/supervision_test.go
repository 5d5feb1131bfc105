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
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
)

func TestTheAgencySeesTheFreeRightsThatItDecidedOn(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 5)
		buyer, agency := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Agency, access.Approver)
		apply := func(key string, outcome authorisation.Outcome) {
			id, err := s.market.FreeUseApply(buyer, market.FreeUseInput{
				ProductID: p.ID, Purpose: purpose.Welfare, Scenario: "Flood warnings for villages.", LicenceVersion: "1",
				Evidence: []uuid.UUID{s.Document(t, buyer)}, IdempotencyKey: key,
			})
			if err != nil {
				t.Fatal(err)
			}
			decision := market.DecisionInput{Step: authorisation.StepAgency, Outcome: outcome, Reason: "It was looked at."}
			if err := s.market.ProceedingDecide(agency, id, decision); err != nil {
				t.Fatal(err)
			}
		}
		apply("given", authorisation.OutcomeApprove)
		apply("refused", authorisation.OutcomeRefuse)
		another := s.Person(t, s.Organisation(t, access.AdministrativeOrgan, access.ImplementingAgency), access.Approver)
		const document = `query($status: EntitlementStatus) { freeRights(status: $status) { edges { node { purpose status organisation { name } } } } }`
		for _, c := range []struct {
			sentence string
			as       context.Context
			status   any
			want     int
		}{
			{"the agency that decided", agency, nil, 1},
			{"the agency, asking for those in force", agency, "ACTIVE", 1},
			{"the agency, asking for suspended ones", agency, "SUSPENDED", 0},
			{"another agency", another, nil, 0},
		} {
			var out struct {
				FreeRights struct {
					Edges []struct {
						Node struct{ Purpose, Status string }
					}
				}
			}
			s.ask(t, c.as, document, map[string]any{"status": c.status}, &out)
			if len(out.FreeRights.Edges) != c.want {
				t.Errorf("%s sees %+v", c.sentence, out.FreeRights.Edges)
			}
		}
		if code := s.refusal(t, buyer, document); code != "PARTY_REQUIRED" {
			t.Errorf("a buyer was answered %q", code)
		}
	})
}

func TestWhoSupervisesSeesProductsThatAreOffTheMarket(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p, q := s.Product(t, authorisation.DeliveryAPI, 5), s.Product(t, authorisation.DeliveryFile, 5)
		s.Status(t, p, authorisation.ProductSuspended)
		s.Status(t, q, authorisation.ProductDraft)
		const document = `query($operator: ID, $status: ProductStatus) { supervisedProducts(operatorId: $operator, status: $status) { edges { node { id } } } }`
		agency := s.Person(t, s.Agency, access.Approver)
		registrar := s.Person(t, s.Organisation(t, access.AdministrativeOrgan, access.Registrar), access.Approver)
		for _, c := range []struct {
			sentence         string
			as               context.Context
			operator, status any
			want             int
		}{
			{"the agency sees all but drafts", agency, nil, nil, 1},
			{"the registrar too", registrar, nil, nil, 1},
			{"those of an operator", agency, publicid.Encode("org", s.Operator), nil, 1},
			{"those of one that has none", agency, publicid.Encode("org", s.Buyer), nil, 0},
			{"those on the market", agency, nil, "LISTED", 0},
		} {
			var out struct {
				SupervisedProducts struct {
					Edges []struct{ Node struct{ ID string } }
				}
			}
			s.ask(t, c.as, document, map[string]any{"operator": c.operator, "status": c.status}, &out)
			if edges := out.SupervisedProducts.Edges; len(edges) != c.want || c.want == 1 && edges[0].Node.ID != publicid.Encode("prd", p.ID) {
				t.Errorf("%s: it answered %+v", c.sentence, edges)
			}
		}
		if code := s.refusal(t, s.Person(t, s.Operator, access.Publisher), document); code != "PARTY_REQUIRED" {
			t.Errorf("an operator was answered %q", code)
		}
	})
}

// refusal runs a document as somebody and gives the code of its first error at the top.
func (s *shop) refusal(t *testing.T, as context.Context, document string) string {
	t.Helper()
	ctx := graph.WithLoaders(graphql.StartOperationTrace(as), s.Store)
	op, errs := s.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, ReadTime: graphql.TraceTiming{}})
	if len(errs) > 0 {
		t.Fatalf("%s: %v", document, errs)
	}
	next, ctx := s.exec.DispatchOperation(ctx, op)
	if answer := next(ctx); len(answer.Errors) > 0 {
		return fault.CodeOf(answer.Errors[0])
	}
	return ""
}
