// Package search is the port through which products and resources are found by words and by facets: an index holds one of both.
//
// It owns what an index holds of a product, what can be asked of it and how its pages are cut.
// An index answers with ids and counts only: rows, permission and price come from the database,
// so that a stale index can hide a product for a moment but never show what may not be seen.
// Only what everybody may find, listed products or published resources, is put into an index; which those are is the
// caller's to know.
//
// It promises that all adapters pass package searchtest. How well a text matches a product is each adapter's own.
package search

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongshu/internal/fault"
)

// Index finds products, or resources: the words below that speak of products hold for both. It is safe for concurrent use.
type Index interface {
	// Put adds documents or replaces those of the same id; of one id given twice the last counts.
	// The next Search that begins after Put returned sees them. Doing it twice is doing it once.
	// It fails with Refused where some will never be taken; the others are then there.
	Put(ctx context.Context, documents ...Document) error
	// Remove takes documents out; ids that are not there are passed over. It is visible as Put is.
	Remove(ctx context.Context, ids ...uuid.UUID) error
	// Rebuild makes the index hold exactly the documents of the sequence, and goes on answering meanwhile.
	// Put and Remove wait until it is over. It stops at the first error of the sequence and returns it; it has to be done
	// again, and until then the index holds what it held, with or without what was put. With Refused it went through, as Put does.
	Rebuild(ctx context.Context, documents iter.Seq2[Document, error]) error
	// Search answers the query, or refuses it as Query.Check and Query.Position say.
	Search(ctx context.Context, query Query) (Result, error)
	// Count is the number of documents in the index.
	Count(ctx context.Context) (int, error)
	// Close releases what the index holds, after the calls under way; later calls fail, closing again does nothing.
	Close() error
}

// MaxRefused is how many documents one call may find refused: where there are more, it is not the documents that are at
// fault, and the call fails with the reason as it would for a server that is away.
const MaxRefused = 100

// Refused are the documents of one call that an engine does not take, whoever asks again.
type Refused []RefusedDocument

// RefusedDocument is one of them, with what the engine says.
type RefusedDocument struct {
	ID     uuid.UUID
	Reason error
}

func (r Refused) Error() string {
	if len(r) == 0 {
		return "no document is refused"
	}
	return fmt.Sprintf("%d documents are refused, the first because: %v", len(r), r[0].Reason)
}

// Document is what an index knows of one listed product or published resource; what a resource has not is empty. Texts are searched, identifiers and codes are counted and filtered by.
type Document struct {
	ID                         uuid.UUID
	Name, NameEn               string
	Description, DescriptionEn string
	// Items and Resources name the data items and the resources that the product is made of.
	Items, ItemsEn []string
	Resources      []string
	// Columns are the labels of its dictionary's columns, in any language.
	Columns []string
	// Codes are found by the whole code alone, however it is grouped by hyphens or spaces: credit codes, registration codes.
	Codes       []string
	SourceUnits []Party
	// DomainIDs are filtered by; DomainNames, in any language, are searched.
	DomainIDs, DomainNames []string
	Operator               Party
	ChargingModes          []string
	Delivery               string
	UpdateFrequency        string
	Priced                 []Priced
	// PriceFen is the lowest amount of its list price, in fen.
	PriceFen int64
	// Uses is how many rights to it there were, Quality the score of its metadata: two orders go by them.
	Uses, Quality int64
	ListedAt      time.Time
}

// Party is a source unit or an operator.
type Party struct {
	ID           uuid.UUID
	Name, NameEn string
}

// Priced is a way to have a product. One may have both: the purpose decides, not the product.
type Priced string

// The two values of the facet PRICED: used free of charge for a purpose that is free, and ordered for one that pays.
const (
	Free Priced = "FREE"
	Paid Priced = "PAID"
)

// Values lists the stored forms.
func (Priced) Values() []string { return []string{"FREE", "PAID"} }

// FacetName names what products are counted by.
type FacetName string

// The facets.
const (
	FacetDomain          FacetName = "DOMAIN"
	FacetSourceUnit      FacetName = "SOURCE_UNIT"
	FacetChargingMode    FacetName = "CHARGING_MODE"
	FacetDelivery        FacetName = "DELIVERY"
	FacetUpdateFrequency FacetName = "UPDATE_FREQUENCY"
	FacetPriced          FacetName = "PRICED"
	FacetOperator        FacetName = "OPERATOR"
)

