package dataset

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"gongshu/internal/dictionary"
	"gongshu/internal/outputcontrol"
)

// The SQLite file has two tables. Columns are c0, c1, … by their place in the dictionary: no name of a dictionary is ever
// part of a statement, and none can hide the row's position.
//
//	rows(position INTEGER PRIMARY KEY, c0, c1, …)  position is 1, 2, … in the order of the upload
//	columns(position, name, type)                  what c0, c1, … are

func sqlName(at int) string { return "c" + strconv.Itoa(at) }

// builder writes both files of a version under other names and moves them to their places when they are whole.
type builder struct {
	path    string
	columns []dictionary.Column

	serving string // the SQLite file while it is written
	db      *sql.DB
	tx      *sql.Tx
	insert  *sql.Stmt
	rows    int64
	args    []any

	csv    *os.File
	out    *bufio.Writer
	digest hash.Hash
	line   []byte
}

func newBuilder(path string, columns []dictionary.Column) (*builder, error) {
	b := &builder{path: path, columns: columns, args: make([]any, len(columns)+1), digest: sha256.New()}
	if err := b.begin(); err != nil {
		b.discard()
		return nil, err
	}
	return b, nil
}

func (b *builder) begin() (err error) {
	dir, name := filepath.Dir(b.path), filepath.Base(b.path)+".*.part"
	if b.csv, err = os.CreateTemp(dir, name); err != nil {
		return err
	}
	b.out = bufio.NewWriterSize(io.MultiWriter(b.csv, b.digest), 64<<10)
	b.out.Write(csvHeader(b.columns))

	serving, err := os.CreateTemp(dir, name)
	if err != nil {
		return err
	}
	b.serving = serving.Name()
	if err := serving.Close(); err != nil {
		return err
	}
	// Half a file is thrown away, never recovered: no journal, and one fsync at the end.
	if b.db, err = sql.Open("sqlite", dsn(b.serving, "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-16000)")); err != nil {
		return err
	}
	b.db.SetMaxOpenConns(1)
	if b.tx, err = b.db.Begin(); err != nil {
		return err
	}
	return b.createTables()
}

func (b *builder) createTables() error {
	define, places := "", "?"
	for i, c := range b.columns {
		kind := "TEXT"
		if c.Type == dictionary.Integer || c.Type == dictionary.Boolean {
			kind = "INTEGER"
		}
		define += ", " + sqlName(i) + " " + kind
		places += ",?"
	}
	if _, err := b.tx.Exec("CREATE TABLE rows (position INTEGER PRIMARY KEY" + define + ") STRICT"); err != nil {
		return err
	}
	if _, err := b.tx.Exec("CREATE TABLE columns (position INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL) STRICT"); err != nil {
		return err
	}
	for i, c := range b.columns {
		if _, err := b.tx.Exec("INSERT INTO columns VALUES (?,?,?)", i, c.Name, string(c.Type)); err != nil {
			return err
		}
	}
	var err error
	b.insert, err = b.tx.Prepare("INSERT INTO rows VALUES (" + places + ")")
	return err
}

// add writes one row of stored values.
func (b *builder) add(values []any) error {
	b.rows++
	b.args[0] = b.rows
	copy(b.args[1:], values)
	if _, err := b.insert.Exec(b.args...); err != nil {
		return err
	}
	b.line = appendRow(b.line[:0], b.columns, values)
	_, err := b.out.Write(b.line)
	return err
}

// finish indexes, counts, and puts both files in their places.
func (b *builder) finish(ctx context.Context, report *Report) error {
	for i, c := range b.columns {
		if c.Filterable {
			if _, err := b.tx.ExecContext(ctx, "CREATE INDEX by_"+sqlName(i)+" ON rows ("+sqlName(i)+")"); err != nil {
				return err
			}
		}
	}
	classes, err := b.countClasses(ctx)
	if err != nil {
		return err
	}
	if _, err := b.tx.ExecContext(ctx, "ANALYZE"); err != nil {
		return err
	}
	if err := b.tx.Commit(); err != nil {
		return err
	}
	if err := b.db.Close(); err != nil {
		return err
	}
	b.db = nil
	serving, err := settle(b.serving)
	if err != nil {
		return err
	}
	csv, err := b.closeCSV()
	if err != nil {
		return err
	}
	if err := b.publish(); err != nil {
		return err
	}
	report.Classes, report.Serving, report.CSV = classes, serving, csv
	return nil
}

// countClasses counts the equivalence classes by size. Rows without a value in a quasi-identifier agree with one another.
func (b *builder) countClasses(ctx context.Context) (outputcontrol.Classes, error) {
	classes := outputcontrol.Classes{Sizes: map[int64]int64{}}
	var group []string
	for _, at := range dictionary.QuasiIdentifiers(b.columns) {
		classes.QuasiIdentifiers = append(classes.QuasiIdentifiers, b.columns[at].Name)
		group = append(group, sqlName(at))
	}
	if group == nil {
		if b.rows > 0 {
			classes.Sizes[b.rows] = 1
		}
		return classes, nil
	}
	rows, err := b.tx.QueryContext(ctx, "SELECT size, count(*) FROM (SELECT count(*) AS size FROM rows GROUP BY "+strings.Join(group, ", ")+") GROUP BY size")
	if err != nil {
		return classes, err
	}
	defer rows.Close()
	for rows.Next() {
		var size, n int64
		if err := rows.Scan(&size, &n); err != nil {
			return classes, err
		}
		classes.Sizes[size] = n
	}
	return classes, rows.Err()
}

func (b *builder) closeCSV() (Artefact, error) {
	if err := b.out.Flush(); err != nil {
		return Artefact{}, err
	}
	info, err := b.csv.Stat()
	if err != nil {
		return Artefact{}, err
	}
	if err := b.csv.Sync(); err != nil {
		return Artefact{}, err
	}
	return Artefact{Bytes: info.Size(), SHA256: hex.EncodeToString(b.digest.Sum(nil))}, b.csv.Close()
}

// publish gives the files their names, the SQLite file last: where it is, the CSV is.
func (b *builder) publish() error {
	if err := os.Rename(b.csv.Name(), CSVPath(b.path)); err != nil {
		return err
	}
	if err := os.Rename(b.serving, b.path); err != nil {
		return errors.Join(err, os.Remove(CSVPath(b.path)))
	}
	dir, err := os.Open(filepath.Dir(b.path))
	if err == nil {
		err = errors.Join(dir.Sync(), dir.Close())
	}
	if err != nil {
		return errors.Join(err, os.Remove(b.path), os.Remove(CSVPath(b.path)))
	}
	return nil
}

// discard removes what was not published.
func (b *builder) discard() {
	if b.db != nil {
		if b.tx != nil {
			b.tx.Rollback()
		}
		b.db.Close()
	}
	if b.serving != "" {
		os.Remove(b.serving)
	}
	if b.csv != nil {
		b.csv.Close()
		os.Remove(b.csv.Name())
	}
}

// settle forces a finished file to disk and returns its size and fingerprint.
func settle(path string) (Artefact, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return Artefact{}, err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return Artefact{}, err
	}
	digest := sha256.New()
	n, err := io.Copy(digest, f)
	return Artefact{Bytes: n, SHA256: hex.EncodeToString(digest.Sum(nil))}, err
}

// dsn names a SQLite file whatever characters its path has.
func dsn(path, query string) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.Clean(path), RawQuery: query}).String()
}
