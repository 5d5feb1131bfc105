package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/feed"
	"gongshu/internal/market"
	"gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

// soon is how long an event may take.
const soon = 2 * time.Second

// stream is an open stream of events.
type stream struct {
	events chan string // the data of each "next"; closed at the end
	close  func()
}

const everything = `subscription { viewerEvents { kind unreadCount notification { kind read params { name value } subject { id } } subject { kind id } } }`

// listen opens a stream and returns it with the answer; where that is no stream, with its body in the place of the first event.
func (f *fixture) listen(t *testing.T, session string) (*http.Response, *stream) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	body, err := json.Marshal(map[string]string{"query": everything})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(ctx, "POST", f.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream, application/graphql-response+json")
	r.Header.Set("Cookie", session)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	s := &stream{events: make(chan string, 100), close: func() { cancel(); answer.Body.Close() }}
	t.Cleanup(s.close)
	go func() {
		defer close(s.events)
		lines := bufio.NewScanner(answer.Body)
		for lines.Scan() {
			text, isData := strings.CutPrefix(lines.Text(), "data: ")
			if isData && text != "" || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
				s.events <- text
			}
		}
	}()
	return answer, s
}

// next is the next event that says something.
func (s *stream) next(t *testing.T, says string) string {
	t.Helper()
	late := time.After(soon)
	for {
		select {
		case event, more := <-s.events:
			if !more {
				t.Fatalf("the stream ended before it said %s", says)
			}
			if strings.Contains(event, says) {
				return event
			}
		case <-late:
			t.Fatalf("nothing says %s within %s", says, soon)
		}
	}
}

// ended fails unless the stream ends soon.
func (s *stream) ended(t *testing.T, within time.Duration) {
	t.Helper()
	late := time.After(within)
	for {
		select {
		case _, more := <-s.events:
			if !more {
				return
			}
		case <-late:
			t.Fatalf("the stream is open after %s", within)
		}
	}
}

// member lays somebody who can sign in and returns a session of it and whom it acts as.
func (f *fixture) member(t *testing.T, shop *storetest.Shop, organisation uuid.UUID, roles ...access.Role) (session string, ctx context.Context) {
	t.Helper()
	const password = "correct horse battery"
	email := uuid.NewString() + "@example.cn"
	ctx = shop.Person(t, organisation, roles...)
	v := access.FromContext(ctx)
	hash, err := market.HashPassword(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	err = f.Market.Store.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Person.UpdateOneID(v.PersonID).SetEmail(email).SetPasswordHash(hash).Exec(ctx); err != nil {
			return err
		}
		return tx.Membership.Create().SetCreatedAt(tx.Now()).SetPersonID(v.PersonID).SetOrganisationID(organisation).SetRoles(roles).Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	answer, body := f.post(t, `mutation { signIn(input: {email: "`+email+`", password: "`+password+`"}) { errors { code } } }`)
	if len(answer.Cookies()) != 1 {
		t.Fatalf("signing in answers %s", body)
	}
	return answer.Cookies()[0].Name + "=" + answer.Cookies()[0].Value, ctx
}

func (f *fixture) buy(t *testing.T, p storetest.Product, buyer context.Context, key string) (id string) {
	t.Helper()
	order, err := f.Market.OrderPlace(buyer, market.OrderPlaceInput{
		ProductID: p.ID, PlanID: p.PerCall, Purpose: purpose.Industry, Quantity: 10, LicenceVersion: "1", IdempotencyKey: key,
	})
	if err == nil {
		_, err = f.Market.OrderPay(buyer, order, market.OrderPayInput{Provider: paytest.Name, IdempotencyKey: key})
	}
	if err != nil {
		t.Fatal(err)
	}
	return publicid.Encode("ord", order)
}

func TestWhatHappensIsToldAtOnceToThoseItConcerns(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		f.Market.Payments = map[string]payment.Provider{paytest.Name: &paytest.Provider{}}
		p := shop.Product(t, authorisation.DeliveryAPI, 5)
		finance, _ := f.member(t, shop, shop.Operator, access.Finance)
		reader, _ := f.member(t, shop, shop.Operator, access.Member)
		stranger, _ := f.member(t, shop, shop.Other, access.Finance, access.Administrator)
		_, buyer := f.member(t, shop, shop.Buyer, access.BuyerRole)

		answer, operator := f.listen(t, finance)
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
			t.Fatalf("a stream is answered %d, %v", answer.StatusCode, answer.Header)
		}
		_, colleague := f.listen(t, reader)
		_, other := f.listen(t, stranger)
		for _, s := range []*stream{operator, colleague, other} {
			s.next(t, `"kind":"READY","unreadCount":0`)
		}
		first := f.buy(t, p, buyer, "first")
		event := operator.next(t, `"ORDER_PAID"`)
		if !strings.Contains(event, `"unreadCount":1`) || !strings.Contains(event, `{"name":"amount","value":"5.50"}`) || !strings.Contains(event, `"subject":{"id":"ord_`) || !strings.Contains(event, `"read":false`) {
			t.Errorf("the operator is told %s", event)
		}
		colleague.next(t, `"subject":{"kind":"ORDER","id":"ord_`)
		// What comes later shows that nothing was before it.
		_, rival := f.member(t, shop, shop.Other, access.BuyerRole)
		theirs := f.buy(t, p, rival, "second")
		for until, event := "", ""; until == ""; {
			event = other.next(t, "")
			if strings.Contains(event, first) {
				t.Errorf("a stranger is told %s", event)
			}
			if strings.Contains(event, `"ORDER_PAID"`) && strings.Contains(event, theirs) {
				until = event
			}
		}
		if err := f.Market.ProductSuspend(shop.Person(t, shop.Operator, access.Publisher), p.ID, "检修"); err != nil {
			t.Fatal(err)
		}
		operator.next(t, `"PRODUCT_SUSPENDED"`)
		for event := ""; !strings.Contains(event, `"PRODUCT_SUSPENDED"`); {
			if event = colleague.next(t, ""); strings.Contains(event, `"ORDER_PAID"`) {
				t.Errorf("who has not the role is told %s", event)
			}
		}
		// A stream that is opened again begins with what is unread, and not with what was.
		operator.close()
		_, again := f.listen(t, finance)
		again.next(t, `"kind":"READY","unreadCount":3`) // two orders and the suspension
	})
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		session, _ := f.member(t, shop, shop.Buyer, access.BuyerRole)
		_, s := f.listen(t, session)
		s.next(t, "READY")
		f.post(t, "mutation { signOut { errors { code } } }", "Cookie", session)
		s.ended(t, 5*time.Second)
		if answer, _ := f.listen(t, session); answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("signed out, a stream is answered %d", answer.StatusCode)
		}
	})
}

