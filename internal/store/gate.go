package store

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/allocationrule"
	"gongshu/ent/db/dataset"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/grantitem"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/metadata"
	"gongshu/pricing"
)

// gateBatch is how many products are gathered by one round of statements.
const gateBatch = 200

// GateProducts gathers everything that the listing of products depends on (authorisation.Obstacles), whoever looks;
// ids without a product are absent from the result. The number of statements does not grow with the products,
// up to 200 at a time.
//
// It locks the products until the transaction ends. Whatever is changed under a product is changed before the product
// is gathered, so of a listing and such a change that run side by side the later one sees what the other did.
func (tx *Tx) GateProducts(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]authorisation.Product, error) {
	return gateProducts(AsSystem(ctx), tx.Client, authorisation.DayOf(tx.now), tx.locked, ids, nil)
}

// GateDescribed gathers, with the same lock, what shows in the score of their metadata besides.
func (tx *Tx) GateDescribed(ctx context.Context, ids ...uuid.UUID) (facts map[uuid.UUID]authorisation.Product, described map[uuid.UUID]metadata.Product, err error) {
	described = map[uuid.UUID]metadata.Product{}
	facts, err = gateProducts(AsSystem(ctx), tx.Client, authorisation.DayOf(tx.now), tx.locked, ids, described)
	return facts, described, err
}

// LookAtOffer gathers of a product of an operator, without a lock, what authorisation.Offered decides by and nothing else: the
// agreement, and the items with their grants.
func (tx *Tx) LookAtOffer(ctx context.Context, productID, operatorID uuid.UUID) (authorisation.Product, error) {
	g := gate{
		ctx: AsSystem(ctx), c: tx.Client, ids: []uuid.UUID{productID}, today: authorisation.DayOf(tx.now),
		products: []*db.Product{{ID: productID, OperatorID: operatorID}},
	}
	inputs, err := g.inUse().All(g.ctx)
	for _, step := range []func() error{g.gatherAgreements, g.gatherGrants} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		return authorisation.Product{}, fmt.Errorf("gather what a product may be used for: %w", err)
	}
	p := authorisation.Product{ID: productID, Agreement: g.agreement(&db.Organisation{ID: operatorID})}
	for _, in := range inputs {
		p.Inputs = append(p.Inputs, g.input(in, operatorID))
	}
	return p, nil
}

// GateProducts is for looking: it gathers the same without a lock.
func (s *Store) GateProducts(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]authorisation.Product, error) {
	return gateProducts(AsSystem(ctx), s.read, authorisation.DayOf(s.now()), func(*sql.Selector) {}, ids, nil)
}

// GateDescribed is for looking too, and gathers what shows in the score of their metadata besides, in no more statements.
func (s *Store) GateDescribed(ctx context.Context, ids ...uuid.UUID) (facts map[uuid.UUID]authorisation.Product, described map[uuid.UUID]metadata.Product, err error) {
	described = map[uuid.UUID]metadata.Product{}
	facts, err = gateProducts(AsSystem(ctx), s.read, authorisation.DayOf(s.now()), func(*sql.Selector) {}, ids, described)
	return facts, described, err
}

// locked locks the rows of a query until the transaction ends. SQLite has one writer and needs no lock.
func (tx *Tx) locked(s *sql.Selector) {
	if tx.store.dialect == dialect.Postgres {
		s.ForUpdate()
	}
}

func gateProducts(ctx context.Context, c *db.Client, today authorisation.Day, lock func(*sql.Selector), ids []uuid.UUID, described map[uuid.UUID]metadata.Product) (map[uuid.UUID]authorisation.Product, error) {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }) // one order of locking for all
	out := make(map[uuid.UUID]authorisation.Product, len(ids))
	for batch := range slices.Chunk(slices.Compact(ids), gateBatch) {
		g := gate{ctx: ctx, c: c, ids: batch, today: today}
		if err := g.gather(lock, out); err != nil {
			return nil, fmt.Errorf("gather what a listing depends on: %w", err)
		}
		for _, row := range g.products {
			if described != nil {
				described[row.ID] = g.describe(row, out[row.ID])
			}
		}
	}
	return out, nil
}

