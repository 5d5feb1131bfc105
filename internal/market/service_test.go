package market

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/auditrecord"
	"gongshu/ent/db/dataset"
	"gongshu/ent/db/entitlement"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
)

func TestServiceEndsWithSupplyAndNotWithSale(t *testing.T) {
	type under struct {
		*scene
		agreement, grant, product uuid.UUID
	}
	lowerCap := func(t *testing.T, w *world, s under) {
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.PriceCap.Create().SetCreatedAt(tx.Now()).SetProductID(s.product).SetAuthorityID(s.agency).
				SetPersonID(access.FromContext(s.agencyApprover).PersonID).SetMode(pricing.PerCall).SetRate("0.49").
				SetEffectiveFrom("2026-03-02").SetSourceDocument("x").SetReason("x").Exec(ctx)
		})
		_, err := w.Sweep(t.Context())
		must(t, err)
	}
	retire := func(t *testing.T, w *world, s under) {
		must(t, w.ProductRetire(s.operatorPublisher, s.product, "停止"))
	}
	suspendResource := func(t *testing.T, w *world, s under) {
		must(t, w.ResourceSuspend(s.publisher, s.resource, "数据质量问题"))
	}
	expire := func(t *testing.T, w *world, _ under) {
		w.clock = w.clock.AddDate(3, 0, 0)
		_, err := w.Sweep(t.Context())
		must(t, err)
	}
	rectify := func(t *testing.T, w *world, s under) {
		must(t, w.AgreementRectify(s.agencyApprover, s.agreement, "整改"))
	}
	type steps []func(t *testing.T, w *world, s under)
	for _, row := range []struct {
		sentence   string
		steps      steps
		free, paid bool
	}{
		{"its operator suspends it", steps{func(t *testing.T, w *world, s under) {
			must(t, w.ProductSuspend(s.operatorPublisher, s.product, "核查"))
		}}, true, true},
		{"the agency suspends it", steps{func(t *testing.T, w *world, s under) {
			must(t, w.ProductSuspend(s.agencyApprover, s.product, "核查"))
		}}, false, false},
		{"a price exceeds its cap", steps{lowerCap}, true, true},
		{"a price exceeds its cap, and then its resource is suspended", steps{lowerCap, suspendResource}, false, false},
		{"it is retired", steps{retire}, true, true},
		{"it is retired, and then taken down by the agency", steps{retire, func(t *testing.T, w *world, s under) {
			must(t, w.ProductSuspend(s.agencyApprover, s.product, "核查"))
			refused(t, w.ProductSuspend(s.agencyApprover, s.product, "核查"), "MOVE_NOT_ALLOWED")
		}}, false, false},
		{"its resource is suspended, and then it is retired", steps{suspendResource, retire}, false, false},
		{"it is retired, and then its resource is suspended", steps{retire, suspendResource}, false, false},
		{"it is retired, and its resource is suspended and resumed", steps{retire, suspendResource, func(t *testing.T, w *world, s under) {
			must(t, w.ResourceResume(s.agencyApprover, s.resource, "恢复"))
		}}, true, true},
		{"it is taken down by the agency, revised, and retired as a draft", steps{func(t *testing.T, w *world, s under) {
			must(t, w.ProductSuspend(s.agencyApprover, s.product, "核查"))
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.Product.UpdateOneID(s.product).SetStatus(authorisation.ProductDraft).SetSuspensionCode("").Exec(ctx)
			})
		}, retire}, false, false},
		{"its grant is revoked once it is retired", steps{retire, func(t *testing.T, w *world, s under) {
			must(t, w.GrantRevoke(s.agencyApprover, s.grant, "违规使用"))
		}}, false, false},
		{"its operator is in rectification", steps{rectify}, false, false},
		{"the agreement is terminated", steps{func(t *testing.T, w *world, s under) {
			must(t, w.AgreementTerminate(s.agencyApprover, s.agreement, "重大风险"))
		}}, false, false},
		{"the agreement runs out", steps{expire}, true, false},
		{"the agreement of a retired product runs out", steps{retire, expire}, true, false},
		{"the agreement runs out, and then its resource is suspended", steps{expire, suspendResource}, false, false},
		{"the agreement runs out in rectification", steps{rectify, expire}, false, false},
		{"the agreement of a retired product runs out in rectification", steps{retire, rectify, expire}, false, false},
		{"the agreement runs out and another is written down", steps{expire, func(t *testing.T, w *world, s under) {
			_, err := w.AgreementDraft(s.agencyApprover, AgreementInput{OperatorID: s.operator, Number: "协议2", PublicisedOn: authorisation.DayOf(w.clock)})
			must(t, err)
			w.clock = w.clock.AddDate(0, 0, 1)
			_, err = w.Sweep(t.Context())
			must(t, err)
		}}, true, false},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				s := under{scene: w.scene(t)}
				s.publish(t, w, s.classified(t, w))
				s.agreement = s.agree(t, w, "协议1")
				a, err := w.Store.Read().Agreement.Query().Where(agreement.ID(s.agreement)).Only(s.agencyApprover)
				must(t, err)
				last, err := authorisation.ParseDay(*a.EndsOn)
				must(t, err)
				in := s.application(s.agreement, w, 0, "grant")
				in.EndsOn = last
				var proceeding uuid.UUID
				s.grant, proceeding, err = w.GrantApply(s.operatorPublisher, in)
				must(t, err)
				must(t, w.ProceedingDecide(s.industry, proceeding, approve(authorisation.StepIndustry)))
				must(t, w.ProceedingDecide(s.agencyApprover, proceeding, approve(authorisation.StepAgency)))
				s.product = s.scene.product(t, w, authorisation.ProductListed)
				w.tx(t, func(ctx context.Context, tx *store.Tx) error { // no cap but that of this year
					_, err := tx.Product.Update().SetRegistrationExpiresOn("2029-03-01").Save(ctx)
					return err
				})
				for _, step := range row.steps {
					step(t, w, s)
				}
				p, err := w.Store.Read().Product.Get(store.AsSystem(t.Context()), s.product)
				must(t, err)
				for free, want := range map[bool]bool{true: row.free, false: row.paid} {
					if got := authorisation.MayBeServed(p.Status, authorisation.ObstacleCode(p.SuspensionCode), free); got != want {
						t.Errorf("free %t: it serves: %t; it is %s for %q", free, got, p.Status, p.SuspensionCode)
					}
				}
				if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
					t.Errorf("a further sweep changed %d, %v", n, err)
				}
			})
		})
	}
}

