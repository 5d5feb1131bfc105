package store

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql"

	"gongshu/ent/db"
)

// systemCallers are the files that may lift the narrowing of reads, and what for. A folder stands for its files.
var systemCallers = map[string]string{
	"cmd/gongshu/serve.go":                "whoever runs the program is told of all proceedings",
	"graph/disclosure.go":                 "the law publishes agreements in force",
	"internal/market/datacalls.go":        "a data call has a credential and no viewer",
	"internal/market/allocations.go":      "an approved rule holds whoever approved it",
	"internal/market/payouts.go":          "a decided batch is moved whoever decided it",
	"internal/market/refunds.go":          "the ledger is nobody's to see",
	"internal/market/statements.go":       "statements are drawn by the worker",
	"internal/store/allocations.go":       "a fee is shared by the operator's rule whoever pays it, and a viewer's own class is its own",
	"internal/store/disclosure.go":        "what the law has published is the same whoever looks",
	"internal/store/discrepancies.go":     "what must hold is the same whoever looks",
	"internal/store/refunds.go":           "the ledger is nobody's to see",
	"internal/store/disputes.go":          "the ledger is nobody's to see, and what keeps a right back holds for whoever looks",
	"internal/market/disputes.go":         "the worker follows disputes of anybody",
	"internal/market/transfers.go":        "the worker pays out batches of anybody",
	"internal/store/trail.go":             "a posting that is seen says between which kinds of account it moved",
	"internal/store/statements.go":        "what is owed is the same whoever looks",
	"internal/market/files.go":            "files are compared with every row, by a command",
	"internal/market/grants.go":           "what is granted is looked at again whoever decides last",
	"internal/market/index.go":            "the search index is the worker's",
	"internal/market/following.go":        "a search index holds what everybody may find",
	"internal/market/searching.go":        "what is listed for everybody: which purposes it is granted for, and where a text matches in it",
	"internal/market/synonyms.go":         "the search uses synonyms for everybody",
	"internal/store/searchchanges.go":     "which change asked for an index to be built",
	"internal/market/payments.go":         "the ledger is nobody's to see",
	"internal/market/people.go":           "identity before there is a viewer",
	"internal/market/notices.go":          "a notice names its product, whoever acts",
	"internal/market/resources.go":        "a decided resource is moved whoever decided it",
	"internal/market/signin.go":           "identity before there is a viewer",
	"internal/store/audit.go":             "the program remembers what it did to the whole market",
	"internal/store/banks.go":             "a payment provider sees every order",
	"internal/market/banks.go":            "what a bank statement pays for is the buyers'",
	"internal/market/webhooks.go":         "a provider is nobody of the market's",
	"internal/market/bankqueue.go":        "a second person of the platform decides what is the buyers'",
	"internal/market/banktransfers.go":    "a second person of the platform decides what is the buyers'",
	"internal/store/caps.go":              "all caps under a permitted revenue count, and whose data a product is made of says who sets its caps",
	"internal/store/bills.go":             "whether a month has its bill is the same whoever looks",
	"internal/market/bills.go":            "bills are between the parties of their orders, whoever issues them",
	"internal/store/catalogue.go":         "a catalogue is compared with all that earlier ones said",
	"internal/store/deadlines.go":         "a deadline follows the calendar whoever looks",
	"internal/store/entitlements.go":      "what is unused of a purchase is the same whoever looks",
	"internal/store/documents.go":         "evidence is seen by those who see its proceeding",
	"internal/store/events.go":            "what happened is handed to those who may see it",
	"internal/store/invoices.go":          "the ledger is nobody's to see, and a number is given once whoever looks",
	"internal/store/jobs.go":              "jobs are the worker's",
	"internal/market/jobs.go":             "a job's product is told of, whoever began it",
	"internal/store/notices.go":           "whoever is concerned is told, whoever acts",
	"internal/store/gate.go":              "the listing gate is the same whoever looks",
	"internal/store/quality.go":           "a score of metadata is the same whoever looks",
	"internal/store/grants.go":            "an agreement's bounds are the same whoever looks",
	"internal/store/ledger.go":            "the ledger is nobody's to see",
	"internal/store/orders.go":            "payments that are under way are the worker's",
	"internal/store/organisations.go":     "credit codes, members and the platform are unique whoever looks",
	"internal/store/people.go":            "identity before there is a viewer",
	"internal/store/permittedrevenues.go": "what an operator is permitted is the same whoever sets its caps",
	"internal/store/pricereports.go":      "a price report is of an operator, whoever reads it",
	"internal/store/prices.go":            "a fee is shared by the operator's rule whoever pays it, and a viewer's own class is its own",
	"internal/store/proceedings.go":       "who decides by office is the same whoever applies",
	"internal/store/products.go":          "who may have a share is the same whoever asks",
	"internal/store/revenue.go":           "a revenue report names the contributors that share in it",
	"internal/store/serving.go":           "a database is the same whoever looks",
	"internal/store/sweep.go":             "what time changes is the worker's",
	"internal/store/usages.go":            "a data call has a credential and no viewer",
	"internal/demo/":                      "the demo is laid as rows",
	"internal/store/storetest/":           "worlds of tests are laid as rows",
	"internal/market/costsurveys.go":      "a permitted revenue is put in force by whoever decides last",
}

func TestWhoReadsAsTheSystemIsListed(t *testing.T) {
	root := filepath.Join("..", "..")
	calls := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		source = bytes.ReplaceAll(source, []byte("func AsSystem("), nil)
		if bytes.Contains(source, []byte("AsSystem(")) {
			file, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			calls[filepath.ToSlash(file)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for file := range calls {
		if folder, _ := filepath.Split(file); systemCallers[file] == "" && systemCallers[folder] == "" {
			t.Errorf("%s reads as the system; say here what for", file)
		}
	}
	for file := range systemCallers {
		if !strings.HasSuffix(file, "/") && !calls[file] {
			t.Errorf("%s does not read as the system any more", file)
		}
	}
}

// public are the types of which everybody may see everything.
var public = map[string]bool{"Domain": true, "ResourceBatch": true, "PolicyRow": true}

func TestEveryTypeIsNarrowedOrPublic(t *testing.T) {
	drv := sql.NewDriver("sqlite3", sql.Conn{})
	c := reflect.ValueOf(newClient(drv)).Elem()
	seen := 0
	for i := range c.NumField() {
		client := c.Field(i)
		if !c.Type().Field(i).IsExported() || client.Kind() != reflect.Pointer {
			continue
		}
		interceptors := client.MethodByName("Interceptors")
		if !interceptors.IsValid() {
			continue
		}
		seen++
		name := c.Type().Field(i).Name
		narrowed := len(interceptors.Call(nil)[0].Interface().([]db.Interceptor)) > 0
		if narrowed == public[name] {
			t.Errorf("%s: narrowed %v, public %v", name, narrowed, public[name])
		}
	}
	if seen < 30 {
		t.Fatalf("only %d types were looked at", seen)
	}
}
