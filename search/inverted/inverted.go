// Package inverted is the embedded adapter of the search port: an inverted index in one file of this machine, mapped into
// memory, with what changed since.
//
// It owns how text becomes terms, what a person's text may mean (Chinese, English, pinyin, initials, mistyped words, words
// that mean the same), how hits are ranked, and the index's file. Terms are characters and pairs of them, English stems
// and pairs of them; each has the documents that have it, by field, as roaring bitmaps unless it is a single one. Pinyin and initials have no terms:
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
	"cmp"
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
	// asked is what was searched for since something changed, or was saved anew.
	asked remembered
	file  *file // nil in memory
}

var (
	_ search.Index       = (*Index)(nil)
	_ search.Synonymous  = (*Index)(nil)
	_ search.Suggester   = (*Index)(nil)
	_ search.Rester      = (*Index)(nil)
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

// write makes the caller the only writer of the index until leave is called; searches go on.
func (ix *Index) write(ctx context.Context) (leave func(), err error) {
	ix.writes.Lock()
	read, err := ix.read(ctx)
	if err != nil {
		ix.writes.Unlock()
		return nil, err
	}
	read()
	return ix.writes.Unlock, nil
}

// change calls do with the index to itself, and writes down what it says was done while searches go on.
func (ix *Index) change(ctx context.Context, do func() record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ix.writes.Lock()
	defer ix.writes.Unlock()
	var what record
	if err := ix.alone(func() {
		what = do()
		if what.Mark == nil {
			ix.asked.forget()
		}
	}); err != nil {
		return err
	}
	if ix.file == nil {
		return nil
	}
	anew, err := ix.file.append(what, ix.state, ix.mark)
	if anew {
		return ix.reread()
	}
	return err
}

// Rest is search.Rester: what changed is saved with the rest, and is no longer held in memory.
func (ix *Index) Rest(ctx context.Context) error {
	leave, err := ix.write(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if ix.file != nil && ix.file.rest(ix.state, ix.mark) {
		return ix.reread()
	}
	return nil
}

// reread goes on with what was saved of the index. The caller is its only writer.
func (ix *Index) reread() error {
	s := ix.file.reread(ix.state)
	return ix.alone(func() { ix.install(s) })
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

// Put adds or replaces documents, all of them or none but for those that are refused: one that cannot be read is, and what
// was there of it stays.
func (ix *Index) Put(ctx context.Context, documents ...search.Document) error {
	for _, d := range documents {
		if d.ID == uuid.Nil {
			return errors.New("search index: a document needs an id")
		}
	}
	var refused search.Refused
	err := ix.change(ctx, func() record {
		var taken []search.Document
		taken, refused = ix.state.put(documents)
		return record{Put: taken}
	})
	return cmp.Or(err, refusal(refused))
}

// refusal is nil where nothing is refused, and no Refused where so much is that it cannot be the documents.
func refusal(refused search.Refused) error {
	switch n := len(refused); {
	case n == 0:
		return nil
	case n > search.MaxRefused:
		return fmt.Errorf("search index: more than %d documents are refused: %w", search.MaxRefused, refused[0].Reason)
	}
	return refused
}

// Remove takes documents out, all of them or none.
func (ix *Index) Remove(ctx context.Context, ids ...uuid.UUID) error {
	return ix.change(ctx, func() record {
		ix.state.drop(ids)
		return record{Remove: ids}
	})
}

func (s *state) drop(ids []uuid.UUID) {
	for _, id := range ids {
		s.take(id, true)
		s.sweep(sweepStep)
	}
}

// buildingGC is how much garbage there may be while an index is built, in per cent of what is held.
const buildingGC = 15

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
	leave, err := ix.write(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if ix.file != nil {
		if err := ix.file.forget(); err != nil {
			return err
		}
	}
	// What is built is held beside what answers: garbage is collected sooner meanwhile, so that there is not as much of it too.
	defer collectSooner()()
	s := newState()
	s.building = build()
	var refused search.Refused
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
		if _, err := s.add(d, false); err != nil {
			refused = append(refused, search.RefusedDocument{ID: d.ID, Reason: err})
		}
		s.building.pass(len(s.hashes), false)
	}
	s.built()
	if len(refused) > search.MaxRefused {
		return refusal(refused)
	}
	if ix.file != nil {
		if err = ix.file.save(s, ix.mark); err == nil { // before others see it, as they need not wait for it
			s = ix.file.reread(s)
		}
	}
	ix.guard.Lock()
	defer ix.guard.Unlock()
	if ix.closed {
		s.release()
		return errClosed
	}
	ix.install(s)
	return cmp.Or(err, refusal(refused))
}

// install puts a state in the place of that before, which nobody reads any more. The caller has the index alone.
func (ix *Index) install(s *state) {
	before := ix.state
	ix.state = s
	ix.asked.forget()
	if before != s { // which it is where its file could not be read again
		before.release()
	}
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
	return ix.change(ctx, func() record {
		ix.mark = mark
		return record{Mark: &mark}
	})
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
	defer ix.state.release()
	if ix.file == nil {
		return nil
	}
	return ix.file.close(ix.state, ix.mark)
}
