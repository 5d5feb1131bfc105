package webclient_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	webclient "gongshu/web-client"
)

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func get(t *testing.T, method, target string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	if header != nil {
		r.Header = header
	}
	w := httptest.NewRecorder()
	webclient.Handler().ServeHTTP(w, r)
	return w
}

func accept(kind string) http.Header { return http.Header{"Accept": {kind}} }

func TestWhoGetsThePage(t *testing.T) {
	for _, row := range []struct {
		sentence, method, target string
		accept                   http.Header
		status                   int
	}{
		{"a browser at the front door", "GET", "/", accept(browser), 200},
		{"a browser at an address of the client", "GET", "/products/prd_01", accept(browser), 200},
		{"a browser that asks for the headers only", "HEAD", "/products", accept(browser), 200},
		{"an Accept header in two lines", "GET", "/products", http.Header{"Accept": {"image/png", "text/html"}}, 200},
		{"text/html in capitals and with a weight", "GET", "/products", accept("Text/HTML;q=0.5"), 200},
		{"a program at the front door", "GET", "/", accept("*/*"), 200},
		{"a program without an Accept header at the front door", "GET", "/", nil, 200},
		{"a program at an address that does not exist", "GET", "/v1/prodcts", accept("*/*"), 404},
		{"a program that wants JSON", "GET", "/products", accept("application/json"), 404},
		{"somebody who refuses HTML", "GET", "/products", accept("text/html;q=0, */*"), 404},
		{"an image that does not exist", "GET", "/favicon.ico", accept("image/avif,image/*,*/*;q=0.8"), 404},
		{"a header that is no list of media types", "GET", "/products", accept(";;,/,\x00"), 404},
		{"a form sent to a page", "POST", "/", accept(browser), 404},
		{"a style sheet", "GET", "/assets/page.css", accept("text/css,*/*;q=0.1"), 200},
		{"an asset that does not exist, even for a browser", "GET", "/assets/gone.js", accept(browser), 404},
		{"the folder of the assets", "GET", "/assets/", accept(browser), 404},
		{"a way out of the folder of the assets", "GET", "/assets/../index.html", accept(browser), 404},
		{"an encoded way out of the folder of the assets", "GET", "/assets/%2e%2e/index.html", accept(browser), 404},
		{"a way out of the embedded files", "GET", "/assets/../../embed.go", accept(browser), 404},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			w := get(t, row.method, row.target, row.accept)
			if w.Code != row.status {
				t.Fatalf("status %d, want %d", w.Code, row.status)
			}
			if w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Error("the browser may guess the type")
			}
			if keep := w.Header().Get("Cache-Control"); row.status == 404 && keep != "" {
				t.Errorf("a refusal is kept: %s", keep)
			}
			if row.method == "HEAD" && w.Body.Len() != 0 {
				t.Error("HEAD was answered with a body")
			}
		})
	}
}

func TestThePageIsAskedForAgainAndConfined(t *testing.T) {
	w := get(t, "GET", "/", accept(browser))
	for name, want := range map[string]string{
		"Cache-Control": "no-cache",
		"Content-Type":  "text/html; charset=utf-8",
		"Vary":          "Accept",
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	tag := w.Header().Get("ETag")
	again := get(t, "GET", "/", http.Header{"Accept": {browser}, "If-None-Match": {tag}})
	if tag == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("with ETag %q the second answer is %d with %d bytes", tag, again.Code, again.Body.Len())
	}
	if other := get(t, "GET", "/", http.Header{"Accept": {browser}, "If-None-Match": {`"other"`}}); other.Code != 200 {
		t.Errorf("another content is answered %d", other.Code)
	}
}

func TestAnAssetIsKeptForAYear(t *testing.T) {
	w := get(t, "GET", "/assets/page.css", nil)
	if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("Cache-Control: %s", got)
	}
	if got := w.Header().Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("Content-Type: %s", got)
	}
}

func TestAChangedStyleSheetHasAnotherAddress(t *testing.T) {
	page := get(t, "GET", "/", nil).Body.String()
	sum := sha256.Sum256(get(t, "GET", "/assets/page.css", nil).Body.Bytes())
	if want := `href="/assets/page.css?v=` + hex.EncodeToString(sum[:4]) + `"`; !strings.Contains(page, want) {
		t.Errorf("browsers that know the old style sheet keep it: index.html must say %s", want)
	}
}

func TestThePageNeedsNoScriptAndNamesItsParts(t *testing.T) {
	page := get(t, "GET", "/", nil).Body.String()
	for what, pattern := range map[string]string{
		"a script":          `<script`,
		"an inline style":   `(?i)\sstyle=|<style`,
		"an inline handler": `(?i)\son[a-z]+=`,
		"another host":      `(?i)(src|href)="(https?:)?//`,
	} {
		if found := regexp.MustCompile(pattern).FindString(page); found != "" {
			t.Errorf("the page has %s: %s", what, found)
		}
	}
	for what, pattern := range map[string]string{
		"Chinese as its language":     `<html lang="zh-CN">`,
		"an English section":          `<section id="en" lang="en"`,
		"a title":                     `<title>[^<]+</title>`,
		"one banner":                  `<header>`,
		"one main part":               `<main id="main"`,
		"one footer":                  `<footer>`,
		"one first heading":           `<h1`,
		"a named navigation":          `<nav aria-label="[^"]+"`,
		"a link past the header":      `<a class="skip" href="#main"`,
		"a width that fits a phone":   `name="viewport" content="width=device-width, initial-scale=1"`,
		"no lock on zooming":          `initial-scale=1">`,
		"a style sheet of its own":    `<link rel="stylesheet" href="/assets/`,
		"an icon that is not fetched": `<link rel="icon" href="data:,">`,
	} {
		if n := len(regexp.MustCompile(pattern).FindAllString(page, -1)); n != 1 {
			t.Errorf("the page has %d times %s, want 1", n, what)
		}
	}
	for _, match := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+match[1]+`"`) {
			t.Errorf("#%s leads nowhere", match[1])
		}
	}
}

// WCAG 2.2, 1.4.3: text has at least 4.5:1 against what it stands on.
func TestTextIsReadable(t *testing.T) {
	css := get(t, "GET", "/assets/page.css", nil).Body.String()
	colour := map[string]string{}
	for _, match := range regexp.MustCompile(`--([a-z0-9-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
		colour[match[1]] = match[2]
	}
	for _, match := range regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(`).FindAllString(css, -1) {
		if !strings.Contains(css, ": "+match+";\n") {
			t.Errorf("the colour %s has no name", match)
		}
	}
	for _, text := range []string{"ink", "ink-2", "ink-3", "brand", "brand-hover"} {
		for _, ground := range []string{"canvas", "surface", "sunken"} {
			if ratio := contrast(t, colour[text], colour[ground]); ratio < 4.5 {
				t.Errorf("%s on %s has only %.2f:1", text, ground, ratio)
			}
		}
	}
}

// contrast is the ratio of two colours as WCAG 2.2 defines it.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(colour, 16, 32)
	if err != nil {
		t.Fatalf("colour %q: %v", colour, err)
	}
	linear := func(shift int) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
