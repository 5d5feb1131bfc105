// Package gateway owns the HTTP of data calls: GET rows, POST a download link, GET a download.
//
//	GET  /data/v1/products/{id}/rows            filters on declared columns, first, after → a page of rows
//	GET  /data/v1/products/{id}/sample          the same of its masked sample, for everybody
//	POST /data/v1/products/{id}/download-link   → a link that lives a quarter of an hour
//	GET  /data/v1/downloads/{token}             the file, by ranges where asked
//
// Rows and links take a credential (Authorization: Bearer gsk_…) and the purpose of the use (Gongshu-Purpose); rows take an
// Idempotency-Key too. Whether anything leaves, and what it takes, is package market's to decide. Every refusal is an
// RFC 9457 problem with a stable code.
package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/dataset"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
)

// downloadTime is for one file, over a slow line too.
const downloadTime = 15 * time.Minute

// Rate is how often a caller may call.
type Rate interface {
	// Spend pays points for a call before it is served. It may set headers of the answer; a fault refuses the call.
	Spend(w http.ResponseWriter, r *http.Request, points int) error
	// Served is told that the credential of a call is one that is served.
	Served(r *http.Request)
}

// Gateway is the handler of everything under /data/v1/.
type Gateway struct {
	// Rate limits the callers; without it nobody is limited.
	Rate Rate

	market *market.Market
	log    *slog.Logger
	mux    *http.ServeMux
}

// ServeHTTP answers one call.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.mux.ServeHTTP(w, r) }

// New returns the handler of everything under /data/v1/.
func New(m *market.Market, log *slog.Logger) *Gateway {
	g := &Gateway{market: m, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /data/v1/products/{id}/rows", g.rows)
	mux.HandleFunc("GET /data/v1/products/{id}/sample", g.sample)
	mux.HandleFunc("POST /data/v1/products/{id}/download-link", g.link)
	mux.HandleFunc("GET /data/v1/downloads/{token}", g.download)
	mux.HandleFunc("HEAD /data/v1/products/{id}/rows", g.only("GET")) // it would be metered and bring nothing
	mux.HandleFunc("/data/v1/products/{id}/rows", g.only("GET"))
	mux.HandleFunc("/data/v1/products/{id}/sample", g.only("GET, HEAD"))
	mux.HandleFunc("/data/v1/products/{id}/download-link", g.only("POST"))
	mux.HandleFunc("/data/v1/downloads/{token}", g.only("GET, HEAD"))
	mux.HandleFunc("/data/v1/", func(w http.ResponseWriter, r *http.Request) { g.refuse(w, r, fault.Absent("resource")) })
	g.mux = mux
	return g
}

// callPoints are for a call that brings no rows, rowsPerPoint the rows and bytesPerPoint the bytes of a file of one more.
const (
	callPoints    = 1
	rowsPerPoint  = 10
	bytesPerPoint = 64 << 10
)

// paid reports whether a call was paid for; it answers those that were not.
func (g *Gateway) paid(w http.ResponseWriter, r *http.Request, points int) bool {
	err := g.spend(w, r, points)
	if err != nil {
		g.refuse(w, r, err)
	}
	return err == nil
}

func (g *Gateway) spend(w http.ResponseWriter, r *http.Request, points int) error {
	if g.Rate == nil {
		return nil
	}
	return g.Rate.Spend(w, r, points)
}

func (g *Gateway) served(r *http.Request) {
	if g.Rate != nil {
		g.Rate.Served(r)
	}
}

// pointsOf a page are by the rows that it asks for; one that will be refused for its first costs a call.
func pointsOf(query url.Values) int {
	rows := dataset.DefaultFirst
	if given, ok := query["first"]; ok {
		rows, _ = strconv.Atoi(given[0])
	}
	return callPoints + min(max(rows, 0), dataset.MaxFirst)/rowsPerPoint
}

// only refuses every method but those allowed.
func (g *Gateway) only(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		g.refuse(w, r, fault.New(fault.Invalid, "METHOD_NOT_ALLOWED", "Use %s.", allowed).With("allowed", allowed))
	}
}

