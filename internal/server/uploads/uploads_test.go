package uploads

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

func TestEvidenceComesAndGoesAsAFile(t *testing.T) {
	m := emptyMarket(t)
	code, err := authorisation.NewCreditCode("91510700MA6CGN001")
	if err != nil {
		t.Fatal(err)
	}
	id, err := m.OrganisationSignUp(t.Context(), market.SignUpInput{
		Name: "甲", CreditCode: string(code), LegalForm: access.Enterprise, Parties: []access.Party{access.Buyer},
		Email: "a@test.example", DisplayName: "甲", Password: "correct horse",
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := m.Viewer(t.Context(), id.PersonID, id.OrganisationID)
	if err != nil {
		t.Fatal(err)
	}
	handler := New(m, nil)
	send := func(as access.Viewer, method, target, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, target, strings.NewReader(body)).WithContext(access.With(t.Context(), as)))
		return w
	}
	var stored struct{ ID string }
	w := send(v, "POST", "/uploads/documents?name="+url.QueryEscape("营业执照.html"), "%PDF-1.7\n")
	if err := json.Unmarshal(w.Body.Bytes(), &stored); err != nil || w.Code != http.StatusOK || !strings.HasPrefix(stored.ID, "doc_") {
		t.Fatalf("storing answers %d %s", w.Code, w.Body)
	}
	w = send(v, "GET", "/documents/"+stored.ID, "")
	header := w.Result().Header
	if w.Code != http.StatusOK || w.Body.String() != "%PDF-1.7\n" || header.Get("Content-Type") != "application/pdf" ||
		header.Get("Content-Disposition") != "attachment; filename*=utf-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7.pdf" || header.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("fetching answers %d %v %q", w.Code, header, w.Body)
	}
	for _, row := range []struct {
		sentence             string
		as                   access.Viewer
		method, target, body string
		status               int
		code                 string
	}{
		{"nobody stores", access.Viewer{}, "POST", "/uploads/documents?name=a.txt", "x", 401, "SIGN_IN_REQUIRED"},
		{"nobody fetches", access.Viewer{}, "GET", "/documents/" + stored.ID, "", 401, "SIGN_IN_REQUIRED"},
		{"what is no id", v, "GET", "/documents/..%2F..%2Fetc", "", 404, "NOT_FOUND"},
		{"an id of something else", v, "GET", "/documents/org_01h455vb4pex5vsknk084sn02q", "", 404, "NOT_FOUND"},
		{"an empty file", v, "POST", "/uploads/documents?name=a.txt", "", 400, "DOCUMENT_EMPTY"},
		{"a page", v, "POST", "/uploads/documents?name=a.pdf", "<!doctype html>", 400, "MEDIA_TYPE_REFUSED"},
		{"a file over the limit", v, "POST", "/uploads/documents?name=a.txt", strings.Repeat("x", market.MaxDocument+1), 413, "DOCUMENT_TOO_LARGE"},
	} {
		var refused struct {
			Errors []struct{ Code, Message string }
		}
		w := send(row.as, row.method, row.target, row.body)
		if err := json.Unmarshal(w.Body.Bytes(), &refused); err != nil || w.Code != row.status || len(refused.Errors) != 1 || refused.Errors[0].Code != row.code {
			t.Errorf("%s: got %d %s", row.sentence, w.Code, w.Body)
		}
	}
}

// waiting is an answer that knows until when its connection is waited on.
type waiting struct {
	*httptest.ResponseRecorder
	read, write time.Time
}

func (w *waiting) SetReadDeadline(t time.Time) error  { w.read = t; return nil }
func (w *waiting) SetWriteDeadline(t time.Time) error { w.write = t; return nil }

func TestStrangersAreNotWaitedFor(t *testing.T) {
	m := emptyMarket(t)
	member := access.Viewer{PersonID: uuid.New(), OrganisationID: uuid.New(), Verified: true}
	for _, c := range []struct {
		sentence, target string
		as               access.Viewer
		patient          bool
	}{
		{"a stranger that stores a document", "/uploads/documents?name=a.txt", access.Viewer{}, false},
		{"a stranger that uploads data", "/uploads/datasets/prd_01h455vb4pex5vsknk084sn02q", access.Viewer{}, false},
		{"a member that is no publisher", "/uploads/datasets/prd_01h455vb4pex5vsknk084sn02q", member, false},
		{"a member that stores a document", "/uploads/documents?name=a.txt", member, true},
	} {
		w := &waiting{ResponseRecorder: httptest.NewRecorder()}
		read := false
		body := readerFunc(func([]byte) (int, error) {
			if read = true; time.Until(w.read) < fileTime/2 || time.Until(w.write) < fileTime/2 {
				t.Errorf("%s: is not given the time", c.sentence)
			}
			return 0, io.EOF
		})
		New(m, nil).ServeHTTP(w, httptest.NewRequest(http.MethodPost, c.target, body).WithContext(access.With(t.Context(), c.as)))
		if read != c.patient {
			t.Errorf("%s: its body was read: %t", c.sentence, read)
		}
		if w.Code < 400 || time.Until(w.read) > refusedTime || w.Header().Get("Connection") != "close" {
			t.Errorf("%s: answered %d, read until %s, %v", c.sentence, w.Code, w.read, w.Header())
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func emptyMarket(t *testing.T) *market.Market {
	t.Helper()
	s, err := store.Open(t.Context(), (&url.URL{Scheme: "sqlite", Path: filepath.Join(t.TempDir(), "gongshu.db")}).String(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	return &market.Market{Store: s, Blobs: blobs}
}
