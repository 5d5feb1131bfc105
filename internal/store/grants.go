package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/grantitem"
	"gongshu/ent/db/organisation"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
)

// StoredAgreement is an agreement as the rules see it, with what the store needs to save it.
type StoredAgreement struct {
	authorisation.Agreement
	AgencyID uuid.UUID
	Version  int
}

// AgreementByID reads an agreement that the viewer may see and locks it until the transaction ends, so that nothing is
// granted under an agreement while it ends.
func (tx *Tx) AgreementByID(ctx context.Context, id uuid.UUID) (StoredAgreement, error) {
	row, err := tx.Agreement.Query().Where(agreement.ID(id)).Modify(tx.locked).Only(ctx)
	if db.IsNotFound(err) {
		return StoredAgreement{}, fault.Absent("agreement")
	}
	if err != nil {
		return StoredAgreement{}, fmt.Errorf("read an agreement: %w", err)
	}
	return StoredAgreement{Agreement(row), row.AgencyID, row.Version}, nil
}

// AgreementsOf reads all agreements of an operator and locks them, whoever looks.
func (tx *Tx) AgreementsOf(ctx context.Context, operatorID uuid.UUID) ([]authorisation.Agreement, error) {
	rows, err := tx.Agreement.Query().Where(agreement.OperatorID(operatorID)).Order(db.Asc(agreement.FieldID)).Modify(tx.locked).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read an operator's agreements: %w", err)
	}
	agreements := make([]authorisation.Agreement, len(rows))
	for i, row := range rows {
		agreements[i] = Agreement(row)
	}
	return agreements, nil
}

// OwnAgreements are the agreements under which the viewer's organisation works as operator, without their clauses.
func (s *Store) OwnAgreements(ctx context.Context) ([]authorisation.Agreement, error) {
	rows, err := s.read.Agreement.Query().Where(agreement.OperatorID(access.FromContext(ctx).OrganisationID),
		agreement.StatusEQ(authorisation.AgreementOperating)).
		Select(agreement.FieldOperatorID, agreement.FieldStatus, agreement.FieldPublicisedOn, agreement.FieldStartsOn, agreement.FieldEndsOn).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the viewer's agreements: %w", err)
	}
	agreements := make([]authorisation.Agreement, len(rows))
	for i, row := range rows {
		agreements[i] = Agreement(row)
	}
	return agreements, nil
}

// AgreementFacts is an agreement with what decides besides on what may be done about it.
type AgreementFacts struct {
	StoredAgreement
	// OperatorVerified: its operator is a verified organisation.
	OperatorVerified bool
	// OfOperator are the agreements under which its operator works, without their clauses.
	OfOperator []authorisation.Agreement
}

// AgreementFacts are those of the agreements that the viewer may see: three statements however many there are. The facts are
// the same whoever looks; who may be told them is not decided here.
func (s *Store) AgreementFacts(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]AgreementFacts, error) {
	rows, err := s.read.Agreement.Query().Where(agreement.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read agreements: %w", err)
	}
	operators := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		operators[i] = row.OperatorID
	}
	ctx = AsSystem(ctx)
	verified, err := s.read.Organisation.Query().Where(organisation.IDIn(operators...), organisation.StatusEQ(access.OrganisationVerified)).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for verified operators: %w", err)
	}
	working, err := s.read.Agreement.Query().Where(agreement.OperatorIDIn(operators...),
		agreement.StatusIn(authorisation.AgreementOperating, authorisation.AgreementRectifying)).
		Select(agreement.FieldOperatorID, agreement.FieldStatus, agreement.FieldPublicisedOn, agreement.FieldStartsOn, agreement.FieldEndsOn).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read operators' agreements: %w", err)
	}
	of := map[uuid.UUID][]authorisation.Agreement{}
	for _, row := range working {
		of[row.OperatorID] = append(of[row.OperatorID], Agreement(row))
	}
	facts := make(map[uuid.UUID]AgreementFacts, len(rows))
	for _, row := range rows {
		facts[row.ID] = AgreementFacts{
			StoredAgreement{Agreement(row), row.AgencyID, row.Version}, slices.Contains(verified, row.OperatorID), of[row.OperatorID],
		}
	}
	return facts, nil
}

// AddAgreement saves an agreement that is written down and not signed; a number that is taken is IsTaken.
func (tx *Tx) AddAgreement(ctx context.Context, agencyID uuid.UUID, number string, mode authorisation.AgreementMode, a authorisation.Agreement) (uuid.UUID, error) {
	row, err := tx.Agreement.Create().SetCreatedAt(tx.now).SetAgencyID(agencyID).SetOperatorID(a.OperatorID).SetNumber(number).
		SetMode(mode).SetStatus(a.Status).SetClauses(a.Clauses).SetPublicisedOn(a.PublicisedOn.String()).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add an agreement: %w", err)
	}
	return row.ID, nil
}

// SignAgreement saves that an agreement is signed for a term and its operator operates.
func (tx *Tx) SignAgreement(ctx context.Context, a StoredAgreement, term authorisation.Term) error {
	return changedOne(tx.Agreement.Update().Where(agreement.ID(a.ID), agreement.Version(a.Version)).AddVersion(1).
		SetStatus(authorisation.AgreementOperating).SetStartsOn(term.StartsOn.String()).SetEndsOn(term.EndsOn.String()).SetSignedAt(tx.now).Save(ctx))
}

