// Package data embeds the reference files of this folder, so that the program needs none of them on disk.
// It owns the bytes alone: reading and judging them is left to the packages that use them.
// Where each file comes from is said in README.md.
package data

import _ "embed"

// The files, byte for byte. Nobody may change a slice; each is read once, at start or import.
var (
	// CatalogueBatch1 is the first batch of resources to be authorised (CITY annex 1), as internal/catalogue reads it.
	//
	//go:embed catalogue-batch-1.json
	CatalogueBatch1 []byte

	// CodeTables holds the code tables of NDI-TR-2025-06 (draft) as far as known.
	//
	//go:embed code-tables.json
	CodeTables []byte

	// Tariffs holds published tariffs as figures, in yuan.
	//
	//go:embed tariffs.json
	Tariffs []byte

	// WorkingDays holds the statutory holidays and make-up working days by year.
	//
	//go:embed working-days.json
	WorkingDays []byte

	// Policy holds the rows of dated policy that a new market begins with, each with its source document.
	//
	//go:embed policy.json
	Policy []byte
)
