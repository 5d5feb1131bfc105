package graphqlhttp

import "testing"

func TestNegotiate(t *testing.T) {
	const none = ""
	for _, row := range []struct {
		name   string
		accept []string
		want   string
	}{
		{"without an Accept header it is application/json", nil, mediaJSON},
		{"an empty Accept header is none", []string{"  "}, mediaJSON},
		{"anything is application/json", []string{"*/*"}, mediaJSON},
		{"any application is application/json", []string{"application/*"}, mediaJSON},
		{"application/json by name", []string{"application/json"}, mediaJSON},
		{"the GraphQL type by name", []string{"application/graphql-response+json"}, mediaGraphQL},
		{"names ignore case", []string{"Application/GraphQL-Response+JSON"}, mediaGraphQL},
		{"the GraphQL type wins over an equal application/json", []string{"application/json, application/graphql-response+json"}, mediaGraphQL},
		{"several headers are one list", []string{"application/json;q=0.5", "application/graphql-response+json"}, mediaGraphQL},
		{"the higher weight wins", []string{"application/graphql-response+json;q=0.5, application/json;q=0.9"}, mediaJSON},
		{"the lower weight of a name counts beside a wildcard", []string{"application/graphql-response+json;q=0.5, */*"}, mediaJSON},
		{"a name beside a wildcard of the same weight wins", []string{"application/graphql-response+json, */*"}, mediaGraphQL},
		{"a wildcard of an older client keeps its named type", []string{"application/json, */*"}, mediaJSON},
		{"a browser's list", []string{"text/html,application/xml;q=0.9,*/*;q=0.8"}, mediaJSON},
		{"of two weights for one name the higher counts", []string{"application/json;q=0.9, application/json;q=0.2, application/graphql-response+json;q=0.5"}, mediaJSON},
		{"weight 0 excludes", []string{"application/json;q=0, */*"}, mediaGraphQL},
		{"weight 0 for everything takes nothing", []string{"*/*;q=0"}, none},
		{"another type takes nothing", []string{"text/html"}, none},
		{"UTF-8 is what we send", []string{"application/graphql-response+json; charset=UTF-8"}, mediaGraphQL},
		{"another charset takes nothing", []string{"application/json; charset=iso-8859-1"}, none},
		{"a broken weight is no offer", []string{"application/json;q=NaN, application/graphql-response+json;q=2"}, none},
		{"a broken member is passed over", []string{"///;;, application/json"}, mediaJSON},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := negotiate(row.accept)
			if got != row.want || ok != (row.want != none) {
				t.Errorf("negotiate(%q) = %q, %v; want %q", row.accept, got, ok, row.want)
			}
		})
	}
}
