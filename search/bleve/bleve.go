// Package bleve is the embedded adapter of the search port: an index in a folder of this machine, or in memory.
//
// It owns the index's files, how text becomes terms and how hits are ranked. Opening a folder whose index is absent,
// unreadable, unfinished or of another layout gives a fresh one, which the program then rebuilds from the database.
//
// Chinese is found by pairs of characters and, where the text has a single one, by characters; English by stems.
// Hits, total and facets of one answer come from one pass over one snapshot of the index.
package bleve

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	blevesearch "github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
	"github.com/google/uuid"
	bolt "go.etcd.io/bbolt/errors"

	"gongshu/search"
)

// layout changes with anything that makes older indexes answer differently: fields, analysis, facts.
const layout = "2"

// The keys of what the index says of itself.
var (
	// finishedKey holds the layout once a rebuild is complete.
	finishedKey = []byte("gongshu.finished")
	// sourceKey holds the mark of what it was built from.
	sourceKey = []byte("gongshu.source")
)

// rebuildBatch bounds the memory that a rebuild takes: so many documents are analysed at once.
const rebuildBatch = 200

// errClosed is returned by whatever is called after Close.
var errClosed = errors.New("search index: closed")

// Index is a search.Index. Open and Memory make one.
type Index struct {
	bleve  blevesearch.Index
	store  index.Index
	noMap  mapping.IndexMapping
	writes sync.Mutex // one writer at a time, a rebuild for all its length

	open   sync.RWMutex // held for reading by every call, for writing by Close
	closed bool
}

var _ search.Index = (*Index)(nil)

// Open opens the index in dir, which only one process can do at a time.
// fresh says that it is new and empty: the caller must Rebuild it, and until then it is not kept.
func Open(dir string) (opened *Index, fresh bool, err error) {
	// A folder of its own, so that starting anew removes nothing else.
	path := filepath.Join(dir, "products.bleve")
	if existing, err := reopen(path); err == nil {
		if existing.finished() {
			return existing, false, nil
		}
		if err := existing.Close(); err != nil {
			return nil, false, fmt.Errorf("close the unfinished search index: %w", err)
		}
	} else if errors.Is(err, bolt.ErrTimeout) {
		return nil, false, fmt.Errorf("open search index: another process has it open: %w", err)
	}
	if err := os.RemoveAll(path); err != nil {
		return nil, false, fmt.Errorf("remove the unreadable search index: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, false, fmt.Errorf("make the folder of the search index: %w", err)
	}
	created, err := create(path)
	if err != nil {
		return nil, false, fmt.Errorf("create search index: %w", err)
	}
	return created, true, nil
}

// Memory returns an empty index that lives as long as the process. It keeps every Put apart and so grows slow
// with thousands of them: it is for tests.
func Memory() *Index {
	created, err := create("")
	if err != nil {
		panic("search index in memory: " + err.Error())
	}
	return created
}

// settings of the index's files. Without the timeout a second process would wait for ever.
func settings() map[string]any { return map[string]any{"bolt_timeout": "1s"} }

func create(path string) (*Index, error) {
	b, err := blevesearch.NewUsing(path, blevesearch.NewIndexMapping(), scorch.Name, blevesearch.Config.DefaultKVStore, settings())
	if err != nil {
		return nil, err
	}
	return wrap(b)
}

// reopen opens what is at path. Damaged files make bleve panic, which is one more way of being unreadable.
func reopen(path string) (opened *Index, err error) {
	defer func() {
		if r := recover(); r != nil {
			opened, err = nil, fmt.Errorf("damaged: %v", r)
		}
	}()
	b, err := blevesearch.OpenUsing(path, settings())
	if err != nil {
		return nil, err
	}
	return wrap(b)
}

func wrap(b blevesearch.Index) (*Index, error) {
	store, err := b.Advanced()
	if err != nil {
		return nil, err
	}
	return &Index{bleve: b, store: store, noMap: b.Mapping()}, nil
}

// finished reports whether a rebuild in the present layout was completed.
func (ix *Index) finished() bool {
	value, err := ix.bleve.GetInternal(finishedKey)
	return err == nil && string(value) == layout
}

// BuiltFrom is the mark that SetBuiltFrom left, "" where nothing did.
func (ix *Index) BuiltFrom(ctx context.Context) (string, error) {
	leave, err := ix.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	mark, err := ix.bleve.GetInternal(sourceKey)
	if err != nil {
		return "", fmt.Errorf("read what the search index was built from: %w", err)
	}
	return string(mark), nil
}

// SetBuiltFrom marks the index with what it was built from. The mark lives and goes with the index's files.
func (ix *Index) SetBuiltFrom(ctx context.Context, mark string) error {
	leave, err := ix.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := ix.bleve.SetInternal(sourceKey, []byte(mark)); err != nil {
		return fmt.Errorf("mark the search index: %w", err)
	}
	return nil
}

// enter holds the index open until leave is called.
func (ix *Index) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ix.open.RLock()
	if ix.closed {
		ix.open.RUnlock()
		return nil, errClosed
	}
	return ix.open.RUnlock, nil
}

// Put adds or replaces documents, all of them or none.
func (ix *Index) Put(ctx context.Context, documents ...search.Document) error {
	ix.writes.Lock()
	defer ix.writes.Unlock()
	leave, err := ix.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return ix.put(documents)
}

func (ix *Index) put(documents []search.Document) error {
	if len(documents) == 0 {
		return nil
	}
	batch := ix.bleve.NewBatch()
	for _, d := range documents {
		if d.ID == uuid.Nil {
			return errors.New("search index: a document needs an id")
		}
		if err := batch.IndexAdvanced(entry(d)); err != nil {
			return fmt.Errorf("put product %s into the search index: %w", d.ID, err)
		}
	}
	if err := ix.bleve.Batch(batch); err != nil {
		return fmt.Errorf("put %d products into the search index: %w", len(documents), err)
	}
	return nil
}

