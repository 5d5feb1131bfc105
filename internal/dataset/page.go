package dataset

import (
	"context"
	"fmt"
	"strings"

	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
)

// Request asks for a page of rows.
type Request struct {
	// Path is that of the dataset version.
	Path string
	// Columns are those to show, in their order, and the only ones that filters know: the dictionary of the version, or
	// a part of it.
	Columns []dictionary.Column
	Filters []Filter
	// First is how many rows at most, 1 to MaxFirst. A page of very long texts ends sooner, at some 8 MiB.
	First int
	// After is Next of the page before, 0 for the first page.
	After int64
}

// Page is some rows in the order of the upload.
type Page struct {
	// Rows has a value for each column of the request: nil, string, int64 or bool. DECIMAL is a string, its exact number
	// without trailing zeros; DATETIME is RFC 3339 in UTC. AppendJSON writes a row.
	Rows [][]any
	// Next is the After of the page that follows: the position of the last row, or the request's After without one.
	Next    int64
	HasMore bool
}

const maxPageBytes = 8 << 20

// Page returns the rows that pass all filters, after a position. A version never changes, so that pages neither skip nor
// repeat rows. It is refused as ParseFilters and ParsePaging are.
func (f *Files) Page(ctx context.Context, r Request) (Page, error) {
	conditions, err := r.compile()
	if err != nil {
		return Page{}, err
	}
	file, err := f.acquire(r.Path)
	if err != nil {
		return Page{}, err
	}
	defer f.release(file)
	return file.page(ctx, r, conditions)
}

// PageOf returns the page that the same request would bring of a version that holds just these rows: they are typed, kept,
// filtered and read as those of a version are, in memory instead of a file. The Path of the request is not used. A row that
// does not fit the columns is an error of ours: whoever keeps such rows has had them judged by Read.
func PageOf(ctx context.Context, rows [][]string, r Request) (Page, error) {
	conditions, err := r.compile()
	if err != nil {
		return Page{}, err
	}
	kept, err := inMemory(r.Columns, rows)
	if err != nil {
		return Page{}, fmt.Errorf("lay rows in memory: %w", err)
	}
	defer kept.close() //nolint:errcheck // nothing in it is kept
	return kept.page(ctx, r, conditions)
}

// page reads a page from an open file.
func (o *file) page(ctx context.Context, r Request, conditions []condition) (Page, error) {
	names, err := o.names(r.Columns)
	if err != nil {
		return Page{}, err
	}

	var where strings.Builder
	args := []any{r.After}
	for _, c := range conditions {
		where.WriteString(" AND " + c.expression(o.columns[c.column.Name].sqlName))
		args = append(args, c.args...)
	}
	args = append(args, r.First+1) // one more than shown tells whether there are more
	rows, err := o.db.QueryContext(ctx, "SELECT position, "+strings.Join(names, ", ")+" FROM rows WHERE position > ?"+where.String()+" ORDER BY position LIMIT ?", args...)
	if err != nil {
		return Page{}, fmt.Errorf("read dataset: %w", err)
	}
	defer rows.Close()

	page := Page{Rows: [][]any{}, Next: r.After}
	var position int64
	size := 0
	targets := make([]any, len(names)+1)
	targets[0] = &position
	for rows.Next() {
		if len(page.Rows) == r.First || size >= maxPageBytes {
			page.HasMore = true
			break
		}
		row := make([]any, len(names))
		for i := range row {
			targets[i+1] = &row[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return Page{}, fmt.Errorf("read dataset: %w", err)
		}
		for i, c := range r.Columns {
			row[i] = present(c.Type, row[i])
			if s, ok := row[i].(string); ok {
				size += len(s)
			}
		}
		page.Rows, page.Next = append(page.Rows, row), position
	}
	if err := rows.Err(); err != nil {
		return Page{}, fmt.Errorf("read dataset: %w", err)
	}
	return page, nil
}

func (r Request) compile() ([]condition, error) {
	var wrong fault.List
	if r.First < 1 || r.First > MaxFirst {
		wrong = append(wrong, firstInvalid())
	}
	if r.After < 0 {
		wrong = append(wrong, cursorInvalid())
	}
	if len(r.Filters) > MaxFilters {
		return nil, append(wrong, tooManyFilters())
	}
	var conditions []condition
	for _, f := range r.Filters {
		c, err := f.compile(r.Columns)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		conditions = append(conditions, c)
	}
	return conditions, wrong.OrNil()
}
