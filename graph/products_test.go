package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/pricing"
)

// lay puts so many listed products on the market, of five operators, ten source units and two domains, and indexes them.
func (h *harness) lay(t *testing.T, products int) (ids, operators []uuid.UUID) {
	t.Helper()
	ctx := store.AsSystem(context.Background())
	err := h.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		organisation := func(name string, party access.Party) (uuid.UUID, error) {
			o, err := tx.Organisation.Create().SetCreatedAt(tx.Now()).SetName(name).SetNameEn(name + " en").SetLegalForm(access.Enterprise).
				SetStatus(access.OrganisationVerified).Save(ctx)
			if err != nil {
				return uuid.Nil, err
			}
			return o.ID, tx.Party.Create().SetCreatedAt(tx.Now()).SetOrganisationID(o.ID).SetKind(party).Exec(ctx)
		}
		var domains, resources []uuid.UUID
		for _, name := range []string{"气象", "交通"} {
			d, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName(name).SetNameEn(map[string]string{"气象": "Weather", "交通": "Transport"}[name]).Save(ctx)
			if err != nil {
				return err
			}
			domains = append(domains, d.ID)
		}
		for i := range 5 {
			id, err := organisation(string([]rune("甲乙丙丁戊")[i])+"运营机构", access.Operator)
			if err != nil {
				return err
			}
			operators = append(operators, id)
		}
		items := map[uuid.UUID][]uuid.UUID{}
		for i := range 10 {
			unit, err := organisation(fmt.Sprintf("数源单位%d", i), access.SourceUnit)
			if err != nil {
				return err
			}
			r, err := tx.Resource.Create().SetCreatedAt(tx.Now()).SetSourceUnitID(unit).SetDomainID(domains[i%2]).SetName(fmt.Sprintf("资源%d", i)).
				SetUpdateCycle("每日").SetProvision([]authorisation.ProvisionMethod{}).SetStatus(authorisation.ResourcePublished).SetPublishedAt(tx.Now()).Save(ctx)
			if err != nil {
				return err
			}
			resources = append(resources, r.ID)
			for j := range 2 {
				item, err := tx.DataItem.Create().SetCreatedAt(tx.Now()).SetResourceID(r.ID).SetPosition(j).SetName(fmt.Sprintf("数据项%d", j)).
					SetProtections([]authorisation.Protection{}).Save(ctx)
				if err != nil {
					return err
				}
				items[r.ID] = append(items[r.ID], item.ID)
			}
		}
		for i := range products {
			p, err := tx.Product.Create().SetCreatedAt(tx.Now()).SetOperatorID(operators[i%5]).SetDomainID(domains[i%2]).SetName(fmt.Sprintf("降水观测%d", i)).
				SetNameEn(fmt.Sprintf("Rainfall %d", i)).SetDescription("逐日").SetStatus(authorisation.ProductListed).SetListedAt(tx.Now().Add(time.Duration(i) * time.Second)).
				SetDelivery([]authorisation.Delivery{authorisation.DeliveryAPI, authorisation.DeliveryFile}[i%2]).SetUpdateFrequency(authorisation.Daily).
				SetDictionary([]dictionary.Column{}).SetSample([][]string{}).SetSocialInputs([]authorisation.SocialInput{}).
				SetIdentifier(strings.ReplaceAll(uuid.NewString(), "-", "")).Save(ctx)
			if err != nil {
				return err
			}
			ids = append(ids, p.ID)
			for _, r := range []uuid.UUID{resources[i%10], resources[(i+3)%10]} {
				for _, item := range items[r] {
					if err := tx.ProductInput.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetResourceID(r).SetItemID(item).Exec(ctx); err != nil {
						return err
					}
				}
			}
			for j, rate := range []string{"0.002", "5"} {
				if err := tx.Plan.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetPosition(j).SetName("方案").SetMode(pricing.PerCall).SetSettlement(pricing.Prepaid).
					SetTariff(storetest.Flat(pricing.PerCall, rate)).
					SetTermMonths(12).SetTrial(true).Exec(ctx); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SearchRebuild(context.Background()); err != nil {
		t.Fatal(err)
	}
	return ids, operators
}

// catalogue is what a test reads of a page of products.
type catalogue struct {
	Products struct {
		TotalCount int
		PageInfo   struct {
			HasNextPage bool
			EndCursor   string
		}
		Edges []struct {
			Node struct {
				ID, Name string
				Operator struct{ Name string }
				Plans    []struct {
					Tariff struct{ Bands []struct{ Rate string } }
				}
				Resources []struct{ SourceUnit struct{ Name string } }
			}
		}
		Facets []struct {
			Name   string
			Values []struct {
				Value, Label, LabelEn string
				Count                 int
			}
		}
	}
}

const cataloguePage = `query($first: Int, $after: String) { products(first: $first, after: $after, orderBy: NEWEST) {
  pageInfo { hasNextPage endCursor }
  edges { cursor node { id name operator { name } plans { id name mode tariff { bands { upTo rate } } } resources { id name sourceUnit { name } } } } } }`

func TestAPageOfProductsTakesAsManyStatementsWhateverItsSize(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		h.lay(t, 120)
		for _, first := range []int{20, 100} {
			var page catalogue
			errs, statements := h.do(t, t.Context(), cataloguePage, map[string]any{"first": first}, &page)
			if errs != nil {
				t.Fatal(errs)
			}
			if statements > 6 {
				t.Errorf("a page of %d takes %d statements", first, statements)
			}
			if len(page.Products.Edges) != first || !page.Products.PageInfo.HasNextPage {
				t.Errorf("a page of %d has %d products", first, len(page.Products.Edges))
			}
			for _, edge := range page.Products.Edges {
				if p := edge.Node; p.Operator.Name == "" || len(p.Plans) != 2 || p.Plans[0].Tariff.Bands[0].Rate != "0.002" || len(p.Resources) != 2 || p.Resources[1].SourceUnit.Name == "" {
					t.Fatalf("a product reads %+v", p)
				}
			}
		}
	})
}

