package standin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// Serve serves a stand-in on an address of this machine until the context ends; "127.0.0.1:0" chooses a port, which `ready` is told.
// A test in another process moves it by POST to /standin/…, with the names of the controls: fault, advance, dispute, close-dispute,
// settle-refund, refunds-pend, settle-later, deliver, send; GET /standin/state shows what there is.
func Serve(ctx context.Context, addr string, o Options, ready func(address string)) error {
	where, err := netip.ParseAddrPort(addr)
	if err != nil || !where.Addr().IsLoopback() {
		return fmt.Errorf("standin: %q is no address of this machine", addr)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("standin: %w", err)
	}
	server := &http.Server{Handler: New(o).Controlled(), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if ready != nil {
		ready(listener.Addr().String())
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("standin: %w", err)
	}
	return nil
}

// Controlled serves the stand-in together with its controls, as Serve does.
func (s *Server) Controlled() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s)
	mux.HandleFunc("POST /standin/{control}", s.control)
	mux.HandleFunc("GET /standin/state", s.state)
	return mux
}

func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := s.move(r); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) move(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	value := r.PostFormValue
	switch r.PathValue("control") {
	case "fault":
		s.Fail(value("operation"), Fault(value("fault")))
	case "advance":
		by, err := time.ParseDuration(value("by"))
		if err != nil {
			return err
		}
		s.Advance(by)
	case "dispute":
		amount, err := strconv.ParseInt(value("amount"), 10, 64)
		if err != nil {
			return err
		}
		if s.Dispute(value("session"), amount) == "" {
			return errors.New("nothing was paid")
		}
	case "close-dispute":
		s.CloseDispute(value("id"), value("status"))
	case "settle-refund":
		s.SettleRefund(value("id"), value("status"))
	case "refunds-pend":
		s.RefundsPend(value("pend") == "true")
	case "settle-later":
		s.SettleLater(value("session"), value("came") == "true")
	case "deliver":
		copies, _ := strconv.Atoi(value("copies"))
		delay, _ := time.ParseDuration(value("delay"))
		s.Deliver(Delivery{Copies: max(0, min(copies, 100)), Delay: delay, Withhold: value("withhold") == "true"})
	case "send":
		return s.Send(r.Context(), r.PostForm["id"]...)
	default:
		return errors.New("no such control")
	}
	return nil
}

func (s *Server) state(w http.ResponseWriter, _ *http.Request) {
	type event struct{ ID, Type string }
	state := struct {
		Sessions           []Session
		Charges            int
		Refunds, Transfers []object
		Disputes           []object
		Events             []event
	}{Sessions: s.Sessions(), Charges: s.Charges()}
	for _, e := range s.Events() {
		state.Events = append(state.Events, event{e.ID, e.Type})
	}
	s.mu.Lock()
	for _, one := range s.refunds {
		state.Refunds = append(state.Refunds, one.show())
	}
	for _, one := range s.transfers {
		state.Transfers = append(state.Transfers, one.show())
	}
	for _, one := range s.disputes {
		state.Disputes = append(state.Disputes, one.show())
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(state)
}
