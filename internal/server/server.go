// Package server assembles the HTTP server: which address is answered by what, and what is true of every answer.
//
// It owns the routes, the request id, the access log, metrics, the headers of security, the protection against requests
// forged by other sites, limits of rate and time and the graceful stop. What the routes do is theirs: graphqlhttp, graph, gateway
// and web-client. Which database and index are used is the caller's.
//
// It promises that every answer names its request in X-Request-Id, and that neither log nor metrics hold more of a query
// than its name, an address with ids in it, a token or a person's data.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"gongshu/graph/records"
	"gongshu/internal/feed"
	"gongshu/internal/gateway"
	"gongshu/internal/market"
	"gongshu/internal/server/ratelimit"
	"gongshu/internal/server/session"
	"gongshu/internal/server/uploads"
	webclient "gongshu/web-client"
)

// The time limits of the server.
const (
	headerTime = 5 * time.Second
	// requestTime is for a request; uploads and gateway give more to whom they let send or fetch a file.
	requestTime = 30 * time.Second
	idleTime    = 2 * time.Minute
	// drainTime is how long a stop waits for requests under way; the worker stops meanwhile, in as much time.
	drainTime = 25 * time.Second
	// maxHeader is in bytes.
	maxHeader = 64 << 10
)

// Options are what a server is assembled from.
type Options struct {
	// Market is whole: with its store, its index, its files and its ways to pay.
	Market *market.Market
	Log    *slog.Logger
	// Origin is the address that people use: http://127.0.0.1:8080. With https, browsers are told to stay with it.
	Origin string
	// Preparing says what is still being done until the market is whole, and then "". Without it, it is whole.
	Preparing func() string
	// Development opens the schema to everybody, not only to who is signed in.
	Development bool
	// Rate is how many points of cost an account, a credential or an address may spend in a minute; 0 is without end.
	Rate int
	// InMemory answers public reads from memory, as far as there is room for the public records of products.
	InMemory bool
	// TrustedProxies may say, in X-Forwarded-For, for whom they speak.
	TrustedProxies []netip.Prefix
}

// secure reports whether people come by https.
func (o Options) secure() bool { return strings.HasPrefix(o.Origin, "https://") }

// Server answers HTTP.
type Server struct {
	Options
	sessions  *session.Sessions
	metrics   *metrics
	rates     *ratelimit.Limiter
	feed      *feed.Feed
	handler   http.Handler
	records   *records.Keeper
	memory    *records.Memory // nil where public reads come from the database
	readiness remembered[map[string]error]
	// drainTime is how long a stop waits for requests under way.
	drainTime time.Duration
}

// New assembles a server.
func New(o Options) (*Server, error) {
	o.Log = slog.New(NamingRequests(o.Log.Handler()))
	s := &Server{
		Options:   o,
		sessions:  session.New(o.Market.Store, o.Market, o.secure(), o.TrustedProxies),
		metrics:   newMetrics(o.Market.Store),
		rates:     ratelimit.New(o.Rate, o.Market.Store.Now),
		feed:      feed.New(o.Market.Store, o.Log),
		drainTime: drainTime,
	}
	sameOrigin := http.NewCrossOriginProtection()
	if err := sameOrigin.AddTrustedOrigin(o.Origin); err != nil {
		return nil, fmt.Errorf("the address that people use: %w", err)
	}
	sameOrigin.SetDenyHandler(http.HandlerFunc(refuseCrossOrigin))
	api, keeper, err := s.graphql()
	if err != nil {
		return nil, err
	}
	s.records = keeper
	s.handler = s.observe(s.careful(sameOrigin.Handler(s.routes(api))))
	return s, nil
}

func (s *Server) routes(api http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", s.sessions.Middleware(asShown(api)))
	files := s.sessions.Middleware(uploads.New(s.Market, s.spend))
	mux.Handle("/uploads/", files)
	mux.Handle("/documents/", files)
	mux.Handle("GET /reports/revenue.csv", s.sessions.Middleware(http.HandlerFunc(s.revenue)))
	mux.Handle("GET /transfers/outgoing.csv", bySite(s.sessions.Middleware(http.HandlerFunc(s.outgoing))))
	mux.Handle("GET /reports/invoices.csv", s.sessions.Middleware(http.HandlerFunc(s.invoices)))
	mux.Handle("GET /payouts/{file}", bySite(s.sessions.Middleware(http.HandlerFunc(s.payout))))
	prices := s.sessions.Middleware(http.HandlerFunc(s.priceReport))
	mux.Handle("GET /reports/prices.xlsx", prices)
	mux.Handle("GET /reports/prices.html", prices)
	for _, path := range []string{"/reports/disclosure.xlsx", "/reports/disclosure.html"} {
		mux.HandleFunc("GET "+path, s.disclosure)
		mux.HandleFunc(path, readOnly)
	}
	data := gateway.New(s.Market, s.Log)
	data.Rate = dataRate{s}
	mux.Handle("/data/v1/", data)
	mux.HandleFunc("GET /templates/{name}", template)
	mux.HandleFunc("/templates/{name}", readOnly)
	mux.HandleFunc("POST /webhooks/{provider}", s.webhook)
	mux.HandleFunc("GET /healthz", s.healthy)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", s.metrics.handler())
	pages := webclient.Handler()
	s.harvestRoutes(mux, pages)
	mux.Handle("/", pages)
	return mux
}

// Handler is everything that the server answers.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers until ctx ends, then takes no new requests, waits for those under way and returns.
// What does not end in time is cut off with a warning; an error means that it could not serve.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: requestTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
	keep, stop := context.WithCancel(ctx)
	var keeping sync.WaitGroup
	keeping.Go(func() { s.records.Run(keep) })
	if s.memory != nil {
		keeping.Go(func() { s.memory.Run(keep) })
	}
	defer func() { stop(); keeping.Wait() }()
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.feed.Close() // nobody waits for the end of a stream
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.drainTime)
	defer cancel()
	if err := h.Shutdown(drain); err != nil {
		s.Log.WarnContext(ctx, "requests that did not end were cut off", "after", s.drainTime, "error", errors.Join(err, h.Close()))
	}
	return nil
}
