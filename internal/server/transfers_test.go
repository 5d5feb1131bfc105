package server

import (
	"net/http"
	"strings"
	"testing"
)

// What a file of the bank names is kept as told: nobody reads one by another site's link, or by a look at its head.
func TestFilesOfTheBankAreReadByThisSiteAlone(t *testing.T) {
	eachServer(t, func(t *testing.T, f *fixture) {
		for _, path := range []string{"/transfers/outgoing.csv", "/payouts/pbt_00000000000000000000000000.csv"} {
			for _, row := range []struct {
				method, site string
				status       int
			}{
				{http.MethodHead, "same-origin", http.StatusMethodNotAllowed},
				{http.MethodGet, "cross-site", http.StatusForbidden},
				{http.MethodGet, "same-site", http.StatusForbidden},
				{http.MethodGet, "same-origin", 0}, {http.MethodGet, "none", 0}, {http.MethodGet, "", 0}, // whose own rules refuse a stranger
			} {
				headers := []string{}
				if row.site != "" {
					headers = []string{"Sec-Fetch-Site", row.site}
				}
				answer, said := f.do(t, row.method, path, "", headers...)
				passed := answer.StatusCode != http.StatusMethodNotAllowed && !strings.Contains(said, "CROSS_ORIGIN")
				if passed != (row.status == 0) || row.status != 0 && answer.StatusCode != row.status {
					t.Errorf("%s %s from %q is answered %d %s", row.method, path, row.site, answer.StatusCode, said)
				}
			}
		}
		if answer, said := f.do(t, http.MethodGet, "/transfers/outgoing.csv?language=fr", ""); answer.StatusCode != http.StatusBadRequest || !strings.Contains(said, "LANGUAGE_UNKNOWN") {
			t.Errorf("in a language that is none it is answered %d %s", answer.StatusCode, said)
		}
		for language, heads := range outgoingHeads {
			if len(heads) != len(outgoingHeads["zh-CN"]) || len(transferKinds[language]) != len(transferKinds["zh-CN"]) {
				t.Errorf("in %s the heads are %v", language, heads)
			}
		}
	})
}
