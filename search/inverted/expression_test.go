package inverted

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongshu/search"
)

// What an expression is seen to imply matches whatever it does, at every level and in every field, and either is what its
// parts are.
func TestImpliesIsSeenRightly(t *testing.T) {
	implied := 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		s := newState()
		var terms []term
		for n := range uint32(4) {
			s.posts = append(s.posts, post{})
			for doc := range uint32(40) {
				if marks := uint8(r.IntN(1 << fields)); r.IntN(3) > 0 && marks > 0 {
					s.post(n, doc, marks)
				}
			}
			terms = append(terms, s.of(n))
		}
		s.posts = append(s.posts, post{7, 1})
		terms = append(terms, s.of(4), term{})
		for doc := range uint32(40) {
			s.entries = append(s.entries, entry{})
			s.live.Add(doc)
		}
		w := s.work()
		defer w.leave()
		var draw func(depth int) expression
		draw = func(depth int) expression {
			if r.IntN(20) == 0 {
				return []expression{all{}, fixed{w.listed([]uint32{3, 7})}}[r.IntN(2)]
			}
			kind := r.IntN(4)
			if depth == 0 {
				kind = r.IntN(2)
			}
			var parts []expression
			for range 1 + r.IntN(3) {
				if kind < 2 {
					parts = append(parts, terms[r.IntN(len(terms))])
				} else {
					parts = append(parts, draw(depth-1))
				}
			}
			switch kind {
			case 0:
				return parts[0]
			case 1:
				made := phrase{}
				for _, part := range parts {
					made = append(made, part.(term))
				}
				return made.rarestFirst()
			case 2:
				return conjunction(parts...)
			}
			return some(parts)
		}
		docs := func(e expression, level int) []uint32 {
			found := w.find(e, level)
			defer w.reuse(found)
			if found.whole {
				return w.live.ToArray()
			}
			return numbersOf(found)
		}
		a, b := draw(2), draw(2)
		if implies(a, b) {
			implied++
			for level := range fields {
				those := docs(b, level)
				for _, doc := range docs(a, level) {
					if !slices.Contains(those, doc) {
						t.Fatalf("%d at level %d matches %v, which is said to match %v too", doc, level, a, b)
					}
				}
			}
		}
		plain, simple := some{a, b}, either(a, b)
		for field := range fields { // and the level up to it
			if want, got := docs(plain, field), docs(simple, field); !slices.Equal(want, got) {
				t.Fatalf("up to %s of %v and %v: %v, want %v", search.Fields[field], a, b, got, want)
			}
			for doc := range uint32(40) {
				if implies(a, b) && a.matches(doc, field) && !b.matches(doc, field) || plain.matches(doc, field) != simple.matches(doc, field) {
					t.Fatalf("%d in %s: %v or %v", doc, search.Fields[field], a, b)
				}
			}
		}
	})
	if implied == 0 {
		t.Error("nothing implied anything")
	}
}
