package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongshu/internal/config"
	"gongshu/internal/market"
	"gongshu/search/meili/meilitest"
)

// page is what a search over the server says.
type page struct {
	TotalCount int
	IsReduced  bool
	Edges      []struct{ Node struct{ ID, Name string } }
}

// search asks the server for products; ok says that it answered without an error.
func (s *serving) search(arguments string) (p page, ok bool) {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"query": "{ products(" + arguments + ") { totalCount isReduced edges { node { id name } } } }"})
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := http.Post(s.base+"/graphql", "application/json", strings.NewReader(string(body)))
	if err != nil {
		s.t.Error(err)
		return p, false
	}
	defer answer.Body.Close()
	var said struct {
		Data   struct{ Products *page }
		Errors []any
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || answer.StatusCode != http.StatusOK || said.Data.Products == nil || len(said.Errors) > 0 {
		s.t.Errorf("products(%s) answers %d %+v, %v", arguments, answer.StatusCode, said, err)
		return p, false
	}
	return *said.Data.Products, true
}

// reindexed runs the command beside the server and returns what it says; searches must be answered all the time, in full.
func (s *serving) reindexed(folder string, env ...string) string {
	s.t.Helper()
	done := make(chan struct{})
	var searching sync.WaitGroup
	asked := 0
	searching.Go(func() {
		for {
			if p, ok := s.search(`query: "查询", first: 5`); ok {
				asked++
				if p.IsReduced || p.TotalCount == 0 {
					s.t.Errorf("while it is built %d are found, reduced %t", p.TotalCount, p.IsReduced)
				}
			}
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	command := gongshu(s.t, folder, "reindex")
	command.Env = append(command.Env, env...)
	output, err := command.CombinedOutput()
	close(done)
	searching.Wait()
	if err != nil || asked == 0 {
		s.t.Errorf("reindex ends with %v after %d searches:\n%s", err, asked, output)
	}
	return string(output)
}

func TestAServerBuildsItsSearchAnewWhileItAnswers(t *testing.T) {
	folder := t.TempDir()
	s := started(t, folder, "GONGSHU_DEMO=true").ready()
	for range 2 {
		if said := s.reindexed(folder); !strings.Contains(said, "goes on answering") || !strings.HasSuffix(said, "The search is built anew.\n") {
			t.Errorf("it says:\n%s", said)
		}
	}
	s.products(demoProducts)
	s.stop()
	output, err := gongshu(t, folder, "reindex").CombinedOutput()
	if err != nil || !strings.Contains(string(output), "products: 17 of 17") || !strings.Contains(string(output), "holds 17 listed products and ") {
		t.Errorf("without a server it ends with %v and says:\n%s", err, output)
	}
	s = started(t, folder, "GONGSHU_DEMO=true").ready()
	s.products(demoProducts)
	s.stop()
}

// A server with a market so large that it takes a while, for which a test stands.
func TestTheCommandSaysHowFarTheServerIs(t *testing.T) {
	folder := t.TempDir()
	output, err := gongshu(t, folder, "migrate").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	d := config.Data{Folder: filepath.Join(folder, "var")}
	err = withSearch(t.Context(), d, func(search *market.Searching) error {
		return withMarket(t.Context(), d, func(m *market.Market) error {
			m.Search = search
			if err := m.SearchPrepare(t.Context(), false); err != nil {
				return err
			}
			search.Told = func(b market.Building) {
				if err := writeBuilding(d, b); err != nil {
					t.Error(err)
				}
				time.Sleep(300 * time.Millisecond) // longer than the command waits before it looks again
			}
			following, cancel := context.WithCancel(t.Context())
			var done sync.WaitGroup
			done.Go(func() {
				for following.Err() == nil {
					if _, err := m.SearchFollow(t.Context()); err != nil {
						t.Error(err)
					}
					time.Sleep(20 * time.Millisecond)
				}
			})
			output, err := gongshu(t, folder, "reindex").CombinedOutput()
			cancel()
			done.Wait()
			for _, line := range []string{"goes on answering", "  products: 0 of 0\n", "  resources: 0 of 0\n", "The search is built anew.\n"} {
				if !strings.Contains(string(output), line) {
					t.Errorf("it does not say %q but:\n%s", line, output)
				}
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestItSearchesWithAMeilisearchAndWithoutOneThatIsGone(t *testing.T) {
	engine := meilitest.New("key-of-a-test")
	defer engine.Close()
	server := httptest.NewServer(engine)
	defer server.Close()
	env := []string{"GONGSHU_DEMO=true", "MEILI_URL=" + server.URL, "MEILI_KEY=key-of-a-test", "MEILI_INDEX=market"}
	folder := t.TempDir()
	s := started(t, folder, env...).ready()
	s.products(demoProducts)
	if p, ok := s.search(`query: "查询"`); !ok || p.TotalCount == 0 || p.IsReduced {
		t.Errorf("it finds %+v", p)
	}
	if said := s.reindexed(folder, env...); !strings.HasSuffix(said, "The search is built anew.\n") {
		t.Errorf("reindex says:\n%s", said)
	}
	s.products(demoProducts)
	if names := engine.Indexes(); len(names) != 4 {
		t.Errorf("the engine has the indexes %v", names)
	}

	server.CloseClientConnections()
	server.Close()
	if p, ok := s.search("first: 100"); !ok || !p.IsReduced || len(p.Edges) != demoProducts {
		t.Errorf("without its engine it lists %+v", p)
	}
	if p, ok := s.search(`query: "查询", filter: { deliveries: [API] }`); !ok || !p.IsReduced {
		t.Errorf("without its engine it finds %+v", p)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		status, body := s.get("/readyz")
		if status != http.StatusOK {
			t.Fatalf("without its engine it is not ready: %d %s", status, body)
		}
		if strings.Contains(body, `"search":"failed"`) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not say that its engine is gone: %s", body)
		}
	}
	s.stop()
	if strings.Contains(s.log.String(), "key-of-a-test") {
		t.Error("its log holds the key")
	}
}

func TestItStartsWithoutItsSearchServerAndSearchesOnceThatIsThere(t *testing.T) {
	engine := meilitest.New("key-of-a-test")
	defer engine.Close()
	var there atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if there.Load() {
			engine.ServeHTTP(w, r)
		} else {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	defer server.Close()
	env := []string{"GONGSHU_DEMO=true", "MEILI_URL=" + server.URL, "MEILI_KEY=key-of-a-test"}
	s := started(t, t.TempDir(), env...).ready()
	if p, ok := s.search("first: 100"); !ok || !p.IsReduced || len(p.Edges) != demoProducts {
		t.Errorf("without its engine it lists %+v", p)
	}
	there.Store(true)
	for deadline := time.Now().Add(6 * prepareAgain); ; time.Sleep(50 * time.Millisecond) {
		if p, ok := s.search(`query: "查询"`); ok && !p.IsReduced && p.TotalCount > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("once its engine is there it does not search")
		}
	}
	s.products(demoProducts)
	s.stop()
	if !strings.Contains(s.log.String(), "the search server cannot be reached") || strings.Contains(s.log.String(), "key-of-a-test") {
		t.Errorf("its log says:\n%s", &s.log)
	}
	refused(t, t.TempDir(), "refuses the key", "MEILI_URL="+server.URL, "MEILI_KEY=another")
}
