package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"gongshu/internal/config"
	"gongshu/internal/hold"
	"gongshu/internal/market"
	"gongshu/search/inverted"
	"gongshu/search/meili"
)

// indexFolder is where the search of the data folder is.
func indexFolder(d config.Data) string { return filepath.Join(d.Folder, "index") }

// withSearch opens the search for as long as do runs: a Meilisearch where one is stated, else that of the data folder. Either
// way the folder belongs to one process at a time: what must not run twice in it begins here; see hold.ErrHeld.
func withSearch(ctx context.Context, d config.Data, do func(s *market.Searching) error) (err error) {
	held, err := hold.Folder(indexFolder(d), "search.lock")
	if err != nil {
		return err
	}
	defer closing(held, &err)
	if err := os.Remove(buildingFile(d)); err != nil && !errors.Is(err, os.ErrNotExist) { // of another start, perhaps of another database
		return err
	}
	// Both at once: a server that does not answer is waited for once.
	var products, resources market.SearchIndex
	var opening sync.WaitGroup
	var failed [2]error
	opening.Go(func() { products, failed[0] = openIndex(ctx, d, "products") })
	opening.Go(func() { resources, failed[1] = openIndex(ctx, d, "resources") })
	opening.Wait()
	for i, index := range []market.SearchIndex{products, resources} {
		if failed[i] == nil {
			defer closing(index, &err)
		}
	}
	if err := errors.Join(failed[:]...); err != nil {
		return err
	}
	return do(&market.Searching{Products: products, Resources: resources})
}

// openIndex opens one index; one that is new has no mark, and is built when the search is prepared. So is one whose server
// is away: whoever prepares the search says so, and tries again.
func openIndex(ctx context.Context, d config.Data, name string) (market.SearchIndex, error) {
	if d.MeiliURL == "" {
		index, _, err := inverted.Open(filepath.Join(indexFolder(d), name))
		return index, err
	}
	index, _, err := meili.Open(ctx, meili.Config{URL: d.MeiliURL, Key: d.MeiliKey, Index: d.MeiliIndex + "-" + name})
	return index, err
}

// buildingFile is where a server writes down how far it is with building its search, for a command that asked for it.
func buildingFile(d config.Data) string { return filepath.Join(indexFolder(d), "building.json") }

func writeBuilding(d config.Data, b market.Building) error {
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	made := buildingFile(d) + ".new"
	return errors.Join(os.WriteFile(made, text, 0o600), os.Rename(made, buildingFile(d)))
}

// readBuilding reads what writeBuilding wrote; nothing where it did not.
func readBuilding(d config.Data) (b market.Building) {
	text, err := os.ReadFile(buildingFile(d))
	if err != nil || json.Unmarshal(text, &b) != nil {
		return market.Building{}
	}
	return b
}
