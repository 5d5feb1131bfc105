// Package meili is the adapter of the search port on a Meilisearch server, 1.18 or newer.
//
// It owns what an index of Meilisearch holds and how it is set up, how a query becomes one of its searches, and what its
// errors mean. Meilisearch finds words and their beginnings, mistyped ones and synonyms. What it does not know is put into
// the documents beside their texts: every run of characters in all its pieces, so that a word is found whatever words
// Meilisearch cuts a text into; pinyin and initials; and for each order one text that sorts as the order says.
//
// It promises that the key is in no error, and that what a query holds cannot become syntax: texts are cut into words
// before they are sent, values of filters are encoded as facetValue says. It finds no mistyped
// characters and answers no question by most of its words: docs/search.md says more.
package meili

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/meilisearch/meilisearch-go"

	"gongshu/search"
)

// Config says where the server is.
type Config struct {
	// URL is its address, as http://127.0.0.1:7700, without a user or password.
	URL string
	// Key is one that may do everything with indexes whose names begin with Index, and read the version; "" where the server asks for none.
	Key string
	// Index is the name of the index: letters, digits, - and _. Beside it there are Index_state and, during a Rebuild, Index_next.
	Index string
}

// The bounds of one call.
const (
	connectTime = 5 * time.Second
	// openTime is how long Open waits for the server.
	openTime = 5 * time.Second
	// answerTime bounds one request, searchTime one search.
	answerTime = 60 * time.Second
	searchTime = 10 * time.Second
	// taskTime bounds how long a change is waited for.
	taskTime = 10 * time.Minute
	// maxAnswer bounds an answer of the server in bytes.
	maxAnswer = 64 << 20
	// together is how many documents are sent at once, unfinished how many such batches are not yet done.
	together   = 500
	unfinished = 4
)

// errClosed is returned by whatever is called after Close.
var errClosed = errors.New("search index: closed")

// Index is a search.Index. Open makes one.
type Index struct {
	server  meilisearch.ServiceManager
	http    *http.Client
	uid     string
	writing chan struct{} // holds one: one writer at a time, a rebuild for all its length
	begun   atomic.Bool   // what is needed is on the server

	guard  sync.RWMutex // held for reading by whatever is under way
	closed bool

	built bool // a Rebuild went through; guarded by writing
}

var (
	_ search.Index       = (*Index)(nil)
	_ search.Synonymous  = (*Index)(nil)
	_ search.Suggester   = (*Index)(nil)
	_ search.Highlighter = (*Index)(nil)
)

