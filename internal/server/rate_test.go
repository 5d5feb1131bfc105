package server

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"gongshu/internal/server/ratelimit"
)

// stopped is a clock that the test moves.
type stopped struct {
	mu sync.Mutex
	at time.Time
}

func (s *stopped) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *stopped) move(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// limited is a server whose callers may spend so many points in a minute of a clock that stands still.
func limited(t *testing.T, points int) (*fixture, *stopped) {
	t.Helper()
	f := start(t, sqlite(t))
	clock := &stopped{at: time.Now()}
	f.rates = ratelimit.New(points, clock.now)
	f.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	return f, clock
}

const anything = `{ domains { id } }` // 10 points for the request, 10 for its cost

func TestAnAddressSpendsAndWaits(t *testing.T) {
	f, clock := limited(t, 60)
	for i, want := range []string{`"address";r=40;t=20, "network";r=580;t=2`, `"address";r=20;t=40, "network";r=560;t=4`, `"address";r=0;t=60, "network";r=540;t=6`} {
		answer, body := f.post(t, anything)
		if answer.StatusCode != 200 || answer.Header.Get("RateLimit") != want || answer.Header.Get("RateLimit-Policy") != `"address";q=60;w=60, "network";q=600;w=60` {
			t.Errorf("request %d: %d %s with %v", i, answer.StatusCode, body, answer.Header)
		}
	}
	answer, body := f.post(t, anything)
	if answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") != "10" || !strings.Contains(body, `"code":"RATE_LIMITED","params":{"seconds":10}`) {
		t.Errorf("got %d %s with %v", answer.StatusCode, body, answer.Header)
	}
	if answer, _ := f.post(t, anything, "X-Forwarded-For", "198.51.100.7"); answer.StatusCode != 200 {
		t.Errorf("another address: %d", answer.StatusCode)
	}
	clock.move(20 * time.Second)
	if answer, _ := f.post(t, anything); answer.StatusCode != 200 {
		t.Errorf("after 20 s: %d", answer.StatusCode)
	}
}

// One site has 65,536 addresses; together they spend what ten do.
func TestStrangersOfOneSiteSpendTogether(t *testing.T) {
	f, _ := limited(t, 20)
	for i := range 12 {
		want := map[bool]int{true: 200, false: http.StatusTooManyRequests}[i < 10]
		if answer, body := f.post(t, anything, "X-Forwarded-For", fmt.Sprintf("2001:db8:1:%d::1", i)); answer.StatusCode != want {
			t.Errorf("address %d: %d %s with %v", i, answer.StatusCode, body, answer.Header)
		}
	}
	if answer, _ := f.post(t, anything, "X-Forwarded-For", "2001:db8:2::1"); answer.StatusCode != 200 {
		t.Errorf("another site: %d", answer.StatusCode)
	}
}

// What is refused costs too, or hostile documents would be free.
func TestRefusalsCost(t *testing.T) {
	for name, query := range map[string]string{
		"no document": `{`, "too many aliases": `{ domains {` + strings.Repeat(" a: id", 16) + ` } }`, "an unknown field": `{ domain }`,
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := limited(t, 20)
			for i, want := range []int{200, 200, 429} { // 10 points each
				if answer, body := f.post(t, query); answer.StatusCode != want {
					t.Errorf("request %d: %d %s", i, answer.StatusCode, body)
				}
			}
		})
	}
	t.Run("a long one costs more", func(t *testing.T) {
		f, _ := limited(t, 20)
		if answer, _ := f.post(t, `{ domains { id } } #`+strings.Repeat("x", 5000)); answer.StatusCode != 429 { // 10 + 19, then 10: all at first, then nothing is left
			t.Errorf("it is answered %d", answer.StatusCode)
		}
	})
	t.Run("an operation that cannot be paid is not carried out", func(t *testing.T) {
		f, _ := limited(t, 300)
		answer, body := f.post(t, `mutation { signOut { errors { code } } }`+strings.Repeat(" ", 256*28)) // 10 + 28, then 500 of the 262 that are left
		if answer.StatusCode != 429 || strings.Contains(body, "data") {
			t.Errorf("it is answered %d %s", answer.StatusCode, body)
		}
	})
}

func TestWhoIsSignedInHasAPurse(t *testing.T) {
	f, _ := limited(t, 1000)
	const password = "correct horse battery"
	if err := f.Market.PlatformFound(t.Context(), "平台", "91510700MA6GNGXH16", "admin@example.cn", "Admin", password); err != nil {
		t.Fatal(err)
	}
	answer, body := f.post(t, `mutation { signIn(input: {email: "admin@example.cn", password: "`+password+`"}) { viewer { roles } errors { code } } }`)
	if len(answer.Cookies()) != 1 {
		t.Fatalf("signing in answers %s", body)
	}
	cookie := answer.Cookies()[0].Name + "=" + answer.Cookies()[0].Value
	for f.spendsAll(t) {
	}
	answer, body = f.post(t, anything, "Cookie", cookie)
	if answer.StatusCode != 200 || !strings.HasPrefix(answer.Header.Get("RateLimit"), `"account";r=980;`) {
		t.Errorf("beside an address that spent all: %d %s with %v", answer.StatusCode, body, answer.Header)
	}
}

