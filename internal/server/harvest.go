package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/harvest"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/internal/server/accept"
	"gongshu/internal/server/uploads"
	webclient "gongshu/web-client"
)

// What other systems harvest is for everybody, without a session and for any site: who asks is not looked at, and addresses are those of
// Options.Origin, whatever host a request names.

// What a harvest costs, in points.
const (
	// harvestPoints are for a document of one product.
	harvestPoints = 20
	// harvestedPoints are for each product that a page of the catalogue or of changes may have.
	harvestedPoints = 4
	// sitemapPoints are for the list of the parts of the sitemap, which counts all products, and for a part.
	sitemapPoints = 500
)

// The media types of what is harvested.
const (
	typeTurtle      = "text/turtle; charset=utf-8"
	typeJSONLD      = "application/ld+json"
	typeAtom        = "application/atom+xml; charset=utf-8"
	typeXML         = "application/xml; charset=utf-8"
	typeText        = "text/plain; charset=utf-8"
	typeOpenAPI     = "application/vnd.oai.openapi+json;version=3.1"
	typeDataPackage = "application/json"
)

// harvestRoutes adds the addresses at which others harvest the catalogue, the pages of products, which say to who runs no scripts
// what they are, and the other pages of the sitemap.
func (s *Server) harvestRoutes(mux *http.ServeMux, pages *webclient.Pages) {
	for path, answer := range map[string]http.HandlerFunc{
		"/catalog.ttl":                    s.catalogue("/catalog.ttl", typeTurtle),
		"/catalog.jsonld":                 s.catalogue("/catalog.jsonld", typeJSONLD),
		"/catalog":                        s.catalogueIn,
		"/feed.atom":                      s.feedOfChanges,
		harvest.SitemapPath:               s.sitemap,
		harvest.SitemapPagesPath:          s.fixed(typeXML, s.site().SitemapPages()),
		harvest.SitemapProductsPath:       s.sitemapProducts,
		"/robots.txt":                     s.fixed(typeText, s.site().Robots()),
		"/products/{id}/openapi.json":     s.ofProduct(typeOpenAPI, harvest.Site.OpenAPI),
		"/products/{id}/datapackage.json": s.ofProduct(typeDataPackage, harvest.Site.DataPackage),
		"/products/{id}":                  s.productPage(pages),
	} {
		mux.HandleFunc("GET "+path, answer)
		mux.HandleFunc(path, readOnly)
	}
	for _, path := range harvest.PublicPages {
		if path != "/" { // whose page everybody gets
			mux.HandleFunc("GET "+path, publicPage(pages))
		}
	}
}

// publicPage answers who takes a page at an address that the sitemap lists, as search engines do that take anything.
func publicPage(pages *webclient.Pages) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if takesPage(r) {
			pages.ServeIndex(w, r)
		} else {
			pages.ServeHTTP(w, r)
		}
	}
}

// readOnly refuses every method but those that read.
func readOnly(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Allow", "GET, HEAD")
	w.WriteHeader(http.StatusMethodNotAllowed)
}

func (s *Server) site() harvest.Site { return harvest.Site(s.Origin) }

// harvestSpend pays for a harvest from the address alone: who is signed in is not looked at. It answers those that were not paid.
func (s *Server) harvestSpend(w http.ResponseWriter, r *http.Request, points int) bool {
	err := s.spend(w, r.WithContext(access.With(r.Context(), access.Viewer{})), points)
	if err != nil {
		uploads.Refuse(w, r, err)
	}
	return err == nil
}

// harvested sends a document to keep, which is asked for again each time, by its tag; compressed where that is taken.
func harvested(w http.ResponseWriter, r *http.Request, media string, body []byte) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if accept.Of(r.Header.Values("Accept-Encoding"), "gzip").Quality > 0 {
		var small bytes.Buffer
		to, _ := gzip.NewWriterLevel(&small, gzip.BestSpeed) // which is a level
		_, _ = to.Write(body)                                // nothing fails in memory
		_ = to.Close()
		body = small.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	sum := sha256.Sum256(body)
	h.Set("Content-Type", media)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// fixed sends the same document to everybody.
func (s *Server) fixed(media string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { harvested(w, r, media, body) }
}

// asked are the parameters of a list: each at most once, and no others, so that a mistyped one is no page of something else.
func asked(r *http.Request, names ...string) (map[string]string, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.Invalid, "QUERY_MALFORMED", "The parameters of this address cannot be decoded.")
	}
	given := map[string]string{}
	for _, name := range names {
		values := query[name]
		if len(values) > 1 {
			return nil, fault.New(fault.Invalid, "QUERY_MALFORMED", "The parameter %s is there more than once.", name).At(name)
		}
		if len(values) == 1 {
			given[name] = values[0]
		}
		delete(query, name)
	}
	if len(query) > 0 {
		return nil, fault.New(fault.Invalid, "QUERY_MALFORMED", "This address takes no parameters but %s.", strings.Join(names, " and "))
	}
	return given, nil
}

