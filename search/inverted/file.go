package inverted

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"

	"gongshu/internal/hold"
	"gongshu/search"
)

// layout begins a file, and changes with anything that makes older files answer differently.
const layout = "gongshu-search-3\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// record is a change after the index was saved: one of the parts, or where the machine was started when it began to be made.
type record struct {
	Put    []search.Document `json:",omitempty"`
	Remove []uuid.UUID       `json:",omitempty"`
	Mark   *string           `json:",omitempty"`
	Boot   *string           `json:",omitempty"`
}

// file keeps an index: all of it with a checksum, and after it each change with one. What the machine had not yet written
// when it lost its power would be missing without a trace, so that changes of an earlier start of the machine do not count.
type file struct {
	path string
	lock io.Closer
	// kept is open for the changes after what was saved; nil while nothing is kept.
	kept    *os.File
	changed bool // since it was saved
	// saved and grown are the bytes of what was saved and of the changes after it.
	saved, grown int64
}

// smallest is what the changes after a saved index may take whatever its size: to save even a small one waits for the disk,
// which one change in thousands then does.
const smallest = 1 << 20

func openFile(dir string) (*file, error) {
	held, err := hold.Folder(dir, "products.lock")
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, unfinished)) // by who was killed
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", errors.Join(err, held.Close()))
	}
	return &file{path: filepath.Join(dir, "products.index"), lock: held}, nil
}

// unfinished is the name of a file that is not whole yet.
const unfinished = "products.*.new"

// forget removes what is kept.
func (f *file) forget() error {
	var err error
	if f.kept != nil {
		err = f.kept.Close()
		f.kept = nil
	}
	if removed := os.RemoveAll(f.path); removed != nil {
		err = errors.Join(err, removed)
	}
	if err != nil {
		return fmt.Errorf("remove the kept search index: %w", err)
	}
	return nil
}

// save keeps an index. The name is given to a file that is whole.
func (f *file) save(s *state, mark string) error {
	if err := f.write(s, mark); err != nil {
		return errors.Join(fmt.Errorf("keep the search index: %w", err), f.forget())
	}
	return nil
}

func (f *file) write(s *state, mark string) (err error) {
	made, err := os.CreateTemp(filepath.Dir(f.path), unfinished)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, made.Close(), os.Remove(made.Name()))
		}
	}()
	sum := crc32.New(castagnoli)
	head := int64(len(layout) + 12)
	if _, err := made.Seek(head, io.SeekStart); err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(io.MultiWriter(made, sum), 1<<20)
	e := encoder{w: buffer}
	e.state(s, mark)
	if err := errors.Join(e.err, buffer.Flush()); err != nil {
		return err
	}
	end, err := made.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	begin := binary.LittleEndian.AppendUint64([]byte(layout), uint64(end-head))
	if _, err := made.WriteAt(binary.LittleEndian.AppendUint32(begin, sum.Sum32()), 0); err != nil {
		return err
	}
	if err := made.Sync(); err != nil {
		return err
	}
	if err := os.Rename(made.Name(), f.path); err != nil {
		return err
	}
	if f.kept != nil {
		_ = f.kept.Close() // nothing of it is needed any more
	}
	f.kept, f.changed, f.saved, f.grown = made, false, end, 0
	return nil
}

// append keeps a change, after which the index is as it is given. Where that fails nothing is kept any more, as it would
// lack the change. Once the changes take more than what was saved all of it is saved anew: the file is at most about twice
// as large as the index, and each byte of a change pays for writing one byte of it. The index is read meanwhile and not
// changed, so that searches need not wait.
func (f *file) append(what record, s *state, mark string) error {
	if f.kept == nil {
		return nil
	}
	var err error
	if !f.changed {
		boot := bootID()
		if err = f.line(record{Boot: &boot}); err == nil {
			err = f.kept.Sync()
		}
		f.changed = true
	}
	if err == nil {
		err = f.line(what)
	}
	if err != nil {
		return f.forget()
	}
	if f.grown > max(f.saved, smallest) && f.write(s, mark) != nil {
		f.saved += f.grown // what is there still is good: it is tried again when as much again has come
		f.grown = 0
	}
	return nil
}

func (f *file) line(what record) error {
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
	n, err := f.kept.Write(append(binary.LittleEndian.AppendUint32(head, crc32.Checksum(text, castagnoli)), text...))
	f.grown += int64(n)
	return err
}

