package webclient

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// built is what a build leaves, with contents that tell which file was sent.
var built = fstest.MapFS{
	"app/index.html":               {Data: []byte("the market")},
	"app/index.html.br":            {Data: []byte("the market in brotli")},
	"app/index.html.gz":            {Data: []byte("the market in gzip")},
	"app/.vite/manifest.json":      {Data: []byte("{}")},
	"app/assets/page-1.js":         {Data: []byte("a script")},
	"app/assets/page-1.js.br":      {Data: []byte("a script in brotli")},
	"app/assets/page-1.js.gz":      {Data: []byte("a script in gzip")},
	"app/assets/page-1.css":        {Data: []byte("a style sheet")},
	"explorer/index.html":          {Data: []byte("the explorer")},
	"explorer/assets/graphiql.css": {Data: []byte("a style sheet of the explorer")},
}

func get(t *testing.T, files fstest.MapFS, method, target string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	if header != nil {
		r.Header = header
	}
	w := httptest.NewRecorder()
	handler(files).ServeHTTP(w, r)
	return w
}

func accept(kind string) http.Header { return http.Header{"Accept": {kind}} }

func TestWhoGetsThePage(t *testing.T) {
	for _, row := range []struct {
		sentence, method, target string
		accept                   http.Header
		status                   int
		says                     string
	}{
		{"a browser at the front door", "GET", "/", accept(browser), 200, "the market"},
		{"a browser at an address of the client", "GET", "/products/prd_01", accept(browser), 200, "the market"},
		{"a browser that asks for the headers only", "HEAD", "/products", accept(browser), 200, ""},
		{"an Accept header in two lines", "GET", "/products", http.Header{"Accept": {"image/png", "text/html"}}, 200, "the market"},
		{"text/html in capitals and with a weight", "GET", "/products", accept("Text/HTML;q=0.5"), 200, "the market"},
		{"a program at the front door", "GET", "/", accept("*/*"), 200, "the market"},
		{"a program without an Accept header at the front door", "GET", "/", nil, 200, "the market"},
		{"a program at an address that does not exist", "GET", "/v1/prodcts", accept("*/*"), 404, ""},
		{"a program that wants JSON", "GET", "/products", accept("application/json"), 404, ""},
		{"somebody who refuses HTML", "GET", "/products", accept("text/html;q=0, */*"), 404, ""},
		{"an image that does not exist", "GET", "/favicon.ico", accept("image/avif,image/*,*/*;q=0.8"), 404, ""},
		{"a header that is no list of media types", "GET", "/products", accept(";;,/,\x00"), 404, ""},
		{"a form sent to a page", "POST", "/", accept(browser), 404, ""},
		{"a script", "GET", "/assets/page-1.js", accept("*/*"), 200, "a script"},
		{"a style sheet", "GET", "/assets/page-1.css", accept("text/css,*/*;q=0.1"), 200, "a style sheet"},
		{"an asset that does not exist, even for a browser", "GET", "/assets/gone.js", accept(browser), 404, ""},
		{"the compressed form under an address of its own", "GET", "/assets/page-1.js.br", accept("*/*"), 404, ""},
		{"the folder of the assets", "GET", "/assets/", accept(browser), 404, ""},
		{"a way out of the folder of the assets", "GET", "/assets/../index.html", accept(browser), 404, ""},
		{"an encoded way out of the folder of the assets", "GET", "/assets/%2e%2e/index.html", accept(browser), 404, ""},
		{"a way out of the embedded files", "GET", "/assets/../../embed.go", accept(browser), 404, ""},
		{"what the build noted for itself", "GET", "/.vite/manifest.json", accept("*/*"), 404, ""},
		{"the explorer", "GET", "/explorer", accept(browser), 200, "the explorer"},
		{"an asset of the explorer", "GET", "/explorer/assets/graphiql.css", accept("text/css,*/*;q=0.1"), 200, "a style sheet of the explorer"},
		{"an asset of the market asked of the explorer", "GET", "/explorer/assets/page-1.css", accept(browser), 404, ""},
		{"below the explorer the market says what is not there", "GET", "/explorer/x", accept(browser), 200, "the market"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			w := get(t, built, row.method, row.target, row.accept)
			if w.Code != row.status {
				t.Fatalf("status %d, want %d", w.Code, row.status)
			}
			if got := w.Body.String(); row.status == 200 && got != row.says {
				t.Errorf("the answer is %q, want %q", got, row.says)
			}
			if w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Error("the browser may guess the type")
			}
			if keep := w.Header().Get("Cache-Control"); row.status == 404 && keep != "" {
				t.Errorf("a refusal is kept: %s", keep)
			}
		})
	}
}

