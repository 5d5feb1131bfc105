package scale

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sort"
	"time"

	"github.com/google/uuid"
)

// draw makes everything of one seed: whatever is asked for twice is the same twice.
type draw struct{ seed uint64 }

// id is the UUIDv7 of the n-th row of a table, made at a moment.
func (d draw) id(table string, n int, at time.Time) uuid.UUID {
	first := mix(d.seed ^ mix(nameOf(table)^mix(uint64(n))))
	second := mix(first)
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|0x7000|first&0xfff)
	binary.BigEndian.PutUint64(id[8:], 1<<63|second>>2)
	return id
}

// of is the chance by which the n-th thing of a name is made.
func (d draw) of(name string, n int) *rand.Rand {
	return rand.New(rand.NewPCG(d.seed^nameOf(name), mix(uint64(n))))
}

// mix is the finalising step of SplitMix64, a bijection.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// nameOf is FNV-1a.
func nameOf(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// chance is true so many times in a hundred.
func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// skewed picks places, the first ones far more often (Zipf).
type skewed struct{ upTo []float64 }

// newSkewed is for n places; the k-th, from 0, is as likely as 1/(k+flat)^exponent.
func newSkewed(n int, flat, exponent float64) skewed {
	s := skewed{make([]float64, n)}
	sum := 0.0
	for k := range s.upTo {
		sum += math.Pow(float64(k)+flat, -exponent)
		s.upTo[k] = sum
	}
	return s
}

func (s skewed) pick(r *rand.Rand) int {
	x := r.Float64() * s.upTo[len(s.upTo)-1]
	return min(sort.SearchFloat64s(s.upTo, x), len(s.upTo)-1)
}
