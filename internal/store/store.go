// Package store owns the database: opening it, transactions, the two guards, and the reading and saving of rule values.
//
// Reads through Read and inside InTx are narrowed to the viewer in the context (scope.go); AsSystem lifts that.
// Writes happen inside InTx only: the client that Read returns refuses them. SQLite has one writer, so that inside
// InTx nothing but its Tx may be used. Rules get their own values from here, never ent rows.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/lib/pq"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"gongshu/ent/db"
	"gongshu/internal/outbox"
)

// Store is an open database with its guards.
type Store struct {
	dialect string
	reader  *sql.DB
	writer  *sql.DB
	read    *db.Client
	outbox  *outbox.Outbox
	now     func() time.Time
	news    chan struct{}
	// searchNews holds something when the search has changes to follow.
	searchNews chan struct{}
	// records is the prepared statement that reads records, nil until they are first read.
	records      *sql.Stmt
	recordsGuard sync.Mutex
	// recordsWritten counts the transactions that may have changed records, recordsCommitting those that are about to, once
	// recordsCounted says that somebody keeps records elsewhere.
	recordsCounted                    atomic.Bool
	recordsWritten, recordsCommitting atomic.Int64
	recordNews                        chan struct{}
	// policies are those that were read last.
	policies atomic.Pointer[ofDay]
}

// Open opens a database by its URL: postgres://… or sqlite:///path/of/file.db. It does not migrate.
// The clock is a parameter; its times are cut to microseconds so that both databases keep them exactly.
func Open(ctx context.Context, databaseURL string, now func() time.Time) (*Store, error) {
	s := &Store{now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }, news: make(chan struct{}, 1), searchNews: make(chan struct{}, 1), recordNews: make(chan struct{}, 1)}
	if err := s.connect(databaseURL); err != nil {
		return nil, err
	}
	if err := s.writer.PingContext(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	box, err := outbox.New(s.dialect, s.writer)
	if err != nil {
		s.Close()
		return nil, err
	}
	s.outbox = box
	s.read = newClient(watched{entsql.OpenDB(s.dialect, s.reader)})
	s.read.Use(refuseWrites)
	return s, nil
}

// mostConnections is how many connections to Postgres there are at most.
const mostConnections = 32

func (s *Store) connect(databaseURL string) error {
	u, err := url.Parse(databaseURL)
	if err == nil && u.Scheme == "sqlite" {
		return s.connectSQLite(u)
	}
	s.dialect = dialect.Postgres
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return errors.New("the database URL is neither postgres://… nor sqlite://…") // never echoed: it may hold a password
	}
	q := u.Query()
	q.Set("binary_parameters", "yes")
	if !q.Has("connect_timeout") { // seconds; for what cancels a statement too, whose connection waits for it
		q.Set("connect_timeout", "10")
	}
	u.RawQuery = q.Encode()
	conn, err := pq.NewConnector(u.String())
	if err != nil {
		return errors.New("the database URL cannot be understood")
	}
	conn.Dialer(dialer{})
	pool := sql.OpenDB(connector{conn})
	pool.SetMaxOpenConns(mostConnections)
	pool.SetMaxIdleConns(mostConnections)
	pool.SetConnMaxLifetime(time.Hour) // what a server keeps for a connection grows with it
	s.reader, s.writer = pool, pool
	return nil
}

// connectSQLite opens one writer and several readers, as SQLite has them.
func (s *Store) connectSQLite(u *url.URL) error {
	s.dialect = dialect.SQLite
	// SQLite compares the text of times: all of it is in one time zone, whatever zone a time comes in.
	common := "file:" + u.EscapedPath() + "?_time_format=sqlite&_timezone=UTC&_txlock=immediate&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=cache_size(-4000)"
	var err error
	if s.writer, err = sql.Open("sqlite", common); err != nil {
		return fmt.Errorf("open the SQLite file: %w", err)
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open("sqlite", common+"&_pragma=query_only(1)"); err != nil {
		return fmt.Errorf("open the SQLite file: %w", err)
	}
	s.reader.SetMaxOpenConns(8)
	s.reader.SetMaxIdleConns(8)
	return nil
}

// Close closes the connections.
func (s *Store) Close() error {
	var err error
	if s.reader != nil {
		err = s.reader.Close()
	}
	if s.writer != nil && s.writer != s.reader {
		err = errors.Join(err, s.writer.Close())
	}
	return err
}

// Now is the store's clock, in UTC and whole microseconds.
func (s *Store) Now() time.Time { return s.now() }

// Dialect is "sqlite3" or "postgres".
func (s *Store) Dialect() string { return s.dialect }

// Writer is the pool for what has its own statements: sessions, River, migrations. Never for tables with a guard.
func (s *Store) Writer() *sql.DB { return s.writer }

// Reader is the pool for read-only statements written by hand, which no guard narrows.
func (s *Store) Reader() *sql.DB { return s.reader }

// Read is for reading, narrowed to the viewer in the context of each query.
func (s *Store) Read() *db.Client { return s.read }

// Ready reports whether the database answers, and lets a transaction begin that writes.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.reader.PingContext(ctx); err != nil {
		return err
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to write: %w", err)
	}
	return tx.Rollback()
}

