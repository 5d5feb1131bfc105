package dataset

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
)

func column(name string, kind dictionary.Type) dictionary.Column {
	return dictionary.Column{Name: name, Label: name, Description: name, Type: kind, Sensitivity: authorisation.SensitivityPublic, Filterable: true}
}

// places is a dictionary with a column of every type. Two of its names are traps in SQL.
func places() []dictionary.Column {
	columns := []dictionary.Column{
		column("rowid", dictionary.Text), column("order", dictionary.Integer), column("price", dictionary.Decimal),
		column("opened_on", dictionary.Date), column("measured_at", dictionary.DateTime), column("is_free", dictionary.Boolean),
		column("note", dictionary.Text),
	}
	columns[0].Required = true
	columns[0].QuasiIdentifier, columns[5].QuasiIdentifier = true, true
	columns[6].Filterable = false
	return columns
}

const placesHeader = "rowid,order,price,opened_on,measured_at,is_free,note\n"

func TestIngestRejects(t *testing.T) {
	long := strings.Repeat("长", MaxCellBytes/3+1)
	for _, row := range []struct {
		sentence string
		upload   string
		want     []Reject
	}{
		{"a whole row passes", placesHeader + "三台,7,1.50,2025-07-22,2025-07-22T08:00:00+08:00,true,ok\n", nil},
		{"empty cells pass where nothing is required", placesHeader + "三台,,,,,,\n", nil},
		{"a BOM and \\r\\n pass", "\uFEFFrowid,order,price,opened_on,measured_at,is_free,note\r\n三台,7,,,,,\r\n", nil},
		{"spreadsheets write TRUE", placesHeader + "三台,,,,,TRUE,\n", nil},
		{"text that begins as a number passes", placesHeader + "+868162212345,,,,,,-5.0\n", nil},
		{"GBK passes", placesHeader + "a,,,,,,\xc8\xfd\xcc\xa8\n", nil},
		{"an identity number is found in a text", placesHeader + "a,,,,,,张三11010519491231002X\n", []Reject{{2, "note", 7, CellIdentityNumber}}},
		{"a mobile number is found in a text", placesHeader + "张三13800138000,,,,,,\n", []Reject{{2, "rowid", 1, CellMobileNumber}}},
		{"a mobile number is found in a whole number", placesHeader + "a,13800138000,,,,,\n", []Reject{{2, "order", 2, CellMobileNumber}}},
		{"an identity number is found in a decimal", placesHeader + "a,,510704199003070018,,,,\n", []Reject{{2, "price", 3, CellIdentityNumber}}},
		{"a bank card is found in a text", placesHeader + "a,,,,,,6222021234567894\n", []Reject{{2, "note", 7, CellBankCard}}},
		{"a quantity is as long as a mobile number", strings.Replace(placesHeader, "price", "yuan", 1) + "a,,13800138000,,,,\n", nil},
		{"an identity number is no quantity", strings.Replace(placesHeader, "price", "yuan", 1) + "a,,510704199003070018,,,,\n", []Reject{{2, "yuan", 3, CellIdentityNumber}}},
		{"nothing at all is empty", "", []Reject{{Code: FileEmpty}}},
		{"only a BOM is empty", "\uFEFF", []Reject{{Code: FileEmpty}}},
		{"a header without rows is empty", placesHeader, []Reject{{Code: FileEmpty}}},
		{"a fraction is no integer", placesHeader + "a,1.0,,,,,\n", []Reject{{2, "order", 2, CellNotInteger}}},
		{"an identifier with leading zeros is no integer", placesHeader + "a,007,,,,,\n", []Reject{{2, "order", 2, CellNotInteger}}},
		{"a number past 64 bits is no integer", placesHeader + "a,9223372036854775808,,,,,\n", []Reject{{2, "order", 2, CellNotInteger}}},
		{"a minus alone is no integer", placesHeader + "a,-,,,,,\n", []Reject{{2, "order", 2, CellNotInteger}}},
		{"an exponent is no decimal", placesHeader + "a,,1e3,,,,\n", []Reject{{2, "price", 3, CellNotDecimal}}},
		{"a point alone is no decimal", placesHeader + "a,,.,,,,\n", []Reject{{2, "price", 3, CellNotDecimal}}},
		{"21 digits are no decimal of ours", placesHeader + "a,,100000000000000000000,,,,\n", []Reject{{2, "price", 3, CellNotDecimal}}},
		{"the 31st of February is no date", placesHeader + "a,,,2025-02-31,,,\n", []Reject{{2, "opened_on", 4, CellNotDate}}},
		{"a date without zeros is no date", placesHeader + "a,,,2025-7-2,,,\n", []Reject{{2, "opened_on", 4, CellNotDate}}},
		{"a time without an offset is no time", placesHeader + "a,,,,2025-07-22T08:00:00,,\n", []Reject{{2, "measured_at", 5, CellNotDateTime}}},
		{"a tenth digit of a second would be lost", placesHeader + "a,,,,2025-07-22T08:00:00.1234567891Z,,\n", []Reject{{2, "measured_at", 5, CellNotDateTime}}},
		{"a time before year 0 in UTC is none", placesHeader + "a,,,,0000-01-01T00:00:00+08:00,,\n", []Reject{{2, "measured_at", 5, CellNotDateTime}}},
		{"是 is no boolean", placesHeader + "a,,,,,是,\n", []Reject{{2, "is_free", 6, CellNotBoolean}}},
		{"a required cell is missing", placesHeader + ",1,,,,,\n", []Reject{{2, "rowid", 1, CellMissing}}},
		{"a text is too long", placesHeader + "a,,,,,," + long + "\n", []Reject{{2, "note", 7, CellTooLong}}},
		{"a formula is refused", placesHeader + "a,,,,,,=1+1\n", []Reject{{2, "note", 7, CellFormula}}},
		{"a formula behind an at sign is refused", placesHeader + "@SUM(A1),,,,,,\n", []Reject{{2, "rowid", 1, CellFormula}}},
		{"a formula that begins as a telephone number is refused", placesHeader + "+86-816-1,,,,,,\n", []Reject{{2, "rowid", 1, CellFormula}}},
		{"a formula behind a space is refused", placesHeader + "\" =1+1\",,,,,,\n", []Reject{{2, "rowid", 1, CellFormula}}},
		{"a formula behind a tab is refused", placesHeader + "\"\t=1+1\",,,,,,\n", []Reject{{2, "rowid", 1, CellFormula}}},
		{"a NUL is refused", placesHeader + "a\x00b,,,,,,\n", []Reject{{2, "rowid", 1, CellControl}}},
		{"a full-width formula is refused", placesHeader + "＝1+1,,,,,,\n", []Reject{{2, "rowid", 1, CellFormula}}},
		{"a short row is refused, and the next is still judged", placesHeader + "a,1\nb,x,,,,,\n", []Reject{{2, "", 0, RowLength}, {3, "order", 2, CellNotInteger}}},
		{"a row is named by the line on which it begins", placesHeader + "a,,,,,,\"two\nlines\"\nb,x,,,,,\n", []Reject{{4, "order", 2, CellNotInteger}}},
		{"a column is missing", "rowid,order,price,opened_on,measured_at,is_free\na,,,,,\n", []Reject{{1, "note", 0, HeaderColumnMissing}}},
		{"an unknown column is named by its place only", "rowid,order,price,opened_on,measured_at,is_free,note,张三\na,,,,,,,\n", []Reject{{1, "", 8, HeaderColumnUnknown}}},
		{"a column is there twice", "rowid,order,price,opened_on,measured_at,is_free,note,note\na,,,,,,,\n", []Reject{{1, "note", 8, HeaderColumnTwice}}},
		{"a number with a unit that is none is judged", strings.Replace(placesHeader, "price", "tel", 1) + "a,,13800138000,,,,\n", []Reject{{2, "tel", 3, CellMobileNumber}}},
		{"a decimal is judged as it leaves", placesHeader + "a,,13800138000.0,,,,\n", []Reject{{2, "price", 3, CellMobileNumber}}},
		{"an amount is no mobile number", placesHeader + "a,,13800138000.5,,,,\n", nil},
		{"of a column the first cell is named", placesHeader + "a,,,,,,13800138000\nb,,,,,,13900139000\n", []Reject{{2, "note", 7, CellMobileNumber}}},
		{"codes of a column that look like numbers of a person by chance pass", placesHeader + "a,,,,,,510704202401010001\na,,,,,,510704202401010010\na,,,,,,510704202401010029\n", nil},
		{"a literal U+FFFD passes", placesHeader + "三台\uFFFD,,,,,,\n", nil},
		{"what is private in GB18030 is refused", placesHeader + "a,,,,,,\xc8\xfd\xaa\xa1\n", []Reject{{2, "", 7, FileEncoding}}},
		{"what is in no encoding is refused", placesHeader + "a,,,,,,\xc8\xfd\xff\n", []Reject{{2, "", 7, FileEncoding}}},
		{"a character that stands for none is one of UTF-8", placesHeader + "三台\ufffd,,,,,,\n", nil},
		{"damaged UTF-8 is refused", placesHeader + "三台,,,,,,三台\xe4\xb8,\n", []Reject{{2, "", 7, FileEncoding}}},
		{"UTF-16 is refused", "\xff\xfer\x00o\x00", []Reject{{1, "", 1, FileEncoding}}},
		{"a stray quote breaks the file", placesHeader + "a,,,,,,a\"b\n", []Reject{{2, "", 0, CSVBroken}}},
		{"an open quote breaks the file", placesHeader + "a,,,,,,\"b\n", []Reject{{2, "", 0, CSVBroken}}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			dir, columns := t.TempDir(), places()
			for name, unit := range map[string]string{"yuan": "元", "tel": "号"} {
				if strings.Contains(row.upload, name) {
					columns[2].Name, columns[2].Unit = name, unit
				}
			}
			report, err := Ingest(t.Context(), strings.NewReader(row.upload), columns, filepath.Join(dir, "v1"), Limits{})
			if !reflect.DeepEqual(report.Rejects, row.want) || report.RejectCount != int64(len(row.want)) {
				t.Errorf("rejects %+v (%d), want %+v", report.Rejects, report.RejectCount, row.want)
			}
			left, _ := os.ReadDir(dir)
			if row.want == nil && (err != nil || len(left) != 2) {
				t.Errorf("error %v, %d files", err, len(left))
			}
			if row.want != nil && (fault.CodeOf(err) != "DATASET_REJECTED" || len(left) != 0) {
				t.Errorf("error %v, %d files are left", err, len(left))
			}
		})
	}
}

