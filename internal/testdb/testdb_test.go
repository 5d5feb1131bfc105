package testdb_test

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gongshu/internal/testdb"
)

// open opens a database by its address, as a store does: SQLite in WAL mode, Postgres as it is.
func open(address string) (*sql.DB, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "sqlite" {
		return sql.Open("sqlite", (&url.URL{Scheme: "file", Path: u.Path, RawQuery: "_pragma=journal_mode(WAL)"}).String())
	}
	return sql.Open("postgres", address)
}

func mustExec(t *testing.T, address string, statements ...string) {
	t.Helper()
	if err := execAll(address, statements...); err != nil {
		t.Fatal(err)
	}
}

func execAll(address string, statements ...string) error {
	db, err := open(address)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

func count(t *testing.T, address, table string) int {
	t.Helper()
	db, err := open(address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEachGivesAnEmptyDatabaseOfTheRightKind(t *testing.T) {
	var ran []string
	seen := map[string]bool{}
	for range 2 {
		testdb.Each(t, func(t *testing.T, address string) {
			kind, _, _ := strings.Cut(address, "://")
			ran = append(ran, kind)
			if !strings.HasSuffix(strings.Split(t.Name(), "#")[0], "/"+kind) {
				t.Errorf("the sub-test %s got %s", t.Name(), address)
			}
			if seen[address] {
				t.Errorf("%s was given twice", address)
			}
			seen[address] = true
			mustExec(t, address, "CREATE TABLE thing (id int)", "INSERT INTO thing VALUES (1)")
			if n := count(t, address, "thing"); n != 1 {
				t.Errorf("there are %d rows, want 1", n)
			}
		})
	}
	if got := strings.Join(ran, " "); got != "sqlite postgres sqlite postgres" {
		t.Errorf("ran on %s", got)
	}
}

func TestEachSaysHowToConnect(t *testing.T) {
	t.Run("with 汉字 & % in the name", func(t *testing.T) {
		testdb.Each(t, func(t *testing.T, address string) {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			switch u.Scheme {
			case "sqlite":
				mustExec(t, address, "CREATE TABLE thing (id int)")
				if _, err := os.Stat(u.Path); u.Host != "" || err != nil {
					t.Errorf("%s does not lead to the file: %v", address, err)
				}
			case "postgres", "postgresql":
				if u.Query().Get("sslmode") != "disable" || u.Query().Get("binary_parameters") != "yes" {
					t.Errorf("%s lacks a parameter", address)
				}
				if !strings.HasPrefix(u.Path, "/gongshu_test_") {
					t.Errorf("the database is called %s", u.Path)
				}
			default:
				t.Errorf("unknown address %s", address)
			}
		})
	})
}

func TestNothingIsLeftAfterATest(t *testing.T) {
	var addresses []string
	testdb.Each(t, func(t *testing.T, address string) {
		mustExec(t, address, "CREATE TABLE thing (id int)")
		addresses = append(addresses, address)
		if !strings.HasPrefix(address, "postgres") {
			return
		}
		// A forgotten connection must not keep the database.
		db, err := open(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Ping(); err != nil {
			t.Fatal(err)
		}
	})
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme == "sqlite" {
			if _, err := os.Stat(u.Path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is still there: %v", u.Path, err)
			}
			continue
		}
		if err := execAll(address, "SELECT 1"); err == nil {
			t.Errorf("%s still answers", u.Path)
		}
	}
}

func TestTemplateEachPreparesOncePerDatabaseAndCopies(t *testing.T) {
	var prepared atomic.Int32
	prepare := func(address string) error {
		prepared.Add(1)
		return execAll(address, "CREATE TABLE thing (id int)", "INSERT INTO thing VALUES (1), (2)")
	}
	name := rand.Text() // another one each time, so that the tests also pass twice in one process
	for range 3 {
		testdb.TemplateEach(t, name, prepare, func(t *testing.T, address string) {
			mustExec(t, address, "INSERT INTO thing VALUES (3)")
			if n := count(t, address, "thing"); n != 3 {
				t.Errorf("there are %d rows, want the two of the template and the one of this test", n)
			}
		})
	}
	if n := prepared.Load(); n != 2 {
		t.Errorf("prepared %d times, want once per database", n)
	}
	testdb.TemplateEach(t, rand.Text(), func(string) error { return nil }, func(t *testing.T, address string) {
		mustExec(t, address, "CREATE TABLE thing (id int)") // would exist under the other name
	})
}

func TestTheCopyHoldsWhatWasOnlyInTheLog(t *testing.T) {
	// A second connection keeps SQLite from folding the log into the file by itself when the first one closes.
	var reader *sql.DB
	prepare := func(address string) error {
		if !strings.HasPrefix(address, "sqlite") {
			return execAll(address, "CREATE TABLE thing (id int)", "INSERT INTO thing VALUES (1)")
		}
		db, err := open(address)
		if err != nil {
			return err
		}
		reader = db
		if _, err := db.Exec("CREATE TABLE thing (id int)"); err != nil {
			return err
		}
		if err := execAll(address, "INSERT INTO thing VALUES (1)"); err != nil {
			return err
		}
		u, _ := url.Parse(address)
		if log, err := os.Stat(u.Path + "-wal"); err != nil || log.Size() == 0 {
			return fmt.Errorf("there is no log to fold: %w", err)
		}
		return nil
	}
	testdb.TemplateEach(t, rand.Text(), prepare, func(t *testing.T, address string) {
		u, _ := url.Parse(address)
		if left, _ := filepath.Glob(u.Path + "-*"); len(left) > 0 {
			t.Errorf("the copy came with %v", left)
		}
		if n := count(t, address, "thing"); n != 1 {
			t.Errorf("there are %d rows, want 1", n)
		}
	})
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
}

func TestManyTestsShareATemplateAtOnce(t *testing.T) {
	var prepared atomic.Int32
	var mu sync.Mutex
	seen := map[string]bool{}
	name := rand.Text()
	t.Run("all", func(t *testing.T) {
		for i := range 8 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				testdb.TemplateEach(t, name, func(address string) error {
					prepared.Add(1)
					return execAll(address, "CREATE TABLE thing (id int)")
				}, func(t *testing.T, address string) {
					mustExec(t, address, "INSERT INTO thing VALUES (1)")
					if n := count(t, address, "thing"); n != 1 {
						t.Errorf("there are %d rows, want the one of this test", n)
					}
					mu.Lock()
					defer mu.Unlock()
					seen[address] = true
				})
			})
		}
	})
	if len(seen) != 16 || prepared.Load() != 2 {
		t.Errorf("%d databases from %d preparations, want 16 from 2", len(seen), prepared.Load())
	}
}