// FacetNames lists the facets in the order in which they are shown.
var FacetNames = []FacetName{FacetDomain, FacetSourceUnit, FacetChargingMode, FacetDelivery, FacetUpdateFrequency, FacetPriced, FacetOperator}

// Values lists the stored forms.
func (FacetName) Values() []string {
	values := make([]string, len(FacetNames))
	for i, name := range FacetNames {
		values[i] = string(name)
	}
	return values
}

// FacetValues are the document's values of a facet, each once and none empty.
func (d Document) FacetValues(name FacetName) []string {
	var values []string
	switch name {
	case FacetDomain:
		values = slices.Clone(d.DomainIDs)
	case FacetSourceUnit:
		for _, unit := range d.SourceUnits {
			values = append(values, unit.ID.String())
		}
	case FacetChargingMode:
		values = slices.Clone(d.ChargingModes)
	case FacetDelivery:
		values = []string{d.Delivery}
	case FacetUpdateFrequency:
		values = []string{d.UpdateFrequency}
	case FacetPriced:
		for _, priced := range d.Priced {
			values = append(values, string(priced))
		}
	case FacetOperator:
		if d.Operator.ID != uuid.Nil {
			values = []string{d.Operator.ID.String()}
		}
	}
	return distinct(values)
}

// Filter narrows a query: a product has at least one of the values of every list that is not empty.
type Filter struct {
	DomainIDs         []string
	SourceUnitIDs     []uuid.UUID
	ChargingModes     []string
	Deliveries        []string
	UpdateFrequencies []string
	Priced            []Priced
	OperatorIDs       []uuid.UUID
}

// FacetValues are the values that the filter asks for in a facet, sorted and each once; none means any.
func (f Filter) FacetValues(name FacetName) []string {
	var values []string
	switch name {
	case FacetDomain:
		values = slices.Clone(f.DomainIDs)
	case FacetSourceUnit:
		for _, id := range f.SourceUnitIDs {
			values = append(values, id.String())
		}
	case FacetChargingMode:
		values = slices.Clone(f.ChargingModes)
	case FacetDelivery:
		values = slices.Clone(f.Deliveries)
	case FacetUpdateFrequency:
		values = slices.Clone(f.UpdateFrequencies)
	case FacetPriced:
		for _, priced := range f.Priced {
			values = append(values, string(priced))
		}
	case FacetOperator:
		for _, id := range f.OperatorIDs {
			values = append(values, id.String())
		}
	}
	return distinct(values)
}

// Order is the order of hits. Every order ends in the newest listing first and then the id, so that it is total.
type Order string

// The orders; the zero value is RELEVANCE. With a blank text everything is equally relevant, so that the newest comes first.
const (
	Relevance Order = "RELEVANCE"
	Newest    Order = "NEWEST"
	PriceLow  Order = "PRICE_LOW"
	PriceHigh Order = "PRICE_HIGH"
	MostUsed  Order = "MOST_USED"
	Quality   Order = "QUALITY"
)

// Orders lists the orders.
var Orders = []Order{Relevance, Newest, PriceLow, PriceHigh, MostUsed, Quality}

// Values lists the stored forms.
func (Order) Values() []string {
	values := make([]string, len(Orders))
	for i, order := range Orders {
		values[i] = string(order)
	}
	return values
}

// Rank is what an order sorts a document by, the least first, before it sorts by the newest listing and the id; 0 where it
// sorts by these alone.
func (o Order) Rank(d Document) int64 {
	switch o {
	case PriceLow:
		return d.PriceFen
	case PriceHigh:
		return -d.PriceFen
	case MostUsed:
		return -d.Uses
	case Quality:
		return -d.Quality
	default:
		return 0
	}
}

// The bounds of a query.
const (
	// MaxTextRunes bounds the text of a query.
	MaxTextRunes = 200
	// MaxFirst bounds a page.
	MaxFirst = 100
	// MaxFacetCounts bounds the values that are listed of a facet.
	MaxFacetCounts = 100
)

// Query is one question.
type Query struct {
	// Text is words of a person, in any language; it has no syntax. Every word must be somewhere in the product.
	// A blank text asks for everything; one without any letter or digit may find nothing.
	Text string
	// Operators gives the text a syntax: every word "in quotation marks" must be there as it stands, and a word after
	// a minus (-word, -"several words") must not; one that is not closed goes to the end of the text. What else is unbalanced is
	// read as if it were no operator.
	// Only an index that passes searchtest.RunLanguage heeds it.
	Operators bool
	// Of names what is searched, where there are several indexes: a cursor of one is refused by another.
	Of     string
	Filter Filter
	Order  Order
	// First is the length of the page, 0 to MaxFirst; 0 asks for the counts alone.
	First int
	// After is the cursor of the hit that the page follows, "" for the first page.
	After string
	// CountTotal asks for Result.Total, Facets for Result.Facets.
	CountTotal, Facets bool
}

