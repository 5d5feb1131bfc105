// Package limits refuses GraphQL operations that would cost too much, before anything is executed.
//
// It owns every number that bounds a request to /graphql (Default), what a document may hold before it is validated
// (Structure), and how deep and how costly an operation may be once its variables are known. Its cost is the number of
// fields that it could answer with: a page is as long as it may be, every other list short, since nobody knows before what
// it holds; the transport weighs what it does. A fragment is measured once however often it is spread, so that measuring is
// linear in the document where the answer would be exponential.
// Reading, validating and answering are the transport's, which is given the numbers.
package limits

import (
	"context"
	"encoding/json"
	"strings"
	"time"

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
	// mutationCost is added for every mutation: each writes, in a transaction of its own.
	mutationCost = 500
	// introspectionCost is added for asking for the schema, whose lists are not multiplied: so much that no operation does twice.
	introspectionCost = 2600
)

// work is what a field, or an argument that is given, costs beside what it answers: the index looks at every product that
// matches, however short the page.
var work = map[string]int{
	"Query.products(query)":        50,
	"ProductConnection.totalCount": 50,
	"ProductConnection.facets":     100,

	"Query.publishedResources(query)":        50,
	"PublishedResourceConnection.totalCount": 50,
	"PublishedResourceConnection.facets":     100,
	"Query.suggestions":                      50,

	// Of a year's postings and uses; and arithmetic over as much input as a request may hold.
	"Query.permittedRevenueMeter":     100,
	"Query.priceReport":               500,
	"Query.billPreview":               500,
	"AllocationRule.replay":           500,
	"Query.calculatePermittedRevenue": 100,
	"Query.calculateCharge":           100,
	"Query.calculateSplit":            100,
	"Query.calculateDeviation":        10,
	"Query.calculateCarryOver":        10,
}

// Limits bound a request. They are an extension of gqlgen's executor too, for those that need the variables.
type Limits struct {
	// Body is the most bytes of a request, Answer of an answer.
	Body, Answer int
	// Time is for carrying out one operation.
	Time time.Duration
	// Tokens are the most words and signs of a document; a comment is one.
	Tokens int
	// Aliases and Directives are the most in a document, RootFields in an operation.
	Aliases, Directives, RootFields int
	// Depth is the most fields within fields; under __schema and __type it is IntrospectionDepth.
	Depth, IntrospectionDepth int
	// First is the longest page.
	First int
	// Cost is the most fields of an answer.
	Cost int
	// Errors are the most that one answer shows.
	Errors int
}

// Default are the limits of every request.
var Default = Limits{
	Body: 256 << 10, Answer: 4 << 20, Time: 10 * time.Second, Errors: 20,
	Tokens: 1000, Aliases: 15, Directives: 50, RootFields: 10,
	Depth: 10, IntrospectionDepth: 15, First: 100, Cost: 5000,
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = Limits{}

const extension = "Limits"

// Entry is what a request of so many bytes costs, in points, whatever becomes of it: reading and refusing it is work too.
func Entry(bytes int) int { return 10 + bytes/256 }

// ExtensionName names the extension.
func (Limits) ExtensionName() string { return extension }

// Validate accepts every schema.
func (Limits) Validate(graphql.ExecutableSchema) error { return nil }

// CostOf is what an operation was measured to cost, 0 before it was measured.
func CostOf(op *graphql.OperationContext) int {
	cost, _ := op.Stats.GetExtension(extension).(int)
	return cost
}

// MutateOperationContext refuses an operation over a limit as QUERY_TOO_DEEP, FIRST_OUT_OF_RANGE or QUERY_TOO_COSTLY.
func (l Limits) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	m := &meter{Limits: l, variables: op.Variables, enough: l.Cost + 1, known: map[spread]size{}}
	measured := m.selection(op.Operation.SelectionSet, 1)
	op.Stats.SetExtension(extension, measured.cost)
	switch {
	case measured.depth > l.Depth:
		return tooDeep(measured.depth, l.Depth)
	case measured.introspection > l.IntrospectionDepth:
		return tooDeep(measured.introspection, l.IntrospectionDepth)
	case m.outOfRange != nil:
		return m.outOfRange
	case measured.cost > l.Cost:
		return refuse(fault.New(fault.Invalid, "QUERY_TOO_COSTLY", "This operation could answer with more than %d fields; ask for fewer fields or shorter pages.", l.Cost).
			With("max", l.Cost), nil)
	}
	return nil
}

