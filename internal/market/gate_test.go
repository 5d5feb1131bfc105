package market

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db/auditrecord"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
	"gongshu/search"
	"gongshu/search/inverted"
)

func layProduct(ctx context.Context, t *testing.T, tx *store.Tx, s *scene, n int, status authorisation.ProductStatus) uuid.UUID {
	t.Helper()
	create := tx.Product.Create().SetCreatedAt(tx.Now()).SetOperatorID(s.operator).SetDomainID(s.domain).SetName("企业信用核验").SetNameEn("Enterprise credit check").
		SetDescription("核验企业的信用记录，用于贷前审查与供应商准入，不含自然人的任何信息。").SetDescriptionEn("Checks the credit record of a business, before a loan is given.").SetUpdateFrequency(authorisation.Monthly).SetStatus(status).SetDelivery(authorisation.DeliveryAPI).SetDictionary([]dictionary.Column{{Name: "code", Label: "代码", LabelEn: "Code", Description: "统一社会信用代码", DescriptionEn: "Credit code"}}).
		SetSample([][]string{{"9151"}}).SetSocialInputs([]authorisation.SocialInput{}).SetIdentifier(fmt.Sprintf("6%031d", n)).
		SetRegistrationCode("川0001").SetRegisteredOn("2026-01-05").SetRegistrationExpiresOn("2028-01-04").
		SetReviewedAt(tx.Now()).SetDatasetID(uuid.New())
	if status == authorisation.ProductListed {
		create.SetListedAt(tx.Now())
	}
	p, err := create.Save(ctx)
	must(t, err)
	for _, item := range s.items[:2] {
		must(t, tx.ProductInput.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetItemID(item).SetResourceID(s.resource).Exec(ctx))
	}
	rate := decimal.MustParse("0.50")
	tariff := storetest.Flat(pricing.PerCall, rate.String())
	must(t, tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetPosition(0).SetName("按次").SetMode(pricing.PerCall).
		SetSettlement(pricing.Prepaid).SetTariff(tariff).SetTermMonths(12).SetTrial(false).Exec(ctx))
	person := access.FromContext(s.agencyApprover).PersonID
	for day, cap := range map[string]string{"2026-01-01": "0.60", "2027-01-01": "0.40"} {
		must(t, tx.PriceCap.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetAuthorityID(s.agency).SetPersonID(person).
			SetMode(pricing.PerCall).SetRate(cap).SetEffectiveFrom(day).SetSourceDocument("x").SetReason("x").Exec(ctx))
	}
	must(t, tx.AllocationRule.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetPersonID(person).SetNumber(1).SetWhole(100).SetApprovedAt(tx.Now()).
		SetParts([]pricing.Part{}).SetSourceDocument("x").Exec(ctx))
	return p.ID
}

// promises counts what the outbox promises about a product.
func (w *world) promises(t *testing.T, product uuid.UUID) (n int) {
	t.Helper()
	err := w.Store.Reader().QueryRowContext(t.Context(),
		"SELECT count(*) FROM search_changes WHERE kind = 'PRODUCT' AND subject_id = $1", product).Scan(&n)
	must(t, err)
	return n
}

