// Package kills holds what a kill -9 may do to the market: nothing that a restart does not mend.
//
// The test's own binary runs itself as a child that opens the real market and does one piece of work. At a named point the
// child says where it stands and sends itself SIGKILL. The parent holds that it was killed there and nowhere else, opens the
// market again, repeats the request under its key as a client would, and looks for what was lost, doubled or half-done.
// load_test.go kills at random times instead, while many work at once.
//
// What dies is the program. The file system, and the Postgres server of the tests, which syncs nothing to disk, live on: a
// loss of power is not what is tried here.
package kills

import (
	"fmt"
	"os"
	"testing"

	"gongshu/internal/testdb"
)

// asChild is the environment variable that makes the test binary a child.
const asChild = "GONGSHU_KILLS_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(asChild) != "" {
		fmt.Fprintln(os.Stderr, child(os.Stdin))
		os.Exit(1) // whoever comes here was not killed
	}
	os.Exit(m.Run())
}

// full says that a campaign runs, not a tenth of one.
func full() bool { return os.Getenv("GONGSHU_CAMPAIGN") == "full" }

// rounds is how often each point is tried.
func rounds() int {
	if full() {
		return 20
	}
	return 2
}

// kills is how often everything is killed under load.
func kills() int {
	if full() {
		return 200
	}
	return 20
}

func TestAKillAtAnyPointLosesNothingAndDoublesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		t.Parallel()
		w := newWorld(t, url)
		run := func(point string, kills func(t *testing.T)) {
			t.Run(point, kills)
			must("", record.write())(t) // after each, so that a campaign that is cut off leaves what it counted
		}
		for _, p := range points() {
			run(p.String(), func(t *testing.T) {
				for round := range rounds() {
					w.round(t, p, round)
				}
			})
		}
		w.tidied(t)
		run(loadPoint, func(t *testing.T) { w.underLoad(t, kills()) }) // last: it leaves so much that every check takes longer
	})
}
