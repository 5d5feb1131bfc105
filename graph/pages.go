package graph

import (
	"context"
	"encoding/base64"
	"strings"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/graph/model"
	"gongshu/internal/fault"
)

// MaxPage is the most that a list gives at once.
const MaxPage = 100

// page is a keyset page over rows whose cursor is their id: first+1 rows are asked for, to know whether more follow.
type page[T any] struct {
	rows []T
	more bool
	idOf func(T) uuid.UUID
}

// direction is the order of a list: how it is sorted, and what comes after an entry.
type direction struct {
	sort  func(*sql.Selector)
	after func(s *sql.Selector, last uuid.UUID)
}

// Ids are in the order of creation.
var (
	newestFirst = direction{
		func(s *sql.Selector) { s.OrderBy(sql.Desc(s.C("id"))) },
		func(s *sql.Selector, last uuid.UUID) { s.Where(sql.LT(s.C("id"), last)) },
	}
	oldestFirst = direction{
		func(s *sql.Selector) { s.OrderBy(sql.Asc(s.C("id"))) },
		func(s *sql.Selector, last uuid.UUID) { s.Where(sql.GT(s.C("id"), last)) },
	}
)

// query is what an ent query gives for a page.
type query[Q any, P ~func(*sql.Selector), O ~func(*sql.Selector), T any] interface {
	Where(...P) Q
	Order(...O) Q
	Limit(int) Q
	All(context.Context) ([]T, error)
}

// fetchPage reads a page of an ent query. A cursor that this edge did not make is CURSOR_INVALID.
func fetchPage[Q query[Q, P, O, T], P ~func(*sql.Selector), O ~func(*sql.Selector), T any](
	ctx context.Context, q Q, first *int, after *string, by direction, idOf func(T) uuid.UUID,
) (page[T], error) {
	n, err := pageSize(first)
	if err != nil {
		return page[T]{}, err
	}
	if after != nil {
		last, err := parseCursor(*after)
		if err != nil {
			return page[T]{}, err
		}
		q = q.Where(func(s *sql.Selector) { by.after(s, last) })
	}
	q = q.Order(by.sort)
	rows, err := q.Limit(n + 1).All(ctx)
	if err != nil {
		return page[T]{}, err
	}
	p := page[T]{rows: rows, idOf: idOf}
	if len(rows) > n {
		p.rows, p.more = rows[:n], true
	}
	return p, nil
}

func pageSize(first *int) (int, error) {
	if first == nil {
		return 20, nil
	}
	if *first < 1 || *first > MaxPage {
		return 0, fault.New(fault.Invalid, "FIRST_OUT_OF_RANGE", "A page has 1 to %d entries.", MaxPage).At("first").With("max", MaxPage)
	}
	return *first, nil
}

func (p page[T]) info() *model.PageInfo {
	info := &model.PageInfo{HasNextPage: p.more}
	if len(p.rows) > 0 {
		end := cursor(p.idOf(p.rows[len(p.rows)-1]))
		info.EndCursor = &end
	}
	return info
}

// edges turns the rows of a page into the edges of its connection.
func edges[T, E any](p page[T], edge func(cursor string, node T) E) []E {
	out := make([]E, len(p.rows))
	for i, row := range p.rows {
		out[i] = edge(cursor(p.idOf(row)), row)
	}
	return out
}

const cursorPrefix = "v1:"

func cursor(id uuid.UUID) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte(cursorPrefix), id[:]...))
}

func parseCursor(text string) (uuid.UUID, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	rest, ok := strings.CutPrefix(string(raw), cursorPrefix)
	// Writing it again covers what base64 reads over: line ends, and bits behind the last byte.
	if err != nil || !ok || len(rest) != 16 || cursor(uuid.UUID([]byte(rest))) != text {
		return uuid.Nil, fault.New(fault.Invalid, "CURSOR_INVALID", "This cursor is not one that was given out.").At("after")
	}
	return uuid.UUID([]byte(rest)), nil
}
