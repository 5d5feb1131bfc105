package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/download"
	"gongshu/ent/db/entitlement"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/fault"
	"gongshu/internal/gateway"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/internal/testdb"
)

// world is a shop with its gateway and a clock that the test moves.
type world struct {
	*storetest.Shop
	market  *market.Market
	handler http.Handler
	buyer   context.Context
	clock   atomic.Int64
}

var today = time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)

func eachWorld(t *testing.T, run func(t *testing.T, w *world)) {
	t.Helper()
	prepare := func(url string) error {
		s, err := store.Open(context.Background(), url, func() time.Time { return today })
		if err != nil {
			return err
		}
		defer s.Close()
		if _, err := s.Migrate(context.Background()); err != nil {
			return err
		}
		_, err = (&market.Market{Store: s}).LoadPolicies(context.Background())
		return err
	}
	testdb.TemplateEach(t, "gateway", prepare, func(t *testing.T, url string) {
		w := &world{}
		w.clock.Store(today.UnixMicro())
		s, err := store.Open(t.Context(), url, func() time.Time { return time.UnixMicro(w.clock.Load()) })
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		w.Shop = storetest.Lay(t, s)
		files := dataset.NewFiles(0)
		t.Cleanup(func() { files.Close() })
		w.market = &market.Market{Store: s, Blobs: w.Blobs, Rows: files, Payments: map[string]payment.Provider{paytest.Name: &paytest.Provider{}}}
		w.handler = gateway.New(w.market, slog.New(slog.NewTextHandler(t.Output(), nil)))
		w.buyer = w.Person(t, w.Buyer, access.BuyerRole)
		run(t, w)
		storetest.Reconciled(t, s)
	})
}

func (w *world) move(d time.Duration) { w.clock.Add(d.Microseconds()) }

