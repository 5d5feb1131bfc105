package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"gongshu/internal/blob"
	"gongshu/internal/config"
	"gongshu/internal/dataset"
	"gongshu/internal/market"
	"gongshu/internal/payment"
	"gongshu/internal/store"
)

// withMarket opens the market that the settings name, migrated and with its policy, for as long as do runs.
func withMarket(ctx context.Context, d config.Data, do func(m *market.Market) error) error {
	return withStore(ctx, d, func(s *store.Store) error { return withMarketIn(ctx, d, s, do) })
}

// withMarketIn makes an open database a market, migrated and with its policy, for as long as do runs.
func withMarketIn(ctx context.Context, d config.Data, s *store.Store, do func(m *market.Market) error) (err error) {
	files, err := openBlobs(d)
	if err != nil {
		return err
	}
	defer closing(files, &err)
	if _, err := s.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	rows := dataset.NewFiles(0)
	defer closing(rows, &err)
	m := &market.Market{Store: s, Blobs: files, Rows: rows, Payments: map[string]payment.Provider{}, Version: released()}
	if _, err := m.LoadPolicies(ctx); err != nil {
		return fmt.Errorf("load the policy: %w", err)
	}
	return do(m)
}

func openBlobs(d config.Data) (*blob.Store, error) {
	return blob.Open(filepath.Join(d.Folder, "blobs"))
}

// withStore opens the database as it is, for as long as do runs.
func withStore(ctx context.Context, d config.Data, do func(s *store.Store) error) (err error) {
	if err := makeFolder(d); err != nil {
		return err
	}
	database, err := d.Database()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, database, time.Now)
	if err != nil {
		return err
	}
	defer closing(s, &err)
	return do(s)
}

func makeFolder(d config.Data) error {
	if err := os.MkdirAll(d.Folder, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

// closing closes what was opened and adds what went wrong with it.
func closing(c io.Closer, err *error) { *err = errors.Join(*err, c.Close()) }
