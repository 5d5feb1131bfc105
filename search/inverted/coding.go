package inverted

import (
	"bufio"
	"encoding/binary"
	"os"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"

	"gongshu/search"
)

// A state is kept so that it can be used where it lies: its arrays and bitmaps are those of the file, mapped into memory. The
// system reads of them what is asked for, and takes their memory back when it needs it; what is changed becomes the process's
// own, page by page in arrays and block by block in bitmaps.

// encoder writes a state from a place in the file on.
type encoder struct {
	w   *bufio.Writer
	at  int
	err error
}

func (e *encoder) write(part []byte) {
	n, err := e.w.Write(part)
	if e.at += n; err != nil {
		e.err = err
	}
}

func (e *encoder) number(n uint64) {
	var space [binary.MaxVarintLen64]byte
	e.write(space[:binary.PutUvarint(space[:], n)])
}

func (e *encoder) text(text string) {
	e.number(uint64(len(text)))
	n, err := e.w.WriteString(text)
	if e.at += n; err != nil {
		e.err = err
	}
}

func (e *encoder) bitmap(b *roaring.Bitmap) {
	e.number(b.GetSerializedSizeInBytes())
	n, err := b.WriteTo(e.w)
	if e.at += int(n); err != nil {
		e.err = err
	}
}

// alignment is that of arrays.
const alignment = 8

func (e *encoder) zeros(n int) {
	for n > 0 {
		some := min(n, 1<<10)
		e.write(make([]byte, some))
		n -= some
	}
}

// spare is the room that an array has to grow where it lies.
func spare(length int) int { return length/8 + 1<<10 }

// begin begins an array of some length, which has room for more.
func (e *encoder) begin(length int) {
	e.number(uint64(length))
	e.zeros(-e.at & (alignment - 1))
}

// array writes an array of what holds no pointers.
func array[T any](e *encoder, s []T, spare int) {
	size := int(unsafe.Sizeof(*new(T)))
	e.number(uint64(spare))
	e.begin(len(s))
	e.write(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), size*len(s)))
	e.zeros(size * spare)
}

func growing[T any](e *encoder, s []T) { array(e, s, spare(len(s))) }

func (e *encoder) state(s *state, mark string) {
	e.text(mark)
	e.number(uint64(len(s.lexicon.learned)))
	for _, term := range s.lexicon.learned {
		e.text(term)
	}
	e.number(uint64(len(s.texts)))
	for _, t := range s.texts {
		e.text(string(t.field))
		e.text(t.text)
	}
	e.postings(s)
	e.bitmap(s.live)
	growing(e, s.entries)
	e.names(s)
	for _, order := range s.orders {
		growing(e, order)
	}
	e.classes(s)
}

// ofFields marks postings of which any is there beside the fields.
const ofFields = 1 << fields

// postings writes the terms that something has.
func (e *encoder) postings(s *state) {
	terms := newDictionary()
	terms.seed = s.seed
	var posts []post
	places := uint32(0)
	for n, p := range s.posts {
		if p.marks == several {
			left := s.several[p.doc].without(s.gone)
			there := uint64(0)
			for field, b := range left.fields {
				if b != nil && !b.IsEmpty() {
					there |= 1 << field
				}
			}
			if there == 0 {
				continue
			}
			if there&(there-1) != 0 {
				there |= ofFields
			}
			e.number(there)
			for field, b := range left.fields {
				if there&(1<<field) != 0 {
					e.bitmap(b)
				}
			}
			if there&ofFields != 0 {
				e.bitmap(left.any)
			}
			p.doc = places
			places++
		} else if p.marks == 0 || s.gone.Contains(p.doc) {
			continue
		}
		terms.add(s.hashes[n])
		posts = append(posts, p)
	}
	e.number(0)
	e.number(s.seed)
	growing(e, terms.hashes)
	array(e, terms.slots, 0)
	growing(e, posts)
}

func (e *encoder) names(s *state) {
	at, length := make([]uint64, len(s.names.at)), 0
	for doc := range roaring.Values(s.live) {
		at[doc] = uint64(length)
		length += len(s.names.bytes(doc))
	}
	growing(e, at)
	e.number(uint64(spare(length)))
	e.begin(length)
	for doc := range roaring.Values(s.live) {
		e.write(s.names.bytes(doc))
	}
	e.zeros(spare(length))
}

// classes writes facets and columns, made anew of those of what is there alone.
func (e *encoder) classes(s *state) {
	made := newState()
	for c := range made.columns {
		made.columns[c].of = newOrdinals(len(s.entries))
	}
	for doc := range roaring.Values(s.live) {
		var values [facets][]string
		for v := range s.classes(doc) {
			values[v.facet] = append(values[v.facet], s.facets[v.facet].values[v.value])
		}
		made.classify(doc, values)
	}
	for _, f := range made.facets {
		e.number(uint64(len(f.values)))
		for value, docs := range f.docs {
			docs.RunOptimize()
			e.text(f.values[value])
			e.bitmap(docs)
		}
	}
	for _, column := range made.columns {
		keys := make([]string, len(column.ends))
		for key, number := range column.numbers {
			keys[number] = key
		}
		e.number(uint64(len(keys)))
		for number, key := range keys {
			e.text(key)
			values := column.combination(uint32(number))
			e.number(uint64(len(values)))
			for _, v := range values {
				e.number(uint64(v.facet))
				e.number(uint64(v.value))
			}
		}
		column.of.write(e)
	}
}

