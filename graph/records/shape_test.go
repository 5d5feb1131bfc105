package records

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const head = `directive @public(apart: Boolean! = false) on OBJECT | FIELD_DEFINITION directive @own on FIELD_DEFINITION directive @record on OBJECT interface Node { id: ID! } type Query { a: A } `

func schemaOf(t *testing.T, text string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: head + text})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestAShapeIsWhatIsPublic(t *testing.T) {
	shape, err := ShapeOf(schemaOf(t, `type A implements Node @record { id: ID! @public b: B @public secret: String c: [A!]! @public } type B @public { name: String! }`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := shape.Type("A").selection(), "{ id b{ name } c{id} }"; got != want {
		t.Errorf("all that is public of A is %q, want %q", got, want)
	}
	more, err := ShapeOf(schemaOf(t, `type A implements Node @record { id: ID! @public b: B @public secret: String @public c: [A!]! @public } type B @public { name: String! }`))
	if err != nil || more.Number == shape.Number {
		t.Errorf("with another field it is the same shape, %v", err)
	}
	beside, err := ShapeOf(schemaOf(t, `type A implements Node @record { id: ID! @public b: B @public secret: String c: [A!]! @public } type B @public { name: String! } type Mine { a: A @own }`))
	if err != nil || beside.Number != shape.Number || beside.Type("Mine") == nil {
		t.Errorf("with what somebody owns it is another shape, %v", err)
	}
	for text, want := range map[string]string{
		`type A @record { id: ID! @public b: B @own } type B @public { name: String! }`:                  "by who asks",
		`type A @record { id: ID! @public b: B @public } type B { c: C @own } type C @public { n: Int }`: "by who asks",
		`type A { b(first: Int): String @public }`:                                                       "takes arguments",
		`type A { b: B @public } type B { name: String }`:                                                "nothing of B",
		`type A { n: Node @public }`:                                                                     "nothing of Node",
		`type A { b: [[B!]!] @public } type B @public { name: String! }`:                                 "list of lists",
		`type A @public { b: B } type B @public { name: String! a: A }`:                                  "without end",
		`type A @public(apart: true) { b: String }`:                                                      "say of which",
		`type A implements Node @record { id: ID! @public b: String @public(apart: true) }`:              "in no rows",
		`type A @public { b: [B!] } type B @public @record { name: String! }`:                            "has no id",
	} {
		if _, err := ShapeOf(schemaOf(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestWhatIsKeptApartComesLast(t *testing.T) {
	const text = `type A { p: Product @public } type Product implements Node @record { id: ID! @public large: String @public(apart: true) name: String @public }`
	shape, err := ShapeOf(schemaOf(t, text))
	if err != nil {
		t.Fatal(err)
	}
	of := shape.Type("Product")
	record := of.Of(Fields{{"id", []byte("1")}, {"large", []byte("22")}, {"name", []byte("333")}})
	leading, apart := of.split(record)
	if string(apart) != "22" || !bytes.HasSuffix(leading, []byte("1333")) || string(of.Value(leading, "name")) != "333" || string(slices.Concat(leading, apart)) != string(record) {
		t.Errorf("%q is kept apart of %q", apart, leading)
	}
	if leading, apart := of.split(nil); len(leading)+len(apart) != 0 {
		t.Errorf("of nothing %q and %q are kept", leading, apart)
	}
	together, err := ShapeOf(schemaOf(t, strings.ReplaceAll(text, "(apart: true)", "")))
	if err != nil || together.Number == shape.Number {
		t.Errorf("together it is the same shape, %v", err)
	}
}
