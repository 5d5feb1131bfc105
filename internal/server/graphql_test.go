package server

import (
	"encoding/json"
	"strings"
	"testing"
)

// fullIntrospection is what GraphiQL asks for when it starts.
const fullIntrospection = `query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
 types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
 fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
 inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
 enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
 ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

func TestWhileDevelopingTheSchemaIsOpen(t *testing.T) {
	f := start(t, sqlite(t))
	if _, body := f.post(t, fullIntrospection); !strings.Contains(body, "INTROSPECTION_DISABLED") {
		t.Errorf("a stranger gets %.300s", body)
	}
	if _, body := f.post(t, "{ productz { totalCount } }"); !strings.Contains(body, "GRAPHQL_VALIDATION_FAILED") || strings.Contains(body, "Did you mean") {
		t.Errorf("a stranger is told %.300s", body)
	}
	f.Development = true
	if _, body := f.post(t, fullIntrospection); !strings.HasPrefix(body, `{"data":`) || !strings.Contains(body, `"isOneOf"`) {
		t.Errorf("a developer gets %.300s", body)
	}
	if _, body := f.post(t, "{ productz { totalCount } }"); !strings.Contains(body, "Did you mean") {
		t.Errorf("a developer is told %.300s", body)
	}
}

// At each limit and one over, on the schema as it is.
func TestRequestsKeepToTheLimits(t *testing.T) {
	f := start(t, sqlite(t))
	times := strings.Repeat
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		code        string
	}{
		{"998 tokens", "{ domains {" + times(" id", 994) + " } }", nil, ""},
		{"1,001 tokens", "{ domains {" + times(" id", 996) + " } }", nil, "DOCUMENT_TOO_LONG"},
		{"15 aliases", "{ domains {" + times(" a: id", 15) + " } }", nil, ""},
		{"16 aliases", "{ domains {" + times(" a: id", 16) + " } }", nil, "TOO_MANY_ALIASES"},
		{"10 fields at the root", "{" + times(" domains { id }", 10) + " }", nil, ""},
		{"11 fields at the root", "{" + times(" domains { id }", 11) + " }", nil, "TOO_MANY_ROOT_FIELDS"},
		{"50 directives", "{ domains {" + times(" id @skip(if: false)", 50) + " } }", nil, ""},
		{"51 directives", "{ domains {" + times(" id @skip(if: false)", 51) + " } }", nil, "TOO_MANY_DIRECTIVES"},
		{"10 fields deep", "{ organisations(first: 1) { edges { node { members(first: 1) { edges { node { organisation { members(first: 1) { pageInfo { hasNextPage } } } } } } } } } }", nil, ""},
		{"11 fields deep", "{ organisations(first: 1) { edges { node { members(first: 1) { edges { node { organisation { members(first: 1) { edges { node { roles } } } } } } } } } } }", nil, "QUERY_TOO_DEEP"},
		{"a page of 100", "query($n: Int) { products(first: $n) { edges { cursor } } }", map[string]any{"n": 100}, ""},
		{"a page of 101", "query($n: Int) { products(first: $n) { edges { cursor } } }", map[string]any{"n": 101}, "FIRST_OUT_OF_RANGE"},
		{"a page of -1, nested", "{ organisations(first: 1) { edges { node { members(first: -1) { pageInfo { hasNextPage } } } } } }", nil, "FIRST_OUT_OF_RANGE"},
		{"a page of 11 in a page of 100", "{ organisations(first: 100) { edges { node { members(first: 11) { edges { cursor node { roles } } } } } } }", nil, ""},
		{"a page of 12 in a page of 100", "{ organisations(first: 100) { edges { node { members(first: 12) { edges { cursor node { roles } } } } } } }", nil, "QUERY_TOO_COSTLY"},
		{"two mutations that move rights", "mutation { a: productList(id: \"x\") { errors { code } } b: productList(id: \"y\") { errors { code } } }", nil, "MUTATION_NOT_ALONE"},
		{"two that hash a password", "mutation { a: signIn(input: {email: \"a@b.cn\", password: \"x\"}) { errors { code } } b: signIn(input: {email: \"a@b.cn\", password: \"y\"}) { errors { code } } }", nil, "MUTATION_NOT_ALONE"},
		{"a part for later", "{ ... @defer { domains { id } } }", nil, "DEFER_UNSUPPORTED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := json.Marshal(map[string]any{"query": c.query, "variables": c.variables})
			if err != nil {
				t.Fatal(err)
			}
			answer, body := f.do(t, "POST", "/graphql", string(text), "Content-Type", "application/json", "Accept", "application/graphql-response+json")
			switch {
			case c.code == "" && !strings.HasPrefix(body, `{"data":`):
				t.Errorf("it is answered %d %.300s", answer.StatusCode, body)
			case c.code != "" && (answer.StatusCode != 400 || !strings.Contains(body, c.code)):
				t.Errorf("want %s, got %d %.300s", c.code, answer.StatusCode, body)
			}
		})
	}
}
