package market

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/person"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// Viewer is who a person is when it acts as an organisation, nobody when it may not.
func (m *Market) Viewer(ctx context.Context, personID, organisationID uuid.UUID) (access.Viewer, error) {
	return m.Store.Viewer(ctx, personID, organisationID)
}

// Identity is a person and the organisation that it acts as: what a session is opened for.
type Identity struct {
	PersonID       uuid.UUID
	OrganisationID uuid.UUID
}

// as returns a context in which the identity acts, for the record of how it came to be.
func (i Identity) as(ctx context.Context) context.Context {
	return access.With(ctx, access.Viewer{PersonID: i.PersonID, OrganisationID: i.OrganisationID})
}

// SignInInput is what a person knows. OrganisationID is the organisation to act as, nil for the first.
type SignInInput struct {
	Email          string
	Password       string
	OrganisationID *uuid.UUID
}

// SignIn says who somebody is that knows an e-mail address and its password.
//
// It refuses with CREDENTIALS_WRONG, never saying which of the two and after the same time, and with TOO_MANY_ATTEMPTS an
// address that failed too often, even when it is right at last, and strangers at an account that is tried from very many.
// To another's organisation it says NOT_FOUND.
func (m *Market) SignIn(ctx context.Context, in SignInInput) (Identity, error) {
	email, invalid := access.ParseEmail(in.Email, "input.email")
	if invalid != nil || len(in.Password) > 4*access.MaxPassword {
		email, in.Password = "", "" // nobody's: costs as much as any other
	}
	if err := m.attempts.take(ctx, email, m.Store.Now()); err != nil {
		return Identity{}, err
	}
	who, err := m.personByEmail(ctx, email)
	if err != nil {
		return Identity{}, err
	}
	matches, err := passwordMatches(ctx, in.Password, who.PasswordHash)
	if err != nil {
		return Identity{}, err
	}
	if !matches {
		return Identity{}, m.signInRefused(ctx, who.ID)
	}
	m.attempts.forgive(ctx, email)
	id := Identity{PersonID: who.ID}
	if id.OrganisationID, err = m.membershipOf(ctx, who.ID, in.OrganisationID); err != nil {
		return Identity{}, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Record(id.as(ctx), store.Act{Name: "signIn", Kind: "Person", ID: who.ID})
	})
	return id, err
}

// personByEmail is the person that may sign in with an e-mail address, one without a password hash when nobody may.
// It looks as the system: there is no viewer yet.
func (m *Market) personByEmail(ctx context.Context, email string) (*db.Person, error) {
	row, err := m.Store.Read().Person.Query().Where(person.Email(email), person.DisabledAtIsNil()).Only(store.AsSystem(ctx))
	if db.IsNotFound(err) {
		return &db.Person{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a person: %w", err)
	}
	return row, nil
}

// signInRefused records that somebody failed to sign in; of an unknown address only that somebody did.
func (m *Market) signInRefused(ctx context.Context, personID uuid.UUID) error {
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Record(access.With(ctx, access.Viewer{}), store.Act{Name: "signInRefused", Kind: "Person", ID: personID})
	})
	if err != nil {
		return err
	}
	return fault.New(fault.Invalid, "CREDENTIALS_WRONG", "E-mail or password is wrong.")
}

// membershipOf is the organisation that a person begins to act as: the wanted one, else that of its first membership.
func (m *Market) membershipOf(ctx context.Context, personID uuid.UUID, wanted *uuid.UUID) (uuid.UUID, error) {
	q := m.Store.Read().Membership.Query().Where(membership.PersonID(personID))
	if wanted != nil {
		q.Where(membership.OrganisationID(*wanted))
	}
	row, err := q.Order(db.Asc(membership.FieldID)).First(store.AsSystem(ctx))
	if db.IsNotFound(err) {
		return uuid.Nil, fault.Absent("organisation").At("input.organisationId")
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("read the memberships of a person: %w", err)
	}
	return row.OrganisationID, nil
}

// OrganisationSwitch lets the viewer act as another organisation that it belongs to; any other is NOT_FOUND.
func (m *Market) OrganisationSwitch(ctx context.Context, organisationID uuid.UUID) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	to, err := m.Viewer(ctx, v.PersonID, organisationID)
	if err != nil {
		return err
	}
	if !to.SignedIn() {
		return fault.Absent("organisation").At("id")
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Record(ctx, store.Act{Name: "organisationSwitch", Kind: "Organisation", ID: organisationID})
	})
}

// SignOut records that the viewer goes; of nobody there is nothing to record.
func (m *Market) SignOut(ctx context.Context) error {
	v := access.FromContext(ctx)
	if !v.SignedIn() {
		return nil
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Record(ctx, store.Act{Name: "signOut", Kind: "Person", ID: v.PersonID})
	})
}
