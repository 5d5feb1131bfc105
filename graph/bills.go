package graph

import (
	"context"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/bill"
	"gongshu/ent/db/predicate"
	"gongshu/graph/model"
	"gongshu/internal/ordering"
)

// billPage is a page of bills, of one order or all.
func (r *Resolver) billPage(
	ctx context.Context, whose predicate.Bill, orderID *string, status *ordering.BillStatus, first *int, after *string,
) (*model.BillConnection, error) {
	q := r.Store.Read().Bill.Query().Where(whose)
	if orderID != nil {
		id, err := parseOrder(*orderID, "orderId")
		if err != nil {
			return nil, err
		}
		q.Where(bill.OrderID(id))
	}
	if status != nil {
		q.Where(bill.StatusEQ(*status))
	}
	p, err := fetchPage(ctx, q, first, after, newestFirst, func(b *db.Bill) uuid.UUID { return b.ID })
	if err != nil {
		return nil, err
	}
	return &model.BillConnection{
		Edges:    edges(p, func(c string, b *db.Bill) *model.BillEdge { return &model.BillEdge{Cursor: c, Node: *b} }),
		PageInfo: *p.info(),
	}, nil
}

// onItsWay reports whether what became of one of payments is not known yet.
func onItsWay(payments []*db.Payment) bool {
	for _, p := range payments {
		if p.State.Open() {
			return true
		}
	}
	return false
}