// Tx is one transaction: its client reads narrowed to the viewer and writes.
type Tx struct {
	*db.Client
	sql   *sql.Tx
	store *Store
	now   time.Time
	// news says that somebody may be waiting for what is written, searched that the search has to follow it.
	news, searched bool
}

// Now is the moment of the transaction, the same for everything in it.
func (tx *Tx) Now() time.Time { return tx.now }

// InTx runs one transaction and commits it when fn returns nil; a deadlock, or a plan that a migration made stale, is tried
// again, so fn must have no other effect.
// A commit that returns an error may still have happened: money and rights are re-read by their key by whoever calls.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	for deadlocks, stale := 0, 0; ; {
		err := ifUnreachable(s.once(ctx, fn))
		switch {
		case err == nil:
			return nil
		case isDeadlock(err) && deadlocks < 4:
			deadlocks++
		case isStalePlan(err) && stale < mostConnections: // each such connection is closed
			stale++
		default:
			return err
		}
	}
}

func (s *Store) once(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	sqlTx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	defer sqlTx.Rollback() //nolint:errcheck // after a commit it says so, before one there is nothing to add
	tx := &Tx{
		Client: newClient(inTx{watched{entsql.NewDriver(s.dialect, entsql.Conn{ExecQuerier: sqlTx})}}),
		sql:    sqlTx, store: s, now: s.now(),
	}
	wrote := false // what records rest on; a transaction is its goroutine's own
	if s.recordsCounted.Load() {
		ctx = Watch(ctx, func(m Moment, statement string) {
			wrote = wrote || m == Statement && mayChangeRecords(statement)
		})
	}
	if err := fn(ctx, tx); err != nil {
		return err
	}
	tell(ctx, Committing, "")
	if wrote {
		s.recordsCommitting.Add(1)
	}
	err = sqlTx.Commit()
	if wrote { // what failed may be committed all the same
		s.recordsWritten.Add(1)
		s.recordsCommitting.Add(-1)
		signal(s.recordNews)
	}
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	tell(ctx, Committed, "")
	if tx.news {
		signal(s.news)
	}
	if tx.searched {
		signal(s.searchNews)
	}
	return nil
}

// Promise makes the outbox do something once the transaction is committed, and not otherwise.
func (tx *Tx) Promise(ctx context.Context, events ...outbox.Event) error {
	return tx.store.outbox.InsertTx(ctx, tx.sql, events...)
}

func isDeadlock(err error) bool {
	var pgErr *pq.Error
	return errors.As(err, &pgErr) && (pgErr.Code == "40P01" || pgErr.Code == "40001")
}

// IsTaken reports whether err is a broken unique constraint.
func IsTaken(err error) bool { return db.IsConstraintError(err) && isUnique(err) }

func isUnique(err error) bool {
	var pgErr *pq.Error
	if errors.As(err, &pgErr) {
		return pgErr.Code == "23505"
	}
	return strings.Contains(err.Error(), "UNIQUE constraint failed")
}

var errWriteOutsideTx = errors.New("store: a write outside InTx")

func refuseWrites(db.Mutator) db.Mutator {
	return db.MutateFunc(func(context.Context, db.Mutation) (db.Value, error) { return nil, errWriteOutsideTx })
}

// inTx makes the transaction of a client its own: what asks for one gets the one it is in.
type inTx struct{ dialect.Driver }

func (d inTx) Tx(context.Context) (dialect.Tx, error) { return dialect.NopTx(d), nil }

// newClient makes a client whose reads are narrowed to the viewer.
func newClient(drv dialect.Driver) *db.Client {
	c := db.NewClient(db.Driver(drv))
	narrow(c)
	return c
}
