package market

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"gongshu/data"
	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/resource"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// scene is a market with the first batch imported and the people who authorise the resource 文旅教育资源库: its source unit
// 市文广旅局, the agency, an industry authority of its own and an operator.
type scene struct {
	agency, unit, authority, operator         uuid.UUID
	publisher                                 context.Context // of the source unit
	agencyApprover, agencyPublisher, industry context.Context
	operatorPublisher                         context.Context
	index                                     int // of the resource in the file
	resource, domain                          uuid.UUID
	items                                     []uuid.UUID
}

func (w *world) scene(t *testing.T) *scene {
	t.Helper()
	s := &scene{}
	s.agency = w.organisation(t, "绵阳市数据局", access.AdministrativeOrgan, access.ImplementingAgency)
	s.unit = w.organisation(t, "市文广旅局", access.AdministrativeOrgan, access.SourceUnit)
	s.authority = w.organisation(t, "市教育主管部门", access.AdministrativeOrgan, access.IndustryAuthority)
	s.operator = w.organisation(t, "数据运营公司", access.Enterprise, access.Operator)
	s.publisher = w.person(t, s.unit, access.Publisher)
	s.agencyApprover, s.agencyPublisher = w.person(t, s.agency, access.Approver), w.person(t, s.agency, access.Publisher)
	s.industry = w.person(t, s.authority, access.Approver)
	s.operatorPublisher = w.person(t, s.operator, access.Publisher)
	if _, err := w.ImportCatalogue(t.Context(), data.CatalogueBatch1, false); err != nil {
		t.Fatal(err)
	}
	var file struct{ Resources []struct{ Name string } }
	must(t, json.Unmarshal(data.CatalogueBatch1, &file))
	for i, r := range file.Resources {
		if r.Name == "文旅教育资源库" {
			s.index = i
		}
	}
	ctx := store.AsSystem(t.Context())
	row, err := w.Store.Read().Resource.Query().Where(resource.Name("文旅教育资源库"), resource.SourceUnitID(s.unit)).Only(ctx)
	must(t, err)
	s.resource, s.domain = row.ID, row.DomainID
	s.items, err = w.Store.Read().DataItem.Query().Where(dataitem.ResourceID(row.ID)).Order(db.Asc(dataitem.FieldPosition)).IDs(ctx)
	must(t, err)
	return s
}

// classified marks every item of the resource as plain.
func (s *scene) classified(t *testing.T, _ *world) []ItemClassification {
	t.Helper()
	marks := make([]ItemClassification, len(s.items))
	for i, id := range s.items {
		marks[i] = ItemClassification{ItemID: id, Grade: authorisation.GradeGeneral, Linkage: authorisation.LinkageNone,
			Sensitivity: authorisation.SensitivityPublic, Protections: []authorisation.Protection{}}
	}
	return marks
}

// publish takes the resource from draft to published.
func (s *scene) publish(t *testing.T, w *world, marks []ItemClassification) {
	t.Helper()
	must(t, w.ResourceClassify(s.publisher, s.resource, marks))
	must(t, w.ResourceStateFrequency(s.publisher, s.resource, authorisation.Monthly))
	must(t, w.DomainAssign(s.agencyApprover, DomainInput{DomainID: s.domain, IndustryAuthorityID: s.authority, ThemeCode: "C0300"}))
	proceeding, err := w.ResourceRegister(s.publisher, s.resource)
	must(t, err)
	must(t, w.ProceedingDecide(s.industry, proceeding, approve(authorisation.StepIndustry)))
	_, err = w.BatchPublish(s.agencyPublisher, BatchInput{Title: "第一批", SourceDocument: "绵数发〔2025〕14号", ResourceIDs: []uuid.UUID{s.resource}})
	must(t, err)
}

func approve(step authorisation.Step) DecisionInput {
	return DecisionInput{Step: step, Outcome: authorisation.OutcomeApprove, Reason: "符合要求"}
}

// agree signs an agreement whose selection was publicised long enough ago.
func (s *scene) agree(t *testing.T, w *world, number string) uuid.UUID {
	t.Helper()
	clauses := map[authorisation.Clause]string{}
	for _, name := range authorisation.Clause("").Values() {
		clauses[authorisation.Clause(name)] = "约定"
	}
	day, err := authorisation.ParseDay("2026-02-02")
	must(t, err)
	id, err := w.AgreementDraft(s.agencyApprover, AgreementInput{OperatorID: s.operator, Number: number, Clauses: clauses, PublicisedOn: day})
	must(t, err)
	must(t, w.AgreementSign(s.agencyApprover, id))
	return id
}

// application asks for all items of the resource until a day, for every purpose.
func (s *scene) application(agreement uuid.UUID, w *world, days int, key string) GrantInput {
	first := authorisation.DayOf(w.Store.Now())
	return GrantInput{
		AgreementID: agreement, ItemIDs: s.items, Purposes: []purpose.Purpose{purpose.Governance, purpose.Industry},
		StartsOn: first, EndsOn: first.AddDays(days), Note: "文旅研学产品", IdempotencyKey: key,
	}
}

// grant holds all items of the resource.
func (s *scene) grant(t *testing.T, w *world, agreement uuid.UUID, days int) uuid.UUID {
	t.Helper()
	id, proceeding, err := w.GrantApply(s.operatorPublisher, s.application(agreement, w, days, "grant"))
	must(t, err)
	must(t, w.ProceedingDecide(s.industry, proceeding, approve(authorisation.StepIndustry)))
	must(t, w.ProceedingDecide(s.agencyApprover, proceeding, approve(authorisation.StepAgency)))
	return id
}

// product lays a product on the first two items with everything in order, in a status.
func (s *scene) product(t *testing.T, w *world, status authorisation.ProductStatus) (id uuid.UUID) {
	t.Helper()
	w.names++
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		id = layProduct(ctx, t, tx, s, w.names, status)
		return nil
	})
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) organisationStatus(t *testing.T, id uuid.UUID, status access.OrganisationStatus) {
	t.Helper()
	w.tx(t, func(ctx context.Context, tx *store.Tx) error {
		return tx.Organisation.Update().Where(organisation.ID(id)).SetStatus(status).Exec(ctx)
	})
}
