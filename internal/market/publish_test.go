package market

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/auditrecord"
	"gongshu/ent/db/dataitem"
	dbdataset "gongshu/ent/db/dataset"
	"gongshu/ent/db/plan"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
	"gongshu/search"
	"gongshu/search/inverted"
)

// publisher is a world in which an operator may make products of two items of a published resource.
type publisher struct {
	*world
	agency, operator, unit, vendor, platform        uuid.UUID
	domain, resource, item, other, agreement, grant uuid.UUID
	proof                                           uuid.UUID // of the registrar
	// Who acts as whom.
	publisher, security, approver, registrar, buyer context.Context
}

func eachPublisher(t *testing.T, run func(t *testing.T, p *publisher)) {
	t.Helper()
	eachWorld(t, func(t *testing.T, w *world) {
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { blobs.Close() })
		w.Blobs, w.Search = blobs, &Searching{Products: inverted.Memory(), Resources: inverted.Memory()}
		must(t, w.SearchPrepare(t.Context(), false))
		p := &publisher{world: w}
		p.lay(t)
		run(t, p)
	})
}

func (p *publisher) lay(t *testing.T) {
	t.Helper()
	p.platform = p.organisation(t, "平台", access.Enterprise, access.Platform)
	p.agency = p.organisation(t, "数据局", access.AdministrativeOrgan, access.ImplementingAgency)
	p.operator = p.organisation(t, "运营公司", access.Enterprise, access.Operator)
	p.unit = p.organisation(t, "公交集团", access.Enterprise, access.SourceUnit)
	p.vendor = p.organisation(t, "数商", access.Enterprise, access.DataVendor)
	registrar := p.organisation(t, "登记机构", access.PublicInstitution, access.Registrar)
	p.publisher = p.person(t, p.operator, access.Publisher)
	p.security, p.approver = p.person(t, p.agency, access.Security), p.person(t, p.agency, access.Approver)
	p.registrar = p.person(t, registrar, access.Approver)
	p.buyer = p.person(t, p.organisation(t, "银行", access.Enterprise, access.Buyer), access.BuyerRole)
	p.tx(t, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName("交通运输").SetNameEn("Transport").Save(ctx)
		if err != nil {
			return err
		}
		r, err := tx.Resource.Create().SetCreatedAt(tx.Now()).SetSourceUnitID(p.unit).SetDomainID(d.ID).SetName("公交线路客流数据").
			SetUpdateCycle("每日").SetUpdateFrequency(authorisation.Daily).SetProvision([]authorisation.ProvisionMethod{authorisation.ProvisionAPI}).
			SetStatus(authorisation.ResourcePublished).Save(ctx)
		if err != nil {
			return err
		}
		var items [2]uuid.UUID
		for i, name := range []string{"线路编号", "上车人次"} {
			item, err := tx.DataItem.Create().SetCreatedAt(tx.Now()).SetResourceID(r.ID).SetPosition(i).SetName(name).SetGrade(authorisation.GradeGeneral).
				SetLinkage(authorisation.LinkageNone).SetSensitivity(authorisation.SensitivityPublic).SetProtections([]authorisation.Protection{}).Save(ctx)
			if err != nil {
				return err
			}
			items[i] = item.ID
		}
		a, err := tx.Agreement.Create().SetCreatedAt(tx.Now()).SetAgencyID(p.agency).SetOperatorID(p.operator).SetNumber("1").SetMode(authorisation.ModeWhole).
			SetStatus(authorisation.AgreementOperating).SetClauses(map[authorisation.Clause]string{}).SetPublicisedOn("2026-01-05").
			SetStartsOn("2026-02-01").SetEndsOn("2028-12-31").Save(ctx)
		if err != nil {
			return err
		}
		g, err := tx.Grant.Create().SetCreatedAt(tx.Now()).SetAgreementID(a.ID).SetOperatorID(p.operator).SetStatus(authorisation.GrantActive).
			SetPurposes(purpose.All).SetStartsOn("2026-02-01").SetEndsOn("2028-12-31").Save(ctx)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := tx.GrantItem.Create().SetCreatedAt(tx.Now()).SetGrantID(g.ID).SetItemID(item).Exec(ctx); err != nil {
				return err
			}
		}
		v := access.FromContext(p.registrar)
		proof, err := tx.Document.Create().SetCreatedAt(tx.Now()).SetOrganisationID(v.OrganisationID).SetUploaderID(v.PersonID).SetName("证书.pdf").
			SetMediaType("application/pdf").SetSize(1).SetSha256("-").SetBlobKey("documents/1").Save(ctx)
		if err != nil {
			return err
		}
		p.domain, p.resource, p.item, p.other, p.agreement, p.grant, p.proof = d.ID, r.ID, items[0], items[1], a.ID, g.ID, proof.ID
		return nil
	})
}

