// Package session owns who a browser is signed in as: a cookie with a random token, and a row in the database that it opens.
//
// The row holds a person and an organisation, nothing else; what they may do is read afresh for every request. The token
// is stored as its hash only, renewed whenever somebody signs in, and sent to scripts and other sites never. A session
// ends 12 hours after signing in, 2 hours after its last use, and at once by signing out.
package session

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

const (
	lifetime = 12 * time.Hour
	idle     = 2 * time.Hour
)

// Sessions are the sessions of all browsers.
type Sessions struct {
	manager *scs.SessionManager
	store   *store.Store
	market  *market.Market
	proxies []netip.Prefix
}

// New returns the sessions over a store; secure says that people reach the program by https. What one of the proxies says
// of whom it speaks for is believed.
func New(s *store.Store, m *market.Market, secure bool, proxies []netip.Prefix) *Sessions {
	manager := scs.New()
	manager.Lifetime = lifetime
	manager.Store = rows{s}
	manager.Codec = codec{}
	manager.HashTokenInStore = true
	manager.ErrorFunc = unavailable
	manager.Cookie.Name = "gongshu-session"
	if manager.Cookie.Secure = secure; secure {
		manager.Cookie.Name = "__Host-gongshu-session" // browsers then take it from this host by https only
	}
	manager.Cookie.Persist = false
	return &Sessions{manager: manager, store: s, market: m, proxies: proxies}
}

const (
	personKey       = "person"
	organisationKey = "organisation"
)

// Middleware lets every request act as whom its session says, as nobody without one.
func (s *Sessions) Middleware(next http.Handler) http.Handler {
	return s.manager.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		v, err := s.viewer(ctx)
		if err != nil {
			unavailable(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(market.WithAddress(access.With(ctx, v), AddressOf(r, s.proxies))))
	}))
}

// viewer is whom the session says, nobody when they may no longer act there.
func (s *Sessions) viewer(ctx context.Context) (access.Viewer, error) {
	person, err := uuid.Parse(s.manager.GetString(ctx, personKey))
	if err != nil {
		return access.Viewer{}, nil
	}
	organisation, err := uuid.Parse(s.manager.GetString(ctx, organisationKey))
	if err != nil {
		return access.Viewer{}, nil
	}
	return s.market.Viewer(ctx, person, organisation)
}

// Open begins a session of a person that acts as an organisation, for the rest of the request too.
func (s *Sessions) Open(ctx context.Context, personID, organisationID uuid.UUID) error {
	return s.become(ctx, personID, organisationID, s.store.Now().Add(lifetime))
}

// Switch makes the session act as another organisation, for the rest of the request too. It ends when it would have.
func (s *Sessions) Switch(ctx context.Context, organisationID uuid.UUID) error {
	return s.become(ctx, access.FromContext(ctx).PersonID, organisationID, s.manager.Deadline(ctx))
}

func (s *Sessions) become(ctx context.Context, personID, organisationID uuid.UUID, deadline time.Time) error {
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.SetDeadline(ctx, deadline)
	s.manager.Put(ctx, personKey, personID.String())
	s.manager.Put(ctx, organisationKey, organisationID.String())
	v, err := s.viewer(ctx)
	if err != nil {
		return err
	}
	access.Become(ctx, v)
	return nil
}

// Still returns who acts by the session of a request that goes on, read afresh: nobody once the session has ended or the
// person may no longer act there. Asking is no use of the session.
func (s *Sessions) Still(ctx context.Context) (access.Viewer, error) {
	lasts, err := rows{s.store}.lasts(ctx, keyOf(s.manager.Token(ctx)))
	if err != nil || !lasts {
		return access.Viewer{}, err
	}
	return s.viewer(ctx)
}

// Close ends the session. Done twice, or without one, it is no error.
func (s *Sessions) Close(ctx context.Context) error {
	if err := s.manager.Destroy(ctx); err != nil {
		return err
	}
	access.Become(ctx, access.Viewer{})
	return nil
}

// unavailable answers when the sessions cannot be read: as nobody would be wrong, and the cause is not the caller's.
func unavailable(w http.ResponseWriter, r *http.Request, err error) {
	slog.ErrorContext(r.Context(), "session: not available", slog.Any("error", err))
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(`{"errors":[{"message":"Sign-in is not available now.","extensions":{"code":"UNAVAILABLE"}}]}`))
}
