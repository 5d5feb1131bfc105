package inverted

import (
	"encoding/binary"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"
)

// names are the Chinese and the English name of each document, one after the other and each with its length.
type names struct {
	text []byte   // which only grows: what is read of it stays
	at   []uint64 // by document
}

// set gives a document its names.
func (n *names) set(doc uint32, name, nameEn string) {
	n.at[doc] = uint64(len(n.text))
	for _, text := range []string{name, nameEn} {
		n.text = append(binary.AppendUvarint(n.text, uint64(len(text))), text...)
	}
}

// bytes are the names of a document as they lie.
func (n *names) bytes(doc uint32) []byte {
	begin := n.text[n.at[doc]:]
	end := 0
	for range 2 {
		length, size := binary.Uvarint(begin[end:])
		end += size + int(length)
	}
	return begin[:end]
}

// of are the names of a document, good for as long as the state is.
func (n *names) of(doc uint32) (both [2]string) {
	rest := n.text[n.at[doc]:]
	for i := range both {
		length, size := binary.Uvarint(rest)
		both[i] = unsafe.String(unsafe.SliceData(rest[size:]), length)
		rest = rest[size+int(length):]
	}
	return both
}

// packed are the names of what is there alone.
func (n *names) packed(live *roaring.Bitmap) names {
	packed := names{at: make([]uint64, len(n.at))}
	for doc := range roaring.Values(live) {
		packed.at[doc] = uint64(len(packed.text))
		packed.text = append(packed.text, n.bytes(doc)...)
	}
	return packed
}
