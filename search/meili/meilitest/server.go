// Package meilitest is a Meilisearch for tests: a server in memory that keeps to the published API of version 1.x.
//
// It owns what a test of an adapter needs of that API: indexes, settings, documents, tasks that are carried out after they
// were taken, swapping, search and multi-search. It is strict where a real server is: it refuses unknown fields, parameters
// and settings, attributes that are not set up for what is asked of them, and broken filters, with Meilisearch's codes.
//
// What it approximates: Chinese is cut into words as charabia and jieba do, but by a short list of words unless Words names
// jieba's dictionary; texts are normalised to NFKD without accents; proximity is the sum of the distances of neighbouring
// words. What it lacks: splitting a word into two, variants of characters, camelCase, stop words, cropping, geo, vectors,
// federation, keys beside the one it was made with. It says nothing about speed.
package meilitest

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Version is what the server says it is.
const Version = "1.18.0"

// Server is an http.Handler. New makes one.
type Server struct {
	key string
	// Words are those that Chinese is cut into. They are not changed once there are documents.
	Words *Dictionary

	guard   sync.Mutex
	indexes map[string]*index
	tasks   []*task
	work    *sync.Cond
	closed  bool
	failing func(kind string) bool
}

// New returns a server that wants the key, "" for none. Close ends it.
func New(key string) *Server {
	s := &Server{key: key, Words: some, indexes: map[string]*index{}}
	s.work = sync.NewCond(&s.guard)
	go s.carryOut()
	return s
}

// Close ends what carries out tasks.
func (s *Server) Close() {
	s.guard.Lock()
	defer s.guard.Unlock()
	s.closed = true
	s.work.Broadcast()
}

// Fail makes the tasks fail that the function says so of, by their type; nil lets all succeed again.
func (s *Server) Fail(which func(kind string) bool) {
	s.guard.Lock()
	defer s.guard.Unlock()
	s.failing = which
}

// Indexes lists the names of the indexes that are there.
func (s *Server) Indexes() []string {
	s.guard.Lock()
	defer s.guard.Unlock()
	var names []string
	for name := range s.indexes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Drop takes an index away at once, as somebody else would.
func (s *Server) Drop(uid string) {
	s.guard.Lock()
	defer s.guard.Unlock()
	delete(s.indexes, uid)
}

// refusal is an error of the API.
type refusal struct {
	status  int
	Message string `json:"message"`
	Code    string `json:"code"`
	Type    string `json:"type"`
	Link    string `json:"link"`
}

func (r *refusal) Error() string { return r.Code + ": " + r.Message }

func refuse(status int, code, format string, args ...any) *refusal {
	kind := "invalid_request"
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		kind = "auth"
	case status >= 500:
		kind = "internal"
	}
	return &refusal{status, fmt.Sprintf(format, args...), code, kind, "https://docs.meilisearch.com/errors#" + code}
}

func bad(code, format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, code, format, args...)
}

func noIndex(uid string) *refusal {
	return refuse(http.StatusNotFound, "index_not_found", "Index `%s` not found.", uid)
}

// call is one request.
type call struct {
	*http.Request
	body []byte
}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, answer, err := s.route(r)
	if err != nil {
		status, answer = err.status, err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if answer != nil {
		_ = json.NewEncoder(w).Encode(answer)
	}
}

