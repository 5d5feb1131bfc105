package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/domain"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/pricecap"
	"gongshu/ent/db/proceeding"
	"gongshu/ent/db/product"
	"gongshu/ent/db/resource"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	spec "gongshu/internal/demo/market"
	"gongshu/internal/market"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// product brings one product of the demo onto the market, going on from wherever an earlier load stopped.
// What people have done with it since is left alone.
func (l *loader) product(ctx context.Context, p spec.Product) error {
	row, err := l.store.Read().Product.Query().Where(product.Name(p.Name), product.OperatorID(l.cast.organisations[spec.Operator])).
		Only(store.AsSystem(ctx))
	if db.IsNotFound(err) {
		id, err := l.draft(ctx, p)
		if err != nil {
			return fmt.Errorf("draft: %w", err)
		}
		row = &db.Product{ID: id, Status: authorisation.ProductDraft}
	} else if err != nil {
		return err
	}
	for _, step := range []struct {
		of authorisation.ProductStatus
		do func(context.Context, uuid.UUID, spec.Product) error
	}{
		{authorisation.ProductDraft, l.equip},
		{authorisation.ProductDraft, l.submit},
		{authorisation.ProductSubmitted, l.review},
		{authorisation.ProductReviewed, l.register},
		{authorisation.ProductRegistered, l.list},
	} {
		if row.Status != step.of {
			continue
		}
		if err := step.do(ctx, row.ID, p); err != nil {
			return fmt.Errorf("from %s: %w", step.of, err)
		}
		if row, err = l.store.Read().Product.Get(store.AsSystem(ctx), row.ID); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) draft(ctx context.Context, p spec.Product) (uuid.UUID, error) {
	domainID, err := l.store.Read().Domain.Query().Where(domain.Name(p.Domain)).OnlyID(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	content := market.ProductContent{
		Name: p.Name, NameEn: p.NameEn, Description: p.Description, DescriptionEn: p.DescriptionEn, DomainID: domainID,
		Delivery: p.Delivery, UpdateFrequency: &p.UpdateFrequency, Aggregate: p.Aggregate, Dictionary: p.Dictionary, Sample: p.Sample,
	}
	for _, in := range p.Inputs {
		id, err := l.item(ctx, in)
		if err != nil {
			return uuid.Nil, fmt.Errorf("item %s of %s: %w", in.Item, in.Resource, err)
		}
		content.ItemIDs = append(content.ItemIDs, id)
	}
	content.Dictionary = slices.Clone(p.Dictionary)
	for i, c := range content.Dictionary {
		for _, in := range p.Origins(c.Name) {
			content.Dictionary[i].ItemIDs = append(content.Dictionary[i].ItemIDs, content.ItemIDs[slices.Index(p.Inputs, in)].String())
		}
	}
	for _, in := range p.SocialInputs {
		content.SocialInputs = append(content.SocialInputs, authorisation.SocialInput{
			Name: in.Name, Provenance: in.Provenance, ContributorID: l.cast.organisations[in.Contributor].String(),
		})
	}
	return l.market.ProductDraft(l.cast.as(ctx, "operator.publisher"), content)
}

func (l *loader) item(ctx context.Context, in spec.Input) (uuid.UUID, error) {
	return l.store.Read().DataItem.Query().Where(dataitem.Name(in.Item), dataitem.HasResourceWith(
		resource.Name(in.Resource), resource.HasSourceUnitWith(organisation.Name(in.SourceUnit)))).OnlyID(store.AsSystem(ctx))
}

// equip gives a draft its plans, allocation rule and dataset.
func (l *loader) equip(ctx context.Context, id uuid.UUID, p spec.Product) error {
	for _, plan := range p.Plans {
		if err := l.plan(ctx, id, plan); err != nil {
			return fmt.Errorf("plan %s: %w", plan.Name, err)
		}
	}
	publisher := l.cast.as(ctx, "operator.publisher")
	parts := make([]pricing.Part, len(p.Allocation))
	for i, part := range p.Allocation {
		parts[i] = pricing.Part{
			Contributor: l.cast.organisations[part.Organisation].String(), Weight: part.Weight, Basis: part.Basis, Channel: pricing.Channel(part.Channel),
		}
	}
	_, err := l.market.AllocationAgree(publisher, market.AllocationInput{ProductID: id, Rule: pricing.FixedWeights(1, parts), SourceDocument: "演示收益分配协议（合成）"})
	if err != nil {
		return fmt.Errorf("allocation rule: %w", err)
	}
	var csv bytes.Buffer
	if err := p.WriteCSV(&csv, l.seed); err != nil {
		return err
	}
	report, err := l.market.DatasetUpload(publisher, id, &csv)
	switch {
	case err != nil:
		return fmt.Errorf("dataset: %w", err)
	case !report.Accepted:
		return fmt.Errorf("dataset: output control answered %s", report.Egress.Reason)
	}
	return nil
}

// plan adds a plan that is not there.
func (l *loader) plan(ctx context.Context, id uuid.UUID, p spec.Plan) error {
	there, err := l.store.Read().Plan.Query().Where(plan.ProductID(id), plan.Name(p.Name)).Exist(store.AsSystem(ctx))
	if err != nil || there {
		return err
	}
	tariff := pricing.Tariff{
		Mode: pricing.ChargingMode(p.Mode), Period: pricing.Months(p.PeriodMonths), Schedule: pricing.Schedule{Scheme: pricing.Scheme(p.Scheme)},
	}
	for _, b := range p.Bands {
		rate, err := decimal.Parse(b.Rate)
		if err != nil {
			return err
		}
		band := pricing.Band{Rate: rate}
		if b.UpTo != "" {
			upTo, err := strconv.ParseInt(b.UpTo, 10, 64)
			if err != nil {
				return err
			}
			band.UpTo = &upTo
		}
		tariff.Bands = append(tariff.Bands, band)
	}
	settlement := pricing.Prepaid
	if p.Metered {
		settlement = pricing.Metered
		tariff.Free = &pricing.FreeAllowance{Quantity: p.FreeEachMonth, Per: pricing.Month}
	}
	_, err = l.market.PlanAdd(l.cast.as(ctx, "operator.publisher"), id, market.PlanInput{
		Name: p.Name, NameEn: p.NameEn, Tariff: tariff, Settlement: settlement, TermMonths: p.TermMonths, Trial: p.Trial,
	})
	return err
}

// setCap sets the cap of a plan's mode; who sets it sees a product from its submission on.
func (l *loader) setCap(ctx context.Context, id uuid.UUID, p spec.Plan) error {
	mode := pricing.ChargingMode(p.Mode)
	there, err := l.store.Read().PriceCap.Query().Where(pricecap.ProductID(id), pricecap.ModeEQ(mode)).Exist(store.AsSystem(ctx))
	if err != nil || there || p.Trial {
		return err
	}
	rate, err := decimal.Parse(p.CapRate)
	if err != nil {
		return err
	}
	facts, err := l.store.GateProducts(ctx, id)
	if err != nil {
		return err
	}
	by := "agency.approver"
	if len(facts[id].CapSetters) > 0 {
		by = "transport.authority" // of the bus group, the one enterprise among the source units
	}
	_, err = l.market.CapSet(l.cast.as(ctx, by), market.CapInput{
		ProductID: id, Mode: mode, Period: pricing.Months(p.PeriodMonths), Rate: rate, EffectiveFrom: authorisation.DayOf(l.store.Now()),
		PermittedRevenueID: l.permitted, Forecast: forecasts[mode],
		SourceDocument: "演示上限收费标准（合成）", Reason: "演示：按合成的成本调查确定",
	})
	return err
}

func (l *loader) submit(ctx context.Context, id uuid.UUID, p spec.Product) error {
	publisher := l.cast.as(ctx, "operator.publisher")
	document, err := l.document(publisher, "产品安全与合规自评（演示）.txt", p.Name)
	if err != nil {
		return err
	}
	_, err = l.market.ProductSubmit(publisher, id, []uuid.UUID{document})
	return err
}

// review sets the caps and has the product reviewed.
func (l *loader) review(ctx context.Context, id uuid.UUID, p spec.Product) error {
	for _, plan := range p.Plans {
		if err := l.setCap(ctx, id, plan); err != nil {
			return fmt.Errorf("cap of %s: %w", plan.Name, err)
		}
	}
	return l.decide(ctx, id, authorisation.ProceedingProductReview,
		decision{"agency.security", authorisation.StepSecurity}, decision{"agency.approver", authorisation.StepCompliance})
}

func (l *loader) register(ctx context.Context, id uuid.UUID, p spec.Product) error {
	registrar := l.cast.as(ctx, "registrar.approver")
	proof, err := l.document(registrar, "登记凭证（演示）.txt", p.Name)
	if err != nil {
		return err
	}
	return l.market.RegistrationRecord(registrar, market.RegistrationInput{
		ProductID: id, Code: "DEMO-" + strings.ToUpper(p.Key), CodedOn: authorisation.DayOf(l.store.Now()), Evidence: proof,
	})
}

func (l *loader) list(ctx context.Context, id uuid.UUID, _ spec.Product) error {
	return l.market.ProductList(l.cast.as(ctx, "operator.publisher"), id)
}

// document stores a small text that says what it stands for.
func (l *loader) document(ctx context.Context, name, about string) (uuid.UUID, error) {
	text := "合成数据，仅供演示。Synthetic, for demonstration only.\n" + name + "\n" + about + "\n"
	return l.market.DocumentStore(ctx, name, "text/plain", io.Reader(strings.NewReader(text)))
}

// decision is who decides which step of a proceeding.
type decision struct {
	mailbox string
	step    authorisation.Step
}

// decide approves the steps of the open proceeding about a subject that are not decided yet.
func (l *loader) decide(ctx context.Context, subject uuid.UUID, kind authorisation.ProceedingKind, decisions ...decision) error {
	id, err := l.store.Read().Proceeding.Query().Where(proceeding.SubjectID(subject), proceeding.KindEQ(kind), proceeding.EndedAtIsNil()).OnlyID(store.AsSystem(ctx))
	if err != nil {
		return fmt.Errorf("find the proceeding: %w", err)
	}
	for _, d := range decisions {
		by := l.cast.as(ctx, d.mailbox)
		found, err := l.store.Proceedings(by, []uuid.UUID{id})
		if err != nil {
			return err
		}
		for _, step := range l.market.AllowedSteps(access.FromContext(by), found[id]) {
			if step != d.step {
				continue
			}
			err := l.market.ProceedingDecide(by, id, market.DecisionInput{Step: step, Outcome: authorisation.OutcomeApprove, Reason: "演示：符合要求"})
			if err != nil {
				return fmt.Errorf("%s by %s: %w", step, d.mailbox, err)
			}
		}
	}
	return nil
}
