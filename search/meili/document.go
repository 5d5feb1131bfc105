package meili

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"gongshu/search"
	"gongshu/search/lex"
	"gongshu/search/pinyin"
)

// schema changes with what documents hold and how an index is set up, so that an index of an older program is built again.
const schema = 3

// The attributes that are not searched. Those of facets and orders have names made of theirs.
const (
	attributeID    = "id"
	attributeCodes = "codes"
	// The texts that suggestions are made of, as they are written.
	attributeNames, attributeItems, attributeUnits = "names", "items", "units"
)

// The kinds of what is searched of a field, by what is added to its name: its texts, the pieces of their runs, how they
// are spelled, and the first letters of that.
const (
	kindPieces   = "_pieces"
	kindPinyin   = "_pinyin"
	kindInitials = "_initials"
)

// base is the attribute of a field's texts.
func base(field search.Field) string { return "text_" + strings.ToLower(string(field)) }

// fieldOf is the field of a searched attribute.
func fieldOf(attribute string) (search.Field, bool) {
	for _, field := range search.Fields {
		name := base(field)
		if attribute == name || attribute == name+kindPieces || attribute == name+kindPinyin || attribute == name+kindInitials {
			return field, true
		}
	}
	return "", false
}

// spelled are the fields that are found by pinyin and initials.
var spelled = []search.Field{search.FieldName, search.FieldItem, search.FieldOrigin}

// searched lists the searched attributes, the most telling first; of whatever field, how a text is spelled tells least.
func searched() []string {
	var all []string
	for _, field := range search.Fields {
		all = append(all, base(field), base(field)+kindPieces)
	}
	for _, kind := range []string{kindPinyin, kindInitials} {
		for _, field := range spelled {
			all = append(all, base(field)+kind)
		}
	}
	return all
}

func facetAttribute(name search.FacetName) string { return "facet_" + strings.ToLower(string(name)) }

// sorted are the orders that sort by an attribute of a document: a text that no other document has, ascending, so that the
// order is total and a page can begin after it. Numbers of Meilisearch would lose digits.
var sorted = slices.DeleteFunc(slices.Clone(search.Orders), func(o search.Order) bool { return o == search.Relevance })

func orderAttribute(order search.Order) string { return "by_" + strings.ToLower(string(order)) }

// orderKey is what a document has in an order: every order ends in the newest listing first and then the id.
func orderKey(order search.Order, d search.Document) string {
	return "k" + ascending(order.Rank(d)) + descending(d.ListedAt.UnixMicro()) + d.ID.String()
}

var orderKeys = regexp.MustCompile(`^k[0-9a-f-]{52,200}$`)

func ascending(n int64) string  { return fmt.Sprintf("%016x", uint64(n)^1<<63) }
func descending(n int64) string { return ascending(^n) }

// maxFacetValue is the longest value that is told as it is, in bytes. Meilisearch cuts off what is longer than 468.
const maxFacetValue = 150

