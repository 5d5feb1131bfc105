// Package webclient owns the browser's side of the market as the program carries it: the files in dist, embedded,
// and the rules by which a browser may keep and use them.
//
// It leaves every other address (/graphql, /healthz, /metrics …) to the server that mounts it. It promises that
// no page it serves can run a script or apply a style that is not one of its own files.
package webclient

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler serves the pages to whoever asks for what no other route has; mount it last, at "/".
//
//   - /assets/…: a file of dist/assets, which browsers keep for a year: a file that changes changes its address.
//   - a GET or HEAD of anything else that accepts text/html: index.html, asked for again each time, by ETag.
//     Programs that accept anything get it at "/" alone, so that a mistyped address of an API is an error to them.
//   - everything else: 404.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // dist is embedded
	}
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		panic(err) // index.html is embedded
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.NotFound(w, r)
			return
		}
		if name := strings.TrimPrefix(r.URL.Path, "/"); strings.HasPrefix(name, "assets/") {
			content, err := fs.ReadFile(files, name) // refuses names with . and ..
			if err != nil {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			serve(w, r, name, content)
			return
		}
		w.Header().Set("Vary", "Accept")
		if r.URL.Path != "/" && !acceptsHTML(r.Header.Values("Accept")) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Content-Security-Policy", contentSecurityPolicy)
		w.Header().Set("Referrer-Policy", "same-origin")
		serve(w, r, "index.html", index)
	})
}

func serve(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	sum := sha256.Sum256(content)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// acceptsHTML reports whether an Accept header names text/html, with any weight but 0.
func acceptsHTML(accept []string) bool {
	for offer := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, params, err := mime.ParseMediaType(offer)
		if err != nil || kind != "text/html" {
			continue
		}
		if weight, err := strconv.ParseFloat(params["q"], 64); err != nil || weight > 0 {
			return true
		}
	}
	return false
}
