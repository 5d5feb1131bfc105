package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestRefused(t *testing.T) {
	conflict, gone := New(Conflict, "TAKEN", "It is taken."), New(Unavailable, "UNAVAILABLE", "It does not answer.")
	for sentence, row := range map[string]struct {
		err  error
		want bool
	}{
		"nothing went wrong":                 {nil, false},
		"something broke":                    {errors.New("broken"), false},
		"a refusal":                          {conflict, true},
		"a refusal with what was being done": {fmt.Errorf("place an order: %w", conflict), true},
		"several":                            {List{conflict, New(Invalid, "X", "x")}, true},
		"the database does not answer, so that nobody knows what was done": {fmt.Errorf("commit: %w", gone), false},
		"a refusal beside what did not answer":                             {List{conflict, gone}, false},
	} {
		if got := Refused(row.err); got != row.want {
			t.Errorf("%s: %t", sentence, got)
		}
	}
}
