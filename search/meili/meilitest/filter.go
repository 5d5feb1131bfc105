package meilitest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// condition decides of a document.
type condition func(d *document) bool

// filter reads a filter of a search: an expression, or an array of expressions of which inner arrays are alternatives.
func (x *index) filter(raw json.RawMessage, code string) (condition, *refusal) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return x.expression(text, code)
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil, bad(code, "Invalid syntax for the filter parameter: `expected String, Array, found: %s`.", raw)
	}
	var all []condition
	for _, one := range list {
		var text string
		var alternatives []string
		switch {
		case json.Unmarshal(one, &text) == nil:
			alternatives = []string{text}
		case json.Unmarshal(one, &alternatives) != nil:
			return nil, bad(code, "Invalid syntax for the filter parameter: `expected String, [String], found: %s`.", one)
		}
		var any []condition
		for _, text := range alternatives {
			c, err := x.expression(text, code)
			if err != nil {
				return nil, err
			}
			any = append(any, c)
		}
		all = append(all, oneOf(any))
	}
	return allOf(all), nil
}

func allOf(list []condition) condition {
	return func(d *document) bool {
		return !slices.ContainsFunc(list, func(c condition) bool { return c != nil && !c(d) })
	}
}

func oneOf(list []condition) condition {
	return func(d *document) bool {
		return slices.ContainsFunc(list, func(c condition) bool { return c == nil || c(d) })
	}
}

// parser reads an expression by the grammar of Meilisearch's filter-parser.
type parser struct {
	*index
	text string
	at   int
	code string
}

// maxFilterDepth is how deep expressions nest.
const maxFilterDepth = 150

func (x *index) expression(text, code string) (condition, *refusal) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	p := &parser{x, text, 0, code}
	c, err := p.or(0)
	if err != nil {
		return nil, err
	}
	p.blanks()
	if p.at < len(p.text) {
		return nil, p.wrong("Found unexpected characters at the end of the filter: `%s`. You probably forgot an `OR` or an `AND` rule.", p.text[p.at:])
	}
	return c, nil
}

func (p *parser) wrong(format string, args ...any) *refusal {
	return bad(p.code, "%s\n%d:%d %s", fmt.Sprintf(format, args...), p.at+1, len(p.text)+1, p.text)
}

func (p *parser) blanks() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t' || p.text[p.at] == '\n' || p.text[p.at] == '\r') {
		p.at++
	}
}

