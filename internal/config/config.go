// Package config owns what the program can be told: its commands, flags and environment.
//
// Every setting is optional and has a good value by itself; a flag wins over its variable, and an empty variable is as
// none. What the commands do is package main's. It promises that no secret is taken from a flag, where every process
// of the machine could read it, and that no message repeats a database URL, which may hold a password.
package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// Program is everything that was asked for; Command says by which command.
type Program struct {
	Data `embed:""`

	Serve     Serve    `cmd:"" default:"withargs" help:"Serve the marketplace (the default)."`
	Migrate   struct{} `cmd:"" help:"Bring the database to the newest version; serve does so by itself."`
	Import    Import   `cmd:"" help:"Read a catalogue of public-data resources into the market, as drafts; or years of the working-day calendar, or code tables, as dated policy."`
	Template  Template `cmd:"" help:"Write a table to fill in and import."`
	Demo      Demo     `cmd:"" help:"Load the demo market into an empty database."`
	Admin     Admin    `cmd:"" help:"Found the platform: its organisation and first administrator."`
	Reindex   struct{} `cmd:"" help:"Build the search anew from the database; a server that runs goes on answering meanwhile."`
	Reconcile struct{} `cmd:"" help:"Check that money and rights add up; exit 1 where they do not."`
	Version   struct{} `cmd:"" help:"Print the version."`
}