func TestFilesSpendAsMutationsDo(t *testing.T) {
	f, _ := limited(t, 1000)
	const password = "correct horse battery"
	if err := f.Market.PlatformFound(t.Context(), "平台", "91510700MA6GNGXH16", "admin@example.cn", "Admin", password); err != nil {
		t.Fatal(err)
	}
	answer, body := f.post(t, `mutation { signIn(input: {email: "admin@example.cn", password: "`+password+`"}) { errors { code } } }`)
	if len(answer.Cookies()) != 1 {
		t.Fatalf("signing in answers %s", body)
	}
	cookie := answer.Cookies()[0].Name + "=" + answer.Cookies()[0].Value
	const upload, document = "/uploads/documents?name=a.txt", "/documents/doc_01h455vb4pex5vsknk084sn02q"
	for _, c := range []struct {
		method, path string
		status       int
		left         string
	}{
		{"POST", upload, 400, `"account";r=500;t=30, "network";r=`}, // it is empty
		{"GET", document, 404, `"account";r=0;t=60, "network";r=`},
		{"POST", upload, 429, `"account";r=0;t=60, "network";r=`},
		{"GET", document, 429, `"account";r=0;t=60, "network";r=`},
		{"POST", "/uploads/datasets/prd_01h455vb4pex5vsknk084sn02q", 429, `"account";r=0;t=60, "network";r=`},
	} {
		answer, body := f.do(t, c.method, c.path, "", "Cookie", cookie)
		if answer.StatusCode != c.status || !strings.HasPrefix(answer.Header.Get("RateLimit"), c.left) {
			t.Errorf("%s %s: %d %s with %v", c.method, c.path, answer.StatusCode, body, answer.Header)
		}
		if c.status == 429 && (answer.Header.Get("Retry-After") != "30" || !strings.Contains(body, `"code":"RATE_LIMITED"`) || !strings.Contains(body, `"params":{"seconds":30}`)) {
			t.Errorf("%s %s is refused with %s and %v", c.method, c.path, body, answer.Header)
		}
	}
	if answer, body := f.do(t, "POST", upload, "x"); answer.StatusCode != 429 { // its address paid for signing in
		t.Errorf("a stranger: %d %s", answer.StatusCode, body)
	}
}

// spendsAll asks once more as nobody, and reports whether that was paid.
func (f *fixture) spendsAll(t *testing.T) bool {
	answer, _ := f.post(t, anything)
	return answer.StatusCode == 200
}

func TestDataCallsSpend(t *testing.T) {
	f, clock := limited(t, 20)
	const path = "/data/v1/products/prd_01h455vb4pex5vsknk084sn02q/rows"
	secret := func(n string) []string {
		return []string{"Authorization", "Bearer gsk_" + n, "Gongshu-Purpose", "INDUSTRY"}
	}
	if answer, _ := f.do(t, "GET", path, "", secret("a")...); answer.StatusCode != 401 || !strings.HasPrefix(answer.Header.Get("RateLimit"), `"address";r=9;`) {
		t.Errorf("a page of 100 by whoever made up a secret: %d with %v", answer.StatusCode, answer.Header)
	}
	answer, body := f.do(t, "GET", path+"?first=1000", "", secret("b")...)
	if answer.StatusCode != 429 || answer.Header.Get("Content-Type") != "application/problem+json" || answer.Header.Get("Retry-After") == "" || !strings.Contains(body, `"code":"RATE_LIMITED"`) {
		t.Errorf("with another secret: %d %s with %v", answer.StatusCode, body, answer.Header)
	}
	known, err := http.NewRequestWithContext(t.Context(), "GET", f.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	known.Header.Set("Authorization", "Bearer gsk_c")
	dataRate{f.Server}.Served(known) // as it is told of a call that was served
	if answer, _ := f.do(t, "GET", path, "", secret("c")...); !strings.HasPrefix(answer.Header.Get("RateLimit"), `"credential";r=9;`) {
		t.Errorf("a credential that is served has its own: %v", answer.Header)
	}
	clock.move(3 * ratelimit.Window)
	if answer, _ := f.do(t, "GET", path+"?first=10", "", secret("c")...); !strings.HasPrefix(answer.Header.Get("RateLimit"), `"address";r=18;`) {
		t.Errorf("one that was forgotten begins at its address: %v", answer.Header)
	}
	for _, other := range []string{"/data/v1/downloads/nothing"} {
		if answer, _ := f.do(t, "GET", other, ""); answer.Header.Get("RateLimit") == "" {
			t.Errorf("%s is free", other)
		}
	}
}