// gate is what one round of statements gathers for a batch of products.
type gate struct {
	ctx   context.Context
	c     *db.Client
	ids   []uuid.UUID
	today authorisation.Day

	products   []*db.Product
	inputs     map[uuid.UUID][]*db.ProductInput // by product
	operators  map[uuid.UUID]*db.Organisation   // by id
	agreements map[uuid.UUID][]*db.Agreement    // by operator, oldest first
	grants     map[uuid.UUID][]*db.GrantItem    // by item, active and expired ones
	plans      map[uuid.UUID][]*db.Plan         // by product
	caps       map[uuid.UUID][]*db.PriceCap     // by product
	datasets   map[uuid.UUID]bool               // by product: whether the newest was accepted
	datedOn    map[uuid.UUID]authorisation.Day  // by dataset: the day on which it was uploaded
	rules      map[uuid.UUID]bool               // by product: whether it has an allocation rule in force
	setters    map[uuid.UUID][]uuid.UUID        // by product: the industry authorities that set its caps
}

func (g *gate) gather(lock func(*sql.Selector), out map[uuid.UUID]authorisation.Product) (err error) {
	g.products, err = g.c.Product.Query().Where(product.IDIn(g.ids...)).Order(db.Asc(product.FieldID)).Modify(lock).All(g.ctx)
	if err != nil {
		return err
	}
	for _, step := range []func() error{g.gatherInputs, g.gatherOperators, g.gatherAgreements, g.gatherGrants, g.gatherPrices, g.gatherSetters, g.gatherDatasets} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, row := range g.products {
		if out[row.ID], err = g.product(row); err != nil {
			return err
		}
	}
	return nil
}

// inUse are the items that the products are made of.
func (g *gate) inUse() *db.ProductInputQuery {
	return g.c.ProductInput.Query().Where(productinput.ProductIDIn(g.ids...)).WithItem().Order(db.Asc(productinput.FieldID))
}

func (g *gate) gatherInputs() error {
	inputs, err := g.inUse().WithResource().All(g.ctx)
	g.inputs = grouped(inputs, func(i *db.ProductInput) uuid.UUID { return i.ProductID })
	return err
}

func (g *gate) gatherOperators() error {
	operators, err := g.c.Organisation.Query().Where(organisation.IDIn(g.operatorIDs()...)).All(g.ctx)
	g.operators = indexed(operators, func(o *db.Organisation) uuid.UUID { return o.ID })
	return err
}

func (g *gate) gatherAgreements() error {
	agreements, err := g.c.Agreement.Query().Where(agreement.OperatorIDIn(g.operatorIDs()...)).Order(db.Asc(agreement.FieldID)).All(g.ctx)
	g.agreements = grouped(agreements, func(a *db.Agreement) uuid.UUID { return a.OperatorID })
	return err
}

func (g *gate) operatorIDs() []uuid.UUID {
	var ids []uuid.UUID
	for _, p := range g.products {
		if !slices.Contains(ids, p.OperatorID) {
			ids = append(ids, p.OperatorID)
		}
	}
	return ids
}

// gatherGrants reads the grants of the operators that hold an item in use, or held it until they expired.
func (g *gate) gatherGrants() error {
	held, err := g.c.GrantItem.Query().
		Where(inSelect(grantitem.FieldItemID, productinput.Table, productinput.FieldItemID, func(t *sql.SelectTable) *sql.Predicate {
			return sql.In(t.C(productinput.FieldProductID), Anys(g.ids)...)
		}), grantitem.HasGrantWith(grant.StatusIn(authorisation.GrantActive, authorisation.GrantExpired), grant.OperatorIDIn(g.operatorIDs()...))).
		WithGrant().Order(db.Asc(grantitem.FieldID)).All(g.ctx)
	g.grants = grouped(held, func(i *db.GrantItem) uuid.UUID { return i.ItemID })
	return err
}

func (g *gate) gatherPrices() error {
	plans, err := g.c.Plan.Query().Where(plan.ProductIDIn(g.ids...), plan.WithdrawnAtIsNil()).
		Order(db.Asc(plan.FieldPosition, plan.FieldID)).All(g.ctx)
	if err != nil {
		return err
	}
	g.plans = grouped(plans, func(p *db.Plan) uuid.UUID { return p.ProductID })
	caps, err := g.c.PriceCap.Query().Where(pricecap.ProductIDIn(g.ids...), pricecap.EffectiveFromLTE(g.today.String())).All(g.ctx)
	if err != nil {
		return err
	}
	g.caps = grouped(caps, func(c *db.PriceCap) uuid.UUID { return c.ProductID })
	var shared []uuid.UUID
	err = g.c.AllocationRule.Query().Where(allocationrule.ProductIDIn(g.ids...), allocationrule.Or(
		inForce(g.today), // of a draft any counts, as the review that reads it approves it
		allocationrule.HasProductWith(product.StatusIn(authorisation.ProductDraft, authorisation.ProductSubmitted)),
	)).Unique(true).
		Select(allocationrule.FieldProductID).Scan(g.ctx, &shared)
	g.rules = map[uuid.UUID]bool{}
	for _, id := range shared {
		g.rules[id] = true
	}
	return err
}

