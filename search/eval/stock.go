package eval

import (
	"context"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/google/uuid"

	"gongshu/search"
)

// Stock is a baseline: bleve as it comes, with its analyzer for Chinese, Japanese and Korean and its match query.
type Stock struct{ index bleve.Index }

// Load makes an index in memory.
func (s *Stock) Load(_ context.Context, documents []search.Document) error {
	mapping := bleve.NewIndexMapping()
	mapping.DefaultAnalyzer = cjk.AnalyzerName
	mapping.StoreDynamic, mapping.DocValuesDynamic = false, false
	index, err := bleve.NewUsing("", mapping, scorch.Name, bleve.Config.DefaultKVStore, nil) // in memory
	if err != nil {
		return fmt.Errorf("make a bleve index: %w", err)
	}
	if s.index != nil {
		if err := s.index.Close(); err != nil {
			return fmt.Errorf("close the bleve index: %w", err)
		}
	}
	s.index = index
	const together = 2000
	batch := index.NewBatch()
	for i, d := range documents {
		texts := map[string]any{"codes": d.Codes}
		for _, field := range search.Fields {
			texts[string(field)] = d.Texts(field)
		}
		if err := batch.Index(d.ID.String(), texts); err != nil {
			return fmt.Errorf("index into bleve: %w", err)
		}
		if (i+1)%together == 0 || i+1 == len(documents) {
			if err := index.Batch(batch); err != nil {
				return fmt.Errorf("index into bleve: %w", err)
			}
			batch.Reset()
		}
	}
	return nil
}

// Find answers by bleve's match query over all fields.
func (s *Stock) Find(ctx context.Context, text string) ([]uuid.UUID, error) {
	result, err := s.index.SearchInContext(ctx, bleve.NewSearchRequestOptions(bleve.NewMatchQuery(text), shown, 0, false))
	if err != nil {
		return nil, fmt.Errorf("search bleve: %w", err)
	}
	ids := make([]uuid.UUID, len(result.Hits))
	for i, hit := range result.Hits {
		if ids[i], err = uuid.Parse(hit.ID); err != nil {
			return nil, fmt.Errorf("an id of bleve: %w", err)
		}
	}
	return ids, nil
}
