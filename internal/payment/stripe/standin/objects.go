package standin

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

type session struct {
	id, url, status, paymentStatus, reference, currency, success, cancel string
	amount, created, expires                                             int64
	metadata, intentMetadata                                             map[string]string
	live                                                                 bool
	product                                                              string
	intent                                                               *intent
}

type intent struct {
	id, charge, status, currency string
	amount, received, created    int64
	metadata                     map[string]string
	live                         bool
}

type refund struct {
	id, status, currency string
	amount, created      int64
	metadata             map[string]string
	of                   *intent
}

type dispute struct {
	id, status      string
	amount, created int64
	of              *intent
}

type transfer struct {
	id, destination, group, currency string
	amount, reversed, created        int64
	metadata                         map[string]string
	live                             bool
}

var endpoints = []endpoint{
	{"sessions.create", "POST", "/v1/checkout/sessions", []string{
		"mode!", "success_url!", "cancel_url", "client_reference_id", "expires_at", "metadata[*]", "payment_intent_data[metadata][*]", "expand[]",
		"line_items[][price_data][currency]!", "line_items[][price_data][unit_amount]!", "line_items[][price_data][product_data][name]!", "line_items[][quantity]!",
	}, (*Server).createSession},
	{"sessions.retrieve", "GET", "/v1/checkout/sessions/{id}", []string{"expand[]"}, (*Server).retrieveSession},
	{"sessions.list", "GET", "/v1/checkout/sessions", parameters("payment_intent", "status"), (*Server).listSessions},
	{"sessions.expire", "POST", "/v1/checkout/sessions/{id}/expire", []string{"expand[]"}, (*Server).expireSession},
	{"refunds.create", "POST", "/v1/refunds", []string{"payment_intent!", "amount", "reason", "metadata[*]"}, (*Server).createRefund},
	{"refunds.retrieve", "GET", "/v1/refunds/{id}", nil, (*Server).retrieveRefund},
	{"refunds.list", "GET", "/v1/refunds", parameters("payment_intent"), (*Server).listRefunds},
	{"disputes.list", "GET", "/v1/disputes", parameters("payment_intent"), (*Server).listDisputes},
	{"transfers.create", "POST", "/v1/transfers", []string{"amount!", "currency!", "destination!", "transfer_group", "metadata[*]"}, (*Server).createTransfer},
	{"transfers.retrieve", "GET", "/v1/transfers/{id}", nil, (*Server).retrieveTransfer},
	{"transfers.list", "GET", "/v1/transfers", parameters("transfer_group", "destination"), (*Server).listTransfers},
}

// ---- sessions

func (s *Server) createSession(c call) (object, *apiError) {
	now := s.now()
	one := &session{
		id: s.id("cs"), status: "open", paymentStatus: "unpaid", live: s.options.Live, created: now.Unix(), expires: now.Add(24 * time.Hour).Unix(),
		reference: c.form["client_reference_id"], success: c.form["success_url"], cancel: c.form["cancel_url"],
		currency: c.form["line_items[0][price_data][currency]"], product: c.form["line_items[0][price_data][product_data][name]"],
		metadata: c.metadata("metadata"), intentMetadata: c.metadata("payment_intent_data[metadata]"),
	}
	unit, refused := c.number("line_items[0][price_data][unit_amount]")
	if refused != nil {
		return nil, refused
	}
	quantity, refused := c.number("line_items[0][quantity]")
	if refused != nil {
		return nil, refused
	}
	one.amount = unit * quantity
	switch {
	case c.form["mode"] != "payment":
		return nil, refusal("invalid_request_error", "", "mode", "The stand-in has only payments")
	case unit < 1 || quantity < 1 || one.amount > 999_999_99:
		return nil, refusal("invalid_request_error", "", "line_items[0][price_data][unit_amount]", "This value is too small or too large")
	case len(one.currency) != 3 || one.currency != strings.ToLower(one.currency):
		return nil, refusal("invalid_request_error", "", "line_items[0][price_data][currency]", "Invalid currency")
	case !isAddress(one.success):
		return nil, refusal("invalid_request_error", "url_invalid", "success_url", "Not a valid URL")
	case one.cancel != "" && !isAddress(one.cancel):
		return nil, refusal("invalid_request_error", "url_invalid", "cancel_url", "Not a valid URL")
	case len(one.reference) > 200:
		return nil, refusal("invalid_request_error", "", "client_reference_id", "Invalid string: at most 200 characters")
	}
	if c.form["expires_at"] != "" {
		if one.expires, refused = c.number("expires_at"); refused != nil {
			return nil, refused
		}
		if lives := time.Unix(one.expires, 0).Sub(now.Truncate(time.Second)); lives < 30*time.Minute || lives > 24*time.Hour {
			return nil, refusal("invalid_request_error", "", "expires_at", "The `expires_at` timestamp must be 30 minutes to 24 hours from Checkout Session creation.")
		}
	}
	for _, meta := range []map[string]string{one.metadata, one.intentMetadata} {
		for key, value := range meta {
			if len(meta) > 50 || len(key) > 40 || len(value) > 500 {
				return nil, refusal("invalid_request_error", "", "metadata", "Metadata is too large")
			}
		}
	}
	base := s.options.PublicURL
	if base == "" {
		base = c.host
	}
	one.url = base + "/c/pay/" + one.id
	s.sessions = append(s.sessions, one)
	return one.expanded(c)
}

func isAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (s *Server) retrieveSession(c call) (object, *apiError) {
	one := s.session(c.id)
	if one == nil {
		return nil, missing("checkout.session", "session", c.id)
	}
	return one.expanded(c)
}

func (s *Server) listSessions(c call) (object, *apiError) {
	wanted, status := c.form["payment_intent"], c.form["status"]
	return list(c, s.sessions, func(one *session) bool {
		return (wanted == "" || one.intent != nil && one.intent.id == wanted) && (status == "" || one.status == status)
	})
}

func (s *Server) expireSession(c call) (object, *apiError) {
	one := s.session(c.id)
	switch {
	case one == nil:
		return nil, missing("checkout.session", "session", c.id)
	case one.status != "open":
		return nil, refusal("invalid_request_error", "", "", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of "+one.status+".")
	}
	s.end(one)
	return one.expanded(c)
}

// expire ends what nobody paid in time.
func (s *Server) expire() {
	for _, one := range s.sessions {
		if one.status == "open" && one.expires <= s.now().Unix() {
			s.end(one)
		}
	}
}

func (s *Server) end(one *session) {
	one.status = "expired"
	if one.intent != nil {
		one.intent.status = "canceled"
	}
	s.emit("checkout.session.expired", one.show())
}

func (s *Server) session(id string) *session {
	for _, one := range s.sessions {
		if one.id == id {
			return one
		}
	}
	return nil
}

// attempt is the payment intent of a session, made when a buyer first tries to pay.
func (s *Server) attempt(one *session) *intent {
	if one.intent == nil {
		one.intent = &intent{
			id: s.id("pi"), charge: s.id("ch"), status: "requires_payment_method", currency: one.currency, amount: one.amount,
			created: s.now().Unix(), metadata: maps.Clone(one.intentMetadata), live: one.live,
		}
	}
	return one.intent
}

// ---- what a buyer does; each does nothing where the session is not open

func (s *Server) settle(one *session) {
	if one == nil || one.status != "open" {
		return
	}
	i := s.attempt(one)
	i.status, i.received = "succeeded", i.amount
	one.status, one.paymentStatus = "complete", "paid"
	s.emit("payment_intent.succeeded", i.show())
	s.emit("checkout.session.completed", one.show())
}

func (s *Server) decline(one *session) {
	if one == nil || one.status != "open" {
		return
	}
	i := s.attempt(one)
	i.status = "requires_payment_method"
	s.emit("payment_intent.payment_failed", i.show())
}

func (s *Server) challenge(one *session) {
	if one == nil || one.status != "open" {
		return
	}
	i := s.attempt(one)
	i.status = "requires_action"
	s.emit("payment_intent.requires_action", i.show())
}

func (s *Server) later(one *session) {
	if one == nil || one.status != "open" {
		return
	}
	i := s.attempt(one)
	i.status, one.status = "processing", "complete"
	s.emit("payment_intent.processing", i.show())
	s.emit("checkout.session.completed", one.show())
}

// ---- refunds

func (s *Server) createRefund(c call) (object, *apiError) {
	i := s.intent(c.form["payment_intent"])
	if i == nil {
		return nil, missing("payment_intent", "payment_intent", c.form["payment_intent"])
	}
	if i.received == 0 {
		return nil, refusal("invalid_request_error", "payment_intent_unexpected_state", "payment_intent", "This PaymentIntent does not have a successful charge to refund.")
	}
	left := i.received
	for _, other := range s.refunds {
		if other.of == i && other.status != "failed" && other.status != "canceled" {
			left -= other.amount
		}
	}
	amount := left
	if c.form["amount"] != "" {
		n, refused := c.number("amount")
		if refused != nil {
			return nil, refused
		}
		amount = n
	}
	disputed := slices.ContainsFunc(s.disputes, func(d *dispute) bool { return d.of == i && (d.status == "needs_response" || d.status == "lost") })
	switch {
	case disputed:
		return nil, refusal("invalid_request_error", "charge_disputed", "", "The charge has been charged back and cannot be refunded.")
	case amount < 1 && left > 0:
		return nil, refusal("invalid_request_error", "parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case left == 0:
		return nil, refusal("invalid_request_error", "charge_already_refunded", "", "Charge "+i.charge+" has already been refunded.")
	case amount > left:
		return nil, refusal("invalid_request_error", "", "amount", fmt.Sprintf("Refund amount (%d) is greater than unrefunded amount on charge (%d)", amount, left))
	}
	one := &refund{id: s.id("re"), status: "succeeded", currency: i.currency, amount: amount, created: s.now().Unix(), metadata: c.metadata("metadata"), of: i}
	if s.pending {
		one.status = "pending"
	}
	s.refunds = append(s.refunds, one)
	s.emit("charge.refunded", object{"object": "charge", "id": i.charge, "payment_intent": i.id, "amount_refunded": i.received - left + amount})
	return one.show(), nil
}

func (s *Server) retrieveRefund(c call) (object, *apiError) {
	for _, one := range s.refunds {
		if one.id == c.id {
			return one.show(), nil
		}
	}
	return nil, missing("refund", "id", c.id)
}

func (s *Server) listRefunds(c call) (object, *apiError) {
	wanted := c.form["payment_intent"]
	if wanted != "" && s.intent(wanted) == nil {
		return nil, missing("payment_intent", "payment_intent", wanted)
	}
	return list(c, s.refunds, func(one *refund) bool { return wanted == "" || one.of.id == wanted })
}

func (s *Server) intent(id string) *intent {
	for _, one := range s.sessions {
		if one.intent != nil && one.intent.id == id {
			return one.intent
		}
	}
	return nil
}

// ---- disputes

func (s *Server) listDisputes(c call) (object, *apiError) {
	wanted := c.form["payment_intent"]
	return list(c, s.disputes, func(one *dispute) bool { return wanted == "" || one.of.id == wanted })
}

// ---- transfers

func (s *Server) createTransfer(c call) (object, *apiError) {
	amount, refused := c.number("amount")
	if refused != nil {
		return nil, refused
	}
	to := c.form["destination"]
	switch {
	case amount < 1:
		return nil, refusal("invalid_request_error", "parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case !slices.Contains(s.options.Accounts, to):
		return nil, refusal("invalid_request_error", "resource_missing", "destination", "No such destination: '"+to+"'")
	case amount > s.balance(c.form["currency"]):
		return nil, refusal("invalid_request_error", "balance_insufficient", "", "You have insufficient available funds in your Stripe account.")
	}
	one := &transfer{
		id: s.id("tr"), destination: to, group: c.form["transfer_group"], currency: c.form["currency"], amount: amount,
		created: s.now().Unix(), metadata: c.metadata("metadata"), live: s.options.Live,
	}
	s.transfers = append(s.transfers, one)
	s.emit("transfer.created", one.show())
	return one.show(), nil
}

// balance is what was taken and is still here.
func (s *Server) balance(currency string) (sum int64) {
	for _, one := range s.sessions {
		if one.intent != nil && one.intent.currency == currency {
			sum += one.intent.received
		}
	}
	for _, one := range s.refunds {
		if one.currency == currency && one.status != "failed" && one.status != "canceled" {
			sum -= one.amount
		}
	}
	for _, one := range s.transfers {
		if one.currency == currency {
			sum -= one.amount - one.reversed
		}
	}
	return sum
}

func (s *Server) retrieveTransfer(c call) (object, *apiError) {
	for _, one := range s.transfers {
		if one.id == c.id {
			return one.show(), nil
		}
	}
	return nil, missing("transfer", "id", c.id)
}

func (s *Server) listTransfers(c call) (object, *apiError) {
	group, to := c.form["transfer_group"], c.form["destination"]
	return list(c, s.transfers, func(one *transfer) bool {
		return (group == "" || one.group == group) && (to == "" || one.destination == to)
	})
}

// ---- as Stripe shows them

func (one *session) key() string   { return one.id }
func (one *session) since() int64  { return one.created }
func (one *refund) key() string    { return one.id }
func (one *refund) since() int64   { return one.created }
func (one *dispute) key() string   { return one.id }
func (one *dispute) since() int64  { return one.created }
func (one *transfer) key() string  { return one.id }
func (one *transfer) since() int64 { return one.created }

func (one *session) show() object {
	shown := object{
		"id": one.id, "object": "checkout.session", "amount_subtotal": one.amount, "amount_total": one.amount, "cancel_url": one.cancel,
		"client_reference_id": one.reference, "created": one.created, "currency": one.currency, "expires_at": one.expires, "livemode": one.live,
		"metadata": one.metadata, "mode": "payment", "payment_intent": nil, "payment_status": one.paymentStatus, "status": one.status,
		"success_url": one.success, "url": nil,
	}
	if one.intent != nil {
		shown["payment_intent"] = one.intent.id
	}
	if one.status == "open" {
		shown["url"] = one.url
	}
	return shown
}

func (one *session) expanded(c call) (object, *apiError) {
	shown := one.show()
	for key, value := range c.form {
		if !strings.HasPrefix(key, "expand[") {
			continue
		}
		if value != "payment_intent" {
			return nil, refusal("invalid_request_error", "", "expand", "This property cannot be expanded ("+value+").")
		}
		if one.intent != nil {
			shown["payment_intent"] = one.intent.show()
		}
	}
	return shown, nil
}

func (i *intent) show() object {
	return object{
		"id": i.id, "object": "payment_intent", "amount": i.amount, "amount_received": i.received, "created": i.created, "currency": i.currency,
		"latest_charge": i.charge, "livemode": i.live, "metadata": i.metadata, "status": i.status,
	}
}

func (one *refund) show() object {
	return object{
		"id": one.id, "object": "refund", "amount": one.amount, "charge": one.of.charge, "created": one.created, "currency": one.currency,
		"metadata": one.metadata, "payment_intent": one.of.id, "status": one.status,
	}
}

func (one *dispute) show() object {
	return object{
		"id": one.id, "object": "dispute", "amount": one.amount, "charge": one.of.charge, "created": one.created, "currency": one.of.currency,
		"livemode": one.of.live, "metadata": object{}, "payment_intent": one.of.id, "reason": "general", "status": one.status,
	}
}

func (one *transfer) show() object {
	return object{
		"id": one.id, "object": "transfer", "amount": one.amount, "amount_reversed": one.reversed, "created": one.created, "currency": one.currency,
		"destination": one.destination, "livemode": one.live, "metadata": one.metadata, "reversed": one.reversed == one.amount, "transfer_group": one.group,
	}
}
