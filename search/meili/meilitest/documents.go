package meilitest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// index is one index.
type index struct {
	tokens        *Dictionary
	made, changed time.Time
	primary       *string
	settings      settings
	documents     map[string]*document
	// words are the documents with a word.
	words map[string]map[*document]bool
}

// document is what was put, with its words.
type document struct {
	id     string
	fields map[string]any
	raw    map[string]json.RawMessage
	// places are where a word stands, by attribute as it is ranked.
	places map[string][]place
}

// place is a position in a searched attribute.
type place struct{ attribute, position int }

func (s *Server) newIndex(primary *string) *index {
	now := time.Now().UTC()
	return &index{tokens: s.Words, made: now, changed: now, primary: primary, settings: defaults(), documents: map[string]*document{}, words: map[string]map[*document]bool{}}
}

func (x *index) info(uid string) any {
	return map[string]any{"uid": uid, "createdAt": x.made, "updatedAt": x.changed, "primaryKey": x.primary}
}

var idForm = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,511}$`)

func (s *Server) addDocuments(c call, uid string) (int, any, *refusal) {
	given := c.URL.Query().Get("primaryKey")
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &list); err != nil {
		var one map[string]json.RawMessage
		if json.Unmarshal(c.body, &one) != nil {
			return 0, nil, bad("malformed_payload", "The `json` payload provided is malformed. `%v`.", err)
		}
		list = append(list, one)
	}
	return s.enqueue(c, uid, "documentAdditionOrUpdate", func() *refusal {
		x, ok := s.indexes[uid]
		if !ok { // documents make an index
			x = s.newIndex(nil)
			s.indexes[uid] = x
		}
		if given != "" {
			if x.primary != nil && *x.primary != given {
				return bad("index_primary_key_already_exists", "Index `%s`: Index already has a primary key: `%s`.", uid, *x.primary)
			}
			x.primary = &given
		}
		var made []*document
		for _, raw := range list {
			if x.primary == nil {
				if err := x.infer(uid, raw); err != nil {
					return err
				}
			}
			d, err := read(raw, *x.primary, uid)
			if err != nil {
				return err
			}
			made = append(made, d)
		}
		for _, d := range made {
			x.remove(d.id)
			x.documents[d.id] = d
			x.learn(d)
		}
		x.changed = time.Now().UTC()
		return nil
	}, "primaryKey", "skipCreation", "csvDelimiter", "customMetadata")
}

// infer takes the one field whose name ends with id for the primary key.
func (x *index) infer(uid string, raw map[string]json.RawMessage) *refusal {
	var candidates []string
	for name := range raw {
		if strings.HasSuffix(strings.ToLower(name), "id") {
			candidates = append(candidates, name)
		}
	}
	switch len(candidates) {
	case 0:
		return bad("index_primary_key_no_candidate_found", "Index `%s`: The primary key inference failed as the engine did not find any field ending with `id` in its name. Please specify the primary key manually using the `primaryKey` query parameter.", uid)
	case 1:
		x.primary = &candidates[0]
		return nil
	default:
		return bad("index_primary_key_multiple_candidates_found", "Index `%s`: The primary key inference failed as the engine found %d fields ending with `id` in their names.", uid, len(candidates))
	}
}

func read(raw map[string]json.RawMessage, primary, uid string) (*document, *refusal) {
	d := &document{raw: raw, fields: map[string]any{}}
	for name, value := range raw {
		decoder := json.NewDecoder(bytes.NewReader(value))
		decoder.UseNumber()
		var v any
		if err := decoder.Decode(&v); err != nil {
			return nil, bad("malformed_payload", "%v", err)
		}
		d.fields[name] = v
	}
	switch id := d.fields[primary].(type) {
	case nil:
		return nil, bad("missing_document_id", "Index `%s`: Document doesn't have a `%s` attribute: `%s`.", uid, primary, raw)
	case string:
		d.id = id
	case json.Number:
		d.id = id.String()
	}
	if !idForm.MatchString(d.id) {
		return nil, bad("invalid_document_id", "Index `%s`: Document identifier `%s` is invalid. A document identifier can be of type integer or string, only composed of alphanumeric characters (a-z A-Z 0-9), hyphens (-) and underscores (_), and can not be more than 511 bytes.", uid, d.id)
	}
	return d, nil
}

func (s *Server) getDocument(c call, uid, id string) (int, any, *refusal) {
	x, err := s.index(uid)
	if err != nil {
		return 0, nil, err
	}
	d, ok := x.documents[id]
	if !ok {
		return 0, nil, refuse(http.StatusNotFound, "document_not_found", "Document `%s` not found.", id)
	}
	if err := c.query("fields", "retrieveVectors"); err != nil {
		return 0, nil, err
	}
	return 200, d.raw, nil
}

func (s *Server) deleteDocuments(c call, uid string) (int, any, *refusal) {
	var ids []any
	if err := json.Unmarshal(c.body, &ids); err != nil {
		return 0, nil, bad("malformed_payload", "%v", err)
	}
	return s.enqueue(c, uid, "documentDeletion", func() *refusal {
		x, err := s.index(uid)
		if err != nil {
			return err
		}
		for _, id := range ids {
			switch id := id.(type) {
			case string:
				x.remove(id)
			case float64:
				x.remove(strconv.FormatFloat(id, 'f', -1, 64))
			}
		}
		return nil
	}, "customMetadata")
}

func (x *index) remove(id string) {
	d, ok := x.documents[id]
	if !ok {
		return
	}
	delete(x.documents, id)
	for word := range d.places {
		if delete(x.words[word], d); len(x.words[word]) == 0 {
			delete(x.words, word)
		}
	}
}

func (x *index) reindex() {
	x.words = map[string]map[*document]bool{}
	for _, d := range x.documents {
		x.learn(d)
	}
}

// searchable is the rank of a searched attribute, -1 where it is not searched.
func (x *index) searchable(attribute string) int {
	if slices.Equal(x.settings.SearchableAttributes, []string{"*"}) {
		return 0
	}
	return slices.Index(x.settings.SearchableAttributes, attribute)
}

// learn takes in the words of a document.
func (x *index) learn(d *document) {
	d.places = map[string][]place{}
	for name, value := range d.fields {
		rank := x.searchable(name)
		if rank < 0 {
			continue
		}
		at := 0
		for _, text := range texts(value) {
			for _, w := range x.tokens.tokenize(text) {
				if len(w.lemma) > 250 {
					continue // too long to be searched
				}
				if w.separator {
					if w.hard {
						at += 7
					}
					continue
				}
				if at++; at > 65535 {
					break
				}
				d.places[w.lemma] = append(d.places[w.lemma], place{rank, at})
			}
			at += 8
		}
	}
	for word := range d.places {
		if x.words[word] == nil {
			x.words[word] = map[*document]bool{}
		}
		x.words[word][d] = true
	}
}

// texts are the texts within a value.
func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case json.Number:
		return []string{v.String()}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, texts(one)...)
		}
		return all
	}
	return nil
}
