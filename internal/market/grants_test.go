package market

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db/grant"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

func TestAResourceIsAuthorisedStepByStep(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		foreign := w.person(t, w.organisation(t, "市自然资源局", access.AdministrativeOrgan, access.SourceUnit), access.Publisher)
		refused(t, w.ResourceClassify(foreign, s.resource, s.classified(t, w)), "NOT_FOUND")
		refused(t, w.ResourceClassify(t.Context(), s.resource, s.classified(t, w)), "SIGN_IN_REQUIRED")
		refused(t, w.ResourceClassify(w.person(t, s.unit, access.Member), s.resource, s.classified(t, w)), "ROLE_REQUIRED")

		_, err := w.ResourceRegister(s.publisher, s.resource)
		refused(t, err, "RESOURCE_NOT_CLASSIFIED")
		must(t, w.ResourceClassify(s.publisher, s.resource, s.classified(t, w)))
		_, err = w.ResourceRegister(s.publisher, s.resource)
		refused(t, err, "AUTHORITY_MISSING")
		_, err = w.BatchPublish(s.agencyPublisher, BatchInput{Title: "第一批", SourceDocument: "x", ResourceIDs: []uuid.UUID{s.resource}})
		refused(t, err, "MOVE_NOT_ALLOWED")
		refused(t, w.DomainAssign(s.agencyApprover, DomainInput{DomainID: s.domain, IndustryAuthorityID: s.operator}), "NOT_FOUND")
		must(t, w.DomainAssign(s.agencyApprover, DomainInput{DomainID: s.domain, IndustryAuthorityID: s.authority}))

		proceeding, err := w.ResourceRegister(s.publisher, s.resource)
		must(t, err)
		must(t, w.ProceedingDecide(s.industry, proceeding, DecisionInput{Step: authorisation.StepIndustry, Outcome: authorisation.OutcomeRefuse, Reason: "分级有误"}))
		proceeding, err = w.ResourceRegister(s.publisher, s.resource) // a draft again
		must(t, err)
		must(t, w.ProceedingDecide(s.industry, proceeding, approve(authorisation.StepIndustry)))
		refused(t, w.ResourceClassify(s.publisher, s.resource, s.classified(t, w)), "RESOURCE_APPROVED")
		_, err = w.BatchPublish(s.agencyPublisher, BatchInput{Title: "第一批", SourceDocument: "x", ResourceIDs: []uuid.UUID{s.resource}})
		must(t, err)
		if _, err := w.Store.Read().Resource.Get(t.Context(), s.resource); err != nil {
			t.Errorf("a published resource is hidden from the public: %v", err)
		}
		refused(t, w.ResourceSuspend(foreign, s.resource, "x"), "NOT_FOUND")
		refused(t, w.ResourceSuspend(s.publisher, s.resource, " "), "REASON_MISSING")
		must(t, w.ResourceSuspend(s.publisher, s.resource, "核对数据"))
		refused(t, w.ResourceResume(s.publisher, s.resource, "已核对"), "PARTY_REQUIRED")
		must(t, w.ResourceResume(s.agencyApprover, s.resource, "已核对"))
	})
}

func TestOneBodyNeedsTwoPersons(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddParty(ctx, s.unit, access.IndustryAuthority)
		})
		both := w.person(t, s.unit, access.Publisher, access.Approver)
		must(t, w.DomainAssign(s.agencyApprover, DomainInput{DomainID: s.domain, IndustryAuthorityID: s.unit}))
		must(t, w.ResourceClassify(both, s.resource, s.classified(t, w)))
		proceeding, err := w.ResourceRegister(both, s.resource)
		must(t, err)
		refused(t, w.ProceedingDecide(both, proceeding, approve(authorisation.StepIndustry)), "SAME_PERSON")
		must(t, w.ProceedingDecide(w.person(t, s.unit, access.Approver), proceeding, approve(authorisation.StepIndustry)))
	})
}

