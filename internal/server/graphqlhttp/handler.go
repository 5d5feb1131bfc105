// Package graphqlhttp serves one GraphQL schema over HTTP, as the GraphQL over HTTP specification
// (https://graphql.github.io/graphql-over-http/draft/) says: queries by GET or POST, mutations by POST only.
//
// It owns the transport: what a request may look like, how its document is read and kept, which media type answers it,
// which status an answer has, and how an error is shown. The numbers it keeps to are those of package limits. It leaves
// execution to gqlgen's executor, and signing in and headers across origins to whoever wraps the handler.
//
// It promises that input never causes a 5xx, that no answer repeats a body or the value of a variable, that every
// error has extensions.code, that no document is validated before it is known to be small, and that no cause of an
// internal error is shown. gqlgen's own transports promise neither
// the limit nor the silence, and fail audits of the specification.
package graphqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/internal/fault"
	"gongshu/internal/server/limits"
)

// Options are the settings of a handler; the zero value is good.
type Options struct {
	// Limits bound every request; limits.Default when none are given.
	Limits limits.Limits
	// SchemaIsOpen reports whether who asks may see the schema: by introspection, and by the suggestions of the
	// validator. When it is nil, everybody may.
	SchemaIsOpen func(context.Context) bool
	// Spend, when set, is asked to pay for every request before it is read, by its length, and again before it is carried
	// out, by its cost. It may set headers of the answer; a fault refuses the request.
	Spend func(w http.ResponseWriter, r *http.Request, points int) error
	// Observe, when set, is told of every request once, after its answer was written.
	// The operation's name is the client's own text ("" when it has none or was refused before it was read),
	// so bound it before it becomes a label; its type is query, mutation, subscription or "".
	Observe func(ctx context.Context, operationName, operationType string, status int, took time.Duration)
	// IsJSON, when set, reports whether what an operation was answered is JSON for certain, and need not be looked through.
	IsJSON func(*graphql.OperationContext) bool
}

// New serves what exec executes of a schema, within the limits. It gives exec its documents and its limits; the caller
// gives exec its other extensions, Present and Recover.
func New(exec *executor.Executor, schema *ast.Schema, options Options) http.Handler {
	if options.Limits == (limits.Limits{}) {
		options.Limits = limits.Default
	}
	exec.SetQueryCache(handed{})
	exec.Use(options.Limits)
	exec.AroundFields(weigh)
	exec.AroundRootFields(introspect(schema))
	return &handler{
		exec: exec, limits: options.Limits, spend: options.Spend, observe: options.Observe, isJSON: options.IsJSON,
		reader: newReader(schema, options.Limits, options.SchemaIsOpen),
	}
}

type handler struct {
	exec    *executor.Executor
	limits  limits.Limits
	reader  *reader
	spend   func(w http.ResponseWriter, r *http.Request, points int) error
	observe func(ctx context.Context, operationName, operationType string, status int, took time.Duration)
	isJSON  func(*graphql.OperationContext) bool
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	a := &answer{media: mediaJSON}
	h.serve(w, r, a)
	if !a.streamed {
		a.write(w)
	}
	if h.observe != nil {
		h.observe(r.Context(), a.operationName, a.operationType, a.status, time.Since(started))
	}
}

// serve fills the answer. Nothing is written before it is whole, so that a panic can still become a 500.
func (h *handler) serve(w http.ResponseWriter, r *http.Request, a *answer) {
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler {
				panic(v)
			}
			_ = h.exec.PresentRecoveredError(r.Context(), v) // logs it
			a.refuse(&refusal{status: http.StatusInternalServerError, fault: errInternal})
		}
	}()

	media, acceptable := negotiate(r.Header.Values("Accept"))
	if acceptable {
		a.media = media
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		a.refuse(&refusal{status: http.StatusMethodNotAllowed, allow: "GET, POST",
			fault: fault.New(fault.Invalid, "METHOD_NOT_ALLOWED", "Use GET or POST.")})
		return
	}
	if a.events = takesEvents(r.Header.Values("Accept")); !acceptable && !a.events {
		a.refuse(notAcceptable())
		return
	}
	a.eventsOnly = !acceptable
	if refused := h.pay(w, r, limits.Entry(length(r, h.limits.Body))); refused != nil {
		a.refuse(refused)
		return
	}
	params, refused := h.read(w, r)
	if refused != nil {
		a.refuse(refused)
		return
	}
	h.execute(w, r, params, a)
}

func notAcceptable() *refusal {
	return &refusal{status: http.StatusNotAcceptable,
		fault: fault.New(fault.Invalid, "NOT_ACCEPTABLE", "Answers are %s or %s, those to a subscription %s.", mediaGraphQL, mediaJSON, mediaEvents)}
}

// pay asks for points, and says why the request goes no further without them.
func (h *handler) pay(w http.ResponseWriter, r *http.Request, points int) *refusal {
	if h.spend == nil {
		return nil
	}
	err := h.spend(w, r, points)
	if err == nil {
		return nil
	}
	faults := fault.All(err)
	if len(faults) == 0 {
		panic(err) // Spend refuses with faults alone
	}
	return &refusal{status: http.StatusTooManyRequests, fault: faults[0]}
}