var indexName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,200}$`)

// Open opens the index on the server and makes it where it is not there. fresh says that it is new, or that no Rebuild of
// this version of the program went through: the caller must Rebuild it, and until then it holds what it holds.
// A server that does not answer now is asked again by every call, each of which fails as for one that is away until it
// does; whether the index is fresh is then not known, and it says that it is. One that cannot serve, as it is too old or
// refuses the key, is refused. Only one process at a time may write.
func Open(ctx context.Context, c Config) (opened *Index, fresh bool, err error) {
	address, err := url.Parse(c.URL)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, false, errors.New("search server: its URL is not one of http or https")
	}
	if address.User != nil || address.RawQuery != "" || address.Fragment != "" {
		return nil, false, errors.New("search server: its URL has a user, a query or a fragment; the key is given apart")
	}
	if !indexName.MatchString(c.Index) {
		return nil, false, errors.New("search server: the name of the index is of letters, digits, - and _")
	}
	transport := &http.Transport{ // no proxy: the server is in the house
		DialContext:         (&net.Dialer{Timeout: connectTime}).DialContext,
		TLSHandshakeTimeout: connectTime,
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     30 * time.Second,
	}
	client := &http.Client{
		Transport:     bounded{transport},
		Timeout:       answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	ix := &Index{
		server:  meilisearch.New(strings.TrimRight(address.String(), "/"), meilisearch.WithAPIKey(c.Key), meilisearch.WithCustomClient(client), meilisearch.DisableRetries()),
		http:    client,
		uid:     c.Index,
		writing: make(chan struct{}, 1),
	}
	ix.writing <- struct{}{}
	waiting, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	if err := ix.begin(waiting); err != nil {
		var away *unavailable
		if ctx.Err() == nil && (waiting.Err() != nil || errors.As(err, &away)) {
			return ix, true, nil
		}
		client.CloseIdleConnections()
		return nil, false, err
	}
	return ix, !ix.built, nil
}

// begin sees to it once that what is needed is on the server.
func (ix *Index) begin(ctx context.Context) error {
	if ix.begun.Load() {
		return nil
	}
	select {
	case <-ix.writing:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { ix.writing <- struct{}{} }()
	if ix.begun.Load() {
		return nil
	}
	if err := ix.prepare(ctx); err != nil {
		return fmt.Errorf("open the search index: %w", err)
	}
	ix.begun.Store(true)
	return nil
}

// prepare makes what is missing on the server.
func (ix *Index) prepare(ctx context.Context) error {
	version, err := ix.server.VersionWithContext(ctx)
	if err != nil {
		return meaning(ctx, err)
	}
	if !isVersion(version.PkgVersion) { // a page of something in between, say
		return &unavailable{"what answers is no Meilisearch"}
	}
	if !recent(version.PkgVersion) {
		return fmt.Errorf("search server: it is Meilisearch %.20q, and 1.18 is the first that will do", version.PkgVersion)
	}
	_, err = ix.server.GetIndexWithContext(ctx, ix.uid)
	missing := codeOf(err) == "index_not_found"
	if err != nil && !missing {
		return meaning(ctx, err)
	}
	kept, err := ix.state(ctx)
	if err != nil {
		return err
	}
	if !missing && kept.Built && kept.Schema == schema {
		ix.built = true
		return nil
	}
	if err := ix.make(ctx, ix.uid, nil); err != nil {
		return err
	}
	return ix.keep(ctx, "")
}

// isVersion reports whether a text begins as a version does.
func isVersion(text string) bool {
	major, _, _ := strings.Cut(text, ".")
	_, err := strconv.Atoi(major)
	return err == nil
}

// recent reports whether a version is 1.18 or newer of the first generation.
func recent(version string) bool {
	parts := strings.Split(version, ".")
	if len(parts) < 2 || parts[0] != "1" {
		return false
	}
	minor, err := strconv.Atoi(parts[1])
	return err == nil && minor >= 18
}

// make sees to it that an index is there and set up.
func (ix *Index) make(ctx context.Context, uid string, synonyms map[string][]string) error {
	info, err := ix.server.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: "id"})
	if err := ix.done(ctx, info, err, "index_already_exists"); err != nil {
		return err
	}
	wanted := settings()
	wanted.Synonyms = synonyms
	info, err = ix.server.Index(uid).UpdateSettingsWithContext(ctx, wanted)
	return ix.done(ctx, info, err)
}

// drop sees to it that an index is not there.
func (ix *Index) drop(ctx context.Context, uid string) error {
	info, err := ix.server.DeleteIndexWithContext(ctx, uid)
	if codeOf(err) == "index_not_found" {
		return nil
	}
	return ix.done(ctx, info, err, "index_not_found")
}

// kept is what is kept beside the index.
type kept struct {
	ID     string `json:"id"`
	Schema int    `json:"schema"`
	Built  bool   `json:"built"`
	Mark   string `json:"mark"`
}

const stateID = "state"

func (ix *Index) stateIndex() meilisearch.IndexManager { return ix.server.Index(ix.uid + "_state") }

func (ix *Index) state(ctx context.Context) (kept, error) {
	var k kept
	err := ix.stateIndex().GetDocumentWithContext(ctx, stateID, nil, &k)
	if code := codeOf(err); code == "index_not_found" || code == "document_not_found" {
		return kept{}, nil
	}
	return k, meaning(ctx, err)
}

func (ix *Index) keep(ctx context.Context, mark string) error {
	key := "id"
	info, err := ix.stateIndex().AddDocumentsWithContext(ctx, []kept{{stateID, schema, ix.built, mark}}, &meilisearch.DocumentOptions{PrimaryKey: &key})
	return ix.done(ctx, info, err)
}

// enter holds the index open until leave is called.
func (ix *Index) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ix.guard.RLock()
	if ix.closed {
		ix.guard.RUnlock()
		return nil, errClosed
	}
	if err := ix.begin(ctx); err != nil {
		ix.guard.RUnlock()
		return nil, err
	}
	return ix.guard.RUnlock, nil
}

// write calls do while nobody else writes.
func (ix *Index) write(ctx context.Context, do func() error) error {
	leave, err := ix.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	select {
	case <-ix.writing:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { ix.writing <- struct{}{} }()
	return do()
}

// Put adds or replaces documents.
func (ix *Index) Put(ctx context.Context, documents ...search.Document) error {
	for _, d := range documents {
		if d.ID == uuid.Nil {
			return errors.New("search index: a document needs an id")
		}
	}
	return ix.write(ctx, func() error {
		p := ix.pour(ix.uid)
		for _, d := range documents {
			if err := p.put(ctx, d); err != nil {
				return err
			}
		}
		if err := p.end(ctx); err != nil {
			return err
		}
		return p.refusal()
	})
}

// Remove takes documents out.
func (ix *Index) Remove(ctx context.Context, ids ...uuid.UUID) error {
	return ix.write(ctx, func() error {
		if len(ids) == 0 {
			return nil
		}
		names := make([]string, len(ids))
		for i, id := range ids {
			names[i] = id.String()
		}
		info, err := ix.server.Index(ix.uid).DeleteDocumentsWithContext(ctx, names, nil)
		return ix.done(ctx, info, err)
	})
}

// Rebuild makes a new index beside this one and swaps the two. One that fails leaves the index as it was, but it is fresh
// when it is opened again.
func (ix *Index) Rebuild(ctx context.Context, documents iter.Seq2[search.Document, error]) error {
	return ix.write(ctx, func() error {
		if err := ix.rebuild(ctx, documents); err != nil {
			return fmt.Errorf("rebuild the search index: %w", err)
		}
		return nil
	})
}

func (ix *Index) rebuild(ctx context.Context, documents iter.Seq2[search.Document, error]) (err error) {
	now, err := ix.state(ctx)
	if err != nil {
		return err
	}
	ix.built = false
	if err := ix.keep(ctx, now.Mark); err != nil {
		return err
	}
	next := ix.uid + "_next"
	if err := ix.drop(ctx, next); err != nil { // of a rebuild that was cut off
		return err
	}
	defer func() { // one that was told to stop does so at once, and leaves it to the next
		after, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		if failed := ix.drop(after, next); err == nil {
			err = failed
		}
	}()
	synonyms, err := ix.server.Index(ix.uid).GetSynonymsWithContext(ctx)
	if codeOf(err) == "index_not_found" { // somebody took it away
		synonyms, err = new(map[string][]string), ix.make(ctx, ix.uid, nil)
	}
	if err != nil {
		return meaning(ctx, err)
	}
	if err := ix.make(ctx, next, *synonyms); err != nil {
		return err
	}
	p := ix.pour(next)
	for d, err := range documents {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil && d.ID == uuid.Nil {
			err = errors.New("a document needs an id")
		}
		if err == nil {
			err = p.put(ctx, d)
		}
		if err != nil {
			return err
		}
	}
	if err := p.end(ctx); err != nil {
		return err
	}
	info, err := ix.server.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{ix.uid, next}}})
	if err := ix.done(ctx, info, err); err != nil {
		return err
	}
	ix.built = true
	if err := ix.keep(ctx, now.Mark); err != nil {
		return err
	}
	return p.refusal()
}

// pouring sends documents in batches, a few ahead of what the server has done. A batch that is refused is halved until it
// is known which of its documents are; the others are taken.
type pouring struct {
	ix      *Index
	uid     string
	batch   []document
	under   []sent
	refused search.Refused
}

// sent is a batch with the task that takes it.
type sent struct {
	batch []document
	task  *meilisearch.TaskInfo
}

func (ix *Index) pour(uid string) *pouring { return &pouring{ix: ix, uid: uid} }

func (p *pouring) put(ctx context.Context, d search.Document) error {
	if p.batch = append(p.batch, documentOf(d)); len(p.batch) < together {
		return nil
	}
	return p.flush(ctx)
}

// flush sends the batch.
func (p *pouring) flush(ctx context.Context) error {
	batch := p.batch
	p.batch = nil
	task, err := p.send(ctx, batch)
	if err != nil {
		return p.sift(ctx, batch, meaning(ctx, err))
	}
	if p.under = append(p.under, sent{batch, task}); len(p.under) <= unfinished {
		return nil
	}
	return p.settle(ctx)
}

func (p *pouring) send(ctx context.Context, batch []document) (*meilisearch.TaskInfo, error) {
	key := "id"
	return p.ix.server.Index(p.uid).AddDocumentsWithContext(ctx, batch, &meilisearch.DocumentOptions{PrimaryKey: &key})
}

// settle waits for the first batch that is under way.
func (p *pouring) settle(ctx context.Context) error {
	first := p.under[0]
	p.under = p.under[1:]
	return p.sift(ctx, first.batch, p.ix.done(ctx, first.task, nil))
}

// sift has the server take those documents of a refused batch that it does take.
func (p *pouring) sift(ctx context.Context, batch []document, err error) error {
	var refused *refusedError
	if !errors.As(err, &refused) {
		return err
	}
	if len(batch) == 1 {
		if len(p.refused) == search.MaxRefused {
			return fmt.Errorf("more than %d documents are refused: %w", search.MaxRefused, err)
		}
		id, _ := uuid.Parse(batch[0][attributeID].(string)) // documentOf wrote it
		p.refused = append(p.refused, search.RefusedDocument{ID: id, Reason: err})
		return nil
	}
	for _, half := range [][]document{batch[:len(batch)/2], batch[len(batch)/2:]} {
		task, err := p.send(ctx, half)
		if err := p.sift(ctx, half, p.ix.done(ctx, task, err)); err != nil {
			return err
		}
	}
	return nil
}

// end sends what is left and waits until all of it is there.
func (p *pouring) end(ctx context.Context) error {
	if len(p.batch) > 0 {
		if err := p.flush(ctx); err != nil {
			return err
		}
	}
	for len(p.under) > 0 {
		if err := p.settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// refusal are the documents that were refused, nil where none was.
func (p *pouring) refusal() error {
	if len(p.refused) == 0 {
		return nil
	}
	return p.refused
}

// done waits for the task that a request made, unless the request failed. A task that failed with one of the codes is as good as done.
func (ix *Index) done(ctx context.Context, info *meilisearch.TaskInfo, err error, fine ...string) error {
	if err != nil {
		return meaning(ctx, err)
	}
	limit := time.Now().Add(taskTime)
	for wait := time.Millisecond; ; wait = min(2*wait, 200*time.Millisecond) {
		task, err := ix.server.GetTaskWithContext(ctx, info.TaskUID)
		if err != nil {
			return meaning(ctx, err)
		}
		switch task.Status {
		case meilisearch.TaskStatusSucceeded:
			return nil
		case meilisearch.TaskStatusFailed, meilisearch.TaskStatusCanceled:
			for _, code := range fine {
				if task.Error.Code == code {
					return nil
				}
			}
			said := fmt.Sprintf("its task %s has %s: %.40q, %.200q", task.Type, task.Status, task.Error.Code, task.Error.Message)
			if task.Error.Type == "invalid_request" { // and no failure of the server's own
				return &refusedError{said}
			}
			return errors.New("search server: " + said)
		case meilisearch.TaskStatusEnqueued, meilisearch.TaskStatusProcessing:
		default:
			return &unavailable{fmt.Sprintf("a task of it is %.20q", task.Status)}
		}
		if time.Now().After(limit) {
			return &unavailable{"a change was not carried out in time"}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
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
	stats, err := ix.server.Index(ix.uid).GetStatsWithContext(ctx, nil)
	if err != nil {
		return 0, meaning(ctx, err)
	}
	return int(stats.NumberOfDocuments), nil
}

// SetSynonyms replaces the words that mean the same. They are kept on the server.
func (ix *Index) SetSynonyms(ctx context.Context, groups [][]string) error {
	return ix.write(ctx, func() error {
		index := ix.server.Index(ix.uid)
		synonyms := synonymsOf(groups)
		if len(synonyms) == 0 {
			info, err := index.ResetSynonymsWithContext(ctx)
			return ix.done(ctx, info, err)
		}
		info, err := index.UpdateSynonymsWithContext(ctx, &synonyms)
		return ix.done(ctx, info, err)
	})
}

// BuiltFrom is the mark that SetBuiltFrom left, "" where nothing did.
func (ix *Index) BuiltFrom(ctx context.Context) (string, error) {
	leave, err := ix.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	k, err := ix.state(ctx)
	return k.Mark, err
}

// SetBuiltFrom marks the index with what it was built from. The mark goes when the index is found to be fresh.
func (ix *Index) SetBuiltFrom(ctx context.Context, mark string) error {
	return ix.write(ctx, func() error { return ix.keep(ctx, mark) })
}

// Close waits for the calls under way. What is on the server stays there.
func (ix *Index) Close() error {
	ix.guard.Lock()
	defer ix.guard.Unlock()
	if !ix.closed {
		ix.closed = true
		ix.http.CloseIdleConnections()
	}
	return nil
}
