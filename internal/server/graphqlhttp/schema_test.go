package graphqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/internal/fault"
)

const testSDL = `
scalar Long
enum Purpose { GOVERNANCE INDUSTRY }
input Pick { purpose: Purpose, long: Long, count: Int, inner: Pick, all: [Pick!] }
type Query {
  echo(long: Long, pick: Pick, purpose: Purpose, count: Int, text: String, id: ID, rate: Float, yes: Boolean): Boolean
  self: Query
  refused: Boolean
  refusedTwice: Boolean
  broken: Boolean
  panics: Boolean
  nonsense: Boolean
  unpresented: Boolean
}
type Mutation { touch: Boolean }
type Subscription { ticks: Boolean }
`

// fakeSchema executes testSDL: every field is true, or fails as its name says.
type fakeSchema struct {
	schema *ast.Schema

	mu        sync.Mutex
	variables map[string]any // of the last operation executed
	executed  int
}

func newFakeSchema() *fakeSchema {
	return &fakeSchema{schema: gqlparser.MustLoadSchema(&ast.Source{Name: "test.graphqls", Input: testSDL})}
}

func (s *fakeSchema) Schema() *ast.Schema { return s.schema }

func (s *fakeSchema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s *fakeSchema) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	s.mu.Lock()
	s.variables, s.executed = op.Variables, s.executed+1
	s.mu.Unlock()
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		data := map[string]any{}
		for _, field := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query", "Mutation"}) {
			if field.Name == "unpresented" {
				return graphql.ErrorResponse(ctx, "the password is hunter2")
			}
			data[field.Alias] = resolve(graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: field}), op, field.Name)
		}
		body, err := json.Marshal(data)
		if err != nil {
			panic(err)
		}
		if _, ok := data["nonsense"]; ok {
			body = []byte(`{"nonsense":`)
		}
		return &graphql.Response{Data: body}
	}
}

func resolve(ctx context.Context, op *graphql.OperationContext, name string) (value any) {
	defer func() {
		if v := recover(); v != nil {
			op.Error(ctx, op.Recover(ctx, v))
			value = nil
		}
	}()
	var err error
	switch name {
	case "__typename":
		return "Query"
	case "__type":
		return nil
	case "refused":
		err = fault.New(fault.Conflict, "ORDER_NOT_PAYABLE", "This order is already %s.", "PAID").At("input.id").With("status", "PAID")
	case "refusedTwice":
		err = fault.List{fault.New(fault.Invalid, "ONE", "First."), fault.New(fault.Invalid, "TWO", "Second.").At("b")}
	case "broken":
		err = errors.New("the password is hunter2")
	case "panics":
		panic("the password is hunter2")
	}
	if err != nil {
		op.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
		return nil
	}
	return true
}

// logged collects what a logger wrote, one JSON object a line.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.FieldsFunc(l.text.String(), func(r rune) bool { return r == '\n' })
}

// fixture is a handler over the fake schema with everything that can be asked about it.
type fixture struct {
	*handler
	schema *fakeSchema
	exec   *executor.Executor
	log    *logged
}

func newFixture(t testing.TB, options Options) *fixture {
	t.Helper()
	schema, log := newFakeSchema(), &logged{}
	exec := executor.New(schema)
	exec.SetErrorPresenter(Present(slog.New(slog.NewJSONHandler(log, nil))))
	exec.SetRecoverFunc(Recover)
	return &fixture{handler: New(exec, schema.schema, options).(*handler), schema: schema, exec: exec, log: log}
}
