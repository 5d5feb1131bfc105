package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/graph/generated"
	"gongshu/internal/access"
	"gongshu/internal/market"
)

// verbatim are the texts that may hold any character, and why.
var verbatim = map[string]string{
	"signIn input.password":             "what a password consists of is the person's own affair",
	"organisationSignUp input.password": "as above",
	"invitationAccept input.password":   "as above",
	"catalogueImport document":          "a file, whose cells package catalogue holds against the same rule",
}

// said is a text of an input: where it is, and how it is read.
type said struct {
	path            string
	lines, verbatim bool
}

// saidIn finds the texts of a type, and where they are in example's value of it with every field given.
func saidIn(schema *ast.Schema, path string, typ *ast.Type, marks ast.DirectiveList) (all []said) {
	if typ.Elem != nil {
		return saidIn(schema, path+".0", typ.Elem, marks)
	}
	if typ.NamedType == "String" {
		return []said{{path, marks.ForName("lines") != nil, marks.ForName("verbatim") != nil}}
	}
	if definition := schema.Types[typ.NamedType]; definition.Kind == ast.InputObject {
		for _, f := range definition.Fields {
			all = append(all, saidIn(schema, path+"."+f.Name, f.Type, f.Directives)...)
		}
	}
	return all
}

// put replaces what stands at a path.
func put(value any, path []string, text string) any {
	if len(path) == 0 {
		return text
	}
	switch v := value.(type) {
	case map[string]any:
		v[path[0]] = put(v[path[0]], path[1:], text)
	case []any:
		i, _ := strconv.Atoi(path[0])
		v[i] = put(v[i], path[1:], text)
	}
	return value
}

// Every text of every mutation is given what cannot be seen, by who is not signed in: where it is refused, nobody was asked who they are.
func TestNoMutationTakesWhatCannotBeSeen(t *testing.T) {
	s := emptyStore(t)
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: &Resolver{Store: s, Market: &market.Market{Store: s}}})
	exec := executor.New(schema)
	exec.AroundFields(Legible(schema.Schema()))
	exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		return next(WithLoaders(ctx, s))
	})
	exec.SetRecoverFunc(func(_ context.Context, v any) error { return fmt.Errorf("panic: %v", v) })
	refused := func(t *testing.T, mutation *ast.FieldDefinition, at said, text string) string {
		variables := map[string]any{}
		var declared, passed []string
		for _, a := range mutation.Arguments {
			declared = append(declared, fmt.Sprintf("$%s: %s", a.Name, a.Type))
			passed = append(passed, fmt.Sprintf("%s: $%s", a.Name, a.Name))
			variables[a.Name] = everything(t, schema.Schema(), mutation.Name, a.Name, a.Type)
		}
		put(variables, strings.Split(at.path, "."), text)
		document := fmt.Sprintf("mutation(%s) { %s(%s) { errors { code field params { name value } } } }",
			strings.Join(declared, ", "), mutation.Name, strings.Join(passed, ", "))
		ctx := access.With(graphql.StartOperationTrace(t.Context()), access.Viewer{})
		operation, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
		if errs != nil {
			t.Fatalf("%s with %v: %v", document, variables, errs)
		}
		respond, ctx := exec.DispatchOperation(ctx, operation)
		response := respond(ctx)
		var data map[string]struct {
			Errors []struct {
				Code, Field string
				Params      []struct{ Name, Value string }
			}
		}
		if len(response.Errors) > 0 {
			return "" // what it is refused for when its texts are read
		}
		if err := json.Unmarshal(response.Data, &data); err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, e := range data[mutation.Name].Errors {
			if e.Code == "TEXT_INVALID" {
				found += fmt.Sprintf("%s %v", e.Field, e.Params)
			}
		}
		return found
	}
	taken := map[string]bool{}
	texts := 0
	for _, mutation := range schema.Schema().Mutation.Fields {
		for _, a := range mutation.Arguments {
			for _, at := range saidIn(schema.Schema(), a.Name, a.Type, a.Directives) {
				where := mutation.Name + " " + at.path
				if at.verbatim {
					taken[where] = true
					continue
				}
				texts++
				for text, want := range map[string]bool{
					"a\u202eb": true, "\u2066a": true, "a\u200bb": true, "\u0000": true, "\u001b[1m": true,
					"a\nb": !at.lines, "a\tb": !at.lines, "公数 a": false,
				} {
					wanted := ""
					if want {
						first := strings.TrimLeft(text, "ab")
						wanted = fmt.Sprintf("%s [{character U+%04X}]", at.path, []rune(first)[0])
					}
					if got := refused(t, mutation, at, text); got != wanted {
						t.Errorf("%s: %+q is refused at %q, want %q", where, text, got, wanted)
					}
				}
			}
		}
	}
	if texts < 50 {
		t.Errorf("only %d texts were found", texts)
	}
	if got, want := slices.Sorted(maps.Keys(taken)), slices.Sorted(maps.Keys(verbatim)); !slices.Equal(got, want) {
		t.Errorf("the schema takes any character at %v, of which %v are known here", got, want)
	}
}

// everything is example with what need not be given, too.
func everything(t *testing.T, schema *ast.Schema, mutation, name string, typ *ast.Type) any {
	if typ.Elem != nil {
		return []any{everything(t, schema, mutation, name, typ.Elem)}
	}
	definition := schema.Types[typ.NamedType]
	if definition.Kind != ast.InputObject {
		return example(t, schema, mutation, name, typ)
	}
	object := map[string]any{}
	for _, f := range definition.Fields {
		object[f.Name] = everything(t, schema, mutation, f.Name, f.Type)
	}
	return object
}
