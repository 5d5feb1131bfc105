package demo

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/person"
	"gongshu/internal/access"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/store"
)

// layParticipants makes the organisations and people of the demo, all in one transaction, unless they are there.
// They are laid as rows and marked synthetic: nobody signed up, and no evidence is pretended.
func layParticipants(ctx context.Context, s *store.Store, passwordHash string) error {
	return s.InTx(store.AsSystem(ctx), func(ctx context.Context, tx *store.Tx) error {
		there, err := tx.Organisation.Query().Where(organisation.Synthetic(true)).Exist(ctx)
		if err != nil || there {
			return err
		}
		ids := map[string]uuid.UUID{}
		for _, o := range spec.Organisations() {
			if ids[o.Name], err = layOrganisation(ctx, tx, o); err != nil {
				return fmt.Errorf("demo organisation %s: %w", o.Name, err)
			}
		}
		for _, p := range spec.People() {
			if err := layPerson(ctx, tx, p, ids, passwordHash); err != nil {
				return fmt.Errorf("a demo person: %w", err)
			}
		}
		return tx.Record(ctx, store.Act{Name: beginAct, Kind: "Demo", Change: map[string]any{"organisations": len(ids)}})
	})
}

func layOrganisation(ctx context.Context, tx *store.Tx, o spec.Organisation) (uuid.UUID, error) {
	row, err := tx.Organisation.Create().SetCreatedAt(tx.Now()).SetName(o.Name).SetNameEn(o.NameEn).SetCreditCode(o.CreditCode).
		SetLegalForm(access.LegalForm(o.LegalForm)).SetStatus(access.OrganisationVerified).SetSynthetic(true).Save(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	for _, kind := range o.Parties {
		err := tx.Party.Create().SetCreatedAt(tx.Now()).SetOrganisationID(row.ID).SetKind(access.Party(kind)).Exec(ctx)
		if err != nil {
			return uuid.Nil, err
		}
	}
	return row.ID, nil
}

func layPerson(ctx context.Context, tx *store.Tx, p spec.Person, organisations map[string]uuid.UUID, passwordHash string) error {
	row, err := tx.Person.Create().SetCreatedAt(tx.Now()).SetEmail(p.Email).SetDisplayName(p.DisplayName).SetPasswordHash(passwordHash).Save(ctx)
	if err != nil {
		return err
	}
	for _, m := range p.Memberships {
		roles := make([]access.Role, len(m.Roles))
		for i, r := range m.Roles {
			roles[i] = access.Role(r)
		}
		err := tx.Membership.Create().SetCreatedAt(tx.Now()).SetPersonID(row.ID).SetOrganisationID(organisations[m.Organisation]).SetRoles(roles).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// cast finds the people of the demo to act as.
type cast struct {
	byEmail map[string]access.Viewer
	// organisations are the ids by name.
	organisations map[string]uuid.UUID
}

// readCast reads everybody at once, with the organisation of their first membership.
func readCast(ctx context.Context, s *store.Store) (*cast, error) {
	ctx = store.AsSystem(ctx)
	c := &cast{byEmail: map[string]access.Viewer{}, organisations: map[string]uuid.UUID{}}
	organisations, err := s.Read().Organisation.Query().Where(organisation.Synthetic(true)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range organisations {
		c.organisations[o.Name] = o.ID
	}
	for _, p := range spec.People() {
		v, err := readViewer(ctx, s, p, c.organisations)
		if err != nil {
			return nil, fmt.Errorf("a demo person: %w", err)
		}
		c.byEmail[p.Email] = v
	}
	return c, nil
}

func readViewer(ctx context.Context, s *store.Store, p spec.Person, organisations map[string]uuid.UUID) (access.Viewer, error) {
	in := organisations[p.Memberships[0].Organisation]
	row, err := s.Read().Membership.Query().Where(membership.OrganisationID(in), membership.HasPersonWith(person.Email(p.Email))).Only(ctx)
	if err != nil {
		return access.Viewer{}, err
	}
	parties, err := s.Read().Party.Query().Where(party.OrganisationID(in)).Order(db.Asc(party.FieldID)).All(ctx)
	if err != nil {
		return access.Viewer{}, err
	}
	v := access.Viewer{PersonID: row.PersonID, OrganisationID: in, Verified: true, Roles: row.Roles}
	for _, party := range parties {
		v.Parties = append(v.Parties, party.Kind)
	}
	return v, nil
}

// as returns a context in which the person with that mailbox acts.
func (c *cast) as(ctx context.Context, mailbox string) context.Context {
	v, known := c.byEmail[mailbox+"@demo.gongshu.example"]
	if !known {
		panic("demo: nobody has the mailbox " + mailbox) // the names are this package's own
	}
	return access.With(ctx, v)
}

// member returns a context in which somebody of an organisation with that role acts.
func (c *cast) member(ctx context.Context, organisation string, role access.Role) context.Context {
	for _, p := range spec.People() {
		v := c.byEmail[p.Email]
		if p.Memberships[0].Organisation == organisation && v.Has(role) {
			return access.With(ctx, v)
		}
	}
	panic("demo: nobody at " + organisation + " has the role " + string(role))
}