func (s *Server) route(r *http.Request) (int, any, *refusal) {
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if r.Method == http.MethodGet && r.URL.Path == "/health" {
		return 200, map[string]string{"status": "available"}, nil
	}
	if s.key != "" {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			return 0, nil, refuse(http.StatusUnauthorized, "missing_authorization_header", "The Authorization header is missing. It must use the bearer authorization method.")
		}
		if subtle.ConstantTimeCompare([]byte(given), []byte(s.key)) != 1 {
			return 0, nil, refuse(http.StatusForbidden, "invalid_api_key", "The provided API key is invalid.")
		}
	}
	body, readErr := io.ReadAll(r.Body)
	if readErr != nil {
		return 0, nil, bad("bad_request", "%v", readErr)
	}
	c := call{r, body}
	if r.Method != http.MethodGet && r.Method != http.MethodDelete && r.Header.Get("Content-Type") != "application/json" {
		return 0, nil, refuse(http.StatusUnsupportedMediaType, "invalid_content_type", "The Content-Type `%s` is invalid.", r.Header.Get("Content-Type"))
	}
	s.guard.Lock()
	defer s.guard.Unlock()
	route := r.Method + " " + path[0]
	if len(path) > 2 && path[0] == "indexes" {
		route += "/" + path[2]
		if len(path) > 3 {
			route += "/" + path[3]
		}
	} else if len(path) == 2 {
		route += "/"
	}
	if len(path) > 1 && path[0] == "indexes" && !uidForm.MatchString(path[1]) {
		return 0, nil, badUID(path[1])
	}
	if len(path) == 4 && path[2] == "documents" && path[3] != "fetch" && path[3] != "delete-batch" {
		route = r.Method + " indexes/documents/"
	}
	switch route {
	case "GET version":
		return s.ok(c, map[string]string{"pkgVersion": Version, "commitSha": "test", "commitDate": "test"})
	case "POST indexes":
		return s.createIndex(c)
	case "GET indexes/":
		x, err := s.index(path[1])
		if err != nil {
			return 0, nil, err
		}
		return s.ok(c, x.info(path[1]))
	case "DELETE indexes/":
		return s.enqueue(c, path[1], "indexDeletion", func() *refusal {
			if _, err := s.index(path[1]); err != nil {
				return err
			}
			delete(s.indexes, path[1])
			return nil
		})
	case "GET indexes/stats":
		x, err := s.index(path[1])
		if err != nil {
			return 0, nil, err
		}
		return s.ok(c, map[string]any{"numberOfDocuments": len(x.documents), "isIndexing": false, "fieldDistribution": map[string]int{}})
	case "PATCH indexes/settings":
		return s.updateSettings(c, path[1])
	case "GET indexes/settings":
		x, err := s.index(path[1])
		if err != nil {
			return 0, nil, err
		}
		return s.ok(c, x.settings)
	case "GET indexes/settings/synonyms":
		x, err := s.index(path[1])
		if err != nil {
			return 0, nil, err
		}
		return s.ok(c, x.settings.Synonyms)
	case "PUT indexes/settings/synonyms", "DELETE indexes/settings/synonyms":
		return s.updateSynonyms(c, path[1])
	case "POST indexes/documents":
		return s.addDocuments(c, path[1])
	case "GET indexes/documents/":
		return s.getDocument(c, path[1], path[3])
	case "POST indexes/documents/delete-batch":
		return s.deleteDocuments(c, path[1])
	case "POST indexes/search":
		found, err := s.searchOne(path[1], body)
		return 200, found, err
	case "POST multi-search":
		return s.multiSearch(c)
	case "POST swap-indexes":
		return s.swap(c)
	case "GET tasks/":
		return s.getTask(c, path[1])
	}
	return 404, nil, nil
}

func (s *Server) ok(c call, answer any) (int, any, *refusal) {
	if err := c.query(); err != nil {
		return 0, nil, err
	}
	return 200, answer, nil
}

// query refuses parameters of the address that are not known.
func (c call) query(known ...string) *refusal {
	for name := range c.URL.Query() {
		if !slices.Contains(known, name) {
			return bad("bad_request", "Unknown parameter `%s`: expected one of `%s`", name, strings.Join(known, "`, `"))
		}
	}
	return nil
}