func TestAStreamEndsWhenItsOrganisationIsSuspended(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		session, _ := f.member(t, shop, shop.Buyer, access.BuyerRole)
		_, s := f.listen(t, session)
		s.next(t, "READY")
		platform := shop.Organisation(t, access.PublicInstitution, access.Platform)
		if err := f.Market.OrganisationSuspend(shop.Person(t, platform, access.Approver), shop.Buyer, "核查"); err != nil {
			t.Fatal(err)
		}
		s.ended(t, soon)
	})
}

func TestStreamsOfAnAccountAreFew(t *testing.T) {
	f := start(t, sqlite(t))
	shop := storetest.Lay(t, f.Market.Store)
	session, _ := f.member(t, shop, shop.Buyer, access.BuyerRole)
	var last *stream
	for range feed.MaxStreams {
		_, last = f.listen(t, session)
		last.next(t, "READY")
	}
	answer, refused := f.listen(t, session)
	if answer.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one more is answered %d", answer.StatusCode)
	}
	refused.next(t, "STREAMS_TOO_MANY")
	for _, accept := range []string{"text/event-stream", "text/event-stream, application/json"} {
		answer, body := f.post(t, everything, "Accept", accept, "Cookie", session)
		if answer.StatusCode != http.StatusTooManyRequests || !strings.Contains(body, "STREAMS_TOO_MANY") {
			t.Errorf("one more that accepts %s is answered %d %s", accept, answer.StatusCode, body)
		}
	}
	last.close()
	for until := time.Now().Add(soon); ; time.Sleep(10 * time.Millisecond) {
		if answer, _ := f.listen(t, session); answer.StatusCode == http.StatusOK {
			break
		}
		if time.Now().After(until) {
			t.Fatal("a stream that was closed still counts")
		}
	}
}

func TestStoppingEndsStreamsAtOnce(t *testing.T) {
	f := start(t, sqlite(t))
	shop := storetest.Lay(t, f.Market.Store)
	session, _ := f.member(t, shop, shop.Buyer, access.BuyerRole)
	_, s := f.listen(t, session)
	s.next(t, "READY")
	began := time.Now()
	f.stop()
	if err := <-f.stopped; err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the stop took %s", took)
	}
	s.ended(t, time.Second)
}

func TestOnlyASubscriptionIsAStream(t *testing.T) {
	f := start(t, sqlite(t))
	for _, c := range []struct{ name, query, accept, kind, says string }{
		{"a query of who takes both is no stream", "{ viewer { __typename } }", "text/event-stream, application/json", "application/json; charset=utf-8", `{"data":{"viewer":null}}`},
		{"a query of who takes streams alone is not carried out", "{ viewer { __typename } }", "text/event-stream", "application/json; charset=utf-8", "NOT_ACCEPTABLE"},
		{"nor is a mutation", "mutation { signOut { errors { code } } }", "text/event-stream", "application/json; charset=utf-8", "NOT_ACCEPTABLE"},
		{"a subscription of who takes no stream is refused", "subscription { viewerEvents { kind } }", "application/json", "application/json; charset=utf-8", "EVENT_STREAM_REQUIRED"},
		{"nobody has a stream", "subscription { viewerEvents { kind } }", "text/event-stream", "application/json; charset=utf-8", "SIGN_IN_REQUIRED"},
		{"the limits hold", "subscription { viewerEvents {" + strings.Repeat(" a: kind", 16) + " } }", "text/event-stream", "application/json; charset=utf-8", "TOO_MANY_ALIASES"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, body := f.post(t, c.query, "Accept", c.accept)
			if answer.Header.Get("Content-Type") != c.kind || !strings.Contains(body, c.says) {
				t.Errorf("it is answered %d %s %s", answer.StatusCode, answer.Header.Get("Content-Type"), body)
			}
		})
	}
}
