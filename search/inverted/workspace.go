package inverted

import (
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// workspace is where one search works on a state. Its selections are used again, by that search and those after it, as
// allocating them would cost more than all else.
type workspace struct {
	*state
	spare []*selection
}

var workspaces = sync.Pool{New: func() any { return &workspace{} }}

// work gives a workspace, which whoever asked for it leaves.
func (s *state) work() *workspace {
	w := workspaces.Get().(*workspace)
	w.state = s
	return w
}

func (w *workspace) leave() {
	w.state = nil
	workspaces.Put(w)
}

// fresh gives an empty selection. One that is no longer needed goes back by reuse.
func (w *workspace) fresh() *selection {
	s := &selection{}
	if n := len(w.spare); n > 0 {
		s, w.spare = w.spare[n-1], w.spare[:n-1]
	}
	s.span = len(w.entries)
	s.clear()
	return s
}

func (w *workspace) reuse(selections ...*selection) { w.spare = append(w.spare, selections...) }

// everything is all documents.
func (w *workspace) everything() *selection {
	s := w.fresh()
	w.fill(s)
	return s
}

// fill makes a selection all documents.
func (w *workspace) fill(s *selection) {
	s.clear()
	s.whole, s.size = true, int(w.live.GetCardinality())
}

// listed is documents in order.
func (w *workspace) listed(docs []uint32) *selection {
	s := &selection{span: len(w.entries), list: docs, size: len(docs)}
	if s.size > s.span/sparse {
		s.thicken()
		s.list = nil
	}
	return s
}

// find gives the documents that match in the first fields up to the level.
func (w *workspace) find(e expression, level int) *selection {
	s := w.everything()
	e.keep(w, s, level)
	return s
}

// count is how many documents match in the first fields up to the level.
func (w *workspace) count(e expression, level int) int {
	s := w.find(e, level)
	defer w.reuse(s)
	return s.size
}

// rare is how many times larger a bitmap is at least than a list whose documents are looked up in it one by one.
const rare = 16

// handful is how long a list is at most whose documents are looked up one by one in any bitmap.
const handful = 32

// and keeps what a bitmap of the index has, nil for one of nothing. It may name documents that are gone.
func (w *workspace) and(s *selection, b *roaring.Bitmap) {
	switch {
	case b == nil:
		s.clear()
	case s.whole:
		if b.GetCardinality() <= uint64(s.span/sparse) {
			s.load(b)
		} else {
			s.copy(w.unpacked.of(b, s.span))
		}
		if !w.gone.IsEmpty() {
			w.and(s, w.live)
		}
	case !s.dense && (s.size <= handful || s.isShort() && uint64(s.size*rare) < b.GetCardinality()):
		s.list = slices.DeleteFunc(s.list, func(doc uint32) bool { return !b.Contains(doc) })
		s.size = len(s.list)
	default:
		these := w.unpacked.of(b, s.span)
		if these == nil {
			these = w.fresh()
			defer w.reuse(these)
			if s.dense || s.isShort() {
				these.load(b)
			} else {
				these.loadBits(b)
			}
		}
		s.and(these)
	}
}

// single keeps the document of a post where the post has one of the marks.
func (w *workspace) single(s *selection, p post, marks uint8) {
	kept := p.marks&marks != 0 && s.contains(p.doc) && w.live.Contains(p.doc)
	s.clear()
	if kept {
		s.list, s.size = append(s.list, p.doc), 1
	}
}

// common is how many documents of a bitmap of the index are in a selection of bits.
func (w *workspace) common(s *selection, b *roaring.Bitmap) int {
	if these := w.unpacked.of(b, s.span); these != nil {
		return s.common(these)
	}
	these := w.fresh()
	defer w.reuse(these)
	these.load(b)
	these.and(s)
	return these.size
}

// union keeps what any of several keep.
func (w *workspace) union(s *selection, several int, keep func(i int, part *selection)) {
	if several == 1 {
		keep(0, s)
		return
	}
	found, part := w.fresh(), w.fresh()
	defer w.reuse(found, part)
	for i := range several {
		part.copy(s)
		keep(i, part)
		all := part.size == s.size && !s.whole
		if all && found.size == 0 {
			return
		}
		found.or(part)
		if all {
			break
		}
		if part.size > 0 && !s.whole {
			s.andNot(part) // what is found need not be looked at again
		}
	}
	*s, *found = *found, *s
}
