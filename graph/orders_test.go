package graph_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"gongshu/graph"
	"gongshu/graph/generated"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/market"
	"gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/internal/testdb"
)

// shop is a small market behind the schema.
type shop struct {
	*storetest.Shop
	market *market.Market
	exec   *executor.Executor
	clock  time.Time
}

func eachShop(t *testing.T, run func(t *testing.T, s *shop)) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC) }
	prepare := func(url string) error {
		s, err := store.Open(context.Background(), url, now)
		if err != nil {
			return err
		}
		defer s.Close()
		if _, err := s.Migrate(context.Background()); err != nil {
			return err
		}
		_, err = (&market.Market{Store: s}).LoadPolicies(context.Background())
		return err
	}
	testdb.TemplateEach(t, "graph orders", prepare, func(t *testing.T, url string) {
		moved := &shop{clock: now()}
		s, err := store.Open(t.Context(), url, func() time.Time { return moved.clock })
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		laid := storetest.Lay(t, s)
		files := dataset.NewFiles(0)
		t.Cleanup(func() { files.Close() })
		m := &market.Market{Store: s, Blobs: laid.Blobs, Rows: files, Payments: map[string]payment.Provider{paytest.Name: &paytest.Provider{}}}
		resolver := &graph.Resolver{Store: s, Market: m, Origin: "https://market.example"}
		moved.Shop, moved.market, moved.exec = laid, m, executor.New(generated.NewExecutableSchema(generated.Config{Resolvers: resolver}))
		run(t, moved)
		storetest.Reconciled(t, s)
	})
}

// ask runs a document as somebody and reads its data into a value; what is an error at the top fails, unless wanted.
func (s *shop) ask(t *testing.T, as context.Context, document string, variables map[string]any, into any) {
	t.Helper()
	ctx := graph.WithLoaders(graphql.StartOperationTrace(as), s.Store)
	op, errs := s.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables, ReadTime: graphql.TraceTiming{}})
	if len(errs) > 0 {
		t.Fatalf("%s: %v", document, errs)
	}
	next, ctx := s.exec.DispatchOperation(ctx, op)
	answer := next(ctx)
	if len(answer.Errors) > 0 {
		t.Fatalf("%s: %v", document, answer.Errors)
	}
	if err := json.Unmarshal(answer.Data, into); err != nil {
		t.Fatal(err)
	}
}

type refusal struct{ Code, Field string }

