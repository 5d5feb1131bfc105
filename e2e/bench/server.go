package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// server is the program under measure, on a database with a scale market in it.
type server struct {
	*process
	driver   string // with its source, how the database is opened
	source   string
	postgres int // the process that all others of Postgres stem from; 0 on SQLite
	loaded   string
	disk     string
	profiles string // where its profiles are served, "" for nowhere
}

// settings are those of the program that are not its own defaults. Limits of rate would be met at once: all come from one
// address, and each buyer does what a thousand do. A database that the environment names is nobody's to load.
func settings(o options, database, folder, address string) []string {
	all := []string{"DATABASE_URL=", "GONGSHU_DATA=" + folder, "GONGSHU_ADDR=" + address, "GONGSHU_DEMO=off", "GONGSHU_TEST_PAYMENTS=on", "GONGSHU_RATE=off"}
	if database == "postgres" {
		all = append(all, "DATABASE_URL="+o.postgres)
	}
	return all
}

// startServer lays the market of the options into a folder of its own, serves it, and waits until it is whole.
func startServer(ctx context.Context, o options, database string) (s *server, err error) {
	folder := filepath.Join(o.folder, "run-"+database)
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	s = &server{driver: "sqlite", source: "file:" + filepath.Join(folder, "gongshu.db") + "?mode=ro"}
	if database == "postgres" {
		s.driver, s.source = "postgres", o.postgres
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	environment := append(os.Environ(), settings(o, database, folder, address)...)
	if o.profiles != "" {
		if s.profiles, err = freeAddress(); err != nil {
			return nil, err
		}
		environment = append(environment, "GONGSHU_PROFILE_ADDR="+s.profiles)
	}
	if database == "sqlite" {
		s.loaded, err = prepared(ctx, o, folder)
	} else {
		s.loaded, err = loadMarket(ctx, o, environment)
	}
	if err != nil {
		return nil, err
	}
	say("%s: serving, and waiting until it is quiet", database)
	started := time.Now()
	if s.process, err = start(filepath.Join(folder, "server.log"), address, environment, o.program, "serve"); err != nil {
		return nil, err
	}
	if err := s.await(ctx, "/readyz"); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.loaded += fmt.Sprintf(", whole %.0f s after its start", time.Since(started).Seconds())
	data := folder
	if database == "postgres" {
		if data, s.postgres, err = findPostgres(o.postgres); err != nil {
			return nil, errors.Join(err, s.stop())
		}
	}
	s.disk = fileSystemOf(data)
	if err := s.awaitRecords(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.loaded += fmt.Sprintf(", its records made after %.0f s", time.Since(started).Seconds())
	if err := s.settle(ctx, sweeps); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.loaded += fmt.Sprintf(", quiet after %.0f s", time.Since(started).Seconds())
	return s, nil
}

// sweeps is longer than the time between two sweeps of the server.
const sweeps = 35

// settle waits until the server and Postgres do nothing by themselves for so many seconds: after a start all products are
// held against the listing gate, some in each sweep, and after a load Postgres looks at its tables. Nothing is less than a
// tenth of a processor.
func (s *server) settle(ctx context.Context, seconds int) error {
	quiet := 0
	for deadline := time.Now().Add(30 * time.Minute); time.Now().Before(deadline); {
		before, err := s.ownCPU()
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
		after, err := s.ownCPU()
		if err != nil {
			return err
		}
		if quiet++; after-before >= 100*time.Millisecond {
			quiet = 0
		}
		if quiet == seconds {
			return nil
		}
	}
	return errors.New("the server is busy with itself for half an hour")
}

// ownCPU is the CPU time of the server and of Postgres.
func (s *server) ownCPU() (time.Duration, error) {
	total, err := cpuOf(s.pid())
	if err != nil || s.postgres == 0 {
		return total, err
	}
	postgres, err := cpuOf(s.postgres)
	return total + postgres, err
}

// prepared copies a market that is kept for the next run, and makes it first where there is none of this size and seed.
func prepared(ctx context.Context, o options, folder string) (string, error) {
	print, err := fingerprint("ent/migrations/sqlite", "internal/demo", "search", "data")
	if err != nil {
		return "", err
	}
	if err := forgetOthers(o.folder, print); err != nil {
		return "", err
	}
	kept := filepath.Join(o.folder, fmt.Sprintf("sqlite-%d-%d-%s", o.products, o.seed, print))
	note := filepath.Join(kept, "loaded.txt") // written last
	if _, err := os.Stat(note); errors.Is(err, fs.ErrNotExist) {
		if err := os.RemoveAll(kept); err != nil {
			return "", err
		}
		environment := append(os.Environ(), settings(o, "sqlite", kept, "127.0.0.1:0")...)
		took, err := loadMarket(ctx, o, environment)
		if err != nil {
			return "", err
		}
		started := time.Now()
		if err := o.tell(ctx, environment, "reindex"); err != nil {
			return "", err
		}
		took += fmt.Sprintf(", indexed in %.0f s (on %s, by `%s`)", time.Since(started).Seconds(), time.Now().UTC().Format(time.DateOnly), versionOf(o.program))
		if err := os.WriteFile(note, []byte(took), 0o600); err != nil {
			return "", err
		}
	}
	took, err := os.ReadFile(note)
	if err != nil {
		return "", err
	}
	return string(took), os.CopyFS(folder, os.DirFS(kept))
}

// forgetOthers removes kept markets of other fingerprints: nobody will use them again.
func forgetOthers(folder, print string) error {
	kept, err := filepath.Glob(filepath.Join(folder, "sqlite-*-*-*"))
	for _, market := range kept {
		if !strings.HasSuffix(market, "-"+print) {
			err = errors.Join(err, os.RemoveAll(market))
		}
	}
	return err
}

// loadMarket lays a scale market into an empty database.
func loadMarket(ctx context.Context, o options, environment []string) (string, error) {
	started := time.Now()
	err := o.tell(ctx, environment, "demo", "--scale", strconv.Itoa(o.products), "--seed", strconv.FormatUint(o.seed, 10))
	return fmt.Sprintf("loaded in %.0f s", time.Since(started).Seconds()), err
}

// tell runs another command of the program; what it says is progress.
func (o options) tell(ctx context.Context, environment []string, args ...string) error {
	say("gongshu %s", strings.Join(args, " "))
	c := exec.CommandContext(ctx, o.program, args...)
	c.Env, c.Stdout, c.Stderr = environment, os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("gongshu %s: %w", args[0], err)
	}
	return nil
}

// fingerprint is of what a prepared market depends on, found from the root of the module.
func fingerprint(folders ...string) (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(file)
			fmt.Fprintf(h, "%s %d\n%s", entry.Name(), len(content), content)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

func moduleRoot() (string, error) {
	root, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(root, "go.mod")); missing == nil {
			return root, nil
		}
		if filepath.Dir(root) == root {
			return "", errors.New("run it within the module: there is no go.mod above this folder")
		}
		root = filepath.Dir(root)
	}
	return "", err
}

