package market

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db/plan"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
	"gongshu/search"
	"gongshu/search/inverted"
)

// noted is an index that can be asked what it holds, and told to fail.
type noted struct {
	*inverted.Index
	guard sync.Mutex
	holds map[uuid.UUID]search.Document
	// fails is what everything answers with, nil for none; with hangs a search waits until it is given up.
	fails error
	hangs bool
	// puts counts the calls of Put and Remove, builds those of Rebuild, rests those of Rest.
	puts, builds, rests int
	// refuses are documents that it never takes.
	refuses []uuid.UUID
	// unmarked makes SetBuiltFrom fail: the program ends between Put and the mark.
	unmarked error
}

func newNoted() *noted {
	return &noted{Index: inverted.Memory(), holds: map[uuid.UUID]search.Document{}}
}

func (n *noted) failing() error {
	n.guard.Lock()
	defer n.guard.Unlock()
	return n.fails
}

func (n *noted) fail(err error) {
	n.guard.Lock()
	defer n.guard.Unlock()
	n.fails = err
}

func (n *noted) Put(ctx context.Context, documents ...search.Document) error {
	if err := n.failing(); err != nil {
		return err
	}
	documents, refused := n.taken(documents)
	n.guard.Lock()
	for _, d := range documents {
		n.holds[d.ID] = d
	}
	n.puts++
	n.guard.Unlock()
	return errors.Join(n.Index.Put(ctx, documents...), refused)
}

// taken are the documents without those that are refused.
func (n *noted) taken(documents []search.Document) (taken []search.Document, _ error) {
	var refused search.Refused
	for _, d := range documents {
		if slices.Contains(n.refuses, d.ID) {
			refused = append(refused, search.RefusedDocument{ID: d.ID, Reason: errors.New("too much of it")})
		} else {
			taken = append(taken, d)
		}
	}
	if len(refused) > 0 {
		return taken, refused
	}
	return taken, nil
}

func (n *noted) Remove(ctx context.Context, ids ...uuid.UUID) error {
	if err := n.failing(); err != nil {
		return err
	}
	n.guard.Lock()
	for _, id := range ids {
		delete(n.holds, id)
	}
	n.puts++
	n.guard.Unlock()
	return n.Index.Remove(ctx, ids...)
}

func (n *noted) Rebuild(ctx context.Context, documents iter.Seq2[search.Document, error]) error {
	if err := n.failing(); err != nil {
		return err
	}
	all := map[uuid.UUID]search.Document{}
	var refused search.Refused
	err := n.Index.Rebuild(ctx, func(yield func(search.Document, error) bool) {
		for d, err := range documents {
			var not search.Refused
			if _, err := n.taken([]search.Document{d}); errors.As(err, &not) {
				refused = append(refused, not...)
				continue
			}
			all[d.ID] = d
			if !yield(d, err) {
				return
			}
		}
	})
	n.guard.Lock()
	defer n.guard.Unlock()
	n.builds++
	if err == nil {
		n.holds = all
	}
	if err == nil && len(refused) > 0 {
		return refused
	}
	return err
}

func (n *noted) Search(ctx context.Context, q search.Query) (search.Result, error) {
	if err := n.failing(); err != nil {
		return search.Result{}, err
	}
	if n.hangs {
		<-ctx.Done()
		return search.Result{}, ctx.Err()
	}
	return n.Index.Search(ctx, q)
}

func (n *noted) Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	if err := n.failing(); err != nil {
		return nil, err
	}
	return n.Index.Suggest(ctx, prefix, limit)
}

func (n *noted) Count(ctx context.Context) (int, error) {
	if err := n.failing(); err != nil {
		return 0, err
	}
	return n.Index.Count(ctx)
}

func (n *noted) SetBuiltFrom(ctx context.Context, mark string) error {
	n.guard.Lock()
	err := n.unmarked
	n.guard.Unlock()
	if err != nil {
		return err
	}
	return n.Index.SetBuiltFrom(ctx, mark)
}

