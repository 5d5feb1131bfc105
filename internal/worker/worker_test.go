package worker

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/outbox"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
)

// work tells what it was asked to do; the first fails events fail.
type work struct {
	events   chan uuid.UUID
	swept    chan struct{}
	resumed  chan struct{}
	refunded chan struct{}
	files    chan struct{}
	fails    int
}

func newWork() *work {
	return &work{events: make(chan uuid.UUID, 10), swept: make(chan struct{}, 10), resumed: make(chan struct{}, 10), refunded: make(chan struct{}, 10), files: make(chan struct{}, 10)}
}

func (w *work) PaymentLook(_ context.Context, id uuid.UUID) error {
	w.events <- id
	if w.fails > 0 {
		w.fails--
		return errors.New("the index is away")
	}
	return nil
}

func (w *work) Sweep(context.Context) (int, error) {
	w.swept <- struct{}{}
	return 0, nil
}

func (w *work) BillsIssue(context.Context) (int, error) { return 0, nil }

func (w *work) PaymentsResume(context.Context) (int, error) {
	w.resumed <- struct{}{}
	return 0, nil
}

func (w *work) RefundsResume(context.Context) (int, error) {
	w.refunded <- struct{}{}
	return 0, nil
}

func (w *work) DisputesFollow(context.Context) (int, error) { return 0, nil }

func (w *work) PayoutsTransfer(context.Context) (int, error) { return 0, nil }

func (w *work) SearchFollow(context.Context) (int, error) { return 0, nil }

func (w *work) UsesCount(context.Context) (int, error) { return 0, nil }

func (w *work) JobRun(context.Context, uuid.UUID) error { return nil }

func (w *work) JobFail(context.Context, uuid.UUID) error { return nil }

func (w *work) FilesSweep(context.Context) (int, error) {
	w.files <- struct{}{}
	return 0, nil
}

// each runs a test on both databases, with a store on the real clock.
func each(t *testing.T, run func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Parallel() // they mostly wait
	open := func(url string) (*store.Store, error) { return store.Open(context.Background(), url, time.Now) }
	prepare := func(url string) error {
		s, err := open(url)
		if err != nil {
			return err
		}
		_, err = s.Migrate(context.Background())
		return errors.Join(err, s.Close())
	}
	testdb.TemplateEach(t, "migrated", prepare, func(t *testing.T, url string) {
		s, err := open(url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		run(t, s)
	})
}

// start starts a worker that stops with the test.
func start(t *testing.T, s *store.Store, m Market) {
	t.Helper()
	w, err := New(s, m, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := w.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func promise(t *testing.T, s *store.Store) uuid.UUID {
	t.Helper()
	id := uuid.New()
	err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.Promise(ctx, outbox.PaymentTold{EventID: id})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func within[T any](t *testing.T, limit time.Duration, what string, happens <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-happens:
	case <-time.After(limit):
		t.Fatalf("%s did not happen within %s", what, limit)
	}
	return value
}

func TestAPromiseIsWorkedWithinTwoSeconds(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWork()
		start(t, s, w)
		if id := promise(t, s); within(t, 2*time.Second, "the work", w.events) != id {
			t.Error("another event was worked")
		}
	})
}

func TestWhatFailsIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWork()
		w.fails = 1
		start(t, s, w)
		id := promise(t, s)
		within(t, 2*time.Second, "the work", w.events)
		if within(t, 15*time.Second, "the second attempt", w.events) != id {
			t.Error("another event was worked")
		}
	})
}

func TestWhatComesWithTimeComesByItself(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWork()
		start(t, s, w)
		within(t, 15*time.Second, "the sweep", w.swept)
		within(t, 15*time.Second, "finishing payments", w.resumed)
		within(t, 15*time.Second, "finishing refunds", w.refunded)
		within(t, 15*time.Second, "the sweep of files", w.files)
	})
}

