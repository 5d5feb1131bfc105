package market

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/store"
	"gongshu/internal/store/storetest"
	"gongshu/internal/testdb"
	"gongshu/pricing"
)

// The month that is stated: what came in for a hundred thousand orders, each shared among three of five hundred contributors.
const (
	benchEntries      = 100_000
	benchContributors = 500
	benchProducts     = 20
)

// BenchmarkStatements draws the statements of a month from the ledger, draws them again and closes them.
func BenchmarkStatements(b *testing.B) {
	testdb.Benchmark(b, func(b *testing.B, url string) {
		w, err := openWorld(url)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { w.Store.Close() })
		if _, err := w.Store.Migrate(b.Context()); err != nil {
			b.Fatal(err)
		}
		finance := layPostings(b, w)
		w.clock = time.Date(2026, time.April, 1, 1, 0, 0, 0, time.UTC)
		for _, act := range []struct {
			name string
			do   func(context.Context, string) (int, error)
		}{{"drawn", w.StatementsDraw}, {"drawn again", w.StatementsDraw}, {"closed", w.StatementsFinalise}} {
			b.Run(act.name, func(b *testing.B) {
				heap := watchHeap(b)
				b.ResetTimer()
				if n, err := act.do(finance, "2026-03"); err != nil || n < benchContributors {
					b.Fatalf("%d statements, %v", n, err)
				}
				b.StopTimer()
				heap()
			})
		}
	})
}

// layPostings lays contributors and products, and in a statement each the entries of March 2026 with their shares.
func layPostings(b *testing.B, w *world) (finance context.Context) {
	s := storetest.Lay(b, w.Store)
	for range benchContributors {
		s.Organisation(b, access.Enterprise, access.DataVendor)
	}
	for range benchProducts {
		s.Product(b, authorisation.DeliveryAPI, 1)
	}
	finance = s.Person(b, s.Organisation(b, access.Enterprise, access.Platform), access.Finance)
	err := w.Store.InTx(store.AsSystem(b.Context()), func(ctx context.Context, tx *store.Tx) error {
		return tx.Account.CreateBulk(tx.Account.Create().SetCreatedAt(tx.Now()).SetCode("CLEARING").SetKind(pricing.AccountClearing), tx.Account.Create().SetCreatedAt(tx.Now()).SetCode("TREASURY").SetKind(pricing.AccountTreasury)).Exec(ctx)
	})
	if err != nil {
		b.Fatal(err)
	}
	said := map[string][3]string{
		dialect.SQLite: {
			fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, benchEntries-1),
			`lower(substr(hex(randomblob(16)), 1, 8) || '-' || substr(hex(randomblob(2)), 1, 4) || '-4' || substr(hex(randomblob(2)), 2, 3) || '-8' || substr(hex(randomblob(2)), 2, 3) || '-' || hex(randomblob(6)))`,
			`strftime('%Y-%m-%d %H:%M:%S+00:00', '2026-03-01 00:00:00', '+' || (n.i * 26) || ' seconds')`,
		},
		dialect.Postgres: {
			fmt.Sprintf(`WITH n AS (SELECT i FROM generate_series(0, %d) i) `, benchEntries-1), `gen_random_uuid()`, `timestamptz '2026-03-01 00:00:00+00' + n.i * interval '26 seconds'`,
		},
	}[w.Store.Dialect()]
	replaced := strings.NewReplacer("ID", said[1], "AT", said[2])
	for _, statement := range []string{
		said[0] + replaced.Replace(`INSERT INTO entries (id, created_at, kind, key) SELECT ID, AT, 'PAYMENT', 'PAYMENT:' || CAST(n.i AS text) FROM n`),
		`WITH o AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM organisations), p AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM products),
 e AS (SELECT id, created_at, CAST(substr(key, 9) AS integer) AS i FROM entries)
 INSERT INTO postings (id, created_at, position, amount_fen, channel, basis, entry_id, from_account_id, to_account_id, contributor_id, product_id)
 SELECT ` + said[1] + fmt.Sprintf(`, e.created_at, 2 + j.j, 100 + e.i %% 900, 'COST', 'data', e.id, f.id, t.id, o.id, p.id FROM e
 CROSS JOIN (SELECT 0 AS j UNION ALL SELECT 1 UNION ALL SELECT 2) j JOIN o ON o.k = (e.i * 3 + j.j * 7) %% %d JOIN p ON p.k = e.i %% %d
 CROSS JOIN (SELECT id FROM accounts WHERE kind = 'CLEARING') f CROSS JOIN (SELECT id FROM accounts WHERE kind = 'TREASURY') t`, benchContributors, benchProducts),
		"ANALYZE",
	} {
		if _, err := w.Store.Writer().ExecContext(b.Context(), statement); err != nil {
			b.Fatalf("%s: %v", statement, err)
		}
	}
	return finance
}
