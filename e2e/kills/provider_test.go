package kills

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/rpc"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

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
}

// openBook answers over the loopback for as long as the test runs.
func openBook(t *testing.T) *book {
	t.Helper()
	b := &book{asked: map[string]payment.Request{}}
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
	if *result, err = c.book.Provider.Pay(context.Background(), r); err == nil {
		c.book.asked[r.Key] = r
	}
	return err
}

// Lookup answers as payment.Provider says.
func (c *counter) Lookup(key string, result *payment.Result) (err error) {
	*result, err = c.book.Provider.Lookup(context.Background(), key)
	return err
}

// Refund answers as payment.Provider says.
func (c *counter) Refund(r payment.RefundRequest, result *payment.Result) (err error) {
	*result, err = c.book.Provider.Refund(context.Background(), r)
	return err
}

// LookupRefund answers as payment.Provider says.
func (c *counter) LookupRefund(key string, result *payment.Result) (err error) {
	*result, err = c.book.Provider.LookupRefund(context.Background(), key)
	return err
}

// charges is what was taken, by key.
func (b *book) charges() map[string]payment.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := map[string]payment.Request{}
	for key, r := range b.asked {
		if result, err := b.Provider.Lookup(context.Background(), key); err == nil && result.State == ordering.PaymentSucceeded {
			taken[key] = r
		}
	}
	return taken
}

// remote is the provider as our program sees it. took, when set, is called once the answer is there; asking before.
type remote struct {
	address      string
	asking, took func()
}

// Name is that of the test provider.
func (remote) Name() string { return paytest.Name }

// Pay asks the parent.
func (r remote) Pay(_ context.Context, request payment.Request) (result payment.Result, err error) {
	if r.asking != nil {
		r.asking()
	}
	err = r.call("Provider.Pay", request, &result)
	if err == nil && r.took != nil {
		r.took()
	}
	return result, err
}

// Lookup asks the parent.
func (r remote) Lookup(_ context.Context, key string) (result payment.Result, err error) {
	err = r.call("Provider.Lookup", key, &result)
	return result, err
}

// Refund asks the parent.
func (r remote) Refund(_ context.Context, request payment.RefundRequest) (result payment.Result, err error) {
	err = r.call("Provider.Refund", request, &result)
	return result, err
}

// LookupRefund asks the parent.
func (r remote) LookupRefund(_ context.Context, key string) (result payment.Result, err error) {
	err = r.call("Provider.LookupRefund", key, &result)
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
		if p.State == ordering.PaymentSucceeded && time.Since(p.CreatedAt) < 24*time.Hour {
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
	return errors.Join(wrong...)
}