// length is how many bytes a request brings; as many as it may where it does not say.
func length(r *http.Request, most int) int {
	n := int64(len(r.URL.RawQuery))
	if r.Method == http.MethodPost {
		n = r.ContentLength
	}
	if n < 0 || n > int64(most) {
		return most
	}
	return int(n)
}

// execute runs the one operation that the request names.
func (h *handler) execute(w http.ResponseWriter, r *http.Request, params *graphql.RawParams, a *answer) {
	started := graphql.StartOperationTrace(r.Context())
	ctx, cancel := context.WithTimeout(started, h.limits.Time)
	defer cancel()
	doc, errs := h.reader.read(ctx, params.Query)
	if len(errs) > 0 {
		a.respond(h.exec.DispatchError(ctx, errs))
		return
	}
	named := doc.Operations.ForName(params.OperationName)
	if named == nil {
		a.respond(h.exec.DispatchError(ctx, gqlerror.List{invalid("The document has no operation of that name.")}))
		return
	}
	a.operationName, a.operationType = named.Name, string(named.Operation)
	op, errs := h.exec.CreateOperationContext(context.WithValue(ctx, handedKey{}, doc), params)
	if len(errs) == 0 {
		errs = misspelt(h.reader.schema, op)
	}
	if len(errs) > 0 {
		hideValues(errs)
		a.respond(h.exec.DispatchError(graphql.WithOperationContext(ctx, op), errs))
		return
	}
	if name := decidedByNull(op); name != "" {
		a.respond(h.exec.DispatchError(graphql.WithOperationContext(ctx, op), gqlerror.List{invalid("Variable $" + name + ": @skip and @include are not decided by null.")}))
		return
	}
	op.DisableIntrospection = false // whoever may not was refused by the reader
	if refused := refuseOperation(r.Method, op, a); refused != nil {
		a.refuse(refused)
		return
	}
	if refused := h.pay(w, r, limits.CostOf(op)); refused != nil {
		a.refuse(refused)
		return
	}
	if op.Operation.Operation == ast.Subscription {
		h.stream(started, w, op, a)
		return
	}
	h.dispatch(weighed(ctx, h.limits.Answer), op, a)
}

// dispatch carries the operation out. What took too long or became too much is answered as that alone.
func (h *handler) dispatch(ctx context.Context, op *graphql.OperationContext, a *answer) {
	responses, ctx := h.exec.DispatchOperation(ctx, op)
	response := responses(ctx)
	switch {
	case response == nil && ctx.Err() == nil:
		panic("graphqlhttp: the executor answered neither data nor errors")
	case response == nil && errors.Is(ctx.Err(), context.DeadlineExceeded), response != nil && has(response.Errors, errTimedOut):
		a.refuse(&refusal{status: http.StatusGatewayTimeout, fault: errTimedOut.With("seconds", int(h.limits.Time.Seconds()))})
	case response == nil: // gqlgen answers nil to a caller who is gone
		a.refuse(&refusal{status: http.StatusServiceUnavailable, fault: errCancelled})
	case len(response.Data) > h.limits.Answer, has(response.Errors, errAnswerTooLarge):
		tooLarge := errAnswerTooLarge.With("max", h.limits.Answer)
		a.respond(&graphql.Response{Errors: gqlerror.List{show(tooLarge)}})
	case len(response.Data)+len(response.Errors) == 0:
		panic("graphqlhttp: the executor answered neither data nor errors")
	default:
		response.Errors = response.Errors[:min(len(response.Errors), h.limits.Errors)]
		a.isJSON = h.isJSON != nil && h.isJSON(op)
		a.respond(response)
	}
}

// refuseOperation says why a valid operation is not executed here, nil when it is.
func refuseOperation(method string, op *graphql.OperationContext, a *answer) *refusal {
	switch {
	case op.Operation.Operation == ast.Subscription && method == http.MethodGet:
		return &refusal{status: http.StatusMethodNotAllowed, allow: "POST",
			fault: fault.New(fault.Invalid, "METHOD_NOT_ALLOWED", "A subscription is sent by POST.")}
	case op.Operation.Operation == ast.Subscription && !a.events:
		return &refusal{status: http.StatusNotAcceptable,
			fault: fault.New(fault.Invalid, "EVENT_STREAM_REQUIRED", "A subscription is answered as %s alone; accept it.", mediaEvents)}
	case op.Operation.Operation != ast.Subscription && a.eventsOnly:
		return notAcceptable()
	case op.Operation.Operation == ast.Mutation && method == http.MethodGet:
		// A link or an image of another site can send a GET with the person's cookies.
		return &refusal{status: http.StatusMethodNotAllowed, allow: "POST",
			fault: fault.New(fault.Invalid, "METHOD_NOT_ALLOWED", "A mutation is sent by POST.")}
	case strings.Contains(op.RawQuery, "defer") && usesDefer(op.Doc):
		// gqlgen would answer such a document in parts, and one HTTP response carries only the first.
		return &refusal{status: http.StatusBadRequest,
			fault: fault.New(fault.Invalid, "DEFER_UNSUPPORTED", "Answers come whole; leave out @defer.")}
	}
	return nil
}

