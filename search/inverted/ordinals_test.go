package inverted

import "testing"

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
		counts := make([]uint32, number+1<<20+1)
		o.count([]uint32{uint32(doc)}, counts)
		if counts[number] != 1 {
			t.Errorf("%d is counted %d times", number, counts[number])
		}
	}
}