func TestTheNamesOfFacetsAreLoadedAtOnce(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		h.lay(t, 30)
		var page catalogue
		errs, statements := h.do(t, t.Context(), `{ products(first: 1) { edges { node { id } } facets { name values { value label } } } }`, nil, &page)
		if errs != nil || len(page.Products.Facets) == 0 || len(page.Products.Facets[0].Values) < 2 {
			t.Fatalf("the facets are %+v, %v", page.Products.Facets, errs)
		}
		if statements > 3 { // products, domains, organisations
			t.Errorf("a page of one product with facets takes %d statements", statements)
		}
	})
}

func TestTheCatalogueIsFoundCountedAndPaged(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		ids, operators := h.lay(t, 30)
		search := func(ctx context.Context, document string, variables map[string]any) (page catalogue, errs []string) {
			t.Helper()
			list, _ := h.do(t, ctx, document, variables, &page)
			for _, err := range list {
				errs = append(errs, err.Message)
			}
			return page, errs
		}
		const found = `query($q: String, $f: ProductFilter, $after: String, $first: Int = 20) { products(query: $q, filter: $f, after: $after, first: $first) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { id name } } facets { name values { value label labelEn count } } } }`

		for _, text := range []string{"降水", "rainfall", "交通", "Transport", ""} {
			page, errs := search(t.Context(), found, map[string]any{"q": text})
			want := map[string]int{"降水": 30, "rainfall": 30, "交通": 15, "Transport": 15, "": 30}[text]
			if errs != nil || page.Products.TotalCount != want {
				t.Errorf("a search for %q finds %d, want %d: %v", text, page.Products.TotalCount, want, errs)
			}
		}

		operator := publicid.Encode(organisationID, operators[1])
		page, errs := search(t.Context(), found, map[string]any{"f": map[string]any{"operatorIds": []any{operator}, "deliveries": []any{"FILE"}}})
		if errs != nil || page.Products.TotalCount != 3 {
			t.Fatalf("a filter finds %d: %v", page.Products.TotalCount, errs)
		}
		var names []string
		for _, facet := range page.Products.Facets {
			names = append(names, facet.Name)
			for _, v := range facet.Values {
				if v.Label == "" || v.LabelEn == "" || v.Count == 0 {
					t.Errorf("a value of %s reads %+v", facet.Name, v)
				}
			}
			type value = struct {
				Value, Label, LabelEn string
				Count                 int
			}
			switch facet.Name {
			case "OPERATOR": // its own filter does not narrow its counts
				if len(facet.Values) != 5 || !slices.ContainsFunc(facet.Values, func(v value) bool { return v.Value == operator && v.Count == 3 }) {
					t.Errorf("the operators are %+v", facet.Values)
				}
			case "PRICED": // nothing is granted for any purpose
				if len(facet.Values) != 0 {
					t.Errorf("they are to be had %+v", facet.Values)
				}
			}
		}
		if !slices.Equal(names, []string{"DOMAIN", "SOURCE_UNIT", "CHARGING_MODE", "DELIVERY", "UPDATE_FREQUENCY", "PRICED", "OPERATOR"}) {
			t.Errorf("the facets are %v", names)
		}

		seen, after := map[string]bool{}, any(nil)
		for range 10 {
			page, errs := search(t.Context(), found, map[string]any{"after": after, "first": 7})
			if errs != nil {
				t.Fatal(errs)
			}
			for _, edge := range page.Products.Edges {
				seen[edge.Node.ID] = true
			}
			if after = page.Products.PageInfo.EndCursor; !page.Products.PageInfo.HasNextPage {
				break
			}
		}
		if len(seen) != 30 {
			t.Errorf("the pages hold %d products", len(seen))
		}
		if _, errs := search(t.Context(), found, map[string]any{"after": "forged"}); len(errs) != 1 || !strings.HasPrefix(errs[0], "CURSOR_INVALID") {
			t.Errorf("a forged cursor answers %v", errs)
		}
		if _, errs := search(t.Context(), found, map[string]any{"first": 101}); len(errs) != 1 || !strings.HasPrefix(errs[0], "FIRST_OUT_OF_RANGE") {
			t.Errorf("a page of 101 answers %v", errs)
		}

		// What left the market is dropped although the index still holds it; its operator's own list keeps it.
		err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			return tx.Product.UpdateOneID(ids[29]).SetStatus(authorisation.ProductSuspended).Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if page, _ := search(t.Context(), found, map[string]any{"first": 100}); len(page.Products.Edges) != 29 {
			t.Errorf("the catalogue shows %d products, one of which left", len(page.Products.Edges))
		}
	})
}

