package records

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/internal/access"
)

// Answered is what a root says: the record of its object, or that there is none; of a list the records.
type Answered struct {
	Record  Record
	Records []Record
	// Own are records that the answer refers to and that came with it, by id: those of the page, as they are now.
	Own map[uuid.UUID]Record
	// Epoch is the one in which what it refers to besides may be read.
	Epoch int64
}

// Asked is what a query asks of a root.
type Asked struct {
	Arguments map[string]any
	// Selects reports whether a field of the answer is selected, by its path of at most pathLevels: "facets", "edges.matches".
	Selects func(path string) bool
	// Whole says that something is selected that records in rows keep apart.
	Whole bool
	// Only reports whether of an object at a path no other fields are selected than these, or none at all.
	Only func(path string, fields ...string) bool
	// Keep keeps a record that was read, of one piece or several, until the answer is written.
	Keep func(pieces ...[]byte) Record
	// Need gives the records of a type that the answer needs, in its epoch and in the order of their ids; nil where one is missing.
	Need func(epoch int64, t *Type, ids ...uuid.UUID) []Record
}

// Root answers a field of Query. It declines by saying false, also where what it needs is to be made first.
type Root struct {
	// Type is that of the answer, or of each of its List.
	Type string
	List bool
	Do   func(ctx context.Context, a Asked) (Answered, bool)
}

// Schema is an executable schema that answers what it can from records, and leaves the rest to the one inside. That one has
// no contexts of events: subscriptions are its own.
type Schema struct {
	graphql.ExecutableSchema
	shape    *Shape
	roots    map[string]Root
	related  *related
	programs *lru.Cache[*ast.OperationDefinition, *programs]
	// most is what an answer may weigh: what weighs more is left to those who refuse it.
	most int
	// counted is told of every operation that records could answer whether they did.
	counted func(fromRecords bool)
}

// keptPrograms bounds the operations whose programs are kept; the documents themselves are kept elsewhere.
const keptPrograms = 256

// Wrap puts the roots before a schema, for answers of at most such a weight. The maker makes the records that answers refer to
// and share; counted is told of every operation that records could answer whether they did.
func Wrap(schema graphql.ExecutableSchema, shape *Shape, roots map[string]Root, maker *Maker, most int, counted func(fromRecords bool)) *Schema {
	kept, err := lru.New[*ast.OperationDefinition, *programs](keptPrograms)
	if err != nil {
		panic(err) // the size is above 0
	}
	return &Schema{ExecutableSchema: schema, shape: shape, roots: roots, related: &related{maker: maker}, programs: kept, most: most, counted: counted}
}

// extension notes of an operation that records answered it.
const extension = "records"

// Answer reports whether an operation was answered from records.
func Answer(operation *graphql.OperationContext) bool {
	return operation.Stats.GetExtension(extension) != nil
}

// Exec answers an operation.
func (s *Schema) Exec(ctx context.Context) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	if operation.Operation.Operation == ast.Query && isPublicViewer(access.FromContext(ctx)) {
		if p := s.program(operation); p != nil {
			data, ok := s.answer(ctx, operation, p)
			if s.counted(ok); ok {
				operation.Stats.SetExtension(extension, true)
				return graphql.OneShot(&graphql.Response{Data: data})
			}
		}
	}
	return s.ExecutableSchema.Exec(ctx)
}

// isPublicViewer reports whether somebody sees of what is public what everybody sees: nobody in particular, and who only buys.
func isPublicViewer(v access.Viewer) bool {
	if !v.SignedIn() {
		return true
	}
	for _, p := range v.Parties {
		if p != access.Buyer {
			return false
		}
	}
	return true
}

// program is how an operation is answered.
type program struct {
	roots []rooted
	end   []byte
	// room is a little more than the longest answer took so far, at most maxRoom.
	room atomic.Int64
}

// maxRoom is what an answer is given to be written into at most, before it grows.
const maxRoom = 64 << 10

type rooted struct {
	text  []byte
	root  Root
	of    *Type
	field graphql.CollectedField
	steps []step
	whole bool
	paths map[string]bool
}

// only is Asked.Only.
func (r *rooted) only(path string, fields ...string) bool {
	for selected := range r.paths {
		field, below := strings.CutPrefix(selected, path+".")
		if below && !strings.Contains(field, ".") && !slices.Contains(fields, field) {
			return false
		}
	}
	return true
}

// programs are those of one operation, by the values of what it skips and includes by; nil is of one that is not to be answered.
type programs struct {
	variables []string
	guard     sync.RWMutex
	by        map[uint64]*program
}

// maxSwitches bounds the variables of @skip and @include: each doubles the programs.
const maxSwitches = 6

func (s *Schema) program(operation *graphql.OperationContext) *program {
	kept, known := s.programs.Get(operation.Operation)
	if !known {
		kept = &programs{by: map[uint64]*program{}}
		seen := map[string]bool{}
		switches(operation.Operation.SelectionSet, func(name string) {
			if !seen[name] {
				seen[name], kept.variables = true, append(kept.variables, name)
			}
		})
		s.programs.Add(operation.Operation, kept)
	}
	if len(kept.variables) > maxSwitches {
		return nil
	}
	var key uint64
	for i, name := range kept.variables {
		on, ok := operation.Variables[name].(bool)
		if !ok {
			return nil
		}
		if on {
			key |= 1 << i
		}
	}
	kept.guard.RLock()
	p, known := kept.by[key]
	kept.guard.RUnlock()
	if !known {
		p = s.compile(operation)
		kept.guard.Lock()
		kept.by[key] = p
		kept.guard.Unlock()
	}
	return p
}