// MoveAgreement saves an agreement's new status, if nobody changed it since it was read.
func (tx *Tx) MoveAgreement(ctx context.Context, a StoredAgreement, to authorisation.AgreementStatus) error {
	return changedOne(tx.Agreement.Update().Where(agreement.ID(a.ID), agreement.Version(a.Version)).AddVersion(1).SetStatus(to).Save(ctx))
}

// EndedAgreements reads those of some agreements that ended (Store.EndedAgreements) and locks them.
func (tx *Tx) EndedAgreements(ctx context.Context, ids ...uuid.UUID) ([]StoredAgreement, error) {
	rows, err := tx.Agreement.Query().Where(agreement.IDIn(ids...), agreementEnded(tx.today())).
		Order(db.Asc(agreement.FieldID)).Modify(tx.locked).All(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("read agreements that ended: %w", err)
	}
	ended := make([]StoredAgreement, len(rows))
	for i, row := range rows {
		ended[i] = StoredAgreement{Agreement(row), row.AgencyID, row.Version}
	}
	return ended, nil
}

func (tx *Tx) today() string { return authorisation.DayOf(tx.now).String() }

// StoredGrant is a grant as the rules see it, with what the store needs to save it.
type StoredGrant struct {
	authorisation.Grant
	OperatorID uuid.UUID
	Version    int
}

// GrantByID reads a grant that the viewer may see, with the items it holds.
func (tx *Tx) GrantByID(ctx context.Context, id uuid.UUID) (StoredGrant, error) {
	row, err := tx.Grant.Get(ctx, id)
	if db.IsNotFound(err) {
		return StoredGrant{}, fault.Absent("grant")
	}
	if err != nil {
		return StoredGrant{}, fmt.Errorf("read a grant: %w", err)
	}
	held, err := tx.GrantItem.Query().Where(grantitem.GrantID(id)).Order(db.Asc(grantitem.FieldID)).All(ctx)
	if err != nil {
		return StoredGrant{}, fmt.Errorf("read what a grant holds: %w", err)
	}
	itemIDs := make([]uuid.UUID, len(held))
	for i, h := range held {
		itemIDs[i] = h.ItemID
	}
	return StoredGrant{Grant(row, itemIDs...), row.OperatorID, row.Version}, nil
}

// AddGrant saves a grant that is applied for.
func (tx *Tx) AddGrant(ctx context.Context, agreementID, operatorID uuid.UUID, a authorisation.GrantApplication) (uuid.UUID, error) {
	row, err := tx.Grant.Create().SetCreatedAt(tx.now).SetAgreementID(agreementID).SetOperatorID(operatorID).SetStatus(authorisation.GrantApplied).
		SetPurposes(a.Purposes).SetStartsOn(a.StartsOn.String()).SetEndsOn(a.EndsOn.String()).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add a grant: %w", err)
	}
	for items := range slices.Chunk(a.ItemIDs, 1000) {
		creates := make([]*db.GrantItemCreate, len(items))
		for i, item := range items {
			creates[i] = tx.GrantItem.Create().SetCreatedAt(tx.now).SetGrantID(row.ID).SetItemID(item)
		}
		if err := tx.GrantItem.CreateBulk(creates...).Exec(ctx); err != nil {
			return uuid.Nil, fmt.Errorf("add what a grant holds: %w", err)
		}
	}
	return row.ID, nil
}

// MoveGrant saves a grant's new status, if nobody changed it since it was read.
func (tx *Tx) MoveGrant(ctx context.Context, g StoredGrant, to authorisation.GrantStatus) error {
	update := tx.Grant.Update().Where(grant.ID(g.ID), grant.Version(g.Version)).AddVersion(1).SetStatus(to)
	if g.Status == authorisation.GrantApplied {
		update.SetDecidedAt(tx.now)
	}
	return changedOne(update.Save(ctx))
}

// EndedGrants reads those of some grants that ended (Store.EndedGrants), without the items they hold, and locks them.
func (tx *Tx) EndedGrants(ctx context.Context, ids ...uuid.UUID) ([]StoredGrant, error) {
	rows, err := tx.Grant.Query().Where(grant.IDIn(ids...), grantEnded(tx.today())).
		Order(db.Asc(grant.FieldID)).Modify(tx.locked).All(AsSystem(ctx))
	return storedGrants(rows, err)
}

// ActiveGrants reads the active grants under an agreement, whoever looks, without the items they hold.
func (tx *Tx) ActiveGrants(ctx context.Context, agreementID uuid.UUID) ([]StoredGrant, error) {
	rows, err := tx.Grant.Query().Where(grant.AgreementID(agreementID), grant.StatusEQ(authorisation.GrantActive)).
		Order(db.Asc(grant.FieldID)).Modify(tx.locked).All(AsSystem(ctx))
	return storedGrants(rows, err)
}

func storedGrants(rows []*db.Grant, err error) ([]StoredGrant, error) {
	if err != nil {
		return nil, fmt.Errorf("read grants: %w", err)
	}
	grants := make([]StoredGrant, len(rows))
	for i, row := range rows {
		grants[i] = StoredGrant{Grant(row), row.OperatorID, row.Version}
	}
	return grants, nil
}

// IsVerified reports whether an organisation is verified, whoever looks.
func (tx *Tx) IsVerified(ctx context.Context, organisationID uuid.UUID) (bool, error) {
	return tx.Organisation.Query().Where(organisation.ID(organisationID), organisation.StatusEQ(access.OrganisationVerified)).Exist(AsSystem(ctx))
}
