// Package rdf owns a graph of statements and the two forms in which it is written: Turtle and JSON-LD.
//
// What the statements say, and in which vocabulary, is the caller's. It promises that both forms hold the same graph, that the same
// statements in the same order are the same bytes, and that no text can end the literal or the name that it stands in. It knows no
// blank nodes: whoever joins the pages of a catalogue needs names that mean the same on each of them.
package rdf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Type is the property that says what a thing is; Turtle writes it as a, JSON-LD as @type.
const Type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

const stringType = "http://www.w3.org/2001/XMLSchema#string"

// Term is the object of a statement: a name or a literal.
type Term struct {
	name bool
	// value is an IRI or the text of a literal, which has a language or a datatype.
	value, language, datatype string
}

// IRI names a thing. What may not stand in a name is percent-encoded.
func IRI(iri string) Term { return Term{name: true, value: nameOf(iri)} }

// Text is a text in a language, as a BCP 47 tag in lower case.
func Text(text, language string) Term {
	return Term{value: strings.ToValidUTF8(text, "\uFFFD"), language: language}
}

// Plain is a text in no language.
func Plain(text string) Term { return Typed(text, stringType) }

// Typed is a literal of a datatype.
func Typed(text, datatype string) Term {
	return Term{value: strings.ToValidUTF8(text, "\uFFFD"), datatype: nameOf(datatype)}
}