// switches visits the variables that decide what is selected.
func switches(set ast.SelectionSet, visit func(name string)) {
	of := func(directives ast.DirectiveList) {
		for _, d := range directives {
			for _, a := range d.Arguments {
				if a.Value.Kind == ast.Variable {
					visit(a.Value.Raw)
				}
			}
		}
	}
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			of(s.Directives)
			switches(s.SelectionSet, visit)
		case *ast.InlineFragment:
			of(s.Directives)
			switches(s.SelectionSet, visit)
		case *ast.FragmentSpread:
			of(s.Directives)
			switches(s.Definition.SelectionSet, visit)
		}
	}
}

func (s *Schema) compile(operation *graphql.OperationContext) *program {
	p := &program{}
	text := "{"
	for i, f := range graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Query"}) {
		if i > 0 {
			text += ","
		}
		text += quoted(f.Alias) + ":"
		if f.Name == "__typename" {
			text += `"Query"`
			continue
		}
		root, known := s.roots[f.Name]
		if !known || !plain(f) {
			return nil
		}
		of := s.shape.Type(root.Type)
		c := &compiler{operation: operation}
		steps := c.object(of, f.Selections)
		if c.declined {
			return nil
		}
		paths := map[string]bool{}
		pathsOf(operation, of, f.Selections, "", paths, pathLevels)
		p.roots = append(p.roots, rooted{text: []byte(text), root: root, of: of, field: f, steps: steps, whole: c.apart, paths: paths})
		text = ""
	}
	if len(p.roots) == 0 {
		return nil
	}
	p.end = []byte(text + "}")
	return p
}

// pathLevels is how far down a root is told what is selected.
const pathLevels = 5

// pathsOf notes what is selected, so many levels down.
func pathsOf(operation *graphql.OperationContext, t *Type, set ast.SelectionSet, above string, paths map[string]bool, levels int) {
	for _, f := range graphql.CollectFields(operation, set, t.satisfies) {
		path := above + f.Name
		paths[path] = true
		if of := t.byName[f.Name]; levels > 1 && of != nil && of.of != nil {
			pathsOf(operation, of.of, f.Selections, path+".", paths, levels-1)
		}
	}
}

// scratch is memory for the records that an answer is written from, used again for the next one, in blocks of scratchBlock bytes.
var scratch = sync.Pool{New: func() any { return new(make([]byte, 0, scratchBlock)) }}

const scratchBlock = 64 << 10

// attempts bounds how often what is referred to is fetched: each time what was fetched may refer to more.
const attempts = 5

func (s *Schema) answer(ctx context.Context, operation *graphql.OperationContext, p *program) (data []byte, ok bool) {
	out, weight := make([]byte, 0, p.room.Load()), 0
	first := scratch.Get().(*[]byte)
	defer scratch.Put(first)
	block := (*first)[:0]
	for i := range p.roots {
		r := &p.roots[i]
		out = append(out, r.text...)
		answered, ok := r.root.Do(ctx, Asked{
			Arguments: r.field.ArgumentMap(operation.Variables),
			Selects:   func(path string) bool { return r.paths[path] },
			Whole:     r.whole,
			Only:      r.only,
			Keep: func(pieces ...[]byte) Record {
				need := 0
				for _, piece := range pieces {
					need += len(piece)
				}
				if need > cap(block)-len(block) {
					block = make([]byte, 0, max(need, scratchBlock))
				}
				from := len(block)
				for _, piece := range pieces {
					block = append(block, piece...)
				}
				return block[from:len(block):len(block)]
			},
			Need: func(epoch int64, t *Type, ids ...uuid.UUID) []Record {
				return s.related.get(ctx, epoch, t, ids)
			},
		})
		if !ok {
			return nil, false
		}
		if answered.Record == nil && !r.root.List {
			out = append(out, null...)
			continue
		}
		from := len(out)
		for attempt := 0; ; attempt++ {
			fr := frame{weight: weight, most: s.most, at: func(t *Type, id uuid.UUID) Record {
				if own, ok := answered.Own[id]; ok {
					return own
				}
				return s.related.at(answered.Epoch, key{t, id})
			}}
			if r.root.List {
				out = fr.writeAll(out[:from], r.of, answered.Records, r.steps)
			} else {
				out = fr.write(out[:from], r.of, answered.Record, r.steps)
			}
			if fr.weight > fr.most {
				return nil, false
			}
			if fr.missing == nil {
				weight = fr.weight
				break
			}
			if attempt == attempts || !s.related.fetch(ctx, answered.Epoch, fr.missing) {
				return nil, false
			}
		}
	}
	out = append(out, p.end...)
	if taken := int64(len(out)); taken > p.room.Load() {
		p.room.Store(min(taken+taken/8, maxRoom))
	}
	return out, true
}
