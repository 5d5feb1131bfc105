package kills

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/rpc"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/refund"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/pricing"
)

// book is the provider's own: it lives in the parent, since a real provider survives the death of our program.
type book struct {
	paytest.Provider
	address string

	mu    sync.Mutex
	asked map[string]payment.Request
	// back are the refunds that it was asked for.
	back map[string]payment.RefundRequest
	// moods are drawn for each payment while they are set: some are not heard of, of some the answer is lost, some wait.
	moods *rand.Rand
	drawn map[paytest.Behaviour]int
}

// moods of a provider, each as likely as the others.
var moods = []paytest.Behaviour{paytest.Pays, paytest.Unreachable, paytest.Silent, paytest.Decides}

// openBook answers over the loopback for as long as the test runs.
func openBook(t *testing.T) *book {
	t.Helper()
	b := &book{asked: map[string]payment.Request{}, back: map[string]payment.RefundRequest{}, drawn: map[paytest.Behaviour]int{}}
	server := rpc.NewServer()
	if err := server.RegisterName("Provider", &counter{b}); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	b.address = listener.Addr().String()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go server.ServeConn(conn)
		}
	}()
	return b
}

// counter is where the provider is asked.
type counter struct{ book *book }

// Pay answers as payment.Provider says.
func (c *counter) Pay(r payment.Request, result *payment.Result) (err error) {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	if c.book.moods != nil {
		mood := moods[c.book.moods.IntN(len(moods))]
		c.book.drawn[mood]++
		c.book.Behave(mood)
		defer c.book.Behave(paytest.Pays)
	}
	c.book.asked[r.Key] = r
	*result, err = c.book.Provider.Pay(context.Background(), r)
	return err
}

// Hear gets a request as Pay does, and nothing comes of it.
func (c *counter) Hear(r payment.Request, _ *bool) error { return nil }

// Move does what Pay does, and says nothing of it.
func (c *counter) Move(r payment.Request, _ *bool) error { return c.Pay(r, &payment.Result{}) }

// Lookup answers as payment.Provider says. What waits is decided by now.
func (c *counter) Lookup(r payment.Request, result *payment.Result) (err error) {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	c.book.Settle(r.Key, ordering.PaymentSucceeded)
	*result, err = c.book.Provider.Lookup(context.Background(), r)
	return err
}

// Cancel answers as payment.Provider says.
func (c *counter) Cancel(r payment.Request, result *payment.Result) (err error) {
	*result, err = c.book.Provider.Cancel(context.Background(), r)
	return err
}

// Refund answers as payment.Provider says.
func (c *counter) Refund(r payment.RefundRequest, result *payment.Result) (err error) {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	c.book.back[r.Key] = r
	*result, err = c.book.Provider.Refund(context.Background(), r)
	return err
}

// HearRefund is to Refund what Hear is to Pay.
func (c *counter) HearRefund(r payment.RefundRequest, _ *bool) error { return nil }

// MoveRefund is to Refund what Move is to Pay.
func (c *counter) MoveRefund(r payment.RefundRequest, _ *bool) error {
	return c.Refund(r, &payment.Result{})
}

// LookupRefund answers as payment.Provider says.
func (c *counter) LookupRefund(r payment.RefundRequest, result *payment.Result) (err error) {
	*result, err = c.book.Provider.LookupRefund(context.Background(), r)
	return err
}

// charges is what was taken, by key.
func (b *book) charges() map[string]payment.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := map[string]payment.Request{}
	for key, r := range b.asked {
		if result, err := b.Provider.Lookup(context.Background(), r); err == nil && result.State == ordering.PaymentSucceeded {
			taken[key] = r
		}
	}
	return taken
}

// givenBack is what was given back, by key.
func (b *book) givenBack() map[string]payment.RefundRequest {
	b.mu.Lock()
	defer b.mu.Unlock()
	given := map[string]payment.RefundRequest{}
	for key, r := range b.back {
		if result, err := b.Provider.LookupRefund(context.Background(), r); err == nil && result.State == ordering.PaymentSucceeded {
			given[key] = r
		}
	}
	return given
}

// moody gives the provider moods, or takes them.
func (b *book) moody(moods *rand.Rand) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.moods = moods
}

// moment is a moment of asking the provider to move money.
type moment int

// It is not asked yet; it heard, and did nothing; it did it, and its answer is on the way; the answer is there.
const (
	never moment = iota
	asking
	reached
	moved
	took
)

// remote is the provider as our program sees it, which dies at a moment of asking it.
type remote struct {
	address string
	at      moment
	die     func()
}

