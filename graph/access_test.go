package graph

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/graph/generated"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
)

// open are the mutations for those who are not signed in; every other one refuses them.
var open = []string{"signIn", "signOut", "organisationSignUp", "invitationAccept"}

// named say which ids an argument or input field takes whose name does not say it.
var named = map[string]string{
	"evidence": documentID, "sourceUnitId": organisationID, "industryAuthorityId": organisationID, "operatorId": organisationID,
	"contributorId": organisationID, "upTo": notificationID, "agencyId": organisationID, "itemId": itemID, "itemIds": itemID,
	"memberIds": organisationID,
}

func TestNobodyChangesAnything(t *testing.T) {
	s := emptyStore(t)
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: &Resolver{Store: s, Market: &market.Market{Store: s}}})
	exec := executor.New(schema)
	exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		return next(WithLoaders(ctx, s))
	})
	exec.SetRecoverFunc(func(_ context.Context, v any) error { return fmt.Errorf("panic: %v", v) })
	for _, mutation := range schema.Schema().Mutation.Fields {
		if slices.Contains(open, mutation.Name) {
			continue
		}
		t.Run(mutation.Name, func(t *testing.T) {
			document, variables := minimal(t, schema.Schema(), mutation)
			ctx := access.With(graphql.StartOperationTrace(t.Context()), access.Viewer{})
			operation, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
			if errs != nil {
				t.Fatalf("%s with %v: %v", document, variables, errs)
			}
			respond, ctx := exec.DispatchOperation(ctx, operation)
			response := respond(ctx)
			var refused *fault.Error
			if len(response.Errors) == 0 || !errors.As(response.Errors[0], &refused) || refused.Kind != fault.Unauthenticated {
				t.Errorf("with %v nobody is answered %s, %v", variables, response.Data, response.Errors)
			}
		})
	}
}

// emptyStore is a migrated database with nothing in it.
func emptyStore(t *testing.T) *store.Store {
	t.Helper()
	file := (&url.URL{Scheme: "sqlite", Path: filepath.Join(t.TempDir(), "gongshu.db")}).String()
	s, err := store.Open(t.Context(), file, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// minimal is a mutation with the least that its schema asks for.
func minimal(t *testing.T, schema *ast.Schema, mutation *ast.FieldDefinition) (document string, variables map[string]any) {
	variables = map[string]any{}
	var declared, passed []string
	for _, a := range mutation.Arguments {
		if !a.Type.NonNull {
			continue
		}
		declared = append(declared, fmt.Sprintf("$%s: %s", a.Name, a.Type))
		passed = append(passed, fmt.Sprintf("%s: $%s", a.Name, a.Name))
		variables[a.Name] = example(t, schema, mutation.Name, a.Name, a.Type)
	}
	document = fmt.Sprintf("mutation { %s { __typename } }", mutation.Name)
	if len(passed) > 0 {
		document = fmt.Sprintf("mutation(%s) { %s(%s) { __typename } }", strings.Join(declared, ", "), mutation.Name, strings.Join(passed, ", "))
	}
	return document, variables
}

// example is a value of a type: of a list one entry, of an input what is required of it.
func example(t *testing.T, schema *ast.Schema, mutation, name string, typ *ast.Type) any {
	if typ.Elem != nil {
		return []any{example(t, schema, mutation, name, typ.Elem)}
	}
	switch typ.NamedType {
	case "ID":
		return publicid.Encode(prefixOf(t, mutation, name), uuid.Must(uuid.NewV7()))
	case "Boolean":
		return true
	case "Int":
		return 1
	case "Long", "Decimal":
		return "1"
	case "Date":
		return "2026-03-02"
	case "DateTime":
		return "2026-03-02T00:00:00Z"
	case "String":
		return "x"
	}
	definition := schema.Types[typ.NamedType]
	if definition.Kind == ast.Enum {
		return definition.EnumValues[0].Name
	}
	if definition.Kind != ast.InputObject {
		t.Fatalf("%s: no example of %s", mutation, typ.NamedType)
	}
	object := map[string]any{}
	for _, f := range definition.Fields {
		if f.Type.NonNull {
			object[f.Name] = example(t, schema, mutation, f.Name, f.Type)
		}
	}
	return object
}

// prefixOf finds which ids a place takes: productId says it, and so does productList(id).
func prefixOf(t *testing.T, mutation, name string) string {
	if prefix, ok := named[name]; ok {
		return prefix
	}
	where := strings.TrimSuffix(strings.TrimSuffix(name, "s"), "Id")
	if name == "id" {
		where = mutation
		if strings.HasPrefix(mutation, "payout") { // of a batch
			return payoutBatchID
		}
		if strings.HasPrefix(mutation, "bankTransfer") {
			return transferID
		}
	}
	best := ""
	for prefix, what := range whatIs {
		if strings.HasPrefix(where, camel(what)) && len(what) > len(whatIs[best]) {
			best = prefix
		}
	}
	if best == "" {
		t.Fatalf("%s: say in `named` which ids %s takes", mutation, name)
	}
	return best
}

// camel is words as a name has them: data item, dataItem.
func camel(words string) string {
	first, rest, _ := strings.Cut(words, " ")
	for _, word := range strings.Fields(rest) {
		first += strings.ToUpper(word[:1]) + word[1:]
	}
	return first
}

func TestEveryNodeIsFoundByItsId(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	var types, read []string
	for _, d := range schema.PossibleTypes["Node"] {
		types = append(types, d.Name)
	}
	s := emptyStore(t)
	r := &Resolver{Store: s}
	for prefix, what := range whatIs {
		row, err := r.node(WithLoaders(t.Context(), s), publicid.Encode(prefix, uuid.Must(uuid.NewV7())))
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		read = append(read, strings.TrimPrefix(fmt.Sprintf("%T", row), "*db."))
	}
	sort.Strings(types)
	sort.Strings(read)
	if !slices.Equal(types, read) {
		t.Errorf("the schema has the nodes %v, read are %v", types, read)
	}
	for _, text := range []string{"", "_", "prd_", "xyz_01h455vb4pex5vsknk084sn02q", "prd_01h455vb4pex5vsknk084sn02", "prd"} {
		if row, err := r.node(t.Context(), text); row != nil || err != nil {
			t.Errorf("%q names %v, %v", text, row, err)
		}
	}
}
