// Package hostile sends the program what nobody in good faith would: every file of corpus/ over HTTP, to the program as it
// is built with the demo market, on SQLite and on Postgres. docs/hostile-input.md says how to add one.
//
// Each is answered with the code that its file states, never with a 5xx, within maxTime, and without repeating the canary;
// all of them together cost little memory, also when many come at once, and afterwards the program serves as before.
package hostile

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gongshu/e2e/program"
	"gongshu/internal/testdb"
)

const (
	// maxTime is for an answer. The machine of a test is shared: what takes longer is sent again, tries times at most, once
	// others had pause to do their work; the best counts.
	maxTime = 200 * time.Millisecond
	tries   = 10
	pause   = 100 * time.Millisecond
	// maxGrowth is how much more memory the program may have held at any moment than while somebody signed in at the end of its warm-up.
	maxGrowth = 16 << 20
	// together is how many are sent at the same time at the end, and maxGrowthAtOnce how much more memory they may take.
	together        = 16
	maxGrowthAtOnce = together * 4 << 20
	// rounds is how often memory is looked at: garbage that waited for a busy machine is not there each time, what the input needs is.
	rounds = 3
	// fewest is how many files the corpus has at least.
	fewest = 200
)

func TestMain(m *testing.M) { os.Exit(program.Run(m)) }

func TestWhatIsHostileIsRefusedAtOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		for round := 1; round <= rounds; round++ {
			var tooMuch bool
			passed := t.Run(fmt.Sprint("round ", round), func(t *testing.T) {
				// Each has a program and a market of its own: what the one before held in the end is nobody's input.
				if strings.HasPrefix(url, "postgres") {
					url = testdb.Postgres(t)
				}
				s := lay(t, program.Start(t, url, "GONGSHU_DEMO=true", "GONGSHU_DEVELOPMENT=false", "GONGSHU_RATE=off"))
				corpus := readCorpus(t, s)
				if len(corpus) < fewest {
					t.Fatalf("the corpus has %d files", len(corpus))
				}
				s.warmUp()
				alone, atOnce := s.growth(corpus, s.memory("VmHWM"))
				if tooMuch = alone > maxGrowth || atOnce > maxGrowthAtOnce; tooMuch && round == rounds {
					t.Errorf("in each of %d rounds memory grew by too much, in the last by %d KiB, and by %d KiB with %d at once", rounds, alone>>10, atOnce>>10, together)
				}
				s.alive()
			})
			if !passed || !tooMuch {
				break
			}
		}
	})
}

func TestWhatIsWrongIsSeen(t *testing.T) {
	told := reply{status: 400, code: "X", body: []byte(`{"message":"Did you mean this?"}`)}
	for _, c := range []struct {
		name  string
		entry entry
		reply reply
		want  string
	}{
		{"an answer as it should be", entry{status: 400, code: "X"}, told, ""},
		{"another code", entry{status: 400, code: "Y"}, told, "want 400 Y, got 400 X"},
		{"another status", entry{status: 200, code: "X"}, told, "want 200 X, got 400 X"},
		{"the server's fault, also where it is expected", entry{status: 500}, reply{status: 500}, "it is the server's fault: 500"},
		{"what must not be said", entry{status: 400, code: "X", without: "Did you mean"}, told, `the answer says "Did you mean"`},
		{"the canary in the body", entry{status: 200}, reply{status: 200, body: []byte("x" + canary)}, "the answer repeats what was sent"},
		{"the canary in a header", entry{status: 200}, reply{status: 200, header: http.Header{"X": {canary}}}, "the answer repeats what was sent"},
	} {
		if got := c.entry.wrong(c.reply, canary); got != c.want {
			t.Errorf("%s: want %q, got %q", c.name, c.want, got)
		}
	}
}

// worst is the entry with the greatest value so far.
type worst struct {
	name  string
	value int64
}

func (w *worst) see(e entry, value int64) {
	if value > w.value {
		*w = worst{e.name, value}
	}
}

// growth sends the corpus, one by one and then many at once, and says how far the peaks of memory were above what was held before.
func (s *scene) growth(corpus []entry, before int64) (alone, atOnce int64) {
	s.forgetPeak()
	var slowest, costliest, hungriest worst
	peak := before
	for _, e := range corpus {
		took, cpu := s.try(e)
		slowest.see(e, int64(took))
		costliest.see(e, int64(cpu))
		now := s.memory("VmHWM")
		hungriest.see(e, now-peak)
		peak = max(peak, now)
	}
	s.t.Logf("%d files; the slowest, %s, took %v; the costliest, %s, %v of CPU; memory was %d KiB and %d KiB at its peak, most of it by %s (%d KiB)", len(corpus),
		slowest.name, time.Duration(slowest.value).Round(10*time.Microsecond), costliest.name, time.Duration(costliest.value), before>>10, peak>>10, hungriest.name, hungriest.value>>10)
	s.tryAtOnce(corpus)
	after := s.memory("VmHWM")
	s.t.Logf("with %d at once, memory was %d KiB at its peak", together, after>>10)
	return peak - before, after - before
}

