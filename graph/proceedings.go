package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"gongshu/ent/db"
	"gongshu/ent/db/decision"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/party"
	"gongshu/ent/db/person"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/graph/model"
	"gongshu/graph/view"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/market"
	"gongshu/internal/store"
)

// identityLoaders are the relations of organisations, people and proceedings.
type identityLoaders struct {
	people  *dataloadgen.Loader[uuid.UUID, *db.Person]
	parties *level[[]*db.Party]
	grants  *dataloadgen.Loader[uuid.UUID, *db.Grant]
	// decisions, evidence and procedures of a proceeding, by its id.
	decisions  *level[[]*db.Decision]
	evidence   *level[[]*db.Document]
	procedures *level[store.Proceeding]
}

func newIdentityLoaders(s *store.Store) identityLoaders {
	c := s.Read()
	return identityLoaders{
		people: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Person, error) {
			return c.Person.Query().Where(person.IDIn(ids...)).All(ctx)
		}, func(p *db.Person) uuid.UUID { return p.ID }),
		parties: newLevel(rowsByOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Party, error) {
			return c.Party.Query().Where(party.OrganisationIDIn(owners...)).Order(db.Asc(party.FieldID)).All(ctx)
		}, func(p *db.Party) uuid.UUID { return p.OrganisationID })),
		grants: byID(func(ctx context.Context, ids []uuid.UUID) ([]*db.Grant, error) {
			return c.Grant.Query().Where(grant.IDIn(ids...)).All(ctx)
		}, func(g *db.Grant) uuid.UUID { return g.ID }),
		decisions: newLevel(rowsByOwner(func(ctx context.Context, owners []uuid.UUID) ([]*db.Decision, error) {
			return c.Decision.Query().Where(decision.ProceedingIDIn(owners...)).Order(db.Asc(decision.FieldID)).All(ctx)
		}, func(d *db.Decision) uuid.UUID { return d.ProceedingID })),
		evidence:   newLevel(inOrder(s.Evidence)),
		procedures: newLevel(inOrder(s.Proceedings)),
	}
}

// inOrder gives what is fetched by id in the order in which it is asked for.
func inOrder[V any](fetch func(context.Context, []uuid.UUID) (map[uuid.UUID]V, error)) func(context.Context, []uuid.UUID) ([]V, []error) {
	return func(ctx context.Context, ids []uuid.UUID) ([]V, []error) {
		found, err := fetch(ctx, ids)
		if err != nil {
			return nil, []error{err}
		}
		out := make([]V, len(ids))
		for i, id := range ids {
			out[i] = found[id]
		}
		return out, nil
	}
}

// expectProceedings names what a page of proceedings will likely be asked for.
func (l *loaders) expectProceedings(page []*db.Proceeding) {
	for _, p := range page {
		l.organisations.expect(p.ApplicantID)
		l.parties.expect(p.ApplicantID)
		if p.Kind == authorisation.ProceedingVerification {
			l.organisations.expect(p.SubjectID)
		}
		l.decisions.expect(p.ID)
		l.evidence.expect(p.ID)
		l.procedures.expect(p.ID)
		l.entitlementsOfProceedings.expect(p.ID)
	}
}

// deskOrder is the order of what waits for an organisation.
func deskOrder(organisationID uuid.UUID) direction {
	return direction{store.EarliestDeadlineFirst, func(s *sql.Selector, last uuid.UUID) { store.AfterOnTheDesk(organisationID, last)(s) }}
}

// proceedingPage reads a page of proceedings, of one kind when it is given.
func proceedingPage(ctx context.Context, q *db.ProceedingQuery, kind *authorisation.ProceedingKind, first *int, after *string, by direction) (*model.ProceedingConnection, error) {
	if kind != nil {
		q = q.Where(proceeding.KindEQ(*kind))
	}
	p, err := fetchPage(ctx, q, first, after, by, func(p *db.Proceeding) uuid.UUID { return p.ID })
	if err != nil {
		return nil, err
	}
	loadersOf(ctx).expectProceedings(p.rows)
	return &model.ProceedingConnection{PageInfo: *p.info(), Edges: edges(p, func(cursor string, p *db.Proceeding) *model.ProceedingEdge {
		return &model.ProceedingEdge{Cursor: cursor, Node: *p}
	})}, nil
}

