package main

import (
	"context"
	"fmt"

	"gongshu/internal/config"
	"gongshu/internal/market"
)

// reindex builds the search index anew from the database. The server holds the index while it runs.
func reindex(ctx context.Context, p *config.Program) error {
	return withMarket(ctx, p.Data, func(m *market.Market) error {
		return withIndex(ctx, p.Data, m, func() error {
			if err := m.IndexRebuild(ctx); err != nil {
				return err
			}
			n, err := m.Index.Count(ctx)
			if err != nil {
				return err
			}
			fmt.Printf("The index holds %d listed products.\n", n)
			return nil
		})
	})
}