// entitled buys so much of a plan and returns the entitlement with the secret of a credential.
func (w *world) entitled(t *testing.T, p storetest.Product, plan uuid.UUID, quantity int64) (id uuid.UUID, secret string) {
	t.Helper()
	orderID, err := w.market.OrderPlace(w.buyer, market.OrderPlaceInput{
		ProductID: p.ID, PlanID: plan, Purpose: purpose.Industry, Quantity: quantity, LicenceVersion: "1", IdempotencyKey: uuid.NewString(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.market.OrderPay(w.buyer, orderID, market.OrderPayInput{Provider: paytest.Name, IdempotencyKey: uuid.NewString()}); err != nil {
		t.Fatal(err)
	}
	ctx, c := storetest.System(w.Store)
	id = c.Entitlement.Query().Where(entitlement.OrderID(orderID)).OnlyIDX(ctx)
	return id, w.credential(t, w.buyer, id)
}

func (w *world) credential(t *testing.T, as context.Context, entitlementID uuid.UUID) string {
	t.Helper()
	_, secret, err := w.market.CredentialIssue(as, market.CredentialInput{EntitlementID: entitlementID, IdempotencyKey: uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func (w *world) row(id uuid.UUID) *db.Entitlement {
	ctx, c := storetest.System(w.Store)
	return c.Entitlement.GetX(ctx, id)
}

// get sends a request; headers are name, value, name, value.
func (w *world) get(target string, headers ...string) *httptest.ResponseRecorder {
	return w.send(http.MethodGet, target, headers...)
}

func (w *world) send(method, target string, headers ...string) *httptest.ResponseRecorder {
	return w.sendIn(context.Background(), method, target, headers...)
}

func (w *world) sendIn(ctx context.Context, method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, r)
	return recorder
}

func rows(p storetest.Product, query string) string {
	return "/data/v1/products/" + publicid.Encode("prd", p.ID) + "/rows" + query
}

func link(p storetest.Product) string {
	return "/data/v1/products/" + publicid.Encode("prd", p.ID) + "/download-link"
}

// by are the headers of a call for industry.
func by(secret string, more ...string) []string {
	return append([]string{"Authorization", "Bearer " + secret, "Gongshu-Purpose", "INDUSTRY"}, more...)
}

// refused fails unless the answer is a problem with the status and the code.
func refused(t *testing.T, sentence string, got *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	var p struct {
		Type, Title, Code, Detail string
		Status                    int
	}
	err := json.Unmarshal(got.Body.Bytes(), &p)
	if err != nil || got.Code != status || p.Status != status || p.Code != code || p.Type == "" || p.Title == "" || p.Detail == "" ||
		got.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: want %d %s, got %d %s", sentence, status, code, got.Code, got.Body)
	}
}

type page struct {
	Synthetic bool
	Dataset   int
	Rows      []map[string]any
	HasMore   bool
	Next      *string
}

func pageOf(t *testing.T, got *httptest.ResponseRecorder) (p page) {
	t.Helper()
	if err := json.Unmarshal(got.Body.Bytes(), &p); err != nil || got.Code != http.StatusOK {
		t.Fatalf("want a page, got %d %s", got.Code, got.Body)
	}
	return p
}

func TestPagesAreFilteredFollowedLabelledAndMetered(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryAPI, 30)
		id, secret := w.entitled(t, p, p.PerCall, 10)
		seen, after := 0, ""
		for calls := 1; ; calls++ {
			got := w.get(rows(p, "?station=B&first=4"+after), by(secret)...)
			one := pageOf(t, got)
			h := got.Header()
			if !one.Synthetic || h.Get("Gongshu-Synthetic") != "true" || h.Get("X-Usage-Id") == "" || h.Get("Cache-Control") != "no-store" ||
				h.Get("Gongshu-Quota-Remaining") != strconv.Itoa(10-calls) || h.Get("Gongshu-Quota-Limit") != "10" || h.Get("Gongshu-Quota-Unit") != "calls" {
				t.Fatalf("the answer is %v %s", h, got.Body)
			}
			for _, row := range one.Rows {
				if row["station"] != "B" || row["rain"] == nil {
					t.Fatalf("a row is %v", row)
				}
			}
			seen += len(one.Rows)
			if !one.HasMore {
				break
			}
			after = "&after=" + *one.Next
		}
		if e := w.row(id); seen != 10 || e.UsedCalls != 3 || e.UsedBytes == 0 {
			t.Fatalf("%d rows in %d calls", seen, e.UsedCalls)
		}
	})
}

func TestACallCostsFewStatements(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryAPI, 30)
		_, secret := w.entitled(t, p, p.PerCall, 10)
		ctx, statements := store.CountStatements(t.Context())
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, rows(p, ""), nil)
		for i, headers := 0, by(secret, "Idempotency-Key", "k"); i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		got := httptest.NewRecorder()
		w.handler.ServeHTTP(got, r)
		if pageOf(t, got); statements.Count() > 5 {
			t.Fatalf("a page costs %d statements", statements.Count())
		}
	})
}