// findPostgres finds the folder of a server that listens on a socket in a folder of scripts/postgres, and its process.
func findPostgres(address string) (folder string, pid int, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", 0, errors.New("GONGSHU_TEST_POSTGRES is no address")
	}
	folder = filepath.Join(u.Query().Get("host"), "data")
	text, err := os.ReadFile(filepath.Join(folder, "postmaster.pid"))
	if err != nil {
		return "", 0, fmt.Errorf("find the process of Postgres, which scripts/postgres starts: %w", err)
	}
	pid, err = strconv.Atoi(firstLine(string(text)))
	return folder, pid, err
}

// count reads the counters, those of the server's own among them.
func (s *server) count(ctx context.Context, w *world) (c counters, err error) {
	statements, err := s.statements(ctx, w.answered.Load())
	if err != nil {
		return c, err
	}
	c, err = countersOf(s.process, s.postgres)
	c.statements = statements
	return c, err
}

// statements asks the server how many SQL statements its operations took so far. It counts an operation a moment after its
// answer, so it is asked until it counted as many as were answered.
func (s *server) statements(ctx context.Context, answered int64) (float64, error) {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		text, err := s.metrics(ctx)
		if err != nil {
			return 0, err
		}
		counted, err := sumOf(text, "gongshu_graphql_statements_count")
		if err != nil {
			return 0, err
		}
		if int64(counted) >= answered {
			return sumOf(text, "gongshu_graphql_statements_sum")
		}
		if time.Now().After(deadline) {
			return 0, fmt.Errorf("the server answered %d operations and counted %.0f", answered, counted)
		}
	}
}

func (s *server) metrics(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/metrics", nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

// sumOf adds up a metric over all its labels.
func sumOf(text, metric string) (sum float64, err error) {
	for line := range strings.Lines(text) {
		labels, found := strings.CutPrefix(strings.TrimSpace(line), metric+"{")
		if !found {
			continue
		}
		_, value, _ := cutLast(labels, "} ")
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return 0, fmt.Errorf("metric %s: %w", metric, err)
		}
		sum += n
	}
	return sum, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// profileCPU begins a CPU profile of so many seconds, at least one, as profile does; done waits until it is written.
func (s *server) profileCPU(ctx context.Context, o options, seconds float64, line string, connections int) (done func() error) {
	written := make(chan error, 1)
	go func() {
		written <- s.profile(ctx, fmt.Sprintf("profile?seconds=%d", int(max(seconds, 1))), o, line, connections)
	}()
	return func() error { return <-written }
}

// profile writes a profile of the server, of a line, where profiles are asked for.
func (s *server) profile(ctx context.Context, what string, o options, line string, connections int) error {
	if s.profiles == "" {
		return nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.profiles+"/debug/pprof/"+what, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("profile: %s", response.Status)
	}
	kind, _, _ := strings.Cut(what, "?")
	name := strings.ReplaceAll(fmt.Sprintf("%s-%s-%d-%s.pprof", s.driver, line, connections, kind), " ", "-")
	if err := os.MkdirAll(o.profiles, 0o700); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(o.profiles, name))
	if err != nil {
		return err
	}
	_, err = io.Copy(file, response.Body)
	return errors.Join(err, file.Close())
}
