package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/ent/db/product"
	"gongshu/graph/generated"
	"gongshu/graph/records"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/demo"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
	"gongshu/search/inverted"
)

// recorded is the demo market, asked with records and without.
type recorded struct {
	*market.Market
	schema      *ast.Schema
	with, plain *executor.Executor
	keeper      *records.Keeper
	// fast and slow count what was answered from records, and what was not though it could have been.
	fast, slow int
}

func eachRecorded(t *testing.T, run func(t *testing.T, r *recorded)) {
	t.Helper()
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	open := func(url string) (*market.Market, error) {
		s, err := store.Open(context.Background(), url, func() time.Time { return time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC) })
		return &market.Market{Store: s, Blobs: blobs, Search: &market.Searching{Products: inverted.Memory(), Resources: inverted.Memory()}}, err
	}
	prepare := func(url string) error {
		m, err := open(url)
		if err != nil {
			return err
		}
		defer m.Store.Close()
		if _, err := m.Store.Migrate(context.Background()); err != nil {
			return err
		}
		if _, err := m.LoadPolicies(context.Background()); err != nil {
			return err
		}
		return demo.Load(context.Background(), m, 1, func(string) {})
	}
	testdb.TemplateEach(t, "recorded", prepare, func(t *testing.T, url string) {
		m, err := open(url)
		if err != nil {
			t.Fatal(err)
		}
		s := m.Store
		t.Cleanup(func() { s.Close() })
		if err := m.SearchPrepare(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		resolver := &Resolver{Store: s, Market: m, Sessions: sessionless{m}}
		schema := generated.NewExecutableSchema(generated.Config{Resolvers: resolver})
		execute := func(of graphql.ExecutableSchema) *executor.Executor {
			exec := executor.New(of)
			exec.SetQueryCache(lru.New[*ast.QueryDocument](100)) // an operation is the same when it is asked again
			exec.AroundFields(Legible(schema.Schema()))
			exec.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
				return &gqlerror.Error{Message: fmt.Sprintf("%s: %v", fault.CodeOf(err), err), Path: graphql.GetPath(ctx)}
			})
			exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
				return next(WithLoaders(ctx, s))
			})
			return exec
		}
		r := &recorded{Market: m, schema: schema.Schema(), plain: execute(schema)}
		shape, err := records.ShapeOf(schema.Schema())
		if err != nil {
			t.Fatal(err)
		}
		maker := records.NewMaker(execute(schema), RecordPrefixes)
		r.with = execute(records.Wrap(schema, shape, PublicReads(resolver, shape), maker, func(fromRecords bool) {
			if fromRecords {
				r.fast++
			} else {
				r.slow++
			}
		}))
		r.keeper = &records.Keeper{Store: s, Maker: maker, Shape: shape}
		r.fill(t)
		run(t, r)
	})
}

func (r *recorded) fill(t *testing.T) {
	t.Helper()
	if err := r.keeper.Fill(t.Context(), true); err != nil {
		t.Fatal(err)
	}
}

// ask executes a document; refused documents have no data.
func ask(t *testing.T, ctx context.Context, exec *executor.Executor, document string, variables map[string]any) (data string, errs []string) {
	t.Helper()
	ctx = graphql.StartOperationTrace(ctx)
	operation, refused := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if refused != nil {
		return "", []string{refused.Error()}
	}
	respond, ctx := exec.DispatchOperation(ctx, operation)
	response := respond(ctx)
	for _, e := range response.Errors {
		errs = append(errs, e.Path.String()+" "+e.Message)
	}
	slices.Sort(errs)
	return string(response.Data), errs
}

// same asks with records and without, and compares.
func (r *recorded) same(t *testing.T, ctx context.Context, document string, variables map[string]any) {
	t.Helper()
	want, wantErrs := ask(t, ctx, r.plain, document, variables)
	got, gotErrs := ask(t, ctx, r.with, document, variables)
	if got != want || !slices.Equal(gotErrs, wantErrs) {
		t.Fatalf("%s\n%v\nfrom records %s %v\nby resolvers %s %v", document, variables, got, gotErrs, want, wantErrs)
	}
}

const cardDocument = `query Card($after: String, $text: String, $with: Boolean = true) {
  products(query: $text, first: 5, after: $after) {
    totalCount corrected dropped near isReduced
    edges { cursor node { ...card } matches { field pieces } }
    facets { name values { value label labelEn count } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment card on Product {
  __typename id title: name nameEn description listedAt updateFrequency sample
  operator { id name ... on Node { id } } domain { id name industryAuthority { name } }
  plans @include(if: $with) { id headline { amount units from } tariff { bands { upTo rate } variants { class bands { rate } } minimum { amount } } }
  resources { id name sourceUnit { id name } items { name resource { id } } }
  items { name grade } caps { rate authority { name } } dataset { number egress { tau } } dictionary { name label type }
}`

