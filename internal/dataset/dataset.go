// Package dataset owns the data of a dataset version: reading an upload by its dictionary, keeping it as files that never
// change, and serving rows from them.
//
// A version is two files side by side: a SQLite file at its path, from which pages of rows are served, and a canonical CSV
// at path + ".csv", which file products download. Where they are kept and who may read them belongs to others, as does
// the verdict on the equivalence classes that are counted here, and what a direct identifier looks like (package outputcontrol).
//
// Either both files are there whole, or neither is. Memory does not grow with the upload. No cell of an upload appears in
// a reject, an error or a log: it may be personal data.
package dataset

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/outputcontrol"
)

// Limits bound one upload; a zero is the default.
type Limits struct {
	// Today is the day after which nobody in it is born; by default birthdays have no such bound.
	Today    authorisation.Day
	MaxBytes int64 // bytes of the upload, 256 MiB by default
	MaxRows  int64 // rows without the header, 2,000,000 by default
}

func (l Limits) withDefaults() Limits {
	if l.MaxBytes == 0 {
		l.MaxBytes = 256 << 20
	}
	if l.MaxRows == 0 {
		l.MaxRows = 2_000_000
	}
	return l
}

// Code says why a place in an upload was rejected.
type Code string

// The codes. HEADER_… and FILE_… and CSV_BROKEN end the reading, since what follows could not be judged.
const (
	CellNotInteger  Code = "CELL_NOT_INTEGER"  // an optional minus and digits without leading zeros, 64 bits
	CellNotDecimal  Code = "CELL_NOT_DECIMAL"  // an optional minus, at most 20 digits, then a point and at most 20 digits
	CellNotDate     Code = "CELL_NOT_DATE"     // 2006-01-02
	CellNotDateTime Code = "CELL_NOT_DATETIME" // RFC 3339 with an offset, at most 9 digits of a second
	CellNotBoolean  Code = "CELL_NOT_BOOLEAN"  // true or false, or TRUE or FALSE as spreadsheets write them
	CellMissing     Code = "CELL_MISSING"
	CellTooLong     Code = "CELL_TOO_LONG" // more than MaxCellBytes
	// CellFormula is a text that a spreadsheet would run: it begins with = + - @ and is no number.
	CellFormula Code = "CELL_FORMULA"
	// CellControl is a text with a control character, such as NUL or a tab.
	CellControl Code = "CELL_CONTROL"
	// The column holds direct identifiers, and this is the first cell with one: nothing of a person leaves as it is (package
	// outputcontrol).
	CellIdentityNumber  Code = "CELL_IDENTITY_NUMBER"
	CellMobileNumber    Code = "CELL_MOBILE_NUMBER"
	CellBankCard        Code = "CELL_BANK_CARD"
	HeaderColumnMissing Code = "HEADER_COLUMN_MISSING"
	HeaderColumnUnknown Code = "HEADER_COLUMN_UNKNOWN"
	HeaderColumnTwice   Code = "HEADER_COLUMN_TWICE"
	RowLength           Code = "ROW_LENGTH"    // not as many cells as the header
	FileEncoding        Code = "FILE_ENCODING" // a character of neither UTF-8 nor GB18030
	FileEmpty           Code = "FILE_EMPTY"    // no header, or no row after it
	CSVBroken           Code = "CSV_BROKEN"    // quotes that RFC 4180 does not allow, or a record without end
)

// Values lists the codes.
func (Code) Values() []string {
	return []string{"CELL_NOT_INTEGER", "CELL_NOT_DECIMAL", "CELL_NOT_DATE", "CELL_NOT_DATETIME", "CELL_NOT_BOOLEAN", "CELL_MISSING",
		"CELL_TOO_LONG", "CELL_FORMULA", "CELL_CONTROL", "CELL_IDENTITY_NUMBER", "CELL_MOBILE_NUMBER", "CELL_BANK_CARD", "HEADER_COLUMN_MISSING", "HEADER_COLUMN_UNKNOWN", "HEADER_COLUMN_TWICE", "ROW_LENGTH",
		"FILE_ENCODING", "FILE_EMPTY", "CSV_BROKEN"}
}

// Encoding is how the text of an upload is encoded.
type Encoding string

// What is not UTF-8 is read as GB18030, which has a character for nearly everything: the reader of the data has to look.
const (
	UTF8    Encoding = "UTF_8"
	GB18030 Encoding = "GB18030"
)

// Values lists the encodings.
func (Encoding) Values() []string { return []string{"UTF_8", "GB18030"} }