func (g *gate) gatherSetters() (err error) {
	g.setters, err = capAuthorities(g.ctx, g.c, g.ids...)
	return err
}

func (g *gate) gatherDatasets() error {
	rows, err := g.c.Dataset.Query().Where(dataset.ProductIDIn(g.ids...)).Order(db.Asc(dataset.FieldNumber)).
		Select(dataset.FieldID, dataset.FieldProductID, dataset.FieldAccepted, dataset.FieldCreatedAt).All(g.ctx)
	g.datasets, g.datedOn = map[uuid.UUID]bool{}, map[uuid.UUID]authorisation.Day{}
	for _, row := range rows {
		g.datasets[row.ProductID] = row.Accepted
		g.datedOn[row.ID] = authorisation.DayOf(row.CreatedAt)
	}
	return err
}

// product puts together what was gathered for one product.
func (g *gate) product(row *db.Product) (authorisation.Product, error) {
	operator := g.operators[row.OperatorID]
	p := authorisation.Product{
		ID: row.ID, Name: row.Name, Description: row.Description, Status: row.Status, Suspension: authorisation.ObstacleCode(row.SuspensionCode),
		Agreement: g.agreement(operator), OperatorVerified: operator.Status == access.OrganisationVerified,
		RowsAggregated: row.Aggregate, Columns: len(row.Dictionary), HasSample: len(row.Sample) > 0, Dataset: g.dataset(row),
		Reviewed: row.ReviewedAt != nil, HasAllocationRule: g.rules[row.ID],
		Quality:       row.Quality,
		OperatesSince: firstDay(g.agreements[row.OperatorID]), CapSetters: g.setters[row.ID],
		Registration: authorisation.Registration{
			Code: valueOr(row.RegistrationCode),
			Term: authorisation.Term{StartsOn: storedDay(row.RegisteredOn), EndsOn: storedDay(row.RegistrationExpiresOn)},
		},
	}
	for _, in := range g.inputs[row.ID] {
		input := g.input(in, row.OperatorID)
		input.Resource = Resource(in.Edges.Resource, nil)
		p.Inputs = append(p.Inputs, input)
	}
	var agreements []authorisation.Agreement
	for _, a := range g.agreements[row.OperatorID] {
		agreements = append(agreements, Agreement(a))
	}
	p.TurnsOn = authorisation.OfferTurns(agreements, p.Inputs, g.today)
	for _, pl := range g.plans[row.ID] {
		judged, err := g.plan(pl)
		if err != nil {
			return p, err
		}
		p.Plans = append(p.Plans, judged)
	}
	return p, nil
}

// input is an item in use with the grants by which an operator holds it.
func (g *gate) input(in *db.ProductInput, operatorID uuid.UUID) authorisation.Input {
	input := authorisation.Input{Item: Item(in.Edges.Item)}
	for _, held := range g.grants[in.ItemID] {
		if held.Edges.Grant.OperatorID == operatorID {
			input.Grants = append(input.Grants, Grant(held.Edges.Grant, in.ItemID))
			input.GrantEnded = input.GrantEnded || g.endedWithAgreement(held.Edges.Grant)
		}
	}
	return input
}

// endedWithAgreement reports whether a grant lasted until its agreement came to its end, and not for a shorter time.
func (g *gate) endedWithAgreement(row *db.Grant) bool {
	held := Grant(row)
	for _, a := range g.agreements[row.OperatorID] {
		if under := Agreement(a); a.ID == row.AgreementID {
			return under.Ended(g.today) && !held.EndsOn.Before(under.EndsOn)
		}
	}
	return false
}

