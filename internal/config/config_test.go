package config

import (
	"net"
	"strings"
	"testing"
)

func TestNothingConfiguredServesTheDemoFromOneFolder(t *testing.T) {
	clear(t)
	p, command, err := Parse(nil)
	if err != nil || command != "serve" {
		t.Fatalf("command %q, %v", command, err)
	}
	database, err := p.Database()
	if err != nil || !strings.HasPrefix(database, "sqlite:///") || !strings.HasSuffix(database, "/var/gongshu.db") {
		t.Errorf("the database is %q, %v", database, err)
	}
	if p.Serve.Addr != "127.0.0.1:8080" || !p.WithDemo() {
		t.Errorf("serve is %+v", p.Serve)
	}
	if origin := p.Serve.Origin(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}); origin != "http://127.0.0.1:8080" {
		t.Errorf("people use %q", origin)
	}
}

func TestTheDemoIsForThoseWhoWantIt(t *testing.T) {
	for _, c := range []struct {
		name     string
		args     []string
		variable string
		database string
		want     bool
	}{
		{"by itself with the built-in database", nil, "", "", true},
		{"not by itself with Postgres", nil, "", "postgres://db/x", false},
		{"on Postgres when the variable says so", nil, "true", "postgres://db/x", true},
		{"off when the variable says so", nil, "0", "", false},
		{"off when the flag says so", []string{"serve", "--no-demo"}, "", "", false},
		{"a flag wins over the variable", []string{"serve", "--demo"}, "false", "postgres://db/x", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			clear(t)
			t.Setenv("GONGSHU_DEMO", c.variable)
			t.Setenv("DATABASE_URL", c.database)
			p, _, err := Parse(c.args)
			if err != nil || p.WithDemo() != c.want {
				t.Errorf("want %v, got %+v, %v", c.want, p, err)
			}
		})
	}
}

func TestPaymentsThatMoveNoMoneyAreTakenInTheDemoAlone(t *testing.T) {
	for _, c := range []struct {
		name     string
		variable string
		isDemo   bool
		want     bool
	}{
		{"by itself in the demo market", "", true, true},
		{"not by itself in somebody's own", "", false, false},
		{"wherever the variable says so", "1", false, true},
		{"nowhere when it says so", "0", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			clear(t)
			t.Setenv("GONGSHU_TEST_PAYMENTS", c.variable)
			p, _, err := Parse(nil)
			if err != nil || p.Serve.TakesTestPayments(c.isDemo) != c.want {
				t.Errorf("want %v, got %+v, %v", c.want, p, err)
			}
		})
	}
}

func TestSettingsThatCannotBeAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		says string
	}{
		{"an address without a port", []string{"serve", "--addr=localhost"}, "GONGSHU_ADDR"},
		{"a public address without a scheme", []string{"serve", "--url=data.example.cn"}, "GONGSHU_URL"},
		{"a public address below a path", []string{"serve", "--url=https://example.cn/market"}, "GONGSHU_URL"},
		{"a proxy that is no network", []string{"serve", "--trusted-proxy=10.0.0.1"}, "GONGSHU_TRUSTED_PROXY"},
		{"profiles for others", []string{"serve", "--profile-addr=0.0.0.0:6060"}, "GONGSHU_PROFILE_ADDR"},
		{"profiles at any port", []string{"serve", "--profile-addr=127.0.0.1:0"}, "GONGSHU_PROFILE_ADDR"},
		{"profiles at a name", []string{"serve", "--profile-addr=localhost:6060"}, "GONGSHU_PROFILE_ADDR"},
		{"a catalogue that is nowhere", []string{"serve", "--catalogue=disk"}, "must be one of"},
		{"an import of nothing", []string{"import"}, "file"},
		{"a password as a flag", []string{"admin", "a@example.cn", "--organisation=a", "--credit-code=b", "--password=x"}, "unknown flag"},
		{"a command that there is not", []string{"sevre"}, "unexpected argument"},
	} {
		t.Run(c.name, func(t *testing.T) {
			clear(t)
			if _, _, err := Parse(c.args); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("want a refusal that says %q, got %v", c.says, err)
			}
		})
	}
}

func TestPeopleUseTheAddressThatIsGiven(t *testing.T) {
	clear(t)
	t.Setenv("GONGSHU_URL", "https://data.example.cn/")
	p, _, err := Parse(nil)
	if err != nil || p.Serve.Origin(nil) != "https://data.example.cn" {
		t.Errorf("serve is %+v, %v", p, err)
	}
}

func clear(t *testing.T) {
	for _, name := range variables {
		t.Setenv(name, "")
	}
}

func TestTheRateIsPointsOrOff(t *testing.T) {
	for text, want := range map[string]int{"60000": 60000, "1": 1, "off": 0, "false": 0} {
		if got, err := (Serve{Rate: text}).RatePoints(); err != nil || got != want {
			t.Errorf("%q is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"0", "-1", "1.5", "1000000001", "fast"} {
		if got, err := (Serve{Rate: text}).RatePoints(); err == nil {
			t.Errorf("%q is taken as %d", text, got)
		}
	}
}
