package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/product"
	"gongshu/graph/model"
	"gongshu/graph/scalar"
	"gongshu/graph/view"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/market"
	"gongshu/internal/publicid"
	"gongshu/pricing"
	"gongshu/search"
)

// productQuery turns the arguments of products into a question for the search.
func productQuery(text *string, filter *model.ProductFilter, orderBy *search.Order, after *string) (q search.Query, err error) {
	q = search.Query{Text: valueOr(text), Order: valueOr(orderBy), After: valueOr(after)}
	if filter == nil {
		return q, nil
	}
	domains, err := parseIDs(domainID, filter.DomainIds.Value(), "filter.domainIds")
	if err != nil {
		return q, err
	}
	for _, id := range domains {
		q.Filter.DomainIDs = append(q.Filter.DomainIDs, id.String())
	}
	if q.Filter.SourceUnitIDs, err = parseIDs(organisationID, filter.SourceUnitIds.Value(), "filter.sourceUnitIds"); err != nil {
		return q, err
	}
	if q.Filter.OperatorIDs, err = parseIDs(organisationID, filter.OperatorIds.Value(), "filter.operatorIds"); err != nil {
		return q, err
	}
	q.Filter.ChargingModes = texts(filter.ChargingModes.Value())
	q.Filter.Deliveries = texts(filter.Deliveries.Value())
	q.Filter.UpdateFrequencies = texts(filter.UpdateFrequencies.Value())
	q.Filter.Priced = filter.Priced.Value()
	return q, nil
}

// findProducts asks the search for ids and the database for what they are: a product that left the market since is
// dropped, and so is what the viewer may not see. The page goes on after the last hit all the same.
func (r *queryResolver) findProducts(ctx context.Context, q search.Query, matches bool) (*model.ProductConnection, error) {
	found, instead, err := r.Market.ProductsFind(ctx, q)
	if err != nil {
		return nil, err
	}
	var rows []*db.Product
	if len(found.Hits) > 0 {
		if rows, err = r.Store.Read().Product.Query().Where(product.IDIn(idsFound(found.Hits)...), product.StatusEQ(authorisation.ProductListed)).All(ctx); err != nil {
			return nil, err
		}
	}
	loadersOf(ctx).expectProducts(rows)
	out := &model.ProductConnection{
		TotalCount: found.Total, Corrected: unlessZero(found.Corrected), Dropped: found.Dropped, Near: found.Near, IsReduced: instead,
	}
	out.Edges, out.PageInfo, err = seenEdges(found.Hits, found.HasMore, rows, func(p *db.Product) uuid.UUID { return p.ID },
		func(cursor string, row db.Product, matches []*model.SearchMatch) *model.ProductEdge {
			return &model.ProductEdge{Cursor: cursor, Node: row, Matches: matches}
		}, r.matchesIn(ctx, q, matches, r.Market.ProductMatches))
	if err != nil {
		return nil, err
	}
	out.Facets, err = facets(ctx, found.Facets)
	return out, err
}

// facets names the values that products were counted by, in both languages and in the order in which facets are shown.
func facets(ctx context.Context, counts map[search.FacetName][]search.FacetCount) ([]*model.Facet, error) {
	out := []*model.Facet{}
	if counts == nil {
		return out, nil
	}
	// All at once: asked for one after the other, each would wait for others to join it.
	if _, err := loadersOf(ctx).domains.LoadAll(ctx, idsOf(counts[search.FacetDomain])); err != nil {
		return nil, err
	}
	if _, err := loadersOf(ctx).organisations.LoadAll(ctx, append(idsOf(counts[search.FacetSourceUnit]), idsOf(counts[search.FacetOperator])...)); err != nil {
		return nil, err
	}
	for _, name := range search.FacetNames {
		f := &model.Facet{Name: name, Values: []*model.FacetValue{}}
		for _, c := range counts[name] {
			value, err := facetValue(ctx, name, c)
			if err != nil {
				return nil, err
			}
			f.Values = append(f.Values, value)
		}
		out = append(out, f)
	}
	return out, nil
}

