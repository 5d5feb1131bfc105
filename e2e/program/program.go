// Package program starts gongshu as it is built, as a process that serves one market on the loopback, for the tests that
// look at it from outside.
//
// It owns the building and the process: its database is the caller's, its folder and its port are the test's own. It
// promises that the program was ready, that it is stopped gracefully at the end of the test, and that what it said is
// told where the test failed.
package program

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Program is a server at work.
type Program struct {
	// Base is its address: http://127.0.0.1:1234.
	Base string
	// PID is that of its process.
	PID int

	t   *testing.T
	bin string
	env []string
	log said
}

// said is what a process wrote so far.
type said struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// trouble is what is worth reading of it where a test failed: no line that tells of ordinary work, and the last that there are.
func (s *said) trouble() string {
	lines := slices.DeleteFunc(strings.Split(s.String(), "\n"), func(line string) bool { return strings.Contains(line, `"level":"INFO"`) })
	return strings.Join(lines[max(0, len(lines)-troubleLines):], "\n")
}

const troubleLines = 40

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gongshu-program")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "gongshu")
	if out, err := exec.Command("go", "build", "-o", bin, "gongshu/cmd/gongshu").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return bin, nil
})

// Run runs the tests of a package and then removes the program that they built; TestMain exits with what it returns.
func Run(m *testing.M) int {
	code := m.Run()
	if bin, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(bin))
	}
	return code
}

// Start serves a market, empty where the environment does not say otherwise, from a database that testdb gave. With a
// sqlite URL the file is the program's own, whatever database the environment names.
func Start(t *testing.T, databaseURL string, env ...string) *Program {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	p := &Program{t: t, bin: bin, Base: "http://" + address}
	p.env = append(os.Environ(), "DATABASE_URL=", "GONGSHU_ADDR="+address, "GONGSHU_DATA="+t.TempDir(), "GONGSHU_DEMO=false", "GONGSHU_TEST_PAYMENTS=true")
	if strings.HasPrefix(databaseURL, "postgres") {
		p.env = append(p.env, "DATABASE_URL="+databaseURL)
	} else if u, err := url.Parse(databaseURL); err != nil || u.Scheme != "sqlite" {
		t.Fatalf("what database is %s?", databaseURL)
	}
	p.env = append(p.env, env...)
	serve := p.Command("serve")
	serve.Stdout, serve.Stderr = &p.log, &p.log
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	p.PID = serve.Process.Pid
	stopped := make(chan error, 1)
	go func() { stopped <- serve.Wait() }()
	t.Cleanup(func() {
		serve.Process.Signal(syscall.SIGTERM) //nolint:errcheck // where it is gone already, that is told below
		select {
		case err := <-stopped:
			if err != nil {
				t.Errorf("the program stopped with %v", err)
			}
		case <-time.After(30 * time.Second):
			serve.Process.Kill() //nolint:errcheck // the test failed anyway
			t.Error("the program did not stop within 30 s")
		}
		if t.Failed() {
			t.Logf("the program said:\n%s", p.log.trouble())
		}
	})
	p.awaitReady(stopped)
	return p
}

func (p *Program) awaitReady(stopped chan error) {
	p.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		if response, err := http.Get(p.Base + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-stopped:
			stopped <- err
			p.t.Fatalf("the program stopped before it was ready: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.t.Fatal("the program is not ready after 2 min")
}

// Command is the program with other arguments, over the same database and folder.
func (p *Program) Command(args ...string) *exec.Cmd {
	c := exec.Command(p.bin, args...)
	c.Env = p.env
	return c
}

// Reconcile runs the invariants by command.
func (p *Program) Reconcile() {
	p.t.Helper()
	if out, err := p.Command("reconcile").CombinedOutput(); err != nil {
		p.t.Fatalf("gongshu reconcile: %v\n%s", err, out)
	}
}

// Said is all that the server wrote so far.
func (p *Program) Said() string { return p.log.String() }

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
