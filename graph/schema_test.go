package graph

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/formatter"

	"gongshu/graph/generated"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/server/limits"
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

// A value that a rule knows and the schema does not would reach clients that cannot read it.
func TestTheEnumsAreTheRules(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for name, rule := range map[string]interface{ Values() []string }{
		"ObstacleCode": authorisation.ObstacleCode(""), "SubjectKind": authorisation.SubjectKind(""),
		"ProductAction": authorisation.ProductAction(""), "ResourceAction": authorisation.ResourceAction(""), "OrganisationAction": access.OrganisationAction(""),
		"EgressEnvironment": outputcontrol.Environment(""), "EgressReason": outputcontrol.Reason(""),
	} {
		var values []string
		for _, v := range schema.Types[name].EnumValues {
			values = append(values, v.Name)
		}
		if !slices.Equal(values, rule.Values()) {
			t.Errorf("%s is %v, the rule has %v", name, values, rule.Values())
		}
	}
}

// A request may ask for one mutation that moves money or rights; what takes an idempotency key is always one, and so is what
// takes a password, whose hash is made to be dear.
func TestWhatIsDoneOnceIsMarked(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	marked := 0
	for _, mutation := range schema.Mutation.Fields {
		onlyOnce := mutation.Arguments.ForName("idempotencyKey") != nil
		if input := mutation.Arguments.ForName("input"); input != nil {
			fields := schema.Types[input.Type.Name()].Fields
			onlyOnce = onlyOnce || fields.ForName("idempotencyKey") != nil || fields.ForName("password") != nil
		}
		isMarked := mutation.Directives.ForName(limits.MoneyOrRights) != nil
		if onlyOnce && !isMarked {
			t.Errorf("%s takes an idempotency key or a password and is not marked @%s", mutation.Name, limits.MoneyOrRights)
		}
		if isMarked {
			marked++
		}
	}
	if marked == 0 {
		t.Error("nothing is marked")
	}
}
