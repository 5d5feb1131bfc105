package kills

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
)

// loadPoint is the point of whoever is killed while many work at once.
const loadPoint = "at a random time, under load"

// load is what everybody needs who works at once.
type load struct {
	Buyer, Charity, Agency, Operator access.Viewer
	Rows, Moving                     ware
	Secret, Prefix                   string
	Evidence                         uuid.UUID
	Listed                           bool
}

// attempt is one request of a child under load. It is told before it is made, and again with its answer.
type attempt struct {
	Kind, Key string
	// ID is the order that is paid, or the proceeding that is decided.
	ID uuid.UUID
	// Answer is "" until there is one.
	Answer string
}

// payTries is how often a client asks for a payment at once whose provider does not answer, or has not decided. Of a payment that
// is begun at most three in four go on waiting.
const payTries = 100

const (
	saysWork = "AT WORK"
	saysTry  = "TRY "
	saysDone = "DONE "
)

// kinds are the requests, and the refusal that says of one without a key that it was done before.
var kinds = map[string]struct {
	over string
	do   func(ctx context.Context, o *opened, l load, a attempt) (string, error)
}{
	"place": {"", func(ctx context.Context, o *opened, l load, a attempt) (string, error) {
		return text(o.placed(access.With(ctx, l.Buyer), l.Rows, 10, a.Key))
	}},
	"pay": {"", func(ctx context.Context, o *opened, l load, a attempt) (string, error) {
		for tries := 1; ; tries++ {
			id, err := o.paid(access.With(ctx, l.Buyer), a.ID, a.Key)
			if fault.CodeOf(err) != "PAYMENT_PENDING" || tries == payTries {
				return text(id, err)
			}
		}
	}},
	"call": {"", func(ctx context.Context, o *opened, l load, a attempt) (string, error) {
		body, err := o.called(ctx, l.Rows.Product, l.Secret, a.Key)
		return fmt.Sprintf("%x", sha256.Sum256([]byte(body))), err
	}},
	"apply": {"", func(ctx context.Context, o *opened, l load, a attempt) (string, error) {
		return text(o.applied(access.With(ctx, l.Charity), l.Rows.Product, l.Evidence, a.Key))
	}},
	"decide": {"PROCEEDING_ENDED", func(ctx context.Context, o *opened, l load, a attempt) (string, error) {
		return "decided", o.decided(access.With(ctx, l.Agency), a.ID)
	}},
	"list": {"MOVE_NOT_ALLOWED", func(ctx context.Context, o *opened, l load, _ attempt) (string, error) {
		return "moved", o.ProductList(access.With(ctx, l.Operator), l.Moving.Product)
	}},
	"suspend": {"MOVE_NOT_ALLOWED", func(ctx context.Context, o *opened, l load, _ attempt) (string, error) {
		return "moved", o.ProductSuspend(access.With(ctx, l.Operator), l.Moving.Product, "核查")
	}},
}

// loadChild works until it is killed: two order and pay at a provider with moods, one calls, one applies and one decides on it, one lists and delists,
// and the worker keeps what all of them promise.
func loadChild(k task) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // as its parent waits for it
	defer cancel()
	o, err := k.Place.open(ctx)
	if err != nil {
		return fmt.Errorf("open the market: %w", err)
	}
	if err := o.SearchPrepare(ctx, false); err != nil {
		return fmt.Errorf("prepare the search: %w", err)
	}
	if _, err := o.work(ctx); err != nil {
		return err
	}
	fmt.Println(saysWork)
	failed := make(chan error)
	listed := k.Load.Listed
	for i, each := range []func(try func(kind string, of uuid.UUID) string){
		func(try func(string, uuid.UUID) string) { try("pay", uuid.MustParse(try("place", uuid.Nil))) },
		func(try func(string, uuid.UUID) string) { try("pay", uuid.MustParse(try("place", uuid.Nil))) },
		func(try func(string, uuid.UUID) string) { try("call", uuid.Nil) },
		func(try func(string, uuid.UUID) string) { try("decide", uuid.MustParse(try("apply", uuid.Nil))) },
		func(try func(string, uuid.UUID) string) {
			try(map[bool]string{true: "suspend", false: "list"}[listed], uuid.Nil)
			listed = !listed
		},
	} {
		go func() {
			for n := 0; ; n++ {
				each(func(kind string, of uuid.UUID) string {
					a := attempt{Kind: kind, Key: fmt.Sprintf("%s-%d-%d-%s", k.Load.Prefix, i, n, kind), ID: of}
					say(saysTry, a)
					answer, err := kinds[kind].do(ctx, o, *k.Load, a)
					if err != nil {
						failed <- fmt.Errorf("%s: %w", kind, err)
						select {}
					}
					a.Answer = answer
					say(saysDone, a)
					return answer
				})
			}
		}()
	}
	return <-failed
}

