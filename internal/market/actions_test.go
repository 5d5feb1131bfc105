package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/resourceversion"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// everyOne fails unless each action was allowed to somebody at some time: else a test tried nothing.
func everyOne[A interface {
	~string
	Values() []string
}](t *testing.T, allowed []A) {
	t.Helper()
	var none A
	for _, act := range none.Values() {
		if !slices.Contains(allowed, A(act)) {
			t.Errorf("%s was never allowed", act)
		}
	}
}

// agreed fails where an action is refused although it is said to be allowed, or is done although it is not; it reports
// whether it was done.
func agreed[A ~string](t *testing.T, sentence string, act A, allowed []A, err error) (done bool) {
	t.Helper()
	if err != nil && len(fault.All(err)) == 0 {
		t.Fatalf("%s, %s: %v", sentence, act, err)
	}
	if slices.Contains(allowed, act) != (err == nil) {
		t.Errorf("%s may %v, and %s answers %v", sentence, allowed, act, err)
	}
	return err == nil
}

// Every action × every state × whoever might: what is said to be allowed is what the use-case does.
func TestWhatIsAllowedAboutAProductIsWhatIsDone(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.ready(t)
		bare, err := p.ProductDraft(p.publisher, ProductContent{Name: "空", Description: "空", DomainID: p.domain, Delivery: authorisation.DeliveryAPI})
		must(t, err)
		whole, empty := p.row(t, id), p.row(t, bare)
		days := 0
		do := map[authorisation.ProductAction]func(context.Context, uuid.UUID) error{
			authorisation.ReviseProduct: func(ctx context.Context, id uuid.UUID) error {
				return p.ProductRevise(ctx, id, func(c *ProductContent) { c.NameEn = uuid.NewString() })
			},
			authorisation.UploadDataset: func(ctx context.Context, id uuid.UUID) error {
				_, err := p.DatasetUpload(ctx, id, classes(21))
				return err
			},
			authorisation.AddPlan: func(ctx context.Context, id uuid.UUID) error {
				trial := perCall("0.60")
				trial.Trial = true
				plan, err := p.PlanAdd(ctx, id, trial)
				if err == nil {
					must(t, p.PlanWithdraw(p.publisher, plan))
				}
				return err
			},
			authorisation.WithdrawPlan: func(ctx context.Context, id uuid.UUID) error {
				offered, err := p.Store.Read().Plan.Query().Where(plan.ProductID(id), plan.WithdrawnAtIsNil()).FirstID(store.AsSystem(t.Context()))
				if db.IsNotFound(err) {
					return p.PlanWithdraw(ctx, uuid.New())
				}
				must(t, err)
				if err := p.PlanWithdraw(ctx, offered); err != nil {
					return err
				}
				p.tx(t, func(ctx context.Context, tx *store.Tx) error {
					return tx.Plan.UpdateOneID(offered).ClearWithdrawnAt().Exec(ctx)
				})
				return nil
			},
			authorisation.AgreeAllocation: func(ctx context.Context, id uuid.UUID) error {
				_, err := p.AllocationAgree(ctx, AllocationInput{ProductID: id, SourceDocument: "分配协议", Rule: pricing.FixedWeights(1, []pricing.Part{
					{Contributor: p.operator.String(), Weight: 1, Basis: "加工", Channel: pricing.ChannelProfit},
				})})
				return err
			},
			authorisation.SubmitProduct: func(ctx context.Context, id uuid.UUID) error {
				_, err := p.ProductSubmit(ctx, id, nil)
				return err
			},
			authorisation.SetCap: func(ctx context.Context, id uuid.UUID) error {
				days++
				_, err := p.CapSet(ctx, p.cap(id, "0.80", p.today().AddDays(days)))
				return err
			},
			authorisation.RecordRegistration: func(ctx context.Context, id uuid.UUID) error {
				return p.RegistrationRecord(ctx, RegistrationInput{ProductID: id, Code: "SC-2026-000001", CodedOn: p.today(), Evidence: p.proof})
			},
			authorisation.ListProduct:    p.ProductList,
			authorisation.SuspendProduct: func(ctx context.Context, id uuid.UUID) error { return p.ProductSuspend(ctx, id, "核查") },
			authorisation.RetireProduct:  func(ctx context.Context, id uuid.UUID) error { return p.ProductRetire(ctx, id, "停止") },
		}
		people := map[string]context.Context{
			"nobody": t.Context(), "its operator's publisher": p.publisher, "a member of its operator": p.person(t, p.operator, access.Member),
			"another operator":      p.person(t, p.organisation(t, "另一家", access.Enterprise, access.Operator), access.Publisher),
			"the agency's approver": p.approver, "the agency's security": p.security, "the registrar": p.registrar, "a buyer": p.buyer,
		}
		policies, err := p.Store.Policies(t.Context())
		must(t, err)
		var done []authorisation.ProductAction
		for _, status := range (authorisation.ProductStatus("")).Values() {
			for _, product := range []struct {
				sentence string
				id       uuid.UUID
			}{{"whole", id}, {"bare", bare}} {
				reset := func() {
					p.tx(t, func(ctx context.Context, tx *store.Tx) error {
						row := whole
						if product.id == bare {
							row = empty
						}
						u := tx.Product.UpdateOneID(product.id).SetStatus(authorisation.ProductStatus(status)).SetContentNumber(row.ContentNumber).SetSuspensionCode("").
							SetNillableRegistrationCode(row.RegistrationCode).SetNillableRegisteredOn(row.RegisteredOn).SetNillableRegistrationExpiresOn(row.RegistrationExpiresOn).
							SetNillableDatasetID(row.DatasetID).SetNillableReviewedAt(row.ReviewedAt)
						return u.Exec(ctx)
					})
				}
				for who, as := range people {
					reset()
					allowed := []authorisation.ProductAction{}
					row, err := p.Store.Read().Product.Get(as, product.id)
					if err == nil { // else the viewer does not see it, and can ask nothing about it
						facts, err := p.Store.GateProducts(t.Context(), product.id)
						must(t, err)
						allowed = p.ProductActions(access.FromContext(as), row, facts[product.id], policies)
					}
					done = append(done, allowed...)
					for act, try := range do {
						if err := try(as, product.id); agreed(t, who+" of a "+product.sentence+" product that is "+status, act, allowed, err) {
							reset()
						}
					}
				}
			}
		}
		everyOne(t, done)
	})
}