func TestAUseIsMeteredOnlyWhileItMayBe(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		ctx, c := s.system()
		e := c.Entitlement.Query().Where(entitlement.OrderID(s.paid(t, s.product.PerCall, 10))).OnlyX(ctx)
		id, _, err := s.CredentialIssue(s.buyer, CredentialInput{EntitlementID: e.ID, IdempotencyKey: "k"})
		must(t, err)
		issued := id
		metered := func() bool {
			err := s.world.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := meter(ctx, tx, newUse(store.Usage{EntitlementID: e.ID, CredentialID: id, ProductID: s.product.ID, DatasetID: s.product.DatasetID,
					Kind: ordering.UsageRows, Purpose: purpose.Industry, RequestHash: "x", RowCount: 1, Bytes: 1}))
				return err
			})
			if err != nil && err != errNotMetered {
				t.Fatal(err)
			}
			return err == nil
		}
		if !metered() {
			t.Fatal("a use that may be is not metered")
		}
		product := func(status authorisation.ProductStatus, code authorisation.ObstacleCode) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error {
				return tx.Product.UpdateOneID(s.product.ID).SetStatus(status).SetSuspensionCode(string(code)).Exec(ctx)
			}
		}
		for _, row := range []struct {
			sentence string
			change   func(ctx context.Context, tx *store.Tx) error
			want     bool
		}{
			{"a product that its operator suspended", product(authorisation.ProductSuspended, ""), true},
			{"a product that its supply stopped", product(authorisation.ProductSuspended, authorisation.ResourceNotPublished), false},
			{"a paid use after the agreement's end", product(authorisation.ProductSuspended, authorisation.AgreementEnded), false},
			{"a product that is a draft again", product(authorisation.ProductDraft, ""), false},
			{"a retired product", product(authorisation.ProductRetired, authorisation.NoPlan), true},
			{"an entitlement that has ended", func(context.Context, *store.Tx) error {
				s.clock = e.EndsAt
				return nil
			}, false},
			{"a credential that has expired", func(ctx context.Context, tx *store.Tx) error {
				s.clock = today
				id, err = tx.AddCredential(ctx, store.Credential{EntitlementID: e.ID, PersonID: access.FromContext(s.buyer).PersonID,
					SecretHash: "x", Hint: "x", ExpiresAt: today, IdempotencyKey: "x"})
				return err
			}, false},
			{"a credential that is revoked", func(ctx context.Context, tx *store.Tx) error {
				id = issued
				return tx.Credential.UpdateOneID(id).SetStatus(ordering.CredentialRevoked).Exec(ctx)
			}, false},
			{"an organisation that is suspended", func(ctx context.Context, tx *store.Tx) error {
				must(t, tx.Credential.UpdateOneID(id).SetStatus(ordering.CredentialActive).Exec(ctx))
				return tx.Organisation.UpdateOneID(s.Buyer).SetStatus(access.OrganisationSuspended).Exec(ctx)
			}, false},
			{"all in order again", func(ctx context.Context, tx *store.Tx) error {
				return tx.Organisation.UpdateOneID(s.Buyer).SetStatus(access.OrganisationVerified).Exec(ctx)
			}, true},
		} {
			s.world.tx(t, row.change)
			if got := metered(); got != row.want {
				t.Errorf("%s: metered: %t", row.sentence, got)
			}
		}
	})
}

