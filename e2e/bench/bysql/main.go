// Command bysql answers the operations that are measured by hand-written SQL: one prepared statement each, in which Postgres makes the whole
// answer as JSON. It is what is left when there is no GraphQL: it takes the same requests as the market and finds the operation by its name.
// Who asks is believed, whoever says so.
//
//	BESIDE_POSTGRES=postgres://… bysql ADDRESS
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"

	_ "github.com/lib/pq"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bysql:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: bysql ADDRESS")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	address, err := url.Parse(os.Getenv("BESIDE_POSTGRES"))
	if err != nil {
		return errors.New("BESIDE_POSTGRES is no address")
	}
	settings := address.Query()
	settings.Set("binary_parameters", "yes") // as the market asks
	for name, value := range map[string]string{
		"jit":             "off",                // compiling a statement takes longer than it does
		"plan_cache_mode": "force_generic_plan", // so does planning it each time
		"work_mem":        "64MB",
	} {
		settings.Set(name, value)
	}
	address.RawQuery = settings.Encode()
	db, err := sql.Open("postgres", address.String())
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(32)
	answers := make(map[string]answer, len(operations))
	for name, o := range operations {
		statement, err := db.PrepareContext(ctx, o.statement)
		if err != nil {
			return fmt.Errorf("prepare %s: %w", name, err)
		}
		answers[name] = answer{statement, o.arguments}
	}
	server := http.Server{Addr: os.Args[1], Handler: handler(answers)}
	go func() {
		<-ctx.Done()
		server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

type answer struct {
	statement *sql.Stmt
	arguments func(v given) ([]any, error)
}

func handler(answers map[string]answer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Query     string
			Variables given
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		data, err := answers[nameOf(asked.Query)].ask(r.Context(), asked.Variables)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"data":`))
		w.Write(data)
		w.Write([]byte("}"))
	})
}

func (a answer) ask(ctx context.Context, v given) (text []byte, err error) {
	if a.statement == nil {
		return nil, errors.New("there is no such operation")
	}
	arguments, err := a.arguments(v)
	if err != nil {
		return nil, err
	}
	err = a.statement.QueryRowContext(ctx, arguments...).Scan(&text)
	return text, err
}

// nameOf is the name of the operation of a document: of "query List($first: Int!) …" it is List.
func nameOf(document string) string {
	_, rest, _ := strings.Cut(document, " ")
	name, _, _ := strings.Cut(rest, "(")
	return name
}
