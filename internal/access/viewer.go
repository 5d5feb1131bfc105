// Package access owns who is looking and what they may do: parties, roles, the viewer and its permissions.
//
// Every act is done by a person as one organisation; permissions never add up across organisations.
// Nothing is allowed that is not asked for here: a zero Viewer is nobody and may only read what is public.
// What a viewer may see row by row is narrowed in package store.
package access

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"

	"gongshu/internal/fault"
)

// Viewer is the person who acts and the organisation it acts as. The zero value is nobody.
type Viewer struct {
	PersonID       uuid.UUID
	OrganisationID uuid.UUID
	// Verified says that the platform verified the organisation.
	Verified bool
	Parties  []Party
	Roles    []Role
}

type viewerKey struct{}

// With returns a context in which v acts.
func With(ctx context.Context, v Viewer) context.Context {
	acting := &atomic.Pointer[Viewer]{}
	acting.Store(&v)
	return context.WithValue(ctx, viewerKey{}, acting)
}

// FromContext returns who acts, nobody when the context does not say.
func FromContext(ctx context.Context) Viewer {
	if acting, ok := ctx.Value(viewerKey{}).(*atomic.Pointer[Viewer]); ok {
		return *acting.Load()
	}
	return Viewer{}
}

// Become makes v act in what is left of the request whose context With made: whoever signed in in the middle of one
// sees the rest of it as themselves. A context that With did not make is a broken invariant.
func Become(ctx context.Context, v Viewer) {
	ctx.Value(viewerKey{}).(*atomic.Pointer[Viewer]).Store(&v)
}

// SignedIn reports whether the viewer is a person.
func (v Viewer) SignedIn() bool { return v.PersonID != uuid.Nil }

// Is reports whether the viewer acts as a verified organisation with that capacity.
func (v Viewer) Is(p Party) bool { return v.Verified && slices.Contains(v.Parties, p) }

// Has reports whether the viewer has one of the roles in its organisation. An administrator has no other role by itself.
func (v Viewer) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(v.Roles, r) })
}

// MustSignIn refuses nobody.
func (v Viewer) MustSignIn() error {
	if !v.SignedIn() {
		return fault.New(fault.Unauthenticated, "SIGN_IN_REQUIRED", "Sign in first.")
	}
	return nil
}

// MayAct refuses everybody but a person with one of the roles in a verified organisation of the given capacity.
func (v Viewer) MayAct(as Party, roles ...Role) error {
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if !v.Verified {
		return fault.New(fault.Forbidden, "ORGANISATION_NOT_VERIFIED", "The organisation has to be verified before it takes part.")
	}
	if !slices.Contains(v.Parties, as) {
		return fault.New(fault.Forbidden, "PARTY_REQUIRED", "Only an organisation that takes part as %s may do this.", as).With("party", string(as))
	}
	return v.MustHave(roles...)
}

// MayActFor is MayAct for what belongs to the given organisation; to any other, it is absent.
func (v Viewer) MayActFor(owner uuid.UUID, what string, as Party, roles ...Role) error {
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if v.OrganisationID != owner {
		return fault.Absent(what)
	}
	return v.MayAct(as, roles...)
}

// MayAdminister refuses everybody but an administrator of the given organisation; to others it is absent.
func (v Viewer) MayAdminister(organisation uuid.UUID) error {
	if err := v.MustSignIn(); err != nil {
		return err
	}
	if v.OrganisationID != organisation {
		return fault.Absent("organisation")
	}
	return v.MustHave(Administrator)
}

// MustHave refuses whoever has none of the roles in its organisation; without roles it refuses nobody.
func (v Viewer) MustHave(roles ...Role) error {
	if len(roles) == 0 || v.Has(roles...) {
		return nil
	}
	return fault.New(fault.Forbidden, "ROLE_REQUIRED", "This needs the role %s in your organisation.", roles[0]).With("role", string(roles[0]))
}
