package market

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"gongshu/ent/db"
	dbdataset "gongshu/ent/db/dataset"
	"gongshu/ent/db/party"
	"gongshu/ent/db/predicate"
	"gongshu/ent/db/product"
	"gongshu/ent/db/productinput"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/fault"
	"gongshu/internal/harvest"
	"gongshu/internal/publicid"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
	"gongshu/search"
)

// What other systems harvest is what anybody sees of the products on the market, whoever asks for it: it is read as by nobody, so that a
// session that comes along shows no more, and what left the market is as if it had never been.

// The bounds of a harvest.
const (
	// MaxHarvest bounds a page of the catalogue, HarvestFirst is its length where nobody says it.
	MaxHarvest, HarvestFirst = 100, 50
	// MaxChanges bounds a page of what changed, changesLook how many datasets are looked at for it.
	MaxChanges, changesLook = 50, 500
	// SitemapFirst is how many products one part of the sitemap has.
	SitemapFirst = 10000
)

// HarvestCatalogue reads a page of the products on the market after an id, in the order of their ids, with all that is told of them. The
// statements do not grow with the page. Refused with FIRST_OUT_OF_RANGE.
func (m *Market) HarvestCatalogue(ctx context.Context, after uuid.UUID, first int) (harvest.Catalogue, error) {
	if first < 1 || first > MaxHarvest {
		return harvest.Catalogue{}, fault.New(fault.Invalid, "FIRST_OUT_OF_RANGE", "A page has 1 to %d entries.", MaxHarvest).At("first").With("max", MaxHarvest)
	}
	ctx = access.With(ctx, access.Viewer{})
	rows, err := m.onTheMarket(product.IDGT(after)).Order(db.Asc(product.FieldID)).Limit(first + 1).All(ctx)
	if err != nil {
		return harvest.Catalogue{}, fmt.Errorf("read a page of the catalogue: %w", err)
	}
	c, err := m.harvestFrame(ctx)
	if err != nil {
		return harvest.Catalogue{}, err
	}
	if len(rows) > first {
		rows = rows[:first]
		c.Next = publicid.Encode("prd", rows[first-1].ID)
	}
	c.Products, err = m.harvested(ctx, rows)
	return c, err
}

// HarvestProduct reads all that is told of one product, with the licence that its users accept. One that is not on the market is
// NOT_FOUND, like one that does not exist.
func (m *Market) HarvestProduct(ctx context.Context, id uuid.UUID) (harvest.Product, harvest.Licence, error) {
	ctx = access.With(ctx, access.Viewer{})
	rows, err := m.onTheMarket(product.ID(id)).All(ctx)
	if err != nil {
		return harvest.Product{}, harvest.Licence{}, fmt.Errorf("read a product: %w", err)
	}
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return harvest.Product{}, harvest.Licence{}, err
	}
	products, err := m.harvested(ctx, rows)
	if err == nil && len(products) == 0 {
		err = fault.Absent("product")
	}
	if err != nil {
		return harvest.Product{}, harvest.Licence{}, err
	}
	return products[0], harvest.Licence(policies.Licence), nil
}

// HarvestPart reads the products of one part of the sitemap: those after an id.
func (m *Market) HarvestPart(ctx context.Context, after uuid.UUID) ([]harvest.Listed, error) {
	rows, err := m.Store.ListedProducts(ctx, after, SitemapFirst)
	if err != nil {
		return nil, err
	}
	listed := make([]harvest.Listed, len(rows))
	for i, row := range rows {
		listed[i] = harvest.Listed(row)
	}
	return listed, nil
}

// HarvestParts are the products after which a part of the sitemap begins, but for the first, which begins at the beginning.
func (m *Market) HarvestParts(ctx context.Context) ([]uuid.UUID, error) {
	return m.Store.ListedMarks(ctx, SitemapFirst)
}