// TestRefused is a test that only the next one runs, in a process of its own: it is meant to fail.
func TestRefused(t *testing.T) {
	switch os.Getenv("GONGSHU_TESTDB_REFUSED") {
	case "each":
		testdb.Each(t, func(*testing.T, string) {})
	case "template":
		testdb.TemplateEach(t, "x", func(string) error { return nil }, func(*testing.T, string) {})
	case "prepare":
		for range 2 {
			testdb.TemplateEach(t, "x", func(string) error { return errors.New("migration 7 is broken") }, func(*testing.T, string) {})
		}
	}
}

func TestATestFailsRatherThanBeingSkipped(t *testing.T) {
	server := os.Getenv("GONGSHU_TEST_POSTGRES")
	for _, row := range []struct{ sentence, calls, postgres, says string }{
		{"Each without a server names the commands", "each", "", "scripts/postgres run -- go test"},
		{"TemplateEach without a server names the commands", "template", "", "make test"},
		{"the address of another kind of server is refused", "each", "mysql://localhost/x", "is no postgres:// address"},
		{"what is no address is refused", "each", "postgres://%", "GONGSHU_TEST_POSTGRES: parse"},
		{"a server that does not answer is a failure", "each", "postgres://127.0.0.1:1/x", "connection refused"},
		{"a failed preparation is the failure of its tests", "prepare", server, "migration 7 is broken"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(self, "-test.run", "^TestRefused$", "-test.v")
			cmd.Env = append(os.Environ(), "GONGSHU_TESTDB_REFUSED="+row.calls, "GONGSHU_TEST_POSTGRES="+row.postgres)
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestRefused/postgres") {
				t.Errorf("the test did not fail:\n%s", out)
			}
			if !strings.Contains(string(out), row.says) {
				t.Errorf("the failure does not say %q:\n%s", row.says, out)
			}
			if strings.Contains(string(out), "SKIP") {
				t.Errorf("something was skipped:\n%s", out)
			}
		})
	}
}