func (n *noted) held() map[uuid.UUID]search.Document {
	n.guard.Lock()
	defer n.guard.Unlock()
	return maps.Clone(n.holds)
}

// notedSearch gives a market a search whose indexes can be looked into, prepared.
func notedSearch(t testing.TB, m *Market) (products, resources *noted) {
	t.Helper()
	products, resources = newNoted(), newNoted()
	m.Search = &Searching{Products: products, Resources: resources}
	if err := m.SearchPrepare(context.Background(), false); err != nil {
		t.Fatal(err)
	}
	return products, resources
}

func (n *noted) Rest(ctx context.Context) error {
	n.rests++
	return n.Index.Rest(ctx)
}

// should is what the indexes should hold, read from the database.
func (m *Market) should(t testing.TB) (products, resources map[uuid.UUID]search.Document) {
	t.Helper()
	ctx := store.AsSystem(context.Background())
	collect := func(all iter.Seq2[search.Document, error]) map[uuid.UUID]search.Document {
		t.Helper()
		documents := map[uuid.UUID]search.Document{}
		for d, err := range all {
			if err != nil {
				t.Fatal(err)
			}
			documents[d.ID] = d
		}
		return documents
	}
	return collect(m.allProducts(ctx)), collect(m.allResources(ctx))
}

// indexed fails unless both indexes hold what they should, and what they hold is counted.
func indexed(t testing.TB, m *Market) {
	t.Helper()
	wantProducts, wantResources := m.should(t)
	for _, index := range []struct {
		name string
		is   *noted
		want map[uuid.UUID]search.Document
	}{{"products", m.Search.Products.(*noted), wantProducts}, {"resources", m.Search.Resources.(*noted), wantResources}} {
		if held := index.is.held(); !reflect.DeepEqual(held, index.want) {
			t.Errorf("the index of %s holds %d and not the %d that it should, or other ones:\n%+v\n%+v", index.name, len(held), len(index.want), held, index.want)
		}
		if n, err := index.is.Index.Count(context.Background()); err != nil || n != len(index.want) {
			t.Errorf("the index of %s counts %d of %d, %v", index.name, n, len(index.want), err)
		}
	}
}

// followedScene is a scene with a listed product and one that may be listed, for the search to follow.
type followedScene struct {
	*scene
	agreement, grant, product, ready uuid.UUID
	platform, registrar              context.Context
	proof                            uuid.UUID
}

func (w *world) followedScene(t *testing.T) *followedScene {
	t.Helper()
	s := &followedScene{scene: w.scene(t)}
	s.publish(t, w, s.classified(t, w))
	s.agreement = s.agree(t, w, "协议1")
	s.grant = s.scene.grant(t, w, s.agreement, 100)
	s.product, s.ready = s.scene.product(t, w, authorisation.ProductListed), s.scene.product(t, w, authorisation.ProductRegistered)
	s.platform = w.person(t, w.organisation(t, "平台", access.Enterprise, access.Platform), access.Approver)
	registrar := w.organisation(t, "登记机构", access.PublicInstitution, access.Registrar)
	s.registrar = w.person(t, registrar, access.Approver)
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		proof, err := tx.Document.Create().SetCreatedAt(tx.Now()).SetOrganisationID(registrar).SetUploaderID(access.FromContext(s.registrar).PersonID).
			SetName("证书.pdf").SetMediaType("application/pdf").SetSize(1).SetSha256("-").SetBlobKey("documents/1").Save(ctx)
		if err == nil {
			s.proof = proof.ID
		}
		return err
	})
	return s
}

// imports imports the first batch with its one resource, or the whole file, changed.
func (s *followedScene) imports(t *testing.T, w *world, change func(file []any, r map[string]any)) error {
	t.Helper()
	_, err := w.CatalogueImport(s.agencyPublisher, catalogueWith(t, func(resources []any) { change(resources, resources[s.index].(map[string]any)) }), false)
	return err
}

