package search

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"

	"gongshu/internal/fault"
)

// cursorVersion changes with the meaning of positions, so that older cursors are refused and not misread.
const cursorVersion = 1

// maxCursorBytes is far more than any cursor of ours.
const maxCursorBytes = 1024

// cursor is what an opaque cursor holds.
type cursor struct {
	Version  int             `json:"v"`
	Order    Order           `json:"o"`
	Position json.RawMessage `json:"p"`
	// Sum binds the position to the query it was made for. It is no secret: a position gives no right to anything.
	Sum []byte `json:"s"`
}

// Cursor returns the opaque cursor for a position of the adapter's own (a value that JSON can hold) among the hits of q.
func (q Query) Cursor(position any) string { return q.Cursors()(position) }

// Cursors returns Cursor for all the hits of q: what they have in common is worked out once.
func (q Query) Cursors() func(position any) string {
	order := q.Order
	if order == "" {
		order = Relevance
	}
	asked := struct {
		Order     Order
		Text      string
		Operators bool   `json:",omitempty"`
		Of        string `json:",omitempty"`
		Facets    [][]string
	}{Order: order, Text: q.Text, Operators: q.Operators, Of: q.Of}
	for _, name := range FacetNames {
		asked.Facets = append(asked.Facets, append([]string{}, q.Filter.FacetValues(name)...)) // an empty list is none
	}
	common := mustJSON(asked)
	common = append(common[:len(common)-1], `,"Position":`...)
	return func(position any) string {
		raw := mustJSON(position)
		sum := sha256.Sum256(slices.Concat(common, raw, []byte("}")))
		return base64.RawURLEncoding.EncodeToString(mustJSON(cursor{Version: cursorVersion, Order: order, Position: raw, Sum: sum[:9]}))
	}
}

// Position reads the position in q.After into what the adapter gave to Cursor, and reports whether there is one.
// A cursor that was forged, or made for another text, filter or order, is refused as CURSOR_INVALID at "after".
func (q Query) Position(into any) (bool, error) {
	if q.After == "" {
		return false, nil
	}
	invalid := fault.New(fault.Invalid, "CURSOR_INVALID", "This cursor does not belong to this search.").At("after")
	if len(q.After) > maxCursorBytes {
		return false, invalid
	}
	text, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil {
		return false, invalid
	}
	var c cursor
	if err := json.Unmarshal(text, &c); err != nil || len(c.Position) == 0 {
		return false, invalid
	}
	// Making it again covers version, order, sum and spelling at once.
	if q.Cursor(c.Position) != q.After {
		return false, invalid
	}
	if err := json.Unmarshal(c.Position, into); err != nil {
		return false, invalid
	}
	return true, nil
}

func mustJSON(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic("search: a cursor's position must be a value that JSON can hold: " + err.Error())
	}
	return text
}
