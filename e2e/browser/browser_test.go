package browser

import (
	"bytes"
	"cmp"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"gongshu/e2e/program"
	"gongshu/internal/payment/stripe/standin"
	"gongshu/internal/testdb"
)

const client = "../../web-client"

func TestMain(m *testing.M) { os.Exit(program.Run(m)) }

// serve starts the demo market; the limits of rate are tested elsewhere.
func serve(t *testing.T, url string, env ...string) *program.Program {
	t.Helper()
	return program.Start(t, url, append(env, "GONGSHU_DEMO=true", "GONGSHU_RATE=off")...)
}

// cards stand in for Stripe, on the loopback.
type cards struct {
	server *httptest.Server
	behind atomic.Pointer[http.Handler]
}

const (
	cardsKey    = "sk_test_browser"
	cardsSecret = "whsec_browser"
)

func openCards(t *testing.T) *cards {
	t.Helper()
	c := &cards{}
	c.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*c.behind.Load()).ServeHTTP(w, r) }))
	t.Cleanup(c.server.Close)
	return c
}

func (c *cards) env() []string {
	return []string{"STRIPE_SECRET_KEY=" + cardsKey, "STRIPE_WEBHOOK_SECRETS=" + cardsSecret, "STRIPE_URL=" + c.server.URL}
}

// tell says where events are sent to, once the program has its address; nobody pays before.
func (c *cards) tell(url string) {
	handler := standin.New(standin.Options{Key: cardsKey, WebhookURL: url, WebhookSecrets: []string{cardsSecret}}).Controlled()
	c.behind.Store(&handler)
}

// uncaught is how the runner tells of an error that nobody caught, outside of any test.
var uncaught = regexp.MustCompile(`(?s)[^\n]*generated asynchronous activity.*?(?:unhandledRejection|uncaughtException) event`)

func there(file string) bool {
	_, err := os.Stat(filepath.Join(client, file))
	return err == nil
}

func TestJourneys(t *testing.T) {
	// What there is to build has to be built.
	for page, built := range map[string]string{"index.html": "dist/app/index.html", "explorer/index.html": "dist/explorer/index.html"} {
		if there(page) && !there(built) {
			t.Fatalf("web-client/%s is missing; run: make build", built)
		}
	}
	if !there("node_modules/playwright-core") {
		t.Fatal("the test tools of web-client are not installed; run: make test")
	}
	// GONGSHU_JOURNEYS=bills runs that one alone; GONGSHU_JITTER=500 holds up each question of a page by up to as many milliseconds,
	// so that answers come in another order, as they do on a slow machine.
	journeys, err := filepath.Glob(filepath.Join(client, "e2e", cmp.Or(os.Getenv("GONGSHU_JOURNEYS"), "*")+".test.mjs"))
	if err != nil || len(journeys) == 0 {
		t.Fatalf("there are no journeys in web-client/e2e: %v", err)
	}
	for i, journey := range journeys {
		journeys[i] = filepath.Join("e2e", filepath.Base(journey))
	}
	testdb.Each(t, func(t *testing.T, url string) {
		cards := openCards(t)
		env := cards.env()
		if strings.HasPrefix(url, "postgres") { // what is done is seen at once from memory, too
			env = append(env, "GONGSHU_CATALOGUE=memory")
		}
		market := serve(t, url, env...)
		cards.tell(market.Base + "/webhooks/stripe")
		screenshots, err := os.MkdirTemp("", "gongshu-browser-")
		if err != nil {
			t.Fatal(err)
		}
		// One file after the other: what they measure is not disturbed, and they share one market.
		node := exec.CommandContext(t.Context(), "node", append([]string{"--test", "--test-reporter=spec", "--test-concurrency=1"}, journeys...)...)
		node.Dir = client
		node.Env = append(os.Environ(), "GONGSHU_URL="+market.Base, "GONGSHU_SCREENSHOTS="+screenshots, "GONGSHU_STRIPE="+cards.server.URL, "NO_COLOR=1", "FORCE_COLOR=0")
		if strings.HasPrefix(url, "postgres") { // a screen looks alike on either database: it is held against everything once, and opened again
			node.Env = append(node.Env, "GONGSHU_SCREENS=open")
		}
		said, err := node.CombinedOutput()
		if err != nil {
			// What passed would only hide in a record that is cut why they failed. A file can fail with all of its tests passed:
			// by what nobody caught after one of them, which is told of as a note.
			if at := bytes.Index(said, []byte("failing tests:")); at >= 0 {
				said = append(bytes.Join(uncaught.FindAll(said[:at], -1), []byte("\n")), append([]byte("\n"), said[at:]...)...)
			}
			t.Fatalf("%v; screenshots of what failed are in %s\n%s", err, screenshots, said)
		}
		t.Logf("%s", said)
		if os.Getenv("GONGSHU_JOURNEYS") != "" {
			t.Logf("screenshots are in %s", screenshots)
		} else if err := os.RemoveAll(screenshots); err != nil {
			t.Error(err)
		}
	})
}