func TestWhatChangesUnderAListedProductTakesItOff(t *testing.T) {
	type under struct {
		*scene
		agreement, grant uuid.UUID
	}
	for _, row := range []struct {
		sentence string
		change   func(t *testing.T, w *world, s under) error
		code     string
	}{
		{"nothing does", func(*testing.T, *world, under) error { return nil }, ""},
		{"its resource is suspended by its source unit", func(_ *testing.T, w *world, s under) error {
			return w.ResourceSuspend(s.publisher, s.resource, "数据质量问题")
		}, "RESOURCE_NOT_PUBLISHED"},
		{"its grant is revoked", func(_ *testing.T, w *world, s under) error {
			return w.GrantRevoke(s.agencyApprover, s.grant, "违规使用")
		}, "ITEM_NOT_GRANTED"},
		{"its operator is put into rectification", func(_ *testing.T, w *world, s under) error {
			return w.AgreementRectify(s.agencyApprover, s.agreement, "整改")
		}, "AGREEMENT_NOT_IN_FORCE"},
		{"its operator's agreement is terminated", func(_ *testing.T, w *world, s under) error {
			return w.AgreementTerminate(s.agencyApprover, s.agreement, "重大风险")
		}, "AGREEMENT_NOT_IN_FORCE"},
		{"an item it uses leaves the catalogue", func(t *testing.T, w *world, s under) error {
			_, err := w.ImportCatalogue(t.Context(), catalogueWith(t, func(resources []any) {
				r := resources[s.index].(map[string]any)
				r["items"] = r["items"].([]any)[1:]
			}), false)
			return err
		}, "ITEM_WITHDRAWN"},
		{"its operator is suspended", func(t *testing.T, w *world, s under) error {
			return w.Store.InTx(s.agencyApprover, func(ctx context.Context, tx *store.Tx) error {
				must(t, tx.Organisation.UpdateOneID(s.operator).SetStatus(access.OrganisationSuspended).Exec(ctx))
				return w.recheckOperator(ctx, tx, s.operator)
			})
		}, "OPERATOR_NOT_VERIFIED"},
		{"its grant runs out", func(t *testing.T, w *world, s under) error {
			w.clock = w.clock.AddDate(0, 0, 101)
			_, err := w.Sweep(t.Context())
			return err
		}, "ITEM_NOT_GRANTED"},
		{"a lower cap begins", func(t *testing.T, w *world, s under) error {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.PriceCap.Create().SetCreatedAt(tx.Now()).SetProductID(firstProduct(ctx, t, tx)).SetAuthorityID(s.agency).
					SetPersonID(access.FromContext(s.agencyApprover).PersonID).SetMode(pricing.PerCall).SetRate("0.49").
					SetEffectiveFrom("2026-03-03").SetSourceDocument("x").SetReason("x").Exec(ctx)
			})
			if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
				t.Errorf("the day before, a sweep changed %d, %v", n, err)
			}
			w.clock = w.clock.AddDate(0, 0, 1)
			_, err := w.Sweep(t.Context())
			return err
		}, "PRICE_OVER_CAP"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				s := under{scene: w.scene(t)}
				s.publish(t, w, s.classified(t, w))
				s.agreement = s.agree(t, w, "协议1")
				s.grant = s.scene.grant(t, w, s.agreement, 100)
				product := s.product(t, w, authorisation.ProductListed)
				must(t, row.change(t, w, s))
				ctx := store.AsSystem(t.Context())
				p, err := w.Store.Read().Product.Get(ctx, product)
				must(t, err)
				want, promised := authorisation.ProductSuspended, 1
				if row.code == "" {
					want, promised = authorisation.ProductListed, 0
				}
				if p.Status != want || p.SuspensionCode != row.code || (p.ListedAt == nil) != (promised == 1) || (w.promises(t, product) > 0) != (promised == 1) {
					t.Errorf("it is %s for %q, listed at %v, with %d promises", p.Status, p.SuspensionCode, p.ListedAt, w.promises(t, product))
				}
				recorded, err := w.Store.Read().AuditRecord.Query().Where(auditrecord.Action("productSuspend"), auditrecord.SubjectID(product)).Count(ctx)
				if err != nil || recorded != promised {
					t.Errorf("recorded %d times, %v", recorded, err)
				}
				if n, err := w.Sweep(t.Context()); err != nil || n != 0 {
					t.Errorf("a further sweep changed %d, %v", n, err)
				}
			})
		})
	}
}

func firstProduct(ctx context.Context, t *testing.T, tx *store.Tx) uuid.UUID {
	t.Helper()
	id, err := tx.Product.Query().FirstID(ctx)
	must(t, err)
	return id
}

func TestNothingIsListedOnAGrantThatIsRevokedMeanwhile(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		grant := s.grant(t, w, s.agree(t, w, "协议1"), 100)
		products := make([]uuid.UUID, 12)
		for i := range products {
			products[i] = s.product(t, w, authorisation.ProductRegistered)
		}
		must(t, w.ProductList(s.operatorPublisher, products[0]))
		var wg sync.WaitGroup
		for i, id := range products[1:] {
			wg.Go(func() { _ = w.ProductList(s.operatorPublisher, id) })
			if i == len(products)/2 {
				wg.Go(func() {
					if err := w.GrantRevoke(s.agencyApprover, grant, "违规使用"); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		for _, id := range products {
			if p, err := w.Store.Read().Product.Get(store.AsSystem(t.Context()), id); err != nil || p.Status == authorisation.ProductListed {
				t.Errorf("a product stays %s, %v", p.Status, err)
			}
		}
		if p, err := w.Store.Read().Product.Get(store.AsSystem(t.Context()), products[0]); err != nil ||
			p.Status != authorisation.ProductSuspended || p.SuspensionCode != "ITEM_NOT_GRANTED" || p.FirstListedAt == nil {
			t.Errorf("what was listed before is %v, %v", p, err)
		}
	})
}

func TestTheGateTakesAsManyStatementsForManyProducts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		count := func(ids ...uuid.UUID) int64 {
			ctx, statements := store.CountStatements(t.Context())
			found, err := w.Store.GateProducts(ctx, ids...)
			if err != nil || len(found) != len(ids) {
				t.Fatalf("%d of %d, %v", len(found), len(ids), err)
			}
			return statements.Count()
		}
		ids := []uuid.UUID{s.product(t, w, authorisation.ProductDraft)}
		one := count(ids...)
		for range 19 {
			ids = append(ids, s.product(t, w, authorisation.ProductDraft))
		}
		if many := count(ids...); many != one {
			t.Errorf("%d statements for one product, %d for twenty", one, many)
		}
	})
}

