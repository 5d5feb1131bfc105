package graphqlhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"gongshu/internal/fault"
	"gongshu/internal/server/limits"
)

// reply is what a client reads of an answer.
type reply struct {
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
	Data json.RawMessage `json:"data"`
}

// send gives one request to the handler and reads the answer, which must be JSON whatever was sent.
func send(t testing.TB, h http.Handler, method, target string, header map[string]string, body io.Reader) (*http.Response, reply, string) {
	t.Helper()
	r := httptest.NewRequest(method, target, body)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var got reply
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("the answer is no JSON: %v: %s", err, w.Body)
	}
	return w.Result(), got, w.Body.String()
}

// code is the code of the first error, "" when there is none. Every error must have one.
func (r reply) code(t testing.TB) string {
	t.Helper()
	first := ""
	for i, e := range r.Errors {
		code, _ := e.Extensions["code"].(string)
		if code == "" {
			t.Errorf("error %d has no code: %+v", i, e)
		}
		if i == 0 {
			first = code
		}
	}
	return first
}

var (
	asJSON    = map[string]string{"Content-Type": "application/json", "Accept": "application/json"}
	asGraphQL = map[string]string{"Content-Type": "application/json", "Accept": "application/graphql-response+json"}
)

func with(header map[string]string, name, value string) map[string]string {
	h := maps.Clone(header)
	h[name] = value
	return h
}

func get(params ...string) string {
	values := url.Values{}
	for i := 0; i < len(params); i += 2 {
		values.Add(params[i], params[i+1])
	}
	return "/graphql?" + values.Encode()
}

