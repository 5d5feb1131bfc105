package market

import (
	"context"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// recheck holds the listing gate against products again, after something under them changed in the same transaction.
// Those that are listed and no longer may be are SUSPENDED; those that are off the market and serve the rights that run
// stop serving them, or retired ones begin to again: see authorisation.Suspension. The scores of their metadata follow. The search learns of the listed ones,
// which stay on the market too: how they are found, and for what they may be used, may have changed. It returns how many
// products it changed.
func (m *Market) recheck(ctx context.Context, tx *store.Tx, productIDs ...uuid.UUID) (changed int, err error) {
	if len(productIDs) == 0 {
		return 0, nil
	}
	policies, err := tx.Policies(ctx)
	if err != nil {
		return 0, err
	}
	products, described, err := tx.GateDescribed(ctx, productIDs...)
	if err != nil {
		return 0, err
	}
	if _, err := m.scoreThese(ctx, tx, products, described); err != nil {
		return 0, err
	}
	for _, id := range productIDs { // in the order given, so that records read alike each time
		p, found := products[id]
		if !found {
			continue
		}
		delete(products, id)
		because, change := authorisation.Suspension(p, authorisation.Obstacles(p, policies.Listing, authorisation.DayOf(tx.Now())))
		if change {
			if err := m.takeDown(ctx, tx, p, because); err != nil {
				return changed, err
			}
			changed++
		}
		if p.Status == authorisation.ProductListed {
			if err := tx.ProductsChanged(ctx, id); err != nil {
				return changed, err
			}
		}
	}
	return changed, nil
}

// mustBeOffered refuses a use of a product for a purpose for which its data items are not granted: see authorisation.Offered.
func mustBeOffered(ctx context.Context, tx *store.Tx, productID, operatorID uuid.UUID, p purpose.Purpose) error {
	product, err := tx.LookAtOffer(ctx, productID, operatorID)
	if err != nil {
		return err
	}
	return authorisation.Offered(product, p, authorisation.DayOf(tx.Now()))
}

// takeDown suspends a listed product for an obstacle, or saves why one that is off the market serves nobody, or does again.
func (m *Market) takeDown(ctx context.Context, tx *store.Tx, p authorisation.Product, because authorisation.Obstacle) error {
	if err := tx.SuspendProduct(ctx, p, because.Code); err != nil {
		return err
	}
	change := map[string]any{"obstacle": because.Code, "subjectKind": because.Subject.Kind, "subjectId": because.Subject.ID}
	if p.Status != authorisation.ProductListed {
		change["suspensionCode"] = []authorisation.ObstacleCode{p.Suspension, because.Code}
		return tx.Record(ctx, store.Act{Name: "productRecheck", Kind: "Product", ID: p.ID, Reason: because.Message, Change: change})
	}
	change["status"] = []authorisation.ProductStatus{authorisation.ProductListed, authorisation.ProductSuspended}
	if err := tx.Record(ctx, store.Act{Name: "productSuspend", Kind: "Product", ID: p.ID, Reason: because.Message, Change: change}); err != nil {
		return err
	}
	return tellMoved(ctx, tx, p.ID, p.Status, authorisation.ProductSuspended, because.Code)
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
