package graphqlhttp

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"gongshu/internal/server/limits"
)

// onPurpose are fields of the fixture that fail past every guard.
var onPurpose = []string{"nonsense", "unpresented"}

// FuzzDocument reads, measures, validates and executes any document. An answer is never the server's fault and never has
// more errors than are allowed, and what means nothing in a document (commas, a comment) changes nothing in its answer.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		``, `{`, `{ echo }`, `query A { echo } query B { echo }`, `{ a: echo b: echo(count: 1) }`, `{ ...A } fragment A on Query { ...A }`,
		`{ ...A ...A } fragment A on Query { self { ...B ...B } } fragment B on Query { self { echo } }`,
		`{ self { self { self { self { self { self { self { self { self { self { echo } } } } } } } } } } }`,
		`{ echo @skip(if: true) self @include(if: false) { echo } ... @defer { echo } }`, `mutation { touch }`, `subscription { ticks }`,
		`{ echo(pick: {all: [{inner: {count: 99999999999}}]}, rate: 1e400, text: """a"b""", purpose: FUN) }`,
		`{ __schema { types { fields { type { ofType { name } } } } } }`, `query($a: [Int!]! = [1, null]) { echo(count: $a) }`, "\ufeff{ echo }", "#\n{ echo # }\n}",
	} {
		f.Add(seed)
	}
	h := newFixture(f, Options{})
	f.Fuzz(func(t *testing.T, document string) {
		for _, word := range onPurpose {
			if strings.Contains(document, word) {
				t.Skip()
			}
		}
		ask := func(document string) (status int, got reply) {
			body, err := json.Marshal(map[string]string{"query": document})
			if err != nil {
				t.Fatal(err)
			}
			response, got, answer := send(t, h, "POST", "/graphql", asGraphQL, bytes.NewReader(body))
			if response.StatusCode >= 500 || len(got.Errors) > limits.Default.Errors || len(answer) > 64<<10 {
				t.Fatalf("status %d: %.2000s", response.StatusCode, answer)
			}
			if got.code(t) == "" && got.Data == nil {
				t.Fatalf("neither data nor errors: %s", answer)
			}
			return response.StatusCode, got
		}
		status, got := ask(document)
		if again, same := ask(",," + document + "\n#,\n,"); again != status || same.code(t) != got.code(t) || string(same.Data) != string(got.Data) {
			t.Fatalf("between commas %q is answered %d %+v, without them %d %+v", document, again, same, status, got)
		}
	})
}

// FuzzVariables gives any variables to a document that declares one of every kind. What is refused is refused with a code of
// the caller's doing, and no answer repeats a text that was among them.
func FuzzVariables(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"l":9223372036854775807,"c":1,"r":0.5,"y":true,"t":"a","i":"b","p":"INDUSTRY","k":{"inner":{"all":[{"long":"1"}]}}}`,
		`{"l":"x","c":"x","r":"x","y":"x","p":"x","k":"x"}`, `{"l":1e400,"c":2147483648,"r":1e-400}`, `{"k":{"all":{"count":"1"},"nobody":1}}`,
		`{"k":[[{"purpose":null}]],"i":1.5,"t":{"a":"b"}}`, `{"c":null,"c":"twice"}`, `{"y":1,"p":["INDUSTRY"],"__proto__":{}}`, `{"t":"\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	const mark, document = "hunter2", `query($l: Long, $c: Int, $r: Float, $y: Boolean, $t: String, $i: ID, $p: Purpose, $k: Pick) {
		echo(long: $l, count: $c, rate: $r, yes: $y, text: $t, id: $i, purpose: $p, pick: $k) }`
	h := newFixture(f, Options{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		variables, ok := object(raw)
		if !ok || bytes.Contains(raw, []byte(mark)) {
			t.Skip()
		}
		body, err := json.Marshal(map[string]any{"query": document, "variables": marked(variables, mark)})
		if err != nil {
			t.Fatal(err)
		}
		response, got, answer := send(t, h, "POST", "/graphql", asGraphQL, bytes.NewReader(body))
		if response.StatusCode >= 500 || strings.Contains(answer, mark) {
			t.Fatalf("%s is answered %d %s", body, response.StatusCode, answer)
		}
		switch code := got.code(t); code {
		case "", "BAD_REQUEST", "BODY_TOO_LARGE", "GRAPHQL_VALIDATION_FAILED":
		default:
			t.Fatalf("%s is refused with %s", body, code)
		}
	})
}

// marked puts the mark into every text of a value, names apart.
func marked(value any, mark string) any {
	switch v := value.(type) {
	case string:
		return v + mark
	case []any:
		for i := range v {
			v[i] = marked(v[i], mark)
		}
	case map[string]any:
		for name := range v {
			v[name] = marked(v[name], mark)
		}
	}
	return value
}
