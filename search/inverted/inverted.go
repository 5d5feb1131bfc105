// Package inverted is the embedded adapter of the search port: an inverted index in memory, kept in one file of this machine.
//
// It owns how text becomes terms, what a person's text may mean (Chinese, English, pinyin, initials, mistyped words, words
// that mean the same), how hits are ranked, and the index's file. Terms are characters and pairs of them, English stems
// and pairs of them; each has the documents that have it, by field, as roaring bitmaps. Pinyin and initials have no terms:
// they are turned into the characters that they can stand for in the documents.
//
// Hits are ranked by tiers, the newest first in each: all of the text in the name as it stands; all of it in the name;
// in name and items; in these and the columns; and so on by search.Fields. A text that no document has all of is answered by
// those that have most of it: a short one by more than half of it.
//
// It promises that an answer comes from one state: a search sees a change whole or not at all. A file that was cut off,
// or may lack what was put last, is not used: the index is then fresh, and the caller rebuilds it.
package inverted

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"

	"github.com/google/uuid"

	"gongshu/search"
)

// errClosed is returned by whatever is called after Close.
var errClosed = errors.New("search index: closed")

// Index is a search.Index. Open and Memory make one.
type Index struct {
	writes sync.Mutex // one writer at a time, a rebuild for all its length

	guard    sync.RWMutex // of all below: held for reading by a search, for writing while something changes
	state    *state
	synonyms *synonyms
	mark     string
	closed   bool
	// asked is what was searched for since something changed.
	asked remembered
	file  *file // nil in memory
}

var (
	_ search.Index       = (*Index)(nil)
	_ search.Synonymous  = (*Index)(nil)
	_ search.Suggester   = (*Index)(nil)
	_ search.Highlighter = (*Index)(nil)
)

// Memory returns an empty index that lives as long as the process.
func Memory() *Index { return &Index{state: newState(), synonyms: newSynonyms(nil)} }

// Open opens the index that is kept in dir, which only one process can do at a time.
// fresh says that it is new and empty: the caller must Rebuild it, and until then it is not kept.
func Open(dir string) (opened *Index, fresh bool, err error) {
	f, err := openFile(dir)
	if err != nil {
		return nil, false, err
	}
	ix := Memory()
	ix.file = f
	if s, mark, ok := f.load(); ok {
		ix.state, ix.mark = s, mark
		return ix, false, nil
	}
	return ix, true, f.forget()
}

// read holds the index for reading until leave is called.
func (ix *Index) read(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ix.guard.RLock()
	if ix.closed {
		ix.guard.RUnlock()
		return nil, errClosed
	}
	return ix.guard.RUnlock, nil
}

// change calls do with the index to itself, and writes down what was done while searches go on.
func (ix *Index) change(ctx context.Context, what record, do func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ix.writes.Lock()
	defer ix.writes.Unlock()
	if err := ix.alone(func() {
		do()
		if what.Mark == nil {
			ix.asked.forget()
		}
	}); err != nil {
		return err
	}
	if ix.file != nil {
		return ix.file.append(what, ix.state, ix.mark)
	}
	return nil
}

func (ix *Index) alone(do func()) error {
	ix.guard.Lock()
	defer ix.guard.Unlock()
	if ix.closed {
		return errClosed
	}
	do()
	return nil
}

// Put adds or replaces documents, all of them or none.
func (ix *Index) Put(ctx context.Context, documents ...search.Document) error {
	for _, d := range documents {
		if d.ID == uuid.Nil {
			return errors.New("search index: a document needs an id")
		}
	}
	return ix.change(ctx, record{Put: documents}, func() { ix.state.put(documents) })
}

// Remove takes documents out, all of them or none.
func (ix *Index) Remove(ctx context.Context, ids ...uuid.UUID) error {
	return ix.change(ctx, record{Remove: ids}, func() { ix.state.drop(ids) })
}

func (s *state) drop(ids []uuid.UUID) {
	for _, id := range ids {
		s.take(id, true)
		s.sweep(sweepStep)
	}
}

// buildingGC is how much garbage there may be while an index is built, in per cent of what is held.
const buildingGC = 25

// builds counts the indexes that are being built in this process; before is the setting that all of them end with.
var builds struct {
	guard  sync.Mutex
	count  int
	before int
}

// collectSooner has garbage collected sooner until the function that it returns was called by all who asked for it.
func collectSooner() (end func()) {
	builds.guard.Lock()
	defer builds.guard.Unlock()
	if builds.count++; builds.count == 1 {
		builds.before = debug.SetGCPercent(buildingGC)
	}
	return func() {
		builds.guard.Lock()
		defer builds.guard.Unlock()
		if builds.count--; builds.count == 0 {
			debug.SetGCPercent(builds.before)
		}
	}
}

// Rebuild makes a new index beside this one and puts it in its place. One that fails leaves the index as it was, but
// not its file: what could not be read is no ground to trust what was kept.
func (ix *Index) Rebuild(ctx context.Context, documents iter.Seq2[search.Document, error]) error {
	ix.writes.Lock()
	defer ix.writes.Unlock()
	leave, err := ix.read(ctx)
	if err != nil {
		return err
	}
	leave()
	if ix.file != nil {
		if err := ix.file.forget(); err != nil {
			return err
		}
	}
	// What is built is held beside what answers: garbage is collected sooner meanwhile, so that there is not as much of it too.
	defer collectSooner()()
	s := newState()
	s.build()
	for d, err := range documents {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil && d.ID == uuid.Nil {
			err = errors.New("a document needs an id")
		}
		if err != nil {
			s.building.end()
			return fmt.Errorf("rebuild the search index: %w", err)
		}
		s.take(d.ID, false)
		s.add(d)
		s.building.pass(s, false)
	}
	s.built()
	if ix.file != nil {
		err = ix.file.save(s, ix.mark) // before others see it, as they need not wait for it
	}
	ix.guard.Lock()
	defer ix.guard.Unlock()
	if ix.closed {
		return errClosed
	}
	ix.state = s
	ix.asked.forget()
	return err
}

// Count is the number of documents.
func (ix *Index) Count(ctx context.Context) (int, error) {
	leave, err := ix.read(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	return len(ix.state.numbered), nil
}

// SetSynonyms replaces the words that mean the same. They are not kept in the file.
func (ix *Index) SetSynonyms(ctx context.Context, groups [][]string) error {
	made := newSynonyms(groups)
	if err := ctx.Err(); err != nil {
		return err
	}
	ix.guard.Lock()
	defer ix.guard.Unlock()
	if ix.closed {
		return errClosed
	}
	ix.synonyms = made
	ix.asked.forget()
	return nil
}

// BuiltFrom is the mark that SetBuiltFrom left, "" where nothing did.
func (ix *Index) BuiltFrom(ctx context.Context) (string, error) {
	leave, err := ix.read(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return ix.mark, nil
}

// SetBuiltFrom marks the index with what it was built from. The mark lives and goes with the index's file.
func (ix *Index) SetBuiltFrom(ctx context.Context, mark string) error {
	return ix.change(ctx, record{Mark: &mark}, func() { ix.mark = mark })
}

// Close waits for the calls under way and keeps what changed.
func (ix *Index) Close() error {
	ix.writes.Lock()
	defer ix.writes.Unlock()
	ix.guard.Lock()
	defer ix.guard.Unlock()
	if ix.closed {
		return nil
	}
	ix.closed = true
	if ix.file == nil {
		return nil
	}
	return ix.file.close(ix.state, ix.mark)
}