// HarvestChanges reads a page of what changed on the market, the last first: a product changes when it comes on the market, and when its
// data is replaced while it is there. A page may be short of products and have a next one all the same, since what left the market is on
// none. Refused with CURSOR_INVALID.
//
// Two lists run down side by side: what the index says came last, and what data came last. A product is told of in one of them only:
// where its later change is.
func (m *Market) HarvestChanges(ctx context.Context, after string, first int) (c harvest.Catalogue, err error) {
	ctx = access.With(ctx, access.Viewer{})
	from, err := parseChangesCursor(after)
	if err != nil {
		return harvest.Catalogue{}, err
	}
	first = min(first, MaxChanges)
	came, _, err := m.ProductsFind(ctx, search.Query{Order: search.Newest, First: first, After: from.came})
	if err != nil {
		return harvest.Catalogue{}, err
	}
	replaced, err := m.Store.LatestServed(ctx, from.replaced, changesLook)
	if err != nil {
		return harvest.Catalogue{}, err
	}
	more := len(replaced) == changesLook
	var ids []uuid.UUID
	for i, one := range replaced {
		if len(ids) == first {
			replaced, more = replaced[:i], true
			break
		}
		if one.Anew {
			ids = append(ids, one.ProductID)
		}
	}
	for _, hit := range came.Hits {
		ids = append(ids, hit.ID)
	}
	known, err := m.harvestedByID(ctx, ids)
	if err != nil {
		return harvest.Catalogue{}, err
	}
	if c, err = m.harvestFrame(ctx); err != nil {
		return harvest.Catalogue{}, err
	}
	// Beyond what was read of a list nothing is newer than the last that was: as far down as that, the other list may be told alone.
	hits, cameSince, replacedSince := came.Hits, time.Time{}, time.Time{}
	if came.HasMore {
		cameSince = lastCame(hits, known)
	}
	if more {
		replacedSince = replaced[len(replaced)-1].At
	}
	for len(c.Products) < first && len(hits)+len(replaced) > 0 {
		if len(hits) > 0 {
			p, ok := known[hits[0].ID]
			told := ok && !p.servedAnew // else it is told of in the other list, or not at all
			if !told || !newerIs(replaced, p.came) && !p.came.Before(replacedSince) {
				if told {
					c.Products = append(c.Products, p.Product)
				}
				from.came, hits = hits[0].Cursor, hits[1:]
				continue
			}
			if len(replaced) == 0 {
				break
			}
		}
		one := replaced[0]
		if one.Anew && len(hits) == 0 && one.At.Before(cameSince) {
			break
		}
		if p, ok := known[one.ProductID]; ok && p.servedAnew && p.dataset == one.DatasetID {
			c.Products = append(c.Products, p.Product)
		}
		from.replaced, replaced = one.DatasetID, replaced[1:]
	}
	if len(hits) > 0 || came.HasMore || len(replaced) > 0 || more {
		c.Next = from.String()
	}
	return c, nil
}

// newerIs reports whether the next data came later than a moment; what is no change on the market is done with first.
func newerIs(replaced []store.Served, than time.Time) bool {
	return len(replaced) > 0 && (!replaced[0].Anew || replaced[0].At.After(than))
}

// never is later than all that changed.
var never = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// lastCame is when the last of those came that are known.
func lastCame(hits []search.Hit, known map[uuid.UUID]changed) time.Time {
	for _, hit := range slices.Backward(hits) {
		if p, ok := known[hit.ID]; ok {
			return p.came
		}
	}
	return never
}

// changed is a product with what a page of changes is sorted by.
type changed struct {
	harvest.Product
	came time.Time
	// servedAnew says that its data was replaced since it came on the market.
	servedAnew bool
	dataset    uuid.UUID
}

