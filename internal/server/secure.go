package server

import (
	"io"
	"net/http"
)

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

// refuseCrossOrigin answers what another site made a browser send: its cookies are not its consent.
func refuseCrossOrigin(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	const answer = `{"errors":[{"message":"This request comes from another site.","extensions":{"code":"CROSS_ORIGIN"}}]}`
	_, _ = io.WriteString(w, answer) // the caller may be gone
}