func say(what string, a attempt) {
	raw, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	fmt.Println(what + string(raw))
}

// death is when a child is killed: so long after so many answers that it got when it had placed so many orders. It has done as
// much by then on a machine that is slow.
type death struct {
	Orders, Answers int
	After           time.Duration
}

// underLoad kills children at random times while they work, as a whole so often.
func (w *world) underLoad(t *testing.T, kills int) {
	random := rand.New(rand.NewPCG(20261125, uint64(len(w.database))))
	for number := range kills {
		w.killUnderLoad(t, number, death{random.IntN(12), random.IntN(8), time.Duration(random.Int64N(int64(8 * time.Millisecond)))})
	}
	for _, mood := range moods {
		if w.book.drawn[mood] == 0 {
			t.Errorf("of %d kills, none was of a market whose provider had the mood %d", kills, mood)
		}
	}
}

func (w *world) killUnderLoad(t *testing.T, number int, at death) {
	t.Helper()
	result := outcome{}
	defer func() { record.add(loadPoint, w.database, result) }()
	pay := w.rehearsed(t, orderPay())
	l := &load{w.buyer, w.charity, w.agency, w.operator, w.rows, w.moving, w.rowsSecret, fmt.Sprint("load-", number), w.evidence, false}
	o := w.open(t)
	w.move(t, o, false)
	w.takeBack(t, o)
	before := w.counts(t, o)
	w.close()

	w.book.moody(rand.New(rand.NewPCG(uint64(number), uint64(len(w.database)))))
	attempts, err := killAfter(t.Context(), task{Place: w.place, Point: loadPoint, Load: l}, at)
	w.book.moody(nil)
	if err != nil {
		t.Fatalf("kill %d: %v", number, err)
	}
	result.killed = true

	o = w.open(t) // the restart
	w.whole(t, &result, o)
	stop := must(o.work(t.Context()))(t)
	listed := w.repeat(t, &result, o, *l, attempts)
	settled, err := o.settles(t.Context(), searchLimit)
	if err != nil {
		result.halfDone++
		t.Error(err)
	}
	result.settled = settled
	must("", stop())(t)

	found := w.counts(t, o).since(before)
	want := w.expected(attempts, pay)
	want[slices.Index(counted, "audit_records")] = found[slices.Index(counted, "audit_records")] // a move done before leaves none
	if listed {
		want[slices.Index(counted, "listed")] = 1
	}
	w.compare(t, &result, fmt.Sprintf("after kill %d, %+v, in the end", number, at), found, want)
	w.whole(t, &result, o)
	if err := w.book.agree(o); err != nil {
		result.halfDone++
		t.Error(err)
	}
}

// expected is what all the attempts add, answered or not.
func (w *world) expected(attempts []attempt, pay counts) (n counts) {
	adds := map[string]counts{
		"place": oneOf("orders"), "pay": pay, "call": oneOf("usages"), "apply": oneOf("proceedings"), "decide": oneOf("decisions", "entitlements"),
	}
	for _, a := range attempts {
		for i, more := range adds[a.Kind] {
			n[i] += more
		}
	}
	return n
}

