package graphqlhttp

import (
	"context"
	"reflect"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// What a field weighs in bytes, and an entry of a list of objects, besides its text: the executor holds more for each, since
// what can be resolved is so at the same time. 4 MiB are some 10,000 of them, twice what an operation may cost. What is asked
// of the schema itself is written, not resolved, and weighs its bytes.
const perField = 400

// weight is what may still be answered, in bytes. gqlgen builds an answer whole before anybody can measure it, so it is
// weighed as it is resolved: every field before its resolver runs, its texts and entries before anything is made of them.
// Once it is too much, or too late, nothing more is resolved.
type weight struct {
	left atomic.Int64
	told atomic.Bool
}

type weightKey struct{}

func weighed(ctx context.Context, most int) context.Context {
	w := &weight{}
	w.left.Store(int64(most))
	return context.WithValue(ctx, weightKey{}, w)
}

// weigh is for executor.AroundFields.
func weigh(ctx context.Context, next graphql.Resolver) (any, error) {
	w, ok := ctx.Value(weightKey{}).(*weight)
	if !ok {
		return next(ctx)
	}
	if ended, err := w.take(ctx, perField); ended {
		return graphql.Null, err
	}
	value, err := next(ctx)
	if err != nil {
		return value, err
	}
	if ended, err := w.take(ctx, sizeOf(value)); ended {
		return graphql.Null, err
	}
	return value, nil
}

// take reports whether the answer ends here, and to the first who asks why: gqlgen would keep the error of every field.
func (w *weight) take(ctx context.Context, n int) (ended bool, err error) {
	if err = ctx.Err(); err == nil && w.left.Add(-int64(n)) < 0 {
		err = errAnswerTooLarge
	}
	if err == nil {
		return false, nil
	}
	if w.told.Swap(true) {
		return true, nil
	}
	return true, err
}

// sizeOf is what a value that can be long weighs.
func sizeOf(value any) (n int) {
	switch v := value.(type) {
	case nil:
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
	case [][]string:
		for _, row := range v {
			n += sizeOf(row)
		}
	default:
		if list := reflect.ValueOf(value); list.Kind() == reflect.Slice {
			return perField * list.Len()
		}
	}
	return n
}
