package market

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/dataitem"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/ent/db/resource"
	"gongshu/internal/authorisation"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
	"gongshu/search"
)

// indexBatch is how many documents are read at a time.
const indexBatch = 200

// listedCount is how many products the search should hold.
func (m *Market) listedCount(ctx context.Context) (int, error) {
	n, err := m.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).Count(store.AsSystem(ctx))
	if err != nil {
		return 0, fmt.Errorf("count the listed products: %w", err)
	}
	return n, nil
}

// publishedCount is how many resources the search should hold.
func (m *Market) publishedCount(ctx context.Context) (int, error) {
	n, err := m.Store.Read().Resource.Query().Where(resource.StatusEQ(authorisation.ResourcePublished)).Count(store.AsSystem(ctx))
	if err != nil {
		return 0, fmt.Errorf("count the published resources: %w", err)
	}
	return n, nil
}

// allProducts are the documents of all listed products.
func (m *Market) allProducts(ctx context.Context) iter.Seq2[search.Document, error] {
	return batches(ctx, func(last uuid.UUID) ([]uuid.UUID, error) {
		return m.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed), product.IDGT(last)).
			Order(db.Asc(product.FieldID)).Limit(indexBatch).IDs(ctx)
	}, m.productDocuments)
}

// allResources are the documents of all published resources.
func (m *Market) allResources(ctx context.Context) iter.Seq2[search.Document, error] {
	return batches(ctx, func(last uuid.UUID) ([]uuid.UUID, error) {
		return m.Store.Read().Resource.Query().Where(resource.StatusEQ(authorisation.ResourcePublished), resource.IDGT(last)).
			Order(db.Asc(resource.FieldID)).Limit(indexBatch).IDs(ctx)
	}, m.resourceDocuments)
}

// batches reads documents batch by batch: next gives the ids after the last.
func batches(ctx context.Context, next func(last uuid.UUID) ([]uuid.UUID, error),
	documents func(ctx context.Context, ids []uuid.UUID) ([]search.Document, error)) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		last := uuid.Nil
		for {
			ids, err := next(last)
			if err != nil {
				yield(search.Document{}, fmt.Errorf("read what the search should hold: %w", err))
				return
			}
			if len(ids) == 0 {
				return
			}
			batch, err := documents(ctx, ids)
			if err != nil {
				yield(search.Document{}, err)
				return
			}
			for _, d := range batch {
				if !yield(d, nil) {
					return
				}
			}
			last = ids[len(ids)-1]
		}
	}
}

// productDocuments are what the search knows of those products that are listed; the statements do not grow with them.
func (m *Market) productDocuments(ctx context.Context, ids []uuid.UUID) ([]search.Document, error) {
	documents, err := m.productTexts(ctx, ids)
	if err != nil {
		return nil, err
	}
	ids = ids[:0:0]
	for _, d := range documents {
		ids = append(ids, d.ID)
	}
	plans, err := m.Store.Read().Plan.Query().Where(plan.ProductIDIn(ids...), plan.WithdrawnAtIsNil()).Order(db.Asc(plan.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read plans for the search: %w", err)
	}
	facts, err := m.Store.GateProducts(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what products may be used for: %w", err)
	}
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return nil, err
	}
	today := authorisation.DayOf(m.Store.Now())
	for i := range documents {
		of := facts[documents[i].ID]
		addPlans(&documents[i], sold(plans, of, policies.Listing, today))
		documents[i].Priced = priced(of, today)
	}
	return documents, nil
}

// productTexts are productDocuments without what is not text: what is sold, and how it is had.
func (m *Market) productTexts(ctx context.Context, ids []uuid.UUID) ([]search.Document, error) {
	rows, err := m.Store.Read().Product.Query().Where(product.IDIn(ids...), product.StatusEQ(authorisation.ProductListed)).
		WithOperator().WithDomain().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read products for the search: %w", err)
	}
	ids = ids[:0:0]
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	inputs, err := m.Store.Read().ProductInput.Query().Where(productinput.ProductIDIn(ids...)).WithItem().
		WithResource(func(q *db.ResourceQuery) { q.WithSourceUnit() }).Order(db.Asc(productinput.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read inputs for the search: %w", err)
	}
	documents := make([]search.Document, len(rows))
	for i, row := range rows {
		documents[i] = productDocument(row)
		addInputs(&documents[i], inputs)
	}
	return documents, nil
}

// resourceDocuments are what the search knows of those resources that are published; the statements do not grow with them.
func (m *Market) resourceDocuments(ctx context.Context, ids []uuid.UUID) ([]search.Document, error) {
	rows, err := m.Store.Read().Resource.Query().Where(resource.IDIn(ids...), resource.StatusEQ(authorisation.ResourcePublished)).
		WithSourceUnit().WithDomain().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read resources for the search: %w", err)
	}
	items, err := m.Store.Read().DataItem.Query().Where(dataitem.ResourceIDIn(ids...), dataitem.Withdrawn(false)).
		Order(db.Asc(dataitem.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read data items for the search: %w", err)
	}
	documents := make([]search.Document, len(rows))
	for i, row := range rows {
		documents[i] = resourceDocument(row)
		for _, item := range items {
			if item.ResourceID == row.ID {
				documents[i].Items, documents[i].ItemsEn = append(documents[i].Items, item.Name), append(documents[i].ItemsEn, item.NameEn)
			}
		}
	}
	return documents, nil
}

