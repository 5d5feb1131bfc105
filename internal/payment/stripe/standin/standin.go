// Package standin behaves as Stripe for what the adapter uses of it, so that tests and a browser can pay without Stripe.
//
// It has state, as Stripe has and stripe-mock has not: sessions that open, complete and expire, payments that are declined or ask for
// 3-D Secure, refunds bounded by what is left, disputes, transfers bounded by the balance, idempotency keys that replay, and signed
// events. It is strict: a parameter that it does not know is refused, as Stripe refuses it. A buyer's page is at the session's address.
// What goes wrong on the way is told to it: Fail, Hold, Deliver, Advance. It shares no code with the adapter or with Stripe's
// library, so that a mistake is not made on both sides. It moves no money and keeps nothing when it ends.
//
// It was written from Stripe's documentation, its OpenAPI description and its Go library, and never compared with Stripe at work.
package standin

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Version is the version of the API that it speaks, and the only one it takes.
const Version = "2023-10-16"

const (
	keyLife   = 24 * time.Hour // of an idempotency key
	formLimit = 1 << 20
)

// Options are what it starts with. The zero value takes any key and sends no events.
type Options struct {
	// Key is the secret key that requests must bear; empty takes each.
	Key string
	// Live is the mode of everything in it.
	Live bool
	// PublicURL is where buyers find it; empty is where the request came to.
	PublicURL string
	// WebhookURL is where events are sent, empty where they are not; WebhookSecrets are what they are signed with.
	WebhookURL     string
	WebhookSecrets []string
	// Accounts are connected accounts that money can be transferred to.
	Accounts []string
	// Now is the clock; nil is the machine's.
	Now func() time.Time
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	options Options
	mux     *http.ServeMux
	sending sync.WaitGroup

	mu        sync.Mutex
	ahead     time.Duration
	number    int
	sessions  []*session
	refunds   []*refund
	disputes  []*dispute
	transfers []*transfer
	kept      map[string]*answer
	faults    map[string][]Fault
	held      map[string]chan struct{}
	requests  map[string]int
	pending   bool // refunds
	secrets   []string
	delivery  Delivery
	events    []Event
}

// Fault is what goes wrong with one request.
type Fault string

// The faults. Each but the last three happens before there is an effect.
const (
	TimeoutBefore Fault = "timeout before" // no answer, no effect
	RateLimited   Fault = "rate limited"   // 429 with Retry-After
	ServerError   Fault = "server error"   // 500, forgotten
	BadBody       Fault = "bad body"       // 200 with something that is not JSON
	KeptError     Fault = "kept error"     // 500, replayed under the same idempotency key
	TimeoutAfter  Fault = "timeout after"  // no answer after the effect
	Reset         Fault = "reset"          // the connection breaks in the middle of the answer
	Empty         Fault = "empty"          // the effect, and an object with nothing in it
)

// New gives a stand-in that knows of nothing.
func New(o Options) *Server {
	s := &Server{
		options: o, mux: http.NewServeMux(), secrets: o.WebhookSecrets,
		kept: map[string]*answer{}, faults: map[string][]Fault{}, held: map[string]chan struct{}{}, requests: map[string]int{},
	}
	if s.options.Now == nil {
		s.options.Now = time.Now
	}
	for _, e := range endpoints {
		s.mux.HandleFunc(e.method+" "+e.path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, e) })
	}
	s.mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		write(w, answer{status: 404, body: refusal("invalid_request_error", "", "", "Unrecognized request URL").json()})
	})
	s.mux.HandleFunc("GET /c/pay/{id}", s.page)
	s.mux.HandleFunc("POST /c/pay/{id}", s.act)
	return s
}

// ServeHTTP serves the API and the pages that buyers pay on.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Fail lets the next requests of an operation go wrong, one after the other; "refunds.create" is one, and so on.
func (s *Server) Fail(operation string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[operation] = append(s.faults[operation], faults...)
}

// Hold keeps requests of an operation in progress until it is told to go on.
func (s *Server) Hold(operation string) (goOn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gate := make(chan struct{})
	s.held[operation] = gate
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.held, operation)
		close(gate)
	})
}

// Requests is how many requests of an operation came, whatever became of them. Those that met another in progress under their key are
// counted as "conflict" too, those that were answered as before as "replay", those that get no answer as "drop".
func (s *Server) Requests(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[operation]
}

// Advance moves its clock forward; what is then over expires.
func (s *Server) Advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += by
	s.expire()
}

func (s *Server) now() time.Time { return s.options.Now().Add(s.ahead) }

// id is a new number as Stripe's are.
func (s *Server) id(kind string) string {
	if kind == "cs" {
		kind += "_" + s.mode()
	}
	s.number++
	return fmt.Sprintf("%s_%04d%s", kind, s.number, rand.Text()[:20])
}

func (s *Server) mode() string {
	if s.options.Live {
		return "live"
	}
	return "test"
}

// ---- one request

