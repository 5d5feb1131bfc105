package dataset

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/spreadsheet"
)

// Read streams a CSV upload (UTF-8 with or without BOM, or GB18030; RFC 4180, blank lines skipped) whose header names
// exactly the columns of the dictionary, in any order.
//
// accept receives each row as stored values in the order of the dictionary, until the first reject; after it the rest is
// still judged, and after the last row whether a column holds direct identifiers. The slice is reused. Its error, ctx's, r's
// and those of the limits (DATASET_TOO_LARGE, DATASET_TOO_MANY_ROWS) end the reading; rejects are no error here. A nil
// accept only judges.
func Read(ctx context.Context, r io.Reader, columns []dictionary.Column, limits Limits, accept func(values []any) error) (report Report, err error) {
	if err := checkDictionary(columns); err != nil {
		return report, err
	}
	limits = limits.withDefaults()
	src := &source{r: r, max: limits.MaxBytes, hash: sha256.New(), budget: maxRecordBytes}
	text := spreadsheet.UTF8(src)
	defer func() {
		if report.Encoding = UTF8; text.GB18030() {
			report.Encoding = GB18030
		}
	}()
	in := bufio.NewReader(text)
	if start, _ := in.Peek(len(bom)); bytes.Equal(start, []byte(bom)) {
		in.Discard(len(bom))
	}
	records := &records{csv: csv.NewReader(in), src: src, line: 1}
	records.csv.FieldsPerRecord = -1
	records.csv.ReuseRecord = true

	record, row, err := records.next(&report)
	if err == io.EOF {
		report.reject(0, "", 0, FileEmpty)
		return report, nil
	}
	if err != nil || record == nil {
		return report, err
	}
	order := header(record, row, columns, &report)
	if report.RejectCount > 0 {
		return report, nil
	}
	values := make([]any, len(columns))
	direct := make([]outputcontrol.DirectColumn, len(columns))
	for {
		record, row, err := records.next(&report)
		if err == io.EOF {
			break
		}
		if err != nil || record == nil {
			return report, err
		}
		if report.Rows++; report.Rows > limits.MaxRows {
			return report, fault.New(fault.TooLarge, "DATASET_TOO_MANY_ROWS", "A dataset has at most %d rows.", limits.MaxRows).With("max", limits.MaxRows)
		}
		if report.Rows%256 == 0 && ctx.Err() != nil {
			return report, ctx.Err()
		}
		if len(record) != len(columns) {
			report.reject(row, "", 0, RowLength)
			continue
		}
		for i, at := range order {
			value, code := judge(columns[at], record[i])
			if code != "" {
				report.reject(row, columns[at].Name, i+1, code)
			} else if text := leaving(columns[at].Type, record[i], value); text != "" {
				direct[at].Add(row, text, limits.Today)
			}
			values[at] = value
		}
		if report.RejectCount == 0 && accept != nil {
			if err := accept(values); err != nil {
				return report, err
			}
		}
	}
	if report.Rows == 0 {
		report.reject(0, "", 0, FileEmpty)
	}
	for i, at := range order {
		for _, found := range direct[at].Found() {
			if code := directCode[found.Kind]; found.Kind == outputcontrol.IdentityNumber || !columns[at].Measured() {
				report.reject(found.Row, columns[at].Name, i+1, code)
			}
		}
	}
	report.Upload = Artefact{Bytes: src.total, SHA256: hex.EncodeToString(src.hash.Sum(nil))}
	return report, nil
}

const bom = "\uFEFF"

type records struct {
	csv  *csv.Reader
	src  *source
	line int64 // the line after the record before
}

