package scale

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/membership"
	dbplan "gongshu/ent/db/plan"
	dbproduct "gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/dataset"
	"gongshu/internal/demo"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/metadata"
	pay "gongshu/internal/payment"
	testpay "gongshu/internal/payment/test"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
	"gongshu/pricing"
	"gongshu/search"
	"gongshu/search/inverted"
)

const testProducts = 200

var today = time.Date(2026, time.April, 1, 2, 0, 0, 0, time.UTC)

// open opens an empty market on a day.
func open(t *testing.T, address string, now time.Time) *market.Market {
	t.Helper()
	s, err := store.Open(t.Context(), address, func() time.Time { return now })
	must(t, err)
	_, err = s.Migrate(t.Context())
	must(t, err)
	blobs, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	must(t, err)
	rows := dataset.NewFiles(0)
	t.Cleanup(func() { rows.Close(); blobs.Close(); s.Close() })
	m := &market.Market{Store: s, Blobs: blobs, Search: &market.Searching{Products: inverted.Memory(), Resources: inverted.Memory()}, Rows: rows, Payments: map[string]pay.Provider{testpay.Name: &testpay.Provider{}}}
	_, err = m.LoadPolicies(t.Context())
	must(t, err)
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func quiet(string) {}

func loaded(t *testing.T, address string, n int, seed uint64) *market.Market {
	t.Helper()
	m := open(t, address, today)
	must(t, Load(t.Context(), m, n, seed, quiet))
	return m
}

func TestAScaleMarketIsListedFoundOrderedPaidAndServed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, address string) {
		m := loaded(t, address, testProducts, 7)
		knownToPlanner(t, m)
		reconciled(t, m)
		allListed(t, m)
		listedAgain(t, m)
		found(t, m)
		for _, who := range SignIns {
			signedIn(t, m, who.Email)
		}
		boughtAndCalled(t, m)
		reconciled(t, m)
	})
}

func reconciled(t *testing.T, m *market.Market) {
	t.Helper()
	breaches, err := m.Store.Reconcile(t.Context())
	must(t, err)
	for _, b := range breaches {
		t.Errorf("broken: %s: %v", b.Name, b.Rows)
	}
}

// knownToPlanner looks whether Postgres knows how many rows there are.
func knownToPlanner(t *testing.T, m *market.Market) {
	t.Helper()
	if m.Store.Dialect() != "postgres" {
		return
	}
	var products int
	must(t, m.Store.Reader().QueryRowContext(t.Context(), "SELECT reltuples::int FROM pg_class WHERE oid = 'products'::regclass").Scan(&products))
	if products != testProducts {
		t.Errorf("the planner knows of %d products", products)
	}
}

// allListed holds the gate against every product.
func allListed(t *testing.T, m *market.Market) {
	t.Helper()
	ids, err := m.Store.Read().Product.Query().Where(dbproduct.StatusEQ(authorisation.ProductListed)).IDs(t.Context())
	must(t, err)
	facts, err := m.Store.GateProducts(t.Context(), ids...)
	must(t, err)
	policies, err := m.Store.Policies(t.Context())
	must(t, err)
	if len(facts) != testProducts {
		t.Fatalf("%d products are listed", len(facts))
	}
	for _, p := range facts {
		for _, o := range authorisation.Obstacles(p, policies.Listing, authorisation.DayOf(m.Store.Now())) {
			t.Errorf("%s: %s %s", p.Name, o.Code, o.Message)
		}
	}
	scoredRight(t, m, ids)
}

// scoredRight holds the scores of metadata that were written against the rule.
func scoredRight(t *testing.T, m *market.Market, ids []uuid.UUID) {
	t.Helper()
	today := authorisation.DayOf(m.Store.Now())
	facts, described, err := m.Store.GateDescribed(t.Context(), ids...)
	must(t, err)
	for id, p := range described {
		if score := metadata.OfProduct(p, today); score.Total != facts[id].Quality {
			t.Errorf("%s has the score %d and should have %d: %+v", p.Name, facts[id].Quality, score.Total, score.Findings)
		}
	}
	resources, err := m.Store.ResourceIDs(t.Context(), uuid.Nil, 1000)
	must(t, err)
	found, err := m.Store.DescribedResources(t.Context(), resources...)
	must(t, err)
	for _, r := range found {
		if score := metadata.OfResource(r.Resource, today); score.Total != r.Quality {
			t.Errorf("%s has the score %d and should have %d: %+v", r.Name, r.Quality, score.Total, score.Findings)
		}
	}
}

