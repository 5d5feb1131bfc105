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

	"github.com/google/uuid"

	"gongshu/internal/hold"
	"gongshu/search"
)

// layout begins a file, and changes with anything that makes older files answer differently.
const layout = "gongshu-search-6"

// A file begins with the layout, a number that tells the order of bytes, the checksum of the body and its length.
const headSize = len(layout) + 16

const byteOrder = 0x01020304

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

// A saved index is saved anew once the changes after it take one part in so many of it, or fewer when no others come: they lie in
// memory, where they take several times as much. A byte of a change so pays for writing as many of the file at most.
const (
	share        = 4
	restingShare = 64
)

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
	if _, err := made.Seek(int64(headSize), io.SeekStart); err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(io.MultiWriter(made, sum), 1<<18)
	e := encoder{w: buffer, at: headSize}
	e.state(s, mark)
	if err := errors.Join(e.err, buffer.Flush()); err != nil {
		return err
	}
	head := binary.NativeEndian.AppendUint32([]byte(layout), byteOrder)
	head = binary.NativeEndian.AppendUint32(head, sum.Sum32())
	if _, err := made.WriteAt(binary.NativeEndian.AppendUint64(head, uint64(e.at-headSize)), 0); err != nil {
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
	f.kept, f.changed, f.saved, f.grown = made, false, int64(e.at), 0
	return nil
}

// append keeps a change, after which the index is as it is given. Where that fails nothing is kept any more, as it would
// lack the change. Once the changes take more than a share of what was saved, or have worn the index, all of it is saved anew:
// what changed is held in memory until then. The index is read
// meanwhile and not changed, so that searches need not wait.
func (f *file) append(what record, s *state, mark string) (anew bool, err error) {
	if f.kept == nil {
		return false, nil
	}
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
		return false, f.forget()
	}
	if f.grown <= max(f.saved/share, smallest) && !s.worn {
		return false, nil
	}
	s.worn = false
	return f.anew(s, mark), nil
}

// rest saves an index anew that nobody changes just now, where what changed is worth it.
func (f *file) rest(s *state, mark string) (anew bool) {
	return f.kept != nil && f.grown > max(f.saved/restingShare, smallest) && f.anew(s, mark)
}

// anew saves an index in the place of one and its changes, which are good still where that fails: it is tried again when as much
// again has come.
func (f *file) anew(s *state, mark string) bool {
	if f.write(s, mark) != nil {
		f.saved += f.grown
		f.grown = 0
		return false
	}
	return true
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
	head := make([]byte, headSize)
	if _, err := io.ReadFull(kept, head); err != nil || string(head[:len(layout)]) != layout {
		return nil, "", false
	}
	numbers := head[len(layout):]
	length := binary.NativeEndian.Uint64(numbers[8:])
	about, err := kept.Stat()
	if err != nil || binary.NativeEndian.Uint32(numbers) != byteOrder || length > uint64(about.Size()) {
		return nil, "", false
	}
	sum := crc32.New(castagnoli)
	if n, err := io.Copy(sum, io.LimitReader(kept, int64(length))); err != nil || n != int64(length) || sum.Sum32() != binary.NativeEndian.Uint32(numbers[4:]) {
		return nil, "", false
	}
	saved := int64(headSize) + int64(length)
	s, mark, ok = readState(kept, saved)
	if !ok {
		return nil, "", false
	}
	changed, ok := s.replay(kept, &mark)
	if !ok {
		s.release()
		return nil, "", false
	}
	f.kept, f.changed, f.saved = kept, changed, saved
	f.grown = about.Size() - f.saved
	return s, mark, true
}

// reread gives the state that was saved last as its file holds it, so that it takes little memory of this process, or that
// state itself where the file cannot be read.
func (f *file) reread(saved *state) *state {
	if s, _, ok := readState(f.kept, f.saved); ok {
		return s
	}
	return saved
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
			s.put(what.Put) // what is refused now is missed, and the index is built anew
			s.drop(what.Remove)
		}
	}
}
