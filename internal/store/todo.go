package store

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/dataset"
	"gongshu/ent/db/entitlement"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/order"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/product"
	"gongshu/ent/db/resource"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/ordering"
	"gongshu/internal/todo"
)

// affairsOfEach bounds what is read of each sort of affairs.
const affairsOfEach = 200

// Affairs gathers what may need a viewer, of each sort at most 200, in a number of statements that does not grow with
// them. desk are the proceedings that wait for its organisation: which of them the viewer itself may decide is not said here.
func (s *Store) Affairs(ctx context.Context, v access.Viewer) (facts todo.Facts, desk []Proceeding, err error) {
	policies, err := s.Policies(ctx)
	if err != nil {
		return todo.Facts{}, nil, err
	}
	facts = todo.Facts{Now: s.now(), Calendar: policies.Calendar, Listing: policies.Listing}
	a := affairs{Store: s, ctx: ctx, viewer: v, today: authorisation.DayOf(facts.Now), facts: &facts}
	steps := []func() error{a.refusals, a.agreements}
	for _, of := range []struct {
		party access.Party
		steps []func() error
	}{
		{access.Operator, []func() error{a.products, a.grants, a.invoices}},
		{access.Registrar, []func() error{a.uncoded}},
		{access.SourceUnit, []func() error{a.resources}},
		{access.Buyer, []func() error{a.orders, a.rights}},
	} {
		if v.Is(of.party) {
			steps = append(steps, of.steps...)
		}
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return todo.Facts{}, nil, fmt.Errorf("gather what needs a viewer: %w", err)
		}
	}
	desk, err = a.desk()
	return facts, desk, err
}

type affairs struct {
	*Store
	ctx    context.Context
	viewer access.Viewer
	today  authorisation.Day
	facts  *todo.Facts
}

// soon is the last day of what ends soon.
func (a affairs) soon() string { return a.today.AddDays(todo.EndingSoon).String() }