// endpoint is one operation of the API. Parameters are named as in a form, with [] for a number and [*] for a name of one's own;
// a ! marks what must be there.
type endpoint struct {
	operation, method, path string
	parameters              []string
	run                     func(*Server, call) (object, *apiError)
}

type object map[string]any

// call is a request that was read: flat form values by their names.
type call struct {
	form map[string]string
	id   string // of the path
	host string
}

type answer struct {
	asked  string // of an idempotency key: what was asked for
	at     time.Time
	status int
	body   []byte
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, e endpoint) {
	request := "req_" + rand.Text()[:14]
	w.Header().Set("Request-Id", request)
	w.Header().Set("Stripe-Version", Version)
	key := r.Header.Get("Idempotency-Key")
	if key != "" {
		w.Header().Set("Idempotency-Key", key)
	}
	fault, gate := s.meet(e.operation)
	switch fault {
	case TimeoutBefore:
		s.drop(r)
	case RateLimited:
		w.Header().Set("Retry-After", "2")
		write(w, failed(429, refusal("invalid_request_error", "rate_limit", "", "Too many requests")))
		return
	case ServerError:
		write(w, failed(500, refusal("api_error", "", "", "Something went wrong on our side")))
		return
	case BadBody:
		write(w, answer{status: 200, body: []byte("<html>card 4242 of Mrs Example</html>")})
		return
	}
	c, refused := s.read(w, r, e)
	if refused != nil {
		write(w, failed(refused.status, refused))
		return
	}
	if key == "" || r.Method != http.MethodPost {
		s.mu.Lock()
		a := s.run(e, c)
		s.mu.Unlock()
		s.reply(w, r, a, fault)
		return
	}
	asked := r.Method + " " + r.URL.Path + " " + flat(c.form)
	s.mu.Lock()
	known := s.kept[key]
	if known != nil && known.status != 0 && s.now().Sub(known.at) >= keyLife {
		known = nil
	}
	switch {
	case known == nil:
		s.kept[key] = &answer{asked: asked, at: s.now()}
	case known.asked != asked:
		s.mu.Unlock()
		write(w, failed(400, refusal("idempotency_error", "", "", "Keys for idempotent requests can only be used with the same parameters they were first used with.")))
		return
	case known.status == 0:
		s.requests["conflict"]++
		s.mu.Unlock()
		write(w, failed(409, refusal("idempotency_error", "idempotency_key_in_use", "", "There is currently another in-progress request using this Idempotent Key")))
		return
	default:
		s.requests["replay"]++
		a := *known
		s.mu.Unlock()
		w.Header().Set("Idempotent-Replayed", "true")
		s.reply(w, r, a, fault)
		return
	}
	s.mu.Unlock()
	if gate != nil {
		<-gate
	}
	s.mu.Lock()
	a := failed(500, refusal("api_error", "", "", "Something went wrong on our side"))
	if fault != KeptError {
		a = s.run(e, c)
	}
	a.asked, a.at = asked, s.now()
	s.kept[key] = &a
	s.mu.Unlock()
	s.reply(w, r, a, fault)
}

// meet counts a request and says what is to go wrong with it.
func (s *Server) meet(operation string) (Fault, chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[operation]++
	var fault Fault
	if next := s.faults[operation]; len(next) > 0 {
		fault, s.faults[operation] = next[0], next[1:]
	}
	return fault, s.held[operation]
}

func (s *Server) run(e endpoint, c call) answer {
	s.expire()
	got, refused := e.run(s, c)
	if refused != nil {
		return failed(refused.status, refused)
	}
	return answer{status: 200, body: got.json()}
}

var (
	index = regexp.MustCompile(`\[\d*\]`)
	name  = regexp.MustCompile(`^(.*\bmetadata\]?)\[[^\]]+\]$`)
)

// read reads a request as strictly as Stripe does.
func (s *Server) read(w http.ResponseWriter, r *http.Request, e endpoint) (call, *apiError) {
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || bearer == "" || s.options.Key != "" && bearer != s.options.Key {
		return call{}, &apiError{status: 401, Type: "invalid_request_error", Message: "Invalid API Key provided"}
	}
	if v := r.Header.Get("Stripe-Version"); v != Version {
		return call{}, refusal("invalid_request_error", "", "", "Invalid Stripe API version: "+v)
	}
	values := r.URL.Query()
	if r.Method == http.MethodPost {
		if t, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); t != "application/x-www-form-urlencoded" {
			return call{}, refusal("invalid_request_error", "", "", "Requests are form-encoded")
		}
		r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		if err := r.ParseForm(); err != nil {
			return call{}, refusal("invalid_request_error", "", "", "The body cannot be read")
		}
		values = r.PostForm
	}
	c := call{form: map[string]string{}, id: r.PathValue("id"), host: "http://" + r.Host}
	for key, value := range values {
		shape := index.ReplaceAllString(key, "[]")
		shape = name.ReplaceAllString(shape, "$1[*]")
		if !slices.Contains(e.parameters, shape) && !slices.Contains(e.parameters, shape+"!") {
			return call{}, refusal("invalid_request_error", "parameter_unknown", key, "Received unknown parameter: "+key)
		}
		if len(value) != 1 {
			return call{}, refusal("invalid_request_error", "", key, "Given more than once: "+key)
		}
		c.form[key] = value[0]
	}
	for _, parameter := range e.parameters {
		if must, ok := strings.CutSuffix(parameter, "!"); ok && c.form[strings.ReplaceAll(must, "[]", "[0]")] == "" {
			return call{}, refusal("invalid_request_error", "parameter_missing", must, "Missing required param: "+must)
		}
	}
	return c, nil
}