func TestWhatIsNotGranted(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		marks := s.classified(t, w)
		marks[0].Grade = authorisation.GradeCore
		marks[1].Linkage, marks[1].Protections = authorisation.LinkageHigh, []authorisation.Protection{authorisation.ProtectionMasked}
		agreement := s.agree(t, w, "协议1")
		ask := func(who context.Context, key string, change func(*GrantInput)) error {
			in := s.application(agreement, w, 100, key)
			in.ItemIDs = s.items[2:]
			change(&in)
			_, _, err := w.GrantApply(who, in)
			return err
		}
		refused(t, ask(s.operatorPublisher, "draft", func(*GrantInput) {}), "NOT_FOUND") // an operator sees no drafts
		s.publish(t, w, marks)
		other := w.person(t, w.organisation(t, "别的运营公司", access.Enterprise, access.Operator), access.Publisher)
		for _, row := range []struct {
			sentence string
			who      context.Context
			change   func(*GrantInput)
			code     string
		}{
			{"core data", s.operatorPublisher, func(in *GrantInput) { in.ItemIDs = s.items[:1] }, "ITEM_CORE_NEVER_GRANTED"},
			{"what is highly linked and not protected", s.operatorPublisher, func(in *GrantInput) { in.ItemIDs = s.items[1:2] }, "ITEM_PROTECTION_MISSING"},
			{"more days than the agreement has", s.operatorPublisher, func(in *GrantInput) { in.EndsOn = in.StartsOn.AddDays(2000) }, "GRANT_OUTLIVES_AGREEMENT"},
			{"days that have passed", s.operatorPublisher, func(in *GrantInput) { in.StartsOn = in.StartsOn.AddDays(-1) }, "GRANT_PERIOD_INVALID"},
			{"nothing", s.operatorPublisher, func(in *GrantInput) { in.ItemIDs = nil }, "ITEMS_MISSING"},
			{"under another's agreement", other, func(*GrantInput) {}, "NOT_FOUND"},
			{"to nobody", t.Context(), func(*GrantInput) {}, "SIGN_IN_REQUIRED"},
			{"to a member without the role", w.person(t, s.operator, access.Member), func(*GrantInput) {}, "ROLE_REQUIRED"},
			{"without a key", s.operatorPublisher, func(in *GrantInput) { in.IdempotencyKey = "" }, "IDEMPOTENCY_KEY_INVALID"},
		} {
			err := ask(row.who, row.sentence[:2], row.change)
			t.Run(row.sentence, func(t *testing.T) { refused(t, err, row.code) })
		}
		must(t, ask(s.operatorPublisher, "fine", func(*GrantInput) {}))
	})
}

func TestAGrantIsLookedAtAgainWhenItIsApproved(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		agreement := s.agree(t, w, "协议1")
		id, proceeding, err := w.GrantApply(s.operatorPublisher, s.application(agreement, w, 100, "a"))
		must(t, err)
		must(t, w.ProceedingDecide(s.agencyApprover, proceeding, approve(authorisation.StepAgency)))
		must(t, w.ResourceSuspend(s.publisher, s.resource, "核对数据"))
		refused(t, w.ProceedingDecide(s.industry, proceeding, approve(authorisation.StepIndustry)), "RESOURCE_NOT_PUBLISHED")
		must(t, w.ResourceResume(s.agencyApprover, s.resource, "已核对"))
		must(t, w.ProceedingDecide(s.industry, proceeding, approve(authorisation.StepIndustry)))
		refused(t, w.GrantRevoke(s.industry, id, "x"), "PARTY_REQUIRED")
		g, err := w.Store.Read().Grant.Get(store.AsSystem(t.Context()), id)
		if err != nil || g.Status != authorisation.GrantActive || g.DecidedAt == nil {
			t.Errorf("the grant is %+v, %v", g, err)
		}
	})
}

func TestTheSameApplicationHappensOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		in := s.application(s.agree(t, w, "协议1"), w, 100, "same")
		var grants, proceedings sync.Map
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				g, p, err := w.GrantApply(s.operatorPublisher, in)
				if err != nil {
					t.Error(err)
				}
				grants.Store(g, true)
				proceedings.Store(p, true)
			})
		}
		wg.Wait()
		stored, err := w.Store.Read().Grant.Query().Where(grant.OperatorID(s.operator)).Count(store.AsSystem(t.Context()))
		if err != nil || stored != 1 || size(&grants) != 1 || size(&proceedings) != 1 {
			t.Errorf("%d stored, %d and %d answered, %v", stored, size(&grants), size(&proceedings), err)
		}
		in.Note = "另一用途"
		_, _, err = w.GrantApply(s.operatorPublisher, in)
		refused(t, err, "IDEMPOTENCY_KEY_REUSED")
	})
}

func size(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}

