package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"

	"gongshu/ent/db"
	"gongshu/ent/db/policyrow"
)

// ErrServed says that another server holds the database.
var ErrServed = errors.New("another server works on this database: stop that one first")

// ErrServingLost says that the connection that held the database for this server is gone.
var ErrServingLost = errors.New("the connection that kept other servers off this database is lost")

const (
	// servingKey is any number of our own, not that of the migrations.
	servingKey = 7_510_720_252
	// servingCheck is how often, and for how long at most, the connection that holds the database is asked whether it lives.
	servingCheck = 2 * time.Second
)

// HoldServing takes the database for one server until release is called. Where another has it the answer is ErrServed.
// held ends with ErrServingLost as its cause when the hold is lost: the server then has to stop, since another may begin.
// On SQLite the file stands in the folder of the index, which one process holds anyway, and nothing is done.
func (s *Store) HoldServing(ctx context.Context) (held context.Context, release func(), err error) {
	held, lose := context.WithCancelCause(ctx)
	if s.dialect != dialect.Postgres {
		return held, func() { lose(nil) }, nil
	}
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		lose(nil)
		return nil, nil, err
	}
	var got bool
	if err := conn.QueryRowContext(ctx, fmt.Sprintf("SELECT pg_try_advisory_lock(%d)", servingKey)).Scan(&got); err != nil || !got {
		lose(nil)
		if err == nil {
			err = ErrServed
		}
		return nil, nil, errors.Join(err, conn.Close())
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		watch(held, conn, lose)
	}()
	return held, func() {
		lose(nil)
		<-watched
		// The pool would keep the connection and the lock with it. A connection that is gone has no lock either.
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("SELECT pg_advisory_unlock(%d)", servingKey))
		conn.Close()
	}, nil
}

// watch asks the connection whether it lives until held ends, and ends held when it does not.
func watch(held context.Context, conn *sql.Conn, lose context.CancelCauseFunc) {
	for tick := time.NewTicker(servingCheck); ; {
		select {
		case <-held.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(held), servingCheck)
		_, err := conn.ExecContext(ctx, "SELECT 1")
		cancel()
		if err != nil {
			lose(ErrServingLost)
		}
	}
}

// Identity is a mark that this database keeps for as long as it is the same one: the id of its first row of policy.
// It is "" before the policy is loaded.
func (s *Store) Identity(ctx context.Context) (string, error) {
	id, err := s.Read().PolicyRow.Query().Order(policyrow.ByID()).FirstID(AsSystem(ctx))
	if db.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("identify the database: %w", err)
	}
	return id.String(), nil
}
