package server

import (
	"io"
	"net/http"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/publicid"
)

// actingAs is the header in which a page says as which organisation it lets its person act: org_….
const actingAs = "Gongshu-Acting-As"

// asShown refuses what a page sends for another organisation than it shows: one browser has one session, and another page of it
// may have signed in as somebody else, or switched, meanwhile. Who says nothing is not asked.
func asShown(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown := r.Header.Get(actingAs)
		v := access.FromContext(r.Context())
		if shown == "" || !v.SignedIn() || v.OrganisationID != uuid.Nil && shown == publicid.Encode("org", v.OrganisationID) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusConflict)
		const answer = `{"errors":[{"message":"You act as another organisation now than this page shows. Load it again.","extensions":{"code":"ACTING_AS_ANOTHER"}}]}`
		_, _ = io.WriteString(w, answer) // the caller may be gone
	})
}

// careful sets the headers that tell browsers to be careful; a route may set its own in their place.
func (s *Server) careful(next http.Handler) http.Handler {
	https := s.secure()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// bySite answers what a person of this site asked for by GET and nobody else: what it reads is kept as read, and neither a look at its
// head nor another site's link is that.
func bySite(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch site := r.Header.Get("Sec-Fetch-Site"); {
		case r.Method != http.MethodGet:
			w.Header().Set("Allow", http.MethodGet)
			w.WriteHeader(http.StatusMethodNotAllowed)
		case site == "cross-site" || site == "same-site":
			refuseCrossOrigin(w, r)
		default:
			h.ServeHTTP(w, r)
		}
	})
}

// refuseCrossOrigin answers what another site made a browser send: its cookies are not its consent.
func refuseCrossOrigin(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	const answer = `{"errors":[{"message":"This request comes from another site.","extensions":{"code":"CROSS_ORIGIN"}}]}`
	_, _ = io.WriteString(w, answer) // the caller may be gone
}
