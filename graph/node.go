package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/graph/view"
	"gongshu/internal/fault"
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
	LoadAll(ctx context.Context, ids []uuid.UUID) ([]*T, error)
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

// together are the types that are read many at once, and what is expected to be asked of them then.
var together = map[string]func(ctx context.Context, ids []uuid.UUID) ([]view.Node, error){
	organisationID: manyOf(func(l *loaders) loader[db.Organisation] { return l.organisations }, nil),
	domainID:       manyOf(func(l *loaders) loader[db.Domain] { return l.domains }, nil),
	resourceID:     manyOf(func(l *loaders) loader[db.Resource] { return l.resources }, (*loaders).expectResources),
	productID:      manyOf(func(l *loaders) loader[db.Product] { return l.products }, (*loaders).expectGated),
}

func manyOf[T any](of func(*loaders) loader[T], expect func(*loaders, []*T)) func(context.Context, []uuid.UUID) ([]view.Node, error) {
	return func(ctx context.Context, ids []uuid.UUID) ([]view.Node, error) {
		l := loadersOf(ctx)
		rows, err := of(l).LoadAll(ctx, ids)
		if err != nil {
			return nil, err
		}
		if expect != nil {
			expect(l, slices.DeleteFunc(slices.Clone(rows), func(row *T) bool { return row == nil }))
		}
		out := make([]view.Node, len(rows))
		for i, row := range rows {
			out[i] = any(row).(view.Node)
		}
		return out, nil
	}
}

// nodesOf reads many objects: those of a type that pages are made of in one statement, others one after the other.
func (r *Resolver) nodesOf(ctx context.Context, texts []string) ([]view.Node, error) {
	if len(texts) > MaxPage {
		return nil, fault.New(fault.Invalid, "IDS_OUT_OF_RANGE", "At most %d ids are answered at once.", MaxPage).At("ids").With("max", MaxPage)
	}
	ids := map[string][]uuid.UUID{}
	read := map[string]view.Node{}
	for _, text := range texts {
		prefix, _, _ := strings.Cut(text, "_")
		if id, ok := publicid.Parse(prefix, text); ok && together[prefix] != nil {
			ids[prefix] = append(ids[prefix], id)
		} else if _, known := read[text]; !known {
			row, err := r.node(ctx, text)
			if err != nil {
				return nil, err
			}
			read[text] = row
		}
	}
	for prefix, some := range ids {
		rows, err := together[prefix](ctx, some)
		if err != nil {
			return nil, err
		}
		for i, id := range some {
			read[publicid.Encode(prefix, id)] = rows[i]
		}
	}
	out := make([]view.Node, len(texts))
	for i, text := range texts {
		out[i] = read[text]
	}
	return out, nil
}
