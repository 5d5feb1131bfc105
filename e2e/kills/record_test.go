package kills

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// outcome is what became of one kill.
type outcome struct {
	killed bool
	// What was lost, doubled or half-done, each by what should be there and is not.
	lost, doubled, halfDone int
	// settled is how long after the restart the search agreed and every promise was kept, 0 where nothing was promised.
	settled time.Duration
}

// record is what became of all kills of this process.
var record ledger

// ledger adds outcomes up, by point and database, in the order in which the points came first.
type ledger struct {
	mu    sync.Mutex
	order []string
	sums  map[string]map[string]*sum
}

type sum struct {
	rounds, killed, lost, doubled, halfDone int
	slowest                                 time.Duration
}

func (l *ledger) add(point, database string, o outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sums == nil {
		l.sums = map[string]map[string]*sum{}
	}
	if l.sums[point] == nil {
		l.sums[point] = map[string]*sum{}
		l.order = append(l.order, point)
	}
	s := l.sums[point][database]
	if s == nil {
		s = &sum{}
		l.sums[point][database] = s
	}
	s.rounds++
	if o.killed {
		s.killed++
	}
	s.lost, s.doubled, s.halfDone, s.slowest = s.lost+o.lost, s.doubled+o.doubled, s.halfDone+o.halfDone, max(s.slowest, o.settled)
}

// write writes the table to the file that GONGSHU_KILLS_RECORD names, if any: what stands between its two marks is replaced.
func (l *ledger) write() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	path := os.Getenv("GONGSHU_KILLS_RECORD")
	if path == "" {
		return nil
	}
	const begin, end = "<!-- counts -->\n", "<!-- end of counts -->\n"
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, found := strings.Cut(string(page), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("%s has no place for counts", path)
	}
	where := fmt.Sprintf("Counted on %s, on %s with %d CPUs, by %s.", time.Now().Format(time.DateOnly), runtime.GOOS+"/"+runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	return os.WriteFile(path, []byte(head+begin+"\n"+where+"\n\n"+l.table()+"\n"+end+tail), 0o644)
}

func (l *ledger) table() string {
	var out strings.Builder
	total := sum{}
	out.WriteString("| killed at | database | rounds | killed | lost | doubled | half-done | search agreed and promises kept within |\n|---|---|---|---|---|---|---|---|\n")
	for _, point := range l.order {
		for _, database := range []string{"SQLite", "Postgres"} {
			s := l.sums[point][database]
			if s == nil {
				continue
			}
			within := ""
			if s.slowest > 0 {
				within = fmt.Sprintf("%d ms", s.slowest.Milliseconds())
			}
			fmt.Fprintf(&out, "| %s | %s | %d | %d | %d | %d | %d | %s |\n", point, database, s.rounds, s.killed, s.lost, s.doubled, s.halfDone, within)
			total.rounds, total.killed, total.lost = total.rounds+s.rounds, total.killed+s.killed, total.lost+s.lost
			total.doubled, total.halfDone = total.doubled+s.doubled, total.halfDone+s.halfDone
		}
	}
	fmt.Fprintf(&out, "| **all** | | %d | %d | %d | %d | %d | |\n", total.rounds, total.killed, total.lost, total.doubled, total.halfDone)
	return out.String()
}