// A provider that hangs over a payment keeps nobody's refund from being finished, and its round is given more time than other jobs.
func TestPaymentsThatHangKeepNoRefund(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		m := &hangs{work: newWork(), left: make(chan time.Duration, 10)}
		start(t, s, m)
		within(t, 15*time.Second, "finishing refunds", m.refunded)
		if left := within(t, 15*time.Second, "finishing payments", m.left); left < longTime/2 {
			t.Errorf("a round has %s", left)
		}
	})
	r := &rounds[resumePayments]{visit: func(context.Context) (int, error) { return 0, errors.New("again") }}
	r.busy.Lock()
	if err := r.Work(t.Context(), nil); err != nil {
		t.Error("two rounds go at once")
	}
	r.busy.Unlock()
	if err := r.Work(t.Context(), nil); err == nil {
		t.Error("no round goes")
	}
}

// hangs is work whose payments hang until it is stopped.
type hangs struct {
	*work
	left chan time.Duration
}

func (m *hangs) PaymentsResume(ctx context.Context) (int, error) {
	until, _ := ctx.Deadline()
	m.left <- time.Until(until)
	<-ctx.Done()
	return 0, ctx.Err()
}

// A killed server leaves its job running for ever, and its leadership for a while: that is what is laid here.
func TestAKilledServersWorkIsTakenOverAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		id := promise(t, s)
		now, later := "datetime('now', 'subsec')", "datetime('now', '+15 seconds')"
		if s.Dialect() == "postgres" {
			now, later = "now()", "now() + interval '15 seconds'"
		}
		for _, killed := range []string{
			"UPDATE river_job SET state = 'running', attempt = 1, attempted_at = " + now,
			"INSERT INTO river_leader (leader_id, elected_at, expires_at) VALUES ('killed', " + now + ", " + later + ")",
		} {
			if _, err := s.Writer().ExecContext(t.Context(), killed); err != nil {
				t.Fatal(err)
			}
		}
		w := newWork()
		start(t, s, w)
		if within(t, 2*time.Second, "the work of the killed server", w.events) != id {
			t.Error("another event was worked")
		}
		within(t, 5*time.Second, "finishing payments", w.resumed)
	})
}

func TestStoppingWaitsForTheJobAtWork(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		m := &slow{began: make(chan struct{}), finish: make(chan struct{}), ended: make(chan error, 1)}
		w, err := New(s, m, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		promise(t, s)
		within(t, 2*time.Second, "the work", m.began)
		stopped := make(chan error)
		go func() { stopped <- w.Stop(context.Background()) }()
		close(m.finish)
		if err := within(t, 10*time.Second, "the stop", stopped); err != nil {
			t.Error(err)
		}
		if err := within(t, time.Second, "the end of the job", m.ended); err != nil {
			t.Errorf("the job was cut off: %v", err)
		}
	})
}

// slow is work that takes until it is told to finish.
type slow struct {
	began, finish chan struct{}
	ended         chan error
}

func (m *slow) PaymentLook(ctx context.Context, _ uuid.UUID) error {
	close(m.began)
	<-m.finish
	m.ended <- ctx.Err()
	return nil
}

func (m *slow) Sweep(context.Context) (int, error) { return 0, nil }

func (m *slow) SearchFollow(context.Context) (int, error) { return 0, nil }

func (m *slow) UsesCount(context.Context) (int, error) { return 0, nil }

func (m *slow) PaymentsResume(context.Context) (int, error) { return 0, nil }
func (m *slow) BillsIssue(context.Context) (int, error)     { return 0, nil }

func (m *slow) RefundsResume(context.Context) (int, error) { return 0, nil }

func (m *slow) DisputesFollow(context.Context) (int, error) { return 0, nil }

func (m *slow) PayoutsTransfer(context.Context) (int, error) { return 0, nil }

func (m *slow) JobRun(context.Context, uuid.UUID) error { return nil }

func (m *slow) JobFail(context.Context, uuid.UUID) error { return nil }

func (m *slow) FilesSweep(context.Context) (int, error) { return 0, nil }
