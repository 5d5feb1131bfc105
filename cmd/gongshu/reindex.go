package main

import (
	"context"
	"fmt"

	"gongshu/internal/config"
	"gongshu/internal/market"
	"gongshu/search/bleve"
)

// reindex builds the search index anew from the database. The server holds the index while it runs.
func reindex(ctx context.Context, p *config.Program) error {
	return withIndex(p.Data, func(index *bleve.Index) error {
		return withMarket(ctx, p.Data, func(m *market.Market) error {
			m.Index = index
			if err := rebuild(ctx, m, index); err != nil {
				return err
			}
			n, err := index.Count(ctx)
			if err != nil {
				return err
			}
			fmt.Printf("The index holds %d listed products.\n", n)
			return nil
		})
	})
}
