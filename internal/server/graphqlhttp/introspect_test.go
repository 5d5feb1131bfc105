package graphqlhttp

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/graph/generated"
)

// executes gives what executes an operation of the market's schema, with and without writing what is asked of the schema itself,
// which is then within what else is around it.
func executes(writing bool, around ...graphql.RootFieldMiddleware) func(ctx context.Context, query string, variables map[string]any) (string, error) {
	schema := generated.NewExecutableSchema(generated.Config{})
	exec := executor.New(schema)
	for _, outer := range around {
		exec.AroundRootFields(outer)
	}
	if writing {
		exec.AroundRootFields(introspect(schema.Schema()))
	}
	return func(ctx context.Context, query string, variables map[string]any) (string, error) {
		ctx = graphql.StartOperationTrace(ctx)
		operation, refused := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
		if refused != nil {
			return "", refused
		}
		operation.DisableIntrospection = false
		next, ctx := exec.DispatchOperation(ctx, operation)
		answer := next(ctx)
		if answer == nil {
			return "", context.Cause(ctx)
		}
		if len(answer.Errors) > 0 {
			return string(answer.Data), answer.Errors
		}
		return string(answer.Data), nil
	}
}

// TestTheSchemaIsWrittenAsItIsResolved draws what is asked of the schema and compares what is written with what gqlgen answers.
func TestTheSchemaIsWrittenAsItIsResolved(t *testing.T) {
	written, resolved := executes(true), executes(false)
	compare := func(query string, variables map[string]any) {
		t.Helper()
		is, err := written(t.Context(), query, variables)
		want, wantErr := resolved(t.Context(), query, variables)
		if err != nil || wantErr != nil {
			t.Fatalf("%.300s: %v, %v", query, err, wantErr)
		}
		if is != want {
			at := 0
			for at < min(len(is), len(want)) && is[at] == want[at] {
				at++
			}
			t.Fatalf("%.3000s\nis   …%.200s\nwant …%.200s", query, is[max(0, at-60):], want[max(0, at-60):])
		}
	}

	files, err := filepath.Glob("../../../e2e/hostile/corpus/introspection/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no operations in the corpus: %v", err)
	}
	compared := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		header, query, _ := strings.Cut(string(text), "\n\n")
		if strings.Contains(header, "want: 200") && strings.HasPrefix(query, "{ __schema") {
			compare(query, nil)
			compared++
		}
	}
	if compared == 0 {
		t.Fatalf("only %d operations of the corpus are answered", compared)
	}

	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	draw := drawer{schema: schema, random: rand.New(rand.NewPCG(1, 2))}
	for _, name := range []string{"Query", "Product", "OrderPlaceInput", "Purpose", "Node", "__Type", "String", "Nothing"} {
		for range 40 {
			compare(fmt.Sprintf("query ($all: Boolean!, $no: Boolean = false) { a: __type(name: %q) %s __typename @include(if: $all) @skip(if: $no) }", name, draw.selection("__Type", 4, 2)), map[string]any{"all": draw.random.IntN(2) == 0})
		}
	}
	for range 40 {
		compare("query ($all: Boolean!, $no: Boolean = false) { __schema "+draw.selection("__Schema", 4, 1)+" __typename @include(if: $all) @skip(if: $no) }", map[string]any{"all": true})
	}
}

// lists are fields that validation lets be within each other only so deep.
var lists = map[string]bool{"fields": true, "interfaces": true, "possibleTypes": true, "inputFields": true}

// drawer draws selections of the schema's own types.
type drawer struct {
	schema *ast.Schema
	random *rand.Rand
}

// selection draws one, so many levels deep, with so many lists within each other.
func (d drawer) selection(of string, levels, deep int) string {
	var out []string
	for i, f := range d.schema.Types[of].Fields {
		if f.Name == "__typename" || d.random.IntN(3) == 0 {
			continue
		}
		text := f.Name
		if d.random.IntN(4) == 0 {
			text = fmt.Sprintf("x%d: %s", i, text)
		}
		if f.Arguments.ForName("includeDeprecated") != nil && d.random.IntN(2) == 0 {
			text += []string{"(includeDeprecated: true)", "(includeDeprecated: $all)", "(includeDeprecated: $no)"}[d.random.IntN(3)]
		}
		if d.random.IntN(8) == 0 {
			text += []string{" @include(if: $all)", " @skip(if: $no)"}[d.random.IntN(2)]
		}
		if below := f.Type.Name(); strings.HasPrefix(below, "__") && d.schema.Types[below].Kind == ast.Object {
			if levels == 0 || lists[f.Name] && deep == 0 {
				continue
			}
			within := deep
			if lists[f.Name] {
				within--
			}
			if text == f.Name && d.random.IntN(4) == 0 { // twice, which is one
				out = append(out, text+" { n: name __typename }")
			}
			text += " " + d.selection(below, levels-1, within)
		}
		if d.random.IntN(8) == 0 {
			text = fmt.Sprintf("... on %s { %s }", of, text)
		}
		out = append(out, text)
	}
	if len(out) == 0 || d.random.IntN(6) == 0 {
		out = append(out, "__typename")
	}
	return "{ " + strings.Join(out, " ") + " }"
}

// TestTheSchemaIsWrittenNoFurtherThanAnswersGo ends what is too long or too late with one error.
func TestTheSchemaIsWrittenNoFurtherThanAnswersGo(t *testing.T) {
	written := executes(true)
	const all = "{ __schema { types { name description } } }"
	data, err := written(weighed(t.Context(), 1000), all, nil)
	if err == nil || !strings.Contains(err.Error(), errAnswerTooLarge.Error()) || strings.Contains(data, "types") {
		t.Errorf("too long: %v, %.100s", err, data)
	}
	ctx, cancel := context.WithCancel(weighed(t.Context(), 1<<20))
	late := executes(true, func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		cancel()
		return next(ctx)
	})
	if data, err := late(ctx, all, nil); err == nil || strings.Contains(data, "types") {
		t.Errorf("too late: %v, %.100s", err, data)
	}
	if _, err := written(weighed(t.Context(), 1<<20), all, nil); err != nil {
		t.Error(err)
	}
}

// BenchmarkWidestIntrospection asks for as much of the schema as may be asked for.
func BenchmarkWidestIntrospection(b *testing.B) {
	text, err := os.ReadFile("../../../e2e/hostile/corpus/introspection/widest.graphql")
	if err != nil {
		b.Fatal(err)
	}
	_, query, _ := strings.Cut(string(text), "\n\n")
	for name, writing := range map[string]bool{"written": true, "resolved": false} {
		b.Run(name, func(b *testing.B) {
			execute := executes(writing)
			for b.Loop() {
				if _, err := execute(b.Context(), query, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
