// Package outbox owns promises: what is to happen once a transaction is committed, and not otherwise.
//
// It is River behind a small port. Only InsertTx is exposed for writing: a plain insert inside an open transaction
// hangs on SQLite and escapes the transaction on Postgres. What each event does belongs to package worker.
package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// Event is something promised; it names itself and is stored as JSON, so it holds ids and no personal data.
type Event = river.JobArgs

// JobQueued does the work of a job that a person began. It may take long, and so has a queue of its own.
type JobQueued struct {
	JobID uuid.UUID `json:"jobId"`
}

// LongQueue is the queue of what may take long.
const LongQueue = "long"

// Kind names the event.
func (JobQueued) Kind() string { return "job_queued" }

// InsertOpts says where it waits, and that it is given up after a few attempts.
func (JobQueued) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: LongQueue, MaxAttempts: 5}
}

// PaymentTold says that a payment provider told of a change, which is to be looked at.
type PaymentTold struct {
	EventID uuid.UUID `json:"eventId"`
}

// Kind names the event.
func (PaymentTold) Kind() string { return "payment_told" }

// Outbox inserts events in the transaction that promises them.
type Outbox struct {
	client *river.Client[*sql.Tx]
}

// Driver returns River's driver for a database.
func Driver(dialectName string, pool *sql.DB) riverdriver.Driver[*sql.Tx] {
	if dialectName == dialect.SQLite {
		return riversqlite.New(pool)
	}
	return riverdatabasesql.New(pool)
}

// New returns an outbox that inserts and never works; the pool is the one that writes.
func New(dialectName string, pool *sql.DB) (*Outbox, error) {
	client, err := river.NewClient(Driver(dialectName, pool), &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("open the outbox: %w", err)
	}
	return &Outbox{client: client}, nil
}

// InsertTx promises events in a transaction.
func (o *Outbox) InsertTx(ctx context.Context, tx *sql.Tx, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(events))
	for i, e := range events {
		params[i] = river.InsertManyParams{Args: e}
	}
	if _, err := o.client.InsertManyFastTx(ctx, tx, params); err != nil {
		return fmt.Errorf("promise %d events: %w", len(events), err)
	}
	return nil
}

// TakeOver makes available at once what a server that was killed was working on, and vacates its leadership, without which
// nothing that comes with time is done until it runs out. Only the one server that holds the database may, before it works:
// what is running then runs nowhere. Without it a killed job would wait for the rescue.
func TakeOver(ctx context.Context, pool *sql.DB) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("take over the outbox: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	for _, statement := range []string{"UPDATE river_job SET state = 'available' WHERE state = 'running'", "DELETE FROM river_leader"} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("take over the outbox: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("take over the outbox: %w", err)
	}
	return nil
}

// Migrate brings River's own tables to their newest version; done twice it does nothing.
func Migrate(ctx context.Context, dialectName string, pool *sql.DB) error {
	m, err := rivermigrate.New(Driver(dialectName, pool), nil)
	if err != nil {
		return fmt.Errorf("open the outbox's migrations: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the outbox: %w", err)
	}
	return nil
}

// Depth counts what was promised and is not done, by state: available, running, retryable, scheduled, and discarded, which
// failed so often that it was given up and that nobody tries again.
func Depth(ctx context.Context, pool *sql.DB) (depth map[string]int, err error) {
	depth = map[string]int{"available": 0, "running": 0, "retryable": 0, "scheduled": 0, "discarded": 0}
	rows, err := pool.QueryContext(ctx, `SELECT state, count(*) FROM river_job WHERE state IN ('available', 'running', 'retryable', 'scheduled', 'discarded') GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count the outbox: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("count the outbox: %w", err)
		}
		depth[state] = n
	}
	return depth, rows.Err()
}
