package server

import (
	"bytes"
	"net/http"
	"path"
	"time"

	"gongshu/internal/fault"
	"gongshu/internal/market"
)

// templateTypes are the media types of templates by the end of their name.
var templateTypes = map[string]string{
	".csv":  "text/csv; charset=utf-8",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// template gives everybody a table to fill in, as a file to keep.
func template(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	content, err := market.Template(name)
	switch {
	case fault.CodeOf(err) == "NOT_FOUND":
		http.NotFound(w, r)
		return
	case err != nil:
		panic(err) // nothing in it depends on the request: answered and logged as any mistake of ours
	}
	w.Header().Set("Content-Type", templateTypes[path.Ext(name)])
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