func (p *publisher) content() ProductContent {
	daily := authorisation.Daily
	return ProductContent{
		Name: "公交小时客流", NameEn: "Hourly bus flow", Description: "按线路统计的上车人次，用于运力调度与线网评估，不含任何乘客的出行记录。", DescriptionEn: "Boardings by line, for scheduling and network planning.",
		DomainID: p.domain, Delivery: authorisation.DeliveryAPI, UpdateFrequency: &daily, ItemIDs: []uuid.UUID{p.item, p.other},
		Dictionary: []dictionary.Column{
			{Name: "line", Label: "线路", LabelEn: "Line", Type: dictionary.Text, Description: "线路编号", DescriptionEn: "Number of the line", ItemIDs: plainIDs([]uuid.UUID{p.item}), Sensitivity: authorisation.SensitivityPublic, Required: true, QuasiIdentifier: true},
			{Name: "boardings", Label: "人次", LabelEn: "Boardings", Type: dictionary.Integer, Unit: "人次", Description: "上车人次", DescriptionEn: "Boardings of the hour", ItemIDs: plainIDs([]uuid.UUID{p.other}), Sensitivity: authorisation.SensitivityPublic},
		},
		Sample: [][]string{{"1*", "20"}},
	}
}

func perCall(rate string) PlanInput {
	return PlanInput{Name: "按次", NameEn: "Per call", TermMonths: 12, Tariff: storetest.Flat(pricing.PerCall, rate)}
}

func (p *publisher) cap(product uuid.UUID, rate string, from authorisation.Day) CapInput {
	return CapInput{
		ProductID: product, Mode: pricing.PerCall, Rate: decimal.MustParse(rate), EffectiveFrom: from, SourceDocument: "绵数发〔2026〕1号", Reason: "核定",
	}
}

func (p *publisher) today() authorisation.Day { return authorisation.DayOf(p.Store.Now()) }

// classes are rows of which so many agree in the one quasi-identifier.
func classes(size int) io.Reader {
	var csv strings.Builder
	csv.WriteString("line,boardings\n")
	for i := range 2 * size {
		fmt.Fprintf(&csv, "L%d,%d\n", i%2, i)
	}
	return strings.NewReader(csv.String())
}

// ready brings a product to where nothing stands in the way of its listing, each step by whose it is.
func (p *publisher) ready(t *testing.T) (product, plan uuid.UUID) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	product, err := p.ProductDraft(p.publisher, p.content())
	must(err)
	plan, err = p.PlanAdd(p.publisher, product, perCall("0.60"))
	must(err)
	_, err = p.AllocationAgree(p.publisher, AllocationInput{ProductID: product, SourceDocument: "分配协议", Rule: pricing.FixedWeights(1, []pricing.Part{
		{Contributor: p.operator.String(), Weight: 60, Basis: "加工", Channel: pricing.ChannelProfit},
		{Contributor: p.unit.String(), Weight: 40, Basis: "数据", Channel: pricing.ChannelCost},
	})})
	must(err)
	proceeding, err := p.ProductSubmit(p.publisher, product, nil)
	must(err)
	_, err = p.CapSet(p.approver, p.cap(product, "0.80", p.today()))
	must(err)
	must(p.ProceedingDecide(p.security, proceeding, DecisionInput{Step: authorisation.StepSecurity, Outcome: authorisation.OutcomeApprove, Reason: "安全"}))
	must(p.ProceedingDecide(p.approver, proceeding, DecisionInput{Step: authorisation.StepCompliance, Outcome: authorisation.OutcomeApprove, Reason: "合规"}))
	must(p.RegistrationRecord(p.registrar, RegistrationInput{ProductID: product, Code: "SC-2026-000001", CodedOn: p.today(), Evidence: p.proof}))
	_, err = p.DatasetUpload(p.publisher, product, classes(21))
	must(err)
	return product, plan
}

func (p *publisher) listed(t *testing.T) (product, plan uuid.UUID) {
	t.Helper()
	product, plan = p.ready(t)
	if err := p.ProductList(p.publisher, product); err != nil {
		t.Fatal(err)
	}
	return product, plan
}

