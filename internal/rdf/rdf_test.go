package rdf

import (
	"encoding/json"
	"strings"
	"testing"
)

func small() *Graph {
	g := New(Prefix{"ex", "http://example.org/ns#"}, Prefix{"xsd", "http://www.w3.org/2001/XMLSchema#"})
	g.Add("http://example.org/1", Type, g.Name("ex:Thing"))
	g.Add("http://example.org/1", "ex:name", Text(`站 "A"\`+"\n\x01", "zh"), Text("Station", "en"), Text("Station", "en"))
	g.Add("http://example.org/1", "ex:count", Typed("3", "http://www.w3.org/2001/XMLSchema#integer"))
	g.Add("http://example.org/1", "ex:seeAlso", IRI("http://example.org/a b>"), IRI("http://example.org/ns#x-y"))
	g.Add("http://example.org/2", "http://other.example/p", Plain("\xff"))
	return g
}

func TestAGraphIsWrittenAsTurtle(t *testing.T) {
	const want = `@prefix ex: <http://example.org/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<http://example.org/1>
    a ex:Thing ;
    ex:name "站 \"A\"\\\n\u0001"@zh ,
        "Station"@en ;
    ex:count "3"^^xsd:integer ;
    ex:seeAlso <http://example.org/a%20b%3E> ,
        <http://example.org/ns#x-y> .

<http://example.org/2>
    <http://other.example/p> "` + "\uFFFD" + `" .
`
	if got := string(small().Turtle()); got != want {
		t.Errorf("it is\n%s", got)
	}
}

func TestAGraphIsWrittenAsJSONLD(t *testing.T) {
	got := small().JSONLD()
	var document struct {
		Context map[string]string `json:"@context"`
		Graph   []map[string]any  `json:"@graph"`
	}
	if err := json.Unmarshal(got, &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Graph) != 2 || document.Context["ex"] != "http://example.org/ns#" {
		t.Errorf("it is %s", got)
	}
	for _, want := range []string{
		`"@type":["ex:Thing"]`, `{"@language":"en","@value":"Station"}`, `{"@type":"xsd:integer","@value":"3"}`,
		`{"@id":"http://example.org/a%20b%3E"}`, `"http://other.example/p":[{"@value":"` + "\uFFFD" + `"}]`,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
	if strings.Contains(string(got), "\n\x01") || !small().Knows("http://example.org/2") || small().Knows("http://example.org/3") {
		t.Errorf("it knows other things: %s", got)
	}
}