func tooDeep(depth, most int) *gqlerror.Error {
	return refuse(fault.New(fault.Invalid, "QUERY_TOO_DEEP", "This operation is %d fields deep; at most %d are answered.", depth, most).
		With("depth", depth).With("max", most), nil)
}

// refuse is a fault at a place of the document, nil when it concerns the whole.
func refuse(f *fault.Error, at *ast.Position) *gqlerror.Error {
	e := &gqlerror.Error{Err: f, Message: f.Message}
	if at != nil {
		e.Locations = []gqlerror.Location{{Line: at.Line, Column: at.Column}}
	}
	return e
}

// size is the measure of a selection; introspection is the depth of what is under __schema and __type.
type size struct{ depth, introspection, cost int }

// meter measures one operation. Costs stop growing at enough, so that none overflows.
type meter struct {
	Limits
	variables  map[string]any
	enough     int
	known      map[spread]size
	outOfRange *gqlerror.Error // the first page that is too long or too short
}

// spread is a fragment where it is spread: in a connection its entries are as many as the page is long.
type spread struct {
	fragment *ast.FragmentDefinition
	page     int
}

// selection measures fields; page is the length of the connection that they are in.
func (m *meter) selection(set ast.SelectionSet, page int) (total size) {
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
		total = size{max(total.depth, s.depth), max(total.introspection, s.introspection), min(total.cost+s.cost, m.enough)}
	}
	return total
}

func (m *meter) fragment(at spread) size {
	s, ok := m.known[at]
	if !ok {
		s = m.selection(at.fragment.SelectionSet, at.page)
		m.known[at] = s
	}
	return s
}

func (m *meter) field(f *ast.Field, page int) size {
	within := m.selection(f.SelectionSet, m.first(f))
	cost := (1+within.cost)*m.length(f, page) + workOf(f)
	if f.ObjectDefinition.Name == "Mutation" {
		cost += mutationCost
	}
	s := size{within.depth + 1, within.introspection, min(cost, m.enough)}
	if f.Name == "__schema" || f.Name == "__type" {
		s.depth, s.introspection, s.cost = 1, s.depth, min(s.cost+introspectionCost, m.enough)
	}
	return s
}

// workOf is what a field costs beside its answer.
func workOf(f *ast.Field) int {
	place := f.ObjectDefinition.Name + "." + f.Name
	cost := work[place]
	for _, argument := range f.Arguments {
		cost += work[place+"("+argument.Name+")"]
	}
	return cost
}

// length is how many values a field may have: the entries of a connection are as many as its page is long, and of what is
// asked for by ids as many as these.
func (m *meter) length(f *ast.Field, page int) int {
	switch {
	case f.Definition.Type.Elem == nil, len(f.SelectionSet) == 0, strings.HasPrefix(f.ObjectDefinition.Name, "__"):
		return 1
	case strings.HasSuffix(f.ObjectDefinition.Name, "Connection") && (f.Name == "edges" || f.Name == "nodes"):
		return page
	case f.Definition.Arguments.ForName("ids") != nil:
		return max(1, len(graphql.CoerceList(f.ArgumentMap(m.variables)["ids"])))
	case few[f.ObjectDefinition.Name+"."+f.Name]:
		return 1
	default:
		return ownList
	}
}

// few are lists that most objects have nothing in.
var few = map[string]bool{"Tariff.variants": true}

// first is the length of the page that a field begins, 1 where it begins none.
func (m *meter) first(f *ast.Field) int {
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
	if (n < 1 || n > int64(m.First)) && m.outOfRange == nil {
		m.outOfRange = refuse(fault.New(fault.Invalid, "FIRST_OUT_OF_RANGE", "A page has 1 to %d entries.", m.First).At("first").With("max", m.First), f.Position)
	}
	return int(min(max(n, 1), int64(m.First)))
}
