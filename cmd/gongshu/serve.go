package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"gongshu/internal/config"
	"gongshu/internal/server"
)

// serve serves the marketplace until it is told to stop.
func serve(ctx context.Context, p *config.Program) (err error) {
	started := time.Now()
	log := newLog(os.Stderr)
	m, err := open(ctx, p.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Store.Close()) }()
	index, _, err := m.openIndex()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()

	listener, err := net.Listen("tcp", p.Serve.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", p.Serve.Addr, err)
	}
	origin := p.Serve.Origin(listener.Addr())
	s, err := server.New(server.Options{Store: m.Store, Market: m.Market, Index: index, Log: log, Origin: origin})
	if err != nil {
		return err
	}
	announce(origin, time.Since(started))
	return s.Serve(ctx, listener)
}

// announce says where everything is.
func announce(origin string, took time.Duration) {
	fmt.Printf("Gongshu 公数 is ready after %d ms.\n\n", took.Milliseconds())
	fmt.Printf("  Marketplace  %s/\n", origin)
	fmt.Printf("  GraphQL      %s/graphql\n", origin)
	fmt.Printf("  Operations   %[1]s/healthz  %[1]s/readyz  %[1]s/metrics\n\n", origin)
}
