package graphqlhttp

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2/ast"
)

// introspect is for executor.AroundRootFields. What is asked of the schema itself it writes straight from gqlgen's view of it:
// tools ask for all of it, some 20,000 fields, and resolving these one by one would take longer than any other operation may.
func introspect(schema *ast.Schema) graphql.RootFieldMiddleware {
	whole := introspection.WrapSchema(schema)
	return func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		field := graphql.GetRootFieldContext(ctx).Field
		operation := graphql.GetOperationContext(ctx)
		if operation.DisableIntrospection {
			return next(ctx)
		}
		w := schemaWriter{ctx: ctx}
		w.weight, _ = ctx.Value(weightKey{}).(*weight)
		switch field.Name {
		case "__schema":
			w.schema(whole, schemaFields(operation, field.Selections, "__Schema"))
		case "__type":
			name, _ := field.ArgumentMap(operation.Variables)["name"].(string)
			w.one(introspection.WrapTypeFromDef(schema, schema.Types[name]), schemaFields(operation, field.Selections, "__Type"))
		default:
			return next(ctx)
		}
		if w.err != nil {
			graphql.AddError(graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: field}), w.err)
		}
		if w.ended {
			return graphql.Null
		}
		return graphql.WriterFunc(func(to io.Writer) { _, _ = w.out.WriteTo(to) }) // into the answer, in memory
	}
}

// schemaField is a field that is selected of one of the schema's own types.
type schemaField struct {
	name string
	// begin is what is written before its value, or, of __typename, all of it.
	begin string
	// deprecated says that what is deprecated is asked for too.
	deprecated bool
	within     []schemaField
}

// schemaFields are what is selected of one of the schema's own types. The limit of cost bounds how many they are.
func schemaFields(operation *graphql.OperationContext, set ast.SelectionSet, of string) (fields []schemaField) {
	for _, f := range graphql.CollectFields(operation, set, []string{of}) {
		field := schemaField{name: f.Name, begin: `"` + f.Alias + `":`}
		if f.Name == "__typename" {
			field.begin += `"` + of + `"`
		} else if below := f.Definition.Type.Name(); strings.HasPrefix(below, "__") {
			field.deprecated, _ = f.ArgumentMap(operation.Variables)["includeDeprecated"].(bool)
			field.within = schemaFields(operation, f.Selections, below)
		}
		fields = append(fields, field)
	}
	return fields
}

// schemaWriter writes an answer, and stops once it is too much or too late.
type schemaWriter struct {
	ctx    context.Context
	out    bytes.Buffer
	weight *weight
	paid   int // bytes of out that weight was told of
	ended  bool
	err    error
}

// object writes the fields of an object; value writes that of one.
func (w *schemaWriter) object(fields []schemaField, value func(f *schemaField)) {
	if w.weight != nil && !w.ended {
		w.ended, w.err = w.weight.take(w.ctx, w.out.Len()-w.paid)
		w.paid = w.out.Len()
	}
	if w.ended {
		return
	}
	w.out.WriteByte('{')
	for i := range fields {
		if i > 0 {
			w.out.WriteByte(',')
		}
		w.out.WriteString(fields[i].begin)
		if fields[i].name != "__typename" {
			value(&fields[i])
		}
	}
	w.out.WriteByte('}')
}

func (w *schemaWriter) text(s string) { graphql.MarshalString(s).MarshalGQL(&w.out) }
func (w *schemaWriter) flag(b bool)   { graphql.MarshalBoolean(b).MarshalGQL(&w.out) }

func (w *schemaWriter) optional(s *string) {
	if s == nil {
		graphql.Null.MarshalGQL(&w.out)
		return
	}
	w.text(*s)
}

// listed writes a list.
func listed[T any](w *schemaWriter, all []T, write func(*T)) {
	w.out.WriteByte('[')
	for i := range all {
		if i > 0 {
			w.out.WriteByte(',')
		}
		write(&all[i])
	}
	w.out.WriteByte(']')
}

