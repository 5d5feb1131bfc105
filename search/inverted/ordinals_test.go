package inverted

import (
	"bufio"
	"bytes"
	"errors"
	"slices"
	"testing"
)

// Numbers stay what they are while greater ones make all of them wider.
func TestOrdinalsWiden(t *testing.T) {
	o := newOrdinals(0)
	numbers := []uint32{0, 255, 7, 256, 65_535, 0, 65_536, 1 << 20}
	widths := []int{1, 1, 1, 2, 2, 2, 4, 4}
	for doc, number := range numbers {
		o.grow()
		o.set(uint32(doc), number)
		if o.width != widths[doc] {
			t.Errorf("%d bytes for %d, want %d", o.width, number, widths[doc])
		}
		for before := range doc + 1 {
			if got := o.at(uint32(before)); got != numbers[before] {
				t.Errorf("after %d: %d is %d, want %d", number, before, got, numbers[before])
			}
		}
		var docs []uint32
		want := make([]uint32, 1<<20+1)
		for before := range doc + 1 {
			docs = append(docs, uint32(before))
			want[numbers[before]]++
		}
		counts := make([]uint32, len(want))
		if o.count(docs, counts); !slices.Equal(counts, want) {
			t.Errorf("after %d the documents are counted otherwise", number)
		}

		var kept bytes.Buffer
		e := encoder{w: bufio.NewWriter(&kept)}
		o.write(&e)
		if err := errors.Join(e.err, e.w.Flush()); err != nil {
			t.Fatal(err)
		}
		read := readOrdinals(&decoder{all: kept.Bytes()})
		read.grow() // where it lies
		read.set(uint32(doc)+1, number)
		for before := range doc + 1 {
			if read.at(uint32(before)) != numbers[before] || read.at(uint32(doc)+1) != number {
				t.Errorf("%d reads as %d and then %d", numbers[before], read.at(uint32(before)), read.at(uint32(doc)+1))
			}
		}
	}
	broken := decoder{all: []byte{3}}
	if readOrdinals(&broken); !broken.bad {
		t.Error("three bytes are no width")
	}
}
