package walk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"strings"
	"testing"
	"time"
)

// client is one browser: it keeps its cookie.
type client struct {
	t    *testing.T
	base string
	http *http.Client
}

func newClient(t *testing.T, base string) *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, base: base, http: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// answer is the data of a GraphQL answer, read by dotted paths.
type answer struct {
	t    *testing.T
	data any
}

type variables = map[string]any

// ask posts an operation and fails the test on any top-level error.
func (c *client) ask(document string, vars variables) answer {
	c.t.Helper()
	raw := c.post(document, vars)
	if len(raw.Errors) > 0 {
		c.t.Fatalf("%s\nanswered %v", firstLine(document), raw.Errors)
	}
	return answer{c.t, raw.Data}
}

// do runs a mutation whose payload must carry no errors and returns the payload.
func (c *client) do(document string, vars variables) answer {
	c.t.Helper()
	a := c.ask(document, vars)
	payload := onlyMember(c.t, a.data)
	if list, _ := payload["errors"].([]any); len(list) > 0 {
		c.t.Fatalf("%s\nwas refused: %v", firstLine(document), list)
	}
	return answer{c.t, payload}
}

// refused runs a mutation and returns the code of its first error, from the payload or the top level; "" when it passed.
func (c *client) refused(document string, vars variables) string {
	c.t.Helper()
	raw := c.post(document, vars)
	if len(raw.Errors) > 0 {
		code, _ := raw.Errors[0].Extensions["code"].(string)
		return code
	}
	list, _ := onlyMember(c.t, raw.Data)["errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	code, _ := list[0].(map[string]any)["code"].(string)
	return code
}

type graphqlAnswer struct {
	Data   any
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
}

func (c *client) post(document string, vars variables) graphqlAnswer {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": vars})
	if err != nil {
		c.t.Fatal(err)
	}
	response, err := c.http.Post(c.base+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	var out graphqlAnswer
	decoder := json.NewDecoder(response.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&out); err != nil {
		c.t.Fatalf("%s: %v", firstLine(document), err)
	}
	return out
}

// upload posts a file and returns the decoded JSON answer.
func (c *client) upload(path, mediaType, content string) answer {
	c.t.Helper()
	response, err := c.http.Post(c.base+path, mediaType, strings.NewReader(content))
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, _ := io.ReadAll(response.Body)
	if response.StatusCode >= 300 {
		c.t.Fatalf("POST %s answered %d: %s", path, response.StatusCode, raw)
	}
	var out any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&out); err != nil {
		c.t.Fatal(err)
	}
	return answer{c.t, out}
}

// call makes a data call with a credential and returns status, headers and body.
func (c *client) call(path, secret string, headers map[string]string) (int, http.Header, []byte) {
	c.t.Helper()
	request, err := http.NewRequest(http.MethodGet, c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, response.Header, raw
}

func onlyMember(t *testing.T, data any) map[string]any {
	t.Helper()
	object, _ := data.(map[string]any)
	for _, v := range object {
		payload, ok := v.(map[string]any)
		if !ok || len(object) != 1 {
			break
		}
		return payload
	}
	t.Fatalf("want one payload, got %v", data)
	return nil
}

// at follows a dotted path; a missing step fails the test.
func (a answer) at(path string) answer {
	a.t.Helper()
	here := a.data
	for _, step := range strings.Split(path, ".") {
		switch v := here.(type) {
		case map[string]any:
			next, known := v[step]
			if !known {
				a.t.Fatalf("%s: no %q in %v", path, step, v)
			}
			here = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				a.t.Fatalf("%s: no entry %s among %d", path, step, len(v))
			}
			here = v[i]
		default:
			a.t.Fatalf("%s: nothing at %q", path, step)
		}
	}
	return answer{a.t, here}
}

func (a answer) text(path string) string { return fmt.Sprint(a.at(path).data) }

func (a answer) list(path string) []answer {
	a.t.Helper()
	entries, ok := a.at(path).data.([]any)
	if !ok {
		a.t.Fatalf("%s is no list", path)
	}
	out := make([]answer, len(entries))
	for i, e := range entries {
		out[i] = answer{a.t, e}
	}
	return out
}

func (a answer) want(path, value string) {
	a.t.Helper()
	if got := a.text(path); got != value {
		a.t.Fatalf("%s is %s, want %s", path, got, value)
	}
}

func firstLine(document string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(document), "\n")
	return line
}