// listedAgain takes products off the market and lists them again, as their operators do.
func listedAgain(t *testing.T, m *market.Market) {
	t.Helper()
	rows, err := m.Store.Read().Product.Query().Order(db.Asc(dbproduct.FieldIdentifier)).Limit(5).All(t.Context())
	must(t, err)
	for _, row := range rows {
		publisher := someoneOf(t, m, row.OperatorID, access.Publisher)
		must(t, m.ProductSuspend(publisher, row.ID, "合成：试验"))
		must(t, m.ProductList(publisher, row.ID))
	}
}

func someoneOf(t *testing.T, m *market.Market, organisation uuid.UUID, role access.Role) context.Context {
	t.Helper()
	rows, err := m.Store.Read().Membership.Query().Where(membership.OrganisationID(organisation)).All(store.AsSystem(t.Context()))
	must(t, err)
	for _, row := range rows {
		if slices.Contains(row.Roles, role) {
			v, err := m.Viewer(t.Context(), row.PersonID, organisation)
			must(t, err)
			return access.With(t.Context(), v)
		}
	}
	t.Fatalf("nobody is %s", role)
	return nil
}

func found(t *testing.T, m *market.Market) {
	t.Helper()
	must(t, m.SearchRebuild(t.Context()))
	for text, least := range map[string]int{"": testProducts, "涪城区": 5, "企业信用": 1, "synthetic": testProducts} {
		result, err := m.Search.Products.Search(t.Context(), search.Query{Text: text, First: 10, CountTotal: true, Facets: true})
		must(t, err)
		if result.Total < least {
			t.Errorf("%q finds %v products, want %d at least", text, result.Total, least)
		}
	}
}

func signedIn(t *testing.T, m *market.Market, email string) context.Context {
	t.Helper()
	who, err := m.SignIn(t.Context(), market.SignInInput{Email: email, Password: demo.Password})
	must(t, err)
	v, err := m.Viewer(t.Context(), who.PersonID, who.OrganisationID)
	must(t, err)
	if !v.Verified {
		t.Errorf("%s is of no verified organisation", email)
	}
	return access.With(t.Context(), v)
}

// boughtAndCalled buys calls of a product and makes one.
func boughtAndCalled(t *testing.T, m *market.Market) {
	t.Helper()
	buyer := signedIn(t, m, SignIns[0].Email)
	chosen, err := m.Store.Read().Plan.Query().Where(dbplan.ModeEQ(pricing.PerCall)).Order(db.Asc(dbplan.FieldID)).First(buyer)
	must(t, err)
	policies, err := m.Store.Policies(t.Context())
	must(t, err)
	order, err := m.OrderPlace(buyer, market.OrderPlaceInput{
		ProductID: chosen.ProductID, PlanID: chosen.ID, Purpose: purpose.Industry, Quantity: 100, LicenceVersion: policies.Licence.Version, IdempotencyKey: "test",
	})
	must(t, err)
	_, err = m.OrderPay(buyer, order, market.OrderPayInput{Provider: testpay.Name, IdempotencyKey: "test"})
	must(t, err)
	right, err := m.Store.Read().Entitlement.Query().Where(entitlement.OrderID(order)).OnlyID(buyer)
	must(t, err)
	_, secret, err := m.CredentialIssue(buyer, market.CredentialInput{EntitlementID: right, Name: "test", IdempotencyKey: "test"})
	must(t, err)
	_, err = m.DataRows(t.Context(), market.RowsCall{
		Secret: secret, ProductID: chosen.ProductID, Purpose: purpose.Industry, Query: url.Values{"district": {"涪城区"}},
	}, func(rows market.Rows) []byte {
		if len(rows.Rows) == 0 || !rows.Synthetic {
			t.Errorf("a data call is served %d rows, synthetic %t", len(rows.Rows), rows.Synthetic)
		}
		return []byte("rows")
	})
	must(t, err)
}

