package main

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// operation is something that all contestants are asked.
type operation struct {
	name string
	// signedIn says that buyers ask; otherwise it is nobody in particular.
	signedIn bool
	do       func(ctx context.Context, w *world, c *contestant, conn *connection, r *rand.Rand) error
}

// besideOperations are measured in this order: those that write come last.
var besideOperations = []operation{
	{"list", false, reading("list")},
	{"deep page", false, reading("deep page")},
	{"detail", false, reading("detail")},
	{"search with facets", false, reading("search")},
	{"order history", true, reading("history")},
	{"order and pay", true, ordering},
	{"90 reads, 10 orders", true, mixing},
}

// reading asks for one thing of a kind, which the randomness picks: the same of every contestant.
func reading(kind string) func(context.Context, *world, *contestant, *connection, *rand.Rand) error {
	return func(ctx context.Context, w *world, c *contestant, conn *connection, r *rand.Rand) error {
		_, err := c.ask(ctx, conn, c.question(kind, w, conn.buyer, r))
		return err
	}
}

// question draws one.
func (c *contestant) question(kind string, w *world, b *buyer, r *rand.Rand) question {
	q := question{operation: kind, first: pageLength, buyer: b.party}
	switch kind {
	case "list":
		i := r.IntN(len(w.domains))
		q.domain, q.after = w.domains[i].id, c.domains[i].before(r.IntN(c.domains[i].pages()))
	case "deep page":
		from := min(deepFrom, len(w.products)/2)
		q.after = c.newest.cursors[from-1+r.IntN(len(c.newest.cursors)-from+1)]
	case "detail":
		q.product = pick(r, w.products).id
	case "search":
		q.text = pick(r, w.terms)
	case "history":
		q.after = c.histories[b.number].before(r.IntN(c.histories[b.number].pages()))
	}
	return q
}

// ordering places an order and pays it, each in a request of its own.
func ordering(ctx context.Context, w *world, c *contestant, conn *connection, r *rand.Rand) error {
	o := pick(r, w.priced)
	_, _, err := c.order(ctx, w, conn, o, o.quantity(r))
	return err
}

// order gives the id of the order, and what its payment was answered.
func (c *contestant) order(ctx context.Context, w *world, conn *connection, o offer, quantity int) (id string, paid []byte, err error) {
	q := question{operation: "place", buyer: conn.buyer.party, offer: o, quantity: quantity, licence: w.licence, key: w.key()}
	body, err := c.ask(ctx, conn, q)
	if err != nil {
		return "", nil, err
	}
	var placed struct {
		Data map[string]struct{ Order struct{ ID string } }
	}
	if err := json.Unmarshal(body, &placed); err != nil {
		return "", nil, fmt.Errorf("%s: place an order: %w", c.name, err)
	}
	for _, mutation := range placed.Data {
		q.order = mutation.Order.ID
	}
	q.operation = "pay"
	paid, err = c.ask(ctx, conn, q)
	return uuidOf(q.order), paid, err
}

// mixing is nine reads of ten, of all kinds alike, and an order of ten.
func mixing(ctx context.Context, w *world, c *contestant, conn *connection, r *rand.Rand) error {
	if r.IntN(10) == 0 {
		return ordering(ctx, w, c, conn, r)
	}
	return reading(pick(r, reads[:]))(ctx, w, c, conn, r)
}

var reads = [...]string{"list", "deep page", "detail", "search", "history"}

//go:embed beside.sql
var besideSQL string

// beside is the market and those that are measured with it.
type beside struct {
	*world
	server      *server
	db          *sql.DB
	contestants []*contestant // the market first
}

// besideFound is what was found of all.
type besideFound struct {
	names, about []string // of the contestants, the market first
	agreed       string   // how many texts to search for they understand alike
	comparisons  []comparison
}

// comparison is one operation at one number of connections, by contestant.
type comparison struct {
	operation   string
	connections int
	results     []result
}

