package server

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/e2e/conformance"
	"gongshu/ent/db"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/dictionary"
	"gongshu/internal/harvest"
	"gongshu/internal/market"
	"gongshu/internal/payment"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/server/ratelimit"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
)

const acceptBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// edit changes a product whatever its state.
func edit(t *testing.T, s *store.Store, id uuid.UUID, change func(*db.ProductUpdateOne)) {
	t.Helper()
	err := s.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
		u := tx.Product.UpdateOneID(id)
		change(u)
		return u.Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// everyType is a dictionary with a column of each type, with and without values, and names that mean something else to a call.
func everyType() (columns []dictionary.Column, sample [][]string) {
	column := func(name string, kind dictionary.Type, required bool) dictionary.Column {
		return dictionary.Column{Name: name, Label: "列 </script>", LabelEn: "A \"column\" & more", Type: kind, Unit: "mm", Description: "说明\n两行", DescriptionEn: "What it means",
			Sensitivity: authorisation.SensitivityPublic, Required: required, Filterable: true}
	}
	return []dictionary.Column{
			column("first", dictionary.Text, true), column("after", dictionary.Integer, false), column("price", dictionary.Decimal, false), column("opened", dictionary.Date, false),
			column("measured", dictionary.DateTime, false), column("works", dictionary.Boolean, false),
		}, [][]string{
			{"一", "9007199254740991", "-0.50", "2026-01-31", "2026-01-31T08:00:00+08:00", "true"},
			{"</script><b>", "", "", "", "", ""},
		}
}

func TestWhatIsHarvestedConformsToWhatWasPublished(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		shop.Organisation(t, access.Enterprise, access.Platform)
		files := dataset.NewFiles(0)
		t.Cleanup(func() { files.Close() })
		f.Market.Blobs, f.Market.Rows, f.Market.Payments = shop.Blobs, files, map[string]payment.Provider{paytest.Name: &paytest.Provider{}}
		called := shop.Product(t, authorisation.DeliveryAPI, 30)
		shop.Product(t, authorisation.DeliveryFile, 30)
		odd := shop.Product(t, authorisation.DeliveryAPI, 1)
		columns, sample := everyType()
		identifier, err := authorisation.NewIdentifier(authorisation.IdentifiesProduct, credit(t), authorisation.RegionMianyang, "RAIN0001")
		if err != nil {
			t.Fatal(err)
		}
		edit(t, f.Market.Store, odd.ID, func(u *db.ProductUpdateOne) {
			u.SetName("雨 <b>\"量\"</b> & \\").SetNameEn("Rain </script> \\u0041").SetDescription("一\n二\t三").SetDictionary(columns).SetSample(sample).SetUpdateFrequency(authorisation.Daily)
		})
		madeFrom(t, f.Market.Store, shop, odd.ID)
		local := shop.Product(t, authorisation.DeliveryAPI, 1)
		edit(t, f.Market.Store, local.ID, func(u *db.ProductUpdateOne) {
			u.SetUpdateFrequency(authorisation.SemiAnnual).Modify(func(b *sql.UpdateBuilder) { b.Set(product.FieldIdentifier, string(identifier)) })
		})
		for range 3 {
			shop.Product(t, authorisation.DeliveryFile, 1)
		}
		hidden := shop.Product(t, authorisation.DeliveryAPI, 1)
		shop.Status(t, hidden, authorisation.ProductSuspended)

		buyer := shop.Person(t, shop.Buyer, access.BuyerRole)
		order, err := f.Market.OrderPlace(buyer, market.OrderPlaceInput{
			ProductID: called.ID, PlanID: called.PerCall, Purpose: purpose.Industry, Quantity: 10, LicenceVersion: "1", IdempotencyKey: "order",
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Market.OrderPay(buyer, order, market.OrderPayInput{Provider: paytest.Name, IdempotencyKey: "pay"}); err != nil {
			t.Fatal(err)
		}
		ctx, c := storetest.System(f.Market.Store)
		right := c.Entitlement.Query().Where(entitlement.OrderID(order)).OnlyIDX(ctx)
		_, secret, err := f.Market.CredentialIssue(buyer, market.CredentialInput{EntitlementID: right, IdempotencyKey: "credential"})
		if err != nil {
			t.Fatal(err)
		}
		conformance.Harvest(t, f.address, 7, conformance.Called{Product: publicid.Encode("prd", called.ID), Secret: secret, Purpose: "INDUSTRY"})
	})
}

// madeFrom makes a product of two items of a resource of the shop's organ.
func madeFrom(t *testing.T, s *store.Store, shop *storetest.Shop, product uuid.UUID) {
	t.Helper()
	err := s.InTx(store.AsSystem(t.Context()), func(ctx context.Context, tx *store.Tx) error {
		domain, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName("医疗").SetNameEn("Health").SetThemeCode("C0200").Save(ctx)
		if err != nil {
			return err
		}
		r, err := tx.Resource.Create().SetCreatedAt(tx.Now()).SetSourceUnitID(shop.Organ).SetDomainID(domain.ID).SetName("诊疗资源库").SetNameEn("Treatments").
			SetUpdateCycle("每日").SetProvision([]authorisation.ProvisionMethod{}).SetStatus(authorisation.ResourcePublished).Save(ctx)
		if err != nil {
			return err
		}
		for i, name := range []string{"诊断时间", "用药剂量"} {
			item, err := tx.DataItem.Create().SetCreatedAt(tx.Now()).SetResourceID(r.ID).SetPosition(i).SetName(name).SetNameEn("Item").SetProtections([]authorisation.Protection{}).Save(ctx)
			if err != nil {
				return err
			}
			if err := tx.ProductInput.Create().SetCreatedAt(tx.Now()).SetProductID(product).SetItemID(item.ID).SetResourceID(r.ID).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func credit(t *testing.T) authorisation.CreditCode {
	t.Helper()
	code, err := authorisation.NewCreditCode("91510700MA6TEXT01")
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// seek has the search look at a product again.
func (f *fixture) seek(t *testing.T, id uuid.UUID) {
	t.Helper()
	err := f.Market.Store.InTx(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.ProductsChanged(ctx, id) })
	if err == nil {
		_, err = f.Market.SearchFollow(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAHarvestIsKeptAndRefusedAsHTTPHasIt(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		var ids []string
		for range 3 {
			p := shop.Product(t, authorisation.DeliveryAPI, 1)
			ids = append(ids, publicid.Encode("prd", p.ID))
			f.seek(t, p.ID)
		}
		const unknown = "prd_01h455vb4pex5vsknk084sn02q"
		for path, media := range map[string]string{
			"/catalog.ttl": "text/turtle; charset=utf-8", "/catalog.jsonld": "application/ld+json", "/catalog.ttl?first=1&after=" + unknown: "text/turtle; charset=utf-8",
			"/feed.atom": "application/atom+xml; charset=utf-8", "/sitemap.xml": "application/xml; charset=utf-8", "/sitemap-pages.xml": "application/xml; charset=utf-8",
			"/sitemap-products.xml": "application/xml; charset=utf-8", "/sitemap-products.xml?after=" + ids[0]: "application/xml; charset=utf-8", "/robots.txt": "text/plain; charset=utf-8",
			"/products/" + ids[0] + "/openapi.json": "application/vnd.oai.openapi+json;version=3.1", "/products/" + ids[0] + "/datapackage.json": "application/json",
		} {
			answer, body := f.do(t, "GET", path, "", "Accept-Encoding", "identity")
			h := answer.Header
			if answer.StatusCode != 200 || h.Get("Content-Type") != media || h.Get("ETag") == "" || h.Get("Cache-Control") != "no-cache" || h.Get("Access-Control-Allow-Origin") != "*" ||
				h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Set-Cookie") != "" || h.Get("Vary") != "Accept-Encoding" || h.Get("Content-Encoding") != "" {
				t.Errorf("%s is answered %d %v", path, answer.StatusCode, h)
			}
			elsewhere := httptest.NewRecorder()
			f.Handler().ServeHTTP(elsewhere, httptest.NewRequestWithContext(t.Context(), "GET", "http://evil.example"+path, nil))
			if elsewhere.Body.String() != body || strings.Contains(body, "evil.example") {
				t.Errorf("%s is not the same whatever host is asked", path)
			}
			small, packed := f.do(t, "GET", path, "", "Accept-Encoding", "br, gzip;q=0.5")
			if tag := small.Header.Get("ETag"); small.Header.Get("Content-Encoding") != "gzip" || tag == h.Get("ETag") || unpacked(t, packed) != body {
				t.Errorf("%s is compressed as %v", path, small.Header)
			}
			for _, coding := range []struct{ name, tag string }{{"identity", h.Get("ETag")}, {"gzip", small.Header.Get("ETag")}} {
				if same, body := f.do(t, "GET", path, "", "Accept-Encoding", coding.name, "If-None-Match", coding.tag); same.StatusCode != 304 || body != "" {
					t.Errorf("%s is answered %d when it is there already", path, same.StatusCode)
				}
			}
			if head, body := f.do(t, "HEAD", path, ""); head.StatusCode != 200 || body != "" || head.Header.Get("ETag") != h.Get("ETag") || head.ContentLength != answer.ContentLength {
				t.Errorf("the head of %s is answered %d %v", path, head.StatusCode, head.Header)
			}
		}
		for _, path := range []string{
			"/catalog", "/catalog.ttl", "/catalog.jsonld", "/feed.atom", "/sitemap.xml", "/sitemap-pages.xml", "/sitemap-products.xml", "/robots.txt", "/products/" + ids[0],
			"/products/" + ids[0] + "/openapi.json", "/products/" + ids[0] + "/datapackage.json", "/products/x", "/reports/disclosure.html", "/reports/disclosure.xlsx", "/templates/catalogue.xlsx",
		} {
			for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
				if answer, _ := f.do(t, method, path, "{}"); answer.StatusCode != 405 || answer.Header.Get("Allow") != "GET, HEAD" {
					t.Errorf("%s %s is answered %d, allowed are %q", method, path, answer.StatusCode, answer.Header.Get("Allow"))
				}
			}
		}
		for path, want := range map[string]string{
			"/catalog.ttl?first=100000": "400 FIRST_OUT_OF_RANGE", "/catalog.jsonld?first=0": "400 FIRST_OUT_OF_RANGE", "/catalog.ttl?first=": "400 FIRST_OUT_OF_RANGE",
			"/catalog.ttl?first=-1": "400 FIRST_OUT_OF_RANGE", "/catalog.ttl?first=1e2": "400 FIRST_OUT_OF_RANGE", "/catalog.ttl?first=99999999999999999999": "400 FIRST_OUT_OF_RANGE",
			"/catalog.ttl?after=nonsense": "400 CURSOR_INVALID", "/catalog.ttl?after=": "400 CURSOR_INVALID", "/catalog.ttl?after=%00": "400 CURSOR_INVALID",
			"/catalog.jsonld?after=org_01h455vb4pex5vsknk084sn02q": "400 CURSOR_INVALID", "/catalog.ttl?after=" + strings.Repeat("x", 10000): "400 CURSOR_INVALID",
			"/catalog.ttl?after=a&after=b": "400 QUERY_MALFORMED", "/catalog.ttl?page=2": "400 QUERY_MALFORMED", "/catalog.ttl?first=%zz": "400 QUERY_MALFORMED",
			"/feed.atom?after=nonsense": "400 CURSOR_INVALID", "/feed.atom?after=.e30": "400 CURSOR_INVALID", "/feed.atom?first=1": "400 QUERY_MALFORMED",
			"/sitemap-products.xml?after=7": "400 CURSOR_INVALID", "/sitemap-products.xml?first=1": "400 QUERY_MALFORMED",
			"/products/" + unknown + "/openapi.json": "404 NOT_FOUND", "/products/x/openapi.json": "404 NOT_FOUND", "/products/" + unknown + "/datapackage.json": "404 NOT_FOUND",
		} {
			answer, body := f.do(t, "GET", path, "")
			status, code, _ := strings.Cut(want, " ")
			if fmt.Sprint(answer.StatusCode) != status || !strings.Contains(body, `"code":"`+code+`"`) {
				t.Errorf("%.60s is answered %d %s", path, answer.StatusCode, body)
			}
		}
		answer, body := f.do(t, "GET", "/catalog.ttl?first=1", "")
		next := f.address + "/catalog.ttl?after=" + ids[0] + "&first=1"
		if answer.Header.Get("Link") != "<"+next+`>; rel="next"` || !strings.Contains(body, "hydra:next <"+next+">") {
			t.Errorf("the next page is at %s", answer.Header.Get("Link"))
		}
		// The first request says ?after= a product that nobody has: keys order, they need not be there.
		if _, body := f.do(t, "GET", "/catalog.ttl?after="+unknown, ""); strings.Count(body, "a dcat:Dataset") != 3 {
			t.Errorf("after a product that is gone there is %s", body)
		}
		p, _ := publicid.Parse("prd", ids[1])
		for _, status := range []authorisation.ProductStatus{authorisation.ProductDraft, authorisation.ProductSuspended, authorisation.ProductRetired} {
			edit(t, f.Market.Store, p, func(u *db.ProductUpdateOne) { u.SetStatus(status) })
			for _, path := range []string{"/catalog.ttl", "/catalog.jsonld", "/feed.atom", "/sitemap-products.xml"} {
				if _, body := f.do(t, "GET", path, ""); strings.Contains(body, ids[1]) || !strings.Contains(body, ids[0]) {
					t.Errorf("%s speaks of a product that is %s", path, status)
				}
			}
			for _, file := range []string{"/openapi.json", "/datapackage.json"} {
				one, gone := f.do(t, "GET", "/products/"+ids[1]+file, "")
				two, never := f.do(t, "GET", "/products/"+unknown+file, "")
				if gone != never || one.StatusCode != two.StatusCode {
					t.Errorf("a product that is %s is told from an unknown one: %s %s", status, gone, never)
				}
			}
		}
	})
}

func unpacked(t *testing.T, body string) string {
	t.Helper()
	from, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestANameOfTheCatalogueLeadsToAForm(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		once := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		for accept, want := range map[string]string{
			"": "/catalog.ttl", "*/*": "/catalog.ttl", acceptBrowser: "/", "application/ld+json, text/turtle;q=0.5": "/catalog.jsonld", "text/turtle": "/catalog.ttl", ";;,\t": "/catalog.ttl",
			"text/turtle;q=0.2, application/ld+json;q=0.9": "/catalog.jsonld", "application/ld+json;q=0.1, text/turtle": "/catalog.ttl", "application/json": "/catalog.jsonld",
			"text/turtle;q=0, */*": "/catalog.jsonld", "text/html;q=0.5, application/*;q=0.6": "/catalog.jsonld", "text/*;q=0.3, text/html": "/", "text/turtle;q=x, text/html;q=0.1": "/",
			"image/png": "/catalog.ttl",
		} {
			r, err := http.NewRequestWithContext(t.Context(), "GET", f.address+"/catalog", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept", accept)
			answer, err := once.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != 303 || answer.Header.Get("Location") != want || answer.Header.Get("Vary") != "Accept" {
				t.Errorf("%q leads to %d %s", accept, answer.StatusCode, answer.Header.Get("Location"))
			}
		}
	})
}

var ldJSON = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

func TestThePageOfAProductSaysWhatItIs(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		p := shop.Product(t, authorisation.DeliveryAPI, 1)
		columns, sample := everyType()
		const name, nameEn = `</script><script>alert(1)</script>"雨量"`, `</title><img src=x onerror=alert(1)> & <!-- rain`
		edit(t, f.Market.Store, p.ID, func(u *db.ProductUpdateOne) {
			u.SetName(name).SetNameEn(nameEn).SetDescription("说明 \"<!--\" " + strings.Repeat("长", 400)).SetDictionary(columns).SetSample(sample)
		})
		id := publicid.Encode("prd", p.ID)
		page := func(path, accept string) (*http.Response, string) {
			t.Helper()
			return f.do(t, "GET", path, "", "Accept", accept)
		}
		answer, body := page("/products/"+id, acceptBrowser)
		if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(answer.Header.Get("Content-Security-Policy"), "script-src 'self'") ||
			answer.Header.Get("Vary") != "Accept" || answer.Header.Get("ETag") == "" {
			t.Errorf("it is answered %d %v", answer.StatusCode, answer.Header)
		}
		blocks := ldJSON.FindAllStringSubmatch(body, -1)
		if len(blocks) != 1 || strings.Contains(body, "alert(1)<") || strings.Contains(body, "<img") || strings.Count(body, "<title>") != 1 || strings.Contains(body, "<!--") {
			t.Fatalf("a name breaks out of %s", body)
		}
		var said struct {
			Type          string `json:"@type"`
			Context       string `json:"@context"`
			ID            string `json:"@id"`
			Name          string
			AlternateName string
			URL           string
			Distribution  []struct{ ContentURL string }
			Variables     []struct{ Name string } `json:"variableMeasured"`
		}
		if err := json.Unmarshal([]byte(blocks[0][1]), &said); err != nil {
			t.Fatal(err)
		}
		if said.Type != "Dataset" || said.Context != "https://schema.org/" || said.Name != name || said.AlternateName != nameEn || said.URL != f.address+"/products/"+id ||
			said.ID != said.URL+"#dataset" || len(said.Variables) != len(columns) || len(said.Distribution) != 2 || said.Distribution[0].ContentURL != f.address+"/data/v1/products/"+id+"/rows" {
			t.Errorf("it says %+v", said)
		}
		if title := regexp.MustCompile(`<title>(.*?)</title>`).FindStringSubmatch(body); html.UnescapeString(title[1]) != name+" · 公数" {
			t.Errorf("its title is %s", title[1])
		}
		for _, want := range []string{
			`<meta name="description" content="说明 &#34;&lt;!--&#34; 长`, `<link rel="canonical" href="` + f.address + "/products/" + id + `">`,
			`type="application/vnd.oai.openapi+json" title="OpenAPI" href="` + f.address + "/products/" + id + `/openapi.json"`, f.address + "/products/" + id + "/datapackage.json",
			f.address + "/catalog.jsonld", f.address + "/catalog.ttl", f.address + "/feed.atom",
		} {
			if !strings.Contains(body, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if same, _ := f.do(t, "GET", "/products/"+id, "", "Accept", acceptBrowser, "If-None-Match", answer.Header.Get("ETag")); same.StatusCode != 304 {
			t.Errorf("the same page again is answered %d", same.StatusCode)
		}
		if any, _ := page("/products/"+id, "*/*"); any.StatusCode != 200 {
			t.Errorf("a program that takes anything is answered %d", any.StatusCode)
		}
		if other, _ := page("/products/"+id, "application/json"); other.StatusCode != 404 {
			t.Errorf("a program that wants JSON is answered %d", other.StatusCode)
		}
		shop.Status(t, p, authorisation.ProductSuspended)
		for _, accept := range []string{acceptBrowser, "*/*", "application/json"} {
			gone, one := page("/products/"+id, accept)
			if gone.StatusCode != 404 || gone.Header.Get("X-Robots-Tag") != "noindex" && accept != "application/json" {
				t.Errorf("to %s a suspended product is answered %d %v", accept, gone.StatusCode, gone.Header)
			}
			if _, any := page("/", accept); accept == acceptBrowser && one != any {
				t.Errorf("its page is %s", one)
			}
			for _, unknown := range []string{"prd_01h455vb4pex5vsknk084sn02q", "x", "%00"} {
				never, two := page("/products/"+unknown, accept)
				for _, h := range []http.Header{gone.Header, never.Header} {
					h.Del("X-Request-Id")
					h.Del("Date")
				}
				if one != two || gone.StatusCode != never.StatusCode || fmt.Sprint(gone.Header) != fmt.Sprint(never.Header) {
					t.Errorf("to %s a suspended product is told from %s: %d %v, %d %v", accept, unknown, gone.StatusCode, gone.Header, never.StatusCode, never.Header)
				}
			}
		}
	})
}

func TestWhoHarvestsTooMuchWaits(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		id := publicid.Encode("prd", shop.Product(t, authorisation.DeliveryAPI, 1).ID)
		f.rates = ratelimit.New(500, f.Market.Store.Now)
		for _, path := range []string{"/catalog.ttl?first=100", "/catalog.jsonld?first=100"} {
			answer, body := f.do(t, "GET", path, "")
			if path == "/catalog.ttl?first=100" {
				if answer.StatusCode != 200 || answer.Header.Get("RateLimit") == "" {
					t.Errorf("the first page is answered %d %v", answer.StatusCode, answer.Header)
				}
			} else if answer.StatusCode != 429 || answer.Header.Get("Retry-After") == "" || !strings.Contains(body, "RATE_LIMITED") {
				t.Errorf("the second page is answered %d %s", answer.StatusCode, body)
			}
		}
		for range 10 {
			f.do(t, "GET", "/products/"+id+"/openapi.json", "")
		}
		// A page is for a person: it comes, and says no more than any.
		answer, body := f.do(t, "GET", "/products/"+id, "", "Accept", acceptBrowser)
		if answer.StatusCode != 200 || strings.Contains(body, "ld+json") || answer.Header.Get("Retry-After") != "" {
			t.Errorf("the page is answered %d %v %s", answer.StatusCode, answer.Header, body)
		}
	})
}

func TestTheFeedAndTheSitemapAreXML(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		shop := storetest.Lay(t, f.Market.Store)
		_, body := f.do(t, "GET", "/feed.atom", "")
		if !strings.Contains(body, "<updated>1970-01-01T00:00:00Z</updated>") {
			t.Errorf("a feed of nothing is %s", body)
		}
		var ids []string
		for i := range market.MaxChanges + 2 {
			p := shop.Product(t, authorisation.DeliveryFile, 1)
			if i == 0 {
				edit(t, f.Market.Store, p.ID, func(u *db.ProductUpdateOne) { u.SetName("<&>\"\x01'").SetDescription("]]> &amp;") })
			}
			f.seek(t, p.ID)
			ids = append(ids, p.ID.String())
		}
		type entry struct {
			ID        string `xml:"id"`
			Title     string `xml:"title"`
			Updated   string `xml:"updated"`
			Published string `xml:"published"`
			Links     []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
		}
		type feed struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
			entry
			Entries []entry `xml:"entry"`
		}
		read := func(address string) (one feed, next string) {
			t.Helper()
			_, body := f.do(t, "GET", strings.TrimPrefix(address, f.address), "")
			if err := xml.Unmarshal([]byte(body), &one); err != nil {
				t.Fatalf("%v in %s", err, body)
			}
			for _, link := range one.Links {
				switch {
				case link.Rel == "next":
					next = link.Href
				case link.Rel == "self" && link.Href != address:
					t.Errorf("%s calls itself %s", address, link.Href)
				case link.Rel == "first" && link.Href != f.address+"/feed.atom":
					t.Errorf("the first page is %s", link.Href)
				}
			}
			return one, next
		}
		one, next := read(f.address + "/feed.atom")
		two, end := read(next)
		all := append(one.Entries, two.Entries...)
		if len(one.Entries) != market.MaxChanges || len(all) != market.MaxChanges+2 || end != "" || one.ID != two.ID || one.ID != f.address+"/feed.atom" {
			t.Errorf("the feed has %d and %d entries", len(one.Entries), len(two.Entries))
		}
		seen := map[string]bool{}
		for i, e := range all {
			seen[e.ID] = true
			if i > 0 && e.Updated > all[i-1].Updated || e.Published == "" || len(e.Links) == 0 || !slices.Contains(ids, strings.TrimPrefix(e.ID, "urn:uuid:")) {
				t.Errorf("entry %d is %+v", i, e)
			}
		}
		if len(seen) != len(all) || one.Updated != all[0].Updated || all[len(all)-1].Title != "<&>\"\uFFFD' / Daily rain" {
			t.Errorf("the last entry is %+v of %d", all[len(all)-1], len(seen))
		}
		var parts struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
			Parts   []string `xml:"sitemap>loc"`
		}
		_, body = f.do(t, "GET", "/sitemap.xml", "")
		if err := xml.Unmarshal([]byte(body), &parts); err != nil || !slices.Equal(parts.Parts, []string{f.address + "/sitemap-pages.xml", f.address + "/sitemap-products.xml"}) {
			t.Errorf("the sitemap is %s, %v", body, err)
		}
		var part struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			URLs    []struct {
				Loc     string `xml:"loc"`
				LastMod string `xml:"lastmod"`
			} `xml:"url"`
		}
		_, body = f.do(t, "GET", "/sitemap-products.xml", "")
		if err := xml.Unmarshal([]byte(body), &part); err != nil || len(part.URLs) != len(ids) || part.URLs[0].LastMod == "" || !strings.HasPrefix(part.URLs[0].Loc, f.address+"/products/prd_") {
			t.Errorf("a part of it is %s, %v", body, err)
		}
		part.URLs = nil
		_, body = f.do(t, "GET", "/sitemap-pages.xml", "")
		if err := xml.Unmarshal([]byte(body), &part); err != nil || len(part.URLs) != len(harvest.PublicPages) {
			t.Errorf("the pages are %s, %v", body, err)
		}
		for _, page := range part.URLs {
			path := strings.TrimPrefix(page.Loc, f.address)
			for _, accept := range []string{"*/*", acceptBrowser, ""} {
				if answer, body := f.do(t, "GET", path, "", "Accept", accept); answer.StatusCode != 200 || !strings.HasPrefix(body, "<!doctype html>") || answer.Header.Get("Vary") != "Accept" {
					t.Errorf("%s is answered %d for %q", path, answer.StatusCode, accept)
				}
			}
		}
		if answer, _ := f.do(t, "GET", "/prices", "", "Accept", "application/json"); answer.StatusCode != 404 {
			t.Errorf("who takes no page is answered %d", answer.StatusCode)
		}
		if _, body := f.do(t, "GET", "/robots.txt", ""); !strings.Contains(body, "\nSitemap: "+f.address+"/sitemap.xml\n") {
			t.Errorf("robots are told %s", body)
		}
	})
}