func (w *schemaWriter) schema(s *introspection.Schema, fields []schemaField) {
	w.object(fields, func(f *schemaField) {
		switch f.name {
		case "description":
			w.optional(s.Description())
		case "types":
			w.types(s.Types(), f.within)
		case "queryType":
			w.one(s.QueryType(), f.within)
		case "mutationType":
			w.one(s.MutationType(), f.within)
		case "subscriptionType":
			w.one(s.SubscriptionType(), f.within)
		case "directives":
			listed(w, s.Directives(), func(d *introspection.Directive) { w.directive(d, f.within) })
		}
	})
}

func (w *schemaWriter) types(all []introspection.Type, fields []schemaField) {
	listed(w, all, func(t *introspection.Type) { w.one(t, fields) })
}

// one writes a type, or null.
func (w *schemaWriter) one(t *introspection.Type, fields []schemaField) {
	if t == nil {
		graphql.Null.MarshalGQL(&w.out)
		return
	}
	w.object(fields, func(f *schemaField) {
		switch f.name {
		case "kind":
			w.text(t.Kind())
		case "name":
			w.optional(t.Name())
		case "description":
			w.optional(t.Description())
		case "specifiedByURL":
			w.optional(t.SpecifiedByURL())
		case "fields":
			listed(w, t.Fields(f.deprecated), func(of *introspection.Field) { w.field(of, f.within) })
		case "interfaces":
			w.types(t.Interfaces(), f.within)
		case "possibleTypes":
			w.types(t.PossibleTypes(), f.within)
		case "enumValues":
			listed(w, t.EnumValues(f.deprecated), func(v *introspection.EnumValue) { w.enumValue(v, f.within) })
		case "inputFields":
			w.inputs(t.VisibleInputFields(f.deprecated), f.within)
		case "ofType":
			w.one(t.OfType(), f.within)
		case "isOneOf":
			w.flag(t.IsOneOf())
		}
	})
}

// described writes what fields, input values and enum values have in common.
func (w *schemaWriter) described(of interface {
	Description() *string
	IsDeprecated() bool
	DeprecationReason() *string
}, field string,
) {
	switch field {
	case "description":
		w.optional(of.Description())
	case "isDeprecated":
		w.flag(of.IsDeprecated())
	case "deprecationReason":
		w.optional(of.DeprecationReason())
	}
}

func (w *schemaWriter) field(of *introspection.Field, fields []schemaField) {
	w.object(fields, func(f *schemaField) {
		switch f.name {
		case "name":
			w.text(of.Name)
		case "args":
			w.inputs(of.VisibleArgs(f.deprecated), f.within)
		case "type":
			w.one(of.Type, f.within)
		default:
			w.described(of, f.name)
		}
	})
}

func (w *schemaWriter) inputs(all []introspection.InputValue, fields []schemaField) {
	listed(w, all, func(v *introspection.InputValue) {
		w.object(fields, func(f *schemaField) {
			switch f.name {
			case "name":
				w.text(v.Name)
			case "type":
				w.one(v.Type, f.within)
			case "defaultValue":
				w.optional(v.DefaultValue)
			default:
				w.described(v, f.name)
			}
		})
	})
}

func (w *schemaWriter) enumValue(v *introspection.EnumValue, fields []schemaField) {
	w.object(fields, func(f *schemaField) {
		if f.name == "name" {
			w.text(v.Name)
		} else {
			w.described(v, f.name)
		}
	})
}

func (w *schemaWriter) directive(d *introspection.Directive, fields []schemaField) {
	w.object(fields, func(f *schemaField) {
		switch f.name {
		case "name":
			w.text(d.Name)
		case "description":
			w.optional(d.Description())
		case "isRepeatable":
			w.flag(d.IsRepeatable)
		case "locations":
			listed(w, d.Locations, func(at *string) { w.text(*at) })
		case "args":
			w.inputs(d.VisibleArgs(f.deprecated), f.within)
		}
	})
}
