package session

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
)

// site is a server whose only pages are to come, to change and to go, with a clock that the test moves.
type site struct {
	t        *testing.T
	clock    time.Time
	store    *store.Store
	market   *market.Market
	handler  http.Handler
	sessions *Sessions
}

func eachSite(t *testing.T, run func(t *testing.T, s *site)) {
	testdb.Each(t, func(t *testing.T, url string) {
		s := &site{t: t, clock: time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)}
		var err error
		if s.store, err = store.Open(t.Context(), url, func() time.Time { return s.clock }); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.store.Close() })
		if _, err := s.store.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.market = &market.Market{Store: s.store}
		s.sessions = New(s.store, s.market, true, nil)
		s.handler = s.sessions.Middleware(http.HandlerFunc(s.serve))
		run(t, s)
	})
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	q, ctx := r.URL.Query(), r.Context()
	var err error
	switch r.URL.Path {
	case "/open":
		err = s.sessions.Open(ctx, uuid.MustParse(q.Get("person")), uuid.MustParse(q.Get("organisation")))
	case "/switch":
		err = s.sessions.Switch(ctx, uuid.MustParse(q.Get("organisation")))
	case "/close":
		err = s.sessions.Close(ctx)
	}
	if err != nil {
		s.t.Error(err)
	}
	fmt.Fprint(w, access.FromContext(ctx).OrganisationID)
}

// get asks for a page with a cookie; it returns as which organisation the page was served, and the cookie that came back.
func (s *site) get(page, token string) (organisation uuid.UUID, cookie *http.Cookie) {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, page, nil)
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-gongshu-session", Value: token})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if cookies := w.Result().Cookies(); len(cookies) > 0 {
		cookie = cookies[0]
	}
	return uuid.MustParse(w.Body.String()), cookie
}

func (s *site) found(n int) market.Identity {
	s.t.Helper()
	code, err := authorisation.NewCreditCode(fmt.Sprintf("91510700MA6CGN%03d", n))
	if err != nil {
		s.t.Fatal(err)
	}
	id, err := s.market.OrganisationSignUp(s.t.Context(), market.SignUpInput{
		Name: "甲", CreditCode: string(code), LegalForm: access.Enterprise, Parties: []access.Party{access.Buyer},
		Email: "a@test.example", DisplayName: "甲", Password: "correct horse",
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *site) open(id market.Identity, token string) string {
	s.t.Helper()
	as, cookie := s.get("/open?person="+id.PersonID.String()+"&organisation="+id.OrganisationID.String(), token)
	if as != id.OrganisationID || cookie == nil {
		s.t.Fatalf("signed in as %s with %v", as, cookie)
	}
	return cookie.Value
}

func TestASessionIsSecretAndRenewed(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		id := s.found(1)
		_, cookie := s.get("/open?person="+id.PersonID.String()+"&organisation="+id.OrganisationID.String(), "chosen-by-somebody-else")
		if cookie.Value == "chosen-by-somebody-else" || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
			t.Fatalf("the cookie is %+v", cookie)
		}
		rows, err := s.store.Reader().QueryContext(t.Context(), "SELECT id FROM sessions")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var key string
			if err := rows.Scan(&key); err != nil || strings.Contains(key, cookie.Value) {
				t.Fatalf("the token is stored as it is, %v", err)
			}
		}
		first := cookie.Value
		second := s.open(id, first)
		if as, _ := s.get("/", first); as != uuid.Nil {
			t.Fatal("the session before signing in again still lives")
		}
		if as, _ := s.get("/", second); as != id.OrganisationID {
			t.Fatalf("the session serves %s", as)
		}
		if as, _ := s.get("/", ""); as != uuid.Nil {
			t.Fatal("without a cookie somebody acts")
		}
	})
}

func TestASessionEnds(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		id, other := s.found(1), s.found(2)
		token := s.open(id, "")
		later := func(d time.Duration) { s.clock = s.clock.Add(d) }
		serves := func(sentence string, want uuid.UUID) {
			t.Helper()
			if as, _ := s.get("/", token); as != want {
				t.Fatalf("%s: served as %s, want %s", sentence, as, want)
			}
		}
		later(idle - time.Minute)
		serves("within two hours", id.OrganisationID)
		later(idle)
		serves("after two hours without use", uuid.Nil)

		token = s.open(id, "")
		for range 5 {
			later(idle - time.Minute)
			serves("used all the time", id.OrganisationID)
		}
		_, cookie := s.get("/switch?organisation="+other.OrganisationID.String(), token)
		token = cookie.Value
		later(idle - time.Minute)
		serves("as the other organisation", other.OrganisationID)
		later(10 * time.Minute)
		serves("after twelve hours, though switched and used", uuid.Nil)

		token = s.open(id, "")
		if as, cookie := s.get("/close", token); as != uuid.Nil || cookie == nil || cookie.MaxAge >= 0 {
			t.Fatalf("signed out, served as %s with %v", as, cookie)
		}
		serves("signed out", uuid.Nil)
		if as, _ := s.get("/close", token); as != uuid.Nil {
			t.Fatal("signed out twice")
		}

		token = s.open(id, "")
		if err := s.store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
			return tx.Person.UpdateOneID(id.PersonID).SetDisabledAt(tx.Now()).Exec(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		serves("disabled meanwhile", uuid.Nil)
	})
}

// Whoever signs out while another request is under way stays out when that one ends.
func TestARequestUnderWayBringsNoSessionBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		id := s.found(1)
		token := s.open(id, "")
		s.clock = s.clock.Add(time.Hour)
		slow := s.sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.get("/close", token)
			fmt.Fprint(w, "done")
		}))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: "__Host-gongshu-session", Value: token})
		slow.ServeHTTP(httptest.NewRecorder(), r)
		if as, _ := s.get("/", token); as != uuid.Nil {
			t.Fatal("the session is back")
		}
	})
}

// A session that was kept in another form, as by an earlier version of the program, has ended: it is no error.
func TestASessionInAnotherFormHasEnded(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		id := s.found(1)
		token := s.open(id, "")
		data, err := scs.GobCodec{}.Encode(s.clock.Add(lifetime), map[string]any{personKey: id.PersonID.String(), organisationKey: id.OrganisationID.String()})
		if err == nil {
			_, err = s.store.Writer().ExecContext(t.Context(), "UPDATE sessions SET data = $1", data)
		}
		if err != nil {
			t.Fatal(err)
		}
		if as, _ := s.get("/", token); as != uuid.Nil {
			t.Fatalf("served as %s", as)
		}
		if as, _ := s.get("/", s.open(id, token)); as != id.OrganisationID {
			t.Fatalf("signed in again, served as %s", as)
		}
	})
}

func BenchmarkReadSession(b *testing.B) {
	values := map[string]any{personKey: uuid.NewString(), organisationKey: uuid.NewString()}
	for name, codec := range map[string]scs.Codec{"own": codec{}, "gob": scs.GobCodec{}} {
		b.Run(name, func(b *testing.B) {
			data, err := codec.Encode(time.Now(), values)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, _, err := codec.Decode(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
