// Package webclient owns the browser's side of the market as the program carries it: the files in dist, embedded,
// and the rules by which a browser may keep and use them.
//
// It leaves every other address (/graphql, /healthz, /metrics …) to the server that mounts it. It promises that
// no page of the market can run a script or apply a style that is not one of its own files; the explorer alone may
// have styles inline, since its editor does.
package webclient

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// dist holds what Vite builds: app is the market, explorer the page at /explorer. Both are missing until `make build`.
//
//go:embed all:dist
var dist embed.FS

// unbuilt is the page that stands in for one that was not built.
//
//go:embed unbuilt.html
var unbuilt []byte

const (
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	// explorerPolicy lets GraphiQL have its styles and fonts inline.
	explorerPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// Handler serves the pages to whoever asks for what no other route has; mount it last, at "/".
//
//   - /assets/… and /explorer/assets/…: a built file, which browsers keep for a year: a file that changes changes its address.
//   - a GET or HEAD of /explorer: the page of the explorer, asked for again each time, by ETag.
//   - a GET or HEAD of anything else that accepts text/html: index.html, likewise.
//     Programs that accept anything get it at "/" alone, so that a mistyped address of an API is an error to them; ServeIndex
//     is for the addresses that are known to be pages.
//   - everything else: 404.
//
// A file is sent as the build compressed it, where the browser takes that.
func Handler() *Pages {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // dist is embedded
	}
	return handler(files)
}

func handler(dist fs.FS) *Pages { return &Pages{open(dist, "app"), open(dist, "explorer")} }

// Pages are the pages of the market and of the explorer.
type Pages struct{ app, explorer site }

// ServeHTTP answers as Handler says.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	name := strings.TrimPrefix(r.URL.Path, "/")
	within, ofExplorer := strings.CutPrefix(name, "explorer/")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.NotFound(w, r)
	case strings.HasPrefix(name, "assets/"):
		p.app.asset(w, r, name)
	case ofExplorer && strings.HasPrefix(within, "assets/"):
		p.explorer.asset(w, r, within)
	case name == "explorer":
		p.explorer.page(w, r, explorerPolicy)
	default:
		if name == "" || acceptsHTML(r.Header.Values("Accept")) {
			p.ServeIndex(w, r)
			return
		}
		w.Header().Set("Vary", "Accept")
		http.NotFound(w, r)
	}
}

// ServeIndex answers a GET or HEAD with index.html, whatever the caller takes.
func (p *Pages) ServeIndex(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept")
	p.app.page(w, r, pagePolicy)
}

var title = regexp.MustCompile(`<title>[^<]*</title>`)

// ServeWith answers a GET or HEAD of a page as ServeHTTP does, with elements of HTML in the place of its title: what a page says of itself
// to who runs no scripts. That they are well-formed and hold nobody's markup is the caller's to see to.
func (p *Pages) ServeWith(w http.ResponseWriter, r *http.Request, head []byte) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept")
	pageHeaders(h, pagePolicy)
	plain := p.app.index().coded[""].read()
	if at := title.FindIndex(plain); at != nil {
		plain = slices.Concat(plain[:at[0]], head, plain[at[1]:])
	}
	(&file{coded: map[string]*content{"": contentOf(plain)}}).serve(w, r, "index.html")
}

// ServeAbsent answers a GET or HEAD of a page that is not there for everybody as ServeHTTP does, but as 404, and for no search
// engine to keep: the page says itself what it has for its viewer.
func (p *Pages) ServeAbsent(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept")
	h.Set("X-Robots-Tag", "noindex")
	if !acceptsHTML(r.Header.Values("Accept")) {
		http.NotFound(w, r)
		return
	}
	pageHeaders(h, pagePolicy)
	body := p.app.index().choose(w, r, "index.html").read()
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the caller may be gone
	}
}

// site is a folder that Vite built. Its files stay where they are, in the program: what nobody asks for takes no memory.
type site map[string]*file

