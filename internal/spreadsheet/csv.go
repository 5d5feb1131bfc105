package spreadsheet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"gongshu/internal/fault"
	"gongshu/internal/tabular"
)

var (
	utf8Mark          = []byte("\xef\xbb\xbf")
	utf16LittleEndian = []byte("\xff\xfe")
	utf16BigEndian    = []byte("\xfe\xff")
)

func readCSV(ctx context.Context, raw []byte, columns []tabular.Column) ([]tabular.Sheet, error) {
	text, err := decoded(raw)
	if err != nil {
		return nil, err
	}
	if strings.ContainsRune(text, 0) {
		return nil, unknownKind()
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // as old spreadsheets of Macs end their lines
	}
	sheet, err := parsed(ctx, text, separatorOf(ctx, text, columns), len(text))
	if err != nil {
		return nil, err
	}
	return []tabular.Sheet{sheet}, nil
}

// separatorOf returns what makes the header name the most columns; a file without any header is taken to have commas.
func separatorOf(ctx context.Context, text string, columns []tabular.Column) rune {
	best, most := ',', 0
	for _, separator := range []rune{',', ';', '\t'} {
		head, _ := parsed(ctx, text, separator, headBytes) // what is wrong with it is found when all is read
		if n := tabular.Recognised(head, columns); n > most {
			best, most = separator, n
		}
	}
	return best
}

// headBytes is how far the header is looked for.
const headBytes = 64 << 10

// parsed reads the rows that begin in the first bytes of the text. Rows are numbered as spreadsheets show them: an empty line
// is a row, and a line break inside quotes begins none.
func parsed(ctx context.Context, text string, separator rune, bytes int) (tabular.Sheet, error) {
	sheet := sheetOf{taken: &taken{}}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	for number, from := 1, 0; from < bytes; number++ {
		if err := ctx.Err(); err != nil {
			return sheet.Sheet, err
		}
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		to := int(r.InputOffset())
		number += emptyLines(text[from:to])
		if err != nil {
			return sheet.Sheet, fault.List{fault.New(fault.Invalid, "TABLE_QUOTES", "In row %d a quotation mark is not closed, or stands inside a cell without another around the cell.", number).With("row", number)}
		}
		cells := make([]tabular.Cell, len(fields))
		for i, field := range fields {
			cells[i].Text = strings.Clone(trimmed(field))
		}
		if err := sheet.add(number, cells); err != nil {
			return sheet.Sheet, err
		}
		from = to
	}
	return sheet.Sheet, nil
}

// emptyLines counts the lines without anything that the text begins with; the reader passes over them.
func emptyLines(text string) (n int) {
	for {
		rest, found := strings.CutPrefix(strings.TrimPrefix(text, "\r"), "\n")
		if !found {
			return n
		}
		n, text = n+1, rest
	}
}

// decoded returns a file as text. Where no mark says the encoding, it is UTF-8 when that fits, or when it fits nearly:
// bytes of GB18030 hardly ever look like characters of UTF-8, so those that do tell which of the two is damaged.
func decoded(raw []byte) (string, error) {
	var from encoding.Encoding = simplifiedchinese.GB18030
	switch {
	case bytes.HasPrefix(raw, utf16LittleEndian), bytes.HasPrefix(raw, utf16BigEndian):
		from = utf16.UTF16(utf16.LittleEndian, utf16.UseBOM)
		if len(raw)%2 == 1 {
			return "", fault.List{fault.New(fault.Invalid, "TABLE_ENCODING", "The file ends inside a character.")}
		}
	case bytes.HasPrefix(raw, utf8Mark) || looksLikeUTF8(raw):
		return undamaged(string(bytes.ToValidUTF8(bytes.TrimPrefix(raw, utf8Mark), []byte("\ufffd"))), "UTF-8")
	}
	text, err := from.NewDecoder().Bytes(raw)
	if err != nil {
		return "", fault.List{fault.New(fault.Invalid, "TABLE_ENCODING", "The file is neither UTF-8 nor GB18030 nor UTF-16.")}
	}
	return undamaged(string(text), "UTF-8, GB18030 or UTF-16")
}

