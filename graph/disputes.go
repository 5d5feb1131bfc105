package graph

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/dispute"
	"gongshu/internal/ordering"
)

// disputeLoaders are disputes by what they are of, the first first.
type disputeLoaders struct {
	disputes           *dataloadgen.Loader[uuid.UUID, *db.Dispute]
	disputesOfPayments *dataloadgen.Loader[uuid.UUID, []*db.Dispute]
	disputesOfOrders   *dataloadgen.Loader[uuid.UUID, []*db.Dispute]
}

func newDisputeLoaders(c *db.Client) disputeLoaders {
	return disputeLoaders{
		disputes: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Dispute, error) {
			return c.Dispute.Query().Where(dispute.IDIn(ids...)).All(ctx)
		}, func(d *db.Dispute) uuid.UUID { return d.ID }),
		disputesOfPayments: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Dispute, error) {
			return c.Dispute.Query().Where(dispute.PaymentIDIn(owners...)).Order(db.Asc(dispute.FieldID)).All(ctx)
		}, func(d *db.Dispute) uuid.UUID { return d.PaymentID }),
		disputesOfOrders: byOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Dispute, error) {
			return c.Dispute.Query().Where(dispute.OrderIDIn(owners...)).Order(db.Asc(dispute.FieldID)).All(ctx)
		}, func(d *db.Dispute) uuid.UUID { return d.OrderID }),
	}
}

// isDisputed reports whether a bank asks a payment of an order back now.
func isDisputed(ctx context.Context, orderID uuid.UUID) (bool, error) {
	disputes, err := loadersOf(ctx).disputesOfOrders.Load(ctx, orderID)
	return slices.ContainsFunc(disputes, func(d *db.Dispute) bool { return d.State == ordering.DisputeOpen }), err
}