func TestAnOperatorHasOneAgreementAtATime(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		first := s.agree(t, w, "协议1")
		draft := func(number, publicisedOn string, clauses map[authorisation.Clause]string) uuid.UUID {
			day, err := authorisation.ParseDay(publicisedOn)
			must(t, err)
			id, err := w.AgreementDraft(s.agencyApprover, AgreementInput{OperatorID: s.operator, Number: number, Clauses: clauses, PublicisedOn: day})
			must(t, err)
			return id
		}
		row, err := w.Store.Read().Agreement.Get(s.agencyApprover, first)
		if err != nil || *row.StartsOn != "2026-03-02" || *row.EndsOn != "2029-03-01" {
			t.Fatalf("the term is %+v, %v", row, err)
		}
		refused(t, w.AgreementSign(s.agencyApprover, draft("协议2", "2026-02-27", nil)), "AGREEMENT_CLAUSE_MISSING")
		refused(t, w.AgreementSign(s.agencyApprover, draft("协议3", "2026-02-27", row.Clauses)), "PUBLICITY_NOT_OVER")
		second := draft("协议4", "2026-02-02", row.Clauses)
		refused(t, w.AgreementSign(s.agencyApprover, second), "AGREEMENT_ALREADY_IN_FORCE")
		_, err = w.AgreementDraft(s.agencyApprover, AgreementInput{OperatorID: s.operator, Number: "协议4", PublicisedOn: authorisation.DayOf(w.clock)})
		refused(t, err, "AGREEMENT_NUMBER_TAKEN")
		refused(t, w.AgreementSign(s.operatorPublisher, second), "PARTY_REQUIRED")
		refused(t, w.AgreementSign(s.industry, second), "NOT_FOUND")

		must(t, w.AgreementRectify(s.agencyApprover, first, "整改"))
		must(t, w.AgreementRestore(s.agencyApprover, first, "整改完成"))
		must(t, w.AgreementTerminate(s.agencyApprover, first, "重大风险"))
		w.organisationStatus(t, s.operator, access.OrganisationSuspended)
		refused(t, w.AgreementSign(s.agencyApprover, second), "OPERATOR_NOT_VERIFIED")
		w.organisationStatus(t, s.operator, access.OrganisationVerified)
		must(t, w.AgreementSign(s.agencyApprover, second))

		w.clock = w.clock.AddDate(3, 0, 0)
		if n, err := w.Sweep(t.Context()); err != nil || n != 1 {
			t.Errorf("three years later a sweep changed %d, %v", n, err)
		}
		if row, err := w.Store.Read().Agreement.Get(s.agencyApprover, second); err != nil || row.Status != authorisation.AgreementExpired {
			t.Errorf("it is %v, %v", row, err)
		}
	})
}

func TestAKindWithoutADeadlineGetsNoneFilledIn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		w.clock = w.clock.AddDate(0, 9, 28)
		must(t, w.ResourceClassify(s.publisher, s.resource, s.classified(t, w)))
		must(t, w.DomainAssign(s.agencyApprover, DomainInput{DomainID: s.domain, IndustryAuthorityID: s.authority}))
		proceeding, err := w.ResourceRegister(s.publisher, s.resource)
		must(t, err)
		w.policy(t, "DEADLINES", map[string]any{"FREE_USE_APPLICATION": 5})
		if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
			t.Fatalf("a sweep changed %d, %v", n, err)
		}
		p, err := w.Store.Read().Proceeding.Get(s.industry, proceeding)
		if err != nil || p.DueOn != nil {
			t.Errorf("the proceeding is %+v, %v", p, err)
		}
	})
}

func TestOnlyWhoOpensAnApplicationTakesItBack(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		must(t, w.ResourceClassify(s.publisher, s.resource, s.classified(t, w)))
		must(t, w.DomainAssign(s.agencyApprover, DomainInput{DomainID: s.domain, IndustryAuthorityID: s.authority}))
		proceeding, err := w.ResourceRegister(s.publisher, s.resource)
		must(t, err)
		refused(t, w.ProceedingWithdraw(w.person(t, s.unit, access.Member, access.Finance, access.BuyerRole), proceeding), "ROLE_REQUIRED")
		refused(t, w.ProceedingWithdraw(s.industry, proceeding), "NOT_THE_APPLICANT")
		must(t, w.ProceedingWithdraw(s.publisher, proceeding))
	})
}