func TestFreeUseIsLookedAtAgainWhenItIsApproved(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		organisation := s.Shop.Organisation(t, access.PublicInstitution, access.Buyer)
		applicant, approver := s.Person(t, organisation, access.BuyerRole), s.Person(t, s.Agency, access.Approver)
		id, err := s.FreeUseApply(applicant, FreeUseInput{
			ProductID: s.product.ID, Purpose: purpose.Welfare, Scenario: "Flood warnings for villages along the river.",
			Evidence: []uuid.UUID{s.Document(t, applicant)}, LicenceVersion: "1", IdempotencyKey: "k",
		})
		must(t, err)
		s.Status(t, s.product, authorisation.ProductSuspended)
		refused(t, s.ProceedingDecide(approver, id, approve(authorisation.StepAgency)), "PRODUCT_NOT_LISTED")
		s.Status(t, s.product, authorisation.ProductListed)
		s.organisationStatus(t, organisation, access.OrganisationSuspended)
		refused(t, s.ProceedingDecide(approver, id, approve(authorisation.StepAgency)), "APPLICANT_NOT_VERIFIED")
		s.organisationStatus(t, organisation, access.OrganisationVerified)
		ctx, c := s.system()
		if n := c.Entitlement.Query().Where(entitlement.ProceedingID(id)).CountX(ctx); n != 0 {
			t.Errorf("refusals gave %d rights", n)
		}
		must(t, s.ProceedingDecide(approver, id, approve(authorisation.StepAgency)))
	})
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		s.grant(t, w, s.agree(t, w, "协议1"), 100) // for GOVERNANCE and INDUSTRY
		product := s.product(t, w, authorisation.ProductListed)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			err := w.freeUseDecided(ctx, tx, store.Proceeding{
				Proceeding:  authorisation.Proceeding{Kind: authorisation.ProceedingFreeUse, State: authorisation.StateApproved},
				ApplicantID: s.unit, SubjectID: product, Application: authorisation.Application{Purpose: purpose.Welfare},
			})
			refused(t, err, "PURPOSE_NOT_GRANTED")
			return nil
		})
	})
}

