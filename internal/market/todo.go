package market

import (
	"context"

	"gongshu/internal/access"
	"gongshu/internal/todo"
)

// Todo says what needs the viewer now, as todo.For orders it. Whoever is signed in may ask.
func (m *Market) Todo(ctx context.Context) ([]todo.Todo, error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return nil, err
	}
	facts, desk, err := m.Store.Affairs(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, p := range desk {
		if len(m.AllowedSteps(v, p)) > 0 {
			facts.Waiting = append(facts.Waiting, todo.Proceeding{ID: p.ID, Kind: p.Kind, Name: p.SubjectName, DueOn: p.DueOn})
		}
	}
	return todo.For(v, facts), nil
}
