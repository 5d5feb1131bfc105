package meilitest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// ask sends a request and returns status and answer.
func ask(t *testing.T, s *Server, method, path, body string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer k")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var answer map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &answer)
	return w.Code, answer
}

// do sends a change and waits for its end.
func do(t *testing.T, s *Server, method, path, body string) map[string]any {
	t.Helper()
	status, answer := ask(t, s, method, path, body)
	if status != http.StatusAccepted || answer["status"] != "enqueued" {
		t.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
	uid, _ := json.Marshal(answer["taskUid"])
	for range 1000 {
		if _, task := ask(t, s, "GET", "/tasks/"+string(uid), ""); task["status"] == "succeeded" || task["status"] == "failed" {
			return task
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%s %s does not end", method, path)
	return nil
}

func films(t *testing.T) *Server {
	s := New("k")
	t.Cleanup(s.Close)
	do(t, s, "POST", "/indexes", `{"uid":"films","primaryKey":"id"}`)
	task := do(t, s, "PATCH", "/indexes/films/settings", `{"searchableAttributes":["title","text"],"filterableAttributes":["genre","year"],"sortableAttributes":["year"],"synonyms":{"movie":["film"]},"typoTolerance":{"disableOnAttributes":["text"]}}`)
	if task["status"] != "succeeded" {
		t.Fatal(task)
	}
	do(t, s, "POST", "/indexes/films/documents", `[
		{"id":1,"title":"Wonder Woman","text":"a film of heroes","genre":["Action","Drama"],"year":2017},
		{"id":2,"title":"Quiet rivers","text":"a documentary about water","genre":["drama"],"year":2001},
		{"id":"three","title":"公交客流","text":"绵阳市的公交","genre":"with \"quotes\"","year":"n/a"}]`)
	return s
}

// found are the ids of the hits of a search.
func found(t *testing.T, s *Server, body string) string {
	t.Helper()
	status, answer := ask(t, s, "POST", "/indexes/films/search", body)
	if status != 200 {
		t.Fatalf("%s: %d %v", body, status, answer)
	}
	var ids []string
	for _, hit := range answer["hits"].([]any) {
		id, _ := json.Marshal(hit.(map[string]any)["id"])
		ids = append(ids, strings.Trim(string(id), `"`))
	}
	return strings.Join(ids, " ")
}

func TestSearch(t *testing.T) {
	s := films(t)
	for _, row := range []struct{ sentence, body, want string }{
		{"nothing asked for finds all", `{"sort":["year:desc"]}`, "1 2 three"},
		{"a word", `{"q":"woman"}`, "1"},
		{"a beginning", `{"q":"docu"}`, "2"},
		{"a beginning that is not the last word", `{"q":"docu water","matchingStrategy":"all"}`, ""},
		{"the last words are dropped", `{"q":"wonder nowhere"}`, "1"},
		{"but not where all are wanted", `{"q":"wonder nowhere","matchingStrategy":"all"}`, ""},
		{"one typo in five letters", `{"q":"womzn"}`, "1"},
		{"the first letter counts twice", `{"q":"yoman"}`, ""},
		{"two letters the other way round", `{"q":"woamn"}`, "1"},
		{"no typo in four letters", `{"q":"hexo"}`, ""},
		{"no typo where none is allowed", `{"q":"heroez"}`, ""},
		{"a phrase", `{"q":"\"wonder woman\""}`, "1"},
		{"a phrase the other way round", `{"q":"\"woman wonder\""}`, ""},
		{"a word that must not be there", `{"q":"a -water","matchingStrategy":"all"}`, "1"},
		{"only a word that must not be there", `{"q":"-water","sort":["year:desc"]}`, "1 three"},
		{"a phrase that must not be there", `{"q":"-\"quiet rivers\"","sort":["year:desc"]}`, "1 three"},
		{"a synonym", `{"q":"movie"}`, "1"},
		{"a Chinese word of two", `{"q":"客流"}`, "three"},
		{"two words in one", `{"q":"wonder wo man","matchingStrategy":"all"}`, "1"},
		{"equal whatever the case", `{"filter":"genre = DRAMA","sort":["year:asc"]}`, "2 1"},
		{"one of several", `{"filter":"genre IN [action, \"x y\"]"}`, "1"},
		{"none of several", `{"filter":"genre NOT IN [drama]"}`, "three"},
		{"quoted with quotes", `{"filter":"genre = 'with \"quotes\"'"}`, "three"},
		{"quoted with escaped quotes", `{"filter":"genre = \"with \\\"quotes\\\"\""}`, "three"},
		{"and, or, not", `{"filter":"NOT (genre = action OR genre = drama) AND year EXISTS"}`, "three"},
		{"numbers are compared as numbers, texts as texts", `{"filter":"year > 2001","sort":["year:asc"]}`, "1 three"},
		{"a range", `{"filter":"year 2001 TO 2016"}`, "2"},
		{"texts are compared", `{"filter":"year >= m"}`, "three"},
		{"an array of filters", `{"filter":["genre = drama",["year = 2001","year = 1"]]}`, "2"},
		{"a page", `{"page":2,"hitsPerPage":1,"sort":["year:asc"]}`, "1"},
		{"an offset", `{"offset":1,"limit":1,"sort":["year:asc"]}`, "1"},
	} {
		if got := found(t, s, row.body); got != row.want {
			t.Errorf("%s: %s finds %q, want %q", row.sentence, row.body, got, row.want)
		}
	}
	_, answer := ask(t, s, "POST", "/indexes/films/search", `{"q":"woman","hitsPerPage":0,"facets":["genre"]}`)
	counts, _ := json.Marshal(answer["facetDistribution"])
	if answer["totalHits"] != 1.0 || string(counts) != `{"genre":{"Action":1,"Drama":1}}` {
		t.Errorf("it counts %v and %s", answer["totalHits"], counts)
	}
	_, answer = ask(t, s, "POST", "/indexes/films/search", `{"q":"woman","showMatchesPosition":true,"attributesToRetrieve":["id"],"attributesToHighlight":["title"]}`)
	hit, _ := json.Marshal(answer["hits"])
	hit = []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(hit)))
	if want := `[{"_formatted":{"id":"1","title":"Wonder <em>Woman</em>"},"_matchesPosition":{"title":[{"length":5,"start":7}]},"id":1}]`; string(hit) != want {
		t.Errorf("the hit is %s, want %s", hit, want)
	}
}

// TestRefusals tests that what a real server refuses is refused, with its codes.
func TestRefusals(t *testing.T) {
	s := films(t)
	for _, row := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", "/indexes/films/search", `{"query":"a"}`, 400, "bad_request"},
		{"POST", "/indexes/films/search", `{"q":1}`, 400, "invalid_search_q"},
		{"POST", "/indexes/films/search", `{`, 400, "malformed_payload"},
		{"POST", "/indexes/films/search", ``, 400, "missing_payload"},
		{"POST", "/indexes/films/search", `{"limit":-1}`, 400, "invalid_search_limit"},
		{"POST", "/indexes/films/search", `{"offset":-1}`, 400, "invalid_search_offset"},
		{"POST", "/indexes/films/search", `{"matchingStrategy":"most"}`, 400, "invalid_search_matching_strategy"},
		{"POST", "/indexes/films/search", `{"locales":["xxx"]}`, 400, "invalid_search_locales"},
		{"POST", "/indexes/films/search", `{"sort":["title:asc"]}`, 400, "invalid_search_sort"},
		{"POST", "/indexes/films/search", `{"sort":["year"]}`, 400, "invalid_search_sort"},
		{"POST", "/indexes/films/search", `{"facets":["title"]}`, 400, "invalid_search_facets"},
		{"POST", "/indexes/films/search", `{"attributesToSearchOn":["genre"]}`, 400, "invalid_search_attributes_to_search_on"},
		{"POST", "/indexes/films/search", `{"filter":"title = a"}`, 400, "invalid_search_filter"},
		{"POST", "/indexes/films/search", `{"filter":"genre = "}`, 400, "invalid_search_filter"},
		{"POST", "/indexes/films/search", `{"filter":"genre = 'a"}`, 400, "invalid_search_filter"},
		{"POST", "/indexes/films/search", `{"filter":"genre = a b"}`, 400, "invalid_search_filter"},
		{"POST", "/indexes/films/search", `{"filter":"genre IN [a"}`, 400, "invalid_search_filter"},
		{"POST", "/indexes/films/search", `{"filter":"(genre = a"}`, 400, "invalid_search_filter"},
		{"POST", "/indexes/films/search", `{"filter":"genre = AND"}`, 400, "invalid_search_filter"},
		{"POST", "/indexes/films/search", `{"filter":7}`, 400, "invalid_search_filter"},
		{"POST", "/indexes/none/search", `{}`, 404, "index_not_found"},
		{"POST", "/indexes/a%20b/search", `{}`, 400, "invalid_index_uid"},
		{"POST", "/multi-search", `{"queries":[{"q":"a"}]}`, 400, "missing_index_uid"},
		{"POST", "/multi-search", `{"queries":[{"indexUid":"none"}]}`, 404, "index_not_found"},
		{"POST", "/multi-search", `{"searches":[]}`, 400, "bad_request"},
		{"PATCH", "/indexes/films/settings", `{"searchable":[]}`, 400, "bad_request"},
		{"PATCH", "/indexes/films/settings", `{"rankingRules":["fame"]}`, 400, "invalid_settings_ranking_rules"},
		{"PATCH", "/indexes/films/settings", `{"typoTolerance":{"minWordSizeForTypos":{"oneTypo":9,"twoTypos":5}}}`, 400, "invalid_settings_typo_tolerance"},
		{"PATCH", "/indexes/films/settings", `{"typoTolerance":{"on":true}}`, 400, "bad_request"},
		{"PATCH", "/indexes/films/settings", `{"faceting":{"sortFacetValuesBy":{"*":"size"}}}`, 400, "invalid_settings_faceting"},
		{"PATCH", "/indexes/films/settings", `{"localizedAttributes":[{"locales":["chinese"],"attributePatterns":["*"]}]}`, 400, "invalid_settings_localized_attributes"},
		{"POST", "/indexes", `{"primaryKey":"id"}`, 400, "missing_index_uid"},
		{"POST", "/indexes", `{"uid":"a b"}`, 400, "invalid_index_uid"},
		{"POST", "/swap-indexes", `[{"indexes":["films"]}]`, 400, "invalid_swap_indexes"},
		{"POST", "/swap-indexes", `{"indexes":["a","b"]}`, 400, "bad_request"},
		{"POST", "/indexes/films/documents?key=id", `[]`, 400, "bad_request"},
		{"GET", "/indexes/films/documents/9", ``, 404, "document_not_found"},
		{"GET", "/indexes/none", ``, 404, "index_not_found"},
		{"GET", "/tasks/99", ``, 404, "task_not_found"},
		{"GET", "/tasks/x", ``, 400, "invalid_task_uid"},
	} {
		status, answer := ask(t, s, row.method, row.path, row.body)
		if status != row.status || answer["code"] != row.code || answer["message"] == "" || answer["link"] != "https://docs.meilisearch.com/errors#"+row.code {
			t.Errorf("%s %s %s: %d %v, want %d %s", row.method, row.path, row.body, status, answer, row.status, row.code)
		}
	}
	for key, code := range map[string]string{"": "missing_authorization_header", "Bearer x": "invalid_api_key"} {
		r := httptest.NewRequest("GET", "/version", nil)
		if key != "" {
			r.Header.Set("Authorization", key)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), code) || w.Code < 401 || w.Code > 403 {
			t.Errorf("the key %q: %d %s", key, w.Code, w.Body)
		}
	}
}

