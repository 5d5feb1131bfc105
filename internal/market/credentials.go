package market

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/store"
)

// CredentialInput is what a credential is made for.
type CredentialInput struct {
	EntitlementID  uuid.UUID
	Name           string
	IdempotencyKey string
}

// The bounds of credentials. Every entitlement needs few at once: one for each system that calls.
const (
	maxCredentialName    = 100
	maxActiveCredentials = 20
)

// CredentialIssue makes a credential that opens the data calls of an entitlement, and returns its id and its secret, which
// is shown this once and stored hashed. It ends with its entitlement. Members of the entitled organisation with the role
// BUYER or SECURITY may.
//
// The same key again is the same credential, without its secret; under another name it is IDEMPOTENCY_KEY_REUSED.
// Refused with ENTITLEMENT_REVOKED, ENTITLEMENT_SUSPENDED, ENTITLEMENT_EXPIRED, CREDENTIAL_NAME_TOO_LONG,
// CREDENTIALS_TOO_MANY.
func (m *Market) CredentialIssue(ctx context.Context, in CredentialInput) (id uuid.UUID, secret string, err error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return uuid.Nil, "", err
	}
	if err := inputKey(ordering.CheckIdempotencyKey(in.IdempotencyKey)); err != nil {
		return uuid.Nil, "", err
	}
	if in.Name = strings.TrimSpace(in.Name); utf8.RuneCountInString(in.Name) > maxCredentialName {
		return uuid.Nil, "", fault.New(fault.Invalid, "CREDENTIAL_NAME_TOO_LONG", "A name has at most %d characters.", maxCredentialName).
			At("input.name").With("max", maxCredentialName)
	}
	id, err = once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		secret = ""
		e, err := mayHoldCredentials(ctx, tx, in.EntitlementID)
		if err != nil {
			return uuid.Nil, err
		}
		before, found, err := tx.CredentialByKey(ctx, e.ID, in.IdempotencyKey)
		if err != nil || found {
			return before.ID, firstOf(err, inputKey(ordering.CheckIdempotency("name:"+before.Name, "name:"+in.Name)))
		}
		n, err := tx.ActiveCredentials(ctx, e.ID)
		if err != nil {
			return uuid.Nil, err
		}
		if n >= maxActiveCredentials {
			return uuid.Nil, fault.New(fault.Conflict, "CREDENTIALS_TOO_MANY", "An entitlement has at most %d credentials at once.", maxActiveCredentials).With("max", maxActiveCredentials)
		}
		var id uuid.UUID
		id, secret, err = addCredential(ctx, tx, e, in.Name, in.IdempotencyKey)
		if err != nil {
			return uuid.Nil, err
		}
		return id, tx.Record(ctx, store.Act{Name: "credentialIssue", Kind: "Credential", ID: id, Change: map[string]any{"entitlement": e.ID}})
	})
	return id, secret, err
}

// CredentialRotate replaces a credential by a new one of the same name at once, and returns the new one with its secret.
// Who may, and what is refused, is as in CredentialIssue; CREDENTIAL_REVOKED for one that has ended. The same key again
// is the same new credential, without its secret.
func (m *Market) CredentialRotate(ctx context.Context, old uuid.UUID, key string) (id uuid.UUID, secret string, err error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return uuid.Nil, "", err
	}
	if err := ordering.CheckIdempotencyKey(key); err != nil {
		return uuid.Nil, "", err
	}
	id, err = once(ctx, m.Store, func(ctx context.Context, tx *store.Tx) (uuid.UUID, error) {
		secret = ""
		c, err := tx.CredentialByID(ctx, old)
		if err != nil {
			return uuid.Nil, err
		}
		e, err := mayHoldCredentials(ctx, tx, c.EntitlementID)
		if err != nil {
			return uuid.Nil, err
		}
		before, found, err := tx.CredentialByKey(ctx, e.ID, key)
		if err != nil {
			return uuid.Nil, err
		}
		if found {
			// A rotation ends the old and begins the new credential in one moment; nothing else does.
			if c.RevokedAt != nil && c.RevokedAt.Equal(before.CreatedAt) {
				return before.ID, nil
			}
			return uuid.Nil, ordering.CheckIdempotency("another credential", "this one")
		}
		if err := credentialStands(c.Status); err != nil {
			return uuid.Nil, err
		}
		if err := tx.RevokeCredential(ctx, old); err != nil {
			return uuid.Nil, err
		}
		var id uuid.UUID
		id, secret, err = addCredential(ctx, tx, e, c.Name, key)
		if err != nil {
			return uuid.Nil, err
		}
		return id, tx.Record(ctx, store.Act{Name: "credentialRotate", Kind: "Credential", ID: id, Change: map[string]any{"entitlement": e.ID, "replaced": old}})
	})
	return id, secret, err
}

