package hostile

import (
	"net/http"
	"strconv"
	"testing"

	"gongshu/e2e/program"
	"gongshu/internal/testdb"
)

// Who asks too much is told so by the program as it is built, how long to wait, and what is left.
func TestWhoAsksTooMuchWaits(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s := &scene{t: t, program: program.Start(t, url, "GONGSHU_RATE=100"), client: &http.Client{}, headers: map[string]http.Header{"nobody": {}}}
		asked := entry{as: "nobody", method: http.MethodPost, path: "/graphql", header: http.Header{"Content-Type": {"application/json"}}, body: []byte(`{"query":"{ domains { id } }"}`)}
		for paid := 0; ; paid++ {
			r, err := s.send(asked)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"RateLimit", "RateLimit-Policy"} {
				if r.header.Get(name) == "" {
					t.Errorf("request %d is not told its %s: %v", paid, name, r.header)
				}
			}
			if r.status == http.StatusTooManyRequests {
				if wait, err := strconv.Atoi(r.header.Get("Retry-After")); err != nil || wait < 1 || wait > 60 || r.code != "RATE_LIMITED" || paid == 0 {
					t.Errorf("request %d is told to wait %q s: %s", paid, r.header.Get("Retry-After"), r.body)
				}
				break
			}
			if r.status != http.StatusOK || paid > 50 {
				t.Fatalf("request %d is answered %d %s", paid, r.status, r.body)
			}
		}
		r, err := s.send(entry{as: "nobody", method: http.MethodGet, path: "/data/v1/products/prd_01h455vb4pex5vsknk084sn02q/rows?first=1000",
			header: http.Header{"Authorization": {"Bearer gsk_a"}, "Gongshu-Purpose": {"INDUSTRY"}}})
		if err != nil || r.status != http.StatusTooManyRequests || r.code != "RATE_LIMITED" || r.header.Get("Retry-After") == "" {
			t.Errorf("a data call is answered %d %v %s, %v", r.status, r.header, r.body, err)
		}
	})
}
