package job

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"gongshu/internal/fault"
)

func TestEveryMoveOfEveryState(t *testing.T) {
	legal := map[State]map[State]bool{
		Queued:  {Running: true, Done: true, Refused: true, Failed: true},
		Running: {Running: true, Done: true, Refused: true, Failed: true},
	}
	for _, from := range State("").Values() {
		for _, to := range State("").Values() {
			err := Move(State(from), State(to))
			if legal[State(from)][State(to)] != (err == nil) || err != nil && fault.CodeOf(err) != "MOVE_NOT_ALLOWED" {
				t.Errorf("%s to %s: %v", from, to, err)
			}
		}
		if State(from).Ended() != (legal[State(from)] == nil) {
			t.Errorf("%s has ended: %v", from, State(from).Ended())
		}
	}
}

func TestAResultThatWasKeptIsRead(t *testing.T) {
	var got Result
	err := json.Unmarshal([]byte(`{"rejects":[{"row":1,"position":2,"code":"FILE_NOT_UTF8"},{"row":3,"column":"a","code":"CELL_MISSING"}],"rejectCount":2}`), &got)
	want := Result{Rejects: []Reject{{Row: 1, Position: 2, Code: "FILE_ENCODING"}, {Row: 3, Column: "a", Code: "CELL_MISSING"}}, RejectCount: 2}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestHowLongItStillTakes(t *testing.T) {
	began := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		sentence    string
		after       time.Duration
		done, total int64
		left        time.Duration
		known       bool
	}{
		{"half after ten seconds takes ten more", 10 * time.Second, 50, 100, 10 * time.Second, true},
		{"a quarter takes three times as long", 10 * time.Second, 25, 100, 30 * time.Second, true},
		{"all of it takes none", 10 * time.Second, 100, 100, 0, true},
		{"nobody knows in the first moment", 900 * time.Millisecond, 50, 100, 0, false},
		{"nor while nothing is done", 10 * time.Second, 0, 100, 0, false},
		{"nor of a total that is not known", 10 * time.Second, 50, 0, 0, false},
		{"nor before it began", -time.Second, 50, 100, 0, false},
	} {
		left, known := TimeLeft(began, began.Add(row.after), row.done, row.total)
		if left != row.left || known != row.known {
			t.Errorf("%s: %v, %v", row.sentence, left, known)
		}
	}
}
