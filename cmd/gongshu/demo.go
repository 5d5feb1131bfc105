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
	return withMarket(ctx, p.Data, func(m *market.Market) error {
		return loadWith(ctx, m, p.Demo.Seed, func(string) {})
	})
}

// demoOf reports whether serve's market is the demo's, and whether the demo, or the rest of it, is still to be loaded.
func demoOf(ctx context.Context, p *config.Program, m *market.Market) (isDemo, toLoad bool, err error) {
	if !p.WithDemo() {
		return false, false, nil
	}
	state, err := demo.StateOf(ctx, m.Store)
	toLoad = state == demo.Nothing || state == demo.Begun
	return toLoad || state == demo.Whole, toLoad, err
}

// loadWith loads the demo, prints what it does, and tells doing of it.
func loadWith(ctx context.Context, m *market.Market, seed uint64, doing func(string)) error {
	started := time.Now()
	fmt.Println("Loading the demo market 正在载入演示市场 …")
	doing("loading the demo")
	progress := func(what string) {
		fmt.Printf("  %s\n", what)
		doing("loading the demo: " + what)
	}
	if err := demo.Load(ctx, m, seed, progress); err != nil {
		return err
	}
	fmt.Printf("The demo market is there after %.1f s.\n\n", time.Since(started).Seconds())
	return nil
}
