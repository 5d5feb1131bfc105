package kills

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"gongshu/internal/access"
	"gongshu/internal/fault"
)

// searchLimit is within what the search has to agree with the database again after a restart.
const searchLimit = 5 * time.Second

// round kills a child once at a point, opens the market again, and looks for what was lost, doubled or half-done.
func (w *world) round(t *testing.T, p point, number int) {
	t.Helper()
	result := outcome{}
	defer func() { record.add(p.String(), w.database, result) }()
	adds := w.rehearsed(t, p.work)

	k := task{Place: w.place, Point: p.String()}
	o := w.open(t)
	p.prepare(t, w, o, &k)
	before := w.counts(t, o)
	w.close()

	answer, err := kill(t.Context(), k)
	if err != nil {
		t.Fatalf("round %d: %v", number, err)
	}
	result.killed = true

	o = w.open(t) // the restart
	found := w.counts(t, o)
	w.compare(t, &result, "after the restart", found.since(before), p.kept(adds))
	w.whole(t, &result, o)

	stop := func() error { return nil }
	if p.searched {
		stop = must(o.work(t.Context()))(t)
	}
	if !p.unasked && !(p.keyless && found.since(before) == adds) {
		w.finish(t, &result, o, p, k, answer, number%2 == 1)
	}
	if p.searched {
		settled, err := o.settles(t.Context(), searchLimit)
		if err != nil {
			result.halfDone++
			t.Error(err)
		}
		result.settled = settled
		must("", stop())(t)
	}
	found = w.counts(t, o)
	w.compare(t, &result, "in the end", found.since(before), adds)
	w.whole(t, &result, o)
	if err := w.book.agree(o); err != nil {
		result.halfDone++
		t.Error(err)
	}
}

// rehearsed is what a work adds when nobody is killed.
func (w *world) rehearsed(t *testing.T, of *work) counts {
	t.Helper()
	if adds, done := w.adds[of.name]; done {
		return adds
	}
	o := w.open(t)
	var k task
	of.prepare(t, w, o, &k)
	before := w.counts(t, o)
	must(of.request(access.With(t.Context(), k.Who), o, k))(t)
	if of.promises {
		stop := must(o.work(t.Context()))(t)
		must(o.settles(t.Context(), searchLimit))(t)
		must("", stop())(t)
	}
	w.adds[of.name] = w.counts(t, o).since(before)
	if !of.unasked && w.adds[of.name] == (counts{}) {
		t.Fatalf("%s adds nothing, so that its loss would not be seen", of.name)
	}
	return w.adds[of.name]
}

// childOf is this program as the child that works at a task.
func childOf(ctx context.Context, k task) (*exec.Cmd, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	in, err := json.Marshal(k)
	if err != nil {
		return nil, err
	}
	child := exec.CommandContext(ctx, binary)
	child.Env = append(os.Environ(), asChild+"=yes")
	child.Stdin = bytes.NewReader(in)
	return child, nil
}

// kill runs a child until it dies, and proves that it was killed at its point and nowhere else. It returns the answer that
// the child had got by then, if any.
func kill(ctx context.Context, k task) (answer *string, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	child, err := childOf(ctx, k)
	if err != nil {
		return nil, err
	}
	var said, complaint bytes.Buffer
	child.Stdout, child.Stderr = &said, &complaint
	err = child.Run()
	last := ""
	for line := range strings.Lines(said.String()) {
		last = strings.TrimSuffix(line, "\n")
		if text, ok := strings.CutPrefix(last, saysAnswer); ok {
			answer = &text
		}
	}
	if !killed(err) || last != saysPoint+k.Point {
		return nil, fmt.Errorf("the child was not killed at %q: %v, it said %q and %q", k.Point, err, said.String(), complaint.String())
	}
	return answer, nil
}

// killed reports whether a process ended by SIGKILL.
func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// finish does what happens after a restart: the worker goes on, and who was not answered asks again under the same key.
func (w *world) finish(t *testing.T, result *outcome, o *opened, p point, k task, answer *string, workerFirst bool) {
	t.Helper()
	if p.resume != nil && workerFirst {
		must("", p.resume(t.Context(), o))(t)
	}
	again, err := p.request(access.With(t.Context(), k.Who), o, k)
	if err != nil && (p.over == "" || fault.CodeOf(err) != p.over) {
		result.halfDone++
		t.Errorf("asking again: %v", err)
	}
	if answer != nil && p.over == "" && again != *answer {
		result.doubled++
		t.Errorf("asked again it answered %s, before %s", again, *answer)
	}
	if p.resume != nil && !workerFirst {
		must("", p.resume(t.Context(), o))(t)
	}
}

// compare tells what is too little from what is too much.
func (w *world) compare(t *testing.T, result *outcome, when string, got, want counts) {
	t.Helper()
	if got == want {
		return
	}
	t.Errorf("%s there are %v, not %v", when, got, want)
	for i := range got {
		switch missing := want[i] - got[i]; {
		case missing > 0:
			result.lost++
		case missing < 0:
			result.doubled++
		}
	}
}

// whole holds the invariants of money and rights, and that the files are there that rows name.
func (w *world) whole(t *testing.T, result *outcome, o *opened) {
	t.Helper()
	for _, breach := range must(o.Store.Reconcile(t.Context()))(t) {
		result.halfDone++
		t.Errorf("it does not hold that %s: %v", breach.Name, breach.Rows)
	}
	for _, key := range must(o.FilesReconcile(t.Context()))(t).Missing {
		result.halfDone++
		t.Errorf("the file %s is missing", key)
	}
}
