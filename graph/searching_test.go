package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/search"
	"gongshu/search/inverted"
)

// away is an index that does not answer. It tells where a text matches all the same: that asks nobody.
type away struct{ *inverted.Index }

var errAway = errors.New("the index is away")

func (away) Search(context.Context, search.Query) (search.Result, error) {
	return search.Result{}, errAway
}

func (away) Suggest(context.Context, string, int) ([]search.Suggestion, error) { return nil, errAway }

// without runs something while neither index answers.
func (h *harness) without(do func()) {
	products, resources := h.Search.Products, h.Search.Resources
	h.Search.Products, h.Search.Resources = away{products.(*inverted.Index)}, away{resources.(*inverted.Index)}
	do()
	h.Search.Products, h.Search.Resources = products, resources
}

type match struct {
	Field  string
	Pieces []string
}

// text joins the pieces, and those that match.
func (m match) text() (all string, matching []string) {
	for i, piece := range m.Pieces {
		all += piece
		if i%2 == 1 {
			matching = append(matching, piece)
		}
	}
	return all, matching
}

type found struct {
	TotalCount int
	Corrected  *string
	Dropped    []string
	IsReduced  bool
	PageInfo   struct {
		HasNextPage bool
		EndCursor   *string
	}
	Edges []struct {
		Cursor  string
		Node    struct{ ID, Name string }
		Matches []match
	}
	Facets []struct {
		Name   string
		Values []struct {
			Value, Label, LabelEn string
			Count                 int
		}
	}
}

func (f found) names() (names []string) {
	for _, edge := range f.Edges {
		names = append(names, edge.Node.Name)
	}
	slices.Sort(names)
	return names
}

// find asks for products or published resources.
func (h *harness) find(t *testing.T, as context.Context, list, arguments, fields string) (f found, statements int64) {
	t.Helper()
	var out map[string]found
	errs, statements := h.do(t, as, fmt.Sprintf("{ %s(%s) { %s } }", list, arguments, fields), nil, &out)
	if errs != nil {
		t.Fatalf("%s(%s) answers %v", list, arguments, errs)
	}
	return out[list], statements
}

const wholePage = `totalCount corrected dropped isReduced pageInfo { hasNextPage endCursor }
  edges { cursor node { id name } matches { field pieces } } facets { name values { value label labelEn count } }`

// change changes the row of a product and tells nobody.
func (h *harness) change(t *testing.T, id uuid.UUID, change func(*db.ProductUpdateOne)) {
	t.Helper()
	err := h.Store.InTx(store.AsSystem(context.Background()), func(ctx context.Context, tx *store.Tx) error {
		u := tx.Product.UpdateOneID(id)
		change(u)
		return u.Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnIndexThatIsBehindShowsNothingThatLeftTheMarket(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		ids, operators := h.lay(t, 5)
		operator := access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: operators[1], Verified: true,
			Parties: []access.Party{access.Operator}, Roles: []access.Role{access.Publisher}})
		agency := access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: uuid.New(), Verified: true,
			Parties: []access.Party{access.ImplementingAgency}, Roles: []access.Role{access.Approver}})
		for i, status := range []authorisation.ProductStatus{authorisation.ProductDraft, authorisation.ProductSuspended, authorisation.ProductRetired} {
			h.change(t, ids[i], func(u *db.ProductUpdateOne) { u.SetStatus(status).SetDescription("不可示人") })
			for who, as := range map[string]context.Context{"a stranger": t.Context(), "its operator": operator, "the agency": agency} {
				for _, arguments := range []string{`query: "降水"`, `query: "降水观测"`, "orderBy: NEWEST", "first: 2"} {
					seen := map[string]bool{}
					after := ""
					for pages := 0; pages < 10; pages++ {
						page, _ := h.find(t, as, "products", arguments+after, wholePage)
						for _, edge := range page.Edges {
							seen[edge.Node.ID] = true
							if said, _ := json.Marshal(edge); strings.Contains(string(said), "不可示人") {
								t.Errorf("%s reads %s", who, said)
							}
							if strings.Contains(arguments, "query") && len(edge.Matches) == 0 {
								t.Errorf("%s sees no match of %s", who, edge.Node.Name)
							}
						}
						if !page.PageInfo.HasNextPage {
							break
						}
						after = fmt.Sprintf(", after: %q", *page.PageInfo.EndCursor)
					}
					for n, id := range ids {
						if seen[publicid.Encode(productID, id)] != (n > i) {
							t.Errorf("after %d left, %s with %s sees product %d: %t", i+1, who, arguments, n, n <= i)
						}
					}
				}
			}
		}
	})
}

