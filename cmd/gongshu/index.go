package main

import (
	"context"
	"path/filepath"

	"gongshu/internal/config"
	"gongshu/internal/market"
	"gongshu/search/bleve"
)

// withIndex opens the search index of the data folder for as long as do runs. It belongs to one process at a time, which
// makes it the folder's lock: what must not run twice in a folder opens it before anything else.
func withIndex(d config.Data, do func(index *bleve.Index) error) (err error) {
	if err := makeFolder(d); err != nil {
		return err
	}
	index, _, err := bleve.Open(filepath.Join(d.Folder, "index"))
	if err != nil {
		return err
	}
	defer closing(index, &err)
	return do(index)
}

// rebuild builds the index anew from the market's database and marks it as that database's.
func rebuild(ctx context.Context, m *market.Market, index *bleve.Index) error {
	database, err := m.Store.Identity(ctx)
	if err != nil {
		return err
	}
	if err := m.IndexRebuild(ctx); err != nil {
		return err
	}
	return index.SetBuiltFrom(ctx, database) // last: one without a mark is built again
}

// agrees reports whether the index was built from the market's database and holds as many products as are listed there.
func agrees(ctx context.Context, m *market.Market, index *bleve.Index) (bool, error) {
	database, err := m.Store.Identity(ctx)
	if err != nil {
		return false, err
	}
	from, err := index.BuiltFrom(ctx)
	if err != nil || from != database {
		return false, err
	}
	listed, err := m.ListedCount(ctx)
	if err != nil {
		return false, err
	}
	held, err := index.Count(ctx)
	return held == listed, err
}
