package meili_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/search"
	"gongshu/search/meili"
	"gongshu/search/meili/meilitest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func product(n byte) search.Document {
	return search.Document{ID: uuid.UUID{0: 1, 15: n}, Name: fmt.Sprintf("气象产品%d", n), DomainIDs: []string{"d"}, ListedAt: time.Date(2026, 1, int(n), 0, 0, 0, 0, time.UTC)}
}

func sequence(documents ...search.Document) func(yield func(search.Document, error) bool) {
	return func(yield func(search.Document, error) bool) {
		for _, d := range documents {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// between stands between the index and the server, and may answer itself.
type between struct {
	server *meilitest.Server
	answer atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool]
}

func (b *between) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if answer := b.answer.Load(); answer != nil && (*answer)(w, r) {
		return
	}
	b.server.ServeHTTP(w, r)
}

func (b *between) instead(answer func(w http.ResponseWriter, r *http.Request) bool) {
	b.answer.Store(&answer)
}

// disturbed is an index with one product, and what stands before its server.
func disturbed(t *testing.T) (*meili.Index, *between) {
	b := &between{server: meilitest.New(key)}
	h := httptest.NewServer(b)
	t.Cleanup(func() {
		h.Close()
		b.server.Close()
	})
	index := open(t, meili.Config{URL: h.URL, Key: key, Index: "products"})
	t.Cleanup(func() { _ = index.Close() })
	must(t, index.Rebuild(t.Context(), sequence(product(1))))
	return index, b
}

func isUnavailable(err error) bool {
	all := fault.All(err)
	return len(all) == 1 && all[0].Kind == fault.Unavailable
}

// everyCall calls everything that asks the server.
func everyCall(ctx context.Context, index *meili.Index) map[string]error {
	_, found := index.Search(ctx, search.Query{Text: "气象", First: 1, Facets: true, CountTotal: true})
	_, suggested := index.Suggest(ctx, "气", 5)
	_, counted := index.Count(ctx)
	_, marked := index.BuiltFrom(ctx)
	return map[string]error{
		"search": found, "suggest": suggested, "count": counted, "mark": marked,
		"put": index.Put(ctx, product(2)), "remove": index.Remove(ctx, product(2).ID), "rebuild": index.Rebuild(ctx, sequence(product(1))),
		"synonyms": index.SetSynonyms(ctx, [][]string{{"a", "b"}}), "set mark": index.SetBuiltFrom(ctx, "m"),
	}
}

func TestAServerThatDoesNotAnswerWell(t *testing.T) {
	for sentence, answer := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"status 500 with Meilisearch's words": func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(500)
			_, _ = io.WriteString(w, `{"message":"An internal error has occurred.","code":"internal","type":"internal","link":""}`)
			return true
		},
		"status 503 without words": func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(503)
			return true
		},
		"status 429": func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(429)
			return true
		},
		"an answer that ends early": func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"results":[{"hits":[`)
			return true
		},
		"JSON that ends early": func(w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(map[bool]int{true: 202, false: 200}[r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "search")])
			_, _ = io.WriteString(w, `{"results":[{"hits":[`)
			return true
		},
		"a page of a proxy": func(w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(map[bool]int{true: 202, false: 200}[r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "search")])
			_, _ = io.WriteString(w, `<html>Welcome</html>`)
			return true
		},
		"a connection that is cut": func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
	} {
		t.Run(sentence, func(t *testing.T) {
			index, b := disturbed(t)
			b.instead(answer)
			for name, err := range everyCall(t.Context(), index) {
				if !isUnavailable(err) {
					t.Errorf("%s: %v", name, err)
				}
				if err != nil && (strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "127.0.0.1")) {
					t.Errorf("%s: the error tells too much: %v", name, err)
				}
			}
			b.answer.Store(nil)
			if count, err := index.Count(t.Context()); err != nil || count == 0 {
				t.Errorf("afterwards it counts %d: %v", count, err)
			}
		})
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	url := "http://" + listener.Addr().String()
	must(t, listener.Close())
	index := open(t, meili.Config{URL: url, Key: key, Index: "products"})
	for name, err := range everyCall(t.Context(), index) {
		if !isUnavailable(err) || strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, index.Close())
}

// TestAServerThatComesLater opens an index while its server is away, in several ways, and uses it once it is there.
func TestAServerThatComesLater(t *testing.T) {
	for sentence, away := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"it answers 503": func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(503)
			return true
		},
		"it begins and is gone": func(w http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.Path, "settings") {
				panic(http.ErrAbortHandler)
			}
			return false
		},
		"it does not end": nil,
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			b := &between{server: meilitest.New(key)}
			h := httptest.NewServer(b)
			t.Cleanup(func() {
				h.Close()
				b.server.Close()
			})
			if away == nil {
				away = hanging(t)
			}
			b.instead(away)
			c := meili.Config{URL: h.URL, Key: key, Index: "products"}
			index, fresh, err := meili.Open(t.Context(), c)
			if err != nil || !fresh {
				t.Fatalf("it is fresh: %t, %v", fresh, err)
			}
			wrong, _, err := meili.Open(t.Context(), meili.Config{URL: h.URL, Key: "another", Index: "products"})
			if sentence != "it begins and is gone" { // there the key is asked for
				must(t, err)
			}
			b.answer.Store(nil)
			must(t, index.Rebuild(t.Context(), sequence(product(1), product(2))))
			must(t, index.SetBuiltFrom(t.Context(), "a database"))
			if found, err := index.Search(t.Context(), search.Query{Text: "气象", First: 10}); err != nil || len(found.Hits) != 2 {
				t.Errorf("once it is there %v is found: %v", found.Hits, err)
			}
			must(t, index.Close())
			if wrong != nil {
				if _, err := wrong.Count(t.Context()); err == nil || isUnavailable(err) || !strings.Contains(err.Error(), "key") {
					t.Errorf("a wrong key is told with %v", err)
				}
				must(t, wrong.Close())
			}

			// What was built before is found again, whether or not the server was there at the opening.
			b.instead(away)
			again, _, err := meili.Open(t.Context(), c)
			must(t, err)
			b.answer.Store(nil)
			if mark, err := again.BuiltFrom(t.Context()); err != nil || mark != "a database" {
				t.Errorf("the mark is %q: %v", mark, err)
			}
			if count, err := again.Count(t.Context()); err != nil || count != 2 {
				t.Errorf("it counts %d: %v", count, err)
			}
			must(t, again.Close())
		})
	}
}

// TestARebuildThatIsToldToStop stops while the server no longer answers: it ends at once.
func TestARebuildThatIsToldToStop(t *testing.T) {
	index, b := disturbed(t)
	ctx, cancel := context.WithCancel(t.Context())
	begun := time.Now()
	err := index.Rebuild(ctx, func(yield func(search.Document, error) bool) {
		b.instead(hanging(t))
		time.AfterFunc(20*time.Millisecond, cancel)
		_ = yield(product(1), nil)
	})
	if took := time.Since(begun); !errors.Is(err, context.Canceled) || took > 2*time.Second {
		t.Errorf("it ends after %s with %v", took, err)
	}
	must(t, index.Close())
}

// hanging answers nothing until the test ends.
func hanging(t *testing.T) func(http.ResponseWriter, *http.Request) bool {
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	return func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-done:
		case <-r.Context().Done():
		}
		return true
	}
}

func TestAnAnswerThatIsWaitedForInVain(t *testing.T) {
	index, b := disturbed(t)
	b.instead(hanging(t))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	for name, err := range everyCall(ctx, index) {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATaskThatNeverEnds(t *testing.T) {
	index, b := disturbed(t)
	b.instead(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/tasks/") {
			return false
		}
		_, _ = io.WriteString(w, `{"uid":1,"status":"processing","type":"documentAdditionOrUpdate"}`)
		return true
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := index.Put(ctx, product(2)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("put says %v", err)
	}
}

func TestATaskThatFails(t *testing.T) {
	index, b := disturbed(t)
	b.server.Fail(func(string) bool { return true })
	for name, err := range everyCall(t.Context(), index) {
		if changes := slices.Contains([]string{"put", "remove", "rebuild", "synonyms", "set mark"}, name); changes != (err != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.server.Fail(nil)
	if count, err := index.Count(t.Context()); err != nil || count != 1 {
		t.Errorf("it counts %d: %v", count, err)
	}
}

// refusing has the server refuse the documents whose names hold a text: in the request, or in its task.
func refusing(b *between, name string, inTask bool) {
	const refusal = `{"message":"The document is too large.","code":"payload_too_large","type":"invalid_request","link":""}`
	b.instead(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/tasks/777777" {
			_, _ = io.WriteString(w, `{"uid":777777,"status":"failed","type":"documentAdditionOrUpdate","error":`+refusal+`}`)
			return true
		}
		if !strings.HasSuffix(r.URL.Path, "/documents") {
			return false
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !bytes.Contains(body, []byte(name)) {
			return false
		}
		if inTask {
			w.WriteHeader(http.StatusAccepted)
			_, _ = io.WriteString(w, `{"taskUid":777777,"indexUid":"products","status":"enqueued","type":"documentAdditionOrUpdate"}`)
		} else {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			_, _ = io.WriteString(w, refusal)
		}
		return true
	})
}

// TestADocumentThatIsRefused tests that of a batch with such ones the others are taken, by Put and by Rebuild.
func TestADocumentThatIsRefused(t *testing.T) {
	for _, inTask := range []bool{false, true} {
		index, b := disturbed(t)
		refusing(b, "不可", inTask)
		var documents []search.Document
		for n := range 700 { // more than one batch
			d := product(byte(n))
			d.ID[1], d.ID[2] = byte(n>>8), byte(n)
			if n == 3 || n == 650 {
				d.Name = "不可" + d.Name
			}
			documents = append(documents, d)
		}
		for name, do := range map[string]func() error{
			"put":     func() error { return index.Put(t.Context(), documents...) },
			"rebuild": func() error { return index.Rebuild(t.Context(), sequence(documents...)) },
		} {
			must(t, index.Rebuild(t.Context(), sequence()))
			err := do()
			var refused search.Refused
			if !errors.As(err, &refused) || len(refused) != 2 || refused[0].ID != documents[3].ID || refused[1].ID != documents[650].ID {
				t.Errorf("%s, in a task %t: refused are %v, %v", name, inTask, refused, err)
			}
			if count, err := index.Count(t.Context()); err != nil || count != 698 {
				t.Errorf("%s, in a task %t: it counts %d, %v", name, inTask, count, err)
			}
		}
		refusing(b, "气象", inTask) // all of them
		var refused search.Refused
		if err := index.Put(t.Context(), documents...); err == nil || errors.As(err, &refused) {
			t.Errorf("where all are refused it says %v", err)
		}
		if err := index.Rebuild(t.Context(), sequence(documents...)); err == nil || errors.As(err, &refused) {
			t.Errorf("where all are refused a rebuild says %v", err)
		}
		if count, err := index.Count(t.Context()); err != nil || count != 698 {
			t.Errorf("after a rebuild of which all is refused it counts %d, %v", count, err)
		}
	}
}

// TestARebuildThatFails lets every kind of change fail once: the index answers as before, nothing is left behind, and it is
// fresh when it is opened again.
func TestARebuildThatFails(t *testing.T) {
	for _, kind := range []string{"indexCreation", "settingsUpdate", "documentAdditionOrUpdate", "indexSwap"} {
		t.Run(kind, func(t *testing.T) {
			s, url := server(t)
			c := meili.Config{URL: url, Key: key, Index: "products"}
			index := open(t, c)
			must(t, index.Rebuild(t.Context(), sequence(product(1))))
			must(t, index.SetBuiltFrom(t.Context(), "a database"))
			var seen int
			s.Fail(func(k string) bool {
				if k == kind {
					seen++
				}
				return k == kind && (kind != "documentAdditionOrUpdate" || seen == 2) // the first says that a rebuild began
			})
			if err := index.Rebuild(t.Context(), sequence(product(1), product(2))); err == nil {
				t.Fatal("the rebuild says nothing")
			}
			s.Fail(nil)
			if count, err := index.Count(t.Context()); err != nil || count != 1 {
				t.Errorf("it counts %d: %v", count, err)
			}
			if left := s.Indexes(); !slices.Equal(left, []string{"products", "products_state"}) {
				t.Errorf("there are %v", left)
			}
			again, fresh, err := meili.Open(t.Context(), c)
			must(t, err)
			if !fresh {
				t.Error("it is not fresh")
			}
			if mark, err := again.BuiltFrom(t.Context()); err != nil || mark != "" {
				t.Errorf("its mark is %q: %v", mark, err)
			}
			must(t, again.Rebuild(t.Context(), sequence(product(1), product(2))))
			if count, err := again.Count(t.Context()); err != nil || count != 2 {
				t.Errorf("built again it counts %d: %v", count, err)
			}
		})
	}
}

func TestOpenAgain(t *testing.T) {
	s, url := server(t)
	c := meili.Config{URL: url + "/", Key: key, Index: "products"}
	index := open(t, c)
	must(t, index.SetBuiltFrom(t.Context(), "early"))
	must(t, index.Rebuild(t.Context(), sequence(product(1), product(2))))
	must(t, index.SetSynonyms(t.Context(), [][]string{{"气象", "天气"}}))
	must(t, index.SetBuiltFrom(t.Context(), "late"))
	must(t, index.Close())
	index, fresh, err := meili.Open(t.Context(), c)
	must(t, err)
	if mark, err := index.BuiltFrom(t.Context()); fresh || err != nil || mark != "late" {
		t.Errorf("fresh is %t, the mark %q: %v", fresh, mark, err)
	}
	must(t, index.Rebuild(t.Context(), sequence(product(1), product(2), product(3))))
	if found, err := index.Search(t.Context(), search.Query{Text: "天气", First: 10}); err != nil || len(found.Hits) != 3 {
		t.Errorf("after a rebuild a synonym finds %v: %v", found.Hits, err)
	}
	s.Drop("products")
	if _, err := index.Search(t.Context(), search.Query{First: 1}); err == nil || fault.All(err) != nil {
		t.Errorf("an index that is missing answers %v", err)
	}
	must(t, index.Rebuild(t.Context(), sequence(product(1))))
	if found, err := index.Search(t.Context(), search.Query{First: 10, Facets: true}); err != nil || len(found.Hits) != 1 {
		t.Errorf("built again it finds %v: %v", found.Hits, err)
	}
	s.Drop("products")
	if _, fresh, err := meili.Open(t.Context(), c); err != nil || !fresh {
		t.Errorf("an index that was missing is fresh: %t, %v", fresh, err)
	}
}

// TestRebuildAnswersMeanwhile searches while a rebuild waits for its documents.
func TestRebuildAnswersMeanwhile(t *testing.T) {
	_, url := server(t)
	index := open(t, meili.Config{URL: url, Key: key, Index: "products"})
	must(t, index.Rebuild(t.Context(), sequence(product(1))))
	err := index.Rebuild(t.Context(), func(yield func(search.Document, error) bool) {
		if found, err := index.Search(t.Context(), search.Query{Text: "气象", First: 10}); err != nil || len(found.Hits) != 1 {
			t.Errorf("meanwhile it finds %v: %v", found.Hits, err)
		}
		_ = yield(product(2), nil) && yield(product(3), nil)
	})
	must(t, err)
	if count, err := index.Count(t.Context()); err != nil || count != 2 {
		t.Errorf("it counts %d: %v", count, err)
	}
}

func TestAWrongKey(t *testing.T) {
	_, url := server(t)
	for _, wrong := range []string{"", "another-key-of-the-test"} {
		_, _, err := meili.Open(t.Context(), meili.Config{URL: url, Key: wrong, Index: "products"})
		if err == nil || fault.All(err) != nil || wrong != "" && strings.Contains(err.Error(), wrong) {
			t.Errorf("the key %q: %v", wrong, err)
		}
	}
}

func TestConfigurationsThatAreRefused(t *testing.T) {
	_, url := server(t)
	for sentence, c := range map[string]meili.Config{
		"no URL":               {Index: "products"},
		"a URL of another way": {URL: "ftp://127.0.0.1", Index: "products"},
		"a URL without a host": {URL: "http://", Index: "products"},
		"a URL with a user":    {URL: "http://user:secret@127.0.0.1", Index: "products"},
		"a URL with a query":   {URL: url + "?key=secret", Index: "products"},
		"no index":             {URL: url},
		"an index with a path": {URL: url, Index: "products/../keys"},
	} {
		if _, _, err := meili.Open(t.Context(), c); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", sentence, err)
		}
	}
}

func TestAServerThatIsTooOld(t *testing.T) {
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"pkgVersion":"1.17.1","commitSha":"","commitDate":""}`)
	}))
	defer h.Close()
	if _, _, err := meili.Open(t.Context(), meili.Config{URL: h.URL, Index: "products"}); err == nil || !strings.Contains(err.Error(), "1.17.1") {
		t.Errorf("it says %v", err)
	}
}

// TestNoSyntaxGetsThrough looks at what is sent: of a text nothing but words, of values of filters nothing but their forms.
func TestNoSyntaxGetsThrough(t *testing.T) {
	index, b := disturbed(t)
	var sent []string
	b.instead(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/multi-search" {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			var all struct {
				Queries []struct{ Q, Filter string }
			}
			_ = json.Unmarshal(body, &all)
			for _, q := range all.Queries {
				sent = append(sent, q.Q, q.Filter)
			}
		}
		return false
	})
	for _, wild := range []string{`x"] OR id EXISTS OR id IN ["`, `\" OR 1=1`, `'a' OR 'b'`, "a\\", "] AND NOT [", "-气象", `"气象`, "气象\x00\"", "＂a＂ －b"} {
		found, err := index.Search(t.Context(), search.Query{
			Text: wild, First: 1, Facets: true,
			Filter: search.Filter{DomainIDs: []string{wild}, Deliveries: []string{wild}},
		})
		if err != nil || len(found.Hits) != 0 {
			t.Errorf("%q finds %v: %v", wild, found.Hits, err)
		}
	}
	for i := 0; i < len(sent); i += 2 {
		if strings.ContainsAny(sent[i], `"-'\`) {
			t.Errorf("%q is asked for", sent[i])
		}
		for _, form := range strings.Split(sent[i+1], `"`)[min(1, len(sent[i+1])):] {
			if strings.ContainsAny(form, `'\()=<>`) || strings.Contains(form, " OR ") {
				t.Errorf("the filter is %q", sent[i+1])
			}
		}
	}
	if len(sent) == 0 {
		t.Error("nothing was sent")
	}
}