// proceedingPayload reads a proceeding afresh after a use-case, unless that refused.
func (r *Resolver) proceedingPayload(ctx context.Context, id uuid.UUID, err error) (*view.ProceedingPayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.ProceedingPayload{Errors: errs}, err
	}
	row, err := r.Store.Read().Proceeding.Get(ctx, id)
	return &view.ProceedingPayload{Proceeding: row, Errors: errs}, err
}

// verifiedOperators are those whom the agency verified.
func (r *Resolver) verifiedOperators(ctx context.Context) *db.OrganisationQuery {
	return r.Store.Read().Organisation.Query().Where(takesPartAs(access.FromContext(ctx), access.Operator), organisation.StatusEQ(access.OrganisationVerified))
}

// organisationPage reads a page of organisations, oldest first.
func organisationPage(ctx context.Context, q *db.OrganisationQuery, first *int, after *string) (*model.OrganisationConnection, error) {
	p, err := fetchPage(ctx, q, first, after, oldestFirst, func(o *db.Organisation) uuid.UUID { return o.ID })
	if err != nil {
		return nil, err
	}
	for _, o := range p.rows {
		loadersOf(ctx).parties.expect(o.ID)
		loadersOf(ctx).organisationFacts.expect(o.ID)
	}
	return &model.OrganisationConnection{PageInfo: *p.info(), Edges: edges(p, func(cursor string, o *db.Organisation) *model.OrganisationEdge {
		return &model.OrganisationEdge{Cursor: cursor, Node: *o}
	})}, nil
}

// organisationPayload reads an organisation afresh after a use-case, unless that refused.
func (r *Resolver) organisationPayload(ctx context.Context, id uuid.UUID, err error) (*view.OrganisationPayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.OrganisationPayload{Errors: errs}, err
	}
	row, err := r.Store.Read().Organisation.Get(ctx, id)
	return &view.OrganisationPayload{Organisation: row, Errors: errs}, err
}

// onOrganisation does something about an organisation and answers with it.
func (r *Resolver) onOrganisation(ctx context.Context, id string, do func(uuid.UUID) error) (*view.OrganisationPayload, error) {
	parsed, err := parseID(organisationID, id, "id")
	if err == nil {
		err = do(parsed)
	}
	return r.organisationPayload(ctx, parsed, err)
}

// signedIn opens a session for who a use-case said it is. A person who was signed in as themselves goes on in theirs.
func (r *Resolver) signedIn(ctx context.Context, id market.Identity) (*access.Viewer, error) {
	var err error
	if access.FromContext(ctx).PersonID == id.PersonID {
		err = r.Sessions.Switch(ctx, id.OrganisationID)
	} else {
		err = r.Sessions.Open(ctx, id.PersonID, id.OrganisationID)
	}
	if err != nil {
		return nil, err
	}
	return viewerOf(ctx), nil
}

// viewerOf is who acts, nil when nobody does.
func viewerOf(ctx context.Context) *access.Viewer {
	v := access.FromContext(ctx)
	if !v.SignedIn() {
		return nil
	}
	return &v
}

// takesPartAs matches organisations of one capacity. Who buys is known to itself and to the platform only.
func takesPartAs(v access.Viewer, kind access.Party) predicate.Organisation {
	matches := func(s *sql.Selector) {
		t := sql.Table(party.Table)
		s.Where(sql.In(s.C(organisation.FieldID), sql.Select(t.C(party.FieldOrganisationID)).From(t).Where(sql.EQ(t.C(party.FieldKind), kind))))
	}
	if kind == access.Buyer && !v.Is(access.Platform) {
		return organisation.And(organisation.ID(v.OrganisationID), matches)
	}
	return matches
}

// deskTotals is how much waits for the viewer's organisation, by kind.
func (r *Resolver) deskTotals(ctx context.Context) ([]*model.ReviewDeskTotal, error) {
	totals, err := r.Store.DeskTotals(ctx, access.FromContext(ctx).OrganisationID)
	out := make([]*model.ReviewDeskTotal, len(totals))
	for i, total := range totals {
		out[i] = &model.ReviewDeskTotal{Kind: total.Kind, Count: total.Count, Overdue: total.Overdue}
	}
	return out, err
}