// CheckText refuses a text of more than MaxTextRunes runes as SEARCH_TEXT_TOO_LONG at field.
func CheckText(text, field string) error {
	if utf8.RuneCountInString(text) <= MaxTextRunes {
		return nil
	}
	return fault.New(fault.Invalid, "SEARCH_TEXT_TOO_LONG", "A search text has at most %d characters.", MaxTextRunes).At(field).With("max", MaxTextRunes)
}

// Check refuses a text of more than MaxTextRunes runes as SEARCH_TEXT_TOO_LONG at "query",
// a page outside 0 to MaxFirst as FIRST_OUT_OF_RANGE at "first" and an unknown order as ORDER_UNKNOWN at "order".
func (q Query) Check() error {
	var wrong fault.List
	if err := CheckText(q.Text, "query"); err != nil {
		wrong = append(wrong, fault.All(err)...)
	}
	if q.First < 0 || q.First > MaxFirst {
		wrong = append(wrong, fault.New(fault.Invalid, "FIRST_OUT_OF_RANGE", "A page has at most %d entries.", MaxFirst).At("first").With("max", MaxFirst))
	}
	if q.Order != "" && !slices.Contains(q.Order.Values(), string(q.Order)) {
		wrong = append(wrong, fault.New(fault.Invalid, "ORDER_UNKNOWN", "There is no such order.").At("order"))
	}
	return wrong.OrNil()
}

// Result is one page and the counts over all pages.
type Result struct {
	Hits []Hit
	// HasMore says that there are hits after this page.
	HasMore bool
	// Total is the exact number of hits on all pages, 0 unless the query asked for it.
	Total int
	// Facets are the exact counts over all pages, nil unless the query asked for them. A facet's own filter is not
	// applied to the facet itself: its counts say what choosing another value would add.
	Facets map[FacetName][]FacetCount
	// Corrected is the text that was searched for where that is another than the query's, as nothing has what was asked: did you mean it?
	Corrected string
	// Dropped are the parts of the text that some or all of the hits lack, as nothing has all of it: as they were typed, in
	// their order.
	Dropped []string
	// Near are at most MaxNear texts that find something, made of what is known of a text that finds nothing: the most of it
	// first. None where the adapter does not say.
	Near []string
}

// MaxNear bounds Result.Near.
const MaxNear = 3

// Hit is one product that was found.
type Hit struct {
	ID uuid.UUID
	// Matched are the fields in which words of the text were found, the most telling first; none for a blank text,
	// and none where the adapter does not say.
	Matched []Field
	// Cursor is what Query.After takes, for the same text, filter and order.
	Cursor string
}

// FacetCount is how many products have a value.
type FacetCount struct {
	Value string
	Count int
}

// FacetCounts lists counts by value: the most frequent first, then by value, at most MaxFacetCounts.
func FacetCounts(counts map[string]int) []FacetCount {
	list := make([]FacetCount, 0, len(counts))
	for value, count := range counts {
		list = append(list, FacetCount{Value: value, Count: count})
	}
	return RankFacetCounts(list)
}

// RankFacetCounts sorts counts as FacetCounts does and cuts the list as it does. It uses the list up.
func RankFacetCounts(list []FacetCount) []FacetCount {
	if len(list) > MaxFacetCounts { // the least count that is listed is found by numbers alone, many times faster than all are sorted
		counts := make([]int, len(list))
		for i, c := range list {
			counts[i] = c.Count
		}
		slices.Sort(counts)
		least := counts[len(counts)-MaxFacetCounts]
		list = slices.DeleteFunc(list, func(c FacetCount) bool { return c.Count < least })
	}
	slices.SortFunc(list, func(a, b FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return list[:min(len(list), MaxFacetCounts)]
}

// distinct sorts values in place and drops repetitions and the empty one.
func distinct(values []string) []string {
	slices.Sort(values)
	values = slices.Compact(values)
	if len(values) > 0 && values[0] == "" {
		values = values[1:]
	}
	return values
}