func flat(form map[string]string) string {
	values := url.Values{}
	for key, value := range form {
		values.Set(key, value)
	}
	return values.Encode()
}

// reply writes an answer, or what a fault leaves of it.
func (s *Server) reply(w http.ResponseWriter, r *http.Request, a answer, fault Fault) {
	switch fault {
	case TimeoutAfter:
		s.drop(r)
	case Empty:
		a.body = []byte("{}")
	case Reset:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		w.WriteHeader(a.status)
		w.Write(a.body[:len(a.body)/2])
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	write(w, a)
}

// drop waits until nobody waits for an answer any more.
func (s *Server) drop(r *http.Request) {
	if r.Method == http.MethodPost { // who has gone is noticed only when the body was read
		r.ParseForm()
	}
	s.mu.Lock()
	s.requests["drop"]++
	s.mu.Unlock()
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}

func write(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	w.Write(a.body)
}

type apiError struct {
	status  int
	Type    string `json:"type"`
	Code    string `json:"code,omitempty"`
	Param   string `json:"param,omitempty"`
	Message string `json:"message"`
}

func refusal(kind, code, param, message string) *apiError {
	return &apiError{status: 400, Type: kind, Code: code, Param: param, Message: message}
}

func missing(what, param, id string) *apiError {
	return &apiError{status: 404, Type: "invalid_request_error", Code: "resource_missing", Param: param, Message: "No such " + what + ": '" + id + "'"}
}

func (e *apiError) json() []byte { return object{"error": e}.json() }

func failed(status int, e *apiError) answer { return answer{status: status, body: e.json()} }

func (o object) json() []byte {
	body, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		panic(err) // of maps and numbers
	}
	return body
}

// metadata reads what a form says under a name.
func (c call) metadata(name string) map[string]string {
	meta := map[string]string{}
	for key, value := range c.form {
		if inner, ok := strings.CutPrefix(key, name+"["); ok {
			meta[strings.TrimSuffix(inner, "]")] = value
		}
	}
	return meta
}

func (c call) number(name string) (int64, *apiError) {
	n, err := strconv.ParseInt(c.form[name], 10, 64)
	if err != nil {
		return 0, refusal("invalid_request_error", "parameter_invalid_integer", name, "Invalid integer: "+c.form[name])
	}
	return n, nil
}

// ---- lists

var paging = []string{"limit", "starting_after", "ending_before", "created", "created[gte]", "created[gt]", "created[lte]", "created[lt]", "expand[]"}

// listed is what every object in a list has.
type listed interface {
	key() string
	since() int64
	show() object
}

// list pages through what fits, the latest first.
func list[T listed](c call, all []T, fits func(T) bool) (object, *apiError) {
	limit := int64(10)
	if c.form["limit"] != "" {
		n, refused := c.number("limit")
		if refused != nil {
			return nil, refused
		}
		if limit = n; limit < 1 || limit > 100 {
			return nil, refusal("invalid_request_error", "", "limit", "Limit is 1 to 100")
		}
	}
	for _, unsupported := range []string{"ending_before", "created", "expand[0]"} {
		if c.form[unsupported] != "" {
			return nil, refusal("invalid_request_error", "", unsupported, "The stand-in has no "+unsupported)
		}
	}
	after := c.form["starting_after"]
	if after != "" && !slices.ContainsFunc(all, func(one T) bool { return one.key() == after }) {
		return nil, missing("object", "starting_after", after)
	}
	data, more, begun := []object{}, false, after == ""
	for _, one := range slices.Backward(all) {
		switch {
		case !begun:
			begun = one.key() == after
		case !within(c, one.since()) || !fits(one):
		case int64(len(data)) == limit:
			more = true
		default:
			data = append(data, one.show())
		}
	}
	return object{"object": "list", "data": data, "has_more": more, "url": "/v1"}, nil
}

func within(c call, at int64) bool {
	for name, holds := range map[string]func(bound int64) bool{
		"created[gte]": func(b int64) bool { return at >= b },
		"created[gt]":  func(b int64) bool { return at > b },
		"created[lte]": func(b int64) bool { return at <= b },
		"created[lt]":  func(b int64) bool { return at < b },
	} {
		if c.form[name] == "" {
			continue
		}
		if bound, refused := c.number(name); refused != nil || !holds(bound) {
			return false
		}
	}
	return true
}

func parameters(more ...string) []string { return slices.Concat(paging, more) }