func TestAsManyPlansAsThereIsRoomFor(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.ready(t)
		for range MaxPlans {
			facts, err := p.Store.GateProducts(t.Context(), id)
			must(t, err)
			allowed := p.ProductActions(access.FromContext(p.publisher), p.row(t, id), facts[id], store.Policies{})
			_, err = p.PlanAdd(p.publisher, id, perCall("0.60"))
			agreed(t, "its publisher", authorisation.AddPlan, allowed, err)
		}
	})
}

func TestWhatIsAllowedAboutAResourceIsWhatIsDone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		marks := s.classified(t, w)
		do := map[authorisation.ResourceAction]func(context.Context) error{
			authorisation.ClassifyResource: func(ctx context.Context) error { return w.ResourceClassify(ctx, s.resource, marks[:1]) },
			authorisation.StateFrequency: func(ctx context.Context) error {
				return w.ResourceStateFrequency(ctx, s.resource, authorisation.Monthly)
			},
			authorisation.RegisterResource: func(ctx context.Context) error {
				_, err := w.ResourceRegister(ctx, s.resource)
				return err
			},
			authorisation.PublishResource: func(ctx context.Context) error {
				_, err := w.BatchPublish(ctx, BatchInput{Title: "第一批", SourceDocument: "文", ResourceIDs: []uuid.UUID{s.resource}})
				return err
			},
			authorisation.SuspendResource: func(ctx context.Context) error { return w.ResourceSuspend(ctx, s.resource, "核查") },
			authorisation.ResumeResource:  func(ctx context.Context) error { return w.ResourceResume(ctx, s.resource, "核查完") },
		}
		people := map[string]context.Context{
			"nobody": t.Context(), "its publisher": s.publisher, "a member of its unit": w.person(t, s.unit, access.Member),
			"another unit":          w.person(t, w.organisation(t, "市自然资源局", access.AdministrativeOrgan, access.SourceUnit), access.Publisher),
			"the agency's approver": s.agencyApprover, "the agency's publisher": s.agencyPublisher, "the authority": s.industry,
		}
		var done []authorisation.ResourceAction
		// classified says whether all its items are, assigned whether its domain has an authority, fixed whether the catalogue gives the frequency.
		for _, row := range []struct {
			sentence                    string
			classified, assigned, fixed bool
		}{
			{"as it was imported", false, false, false}, {"whose domain has nobody to decide", true, false, false},
			{"that is not classified", false, true, false}, {"that is in order", true, true, false}, {"whose catalogue says how often", true, true, true},
		} {
			if row.fixed {
				w.tx(t, func(ctx context.Context, tx *store.Tx) error {
					said, err := tx.ResourceVersion.Query().Where(resourceversion.ResourceID(s.resource)).Only(ctx)
					if err != nil {
						return err
					}
					said.Content["updateFrequency"] = authorisation.Daily
					return tx.ResourceVersion.Create().SetCreatedAt(tx.Now()).SetResourceID(s.resource).SetNumber(2).SetContent(said.Content).SetSourceDocument("文").Exec(ctx)
				})
			}
			for _, status := range (authorisation.ResourceStatus("")).Values() {
				reset := func() {
					w.tx(t, func(ctx context.Context, tx *store.Tx) error {
						d := tx.Domain.UpdateOneID(s.domain)
						if row.assigned {
							d.SetIndustryAuthorityID(s.authority)
						} else {
							d.ClearIndustryAuthorityID()
						}
						if err := d.Exec(ctx); err != nil {
							return err
						}
						for _, item := range s.items {
							u := tx.DataItem.UpdateOneID(item)
							if row.classified {
								u.SetGrade(authorisation.GradeGeneral).SetLinkage(authorisation.LinkageNone).SetSensitivity(authorisation.SensitivityPublic)
							} else {
								u.ClearGrade().ClearLinkage().ClearSensitivity()
							}
							if err := u.Exec(ctx); err != nil {
								return err
							}
						}
						return tx.Resource.UpdateOneID(s.resource).SetStatus(authorisation.ResourceStatus(status)).Exec(ctx)
					})
				}
				for who, as := range people {
					reset()
					facts, err := w.Store.ResourceFacts(store.AsSystem(t.Context()), []uuid.UUID{s.resource})
					must(t, err)
					allowed := w.ResourceActions(access.FromContext(as), facts[s.resource])
					done = append(done, allowed...)
					for act, try := range do {
						if agreed(t, who+" of a resource "+row.sentence+" and is "+status, act, allowed, try(as)) {
							reset()
						}
					}
				}
			}
		}
		everyOne(t, done)
	})
}