func TestTheEncodingIsReported(t *testing.T) {
	for upload, want := range map[string]Encoding{
		placesHeader + "a,,,,,,\n":                  UTF8,
		placesHeader + "三台,,,,,,\n":                 UTF8,
		placesHeader + "a,,,,,,\xc8\xfd\xcc\xa8\n":  GB18030,
		placesHeader + "a,x,,,,,\xc8\xfd\xcc\xa8\n": GB18030, // also of a file that is refused
		"": UTF8,
	} {
		report, err := Read(t.Context(), strings.NewReader(upload), places(), Limits{}, nil)
		if err != nil || report.Encoding != want {
			t.Errorf("%q is read as %s, %v", upload, report.Encoding, err)
		}
	}
}

func TestRejectsAreCountedPastThoseKept(t *testing.T) {
	upload := placesHeader + strings.Repeat("a,x,,,,,\n", MaxRejects+7)
	report, err := Read(t.Context(), strings.NewReader(upload), places(), Limits{}, func([]any) error {
		t.Error("a rejected row is handed on")
		return nil
	})
	if err != nil || len(report.Rejects) != MaxRejects || report.RejectCount != MaxRejects+7 || report.Rows != MaxRejects+7 {
		t.Errorf("%d kept, %d counted, %d rows, %v", len(report.Rejects), report.RejectCount, report.Rows, err)
	}
}

