package market

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db/proceeding"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
	"gongshu/internal/todo"
	"gongshu/pricing"
)

// needs are what needs somebody, as kind and name.
func (w *world) needs(t *testing.T, as context.Context) string {
	t.Helper()
	ctx, statements := store.CountStatements(as)
	found, err := w.Todo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if statements.Count() > 25 {
		t.Errorf("what is to be done takes %d statements", statements.Count())
	}
	out := make([]string, len(found))
	for i, f := range found {
		out[i] = string(f.Kind) + " " + f.Subject.Name
		if f.Obstacle != "" {
			out[i] += " " + string(f.Obstacle)
		}
	}
	return strings.Join(out, "; ")
}

func TestAProductNeedsSomebodyAtEachStep(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		expect := func(sentence string, as context.Context, want string) {
			t.Helper()
			if got := p.needs(t, as); got != want {
				t.Errorf("%s: %q, want %q", sentence, got, want)
			}
		}
		_, err := p.Todo(context.Background())
		refused(t, err, "SIGN_IN_REQUIRED")
		expect("at first nothing", p.publisher, "")
		product, err := p.ProductDraft(p.publisher, p.content())
		must(t, err)
		expect("a draft without a plan is not complete", p.publisher, "")
		_, err = p.PlanAdd(p.publisher, product, perCall("0.60"))
		must(t, err)
		expect("a complete draft", p.publisher, "SUBMIT_PRODUCT 公交小时客流")
		expect("is not finance's to submit", p.person(t, p.operator, access.Finance), "")
		refusedOnce, err := p.ProductSubmit(p.publisher, product, nil)
		must(t, err)
		expect("under review", p.publisher, "")
		expect("it waits for security", p.security, "DECIDE 公交小时客流")
		expect("and for compliance", p.approver, "DECIDE 公交小时客流")
		expect("and for nobody else of the agency", p.person(t, p.agency, access.Finance), "")
		must(t, p.ProceedingDecide(p.security, refusedOnce, DecisionInput{Step: authorisation.StepSecurity, Outcome: authorisation.OutcomeRefuse, Reason: "不"}))
		expect("refused", p.publisher, "ANSWER_REFUSAL 公交小时客流; SUBMIT_PRODUCT 公交小时客流")
		expect("and decided", p.approver, "")
		again, err := p.ProductSubmit(p.publisher, product, nil)
		must(t, err)
		expect("submitted again the refusal is answered", p.publisher, "")
		must(t, p.ProceedingDecide(p.security, again, DecisionInput{Step: authorisation.StepSecurity, Outcome: authorisation.OutcomeApprove, Reason: "好"}))
		expect("security has decided", p.security, "")
		must(t, p.ProceedingDecide(p.approver, again, DecisionInput{Step: authorisation.StepCompliance, Outcome: authorisation.OutcomeApprove, Reason: "好"}))
		expect("reviewed, it has no data yet", p.publisher, "MEND_PRODUCT 公交小时客流 DATASET_MISSING")
		expect("and the registrar records its code", p.registrar, "RECORD_CODE 公交小时客流")
		_, _ = p.DatasetUpload(p.publisher, product, classes(2)) // refused, and kept
		expect("its data is refused", p.publisher, "MEND_PRODUCT 公交小时客流 DATASET_REFUSED; REPLACE_DATASET 公交小时客流")
		_, err = p.DatasetUpload(p.publisher, product, classes(21))
		must(t, err)
		expect("the agency has set no cap", p.publisher, "MEND_PRODUCT 公交小时客流 CAP_MISSING")
		_, err = p.CapSet(p.approver, p.cap(product, "0.80", p.today()))
		must(t, err)
		rule := p.allocate(t, product)
		expect("a rule agreed after the review waits for the agency", p.approver, "DECIDE 公交小时客流")
		ctx, c := store.AsSystem(t.Context()), p.Store.Read()
		own := c.Proceeding.Query().Where(proceeding.SubjectID(rule)).OnlyIDX(ctx)
		must(t, p.ProceedingDecide(p.approver, own, DecisionInput{Step: authorisation.StepAgency, Outcome: authorisation.OutcomeApprove, Reason: "好"}))
		expect("it waits for its code", p.publisher, "AWAIT_CODE 公交小时客流 REGISTRATION_CODE_MISSING")
		must(t, p.RegistrationRecord(p.registrar, RegistrationInput{ProductID: product, Code: "SC-2026-000001", CodedOn: p.today(), Evidence: p.proof}))
		expect("it can be listed", p.publisher, "LIST_PRODUCT 公交小时客流")
		must(t, p.ProductList(p.publisher, product))
		expect("on the market", p.publisher, "")
		must(t, p.ResourceSuspend(p.approver, p.resource, "核查"))
		expect("the market took it down", p.publisher, "MEND_PRODUCT 公交小时客流 RESOURCE_NOT_PUBLISHED")
		must(t, p.ResourceResume(p.approver, p.resource, "完"))
		expect("it can be listed again", p.publisher, "LIST_PRODUCT 公交小时客流")
		must(t, p.ProductList(p.publisher, product))
		p.clock = authorisation.DayFrom(2028, 12, 11).Start()
		expect("all of it ends", p.publisher, "RENEW_REGISTRATION 公交小时客流; RENEW_GRANT 1; RENEW_AGREEMENT 1")
		expect("the agency's agreement too", p.approver, "RENEW_AGREEMENT 1")
		rival := p.person(t, p.organisation(t, "另一运营公司", access.Enterprise, access.Operator), access.Publisher)
		expect("which is nobody else's", rival, "")
	})
}

