package inverted

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
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

// postings are the documents that have a term, by field and in any. They may name documents that are gone.
type postings struct {
	term   string
	any    *roaring.Bitmap
	fields [fields]*roaring.Bitmap
}

// post adds a document, whose number is mostly the greatest so far, to the fields that are marked.
func (p *postings) post(doc uint32, marks uint8) {
	for field := range fields {
		if marks&(1<<field) == 0 {
			continue
		}
		if p.fields[field] == nil {
			p.fields[field] = roaring.New()
			if p.any != nil && p.shared() {
				p.any = p.any.Clone()
			}
			if p.any == nil {
				p.any = p.fields[field] // shared while there is one field only
			}
		}
		p.fields[field].Add(doc)
	}
	if p.any != nil {
		p.any.Add(doc)
	}
}

// shared reports whether any is that of a field.
func (p *postings) shared() bool {
	return slices.ContainsFunc(p.fields[:], func(b *roaring.Bitmap) bool { return b != nil && b == p.any })
}

// unite makes any of the fields.
func (p *postings) unite() {
	var several []*roaring.Bitmap
	for _, b := range p.fields {
		if b != nil {
			b.RunOptimize()
			several = append(several, b)
		}
	}
	switch len(several) {
	case 0:
	case 1:
		p.any = several[0]
	default:
		p.any = roaring.FastOr(several...)
		p.any.RunOptimize()
	}
}

// drop takes out documents that are gone.
func (p *postings) drop(gone *roaring.Bitmap) {
	if p.any == nil {
		return
	}
	p.any.AndNot(gone)
	for _, b := range p.fields {
		if b != nil && b != p.any {
			b.AndNot(gone)
		}
	}
}

// facet is the values of one facet.
type facet struct {
	values  []string
	numbers map[string]uint32
	docs    []*roaring.Bitmap // by value, of what is there
}

// number is that of a value.
func (f *facet) number(value string) uint32 {
	n, ok := f.numbers[value]
	if !ok {
		n = uint32(len(f.values))
		f.numbers[value] = n
		f.values, f.docs = append(f.values, value), append(f.docs, roaring.New())
	}
	return n
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
	combinations [][]facetValue
	numbers      map[string]uint32
	of           []uint32 // by document
}

type facetValue struct {
	facet int
	value uint32
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
			number = uint32(len(column.combinations))
			var combination []facetValue
			for i, of := range values {
				for _, value := range of {
					if columnOf[i] == c {
						combination = append(combination, facetValue{i, s.facets[i].number(value)})
					}
				}
			}
			column.combinations, column.numbers[string(s.keys[c])] = append(column.combinations, combination), number
		}
		column.of[doc] = number
		for _, v := range column.combinations[number] {
			s.facets[v.facet].docs[v.value].Add(doc)
		}
	}
}