// desk reads the proceedings that need a decision of the organisation soonest.
func (a affairs) desk() ([]Proceeding, error) {
	rows, err := a.read.Proceeding.Query().Where(WaitingFor(a.viewer.OrganisationID)).Order(EarliestDeadlineFirst).Limit(affairsOfEach).All(a.ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	loaded, err := loadProceedings(a.ctx, a.read, rows)
	if err != nil {
		return nil, err
	}
	desk := make([]Proceeding, len(rows))
	for i, row := range rows {
		desk[i] = loaded[row.ID]
	}
	return desk, nil
}

func (a affairs) refusals() error {
	rows, err := a.read.Proceeding.Query().Where(
		proceeding.ApplicantID(a.viewer.OrganisationID), proceeding.StateEQ(authorisation.StateRefused),
		proceeding.EndedAtGT(a.facts.Now.Add(-todo.RefusalsStayInMind)), newestOfItsSubject,
	).Order(db.Desc(proceeding.FieldID)).Limit(affairsOfEach).All(a.ctx)
	for _, row := range rows {
		a.facts.Refused = append(a.facts.Refused, todo.Proceeding{ID: row.ID, Kind: row.Kind, Name: row.SubjectName, EndedAt: valueOr(row.EndedAt)})
	}
	return err
}

// newestOfItsSubject matches proceedings after which their applicant opened none of the same kind about the same subject.
func newestOfItsSubject(s *sql.Selector) {
	t := sql.Table(proceeding.Table).As("later")
	s.Where(sql.Not(sql.Exists(sql.Dialect(s.Dialect()).Select(t.C(proceeding.FieldID)).From(t).Where(sql.And(
		sql.ColumnsEQ(t.C(proceeding.FieldSubjectID), s.C(proceeding.FieldSubjectID)),
		sql.ColumnsEQ(t.C(proceeding.FieldKind), s.C(proceeding.FieldKind)),
		sql.ColumnsEQ(t.C(proceeding.FieldApplicantID), s.C(proceeding.FieldApplicantID)),
		sql.ColumnsGT(t.C(proceeding.FieldID), s.C(proceeding.FieldID)),
	)))))
}

// agreements are those of both parties.
func (a affairs) agreements() error {
	rows, err := a.read.Agreement.Query().Where(
		agreement.Or(agreement.OperatorID(a.viewer.OrganisationID), agreement.AgencyID(a.viewer.OrganisationID)),
		agreement.StatusIn(authorisation.AgreementOperating, authorisation.AgreementRectifying),
		agreement.EndsOnGTE(a.today.String()), agreement.EndsOnLTE(a.soon()),
	).Order(db.Asc(agreement.FieldEndsOn, agreement.FieldID)).Limit(affairsOfEach).All(a.ctx)
	for _, row := range rows {
		a.facts.Agreements = append(a.facts.Agreements, todo.Ending{ID: row.ID, Name: row.Number, EndsOn: storedDay(row.EndsOn)})
	}
	return err
}

// products are those of which something may have to be done, with all that their listing depends on.
func (a affairs) products() error {
	own := product.OperatorID(a.viewer.OrganisationID)
	var refused []uuid.UUID
	err := a.read.Dataset.Query().Where(dataset.Accepted(false), newestDataset, dataset.HasProductWith(own)).
		Order(db.Desc(dataset.FieldID)).Limit(affairsOfEach).Select(dataset.FieldProductID).Scan(a.ctx, &refused)
	if err != nil {
		return err
	}
	a.facts.RefusedDatasets = map[uuid.UUID]bool{}
	for _, id := range refused {
		a.facts.RefusedDatasets[id] = true
	}
	ids, err := a.read.Product.Query().Where(own, product.Or(
		product.IDIn(refused...),
		product.StatusIn(authorisation.ProductDraft, authorisation.ProductReviewed, authorisation.ProductRegistered),
		product.And(product.StatusEQ(authorisation.ProductSuspended), product.SuspensionCodeNEQ("")),
		product.And(product.StatusEQ(authorisation.ProductListed), product.QualityLT(a.facts.Listing.QualityFloor)),
		product.And(product.RegistrationExpiresOnGTE(a.today.String()), product.RegistrationExpiresOnLTE(a.soon())),
	)).Order(db.Desc(product.FieldID)).Limit(affairsOfEach).IDs(a.ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	products, err := a.GateProducts(a.ctx, ids...)
	for _, id := range ids {
		if p, found := products[id]; found {
			a.facts.Products = append(a.facts.Products, p)
		}
	}
	return err
}

// newestDataset matches datasets after which the product got none.
func newestDataset(s *sql.Selector) {
	t := sql.Table(dataset.Table).As("later")
	s.Where(sql.Not(sql.Exists(sql.Dialect(s.Dialect()).Select(t.C(dataset.FieldID)).From(t).Where(sql.And(
		sql.ColumnsEQ(t.C(dataset.FieldProductID), s.C(dataset.FieldProductID)), sql.ColumnsGT(t.C(dataset.FieldNumber), s.C(dataset.FieldNumber)),
	)))))
}

func (a affairs) grants() error {
	rows, err := a.read.Grant.Query().Where(grant.OperatorID(a.viewer.OrganisationID), grant.StatusEQ(authorisation.GrantActive),
		grant.EndsOnGTE(a.today.String()), grant.EndsOnLTE(a.soon())).WithAgreement().
		Order(db.Asc(grant.FieldEndsOn, grant.FieldID)).Limit(affairsOfEach).All(a.ctx)
	for _, row := range rows {
		ending := todo.Ending{ID: row.ID, EndsOn: storedDay(&row.EndsOn)}
		if under := row.Edges.Agreement; under != nil {
			ending.Name = under.Number
		}
		a.facts.Grants = append(a.facts.Grants, ending)
	}
	return err
}

func (a affairs) uncoded() error {
	rows, err := a.read.Product.Query().Where(product.StatusEQ(authorisation.ProductReviewed), product.RegistrationCodeIsNil()).
		Order(db.Asc(product.FieldID)).Limit(affairsOfEach).All(a.ctx)
	for _, row := range rows {
		a.facts.Uncoded = append(a.facts.Uncoded, todo.Subject{Kind: todo.OfProduct, ID: row.ID, Name: row.Name})
	}
	return err
}

// resources are those that are not classified, have an update cycle without a code, or are drafts.
func (a affairs) resources() error {
	unmarked := dataitem.And(dataitem.Withdrawn(false), dataitem.Or(dataitem.GradeIsNil(), dataitem.LinkageIsNil(), dataitem.SensitivityIsNil()))
	rows, err := a.read.Resource.Query().Where(resource.SourceUnitID(a.viewer.OrganisationID), resource.StatusNEQ(authorisation.ResourceWithdrawn), resource.Or(
		func(s *sql.Selector) {
			t := sql.Table(dataitem.Table)
			of := sql.Dialect(s.Dialect()).Select(t.C(dataitem.FieldResourceID)).From(t)
			unmarked(of)
			s.Where(sql.In(s.C(resource.FieldID), of))
		}, resource.UpdateFrequencyIsNil(), resource.StatusEQ(authorisation.ResourceDraft),
	)).Order(db.Asc(resource.FieldID)).Limit(affairsOfEach).All(a.ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	var unclassified []uuid.UUID
	err = a.read.DataItem.Query().Where(unmarked, dataitem.ResourceIDIn(ids...)).Unique(true).Select(dataitem.FieldResourceID).Scan(a.ctx, &unclassified)
	lacks := map[uuid.UUID]bool{}
	for _, id := range unclassified {
		lacks[id] = true
	}
	for _, row := range rows {
		a.facts.Resources = append(a.facts.Resources, todo.Resource{
			ID: row.ID, Name: row.Name, Status: row.Status, Classified: !lacks[row.ID], FrequencyKnown: row.UpdateFrequency != nil,
		})
	}
	return err
}

// orders are those that can be paid: their product is on the market.
func (a affairs) orders() error {
	rows, err := a.read.Order.Query().Where(order.BuyerID(a.viewer.OrganisationID), order.StatusEQ(ordering.OrderPlaced),
		order.HasProductWith(product.StatusEQ(authorisation.ProductListed))).Order(db.Desc(order.FieldID)).Limit(affairsOfEach).All(a.ctx)
	for _, row := range rows {
		a.facts.Unpaid = append(a.facts.Unpaid, todo.Subject{Kind: todo.OfOrder, ID: row.ID, Name: row.Terms.ProductName})
	}
	return err
}

func (a affairs) rights() error {
	soon := a.facts.Now.Add((todo.RightsEndingSoon + 1) * 24 * time.Hour)
	rows, err := a.read.Entitlement.Query().Where(
		entitlement.OrganisationID(a.viewer.OrganisationID), entitlement.StatusIn(ordering.EntitlementActive, ordering.EntitlementSuspended),
		entitlement.EndsAtGT(a.facts.Now), entitlement.Or(entitlement.StatusEQ(ordering.EntitlementSuspended), entitlement.EndsAtLTE(soon), nearlyUsed),
	).WithProduct().Order(db.Asc(entitlement.FieldEndsAt, entitlement.FieldID)).Limit(affairsOfEach).All(a.ctx)
	for _, row := range rows {
		right := todo.Right{Entitlement: RuleEntitlement(row), ID: row.ID}
		if of := row.Edges.Product; of != nil {
			right.Name = of.Name
		}
		a.facts.Rights = append(a.facts.Rights, right)
	}
	return err
}

// nearlyUsed matches rights of whose quota little is left; the rule says how little.
var nearlyUsed predicate.Entitlement = func(s *sql.Selector) {
	s.Where(sql.P(func(b *sql.Builder) {
		b.WriteString(fmt.Sprintf("(%s * 100 >= %s * %d OR %s * 100 >= %s * %d)", s.C(entitlement.FieldUsedCalls), s.C(entitlement.FieldQuotaCalls), todo.QuotaNearlyUsed,
			s.C(entitlement.FieldUsedBytes), s.C(entitlement.FieldQuotaBytes), todo.QuotaNearlyUsed))
	}))
}
