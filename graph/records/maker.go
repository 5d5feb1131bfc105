package records

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/google/uuid"

	"gongshu/internal/access"
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

// Make returns the records of those of some objects that everybody may see.
func (m *Maker) Make(ctx context.Context, t *Type, ids []uuid.UUID) (map[uuid.UUID]Record, error) {
	prefix, known := m.prefixes[t.Name]
	if !known {
		return nil, fmt.Errorf("records: the ids of %s have no prefix", t.Name)
	}
	var query strings.Builder
	query.WriteString("query Records {")
	for i, id := range ids {
		fmt.Fprintf(&query, " r%d: node(id: %q) { ...record }", i, publicid.Encode(prefix, id))
	}
	fmt.Fprintf(&query, " } fragment record on %s %s", t.Name, t.selection())
	ctx = access.With(context.WithoutCancel(ctx), access.Viewer{})
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := m.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query.String()})
	if len(errs) > 0 {
		return nil, fmt.Errorf("records: ask for %s: %w", t.Name, errs)
	}
	responses, ctx := m.exec.DispatchOperation(ctx, operation)
	response := responses(ctx)
	if len(response.Errors) > 0 {
		return nil, fmt.Errorf("records: ask for %s: %w", t.Name, response.Errors)
	}
	var answers map[string]json.RawMessage
	if err := json.Unmarshal(response.Data, &answers); err != nil {
		return nil, fmt.Errorf("records: read %s: %w", t.Name, err)
	}
	made := make(map[uuid.UUID]Record, len(ids))
	for i, id := range ids {
		answer := answers[fmt.Sprintf("r%d", i)]
		if len(answer) == 0 || string(answer) == "null" {
			continue
		}
		record, err := t.encode(answer)
		if err != nil {
			return nil, err
		}
		made[id] = record
	}
	return made, nil
}
