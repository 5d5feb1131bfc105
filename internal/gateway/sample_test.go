package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"gongshu/internal/authorisation"
	"gongshu/internal/publicid"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

func sample(p storetest.Product, query string) string {
	return "/data/v1/products/" + publicid.Encode("prd", p.ID) + "/sample" + query
}

func TestAnybodyTriesACallOnTheMaskedSample(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p := w.Product(t, authorisation.DeliveryAPI, 30)
		w.Sample(t, p, [][]string{{"A", "2026-01-01", "0.1"}, {"B", "2026-01-02", "12.5"}, {"B", "2026-01-03", "2"}})
		got := w.get(sample(p, "?station=B&rain[gte]=2&first=1"))
		one := pageOf(t, got)
		if !strings.HasPrefix(got.Body.String(), `{"sample":true,"synthetic":true,"product":"prd_`) || !strings.Contains(got.Body.String(), `"dataset":null`) ||
			got.Header().Get("Gongshu-Sample") != "true" || got.Header().Get("Gongshu-Synthetic") != "true" || got.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("it does not say what it is: %v %s", got.Header(), got.Body)
		}
		if len(one.Rows) != 1 || one.Rows[0]["station"] != "B" || one.Rows[0]["rain"] != "12.5" || one.Rows[0]["day"] != "2026-01-02" || !one.HasMore {
			t.Fatalf("the page is %s", got.Body)
		}
		two := pageOf(t, w.get(sample(p, "?station=B&rain[gte]=2&first=1&after="+*one.Next)))
		if len(two.Rows) != 1 || two.Rows[0]["rain"] != "2" || two.HasMore || two.Next != nil {
			t.Fatalf("the page after it is %+v", two)
		}
		if got.Header().Get("X-Usage-Id") != "" || got.Header().Get("Gongshu-Quota-Limit") != "" {
			t.Errorf("a sample speaks of a use: %v", got.Header())
		}
		ctx, c := storetest.System(w.Store)
		if n := c.Usage.Query().CountX(ctx); n != 0 {
			t.Errorf("%d uses were metered", n)
		}
		counted, statements := store.CountStatements(t.Context())
		if w.sendIn(counted, http.MethodGet, sample(p, "")); statements.Count() != 1 {
			t.Errorf("a sample costs %d statements", statements.Count())
		}
		if head := w.send(http.MethodHead, sample(p, "")); head.Code != http.StatusOK {
			t.Errorf("HEAD is answered %d", head.Code)
		}
	})
}

func TestASampleIsRefusedAsACallIs(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		p, file := w.Product(t, authorisation.DeliveryAPI, 30), w.Product(t, authorisation.DeliveryFile, 30)
		absent := w.get("/data/v1/products/prd_01h455vb4pex5vsknk084sn02q/sample")
		for _, c := range []struct {
			sentence, query string
			status          int
			code            string
		}{
			{"a filter that cannot be decoded", "?station=%zz", 400, "QUERY_MALFORMED"},
			{"a filter on no column", "?wind=1", 400, "FILTER_COLUMN_UNKNOWN"},
			{"a filter on a column that has none", "?day=2026-01-01", 400, "FILTER_NOT_ALLOWED"},
			{"a filter of another type", "?rain=much", 400, "FILTER_VALUE_INVALID"},
			{"a page of none", "?first=0", 400, "FIRST_INVALID"},
			{"a cursor of one's own", "?after=7", 400, "CURSOR_INVALID"},
		} {
			refused(t, c.sentence, w.get(sample(p, c.query)), c.status, c.code)
		}
		refused(t, "a product that cannot be", w.get("/data/v1/products/prd_x/sample"), 404, "NOT_FOUND")
		refused(t, "rows of a file", w.get(sample(file, "")), 409, "DELIVERY_OTHER")
		refused(t, "another method", w.send(http.MethodPost, sample(p, "")), 405, "METHOD_NOT_ALLOWED")
		for _, status := range []authorisation.ProductStatus{
			authorisation.ProductDraft, authorisation.ProductSubmitted, authorisation.ProductReviewed, authorisation.ProductRegistered,
			authorisation.ProductSuspended, authorisation.ProductRetired,
		} {
			w.Status(t, p, status)
			got := w.get(sample(p, ""))
			refused(t, string(status), got, 404, "NOT_FOUND")
			if got.Body.String() != absent.Body.String() {
				t.Errorf("%s is told from an absent one: %s", status, got.Body)
			}
		}
	})
}
