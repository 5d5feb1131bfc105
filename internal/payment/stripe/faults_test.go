package stripe_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	"gongshu/internal/payment/stripe"
	"gongshu/internal/payment/stripe/standin"
)

// caller is who waits until the stand-in gives no answer, and then no longer.
func (b *bench) caller(t *testing.T) context.Context {
	ctx, hangUp := context.WithCancel(t.Context())
	go func() {
		defer hangUp()
		for ctx.Err() == nil && b.standin.Requests("drop") == 0 {
			time.Sleep(time.Millisecond)
		}
	}()
	return ctx
}

// known are the errors that say what became of a request.
var known = []error{payment.ErrKeyReused, payment.ErrUnknownKey, payment.ErrRefundExceeds, payment.ErrRequestInvalid, payment.ErrRefused, payment.ErrOtherMoney}

// unknown holds that an error says nothing of what became of a request, and nothing of people.
func unknown(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	for _, one := range known {
		if errors.Is(err, one) {
			t.Fatalf("%v is taken for an answer", err)
		}
	}
	if strings.Contains(err.Error(), "Mrs Example") || strings.Contains(err.Error(), key) {
		t.Fatalf("the error says too much: %v", err)
	}
}

var faults = []struct {
	sentence string
	fault    standin.Fault
	effect   int // sessions, refunds or transfers that there are after it
}{
	{"a time-out before anything happened", standin.TimeoutBefore, 0},
	{"a time-out after it happened", standin.TimeoutAfter, 1},
	{"a connection that breaks in the middle of the answer", standin.Reset, 1},
	{"too many requests", standin.RateLimited, 0},
	{"a server error", standin.ServerError, 0},
	{"an answer that is none", standin.BadBody, 0},
	{"an empty object", standin.Empty, 1},
}

func TestAPaymentIsOneWhateverBreaks(t *testing.T) {
	for _, c := range faults {
		for _, later := range []time.Duration{0, 2 * time.Minute, 25 * time.Hour} {
			t.Run(fmt.Sprintf("%s, asked again after %s", c.sentence, later), func(t *testing.T) {
				b := set(t)
				r := request(20_00)
				b.standin.Fail("sessions.create", c.fault)
				_, err := b.Pay(b.caller(t), r)
				unknown(t, err)
				if n := len(b.standin.Sessions()); n != c.effect {
					t.Fatalf("there are %d sessions", n)
				}
				b.advance(later)
				found, err := b.Lookup(t.Context(), r)
				if c.effect == 0 && !errors.Is(err, payment.ErrUnknownKey) || c.effect == 1 && err != nil {
					t.Fatalf("the lookup answered %+v, %v", found, err)
				}
				again, err := b.Pay(t.Context(), r)
				if later > 24*time.Hour { // its time is over, made or not
					if c.effect == 0 && !errors.Is(err, payment.ErrRefused) || c.effect == 1 && again.State != ordering.PaymentExpired {
						t.Fatalf("paying again answered %+v, %v", again, err)
					}
					if n := len(b.standin.Sessions()); n != c.effect {
						t.Fatalf("there are %d sessions", n)
					}
					return
				}
				wants(t, "paying again", again, err, ordering.PaymentPending)
				if n := len(b.standin.Sessions()); n != 1 {
					t.Fatalf("there are %d sessions", n)
				}
				b.standin.Pay(again.Reference)
				for range 2 {
					got, err := b.Pay(t.Context(), r) // still without a reference: what is replayed says it were open
					wants(t, "paying once more", got, err, ordering.PaymentSucceeded)
				}
				if n, charged := len(b.standin.Sessions()), b.standin.Charges(); n != 1 || charged != 1 {
					t.Fatalf("there are %d sessions and %d charges", n, charged)
				}
			})
		}
	}
}

func TestARefundIsOneWhateverBreaks(t *testing.T) {
	for _, c := range faults {
		for _, later := range []time.Duration{0, 2 * time.Minute, 25 * time.Hour} {
			t.Run(fmt.Sprintf("%s, asked again after %s", c.sentence, later), func(t *testing.T) {
				b := set(t)
				paid := b.paid(t, 20_00)
				r := payment.RefundRequest{Key: uuid.NewString(), PaymentKey: paid.Key, PaymentReference: paid.Reference, AmountFen: 5_00, At: time.Now()}
				b.standin.Fail("refunds.create", c.fault)
				_, err := b.Refund(b.caller(t), r)
				unknown(t, err)
				b.advance(later)
				if _, err := b.LookupRefund(t.Context(), r); c.effect == 0 && !errors.Is(err, payment.ErrUnknownKey) || c.effect == 1 && err != nil {
					t.Fatalf("the lookup answered %v", err)
				}
				for range 2 {
					got, err := b.Refund(t.Context(), r)
					wants(t, "refunding again", got, err, ordering.PaymentSucceeded)
				}
				if n := b.standin.Refunds(); n != 1 {
					t.Fatalf("there are %d refunds", n)
				}
			})
		}
	}
}

