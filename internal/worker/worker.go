// Package worker does in the background what transactions promised, and what time alone brings about.
//
// It owns when and how often: promises are worked within a second, a failed one is tried again later and later, those
// of a server that was killed are taken over by the next at its start, and the sweep runs every half minute. One server at a
// time works a database (store.HoldServing). What is done is the market's. Every job may be done twice and must then change
// nothing.
package worker

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"gongshu/internal/outbox"
	"gongshu/internal/store"
)

// The times of the worker.
const (
	// cooldown and poll bound how long a promise waits; the defaults of River are a second and more.
	cooldown = 100 * time.Millisecond
	poll     = 250 * time.Millisecond
	// jobTime is for one job; one that is still running after rescueAfter has got lost and is tried again.
	jobTime     = 30 * time.Second
	rescueAfter = time.Minute
	// sweepEvery is how long what comes with time may be late.
	sweepEvery = 30 * time.Second
	// filesEvery is how often what killed uploads left is looked for.
	filesEvery = time.Hour
	// disputesEvery is how late what a provider did not tell of a dispute is seen.
	disputesEvery = time.Hour
	// billsEvery is how late a bill may be. A run is as long as there are bills; one that is cut off, or meets another, does no harm.
	billsEvery = 10 * time.Minute
	// usesEvery is how often uses are counted for the order of the catalogue.
	usesEvery = time.Hour
	// followEvery is how often it is looked whether another program, an import say, changed what the search has to follow;
	// what this one changed is followed at once.
	followEvery = 500 * time.Millisecond
	followAgain = 5 * time.Second
	// keepDone is how long a job that was done stays to be looked at.
	keepDone = time.Hour
	// parallel jobs are few: on SQLite they wait for one writer anyway.
	parallel = 4
	// longTime is for what may take long; of what people began as many as longParallel are done at once.
	longTime     = 30 * time.Minute
	longParallel = 2
)

// Market is what is done in the background.
type Market interface {
	// SearchFollow makes the search agree with the database about what changed, and returns how much that was.
	SearchFollow(ctx context.Context) (followed int, err error)
	// UsesCount counts again how often products are used, and returns of how many that changed.
	UsesCount(ctx context.Context) (changed int, err error)
	// Sweep does what time alone brings about, and returns how much it changed.
	Sweep(ctx context.Context) (changed int, err error)
	// PaymentsResume finishes payments whose outcome was not known, and returns how many it settled.
	PaymentsResume(ctx context.Context) (settled int, err error)
	// RefundsResume finishes refunds whose outcome was not known, and returns how many it settled.
	RefundsResume(ctx context.Context) (settled int, err error)
	// BillsIssue issues the bills that are due, and returns how many.
	BillsIssue(ctx context.Context) (issued int, err error)
	// PaymentLook looks at what a payment provider told of.
	PaymentLook(ctx context.Context, eventID uuid.UUID) error
	// PayoutsTransfer pays what providers pay out by themselves, and returns of how many batches it settled a line.
	PayoutsTransfer(ctx context.Context) (settled int, err error)
	// DisputesFollow looks at disputes that are not decided yet, and returns at how many.
	DisputesFollow(ctx context.Context) (looked int, err error)
	// JobRun does the work of a job that a person began; done twice it brings about the same once.
	JobRun(ctx context.Context, id uuid.UUID) error
	// JobFail gives a job up.
	JobFail(ctx context.Context, id uuid.UUID) error
	// FilesSweep removes what uploads that were cut off left behind, and returns how many files that were.
	FilesSweep(ctx context.Context) (removed int, err error)
}

// Worker works what is promised in a store.
type Worker struct {
	store  *store.Store
	client *river.Client[*sql.Tx]
	market Market
	log    *slog.Logger
	// unfollow ends following; followed is closed once that ended.
	unfollow func()
	followed chan struct{}
}

// New makes a worker that is not running yet.
func New(s *store.Store, m Market, log *slog.Logger) (*Worker, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[outbox.PaymentTold]) error {
		return m.PaymentLook(ctx, job.Args.EventID)
	}))
	river.AddWorker(workers, &long{market: m})
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweep]) error {
		_, err := m.Sweep(ctx)
		return err
	}))
	river.AddWorker(workers, &rounds[resumePayments]{visit: m.PaymentsResume})
	river.AddWorker(workers, &rounds[resumeRefunds]{visit: m.RefundsResume})
	river.AddWorker(workers, &rounds[transferPayouts]{visit: m.PayoutsTransfer})
	river.AddWorker(workers, &rounds[followDisputes]{visit: m.DisputesFollow})
	river.AddWorker(workers, &rounds[countUses]{visit: m.UsesCount})
	river.AddWorker(workers, &billing{market: m})
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweepFiles]) error {
		_, err := m.FilesSweep(ctx)
		return err
	}))
	client, err := river.NewClient(outbox.Driver(s.Dialect(), s.Writer()), &river.Config{
		FetchCooldown: cooldown, FetchPollInterval: poll, JobTimeout: jobTime, RescueStuckJobsAfter: rescueAfter,
		CompletedJobRetentionPeriod: keepDone,
		Logger:                      slog.New(warnings{log.Handler()}),
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: parallel}, outbox.LongQueue: {MaxWorkers: longParallel}},
		Workers:                     workers,
		PeriodicJobs: []*river.PeriodicJob{
			every(sweepEvery, sweep{}), every(sweepEvery, resumePayments{}), every(sweepEvery, resumeRefunds{}), every(sweepEvery, transferPayouts{}),
			every(disputesEvery, followDisputes{}), every(usesEvery, countUses{}), every(filesEvery, sweepFiles{}), every(billsEvery, issueBills{}),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("make the worker: %w", err)
	}
	return &Worker{store: s, client: client, market: m, log: log}, nil
}