func TestWhatIsAllowedAboutAnOrganisationIsWhatIsDone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		platform := w.organisation(t, "平台", access.Enterprise, access.Platform)
		lone := w.organisation(t, "无人", access.Enterprise, access.SourceUnit)
		peopled := w.organisation(t, "有人", access.Enterprise, access.Buyer)
		applied := w.organisation(t, "在办", access.Enterprise, access.Buyer)
		administrator := w.person(t, peopled, access.Administrator)
		applicant := w.person(t, applied, access.Administrator)
		evidence := map[uuid.UUID]uuid.UUID{}
		for _, as := range []context.Context{administrator, applicant, w.person(t, platform, access.Administrator)} {
			v := access.FromContext(as)
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				d, err := tx.Document.Create().SetCreatedAt(tx.Now()).SetOrganisationID(v.OrganisationID).SetUploaderID(v.PersonID).SetName("执照.pdf").
					SetMediaType("application/pdf").SetSize(1).SetSha256("-").SetBlobKey("documents/" + v.OrganisationID.String()).Save(ctx)
				if err == nil {
					evidence[v.OrganisationID] = d.ID
				}
				return err
			})
		}
		confirmed := 0
		apply := func(ctx context.Context) (uuid.UUID, error) {
			return w.VerificationApply(ctx, VerificationInput{
				Evidence: []uuid.UUID{evidence[access.FromContext(ctx).OrganisationID]}, IdempotencyKey: uuid.NewString(),
			})
		}
		do := map[access.OrganisationAction]func(context.Context, uuid.UUID) error{
			// It is the viewer's own that is verified: about another nobody can ask.
			access.ApplyForVerification: func(ctx context.Context, id uuid.UUID) error {
				if access.FromContext(ctx).OrganisationID != id {
					return fault.Absent("organisation")
				}
				proceeding, err := apply(ctx)
				if err == nil {
					must(t, w.ProceedingWithdraw(ctx, proceeding))
				}
				return err
			},
			access.ConfirmOrganisation: func(ctx context.Context, id uuid.UUID) error {
				confirmed++
				code, err := authorisation.NewCreditCode(fmt.Sprintf("91510700MA6CNF%03d", confirmed))
				must(t, err)
				return w.OrganisationConfirm(ctx, ConfirmInput{OrganisationID: id, CreditCode: string(code), LegalForm: access.Enterprise,
					Parties: []access.Party{access.SourceUnit}, Reason: "核实"})
			},
			access.InviteMember: func(ctx context.Context, id uuid.UUID) error {
				_, _, err := w.MemberInvite(ctx, InviteInput{OrganisationID: id, Email: "a@test.example", Roles: []access.Role{access.Administrator}})
				return err
			},
			access.SuspendOrganisation:   func(ctx context.Context, id uuid.UUID) error { return w.OrganisationSuspend(ctx, id, "违规") },
			access.ReinstateOrganisation: func(ctx context.Context, id uuid.UUID) error { return w.OrganisationReinstate(ctx, id, "改正") },
		}
		people := map[string]context.Context{
			"nobody": t.Context(), "the platform's approver": w.person(t, platform, access.Approver), "the platform's administrator": w.person(t, platform, access.Administrator),
			"an administrator": administrator, "a member": w.person(t, peopled, access.Member), "the administrator of one that applied": applicant,
		}
		set := func(id uuid.UUID, status string) {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.Organisation.UpdateOneID(id).SetStatus(access.OrganisationStatus(status)).Exec(ctx)
			})
		}
		set(applied, "SUBMITTED")
		_, err := apply(applicant)
		must(t, err)
		var done []access.OrganisationAction
		for _, status := range (access.OrganisationStatus("")).Values() {
			for name, id := range map[string]uuid.UUID{"nobody's": lone, "somebody's": peopled, "the platform": platform, "one that applied": applied} {
				if id == platform && status != string(access.OrganisationVerified) {
					continue // nobody would be left to decide
				}
				for who, as := range people {
					set(id, status)
					facts, err := w.Store.OrganisationFacts(store.AsSystem(t.Context()), []uuid.UUID{id})
					must(t, err)
					allowed := w.OrganisationActions(access.FromContext(as), facts[id])
					done = append(done, allowed...)
					for act, try := range do {
						if agreed(t, who+" about "+name+" that is "+status, act, allowed, try(as, id)) {
							set(id, status)
						}
					}
				}
			}
		}
		everyOne(t, done)
	})
}

