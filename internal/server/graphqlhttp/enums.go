package graphqlhttp

import (
	"reflect"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// misspelt tells of the first value of an enum in the variables that is not written as the schema has it, as gqlparser tells of what
// is no value at all: names are case-sensitive (GraphQL §2.1.9), but gqlparser takes any case, and what it lets pass would be another
// value to whoever reads it.
func misspelt(schema *ast.Schema, op *graphql.OperationContext) gqlerror.List {
	for _, v := range op.Operation.VariableDefinitions {
		if enum, inside := misspeltIn(schema, v.Type, op.Variables[v.Variable]); enum != "" {
			path := append(inside, ast.PathName(v.Variable), ast.PathName("variable"))
			slices.Reverse(path)
			e := gqlerror.ErrorPathf(path, "it is not a valid %s", enum)
			errcode.Set(e, errcode.ValidationFailed)
			return gqlerror.List{e}
		}
	}
	return nil
}

// misspeltIn gives the enum of the first such value and the way to it from the inside, "" for none.
func misspeltIn(schema *ast.Schema, of *ast.Type, value any) (enum string, inside ast.Path) {
	def := schema.Types[of.Name()]
	if value == nil || def.Kind == ast.Scalar {
		return "", nil
	}
	if of.Elem != nil {
		list := reflect.ValueOf(value) // []any, or one value that was made a list of its own type
		if list.Kind() != reflect.Slice {
			return misspeltIn(schema, of.Elem, value)
		}
		for i := range list.Len() {
			if enum, inside = misspeltIn(schema, of.Elem, list.Index(i).Interface()); enum != "" {
				return enum, append(inside, ast.PathIndex(i))
			}
		}
		return "", nil
	}
	if def.Kind == ast.Enum {
		if !slices.ContainsFunc(def.EnumValues, func(v *ast.EnumValueDefinition) bool { return v.Name == value }) {
			return def.Name, nil
		}
		return "", nil
	}
	object, _ := value.(map[string]any)
	for _, f := range def.Fields {
		if enum, inside = misspeltIn(schema, f.Type, object[f.Name]); enum != "" {
			return enum, append(inside, ast.PathName(f.Name))
		}
	}
	return "", nil
}