func TestRefusalsAreProblemsAndAreNotMetered(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryAPI, 30)
		file := w.Product(t, authorisation.DeliveryFile, 30)
		id, secret := w.entitled(t, p, p.PerCall, 10)
		other, otherSecret := w.entitled(t, file, file.PerCall, 10)
		revokedID, revoked, err := w.market.CredentialIssue(w.buyer, market.CredentialInput{EntitlementID: id, IdempotencyKey: "r"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.market.CredentialRevoke(w.buyer, revokedID); err != nil {
			t.Fatal(err)
		}
		pageOf(t, w.get(rows(p, ""), by(secret, "Idempotency-Key", "used")...))
		before, otherBefore := w.row(id), w.row(other)

		unknown := w.get(rows(p, ""), by("gsk_"+strings.Repeat("0", 52))...)
		for sentence, got := range map[string]*httptest.ResponseRecorder{
			"an unknown credential":                 unknown,
			"no credential":                         w.get(rows(p, ""), "Gongshu-Purpose", "INDUSTRY"),
			"another scheme":                        w.get(rows(p, ""), "Authorization", "Basic "+secret, "Gongshu-Purpose", "INDUSTRY"),
			"a malformed credential":                w.get(rows(p, ""), by("x")...),
			"a revoked credential":                  w.get(rows(p, ""), by(revoked)...),
			"no credential and no such product":     w.get("/data/v1/products/prd_x/rows"),
			"no credential for a link":              w.send(http.MethodPost, link(file)),
			"a credential of a session is none":     w.get(rows(p, ""), "Cookie", "session="+secret, "Gongshu-Purpose", "INDUSTRY"),
			"an unknown credential without purpose": w.get(rows(p, ""), "Authorization", "Bearer gsk_1"),
		} {
			refused(t, sentence, got, http.StatusUnauthorized, "CREDENTIAL_INVALID")
			if got.Body.String() != unknown.Body.String() || got.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s is told from an unknown one: %s", sentence, got.Body)
			}
		}
		purposed := func(p string) []string { return []string{"Authorization", "Bearer " + secret, "Gongshu-Purpose", p} }
		for _, c := range []struct {
			sentence string
			got      *httptest.ResponseRecorder
			status   int
			code     string
		}{
			{"a credential of another product", w.get(rows(file, ""), by(secret)...), 404, "NOT_FOUND"},
			{"a product that cannot be", w.get("/data/v1/products/prd_x/rows", by(secret)...), 404, "NOT_FOUND"},
			{"a filter that cannot be decoded", w.get(rows(p, "?district=%zz&first=1"), by(secret)...), 400, "QUERY_MALFORMED"},
			{"parameters parted by a semicolon", w.get(rows(p, "?first=1;district=x"), by(secret)...), 400, "QUERY_MALFORMED"},
			{"no purpose", w.get(rows(p, ""), "Authorization", "Bearer "+secret), 400, "PURPOSE_HEADER_MISSING"},
			{"an unknown purpose", w.get(rows(p, ""), purposed("FUN")...), 400, "PURPOSE_UNKNOWN"},
			{"another purpose that pays", w.get(rows(p, ""), purposed("SECTOR")...), 403, "PURPOSE_MISMATCH"},
			{"a free purpose of a paid right", w.get(rows(p, ""), purposed("WELFARE")...), 403, "PURPOSE_MISMATCH"},
			{"a filter on no column", w.get(rows(p, "?wind=1"), by(secret)...), 400, "FILTER_COLUMN_UNKNOWN"},
			{"a filter on a column that has none", w.get(rows(p, "?day=2026-01-01"), by(secret)...), 400, "FILTER_NOT_ALLOWED"},
			{"a filter of another type", w.get(rows(p, "?rain=much"), by(secret)...), 400, "FILTER_VALUE_INVALID"},
			{"a page of none", w.get(rows(p, "?first=0"), by(secret)...), 400, "FIRST_INVALID"},
			{"a page beyond the most", w.get(rows(p, "?first=99999999999999999999"), by(secret)...), 400, "FIRST_INVALID"},
			{"a cursor of one's own", w.get(rows(p, "?after=7"), by(secret)...), 400, "CURSOR_INVALID"},
			{"a key that is none", w.get(rows(p, ""), by(secret, "Idempotency-Key", "日")...), 400, "IDEMPOTENCY_KEY_INVALID"},
			{"a used key for another page", w.get(rows(p, "?first=1"), by(secret, "Idempotency-Key", "used")...), 409, "IDEMPOTENCY_KEY_REUSED"},
			{"rows of a file", w.get(rows(file, ""), by(otherSecret)...), 409, "DELIVERY_OTHER"},
			{"a file of rows", w.send(http.MethodPost, link(p), by(secret)...), 409, "DELIVERY_OTHER"},
			{"a link that was never made", w.get("/data/v1/downloads/x"), 404, "NOT_FOUND"},
			{"nothing of ours", w.get("/data/v1/other"), 404, "NOT_FOUND"},
		} {
			refused(t, c.sentence, c.got, c.status, c.code)
		}
		for target, allowed := range map[string]string{rows(p, ""): "GET", link(file): "POST", "/data/v1/downloads/x": "GET, HEAD"} {
			got := w.send(http.MethodDelete, target, by(secret)...)
			refused(t, "another method", got, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
			if got.Header().Get("Allow") != allowed {
				t.Errorf("%s allows %q", target, got.Header().Get("Allow"))
			}
		}
		if head := w.send(http.MethodHead, rows(p, ""), by(secret)...); head.Code != http.StatusMethodNotAllowed {
			t.Errorf("HEAD answered %d", head.Code)
		}
		w.Status(t, p, authorisation.ProductSuspended)
		refused(t, "a product that was taken down", w.get(rows(p, ""), by(secret)...), 403, "PRODUCT_SUSPENDED")
		w.Status(t, p, authorisation.ProductRetired)
		if after := w.row(id); after.UsedCalls != before.UsedCalls || after.UsedBytes != before.UsedBytes || after.Version != before.Version || after.Status != before.Status {
			t.Errorf("refusals changed %+v to %+v", before, after)
		}
		if after := w.row(other); after.UsedCalls != otherBefore.UsedCalls {
			t.Errorf("refusals were metered")
		}
		pageOf(t, w.get(rows(p, ""), by(secret)...)) // what was retired is still served to those entitled
		w.Status(t, p, authorisation.ProductListed)
		w.move(366 * 24 * time.Hour)
		refused(t, "after its term", w.get(rows(p, ""), by(secret)...), 403, "ENTITLEMENT_EXPIRED")
	})
}