// killAfter kills a child at work, proves it, and returns what the child tried.
func killAfter(ctx context.Context, k task, at death) ([]attempt, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	child, err := childOf(ctx, k)
	if err != nil {
		return nil, err
	}
	var complaint bytes.Buffer
	child.Stderr = &complaint
	out, err := child.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := child.Start(); err != nil {
		return nil, err
	}
	var attempts []attempt
	lines := bufio.NewScanner(out)
	answers := 0 // since it placed its orders
	for due := false; lines.Scan(); {
		if lines.Text() == saysWork {
			continue
		}
		if attempts, err = heard(attempts, lines.Text()); err != nil {
			child.Process.Kill()
			break
		}
		if due || placed(attempts) < at.Orders {
			continue
		}
		if due = answers == at.Answers; due {
			time.AfterFunc(at.After, func() { child.Process.Kill() })
		}
		if strings.HasPrefix(lines.Text(), saysDone) {
			answers++
		}
	}
	err = errors.Join(err, lines.Err())
	if ended := child.Wait(); err != nil || ctx.Err() != nil || !killed(ended) || len(attempts) == 0 {
		return nil, fmt.Errorf("the child was not killed at work: %v, after %d attempts it said %q, %v", ended, len(attempts), complaint.String(), err)
	}
	return attempts, nil
}

// placed is how many of the attempts placed an order.
func placed(attempts []attempt) (n int) {
	for _, a := range attempts {
		if a.Kind == "place" && a.Answer != "" {
			n++
		}
	}
	return n
}

// heard adds what one line says.
func heard(attempts []attempt, line string) ([]attempt, error) {
	var a attempt
	what, raw, _ := strings.Cut(line, " ")
	if err := json.Unmarshal([]byte(raw), &a); err != nil {
		return nil, fmt.Errorf("the child said %q: %w", line, err)
	}
	if what+" " == saysTry {
		return append(attempts, a), nil
	}
	i := slices.IndexFunc(attempts, func(b attempt) bool { return b.Key == a.Key })
	if what+" " != saysDone || i < 0 {
		return nil, fmt.Errorf("the child said %q", line)
	}
	attempts[i] = a
	return attempts, nil
}

// repeat asks everything again: what was answered has to be there, as it was answered, and what was not is done now. It
// returns whether the moving product is to be listed in the end.
func (w *world) repeat(t *testing.T, result *outcome, o *opened, l load, attempts []attempt) (listed bool) {
	t.Helper()
	for _, a := range attempts {
		moves := a.Kind == "list" || a.Kind == "suspend"
		if moves {
			listed = a.Kind == "list"
		}
		if moves && a.Answer != "" {
			continue // the next move of this product came after it, or the state in the end tells
		}
		again, err := kinds[a.Kind].do(t.Context(), o, l, a)
		over := kinds[a.Kind].over
		switch {
		case over != "" && a.Answer != "" && fault.CodeOf(err) != over:
			result.lost++
			t.Errorf("%s was answered, and asked again it answered %v", a.Kind, err)
		case err != nil && (over == "" || fault.CodeOf(err) != over):
			result.halfDone++
			t.Errorf("%s, asked again: %v", a.Kind, err)
		case over == "" && a.Answer != "" && again != a.Answer:
			result.lost++
			t.Errorf("%s answered %s, and asked again %s", a.Kind, a.Answer, again)
		}
	}
	row := must(o.system().Product.Get(o.asSystem(), l.Moving.Product))(t)
	if (row.Status == authorisation.ProductListed) != listed {
		result.lost++
		t.Errorf("the product is %s, and listed it should be: %t", row.Status, listed)
	}
	for _, p := range must(o.system().Payment.Query().All(o.asSystem()))(t) {
		if p.State.Open() {
			result.halfDone++
			t.Errorf("payment %s is pending still", p.ID)
		}
	}
	return listed
}
