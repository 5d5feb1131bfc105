package inverted

import (
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// unpacked are large bitmaps of a state as bits, of words and values that searches asked for: two sets of bits are intersected
// and counted many times faster than two bitmaps. What it holds is right until the state changes, which forgets it all.
type unpacked struct {
	guard      sync.RWMutex
	selections map[*roaring.Bitmap]*selection
	size       uint64
}

// unpackedMost bounds how many bitmaps are unpacked, unpackedSize what they take in bytes.
const (
	unpackedMost = 512
	unpackedSize = 32 << 20
)

// large is how many numbers of the index there are to one of a large bitmap at most.
const large = 128

// of gives a bitmap as bits, which nobody may change, where it is large, else nil. Others may unpack it at the same time, which
// is no harm.
func (u *unpacked) of(b *roaring.Bitmap, span int) *selection {
	size := int(b.GetCardinality())
	if size < span/large {
		return nil
	}
	u.guard.RLock()
	s := u.selections[b]
	u.guard.RUnlock()
	if s != nil {
		return s
	}
	s = &selection{span: span, dense: true, size: size}
	s.zero()
	b.WriteDenseTo(s.bits)
	u.guard.Lock()
	defer u.guard.Unlock()
	if u.size += s.bytes(); u.size > unpackedSize || len(u.selections) == unpackedMost {
		u.selections, u.size = nil, s.bytes()
	}
	if u.selections == nil {
		u.selections = map[*roaring.Bitmap]*selection{}
	}
	u.selections[b] = s
	return s
}

// forget is called by whoever has the state alone.
func (u *unpacked) forget() { u.selections, u.size = nil, 0 }