// endless goes on with its last byte for ever.
type endless struct {
	head string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.head)
	e.head = e.head[n:]
	for ; n < len(p); n++ {
		p[n] = 'x'
	}
	e.read += n
	return n, nil
}

func TestARecordWithoutEndIsGivenUp(t *testing.T) {
	r := &endless{head: placesHeader + "a,,,,,,ok\nb,,,,,,\""}
	report, err := Read(t.Context(), r, places(), Limits{MaxBytes: 1 << 40}, nil)
	if want := []Reject{{3, "", 0, CSVBroken}}; err != nil || !reflect.DeepEqual(report.Rejects, want) {
		t.Errorf("rejects %+v, %v", report.Rejects, err)
	}
	if r.read > 2*maxRecordBytes {
		t.Errorf("%d bytes were read", r.read)
	}
}

func TestIngestLimitsAndFailures(t *testing.T) {
	broken := errors.New("line is down")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, row := range []struct {
		sentence string
		ctx      context.Context
		upload   io.Reader
		columns  []dictionary.Column
		limits   Limits
		code     string
		is       error
	}{
		{"an upload past the bytes is refused", t.Context(), &endless{head: placesHeader + strings.Repeat("a,,,,,,\n", 4000)}, places(), Limits{MaxBytes: 20_000}, "DATASET_TOO_LARGE", nil},
		{"an upload past the rows is refused", t.Context(), strings.NewReader(placesHeader + strings.Repeat("a,,,,,,\n", 11)), places(), Limits{MaxRows: 10}, "DATASET_TOO_MANY_ROWS", nil},
		{"an upload that breaks off is no dataset", t.Context(), io.MultiReader(strings.NewReader(placesHeader+"a,,,,,,\n"), failing{broken}), places(), Limits{}, "INTERNAL", broken},
		{"an upload that breaks off within quotes is no broken CSV", t.Context(), io.MultiReader(strings.NewReader(placesHeader+"a,,,,,,\"\n"), failing{broken}), places(), Limits{}, "INTERNAL", broken},
		{"a cancelled upload is no dataset", cancelled, strings.NewReader(placesHeader + strings.Repeat("a,,,,,,\n", 300)), places(), Limits{}, "INTERNAL", context.Canceled},
		{"without a dictionary nothing is typed", t.Context(), strings.NewReader("a\n1\n"), nil, Limits{}, "DICTIONARY_EMPTY", nil},
		{"a dictionary that is wrong types nothing", t.Context(), strings.NewReader("A\n1\n"), []dictionary.Column{column("A", dictionary.Text)}, Limits{}, "COLUMN_NAME_INVALID", nil},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			dir := t.TempDir()
			_, err := Ingest(row.ctx, row.upload, row.columns, filepath.Join(dir, "v1"), row.limits)
			if fault.CodeOf(err) != row.code || row.is != nil && !errors.Is(err, row.is) || err == nil {
				t.Errorf("error %v", err)
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("%d files are left", len(left))
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestAnUploadOfExactlyTheLimitsPasses(t *testing.T) {
	upload := placesHeader + strings.Repeat("a,,,,,,\n", 10)
	report, err := Read(t.Context(), strings.NewReader(upload), places(), Limits{MaxBytes: int64(len(upload)), MaxRows: 10}, nil)
	if err != nil || report.Rows != 10 {
		t.Errorf("%d rows, %v", report.Rows, err)
	}
}

func TestAVersionIsWrittenOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v1")
	upload := placesHeader + "a,,,,,,\n"
	if _, err := Ingest(t.Context(), strings.NewReader(upload), places(), path, Limits{}); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if _, err := Ingest(t.Context(), strings.NewReader(placesHeader+"b,,,,,,\n"), places(), path, Limits{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the second time: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func TestReportMeasuresTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v1")
	upload := "\uFEFFnote,is_free,rowid,order,price,opened_on,measured_at\n" +
		"\"a \"\"b\"\"\r\nc\",true,三台,7,1.50,2025-07-22,2025-07-22T08:00:00.500+08:00\n" +
		",TRUE,三台,,-0.0,,\n" + ",false,三台,,,,\n" + ",,江油,,,,\n" + ",,江油,,,,\n"
	report, err := Ingest(t.Context(), strings.NewReader(upload), places(), path, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "\uFEFF" + placesHeader +
		"三台,7,1.5,2025-07-22,2025-07-22T00:00:00.5Z,true,\"a \"\"b\"\"\nc\"\n" +
		"三台,,0,,,true,\n" + "三台,,,,,false,\n" + "江油,,,,,,\n" + "江油,,,,,,\n"
	csv, err := os.ReadFile(CSVPath(path))
	if err != nil || string(csv) != want {
		t.Errorf("CSV %q, %v", csv, err)
	}
	serving, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []struct {
		what string
		got  Artefact
		data []byte
	}{{"upload", report.Upload, []byte(upload)}, {"CSV", report.CSV, csv}, {"SQLite file", report.Serving, serving}} {
		sum := sha256.Sum256(m.data)
		if want := (Artefact{int64(len(m.data)), hex.EncodeToString(sum[:])}); m.got != want {
			t.Errorf("%s is reported as %+v, is %+v", m.what, m.got, want)
		}
	}
	if got, _ := json.Marshal(report.Classes); string(got) != `{"quasiIdentifiers":["rowid","is_free"],"sizes":{"1":1,"2":2}}` {
		t.Errorf("classes %s", got)
	}
	if report.Rows != 5 {
		t.Errorf("%d rows", report.Rows)
	}
}

func TestWithoutQuasiIdentifiersThereIsOneClass(t *testing.T) {
	report, err := Ingest(t.Context(), strings.NewReader("n\n1\n2\n3\n"), []dictionary.Column{column("n", dictionary.Integer)}, filepath.Join(t.TempDir(), "v1"), Limits{})
	if err != nil || len(report.Classes.QuasiIdentifiers) != 0 || !reflect.DeepEqual(report.Classes.Sizes, map[int64]int64{3: 1}) {
		t.Errorf("classes %+v, %v", report.Classes, err)
	}
}

// drawDecimal draws a number as a person could write it.
func drawDecimal(t *rapid.T, label string) string {
	return rapid.StringMatching(`-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,20})?`).Draw(t, label)
}

func TestDecimalKeysSortAsTheNumbersDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDecimal(t, "a"), drawDecimal(t, "b")
		if rapid.Bool().Draw(t, "near") {
			b = a + map[bool]string{true: "0", false: ".0"}[strings.Contains(a, ".")]
		}
		keyA, okA := decimalKey(a)
		keyB, okB := decimalKey(b)
		if !okA || !okB {
			if len(a) < 22 && len(b) < 22 {
				t.Fatalf("%s or %s is no decimal", a, b)
			}
			return
		}
		ratA, _ := new(big.Rat).SetString(a)
		ratB, _ := new(big.Rat).SetString(b)
		if strings.Compare(keyA, keyB) != ratA.Cmp(ratB) {
			t.Fatalf("%s and %s have keys %s and %s", a, b, keyA, keyB)
		}
		back, ok := new(big.Rat).SetString(decimalText(keyA))
		if !ok || back.Cmp(ratA) != 0 {
			t.Fatalf("%s comes back as %s", a, decimalText(keyA))
		}
		if again, _ := decimalKey(decimalText(keyA)); again != keyA {
			t.Fatalf("%s has keys %s and %s", a, keyA, again)
		}
	})
}

func TestDateTimesSortAsTheInstantsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) (time.Time, string) {
			at := time.Unix(rapid.Int64Range(0, 3).Draw(t, label), rapid.SampledFrom([]int64{0, 1, 5e8, 51e7, 999999999}).Draw(t, label+" fraction"))
			at = at.In(time.FixedZone("", 3600*rapid.IntRange(-12, 14).Draw(t, label+" zone")))
			stored, ok := instant(at.Format(time.RFC3339Nano))
			if !ok {
				t.Fatalf("%s is no time", at.Format(time.RFC3339Nano))
			}
			return at, stored
		}
		a, storedA := draw("a")
		b, storedB := draw("b")
		if strings.Compare(storedA, storedB) != a.Compare(b) {
			t.Fatalf("%s and %s are stored as %s and %s", a, b, storedA, storedB)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(placesHeader + "三台,7,1.50,2025-07-22,2025-07-22T08:00:00+08:00,true,ok\n"))
	f.Add([]byte("\uFEFFnote,is_free,rowid,order,price,opened_on,measured_at\r\n\"a\"\"\r\n\",FALSE,b,-1,-0.50,2024-02-29,2025-07-22T08:00:00.5Z\r\n"))
	f.Add([]byte(placesHeader + "a,\"\n"))
	f.Fuzz(func(t *testing.T, upload []byte) {
		columns := places()
		var canonical []byte
		read := func(r io.Reader) Report {
			canonical = csvHeader(columns)
			report, err := Read(t.Context(), r, columns, Limits{}, func(values []any) error {
				canonical = appendRow(canonical, columns, values)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return report
		}
		report := read(bytes.NewReader(upload))
		if report.RejectCount > 0 {
			return
		}
		first := canonical
		again := read(bytes.NewReader(first))
		if again.RejectCount > 0 || again.Rows != report.Rows || !bytes.Equal(first, canonical) {
			t.Fatalf("the canonical file is not its own: %+v\n%q\n%q", again, first, canonical)
		}
	})
}
