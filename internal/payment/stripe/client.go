package stripe

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	sdk "github.com/stripe/stripe-go/v76"
	sdkclient "github.com/stripe/stripe-go/v76/client"

	"gongshu/internal/payment"
)

const (
	answerLimit = 8 << 20 // of bytes; a page of a hundred sessions has one tenth
	timeout     = 20 * time.Second
)

// Config is what the adapter needs to know. It is written without its secrets wherever it is printed.
type Config struct {
	// SecretKey is a secret or restricted key of the mode that Live says.
	SecretKey string `json:"-"`
	// WebhookSecrets are those with which events may be signed: one, or two while the endpoint's secret is being changed.
	WebhookSecrets []string `json:"-"`
	// AccountID is our own account (acct_…), empty where no event names an account.
	AccountID string
	// Live is whether real money is moved.
	Live bool
	// BaseURL is where the API is: Stripe's own address or one of this machine. It may be left out only where Live is set.
	BaseURL string
	// Timeout is how long one request may take; zero is 20 seconds.
	Timeout time.Duration
	// Now is the clock; nil is the machine's.
	Now func() time.Time `json:"-"`
}

// Format writes no secret, whatever is asked for.
func (Config) Format(f fmt.State, _ rune) { fmt.Fprint(f, "stripe.Config") }