// later moves the clock by days and lets time do its work.
func (w *world) later(t *testing.T, days int) error {
	t.Helper()
	w.clock = w.clock.AddDate(0, 0, days)
	_, err := w.Sweep(context.Background())
	return err
}

func TestWhateverChangesWhatIsFoundIsFollowed(t *testing.T) {
	type change func(t *testing.T, w *world, s *followedScene) error
	lays := func(lay func(ctx context.Context, tx *store.Tx, s *followedScene) error) change {
		return func(t *testing.T, w *world, s *followedScene) error {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error { return lay(ctx, tx, s) })
			return nil
		}
	}
	// unconfirmed makes the resource one of a source unit of which nobody is here yet.
	unconfirmed := lays(func(ctx context.Context, tx *store.Tx, s *followedScene) error {
		return tx.Organisation.UpdateOneID(s.unit).SetStatus(access.OrganisationRecorded).ClearCreditCode().Exec(ctx)
	})
	suspended := lays(func(ctx context.Context, tx *store.Tx, s *followedScene) error {
		return tx.Product.UpdateOneID(s.product).SetStatus(authorisation.ProductSuspended).Exec(ctx)
	})
	grantOf := func(of purpose.Purpose, inDays int) change {
		return func(t *testing.T, w *world, s *followedScene) error {
			in := s.application(s.agreement, w, 90, string(of))
			in.Purposes, in.StartsOn = []purpose.Purpose{of}, in.StartsOn.AddDays(inDays)
			_, proceeding, err := w.GrantApply(s.operatorPublisher, in)
			must(t, err)
			must(t, w.ProceedingDecide(s.industry, proceeding, approve(authorisation.StepIndustry)))
			return w.ProceedingDecide(s.agencyApprover, proceeding, approve(authorisation.StepAgency))
		}
	}
	// onlyPaid has the items granted for a purpose that pays, and for none that is free.
	onlyPaid := lays(func(ctx context.Context, tx *store.Tx, s *followedScene) error {
		if err := tx.Grant.UpdateOneID(s.grant).SetStatus(authorisation.GrantRevoked).Exec(ctx); err != nil {
			return err
		}
		g, err := tx.Grant.Create().SetCreatedAt(tx.Now()).SetAgreementID(s.agreement).SetOperatorID(s.operator).SetStatus(authorisation.GrantActive).
			SetPurposes([]purpose.Purpose{purpose.Industry}).SetStartsOn("2026-02-01").SetEndsOn("2028-12-31").Save(ctx)
		for _, item := range s.items {
			if err == nil {
				err = tx.GrantItem.Create().SetCreatedAt(tx.Now()).SetGrantID(g.ID).SetItemID(item).Exec(ctx)
			}
		}
		return err
	})
	grantsWelfare := func(inDays int) change {
		return func(t *testing.T, w *world, s *followedScene) error {
			must(t, onlyPaid(t, w, s))
			return grantOf(purpose.Welfare, inDays)(t, w, s)
		}
	}
	for _, row := range []struct {
		sentence      string
		before, after change
	}{
		{"a product is listed", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.ProductList(s.operatorPublisher, s.ready)
		}},
		{"its operator suspends it", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.ProductSuspend(s.operatorPublisher, s.product, "核查")
		}},
		{"the agency suspends it", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.ProductSuspend(s.agencyApprover, s.product, "核查")
		}},
		{"it is listed again", suspended, func(t *testing.T, w *world, s *followedScene) error {
			return w.ProductList(s.operatorPublisher, s.product)
		}},
		{"it is retired", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.ProductRetire(s.operatorPublisher, s.product, "停止")
		}},
		{"its registration is renewed", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.RegistrationRecord(s.registrar, RegistrationInput{ProductID: s.product, Code: "SC-2026-000009", CodedOn: authorisation.DayOf(w.Store.Now()), Evidence: s.proof})
		}},
		{"a plan is added", nil, func(t *testing.T, w *world, s *followedScene) error {
			_, err := w.PlanAdd(s.operatorPublisher, s.product, perCall("0.10"))
			return err
		}},
		{"a plan is withdrawn", func(t *testing.T, w *world, s *followedScene) error {
			_, err := w.PlanAdd(s.operatorPublisher, s.product, perCall("0.10"))
			return err
		}, func(t *testing.T, w *world, s *followedScene) error {
			first, err := w.Store.Read().Plan.Query().Where(plan.ProductID(s.product), plan.Position(0)).OnlyID(s.operatorPublisher)
			must(t, err)
			return w.PlanWithdraw(s.operatorPublisher, first)
		}},
		{"a lower cap is set", nil, func(t *testing.T, w *world, s *followedScene) error {
			_, err := w.CapSet(s.agencyApprover, CapInput{ProductID: s.product, Mode: pricing.PerCall, Rate: decimal.MustParse("0.10"),
				EffectiveFrom: authorisation.DayOf(w.Store.Now()), SourceDocument: "文", Reason: "核定"})
			return err
		}},
		{"a lower cap begins, with no server on its first day", func(t *testing.T, w *world, s *followedScene) error {
			if _, err := w.CapSet(s.agencyApprover, CapInput{ProductID: s.product, Mode: pricing.PerCall, Rate: decimal.MustParse("0.30"),
				EffectiveFrom: authorisation.DayOf(w.Store.Now()).AddDays(2), SourceDocument: "文", Reason: "核定"}); err != nil {
				return err
			}
			_, err := w.PlanAdd(s.operatorPublisher, s.product, perCall("0.10")) // stays below it
			return err
		}, func(t *testing.T, w *world, s *followedScene) error { return w.later(t, 4) }},
		{"a trial price ends while another plan is sold", func(t *testing.T, w *world, s *followedScene) error {
			trial := perCall("9")
			trial.Trial = true
			_, err := w.PlanAdd(s.operatorPublisher, s.product, trial)
			must(t, err)
			_, err = w.PlanAdd(s.operatorPublisher, s.product, perCall("0.10")) // below the cap of next year too
			must(t, err)
			must(t, onlyPaid(t, w, s)) // for as long
			policies, err := w.Store.Policies(t.Context())
			must(t, err)
			since := authorisation.Day{}
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				since, err = tx.OperatesSince(ctx, s.operator)
				return err
			})
			return w.later(t, authorisation.DayOf(w.Store.Now()).DaysUntil(since.TermEnd(policies.Listing.TrialMonths)))
		}, func(t *testing.T, w *world, s *followedScene) error { return w.later(t, 1) }},
		{"a grant for another purpose is given", onlyPaid, grantOf(purpose.Welfare, 0)},
		{"a grant begins", grantsWelfare(1), func(t *testing.T, w *world, s *followedScene) error { return w.later(t, 1) }},
		{"a grant began while no server ran", grantsWelfare(1), func(t *testing.T, w *world, s *followedScene) error { return w.later(t, 3) }},
		{"a grant ends", func(t *testing.T, w *world, s *followedScene) error {
			must(t, grantsWelfare(0)(t, w, s))
			return w.later(t, 90)
		}, func(t *testing.T, w *world, s *followedScene) error { return w.later(t, 1) }},
		{"a grant is revoked", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.GrantRevoke(s.agencyApprover, s.grant, "违规")
		}},
		{"the operator is put into rectification", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.AgreementRectify(s.agencyApprover, s.agreement, "整改")
		}},
		{"the agreement is terminated", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.AgreementTerminate(s.agencyApprover, s.agreement, "风险")
		}},
		{"the operator is suspended", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.OrganisationSuspend(s.platform, s.operator, "违规")
		}},
		{"a resource is published", func(t *testing.T, w *world, s *followedScene) error {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.Resource.UpdateOneID(s.resource).SetStatus(authorisation.ResourceApproved).ClearPublishedAt().Exec(ctx)
			})
			return nil
		}, func(t *testing.T, w *world, s *followedScene) error {
			_, err := w.BatchPublish(s.agencyPublisher, BatchInput{Title: "第二批", SourceDocument: "文", ResourceIDs: []uuid.UUID{s.resource}})
			return err
		}},
		{"a resource is suspended", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.ResourceSuspend(s.publisher, s.resource, "质量")
		}},
		{"a resource is resumed", func(t *testing.T, w *world, s *followedScene) error {
			return w.ResourceSuspend(s.publisher, s.resource, "质量")
		}, func(t *testing.T, w *world, s *followedScene) error {
			return w.ResourceResume(s.agencyApprover, s.resource, "改正")
		}},
		{"the frequency of a resource is stated", nil, func(t *testing.T, w *world, s *followedScene) error {
			return w.ResourceStateFrequency(s.publisher, s.resource, authorisation.Weekly)
		}},
		{"a published resource gets a new version", nil, func(t *testing.T, w *world, s *followedScene) error {
			return s.imports(t, w, func(_ []any, r map[string]any) { r["note"] = "补充说明" })
		}},
		{"an item that no product has is withdrawn", nil, func(t *testing.T, w *world, s *followedScene) error {
			return s.imports(t, w, func(_ []any, r map[string]any) { r["items"] = r["items"].([]any)[:2] })
		}},
		{"an item of the product is withdrawn", nil, func(t *testing.T, w *world, s *followedScene) error {
			return s.imports(t, w, func(_ []any, r map[string]any) { r["items"] = r["items"].([]any)[1:] })
		}},
		{"a source unit is confirmed", unconfirmed, func(t *testing.T, w *world, s *followedScene) error {
			code, err := authorisation.NewCreditCode("11510700MB0000001")
			must(t, err)
			return w.OrganisationConfirm(s.platform, ConfirmInput{OrganisationID: s.unit, CreditCode: string(code), LegalForm: access.AdministrativeOrgan,
				Parties: []access.Party{access.SourceUnit}, Reason: "核实"})
		}},
		{"a source unit of which nobody is here gets its English name", unconfirmed, func(t *testing.T, w *world, s *followedScene) error {
			w.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.RenameRecorded(ctx, s.unit, "Culture Bureau, anew")
			})
			return nil
		}},
		{"a domain gets its English name", lays(func(ctx context.Context, tx *store.Tx, s *followedScene) error {
			return tx.Domain.UpdateOneID(s.domain).SetNameEn("Formerly").Exec(ctx)
		}), func(t *testing.T, w *world, s *followedScene) error {
			return s.imports(t, w, func(_ []any, r map[string]any) { r["note"] = "补充说明" }) // names its domains too
		}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				s := w.followedScene(t)
				if row.before != nil {
					must(t, row.before(t, w, s))
				}
				notedSearch(t, w.Market)
				indexed(t, w.Market)
				wasProducts, wasResources := w.should(t)
				must(t, row.after(t, w, s))
				products, resources := w.should(t)
				if reflect.DeepEqual(products, wasProducts) && reflect.DeepEqual(resources, wasResources) {
					t.Fatal("it changes nothing that is found, so that nothing is shown here")
				}
				w.followed(t)
				indexed(t, w.Market)
			})
		})
	}
}

