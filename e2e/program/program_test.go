package program

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Run(m)) }

// Whoever works with a Postgres of their own has it in the environment; a test must not write there.
func TestADatabaseOfTheEnvironmentIsLeftAlone(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
	Start(t, "sqlite:///own.db").Reconcile()
}