// agreement is the operator's one in force, or else its newest that was signed, or else its newest.
func (g *gate) agreement(operator *db.Organisation) authorisation.Agreement {
	newest := authorisation.Agreement{OperatorID: operator.ID}
	for _, row := range g.agreements[operator.ID] {
		a := Agreement(row)
		if newest.StartsOn.IsZero() || !a.StartsOn.IsZero() {
			newest = a
		}
		if a.InForce(g.today) {
			break
		}
	}
	newest.OperatorName = operator.Name
	return newest
}

// dataset: what is served stays accepted although a later dataset was refused, for that one is never served.
func (g *gate) dataset(row *db.Product) authorisation.DatasetState {
	newestAccepted, any := g.datasets[row.ID]
	switch {
	case row.DatasetID != nil:
		return authorisation.DatasetAccepted
	case any && !newestAccepted:
		return authorisation.DatasetRefused
	}
	return authorisation.DatasetNone
}

func (g *gate) plan(row *db.Plan) (authorisation.Plan, error) {
	limit, binding, err := BindingCap(row.Tariff, g.caps[row.ProductID], g.today)
	judged := authorisation.Plan{ID: row.ID, Name: row.Name, Trial: row.Trial}
	if binding != nil {
		judged.HasCap, judged.WithinCap, judged.CapFrom = true, pricing.CheckCap(row.Tariff, *binding) == nil, storedDay(&limit.EffectiveFrom)
	}
	return judged, err
}

func grouped[T any](rows []T, by func(T) uuid.UUID) map[uuid.UUID][]T {
	out := map[uuid.UUID][]T{}
	for _, row := range rows {
		out[by(row)] = append(out[by(row)], row)
	}
	return out
}

func indexed[T any](rows []T, by func(T) uuid.UUID) map[uuid.UUID]T {
	out := make(map[uuid.UUID]T, len(rows))
	for _, row := range rows {
		out[by(row)] = row
	}
	return out
}

// productsWhere returns the products that all the conditions hold of.
func (tx *Tx) productsWhere(ctx context.Context, where ...func(*sql.Selector)) ([]uuid.UUID, error) {
	q := tx.Product.Query()
	for _, w := range where {
		q.Where(w)
	}
	ids, err := q.Order(db.Asc(product.FieldID)).IDs(AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("find the products concerned: %w", err)
	}
	return ids, nil
}

// ProductsOfResource are the products that use an item of a resource, in whatever state.
func (tx *Tx) ProductsOfResource(ctx context.Context, resourceID uuid.UUID) ([]uuid.UUID, error) {
	return tx.productsWhere(ctx, inSelect(product.FieldID, productinput.Table, productinput.FieldProductID, func(t *sql.SelectTable) *sql.Predicate {
		return sql.EQ(t.C(productinput.FieldResourceID), resourceID)
	}))
}

// ProductsOfOperator are the products of an operator, in whatever state.
func (tx *Tx) ProductsOfOperator(ctx context.Context, operatorID uuid.UUID) ([]uuid.UUID, error) {
	return tx.productsWhere(ctx, product.OperatorID(operatorID))
}

// ProductsOfGrant are the products of the grant's operator that use an item of it, in whatever state.
func (tx *Tx) ProductsOfGrant(ctx context.Context, grantID uuid.UUID) ([]uuid.UUID, error) {
	return tx.productsWhere(ctx, func(s *sql.Selector) {
		i, gi, g := sql.Table(productinput.Table), sql.Table(grantitem.Table), sql.Table(grant.Table)
		s.Where(sql.In(s.C(product.FieldID), sql.Select(i.C(productinput.FieldProductID)).From(i).
			Join(gi).On(i.C(productinput.FieldItemID), gi.C(grantitem.FieldItemID)).
			Where(sql.EQ(gi.C(grantitem.FieldGrantID), grantID))))
		s.Where(sql.In(s.C(product.FieldOperatorID), sql.Select(g.C(grant.FieldOperatorID)).From(g).Where(sql.EQ(g.C(grant.FieldID), grantID))))
	})
}

// SuspendProduct says by an obstacle's code, "" for none, why a product is off the market; a listed one leaves it.
func (tx *Tx) SuspendProduct(ctx context.Context, p authorisation.Product, code authorisation.ObstacleCode) error {
	update := tx.Product.Update().Where(product.ID(p.ID), product.StatusEQ(p.Status)).SetSuspensionCode(string(code)).AddVersion(1)
	if p.Status == authorisation.ProductListed {
		update.SetStatus(authorisation.ProductSuspended).ClearListedAt()
	}
	return changedOne(update.Save(ctx))
}