func TestRequests(t *testing.T) {
	const hello = `{"query":"{ echo }"}`
	for _, row := range []struct {
		name   string
		method string
		target string
		header map[string]string
		body   string
		status int
		code   string
		data   string
	}{
		{name: "a query by POST is answered", method: "POST", header: asGraphQL, body: hello, status: 200, data: `{"echo":true}`},
		{name: "a query by POST is answered to an older client", method: "POST", header: asJSON, body: hello, status: 200, data: `{"echo":true}`},
		{name: "a query by GET is answered", method: "GET", target: get("query", "{ echo }"), status: 200, data: `{"echo":true}`},
		{name: "empty variables in a URL are none", method: "GET", target: get("query", "{ echo }", "variables", "", "extensions", ""), status: 200, data: `{"echo":true}`},
		{name: "unknown parameters of a URL are another's", method: "GET", target: get("query", "{ echo }", "utm", "a", "utm", "b"), status: 200, data: `{"echo":true}`},
		{name: "a mutation by POST is executed", method: "POST", header: asGraphQL, body: `{"query":"mutation { touch }"}`, status: 200, data: `{"touch":true}`},
		{name: "an operation is picked by its name", method: "POST", header: asGraphQL, body: `{"query":"query A { a: echo } query B { b: echo }","operationName":"B"}`, status: 200, data: `{"b":true}`},
		{name: "charset UTF-8 in capitals", method: "POST", header: with(asJSON, "Content-Type", `application/json; charset="UTF-8"`), body: hello, status: 200, data: `{"echo":true}`},
		{name: "content encoding identity changes nothing", method: "POST", header: with(asJSON, "Content-Encoding", "Identity"), body: hello, status: 200, data: `{"echo":true}`},
		{name: "unknown members are skipped", method: "POST", header: asJSON, body: `{"query":"{ echo }","id":1,"QUERY":"nothing"}`, status: 200, data: `{"echo":true}`},
		{name: "the last of two members counts", method: "POST", header: asJSON, body: `{"query":"{ a: echo }","query":"{ b: echo }"}`, status: 200, data: `{"b":true}`},
		{name: "null parameters are absent", method: "POST", header: asJSON, body: `{"query":"{ echo }","variables":null,"extensions":null,"operationName":null}`, status: 200, data: `{"echo":true}`},

		{name: "PUT is refused", method: "PUT", header: asJSON, body: hello, status: 405, code: "METHOD_NOT_ALLOWED"},
		{name: "OPTIONS is another's", method: "OPTIONS", status: 405, code: "METHOD_NOT_ALLOWED"},
		{name: "a mutation by GET is refused", method: "GET", target: get("query", "mutation { touch }"), status: 405, code: "METHOD_NOT_ALLOWED"},
		{name: "a mutation picked by GET is refused", method: "GET", target: get("query", "query A { echo } mutation B { touch }", "operationName", "B"), status: 405, code: "METHOD_NOT_ALLOWED"},
		{name: "an answer in HTML is not to be had", method: "POST", header: with(asJSON, "Accept", "text/html"), body: hello, status: 406, code: "NOT_ACCEPTABLE"},
		{name: "no content type", method: "POST", body: hello, status: 415, code: "UNSUPPORTED_MEDIA_TYPE"},
		{name: "a text that needs no preflight", method: "POST", header: map[string]string{"Content-Type": "text/plain"}, body: `{"query":"mutation { touch }"}`, status: 415, code: "UNSUPPORTED_MEDIA_TYPE"},
		{name: "a form that needs no preflight", method: "POST", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body: "query=mutation%7Btouch%7D", status: 415, code: "UNSUPPORTED_MEDIA_TYPE"},
		{name: "a bare document", method: "POST", header: map[string]string{"Content-Type": "application/graphql"}, body: "{ echo }", status: 415, code: "UNSUPPORTED_MEDIA_TYPE"},
		{name: "another charset", method: "POST", header: map[string]string{"Content-Type": "application/json; charset=gb18030"}, body: hello, status: 415, code: "UNSUPPORTED_MEDIA_TYPE"},
		{name: "a compressed body", method: "POST", header: with(asJSON, "Content-Encoding", "gzip"), body: hello, status: 415, code: "UNSUPPORTED_MEDIA_TYPE"},
		{name: "a body twice compressed", method: "POST", header: with(asJSON, "Content-Encoding", "identity, gzip"), body: hello, status: 415, code: "UNSUPPORTED_MEDIA_TYPE"},
		{name: "a body over the limit", method: "POST", header: asJSON, body: `{"query":"{ echo }","extensions":{"x":"` + strings.Repeat("x", limits.Default.Body) + `"}}`, status: 413, code: "BODY_TOO_LARGE"},
		{name: "a URL over the limit", method: "GET", target: get("query", "{ echo }", "x", strings.Repeat("x", limits.Default.Body)), status: 414, code: "URL_TOO_LONG"},

		{name: "an empty body", method: "POST", header: asJSON, status: 400, code: "BAD_REQUEST"},
		{name: "a body of null", method: "POST", header: asJSON, body: `null`, status: 400, code: "BAD_REQUEST"},
		{name: "a batch", method: "POST", header: asJSON, body: `[` + hello + `]`, status: 400, code: "BAD_REQUEST"},
		{name: "garbage after the body", method: "POST", header: asJSON, body: hello + `{}`, status: 400, code: "BAD_REQUEST"},
		{name: "a body that is not UTF-8", method: "POST", header: asJSON, body: "{\"query\":\"{ echo }\",\"x\":\"\xff\"}", status: 400, code: "BAD_REQUEST"},
		{name: "a query under another name", method: "POST", header: asJSON, body: `{"Query":"{ echo }"}`, status: 400, code: "BAD_REQUEST"},
		{name: "a query of null", method: "POST", header: asJSON, body: `{"query":null}`, status: 400, code: "BAD_REQUEST"},
		{name: "a query that is no string", method: "POST", header: asJSON, body: `{"query":{}}`, status: 400, code: "BAD_REQUEST"},
		{name: "an operation name that is no string", method: "POST", header: asJSON, body: `{"query":"{ echo }","operationName":1}`, status: 400, code: "BAD_REQUEST"},
		{name: "variables in a list", method: "POST", header: asJSON, body: `{"query":"{ echo }","variables":[]}`, status: 400, code: "BAD_REQUEST"},
		{name: "extensions in a string", method: "POST", header: asJSON, body: `{"query":"{ echo }","extensions":"{}"}`, status: 400, code: "BAD_REQUEST"},
		{name: "a URL without a query", method: "GET", target: "/graphql", status: 400, code: "BAD_REQUEST"},
		{name: "a URL with two queries", method: "GET", target: get("query", "{ echo }", "query", "{ self { echo } }"), status: 400, code: "BAD_REQUEST"},
		{name: "a URL that is badly encoded", method: "GET", target: "/graphql?query=%zz", status: 400, code: "BAD_REQUEST"},
		{name: "a URL that is not UTF-8", method: "GET", target: "/graphql?query=%ff", status: 400, code: "BAD_REQUEST"},
		{name: "garbage after variables in a URL", method: "GET", target: get("query", "{ echo }", "variables", "{} {}"), status: 400, code: "BAD_REQUEST"},

		{name: "a document that does not parse", method: "POST", header: asGraphQL, body: `{"query":"{"}`, status: 400, code: "GRAPHQL_PARSE_FAILED"},
		{name: "a document that does not parse, to an older client", method: "POST", header: asJSON, body: `{"query":"{"}`, status: 200, code: "GRAPHQL_PARSE_FAILED"},
		{name: "an empty document", method: "POST", header: asGraphQL, body: `{"query":""}`, status: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "a document with more words than the limit", method: "POST", header: asGraphQL, body: `{"query":"{` + strings.Repeat(" echo", limits.Default.Tokens) + `}"}`, status: 400, code: "DOCUMENT_TOO_LONG"},
		{name: "an unknown field", method: "POST", header: asGraphQL, body: `{"query":"{ price }"}`, status: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "what null decides", method: "POST", header: asGraphQL, body: `{"query":"query($s: Boolean = true) { ...f } fragment f on Query { echo @skip(if: $s) }","variables":{"s":null}}`, status: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "an operation that is not there", method: "POST", header: asGraphQL, body: `{"query":"query A { echo }","operationName":"B"}`, status: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "two operations without a name", method: "POST", header: asGraphQL, body: `{"query":"query A { echo } query B { echo }"}`, status: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "a variable that is missing", method: "POST", header: asGraphQL, body: `{"query":"query($a: Int!) { echo(count: $a) }"}`, status: 400, code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "a subscription", method: "POST", header: asGraphQL, body: `{"query":"subscription { ticks }"}`, status: 406, code: "EVENT_STREAM_REQUIRED"},
		{name: "a fragment for later", method: "POST", header: asGraphQL, body: `{"query":"{ ... @ defer { echo } }"}`, status: 400, code: "DEFER_UNSUPPORTED"},
		{name: "a fragment for later inside a fragment", method: "POST", header: asGraphQL, body: `{"query":"{ ...A } fragment A on Query { self { ...B @defer } } fragment B on Query { echo }"}`, status: 400, code: "DEFER_UNSUPPORTED"},

		{name: "a resolver's refusal leaves the data", method: "POST", header: asGraphQL, body: `{"query":"{ echo refused }"}`, status: 200, code: "ORDER_NOT_PAYABLE", data: `{"echo":true,"refused":null}`},
		{name: "a resolver's bug", method: "POST", header: asGraphQL, body: `{"query":"{ broken }"}`, status: 200, code: "INTERNAL", data: `{"broken":null}`},
		{name: "a resolver's panic", method: "POST", header: asGraphQL, body: `{"query":"{ panics }"}`, status: 200, code: "INTERNAL", data: `{"panics":null}`},
		{name: "a scalar that writes no JSON", method: "POST", header: asGraphQL, body: `{"query":"{ nonsense }"}`, status: 500, code: "INTERNAL"},
		{name: "an error that came past the presenter", method: "POST", header: asGraphQL, body: `{"query":"{ unpresented }"}`, status: 500, code: "INTERNAL"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := newFixture(t, Options{})
			target := row.target
			if target == "" {
				target = "/graphql"
			}
			response, got, body := send(t, f, row.method, target, row.header, strings.NewReader(row.body))
			if response.StatusCode != row.status || got.code(t) != row.code || string(got.Data) != row.data {
				t.Errorf("got %d %s, want %d %s %s", response.StatusCode, body, row.status, row.code, row.data)
			}
			if strings.Contains(body, "hunter2") {
				t.Errorf("the answer shows a cause: %s", body)
			}
			if row.data == "" && row.code != "INTERNAL" && f.schema.executed > 0 {
				t.Error("a refused request was executed")
			}
			want := row.header["Accept"]
			if want != mediaGraphQL {
				want = mediaJSON
			}
			if got := response.Header.Get("Content-Type"); got != want+"; charset=utf-8" {
				t.Errorf("content type %q, want %s", got, want)
			}
			if got := response.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("cache control %q", got)
			}
			if (response.StatusCode == 405) != (response.Header.Get("Allow") != "") {
				t.Errorf("status %d with Allow %q", response.StatusCode, response.Header.Get("Allow"))
			}
		})
	}
}

