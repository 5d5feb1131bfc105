package graphqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"gongshu/internal/fault"
	"gongshu/internal/server/accept"
)

// refusal is a fault with the HTTP status it travels under, whatever the media type.
type refusal struct {
	status int
	allow  string // the Allow header of a 405
	fault  *fault.Error
}

// read takes the GraphQL request out of the HTTP request, or says why there is none.
func (h *handler) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	start := graphql.Now()
	from := h.fromBody
	if r.Method == http.MethodGet {
		from = h.fromURL
	}
	params, refused := from(w, r)
	if refused != nil {
		return nil, refused
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return params, nil
}

// fromURL reads the parameters of a GET. Unknown ones are another's; one named twice is refused, as two readers of
// the same URL could take different ones.
func (h *handler) fromURL(_ http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	if len(r.URL.RawQuery) > h.limits.Body {
		return nil, &refusal{status: http.StatusRequestURITooLong,
			fault: fault.New(fault.TooLarge, "URL_TOO_LONG", "The query string has more than %d bytes.", h.limits.Body).With("max", h.limits.Body)}
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, bad("", "The query string is not URL-encoded.")
	}
	text := map[string]string{}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		switch given := values[name]; {
		case len(given) > 1:
			return nil, bad(name, "The parameter %s is given more than once.", name)
		case len(given) == 1 && !utf8.ValidString(given[0]):
			return nil, bad(name, "The parameter %s is not UTF-8.", name)
		case len(given) == 1:
			text[name] = given[0]
		}
	}
	if _, ok := text["query"]; !ok {
		return nil, bad("query", "The parameter query is missing.")
	}
	params := &graphql.RawParams{Query: text["query"], OperationName: text["operationName"]}
	return params, objects(params, []byte(text["variables"]), []byte(text["extensions"]))
}

// fromBody reads the JSON of a POST. Of members with one name the last counts, unknown ones are skipped
// (the specification keeps them for extensions), and names are matched exactly.
func (h *handler) fromBody(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	body, refused := h.body(w, r)
	if refused != nil {
		return nil, refused
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil || members == nil {
		return nil, bad("", "The body is not a JSON object.")
	}
	query, ok := text(members["query"])
	if !ok {
		return nil, bad("query", "The parameter query must be a string.")
	}
	if query == nil {
		return nil, bad("query", "The parameter query is missing.")
	}
	params := &graphql.RawParams{Query: *query}
	name, ok := text(members["operationName"])
	if !ok {
		return nil, bad("operationName", "The parameter operationName must be a string.")
	}
	if name != nil {
		params.OperationName = *name
	}
	return params, objects(params, members["variables"], members["extensions"])
}

// body reads the whole body of a POST, one byte over the limit at most.
//
// The content type is application/json and nothing else: a form of another site can send text/plain or a form with
// the person's cookies, but for JSON its browser asks us first.
func (h *handler) body(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	if !isJSON(r.Header.Values("Content-Type")) {
		return nil, &refusal{status: http.StatusUnsupportedMediaType,
			fault: fault.New(fault.Invalid, "UNSUPPORTED_MEDIA_TYPE", "Send %s in UTF-8.", mediaJSON)}
	}
	for _, coding := range r.Header.Values("Content-Encoding") {
		if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, "identity") {
			return nil, &refusal{status: http.StatusUnsupportedMediaType,
				fault: fault.New(fault.Invalid, "UNSUPPORTED_MEDIA_TYPE", "Send the body without a content encoding.")}
		}
	}
	tooLarge := &refusal{status: http.StatusRequestEntityTooLarge,
		fault: fault.New(fault.TooLarge, "BODY_TOO_LARGE", "The body has more than %d bytes.", h.limits.Body).With("max", h.limits.Body)}
	if r.ContentLength > int64(h.limits.Body) {
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(h.limits.Body)))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge
	case err != nil:
		return nil, bad("", "The body ended early.")
	case !utf8.Valid(body): // encoding/json would put other characters in their place
		return nil, bad("", "The body is not UTF-8.")
	}
	return body, nil
}

// isJSON reports whether the Content-Type headers are one, of application/json in UTF-8.
func isJSON(headers []string) bool {
	if len(headers) != 1 {
		return false
	}
	media, params, err := mime.ParseMediaType(headers[0])
	return err == nil && media == mediaJSON && accept.IsUTF8(params)
}

// text decodes a member that is a string, nil when it is absent or null; not ok when it is anything else.
func text(raw json.RawMessage) (value *string, ok bool) {
	if len(raw) == 0 {
		return nil, true
	}
	return value, json.Unmarshal(raw, &value) == nil
}

// objects decodes variables and extensions into params.
func objects(params *graphql.RawParams, variables, extensions []byte) *refusal {
	var ok bool
	if params.Variables, ok = object(variables); !ok {
		return bad("variables", "The parameter variables must be a JSON object.")
	}
	if params.Extensions, ok = object(extensions); !ok {
		return bad("extensions", "The parameter extensions must be a JSON object.")
	}
	return nil
}

// object decodes one JSON object, nil when it is absent or null. Its numbers stay json.Number, so that an int64
// or a decimal arrives digit by digit.
func object(raw []byte) (value map[string]any, ok bool) {
	if len(raw) == 0 {
		return nil, true
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return value, err == io.EOF
}

// bad is the refusal of a request that is no GraphQL request; field names the parameter, "" when it is the whole.
func bad(field, format string, args ...any) *refusal {
	return &refusal{status: http.StatusBadRequest, fault: fault.New(fault.Invalid, "BAD_REQUEST", format, args...).At(field)}
}