// Start takes over what a server that was killed left, and begins to work. Only the one server that holds the database may
// call it. It works until Stop: a context that ends does not stop it in the middle of a job.
func (w *Worker) Start(ctx context.Context) error {
	if err := outbox.TakeOver(ctx, w.store.Writer()); err != nil {
		return err
	}
	if err := w.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	following, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w.unfollow, w.followed = cancel, make(chan struct{})
	go func() {
		defer close(w.followed)
		w.follow(following)
	}()
	return nil
}

// followOnce follows what changed; a panic of one change is an error, as it is of a job.
func (w *Worker) followOnce(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	_, err = w.market.SearchFollow(ctx)
	return err
}

// follow keeps the search of this program up with the database. It is no job: what it brings up to date is not in the database,
// and how far it is stands in the index.
func (w *Worker) follow(ctx context.Context) {
	for {
		if err := w.followOnce(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("the search does not follow the database", "error", err)
			select { // so long it need not be said again
			case <-ctx.Done():
			case <-time.After(followAgain):
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-w.store.SearchNews():
		case <-time.After(followEvery):
		}
	}
}

// cancelTime is how long jobs are waited for that were cancelled, and what follows the search.
const cancelTime = 5 * time.Second

// Stop takes no new jobs and waits for those at work; when ctx ends it cancels them, and they are tried again later. What does
// not end within cancelTime after that is an error, and goes on by itself.
func (w *Worker) Stop(ctx context.Context) error {
	w.unfollow()
	err := w.client.Stop(ctx)
	now, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelTime)
	defer cancel()
	if err != nil {
		err = w.client.StopAndCancel(now)
	}
	select {
	case <-w.followed:
	case <-now.Done():
		err = errors.Join(err, errors.New("the search is still followed"))
	}
	if err != nil {
		return fmt.Errorf("stop the worker: %w", err)
	}
	return nil
}

// long does the work of jobs that people began.
type long struct {
	river.WorkerDefaults[outbox.JobQueued]
	market Market
}

// Timeout is longer than that of others; a job is rescued after it.
func (*long) Timeout(*river.Job[outbox.JobQueued]) time.Duration { return longTime }

// Work does a job. What a stop cuts off is done again after the next start, and is no attempt; what fails again and again is
// given up, so that whoever waits is told.
func (l *long) Work(ctx context.Context, j *river.Job[outbox.JobQueued]) error {
	err := l.market.JobRun(ctx, j.Args.JobID)
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return river.JobSnooze(0)
	case j.Attempt < j.MaxAttempts:
		return err
	}
	return errors.Join(err, l.market.JobFail(context.WithoutCancel(ctx), j.Args.JobID))
}

// billing issues the bills that are due.
type billing struct {
	river.WorkerDefaults[issueBills]
	market Market
}

// Timeout is longer than that of others: the bills of a month are due at once.
func (*billing) Timeout(*river.Job[issueBills]) time.Duration { return longTime }

// Work issues bills until none is due.
func (b *billing) Work(ctx context.Context, _ *river.Job[issueBills]) error {
	_, err := b.market.BillsIssue(ctx)
	return err
}

// rounds goes over what is on its way at providers, who may be slow or not answer: a round takes as long as it needs, and while it does no
// other begins.
type rounds[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	visit func(ctx context.Context) (settled int, err error)
	busy  sync.Mutex
}

// Timeout is longer than that of others.
func (*rounds[T]) Timeout(*river.Job[T]) time.Duration { return longTime }

// Work does a round, or nothing while another is at it.
func (r *rounds[T]) Work(ctx context.Context, _ *river.Job[T]) error {
	if !r.busy.TryLock() {
		return nil
	}
	defer r.busy.Unlock()
	_, err := r.visit(ctx)
	return err
}

// every is a job that comes with time, at the start first.
func every(interval time.Duration, job river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(interval), func() (river.JobArgs, *river.InsertOpts) {
		return job, &river.InsertOpts{MaxAttempts: 1} // one that fails is not tried again: the next follows anyway
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

// sweep does what time alone brings about.
type sweep struct{}

// Kind names the job.
func (sweep) Kind() string { return "sweep" }

// resumePayments finishes payments that were cut off.
type resumePayments struct{}

// Kind names the job.
func (resumePayments) Kind() string { return "payments_resume" }

// resumeRefunds finishes refunds that were cut off.
type resumeRefunds struct{}

// Kind names the job.
func (resumeRefunds) Kind() string { return "refunds_resume" }

// transferPayouts pays what providers pay out by themselves.
type transferPayouts struct{}

// Kind names the job.
func (transferPayouts) Kind() string { return "payouts_transfer" }

// followDisputes looks at disputes that are not decided yet.
type followDisputes struct{}

// Kind names the job.
func (followDisputes) Kind() string { return "disputes_follow" }

// countUses counts how often products are used.
type countUses struct{}

// Kind names the job.
func (countUses) Kind() string { return "uses_count" }

// sweepFiles removes what uploads that were cut off left behind.
type sweepFiles struct{}

// Kind names the job.
func (sweepFiles) Kind() string { return "files_sweep" }

// issueBills issues the bills that are due.
type issueBills struct{}

// Kind names the job.
func (issueBills) Kind() string { return "bills_issue" }

// warnings is a log without River's account of its everyday.
type warnings struct{ slog.Handler }

// Enabled lets warnings and errors through.
func (h warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the rest out too.
func (h warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the rest out too.
func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.Handler.WithGroup(name)} }
