package server

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongshu/e2e/conformance"
	"gongshu/internal/market"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
	"gongshu/search/inverted"
)

// fixture is a server that listens, over a fresh database.
type fixture struct {
	*Server
	address string
	log     *logged
	stop    context.CancelFunc
	stopped chan error
}

// eachServer runs a test against a listening server, on SQLite and on Postgres.
func eachServer(t *testing.T, run func(t *testing.T, f *fixture)) {
	t.Helper()
	testdb.TemplateEach(t, "server", prepare, func(t *testing.T, url string) { run(t, start(t, url)) })
}

func prepare(url string) error {
	s, err := store.Open(context.Background(), url, time.Now)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.Migrate(context.Background()); err != nil {
		return err
	}
	_, err = (&market.Market{Store: s}).LoadPolicies(context.Background())
	return err
}

func start(t *testing.T, database string, set ...func(*Options)) *fixture {
	t.Helper()
	s, err := store.Open(t.Context(), database, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &market.Market{Store: s, Search: &market.Searching{Products: inverted.Memory(), Resources: inverted.Memory()}}
	if missing, err := s.Pending(t.Context()); err != nil {
		t.Fatal(err)
	} else if !missing {
		if err := m.SearchPrepare(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	}
	f := &fixture{log: &logged{}, stopped: make(chan error, 1), address: "http://" + listener.Addr().String()}
	o := Options{Market: m, Log: slog.New(slog.NewJSONHandler(f.log, nil)), Origin: f.address}
	for _, one := range set {
		one(&o)
	}
	f.Server, err = New(o)
	if err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, f.stop = context.WithCancel(context.Background())
	go func() { f.stopped <- f.Serve(ctx, listener); close(f.stopped) }()
	t.Cleanup(func() { f.stop(); <-f.stopped })
	return f
}

// do sends a request and returns its answer with the whole body.
func (f *fixture) do(t *testing.T, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, f.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func (f *fixture) post(t *testing.T, query string, headers ...string) (*http.Response, string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return f.do(t, "POST", "/graphql", string(body), append([]string{"Content-Type", "application/json"}, headers...)...)
}

func TestTheServerAnswers(t *testing.T) {
	const secret = "hunter2-secret"
	eachServer(t, func(t *testing.T, f *fixture) {
		f.post(t, "{ viewer { __typename } }") // so that there is something to measure
		for _, c := range []struct {
			name, method, path, body string
			headers                  []string
			status                   int
			says                     string
		}{
			{name: "that it is alive", method: "GET", path: "/healthz", status: 200, says: "ok"},
			{name: "that it is ready", method: "GET", path: "/readyz", status: 200, says: `"ready":true`},
			{name: "what it measured of requests", method: "GET", path: "/metrics", status: 200, says: `gongshu_http_request_seconds_count{route="/graphql",status="200"} 1`},
			{name: "what it measured of operations", method: "GET", path: "/metrics", status: 200, says: `gongshu_graphql_operation_seconds_count{status="200",type="query"} 1`},
			{name: "what it measured of statements", method: "GET", path: "/metrics", status: 200, says: `gongshu_graphql_statements_sum{type="query"} 0`},
			{name: "how deep the outbox is", method: "GET", path: "/metrics", status: 200, says: `gongshu_outbox_jobs{state="available"} 0`},
			{name: "how much was given up", method: "GET", path: "/metrics", status: 200, says: `gongshu_outbox_jobs{state="discarded"} 0`},
			{name: "how the process does", method: "GET", path: "/metrics", status: 200, says: `process_resident_memory_bytes`},
			{name: "with the page", method: "GET", path: "/", headers: []string{"Accept", "text/html"}, status: 200, says: "<!doctype html>"},
			{name: "a query by GET", method: "GET", path: "/graphql?query=" + url.QueryEscape("{ viewer { __typename } }"), status: 200, says: `{"data":{"viewer":null}}`},
			{name: "no introspection to a stranger", method: "GET", path: "/graphql?query=" + url.QueryEscape("{ __schema { queryType { name } } }"), status: 200, says: "INTROSPECTION_DISABLED"},
			{name: "a mutation by GET with 405", method: "GET", path: "/graphql?query=" + url.QueryEscape("mutation { signOut { errors { code } } }"), status: 405, says: "METHOD_NOT_ALLOWED"},
			{name: "10 MB with 413", method: "POST", path: "/graphql", body: `{"query":"` + strings.Repeat(secret, 10<<20/len(secret)) + `"}`,
				headers: []string{"Content-Type", "application/json"}, status: 413, says: "BODY_TOO_LARGE"},
			{name: "broken JSON with 400", method: "POST", path: "/graphql", body: `{"query": "` + secret,
				headers: []string{"Content-Type", "application/json"}, status: 400, says: "BAD_REQUEST"},
			{name: "a form of another site with 415", method: "POST", path: "/graphql", body: "query=" + secret,
				headers: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415, says: "UNSUPPORTED_MEDIA_TYPE"},
			{name: "a browser that another site sends with 403", method: "POST", path: "/graphql", body: `{"query":"{ viewer { __typename } }"}`,
				headers: []string{"Content-Type", "application/json", "Sec-Fetch-Site", "cross-site"}, status: 403, says: "CROSS_ORIGIN"},
			{name: "an old browser that another site sends with 403", method: "POST", path: "/graphql", body: `{"query":"{ viewer { __typename } }"}`,
				headers: []string{"Content-Type", "application/json", "Origin", "https://evil.example"}, status: 403, says: "CROSS_ORIGIN"},
			{name: "a browser on its own pages", method: "POST", path: "/graphql", body: `{"query":"{ viewer { __typename } }"}`,
				headers: []string{"Content-Type", "application/json", "Sec-Fetch-Site", "same-origin"}, status: 200, says: `"viewer":null`},
			{name: "an operation too deep with 400", method: "POST", path: "/graphql", body: `{"query":"{ viewer { memberships { ` + strings.Repeat("organisation { members(first: 1) { edges { node { ", 3) + "roles" + strings.Repeat(" }", 15) + `"}`,
				headers: []string{"Content-Type", "application/json", "Accept", "application/graphql-response+json"}, status: 400, says: "QUERY_TOO_DEEP"},
			{name: "a data call without a credential with a problem", method: "GET", path: "/data/v1/products/prd_01h455vb4pex5vsknk084sn02q/rows", status: 401, says: `"code"`},
			{name: "an unknown address of an API with 404", method: "POST", path: "/graphq", status: 404, says: ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				answer, body := f.do(t, c.method, c.path, c.body, c.headers...)
				if answer.StatusCode != c.status || !strings.Contains(body, c.says) {
					t.Errorf("want %d with %s, got %d: %.2000s", c.status, c.says, answer.StatusCode, body)
				}
				if strings.Contains(body, secret) {
					t.Error("the answer repeats what was sent")
				}
				if answer.Header.Get("X-Request-Id") == "" || answer.Header.Get("X-Content-Type-Options") != "nosniff" || answer.Header.Get("Content-Security-Policy") == "" {
					t.Errorf("the headers are %v", answer.Header)
				}
			})
		}
		if log := f.log.String(); strings.Contains(log, secret) {
			t.Error("the log repeats what was sent")
		}
	})
}

func TestARequestKeepsItsID(t *testing.T) {
	f := start(t, sqlite(t))
	for _, c := range []struct {
		name, given string
		kept        bool
	}{
		{"of a proxy", "0f3c-91.req_7", true},
		{"too short to be one", "x", false},
		{"with signs that no id has", "a\"b{c}d,efgh", false},
		{"too long", strings.Repeat("a", 65), false},
		{"none", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, _ := f.post(t, "query Mine { viewer { __typename } }", "X-Request-Id", c.given)
			id := answer.Header.Get("X-Request-Id")
			if (id == c.given) != c.kept || len(id) < 8 {
				t.Errorf("the answer has %q", id)
			}
			f.logs(t, `"requestId":"`+id+`"`, `"method":"POST","route":"/graphql","status":200`, `"operation":"Mine","type":"query","statements":0`)
		})
	}
}

func TestABrowserSignsInAndOut(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		const password = "correct horse battery"
		if err := f.Market.PlatformFound(t.Context(), "平台", "91510700MA6GNGXH16", "admin@example.cn", "Admin", password); err != nil {
			t.Fatal(err)
		}
		const signIn = `mutation { signIn(input: {email: "admin@example.cn", password: "` + password + `"}) { viewer { roles } errors { code } } }`
		answer, body := f.post(t, signIn)
		if len(answer.Cookies()) != 1 || !strings.Contains(body, "ADMINISTRATOR") {
			t.Fatalf("signing in answers %v and %s", answer.Cookies(), body)
		}
		cookie := answer.Cookies()[0]
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie is %v", cookie)
		}
		session := cookie.Name + "=" + cookie.Value
		if _, body := f.post(t, "{ viewer { person { displayName } } }", "Cookie", session); !strings.Contains(body, `"Admin"`) {
			t.Errorf("signed in, the viewer is %s", body)
		}
		f.post(t, "query Nothing { __typename }", "Cookie", session)
		f.logs(t, `"operation":"Nothing","type":"query","statements":2`) // its session, and whom it says
		if answer, _ := f.post(t, "mutation { signOut { errors { code } } }", "Cookie", session, "Sec-Fetch-Site", "cross-site"); answer.StatusCode != http.StatusForbidden {
			t.Errorf("another site signs people out: %d", answer.StatusCode)
		}
		f.post(t, "mutation { signOut { errors { code } } }", "Cookie", session)
		if _, body := f.post(t, "{ viewer { person { displayName } } }", "Cookie", session); body != `{"data":{"viewer":null}}` {
			t.Errorf("signed out, the viewer is %s", body)
		}
		for _, secret := range []string{password, cookie.Value, "admin@example.cn"} {
			if strings.Contains(f.log.String(), secret) {
				t.Errorf("the log holds %q", secret)
			}
		}
	})
}

