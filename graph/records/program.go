package records

import (
	"encoding/binary"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
)

// step writes a text and then what a slot holds.
type step struct {
	text []byte
	// slot is -1 where there is only text.
	slot int
	kind kind
	of   *Type
	sub  []step
}

// compiler makes the steps of what is selected of an object. gqlgen's own CollectFields says what that is.
type compiler struct {
	operation *graphql.OperationContext
	// declined says that something is selected that no record holds; apart, that something is that records are read without.
	declined, apart bool
}

func (c *compiler) object(t *Type, selections ast.SelectionSet) []step {
	var steps []step
	text := "{"
	flush := func(s step) {
		s.text = []byte(text)
		steps, text = append(steps, s), ""
	}
	for i, f := range graphql.CollectFields(c.operation, selections, t.satisfies) {
		if i > 0 {
			text += ","
		}
		text += quoted(f.Alias) + ":"
		if f.Name == "__typename" {
			text += quoted(t.Name)
			continue
		}
		public := t.byName[f.Name]
		if public == nil || !plain(f) {
			c.declined = true
			return nil
		}
		c.apart = c.apart || public.apart
		s := step{slot: public.slot, kind: public.kind, of: public.of}
		if public.of != nil {
			s.sub = c.object(public.of, f.Selections)
		}
		flush(s)
	}
	text += "}"
	flush(step{slot: -1})
	return steps
}

// plain reports whether a field is only selected: what CollectFields has not dealt with is somebody else's.
func plain(f graphql.CollectedField) bool {
	if len(f.Deferrables) > 0 {
		return false
	}
	for _, d := range f.Directives {
		if d.Name != "skip" && d.Name != "include" {
			return false
		}
	}
	return true
}

func quoted(text string) string {
	out, _ := json.Marshal(text) // names of GraphQL are letters, digits and underscores
	return string(out)
}

// frame is what an answer is written from.
type frame struct {
	// at is the record of an id; nil where there is none here.
	at func(t *Type, id uuid.UUID) Record
	// missing are the records that were asked for and are not here.
	missing map[key]bool
	// weight is what was written so far weighs, as resolvers are weighed; past most nothing is written on.
	weight, most int
}

// perField is what a field and an entry of a list of objects weigh beside their bytes, as in the transport.
const perField = 400

func (fr *frame) referred(t *Type, id uuid.UUID) Record {
	r := fr.at(t, id)
	if len(r) == 0 {
		if fr.missing == nil {
			fr.missing = map[key]bool{}
		}
		fr.missing[key{t, id}] = true
		return nil
	}
	return r
}

// write appends what the steps say of a record of a type. What is missing is noted, and what is written then is of no use.
func (fr *frame) write(out []byte, t *Type, r Record, steps []step) []byte {
	for i := range steps {
		if fr.weight > fr.most {
			return out
		}
		s := &steps[i]
		out = append(out, s.text...)
		if s.slot < 0 {
			continue
		}
		held := r.slot(s.slot, len(t.fields))
		fr.weight += perField
		if s.kind != leaf && len(held) == 0 {
			out = append(out, null...)
			continue
		}
		switch s.kind {
		case leaf:
			fr.weight += len(held)
			out = append(out, held...)
		case object:
			out = fr.write(out, s.of, held, s.sub)
		case referred:
			if of := fr.referred(s.of, uuid.UUID(held)); of != nil {
				out = fr.write(out, s.of, of, s.sub)
			}
		case objects:
			out = append(out, '[')
			for at := held[1:]; len(at) > 0; {
				size := binary.LittleEndian.Uint32(at)
				fr.weight += perField
				if len(at) < len(held)-1 {
					out = append(out, ',')
				}
				out = fr.write(out, s.of, Record(at[4:4+size]), s.sub)
				at = at[4+size:]
			}
			out = append(out, ']')
		case list:
			out = append(out, '[')
			first := true
			for id := range ids(held[1:]) {
				if !first {
					out = append(out, ',')
				}
				first = false
				fr.weight += perField
				if of := fr.referred(s.of, id); of != nil {
					out = fr.write(out, s.of, of, s.sub)
				}
			}
			out = append(out, ']')
		}
	}
	return out
}

// writeAll appends a list of records of a type.
func (fr *frame) writeAll(out []byte, t *Type, all []Record, steps []step) []byte {
	out = append(out, '[')
	for i, r := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = fr.write(out, t, r, steps)
	}
	return append(out, ']')
}
