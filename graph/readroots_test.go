package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/ent/db"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/grantitem"
	"gongshu/ent/db/order"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/graph/generated"
	"gongshu/graph/records"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/demo"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
	"gongshu/pricing"
	"gongshu/search/inverted"
)

// recorded is the demo market, asked with records and without.
type recorded struct {
	*market.Market
	schema      *ast.Schema
	with, plain *executor.Executor
	// held is asked with records from memory, which follows the database when fill says so.
	held   *executor.Executor
	memory *records.Memory
	keeper *records.Keeper
	now    time.Time
	open   func(now func() time.Time) (*market.Market, error)
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
	began := time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)
	open := func(url string, now func() time.Time) (*market.Market, error) {
		s, err := store.Open(context.Background(), url, now)
		return &market.Market{Store: s, Blobs: blobs, Search: &market.Searching{Products: inverted.Memory(), Resources: inverted.Memory()}}, err
	}
	prepare := func(url string) error {
		m, err := open(url, func() time.Time { return began })
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
		r := serveRecorded(t, began, func(now func() time.Time) (*market.Market, error) { return open(url, now) })
		r.fill(t)
		run(t, r)
	})
}

// serveRecorded is a server on a market that is there.
func serveRecorded(t *testing.T, began time.Time, open func(now func() time.Time) (*market.Market, error)) *recorded {
	t.Helper()
	r := &recorded{now: began, open: open}
	m, err := open(func() time.Time { return r.now })
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
		exec.AroundFields(func(ctx context.Context, next graphql.Resolver) (any, error) { // nobody waits on
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			return next(ctx)
		})
		exec.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
			return &gqlerror.Error{Message: fmt.Sprintf("%s: %v", fault.CodeOf(err), err), Path: graphql.GetPath(ctx)}
		})
		exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			return next(WithLoaders(ctx, s))
		})
		return exec
	}
	r.Market, r.schema, r.plain = m, schema.Schema(), execute(schema)
	if r.keeper, err = Records(m); err != nil {
		t.Fatal(err)
	}
	from := func(source records.Source, counted func(fromRecords bool)) *executor.Executor {
		return execute(records.Wrap(schema, r.keeper.Shape, ReadRoots(resolver, r.keeper.Shape, source), r.keeper.Maker, 1<<20, counted))
	}
	r.with = from(s, func(fromRecords bool) {
		if fromRecords {
			r.fast++
		} else {
			r.slow++
		}
	})
	r.memory = records.NewMemory(s, r.keeper.Shape)
	r.held = from(r.memory, func(bool) {})
	return r
}

