package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gongshu/internal/server"
	"gongshu/internal/testdb"
)

// demoProducts are on the demo market once it is whole; a page holds 20.
const demoProducts = 17

// serving is the program at work, as a process.
type serving struct {
	t       *testing.T
	command *exec.Cmd
	// base is the address that it printed.
	base   string
	output *bufio.Scanner
	rest   io.Reader
	log    bytes.Buffer
}

// started starts the program in a folder and returns once it said where it serves.
func started(t *testing.T, folder string, env ...string) *serving {
	t.Helper()
	s := &serving{t: t, command: gongshu(t, folder)}
	s.command.Env = append(s.command.Env, env...)
	s.command.Stderr = &s.log
	output, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.rest, s.output = output, bufio.NewScanner(output)
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(s.says("GraphQL"))
	s.base = strings.TrimSuffix(words[len(words)-1], "/graphql")
	return s
}

// says reads what it prints up to the line with a word.
func (s *serving) says(word string) string {
	s.t.Helper()
	for s.output.Scan() {
		if strings.Contains(s.output.Text(), word) {
			return s.output.Text()
		}
	}
	_ = s.command.Wait() // what it said is told
	s.t.Fatalf("it ended without saying %q:\n%s", word, &s.log)
	return ""
}

// ends waits for its end.
func (s *serving) ends() error {
	if _, err := io.Copy(io.Discard, s.rest); err != nil {
		s.t.Error(err)
	}
	return s.command.Wait()
}

// stop tells it to stop, which it must do without an error, and looks at its log.
func (s *serving) stop() {
	s.t.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.ends(); err != nil {
		s.t.Errorf("it stopped with %v:\n%s", err, &s.log)
	}
	for line := range strings.Lines(s.log.String()) {
		if !json.Valid([]byte(line)) {
			s.t.Errorf("a line of the log is no JSON: %s", line)
		}
	}
}

func (s *serving) get(path string) (status int, body string) {
	s.t.Helper()
	answer, err := http.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(raw)
}

// ready waits until the market is whole.
func (s *serving) ready() *serving {
	s.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		status, body := s.get("/readyz")
		if status == http.StatusOK {
			return s
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("it is not ready: %s", body)
		}
	}
}

// products must be so many, on the first page and counted.
func (s *serving) products(want int) {
	s.t.Helper()
	answer, err := http.Post(s.base+"/graphql", "application/json", strings.NewReader(`{"query":"{ products { totalCount edges { node { id name } } } }"}`))
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	var page struct {
		Data struct {
			Products *struct {
				TotalCount int
				Edges      []struct{ Node struct{ ID, Name string } }
			}
		}
		Errors []any
	}
	if err := json.NewDecoder(answer.Body).Decode(&page); err != nil || page.Data.Products == nil || len(page.Errors) > 0 {
		s.t.Fatalf("the first page is %+v, %v", page, err)
	}
	if got := page.Data.Products; got.TotalCount != want || len(got.Edges) != want {
		s.t.Errorf("want %d products, got %d on the page and %d counted", want, len(got.Edges), got.TotalCount)
	}
}

func TestWithNothingConfiguredItServesTheDemoUntilItIsToldToStop(t *testing.T) {
	folder := t.TempDir()
	for _, start := range []string{"first", "second"} {
		t.Run("the "+start+" start", func(t *testing.T) {
			s := started(t, folder, "GONGSHU_DEMO=") // as by itself
			if status, body := s.get("/healthz"); status != http.StatusOK {
				t.Errorf("it is not alive: %d %s", status, body)
			}
			s.ready().products(demoProducts)
			s.stop()
		})
	}
}

func TestAStopDuringTheFirstLoadCutsItShortAndTheNextStartGoesOn(t *testing.T) {
	folder := t.TempDir()
	s := started(t, folder, "GONGSHU_DEMO=true")
	s.says("product 2 of")
	if status, body := s.get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, `"market":"loading the demo: product `) {
		t.Errorf("while it loads it says %d: %s", status, body)
	}
	s.stop()
	s = started(t, folder, "GONGSHU_DEMO=true")
	s.says("The demo market is there")
	s.ready().products(demoProducts)
	s.stop()
}

