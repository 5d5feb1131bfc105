package graph

import (
	"testing"

	"github.com/google/uuid"

	"gongshu/internal/fault"
)

// FuzzCursor reads any text as the cursor of a list: it is one that was written for its id, or it is refused as a cursor.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{
		"", "djE6", cursor(uuid.Nil), cursor(uuid.Max) + "=", cursor(uuid.Max)[1:], "djI6AAAAAAAAAAAAAAAAAAAAAA", "djE6AAAAAAAAAAAAAAAAAAAAAB", "djE6\nAAAAAAAAAAAAAAAAAAAAAA",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := parseCursor(text)
		if err != nil {
			if code := fault.CodeOf(err); code != "CURSOR_INVALID" {
				t.Fatalf("%q is refused with %s", text, code)
			}
			return
		}
		if cursor(id) != text {
			t.Fatalf("%q is read but not written", text)
		}
	})
}