// afterProduct is the product that a list goes on after.
func afterProduct(given map[string]string) (uuid.UUID, error) {
	text, ok := given["after"]
	if !ok {
		return uuid.Nil, nil
	}
	id, ok := publicid.Parse("prd", text)
	if !ok {
		return uuid.Nil, fault.New(fault.Invalid, "CURSOR_INVALID", "This cursor is not one that was given out.").At("after")
	}
	return id, nil
}

// firstOf is the length of a page that is asked for.
func firstOf(given map[string]string, usual, most int) (int, error) {
	text, ok := given["first"]
	if !ok {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fault.New(fault.Invalid, "FIRST_OUT_OF_RANGE", "A page has 1 to %d entries.", most).At("first").With("max", most)
	}
	return n, nil
}

// pagesOf are the addresses of a page of a list. The length of pages is kept from one to the next where it was asked for.
func pagesOf(path string, given map[string]string, next string) harvest.Pages {
	address := func(after string) string {
		query := url.Values{}
		if first, ok := given["first"]; ok {
			query.Set("first", first)
		}
		if after != "" {
			query.Set("after", after)
		}
		if len(query) == 0 {
			return path
		}
		return path + "?" + query.Encode()
	}
	pages := harvest.Pages{Self: address(given["after"]), First: address("")}
	if next != "" {
		pages.Next = address(next)
	}
	return pages
}

// linkNext says in a header which page is next, for who does not read into the body.
func (s *Server) linkNext(w http.ResponseWriter, pages harvest.Pages) {
	if pages.Next != "" {
		w.Header().Set("Link", "<"+s.Origin+pages.Next+`>; rel="next"`)
	}
}

// catalogue answers GET /catalog.ttl and /catalog.jsonld with a page of the catalogue in DCAT-AP.
func (s *Server) catalogue(path, media string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		given, err := asked(r, "first", "after")
		first, wrong := firstOf(given, market.HarvestFirst, market.MaxHarvest)
		if !s.harvestSpend(w, r, harvestPoints+first*harvestedPoints) {
			return
		}
		after, lost := afterProduct(given)
		if err := anyOf(err, wrong, lost); err != nil {
			uploads.Refuse(w, r, err)
			return
		}
		c, err := s.Market.HarvestCatalogue(r.Context(), after, first)
		if err != nil {
			uploads.Refuse(w, r, err)
			return
		}
		pages := pagesOf(path, given, c.Next)
		s.linkNext(w, pages)
		graph := s.site().DCAT(c, pages)
		body := graph.Turtle
		if media == typeJSONLD {
			body = graph.JSONLD
		}
		harvested(w, r, media, body())
	}
}