func TestAHeaderThatIsThereTwiceIsRefused(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, name := range []string{"Authorization", "Gongshu-Purpose", "Idempotency-Key"} {
			r := httptest.NewRequest(http.MethodGet, "/data/v1/products/prd_x/rows", nil)
			r.Header.Add(name, "a")
			r.Header.Add(name, "b")
			answer := httptest.NewRecorder()
			w.handler.ServeHTTP(answer, r)
			refused(t, "two of "+name, answer, http.StatusBadRequest, "HEADER_TWICE")
		}
	})
}

func TestTheSameKeyIsTheSamePageAndIsMeteredOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryAPI, 30)
		id, secret := w.entitled(t, p, p.PerCall, 2)
		bodies := make([]string, 20)
		var group sync.WaitGroup
		for i := range bodies {
			group.Go(func() { bodies[i] = w.get(rows(p, "?first=3"), by(secret, "Idempotency-Key", "k")...).Body.String() })
		}
		group.Wait()
		own := w.get(rows(p, ""), by(secret)...) // the last call of the quota, under the server's own key
		w.Replace(t, &p, 5)
		for i, body := range append(bodies, w.get(rows(p, "?first=3"), by(secret, "Idempotency-Key", "k")...).Body.String()) {
			if body != bodies[0] || !strings.Contains(body, `"rows":[{`) {
				t.Fatalf("call %d answered %s, the first %s", i, body, bodies[0])
			}
		}
		again := w.get(rows(p, ""), by(secret, "Idempotency-Key", own.Header().Get("X-Usage-Id"))...)
		if again.Body.String() != own.Body.String() || again.Header().Get("X-Usage-Id") != own.Header().Get("X-Usage-Id") {
			t.Fatalf("the server's key answered %s", again.Body)
		}
		if used := w.row(id).UsedCalls; used != 2 {
			t.Fatalf("%d calls were metered", used)
		}
		refused(t, "beyond the quota", w.get(rows(p, ""), by(secret, "Idempotency-Key", "new")...), 409, "QUOTA_EXHAUSTED")
	})
}

func TestAQuotaIsNeverExceeded(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryAPI, 1000)
		calls, byCall := w.entitled(t, p, p.PerCall, 20)
		volume, byVolume := w.entitled(t, p, p.PerVolume, 1)
		for _, c := range []struct {
			secret, query string
			id            uuid.UUID
		}{{byCall, "?first=1", calls}, {byVolume, "?first=1000", volume}} {
			var served, refusals atomic.Int64
			var bytes atomic.Int64
			var left sync.Map
			var group sync.WaitGroup
			for range 50 {
				group.Go(func() {
					got := w.get(rows(p, c.query), by(c.secret)...)
					switch {
					case got.Code == http.StatusOK:
						served.Add(1)
						bytes.Add(int64(got.Body.Len()))
						if _, twice := left.LoadOrStore(got.Header().Get("Gongshu-Quota-Remaining"), true); twice {
							t.Errorf("two uses left %s", got.Header().Get("Gongshu-Quota-Remaining"))
						}
					case strings.Contains(got.Body.String(), `"QUOTA_EXHAUSTED"`):
						refusals.Add(1)
					default:
						t.Errorf("%d %s", got.Code, got.Body)
					}
				})
			}
			group.Wait()
			e := w.row(c.id)
			if served.Load() != e.UsedCalls || bytes.Load() != e.UsedBytes || served.Load()+refusals.Load() != 50 || refusals.Load() == 0 {
				t.Fatalf("served %d with %d bytes, refused %d; metered %+v", served.Load(), bytes.Load(), refusals.Load(), e)
			}
			if c.id == calls && e.UsedCalls != 20 || c.id == volume && (e.UsedBytes > 1_000_000 || e.UsedBytes+bytes.Load()/served.Load() <= 1_000_000) {
				t.Fatalf("the quota was not used up exactly: %+v", e)
			}
		}
	})
}

