package inverted

import (
	"strings"
	"sync"

	"gongshu/search"
)

// remembered are answers of one state of the index, as pages that follow and what many people look for ask again. What it
// holds is right until the index changes, which forgets it all.
type remembered struct {
	guard   sync.Mutex
	answers map[string]*answer
	size    uint64
}

// answer is a text understood and a filter applied; facets are counted when they are first asked for.
type answer struct {
	plan   plan
	found  *selection
	size   uint64 // in bytes, of the sets of documents that it keeps
	near   []string
	facets func() map[search.FacetName][]search.FacetCount

	guard sync.Mutex
	pages map[asked]page
}

// asked is which page of an answer is wanted, page what it has.
type asked struct {
	of    string // whose cursors the page has
	order search.Order
	first int
	after string
}

type page struct {
	hits []search.Hit
	more bool
}

// pagesKept bounds the pages of an answer: the one that is asked for again, and the next.
const pagesKept = 2

// page gives a page of the answer, found by whoever asks for it first.
func (a *answer) page(which asked, find func() page) page {
	a.guard.Lock()
	defer a.guard.Unlock()
	if known, ok := a.pages[which]; ok {
		return known
	}
	if len(a.pages) >= pagesKept || a.pages == nil {
		a.pages = map[asked]page{}
	}
	p := find()
	a.pages[which] = p
	return p
}

// rememberedSize bounds what is remembered, in bytes; overhead is what an answer takes at most beside its sets of documents:
// its facets, and its pages of 100 hits with their cursors.
const (
	rememberedSize = 32 << 20
	overhead       = 128 << 10
)

// keyOf is what an answer depends on.
func keyOf(q search.Query) string {
	var key strings.Builder
	key.WriteString(q.Text)
	if q.Operators {
		key.WriteString("\x00\x01")
	}
	for _, name := range search.FacetNames {
		key.WriteByte(0)
		for _, value := range q.Filter.FacetValues(name) {
			key.WriteString(value)
			key.WriteByte(1)
		}
	}
	return key.String()
}

// of gives the answer of a key, made by whoever asks first. Others may make it at the same time, which is no harm.
func (r *remembered) of(key string, answered func() *answer) *answer {
	r.guard.Lock()
	a, ok := r.answers[key]
	r.guard.Unlock()
	if ok {
		return a
	}
	a = answered()
	r.guard.Lock()
	defer r.guard.Unlock()
	if r.size += a.size + uint64(len(key)) + overhead; r.size > rememberedSize {
		r.answers, r.size = nil, 0
	}
	if r.answers == nil {
		r.answers = map[string]*answer{}
	}
	r.answers[key] = a
	return a
}

// forget is called by whoever has the index alone.
func (r *remembered) forget() { r.answers, r.size = nil, 0 }
