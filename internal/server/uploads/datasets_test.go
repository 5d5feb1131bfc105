package uploads

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/dictionary"
	"gongshu/internal/job"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
)

func TestDataIsUploadedAsItsBody(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close(); blobs.Close() })
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := &market.Market{Store: s, Blobs: blobs}
		if _, err := m.LoadPolicies(t.Context()); err != nil {
			t.Fatal(err)
		}
		product, viewer := laid(t, s)
		files := New(m, nil)
		ask := func(ctx context.Context, method, path, body, key string) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(ctx, method, "/uploads/datasets/"+path, strings.NewReader(body))
			r.Header.Set("Idempotency-Key", key)
			files.ServeHTTP(w, r)
			return w
		}
		id, as := publicid.Encode(productPrefix, product), access.With(t.Context(), viewer)
		other := access.With(t.Context(), access.Viewer{PersonID: uuid.New(), OrganisationID: uuid.New(), Verified: true, Roles: viewer.Roles, Parties: viewer.Parties})
		big := "line\n" + strings.Repeat("A\n", 21)
		for _, row := range []struct {
			sentence, body, key string
			state               job.State
			code                string
			rejects             int64
			csv                 string
		}{
			{"a wrong file is rejected by row and column", "line\n\n=1\n", "1", job.Refused, "DATASET_REJECTED", 1, "3,line,1,CELL_FORMULA\n"},
			{"a file of another shape is too", "other\nA\n", "2", job.Refused, "DATASET_REJECTED", 2, "1,,1,HEADER_COLUMN_UNKNOWN\n1,line,0,HEADER_COLUMN_MISSING\n"},
			{"what names a person stays", "line\n张三13800138000\nA\n11010519491231002X\n", "5", job.Refused, "DATASET_REJECTED", 2, "4,line,1,CELL_IDENTITY_NUMBER\n2,line,1,CELL_MOBILE_NUMBER\n"},
			{"a small class stays", "line\nA\n", "3", job.Refused, "CLASS_TOO_SMALL", 0, ""},
			{"of a file in GB18030 too", "line\n\xc8\xfd\xcc\xa8\n", "6", job.Refused, "CLASS_TOO_SMALL", 0, ""},
			{"a large one leaves", big, "4", job.Done, "", 0, ""},
		} {
			answer := ask(as, http.MethodPost, id, row.body, row.key)
			var out struct{ Job struct{ ID string } }
			if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || answer.Code != http.StatusAccepted {
				t.Fatalf("%s: %d %s", row.sentence, answer.Code, answer.Body)
			}
			if again := ask(as, http.MethodPost, id, row.body, row.key); again.Body.String() != answer.Body.String() {
				t.Errorf("%s: the same again is %d %s", row.sentence, again.Code, again.Body)
			}
			if reused := ask(as, http.MethodPost, id, row.body+"B\n", row.key); reused.Code != http.StatusConflict || !strings.Contains(reused.Body.String(), "IDEMPOTENCY_KEY_REUSED") {
				t.Errorf("%s: the key with other data is %d %s", row.sentence, reused.Code, reused.Body)
			}
			if early := ask(as, http.MethodGet, out.Job.ID+"/rejects.csv", "", ""); early.Code != http.StatusConflict {
				t.Errorf("%s: before its end there are rejects: %d %s", row.sentence, early.Code, early.Body)
			}
			key, _ := publicid.Parse(jobPrefix, out.Job.ID)
			for range 2 {
				if err := m.JobRun(t.Context(), key); err != nil {
					t.Fatal(err)
				}
			}
			result, err := m.JobResult(as, key)
			if err != nil {
				t.Fatal(err)
			}
			j, err := s.Read().Job.Get(as, key)
			if err != nil {
				t.Fatal(err)
			}
			code := ""
			if len(result.Refusals) > 0 {
				code = result.Refusals[0].Code
			}
			encoding := "UTF_8"
			if !utf8.ValidString(row.body) {
				encoding = "GB18030"
			}
			if j.State != row.state || result.Encoding != encoding || code != row.code || result.RejectCount != row.rejects || j.StartedAt == nil || j.EndedAt == nil {
				t.Errorf("%s: %+v", row.sentence, j)
			}
			_, rejects, _ := strings.Cut(ask(as, http.MethodGet, out.Job.ID+"/rejects.csv", "", "").Body.String(), "\n")
			if rejects != row.csv {
				t.Errorf("%s: the rejects are %q", row.sentence, rejects)
			}
			if others := ask(other, http.MethodGet, out.Job.ID+"/rejects.csv", "", ""); others.Code != http.StatusNotFound {
				t.Errorf("%s: another organisation gets %d %s", row.sentence, others.Code, others.Body)
			}
		}
		keys, err := blobs.Keys(t.Context())
		if err != nil || len(keys) != 2 { // what is served, and its CSV
			t.Errorf("the files are %v, %v", keys, err)
		}
		for _, row := range []struct {
			sentence string
			ctx      context.Context
			id       string
			status   int
		}{{"nobody uploads", t.Context(), id, 401}, {"what is no product is absent", as, "prd_x", 404}, {"so is another's", other, id, 404}} {
			if answer := ask(row.ctx, http.MethodPost, row.id, big, ""); answer.Code != row.status {
				t.Errorf("%s: %d %s", row.sentence, answer.Code, answer.Body)
			}
		}
		if answer := ask(as, http.MethodPost, id, "x", strings.Repeat("k", 200)); answer.Code != 400 {
			t.Errorf("a long key: %d %s", answer.Code, answer.Body)
		}
	})
}

// laid lays a draft with one column, a quasi-identifier, and its publisher.
func laid(t *testing.T, s *store.Store) (product uuid.UUID, viewer access.Viewer) {
	t.Helper()
	err := s.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
		o, err := tx.Organisation.Create().SetCreatedAt(tx.Now()).SetName("运营").SetLegalForm(access.Enterprise).SetStatus(access.OrganisationVerified).Save(ctx)
		if err != nil {
			return err
		}
		person, err := tx.Person.Create().SetCreatedAt(tx.Now()).SetEmail("p@test.example").SetDisplayName("p").SetPasswordHash("-").Save(ctx)
		if err != nil {
			return err
		}
		d, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName("交通").Save(ctx)
		if err != nil {
			return err
		}
		p, err := tx.Product.Create().SetCreatedAt(tx.Now()).SetOperatorID(o.ID).SetDomainID(d.ID).SetName("客流").SetStatus(authorisation.ProductDraft).
			SetDelivery(authorisation.DeliveryFile).SetSample([][]string{}).SetSocialInputs([]authorisation.SocialInput{}).SetIdentifier("1").
			SetDictionary([]dictionary.Column{{
				Name: "line", Label: "线路", Type: dictionary.Text, Description: "线路", Sensitivity: authorisation.SensitivityPublic, Required: true, QuasiIdentifier: true,
			}}).Save(ctx)
		if err != nil {
			return err
		}
		product = p.ID
		viewer = access.Viewer{PersonID: person.ID, OrganisationID: o.ID, Verified: true, Parties: []access.Party{access.Operator}, Roles: []access.Role{access.Publisher}}
		if err := tx.Party.Create().SetCreatedAt(tx.Now()).SetOrganisationID(o.ID).SetKind(access.Operator).Exec(ctx); err != nil {
			return err
		}
		return tx.Membership.Create().SetCreatedAt(tx.Now()).SetPersonID(person.ID).SetOrganisationID(o.ID).SetRoles(viewer.Roles).Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	return product, viewer
}