// CredentialRevoke ends a credential at once; done twice it answers the same. Who may is as in CredentialIssue.
func (m *Market) CredentialRevoke(ctx context.Context, id uuid.UUID) error {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.CredentialByID(ctx, id)
		if err != nil {
			return err
		}
		e, err := tx.EntitlementByID(ctx, c.EntitlementID)
		if err != nil {
			return err
		}
		if err := holdsCredentials(v, e.OrganisationID, "credential"); err != nil {
			return err
		}
		if c.Status == ordering.CredentialRevoked {
			return nil
		}
		if err := tx.RevokeCredential(ctx, id); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "credentialRevoke", Kind: "Credential", ID: id, Change: map[string]any{"entitlement": e.ID}})
	})
}

// mayHoldCredentials reads an entitlement for which the viewer may make credentials now.
func mayHoldCredentials(ctx context.Context, tx *store.Tx, id uuid.UUID) (store.Entitlement, error) {
	e, err := tx.EntitlementByID(ctx, id)
	if err != nil {
		return store.Entitlement{}, at(err, map[string]string{"": "entitlementId"})
	}
	if err := holdsCredentials(access.FromContext(ctx), e.OrganisationID, "entitlement"); err != nil {
		return store.Entitlement{}, err
	}
	return e, ordering.Usable(e.Entitlement, tx.Now())
}

// MayIssueCredential reports whether the viewer may make a credential of an organisation's entitlement now, by the rule
// that CredentialIssue uses.
func (m *Market) MayIssueCredential(v access.Viewer, organisation uuid.UUID, e ordering.Entitlement) bool {
	return holdsCredentials(v, organisation, "entitlement") == nil && ordering.Usable(e, m.Store.Now()) == nil
}

// MayRotateCredential reports whether the viewer may replace a credential of an organisation's entitlement now, by the rule
// that CredentialRotate uses.
func (m *Market) MayRotateCredential(v access.Viewer, organisation uuid.UUID, e ordering.Entitlement, status ordering.CredentialStatus) bool {
	return m.MayIssueCredential(v, organisation, e) && credentialStands(status) == nil
}

// MayRevokeCredential reports whether the viewer may end a credential of an organisation that has not ended yet, by the rule
// that CredentialRevoke uses.
func (m *Market) MayRevokeCredential(v access.Viewer, organisation uuid.UUID, status ordering.CredentialStatus) bool {
	return holdsCredentials(v, organisation, "credential") == nil && credentialStands(status) == nil
}

func credentialStands(status ordering.CredentialStatus) error {
	if !status.CanBecome(ordering.CredentialRevoked) {
		return fault.New(fault.Conflict, "CREDENTIAL_REVOKED", "This credential has ended.")
	}
	return nil
}

func holdsCredentials(v access.Viewer, organisation uuid.UUID, what string) error {
	return v.MayActFor(organisation, what, access.Buyer, access.BuyerRole, access.Security)
}

func addCredential(ctx context.Context, tx *store.Tx, e store.Entitlement, name, key string) (uuid.UUID, string, error) {
	secret := newSecret("gsk_")
	id, err := tx.AddCredential(ctx, store.Credential{
		EntitlementID: e.ID, PersonID: access.FromContext(ctx).PersonID, Name: name, SecretHash: secretHash(secret),
		Hint: secret[:8], ExpiresAt: *e.ExpiresAt, IdempotencyKey: key,
	})
	return id, secret, err
}

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newSecret is a prefix and 256 random bits.
func newSecret(prefix string) string {
	var bits [32]byte
	rand.Read(bits[:]) // never fails
	return prefix + crockford.EncodeToString(bits[:])
}

// secretHash is how secrets are stored; of 256 random bits a plain hash tells nothing.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