// New gives a provider for one account. Refused are a key of the other mode than Live says, an address that neither is
// Stripe's nor of this machine, one that is left out where no real money is moved, and secrets that are missing.
func New(c Config) (*Provider, error) {
	mode := "test"
	if c.Live {
		mode = "live"
	}
	base, err := baseURL(c)
	switch {
	case err != nil:
		return nil, err
	case !strings.HasPrefix(c.SecretKey, "sk_"+mode+"_") && !strings.HasPrefix(c.SecretKey, "rk_"+mode+"_"):
		return nil, fmt.Errorf("stripe: the secret key is missing or not one of %s mode", mode)
	case strings.ContainsFunc(c.SecretKey, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, errors.New("stripe: the secret key holds what no key has")
	case len(c.WebhookSecrets) == 0:
		return nil, errors.New("stripe: the secret of the webhook endpoint is missing")
	case c.AccountID != "" && !strings.HasPrefix(c.AccountID, "acct_"):
		return nil, errors.New("stripe: the account is not one")
	}
	for _, secret := range c.WebhookSecrets {
		if strings.TrimSpace(secret) == "" {
			return nil, errors.New("stripe: a secret of the webhook endpoint is empty")
		}
	}
	p := &Provider{client: newClient(c, base), secrets: c.WebhookSecrets, account: c.AccountID, live: c.Live, now: c.Now}
	if p.now == nil {
		p.now = time.Now
	}
	return p, nil
}

func baseURL(c Config) (string, error) {
	if c.BaseURL == "" && c.Live {
		return sdk.APIURL, nil
	}
	u, err := url.Parse(c.BaseURL)
	switch {
	case c.BaseURL == "":
		return "", errors.New("stripe: the address of the API is missing; only live mode has one by itself")
	case err != nil || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("stripe: the address of the API is none")
	case u.Scheme+"://"+u.Host == sdk.APIURL:
		return sdk.APIURL, nil
	case (u.Scheme == "http" || u.Scheme == "https") && loopback(u.Hostname()):
		return u.Scheme + "://" + u.Host, nil
	}
	return "", errors.New("stripe: the address of the API is neither Stripe's nor of this machine")
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// client is the library's client, set up for one account.
type client struct{ api *sdkclient.API }

func newClient(c Config, base string) client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	if c.Timeout == 0 {
		c.Timeout = timeout
	}
	config := &sdk.BackendConfig{
		HTTPClient: &http.Client{
			Transport: bounded{transport},
			Timeout:   c.Timeout,
		},
		LeveledLogger:     &sdk.LeveledLogger{Level: sdk.LevelNull}, // the others write whole answers
		MaxNetworkRetries: sdk.Int64(0),
		EnableTelemetry:   sdk.Bool(false),
		URL:               &base,
	}
	// Each has the address: a backend without one would call Stripe's own.
	return client{sdkclient.New(c.SecretKey, &sdk.Backends{
		API:     sdk.GetBackendWithConfig(sdk.APIBackend, config),
		Connect: sdk.GetBackendWithConfig(sdk.ConnectBackend, config),
		Uploads: sdk.GetBackendWithConfig(sdk.UploadsBackend, config),
	})}
}

// bounded reads no more of an answer than a limit, and goes nowhere else: a redirection is neither followed, since the key is Stripe's
// alone, nor taken for an answer.
type bounded struct{ to http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Del("X-Stripe-Client-User-Agent") // it has the name of this machine
	answer, err := b.to.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode >= 300 && answer.StatusCode < 400 {
		answer.Body.Close()
		return nil, fmt.Errorf("%w: status %d", errUnreadable, answer.StatusCode)
	}
	answer.Body = http.MaxBytesReader(nil, answer.Body, answerLimit)
	return answer, nil
}

// Error is a request that Stripe refused or did not answer. It names no more of it than its kind, so that it can be logged.
// Where it is none of the port's errors, what became of the request is not known.
type Error struct {
	Operation string
	// Status, Code and RequestID are what Stripe said; zero where nothing was heard.
	Status          int
	Code, RequestID string
	// RetryAfter is how long Stripe asks to wait; zero where it does not.
	RetryAfter time.Duration
	cause      error
}

var (
	errUnreadable  = errors.New("the answer could not be read")
	errUnreachable = errors.New("no answer")
	errListTooLong = errors.New("too many to look through")
)

func failure(operation string, cause error) *Error { return &Error{Operation: operation, cause: cause} }

func (e *Error) Error() string {
	text := "stripe: " + e.Operation
	if e.Status != 0 {
		text += fmt.Sprintf(": %d %s (%s)", e.Status, e.Code, e.RequestID)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap is the port's error that it stands for, if it does.
func (e *Error) Unwrap() error { return e.cause }

// as is the same with another cause.
func (e *Error) as(cause error) *Error {
	other := *e
	other.cause = cause
	return &other
}

// read makes one request that moves nothing. That it is refused is no word of what became of a payment: nothing of it is refused for good.
func read[T any](ctx context.Context, operation string, request func() (T, error)) (T, error) {
	answer, err := ask(ctx, operation, request)
	return answer, known(err)
}

// known takes back that something is refused for good where it was only looked at.
func known(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && errors.Is(e.cause, payment.ErrRefused) {
		return e.as(nil)
	}
	return err
}

// missing reports whether what was asked for is not there.
func missing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound
}

// ask makes one request. What is still in progress under its key is waited for.
func ask[T any](ctx context.Context, operation string, request func() (T, error)) (T, error) {
	var none T
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		answer, err := request()
		if err == nil {
			return answer, nil
		}
		failed := describe(ctx, operation, err)
		if failed.Status != http.StatusConflict || wait > 2*time.Second {
			return none, failed
		}
		select {
		case <-ctx.Done():
			return none, failed
		case <-time.After(wait):
		}
	}
}

// describe says what an error of the library means, and leaves out what it holds: whole answers, with what they say of people.
func describe(ctx context.Context, operation string, err error) *Error {
	failed := failure(operation, nil)
	said, ok := errors.AsType[*sdk.Error](err)
	if !ok || said.HTTPStatusCode == 0 {
		broken, isBroken := errors.AsType[*net.OpError](err)
		switch timed, isNet := errors.AsType[net.Error](err); {
		case errors.Is(err, errListTooLong):
			failed.cause = errListTooLong
		case errors.Is(err, errUnreadable):
			failed.cause = errUnreadable
		case ctx.Err() != nil:
			failed.cause = ctx.Err()
		case isNet && timed.Timeout():
			failed.cause = fmt.Errorf("%w in time", errUnreachable)
		case isBroken: // it holds an address, and nothing of the answer
			failed.cause = fmt.Errorf("%w: %w", errUnreachable, broken)
		case isNet || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
			failed.cause = errUnreachable
		default:
			failed.cause = errUnreadable
		}
		return failed
	}
	failed.Status, failed.Code, failed.RequestID = said.HTTPStatusCode, word(string(said.Code)), word(said.RequestID)
	if failed.Code == "" {
		failed.Code = word(string(said.Type))
	}
	if said.LastResponse != nil {
		if seconds, err := strconv.Atoi(said.LastResponse.Header.Get("Retry-After")); err == nil && seconds > 0 && seconds < 24*60*60 {
			failed.RetryAfter = time.Duration(seconds) * time.Second
		}
	}
	switch {
	case said.Type == sdk.ErrorTypeIdempotency && failed.Status == http.StatusBadRequest:
		failed.cause = payment.ErrKeyReused
	case failed.Status == http.StatusBadRequest, failed.Status == http.StatusPaymentRequired, failed.Status == http.StatusNotFound:
		// 401 and 403 are no word about a payment, but about our key.
		failed.cause = payment.ErrRefused
	}
	return failed
}

// word keeps what a code or number of a request is made of.
func word(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), 80)]
}

// idempotency is Stripe's key for an operation. One that would be too long is its hash.
func idempotency(parts ...string) *string {
	key := strings.Join(parts, ":")
	if len(key) > 255 {
		key = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(key)))
	}
	return &key
}

// replayed reports whether an answer is that of an earlier request under the same key, and so may be out of date.
func replayed(r *sdk.APIResponse) bool {
	return r != nil && r.Header.Get("Idempotent-Replayed") == "true"
}

func page(ctx context.Context) sdk.ListParams {
	return sdk.ListParams{Context: ctx, Limit: sdk.Int64(100)}
}

// first is the first of a list for which a condition holds; nil where there is none.
func first[T any](list *sdk.Iter, holds func(*T) bool) (found *T, err error) {
	err = each(list, func(one *T) bool {
		if holds(one) {
			found = one
		}
		return found == nil
	})
	return found, err
}

// each goes through a list until it is told to stop, or the list is too long.
func each[T any](list *sdk.Iter, visit func(*T) bool) error {
	for n := 0; list.Next(); n++ {
		one, ok := list.Current().(*T)
		switch {
		case !ok || one == nil:
			return errUnreadable
		case n >= listed:
			return errListTooLong
		case !visit(one):
			return nil
		}
	}
	return list.Err()
}
