package graph

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/graph/generated"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
	"gongshu/search/inverted"
)

// A level of a page stays one batch even where other work keeps its goroutines from running for a while.
func init() { batchWait = 10 * time.Millisecond }

// harness executes documents on the schema, as whoever the context says, and counts the statements that they take.
type harness struct {
	*market.Market
	exec *executor.Executor
}

// eachHarness runs a test on SQLite and on Postgres, each with migrated tables and the built-in policy.
func eachHarness(t *testing.T, run func(t *testing.T, h *harness)) {
	t.Helper()
	open := func(url string) (*market.Market, error) {
		s, err := store.Open(context.Background(), url, time.Now)
		return &market.Market{Store: s}, err
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
		_, err = m.LoadPolicies(context.Background())
		return err
	}
	testdb.TemplateEach(t, "graph", prepare, func(t *testing.T, url string) {
		m, err := open(url)
		if err != nil {
			t.Fatal(err)
		}
		m.Search = &market.Searching{Products: inverted.Memory(), Resources: inverted.Memory()}
		if err := m.SearchPrepare(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { m.Store.Close() })
		schema := generated.NewExecutableSchema(generated.Config{Resolvers: &Resolver{Store: m.Store, Market: m, Sessions: sessionless{m}}})
		h := &harness{Market: m, exec: executor.New(schema)}
		h.exec.AroundFields(Legible(schema.Schema()))
		h.exec.SetErrorPresenter(func(_ context.Context, err error) *gqlerror.Error {
			return gqlerror.Errorf("%s: %v", fault.CodeOf(err), err)
		})
		h.exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			return next(WithLoaders(ctx, m.Store))
		})
		run(t, h)
	})
}

// do executes a document and reads its data into out; it returns the top-level errors and how many statements it took.
func (h *harness) do(t *testing.T, ctx context.Context, document string, variables map[string]any, out any) (gqlerror.List, int64) {
	t.Helper()
	ctx, statements := store.CountStatements(graphql.StartOperationTrace(ctx))
	operation, errs := h.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if errs != nil {
		t.Fatalf("the document is refused: %v", errs)
	}
	respond, ctx := h.exec.DispatchOperation(ctx, operation)
	response := respond(ctx)
	if len(response.Errors) == 0 {
		if err := json.Unmarshal(response.Data, out); err != nil {
			t.Fatal(err)
		}
	}
	return response.Errors, statements.Count()
}
