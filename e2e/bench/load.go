package main

import (
	"context"
	"math/rand/v2"
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
		sum.took = append(sum.took, s.took...)
		sum.errors += s.errors
		if s.first != nil {
			sum.first = s.first
		}
	}
	return sum
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
	others           float64 // the share of the machine that others used, 0 to 1
}

// counters are what is read before and after a case.
type counters struct {
	server, postgres, client time.Duration
	machine                  wholeMachine
	statements               float64
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
	seen := load(ctx, w, c, connections, o.seed, time.Duration(o.seconds*float64(time.Second)))
	after, err := s.count(ctx, w)
	if err != nil {
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
	row = rowOf(seen, before, after)
	row.name, row.connections, row.errors = c.name, n, row.errors+warm.errors
	row.memory, err = memoryOf(s.pid())
	return row, err
}

// rowOf makes a line of what the connections saw and the counters counted.
func rowOf(seen loaded, before, after counters) result {
	slices.Sort(seen.took)
	row := result{
		requests: len(seen.took), errors: seen.errors, perSecond: float64(len(seen.took)) / seen.elapsed.Seconds(),
		p50: percentile(seen.took, 50), p99: percentile(seen.took, 99),
	}
	server, postgres, client := after.server-before.server, after.postgres-before.postgres, after.client-before.client
	if all := time.Duration(row.requests + row.errors); all > 0 {
		row.server, row.postgres, row.client = server/all, postgres/all, client/all
		row.statements = (after.statements - before.statements) / float64(all)
	}
	if total := after.machine.total - before.machine.total; total > 0 {
		others := after.machine.busy - before.machine.busy - server - postgres - client
		row.others = max(float64(others)/float64(total), 0)
	}
	return row
}
