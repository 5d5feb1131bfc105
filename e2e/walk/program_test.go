package walk

import (
	"os"
	"strings"
	"testing"

	"gongshu/e2e/program"
)

func TestMain(m *testing.M) { os.Exit(program.Run(m)) }

// admin founds the platform by command, the password on standard input.
func admin(t *testing.T, p *program.Program, creditCode, email, password string) {
	t.Helper()
	c := p.Command("admin", email, "--organisation", "演练平台", "--credit-code", creditCode, "--name", "平台管理员")
	c.Stdin = strings.NewReader(password + "\n")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("gongshu admin: %v\n%s", err, out)
	}
}
