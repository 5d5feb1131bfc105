package server

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/server/graphqlhttp"
	"gongshu/internal/store"
)

// entry is what the access log says of a request; the route fills what only it knows.
type entry struct {
	operation  string
	kind       string
	statements *store.Statements
}

type entryKey struct{}

func entryOf(ctx context.Context) *entry {
	e, _ := ctx.Value(entryKey{}).(*entry)
	return e
}

// wellFormed is what a request id of a caller may look like.
var wellFormed = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// observe gives every request its id and writes what became of it to the log and the metrics, once.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !wellFormed.MatchString(id) {
			id = uuid.NewString()
		}
		w.Header().Set("X-Request-Id", id)
		ctx, statements := store.CountStatements(store.Preparing(graphqlhttp.WithRequestID(store.WithRequestID(r.Context(), id), id)))
		e := &entry{statements: statements}
		ctx = context.WithValue(ctx, entryKey{}, e)
		r = r.WithContext(ctx)
		seen := &recorder{ResponseWriter: w}
		started := time.Now()
		defer func() {
			panicked := recover()
			if panicked != nil && panicked != http.ErrAbortHandler {
				s.Log.ErrorContext(ctx, "a handler panicked", "panic", panicked, "stack", string(debug.Stack()))
				if seen.status == 0 {
					http.Error(seen, "Internal error.", http.StatusInternalServerError)
				}
			}
			s.observed(r, seen, e, time.Since(started))
			if panicked != nil && panicked == http.ErrAbortHandler {
				panic(panicked) // the server knows what it means
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

// observed logs by the route, not the address: an address can hold ids and tokens.
func (s *Server) observed(r *http.Request, seen *recorder, e *entry, took time.Duration) {
	route := r.Pattern // set by the mux, on the request that it was given
	if route == "" {
		route = "none"
	}
	status := seen.status
	if status == 0 {
		status = http.StatusOK
	}
	s.metrics.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
	level := slog.LevelInfo
	if route == "GET /healthz" || route == "GET /readyz" || route == "GET /metrics" {
		level = slog.LevelDebug // asked every few seconds
	}
	attrs := []slog.Attr{
		slog.String("method", method(r)), slog.String("route", route), slog.Int("status", status), slog.Int64("bytes", seen.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if e.kind != "" {
		attrs = append(attrs, slog.String("operation", e.operation), slog.String("type", e.kind))
	}
	attrs = append(attrs, slog.Int64("statements", e.statements.Count()))
	s.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// method is the method of a request, bounded: it is the caller's own text.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// observeOperation is told of every GraphQL request. The name is the client's own text and goes to the log alone.
func (s *Server) observeOperation(ctx context.Context, name, kind string, status int, took time.Duration) {
	e := entryOf(ctx)
	e.operation, e.kind = name[:min(len(name), 64)], kind
	if kind == "" {
		kind = "refused"
	}
	s.metrics.operations.WithLabelValues(kind, strconv.Itoa(status)).Observe(took.Seconds())
	s.metrics.statements.WithLabelValues(kind).Observe(float64(e.statements.Count()))
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
