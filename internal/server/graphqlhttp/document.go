package graphqlhttp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"gongshu/internal/fault"
	"gongshu/internal/server/limits"
)

// What is kept of documents that were parsed and validated: enough for the clients there are, and no more memory
// than a stranger may take who sends ever new ones.
const (
	keptDocuments = 128
	maxKeptBytes  = 8 << 10
)

// document is one that may be executed, for whoever may ask what it asks.
type document struct {
	*ast.QueryDocument
	// introspects says that it asks for the schema itself, which not everybody may.
	introspects bool
}

// reader makes documents of texts: parsed, within the limits of their structure, valid; in this order, as each step is
// safe only after the one before. What is valid is so for everybody and kept; who may introspect is asked every time.
type reader struct {
	schema *ast.Schema
	limits limits.Limits
	isOpen func(context.Context) bool
	kept   graphql.Cache[document]
}

func newReader(schema *ast.Schema, l limits.Limits, isOpen func(context.Context) bool) *reader {
	return &reader{schema: schema, limits: l, isOpen: isOpen, kept: lru.New[document](keptDocuments)}
}

var introspectionDisabled = fault.New(fault.Forbidden, "INTROSPECTION_DISABLED", "Sign in to ask for the schema.")

// read returns the document of a text, or why there is none.
func (r *reader) read(ctx context.Context, text string) (*ast.QueryDocument, gqlerror.List) {
	d, known := r.kept.Get(ctx, text)
	if !known {
		parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, r.limits.Tokens)
		if err != nil {
			return nil, gqlerror.List{r.unparsed(err)}
		}
		if refused := r.limits.Structure(r.schema, parsed); refused != nil {
			return nil, gqlerror.List{refused}
		}
		d = document{parsed, introspects(parsed)}
	}
	isOpen := r.isOpen == nil || r.isOpen(ctx)
	if d.introspects && !isOpen {
		return nil, gqlerror.List{{Err: introspectionDisabled, Message: introspectionDisabled.Message}}
	}
	if known {
		return d.QueryDocument, nil
	}
	if len(d.Operations) == 0 {
		return nil, gqlerror.List{invalid("The document has no operation.")}
	}
	if errs := validator.ValidateWithRules(r.schema, d.QueryDocument, rulesOf(isOpen)); len(errs) > 0 {
		errs = errs[:min(len(errs), r.limits.Errors)]
		for _, e := range errs {
			errcode.Set(e, errcode.ValidationFailed)
			e.Message = withoutValues(e)
		}
		return nil, errs
	}
	if len(text) <= maxKeptBytes {
		r.kept.Add(ctx, text, d)
	}
	return d.QueryDocument, nil
}

// unparsed says where a text stops being a document; the parser's own sentence repeats what stands there.
func (r *reader) unparsed(err error) *gqlerror.Error {
	at, _ := err.(*gqlerror.Error)
	if at == nil || len(at.Locations) == 0 { // only the limit of tokens has no place
		f := fault.New(fault.Invalid, "DOCUMENT_TOO_LONG", "A document has at most %d words and signs.", r.limits.Tokens).With("max", r.limits.Tokens)
		return &gqlerror.Error{Err: f, Message: f.Message}
	}
	e := &gqlerror.Error{Message: fmt.Sprintf("This is no GraphQL document from line %d, column %d.", at.Locations[0].Line, at.Locations[0].Column), Locations: at.Locations}
	errcode.Set(e, errcode.ParseFailed)
	return e
}

func invalid(message string) *gqlerror.Error {
	e := &gqlerror.Error{Message: message}
	errcode.Set(e, errcode.ValidationFailed)
	return e
}

// introspects reports whether a document asks for the schema anywhere. Where a name is no field of its type the validator
// says so; until then it counts.
func introspects(doc *ast.QueryDocument) bool {
	return anySelection(doc, func(selection ast.Selection) bool {
		f, ok := selection.(*ast.Field)
		return ok && (f.Name == "__schema" || f.Name == "__type")
	})
}

// rulesOf are the validator's rules. Their suggestions are names of the schema, for those who may ask for it.
func rulesOf(withSuggestions bool) *rules.Rules {
	all := rules.NewDefaultRules()
	if withSuggestions {
		return all
	}
	for suggesting, silent := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		all.RemoveRule(suggesting)
		all.AddRule(silent.Name, silent.RuleFunc)
	}
	return all
}

// maxMessage is in bytes; the names in a message are as long as the caller made them.
const maxMessage = 300

// withoutValues is the validator's sentence without the values of the document, which may be anybody's password.
func withoutValues(e *gqlerror.Error) string {
	message := e.Message
	if strings.HasPrefix(e.Rule, rules.ValuesOfCorrectTypeRule.Name) {
		if head, _, found := strings.Cut(message, " value: "); found {
			message = head + " value."
		} else if head, _, found := strings.Cut(message, ", found "); found {
			message = head + "."
		}
	}
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	return message
}

// handed gives the executor the document that was read for the request.
type handed struct{}

type handedKey struct{}

func (handed) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(handedKey{}).(*ast.QueryDocument)
	return doc, ok
}

func (handed) Add(context.Context, string, *ast.QueryDocument) {}

// decidedByNull names a variable that is null and decides what is skipped or included, "" for none. The validator lets it pass
// where it has a default, for which null is not the same as nothing; gqlgen then panics.
func decidedByNull(op *graphql.OperationContext) string {
	for _, v := range op.Operation.VariableDefinitions {
		if value, given := op.Variables[v.Variable]; given && value == nil && v.DefaultValue != nil && v.Type.NamedType == "Boolean" {
			if decides(op.Operation.SelectionSet, v.Variable, map[*ast.FragmentDefinition]bool{}) {
				return v.Variable
			}
		}
	}
	return ""
}

// decides reports whether a variable is an argument of @skip or @include anywhere in a selection.
func decides(set ast.SelectionSet, name string, seen map[*ast.FragmentDefinition]bool) bool {
	in := func(directives ast.DirectiveList) bool {
		return slices.ContainsFunc(directives, func(d *ast.Directive) bool {
			condition := d.Arguments.ForName("if")
			return (d.Name == "skip" || d.Name == "include") && condition != nil && condition.Value.Kind == ast.Variable && condition.Value.Raw == name
		})
	}
	return slices.ContainsFunc(set, func(selection ast.Selection) bool {
		switch s := selection.(type) {
		case *ast.Field:
			return in(s.Directives) || decides(s.SelectionSet, name, seen)
		case *ast.InlineFragment:
			return in(s.Directives) || decides(s.SelectionSet, name, seen)
		case *ast.FragmentSpread:
			if in(s.Directives) || seen[s.Definition] {
				return in(s.Directives)
			}
			seen[s.Definition] = true
			return decides(s.Definition.SelectionSet, name, seen)
		}
		return false
	})
}