func (r *recorded) fill(t *testing.T) {
	t.Helper()
	if err := r.keeper.Fill(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if err := r.memory.Follow(t.Context()); err != nil {
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

// same asks with records, of the database and of memory, and without, and compares.
func (r *recorded) same(t *testing.T, ctx context.Context, document string, variables map[string]any) {
	t.Helper()
	want, wantErrs := ask(t, ctx, r.plain, document, variables)
	for name, exec := range map[string]*executor.Executor{"records": r.with, "memory": r.held} {
		got, gotErrs := ask(t, ctx, exec, document, variables)
		if got != want || !slices.Equal(gotErrs, wantErrs) {
			t.Fatalf("%s\n%v\nfrom %s %s %v\nby resolvers %s %v", document, variables, name, got, gotErrs, want, wantErrs)
		}
	}
}

const cardDocument = `query Card($first: Int = 5, $after: String, $text: String, $with: Boolean = true) {
  products(query: $text, first: $first, after: $after) {
    totalCount corrected dropped near isReduced
    edges { cursor node { ...card } matches { field pieces } }
    facets { name values { value label labelEn count } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment card on Product {
  __typename id title: name nameEn description listedAt updateFrequency sample
  operator { id name ... on Node { id } } domain { id name industryAuthority { name } }
  useOptions { purpose free granted }
  plans @include(if: $with) { id cap { id rate } headline { amount units from } tariff { bands { upTo rate } variants { class bands { rate } } minimum { amount } } }
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
		shared := r.fast
		resource := publicid.Encode(resourceID, r.Store.Read().Resource.Query().Where(resource.StatusEQ(authorisation.ResourcePublished)).FirstX(store.AsSystem(t.Context())).ID)
		r.same(t, t.Context(), `query ($id: ID!) {
  domains { id name industryAuthority { name } } resource(id: $id) { name items { name } sourceUnit { name } domain { name } }
  publishedResources(query: "公交") { totalCount edges { cursor node { id name sourceUnit { name } } matches { field pieces } } facets { name values { label count } } pageInfo { hasNextPage endCursor } }
}`, map[string]any{"id": resource})
		if r.fast != shared+1 {
			t.Error("resources and domains are not answered from records")
		}
		for _, query := range []string{"", "公交", "xyzzy"} {
			r.same(t, t.Context(), `query ($query: String) { priceList(query: $query, first: 3) { edges { cursor node { product { id name status } plans { id name headline { amount } } } } pageInfo { hasNextPage endCursor } }
  operators { edges { cursor node { id name nameEn } } pageInfo { hasNextPage endCursor } } }`, map[string]any{"query": query})
		}
		if r.fast != shared+4 {
			t.Error("the price list and the operators are not answered from records")
		}
		ctx, statements := store.CountStatements(graphql.StartOperationTrace(t.Context()))
		ask(t, ctx, r.with, cardDocument, nil)
		if n := statements.Count(); n != 1 {
			t.Errorf("a page takes %d statements", n)
		}
		if err := r.memory.Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, statements = store.CountStatements(graphql.StartOperationTrace(t.Context()))
		ask(t, ctx, r.held, cardDocument, nil)
		if n := statements.Count(); n != 0 {
			t.Errorf("a page from memory takes %d statements", n)
		}
		// What is private, or of who sees more, is answered by the resolvers.
		r.same(t, t.Context(), `{ products(first: 1) { edges { node { id canList } } } }`, nil)
		if r.fast != shared+5 {
			t.Errorf("%d were answered from records", r.fast)
		}
	})
}

// What is kept apart of products is read for those alone who ask for it.
func TestWholeRecordsAreReadForWhoAsksForThem(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		var whole []bool
		declines := func(_ context.Context, a records.Asked) (records.Answered, bool) {
			whole = append(whole, a.Whole)
			return records.Answered{}, false
		}
		resolver := &Resolver{Store: r.Store, Market: r.Market}
		exec := executor.New(records.Wrap(generated.NewExecutableSchema(generated.Config{Resolvers: resolver}), r.keeper.Shape, map[string]records.Root{
			"product": {Type: "Product", Do: declines}, "priceList": {Type: "PriceListConnection", Do: declines},
		}, r.keeper.Maker, 1<<20, func(bool) {}))
		exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			return next(WithLoaders(ctx, r.Store))
		})
		for document, want := range map[string]bool{
			`{ product(id: "prd_x") { id name description plans { name headline { amount } } resources { name items { name } } operator { name } } }`: false,
			`{ product(id: "prd_x") { id dictionary { name } } }`:                                                  true,
			`{ priceList { edges { node { product { name } plans { name } } } } }`:                                 false,
			`{ priceList { edges { node { product { ... on Node { id ... on Product { caps { rate } } } } } } } }`: true,
		} {
			whole = nil
			ask(t, t.Context(), exec, document, nil)
			if !slices.Equal(whole, []bool{want}) {
				t.Errorf("%s: read whole %v, want %t", document, whole, want)
			}
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

// What a day changes is answered by the resolvers from that day on, until it is made anew.
func TestRecordsEndWithTheirDay(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		system := store.AsSystem(t.Context())
		limit := r.Store.Read().PriceCap.Query().Where(pricecap.HasProductWith(product.StatusEQ(authorisation.ProductListed))).FirstX(system)
		p := r.Store.Read().Product.GetX(system, limit.ProductID)
		facts, err := r.Store.GateProducts(system, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		ends := facts[p.ID].Inputs[0].Grants[0].EndsOn
		from := authorisation.DayOf(r.now).AddDays(3)
		if err := r.Store.InTx(system, func(ctx context.Context, tx *store.Tx) error {
			return tx.PriceCap.Create().SetID(uuid.New()).SetCreatedAt(r.now).SetProductID(p.ID).SetMode(limit.Mode).SetRate("7").SetPeriodUnit(limit.PeriodUnit).SetPeriodCount(limit.PeriodCount).
				SetEffectiveFrom(from.String()).SetAuthorityID(limit.AuthorityID).SetPersonID(limit.PersonID).SetSourceDocument("文件").SetReason("理由").Exec(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		document, variables := `query ($id: ID!) { product(id: $id) { plans { cap { rate } } useOptions { granted } } }`, map[string]any{"id": publicid.Encode(productID, p.ID)}
		before := ""
		for _, turn := range []authorisation.Day{from, ends.AddDays(1)} {
			r.now = turn.Start().Add(-time.Second)
			r.fill(t)
			fast := r.fast
			r.same(t, t.Context(), document, variables)
			if r.fast != fast+1 {
				t.Errorf("on the last day before %s records do not answer", turn)
			}
			r.now = turn.Start()
			r.same(t, t.Context(), document, variables)
			if r.fast != fast+1 {
				t.Errorf("on %s records of the day before answer", turn)
			}
			r.fill(t)
			r.same(t, t.Context(), document, variables)
			if r.fast != fast+2 {
				t.Errorf("on %s records do not answer after they were made anew", turn)
			}
			after, _ := ask(t, t.Context(), r.with, document, variables)
			if after == before {
				t.Errorf("%s changed nothing, and shows nothing", turn)
			}
			before = after
		}
	})
}

// An answer that goes round in circles is not written past its bound.
func TestRecordsWriteNoEndlessAnswer(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		one := r.Store.Read().ProductInput.Query().FirstX(store.AsSystem(t.Context()))
		document := `query ($id: ID!) { resource(id: $id) ` + strings.Repeat("{ items { resource ", 12) + "{ id }" + strings.Repeat(" } }", 12) + " }"
		ctx := graphql.StartOperationTrace(t.Context())
		operation, refused := r.with.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: map[string]any{"id": publicid.Encode(resourceID, one.ResourceID)}})
		if refused != nil {
			t.Fatal(refused)
		}
		ctx, stop := context.WithTimeout(ctx, time.Second) // the resolvers would be at it for long
		defer stop()
		respond, ctx := r.with.DispatchOperation(ctx, operation)
		respond(ctx)
		if r.fast != 0 || r.slow != 1 {
			t.Errorf("%d endless answers were written from records, %d were left to the resolvers", r.fast, r.slow)
		}
	})
}

// What shows in records marks them, in the transaction that changes it.
func TestChangesMarkRecords(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		system := store.AsSystem(t.Context())
		c := r.Store.Read()
		listed := c.Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).FirstX(system)
		input := c.ProductInput.Query().Where(productinput.ProductID(listed.ID)).FirstX(system)
		granted := c.GrantItem.Query().Where(grantitem.ItemID(input.ItemID), grantitem.HasGrantWith(grant.OperatorID(listed.OperatorID))).WithGrant().FirstX(system).Edges.Grant
		agreed := c.Agreement.GetX(system, granted.AgreementID)
		marked := func() bool {
			t.Helper()
			marks, err := r.Store.ProductRecordsToMake(t.Context(), r.keeper.Shape.Number, uuid.Nil, 1000, false)
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(marks, func(m store.ProductRecord) bool { return m.ID == listed.ID })
		}
		epoch := func() int64 {
			t.Helper()
			n, err := r.Store.PublicEpoch(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for _, row := range []struct {
			name          string
			change        func(ctx context.Context, tx *store.Tx) error
			marks, shared bool
		}{
			{"a grant of its item", func(ctx context.Context, tx *store.Tx) error {
				g := tx.Grant.Create().SetID(uuid.New()).SetCreatedAt(r.now).SetAgreementID(agreed.ID).SetOperatorID(listed.OperatorID).SetStatus(authorisation.GrantActive).
					SetPurposes(granted.Purposes).SetStartsOn(granted.StartsOn).SetEndsOn(granted.EndsOn).SaveX(ctx)
				return tx.GrantItem.Create().SetID(uuid.New()).SetCreatedAt(r.now).SetGrantID(g.ID).SetItemID(input.ItemID).Exec(ctx)
			}, true, false},
			{"a grant that ends", func(ctx context.Context, tx *store.Tx) error {
				return tx.Grant.UpdateOneID(granted.ID).SetStatus(authorisation.GrantRevoked).Exec(ctx)
			}, true, false},
			{"another agreement of its operator", func(ctx context.Context, tx *store.Tx) error {
				return tx.Agreement.Create().SetID(uuid.New()).SetCreatedAt(r.now).SetAgencyID(agreed.AgencyID).SetOperatorID(listed.OperatorID).SetNumber("另一份").SetMode(agreed.Mode).
					SetStatus(authorisation.AgreementAnnounced).SetClauses(agreed.Clauses).SetPublicisedOn(agreed.PublicisedOn).Exec(ctx)
			}, true, false},
			{"the end of its agreement", func(ctx context.Context, tx *store.Tx) error {
				return tx.Agreement.UpdateOneID(agreed.ID).SetEndsOn("2027-01-01").Exec(ctx)
			}, true, false},
			{"an item that it is no more made of", func(ctx context.Context, tx *store.Tx) error { return tx.ProductInput.DeleteOneID(input.ID).Exec(ctx) }, true, false},
			{"a capacity of an organisation", func(ctx context.Context, tx *store.Tx) error {
				return tx.Party.Create().SetID(uuid.New()).SetCreatedAt(r.now).SetOrganisationID(listed.OperatorID).SetKind(access.DataVendor).Exec(ctx)
			}, false, true},
			{"the name of an organisation", func(ctx context.Context, tx *store.Tx) error {
				return tx.Organisation.UpdateOneID(listed.OperatorID).SetName("改名").Exec(ctx)
			}, false, true},
			{"what does not show of an organisation", func(ctx context.Context, tx *store.Tx) error {
				return tx.Organisation.UpdateOneID(listed.OperatorID).SetUserClass("A").Exec(ctx)
			}, false, false},
			{"the score of a resource", func(ctx context.Context, tx *store.Tx) error {
				return tx.Resource.UpdateOneID(input.ResourceID).SetQuality(1).Exec(ctx)
			}, false, false},
			{"the note of a resource", func(ctx context.Context, tx *store.Tx) error {
				return tx.Resource.UpdateOneID(input.ResourceID).SetNote("说明").Exec(ctx)
			}, false, true},
		} {
			r.fill(t)
			before := epoch()
			if err := r.Store.InTx(system, row.change); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
			if marked() != row.marks || (epoch() != before) != row.shared {
				t.Errorf("%s marks the record: %t; ends the epoch: %t", row.name, !row.marks, !row.shared)
			}
		}
	})
}

// A record that says something else than the resolvers is found.
func TestRecordsThatDifferAreFound(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		differ := func() (int, []uuid.UUID) {
			t.Helper()
			compared, wrong, err := r.keeper.Differ(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return compared, wrong
		}
		products := r.Store.Read().Product.Query().CountX(store.AsSystem(t.Context()))
		if compared, wrong := differ(); compared != products || len(wrong) > 0 {
			t.Errorf("%d of %d were compared, and %v differ", compared, products, wrong)
		}
		listed := r.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).Limit(2).IDsX(store.AsSystem(t.Context()))
		bodies := map[uuid.UUID][]byte{}
		if _, err := r.Store.ProductRecords(t.Context(), r.keeper.Shape.Number, listed, false, func(id uuid.UUID, body, _ []byte) { bodies[id] = bytes.Clone(body) }); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Store.Writer().ExecContext(t.Context(), `UPDATE product_records SET body = $1 WHERE id = $2`, bodies[listed[0]], listed[1]); err != nil {
			t.Fatal(err)
		}
		if compared, wrong := differ(); compared != products || !slices.Equal(wrong, listed[1:]) {
			t.Errorf("of %d these differ: %v, want %v", compared, wrong, listed[1:])
		}
	})
}

// Two servers on one database answer, from the database and from memory, while products leave the market and come back as fast as
// they can, by either of them: from the database neither answers with one that is off it by then, from memory none with one that
// it took off itself, nor with any other a little later.
func TestWhatWasWithdrawnIsAnsweredByNoServer(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		if r.Store.Dialect() != "postgres" {
			t.Skip("several servers share Postgres")
		}
		changed := 500
		if os.Getenv("GONGSHU_CAMPAIGN") == "full" {
			changed = 12000
		}
		servers := []*recorded{r, serveRecorded(t, r.now, r.open)}
		ctx, stop := context.WithCancel(t.Context())
		var keeping, running sync.WaitGroup
		defer func() { stop(); keeping.Wait() }()
		for _, s := range servers {
			keeping.Go(func() { s.keeper.Run(ctx) })
			keeping.Go(func() { s.memory.Run(ctx) })
		}
		type sight struct {
			changes int // odd while nobody knows whether it is there
			off     bool
			by      int // the server that changed it last
		}
		var guard sync.Mutex
		products := map[string]sight{}
		seen := func() map[string]sight {
			guard.Lock()
			defer guard.Unlock()
			return maps.Clone(products)
		}
		ids := r.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).IDsX(store.AsSystem(t.Context()))
		began, changing := time.Now(), make(chan struct{})
		running.Go(func() {
			defer close(changing)
			random := rand.New(rand.NewPCG(1, 2))
			for range changed {
				id := ids[random.IntN(len(ids))]
				name, by := publicid.Encode(productID, id), random.IntN(2)
				to := authorisation.ProductSuspended
				guard.Lock()
				was := products[name]
				if was.off {
					to = authorisation.ProductListed
				}
				products[name] = sight{was.changes + 1, was.off, by}
				guard.Unlock()
				err := servers[by].Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
					return tx.Product.UpdateOneID(id).SetStatus(to).Exec(ctx)
				})
				if err != nil {
					t.Error(err)
					return
				}
				guard.Lock()
				products[name] = sight{was.changes + 2, to == authorisation.ProductSuspended, by}
				guard.Unlock()
			}
		})
		const document = `query ($id: ID!, $list: Boolean!) { one: product(id: $id) { id } products(first: 2, orderBy: NEWEST) @include(if: $list) { edges { node { id } } } }`
		for i, s := range servers {
			for fromMemory, exec := range map[bool]*executor.Executor{false: s.with, true: s.held} {
				running.Go(func() {
					random := rand.New(rand.NewPCG(3, uint64(i)))
					for {
						select {
						case <-changing:
							return
						default:
						}
						before := seen()
						variables := map[string]any{"id": publicid.Encode(productID, ids[random.IntN(len(ids))]), "list": random.IntN(4) == 0}
						data, errs := ask(t, t.Context(), exec, document, variables)
						after := seen()
						if len(errs) > 0 {
							t.Errorf("answered %v", errs)
							return
						}
						for name, p := range before {
							if p.off && p.changes%2 == 0 && p == after[name] && (!fromMemory || p.by == i) && strings.Contains(data, name) {
								t.Errorf("%s is answered by server %d, from memory: %t, and was off the market", name, i, fromMemory)
							}
						}
					}
				})
			}
		}
		running.Wait()
		took := time.Since(began)
		_, _, first := servers[0].memory.Held()
		_, _, second := servers[1].memory.Held()
		for i, s := range servers {
			deadline := time.Now().Add(5 * time.Second)
			for name, p := range products {
				for is := func() bool {
					data, _ := ask(t, t.Context(), s.held, document, map[string]any{"id": name, "list": false})
					return strings.Contains(data, name)
				}; is() == p.off; time.Sleep(10 * time.Millisecond) {
					if time.Now().After(deadline) {
						t.Fatalf("server %d answers with %s from memory: %t", i, name, !p.off)
					}
				}
			}
		}
		t.Logf("%.0f changes a second; from records %d and %d answers, from resolvers %d and %d; memory was read %d and %d times",
			float64(changed)/took.Seconds(), servers[0].fast, servers[1].fast, servers[0].slow, servers[1].slow, first, second)
		if servers[0].fast == 0 || servers[1].fast == 0 || first == 0 || second == 0 {
			t.Error("records answered nothing: that shows little")
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
			g.products, g.cursors = append(g.products, publicid.Encode(productID, id)), append(g.cursors, cursor(id))
		}
		for _, d := range r.Store.Read().Domain.Query().AllX(system) {
			g.domains = append(g.domains, publicid.Encode(domainID, d.ID))
		}
		for _, id := range r.Store.Read().Resource.Query().IDsX(system) {
			g.resources = append(g.resources, publicid.Encode(resourceID, id))
		}
		for _, id := range r.Store.Read().Organisation.Query().IDsX(system) {
			g.organisations, g.cursors = append(g.organisations, publicid.Encode(organisationID, id)), append(g.cursors, cursor(id))
		}
		buyer := r.buyer(t)
		operator := r.Store.Read().Product.Query().FirstX(system).OperatorID
		owner := access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: operator, Verified: true, Parties: []access.Party{access.Operator}, Roles: []access.Role{access.Publisher}})
		for range rounds {
			if random.IntN(10) == 0 {
				r.fill(t) // so that only what the change takes away is not there
				r.change(t, random)
				r.same(t, t.Context(), cardDocument, map[string]any{"first": 100})
			}
			if random.IntN(4) == 0 {
				r.fill(t)
			}
			ctx := []context.Context{t.Context(), t.Context(), buyer, buyer, owner}[random.IntN(5)]
			document, variables := g.operation()
			r.same(t, ctx, document, variables)
			for name, value := range variables { // other values decide what is skipped
				if is, ok := value.(bool); ok {
					variables[name] = !is
				}
			}
			r.same(t, ctx, document, variables)
		}
		_, _, held := r.memory.Held()
		t.Logf("%d of %d operations were answered from records; memory was read %d times", r.fast, 2*rounds, held)
		if r.fast < 2*rounds/5 || held < int64(rounds)/5 {
			t.Errorf("%d of %d operations were answered from records, and memory was read %d times: that shows little", r.fast, 2*rounds, held)
		}
	})
}

// buyer is somebody of an organisation, which all orders of the market are made those of.
func (r *recorded) buyer(t *testing.T) context.Context {
	t.Helper()
	buyer := r.Store.Read().Order.Query().FirstX(store.AsSystem(t.Context())).BuyerID
	for _, statement := range []string{`UPDATE orders SET buyer_id = $1`, `UPDATE entitlements SET organisation_id = $1 WHERE order_id IS NOT NULL`} {
		if _, err := r.Store.Writer().ExecContext(t.Context(), statement, buyer); err != nil {
			t.Fatal(err)
		}
	}
	return access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: buyer, Verified: true, Parties: []access.Party{access.Buyer}, Roles: []access.Role{access.BuyerRole}})
}

const ordersDocument = `query ($first: Int = 20, $after: String, $status: OrderStatus) { orders(first: $first, after: $after, status: $status) {
  edges { cursor node { __typename id status purpose quantity createdAt paidAt cancelledAt expiresAt net { amount } vat { amount } total { amount currency }
    product { id name operator { name } }
    entitlement { id purpose scenario status usedCalls usedBytes quotaCalls quotaBytes startsAt endsAt product { id } }
    terms { productName productNameEn productContentNumber planName planNameEn termMonths settlement quotation { quota { calls megabytes items term { unit count } } } } } }
  pageInfo { hasNextPage endCursor }
} }`

// A buyer's own orders are written from their rows, in two statements, page by page and as they are now.
func TestOwnOrdersAreAnsweredFromRows(t *testing.T) {
	eachRecorded(t, func(t *testing.T, r *recorded) {
		buyer := r.buyer(t)
		orders := func(first int, after string) (next string) {
			t.Helper()
			variables := map[string]any{"first": first}
			if after != "" {
				variables["after"] = after
			}
			r.same(t, buyer, ordersDocument, variables)
			data, _ := ask(t, buyer, r.with, ordersDocument, variables)
			var answer struct {
				Orders struct {
					Edges    []any
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
			if err := json.Unmarshal([]byte(data), &answer); err != nil || len(answer.Orders.Edges) == 0 {
				t.Fatalf("%s, %v", data, err)
			}
			if answer.Orders.PageInfo.HasNextPage {
				return answer.Orders.PageInfo.EndCursor
			}
			return ""
		}
		page, err := os.ReadFile("../web-client/src/pages/orders/orders.graphql")
		if err != nil {
			t.Fatal(err)
		}
		if r.same(t, buyer, string(page), map[string]any{"first": 20}); r.fast != 1 {
			t.Error("the page of the market is answered by resolvers")
		}
		pages := 0
		for after := orders(1, ""); after != ""; after = orders(1, after) {
			pages++
		}
		if pages == 0 || r.slow > 0 {
			t.Errorf("%d more pages; %d were answered by resolvers", pages, r.slow)
		}
		ctx, statements := store.CountStatements(buyer)
		ask(t, ctx, r.with, ordersDocument, nil)
		if n := statements.Count(); n != 2 {
			t.Errorf("a page takes %d statements", n)
		}
		for _, status := range []string{"PLACED", "PAID", "CANCELLED"} {
			r.same(t, buyer, ordersDocument, map[string]any{"status": status})
		}
		// Whoever is not signed in, a cursor that nobody made and a page too long are refused by the resolvers.
		r.same(t, t.Context(), ordersDocument, nil)
		r.same(t, buyer, ordersDocument, map[string]any{"after": "x"})
		r.same(t, buyer, ordersDocument, map[string]any{"first": 101})

		system, self := store.AsSystem(t.Context()), access.FromContext(buyer)
		// Whatever the terms hold or leave out is read as the resolvers read it.
		mine := r.Store.Read().Order.Query().Where(order.BuyerID(self.OrganisationID)).FirstX(system)
		for name, change := range map[string]func(*ordering.Terms){
			"escaped texts": func(terms *ordering.Terms) {
				terms.ProductName, terms.ProductNameEn, terms.PlanName = "\"引\\号\" <b>&\u2028𠮷", "tab\there", "\x01行\n"
			},
			"what may be left out": func(terms *ordering.Terms) {
				terms.ProductNameEn, terms.PlanNameEn, terms.Settlement, terms.TermMonths = "", "", "", 0
			},
			"metered":  func(terms *ordering.Terms) { terms.Settlement = pricing.Metered },
			"no quota": func(terms *ordering.Terms) { terms.Quotation.Quota = pricing.Quota{Unlimited: true} },
			"every quota": func(terms *ordering.Terms) {
				terms.Quotation.Quota = pricing.Quota{Calls: 1 << 40, Megabytes: 2, Items: 3, Term: pricing.Period{Unit: pricing.Month, Count: 4}}
			},
		} {
			terms := mine.Terms
			change(&terms)
			document, err := json.Marshal(terms)
			if err == nil {
				_, err = r.Store.Writer().ExecContext(t.Context(), `UPDATE orders SET terms = $1 WHERE id = $2`, string(document), mine.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Run(name, func(t *testing.T) {
				fast := r.fast
				if r.same(t, buyer, ordersDocument, nil); r.fast == fast {
					t.Error("answered by resolvers")
				}
				r.same(t, buyer, `{ orders { edges { node { agreed: terms { of: productName ... on OrderTerms { quotation { quota { calls } } } } } } } }`, nil)
				r.same(t, buyer, `query ($all: Boolean = false) { orders { edges { node { terms { planName quotation @include(if: $all) { quota { calls } } } } } } }`, nil)
			})
		}
		// Everybody sees their own, and of them what the resolvers show.
		rows := r.Store.Read().Order.Query().AllX(system)
		other := self
		other.OrganisationID = r.Store.Read().Product.GetX(system, rows[0].ProductID).OperatorID
		for _, statement := range []string{`UPDATE orders SET buyer_id = $1 WHERE id = $2`, `UPDATE entitlements SET organisation_id = $1 WHERE order_id = $2`} {
			if _, err := r.Store.Writer().ExecContext(t.Context(), statement, other.OrganisationID, rows[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		// A right that is another's is not shown, whatever order it names.
		if _, err := r.Store.Writer().ExecContext(t.Context(), `UPDATE entitlements SET organisation_id = $1 WHERE order_id = $2`, other.OrganisationID, rows[1].ID); err != nil {
			t.Fatal(err)
		}
		nobody, unverified, both := self, self, self
		nobody.OrganisationID, unverified.Verified, both.Parties = uuid.Nil, false, []access.Party{access.Buyer, access.Operator}
		for name, v := range map[string]access.Viewer{"another buyer": other, "a person without organisation": nobody, "an unverified buyer": unverified, "a buyer that operates": both, "the buyer": self} {
			t.Run(name, func(t *testing.T) { r.same(t, access.With(t.Context(), v), ordersDocument, nil) })
		}
		shown := func(v access.Viewer, o *db.Order) bool {
			data, _ := ask(t, access.With(t.Context(), v), r.with, ordersDocument, nil)
			return strings.Contains(data, publicid.Encode(orderID, o.ID))
		}
		if !shown(other, rows[0]) || shown(self, rows[0]) || !shown(self, rows[1]) || shown(other, rows[1]) || shown(nobody, rows[1]) {
			t.Error("an order shows to another than its buyer")
		}
		if err := r.Store.InTx(system, func(ctx context.Context, tx *store.Tx) error {
			return tx.Order.UpdateOneID(rows[1].ID).SetStatus(ordering.OrderCancelled).SetCancelledAt(r.now).ClearPaidAt().Exec(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		r.same(t, buyer, ordersDocument, nil)

		// A product that left the market is seen by who bought it.
		bought := r.Store.Read().Order.Query().Where(order.BuyerID(access.FromContext(buyer).OrganisationID)).FirstX(system)
		if err := r.Store.InTx(system, func(ctx context.Context, tx *store.Tx) error {
			return tx.Product.UpdateOneID(bought.ProductID).SetStatus(authorisation.ProductSuspended).Exec(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		r.fill(t)
		r.same(t, buyer, ordersDocument, nil)
		fast := r.fast
		r.same(t, buyer, `{ orders { edges { node { id terms { productName } } } } }`, nil)
		r.same(t, buyer, `{ orders { edges { node { product { __typename id name nameEn status } entitlement { product { name } } } } } }`, nil)
		if r.fast != fast+2 {
			t.Error("orders without more than the names of their products are answered by resolvers")
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
		switch random.IntN(15) {
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
		case 7:
			to := []authorisation.GrantStatus{authorisation.GrantActive, authorisation.GrantRevoked}[random.IntN(2)]
			return tx.Grant.UpdateOneID(pick(tx.Grant.Query().IDsX(ctx))).SetStatus(to).Exec(ctx)
		case 8:
			to := []authorisation.AgreementStatus{authorisation.AgreementOperating, authorisation.AgreementTerminated}[random.IntN(2)]
			return tx.Agreement.UpdateOneID(pick(tx.Agreement.Query().IDsX(ctx))).SetStatus(to).Exec(ctx)
		case 9:
			old := tx.PriceCap.GetX(ctx, pick(tx.PriceCap.Query().IDsX(ctx)))
			from := authorisation.DayOf(r.now).AddDays(random.IntN(200)).String()
			if tx.PriceCap.Query().Where(pricecap.ProductID(old.ProductID), pricecap.EffectiveFrom(from)).ExistX(ctx) {
				return nil
			}
			return tx.PriceCap.Create().SetID(uuid.New()).SetCreatedAt(r.now).SetProductID(old.ProductID).SetMode(old.Mode).SetRate(old.Rate).SetPeriodUnit(old.PeriodUnit).SetPeriodCount(old.PeriodCount).
				SetEffectiveFrom(from).SetAuthorityID(old.AuthorityID).SetPersonID(old.PersonID).SetSourceDocument(name).SetReason(name).Exec(ctx)
		case 13:
			return tx.Entitlement.UpdateOneID(pick(tx.Entitlement.Query().Where(entitlement.QuotaCallsIsNil()).IDsX(ctx))).AddUsedCalls(1).Exec(ctx)
		case 14:
			to := []ordering.EntitlementStatus{ordering.EntitlementActive, ordering.EntitlementSuspended}[random.IntN(2)]
			return tx.Entitlement.UpdateOneID(pick(tx.Entitlement.Query().IDsX(ctx))).SetStatus(to).Exec(ctx)
		case 10, 11:
			r.now = r.now.AddDate(0, 0, random.IntN(200))
			return nil
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
	schema                                      *ast.Schema
	products, domains, resources, organisations []string
	cursors                                     []string
	fragments                                   []string
	variables                                   map[string]any
	declared                                    []string
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
	switch g.IntN(15) {
	case 13:
		return "operators(" + g.page() + ") " + g.selection("OrganisationConnection", 5)
	case 14:
		args := g.page()
		if g.IntN(2) == 0 {
			args += ", query: " + g.value("String", []string{"公交", "gj", "xyzzy", " "}[g.IntN(4)])
		}
		return "priceList(" + args + ") " + g.selection("PriceListConnection", 7)
	case 11, 12:
		args := g.page()
		if g.IntN(3) == 0 {
			args += ", status: " + []string{"PLACED", "PAID"}[g.IntN(2)]
		}
		return "orders(" + args + ") " + g.selection("OrderConnection", 7)
	case 8:
		return fmt.Sprintf("resource(id: %s) %s", g.value("ID!", g.id(resourceID, g.resources, g.organisations)), g.selection("Resource", 3))
	case 9:
		return fmt.Sprintf("organisation(id: %s) %s", g.value("ID!", g.id(organisationID, g.organisations, g.resources)), g.selection("Organisation", 2))
	case 10:
		args := "orderBy: " + []string{"NEWEST", "RELEVANCE", "QUALITY"}[g.IntN(3)]
		if g.IntN(2) == 0 {
			args += ", query: " + g.value("String", []string{"公交", "企业信用", "gj", "xyzzy", ""}[g.IntN(5)])
		}
		if g.IntN(4) == 0 {
			args += fmt.Sprintf(", filter: {domainIds: [%s]}", g.value("ID!", g.domains[g.IntN(len(g.domains))]))
		}
		return "publishedResources(" + args + ") " + g.selection("PublishedResourceConnection", 6)
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

// page draws which page of a list is asked for.
func (g *drawnQuery) page() string {
	args := "first: " + g.value("Int", []int{1, 2, 20, 0}[g.IntN(4)])
	if g.IntN(3) == 0 {
		args += ", after: " + g.value("String", append([]string{"", "x"}, g.cursors...)[g.IntN(2+len(g.cursors))])
	}
	return args
}

// id is one of a type, or now and then another's with the prefix of the type.
func (g *drawnQuery) id(prefix string, own, others []string) string {
	if g.IntN(4) > 0 {
		return own[g.IntN(len(own))]
	}
	_, id, _ := strings.Cut(others[g.IntN(len(others))], "_")
	return prefix + "_" + id
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
