package main

import (
	"context"
	"fmt"
	"time"

	"gongshu/internal/config"
	"gongshu/internal/demo"
	"gongshu/internal/market"
)

// loadDemo loads the demo market; done twice it changes nothing.
func loadDemo(ctx context.Context, p *config.Program) error {
	return withMarket(ctx, p.Data, func(m *market.Market) error { return loadWith(ctx, m, p.Demo.Seed) })
}

// loadFirstDemo loads the demo at the first start, or what is left of it, and reports whether this market is the demo's.
func loadFirstDemo(ctx context.Context, p *config.Program, m *market.Market) (bool, error) {
	if !p.WithDemo() {
		return false, nil
	}
	state, err := demo.StateOf(ctx, m.Store)
	if err != nil || state == demo.Taken || state == demo.Whole {
		return state == demo.Whole, err
	}
	return true, loadWith(ctx, m, 1)
}

func loadWith(ctx context.Context, m *market.Market, seed uint64) error {
	started := time.Now()
	fmt.Println("Loading the demo market 正在载入演示市场 …")
	if err := demo.Load(ctx, m, seed, func(what string) { fmt.Printf("  %s\n", what) }); err != nil {
		return err
	}
	fmt.Printf("The demo market is there after %.1f s.\n\n", time.Since(started).Seconds())
	return nil
}