func (m *Market) harvestedByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]changed, error) {
	known := map[uuid.UUID]changed{}
	if len(ids) == 0 {
		return known, nil
	}
	rows, err := m.onTheMarket(product.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what changed: %w", err)
	}
	products, err := m.harvested(ctx, rows)
	if err != nil {
		return nil, err
	}
	byID := map[uuid.UUID]*db.Product{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	for _, p := range products {
		row := byID[p.ID]
		one := changed{Product: p}
		if row.ListedAt != nil {
			one.came = *row.ListedAt
			one.servedAnew = p.Dataset != nil && p.Dataset.ServedSince.After(one.came)
		}
		if row.DatasetID != nil {
			one.dataset = *row.DatasetID
		}
		known[p.ID] = one
	}
	return known, nil
}

// changesCursor says how far down both lists of changes were read.
type changesCursor struct {
	came     string
	replaced uuid.UUID
}

func (c changesCursor) String() string {
	replaced := ""
	if c.replaced != uuid.Nil {
		replaced = publicid.Encode("dst", c.replaced)
	}
	return replaced + "." + c.came
}

func parseChangesCursor(text string) (c changesCursor, err error) {
	if text == "" {
		return c, nil
	}
	replaced, came, ok := strings.Cut(text, ".")
	if ok && replaced != "" {
		c.replaced, ok = publicid.Parse("dst", replaced)
	}
	if !ok {
		return c, fault.New(fault.Invalid, "CURSOR_INVALID", "This cursor is not one that was given out.").At("after")
	}
	c.came = came
	return c, nil
}

// onTheMarket asks for products that are listed.
func (m *Market) onTheMarket(which predicate.Product) *db.ProductQuery {
	return m.Store.Read().Product.Query().Where(which, product.StatusEQ(authorisation.ProductListed)).WithOperator().WithDomain()
}

// harvestFrame is what is told of every product: who runs the platform, and the licence.
func (m *Market) harvestFrame(ctx context.Context) (c harvest.Catalogue, err error) {
	policies, err := m.Store.Policies(ctx)
	if err != nil {
		return c, err
	}
	c.Licence, c.Publisher = harvest.Licence(policies.Licence), harvest.Agent{Name: "公数", NameEn: "Gongshu"}
	platforms, err := m.Store.Read().Party.Query().Where(party.KindEQ(access.Platform)).Order(db.Asc(party.FieldOrganisationID)).Limit(1).WithOrganisation().All(ctx)
	if err != nil {
		return c, fmt.Errorf("read who the platform is: %w", err)
	}
	if len(platforms) > 0 && platforms[0].Edges.Organisation != nil {
		c.Publisher = harvestAgent(platforms[0].Edges.Organisation)
	}
	return c, nil
}

// harvested is what is told of products that the viewer sees, in their order.
func (m *Market) harvested(ctx context.Context, rows []*db.Product) ([]harvest.Product, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids, datasetIDs := make([]uuid.UUID, len(rows)), []uuid.UUID{}
	for i, row := range rows {
		ids[i] = row.ID
		if row.DatasetID != nil {
			datasetIDs = append(datasetIDs, *row.DatasetID)
		}
	}
	inputs, err := m.Store.Read().ProductInput.Query().Where(productinput.ProductIDIn(ids...)).WithItem().
		WithResource(func(q *db.ResourceQuery) { q.WithSourceUnit() }).Order(db.Asc(productinput.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what products are made from: %w", err)
	}
	served, err := m.Store.Read().Dataset.Query().Where(dbdataset.IDIn(datasetIDs...)).
		Select(dbdataset.FieldID, dbdataset.FieldProductID, dbdataset.FieldCreatedAt, dbdataset.FieldNumber, dbdataset.FieldRowCount, dbdataset.FieldBytes).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what products serve: %w", err)
	}
	facts, err := m.Store.GateProducts(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what products may be used for: %w", err)
	}
	today := authorisation.DayOf(m.Store.Now())
	made, serves := map[uuid.UUID][]*db.ProductInput{}, map[uuid.UUID]*db.Dataset{}
	for _, input := range inputs {
		made[input.ProductID] = append(made[input.ProductID], input)
	}
	for _, d := range served {
		serves[d.ProductID] = d
	}
	var out []harvest.Product
	for _, row := range rows {
		if row.Edges.Operator == nil { // nobody sees it, so nobody is told of what it sells
			continue
		}
		p := harvestProduct(row)
		for _, input := range made[row.ID] {
			addHarvestInput(&p, input)
		}
		if d := serves[row.ID]; d != nil {
			p.Dataset = &harvest.Dataset{Number: d.Number, Rows: d.RowCount, Bytes: d.Bytes, ServedSince: d.CreatedAt}
			if d.CreatedAt.After(p.Modified) {
				p.Modified = d.CreatedAt
			}
		}
		for _, one := range purpose.All {
			if authorisation.Offered(facts[row.ID], one, today) == nil {
				p.Purposes = append(p.Purposes, one)
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func harvestProduct(row *db.Product) harvest.Product {
	domain := row.Edges.Domain
	p := harvest.Product{
		ID: row.ID, Name: row.Name, NameEn: row.NameEn, Description: row.Description, DescriptionEn: row.DescriptionEn, Identifier: row.Identifier,
		Operator: harvestAgent(row.Edges.Operator), Domain: harvest.Domain{ID: domain.ID, Named: harvest.Named{Name: domain.Name, NameEn: domain.NameEn}, Theme: domain.ThemeCode},
		Delivery: row.Delivery, UpdateFrequency: row.UpdateFrequency, Columns: row.Dictionary, Sample: row.Sample, Aggregate: row.Aggregate, Synthetic: row.Synthetic,
	}
	if row.ListedAt != nil {
		p.Issued, p.Modified = *row.ListedAt, *row.ListedAt
	}
	if row.FirstListedAt != nil {
		p.Issued = *row.FirstListedAt
	}
	return p
}

func harvestAgent(o *db.Organisation) harvest.Agent {
	return harvest.Agent{ID: o.ID, Name: o.Name, NameEn: o.NameEn}
}

// addHarvestInput tells of an input what the viewer sees of it.
func addHarvestInput(p *harvest.Product, input *db.ProductInput) {
	if item := input.Edges.Item; item != nil {
		p.Items = append(p.Items, harvest.Named{Name: item.Name, NameEn: item.NameEn})
	}
	r := input.Edges.Resource
	if r == nil || slices.ContainsFunc(p.Resources, func(known harvest.Resource) bool { return known.ID == r.ID }) {
		return
	}
	one := harvest.Resource{ID: r.ID, Named: harvest.Named{Name: r.Name, NameEn: r.NameEn}}
	if unit := r.Edges.SourceUnit; unit != nil {
		one.Source = harvestAgent(unit)
	}
	p.Resources = append(p.Resources, one)
}