var uidForm = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,400}$`)

func badUID(uid string) *refusal {
	return bad("invalid_index_uid", "`%s` is not a valid index uid. Index uid can be an integer or a string containing only alphanumeric characters, hyphens (-) and underscores (_), and can not be more than 512 bytes.", uid)
}

func (s *Server) index(uid string) (*index, *refusal) {
	if x, ok := s.indexes[uid]; ok {
		return x, nil
	}
	return nil, noIndex(uid)
}

// reading says how a field of a body is read and with which code it is refused.
type reading struct {
	code string
	into any
}

// decode reads a body of an object, strictly.
func decode(body []byte, fields map[string]reading) *refusal {
	var given map[string]json.RawMessage
	if len(bytes.TrimSpace(body)) == 0 {
		return bad("missing_payload", "A json payload is missing.")
	}
	if err := json.Unmarshal(body, &given); err != nil {
		return bad("malformed_payload", "The json payload provided is malformed. `%v`.", err)
	}
	for name, raw := range given {
		field, ok := fields[name]
		if !ok {
			var known []string
			for name := range fields {
				known = append(known, "`"+name+"`")
			}
			slices.Sort(known)
			return bad("bad_request", "Unknown field `%s`: expected one of %s", name, strings.Join(known, ", "))
		}
		if field.into == nil { // known to Meilisearch and not to this server: it may be left open
			if string(raw) != "null" {
				return bad(field.code, "The test server does not know `%s`.", name)
			}
			continue
		}
		reflect.ValueOf(field.into).Elem().SetZero() // what was there is replaced, not mixed with
		if err := json.Unmarshal(raw, field.into); err != nil {
			return bad(field.code, "Invalid value at `.%s`: %v", name, err)
		}
	}
	return nil
}

// task is a change to carry out.
type task struct {
	UID        int        `json:"uid"`
	IndexUID   *string    `json:"indexUid"`
	Status     string     `json:"status"`
	Type       string     `json:"type"`
	CanceledBy *int       `json:"canceledBy"`
	Details    any        `json:"details"`
	Error      *refusal   `json:"error"`
	Duration   *string    `json:"duration"`
	EnqueuedAt time.Time  `json:"enqueuedAt"`
	StartedAt  *time.Time `json:"startedAt"`
	FinishedAt *time.Time `json:"finishedAt"`
	do         func() *refusal
}

// enqueue takes a change and answers before it is carried out. An empty uid stands for none.
func (s *Server) enqueue(c call, uid, kind string, do func() *refusal, parameters ...string) (int, any, *refusal) {
	if err := c.query(parameters...); err != nil {
		return 0, nil, err
	}
	t := &task{UID: len(s.tasks), Status: "enqueued", Type: kind, Details: map[string]any{}, EnqueuedAt: time.Now().UTC(), do: do}
	if uid != "" {
		t.IndexUID = &uid
	}
	s.tasks = append(s.tasks, t)
	s.work.Broadcast()
	return http.StatusAccepted, map[string]any{"taskUid": t.UID, "indexUid": t.IndexUID, "status": t.Status, "type": kind, "enqueuedAt": t.EnqueuedAt}, nil
}

// carryOut does the tasks, one after the other.
func (s *Server) carryOut() {
	s.guard.Lock()
	defer s.guard.Unlock()
	for next := 0; ; next++ {
		for next == len(s.tasks) && !s.closed {
			s.work.Wait()
		}
		if s.closed {
			return
		}
		t := s.tasks[next]
		began := time.Now().UTC()
		t.Status, t.StartedAt = "processing", &began
		s.guard.Unlock()
		time.Sleep(200 * time.Microsecond) // it can be seen under way
		s.guard.Lock()
		if s.failing != nil && s.failing(t.Type) {
			t.Error = refuse(http.StatusInternalServerError, "internal", "An internal error has occurred. `made to fail by the test`.")
		} else {
			t.Error = t.do()
		}
		t.Status = "succeeded"
		if t.Error != nil {
			t.Status = "failed"
		}
		ended, took := time.Now().UTC(), "PT0.001S"
		t.FinishedAt, t.Duration, t.do = &ended, &took, nil
	}
}

func (s *Server) getTask(c call, uid string) (int, any, *refusal) {
	n, err := strconv.Atoi(uid)
	if err != nil {
		return 0, nil, bad("invalid_task_uid", "Task uid `%s` is invalid. It should only contain numeric characters.", uid)
	}
	if n < 0 || n >= len(s.tasks) {
		return 0, nil, refuse(http.StatusNotFound, "task_not_found", "Task `%d` not found.", n)
	}
	seen := *s.tasks[n] // as it is now
	return s.ok(c, seen)
}

func (s *Server) createIndex(c call) (int, any, *refusal) {
	var uid string
	var primary *string
	if err := decode(c.body, map[string]reading{"uid": {"invalid_index_uid", &uid}, "primaryKey": {"invalid_index_primary_key", &primary}}); err != nil {
		return 0, nil, err
	}
	if uid == "" {
		return 0, nil, bad("missing_index_uid", "Missing field `uid`")
	}
	if !uidForm.MatchString(uid) {
		return 0, nil, badUID(uid)
	}
	return s.enqueue(c, uid, "indexCreation", func() *refusal {
		if _, ok := s.indexes[uid]; ok {
			return refuse(http.StatusConflict, "index_already_exists", "Index `%s` already exists.", uid)
		}
		s.indexes[uid] = s.newIndex(primary)
		return nil
	})
}

// swapping is one pair of indexes.
type swapping struct {
	indexes []string
	rename  bool
}

func (s *Server) swap(c call) (int, any, *refusal) {
	var list []json.RawMessage
	if err := json.Unmarshal(c.body, &list); err != nil {
		return 0, nil, bad("bad_request", "Invalid value type: expected an array: %v", err)
	}
	var swaps []swapping
	for _, one := range list {
		var w swapping
		if err := decode(one, map[string]reading{"indexes": {"invalid_swap_indexes", &w.indexes}, "rename": {"invalid_swap_rename", &w.rename}}); err != nil {
			return 0, nil, err
		}
		if len(w.indexes) != 2 {
			return 0, nil, bad("invalid_swap_indexes", "Two indexes must be given for each swap. The list `%v` contains %d indexes.", w.indexes, len(w.indexes))
		}
		swaps = append(swaps, w)
	}
	return s.enqueue(c, "", "indexSwap", func() *refusal {
		for _, w := range swaps {
			for _, uid := range w.indexes {
				if _, err := s.index(uid); err != nil && !(w.rename && uid == w.indexes[1]) {
					return err
				}
			}
			a, b := w.indexes[0], w.indexes[1]
			if w.rename {
				s.indexes[b] = s.indexes[a]
				delete(s.indexes, a)
			} else {
				s.indexes[a], s.indexes[b] = s.indexes[b], s.indexes[a]
			}
		}
		return nil
	})
}