func TestAllowNamesTheMethodsThatWouldDo(t *testing.T) {
	f := newFixture(t, Options{})
	for target, row := range map[string]struct{ method, want string }{
		"/graphql": {"DELETE", "GET, POST"},
		get("query", "mutation M { __typename }"): {"GET", "POST"},
	} {
		response, _, _ := send(t, f, row.method, target, nil, nil)
		if got := response.Header.Get("Allow"); got != row.want {
			t.Errorf("%s %s: Allow %q, want %q", row.method, target, got, row.want)
		}
	}
}

// counting is an endless body that knows how much of it was read.
type counting struct {
	left, read int
}

func (c *counting) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), c.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	c.left, c.read = c.left-n, c.read+n
	return n, nil
}

func TestALargeBodyIsRefusedUnread(t *testing.T) {
	const size = 10 << 20
	for _, row := range []struct {
		name     string
		declared int64
		readMost int
	}{
		{"a length that is declared is refused before a byte is read", size, 0},
		{"a length that is not declared is refused one byte over the limit", -1, limits.Default.Body + 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			body := &counting{left: size}
			r := httptest.NewRequest("POST", "/graphql", body)
			r.ContentLength = row.declared
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			newFixture(t, Options{}).ServeHTTP(w, r)
			if w.Code != 413 || body.read > row.readMost || strings.Contains(w.Body.String(), "xxx") {
				t.Errorf("status %d after %d bytes: %.200s", w.Code, body.read, w.Body)
			}
		})
	}
}

