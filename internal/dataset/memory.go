package dataset

import (
	"bufio"
	"database/sql"
	"fmt"
	"io"

	"gongshu/internal/dictionary"
)

// inMemory lays rows into the tables of a version, in a database that is gone once it is closed.
func inMemory(columns []dictionary.Column, rows [][]string) (*file, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // another connection would have a memory of its own
	o := &file{db: db, columns: map[string]placed{}}
	for i, c := range columns {
		o.columns[c.Name] = placed{sqlName(i), c.Type}
	}
	if err := fill(db, columns, rows); err != nil {
		o.close() //nolint:errcheck // the other error is the one to tell
		return nil, err
	}
	return o, nil
}

func fill(db *sql.DB, columns []dictionary.Column, rows [][]string) error {
	b := &builder{columns: columns, db: db, args: make([]any, len(columns)+1), out: bufio.NewWriter(io.Discard)}
	var err error
	if b.tx, err = db.Begin(); err != nil {
		return err
	}
	defer b.tx.Rollback() //nolint:errcheck // after a commit it says so
	if err := b.createTables(); err != nil {
		return err
	}
	values := make([]any, len(columns))
	for at, row := range rows {
		if len(row) != len(columns) {
			return fmt.Errorf("row %d has %d cells for %d columns", at, len(row), len(columns))
		}
		for i, c := range columns {
			var code Code
			if values[i], code = judge(c, row[i]); code != "" {
				return fmt.Errorf("row %d, column %s: %s", at, c.Name, code)
			}
		}
		if err := b.add(values); err != nil {
			return err
		}
	}
	return b.tx.Commit()
}