// measureBeside starts the contestants on the market's database, makes sure that they give the same answers, and measures them in turns.
func measureBeside(ctx context.Context, o options, s *server, w *world) (found besideFound, err error) {
	b, err := startBeside(ctx, o, s, w)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, b.stop()) }()
	if found.agreed, err = b.agree(ctx, o); err != nil {
		return found, err
	}
	for _, c := range b.contestants {
		found.names, found.about = append(found.names, c.name), append(found.about, c.about)
	}
	for _, op := range besideOperations {
		for _, n := range o.connections {
			one, err := b.measure(ctx, op, n, o)
			if err != nil {
				return found, fmt.Errorf("%s with %d connections: %w", op.name, n, err)
			}
			for i, row := range one.results {
				say("%-12s: %s", found.names[i], row.line())
			}
			found.comparisons = append(found.comparisons, one)
		}
	}
	return found, nil
}

func startBeside(ctx context.Context, o options, s *server, w *world) (b *beside, err error) {
	b = &beside{world: w, server: s, contestants: []*contestant{market(s, w)}}
	if b.db, err = sql.Open(s.driver, s.source); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.stop())
		}
	}()
	say("beside: laying indexes, functions and a catalogue")
	if _, err := b.db.ExecContext(ctx, besideSQL); err != nil {
		return b, fmt.Errorf("beside.sql: %w", err)
	}
	if _, err := b.db.ExecContext(ctx, "VACUUM ANALYZE"); err != nil {
		return b, err
	}
	for _, buyer := range w.buyers {
		const known = "SELECT m.organisation_id, m.person_id FROM memberships m JOIN persons p ON p.id = m.person_id WHERE p.email = $1"
		if err := b.db.QueryRowContext(ctx, known, buyer.email).Scan(&buyer.party.organisation, &buyer.party.person); err != nil {
			return b, fmt.Errorf("find %s: %w", buyer.email, err)
		}
	}
	starts := map[string]func(context.Context, options, string) (*contestant, error){"postgraphile": startPostGraphile, "sql": startSQL}
	folder := filepath.Join(o.folder, "run-beside")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return b, err
	}
	for _, name := range o.beside {
		say("beside: starting %s", name)
		c, err := starts[name](ctx, o, folder)
		if err != nil {
			return b, err
		}
		b.contestants = append(b.contestants, c)
	}
	return b, nil
}

// stop ends what was started for it.
func (b *beside) stop() error {
	err := b.db.Close()
	for _, c := range b.contestants[1:] {
		err = errors.Join(err, c.stop())
	}
	return err
}

// turnSeconds is about how long a turn is: what else the machine does shall meet all, and a turn not be all beginning.
const turnSeconds = 2.5

// measure lets the contestants take turns at one operation, another first each time, and adds up each one's turns.
func (b *beside) measure(ctx context.Context, op operation, n int, o options) (one comparison, err error) {
	one = comparison{operation: op.name, connections: n, results: make([]result, len(b.contestants))}
	if err := b.server.settle(ctx, 1); err != nil {
		return one, err
	}
	seen, used := make([]loaded, len(b.contestants)), make([]counters, len(b.contestants))
	bytes, connections := make([]int64, len(b.contestants)), make([][]*connection, len(b.contestants))
	turn := func(i int, seed uint64, seconds float64) loaded {
		c := b.contestants[i]
		do := func(ctx context.Context, w *world, conn *connection, r *rand.Rand) error {
			return op.do(ctx, w, c, conn, r)
		}
		return load(ctx, b.world, benchCase{do: do}, connections[i], seed, time.Duration(seconds*float64(time.Second)))
	}
	for i, c := range b.contestants {
		if connections[i], err = c.connect(ctx, b.world, n, op.signedIn); err != nil {
			return one, err
		}
		defer hangUp(connections[i])
		one.results[i].errors += b.told(i, op, turn(i, o.seed, o.warmUp))
		if err := forgetMost(c.pid()); err != nil {
			return one, err
		}
	}
	turns := max(2, int(math.Round(o.seconds/turnSeconds)))
	for k := range turns {
		for j := range b.contestants {
			i := (k + j) % len(b.contestants)
			before, err := countersOf(b.contestants[i].process, b.server.postgres)
			if err != nil {
				return one, err
			}
			answered := b.contestants[i].bytes.Load()
			profiled := func() error { return nil }
			if k == 0 && i == 0 { // the market's
				profiled = b.server.profileCPU(ctx, o, o.seconds/float64(turns), "beside "+op.name, n)
			}
			took := turn(i, o.seed+uint64(k)+1, o.seconds/float64(turns))
			after, err := countersOf(b.contestants[i].process, b.server.postgres)
			if err = errors.Join(err, profiled()); err != nil {
				return one, err
			}
			b.told(i, op, took)
			seen[i], used[i], bytes[i] = seen[i].and(took), used[i].and(after.since(before)), bytes[i]+b.contestants[i].bytes.Load()-answered
		}
	}
	if ctx.Err() != nil {
		return one, ctx.Err()
	}
	for i, c := range b.contestants {
		row := rowOf(seen[i], used[i])
		row.name, row.connections, row.errors = op.name, n, row.errors+one.results[i].errors
		row.bytes = bytes[i] / int64(max(row.requests, 1))
		if row.memory, err = memoryOf(c.pid()); err != nil {
			return one, err
		}
		one.results[i] = row
	}
	return one, nil
}

