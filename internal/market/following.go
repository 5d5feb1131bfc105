package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/searchchange"
	"gongshu/internal/store"
	"gongshu/search"
)

// SearchIndex is an index that says how far it followed the database, in words of the market's own.
type SearchIndex interface {
	search.Index
	// BuiltFrom is the mark that SetBuiltFrom left, "" where there is none. It lives and goes with what the index holds.
	BuiltFrom(ctx context.Context) (string, error)
	SetBuiltFrom(ctx context.Context, mark string) error
}

// Searching is the search of a market: one index of its listed products and one of its published resources. Both are a
// cache of the database, and follow its changes.
type Searching struct {
	Products, Resources SearchIndex
	// Told is called while an index is built; nil tells nobody.
	Told func(Building)

	guard    sync.Mutex // one at a time follows or builds
	database string
	at       *store.SearchPosition
	// lacks are, by the name of the index, what should be in it and was refused.
	lacks map[string][]uuid.UUID
	seen  time.Time // when the indexes last said that they follow
	moved time.Time // when something was last followed, zero once the indexes rested
	swept time.Time // when changes that are old were last removed
	// ready says that there is something to search.
	ready atomic.Bool
}

// Building is how far an index that is built is.
type Building struct {
	// Asked is the change that asked for it, 0 where nothing did.
	Asked int64
	// What is "products" or "resources".
	What        string
	Done, Total int
	// Ended says that both indexes are built.
	Ended bool
}

func (s *Searching) tell(b Building) {
	if s.Told != nil {
		s.Told(b)
	}
}

// builtFrom is what an index says of itself.
type builtFrom struct {
	Database string               `json:"database"`
	Rules    int                  `json:"rules"`
	At       store.SearchPosition `json:"at"`
	Seen     time.Time            `json:"seen"`
	// Lacks are what should be there and was refused.
	Lacks []uuid.UUID `json:"lacks,omitempty"`
}

// searchRules changes with what documents hold: an index of other rules is built anew.
const searchRules = 1

// changesAtOnce is how many changes are followed before the indexes say that they are.
const changesAtOnce = 500

// SearchPrepare makes the search follow from where it stopped, and builds an index anew where that cannot be done: it is
// empty, of another database or of other rules, followed too long ago, has changes before it that another server of
// databases made, or does not hold as many as it should. anew builds both whatever they say. Until then the database
// answers for the search. It is the program's, not a person's.
func (m *Market) SearchPrepare(ctx context.Context, anew bool) (err error) {
	ctx = store.AsSystem(ctx)
	s := m.Search
	s.guard.Lock()
	defer s.guard.Unlock()
	copied, err := m.Store.SearchChangesCopied(ctx)
	if err != nil {
		return err
	}
	anew = anew || copied
	if err := m.readSynonyms(ctx); err != nil {
		return err
	}
	if s.database, err = m.Store.Identity(ctx); err != nil {
		return err
	}
	now, err := m.Store.SearchNow(ctx)
	if err != nil {
		return err
	}
	at := now
	for _, part := range s.parts(m) {
		from, ok, err := m.followable(ctx, part, now)
		if err != nil {
			return err
		}
		if anew || !ok {
			if err := m.build(ctx, part, now, 0); err != nil {
				return err
			}
		} else if from.Before(at) {
			at = from
		}
	}
	s.at, s.seen, s.moved = &at, m.Store.Now(), m.Store.Now() // an index that was opened holds what changed before
	if _, err := m.follow(ctx); err != nil {
		return err
	}
	for _, part := range s.parts(m) { // what was written past the changes, a bulk load say
		holds, err := m.holds(ctx, part)
		if err == nil && !holds {
			err = m.build(ctx, part, *s.at, 0)
		}
		if err != nil {
			return err
		}
	}
	if err := m.sweepChanges(ctx); err != nil { // last: what is copied asks for a build that went through
		return err
	}
	s.ready.Store(true)
	return nil
}

// restAfter is how long nothing has changed before the indexes rest.
const restAfter = 10 * time.Second

// rest lets the indexes rest, once after something changed.
func (m *Market) rest(ctx context.Context) (err error) {
	s := m.Search
	if s.moved.IsZero() || m.Store.Now().Sub(s.moved) < restAfter {
		return nil
	}
	s.moved = time.Time{}
	for _, part := range s.parts(m) {
		if rester, ok := part.index.(search.Rester); ok {
			err = errors.Join(err, rester.Rest(ctx))
		}
	}
	return err
}

// SearchRebuild builds both indexes anew while they go on answering. It is a command's, not a person's.
func (m *Market) SearchRebuild(ctx context.Context) error { return m.SearchPrepare(ctx, true) }

// SearchAsk asks the server on the database to build its indexes anew, and returns the number that Building.Asked has when it
// does. It is a command's, not a person's.
func (m *Market) SearchAsk(ctx context.Context) (asked int64, err error) {
	err = m.Store.InTx(store.AsSystem(ctx), func(ctx context.Context, tx *store.Tx) error {
		if asked, err = tx.AskToRebuild(ctx); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "gongshu reindex", Kind: "Search"})
	})
	return asked, err
}