// usesDefer reports whether any fragment of the document asks to be answered later.
func usesDefer(doc *ast.QueryDocument) bool {
	return anySelection(doc, func(selection ast.Selection) bool {
		switch s := selection.(type) {
		case *ast.InlineFragment:
			return s.Directives.ForName("defer") != nil
		case *ast.FragmentSpread:
			return s.Directives.ForName("defer") != nil
		}
		return false
	})
}

// anySelection reports whether is holds for anything that is selected in the document, each fragment looked at once.
func anySelection(doc *ast.QueryDocument, is func(ast.Selection) bool) bool {
	var in func(ast.SelectionSet) bool
	in = func(set ast.SelectionSet) bool {
		return slices.ContainsFunc(set, func(selection ast.Selection) bool {
			if is(selection) {
				return true
			}
			switch s := selection.(type) {
			case *ast.Field:
				return in(s.SelectionSet)
			case *ast.InlineFragment:
				return in(s.SelectionSet)
			}
			return false
		})
	}
	return slices.ContainsFunc(doc.Operations, func(o *ast.OperationDefinition) bool { return in(o.SelectionSet) }) ||
		slices.ContainsFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool { return in(f.SelectionSet) })
}

// answer is one response before it is written.
type answer struct {
	media string
	// events says that the caller takes a stream, eventsOnly that it takes nothing else, streamed that it got one.
	events, eventsOnly, streamed bool
	// isJSON says that the data is JSON for certain.
	isJSON bool

	status        int
	allow         string
	body          [][]byte // one after the other
	operationName string
	operationType string
}

// envelope is a GraphQL response; a request that was not executed has no data member, not even null.
type envelope struct {
	Errors     gqlerror.List   `json:"errors,omitempty"`
	Data       json.RawMessage `json:"data,omitempty"`
	Extensions map[string]any  `json:"extensions,omitempty"`
}

// refuse answers with one error of the transport.
func (a *answer) refuse(r *refusal) {
	a.status, a.allow = r.status, r.allow
	a.body = [][]byte{encode(envelope{Errors: gqlerror.List{show(r.fault)}})}
}

// respond answers with what the executor said.
func (a *answer) respond(response *graphql.Response) {
	response.Errors = presented(response.Errors)
	a.status = http.StatusOK
	if len(response.Data) == 0 && a.media == mediaGraphQL {
		a.status = statusOf(response.Errors)
	}
	if slices.ContainsFunc(response.Errors, isUnavailable) { // whatever else there is: who asks again later gets the rest
		a.status = http.StatusServiceUnavailable
	}
	if len(response.Errors) == 0 && len(response.Extensions) == 0 && (a.isJSON || json.Valid(response.Data)) { // it is not written again
		a.body = [][]byte{[]byte(`{"data":`), append(response.Data, '}')}
		return
	}
	a.body = [][]byte{encode(envelope{response.Errors, response.Data, response.Extensions})}
}

// presented are errors of which each has a code.
func presented(errs gqlerror.List) gqlerror.List {
	for i, e := range errs {
		if code, _ := e.Extensions["code"].(string); code == "" {
			// It came past the presenter, so nothing is known about what it tells.
			errs[i] = show(errInternal)
			errs[i].Path = e.Path
		}
	}
	return errs
}

func isUnavailable(e *gqlerror.Error) bool {
	var f *fault.Error
	return errors.As(e.Err, &f) && f.Kind == fault.Unavailable
}

func (a *answer) write(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", a.media+"; charset=utf-8")
	length := 0
	for _, piece := range a.body {
		length += len(piece)
	}
	header.Set("Content-Length", strconv.Itoa(length))
	header.Set("Cache-Control", "no-store")
	if a.allow != "" {
		header.Set("Allow", a.allow)
	}
	if a.status == http.StatusServiceUnavailable {
		header.Set("Retry-After", "5")
	}
	w.WriteHeader(a.status)
	for _, piece := range a.body {
		if _, err := w.Write(piece); err != nil {
			return // the caller is gone, and nobody is left to tell
		}
	}
}

// encode panics when a resolver's scalar wrote what is no JSON: a broken invariant of our own.
func encode(e envelope) []byte {
	body, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return body
}

// statusOf is the status of a request that was not executed. Only application/graphql-response+json and a stream that does not
// begin show it: where the answer is application/json, intermediaries may have made the status, so the specification keeps 200.
func statusOf(errs gqlerror.List) int {
	var f *fault.Error
	if len(errs) == 0 || !errors.As(errs[0].Err, &f) {
		return http.StatusBadRequest
	}
	switch f.Kind {
	case fault.Internal:
		return http.StatusInternalServerError
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}
