// Package conformance judges a running server by what others published for that: a GraphQL server against the GraphQL over
// HTTP specification, with the audit suite of the specification's reference implementation (npm graphql-http), and what other systems
// harvest of the market against DCAT-AP, OpenAPI and Data Package, with parsers and validators that are not ours.
//
// It owns the suites and their counts; which server is judged is the caller's. The schema behind the URL of an audit must answer
// introspection without signing in, as the audits ask for __type.
package conformance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Audit fails the test unless the server at url passes every audit; what each one said is in the test's log.
// It fails too, with the command to run, where the suite is not installed: an audit that did not run proves nothing.
func Audit(t testing.TB, url string) {
	t.Helper()
	run(t, "graphql-http", time.Minute, "audit.mjs", url)
}

// Called is a product whose rows may be called, and how.
type Called struct{ Product, Secret, Purpose string }

// Harvest fails the test unless the catalogue of the market at url, without a slash at its end, has so many products, and all that is told
// of them is as it was published that it should be; and unless the rows of a product that is called are as they are described, where
// one is given. It fails too where the suite is not installed.
func Harvest(t testing.TB, url string, products int, called ...Called) {
	t.Helper()
	args := []string{"harvest.mjs", url, strconv.Itoa(products)}
	for _, c := range called {
		args = append(args, c.Product, c.Secret, c.Purpose)
	}
	run(t, "rdf-validate-shacl", 5*time.Minute, args...)
}

// run runs a suite, which needs a module.
func run(t testing.TB, module string, most time.Duration, args ...string) {
	t.Helper()
	dir := folder(t)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", module, "package.json")); err != nil {
		t.Fatal("the suites are not installed; run: (cd e2e/conformance && npm ci)")
	}
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	command := exec.CommandContext(ctx, "node", args...)
	command.Dir = dir
	output, err := command.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Fatalf("%s: %v", args[0], err)
	}
}

// folder finds this package in the module that the test runs in: binaries built with -trimpath do not know it.
func folder(t testing.TB) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return filepath.Join(root, "e2e", "conformance")
		}
		parent := filepath.Dir(root)
		if parent == root {
			t.Fatal("no go.mod above the test's folder")
		}
		root = parent
	}
}
