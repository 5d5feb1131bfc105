package limits

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"gongshu/internal/fault"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Name: "test.graphqls", Input: `
type Query { self: Query! name: String! tags: [String!]! plans: [Plan!]! products(first: Int = 20): ProductConnection! }
type Plan { rate: String! bands: [Plan!]! }
type ProductConnection { edges: [Edge!]! nodes: [Product!]! total: Int }
type Edge { node: Product! }
type Product { id: ID! plans: [Plan!]! offers(first: Int): ProductConnection! }
type Mutation { signIn: Query! }
`})

func measure(t *testing.T, query string, variables map[string]any) *graphql.OperationContext {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0], Variables: variables}
}

func TestAnOperationCostsWhatItCouldAnswer(t *testing.T) {
	for _, c := range []struct {
		name      string
		query     string
		variables map[string]any
		cost      int
	}{
		{"one field", `{ name }`, nil, 1},
		{"a list of texts is one field", `{ tags }`, nil, 1},
		{"a list of an object's own has 5 entries", `{ plans { rate } }`, nil, 5 * 2},
		{"lists in lists multiply", `{ plans { bands { rate } } }`, nil, 5 * (1 + 5*2)},
		{"a page is 20 long by itself", `{ products { nodes { id } } }`, nil, 1 + 20*2},
		{"a page is as long as first says, once", `{ products(first: 5) { edges { node { id } } } }`, nil, 1 + 5*3},
		{"first may be a variable", `query($n: Int) { products(first: $n) { nodes { id } } }`, map[string]any{"n": int64(7)}, 1 + 7*2},
		{"what is beside the entries is there once", `{ products(first: 100) { total } }`, nil, 2},
		{"a page longer than allowed is its resolver's to refuse", `{ products(first: 1000000) { nodes { id } } }`, nil, 1 + 100*2},
		{"less than nothing is something", `{ products(first: -5) { nodes { id } } }`, nil, 3},
		{"null is 20", `{ products(first: null) { nodes { id } } }`, nil, 1 + 20*2},
		{"a fragment in a page counts by its length", `{ products(first: 3) { ...f } } fragment f on ProductConnection { nodes { id } }`, nil, 1 + 3*2},
		{"aliases count each", `{ a: name b: name }`, nil, 2},
		{"a fragment counts where it is spread", `{ ...f self { ...f } } fragment f on Query { name }`, nil, 1 + 2},
		{"a mutation costs more than reading", `mutation { signIn { name } }`, nil, 1002},
	} {
		t.Run(c.name, func(t *testing.T) {
			op := measure(t, c.query, c.variables)
			if err := (Limits{Depth: 99, Cost: c.cost}).MutateOperationContext(t.Context(), op); err != nil {
				t.Errorf("at a limit of %d: %v", c.cost, err)
			}
			if code := codeOf((Limits{Depth: 99, Cost: c.cost - 1}).MutateOperationContext(t.Context(), op)); code != "QUERY_TOO_COSTLY" {
				t.Errorf("at a limit of %d: %q", c.cost-1, code)
			}
		})
	}
}

func TestDepthCountsThroughFragments(t *testing.T) {
	nested := func(n int) string {
		return `{ ...f } fragment f on Query { ` + strings.Repeat("self { ", n-1) + "name" + strings.Repeat(" }", n-1) + ` }`
	}
	if err := Default.MutateOperationContext(t.Context(), measure(t, nested(15), nil)); err != nil {
		t.Error(err)
	}
	if code := codeOf(Default.MutateOperationContext(t.Context(), measure(t, nested(16), nil))); code != "QUERY_TOO_DEEP" {
		t.Errorf("16 fields deep: %q", code)
	}
}

// Each fragment holds the next twice: written out, the last would be there 2^90 times.
func TestFragmentsThatDoubleAreMeasuredAtOnce(t *testing.T) {
	var doc strings.Builder
	doc.WriteString("{ ...f0 }")
	for i := range 90 {
		fmt.Fprintf(&doc, " fragment f%d on Query { a: self { ...f%d } b: self { ...f%d } }", i, i+1, i+1)
	}
	doc.WriteString(" fragment f90 on Query { name }")
	op := measure(t, doc.String(), nil)
	started := time.Now()
	if code := codeOf((Limits{Depth: 99, Cost: 20_000}).MutateOperationContext(t.Context(), op)); code != "QUERY_TOO_COSTLY" {
		t.Errorf("the code is %q", code)
	}
	if took := time.Since(started); took > time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestIntrospectionIsWithinTheLimits(t *testing.T) {
	if err := Default.MutateOperationContext(t.Context(), measure(t, introspection.Query, nil)); err != nil {
		t.Error(err)
	}
}

func codeOf(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return f.Code
}
