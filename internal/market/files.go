package market

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	dbdataset "gongshu/ent/db/dataset"
	"gongshu/ent/db/document"
	"gongshu/internal/dataset"
	"gongshu/internal/store"
)

// uploadLife is longer than any upload lasts: the server gives one a quarter of an hour.
const uploadLife = time.Hour

// FilesSweep removes what uploads left behind that a kill cut off, once no upload of any server can still be writing it, and
// returns how many files that were. It is the worker's, every hour; done twice it removes nothing more.
func (m *Market) FilesSweep(ctx context.Context) (removed int, err error) {
	removed, err = m.Blobs.DropUnfinished(ctx, time.Now().Add(-uploadLife)) // files carry the machine's time, whatever the store's clock
	if err != nil {
		return removed, err
	}
	uploads, err := m.dropUploads(ctx)
	return removed + uploads, err
}

// Files is how the files agree with the rows that name them.
type Files struct {
	// Missing are the keys that a row names and no file has: documents, datasets that were accepted, and what jobs are still to read.
	Missing []string
	// Orphans are the keys of files that no such row names: of an upload that was killed between its file and its row, or that
	// is going on. They harm nothing and nothing removes them: the folder cannot tell whether they are another database's.
	Orphans []string
}

// FilesReconcile compares the files with the rows that name them. It is a command's, not a person's.
func (m *Market) FilesReconcile(ctx context.Context) (Files, error) {
	ctx = store.AsSystem(ctx)
	named, err := m.Store.Read().Document.Query().Select(document.FieldBlobKey).Strings(ctx)
	if err != nil {
		return Files{}, fmt.Errorf("read the keys of documents: %w", err)
	}
	datasets, err := m.Store.Read().Dataset.Query().Where(dbdataset.Accepted(true)).Select(dbdataset.FieldBlobKey).Strings(ctx)
	if err != nil {
		return Files{}, fmt.Errorf("read the keys of datasets: %w", err)
	}
	for _, key := range datasets {
		named = append(named, key, dataset.CSVPath(key))
	}
	uploads, err := m.Store.JobFiles(ctx)
	if err != nil {
		return Files{}, err
	}
	named = append(named, uploads...)
	// After the rows: a file that is named is written before its row, and what is removed was never named.
	there, err := m.Blobs.Keys(ctx)
	if err != nil {
		return Files{}, err
	}
	return Files{Missing: without(named, there), Orphans: without(there, named)}, nil
}

// without are the texts of all that are not among others, in order.
func without(all, others []string) []string {
	known := make(map[string]bool, len(others))
	for _, text := range others {
		known[text] = true
	}
	rest := slices.DeleteFunc(slices.Clone(all), func(text string) bool { return known[text] })
	slices.SortFunc(rest, strings.Compare)
	return rest
}
