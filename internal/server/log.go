package server

import (
	"context"
	"log/slog"

	"gongshu/internal/server/graphqlhttp"
)

// NamingRequests returns a handler whose lines name the request that they were logged for.
func NamingRequests(h slog.Handler) slog.Handler { return naming{h} }

type naming struct{ slog.Handler }

const requestIDKey = "requestId"

// Handle adds the request's id to a line that does not have it.
func (h naming) Handle(ctx context.Context, line slog.Record) error {
	id := graphqlhttp.RequestID(ctx)
	line.Attrs(func(a slog.Attr) bool {
		if a.Key == requestIDKey {
			id = ""
		}
		return id != ""
	})
	if id != "" {
		line = line.Clone()
		line.AddAttrs(slog.String(requestIDKey, id))
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs goes on naming requests.
func (h naming) WithAttrs(attrs []slog.Attr) slog.Handler { return naming{h.Handler.WithAttrs(attrs)} }

// WithGroup goes on naming requests.
func (h naming) WithGroup(name string) slog.Handler { return naming{h.Handler.WithGroup(name)} }
