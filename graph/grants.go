package graph

import (
	"context"
	"fmt"
	"strings"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/grantitem"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/resource"
	"gongshu/graph/model"
	"gongshu/graph/view"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/search"
)

// grantLoaders load the relations of resources, agreements and grants.
type grantLoaders struct {
	resourceItems *level[[]*db.DataItem]
	agreements    *dataloadgen.Loader[uuid.UUID, *db.Agreement]
	grantItems    *dataloadgen.Loader[uuid.UUID, []*db.DataItem]
	// Of a grant, the proceeding in which it was decided.
	grantProceedings *dataloadgen.Loader[uuid.UUID, *db.Proceeding]
	// resourceApprovals are those that wait.
	resourceApprovals *dataloadgen.Loader[uuid.UUID, *db.Proceeding]
}

func newGrantLoaders(c *db.Client) grantLoaders {
	return grantLoaders{
		resourceItems: newLevel(rowsByOwner(func(ctx context.Context, ids []uuid.UUID) ([]*db.DataItem, error) {
			return c.DataItem.Query().Where(dataitem.ResourceIDIn(ids...), dataitem.Withdrawn(false)).
				Order(db.Asc(dataitem.FieldPosition, dataitem.FieldID)).All(ctx)
		}, func(i *db.DataItem) uuid.UUID { return i.ResourceID })),
		agreements: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Agreement, error) {
			return c.Agreement.Query().Where(agreement.IDIn(ids...)).All(ctx)
		}, func(a *db.Agreement) uuid.UUID { return a.ID }),
		grantItems: dataloadgen.NewLoader(func(ctx context.Context, ids []uuid.UUID) ([][]*db.DataItem, []error) {
			return itemsOfGrants(ctx, c, ids)
		}, dataloadgen.WithWait(batchWait)),
		grantProceedings: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Proceeding, error) {
			return c.Proceeding.Query().Where(proceeding.SubjectIDIn(ids...), proceeding.KindEQ(authorisation.ProceedingGrant)).All(ctx)
		}, func(p *db.Proceeding) uuid.UUID { return p.SubjectID }),
		resourceApprovals: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Proceeding, error) {
			return c.Proceeding.Query().Where(proceeding.SubjectIDIn(ids...), proceeding.KindEQ(authorisation.ProceedingResourceApproval),
				proceeding.EndedAtIsNil()).All(ctx)
		}, func(p *db.Proceeding) uuid.UUID { return p.SubjectID }),
	}
}

// itemsOfGrants reads what grants hold; an item that the viewer may not see is left out.
func itemsOfGrants(ctx context.Context, c *db.Client, ids []uuid.UUID) ([][]*db.DataItem, []error) {
	held, err := c.GrantItem.Query().Where(grantitem.GrantIDIn(ids...)).WithItem().Order(db.Asc(grantitem.FieldID)).All(ctx)
	if err != nil {
		return nil, []error{err}
	}
	of := map[uuid.UUID][]*db.DataItem{}
	for _, h := range held {
		if h.Edges.Item != nil {
			of[h.GrantID] = append(of[h.GrantID], h.Edges.Item)
		}
	}
	out := make([][]*db.DataItem, len(ids))
	for i, id := range ids {
		if out[i] = of[id]; out[i] == nil {
			out[i] = []*db.DataItem{}
		}
	}
	return out, nil
}

// resourcePage reads a page of resources, and counts them all only when that is asked for.
func (r *Resolver) resourcePage(ctx context.Context, q *db.ResourceQuery, first *int, after *string) (*model.ResourceConnection, error) {
	out := &model.ResourceConnection{}
	for _, field := range graphql.CollectFieldsCtx(ctx, nil) {
		if field.Name != "totalCount" {
			continue
		}
		var err error
		if out.TotalCount, err = q.Clone().Count(ctx); err != nil {
			return nil, err
		}
		break
	}
	p, err := fetchPage(ctx, q, first, after, oldestFirst, func(r *db.Resource) uuid.UUID { return r.ID })
	if err != nil {
		return nil, err
	}
	loadersOf(ctx).expectResources(p.rows)
	out.PageInfo = *p.info()
	out.Edges = edges(p, func(cursor string, row *db.Resource) *model.ResourceEdge {
		return &model.ResourceEdge{Cursor: cursor, Node: *row}
	})
	return out, nil
}

// resourceQuery narrows resources by a filter; an id that cannot be one is NOT_FOUND, a text that is too long SEARCH_TEXT_TOO_LONG.
func (r *Resolver) resourceQuery(filter *model.ResourceFilter) (*db.ResourceQuery, error) {
	q := r.Store.Read().Resource.Query()
	if filter == nil {
		return q, nil
	}
	if text := strings.TrimSpace(valueOr(filter.Text.Value())); text != "" {
		if err := search.CheckText(text, "filter.text"); err != nil {
			return nil, err
		}
		q.Where(resource.Or(resource.NameContainsFold(text), resource.NameEnContainsFold(text), itemNamed(text)))
	}
	if text := filter.DomainID.Value(); text != nil {
		id, err := parseID(domainID, *text, "filter.domainId")
		if err != nil {
			return nil, err
		}
		q.Where(resource.DomainID(id))
	}
	if text := filter.SourceUnitID.Value(); text != nil {
		id, err := parseID(organisationID, *text, "filter.sourceUnitId")
		if err != nil {
			return nil, err
		}
		q.Where(resource.SourceUnitID(id))
	}
	if status := filter.Status.Value(); status != nil {
		q.Where(resource.StatusEQ(*status))
	}
	return q, nil
}