// rows serves one page.
func (g *Gateway) rows(w http.ResponseWriter, r *http.Request) {
	query, err := plain(r)
	if !g.paid(w, r, pointsOf(query)) {
		return
	}
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	call := calledBy(r)
	served, err := g.market.DataRows(r.Context(), market.RowsCall{
		Secret: call.secret, ProductID: call.product, Purpose: call.purpose, IdempotencyKey: r.Header.Get("Idempotency-Key"),
		Subject: r.Header.Get("Gongshu-Subject"), Query: query,
	}, render)
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	g.served(r)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Usage-Id", served.UsageKey)
	labels(h, served.Synthetic)
	quotaHeaders(h, served.Quota)
	w.Write(served.Body) //nolint:errcheck // the caller went away; the use is committed, and its key brings the page again
}

// sample serves one page of the masked sample. It is public, costs no quota and is metered as nobody's; a credential that is
// sent along is not looked at.
func (g *Gateway) sample(w http.ResponseWriter, r *http.Request) {
	query, err := plain(r)
	if !g.paid(w, r, pointsOf(query)) {
		return
	}
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	page, err := g.market.DataSample(r.Context(), calledBy(r).product, query)
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Gongshu-Sample", "true")
	labels(h, page.Synthetic)
	w.Write(render(page)) //nolint:errcheck // the caller went away
}

// plain reads the parameters of a call and refuses what could be read in two ways: a filter that was dropped because it
// cannot be decoded would serve, and meter, rows that nobody asked for.
func plain(r *http.Request) (url.Values, error) {
	for _, name := range []string{"Authorization", "Gongshu-Purpose", "Gongshu-Subject", "Idempotency-Key"} {
		if len(r.Header.Values(name)) > 1 {
			return nil, fault.New(fault.Invalid, "HEADER_TWICE", "The header %s is there more than once.", name).At(name)
		}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.Invalid, "QUERY_MALFORMED", "The parameters of this address cannot be decoded.")
	}
	return query, nil
}

// called is what the headers of a data call say.
type called struct {
	secret  string
	product uuid.UUID
	purpose purpose.Purpose
}

// calledBy reads the headers and the product of a call. A product that cannot be one answers, to whoever shows a
// credential, like one that does not exist; who shows none learns nothing.
func calledBy(r *http.Request) called {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		secret = ""
	}
	id, _ := publicid.Parse("prd", r.PathValue("id"))
	return called{secret: strings.TrimSpace(secret), product: id, purpose: purpose.Purpose(r.Header.Get("Gongshu-Purpose"))}
}

// render writes a page as JSON: the labels of a sample and of made-up data first, the rows as objects, and the cursor of the
// next page. A sample is of no dataset.
func render(page market.Rows) []byte {
	var out bytes.Buffer
	out.WriteByte('{')
	number := strconv.Itoa(page.DatasetNumber)
	if page.Sample {
		out.WriteString(`"sample":true,`)
		number = "null"
	}
	if page.Synthetic {
		out.WriteString(`"synthetic":true,`)
	}
	fmt.Fprintf(&out, `"product":%q,"dataset":%s,"rows":[`, publicid.Encode("prd", page.ProductID), number)
	var line []byte
	for i, row := range page.Rows {
		if i > 0 {
			out.WriteByte(',')
		}
		line = dataset.AppendJSON(line[:0], page.Columns, row)
		out.Write(line)
	}
	fmt.Fprintf(&out, `],"hasMore":%t,"next":`, page.HasMore)
	if page.HasMore {
		out.WriteString(strconv.Quote(dataset.FormatCursor(page.Next)))
	} else {
		out.WriteString("null")
	}
	out.WriteString("}\n")
	return out.Bytes()
}

// labels keeps data out of caches, and labels what was made up for demonstration.
func labels(h http.Header, synthetic bool) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if synthetic {
		h.Set("Gongshu-Synthetic", "true")
	}
}

func quotaHeaders(h http.Header, q market.QuotaState) {
	if q.Limit == nil {
		return
	}
	unit := "calls"
	if q.Unit == ordering.QuotaMegabyte {
		unit = "bytes"
	}
	h.Set("Gongshu-Quota-Unit", unit)
	h.Set("Gongshu-Quota-Limit", strconv.FormatInt(*q.Limit, 10))
	h.Set("Gongshu-Quota-Remaining", strconv.FormatInt(*q.Remaining, 10))
}

