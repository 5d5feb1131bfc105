package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/ordering"
	"gongshu/internal/testdb"
	"gongshu/pricing"
)

// What was agreed before periods had units, rules were approved and uses had their own time reads the same afterwards, and
// stays as it is.
func TestWhatIsStoredKeepsItsMeaning(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s, err := Open(t.Context(), url, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		migrateUntil(t, s, "20261128110000")
		old := oldRows{t, s, uuid.New()}
		for _, table := range []string{"organisations", "persons", "domains", "products", "datasets"} {
			old.add(table, nil)
		}
		const tariff = `{"mode":"PER_PERIOD","scheme":"FLAT","bands":[{"upTo":null,"rate":"1800"}],"periodMonths":3}`
		old.add("plans", map[string]any{"tariff": tariff, "mode": "PER_PERIOD"})
		old.add("orders", map[string]any{
			"total_fen": 0, "terms": `{"tariff":` + tariff + `,"quotation":{"Cap":{"mode":"PER_PERIOD","rate":"2000","periodMonths":1},"Quota":{"Calls":0,"Megabytes":0,"Months":6}}}`,
		})
		old.add("entitlements", map[string]any{"proceeding_id": nil})
		old.add("credentials", nil)
		old.add("usages", nil)
		old.add("price_caps", map[string]any{"period_months": 1})
		old.add("allocation_rules", map[string]any{"parts": `[{"contributor":"a","weight":30,"basis":"x","channel":"COST"},{"contributor":"b","weight":70,"basis":"y","channel":"PROFIT"}]`})
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}

		quarter := pricing.Months(3)
		var plan pricing.Tariff
		old.read("plans", "tariff", &plan)
		var terms ordering.Terms
		old.read("orders", "terms", &terms)
		if plan.Period != quarter || terms.Tariff.Period != quarter || terms.Quotation.Cap.Period != pricing.Months(1) || terms.Quotation.Quota.Term != pricing.Months(6) {
			t.Errorf("the plan is for %v; the order for %v under a cap for %v, and carries %v", plan.Period, terms.Tariff.Period, terms.Quotation.Cap.Period, terms.Quotation.Quota.Term)
		}
		for what, statement := range map[string]string{
			"a cap is for a month":                                   `SELECT count(*) FROM price_caps WHERE period_unit = 'MONTH' AND period_count = 1`,
			"a rule is of fixed weights of 100, and approved":        `SELECT count(*) FROM allocation_rules WHERE kind = 'FIXED' AND whole = 100 AND approved_at = created_at`,
			"a use is one call over the network, of when it was met": `SELECT count(*) FROM usages WHERE used_at = created_at AND quantity = 1 AND channel = 'ONLINE'`,
		} {
			var n int
			if err := s.Reader().QueryRowContext(t.Context(), statement).Scan(&n); err != nil || n != 1 {
				t.Errorf("it does not hold that %s: %v", what, err)
			}
		}
		for _, change := range []string{
			`UPDATE usages SET quantity = 2`, `DELETE FROM usages`, `UPDATE price_caps SET rate = '1'`, `DELETE FROM price_caps`,
			`UPDATE allocation_rules SET whole = 1`, `UPDATE allocation_rules SET approved_at = NULL`, `DELETE FROM allocation_rules`,
		} {
			if _, err := s.writer.ExecContext(t.Context(), change); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", change, err)
			}
		}
	})
}

// What a bank took back of a paid bill is owed again, and an invoice is of the payment of what it was asked for.
func TestWhatWasTakenBackBeforeIsOwed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, url string) {
		s, err := Open(t.Context(), url, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		migrateUntil(t, s, "20261129194150")
		old := oldRows{t, s, uuid.New()}
		for _, table := range []string{"organisations", "persons", "domains", "products", "plans"} {
			old.add(table, nil)
		}
		old.add("orders", map[string]any{"status": "PAID"})
		amounts := map[string]any{"net_fen": 90, "vat_fen": 10, "total_fen": 100}
		with := func(more map[string]any) map[string]any {
			all := maps.Clone(amounts)
			maps.Copy(all, more)
			return all
		}
		old.add("bills", with(map[string]any{"status": "PAID"}))
		old.add("payments", map[string]any{"state": "SUCCEEDED", "amount_fen": 100})
		old.add("disputes", map[string]any{"state": "LOST", "amount_fen": 40})
		old.add("refunds", map[string]any{"status": "PAID", "amount_fen": 40, "bill_id": nil})
		old.add("documents", nil)
		old.add("invoices", with(map[string]any{"colour": "BLUE", "status": "ISSUED", "number": "1", "blue_id": nil, "refund_id": nil, "live_for": old.id}))
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		for what, statement := range map[string]string{
			"40 are owed, and the bill is open":   `SELECT count(*) FROM bills WHERE owed_fen = 40 AND status = 'ISSUED' AND paid_at IS NULL`,
			"the invoice is of the payment alone": `SELECT count(*) FROM invoices i JOIN payments p ON p.id = i.payment_id AND p.id = i.live_for`,
		} {
			var n int
			if err := s.Reader().QueryRowContext(t.Context(), statement).Scan(&n); err != nil || n != 1 {
				t.Errorf("it does not hold that %s: %v", what, err)
			}
		}
	})
}

