package records

import (
	"bytes"
	"context"
	"maps"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gongshu/internal/authorisation"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
)

// empty is a memory without a database.
func empty() *Memory { return NewMemory(&store.Store{}, &Shape{}) }

// What memory holds is what was kept last, however much was kept and forgotten before, and it takes no more than twice as much room.
func TestMemoryHoldsWhatWasKeptLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := empty()
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
					p, held := m.at[id]
					if len(record) == 0 {
						if !held || p.size > 0 {
							t.Fatalf("%s is not held as the empty record that it is", id)
						}
						continue
					}
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
	m := empty()
	m.most = 3 * blockSize
	for i := range byte(10) {
		m.keep(uuid.UUID{i}, place{}, make([]byte, blockSize/2+1))
	}
	if records, held, _ := m.Held(); records != 3 || held != m.most || !m.full {
		t.Errorf("%d are held in %d bytes", records, held)
	}
	m.forget(uuid.UUID{})
	if m.keep(uuid.UUID{10}, place{}, make([]byte, blockSize)); len(m.at) != 3 || m.full {
		t.Errorf("%d are held once there is room again", len(m.at))
	}
}

// Memory follows the database page by page, forgets what is to be made anew, and leaves to the database what it cannot know.
func TestMemoryFollows(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := NewMemory(s, &Shape{Number: 7})
		m.atOnce = 2
		exec := func(statement string, args ...any) {
			t.Helper()
			if _, err := s.Writer().ExecContext(t.Context(), statement, args...); err != nil {
				t.Fatal(err)
			}
		}
		follow := func() {
			t.Helper()
			if err := m.Follow(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		// holds compares what memory answers with what the database does; of what it declines it knows nothing.
		ids := make([]uuid.UUID, 5)
		holds := func(want bool) {
			t.Helper()
			for _, whole := range []bool{false, true} {
				held, there := map[uuid.UUID]string{}, map[uuid.UUID]string{}
				note := func(in map[uuid.UUID]string) func(id uuid.UUID, body, apart []byte) {
					return func(id uuid.UUID, body, apart []byte) { in[id] = string(body) + "|" + string(apart) }
				}
				if _, ok := m.read(ids, whole, note(held)); ok != want {
					t.Fatalf("it answers: %t", ok)
				}
				if _, err := s.ProductRecords(t.Context(), 7, ids, whole, note(there)); err != nil {
					t.Fatal(err)
				}
				if want && !maps.Equal(held, there) {
					t.Fatalf("held are %v, and there are %v", held, there)
				}
			}
		}
		for i := range ids {
			ids[i] = uuid.New()
			exec(`INSERT INTO product_records (id, revision, shape, body, apart) VALUES ($1, 0, 7, $2, $3)`, ids[i], []byte("body"), []byte("apart"))
		}
		holds(false)
		follow()
		holds(true)
		const change = `UPDATE product_records SET revision = revision + 1, body = $1, apart = NULL WHERE id = $2`
		for i, id := range ids[:4] {
			exec(change, bytes.Repeat([]byte("b"), i), id) // the first is of what left the market
		}
		follow()
		holds(true)
		exec(change, nil, ids[1])
		follow()
		holds(false)
		exec(change, []byte("back"), ids[1])
		follow()
		holds(true)
		exec(`UPDATE product_records SET revision = revision + 1, shape = 8 WHERE id = $1`, ids[2])
		follow()
		holds(false)
		exec(`UPDATE product_records SET revision = revision + 1, shape = 7, renew_on = $2 WHERE id = $1`, ids[2], authorisation.DayOf(time.Now()))
		follow()
		holds(false)
		exec(`UPDATE product_records SET revision = revision + 1, renew_on = $2 WHERE id = $1`, ids[2], authorisation.DayOf(time.Now()).AddDays(2))
		follow()
		holds(true)
		// What it was not told of for too long it does not answer, nor while its own program writes.
		m.asOf = m.asOf.Add(-m.fresh)
		holds(false)
		follow()
		holds(true)
		if err := s.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			store.Sending(ctx, change)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		holds(false)
		follow()
		holds(true)
		// A database that was set back is followed from its beginning.
		m.from.Changed += 1 << 40
		m.keep(uuid.New(), place{}, []byte("of the future"))
		follow()
		if holds(true); len(m.at) != len(ids) {
			t.Errorf("%d are held of %d", len(m.at), len(ids))
		}
		// Where it cannot be followed, the database is asked.
		ended, end := context.WithCancel(t.Context())
		end()
		if err := m.Follow(ended); err == nil {
			t.Error("it was followed")
		}
		m.asOf = m.asOf.Add(-m.fresh)
		n := 0
		if _, err := m.ProductRecords(t.Context(), 7, ids, false, func(uuid.UUID, []byte, []byte) { n++ }); err != nil || n != len(ids) {
			t.Errorf("%d are read, %v", n, err)
		}
	})
}
