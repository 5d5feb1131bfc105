package graph

import (
	"context"
	"reflect"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/graph/generated"
	"gongshu/internal/fault"
	"gongshu/internal/legible"
)

// The directives by which the schema says how a text of an input is read; one without is a single line.
const (
	linesDirective    = "lines"
	verbatimDirective = "verbatim"
)

// maxIllegible is how many texts of an input are named at once.
const maxIllegible = 100

// Legible is for executor.AroundFields. It answers what takes an input and says in its payload what is wrong with it (every
// mutation, and the queries that say what one would do) with TEXT_INVALID for every text of it that its reader could not
// see as it is; the rule is package legible's. It goes by the schema, so that a text added to it is covered.
func Legible(schema *ast.Schema) graphql.FieldMiddleware {
	payloads := map[string]map[string]reflect.Type{
		schema.Query.Name:    payloadsOf(schema.Query, reflect.TypeFor[generated.QueryResolver]()),
		schema.Mutation.Name: payloadsOf(schema.Mutation, reflect.TypeFor[generated.MutationResolver]()),
	}
	return func(ctx context.Context, next graphql.Resolver) (any, error) {
		at := graphql.GetFieldContext(ctx)
		payload, says := payloads[at.Object][at.Field.Name]
		if !says {
			return next(ctx)
		}
		given := at.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
		t := inputTexts{schema: schema}
		for _, a := range at.Field.Definition.Arguments {
			t.read(a.Name, a.Type, a.Directives, given[a.Name])
		}
		if len(t.wrong) == 0 {
			return next(ctx)
		}
		answer := reflect.New(payload)
		answer.Elem().FieldByName("Errors").Set(reflect.ValueOf(t.wrong))
		return answer.Interface(), nil
	}
}

// payloadsOf are the Go types of the payloads with which fields of a root answer, by the field's name.
func payloadsOf(root *ast.Definition, resolver reflect.Type) map[string]reflect.Type {
	payloads := map[string]reflect.Type{}
	for _, f := range root.Fields {
		method, known := resolver.MethodByName(strings.ToUpper(f.Name[:1]) + f.Name[1:])
		if !known || method.Type.Out(0).Kind() != reflect.Pointer {
			continue
		}
		answer := method.Type.Out(0).Elem()
		if errors, has := answer.FieldByName("Errors"); has && errors.Type == reflect.TypeFor[[]*fault.Error]() {
			payloads[f.Name] = answer
		}
	}
	return payloads
}

// inputTexts are those of an input, and what is wrong with them, in its order.
type inputTexts struct {
	schema *ast.Schema
	wrong  []*fault.Error
}

// read goes through a value as its type has it; of a list, one value stands for a list of it.
func (t *inputTexts) read(path string, typ *ast.Type, marks ast.DirectiveList, value any) {
	if value == nil || len(t.wrong) >= maxIllegible {
		return
	}
	if list, isList := value.([]any); isList && typ.Elem != nil {
		for i, entry := range list {
			t.read(path+"."+strconv.Itoa(i), typ.Elem, marks, entry)
		}
		return
	}
	switch v := value.(type) {
	case map[string]any:
		for _, f := range t.schema.Types[typ.Name()].Fields {
			t.read(path+"."+f.Name, f.Type, f.Directives, v[f.Name])
		}
	case string:
		t.text(path, typ, marks, v)
	}
}

func (t *inputTexts) text(path string, typ *ast.Type, marks ast.DirectiveList, text string) {
	legibly := legible.Line
	switch {
	case typ.Name() != "String" || marks.ForName(verbatimDirective) != nil:
		return
	case marks.ForName(linesDirective) != nil:
		legibly = legible.Lines
	}
	if f := legibly(text); f != nil {
		t.wrong = append(t.wrong, f.At(path))
	}
}