// try sends an entry, checks its answer and returns the best of its times, and what it took of the processors at best.
func (s *scene) try(e entry) (took, cpu time.Duration) {
	took, cpu = time.Hour, time.Hour
	for range tries {
		before := s.cpu()
		r, err := s.send(e)
		if err != nil {
			s.t.Errorf("%s (%s): %v", e.name, e.sentence, err)
			return 0, 0
		}
		if wrong := e.wrong(r, canary); wrong != "" {
			s.t.Errorf("%s (%s): %s\n%.300s", e.name, e.sentence, wrong, r.body)
			return r.took, 0
		}
		took, cpu = min(took, r.took), min(cpu, s.cpu()-before)
		if took <= maxTime {
			return took, cpu
		}
		time.Sleep(pause)
	}
	s.t.Errorf("%s (%s): answered within %v at best, with %v of CPU at best", e.name, e.sentence, took, cpu)
	return took, cpu
}

// tryAtOnce sends all of it again, so many at the same time; how long one takes is then nobody's promise.
func (s *scene) tryAtOnce(corpus []entry) {
	entries := make(chan entry)
	var workers sync.WaitGroup
	for range together {
		workers.Go(func() {
			for e := range entries {
				if r, err := s.send(e); err != nil {
					s.t.Errorf("%s, among others: %v", e.name, err)
				} else if wrong := e.wrong(r, canary); wrong != "" {
					s.t.Errorf("%s, among others: %s", e.name, wrong)
				}
			}
		})
	}
	for _, e := range corpus {
		entries <- e
	}
	close(entries)
	workers.Wait()
}

// ordinary is what people ask for.
const ordinary = `{ products(query: "失信", first: 20) { totalCount edges { node { id name operator { name } resources { name } items { name } plans { id name headline { amount units from } } } } facets { name values { label count } } } }`

// warmUp lets everybody do what they usually do, until the program holds what it holds when it is at work.
func (s *scene) warmUp() {
	var people sync.WaitGroup
	for person := range together {
		people.Go(func() {
			as := []string{"nobody", "buyer", "operator", "agency"}[person%4]
			for range 15 {
				if _, err := s.answer(as, ordinary, nil, "products", "edges", 0, "node", "id"); err != nil {
					s.t.Error(err)
				}
			}
			r, err := s.send(entry{as: "credential", method: http.MethodGet, path: "/data/v1/products/" + s.names["product"] + "/rows?first=1000"})
			if err != nil || r.status != http.StatusOK {
				s.t.Errorf("an ordinary data call was answered %d %v", r.status, err)
			}
		})
	}
	people.Wait()
	if s.t.Failed() {
		s.t.FailNow()
	}
	// The one thing that ordinary people do which takes much memory: a hash of a password. What is held then depends on no collection of
	// garbage, as what is held after it does.
	s.forgetPeak()
	s.signIn("platform.admin@demo.gongshu.example")
}

// alive says that the program serves as before, told nobody what was sent, and kept its books.
func (s *scene) alive() {
	s.t.Helper()
	if r, err := s.send(entry{as: "nobody", method: http.MethodGet, path: "/readyz"}); err != nil || r.status != http.StatusOK {
		s.t.Errorf("afterwards it is not ready: %d %s %v", r.status, r.body, err)
	}
	s.ask("nobody", ordinary, nil, "products", "edges", 0, "node", "id")
	for _, word := range []string{canary, "panic", "internal error"} {
		if i := strings.Index(s.program.Said(), word); i >= 0 {
			s.t.Errorf("the log says %q: %.500s", word, s.program.Said()[max(0, i-200):])
		}
	}
	s.program.Reconcile()
}

// memory reads a line of what the kernel knows of the process, in bytes.
func (s *scene) memory(line string) int64 {
	s.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.program.PID))
	if err != nil {
		s.t.Fatal(err)
	}
	found := regexp.MustCompile(line + `:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		s.t.Fatalf("no %s in %s", line, status)
	}
	n, err := strconv.ParseInt(string(found[1]), 10, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return n << 10
}

// cpu is how much time of processors the process used, in hundredths of a second; its own work in the background is part of it.
func (s *scene) cpu() time.Duration {
	s.t.Helper()
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.program.PID))
	if err != nil {
		s.t.Fatal(err)
	}
	fields := strings.Fields(string(line[bytes.LastIndex(line, []byte(") ")):])) // the name before it may hold anything
	var ticks int64
	for _, text := range fields[12:14] { // utime, stime
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			s.t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// forgetPeak lets VmHWM begin anew at what is held now.
func (s *scene) forgetPeak() {
	s.t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.program.PID), []byte("5"), 0); err != nil {
		s.t.Fatal(err)
	}
}
