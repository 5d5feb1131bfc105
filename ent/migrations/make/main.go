// Command make writes the migration from the present migrations to the present schema, for both dialects.
//
//	go run ./ent/migrations/make NAME DATABASE_URL
//
// The URL is that of an empty Postgres database, which `make migration` provides. Without a difference it writes nothing;
// with the name "check" it writes nothing and fails when there is a difference.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ariga.io/atlas/sql/migrate"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	_ "github.com/lib/pq"
	_ "modernc.org/sqlite"

	entmigrate "gongshu/ent/db/migrate"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("usage: go run ./ent/migrations/make NAME DATABASE_URL")
	}
	name, url := args[0], args[1]
	lite, err := sql.Open("sqlite", "file:make?mode=memory&cache=shared&_pragma=foreign_keys(1)")
	if err != nil {
		return err
	}
	lite.SetMaxOpenConns(1)
	if err := diff(ctx, dialect.SQLite, lite, "ent/migrations/sqlite", name); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	pg, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	if err := diff(ctx, dialect.Postgres, pg, "ent/migrations/postgres", name); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// diff replays the migrations in an empty database, compares it with the schema and writes what is missing.
func diff(ctx context.Context, dialectName string, pool *sql.DB, folder, name string) error {
	defer pool.Close()
	if err := replay(ctx, pool, os.DirFS(folder)); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "migrations")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	dir, err := migrate.NewLocalDir(tmp)
	if err != nil {
		return err
	}
	m, err := schema.NewMigrate(entsql.OpenDB(dialectName, pool),
		schema.WithDir(dir), schema.WithMigrationMode(schema.ModeInspect), schema.WithDialect(dialectName),
		schema.WithDropColumn(true), schema.WithDropIndex(true), schema.WithFormatter(formatter{}))
	if err != nil {
		return err
	}
	if err := m.NamedDiff(ctx, name, entmigrate.Tables...); err != nil && !errors.Is(err, migrate.ErrNoPlan) {
		return err
	}
	made, err := fs.Glob(os.DirFS(tmp), "*.sql")
	if err != nil || len(made) == 0 {
		return err
	}
	text, err := os.ReadFile(filepath.Join(tmp, made[0]))
	if err != nil {
		return err
	}
	if name == "check" {
		return fmt.Errorf("the migrations lag behind the schema by:\n%s", text)
	}
	return os.WriteFile(filepath.Join(folder, made[0]), text, 0o644)
}

func replay(ctx context.Context, pool *sql.DB, files fs.FS) error {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if _, err := pool.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// formatter names a file by its day and minute and puts one statement on a line.
type formatter struct{}

func (formatter) Format(plan *migrate.Plan) ([]migrate.File, error) {
	text := ""
	for _, c := range plan.Changes {
		if c.Comment != "" {
			text += "-- " + c.Comment + "\n"
		}
		text += c.Cmd + ";\n"
	}
	return []migrate.File{migrate.NewLocalFile(time.Now().UTC().Format("20060102150405")+"_"+plan.Name+".sql", []byte(text))}, nil
}