func TestItIsNotReadyWithoutItsTables(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		f := start(t, url)
		answer, body := f.do(t, "GET", "/readyz", "")
		if answer.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, `"migrations":"failed"`) {
			t.Errorf("got %d: %s", answer.StatusCode, body)
		}
		if answer, body := f.do(t, "GET", "/healthz", ""); answer.StatusCode != http.StatusOK {
			t.Errorf("it is not alive: %d %s", answer.StatusCode, body)
		}
		if answer, body := f.do(t, "GET", "/metrics", ""); answer.StatusCode != http.StatusOK || !strings.Contains(body, "go_goroutines") {
			t.Errorf("it tells nothing: %d %s", answer.StatusCode, body)
		}
	})
}

func TestWithoutItsDatabaseItAnswersUnavailableEverywhere(t *testing.T) {
	testdb.TemplateEach(t, "server", prepare, func(t *testing.T, database string) {
		if strings.HasPrefix(database, "sqlite") {
			t.Skip("a SQLite file is nobody else's to take away")
		}
		f := start(t, database)
		if answer, body := f.post(t, `{ domains { name } }`); answer.StatusCode != http.StatusOK {
			t.Fatalf("with it, it answers %d %s", answer.StatusCode, body)
		}
		takeAway(t, database)
		const signedIn = "gongshu-session=c2Vzc2lvbiBvZiBub2JvZHkgaW4gcGFydGljdWxhcg"
		for _, ask := range []func() (*http.Response, string){
			func() (*http.Response, string) { return f.post(t, `{ domains { name } }`) },
			func() (*http.Response, string) {
				return f.post(t, `mutation { signOut { errors { code } } }`, "Cookie", signedIn)
			},
			func() (*http.Response, string) {
				return f.do(t, "GET", "/data/v1/products/prd_x/rows", "", "Authorization", "Bearer gsk_"+strings.Repeat("0", 52), "Gongshu-Purpose", "INDUSTRY")
			},
			func() (*http.Response, string) {
				return f.do(t, "GET", "/data/v1/downloads/"+strings.Repeat("0", 52), "")
			},
			func() (*http.Response, string) {
				return f.do(t, "GET", "/documents/doc_01h455vb4pex5vsknk084sn02q", "", "Cookie", signedIn)
			},
		} {
			answer, body := ask()
			if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" || !strings.Contains(body, `"code":"UNAVAILABLE"`) {
				t.Errorf("%s answers %d %v %s", answer.Request.URL.Path, answer.StatusCode, answer.Header, body)
			}
			for _, driver := range []string{"pq:", "dial", "gongshu_test_", "does not exist"} {
				if strings.Contains(body, driver) {
					t.Errorf("%s tells of the driver: %s", answer.Request.URL.Path, body)
				}
			}
		}
	})
}

