package limits

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/internal/fault"
)

// MoneyOrRights is the directive of the mutations that move money or rights; a request may ask for one of them.
const MoneyOrRights = "movesMoneyOrRights"

// Structure refuses a document by what is written in it, before it is validated: validation takes time in the square of
// the fields that share a place. Aliases and directives count for the whole document, root fields and mutations for each
// operation; what a fragment holds counts wherever it is spread.
//
// The codes are TOO_MANY_ALIASES, TOO_MANY_DIRECTIVES, TOO_MANY_ROOT_FIELDS and MUTATION_NOT_ALONE.
func (l Limits) Structure(schema *ast.Schema, doc *ast.QueryDocument) *gqlerror.Error {
	c := &counter{
		mutations: schema.Mutation, fragments: map[string]*ast.FragmentDefinition{}, known: map[string]count{},
		enough: max(l.Aliases, l.Directives, l.RootFields) + 1,
	}
	for _, f := range doc.Fragments {
		c.fragments[f.Name] = f
	}
	var total count
	for _, operation := range doc.Operations {
		in := c.selection(operation.SelectionSet)
		in.directives += len(operation.Directives)
		for _, v := range operation.VariableDefinitions {
			in.directives += len(v.Directives)
		}
		total.aliases += in.aliases
		total.directives += in.directives
		switch {
		case in.fields > l.RootFields:
			return refuse(fault.New(fault.Invalid, "TOO_MANY_ROOT_FIELDS", "An operation has at most %d fields at its root.", l.RootFields).
				With("max", l.RootFields), operation.Position)
		case operation.Operation == ast.Mutation && in.moving > 1:
			return refuse(fault.New(fault.Invalid, "MUTATION_NOT_ALONE", "A request has at most one mutation that moves money or rights.").
				With("max", 1), operation.Position)
		}
	}
	switch {
	case total.aliases > l.Aliases:
		return refuse(fault.New(fault.Invalid, "TOO_MANY_ALIASES", "A document has at most %d aliases.", l.Aliases).With("max", l.Aliases), nil)
	case total.directives > l.Directives:
		return refuse(fault.New(fault.Invalid, "TOO_MANY_DIRECTIVES", "A document has at most %d directives.", l.Directives).With("max", l.Directives), nil)
	}
	return nil
}

// count is what a selection holds: fields and moving at its own level, aliases and directives at every level.
type count struct{ fields, moving, aliases, directives int }

func (c count) plus(o count, enough int) count {
	return count{
		min(c.fields+o.fields, enough), min(c.moving+o.moving, enough),
		min(c.aliases+o.aliases, enough), min(c.directives+o.directives, enough),
	}
}

// counter counts a document that nobody has validated: a fragment may be missing, or spread in itself.
type counter struct {
	mutations *ast.Definition
	fragments map[string]*ast.FragmentDefinition
	known     map[string]count
	enough    int // counts stop growing here, so that none overflows
}

func (c *counter) selection(set ast.SelectionSet) (total count) {
	for _, selection := range set {
		var in count
		switch part := selection.(type) {
		case *ast.Field:
			in = c.field(part)
		case *ast.InlineFragment:
			in = c.selection(part.SelectionSet)
			in.directives += len(part.Directives)
		case *ast.FragmentSpread:
			in = c.fragment(part.Name)
			in.directives += len(part.Directives)
		}
		total = total.plus(in, c.enough)
	}
	return total
}

func (c *counter) field(f *ast.Field) count {
	in := c.selection(f.SelectionSet)
	in.fields, in.moving = 1, 0
	in.directives += len(f.Directives)
	if f.Alias != f.Name {
		in.aliases++
	}
	if c.mutations != nil {
		if d := c.mutations.Fields.ForName(f.Name); d != nil && d.Directives.ForName(MoneyOrRights) != nil {
			in.moving = 1
		}
	}
	return in
}

func (c *counter) fragment(name string) count {
	in, ok := c.known[name]
	if definition := c.fragments[name]; !ok && definition != nil {
		c.known[name] = count{} // a spread in itself counts nothing more, and is the validator's to refuse
		in = c.selection(definition.SelectionSet)
		in.directives += len(definition.Directives)
		c.known[name] = in
	}
	return in
}
