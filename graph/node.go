package graph

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/graph/view"
	"gongshu/internal/publicid"
)

// fetch reads one row by its id, narrowed to the viewer.
type fetch func(ctx context.Context, c *db.Client, id uuid.UUID) (view.Node, error)

// nodes say for every prefix how its type is read; a test holds the list against the schema.
var nodes = map[string]fetch{
	organisationID:     loaded(func(l *loaders) loader[db.Organisation] { return l.organisations }),
	personID:           node(func(c *db.Client) get[db.Person] { return c.Person.Get }),
	domainID:           loaded(func(l *loaders) loader[db.Domain] { return l.domains }),
	resourceID:         loaded(func(l *loaders) loader[db.Resource] { return l.resources }),
	itemID:             node(func(c *db.Client) get[db.DataItem] { return c.DataItem.Get }),
	batchID:            node(func(c *db.Client) get[db.ResourceBatch] { return c.ResourceBatch.Get }),
	agreementID:        node(func(c *db.Client) get[db.Agreement] { return c.Agreement.Get }),
	grantID:            node(func(c *db.Client) get[db.Grant] { return c.Grant.Get }),
	proceedingID:       node(func(c *db.Client) get[db.Proceeding] { return c.Proceeding.Get }),
	decisionID:         node(func(c *db.Client) get[db.Decision] { return c.Decision.Get }),
	productID:          loaded(func(l *loaders) loader[db.Product] { return l.products }),
	planID:             node(func(c *db.Client) get[db.Plan] { return c.Plan.Get }),
	capID:              node(func(c *db.Client) get[db.PriceCap] { return c.PriceCap.Get }),
	allocationRuleID:   node(func(c *db.Client) get[db.AllocationRule] { return c.AllocationRule.Get }),
	datasetID:          node(func(c *db.Client) get[db.Dataset] { return c.Dataset.Get }),
	orderID:            node(func(c *db.Client) get[db.Order] { return c.Order.Get }),
	billID:             node(func(c *db.Client) get[db.Bill] { return c.Bill.Get }),
	invoiceID:          node(func(c *db.Client) get[db.Invoice] { return c.Invoice.Get }),
	disputeID:          node(func(c *db.Client) get[db.Dispute] { return c.Dispute.Get }),
	paymentID:          node(func(c *db.Client) get[db.Payment] { return c.Payment.Get }),
	entitlementID:      node(func(c *db.Client) get[db.Entitlement] { return c.Entitlement.Get }),
	credentialID:       node(func(c *db.Client) get[db.Credential] { return c.Credential.Get }),
	usageID:            node(func(c *db.Client) get[db.Usage] { return c.Usage.Get }),
	jobID:              node(func(c *db.Client) get[db.Job] { return c.Job.Get }),
	refundID:           node(func(c *db.Client) get[db.Refund] { return c.Refund.Get }),
	statementID:        node(func(c *db.Client) get[db.Statement] { return c.Statement.Get }),
	payoutBatchID:      node(func(c *db.Client) get[db.PayoutBatch] { return c.PayoutBatch.Get }),
	discrepancyID:      node(func(c *db.Client) get[db.Discrepancy] { return c.Discrepancy.Get }),
	notificationID:     node(func(c *db.Client) get[db.Notification] { return c.Notification.Get }),
	transferID:         node(func(c *db.Client) get[db.BankTransfer] { return c.BankTransfer.Get }),
	bankStatementID:    node(func(c *db.Client) get[db.BankStatement] { return c.BankStatement.Get }),
	bankFormatID:       node(func(c *db.Client) get[db.BankFormat] { return c.BankFormat.Get }),
	bankLineID:         node(func(c *db.Client) get[db.BankLine] { return c.BankLine.Get }),
	synonymGroupID:     node(func(c *db.Client) get[db.SynonymGroup] { return c.SynonymGroup.Get }),
	permittedRevenueID: node(func(c *db.Client) get[db.PermittedRevenue] { return c.PermittedRevenue.Get }),
}

type get[T any] = func(context.Context, uuid.UUID) (*T, error)

func node[T any](of func(*db.Client) get[T]) fetch {
	return func(ctx context.Context, c *db.Client, id uuid.UUID) (view.Node, error) {
		return orNil(of(c)(ctx, id))
	}
}

// loader gives rows by their ids, several in one statement.
type loader[T any] interface {
	Load(ctx context.Context, id uuid.UUID) (*T, error)
}

// loaded is node for what many of one operation may be asked for.
func loaded[T any](of func(*loaders) loader[T]) fetch {
	return func(ctx context.Context, _ *db.Client, id uuid.UUID) (view.Node, error) {
		row, err := of(loadersOf(ctx)).Load(ctx, id)
		return any(row).(view.Node), err
	}
}

// node reads any object by its id; what the viewer may not see is as absent as what no id of ours names.
func (r *Resolver) node(ctx context.Context, text string) (view.Node, error) {
	prefix, _, _ := strings.Cut(text, "_")
	id, ok := publicid.Parse(prefix, text)
	if !ok {
		return nil, nil
	}
	if prefix == documentID { // evidence is seen by those who see its proceeding, an invoice's file by those who see the invoice
		return orNil(r.Store.DocumentByID(ctx, id))
	}
	read, known := nodes[prefix]
	if !known {
		return nil, nil
	}
	return read(ctx, r.Store.Read(), id)
}
