package walk

import (
	"bytes"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is gongshu as it is built, serving one market.
type program struct {
	t    *testing.T
	bin  string
	env  []string
	base string
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gongshu-walk")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "gongshu")
	out, err := exec.Command("go", "build", "-o", bin, "gongshu/cmd/gongshu").CombinedOutput()
	if err != nil {
		return "", &buildError{string(out)}
	}
	return bin, nil
})

type buildError struct{ output string }

func (e *buildError) Error() string { return "go build: " + e.output }

func TestMain(m *testing.M) {
	code := m.Run()
	if bin, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(bin))
	}
	os.Exit(code)
}

// startProgram serves an empty market from a database of the test's own, and stops it gracefully at the end.
func startProgram(t *testing.T, databaseURL string, extra ...string) *program {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	p := &program{t: t, bin: bin, base: "http://" + address}
	folder := t.TempDir()
	p.env = append(os.Environ(), "GONGSHU_ADDR="+address, "GONGSHU_DATA="+folder, "GONGSHU_DEMO=false", "GONGSHU_TEST_PAYMENTS=true")
	if strings.HasPrefix(databaseURL, "postgres") {
		p.env = append(p.env, "DATABASE_URL="+databaseURL)
	} else if u, err := url.Parse(databaseURL); err != nil || u.Scheme != "sqlite" {
		t.Fatalf("what database is %s?", databaseURL)
	}
	p.env = append(p.env, extra...)
	var log bytes.Buffer
	serve := p.command("serve")
	serve.Stdout, serve.Stderr = &log, &log
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- serve.Wait() }()
	t.Cleanup(func() {
		serve.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-stopped:
			if err != nil {
				t.Errorf("the program stopped with %v", err)
			}
		case <-time.After(15 * time.Second):
			serve.Process.Kill()
			t.Error("the program did not stop within 15 s")
		}
		if t.Failed() {
			t.Logf("the program said:\n%s", log.String())
		}
	})
	p.awaitReady(stopped)
	return p
}

func (p *program) awaitReady(stopped <-chan error) {
	p.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); {
		if response, err := http.Get(p.base + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-stopped:
			p.t.Fatalf("the program stopped before it was ready: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.t.Fatal("the program is not ready after 60 s")
}

func (p *program) command(args ...string) *exec.Cmd {
	c := exec.Command(p.bin, args...)
	c.Env = p.env
	return c
}

// admin founds the platform by command, the password on standard input.
func (p *program) admin(creditCode, email, password string) {
	p.t.Helper()
	c := p.command("admin", email, "--organisation", "演练平台", "--credit-code", creditCode, "--name", "平台管理员")
	c.Stdin = strings.NewReader(password + "\n")
	if out, err := c.CombinedOutput(); err != nil {
		p.t.Fatalf("gongshu admin: %v\n%s", err, out)
	}
}

// reconcile runs the invariants by command.
func (p *program) reconcile() {
	p.t.Helper()
	if out, err := p.command("reconcile").CombinedOutput(); err != nil {
		p.t.Fatalf("gongshu reconcile: %v\n%s", err, out)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