func TestAnOrderFromLicenceToRevenue(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 5)
		buyer, operator := s.Person(t, s.Buyer, access.BuyerRole), s.Person(t, s.Operator, access.Finance)
		var licence struct {
			Licence struct{ Version, Text string }
		}
		s.ask(t, context.Background(), `{ licence { version text } }`, nil, &licence)

		input := map[string]any{
			"productId": publicid.Encode("prd", p.ID), "planId": publicid.Encode("pln", p.PerCall), "purpose": "INDUSTRY", "quantity": 10,
			"licenceVersion": licence.Licence.Version, "idempotencyKey": "k",
		}
		const place = `mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id status total { amount } net { amount } vat { amount }
			terms { productName productNameEn planName planNameEn termMonths licence { version } } canPay canCancel buyer { name } product { name } payments { id } entitlement { id } } errors { code field } } }`
		var placed struct {
			OrderPlace struct {
				Order *struct {
					ID, Status        string
					Total, Net, Vat   struct{ Amount string }
					Terms             struct{ ProductName, PlanName string }
					CanPay, CanCancel bool
					Buyer, Product    struct{ Name string }
					Payments          []struct{ ID string }
					Entitlement       *struct{ ID string }
				}
				Errors []refusal
			}
		}
		s.ask(t, buyer, place, map[string]any{"input": input}, &placed)
		o := placed.OrderPlace.Order
		if o == nil || o.Total.Amount != "5.50" || o.Net.Amount != "5.19" || o.Vat.Amount != "0.31" || !o.CanPay || !o.CanCancel || o.Entitlement != nil ||
			o.Terms.ProductName != "逐日雨量" || o.Product.Name != o.Terms.ProductName || o.Buyer.Name == "" || len(o.Payments) != 0 {
			t.Fatalf("placed %+v", placed)
		}
		input["quantity"] = 11
		var conflict struct {
			OrderPlace struct {
				Order  *struct{ ID string }
				Errors []refusal
			}
		}
		s.ask(t, buyer, `mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } errors { code field } } }`, map[string]any{"input": input}, &conflict)
		if c := conflict.OrderPlace; c.Order != nil || len(c.Errors) != 1 || c.Errors[0] != (refusal{"IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey"}) {
			t.Fatalf("other content answered %+v", c)
		}

		var paid struct {
			OrderPay struct {
				Order struct {
					Status            string
					CanPay, CanCancel bool
				}
				Payment struct {
					ID, State string
					Amount    struct{ Amount string }
				}
				Entitlement struct {
					ID         string
					QuotaCalls int
					Usable     bool
					Order      struct{ ID string }
				}
				Errors []refusal
			}
		}
		s.ask(t, buyer, `mutation($id: ID!) { orderPay(id: $id, input: {provider: "test", idempotencyKey: "p"}) { order { status canPay canCancel }
			payment { id state amount { amount } } entitlement { id quotaCalls usable order { id } } errors { code field } } }`, map[string]any{"id": o.ID}, &paid)
		if x := paid.OrderPay; x.Order.Status != "PAID" || x.Order.CanPay || x.Order.CanCancel || x.Payment.State != "SUCCEEDED" || x.Entitlement.QuotaCalls != 10 ||
			!x.Entitlement.Usable || x.Entitlement.Order.ID != o.ID || len(x.Errors) != 0 {
			t.Fatalf("paid %+v", x)
		}
		var issued struct {
			CredentialIssue struct {
				Credential struct{ ID, Hint, Status string }
				Secret     *string
			}
		}
		issue := map[string]any{"id": paid.OrderPay.Entitlement.ID}
		for again := range 2 {
			s.ask(t, buyer, `mutation($id: ID!) { credentialIssue(entitlementId: $id, input: {name: "m", idempotencyKey: "c"}) { credential { id hint status } secret errors { code } } }`, issue, &issued)
			if c := issued.CredentialIssue; (c.Secret == nil) != (again == 1) || !strings.HasPrefix(c.Credential.Hint, "gsk_") {
				t.Fatalf("issued %+v", c)
			}
			issued.CredentialIssue.Secret = nil
		}

		var lists struct {
			Orders, SalesOrders struct {
				Edges []struct {
					Node struct {
						ID    string
						Buyer struct{ Name string }
					}
				}
			}
			Entitlements struct {
				Edges []struct {
					Node struct {
						Credentials []struct{ ID string }
						Usages      struct{ Edges []struct{ Cursor string } }
					}
				}
			}
		}
		s.ask(t, buyer, `{ orders(status: PAID) { edges { node { id buyer { name } } } } entitlements { edges { node { credentials { id } usages { edges { cursor } } } } } }`, nil, &lists)
		s.ask(t, operator, `{ salesOrders { edges { node { id buyer { name } } } } }`, nil, &lists)
		if len(lists.Orders.Edges) != 1 || len(lists.SalesOrders.Edges) != 1 || lists.SalesOrders.Edges[0].Node.Buyer.Name == "" || len(lists.Entitlements.Edges) != 1 ||
			len(lists.Entitlements.Edges[0].Node.Credentials) != 1 {
			t.Fatalf("the lists are %+v", lists)
		}
		var hidden struct {
			Order       *struct{ ID string }
			Entitlement *struct{ ID string }
		}
		other := s.Person(t, s.Other, access.BuyerRole)
		s.ask(t, other, `query($o: ID!, $e: ID!) { order(id: $o) { id } entitlement(id: $e) { id } }`, map[string]any{"o": o.ID, "e": paid.OrderPay.Entitlement.ID}, &hidden)
		if hidden.Order != nil || hidden.Entitlement != nil {
			t.Fatalf("another buyer sees %+v", hidden)
		}

		var report struct {
			RevenueReport struct {
				Gross, Vat, Net, PreviousNet struct{ Amount string }
				ChangePercent                *string
				Months                       []struct {
					Month, PreviousMonth string
					Net, PreviousNet     struct{ Amount string }
					ChangePercent        *string
				}
				ByContributor []struct {
					Contributor  struct{ Name string }
					Payee        string
					Amount       struct{ Amount string }
					SharePercent string
				}
				ByProduct []struct {
					Product      struct{ Name string }
					SharePercent string
				}
				Rows []struct {
					Month, Payee, Channel string
					RuleNumber            int
					Amount                struct{ Amount string }
					Product, Contributor  struct{ Name string }
				}
			}
		}
		s.Status(t, p, authorisation.ProductSuspended) // what was earned stays to be seen
		const revenue = `{ revenueReport { gross { amount } vat { amount } net { amount } rows { month payee channel ruleNumber amount { amount } product { name } contributor { name } }
			previousNet { amount } changePercent months { month net { amount } previousMonth previousNet { amount } changePercent }
			byContributor { contributor { name } payee amount { amount } sharePercent } byProduct { product { name } amount { amount } sharePercent } } }`
		s.ask(t, operator, revenue, nil, &report)
		if r := report.RevenueReport; r.Gross.Amount != "5.50" || r.Vat.Amount != "0.31" || r.Net.Amount != "5.19" || len(r.Rows) != 3 || r.Rows[0].Month != "2026-03" {
			t.Fatalf("the operator's report is %+v", r)
		}
		if r := report.RevenueReport; len(r.Months) != 36 || r.Months[35].Month != "2026-03" || r.Months[35].Net.Amount != "5.19" || r.Months[35].ChangePercent != nil ||
			r.PreviousNet.Amount != "0.00" || r.ChangePercent != nil || len(r.ByContributor) != 3 || r.ByContributor[0].Amount.Amount != "2.59" || r.ByContributor[0].SharePercent != "49.9" ||
			len(r.ByProduct) != 1 || r.ByProduct[0].SharePercent != "100.0" || r.ByProduct[0].Product.Name != "逐日雨量" {
			t.Fatalf("it sums up as %+v", r)
		}
		s.ask(t, s.Person(t, s.Organ, access.Finance), revenue, nil, &report)
		if r := report.RevenueReport; len(r.ByContributor) != 1 || r.ByContributor[0].Payee != "TREASURY" || r.ByContributor[0].SharePercent != "100.0" {
			t.Fatalf("the organ's income is %+v", r.ByContributor)
		}
		if r := report.RevenueReport; len(r.Rows) != 1 || r.Rows[0].Payee != "TREASURY" || r.Rows[0].Product.Name != "逐日雨量" || r.Rows[0].Amount.Amount != "1.56" {
			t.Fatalf("the organ's report is %+v", r)
		}
	})
}

