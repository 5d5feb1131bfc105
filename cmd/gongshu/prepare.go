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

// run prepares. One that was cancelled goes on where it stopped after the next start.
func (p *preparation) run(ctx context.Context) error {
	for { // meanwhile the database answers
		err := p.market.SearchPrepare(ctx, false)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return err
		}
		slog.ErrorContext(ctx, "the search cannot be prepared, and is tried again", "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(prepareAgain):
		}
	}
	if p.toLoad {
		if err := loadWith(ctx, p.market, 1, p.tell); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
		if _, err := p.market.SearchFollow(ctx); err != nil { // at once: whoever is told that it is ready finds it
			return err
		}
	}
	p.tell("")
	return nil
}
