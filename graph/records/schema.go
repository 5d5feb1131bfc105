package records

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"gongshu/internal/access"
)

// Answered is what a root says: the record of its object, or that there is none.
type Answered struct {
	Record Record
	// Own are records that the answer refers to and that came with it, by id: those of the page, as they are now.
	Own map[uuid.UUID]Record
	// Epoch is the one in which what it refers to besides may be read.
	Epoch int64
}

// Asked is what a query asks of a root.
type Asked struct {
	Arguments map[string]any
	// Selects reports whether a field of the answer is selected, by its path: "facets", "edges.matches".
	Selects func(path string) bool
	// Need gives the record of a type that the answer needs, in its epoch; nil where there is none.
	Need func(epoch int64, t *Type, id uuid.UUID) Record
}

// Root answers a field of Query. It declines by saying false, also where what it needs is to be made first.
type Root struct {
	// Type is that of the answer.
	Type string
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
	// counted is told of every operation that records could answer whether they did.
	counted func(fromRecords bool)
}

// keptPrograms bounds the operations whose programs are kept; the documents themselves are kept elsewhere.
const keptPrograms = 256

// Wrap puts the roots before a schema. The maker makes the records that answers refer to and share; counted is told of every
// operation that records could answer whether they did.
func Wrap(schema graphql.ExecutableSchema, shape *Shape, roots map[string]Root, maker *Maker, counted func(fromRecords bool)) *Schema {
	kept, err := lru.New[*ast.OperationDefinition, *programs](keptPrograms)
	if err != nil {
		panic(err) // the size is above 0
	}
	return &Schema{ExecutableSchema: schema, shape: shape, roots: roots, related: &related{maker: maker}, programs: kept, counted: counted}
}

// Exec answers an operation.
func (s *Schema) Exec(ctx context.Context) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	if operation.Operation.Operation == ast.Query && isPublicViewer(access.FromContext(ctx)) {
		if p := s.program(operation); p != nil {
			data, ok := s.answer(ctx, operation, p)
			if s.counted(ok); ok {
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
}

type rooted struct {
	text  []byte
	root  Root
	of    *Type
	field graphql.CollectedField
	steps []step
	paths map[string]bool
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
		pathsOf(operation, of, f.Selections, "", paths, 2)
		p.roots = append(p.roots, rooted{[]byte(text), root, of, f, steps, paths})
		text = ""
	}
	if len(p.roots) == 0 {
		return nil
	}
	p.end = []byte(text + "}")
	return p
}

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

// attempts bounds how often what is referred to is fetched: each time what was fetched may refer to more.
const attempts = 5

func (s *Schema) answer(ctx context.Context, operation *graphql.OperationContext, p *program) (data []byte, ok bool) {
	out := make([]byte, 0, 16<<10)
	for i := range p.roots {
		r := &p.roots[i]
		out = append(out, r.text...)
		answered, ok := r.root.Do(ctx, Asked{
			Arguments: r.field.ArgumentMap(operation.Variables),
			Selects:   func(path string) bool { return r.paths[path] },
			Need: func(epoch int64, t *Type, id uuid.UUID) Record {
				return s.related.get(ctx, epoch, t, id)
			},
		})
		if !ok {
			return nil, false
		}
		if answered.Record == nil {
			out = append(out, null...)
			continue
		}
		from := len(out)
		for attempt := 0; ; attempt++ {
			fr := frame{at: func(t *Type, id uuid.UUID) Record {
				if own, ok := answered.Own[id]; ok {
					return own
				}
				return s.related.at(answered.Epoch, id)
			}}
			if out = fr.write(out[:from], r.of, answered.Record, r.steps); fr.missing == nil {
				break
			}
			if attempt == attempts || !s.related.fetch(ctx, answered.Epoch, fr.missing) {
				return nil, false
			}
		}
	}
	return append(out, p.end...), true
}