func TestPublicReadsAreAnsweredFromRecords(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		for _, text := range []any{nil, "公交", "gongjiao", "没有这样的东西"} {
			r.same(t, t.Context(), cardDocument, map[string]any{"text": text, "with": text == nil})
		}
		if r.fast != 4 || r.slow != 0 {
			t.Errorf("%d were answered from records, %d not", r.fast, r.slow)
		}
		ctx, statements := store.CountStatements(graphql.StartOperationTrace(t.Context()))
		ask(t, ctx, r.with, cardDocument, nil)
		if n := statements.Count(); n != 1 {
			t.Errorf("a page takes %d statements", n)
		}
		// What is private, or of who sees more, is answered by the resolvers.
		r.same(t, t.Context(), `{ products(first: 1) { edges { node { id canList } } } }`, nil)
		if r.fast != 5 {
			t.Errorf("%d were answered from records", r.fast)
		}
	})
}

// A product that leaves the market is in no answer from then on, whatever follows later.
func TestWhatChangesIsNotAnsweredFromOldRecords(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		system := store.AsSystem(t.Context())
		one := r.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).FirstX(system)
		document, variables := `query ($id: ID!) { product(id: $id) { id name operator { name } plans { name } } }`, map[string]any{"id": publicid.Encode(productID, one.ID)}
		r.same(t, t.Context(), document, variables)
		for _, row := range []struct {
			name   string
			change func(ctx context.Context, tx *store.Tx) error
		}{
			{"the product", func(ctx context.Context, tx *store.Tx) error {
				return tx.Product.UpdateOneID(one.ID).SetName("改名").Exec(ctx)
			}},
			{"its operator", func(ctx context.Context, tx *store.Tx) error {
				return tx.Organisation.UpdateOneID(one.OperatorID).SetName("改名机构").Exec(ctx)
			}},
			{"what leaves", func(ctx context.Context, tx *store.Tx) error {
				return tx.Product.UpdateOneID(one.ID).SetStatus(authorisation.ProductSuspended).Exec(ctx)
			}},
			{"what comes back", func(ctx context.Context, tx *store.Tx) error {
				return tx.Product.UpdateOneID(one.ID).SetStatus(authorisation.ProductListed).Exec(ctx)
			}},
		} {
			t.Run(row.name, func(t *testing.T) {
				if err := r.Store.InTx(system, row.change); err != nil {
					t.Fatal(err)
				}
				r.same(t, t.Context(), document, variables)
				r.same(t, t.Context(), cardDocument, nil)
				r.fill(t)
				before := r.fast
				r.same(t, t.Context(), document, variables)
				r.same(t, t.Context(), cardDocument, nil)
				if row.name != "what leaves" && r.fast != before+2 {
					t.Errorf("%d of 2 were answered from records after they were made anew", r.fast-before)
				}
			})
		}
	})
}

// A record that was read before a change is not saved after it.
func TestARecordOfBeforeIsNotSavedAfter(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		system := store.AsSystem(t.Context())
		one := r.Store.Read().Product.Query().FirstX(system)
		change := func() {
			t.Helper()
			if err := r.Store.InTx(system, func(ctx context.Context, tx *store.Tx) error {
				return tx.Product.UpdateOneID(one.ID).SetName(uuid.NewString()).Exec(ctx)
			}); err != nil {
				t.Fatal(err)
			}
		}
		change()
		toMake := func() []store.ProductRecord {
			t.Helper()
			records, err := r.Store.ProductRecordsToMake(t.Context(), r.keeper.Shape.Number, uuid.Nil, 10, false)
			if err != nil || len(records) != 1 || records[0].ID != one.ID {
				t.Fatalf("to be made are %v, %v", records, err)
			}
			return records
		}
		before := toMake()
		change()
		before[0].Body = []byte("old")
		if err := r.Store.SaveProductRecords(t.Context(), r.keeper.Shape.Number, before); err != nil {
			t.Fatal(err)
		}
		if after := toMake(); after[0].Revision <= before[0].Revision {
			t.Errorf("the revision was %d and is %d", before[0].Revision, after[0].Revision)
		}
	})
}