func TestWhatIsAllowedAboutAnAgreementIsWhatIsDone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		drafts := 0
		draft := func(publicisedOn authorisation.Day, clauses ...authorisation.Clause) uuid.UUID {
			texts := map[authorisation.Clause]string{}
			for _, clause := range clauses {
				texts[clause] = "约定"
			}
			drafts++
			id, err := w.AgreementDraft(s.agencyApprover, AgreementInput{
				OperatorID: s.operator, Number: fmt.Sprint("协议", drafts), Clauses: texts, PublicisedOn: publicisedOn,
			})
			must(t, err)
			return id
		}
		var clauses []authorisation.Clause
		for _, name := range authorisation.Clause("").Values() {
			clauses = append(clauses, authorisation.Clause(name))
		}
		now := authorisation.DayOf(w.Store.Now())
		long := now.AddDays(-28)
		whole := draft(long, clauses...)
		other := draft(long, clauses...)
		do := map[authorisation.AgreementAction]func(context.Context, uuid.UUID) error{
			authorisation.SignAgreement: w.AgreementSign,
			authorisation.RectifyAgreement: func(ctx context.Context, id uuid.UUID) error {
				return w.AgreementRectify(ctx, id, "核查")
			},
			authorisation.RestoreAgreement: func(ctx context.Context, id uuid.UUID) error {
				return w.AgreementRestore(ctx, id, "改正")
			},
			authorisation.TerminateAgreement: func(ctx context.Context, id uuid.UUID) error {
				return w.AgreementTerminate(ctx, id, "重大风险")
			},
		}
		people := map[string]context.Context{
			"nobody": t.Context(), "the agency's approver": s.agencyApprover, "the agency's publisher": s.agencyPublisher,
			"another agency": w.person(t, w.organisation(t, "德阳市数据局", access.AdministrativeOrgan, access.ImplementingAgency), access.Approver),
			"the operator":   s.operatorPublisher,
		}
		var done []authorisation.AgreementAction
		for _, row := range []struct {
			sentence string
			id       uuid.UUID
			operator access.OrganisationStatus
			beside   authorisation.AgreementStatus
		}{
			{"in order", whole, access.OrganisationVerified, authorisation.AgreementTerminated},
			{"without a clause", draft(long, clauses[1:]...), access.OrganisationVerified, authorisation.AgreementTerminated},
			{"whose publicity is not over", draft(now, clauses...), access.OrganisationVerified, authorisation.AgreementTerminated},
			{"with a suspended operator", whole, access.OrganisationSuspended, authorisation.AgreementTerminated},
			{"beside one in force", whole, access.OrganisationVerified, authorisation.AgreementOperating},
			{"beside one under rectification", whole, access.OrganisationVerified, authorisation.AgreementRectifying},
		} {
			w.organisationStatus(t, s.operator, row.operator)
			for _, status := range (authorisation.AgreementStatus("")).Values() {
				reset := func() {
					w.tx(t, func(ctx context.Context, tx *store.Tx) error {
						for id, status := range map[uuid.UUID]authorisation.AgreementStatus{row.id: authorisation.AgreementStatus(status), other: row.beside} {
							err := tx.Agreement.UpdateOneID(id).SetStatus(status).SetStartsOn(now.String()).SetEndsOn(now.AddDays(300).String()).Exec(ctx)
							if err != nil {
								return err
							}
						}
						return nil
					})
				}
				policies, err := w.Store.Policies(t.Context())
				must(t, err)
				for who, as := range people {
					reset()
					facts, err := w.Store.AgreementFacts(store.AsSystem(t.Context()), []uuid.UUID{row.id})
					must(t, err)
					allowed := w.AgreementActions(access.FromContext(as), facts[row.id], policies)
					done = append(done, allowed...)
					for act, try := range do {
						if agreed(t, who+" about an agreement "+row.sentence+" that is "+status, act, allowed, try(as, row.id)) {
							reset()
						}
					}
				}
			}
		}
		everyOne(t, done)
	})
}

