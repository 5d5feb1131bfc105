package link

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// step is one thing that a program sends: BEGIN, COMMIT, ROLLBACK, or a statement.
type step struct {
	text string
	// args are nil, string, or []byte where they went in binary; in a recipe also what takes their place.
	args []any
	// rows says that the statement has some.
	rows bool
}

// recorder keeps what one program sends, as it stands in the messages.
type recorder struct {
	mu    sync.Mutex
	steps []step
	fails error
}

// see is told by a proxy.
func (r *recorder) see(_ *conn, kind byte, body []byte, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch kind {
	case query:
		r.steps = append(r.steps, step{text: text})
	case bind:
		args, err := bound(body)
		if err != nil {
			r.fails = err
		}
		r.steps = append(r.steps, step{text, args, strings.HasPrefix(text, "SELECT") || strings.Contains(text, "RETURNING")})
	}
}

// take returns what was sent since it was last asked.
func (r *recorder) take(t testing.TB) []step {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fails != nil {
		t.Fatal(r.fails)
	}
	taken := r.steps
	r.steps = nil
	return taken
}

// bound reads the arguments of a Bind message.
func bound(body []byte) (args []any, err error) {
	_, rest, _ := bytes.Cut(body, []byte{0}) // the portal
	_, rest, _ = bytes.Cut(rest, []byte{0})  // the statement
	number := func(size int) int {
		if len(rest) < size {
			err = fmt.Errorf("a Bind message ends early: %q", body)
			return 0
		}
		var n int
		switch size {
		case 2:
			n = int(binary.BigEndian.Uint16(rest))
		case 4:
			n = int(int32(binary.BigEndian.Uint32(rest)))
		}
		rest = rest[size:]
		return n
	}
	formats := make([]int, number(2))
	for i := range formats {
		formats[i] = number(2)
	}
	args = make([]any, number(2))
	for i := range args {
		size := number(4)
		if err != nil || size > len(rest) {
			return nil, fmt.Errorf("a Bind message ends early: %q", body)
		}
		switch {
		case size < 0:
			continue
		case len(formats) > 1 && formats[i] == 1, len(formats) == 1 && formats[0] == 1:
			args[i] = bytes.Clone(rest[:size])
		default:
			args[i] = string(rest[:size])
		}
		rest = rest[size:]
	}
	return args, err
}

// What takes the place of an argument that is another each time.
type (
	fresh   string        // what is new once in each run: the recorded value
	later   time.Duration // a moment, so long after the run began
	written []byte        // bytes in which what is fresh occurs
)

// recipe is how the same is done again with ids and keys of its own.
type recipe struct {
	steps []step
	fresh []string // what is fresh, in the order in which it came first
}

var uuidText = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// compareRuns makes a recipe of two recordings of the same: what differs between them is to differ again.
func compareRuns(t testing.TB, a, b []step) recipe {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("the same took %d and %d statements", len(a), len(b))
	}
	var r recipe
	known := map[string]bool{}
	began := time.Time{}
	for i := range a {
		if a[i].text != b[i].text || len(a[i].args) != len(b[i].args) {
			t.Fatalf("statement %d is %s and %s", i, a[i].text, b[i].text)
		}
		one := step{a[i].text, append([]any(nil), a[i].args...), a[i].rows}
		for j, value := range one.args {
			if fmt.Sprint(value) == fmt.Sprint(b[i].args[j]) {
				continue
			}
			switch value := value.(type) {
			case []byte:
				one.args[j] = written(value)
			case string:
				if moment, err := time.Parse("2006-01-02 15:04:05.999999Z07:00", value); err == nil {
					if began.IsZero() {
						began = moment
					}
					one.args[j] = later(moment.Sub(began))
					continue
				}
				one.args[j] = fresh(value)
				if !known[value] {
					known[value], r.fresh = true, append(r.fresh, value)
				}
			default:
				t.Fatalf("statement %d has %T as argument %d", i, value, j)
			}
		}
		r.steps = append(r.steps, one)
	}
	return r
}

// run does it again, statement by statement.
func (r recipe) run(ctx context.Context, pool *sql.DB) (err error) {
	values := make(map[fresh]string, len(r.fresh))
	pairs := make([]string, 0, 2*len(r.fresh))
	for _, old := range r.fresh {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		new := id.String()
		values[fresh(old)] = new
		if uuidText.MatchString(old) {
			pairs = append(pairs, old, new)
		}
	}
	renew := strings.NewReplacer(pairs...)
	now := time.Now().UTC().Truncate(time.Microsecond)
	var tx *sql.Tx
	defer func() {
		if tx != nil {
			tx.Rollback()
		}
	}()
	for _, s := range r.steps {
		switch {
		case strings.HasPrefix(s.text, "BEGIN"):
			if tx, err = pool.BeginTx(ctx, nil); err != nil {
				return err
			}
			continue
		case s.text == "COMMIT":
			if err := tx.Commit(); err != nil {
				return err
			}
			tx = nil
			continue
		}
		args := make([]any, len(s.args))
		for i, arg := range s.args {
			switch arg := arg.(type) {
			case fresh:
				args[i] = values[arg]
			case later:
				args[i] = now.Add(time.Duration(arg))
			case written:
				args[i] = []byte(renew.Replace(string(arg)))
			default:
				args[i] = arg
			}
		}
		var on interface {
			QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
			ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		} = pool
		if tx != nil {
			on = tx
		}
		if !s.rows {
			if _, err := on.ExecContext(ctx, s.text, args...); err != nil {
				return fmt.Errorf("%s: %w", s.text, err)
			}
			continue
		}
		if err := readAll(on.QueryContext(ctx, s.text, args...)); err != nil {
			return fmt.Errorf("%s: %w", s.text, err)
		}
	}
	return nil
}

// readAll reads what a statement returns.
func readAll(rows *sql.Rows, err error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}
