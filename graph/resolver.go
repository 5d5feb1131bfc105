// Package graph is the GraphQL edge: product.graphqls beside product.resolvers.go.
//
// It reads through ent, narrowed to the viewer, and writes through market. It decides nothing: what a client may do
// is a field computed by the rule that the mutation uses. Relations load in batches (loaders.go), growing lists as
// keyset pages (pages.go), refusals become payload errors (answers.go).
package graph

import (
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// Resolver answers the fields of the schema.
type Resolver struct {
	Store  *store.Store
	Market *market.Market
}