func (p *publisher) allocate(t *testing.T, product uuid.UUID) uuid.UUID {
	t.Helper()
	id, err := p.AllocationAgree(p.publisher, AllocationInput{ProductID: product, SourceDocument: "分配协议", Rule: pricing.FixedWeights(1, []pricing.Part{
		{Contributor: p.operator.String(), Weight: 1, Basis: "加工", Channel: pricing.ChannelProfit},
	})})
	must(t, err)
	return id
}

func TestASourceUnitIsToldWhatItsResourcesNeed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		if got := w.needs(t, s.publisher); !strings.Contains(got, "CLASSIFY_RESOURCE 文旅教育资源库") || !strings.Contains(got, "STATE_FREQUENCY 文旅教育资源库") {
			t.Errorf("of an import it is %q", got)
		}
		must(t, w.ResourceClassify(s.publisher, s.resource, s.classified(t, w)))
		must(t, w.ResourceStateFrequency(s.publisher, s.resource, authorisation.Monthly))
		if got := w.needs(t, s.publisher); !strings.Contains(got, "REGISTER_RESOURCE 文旅教育资源库") || strings.Contains(got, "CLASSIFY_RESOURCE 文旅教育资源库") {
			t.Errorf("once it is classified it is %q", got)
		}
		must(t, w.DomainAssign(s.agencyApprover, DomainInput{DomainID: s.domain, IndustryAuthorityID: s.authority, ThemeCode: "C0300"}))
		if _, err := w.ResourceRegister(s.publisher, s.resource); err != nil {
			t.Fatal(err)
		}
		if got := w.needs(t, s.publisher); strings.Contains(got, "文旅教育资源库") {
			t.Errorf("once it is registered it is %q", got)
		}
		found, err := w.Todo(s.industry)
		if err != nil || len(found) != 1 || found[0].Kind != todo.Decide {
			t.Errorf("its industry authority is told %+v, %v", found, err)
		}
		if got := w.needs(t, w.person(t, s.authority, access.Publisher)); got != "" {
			t.Errorf("one who does not approve is told %q", got)
		}
	})
}

func TestABuyerIsToldWhatItsRightsNeed(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		expect := func(sentence, want string) {
			t.Helper()
			if got := s.needs(t, s.buyer); got != want {
				t.Errorf("%s: %q, want %q", sentence, got, want)
			}
		}
		expect("at first nothing", "")
		order := s.placed(t, s.product.PerCall, 5)
		expect("an order", "PAY_ORDER 逐日雨量")
		s.Status(t, s.product, authorisation.ProductSuspended)
		expect("of what is off the market cannot be paid", "")
		s.Status(t, s.product, authorisation.ProductListed)
		_, err := s.OrderPay(s.buyer, order, OrderPayInput{"test", "k"})
		must(t, err)
		expect("once paid", "")
		call, _ := s.caller(t, s.product)
		call()
		expect("little is used", "")
		call()
		call()
		call()
		expect("four fifths are used", "EXTEND_QUOTA 逐日雨量")
		free := s.free(t, s.product)
		s.clock = s.clock.AddDate(0, 11, 5)
		expect("soon they all end", "RENEW_RIGHT 逐日雨量; RENEW_RIGHT 逐日雨量; RENEW_FREE_RIGHT 逐日雨量; EXTEND_QUOTA 逐日雨量")
		s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Entitlement.UpdateOneID(free).SetStatus(ordering.EntitlementSuspended).Exec(ctx)
		})
		if got := s.needs(t, s.buyer); !slices.Contains(strings.Split(got, "; "), "RIGHT_WAS_SUSPENDED 逐日雨量") {
			t.Errorf("a suspended one: %q", got)
		}
		if got := s.needs(t, s.Person(t, s.Buyer, access.Member)); got != "" {
			t.Errorf("who may not buy is told %q", got)
		}
		s.clock = s.clock.AddDate(1, 0, 0)
		expect("afterwards nothing", "")
	})
}
