package inverted

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"

	"gongshu/search"
	"gongshu/search/lex"
)

// fields is how many fields there are, widest the last of them: a match up to it is one anywhere.
const (
	fields = 6
	widest = fields - 1
	facets = 7
)

// facet is the values of one facet.
type facet struct {
	values  []string
	numbers map[string]uint32
	docs    []*roaring.Bitmap // by value, of what is there
	sizes   []int             // of docs
}

// number is that of a value.
func (f *facet) number(value string) uint32 {
	n, ok := f.numbers[value]
	if !ok {
		n = uint32(len(f.values))
		f.numbers[value] = n
		f.values, f.docs, f.sizes = append(f.values, value), append(f.docs, roaring.New()), append(f.sizes, 0)
	}
	return n
}

// put gives a document a value that it does not have, drop takes one from it that it has.
func (f *facet) put(value, doc uint32) {
	f.docs[value].Add(doc)
	f.sizes[value]++
}

func (f *facet) drop(value, doc uint32) {
	f.docs[value].Remove(doc)
	f.sizes[value]--
}

// columns is how many columns hold the facets, and columnOf which of them holds each: one those of few values, of which there
// are few combinations.
const columns = 3

var columnOf = func() (of [facets]int) {
	for i, name := range search.FacetNames {
		switch name {
		case search.FacetSourceUnit:
			of[i] = 1
		case search.FacetOperator:
			of[i] = 2
		}
	}
	return of
}()

// column holds some facets: one combination of their values for each document.
type column struct {
	values  []facetValue // of all combinations, one after the other
	ends    []uint32     // where those of each combination end
	numbers map[string]uint32
	of      ordinals // by document
}

type facetValue struct{ facet, value uint32 }

// combination is the values of a combination.
func (c *column) combination(number uint32) []facetValue {
	from := uint32(0)
	if number > 0 {
		from = c.ends[number-1]
	}
	return c.values[from:c.ends[number]]
}

// end ends the combination whose values came last, and gives its number.
func (c *column) end(key string) uint32 {
	number := uint32(len(c.ends))
	c.ends, c.numbers[key] = append(c.ends, uint32(len(c.values))), number
	return number
}

// classify takes the values of a document in.
func (s *state) classify(doc uint32, values [facets][]string) {
	for c := range s.keys {
		s.keys[c] = s.keys[c][:0]
	}
	for i, of := range values {
		key := &s.keys[columnOf[i]]
		*key = binary.AppendUvarint(*key, uint64(len(of)))
		for _, value := range of {
			*key = append(binary.AppendUvarint(*key, uint64(len(value))), value...)
		}
	}
	for c := range s.columns {
		column := &s.columns[c]
		number, ok := column.numbers[string(s.keys[c])]
		if !ok {
			for i, of := range values {
				for _, value := range of {
					if columnOf[i] == c {
						column.values = append(column.values, facetValue{uint32(i), s.facets[i].number(value)})
					}
				}
			}
			number = column.end(string(s.keys[c]))
		}
		column.of.set(doc, number)
		for _, v := range column.combination(number) {
			s.facets[v.facet].put(v.value, doc)
		}
	}
}