// anyOf is the first of several refusals that is one.
func anyOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// catalogueIn sends who follows a name of the catalogue's to the form that it reads: the names of its parts are /catalog#….
func (s *Server) catalogueIn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept")
	to, most := "/catalog.ttl", 0.0
	for _, form := range []struct{ kind, at string }{
		{"text/turtle", "/catalog.ttl"}, {"application/ld+json", "/catalog.jsonld"}, {"application/json", "/catalog.jsonld"}, {"text/html", "/"},
	} {
		if weight := accept.Of(r.Header.Values("Accept"), form.kind).Quality; weight > most {
			to, most = form.at, weight
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// feedOfChanges answers GET /feed.atom with a page of what changed on the market, the last first.
func (s *Server) feedOfChanges(w http.ResponseWriter, r *http.Request) {
	if !s.harvestSpend(w, r, harvestPoints+market.MaxChanges*harvestedPoints) {
		return
	}
	given, err := asked(r, "after")
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	c, err := s.Market.HarvestChanges(r.Context(), given["after"], market.MaxChanges)
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	pages := pagesOf("/feed.atom", given, c.Next)
	s.linkNext(w, pages)
	harvested(w, r, typeAtom, s.site().Feed(c, pages))
}

// sitemap answers GET /sitemap.xml with the list of its parts.
func (s *Server) sitemap(w http.ResponseWriter, r *http.Request) {
	if !s.harvestSpend(w, r, sitemapPoints) {
		return
	}
	parts, err := s.Market.HarvestParts(r.Context())
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	harvested(w, r, typeXML, s.site().SitemapIndex(parts))
}

// sitemapProducts answers GET /sitemap-products.xml with a part of the sitemap.
func (s *Server) sitemapProducts(w http.ResponseWriter, r *http.Request) {
	if !s.harvestSpend(w, r, sitemapPoints) {
		return
	}
	given, err := asked(r, "after")
	after, wrong := afterProduct(given)
	if err := anyOf(err, wrong); err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	listed, err := s.Market.HarvestPart(r.Context(), after)
	if err != nil {
		uploads.Refuse(w, r, err)
		return
	}
	harvested(w, r, typeXML, s.site().SitemapProducts(listed))
}

// ofProduct answers with a document about a product on the market. One that is not there, whatever it is besides, is NOT_FOUND.
func (s *Server) ofProduct(media string, write func(harvest.Site, harvest.Product, harvest.Licence) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.harvestSpend(w, r, harvestPoints) {
			return
		}
		p, licence, err := s.publicProduct(r.Context(), r.PathValue("id"))
		if err != nil {
			uploads.Refuse(w, r, err)
			return
		}
		harvested(w, r, media, write(s.site(), p, licence))
	}
}

func (s *Server) publicProduct(ctx context.Context, id string) (harvest.Product, harvest.Licence, error) {
	product, ok := publicid.Parse("prd", id)
	if !ok {
		return harvest.Product{}, harvest.Licence{}, fault.Absent("product")
	}
	return s.Market.HarvestProduct(ctx, product)
}

// productPage answers with the page of a product. Of one on the market it says to who runs no scripts what it is and where a program reads
// on; of all others it is the page that every address has, which finds out itself what its viewer may see, as 404: nobody's search
// engine is to keep it. When that cannot be read or paid for now, it is that page as 200.
func (s *Server) productPage(pages *webclient.Pages) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !takesPage(r) {
			pages.ServeHTTP(w, r)
			return
		}
		paid := s.spend(w, r.WithContext(access.With(r.Context(), access.Viewer{})), harvestPoints)
		for _, name := range []string{"RateLimit", "RateLimit-Policy", "Retry-After"} { // a page is not refused
			w.Header().Del(name)
		}
		if paid != nil {
			pages.ServeIndex(w, r)
			return
		}
		p, licence, err := s.publicProduct(r.Context(), r.PathValue("id"))
		if err != nil {
			if fault.CodeOf(err) == "NOT_FOUND" {
				pages.ServeAbsent(w, r)
				return
			}
			if r.Context().Err() == nil {
				s.Log.LogAttrs(r.Context(), slog.LevelWarn, "a product's page says nothing of it", slog.Any("error", err))
			}
			pages.ServeIndex(w, r)
			return
		}
		pages.ServeWith(w, r, headOf(s.site(), p, licence))
	}
}

// takesPage reports whether a request takes a page: a browser says so, and a program that takes anything is not one that looks for an API.
func takesPage(r *http.Request) bool {
	said := r.Header.Values("Accept")
	return len(said) == 0 || said[0] == "" || accept.Of(said, "text/html").Quality > 0
}

// maxMeta is how long the description in a page's head is, in characters.
const maxMeta = 300

// headOf is what the head of a product's page says of it.
func headOf(site harvest.Site, p harvest.Product, licence harvest.Licence) []byte {
	var out bytes.Buffer
	describes, _ := p.Described()
	if runes := []rune(describes); len(runes) > maxMeta {
		describes = string(runes[:maxMeta-1]) + "…"
	}
	esc := html.EscapeString
	fmt.Fprintf(&out, "<title>%s · 公数</title>\n", esc(p.Name))
	fmt.Fprintf(&out, "<meta name=\"description\" content=\"%s\">\n", esc(describes))
	fmt.Fprintf(&out, "<link rel=\"canonical\" href=\"%s\">\n", esc(site.Page(p)))
	for _, one := range []struct{ media, title, href string }{
		{"application/vnd.oai.openapi+json", "OpenAPI", site.OpenAPIAddress(p)},
		{"application/json", "Data Package", site.DataPackageAddress(p)},
		{"application/ld+json", "DCAT-AP", string(site) + "/catalog.jsonld"},
		{"text/turtle", "DCAT-AP", string(site) + "/catalog.ttl"},
		{"application/atom+xml", "公数", string(site) + "/feed.atom"},
	} {
		fmt.Fprintf(&out, "<link rel=\"alternate\" type=\"%s\" title=\"%s\" href=\"%s\">\n", one.media, one.title, esc(one.href))
	}
	// Data, which no policy of scripts is about; what could end the element is escaped in it.
	fmt.Fprintf(&out, "<script type=\"application/ld+json\">%s</script>", site.SchemaOrg(p, licence))
	return out.Bytes()
}