// TestTasks tests changes that are taken and fail later.
func TestTasks(t *testing.T) {
	s := films(t)
	for _, row := range []struct{ method, path, body, code string }{
		{"POST", "/indexes", `{"uid":"films"}`, "index_already_exists"},
		{"DELETE", "/indexes/none", ``, "index_not_found"},
		{"POST", "/indexes/films/documents", `[{"title":"without an id"}]`, "missing_document_id"},
		{"POST", "/indexes/films/documents", `[{"id":"a b"}]`, "invalid_document_id"},
		{"POST", "/indexes/films/documents?primaryKey=title", `[{"id":"a","title":"b"}]`, "index_primary_key_already_exists"},
		{"POST", "/indexes/others/documents", `[{"title":"b"}]`, "index_primary_key_no_candidate_found"},
		{"POST", "/swap-indexes", `[{"indexes":["films","none"]}]`, "index_not_found"},
	} {
		task := do(t, s, row.method, row.path, row.body)
		if failed, ok := task["error"].(map[string]any); task["status"] != "failed" || !ok || failed["code"] != row.code {
			t.Errorf("%s %s %s: %v, want %s", row.method, row.path, row.body, task, row.code)
		}
	}
	do(t, s, "POST", "/indexes", `{"uid":"next","primaryKey":"id"}`)
	do(t, s, "POST", "/swap-indexes", `[{"indexes":["films","next"],"rename":false}]`)
	if got := found(t, s, `{}`); got != "" {
		t.Errorf("after swapping %q is found", got)
	}
	do(t, s, "POST", "/swap-indexes", `[{"indexes":["films","next"]}]`)
	do(t, s, "POST", "/indexes/films/documents/delete-batch", `[1,"three"]`)
	if got := found(t, s, `{}`); got != "2" {
		t.Errorf("after removing %q is found", got)
	}
	do(t, s, "DELETE", "/indexes/next", "")
	if left := s.Indexes(); !slices.Equal(left, []string{"films", "others"}) {
		t.Errorf("there are %v", left)
	}
}

// TestWords tests how texts are cut, as Meilisearch's tokenizer does.
func TestWords(t *testing.T) {
	dictionary, err := ReadDictionary(strings.NewReader("气象 10 n\n气象局 50 n\n国家 100 n\n税务 10 n\n国家税务总局 9 nt\n总局 5 n\n俄罗斯 20 ns\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"气象局":         "气象 局",
		"国家税务总局":      "国家 税务 总局",
		"俄罗斯气象":       "俄罗斯 气象",
		"未知":          "未 知",
		"气象API气象":     "气象 api 气象",
		"气象2025":      "气象 2025",
		"The pm2.5":   "the pm2 5",
		"a_b-c, Café": "a b c cafe",
		"ＡＢ🎉":         "ab🎉",
	} {
		var words []string
		for _, token := range dictionary.tokenize(text) {
			if !token.separator {
				words = append(words, token.lemma)
			}
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%s is cut into %q, want %q", text, got, want)
		}
	}
	if _, err := ReadDictionary(strings.NewReader("气象 n 10")); err == nil {
		t.Error("a dictionary without numbers is read")
	}
}