// The database itself says which records are to be made anew. A migration that makes a table anew on SQLite takes its triggers
// along: it has to bring them back.
func TestRecordsAreMarked(t *testing.T) {
	want := []string{
		"agreements_insert_mark", "agreements_update_mark", "data_items_insert_epoch", "data_items_update_epoch", "data_items_update_mark", "datasets_update_mark", "domains_update_epoch", "grant_items_insert_mark", "grants_update_mark", "organisations_update_epoch",
		"parties_delete_epoch", "parties_insert_epoch", "parties_update_epoch", "plans_insert_mark", "plans_update_mark", "price_caps_insert_mark", "product_inputs_delete_mark",
		"product_inputs_insert_mark", "products_insert_mark", "products_update_mark", "resources_update_epoch", "resources_update_mark",
	}
	eachMigrated(t, func(t *testing.T, s *Store) {
		statement := `SELECT name FROM sqlite_master WHERE type = 'trigger'`
		if s.Dialect() == "postgres" {
			statement = `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`
		}
		rows, err := s.Reader().QueryContext(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		names, err := scanAll(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
		if err != nil {
			t.Fatal(err)
		}
		names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(name, "_mark") && !strings.HasSuffix(name, "_epoch") })
		if slices.Sort(names); !slices.Equal(names, want) {
			t.Errorf("there are %v", names)
		}
	})
}

// migrateUntil applies what comes before a migration.
func migrateUntil(t *testing.T, s *Store, first string) {
	t.Helper()
	files, names, err := s.migrations()
	if err != nil {
		t.Fatal(err)
	}
	const table = `CREATE TABLE schema_migrations (name varchar(200) PRIMARY KEY, sha256 varchar(64) NOT NULL, applied_at varchar(40) NOT NULL)`
	if _, err := s.writer.ExecContext(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if name >= first {
			return
		}
		if _, err := s.migrateOne(t.Context(), files, name); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// oldRows writes one row a table, all under one id, so that each points to the others.
type oldRows struct {
	t  *testing.T
	s  *Store
	id uuid.UUID
}

func (o oldRows) add(table string, special map[string]any) {
	o.t.Helper()
	rows, err := o.s.Reader().QueryContext(o.t.Context(), "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		o.t.Fatal(err)
	}
	columns, err := rows.ColumnTypes()
	rows.Close()
	if err != nil {
		o.t.Fatal(err)
	}
	var names, places []string
	var values []any
	for _, c := range columns {
		value, given := special[c.Name()]
		if !given {
			value = o.plain(c)
		}
		names, values = append(names, `"`+c.Name()+`"`), append(values, value)
		places = append(places, fmt.Sprintf("$%d", len(values)))
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(places, ", "))
	if _, err := o.s.writer.ExecContext(o.t.Context(), statement, values...); err != nil {
		o.t.Fatalf("%s: %v", table, err)
	}
}

// plain is a value that a column takes.
func (o oldRows) plain(c *sql.ColumnType) any {
	switch kind := strings.ToUpper(c.DatabaseTypeName()); {
	case kind == "UUID":
		return o.id
	case kind == "JSON":
		return "[]"
	case strings.HasPrefix(kind, "BOOL"):
		return false
	case strings.HasPrefix(kind, "INT"):
		if c.Name() == "quantity" {
			return 1
		}
		return 0
	case kind == "DATETIME" || kind == "TIMESTAMPTZ":
		return time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	}
	return "x"
}

func (o oldRows) read(table, column string, into any) {
	o.t.Helper()
	var raw []byte
	err := o.s.Reader().QueryRowContext(o.t.Context(), "SELECT "+column+" FROM "+table).Scan(&raw)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		o.t.Fatalf("%s of %s: %v", column, table, err)
	}
}