func TestAFreeRightThatDriftsIsSuspended(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryAPI, 30)
		applied, err := w.market.FreeUseApply(w.buyer, market.FreeUseInput{
			ProductID: p.ID, Purpose: purpose.Welfare, Scenario: "Flood warnings for villages.", Evidence: []uuid.UUID{w.Document(t, w.buyer)},
			LicenceVersion: "1", IdempotencyKey: "k",
		})
		if err != nil {
			t.Fatal(err)
		}
		err = w.market.ProceedingDecide(w.Person(t, w.Agency, access.Approver), applied, market.DecisionInput{
			Step: authorisation.StepAgency, Outcome: authorisation.OutcomeApprove, Reason: "It serves the villages.",
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, c := storetest.System(w.Store)
		id := c.Entitlement.Query().Where(entitlement.ProceedingID(applied)).OnlyIDX(ctx)
		secret := w.credential(t, w.buyer, id)
		asking := func(p string) []string {
			return []string{"Authorization", "Bearer " + secret, "Gongshu-Purpose", p}
		}
		got := w.get(rows(p, ""), asking("WELFARE")...)
		if pageOf(t, got); got.Header().Get("Gongshu-Quota-Limit") != "" {
			t.Fatal("a free right has no quota")
		}
		refused(t, "another free purpose", w.get(rows(p, ""), asking("GOVERNANCE")...), 403, "PURPOSE_MISMATCH")
		if w.row(id).Status != ordering.EntitlementActive {
			t.Fatal("another free purpose suspended the right")
		}
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				if got := w.get(rows(p, ""), asking("INDUSTRY")...); got.Code != http.StatusForbidden {
					t.Errorf("drift answered %d %s", got.Code, got.Body)
				}
			})
		}
		group.Wait()
		if w.row(id).Status != ordering.EntitlementSuspended {
			t.Fatal("the right was not suspended")
		}
		refused(t, "after the drift", w.get(rows(p, ""), asking("WELFARE")...), 403, "ENTITLEMENT_SUSPENDED")
		if n := w.row(id).UsedCalls; n != 1 {
			t.Fatalf("%d calls were metered", n)
		}
		agency := w.Person(t, w.Agency, access.Approver)
		if err := w.market.EntitlementRestore(w.buyer, id, "By mistake."); fault.CodeOf(err) != "PARTY_REQUIRED" {
			t.Fatalf("its own user gave it back: %v", err)
		}
		if err := w.market.EntitlementRestore(agency, id, " "); fault.CodeOf(err) != "REASON_MISSING" {
			t.Fatalf("without a reason: %v", err)
		}
		if err := w.market.EntitlementRestore(agency, id, "A header was mistyped."); err != nil {
			t.Fatal(err)
		}
		pageOf(t, w.get(rows(p, ""), asking("WELFARE")...))
		if err := w.market.EntitlementRestore(agency, id, "Again."); fault.CodeOf(err) != "MOVE_NOT_ALLOWED" {
			t.Fatalf("an active right was given back: %v", err)
		}
		if err := w.market.EntitlementRevoke(agency, id, "The project has ended."); err != nil {
			t.Fatal(err)
		}
		refused(t, "after it was taken back", w.get(rows(p, ""), asking("WELFARE")...), 403, "ENTITLEMENT_REVOKED")
	})
}

