package store

import (
	"context"
	"sync/atomic"

	"entgo.io/ent/dialect"
)

// Statements counts the SQL statements of one operation.
type Statements struct{ n atomic.Int64 }

// Count is the number of statements so far.
func (s *Statements) Count() int64 { return s.n.Load() }

type statementsKey struct{}

// CountStatements returns a context whose statements are counted.
func CountStatements(ctx context.Context) (context.Context, *Statements) {
	s := &Statements{}
	return context.WithValue(ctx, statementsKey{}, s), s
}

// counting is a driver that counts the statements of contexts that ask for it, and tells a database that is gone.
type counting struct{ dialect.Driver }

func (d counting) Exec(ctx context.Context, query string, args, v any) error {
	count(ctx)
	return ifUnreachable(d.Driver.Exec(ctx, query, args, v))
}

func (d counting) Query(ctx context.Context, query string, args, v any) error {
	count(ctx)
	return ifUnreachable(d.Driver.Query(ctx, query, args, v))
}

func count(ctx context.Context) {
	if s, ok := ctx.Value(statementsKey{}).(*Statements); ok {
		s.n.Add(1)
	}
}
