package standin

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Event is one event as it is delivered.
type Event struct {
	ID, Type string
	Body     []byte
}

// Delivery is how events are delivered from now on; its zero value delivers each once and at once.
type Delivery struct {
	// Copies are how many times more than once each is delivered.
	Copies int
	// Delay is how long each is kept.
	Delay time.Duration
	// Withhold keeps them until Send.
	Withhold bool
}

const (
	attempts    = 6
	firstWait   = 250 * time.Millisecond // doubled each time
	sendTimeout = 10 * time.Second
)

// Deliver says how events are delivered from now on.
func (s *Server) Deliver(d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery = d
}

// Events are all events that there were, delivered or not, in the order in which they happened.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Event(nil), s.events...)
}

// Secrets are what events are signed with from now on: two while an endpoint's secret is being changed.
func (s *Server) Secrets(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets = secrets
}

// Wait waits until nothing is being delivered.
func (s *Server) Wait() { s.sending.Wait() }

// Send delivers events in the order given, each once for each time it is named, whatever Deliver said, and says what failed.
func (s *Server) Send(ctx context.Context, ids ...string) error {
	var failed []error
	for _, id := range ids {
		found := false
		for _, event := range s.Events() {
			if event.ID == id {
				found = true
				failed = append(failed, s.post(ctx, event))
			}
		}
		if !found {
			failed = append(failed, fmt.Errorf("standin: no event %s", id))
		}
	}
	return errors.Join(failed...)
}

// Sign is the Stripe-Signature header of a body, signed at a time with each of the secrets.
func Sign(body []byte, at time.Time, secrets ...string) string {
	header := fmt.Sprintf("t=%d", at.Unix())
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		fmt.Fprintf(mac, "%d.", at.Unix())
		mac.Write(body)
		header += ",v1=" + hex.EncodeToString(mac.Sum(nil))
	}
	return header
}

// emit keeps an event and delivers it as Deliver said. The caller has the lock.
func (s *Server) emit(kind string, of object) {
	event := Event{ID: s.id("evt"), Type: kind}
	event.Body = object{
		"id": event.ID, "object": "event", "api_version": Version, "created": s.now().Unix(), "livemode": s.options.Live, "pending_webhooks": 1,
		"type": kind, "data": object{"object": of}, "request": object{"id": nil, "idempotency_key": nil},
	}.json()
	s.events = append(s.events, event)
	if s.options.WebhookURL == "" || s.delivery.Withhold {
		return
	}
	d := s.delivery
	for range 1 + d.Copies {
		s.sending.Go(func() {
			time.Sleep(d.Delay)
			for n, wait := 0, firstWait; n < attempts; n, wait = n+1, wait*2 {
				if s.post(context.Background(), event) == nil {
					return
				}
				time.Sleep(wait)
			}
		})
	}
}

// post delivers an event once. It is signed with the machine's time, however far Advance went: who receives it has no other.
func (s *Server) post(ctx context.Context, event Event) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	s.mu.Lock()
	secrets := s.secrets
	s.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.options.WebhookURL, bytes.NewReader(event.Body))
	if err != nil {
		return fmt.Errorf("standin: event %s: %w", event.ID, err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Stripe-Signature", Sign(event.Body, s.options.Now(), secrets...))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("standin: event %s: %w", event.ID, err)
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, formLimit))
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("standin: event %s was answered with %d", event.ID, answer.StatusCode)
	}
	return nil
}
