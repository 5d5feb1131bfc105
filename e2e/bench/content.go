package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// contentOf is what an answer says, however its program writes it: ids as UUIDs, times in UTC, numbers as text, money in fen, lists
// without cursors, JSON columns with the keys that are asked of the market. What is alike here is the same answer.
func contentOf(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var answer struct{ Data map[string]any }
	if err := d.Decode(&answer); err != nil {
		return nil, err
	}
	if len(answer.Data) != 1 {
		return nil, fmt.Errorf("it says %d things", len(answer.Data))
	}
	for _, said := range answer.Data {
		return plain(said), nil
	}
	return nil, nil
}

func plain(value any) any {
	switch value := value.(type) {
	case json.Number:
		return value.String()
	case string:
		if id := uuidOf(value); id != value {
			return id
		}
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return at.UTC().Format(time.RFC3339Nano)
		}
		return value
	case []any:
		for i := range value {
			value[i] = plain(value[i])
		}
		return value
	case map[string]any:
		return plainObject(value)
	}
	return value
}

// columnKeys are what is asked of a column in a dictionary; its JSON holds more.
var columnKeys = []string{"name", "label", "labelEn", "type", "description", "sensitivity"}

func plainObject(object map[string]any) any {
	out := make(map[string]any, len(object))
	for key, value := range object {
		switch key {
		case "edges":
			nodes := []any{}
			for _, edge := range value.([]any) {
				nodes = append(nodes, plain(edge.(map[string]any)["node"]))
			}
			out["nodes"] = nodes
		case "products": // of a search of PostGraphile
			out["nodes"] = plain(value)
		case "pageInfo":
			out["more"] = value.(map[string]any)["hasNextPage"]
		case "total":
			fen := strings.TrimLeft(strings.Replace(fmt.Sprint(value.(map[string]any)["amount"]), ".", "", 1), "0")
			out["totalFen"] = cmp.Or(fen, "0")
		case "terms":
			for key, term := range value.(map[string]any) {
				out[key] = plain(term)
			}
		case "dictionary":
			columns := []any{}
			for _, column := range value.([]any) {
				kept := map[string]any{}
				for _, key := range columnKeys {
					kept[key] = column.(map[string]any)[key]
				}
				columns = append(columns, kept)
			}
			out[key] = columns
		default:
			out[key] = plain(value)
		}
	}
	return out
}

// find is the first value of a key, however deep; nil where there is none.
func find(value any, key string) any {
	switch value := value.(type) {
	case map[string]any:
		if found, ok := value[key]; ok {
			return found
		}
		for _, inner := range value {
			if found := find(inner, key); found != nil {
				return found
			}
		}
	case []any:
		for _, inner := range value {
			if found := find(inner, key); found != nil {
				return found
			}
		}
	}
	return nil
}

// differ is where two contents are first not alike, "" where they are.
func differ(path string, a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok && len(a) == len(b) {
			for key := range a {
				if at := differ(path+"."+key, a[key], b[key]); at != "" {
					return at
				}
			}
			return ""
		}
	case []any:
		if b, ok := b.([]any); ok && len(a) == len(b) {
			for i := range a {
				if at := differ(fmt.Sprintf("%s.%d", path, i), a[i], b[i]); at != "" {
					return at
				}
			}
			return ""
		}
	default:
		if a == b {
			return ""
		}
	}
	return fmt.Sprintf("%s is %s and %s", path, brief(a), brief(b))
}

func brief(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text[:min(len(text), 300)])
}

const idDigits = "0123456789abcdefghjkmnpqrstvwxyz"

var publicID = regexp.MustCompile(`^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$`)

// uuidOf is an id of the market as its tables have it; anything else stays what it is.
func uuidOf(id string) string {
	if !publicID.MatchString(id) {
		return id
	}
	var bytes [16]byte
	var buffer, bits uint
	at := len(bytes)
	for i := len(id) - 1; i > len("xxx"); i-- {
		buffer |= uint(strings.IndexByte(idDigits, id[i])) << bits
		for bits += 5; bits >= 8 && at > 0; bits -= 8 {
			at--
			bytes[at] = byte(buffer)
			buffer >>= 8
		}
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", bytes[:4], bytes[4:6], bytes[6:8], bytes[8:10], bytes[10:])
}
