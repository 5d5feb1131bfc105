package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	random "math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
)

// Who buys in a scale market: there are 20 buyers at least, the first ones with most orders, all with the demo's password.
const (
	buyerCount = 16
	buyerEmail = "buyer%d@scale.gongshu.example"
	password   = "gongshu-demo"
)

// target is a program that is asked, and what it answered so far.
type target struct {
	base            string
	answered, bytes atomic.Int64
}

// world is what a client learned of the market before it is measured; requests are drawn from it.
type world struct {
	*target
	domains  []domain
	products []product
	offers   []offer
	buyers   []*buyer
	deep     []string // cursors
	licence  string
	open     []*connection
	terms    []string // texts for which all contestants find the same
	priced   []offer  // that cost something
	run      string   // makes the keys of this run its own
	keys     atomic.Int64
}

type domain struct {
	id    string
	pages []string // what the first pages come after; "" for the first
}

type product struct{ id, name string }

// offer is a plan of a product, as an order needs it. What is not priced costs nothing.
type offer struct {
	product, plan, mode string
	priced              bool
}

// quantity is as much as people buy of something that is charged so.
func (o offer) quantity(r *random.Rand) int {
	switch o.mode {
	case "PER_CALL", "PER_VOLUME":
		return 100 * (1 + r.IntN(50))
	case "PER_PERIOD":
		return 1 + r.IntN(4)
	}
	return 1
}

// buyer is a person with a session.
type buyer struct {
	number int
	email  string
	pages  []string // what the pages of its purchases come after
	party  party    // what the database knows it by, where anybody has to be told
}

// connection is one connection to a target that is kept, with the session of a buyer or without one.
type connection struct {
	target *target
	http   *http.Client
	buyer  *buyer
	cookie string
}

type variables = map[string]any

func (t *target) newConnection() *connection {
	return &connection{target: t, http: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxConnsPerHost: 1, MaxIdleConnsPerHost: 1, DisableCompression: true}}}
}

// post asks, reads the whole answer, and fails unless it has no error, and wants is in it: an answer that found nothing
// is none. In JSON a quotation mark of a text is escaped, so that what is looked for cannot be part of one.
func (c *connection) post(ctx context.Context, document string, vars variables, wants string) ([]byte, error) {
	for name, value := range vars {
		if value == "" {
			vars[name] = nil // the first page comes after nothing
		}
	}
	question, err := json.Marshal(map[string]any{"query": document, "variables": vars})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.target.base+"/graphql", bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.cookie != "" {
		request.Header.Set("Cookie", c.cookie)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	c.target.answered.Add(1)
	body, err := io.ReadAll(response.Body)
	c.target.bytes.Add(int64(len(body)))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK || bytes.Contains(body, []byte(`"errors":[{`)) || !bytes.Contains(body, []byte(wants)) {
		return nil, fmt.Errorf("%s was answered %d: %s", firstLine(document), response.StatusCode, body[:min(len(body), 500)])
	}
	for _, cookie := range response.Cookies() {
		c.cookie = cookie.Name + "=" + cookie.Value
	}
	return body, nil
}

// ask posts and reads the answer into to.
func (c *connection) ask(ctx context.Context, document string, vars variables, to any) error {
	body, err := c.post(ctx, document, vars, `"data":{`)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, &struct{ Data any }{to})
}

// connect gives n connections, each with the session of a buyer; sessions are opened once.
func (w *world) connect(ctx context.Context, n int, signedIn bool) ([]*connection, error) {
	if !signedIn {
		strangers := make([]*connection, n)
		for i := range strangers {
			strangers[i] = w.newConnection()
		}
		return strangers, nil
	}
	for i := len(w.open); i < n; i++ {
		c := w.newConnection()
		c.buyer = w.buyers[i%len(w.buyers)]
		if err := c.signIn(ctx); err != nil {
			return nil, err
		}
		w.open = append(w.open, c)
	}
	return w.open[:n], nil
}

// hangUp closes connections, so that those of one case are no burden to the next. Their sessions stay open.
func hangUp(connections []*connection) {
	for _, c := range connections {
		c.http.CloseIdleConnections()
	}
}

func (c *connection) signIn(ctx context.Context) error {
	_, err := c.post(ctx, `mutation SignIn($input: SignInInput!) { signIn(input: $input) { viewer { organisation { id } } errors { code message } } }`,
		variables{"input": variables{"email": c.buyer.email, "password": password}}, `"organisation":{"id"`)
	return err
}

// key is a fresh idempotency key: a market may be measured more than once.
func (w *world) key() string { return w.run + "-" + strconv.FormatInt(w.keys.Add(1), 10) }