// decoder reads what an encoder wrote; bad says that it did not.
type decoder struct {
	all []byte
	at  int
	bad bool
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.all[d.at:])
	if size <= 0 {
		d.fail()
		return 0
	}
	d.at += size
	return n
}

func (d *decoder) fail() { d.bad, d.at = true, len(d.all) }

// bytes are the next ones where they lie.
func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.all)-d.at) {
		d.fail()
		return nil
	}
	part := d.all[d.at : d.at+int(n) : d.at+int(n)]
	d.at += int(n)
	return part
}

func (d *decoder) text() string { return string(d.bytes(d.number())) }

func (d *decoder) bitmap() *roaring.Bitmap {
	b := roaring.New()
	if _, err := b.FromBuffer(d.bytes(d.number())); err != nil {
		d.fail()
		return roaring.New() // one that was read in part cannot be asked anything
	}
	return b
}

// arrayOf is an array where it lies.
func arrayOf[T any](d *decoder) []T {
	size := uint64(unsafe.Sizeof(*new(T)))
	spare, length := d.number(), d.number()
	d.bytes(uint64(-d.at & (alignment - 1)))
	if whole := uint64(len(d.all)) / size; spare > whole || length > whole {
		d.fail()
	}
	part := d.bytes(size * (length + spare))
	if d.bad {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(part))), length+spare)[:length]
}

// readState reads what was saved in a file of some size, changes after it aside.
func readState(f *os.File, size int64) (s *state, mark string, ok bool) {
	all, idle, release, err := mapped(f, size)
	if err != nil {
		return nil, "", false
	}
	d := decoder{all: all, at: headSize}
	s, mark = d.state()
	if d.bad || d.at < len(d.all) {
		release()
		return nil, "", false
	}
	s.release = release
	idle()
	return s, mark, true
}

func (d *decoder) state() (*state, string) {
	s := newState()
	mark := d.text()
	for n := d.number(); n > 0 && !d.bad; n-- {
		s.lexicon.learn(d.text())
	}
	texts := make([]suggestible, 0)
	for n := d.number(); n > 0 && !d.bad; n-- {
		field := search.Field(d.text())
		texts = append(texts, suggestible{text: d.text(), field: field})
	}
	d.postings(s)
	if d.bad {
		return nil, ""
	}
	for _, t := range texts {
		if n, ok := s.number(hashed(s.seed, textTerm(t.text, t.field))); ok {
			s.textual[n] = true
			s.texts = append(s.texts, s.lexicon.suggestible(n, t.text, t.field))
		}
	}
	s.live = d.bitmap()
	s.entries = arrayOf[entry](d)
	s.names = names{at: arrayOf[uint64](d), text: arrayOf[byte](d)}
	for i := range s.orders {
		s.orders[i] = arrayOf[uint32](d)
	}
	for doc := range s.entries {
		if s.live.Contains(uint32(doc)) {
			s.numbered[s.entries[doc].id] = uint32(doc)
		} else {
			s.free = append(s.free, uint32(doc))
		}
	}
	d.classes(s)
	return s, mark
}

func (d *decoder) postings(s *state) {
	for there := d.number(); there != 0; there = d.number() {
		p := &postings{}
		for field := range fields {
			if there&(1<<field) != 0 {
				p.fields[field] = d.bitmap()
				p.any = p.fields[field]
			}
		}
		if there&ofFields != 0 {
			p.any = d.bitmap()
		}
		s.several = append(s.several, p)
	}
	s.dictionary = dictionary{seed: d.number(), hashes: arrayOf[uint64](d), slots: arrayOf[uint32](d)}
	s.posts = arrayOf[post](d)
	s.marks = make([]uint8, len(s.posts))
}

func (d *decoder) classes(s *state) {
	for i := range s.facets {
		f := &s.facets[i]
		for n := d.number(); n > 0 && !d.bad; n-- {
			value := f.number(d.text())
			f.docs[value] = d.bitmap()
			f.sizes[value] = int(f.docs[value].GetCardinality())
		}
	}
	for c := range s.columns {
		column := &s.columns[c]
		for n := d.number(); n > 0 && !d.bad; n-- {
			key := d.text()
			for n := d.number(); n > 0 && !d.bad; n-- {
				column.values = append(column.values, facetValue{uint32(d.number()), uint32(d.number())})
			}
			column.end(key)
		}
		column.of = readOrdinals(d)
	}
}
