// Package testdb gives every test a database of its own, on each database that the market runs on.
//
// It owns the fresh databases and their removal. What is in them (migrations, demo rows) is the caller's to
// prepare; starting a Postgres server is scripts/postgres's. It promises that a test which should run on
// Postgres never passes without one.
package testdb

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	_ "github.com/lib/pq"  // the driver "postgres"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Each runs a test twice, as "sqlite" and as "postgres", each time with the address of an empty database:
//
//	sqlite:///path/file.db    the path is percent-encoded; the file appears when it is first opened
//	postgres://…/gongshu_test_…?…&sslmode=disable&binary_parameters=yes
//
// Both are removed after the test, the Postgres one even while connections to it are open.
// Without a server in GONGSHU_TEST_POSTGRES the second fails; it is never skipped.
func Each(t *testing.T, run func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, sqliteURL(newFile(t))) })
	t.Run("postgres", func(t *testing.T) { run(t, newDatabase(t, "template0")) })
}

// Benchmark is Each for a benchmark.
func Benchmark(b *testing.B, run func(b *testing.B, url string)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { run(b, sqliteURL(newFile(b))) })
	b.Run("postgres", func(b *testing.B) { run(b, newDatabase(b, "template0")) })
}

// Postgres gives a test or benchmark the address of an empty Postgres database, for what SQLite has none of: a link to a server.
func Postgres(t testing.TB) (url string) {
	t.Helper()
	return newDatabase(t, "template0")
}

// TemplateEach is Each with a database that prepare has filled.
//
// For each name prepare runs once per process and database; every test gets a copy of the outcome, which is
// much faster than migrating again. The name stands for prepare: two that differ need two names.
// prepare closes what it opens. When it fails, every test of that name fails with its error.
func TemplateEach(t *testing.T, name string, prepare func(url string) error, run func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		image, err := files.of(name, func() ([]byte, error) { return prepareFile(t, prepare) })
		if err != nil {
			t.Fatalf("preparing the SQLite template %q: %v", name, err)
		}
		file := newFile(t)
		if err := os.WriteFile(file, image, 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, sqliteURL(file))
	})
	t.Run("postgres", func(t *testing.T) {
		template, err := databases.of(name, func() (string, error) { return prepareDatabase(t.Context(), prepare) })
		if err != nil {
			t.Fatalf("preparing the Postgres template %q: %v", name, err)
		}
		run(t, newDatabase(t, template))
	})
}

// The templates of this process: the bytes of a SQLite file, the name of a Postgres database.
var (
	files     templates[[]byte]
	databases templates[string]
)

// templates makes each named thing once, also when several tests ask at the same time.
type templates[T any] struct {
	mu   sync.Mutex
	made map[string]func() (T, error)
}

func (m *templates[T]) of(name string, make func() (T, error)) (T, error) {
	m.mu.Lock()
	if m.made == nil {
		m.made = map[string]func() (T, error){}
	}
	once, ok := m.made[name]
	if !ok {
		once = sync.OnceValues(make)
		m.made[name] = once
	}
	m.mu.Unlock()
	return once()
}

func newFile(t testing.TB) string { return filepath.Join(t.TempDir(), "gongshu.db") }

func sqliteURL(file string) string {
	return (&url.URL{Scheme: "sqlite", Path: file}).String()
}

// prepareFile returns the whole content of a prepared SQLite database as the bytes of one file.
func prepareFile(t *testing.T, prepare func(url string) error) ([]byte, error) {
	file := newFile(t)
	if err := prepare(sqliteURL(file)); err != nil {
		return nil, err
	}
	if err := foldLog(t.Context(), file); err != nil {
		return nil, fmt.Errorf("folding the write-ahead log into the file: %w", err)
	}
	return os.ReadFile(file)
}

// foldLog moves what is still in the write-ahead log into the file, which alone is copied.
func foldLog(ctx context.Context, file string) (err error) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var busy, pages, moved int
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("prepare left a connection open")
	}
	return nil
}

// server returns the address of the Postgres server for tests and a connection to it, kept until the process ends.
var server = sync.OnceValues(func() (*postgres, error) {
	base, err := serverURL(os.Getenv("GONGSHU_TEST_POSTGRES"))
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("postgres", base.String())
	if err != nil {
		return nil, fmt.Errorf("GONGSHU_TEST_POSTGRES: %w", err)
	}
	db.SetMaxOpenConns(4) // packages are tested side by side and share the server's connections
	var version int
	if err := db.QueryRow("SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return nil, errors.Join(fmt.Errorf("GONGSHU_TEST_POSTGRES: %w", err), db.Close())
	}
	p := &postgres{base: base, db: db}
	if version >= 150000 {
		p.copying = " STRATEGY file_copy" // the only way before; three times as fast when nothing is synced to disk
	}
	return p, nil
})

type postgres struct {
	base    *url.URL
	db      *sql.DB
	copying string // how CREATE DATABASE is to copy its template
}

func serverURL(setting string) (*url.URL, error) {
	if setting == "" {
		return nil, errors.New("this test needs a Postgres server in GONGSHU_TEST_POSTGRES: run `make test`, or `scripts/postgres run -- go test …`")
	}
	base, err := url.Parse(setting)
	if err != nil {
		return nil, fmt.Errorf("GONGSHU_TEST_POSTGRES: %w", err)
	}
	if base.Scheme != "postgres" && base.Scheme != "postgresql" {
		return nil, fmt.Errorf("GONGSHU_TEST_POSTGRES: %q is no postgres:// address", base.Redacted())
	}
	query := base.Query()
	query.Set("sslmode", "disable")
	query.Set("binary_parameters", "yes")
	base.RawQuery = query.Encode()
	return base, nil
}

// create makes a database as a copy of a template and returns its address.
// Copies of one template may be made at the same time; Postgres itself waits 5 s for a template that is in use.
func (p *postgres) create(ctx context.Context, name, template string) (string, error) {
	if _, err := p.db.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template+p.copying); err != nil {
		return "", fmt.Errorf("creating database %s from %s: %w", name, template, err)
	}
	address := *p.base
	address.Path = "/" + name
	return address.String(), nil
}

func (p *postgres) drop(name string) error {
	_, err := p.db.ExecContext(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	return err
}

// newDatabase makes a copy of a template that lives as long as the test.
func newDatabase(t testing.TB, template string) string {
	t.Helper()
	p, err := server()
	if err != nil {
		t.Fatal(err)
	}
	name := "gongshu_test_" + random()
	address, err := p.create(t.Context(), name, template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.drop(name); err != nil {
			t.Errorf("dropping database %s: %v", name, err)
		}
	})
	return address
}

// prepareDatabase makes a template. It stays on the server, which scripts/postgres throws away as a whole.
func prepareDatabase(ctx context.Context, prepare func(url string) error) (string, error) {
	p, err := server()
	if err != nil {
		return "", err
	}
	name := "gongshu_template_" + random()
	address, err := p.create(ctx, name, "template0")
	if err != nil {
		return "", err
	}
	if err := prepare(address); err != nil {
		return "", errors.Join(err, p.drop(name))
	}
	// Nobody may enter a template any more: Postgres copies it only while it is unused.
	if _, err := p.db.ExecContext(ctx, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false"); err != nil {
		return "", fmt.Errorf("closing template %s: %w", name, err)
	}
	return name, nil
}

// random returns 16 hexadecimal digits.
func random() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