// window is how many bytes UTF8 looks at to tell the encoding.
const window = 64 << 10

// Text is a text in UTF-8 or GB18030 (and so GBK, GB2312) as UTF-8, without holding it: which of the two it is, the bytes from
// its first character beyond ASCII tell.
type Text struct {
	in      *bufio.Reader
	rest    io.Reader // all that is left, once it is told
	gb18030 bool
}

// UTF8 returns the text that r reads. What is no character of its encoding comes as bytes that are none in UTF-8: damaged ones
// as they are, and of GB18030 also what is of nobody's or anybody's use, since only a file in yet another encoding has it.
// Errors are those of r.
func UTF8(r io.Reader) *Text { return &Text{in: bufio.NewReaderSize(r, window)} }

// GB18030 reports whether the text, as far as it was read, is taken to be in GB18030.
func (u *Text) GB18030() bool { return u.gb18030 }

// Read implements io.Reader.
func (u *Text) Read(p []byte) (int, error) {
	if u.rest != nil {
		return u.rest.Read(p)
	}
	if _, err := u.in.Peek(1); err != nil {
		return 0, err
	}
	head, _ := u.in.Peek(u.in.Buffered())
	ascii := bytes.IndexFunc(head, func(c rune) bool { return c >= utf8.RuneSelf })
	switch ascii {
	case -1:
		ascii = len(head)
	case 0:
		u.tell()
		return u.rest.Read(p)
	}
	n := copy(p, head[:ascii])
	_, err := u.in.Discard(n)
	return n, err
}

// tell chooses the encoding by what comes next, which is no ASCII.
func (u *Text) tell() {
	next, _ := u.in.Peek(window) // an error comes again where it is
	if end := bytes.LastIndexByte(next, '\n'); len(next) == window && end > 0 {
		next = next[:end] // whole characters
	}
	if u.rest = u.in; !bytes.HasPrefix(next, utf8Mark) && !looksLikeUTF8(next) {
		u.rest, u.gb18030 = transform.NewReader(u.in, transform.Chain(simplifiedchinese.GB18030.NewDecoder(), assigned{})), true
	}
}

// assigned lets characters pass and makes of all else a byte that is no UTF-8: of U+FFFD, which the decoder gives for what is
// damaged, and of what is private or not assigned.
type assigned struct{ transform.NopResetter }

// Transform implements transform.Transformer.
func (assigned) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		if !atEOF && !utf8.FullRune(src[nSrc:]) {
			return nDst, nSrc, transform.ErrShortSrc
		}
		r, size := utf8.DecodeRune(src[nSrc:])
		if nDst+size > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		if r == utf8.RuneError || r >= utf8.RuneSelf && unicode.In(r, unicode.Co, unicode.Cn) {
			dst[nDst] = 0xff
			nDst++
		} else {
			nDst += copy(dst[nDst:], src[nSrc:nSrc+size])
		}
		nSrc += size
	}
	return nDst, nSrc, nil
}

func looksLikeUTF8(raw []byte) bool {
	long, damaged := 0, 0
	for at := 0; at < len(raw); {
		r, size := utf8.DecodeRune(raw[at:])
		switch {
		case r == utf8.RuneError && size <= 1:
			damaged++
		case size > 1:
			long++
		}
		at += size
	}
	return damaged == 0 || long > damaged
}

// maxDamaged is how many damaged rows are named.
const maxDamaged = 20

// undamaged refuses text in which a character stands for bytes that were none, by row.
func undamaged(text, encodings string) (string, error) {
	var wrong fault.List
	row := 1
	quoted := false
	damaged := 0 // the last row that was
	for _, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			row++
		case c == utf8.RuneError && row != damaged:
			damaged = row
			wrong = append(wrong, fault.New(fault.Invalid, "TABLE_ENCODING", "Row %d is not written in %s.", row, encodings).With("row", row))
			if len(wrong) == maxDamaged {
				return "", wrong
			}
		}
	}
	return text, wrong.OrNil()
}