func (p *publisher) row(t *testing.T, product uuid.UUID) *db.Product {
	t.Helper()
	row, err := p.Store.Read().Product.Get(store.AsSystem(t.Context()), product)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// codes are the obstacles of a product as its operator sees them.
func (p *publisher) codes(t *testing.T, product uuid.UUID) []string {
	t.Helper()
	policies, err := p.Store.Policies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	facts, err := p.Store.GateProducts(t.Context(), product)
	if err != nil {
		t.Fatal(err)
	}
	obstacles, may := p.Listing(access.FromContext(p.publisher), facts[product], policies)
	codes := []string{}
	for _, o := range obstacles {
		codes = append(codes, string(o.Code))
	}
	if may != (len(codes) == 0 && facts[product].Status.CanBecome(authorisation.ProductListed)) {
		t.Errorf("canList is %v with the obstacles %v", may, codes)
	}
	return codes
}

// followed has the search follow the database.
func (w *world) followed(t interface {
	Helper()
	Fatal(args ...any)
}) {
	t.Helper()
	if err := w.ended(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SearchFollow(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// ended waits until what is committed may be followed: until then transactions of other tests on the same Postgres hold it up.
func (w *world) ended() error {
	if w.Store.Dialect() != dialect.Postgres {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var first, next int64
	if err := w.Store.Reader().QueryRowContext(ctx, `SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint`).Scan(&next); err != nil {
		return err
	}
	for ; first < next; time.Sleep(10 * time.Millisecond) {
		if err := w.Store.Reader().QueryRowContext(ctx, `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint`).Scan(&first); err != nil {
			return err
		}
	}
	return nil
}

// found are the products that a search for a text gives.
func (p *publisher) found(t *testing.T, text string) []uuid.UUID {
	t.Helper()
	result, err := p.Search.Products.Search(t.Context(), search.Query{Text: text, First: 20})
	if err != nil {
		t.Fatal(err)
	}
	var ids []uuid.UUID
	for _, hit := range result.Hits {
		ids = append(ids, hit.ID)
	}
	return ids
}

func TestAProductIsPublishedStepByStep(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.ready(t)
		row := p.row(t, id)
		if row.Status != authorisation.ProductRegistered || *row.RegistrationExpiresOn != "2028-12-31" || row.ReviewedAt == nil || row.DatasetID == nil {
			t.Fatalf("before it is listed the product is %v", row)
		}
		if _, err := authorisation.ParseIdentifier(row.Identifier, ""); err != nil || row.Identifier[0] != '6' {
			t.Errorf("the identifier is %s: %v", row.Identifier, err)
		}
		if codes := p.codes(t, id); len(codes) > 0 {
			t.Fatalf("what is ready has the obstacles %v", codes)
		}
		if err := p.ProductList(p.publisher, id); err != nil {
			t.Fatal(err)
		}
		refused(t, p.ProductList(p.publisher, id), "MOVE_NOT_ALLOWED")
		p.followed(t)
		for _, text := range []string{"客流", "上车人次", "公交集团", "bus flow", "boardings", "Transport"} {
			if !slices.Contains(p.found(t, text), id) {
				t.Errorf("a search for %s does not find it", text)
			}
		}
		if err := p.ProductSuspend(p.publisher, id, "数据核查"); err != nil {
			t.Fatal(err)
		}
		if p.followed(t); len(p.found(t, "客流")) > 0 {
			t.Error("a suspended product is found")
		}
		if err := p.ProductList(p.publisher, id); err != nil {
			t.Errorf("what its operator suspended does not come back: %v", err)
		}
		if err := p.SearchRebuild(t.Context()); err != nil || !slices.Equal(p.found(t, ""), []uuid.UUID{id}) {
			t.Errorf("the index made again holds %v: %v", p.found(t, ""), err)
		}
		if err := p.ProductRetire(p.publisher, id, "停止"); err != nil || p.row(t, id).Status != authorisation.ProductRetired {
			t.Errorf("it does not retire: %v", err)
		}
		acts, err := p.Store.Read().AuditRecord.Query().Where(auditrecord.SubjectID(id)).Order(db.Asc(auditrecord.FieldID)).
			Select(auditrecord.FieldAction).Strings(store.AsSystem(t.Context()))
		want := []string{"productDraft", "allocationAgree", "productSubmit", "capSet", "proceedingDecide", "proceedingDecide",
			"registrationRecord", "datasetUpload", "productList", "productSuspend", "productList", "productRetire"}
		if err != nil || !slices.Equal(acts, want) {
			t.Errorf("the record says %v, %v", acts, err)
		}
	})
}

func TestObstaclesAreWhatProductListRefusesWith(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		good := func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Agreement.UpdateOneID(p.agreement).SetStatus(authorisation.AgreementOperating).Exec(ctx); err != nil {
				return err
			}
			if err := tx.Organisation.UpdateOneID(p.operator).SetStatus(access.OrganisationVerified).Exec(ctx); err != nil {
				return err
			}
			if err := tx.Resource.UpdateOneID(p.resource).SetStatus(authorisation.ResourcePublished).SetUpdateFrequency(authorisation.Daily).Exec(ctx); err != nil {
				return err
			}
			if err := tx.Grant.UpdateOneID(p.grant).SetStatus(authorisation.GrantActive).Exec(ctx); err != nil {
				return err
			}
			return tx.DataItem.UpdateOneID(p.item).SetGrade(authorisation.GradeGeneral).SetLinkage(authorisation.LinkageNone).SetWithdrawn(false).Exec(ctx)
		}
		product := func(change func(*db.ProductUpdateOne)) func(context.Context, *store.Tx, uuid.UUID) error {
			return func(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
				u := tx.Product.UpdateOneID(id)
				change(u)
				return u.Exec(ctx)
			}
		}
		for _, row := range []struct {
			sentence string
			fault    func(context.Context, *store.Tx, uuid.UUID) error
			want     []string
		}{
			{"nothing", func(context.Context, *store.Tx, uuid.UUID) error { return nil }, []string{}},
			{"the operator is being rectified", func(ctx context.Context, tx *store.Tx, _ uuid.UUID) error {
				return tx.Agreement.UpdateOneID(p.agreement).SetStatus(authorisation.AgreementRectifying).Exec(ctx)
			}, []string{"AGREEMENT_NOT_IN_FORCE"}},
			{"the operator is suspended", func(ctx context.Context, tx *store.Tx, _ uuid.UUID) error {
				return tx.Organisation.UpdateOneID(p.operator).SetStatus(access.OrganisationSuspended).Exec(ctx)
			}, []string{"OPERATOR_NOT_VERIFIED"}},
			{"the resource is suspended", func(ctx context.Context, tx *store.Tx, _ uuid.UUID) error {
				return tx.Resource.UpdateOneID(p.resource).SetStatus(authorisation.ResourceSuspended).Exec(ctx)
			}, []string{"RESOURCE_NOT_PUBLISHED"}},
			{"the update frequency has no code", func(ctx context.Context, tx *store.Tx, _ uuid.UUID) error {
				return tx.Resource.UpdateOneID(p.resource).ClearUpdateFrequency().Exec(ctx)
			}, []string{"UPDATE_FREQUENCY_MISSING"}},
			{"the grant is revoked", func(ctx context.Context, tx *store.Tx, _ uuid.UUID) error {
				return tx.Grant.UpdateOneID(p.grant).SetStatus(authorisation.GrantRevoked).Exec(ctx)
			}, []string{"ITEM_NOT_GRANTED", "ITEM_NOT_GRANTED"}},
			{"an item is core data", func(ctx context.Context, tx *store.Tx, _ uuid.UUID) error {
				return tx.DataItem.UpdateOneID(p.item).SetGrade(authorisation.GradeCore).Exec(ctx)
			}, []string{"ITEM_CORE_NEVER_GRANTED"}},
			{"an item is linked to persons", func(ctx context.Context, tx *store.Tx, _ uuid.UUID) error {
				return tx.DataItem.UpdateOneID(p.item).SetLinkage(authorisation.LinkageLinked).Exec(ctx)
			}, []string{"ITEM_UNPROTECTED", "LINKED_ITEM_NOT_AGGREGATED"}},
			{"an item left the catalogue", func(ctx context.Context, tx *store.Tx, _ uuid.UUID) error {
				return tx.DataItem.UpdateOneID(p.item).SetWithdrawn(true).Exec(ctx)
			}, []string{"ITEM_WITHDRAWN"}},
			{"no description", product(func(u *db.ProductUpdateOne) { u.SetDescription(" ") }), []string{"DESCRIPTION_MISSING"}},
			{"no dictionary", product(func(u *db.ProductUpdateOne) { u.SetDictionary([]dictionary.Column{}) }), []string{"DICTIONARY_MISSING"}},
			{"no sample", product(func(u *db.ProductUpdateOne) { u.SetSample([][]string{}) }), []string{"SAMPLE_MISSING"}},
			{"no data", product(func(u *db.ProductUpdateOne) { u.ClearDatasetID() }), []string{"DATASET_MISSING"}},
			{"no review", product(func(u *db.ProductUpdateOne) { u.ClearReviewedAt() }), []string{"NOT_REVIEWED"}},
			{"no code", product(func(u *db.ProductUpdateOne) { u.ClearRegistrationCode() }), []string{"REGISTRATION_CODE_MISSING"}},
			{"a code that ran out", product(func(u *db.ProductUpdateOne) { u.SetRegistrationExpiresOn("2026-03-01") }), []string{"REGISTRATION_EXPIRED"}},
			{"a plan without a cap, and no other", func(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
				if err := tx.Plan.Update().Where(plan.ProductID(id)).SetWithdrawnAt(tx.Now()).Exec(ctx); err != nil {
					return err
				}
				in := perCall("1")
				return tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(id).SetPosition(9).SetName("按量").SetMode(pricing.PerVolume).SetSettlement(pricing.Prepaid).
					SetTariff(pricing.Tariff{Mode: pricing.PerVolume, Schedule: in.Tariff.Schedule}).SetTermMonths(12).SetTrial(false).Exec(ctx)
			}, []string{"CAP_MISSING"}},
			{"a plan above its cap, and no other", func(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
				if err := tx.Plan.Update().Where(plan.ProductID(id)).SetWithdrawnAt(tx.Now()).Exec(ctx); err != nil {
					return err
				}
				return tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(id).SetPosition(9).SetName("贵").SetMode(pricing.PerCall).SetSettlement(pricing.Prepaid).
					SetTariff(perCall("0.81").Tariff).SetTermMonths(12).SetTrial(false).Exec(ctx)
			}, []string{"PRICE_OVER_CAP"}},
			{"a plan above its cap beside one that is within", func(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
				return tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(id).SetPosition(9).SetName("贵").SetMode(pricing.PerCall).SetSettlement(pricing.Prepaid).
					SetTariff(perCall("0.81").Tariff).SetTermMonths(12).SetTrial(false).Exec(ctx)
			}, []string{}},
		} {
			p.tx(t, good)
			id, _ := p.ready(t)
			p.tx(t, func(ctx context.Context, tx *store.Tx) error { return row.fault(ctx, tx, id) })
			if codes := p.codes(t, id); !slices.Equal(codes, row.want) {
				t.Errorf("%s: the obstacles are %v, want %v", row.sentence, codes, row.want)
			}
			var got []string
			for _, f := range fault.All(p.ProductList(p.publisher, id)) {
				got = append(got, f.Code)
			}
			if want := row.want; len(want) > 0 && !slices.Equal(got, append([]string{"PRODUCT_NOT_LISTABLE"}, want...)) || len(want) == 0 && len(got) > 0 {
				t.Errorf("%s: productList refuses with %v, want %v", row.sentence, got, want)
			}
		}
	})
}