func TestAFileIsDownloadedByRangesAndMeteredOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryFile, 500)
		id, secret := w.entitled(t, p, p.PerCall, 2)
		made := w.send(http.MethodPost, link(p), by(secret)...)
		var answer struct {
			URL       string
			Bytes     int
			Rows      int
			Synthetic bool
			ExpiresAt time.Time
		}
		if err := json.Unmarshal(made.Body.Bytes(), &answer); err != nil || made.Code != http.StatusCreated || !answer.Synthetic || answer.Rows != 500 ||
			!answer.ExpiresAt.Equal(today.Add(15*time.Minute)) {
			t.Fatalf("the link is %d %s", made.Code, made.Body)
		}
		used := func(want int64) {
			t.Helper()
			if e := w.row(id); e.UsedCalls != want {
				t.Fatalf("%d uses were metered, want %d", e.UsedCalls, want)
			}
		}
		used(0)
		if head := w.send(http.MethodHead, answer.URL); head.Code != http.StatusOK || head.Header().Get("Content-Length") != strconv.Itoa(answer.Bytes) {
			t.Fatalf("HEAD answered %d %v", head.Code, head.Header())
		}
		beyond := w.get(answer.URL, "Range", "bytes=9999999-")
		refused(t, "a range beyond", beyond, http.StatusRequestedRangeNotSatisfiable, "RANGE_NOT_SATISFIABLE")
		if length := beyond.Header().Get("Content-Range"); length != fmt.Sprintf("bytes */%d", answer.Bytes) {
			t.Fatalf("a range beyond is told %q", length)
		}
		refused(t, "another file's condition", w.get(answer.URL, "If-Match", `"x"`), http.StatusPreconditionFailed, "PRECONDITION_FAILED")
		used(0)

		parts := make([]string, 10)
		size := (answer.Bytes + len(parts) - 1) / len(parts)
		var group sync.WaitGroup
		for i := range parts {
			group.Go(func() {
				got := w.get(answer.URL, "Range", fmt.Sprintf("bytes=%d-%d", i*size, (i+1)*size-1))
				if got.Code != http.StatusPartialContent || got.Header().Get("X-Usage-Id") == "" || got.Header().Get("Gongshu-Synthetic") != "true" ||
					!strings.Contains(got.Header().Get("Content-Disposition"), "synthetic") {
					t.Errorf("a range answered %d %v", got.Code, got.Header())
				}
				parts[i] = got.Body.String()
			})
		}
		group.Wait()
		used(1)
		w.Replace(t, &p, 5) // a link stays with the dataset that it was made for
		whole := w.get(answer.URL)
		if body := whole.Body.String(); body != strings.Join(parts, "") || len(body) != answer.Bytes || !strings.Contains(body[:20], "station,day,rain") {
			t.Fatalf("the ranges are not the file: %d of %d bytes", len(strings.Join(parts, "")), answer.Bytes)
		}
		if unchanged := w.get(answer.URL, "If-None-Match", whole.Header().Get("ETag")); unchanged.Code != http.StatusNotModified {
			t.Fatalf("an unchanged file answered %d", unchanged.Code)
		}
		used(1)

		// The last use of the quota is taken by one of two links.
		for range 2 {
			next := w.send(http.MethodPost, link(p), by(secret)...)
			var more struct{ URL string }
			if err := json.Unmarshal(next.Body.Bytes(), &more); err != nil || next.Code != http.StatusCreated {
				refused(t, "a link beyond the quota", next, 409, "QUOTA_EXHAUSTED")
				break
			}
			if got := w.get(more.URL); got.Code != http.StatusOK {
				t.Fatalf("the second download answered %d", got.Code)
			}
		}
		used(2)
		if resumed := w.get(answer.URL, "Range", "bytes=5-"); resumed.Code != http.StatusPartialContent {
			t.Fatalf("with the quota used up, resuming answered %d %s", resumed.Code, resumed.Body)
		}
		used(2)
		w.move(15 * time.Minute)
		refused(t, "after its time", w.get(answer.URL), http.StatusGone, "LINK_EXPIRED")

		other, secret := w.entitled(t, p, p.PerCall, 2)
		var unused struct{ URL string }
		if err := json.Unmarshal(w.send(http.MethodPost, link(p), by(secret)...).Body.Bytes(), &unused); err != nil || unused.URL == "" {
			t.Fatal(err)
		}
		links := func(want int) {
			t.Helper()
			ctx, c := storetest.System(w.Store)
			if _, err := w.market.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := c.Download.Query().Where(download.EntitlementID(other)).CountX(ctx); n != want {
				t.Fatalf("there are %d links, want %d", n, want)
			}
			if c.Download.Query().Where(download.UsageIDNotNil()).CountX(ctx) == 0 {
				t.Fatal("links that were used are gone")
			}
		}
		links(1)
		w.move(20 * time.Minute)
		links(1)
		refused(t, "an unused one after its time", w.get(unused.URL), http.StatusGone, "LINK_EXPIRED")
		w.move(24 * time.Hour)
		links(0)
		refused(t, "a day later", w.get(unused.URL), http.StatusNotFound, "NOT_FOUND")
	})
}

