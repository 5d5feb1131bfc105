package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// healthy says that the process answers; whoever restarts it asks here.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, "ok\n") // the caller may be gone
}

// ready says whether requests should be sent here, and what is missing; whoever balances load asks here.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	checks := s.readiness.get(func() map[string]error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second) // others wait for the answer too
		defer cancel()
		return map[string]error{"database": s.Market.Store.Ready(ctx), "migrations": s.migrated(ctx), search: s.searches(ctx)}
	})
	answer := struct {
		Ready  bool              `json:"ready"`
		Checks map[string]string `json:"checks"`
	}{true, map[string]string{}}
	for name, err := range checks {
		answer.Checks[name] = "ok"
		if err != nil {
			answer.Checks[name] = "failed"
			answer.Ready = answer.Ready && name == search // without which the catalogue lists from the database
			s.Log.WarnContext(ctx, "not ready", "check", name, "error", err)
		}
	}
	if s.Preparing != nil {
		if doing := s.Preparing(); doing != "" { // expected, and so nothing for the log
			answer.Ready, answer.Checks["market"] = false, doing
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer) // the caller may be gone
}

func (s *Server) migrated(ctx context.Context) error {
	pending, err := s.Market.Store.Pending(ctx)
	if pending {
		return errors.New("migrations are missing")
	}
	return err
}

// search is the one check that may fail while the server is ready.
const search = "search"

func (s *Server) searches(ctx context.Context) error {
	_, products := s.Market.Search.Products.Count(ctx)
	_, resources := s.Market.Search.Resources.Count(ctx)
	return errors.Join(products, resources)
}