func TestWhoMayPublish(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, plan := p.ready(t)
		foreign := p.person(t, p.organisation(t, "别家运营", access.Enterprise, access.Operator), access.Publisher)
		clerk := p.person(t, p.operator, access.Finance)
		v := access.FromContext(p.publisher)
		v.Verified = false
		unverified := access.With(context.Background(), v)
		for _, act := range []struct {
			name string
			do   func(context.Context) error
		}{
			{"revise", func(ctx context.Context) error { return p.ProductRevise(ctx, id, func(*ProductContent) {}) }},
			{"add a plan", func(ctx context.Context) error { _, err := p.PlanAdd(ctx, id, perCall("0.1")); return err }},
			{"withdraw a plan", func(ctx context.Context) error { return p.PlanWithdraw(ctx, plan) }},
			{"agree on sharing", func(ctx context.Context) error {
				_, err := p.AllocationAgree(ctx, AllocationInput{ProductID: id})
				return err
			}},
			{"submit", func(ctx context.Context) error { _, err := p.ProductSubmit(ctx, id, nil); return err }},
			{"list", func(ctx context.Context) error { return p.ProductList(ctx, id) }},
			{"retire", func(ctx context.Context) error { return p.ProductRetire(ctx, id, "x") }},
			{"upload", func(ctx context.Context) error { _, err := p.DatasetUpload(ctx, id, classes(21)); return err }},
		} {
			for _, who := range []struct {
				name string
				ctx  context.Context
				code string
			}{
				{"nobody", context.Background(), "SIGN_IN_REQUIRED"},
				{"a buyer", p.buyer, "PARTY_REQUIRED"},
				{"another operator", foreign, "NOT_FOUND"},
				{"a clerk of the operator", clerk, "ROLE_REQUIRED"},
				{"an unverified operator", unverified, "ORGANISATION_NOT_VERIFIED"},
			} {
				if code := fault.CodeOf(act.do(who.ctx)); code != who.code {
					t.Errorf("%s may %s: %s", who.name, act.name, code)
				}
			}
		}
		_, err := p.CapSet(p.publisher, p.cap(id, "9", p.today()))
		refused(t, err, "PARTY_REQUIRED")
		_, err = p.CapSet(p.security, p.cap(id, "9", p.today()))
		refused(t, err, "ROLE_REQUIRED")
		refused(t, p.RegistrationRecord(p.publisher, RegistrationInput{ProductID: id}), "PARTY_REQUIRED")
		refused(t, p.ProductSuspend(p.buyer, id, "x"), "PARTY_REQUIRED")
		if p.row(t, id).Status != authorisation.ProductRegistered {
			t.Error("something moved all the same")
		}
	})
}

