package hostile

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"
)

// entry is one request of the corpus and the answer that it must get; docs/hostile-input.md says how a file is written.
type entry struct {
	name, sentence string
	as             string
	method, path   string
	header         http.Header
	body           []byte
	raw            bool // body is all that is sent on the connection
	status         int
	code           string
	without        string // what the answer must not say
}

// readCorpus reads every file, with the names of the scene filled in.
func readCorpus(t *testing.T, s *scene) []entry {
	t.Helper()
	files, err := filepath.Glob("corpus/*/*")
	if err != nil {
		t.Fatal(err)
	}
	var all []entry
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.read(file, string(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, e)
	}
	return all
}

// read reads a file: lines of "name: value", an empty line, the body.
func (s *scene) read(file, text string) (entry, error) {
	e := entry{name: strings.TrimPrefix(file, "corpus/"), as: "nobody", method: http.MethodPost, path: "/graphql", header: http.Header{}}
	head, body, _ := strings.Cut(text, "\n\n")
	variables, encoding := "", ""
	for line := range strings.Lines(head) {
		line = strings.TrimSuffix(line, "\n")
		if sentence, ok := strings.CutPrefix(line, "# "); ok {
			e.sentence = sentence
			continue
		}
		name, value, _ := strings.Cut(line, ": ")
		value, err := s.fill(value)
		if err != nil {
			return e, err
		}
		switch name {
		case "as":
			e.as = value
		case "send":
			e.method, e.path, _ = strings.Cut(value, " ")
		case "header":
			key, content, _ := strings.Cut(value, ": ")
			e.header.Add(key, content)
		case "variables":
			variables = value
		case "encode":
			encoding = value
		case "without":
			e.without = value
		case "want":
			status, code, _ := strings.Cut(value, " ")
			if e.status, err = strconv.Atoi(status); err != nil {
				return e, err
			}
			e.code = code
		default:
			return e, fmt.Errorf("what is %q?", line)
		}
	}
	if e.sentence == "" || e.status == 0 {
		return e, fmt.Errorf("it says not what it is, or what it wants")
	}
	return e, s.readBody(&e, filepath.Ext(file), strings.TrimSuffix(body, "\n"), variables, encoding)
}

// readBody makes the body that is sent: a document in its JSON, bytes as they stand, or a whole request by hand.
func (s *scene) readBody(e *entry, extension, body, variables, encoding string) error {
	if extension == ".raw" {
		e.raw = true
		body = strings.ReplaceAll(body, "\n", "\r\n")
	}
	filled, err := s.fill(body)
	if err != nil {
		return err
	}
	e.body = []byte(filled)
	if extension == ".graphql" {
		request := map[string]any{"query": filled}
		if variables != "" {
			request["variables"] = json.RawMessage(variables)
		}
		if e.body, err = json.Marshal(request); err != nil {
			return err
		}
		e.header.Set("Content-Type", "application/json")
		e.header.Set("Accept", "application/graphql-response+json")
	}
	e.body, err = encoded(e.body, encoding)
	return err
}

// fill writes the generators of a text out: << repeat 1000 "[" >>.
func (s *scene) fill(text string) (string, error) {
	parsed, err := template.New("").Delims("<<", ">>").Option("missingkey=error").Funcs(generators).Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = parsed.Execute(&out, s.names)
	return out.String(), err
}

// generators write what is long or unreadable.
var generators = template.FuncMap{
	"repeat": func(n int, text string) string { return strings.Repeat(text, n) },
	// numbered repeats a text with its number in place of #.
	"numbered": func(n int, text string) string {
		var out strings.Builder
		for i := range n {
			out.WriteString(strings.ReplaceAll(text, "#", strconv.Itoa(i)))
		}
		return out.String()
	},
	"nest": func(n int, open, inner, end string) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	},
	"bytes": func(digits string) (string, error) {
		raw, err := hex.DecodeString(digits)
		return string(raw), err
	},
	// cursor is a cursor of a list made by hand.
	"cursor": func(digits string) (string, error) {
		raw, err := hex.DecodeString(digits)
		return base64.RawURLEncoding.EncodeToString(append([]byte("v1:"), raw...)), err
	},
}

func encoded(body []byte, encoding string) ([]byte, error) {
	var out bytes.Buffer
	switch encoding {
	case "":
		return body, nil
	case "gzip":
		w := gzip.NewWriter(&out)
		w.Write(body) //nolint:errcheck // a buffer takes everything
		w.Close()     //nolint:errcheck
	case "deflate":
		w, err := flate.NewWriter(&out, flate.BestCompression)
		if err != nil {
			return nil, err
		}
		w.Write(body) //nolint:errcheck // the same
		w.Close()     //nolint:errcheck
	default:
		return nil, fmt.Errorf("no encoding %q", encoding)
	}
	return out.Bytes(), nil
}

// reply is what came of an entry.
type reply struct {
	status int
	code   string
	header http.Header
	body   []byte
	took   time.Duration
}

// wrong says what is wrong with a reply, "" where nothing is.
func (e entry) wrong(r reply, canary string) string {
	switch {
	case r.status >= 500 && r.status != http.StatusNotImplemented && r.status != http.StatusHTTPVersionNotSupported: // net/http's own words to what it does not speak
		return fmt.Sprintf("it is the server's fault: %d", r.status)
	case r.status != e.status || r.code != e.code:
		return fmt.Sprintf("want %d %s, got %d %s", e.status, e.code, r.status, r.code)
	case bytes.Contains(r.body, []byte(canary)) || strings.Contains(fmt.Sprint(r.header), canary):
		return "the answer repeats what was sent"
	case e.without != "" && bytes.Contains(r.body, []byte(e.without)):
		return fmt.Sprintf("the answer says %q", e.without)
	}
	return ""
}

// codeOf reads the first code of an answer: of a problem, of top-level errors, of an upload or of a payload; "" without one.
func codeOf(body []byte) string {
	type failure struct {
		Code       string
		Extensions struct{ Code string }
	}
	var answer struct {
		Code   string
		Errors []failure
		Data   map[string]json.RawMessage
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	if answer.Code != "" {
		return answer.Code
	}
	if len(answer.Errors) > 0 {
		return answer.Errors[0].Code + answer.Errors[0].Extensions.Code
	}
	for _, member := range answer.Data {
		var payload struct{ Errors []failure }
		if json.Unmarshal(member, &payload) == nil && len(payload.Errors) > 0 {
			return payload.Errors[0].Code
		}
	}
	return ""
}
