package main

import (
	"context"
	"fmt"
	"time"

	"gongshu/internal/config"
	"gongshu/internal/demo"
	"gongshu/internal/demo/scale"
	"gongshu/internal/market"
)

// loadDemo loads the demo market, which done twice changes nothing, or a scale market where its size is given.
func loadDemo(ctx context.Context, p *config.Program) error {
	return withMarket(ctx, p.Data, func(m *market.Market) error {
		if p.Demo.Scale != nil {
			return loadScale(ctx, m, *p.Demo.Scale, p.Demo.Seed)
		}
		return loadWith(ctx, m, p.Demo.Seed, func(string) {})
	})
}

// loadScale loads a scale market and says who may sign in to it.
func loadScale(ctx context.Context, m *market.Market, products int, seed uint64) error {
	started := time.Now()
	fmt.Printf("Loading a scale market of %d products, all synthetic 正在载入合成的规模市场 …\n", products)
	err := scale.Load(ctx, m, products, seed, func(what string) {
		fmt.Printf("  %6.1f s  %s\n", time.Since(started).Seconds(), what)
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("the load was cut short and nothing of it is kept; run the same command to start anew: %w", err)
	case err != nil:
		return err
	}
	fmt.Printf("The scale market is there after %.1f s. Now run: gongshu reindex\n\n", time.Since(started).Seconds())
	printSignIns(scale.SignIns)
	return nil
}

// demoOf reports who may sign in where serve's market is a demo, nobody where it is none, and whether the demo, or the
// rest of it, is still to be loaded.
func demoOf(ctx context.Context, p *config.Program, m *market.Market) (signIns []demo.SignIn, toLoad bool, err error) {
	if !p.WithDemo() {
		return nil, false, nil
	}
	switch state, err := demo.StateOf(ctx, m.Store); {
	case err != nil || state == demo.Taken:
		return nil, false, err
	case state == demo.Scale:
		return scale.SignIns, false, nil
	default:
		return demo.SignIns, state != demo.Whole, nil
	}
}

func printSignIns(all []demo.SignIn) {
	fmt.Printf("Demo sign-ins 演示账号, all with the password %s:\n\n", demo.Password)
	for _, d := range all {
		fmt.Printf("  %-42s %s\n", d.Email, d.As)
	}
	fmt.Println()
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