func TestADraftIsCheckedWhole(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		for _, row := range []struct {
			sentence string
			change   func(*ProductContent)
			code, at string
		}{
			{"it needs a name", func(c *ProductContent) { c.Name = " " }, "TEXT_MISSING", "input.name"},
			{"a text has its bound", func(c *ProductContent) { c.NameEn = strings.Repeat("x", 601) }, "TEXT_TOO_LONG", "input.nameEn"},
			{"its domain exists", func(c *ProductContent) { c.DomainID = uuid.New() }, "NOT_FOUND", "input.domainId"},
			{"its items exist", func(c *ProductContent) { c.ItemIDs[1] = uuid.New() }, "NOT_FOUND", "input.itemIds.1"},
			{"each of them once", func(c *ProductContent) { c.ItemIDs[1] = c.ItemIDs[0] }, "ITEM_TWICE", "input.itemIds.1"},
			{"its dictionary is checked", func(c *ProductContent) { c.Dictionary[0].Name = "线路" }, "COLUMN_NAME_INVALID", "input.dictionary.0.name"},
			{"the sample has all columns", func(c *ProductContent) { c.Sample = [][]string{{"1"}} }, "SAMPLE_ROW_LENGTH", "input.sample.0"},
			{"and their types", func(c *ProductContent) { c.Sample = [][]string{{"1", "2"}, {"1", "x"}} }, "SAMPLE_CELL_INVALID", "input.sample.1.1"},
			{"each in its row, whatever lines cells have", func(c *ProductContent) { c.Sample = [][]string{{"a\nb", "2"}, {"1", "x"}} }, "SAMPLE_CELL_INVALID", "input.sample.1.1"},
			{"and nothing that names a person", func(c *ProductContent) { c.Sample = [][]string{{"a", "2"}, {"13800138000", "2"}} }, "SAMPLE_CELL_INVALID", "input.sample.1.0"},
			{"and no formula", func(c *ProductContent) { c.Sample = [][]string{{"=1+1", "2"}} }, "SAMPLE_CELL_INVALID", "input.sample.0.0"},
			{"social data names who brings it", func(c *ProductContent) {
				c.SocialInputs = []authorisation.SocialInput{{Name: "网点", Provenance: "自采", ContributorID: p.unit.String()}}
			}, "CONTRIBUTOR_NOT_ALLOWED", "input.socialInputs.0.contributorId"},
		} {
			content := p.content()
			row.change(&content)
			_, err := p.ProductDraft(p.publisher, content)
			if faults := fault.All(err); len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.at {
				t.Errorf("%s: got %v", row.sentence, err)
			}
		}
		content := p.content()
		content.SocialInputs = []authorisation.SocialInput{
			{Name: "网点", Provenance: "自采", ContributorID: p.vendor.String()}, {Name: "热度", Provenance: "自采", ContributorID: p.operator.String()},
		}
		id, err := p.ProductDraft(p.publisher, content)
		if err != nil {
			t.Fatalf("social data of a vendor and of the operator itself is refused: %v", err)
		}
		part := func(who uuid.UUID) AllocationInput {
			return AllocationInput{ProductID: id, SourceDocument: "协议", Rule: pricing.FixedWeights(1, []pricing.Part{{Contributor: who.String(), Weight: 1, Basis: "x", Channel: pricing.ChannelCost}})}
		}
		for _, who := range []uuid.UUID{p.operator, p.unit, p.vendor, p.platform} {
			if _, err := p.AllocationAgree(p.publisher, part(who)); err != nil {
				t.Errorf("a contributor gets no share: %v", err)
			}
		}
		_, err = p.AllocationAgree(p.publisher, part(p.agency))
		refused(t, err, "CONTRIBUTOR_NOT_ALLOWED")
	})
}