func TestWhatWasFoundInsteadAndWhereIsSaid(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		ids, _ := h.lay(t, 6)
		long := strings.Repeat("各站逐日观测，", 40) + "其中包括极光强度，" + strings.Repeat("以及其他要素，", 40)
		h.change(t, ids[0], func(u *db.ProductUpdateOne) { u.SetDescription(long) })
		if err := h.SearchRebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if f, _ := h.find(t, t.Context(), "products", `query: "rianfall"`, wholePage); f.Corrected == nil || !strings.EqualFold(*f.Corrected, "rainfall") || len(f.Edges) != 6 {
			t.Errorf("mistyped it finds %d, corrected %v", len(f.Edges), f.Corrected)
		}
		if f, _ := h.find(t, t.Context(), "products", `query: "rianfall"`, "corrected"); f.Corrected == nil {
			t.Error("asked for alone, corrected is not said")
		}
		if f, _ := h.find(t, t.Context(), "products", `query: "降水 接口"`, wholePage); !slices.Equal(f.Dropped, []string{"接口"}) || len(f.Edges) != 6 {
			t.Errorf("with a word that nothing has it finds %d, dropped %v", len(f.Edges), f.Dropped)
		}
		f, _ := h.find(t, t.Context(), "products", `query: "降水观测"`, wholePage)
		if f.Corrected != nil || len(f.Dropped) > 0 || f.IsReduced || len(f.Edges) != 6 {
			t.Errorf("typed rightly it says corrected %v, dropped %v, reduced %t", f.Corrected, f.Dropped, f.IsReduced)
		}
		for _, edge := range f.Edges {
			if len(edge.Matches) == 0 || edge.Matches[0].Field != "NAME" {
				t.Fatalf("%s matches at %v", edge.Node.Name, edge.Matches)
			}
			all, matching := edge.Matches[0].text()
			if all != edge.Node.Name || strings.Join(matching, "") != "降水观测" {
				t.Errorf("of %s the pieces are %q, and %q match", edge.Node.Name, all, matching)
			}
		}
		f, _ = h.find(t, t.Context(), "products", `query: "极光强度"`, wholePage)
		if len(f.Edges) != 1 || len(f.Edges[0].Matches) != 1 || f.Edges[0].Matches[0].Field != "DESCRIPTION" {
			t.Fatalf("a word of a description gives %+v", f.Edges)
		}
		all, matching := f.Edges[0].Matches[0].text()
		inner, before := strings.CutPrefix(all, "…")
		inner, after := strings.CutSuffix(inner, "…")
		if !before || !after || !strings.Contains(long, inner) || utf8.RuneCountInString(inner) != excerptLength || strings.Join(matching, "") != "极光强度" {
			t.Errorf("of a long text %q is shown, and %q match", all, matching)
		}
		if f, _ := h.find(t, t.Context(), "products", `query: "  "`, wholePage); len(f.Edges) != 6 || len(f.Edges[0].Matches) > 0 {
			t.Errorf("a blank text matches %+v", f.Edges)
		}
		h.without(func() {
			f, _ := h.find(t, t.Context(), "products", `query: "极光强度"`, wholePage)
			if !f.IsReduced || len(f.Edges) != 1 || len(f.Edges[0].Matches) != 1 || len(f.Facets) > 0 || f.TotalCount > 0 || f.Corrected != nil || len(f.Dropped) > 0 {
				t.Errorf("without an index it says %+v", f)
			}
			if f, _ := h.find(t, t.Context(), "publishedResources", `query: "资源1"`, wholePage); !f.IsReduced || !slices.Equal(f.names(), []string{"资源1"}) {
				t.Errorf("without an index it finds %v, reduced %t", f.names(), f.IsReduced)
			}
		})
	})
}