// SearchFollow makes the search agree with the database about all that changed since it last did, and returns how much
// that was. Done twice it is done once. It does nothing before SearchPrepare. It is the worker's, not a person's.
func (m *Market) SearchFollow(ctx context.Context) (followed int, err error) {
	m.Search.guard.Lock()
	defer m.Search.guard.Unlock()
	if m.Search.at == nil {
		return 0, nil
	}
	return m.follow(store.AsSystem(ctx))
}

func (m *Market) follow(ctx context.Context) (followed int, err error) {
	s := m.Search
	for {
		changes, err := m.Store.SearchChanges(ctx, *s.at, changesAtOnce)
		if err != nil {
			return followed, err
		}
		if len(changes) == 0 {
			err := m.rest(ctx)
			// An index that is at rest says from time to time that it is, or it would be taken for one that stopped.
			if m.Store.Now().Sub(s.seen) > store.SearchChangesKept/10 {
				err = errors.Join(err, m.mark(ctx, *s.at))
			}
			return followed, errors.Join(err, m.sweepChanges(ctx))
		}
		changed, asked := map[searchchange.Kind][]uuid.UUID{}, int64(0)
		for _, c := range changes {
			if c.Kind == searchchange.KindREBUILD {
				asked = max(asked, c.At.ID) // changes come by transaction, not by id
			}
			if !slices.Contains(changed[c.Kind], c.Subject) {
				changed[c.Kind] = append(changed[c.Kind], c.Subject)
			}
		}
		if len(changed[searchchange.KindSYNONYMS]) > 0 {
			if err := m.readSynonyms(ctx); err != nil {
				return followed, err
			}
		}
		if asked > 0 {
			if err := m.rebuild(ctx, asked); err != nil {
				return followed, err
			}
		}
		for _, part := range s.parts(m) {
			for ids := range slices.Chunk(changed[part.kind], indexBatch) {
				if err := m.agree(ctx, part, ids); err != nil {
					return followed, err
				}
			}
		}
		at := changes[len(changes)-1].At
		if err := m.mark(ctx, at); err != nil { // last: what is not marked is followed again
			return followed, err
		}
		s.at, s.moved = &at, m.Store.Now()
		followed += len(changes)
	}
}

// sweepChanges removes old changes, from time to time.
func (m *Market) sweepChanges(ctx context.Context) error {
	if m.Store.Now().Sub(m.Search.swept) < store.SearchChangesKept/10 {
		return nil
	}
	if _, err := m.Store.SearchChangesSweep(ctx); err != nil {
		return err
	}
	m.Search.swept = m.Store.Now()
	return nil
}

// part is one of the indexes, with what it holds.
type part struct {
	name  string
	index SearchIndex
	kind  searchchange.Kind
	// documents are those of the ids that the index should hold; all are all of them; count is how many.
	documents func(ctx context.Context, ids []uuid.UUID) ([]search.Document, error)
	all       func(ctx context.Context) iter.Seq2[search.Document, error]
	count     func(ctx context.Context) (int, error)
}

func (s *Searching) parts(m *Market) []part {
	return []part{
		{"products", s.Products, searchchange.KindPRODUCT, m.productDocuments, m.allProducts, m.listedCount},
		{"resources", s.Resources, searchchange.KindRESOURCE, m.resourceDocuments, m.allResources, m.publishedCount},
	}
}

// agree makes an index agree with the database about some ids: what it should hold is put, what it should not is removed.
// A document that the index refuses keeps no other from it.
func (m *Market) agree(ctx context.Context, p part, ids []uuid.UUID) error {
	documents, err := p.documents(ctx, ids)
	if err != nil {
		return err
	}
	gone := slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool {
		return slices.ContainsFunc(documents, func(d search.Document) bool { return d.ID == id })
	})
	if len(gone) > 0 {
		if err := p.index.Remove(ctx, gone...); err != nil {
			return fmt.Errorf("take %s out of the search: %w", p.name, err)
		}
	}
	if len(documents) > 0 {
		err = p.index.Put(ctx, documents...)
	}
	others := slices.DeleteFunc(slices.Clone(m.Search.lacks[p.name]), func(id uuid.UUID) bool { return slices.Contains(ids, id) })
	refused, err := m.Search.lack(ctx, p.name, others, err)
	if err == nil && len(refused) > 0 {
		err = p.index.Remove(ctx, refused...) // what it was before
	}
	if err != nil {
		return fmt.Errorf("put %s into the search: %w", p.name, err)
	}
	return nil
}