func resourceDocument(row *db.Resource) search.Document {
	unit, domain := row.Edges.SourceUnit, row.Edges.Domain
	d := search.Document{
		ID: row.ID, Name: row.Name, NameEn: row.NameEn, Description: row.Note,
		SourceUnits: []search.Party{{ID: unit.ID, Name: unit.Name, NameEn: unit.NameEn}}, Codes: codesOf(unit),
		DomainIDs: []string{domain.ID.String()}, DomainNames: []string{domain.Name, domain.NameEn}, Quality: int64(row.Quality),
	}
	if row.UpdateFrequency != nil {
		d.UpdateFrequency = string(*row.UpdateFrequency)
	}
	if row.PublishedAt != nil {
		d.ListedAt = *row.PublishedAt
	}
	return d
}

// codesOf are the codes by which an organisation is looked up.
func codesOf(organisation *db.Organisation) []string {
	if organisation.CreditCode == nil {
		return nil
	}
	return []string{*organisation.CreditCode}
}

func productDocument(row *db.Product) search.Document {
	operator, domain := row.Edges.Operator, row.Edges.Domain
	d := search.Document{
		ID: row.ID, Name: row.Name, NameEn: row.NameEn, Description: row.Description, DescriptionEn: row.DescriptionEn,
		DomainIDs: []string{domain.ID.String()}, DomainNames: []string{domain.Name, domain.NameEn},
		Operator: search.Party{ID: operator.ID, Name: operator.Name, NameEn: operator.NameEn}, Delivery: string(row.Delivery),
		Codes: append(codesOf(operator), row.Identifier), Uses: int64(row.Uses), Quality: int64(row.Quality),
	}
	if row.RegistrationCode != nil {
		d.Codes = append(d.Codes, *row.RegistrationCode)
	}
	for _, column := range row.Dictionary {
		d.Columns = append(d.Columns, column.Label, column.LabelEn, column.Name)
	}
	if row.UpdateFrequency != nil {
		d.UpdateFrequency = string(*row.UpdateFrequency)
	}
	if row.ListedAt != nil {
		d.ListedAt = *row.ListedAt
	}
	return d
}

func addInputs(d *search.Document, inputs []*db.ProductInput) {
	for _, input := range inputs {
		if input.ProductID != d.ID {
			continue
		}
		item, from := input.Edges.Item, input.Edges.Resource
		unit := search.Party{ID: from.SourceUnitID, Name: from.Edges.SourceUnit.Name, NameEn: from.Edges.SourceUnit.NameEn}
		d.Items, d.ItemsEn = append(d.Items, item.Name), append(d.ItemsEn, item.NameEn)
		if !slices.Contains(d.Resources, from.Name) {
			d.Resources = append(d.Resources, from.Name, from.NameEn)
		}
		if !slices.Contains(d.SourceUnits, unit) {
			d.SourceUnits = append(d.SourceUnits, unit)
			d.Codes = append(d.Codes, codesOf(from.Edges.SourceUnit)...)
		}
	}
}

// sold are the plans of a product that nothing stops.
func sold(plans []*db.Plan, facts authorisation.Product, policy authorisation.ListingPolicy, today authorisation.Day) (sold []*db.Plan) {
	for _, p := range plans {
		for _, judged := range facts.Plans {
			if judged.ID == p.ID && facts.StopsPlan(judged, policy, today) == "" {
				sold = append(sold, p)
			}
		}
	}
	return sold
}

func addPlans(d *search.Document, plans []*db.Plan) {
	lowest := pricing.Fen(-1)
	for _, p := range plans {
		if p.ProductID != d.ID {
			continue
		}
		d.ChargingModes = append(d.ChargingModes, string(p.Mode))
		if price := leastPrice(p.Tariff); lowest < 0 || price < lowest {
			lowest = price
		}
	}
	d.PriceFen = int64(max(lowest, 0)) // without a plan it is for free purposes only
}

// priced is how a product may be had: for the purposes that its items are granted for.
func priced(facts authorisation.Product, today authorisation.Day) (ways []search.Priced) {
	for _, p := range purpose.All {
		way := search.Paid
		if p.Free() {
			way = search.Free
		}
		if !slices.Contains(ways, way) && authorisation.Offered(facts, p, today) == nil {
			ways = append(ways, way)
		}
	}
	return ways
}

// leastPrice is what the smallest purchase costs. A rate below half a fen is a price all the same.
func leastPrice(t pricing.Tariff) pricing.Fen {
	_, total, err := t.Charge(1)
	if err == nil && total == 0 && !t.Bands[0].Rate.IsZero() {
		return 1
	}
	return total
}
