package inverted

import (
	"cmp"
	"slices"
)

// expression is a set of documents that depends on the fields that count.
type expression interface {
	// keep leaves in a set the documents that match in the first fields up to the level.
	keep(w *workspace, s *selection, level int)
	// matches reports whether a document matches in one field alone.
	matches(doc uint32, field int) bool
	// cost is about how many documents match anywhere.
	cost() uint64
}

// term is the documents with a term: one with its marks, or several, or none.
type term struct {
	one     post
	several *postings
}

func (t term) none() bool { return t.one.marks == 0 && t.several == nil }

func (t term) keep(w *workspace, s *selection, level int) {
	switch {
	case t.several == nil:
		w.single(s, t.one, 2<<level-1)
	case level == widest:
		w.and(s, t.several.any)
	default:
		w.union(s, level+1, func(field int, part *selection) { w.and(part, t.several.fields[field]) })
	}
}

// in leaves in a set the documents that have the term in one field.
func (t term) in(w *workspace, s *selection, field int) {
	if t.several == nil {
		w.single(s, t.one, 1<<field)
	} else {
		w.and(s, t.several.fields[field])
	}
}

func (t term) matches(doc uint32, field int) bool {
	if t.several == nil {
		return t.one.doc == doc && t.one.marks&(1<<field) != 0
	}
	return t.several.fields[field] != nil && t.several.fields[field].Contains(doc)
}

func (t term) cost() uint64 {
	switch {
	case t.several != nil:
		return t.several.any.GetCardinality()
	case t.one.marks != 0:
		return 1
	}
	return 0
}

// coded is the documents with a code, which stands in no field.
type coded struct{ term }

func (coded) matches(uint32, int) bool { return false }

// all is what matches every part.
type all []expression

func (a all) keep(w *workspace, s *selection, level int) {
	for _, part := range a { // made by conjunction, the rarest first
		if part.keep(w, s, level); s.size == 0 {
			break
		}
	}
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

func (s some) keep(w *workspace, docs *selection, level int) {
	w.union(docs, len(s), func(i int, part *selection) { s[i].keep(w, part, level) })
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

// eitherMost bounds the parts of an either of which each is compared with the others.
const eitherMost = 24

// either is what matches at least one of several parts, without those whose documents another has all of: a word that may
// mean several things is among what it means more than once.
func either(parts ...expression) some {
	var flat some
	for _, part := range parts {
		if these, ok := part.(some); ok {
			flat = append(flat, these...)
		} else {
			flat = append(flat, part)
		}
	}
	if len(flat) > eitherMost {
		return flat
	}
	var kept some
	for _, part := range flat {
		if slices.ContainsFunc(kept, func(e expression) bool { return implies(part, e) }) {
			continue
		}
		kept = append(slices.DeleteFunc(kept, func(e expression) bool { return implies(e, part) }), part)
	}
	return kept
}

// implies reports whether an expression can be seen to match nothing that another does not match, in any fields.
func implies(e, other expression) bool {
	switch other := other.(type) {
	case all:
		return !slices.ContainsFunc(other, func(part expression) bool { return !implies(e, part) })
	case some:
		if slices.ContainsFunc(other, func(part expression) bool { return implies(e, part) }) {
			return true
		}
	}
	switch e := e.(type) {
	case all:
		return slices.ContainsFunc(e, func(part expression) bool { return implies(part, other) })
	case some:
		return !slices.ContainsFunc(e, func(part expression) bool { return !implies(part, other) })
	case term:
		return phrase{e}.has(other)
	case phrase:
		return e.has(other)
	}
	return false
}

// phrase is what has all terms in one field: as they follow each other in pairs, mostly the text itself.
type phrase []term

func (p phrase) keep(w *workspace, s *selection, level int) {
	if len(p) == 1 {
		p[0].keep(w, s, level)
		return
	}
	if level > 1 { // all of them anywhere leaves little to look at by field
		for _, t := range p {
			if t.keep(w, s, widest); s.size == 0 {
				return
			}
		}
	}
	w.union(s, level+1, func(field int, part *selection) {
		for _, t := range p {
			if t.in(w, part, field); part.size == 0 {
				break
			}
		}
	})
}

// rarestFirst sorts the terms, so that the others only look at what the rarest leaves.
func (p phrase) rarestFirst() phrase {
	slices.SortStableFunc(p, func(a, b term) int { return cmp.Compare(a.cost(), b.cost()) })
	return p
}

// has reports whether all terms of another expression, a term or a phrase, are its own.
func (p phrase) has(other expression) bool {
	switch other := other.(type) {
	case term:
		return slices.Contains(p, other)
	case phrase:
		return !slices.ContainsFunc(other, func(t term) bool { return !slices.Contains(p, t) })
	}
	return false
}

func (p phrase) matches(doc uint32, field int) bool {
	return !slices.ContainsFunc(p, func(t term) bool { return !t.matches(doc, field) })
}

func (p phrase) cost() uint64 {
	return p[0].cost()
}

// fixed is documents that match whatever the level, in no field: those of a code.
type fixed struct{ *selection }

func (f fixed) keep(_ *workspace, s *selection, _ int) { s.and(f.selection) }
func (f fixed) matches(uint32, int) bool               { return false }
func (f fixed) cost() uint64                           { return uint64(f.size) }