func TestWhatIsNotThereIsThePageAs404(t *testing.T) {
	for _, row := range []struct {
		sentence, method string
		header           http.Header
		says             string
	}{
		{"a browser", "GET", accept(browser), "the market"},
		{"one that has it already", "GET", http.Header{"Accept": {browser}, "If-None-Match": {"*"}}, "the market"},
		{"one that takes it compressed", "GET", http.Header{"Accept": {browser}, "Accept-Encoding": {"br"}}, "the market in brotli"},
		{"a look at its head", "HEAD", accept(browser), ""},
		{"a program", "GET", accept("*/*"), "404 page not found\n"},
	} {
		r := httptest.NewRequest(row.method, "/products/prd_01", nil)
		r.Header = row.header
		w := httptest.NewRecorder()
		handler(built).ServeAbsent(w, r)
		if w.Code != 404 || w.Body.String() != row.says || w.Header().Get("X-Robots-Tag") != "noindex" || w.Header().Get("ETag") != "" {
			t.Errorf("%s is answered %d %q %v", row.sentence, w.Code, w.Body, w.Header())
		}
		if row.says == "the market" && !strings.Contains(w.Header().Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("%s may run anything: %v", row.sentence, w.Header())
		}
	}
}

func TestPagesAreAskedForAgainAndConfined(t *testing.T) {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	wider := strings.NewReplacer("style-src 'self'", "style-src 'self' 'unsafe-inline'", "font-src 'self'", "font-src 'self' data:").Replace(policy)
	for target, policy := range map[string]string{"/": policy, "/products": policy, "/explorers": policy, "/explorer": wider} {
		w := get(t, built, "GET", target, accept(browser))
		for name, want := range map[string]string{
			"Cache-Control": "no-cache", "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, "Referrer-Policy": "same-origin",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %s, want %s", target, name, got, want)
			}
		}
		tag := w.Header().Get("ETag")
		again := get(t, built, "GET", target, http.Header{"Accept": {browser}, "If-None-Match": {tag}})
		if tag == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: with ETag %q the second answer is %d with %d bytes", target, tag, again.Code, again.Body.Len())
		}
		if other := get(t, built, "GET", target, http.Header{"Accept": {browser}, "If-None-Match": {`"other"`}}); other.Code != 200 {
			t.Errorf("%s: another content is answered %d", target, other.Code)
		}
	}
}

func TestAssetsAreKeptForAYear(t *testing.T) {
	for target, kind := range map[string]string{
		"/assets/page-1.css": "text/css; charset=utf-8", "/assets/page-1.js": "text/javascript; charset=utf-8", "/explorer/assets/graphiql.css": "text/css; charset=utf-8",
	} {
		w := get(t, built, "GET", target, nil)
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control is %s", target, got)
		}
		if got := w.Header().Get("Content-Type"); got != kind {
			t.Errorf("%s: Content-Type is %s, want %s", target, got, kind)
		}
	}
}