func TestWhatIsAllowedAboutAGrantIsWhatIsDone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		id := s.grant(t, w, s.agree(t, w, "协议1"), 100)
		revoked := 0
		for who, as := range map[string]context.Context{
			"nobody": t.Context(), "the agency's approver": s.agencyApprover, "the agency's publisher": s.agencyPublisher, "the authority": s.industry,
			"another agency": w.person(t, w.organisation(t, "德阳市数据局", access.AdministrativeOrgan, access.ImplementingAgency), access.Approver),
			"the operator":   s.operatorPublisher, "the source unit": s.publisher,
		} {
			for _, status := range (authorisation.GrantStatus("")).Values() {
				w.tx(t, func(ctx context.Context, tx *store.Tx) error {
					return tx.Grant.UpdateOneID(id).SetStatus(authorisation.GrantStatus(status)).Exec(ctx)
				})
				may := w.MayRevokeGrant(access.FromContext(as), s.agency, authorisation.GrantStatus(status))
				if err := w.GrantRevoke(as, id, "核查"); may != (err == nil) {
					t.Errorf("%s is told %v about revoking a grant that is %s, and is answered %v", who, may, status, err)
				} else if may {
					revoked++
				}
			}
		}
		if revoked == 0 {
			t.Error("nobody could revoke it")
		}
	})
}