func TestARevisedProductIsReviewedAnew(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.listed(t)
		rename := func(c *ProductContent) { c.Name = "公交客流" }
		refused(t, p.ProductRevise(p.publisher, id, rename), "MOVE_NOT_ALLOWED")
		if err := p.ProductSuspend(p.approver, id, "抽查"); err != nil {
			t.Fatal(err)
		}
		refused(t, p.ProductList(p.publisher, id), "NOT_REVIEWED") // what the agency took down needs its review again
		var health uuid.UUID
		p.tx(t, func(ctx context.Context, tx *store.Tx) error {
			d, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName("卫生健康").Save(ctx)
			if err == nil {
				health = d.ID
			}
			return err
		})
		if err := p.ProductRevise(p.publisher, id, func(c *ProductContent) {
			rename(c)
			c.DomainID, c.ItemIDs = health, []uuid.UUID{p.other}
		}); err != nil {
			t.Fatal(err)
		}
		row := p.row(t, id)
		p.tx(t, func(ctx context.Context, tx *store.Tx) error {
			items, err := tx.ProductItems(ctx, id)
			if !slices.Equal(items, []uuid.UUID{p.other}) || row.DomainID != health {
				t.Errorf("it is made of %v in the domain %s", items, row.DomainID)
			}
			return err
		})
		if row.Status != authorisation.ProductDraft || row.ContentNumber != 2 || row.RegistrationCode != nil || row.DatasetID == nil || row.Name != "公交客流" {
			t.Errorf("a revised product is %v", row)
		}
		_, err := p.ProductSubmit(p.publisher, id, []uuid.UUID{p.proof}) // the registrar's document, not its own
		if all := fault.All(err); len(all) != 1 || all[0].Code != "NOT_FOUND" || all[0].Field != "evidence.0" {
			t.Errorf("evidence of somebody else answers %v", err)
		}
		proceeding, err := p.ProductSubmit(p.publisher, id, nil)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, p.ProductRevise(p.publisher, id, rename), "PRODUCT_UNDER_REVIEW")
		if err := p.ProceedingDecide(p.security, proceeding, DecisionInput{Step: authorisation.StepSecurity, Outcome: authorisation.OutcomeRefuse, Reason: "不足"}); err != nil {
			t.Fatal(err)
		}
		if row := p.row(t, id); row.Status != authorisation.ProductDraft || row.ReviewedAt != nil {
			t.Errorf("what review refused is %s", row.Status)
		}
		if err := p.ProductRevise(p.publisher, id, func(c *ProductContent) {
			c.Dictionary = slices.Clone(c.Dictionary)
			c.Dictionary[0].QuasiIdentifier = false
		}); err != nil || p.row(t, id).DatasetID != nil {
			t.Errorf("data typed by another dictionary is served: %v", err)
		}
	})
}

func TestWhatIsLinkedToPersonsHasQuasiIdentifiersMarked(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		content := p.content()
		content.Dictionary = slices.Clone(content.Dictionary)
		for i := range content.Dictionary {
			content.Dictionary[i].QuasiIdentifier = false
		}
		id, err := p.ProductDraft(p.publisher, content)
		must(t, err)
		for _, linkage := range []authorisation.Linkage{authorisation.LinkageLinked, authorisation.LinkageHigh} {
			p.tx(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.DataItem.Update().Where(dataitem.IDIn(content.ItemIDs...)).SetLinkage(linkage).Exec(ctx)
			})
			report, err := p.DatasetUpload(p.publisher, id, classes(40))
			refused(t, err, "NO_QUASI_IDENTIFIERS_MARKED")
			if report.Accepted || report.Egress.Reason != outputcontrol.NoQuasiIdentifiersMarked || p.row(t, id).DatasetID != nil {
				t.Errorf("%s is served: %+v", linkage, report.Egress)
			}
		}
		p.tx(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.DataItem.Update().Where(dataitem.IDIn(content.ItemIDs...)).SetLinkage(authorisation.LinkageNone).Exec(ctx)
		})
		_, err = p.DatasetUpload(p.publisher, id, classes(40))
		must(t, err)
	})
}

