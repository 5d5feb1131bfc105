package graphqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/internal/fault"
)

func TestPresent(t *testing.T) {
	refused := fault.New(fault.Conflict, "ORDER_NOT_PAYABLE", "This order is already PAID.").At("input.id").With("status", "PAID")
	const asRefused = `{"message":"This order is already PAID.","path":["orderPay"],"extensions":{"code":"ORDER_NOT_PAYABLE","field":"input.id","params":{"status":"PAID"}}}`
	const asInternal = `{"message":"Internal error.","path":["orderPay"],"extensions":{"code":"INTERNAL"}}`
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	argument := ast.Path{ast.PathName("orderPay"), ast.PathName("input"), ast.PathName("lines"), ast.PathIndex(1)}

	for _, row := range []struct {
		name   string
		ctx    context.Context
		err    error
		want   string
		logged string
	}{
		{name: "a fault shows all it has", err: refused, want: asRefused},
		{name: "a wrapped fault shows the fault alone", err: fmt.Errorf("paying with hunter2: %w", refused), want: asRefused},
		{name: "several faults are all listed", err: fault.List{refused, fault.New(fault.Invalid, "TWO", "Second.")},
			want: `{"message":"This order is already PAID.","path":["orderPay"],"extensions":{"code":"ORDER_NOT_PAYABLE",` +
				`"faults":[{"code":"ORDER_NOT_PAYABLE","field":"input.id","message":"This order is already PAID.","params":{"status":"PAID"}},{"code":"TWO","message":"Second."}],` +
				`"field":"input.id","params":{"status":"PAID"}}}`},
		{name: "a list of one is one", err: fault.List{refused}, want: asRefused},
		{name: "a fault of kind internal is hidden", err: fault.New(fault.Internal, "LEDGER", "hunter2"), want: asInternal, logged: "hunter2"},
		{name: "an internal fault hides the others of its list", err: fault.List{refused, fault.New(fault.Internal, "LEDGER", "hunter2")}, want: asInternal, logged: "hunter2"},
		{name: "an unknown error is hidden", err: errors.New("hunter2"), want: asInternal, logged: "hunter2"},
		{name: "a panic is hidden", err: Recover(context.Background(), "hunter2"), want: asInternal, logged: "panic: hunter2"},
		{name: "a validation error passes", err: &gqlerror.Error{Message: "Unknown field.", Extensions: map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}},
			want: `{"message":"Unknown field.","path":["orderPay"],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}`},
		{name: "a GraphQL error without a code says nothing of where it comes from", err: gqlerror.Errorf("hunter2"), want: asInternal, logged: "hunter2"},
		{name: "a GraphQL error with a cause is hidden in spite of a code", err: &gqlerror.Error{Err: errors.New("hunter2"), Message: "hunter2", Extensions: map[string]any{"code": "X"}}, want: asInternal, logged: "hunter2"},
		{name: "an argument that does not fit is named", err: &gqlerror.Error{Err: errors.New("hunter2 is no integer"), Path: argument},
			want: `{"message":"The argument input.lines[1] does not fit its type.","path":["orderPay"],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED","field":"input.lines[1]"}}`},
		{name: "a scalar's own fault is placed", err: &gqlerror.Error{Err: fault.New(fault.Invalid, "DECIMAL_INVALID", "Write a decimal."), Path: argument},
			want: `{"message":"Write a decimal.","path":["orderPay"],"extensions":{"code":"DECIMAL_INVALID","field":"input.lines[1]"}}`},
		{name: "a path below the field that is no argument is a bug", err: &gqlerror.Error{Err: errors.New("hunter2"), Path: ast.Path{ast.PathName("orderPay"), ast.PathIndex(0)}},
			want: `{"message":"Internal error.","path":["orderPay",0],"extensions":{"code":"INTERNAL"}}`, logged: "hunter2"},
		{name: "what a cancelled request left undone is no bug", ctx: cancelled, err: fmt.Errorf("reading: %w", context.Canceled),
			want: `{"message":"The request ended before its answer was ready.","path":["orderPay"],"extensions":{"code":"REQUEST_CANCELLED"}}`},
		{name: "a cancellation of our own is a bug", err: fmt.Errorf("reading: %w", context.Canceled), want: asInternal, logged: "context canceled"},
	} {
		t.Run(row.name, func(t *testing.T) {
			ctx := row.ctx
			if ctx == nil {
				ctx = context.Background()
			}
			ctx = WithRequestID(ctx, "req-1")
			ctx = graphql.WithOperationContext(ctx, &graphql.OperationContext{OperationName: "Pay"})
			ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: graphql.CollectedField{Field: &ast.Field{
				Alias: "orderPay", Name: "orderPay",
				Definition: &ast.FieldDefinition{Arguments: ast.ArgumentDefinitionList{{Name: "input"}}},
			}}})
			log := &logged{}
			// As the executor hands it over.
			shown := Present(slog.New(slog.NewJSONHandler(log, nil)))(ctx, graphql.ErrorOnPath(ctx, row.err))
			got, err := json.Marshal(shown)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			lines := log.lines()
			if row.logged == "" {
				if len(lines) != 0 {
					t.Errorf("logged %q", lines)
				}
				return
			}
			if len(lines) != 1 {
				t.Fatalf("logged %d times: %q", len(lines), lines)
			}
			for _, want := range []string{row.logged, `"requestId":"req-1"`, `"operation":"Pay"`, `"path":"orderPay`} {
				if !strings.Contains(lines[0], want) {
					t.Errorf("the log lacks %s: %s", want, lines[0])
				}
			}
		})
	}
}

func TestNoErrorIsPresentedAsNone(t *testing.T) {
	if got := Present(slog.New(slog.DiscardHandler))(context.Background(), nil); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestARequestWithoutAnIDHasNone(t *testing.T) {
	if id := RequestID(context.Background()); id != "" {
		t.Errorf("got %q", id)
	}
}
