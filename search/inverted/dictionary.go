package inverted

import (
	"crypto/rand"
	"encoding/binary"
)

// dictionary numbers terms as they come. It knows each by 64 bits of hash alone, not by its letters: of a million terms two
// are taken for one once in 37 million indexes. The hash begins with a number of chance, so that nobody can write terms that
// meet on purpose.
type dictionary struct {
	seed   uint64
	hashes []uint64 // by number
	slots  []uint32 // one more than the number of the term whose hash leads there, or to a slot before; 0 for none
}

// leastSlots is how many slots there are at first; there is always a power of two of them.
const leastSlots = 1 << 10

func newDictionary() dictionary {
	var seed [8]byte
	_, _ = rand.Read(seed[:]) // never fails
	return dictionary{seed: binary.NativeEndian.Uint64(seed[:]), slots: make([]uint32, leastSlots)}
}

// hashed is FNV-1a, begun with the seed and mixed at the end.
func hashed[T string | []byte](seed uint64, term T) uint64 {
	h := seed
	for i := range len(term) {
		h = (h ^ uint64(term[i])) * 0x100000001b3
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// slot is where a hash is, or belongs.
func (d *dictionary) slot(hash uint64) uint64 {
	last := uint64(len(d.slots) - 1)
	at := hash & last
	for d.slots[at] != 0 && d.hashes[d.slots[at]-1] != hash {
		at = (at + 1) & last
	}
	return at
}

// number is that of a hash, ok whether it has one.
func (d *dictionary) number(hash uint64) (n uint32, ok bool) {
	n = d.slots[d.slot(hash)]
	return n - 1, n > 0
}

// add numbers a hash that has no number.
func (d *dictionary) add(hash uint64) uint32 {
	d.hashes = append(d.hashes, hash)
	if 4*len(d.hashes) > 3*len(d.slots) {
		d.slots = make([]uint32, 2*len(d.slots))
		for n, hash := range d.hashes {
			d.slots[d.slot(hash)] = uint32(n + 1)
		}
	} else {
		d.slots[d.slot(hash)] = uint32(len(d.hashes))
	}
	return uint32(len(d.hashes) - 1)
}
