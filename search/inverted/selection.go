package inverted

import (
	"iter"
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// selection is a set of documents that a search works out: their numbers in order while they are few, else a bit for each
// number of the index. Operations change it in place and make no new ones.
type selection struct {
	span  int  // all numbers are below it
	whole bool // all documents that are there, whatever list and bits hold
	dense bool // bits hold it, else list
	size  int
	list  []uint32
	bits  []uint64
}

// sparse is how many numbers there are to one of a list at least: a longer one would be slower than bits.
const sparse = 64

func (s *selection) words() int { return (s.span + 63) / 64 }

// bytes is what it takes.
func (s *selection) bytes() uint64 { return uint64(4*cap(s.list) + 8*cap(s.bits)) }

func (s *selection) clear() { s.whole, s.dense, s.size, s.list = false, false, 0, s.list[:0] }

// copy makes it what another is.
func (s *selection) copy(o *selection) {
	s.whole, s.dense, s.size = o.whole, o.dense, o.size
	switch {
	case o.whole:
	case o.dense:
		s.bits = append(s.bits[:0], o.bits...)
	default:
		s.list = append(s.list[:0], o.list...)
	}
}

// kept is a copy that holds nothing else.
func (s *selection) kept() *selection {
	k := &selection{span: s.span}
	k.copy(s)
	return k
}

// load makes it the documents of a bitmap.
func (s *selection) load(b *roaring.Bitmap) {
	if int(b.GetCardinality()) > s.span/sparse {
		s.loadBits(b)
		return
	}
	s.whole, s.dense, s.size = false, false, int(b.GetCardinality())
	s.list = slices.Grow(s.list[:0], s.size)[:s.size]
	b.ToExistingArray(&s.list)
}

// loadBits is load, as bits even if they are few.
func (s *selection) loadBits(b *roaring.Bitmap) {
	s.whole, s.dense, s.size = false, true, int(b.GetCardinality())
	s.zero()
	b.WriteDenseTo(s.bits)
}

// isShort reports whether a list is so short that making bits of another set to look it up in them costs more.
func (s *selection) isShort() bool { return s.size < s.words()/rare }

// zero makes all bits 0.
func (s *selection) zero() {
	s.bits = slices.Grow(s.bits[:0], s.words())[:s.words()]
	clear(s.bits)
}

// has is the bit of a document.
func (s *selection) has(doc uint32) int { return int(s.bits[doc>>6] >> (doc & 63) & 1) }

// contains reports whether it has a document.
func (s *selection) contains(doc uint32) bool {
	if s.whole || s.dense {
		return s.whole || s.has(doc) == 1
	}
	_, found := slices.BinarySearch(s.list, doc)
	return found
}

// blocks are its documents in order, some at a time.
func (s *selection) blocks() iter.Seq[[]uint32] {
	return func(yield func([]uint32) bool) {
		if !s.dense {
			if s.size > 0 {
				yield(s.list)
			}
			return
		}
		var some [512]uint32
		n := 0
		for w, word := range s.bits {
			first, count := uint32(w<<6), bits.OnesCount64(word)
			for at := n; at < n+count; at += 4 { // a branch that cannot be foreseen costs more than steps that write what does not count
				next := (*[4]uint32)(some[at:])
				next[0], word = first+uint32(bits.TrailingZeros64(word)), word&(word-1)
				next[1], word = first+uint32(bits.TrailingZeros64(word)), word&(word-1)
				next[2], word = first+uint32(bits.TrailingZeros64(word)), word&(word-1)
				next[3], word = first+uint32(bits.TrailingZeros64(word)), word&(word-1)
			}
			n += count
			if n > len(some)-64 {
				if !yield(some[:n]) {
					return
				}
				n = 0
			}
		}
		if n > 0 {
			yield(some[:n])
		}
	}
}

// first is the least number of a set that has some.
func (s *selection) first() uint32 {
	for docs := range s.blocks() {
		return docs[0]
	}
	panic("inverted: the first of nothing")
}

// thin makes it a list where it has become small.
func (s *selection) thin() {
	if s.size > s.span/sparse {
		return
	}
	s.list = slices.Grow(s.list[:0], s.size)
	if s.size > 0 {
		for docs := range s.blocks() {
			if s.list = append(s.list, docs...); len(s.list) == s.size {
				break
			}
		}
	}
	s.dense = false
}

// thicken makes it bits.
func (s *selection) thicken() {
	if s.dense {
		return
	}
	s.zero()
	for _, doc := range s.list {
		s.bits[doc>>6] |= 1 << (doc & 63)
	}
	s.dense = true
}

// filter keeps of a list those whose bit in another is 1, or 0 where without is 1.
func (s *selection) filter(o *selection, without int) {
	n := 0
	for _, doc := range s.list {
		s.list[n] = doc
		n += o.has(doc) ^ without
	}
	s.list, s.size = s.list[:n], n
}

// and keeps what another has too.
func (s *selection) and(o *selection) {
	switch {
	case s.whole:
		s.copy(o)
	case s.dense && o.dense:
		s.size = 0
		with := o.bits[:len(s.bits)]
		for i, word := range s.bits {
			word &= with[i]
			s.bits[i] = word
			s.size += bits.OnesCount64(word)
		}
		s.thin()
	case o.dense:
		s.filter(o, 0)
	case s.dense:
		s.list, s.dense = append(s.list[:0], o.list...), false
		s.filter(s, 0) // its own bits
	default:
		n, j := 0, 0
		for _, doc := range s.list {
			if j = after(o.list, j, doc); j == len(o.list) {
				break
			}
			if o.list[j] == doc {
				s.list[n] = doc
				n++
			}
		}
		s.list, s.size = s.list[:n], n
	}
}

// common is how many documents another has too, both of bits.
func (s *selection) common(o *selection) (n int) {
	with := o.bits[:len(s.bits)]
	for i, word := range s.bits {
		n += bits.OnesCount64(word & with[i])
	}
	return n
}

// after is the place of the first number from a place on that is not below another.
func after(list []uint32, from int, doc uint32) int {
	step := 1
	for from+step < len(list) && list[from+step] < doc {
		from += step
		step *= 2
	}
	for end := min(from+step, len(list)); from < end; {
		if middle := int(uint(from+end) >> 1); list[middle] < doc {
			from = middle + 1
		} else {
			end = middle
		}
	}
	return from
}

// or adds what another has.
func (s *selection) or(o *selection) {
	switch {
	case s.whole || o.size == 0:
	case s.size == 0 || o.whole:
		s.copy(o)
	case o.dense:
		s.thicken()
		s.size = 0
		with := o.bits[:len(s.bits)]
		for i, word := range s.bits {
			word |= with[i]
			s.bits[i] = word
			s.size += bits.OnesCount64(word)
		}
	case s.dense || s.size+o.size > s.span/sparse:
		s.thicken()
		for _, doc := range o.list {
			s.size += 1 - s.has(doc)
			s.bits[doc>>6] |= 1 << (doc & 63)
		}
	default:
		i, j, k := s.size-1, o.size-1, s.size+o.size
		s.list = slices.Grow(s.list, o.size)[:k]
		for j >= 0 { // from the end, so that nothing is written over
			k--
			switch {
			case i < 0 || s.list[i] < o.list[j]:
				s.list[k] = o.list[j]
				j--
			case s.list[i] == o.list[j]:
				j--
				fallthrough
			default:
				s.list[k] = s.list[i]
				i--
			}
		}
		s.size = i + 1 + copy(s.list[i+1:], s.list[k:])
		s.list = s.list[:s.size]
	}
}

// andNot takes out what another has.
func (s *selection) andNot(o *selection) {
	switch {
	case s.dense && o.dense:
		s.size = 0
		with := o.bits[:len(s.bits)]
		for i, word := range s.bits {
			word &^= with[i]
			s.bits[i] = word
			s.size += bits.OnesCount64(word)
		}
		s.thin()
	case o.dense:
		s.filter(o, 1)
	case s.dense:
		for _, doc := range o.list {
			s.size -= s.has(doc)
			s.bits[doc>>6] &^= 1 << (doc & 63)
		}
		s.thin()
	default:
		n, j := 0, 0
		for _, doc := range s.list {
			if j = after(o.list, j, doc); j < len(o.list) && o.list[j] == doc {
				continue
			}
			s.list[n] = doc
			n++
		}
		s.list, s.size = s.list[:n], n
	}
}
