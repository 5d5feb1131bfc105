// Package conformance audits a running GraphQL server against the GraphQL over HTTP specification, with the audit
// suite of the specification's reference implementation (npm graphql-http).
//
// It owns the suite and its count; which server is audited is the caller's. The schema behind the URL must answer
// introspection without signing in, as the audits ask for __type.
package conformance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Audit fails the test unless the server at url passes every audit; what each one said is in the test's log.
// It fails too, with the command to run, where the suite is not installed: an audit that did not run proves nothing.
func Audit(t testing.TB, url string) {
	t.Helper()
	dir := folder(t)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "graphql-http", "package.json")); err != nil {
		t.Fatal("the audit suite is not installed; run: (cd e2e/conformance && npm ci)")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "node", "audit.mjs", url)
	command.Dir = dir
	output, err := command.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Fatalf("audit of %s: %v", url, err)
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