func TestTheSameSeedGivesTheSameRowsAndAnotherDoesNot(t *testing.T) {
	rowsOf := func(seed uint64) map[string]map[string]string {
		all := map[string]map[string]string{} // by database and table
		testdb.Each(t, func(t *testing.T, address string) {
			m := loaded(t, address, 120, seed)
			all[m.Store.Dialect()] = digests(t, m.Store.Reader())
		})
		return all
	}
	first, again, other := rowsOf(3), rowsOf(3), rowsOf(4)
	for dialect, tables := range first {
		for table, digest := range tables {
			if again[dialect][table] != digest {
				t.Errorf("%s: the same seed gives other rows of %s", dialect, table)
			}
			if other[dialect][table] == digest {
				t.Errorf("%s: another seed gives the same rows of %s", dialect, table)
			}
		}
	}
}

// digests are of all rows of the tables that are filled; none of them is empty.
func digests(t *testing.T, reader *sql.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for table := range maps.Keys(columnsOf) {
		rows, err := reader.QueryContext(t.Context(), "SELECT * FROM "+table+" ORDER BY id")
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		hash, n := sha256.New(), 0
		for ; rows.Next(); n++ {
			must(t, rows.Scan(targets...))
			fmt.Fprintf(hash, "%v\n", values)
		}
		must(t, rows.Err())
		if n == 0 {
			t.Errorf("%s is empty", table)
		}
		all[table] = hex.EncodeToString(hash.Sum(nil))
	}
	return all
}

func TestAScaleMarketGoesIntoAnEmptyDatabaseOnly(t *testing.T) {
	testdb.Each(t, func(t *testing.T, address string) {
		m := open(t, address, today)
		for n, code := range map[int]string{0: "SCALE_OUT_OF_RANGE", -1: "SCALE_OUT_OF_RANGE", MaxProducts + 1: "SCALE_OUT_OF_RANGE"} {
			if err := Load(t.Context(), m, n, 1, quiet); fault.CodeOf(err) != code {
				t.Errorf("%d products: want %s, got %v", n, code, err)
			}
		}
		must(t, Load(t.Context(), m, 1, 1, quiet))
		if err := Load(t.Context(), m, 1, 1, quiet); fault.CodeOf(err) != "SCALE_NOT_EMPTY" {
			t.Errorf("a second time: %v", err)
		}
		if err := demo.Load(t.Context(), m, 1, quiet); fault.CodeOf(err) != "DEMO_NOT_EMPTY" {
			t.Errorf("the ordinary demo on top: %v", err)
		}
		if state, err := demo.StateOf(t.Context(), m.Store); err != nil || state != demo.Scale {
			t.Errorf("its state is %v, %v", state, err)
		}
		err := m.Store.Fill(t.Context(), func(context.Context, *store.Bulk) error { return nil })
		if err != store.ErrNotEmpty {
			t.Errorf("filling it again: %v", err)
		}
	})
}

func TestALoadThatIsCutShortLeavesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, address string) {
		m := open(t, address, today)
		ctx, stop := context.WithCancel(t.Context())
		err := Load(ctx, m, 20, 1, func(what string) {
			if strings.Contains(what, "orders") {
				stop()
			}
		})
		if err == nil {
			t.Fatal("the load that was cut short went through")
		}
		if state, err := demo.StateOf(t.Context(), m.Store); err != nil || state != demo.Nothing {
			t.Fatalf("it leaves the state %v, %v", state, err)
		}
		must(t, Load(t.Context(), m, 20, 1, quiet))
	})
}

func TestOutsideItsDaysItIsNotLoaded(t *testing.T) {
	testdb.Each(t, func(t *testing.T, address string) {
		for day, want := range map[time.Time]string{
			time.Date(2026, time.February, 28, 15, 0, 0, 0, time.UTC): "SCALE_OUT_OF_TIME",
			time.Date(2028, time.August, 31, 16, 0, 0, 0, time.UTC):   "SCALE_OUT_OF_TIME", // it is September in Shanghai
		} {
			m := open(t, address, day)
			if err := Load(t.Context(), m, 1, 1, quiet); fault.CodeOf(err) != want {
				t.Errorf("on %s: %v", day, err)
			}
		}
	})
}

// Whatever is drawn keeps to what the rules of money ask for.
func TestEveryPlanIsWithinItsCap(t *testing.T) {
	s := &scheme{}
	for n := range 400 {
		for _, mode := range modes {
			p := tariffOf(s.of("plan of a test", n), mode)
			must(t, p.tariff.Validate("tariff"))
			if err := pricing.CheckCap(p.tariff, *p.cap); err != nil {
				text, _ := json.Marshal(p.tariff)
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}
