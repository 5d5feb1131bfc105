package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"gongshu/internal/market"
)

// preparation makes a market whole while it is served already: its search follows its database, and its demo is there.
type preparation struct {
	market *market.Market
	// toLoad says that the demo, or the rest of it, is to be loaded.
	toLoad bool

	doing atomic.Pointer[string]
}

// Doing is what is being done, "" once everything is.
func (p *preparation) Doing() string {
	if doing := p.doing.Load(); doing != nil {
		return *doing
	}
	return ""
}

func (p *preparation) tell(doing string) { p.doing.Store(&doing) }

// prepareAgain is how long after the search could not be prepared it is tried again.
const prepareAgain = 5 * time.Second

// run prepares. One that was cancelled goes on where it stopped after the next start. A market whose search cannot be
// prepared, as its server is away, is whole without: the database lists, and the search is tried again until it can.
func (p *preparation) run(ctx context.Context) error {
	searches, err := p.search(ctx)
	if err != nil {
		return err
	}
	if p.toLoad {
		if err := loadWith(ctx, p.market, 1, p.tell); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
		if _, err := p.market.SearchFollow(ctx); err != nil { // at once: whoever is told that it is ready finds it
			slog.ErrorContext(ctx, "the search does not follow what was loaded yet", "error", err)
		}
	}
	p.tell("")
	for !searches {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(prepareAgain):
		}
		if searches, err = p.search(ctx); err != nil {
			return err
		}
	}
	return nil
}

// search prepares the search, and reports whether that went; its error says that the program was told to stop.
func (p *preparation) search(ctx context.Context) (ok bool, _ error) {
	err := p.market.SearchPrepare(ctx, false)
	if err == nil || ctx.Err() != nil {
		return err == nil, err
	}
	slog.ErrorContext(ctx, "the search cannot be prepared, and is tried again; the database lists meanwhile", "error", err)
	return false, nil
}
