package server

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Whatever comes over HTTP is answered, or refused for what it is: it is no fault of the server's.
func TestNothingThatIsSearchedForBreaksTheServer(t *testing.T) {
	quoted := func(text string) string {
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	eachServer(t, func(t *testing.T, f *fixture) {
		ask := func(how string) {
			t.Helper()
			for _, c := range []struct{ name, variables, want string }{
				{"10,000 characters", `{"q":` + quoted(strings.Repeat("水", 10_000)) + `}`, "SEARCH_TEXT_TOO_LONG"},
				{"punctuation", `{"q":"!?《》…—"}`, `"edges":[]`},
				{"quotes that are not closed", `{"q":"\"降水 -\"a -"}`, `"edges":[]`},
				{"NUL", `{"q":"a\u0000b"}`, `"edges":[]`},
				{"half a surrogate", `{"q":"\ud800降\udc00水\ud83d"}`, `"edges":[]`},
				{"bytes that are no UTF-8", "{\"q\":\"a\xff\xfe\xc0\"}", ""},
				{"an order that is none", `{"o":"BY_MAGIC"}`, "GRAPHQL_VALIDATION_FAILED"},
				{"a value of a filter that is none", `{"f":{"deliveries":["PIGEON"]}}`, "GRAPHQL_VALIDATION_FAILED"},
				{"an id that is none", `{"f":{"operatorIds":["\u0000"]}}`, "NOT_FOUND"},
				{"an id of another kind", `{"f":{"domainIds":["org_01h455vb4pex5vsknk084sn02q"]}}`, "NOT_FOUND"},
				{"too long a page", `{"n":100000}`, "FIRST_OUT_OF_RANGE"},
				{"a page of less than nothing", `{"n":-1}`, "FIRST_OUT_OF_RANGE"},
				{"a forged cursor", `{"a":"eyJ2IjoxLCJvIjoiTkVXRVNUIiwicCI6e30sInMiOiJBQUFBIn0"}`, "CURSOR_INVALID"},
				{"half a surrogate for a cursor", `{"a":"\ud800"}`, "CURSOR_INVALID"},
			} {
				body := `{"query":"query($q: String, $f: ProductFilter, $o: ProductOrder, $n: Int, $a: String) { products(query: $q, filter: $f, orderBy: $o, first: $n, after: $a) { totalCount edges { node { id } matches { field } } facets { name } } }","variables":` + c.variables + `}`
				answer, said := f.do(t, "POST", "/graphql", body, "Content-Type", "application/json")
				if answer.StatusCode >= 500 || strings.Contains(said, "INTERNAL") || strings.Contains(said, "UNAVAILABLE") || !strings.Contains(said, c.want) {
					t.Errorf("%s, %s: want %q, got %d %.300s", how, c.name, c.want, answer.StatusCode, said)
				}
			}
			for _, text := range []string{"%FF", "%00", "%ED%A0%80", url.QueryEscape(strings.Repeat("水", 300))} {
				answer, said := f.do(t, "GET", "/graphql?query=%7B%20suggestions(prefix%3A%22"+text+"%22)%20%7B%20text%20%7D%20products(query%3A%22"+text+"%22)%20%7B%20totalCount%20%7D%20%7D", "")
				if answer.StatusCode >= 500 || strings.Contains(said, "INTERNAL") || strings.Contains(said, "UNAVAILABLE") {
					t.Errorf("%s, %.20s is answered with %d %.300s", how, text, answer.StatusCode, said)
				}
			}
		}
		ask("before the search is there") // the database answers
		if err := f.Market.SearchPrepare(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		ask("by the search")

		// Without its engine it is ready all the same, and says what failed.
		if err := f.Market.Search.Products.Close(); err != nil {
			t.Fatal(err)
		}
		ask("without the search")
		if answer, said := f.do(t, "GET", "/readyz", ""); answer.StatusCode != http.StatusOK || !strings.Contains(said, `"search":"failed"`) || !strings.Contains(said, `"ready":true`) {
			t.Errorf("without the search it says %d %s", answer.StatusCode, said)
		}
		if _, said := f.post(t, "{ products { isReduced edges { node { id } } } }"); !strings.Contains(said, `"isReduced":true`) {
			t.Errorf("without the search it lists %s", said)
		}
	})
}