// nameOf percent-encodes what no form takes between the brackets of a name.
func nameOf(iri string) string {
	bad := func(r rune) bool { return r <= ' ' || strings.ContainsRune("<>\"{}|^`\\\uFFFD\u007f", r) }
	if strings.IndexFunc(iri, bad) < 0 {
		return iri
	}
	var out strings.Builder
	for _, r := range iri {
		if bad(r) {
			for _, b := range []byte(string(r)) {
				fmt.Fprintf(&out, "%%%02X", b)
			}
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// Prefix is a short form of the beginning of names of a vocabulary: dcat for http://www.w3.org/ns/dcat#.
type Prefix struct{ Short, Long string }

// Graph is a set of statements that remembers the order in which its subjects, and what is said of them, came.
type Graph struct {
	prefixes []Prefix
	subjects []string
	said     map[string]*subject
}

type subject struct {
	predicates []string
	objects    map[string][]Term
	known      map[statement]bool
}

type statement struct {
	predicate string
	object    Term
}

// New returns an empty graph that is written with these prefixes.
func New(prefixes ...Prefix) *Graph {
	return &Graph{prefixes: prefixes, said: map[string]*subject{}}
}

// Knows reports whether anything is said of a thing.
func (g *Graph) Knows(of string) bool { return g.said[nameOf(of)] != nil }

// Add says something of a thing; said twice it is said once. The predicate may be a name with a prefix of the graph.
func (g *Graph) Add(of, predicate string, objects ...Term) {
	of, predicate = nameOf(of), g.whole(predicate)
	if len(objects) == 0 {
		return
	}
	s := g.said[of]
	if s == nil {
		s = &subject{objects: map[string][]Term{}, known: map[statement]bool{}}
		g.said[of] = s
		g.subjects = append(g.subjects, of)
	}
	for _, o := range objects {
		if s.known[statement{predicate, o}] {
			continue
		}
		s.known[statement{predicate, o}] = true
		if s.objects[predicate] == nil {
			s.predicates = append(s.predicates, predicate)
		}
		s.objects[predicate] = append(s.objects[predicate], o)
	}
}

// whole is a name without its prefix.
func (g *Graph) whole(name string) string {
	for _, p := range g.prefixes {
		if local, ok := strings.CutPrefix(name, p.Short+":"); ok && !strings.HasPrefix(local, "//") {
			return p.Long + local
		}
	}
	return nameOf(name)
}

// Name is a name with a prefix as an object.
func (g *Graph) Name(short string) Term { return Term{name: true, value: g.whole(short)} }

// Turtle writes the graph as RDF 1.1 Turtle.
func (g *Graph) Turtle() []byte {
	var out bytes.Buffer
	for _, p := range g.prefixes {
		fmt.Fprintf(&out, "@prefix %s: <%s> .\n", p.Short, p.Long)
	}
	for _, name := range g.subjects {
		s := g.said[name]
		fmt.Fprintf(&out, "\n<%s>", name)
		for i, predicate := range s.predicates {
			if i > 0 {
				out.WriteString(" ;")
			}
			verb := g.short(predicate, "<", ">")
			if predicate == Type {
				verb = "a"
			}
			out.WriteString("\n    " + verb + " ")
			for k, o := range s.objects[predicate] {
				if k > 0 {
					out.WriteString(" ,\n        ")
				}
				g.turtleTerm(&out, o)
			}
		}
		out.WriteString(" .\n")
	}
	return out.Bytes()
}

// short is a name with its prefix, where it has one that every form can write; else the whole of it between brackets.
func (g *Graph) short(name, before, after string) string {
	for _, p := range g.prefixes {
		if local, ok := strings.CutPrefix(name, p.Long); ok && isLocal(local) {
			return p.Short + ":" + local
		}
	}
	return before + name + after
}

// isLocal reports whether what follows a prefix is a plain word: Turtle has more, and escapes for them, that nothing here needs.
func isLocal(local string) bool {
	letter := func(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }
	return local != "" && letter(rune(local[0])) &&
		strings.IndexFunc(local, func(r rune) bool { return !letter(r) && r != '_' && !('0' <= r && r <= '9') }) < 0
}

func (g *Graph) turtleTerm(out *bytes.Buffer, t Term) {
	if t.name {
		out.WriteString(g.short(t.value, "<", ">"))
		return
	}
	out.WriteByte('"')
	for _, r := range t.value {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\r':
			out.WriteString(`\r`)
		case r == '\t':
			out.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(out, `\u%04X`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	switch {
	case t.language != "":
		out.WriteString("@" + t.language)
	case t.datatype != stringType:
		out.WriteString("^^" + g.short(t.datatype, "<", ">"))
	}
}

// JSONLD writes the graph as JSON-LD 1.1: a context of the prefixes, and a node for each subject.
func (g *Graph) JSONLD() []byte {
	var out bytes.Buffer
	out.WriteString(`{"@context":`)
	context := make([]member, len(g.prefixes))
	for i, p := range g.prefixes {
		context[i] = member{p.Short, p.Long}
	}
	writeObject(&out, context)
	out.WriteString(`,"@graph":[`)
	for i, name := range g.subjects {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n")
		s := g.said[name]
		node := []member{{"@id", name}}
		for _, predicate := range s.predicates {
			var values []any
			for _, o := range s.objects[predicate] {
				values = append(values, g.jsonTerm(predicate, o))
			}
			key := g.short(predicate, "", "")
			if predicate == Type && !slices.ContainsFunc(s.objects[predicate], func(t Term) bool { return !t.name }) {
				key = "@type"
			}
			node = append(node, member{key, values})
		}
		writeObject(&out, node)
	}
	out.WriteString("\n]}\n")
	return out.Bytes()
}

func (g *Graph) jsonTerm(predicate string, t Term) any {
	switch {
	case t.name && predicate == Type:
		return g.short(t.value, "", "")
	case t.name:
		return map[string]string{"@id": t.value}
	case t.language != "":
		return map[string]string{"@value": t.value, "@language": t.language}
	case t.datatype != stringType:
		return map[string]string{"@value": t.value, "@type": g.short(t.datatype, "", "")}
	}
	return map[string]string{"@value": t.value}
}

// member is one of an object whose order is kept.
type member struct {
	key   string
	value any
}

func writeObject(out *bytes.Buffer, members []member) {
	out.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			out.WriteByte(',')
		}
		writeJSON(out, m.key)
		out.WriteByte(':')
		writeJSON(out, m.value)
	}
	out.WriteByte('}')
}

func writeJSON(out *bytes.Buffer, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts, and maps and lists of texts, always can
	}
	out.Write(raw)
}
