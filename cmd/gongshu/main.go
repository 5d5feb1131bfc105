// Command gongshu is the whole marketplace in one program: it serves it, and it is what looks after its data.
//
// It picks the adapters (which database, which index) and hands them to the use-cases and edges; it decides nothing else.
// It exits with 0 when it did what it was asked, 1 when it could not, 2 when it did not understand.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"gongshu/internal/config"
	"gongshu/internal/server"
)

func main() {
	program, command, err := config.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "gongshu:", err)
		os.Exit(2)
	}
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, restore) // a second signal ends the program at once
	if err := run(ctx, program, command); err != nil {
		fmt.Fprintln(os.Stderr, "gongshu:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, p *config.Program, command string) error {
	switch command {
	case "serve":
		return serve(ctx, p)
	case "migrate":
		return migrate(ctx, p)
	case "admin":
		return admin(ctx, p)
	case "import":
		return importFile(ctx, p)
	case "template":
		return writeTemplate(p)
	case "demo":
		return loadDemo(ctx, p)
	case "reindex":
		return reindex(ctx, p)
	case "reconcile":
		return reconcile(ctx, p)
	case "version":
		return version()
	}
	return fmt.Errorf("there is no command %s", command)
}

// newLog writes for people on a terminal and JSON everywhere else; every line names its request.
func newLog(to *os.File) *slog.Logger {
	var h slog.Handler = slog.NewJSONHandler(to, nil)
	if term.IsTerminal(int(to.Fd())) {
		h = slog.NewTextHandler(to, nil)
	}
	return slog.New(server.NamingRequests(h))
}
