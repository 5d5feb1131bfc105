package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gongshu/internal/config"
	"gongshu/internal/market"
	"gongshu/internal/store"
	"gongshu/search/bleve"
)

// opened is a market with its database open and at the newest version.
type opened struct {
	*market.Market
	folder string
}

// open opens the market that the settings name, migrated and with its policy; the caller closes its store.
func open(ctx context.Context, d config.Data) (*opened, error) {
	s, err := openStore(ctx, d)
	if err != nil {
		return nil, err
	}
	m := &market.Market{Store: s}
	if _, err := s.Migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate the database: %w", err), s.Close())
	}
	if _, err := m.LoadPolicies(store.AsSystem(ctx)); err != nil {
		return nil, errors.Join(fmt.Errorf("load the policy: %w", err), s.Close())
	}
	return &opened{Market: m, folder: d.Folder}, nil
}

// openStore opens the database as it is.
func openStore(ctx context.Context, d config.Data) (*store.Store, error) {
	if err := os.MkdirAll(d.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	database, err := d.Database()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, database, time.Now)
}

// openIndex opens the search index beside the database; fresh says that it has to be built.
func (o *opened) openIndex() (index *bleve.Index, fresh bool, err error) {
	return bleve.Open(filepath.Join(o.folder, "index"))
}