// What is a draft yet is no news to the search.
func TestADraftTellsTheSearchNothing(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		p.ready(t)
		var n int
		must(t, p.Store.Reader().QueryRowContext(t.Context(), "SELECT count(*) FROM search_changes WHERE kind = 'PRODUCT'").Scan(&n))
		if n > 0 {
			t.Errorf("it is told %d times", n)
		}
	})
}

// A document that the engine refuses is told of once and left out; whatever else changed is followed.
func TestADocumentThatIsRefusedHoldsNothingUp(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.followedScene(t)
		products, resources := notedSearch(t, w.Market)
		var said bytes.Buffer
		defer slog.SetDefault(slog.Default())
		slog.SetDefault(slog.New(slog.NewTextHandler(&said, nil)))
		holds := func(when string, product, ready bool) {
			t.Helper()
			held := products.held()
			if _, ok := held[s.product]; ok != product {
				t.Errorf("%s: the refused product is held: %t", when, ok)
			}
			if _, ok := held[s.ready]; ok != ready {
				t.Errorf("%s: the other product is held: %t", when, ok)
			}
		}
		products.refuses = []uuid.UUID{s.product}
		_, err := w.PlanAdd(s.operatorPublisher, s.product, perCall("0.10"))
		must(t, err)
		must(t, w.ProductList(s.operatorPublisher, s.ready))
		must(t, w.ended())
		if followed, err := w.SearchFollow(t.Context()); err != nil || followed < 2 {
			t.Fatalf("%d are followed, %v", followed, err)
		}
		holds("after it changed", false, true) // nor what it was before
		if followed, err := w.SearchFollow(t.Context()); err != nil || followed > 0 {
			t.Errorf("%d are followed once more, %v", followed, err)
		}
		must(t, w.ProductSuspend(s.operatorPublisher, s.ready, "核查"))
		_, err = w.PlanAdd(s.operatorPublisher, s.product, perCall("0.11"))
		must(t, err)
		w.followed(t)
		holds("after it changed again", false, false)
		if n := strings.Count(said.String(), s.product.String()); n != 1 || !strings.Contains(said.String(), "too much of it") {
			t.Errorf("it is told %d times:\n%s", n, &said)
		}

		// What is known to be lacking is no reason to build anew, and keeps nothing from being built.
		builds := products.builds
		w.Search = &Searching{Products: products, Resources: resources}
		must(t, w.SearchPrepare(t.Context(), false))
		if products.builds != builds {
			t.Error("it is built anew at the next start")
		}
		must(t, w.SearchRebuild(t.Context()))
		holds("after it was built anew", false, false)

		products.refuses = nil
		_, err = w.PlanAdd(s.operatorPublisher, s.product, perCall("0.12"))
		must(t, err)
		w.followed(t)
		indexed(t, w.Market)
		w.Search = &Searching{Products: products, Resources: resources}
		builds = products.builds
		must(t, w.SearchPrepare(t.Context(), false))
		if products.builds != builds {
			t.Error("once it was taken it still counts as lacking")
		}
	})
}