func TestPublishedResourcesAreFoundCountedAndPaged(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		h.lay(t, 0)
		f, statements := h.find(t, t.Context(), "publishedResources", "first: 4", wholePage)
		if f.TotalCount != 10 || len(f.Edges) != 4 || !f.PageInfo.HasNextPage || f.IsReduced {
			t.Errorf("a page says %d of %d, more %t, reduced %t", len(f.Edges), f.TotalCount, f.PageInfo.HasNextPage, f.IsReduced)
		}
		if statements > 3 { // resources, domains, organisations
			t.Errorf("it takes %d statements", statements)
		}
		var names []string
		for _, facet := range f.Facets {
			names = append(names, facet.Name)
			for _, value := range facet.Values {
				if value.Label == "" || value.Count < 1 {
					t.Errorf("a value of %s is %+v", facet.Name, value)
				}
			}
		}
		if !slices.Equal(names, []string{"DOMAIN", "SOURCE_UNIT", "UPDATE_FREQUENCY"}) || len(f.Facets[0].Values) != 2 || f.Facets[0].Values[0].Count != 5 || len(f.Facets[1].Values) != 10 {
			t.Errorf("its facets are %+v", f.Facets)
		}
		seen, after := f.names(), *f.PageInfo.EndCursor
		for f.PageInfo.HasNextPage {
			f, _ = h.find(t, t.Context(), "publishedResources", fmt.Sprintf("first: 4, after: %q", after), wholePage)
			seen, after = append(seen, f.names()...), *f.PageInfo.EndCursor
		}
		if slices.Sort(seen); len(slices.Compact(seen)) != 10 {
			t.Errorf("on all pages are %v", seen)
		}
		domain := f.Facets[0].Values[0].Value
		if f, _ := h.find(t, t.Context(), "publishedResources", fmt.Sprintf("filter: { domainIds: [%q] }", domain), wholePage); f.TotalCount != 5 || len(f.Facets[0].Values) != 2 {
			t.Errorf("in a domain are %d, beside %d", f.TotalCount, len(f.Facets[0].Values))
		}
		if f, _ := h.find(t, t.Context(), "publishedResources", `query: "数源单位3"`, wholePage); len(f.Edges) != 1 || !slices.ContainsFunc(f.Edges[0].Matches, func(m match) bool { return m.Field == "ORIGIN" }) {
			t.Errorf("by its source unit %+v is found", f.Edges)
		}
	})
}

func TestAPageWithMatchesTakesAsManyStatementsWhateverItsSize(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		h.lay(t, 120)
		var counts []int64
		for _, first := range []int{1, 20, 100} {
			f, statements := h.find(t, t.Context(), "products", fmt.Sprintf(`query: "降水", first: %d`, first), wholePage)
			if len(f.Edges) != first || len(f.Edges[first-1].Matches) == 0 {
				t.Fatalf("a page of %d has %d", first, len(f.Edges))
			}
			counts = append(counts, statements)
		}
		if counts[0] != counts[1] || counts[1] != counts[2] || counts[2] > 12 {
			t.Errorf("pages of 1, 20 and 100 take %v statements", counts)
		}
	})
}

// try asks whatever it is, and returns the codes of the errors; what the document is refused for is REFUSED.
func (h *harness) try(ctx context.Context, document string, variables map[string]any) (codes []string) {
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := h.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if errs != nil {
		return []string{"REFUSED"}
	}
	respond, ctx := h.exec.DispatchOperation(ctx, operation)
	for _, err := range respond(ctx).Errors {
		code, _, _ := strings.Cut(err.Message, ":")
		codes = append(codes, code)
	}
	return codes
}