func TestATransferIsOneWhateverBreaks(t *testing.T) {
	for _, c := range faults {
		for _, later := range []time.Duration{0, 25 * time.Hour} {
			t.Run(fmt.Sprintf("%s, asked again after %s", c.sentence, later), func(t *testing.T) {
				b := set(t)
				b.paid(t, 20_00)
				r := payment.TransferRequest{Key: uuid.NewString(), Account: account, AmountFen: 5_00, At: time.Now()}
				b.standin.Fail("transfers.create", c.fault)
				_, err := b.Transfer(b.caller(t), r)
				unknown(t, err)
				b.advance(later)
				for range 2 {
					got, err := b.Transfer(t.Context(), r)
					wants(t, "transferring again", got, err, ordering.PaymentSucceeded)
				}
				if n := b.standin.Transfers(); n != 1 {
					t.Fatalf("there are %d transfers", n)
				}
			})
		}
	}
}

func TestAnErrorThatStripeKeepsIsNeverPaidTwice(t *testing.T) {
	b := set(t)
	r := request(20_00)
	b.standin.Fail("sessions.create", standin.KeptError)
	for range 2 {
		_, err := b.Pay(t.Context(), r)
		unknown(t, err)
		if _, err := b.Lookup(t.Context(), r); !errors.Is(err, payment.ErrUnknownKey) {
			t.Fatal(err)
		}
	}
	b.advance(25 * time.Hour)
	if _, err := b.Pay(t.Context(), r); !errors.Is(err, payment.ErrRefused) || len(b.standin.Sessions()) != 0 {
		t.Fatalf("%v, and %d sessions", err, len(b.standin.Sessions()))
	}
}

func TestReadingThatBreaksSaysNothing(t *testing.T) {
	for operation, ask := range map[string]func(ctx context.Context, p *stripe.Provider, r payment.Request) error{
		"sessions.retrieve": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.Lookup(ctx, r)
			return err
		},
		"sessions.list": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			r.Reference = ""
			_, err := p.Lookup(ctx, r)
			return err
		},
		"sessions.expire": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.Cancel(ctx, r)
			return err
		},
		"disputes.list": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.Disputes(ctx, r)
			return err
		},
		"refunds.list": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.LookupRefund(ctx, payment.RefundRequest{Key: "k", PaymentKey: r.Key, PaymentReference: r.Reference, AmountFen: 1, At: r.At})
			return err
		},
		"transfers.list": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.Transfer(ctx, payment.TransferRequest{Key: "k", Account: account, AmountFen: 1})
			return err
		},
	} {
		for _, fault := range []standin.Fault{standin.TimeoutBefore, standin.TimeoutAfter, standin.Reset, standin.RateLimited, standin.ServerError, standin.BadBody} {
			t.Run(operation+": "+string(fault), func(t *testing.T) {
				b := set(t)
				r := b.paid(t, 20_00)
				b.standin.Fail(operation, fault)
				unknown(t, ask(b.caller(t), b.Provider, r))
			})
		}
	}
}

// That Stripe refuses to read says nothing of what became of a payment, refund or transfer: money may have moved.
func TestARefusalToReadSaysNothing(t *testing.T) {
	for what, ask := range map[string]func(ctx context.Context, p *stripe.Provider, r payment.Request) error{
		"a payment": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.Lookup(ctx, r)
			return err
		},
		"a payment without a reference": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			r.Reference = ""
			_, err := p.Lookup(ctx, r)
			return err
		},
		"paying what is not new": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			r.Reference, r.At = "", r.At.Add(-time.Hour)
			_, err := p.Pay(ctx, r)
			return err
		},
		"cancelling without a reference": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			r.Reference = ""
			_, err := p.Cancel(ctx, r)
			return err
		},
		"a refund": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.LookupRefund(ctx, payment.RefundRequest{Key: "k", PaymentKey: r.Key, PaymentReference: r.Reference, AmountFen: 1, At: r.At})
			return err
		},
		"giving back": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.Refund(ctx, payment.RefundRequest{Key: "k", PaymentKey: r.Key, PaymentReference: r.Reference, AmountFen: 1, At: r.At})
			return err
		},
		"a transfer": func(ctx context.Context, p *stripe.Provider, _ payment.Request) error {
			_, err := p.Transfer(ctx, payment.TransferRequest{Key: "k", Account: account, AmountFen: 1})
			return err
		},
		"disputes": func(ctx context.Context, p *stripe.Provider, r payment.Request) error {
			_, err := p.Disputes(ctx, r)
			return err
		},
	} {
		for _, status := range []int{http.StatusBadRequest, http.StatusPaymentRequired, http.StatusNotFound} {
			for _, of := range []string{"/v1/checkout/sessions/", "/v1/checkout/sessions", "/v1/refunds", "/v1/transfers", "/v1/disputes"} {
				t.Run(fmt.Sprintf("%s, %d of %s", what, status, of), func(t *testing.T) {
					refuses := false
					b := set(t, func(next http.Handler) http.Handler {
						return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
							if refuses && r.Method == http.MethodGet && (r.URL.Path == of || strings.HasSuffix(of, "/") && strings.HasPrefix(r.URL.Path, of)) {
								w.WriteHeader(status)
								fmt.Fprint(w, `{"error":{"type":"invalid_request_error","message":"No."}}`)
								return
							}
							next.ServeHTTP(w, r)
						})
					})
					r := b.paid(t, 20_00)
					refuses = true
					if err := ask(t.Context(), b.Provider, r); err != nil && err != payment.ErrUnknownKey { // which was read
						unknown(t, err)
					}
				})
			}
		}
	}
}