// takeAway drops a Postgres database under whoever uses it.
func takeAway(t *testing.T, database string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	server, err := sql.Open("postgres", u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if _, err := server.ExecContext(t.Context(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
		t.Fatal(err)
	}
}

func TestStoppingEndsWhatIsUnderWay(t *testing.T) {
	f := start(t, sqlite(t))
	began, finish := make(chan struct{}), make(chan struct{})
	inner := f.handler
	f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-finish
		inner.ServeHTTP(w, r)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- f.Serve(ctx, listener) }()
	answered := make(chan error, 1)
	go func() {
		answer, err := http.Get("http://" + listener.Addr().String() + "/readyz")
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				err = errors.New(answer.Status)
			}
		}
		answered <- err
	}()
	<-began
	stop()
	for { // until it takes no more
		c, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			break
		}
		c.Close()
		time.Sleep(time.Millisecond)
	}
	close(finish)
	if err := <-answered; err != nil {
		t.Errorf("the request under way: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("the stop: %v", err)
	}
	if _, err := http.Get("http://" + listener.Addr().String() + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

func TestStoppingCutsOffWhatDoesNotEnd(t *testing.T) {
	f := start(t, sqlite(t))
	f.drainTime = 10 * time.Millisecond
	began := make(chan struct{})
	f.handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- f.Serve(ctx, listener) }()
	go func() {
		if answer, err := http.Get("http://" + listener.Addr().String()); err == nil {
			answer.Body.Close()
		}
	}()
	<-began
	stop()
	if err := <-stopped; err != nil {
		t.Errorf("an ordinary stop is an error: %v", err)
	}
	f.logs(t, `"level":"WARN"`, "cut off")
}

func TestReadinessIsFoundOutOnceASecond(t *testing.T) {
	f := start(t, sqlite(t))
	tx, err := f.Market.Store.Writer().Begin()
	if err != nil {
		t.Fatal(err)
	}
	if answer, body := f.do(t, "GET", "/readyz", ""); answer.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, `"database":"failed"`) {
		t.Errorf("while nothing can be written it answers %d: %s", answer.StatusCode, body)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	asked := 0
	var once remembered[int]
	for range 10 {
		once.get(func() int { asked++; return asked })
	}
	if asked != 1 {
		t.Errorf("it was found out %d times", asked)
	}
}

func TestAStrangerHoldsNoConnection(t *testing.T) {
	f := start(t, sqlite(t))
	for _, path := range []string{"/uploads/documents?name=a.txt", "/uploads/datasets/prd_01h455vb4pex5vsknk084sn02q"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(f.address, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.SetDeadline(time.Now().Add(requestTime / 2)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, "POST "+path+" HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx"); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(c)
		if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 401")) {
			t.Errorf("%s: it holds its connection: %v after %s", path, err, answer)
		}
	}
}

func TestAPanicIsAnsweredAndLogged(t *testing.T) {
	f := start(t, sqlite(t))
	seen := httptest.NewRecorder()
	f.observe(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the password is hunter2") })).
		ServeHTTP(seen, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	if seen.Code != http.StatusInternalServerError || strings.Contains(seen.Body.String(), "hunter2") {
		t.Errorf("the answer is %d: %s", seen.Code, seen.Body)
	}
	f.logs(t, "a handler panicked")
}

func TestTheServerPassesEveryAuditOfGraphQLOverHTTP(t *testing.T) {
	f := start(t, sqlite(t))
	f.Development = true // the audits ask for __type
	conformance.Audit(t, f.address+"/graphql")
}

// sqlite returns a prepared database for what does not depend on which.
func sqlite(t *testing.T) string {
	t.Helper()
	database := (&url.URL{Scheme: "sqlite", Path: t.TempDir() + "/gongshu.db"}).String()
	if err := prepare(database); err != nil {
		t.Fatal(err)
	}
	return database
}

// logs fails unless the log comes to hold a line with all parts; a line is written after its answer.
func (f *fixture) logs(t *testing.T, parts ...string) {
	t.Helper()
	for range 1000 {
		for line := range strings.Lines(f.log.String()) {
			if !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(line, part) }) {
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("no line of the log has %q:\n%s", parts, f.log)
}

// logged collects a log.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Where the catalogue is in memory, public reads come from there once the database was followed.
func TestPublicReadsComeFromMemory(t *testing.T) {
	testdb.TemplateEach(t, "server", prepare, func(t *testing.T, url string) {
		f := start(t, url, func(o *Options) { o.InMemory = true })
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			if answer, body := f.post(t, `{ operators { edges { node { id } } } }`); answer.StatusCode != http.StatusOK || strings.Contains(body, "errors") {
				t.Fatalf("%d %s", answer.StatusCode, body)
			}
			_, metrics := f.do(t, "GET", "/metrics", "")
			for _, says := range []string{"\ngongshu_catalogue_records 0\n", "\ngongshu_catalogue_bytes 0\n"} {
				if !strings.Contains(metrics, says) {
					t.Fatalf("the metrics do not say %q", says)
				}
			}
			if !strings.Contains(metrics, "\ngongshu_catalogue_reads_total 0\n") {
				return
			}
			if time.Now().After(deadline) {
				t.Fatal("nothing was read from memory")
			}
		}
	})
}