// Name is that of the test provider.
func (remote) Name() string { return paytest.Name }

// Pay asks the parent.
func (r remote) Pay(_ context.Context, request payment.Request) (result payment.Result, err error) {
	return result, r.move("Provider.Pay", "Provider.Hear", "Provider.Move", request, &result)
}

// move asks for what moves money, or dies in it.
func (r remote) move(all, hear, move string, request any, result *payment.Result) error {
	var nothing bool
	switch r.at {
	case asking:
		r.die()
	case reached, moved:
		if err := r.call(map[moment]string{reached: hear, moved: move}[r.at], request, &nothing); err != nil {
			return err
		}
		r.die()
	}
	err := r.call(all, request, result)
	if err == nil && r.at == took {
		r.die()
	}
	return err
}

// Lookup asks the parent.
func (r remote) Lookup(_ context.Context, request payment.Request) (result payment.Result, err error) {
	err = r.call("Provider.Lookup", request, &result)
	return result, err
}

// Cancel asks the parent.
func (r remote) Cancel(_ context.Context, request payment.Request) (result payment.Result, err error) {
	err = r.call("Provider.Cancel", request, &result)
	return result, err
}

// Refund asks the parent.
func (r remote) Refund(_ context.Context, request payment.RefundRequest) (result payment.Result, err error) {
	return result, r.move("Provider.Refund", "Provider.HearRefund", "Provider.MoveRefund", request, &result)
}

// LookupRefund asks the parent.
func (r remote) LookupRefund(_ context.Context, request payment.RefundRequest) (result payment.Result, err error) {
	err = r.call("Provider.LookupRefund", request, &result)
	return result, err
}

func (r remote) call(method string, in, out any) error {
	client, err := rpc.Dial("tcp", r.address)
	if err != nil {
		return err
	}
	defer client.Close()
	err = client.Call(method, in, out)
	for _, known := range []error{payment.ErrKeyReused, payment.ErrUnknownKey, payment.ErrRequestInvalid, payment.ErrRefundExceeds} {
		if err != nil && err.Error() == known.Error() { // errors travel as text
			return known
		}
	}
	return err
}

// agree compares the provider's book with ours: of every order at most once was money taken, and of what was taken we know.
func (b *book) agree(o *opened) error {
	payments, err := o.system().Payment.Query().All(o.asSystem())
	if err != nil {
		return err
	}
	ours := map[string]pricing.Fen{}
	for _, p := range payments {
		// What the demo laid as paid a month ago, nobody was asked for.
		if p.State == ordering.PaymentSucceeded && p.Provider == paytest.Name && time.Since(p.CreatedAt) < 24*time.Hour {
			ours[p.ID.String()] = pricing.Fen(p.AmountFen)
		}
	}
	var wrong []error
	byOrder := map[uuid.UUID]int{}
	theirs := b.charges()
	for key, r := range theirs {
		if byOrder[r.OrderID]++; byOrder[r.OrderID] > 1 {
			wrong = append(wrong, fmt.Errorf("order %s was charged %d times", r.OrderID, byOrder[r.OrderID]))
		}
		if ours[key] != r.AmountFen {
			wrong = append(wrong, fmt.Errorf("the provider took %d fen for payment %s, and we know of %d", r.AmountFen, key, ours[key]))
		}
	}
	if len(theirs) != len(ours) {
		wrong = append(wrong, fmt.Errorf("the provider knows %d charges, and we %d", len(theirs), len(ours)))
	}
	return errors.Join(append(wrong, b.agreeBack(o))...)
}

// agreeBack compares what was given back.
func (b *book) agreeBack(o *opened) error {
	refunds, err := o.system().Refund.Query().Where(refund.StatusEQ(ordering.RefundPaid), refund.CreatedAtGT(time.Now().Add(-24*time.Hour))).All(o.asSystem())
	if err != nil {
		return err
	}
	theirs := b.givenBack()
	var wrong []error
	for _, r := range refunds {
		if given := theirs[r.ID.String()]; given.AmountFen != pricing.Fen(r.AmountFen) || given.PaymentKey != r.PaymentID.String() {
			wrong = append(wrong, fmt.Errorf("refund %s is of %d fen, and the provider gave back %d", r.ID, r.AmountFen, given.AmountFen))
		}
	}
	if len(theirs) != len(refunds) {
		wrong = append(wrong, fmt.Errorf("the provider gave back %d times, and we know of %d", len(theirs), len(refunds)))
	}
	return errors.Join(wrong...)
}
