package graph

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/vektah/gqlparser/v2/formatter"

	"gongshu/graph/generated"
)

var update = flag.Bool("update", false, "write the golden copy of the schema")

// The golden copy shows every change of the API in one file; clients are generated from it.
func TestTheSchemaIsItsGoldenCopy(t *testing.T) {
	const golden = "schema.golden.graphql"
	var printed bytes.Buffer
	formatter.NewFormatter(&printed, formatter.WithIndent("  ")).FormatSchema(generated.NewExecutableSchema(generated.Config{}).Schema())
	if *update {
		if err := os.WriteFile(golden, printed.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(printed.Bytes(), want) {
		t.Error("the schema changed; look at the difference after: go test ./graph -run GoldenCopy -update")
	}
}
