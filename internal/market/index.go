package market

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/plan"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/internal/authorisation"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/pricing"
	"gongshu/search"
)

// indexBatch is how many products are read at a time when the whole index is made again.
const indexBatch = 200

// ProductIndex makes the search agree with the database about one product: listed products are found, others are not.
// Done twice it is done once. It is the worker's, not a person's.
func (m *Market) ProductIndex(ctx context.Context, id uuid.UUID) error {
	// One at a time: whoever reads later writes later, so that an older state never replaces a newer one.
	m.indexing.Lock()
	defer m.indexing.Unlock()
	documents, err := m.searchDocuments(store.AsSystem(ctx), product.ID(id))
	if err != nil {
		return err
	}
	if len(documents) == 0 {
		err = m.Index.Remove(ctx, id)
	} else {
		err = m.Index.Put(ctx, documents...)
	}
	if err != nil {
		return fmt.Errorf("index product %s: %w", id, err)
	}
	return nil
}

// IndexRebuild makes the search hold exactly the listed products. It is a command's, not a person's.
func (m *Market) IndexRebuild(ctx context.Context) error {
	m.indexing.Lock()
	defer m.indexing.Unlock()
	if err := m.Index.Rebuild(ctx, m.allDocuments(store.AsSystem(ctx))); err != nil {
		return fmt.Errorf("rebuild the index: %w", err)
	}
	return nil
}

// ListedCount is how many products the index should hold.
func (m *Market) ListedCount(ctx context.Context) (int, error) {
	n, err := m.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed)).Count(store.AsSystem(ctx))
	if err != nil {
		return 0, fmt.Errorf("count the listed products: %w", err)
	}
	return n, nil
}

// allDocuments reads the listed products batch by batch.
func (m *Market) allDocuments(ctx context.Context) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		last := uuid.Nil
		for {
			ids, err := m.Store.Read().Product.Query().Where(product.StatusEQ(authorisation.ProductListed), product.IDGT(last)).
				Order(db.Asc(product.FieldID)).Limit(indexBatch).IDs(ctx)
			if err != nil {
				yield(search.Document{}, fmt.Errorf("read the listed products: %w", err))
				return
			}
			if len(ids) == 0 {
				return
			}
			documents, err := m.searchDocuments(ctx, product.IDIn(ids...))
			if err != nil {
				yield(search.Document{}, err)
				return
			}
			for _, d := range documents {
				if !yield(d, nil) {
					return
				}
			}
			last = ids[len(ids)-1]
		}
	}
}

// searchDocuments are what the search knows of those products that are listed; the statements do not grow with them.
func (m *Market) searchDocuments(ctx context.Context, which func(*sql.Selector)) ([]search.Document, error) {
	rows, err := m.Store.Read().Product.Query().Where(which, product.StatusEQ(authorisation.ProductListed)).
		WithOperator().WithDomain().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read products for the search: %w", err)
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	inputs, err := m.Store.Read().ProductInput.Query().Where(productinput.ProductIDIn(ids...)).WithItem().
		WithResource(func(q *db.ResourceQuery) { q.WithSourceUnit() }).Order(db.Asc(productinput.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read inputs for the search: %w", err)
	}
	plans, err := m.Store.Read().Plan.Query().Where(plan.ProductIDIn(ids...), plan.WithdrawnAtIsNil()).All(ctx)
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
	documents := make([]search.Document, len(rows))
	for i, row := range rows {
		documents[i] = searchDocument(row)
		addInputs(&documents[i], inputs)
		addPlans(&documents[i], sold(plans, facts[row.ID], policies.Listing, today))
		documents[i].Priced = priced(facts[row.ID], today)
	}
	return documents, nil
}

func searchDocument(row *db.Product) search.Document {
	operator, domain := row.Edges.Operator, row.Edges.Domain
	d := search.Document{
		ID: row.ID, Name: row.Name, NameEn: row.NameEn, Description: row.Description, DescriptionEn: row.DescriptionEn,
		DomainIDs: []string{domain.ID.String()}, DomainNames: []string{domain.Name, domain.NameEn},
		Operator: search.Party{ID: operator.ID, Name: operator.Name, NameEn: operator.NameEn}, Delivery: string(row.Delivery),
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
		item, resource := input.Edges.Item, input.Edges.Resource
		unit := search.Party{ID: resource.SourceUnitID, Name: resource.Edges.SourceUnit.Name, NameEn: resource.Edges.SourceUnit.NameEn}
		d.Items, d.ItemsEn = append(d.Items, item.Name), append(d.ItemsEn, item.NameEn)
		if !slices.Contains(d.Resources, resource.Name) {
			d.Resources = append(d.Resources, resource.Name, resource.NameEn)
		}
		if !slices.Contains(d.SourceUnits, unit) {
			d.SourceUnits = append(d.SourceUnits, unit)
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