// TestValuesAreKeptApart tests that values that Meilisearch takes for the same, or for numbers, are told apart.
func TestValuesAreKeptApart(t *testing.T) {
	_, url := server(t)
	index := open(t, meili.Config{URL: url, Key: key, Index: "products"})
	values := []string{"Health", "health", "HEALTH", "é", "e\u0301", "10", "10.0", "1e1", "a b", "a_b", "A_B", "inf", "-", ".", "v.a", strings.Repeat("长", 40)}
	var documents []search.Document
	for i, value := range values {
		d := product(byte(i + 1))
		d.DomainIDs = []string{value}
		documents = append(documents, d)
	}
	must(t, index.Put(t.Context(), documents...))
	for i, value := range values {
		found, err := index.Search(t.Context(), search.Query{First: 10, Facets: true, Filter: search.Filter{DomainIDs: []string{value}}})
		must(t, err)
		if len(found.Hits) != 1 || found.Hits[0].ID != documents[i].ID {
			t.Errorf("%q finds %v", value, found.Hits)
		}
		if i == 0 {
			counted := found.Facets[search.FacetDomain]
			if len(counted) != len(values) {
				t.Errorf("%d of %d values are counted: %v", len(counted), len(values), counted)
			}
			for _, one := range counted {
				if one.Count != 1 || !slices.Contains(values, one.Value) {
					t.Errorf("%q is counted %d times", one.Value, one.Count)
				}
			}
		}
	}
}

// TestCursorsThatWereMade tests that a cursor of the right form cannot carry what is none of ours.
func TestCursorsThatWereMade(t *testing.T) {
	index, _ := disturbed(t)
	type position struct {
		K string `json:"k,omitempty"`
		N int64  `json:"n,omitempty"`
	}
	for _, row := range []struct {
		q  search.Query
		at position
	}{
		{search.Query{Order: search.Newest, First: 1}, position{K: `k" OR id EXISTS`}},
		{search.Query{Order: search.Newest, First: 1}, position{N: 1}},
		{search.Query{Text: "气象", First: 1}, position{N: -1}},
		{search.Query{Text: "气象", First: 1}, position{K: "k" + strings.Repeat("0", 60)}},
	} {
		row.q.After = row.q.Cursor(row.at)
		if _, err := index.Search(t.Context(), row.q); fault.CodeOf(err) != "CURSOR_INVALID" {
			t.Errorf("%v: %v", row.at, err)
		}
	}
}
