package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/membership"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/pricing"
)

// Organisation is an organisation as use-cases see it. CreditCode is "" until it is known; Parties are filled for saving only.
type Organisation struct {
	ID         uuid.UUID
	Version    int
	CreatedAt  time.Time
	Name       string
	NameEn     string
	CreditCode authorisation.CreditCode
	LegalForm  access.LegalForm
	Status     access.OrganisationStatus
	Parties    []access.Party
}

// OrganisationByID reads an organisation that the viewer may see.
func (tx *Tx) OrganisationByID(ctx context.Context, id uuid.UUID) (Organisation, error) {
	row, err := tx.Organisation.Get(ctx, id)
	if db.IsNotFound(err) {
		return Organisation{}, fault.Absent("organisation")
	}
	if err != nil {
		return Organisation{}, fmt.Errorf("read an organisation: %w", err)
	}
	return loadOrganisation(row), nil
}

// OrganisationFacts is an organisation with what decides besides on what may be done about it.
type OrganisationFacts struct {
	Organisation
	// VerificationPending: the platform is verifying it. HasMembers: somebody belongs to it.
	VerificationPending, HasMembers bool
}

// OrganisationFacts are those of the organisations that the viewer may see: three statements however many there are. The
// facts are the same whoever looks; who may be told them is not decided here.
func (s *Store) OrganisationFacts(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]OrganisationFacts, error) {
	rows, err := s.read.Organisation.Query().Where(organisation.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read organisations: %w", err)
	}
	ctx = AsSystem(ctx)
	var pending, peopled []uuid.UUID
	err = s.read.Proceeding.Query().Where(beingVerified(ids...)).Select(proceeding.FieldSubjectID).Scan(ctx, &pending)
	if err != nil {
		return nil, fmt.Errorf("look for verifications: %w", err)
	}
	err = s.read.Membership.Query().Where(membership.OrganisationIDIn(ids...)).Unique(true).Select(membership.FieldOrganisationID).Scan(ctx, &peopled)
	if err != nil {
		return nil, fmt.Errorf("look for members: %w", err)
	}
	facts := make(map[uuid.UUID]OrganisationFacts, len(rows))
	for _, row := range rows {
		facts[row.ID] = OrganisationFacts{loadOrganisation(row), slices.Contains(pending, row.ID), slices.Contains(peopled, row.ID)}
	}
	return facts, nil
}

// beingVerified matches the proceedings in which the platform is verifying organisations.
func beingVerified(ids ...uuid.UUID) predicate.Proceeding {
	return proceeding.And(proceeding.SubjectIDIn(ids...), proceeding.KindEQ(authorisation.ProceedingVerification),
		proceeding.StateIn(authorisation.StateSubmitted, authorisation.StateHalfApproved))
}

// OrganisationByCode is whoever has a credit code, also when the viewer may not see it; with no id when nobody does.
func (tx *Tx) OrganisationByCode(ctx context.Context, code authorisation.CreditCode) (Organisation, error) {
	row, err := tx.Organisation.Query().Where(organisation.CreditCode(string(code))).Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		return Organisation{}, nil
	}
	if err != nil {
		return Organisation{}, fmt.Errorf("look for a credit code: %w", err)
	}
	return loadOrganisation(row), nil
}

func loadOrganisation(row *db.Organisation) Organisation {
	o := Organisation{
		ID: row.ID, Version: row.Version, CreatedAt: row.CreatedAt, Name: row.Name, NameEn: row.NameEn, LegalForm: row.LegalForm, Status: row.Status,
	}
	if row.CreditCode != nil {
		o.CreditCode = authorisation.CreditCode(*row.CreditCode)
	}
	return o
}

// AddOrganisation saves a new organisation with its capacities; IsTaken when its credit code is another's.
func (tx *Tx) AddOrganisation(ctx context.Context, o Organisation) (uuid.UUID, error) {
	row, err := tx.Organisation.Create().SetCreatedAt(tx.now).SetName(o.Name).SetNameEn(o.NameEn).SetCreditCode(string(o.CreditCode)).
		SetLegalForm(o.LegalForm).SetStatus(o.Status).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add an organisation: %w", err)
	}
	return row.ID, tx.addParties(ctx, row.ID, o.Parties)
}

