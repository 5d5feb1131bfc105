package graphqlhttp

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// weight is what may still be answered, in bytes of text. gqlgen builds an answer whole before anybody can measure it, so
// the texts are weighed as they are resolved: once they are too many, nothing more is.
type weight struct{ left atomic.Int64 }

type weightKey struct{}

func weighed(ctx context.Context, most int) context.Context {
	w := &weight{}
	w.left.Store(int64(most))
	return context.WithValue(ctx, weightKey{}, w)
}

// weigh is for executor.AroundFields.
func weigh(ctx context.Context, next graphql.Resolver) (any, error) {
	value, err := next(ctx)
	if err != nil {
		return value, err
	}
	n := textOf(value)
	if n == 0 {
		return value, nil
	}
	if w, ok := ctx.Value(weightKey{}).(*weight); ok && w.left.Add(-int64(n)) < 0 {
		return nil, errAnswerTooLarge
	}
	return value, nil
}

// textOf is the length of a value that can be long.
func textOf(value any) (n int) {
	switch v := value.(type) {
	case string:
		return len(v)
	case *string:
		if v != nil {
			return len(*v)
		}
	case []string:
		for _, s := range v {
			n += len(s)
		}
	}
	return n
}