// purse has so many points and never gets more.
type purse struct{ left int }

func (p *purse) Spend(_ http.ResponseWriter, _ *http.Request, points int) error {
	if points > p.left {
		return fault.New(fault.TooMany, "RATE_LIMITED", "Wait.")
	}
	p.left -= points
	return nil
}

func (p *purse) Served(*http.Request) {}

func TestADownloadIsPaidByWhatLeaves(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryFile, 10_000)
		id, secret := w.entitled(t, p, p.PerCall, 2)
		var made struct {
			URL   string
			Bytes int
		}
		if err := json.Unmarshal(w.send(http.MethodPost, link(p), by(secret)...).Body.Bytes(), &made); err != nil {
			t.Fatal(err)
		}
		whole := made.Bytes >> 16
		if whole < 2 {
			t.Fatalf("a file of %d bytes shows nothing", made.Bytes)
		}
		mine := &purse{}
		w.handler.(*gateway.Gateway).Rate = mine
		mine.left = whole
		refused(t, "the whole with a point too little", w.get(made.URL), http.StatusTooManyRequests, "RATE_LIMITED")
		if used := w.row(id).UsedCalls; used != 0 {
			t.Fatalf("what was refused was metered %d times", used)
		}
		for _, c := range []struct {
			sentence, method, ranges string
			points, status           int
		}{
			{"what brings no byte", http.MethodHead, "", 1, http.StatusOK},
			{"a few bytes", http.MethodGet, "bytes=0-9", 1, http.StatusPartialContent},
			{"65,536 bytes", http.MethodGet, "bytes=1-65536", 2, http.StatusPartialContent},
			{"the whole", http.MethodGet, "", 1 + whole, http.StatusOK},
			{"the whole, again by the same link", http.MethodGet, "", 1 + whole, http.StatusOK},
		} {
			mine.left = c.points
			headers := []string{"Range", c.ranges}
			if c.ranges == "" {
				headers = nil
			}
			if got := w.send(c.method, made.URL, headers...); got.Code != c.status || mine.left != 0 {
				t.Errorf("%s: %d, with %d points left", c.sentence, got.Code, mine.left)
			}
		}
	})
}

func TestOnlyPostMakesALink(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryFile, 5)
		_, secret := w.entitled(t, p, p.PerCall, 2)
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut} {
			if got := w.send(method, link(p), by(secret)...); got.Code != http.StatusMethodNotAllowed {
				t.Errorf("%s answers %d %s", method, got.Code, got.Body)
			}
		}
		ctx, c := storetest.System(w.Store)
		if n := c.Download.Query().CountX(ctx); n != 0 {
			t.Errorf("there are %d links", n)
		}
	})
}

func TestTwoLinksNeverTakeMoreThanTheQuota(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryFile, 500)
		id, secret := w.entitled(t, p, p.PerCall, 1)
		var urls []string
		for range 10 {
			var made struct{ URL string }
			if err := json.Unmarshal(w.send(http.MethodPost, link(p), by(secret)...).Body.Bytes(), &made); err != nil {
				t.Fatal(err)
			}
			urls = append(urls, made.URL)
		}
		server := httptest.NewServer(w.handler) // the refusal replaces an answer that was about to be a file
		defer server.Close()
		var served atomic.Int64
		var group sync.WaitGroup
		for _, url := range urls {
			group.Go(func() {
				got, err := http.Get(server.URL + url)
				if err != nil {
					t.Error(err)
					return
				}
				defer got.Body.Close()
				body, err := io.ReadAll(got.Body)
				switch {
				case err != nil:
					t.Error(err)
				case got.StatusCode == http.StatusOK:
					served.Add(1)
				case got.StatusCode != http.StatusConflict || !strings.Contains(string(body), `"QUOTA_EXHAUSTED"`) || strings.Contains(string(body), "station"):
					t.Errorf("%d %s", got.StatusCode, body)
				}
			})
		}
		group.Wait()
		if served.Load() != 1 || w.row(id).UsedCalls != 1 {
			t.Fatalf("%d files left, %d were metered", served.Load(), w.row(id).UsedCalls)
		}
	})
}
