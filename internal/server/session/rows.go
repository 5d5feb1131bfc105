package session

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gongshu/internal/store"
)

// rows keeps sessions in the table sessions. Its keys are hashes of tokens.
//
// Use is noted in expires_at, at most once a minute: otherwise every request would write. It is noted by an UPDATE, so that
// a request which began before somebody signed out cannot bring the session back.
type rows struct{ *store.Store }

const noteEvery = time.Minute

// FindCtx returns a session that has not ended, and notes that it was used.
func (r rows) FindCtx(ctx context.Context, key string) (data []byte, found bool, err error) {
	now := r.Now()
	var expires time.Time
	const read = "SELECT data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2"
	store.Sending(ctx, read)
	err = r.Reader().QueryRowContext(ctx, read, key, now).Scan(&data, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read a session: %w", err)
	}
	deadline, _, err := codec{}.Decode(data)
	if err != nil {
		// Another version of the program kept it in another form: whoever it is signs in again.
		slog.WarnContext(ctx, "session: not readable, taken for one that has ended")
		return nil, false, nil
	}
	if until := earlier(deadline, now.Add(idle)); until.Sub(expires) >= noteEvery {
		if err := r.exec(ctx, "UPDATE sessions SET expires_at = $1 WHERE id = $2", until, key); err != nil {
			return nil, false, fmt.Errorf("note the use of a session: %w", err)
		}
	}
	return data, true, nil
}

// lasts reports whether a session has not ended; it is not noted as a use.
func (r rows) lasts(ctx context.Context, key string) (bool, error) {
	var n int
	const read = "SELECT count(*) FROM sessions WHERE id = $1 AND expires_at > $2"
	store.Sending(ctx, read)
	if err := r.Reader().QueryRowContext(ctx, read, key, r.Now()).Scan(&n); err != nil {
		return false, fmt.Errorf("look for a session: %w", err)
	}
	return n > 0, nil
}

// keyOf is the key of a token, as the manager stores it.
func keyOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// CommitCtx stores a session that begins or changes, and forgets those that have ended.
func (r rows) CommitCtx(ctx context.Context, key string, data []byte, deadline time.Time) error {
	now := r.Now()
	const save = "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at"
	if err := r.exec(ctx, save, key, data, earlier(deadline, now.Add(idle))); err != nil {
		return fmt.Errorf("store a session: %w", err)
	}
	if err := r.exec(ctx, "DELETE FROM sessions WHERE expires_at <= $1", now); err != nil {
		return fmt.Errorf("forget sessions: %w", err)
	}
	return nil
}

// DeleteCtx ends a session.
func (r rows) DeleteCtx(ctx context.Context, key string) error {
	if err := r.exec(ctx, "DELETE FROM sessions WHERE id = $1", key); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

func (r rows) exec(ctx context.Context, statement string, args ...any) error {
	store.Sending(ctx, statement)
	_, err := r.Writer().ExecContext(ctx, statement, args...)
	return err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

var errNoContext = errors.New("session: called without a context")

// The port of scs asks for these too; it calls those above.
func (rows) Find(string) ([]byte, bool, error)      { return nil, false, errNoContext }
func (rows) Commit(string, []byte, time.Time) error { return errNoContext }
func (rows) Delete(string) error                    { return errNoContext }
