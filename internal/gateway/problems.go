package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"gongshu/internal/fault"
)

// problem is a refusal as RFC 9457 has it, with our members code, field, params and problems.
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Code   string         `json:"code"`
	Detail string         `json:"detail"`
	Field  string         `json:"field,omitempty"`
	Params map[string]any `json:"params,omitempty"`
	// Problems lists all that is wrong, where it is more than one thing.
	Problems []detail `json:"problems,omitempty"`
}

type detail struct {
	Code   string         `json:"code"`
	Detail string         `json:"detail"`
	Field  string         `json:"field,omitempty"`
	Params map[string]any `json:"params,omitempty"`
}

var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.Unauthenticated: http.StatusUnauthorized, fault.Forbidden: http.StatusForbidden,
	fault.TooLarge: http.StatusRequestEntityTooLarge, fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

var errInternal = fault.New(fault.Internal, "INTERNAL", "Internal error.")

// refuse answers with a problem. What is nobody's input is logged here, once, and shown without its cause.
func (g *Gateway) refuse(w http.ResponseWriter, r *http.Request, err error) {
	faults := fault.All(err)
	if len(faults) == 0 || faults[0].Kind == fault.Internal {
		if r.Context().Err() == nil || !errors.Is(err, context.Canceled) {
			g.log.LogAttrs(r.Context(), slog.LevelError, "gateway: internal error", slog.Any("error", err))
		}
		faults = []*fault.Error{errInternal}
	}
	first := faults[0]
	p := problem{
		Type: "urn:gongshu:problem:" + strings.ReplaceAll(strings.ToLower(first.Code), "_", "-"), Status: statusOf(first),
		Code: first.Code, Detail: first.Message, Field: first.Field, Params: first.Params,
	}
	p.Title = http.StatusText(p.Status)
	if len(faults) > 1 {
		for _, f := range faults {
			p.Problems = append(p.Problems, detail{f.Code, f.Message, f.Field, f.Params})
		}
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="gongshu"`)
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", retryAfter)
	}
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p) //nolint:errcheck // the caller went away
}

// retryAfter is in seconds.
const retryAfter = "5"

// ownStatus are the codes that HTTP has a status of its own for.
var ownStatus = map[string]int{
	"LINK_EXPIRED": http.StatusGone, "METHOD_NOT_ALLOWED": http.StatusMethodNotAllowed,
	"RANGE_NOT_SATISFIABLE": http.StatusRequestedRangeNotSatisfiable, "PRECONDITION_FAILED": http.StatusPreconditionFailed,
}

func statusOf(f *fault.Error) int {
	if status, ok := ownStatus[f.Code]; ok {
		return status
	}
	if status, ok := statuses[f.Kind]; ok {
		return status
	}
	return http.StatusInternalServerError
}