// learn walks the catalogue and the purchases as a client would, page by page.
func learn(ctx context.Context, base string, o options) (*world, error) {
	w := &world{target: &target{base: base}, run: rand.Text()}
	c := w.newConnection()
	defer func() { hangUp(append(w.open, c)) }()
	r := random.New(random.NewPCG(o.seed, 0))
	for _, step := range []func(context.Context, *connection, *random.Rand) error{w.learnProducts, w.learnDepth, w.learnOffers, w.learnBuyers} {
		if err := step(ctx, c, r); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// page is the answer of a walk: of a connection, as the field all.
type page struct {
	All struct {
		Edges []struct {
			Cursor string
			Node   struct{ ID, Name string }
		}
		PageInfo struct {
			HasNextPage bool
			EndCursor   string
		}
	}
}

// walk asks for page after page of 100 until there is none, or visit has had enough.
func (c *connection) walk(ctx context.Context, document string, vars variables, visit func(page) (enough bool)) error {
	for after := ""; ; {
		vars["after"] = after
		var p page
		if err := c.ask(ctx, document, vars, &p); err != nil {
			return err
		}
		if visit(p) || !p.All.PageInfo.HasNextPage {
			return nil
		}
		after = p.All.PageInfo.EndCursor
	}
}

// learnProducts walks every domain to its end.
func (w *world) learnProducts(ctx context.Context, c *connection, _ *random.Rand) error {
	var known struct{ Domains []struct{ ID string } }
	if err := c.ask(ctx, `query Domains { domains { id } }`, nil, &known); err != nil {
		return err
	}
	const document = `query Walk($domain: ID!, $after: String) { all: products(filter: {domainIds: [$domain]}, orderBy: NEWEST, first: 100, after: $after) { edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }`
	for _, k := range known.Domains {
		var cursors []string
		err := c.walk(ctx, document, variables{"domain": k.ID}, func(p page) bool {
			for _, e := range p.All.Edges {
				cursors = append(cursors, e.Cursor)
				w.products = append(w.products, product{e.Node.ID, e.Node.Name})
			}
			return false
		})
		if err != nil {
			return err
		}
		if len(cursors) > 0 {
			w.domains = append(w.domains, domain{k.ID, pagesOf(cursors, 5)}) // as far as people leaf
		}
	}
	if len(w.products) == 0 {
		return errors.New("the market has no products")
	}
	return nil
}

// pagesOf is what the first pages of a walk come after, most of them at most.
func pagesOf(cursors []string, most int) []string {
	const length = 20 // of the pages that are measured
	pages := []string{""}
	for i := length; i < len(cursors) && len(pages) < most; i += length {
		pages = append(pages, cursors[i-1])
	}
	return pages
}

// A deep page comes after deepFrom products, or after half of a market that has not many more; any of deepRange cursors there.
const (
	deepFrom  = 5000
	deepRange = 1000
)

func (w *world) learnDepth(ctx context.Context, c *connection, _ *random.Rand) error {
	from := min(deepFrom, len(w.products)/2)
	to := min(deepFrom+deepRange, len(w.products)-1)
	const document = `query Walk($after: String) { all: products(orderBy: NEWEST, first: 100, after: $after) { edges { cursor } pageInfo { hasNextPage endCursor } } }`
	n := 0
	return c.walk(ctx, document, variables{}, func(p page) bool {
		for _, e := range p.All.Edges {
			if n++; n >= from && n <= to {
				w.deep = append(w.deep, e.Cursor)
			}
		}
		return n >= to
	})
}

// learnOffers reads the plans of some hundred products.
func (w *world) learnOffers(ctx context.Context, c *connection, r *random.Rand) error {
	var answer struct {
		Licence struct{ Version string }
		Product struct {
			Plans []struct {
				ID, Mode, StoppedBy string
				Headline            struct{ Amount string }
			}
		}
	}
	for range 500 {
		p := pick(r, w.products)
		answer.Product.Plans = nil
		if err := c.ask(ctx, `query Offer($id: ID!) { licence { version } product(id: $id) { plans { id mode stoppedBy headline { amount } } } }`, variables{"id": p.id}, &answer); err != nil {
			return err
		}
		for _, plan := range answer.Product.Plans {
			if plan.StoppedBy != "" { // a trial price whose time is over
				continue
			}
			w.offers = append(w.offers, offer{p.id, plan.ID, plan.Mode, strings.Trim(plan.Headline.Amount, "0.") != ""})
		}
	}
	w.licence = answer.Licence.Version
	if len(w.offers) == 0 {
		return errors.New("nothing is offered")
	}
	return nil
}

// learnBuyers reads the last purchases of every buyer.
func (w *world) learnBuyers(ctx context.Context, _ *connection, _ *random.Rand) error {
	const document = `query Walk($after: String) { all: orders(first: 100, after: $after) { edges { cursor } pageInfo { hasNextPage endCursor } } }`
	for i := range buyerCount {
		w.buyers = append(w.buyers, &buyer{number: i, email: fmt.Sprintf(buyerEmail, i+1)})
	}
	connections, err := w.connect(ctx, buyerCount, true)
	if err != nil {
		return err
	}
	for _, c := range connections {
		var cursors []string
		err := c.walk(ctx, document, variables{}, func(p page) bool {
			for _, e := range p.All.Edges {
				cursors = append(cursors, e.Cursor)
			}
			return len(cursors) >= 500
		})
		if err != nil {
			return err
		}
		c.buyer.pages = pagesOf(cursors, 25)
	}
	return nil
}

// words are two to four neighbouring Chinese characters of a name, or the name itself where it has none.
func words(r *random.Rand, name string) string {
	var runs [][]rune
	for _, part := range strings.FieldsFunc(name, func(c rune) bool { return !unicode.Is(unicode.Han, c) }) {
		if run := []rune(part); len(run) >= 2 {
			runs = append(runs, run)
		}
	}
	if len(runs) == 0 {
		return name
	}
	run := pick(r, runs)
	n := min(2+r.IntN(3), len(run))
	from := r.IntN(len(run) - n + 1)
	return string(run[from : from+n])
}

func pick[T any](r *random.Rand, from []T) T { return from[r.IntN(len(from))] }

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