// told says what went wrong, and how often.
func (b *beside) told(i int, op operation, seen loaded) int {
	if seen.errors > 0 {
		say("%s of %s: %d ERRORS, one of them: %v", op.name, b.contestants[i].name, seen.errors, seen.first)
	}
	return seen.errors
}

// agree learns what can be asked, and makes sure that all contestants answer it alike: lists, products and histories to the last word,
// orders with every row that they leave. Texts that are understood otherwise are not searched for.
func (b *beside) agree(ctx context.Context, o options) (agreed string, err error) {
	for _, c := range b.contestants {
		say("beside: %s walks the lists", c.name)
		if err := c.learn(ctx, b.world); err != nil {
			return "", fmt.Errorf("%s: %w", c.name, err)
		}
		if err := alike(b.contestants[0], c); err != nil {
			return "", err
		}
	}
	r := rand.New(rand.NewPCG(o.seed, 2))
	if agreed, err = b.chooseTerms(ctx, r, o.terms); err != nil {
		return "", err
	}
	for _, kind := range reads {
		for range 20 {
			at, err := b.compare(ctx, kind, r.Uint64())
			if err == nil && at != "" {
				err = fmt.Errorf("the answers of %s", at)
			}
			if err != nil {
				return "", fmt.Errorf("%s: %w", kind, err)
			}
		}
	}
	for _, o := range b.offers {
		if o.priced {
			b.priced = append(b.priced, o)
		}
	}
	if len(b.priced) == 0 {
		return "", errors.New("nothing costs anything")
	}
	for range 20 {
		if err := b.compareOrders(ctx, r); err != nil {
			return "", err
		}
	}
	return agreed, nil
}

// alike makes sure that two contestants list the same in the same order.
func alike(a, b *contestant) error {
	for _, lists := range [][2][]course{{{a.newest}, {b.newest}}, {a.domains, b.domains}, {a.histories, b.histories}} {
		for i := range lists[0] {
			if !slices.Equal(lists[0][i].ids, lists[1][i].ids) {
				return fmt.Errorf("%s and %s list other things, or in another order", a.name, b.name)
			}
		}
	}
	return nil
}

// compare asks all for the same and says where their answers differ.
func (b *beside) compare(ctx context.Context, kind string, seed uint64) (at string, err error) {
	var first any
	for i, c := range b.contestants {
		r := rand.New(rand.NewPCG(seed, 0))
		buyer := r.IntN(len(b.buyers))
		connections, err := c.connect(ctx, b.world, buyer+1, kind == "history")
		if err != nil {
			return "", err
		}
		body, err := c.ask(ctx, connections[buyer], c.question(kind, b.world, b.buyers[buyer], r))
		if err != nil {
			return "", fmt.Errorf("%s: %w", c.name, err)
		}
		content, err := contentOf(body)
		hangUp(connections)
		if err != nil {
			return "", fmt.Errorf("%s: %w", c.name, err)
		}
		if i == 0 {
			first = content
		} else if at := differ(b.contestants[0].name+" and "+c.name, first, content); at != "" {
			return at, nil
		}
	}
	return "", nil
}