func TestOnlyItsOperatorSeesWhatStandsInTheWay(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		ids, operators := h.lay(t, 10)
		const document = `query($id: ID!) { product(id: $id) { canList suspensionCode obstacles { code message subjectKind subjectName } allocationRule { id } } }`
		as := func(organisation uuid.UUID) context.Context {
			return access.With(t.Context(), access.Viewer{
				PersonID: uuid.New(), OrganisationID: organisation, Verified: true, Parties: []access.Party{access.Operator}, Roles: []access.Role{access.Publisher},
			})
		}
		for _, row := range []struct {
			sentence string
			ctx      context.Context
			sees     bool
		}{{"nobody", t.Context(), false}, {"another operator", as(operators[1]), false}, {"its operator", as(operators[0]), true}} {
			var out struct {
				Product struct {
					CanList        bool
					SuspensionCode *string
					Obstacles      []struct{ Code string }
				}
			}
			errs, _ := h.do(t, row.ctx, document, map[string]any{"id": publicid.Encode(productID, ids[0])}, &out)
			if errs != nil || (out.Product.Obstacles != nil) != row.sees || out.Product.CanList || out.Product.SuspensionCode != nil {
				t.Errorf("%s sees %+v, %v", row.sentence, out.Product, errs)
			}
		}
		var own struct {
			OperatorProducts struct {
				Edges []struct {
					Node struct{ Obstacles []struct{ Code string } }
				}
			}
		}
		const list = `{ operatorProducts { edges { node { id status obstacles { code } canList allowedActions } } } }`
		errs, few := h.do(t, as(operators[0]), list, nil, &own)
		if errs != nil || len(own.OperatorProducts.Edges) != 2 || len(own.OperatorProducts.Edges[0].Node.Obstacles) == 0 {
			t.Errorf("an operator's list reads %+v, %v", own, errs)
		}
		if few > 16 {
			t.Errorf("an operator's list of two takes %d statements", few)
		}
		if errs, _ := h.do(t, t.Context(), list, nil, &own); len(errs) != 1 || !strings.HasPrefix(errs[0].Message, "SIGN_IN_REQUIRED") {
			t.Errorf("nobody's list answers %v", errs)
		}
	})
}