// Any operation is answered the same with records and without, while products change: twice, with other values of what is skipped by: GONGSHU_CAMPAIGN=full
// asks 20,000.
func TestRecordsAnswerWhatResolversDo(t *testing.T) {
	rounds := 750
	if os.Getenv("GONGSHU_CAMPAIGN") == "full" {
		rounds = 10000
	}
	eachRecorded(t, func(t *testing.T, r *recorded) {
		random := rand.New(rand.NewPCG(20261129, 1))
		g := &drawnQuery{Rand: random, schema: r.schema}
		system := store.AsSystem(t.Context())
		for _, id := range r.Store.Read().Product.Query().IDsX(system) {
			g.products = append(g.products, publicid.Encode(productID, id))
		}
		for _, d := range r.Store.Read().Domain.Query().AllX(system) {
			g.domains = append(g.domains, publicid.Encode(domainID, d.ID))
		}
		buyer := access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: uuid.New(), Verified: true, Parties: []access.Party{access.Buyer}, Roles: []access.Role{access.BuyerRole}})
		operator := r.Store.Read().Product.Query().FirstX(system).OperatorID
		owner := access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: operator, Verified: true, Parties: []access.Party{access.Operator}, Roles: []access.Role{access.Publisher}})
		for range rounds {
			if random.IntN(10) == 0 {
				r.change(t, random)
			}
			if random.IntN(4) == 0 {
				r.fill(t)
			}
			ctx := []context.Context{t.Context(), t.Context(), t.Context(), buyer, owner}[random.IntN(5)]
			document, variables := g.operation()
			r.same(t, ctx, document, variables)
			for name, value := range variables { // other values decide what is skipped
				if is, ok := value.(bool); ok {
					variables[name] = !is
				}
			}
			r.same(t, ctx, document, variables)
		}
		t.Logf("%d of %d operations were answered from records", r.fast, 2*rounds)
		if r.fast < 2*rounds/5 {
			t.Errorf("%d of %d operations were answered from records: that shows little", r.fast, 2*rounds)
		}
	})
}

