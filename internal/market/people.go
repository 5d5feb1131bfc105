package market

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/person"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// newcomer is what somebody states who wants an account, or has one.
type newcomer struct {
	email       string
	displayName string
	password    string
}

// account is an account that exists (personID) or is still to be made, with its password hashed: hashing takes too long for a transaction.
type account struct {
	personID     uuid.UUID
	newcomer     newcomer
	passwordHash string
}

// accountFor is the account of a newcomer: one's own, which its password proves, or a new one. Both take the same time.
func (m *Market) accountFor(ctx context.Context, who newcomer) (account, error) {
	known, err := m.Store.Read().Person.Query().Where(person.Email(who.email)).Only(store.AsSystem(ctx))
	switch {
	case db.IsNotFound(err):
		hash, err := HashPassword(ctx, who.password)
		return account{newcomer: who, passwordHash: hash}, err
	case err != nil:
		return account{}, fmt.Errorf("look for a person: %w", err)
	}
	matches, err := passwordMatches(ctx, who.password, known.PasswordHash)
	if err != nil {
		return account{}, err
	}
	if !matches || known.DisabledAt != nil {
		return account{}, errSignUpRefused
	}
	return account{personID: known.ID}, nil
}

// in makes the person in a transaction unless there is one.
func (a account) in(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
	if a.personID != uuid.Nil {
		return a.personID, nil
	}
	return tx.AddPerson(ctx, a.newcomer.email, a.newcomer.displayName, a.passwordHash)
}

// invitationLasts is how long an invitation may be accepted.
const invitationLasts = 7 * 24 * time.Hour

// InviteInput invites whoever has an e-mail address into an organisation.
type InviteInput struct {
	OrganisationID uuid.UUID
	Email          string
	Roles          []access.Role
}

// MemberInvite invites a person into an organisation for 7 days and returns the token, which is shown once and kept as its hash.
// The organisation's administrator may, and the platform's for one that has no members: then the first is its administrator.
// Whether the address has an account is not said. Who belongs to it already gets the further roles.
func (m *Market) MemberInvite(ctx context.Context, in InviteInput) (token string, expiresAt time.Time, err error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return "", time.Time{}, err
	}
	token = newSecret("gsi_")
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		first, err := mayInvite(v, in.OrganisationID, func() (bool, error) {
			if _, err := tx.OrganisationByID(ctx, in.OrganisationID); err != nil {
				return false, atField(err, "organisationId")
			}
			return tx.HasMembers(ctx, in.OrganisationID)
		})
		if err != nil {
			return err
		}
		invited, err := in.parse(first)
		if err != nil {
			return err
		}
		expiresAt = tx.Now().Add(invitationLasts)
		invited.ExpiresAt = expiresAt
		id, err := tx.AddInvitation(ctx, invited, secretHash(token))
		if err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{
			Name: "memberInvite", Kind: "Organisation", ID: in.OrganisationID, Change: map[string]any{"invitation": id, "roles": in.Roles},
		})
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return token, expiresAt, nil
}

func (in InviteInput) parse(first bool) (store.Invitation, error) {
	var wrong fault.List
	email := take(&wrong)(access.ParseEmail(in.Email, "input.email"))
	wrong = appendFault(wrong, access.CheckRoles(in.Roles, first, "input.roles"))
	return store.Invitation{OrganisationID: in.OrganisationID, Email: email, Roles: in.Roles}, wrong.OrNil()
}

// AcceptInput is an invitation's token, and what a new person states; who is signed in leaves the rest out.
type AcceptInput struct {
	Token       string
	DisplayName string
	Password    string
}

// Invitation returns what whoever holds a token is asked to join. A token that is unknown, used or over is INVITATION_INVALID.
func (m *Market) Invitation(ctx context.Context, token string) (store.Invitation, error) {
	invited, err := m.Store.InvitationByToken(ctx, secretHash(token))
	if fault.CodeOf(err) == "NOT_FOUND" || err == nil && (invited.Accepted || !m.Store.Now().Before(invited.ExpiresAt)) {
		return store.Invitation{}, errInvitationInvalid
	}
	return invited, err
}

// InvitationAccept makes the invited person a member: the viewer, or a new person when nobody is signed in.
//
// A token that is unknown, used or over is INVITATION_INVALID. It is for the invited address only: signed in as somebody
// else it is INVITATION_FOR_ANOTHER, and where that address has an account SIGN_IN_TO_ACCEPT.
func (m *Market) InvitationAccept(ctx context.Context, in AcceptInput) (Identity, error) {
	invited, err := m.Invitation(ctx, in.Token)
	if err != nil {
		return Identity{}, err
	}
	joining, err := m.joining(ctx, in, invited.Email)
	if err != nil {
		return Identity{}, err
	}
	id := Identity{OrganisationID: invited.OrganisationID}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if id.PersonID, err = joining.in(ctx, tx); err != nil {
			return err
		}
		accepted, err := tx.AcceptInvitation(ctx, invited.ID)
		if err != nil {
			return err
		}
		if !accepted {
			return errInvitationInvalid
		}
		if err := tx.AddMember(ctx, id.OrganisationID, id.PersonID, invited.Roles); err != nil {
			return err
		}
		return tx.Record(id.as(ctx), store.Act{
			Name: "invitationAccept", Kind: "Organisation", ID: id.OrganisationID, Change: map[string]any{"invitation": invited.ID, "roles": invited.Roles},
		})
	})
	if store.IsTaken(err) {
		return Identity{}, errSignInToAccept // the account was made meanwhile
	}
	return id, err
}

var (
	errInvitationInvalid = fault.New(fault.Conflict, "INVITATION_INVALID", "This invitation does not exist, was used, or is over. Ask for a new one.").At("input.token")
	errSignInToAccept    = fault.New(fault.Conflict, "SIGN_IN_TO_ACCEPT", "The invited e-mail address has an account: sign in, then accept.")
)

// joining is the account that accepts an invitation to an e-mail address.
func (m *Market) joining(ctx context.Context, in AcceptInput, email string) (account, error) {
	known, err := m.Store.Read().Person.Query().Where(person.Email(email)).OnlyID(store.AsSystem(ctx))
	if err != nil && !db.IsNotFound(err) {
		return account{}, fmt.Errorf("look for a person: %w", err)
	}
	viewer := access.FromContext(ctx).PersonID
	switch {
	case viewer != uuid.Nil && viewer == known:
		return account{personID: viewer}, nil
	case viewer != uuid.Nil:
		return account{}, fault.New(fault.Conflict, "INVITATION_FOR_ANOTHER", "This invitation is for another e-mail address. Sign out to accept it as a new person.")
	case known != uuid.Nil:
		return account{}, errSignInToAccept
	}
	who := newcomer{email: email, password: in.Password}
	var wrong fault.List
	who.displayName = take(&wrong)(access.ParseName(in.DisplayName, "input.displayName"))
	if wrong = appendFault(wrong, access.CheckPassword(in.Password, "input.password")); len(wrong) > 0 {
		return account{}, wrong
	}
	hash, err := HashPassword(ctx, in.Password)
	return account{newcomer: who, passwordHash: hash}, err
}