// chooseTerms draws texts from the names of products and keeps those for which all find the same products with the same counts.
func (b *beside) chooseTerms(ctx context.Context, r *rand.Rand, draws int) (agreed string, err error) {
	var terms, others []string
	for range draws {
		term := words(r, pick(r, b.products).name)
		if slices.Contains(terms, term) || slices.Contains(others, term) {
			continue
		}
		b.terms = []string{term}
		at, err := b.compare(ctx, "search", r.Uint64())
		if err != nil {
			return "", fmt.Errorf("search for %s: %w", term, err)
		}
		if at == "" {
			terms = append(terms, term)
			continue
		}
		if others = append(others, term); len(others) == 1 {
			say("beside: not alike for %s: %s", term, at)
		}
	}
	b.terms = terms
	agreed = fmt.Sprintf("%d texts of %d", len(terms), len(terms)+len(others))
	say("beside: agreed on %s", agreed)
	if len(terms) <= len(others) {
		return "", fmt.Errorf("they find the same for only %s", agreed)
	}
	return agreed, nil
}

// left is what an order leaves in the database, without ids and times.
const left = `
SELECT json_build_object('order', (SELECT row_to_json(r) FROM (SELECT status, purpose, quantity, net_fen, vat_fen, total_fen, version, plan_id, terms::jsonb - 'quotation' AS terms, terms::jsonb #> '{quotation,Lines}' AS lines FROM orders WHERE id = $1) r),
  'payments', (SELECT json_agg(r) FROM (SELECT provider, state, amount_fen, version FROM payments WHERE order_id = $1) r),
  'entitlements', (SELECT json_agg(r) FROM (SELECT status, purpose, quota_calls, quota_bytes, ends_at, organisation_id, product_id FROM entitlements WHERE order_id = $1) r),
  'postings', (SELECT json_agg(r) FROM (SELECT p.position, p.amount_fen, p.channel, p.basis, p.from_account_id, p.to_account_id, p.contributor_id, p.product_id, p.allocation_rule_id, e.kind
    FROM entries e JOIN postings p ON p.entry_id = e.id WHERE e.order_id = $1 ORDER BY p.position) r),
  'notifications', (SELECT json_agg(r) FROM (SELECT kind, subject_kind, organisation_id, params::jsonb FROM notifications WHERE subject_id = $1 ORDER BY organisation_id) r),
  'audit', (SELECT json_agg(r) FROM (SELECT action, subject_kind, person_id, organisation_id, change::jsonb - 'payment' AS change FROM audit_records WHERE subject_id = $1 ORDER BY action) r))`

// compareOrders lets all order and pay the same, and compares what they answer and every row that they leave.
func (b *beside) compareOrders(ctx context.Context, r *rand.Rand) error {
	o := pick(r, b.priced)
	quantity, buyer := o.quantity(r), r.IntN(len(b.buyers))
	var first, firstRows any
	for i, c := range b.contestants {
		connections, err := c.connect(ctx, b.world, buyer+1, true)
		if err != nil {
			return err
		}
		id, paid, err := c.order(ctx, b.world, connections[buyer], o, quantity)
		hangUp(connections)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		content, err := contentOf(paid)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		answer := map[string]any{}
		for _, key := range []string{"quotaCalls", "quotaBytes", "endsAt"} {
			answer[key] = find(content, key)
		}
		var text []byte
		if err := b.db.QueryRowContext(ctx, left, id).Scan(&text); err != nil {
			return fmt.Errorf("read what an order of %s left: %w", c.name, err)
		}
		var rows any
		if err := json.Unmarshal(text, &rows); err != nil {
			return err
		}
		if i == 0 {
			first, firstRows = answer, rows
			continue
		}
		for _, at := range []string{differ("answer", first, any(answer)), differ("rows", firstRows, rows)} {
			if at != "" {
				return fmt.Errorf("orders of %s and %s are not alike: %s", b.contestants[0].name, c.name, at)
			}
		}
	}
	return nil
}