// At once, each change of what belongs to a product succeeds or is refused as made meanwhile.
func TestChangesOfAProductAtOnceAreRefusedAndNotBroken(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.listed(t)
		changes := []func(i int) error{
			func(int) error {
				_, err := p.AllocationAgree(p.publisher, AllocationInput{ProductID: id, SourceDocument: "x",
					Rule: pricing.FixedWeights(1, []pricing.Part{{Contributor: p.operator.String(), Weight: 1, Basis: "x", Channel: pricing.ChannelProfit}})})
				return err
			},
			func(int) error { _, err := p.PlanAdd(p.publisher, id, perCall("0.10")); return err },
			func(i int) error { _, err := p.DatasetUpload(p.publisher, id, classes(30+i)); return err },
		}
		for _, change := range changes {
			errs := make([]error, 8)
			var group sync.WaitGroup
			for i := range errs {
				group.Go(func() { errs[i] = change(i) })
			}
			group.Wait()
			done := 0
			for _, err := range errs {
				if err == nil {
					done++
				} else if code := fault.CodeOf(err); code != "CHANGED_MEANWHILE" {
					t.Error(err)
				}
			}
			if done == 0 {
				t.Error("of eight at once none was done")
			}
		}
		path, err := p.Blobs.Path("datasets")
		must(t, err)
		files, err := filepath.Glob(path + "/*.db")
		must(t, err)
		kept, err := p.Store.Read().Dataset.Query().Where(dbdataset.ProductID(id), dbdataset.Accepted(true)).Count(store.AsSystem(t.Context()))
		if err != nil || len(files) != kept {
			t.Errorf("there are %d files of %d versions, %v", len(files), kept, err)
		}
	})
}

func TestDataLeavesOnlyThroughOutputControl(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.listed(t)
		served := *p.row(t, id).DatasetID
		files := func() int {
			path, err := p.Blobs.Path("datasets")
			if err != nil {
				t.Fatal(err)
			}
			entries, err := filepath.Glob(path + "/*")
			if err != nil {
				t.Fatal(err)
			}
			return len(entries)
		}

		report, err := p.DatasetUpload(p.publisher, id, strings.NewReader("line,boardings\nL1,many\nL2\n"))
		refused(t, err, "DATASET_REJECTED")
		if len(report.Rejects) != 2 || report.Rejects[0].Row != 2 || report.Rejects[0].Column != "boardings" || report.Rejects[1].Row != 3 {
			t.Errorf("the rejects are %v", report.Rejects)
		}
		report, err = p.DatasetUpload(p.publisher, id, classes(20))
		refused(t, err, "RISK_TOO_HIGH")
		kept, err := p.Store.Read().Dataset.Get(store.AsSystem(t.Context()), report.DatasetID)
		if err != nil || kept.Accepted || kept.Egress.SmallestClass != 20 || kept.Egress.Risk != "1/20" {
			t.Errorf("of the refused version is kept %v, %v", kept, err)
		}
		if *p.row(t, id).DatasetID != served || files() != 2 {
			t.Errorf("a refused version is served, or its files are there: %d", files())
		}
		again, err := p.DatasetUpload(p.publisher, id, classes(21))
		if err != nil || again.DatasetID != served || again.Number != 1 || files() != 2 {
			t.Errorf("the same data is another version: %v, %v", again, err)
		}
		next, err := p.DatasetUpload(p.publisher, id, classes(40))
		if err != nil || *p.row(t, id).DatasetID != next.DatasetID || next.Number != 3 || p.row(t, id).Status != authorisation.ProductListed {
			t.Errorf("a listed product does not get its newest data: %v, %v", next, err)
		}
	})
}

