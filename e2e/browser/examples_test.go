package browser

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"testing"

	"gongshu/internal/demo"
	"gongshu/internal/testdb"
)

// An example that asks for what is not there, or needs a role that its reader does not have, teaches nothing.
func TestTheExamplesOfTheExplorerAreAnsweredToTheirRole(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(client, "explorer", "examples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var roles []struct {
		Role     string
		Email    string
		Examples []struct{ File string }
	}
	if err := json.Unmarshal(content, &roles); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	testdb.Each(t, func(t *testing.T, url string) {
		market := serve(t, url)
		for _, role := range roles {
			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			person := &http.Client{Jar: jar}
			if role.Email != "" {
				const signIn = `mutation($email: String!, $password: String!) { signIn(input: {email: $email, password: $password}) { viewer { roles } errors { code } } }`
				ask(t, person, market.Base, signIn, map[string]any{"email": role.Email, "password": demo.Password})
			}
			for _, example := range role.Examples {
				listed[example.File+".graphql"] = true
				document, err := os.ReadFile(filepath.Join(client, "explorer", "examples", example.File+".graphql"))
				if err != nil {
					t.Fatal(err)
				}
				for field, value := range ask(t, person, market.Base, string(document), nil) {
					if value == nil {
						t.Errorf("%s, as %s: %s is null", example.File, role.Role, field)
					}
				}
			}
		}
	})
	files, err := os.ReadDir(filepath.Join(client, "explorer", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !listed[file.Name()] {
			t.Errorf("examples.json does not list %s", file.Name())
		}
	}
}

func ask(t *testing.T, person *http.Client, base, document string, variables map[string]any) map[string]any {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	response, err := person.Post(base+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Errors) > 0 {
		t.Errorf("%s\nis answered %v", document, answer.Errors)
	}
	return answer.Data
}
