package store

import (
	"fmt"
	"testing"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

func TestWhatAPostgresLacksIsSaid(t *testing.T) {
	for code, want := range map[pqerror.Code]string{
		"53300": "its server takes no more connections",
		"53000": "its server has run out of disk or memory",
		"53100": "its server has run out of disk or memory",
		"53200": "its server has run out of disk or memory",
		"57P03": "its server is starting or stopping",
		"57014": "",
		"23505": "",
	} {
		if got := whyUnreachable(fmt.Errorf("save: %w", &pq.Error{Code: code})); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
