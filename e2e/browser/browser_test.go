package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gongshu/e2e/program"
	"gongshu/internal/testdb"
)

const client = "../../web-client"

func TestMain(m *testing.M) { os.Exit(program.Run(m)) }

// serve starts the demo market; the limits of rate are tested elsewhere.
func serve(t *testing.T, url string) *program.Program {
	t.Helper()
	return program.Start(t, url, "GONGSHU_DEMO=true", "GONGSHU_RATE=off")
}

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
	journeys, err := filepath.Glob(filepath.Join(client, "e2e", "*.test.mjs"))
	if err != nil || len(journeys) == 0 {
		t.Fatalf("there are no journeys in web-client/e2e: %v", err)
	}
	for i, journey := range journeys {
		journeys[i] = filepath.Join("e2e", filepath.Base(journey))
	}
	testdb.Each(t, func(t *testing.T, url string) {
		market := serve(t, url)
		screenshots, err := os.MkdirTemp("", "gongshu-browser-")
		if err != nil {
			t.Fatal(err)
		}
		// One file after the other: what they measure is not disturbed, and they share one market.
		node := exec.CommandContext(t.Context(), "node", append([]string{"--test", "--test-reporter=spec", "--test-concurrency=1"}, journeys...)...)
		node.Dir = client
		node.Env = append(os.Environ(), "GONGSHU_URL="+market.Base, "GONGSHU_SCREENSHOTS="+screenshots, "NO_COLOR=1", "FORCE_COLOR=0")
		if strings.HasPrefix(url, "postgres") { // a screen looks alike on either database: it is held against everything once, and opened again
			node.Env = append(node.Env, "GONGSHU_SCREENS=open")
		}
		said, err := node.CombinedOutput()
		if err != nil {
			t.Fatalf("%v; screenshots of what failed are in %s\n%s", err, screenshots, said)
		}
		t.Logf("%s", said)
		if err := os.RemoveAll(screenshots); err != nil {
			t.Error(err)
		}
	})
}
