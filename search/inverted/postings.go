package inverted

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// post is a document that has a term, with a bit for each field that has it.
type post struct {
	doc   uint32
	marks uint8
}

// several marks a post that stands for the postings at the place doc.
const several = 1 << 7

// lists are the postings of the terms by number. They may name documents that are gone.
type lists struct {
	// posts are the one document of most terms, a post without marks where there is none.
	posts   []post
	several []*postings
}

// postings are the documents that have a term, by field and in any.
type postings struct {
	any    *roaring.Bitmap
	fields [fields]*roaring.Bitmap
}

// of gives the documents of a term.
func (l *lists) of(n uint32) term {
	p := l.posts[n]
	if p.marks != several {
		return term{one: p}
	}
	if l.several[p.doc].any.IsEmpty() {
		return term{}
	}
	return term{several: l.several[p.doc]}
}

// post adds a document, whose number is mostly the greatest so far, to the fields that are marked.
func (l *lists) post(n, doc uint32, marks uint8) {
	if p := &l.posts[n]; p.marks == 0 {
		*p = post{doc, marks}
	} else {
		l.spread(n).post(doc, marks)
	}
}

// spread makes a term one of several documents.
func (l *lists) spread(n uint32) *postings {
	p := &l.posts[n]
	if p.marks != several {
		made := &postings{}
		if p.marks != 0 {
			made.post(p.doc, p.marks)
		}
		*p = post{uint32(len(l.several)), several}
		l.several = append(l.several, made)
	}
	return l.several[p.doc]
}

// drop takes documents that are gone out of the postings of a term.
func (l *lists) drop(n uint32, gone *roaring.Bitmap) {
	if p := &l.posts[n]; p.marks == several {
		l.several[p.doc].drop(gone)
	} else if p.marks != 0 && gone.Contains(p.doc) {
		*p = post{}
	}
}

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
	p.any.Add(doc)
}

// shared reports whether any is that of a field.
func (p *postings) shared() bool {
	return slices.ContainsFunc(p.fields[:], func(b *roaring.Bitmap) bool { return b != nil && b == p.any })
}

// unite makes any of the fields.
func (p *postings) unite() {
	var held []*roaring.Bitmap
	for _, b := range p.fields {
		if b != nil {
			held = append(held, b)
		}
	}
	switch len(held) {
	case 0:
		p.any = roaring.New()
	case 1:
		p.any = held[0]
	default:
		p.any = roaring.FastOr(held...)
		p.any.RunOptimize()
	}
}

func (p *postings) drop(gone *roaring.Bitmap) {
	if !p.any.Intersects(gone) { // and nothing is copied that a file holds
		return
	}
	p.any.AndNot(gone)
	for _, b := range p.fields {
		if b != nil && b != p.any {
			b.AndNot(gone)
		}
	}
}

// without are the postings without documents that are gone.
func (p *postings) without(gone *roaring.Bitmap) *postings {
	if !p.any.Intersects(gone) {
		return p
	}
	left := &postings{}
	for field, b := range p.fields {
		if b == nil {
			continue
		}
		if b = roaring.AndNot(b, gone); !b.IsEmpty() {
			left.fields[field] = b
		}
	}
	left.unite()
	return left
}

// posted is a document that has a term in the marked fields.
type posted struct {
	term, doc uint32
	marks     uint8
}

// building takes postings in blocks: while one is filled, that before it is put into the lists by another goroutine.
type building struct {
	block []posted
	full  chan filled
	spent chan []posted
	done  chan struct{}
	lists lists // the other goroutine's until it is done
}

// filled is a block with how many terms there are.
type filled struct {
	block []posted
	terms int
}

// blockSize is how many postings make a block.
const blockSize = 1 << 18

func build() *building {
	b := &building{full: make(chan filled), spent: make(chan []posted, 2), done: make(chan struct{})}
	b.spent <- make([]posted, 0, blockSize+blockSize/8)
	b.spent <- make([]posted, 0, blockSize+blockSize/8)
	b.block = <-b.spent
	go func() {
		defer close(b.done)
		for f := range b.full {
			b.lists.pour(f)
			b.spent <- f.block[:0]
		}
	}()
	return b
}

// pour puts a block into the lists, term by term.
func (l *lists) pour(f filled) {
	l.posts = append(l.posts, make([]post, f.terms-len(l.posts))...)
	ends := make([]uint32, f.terms+1)
	for _, p := range f.block {
		ends[p.term+1]++
	}
	for n := range f.terms {
		ends[n+1] += ends[n]
	}
	sorted := make([]posted, len(f.block))
	next := slices.Clone(ends)
	for _, p := range f.block {
		sorted[next[p.term]] = p
		next[p.term]++
	}
	var docs []uint32
	for n := range f.terms {
		these := sorted[ends[n]:ends[n+1]]
		if len(these) == 0 {
			continue
		}
		if len(these) == 1 && l.posts[n].marks == 0 {
			l.posts[n] = post{these[0].doc, these[0].marks}
			continue
		}
		t := l.spread(uint32(n))
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
func (b *building) pass(terms int, whatever bool) {
	if len(b.block) >= blockSize || whatever {
		b.full <- filled{b.block, terms}
		b.block = <-b.spent
	}
}

func (b *building) end() {
	close(b.full)
	<-b.done
}

// built gives the lists, once the last of the terms were poured.
func (b *building) built(terms int) lists {
	b.pass(terms, true)
	b.end()
	for _, p := range b.lists.several {
		for _, b := range p.fields {
			if b != nil {
				b.RunOptimize()
			}
		}
		p.unite()
	}
	return b.lists
}