func TestAFreeUseApplicationOverTheSchema(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		p := s.Product(t, authorisation.DeliveryAPI, 5)
		buyer := s.Person(t, s.Buyer, access.BuyerRole)
		var applied struct {
			FreeUseApply struct {
				Proceeding *struct{ ID, State, SubjectName string }
				Errors     []refusal
			}
		}
		input := map[string]any{
			"productId": publicid.Encode("prd", p.ID), "purpose": "WELFARE", "scenario": "Flood warnings for villages.", "evidence": []string{},
			"licenceVersion": "1", "idempotencyKey": "k",
		}
		const apply = `mutation($input: FreeUseApplyInput!) { freeUseApply(input: $input) { proceeding { id state subjectName } errors { code field } } }`
		s.ask(t, buyer, apply, map[string]any{"input": input}, &applied)
		if a := applied.FreeUseApply; a.Proceeding != nil || len(a.Errors) != 1 || a.Errors[0] != (refusal{"EVIDENCE_MISSING", "input.evidence"}) {
			t.Fatalf("without evidence it answered %+v", a)
		}
		input["evidence"] = []string{publicid.Encode("doc", s.Document(t, buyer))}
		s.ask(t, buyer, apply, map[string]any{"input": input}, &applied)
		if a := applied.FreeUseApply; a.Proceeding == nil || a.Proceeding.State != "SUBMITTED" || len(a.Errors) != 0 {
			t.Fatalf("it answered %+v", a)
		}
		input["idempotencyKey"] = "k2"
		var again struct {
			FreeUseApply struct {
				Errors []struct {
					Code   string
					Params []struct{ Name, Value string }
				}
			}
		}
		s.ask(t, buyer, `mutation($input: FreeUseApplyInput!) { freeUseApply(input: $input) { errors { code params { name value } } } }`, map[string]any{"input": input}, &again)
		if e := again.FreeUseApply.Errors; len(e) != 1 || e[0].Code != "APPLICATION_PENDING" || len(e[0].Params) != 1 || e[0].Params[0].Value != applied.FreeUseApply.Proceeding.ID {
			t.Errorf("once more it answered %+v", e)
		}

		agency := s.Person(t, s.Agency, access.Approver)
		id := applied.FreeUseApply.Proceeding.ID
		const stands = `query($id: ID!) { proceeding(id: $id) { canWithdraw dueOn workingDaysLeft entitlement { usable canIssueCredential refusal { code } } } }`
		type standing struct {
			Proceeding struct {
				CanWithdraw     bool
				DueOn           *string
				WorkingDaysLeft *int
				Entitlement     *struct {
					Usable, CanIssueCredential bool
					Refusal                    *refusal
				}
			}
		}
		how := func(as context.Context) (out standing) {
			s.ask(t, as, stands, map[string]any{"id": id}, &out)
			return out
		}
		if p := how(buyer).Proceeding; !p.CanWithdraw || p.DueOn == nil || p.WorkingDaysLeft == nil || *p.WorkingDaysLeft != 5 || p.Entitlement != nil {
			t.Errorf("its applicant sees %+v", p)
		}
		for sentence, as := range map[string]context.Context{"the agency": agency, "a member of its applicant": s.Person(t, s.Buyer, access.Member)} {
			if p := how(as).Proceeding; p.CanWithdraw {
				t.Errorf("%s may take it back", sentence)
			}
		}
		key, _ := publicid.Parse("prc", id)
		if err := s.market.ProceedingDecide(agency, key, market.DecisionInput{Step: authorisation.StepAgency, Outcome: authorisation.OutcomeApprove, Reason: "Of use."}); err != nil {
			t.Fatal(err)
		}
		if p := how(buyer).Proceeding; p.CanWithdraw || p.WorkingDaysLeft != nil || p.Entitlement == nil || !p.Entitlement.Usable || !p.Entitlement.CanIssueCredential || p.Entitlement.Refusal != nil {
			t.Errorf("approved, its applicant sees %+v with %+v", p, p.Entitlement)
		}
		if e := how(s.Person(t, s.Buyer, access.Member)).Proceeding.Entitlement; e == nil || e.CanIssueCredential {
			t.Errorf("a member without the role sees %+v", e)
		}
		s.Status(t, p, authorisation.ProductDraft)
		if e := how(buyer).Proceeding.Entitlement; e == nil || e.Usable || e.Refusal == nil || e.Refusal.Code != "PRODUCT_SUSPENDED" {
			t.Errorf("of a product that is not served it answered %+v", e)
		}
	})
}