// classes are the values of a document.
func (s *state) classes(doc uint32) iter.Seq[facetValue] {
	return func(yield func(facetValue) bool) {
		for c := range s.columns {
			column := &s.columns[c]
			for _, v := range column.combination(column.of.at(doc)) {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// entry is what a document is ordered by.
type entry struct {
	id     uuid.UUID
	listed int64
	// ranks are those of ranked.
	ranks [len(ranked)]int64
}

// state is one index. Whoever changes it has it alone.
type state struct {
	dictionary
	lists
	// texts are items and source units as they are written, for suggestions; textual are their terms, of a namespace of their own.
	texts    []suggestible
	textual  map[uint32]bool
	entries  []entry
	names    names
	numbered map[uuid.UUID]uint32
	facets   [facets]facet
	columns  [columns]column
	// orders are the newest first, and then those of ranked.
	orders  [1 + len(ranked)][]uint32
	lexicon *lexicon

	live, gone *roaring.Bitmap
	free       []uint32
	sweeping   *roaring.Bitmap // what is being taken out of the postings, nil while nothing is
	swept      int             // terms that are done
	// worn says that postings were swept since the state was read from its file, of which little is in use then.
	worn bool

	unpacked unpacked

	// marks and touched serve the document at hand: the fields of each of its terms.
	marks   []uint8
	touched []uint32
	// keys serve it too: what its values are, by column.
	keys [columns][]byte
	// known are the terms of short texts that many documents share.
	known map[string][]uint32
	// building gathers the postings of many documents, nil while they are added one by one.
	building *building
	// release gives back the memory of the file that the state was read from.
	release func()
}

// built ends building.
func (s *state) built() {
	s.lists = s.building.built(len(s.hashes))
	s.building = nil
	s.known = map[string][]uint32{}
	s.live.RunOptimize()
	s.arrange()
}

func newState() *state {
	s := &state{dictionary: newDictionary(), textual: map[uint32]bool{}, numbered: map[uuid.UUID]uint32{}, lexicon: newLexicon(),
		live: roaring.New(), gone: roaring.New(), known: map[string][]uint32{}, release: func() {}}
	for i := range s.facets {
		s.facets[i].numbers = map[string]uint32{}
	}
	for c := range s.columns {
		s.columns[c].numbers, s.columns[c].of = map[string]uint32{}, newOrdinals(0)
	}
	return s
}

// knownTexts bounds state.known.
const knownTexts = 20_000

func (s *state) termOf(term []byte) uint32 {
	hash := hashed(s.seed, term)
	n, ok := s.number(hash)
	if !ok {
		n = s.dictionary.add(hash)
		s.marks = append(s.marks, 0)
		if s.building == nil { // else the lists grow there
			s.posts = append(s.posts, post{})
		}
		s.lexicon.learn(string(term))
	}
	return n
}

// term gives the documents of a term.
func (s *state) term(text string) term {
	if n, ok := s.number(hashed(s.seed, text)); ok {
		return s.of(n)
	}
	return term{}
}

func (s *state) mark(n uint32, field int) {
	if s.marks[n] == 0 {
		s.touched = append(s.touched, n)
	}
	s.marks[n] |= 1 << field
}

// readTerms is terms; a test puts something in its place that panics.
var readTerms = terms

// read marks the terms of a text of the document at hand.
func (s *state) read(text string, field int) {
	if text == "" {
		return
	}
	shared := field != 0 && field != widest
	if shared {
		if known, ok := s.known[text]; ok {
			for _, n := range known {
				s.mark(n, field)
			}
			return
		}
	}
	var own []uint32
	readTerms(lex.Fold(text), func(term []byte) {
		n := s.termOf(term)
		s.mark(n, field)
		if shared {
			own = append(own, n)
		}
	})
	if shared && len(s.known) < knownTexts {
		slices.Sort(own)
		s.known[text] = slices.Clone(slices.Compact(own))
	}
}

// understand works out what is to be known of a document, and marks its terms. It is here that its texts are read: one
// that makes this panic is refused, before anything else has changed.
func (s *state) understand(d search.Document) (e entry, values [facets][]string, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			for _, n := range s.touched {
				s.marks[n] = 0
			}
			s.touched = s.touched[:0]
			err = fmt.Errorf("reading it panics: %v\n%s", cause, debug.Stack())
		}
	}()
	for field, name := range search.Fields {
		for _, text := range d.Texts(name) {
			s.read(text, field)
		}
	}
	for _, item := range slices.Concat(d.Items, d.ItemsEn) {
		s.suggestible(item, search.FieldItem)
	}
	for _, unit := range d.SourceUnits {
		s.suggestible(unit.Name, search.FieldOrigin)
		s.suggestible(unit.NameEn, search.FieldOrigin)
	}
	for _, c := range d.Codes {
		if c = lex.Code(c); c != "" {
			s.mark(s.termOf([]byte(codeMark+c)), 0)
		}
	}
	e = entry{id: d.ID, listed: d.ListedAt.UnixMicro()}
	for i, order := range ranked {
		e.ranks[i] = order.Rank(d)
	}
	for i, name := range search.FacetNames {
		values[i] = d.FacetValues(name)
	}
	return e, values, nil
}

// add takes a document in, in place of one of the same id, which leaves the orders where ordered is true. Its own place in
// the orders is the caller's to find. One that cannot be read is refused, and nothing changes.
func (s *state) add(d search.Document, ordered bool) (doc uint32, err error) {
	e, values, err := s.understand(d)
	if err != nil {
		return 0, err
	}
	s.take(d.ID, ordered)
	if n := len(s.free); n > 0 {
		doc, s.free = s.free[n-1], s.free[:n-1]
	} else {
		doc = uint32(len(s.entries))
		s.entries, s.names.at = append(s.entries, entry{}), append(s.names.at, 0)
		for c := range s.columns {
			s.columns[c].of.grow()
		}
	}
	for _, n := range s.touched {
		if s.building != nil {
			s.building.block = append(s.building.block, posted{n, doc, s.marks[n]})
		} else {
			s.post(n, doc, s.marks[n])
		}
		s.marks[n] = 0
	}
	s.touched = s.touched[:0]

	s.entries[doc] = e
	s.names.set(doc, d.Name, d.NameEn)
	s.classify(doc, values)
	s.live.Add(doc)
	s.unpacked.forget()
	s.numbered[d.ID] = doc
	return doc, nil
}

// textMark begins the terms that stand for a whole text, codeMark those that stand for a code.
const (
	textMark = "\x00"
	codeMark = "\x01"
)

func textTerm(text string, field search.Field) []byte {
	return []byte(textMark + string(field) + textMark + text)
}

// suggestible notes an item or a source unit of the document at hand as a text to suggest.
func (s *state) suggestible(text string, field search.Field) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	n := s.termOf(textTerm(text, field))
	if !s.textual[n] {
		s.textual[n] = true
		s.texts = append(s.texts, s.lexicon.suggestible(n, text, field))
	}
	s.mark(n, 1)
}

// remove takes a document out at once for every answer; its postings are swept later.
func (s *state) remove(doc uint32) {
	for v := range s.classes(doc) {
		s.facets[v.facet].drop(v.value, doc)
	}
	s.unpacked.forget()
	s.live.Remove(doc)
	s.gone.Add(doc)
	delete(s.numbered, s.entries[doc].id)
}

// sweep takes some of the gone documents out of some of the postings, so that each change pays a little of it.
func (s *state) sweep(lists int) {
	if s.sweeping == nil {
		if s.gone.GetCardinality() < 1000+s.live.GetCardinality()/8 {
			return
		}
		s.sweeping, s.swept = s.gone.Clone(), 0
	}
	s.unpacked.forget()
	for ; lists > 0 && s.swept < len(s.posts); lists-- {
		s.lists.drop(uint32(s.swept), s.sweeping)
		s.swept++
	}
	if s.swept == len(s.posts) {
		s.gone.AndNot(s.sweeping)
		s.free = append(s.free, s.sweeping.ToArray()...)
		s.sweeping, s.worn = nil, true
		s.names = s.names.packed(s.live)
	}
}

// ranked are the orders that sort by something before they sort by the newest.
var ranked = [...]search.Order{search.PriceLow, search.PriceHigh, search.MostUsed, search.Quality}

// newest is the first of state.orders; that of ranked[i] is i+1.
const newest = 0

// rank is what an order sorts the document by.
func (e *entry) rank(order int) int64 {
	if order == newest {
		return 0
	}
	return e.ranks[order-1]
}

// before compares documents in an order, which is total.
func (s *state) before(order int, a, b *entry) int {
	return cmp.Or(cmp.Compare(a.rank(order), b.rank(order)), cmp.Compare(b.listed, a.listed), bytes.Compare(a.id[:], b.id[:]))
}

// arrange puts everything that is there into the orders.
func (s *state) arrange() {
	for order := range s.orders {
		docs := s.live.ToArray()
		slices.SortFunc(docs, func(a, b uint32) int { return s.before(order, &s.entries[a], &s.entries[b]) })
		s.orders[order] = docs
	}
}

// place is where a document is or belongs in an order.
func (s *state) place(order int, e *entry) int {
	at, _ := slices.BinarySearchFunc(s.orders[order], e, func(doc uint32, e *entry) int { return s.before(order, &s.entries[doc], e) })
	return at
}

// put adds or replaces documents, but for those that are refused.
func (s *state) put(documents []search.Document) (taken []search.Document, refused search.Refused) {
	one := len(documents) < 100 // else it is cheaper to arrange all anew
	for _, d := range documents {
		doc, err := s.add(d, one)
		if err != nil {
			refused = append(refused, search.RefusedDocument{ID: d.ID, Reason: err})
			continue
		}
		taken = append(taken, d)
		if one {
			for order := range s.orders {
				s.orders[order] = slices.Insert(s.orders[order], s.place(order, &s.entries[doc]), doc)
			}
			s.sweep(sweepStep)
		}
	}
	if !one {
		s.arrange()
	}
	return taken, refused
}

// sweepStep is how many lists each change sweeps.
const sweepStep = 64

// take removes the document of an id, if there is one.
func (s *state) take(id uuid.UUID, ordered bool) {
	doc, ok := s.numbered[id]
	if !ok {
		return
	}
	if ordered {
		for order := range s.orders {
			at := s.place(order, &s.entries[doc])
			s.orders[order] = slices.Delete(s.orders[order], at, at+1)
		}
	}
	s.remove(doc)
}
