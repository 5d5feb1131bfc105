package walk

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"gongshu/e2e/program"
	"gongshu/internal/testdb"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// The walk-through is what readers paste: here it is pasted, into the demo market, and every step has to go through.
func TestTheWalkThroughRunsAsItStands(t *testing.T) {
	text, err := os.ReadFile("../../docs/walk-through.md")
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	script.WriteString("set -euo pipefail\n")
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		script.WriteString(block[1])
	}
	testdb.Each(t, func(t *testing.T, url string) {
		p := program.Start(t, url, "GONGSHU_DEMO=true")
		shell := exec.Command("bash", "-s")
		shell.Stdin = strings.NewReader(script.String())
		shell.Env = append(os.Environ(), "G="+p.Base)
		out, err := shell.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, want := range []string{`"FREE_BY_PURPOSE"`, `"PAID_BY_PURPOSE"`, `"PURPOSE_MISMATCH"`, `"payee":"TREASURY"`, `"status":"PAID","amount":{"amount":"1.00"}`, `"earned":{"amount":"-`, `"CELL_NOT_INTEGER"`, `"RESOURCE_NOT_PUBLISHED"`, `"product":null`} {
			if !strings.Contains(string(out), want) {
				t.Errorf("the walk never shows %s", want)
			}
		}
		if strings.Count(string(out), "\nLISTED\n") < 2 {
			t.Errorf("two products should be listed on the way:\n%s", out)
		}
		p.Reconcile()
	})
}