func TestAProductIsDraftedThroughTheSchema(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		ids, operators := h.lay(t, 1)
		var domain, item uuid.UUID
		err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) (err error) {
			if domain, err = tx.Domain.Query().FirstID(ctx); err == nil {
				if item, err = tx.DataItem.Query().FirstID(ctx); err == nil {
					code, _ := authorisation.NewCreditCode("91510700MA6TEXT01")
					err = tx.Organisation.UpdateOneID(operators[0]).SetCreditCode(string(code)).Exec(ctx)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx := access.With(t.Context(), access.Viewer{
			PersonID: h.person(t), OrganisationID: operators[0], Verified: true, Parties: []access.Party{access.Operator}, Roles: []access.Role{access.Publisher},
		})
		type payload struct {
			Product struct {
				ID, Name, NameEn, Status, Identifier string
				ContentNumber                        int
				UpdateFrequency                      *string
				Dictionary                           []struct{ Name, Type string }
				SocialInputs                         []struct{ Contributor struct{ Name string } }
				Items                                []struct{ Name string }
			}
			Errors []struct{ Code, Field string }
		}
		const fields = `{ product { id name nameEn status identifier contentNumber updateFrequency dictionary { name type } socialInputs { contributor { name } } items { name } } errors { code field } }`
		input := map[string]any{
			"name": "降水", "description": "逐日", "domainId": publicid.Encode(domainID, domain), "delivery": "API", "updateFrequency": "DAILY",
			"itemIds":      []any{publicid.Encode(itemID, item)},
			"socialInputs": []any{map[string]any{"name": "网点", "provenance": "自采", "contributorId": publicid.Encode(organisationID, operators[0])}},
			"dictionary":   []any{map[string]any{"name": "mm", "label": "雨量", "type": "DECIMAL", "description": "毫米", "sensitivity": "PUBLIC"}},
			"sample":       []any{[]any{"0.5"}},
		}
		var drafted struct{ ProductDraft payload }
		if errs, _ := h.do(t, ctx, "mutation($in: ProductDraftInput!) { productDraft(input: $in) "+fields+" }", map[string]any{"in": input}, &drafted); errs != nil {
			t.Fatal(errs)
		}
		p := drafted.ProductDraft.Product
		if len(drafted.ProductDraft.Errors) > 0 || p.Status != "DRAFT" || len(p.Identifier) != 32 || len(p.Items) != 1 || p.SocialInputs[0].Contributor.Name != "甲运营机构" {
			t.Fatalf("the draft reads %+v", drafted.ProductDraft)
		}
		var revised struct{ ProductRevise payload }
		if errs, _ := h.do(t, ctx, "mutation($id: ID!, $in: ProductReviseInput!) { productRevise(id: $id, input: $in) "+fields+" }",
			map[string]any{"id": p.ID, "in": map[string]any{"nameEn": "Rain", "updateFrequency": nil}}, &revised); errs != nil {
			t.Fatal(errs)
		}
		if p := revised.ProductRevise.Product; p.Name != "降水" || p.NameEn != "Rain" || p.UpdateFrequency != nil || p.ContentNumber != 2 || len(p.Dictionary) != 1 {
			t.Errorf("the revision reads %+v", revised.ProductRevise)
		}
		var priced struct {
			PlanAdd struct {
				Plan   struct{ ID string }
				Errors []struct{ Code, Field string }
			}
			AllocationAgree struct {
				AllocationRule struct {
					Number int
					Parts  []struct{ Contributor struct{ Name string } }
				}
			}
		}
		if errs, _ := h.do(t, ctx, `mutation($id: ID!, $who: ID!) {
  planAdd(productId: $id, input: {name: "按次", mode: PER_CALL, scheme: FLAT, bands: [{rate: "0.002"}], termMonths: 12, trial: true}) { plan { id } errors { code field } }
  allocationAgree(productId: $id, input: {sourceDocument: "协议", parts: [{contributorId: $who, weight: 1, basis: "加工", channel: PROFIT}]}) { allocationRule { number parts { contributor { name } } } }
}`, map[string]any{"id": p.ID, "who": publicid.Encode(organisationID, operators[0])}, &priced); errs != nil {
			t.Fatal(errs)
		}
		if len(priced.PlanAdd.Errors) > 0 || priced.AllocationAgree.AllocationRule.Number != 1 || priced.AllocationAgree.AllocationRule.Parts[0].Contributor.Name == "" {
			t.Errorf("prices read %+v", priced)
		}

		const quote = `query($p: ID!, $pl: ID!) { quote(input: {productId: $p, planId: $pl, purpose: INDUSTRY, quantity: 1000}) {
  quotation { total { amount currency } vat { amount } reason lines { amount { amount } cap rule } quota { calls term { unit count } } trial } errors { code field } } }`
		var quoted struct {
			Quote struct {
				Quotation *struct {
					Total struct{ Amount string }
					Quota struct{ Calls *int64 }
				}
				Errors []struct{ Code, Field string }
			}
		}
		if errs, _ := h.do(t, ctx, quote, map[string]any{"p": p.ID, "pl": priced.PlanAdd.Plan.ID}, &quoted); errs != nil || quoted.Quote.Quotation != nil ||
			len(quoted.Quote.Errors) != 1 || quoted.Quote.Errors[0].Code != "PRODUCT_NOT_LISTED" {
			t.Errorf("the price of a draft reads %+v, %v", quoted.Quote, errs)
		}
		plan, err := h.Store.Read().Plan.Query().Order(db.Asc("id")).FirstID(t.Context()) // the cheap one of the product that is listed
		if err != nil {
			t.Fatal(err)
		}
		if errs, _ := h.do(t, t.Context(), quote, map[string]any{"p": publicid.Encode(productID, ids[0]), "pl": publicid.Encode(planID, plan)}, &quoted); errs != nil ||
			quoted.Quote.Quotation == nil || quoted.Quote.Quotation.Total.Amount != "2.00" || *quoted.Quote.Quotation.Quota.Calls != 1000 {
			t.Errorf("a price reads %+v, %v", quoted.Quote, errs)
		}
	})
}

func (h *harness) person(t *testing.T) (id uuid.UUID) {
	t.Helper()
	err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.Person.Create().SetCreatedAt(tx.Now()).SetEmail("p@test.example").SetDisplayName("p").SetPasswordHash("-").Save(ctx)
		if err == nil {
			id = p.ID
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