func TestWhatFailsInASweepStopsNothingElse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.agree(t, w, "协议1")
		broken := s.product(t, w, authorisation.ProductListed)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.PriceCap.Create().SetCreatedAt(tx.Now()).SetProductID(broken).SetAuthorityID(s.agency).
				SetPersonID(access.FromContext(s.agencyApprover).PersonID).SetMode(pricing.PerCall).SetRate("no number").
				SetEffectiveFrom("2028-01-01").SetSourceDocument("x").SetReason("x").Exec(ctx)
		})
		other := *s
		other.operator = w.organisation(t, "另一运营公司", access.Enterprise, access.Operator)
		second := other.agree(t, w, "协议2")
		product := other.product(t, w, authorisation.ProductListed)
		third := w.organisation(t, "第三运营公司", access.Enterprise, access.Operator)
		other.operator = third
		held := other.product(t, w, authorisation.ProductListed) // under no agreement: only the daily hold finds it
		w.clock = w.clock.AddDate(3, 0, 0)
		n, err := w.Sweep(t.Context())
		if err == nil || n != 2 {
			t.Errorf("the sweep changed %d, %v", n, err)
		}
		ctx := store.AsSystem(t.Context())
		if a, err := w.Store.Read().Agreement.Get(ctx, second); err != nil || a.Status != authorisation.AgreementExpired {
			t.Errorf("the other agreement is %v, %v", a, err)
		}
		for _, id := range []uuid.UUID{product, held} {
			if p, err := w.Store.Read().Product.Get(ctx, id); err != nil || p.Status != authorisation.ProductSuspended {
				t.Errorf("another product is %v, %v", p, err)
			}
		}
	})
}

func TestTheMarketIsHeldOnceADayByOneProgram(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		// A start of a program finds what is listed under no agreement, where it holds the market.
		start := func(version string, want int) {
			t.Helper()
			product := s.product(t, w, authorisation.ProductListed)
			restarted := &Market{Store: w.Store, Version: version}
			if n, err := restarted.Sweep(t.Context()); err != nil || n != want {
				t.Errorf("after a start of %q the sweep changed %d, %v; want %d", version, n, err, want)
			}
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.Product.UpdateOneID(product).SetStatus(authorisation.ProductDraft).SetSuspensionCode("").ClearListedAt().Exec(ctx)
			})
		}
		start("one", 1)
		start("one", 0)
		start("two", 1)
		start("", 1)
		start("", 1)
		start("two", 0)
		w.clock = w.clock.AddDate(0, 0, 1)
		start("two", 1)
	})
}

func TestTheMarketIsHeldInPartsOfABoundedLength(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		for range 2*sweepBatch + 1 {
			s.product(t, w, authorisation.ProductListed) // under no agreement
		}
		m := &Market{Store: w.Store, Version: "one", held: pass{most: sweepBatch}}
		for i, want := range []int{sweepBatch, sweepBatch, 1, 0} {
			if n, err := m.Sweep(t.Context()); err != nil || n != want {
				t.Errorf("sweep %d changed %d, %v; want %d", i+1, n, err, want)
			}
		}
		if done, err := m.heldOn(t.Context(), authorisation.DayOf(w.clock)); err != nil || !done {
			t.Errorf("the pass is not recorded, %v", err)
		}
	})
}

func TestWhatNobodyReviewedIsSeenByItsOperatorOnly(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.paid(t, s.product.PerCall, 10)
		operator := s.Person(t, s.Operator, access.Publisher)
		for _, status := range authorisation.ProductStatus("").Values() {
			s.Status(t, s.product, authorisation.ProductStatus(status))
			_, err := s.world.Store.Read().Product.Get(s.buyer, s.product.ID)
			if hidden := status == "DRAFT" || status == "SUBMITTED"; db.IsNotFound(err) != hidden {
				t.Errorf("its buyer reads a product that is %s: %v", status, err)
			}
			_, err = s.world.Store.Read().Product.Get(operator, s.product.ID)
			must(t, err)
		}
		s.Status(t, s.product, authorisation.ProductListed)
	})
}

func TestOnlyTheDatasetThatIsServedIsPublic(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.Replace(t, &s.product, 3)
		operator := s.Person(t, s.Operator, access.Publisher)
		s.world.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Dataset.Create().SetCreatedAt(tx.Now()).SetProductID(s.product.ID).SetUploaderID(access.FromContext(operator).PersonID).SetNumber(99).
				SetAccepted(false).SetRowCount(1).SetBytes(1).SetSha256("-").SetBlobKey("-").SetColumns(s.product.Columns).SetEgress(outputcontrol.Evidence{}).Exec(ctx)
		})
		for sentence, c := range map[string]struct {
			ctx  context.Context
			want int
		}{
			"nobody":       {access.With(context.Background(), access.Viewer{}), 1},
			"a buyer":      {s.buyer, 1},
			"its operator": {operator, 3},
			"the agency":   {s.Person(t, s.Agency, access.Auditor), 3},
		} {
			ids, err := s.world.Store.Read().Dataset.Query().Where(dataset.ProductID(s.product.ID)).IDs(c.ctx)
			if err != nil || len(ids) != c.want || c.want == 1 && ids[0] != s.product.DatasetID {
				t.Errorf("%s sees %v, %v", sentence, ids, err)
			}
		}
	})
}

