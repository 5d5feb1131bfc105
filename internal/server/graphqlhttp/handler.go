// Package graphqlhttp serves one GraphQL schema over HTTP, as the GraphQL over HTTP specification
// (https://graphql.github.io/graphql-over-http/draft/) says: queries by GET or POST, mutations by POST only.
//
// It owns the transport: what a request may look like and how large it may be, which media type answers it,
// which status an answer has, and how an error is shown. It leaves execution to gqlgen's executor, and caching of
// documents, limits of cost, signing in and headers across origins to whoever builds that executor or wraps the handler.
//
// It promises that input never causes a 5xx, that no answer repeats a body or the value of a variable, that every
// error has extensions.code, and that no cause of an internal error is shown. gqlgen's own transports promise neither
// the limit nor the silence, and fail audits of the specification.
package graphqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"gongshu/internal/fault"
)

// The limits where Options names none.
const (
	// DefaultMaxBody is in bytes.
	DefaultMaxBody = 256 << 10
	// DefaultMaxTokens is eight times the full introspection query.
	DefaultMaxTokens = 1500
)

// maxErrors is how many errors of an invalid document are shown: a document can have one in every word.
const maxErrors = 20

// Options are the settings of a handler; the zero value is good.
type Options struct {
	// MaxBody limits the body of a POST and the query string of a GET, in bytes; DefaultMaxBody when it is not positive.
	MaxBody int64
	// MaxTokens limits the words and signs of a document; DefaultMaxTokens when it is not positive. Validation takes
	// time in the square of it: a field repeated 1500 times takes tenths of a second, 50 000 times takes minutes.
	MaxTokens int
	// Observe, when set, is told of every request once, after its answer was written.
	// The operation's name is the client's own text ("" when it has none or was refused before it was read),
	// so bound it before it becomes a label; its type is query, mutation, subscription or "".
	Observe func(ctx context.Context, operationName, operationType string, status int, took time.Duration)
}

// New serves what exec executes. It sets exec's limit of tokens; the caller gives exec its cache, its extensions,
// Present and Recover.
func New(exec *executor.Executor, options Options) http.Handler {
	if options.MaxBody <= 0 {
		options.MaxBody = DefaultMaxBody
	}
	if options.MaxTokens <= 0 {
		options.MaxTokens = DefaultMaxTokens
	}
	exec.SetParserTokenLimit(options.MaxTokens)
	return &handler{exec: exec, maxBody: options.MaxBody, observe: options.Observe}
}

type handler struct {
	exec    *executor.Executor
	maxBody int64
	observe func(ctx context.Context, operationName, operationType string, status int, took time.Duration)
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	a := &answer{media: mediaJSON}
	h.serve(w, r, a)
	a.write(w)
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
	if !acceptable {
		a.refuse(&refusal{status: http.StatusNotAcceptable,
			fault: fault.New(fault.Invalid, "NOT_ACCEPTABLE", "Answers are %s or %s.", mediaGraphQL, mediaJSON)})
		return
	}
	params, refused := h.read(w, r)
	if refused != nil {
		a.refuse(refused)
		return
	}
	h.execute(r, params, a)
}

// execute runs the one operation that the request names.
func (h *handler) execute(r *http.Request, params *graphql.RawParams, a *answer) {
	ctx := graphql.StartOperationTrace(r.Context())
	op, errs := h.exec.CreateOperationContext(ctx, params)
	if op.Operation != nil {
		a.operationName, a.operationType = op.Operation.Name, string(op.Operation.Operation)
	}
	if len(errs) > 0 {
		errs = errs[:min(len(errs), maxErrors)]
		hideValues(errs)
		a.respond(h.exec.DispatchError(graphql.WithOperationContext(ctx, op), errs))
		return
	}
	if refused := refuseOperation(r.Method, op); refused != nil {
		a.refuse(refused)
		return
	}
	responses, ctx := h.exec.DispatchOperation(ctx, op)
	response := responses(ctx)
	switch {
	case response != nil && len(response.Data)+len(response.Errors) > 0:
		a.respond(response)
	case ctx.Err() != nil: // gqlgen answers nil to a caller who is gone, or whose time is over
		a.refuse(&refusal{status: http.StatusServiceUnavailable, fault: errCancelled})
	default:
		panic("graphqlhttp: the executor answered neither data nor errors")
	}
}

// refuseOperation says why a valid operation is not executed here, nil when it is.
func refuseOperation(method string, op *graphql.OperationContext) *refusal {
	switch {
	case op.Operation.Operation == ast.Subscription:
		return &refusal{status: http.StatusBadRequest,
			fault: fault.New(fault.Invalid, "SUBSCRIPTION_UNSUPPORTED", "Subscriptions are not offered.")}
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
	var in func(ast.SelectionSet) bool
	in = func(set ast.SelectionSet) bool {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if in(s.SelectionSet) {
					return true
				}
			case *ast.InlineFragment:
				if s.Directives.ForName("defer") != nil || in(s.SelectionSet) {
					return true
				}
			case *ast.FragmentSpread: // its definition is looked through below
				if s.Directives.ForName("defer") != nil {
					return true
				}
			}
		}
		return false
	}
	for _, operation := range doc.Operations {
		if in(operation.SelectionSet) {
			return true
		}
	}
	for _, fragment := range doc.Fragments {
		if in(fragment.SelectionSet) {
			return true
		}
	}
	return false
}

// answer is one response before it is written.
type answer struct {
	media         string
	status        int
	allow         string
	body          []byte
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
	a.body = encode(envelope{Errors: gqlerror.List{show(r.fault)}})
}

// respond answers with what the executor said.
func (a *answer) respond(response *graphql.Response) {
	for i, e := range response.Errors {
		if code, _ := e.Extensions["code"].(string); code == "" {
			// It came past the presenter, so nothing is known about what it tells.
			response.Errors[i] = show(errInternal)
			response.Errors[i].Path = e.Path
		}
	}
	a.status = http.StatusOK
	if len(response.Data) == 0 && a.media == mediaGraphQL {
		a.status = statusOf(response.Errors)
	}
	a.body = encode(envelope{response.Errors, response.Data, response.Extensions})
}

func (a *answer) write(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", a.media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	header.Set("Cache-Control", "no-store")
	if a.allow != "" {
		header.Set("Allow", a.allow)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the caller may be gone, and nobody is left to tell
}

// encode panics when a resolver's scalar wrote what is no JSON: a broken invariant of our own.
func encode(e envelope) []byte {
	body, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return body
}

// statusOf is the status of a request that was not executed. Only application/graphql-response+json shows it:
// where the answer is application/json, intermediaries may have made the status, so the specification keeps 200.
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