func TestAFileIsSentAsTheBuildCompressedIt(t *testing.T) {
	for _, row := range []struct{ sentence, target, takes, coding, says, vary string }{
		{"a browser", "/assets/page-1.js", "gzip, deflate, br, zstd", "br", "a script in brotli", "Accept-Encoding"},
		{"who knows gzip only", "/assets/page-1.js", "gzip", "gzip", "a script in gzip", "Accept-Encoding"},
		{"who refuses brotli", "/assets/page-1.js", "br;q=0, gzip;q=0.5", "gzip", "a script in gzip", "Accept-Encoding"},
		{"who takes nothing", "/assets/page-1.js", "", "", "a script", "Accept-Encoding"},
		{"who takes what is not there", "/assets/page-1.js", "zstd", "", "a script", "Accept-Encoding"},
		{"a file that has one form", "/assets/page-1.css", "br, gzip", "", "a style sheet", ""},
		{"the page", "/", "br", "br", "the market in brotli", "Accept, Accept-Encoding"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			w := get(t, built, "GET", row.target, http.Header{"Accept-Encoding": {row.takes}})
			if got := w.Header().Get("Content-Encoding"); got != row.coding {
				t.Errorf("Content-Encoding is %q, want %q", got, row.coding)
			}
			if got := strings.Join(w.Header().Values("Vary"), ", "); got != row.vary {
				t.Errorf("Vary is %q, want %q", got, row.vary)
			}
			if got := w.Body.String(); got != row.says {
				t.Errorf("the answer is %q, want %q", got, row.says)
			}
		})
	}
	tags := map[string]bool{}
	for _, takes := range []string{"", "gzip", "br"} {
		tags[get(t, built, "GET", "/assets/page-1.js", http.Header{"Accept-Encoding": {takes}}).Header().Get("ETag")] = true
	}
	if len(tags) != 3 {
		t.Errorf("three forms of a file have the ETags %v", tags)
	}
}

func TestWithoutABuildThePageNamesTheCommand(t *testing.T) {
	for _, target := range []string{"/", "/explorer", "/products"} {
		w := get(t, fstest.MapFS{".gitkeep": {}}, "GET", target, accept(browser))
		page := w.Body.String()
		if w.Code != 200 || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s is answered %d, Cache-Control %q", target, w.Code, w.Header().Get("Cache-Control"))
		}
		if strings.Count(page, "<code>make build</code>") != 2 || !strings.Contains(page, `<p lang="en">`) {
			t.Errorf("%s does not name the command in both languages:\n%s", target, page)
		}
		if found := regexp.MustCompile(`(?i)<script|<style|\sstyle=|\son[a-z]+=|(src|href)="(https?:)?//`).FindString(page); found != "" {
			t.Errorf("%s has what its policy refuses: %s", target, found)
		}
	}
	if w := get(t, fstest.MapFS{".gitkeep": {}}, "GET", "/assets/page-1.js", nil); w.Code != 404 {
		t.Errorf("an asset is answered %d", w.Code)
	}
}

// What is embedded is what the build left, or nothing: either way the front door opens.
func TestTheFrontDoorOpens(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "<title>") {
		t.Errorf("it is answered %d: %s", w.Code, w.Body.String())
	}
}

func TestAPageSaysMoreOfItselfInThePlaceOfItsTitle(t *testing.T) {
	pages := handler(fstest.MapFS{
		"app/index.html":    {Data: []byte("<head><title>公数</title></head><p>$1</p>")},
		"app/index.html.br": {Data: []byte("in brotli")},
	})
	send := func(method string, header http.Header) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/products/prd_01", nil)
		r.Header = header
		w := httptest.NewRecorder()
		pages.ServeWith(w, r, []byte("<title>Rain $0</title><meta>"))
		return w
	}
	w := send("GET", http.Header{"Accept-Encoding": {"br"}})
	if w.Body.String() != "<head><title>Rain $0</title><meta></head><p>$1</p>" || w.Header().Get("Content-Encoding") != "" ||
		w.Header().Get("Content-Security-Policy") != pagePolicy || w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("Vary") != "Accept" {
		t.Errorf("it is %v %s", w.Header(), w.Body)
	}
	if again := send("GET", http.Header{"If-None-Match": {w.Header().Get("ETag")}}); again.Code != http.StatusNotModified {
		t.Errorf("the same page again is answered %d", again.Code)
	}
	if head := send("HEAD", nil); head.Code != http.StatusOK || head.Body.Len() > 0 {
		t.Errorf("its head is answered %d %s", head.Code, head.Body)
	}
	other := handler(fstest.MapFS{"app/index.html": {Data: []byte("no title")}})
	plain := httptest.NewRecorder()
	other.ServeWith(plain, httptest.NewRequest("GET", "/", nil), []byte("<meta>"))
	if plain.Body.String() != "no title" {
		t.Errorf("a page without a title becomes %s", plain.Body)
	}
}
