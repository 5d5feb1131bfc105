package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/graph/generated"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/publicid"
)

// FuzzCursor reads any text as the cursor of a list: it is one that was written for its id, or it is refused as a cursor.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{
		"", "djE6", cursor(uuid.Nil), cursor(uuid.Max) + "=", cursor(uuid.Max)[1:], "djI6AAAAAAAAAAAAAAAAAAAAAA", "djE6AAAAAAAAAAAAAAAAAAAAAB", "djE6\nAAAAAAAAAAAAAAAAAAAAAA",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := parseCursor(text)
		if err != nil {
			if code := fault.CodeOf(err); code != "CURSOR_INVALID" {
				t.Fatalf("%q is refused with %s", text, code)
			}
			return
		}
		if cursor(id) != text {
			t.Fatalf("%q is read but not written", text)
		}
	})
}

// Every list that grows, at the root or in what the root always has, refuses a cursor and a length that are none, by field; it reads
// nothing then.
func TestNoListTakesAForgedPage(t *testing.T) {
	eachHarness(t, func(t *testing.T, h *harness) {
		viewer := access.Viewer{PersonID: uuid.Must(uuid.NewV7()), OrganisationID: uuid.Must(uuid.NewV7()), Verified: true}
		for _, party := range access.Party("").Values() {
			viewer.Parties = append(viewer.Parties, access.Party(party))
		}
		for _, role := range access.Role("").Values() {
			viewer.Roles = append(viewer.Roles, access.Role(role))
		}
		ctx := access.With(t.Context(), viewer)
		schema := generated.NewExecutableSchema(generated.Config{}).Schema()
		lists := 0
		try := func(f *ast.FieldDefinition, around string) {
			if f.Arguments.ForName("after") == nil {
				return
			}
			lists++
			for argument, code := range map[string]string{
				`after: "FOO"`: "CURSOR_INVALID", `after: ""`: "CURSOR_INVALID", `after: "djE6AAAAAAAAAAAAAAAAAAAAAB"`: "CURSOR_INVALID",
				"first: 0": "FIRST_OUT_OF_RANGE", "first: -1": "FIRST_OUT_OF_RANGE", "first: 101": "FIRST_OUT_OF_RANGE",
			} {
				if argument == `after: ""` && (f.Name == "products" || f.Name == "publishedResources") {
					continue // to the search it is the first page
				}
				if f.Name == "revenuePostings" {
					argument += fmt.Sprintf(`, productId: %q, month: "2026-01"`, publicid.Encode("prd", uuid.Must(uuid.NewV7())))
				}
				document := fmt.Sprintf(around, fmt.Sprintf("%s(%s) { pageInfo { endCursor } }", f.Name, argument))
				errs, _ := h.do(t, ctx, document, nil, &struct{}{})
				if len(errs) != 1 || !strings.HasPrefix(errs[0].Message, code+": ") {
					t.Errorf("%s is answered %v, want %s", document, errs, code)
				}
			}
		}
		for _, f := range schema.Query.Fields {
			try(f, "{ %s }")
			of := schema.Types[f.Type.Name()]
			if of.Kind != ast.Object || !f.Type.NonNull || len(f.Arguments) > 0 {
				continue
			}
			for _, within := range of.Fields {
				try(within, "{ "+f.Name+" { %s } }")
			}
		}
		if lists < 20 {
			t.Errorf("only %d lists were found", lists)
		}
	})
}