// next reads one record and the line on which it begins. A nil record without an error was rejected and ends the reading.
func (r *records) next(report *Report) (record []string, row int64, err error) {
	r.src.budget = maxRecordBytes
	record, err = r.csv.Read()
	var broken *csv.ParseError
	switch {
	case r.src.failed != nil && r.src.failed != errRecordTooLong:
		return nil, 0, r.src.failed
	case errors.As(err, &broken):
		report.reject(int64(broken.StartLine), "", 0, CSVBroken)
		return nil, 0, nil
	case errors.Is(err, errRecordTooLong):
		report.reject(r.line, "", 0, CSVBroken)
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	}
	for i, cell := range record {
		if !utf8.ValidString(cell) {
			line, _ := r.csv.FieldPos(0)
			report.reject(int64(line), "", i+1, FileEncoding)
			return nil, 0, nil
		}
	}
	first, _ := r.csv.FieldPos(0)
	last, _ := r.csv.FieldPos(len(record) - 1)
	r.line = int64(last+strings.Count(record[len(record)-1], "\n")) + 1
	return record, int64(first), nil
}

// header returns, for each place in a record, the column of the dictionary that it holds.
func header(record []string, row int64, columns []dictionary.Column, report *Report) []int {
	order := make([]int, len(record))
	seen := make([]bool, len(columns))
	for i, name := range record {
		at := slices.IndexFunc(columns, func(c dictionary.Column) bool { return c.Name == name })
		switch {
		case at < 0:
			// The name stays out of the report: a file without a header begins with data.
			report.reject(row, "", i+1, HeaderColumnUnknown)
			continue
		case seen[at]:
			report.reject(row, name, i+1, HeaderColumnTwice)
		}
		seen[at], order[i] = true, at
	}
	for at, c := range columns {
		if !seen[at] {
			report.reject(row, c.Name, 0, HeaderColumnMissing)
		}
	}
	return order
}

// judge returns what the cell is stored as, or why it is wrong.
func judge(c dictionary.Column, cell string) (any, Code) {
	if cell == "" {
		if c.Required {
			return nil, CellMissing
		}
		return nil, ""
	}
	if c.Type == dictionary.Text && isFormula(cell) {
		return nil, CellFormula
	}
	if c.Type == dictionary.Text && hasControl(cell) {
		return nil, CellControl
	}
	return store(c.Type, cell)
}

// directCode is the code of each direct identifier. A quantity may well be as long as a telephone number or a card's, but is
// hardly ever an identity number.
var directCode = map[outputcontrol.Direct]Code{
	outputcontrol.IdentityNumber: CellIdentityNumber,
	outputcontrol.MobileNumber:   CellMobileNumber,
	outputcontrol.BankCard:       CellBankCard,
}

// leaving is a cell as it leaves, "" where no number of a person can be in it.
func leaving(t dictionary.Type, cell string, value any) string {
	switch {
	case t == dictionary.Text, t == dictionary.Integer:
		return cell
	case t == dictionary.Decimal && value != nil:
		return decimalText(value.(string)) // 13800138000.0 leaves without its fraction
	}
	return ""
}

// maxRecordBytes is room for a record of the widest dictionary with its quotes; beyond it a quote was never closed, and
// the rest of the file would be gathered in memory.
const maxRecordBytes = 2 * dictionary.MaxColumns * MaxCellBytes

var errRecordTooLong = errors.New("record too long")

// source counts and fingerprints what is read, and ends the reading past a limit.
type source struct {
	r      io.Reader
	max    int64
	total  int64
	hash   hash.Hash
	budget int // bytes that the record being read may still take
	failed error
}

func (s *source) Read(p []byte) (int, error) {
	if s.failed != nil {
		return 0, s.failed
	}
	if s.budget <= 0 {
		s.failed = errRecordTooLong
		return 0, s.failed
	}
	n, err := s.r.Read(p)
	s.total += int64(n)
	s.budget -= n
	s.hash.Write(p[:n])
	if s.total > s.max {
		err = fault.New(fault.TooLarge, "DATASET_TOO_LARGE", "A dataset has at most %d bytes.", s.max).With("max", s.max)
	} else if err != nil && err != io.EOF {
		err = fmt.Errorf("read upload: %w", err)
	}
	if err != nil && err != io.EOF {
		s.failed = err
	}
	return n, err
}