func TestTheIndexFollowsTheDatabaseThatIsInItsFolder(t *testing.T) {
	folder := t.TempDir()
	data := filepath.Join(folder, "var")
	s := started(t, folder, "GONGSHU_DEMO=true").ready()
	s.stop()
	aside := t.TempDir()
	move := func(from, to string) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(from, "gongshu.db*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no database in %s: %v", from, err)
		}
		for _, file := range files {
			if err := os.Rename(file, filepath.Join(to, filepath.Base(file))); err != nil {
				t.Fatal(err)
			}
		}
	}

	move(data, aside)
	s = started(t, folder).ready() // an empty market
	s.products(0)
	s.stop()

	move(data, t.TempDir())
	move(aside, data)
	s = started(t, folder).ready()
	s.products(demoProducts)
	s.stop()

	// The same database, changed while no server ran.
	db, err := sql.Open("sqlite", filepath.Join(data, "gongshu.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE products SET status = 'SUSPENDED' WHERE id = (SELECT min(id) FROM products WHERE status = 'LISTED')`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s = started(t, folder).ready()
	s.products(demoProducts - 1)
	s.stop()
}

// refused starts one more server, which must end and say why.
func refused(t *testing.T, folder, says string, env ...string) {
	t.Helper()
	second := gongshu(t, folder)
	second.Env = append(second.Env, env...)
	output, _ := second.CombinedOutput() // its error is the exit code, which is looked at
	if code := second.ProcessState.ExitCode(); code != 1 || !strings.Contains(string(output), says) {
		t.Errorf("want 1 and %q, got %d and:\n%s", says, code, output)
	}
}

func TestOneServerWorksInAFolderAndOnADatabase(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		if !strings.HasPrefix(url, "postgres") {
			return // two processes meet at one Postgres; in one folder they meet at the index, below
		}
		folder := t.TempDir()
		s := started(t, folder, "DATABASE_URL="+url).ready()
		refused(t, t.TempDir(), "another server works on this database", "DATABASE_URL="+url)
		s.products(0)

		// The connection that holds the database dies: another server may begin, so that this one stops.
		db, err := sql.Open("postgres", url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var gone int
		const kill = `SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 7510720252 & 4294967295
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
		if err := db.QueryRow(kill).Scan(&gone); err != nil || gone != 1 {
			t.Fatalf("%d connections hold the database, %v", gone, err)
		}
		if err := s.ends(); err == nil || !strings.Contains(s.log.String(), "the connection that kept other servers off this database is lost") {
			t.Errorf("it ended with %v and said:\n%s", err, &s.log)
		}
		started(t, folder, "DATABASE_URL="+url).ready().stop() // the lock went with its connection
	})
}

func TestASecondServerInAFolderFailsBeforeItDidAnything(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		if !strings.HasPrefix(url, "postgres") {
			return // an empty database that is not in the folder is needed
		}
		folder := t.TempDir()
		s := started(t, folder).ready()
		refused(t, folder, "another process has it open", "DATABASE_URL="+url)
		s.stop()
		db, err := sql.Open("postgres", url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var tables int
		if err := db.QueryRow(`SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'`).Scan(&tables); err != nil || tables != 0 {
			t.Errorf("it made %d tables, %v", tables, err)
		}
	})
}

func TestASharedRateIsWarnedOf(t *testing.T) {
	bound := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		sentence, origin string
		rate             int
		proxies          []netip.Prefix
		warned           bool
	}{
		{"a proxy that is not trusted", "https://data.example.cn", 60_000, nil, true},
		{"one that is", "https://data.example.cn", 60_000, proxies, false},
		{"nobody is limited", "https://data.example.cn", 0, nil, false},
		{"no proxy", "http://127.0.0.1:8080", 60_000, nil, false},
	} {
		var said bytes.Buffer
		warnOfSharedRate(server.Options{Log: slog.New(slog.NewTextHandler(&said, nil)), Origin: c.origin, Rate: c.rate, TrustedProxies: c.proxies}, bound)
		if strings.Contains(said.String(), "GONGSHU_TRUSTED_PROXY") != c.warned {
			t.Errorf("%s: %q", c.sentence, &said)
		}
	}
}

func TestProfilesAreServedWhereTheyAreToBe(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	if err := serveProfiles(t.Context(), addr); err == nil {
		t.Error("they are served where somebody else listens")
	}
	listener.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	if err := serveProfiles(ctx, addr); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/debug/pprof/": 200, "/debug/pprof/heap": 200, "/debug/pprof/no": 404, "/": 404} {
		response, err := http.Get("http://" + addr + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	stop()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := net.DialTimeout("tcp", addr, time.Second); err != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("they are served after the end")
		}
	}
}
