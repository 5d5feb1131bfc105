package inverted

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// expression is a set of documents that depends on the fields that count.
type expression interface {
	// within returns the documents of base that match in the first fields up to the level. It may return base itself
	// or what the index holds, so that nobody may change it.
	within(base *roaring.Bitmap, level int) *roaring.Bitmap
	// matches reports whether a document matches in one field alone.
	matches(doc uint32, field int) bool
	// cost is about how many documents match anywhere.
	cost() uint64
}

// term is the documents with a term, nil for one that nothing has.
type term struct {
	*postings
	// whole is a base that has all the documents of the postings, if there is one.
	whole *roaring.Bitmap
}

func (t term) within(base *roaring.Bitmap, level int) *roaring.Bitmap {
	if t.postings == nil {
		return roaring.New()
	}
	if level == widest {
		if base == t.whole {
			return t.any
		}
		return roaring.And(base, t.any)
	}
	found := roaring.New()
	for _, b := range t.fields[:level+1] {
		if b != nil {
			found.Or(roaring.And(base, b))
		}
	}
	return found
}

func (t term) matches(doc uint32, field int) bool {
	return t.postings != nil && t.fields[field] != nil && t.fields[field].Contains(doc)
}

func (t term) cost() uint64 {
	if t.postings == nil {
		return 0
	}
	return t.any.GetCardinality()
}

// all is what matches every part.
type all []expression

func (a all) within(base *roaring.Bitmap, level int) *roaring.Bitmap {
	for _, part := range a { // made by conjunction, the rarest first
		if base = part.within(base, level); base.IsEmpty() {
			break
		}
	}
	return base
}

func (a all) matches(doc uint32, field int) bool {
	return !slices.ContainsFunc(a, func(e expression) bool { return !e.matches(doc, field) })
}

func (a all) cost() uint64 {
	if len(a) == 0 {
		return 0
	}
	return a[0].cost()
}

// conjunction puts the rarest part first, so that the others only look at what it leaves.
func conjunction(parts ...expression) expression {
	if len(parts) == 1 {
		return parts[0]
	}
	type weighed struct {
		e    expression
		cost uint64
	}
	list := make([]weighed, len(parts))
	for i, p := range parts {
		list[i] = weighed{p, p.cost()}
	}
	slices.SortStableFunc(list, func(a, b weighed) int { return cmp.Compare(a.cost, b.cost) })
	sorted := make(all, len(list))
	for i, w := range list {
		sorted[i] = w.e
	}
	return sorted
}

// some is what matches at least one part.
type some []expression

func (s some) within(base *roaring.Bitmap, level int) *roaring.Bitmap {
	var found *roaring.Bitmap
	own := false // else it is another's, which nobody may change
	for _, part := range s {
		switch these := part.within(base, level); {
		case these.IsEmpty():
		case found == nil:
			found = these
		case own:
			found.Or(these)
		default:
			found, own = roaring.Or(found, these), true
		}
	}
	if found == nil {
		return roaring.New()
	}
	return found
}

func (s some) matches(doc uint32, field int) bool {
	return slices.ContainsFunc(s, func(e expression) bool { return e.matches(doc, field) })
}

func (s some) cost() uint64 {
	sum := uint64(0)
	for _, part := range s {
		sum += part.cost()
	}
	return sum
}

// phrase is what has all terms in one field: as they follow each other in pairs, mostly the text itself.
type phrase []term

func (p phrase) within(base *roaring.Bitmap, level int) *roaring.Bitmap {
	if len(p) == 1 {
		return p[0].within(base, level)
	}
	for _, t := range p { // all of them anywhere, which leaves little to look at by field
		if base = t.within(base, widest); base.IsEmpty() {
			return base
		}
	}
	found := roaring.New()
	for field := range level + 1 {
		in := base
		for _, t := range p {
			if t.postings == nil || t.fields[field] == nil {
				in = nil
				break
			}
			if in = roaring.And(in, t.fields[field]); in.IsEmpty() {
				break
			}
		}
		if in != nil {
			found.Or(in)
		}
	}
	return found
}

func (p phrase) matches(doc uint32, field int) bool {
	return !slices.ContainsFunc(p, func(t term) bool { return !t.matches(doc, field) })
}

func (p phrase) cost() uint64 {
	least := p[0].cost()
	for _, t := range p[1:] {
		least = min(least, t.cost())
	}
	return least
}

// fixed is documents that match whatever the level, in no field: those of a code.
type fixed struct{ *roaring.Bitmap }

func (f fixed) within(base *roaring.Bitmap, _ int) *roaring.Bitmap {
	return roaring.And(base, f.Bitmap)
}
func (f fixed) matches(uint32, int) bool { return false }
func (f fixed) cost() uint64             { return f.GetCardinality() }
