package graph

import (
	"context"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/dispute"
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
