package uploads

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/dictionary"
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
		post := func(ctx context.Context, id, body string) (int, uploaded) {
			t.Helper()
			w := httptest.NewRecorder()
			files.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/uploads/datasets/"+id, strings.NewReader(body)))
			var out uploaded
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
				t.Fatal(err)
			}
			return w.Code, out
		}
		id, as := publicid.Encode(productPrefix, product), access.With(t.Context(), viewer)
		big := "line\n" + strings.Repeat("A\n", 21)
		for _, row := range []struct {
			sentence   string
			ctx        context.Context
			id, body   string
			status     int
			code       string
			rejects    int
			accepted   bool
			hasDataset bool
		}{
			{"nobody uploads", t.Context(), id, big, 401, "SIGN_IN_REQUIRED", 0, false, false},
			{"what is no product is absent", as, "prd_x", big, 404, "NOT_FOUND", 0, false, false},
			{"a wrong file is rejected by row and column", as, id, "line\n\n=1\n", 400, "DATASET_REJECTED", 1, false, false},
			{"a file of another shape is too", as, id, "other\nA\n", 400, "DATASET_REJECTED", 2, false, false},
			{"a small class stays", as, id, "line\nA\n", 409, "CLASS_TOO_SMALL", 0, false, true},
			{"a large one leaves", as, id, big, 200, "", 0, true, true},
		} {
			status, out := post(row.ctx, row.id, row.body)
			code := ""
			if len(out.Errors) > 0 {
				code = out.Errors[0].Code
			}
			accepted := out.Dataset != nil && out.Dataset.Accepted
			if status != row.status || code != row.code || len(out.Rejects) != row.rejects || accepted != row.accepted || (out.Egress != nil) != row.hasDataset {
				t.Errorf("%s: %d %+v", row.sentence, status, out)
			}
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
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return product, viewer
}
