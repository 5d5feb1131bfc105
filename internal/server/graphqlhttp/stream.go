package graphqlhttp

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

const (
	// heartbeat is how often a stream says that it is there, so that nobody between closes it.
	heartbeat = 15 * time.Second
	// eventTime is for sending one event.
	eventTime = 10 * time.Second
)

// stream answers a subscription with an event for everything that its resolver gives, as server-sent events: "next" with a
// GraphQL response each, and "complete" at the end. It begins with the first; a subscription that is refused before it gets
// an answer like every other operation, and always its status: a reader of streams knows a refusal by that. What it may cost was asked before, once.
func (h *handler) stream(ctx context.Context, w http.ResponseWriter, op *graphql.OperationContext, a *answer) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	responses, ctx := h.exec.DispatchOperation(ctx, op)
	next := func() *graphql.Response {
		r := responses(weighed(ctx, h.limits.Answer))
		if r != nil {
			r.Data = bytes.Clone(r.Data) // gqlgen writes the next over it
		}
		return r
	}
	first := next()
	switch {
	case first == nil:
		a.refuse(&refusal{status: http.StatusServiceUnavailable, fault: errCancelled})
		return
	case len(first.Data) == 0:
		a.respond(first)
		a.status = statusOf(first.Errors)
		return
	}
	a.streamed, a.status = true, http.StatusOK
	s := &events{w: w, control: http.NewResponseController(w), shown: h.limits.Errors}
	_ = s.control.SetReadDeadline(time.Time{}) // where there is no connection, nothing is lost
	header := w.Header()
	header.Set("Content-Type", mediaEvents+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx passes each event on at once
	w.WriteHeader(http.StatusOK)
	h.send(ctx, s, first, next)
}

// send sends what comes until there is no more, the caller is gone or may no longer be told.
func (h *handler) send(ctx context.Context, s *events, first *graphql.Response, next func() *graphql.Response) {
	if s.event("next", first) != nil {
		return
	}
	coming := make(chan *graphql.Response)
	go func() {
		defer close(coming)
		defer func() {
			if v := recover(); v != nil {
				_ = h.exec.PresentRecoveredError(ctx, v) // logs it; the stream ends
			}
		}()
		for r := next(); r != nil; r = next() {
			select {
			case coming <- r:
			case <-ctx.Done():
				return
			}
		}
	}()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if s.write(":\n\n") != nil {
				return
			}
		case r, more := <-coming:
			if !more {
				_ = s.event("complete", nil)
				return
			}
			if s.event("next", r) != nil {
				return
			}
		}
	}
}

// events writes a stream.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	shown   int
}

// event writes one event; what encoding/json gives has no line breaks.
func (s *events) event(name string, r *graphql.Response) error {
	data := ""
	if r != nil {
		data = string(encode(envelope{presented(r.Errors)[:min(len(r.Errors), s.shown)], r.Data, r.Extensions}))
	}
	return s.write(fmt.Sprintf("event: %s\ndata: %s\n\n", name, data))
}

func (s *events) write(text string) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(eventTime)) // where there is no connection, nothing is lost
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