// Where nearly everything is refused it is no fault of the documents, and nothing is skipped.
func TestAnEngineThatRefusesEverythingIsNotFollowedPast(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.followedScene(t)
		products, _ := notedSearch(t, w.Market)
		w.tx(t, func(ctx context.Context, tx *store.Tx) error {
			for n := range search.MaxRefused + 1 {
				id := layProduct(ctx, t, tx, s.scene, 1000+n, authorisation.ProductListed)
				products.refuses = append(products.refuses, id)
				must(t, tx.ProductsChanged(ctx, id))
			}
			return nil
		})
		var refused search.Refused
		if _, err := w.SearchFollow(t.Context()); !errors.As(err, &refused) {
			t.Errorf("it is followed with %v", err)
		}
		products.refuses = nil
		w.followed(t)
		indexed(t, w.Market)
	})
}

// Once nothing has changed for a while the indexes rest, and again only after something changed.
func TestIndexesRestWhenNothingChanges(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.followedScene(t)
		products, resources := notedSearch(t, w.Market)
		wants := func(when string, after time.Duration, rests int) {
			t.Helper()
			w.clock = w.clock.Add(after)
			_, err := w.SearchFollow(t.Context())
			must(t, err)
			if products.rests != rests || resources.rests != rests {
				t.Errorf("%s they have rested %d and %d times, want %d", when, products.rests, resources.rests, rests)
			}
		}
		price := 0
		change := func() {
			t.Helper()
			price++
			_, err := w.PlanAdd(s.operatorPublisher, s.product, perCall(fmt.Sprintf("0.1%d", price)))
			must(t, err)
		}
		wants("after the start", restAfter, 1)
		change()
		wants("when something changed", 0, 1)
		change()
		wants("soon after, when more changed", restAfter/2, 1)
		wants("soon after that", restAfter/2, 1)
		wants("after a while", restAfter/2, 2)
		wants("later", time.Hour, 2)
	})
}
