package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"gongshu/internal/market"
	"gongshu/search/bleve"
)

// preparation makes a market whole while it is served already: its index agrees with its database, and its demo is there.
type preparation struct {
	market *market.Market
	index  *bleve.Index
	// toLoad says that the demo, or the rest of it, is to be loaded.
	toLoad bool
	// shared says that another server may have worked the promises of this database since the index was last open.
	shared bool

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

// run prepares. One that was cancelled goes on where it stopped after the next start.
func (p *preparation) run(ctx context.Context) error {
	if err := p.agree(ctx, p.shared); err != nil {
		return err
	}
	if p.toLoad {
		if err := loadWith(ctx, p.market, 1, p.tell); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
		// What was promised meanwhile may still be on its way to the index.
		if err := p.agree(ctx, false); err != nil {
			return err
		}
	}
	p.tell("")
	return nil
}

// agree makes the index agree with the database, where it does not or whenever anew is true.
func (p *preparation) agree(ctx context.Context, anew bool) error {
	good, err := agrees(ctx, p.market, p.index)
	if err != nil || (good && !anew) {
		return err
	}
	p.tell("building the search index")
	return rebuild(ctx, p.market, p.index)
}
