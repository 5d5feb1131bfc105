package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"time"
)

// loaded is what connections saw of one case.
type loaded struct {
	took    []time.Duration // of each request that was answered as it should, in no order
	errors  int
	first   error // one of the errors
	elapsed time.Duration
}

// load lets every connection do one thing after another until the time is over; what was begun is finished and counted.
// The same seed draws the same requests, as far as there is time for them.
func load(ctx context.Context, w *world, c benchCase, connections []*connection, seed uint64, lasts time.Duration) loaded {
	started := time.Now()
	seen := make([]loaded, len(connections))
	var all sync.WaitGroup
	for i, connection := range connections {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for ctx.Err() == nil && time.Since(started) < lasts {
				begun := time.Now()
				if err := c.do(ctx, w, connection, r); err != nil {
					seen[i].errors++
					seen[i].first = err
					continue
				}
				seen[i].took = append(seen[i].took, time.Since(begun))
			}
		})
	}
	all.Wait()
	sum := loaded{elapsed: time.Since(started)}
	for _, s := range seen {
		sum = sum.and(s)
	}
	return sum
}

// and adds up what was seen at one time and another.
func (l loaded) and(more loaded) loaded {
	l.took, l.errors, l.elapsed = append(l.took, more.took...), l.errors+more.errors, l.elapsed+more.elapsed
	if more.first != nil {
		l.first = more.first
	}
	return l
}

// percentile is the time within which p of 100 were answered, by nearest rank; 0 of none. The times are in order.
func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max((len(sorted)*p+99)/100-1, 0)]
}

// result is one line of the table. Times of processors are for one request.
type result struct {
	name             string
	connections      int
	requests, errors int
	perSecond        float64
	p50, p99         time.Duration
	server, postgres time.Duration
	client           time.Duration
	memory           memory
	statements       float64 // for one request
	bytes            int64   // of one answer, where answers are compared
	others           float64 // the share of the machine that others used, 0 to 1
}

// counters are what is counted from some moment on.
type counters struct {
	server, postgres, client time.Duration
	machine                  wholeMachine
	statements               float64
}

// countersOf reads those of a program that serves, and of Postgres where it has one, 0.
func countersOf(p *process, postgres int) (c counters, err error) {
	if c.server, err = cpuOf(p.pid()); err != nil {
		return c, err
	}
	if postgres != 0 {
		if c.postgres, err = cpuOf(postgres); err != nil {
			return c, err
		}
	}
	if c.client, err = ownCPU(); err != nil {
		return c, err
	}
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return c, err
	}
	c.machine, err = parseMachine(string(text))
	return c, err
}

// since is what was counted after a moment.
func (c counters) since(before counters) counters {
	return counters{
		server: c.server - before.server, postgres: c.postgres - before.postgres, client: c.client - before.client,
		machine:    wholeMachine{busy: c.machine.busy - before.machine.busy, total: c.machine.total - before.machine.total},
		statements: c.statements - before.statements,
	}
}

// and adds up.
func (c counters) and(more counters) counters {
	return c.since(counters{}.since(more))
}

// measure waits until what the case before left is done, warms up, loads, and says what it cost.
func (s *server) measure(ctx context.Context, w *world, c benchCase, n int, o options) (row result, err error) {
	if err := s.settle(ctx, 1); err != nil {
		return row, err
	}
	connections, err := w.connect(ctx, n, c.signedIn)
	if err != nil {
		return row, err
	}
	defer hangUp(connections)
	warm := load(ctx, w, c, connections, o.seed+1, time.Duration(o.warmUp*float64(time.Second)))
	if err := forgetMost(s.pid()); err != nil {
		return row, err
	}
	before, err := s.count(ctx, w)
	if err != nil {
		return row, err
	}
	profiled := s.profileCPU(ctx, o, o.seconds, c.name, n)
	seen := load(ctx, w, c, connections, o.seed, time.Duration(o.seconds*float64(time.Second)))
	after, err := s.count(ctx, w)
	if err = errors.Join(err, profiled(), s.profile(ctx, "heap", o, c.name, n)); err != nil {
		return row, err
	}
	if ctx.Err() != nil {
		return row, ctx.Err()
	}
	for _, l := range []loaded{warm, seen} {
		if l.errors > 0 {
			say("%s with %d connections: %d ERRORS, one of them: %v", c.name, n, l.errors, l.first)
		}
	}
	row = rowOf(seen, after.since(before))
	row.name, row.connections, row.errors = c.name, n, row.errors+warm.errors
	row.memory, err = memoryOf(s.pid())
	return row, err
}

// rowOf makes a line of what the connections saw and what was counted meanwhile.
func rowOf(seen loaded, used counters) result {
	slices.Sort(seen.took)
	row := result{
		requests: len(seen.took), errors: seen.errors, perSecond: float64(len(seen.took)) / seen.elapsed.Seconds(),
		p50: percentile(seen.took, 50), p99: percentile(seen.took, 99),
	}
	if all := time.Duration(row.requests + row.errors); all > 0 {
		row.server, row.postgres, row.client = used.server/all, used.postgres/all, used.client/all
		row.statements = used.statements / float64(all)
	}
	if total := used.machine.total; total > 0 {
		row.others = max(float64(used.machine.busy-used.server-used.postgres-used.client)/float64(total), 0)
	}
	return row
}
