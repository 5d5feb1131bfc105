package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"gongshu/internal/config"
	"gongshu/internal/market"
	"gongshu/internal/server"
	"gongshu/search/bleve"
)

// serve serves the marketplace until it is told to stop.
func serve(ctx context.Context, p *config.Program) error {
	started := time.Now()
	slog.SetDefault(newLog(os.Stderr))
	return withMarket(ctx, p.Data, func(m *market.Market) (err error) {
		index, _, err := bleve.Open(filepath.Join(p.Folder, "index"))
		if err != nil {
			return err
		}
		defer closing(index, &err)
		listener, err := net.Listen("tcp", p.Serve.Addr)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", p.Serve.Addr, err)
		}
		origin := p.Serve.Origin(listener.Addr())
		s, err := server.New(server.Options{Store: m.Store, Market: m, Index: index, Log: slog.Default(), Origin: origin})
		if err != nil {
			return err
		}
		announce(origin, time.Since(started))
		return s.Serve(ctx, listener)
	})
}

// announce says where everything is.
func announce(origin string, took time.Duration) {
	fmt.Printf("Gongshu 公数 is ready after %d ms.\n\n", took.Milliseconds())
	fmt.Printf("  Marketplace  %s/\n", origin)
	fmt.Printf("  GraphQL      %s/graphql\n", origin)
	fmt.Printf("  Operations   %[1]s/healthz  %[1]s/readyz  %[1]s/metrics\n\n", origin)
}
