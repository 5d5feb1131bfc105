// Package graph is the GraphQL edge: product.graphqls beside product.resolvers.go.
//
// It reads through ent, narrowed to the viewer, and writes through market. It decides nothing: what a client may do
// is a field computed by the rule that the mutation uses. Relations load in batches (loaders.go), growing lists as
// keyset pages (pages.go), refusals become payload errors (answers.go).
package graph

import (
	"context"

	"github.com/google/uuid"

	"gongshu/internal/access"
	"gongshu/internal/feed"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// Resolver answers the fields of the schema.
type Resolver struct {
	Store    *store.Store
	Market   *market.Market
	Sessions Sessions
	// Origin is the address that people and programs use, without a slash at its end; without it addresses are relative.
	Origin string
	// Feed is what streams are fed from.
	Feed *feed.Feed
}

// Sessions is the session of the browser that a request comes from.
// Open, Switch and Close also change who acts in the rest of the request (access.Become).
type Sessions interface {
	// Open begins a session of a person that acts as an organisation; one that the browser had ends.
	Open(ctx context.Context, personID, organisationID uuid.UUID) error
	// Switch makes the session act as another organisation of the same person. It lasts no longer for that.
	Switch(ctx context.Context, organisationID uuid.UUID) error
	// Still is who acts by the session now, nobody when it has ended; it changes nobody.
	Still(ctx context.Context) (access.Viewer, error)
	// Close ends the session; without one it does nothing.
	Close(ctx context.Context) error
}
