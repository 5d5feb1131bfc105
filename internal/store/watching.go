package store

import (
	"context"
	"sync/atomic"

	"entgo.io/ent/dialect"
)

// Moment is a moment of the work in the database that can be watched.
type Moment int

// A statement is about to be sent; a transaction is about to be committed; it was, and nobody has been told yet.
const (
	Statement Moment = iota
	Committing
	Committed
)

type watchKey struct{}

// Watch returns a context of which see is told every moment, in the goroutine that lives it and before it goes on; statement
// is the SQL of a Statement, else "". Requests are watched to count their statements (CountStatements); a transaction looks for what records rest on; tests watch the rest.
// Who watched already goes on watching.
func Watch(ctx context.Context, see func(m Moment, statement string)) context.Context {
	before, _ := ctx.Value(watchKey{}).(func(Moment, string))
	return context.WithValue(ctx, watchKey{}, func(m Moment, statement string) {
		if before != nil {
			before(m, statement)
		}
		see(m, statement)
	})
}

// Sending tells of a statement that goes past the driver: over Reader or Writer.
func Sending(ctx context.Context, statement string) { tell(ctx, Statement, statement) }

func tell(ctx context.Context, m Moment, statement string) {
	if see, ok := ctx.Value(watchKey{}).(func(Moment, string)); ok {
		see(m, statement)
	}
}

// Statements counts the SQL statements of one operation.
type Statements struct{ n atomic.Int64 }

// Count is the number of statements so far.
func (s *Statements) Count() int64 { return s.n.Load() }

// CountStatements returns a context whose statements are counted.
func CountStatements(ctx context.Context) (context.Context, *Statements) {
	s := &Statements{}
	return Watch(ctx, func(m Moment, _ string) {
		if m == Statement {
			s.n.Add(1)
		}
	}), s
}

// watched is a driver that tells of its statements, and tells a database that is gone.
type watched struct{ dialect.Driver }

func (d watched) Exec(ctx context.Context, query string, args, v any) error {
	tell(ctx, Statement, query)
	return ifUnreachable(d.Driver.Exec(ctx, query, args, v))
}

func (d watched) Query(ctx context.Context, query string, args, v any) error {
	tell(ctx, Statement, query)
	return ifUnreachable(d.Driver.Query(ctx, query, args, v))
}
