// Package uploads is the edge for files, which people send as the raw body of a request: evidence, which they get back as an
// attachment, and the data of products.
//
// It decides nothing: who may, and what a file is, belongs to package market. It answers in JSON, {"id": …} or
// {"errors": [{"code", "message", "field"}]}. That a request comes from this site's own pages is held by package server,
// for this and everything else.
package uploads

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
)

type handler struct {
	market *market.Market
}

// requestPoints are paid for every request, as for a mutation: it writes a file, or reads one whole.
const requestPoints = 500

// New returns the handler of all files; it belongs behind the middleware of sessions. Every request pays to spend before it
// is served, whatever becomes of it; without spend nobody is limited.
func New(m *market.Market, spend func(w http.ResponseWriter, r *http.Request, points int) error) http.Handler {
	h := &handler{market: m}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /uploads/documents", h.storeDocument)
	mux.HandleFunc("GET /documents/{id}", h.openDocument)
	mux.HandleFunc("POST /uploads/datasets/{productId}", h.storeDataset)
	mux.HandleFunc("GET /uploads/datasets/{jobId}/rejects.csv", h.rejects)
	mux.HandleFunc("POST /uploads/statements", h.storeStatement)
	mux.HandleFunc("/uploads/statements", only("POST"))
	mux.HandleFunc("/uploads/documents", only("POST"))
	mux.HandleFunc("/documents/{id}", only("GET, HEAD"))
	mux.HandleFunc("/uploads/datasets/{productId}", only("POST"))
	mux.HandleFunc("/uploads/datasets/{jobId}/rejects.csv", only("GET, HEAD"))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { hangUp(w); refuse(w, r, fault.Absent("resource")) })
	if spend == nil {
		return mux
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := spend(w, r, requestPoints); err != nil {
			hangUp(w)
			refuse(w, r, err)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// only refuses every method but those allowed.
func only(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		hangUp(w)
		w.Header().Set("Allow", allowed)
		refuse(w, r, fault.New(fault.Invalid, "METHOD_NOT_ALLOWED", "Use %s.", allowed).With("allowed", allowed))
	}
}

const documentPrefix = "doc"

// storeDocument stores the body as evidence: POST /uploads/documents?name=licence.pdf.
func (h *handler) storeDocument(w http.ResponseWriter, r *http.Request) {
	if isForm(r) {
		hangUp(w)
		refuse(w, r, fault.New(fault.Invalid, "MEDIA_TYPE_REFUSED", "Send the file itself as the body, not in a form."))
		return
	}
	id, err := h.market.DocumentStore(r.Context(), r.URL.Query().Get("name"), r.Header.Get("Content-Type"), body(w, r))
	if err != nil {
		hangUp(w)
		refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]string{"id": publicid.Encode(documentPrefix, id)})
}

// isForm reports whether the body is a form with the file in it: stored as it is, it would be no file of anybody's.
func isForm(r *http.Request) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Type"))), "multipart/")
}

// openDocument gives the bytes to save, never to show: what people upload is not run on this site.
func (h *handler) openDocument(w http.ResponseWriter, r *http.Request) {
	id, known := publicid.Parse(documentPrefix, r.PathValue("id"))
	if !known {
		refuse(w, r, fault.Absent("document"))
		return
	}
	d, err := h.market.DocumentOpen(r.Context(), id)
	if err != nil {
		refuse(w, r, err)
		return
	}
	defer d.Close()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(fileTime)) // where there is no connection, nothing is lost
	header := w.Header()
	header.Set("Content-Type", d.MediaType)
	header.Set("Content-Length", strconv.FormatInt(d.Size, 10))
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Cache-Control", "private, no-store")
	if _, err := io.Copy(w, d); err != nil {
		slog.WarnContext(r.Context(), "uploads: a document was not sent whole", slog.Any("error", err))
	}
}

// refusal is a fault as this edge shows it.
type refusal struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Field   string         `json:"field,omitempty"`
	Params  map[string]any `json:"params,omitempty"`
}

// Refuse answers what a person can act on, with the status of its kind; the rest is logged and not shown. Other files that
// people fetch are refused so too.
func Refuse(w http.ResponseWriter, r *http.Request, err error) { refuse(w, r, err) }

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, refusals := refusalsOf(r, err)
	answer(w, status, map[string]any{"errors": refusals})
}

func refusalsOf(r *http.Request, err error) (status int, refusals []refusal) {
	faults := fault.All(err)
	var tooLarge *http.MaxBytesError
	switch {
	case len(faults) > 0:
	case errors.As(err, &tooLarge):
		faults = []*fault.Error{fault.New(fault.TooLarge, "BODY_TOO_LARGE", "The body is too large.")}
	default:
		slog.ErrorContext(r.Context(), "uploads: internal error", slog.Any("error", err))
		faults = []*fault.Error{fault.New(fault.Internal, "INTERNAL", "Internal error.")}
	}
	for _, f := range faults {
		refusals = append(refusals, refusal{f.Code, f.Message, f.Field, f.Params})
	}
	if faults[0].Code == "METHOD_NOT_ALLOWED" {
		return http.StatusMethodNotAllowed, refusals
	}
	return statusOf(faults[0].Kind), refusals
}

func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone
}
