package limits

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"gongshu/internal/fault"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Name: "test.graphqls", Input: `
type Query { self: Query! name: String! tags: [String!]! plans: [Plan!]! products(first: Int = 20, query: String): ProductConnection! many(ids: [ID!]!): [Plan]! billPreview: Plan! rule: AllocationRule! }
type AllocationRule { replay: Plan! }
type Plan { rate: String! bands: [Plan!]! }
type ProductConnection { edges: [Edge!]! nodes: [Product!]! total: Int totalCount: Int facets: [Plan!]! }
type Edge { node: Product! }
type Product { id: ID! plans: [Plan!]! offers(first: Int): ProductConnection! }
type Mutation { rename: Query! pay: Query! @movesMoneyOrRights revoke: Query! @movesMoneyOrRights }
directive @movesMoneyOrRights on FIELD_DEFINITION
directive @note repeatable on FIELD | QUERY | INLINE_FRAGMENT | FRAGMENT_SPREAD | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
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
		{"what is asked for by ids is as many", `query($ids: [ID!]!) { many(ids: $ids) { rate } }`, map[string]any{"ids": []any{"a", "b", "c"}}, 3 * 2},
		{"one id is a list of one", `{ many(ids: "a") { rate } }`, nil, 2},
		{"in a variable too", `query($id: ID!) { many(ids: [$id, "b"]) { rate } }`, map[string]any{"id": "a"}, 2 * 2},
		{"and as a list that gqlparser made", `query($ids: [ID!]!) { many(ids: $ids) { rate } }`, map[string]any{"ids": []string{"a", "b"}}, 2 * 2},
		{"null is 20", `{ products(first: null) { nodes { id } } }`, nil, 1 + 20*2},
		{"a fragment in a page counts by its length", `{ products(first: 3) { ...f } } fragment f on ProductConnection { nodes { id } }`, nil, 1 + 3*2},
		{"aliases count each", `{ a: name b: name }`, nil, 2},
		{"a fragment counts where it is spread", `{ ...f self { ...f } } fragment f on Query { name }`, nil, 1 + 2},
		{"the schema costs more than it has fields", `{ __schema { types { name } } }`, nil, 2603},
		{"a search costs more than its page", `{ products(first: 5, query: "road") { nodes { id } } }`, nil, 1 + 50 + 5*2},
		{"so does counting what is found", `{ products { totalCount } }`, nil, 1 + 1 + 50},
		{"and grouping it", `{ products { facets { rate } } }`, nil, 1 + 5*2 + 100},
		{"a month that is rated for a preview costs", `{ billPreview { rate } }`, nil, 2 + 500},
		{"so do payments that are divided anew", `{ rule { replay { rate } } }`, nil, 3 + 500},
		{"a mutation costs more than reading", `mutation { rename { name } }`, nil, 502},
	} {
		t.Run(c.name, func(t *testing.T) {
			op := measure(t, c.query, c.variables)
			if err := within(c.cost).MutateOperationContext(t.Context(), op); err != nil {
				t.Errorf("at a limit of %d: %v", c.cost, err)
			}
			if code := codeOf(within(c.cost-1).MutateOperationContext(t.Context(), op)); code != "QUERY_TOO_COSTLY" {
				t.Errorf("at a limit of %d: %q", c.cost-1, code)
			}
		})
	}
}

func within(cost int) Limits {
	return Limits{Depth: 99, IntrospectionDepth: 99, First: 100, Cost: cost}
}

func TestDepthCountsThroughFragments(t *testing.T) {
	nested := func(n int) string {
		return `{ ...f } fragment f on Query { ` + strings.Repeat("self { ", n-1) + "name" + strings.Repeat(" }", n-1) + ` }`
	}
	if err := Default.MutateOperationContext(t.Context(), measure(t, nested(Default.Depth), nil)); err != nil {
		t.Error(err)
	}
	if code := codeOf(Default.MutateOperationContext(t.Context(), measure(t, nested(Default.Depth+1), nil))); code != "QUERY_TOO_DEEP" {
		t.Errorf("one deeper: %q", code)
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
	if code := codeOf(within(20_000).MutateOperationContext(t.Context(), op)); code != "QUERY_TOO_COSTLY" {
		t.Errorf("the code is %q", code)
	}
	if took := time.Since(started); took > time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestAPageIsAsLongAsAllowed(t *testing.T) {
	for _, c := range []struct {
		name      string
		query     string
		variables map[string]any
		code      string
	}{
		{"one entry", `{ products(first: 1) { total } }`, nil, ""},
		{"the most", `{ products(first: 100) { total } }`, nil, ""},
		{"one more", `{ products(first: 101) { total } }`, nil, "FIRST_OUT_OF_RANGE"},
		{"more than 32 bits hold, as a variable", `query($n: Int) { products(first: $n) { total } }`, map[string]any{"n": json.Number("9999999999")}, "FIRST_OUT_OF_RANGE"},
		{"none", `{ products(first: 0) { total } }`, nil, "FIRST_OUT_OF_RANGE"},
		{"less than none", `{ products(first: -1) { total } }`, nil, "FIRST_OUT_OF_RANGE"},
		{"null is as not said", `{ products(first: null) { total } }`, nil, ""},
		{"within another page", `{ products(first: 1) { nodes { offers(first: 101) { total } } } }`, nil, "FIRST_OUT_OF_RANGE"},
		{"in a fragment, as a variable", `query($n: Int) { ...f } fragment f on Query { products(first: $n) { total } }`, map[string]any{"n": int64(101)}, "FIRST_OUT_OF_RANGE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Default.MutateOperationContext(t.Context(), measure(t, c.query, c.variables))
			var f *fault.Error
			if errors.As(err, &f) && (f.Field != "first" || f.Params["max"] != 100) {
				t.Errorf("it names %q with %v", f.Field, f.Params)
			}
			if codeOf(err) != c.code {
				t.Errorf("want %q, got %v", c.code, err)
			}
		})
	}
}

// Nothing here is validated: Structure is what makes validating safe.
func TestTheStructureOfADocument(t *testing.T) {
	times := func(n int, text string) string { return strings.Repeat(text, n) }
	for _, c := range []struct {
		name, document, code string
	}{
		{"15 aliases", `{ self {` + times(15, ` a: name`) + `} }`, ""},
		{"16 aliases", `{ self {` + times(16, ` a: name`) + `} }`, "TOO_MANY_ALIASES"},
		{"an alias that is the name is none", `{ self {` + times(16, ` name: name`) + `} }`, ""},
		{"a fragment's aliases count where it is spread", `{ self { ...f self { ...f } } } fragment f on Query {` + times(8, ` a: name`) + `}`, "TOO_MANY_ALIASES"},
		{"aliases count over all operations", `query A { self {` + times(8, ` a: name`) + `} } query B { self {` + times(8, ` a: name`) + `} }`, "TOO_MANY_ALIASES"},
		{"10 fields at the root", `{` + times(10, ` name`) + `}`, ""},
		{"11 fields at the root", `{` + times(11, ` name`) + `}`, "TOO_MANY_ROOT_FIELDS"},
		{"fields at the root through fragments", `{ ...f ... { ...f } } fragment f on Query {` + times(6, ` name`) + `}`, "TOO_MANY_ROOT_FIELDS"},
		{"each operation has its own root", `query A {` + times(10, ` name`) + `} query B {` + times(10, ` name`) + `}`, ""},
		{"50 directives on one field", `{ name` + times(50, ` @note`) + `}`, ""},
		{"51 directives on one field", `{ name` + times(51, ` @note`) + `}`, "TOO_MANY_DIRECTIVES"},
		{"directives everywhere", `query($a: Int` + times(13, ` @note`) + `)` + times(13, ` @note`) + ` { ... ` + times(13, ` @note`) + ` { name } ...f @note } fragment f on Query` + times(11, ` @note`) + ` { name }`, "TOO_MANY_DIRECTIVES"},
		{"one mutation that moves money", `mutation { rename { name } pay { name } }`, ""},
		{"two of them", `mutation { pay { name } revoke { name } }`, "MUTATION_NOT_ALONE"},
		{"twice the same", `mutation { a: pay { name } b: pay { name } }`, "MUTATION_NOT_ALONE"},
		{"the second in a fragment", `mutation { pay { name } ...f } fragment f on Mutation { ... { pay { name } } }`, "MUTATION_NOT_ALONE"},
		{"one in each of two operations", `mutation A { pay { name } } mutation B { pay { name } }`, ""},
		{"a fragment in itself is the validator's", `{ ...f } fragment f on Query { name self { ...f } }`, ""},
		{"a fragment that is not there too", `{ ...f }`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := parser.ParseQuery(&ast.Source{Input: c.document})
			if err != nil {
				t.Fatal(err)
			}
			refused := Default.Structure(schema, doc)
			if (refused == nil) != (c.code == "") || refused != nil && codeOf(refused) != c.code {
				t.Errorf("want %q, got %v", c.code, refused)
			}
		})
	}
}

func TestCountingIsLinear(t *testing.T) {
	var doc strings.Builder
	doc.WriteString("{ ...f0 }")
	for i := range 90 {
		fmt.Fprintf(&doc, " fragment f%d on Query { ...f%d ...f%d }", i, i+1, i+1)
	}
	doc.WriteString(" fragment f90 on Query { name }")
	parsed, err := parser.ParseQuery(&ast.Source{Input: doc.String()})
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	if refused := Default.Structure(schema, parsed); codeOf(refused) != "TOO_MANY_ROOT_FIELDS" {
		t.Errorf("it is refused with %v", refused)
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

func TestTheSchemaIsAskedForOnce(t *testing.T) {
	for _, twice := range []string{`{ a: __schema { description } b: __schema { description } }`, `{ __schema { description } __type(name: "Plan") { name } }`} {
		if code := codeOf(Default.MutateOperationContext(t.Context(), measure(t, twice, nil))); code != "QUERY_TOO_COSTLY" {
			t.Errorf("%s: %q", twice, code)
		}
	}
}

func codeOf(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return f.Code
}