// classes are the values of a document.
func (s *state) classes(doc uint32) iter.Seq[facetValue] {
	return func(yield func(facetValue) bool) {
		for _, column := range s.columns {
			for _, v := range column.combinations[column.of[doc]] {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// entry is what is known of a document beside its terms.
type entry struct {
	id     uuid.UUID
	listed int64
	// ranks are those of ranked.
	ranks [len(ranked)]int64
	// names are the Chinese and the English one, for suggestions.
	names [2]string
	codes []string
}

// state is one index. Whoever changes it has it alone.
type state struct {
	terms  []*postings
	number map[string]uint32 // of a term
	// texts are items and source units as they are written, for suggestions: a term of a namespace of its own.
	texts    []uint32
	textual  map[uint32]suggestible
	codes    map[string][]uint32
	entries  []entry
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
}

// posted is a document that has a term in the marked fields.
type posted struct {
	term, doc uint32
	marks     uint8
}

// building takes postings in blocks: while one is filled, that before it is put into the bitmaps by another goroutine.
type building struct {
	block []posted
	full  chan filled
	spent chan []posted
	done  chan struct{}
}

// filled is a block with the terms that it speaks of.
type filled struct {
	block []posted
	terms []*postings
}

// blockSize is how many postings make a block.
const blockSize = 1 << 18

func (s *state) build() {
	b := &building{full: make(chan filled), spent: make(chan []posted, 2), done: make(chan struct{})}
	b.spent <- make([]posted, 0, blockSize+blockSize/8)
	b.spent <- make([]posted, 0, blockSize+blockSize/8)
	b.block = <-b.spent
	s.building = b
	go func() {
		defer close(b.done)
		for f := range b.full {
			f.pour()
			b.spent <- f.block[:0]
		}
	}()
}

// pour puts the postings into the bitmaps, term by term.
func (f filled) pour() {
	ends := make([]uint32, len(f.terms)+1)
	for _, p := range f.block {
		ends[p.term+1]++
	}
	for n := range len(f.terms) {
		ends[n+1] += ends[n]
	}
	sorted := make([]posted, len(f.block))
	next := slices.Clone(ends)
	for _, p := range f.block {
		sorted[next[p.term]] = p
		next[p.term]++
	}
	var docs []uint32
	for n, t := range f.terms {
		these := sorted[ends[n]:ends[n+1]]
		marks := uint8(0)
		for _, p := range these {
			marks |= p.marks
		}
		for field := range fields {
			if marks&(1<<field) == 0 {
				continue
			}
			docs = docs[:0]
			for _, p := range these {
				if p.marks&(1<<field) != 0 {
					docs = append(docs, p.doc)
				}
			}
			if t.fields[field] == nil {
				t.fields[field] = roaring.New()
			}
			t.fields[field].AddMany(docs)
		}
	}
}

// pass hands a block over once it is full, or whatever it holds.
func (b *building) pass(s *state, whatever bool) {
	if len(b.block) >= blockSize || whatever {
		b.full <- filled{b.block, s.terms}
		b.block = <-b.spent
	}
}

// built puts what is left into the bitmaps and ends building.
func (s *state) built() {
	b := s.building
	b.pass(s, true)
	b.end()
	s.building = nil
	for _, t := range s.terms {
		t.unite()
	}
	s.known = map[string][]uint32{}
	s.live.RunOptimize()
	s.arrange()
}

func (b *building) end() {
	close(b.full)
	<-b.done
}

func newState() *state {
	s := &state{number: map[string]uint32{}, textual: map[uint32]suggestible{}, codes: map[string][]uint32{}, numbered: map[uuid.UUID]uint32{},
		lexicon: newLexicon(), live: roaring.New(), gone: roaring.New(), known: map[string][]uint32{}}
	for i := range s.facets {
		s.facets[i].numbers = map[string]uint32{}
	}
	for c := range s.columns {
		s.columns[c].numbers = map[string]uint32{}
	}
	return s
}

// knownTexts bounds state.known.
const knownTexts = 20_000

func (s *state) termOf(term []byte) uint32 {
	n, ok := s.number[string(term)]
	if !ok {
		n = uint32(len(s.terms))
		text := string(term)
		s.terms, s.marks = append(s.terms, &postings{term: text}), append(s.marks, 0)
		s.number[text] = n
		s.lexicon.learn(text)
	}
	return n
}

func (s *state) mark(n uint32, field int) {
	if s.marks[n] == 0 {
		s.touched = append(s.touched, n)
	}
	s.marks[n] |= 1 << field
}

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
	terms(lex.Fold(text), func(term []byte) {
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

// add takes a document in; one of the same id must be gone. Its place in the orders is the caller's to find.
func (s *state) add(d search.Document) uint32 {
	var doc uint32
	if n := len(s.free); n > 0 {
		doc, s.free = s.free[n-1], s.free[:n-1]
	} else {
		doc = uint32(len(s.entries))
		s.entries = append(s.entries, entry{})
		for c := range s.columns {
			s.columns[c].of = append(s.columns[c].of, 0)
		}
	}
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
	for _, n := range s.touched {
		if s.building != nil {
			s.building.block = append(s.building.block, posted{n, doc, s.marks[n]})
		} else {
			s.terms[n].post(doc, s.marks[n])
		}
		s.marks[n] = 0
	}
	s.touched = s.touched[:0]

	e := entry{id: d.ID, listed: d.ListedAt.UnixMicro(), names: [2]string{d.Name, d.NameEn}}
	for i, order := range ranked {
		e.ranks[i] = order.Rank(d)
	}
	for _, c := range d.Codes {
		if c = lex.Code(c); c != "" && !slices.Contains(e.codes, c) {
			e.codes = append(e.codes, c)
			s.codes[c] = append(s.codes[c], doc)
		}
	}
	s.entries[doc] = e
	var values [facets][]string
	for i, name := range search.FacetNames {
		values[i] = d.FacetValues(name)
	}
	s.classify(doc, values)
	s.live.Add(doc)
	s.unpacked.forget()
	s.numbered[d.ID] = doc
	return doc
}

// textMark begins the terms that stand for a whole text.
const textMark = "\x00"

// suggestible notes an item or a source unit of the document at hand as a text to suggest.
func (s *state) suggestible(text string, field search.Field) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	n := s.termOf([]byte(textMark + string(field) + textMark + text))
	if _, ok := s.textual[n]; !ok {
		s.textual[n] = s.lexicon.suggestible(text, field)
		s.texts = append(s.texts, n)
	}
	s.mark(n, 1)
}

// remove takes a document out at once for every answer; its postings are swept later.
func (s *state) remove(doc uint32) {
	e := &s.entries[doc]
	for v := range s.classes(doc) {
		s.facets[v.facet].docs[v.value].Remove(doc)
	}
	s.unpacked.forget()
	for _, c := range e.codes {
		if rest := slices.DeleteFunc(s.codes[c], func(d uint32) bool { return d == doc }); len(rest) > 0 {
			s.codes[c] = rest
		} else {
			delete(s.codes, c)
		}
	}
	s.live.Remove(doc)
	s.gone.Add(doc)
	delete(s.numbered, e.id)
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
	for ; lists > 0 && s.swept < len(s.terms); lists-- {
		s.terms[s.swept].drop(s.sweeping)
		s.swept++
	}
	if s.swept == len(s.terms) {
		s.gone.AndNot(s.sweeping)
		s.free = append(s.free, s.sweeping.ToArray()...)
		s.sweeping = nil
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

// put adds or replaces documents.
func (s *state) put(documents []search.Document) {
	one := len(documents) < 100 // else it is cheaper to arrange all anew
	for _, d := range documents {
		s.take(d.ID, one)
		doc := s.add(d)
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

func (s *state) posting(term string) *postings {
	if n, ok := s.number[term]; ok && s.terms[n].any != nil && !s.terms[n].any.IsEmpty() {
		return s.terms[n]
	}
	return nil
}
