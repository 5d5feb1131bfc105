package records

import (
	"bytes"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// What memory holds is what was kept last, however much was kept and forgotten before, and it takes no more than twice as much room.
func TestMemoryHoldsWhatWasKeptLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewMemory(nil, &Shape{})
		m.most = 64 * blockSize
		want := map[uuid.UUID][]byte{}
		number := byte(0)
		t.Repeat(map[string]func(*rapid.T){
			"keep": func(t *rapid.T) {
				id := uuid.UUID{rapid.Byte().Draw(t, "id") % 20}
				size := rapid.OneOf(rapid.IntRange(0, 10), rapid.IntRange(1, blockSize/2), rapid.IntRange(blockSize, 2*blockSize)).Draw(t, "size")
				number++
				want[id] = bytes.Repeat([]byte{number}, size)
				m.forget(id)
				m.keep(id, place{body: int32(size / 2)}, want[id][:size/2], want[id][size/2:])
			},
			"forget": func(t *rapid.T) {
				id := uuid.UUID{rapid.Byte().Draw(t, "id") % 20}
				delete(want, id)
				m.forget(id)
			},
			"": func(t *rapid.T) {
				if len(m.at) != len(want) {
					t.Fatalf("%d are held, want %d", len(m.at), len(want))
				}
				live, held := map[int32]int{}, 0
				for id, record := range want {
					p := m.at[id]
					if got := m.blocks[p.block].memory[p.from : p.from+p.size]; !bytes.Equal(got, record) || int(p.body) != len(record)/2 {
						t.Fatalf("%s is not what was kept", id)
					}
					live[p.block] += len(record)
				}
				for number, b := range m.blocks {
					held += len(b.memory)
					if b.live != live[number] || number != m.last && 2*b.live < len(b.memory) {
						t.Fatalf("of block %d %d of %d are said to be of use, and %d are", number, b.live, len(b.memory), live[number])
					}
				}
				if held != m.held {
					t.Fatalf("%d bytes are held, and said are %d", held, m.held)
				}
			},
		})
		for _, b := range m.blocks {
			b.release()
		}
	})
}

// What does not fit is not held, and displaces nothing.
func TestMemoryIsBounded(t *testing.T) {
	m := NewMemory(nil, &Shape{})
	m.most = 3 * blockSize
	for i := range byte(10) {
		m.keep(uuid.UUID{i}, place{}, make([]byte, blockSize/2+1))
	}
	if records, held, _ := m.Held(); records != 3 || held != m.most {
		t.Errorf("%d are held in %d bytes", records, held)
	}
}
