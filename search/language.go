package search

import (
	"cmp"
	"context"
	"slices"
)

// Field names a text of a document. Fields lists them, the most telling first.
type Field string

// The fields, in the order in which a match in them weighs.
const (
	FieldName        Field = "NAME"
	FieldItem        Field = "ITEM"
	FieldColumn      Field = "COLUMN"
	FieldOrigin      Field = "ORIGIN" // resources, source units, operator
	FieldDomain      Field = "DOMAIN"
	FieldDescription Field = "DESCRIPTION"
)

// Fields lists the fields, the most telling first.
var Fields = []Field{FieldName, FieldItem, FieldColumn, FieldOrigin, FieldDomain, FieldDescription}

// Texts are the document's texts of a field, in both languages; some may be empty.
func (d Document) Texts(field Field) []string {
	switch field {
	case FieldName:
		return []string{d.Name, d.NameEn}
	case FieldItem:
		return append(append([]string{}, d.Items...), d.ItemsEn...)
	case FieldColumn:
		return d.Columns
	case FieldOrigin:
		texts := append([]string{}, d.Resources...)
		for _, unit := range d.SourceUnits {
			texts = append(texts, unit.Name, unit.NameEn)
		}
		return append(texts, d.Operator.Name, d.Operator.NameEn)
	case FieldDomain:
		return d.DomainNames
	case FieldDescription:
		return []string{d.Description, d.DescriptionEn}
	default:
		return nil
	}
}

// Synonymous is an Index that can be told which words mean the same.
type Synonymous interface {
	// SetSynonyms replaces all groups of words that mean the same; the next Search that begins after it sees them.
	// No document has to be put again. Words are of any language; groups with a word in common are one group.
	SetSynonyms(ctx context.Context, groups [][]string) error
}

// Rester is an Index that holds what changed in a dearer way than the rest, and can put it there.
type Rester interface {
	// Rest puts what changed with the rest, where it is worth it. It is for when nothing has changed for a while; searches go on.
	Rest(ctx context.Context) error
}

// Suggester is an Index that completes what somebody types.
type Suggester interface {
	// Suggest lists names, items and source units of the documents that begin with or contain the prefix, as text,
	// pinyin or initials: those that begin with it first, then the most frequent. A blank prefix has none.
	// The limit is at most MaxSuggestions; a prefix is bounded as the text of a query is.
	Suggest(ctx context.Context, prefix string, limit int) ([]Suggestion, error)
}

// MaxSuggestions bounds a list of suggestions.
const MaxSuggestions = 20

// Suggestion is a text to search for.
type Suggestion struct {
	Text string
	// Field is FieldName, FieldItem or FieldOrigin.
	Field Field
	// Count is how many documents have the text.
	Count int
}

// Fitting is a suggestion with how well it fits what was typed: the least fits best.
type Fitting struct {
	Suggestion
	Fit int
}

// TopSuggestions are those that fit best, each text once: of those that fit alike what most documents have comes first. It
// sorts the list in place.
func TopSuggestions(list []Fitting, limit int) (top []Suggestion) {
	slices.SortStableFunc(list, func(a, b Fitting) int {
		return cmp.Or(cmp.Compare(a.Fit, b.Fit), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	seen := map[string]bool{}
	for _, one := range list {
		if len(top) == max(0, min(limit, MaxSuggestions)) {
			break
		}
		if !seen[one.Text] {
			seen[one.Text] = true
			top = append(top, one.Suggestion)
		}
	}
	return top
}

// Highlighter is an Index that can say where its hits match, in texts that the caller read from the database.
type Highlighter interface {
	// Highlight lists the texts of the document that the query matches, the most telling first. The filter does not matter.
	Highlight(query Query, document Document) []Match
}

// Match is a text of a document with what matched in it.
type Match struct {
	Field Field
	Text  string
	// Ranges are pairs of byte offsets into Text, ascending and apart.
	Ranges [][2]int
}