func TestQuotes(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, plan := p.ready(t)
		in := QuoteInput{ProductID: id, PlanID: plan, Purpose: purpose.Industry, Quantity: 100}
		_, err := p.Quote(p.buyer, in)
		refused(t, err, "NOT_FOUND")
		_, err = p.Quote(p.publisher, in)
		refused(t, err, "PRODUCT_NOT_LISTED")
		if err := p.ProductList(p.publisher, id); err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			purpose purpose.Purpose
			total   pricing.Fen
			reason  pricing.Reason
		}{
			{purpose.Governance, 0, pricing.FreeByPurpose}, {purpose.Welfare, 0, pricing.FreeByPurpose},
			{purpose.Industry, 6000, pricing.PaidByPurpose}, {purpose.Sector, 6000, pricing.PaidByPurpose},
		} {
			in.Purpose = row.purpose
			q, err := p.Quote(context.Background(), in)
			if err != nil || q.TotalFen != row.total || q.Reason != row.reason || q.NetFen+q.VATFen != q.TotalFen || q.Cap == nil || q.Cap.Rate.String() != "0.80" {
				t.Errorf("for %s: %+v, %v", row.purpose, q, err)
			}
		}
		for _, row := range []struct {
			sentence string
			in       QuoteInput
			code, at string
		}{
			{"a quantity is at least one", QuoteInput{ProductID: id, PlanID: plan, Purpose: purpose.Industry, Quantity: 0}, "QUANTITY_INVALID", "input.quantity"},
			{"a purpose is one of four", QuoteInput{ProductID: id, PlanID: plan, Purpose: "FUN", Quantity: 1}, "PURPOSE_INVALID", "input.purpose"},
			{"a plan is there", QuoteInput{ProductID: id, PlanID: uuid.New(), Purpose: purpose.Industry, Quantity: 1}, "NOT_FOUND", "input.planId"},
			{"a product is there", QuoteInput{ProductID: uuid.New(), PlanID: plan, Purpose: purpose.Industry, Quantity: 1}, "NOT_FOUND", "input.productId"},
		} {
			_, err := p.Quote(p.buyer, row.in)
			if all := fault.All(err); len(all) != 1 || all[0].Code != row.code || all[0].Field != row.at {
				t.Errorf("%s: %v", row.sentence, err)
			}
		}
		_, foreign := p.ready(t)
		_, err = p.Quote(p.buyer, QuoteInput{ProductID: id, PlanID: foreign, Purpose: purpose.Industry, Quantity: 1})
		refused(t, err, "NOT_FOUND")

		// A cap of tomorrow binds tomorrow; a trial price is held against none.
		trial := perCall("5")
		trial.Trial = true
		try, err := p.PlanAdd(p.publisher, id, trial)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.CapSet(p.approver, p.cap(id, "0.50", p.today().AddDays(1))); err != nil {
			t.Fatal(err)
		}
		in.Purpose = purpose.Industry
		if _, err := p.Quote(p.buyer, in); err != nil {
			t.Errorf("the cap of tomorrow binds today: %v", err)
		}
		p.clock = p.clock.AddDate(0, 0, 1)
		_, err = p.Quote(p.buyer, in)
		refused(t, err, "PRICE_OVER_CAP")
		if q, err := p.Quote(p.buyer, QuoteInput{ProductID: id, PlanID: try, Purpose: purpose.Sector, Quantity: 1}); err != nil || q.TotalFen != 500 || !q.Trial {
			t.Errorf("a trial price is not quoted: %v, %v", q, err)
		}
		if err := p.PlanWithdraw(p.publisher, plan); err != nil {
			t.Fatal(err)
		}
		_, err = p.Quote(p.buyer, in)
		refused(t, err, "PLAN_WITHDRAWN")
	})
}

func TestCapsBind(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, plan := p.listed(t)
		_, err := p.PlanAdd(p.publisher, id, perCall("0.81"))
		refused(t, err, "PRICE_OVER_CAP")
		volume := perCall("1")
		volume.Tariff.Mode = pricing.PerVolume
		_, err = p.PlanAdd(p.publisher, id, volume)
		refused(t, err, "CAP_MISSING")
		_, err = p.CapSet(p.approver, p.cap(id, "1", p.today().AddDays(-1)))
		refused(t, err, "EFFECTIVE_FROM_PAST")
		_, err = p.CapSet(p.approver, p.cap(id, "1", p.today()))
		refused(t, err, "CAP_SET_ALREADY")

		p.clock = p.clock.AddDate(0, 0, 1)
		if _, err := p.CapSet(p.approver, p.cap(id, "0.59", p.today())); err != nil {
			t.Fatal(err)
		}
		if row := p.row(t, id); row.Status != authorisation.ProductSuspended || row.SuspensionCode != "PRICE_OVER_CAP" || row.ListedAt != nil {
			t.Errorf("above its cap the product is %s for %s", row.Status, row.SuspensionCode)
		}
		if _, err := p.PlanAdd(p.publisher, id, perCall("0.59")); err != nil {
			t.Fatal(err)
		}
		if err := p.PlanWithdraw(p.publisher, plan); err != nil {
			t.Fatal(err)
		}
		if err := p.ProductList(p.publisher, id); err != nil {
			t.Errorf("with a price within its cap it is not listed: %v", err)
		}
	})
}

// Whichever of the two is first, no product is on the market above its cap.
func TestACapAndAPlanAtOnce(t *testing.T) {
	eachPublisher(t, func(t *testing.T, p *publisher) {
		id, _ := p.listed(t)
		p.clock = p.clock.AddDate(0, 0, 1)
		var both sync.WaitGroup
		for range 4 {
			both.Go(func() { _, _ = p.PlanAdd(p.publisher, id, perCall("0.75")) })
		}
		var capErr error
		both.Go(func() { _, capErr = p.CapSet(p.approver, p.cap(id, "0.70", p.today())) })
		both.Wait()
		over := slices.Contains(p.codes(t, id), "PRICE_OVER_CAP")
		if row := p.row(t, id); over && row.Status == authorisation.ProductListed {
			t.Errorf("a product is listed above its cap (the cap was set with %v)", capErr)
		}
	})
}