func TestNoInputBreaksTheSearch(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		h.lay(t, 3)
		cursorOf := func(arguments string) string {
			f, _ := h.find(t, t.Context(), "products", arguments, wholePage)
			return f.Edges[0].Cursor
		}
		newest := cursorOf("orderBy: NEWEST, first: 1")
		var listed string
		h.without(func() { listed = cursorOf("orderBy: NEWEST, first: 1") })
		organisation, other, rubbish := publicid.Encode(organisationID, uuid.New()), publicid.Encode(productID, uuid.New()), "org_'; DROP TABLE products; --"
		for _, row := range []struct {
			variables map[string]any
			want      string // "" for an answer
		}{
			{map[string]any{"q": strings.Repeat("水", 10_000)}, "SEARCH_TEXT_TOO_LONG"},
			{map[string]any{"q": strings.Repeat("水", 201)}, "SEARCH_TEXT_TOO_LONG"},
			{map[string]any{"q": strings.Repeat("a ", 100)}, ""},
			{map[string]any{"q": strings.Repeat(`-"`, 100)}, ""},
			{map[string]any{"q": "!?！？…—《》"}, ""},
			{map[string]any{"q": `"降水`}, ""}, {map[string]any{"q": `降水"`}, ""}, {map[string]any{"q": `""`}, ""}, {map[string]any{"q": `"""`}, ""},
			{map[string]any{"q": "-"}, ""}, {map[string]any{"q": "--"}, ""}, {map[string]any{"q": "-降水"}, ""}, {map[string]any{"q": `-"降水`}, ""}, {map[string]any{"q": `- "`}, ""},
			{map[string]any{"q": "降\x00水"}, ""}, {map[string]any{"q": "\x00"}, ""}, {map[string]any{"q": "\ufffd\ufffd"}, ""}, {map[string]any{"q": "\u202e降水\u200b"}, ""},
			{map[string]any{"q": "👩‍👩‍👧‍👦 \u0301\u0301"}, ""}, {map[string]any{"q": "%' OR 1=1 --_"}, ""}, {map[string]any{"q": `\`}, ""},
			{map[string]any{"f": map[string]any{"operatorIds": []string{organisation}}}, ""},
			{map[string]any{"f": map[string]any{"operatorIds": []string{other}}}, "NOT_FOUND"},
			{map[string]any{"f": map[string]any{"operatorIds": []string{rubbish, "\x00"}}}, "NOT_FOUND"},
			{map[string]any{"f": map[string]any{"sourceUnitIds": []string{""}}}, "NOT_FOUND"},
			{map[string]any{"f": map[string]any{"domainIds": []string{strings.Repeat("dom_", 1000)}}}, "NOT_FOUND"},
			{map[string]any{"f": map[string]any{"deliveries": []string{"PIGEON"}}}, "REFUSED"},
			{map[string]any{"f": map[string]any{"updateFrequencies": []string{"'"}}}, "REFUSED"},
			{map[string]any{"o": "BY_MAGIC"}, "REFUSED"}, {map[string]any{"o": "DATABASE"}, "REFUSED"},
			{map[string]any{"n": 100_000}, "FIRST_OUT_OF_RANGE"}, {map[string]any{"n": -1}, "FIRST_OUT_OF_RANGE"}, {map[string]any{"n": 0}, "FIRST_OUT_OF_RANGE"},
			{map[string]any{"n": 1 << 40}, "FIRST_OUT_OF_RANGE"},
			{map[string]any{"after": "rubbish"}, "CURSOR_INVALID"}, {map[string]any{"after": "\x00"}, "CURSOR_INVALID"},
			{map[string]any{"after": strings.Repeat("A", 100_000)}, "CURSOR_INVALID"}, {map[string]any{"after": "bnVsbA"}, "CURSOR_INVALID"},
			{map[string]any{"after": newest[:len(newest)-2]}, "CURSOR_INVALID"}, {map[string]any{"after": newest, "q": "降水"}, "CURSOR_INVALID"},
			{map[string]any{"after": newest, "o": "QUALITY"}, "CURSOR_INVALID"}, {map[string]any{"after": newest}, "CURSOR_INVALID"},
		} {
			ask := func(how string) {
				t.Helper()
				for list, types := range map[string][2]string{"products": {"ProductFilter", "ProductOrder"}, "publishedResources": {"PublishedResourceFilter", "ResourceOrder"}} {
					if _, filters := row.variables["f"]; filters && list != "products" {
						continue
					}
					document := fmt.Sprintf(`query($q: String, $f: %s, $o: %s, $n: Int, $after: String) { %s(query: $q, filter: $f, orderBy: $o, first: $n, after: $after) { %s } }`,
						types[0], types[1], list, wholePage)
					codes := h.try(t.Context(), document, row.variables)
					if row.want == "" && codes != nil || row.want != "" && !slices.Contains(codes, row.want) {
						t.Errorf("%s, %s answers %.80v with %v and not %q", how, list, row.variables, codes, row.want)
					}
				}
			}
			ask("with an index")
			h.without(func() { ask("without one") })
			if text, ok := row.variables["q"]; ok {
				codes := h.try(t.Context(), `query($q: String!) { suggestions(prefix: $q, first: 20) { text } }`, map[string]any{"q": text})
				if len(codes) > 0 && !slices.Equal(codes, []string{"SEARCH_TEXT_TOO_LONG"}) {
					t.Errorf("a suggestion for %.80v answers %v", text, codes)
				}
			}
		}
		// A cursor of the one is none of the other.
		const paged = `query($after: String) { products(orderBy: NEWEST, first: 1, after: $after) { edges { cursor } } }`
		if codes := h.try(t.Context(), paged, map[string]any{"after": listed}); !slices.Equal(codes, []string{"CURSOR_INVALID"}) {
			t.Errorf("the index takes a cursor of the database: %v", codes)
		}
		h.without(func() {
			if codes := h.try(t.Context(), paged, map[string]any{"after": newest}); !slices.Equal(codes, []string{"CURSOR_INVALID"}) {
				t.Errorf("the database takes a cursor of the index: %v", codes)
			}
			if codes := h.try(t.Context(), paged, map[string]any{"after": listed}); codes != nil {
				t.Errorf("the database does not take its own cursor: %v", codes)
			}
		})
		for _, n := range []int{-1, 21, 100_000} {
			if codes := h.try(t.Context(), `query($n: Int) { suggestions(prefix: "降", first: $n) { text } }`, map[string]any{"n": n}); !slices.Equal(codes, []string{"FIRST_OUT_OF_RANGE"}) {
				t.Errorf("%d suggestions answer %v", n, codes)
			}
		}
		if n, err := h.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).Count(t.Context()); err != nil || n != 3 {
			t.Error(n, err)
		}
	})
}

// The groups of synonyms come page by page, the newest first, and of a part of a word those that have such a word: as it is
// written, whatever signs are in it.
func TestSynonymsComePageByPage(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		agency := access.With(t.Context(), access.Viewer{PersonID: uuid.Must(uuid.NewV7()), OrganisationID: uuid.Must(uuid.NewV7()), Verified: true,
			Parties: []access.Party{access.ImplementingAgency}, Roles: []access.Role{access.Approver}})
		err := h.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			if _, err := tx.SynonymGroup.Delete().Exec(ctx); err != nil {
				return err
			}
			for n := range 45 {
				if _, err := tx.AddSynonyms(ctx, []string{fmt.Sprintf("词%02d", n), "Word " + strconv.Itoa(n)}); err != nil {
					return err
				}
			}
			_, err := tx.AddSynonyms(ctx, []string{"R&D", `a"b\c`, "研发"}, []string{"50%", "half_way"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ask := func(query string, first int) (words []string, pages int) {
			t.Helper()
			for variables := map[string]any{"q": query, "n": first}; ; pages++ {
				var out struct {
					SynonymGroups struct {
						Edges    []struct{ Node struct{ Words []string } }
						PageInfo struct {
							HasNextPage bool
							EndCursor   string
						}
					}
				}
				errs, _ := h.do(t, agency, `query($q: String, $n: Int, $a: String) { synonymGroups(query: $q, first: $n, after: $a) { edges { node { words } } pageInfo { hasNextPage endCursor } } }`, variables, &out)
				if len(errs) > 0 {
					t.Fatal(errs)
				}
				for _, e := range out.SynonymGroups.Edges {
					words = append(words, e.Node.Words[0])
				}
				if variables["a"] = out.SynonymGroups.PageInfo.EndCursor; !out.SynonymGroups.PageInfo.HasNextPage {
					return words, pages + 1
				}
			}
		}
		if words, pages := ask(" ", 20); pages != 3 || len(words) != 47 || words[0] != "50%" || words[46] != "词00" {
			t.Errorf("on %d pages there are %v", pages, words)
		}
		if errs, _ := h.do(t, agency, `query($q: String) { synonymGroups(query: $q) { pageInfo { hasNextPage } } }`, map[string]any{"q": strings.Repeat("词", 201)}, nil); len(errs) != 1 ||
			!strings.HasPrefix(errs[0].Message, "SEARCH_TEXT_TOO_LONG") {
			t.Errorf("a text that is too long is answered %v", errs)
		}
		for query, want := range map[string]int{
			"词1": 10, "wORD 1": 11, "词": 45, "r&d": 1, `"b\`: 1, "%": 1, "_": 1, "half_": 1, "halfxway": 0, `","`: 0, "研": 1,
		} {
			if words, _ := ask(query, 100); len(words) != want {
				t.Errorf("%q has %v", query, words)
			}
		}
	})
}