func TestHowLongToWaitIsSaid(t *testing.T) {
	b := set(t)
	b.standin.Fail("sessions.create", standin.RateLimited)
	_, err := b.Pay(t.Context(), request(20_00))
	if e, ok := errors.AsType[*stripe.Error](err); !ok || e.Status != 429 || e.Code != "rate_limit" || e.RetryAfter != 2*time.Second || !strings.HasPrefix(e.RequestID, "req_") {
		t.Fatalf("%#v", err)
	}
}

func TestWhatIsInProgressIsWaitedFor(t *testing.T) {
	b := set(t)
	r := request(20_00)
	goOn := b.standin.Hold("sessions.create")
	results := make([]payment.Result, 5)
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() {
			var err error
			if results[i], err = b.Pay(t.Context(), r); err != nil {
				t.Error(err)
			}
		})
	}
	for b.standin.Requests("conflict") < len(results)-1 {
		time.Sleep(time.Millisecond)
	}
	goOn()
	group.Wait()
	for _, got := range results {
		if got.State != ordering.PaymentPending || got.Reference != results[0].Reference {
			t.Fatalf("%+v", results)
		}
	}
}

func TestWhoIsAskedForAtTheSameKey(t *testing.T) {
	for _, c := range []struct {
		sentence string
		change   func(*payment.Request)
		reused   bool
	}{
		{"another amount is another payment", func(r *payment.Request) { r.AmountFen++ }, true},
		{"another page to return to is the same payment", func(r *payment.Request) { r.ReturnURL += "?again" }, false},
		{"another time to pay is the same payment", func(r *payment.Request) { r.Until = r.At.Add(2 * time.Hour) }, false},
	} {
		for _, later := range []time.Duration{0, 2 * time.Minute, 12 * time.Hour} {
			t.Run(fmt.Sprintf("%s, after %s", c.sentence, later), func(t *testing.T) {
				b := set(t)
				r := b.begun(t, 20_00)
				for _, reference := range []string{"", r.Reference} {
					other := r
					other.Reference = reference
					c.change(&other)
					b.advance(later / 2)
					got, err := b.Pay(t.Context(), other)
					if c.reused != errors.Is(err, payment.ErrKeyReused) || !c.reused && got.Reference != r.Reference {
						t.Fatalf("%+v, %v", got, err)
					}
				}
				if n := len(b.standin.Sessions()); n != 1 {
					t.Fatalf("there are %d sessions", n)
				}
			})
		}
	}
	t.Run("another order at the key of an older payment is another payment", func(t *testing.T) {
		b := set(t)
		r := b.begun(t, 20_00)
		r.Reference, r.OrderID = "", uuid.New()
		b.advance(2 * time.Minute)
		if _, err := b.Pay(t.Context(), r); !errors.Is(err, payment.ErrKeyReused) {
			t.Fatal(err)
		}
	})
	t.Run("the same transfer with another account or amount is another transfer", func(t *testing.T) {
		b := set(t)
		b.paid(t, 20_00)
		r := payment.TransferRequest{Key: "k", Account: account, AmountFen: 5_00, At: time.Now()}
		got, err := b.Transfer(t.Context(), r)
		wants(t, "the transfer", got, err, ordering.PaymentSucceeded)
		for _, reference := range []string{"", got.Reference} {
			dearer, elsewhere := r, r
			dearer.AmountFen++
			elsewhere.Account = "acct_other"
			for _, other := range []payment.TransferRequest{dearer, elsewhere} {
				other.Reference = reference
				if _, err := b.Transfer(t.Context(), other); !errors.Is(err, payment.ErrKeyReused) {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestTheLifeOfASession(t *testing.T) {
	t.Run("a declined card leaves the page open, and another pays", func(t *testing.T) {
		b := set(t)
		r := b.begun(t, 20_00)
		if status, _, page := b.press(t, r, "decline"); status != http.StatusOK || !strings.Contains(page, "declined") {
			t.Fatalf("%d %s", status, page)
		}
		got, err := b.Lookup(t.Context(), r)
		wants(t, "the lookup", got, err, ordering.PaymentPending)
		if got.Next.URL == "" || b.standin.Charges() != 0 {
			t.Fatalf("%+v", got)
		}
		b.rig().Settle(t, r)
		got, err = b.Lookup(t.Context(), r)
		wants(t, "the lookup", got, err, ordering.PaymentSucceeded)
	})
	t.Run("3-D Secure asks first", func(t *testing.T) {
		b := set(t)
		r := b.begun(t, 20_00)
		if status, _, page := b.press(t, r, "challenge"); status != http.StatusOK || !strings.Contains(page, "3-D Secure") {
			t.Fatalf("%d %s", status, page)
		}
		got, err := b.Lookup(t.Context(), r)
		wants(t, "the lookup", got, err, ordering.PaymentPending)
		if status, location, _ := b.press(t, r, "confirm"); status != http.StatusSeeOther || location != back {
			t.Fatalf("%d %s", status, location)
		}
		got, err = b.Lookup(t.Context(), r)
		wants(t, "the lookup", got, err, ordering.PaymentSucceeded)
	})
	t.Run("who turns back may come again", func(t *testing.T) {
		b := set(t)
		r := b.begun(t, 20_00)
		if status, location, _ := b.press(t, r, "cancel"); status != http.StatusSeeOther || location != back {
			t.Fatalf("%d %s", status, location)
		}
		got, err := b.Lookup(t.Context(), r)
		wants(t, "the lookup", got, err, ordering.PaymentPending)
	})
	t.Run("who pays twice is charged once", func(t *testing.T) {
		b := set(t)
		r := b.begun(t, 20_00)
		found, err := b.Lookup(t.Context(), r)
		wants(t, "the lookup", found, err, ordering.PaymentPending)
		for range 2 {
			press(t, found.Next.URL, "pay")
		}
		if n := b.standin.Charges(); n != 1 {
			t.Fatalf("there are %d charges", n)
		}
	})
	t.Run("it expires when it was to, between half an hour and a day", func(t *testing.T) {
		for _, c := range []struct{ until, open, over time.Duration }{
			{time.Minute, 30 * time.Minute, 41 * time.Minute},
			{2 * time.Hour, 119 * time.Minute, 121 * time.Minute},
			{72 * time.Hour, 23 * time.Hour, 24 * time.Hour},
			{0, 23 * time.Hour, 24 * time.Hour},
		} {
			b := set(t)
			r := request(20_00)
			if r.Until = r.At.Add(c.until); c.until == 0 {
				r.Until = time.Time{}
			}
			got, err := b.Pay(t.Context(), r)
			wants(t, "paying", got, err, ordering.PaymentPending)
			if !r.Until.IsZero() && got.Next.Until.After(r.Until) || got.Next.Until.IsZero() {
				t.Errorf("until %s: there is time until %s", c.until, got.Next.Until.Sub(r.At))
			}
			r.Reference = got.Reference
			b.advance(c.open)
			got, err = b.Lookup(t.Context(), r)
			wants(t, "the lookup", got, err, ordering.PaymentPending)
			b.advance(c.over - c.open)
			got, err = b.Lookup(t.Context(), r)
			wants(t, "the lookup", got, err, ordering.PaymentExpired)
		}
	})
	t.Run("money that takes days comes or does not", func(t *testing.T) {
		for came, state := range map[bool]ordering.PaymentState{true: ordering.PaymentSucceeded, false: ordering.PaymentFailed} {
			b := set(t)
			r := b.begun(t, 20_00)
			b.press(t, r, "later")
			for _, look := range []func(context.Context, payment.Request) (payment.Result, error){b.Lookup, b.Pay, b.Cancel} {
				got, err := look(t.Context(), r)
				wants(t, "what is on its way", got, err, ordering.PaymentPending)
				if !got.Next.IsZero() {
					t.Fatalf("%+v", got)
				}
			}
			b.standin.SettleLater(r.Reference, came)
			got, err := b.Lookup(t.Context(), r)
			wants(t, "the lookup", got, err, state)
		}
	})
	t.Run("cancelling without a reference finds it", func(t *testing.T) {
		b := set(t)
		r := b.begun(t, 20_00)
		r.Reference = ""
		got, err := b.Cancel(t.Context(), r)
		wants(t, "cancelling", got, err, ordering.PaymentExpired)
	})
}

func TestOtherMoneyIsNoPayment(t *testing.T) {
	for _, c := range []struct {
		sentence string
		amount   int64
		currency string
	}{
		{"another amount", 19_99, "cny"},
		{"another currency", 20_00, "usd"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			b := set(t)
			r := b.begun(t, 20_00)
			b.standin.PayAs(r.Reference, c.amount, c.currency)
			for _, look := range []func(context.Context, payment.Request) (payment.Result, error){b.Lookup, b.Pay, b.Cancel} {
				if got, err := look(t.Context(), r); !errors.Is(err, payment.ErrOtherMoney) || got.State != "" {
					t.Fatalf("%+v, %v", got, err)
				}
			}
		})
	}
	t.Run("what went back is none any more", func(t *testing.T) {
		b := set(t)
		r := b.begun(t, 20_00)
		b.standin.PayAs(r.Reference, 21_00, "usd")
		b.standin.RefundByHand(r.Reference, 20_00)
		if _, err := b.Lookup(t.Context(), r); !errors.Is(err, payment.ErrOtherMoney) {
			t.Fatal(err)
		}
		b.standin.RefundByHand(r.Reference, 1_00)
		got, err := b.Lookup(t.Context(), r)
		wants(t, "looking", got, err, ordering.PaymentExpired)
	})
	t.Run("another payment's session", func(t *testing.T) {
		b := set(t)
		r, other := b.paid(t, 20_00), b.paid(t, 20_00)
		r.Reference = other.Reference
		if _, err := b.Lookup(t.Context(), r); !errors.Is(err, payment.ErrOtherMoney) {
			t.Fatal(err)
		}
	})
	t.Run("another refund's number", func(t *testing.T) {
		b := set(t)
		paid := b.paid(t, 20_00)
		r := payment.RefundRequest{Key: "k", PaymentKey: paid.Key, PaymentReference: paid.Reference, AmountFen: 1_00, At: time.Now()}
		got, err := b.Refund(t.Context(), r)
		wants(t, "the refund", got, err, ordering.PaymentSucceeded)
		r.Key, r.Reference = "other", got.Reference
		if _, err := b.LookupRefund(t.Context(), r); !errors.Is(err, payment.ErrOtherMoney) {
			t.Fatal(err)
		}
	})
}

func TestRefundsEndAsStripeSays(t *testing.T) {
	for status, state := range map[string]ordering.PaymentState{
		"pending": ordering.PaymentPending, "requires_action": ordering.PaymentPending, "succeeded": ordering.PaymentSucceeded,
		"failed": ordering.PaymentFailed, "canceled": ordering.PaymentFailed,
	} {
		t.Run(status, func(t *testing.T) {
			b := set(t)
			b.standin.RefundsPend(true)
			paid := b.paid(t, 20_00)
			r := payment.RefundRequest{Key: "k", PaymentKey: paid.Key, PaymentReference: paid.Reference, AmountFen: 20_00, At: time.Now()}
			got, err := b.Refund(t.Context(), r)
			wants(t, "the refund", got, err, ordering.PaymentPending)
			b.standin.SettleRefund(got.Reference, status)
			for _, r.Reference = range []string{"", got.Reference} {
				for _, look := range []func(context.Context, payment.RefundRequest) (payment.Result, error){b.LookupRefund, b.Refund} {
					got, err := look(t.Context(), r)
					wants(t, "asking", got, err, state)
				}
			}
			r.Key, r.Reference = "another", ""
			_, err = b.Refund(t.Context(), r)
			if gone := state == ordering.PaymentFailed; gone == errors.Is(err, payment.ErrRefundExceeds) {
				t.Fatalf("the same again answered %v", err)
			}
		})
	}
	t.Run("what is disputed is refused, not exceeded", func(t *testing.T) {
		b := set(t)
		paid := b.paid(t, 20_00)
		b.standin.Dispute(paid.Reference, 20_00)
		r := payment.RefundRequest{Key: "k", PaymentKey: paid.Key, PaymentReference: paid.Reference, AmountFen: 1, At: time.Now()}
		if _, err := b.Refund(t.Context(), r); !errors.Is(err, payment.ErrRefused) || errors.Is(err, payment.ErrRefundExceeds) {
			t.Fatal(err)
		}
	})
	t.Run("what was paid under another key is unknown", func(t *testing.T) {
		b := set(t)
		paid := b.paid(t, 20_00)
		if _, err := b.Refund(t.Context(), payment.RefundRequest{Key: "k", PaymentKey: "other", PaymentReference: paid.Reference, AmountFen: 1}); !errors.Is(err, payment.ErrUnknownKey) {
			t.Fatal(err)
		}
	})
	t.Run("a payment that is not there any more is no refusal: the account may be another", func(t *testing.T) {
		b := set(t)
		paid := b.paid(t, 20_00)
		r := payment.RefundRequest{Key: "k", PaymentKey: paid.Key, PaymentReference: "cs_test_none", AmountFen: 1}
		for _, ask := range []func(context.Context, payment.RefundRequest) (payment.Result, error){b.Refund, b.LookupRefund} {
			_, err := ask(t.Context(), r)
			unknown(t, err)
		}
	})
	t.Run("a payment knows all that went back of it, whoever asked for it", func(t *testing.T) {
		b := set(t)
		paid := b.paid(t, 20_00)
		ours := payment.RefundRequest{Key: "k", PaymentKey: paid.Key, PaymentReference: paid.Reference, AmountFen: 5_00, At: time.Now()}
		got, err := b.Refund(t.Context(), ours)
		wants(t, "the refund", got, err, ordering.PaymentSucceeded)
		theirs := b.standin.RefundByHand(paid.Reference, 3_00)
		b.standin.SettleRefund(got.Reference, "failed")
		all, err := b.Refunds(t.Context(), paid)
		want := []payment.Refund{
			{Reference: theirs, State: ordering.PaymentSucceeded, AmountFen: 3_00}, {Key: "k", Reference: got.Reference, State: ordering.PaymentFailed, AmountFen: 5_00},
		}
		if err != nil || !slices.Equal(all, want) {
			t.Fatalf("they are %+v, %v", all, err)
		}
	})
	t.Run("keys of any length are keys", func(t *testing.T) {
		b := set(t)
		long := strings.Repeat("k", 127)
		paid := request(20_00)
		paid.Key = long + "p"
		got, err := b.Pay(t.Context(), paid)
		wants(t, "paying", got, err, ordering.PaymentPending)
		b.standin.Pay(got.Reference)
		for _, end := range []string{"1", "2", "2"} {
			r := payment.RefundRequest{Key: long + end, PaymentKey: paid.Key, PaymentReference: got.Reference, AmountFen: 1, At: time.Now()}
			refunded, err := b.Refund(t.Context(), r)
			wants(t, "the refund", refunded, err, ordering.PaymentSucceeded)
		}
		if n := b.standin.Refunds(); n != 2 {
			t.Fatalf("there are %d refunds", n)
		}
	})
}

func TestTransfers(t *testing.T) {
	b := set(t)
	b.paid(t, 20_00)
	r := payment.TransferRequest{Key: "k", Account: account, AmountFen: 15_00, At: time.Now()}
	for _, wrong := range []payment.TransferRequest{{Key: "k", Account: account}, {Key: "k", AmountFen: 1}, {Account: account, AmountFen: 1}} {
		if _, err := b.Transfer(t.Context(), wrong); !errors.Is(err, payment.ErrRequestInvalid) {
			t.Errorf("%+v answered %v", wrong, err)
		}
	}
	for _, refused := range []payment.TransferRequest{{Key: "1", Account: account, AmountFen: 20_01}, {Key: "2", Account: "acct_nobody", AmountFen: 1}} {
		refused.At = r.At
		if _, err := b.Transfer(t.Context(), refused); !errors.Is(err, payment.ErrRefused) {
			t.Errorf("%+v answered %v", refused, err)
		}
	}
	got, err := b.Transfer(t.Context(), r)
	wants(t, "the transfer", got, err, ordering.PaymentSucceeded)
	b.standin.ReverseTransfer(got.Reference, 1)
	if _, err := b.Transfer(t.Context(), r); !errors.Is(err, payment.ErrOtherMoney) {
		t.Fatal(err)
	}
	b.standin.ReverseTransfer(got.Reference, 15_00)
	got, err = b.Transfer(t.Context(), r)
	wants(t, "what was taken back", got, err, ordering.PaymentFailed)
}

func TestDisputes(t *testing.T) {
	b := set(t)
	r := b.begun(t, 20_00)
	if all, err := b.Disputes(t.Context(), r); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
	b.standin.Pay(r.Reference)
	first := b.standin.Dispute(r.Reference, 7_00)
	for status, state := range map[string]ordering.DisputeState{
		"warning_needs_response": ordering.DisputeInquiry, "warning_under_review": ordering.DisputeInquiry, "warning_closed": ordering.DisputeWon,
		"needs_response": ordering.DisputeOpen, "under_review": ordering.DisputeOpen, "won": ordering.DisputeWon, "lost": ordering.DisputeLost, "unheard_of": ordering.DisputeOpen,
	} {
		b.standin.CloseDispute(first, status)
		all, err := b.Disputes(t.Context(), r)
		if err != nil || len(all) != 1 || all[0].Reference != first || all[0].State != state || all[0].AmountFen != 7_00 || time.Since(all[0].OpenedAt) > time.Minute {
			t.Fatalf("%s: %+v, %v", status, all, err)
		}
	}
	r.Key, r.Reference = "none", ""
	if _, err := b.Disputes(t.Context(), r); !errors.Is(err, payment.ErrUnknownKey) {
		t.Fatal(err)
	}
}

func TestWhatIsOldIsFoundAmongMany(t *testing.T) {
	b := set(t)
	r := b.begun(t, 20_00)
	r.Reference = ""
	b.advance(2 * time.Minute)
	for range 230 {
		b.begun(t, 1_00)
	}
	before := b.standin.Requests("sessions.list")
	got, err := b.Pay(t.Context(), r)
	wants(t, "paying again", got, err, ordering.PaymentPending)
	if n := b.standin.Requests("sessions.list") - before; n != 3 {
		t.Errorf("%d pages were read", n)
	}
	b.advance(48 * time.Hour)
	for range 230 {
		b.begun(t, 1_00)
	}
	before = b.standin.Requests("sessions.list")
	got, err = b.Lookup(t.Context(), r)
	wants(t, "looking days later", got, err, ordering.PaymentExpired)
	if n := b.standin.Requests("sessions.list") - before; n != 3 {
		t.Errorf("%d pages were read days later", n)
	}
}

func TestAListWithoutEndEnds(t *testing.T) {
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		fmt.Fprint(w, `{"object":"list","has_more":true,"data":[`, strings.Repeat(`{"id":"cs_1","object":"checkout.session"},`, 99), `{"id":"cs_1","object":"checkout.session"}]}`)
	}))
	defer server.Close()
	_, err := at(t, server.URL).Lookup(t.Context(), request(1))
	unknown(t, err)
	if n > 60 {
		t.Errorf("%d pages were read", n)
	}
}

func TestAnAnswerThatIsWrongIsNoAnswer(t *testing.T) {
	for sentence, answer := range map[string]http.HandlerFunc{
		"without end": func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(`{"id":"`))
			for range 64 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
			t.Error("all of it was read")
		},
		"sent elsewhere": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(http.StatusFound)
			fmt.Fprint(w, crafted{}.session())
		},
		"of another kind": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"id":"cs_1","object":"refund"}`)) },
		"of another id": func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(`{"id":"cs_2","object":"checkout.session"}`))
		},
		"without a status": func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(`{"id":"cs_1","object":"checkout.session"}`))
		},
		"with nobody's error": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			w.Write([]byte(`{"said":"Mrs Example"}`))
		},
		"with a forbidden key": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(403)
			w.Write([]byte(`{"error":{"type":"invalid_request_error","message":"Mrs Example ` + key + `"}}`))
		},
		"of what is not there": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			w.Write([]byte(`{"error":{"type":"invalid_request_error","code":"resource_missing","message":"Mrs Example"}}`))
		},
		"with a page that is no page": func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(`{"id":"cs_1","object":"checkout.session","status":"open","payment_status":"unpaid","url":"javascript:alert(1)","client_reference_id":"k","metadata":{"order":"` + uuid.Nil.String() + `","amount_fen":"1"}}`))
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			p := at(t, server.URL)
			r := payment.Request{Key: "k", AmountFen: 1, Reference: "cs_1", At: time.Now(), ReturnURL: back}
			_, err := p.Lookup(t.Context(), r)
			unknown(t, err)
			if strings.Contains(sentence, "forbidden") {
				r.Reference = ""
				_, err := p.Pay(t.Context(), r)
				unknown(t, err)
			}
		})
	}
	t.Run("a list of nothing", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"object":"list","data":[null]}`)) }))
		defer server.Close()
		_, err := at(t, server.URL).Lookup(t.Context(), payment.Request{Key: "k", AmountFen: 1})
		unknown(t, err)
	})
	t.Run("nobody there", func(t *testing.T) {
		_, err := at(t, "http://127.0.0.1:1").Pay(t.Context(), request(1))
		unknown(t, err)
	})
	t.Run("who no longer waits", func(t *testing.T) {
		b := set(t)
		b.standin.Fail("sessions.create", standin.TimeoutBefore)
		_, err := b.Pay(b.caller(t), request(1))
		unknown(t, err)
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Run("longer than a request may take", func(t *testing.T) {
		b := set(t)
		b.standin.Fail("sessions.create", standin.TimeoutAfter)
		_, err := b.another(t, 200*time.Millisecond).Pay(t.Context(), request(1))
		unknown(t, err)
		if !strings.Contains(err.Error(), "in time") {
			t.Error(err)
		}
	})
}

// crafted is an answer about a payment of 1 fen under the key "k" that was paid, but for what is set.
type crafted struct {
	total, received  int
	currency, paidIn string
	status, payment  string
	intent           string
	live             bool
}

func (c crafted) session() string {
	intent := fmt.Sprintf(`{"id":"pi_1","object":"payment_intent","status":%q,"amount_received":%d,"currency":%q}`, cmp.Or(c.intent, "succeeded"), cmp.Or(c.received, 1), cmp.Or(c.paidIn, "cny"))
	if c.intent == "none" {
		intent = "null"
	}
	return fmt.Sprintf(`{"id":"cs_1","object":"checkout.session","status":%q,"payment_status":%q,"amount_total":%d,"currency":%q,"livemode":%v,`+
		`"client_reference_id":"k","metadata":{"order":"%s","amount_fen":"1"},"payment_intent":%s}`,
		cmp.Or(c.status, "complete"), cmp.Or(c.payment, "paid"), cmp.Or(c.total, 1), cmp.Or(c.currency, "cny"), c.live, uuid.Nil, intent)
}

func TestMoneyIsBelievedWhereAllOfItFits(t *testing.T) {
	for _, c := range []struct {
		sentence string
		answer   crafted
		state    ordering.PaymentState // "" where it is other money
	}{
		{"all fits", crafted{}, ordering.PaymentSucceeded},
		{"it expired, and yet took the money", crafted{status: "expired", payment: "unpaid"}, ordering.PaymentSucceeded},
		{"it expired", crafted{status: "expired", payment: "unpaid", intent: "canceled"}, ordering.PaymentExpired},
		{"it expired and nobody tried", crafted{status: "expired", payment: "unpaid", intent: "none"}, ordering.PaymentExpired},
		{"the session says another amount", crafted{total: 2}, ""},
		{"the session says another currency", crafted{currency: "usd"}, ""},
		{"another amount was received", crafted{received: 2}, ""},
		{"another currency was received", crafted{paidIn: "usd"}, ""},
		{"nothing says what was received", crafted{intent: "none"}, ""},
		{"nothing was to be paid", crafted{payment: "no_payment_required"}, ""},
		{"it is of the other mode", crafted{live: true}, ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.answer.session()) }))
			defer server.Close()
			got, err := at(t, server.URL).Lookup(t.Context(), payment.Request{Key: "k", AmountFen: 1, Reference: "cs_1"})
			if got.State != c.state || (c.state == "") != errors.Is(err, payment.ErrOtherMoney) || got.Reference != "cs_1" {
				t.Fatalf("%+v, %v", got, err)
			}
		})
	}
}

