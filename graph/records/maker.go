package records

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
)

// Maker makes records by asking the resolvers for all that is public of something, as nobody in particular: a record is what
// they answer.
type Maker struct {
	exec *executor.Executor
	// prefixes are those of the ids, by type.
	prefixes map[string]string
}

// NewMaker asks exec, which is not limited: what is asked is the program's own.
func NewMaker(exec *executor.Executor, prefixes map[string]string) *Maker {
	return &Maker{exec, prefixes}
}

// Made are records, and of those that a day ends the day from which they are good no more.
type Made struct {
	Records map[uuid.UUID]Record
	guard   sync.Mutex
	until   map[uuid.UUID]authorisation.Day
}

// Until is the day from which the record of an object is good no more, the zero Day for none.
func (m *Made) Until(id uuid.UUID) authorisation.Day { return m.until[id] }

type madeKey struct{}

// HoldsUntil says that what a resolver answers of an object may be another from a day on, though nobody changes anything; the
// zero Day says nothing. Every resolver of a public field that asks what day it is has to; of what products share there are none.
func HoldsUntil(ctx context.Context, id uuid.UUID, day authorisation.Day) {
	m, making := ctx.Value(madeKey{}).(*Made)
	if !making || day.IsZero() {
		return
	}
	m.guard.Lock()
	defer m.guard.Unlock()
	if until, ends := m.until[id]; !ends || day.Before(until) {
		m.until[id] = day
	}
}

// Make returns the records of those of some objects that everybody may see.
func (m *Maker) Make(ctx context.Context, t *Type, ids []uuid.UUID) (*Made, error) {
	prefix, known := m.prefixes[t.Name]
	if !known {
		return nil, fmt.Errorf("records: the ids of %s have no prefix", t.Name)
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = publicid.Encode(prefix, id)
	}
	made := &Made{Records: make(map[uuid.UUID]Record, len(ids)), until: map[uuid.UUID]authorisation.Day{}}
	ctx = context.WithValue(access.With(ctx, access.Viewer{}), madeKey{}, made)
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := m.exec.CreateOperationContext(ctx, &graphql.RawParams{
		Query:     "query Records($ids: [ID!]!) { nodes(ids: $ids) { ... on " + t.Name + t.selection() + " } }",
		Variables: map[string]any{"ids": texts},
	})
	if len(errs) > 0 {
		return nil, fmt.Errorf("records: ask for %s: %w", t.Name, errs)
	}
	responses, ctx := m.exec.DispatchOperation(ctx, operation)
	response := responses(ctx)
	if response == nil { // the context ended meanwhile
		return nil, fmt.Errorf("records: ask for %s: %w", t.Name, context.Cause(ctx))
	}
	if len(response.Errors) > 0 {
		return nil, fmt.Errorf("records: ask for %s: %w", t.Name, response.Errors)
	}
	var answer struct{ Nodes []json.RawMessage }
	if err := json.Unmarshal(response.Data, &answer); err != nil {
		return nil, fmt.Errorf("records: read %s: %w", t.Name, err)
	}
	if len(answer.Nodes) != len(ids) {
		return nil, fmt.Errorf("records: %d of %d %s were answered", len(answer.Nodes), len(ids), t.Name)
	}
	for i, id := range ids {
		if bytes.Equal(answer.Nodes[i], null) {
			continue
		}
		record, err := t.encode(answer.Nodes[i])
		if err != nil {
			return nil, err
		}
		made.Records[id] = record
	}
	return made, nil
}
