package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"gongshu/data"
	"gongshu/ent/db"
	"gongshu/ent/db/agreement"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/domain"
	"gongshu/ent/db/grant"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/resource"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/market"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// authority is the mailbox of somebody who approves for the industry of a domain.
func (l *loader) authority(domainName string) (mailbox string) {
	for _, d := range spec.Domains() {
		if d.Name != domainName {
			continue
		}
		for _, p := range spec.People() {
			m := p.Memberships[0]
			if m.Organisation == d.IndustryAuthority && slices.Contains(m.Roles, string(access.Approver)) {
				return mailboxOf(p)
			}
		}
	}
	panic("demo: nobody approves for " + domainName)
}

// resources imports the real catalogue and brings its resources to publication, each by those whose it is.
func (l *loader) resources(ctx context.Context) error {
	imported, err := l.store.Read().Resource.Query().Exist(store.AsSystem(ctx))
	if err != nil {
		return err
	}
	if !imported { // a later catalogue is never taken back
		if _, err := l.market.CatalogueImport(l.cast.as(ctx, "agency.approver"), data.CatalogueBatch1, false); err != nil {
			return fmt.Errorf("import the catalogue: %w", err)
		}
	}
	if err := l.domains(ctx); err != nil {
		return err
	}
	rows, err := l.store.Read().Resource.Query().Where(resource.StatusIn(authorisation.ResourceDraft, authorisation.ResourceRegistered, authorisation.ResourceApproved)).
		WithDomain().WithSourceUnit().Order(db.Asc(resource.FieldID)).All(store.AsSystem(ctx))
	if err != nil {
		return err
	}
	var approved []uuid.UUID
	for _, row := range rows {
		if err := l.resource(ctx, row); err != nil {
			return fmt.Errorf("resource %s: %w", row.Name, err)
		}
		approved = append(approved, row.ID)
	}
	if len(approved) == 0 {
		return nil
	}
	_, err = l.market.BatchPublish(l.cast.as(ctx, "agency.approver"), market.BatchInput{
		Title: "第一批公共数据资源", SourceDocument: "绵数发〔2025〕14号 附件1", ResourceIDs: approved,
	})
	return err
}

func (l *loader) domains(ctx context.Context) error {
	for _, d := range spec.Domains() {
		row, err := l.store.Read().Domain.Query().Where(domain.Name(d.Name)).Only(ctx)
		if err != nil {
			return fmt.Errorf("domain %s: %w", d.Name, err)
		}
		if row.IndustryAuthorityID != nil {
			continue
		}
		err = l.market.DomainAssign(l.cast.as(ctx, "agency.approver"), market.DomainInput{
			DomainID: row.ID, IndustryAuthorityID: l.cast.organisations[d.IndustryAuthority], ThemeCode: d.ThemeCode,
		})
		if err != nil {
			return fmt.Errorf("domain %s: %w", d.Name, err)
		}
	}
	return nil
}

// resource classifies, registers and approves one resource.
func (l *loader) resource(ctx context.Context, row *db.Resource) error {
	unit := l.cast.member(ctx, row.Edges.SourceUnit.Name, access.Publisher)
	if row.Status == authorisation.ResourceDraft {
		if err := l.classify(ctx, unit, row); err != nil {
			return err
		}
		for _, f := range spec.Frequencies() {
			if f.SourceUnit != row.Edges.SourceUnit.Name || f.Resource != row.Name {
				continue
			}
			if err := l.market.ResourceStateFrequency(unit, row.ID, f.Code); err != nil {
				return fmt.Errorf("update frequency: %w", err)
			}
		}
		if _, err := l.market.ResourceRegister(unit, row.ID); err != nil {
			return fmt.Errorf("register: %w", err)
		}
	}
	if row.Status == authorisation.ResourceApproved {
		return nil
	}
	return l.decide(ctx, row.ID, authorisation.ProceedingResourceApproval, decision{l.authority(row.Edges.Domain.Name), authorisation.StepIndustry})
}

func (l *loader) classify(ctx, unit context.Context, row *db.Resource) error {
	items, err := l.store.Read().DataItem.Query().Where(dataitem.ResourceID(row.ID)).All(store.AsSystem(ctx))
	if err != nil {
		return err
	}
	ids := map[string]uuid.UUID{}
	for _, item := range items {
		ids[item.Name] = item.ID
	}
	var said []market.ItemClassification
	for _, c := range spec.Classifications() {
		if c.SourceUnit == row.Edges.SourceUnit.Name && c.Resource == row.Name {
			said = append(said, market.ItemClassification{
				ItemID: ids[c.Item], Grade: c.Grade, Linkage: c.Linkage, Sensitivity: c.Sensitivity, Protections: c.Protections,
			})
		}
	}
	if err := l.market.ResourceClassify(unit, row.ID, said); err != nil {
		return fmt.Errorf("classify: %w", err)
	}
	return nil
}