func TestThePlatformSuspendsAndReinstates(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		s.grant(t, w, s.agree(t, w, "协议1"), 100)
		listed, retired := s.product(t, w, authorisation.ProductListed), s.product(t, w, authorisation.ProductRetired)
		house := w.organisation(t, "平台", access.Enterprise, access.Platform)
		platform := w.person(t, house, access.Approver)
		refused(t, w.OrganisationSuspend(t.Context(), s.operator, "违规"), "SIGN_IN_REQUIRED")
		refused(t, w.OrganisationSuspend(s.agencyApprover, s.operator, "违规"), "PARTY_REQUIRED")
		refused(t, w.OrganisationSuspend(w.person(t, house, access.Administrator), s.operator, "违规"), "ROLE_REQUIRED")
		refused(t, w.OrganisationSuspend(platform, s.operator, " "), "REASON_MISSING")
		refused(t, w.OrganisationSuspend(platform, house, "违规"), "OWN_ORGANISATION")
		refused(t, w.OrganisationSuspend(platform, uuid.New(), "违规"), "NOT_FOUND")
		refused(t, w.OrganisationReinstate(platform, s.operator, "整改完成"), "MOVE_NOT_ALLOWED")

		must(t, w.OrganisationSuspend(platform, s.operator, "违规"))
		refused(t, w.OrganisationSuspend(platform, s.operator, "违规"), "MOVE_NOT_ALLOWED")
		ctx := store.AsSystem(t.Context())
		for _, id := range []uuid.UUID{listed, retired} {
			if p, err := w.Store.Read().Product.Get(ctx, id); err != nil || p.SuspensionCode != "OPERATOR_NOT_VERIFIED" || p.Status == authorisation.ProductListed {
				t.Errorf("its product is %v, %v", p, err)
			}
		}
		acting := access.FromContext(s.operatorPublisher)
		if v, err := w.Store.Viewer(t.Context(), acting.PersonID, s.operator); err != nil || v.Verified || !v.SignedIn() {
			t.Errorf("its people act as %+v, %v", v, err)
		}
		must(t, w.OrganisationReinstate(platform, s.operator, "整改完成"))
		if v, err := w.Store.Viewer(t.Context(), acting.PersonID, s.operator); err != nil || !v.Verified {
			t.Errorf("its people act as %+v, %v", v, err)
		}
		if p, err := w.Store.Read().Product.Get(ctx, retired); err != nil || p.SuspensionCode != "" {
			t.Errorf("its retired product is %v, %v", p, err)
		}
		must(t, w.ProductList(s.operatorPublisher, listed))
		acts, err := w.Store.Read().AuditRecord.Query().Where(auditrecord.SubjectID(s.operator)).Order(db.Asc(auditrecord.FieldID)).
			Select(auditrecord.FieldAction).Strings(ctx)
		if err != nil || fmt.Sprint(acts) != "[organisationSuspend organisationReinstate]" {
			t.Errorf("recorded %v, %v", acts, err)
		}
	})
}

func TestAProductThatStaysListedIsIndexedAfterACatalogueChange(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		s.grant(t, w, s.agree(t, w, "协议1"), 100)
		product := s.product(t, w, authorisation.ProductListed)
		_, err := w.ImportCatalogue(t.Context(), catalogueWith(t, func(resources []any) {
			r := resources[s.index].(map[string]any)
			r["nameEn"] = "Renamed"
		}), false)
		must(t, err)
		p, err := w.Store.Read().Product.Get(store.AsSystem(t.Context()), product)
		if err != nil || p.Status != authorisation.ProductListed || w.promises(t, product) != 1 {
			t.Errorf("it is %v, %v, with %d promises", p, err, w.promises(t, product))
		}
	})
}