// Remove takes documents out, all of them or none.
func (ix *Index) Remove(ctx context.Context, ids ...uuid.UUID) error {
	ix.writes.Lock()
	defer ix.writes.Unlock()
	leave, err := ix.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	batch := ix.bleve.NewBatch()
	for _, id := range ids {
		batch.Delete(id.String())
	}
	return ix.delete(batch)
}

func (ix *Index) delete(batch *blevesearch.Batch) error {
	if batch.Size() == 0 {
		return nil
	}
	if err := ix.bleve.Batch(batch); err != nil {
		return fmt.Errorf("remove %d products from the search index: %w", batch.Size(), err)
	}
	return nil
}

// Rebuild makes the index hold exactly the documents given. One that was interrupted leaves the index unfinished:
// it answers, and the next Open begins anew.
func (ix *Index) Rebuild(ctx context.Context, documents iter.Seq2[search.Document, error]) error {
	ix.writes.Lock()
	defer ix.writes.Unlock()
	leave, err := ix.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	if err := ix.bleve.DeleteInternal(finishedKey); err != nil {
		return fmt.Errorf("begin to rebuild the search index: %w", err)
	}
	kept := map[string]bool{}
	pending := make([]search.Document, 0, rebuildBatch)
	for d, err := range documents {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("rebuild the search index: %w", err)
		}
		kept[d.ID.String()] = true
		if pending = append(pending, d); len(pending) == rebuildBatch {
			if err := ix.put(pending); err != nil {
				return err
			}
			pending = pending[:0]
		}
	}
	if err := ix.put(pending); err != nil {
		return err
	}
	if err := ix.removeOthers(kept); err != nil {
		return err
	}
	if err := ix.bleve.SetInternal(finishedKey, []byte(layout)); err != nil {
		return fmt.Errorf("finish rebuilding the search index: %w", err)
	}
	return nil
}

// removeOthers takes out every document that is not kept.
func (ix *Index) removeOthers(kept map[string]bool) (err error) {
	reader, err := ix.store.Reader()
	if err != nil {
		return fmt.Errorf("read the search index: %w", err)
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	all, err := reader.DocIDReaderAll()
	if err != nil {
		return fmt.Errorf("list the search index: %w", err)
	}
	defer func() { err = errors.Join(err, all.Close()) }()

	batch := ix.bleve.NewBatch()
	for {
		internal, err := all.Next()
		if err != nil {
			return fmt.Errorf("list the search index: %w", err)
		}
		if internal == nil {
			return ix.delete(batch)
		}
		id, err := reader.ExternalID(internal)
		if err != nil {
			return fmt.Errorf("list the search index: %w", err)
		}
		if !kept[id] {
			batch.Delete(id)
		}
	}
}

// Count is the number of documents.
func (ix *Index) Count(ctx context.Context) (int, error) {
	leave, err := ix.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	n, err := ix.bleve.DocCount()
	if err != nil {
		return 0, fmt.Errorf("count the search index: %w", err)
	}
	return int(n), nil
}

// Close waits for the calls under way and closes the files.
func (ix *Index) Close() error {
	ix.open.Lock()
	defer ix.open.Unlock()
	if ix.closed {
		return nil
	}
	ix.closed = true
	if err := ix.bleve.Close(); err != nil {
		return fmt.Errorf("close the search index: %w", err)
	}
	return nil
}

// The fields of text, the most telling first, and what a match in each is worth.
var textFields = []struct {
	name  string
	boost float64
	texts func(search.Document) []string
}{
	{"name", 8, func(d search.Document) []string { return []string{d.Name, d.NameEn} }},
	{"items", 4, func(d search.Document) []string { return append(append([]string{}, d.Items...), d.ItemsEn...) }},
	{"origin", 3, func(d search.Document) []string {
		texts := append([]string{d.Operator.Name, d.Operator.NameEn}, d.Resources...)
		for _, unit := range d.SourceUnits {
			texts = append(texts, unit.Name, unit.NameEn)
		}
		return texts
	}},
	{"domain", 2, func(d search.Document) []string { return d.DomainNames }},
	{"description", 1, func(d search.Document) []string { return []string{d.Description, d.DescriptionEn} }},
}

// factsField holds everything about a document that is no text, each fact one term: a byte that says what it is,
// then the value. One field instead of nine makes one look-up per document when hits are sorted and counted.
const factsField = "facts"

// The kinds of facts: the facets by their place in search.FacetNames, and the two numbers.
const (
	factFacet  = '0'
	factPrice  = 'p'
	factListed = 't'
)

// entry turns a document into what the index stores: terms only, no text and no term positions.
func entry(d search.Document) *document.Document {
	doc := document.NewDocument(d.ID.String())
	for _, field := range textFields {
		for _, text := range field.texts(d) {
			if text = fold(text); text != "" {
				doc.AddField(document.NewTextFieldCustom(field.name, nil, []byte(text), index.IndexField, documentAnalyzer))
			}
		}
	}
	fact := func(kind byte, value string) {
		term := append([]byte{kind}, strings.ToValidUTF8(value, "\uFFFD")...)
		doc.AddField(document.NewTextFieldCustom(factsField, nil, term, index.IndexField|index.DocValues|index.SkipFreqNorm, nil))
	}
	for i, name := range search.FacetNames {
		for _, value := range d.FacetValues(name) {
			fact(factFacet+byte(i), value)
		}
	}
	fact(factPrice, strconv.FormatInt(d.PriceFen, 10))
	fact(factListed, strconv.FormatInt(d.ListedAt.UnixMicro(), 10))
	return doc
}