// Reject is one place in an upload that is wrong. It never holds what the upload says there.
type Reject struct {
	// Row is the line of the file on which the record begins; the header is usually line 1. 0 concerns the whole file.
	Row int64 `json:"row,omitempty"`
	// Column is the name in the dictionary, "" when the place belongs to no such column.
	Column string `json:"column,omitempty"`
	// Position is the place within the record, from 1; 0 concerns the whole record.
	Position int  `json:"position,omitempty"`
	Code     Code `json:"code"`
}

// MaxRejects is how many rejects a report keeps; it counts all of them.
const MaxRejects = 1000

// Artefact is the size and the fingerprint of a file.
type Artefact struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // lower-case hexadecimal
}

// Report is what became of an upload.
type Report struct {
	// Rows counts the records after the header, rejected ones among them.
	Rows        int64    `json:"rows"`
	Rejects     []Reject `json:"rejects,omitempty"`
	RejectCount int64    `json:"rejectCount"`
	// Encoding is the one that the upload was read in.
	Encoding Encoding `json:"encoding"`
	// Upload is what was sent, empty when reading ended early.
	Upload Artefact `json:"upload"`
	// Serving and CSV are the two files that were written, and Classes what was counted in them: empty after a reject.
	Serving Artefact              `json:"serving"`
	CSV     Artefact              `json:"csv"`
	Classes outputcontrol.Classes `json:"classes"`
}

func (r *Report) reject(row int64, column string, position int, code Code) {
	r.RejectCount++
	if len(r.Rejects) < MaxRejects {
		r.Rejects = append(r.Rejects, Reject{Row: row, Column: column, Position: position, Code: code})
	}
}

// CSVPath is where the canonical CSV of the dataset at path is.
func CSVPath(path string) string { return path + ".csv" }

// Ingest reads an upload by its dictionary and writes both files of the dataset version at path, in one pass.
//
// It is refused with DATASET_REJECTED (Invalid) when anything in the upload is wrong; the report names the places.
// Other refusals are DICTIONARY_EMPTY and those of dictionary.Check, and DATASET_TOO_LARGE and DATASET_TOO_MANY_ROWS past
// the limits. On any error no file is left. A version is written once: a path that exists is an error, not overwritten.
// A killed process can leave files ending in ".part" beside the path; they belong to nobody.
func Ingest(ctx context.Context, r io.Reader, columns []dictionary.Column, path string, limits Limits) (Report, error) {
	return IngestWatched(ctx, r, columns, path, limits, nil)
}

// Stage is the part of an ingest that is under way.
type Stage int

// Rows are read and judged; then the files are built of them.
const (
	Reading Stage = iota
	Building
)

// Watch is told how far an ingest is: often while rows are read, and once when that is over. An error of it ends the ingest.
type Watch func(stage Stage, rows int64) error

// watchEvery is after how many rows a watch is told.
const watchEvery = 1024

// Bounded is a reader that ends with DATASET_TOO_LARGE where Ingest would, for whoever keeps an upload before it is read.
func Bounded(r io.Reader) io.Reader {
	return &source{r: r, max: Limits{}.withDefaults().MaxBytes, hash: sha256.New(), budget: math.MaxInt}
}

// IngestWatched is Ingest, watched unless watch is nil.
func IngestWatched(ctx context.Context, r io.Reader, columns []dictionary.Column, path string, limits Limits, watch Watch) (Report, error) {
	if watch == nil {
		watch = func(Stage, int64) error { return nil }
	}
	for _, p := range []string{path, CSVPath(path)} {
		if _, err := os.Lstat(p); !errors.Is(err, fs.ErrNotExist) {
			return Report{}, fmt.Errorf("write dataset: the file is there already or cannot be: %w", errors.Join(err, fs.ErrExist))
		}
	}
	if err := checkDictionary(columns); err != nil {
		return Report{}, err
	}
	b, err := newBuilder(path, columns)
	if err != nil {
		return Report{}, fmt.Errorf("begin dataset: %w", err)
	}
	defer b.discard()
	report, err := Read(ctx, r, columns, limits, func(values []any) error {
		if b.rows%watchEvery == 0 {
			if err := watch(Reading, b.rows); err != nil {
				return err
			}
		}
		return b.add(values)
	})
	if err != nil {
		return report, err
	}
	if report.RejectCount > 0 {
		return report, fault.New(fault.Invalid, "DATASET_REJECTED", "Places in the file that are wrong: %d.", report.RejectCount).With("count", report.RejectCount)
	}
	if err := watch(Building, report.Rows); err != nil {
		return report, err
	}
	if err := b.finish(ctx, &report); err != nil {
		return report, fmt.Errorf("finish dataset: %w", err)
	}
	return report, nil
}

func checkDictionary(columns []dictionary.Column) error {
	if len(columns) == 0 {
		return fault.New(fault.Invalid, "DICTIONARY_EMPTY", "A dataset needs a dictionary.").At("dictionary")
	}
	return dictionary.Check(columns, "dictionary")
}