func (tx *Tx) addParties(ctx context.Context, organisationID uuid.UUID, kinds []access.Party) error {
	for _, kind := range kinds {
		if err := tx.Party.Create().SetCreatedAt(tx.now).SetOrganisationID(organisationID).SetKind(kind).Exec(ctx); err != nil {
			return fmt.Errorf("add a capacity: %w", err)
		}
	}
	return nil
}

// MoveOrganisation saves an organisation's new status, if nobody changed it since it was read.
func (tx *Tx) MoveOrganisation(ctx context.Context, o Organisation, to access.OrganisationStatus) error {
	return changedOne(tx.Organisation.Update().Where(organisation.ID(o.ID), organisation.Version(o.Version)).SetStatus(to).AddVersion(1).Save(ctx))
}

// ClassifyOrganisation saves of which class of users an organisation is, if nobody changed it since it was read.
func (tx *Tx) ClassifyOrganisation(ctx context.Context, o Organisation, class pricing.UserClass) error {
	return changedOne(tx.Organisation.Update().Where(organisation.ID(o.ID), organisation.Version(o.Version)).SetUserClass(string(class)).AddVersion(1).Save(ctx))
}

// ReleaseCreditCode takes the credit code from an organisation, if nobody changed it since it was read.
func (tx *Tx) ReleaseCreditCode(ctx context.Context, o Organisation) error {
	return changedOne(tx.Organisation.Update().Where(organisation.ID(o.ID), organisation.Version(o.Version)).ClearCreditCode().AddVersion(1).Save(ctx))
}

// ConfirmOrganisation saves credit code, legal form and further capacities, and that it is verified.
func (tx *Tx) ConfirmOrganisation(ctx context.Context, o Organisation) error {
	err := changedOne(tx.Organisation.Update().Where(organisation.ID(o.ID), organisation.Version(o.Version)).
		SetCreditCode(string(o.CreditCode)).SetLegalForm(o.LegalForm).SetStatus(access.OrganisationVerified).AddVersion(1).Save(ctx))
	if err != nil {
		return err
	}
	if err := tx.OrganisationChanged(ctx, o.ID); err != nil {
		return err
	}
	has, err := tx.Party.Query().Where(party.OrganisationID(o.ID)).All(AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("read capacities: %w", err)
	}
	return tx.addParties(ctx, o.ID, slices.DeleteFunc(slices.Clone(o.Parties), func(kind access.Party) bool {
		return slices.ContainsFunc(has, func(p *db.Party) bool { return p.Kind == kind })
	}))
}

// VerificationPending reports whether the platform is verifying an organisation, also to who may not see it.
func (tx *Tx) VerificationPending(ctx context.Context, organisationID uuid.UUID) (bool, error) {
	pending, err := tx.Proceeding.Query().Where(beingVerified(organisationID)).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for a verification: %w", err)
	}
	return pending, nil
}

// PlatformExists reports whether this market has its platform.
func (tx *Tx) PlatformExists(ctx context.Context) (bool, error) {
	there, err := tx.Party.Query().Where(party.KindEQ(access.Platform)).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for the platform: %w", err)
	}
	return there, nil
}

// HasMembers reports whether anybody belongs to an organisation.
func (tx *Tx) HasMembers(ctx context.Context, organisationID uuid.UUID) (bool, error) {
	there, err := tx.Membership.Query().Where(membership.OrganisationID(organisationID)).Exist(AsSystem(ctx))
	if err != nil {
		return false, fmt.Errorf("look for members: %w", err)
	}
	return there, nil
}

// AddMember makes a person a member of an organisation. Who is one already gets the roles it lacks.
func (tx *Tx) AddMember(ctx context.Context, organisationID, personID uuid.UUID, roles []access.Role) error {
	there, err := tx.Membership.Query().Where(membership.OrganisationID(organisationID), membership.PersonID(personID)).Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		err = tx.Membership.Create().SetCreatedAt(tx.now).SetPersonID(personID).SetOrganisationID(organisationID).SetRoles(roles).Exec(ctx)
		if err != nil {
			return fmt.Errorf("add a member: %w", err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for a member: %w", err)
	}
	all := slices.Clone(there.Roles)
	for _, r := range roles {
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	if err := tx.Membership.UpdateOneID(there.ID).SetRoles(all).Exec(ctx); err != nil {
		return fmt.Errorf("add roles to a member: %w", err)
	}
	return nil
}