func TestWhoMayApplyForAGrantIsWhoseApplicationIsTaken(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		agreement := s.agree(t, w, "协议1")
		granted := s.grant(t, w, agreement, 100)
		people := map[string]context.Context{
			"nobody": t.Context(), "the operator's publisher": s.operatorPublisher, "a member of the operator": w.person(t, s.operator, access.Member),
			"another operator": w.person(t, w.organisation(t, "另一家", access.Enterprise, access.Operator), access.Publisher),
			"the agency":       s.agencyApprover, "the source unit": s.publisher,
		}
		tried, taken := 0, map[string]int{}
		// says what somebody is told, and fails where an application for an item, with right input, is answered otherwise.
		applies := func(sentence, who string) (may bool, agreements []authorisation.Agreement, resource authorisation.Resource) {
			t.Helper()
			as := people[who]
			agreements, err := w.Store.OwnAgreements(as)
			must(t, err)
			facts, err := w.Store.ResourceFacts(as, []uuid.UUID{s.resource})
			must(t, err)
			resource = facts[s.resource].Resource
			may = w.MayApplyForGrant(access.FromContext(as), agreements, resource)
			tried++
			in := s.application(agreement, w, 100, fmt.Sprint("try ", tried))
			in.ItemIDs = s.items[1:2]
			if _, _, err = w.GrantApply(as, in); may != (err == nil) {
				t.Errorf("%s is told %v about a resource %s, and is answered %v", who, may, sentence, err)
			}
			if err == nil {
				taken[who]++
			}
			return may, agreements, resource
		}
		set := func(resource authorisation.ResourceStatus, under authorisation.AgreementStatus, authority *uuid.UUID, grade authorisation.Grade) {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				d := tx.Domain.UpdateOneID(s.domain).ClearIndustryAuthorityID()
				if authority != nil {
					d = tx.Domain.UpdateOneID(s.domain).SetIndustryAuthorityID(*authority)
				}
				for _, item := range s.items {
					if err := tx.DataItem.UpdateOneID(item).SetGrade(grade).Exec(ctx); err != nil {
						return err
					}
				}
				return cmp.Or(d.Exec(ctx), tx.Resource.UpdateOneID(s.resource).SetStatus(resource).Exec(ctx), tx.Agreement.UpdateOneID(agreement).SetStatus(under).Exec(ctx))
			})
		}
		for who := range people {
			for _, status := range (authorisation.ResourceStatus("")).Values() {
				set(authorisation.ResourceStatus(status), authorisation.AgreementOperating, &s.authority, authorisation.GradeGeneral)
				applies("that is "+status, who)
			}
			for _, status := range (authorisation.AgreementStatus("")).Values() {
				set(authorisation.ResourcePublished, authorisation.AgreementStatus(status), &s.authority, authorisation.GradeGeneral)
				applies("under an agreement that is "+status, who)
			}
			set(authorisation.ResourcePublished, authorisation.AgreementOperating, nil, authorisation.GradeGeneral)
			applies("on which nobody could decide", who)
			set(authorisation.ResourcePublished, authorisation.AgreementOperating, &s.authority, authorisation.GradeCore)
			applies("of core data", who)

			set(authorisation.ResourcePublished, authorisation.AgreementOperating, &s.authority, authorisation.GradeGeneral)
			may, agreements, resource := applies("that is in order", who)
			today := authorisation.DayOf(w.Store.Now())
			for _, status := range (authorisation.GrantStatus("")).Values() {
				for days, near := range map[int]bool{-1: false, 0: true, 60: true, 61: false} {
					g := authorisation.Grant{Status: authorisation.GrantStatus(status), ItemIDs: s.items[:1], EndsOn: today.AddDays(days)}
					want := may && g.Status != authorisation.GrantApplied && (near || g.Status != authorisation.GrantActive)
					again := w.MayApplyAgain(access.FromContext(people[who]), s.operator, g, agreements, []authorisation.Resource{resource})
					if again != want {
						t.Errorf("%s is told %v about applying again for a grant that is %s and ends in %d days", who, again, status, days)
					}
					g.ItemIDs = []uuid.UUID{granted}
					if w.MayApplyAgain(access.FromContext(people[who]), s.operator, g, agreements, []authorisation.Resource{resource}) {
						t.Errorf("%s is told that items can be applied for that are not of the resource", who)
					}
				}
			}
		}
		if len(taken) != 1 || taken["the operator's publisher"] == 0 {
			t.Errorf("applications were taken of %v", taken)
		}
	})
}
