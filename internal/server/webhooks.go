package server

import (
	"errors"
	"io"
	"net/http"

	"gongshu/internal/fault"
	"gongshu/internal/payment"
	"gongshu/internal/server/uploads"
)

// webhookLimit is how many bytes a delivery has at most.
const webhookLimit = 1 << 20

// webhook answers POST /webhooks/{provider}, which payment providers send what changed to. What is their own word is kept and answered
// 200 at once; what follows from it is the worker's. Everything else is answered 400, changes nothing and is counted by its reason.
func (s *Server) webhook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, webhookLimit))
	if err != nil {
		s.metrics.webhooks.WithLabelValues("body").Inc()
		uploads.Refuse(w, r, fault.New(fault.TooLarge, "BODY_TOO_LARGE", "The body is too large."))
		return
	}
	outcome := "taken"
	err = s.Market.PaymentTold(r.Context(), r.PathValue("provider"), body, r.Header.Get("Stripe-Signature"))
	var forged payment.Forged
	switch {
	case errors.As(err, &forged):
		outcome, err = string(forged), fault.New(fault.Invalid, "WEBHOOK_FORGED", "This is not the provider's word: %s.", string(forged))
	case err != nil:
		outcome = "failed"
	}
	s.metrics.webhooks.WithLabelValues(outcome).Inc()
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}
