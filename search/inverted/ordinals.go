package inverted

// ordinals are numbers by document, each in as few bytes as the greatest needs: what facets count by is read from memory as fast
// as it is small.
type ordinals struct {
	width int // in bytes: 1, 2 or 4, and the list of that width is the one that counts
	one   []uint8
	two   []uint16
	four  []uint32
}

// newOrdinals are as many zeros.
func newOrdinals(length int) ordinals { return ordinals{width: 1, one: make([]uint8, length)} }

// at is the number of a document.
func (o *ordinals) at(doc uint32) uint32 {
	switch o.width {
	case 1:
		return uint32(o.one[doc])
	case 2:
		return uint32(o.two[doc])
	}
	return o.four[doc]
}

// grow adds a document, whose number is 0.
func (o *ordinals) grow() {
	switch o.width {
	case 1:
		o.one = append(o.one, 0)
	case 2:
		o.two = append(o.two, 0)
	default:
		o.four = append(o.four, 0)
	}
}

// set gives a document its number, for which all of them may have to become wider.
func (o *ordinals) set(doc, number uint32) {
	if o.width == 1 && number > 1<<8-1 {
		o.width, o.two, o.one = 2, widened[uint16](o.one), nil
	}
	if o.width == 2 && number > 1<<16-1 {
		o.width, o.four, o.two = 4, widened[uint32](o.two), nil
	}
	switch o.width {
	case 1:
		o.one[doc] = uint8(number)
	case 2:
		o.two[doc] = uint16(number)
	default:
		o.four[doc] = number
	}
}

func widened[To, From uint8 | uint16 | uint32](list []From) []To {
	wide := make([]To, len(list), len(list)+spare(len(list)))
	for i, number := range list {
		wide[i] = To(number)
	}
	return wide
}

// count adds to counts how many of some documents have each number.
func (o *ordinals) count(docs []uint32, counts []uint32) {
	switch o.width {
	case 1:
		count(o.one, docs, counts)
	case 2:
		count(o.two, docs, counts)
	default:
		count(o.four, docs, counts)
	}
}

func count[N uint8 | uint16 | uint32](list []N, docs []uint32, counts []uint32) {
	for _, doc := range docs {
		counts[list[doc]]++
	}
}

// write and readOrdinals keep them in a file.
func (o *ordinals) write(e *encoder) {
	e.number(uint64(o.width))
	switch o.width {
	case 1:
		growing(e, o.one)
	case 2:
		growing(e, o.two)
	default:
		growing(e, o.four)
	}
}

func readOrdinals(d *decoder) ordinals {
	switch width := d.number(); width {
	case 1:
		return ordinals{width: 1, one: arrayOf[uint8](d)}
	case 2:
		return ordinals{width: 2, two: arrayOf[uint16](d)}
	case 4:
		return ordinals{width: 4, four: arrayOf[uint32](d)}
	}
	d.fail()
	return newOrdinals(0)
}
