package records

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"gongshu/internal/publicid"
)

// Record is the slots of an object of a type: where each ends, and then what they hold.
type Record []byte

// slot is what a slot holds. Records are only read in the shape that they were made in.
func (r Record) slot(i, of int) []byte {
	from, head := 0, 4*of
	if i > 0 {
		from = int(binary.LittleEndian.Uint32(r[4*(i-1):]))
	}
	return r[head+from : head+int(binary.LittleEndian.Uint32(r[4*i:]))]
}

// pack makes a record of what its slots hold.
func pack(slots [][]byte) Record {
	size := 4 * len(slots)
	for _, slot := range slots {
		size += len(slot)
	}
	out, end := make([]byte, 4*len(slots), size), 0
	for i, slot := range slots {
		end += len(slot)
		binary.LittleEndian.PutUint32(out[4*i:], uint32(end))
		out = append(out, slot...)
	}
	return out
}

// split cuts a record before what is kept apart.
func (t *Type) split(r Record) (leading, apart []byte) {
	if len(r) == 0 || t.leading == 0 {
		return r, nil
	}
	at := 4*len(t.fields) + int(binary.LittleEndian.Uint32(r[4*(t.leading-1):]))
	return r[:at], r[at:]
}

// fewSlots is how many slots a record mostly has at most: more are no error.
const fewSlots = 16

// Fields are values of fields by name: JSON, an id as it is, a List or another record.
type Fields []struct {
	Name  string
	Value []byte
}

// Of makes a record of the type of its fields, of several of a name of the last. A field that is left out is empty until With
// gives it.
func (t *Type) Of(values Fields) Record {
	var room [fewSlots][]byte
	slots := append(room[:0], make([][]byte, len(t.fields))...)
	for _, v := range values {
		slots[t.byName[v.Name].slot] = v.Value
	}
	return pack(slots)
}

// With is a record of the type with another value of one field, as Of takes it.
func (t *Type) With(r Record, name string, value []byte) Record {
	var room [fewSlots][]byte
	slots := room[:0]
	for i := range t.fields {
		slots = append(slots, r.slot(i, len(t.fields)))
	}
	slots[t.byName[name].slot] = value
	return pack(slots)
}

// Value is what a record of the type holds of a field that is not kept apart.
func (t *Type) Value(r Record, name string) []byte {
	f := t.byName[name]
	if f.apart {
		panic(fmt.Sprintf("records: %s.%s is kept apart, and may not have been read", t.Name, name))
	}
	return r.slot(f.slot, len(t.fields))
}

// List is a list of objects as its slot holds it: of each how long it is, and then it.
func List(records []Record) []byte {
	size := 1
	for _, r := range records {
		size += 4 + len(r)
	}
	out := make([]byte, 1, size)
	for _, r := range records {
		out = append(binary.LittleEndian.AppendUint32(out, uint32(len(r))), r...)
	}
	return out
}

var null = []byte("null")

// encode makes the record of an object of what a resolver answered for its selection.
func (t *Type) encode(answer []byte) (Record, error) {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(answer, &values); err != nil {
		return nil, fmt.Errorf("records: read %s: %w", t.Name, err)
	}
	slots := make([][]byte, len(t.fields))
	for _, f := range t.fields {
		value, there := values[f.name]
		if !there {
			return nil, fmt.Errorf("records: %s was answered without %s", t.Name, f.name)
		}
		isNull := bytes.Equal(value, null)
		var err error
		switch {
		case f.kind == leaf:
			slots[f.slot] = value
		case isNull:
		case f.kind == object:
			slots[f.slot], err = f.of.encode(value)
		case f.kind == referred:
			slots[f.slot], err = appendID(nil, value)
		default:
			slots[f.slot], err = f.encodeList(value)
		}
		if err != nil {
			return nil, err
		}
	}
	return pack(slots), nil
}

func (f *field) encodeList(value []byte) ([]byte, error) {
	var elements []json.RawMessage
	if err := json.Unmarshal(value, &elements); err != nil {
		return nil, fmt.Errorf("records: read %s: %w", f.name, err)
	}
	if f.kind == list {
		out := []byte{0}
		for _, element := range elements {
			var err error
			if out, err = appendID(out, element); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	all := make([]Record, len(elements))
	for i, element := range elements {
		if bytes.Equal(element, null) {
			return nil, fmt.Errorf("records: %s has an element that is null", f.name)
		}
		var err error
		if all[i], err = f.of.encode(element); err != nil {
			return nil, err
		}
	}
	return List(all), nil
}

func appendID(out, value []byte) ([]byte, error) {
	var of struct{ ID string }
	if err := json.Unmarshal(value, &of); err != nil {
		return nil, fmt.Errorf("records: read an id: %w", err)
	}
	prefix, _, _ := strings.Cut(of.ID, "_")
	id, ok := publicid.Parse(prefix, of.ID)
	if !ok {
		return nil, fmt.Errorf("records: %q is no id", of.ID)
	}
	return append(out, id[:]...), nil
}

// ids are those that a slot of them holds.
func ids(slot []byte) func(yield func(uuid.UUID) bool) {
	return func(yield func(uuid.UUID) bool) {
		for ; len(slot) >= 16; slot = slot[16:] {
			if !yield(uuid.UUID(slot[:16])) {
				return
			}
		}
	}
}