// Data says where the market's data is.
type Data struct {
	Folder      string `name:"data" env:"GONGSHU_DATA" default:"var" placeholder:"FOLDER" help:"Folder of the SQLite file, the search index and the files (${default})."`
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"postgres://…" help:"Use this Postgres instead of a SQLite file. Prefer the variable: flags can be seen by every process."`
	MeiliURL    string `env:"MEILI_URL" placeholder:"https://…" help:"Search with this Meilisearch instead of the built-in engine."`
	MeiliKey    string `env:"MEILI_KEY" placeholder:"KEY" help:"The key of that Meilisearch. Prefer the variable: flags can be seen by every process."`
	MeiliIndex  string `env:"MEILI_INDEX" default:"gongshu" placeholder:"NAME" help:"What the names of its indexes begin with (${default})."`
}

// Serve is the command serve.
type Serve struct {
	Addr          string   `env:"GONGSHU_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on (${default})."`
	URL           string   `env:"GONGSHU_URL" placeholder:"https://…" help:"Address that people use, where it is not the one listened on. With https, cookies are for https alone."`
	Demo          *bool    `env:"GONGSHU_DEMO" negatable:"" help:"Load the demo market when the database is empty. On by itself without a database URL."`
	Development   *bool    `env:"GONGSHU_DEVELOPMENT" negatable:"" help:"Let everybody ask /graphql for the schema, not only who is signed in. On by itself without a database URL."`
	Rate          string   `env:"GONGSHU_RATE" default:"60000" placeholder:"POINTS|off" help:"Points of cost that an account, a credential or an address may spend in a minute (${default}), or off."`
	TestPayments  *bool    `env:"GONGSHU_TEST_PAYMENTS" negatable:"" help:"Take payments of the built-in test provider, which move no money. On by itself in the demo market."`
	BankPayee     string   `env:"GONGSHU_BANK_PAYEE" placeholder:"NAME" help:"Take bank transfers: to whom. Needs the next two as well; the demo market has an account that is made up."`
	BankName      string   `env:"GONGSHU_BANK_NAME" placeholder:"NAME" help:"The bank and branch of the account that transfers go to."`
	BankAccount   string   `env:"GONGSHU_BANK_ACCOUNT" placeholder:"NUMBER" help:"The number of that account."`
	StripeKey     string   `env:"STRIPE_SECRET_KEY" placeholder:"sk_…" help:"Take payments by card through Stripe with this secret key. Prefer the variable: flags can be seen by every process."`
	StripeSecrets []string `env:"STRIPE_WEBHOOK_SECRETS" placeholder:"whsec_…,…" help:"What Stripe signs its deliveries to /webhooks/stripe with; two while the secret is being changed."`
	StripeAccount string   `env:"STRIPE_ACCOUNT" placeholder:"acct_…" help:"Our own account, where deliveries name one."`
	StripeURL     string   `env:"STRIPE_URL" placeholder:"https://…" help:"Where Stripe's API is. Left out, Stripe's own with a live key; with a test key it must be stated."`
	Catalogue     string   `env:"GONGSHU_CATALOGUE" enum:"database,memory" default:"database" help:"Where public reads are answered from (${default}): memory holds every public record of a product, some 4 KB each and 1 GB at most, and follows the database."`
	ProfileAddr   string   `env:"GONGSHU_PROFILE_ADDR" placeholder:"127.0.0.1:PORT" help:"Serve Go's profiles at /debug/pprof/ on this address, which nobody may reach but the machine itself."`
	TrustedProxy  string   `env:"GONGSHU_TRUSTED_PROXY" placeholder:"CIDR,…" help:"Networks of the proxies in front. The address that rates and attempts to sign in are counted by is then the last in X-Forwarded-For that is not theirs; behind a proxy without this, everybody shares one rate."`
}

// InMemory is the value of Catalogue that has public reads answered from memory.
const InMemory = "memory"

// Import is the command import.
type Import struct {
	File          string `arg:"" type:"existingfile" help:"A table in XLSX or CSV, or JSON; its content says which."`
	Kind          string `enum:"catalogue,calendar,code-table,policy" default:"catalogue" help:"What the file holds: ${enum} (${default})."`
	Source        string `placeholder:"DOCUMENT" help:"Of a calendar, code table or policy: the document that it comes from, where the file does not say so itself."`
	EffectiveFrom string `placeholder:"DAY" help:"Of a calendar or code table that changes what is loaded: its first day, as 2027-02-01."`
	DryRun        bool   `help:"Say what would change, and change nothing."`
}

// Template is the command template.
type Template struct {
	File string `arg:"" placeholder:"FILE" help:"The file to write, which must not exist; its end says of what kind: .xlsx or .csv."`
	Kind string `enum:"catalogue,calendar,code-table" default:"catalogue" help:"What the table is for: ${enum} (${default})."`
}

// Demo is the command demo.
type Demo struct {
	Seed  uint64 `default:"1" help:"The same seed gives the same market (${default})."`
	Scale *int   `placeholder:"N" help:"Load a scale market instead: N listed products, 1 to 1000000, with orders and ledger, all of it synthetic. Then run: gongshu reindex."`
}

// Admin is the command admin.
type Admin struct {
	Email        string `arg:"" help:"The address that the administrator signs in with."`
	Organisation string `required:"" placeholder:"NAME" help:"Name of the organisation that runs the platform."`
	CreditCode   string `required:"" placeholder:"CODE" help:"Its unified social credit code, 18 characters."`
	Name         string `placeholder:"NAME" help:"The administrator's name as it is shown; the address by itself."`
	PasswordFile string `type:"existingfile" placeholder:"FILE" help:"Read the password from the first line of a file, instead of asking for it or reading standard input."`
}

// variables are the program's own; one that is empty is as one that is not set,
// and on and off are true and false.
var variables = []string{"GONGSHU_ADDR", "GONGSHU_BANK_ACCOUNT", "GONGSHU_BANK_NAME", "GONGSHU_BANK_PAYEE", "GONGSHU_CATALOGUE", "GONGSHU_DATA", "GONGSHU_DEMO", "GONGSHU_DEVELOPMENT", "GONGSHU_PROFILE_ADDR", "GONGSHU_RATE", "GONGSHU_TEST_PAYMENTS", "GONGSHU_TRUSTED_PROXY", "GONGSHU_URL", "DATABASE_URL", "STRIPE_ACCOUNT", "STRIPE_SECRET_KEY", "STRIPE_URL", "STRIPE_WEBHOOK_SECRETS"}

// Parse reads the arguments after the program's name and the environment. It answers --help itself and exits.
// It returns the command's name: serve, import …
func Parse(args []string) (*Program, string, error) {
	for _, name := range variables {
		switch value := os.Getenv(name); value {
		case "":
			os.Unsetenv(name) //nolint:errcheck // it fails for impossible names only
		case "on", "off": // as people write a switch
			os.Setenv(name, strconv.FormatBool(value == "on")) //nolint:errcheck // the same
		}
	}
	p := &Program{}
	parser, err := kong.New(p, kong.Name("gongshu"),
		kong.Description("Gongshu (公数), an open marketplace for authorised public data."))
	if err != nil {
		panic(err) // the tags above are wrong
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return nil, "", err
	}
	command := parsed.Selected().Name
	if err := p.check(command); err != nil {
		return nil, "", err
	}
	return p, command, nil
}

func (p *Program) check(command string) error {
	if command != "serve" {
		return nil
	}
	if _, _, err := net.SplitHostPort(p.Serve.Addr); err != nil {
		return fmt.Errorf("GONGSHU_ADDR is no address with a port: %q", p.Serve.Addr)
	}
	if p.Serve.ProfileAddr != "" {
		if at, err := netip.ParseAddrPort(p.Serve.ProfileAddr); err != nil || !at.Addr().IsLoopback() || at.Port() == 0 {
			return fmt.Errorf("GONGSHU_PROFILE_ADDR is no address of the machine itself, as 127.0.0.1:6060: %q", p.Serve.ProfileAddr)
		}
	}
	if _, err := p.Serve.TrustedProxies(); err != nil {
		return err
	}
	if _, err := p.Serve.RatePoints(); err != nil {
		return err
	}
	if p.Serve.URL == "" {
		return nil
	}
	u, err := url.Parse(p.Serve.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || (u.Path != "" && u.Path != "/") {
		return fmt.Errorf("GONGSHU_URL is no address like https://data.example.cn: %q", p.Serve.URL)
	}
	return nil
}

// Database is the URL of the database: the given one, or that of the SQLite file in the data folder.
func (d Data) Database() (string, error) {
	if d.DatabaseURL != "" {
		return d.DatabaseURL, nil
	}
	folder, err := filepath.Abs(d.Folder)
	if err != nil {
		return "", fmt.Errorf("find the data folder: %w", err)
	}
	return (&url.URL{Scheme: "sqlite", Path: filepath.ToSlash(filepath.Join(folder, "gongshu.db"))}).String(), nil
}

// TakesTestPayments reports whether payments that move no money are taken: by itself only in a market that is the demo's.
func (s Serve) TakesTestPayments(isDemo bool) bool {
	if s.TestPayments != nil {
		return *s.TestPayments
	}
	return isDemo
}

// WithDemo reports whether serve loads the demo market into an empty database.
func (p *Program) WithDemo() bool {
	if p.Serve.Demo != nil {
		return *p.Serve.Demo
	}
	return p.DatabaseURL == ""
}

// RatePoints are the points of cost that a caller may spend in a minute; 0 is without end.
func (s Serve) RatePoints() (int, error) {
	if s.Rate == "off" || s.Rate == strconv.FormatBool(false) { // as Parse writes it
		return 0, nil
	}
	points, err := strconv.Atoi(s.Rate)
	if err != nil || points < 1 || points > maxRate {
		return 0, fmt.Errorf("GONGSHU_RATE is neither off nor 1 to %d points: %q", maxRate, s.Rate)
	}
	return points, nil
}

// maxRate is far more than one server can do, and little enough to multiply.
const maxRate = 1_000_000_000

// InDevelopment reports whether serve opens the schema to everybody.
func (p *Program) InDevelopment() bool {
	if p.Serve.Development != nil {
		return *p.Serve.Development
	}
	return p.DatabaseURL == ""
}

// Origin is the address that people use, without a slash at its end; bound is the address that is listened on.
func (s Serve) Origin(bound net.Addr) string {
	if u, err := url.Parse(s.URL); err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Host
	}
	return "http://" + bound.String()
}

// TrustedProxies are the networks whose proxies are believed.
func (s Serve) TrustedProxies() (networks []netip.Prefix, err error) {
	for text := range strings.SplitSeq(s.TrustedProxy, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("GONGSHU_TRUSTED_PROXY has no network like 10.0.0.0/8: %q", text)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}
