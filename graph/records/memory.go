package records

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/store"
)

// Source is where the records of products are read, as Store has them: the database, or Memory.
type Source interface {
	ProductRecords(ctx context.Context, shape int64, ids []uuid.UUID, whole bool, visit func(id uuid.UUID, body, apart []byte)) (epoch int64, err error)
	PublicEpoch(ctx context.Context) (epoch int64, err error)
}

// Memory holds the records of products that the database holds, outside of what Go's collector looks after. It follows them there,
// several times a second and after each transaction of its own store that may have changed one, and it answers only while it has:
// what this program has written is never answered as it was before, and what others have at most a little later. Whatever it
// cannot answer the database does.
type Memory struct {
	store *store.Store
	shape int64
	// most bounds what is held, in bytes; what comes when it is full is read from the database. atOnce is how many records are
	// followed by one statement, fresh how long what was followed is answered.
	most, atOnce int
	fresh        time.Duration

	// following is held by the one that follows; from is how far it came.
	following sync.Mutex
	from      store.RecordsPosition

	guard  sync.RWMutex
	at     map[uuid.UUID]place
	blocks map[int32]*block
	last   int32 // the block that is written into
	held   int   // bytes of all blocks
	full   bool  // something had no room since one was given back
	epoch  int64
	// written is what the store had written, and asOf the moment, when it was followed last.
	written int64
	asOf    time.Time

	answered atomic.Int64
}

// place is where a record is: its body and then what is kept apart. It has no pointers, so that nobody follows them.
type place struct {
	block, from, body, size int32
	until                   int32 // the day from which it is good no more, as dayNumber has it
}

// block is memory that records are written into one after the other, until it is full. Once less than half of it is of use, what
// is goes elsewhere.
type block struct {
	memory  []byte
	release func()
	used    int
	live    int
	ids     []uuid.UUID // whatever was written there
}

const blockSize = 1 << 20

// NewMemory holds the records of a shape, at most a GiB of them. It answers by the database until it was followed.
func NewMemory(s *store.Store, shape *Shape) *Memory {
	s.CountRecordWrites()
	return &Memory{store: s, shape: shape.Number, most: 1 << 30, atOnce: 500, fresh: 2 * time.Second, at: map[uuid.UUID]place{}, blocks: map[int32]*block{}}
}

