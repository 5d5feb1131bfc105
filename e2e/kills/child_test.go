package kills

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/market"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store"
	"gongshu/search"
)

// What a child writes on its standard output, each a line: the answer that it got, and the point at which it dies.
const (
	saysAnswer = "ANSWERED "
	saysPoint  = "AT "
)

// child does one task, in which it dies; what it returns is why it did not.
func child(in io.Reader) error {
	var k task
	if err := json.NewDecoder(in).Decode(&k); err != nil {
		return fmt.Errorf("read the task: %w", err)
	}
	if k.Point == loadPoint {
		return loadChild(k)
	}
	for _, p := range points() {
		if p.String() == k.Point {
			return doAndDie(p, k)
		}
	}
	return fmt.Errorf("there is no point %q", k.Point)
}

func doAndDie(p point, k task) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	o, err := k.Place.open(ctx)
	if err != nil {
		return fmt.Errorf("open the market: %w", err)
	}
	plain := ctx
	ctx = p.at(access.With(ctx, k.Who), o, func() { die(k.Point) })
	if err := o.SearchPrepare(plain, false); err != nil { // where the search follows what was left
		return fmt.Errorf("prepare the search: %w", err)
	}
	answer, err := p.request(ctx, o, k)
	if err != nil {
		return fmt.Errorf("the request failed: %w", err)
	}
	fmt.Println(saysAnswer + answer)
	o.answered()
	return errors.New("the point was not reached")
}

// die is a kill -9: no deferred function runs, no file is flushed, no connection is closed.
func die(point string) {
	fmt.Println(saysPoint + point)
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// trigger makes a market die at a moment of a request; the request is made in the context that it returns.
type trigger func(ctx context.Context, o *opened, die func()) context.Context

// before the first row of a table is written.
func before(table string) trigger {
	return func(ctx context.Context, _ *opened, die func()) context.Context {
		return store.Watch(ctx, func(m store.Moment, statement string) {
			if m == store.Statement && inserts(statement, table) {
				die()
			}
		})
	}
}

func inserts(statement, table string) bool {
	return strings.HasPrefix(strings.NewReplacer("`", "", `"`, "").Replace(statement), "INSERT INTO "+table+" ")
}

// committing and committed are before and after the commit of the nth transaction.
func committing(n int) trigger { return atCommit(store.Committing, n) }
func committed(n int) trigger  { return atCommit(store.Committed, n) }

func atCommit(moment store.Moment, n int) trigger {
	return func(ctx context.Context, _ *opened, die func()) context.Context {
		return store.Watch(ctx, func(m store.Moment, _ string) {
			if m != moment {
				return
			}
			if n--; n == 0 {
				die()
			}
		})
	}
}

// committingOf and committedOf are before and after the commit of the nth transaction that wrote to a table.
func committingOf(table string, n int) trigger { return atCommitOf(store.Committing, table, n) }
func committedOf(table string, n int) trigger  { return atCommitOf(store.Committed, table, n) }

func atCommitOf(moment store.Moment, table string, n int) trigger {
	return func(ctx context.Context, _ *opened, die func()) context.Context {
		wrote := false
		return store.Watch(ctx, func(m store.Moment, statement string) {
			switch {
			case m == store.Statement && inserts(statement, table):
				wrote = true
			case m == moment && wrote:
				if n--; n == 0 {
					die()
				}
				wrote = false
			case m == store.Committed:
				wrote = false
			}
		})
	}
}

// at is a moment of asking the provider to move money, there or back.
func at(m moment) trigger {
	return func(ctx context.Context, o *opened, die func()) context.Context {
		provider := o.Payments[paytest.Name].(remote)
		provider.at, provider.die = m, die
		o.Payments[paytest.Name] = provider
		return ctx
	}
}

// answered is after whoever asked was answered.
func answered(ctx context.Context, o *opened, die func()) context.Context {
	o.answered = die
	return ctx
}

// indexing and indexed are before and after the search follows a change.
func indexing(ctx context.Context, o *opened, die func()) context.Context {
	o.Search.Products = dying{o.Search.Products, die, func() {}}
	return ctx
}

func indexed(ctx context.Context, o *opened, die func()) context.Context {
	o.Search.Products = dying{o.Search.Products, func() {}, die}
	return ctx
}

// dying is an index at which one dies before or after a change.
type dying struct {
	market.SearchIndex
	before, after func()
}

func (d dying) Put(ctx context.Context, documents ...search.Document) error {
	d.before()
	err := d.SearchIndex.Put(ctx, documents...)
	d.after()
	return err
}

func (d dying) Remove(ctx context.Context, ids ...uuid.UUID) error {
	d.before()
	err := d.SearchIndex.Remove(ctx, ids...)
	d.after()
	return err
}

// halfway is when half of an upload has come.
func halfway(ctx context.Context, o *opened, die func()) context.Context {
	o.upload = func(raw []byte) io.Reader { return io.MultiReader(bytes.NewReader(raw[:len(raw)/2]), end(die)) }
	return ctx
}

// end is where a reader dies.
type end func()

func (e end) Read([]byte) (int, error) {
	e()
	return 0, io.EOF
}
