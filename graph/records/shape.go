// Package records answers queries that ask for nothing but what is public, straight from records: texts of JSON that were
// made once, by the resolvers themselves, and are put together by what a query selects. A record is that of a type with
// @record in the schema; it holds the fields with @public, and other such types inside it by their id.
//
// It never refuses anything and never answers with an error. Whatever it is not certain of (a field that is not public, an
// argument that it cannot read, a record that is to be made anew) it leaves to the executor that was generated.
package records

import (
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// The directives of the schema that say what may be recorded.
const (
	publicDirective = "public"
	recordDirective = "record"
)

// kind is what the slot of a field holds.
type kind uint8

const (
	leaf     kind = iota // JSON, a list of leaves too
	object               // a record inside the record; empty for null
	objects              // a list of those
	referred             // the id of a record; empty for null
	list                 // a list of ids
)

// field is a public field of a type.
type field struct {
	name string
	slot int
	kind kind
	of   *Type
}

// Type is an object type with public fields, whose records have a slot for each.
type Type struct {
	Name string
	// satisfies are the names in fragments that fit it.
	satisfies []string
	isRecord  bool
	fields    []*field
	byName    map[string]*field
}

// Shape is what all records are made of.
type Shape struct {
	types map[string]*Type
	// Number changes with the types and fields: records of another are of no use.
	Number int64
}

// ShapeOf reads the shape of a schema. Refused are public fields with arguments, of interfaces and
// unions, or of lists of lists of objects, and types that hold themselves or are recorded without an id.
func ShapeOf(schema *ast.Schema) (*Shape, error) {
	s := &Shape{types: map[string]*Type{}}
	hash := fnv.New64a()
	var names []string
	for name, def := range schema.Types {
		if def.Kind == ast.Object && !def.BuiltIn && (isPublic(def.Directives) || slices.ContainsFunc(def.Fields, func(f *ast.FieldDefinition) bool { return isPublic(f.Directives) })) {
			if def != schema.Query {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		def := schema.Types[name]
		s.types[name] = &Type{Name: name, satisfies: append(slices.Clone(def.Interfaces), name), isRecord: def.Directives.ForName(recordDirective) != nil, byName: map[string]*field{}}
	}
	for _, name := range names {
		def, t := schema.Types[name], s.types[name]
		whole := isPublic(def.Directives)
		for _, f := range def.Fields {
			if !whole && !isPublic(f.Directives) {
				continue
			}
			if len(f.Arguments) > 0 {
				return nil, fmt.Errorf("records: %s.%s is public and takes arguments", name, f.Name)
			}
			one := &field{name: f.Name, slot: len(t.fields)}
			if of := schema.Types[f.Type.Name()]; of.IsCompositeType() {
				if one.of = s.types[of.Name]; one.of == nil {
					return nil, fmt.Errorf("records: %s.%s is public, and nothing of %s is", name, f.Name, of.Name)
				}
				switch isList := f.Type.Elem != nil; {
				case isList && f.Type.Elem.Elem != nil:
					return nil, fmt.Errorf("records: %s.%s is public and a list of lists of objects", name, f.Name)
				case isList && one.of.isRecord:
					one.kind = list
				case isList:
					one.kind = objects
				case one.of.isRecord:
					one.kind = referred
				default:
					one.kind = object
				}
			}
			t.fields, t.byName[f.Name] = append(t.fields, one), one
			fmt.Fprintln(hash, name, f.Name, f.Type)
		}
	}
	for _, name := range names {
		if err := s.types[name].holds(nil); err != nil {
			return nil, err
		}
	}
	s.Number = int64(hash.Sum64() >> 1)
	return s, nil
}

// holds refuses types that hold themselves, and such with records that have no id.
func (t *Type) holds(within []*Type) error {
	if slices.Contains(within, t) {
		return fmt.Errorf("records: %s holds itself, without end", t.Name)
	}
	if t.isRecord && t.byName["id"] == nil {
		return fmt.Errorf("records: %s is recorded and has no id", t.Name)
	}
	for _, f := range t.fields {
		if f.kind == object || f.kind == objects {
			if err := f.of.holds(append(within, t)); err != nil {
				return err
			}
		}
	}
	return nil
}

func isPublic(directives ast.DirectiveList) bool { return directives.ForName(publicDirective) != nil }

// Type is that of a name; nil where nothing of it is public.
func (s *Shape) Type(name string) *Type { return s.types[name] }

// selection is everything that a record of the type holds, as a query asks for it.
func (t *Type) selection() string {
	out := "{"
	for _, f := range t.fields {
		out += " " + f.name
		switch f.kind {
		case object, objects:
			out += f.of.selection()
		case referred, list:
			out += "{id}"
		}
	}
	return out + " }"
}
