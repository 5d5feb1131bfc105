package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"gongshu/internal/config"
	"gongshu/internal/demo"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/payment/bank"
	"gongshu/internal/payment/stripe"
	"gongshu/internal/payment/test"
	"gongshu/internal/server"
	"gongshu/internal/store"
	"gongshu/internal/worker"
)

// serve serves the marketplace and does its background work until it is told to stop.
// It holds the folder and the database before it does anything, so that a second server stops before it did anything.
func serve(ctx context.Context, p *config.Program) error {
	started := time.Now()
	log := newLog(os.Stderr)
	slog.SetDefault(log)
	return withSearch(ctx, p.Data, func(search *market.Searching) error {
		return withStore(ctx, p.Data, func(s *store.Store) error {
			held, release, err := s.HoldServing(ctx)
			if err != nil {
				return err
			}
			defer release()
			err = withMarketIn(held, p.Data, s, func(m *market.Market) error {
				m.Search = search
				return serveMarket(held, p, m, log, started)
			})
			if lost := context.Cause(held); errors.Is(lost, store.ErrServingLost) {
				return errors.Join(lost, err)
			}
			return err
		})
	})
}

// takeTransfers sets bank transfers up where an account is stated, or the market is the demo's.
func takeTransfers(p *config.Program, m *market.Market, isDemo bool) error {
	account := ordering.Transfer{Payee: p.Serve.BankPayee, Bank: p.Serve.BankName, Account: p.Serve.BankAccount}
	stated, err := bank.CheckAccount(account)
	if err != nil {
		return fmt.Errorf("GONGSHU_BANK_PAYEE, GONGSHU_BANK_NAME, GONGSHU_BANK_ACCOUNT: %w", err)
	}
	if !stated && isDemo {
		account, stated = demo.BankAccount, true
	}
	if stated {
		m.Payments[bank.Name] = &bank.Provider{Account: account, Book: market.BankBook{Store: m.Store}}
	}
	return nil
}

// takeCards sets payments by card up where a key of Stripe's is stated.
func takeCards(p *config.Program, m *market.Market) error {
	if p.Serve.StripeKey == "" {
		return nil
	}
	cards, err := stripe.New(stripe.Config{
		SecretKey: p.Serve.StripeKey, WebhookSecrets: p.Serve.StripeSecrets, AccountID: p.Serve.StripeAccount,
		Live: strings.Contains(p.Serve.StripeKey, "_live_"), BaseURL: p.Serve.StripeURL,
	})
	if err != nil {
		return fmt.Errorf("STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRETS, STRIPE_URL: %w", err)
	}
	m.Payments[stripe.Name] = cards
	return nil
}

// serveMarket answers at once, and makes the market whole meanwhile.
func serveMarket(ctx context.Context, p *config.Program, m *market.Market, log *slog.Logger, started time.Time) (err error) {
	signIns, toLoad, err := demoOf(ctx, p, m)
	if err != nil {
		return err
	}
	if p.Serve.TakesTestPayments(signIns != nil) {
		m.Payments[test.Name] = &test.Provider{Memory: m.Store.Taken} // moves no money: never by itself where the market is somebody's own
	}
	if err := takeTransfers(p, m, signIns != nil); err != nil {
		return err
	}
	if err := takeCards(p, m); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", p.Serve.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", p.Serve.Addr, err)
	}
	if err := serveProfiles(ctx, p.Serve.ProfileAddr); err != nil {
		return err
	}
	origin := p.Serve.Origin(listener.Addr())
	m.URL = origin
	prepare := &preparation{market: m, toLoad: toLoad}
	prepare.tell("starting")
	m.Search.Told = func(b market.Building) {
		if doing := prepare.doing.Load(); *doing != "" && !b.Ended { // a market that is whole stays it while its search is built anew
			said := fmt.Sprintf("building the search of %s: %d of %d", b.What, b.Done, b.Total)
			prepare.doing.CompareAndSwap(doing, &said)
		}
		if err := writeBuilding(p.Data, b); err != nil {
			log.Error("cannot say how far the search is built", "error", err)
		}
	}
	s, err := newServer(p, m, origin, prepare, log)
	if err != nil {
		return err
	}
	w, err := worker.New(m.Store, m, log)
	if err != nil {
		return err
	}
	if err := w.Start(ctx); err != nil {
		return err
	}
	announce(origin, time.Since(started), signIns)
	warnOfGaps(ctx, m, log)
	warnOfSharedRate(s.Options, listener.Addr())

	serving, cancel := context.WithCancel(ctx)
	workerStopped := make(chan error, 1)
	go func() { <-serving.Done(); workerStopped <- stop(w) }() // while the server drains: both have one budget
	defer func() { cancel(); err = errors.Join(err, <-workerStopped) }()
	prepared := make(chan error, 1)
	go func() {
		err := prepare.run(serving)
		if err != nil {
			cancel()
		}
		prepared <- err
	}()
	err = s.Serve(serving, listener)
	stopped := ctx.Err() != nil // told to stop, which may well cut the preparation short
	cancel()
	if unprepared := <-prepared; !stopped {
		err = errors.Join(err, unprepared)
	}
	return err
}