// link makes a download link.
func (g *Gateway) link(w http.ResponseWriter, r *http.Request) {
	if !g.paid(w, r, callPoints) {
		return
	}
	call := calledBy(r)
	made, err := g.market.DataLink(r.Context(), market.LinkCall{Secret: call.secret, ProductID: call.product, Purpose: call.purpose})
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	g.served(r)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	labels(h, made.Synthetic)
	answer := map[string]any{
		"url": "/data/v1/downloads/" + made.Token, "expiresAt": made.ExpiresAt.Format(time.RFC3339Nano), "bytes": made.Bytes, "rows": made.RowCount,
	}
	if made.Synthetic {
		answer["synthetic"] = true
	}
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(answer) //nolint:errcheck // the caller went away; an unused link costs nothing
}

// download serves a file or a range of it. What leaves is paid for by its length and metered, before its first byte does; what
// sends no byte of the file (HEAD, 304, 416) is neither.
func (g *Gateway) download(w http.ResponseWriter, r *http.Request) {
	if !g.paid(w, r, callPoints) {
		return
	}
	d, err := g.market.DataDownload(r.Context(), r.PathValue("token"))
	if err != nil {
		g.refuse(w, r, err)
		return
	}
	defer d.File.Close()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(downloadTime)) // where there is no connection, nothing is lost
	label := ""
	if d.Synthetic {
		label = "-synthetic"
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%d%s.csv"`, publicid.Encode("prd", d.ProductID), d.Number, label))
	h.Set("ETag", `"`+publicid.Encode("dst", d.DatasetID)+`"`)
	labels(h, d.Synthetic)
	// No modification time: a dataset never changes, its tag says all.
	http.ServeContent(&metering{ResponseWriter: w, gateway: g, request: r, download: d}, r, "", time.Time{}, d.File)
}

// metering is a writer that pays for a download and meters it once bytes of the file are about to leave, and refuses instead
// when it may not.
type metering struct {
	http.ResponseWriter
	gateway  *Gateway
	request  *http.Request
	download *market.Download
	decided  bool
	refused  bool
}

// WriteHeader decides before anything is sent.
func (m *metering) WriteHeader(status int) {
	if m.decided {
		return
	}
	m.decided = true
	if err := refusedRange[status]; err != nil {
		m.refuse(err)
		return
	}
	if m.request.Method != http.MethodHead && (status == http.StatusOK || status == http.StatusPartialContent) {
		id, err := m.pay()
		if err != nil {
			m.Header().Del("Content-Range")
			m.refuse(err)
			return
		}
		m.Header().Set("X-Usage-Id", publicid.Encode("use", id))
	}
	m.ResponseWriter.WriteHeader(status)
}

// pay pays for the bytes that are about to leave, then meters the download.
func (m *metering) pay() (usage uuid.UUID, err error) {
	length, err := strconv.Atoi(m.Header().Get("Content-Length"))
	if err != nil {
		return usage, fmt.Errorf("the length of what is sent: %w", err) // net/http always says it
	}
	if err := m.gateway.spend(m.ResponseWriter, m.request, length/bytesPerPoint); err != nil {
		return usage, err
	}
	return m.download.Meter(m.request.Context())
}

// refusedRange is what net/http refuses of a download, as problems.
var refusedRange = map[int]error{
	http.StatusRequestedRangeNotSatisfiable: fault.New(fault.Invalid, "RANGE_NOT_SATISFIABLE", "The file has no such range; Content-Range says how long it is."),
	http.StatusPreconditionFailed:           fault.New(fault.Invalid, "PRECONDITION_FAILED", "The file is not the one that the condition names."),
}

// refuse answers with a problem in place of the file.
func (m *metering) refuse(err error) {
	m.refused = true
	for _, name := range []string{"Content-Length", "Content-Disposition", "Accept-Ranges", "Etag"} {
		m.Header().Del(name)
	}
	m.gateway.refuse(m.ResponseWriter, m.request, err)
}

// Write sends bytes of the file, none after a refusal.
func (m *metering) Write(p []byte) (int, error) {
	if !m.decided {
		m.WriteHeader(http.StatusOK)
	}
	if m.refused {
		return 0, http.ErrAbortHandler
	}
	return m.ResponseWriter.Write(p)
}
