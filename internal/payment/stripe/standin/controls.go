package standin

import "strconv"

// Session is what there is to see of a session.
type Session struct {
	ID, URL, Status, PaymentStatus string
	// Reference is its client_reference_id, IntentID what it was paid with.
	Reference, IntentID string
	Amount              int64
}

// Sessions are all sessions, in the order in which they were made.
func (s *Server) Sessions() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	var shown []Session
	for _, one := range s.sessions {
		seen := Session{ID: one.id, URL: one.url, Status: one.status, PaymentStatus: one.paymentStatus, Reference: one.reference, Amount: one.amount}
		if one.intent != nil {
			seen.IntentID = one.intent.id
		}
		shown = append(shown, seen)
	}
	return shown
}

// Charges is how many payments took money.
func (s *Server) Charges() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.sessions {
		if one.intent != nil && one.intent.received > 0 {
			n++
		}
	}
	return n
}

// Refunds is how many refunds there are.
func (s *Server) Refunds() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.refunds)
}

// Transfers is how many transfers there are.
func (s *Server) Transfers() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.transfers)
}

// TransferIDs are the numbers of the transfers, the first first.
func (s *Server) TransferIDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, len(s.transfers))
	for i, one := range s.transfers {
		ids[i] = one.id
	}
	return ids
}

// Pay pays a session as its page does.
func (s *Server) Pay(id string) { s.on(id, s.settle) }

// Decline lets a card be declined on the session's page.
func (s *Server) Decline(id string) { s.on(id, s.decline) }

// PayLater completes a session with a method whose money comes in days, until SettleLater.
func (s *Server) PayLater(id string) { s.on(id, s.later) }

// PayAs lets a session take another amount or currency than it was made for.
func (s *Server) PayAs(id string, amount int64, currency string) {
	s.on(id, func(one *session) {
		one.amount, one.currency = amount, currency
		s.settle(one)
	})
}

// SettleLater says whether the money of PayLater came.
func (s *Server) SettleLater(id string, came bool) {
	s.on(id, func(one *session) {
		if one.intent == nil || one.intent.status != "processing" {
			return
		}
		if !came {
			one.intent.status = "requires_payment_method"
			s.emit("checkout.session.async_payment_failed", one.show())
			return
		}
		one.intent.status, one.intent.received, one.paymentStatus = "succeeded", one.intent.amount, "paid"
		s.emit("checkout.session.async_payment_succeeded", one.show())
	})
}

func (s *Server) on(id string, do func(*session)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	if one := s.session(id); one != nil {
		do(one)
	}
}

// RefundsPend says whether refunds from now on wait for SettleRefund.
func (s *Server) RefundsPend(pend bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = pend
}

// SettleRefund gives a refund a status of Stripe's: succeeded, failed, canceled, requires_action.
func (s *Server) SettleRefund(id, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.refunds {
		if one.id != id {
			continue
		}
		one.status = status
		s.emit("charge.refund.updated", one.show())
		if status == "failed" {
			s.emit("refund.failed", one.show())
		}
	}
}

// RefundByHand gives back an amount of what a session took as a person does on Stripe's own page, and says the refund's number; empty
// where nothing was paid.
func (s *Server) RefundByHand(sessionID string, amount int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	paid := s.session(sessionID)
	if paid == nil || paid.intent == nil {
		return ""
	}
	shown, refused := s.createRefund(call{form: map[string]string{"payment_intent": paid.intent.id, "amount": strconv.FormatInt(amount, 10)}})
	if refused != nil {
		return ""
	}
	return shown["id"].(string)
}

// Dispute lets the buyer's bank ask a payment back, and says the dispute's number; empty where nothing was paid.
func (s *Server) Dispute(sessionID string, amount int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	paid := s.session(sessionID)
	if paid == nil || paid.intent == nil || paid.intent.received == 0 {
		return ""
	}
	one := &dispute{id: s.id("dp"), status: "needs_response", amount: amount, created: s.now().Unix(), of: paid.intent}
	s.disputes = append(s.disputes, one)
	s.emit("charge.dispute.created", one.show())
	return one.id
}

// CloseDispute decides a dispute: won or lost. It takes Stripe's other statuses as well, and tells of them as of a decision.
func (s *Server) CloseDispute(id, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.disputes {
		if one.id == id {
			one.status = status
			s.emit("charge.dispute.closed", one.show())
		}
	}
}

// ReverseTransfer takes an amount of a transfer back.
func (s *Server) ReverseTransfer(id string, amount int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.transfers {
		if one.id == id {
			one.reversed = min(one.amount, one.reversed+amount)
			s.emit("transfer.reversed", one.show())
		}
	}
}
