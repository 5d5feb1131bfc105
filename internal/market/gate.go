package market

import (
	"context"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/outbox"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// recheck holds the listing gate against products again, after something under them changed in the same transaction.
// Those that are listed and no longer may be are SUSPENDED for their first obstacle; what is not listed stays as it is.
func (m *Market) recheck(ctx context.Context, tx *store.Tx, productIDs ...uuid.UUID) (suspended int, err error) {
	if len(productIDs) == 0 {
		return 0, nil
	}
	policies, err := tx.Policies(ctx)
	if err != nil {
		return 0, err
	}
	products, err := tx.GateProducts(ctx, productIDs...)
	if err != nil {
		return 0, err
	}
	for _, id := range productIDs { // in the order given, so that records read alike each time
		p, found := products[id]
		if !found || p.Status != authorisation.ProductListed {
			continue
		}
		delete(products, id)
		obstacles := authorisation.Obstacles(p, policies.Listing, authorisation.DayOf(tx.Now()))
		if len(obstacles) == 0 {
			continue
		}
		if err := m.takeDown(ctx, tx, id, obstacles[0]); err != nil {
			return suspended, err
		}
		suspended++
	}
	return suspended, nil
}

// mustBeOffered refuses a use of a product for a purpose for which its data items are not granted: see authorisation.Offered.
func mustBeOffered(ctx context.Context, tx *store.Tx, productID uuid.UUID, p purpose.Purpose) error {
	products, err := tx.LookAtProducts(ctx, productID)
	if err != nil {
		return err
	}
	return authorisation.Offered(products[productID], p, authorisation.DayOf(tx.Now()))
}

// takeDown suspends a listed product for an obstacle.
func (m *Market) takeDown(ctx context.Context, tx *store.Tx, id uuid.UUID, because authorisation.Obstacle) error {
	if err := tx.SuspendProduct(ctx, id, string(because.Code)); err != nil {
		return err
	}
	if err := tx.Record(ctx, store.Act{
		Name: "productSuspend", Kind: "Product", ID: id, Reason: because.Message,
		Change: map[string]any{
			"status": []authorisation.ProductStatus{authorisation.ProductListed, authorisation.ProductSuspended}, "obstacle": because.Code,
			"subjectKind": because.Subject.Kind, "subjectId": because.Subject.ID,
		},
	}); err != nil {
		return err
	}
	return tx.Promise(ctx, outbox.ProductChanged{ProductID: id})
}

// recheckResource holds the gate against the products that use a resource.
func (m *Market) recheckResource(ctx context.Context, tx *store.Tx, resourceID uuid.UUID) error {
	return m.recheckThose(ctx, tx, resourceID, tx.ProductsOfResource)
}

// recheckGrant holds the gate against the products that use what a grant holds.
func (m *Market) recheckGrant(ctx context.Context, tx *store.Tx, grantID uuid.UUID) error {
	return m.recheckThose(ctx, tx, grantID, tx.ProductsOfGrant)
}

// recheckOperator holds the gate against an operator's products: its agreement changed, or its own standing.
func (m *Market) recheckOperator(ctx context.Context, tx *store.Tx, operatorID uuid.UUID) error {
	return m.recheckThose(ctx, tx, operatorID, tx.ProductsOfOperator)
}

func (m *Market) recheckThose(ctx context.Context, tx *store.Tx, id uuid.UUID, find func(context.Context, uuid.UUID) ([]uuid.UUID, error)) error {
	products, err := find(ctx, id)
	if err != nil {
		return err
	}
	_, err = m.recheck(ctx, tx, products...)
	return err
}
