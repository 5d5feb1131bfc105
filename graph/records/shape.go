// Package records answers queries without resolving field by field, straight from records: texts of JSON that are put together
// by what a query selects. Those of what is public were made once, by the resolvers themselves. Such a record is that of a type
// with @record in the schema; it holds the fields with @public, and other such types inside it by their id. Of what the viewer
// owns a root makes records as it is asked, which hold fields with @own too and are not kept.
//
// It never refuses anything and never answers with an error. Whatever it is not certain of (a field that is not public, an
// argument that it cannot read, a record that is to be made anew) it leaves to the executor that was generated.
package records

import (
	"fmt"
	"hash/fnv"
	"io"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// The directives of the schema that say what may be recorded.
const (
	publicDirective = "public"
	ownDirective    = "own"
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

// field is a public field of a type, or one of what somebody owns.
type field struct {
	name string
	// typ is its type as the schema writes it.
	typ  string
	slot int
	kind kind
	of   *Type
	own  bool
	// apart says that records are read without it where nobody asks for it.
	apart bool
}

// Type is an object type with public fields, whose records have a slot for each.
type Type struct {
	Name string
	// satisfies are the names in fragments that fit it.
	satisfies []string
	isRecord  bool
	fields    []*field
	byName    map[string]*field
	// leading is how many of the slots are not kept apart: they come first.
	leading int
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
		if def.Kind == ast.Object && !def.BuiltIn && (isPublic(def.Directives) || slices.ContainsFunc(def.Fields, func(f *ast.FieldDefinition) bool { return isPublic(f.Directives) || isOwn(f.Directives) })) {
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
		if isApart(def.Directives) {
			return nil, fmt.Errorf("records: all of %s is kept apart; say of which fields", name)
		}
		for _, f := range def.Fields {
			own := isOwn(f.Directives)
			if !whole && !own && !isPublic(f.Directives) {
				continue
			}
			if len(f.Arguments) > 0 {
				return nil, fmt.Errorf("records: %s.%s is public and takes arguments", name, f.Name)
			}
			one := &field{name: f.Name, typ: f.Type.String(), own: own, apart: isApart(f.Directives)}
			if one.apart && name != keptInRows {
				return nil, fmt.Errorf("records: %s.%s is kept apart, and %s in no rows", name, f.Name, name)
			}
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
		}
		t.leading = t.order()
	}
	for _, name := range names {
		t := s.types[name]
		if err := t.holds(nil); err != nil {
			return nil, err
		}
		if t.isRecord {
			t.describe(hash)
		}
	}
	s.Number = int64(hash.Sum64() >> 1)
	return s, nil
}

// order gives the fields their slots, those that are kept apart behind the others, and says how many these are.
func (t *Type) order() (leading int) {
	slices.SortStableFunc(t.fields, func(a, b *field) int {
		switch {
		case a.apart == b.apart:
			return 0
		case b.apart:
			return -1
		}
		return 1
	})
	for i, f := range t.fields {
		if f.slot = i; !f.apart {
			leading++
		}
	}
	return leading
}

// describe writes what a record of the type holds.
func (t *Type) describe(to io.Writer) {
	for _, f := range t.fields {
		fmt.Fprintln(to, t.Name, f.name, f.typ, f.apart)
		if f.kind == object || f.kind == objects {
			f.of.describe(to)
		}
	}
}

// holds refuses types that hold themselves, and such with records that have no id or hold what depends on who asks.
func (t *Type) holds(within []*Type) error {
	if slices.Contains(within, t) {
		return fmt.Errorf("records: %s holds itself, without end", t.Name)
	}
	if t.isRecord && t.byName["id"] == nil {
		return fmt.Errorf("records: %s is recorded and has no id", t.Name)
	}
	for _, f := range t.fields {
		if f.own && (t.isRecord || slices.ContainsFunc(within, func(in *Type) bool { return in.isRecord })) {
			return fmt.Errorf("records: %s.%s is answered by who asks, and a record would hold it", t.Name, f.name)
		}
		if f.kind == object || f.kind == objects {
			if err := f.of.holds(append(within, t)); err != nil {
				return err
			}
		}
	}
	return nil
}

func isPublic(directives ast.DirectiveList) bool { return directives.ForName(publicDirective) != nil }

func isApart(directives ast.DirectiveList) bool {
	d := directives.ForName(publicDirective)
	return d != nil && d.ArgumentMap(nil)["apart"] == true
}

func isOwn(directives ast.DirectiveList) bool { return directives.ForName(ownDirective) != nil }

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
