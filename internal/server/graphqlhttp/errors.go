package graphqlhttp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/internal/fault"
)

var (
	// errInternal is all that a caller sees of what is not the caller's doing.
	errInternal  = fault.New(fault.Internal, "INTERNAL", "Internal error.")
	errCancelled = fault.New(fault.Unavailable, "REQUEST_CANCELLED", "The request ended before its answer was ready.")
	errTimedOut  = fault.New(fault.Unavailable, "OPERATION_TIMED_OUT", "The operation took too long and was given up; ask for less. What a mutation had already done is done.")

	errAnswerTooLarge = fault.New(fault.Invalid, "ANSWER_TOO_LARGE", "The answer is too large; ask for fewer fields or shorter pages. What a mutation had to do is done.")
)

type requestIDKey struct{}

// WithRequestID returns a context whose internal errors are logged with the id.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id that WithRequestID put into the context, "" when there is none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// Present shows errors to callers; it is for executor.SetErrorPresenter.
//
//   - A fault shows its sentence and in extensions its code, field and params. Of several (fault.List) the first does,
//     and extensions.faults lists all of them, each with its message.
//   - An error of the parser or validator, known by its code and by having no cause, passes as it is.
//   - An argument that does not fit its Go type is GRAPHQL_VALIDATION_FAILED, with the argument's path as field.
//   - What failed after the request was cancelled is REQUEST_CANCELLED, after its time OPERATION_TIMED_OUT.
//   - Everything else, faults of kind Internal among them, is logged here, once, and shown as INTERNAL without its cause.
func Present(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		if err == nil {
			return nil
		}
		shown := present(ctx, log, err)
		shown.Path = graphql.GetPath(ctx)
		var located *gqlerror.Error
		if errors.As(err, &located) {
			shown.Locations = located.Locations
			if located.Path != nil {
				shown.Path = located.Path
			}
		}
		// A path leads to a field of the answer; where an error lies inside an argument it is the extensions that say so.
		if fieldPath, _, ok := splitArgument(ctx, shown.Path); ok {
			shown.Path = fieldPath
		}
		return shown
	}
}

// present finds what to show of err, without its place.
func present(ctx context.Context, log *slog.Logger, err error) *gqlerror.Error {
	var at *gqlerror.Error
	isGraphQL := errors.As(err, &at)
	argument := ""
	if isGraphQL {
		_, argument, _ = splitArgument(ctx, at.Path)
	}
	if faults := fault.All(err); len(faults) > 0 && !anyInternal(faults) {
		if len(faults) == 1 && faults[0].Field == "" && argument != "" {
			faults = fault.List{faults[0].At(argument)}
		}
		return show(faults...)
	}
	if isGraphQL && at.Err == nil {
		if code, _ := at.Extensions["code"].(string); code != "" {
			return &gqlerror.Error{Message: at.Message, Extensions: at.Extensions, Rule: at.Rule}
		}
	}
	if argument != "" {
		return show(fault.New(fault.Invalid, errcode.ValidationFailed, "The argument %s does not fit its type.", argument).At(argument))
	}
	if ctx.Err() != nil && !errors.As(err, new(*panicked)) { // each driver says in its own words that it was stopped
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return show(errTimedOut)
		}
		return show(errCancelled) // nobody waits for it, and nothing of ours is broken
	}
	logInternal(ctx, log, err)
	return show(errInternal)
}

// has reports whether one of the errors shows a fault.
func has(errs gqlerror.List, f *fault.Error) bool {
	return slices.ContainsFunc(errs, func(e *gqlerror.Error) bool { return e.Extensions["code"] == f.Code })
}

func anyInternal(faults []*fault.Error) bool {
	for _, f := range faults {
		if f.Kind == fault.Internal {
			return true
		}
	}
	return false
}

// show is faults as one GraphQL error. The first stays inside as its cause, for the status.
func show(faults ...*fault.Error) *gqlerror.Error {
	first := faults[0]
	e := &gqlerror.Error{Err: first, Message: first.Message, Extensions: extensions(first)}
	if len(faults) > 1 {
		all := make([]map[string]any, len(faults))
		for i, f := range faults {
			all[i] = extensions(f)
			all[i]["message"] = f.Message
		}
		e.Extensions["faults"] = all
	}
	return e
}

func extensions(f *fault.Error) map[string]any {
	e := map[string]any{"code": f.Code}
	if f.Field != "" {
		e["field"] = f.Field
	}
	if len(f.Params) > 0 {
		e["params"] = f.Params
	}
	return e
}

// splitArgument parts a path that leads into an argument of the present field into the field's path and the
// argument's, as input.first; not ok when it leads nowhere of the kind.
//
// gqlgen makes arguments before it sets the field's Args, and gives an error of theirs the field's path with the
// argument's appended: nothing else distinguishes it from an error of the resolver.
func splitArgument(ctx context.Context, path ast.Path) (field ast.Path, argument string, ok bool) {
	fc := graphql.GetFieldContext(ctx)
	if fc == nil || fc.Args != nil || fc.Field.Field == nil || fc.Field.Definition == nil {
		return nil, "", false
	}
	field = fc.Path()
	if len(path) <= len(field) || path[:len(field)].String() != field.String() {
		return nil, "", false
	}
	rest := path[len(field):]
	if name, named := rest[0].(ast.PathName); !named || fc.Field.Definition.Arguments.ForName(string(name)) == nil {
		return nil, "", false
	}
	return field, rest.String(), true
}

// hideValues takes the values of variables out of the validator's sentences, and turns its paths, which lead into
// the variables and not into the answer, into extensions.field.
func hideValues(errs gqlerror.List) {
	const notOneOf = " is not a valid "
	for _, e := range errs {
		if len(e.Path) < 2 || e.Path[0] != ast.PathName("variable") || e.Err != nil {
			continue
		}
		reason := e.Message
		if i := strings.LastIndex(reason, notOneOf); i >= 0 { // the only sentence with a value, before these words
			reason = strings.TrimPrefix(reason[i+1:], "is ")
		}
		field := e.Path[1:].String()
		e.Message = fmt.Sprintf("Variable $%s: %s.", field, reason)
		if e.Extensions == nil {
			e.Extensions = map[string]any{}
		}
		e.Extensions["field"] = field
		e.Path = nil
	}
}

// panicked is a recovered panic.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprint("panic: ", p.value) }

// Recover makes an error of a panic in a resolver; it is for executor.SetRecoverFunc.
// Present logs it with its stack.
func Recover(_ context.Context, value any) error {
	return &panicked{value: value, stack: debug.Stack()}
}

// logInternal writes what was hidden. Variables stay out: they are people's data.
func logInternal(ctx context.Context, log *slog.Logger, err error) {
	attrs := []slog.Attr{}
	if id := RequestID(ctx); id != "" {
		attrs = append(attrs, slog.String("requestId", id))
	}
	if graphql.HasOperationContext(ctx) {
		attrs = append(attrs, slog.String("operation", graphql.GetOperationContext(ctx).OperationName))
	}
	if path := graphql.GetPath(ctx); path != nil {
		attrs = append(attrs, slog.String("path", path.String()))
	}
	cause := err
	var at *gqlerror.Error
	if errors.As(err, &at) && at.Err != nil {
		cause = at.Err
	}
	attrs = append(attrs, slog.Any("error", cause))
	var p *panicked
	if errors.As(err, &p) {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	log.LogAttrs(ctx, slog.LevelError, "graphql: internal error", attrs...)
}