// keyword takes a word if it is next and ends there.
func (p *parser) keyword(word string) bool {
	p.blanks()
	rest := p.text[p.at:]
	if !strings.HasPrefix(rest, word) {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(rest[len(word):]); len(rest) > len(word) && isValue(r) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) or(depth int) (condition, *refusal) { return p.joined(depth, "OR", p.and, oneOf) }
func (p *parser) and(depth int) (condition, *refusal) {
	return p.joined(depth, "AND", p.not, allOf)
}

func (p *parser) joined(depth int, word string, next func(int) (condition, *refusal), join func([]condition) condition) (condition, *refusal) {
	if depth > maxFilterDepth {
		return nil, p.wrong("The filter exceeded the maximum depth limit. Try rewriting the filter so that it contains fewer nested conditions.")
	}
	first, err := next(depth + 1)
	list := []condition{first}
	for err == nil && p.keyword(word) {
		var c condition
		c, err = next(depth + 1)
		list = append(list, c)
	}
	return join(list), err
}

func (p *parser) not(depth int) (condition, *refusal) {
	if depth > maxFilterDepth {
		return nil, p.wrong("The filter exceeded the maximum depth limit. Try rewriting the filter so that it contains fewer nested conditions.")
	}
	if p.keyword("NOT") {
		c, err := p.not(depth + 1)
		return func(d *document) bool { return !c(d) }, err
	}
	p.blanks()
	if p.at < len(p.text) && p.text[p.at] == '(' {
		p.at++
		c, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.blanks(); p.at == len(p.text) || p.text[p.at] != ')' {
			return nil, p.wrong("Expression `%s` is missing the following closing delimiter: `)`.", p.text)
		}
		p.at++
		return c, nil
	}
	return p.primary()
}

func (p *parser) primary() (condition, *refusal) {
	attribute, err := p.value()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(p.settings.FilterableAttributes, attribute) {
		if len(p.settings.FilterableAttributes) == 0 {
			return nil, p.wrong("Attribute `%s` is not filterable. This index does not have configured filterable attributes.", attribute)
		}
		return nil, p.wrong("Attribute `%s` is not filterable. Available filterable attribute patterns are: `%s`.", attribute, strings.Join(p.settings.FilterableAttributes, "`, `"))
	}
	negative := false
	switch {
	case p.keyword("IN"):
		return p.in(attribute, false)
	case p.keyword("NOT"):
		if negative = true; p.keyword("IN") {
			return p.in(attribute, true)
		}
		if !p.keyword("EXISTS") {
			return nil, p.wrong("Was expecting an operation `=`, `!=`, `>=`, `>`, `<=`, `<`, `IN`, `NOT IN`, `TO`, `EXISTS`, `NOT EXISTS`, `IS NULL`, `IS NOT NULL`, `IS EMPTY`, `IS NOT EMPTY` at `%s`.", p.text)
		}
		fallthrough
	case p.keyword("EXISTS"):
		return func(d *document) bool { _, ok := d.fields[attribute]; return ok != negative }, nil
	}
	p.blanks()
	for _, operator := range []string{"<=", ">=", "!=", "<", ">", "="} {
		if !strings.HasPrefix(p.text[p.at:], operator) {
			continue
		}
		p.at += len(operator)
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		return func(d *document) bool { return compares(d, attribute, operator, value) }, nil
	}
	if from, err := p.value(); err == nil && p.keyword("TO") {
		to, err := p.value()
		return func(d *document) bool {
			return compares(d, attribute, ">=", from) && compares(d, attribute, "<=", to)
		}, err
	}
	return nil, p.wrong("Was expecting an operation `=`, `!=`, `>=`, `>`, `<=`, `<`, `IN`, `NOT IN`, `TO`, `EXISTS`, `NOT EXISTS`, `IS NULL`, `IS NOT NULL`, `IS EMPTY`, `IS NOT EMPTY` at `%s`.", p.text)
}

func (p *parser) in(attribute string, not bool) (condition, *refusal) {
	if p.blanks(); p.at == len(p.text) || p.text[p.at] != '[' {
		return nil, p.wrong("Expected `[` after `IN` keyword.")
	}
	p.at++
	var values []string
	for {
		if p.blanks(); p.at < len(p.text) && p.text[p.at] == ']' {
			p.at++
			break
		}
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		values = append(values, value)
		if p.blanks(); p.at < len(p.text) && p.text[p.at] == ',' {
			p.at++
		} else if p.at == len(p.text) || p.text[p.at] != ']' {
			return nil, p.wrong("Expected only comma-separated field names inside `IN[..]` but instead found `%s`.", p.text[p.at:])
		}
	}
	return func(d *document) bool {
		return slices.ContainsFunc(values, func(v string) bool { return compares(d, attribute, "=", v) }) != not
	}, nil
}

func isValue(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' || r == '.'
}

var keywords = []string{"AND", "OR", "IN", "NOT", "TO", "EXISTS", "IS", "NULL", "EMPTY", "CONTAINS", "STARTS", "WITH", "_geoRadius", "_geoBoundingBox"}

// value reads a word, or what is quoted.
func (p *parser) value() (string, *refusal) {
	p.blanks()
	if p.at == len(p.text) {
		return "", p.wrong("Was expecting a value but instead got nothing.")
	}
	if quote := p.text[p.at]; quote == '\'' || quote == '"' {
		p.at++
		var b strings.Builder
		for ; p.at < len(p.text); p.at++ {
			c := p.text[p.at]
			if c == quote {
				p.at++
				return b.String(), nil
			}
			if c == '\\' {
				if p.at++; p.at == len(p.text) {
					break
				}
				switch c = p.text[p.at]; c { // Meilisearch reads more escapes; none of them belongs into a test
				case quote, '\\', '"', '\'':
				default:
					return "", p.wrong("Malformed value: `%s`.", p.text)
				}
			}
			b.WriteByte(c)
		}
		return "", p.wrong("Expression `%s` is missing the following closing delimiter: `%c`.", p.text, quote)
	}
	begin := p.at
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !isValue(r) {
			break
		}
		p.at += size
	}
	word := p.text[begin:p.at]
	if word == "" {
		return "", p.wrong("Was expecting a value but instead got `%s`.", p.text[p.at:])
	}
	if slices.Contains(keywords, word) {
		p.at = begin
		return "", p.wrong("Was expecting a value but instead got `%s`, which is a reserved keyword. To use `%s` as a field name or a value, surround it by quotes.", word, word)
	}
	return word, nil
}

// maxFacetValue is what Meilisearch keeps of a value, in bytes.
const maxFacetValue = 468

// facet is a value as it is compared and counted.
func facet(text string) string {
	text = normal(text)
	if len(text) > maxFacetValue {
		text = strings.ToValidUTF8(text[:maxFacetValue], "")
	}
	return text
}

// compares compares each of the document's values: as numbers where both are, else as texts.
func compares(d *document, attribute, operator, value string) bool {
	if operator == "!=" {
		return !compares(d, attribute, "=", value)
	}
	number, err := strconv.ParseFloat(value, 64)
	isNumber := err == nil
	for _, one := range values(d.fields[attribute]) {
		var order int
		switch v := one.(type) {
		case json.Number:
			f, err := v.Float64()
			if !isNumber || err != nil {
				continue
			}
			switch {
			case f < number:
				order = -1
			case f > number:
				order = 1
			}
		case string:
			order = strings.Compare(facet(v), facet(value))
		case bool:
			order = strings.Compare(strconv.FormatBool(v), facet(value))
		default:
			continue
		}
		switch operator {
		case "=":
			if order == 0 {
				return true
			}
		case "<":
			if order < 0 {
				return true
			}
		case "<=":
			if order <= 0 {
				return true
			}
		case ">":
			if order > 0 {
				return true
			}
		case ">=":
			if order >= 0 {
				return true
			}
		}
	}
	return false
}

// values are the single values of a field.
func values(v any) []any {
	if list, ok := v.([]any); ok {
		var all []any
		for _, one := range list {
			all = append(all, values(one)...)
		}
		return all
	}
	return []any{v}
}