// at is an adapter to an address.
func at(t *testing.T, address string) *stripe.Provider {
	t.Helper()
	p, err := stripe.New(stripe.Config{SecretKey: key, WebhookSecrets: []string{"whsec_1"}, BaseURL: address})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatTheAdapterMayBe(t *testing.T) {
	good := stripe.Config{SecretKey: "sk_test_1", WebhookSecrets: []string{"whsec_1"}, BaseURL: "http://127.0.0.1:1"}
	live := stripe.Config{SecretKey: "rk_live_1", WebhookSecrets: []string{"whsec_1", "whsec_2"}, Live: true, AccountID: "acct_1"}
	for _, c := range []struct {
		sentence string
		config   stripe.Config
		change   func(*stripe.Config)
		taken    bool
	}{
		{"a test key at an address of this machine", good, func(*stripe.Config) {}, true},
		{"a test key at localhost", good, func(c *stripe.Config) { c.BaseURL = "http://localhost:1/" }, true},
		{"a test key at [::1]", good, func(c *stripe.Config) { c.BaseURL = "http://[::1]:1" }, true},
		{"a test key at Stripe, where that is said", good, func(c *stripe.Config) { c.BaseURL = "https://api.stripe.com" }, true},
		{"a test key at Stripe, where nothing is said", good, func(c *stripe.Config) { c.BaseURL = "" }, false},
		{"an address elsewhere", good, func(c *stripe.Config) { c.BaseURL = "https://stripe.example" }, false},
		{"an address that looks like this machine's", good, func(c *stripe.Config) { c.BaseURL = "http://127.0.0.1.example" }, false},
		{"Stripe without TLS", good, func(c *stripe.Config) { c.BaseURL = "http://api.stripe.com" }, false},
		{"an address with a name and password", good, func(c *stripe.Config) { c.BaseURL = "http://api.stripe.com@127.0.0.1:1" }, false},
		{"an address with a path", good, func(c *stripe.Config) { c.BaseURL = "http://127.0.0.1:1/v2" }, false},
		{"a live key without live mode", good, func(c *stripe.Config) { c.SecretKey = "sk_live_1" }, false},
		{"a publishable key", good, func(c *stripe.Config) { c.SecretKey = "pk_test_1" }, false},
		{"no key", good, func(c *stripe.Config) { c.SecretKey = "" }, false},
		{"a key with the end of a line", good, func(c *stripe.Config) { c.SecretKey += "\n" }, false},
		{"no webhook secret", good, func(c *stripe.Config) { c.WebhookSecrets = nil }, false},
		{"an empty webhook secret", good, func(c *stripe.Config) { c.WebhookSecrets = []string{"whsec_1", " "} }, false},
		{"an account that is none", good, func(c *stripe.Config) { c.AccountID = "1" }, false},
		{"a live key, at Stripe by itself", live, func(*stripe.Config) {}, true},
		{"a live key elsewhere", live, func(c *stripe.Config) { c.BaseURL = "https://stripe.example" }, false},
		{"a test key in live mode", live, func(c *stripe.Config) { c.SecretKey = "sk_test_1" }, false},
	} {
		c.change(&c.config)
		p, err := stripe.New(c.config)
		if (err == nil) != c.taken {
			t.Errorf("%s: %v", c.sentence, err)
		}
		for _, printed := range []string{fmt.Sprint(c.config, p, err), fmt.Sprintf("%+v %#v %s %+v %#v %v", c.config, c.config, c.config, p, p, &c.config)} {
			if strings.Contains(printed, "whsec_") || strings.Contains(printed, "_live_") || strings.Contains(printed, "_test_") {
				t.Errorf("%s: a secret is printed: %s", c.sentence, printed)
			}
		}
	}
}

func TestWhatIsSentToStripe(t *testing.T) {
	var headers []http.Header
	var forms []url.Values
	b := set(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				r.ParseForm()
				headers, forms = append(headers, r.Header), append(forms, r.PostForm)
			}
			next.ServeHTTP(w, r)
		})
	})
	r := b.begun(t, 20_00)
	b.standin.Pay(r.Reference)
	if _, err := b.Refund(t.Context(), payment.RefundRequest{Key: "back", PaymentKey: r.Key, PaymentReference: r.Reference, AmountFen: 1, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if got := headers[0].Get("Idempotency-Key"); got != r.OrderID.String()+":pay:"+r.Key {
		t.Errorf("a payment's key is %q", got)
	}
	if got := headers[1].Get("Idempotency-Key"); got != r.Key+":refund:back" {
		t.Errorf("a refund's key is %q", got)
	}
	for _, name := range []string{"X-Stripe-Client-User-Agent", "X-Stripe-Client-Telemetry"} {
		if got := headers[1].Get(name); got != "" {
			t.Errorf("%s says %q", name, got)
		}
	}
	for name, want := range map[string]string{
		"mode": "payment", "client_reference_id": r.Key, "success_url": back, "cancel_url": back, "line_items[0][price_data][unit_amount]": "2000",
		"line_items[0][price_data][currency]": "cny", "payment_intent_data[metadata][order]": r.OrderID.String(), "metadata[payment]": r.Key,
	} {
		if got := forms[0].Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}
