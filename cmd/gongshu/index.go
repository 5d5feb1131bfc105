package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"gongshu/internal/config"
	"gongshu/internal/market"
	"gongshu/search/inverted"
)

// indexFolder is where the search of the data folder is.
func indexFolder(d config.Data) string { return filepath.Join(d.Folder, "index") }

// withSearch opens the search of the data folder for as long as do runs. It belongs to one process at a time, which makes
// it the folder's lock: what must not run twice in a folder opens it before anything else; see inverted.ErrHeld.
func withSearch(d config.Data, do func(s *market.Searching) error) (err error) {
	if err := makeFolder(d); err != nil {
		return err
	}
	products, _, err := inverted.Open(indexFolder(d))
	if err != nil {
		return err
	}
	defer closing(products, &err)
	resources, _, err := inverted.Open(filepath.Join(indexFolder(d), "resources"))
	if err != nil {
		return err
	}
	defer closing(resources, &err)
	return do(&market.Searching{Products: products, Resources: resources})
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
