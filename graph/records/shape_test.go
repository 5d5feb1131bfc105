package records

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const head = `directive @public on OBJECT | FIELD_DEFINITION directive @record on OBJECT interface Node { id: ID! } type Query { a: A } `

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
	for text, want := range map[string]string{
		`type A { b(first: Int): String @public }`:                            "takes arguments",
		`type A { b: B @public } type B { name: String }`:                     "nothing of B",
		`type A { n: Node @public }`:                                          "nothing of Node",
		`type A { b: [[B!]!] @public } type B @public { name: String! }`:      "list of lists",
		`type A @public { b: B } type B @public { name: String! a: A }`:       "without end",
		`type A @public { b: [B!] } type B @public @record { name: String! }`: "has no id",
	} {
		if _, err := ShapeOf(schemaOf(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
