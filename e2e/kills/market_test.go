package kills

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/party"
	"gongshu/ent/db/person"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/dataset"
	"gongshu/internal/demo"
	"gongshu/internal/market"
	"gongshu/internal/ordering"
	"gongshu/internal/outbox"
	"gongshu/internal/payment"
	"gongshu/internal/payment/bank"
	paytest "gongshu/internal/payment/test"
	"gongshu/internal/store"
	"gongshu/internal/worker"
	"gongshu/pricing"
	"gongshu/search"
	"gongshu/search/inverted"
)

// place is where a market lies; it outlives every process.
type place struct{ DatabaseURL, Folder, Provider string }

// opened is a market that a process has open, put together as cmd/gongshu does it.
type opened struct {
	*market.Market
	// indexes are the search's, to be closed.
	indexes []*inverted.Index
	// upload gives the bytes of an upload to the market.
	upload func(raw []byte) io.Reader
	// answered is called when the request was answered.
	answered func()
}

func (p place) open(ctx context.Context) (*opened, error) {
	s, err := store.Open(ctx, p.DatabaseURL, time.Now)
	if err != nil {
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(p.Folder, "blobs"))
	if err != nil {
		return nil, err
	}
	products, fresh, err := inverted.Open(filepath.Join(p.Folder, "index"))
	if err != nil {
		return nil, err
	}
	resources, _, err := inverted.Open(filepath.Join(p.Folder, "index", "resources"))
	if err != nil {
		return nil, err
	}
	o := &opened{indexes: []*inverted.Index{products, resources}, answered: func() {}, upload: func(raw []byte) io.Reader { return bytes.NewReader(raw) }}
	o.Market = &market.Market{
		Store: s, Blobs: blobs, Rows: dataset.NewFiles(0), Search: &market.Searching{Products: products, Resources: resources},
		Payments: map[string]payment.Provider{
			paytest.Name: remote{address: p.Provider},
			bank.Name:    &bank.Provider{Account: ordering.Transfer{Payee: "公共数据平台", Bank: "示例银行", Account: "6200 0000"}, Book: market.BankBook{Store: s}},
		},
	}
	if fresh {
		if _, err := s.Migrate(ctx); err != nil {
			return nil, err
		}
		if _, err := o.LoadPolicies(ctx); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *opened) close() {
	o.Rows.Close()
	for _, index := range o.indexes {
		index.Close()
	}
	o.Blobs.Close()
	o.Store.Close()
}

func (o *opened) asSystem() context.Context { return store.AsSystem(context.Background()) }
func (o *opened) system() *db.Client        { return o.Store.Read() }

// work starts the market's worker; stop it.
func (o *opened) work(ctx context.Context) (stop func() error, err error) {
	w, err := worker.New(o.Store, o.Market, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := w.Start(ctx); err != nil {
		return nil, err
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return w.Stop(ctx)
	}, nil
}

// agrees reports whether the search finds what is listed and nothing else.
func (o *opened) agrees(ctx context.Context) (bool, error) {
	listed, err := o.system().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).IDs(o.asSystem())
	if err != nil {
		return false, err
	}
	result, err := o.Search.Products.Search(ctx, search.Query{First: search.MaxFirst})
	if err != nil {
		return false, err
	}
	found := make([]uuid.UUID, len(result.Hits))
	for i, hit := range result.Hits {
		found[i] = hit.ID
	}
	slices.SortFunc(listed, compare)
	slices.SortFunc(found, compare)
	return slices.Equal(listed, found), nil
}

func compare(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// settles waits until the search agrees and every promise is kept, and returns how long that took.
func (o *opened) settles(ctx context.Context, limit time.Duration) (time.Duration, error) {
	began := time.Now()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		agrees, err := o.agrees(ctx)
		if err != nil {
			return 0, err
		}
		depth, err := outbox.Depth(ctx, o.Store.Reader())
		if err != nil {
			return 0, err
		}
		took := time.Since(began)
		if agrees && depth["available"]+depth["running"]+depth["retryable"]+depth["discarded"] == 0 {
			return took, nil
		}
		if took > limit {
			return took, fmt.Errorf("after %s the search agrees: %t, and of the promises are left: %v", took, agrees, depth)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return took, ctx.Err()
		}
	}
}

// What is counted: rows of what money and rights are made of, products that are listed, and how often the provider moved money.
var counted = []string{
	"orders", "payments", "entitlements", "entries", "postings", "credentials", "usages", "downloads",
	"proceedings", "decisions", "documents", "datasets", "audit_records", "listed",
	"refunds paid", "bank_lines", "transfers done", "charged", "given back",
}

// counts is how many there are, in the order of counted.
type counts [19]int64

// counts counts what is there, the provider's own book with it.
func (w *world) counts(t *testing.T, o *opened) counts {
	t.Helper()
	n := must(o.counts(t.Context()))(t)
	n[slices.Index(counted, "charged")], n[slices.Index(counted, "given back")] = int64(len(w.book.charges())), int64(len(w.book.givenBack()))
	return n
}

func (o *opened) counts(ctx context.Context) (n counts, err error) {
	var parts []string
	targets := make([]any, len(counted))
	for i, table := range counted {
		part := "(SELECT count(*) FROM " + table + ")"
		switch table {
		case "charged", "given back": // which the provider knows
			part = "0"
		case "refunds paid":
			part = "(SELECT count(*) FROM refunds WHERE status = 'PAID')"
		case "transfers done":
			part = "(SELECT count(*) FROM bank_transfers WHERE state = 'DONE')"
		case "listed":
			part = "(SELECT count(*) FROM products WHERE status = 'LISTED')"
		case "audit_records": // but those of what each day and month do for the whole market, whoever acts
			part = "(SELECT count(*) FROM audit_records WHERE subject_kind <> 'Market' AND action <> 'billIssue')"
		}
		parts, targets[i] = append(parts, part), &n[i]
	}
	return n, o.Store.Reader().QueryRowContext(ctx, "SELECT "+strings.Join(parts, ", ")).Scan(targets...)
}

// since is what was added.
func (n counts) since(before counts) counts {
	for i := range n {
		n[i] -= before[i]
	}
	return n
}

func (n counts) String() string {
	var parts []string
	for i, name := range counted {
		if n[i] != 0 {
			parts = append(parts, fmt.Sprintf("%+d %s", n[i], name))
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// oneOf is one more of each.
func oneOf(tables ...string) (n counts) {
	for _, table := range tables {
		n[slices.Index(counted, table)]++
	}
	return n
}

// ware is a product of the demo with the plan under which it is bought.
type ware struct{ Product, Plan uuid.UUID }

// world is the demo market on one database, as the parent knows it.
type world struct {
	place
	book     *book
	database string
	names    int
	now      *opened // the market as the parent has it open, nil while a child has
	// Who asks, and for what: rows, a file, and one that comes and goes.
	buyer, charity, agency, operator access.Viewer
	operatorFinance, platformFinance access.Viewer
	rows, file, moving               ware
	// What was bought once, to be used, and what the charity proves its purpose with.
	rowsSecret, fileSecret string
	evidence               uuid.UUID
	// adds is what each work adds when nobody is killed.
	adds map[string]counts
}

func newWorld(t *testing.T, databaseURL string) *world {
	t.Helper()
	w := &world{book: openBook(t), database: "SQLite", adds: map[string]counts{}}
	if strings.HasPrefix(databaseURL, "postgres") {
		w.database = "Postgres"
	}
	w.place = place{databaseURL, t.TempDir(), w.book.address}
	o := w.open(t)
	t.Cleanup(w.close)
	ctx := t.Context()
	must("", demo.Load(ctx, o.Market, 1, func(string) {}))(t)
	must("", o.SearchRebuild(ctx))(t)
	w.buyer, w.charity = viewer(t, o, "bank.buyer"), viewer(t, o, "welfare.admin")
	w.agency, w.operator = viewer(t, o, "agency.approver"), viewer(t, o, "operator.publisher")
	w.operatorFinance, w.platformFinance = viewer(t, o, "operator.finance"), viewer(t, o, "platform.finance")
	w.rows, w.file = wareOf(t, o, "企业信用核验", pricing.PerCall), wareOf(t, o, "研学基地资源名录", pricing.PerProduct)
	w.moving = wareOf(t, o, movingName, pricing.PerCall)
	w.rowsSecret, w.fileSecret = w.secret(t, o, w.rows, 100_000), w.secret(t, o, w.file, 1)
	w.evidence = must(o.DocumentStore(access.With(ctx, w.charity), "用途.txt", "text/plain", strings.NewReader("公益用途证明")))(t)
	return w
}

// movingName is the product that comes onto the market and leaves it, and gets new data.
const movingName = "严重失信主体名单查询"

// open opens the market as the parent, unless it has it open.
func (w *world) open(t *testing.T) *opened {
	t.Helper()
	if w.now == nil {
		w.now = must(w.place.open(context.Background()))(t)
		must("", w.now.SearchPrepare(context.Background(), false))(t)
	}
	return w.now
}

// close closes the market, for a child to open it.
func (w *world) close() {
	if w.now != nil {
		w.now.close()
		w.now = nil
	}
}

// fresh is a key that nobody used.
func (w *world) fresh() string {
	w.names++
	return fmt.Sprintf("key-%d", w.names)
}

func viewer(t *testing.T, o *opened, mailbox string) access.Viewer {
	t.Helper()
	ctx := o.asSystem()
	row := must(o.system().Membership.Query().Where(membership.HasPersonWith(person.Email(mailbox + "@demo.gongshu.example"))).Only(ctx))(t)
	v := access.Viewer{PersonID: row.PersonID, OrganisationID: row.OrganisationID, Verified: true, Roles: row.Roles}
	must("", o.system().Party.Query().Where(party.OrganisationID(row.OrganisationID)).Select(party.FieldKind).Scan(ctx, &v.Parties))(t)
	return v
}

func wareOf(t *testing.T, o *opened, name string, mode pricing.ChargingMode) ware {
	t.Helper()
	ctx := o.asSystem()
	id := must(o.system().Product.Query().Where(product.Name(name)).OnlyID(ctx))(t)
	return ware{id, must(o.system().Plan.Query().Where(plan.ProductID(id), plan.ModeEQ(mode)).OnlyID(ctx))(t)}
}

// secret buys a ware and returns the secret that opens it.
func (w *world) secret(t *testing.T, o *opened, of ware, quantity int64) string {
	t.Helper()
	_, secret, err := o.CredentialIssue(access.With(t.Context(), w.buyer), market.CredentialInput{EntitlementID: w.bought(t, o, of, quantity), IdempotencyKey: w.fresh()})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// unfinished are the files that killed uploads left.
func (w *world) unfinished(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"*/*.part", "*/*.tmp"} {
		found, err := filepath.Glob(filepath.Join(w.Folder, "blobs", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

// tidied holds that what killed uploads left is swept, once it is old enough that no upload can be writing it.
func (w *world) tidied(t *testing.T) {
	o := w.open(t)
	left := w.unfinished(t)
	if len(left) == 0 {
		t.Error("no upload was killed in the middle of its file")
	}
	if n, err := o.FilesSweep(t.Context()); err != nil || n != 0 {
		t.Errorf("%d files of uploads that may be going on were swept, %v", n, err)
	}
	before := time.Now().Add(-2 * time.Hour)
	for _, file := range left {
		if err := os.Chtimes(file, before, before); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := o.FilesSweep(t.Context()); err != nil || n != len(left) {
		t.Errorf("%d of %d files that killed uploads left were swept, %v", n, len(left), err)
	}
}