func TestALargeBodyIsAnsweredOverTheNetwork(t *testing.T) {
	server := httptest.NewServer(newFixture(t, Options{}))
	defer server.Close()
	response, err := http.Post(server.URL, "application/json", &counting{left: 10 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 413 {
		t.Errorf("status %d, want 413", response.StatusCode)
	}
}

func TestTheLimitItselfIsAccepted(t *testing.T) {
	const body = `{"query":"{ echo }"}`
	for limit, want := range map[int]int{len(body): 200, len(body) - 1: 413} {
		within := limits.Default
		within.Body = limit
		response, _, _ := send(t, newFixture(t, Options{Limits: within}), "POST", "/graphql", asJSON, strings.NewReader(body))
		if response.StatusCode != want {
			t.Errorf("limit %d: status %d, want %d", limit, response.StatusCode, want)
		}
	}
}

func TestNothingThatWasSentIsRepeated(t *testing.T) {
	for _, row := range []struct{ name, body, code string }{
		{"broken JSON", `{"query": "{ echo }", hunter2`, "BAD_REQUEST"},
		{"a member of the wrong type", `{"query": ["hunter2"]}`, "BAD_REQUEST"},
		{"a value outside its enum", `{"query":"query($p: Purpose) { echo(purpose: $p) }","variables":{"p":"hunter2"}}`, "GRAPHQL_VALIDATION_FAILED"},
		{"a value outside its enum that sounds like the error", `{"query":"query($p: Purpose) { echo(purpose: $p) }","variables":{"p":"hunter2 is not a valid hunter2"}}`, "GRAPHQL_VALIDATION_FAILED"},
		{"a value outside its enum inside an object", `{"query":"query($p: Pick) { echo(pick: $p) }","variables":{"p":{"all":[{"purpose":"hunter2"}]}}}`, "GRAPHQL_VALIDATION_FAILED"},
		{"a string for a number", `{"query":"query($c: Int) { echo(count: $c) }","variables":{"c":"hunter2"}}`, "GRAPHQL_VALIDATION_FAILED"},
		{"a number that overflows", `{"query":"query($c: Int) { echo(count: $c) }","variables":{"c":777777777777777777777777}}`, "GRAPHQL_VALIDATION_FAILED"},
		{"a value in the document", `{"query":"{ echo(count: \"hunter2\") }"}`, "GRAPHQL_VALIDATION_FAILED"},
		{"a text for an enum", `{"query":"{ echo(purpose: \"hunter2\") }"}`, "GRAPHQL_VALIDATION_FAILED"},
		{"a text where none may be", `{"query":"{ echo \"hunter2\" }"}`, "GRAPHQL_PARSE_FAILED"},
		{"a text that does not end", `{"query":"{ echo(text: \"hunter2"}`, "GRAPHQL_PARSE_FAILED"},
		{"the name of an operation", `{"query":"{ echo }","operationName":"hunter2"}`, "GRAPHQL_VALIDATION_FAILED"},
		{"a string for an object", `{"query":"query($p: Pick) { echo(pick: $p) }","variables":{"p":"hunter2"}}`, "GRAPHQL_VALIDATION_FAILED"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, got, body := send(t, newFixture(t, Options{}), "POST", "/graphql", asGraphQL, strings.NewReader(row.body))
			if got.code(t) != row.code || strings.Contains(body, "hunter2") || strings.Contains(body, "7777") {
				t.Errorf("got %s", body)
			}
			if strings.Contains(body, "invalid character") || strings.Contains(body, "cannot unmarshal") {
				t.Errorf("the answer shows the decoder's text: %s", body)
			}
		})
	}
}

func TestAnInvalidDocumentGetsABoundedAnswer(t *testing.T) {
	_, got, _ := send(t, newFixture(t, Options{}), "POST", "/graphql", asGraphQL, strings.NewReader(
		`{"query":"{ self {`+strings.Repeat(" price", 500)+`} }"}`))
	if len(got.Errors) != limits.Default.Errors {
		t.Errorf("%d errors, want %d", len(got.Errors), limits.Default.Errors)
	}
}

func TestABodyThatBreaksOffIsTheCallersFault(t *testing.T) {
	body := io.MultiReader(strings.NewReader(`{"query":`), iotest.ErrReader(io.ErrUnexpectedEOF))
	response, got, _ := send(t, newFixture(t, Options{}), "POST", "/graphql", asJSON, body)
	if response.StatusCode != 400 || got.code(t) != "BAD_REQUEST" {
		t.Errorf("got %d %+v", response.StatusCode, got)
	}
}

func TestAWrongVariableIsNamed(t *testing.T) {
	for _, value := range []string{"SECTOR", "industry", "Industry"} { // names are case-sensitive
		_, got, body := send(t, newFixture(t, Options{}), "POST", "/graphql", asGraphQL, strings.NewReader(
			`{"query":"query($p: Pick) { echo(pick: $p) }","variables":{"p":{"all":[{"purpose":"`+value+`"}]}}}`))
		if len(got.Errors) != 1 || got.Errors[0].Message != "Variable $p.all[0].purpose: not a valid Purpose." ||
			got.Errors[0].Extensions["field"] != "p.all[0].purpose" || got.Errors[0].Path != nil || got.code(t) != "GRAPHQL_VALIDATION_FAILED" {
			t.Errorf("%s is answered %s", value, body)
		}
	}
	for variables, field := range map[string]string{
		`{"p":{"all":{"purpose":"industry"}}}`:                                                   "p.all[0].purpose", // one for a list
		`{"p":{"all":[{"purpose":"INDUSTRY"},{},{"all":[{"purpose":null},{"purpose":"fun"}]}]}}`: "p.all[2].all[1].purpose",
		`{"p":{"all":[` + strings.Repeat(`{"purpose":"industry"},`, 500) + `{}]}}`:               "p.all[0].purpose", // the first alone
		`{"p":{"purpose":"INDUSTRY","all":[{"purpose":null},{}]}}`:                               "",
		`{"p":null}`: "",
		`{}`:         "",
	} {
		_, got, body := send(t, newFixture(t, Options{}), "POST", "/graphql", asGraphQL, strings.NewReader(`{"query":"query($p: Pick, $q: Purpose = INDUSTRY) { echo(pick: $p, purpose: $q) }","variables":`+variables+`}`))
		if field == "" && len(got.Errors) > 0 || field != "" && (len(got.Errors) != 1 || got.Errors[0].Extensions["field"] != field) {
			t.Errorf("%.100s is answered %.300s", variables, body)
		}
	}
}

func TestNumbersInVariablesStayExact(t *testing.T) {
	for _, number := range []string{"9223372036854775807", "-9223372036854775808", "92233720368547758070001", "0.10", "1e400", "0"} {
		for where, row := range map[string]struct{ query, variables string }{
			"a variable":                 {"query($v: Long) { echo(long: $v) }", `{"v":` + number + `}`},
			"a field of an input object": {"query($v: Pick) { echo(pick: $v) }", `{"v":{"long":` + number + `}}`},
		} {
			f := newFixture(t, Options{})
			body, _ := json.Marshal(map[string]any{"query": row.query, "variables": json.RawMessage(row.variables)})
			for method, target := range map[string]string{"POST": "/graphql", "GET": get("query", row.query, "variables", row.variables)} {
				response, _, answer := send(t, f, method, target, asJSON, bytes.NewReader(body))
				got := f.schema.variables["v"]
				if object, ok := got.(map[string]any); ok {
					got = object["long"]
				}
				if response.StatusCode != 200 || got != json.Number(number) {
					t.Errorf("%s by %s: sent %s, arrived %#v: %s", where, method, number, got, answer)
				}
			}
		}
	}
}

func TestAnInterceptorsRefusalHasItsStatus(t *testing.T) {
	for kind, want := range map[fault.Kind]int{
		fault.Unauthenticated: 401, fault.Forbidden: 403, fault.TooMany: 429, fault.Unavailable: 503, fault.Internal: 500, fault.Invalid: 400,
	} {
		f := newFixture(t, Options{})
		f.exec.AroundResponses(func(ctx context.Context, _ graphql.ResponseHandler) *graphql.Response {
			graphql.AddError(ctx, fault.New(kind, "REFUSED", "No."))
			return &graphql.Response{Errors: graphql.GetErrors(ctx)}
		})
		response, got, body := send(t, f, "POST", "/graphql", asGraphQL, strings.NewReader(`{"query":"{ echo }"}`))
		if response.StatusCode != want || got.Data != nil {
			t.Errorf("kind %d: got %d %s, want %d", kind, response.StatusCode, body, want)
		}
		older := 200
		if kind == fault.Unavailable { // every client is to ask again later
			older = 503
		}
		if response, _, _ = send(t, f, "POST", "/graphql", asJSON, strings.NewReader(`{"query":"{ echo }"}`)); response.StatusCode != older {
			t.Errorf("kind %d to an older client: %d, want %d", kind, response.StatusCode, older)
		}
	}
}

func TestAPanicOutsideResolversIsA500ThatIsLogged(t *testing.T) {
	f := newFixture(t, Options{})
	f.exec.AroundOperations(func(context.Context, graphql.OperationHandler) graphql.ResponseHandler { panic("hunter2") })
	response, got, body := send(t, f, "POST", "/graphql", asJSON, strings.NewReader(`{"query":"{ echo }"}`))
	if response.StatusCode != 500 || got.code(t) != "INTERNAL" || strings.Contains(body, "hunter2") {
		t.Errorf("got %d %s", response.StatusCode, body)
	}
	if lines := f.log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "hunter2") || !strings.Contains(lines[0], "handler_test.go") {
		t.Errorf("logged %q", lines)
	}
}

