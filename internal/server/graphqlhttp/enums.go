package graphqlhttp

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// misspelt refuses variables in which a value of an enum is not written as the schema has it: names are case-sensitive
// (GraphQL §2.1.9), but gqlparser takes any case, and what it lets pass would be another value to whoever reads it.
func misspelt(schema *ast.Schema, op *graphql.OperationContext) (errs gqlerror.List) {
	for _, v := range op.Operation.VariableDefinitions {
		if value, given := op.Variables[v.Variable]; given {
			misspeltIn(schema, v.Type, value, v.Variable, &errs)
		}
	}
	return errs
}

func misspeltIn(schema *ast.Schema, of *ast.Type, value any, field string, errs *gqlerror.List) {
	if value == nil {
		return
	}
	if of.Elem != nil {
		list := reflect.ValueOf(value) // []any, or one value that was made a list of its own type
		if list.Kind() != reflect.Slice {
			misspeltIn(schema, of.Elem, value, field, errs)
			return
		}
		for i := range list.Len() {
			misspeltIn(schema, of.Elem, list.Index(i).Interface(), fmt.Sprintf("%s[%d]", field, i), errs)
		}
		return
	}
	switch def := schema.Types[of.NamedType]; def.Kind {
	case ast.Enum:
		if !slices.ContainsFunc(def.EnumValues, func(v *ast.EnumValueDefinition) bool { return v.Name == value }) {
			e := invalid(fmt.Sprintf("Variable $%s: not a valid %s.", field, def.Name))
			e.Extensions["field"] = field
			*errs = append(*errs, e)
		}
	case ast.InputObject:
		object, _ := value.(map[string]any)
		for _, f := range def.Fields {
			misspeltIn(schema, f.Type, object[f.Name], field+"."+f.Name, errs)
		}
	}
}