// newServer assembles the server as it is configured.
func newServer(p *config.Program, m *market.Market, origin string, prepare *preparation, log *slog.Logger) (*server.Server, error) {
	proxies, err := p.Serve.TrustedProxies()
	if err != nil {
		return nil, err
	}
	rate, err := p.Serve.RatePoints()
	if err != nil {
		return nil, err
	}
	return server.New(server.Options{
		Market: m, Log: log, Origin: origin, Preparing: prepare.Doing, Development: p.InDevelopment(), Rate: rate, TrustedProxies: proxies,
		InMemory: p.Serve.Catalogue == config.InMemory,
	})
}

// warnOfGaps tells whoever runs the program that the working-day calendar ends too early. The market serves all the same.
func warnOfGaps(ctx context.Context, m *market.Market, log *slog.Logger) {
	gaps, err := m.CalendarGaps(store.AsSystem(ctx))
	switch {
	case err != nil:
		log.Error("cannot tell what the working-day calendar lacks", "error", err)
	case len(gaps.Years) > 0:
		log.Warn("the working-day calendar ends too early; load the State Council's notice with: gongshu import --kind calendar FILE",
			"code", "CALENDAR_MISSING", "years", gaps.Years, "waitingProceedings", gaps.Waiting)
	}
}

// warnOfSharedRate tells whoever runs the program that callers cannot be told apart, where people seem to come by a proxy
// that is not trusted: all of them then spend from the purse of its address.
func warnOfSharedRate(o server.Options, bound net.Addr) {
	if o.Origin != "http://"+bound.String() && o.Rate > 0 && len(o.TrustedProxies) == 0 {
		o.Log.Warn("people come by another address than the one listened on, and no proxy is trusted: if one is in front, everybody shares its rate; set GONGSHU_TRUSTED_PROXY")
	}
}

// stop lets the worker finish what it is doing.
func stop(w *worker.Worker) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	return w.Stop(ctx)
}

// stopTime is how long a stop waits for jobs at work, before it takes 5 s more to cancel them; what is cut off is done
// again after the next start. A stop as a whole takes 25 s at most.
const stopTime = 20 * time.Second

// announce says where everything is.
func announce(origin string, took time.Duration, signIns []demo.SignIn) {
	fmt.Printf("Gongshu 公数 serves after %d ms.\n\n", took.Milliseconds())
	fmt.Printf("  Marketplace  %s/\n", origin)
	fmt.Printf("  GraphQL      %s/graphql\n", origin)
	fmt.Printf("  Explorer     %s/explorer\n", origin)
	fmt.Printf("  Operations   %[1]s/healthz  %[1]s/readyz  %[1]s/metrics\n\n", origin)
	if signIns != nil {
		printSignIns(signIns)
	}
}