func TestACancelledRequestIsNoBug(t *testing.T) {
	f := newFixture(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequest("POST", "/graphql", strings.NewReader(`{"query":"{ echo }"}`)).WithContext(ctx)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if w.Code != 503 || !strings.Contains(w.Body.String(), "REQUEST_CANCELLED") || len(f.log.lines()) != 0 {
		t.Errorf("got %d %s, logged %q", w.Code, w.Body, f.log.lines())
	}
}

func TestEveryRequestIsObservedOnce(t *testing.T) {
	type seen struct {
		name, kind string
		status     int
	}
	for _, row := range []struct {
		name   string
		method string
		body   string
		want   seen
	}{
		{"a named query", "POST", `{"query":"query Hello { echo }"}`, seen{"Hello", "query", 200}},
		{"an anonymous mutation", "POST", `{"query":"mutation { touch }"}`, seen{"", "mutation", 200}},
		{"a variable that does not fit still has its operation", "POST", `{"query":"query A($p: Purpose) { echo(purpose: $p) }","variables":{"p":"X"}}`, seen{"A", "query", 400}},
		{"what does not parse has none", "POST", `{"query":"query A {"}`, seen{"", "", 400}},
		{"another method has none", "PATCH", `{}`, seen{"", "", 405}},
		{"a scalar that writes no JSON", "POST", `{"query":"query A { nonsense }"}`, seen{"A", "query", 500}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []seen
			f := newFixture(t, Options{Observe: func(_ context.Context, name, kind string, status int, took time.Duration) {
				if took < 0 {
					t.Errorf("took %v", took)
				}
				got = append(got, seen{name, kind, status})
			}})
			send(t, f, row.method, "/graphql", asGraphQL, strings.NewReader(row.body))
			if len(got) != 1 || got[0] != row.want {
				t.Errorf("observed %+v, want %+v", got, row.want)
			}
		})
	}
}

