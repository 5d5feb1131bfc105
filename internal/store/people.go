package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/invitation"
	"gongshu/internal/access"
	"gongshu/internal/fault"
)

// AddPerson saves a new person; IsTaken when the e-mail address is another's.
func (tx *Tx) AddPerson(ctx context.Context, email, displayName, passwordHash string) (uuid.UUID, error) {
	row, err := tx.Person.Create().SetCreatedAt(tx.now).SetEmail(email).SetDisplayName(displayName).SetPasswordHash(passwordHash).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add a person: %w", err)
	}
	return row.ID, nil
}

// Invitation is an invitation as use-cases see it.
type Invitation struct {
	ID             uuid.UUID
	OrganisationID uuid.UUID
	Email          string
	Roles          []access.Role
	ExpiresAt      time.Time
	Accepted       bool
	// The names of the organisation; read, and never saved.
	OrganisationName, OrganisationNameEn string
}

// AddInvitation saves an invitation under the hash of its token.
func (tx *Tx) AddInvitation(ctx context.Context, i Invitation, tokenHash string) (uuid.UUID, error) {
	row, err := tx.Invitation.Create().SetCreatedAt(tx.now).SetOrganisationID(i.OrganisationID).SetEmail(i.Email).SetRoles(i.Roles).
		SetTokenHash(tokenHash).SetExpiresAt(i.ExpiresAt).Save(ctx)
	if err != nil {
		return uuid.Nil, fmt.Errorf("add an invitation: %w", err)
	}
	return row.ID, nil
}

// InvitationByToken is the invitation with the hash of a token, to whoever has the token; absent otherwise.
func (s *Store) InvitationByToken(ctx context.Context, tokenHash string) (Invitation, error) {
	row, err := s.read.Invitation.Query().Where(invitation.TokenHash(tokenHash)).WithOrganisation().Only(AsSystem(ctx))
	if db.IsNotFound(err) {
		return Invitation{}, fault.Absent("invitation")
	}
	if err != nil {
		return Invitation{}, fmt.Errorf("look for an invitation: %w", err)
	}
	return Invitation{
		ID: row.ID, OrganisationID: row.OrganisationID, Email: row.Email, Roles: row.Roles, ExpiresAt: row.ExpiresAt, Accepted: row.AcceptedAt != nil,
		OrganisationName: row.Edges.Organisation.Name, OrganisationNameEn: row.Edges.Organisation.NameEn,
	}, nil
}

// AcceptInvitation saves that an invitation was accepted; false when it was before.
func (tx *Tx) AcceptInvitation(ctx context.Context, id uuid.UUID) (bool, error) {
	n, err := tx.Invitation.Update().Where(invitation.ID(id), invitation.AcceptedAtIsNil()).SetAcceptedAt(tx.now).Save(ctx)
	if err != nil {
		return false, fmt.Errorf("accept an invitation: %w", err)
	}
	return n == 1, nil
}