var (
	small = regexp.MustCompile(`^[a-z0-9-]+$`)
	large = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

// facetValue is the form in which values are filtered by and counted. Meilisearch takes A and a for the same, reads numbers
// in texts, and has a syntax for filters; in this form different values stay different, none is a number and none has a
// sign that means something.
func facetValue(value string) string {
	switch {
	case len(value) > maxFacetValue:
		sum := sha256.Sum256([]byte(value))
		return "h." + hex.EncodeToString(sum[:])
	case small.MatchString(value):
		return "v." + value
	case large.MatchString(value):
		return "u." + strings.ToLower(value)
	default:
		return "x." + hex.EncodeToString([]byte(value))
	}
}

// valueOf is the value of a form. Of one that was too long it is not known.
func valueOf(form string) (value string, ok bool) {
	kind, rest, _ := strings.Cut(form, ".")
	switch kind {
	case "v":
		return rest, true
	case "u":
		return strings.ToUpper(rest), true
	case "x":
		text, err := hex.DecodeString(rest)
		return string(text), err == nil
	default:
		return "", false
	}
}

func facetValues(values []string) []string {
	forms := make([]string, len(values))
	for i, value := range values {
		forms[i] = facetValue(value)
	}
	return forms
}

// document is what Meilisearch holds of a product.
type document map[string]any

func documentOf(d search.Document) document {
	made := document{attributeID: d.ID.String(), attributeNames: []string{clean(d.Name), clean(d.NameEn)}}
	for _, field := range search.Fields {
		var texts, parts []string
		for _, text := range d.Texts(field) {
			if text = lex.Fold(text); strings.TrimSpace(text) != "" && !slices.Contains(texts, text) {
				texts, parts = append(texts, text), append(parts, pieces(text)...)
			}
		}
		for i, text := range texts {
			texts[i] = words(text)
		}
		made[base(field)], made[base(field)+kindPieces] = list(texts), list(parts)
	}
	origins := []string{}
	for _, unit := range d.SourceUnits {
		origins = append(origins, unit.Name, unit.NameEn)
	}
	items := slices.Concat(d.Items, d.ItemsEn)
	for _, field := range spelled {
		texts := map[search.Field][]string{search.FieldName: {d.Name, d.NameEn}, search.FieldItem: items, search.FieldOrigin: origins}[field]
		var full, first []string
		for _, text := range texts {
			for _, t := range scan(lex.Fold(text)) {
				if t.run {
					spelled, initials := pinyin.Spans(t.text)
					full, first = append(full, spelled...), append(first, initials...)
				}
			}
		}
		made[base(field)+kindPinyin], made[base(field)+kindInitials] = apart(full), apart(first)
	}
	made[attributeItems], made[attributeUnits] = written(items), written(origins)
	codes := []string{}
	for _, c := range d.Codes {
		if c = lex.Code(c); c != "" {
			codes = append(codes, facetValue(c))
		}
	}
	made[attributeCodes] = codes
	for _, name := range search.FacetNames {
		made[facetAttribute(name)] = facetValues(d.FacetValues(name))
	}
	for _, order := range sorted {
		made[orderAttribute(order)] = orderKey(order, d)
	}
	return made
}

// apart joins words so that no two of them stand next to each other for Meilisearch.
func apart(words []string) string {
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ". ")
}

func list(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// clean is a text as it is written, valid.
func clean(text string) string { return strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd")) }

// written are texts as they are written, each once and none blank.
func written(texts []string) []string {
	all := []string{}
	for _, text := range texts {
		if text = clean(text); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// The limits that the index is set to.
const (
	// maxTotalHits bounds what Meilisearch counts and pages through.
	maxTotalHits = 10_000_000
	// maxFacetValues is more than search.MaxFacetCounts, as Meilisearch cuts ties in an order of its own.
	maxFacetValues = 1000
)

// settings are all settings of an index but its synonyms.
func settings() *meilisearch.Settings {
	filterable := []string{attributeCodes, attributeItems, attributeUnits}
	for _, name := range search.FacetNames {
		filterable = append(filterable, facetAttribute(name))
	}
	sortable := []string{}
	for _, order := range sorted {
		sortable = append(sortable, orderAttribute(order))
	}
	slices.Sort(sortable)
	exact := []string{}
	for _, name := range searched() {
		if strings.HasSuffix(name, kindPieces) || strings.HasSuffix(name, kindInitials) {
			exact = append(exact, name)
		}
	}
	return &meilisearch.Settings{
		// sort does nothing where a search names no order; the last rule makes that of relevance total.
		RankingRules:         []string{"sort", "words", "typo", "proximity", "attribute", "exactness", orderAttribute(search.Newest) + ":asc"},
		SearchableAttributes: searched(),
		FilterableAttributes: append(filterable, sortable...), // pages begin after what they are sorted by
		SortableAttributes:   sortable,
		// Else short Chinese texts are taken for Japanese and cut into other words.
		LocalizedAttributes: []*meilisearch.LocalizedAttributes{
			{Locales: []string{"eng"}, AttributePatterns: []string{"*" + kindPinyin, "*" + kindInitials}},
			{Locales: locales, AttributePatterns: []string{"text_*"}},
		},
		TypoTolerance: &meilisearch.TypoTolerance{
			Enabled:             true,
			MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: oneTypo, TwoTypos: twoTypos},
			DisableOnWords:      []string{},
			DisableOnAttributes: exact,
			DisableOnNumbers:    true,
		},
		Pagination: &meilisearch.Pagination{MaxTotalHits: maxTotalHits},
		Faceting:   &meilisearch.Faceting{MaxValuesPerFacet: maxFacetValues, SortFacetValuesBy: map[string]meilisearch.SortFacetType{"*": meilisearch.SortFacetTypeCount}},
	}
}

// locales are the languages that texts are read as.
var locales = []string{"cmn", "eng"}