// idsOf are the values that are ids.
func idsOf(counts []search.FacetCount) (ids []uuid.UUID) {
	for _, c := range counts {
		if id, err := uuid.Parse(c.Value); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// facetValue is a value as the filter takes it, with its label.
func facetValue(ctx context.Context, name search.FacetName, c search.FacetCount) (*model.FacetValue, error) {
	id, err := uuid.Parse(c.Value)
	if err != nil {
		words := labels[name][c.Value]
		return &model.FacetValue{Value: c.Value, Label: words[0], LabelEn: words[1], Count: c.Count}, nil
	}
	if name == search.FacetDomain {
		out := &model.FacetValue{Value: publicid.Encode(domainID, id), Count: c.Count}
		row, err := loadersOf(ctx).domains.Load(ctx, id)
		if row != nil {
			out.Label, out.LabelEn = row.Name, row.NameEn
		}
		return out, err
	}
	out := &model.FacetValue{Value: publicid.Encode(organisationID, id), Count: c.Count}
	row, err := loadersOf(ctx).organisations.Load(ctx, id)
	if row != nil {
		out.Label, out.LabelEn = row.Name, row.NameEn
	}
	return out, err
}

// labels name the values of closed sets in Chinese and English.
var labels = map[search.FacetName]map[string][2]string{
	search.FacetChargingMode: {
		string(pricing.PerProduct): {"按产品", "Per product"}, string(pricing.PerCall): {"按次", "Per call"},
		string(pricing.PerPeriod): {"按期", "Per period"}, string(pricing.PerVolume): {"按数据量", "Per data volume"},
		string(pricing.PerItemPeriod): {"按项按期", "Per item and period"},
	},
	search.FacetDelivery: {
		string(authorisation.DeliveryAPI): {"接口", "API"}, string(authorisation.DeliveryFile): {"文件", "File"},
	},
	search.FacetUpdateFrequency: {
		string(authorisation.RealTime): {"实时", "Real-time"}, string(authorisation.Daily): {"每日", "Daily"},
		string(authorisation.Weekly): {"每周", "Weekly"}, string(authorisation.Monthly): {"每月", "Monthly"},
		string(authorisation.Quarterly): {"每季度", "Quarterly"}, string(authorisation.SemiAnnual): {"每半年", "Semi-annual"},
		string(authorisation.Annual): {"每年", "Annual"}, string(authorisation.Irregular): {"不定期", "Irregular"},
		string(authorisation.Historical): {"历史数据", "Historical"},
	},
	search.FacetPriced: {string(search.Free): {"公益免费", "Free use"}, string(search.Paid): {"有偿使用", "Paid use"}},
}

// listing judges by the rule of productList what keeps a product off the market, for its operator.
func (r *Resolver) listing(ctx context.Context, p *db.Product) (obstacles []authorisation.Obstacle, may bool, err error) {
	v := access.FromContext(ctx)
	if !v.SignedIn() || v.OrganisationID != p.OperatorID {
		return nil, false, nil
	}
	facts, err := loadersOf(ctx).gate.Load(ctx, p.ID)
	if err != nil || facts == nil {
		return nil, false, err
	}
	policies, err := loadersOf(ctx).policies(ctx)
	if err != nil {
		return nil, false, err
	}
	obstacles, may = r.Market.Listing(v, *facts, policies)
	return obstacles, may, nil
}

// Where an argument hides the prefix's name, these say it.
func parseProduct(text, field string) (uuid.UUID, error) { return parseID(productID, text, field) }
func parseOrganisation(text, field string) (uuid.UUID, error) {
	return parseID(organisationID, text, field)
}
func parseOrder(text, field string) (uuid.UUID, error) { return parseID(orderID, text, field) }
func parseEntitlement(text, field string) (uuid.UUID, error) {
	return parseID(entitlementID, text, field)
}

func (r *mutationResolver) productPayload(ctx context.Context, id uuid.UUID, err error) (*view.ProductPayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.ProductPayload{Errors: errs}, err
	}
	row, err := orNil(r.Store.Read().Product.Get(ctx, id))
	return &view.ProductPayload{Product: row, Errors: errs}, err
}

func (r *mutationResolver) planPayload(ctx context.Context, id uuid.UUID, err error) (*view.PlanPayload, error) {
	errs, err := refusals(err)
	if err != nil || len(errs) > 0 {
		return &view.PlanPayload{Errors: errs}, err
	}
	row, err := orNil(r.Store.Read().Plan.Get(ctx, id))
	return &view.PlanPayload{Plan: row, Errors: errs}, err
}

func draftContent(in model.ProductDraftInput) (content market.ProductContent, err error) {
	content = market.ProductContent{
		Name: in.Name, NameEn: valueOr(in.NameEn.Value()), Description: in.Description, DescriptionEn: valueOr(in.DescriptionEn.Value()),
		Delivery: in.Delivery, UpdateFrequency: in.UpdateFrequency.Value(), Aggregate: valueOr(in.Aggregate.Value()),
		Dictionary: columns(in.Dictionary), Sample: in.Sample,
	}
	if content.DomainID, err = parseID(domainID, in.DomainID, "input.domainId"); err != nil {
		return content, err
	}
	if content.ItemIDs, err = parseIDs(itemID, in.ItemIds, "input.itemIds"); err != nil {
		return content, err
	}
	content.SocialInputs = socialInputs(in.SocialInputs.Value())
	return content, nil
}

// revision is what a client wants changed: what it leaves out stays as it is.
func revision(in model.ProductReviseInput) (change func(*market.ProductContent), err error) {
	var domain *uuid.UUID
	if text := in.DomainID.Value(); text != nil {
		id, err := parseID(domainID, *text, "input.domainId")
		if err != nil {
			return nil, err
		}
		domain = &id
	}
	items, err := parseIDs(itemID, in.ItemIds.Value(), "input.itemIds")
	return func(c *market.ProductContent) {
		set(&c.Name, in.Name)
		set(&c.NameEn, in.NameEn)
		set(&c.Description, in.Description)
		set(&c.DescriptionEn, in.DescriptionEn)
		set(&c.Aggregate, in.Aggregate)
		if domain != nil {
			c.DomainID = *domain
		}
		if in.UpdateFrequency.IsSet() {
			c.UpdateFrequency = in.UpdateFrequency.Value()
		}
		if in.ItemIds.IsSet() {
			c.ItemIDs = items
		}
		if in.SocialInputs.IsSet() {
			c.SocialInputs = socialInputs(in.SocialInputs.Value())
		}
		if in.Dictionary.IsSet() {
			c.Dictionary = columns(in.Dictionary.Value())
		}
		if in.Sample.IsSet() {
			c.Sample = in.Sample.Value()
		}
	}, err
}

func columns(in []*model.ColumnInput) []dictionary.Column {
	out := make([]dictionary.Column, len(in))
	for i, c := range in {
		out[i] = dictionary.Column{
			Name: c.Name, Label: c.Label, LabelEn: valueOr(c.LabelEn.Value()), Type: c.Type, Unit: valueOr(c.Unit.Value()),
			Description: c.Description, DescriptionEn: valueOr(c.DescriptionEn.Value()), Sensitivity: c.Sensitivity,
			QuasiIdentifier: valueOr(c.QuasiIdentifier.Value()), Required: valueOr(c.Required.Value()), Filterable: valueOr(c.Filterable.Value()),
			ItemIDs: columnItems(c.ItemIds.Value()),
		}
	}
	return out
}

// socialInputs leaves a contributor that is no id as it is: it is nobody's, and the use-case says so.
func socialInputs(in []*model.SocialInputInput) []authorisation.SocialInput {
	out := make([]authorisation.SocialInput, len(in))
	for i, input := range in {
		out[i] = authorisation.SocialInput{Name: input.Name, Provenance: input.Provenance, ContributorID: plainID(organisationID, input.ContributorID)}
	}
	return out
}

// planInput reads a plan. Refused as tariffInput says.
func planInput(in model.PlanInput) (market.PlanInput, error) {
	t, err := tariffInput(model.TariffInput{
		Mode: in.Mode, Period: in.Period, Scheme: in.Scheme, Bands: in.Bands, Free: in.Free, Package: in.Package, Variants: in.Variants,
		OnceDays: in.OnceDays, Minimum: in.Minimum, Maximum: in.Maximum,
	}, "input")
	return market.PlanInput{
		Name: in.Name, NameEn: valueOr(in.NameEn.Value()), TermMonths: in.TermMonths, Trial: valueOr(in.Trial.Value()),
		Settlement: valueOr(in.Settlement.Value()), Tariff: t, LimitedTo: in.LimitedTo.Value(),
	}, err
}

// tariffInput reads a tariff. Refused, below field, with MONEY_INVALID and MONEY_OVERFLOW for amounts that are none in whole fen, and with
// MAXIMUM_INVALID for a maximum of 0.
func tariffInput(in model.TariffInput, field string) (pricing.Tariff, error) {
	var wrong fault.List
	t := pricing.Tariff{
		Mode: in.Mode, Period: valueOr(in.Period.Value()), Schedule: schedule(in.Scheme, in.Bands, in.Free.Value()), OnceDays: valueOr(in.OnceDays.Value()),
		MinimumFen: fenOf(valueOr(in.Minimum.Value()), field+".minimum", &wrong), MaximumFen: fenOf(valueOr(in.Maximum.Value()), field+".maximum", &wrong),
	}
	if most := in.Maximum.Value(); most != nil && most.IsZero() { // in the rule it would be no limit
		wrong = append(wrong, fault.New(fault.Invalid, "MAXIMUM_INVALID", "The most that is asked for is above 0. Leave it out where there is none.").At(field+".maximum"))
	}
	if p := in.Package.Value(); p != nil {
		t.Package = &pricing.Package{Allowance: p.Allowance, FeeFen: fenOf(p.Fee, field+".package.fee", &wrong)}
	}
	for _, v := range in.Variants.Value() {
		t.Variants = append(t.Variants, pricing.Variant{
			Class: pricing.UserClass(valueOr(v.Class.Value())), Channel: valueOr(v.Channel.Value()), Schedule: schedule(v.Scheme, v.Bands, v.Free.Value()),
		})
	}
	return t, wrong.OrNil()
}

func schedule(scheme pricing.Scheme, in []*model.BandInput, free *pricing.FreeAllowance) pricing.Schedule {
	bands := make([]pricing.Band, len(in))
	for i, b := range in {
		bands[i] = pricing.Band{UpTo: b.UpTo.Value(), Rate: b.Rate}
	}
	return pricing.Schedule{Scheme: scheme, Bands: bands, Free: free}
}

func quoteInput(in model.QuoteInput) (market.QuoteInput, error) {
	product, err := parseID(productID, in.ProductID, "input.productId")
	if err != nil {
		return market.QuoteInput{}, err
	}
	plan, err := parseID(planID, in.PlanID, "input.planId")
	return market.QuoteInput{ProductID: product, PlanID: plan, Purpose: in.Purpose, Quantity: in.Quantity, Channel: valueOr(in.Channel.Value()), Scenario: textOf(in.Scenario)}, err
}

// organisationOf loads an organisation that a rule's value names; one that is not to be seen is null.
func organisationOf(ctx context.Context, text string) (*db.Organisation, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return nil, nil
	}
	return loadersOf(ctx).organisations.Load(ctx, id)
}

// plainID is an id as values of the rules hold it, "" for what is none.
func plainID(prefix, text string) string {
	if id, ok := publicid.Parse(prefix, text); ok {
		return id.String()
	}
	return ""
}

func set[T any](into *T, in graphql.Omittable[*T]) {
	if in.IsSet() {
		*into = valueOr(in.Value())
	}
}

func valueOr[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func yuanUnlessZero(f pricing.Fen) *scalar.Money {
	if f == 0 {
		return nil
	}
	return scalar.Yuan(f)
}

func unlessZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// day reads a civil day as it is stored.
func day(text *string) (*authorisation.Day, error) {
	if text == nil {
		return nil, nil
	}
	d, err := authorisation.ParseDay(*text)
	return &d, err
}
