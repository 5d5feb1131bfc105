// Package limits refuses GraphQL operations that would cost too much, before anything is executed.
//
// It owns how an operation is measured: its depth in fields, and its cost as the number of fields it could answer with.
// A fragment is measured once however often it is spread, so that measuring is linear in the document where the
// answer would be exponential. How large a document may be is the transport's, how deep introspection goes the
// validator's (MaxIntrospectionDepth): its lists weigh nothing here.
package limits

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/internal/fault"
)

// What a list and a mutation weigh.
const (
	// defaultFirst is the length of a page that first does not say.
	defaultFirst = 20
	// ownList is the length of a list that is no page: what belongs to one object, its plans, its resources.
	ownList = 5
	// maxFirst is the longest page; a longer one is refused by its resolver, which can name the argument.
	maxFirst = 100
	// mutationCost is added for every mutation: each writes, in a transaction of its own.
	mutationCost = 1000
)

// Limits is an extension of gqlgen's executor.
type Limits struct {
	// Depth is the most fields within fields, Cost the most fields in an answer.
	Depth, Cost int
}

// Default is deep enough for the usual introspection query and wide enough for 100 products with their plans.
var Default = Limits{Depth: 15, Cost: 20_000}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = Limits{}

// ExtensionName names the extension.
func (Limits) ExtensionName() string { return "Limits" }

// Validate accepts every schema.
func (Limits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation over a limit as QUERY_TOO_DEEP or QUERY_TOO_COSTLY.
func (l Limits) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	m := meter{variables: op.Variables, enough: l.Cost + 1, known: map[spread]size{}}
	measured := m.selection(op.Operation.SelectionSet, 1)
	switch {
	case measured.depth > l.Depth:
		return refuse(fault.New(fault.Invalid, "QUERY_TOO_DEEP", "This operation is %d fields deep; at most %d are answered.", measured.depth, l.Depth).
			With("depth", measured.depth).With("max", l.Depth))
	case measured.cost > l.Cost:
		return refuse(fault.New(fault.Invalid, "QUERY_TOO_COSTLY", "This operation could answer with more than %d fields; ask for fewer fields or shorter pages.", l.Cost).
			With("max", l.Cost))
	}
	return nil
}

func refuse(f *fault.Error) *gqlerror.Error { return &gqlerror.Error{Err: f, Message: f.Message} }

// size is the measure of a selection.
type size struct{ depth, cost int }

// meter measures one operation. Costs stop growing at enough, so that none overflows.
type meter struct {
	variables map[string]any
	enough    int
	known     map[spread]size
}

// spread is a fragment where it is spread: in a connection its entries are as many as the page is long.
type spread struct {
	fragment *ast.FragmentDefinition
	page     int
}

// selection measures fields; page is the length of the connection that they are in.
func (m meter) selection(set ast.SelectionSet, page int) (total size) {
	for _, selection := range set {
		var s size
		switch part := selection.(type) {
		case *ast.Field:
			s = m.field(part, page)
		case *ast.InlineFragment:
			s = m.selection(part.SelectionSet, page)
		case *ast.FragmentSpread:
			s = m.fragment(spread{part.Definition, page})
		}
		total = size{max(total.depth, s.depth), min(total.cost+s.cost, m.enough)}
	}
	return total
}

func (m meter) fragment(at spread) size {
	s, ok := m.known[at]
	if !ok {
		s = m.selection(at.fragment.SelectionSet, at.page)
		m.known[at] = s
	}
	return s
}

func (m meter) field(f *ast.Field, page int) size {
	within := m.selection(f.SelectionSet, m.first(f))
	cost := (1 + within.cost) * length(f, page)
	if f.ObjectDefinition.Name == "Mutation" {
		cost += mutationCost
	}
	return size{within.depth + 1, min(cost, m.enough)}
}

// length is how many values a field may have; the entries of a connection are as many as its page is long.
func length(f *ast.Field, page int) int {
	switch {
	case f.Definition.Type.Elem == nil, len(f.SelectionSet) == 0, strings.HasPrefix(f.ObjectDefinition.Name, "__"):
		return 1
	case strings.HasSuffix(f.ObjectDefinition.Name, "Connection") && (f.Name == "edges" || f.Name == "nodes"):
		return page
	default:
		return ownList
	}
}

// first is the length of the page that a field begins, 1 where it begins none.
func (m meter) first(f *ast.Field) int {
	if f.Definition.Arguments.ForName("first") == nil {
		return 1
	}
	n := int64(defaultFirst)
	switch given := f.ArgumentMap(m.variables)["first"].(type) {
	case int64:
		n = given
	case int:
		n = int64(given)
	case json.Number:
		n, _ = given.Int64() // what is no number was refused as a variable
	}
	return int(min(max(n, 1), maxFirst))
}
