package graph

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/validator/rules"

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

// The examples of the explorer are asked as they stand.
func TestTheExamplesOfTheExplorerFitTheSchema(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	files, err := filepath.Glob("../web-client/explorer/examples/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, errs := gqlparser.LoadQueryWithRules(schema, string(text), rules.NewDefaultRules()); len(errs) > 0 {
			t.Errorf("%s: %v", filepath.Base(file), errs)
		}
	}
}

// A value that a rule knows and the schema does not would reach clients that cannot read it.
func TestTheEnumsAreTheRules(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for name, rule := range map[string]interface{ Values() []string }{
		"ObstacleCode": authorisation.ObstacleCode(""), "SubjectKind": authorisation.SubjectKind(""),
		"ProductAction": authorisation.ProductAction(""), "ResourceAction": authorisation.ResourceAction(""), "OrganisationAction": access.OrganisationAction(""),
		"AgreementAction":   authorisation.AgreementAction(""),
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

// conventions mean the same wherever they stand; what there is to say of them, the description of the schema says.
var conventions = []string{"id", "input", "idempotencyKey", "first", "after", "edges", "pageInfo", "cursor", "node", "errors"}

// Who meets the API first by its schema finds there what everything in it is: every type and value, what can be asked and done, and
// whatever is given. Only a field that is read needs no words of its own where its name has them: as a text in two languages
// that its type speaks of, or, never null, as its type. A payload has what its mutation is about, and that is described there.
func TestEverythingSaysWhatItIs(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	says := func(coordinate, name, description string) {
		switch words := strings.TrimSpace(description); {
		case words == "":
			t.Errorf("%s does not say what it is", coordinate)
		case !strings.HasSuffix(words, "."):
			t.Errorf("%s says %q, which is no sentence", coordinate, description)
		case lettersOf(words) == lettersOf(name):
			t.Errorf("%s only says its name", coordinate)
		}
	}
	for _, typ := range schema.Types {
		if typ.BuiltIn {
			continue
		}
		plumbing := slices.ContainsFunc([]string{"Payload", "Connection", "Edge", "PageInfo"}, func(end string) bool { return strings.HasSuffix(typ.Name, end) })
		if !plumbing {
			says(typ.Name, typ.Name, typ.Description)
		}
		for _, value := range typ.EnumValues {
			says(typ.Name+"."+value.Name, value.Name, value.Description)
		}
		isRead := typ != schema.Query && typ != schema.Mutation && typ != schema.Subscription && typ.Kind != ast.InputObject
		for _, field := range typ.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			coordinate := typ.Name + "." + field.Name
			if !slices.Contains(conventions, field.Name) && !(isRead && (plumbing || namesItself(typ, field))) {
				says(coordinate, field.Name, field.Description)
			}
			for _, argument := range field.Arguments {
				if !slices.Contains(conventions, argument.Name) && !calledAs(argument.Type, argument.Name) {
					says(coordinate+"("+argument.Name+":)", argument.Name, argument.Description)
				}
			}
		}
	}
}

// namesItself reports whether a field of an object needs no words: name, createdAt and synthetic, the English beside the
// Chinese, and what is never null and called as its type.
func namesItself(of *ast.Definition, field *ast.FieldDefinition) bool {
	chinese, isEnglish := strings.CutSuffix(field.Name, "En")
	return slices.Contains([]string{"name", "createdAt", "synthetic"}, field.Name) || isEnglish && of.Fields.ForName(chinese) != nil ||
		field.Type.NonNull && calledAs(field.Type, field.Name)
}

// calledAs reports whether a name is that of a type, or how it ends: status is of the type OrderStatus.
func calledAs(typ *ast.Type, name string) bool {
	return typ.Elem == nil && strings.HasSuffix(strings.ToLower(typ.Name()), strings.ToLower(name))
}

// lettersOf is a text without what does not count when two are the same.
func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}