// change changes something that shows, as some act of the market does, past the rules of when it may.
func (r *recorded) change(t *testing.T, random *rand.Rand) {
	t.Helper()
	system := store.AsSystem(t.Context())
	c := r.Store.Read()
	name := fmt.Sprintf("改名%d", random.IntN(1000))
	pick := func(ids []uuid.UUID) uuid.UUID { return ids[random.IntN(len(ids))] }
	products, resources := c.Product.Query().IDsX(system), c.Resource.Query().IDsX(system)
	err := r.Store.InTx(system, func(ctx context.Context, tx *store.Tx) error {
		switch random.IntN(8) {
		case 0:
			return tx.Product.UpdateOneID(pick(products)).SetName(name).SetDescription(`引号"和\n` + name + "\u2028<b>").Exec(ctx)
		case 1:
			to := []authorisation.ProductStatus{authorisation.ProductListed, authorisation.ProductSuspended}[random.IntN(2)]
			return tx.Product.UpdateOneID(pick(products)).SetStatus(to).Exec(ctx)
		case 2:
			return tx.Organisation.UpdateOneID(tx.Product.GetX(ctx, pick(products)).OperatorID).SetNameEn(name).Exec(ctx)
		case 3:
			return tx.Domain.UpdateOneID(pick(tx.Domain.Query().IDsX(ctx))).SetNameEn(name).Exec(ctx)
		case 4:
			return tx.Resource.UpdateOneID(pick(resources)).SetName(name).Exec(ctx)
		case 5:
			return tx.DataItem.UpdateOneID(pick(tx.DataItem.Query().IDsX(ctx))).SetNameEn(name).Exec(ctx)
		case 6:
			return tx.Plan.UpdateOneID(pick(tx.Plan.Query().IDsX(ctx))).SetName(name).Exec(ctx)
		default:
			to := []authorisation.ResourceStatus{authorisation.ResourcePublished, authorisation.ResourceSuspended}[random.IntN(2)]
			return tx.Resource.UpdateOneID(pick(resources)).SetStatus(to).Exec(ctx)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// drawnQuery draws operations.
type drawnQuery struct {
	*rand.Rand
	schema            *ast.Schema
	products, domains []string
	fragments         []string
	variables         map[string]any
	declared          []string
}

func (g *drawnQuery) operation() (string, map[string]any) {
	g.fragments, g.variables, g.declared = nil, map[string]any{}, nil
	var fields []string
	for range 1 + g.IntN(2) {
		fields = append(fields, fmt.Sprintf("f%d: %s", len(fields), g.root()))
	}
	head := "query"
	if len(g.declared) > 0 {
		head += " (" + strings.Join(g.declared, ", ") + ")"
	}
	return head + " { " + strings.Join(fields, " ") + " } " + strings.Join(g.fragments, " "), g.variables
}

func (g *drawnQuery) root() string {
	switch g.IntN(8) {
	case 0, 1:
		id := g.products[g.IntN(len(g.products))]
		switch g.IntN(8) {
		case 0:
			id = "prd_00000000000000000000000001"
		case 1:
			id = "none"
		}
		return fmt.Sprintf("product(id: %s) %s", g.value("ID!", id), g.selection("Product", 4))
	case 2:
		return "domains " + g.selection("Domain", 2)
	default:
		var args []string
		if g.IntN(2) == 0 {
			args = append(args, "query: "+g.value("String", []string{"公交", "企业信用", "gj", "数据 -公交", `"企业`, "xyzzy", ""}[g.IntN(7)]))
		}
		if g.IntN(2) == 0 {
			args = append(args, "first: "+g.value("Int", []int{1, 3, 20, 0, 500}[g.IntN(5)]))
		}
		if g.IntN(4) == 0 {
			args = append(args, fmt.Sprintf("filter: {domainIds: [%s], deliveries: [API]}", g.value("ID!", g.domains[g.IntN(len(g.domains))])))
		}
		if g.IntN(4) == 0 {
			args = append(args, "orderBy: "+[]string{"NEWEST", "RELEVANCE", "QUALITY", "MOST_USED", "PRICE_LOW"}[g.IntN(5)])
		}
		if g.IntN(6) == 0 {
			args = append(args, "after: "+g.value("String", []string{"", "x", "bm9uZQ"}[g.IntN(3)]))
		}
		head := "products"
		if len(args) > 0 {
			head += "(" + strings.Join(args, ", ") + ")"
		}
		return head + " " + g.selection("ProductConnection", 6)
	}
}

// value writes a value, by turns as it is, in a variable, or as null where there may be none.
func (g *drawnQuery) value(of string, value any) string {
	if g.IntN(10) == 0 && !strings.HasSuffix(of, "!") {
		return "null"
	}
	if g.IntN(2) == 0 {
		name := fmt.Sprintf("v%d", len(g.declared))
		g.declared = append(g.declared, "$"+name+": "+of)
		g.variables[name] = value
		return "$" + name
	}
	text, _ := json.Marshal(value)
	return string(text)
}

func (g *drawnQuery) directive() string {
	switch g.IntN(12) {
	case 0:
		return " @include(if: " + g.value("Boolean!", g.IntN(2) == 0) + ")"
	case 1:
		return " @skip(if: " + g.value("Boolean!", g.IntN(2) == 0) + ")"
	}
	return ""
}

// selection draws fields of a type: mostly public ones, now and then any.
func (g *drawnQuery) selection(name string, levels int) string {
	def := g.schema.Types[name]
	var out []string
	public := def.Directives.ForName("public") != nil
	for range 1 + g.IntN(6) {
		f := def.Fields[g.IntN(len(def.Fields))]
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		if !public && f.Directives.ForName("public") == nil && g.IntN(25) > 0 {
			continue
		}
		if slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil }) {
			continue
		}
		text := f.Name
		if g.IntN(3) == 0 {
			text = fmt.Sprintf("a%d_%s: %s", g.IntN(2), f.Name, f.Name)
		}
		text += g.directive()
		if of := g.schema.Types[f.Type.Name()]; of.IsCompositeType() {
			if levels == 0 || of.Kind != ast.Object {
				continue
			}
			text += " " + g.selection(of.Name, levels-1)
		}
		out = append(out, text)
	}
	if g.IntN(4) == 0 || len(out) == 0 {
		out = append(out, "__typename")
	}
	if g.IntN(5) == 0 {
		inner := "{ " + strings.Join(out, " ") + " }"
		on := name
		if len(def.Interfaces) > 0 && g.IntN(2) == 0 {
			on, inner = def.Interfaces[0], "{ id }"
			out = append(out, "... on "+on+" "+inner)
		} else if g.IntN(2) == 0 {
			fragment := fmt.Sprintf("g%d", len(g.fragments))
			g.fragments = append(g.fragments, "fragment "+fragment+" on "+on+" "+inner)
			out = []string{"..." + fragment + g.directive()}
		} else {
			out = []string{"... on " + on + g.directive() + " " + inner}
		}
	}
	return "{ " + strings.Join(out, " ") + " }"
}