// lack notes what an index lacks: others, and what err says was refused, which is told where it was not before. It returns
// err where that is something else, or where so much is refused that it cannot be the documents.
func (s *Searching) lack(ctx context.Context, name string, others []uuid.UUID, err error) (ids []uuid.UUID, _ error) {
	var refused search.Refused
	if err != nil && !errors.As(err, &refused) || len(others)+len(refused) > search.MaxRefused {
		return nil, err
	}
	for _, one := range refused {
		ids = append(ids, one.ID)
		if !slices.Contains(s.lacks[name], one.ID) {
			slog.ErrorContext(ctx, "the search refuses a document and goes on without it", "index", name, "id", one.ID, "error", one.Reason)
		}
	}
	if s.lacks == nil {
		s.lacks = map[string][]uuid.UUID{}
	}
	s.lacks[name] = slices.Concat(others, ids)
	return ids, nil
}

// followable reports from where an index can follow the changes; not ok where it has to be built.
func (m *Market) followable(ctx context.Context, p part, now store.SearchPosition) (from store.SearchPosition, ok bool, err error) {
	text, err := p.index.BuiltFrom(ctx)
	if err != nil {
		return from, false, err
	}
	var b builtFrom
	if json.Unmarshal([]byte(text), &b) != nil || b.Database != m.Search.database || b.Rules != searchRules {
		return from, false, nil
	}
	// Ahead of the database is what followed another one with the same mark: one that was set back, or moved to another server.
	if now.Before(b.At) || m.Store.Now().Sub(b.Seen) > store.SearchChangesKept/2 {
		return from, false, nil
	}
	_, err = m.Search.lack(ctx, p.name, b.Lacks, nil)
	return b.At, true, err
}

// holds reports whether an index holds as many as it should, as far as that can be told: not while changes wait to be
// followed until a transaction before them has ended.
func (m *Market) holds(ctx context.Context, p part) (bool, error) {
	want, err := p.count(ctx)
	if err != nil {
		return false, err
	}
	held, err := p.index.Count(ctx)
	if err != nil || held+len(m.Search.lacks[p.name]) == want {
		return true, err
	}
	return m.Store.SearchChangesWait(ctx, *m.Search.at)
}

// rebuild builds both indexes anew, as a change asks for.
func (m *Market) rebuild(ctx context.Context, asked int64) error {
	now, err := m.Store.SearchNow(ctx)
	if err != nil {
		return err
	}
	for _, part := range m.Search.parts(m) {
		if err := m.build(ctx, part, now, asked); err != nil {
			return err
		}
	}
	m.Search.tell(Building{Asked: asked, Ended: true})
	return nil
}

// build builds an index anew, of which the changes up to a position are seen.
func (m *Market) build(ctx context.Context, p part, at store.SearchPosition, asked int64) error {
	total, err := p.count(ctx)
	if err != nil {
		return err
	}
	err = p.index.Rebuild(ctx, tallied(p.all(ctx), func(done int) {
		m.Search.tell(Building{Asked: asked, What: p.name, Done: done, Total: max(done, total)})
	}))
	if _, err := m.Search.lack(ctx, p.name, nil, err); err != nil {
		return fmt.Errorf("build the search of %s: %w", p.name, err)
	}
	return m.markOne(ctx, p, at)
}

// tallied tells how many documents went by, at the first, with every batch and at the end.
func tallied(documents iter.Seq2[search.Document, error], tell func(done int)) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		done := 0
		tell(done)
		for d, err := range documents {
			if !yield(d, err) {
				return
			}
			if done++; done%(10*indexBatch) == 0 {
				tell(done)
			}
		}
		tell(done)
	}
}

// mark has both indexes say that they followed up to a position.
func (m *Market) mark(ctx context.Context, at store.SearchPosition) error {
	var errs []error
	for _, p := range m.Search.parts(m) {
		errs = append(errs, m.markOne(ctx, p, at))
	}
	m.Search.seen = m.Store.Now()
	return errors.Join(errs...)
}

func (m *Market) markOne(ctx context.Context, p part, at store.SearchPosition) error {
	text, err := json.Marshal(builtFrom{m.Search.database, searchRules, at, m.Store.Now(), m.Search.lacks[p.name]})
	if err != nil {
		return err
	}
	if err := p.index.SetBuiltFrom(ctx, string(text)); err != nil {
		return fmt.Errorf("mark the search of %s: %w", p.name, err)
	}
	return nil
}

// usesAtOnce is how many products are counted in one statement.
const usesAtOnce = 500

// UsesCount counts again how many rights there were to each listed product, which the catalogue is sorted by, and returns
// of how many that changed. It is the worker's, not a person's.
func (m *Market) UsesCount(ctx context.Context) (changed int, err error) {
	ctx = store.AsSystem(ctx)
	for last := uuid.Nil; ; {
		counted, err := m.Store.CountUses(ctx, last, usesAtOnce)
		if err != nil || len(counted) == 0 {
			return changed, err
		}
		last = counted[len(counted)-1].ProductID
		var others []uuid.UUID
		for _, u := range counted {
			if u.Is != u.Was {
				others = append(others, u.ProductID)
			}
		}
		if len(others) == 0 {
			continue
		}
		err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.SaveUses(ctx, others) })
		if err != nil {
			return changed, err
		}
		changed += len(others)
	}
}
