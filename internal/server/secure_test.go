package server

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/publicid"
)

func TestAPageActsForNoOtherOrganisationThanItShows(t *testing.T) {
	own, other := uuid.New(), uuid.New()
	member := access.Viewer{PersonID: uuid.New(), OrganisationID: own}
	for _, row := range []struct {
		sentence string
		viewer   access.Viewer
		shown    string
		status   int
	}{
		{"one that shows its own", member, publicid.Encode("org", own), http.StatusOK},
		{"one that says nothing", member, "", http.StatusOK},
		{"one that shows another", member, publicid.Encode("org", other), http.StatusConflict},
		{"one that shows nonsense", member, "org_", http.StatusConflict},
		{"a person of no organisation", access.Viewer{PersonID: uuid.New()}, publicid.Encode("org", own), http.StatusConflict},
		{"nobody, whom the API asks to sign in", access.Viewer{}, publicid.Encode("org", own), http.StatusOK},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			r := httptest.NewRequestWithContext(access.With(t.Context(), row.viewer), http.MethodPost, "/graphql", nil)
			r.Header.Set(actingAs, row.shown)
			w := httptest.NewRecorder()
			asShown(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
			if w.Code != row.status {
				t.Errorf("is answered %d, not %d", w.Code, row.status)
			}
		})
	}
}
