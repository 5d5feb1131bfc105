// Command bench measures the built program as its clients meet it: GraphQL POSTs over HTTP, on a scale market, on SQLite
// and on Postgres; there also beside others that answer the same over the same tables.
//
// It owns the cases, the load, the numbers and those others. The market is `gongshu demo --scale`; Postgres is whatever
// GONGSHU_TEST_POSTGRES names, an empty database of a server on this machine. The load is a closed loop: a connection
// sends its next request when the last one is answered, so that a slower server is asked less often.
//
// It promises that a request which was refused, or which found nothing, counts as an error; that a run with errors says
// so, exits with 1 and writes no document; that only those are compared who give the same answers; and that what others
// did on the machine meanwhile is told beside the numbers.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options are what a run can be told.
type options struct {
	program     string   // the built gongshu
	folder      string   // where the data of the runs is, and prepared data is kept
	document    string   // whose marked section is rewritten; "" for none
	postgres    string   // address of an empty database
	alone       bool     // whether the market is measured alone, too
	beside      []string // who is measured with the market on Postgres: postgraphile, sql
	bysql       string   // the built program of SQL
	profiles    string   // folder for the market's CPU and heap profiles of each line; "" for none
	terms       int      // how many texts to search for are drawn
	databases   []string
	connections []int
	products    int
	seed        uint64
	seconds     float64 // of each case
	warmUp      float64 // seconds before each case that are not counted
}

func main() {
	o, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&o.program, "program", "bin/gongshu", "the built program")
	f.StringVar(&o.folder, "folder", "var/bench", "folder of the data")
	f.StringVar(&o.document, "document", "", "document whose section between the marks of bench is rewritten")
	f.StringVar(&o.bysql, "bysql", "bin/bysql", "the built program of hand-written SQL")
	f.StringVar(&o.profiles, "profiles", "", "folder into which CPU and heap profiles of each line are written, which cost some of what is measured")
	f.BoolVar(&o.alone, "alone", true, "whether the market is measured alone, too")
	f.IntVar(&o.terms, "terms", 1000, "how many texts are drawn that contestants are to agree on")
	beside := f.String("beside", "", "who is measured beside the market on Postgres: postgraphile, sql or both")
	f.IntVar(&o.products, "products", 100_000, "listed products of the scale market, at least 20")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the scale market and of the requests")
	f.Float64Var(&o.seconds, "seconds", 5, "how long a case is measured, at each number of connections")
	f.Float64Var(&o.warmUp, "warm-up", 1, "seconds before each case that are not counted")
	databases := f.String("databases", "sqlite postgres", "sqlite, postgres or both")
	connections := f.String("connections", "1 16 64", "numbers of connections")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.postgres = os.Getenv("GONGSHU_TEST_POSTGRES")
	o.databases = strings.Fields(*databases)
	for _, d := range o.databases {
		if d != "sqlite" && d != "postgres" {
			return o, fmt.Errorf("there is no database %q", d)
		}
		if d == "postgres" && o.postgres == "" {
			return o, errors.New("GONGSHU_TEST_POSTGRES names no server: run this with scripts/postgres")
		}
	}
	o.beside = strings.Fields(*beside)
	for _, name := range o.beside {
		if name != "postgraphile" && name != "sql" {
			return o, fmt.Errorf("there is no contestant %q", name)
		}
	}
	for _, text := range strings.Fields(*connections) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return o, fmt.Errorf("%q is no number of connections", text)
		}
		o.connections = append(o.connections, n)
	}
	if len(o.databases) == 0 || len(o.connections) == 0 || o.products < 20 || o.seconds <= 0 || o.warmUp < 0 || o.terms < 1 {
		return o, errors.New("it needs a database, a number of connections, 20 products and some time")
	}
	o.program, err = filepath.Abs(o.program)
	bysql, bysqlErr := filepath.Abs(o.bysql)
	o.bysql = bysql
	return o, errors.Join(err, bysqlErr)
}

// run measures every case on every database and reports.
func run(ctx context.Context, o options) error {
	if err := os.MkdirAll(o.folder, 0o700); err != nil {
		return err
	}
	r := report{options: o, machine: thisMachine(), version: versionOf(o.program), day: time.Now().UTC()}
	for _, database := range o.databases {
		m, err := measureDatabase(ctx, o, database)
		if err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
		r.markets = append(r.markets, m)
	}
	text := r.alone() + r.beside()
	fmt.Print(text)
	if err := os.WriteFile(filepath.Join(o.folder, "report.md"), []byte(text), 0o600); err != nil {
		return err
	}
	if n := r.errors(); n > 0 {
		return fmt.Errorf("%d REQUESTS FAILED: these numbers are worth nothing, and no document was changed", n)
	}
	if o.document == "" {
		return nil
	}
	return errors.Join(aloneSection.rewrite(o.document, r.alone()), besideSection.rewrite(o.document, r.beside()))
}

// measured is what was found on one database.
type measured struct {
	database string
	loaded   string // how long its data took
	disk     string // the type of the file system that it is on
	rows     []result
	beside   besideFound
}

func measureDatabase(ctx context.Context, o options, database string) (m measured, err error) {
	m.database = database
	s, err := startServer(ctx, o, database)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	m.loaded, m.disk = s.loaded, s.disk
	say("%s: learning ids, cursors and names", database)
	w, err := learn(ctx, s.base, o)
	if err != nil {
		return m, fmt.Errorf("learn what to ask for: %w", err)
	}
	say("%s: %d products, %d deep cursors, %d buyers", database, len(w.products), len(w.deep), len(w.buyers))
	var cases []benchCase
	if o.alone {
		cases = w.cases()
	}
	for _, c := range cases {
		for _, n := range o.connections {
			row, err := s.measure(ctx, w, c, n, o)
			if err != nil {
				return m, fmt.Errorf("%s with %d connections: %w", c.name, n, err)
			}
			say("%s: %s", database, row.line())
			m.rows = append(m.rows, row)
		}
	}
	if database == "postgres" && len(o.beside) > 0 {
		if m.beside, err = measureBeside(ctx, o, s, w); err != nil {
			return m, fmt.Errorf("beside: %w", err)
		}
	}
	return m, nil
}

// say tells who waits what is being done.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s  %s\n", time.Now().Format("15:04:05"), fmt.Sprintf(format, args...))
}
