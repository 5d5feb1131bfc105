package eval

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/search"
)

// Index is an engine behind the search port.
type Index struct {
	search.Index
	// Synonyms are told to an index that takes them.
	Synonyms [][]string
}

// Load rebuilds the index.
func (e Index) Load(ctx context.Context, documents []search.Document) error {
	if index, ok := e.Index.(search.Synonymous); ok {
		if err := index.SetSynonyms(ctx, e.Synonyms); err != nil {
			return fmt.Errorf("set synonyms: %w", err)
		}
	}
	return e.Rebuild(ctx, func(yield func(search.Document, error) bool) {
		for _, d := range documents {
			if !yield(d, nil) {
				return
			}
		}
	})
}

// Find answers by relevance.
func (e Index) Find(ctx context.Context, text string) ([]uuid.UUID, error) {
	result, err := e.Search(ctx, search.Query{Text: text, First: shown})
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(result.Hits))
	for i, hit := range result.Hits {
		ids[i] = hit.ID
	}
	return ids, nil
}