// file is one built file as it can be sent; the content of coding "" is the file itself.
type file struct {
	coded map[string]*content
}

// content is what can be sent. Its tag is made when it is first asked for.
type content struct {
	open func() io.ReadSeeker
	etag func() string
}

func newContent(open func() io.ReadSeeker) *content {
	c := &content{open: open}
	c.etag = sync.OnceValue(func() string {
		sum := sha256.New()
		if _, err := io.Copy(sum, c.open()); err != nil {
			panic(err) // it is in memory
		}
		return `"` + hex.EncodeToString(sum.Sum(nil)[:16]) + `"`
	})
	return c
}

func contentOf(all []byte) *content {
	return newContent(func() io.ReadSeeker { return bytes.NewReader(all) })
}

// read is all of it.
func (c *content) read() []byte {
	all, err := io.ReadAll(c.open())
	if err != nil {
		panic(err) // it is in memory
	}
	return all
}

// codings are in the order in which they are preferred; the build writes a file's coded form beside it, by these endings.
var codings = []struct{ name, ending string }{{"br", ".br"}, {"gzip", ".gz"}}

func open(dist fs.FS, folder string) site {
	s := site{}
	files, err := fs.Sub(dist, folder)
	if err != nil {
		panic(err) // the folder's name is ours
	}
	// A folder that is missing is a site that was not built: nothing is walked, and nothing is served.
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		plain, coding := name, ""
		for _, c := range codings {
			if stem, ok := strings.CutSuffix(name, c.ending); ok {
				plain, coding = stem, c.name
			}
		}
		if s[plain] == nil {
			s[plain] = &file{coded: map[string]*content{}}
		}
		s[plain].coded[coding] = newContent(func() io.ReadSeeker {
			f, err := files.Open(name)
			if err != nil {
				panic(err) // it was walked
			}
			return f.(io.ReadSeeker) // as all embedded files are; closing one does nothing
		})
		return nil
	})
	return s
}

func (s site) asset(w http.ResponseWriter, r *http.Request, name string) {
	f := s[name]
	if f == nil || f.coded[""] == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	f.serve(w, r, name)
}

func (s site) page(w http.ResponseWriter, r *http.Request, policy string) {
	pageHeaders(w.Header(), policy)
	s.index().serve(w, r, "index.html")
}

// index is the page of the site, or what stands in for one that was not built.
func (s site) index() *file {
	if f := s["index.html"]; f != nil {
		return f
	}
	return &file{coded: map[string]*content{"": contentOf(unbuilt)}}
}

func pageHeaders(h http.Header, policy string) {
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "same-origin")
}

// choose takes the form that the browser takes, and says which in the headers.
func (f *file) choose(w http.ResponseWriter, r *http.Request, name string) *content {
	chosen := f.coded[""]
	for _, c := range codings {
		if coded, ok := f.coded[c.name]; ok && takes(r.Header.Values("Accept-Encoding"), c.name) {
			chosen = coded
			w.Header().Set("Content-Encoding", c.name)
			break
		}
	}
	if len(f.coded) > 1 {
		w.Header().Add("Vary", "Accept-Encoding")
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	return chosen
}

func (f *file) serve(w http.ResponseWriter, r *http.Request, name string) {
	chosen := f.choose(w, r, name)
	w.Header().Set("ETag", chosen.etag())
	http.ServeContent(w, r, name, time.Time{}, chosen.open())
}

// acceptsHTML reports whether an Accept header names text/html, with any weight but 0.
func acceptsHTML(accept []string) bool { return takes(accept, "text/html") }

// takes reports whether a header that lists what is wanted names something, with any weight but 0.
func takes(header []string, what string) bool {
	for offer := range strings.SplitSeq(strings.Join(header, ","), ",") {
		kind, params, err := mime.ParseMediaType(offer)
		if err != nil || kind != what {
			continue
		}
		if weight, err := strconv.ParseFloat(params["q"], 64); err != nil || weight > 0 {
			return true
		}
	}
	return false
}