// authorise signs the agreement and grants the operator every item, domain by domain.
func (l *loader) authorise(ctx context.Context) error {
	agreementID, err := l.agreement(ctx)
	if err != nil {
		return fmt.Errorf("agreement: %w", err)
	}
	for i, d := range spec.Domains() {
		if err := l.grant(ctx, agreementID, d.Name, fmt.Sprintf("demo-grant-%d", i+1)); err != nil {
			return fmt.Errorf("grant in %s: %w", d.Name, err)
		}
	}
	return nil
}

// agreementNumber identifies the demo's agreement.
const agreementNumber = "DEMO-2025-01"

func (l *loader) agreement(ctx context.Context) (uuid.UUID, error) {
	row, err := l.store.Read().Agreement.Query().Where(agreement.Number(agreementNumber)).Only(store.AsSystem(ctx))
	if err == nil && row.Status != authorisation.AgreementFiled {
		return row.ID, nil
	}
	approver := l.cast.as(ctx, "agency.approver")
	var id uuid.UUID
	switch {
	case err == nil:
		id = row.ID
	case db.IsNotFound(err):
		clauses := map[authorisation.Clause]string{}
		for _, c := range authorisation.Clause("").Values() {
			clauses[authorisation.Clause(c)] = "演示条款（合成）：" + c
		}
		id, err = l.market.AgreementDraft(approver, market.AgreementInput{
			OperatorID: l.cast.organisations[spec.Operator], Number: agreementNumber, Mode: authorisation.ModeWhole,
			Clauses: clauses, PublicisedOn: authorisation.DayFrom(2025, 9, 1),
		})
		if err != nil {
			return uuid.Nil, err
		}
	default:
		return uuid.Nil, err
	}
	return id, l.market.AgreementSign(approver, id)
}

// grant applies for all items of a domain and has them granted, for as long as the agreement runs.
func (l *loader) grant(ctx context.Context, agreementID uuid.UUID, domainName, key string) error {
	id, err := l.appliedGrant(ctx, key)
	if db.IsNotFound(err) {
		id, err = l.applyForGrant(ctx, agreementID, domainName, key)
	}
	if err != nil {
		return err
	}
	waiting, err := l.store.Read().Grant.Query().Where(grant.ID(id), grant.StatusEQ(authorisation.GrantApplied)).Exist(store.AsSystem(ctx))
	if err != nil || !waiting {
		return err
	}
	return l.decide(ctx, id, authorisation.ProceedingGrant,
		decision{"agency.approver", authorisation.StepAgency}, decision{l.authority(domainName), authorisation.StepIndustry})
}

func (l *loader) appliedGrant(ctx context.Context, key string) (uuid.UUID, error) {
	row, err := l.store.Read().Proceeding.Query().
		Where(proceeding.ApplicantID(l.cast.organisations[spec.Operator]), proceeding.IdempotencyKey(key)).Only(store.AsSystem(ctx))
	if err != nil {
		return uuid.Nil, err
	}
	return row.SubjectID, nil
}

func (l *loader) applyForGrant(ctx context.Context, agreementID uuid.UUID, domainName, key string) (uuid.UUID, error) {
	items, err := l.store.Read().DataItem.Query().Where(dataitem.Withdrawn(false), dataitem.HasResourceWith(resource.HasDomainWith(domain.Name(domainName)))).
		Order(db.Asc(dataitem.FieldID)).IDs(store.AsSystem(ctx))
	if err != nil {
		return uuid.Nil, err
	}
	row, err := l.store.Read().Agreement.Get(store.AsSystem(ctx), agreementID)
	if err != nil {
		return uuid.Nil, err
	}
	from, err := authorisation.ParseDay(*row.StartsOn)
	if err != nil {
		return uuid.Nil, err
	}
	until, err := authorisation.ParseDay(*row.EndsOn)
	if err != nil {
		return uuid.Nil, err
	}
	id, _, err := l.market.GrantApply(l.cast.as(ctx, "operator.publisher"), market.GrantInput{
		AgreementID: agreementID, ItemIDs: items, Purposes: purpose.All, StartsOn: from, EndsOn: until,
		Note: "演示：" + domainName + "领域的数据产品", IdempotencyKey: key,
	})
	return id, err
}
