package server

import (
	"net/http"
	"strings"
	"testing"
)

func TestEverybodyMayDownloadTemplates(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		for _, c := range []struct{ name, kind, begins string }{
			{"catalogue.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04"},
			{"catalogue.csv", "text/csv; charset=utf-8", "\ufeff目录名称,"},
		} {
			answer, body := f.do(t, "GET", "/templates/"+c.name, "")
			if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != c.kind || !strings.HasPrefix(body, c.begins) ||
				answer.Header.Get("Content-Disposition") != `attachment; filename="`+c.name+`"` || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s is answered %d with %v and %.40q", c.name, answer.StatusCode, answer.Header, body)
			}
		}
		for _, c := range []struct {
			method, path string
			status       int
		}{
			{"GET", "/templates/other.xlsx", http.StatusNotFound},
			{"GET", "/templates/..%2fcatalogue.xlsx", http.StatusNotFound},
			{"POST", "/templates/catalogue.csv", http.StatusMethodNotAllowed},
		} {
			if answer, _ := f.do(t, c.method, c.path, ""); answer.StatusCode != c.status {
				t.Errorf("%s %s is answered %d", c.method, c.path, answer.StatusCode)
			}
		}
	})
}
