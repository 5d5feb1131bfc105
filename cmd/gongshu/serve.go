package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"gongshu/internal/config"
	"gongshu/internal/demo"
	"gongshu/internal/market"
	"gongshu/internal/payment/test"
	"gongshu/internal/server"
	"gongshu/internal/worker"
)

// serve serves the marketplace and does its background work until it is told to stop.
func serve(ctx context.Context, p *config.Program) error {
	started := time.Now()
	log := newLog(os.Stderr)
	slog.SetDefault(log)
	return withMarket(ctx, p.Data, func(m *market.Market) error {
		isDemo, err := loadFirstDemo(ctx, p, m)
		if err != nil {
			return err
		}
		if p.Serve.TakesTestPayments(isDemo) {
			m.Payments[test.Name] = &test.Provider{} // moves no money: never by itself where the market is somebody's own
		}
		return withIndex(ctx, p.Data, m, func() (err error) {
			listener, err := net.Listen("tcp", p.Serve.Addr)
			if err != nil {
				return fmt.Errorf("listen on %s: %w", p.Serve.Addr, err)
			}
			origin := p.Serve.Origin(listener.Addr())
			s, err := server.New(server.Options{Market: m, Log: log, Origin: origin})
			if err != nil {
				return err
			}
			w, err := worker.New(m.Store, m, log)
			if err != nil {
				return err
			}
			if err := w.Start(ctx); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, stop(w)) }()
			announce(origin, time.Since(started), isDemo)
			return s.Serve(ctx, listener)
		})
	})
}

// stop lets the worker finish what it is doing.
func stop(w *worker.Worker) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	return w.Stop(ctx)
}

// stopTime is how long a stop waits for jobs at work; what is cut off is done again after the next start.
const stopTime = 10 * time.Second

// announce says where everything is.
func announce(origin string, took time.Duration, isDemo bool) {
	fmt.Printf("Gongshu 公数 is ready after %d ms.\n\n", took.Milliseconds())
	fmt.Printf("  Marketplace  %s/\n", origin)
	fmt.Printf("  GraphQL      %s/graphql\n", origin)
	fmt.Printf("  Operations   %[1]s/healthz  %[1]s/readyz  %[1]s/metrics\n\n", origin)
	if isDemo {
		fmt.Printf("Demo sign-ins 演示账号, all with the password %s:\n\n", demo.Password)
		for _, d := range demo.SignIns {
			fmt.Printf("  %-42s %s\n", d.Email, d.As)
		}
		fmt.Println()
	}
}