// itemNamed matches resources of whose items one is named so; whoever sees a resource sees its items (store/scope.go).
func itemNamed(text string) predicate.Resource {
	return func(s *sql.Selector) {
		i := sql.Table(dataitem.Table)
		s.Where(sql.In(s.C(resource.FieldID), sql.Select(i.C(dataitem.FieldResourceID)).From(i).Where(sql.And(
			sql.EQ(i.C(dataitem.FieldWithdrawn), false),
			sql.Or(sql.ContainsFold(i.C(dataitem.FieldName), text), sql.ContainsFold(i.C(dataitem.FieldNameEn), text)),
		))))
	}
}

// resourcePayload reads a resource afresh after a use-case, unless that refused.
func (r *Resolver) resourcePayload(ctx context.Context, id uuid.UUID, err error) (*view.ResourcePayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.ResourcePayload{Errors: errs}, err
	}
	row, err := orNil(r.Store.Read().Resource.Get(ctx, id))
	return &view.ResourcePayload{Resource: row, Errors: errs}, err
}

// agreementPayload reads an agreement afresh after a use-case, unless that refused.
func (r *Resolver) agreementPayload(ctx context.Context, id uuid.UUID, err error) (*view.AgreementPayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.AgreementPayload{Errors: errs}, err
	}
	row, err := orNil(r.Store.Read().Agreement.Get(ctx, id))
	return &view.AgreementPayload{Agreement: row, Errors: errs}, err
}

// onAgreement does something about an agreement that a client names.
func (r *Resolver) onAgreement(ctx context.Context, text string, do func(uuid.UUID) error) (*view.AgreementPayload, error) {
	id, err := parseID(agreementID, text, "id")
	if err == nil {
		err = do(id)
	}
	return r.agreementPayload(ctx, id, err)
}

// onResource does something about a resource that a client names.
func (r *Resolver) onResource(ctx context.Context, text string, do func(uuid.UUID) error) (*view.ResourcePayload, error) {
	id, err := parseID(resourceID, text, "id")
	if err == nil {
		err = do(id)
	}
	return r.resourcePayload(ctx, id, err)
}

func itemClassifications(in []*model.ItemClassification) ([]market.ItemClassification, error) {
	out := make([]market.ItemClassification, len(in))
	for i, c := range in {
		out[i] = market.ItemClassification{Grade: c.Grade, Linkage: c.Linkage, Sensitivity: c.Sensitivity, Protections: c.Protections}
		var err error
		if out[i].ItemID, err = parseID(itemID, c.ItemID, fmt.Sprintf("items.%d.itemId", i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// clausesOf reads the clauses of an agreement; one that is there twice is CLAUSE_TWICE.
func clausesOf(in []*model.AgreementClauseInput) (map[authorisation.Clause]string, error) {
	clauses := map[authorisation.Clause]string{}
	var wrong fault.List
	for i, c := range in {
		if _, there := clauses[c.Clause]; there {
			wrong = append(wrong, fault.New(fault.Invalid, "CLAUSE_TWICE", "The clause %s is there twice.", c.Clause).
				At(fmt.Sprintf("input.clauses.%d.clause", i)).With("clause", string(c.Clause)))
		}
		clauses[c.Clause] = c.Text
	}
	return clauses, wrong.OrNil()
}

func grantInput(in model.GrantApplyInput) (out market.GrantInput, err error) {
	out = market.GrantInput{Purposes: in.Purposes, StartsOn: in.StartsOn, EndsOn: in.EndsOn, Note: in.Note, IdempotencyKey: in.IdempotencyKey}
	if out.AgreementID, err = parseID(agreementID, in.AgreementID, "input.agreementId"); err != nil {
		return out, err
	}
	if out.ItemIDs, err = parseIDs(itemID, in.ItemIds, "input.itemIds"); err != nil {
		return out, err
	}
	out.Evidence, err = parseIDs(documentID, in.Evidence.Value(), "input.evidence")
	return out, err
}

// expectResources names what a page of resources will ask for.
func (l *loaders) expectResources(rows []*db.Resource) {
	for _, row := range rows {
		l.organisations.expect(row.SourceUnitID)
		l.domains.expect(row.DomainID)
		l.resourceItems.expect(row.ID)
		l.resourceFacts.expect(row.ID)
		l.resourceProducts.expect(row.ID)
	}
}
