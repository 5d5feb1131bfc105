package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"hash/maphash"

	"github.com/lib/pq"
)

const (
	// mostPrepared bounds the statements that a connection keeps, as Postgres holds a plan for each.
	mostPrepared = 192
	// mostSeen bounds the texts of which a connection remembers that it ran them once.
	mostSeen = 2 * mostPrepared
	// longestPrepared is the longest text that is kept, in bytes: longer ones list ids, and seldom as many again.
	longestPrepared = 8 << 10
)

type preparingKey struct{}

// Preparing returns a context whose statements a connection to Postgres prepares when they come again: for what people wait
// for, which is asked often. Postgres then plans most of them once, for all values. Work in the background is planned each
// time: it goes by dates and states, of which few rows or nearly all may be meant.
func Preparing(ctx context.Context) context.Context {
	return context.WithValue(ctx, preparingKey{}, true)
}

// preparing is a connection to Postgres that prepares what it is asked a second time in a context for that, and keeps it: parsing
// and planning a statement costs more than running most of those that a market runs. Postgres chooses by its estimates between
// a plan that fits all values and one of its own for each (plan_cache_mode).
//
// lib/pq refuses a statement while the rows of another are open; a prepared one it sends all the same, and the connection is
// lost then. Nothing in this program asks so.
type preparing struct {
	pqConn
	kept map[string]*keptStatement
	// seen are hashes of texts that were run once.
	seen map[uint64]struct{}
	// uses counts what was run, to tell which statement was used least recently.
	uses uint64
	// last is the context of the prepared statement that was run last, until the connection goes back.
	last context.Context //nolint:containedctx // only asked, when the connection goes back, whether the statement was cut short
	// stale says that a prepared statement is of no more use, so that the connection is to be closed with all of them.
	stale bool
}

type keptStatement struct {
	pqStatement
	used uint64
}

var seed = maphash.MakeSeed()

// pqConn is all that a connection of lib/pq does for database/sql.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type pqStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func newPreparing(conn pqConn) *preparing {
	return &preparing{pqConn: conn, kept: map[string]*keptStatement{}, seen: map[uint64]struct{}{}}
}

// QueryContext runs a statement that answers rows.
func (c *preparing) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return run(ctx, c, query, args, pqStatement.QueryContext, c.pqConn.QueryContext)
}

// ExecContext runs a statement that answers none.
func (c *preparing) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return run(ctx, c, query, args, pqStatement.ExecContext, c.pqConn.ExecContext)
}

// run runs a statement prepared where it is to be, else plain, and plain too where what was prepared is of no more use.
func run[T any](
	ctx context.Context, c *preparing, query string, args []driver.NamedValue,
	prepared func(pqStatement, context.Context, []driver.NamedValue) (T, error),
	plain func(context.Context, string, []driver.NamedValue) (T, error),
) (none T, err error) {
	st, err := c.prepared(ctx, query, args)
	if err != nil {
		return none, err
	}
	if st == nil {
		return plain(ctx, query, args)
	}
	answer, err := prepared(st, ctx, args)
	if !isStalePlan(err) {
		return answer, err
	}
	c.stale = true
	if again, unprepared := plain(ctx, query, args); !isAborted(unprepared) {
		return again, unprepared
	}
	return none, err // in a transaction, which is tried again (InTx)
}

// prepared is the statement of a text, nil where it is not to be prepared. Texts without parameters are not: lib/pq sends them
// in one message as they are.
func (c *preparing) prepared(ctx context.Context, query string, args []driver.NamedValue) (*keptStatement, error) {
	c.last = nil
	if len(args) == 0 || len(query) > longestPrepared || c.stale || ctx.Value(preparingKey{}) == nil {
		return nil, nil
	}
	c.uses++
	st := c.kept[query]
	if st == nil {
		hash := maphash.String(seed, query)
		if _, again := c.seen[hash]; !again {
			if len(c.seen) >= mostSeen {
				clear(c.seen)
			}
			c.seen[hash] = struct{}{}
			return nil, nil
		}
		made, err := c.PrepareContext(ctx, query)
		if err != nil {
			return nil, err
		}
		whole, ok := made.(pqStatement)
		if !ok {
			return nil, errors.Join(errors.New("store: lib/pq prepares something unknown"), made.Close())
		}
		if len(c.kept) >= mostPrepared {
			if err := c.dropOldest(); err != nil {
				return nil, err
			}
		}
		delete(c.seen, hash)
		st = &keptStatement{pqStatement: whole}
		c.kept[query] = st
	}
	st.used = c.uses
	c.last = ctx
	return st, nil
}

func (c *preparing) dropOldest() error {
	var oldest string
	for query, st := range c.kept {
		if oldest == "" || st.used < c.kept[oldest].used {
			oldest = query
		}
	}
	st := c.kept[oldest]
	delete(c.kept, oldest)
	return st.Close()
}

// IsValid reports, when the connection goes back, whether it may be used again. One whose statement was cut short may not: the
// request to cancel it may arrive while the next one runs.
func (c *preparing) IsValid() bool {
	cut := c.last != nil && c.last.Err() != nil
	c.last = nil // its operation ends, and is no concern of the next one
	return !cut && !c.stale && c.pqConn.IsValid()
}

// isStalePlan reports whether a prepared statement is of no more use: a migration changed what it answers, or the server has
// it no more. The server's words are in its own language, so that it is told by where they come from.
func isStalePlan(err error) bool {
	var pgErr *pq.Error
	return errors.As(err, &pgErr) && (pgErr.Code == "26000" || pgErr.Code == "0A000" && pgErr.Routine == "RevalidateCachedQuery")
}

// isAborted reports whether nothing can be asked any more in this transaction.
func isAborted(err error) bool {
	var pgErr *pq.Error
	return errors.As(err, &pgErr) && pgErr.Code == "25P02"
}