// FuzzBody sends any body: the answer is always JSON with a code for every error, and never the server's fault.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `{"query":"{ echo }"}`, `{"query":"{ echo }","variables":{"a":1}}`, `{"query":1}`, `[{}]`, `{"query":"{"}`, `{"a`,
		`{"query":"query($p: Pick) { echo(pick: $p) }","variables":{"p":{"purpose":"INDUSTRY","long":1e400,"count":2,"inner":{"all":[{}]}}}}`,
		`{"query":"query($p: Pick, $c: Int = 3, $r: Float, $y: Boolean, $i: ID) { echo(pick: $p, count: $c, rate: $r, yes: $y, id: $i) }","variables":{"p":{"all":{"count":"1"}},"r":"1","y":null,"i":1.5}}`,
		`{"query":"mutation M { touch }","operationName":"M"}`, `{"query":"subscription { ticks }"}`, "{\"query\":\"\xff\"}",
		`{"query":"{ ...A } fragment A on Query { ...A }"}`, `{"query":"{ echo @skip(if: $x) ... @include(if: true) { self { self { echo } } } }"}`,
	} {
		f.Add([]byte(seed))
	}
	// The fields that fail are left out of what may be asked for: they are the server's fault on purpose.
	h := newFixture(f, Options{})
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, word := range []string{"nonsense", "unpresented"} {
			if bytes.Contains(body, []byte(word)) {
				t.Skip()
			}
		}
		for _, header := range []map[string]string{asJSON, asGraphQL} {
			response, got, answer := send(t, h, "POST", "/graphql", header, bytes.NewReader(body))
			if response.StatusCode >= 500 {
				t.Fatalf("status %d: %s", response.StatusCode, answer)
			}
			if got.code(t) == "" && got.Data == nil {
				t.Fatalf("neither data nor errors: %s", answer)
			}
		}
	})
}