// bootID names a start of this machine, "" where it does not say.
func bootID() string {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// close keeps what changed and lets others have the file.
func (f *file) close(s *state, mark string) error {
	var err error
	if f.kept != nil && f.changed {
		err = f.save(s, mark)
	}
	if f.kept != nil {
		err = errors.Join(err, f.kept.Close())
	}
	if err := errors.Join(err, f.lock.Close()); err != nil {
		return fmt.Errorf("close the search index: %w", err)
	}
	return nil
}

// load reads what is kept; ok is false unless all of it is there and whole.
func (f *file) load() (s *state, mark string, ok bool) {
	kept, err := os.OpenFile(f.path, os.O_RDWR, 0)
	if err != nil {
		return nil, "", false
	}
	defer func() {
		if !ok {
			_ = kept.Close() // it is removed next
		}
	}()
	head := make([]byte, len(layout)+12)
	if _, err := io.ReadFull(kept, head); err != nil || string(head[:len(layout)]) != layout {
		return nil, "", false
	}
	length := binary.LittleEndian.Uint64(head[len(layout):])
	about, err := kept.Stat()
	if err != nil || length > uint64(about.Size()) {
		return nil, "", false
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(kept, body); err != nil || crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(head[len(layout)+8:]) {
		return nil, "", false
	}
	d := decoder{rest: body}
	s, mark = d.state()
	if d.bad || len(d.rest) > 0 {
		return nil, "", false
	}
	changed, ok := s.replay(kept, &mark)
	if !ok {
		return nil, "", false
	}
	f.kept, f.changed, f.saved = kept, changed, int64(len(head))+int64(length)
	f.grown = about.Size() - f.saved
	return s, mark, true
}

// replay makes the changes that were kept after the index.
func (s *state) replay(kept io.Reader, mark *string) (changed, ok bool) {
	from := bufio.NewReader(kept)
	for {
		var head [8]byte
		if _, err := io.ReadFull(from, head[:]); err == io.EOF {
			return changed, true
		} else if err != nil {
			return false, false
		}
		length := binary.LittleEndian.Uint32(head[:])
		text, err := io.ReadAll(io.LimitReader(from, int64(length)))
		if err != nil || len(text) != int(length) || crc32.Checksum(text, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
			return false, false
		}
		var what record
		if err := json.Unmarshal(text, &what); err != nil {
			return false, false
		}
		changed = true
		switch boot := bootID(); {
		case what.Boot != nil:
			if boot == "" || *what.Boot != boot {
				return false, false
			}
		case what.Mark != nil:
			*mark = *what.Mark
		default:
			s.put(what.Put)
			s.drop(what.Remove)
		}
	}
}

type encoder struct {
	w   *bufio.Writer
	err error
}

func (e *encoder) number(n uint64) {
	var space [binary.MaxVarintLen64]byte
	if _, err := e.w.Write(space[:binary.PutUvarint(space[:], n)]); err != nil {
		e.err = err
	}
}

func (e *encoder) text(text string) {
	e.number(uint64(len(text)))
	if _, err := e.w.WriteString(text); err != nil {
		e.err = err
	}
}

func (e *encoder) bitmap(b *roaring.Bitmap) {
	e.number(b.GetSerializedSizeInBytes())
	if _, err := b.WriteTo(e.w); err != nil {
		e.err = err
	}
}

func (e *encoder) state(s *state, mark string) {
	e.text(mark)
	e.number(uint64(len(s.terms)))
	for _, t := range s.terms {
		e.text(t.term)
		there, held := uint64(0), t.fields
		for field, b := range held {
			if b != nil && b.Intersects(s.gone) {
				b = roaring.AndNot(b, s.gone)
				held[field] = b
			}
			if b != nil && !b.IsEmpty() {
				there |= 1 << field
			}
		}
		e.number(there)
		for field, b := range held {
			if there&(1<<field) != 0 {
				e.bitmap(b)
			}
		}
	}
	e.bitmap(s.live)
	e.number(uint64(len(s.entries)))
	for doc, one := range s.entries {
		if !s.live.Contains(uint32(doc)) {
			continue
		}
		e.text(string(one.id[:]))
		e.number(uint64(one.listed))
		for _, rank := range one.ranks {
			e.number(uint64(rank))
		}
		e.text(one.names[0])
		e.text(one.names[1])
		e.number(uint64(len(one.codes)))
		for _, c := range one.codes {
			e.text(c)
		}
		var values [facets][]string
		for v := range s.classes(uint32(doc)) {
			values[v.facet] = append(values[v.facet], s.facets[v.facet].values[v.value])
		}
		for _, values := range values {
			e.number(uint64(len(values)))
			for _, value := range values {
				e.text(value)
			}
		}
	}
}

// decoder reads what an encoder wrote; bad says that it did not.
type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.bad, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) bytes() []byte {
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.bad, d.rest = true, nil
		return nil
	}
	part := d.rest[:n]
	d.rest = d.rest[n:]
	return part
}

func (d *decoder) text() string { return string(d.bytes()) }

func (d *decoder) bitmap() *roaring.Bitmap {
	b := roaring.New()
	if err := b.UnmarshalBinary(d.bytes()); err != nil {
		d.bad = true
	}
	return b
}

func (d *decoder) state() (*state, string) {
	s := newState()
	mark := d.text()
	for n := d.number(); n > 0 && !d.bad; n-- {
		number := s.termOf([]byte(d.text()))
		t := s.terms[number]
		there := d.number()
		for field := range fields {
			if there&(1<<field) != 0 {
				t.fields[field] = d.bitmap()
			}
		}
		t.unite()
		if kind, text, ok := strings.Cut(strings.TrimPrefix(t.term, textMark), textMark); ok && strings.HasPrefix(t.term, textMark) {
			s.textual[number] = s.lexicon.suggestible(text, search.Field(kind))
			s.texts = append(s.texts, number)
		}
	}
	s.live = d.bitmap()
	s.entries = make([]entry, d.number()) // the checksum was right
	for c := range s.columns {
		s.columns[c].of = make([]uint32, len(s.entries))
	}
	for doc := range s.entries {
		if d.bad {
			break
		}
		if !s.live.Contains(uint32(doc)) {
			s.free = append(s.free, uint32(doc))
			continue
		}
		e := &s.entries[doc]
		copy(e.id[:], d.bytes())
		e.listed = int64(d.number())
		for i := range e.ranks {
			e.ranks[i] = int64(d.number())
		}
		e.names = [2]string{d.text(), d.text()}
		for n := d.number(); n > 0 && !d.bad; n-- {
			c := d.text()
			e.codes = append(e.codes, c)
			s.codes[c] = append(s.codes[c], uint32(doc))
		}
		var values [facets][]string
		for i := range values {
			for n := d.number(); n > 0 && !d.bad; n-- {
				values[i] = append(values[i], d.text())
			}
		}
		s.classify(uint32(doc), values)
		s.numbered[e.id] = uint32(doc)
	}
	s.arrange()
	return s, mark
}