func TestAProductIsUsedOnlyForWhatItsItemsAreGrantedFor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		s.grant(t, w, s.agree(t, w, "协议1"), 100) // for GOVERNANCE and INDUSTRY
		product := s.product(t, w, authorisation.ProductListed)
		buyer := w.person(t, w.organisation(t, "某银行", access.Enterprise, access.Buyer), access.BuyerRole)
		plan, err := w.Store.Read().Plan.Query().FirstID(buyer)
		must(t, err)
		policies, err := w.Store.Policies(t.Context())
		must(t, err)
		order := func(p purpose.Purpose) error {
			_, err := w.OrderPlace(buyer, OrderPlaceInput{ProductID: product, PlanID: plan, Purpose: p, Quantity: 10,
				LicenceVersion: policies.Licence.Version, IdempotencyKey: string(p)})
			return err
		}
		refused(t, order(purpose.Sector), "PURPOSE_NOT_GRANTED")
		must(t, order(purpose.Industry))

		facts, err := w.Store.GateProducts(t.Context(), product)
		must(t, err)
		for _, o := range w.UseOptions(access.FromContext(buyer), facts[product]) {
			granted := o.Purpose == purpose.Governance || o.Purpose == purpose.Industry
			if o.Granted != granted {
				t.Errorf("%s is said to be granted: %t", o.Purpose, o.Granted)
			}
			if granted {
				must(t, o.Refusal)
			} else {
				refused(t, o.Refusal, "PURPOSE_NOT_GRANTED")
			}
		}
	})
}

func TestTheSearchKnowsHowAProductMayBeHad(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.Search = &Searching{Products: inverted.Memory(), Resources: inverted.Memory()}
		must(t, w.SearchPrepare(t.Context(), false))
		s := w.scene(t)
		s.publish(t, w, s.classified(t, w))
		agreement := s.agree(t, w, "协议1")
		grant := func(of purpose.Purpose, inDays int) uuid.UUID {
			in := s.application(agreement, w, 100, string(of))
			in.Purposes, in.StartsOn = []purpose.Purpose{of}, in.StartsOn.AddDays(inDays)
			id, proceeding, err := w.GrantApply(s.operatorPublisher, in)
			must(t, err)
			must(t, w.ProceedingDecide(s.industry, proceeding, approve(authorisation.StepIndustry)))
			must(t, w.ProceedingDecide(s.agencyApprover, proceeding, approve(authorisation.StepAgency)))
			return id
		}
		grant(purpose.Industry, 0)
		product := s.product(t, w, authorisation.ProductListed)
		promised := w.promises(t, product)
		check := func(sentence string, want ...search.Priced) {
			t.Helper()
			if n := w.promises(t, product); n <= promised {
				t.Errorf("%s: nothing tells the search", sentence)
			} else {
				promised = n
			}
			w.followed(t)
			for _, way := range []search.Priced{search.Free, search.Paid} {
				found, err := w.Search.Products.Search(t.Context(), search.Query{Filter: search.Filter{Priced: []search.Priced{way}}, CountTotal: true})
				if err != nil || (found.Total == 1) != slices.Contains(want, way) {
					t.Errorf("%s: %d are found %s, %v", sentence, found.Total, way, err)
				}
			}
		}
		welfare := grant(purpose.Welfare, 1)
		check("what is granted from tomorrow on is not found yet", search.Paid)
		w.clock = w.clock.AddDate(0, 0, 1)
		_, err := w.Sweep(t.Context())
		must(t, err)
		check("on its first day it is", search.Free, search.Paid)
		must(t, w.GrantRevoke(s.agencyApprover, welfare, "用途调整"))
		check("what was taken back is found no more", search.Paid)
	})
}
