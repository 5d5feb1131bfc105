package meili_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"gongshu/search"
	"gongshu/search/meili"
	"gongshu/search/meili/meilitest"
	"gongshu/search/searchtest"
)

const key = "a-key-of-the-test"

// server serves a Meilisearch of its own.
func server(t testing.TB) (*meilitest.Server, string) {
	t.Helper()
	s := meilitest.New(key)
	if dictionary := jieba(t); dictionary != nil {
		s.Words = dictionary
	}
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		h.Close()
		s.Close()
	})
	return s, h.URL
}

// jieba reads the dictionary of jieba that JIEBA_DICT names, once.
func jieba(t testing.TB) *meilitest.Dictionary {
	t.Helper()
	dictionary, err := whole()
	must(t, err)
	return dictionary
}

var whole = sync.OnceValues(func() (*meilitest.Dictionary, error) {
	name := os.Getenv("JIEBA_DICT")
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return meilitest.ReadDictionary(f)
})

// open opens a new index on a server.
func open(t *testing.T, c meili.Config) *meili.Index {
	t.Helper()
	index, fresh, err := meili.Open(t.Context(), c)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	if !fresh {
		t.Fatal("a new index is not fresh")
	}
	return index
}

// servers are those that the suites are run against: the test server always, a real one where MEILI_URL names it.
func servers() map[string]func(t *testing.T) search.Index {
	all := map[string]func(t *testing.T) search.Index{"test server": func(t *testing.T) search.Index {
		_, url := server(t)
		return open(t, meili.Config{URL: url, Key: key, Index: "products"})
	}}
	if url := os.Getenv("MEILI_URL"); url != "" {
		all["real server"] = func(t *testing.T) search.Index {
			c := meili.Config{URL: url, Key: os.Getenv("MEILI_KEY"), Index: "gongshu_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")}
			t.Cleanup(func() {
				for _, name := range []string{c.Index, c.Index + "_state"} {
					r, err := http.NewRequest(http.MethodDelete, url+"/indexes/"+name, nil)
					must(t, err)
					r.Header.Set("Authorization", "Bearer "+c.Key)
					answer, err := http.DefaultClient.Do(r)
					must(t, err)
					_ = answer.Body.Close()
				}
			})
			return open(t, c)
		}
	}
	return all
}

// lacks is what Meilisearch does not tell.
var lacks = []searchtest.Lack{searchtest.Corrections, searchtest.Precision, searchtest.Questions, searchtest.Codes}

func TestSuite(t *testing.T) {
	for name, open := range servers() {
		t.Run(name, func(t *testing.T) { searchtest.Run(t, open) })
	}
}

func TestLanguage(t *testing.T) {
	for name, open := range servers() {
		t.Run(name, func(t *testing.T) { searchtest.RunLanguage(t, open, lacks...) })
	}
}