// Run follows the database until the context ends.
func (m *Memory) Run(ctx context.Context) {
	for placed := false; ; {
		var err error
		if !placed {
			err = m.store.PlaceForeignRecords(ctx)
			placed = err == nil
		}
		if err == nil {
			err = m.Follow(ctx)
		}
		wait, news := pause, m.store.RecordNews()
		if err != nil {
			wait, news = again, nil
			if ctx.Err() == nil {
				slog.ErrorContext(ctx, "records: they cannot be followed in memory, and are read from the database", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-news:
		case <-time.After(wait):
		}
	}
}

// Follow takes over what the database has written since.
func (m *Memory) Follow(ctx context.Context) error {
	m.following.Lock()
	defer m.following.Unlock()
	written, _ := m.store.RecordsWritten()
	began, after := time.Now(), m.from
	moved, from, epoch, err := m.store.RecordsMoved(ctx, after, m.atOnce)
	if err == nil && from.Changed < after.Changed { // it was set back, or is another: what is held may be of neither
		m.clear()
		after = store.RecordsPosition{}
		moved, from, epoch, err = m.store.RecordsMoved(ctx, after, m.atOnce)
	}
	for {
		if err == nil {
			err = m.take(ctx, moved)
		}
		if err != nil {
			return err
		}
		if len(moved) < m.atOnce {
			break
		}
		last := moved[len(moved)-1]
		after.Changed, after.ID = last.Changed, last.ID
		moved, _, _, err = m.store.RecordsMoved(ctx, after, m.atOnce)
	}
	m.from = from
	m.guard.Lock()
	defer m.guard.Unlock()
	m.epoch, m.written, m.asOf = epoch, written, began
	return nil
}

// clear forgets all.
func (m *Memory) clear() {
	m.guard.Lock()
	defer m.guard.Unlock()
	for _, b := range m.blocks {
		b.release()
	}
	m.from, m.held, m.full, m.asOf = store.RecordsPosition{}, 0, false, time.Time{}
	clear(m.at)
	clear(m.blocks)
}

// take reads records that were written, and forgets those that are there no more.
func (m *Memory) take(ctx context.Context, moved []store.MovedRecord) error {
	gone := make(map[uuid.UUID]bool, len(moved))
	ids := make([]uuid.UUID, 0, len(moved))
	for _, r := range moved {
		_, held := m.at[r.ID] // only who follows writes
		if gone[r.ID] = held; held || !m.full {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) > 0 {
		err := m.store.RecordsHeld(ctx, m.shape, ids, func(r store.HeldRecord) {
			m.guard.Lock()
			defer m.guard.Unlock()
			delete(gone, r.ID)
			m.forget(r.ID)
			m.keep(r.ID, place{body: int32(len(r.Body)), until: dayNumber(r.Until)}, r.Body, r.Apart)
		})
		if err != nil {
			return err
		}
	}
	for id, held := range gone {
		if held {
			m.guard.Lock()
			m.forget(id)
			m.guard.Unlock()
		}
	}
	return nil
}

// keep writes a record behind the last one, if there is room for it.
func (m *Memory) keep(id uuid.UUID, p place, pieces ...[]byte) {
	size := 0
	for _, piece := range pieces {
		size += len(piece)
	}
	if size == 0 { // of what is not on the market
		m.at[id] = p
		return
	}
	b, full := m.blocks[m.last], m.last
	if b == nil || len(b.memory)-b.used < size {
		memory, release, err := outside(max(blockSize, size))
		if err != nil || m.held+len(memory) > m.most {
			if err == nil {
				release()
			}
			if !m.full {
				slog.Warn("records: there is no room for all in memory, and others are read from the database", "records", len(m.at), "bytes", m.held, "error", err)
			}
			m.full = true
			return
		}
		b = &block{memory: memory, release: release}
		m.last++
		m.blocks[m.last] = b
		m.held += len(memory)
	}
	p.block, p.from, p.size = m.last, int32(b.used), int32(size)
	for _, piece := range pieces {
		b.used += copy(b.memory[b.used:], piece)
	}
	b.live += size
	b.ids = append(b.ids, id)
	m.at[id] = p
	m.tidy(full)
}

// forget forgets a record, if there is one.
func (m *Memory) forget(id uuid.UUID) {
	p, there := m.at[id]
	delete(m.at, id)
	if there && p.size > 0 {
		m.blocks[p.block].live -= int(p.size)
		m.tidy(p.block)
	}
}

// tidy gives a block back that is full and less than half of use.
func (m *Memory) tidy(number int32) {
	b := m.blocks[number]
	if b == nil || number == m.last || 2*b.live >= len(b.memory) {
		return
	}
	delete(m.blocks, number)
	m.held -= len(b.memory)
	m.full = false
	for _, id := range b.ids {
		if p := m.at[id]; p.size > 0 && p.block == number {
			delete(m.at, id)
			m.keep(id, p, b.memory[p.from:p.from+p.size])
		}
	}
	b.release()
}

// ProductRecords is Store.ProductRecords, from memory while that is as good.
func (m *Memory) ProductRecords(ctx context.Context, shape int64, ids []uuid.UUID, whole bool, visit func(id uuid.UUID, body, apart []byte)) (epoch int64, err error) {
	if shape == m.shape {
		if epoch, ok := m.read(ids, whole, visit); ok {
			return epoch, nil
		}
	}
	return m.store.ProductRecords(ctx, shape, ids, whole, visit)
}

// PublicEpoch is Store.PublicEpoch.
func (m *Memory) PublicEpoch(ctx context.Context) (epoch int64, err error) {
	if epoch, ok := m.read(nil, false, nil); ok {
		return epoch, nil
	}
	return m.store.PublicEpoch(ctx)
}

// read visits all records or none.
func (m *Memory) read(ids []uuid.UUID, whole bool, visit func(id uuid.UUID, body, apart []byte)) (epoch int64, ok bool) {
	m.guard.RLock()
	defer m.guard.RUnlock()
	if written, settled := m.store.RecordsWritten(); !settled || written != m.written || time.Since(m.asOf) > m.fresh {
		return 0, false
	}
	today := dayNumber(authorisation.DayOf(m.store.Now()))
	for _, id := range ids {
		if p, there := m.at[id]; !there || p.until != 0 && p.until <= today {
			return 0, false
		}
	}
	for _, id := range ids {
		var body, apart []byte
		if p := m.at[id]; p.size > 0 {
			record := m.blocks[p.block].memory[p.from : p.from+p.size]
			if body = record[:p.body]; whole {
				apart = record[p.body:]
			}
		}
		visit(id, body, apart)
	}
	m.answered.Add(1)
	return m.epoch, true
}

// dayNumber counts days, 0 for none.
func dayNumber(d authorisation.Day) int32 {
	if d.IsZero() {
		return 0
	}
	return int32(d.Start().Unix() / (24 * 60 * 60))
}

// Held says how many records are held, in how many bytes, and how many reads they have answered.
func (m *Memory) Held() (records, bytes int, answered int64) {
	m.guard.RLock()
	defer m.guard.RUnlock()
	return len(m.at), m.held, m.answered.Load()
}