func BenchmarkSmallPost(b *testing.B) {
	f := newFixture(b, Options{})
	const body = `{"query":"query Hello($l: Long) { echo(long: $l) }","variables":{"l":42}}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}

func TestTheSchemaIsShownToWhomItIsOpen(t *testing.T) {
	type opened struct{}
	f := newFixture(t, Options{SchemaIsOpen: func(ctx context.Context) bool { return ctx.Value(opened{}) != nil }})
	ask := func(isOpen bool, query string) (code, body string) {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isOpen {
				r = r.WithContext(context.WithValue(r.Context(), opened{}, true))
			}
			f.ServeHTTP(w, r)
		})
		text, _ := json.Marshal(map[string]string{"query": query})
		_, got, body := send(t, h, "POST", "/graphql", asGraphQL, bytes.NewReader(text))
		return got.code(t), body
	}
	for _, introspection := range []string{
		`{ __type(name: "Query") { name } }`, `{ a: __type(name: "Query") { name } }`, `{ ...f } fragment f on Query { ... { __type(name: "Query") { name } } }`,
	} {
		for range 2 { // the second time the document is known
			if code, body := ask(false, introspection); code != "INTROSPECTION_DISABLED" {
				t.Errorf("to nobody it says %s", body)
			}
			if code, body := ask(true, introspection); code != "" {
				t.Errorf("to who may see it, it says %s", body)
			}
		}
	}
	if code, body := ask(false, `{ __typename }`); code != "" {
		t.Errorf("a type's name: %s", body)
	}
	for _, misspelt := range []string{`{ ech }`, `{ echo(coun: 1) }`, `{ echo(purpose: INDUSTRI) }`, `{ echo(pick: {coun: 1}) }`, `{ self }`} {
		for range 2 {
			if code, body := ask(false, misspelt); code != "GRAPHQL_VALIDATION_FAILED" || strings.Contains(body, "Did you mean") {
				t.Errorf("to nobody it says %s", body)
			}
			if _, body := ask(true, misspelt); !strings.Contains(body, "Did you mean") {
				t.Errorf("to who may see it, it says %s", body)
			}
		}
	}
}

func TestALongNameIsCut(t *testing.T) {
	f := newFixture(t, Options{})
	if _, got, body := send(t, f, "POST", "/graphql", asGraphQL, strings.NewReader(`{"query":"{ `+strings.Repeat("x", 100_000)+` }"}`)); got.code(t) != "GRAPHQL_VALIDATION_FAILED" || len(body) > 1000 {
		t.Errorf("the answer has %d bytes", len(body))
	}
}

func TestAnAnswerThatIsTooLargeIsNotSent(t *testing.T) {
	name := strings.Repeat("x", 2*perField) // it is not resolved, so only the whole shows it
	data := `{"` + name + `":true}`
	for most, want := range map[int]string{len(data): "", len(data) - 1: "ANSWER_TOO_LARGE"} {
		within := limits.Default
		within.Answer = most
		response, got, body := send(t, newFixture(t, Options{Limits: within}), "POST", "/graphql", asGraphQL, strings.NewReader(`{"query":"{ `+name+`: echo }"}`))
		if got.code(t) != want || want == "" && body != `{"data":`+data+`}` || want != "" && (got.Data != nil || response.StatusCode != 400) {
			t.Errorf("at most %d bytes: %d %s", most, response.StatusCode, body)
		}
	}
}

// entry is an object of a list.
type entry struct{ _ int }

// What is resolved is weighed before it is an answer, so that no more than the limit is ever held.
func TestTextsAreWeighedAsTheyAreResolved(t *testing.T) {
	ten := strings.Repeat("x", 10)
	for _, c := range []struct {
		name  string
		value any
		bytes int
	}{
		{"a text", ten, 10},
		{"a text that may be absent", &ten, 10},
		{"one that is", (*string)(nil), 0},
		{"texts", []string{ten, ten}, 20},
		{"rows of texts", [][]string{{ten, ten}, {}, {ten}}, 30},
		{"a number", 7, 0},
		{"nothing", nil, 0},
		{"entries", []entry{{}, {}, {}}, 3 * perField},
		{"entries by pointers", []*entry{{}, nil}, 2 * perField},
		{"no entries", []*entry(nil), 0},
	} {
		for _, more := range []int{0, -1} {
			ctx := weighed(t.Context(), perField+c.bytes+more)
			value, err := weigh(ctx, func(context.Context) (any, error) { return c.value, nil })
			if fits := more == 0; fits && (err != nil || !reflect.DeepEqual(value, c.value)) || !fits && (err != errAnswerTooLarge || value != graphql.Null) {
				t.Errorf("%s, with %+d bytes: %v %v", c.name, more, value, err)
			}
		}
	}
}

// Nothing is resolved that can no longer be answered, and it is said once: gqlgen keeps every error until the end.
func TestNothingIsResolvedOnceItIsTooMuchOrTooLate(t *testing.T) {
	late, cancel := context.WithCancel(weighed(t.Context(), 1<<20))
	cancel()
	for _, c := range []struct {
		name    string
		ctx     context.Context
		allowed int
		err     error
	}{
		{"too much", weighed(t.Context(), 3*perField), 3, errAnswerTooLarge},
		{"too late", late, 0, context.Canceled},
	} {
		resolved, told := 0, 0
		for range 10 {
			_, err := weigh(c.ctx, func(context.Context) (any, error) { resolved++; return true, nil })
			if err != nil && err != c.err {
				t.Errorf("%s: %v", c.name, err)
			}
			if err != nil {
				told++
			}
		}
		if resolved != c.allowed || told != 1 {
			t.Errorf("%s: %d fields were resolved, and %d errors made", c.name, resolved, told)
		}
	}
}

func TestAnOperationEndsInTime(t *testing.T) {
	within := limits.Default
	within.Time = time.Millisecond
	f := newFixture(t, Options{Limits: within})
	f.exec.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		<-ctx.Done() // as a statement that is stopped
		return next(ctx)
	})
	for _, query := range []string{`{ echo }`, `{ broken }`} {
		body, _ := json.Marshal(map[string]string{"query": query})
		response, got, answer := send(t, f, "POST", "/graphql", asGraphQL, bytes.NewReader(body))
		if response.StatusCode != http.StatusGatewayTimeout || got.code(t) != "OPERATION_TIMED_OUT" {
			t.Errorf("%s: %d %s", query, response.StatusCode, answer)
		}
	}
	if lines := f.log.lines(); len(lines) != 0 {
		t.Errorf("it is logged as a bug: %q", lines)
	}
}
