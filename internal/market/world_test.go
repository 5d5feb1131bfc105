package market

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db/party"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/policy"
	"gongshu/internal/store"
	"gongshu/internal/testdb"
)

// world is a market on a fresh database with a clock that the test moves.
type world struct {
	*Market
	clock time.Time
	names int
}

// today is a Monday in a year whose calendar is loaded.
var today = time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)

// eachWorld runs a test on SQLite and on Postgres, each with migrated tables and the built-in policy.
func eachWorld(t *testing.T, run func(t *testing.T, w *world)) {
	t.Helper()
	eachDatabase(t, func(t *testing.T, url string) { run(t, worldAt(t, url)) })
}

// worldAt opens a database of eachDatabase, for as long as the test runs.
func worldAt(t *testing.T, url string) *world {
	t.Helper()
	w, err := openWorld(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Store.Close() })
	return w
}

// eachDatabase is eachWorld with the address of its database, for what opens it more than once.
func eachDatabase(t *testing.T, run func(t *testing.T, url string)) {
	t.Helper()
	prepare := func(url string) error {
		w, err := openWorld(url)
		if err != nil {
			return err
		}
		defer w.Store.Close()
		if _, err := w.Store.Migrate(context.Background()); err != nil {
			return err
		}
		_, err = w.LoadPolicies(context.Background())
		return err
	}
	testdb.TemplateEach(t, "market", prepare, run)
}

func openWorld(url string) (*world, error) {
	w := &world{clock: today}
	s, err := store.Open(context.Background(), url, func() time.Time { return w.clock })
	if err != nil {
		return nil, err
	}
	w.Market = &Market{Store: s}
	return w, nil
}

// tx runs one transaction as the system, to lay what a test begins with.
func (w *world) tx(t *testing.T, do func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	ctx := store.AsSystem(context.Background())
	if err := w.Store.InTx(ctx, do); err != nil {
		t.Fatal(err)
	}
}

// policy lays a row of dated policy that holds from the clock's day on.
func (w *world) policy(t *testing.T, kind string, value map[string]any) {
	t.Helper()
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.LoadPolicies(ctx, []policy.Row{{Kind: kind, EffectiveFrom: authorisation.DayOf(tx.Now()).String(), Value: value, Source: "test"}})
		return err
	})
}

// organisation lays a verified organisation with capacities and a valid credit code of its own.
func (w *world) organisation(t *testing.T, name string, form access.LegalForm, parties ...access.Party) uuid.UUID {
	t.Helper()
	w.names++
	code, err := authorisation.NewCreditCode(fmt.Sprintf("91510700MA6TEXT%02X", w.names%256))
	if err != nil {
		t.Fatal(err)
	}
	var id uuid.UUID
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		o, err := tx.Organisation.Create().SetCreatedAt(tx.Now()).SetName(name).SetCreditCode(string(code)).
			SetLegalForm(form).SetStatus(access.OrganisationVerified).Save(ctx)
		if err != nil {
			return err
		}
		id = o.ID
		for _, p := range parties {
			if err := tx.Party.Create().SetCreatedAt(tx.Now()).SetOrganisationID(id).SetKind(p).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

// person lays a member of an organisation and returns a context in which it acts.
func (w *world) person(t *testing.T, organisation uuid.UUID, roles ...access.Role) context.Context {
	t.Helper()
	w.names++
	v := access.Viewer{OrganisationID: organisation, Verified: true, Roles: roles}
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.Person.Create().SetCreatedAt(tx.Now()).SetEmail(fmt.Sprintf("p%d@test.example", w.names)).
			SetDisplayName("Test").SetPasswordHash("-").Save(ctx)
		if err != nil {
			return err
		}
		v.PersonID = p.ID
		parties, err := tx.Party.Query().Where(party.OrganisationID(organisation)).All(ctx)
		if err != nil {
			return err
		}
		for _, p := range parties {
			v.Parties = append(v.Parties, p.Kind)
		}
		return tx.Membership.Create().SetCreatedAt(tx.Now()).SetPersonID(p.ID).SetOrganisationID(organisation).SetRoles(roles).Exec(ctx)
	})
	return access.With(context.Background(), v)
}

// refused fails unless err is a refusal with the code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	for _, f := range fault.All(err) {
		if f.Code == code {
			return
		}
	}
	t.Fatalf("want a refusal %s, got %v", code, err)
}
