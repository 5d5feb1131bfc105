package dataset

import (
	"container/list"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"gongshu/internal/dictionary"
)

// Files serves rows from the SQLite files of dataset versions. It keeps the last used ones open, read-only and taken to
// be immutable, and is safe for concurrent use.
type Files struct {
	max int

	mu     sync.Mutex
	open   map[string]*file
	recent *list.List // of *file, last used first
	closed bool
}

// NewFiles returns a registry that keeps at most max idle files open; 32 when max is 0.
// Files in use are above that number for as long as they are.
func NewFiles(max int) *Files {
	if max <= 0 {
		max = 32
	}
	return &Files{max: max, open: map[string]*file{}, recent: list.New()}
}

// file is an open SQLite file.
type file struct {
	path    string
	once    sync.Once
	db      *sql.DB
	columns map[string]placed
	err     error

	// Guarded by Files.mu:
	users int
	place *list.Element // nil once dropped; the last user closes
}

// placed is where a column of the dictionary is in the file.
type placed struct {
	sqlName string
	kind    dictionary.Type
}

var errClosed = errors.New("datasets are closed")

// acquire returns the open file at path; release it.
func (f *Files) acquire(path string) (*file, error) {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return nil, errClosed
	}
	one := f.open[path]
	if one == nil {
		one = &file{path: path}
		f.open[path], one.place = one, f.recent.PushFront(one)
	}
	f.recent.MoveToFront(one.place)
	one.users++
	var idle []*file
	for f.recent.Len() > f.max {
		oldest := f.recent.Back().Value.(*file)
		f.drop(oldest)
		if oldest.users == 0 {
			idle = append(idle, oldest)
		}
	}
	f.mu.Unlock()

	for _, old := range idle {
		old.close()
	}
	one.once.Do(one.read) // outside the lock: a slow disk holds up only its own file
	if one.err != nil {
		f.mu.Lock()
		f.drop(one)
		f.mu.Unlock()
		f.release(one)
		return nil, fmt.Errorf("open dataset: %w", one.err)
	}
	return one, nil
}

// drop forgets a file. The caller holds the lock.
func (f *Files) drop(one *file) {
	if one.place != nil {
		f.recent.Remove(one.place)
		delete(f.open, one.path)
		one.place = nil
	}
}

func (f *Files) release(one *file) {
	f.mu.Lock()
	one.users--
	last := one.users == 0 && one.place == nil
	f.mu.Unlock()
	if last {
		one.close()
	}
}

// Close closes the idle files at once and those in use after their last reader. What is asked afterwards fails.
func (f *Files) Close() error {
	f.mu.Lock()
	f.closed = true
	var idle []*file
	for _, one := range f.open {
		f.drop(one)
		if one.users == 0 {
			idle = append(idle, one)
		}
	}
	f.mu.Unlock()
	var errs []error
	for _, one := range idle {
		errs = append(errs, one.close())
	}
	return errors.Join(errs...)
}

// read opens the file and learns its columns.
func (o *file) read() {
	if o.db, o.err = sql.Open("sqlite", dsn(o.path, "mode=ro&immutable=1&_pragma=query_only(1)")); o.err != nil {
		return
	}
	o.db.SetMaxOpenConns(4) // of 2 MB page cache each
	o.db.SetMaxIdleConns(4)
	rows, err := o.db.Query("SELECT position, name, type FROM columns")
	if err != nil {
		o.err = err
		return
	}
	defer rows.Close()
	o.columns = map[string]placed{}
	for rows.Next() {
		var at int
		var name, kind string
		if o.err = rows.Scan(&at, &name, &kind); o.err != nil {
			return
		}
		o.columns[name] = placed{sqlName(at), dictionary.Type(kind)}
	}
	o.err = rows.Err()
}

func (o *file) close() error {
	if o.db == nil {
		return nil
	}
	return o.db.Close()
}

// names returns where the columns are in the file. That a dictionary does not fit the file is nobody's input.
func (o *file) names(columns []dictionary.Column) ([]string, error) {
	names := make([]string, len(columns))
	for i, c := range columns {
		at, ok := o.columns[c.Name]
		if !ok || at.kind != c.Type {
			return nil, fmt.Errorf("read dataset: column %s of type %s is not in the file", c.Name, c.Type)
		}
		names[i] = at.sqlName
	}
	if len(names) == 0 {
		return nil, errors.New("read dataset: no columns")
	}
	return names, nil
}
